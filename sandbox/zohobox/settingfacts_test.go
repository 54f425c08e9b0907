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

// fieldsCall creates fields and returns the answer as it is.
func (a *app) fieldsCall(module string, fields ...any) reply {
	a.t.Helper()
	return a.call(http.MethodPost, "/settings/fields?module="+module, obj{"fields": fields})
}

// zoho-crm.md section 8: the lengths that the vendor's own answer for leads has.
func TestFields_LengthsOfLeads(t *testing.T) {
	a := open(t, zohobox.Options{})
	all := a.get("/settings/fields?module=Leads").want(200)
	for names, want := range map[string]string{
		"First_Name": "40", "Full_Name": "120", "Email": "100", "Phone Mobile Fax": "30", "Street": "250", "City State Country": "100",
		"Skype_ID Twitter": "50", "Annual_Revenue": "16",
	} {
		for _, name := range strings.Fields(names) {
			if f := find(all, "fields", "api_name", name); fmt.Sprint(f["length"]) != want {
				t.Errorf("%s has the length %v, want %s", name, f["length"], want)
			}
		}
	}
}

// zoho-crm.md section 9.2: what a field says of its rounding, its uses and its profiles.
func TestFields_TheirKeysWithin(t *testing.T) {
	a := open(t, zohobox.Options{})
	all := a.get("/settings/fields?module=Deals").want(200)
	one := func(name string) reply { return reply{t: t, status: 200, body: find(all, "fields", "api_name", name)} }
	one("Amount").want(200, "currency.rounding_option", "normal", "currency.precision", "2", "operation_type.api_create", "true", "operation_type.api_update", "true",
		"operation_type.web_create", "true", "operation_type.web_update", "true", "view_type.view", "true", "view_type.create", "true", "view_type.edit", "true")
	one("Created_Time").want(200, "operation_type.api_create", "false", "operation_type.api_update", "false", "view_type.create", "false")
	amount := one("Amount")
	for i := range amount.len("profiles") {
		if got := amount.str(fmt.Sprintf("profiles.%d.permission_type", i)); got != "read_write" {
			t.Errorf("profile %d may %q", i, got)
		}
	}
	if amount.len("profiles") == 0 {
		t.Error("a field names no profiles")
	}
}

