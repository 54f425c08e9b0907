package engine_test

import (
	"fmt"
	"testing"

	"crossbook"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// party is a kind of record with documents under it.
type party struct {
	mod, documents crossbook.Module
	entity         crossbook.Entity
	field          string // of a document
	make           func(w *world, name string) string
	sell           func(w *world, number, party, item string)
}

func parties() []party {
	invoice := func(w *world, number, party, item string) {
		w.sell("Invoice", number, party, soldLine(item, 1, 10, 10))
	}
	return []party{
		{crossbook.Accounts, crossbook.Invoices, crossbook.Customer, "Account_Name", func(w *world, name string) string {
			return w.newBooks("Customer", m{"DisplayName": name, "CompanyName": name})
		}, invoice},
		{crossbook.Contacts, crossbook.Invoices, crossbook.Customer, "Contact_Name", func(w *world, name string) string {
			return w.newBooks("Customer", m{"DisplayName": name, "GivenName": name, "FamilyName": "Lee"})
		}, invoice},
		{crossbook.Vendors, crossbook.PurchaseOrders, crossbook.Vendor, "Vendor_Name", func(w *world, name string) string {
			return w.newBooks("Vendor", m{"DisplayName": name})
		}, func(w *world, number, party, item string) {
			w.newBooks("PurchaseOrder", m{"VendorRef": m{"value": party}, "DocNumber": number, "TxnDate": "2026-05-01", "Line": []any{
				m{"DetailType": "ItemBasedExpenseLineDetail", "Amount": 10, "ItemBasedExpenseLineDetail": m{"ItemRef": m{"value": item}, "Qty": 1, "UnitPrice": 10}},
			}})
		}},
	}
}

// twoParties are two records of a kind, the first with some documents.
func twoParties(t *testing.T, p party, documents int) (w *world, booksID, loser, other string) {
	t.Helper()
	w = newWorld(t)
	item := w.newBooks("Item", m{
		"Name": "Work", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()},
		"PurchaseCost": 10, "ExpenseAccountRef": m{"value": w.cogs()},
	})
	booksID = p.make(w, "Anna")
	second := p.make(w, "Berta")
	for i := range documents {
		p.sell(w, fmt.Sprint("D-", i), booksID, item)
	}
	w.connect().allVendors().firstSync()
	return w, booksID, w.shownAs(p, booksID), w.shownAs(p, second)
}

// shownAs is the CRM record of a QuickBooks record in a module.
func (w *world) shownAs(p party, booksID string) (id string) {
	w.t.Helper()
	for _, l := range w.linksOfBooks(p.entity, booksID) {
		if l.Module == p.mod {
			id = l.CRMID
		}
	}
	if id == "" {
		w.t.Fatalf("%s %s has no record in %s", p.entity, booksID, p.mod)
	}
	return id
}

func (w *world) linksOfBooks(e crossbook.Entity, id string) (links []crossbook.Link) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *store.Tx) (err error) {
		links, err = tx.LinksByBooks(w.t.Context(), w.conn.ID, e, id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return links
}

// A person who moves a document to another record by hand and later deletes the
// first one has merged nothing: the pair is left out, whether that was its only
// document or one of several.
func TestWitness_DocumentMovedByHandIsNoMerge(t *testing.T) {
	for _, p := range parties() {
		for _, documents := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s with %d", p.mod, documents), func(t *testing.T) {
				w, books, loser, other := twoParties(t, p, documents)
				doc := w.crmID(string(p.documents), "QuickBooks_Number", "D-0")
				w.editCRM(string(p.documents), doc, m{p.field: m{"id": other}})
				w.sync()
				w.personCRM(zohobox.Action{Action: "delete", Type: string(p.mod), ID: loser})
				w.sync()
				for _, l := range w.linksOfBooks(p.entity, books) {
					if l.Module == p.mod && (l.Kind == crossbook.Alias || l.State != crossbook.Tombstone) {
						t.Errorf("link %+v, want one that is left out", l)
					}
				}
			})
		}
	}
}

// A merge takes all documents along, and is told by that.
func TestWitness_MergeIsToldByAllDocuments(t *testing.T) {
	for _, p := range parties() {
		t.Run(string(p.mod), func(t *testing.T) {
			w, books, loser, other := twoParties(t, p, 4)
			w.personCRM(zohobox.Action{Action: "merge", Type: string(p.mod), ID: loser, Into: other})
			w.sync()
			for _, l := range w.linksOfBooks(p.entity, books) {
				if l.Module == p.mod && (l.Kind != crossbook.Alias || l.CRMID != other) {
					t.Errorf("link %+v, want an alias of %s", l, other)
				}
			}
		})
	}
}
