package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// inStep is a company with one customer and one service, in step.
func inStep(t *testing.T, change ...func(*qbobox.Options, *zohobox.Options)) (w *world, customer, item string) {
	t.Helper()
	w = newWorld(t, change...)
	customer = w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
	item = w.newBooks("Item", m{"Name": "Work", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.booksID("Account", "Name", "Services")}})
	w.connect().firstSync()
	return w, customer, item
}

func (w *world) sell(typ, number, customer string, lines ...any) string {
	w.t.Helper()
	return w.newBooks(typ, m{"CustomerRef": m{"value": customer}, "DocNumber": number, "TxnDate": "2026-05-01", "Line": lines})
}

func soldLine(item string, qty, price, amount any) m {
	return m{"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": m{"ItemRef": m{"value": item}, "Qty": qty, "UnitPrice": price}}
}

func (w *world) shown(number string) map[string]any {
	w.t.Helper()
	return w.crmState().find(w.t, "Invoices", "QuickBooks_Number", number)
}

// A CRM that does not come to QuickBooks' total is corrected once, then listed;
// the problem stands until the CRM agrees, whatever else is looked at, and is
// tried again by itself (R82).
func TestDocument_TotalThatStaysWrongStaysListed(t *testing.T) {
	w, customer, item := inStep(t, func(_ *qbobox.Options, z *zohobox.Options) { z.Dials.CurrencyDecimals = 1 })
	id := w.sell("Invoice", "1001", customer, soldLine(item, 1, 12.34, 12.34))
	w.sync()
	listed := func(when string, n int) {
		t.Helper()
		p := w.problems()
		if len(p) != n || n == 1 && !strings.Contains(p[0].Problem.Text+p[0].Problem.Cause, "12.34") {
			t.Fatalf("%s: problems %+v, want %d", when, p, n)
		}
	}
	listed("at first", 1)
	w.editBooks("Customer", customer, m{"Notes": "looked at again"})
	w.sync()
	listed("after another look", 1)
	writes := w.crmState().apiWrites()
	w.clock.Advance(5 * time.Hour)
	w.sync()
	listed("after another try", 1)
	if n := w.crmState().apiWrites() - writes; n != 1 {
		t.Errorf("%d writes for one more try", n)
	}
	w.editBooks("Invoice", id, m{"Line": []any{soldLine(item, 1, 12.3, 12.3)}})
	w.sync()
	listed("once it agrees", 0)
	want(t, "Grand Total", w.shown("1001")["Grand_Total"], "12.3")
	w.nothingMore()
}

// A deleted or voided invoice goes to 0 even when its customer was left out
// meanwhile: no roll-up may go on counting it (P21).
func TestDocument_GoneThoughItsCustomerWasLeftOut(t *testing.T) {
	for _, how := range []string{"delete", "void"} {
		t.Run(how, func(t *testing.T) {
			w, customer, item := inStep(t)
			id := w.sell("Invoice", "1001", customer, soldLine(item, 2, 10, 20))
			w.sync()
			owner := fmt.Sprint(get(w.shown("1001"), "Owner", "id"))
			w.personCRM(zohobox.Action{Action: "delete", Type: "Accounts", ID: w.crmID("Accounts", "Account_Name", "Cool Cars")})
			w.sync()
			w.clock.Advance(2 * time.Hour)
			w.sync()
			w.personBooks(qbobox.Action{Action: how, Type: "Invoice", ID: id})
			w.sync()
			inv := w.shown("1001")
			want(t, "Grand Total", inv["Grand_Total"], "0")
			want(t, "Amount before", inv["QuickBooks_Amount_before"], "20")
			want(t, "Balance Due", inv["QuickBooks_Balance_Due"], "0")
			want(t, "Owner", get(inv, "Owner", "id"), owner)
			if s := fmt.Sprint(inv["QuickBooks_Status"]); !strings.HasPrefix(s, map[string]string{"delete": "Deleted", "void": "Voided"}[how]) {
				t.Errorf("status %s", s)
			}
			w.nothingMore()
		})
	}
}

