package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crossbook/transport"
)

func TestFields_LiveMetadata(t *testing.T) {
	c := serve(t, answer(200, `{"fields":[
		{"id":"1","api_name":"Last_Name","field_label":"Last Name","data_type":"text","length":80,"system_mandatory":true,"custom_field":false,
		 "visible":true,"read_only":false,"field_read_only":false,"unique":{},"external":null,"operation_type":{"api_create":true,"api_update":true}},
		{"id":"2","api_name":"QBO_Id","field_label":"QBO Id","data_type":"text","length":50,"custom_field":true,"unique":{"case_sensitive":false},"external":{"type":"org","show":false}},
		{"id":"3","api_name":"Account_Name","data_type":"lookup","lookup":{"module":{"api_name":"Accounts","id":"9"}},"pick_list_values":[]},
		{"id":"4","api_name":"Stage","data_type":"picklist","length":120,"pick_list_values":[{"id":"40","display_value":"Offen","actual_value":"Open","type":"used"},{"display_value":"x","actual_value":"X","type":"unused"}]},
		{"id":"5","api_name":"Invoiced_Items","data_type":"subform","associated_module":{"module":"Invoiced_Items","id":"50"},"operation_type":{"api_create":false,"api_update":false}}]}`))
	got, err := c.Fields(context.Background(), "Contacts")
	if err != nil {
		t.Fatal(err)
	}
	want := []Field{
		{ID: "1", APIName: "Last_Name", Label: "Last Name", Type: "text", Length: 80, Mandatory: true, Visible: true, Creatable: true, Updatable: true},
		{ID: "2", APIName: "QBO_Id", Label: "QBO Id", Type: "text", Length: 50, Custom: true, Visible: true, Creatable: true, Updatable: true, Unique: true, External: "org"},
		{ID: "3", APIName: "Account_Name", Type: "lookup", Visible: true, Creatable: true, Updatable: true, Lookup: "Accounts"},
		{ID: "4", APIName: "Stage", Type: "picklist", Length: 120, Visible: true, Creatable: true, Updatable: true, PickList: []PickValue{
			{ID: "40", Display: "Offen", Actual: "Open"}, {Display: "x", Actual: "X", Unused: true},
		}},
		{ID: "5", APIName: "Invoiced_Items", Type: "subform", Visible: true, Subform: "Invoiced_Items"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestCreateFields_BodyAndResults(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var got map[string]any
		_ = json.NewDecoder(r.Body).Decode(&got)
		want := map[string]any{"fields": []any{
			map[string]any{"field_label": "QBO Id", "data_type": "text", "length": 50.0, "external": map[string]any{"type": "org", "show": false}},
			map[string]any{"field_label": "Method", "data_type": "picklist", "pick_list_values": []any{map[string]any{"display_value": "A", "actual_value": "A"}}},
		}}
		if diff := cmp.Diff(want, got); diff != "" || r.URL.Query().Get("module") != "Vendors" {
			t.Errorf("%v (-want +got):\n%s", r.URL, diff)
		}
		answer(207, `{"fields":[{"code":"SUCCESS","details":{"id":"88"},"message":"field created","status":"success"},
			{"code":"DUPLICATE_DATA","details":{"api_name":"field_label","json_path":"$.fields[1].field_label"},"message":"m","status":"error"}]}`)(w, r)
	})
	res, err := c.CreateFields(context.Background(), "Vendors", []NewField{
		{Label: "QBO Id", Type: "text", Length: 50, External: "org"}, {Label: "Method", Type: "picklist", PickList: []string{"A"}},
	})
	if err != nil || res[0].ID != "88" || res[1].Err == nil || res[1].Err.Kind != transport.FaultDuplicate {
		t.Errorf("%+v, %v", res, err)
	}
	if _, err := c.CreateFields(context.Background(), "Vendors", make([]NewField, 6)); err == nil {
		t.Error("six fields were taken")
	}
}

func TestLayouts_RequiredFieldsAndMembership(t *testing.T) {
	c := serve(t, answer(200, `{"layouts":[{"id":"1","name":"Standard","status":"active","visible":true,"generated_type":"system","profiles":null,
		"sections":[{"name":"Info","fields":[{"id":"2","api_name":"Last_Name","data_type":"text","length":80,"required":true}]}]}]}`))
	got, err := c.Layouts(context.Background(), "Contacts")
	if err != nil || len(got) != 1 || !got[0].Active || !got[0].Standard {
		t.Fatalf("%+v, %v", got, err)
	}
	if f, ok := got[0].Field("Last_Name"); !ok || !f.Required || f.Length != 80 {
		t.Errorf("Last_Name: %+v %v", f, ok)
	}
	if _, ok := got[0].Field("QBO_Id"); ok {
		t.Error("a field that is not on the layout was found")
	}
}

func TestOrgUserCurrenciesTaxes(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/crm/v8/org":
			_, _ = io.WriteString(w, `{"org":[{"id":"100","company_name":"Acorn","country_code":"US","time_zone":"America/Denver","iso_code":"USD","mc_status":null,
				"type":"production","primary_email":"o@x","primary_zuid":7,"license_details":{"paid":true,"paid_type":"enterprise"}}]}`)
		case "/crm/v8/users":
			_, _ = io.WriteString(w, `{"users":[{"id":"42","full_name":"Ada","email":"a@x","zuid":"7","status":"active","confirm":true,"profile":{"id":"1","name":"Administrator"}}],"info":{"more_records":false}}`)
		case "/crm/v8/org/taxes":
			_, _ = io.WriteString(w, `{"org_taxes":{"taxes":[{"id":"5","name":"Vat","display_label":"Vat","value":20.5,"sequence_number":1}],"preference":{}}}`)
		default:
			answer(403, `{"code":"CURRENCIES_NOT_ENABLED","details":{},"message":"m","status":"error"}`)(w, r)
		}
	})
	ctx := context.Background()
	if o, err := c.Org(ctx); err != nil || o.HomeCurrency != "USD" || o.MultiCurrency || o.Edition != "enterprise" || o.PrimaryZUID != "7" {
		t.Errorf("%+v, %v", o, err)
	}
	if u, err := c.CurrentUser(ctx); err != nil || u.ID != "42" || u.Profile.Name != "Administrator" || !u.Active {
		t.Errorf("%+v, %v", u, err)
	}
	if _, enabled, err := c.Currencies(ctx); err != nil || enabled {
		t.Errorf("currencies are off: %v, %v", enabled, err)
	}
	if taxes, err := c.Taxes(ctx); err != nil || len(taxes) != 1 || taxes[0].Percent != "20.5" {
		t.Errorf("%+v, %v", taxes, err)
	}
}

