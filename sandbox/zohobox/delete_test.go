package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

func (a *app) remove(module, id string) reply {
	a.t.Helper()
	return a.call(http.MethodDelete, "/"+module+"/"+id, nil)
}

// Section 4.5.
func TestDelete_OneAndMany(t *testing.T) {
	a := open(t, zohobox.Options{})
	one, two, three := a.make("Vendors", obj{"Vendor_Name": "1"}), a.make("Vendors", obj{"Vendor_Name": "2"}), a.make("Vendors", obj{"Vendor_Name": "3"})
	a.remove("Vendors", one).want(200, "data.0.code", "SUCCESS", "data.0.details.id", one, "data.0.message", "record deleted")
	a.get("/Vendors/" + one).want(204)
	a.remove("Vendors", one).want(400, "data.0.code", "INVALID_DATA", "data.0.message", "record not deleted", "data.0.details.id", one)
	a.call(http.MethodDelete, "/Vendors?ids="+two+","+one+","+three, nil).want(207, "data.0.code", "SUCCESS", "data.1.code", "INVALID_DATA", "data.2.code", "SUCCESS")
	a.call(http.MethodDelete, "/Vendors", nil).want(400, "code", "REQUIRED_PARAM_MISSING", "details.param_name", "ids")
	a.call(http.MethodDelete, "/Vendors?ids=abc", nil).want(400, "code", "UNABLE_TO_PARSE_DATA_TYPE")
}

// Section 13.
func TestDeletedList_TellsWhatWhenAndWho(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.get("/Vendors/deleted").want(204)
	id := a.make("Vendors", obj{"Vendor_Name": "Acme"})
	a.clock.step(time.Minute)
	a.as("Eva").remove("Vendors", id)
	a.get("/Vendors/deleted?type=all").want(200, "data.0.id", id, "data.0.display_name", "Acme", "data.0.type", "recycle", "data.0.deleted_by.name", "Eva Sales",
		"data.0.created_by.name", "Super Admin", "data.0.deleted_time", "2026-03-01T01:16:00-08:00", "info.count", "1", "info.page", "1", "info.per_page", "200", "info.more_records", "false")
	a.get("/Vendors/deleted?type=permanent").want(204)
	a.get("/Vendors/deleted?type=other").want(400, "code", "PATTERN_NOT_MATCHED")
	a.get("/Vendors/deleted", "If-Modified-Since", "2026-03-01T09:15:59+00:00").want(200, "info.count", "1")
	a.get("/Vendors/deleted", "If-Modified-Since", "2026-03-01T09:16:00+00:00").want(304)
}

// Section 13: 60 days in the recycle bin, 120 days in the list.
func TestDeletedList_Windows(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "Acme"})
	a.remove("Vendors", id)
	later := func(days int) { a.later(time.Duration(days) * 24 * time.Hour) }
	later(59)
	a.get("/Vendors/deleted").want(200, "data.0.type", "recycle")
	later(1)
	r := a.get("/Vendors/deleted").want(200, "data.0.type", "permanent", "data.0.id", id, "data.0.display_name", "", "data.0.deleted_by", "", "data.0.created_by", "")
	if o := r.at("data.0").(obj); o["display_name"] != nil {
		t.Error("a permanent deletion still has its name")
	}
	a.call(http.MethodPost, "/settings/recycle_bin/"+id+"/actions/restore", nil).want(400)
	later(60)
	a.get("/Vendors/deleted").want(204)
}

func TestDeletedList_Pages(t *testing.T) {
	a := open(t, zohobox.Options{})
	for i := range 5 {
		a.remove("Vendors", a.make("Vendors", obj{"Vendor_Name": fmt.Sprint(i)}))
	}
	a.get("/Vendors/deleted?per_page=2").want(200, "info.count", "2", "info.more_records", "true", "data.0.display_name", "4")
	a.get("/Vendors/deleted?per_page=2&page=3").want(200, "info.count", "1", "info.more_records", "false", "data.0.display_name", "0")
}

// Section 13: a restored record has its old id and its rows, and leaves the list.
func TestRestore_BringsBackTheSameID(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.invoice(obj{"Description": "as before"})
	a.remove("Invoices", id)
	a.get("/settings/recycle_bin").want(200, "recycle_bin.0.id", id, "recycle_bin.0.module", "Invoices", "recycle_bin.0.display_name", "1042 Okafor")
	a.get("/settings/recycle_bin/actions/count").want(200, "count", "1")
	a.clock.step(time.Minute)
	a.call(http.MethodPost, "/settings/recycle_bin/actions/restore", obj{"ids": []any{id, "4000000000000000001"}}).want(207, "recycle_bin.0.status", "success", "recycle_bin.1.code", "INVALID_DATA")
	a.get("/Invoices/"+id).want(200, "data.0.Description", "as before", "data.0.Invoiced_Items.0.Total", "10", "data.0.Modified_Time", "2026-03-01T01:16:00-08:00")
	a.get("/Invoices/deleted").want(204)
	a.remove("Invoices", id)
	a.call(http.MethodPost, "/settings/recycle_bin/actions/restore", obj{"restore_all_records": true}).want(200)
	a.get("/Invoices/" + id).want(200)
	a.remove("Invoices", id)
	a.call(http.MethodDelete, "/settings/recycle_bin?ids="+id, nil).want(200)
	a.get("/Invoices/deleted").want(200, "data.0.type", "permanent")
}

