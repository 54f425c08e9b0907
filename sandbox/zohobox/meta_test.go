package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

func find(r reply, list, key, value string) obj {
	for i := range r.len(list) {
		o, _ := r.at(fmt.Sprintf("%s.%d", list, i)).(obj)
		if fmt.Sprint(o[key]) == value {
			return o
		}
	}
	return nil
}

// Section 9.1.
func TestModules_ListWithWhatTheAPIReaches(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.get("/settings/modules").want(200)
	for name, want := range map[string]string{"Contacts": "default true", "Purchase_Items": "subform true", "Reports": "default false", "Analytics": "default false"} {
		m := find(r, "modules", "api_name", name)
		if got := fmt.Sprint(m["generated_type"], " ", m["api_supported"]); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if m := find(r, "modules", "api_name", "Sales_Orders"); m["module_name"] != "SalesOrders" {
		t.Errorf("internal name %v", m["module_name"])
	}
	a.get("/settings/modules/Vendors").want(200, "modules.0.plural_label", "Vendors")
	a.get("/settings/modules/Nonsense").want(400, "code", "INVALID_MODULE")
}

// Sections 8 and 9.2: what the metadata says about default fields.
func TestFields_DefaultsOfModules(t *testing.T) {
	a := open(t, zohobox.Options{})
	for _, c := range []struct{ module, field, want string }{
		{"Contacts", "Last_Name", "text string 80 true false"},
		{"Contacts", "First_Name", "text string 40 false false"},
		{"Contacts", "Full_Name", "text string 120 false true"},
		{"Contacts", "Mailing_Zip", "text string 30 false false"},
		{"Accounts", "Account_Name", "text string 200 true false"},
		{"Accounts", "Billing_Street", "text string 250 false false"},
		{"Vendors", "Vendor_Name", "text string 120 true false"},
		{"Vendors", "Zip_Code", "text string 30 false false"},
		{"Products", "Unit_Price", "currency double 16 false false"},
		{"Products", "Qty_in_Stock", "double double 16 false false"},
		{"Invoices", "Grand_Total", "formula double 16 false true"},
		{"Invoices", "Account_Name", "lookup jsonobject 120 false false"},
		{"Invoices", "Invoice_Number", "bigint string 18 false true"},
		{"Quotes", "Quote_Stage", "picklist string 120 false false"},
		{"Purchase_Orders", "Vendor_Name", "lookup jsonobject 120 true false"},
		{"Invoiced_Items", "Product_Name", "lookup jsonobject 120 true false"},
		{"Invoiced_Items", "Net_Total", "formula double 16 false true"},
		{"Vendors", "Modified_Time", "datetime string 120 false true"},
	} {
		f := find(a.get("/settings/fields?module="+c.module).want(200), "fields", "api_name", c.field)
		got := fmt.Sprint(f["data_type"], " ", f["json_type"], " ", f["length"], " ", f["system_mandatory"], " ", f["field_read_only"])
		if got != c.want {
			t.Errorf("%s.%s: %s, want %s", c.module, c.field, got, c.want)
		}
	}
	quotes := a.get("/settings/fields?module=Quotes")
	stage := find(quotes, "fields", "api_name", "Quote_Stage")
	if n := len(stage["pick_list_values"].([]any)); n != 7 {
		t.Errorf("Quote_Stage has %d values, want 7", n)
	}
	look := find(quotes, "fields", "api_name", "Deal_Name")["lookup"].(obj)
	if look["module"].(obj)["api_name"] != "Deals" {
		t.Errorf("Deal_Name looks up %v", look)
	}
	a.get("/settings/fields").want(400, "code", "REQUIRED_PARAM_MISSING", "details.param_name", "module")
	a.get("/settings/fields?module=Nonsense").want(400, "code", "INVALID_MODULE")
}

// Section 9.2, creation.
func TestFields_Create(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.call(http.MethodPost, "/settings/fields?module=Vendors", obj{"fields": []any{
		obj{"field_label": "QBO Id", "data_type": "text", "length": 50, "external": obj{"type": "org", "show": false}},
		obj{"field_label": "QuickBooks Balance", "data_type": "currency"},
		obj{"field_label": "QuickBooks Status", "data_type": "picklist", "pick_list_values": []any{obj{"display_value": "Open"}, obj{"display_value": "Paid"}}},
		obj{"field_label": "Street", "data_type": "text"},
	}}).want(207, "fields.0.code", "SUCCESS", "fields.0.message", "field created", "fields.3.code", "DUPLICATE_DATA")
	one := a.get("/settings/fields/"+r.str("fields.0.details.id")+"?module=Vendors").want(200, "fields.0.api_name", "QBO_Id", "fields.0.custom_field", "true", "fields.0.length", "50", "fields.0.external.type", "org", "fields.0.external.show", "false", "fields.0.unique.case_sensitive", "false")
	if one.len("fields.0.layout_associations") != 1 || one.str("fields.0.layout_associations.0.name") != "Standard" {
		t.Errorf("the field is on %v", one.at("fields.0.layout_associations"))
	}
	a.get("/settings/fields/"+r.str("fields.2.details.id")+"?module=Vendors").want(200, "fields.0.pick_list_values.1.actual_value", "Paid")
}

func TestFields_CreateRefusals(t *testing.T) {
	a := open(t, zohobox.Options{})
	post := func(module string, fields ...any) reply {
		t.Helper()
		return a.call(http.MethodPost, "/settings/fields?module="+module, obj{"fields": fields})
	}
	text := obj{"field_label": "T", "data_type": "text"}
	post("Nonsense", text).want(400, "code", "INVALID_MODULE")
	post("Vendors", text, text, text, text, text, text).want(400, "code", "LIMIT_EXCEEDED")
	post("Vendors", obj{"data_type": "text"}).want(400, "fields.0.code", "MANDATORY_NOT_FOUND", "fields.0.details.api_name", "field_label")
	post("Vendors", obj{"field_label": "T", "data_type": "text", "length": 256}).want(400, "fields.0.code", "INVALID_DATA", "fields.0.details.api_name", "length")
	post("Vendors", obj{"field_label": "T", "data_type": "textarea", "length": 3000}).want(400, "fields.0.code", "INVALID_DATA")
	post("Vendors", obj{"field_label": "T", "data_type": "formula"}).want(400, "fields.0.code", "INVALID_DATA", "fields.0.details.api_name", "data_type")
	post("Vendors", obj{"field_label": "T", "data_type": "email", "external": obj{"type": "org"}}).want(400, "fields.0.code", "DEPENDENT_MISMATCH")
	a.as("Eva").call(http.MethodPost, "/settings/fields?module=Vendors", obj{"fields": []any{text}}).want(403, "code", "NO_PERMISSION", "details.permissions.0", "Crm_Implied_Customize_Zoho_CRM")
	a.as("Integration").call(http.MethodPost, "/settings/fields?module=Vendors", obj{"fields": []any{text}}).want(201)
}

// Section 9.2: two unique fields per module in every edition.
func TestFields_TwoUniquePerModule(t *testing.T) {
	a := open(t, zohobox.Options{Edition: "ultimate"})
	a.externalID("Vendors")
	a.field("Vendors", obj{"field_label": "Two", "data_type": "text", "unique": obj{}})
	a.call(http.MethodPost, "/settings/fields?module=Vendors", obj{"fields": []any{obj{"field_label": "Three", "data_type": "text", "unique": obj{}}}}).want(400, "fields.0.code", "LIMIT_EXCEEDED", "fields.0.details.limit", "2")
	a.externalID("Accounts") // another module has its own two
}

// Section 9.2: custom fields by edition.
func TestFields_EditionLimits(t *testing.T) {
	a := open(t, zohobox.Options{Edition: "standard"})
	for i := range 10 {
		a.field("Vendors", obj{"field_label": fmt.Sprintf("F %d", i), "data_type": "text"})
	}
	a.call(http.MethodPost, "/settings/fields?module=Vendors", obj{"fields": []any{obj{"field_label": "F 11", "data_type": "text"}}}).want(400, "fields.0.code", "LIMIT_EXCEEDED", "fields.0.details.limit", "10")
	a.get("/org").want(200, "org.0.license_details.paid_type", "standard")
}

// Section 9.2: labels, names and lengths of what exists.
func TestFields_NamesAreGeneratedAndUnique(t *testing.T) {
	a := open(t, zohobox.Options{})
	if got := a.field("Vendors", obj{"field_label": "Paid on / by!", "data_type": "date"}); got != "Paid_on_by" {
		t.Errorf("API name %q", got)
	}
	if got := a.field("Vendors", obj{"field_label": "Paid on; by", "data_type": "date"}); got != "Paid_on_by1" {
		t.Errorf("second API name %q", got)
	}
	if got := a.field("Vendors", obj{"field_label": "1099", "data_type": "boolean"}); got != "Custom_1099" {
		t.Errorf("API name of a number %q", got)
	}
}

func TestFields_PatchAndDelete(t *testing.T) {
	a := open(t, zohobox.Options{})
	name := a.field("Vendors", obj{"field_label": "Note", "data_type": "text"})
	id := find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", name)["id"].(string)
	v := a.make("Vendors", obj{"Vendor_Name": "V", name: "x"})
	profile := find(a.get("/settings/profiles"), "profiles", "name", "Standard")["id"]
	a.call(http.MethodPatch, "/settings/fields/"+id+"?module=Vendors", obj{"fields": []any{obj{"profiles": []any{obj{"id": profile, "permission_type": "read_only"}}}}}).want(200)
	eva := a.as("Eva")
	eva.get("/settings/fields/"+id+"?module=Vendors").want(200, "fields.0.read_only", "true", "fields.0.field_read_only", "false")
	eva.put("Vendors", v, obj{name: "y", "City": "Z"}).want(200)
	a.get("/Vendors/"+v).want(200, "data.0."+name, "x", "data.0.City", "Z")
	a.call(http.MethodPatch, "/settings/fields?module=Vendors", obj{"fields": []any{obj{"id": id, "external": obj{"type": "org"}}}}).want(400, "fields.0.code", "NOT_ALLOWED")
	a.call(http.MethodDelete, "/settings/fields/"+id+"?module=Vendors", nil).want(200)
	if _, there := a.read("Vendors", v)[name]; there {
		t.Error("the deleted field is still on the record")
	}
	std := find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", "City")["id"].(string)
	a.call(http.MethodDelete, "/settings/fields/"+std+"?module=Vendors", nil).want(400, "code", "NOT_ALLOWED")
}

// Section 9.3: the layouts of a new organisation, and the one an administrator cloned.
func TestLayouts_StandardAndQuickBooks(t *testing.T) {
	a := open(t, zohobox.Options{})
	for module, want := range map[string]int{"Quotes": 2, "Invoices": 2, "Purchase_Orders": 2, "Accounts": 1, "Sales_Orders": 1} {
		if got := a.get("/settings/layouts?module=" + module).len("layouts"); got != want {
			t.Errorf("%s has %d layouts, want %d", module, got, want)
		}
	}
	r := a.get("/settings/layouts?module=Invoices").want(200, "layouts.0.name", "Standard", "layouts.0.status", "active", "layouts.1.name", "QuickBooks", "layouts.0.actions_allowed.clone", "true")
	sections := r.at("layouts.0.sections").([]any)
	required := map[string]bool{}
	for _, s := range sections {
		for _, f := range s.(obj)["fields"].([]any) {
			fo := f.(obj)
			required[fo["api_name"].(string)] = fo["required"] == true
		}
	}
	if !required["Account_Name"] || !required["Subject"] || !required["Invoiced_Items"] || required["Due_Date"] {
		t.Errorf("required: %v", required)
	}
	if without := open(t, zohobox.Options{NoQuickBooksLayout: true}); without.layout("Invoices", "QuickBooks") != "" {
		t.Error("the layout is there although it was left out")
	}
	if a.as("Eva").get("/settings/layouts?module=Invoices").at("layouts.0.profiles") != nil {
		t.Error("profiles are shown without the right to customise")
	}
	// no endpoint makes one
	a.call(http.MethodPost, "/settings/layouts?module=Invoices", obj{"layouts": []any{}}).want(405, "code", "INVALID_REQUEST_METHOD")
}

// Section 4.3: fields outside the layout vanish from writes that carry it.
func TestLayout_DropsWhatIsNotOnIt(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.field("Invoices", obj{"field_label": "QuickBooks Status", "data_type": "text"})
	qb := a.layout("Invoices", "QuickBooks")
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	id := a.invoice(obj{"Layout": ref(qb), f: "Open", "Due_Date": "2026-03-31", "Account_Name": ref(acc)})
	a.get("/Invoices/"+id).want(200, "data.0."+f, "", "data.0.Due_Date", "2026-03-31", "data.0.Layout.name", "QuickBooks", "data.0.$layout_id.id", qb)
	a.put("Invoices", id, obj{f: "Open"}).want(200) // without Layout it is taken
	a.get("/Invoices/"+id).want(200, "data.0."+f, "Open")
	a.put("Invoices", id, obj{"Layout": ref(qb), f: "Paid"}).want(200)
	a.get("/Invoices/"+id).want(200, "data.0."+f, "Open")

	fid := find(a.get("/settings/fields?module=Invoices"), "fields", "api_name", f)["id"]
	section := a.get("/settings/layouts/" + qb + "?module=Invoices").str("layouts.0.sections.0.id")
	a.call(http.MethodPatch, "/settings/layouts/"+qb+"?module=Invoices", obj{"layouts": []any{obj{"sections": []any{obj{"id": section, "fields": []any{obj{"id": fid}}}}}}}).want(200, "layouts.0.code", "SUCCESS")
	a.put("Invoices", id, obj{"Layout": ref(qb), f: "Paid"}).want(200)
	a.get("/Invoices/"+id).want(200, "data.0."+f, "Paid")
}

// Sections 4.3 and 7.4: the layout's mandatory fields count only when it is sent.
func TestLayout_DemandsItsFieldsWhenSent(t *testing.T) {
	a := open(t, zohobox.Options{})
	std := a.layout("Invoices", "Standard")
	rows := []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}
	a.insert("Invoices", obj{"Subject": "S", "Invoiced_Items": rows}).want(201)
	a.insert("Invoices", obj{"Subject": "S", "Invoiced_Items": rows, "Layout": ref(std)}).want(400, "data.0.code", "MANDATORY_NOT_FOUND", "data.0.details.api_name", "Account_Name")
	a.insert("Invoices", obj{"Subject": "S", "Invoiced_Items": rows, "Layout": ref("4000000000000000001")}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", "Layout")
	id := a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification"})
	a.put("Deals", id, obj{"Next_Step": "call", "Layout": ref(a.layout("Deals", "Standard"))}).want(400, "data.0.details.api_name", "Closing_Date")
}

// Section 9.3: what a layout change can and cannot do.
func TestLayout_Patch(t *testing.T) {
	a := open(t, zohobox.Options{})
	qb := a.layout("Invoices", "QuickBooks")
	at := "/settings/layouts/" + qb + "?module=Invoices"
	section := a.get(at).str("layouts.0.sections.0.id")
	due := find(a.get("/settings/fields?module=Invoices"), "fields", "api_name", "Due_Date")["id"]
	subject := find(a.get("/settings/fields?module=Invoices"), "fields", "api_name", "Subject")["id"]
	patch := func(o obj) reply {
		t.Helper()
		return a.call(http.MethodPatch, at, obj{"layouts": []any{o}})
	}
	in := func(fields ...any) obj { return obj{"sections": []any{obj{"id": section, "fields": fields}}} }
	patch(in(obj{"id": due, "required": true})).want(200)
	a.insert("Invoices", obj{"Subject": "S", "Layout": ref(qb), "Invoiced_Items": []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}}).want(400, "data.0.details.api_name", "Due_Date")
	patch(in(obj{"id": due, "required": false})).want(400, "layouts.0.code", "NOT_ALLOWED")
	patch(in(obj{"id": subject, "_delete": obj{"permanent": false}})).want(400, "layouts.0.code", "NOT_ALLOWED")
	patch(in(obj{"id": due, "_delete": obj{"permanent": false}})).want(200)
	a.invoice(obj{"Layout": ref(qb)})
	patch(in(obj{"id": due}, obj{"id": due}, obj{"id": due}, obj{"id": due}, obj{"id": due}, obj{"id": due})).want(400, "layouts.0.code", "LIMIT_EXCEEDED")
	patch(obj{"name": "Standard"}).want(400, "layouts.0.code", "NOT_ALLOWED")
	patch(obj{"name": "Books"}).want(200)
	if a.layout("Invoices", "Books") != qb {
		t.Error("the layout was not renamed")
	}
	patch(obj{"sections": []any{obj{"name": "QuickBooks", "fields": []any{obj{"id": due}}}}}).want(200)
	if got := a.get(at).len("layouts.0.sections"); got != 4 {
		t.Errorf("%d sections, want 4", got)
	}
}

