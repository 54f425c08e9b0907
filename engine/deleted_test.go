package engine_test

import (
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// oneInvoice is a company with one customer, one item and one invoice, 77.
func (w *world) oneInvoice() (customer, item, invoice string) {
	w.t.Helper()
	customer = w.newBooks("Customer", m{"DisplayName": "Harbor Inn", "CompanyName": "Harbor Inn"})
	item = w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	return customer, item, w.newInvoice("77", customer, item, 1)
}

func (w *world) newInvoice(number, customer, item string, qty int) string {
	w.t.Helper()
	return w.newBooks("Invoice", m{"CustomerRef": m{"value": customer}, "DocNumber": number, "TxnDate": "2026-05-01", "Line": []any{
		m{"DetailType": "SalesItemLineDetail", "Amount": 10 * qty, "SalesItemLineDetail": m{"ItemRef": m{"value": item}, "Qty": qty, "UnitPrice": 10}},
	}})
}

func (w *world) leftOut(mod crossbook.Module) []store.LeftOut {
	w.t.Helper()
	var out []store.LeftOut
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		var err error
		out, err = tx.WalkLeftOut(w.t.Context(), w.conn.ID, store.LeftOutFilter{Module: mod, Code: "deleted-in-crm"})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// told plays the notification of a CRM document.
func (w *world) told(mod crossbook.Module, id string, deleted bool) {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		rows, err := engine.DocumentNews(w.t.Context(), tx, w.conn.ID, mod, []string{id}, deleted, w.clock.Now())
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			w.t.Error("the notification is news of nothing")
		}
		return tx.MarkDirty(w.t.Context(), w.conn.ID, rows)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// A document deleted in the CRM is left out on purpose with who and when, at the
// latest by the daily pass; no change brings it back; restored from the recycle
// bin it gets its old link (P8, P21, U11, R95).
func TestDocuments_DeletedInTheCRM_AreLeftOutUntilRestored(t *testing.T) {
	for _, by := range []string{"the daily pass", "a notification"} {
		t.Run(by, func(t *testing.T) {
			w := newWorld(t)
			customer, item, invoice := w.oneInvoice()
			w.newInvoice("78", customer, item, 2)
			w.connect()
			w.firstSync()
			id := w.crmID("Invoices", "QuickBooks_Number", "77")
			notice := func(deleted bool) {
				if by == "a notification" {
					w.told(crossbook.Invoices, id, deleted)
				} else {
					w.clock.Advance(25 * time.Hour)
				}
				w.sync()
			}
			w.personCRM(zohobox.Action{Action: "delete", Type: "Invoices", ID: id})
			w.sync() // no poll asks for deleted documents
			if out := w.leftOut(crossbook.Invoices); len(out) != 0 {
				t.Fatalf("a poll noticed the deletion: %+v", out)
			}
			notice(true)
			out := w.leftOut(crossbook.Invoices)
			if len(out) != 1 || out[0].Ref != crossbook.BooksRef(crossbook.Invoice, invoice) {
				t.Fatalf("left out: %+v, want invoice 77 alone", out)
			}
			if !strings.HasPrefix(out[0].Reason, "left out on purpose (deleted by ") || !strings.HasSuffix(out[0].Reason, ", 4 May)") {
				t.Errorf("the reason is %q, want who and when", out[0].Reason)
			}
			l := w.linkOf(crossbook.BooksRef(crossbook.Invoice, invoice))
			if !strings.Contains(l.Evidence, "list of deleted records") || !strings.Contains(l.Evidence, "2026-05-04") {
				t.Errorf("the evidence is %q", l.Evidence)
			}
			w.editBooks("Invoice", invoice, m{"CustomerMemo": m{"value": "Thank you"}})
			w.sync()
			if n := len(w.crmState().Records["Invoices"]); n != 1 {
				t.Fatalf("%d invoices in the CRM after a change in QuickBooks, want the other one alone", n)
			}
			w.personCRM(zohobox.Action{Action: "restore", Type: "Invoices", ID: id})
			notice(false)
			if l := w.linkOf(crossbook.BooksRef(crossbook.Invoice, invoice)); l.State != crossbook.Linked || l.CRMID != id {
				t.Fatalf("after the restore the link is %+v", l)
			}
			want(t, "memo changed while it was away", w.crmState().find(t, "Invoices", "id", id)["Terms_and_Conditions"], "Thank you")
			if out := w.leftOut(crossbook.Invoices); len(out) != 0 {
				t.Errorf("still left out: %+v", out)
			}
			w.nothingMore()
			// Deleted a second time, it is left out a second time.
			w.personCRM(zohobox.Action{Action: "delete", Type: "Invoices", ID: id})
			notice(true)
			if out := w.leftOut(crossbook.Invoices); len(out) != 1 {
				t.Errorf("left out after the second deletion: %+v", out)
			}
			w.nothingMore()
		})
	}
}

// A deletion that nothing told of yet comes up when QuickBooks changes the
// document: then the list of deleted records is asked at once.
func TestDocuments_DeletedInTheCRM_NoticedByTheNextUpdate(t *testing.T) {
	w := newWorld(t)
	_, _, invoice := w.oneInvoice()
	w.connect()
	w.firstSync()
	w.personCRM(zohobox.Action{Action: "delete", Type: "Invoices", ID: w.crmID("Invoices", "QuickBooks_Number", "77")})
	w.editBooks("Invoice", invoice, m{"CustomerMemo": m{"value": "Thank you"}})
	w.sync()
	out := w.leftOut(crossbook.Invoices)
	if len(out) != 1 || !strings.Contains(out[0].Reason, "deleted by ") {
		t.Fatalf("left out: %+v", out)
	}
	w.nothingMore()
}

// Deleting a vendor tells who and when as well.
func TestVendors_DeletedInTheCRM_ReasonSaysWhoAndWhen(t *testing.T) {
	w := newWorld(t).connect()
	w.firstSync()
	id := w.newCRM("Vendors", m{"Vendor_Name": "Supplier"})
	w.sync()
	w.personCRM(zohobox.Action{Action: "add_user", Data: m{"first_name": "Ana", "last_name": "Silva", "email": "ana@crm.example", "profile": "Administrator"}})
	w.personCRM(zohobox.Action{Action: "delete", Type: "Vendors", ID: id, User: "ana@crm.example"})
	w.sync()
	out := w.leftOut(crossbook.Vendors)
	if len(out) != 1 || out[0].Reason != "left out on purpose (deleted by Ana Silva, 4 May)" {
		t.Fatalf("left out: %+v", out)
	}
	w.personCRM(zohobox.Action{Action: "restore", Type: "Vendors", ID: id})
	w.sync()
	if out := w.leftOut(crossbook.Vendors); len(out) != 0 {
		t.Errorf("left out after the restore: %+v", out)
	}
	w.nothingMore()
}

func (w *world) linkOf(r crossbook.Ref) crossbook.Link {
	w.t.Helper()
	var links []crossbook.Link
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		var err error
		links, err = tx.LinksByBooks(w.t.Context(), w.conn.ID, r.Entity(), r.ID)
		return err
	})
	if err != nil || len(links) != 1 {
		w.t.Fatalf("links of %s: %+v, %v", r, links, err)
	}
	return links[0]
}

func deletion(typ, id string) zohobox.Action {
	return zohobox.Action{Action: "delete", Type: typ, ID: id}
}
