package zohobox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 5.2: records are counted by criteria, address, telephone,
// word or view; a view excludes the others; figures lag.
func TestCount_ByEveryWay(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: 5 * time.Minute}})
	a.make("Contacts", obj{"Last_Name": "Okafor", "Email": "ada@acme.test", "Phone": "020 555 0100"})
	a.make("Contacts", obj{"Last_Name": "Silva", "Title": "Boss"})
	count := func(query string) reply { return a.get("/Contacts/actions/count" + query) }
	count("").want(200, "count", "0")
	a.clock.step(6 * time.Minute)
	view := a.do(zohobox.Action{Action: "add_view", Type: "Contacts", Data: obj{"name": "Bosses", "criteria": obj{"field": obj{"api_name": "Title"}, "comparator": "equal", "value": "Boss"}}})
	for query, want := range map[string]string{
		"": "2", "?criteria=" + q("(Last_Name:equals:Silva)"): "1", "?email=ada@acme.test": "1", "?phone=" + q("020 555 0100"): "1", "?word=Okafor": "1", "?cvid=" + view: "1",
	} {
		count(query).want(200, "count", want)
	}
	count("?cvid="+view+"&word=Okafor").want(400, "code", "AMBIGUITY_DURING_PROCESSING")
	count("?cvid=1").want(400, "code", "INVALID_DATA", "details.param_name", "cvid")
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	a.make("Contacts", obj{"Last_Name": "L", "Account_Name": ref(acc)})
	a.call(http.MethodPost, "/Accounts/"+acc+"/actions/get_related_records_count", obj{"get_related_records_count": []any{obj{"related_list": obj{"api_name": "Contacts"}}}}).
		want(200, "get_related_records_count.0.count", "1", "get_related_records_count.0.related_list.api_name", "Contacts")
}

// zoho-crm.md section 7.1: which module has which lines, number and status.
func TestDocuments_HaveTheirNames(t *testing.T) {
	a := open(t, zohobox.Options{})
	modules := a.get("/settings/modules")
	for _, d := range []struct{ module, lines, number, status string }{
		{"Quotes", "Quoted_Items", "Quote_Number", "Quote_Stage"},
		{"Sales_Orders", "Ordered_Items", "SO_Number", "Status"},
		{"Purchase_Orders", "Purchase_Items", "PO_Number", "Status"},
		{"Invoices", "Invoiced_Items", "Invoice_Number", "Status"},
	} {
		fields := a.get("/settings/fields?module=" + d.module).want(200)
		for _, name := range []string{d.lines, d.number, d.status, "Product_Details"} {
			if find(fields, "fields", "api_name", name) == nil {
				t.Errorf("%s has no %s", d.module, name)
			}
		}
		sub := reply{t: t, status: 200, body: find(fields, "fields", "api_name", d.lines)}
		sub.want(200, "data_type", "subform", "associated_module.module", d.lines)
		line := reply{t: t, status: 200, body: find(modules, "modules", "api_name", d.lines)}
		line.want(200, "generated_type", "subform", "api_supported", "true", "parent_module.api_name", d.module)
		if got := sub.str("associated_module.id"); got != line.str("id") {
			t.Errorf("%s leads to %s, the module of its rows is %s", d.lines, got, line.str("id"))
		}
		doc := obj{"Subject": "S", "Vendor_Name": ref(a.make("Vendors", obj{"Vendor_Name": "V"}))}
		row := []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 2}}
		for _, old := range []string{"Product_Details", "Purchased_Items"} {
			doc[old] = row // the key of version 2, and the spelling of the prose
			a.insert(d.module, doc).want(400, "data.0.code", "MANDATORY_NOT_FOUND", "data.0.details.api_name", d.lines)
		}
		doc[d.lines] = row
		id := a.make(d.module, doc)
		r := a.get("/"+d.module+"/"+id).want(200, "data.0."+d.lines+".0.Quantity", "2")
		if r.str("data.0."+d.number) == "" || r.str("data.0."+d.status) == "" {
			t.Errorf("%s came without number or status: %s", d.module, r.raw)
		}
	}
}

