package engine_test

import (
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// An Account that is merged into another one in the CRM: its customer becomes
// an alias of the master, whose balance sums both (P6).
func TestMerge_AccountsInTheCRM_LoserBecomesAnAlias(t *testing.T) {
	w := newWorld(t)
	a := w.newBooks("Customer", m{"DisplayName": "Red Barn Events", "CompanyName": "Red Barn Events", "GivenName": "Ann", "FamilyName": "Lee"})
	b := w.newBooks("Customer", m{"DisplayName": "Red Barn Events Hall", "CompanyName": "Red Barn Events Hall", "GivenName": "Bob", "FamilyName": "Ray"})
	item := w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	for _, c := range []string{a, b} {
		w.newBooks("Invoice", m{"CustomerRef": m{"value": c}, "TxnDate": "2026-05-01", "Line": []any{
			m{"DetailType": "SalesItemLineDetail", "Amount": 10, "SalesItemLineDetail": m{"ItemRef": m{"value": item}, "Qty": 1, "UnitPrice": 10}},
		}})
	}
	w.connect()
	w.firstSync()
	master, loser := w.crmID("Accounts", "Account_Name", "Red Barn Events"), w.crmID("Accounts", "Account_Name", "Red Barn Events Hall")
	w.personCRM(zohobox.Action{Action: "merge", Type: "Accounts", ID: loser, Into: master})
	w.sync()
	var links []crossbook.Link
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		var err error
		links, err = tx.LinksByCRM(t.Context(), w.conn.ID, crossbook.Accounts, master)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(links) != 2 {
		t.Fatalf("%d links of the master, want a home and an alias: %+v", len(links), links)
	}
	want(t, "balance over home and alias", w.crmState().find(t, "Accounts", "id", master)["QuickBooks_Balance"], "20")
	w.nothingMore()
	// A further invoice of the alias shows under the master.
	w.newBooks("Invoice", m{"CustomerRef": m{"value": b}, "DocNumber": "77", "TxnDate": "2026-05-02", "Line": []any{
		m{"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": m{"ItemRef": m{"value": item}, "Qty": 1, "UnitPrice": 5}},
	}})
	w.sync()
	want(t, "Account of the alias' invoice", get(w.crmState().find(t, "Invoices", "QuickBooks_Number", "77"), "Account_Name", "id"), master)
	w.nothingMore()
}

// Customers merged in QuickBooks: the survivor keeps its CRM record, the
// loser's stays and is left out (R94).
func TestMerge_CustomersInQuickBooks_LoserIsLeftOut(t *testing.T) {
	w := newWorld(t)
	a := w.newBooks("Customer", m{"DisplayName": "Twin Peaks Lodge", "CompanyName": "Twin Peaks Lodge"})
	b := w.newBooks("Customer", m{"DisplayName": "Twin Peaks Annex", "CompanyName": "Twin Peaks Annex"})
	w.connect()
	w.firstSync()
	w.personBooks(qbobox.Action{Action: "merge", Type: "Customer", ID: b, Into: a})
	err := w.store.Update(t.Context(), func(tx *store.Tx) error {
		return engine.Merged(t.Context(), tx, w.conn.ID, crossbook.Customer, b, a, w.clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	w.sync()
	if n := len(w.crmState().Records["Accounts"]); n != 2 {
		t.Errorf("%d Accounts, want both kept", n)
	}
	var home []crossbook.Link
	err = w.store.View(t.Context(), func(tx *store.Tx) error {
		var err error
		home, err = tx.LinksByBooks(t.Context(), w.conn.ID, crossbook.Customer, b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "status of the loser's Account", w.crmState().find(t, "Accounts", "Account_Name", "Twin Peaks Annex")["QuickBooks_Status"], "Merged")
	if len(home) != 1 || home[0].State != crossbook.Tombstone {
		t.Errorf("links of the merged customer: %+v, want one tombstone", home)
	}
	w.nothingMore()
}

// A price with more decimals than the CRM keeps must not come back rounded: it
// would change the books (row 30 of the sample company).
func TestProducts_PriceTheCRMRounds_NeverReturnsRounded(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Item", m{"Name": "Water haul", "Type": "Service", "UnitPrice": 0.00125, "IncomeAccountRef": m{"value": w.income()}})
	w.connect()
	w.firstSync()
	w.clock.Advance(time.Hour)
	w.editCRM("Products", w.crmID("Products", "Product_Name", "Water haul"), m{"Description": "Per gallon"})
	w.sync()
	item := w.booksState().find(t, "Item", "Id", id)
	want(t, "price in QuickBooks", item["UnitPrice"], "0.00125")
	want(t, "description edited in the CRM", item["Description"], "Per gallon")
	w.nothingMore()
}

// Documents print their customer's name: a rename reaches them from whichever
// side it comes (P23).
func TestDocuments_CustomerRenamed_SubjectsFollow(t *testing.T) {
	w := newWorld(t)
	c := w.newBooks("Customer", m{"DisplayName": "Harbor Inn", "CompanyName": "Harbor Inn"})
	item := w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	w.newBooks("Invoice", m{"CustomerRef": m{"value": c}, "DocNumber": "77", "TxnDate": "2026-05-01", "Line": []any{
		m{"DetailType": "SalesItemLineDetail", "Amount": 10, "SalesItemLineDetail": m{"ItemRef": m{"value": item}, "Qty": 1, "UnitPrice": 10}},
	}})
	w.connect()
	w.firstSync()
	w.editCRM("Accounts", w.crmID("Accounts", "Account_Name", "Harbor Inn"), m{"Account_Name": "Harbor Resort"})
	w.sync()
	want(t, "name in QuickBooks after a rename in the CRM", w.booksState().find(t, "Customer", "Id", c)["DisplayName"], "Harbor Resort")
	want(t, "subject", w.crmState().find(t, "Invoices", "QuickBooks_Number", "77")["Subject"], "77 Harbor Resort")
	w.editBooks("Customer", c, m{"DisplayName": "Harbor Hotel"})
	w.sync()
	want(t, "subject after a rename in QuickBooks", w.crmState().find(t, "Invoices", "QuickBooks_Number", "77")["Subject"], "77 Harbor Hotel")
	w.nothingMore()
}

// An Account without people that is merged in the CRM: its documents are the
// witnesses. One firm in two currencies is one Account with two balances (P6, P9).
func TestMerge_AccountWithoutPeopleIsFoundByItsDocuments(t *testing.T) {
	w := newWorld(t, func(q *qbobox.Options, z *zohobox.Options) { q.Currencies, z.MultiCurrency = []string{"EUR"}, true })
	w.personCRM(zohobox.Action{Action: "add_currency", Data: m{"iso_code": "EUR", "exchange_rate": "1.1"}})
	euro := w.newBooks("Customer", m{"DisplayName": "Peña & Söhne", "CompanyName": "Peña & Söhne", "CurrencyRef": m{"value": "EUR"}})
	dollar := w.newBooks("Customer", m{"DisplayName": "Peña & Söhne (USD)", "CompanyName": "Peña & Söhne"})
	item := w.newBooks("Item", m{"Name": "Work", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	w.sell("Invoice", "PS-1", euro, soldLine(item, 1, 10, 10))
	w.sell("Invoice", "PS-2", dollar, soldLine(item, 2, 10, 20))
	w.connect().firstSync()
	master, loser := w.crmID("Accounts", "Account_Name", "Peña & Söhne"), w.crmID("Accounts", "Account_Name", "Peña & Söhne (USD)")
	w.personCRM(zohobox.Action{Action: "merge", Type: "Accounts", ID: loser, Into: master})
	w.sync()
	a := w.crmState().find(t, "Accounts", "id", master)
	want(t, "balance in its own currency", a["QuickBooks_Balance"], "10")
	want(t, "balance in each currency", a["QuickBooks_Balances"], "EUR 10.00; USD 20.00")
	w.sell("Invoice", "PS-3", dollar, soldLine(item, 3, 10, 30))
	w.sync()
	inv := w.shown("PS-3")
	want(t, "Account of the alias' invoice", get(inv, "Account_Name", "id"), master)
	want(t, "its currency", inv["Currency"], "USD")
	want(t, "balance in each currency", w.crmState().find(t, "Accounts", "id", master)["QuickBooks_Balances"], "EUR 10.00; USD 50.00")
	w.nothingMore()
}

// An Account without people that is deleted, not merged, is left out: its
// documents lose their Account and stand under nobody else.
func TestMerge_DeletedAccountWithDocumentsIsNotTakenForMerged(t *testing.T) {
	w, customer, item := inStep(t)
	w.newBooks("Customer", m{"DisplayName": "Other", "CompanyName": "Other"})
	w.sell("Invoice", "1001", customer, soldLine(item, 1, 10, 10))
	w.sync()
	id := w.crmID("Accounts", "Account_Name", "Cool Cars")
	w.personCRM(zohobox.Action{Action: "delete", Type: "Accounts", ID: id})
	w.sync()
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		links, err := tx.LinksByCRM(t.Context(), w.conn.ID, crossbook.Accounts, id)
		if err == nil && (len(links) != 1 || links[0].State != crossbook.Tombstone) {
			t.Errorf("links %+v, want one that is left out", links)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