// Section 9.4.
func TestOrg(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.get("/org").want(200, "org.0.iso_code", "USD", "org.0.currency", "US Dollar - USD", "org.0.currency_symbol", "$", "org.0.type", "production", "org.0.license_details.paid_type", "enterprise",
		"org.0.license_details.paid", "true", "org.0.primary_email", "super.admin@sandbox.example", "org.0.time_zone", "America/Los_Angeles", "org.0.mc_status", "")
	me := a.get("/users?type=CurrentUser")
	if r.str("org.0.primary_zuid") == "" || r.str("org.0.primary_zuid") != me.str("users.0.zuid") {
		t.Errorf("the super admin cannot be told: %s and %s", r.str("org.0.primary_zuid"), me.str("users.0.zuid"))
	}
	open(t, zohobox.Options{HomeCurrency: "AUD"}).get("/org").want(200, "org.0.iso_code", "AUD")
}

// Section 9.5.
func TestUsers_Types(t *testing.T) {
	a := open(t, zohobox.Options{})
	for kind, want := range map[string]int{"AllUsers": 6, "ActiveUsers": 5, "DeactiveUsers": 1, "AdminUsers": 3, "ActiveConfirmedUsers": 5, "CurrentUser": 1} {
		if got := a.get("/users?type=" + kind).want(200).len("users"); got != want {
			t.Errorf("%s: %d users, want %d", kind, got, want)
		}
	}
	a.get("/users?type=DeletedUsers").want(204)
	a.get("/users?type=Nonsense").want(400, "code", "INVALID_DATA")
	id := a.get("/users?type=CurrentUser").want(200, "users.0.profile.name", "Administrator", "users.0.role.name", "CEO", "users.0.status", "active", "users.0.type__s", "Regular User").str("users.0.id")
	a.get("/users/"+id).want(200, "users.0.id", id)
	a.get("/users/4000000000000000001").want(204)
	a.get("/users?per_page=2&page=2").want(200, "info.count", "2", "info.more_records", "true")
}

