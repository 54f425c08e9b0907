package zohobox_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"crossbook/sandbox/zohobox"
)

// A box that stops and starts again is the same organisation.
func TestStore_ContinuesWhereItStopped(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "zoho.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	a := open(t, zohobox.Options{DB: db, MultiCurrency: true, Seed: 3})
	f := a.externalID("Invoices")
	a.call(http.MethodPut, "/org/taxes", obj{"org_taxes": obj{"taxes": []any{obj{"name": "Vat", "value": 20}}}})
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	inv := a.invoice(obj{f: "1042", "Account_Name": ref(acc), "Invoiced_Items": []any{obj{"Product_Name": ref(a.product(obj{"Qty_in_Stock": 10})), "Quantity": 3, "List_Price": 1.25, "Line_Tax": []any{obj{"name": "Vat", "percentage": 20}}}}})
	gone := a.make("Vendors", obj{"Vendor_Name": "Gone"})
	a.remove("Vendors", gone)
	a.configureLocks("Vendors", obj{"lock_type": "manual"})
	a.do(zohobox.Action{Action: "clone_layout", Type: "Accounts", Data: obj{"name": "Second"}})
	a.call(http.MethodPost, "/actions/watch", obj{"watch": []any{obj{"channel_id": "1", "notify_url": "https://app.test/", "events": []any{"Vendors.all"}}}}).want(201)
	before := a.box.State()
	state := a.get("/_sandbox/state").raw

	again, err := zohobox.New(zohobox.Options{DB: db, Seed: 99, Now: a.clock.now, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got, want := again.Credentials().RefreshToken, a.box.Credentials().RefreshToken; got != want {
		t.Errorf("the refresh token became %s, was %s", got, want)
	}
	b := &app{t: t, box: again, clock: a.clock, http: &http.Client{Transport: checked(again.Transport())}, token: a.token}
	b.get("/org").want(200, "org.0.mc_status", "true") // the access token still holds
	again.ResetCalls()
	a.box.ResetCalls()
	if got, want := b.get("/_sandbox/state").raw, a.get("/_sandbox/state").raw; got != want {
		t.Errorf("the state changed\n%s\nwas\n%s", got, want)
	}
	if len(before) == 0 || state == "" {
		t.Error("no state")
	}
	b.insert("Invoices", obj{"Subject": "twin", f: "1042", "Invoiced_Items": []any{obj{"Product_Name": ref(b.read("Invoices", inv)["Invoiced_Items"].([]any)[0].(obj)["Product_Name"].(obj)["id"].(string)), "Quantity": 1}}}).want(400, "data.0.code", "DUPLICATE_DATA")
	b.put("Invoices", inv, obj{"Status": "Cancelled"}).want(200)
	b.get("/Products?fields=Qty_in_Stock").want(200, "data.0.Qty_in_Stock", "10")
	b.call(http.MethodPost, "/settings/recycle_bin/"+gone+"/actions/restore", nil).want(200)
	b.get("/actions/watch").want(200, "watch.0.channel_id", "1")
	b.get("/settings/record_locking_configurations?module=Vendors").want(200)
	if b.layout("Accounts", "Second") == "" {
		t.Error("the cloned layout is gone")
	}
	if id := b.make("Vendors", obj{"Vendor_Name": "New"}); id <= inv {
		t.Errorf("the new id %s does not follow %s", id, inv)
	}
	b.clock.step(time.Minute)
	b.get("/Vendors?fields=Vendor_Name", "If-Modified-Since", "2026-03-01T09:14:00+00:00").want(200, "info.count", "2")
}

// A box that cannot store does not say that it did.
func TestStore_FailureIsAnError(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "zoho.db"))
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, zohobox.Options{DB: db})
	_ = db.Close()
	a.insert("Vendors", obj{"Vendor_Name": "V"}).want(500, "code", "INTERNAL_ERROR")
}