// A look-up whose target goes is emptied, and its record modified by whoever
// deleted: no edit of anybody's.
func TestDelete_EmptiesLookups(t *testing.T) {
	for _, relink := range []zohobox.Switch{zohobox.Default, zohobox.On} {
		a := open(t, zohobox.Options{Dials: zohobox.Dials{RestoreRelinks: relink}})
		acc := a.make("Accounts", obj{"Account_Name": "A"})
		con := a.make("Contacts", obj{"Last_Name": "L", "Account_Name": ref(acc)})
		a.clock.step(time.Minute)
		a.as("Eva").remove("Accounts", acc)
		a.get("/Contacts/"+con).want(200, "data.0.Account_Name", "", "data.0.Modified_Time", "2026-03-01T01:16:00-08:00", "data.0.Modified_By.name", "Eva Sales")
		a.call(http.MethodPost, "/settings/recycle_bin/"+acc+"/actions/restore", nil).want(200)
		want := map[zohobox.Switch]string{zohobox.Default: "", zohobox.On: acc}[relink]
		a.get("/Contacts/"+con).want(200, "data.0.Account_Name.id", want)
	}
}

// Rows keep a deleted product, under its name.
func TestDelete_ProductStaysOnRows(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := a.product(obj{"Product_Name": "Gone Hose"})
	id := a.invoice(obj{"Invoiced_Items": []any{obj{"Product_Name": ref(p), "Quantity": 1, "List_Price": 1}}})
	a.remove("Products", p).want(200)
	a.get("/Invoices/"+id).want(200, "data.0.Invoiced_Items.0.Product_Name.id", p, "data.0.Invoiced_Items.0.Product_Name.name", "Gone Hose")
	a.put("Invoices", id, obj{"Description": "still editable"}).want(200)
}

// Section 13, merges: the loser is in the deleted list, the winner is modified,
// what pointed at the loser points at the winner.
func TestMerge_RepointsAndBuries(t *testing.T) {
	a := open(t, zohobox.Options{})
	winner := a.make("Accounts", obj{"Account_Name": "Winner"})
	loser := a.make("Accounts", obj{"Account_Name": "Loser", "Phone": "12345"})
	con := a.make("Contacts", obj{"Last_Name": "L", "Account_Name": ref(loser)})
	inv := a.invoice(obj{"Account_Name": ref(loser)})
	a.clock.step(time.Minute)
	a.do(zohobox.Action{User: "Eva", Action: "merge", Type: "Accounts", ID: loser, Into: winner})
	a.get("/Accounts/" + loser).want(204)
	a.get("/Accounts/"+winner).want(200, "data.0.Account_Name", "Winner", "data.0.Phone", "12345", "data.0.Modified_Time", "2026-03-01T01:16:00-08:00", "data.0.Modified_By.name", "Eva Sales")
	a.get("/Contacts/"+con).want(200, "data.0.Account_Name.id", winner, "data.0.Modified_Time", "2026-03-01T01:16:00-08:00")
	a.get("/Invoices/"+inv).want(200, "data.0.Account_Name.id", winner)
	a.get("/Accounts/deleted").want(200, "data.0.id", loser, "data.0.type", "permanent")
	a.call(http.MethodPost, "/settings/recycle_bin/"+loser+"/actions/restore", nil).want(400)
}

func TestMerge_OfProductsMovesRows(t *testing.T) {
	a := open(t, zohobox.Options{})
	winner, loser := a.product(obj{"Product_Name": "W", "Qty_in_Stock": 50}), a.product(obj{"Product_Name": "L", "Qty_in_Stock": 10})
	id := a.invoice(obj{"Invoiced_Items": []any{obj{"Product_Name": ref(loser), "Quantity": 2, "List_Price": 1}}})
	a.call(http.MethodPost, "/Products/"+winner+"/actions/merge", obj{"merge": []any{obj{"data": []any{obj{"id": loser}}}}}).want(400, "code", "INVALID_MODULE")
	a.do(zohobox.Action{Action: "merge", Type: "Products", ID: loser, Into: winner})
	got := a.get("/Invoices/"+id).want(200, "data.0.Invoiced_Items.0.Product_Name.id", winner)
	before := a.get("/Products/" + winner).str("data.0.Qty_in_Stock")
	a.put("Invoices", id, obj{"Invoiced_Items": []any{obj{"id": got.str("data.0.Invoiced_Items.0.id"), "Quantity": 3}}}).want(200)
	if after := a.get("/Products/" + winner).str("data.0.Qty_in_Stock"); before != "50" || after != "49" {
		t.Errorf("stock went from %s to %s, want 50 to 49", before, after)
	}
}
