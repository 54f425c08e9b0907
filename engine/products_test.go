package engine_test

import (
	"testing"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

func (w *world) account(sub string) m {
	w.t.Helper()
	for _, a := range w.booksState().Records["Account"] {
		if a["AccountSubType"] == sub {
			return m{"value": a["Id"]}
		}
	}
	w.t.Fatalf("no account of the kind %s", sub)
	return nil
}

// newStock is an inventory item made in QuickBooks.
func (w *world) newStock(name string, quantity int, more m) string {
	w.t.Helper()
	data := m{
		"Name": name, "Type": "Inventory", "TrackQtyOnHand": true, "QtyOnHand": quantity, "InvStartDate": "2026-04-08", "UnitPrice": 10,
		"IncomeAccountRef": w.account("SalesOfProductIncome"), "ExpenseAccountRef": w.account("SuppliesMaterialsCogs"), "AssetAccountRef": w.account("Inventory"),
	}
	for k, v := range more {
		data[k] = v
	}
	return w.newBooks("Item", data)
}

func (w *world) newService(name string, more m) string {
	w.t.Helper()
	data := m{"Name": name, "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": w.account("SalesOfProductIncome")}
	for k, v := range more {
		data[k] = v
	}
	return w.newBooks("Item", data)
}

// Quantity and Active belong to QuickBooks: what the CRM changes is put back and
// never sent (P10, P11).
func TestProducts_QuantityAndActive_ArePutBack(t *testing.T) {
	w := newWorld(t)
	id := w.newStock("Pump", 25, nil)
	w.connect()
	w.firstSync()
	w.sync()
	p := w.crmID("Products", "Product_Name", "Pump")
	w.editCRM("Products", p, m{"Qty_in_Stock": 40, "Product_Active": false, "Description": "1/2 HP"})
	w.sync()
	r, item := w.crmState().find(t, "Products", "id", p), w.booksState().find(t, "Item", "Id", id)
	want(t, "quantity in the CRM", r["Qty_in_Stock"], "25")
	want(t, "active in the CRM", r["Product_Active"], "true")
	want(t, "quantity in QuickBooks", item["QtyOnHand"], "25")
	want(t, "active in QuickBooks", item["Active"], "true")
	want(t, "description", item["Description"], "1/2 HP")
	w.nothingMore()
	w.personBooks(qbobox.Action{Action: "update", Type: "Item", ID: id, Data: m{"Active": false}})
	w.sync()
	r = w.crmState().find(t, "Products", "id", p)
	want(t, "active in the CRM", r["Product_Active"], "false")
	want(t, "name", r["Product_Name"], "Pump")
	w.nothingMore()
}

// A tracked item stays tracked: its type in the CRM is put back (spec 3.4), and
// that ends.
func TestProducts_TypeOfATrackedItem_IsPutBack(t *testing.T) {
	w := newWorld(t)
	id := w.newStock("Pump", 25, nil)
	w.connect()
	w.firstSync()
	w.sync()
	p := w.crmID("Products", "Product_Name", "Pump")
	w.editCRM("Products", p, m{"QuickBooks_type": "Service"})
	w.sync()
	want(t, "type in QuickBooks", w.booksState().find(t, "Item", "Id", id)["Type"], "Inventory")
	r := w.crmState().find(t, "Products", "id", p)
	want(t, "type in the CRM", r["QuickBooks_type"], "Inventory")
	want(t, "quantity in the CRM", r["Qty_in_Stock"], "25")
	w.nothingMore()
}

// A service that becomes non-inventory, by a person in the CRM.
func TestProducts_TypeServiceToNonInventory_IsSent(t *testing.T) {
	w := newWorld(t)
	id := w.newService("Mowing", nil)
	w.connect()
	w.firstSync()
	w.sync()
	p := w.crmID("Products", "Product_Name", "Mowing")
	w.editCRM("Products", p, m{"QuickBooks_type": "NonInventory"})
	w.sync()
	want(t, "type in QuickBooks", w.booksState().find(t, "Item", "Id", id)["Type"], "NonInventory")
	w.nothingMore()
	w.editCRM("Products", p, m{"QuickBooks_type": nil})
	w.sync()

	w.nothingMore()
}

// A service turned into stock in the CRM needs a date; with it tracking starts
// at quantity 0 (P10, P12, error 9).
func TestProducts_ServiceTurnedToStock_NeedsADateAndStartsAtZero(t *testing.T) {
	w := newWorld(t)
	id := w.newService("Pump", nil)
	w.connect()
	w.firstSync()
	w.sync()
	p := w.crmID("Products", "Product_Name", "Pump")
	w.editCRM("Products", p, m{"QuickBooks_type": "Inventory", "Qty_in_Stock": 40})
	w.sync()
	want(t, "problem", w.problemText(), "Missing Mandatory: As of Date")
	w.editCRM("Products", p, m{"As_of_Date": "2026-05-01"})
	w.sync()
	item := w.booksState().find(t, "Item", "Id", id)
	want(t, "type", item["Type"], "Inventory")
	want(t, "quantity", item["QtyOnHand"], "0")
	r := w.crmState().find(t, "Products", "id", p)
	want(t, "quantity in the CRM", r["Qty_in_Stock"], "0")
	if r["As_of_Date"] != nil {
		t.Errorf("As of Date = %v after its use, want it empty", r["As_of_Date"])
	}
	w.nothingMore()
}

// Two items of one leaf name are two products, told apart, and a rename in the
// CRM takes only the leaf along (P15, row 26).
func TestProducts_SameLeafName_AreToldApart(t *testing.T) {
	w := newWorld(t)
	cat := func(name string) string { return w.newBooks("Item", m{"Name": name, "Type": "Category"}) }
	gloves, hats := cat("Gloves"), cat("Hats")
	a := w.newService("Small", m{"SubItem": true, "ParentRef": m{"value": gloves}})
	w.connect()
	w.firstSync()
	w.sync()
	w.crmState().find(t, "Products", "Product_Name", "Small")
	b := w.newService("Small", m{"SubItem": true, "ParentRef": m{"value": hats}})
	w.sync()
	want(t, "first", w.crmState().find(t, "Products", "QuickBooks_Id", a)["Product_Name"], "Gloves / Small")
	want(t, "second", w.crmState().find(t, "Products", "QuickBooks_Id", b)["Product_Name"], "Hats / Small")
	want(t, "first in QuickBooks", w.booksState().find(t, "Item", "Id", a)["Name"], "Small")
	w.nothingMore()
	w.editCRM("Products", w.crmID("Products", "QuickBooks_Id", a), m{"Product_Name": "Gloves / Tiny"})
	w.sync()
	want(t, "renamed", w.booksState().find(t, "Item", "Id", a)["Name"], "Tiny")
	want(t, "second, alone again", w.crmState().find(t, "Products", "QuickBooks_Id", b)["Product_Name"], "Small")
	want(t, "first, alone", w.crmState().find(t, "Products", "QuickBooks_Id", a)["Product_Name"], "Tiny")
	w.nothingMore()
}

// Products that are on both sides already: code first, then the full name (P15).
func TestProducts_OnBothSides_MatchByCodeThenFullName(t *testing.T) {
	w := newWorld(t)
	gloves := w.newBooks("Item", m{"Name": "Gloves", "Type": "Category"})
	hats := w.newBooks("Item", m{"Name": "Hats", "Type": "Category"})
	a := w.newService("Small", m{"SubItem": true, "ParentRef": m{"value": gloves}})
	b := w.newService("Small", m{"SubItem": true, "ParentRef": m{"value": hats}})
	c := w.newService("Rake", m{"Sku": "RK-1"})
	crmA := w.newCRM("Products", m{"Product_Name": "Gloves / Small"})
	crmB := w.newCRM("Products", m{"Product_Name": "Hats / Small"})
	crmC := w.newCRM("Products", m{"Product_Name": "Garden rake", "Product_Code": "rk-1 "})
	w.newCRM("Products", m{"Product_Name": "Garden rake", "Product_Code": "RK-2"})
	w.connect()
	w.firstSync()
	for crm, books := range map[string]string{crmA: a, crmB: b, crmC: c} {
		want(t, "id of "+crm, w.crmState().find(t, "Products", "id", crm)["QuickBooks_Id"], books)
	}
	if got := w.problemText(); got != "" {
		t.Errorf("problem: %s %+v", got, w.problems()[0])
	}
	w.nothingMore()
}

// Two items of one code, or two products: nobody guesses (R47).
func TestProducts_OneCodeTwice_IsLeftToAPerson(t *testing.T) {
	w := newWorld(t)
	w.newService("Rake", m{"Sku": "RK-1"})
	w.newCRM("Products", m{"Product_Name": "Rake A", "Product_Code": "RK-1"})
	w.newCRM("Products", m{"Product_Name": "Rake B", "Product_Code": "RK-1"})
	w.connect()
	w.firstSync()
	want(t, "problem", w.problemText(), "Duplicate records exist in system.")
	w.editCRM("Products", w.crmID("Products", "Product_Name", "Rake B"), m{"Product_Code": "RK-2"})
	w.sync()
	if got := w.problemText(); got != "" {
		t.Errorf("problem: %s", got)
	}
}

// The preferred vendor follows, is cleared, and is set again.
func TestProducts_PreferredVendor_IsSetAndCleared(t *testing.T) {
	w := newWorld(t)
	v := w.newBooks("Vendor", m{"DisplayName": "Tania's Nursery"})
	id := w.newService("Sod", m{"PrefVendorRef": m{"value": v}, "PurchaseCost": 3, "ExpenseAccountRef": w.account("SuppliesMaterialsCogs")})
	w.connect()
	w.firstSync()
	w.sync()
	p := w.crmState().find(t, "Products", "Product_Name", "Sod")
	want(t, "vendor", get(p, "Vendor_Name", "id"), w.crmID("Vendors", "Vendor_Name", "Tania's Nursery"))
	w.editCRM("Products", p["id"].(string), m{"Vendor_Name": nil})
	w.sync()
	if got := get(w.booksState().find(t, "Item", "Id", id), "PrefVendorRef", "value"); got != nil && got != "" {
		t.Errorf("vendor in QuickBooks = %v, want none", got)
	}
	w.nothingMore()
	w.newCRM("Vendors", m{"Vendor_Name": "New Nursery"})
	w.editCRM("Products", p["id"].(string), m{"Vendor_Name": m{"id": w.crmID("Vendors", "Vendor_Name", "New Nursery")}})
	w.sync()
	want(t, "vendor", get(w.booksState().find(t, "Item", "Id", id), "PrefVendorRef", "value"), w.booksID("Vendor", "DisplayName", "New Nursery"))
	w.nothingMore()
}

// Without a row of the table of P12 an item waits, which is no problem; with one
// it goes.
func TestProducts_NoAccountsChosen_WaitsUntilThereAreSome(t *testing.T) {
	w := newWorld(t)
	w.connect()
	w.firstSync()
	var rows map[string]crossbook.ItemAccounts
	w.settings(func(s *crossbook.Settings) { rows = s.ItemAccounts; s.ItemAccounts = nil })
	w.newCRM("Products", m{"Product_Name": "Rake", "Unit_Price": 19.99})
	w.sync()
	if p := w.problems(); len(p) != 1 || !p[0].Problem.Waiting {
		t.Fatalf("want one wait: %+v", p)
	}

	w.settings(func(s *crossbook.Settings) { s.ItemAccounts = rows })
	w.clock.Advance(20 * time.Minute)
	w.sync()
	want(t, "price", w.booksState().find(t, "Item", "Name", "Rake")["UnitPrice"], "19.99")
	w.nothingMore()
}

// Prices: cleared, many decimals, large.
func TestProducts_Prices(t *testing.T) {
	w := newWorld(t)
	id := w.newService("Water", m{"UnitPrice": 0.00125})
	w.connect()
	w.firstSync()
	w.sync()
	p := w.crmID("Products", "Product_Name", "Water")
	w.editCRM("Products", p, m{"Unit_Price": 1234567.89})
	w.sync()
	want(t, "price", w.booksState().find(t, "Item", "Id", id)["UnitPrice"], "1234567.89")
	w.editCRM("Products", p, m{"Unit_Price": nil})
	w.sync()
	want(t, "price", w.booksState().find(t, "Item", "Id", id)["UnitPrice"], "0")
	w.nothingMore()
	w.editBooks("Item", id, m{"UnitPrice": 7.125, "Description": ""})
	w.sync()
	r := w.crmState().find(t, "Products", "id", p)
	t.Log(r["Unit_Price"])
	w.nothingMore()
	w.editCRM("Products", p, m{"Description": "x"})
	w.sync()
	want(t, "price", w.booksState().find(t, "Item", "Id", id)["UnitPrice"], "7.125")
	w.nothingMore()
}

// A product in a foreign currency is error 15 and is not sent (R99, R130).
func TestProducts_ForeignCurrency_IsError15(t *testing.T) {
	w := newWorld(t, func(q *qbobox.Options, z *zohobox.Options) { q.Currencies = []string{"EUR"}; z.MultiCurrency = true })
	w.personCRM(zohobox.Action{Action: "add_currency", Data: m{"iso_code": "EUR", "exchange_rate": "0.9", "name": "Euro - EUR", "symbol": "€", "is_active": true}})
	w.connect()
	w.firstSync()
	before := len(w.booksState().Records["Item"])
	w.newCRM("Products", m{"Product_Name": "Rake", "Unit_Price": 5, "Currency": "EUR"})
	w.sync()
	want(t, "problem", w.problemText(), "Record is not synced because of currency mismatch between Zoho CRM and QuickBooks.")
	want(t, "items", len(w.booksState().Records["Item"])-before, "0")
}

// Cost is off until its pair is switched on; connecting again then adds the
// field, and the values follow (P30).
func TestMapping_CostSwitchedOn_ConnectAddsItsField(t *testing.T) {
	w := newWorld(t)
	stock := w.newStock("Rock Fountain", 5, m{"PurchaseCost": 125, "PurchaseDesc": "From the quarry"})
	w.connect()
	w.firstSync()
	doc := mapping.Default(crossbook.DefaultSettings())
	for i, p := range doc.Modules[crossbook.Products] {
		if p.Field == mapping.FieldCost || p.Field == mapping.FieldPurchaseDesc {
			doc.Modules[crossbook.Products][i].Policy = mapping.Normal
		}
	}
	if _, ok := w.crmState().find(t, "Products", "Product_Name", "Rock Fountain")[mapping.FieldCost]; ok {
		t.Fatal("Cost exists though it is switched off")
	}
	w.saveMapping(doc)
	w.reconnect()
	w.editBooks("Item", stock, m{"PurchaseDesc": "From the old quarry"})
	if _, err := w.eng.Approve(t.Context(), w.conn.ID); err != nil {
		t.Fatal(err)
	}
	w.sync()
	p := w.crmState().find(t, "Products", "Product_Name", "Rock Fountain")
	want(t, "cost", p[mapping.FieldCost], "125")
	want(t, "purchase description", p[mapping.FieldPurchaseDesc], "From the old quarry")
	w.nothingMore()
}

// A renamed category takes the names of the products below along, though
// QuickBooks' change feed does not list them (P2, P15).
func TestProducts_CategoryRenamed_TheNamesBelowFollow(t *testing.T) {
	w := newWorld(t)
	cat := func(name string, more m) string {
		more["Name"], more["Type"] = name, "Category"
		return w.newBooks("Item", more)
	}
	gloves, hats := cat("Gloves", m{}), cat("Hats", m{})
	felt := cat("Felt", m{"SubItem": true, "ParentRef": m{"value": hats}})
	a := w.newService("Small", m{"SubItem": true, "ParentRef": m{"value": gloves}})
	b := w.newService("Small", m{"SubItem": true, "ParentRef": m{"value": felt}})
	w.connect()
	w.firstSync()
	named := func(id, name string) {
		t.Helper()
		want(t, "product", w.crmState().find(t, "Products", "QuickBooks_Id", id)["Product_Name"], name)
	}
	named(a, "Gloves / Small")
	named(b, "Hats / Felt / Small")
	w.clock.Advance(time.Hour) // beyond what is read again for safety
	w.sync()
	w.editBooks("Item", gloves, m{"Name": "Mittens"})
	w.editBooks("Item", hats, m{"Name": "Caps"})
	w.sync()
	named(a, "Mittens / Small")
	named(b, "Caps / Felt / Small")
	want(t, "name in QuickBooks", w.booksState().find(t, "Item", "Id", a)["Name"], "Small")
	w.nothingMore()
}
