package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 13: filters of the recycle bin, joined by AND only; its
// order; restoring and emptying by them.
func TestBin_IsFilteredAndEmptied(t *testing.T) {
	a := open(t, zohobox.Options{})
	var ids []string
	for i, m := range []string{"Vendors", "Accounts", "Vendors"} {
		id := a.make(m, obj{nameField(m): fmt.Sprintf("N%d", i)})
		ids = append(ids, id)
		a.clock.step(time.Minute)
		a.remove(m, id)
	}
	bin := "/settings/recycle_bin"
	a.get(bin).want(200, "recycle_bin.0.id", ids[2], "recycle_bin.2.id", ids[0], "info.count", "3")
	a.get(bin+"?sort_order=asc").want(200, "recycle_bin.0.id", ids[0])
	a.get(bin+"?sort_by=display_name").want(200, "recycle_bin.0.display_name", "N0")
	a.get(bin+"?sort_by=colour").want(400, "code", "INVALID_DATA")
	a.get(bin+"?ids="+ids[1]).want(200, "info.count", "1", "recycle_bin.0.module", "Accounts")
	one := func(field, comparator, value string) string {
		return fmt.Sprintf(`{"field":{"api_name":%q},"comparator":%q,"value":%q}`, field, comparator, value)
	}
	for filter, want := range map[string]string{
		one("module", "equal", "Vendors"):                                "2",
		one("display_name", "contains", "n1"):                            "1",
		one("display_name", "starts_with", "N"):                          "3",
		one("deleted_by", "equal", "Super Admin"):                        "3",
		one("deleted_time", "greater_than", "2026-03-01T09:16:30+00:00"): "2",
		`{"group_operator":"and","group":[` + one("module", "equal", "Vendors") + "," + one("display_name", "equal", "N2") + "]}": "1",
	} {
		a.get(bin+"?filters="+q(filter)).want(200, "info.count", want)
	}
	for _, filter := range []string{"x", one("colour", "equal", "x"), one("module", "like", "x"), one("deleted_time", "equal", "x"), `{"group_operator":"or","group":[]}`} {
		a.get(bin+"?filters="+q(filter)).want(400, "code", "INVALID_DATA")
	}
	a.call(http.MethodPost, bin+"/actions/restore", obj{"filters": obj{"group_operator": "AND", "group": []any{obj{"field": obj{"api_name": "module"}, "comparator": "equal", "value": "Accounts"}}}}).want(200, "recycle_bin.0.details.id", ids[1])
	a.call(http.MethodDelete, bin+"?filters="+q(one("display_name", "equal", "N0")), nil).want(200, "recycle_bin.0.details.id", ids[0])
	a.as("Eva").call(http.MethodPost, bin+"/actions/empty", nil).want(403)
	a.call(http.MethodPost, bin+"/actions/empty", nil).want(200, "code", "SUCCESS")
	a.get(bin).want(204)
	a.get("/Vendors/deleted?type=permanent").want(200, "info.count", "2")
}

// zoho-crm.md section 13: more than a thousand at once are scheduled.
func TestBin_SchedulesWhatIsLarge(t *testing.T) {
	a := open(t, zohobox.Options{})
	load := make([]map[string]any, 0, 1001)
	for i := range 1001 {
		load = append(load, map[string]any{"Vendor_Name": fmt.Sprint(i)})
	}
	if err := a.box.Load("Vendors", load); err != nil {
		t.Fatal(err)
	}
	bury := func() {
		for range 11 {
			page := a.get("/Vendors?fields=id&per_page=100")
			ids := ""
			for i := range page.len("data") {
				ids += "," + page.str(fmt.Sprintf("data.%d.id", i))
			}
			a.call(http.MethodDelete, "/Vendors?ids="+ids[1:], nil).want(200)
		}
	}
	bury()
	a.call(http.MethodPost, "/settings/recycle_bin/actions/restore", obj{"restore_all_records": true}).want(202, "recycle_bin.0.code", "SCHEDULED")
	a.get("/settings/recycle_bin/actions/count").want(200, "count", "0")
	bury()
	a.call(http.MethodPost, "/settings/recycle_bin/actions/empty", nil).want(202, "code", "SCHEDULED")
}

