package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

func composite(a *app, more obj, parts ...obj) reply {
	a.t.Helper()
	rows := make([]any, 0, len(parts))
	for _, p := range parts {
		rows = append(rows, p)
	}
	body := obj{"__composite_requests": rows}
	for k, v := range more {
		body[k] = v
	}
	return a.call(http.MethodPost, "/__composite_requests", body)
}

func insertPart(id, name string) obj {
	return obj{"sub_request_id": id, "method": "POST", "uri": "/crm/v8/Vendors", "body": data(obj{"Vendor_Name": name})}
}

// zoho-crm.md section 6: parts name results of earlier ones.
func TestComposite_RefersToEarlierParts(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := composite(a, obj{"rollback_on_fail": false},
		obj{"sub_request_id": "1", "method": "POST", "uri": "/crm/v8/Accounts", "body": data(obj{"Account_Name": "A"})},
		obj{"sub_request_id": "2", "method": "POST", "uri": "/crm/v8/Contacts", "body": data(obj{"Last_Name": "L", "Account_Name": obj{"id": "@{1:$.data[0].details.id}"}})},
		obj{"sub_request_id": "3", "method": "GET", "uri": "/crm/v8/Contacts/@{2:$.data[0].details.id}"},
	)
	r.want(200, "__composite_requests.0.details.response.status_code", "201", "__composite_requests.2.details.response.body.data.0.Account_Name.name", "A")
	composite(a, obj{"rollback_on_fail": false}, insertPart("1", "V"), obj{"sub_request_id": "2", "method": "GET", "uri": "/crm/v8/Vendors/@{9:$.data[0].id}"}).
		want(207, "__composite_requests.1.code", "INVALID_REFERENCE")
}

// zoho-crm.md section 6: a part that fails undoes the others if asked to.
func TestComposite_RollsBack(t *testing.T) {
	a := open(t, zohobox.Options{})
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	gone := a.make("Vendors", obj{"Vendor_Name": "Gone"})
	old := a.read("Vendors", v)
	parts := []obj{
		insertPart("1", "New"),
		{"sub_request_id": "2", "method": "PUT", "uri": "/crm/v8/Vendors/" + v, "body": data(obj{"City": "Leeds"})},
		{"sub_request_id": "3", "method": "DELETE", "uri": "/crm/v8/Vendors/" + gone},
		{"sub_request_id": "4", "method": "POST", "uri": "/crm/v8/Vendors", "body": data(obj{"Email": "x"})},
		insertPart("5", "Never"),
	}
	composite(a, nil, parts...).want(207, "__composite_requests.0.code", "ROLLBACK_PERFORMED", "__composite_requests.3.details.response.status_code", "400", "__composite_requests.4.code", "PROCESSING_STOPPED")
	a.get("/Vendors?fields=Vendor_Name").want(200, "info.count", "2")
	if now := a.read("Vendors", v); now["City"] != nil || now["Modified_Time"] != old["Modified_Time"] {
		t.Errorf("the update stayed: %v", now)
	}
	a.get("/Vendors/deleted").want(204)
	composite(a, obj{"rollback_on_fail": false}, parts...).want(207, "__composite_requests.4.details.response.status_code", "201")
	a.get("/Vendors?fields=Vendor_Name").want(200, "info.count", "3", "data.0.Vendor_Name", "Never")
}

// zoho-crm.md section 6: five parts, one record each; rollback excludes parallel.
func TestComposite_Limits(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free"})
	six := make([]obj, 6)
	for i := range six {
		six[i] = insertPart("", "V")
	}
	composite(a, nil, six...).want(400, "code", "INVALID_DATA", "details.maximum_length", "5")
	composite(a, obj{"rollback_on_fail": true, "parallel_execution": true}, six[0]).want(400, "code", "AMBIGUITY_DURING_PROCESSING")
	composite(a, nil, insertPart("1", "V"), insertPart("1", "W")).want(400, "code", "DUPLICATE_DATA")
	composite(a, nil, obj{"method": "POST", "uri": "/crm/v8/Vendors", "body": data(obj{"Vendor_Name": "A"}, obj{"Vendor_Name": "B"})}).want(207, "__composite_requests.0.code", "INVALID_DATA")
	composite(a, nil, obj{"method": "GET", "uri": "/crm/v8/Vendors", "params": obj{"fields": "id", "per_page": 200}}).want(207, "__composite_requests.0.code", "INVALID_DATA")
	composite(a, nil, obj{"method": "POST", "uri": "/crm/v8/__composite_requests"}).want(207, "__composite_requests.0.code", "NOT_SUPPORTED")
}
