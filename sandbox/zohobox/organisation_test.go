package zohobox_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 9.6: features with their limits, what is used and what is
// left; section 9.2: the numbers behind them.
func TestFeatures_TellLimitsAndUse(t *testing.T) {
	a := open(t, zohobox.Options{Edition: "professional"})
	a.externalID("Contacts")
	f := find(a.get("/__features?module=Contacts").want(200, "info.per_page", "10"), "__features", "api_name", "custom_field")
	(reply{t: t, status: 200, body: f}).want(200, "details.limits.edition_limit", "155", "details.used_count.total", "1", "details.available_count.total", "154", "module_supported", "true")
	a.get("/__features/unique_field?module=Contacts").want(200, "__features.0.details.available_count.total", "1", "__features.0.parent_feature.api_name", "fields")
	a.get("/__features/multi_currency").want(200, "__features.0.details.limits.total", "0")
	a.get("/__features/user_licenses").want(200, "__features.0.details.used_count.total", "5", "__features.0.details.limits.total", "6")
	a.get("/__features?api_names=custom_field,unique_field").want(200, "info.count", "2")
	a.get("/__features/nonsense").want(204)
	a.get("/__features?module=Nonsense").want(400, "code", "INVALID_MODULE", "details.param_name", "module")
}

// zoho-crm.md section 9.6: every path with method, scope and credits; section 14
// has the credits.
func TestAPIs_TellScopesAndCredits(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.get("/__apis").want(200)
	op := func(path, verb string) obj {
		one := find(r, "__apis", "path", path)
		got := find(reply{t: t, body: one}, "operation_types", "method", verb)
		if got == nil {
			t.Fatalf("%s %s is not listed", verb, path)
		}
		return got
	}
	for _, w := range []struct {
		path, verb, scope string
		least, most       int
	}{
		{"/crm/v8/{module}", "POST", "ZohoCRM.modules.{module}.CREATE", 1, 10},
		{"/crm/v8/{module}/{id}", "GET", "ZohoCRM.modules.{module}.READ", 1, 1},
		{"/crm/v8/{module}/upsert", "POST", "ZohoCRM.modules.{module}.CREATE", 1, 10},
		{"/crm/v8/{module}/actions/add_tags", "POST", "ZohoCRM.modules.{module}.UPDATE", 1, 10},
		{"/crm/v8/coql", "POST", "ZohoCRM.coql.READ", 1, 3},
		{"/crm/v8/__composite_requests", "POST", "ZohoCRM.composite_requests.CUSTOM", 1, 2},
		{"/crm/bulk/v8/read", "POST", "ZohoCRM.bulk.READ", 50, 50},
		{"/crm/bulk/v8/write", "POST", "ZohoCRM.bulk.CREATE", 500, 500},
		{"/crm/v8/settings/fields", "POST", "ZohoCRM.settings.fields.CREATE", 1, 1},
	} {
		o := op(w.path, w.verb)
		if got, want := fmt.Sprintln(o["oauth_scope"], o["min_credits"], o["max_credits"]), fmt.Sprintln(w.scope, w.least, w.most); got != want {
			t.Errorf("%s %s says %s, want %s", w.verb, w.path, got, want)
		}
	}
	only := a.get("/__apis?filters="+q(`{"field":{"api_name":"oauth_scope"},"comparator":"equals","value":"ZohoCRM.coql.READ"}`)).want(200, "__apis.0.path", "/crm/v8/coql")
	if only.len("__apis") != 1 {
		t.Errorf("the filter keeps %d", only.len("__apis"))
	}
	a.get("/__apis?filters=ZohoCRM.org.READ").want(200, "__apis.0.path", "/crm/v8/org")
	a.get("/__apis?filters="+q(`{"field":{"api_name":"colour"},"comparator":"equals","value":"x"}`)).want(400, "code", "INVALID_DATA")
}

