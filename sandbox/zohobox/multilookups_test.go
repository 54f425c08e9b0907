package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// trades is a multi-select look-up from vendors to accounts.
func (a *app) trades() string {
	a.t.Helper()
	return a.field("Vendors", obj{"field_label": "Trades with", "data_type": "multiselectlookup", "multiselectlookup": obj{
		"connected_details": obj{"module": obj{"api_name": "Accounts"}, "field": obj{"field_label": "Suppliers"}}, "linking_details": obj{"module": obj{"plural_label": "Vendor Accounts"}},
	}})
}

// zoho-crm.md sections 4.1 and 4.3: a multi-select look-up is read with one
// record and not in lists; its rows are added, and taken away with _delete.
func TestMultiLookups_AreWrittenAndRead(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.trades()
	one, two := a.make("Accounts", obj{"Account_Name": "Sparrow Lane Bakery"}), a.make("Accounts", obj{"Account_Name": "Copper Beech"})
	row := func(id string) obj { return obj{"Accounts": ref(id)} }
	v := a.make("Vendors", obj{"Vendor_Name": "V", f: []any{row(one)}})
	tie := a.get("/Vendors/"+v).want(200, "data.0."+f+".0.Accounts.name", "Sparrow Lane Bakery").str("data.0." + f + ".0.id")
	if list := a.get("/Vendors?fields=Vendor_Name,"+f).want(200, "data.0.Vendor_Name", "V"); list.at("data.0."+f) != nil {
		t.Errorf("the list shows %v", list.at("data.0."+f))
	}
	a.coql("select "+f+" from Vendors where id is not null").want(400, "code", "INVALID_QUERY")
	a.put("Vendors", v, obj{f: []any{row(two)}}).want(200) // the other one stays
	if r := a.get("/Vendors/" + v); r.len("data.0."+f) != 2 {
		t.Errorf("ties: %v", r.at("data.0."+f))
	}
	a.put("Vendors", v, obj{"Phone": "1"}).want(200)
	a.put("Vendors", v, obj{f: []any{obj{"id": tie, "_delete": nil}}}).want(200)
	if r := a.get("/Vendors/"+v).want(200, "data.0."+f+".0.Accounts.name", "Copper Beech"); r.len("data.0."+f) != 1 {
		t.Errorf("ties: %v", r.at("data.0."+f))
	}
	a.put("Vendors", v, obj{f: []any{obj{"id": tie, "_delete": nil}}}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.json_path", "$.data[0]."+f+"[0].id")
	a.put("Vendors", v, obj{f: row(one)}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.expected_data_type", "jsonarray")
	a.put("Vendors", v, obj{f: []any{obj{}}}).want(400, "data.0.code", "MANDATORY_NOT_FOUND", "data.0.details.json_path", "$.data[0]."+f+"[0].Accounts")
	a.put("Vendors", v, obj{f: []any{row("1")}}).want(400, "data.0.code", "INVALID_DATA")
	a.remove("Accounts", two).want(200)
	if r := a.get("/Vendors/" + v); r.len("data.0."+f) != 0 {
		t.Errorf("a tie to a deleted record stays: %v", r.at("data.0."+f))
	}
}

// zoho-crm.md sections 9.1 and 4.6: the ties are records of a linking module,
// which takes each pair once. Section 8: such a field has the ui_type 444.
func TestMultiLookups_HaveLinkingModules(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{})
	f := a.trades()
	fd := reply{t: t, status: 200, body: find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", f)}
	fd.want(200, "ui_type", "444", "json_type", "jsonarray", "multiselectlookup.linking_details.module.api_name", "Vendor_Accounts", "multiselectlookup.connected_details.module.api_name", "Accounts")
	a.get("/settings/modules/Vendor_Accounts").want(200, "modules.0.generated_type", "linking")
	v, one, two := a.make("Vendors", obj{"Vendor_Name": "V"}), a.make("Accounts", obj{"Account_Name": "A"}), a.make("Accounts", obj{"Account_Name": "B"})
	pair := func(account string) obj { return obj{"Vendors": ref(v), "Accounts": ref(account)} }
	tie := a.make("Vendor_Accounts", pair(one))
	a.get("/Vendors/"+v).want(200, "data.0."+f+".0.id", tie)
	for _, r := range []reply{a.insert("Vendor_Accounts", pair(one)), a.put("Vendors", v, obj{f: []any{obj{"Accounts": ref(one)}}})} {
		r.want(400, "data.0.code", "DUPLICATE_LINKING_DATA", "data.0.details.id", tie, "data.0.details.linking_fields.0", "Vendors", "data.0.details.linking_fields.1", "Accounts")
	}
	a.put("Vendors", v, obj{f: []any{obj{"Accounts": ref(two)}, obj{"Accounts": ref(two)}}}).want(400, "data.0.code", "DUPLICATE_LINKING_DATA")
	other := a.make("Vendor_Accounts", pair(two))
	a.put("Vendor_Accounts", other, pair(one)).want(400, "data.0.code", "DUPLICATE_LINKING_DATA")
	a.insert("Vendor_Accounts", obj{"Vendors": ref(v)}).want(400, "data.0.code", "MANDATORY_NOT_FOUND", "data.0.details.api_name", "Accounts")
	if r := a.get("/Accounts/"+one+"/Vendor_Accounts?fields=Vendors").want(200, "data.0.Vendors.name", "V"); r.len("data") != 1 {
		t.Errorf("ties of the account: %s", r.raw)
	}
	b := again()
	b.get("/Vendors/"+v).want(200, "data.0."+f+".1.id", other)
	b.call(http.MethodDelete, "/settings/fields/"+fd.str("id")+"?module=Vendors", nil).want(200)
	b.get("/Vendor_Accounts?fields=id").want(400, "code", "INVALID_MODULE")
	if m := find(b.get("/settings/modules?status=scheduled_for_deletion"), "modules", "api_name", "Vendor_Accounts"); m == nil {
		t.Error("the linking module does not wait for its deletion")
	}

	wrong := func(look any) reply {
		return b.fieldsCall("Vendors", obj{"field_label": "Other", "data_type": "multiselectlookup", "multiselectlookup": look})
	}
	to := func(module, label string) obj {
		return obj{"connected_details": obj{"module": obj{"api_name": module}}, "linking_details": obj{"module": obj{"plural_label": label}}}
	}
	for _, k := range []struct {
		look any
		code string
	}{{nil, "MANDATORY_NOT_FOUND"}, {to("Nonsense", "L"), "INVALID_DATA"}, {to("Accounts", ""), "MANDATORY_NOT_FOUND"}, {to("Accounts", "A & B"), "INVALID_DATA"}, {to("Accounts", "Contacts"), "DUPLICATE_DATA"}} {
		wrong(k.look).want(400, "fields.0.code", k.code)
	}
	wrong(to("Vendors", "Partners")).want(201) // a module may be tied to itself
}
