package zohobox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// lost sends a call whose answer does not come and returns the error.
func (a *app) lost(method, path string, body any) error {
	a.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		a.t.Fatal(err)
	}
	req, err := http.NewRequest(method, host+"/crm/v8"+path, bytes.NewReader(raw))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Zoho-oauthtoken "+a.token)
	resp, err := a.http.Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	return err
}

func (a *app) refused(act zohobox.Action, word string) {
	a.t.Helper()
	_, err := a.box.Do(a.t.Context(), act)
	if err == nil || !strings.Contains(err.Error(), word) {
		a.t.Errorf("%s %s: %v, want an error with %q", act.Action, act.Type, err, word)
	}
}

// People edit, and the record says so.
func TestDo_PeopleEditBesideTheAPI(t *testing.T) {
	a := open(t, zohobox.Options{Workflows: []zohobox.Workflow{{Module: "Accounts", On: "create", Set: map[string]any{"Rating": "Active"}}}})
	id := a.do(zohobox.Action{User: "Eva", Action: "create", Type: "Accounts", Data: obj{"Account_Name": "Bayside Grill", "Employees": 5, "Annual_Revenue": json.Number("10.5")}})
	a.get("/Accounts/"+id).want(200, "data.0.Created_By.name", "Eva Sales", "data.0.Owner.name", "Eva Sales", "data.0.Rating", "Active", "data.0.Employees", "5")
	a.clock.step(time.Minute)
	a.do(zohobox.Action{User: "max@sandbox.example", Action: "update", Type: "Accounts", ID: id, Data: obj{"Phone": "555 0100"}})
	a.get("/Accounts/"+id).want(200, "data.0.Modified_By.name", "Max Sales", "data.0.Phone", "555 0100", "data.0.Modified_Time", "2026-03-01T01:16:00-08:00")
	a.do(zohobox.Action{User: "Eva", Action: "delete", Type: "Accounts", ID: id})
	a.get("/Accounts/" + id).want(204)
	a.do(zohobox.Action{User: "Eva", Action: "restore", Type: "Accounts", ID: id})
	a.get("/Accounts/" + id).want(200)
	var ops []string
	for _, w := range a.get("/_sandbox/state?type=Accounts").at("writes").([]any) {
		e := w.(obj)
		ops = append(ops, fmt.Sprint(e["actor"], ":", e["op"], ":", e["automation"]))
	}
	want := "Eva Sales:create:true workflow:update:false Max Sales:update:true Eva Sales:delete:true Eva Sales:restore:true"
	if got := strings.Join(ops, " "); got != want {
		t.Errorf("write log %q, want %q", got, want)
	}
}

// Screens hold people to the layout.
func TestDo_ScreensEnforceTheLayout(t *testing.T) {
	a := open(t, zohobox.Options{})
	rows := []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}
	a.refused(zohobox.Action{User: "Eva", Action: "create", Type: "Invoices", Data: obj{"Subject": "S", "Invoiced_Items": rows}}, "Account_Name")
	a.do(zohobox.Action{User: "Eva", Action: "create", Type: "Invoices", Data: obj{"Subject": "S", "Invoiced_Items": rows, "Layout": ref(a.layout("Invoices", "QuickBooks"))}})
	f := a.field("Invoices", obj{"field_label": "Only Standard", "data_type": "text"})
	a.refused(zohobox.Action{User: "Eva", Action: "create", Type: "Invoices", Data: obj{"Subject": "S", "Invoiced_Items": rows, "Layout": ref(a.layout("Invoices", "QuickBooks")), f: "x"}}, "not on the record's layout")
	a.do(zohobox.Action{Action: "field_access", Type: "Vendors", Data: obj{"field": "City", "profile": "Standard", "permission": "read_only"}})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.refused(zohobox.Action{User: "Eva", Action: "update", Type: "Vendors", ID: id, Data: obj{"City": "X"}}, "read-only")
	a.refused(zohobox.Action{User: "Nobody", Action: "update", Type: "Vendors", ID: id}, "no user")
	a.refused(zohobox.Action{User: "Eva", Action: "dance", Type: "Vendors", ID: id}, "unknown")
	a.refused(zohobox.Action{User: "Eva", Action: "update", Type: "Vendors", ID: "1"}, "no such record")
}

