package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
)

// oldInvoice is an invoice that a person made in the CRM before set-up.
func (w *world) oldInvoice(subject, account, product string, qty int, more m) string {
	w.t.Helper()
	data := m{"Subject": subject, "Account_Name": m{"id": account}, "Invoiced_Items": []any{
		m{"Product_Name": m{"id": product}, "Quantity": qty, "List_Price": 10},
	}}
	for k, v := range more {
		data[k] = v
	}
	return w.newCRM("Invoices", data)
}

// A document that was in the CRM before is linked only if number, party and
// total agree, or if it carries our id; several are left to a person, and what
// does not agree is created (R45a, R47).
func TestDocuments_InTheCRMBefore_AreLinkedNotDoubled(t *testing.T) {
	w := newWorld(t)
	customer := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
	item := w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	for n := 1; n <= 4; n++ {
		w.newInvoice(fmt.Sprint(1040+n), customer, item, n)
	}
	account := w.newCRM("Accounts", m{"Account_Name": "Cool Cars"})
	other := w.newCRM("Accounts", m{"Account_Name": "Slow Boats"})
	product := w.newCRM("Products", m{"Product_Name": "Spade", "Unit_Price": 10})
	same := w.oldInvoice("1041 Cool Cars", account, product, 1, nil)
	hash := w.oldInvoice("Invoice #1042", account, product, 2, nil)
	total := w.oldInvoice("1043 Cool Cars", account, product, 7, nil)
	party := w.oldInvoice("1043", other, product, 3, nil)
	twins := []string{w.oldInvoice("1044", account, product, 4, nil), w.oldInvoice("1044 again", account, product, 4, nil)}
	w.connect()
	plan, err := w.eng.Plan(t.Context(), w.conn.ID, engine.Ask{Feeds: true})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, op := range plan.Ops {
		if op.Module == crossbook.Invoices && op.Kind == crossbook.LinkUp {
			told = append(told, op.Name+": "+op.Why)
		}
	}
	if got := strings.Join(told, "; "); len(told) != 2 || !strings.Contains(got, "1041") || !strings.Contains(got, "same number, party and total: 1042") {
		t.Errorf("the plan would link %q, want 1041 and 1042 with the reason", got)
	}
	w.firstSync()
	crm := w.crmState()
	for id, number := range map[string]string{same: "1041", hash: "1042"} {
		r := crm.find(t, "Invoices", "id", id)
		want(t, "number of the linked one", r["QuickBooks_Number"], number)
		want(t, "subject of the linked one", r["Subject"], number+" Cool Cars")
		want(t, "layout of the linked one", get(crm.find(t, "Invoices", "id", id), "Layout", "id"), fmt.Sprint(get(crm.find(t, "Invoices", "QuickBooks_Number", "1043"), "Layout", "id")))
		want(t, "rows of the linked one", len(r["Invoiced_Items"].([]any)), "1")
	}
	for _, id := range []string{total, party, twins[0], twins[1]} {
		if got := crm.find(t, "Invoices", "id", id)["QuickBooks_Id"]; got != nil {
			t.Errorf("invoice %s was linked with %v", id, got)
		}
	}
	want(t, "total of the created one", crm.find(t, "Invoices", "QuickBooks_Number", "1043")["Grand_Total"], "30")
	p := w.problems()
	if len(p) != 1 || p[0].Problem.Number != 1 || p[0].Name != "1044" {
		t.Fatalf("problems %+v, want entry 1 of 1044 alone", p)
	}
	if n := len(crm.Records["Invoices"]); n != 7 {
		t.Errorf("%d invoices in the CRM, want the six and the created one", n)
	}
	// The person takes one of the twins away; then the other is the one.
	w.personCRM(deletion("Invoices", twins[1]))
	w.clock.Advance(5 * time.Hour)
	w.sync()
	want(t, "number of the other twin", w.crmState().find(t, "Invoices", "id", twins[0])["QuickBooks_Number"], "1044")
	w.nothingMore()
}

// Knowing that the CRM holds no documents costs a call a module, once.
func TestDocuments_EmptyCRM_OneReadingOfEachModule(t *testing.T) {
	w := newWorld(t)
	customer, item, _ := w.oneInvoice()
	w.newBooks("Estimate", m{"CustomerRef": m{"value": customer}, "DocNumber": "7", "TxnDate": "2026-05-01", "Line": []any{
		m{"DetailType": "SalesItemLineDetail", "Amount": 10, "SalesItemLineDetail": m{"ItemRef": m{"value": item}, "Qty": 1, "UnitPrice": 10}},
	}})
	w.connect()
	asked := map[crossbook.Module]int{}
	w.replace(func(s *engine.Sides) { s.CRM = countingCRM{s.CRM, asked} })
	before := w.calls(w.crm.Transport())["record_read"]
	w.firstSync()
	read := w.calls(w.crm.Transport())["record_read"] - before
	if asked[crossbook.Invoices] != 1 || asked[crossbook.Quotes] != 1 || asked[crossbook.PurchaseOrders] != 0 {
		t.Errorf("documents were read %v times, want once where QuickBooks has any", asked)
	}
	t.Logf("%d reads in the CRM", read)
	w.newInvoice("78", customer, item, 3)
	w.sync()
	w.nothingMore()
	if asked[crossbook.Invoices] != 1 {
		t.Errorf("a later document had all of them read again: %v", asked)
	}
}

// countingCRM counts whole readings of modules.
type countingCRM struct {
	engine.CRM
	all map[crossbook.Module]int
}

func (c countingCRM) All(ctx context.Context, mod crossbook.Module, page func([]crossbook.Record) error) (time.Time, error) {
	c.all[mod]++
	return c.CRM.All(ctx, mod, page)
}
