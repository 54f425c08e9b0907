package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md sections 8 and 4.1: territories are fields and a parameter of
// lists once the organisation has switched them on, and refused before.
func TestTerritories_AreSwitchedOn(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{})
	a.get("/settings/territories").want(400, "code", "FEATURE_NOT_ENABLED")
	if find(a.get("/settings/fields?module=Accounts"), "fields", "api_name", "Territories") != nil {
		t.Error("there are territories before anybody switched them on")
	}
	refused := func(act zohobox.Action) {
		t.Helper()
		if _, err := a.box.Do(t.Context(), act); err == nil {
			t.Errorf("%v was done", act)
		}
	}
	refused(zohobox.Action{Action: "add_territory", Data: obj{"name": "North"}})
	a.do(zohobox.Action{Action: "enable_territories"})
	a.get("/settings/territories").want(204)
	north := a.do(zohobox.Action{Action: "add_territory", Data: obj{"name": "North"}})
	leeds := a.do(zohobox.Action{Action: "add_territory", Data: obj{"name": "Leeds", "parent": "North"}})
	refused(zohobox.Action{Action: "add_territory", Data: obj{"name": "north"}})
	refused(zohobox.Action{Action: "add_territory", Data: obj{"name": "York", "parent": "South"}})
	a.get("/settings/territories").want(200, "territories.0.name", "North", "territories.1.reporting_to.id", north)
	a.get("/settings/territories/"+leeds).want(200, "territories.0.name", "Leeds")
	a.get("/settings/territories/1").want(400, "code", "INVALID_DATA")
	for field, want := range map[string]string{"Accounts.Territories": "territories jsonarray 999", "Deals.Territory": "lookup jsonobject 133"} {
		f := a.fieldOf(field)
		if got := fmt.Sprint(f["data_type"], " ", f["json_type"], " ", f["ui_type"]); got != want {
			t.Errorf("%s: %s, want %s", field, got, want)
		}
	}
	a.insert("Accounts", obj{"Account_Name": "A", "Territories": []any{ref("1")}}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.json_path", "$.data[0].Territories[0].id")
	a.insert("Accounts", obj{"Account_Name": "A", "Territories": ref(north)}).want(400, "data.0.details.expected_data_type", "jsonarray")
	one := a.make("Accounts", obj{"Account_Name": "A", "Territories": []any{ref(north)}})
	two := a.make("Accounts", obj{"Account_Name": "B", "Territories": []any{ref(leeds), ref(leeds)}})
	deal := a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Territory": ref(leeds)})
	a.make("Accounts", obj{"Account_Name": "C"})
	a.get("/Accounts/"+two).want(200, "data.0.Territories.0.name", "Leeds")
	a.get("/Deals/"+deal).want(200, "data.0.Territory.name", "Leeds")
	at := "/Accounts?fields=Account_Name,Territories&sort_by=id&sort_order=asc&territory_id=" + north
	if r := a.get(at).want(200, "data.0.id", one, "data.0.Territories.0.id", north); r.len("data") != 1 {
		t.Errorf("%d accounts in the north itself", r.len("data"))
	}
	if r := a.get(at+"&include_child=true").want(200, "data.1.id", two); r.len("data") != 2 {
		t.Errorf("%d accounts in the north", r.len("data"))
	}
	a.get("/Deals?fields=id&territory_id="+north+"&include_child=true").want(200, "data.0.id", deal)
	a.get("/Contacts?fields=id&territory_id=" + north).want(204)
	a.get("/Accounts?fields=id&territory_id=1").want(400, "details.param_name", "territory_id")
	a.get("/Accounts?fields=id&include_child=true").want(400, "details.param_name", "include_child")
	again().get("/Accounts/"+one).want(200, "data.0.Territories.0.name", "North")
	small := open(t, zohobox.Options{Edition: "professional"})
	if _, err := small.box.Do(t.Context(), zohobox.Action{Action: "enable_territories"}); err == nil {
		t.Error("a small edition has territories")
	}
}

func (a *app) fieldOf(path string) obj {
	var module, name string
	for i := range path {
		if path[i] == '.' {
			module, name = path[:i], path[i+1:]
		}
	}
	return find(a.get("/settings/fields?module="+module), "fields", "api_name", name)
}

