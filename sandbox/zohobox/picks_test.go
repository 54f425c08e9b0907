package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 9.2: values of a picklist have colours; those that no
// layout offers are unused. Section 9.3: a layout shows the values it offers.
func TestPicklists_ColoursAndUse(t *testing.T) {
	a := open(t, zohobox.Options{})
	name := a.field("Vendors", obj{"field_label": "Grade", "data_type": "picklist", "pick_list_values": []any{obj{"display_value": "Gold", "actual_value": "Gold", "colour_code": "#ffcc00"}, obj{"display_value": "Silver", "actual_value": "Silver"}}})
	grade := func() reply {
		return reply{t: t, status: 200, body: find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", name)}
	}
	f := grade().want(200, "enable_colour_code", "true", "pick_list_values.0.colour_code", "#ffcc00", "pick_list_values.0.type", "used", "pick_list_values.1.type", "used")
	if f.at("pick_list_values.1.colour_code") != nil {
		t.Error("a value without colour has one")
	}
	patch := func(values ...any) reply {
		return a.call(http.MethodPatch, "/settings/fields/"+f.str("id")+"?module=Vendors", obj{"fields": []any{obj{"pick_list_values": values}}})
	}
	patch(obj{"id": f.str("pick_list_values.1.id"), "colour_code": "silver"}).want(400, "fields.0.code", "INVALID_DATA", "fields.0.details.json_path", "$.fields[0].pick_list_values[0].colour_code")
	patch(obj{"id": "1", "colour_code": "#cccccc"}).want(400, "fields.0.code", "INVALID_DATA", "fields.0.details.json_path", "$.fields[0].pick_list_values[0].id")
	patch(obj{"display_value": "Gold"}).want(400, "fields.0.code", "DUPLICATE_DATA")
	patch(obj{"id": f.str("pick_list_values.1.id"), "colour_code": "#cccccc", "display_value": "Sterling"}, obj{"display_value": "Bronze"}).want(200)
	grade().want(200, "pick_list_values.1.colour_code", "#cccccc", "pick_list_values.1.display_value", "Sterling", "pick_list_values.1.actual_value", "Silver", "pick_list_values.2.display_value", "Bronze")
	email := find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", "Email")
	a.call(http.MethodPatch, "/settings/fields/"+fmt.Sprint(email["id"])+"?module=Vendors", obj{"fields": []any{obj{"pick_list_values": []any{obj{"display_value": "x"}}}}}).want(400, "fields.0.code", "INVALID_DATA")

	a.do(zohobox.Action{Action: "layout_value", Type: "Vendors", Data: obj{"layout": "Standard", "field": name, "value": "Gold", "on": false}})
	grade().want(200, "pick_list_values.0.type", "unused", "pick_list_values.1.type", "used")
	onLayout := func() reply {
		r := a.get("/settings/layouts?module=Vendors").want(200)
		return reply{t: t, status: 200, body: find(r, "layouts.0.sections.0.fields", "api_name", name)}
	}
	if l := onLayout().want(200, "pick_list_values.0.actual_value", "Silver", "pick_list_values.0.colour_code", "#cccccc"); l.len("pick_list_values") != 2 || l.len("pick_list_values.0.maps") != 0 {
		t.Errorf("the layout shows %v", l.at("pick_list_values"))
	}
	a.do(zohobox.Action{Action: "layout_value", Type: "Vendors", Data: obj{"layout": "Standard", "field": name, "value": "Gold", "on": true}})
	grade().want(200, "pick_list_values.0.type", "used")
	for _, wrong := range []obj{{"layout": "None", "field": name, "value": "Gold"}, {"layout": "Standard", "field": name, "value": "Tin"}} {
		if _, err := a.box.Do(t.Context(), zohobox.Action{Action: "layout_value", Type: "Vendors", Data: wrong}); err == nil {
			t.Errorf("%v was done", wrong)
		}
	}
}

// zoho-crm.md section 8: small texts, rich texts and other kinds of added fields
// have their own ui_type. Section 9.2: a kind of text has its length.
func TestFields_KindsOfAddedOnes(t *testing.T) {
	a := open(t, zohobox.Options{})
	for i, k := range []struct {
		ask  obj
		want int
		text string
	}{
		{obj{"data_type": "percent"}, 34, ""},
		{obj{"data_type": "textarea"}, 110, "small"},
		{obj{"data_type": "textarea", "length": 2000}, 110, "small"},
		{obj{"data_type": "textarea", "length": 32000}, 3, "large"},
		{obj{"data_type": "textarea", "textarea": obj{"type": "large"}}, 3, "large"},
		{obj{"data_type": "textarea", "textarea": obj{"type": "rich_text"}}, 250, "rich_text"},
		{obj{"data_type": "datetime"}, 333, ""},
	} {
		k.ask["field_label"] = fmt.Sprint("Field ", i)
		name := a.field("Vendors", k.ask)
		f := reply{t: t, status: 200, body: find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", name)}
		f.want(200, "ui_type", fmt.Sprint(k.want), "textarea.type", k.text)
	}
	send := func(o obj) reply {
		return a.call(http.MethodPost, "/settings/fields?module=Vendors", obj{"fields": []any{o}})
	}
	send(obj{"field_label": "L", "data_type": "textarea", "length": 2000, "textarea": obj{"type": "rich_text"}}).want(400, "fields.0.code", "DEPENDENT_MISMATCH", "fields.0.details.json_path", "$.fields[0].length")
	send(obj{"field_label": "L", "data_type": "textarea", "textarea": obj{"type": "huge"}}).want(400, "fields.0.code", "INVALID_DATA")
}

// zoho-crm.md section 9.2: the permissions that a profile can be given are shown
// when asked for.
func TestFields_AllowedPermissions(t *testing.T) {
	a := open(t, zohobox.Options{})
	at := "/settings/fields?module=Vendors&include="
	r := a.get(at + "allowed_permissions_to_update").want(200)
	for name, want := range map[string]string{"Phone": "true true true", "Vendor_Name": "true false false", "Created_Time": "false true true"} {
		o, _ := find(r, "fields", "api_name", name)["allowed_permissions_to_update"].(obj)
		if got := fmt.Sprint(o["read_write"], o["read_only"], o["hidden"]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", "Phone")["allowed_permissions_to_update"] != nil {
		t.Error("permissions are shown unasked")
	}
	a.get(at+"nonsense").want(400, "code", "INVALID_DATA", "details.param_name", "include")
}