// Section 13: in lists the module is a name, as an object where the dial says so.
func TestBin_ModuleDial(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BinModuleObject: zohobox.On}})
	a.remove("Vendors", a.make("Vendors", obj{"Vendor_Name": "V"}))
	a.get("/settings/recycle_bin").want(200, "recycle_bin.0.module.api_name", "Vendors")
}

// zoho-crm.md section 6: a conversion takes the tags along if told to.
func TestConvert_CarriesTags(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.call(http.MethodPost, "/settings/tags?module=Quotes", obj{"tags": []any{obj{"name": "big"}}}).want(201)
	quote := func() string {
		id := a.make("Quotes", obj{"Subject": "Q", "Quoted_Items": []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}})
		a.call(http.MethodPost, "/Quotes/"+id+"/actions/add_tags", obj{"tags": []any{obj{"name": "big"}}}).want(200)
		return id
	}
	for _, carry := range []bool{true, false} {
		to := obj{"module": obj{"api_name": "Invoices"}, "carry_over_tags": carry}
		r := a.call(http.MethodPost, "/Quotes/"+quote()+"/actions/convert", data(obj{"convert_to": []any{to}})).want(200)
		got := a.get("/Invoices/" + r.str("data.0.details.Invoices.id")).str("data.0.Tag.0.name")
		if want := map[bool]string{true: "big", false: ""}[carry]; got != want {
			t.Errorf("carry_over_tags %v: the invoice has the tag %q", carry, got)
		}
	}
}

// zoho-crm.md section 13: a merge through the API takes the chosen values of the
// loser.
func TestMerge_TakesChosenFields(t *testing.T) {
	a := open(t, zohobox.Options{})
	winner := a.make("Contacts", obj{"Last_Name": "W", "Phone": "1", "Title": "Boss"})
	loser := a.make("Contacts", obj{"Last_Name": "L", "Phone": "2", "Title": "Clerk"})
	at := "/Contacts/" + winner + "/actions/merge"
	one := func(fields ...any) obj {
		return obj{"merge": []any{obj{"data": []any{obj{"id": loser, "_fields": fields}}}}}
	}
	a.call(http.MethodPost, at, one(obj{"api_name": "Nonsense"})).want(400, "merge.0.code", "INVALID_DATA")
	a.call(http.MethodPost, at, obj{"merge": []any{obj{"data": []any{ref("1"), ref("2"), ref("3")}}}}).want(400, "merge.0.code", "LIMIT_EXCEEDED")
	a.call(http.MethodPost, at, one(obj{"api_name": "Phone"})).want(200)
	a.get("/Contacts/"+winner).want(200, "data.0.Phone", "2", "data.0.Title", "Boss", "data.0.Last_Name", "W")
}

// zoho-crm.md section 10: a configuration is deleted by its id.
func TestLockConfig_IsDeletedByID(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.configureLocks("Vendors", obj{"lock_type": "manual"})
	at := "/settings/record_locking_configurations"
	id := a.get(at + "?module=Vendors").str("record_locking_configurations.0.id")
	a.get(at+"/"+id+"?module=Vendors").want(200, "record_locking_configurations.0.feature_type", "record_locking")
	a.call(http.MethodDelete, at+"?module=Vendors", nil).want(400, "code", "REQUIRED_PARAM_MISSING", "details.param_name", "ids")
	a.call(http.MethodDelete, at+"?module=Vendors&ids=1", nil).want(400, "code", "INVALID_DATA")
	a.call(http.MethodDelete, at+"?module=Vendors&ids="+id, nil).want(200)
	a.get(at + "?module=Vendors").want(204)
}
