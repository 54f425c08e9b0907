package zohobox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"crossbook/sandbox/zohobox"
)

func (a *app) subform(module, label string) string {
	a.t.Helper()
	a.do(zohobox.Action{Action: "create_subform", Type: module, Data: obj{"field_label": label, "fields": []any{
		obj{"field_label": "Task", "data_type": "text", "length": 50}, obj{"field_label": "Hours", "data_type": "double"},
	}}})
	return find(a.get("/settings/fields?module="+module), "fields", "field_label", label)["api_name"].(string)
}

// zoho-crm.md sections 4.7, 6 and 9.1: a subform that people made is a module of
// its own; its rows are added, changed, kept and taken away like lines, and
// follow their record.
func TestSubforms_RowsFollowTheirRecord(t *testing.T) {
	a := open(t, zohobox.Options{})
	sub := a.subform("Vendors", "Work Log")
	f := reply{t: t, status: 200, body: find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", sub)}
	f.want(200, "data_type", "subform", "custom_field", "true", "json_type", "jsonarray")
	rows := f.str("associated_module.module")
	mod := reply{t: t, status: 200, body: find(a.get("/settings/modules"), "modules", "api_name", rows)}
	mod.want(200, "generated_type", "subform", "parent_module.api_name", "Vendors", "api_supported", "true")
	a.get("/settings/fields?module=" + rows).want(200)

	v := a.make("Vendors", obj{"Vendor_Name": "V", sub: []any{obj{"Task": "Dig", "Hours": 2.5}, obj{"Task": "Plant"}}})
	at := "data.0." + sub + "."
	r := a.get("/Vendors/"+v).want(200, at+"0.Task", "Dig", at+"0.Hours", "2.5", at+"1.Task", "Plant", at+"0.Parent_Id.id", v, "data.0.$has_more."+sub, "false")
	first, second := r.str(at+"0.id"), r.str(at+"1.id")
	a.put("Vendors", v, obj{sub: []any{obj{"id": first, "Hours": 3}, obj{"Task": "Water"}}}).want(200)
	a.get("/Vendors/"+v).want(200, at+"0.Hours", "3", at+"0.Task", "Dig", at+"1.Task", "Plant", at+"2.Task", "Water")
	a.put("Vendors", v, obj{sub: []any{obj{"id": second, "_delete": nil}}}).want(200)
	a.put("Vendors", v, obj{"City": "York"}).want(200)
	r = a.get("/Vendors/"+v).want(200, at+"1.Task", "Water")
	if r.len("data.0."+sub) != 2 {
		t.Errorf("rows %v", r.at("data.0."+sub))
	}
	a.get("/"+rows+"?fields=Task,Parent_Id").want(200, "info.count", "2", "data.0.Parent_Id.id", v)
	if o := a.get("/Vendors?fields=" + sub).want(200); o.at("data.0."+sub) != nil {
		t.Errorf("a list has rows: %s", o.raw)
	}
	clone := a.call(http.MethodPost, "/Vendors/"+v+"/actions/clone", nil).want(201).str("data.0.details.id")
	if o := a.get("/Vendors/"+clone).want(200, at+"1.Task", "Water"); o.str(at+"0.id") == first {
		t.Error("the copy has the rows of the original")
	}
	for name, wrong := range map[string]any{
		"no list": "x", "no object": []any{"x"}, "an unknown row": []any{obj{"id": "5", "Task": "x"}}, "a long text": []any{obj{"Task": strings.Repeat("x", 51)}}, "no number": []any{obj{"Hours": "two"}},
	} {
		if r := a.put("Vendors", v, obj{sub: wrong}); r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
	a.put("Vendors", v, obj{sub: []any{obj{"Hours": "two"}}}).want(400, "data.0.details.json_path", "$.data[0]."+sub+"[0].Hours")
	a.remove("Vendors", v)
	a.get("/"+rows+"?fields=Task").want(200, "info.count", "2") // those of the copy
	a.do(zohobox.Action{Action: "restore", Type: "Vendors", ID: v})
	a.get("/Vendors/"+v).want(200, at+"0.id", first, at+"1.Task", "Water")
	a.put("Vendors", v, obj{sub: []any{}}).want(200)
	if n := a.get("/Vendors/" + v).len("data.0." + sub); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	composite(a, obj{"rollback_on_fail": true}, obj{"sub_request_id": "1", "method": "PUT", "uri": "/crm/v8/Vendors/" + v, "body": data(obj{sub: []any{obj{"Task": "Never"}}})}, obj{"sub_request_id": "2", "method": "POST", "uri": "/crm/v8/Vendors", "body": data(obj{})}).want(207)
	if n := a.get("/Vendors/" + v).len("data.0." + sub); n != 0 {
		t.Errorf("%d rows outlive the roll-back", n)
	}
	a.do(zohobox.Action{Action: "delete_field", Type: "Vendors", Data: obj{"field": sub}})
	a.get("/"+rows+"?fields=Task").want(400, "code", "INVALID_MODULE")
}

// zoho-crm.md section 4.7: a record has at most 100 rows in a custom subform.
func TestSubforms_EndAtAHundredRows(t *testing.T) {
	a := open(t, zohobox.Options{})
	sub := a.subform("Vendors", "Work Log")
	rows := make([]any, 101)
	for i := range rows {
		rows[i] = obj{"Task": fmt.Sprint(i)}
	}
	a.insert("Vendors", obj{"Vendor_Name": "V", sub: rows}).want(400, "data.0.code", "LIMIT_EXCEEDED", "data.0.details.limit", "100", "data.0.details.api_name", sub)
	v := a.make("Vendors", obj{"Vendor_Name": "V", sub: rows[:100]})
	a.put("Vendors", v, obj{sub: rows[:1]}).want(400, "data.0.code", "LIMIT_EXCEEDED")
	gone := a.get("/Vendors/" + v).str("data.0." + sub + ".7.id")
	a.put("Vendors", v, obj{sub: []any{obj{"id": gone, "_delete": nil}, obj{"Task": "instead"}}}).want(200)
	if n := a.get("/Vendors/" + v).len("data.0." + sub); n != 100 {
		t.Errorf("%d rows", n)
	}
}

// zoho-crm.md section 4.7: how many custom subforms a module may have follows
// from the edition.
func TestSubforms_OfEveryEdition(t *testing.T) {
	for edition, most := range map[string]int{"enterprise": 2, "zohooneenterprise": 2, "ultimate": 5, "crmplus": 5, "professional": 0, "standard": 0, "free": 0} {
		a := open(t, zohobox.Options{Edition: edition})
		made := 0
		for i := range 7 {
			_, err := a.box.Do(t.Context(), zohobox.Action{Action: "create_subform", Type: "Vendors", Data: obj{"field_label": fmt.Sprint("Table ", i), "fields": []any{obj{"field_label": "Task", "data_type": "text"}}}})
			if err == nil {
				made++
				continue
			}
			want := "LIMIT_EXCEEDED"
			if most == 0 {
				want = "FEATURE_NOT_SUPPORTED"
			}
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", edition, err)
			}
		}
		if made != most {
			t.Errorf("%s: %d subforms, want %d", edition, made, most)
		}
		a.get("/__features/subform?module=Vendors").want(200, "__features.0.details.limits.total", fmt.Sprint(most), "__features.0.details.used_count.total", fmt.Sprint(most))
	}
	a := open(t, zohobox.Options{})
	for _, wrong := range []obj{{"field_label": "X"}, {"fields": []any{obj{"field_label": "T", "data_type": "text"}}}, {"field_label": "X", "fields": []any{obj{"field_label": "T", "data_type": "soup"}}}, {"field_label": "City", "fields": []any{obj{"field_label": "T", "data_type": "text"}}}} {
		if _, err := a.box.Do(t.Context(), zohobox.Action{Action: "create_subform", Type: "Vendors", Data: wrong}); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
	if find(a.get("/settings/modules"), "modules", "api_name", "X") != nil {
		t.Error("a refused subform left its module")
	}
}

// Subforms and their rows are there after a restart; zoho-crm.md section 4.7.
func TestStore_KeepsSubforms(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{})
	sub := a.subform("Vendors", "Work Log")
	v := a.make("Vendors", obj{"Vendor_Name": "V", sub: []any{obj{"Task": "Dig"}}})
	gone := a.make("Vendors", obj{"Vendor_Name": "G", sub: []any{obj{"Task": "Rest"}}})
	a.remove("Vendors", gone)
	b := again()
	at := "data.0." + sub + ".0."
	b.get("/Vendors/"+v).want(200, at+"Task", "Dig")
	b.put("Vendors", v, obj{sub: []any{obj{"Task": "Plant"}}}).want(200)
	b.get("/Vendors/"+v).want(200, "data.0."+sub+".1.Task", "Plant")
	b.do(zohobox.Action{Action: "restore", Type: "Vendors", ID: gone})
	b.get("/Vendors/"+gone).want(200, at+"Task", "Rest")
}