// zoho-crm.md section 7.5: addresses, the fields of each document, the values of
// their lists; no invoice knows what was paid.
func TestDocuments_HaveTheirFields(t *testing.T) {
	a := open(t, zohobox.Options{})
	lists := map[string]string{
		"Quote_Stage": "Draft|Negotiation|Delivered|On Hold|Confirmed|Closed Won|Closed Lost", "Status": "Created|Approved|Delivered|Cancelled", "Carrier": "FedEX|UPS|USPS|DHL|BlueDart",
	}
	address := "Billing_Street Billing_City Billing_State Billing_Code Billing_Country Shipping_Street Shipping_City Shipping_State Shipping_Code Shipping_Country Terms_and_Conditions Description "
	for module, names := range map[string]string{
		"Quotes":          "Valid_Till Carrier Team Deal_Name",
		"Sales_Orders":    "Due_Date Pending Customer_No Quote_Name Deal_Name Purchase_Order",
		"Invoices":        "Invoice_Date Due_Date Sales_Order Purchase_Order Excise_Duty Sales_Commission Deal_Name__s",
		"Purchase_Orders": "PO_Date Due_Date Requisition_No Tracking_Number Carrier",
	} {
		r := a.get("/settings/fields?module=" + module)
		for _, name := range strings.Fields(address + names) {
			if find(r, "fields", "api_name", name) == nil {
				t.Errorf("%s has no %s", module, name)
			}
		}
		for i := range r.len("fields") {
			f := fmt.Sprintf("fields.%d.", i)
			name := r.str(f + "api_name")
			if strings.Contains(name, "Paid") || strings.Contains(name, "Balance") || strings.Contains(name, "Payment") {
				t.Errorf("%s has a field %s", module, name)
			}
			var got []string
			for n := range r.len(f + "pick_list_values") {
				got = append(got, r.str(fmt.Sprintf("%spick_list_values.%d.actual_value", f, n)))
			}
			if want, listed := lists[name]; listed && strings.Join(got, "|") != want {
				t.Errorf("%s.%s takes %q, want %s", module, name, got, want)
			}
			if name == "Purchase_Order" && r.str(f+"data_type") != "text" {
				t.Errorf("%s.Purchase_Order is %s, want text", module, r.str(f+"data_type"))
			}
		}
	}
	tax := a.call(http.MethodPut, "/org/taxes", obj{"org_taxes": obj{"taxes": []any{obj{"name": "Vat", "value": 20}}}}).want(200)
	id := a.get("/org/taxes").str("org_taxes.taxes.0.id")
	p := a.product(obj{"Tax": []any{obj{"id": id}}})
	a.get("/Products/"+p).want(200, "data.0.Tax.0.value", "Vat - 20.0 %", "data.0.Tax.0.id", id)
	_ = tax
}

// zoho-crm.md section 3: ids are strings, look-ups name their target, owners
// their address; properties of the system begin with a dollar sign.
func TestRecords_HaveTheShapeOfTheWire(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	id := a.make("Contacts", obj{"Last_Name": "L", "Account_Name": ref(acc)})
	r := a.get("/Contacts/"+id).want(200, "data.0.Account_Name.name", "A", "data.0.Account_Name.id", acc, "data.0.Owner.email", "super.admin@sandbox.example")
	if _, isText := r.at("data.0.id").(string); !isText || len(id) != 19 {
		t.Errorf("the id is %v", r.at("data.0.id"))
	}
	o, _ := r.at("data.0").(obj)
	for _, name := range strings.Fields("$approved $approval $approval_state $editable $locked_for_me $in_merge $field_states $currency_symbol $process_flow $orchestration $pathfinder $review $review_process $state $zia_visions $sharing_permission $layout_id") {
		if _, there := o[name]; !there {
			t.Errorf("a record has no %s", name)
		}
	}
	r.want(200, "data.0.$approval.delegate", "false", "data.0.$approval.resubmit", "false", "data.0.$layout_id.name", "Standard", "data.0.Record_Status__s", "Available")
	a.insert("Contacts", obj{"Last_Name": "L", "Account_Name": acc}).want(400, "data.0.code", "INVALID_DATA")
	bare := open(t, zohobox.Options{Dials: zohobox.Dials{BareLookups: zohobox.On}})
	acc = bare.make("Accounts", obj{"Account_Name": "A"})
	bare.make("Contacts", obj{"Last_Name": "L", "Account_Name": acc})
}

// zoho-crm.md section 4.3: what may stand beside the records of a write.
func TestWrite_KeysBesideTheData(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.call(http.MethodPost, "/Contacts", obj{
		"data": []any{obj{"Last_Name": "L"}}, "trigger": []any{}, "apply_feature_execution": []any{obj{"name": "layout_rules"}},
		"skip_feature_execution": []any{obj{"name": "cadences"}}, "process": []any{"review_process"}, "lar_id": "1",
	}).want(201)
	r := a.insert("Contacts", obj{"Last_Name": "One"}, obj{"Email": "x"}, obj{"Last_Name": "Three"}).want(207, "data.0.message", "record added", "data.2.message", "record added")
	if !strings.Contains(r.str("data.1.details"), "$.data[1].") {
		t.Errorf("a refusal says where: %s", r.raw)
	}
}