// Section 9.3: what no API does, an administrator does by hand.
func TestDo_AdministratorClonesALayout(t *testing.T) {
	a := open(t, zohobox.Options{NoQuickBooksLayout: true})
	f := a.field("Invoices", obj{"field_label": "QuickBooks Status", "data_type": "text"})
	a.refused(zohobox.Action{User: "Eva", Action: "clone_layout", Type: "Invoices", Data: obj{"name": "QuickBooks"}}, "NO_PERMISSION")
	a.do(zohobox.Action{Action: "clone_layout", Type: "Invoices", Data: obj{"name": "QuickBooks"}})
	id := a.invoice(obj{"Layout": ref(a.layout("Invoices", "QuickBooks")), "Account_Name": ref(a.make("Accounts", obj{"Account_Name": "A"})), f: "Open"})
	a.get("/Invoices/"+id).want(200, "data.0."+f, "Open")
	a.do(zohobox.Action{Action: "layout_field", Type: "Invoices", Data: obj{"layout": "QuickBooks", "field": f, "on": false}})
	a.do(zohobox.Action{Action: "layout_field", Type: "Invoices", Data: obj{"layout": "QuickBooks", "field": "Account_Name", "required": false}})
	other := a.invoice(obj{"Layout": ref(a.layout("Invoices", "QuickBooks")), f: "Open"})
	a.get("/Invoices/"+other).want(200, "data.0."+f, "")
}

// Section 9.2: only added fields can be deleted, and their values go with them.
func TestDo_AdministratorDeletesAField(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.field("Vendors", obj{"field_label": "Old", "data_type": "text"})
	id := a.make("Vendors", obj{"Vendor_Name": "V", f: "x"})
	a.refused(zohobox.Action{User: "Eva", Action: "delete_field", Type: "Vendors", Data: obj{"field": f}}, "NO_PERMISSION")
	a.refused(zohobox.Action{Action: "delete_field", Type: "Vendors", Data: obj{"field": "City"}}, "NOT_ALLOWED")
	a.do(zohobox.Action{Action: "delete_field", Type: "Vendors", Data: obj{"field": f}})
	a.field("Vendors", obj{"field_label": "Old", "data_type": "text"})
	a.get("/Vendors/"+id).want(200, "data.0."+f, "")
}

func TestDo_SetsUpTheOrganisation(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.do(zohobox.Action{Action: "enable_currencies"})
	a.do(zohobox.Action{Action: "add_currency", Data: obj{"iso_code": "EUR", "exchange_rate": "1.1"}})
	a.do(zohobox.Action{Action: "set_currency", Data: obj{"iso_code": "EUR", "is_active": false}})
	a.insert("Accounts", obj{"Account_Name": "A", "Currency": "EUR"}).want(400)
	a.do(zohobox.Action{Action: "add_tax", Data: obj{"name": "GST", "value": 10}})
	a.get("/org/taxes").want(200, "org_taxes.taxes.0.name", "GST")
	a.do(zohobox.Action{Action: "add_user", Data: obj{"first_name": "New", "last_name": "Hire", "email": "new@sandbox.example", "profile": "Standard"}})
	a.as("New").get("/users?type=CurrentUser").want(200, "users.0.last_name", "Hire")
	owned := a.make("Vendors", obj{"Vendor_Name": "V"})
	eva := a.get("/users?type=AllUsers")
	id := find(eva, "users", "first_name", "Eva")["id"]
	a.do(zohobox.Action{Action: "inactivate", Type: "users", ID: "Eva"})
	a.put("Vendors", owned, obj{"Owner": obj{"id": id}}).want(400, "data.0.code", "INVALID_DATA")
	a.do(zohobox.Action{Action: "reactivate", Type: "users", ID: "Eva"})
	a.put("Vendors", owned, obj{"Owner": obj{"id": id}}).want(200)
	p := a.product(obj{})
	a.do(zohobox.Action{Action: "inactivate", Type: "Products", ID: p})
	a.get("/Products/"+p).want(200, "data.0.Product_Active", "false")
	a.do(zohobox.Action{Action: "revoke", User: "Super Admin"})
	a.get("/org").want(401, "code", "INVALID_TOKEN")
}

