package engine_test

import (
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
)

// onlyChanges has every module take only what changes from now on.
func onlyChanges(s *crossbook.Settings) {
	for m, ms := range s.Modules {
		ms.OnlyChanges = true
		s.Modules[m] = ms
	}
}

// R34: with "only what changes from now on" the first sync does nothing, and what
// is created or changed afterwards travels, with what its documents name.
func TestOnlyChanges_TakesWhatChangesFromNowOn(t *testing.T) {
	w := newWorld(t)
	old := w.newBooks("Customer", m{"DisplayName": "Old Customer", "CompanyName": "Old Customer"})
	other := w.newBooks("Customer", m{"DisplayName": "Both Sides", "CompanyName": "Both Sides"})
	item := w.newBooks("Item", m{"Name": "Work", "Type": "Service", "IncomeAccountRef": m{"value": w.booksID("Account", "Name", "Services")}})
	invoiceFor(w, old, "1")
	both := w.newCRM("Accounts", m{"Account_Name": "Both Sides"})
	prospect := w.newCRM("Accounts", m{"Account_Name": "Prospect"})
	w.clock.Advance(time.Hour)
	w.connect().choose(onlyChanges)
	p, err := w.eng.Plan(t.Context(), w.conn.ID, engine.Ask{Feeds: true})
	if err != nil {
		t.Fatal(err)
	}
	if p.CRM.New+p.CRM.Filled+p.CRM.Linked+p.Books.Customers != 0 || p.LeftOut["Accounts untouched"] == 0 {
		t.Errorf("planned %+v %+v, left out %v", p.CRM, p.Books, p.LeftOut)
	}
	w.firstSync()
	if n := w.crmState().apiWrites() + w.booksState().apiWrites(); n > 1 { // the product for lines without one
		t.Errorf("%d writes in the first sync", n)
	}
	w.nothingMore()

	w.clock.Advance(time.Minute)
	w.newBooks("Customer", m{"DisplayName": "New Customer", "CompanyName": "New Customer"})
	w.editBooks("Customer", other, m{"PrimaryPhone": phone("555-1")})
	w.editCRM("Accounts", prospect, m{"Phone": "555-2"})
	w.sync()
	s := w.crmState()
	s.find(t, "Accounts", "Account_Name", "New Customer")
	linked := s.find(t, "Accounts", "Account_Name", "Both Sides")
	want(t, "linked, and not doubled", linked["id"], both)
	want(t, "its QuickBooks Id", linked["QuickBooks_Id"], other)
	want(t, "its phone", linked["Phone"], "555-1")
	w.booksState().find(t, "Customer", "DisplayName", "Prospect")
	for _, typ := range []string{"Invoices", "Products"} {
		for _, r := range s.Records[typ] {
			if r["QuickBooks_Id"] != nil {
				t.Errorf("%s %v came in though nobody touched it", typ, r)
			}
		}
	}

	// A new invoice brings in the customer and the item that it names (P17).
	w.newBooks("Invoice", m{"CustomerRef": m{"value": old}, "DocNumber": "2", "TxnDate": "2026-05-04", "Line": []any{soldLine(item, 1, 10, 10)}})
	w.sync()
	want(t, "the invoice's customer", get(w.shown("2"), "Account_Name", "name"), "Old Customer")
	for _, r := range w.crmState().Records["Invoices"] {
		if r["QuickBooks_Number"] == "1" {
			t.Error("the invoice nobody touched came in with its customer")
		}
	}
	w.nothingMore()
}