// An invoice that was voided before anybody connected says when that was, not
// when it was first seen.
func TestDocument_OldVoidSaysWhenItWas(t *testing.T) {
	w := newWorld(t)
	customer := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
	item := w.newBooks("Item", m{"Name": "Work", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.booksID("Account", "Name", "Services")}})
	id := w.sell("Invoice", "1001", customer, soldLine(item, 2, 10, 20))
	w.personBooks(qbobox.Action{Action: "void", Type: "Invoice", ID: id})
	w.clock.Advance(40 * 24 * time.Hour)
	w.connect().firstSync()
	want(t, "status", w.shown("1001")["QuickBooks_Status"], "Voided 2026-05-04")
	want(t, "Grand Total", w.shown("1001")["Grand_Total"], "0")
	w.nothingMore()
}

// What was invoiced of an estimate is open again once the invoice is deleted (P20).
func TestDocument_ProgressInvoiceDeletedGivesTheRestBack(t *testing.T) {
	w, customer, item := inStep(t)
	est := w.sell("Estimate", "E-1", customer, soldLine(item, 100, 90, 9000))
	part := func(number string, hours, sum int) string {
		return w.newBooks("Invoice", m{
			"CustomerRef": m{"value": customer}, "DocNumber": number, "TxnDate": "2026-05-02", "LinkedTxn": []any{m{"TxnId": est, "TxnType": "Estimate"}},
			"Line": []any{soldLine(item, hours, 90, sum)},
		})
	}
	part("1", 30, 2700)
	second := part("2", 20, 1800)
	w.sync()
	quote := func(invoiced, remaining string) {
		t.Helper()
		q := w.crmState().find(t, "Quotes", "QuickBooks_Number", "E-1")
		want(t, "Invoiced so far", q["QuickBooks_Invoiced_so_far"], invoiced)
		want(t, "Remaining", q["QuickBooks_Remaining"], remaining)
		want(t, "Grand Total", q["Grand_Total"], "9000")
	}
	quote("4500", "4500")
	w.personBooks(qbobox.Action{Action: "delete", Type: "Invoice", ID: second})
	w.sync()
	quote("2700", "6300")
	w.nothingMore()
}

// Rows that were reordered, removed and put in between keep their ids, and the
// document follows to another customer, whose look-ups replace the old ones.
func TestDocument_LinesAndCustomerChange(t *testing.T) {
	w, customer, item := inStep(t)
	person := w.newBooks("Customer", m{"DisplayName": "Mike Dunn", "GivenName": "Mike", "FamilyName": "Dunn"})
	other := w.newBooks("Item", m{"Name": "Pump", "Type": "Service", "UnitPrice": 7, "IncomeAccountRef": m{"value": w.booksID("Account", "Name", "Services")}})
	id := w.sell("Invoice", "1001", customer, soldLine(item, 1, 10, 10), soldLine(other, 2, 7, 14), soldLine(item, 3, 10, 30))
	w.sync()
	rows := func() (ids map[string]string, order []string) {
		ids = map[string]string{}
		list, _ := w.shown("1001")["Invoiced_Items"].([]any)
		byPlace := map[string]string{}
		for _, e := range list {
			r := e.(map[string]any)
			total := fmt.Sprint(r["Total"])
			ids[total] = fmt.Sprint(r["id"])
			byPlace[fmt.Sprintf("%3v", r["Sequence_Number"])] = total
		}
		for i := 1; i <= len(list); i++ {
			order = append(order, byPlace[fmt.Sprintf("%3d", i)])
		}
		return ids, order
	}
	before, _ := rows()
	w.editBooks("Invoice", id, m{
		"CustomerRef": m{"value": person},
		"Line":        []any{soldLine(item, 3, 10, 30), soldLine(item, 5, 10, 50), soldLine(item, 1, 10, 10), soldLine(other, 4, 7, 28)},
	})
	w.sync()
	after, order := rows()
	want(t, "rows", order, "[30 50 10 28]")
	if before["30"] != after["30"] || before["10"] != after["10"] || before["14"] != after["28"] {
		t.Errorf("rows that stayed have new ids: %v, then %v", before, after)
	}
	inv := w.shown("1001")
	want(t, "Grand Total", inv["Grand_Total"], "118")
	want(t, "Account", inv["Account_Name"], "<nil>")
	want(t, "Contact", get(inv, "Contact_Name", "name"), "Mike Dunn")
	want(t, "Subject", inv["Subject"], "1001 Mike Dunn")
	w.nothingMore()
}