// The same over HTTP, as other programs use it.
func TestSandboxPages(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.call(http.MethodPost, "/_sandbox/do", obj{"user": "Eva", "action": "create", "type": "Vendors", "data": obj{"Vendor_Name": "V"}}).want(200)
	id := r.str("id")
	a.call(http.MethodPost, "/_sandbox/do", obj{"user": "Eva", "action": "create", "type": "Vendors"}).want(422)
	a.remove("Vendors", id)
	a.get("/_sandbox/state?type=Vendors").want(200, "vendor", "zoho", "deleted.Vendors.0.id", id, "deleted.Vendors.0.by", "Super Admin", "writes.0.actor", "Eva Sales", "writes.0.op", "create",
		"writes.0.values.Vendor_Name", "V", "writes.1.actor", "api", "writes.1.op", "delete")
	a.call(http.MethodPost, "/_sandbox/calls/reset", nil).want(204)
	a.get("/Vendors?fields=id")
	a.insert("Vendors", obj{})
	a.get("/org")
	a.get("/actions/watch")
	a.coql("select id from Vendors where id is not null")
	a.oauth(refreshForm(a))
	a.get("/Vendors/deleted")
	a.get("/_sandbox/calls").want(200, "by_kind.record_read", "3", "by_kind.record_write", "1", "by_kind.metadata", "1", "by_kind.channel", "1", "by_kind.oauth", "1", "by_kind.other", "0", "by_route.GET /org", "1")
}

// Load is quiet: no log, no stock movement, no notifications, ids kept.
func TestLoad_IsQuietAndChecked(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"Products.all", "Invoices.all"}}, zohobox.Options{})
	if err := a.box.Load("Products", []map[string]any{{"id": "5000000000000000001", "Product_Name": "P", "Qty_in_Stock": 10, "Owner": "Eva", "Created_Time": "2025-01-01T00:00:00Z"}}); err != nil {
		t.Fatal(err)
	}
	rows := []any{obj{"Product_Name": ref("5000000000000000001"), "Quantity": 4, "List_Price": 2.5}}
	if err := a.box.Load("Invoices", []map[string]any{{"id": "5000000000000000002", "Subject": "S", "Invoiced_Items": rows}}); err != nil {
		t.Fatal(err)
	}
	a.get("/Products/5000000000000000001").want(200, "data.0.Qty_in_Stock", "10", "data.0.Owner.name", "Eva Sales", "data.0.Created_Time", "2024-12-31T16:00:00-08:00")
	a.get("/Invoices/5000000000000000002").want(200, "data.0.Grand_Total", "10", "data.0.Invoiced_Items.0.Quantity", "4")
	a.pump()
	if n := len(in.got); n != 0 {
		t.Errorf("%d callbacks", n)
	}
	if writes, _ := a.box.State()["writes"].([]any); len(writes) != 0 {
		t.Errorf("%d writes logged", len(writes))
	}
	a.put("Invoices", "5000000000000000002", obj{"Status": "Cancelled"}).want(200)
	a.get("/Products/5000000000000000001").want(200, "data.0.Qty_in_Stock", "14")
	for _, bad := range []map[string]any{{"Product_Name": strings.Repeat("x", 201)}, {"id": "5000000000000000001", "Product_Name": "twice"}, {}} {
		if err := a.box.Load("Products", []map[string]any{bad}); err == nil {
			t.Errorf("%v was loaded", bad)
		}
	}
}

// The same seed and the same calls give the same bytes.
func TestSeed_MakesRunsRepeatable(t *testing.T) {
	run := func(seed int64) string {
		a := open(t, zohobox.Options{Seed: seed})
		a.make("Vendors", obj{"Vendor_Name": "V"})
		a.invoice(obj{})
		return a.get("/_sandbox/state").raw + a.token
	}
	one, two, other := run(7), run(7), run(8)
	if one != two {
		t.Error("two runs from one seed differ")
	}
	if one == other {
		t.Error("two seeds give the same ids")
	}
}