func TestProfiles_TellTheIntegrationsOwn(t *testing.T) {
	a := open(t, zohobox.Options{})
	if find(a.get("/settings/profiles").want(200), "profiles", "name", "Integration") == nil {
		t.Error("the integration has no profile of its own")
	}
}

// Sections 7.6 and 9.6: multi-currency is off until somebody turns it on.
func TestCurrencies_OffByDefault(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.get("/org/currencies").want(403, "code", "CURRENCIES_NOT_ENABLED")
	if find(a.get("/settings/fields?module=Accounts"), "fields", "api_name", "Currency") != nil {
		t.Error("there is a currency field")
	}
	id := a.make("Accounts", obj{"Account_Name": "A", "Currency": "EUR"})
	if _, there := a.read("Accounts", id)["Currency"]; there {
		t.Error("the record has a currency")
	}
	a.call(http.MethodPost, "/org/currencies/actions/enable", obj{"base_currency": obj{"iso_code": "EUR"}}).want(400, "code", "INVALID_DATA")
	a.call(http.MethodPost, "/org/currencies/actions/enable", obj{"base_currency": obj{"iso_code": "USD"}}).want(200, "base_currency.code", "SUCCESS")
	a.call(http.MethodPost, "/org/currencies/actions/enable", obj{"base_currency": obj{"iso_code": "USD"}}).want(400, "code", "ALREADY_ENABLED")
	a.get("/org").want(200, "org.0.mc_status", "true")
	a.get("/Accounts/"+id).want(200, "data.0.Currency", "USD", "data.0.Exchange_Rate", "1")
	open(t, zohobox.Options{Edition: "professional"}).call(http.MethodPost, "/org/currencies/actions/enable", obj{"base_currency": obj{"iso_code": "USD"}}).want(403, "code", "FEATURE_NOT_SUPPORTED")
}

