package zohobox_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 6: a clone has all but read-only and external fields, and
// its own rows.
func TestClone_CopiesAllButReadOnlyAndExternal(t *testing.T) {
	a := open(t, zohobox.Options{})
	ext := a.externalID("Invoices")
	id := a.invoice(obj{"Subject": "One", ext: "77", "Billing_City": "Leeds", "Invoiced_Items": []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 3, "List_Price": 1.25}}})
	r := a.call(http.MethodPost, "/Invoices/"+id+"/actions/clone", obj{"data": []any{obj{"Subject": "Two"}}}).want(201, "data.0.status", "success")
	n := a.read("Invoices", r.str("data.0.details.id"))
	if n["Subject"] != "Two" || n["Billing_City"] != "Leeds" || n[ext] != nil || fmt.Sprint(n["Grand_Total"]) != "3.75" {
		t.Errorf("the clone is %v", n)
	}
	old := a.read("Invoices", id)
	if n["Invoice_Number"] == old["Invoice_Number"] || n["Invoiced_Items"].([]any)[0].(obj)["id"] == old["Invoiced_Items"].([]any)[0].(obj)["id"] {
		t.Error("the clone shares its number or its rows")
	}
	a.call(http.MethodPost, "/Invoices/4000000000000000009/actions/clone", nil).want(400, "code", "INVALID_DATA")
}

// zoho-crm.md section 6: quotes become orders and invoices, orders invoices, once.
func TestConvert_MakesDocumentsOnce(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc, p := a.make("Accounts", obj{"Account_Name": "A"}), a.product(obj{})
	quote := a.make("Quotes", obj{"Subject": "Q", "Account_Name": ref(acc), "Adjustment": 0.5, "Quoted_Items": []any{obj{"Product_Name": ref(p), "Quantity": 2, "List_Price": 10, "Discount": 1}}})
	id := find(a.get("/settings/modules"), "modules", "api_name", "Sales_Orders")["id"]
	body := obj{"data": []any{obj{"convert_to": []any{obj{"module": obj{"api_name": "Sales_Orders", "id": id}, "carry_over_tags": true}}}}}
	r := a.call(http.MethodPost, "/Quotes/"+quote+"/actions/convert", body).want(200, "data.0.details.Sales_Orders.name", "Q")
	so := r.str("data.0.details.Sales_Orders.id")
	o := a.read("Sales_Orders", so)
	if fmt.Sprint(o["Grand_Total"]) != "19.5" || o["Quote_Name"].(obj)["id"] != quote || o["Account_Name"].(obj)["id"] != acc {
		t.Errorf("the order is %v", o)
	}
	a.call(http.MethodPost, "/Quotes/"+quote+"/actions/convert", body).want(400, "code", "ID_ALREADY_CONVERTED")
	body = obj{"data": []any{obj{"convert_to": []any{obj{"module": obj{"api_name": "Invoices"}}}}}}
	r = a.call(http.MethodPost, "/Sales_Orders/"+so+"/actions/convert", body).want(200)
	if inv := a.read("Invoices", r.str("data.0.details.Invoices.id")); inv["Sales_Order"].(obj)["id"] != so {
		t.Errorf("the invoice is %v", inv)
	}
	a.call(http.MethodPost, "/Quotes/"+quote+"/actions/convert", obj{"data": []any{obj{}}}).want(400, "code", "ID_ALREADY_CONVERTED")
	a.call(http.MethodPost, "/Accounts/"+acc+"/actions/convert", body).want(400, "code", "INVALID_MODULE")
}