func TestWatch_ShortenedExpiryIsSeen(t *testing.T) {
	week := time.Date(2026, 3, 8, 10, 0, 0, 0, time.UTC)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var got struct{ Watch []map[string]any }
		_ = json.NewDecoder(r.Body).Decode(&got)
		if got.Watch[0]["notify_on_related_action"] != false || got.Watch[0]["channel_expiry"] != "2026-03-08T10:00:00+00:00" {
			t.Errorf("sent %v", got.Watch[0])
		}
		answer(201, `{"watch":[{"code":"SUCCESS","details":{"events":[
			{"channel_expiry":"2026-03-08T11:00:00+01:00","resource_name":"Contacts","channel_id":"10001"},
			{"channel_expiry":"2026-03-01T12:00:00+01:00","resource_name":"Accounts","channel_id":"10001"}]},"message":"m","status":"success"}]}`)(w, r)
	})
	got, err := c.Watch(context.Background(), []Channel{{ID: "10001", NotifyURL: "https://x", Events: []string{"Contacts.all"}, Expiry: week, Token: "t"}})
	if err != nil || got[0].Err != nil || !got[0].Expiry.Equal(time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestParseNotification_BothFamiliesOfWords(t *testing.T) {
	n, err := ParseNotification([]byte(`{"server_time":1772360000123,"query_params":{},"module":"Contacts","ids":["1","2"],"operation":"insert","channel_id":"10001","token":"secret"}`))
	if err != nil || n.Operation != "create" || n.ChannelID != "10001" || n.Token != "secret" || len(n.IDs) != 2 || n.At.UnixMilli() != 1772360000123 {
		t.Errorf("%+v, %v", n, err)
	}
	for _, bad := range []string{``, `[]`, `{}`, `{"module":"x"}`} {
		if n, err := ParseNotification([]byte(bad)); err == nil {
			t.Errorf("%q gave %+v", bad, n)
		}
	}
}