// zoho-crm.md section 9.6: the preference exists for leads only.
func TestDuplicateCheck_IsForLeads(t *testing.T) {
	a := open(t, zohobox.Options{})
	at := "/settings/duplicate_check_preference?module=Leads"
	a.get(at).want(204)
	a.get("/settings/duplicate_check_preference").want(400, "code", "REQUIRED_PARAM_MISSING")
	a.get("/settings/duplicate_check_preference?module=Contacts").want(400, "code", "NOT_SUPPORTED", "details.param_name", "module")
	pair := obj{"current_field": obj{"api_name": "Email"}, "mapped_field": obj{"api_name": "Email"}}
	pref := obj{"duplicate_check_preference": obj{"type": "mapped_module_records", "type_configurations": []any{obj{"mapped_module": obj{"api_name": "Contacts"}, "field_mappings": []any{pair}}}}}
	a.call(http.MethodPut, at, pref).want(400, "code", "NOT_ALLOWED")
	a.call(http.MethodPost, at, obj{"duplicate_check_preference": obj{"type": "mapped_module_records"}}).want(400, "code", "DEPENDENT_FIELD_MISSING")
	a.call(http.MethodPost, at, pref).want(200, "duplicate_check_preference.code", "SUCCESS")
	a.call(http.MethodPost, at, pref).want(400, "code", "ALREADY_CONFIGURED")
	a.get(at).want(200, "duplicate_check_preference.type", "mapped_module_records", "duplicate_check_preference.type_configurations.0.field_mappings.0.mapped_field.name", "Email")
	a.call(http.MethodPut, at, obj{"duplicate_check_preference": obj{"type": "converted_records"}}).want(200)
	a.as("Eva").call(http.MethodDelete, at, nil).want(403, "code", "NO_PERMISSION")
	a.call(http.MethodDelete, at, nil).want(200)
	a.get(at).want(204)
}

// zoho-crm.md section 9.6: variables stand in groups.
func TestVariableGroups_HoldVariables(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.do(zohobox.Action{Action: "add_variable_group", Data: map[string]any{"name": "Bridge keys"}})
	a.get("/settings/variable_groups").want(200, "variable_groups.0.api_name", "General", "variable_groups.1.api_name", "Bridge_keys")
	v := obj{"name": "Cursor", "api_name": "Cursor", "type": "text", "value": "x", "variable_group": obj{"id": id}}
	a.call(http.MethodPost, "/settings/variables", obj{"variables": []any{v}}).want(201)
	a.get("/settings/variables/Cursor?group=General").want(400)
	a.get("/settings/variables/Cursor?group=Bridge_keys").want(200, "variables.0.variable_group.id", id)
	a.call(http.MethodPut, "/settings/variable_groups", obj{"variable_groups": []any{obj{"id": id, "name": "Keys"}, obj{"id": id, "name": "General"}}}).want(207, "variable_groups.1.code", "DUPLICATE_DATA")
	a.call(http.MethodPut, "/settings/variable_groups/General", obj{"variable_groups": []any{obj{"name": "Mine"}}}).want(400, "variable_groups.0.code", "CANNOT_PERFORM_ACTION")
	a.get("/settings/variable_groups/"+id).want(200, "variable_groups.0.name", "Keys")
	a.get("/settings/variable_groups/1").want(400, "code", "INVALID_DATA", "details.resource_path_index", "2")
}

// zoho-crm.md section 6: PUT ties records of a related list, DELETE unties them.
func TestRelated_LinkAndUnlink(t *testing.T) {
	a := open(t, zohobox.Options{})
	contact, product := a.make("Contacts", obj{"Last_Name": "L"}), a.product(obj{})
	list := "/Contacts/" + contact + "/Products"
	a.get(list + "?fields=Product_Name").want(204)
	a.call(http.MethodPut, list, data(obj{"id": product}, obj{"id": "1"})).want(207, "data.0.message", "relation updated", "data.1.code", "INVALID_DATA")
	a.get(list+"?fields=Product_Name").want(200, "data.0.id", product)
	a.get("/Products/"+product+"/Contacts?fields=Last_Name").want(200, "data.0.id", contact)
	a.get("/Products/"+product+"/Contacts/"+contact+"?fields=Last_Name").want(200, "data.0.Last_Name", "L")
	a.call(http.MethodDelete, list+"?ids="+product, nil).want(200, "data.0.message", "relation removed")
	a.call(http.MethodDelete, list+"/"+product, nil).want(400, "data.0.code", "INVALID_DATA")
	a.call(http.MethodDelete, list, nil).want(400, "code", "REQUIRED_PARAM_MISSING")
	a.call(http.MethodPut, list, data(slices.Repeat([]obj{{"id": product}}, 101)...)).want(400, "code", "LIMIT_EXCEEDED")
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	a.call(http.MethodPut, "/Accounts/"+acc+"/Contacts", data(obj{"id": contact})).want(200, "data.0.message", "relation updated")
	a.call(http.MethodPut, "/Accounts/"+acc+"/Nonsense", data(obj{"id": contact})).want(400, "code", "INVALID_DATA")
	lists := a.get("/settings/related_lists?module=Deals")
	if find(lists, "related_lists", "api_name", "Contact_Roles") == nil {
		t.Error("the metadata does not name the contact roles of deals")
	}
}