// zoho-crm.md section 6: mass update by ids at once, up to 500; by view as a job.
func TestMassUpdate_ByIDsAndByView(t *testing.T) {
	a := open(t, zohobox.Options{})
	one, two := a.make("Vendors", obj{"Vendor_Name": "One"}), a.make("Vendors", obj{"Vendor_Name": "Two"})
	r := a.call(http.MethodPost, "/Vendors/actions/mass_update", obj{"data": []any{obj{"City": "Leeds"}}, "ids": []any{one, "4000000000000000009"}})
	r.want(207, "data.0.details.id", one, "data.1.code", "INVALID_DATA")
	many := make([]any, 501)
	for i := range many {
		many[i] = one
	}
	a.call(http.MethodPost, "/Vendors/actions/mass_update", obj{"data": []any{obj{"City": "Leeds"}}, "ids": many}).want(400, "data.0.code", "INVALID_DATA")
	cv := a.do(zohobox.Action{Action: "add_view", Type: "Vendors", Data: obj{"name": "Not in Leeds", "criteria": obj{"field": obj{"api_name": "City"}, "comparator": "not_equal", "value": "Leeds"}}})
	job := a.call(http.MethodPost, "/Vendors/actions/mass_update", obj{"data": []any{obj{"City": "York"}}, "cvid": cv}).want(200, "data.0.code", "SCHEDULED").str("data.0.details.job_id")
	a.get("/Vendors/actions/mass_update?job_id="+job).want(200, "data.0.Status", "SCHEDULED")
	a.clock.step(time.Minute)
	a.get("/Vendors/actions/mass_update?job_id="+job).want(200, "data.0.Status", "COMPLETED", "data.0.Updated_Count", "1", "data.0.Total_Count", "1")
	if a.read("Vendors", one)["City"] != "Leeds" || a.read("Vendors", two)["City"] != "York" {
		t.Error("the wrong vendors were changed")
	}
}

// zoho-crm.md section 9.6: custom views are listed, and section 4.1: cvid reads
// the records of one, without sort_by.
func TestViews_ListTheirRecords(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.make("Vendors", obj{"Vendor_Name": "In", "City": "Leeds"})
	a.make("Vendors", obj{"Vendor_Name": "Out", "City": "York"})
	cv := a.do(zohobox.Action{Action: "add_view", Type: "Vendors", Data: obj{"name": "Leeds", "criteria": obj{"group_operator": "and", "group": []any{obj{"field": obj{"api_name": "City"}, "comparator": "equal", "value": "Leeds"}}}}})
	if v := find(a.get("/settings/custom_views?module=Vendors").want(200), "custom_views", "id", cv); v["name"] != "Leeds" {
		t.Errorf("the view is not listed: %v", v)
	}
	a.get("/settings/custom_views/"+cv+"?module=Vendors").want(200, "custom_views.0.criteria.group.0.value", "Leeds")
	a.get("/Vendors?fields=Vendor_Name&cvid="+cv).want(200, "info.count", "1", "data.0.Vendor_Name", "In")
	a.get("/Vendors?fields=id&sort_by=id&cvid="+cv).want(400, "code", "AMBIGUITY_DURING_PROCESSING")
	a.get("/Vendors?fields=id&cvid=1").want(400, "code", "INVALID_DATA", "details.param_name", "cvid")
	a.later(time.Hour)
	a.get("/Vendors/actions/count?cvid="+cv).want(200, "count", "1")
	a.get("/Vendors/actions/count").want(200, "count", "2")
	a.get("/Vendors/actions/count?word=In&cvid="+cv).want(400, "code", "AMBIGUITY_DURING_PROCESSING")
}

// zoho-crm.md section 4.1: texts that lists may cut come whole.
func TestFullData_ComesWhole(t *testing.T) {
	a := open(t, zohobox.Options{})
	long := strings.Repeat("x", 2000)
	id := a.make("Vendors", obj{"Vendor_Name": "V", "Description": long})
	a.get("/Vendors/"+id+"/actions/fetch_full_data").want(200, "data.0.id", id, "data.0.Description", long)
	a.get("/Vendors/actions/fetch_full_data?fields=Description&ids="+id).want(200, "data.0.Description", long)
	a.get("/Vendors/actions/fetch_full_data?fields=Description").want(400, "code", "REQUIRED_PARAM_MISSING")
}