// zoho-crm.md section 9.2: a name is made once; five fields are changed a call; a
// field that a rule uses stays.
func TestFields_WhatCannotBeChanged(t *testing.T) {
	a := open(t, zohobox.Options{Workflows: []zohobox.Workflow{{Name: "mark", Module: "Vendors", Field: "City", Set: map[string]any{"Mark": "x"}}}})
	name := a.field("Vendors", obj{"field_label": "Mark", "data_type": "text"})
	id := fmt.Sprint(find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", name)["id"])
	at := "/settings/fields/" + id + "?module=Vendors"
	a.call(http.MethodPatch, at, obj{"fields": []any{obj{"api_name": "Other", "field_label": "Other"}}}).want(200)
	a.get(at).want(200, "fields.0.api_name", name, "fields.0.field_label", "Other")
	a.call(http.MethodPatch, "/settings/fields?module=Vendors", obj{"fields": slices.Repeat([]any{obj{"id": id, "field_label": "Mark"}}, 6)}).want(400, "code", "LIMIT_EXCEEDED", "details.limit", "5")
	a.call(http.MethodPatch, "/settings/fields?module=Vendors", obj{"fields": slices.Repeat([]any{obj{"id": id, "field_label": "Mark"}}, 5)}).want(200)
	a.call(http.MethodDelete, at, nil).want(400, "code", "NOT_ALLOWED")
}

// zoho-crm.md section 9.2: one automatic number a module, of at most 255 characters.
func TestFields_OneAutomaticNumber(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.fieldsCall("Vendors", obj{"field_label": "No", "data_type": "autonumber", "length": 256}).want(400, "fields.0.code", "INVALID_DATA", "fields.0.details.api_name", "length")
	a.fieldsCall("Vendors", obj{"field_label": "No", "data_type": "autonumber", "length": 255}).want(201)
	a.fieldsCall("Vendors", obj{"field_label": "Other No", "data_type": "autonumber"}).want(400, "fields.0.code", "LIMIT_EXCEEDED", "fields.0.details.limit", "1")
	a.fieldsCall("Accounts", obj{"field_label": "No", "data_type": "autonumber"}).want(201)
}

// zoho-crm.md section 9.2: 300 and 500 custom fields a module in the two largest editions.
func TestFields_ManyInLargeEditions(t *testing.T) {
	for edition, limit := range map[string]int{"enterprise": 300, "ultimate": 500} {
		a := open(t, zohobox.Options{Edition: edition})
		for i := 0; i < limit; i += 5 {
			var five []any
			for n := range 5 {
				five = append(five, obj{"field_label": fmt.Sprintf("Own %d", i+n), "data_type": "boolean"})
			}
			a.fieldsCall("Vendors", five...).want(201)
		}
		a.fieldsCall("Vendors", obj{"field_label": "Last", "data_type": "boolean"}).want(400, "fields.0.code", "LIMIT_EXCEEDED", "fields.0.details.limit", fmt.Sprint(limit))
	}
}

// zoho-crm.md section 9.3: more than five sections are not changed in one call;
// fields can be hidden from a profile from the beginning.
func TestLayouts_SectionsAndHiddenFields(t *testing.T) {
	a := open(t, zohobox.Options{})
	var six []any
	for i := range 6 {
		six = append(six, obj{"display_label": fmt.Sprint("S", i)})
	}
	a.call(http.MethodPatch, "/settings/layouts/"+a.layout("Vendors", "Standard")+"?module=Vendors", obj{"layouts": []any{obj{"sections": six}}}).want(400, "layouts.0.code", "LIMIT_EXCEEDED")
	profile := find(a.get("/settings/profiles"), "profiles", "name", "Standard")["id"]
	hide := func(label, right string) string {
		return a.field("Vendors", obj{"field_label": label, "data_type": "text", "profiles": []any{obj{"id": profile, "permission_type": right}}})
	}
	hidden, shown := hide("Hidden", "hidden"), hide("Shown", "read_only")
	id := a.make("Vendors", obj{"Vendor_Name": "V", hidden: "x", shown: "y"})
	eva := a.as("Eva")
	eva.put("Vendors", id, obj{hidden: "z", shown: "z"})
	if o := eva.read("Vendors", id); has(o, hidden) || o[shown] != "y" {
		t.Errorf("seen by a profile with fewer rights: %v", o)
	}
	a.get("/Vendors/"+id).want(200, "data.0."+hidden, "x", "data.0."+shown, "y")
}

// zoho-crm.md sections 9.4 and 9.5: the keys of the organisation and of its people.
func TestOrganisation_ItsKeys(t *testing.T) {
	a := open(t, zohobox.Options{})
	org, _ := a.get("/org").at("org.0").(obj)
	for _, key := range strings.Fields("country country_code state city street zip phone fax mobile website privacy_settings currency_locale hierarchy_preferences") {
		if !has(org, key) {
			t.Errorf("the organisation has no %s", key)
		}
	}
	user, _ := a.get("/users?type=CurrentUser").at("users.0").(obj)
	for _, key := range strings.Fields("locale country_locale language date_format time_format personal_account Currency created_time Modified_Time Reporting_To") {
		if !has(user, key) {
			t.Errorf("a person has no %s", key)
		}
	}
	if has(user, "modified_time") {
		t.Error("the moment of a person's last change is written with a capital letter")
	}
	a.get("/users?type=ConfirmedUsers").want(200, "info.count", a.get("/users?type=AllUsers").str("info.count"))
	admins := a.get("/users?type=ActiveConfirmedAdmins").want(200)
	if find(admins, "users", "first_name", "Super") == nil || find(admins, "users", "first_name", "Eva") != nil {
		t.Errorf("the administrators are %s", admins.raw)
	}
}

// zoho-crm.md section 9.6: currencies are changed together; what the vendor says
// on enabling them and on changing a tax; the types of variables.
func TestOrganisation_CurrenciesTaxesVariables(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.call(http.MethodPost, "/org/currencies/actions/enable", obj{"base_currency": obj{"iso_code": "USD"}}).
		want(200, "base_currency.message", "The multi-currency feature is enabled and given currency is created as the base currency.")
	var change []any
	for _, iso := range []string{"EUR", "GBP"} {
		r := a.call(http.MethodPost, "/org/currencies", obj{"currencies": []any{obj{"iso_code": iso, "exchange_rate": "2"}}}).want(200)
		change = append(change, obj{"id": r.str("currencies.0.details.id"), "exchange_rate": "3.5"})
	}
	a.call(http.MethodPut, "/org/currencies", obj{"currencies": change}).want(200, "currencies.0.code", "SUCCESS", "currencies.1.code", "SUCCESS")
	all := a.get("/org/currencies").want(200)
	for _, iso := range []string{"EUR", "GBP"} {
		if got := find(all, "currencies", "iso_code", iso)["exchange_rate"]; got != "3.500000000" {
			t.Errorf("%s stands at %v", iso, got)
		}
	}
	tax := func(o obj) reply {
		return a.call(http.MethodPut, "/org/taxes", obj{"org_taxes": obj{"taxes": []any{o}}})
	}
	tax(obj{"name": "Vat", "value": 20}).want(200)
	id := a.get("/org/taxes").str("org_taxes.taxes.0.id")
	if r := tax(obj{"id": id, "name": "Vat", "value": 19}).want(200); !strings.Contains(r.raw, `"tax updated"`) {
		t.Errorf("a tax was changed: %s", r.raw)
	}
	group := a.get("/settings/variable_groups").str("variable_groups.0.id")
	for kind, bad := range map[string]string{
		"percent": "x", "decimal": "x", "currency": "x", "date": "01/02/2026", "datetime": "now", "email": "nobody", "phone": "", "url": "", "checkbox": "", "textarea": "", "long": "x",
	} {
		one := obj{"name": "V " + kind, "api_name": "V_" + kind, "type": kind, "variable_group": ref(group)}
		r := a.call(http.MethodPost, "/settings/variables", obj{"variables": []any{one}})
		if r.status != 201 {
			t.Errorf("a variable of type %s: %s", kind, r.raw)
		}
		if bad != "" {
			one["api_name"], one["name"], one["value"] = "Bad_"+kind, "Bad "+kind, bad
			a.call(http.MethodPost, "/settings/variables", obj{"variables": []any{one}}).want(400, "variables.0.code", "INVALID_DATA")
		}
	}
	a.call(http.MethodPost, "/settings/variables", obj{"variables": []any{obj{"name": "V", "api_name": "V_colour", "type": "colour", "variable_group": ref(group)}}}).want(400, "variables.0.details.api_name", "type")
}

// zoho-crm.md section 10: which modules can be locked, changing a configuration,
// what a lock says, and that tags and conversions may be restricted too.
func TestLock_ModulesAndActions(t *testing.T) {
	a := open(t, zohobox.Options{})
	for _, m := range strings.Fields("Leads Contacts Accounts Deals Tasks Cases Solutions Vendors Price_Books Quotes Sales_Orders Purchase_Orders Invoices") {
		a.configureLocks(m, obj{"lock_type": "manual", "restricted_actions": []any{"update", "tags", "convert"}})
	}
	at := "/settings/record_locking_configurations?module=Vendors"
	id := a.get(at).str("record_locking_configurations.0.id")
	a.call(http.MethodPut, at, obj{"record_locking_configurations": []any{obj{"id": id, "restricted_actions": []any{"update", "delete"}}}}).want(200, "record_locking_configurations.0.code", "SUCCESS")
	if got := fmt.Sprint(a.get(at).at("record_locking_configurations.0.restricted_actions")); got != "[update delete]" {
		t.Errorf("after the change it restricts %s", got)
	}
	quote := a.make("Quotes", obj{"Subject": "Q", "Quoted_Items": []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}})
	a.clock.step(time.Minute)
	a.do(zohobox.Action{Action: "lock", Type: "Quotes", ID: quote, Data: obj{"reason": "sent"}})
	module := fmt.Sprint(find(a.get("/settings/modules"), "modules", "api_name", "Quotes")["id"])
	a.get("/Quotes/"+quote+"/Locking_Information__s?fields=id").want(200, "data.0.Locked_Time__s", "2026-03-01T01:16:00-08:00",
		"data.0.Locked_For__s.module.api_name", "Quotes", "data.0.Locked_For__s.module.id", module, "data.0.Locked_For__s.id", quote)
	for _, r := range []reply{
		a.call(http.MethodPost, "/Quotes/"+quote+"/actions/add_tags", obj{"tags": []any{obj{"name": "x"}}}),
		a.call(http.MethodPost, "/Quotes/"+quote+"/actions/convert", data(obj{"convert_to": []any{obj{"module": obj{"api_name": "Invoices"}}}})),
	} {
		if r.status != 400 || !strings.Contains(r.raw, `"RECORD_LOCKED"`) {
			t.Errorf("a locked record: %d %s", r.status, r.raw)
		}
	}
}

// zoho-crm.md section 15: what an edition does not have is refused with 400.
func TestDuplicateCheck_BelowEnterprise(t *testing.T) {
	path := "/settings/duplicate_check_preference?module=Leads"
	open(t, zohobox.Options{Edition: "professional"}).get(path).want(400, "code", "FEATURE_NOT_SUPPORTED", "status", "error")
	open(t, zohobox.Options{Edition: "enterprise"}).get(path).want(204)
}