// Sections 7.6 and 9.6.
func TestCurrencies_OnRecords(t *testing.T) {
	a := open(t, zohobox.Options{MultiCurrency: true})
	add := func(iso, rate string) reply {
		t.Helper()
		return a.call(http.MethodPost, "/org/currencies", obj{"currencies": []any{obj{"iso_code": iso, "exchange_rate": rate, "is_active": true}}})
	}
	a.insert("Accounts", obj{"Account_Name": "A", "Currency": "EUR"}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", "Currency")
	r := add("EUR", "1.1").want(200, "currencies.0.message", "The currency created successfully.")
	eur := r.str("currencies.0.details.id")
	add("EUR", "1.1").want(400, "currencies.0.code", "DUPLICATE_DATA")
	add("XXX", "1.1").want(400, "currencies.0.code", "INVALID_DATA")
	a.get("/org/currencies/"+eur).want(200, "currencies.0.name", "Euro - EUR", "currencies.0.exchange_rate", "1.100000000", "currencies.0.is_base", "false", "currencies.0.format.decimal_places", "2")
	id := a.make("Accounts", obj{"Account_Name": "A", "Currency": "EUR"})
	a.get("/Accounts/"+id).want(200, "data.0.Currency", "EUR", "data.0.Exchange_Rate", "1.1", "data.0.$currency_symbol", "€")
	a.put("Accounts", id, obj{"Currency": "USD"}).want(400, "data.0.code", "NOT_ALLOWED", "data.0.details.api_name", "Currency")
	a.put("Accounts", id, obj{"Currency": "EUR", "Phone": "12345"}).want(200)
	a.call(http.MethodPut, "/org/currencies/"+eur, obj{"currencies": []any{obj{"is_active": false, "exchange_rate": "1.2"}}}).want(200)
	a.insert("Accounts", obj{"Account_Name": "B", "Currency": "EUR"}).want(400, "data.0.code", "INVALID_DATA")
	a.get("/Accounts/"+id).want(200, "data.0.Exchange_Rate", "1.1") // a snapshot
	for _, iso := range []string{"GBP", "AUD", "CAD", "NZD", "CHF", "JPY", "INR", "MXN", "SEK"} {
		add(iso, "2").want(200)
	}
	add("NOK", "2").want(400, "currencies.0.code", "ACTIVE_STATE_LIMIT_EXCEEDED")
	a.get("/org/currencies/actions/available_currencies").want(200)
}

// Section 7.6: vendors have no currency; lines have the document's.
func TestCurrencies_WhereTheyStand(t *testing.T) {
	a := open(t, zohobox.Options{MultiCurrency: true})
	a.call(http.MethodPost, "/org/currencies", obj{"currencies": []any{obj{"iso_code": "EUR", "exchange_rate": "1.1"}}}).want(200)
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	if _, there := a.read("Vendors", v)["Currency"]; there {
		t.Error("a vendor has a currency")
	}
	inv := a.invoice(obj{"Currency": "EUR"})
	a.get("/Invoices/"+inv).want(200, "data.0.Currency", "EUR", "data.0.Invoiced_Items.0.Currency", "EUR")
}

// Which of several wrong keys is named does not change from call to call,
// zoho-crm.md section 9.6.
func TestCurrencies_NameTheSameFaultEveryTime(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.do(zohobox.Action{Action: "enable_currencies"})
	wrong := func() string {
		return a.call(http.MethodPost, "/org/currencies", obj{"currencies": []obj{{"iso_code": "EUR", "exchange_rate": "1", "symbol": 1, "name": 1, "prefix_symbol": "x", "exchange_rate_auto_update": "x"}}}).want(400).raw
	}
	first := wrong()
	for range 20 {
		if again := wrong(); again != first {
			t.Fatalf("%s\n%s", first, again)
		}
	}
}
