package engine_test

import (
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// mergedNote is the only note that two records are one in the CRM alone.
func (w *world) mergedNote() store.ProblemRow {
	w.t.Helper()
	p := w.problems()
	if len(p) != 1 || p[0].Ref.Type != "merged" || !p[0].Problem.Waiting {
		w.t.Fatalf("problems %+v, want the task to merge in QuickBooks alone", p)
	}
	return p[0]
}

// wantAlias checks that a QuickBooks record is shown under a CRM record.
func (w *world) wantAlias(books crossbook.Ref, crm string) {
	w.t.Helper()
	if l := w.linkOf(books); l.Kind != crossbook.Alias || l.State != crossbook.Linked || l.CRMID != crm {
		w.t.Errorf("link %+v, want an alias of %s", l, crm)
	}
}

// Two private customers whose Contacts a person merges in the CRM: the master
// stays the home, the loser's documents go to it, and a task says what to merge
// in QuickBooks; once that is done the task is gone (R94, P6).
func TestMerge_ContactsInTheCRM(t *testing.T) {
	w := newWorld(t)
	a := w.newBooks("Customer", m{"DisplayName": "Ann Lee", "GivenName": "Ann", "FamilyName": "Lee"})
	b := w.newBooks("Customer", m{"DisplayName": "Ann M Lee", "GivenName": "Ann M", "FamilyName": "Lee"})
	item := w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	w.newInvoice("77", a, item, 1)
	w.newInvoice("78", b, item, 2)
	w.connect()
	w.firstSync()
	master, loser := w.crmID("Contacts", "First_Name", "Ann"), w.crmID("Contacts", "First_Name", "Ann M")
	w.personCRM(zohobox.Action{Action: "merge", Type: "Contacts", ID: loser, Into: master})
	w.sync()
	w.wantAlias(crossbook.BooksRef(crossbook.Customer, b), master)
	note := w.mergedNote()
	if !strings.Contains(note.Problem.Cure, "open the customer “Ann M Lee” in QuickBooks, give it exactly the name “Ann Lee”") {
		t.Errorf("the task says %q", note.Problem.Cure)
	}
	want(t, "balance over both", w.crmState().find(t, "Contacts", "id", master)["QuickBooks_Balance"], "30")
	want(t, "Contact of the loser's invoice", get(w.crmState().find(t, "Invoices", "QuickBooks_Number", "78"), "Contact_Name", "id"), master)
	w.newInvoice("79", b, item, 3)
	w.sync()
	want(t, "Contact of a new invoice of the loser", get(w.crmState().find(t, "Invoices", "QuickBooks_Number", "79"), "Contact_Name", "id"), master)
	w.nothingMore()
	w.personBooks(qbobox.Action{Action: "merge", Type: "Customer", ID: b, Into: a})
	err := w.store.Update(t.Context(), func(tx *store.Tx) error {
		return engine.Merged(t.Context(), tx, w.conn.ID, crossbook.Customer, b, a, w.clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	w.sync()
	if p := w.problems(); len(p) != 0 {
		t.Errorf("still told after the merge in QuickBooks: %+v", p)
	}
	w.nothingMore()
}

// Contacts without documents leave nothing but the moment, and what they have in
// common. One that is merely deleted is left out, as ever.
func TestMerge_ContactsWithoutDocuments_AreToldByTheMoment(t *testing.T) {
	for _, merged := range []bool{true, false} {
		w := newWorld(t)
		w.newBooks("Customer", m{"DisplayName": "Ann Lee", "GivenName": "Ann", "FamilyName": "Lee"})
		b := w.newBooks("Customer", m{"DisplayName": "Ann Lee (2)", "GivenName": "Ann", "FamilyName": "Lee"})
		w.connect()
		w.firstSync()
		var master, loser string
		for _, l := range w.linksOf(crossbook.Contacts) {
			if l.BooksID == b {
				loser = l.CRMID
			} else {
				master = l.CRMID
			}
		}
		w.clock.Advance(time.Hour)
		if !merged {
			w.personCRM(deletion("Contacts", loser))
			w.sync()
			if l := w.linkOf(crossbook.BooksRef(crossbook.Customer, b)); l.State != crossbook.Tombstone {
				t.Errorf("a deletion made %+v", l)
			}
			w.nothingMore()
			continue
		}
		w.personCRM(zohobox.Action{Action: "merge", Type: "Contacts", ID: loser, Into: master})
		w.sync()
		w.wantAlias(crossbook.BooksRef(crossbook.Customer, b), master)
		w.mergedNote()
		w.nothingMore()
	}
}

// Products that a person merges in the CRM: rows of the loser's item show the
// master (R94).
func TestMerge_ProductsInTheCRM(t *testing.T) {
	w := newWorld(t)
	c := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
	a := w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	b := w.newBooks("Item", m{"Name": "Shovel", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	w.newInvoice("77", c, a, 1)
	w.newInvoice("78", c, b, 2)
	w.connect()
	w.firstSync()
	master, loser := w.crmID("Products", "Product_Name", "Spade"), w.crmID("Products", "Product_Name", "Shovel")
	w.personCRM(zohobox.Action{Action: "merge", Type: "Products", ID: loser, Into: master})
	w.sync()
	w.wantAlias(crossbook.BooksRef(crossbook.Item, b), master)
	w.mergedNote()
	w.newInvoice("79", c, b, 3)
	w.sync()
	rows := w.crmState().find(t, "Invoices", "QuickBooks_Number", "79")["Invoiced_Items"].([]any)
	want(t, "product of a new row of the loser", get(rows[0].(m), "Product_Name", "id"), master)
	w.nothingMore()
}