// zoho-crm.md sections 6, 7.2 and 13: ties carry values, follow a merge, and a
// price book's price goes into lines.
func TestRelated_TiesCarryValues(t *testing.T) {
	a := open(t, zohobox.Options{})
	deal, one, two := a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification"}), a.make("Contacts", obj{"Last_Name": "One"}), a.make("Contacts", obj{"Last_Name": "Two"})
	a.call(http.MethodPut, "/Deals/"+deal+"/Contact_Roles/"+one, data(obj{"Contact_Role": obj{"name": "Decision Maker"}})).want(200)
	a.call(http.MethodPut, "/Campaigns/"+a.make("Campaigns", obj{"Campaign_Name": "C"})+"/Contacts/"+one, data(obj{"Member_Status": "Planned"})).want(200)
	a.do(zohobox.Action{Action: "merge", Type: "Contacts", ID: one, Into: two})
	a.get("/Deals/"+deal+"/Contact_Roles?fields=Last_Name,Contact_Role").want(200, "info.count", "1", "data.0.id", two, "data.0.Contact_Role.name", "Decision Maker")
	a.get("/Contacts/"+two+"/Campaigns?fields=Campaign_Name,Member_Status").want(200, "data.0.Member_Status", "Planned")
	product := a.product(obj{"Unit_Price": 10})
	book := a.make("Price_Books", obj{"Price_Book_Name": "B", "Pricing_Details": []any{obj{"from_range": 1, "to_range": 100, "discount": 10}}})
	a.call(http.MethodPut, "/Price_Books/"+book+"/Products/"+product, data(obj{})).want(400, "data.0.code", "MANDATORY_NOT_FOUND")
	a.call(http.MethodPut, "/Price_Books/"+book+"/Products/"+product, data(obj{"list_price": 8})).want(200)
	a.get("/Products/"+product+"/Price_Books?fields=Price_Book_Name,list_price").want(200, "data.0.list_price", "8")
	inv := a.invoice(obj{"Invoiced_Items": []any{obj{"Product_Name": ref(product), "Quantity": 5, "Price_Book_Name": ref(book)}}})
	a.get("/Invoices/"+inv).want(200, "data.0.Invoiced_Items.0.List_Price", "8", "data.0.Invoiced_Items.0.Discount", "4", "data.0.Grand_Total", "36")
	a.remove("Deals", deal)
	a.get("/Deals/deleted/"+deal+"/Contact_Roles?fields=Last_Name").want(200, "data.0.id", two)
	a.get("/Contacts/" + two + "/Deal_Roles?fields=Deal_Name").want(204)
}

// zoho-crm.md sections 4.7, 9.2, 9.4, 9.6, 10 and 14: what an edition lacks it
// refuses.
func TestEditions_RefuseWhatTheyLack(t *testing.T) {
	if _, err := zohobox.New(zohobox.Options{Edition: "standard", MultiCurrency: true}); err == nil {
		t.Error("the standard edition has several currencies")
	}
	for _, name := range zohobox.Editions() {
		t.Run(name, func(t *testing.T) {
			a := open(t, zohobox.Options{Edition: name})
			a.get("/org").want(200, "org.0.license_details.paid_type", name, "org.0.license_details.paid", fmt.Sprint(name != "free"))
			advanced := slices.Contains([]string{"enterprise", "ultimate", "crmplus", "zohooneenterprise"}, name)
			_, err := a.box.Do(t.Context(), zohobox.Action{Action: "clone_layout", Type: "Accounts", Data: map[string]any{"name": "Second"}})
			if (err == nil) != advanced {
				t.Errorf("a second layout: %v", err)
			}
			if own := a.layout("Invoices", zohobox.QuickBooksLayoutName) != ""; own != advanced {
				t.Errorf("the QuickBooks layout is there: %v", own)
			}
			status := map[bool]int{true: 201, false: 403}[advanced]
			a.call(http.MethodPost, "/settings/record_locking_configurations?module=Vendors", obj{"record_locking_configurations": []any{obj{"lock_type": "manual"}}}).want(status)
			status = map[bool]int{true: 200, false: 403}[advanced]
			a.call(http.MethodPost, "/org/currencies/actions/enable", obj{"base_currency": obj{"iso_code": "USD", "exchange_rate": "1"}}).want(status)
			status = map[bool]int{true: 204, false: 400}[advanced]
			a.get("/settings/duplicate_check_preference?module=Leads").want(status)
		})
	}
}