// zoho-crm.md section 8: contacts say in detail why their data are kept, while
// the organisation's privacy settings are on.
func TestPrivacy_DetailsOfContacts(t *testing.T) {
	a := open(t, zohobox.Options{})
	details := "Data_Processing_Basis_Details"
	if a.fieldOf("Contacts."+details) != nil {
		t.Error("the details are there without privacy settings")
	}
	a.do(zohobox.Action{Action: "set_privacy", Data: obj{"on": true}})
	a.get("/org").want(200, "org.0.privacy_settings", "true")
	if f := a.fieldOf("Contacts." + details); f["data_type"] != "lookup" || f["json_type"] != "jsonobject" {
		t.Errorf("the field is %v", f)
	}
	id := a.make("Contacts", obj{"Last_Name": "L", "Data_Processing_Basis": "Consent - Obtained", details: obj{"Consent_Date": "2026-02-01", "Contact_Through_Email": true, "Consent_Through": "Form", "Unknown": 1}})
	a.get("/Contacts/"+id).want(200, "data.0.Data_Processing_Basis", "Consent - Obtained", "data.0."+details+".Consent_Date", "2026-02-01", "data.0."+details+".Contact_Through_Email", "true", "data.0."+details+".Contact_Through_Phone", "false", "data.0."+details+".Owner.name", "Super Admin")
	a.put("Contacts", id, obj{details: obj{"Consent_Date": "soon"}}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.json_path", "$.data[0]."+details+".Consent_Date")
	a.put("Contacts", id, obj{details: "yes"}).want(400, "data.0.details.expected_data_type", "jsonobject")
	a.put("Contacts", id, obj{details: obj{"Consent_Remarks": "by phone"}}).want(200)
	a.get("/Contacts/"+id).want(200, "data.0."+details+".Consent_Remarks", "by phone", "data.0."+details+".Contact_Through_Email", "false")
	a.get("/Contacts/"+a.make("Contacts", obj{"Last_Name": "M"})).want(200, "data.0."+details, "")
}

// zoho-crm.md section 9.6: leads are compared with contacts, or with converted
// leads, as the preference says.
func TestDuplicateCheck_Compares(t *testing.T) {
	a := open(t, zohobox.Options{})
	contact := a.make("Contacts", obj{"Last_Name": "L", "Email": "ada@harbour.test"})
	lead := obj{"Last_Name": "L", "Email": "ADA@harbour.test"}
	at := "/settings/duplicate_check_preference?module=Leads"
	first := a.make("Leads", lead)
	pair := obj{"current_field": obj{"api_name": "Email"}, "mapped_field": obj{"api_name": "Email"}}
	a.call(http.MethodPost, at, obj{"duplicate_check_preference": obj{"type": "mapped_module_records", "type_configurations": []any{obj{"mapped_module": obj{"api_name": "Contacts"}, "field_mappings": []any{pair}}}}}).want(200)
	a.insert("Leads", lead).want(400, "data.0.code", "DUPLICATE_DATA", "data.0.details.api_name", "Email", "data.0.details.duplicate_record.id", contact, "data.0.details.duplicate_record.module.api_name", "Contacts")
	a.put("Leads", first, obj{"Phone": "1"}).want(200) // as it was
	a.put("Leads", first, obj{"Email": "other@harbour.test"}).want(200)
	a.put("Leads", first, obj{"Email": "ada@harbour.test"}).want(400, "data.0.code", "DUPLICATE_DATA")
	a.insert("Leads", obj{"Last_Name": "L"}).want(201)

	unique := a.externalID("Leads")
	old := a.make("Leads", obj{"Last_Name": "Okafor", "Company": "C", unique: "q-1"})
	a.convert(old, obj{}).want(200)
	a.make("Leads", obj{"Last_Name": "New", unique: "q-1"}) // a converted lead does not count
	a.call(http.MethodPut, at, obj{"duplicate_check_preference": obj{"type": "converted_records"}}).want(200)
	older := a.make("Leads", obj{"Last_Name": "Okafor", "Company": "C", unique: "q-2"})
	a.convert(older, obj{}).want(200)
	a.insert("Leads", obj{"Last_Name": "New", unique: "q-2"}).want(400, "data.0.code", "DUPLICATE_DATA", "data.0.details.duplicate_record.id", older)
	a.insert("Leads", lead).want(201) // contacts are not looked at any more
}

// zoho-crm.md section 1: pages that are newer than the version asked for say
// which version has them.
func TestVersions_NameTheOneThatSupports(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.call(http.MethodPost, "/crm/v7/settings/modules", obj{"modules": []any{obj{}}}).want(400, "code", "API_NOT_SUPPORTED", "details.supported_version", "8")
	a.call(http.MethodPut, "/crm/v2.1/settings/modules/Accounts", obj{"modules": []any{obj{}}}).want(400, "code", "API_NOT_SUPPORTED", "details.supported_version", "8")
	a.get("/crm/v7/settings/modules").want(200)
	a.call(http.MethodPost, "/settings/modules", obj{"modules": []any{obj{}}}).want(400, "modules.0.code", "MANDATORY_NOT_FOUND")
}