// A long invoice: more lines than a screen, than a page of the CRM and up to
// QuickBooks' own limit for taxable ones (reference/quickbooks-online.md
// section 3).
func TestDocument_SevenHundredAndFiftyLines(t *testing.T) {
	w, customer, item := inStep(t)
	lines := make([]any, 0, 750)
	for i := range 750 {
		lines = append(lines, soldLine(item, 1, i+1, i+1))
	}
	id := w.sell("Invoice", "1001", customer, lines...)
	w.sync()
	inv := w.shown("1001")
	if n := len(inv["Invoiced_Items"].([]any)); n != 750 {
		t.Errorf("%d rows", n)
	}
	want(t, "Grand Total", inv["Grand_Total"], "281625")
	w.editBooks("Invoice", id, m{"Line": append(lines[300:], lines[:250]...)})
	w.sync()
	inv = w.shown("1001")
	if n := len(inv["Invoiced_Items"].([]any)); n != 700 {
		t.Errorf("%d rows after fifty went", n)
	}
	want(t, "Grand Total", inv["Grand_Total"], "267850")
	w.nothingMore()
}

// A closed document from before the floor stays out, comes in when a deleted
// payment opens it again, and stays once it is paid (P26).
func TestDocument_OldInvoiceThatOpensAgainComesIn(t *testing.T) {
	w, customer, item := inStep(t)
	old := w.newBooks("Invoice", m{"CustomerRef": m{"value": customer}, "DocNumber": "OLD", "TxnDate": "2020-02-01", "Line": []any{soldLine(item, 1, 10, 10)}})
	pay := func() string {
		return w.newBooks("Payment", m{"CustomerRef": m{"value": customer}, "TotalAmt": 10, "TxnDate": "2020-03-01", "Line": []any{m{"Amount": 10, "LinkedTxn": []any{m{"TxnId": old, "TxnType": "Invoice"}}}}})
	}
	first := pay()
	w.sync()
	if n := len(w.crmState().Records["Invoices"]); n != 0 {
		t.Fatalf("%d invoices, want none", n)
	}
	w.personBooks(qbobox.Action{Action: "delete", Type: "Payment", ID: first})
	w.sync()
	want(t, "status", w.shown("OLD")["QuickBooks_Status"], "Overdue")
	pay()
	w.sync()
	want(t, "status", w.shown("OLD")["QuickBooks_Status"], "Paid")
	want(t, "Paid on", w.shown("OLD")["QuickBooks_Paid_on"], "2020-03-01")
	w.nothingMore()
}

// Invoices as people really write them: one that comes to nothing, one whose
// discount line is negative, one for an item that is not in use any more. Each
// comes over to the cent, is edited live, and stays quiet afterwards (R82).
func TestDocument_NothingNegativeAndInactive(t *testing.T) {
	w, customer, item := inStep(t)
	nothing := w.sell("Invoice", "N-0", customer, soldLine(item, 0, 10, 0))
	negative := w.sell("Invoice", "N-1", customer, soldLine(item, 3, 10, 30), soldLine(item, -1, 10, -10))
	w.editBooks("Item", item, m{"Active": false})
	w.sync()
	total := func(number, sum string) {
		t.Helper()
		want(t, "Grand Total of "+number, w.shown(number)["Grand_Total"], sum)
	}
	total("N-0", "0")
	total("N-1", "20")
	w.nothingMore()
	w.editBooks("Invoice", negative, m{"Line": []any{soldLine(item, 3, 10, 30), soldLine(item, -3, 10, -30)}})
	w.editBooks("Invoice", nothing, m{"Line": []any{soldLine(item, 1, 0.01, 0.01)}})
	w.sync()
	total("N-0", "0.01")
	total("N-1", "0")
	w.nothingMore()
}

// What accounting notes on a document for itself goes nowhere by default (P27).
func TestDocument_PrivateNoteGoesNowhere(t *testing.T) {
	w, customer, item := inStep(t)
	const secret = "pays late, do not extend credit"
	id := w.sell("Invoice", "1001", customer, soldLine(item, 1, 10, 10))
	w.editBooks("Invoice", id, m{"PrivateNote": secret})
	w.sync()
	writes := w.crmState().apiWrites()
	w.editBooks("Invoice", id, m{"PrivateNote": secret + "!"})
	w.sync()
	if n := w.crmState().apiWrites() - writes; n != 0 {
		t.Errorf("%d writes to the CRM for a private note", n)
	}
	if s := fmt.Sprint(w.crmState().Records); strings.Contains(s, secret) {
		t.Error("the private note stands in the CRM")
	}
	w.nothingMore()
}