// zoho-crm.md section 6: the timeline says who changed what, from where.
func TestTimeline_ShowsValuesBeforeAndAfter(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "Old"})
	a.clock.step(time.Minute)
	a.put("Vendors", id, obj{"Vendor_Name": "New"}).want(200)
	a.clock.step(time.Minute)
	a.do(zohobox.Action{Action: "update", Type: "Vendors", ID: id, User: "Eva", Data: obj{"City": "Leeds"}})
	r := a.get("/Vendors/"+id+"/__timeline").want(200, "info.count", "3", "__timeline.0.source", "crm_ui", "__timeline.0.field_history.0.api_name", "City", "__timeline.2.action", "added")
	r.want(200, "__timeline.1.source", "crm_api", "__timeline.1.field_history.0._value.old", "Old", "__timeline.1.field_history.0._value.new", "New", "__timeline.1.record.module.api_name", "Vendors")
	a.get("/Vendors/"+id+"/__timeline?filter="+q(`{"field":{"api_name":"source"},"comparator":"equal","value":"crm_ui"}`)).want(200, "info.count", "1")
	first := a.get("/Vendors/"+id+"/__timeline?per_page=2").want(200, "info.count", "2", "info.more_records", "true")
	a.get("/Vendors/"+id+"/__timeline?per_page=2&page_token="+first.str("info.next_page_token")).want(200, "info.count", "1", "__timeline.0.action", "added")
	a.get("/Vendors/"+id+"/__timeline?filter=x").want(400, "code", "INVALID_DATA")
}

// zoho-crm.md section 6: related lists page like lists, and remember what hung
// below a record that was deleted.
func TestRelated_PagesAndRemembersTheDeleted(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	for i := range 5 {
		a.make("Contacts", obj{"Last_Name": fmt.Sprint(i), "Account_Name": ref(acc)})
	}
	first := a.get("/Accounts/"+acc+"/Contacts?fields=Last_Name&per_page=3").want(200, "info.count", "3", "info.more_records", "true", "data.0.Last_Name", "4")
	a.get("/Accounts/"+acc+"/Contacts?fields=Last_Name&per_page=3&page_token="+first.str("info.next_page_token")).want(200, "info.count", "2", "data.0.Last_Name", "1")
	a.get("/Accounts/"+acc+"/Contacts").want(400, "code", "REQUIRED_PARAM_MISSING")
	a.get("/Accounts/"+acc+"/Contacts?fields=id&page=11").want(400, "code", "DISCRETE_PAGINATION_LIMIT_EXCEEDED")
	a.get("/Accounts/"+acc+"/Contacts?fields=id", "If-Modified-Since", "2030-01-01T00:00:00Z").want(304)
	body := obj{"get_related_records_count": []any{obj{"related_list": obj{"api_name": "Contacts", "id": "1"}}, obj{"related_list": obj{"api_name": "No"}}}}
	a.call(http.MethodPost, "/Accounts/"+acc+"/actions/get_related_records_count", body).want(207, "get_related_records_count.0.count", "5", "get_related_records_count.1.code", "INVALID_DATA")
	a.remove("Accounts", acc)
	a.get("/Accounts/deleted/"+acc+"/Contacts?fields=Last_Name").want(200, "info.count", "5")
}

// zoho-crm.md section 9.6: tags are put on up to 500 records and taken off.
func TestTags_AreAddedAndRemoved(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	before := a.read("Vendors", id)["Modified_Time"]
	a.clock.step(time.Minute)
	r := a.call(http.MethodPost, "/Vendors/"+id+"/actions/add_tags", obj{"tags": []any{obj{"name": "Gold"}, obj{"name": "Late"}}})
	r.want(200, "data.0.details.tags.0.name", "Gold", "success_count", "1", "locked_count", "0")
	v := a.read("Vendors", id)
	if len(v["Tag"].([]any)) != 2 || v["Modified_Time"] == before {
		t.Errorf("tags %v", v["Tag"])
	}
	a.call(http.MethodPost, "/Vendors/actions/remove_tags", obj{"ids": []any{id}, "tags": []any{obj{"name": "gold"}}}).want(200, "data.0.details.tags.0.name", "Late")
	a.call(http.MethodPost, "/Vendors/"+id+"/actions/add_tags", obj{"over_write": true, "tags": []any{obj{"name": "Gold"}}}).want(200, "data.0.details.tags.0.name", "Gold")
	a.call(http.MethodPost, "/settings/tags?module=Vendors", obj{"tags": []any{obj{"name": "GOLD"}}}).want(400, "tags.0.code", "DUPLICATE_DATA")
	tags := a.get("/settings/tags?module=Vendors").want(200, "info.count", "2")
	a.call(http.MethodPut, "/settings/tags/"+tags.str("tags.0.id"), obj{"tags": []any{obj{"name": "Silver"}}}).want(200)
	if got := a.read("Vendors", id)["Tag"].([]any)[0].(obj)["name"]; got != "Silver" {
		t.Errorf("the record shows the tag as %v", got)
	}
	a.call(http.MethodDelete, "/settings/tags/"+tags.str("tags.0.id"), nil).want(200)
	if got := a.read("Vendors", id)["Tag"].([]any); len(got) != 0 {
		t.Errorf("the deleted tag is still there: %v", got)
	}
	many := make([]any, 501)
	for i := range many {
		many[i] = id
	}
	a.call(http.MethodPost, "/Vendors/actions/add_tags", obj{"ids": many, "tags": []any{obj{"name": "x"}}}).want(400, "code", "INVALID_DATA")
}