// zoho-crm.md section 4.5: deletion without workflows, without ids, with broken ids.
func TestDelete_ItsParameters(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.call(http.MethodDelete, "/Vendors", nil).want(400, "code", "REQUIRED_PARAM_MISSING", "details.param_name", "ids")
	a.call(http.MethodDelete, "/Vendors?ids="+id+"&wf_trigger=false", nil).want(200, "data.0.message", "record deleted", "data.0.details.id", id)
	a.call(http.MethodDelete, "/Vendors?ids="+id, nil).want(400, "data.0.code", "INVALID_DATA", "data.0.message", "record not deleted", "data.0.details.id", id)
	a.call(http.MethodDelete, "/Vendors?ids="+strings.Repeat(id+",", 101), nil).want(400)
}

// zoho-crm.md sections 4.7 and 9.2: the limits of every kind of field.
func TestValues_LimitsOfEveryKind(t *testing.T) {
	a := open(t, zohobox.Options{})
	long := func(n int) string { return strings.Repeat("a", n) }
	for _, k := range []struct {
		kind           string
		length         int
		fits, too, bad any
	}{
		{"text", 255, long(255), long(256), 5},
		{"textarea", 2000, long(2000), long(2001), 5},
		{"textarea", 32000, long(32000), long(32001), 5},
		{"email", 100, long(60) + "@" + long(35) + ".org", long(60) + "@" + long(36) + ".org", "nobody"},
		{"phone", 30, strings.Repeat("1", 30), strings.Repeat("1", 31), "12*34"},
		{"website", 450, "https://" + long(438) + ".org", "https://" + long(439) + ".org", "no address"},
		{"integer", 9, 999999999, 1000000000, "5"},
		{"bigint", 18, strings.Repeat("9", 18), strings.Repeat("9", 19), 5},
		{"currency", 16, 9999999999999999, 99999999999999999, "5"},
		{"double", 18, 1.5, nil, "5"},
		{"percent", 5, 99999, 100000, "5"},
		{"boolean", 0, true, nil, "true"},
		{"date", 0, "2026-03-01", nil, "01/03/2026"},
		{"datetime", 0, "2026-03-01T10:15:00+01:00", nil, "2026-03-01T10:15:00.000+01:00"},
	} {
		t.Run(fmt.Sprint(k.kind, k.length), func(t *testing.T) {
			a := *a
			a.t = t
			def := obj{"field_label": fmt.Sprint("Own ", k.kind, k.length), "data_type": k.kind}
			if k.length > 0 {
				def["length"] = k.length
			}
			f := a.field("Vendors", def)
			a.make("Vendors", obj{"Vendor_Name": "V", f: k.fits})
			if k.too != nil {
				a.insert("Vendors", obj{"Vendor_Name": "V", f: k.too}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", f, "data.0.details.maximum_length", fmt.Sprint(k.length))
			}
			a.insert("Vendors", obj{"Vendor_Name": "V", f: k.bad}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", f, "data.0.details.json_path", "$.data[0]."+f)
		})
	}
}

// zoho-crm.md sections 9.1 and 9.2: modules by status, fields by use, picklists
// with their references.
func TestMetadata_ItsParameters(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.get("/settings/modules?status=visible").want(200)
	a.get("/settings/modules?status=user_hidden,system_hidden,scheduled_for_deletion").want(204)
	a.get("/settings/modules?status=nonsense").want(400, "code", "INVALID_DATA", "details.param_name", "status")
	one := a.get("/settings/modules/Contacts")
	for _, key := range strings.Fields("api_name module_name singular_label plural_label generated_type api_supported creatable editable deletable viewable visibility status parent_module profiles id sequence_number business_card_field_limit") {
		if one.at("modules.0."+key) == nil {
			t.Errorf("a module has no %s", key)
		}
	}
	f := a.field("Vendors", obj{"field_label": "Off", "data_type": "text", "length": 9})
	a.do(zohobox.Action{Action: "layout_field", Type: "Vendors", Data: obj{"layout": "Standard", "field": f, "on": false}})
	if find(a.get("/settings/fields?module=Vendors&type=unused"), "fields", "api_name", f) == nil || find(a.get("/settings/fields?module=Vendors&type=used"), "fields", "api_name", f) != nil {
		t.Error("a field on no layout counts as used")
	}
	a.get("/settings/fields?module=Vendors&type=nonsense").want(400, "code", "INVALID_DATA", "details.param_name", "type")
	stage := reply{t: t, status: 200, body: find(a.get("/settings/fields?module=Deals"), "fields", "api_name", "Stage")}
	stage.want(200, "pick_list_values.0.display_value", "Qualification", "pick_list_values.0.actual_value", "Qualification", "pick_list_values.0.reference_value", "Qualification", "pick_list_values.0.type", "used", "pick_list_values.0.sequence_number", "1")
	all := a.get("/settings/fields?module=Contacts")
	for _, key := range strings.Fields("api_name field_label display_label data_type json_type length decimal_place system_mandatory read_only field_read_only visible virtual_field custom_field unique external pick_list_values lookup formula currency auto_number operation_type view_type searchable sortable filterable mass_update layout_associations profiles created_source quick_sequence_number ui_type display_type subform associated_module hipaa_compliance crypt tooltip history_tracking") {
		for i := range all.len("fields") {
			if o, _ := all.at(fmt.Sprintf("fields.%d", i)).(obj); !has(o, key) {
				t.Errorf("%v has no %s", o["api_name"], key)
			}
		}
	}
}

func has(o obj, key string) bool {
	_, there := o[key]
	return there
}

// zoho-crm.md section 8: the chance of a deal is a percentage; and what ui_type
// each kind of field has.
func TestFields_KindsAndBounds(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.insert("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Probability": 101}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", "Probability")
	a.insert("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Probability": -1}).want(400, "data.0.code", "INVALID_DATA")
	d := a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Probability": 100, "Amount": 50})
	a.get("/Deals/"+d).want(200, "data.0.Expected_Revenue", "50")
	for field, want := range map[string]int{
		"Leads.Company": 1, "Leads.Lead_Source": 2, "Leads.Description": 3, "Leads.Owner": 8, "Leads.Created_By": 20, "Leads.Website": 21, "Leads.Twitter": 22, "Leads.Email": 25, "Leads.First_Name": 27,
		"Leads.No_of_Employees": 32, "Leads.Phone": 33, "Leads.Fax": 35, "Leads.Annual_Revenue": 36, "Leads.Skype_ID": 37, "Leads.id": 52, "Leads.Record_Image": 66, "Leads.Last_Name": 127, "Leads.Created_Time": 200,
		"Leads.Layout": 208, "Leads.Tag": 209, "Leads.Email_Opt_Out": 301, "Leads.Last_Activity_Time": 786, "Contacts.Account_Name": 133, "Products.Qty_in_Stock": 38, "Products.Tax": 100, "Invoices.Grand_Total": 116,
	} {
		module, name, _ := strings.Cut(field, ".")
		f := find(a.get("/settings/fields?module="+module), "fields", "api_name", name)
		if fmt.Sprint(f["ui_type"]) != fmt.Sprint(want) {
			t.Errorf("%s has the ui_type %v, want %d", field, f["ui_type"], want)
		}
	}
}

// zoho-crm.md section 10: limits of a configuration, what it restricts, and what
// an automatic lock does not let happen.
func TestLockConfig_ItsLimits(t *testing.T) {
	a := open(t, zohobox.Options{})
	at := "/settings/record_locking_configurations?module=Vendors"
	send := func(verb string, o obj) reply {
		return a.call(verb, at, obj{"record_locking_configurations": []any{o}})
	}
	rule := obj{"name": "r", "criteria": obj{"field": obj{"api_name": "City"}, "comparator": "equal", "value": "Leeds"}}
	send(http.MethodPost, obj{"lock_type": "automatic", "locking_rules": slices.Repeat([]any{rule}, 6)}).want(400, "record_locking_configurations.0.code", "LIMIT_EXCEEDED")
	send(http.MethodPost, obj{"lock_type": "manual", "excluded_fields": slices.Repeat([]any{obj{"api_name": "City"}}, 16)}).want(400, "record_locking_configurations.0.code", "LIMIT_EXCEEDED")
	send(http.MethodPost, obj{"lock_type": "sometimes"}).want(400, "record_locking_configurations.0.code", "INVALID_DATA")
	send(http.MethodPost, obj{"lock_type": "automatic", "locking_rules": []any{rule}}).want(201)
	send(http.MethodPost, obj{"lock_type": "manual"}).want(400, "record_locking_configurations.0.code", "DUPLICATE_DATA")
	a.get(at).want(200, "record_locking_configurations.0.restricted_actions.0", "update", "record_locking_configurations.0.lock_for_portal_users", "true", "record_locking_configurations.0.system_defined", "false")
	id := a.make("Vendors", obj{"Vendor_Name": "V", "City": "Leeds"})
	lock := a.get("/Vendors/"+id+"/Locking_Information__s?fields=id").want(200, "data.0.Lock_Source__s", "Automatic")
	a.call(http.MethodDelete, "/Vendors/"+id+"/Locking_Information__s/"+lock.str("data.0.id"), nil).want(403)
	if lock.str("data.0.Record_Locking_Configuration_Id__s") == "" || lock.str("data.0.Record_Locking_Rule_Id__s") == "" {
		t.Errorf("a lock by rule names neither configuration nor rule: %s", lock.raw)
	}
	a.remove("Vendors", id).want(200) // only updates are restricted
	for _, m := range []string{"Campaigns", "Events", "Calls", "Products"} {
		a.call(http.MethodPost, "/settings/record_locking_configurations?module="+m, obj{"record_locking_configurations": []any{obj{"lock_type": "manual"}}}).want(400, "code", "NOT_SUPPORTED")
	}
}