// zoho-crm.md section 6: notes hang on records; the list of all is for administrators.
func TestNotes_OnRecords(t *testing.T) {
	a := open(t, zohobox.Options{})
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.call(http.MethodPost, "/Vendors/"+v+"/Notes", data(obj{"Note_Title": "T", "Note_Content": "one"}, obj{})).want(207, "data.1.code", "EXPECTED_FIELD_MISSING")
	n := a.call(http.MethodPost, "/Notes", data(obj{"Note_Content": "two", "Parent_Id": obj{"id": v, "module": obj{"api_name": "Vendors"}}})).want(201).str("data.0.details.id")
	a.get("/Vendors/"+v+"/Notes?fields=Note_Title").want(200, "info.count", "2", "data.0.Note_Content", "two", "data.0.Parent_Id.name", "V")
	a.get("/Vendors/"+v+"/Notes").want(400, "code", "REQUIRED_PARAM_MISSING")
	a.call(http.MethodPut, "/Notes/"+n, data(obj{"Note_Content": "three"})).want(200)
	a.get("/Notes/"+n).want(200, "data.0.Note_Content", "three")
	a.get("/Notes?fields=id").want(200, "info.count", "2")
	a.as("Eva").get("/Notes?fields=id").want(403, "code", "NOT_SUPPORTED")
	a.call(http.MethodDelete, "/Notes?ids="+n+",5", nil).want(207, "data.0.code", "SUCCESS", "data.1.code", "INVALID_DATA")
	a.get("/Notes/" + n).want(204)
}

// form is a multipart body with one file.
func form(t *testing.T, name string, content []byte) (body, kind string) {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(part, bytes.NewReader(content))
	_ = w.Close()
	return buf.String(), w.FormDataContentType()
}

// zoho-crm.md section 6: attachments are uploaded, listed, fetched and deleted.
func TestAttachments_ComeBackAsTheyWent(t *testing.T) {
	a := open(t, zohobox.Options{})
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	content := []byte("\x00\x01binary\xff")
	body, kind := form(t, "a.bin", content)
	id := a.call(http.MethodPost, "/Vendors/"+v+"/Attachments", body, "Content-Type", kind).want(200, "data.0.message", "attachment uploaded successfully").str("data.0.details.id")
	a.call(http.MethodPost, "/Vendors/"+v+"/Attachments?attachmentUrl="+q("https://example.org/b.pdf"), nil).want(200)
	a.get("/Vendors/"+v+"/Attachments?fields=id").want(200, "info.count", "2", "data.1.File_Name", "a.bin", "data.1.Size", fmt.Sprint(len(content)), "data.0.$link_url", "https://example.org/b.pdf")
	a.get("/Vendors/"+v+"/Attachments").want(400, "code", "REQUIRED_PARAM_MISSING")
	if got := a.get("/Vendors/" + v + "/Attachments/" + id); got.raw != string(content) {
		t.Errorf("the file came back as %q", got.raw)
	}
	a.call(http.MethodPost, "/Vendors/"+v+"/Attachments", nil).want(400, "code", "REQUIRED_PARAM_MISSING")
	a.call(http.MethodDelete, "/Vendors/"+v+"/Attachments/"+id, nil).want(200, "data.0.message", "record deleted")
	a.get("/Vendors/" + v + "/Attachments/" + id).want(204)
}
