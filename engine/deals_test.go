package engine_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/fault"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// terrace is the story of a won Deal: a customer with two estimates, and an
// invoice made from the first one.
type terrace struct {
	*world
	customer, item, first, second string
	deal                          string
}

func newTerrace(t *testing.T) *terrace {
	t.Helper()
	w := buildTerrace(t)
	w.connect()
	w.firstSync()
	return w
}

func buildTerrace(t *testing.T, change ...func(*qbobox.Options, *zohobox.Options)) *terrace {
	t.Helper()
	w := &terrace{world: newWorld(t, change...)}
	w.customer = w.newBooks("Customer", m{"DisplayName": "Copper Beech Inn", "CompanyName": "Copper Beech Inn"})
	w.item = w.newBooks("Item", m{"Name": "Labor", "Type": "Service", "UnitPrice": 90, "IncomeAccountRef": m{"value": w.income()}})
	w.first = w.estimate("E-1", 10)
	w.second = w.estimate("E-2", 2)
	w.deal = w.newCRM("Deals", m{"Deal_Name": "Terrace and pool", "Stage": "Closed Won", "Closing_Date": "2026-04-20"})
	return w
}

func (w *terrace) estimate(no string, hours int) string {
	return w.newBooks("Estimate", m{"CustomerRef": m{"value": w.customer}, "DocNumber": no, "TxnDate": "2026-05-01", "Line": []any{soldLine(w.item, hours, 90, float64(90*hours))}})
}

// invoiced makes an invoice, from an estimate unless that is empty.
func (w *terrace) invoiced(no, date, estimate string, hours int) string {
	data := m{"CustomerRef": m{"value": w.customer}, "DocNumber": no, "TxnDate": date, "DueDate": "2026-06-03", "Line": []any{soldLine(w.item, hours, 90, float64(90*hours))}}
	if estimate != "" {
		data["LinkedTxn"] = []any{m{"TxnId": estimate, "TxnType": "Estimate"}}
	}
	return w.newBooks("Invoice", data)
}

func (w *terrace) paid(invoice string, amount float64) string {
	return w.newBooks("Payment", m{
		"CustomerRef": m{"value": w.customer}, "TotalAmt": amount, "TxnDate": "2026-05-04",
		"Line": []any{m{"Amount": amount, "LinkedTxn": []any{m{"TxnId": invoice, "TxnType": "Invoice"}}}},
	})
}

// putOnDeal is what a person does with the Deal of a CRM document.
func (w *terrace) putOnDeal(module, number, deal string) {
	w.t.Helper()
	var v any
	if deal != "" {
		v = m{"id": deal}
	}
	field := map[string]string{"Quotes": "Deal_Name", "Invoices": "Deal_Name__s"}[module]
	w.editCRM(module, w.crmID(module, "QuickBooks_Number", number), m{field: v})
}

// heard is a notification that news of a CRM module are to be had.
func (w *world) heard(module crossbook.Module) {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		return tx.MarkDirty(w.t.Context(), w.conn.ID, engine.NewsOfDeals(module, w.clock.Now()))
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *terrace) figures(what, deal string, quoted, invoiced, paid, open, last any) {
	w.t.Helper()
	d := w.crmState().find(w.t, "Deals", "id", deal)
	for f, wish := range map[string]any{
		"QuickBooks_Quoted": quoted, "QuickBooks_Invoiced": invoiced, "QuickBooks_Paid": paid, "QuickBooks_Open": open, "QuickBooks_Last_Invoice_Status": last,
	} {
		if fmt.Sprint(d[f]) != fmt.Sprint(wish) {
			w.t.Errorf("%s: %s is %v, want %v", what, f, d[f], wish)
		}
	}
}

// Row 39: a won Deal with two quotes and an invoice. The invoice gets its Deal
// from its quote, once.
func TestDeal_FiguresFollowItsDocuments(t *testing.T) {
	w := newTerrace(t)
	w.figures("before", w.deal, nil, nil, nil, nil, nil)
	w.putOnDeal("Quotes", "E-1", w.deal)
	w.putOnDeal("Quotes", "E-2", w.deal)
	w.heard(crossbook.Quotes)
	w.sync()
	w.figures("two quotes", w.deal, 1080, 0, 0, 0, nil)

	inv := w.invoiced("I-1", "2026-05-04", w.first, 10)
	w.sync()
	if got := get(w.crmState().find(t, "Invoices", "QuickBooks_Number", "I-1"), "Deal_Name__s", "id"); got != w.deal {
		t.Fatalf("the invoice is on the Deal %v, want that of its quote", got)
	}
	w.figures("an invoice", w.deal, 1080, 900, 0, 900, "Open")

	pay := w.paid(inv, 400)
	w.sync()
	w.figures("a payment", w.deal, 1080, 900, 400, 500, "Partly paid")
	w.personBooks(qbobox.Action{Action: "delete", Type: "Payment", ID: pay})
	w.sync()
	w.figures("the payment deleted", w.deal, 1080, 900, 0, 900, "Open")
	w.nothingMore()

	w.editBooks("Estimate", w.second, m{"TxnStatus": "Rejected"})
	w.sync()
	w.figures("a quote rejected", w.deal, 900, 900, 0, 900, "Open")
	w.clock.Advance(40 * 24 * time.Hour) // past its due date
	w.sync()
	w.figures("overdue", w.deal, 900, 900, 0, 900, "Overdue")
	w.personBooks(qbobox.Action{Action: "delete", Type: "Invoice", ID: inv})
	w.sync()
	w.figures("the invoice deleted", w.deal, 900, 0, 0, 0, nil)
	w.nothingMore()
}

// What people do with the Deal of a document in the CRM counts: the figures go
// where the document is, by a notification at once and by the daily pass
// without one.
func TestDeal_AssignedChangedAndEmptiedByAPerson(t *testing.T) {
	for _, way := range []struct {
		name string
		news func(*terrace)
	}{
		{"notified", func(w *terrace) { w.heard(crossbook.Invoices); w.sync() }},
		{"by the daily pass", func(w *terrace) { w.nextDay() }},
	} {
		t.Run(way.name, func(t *testing.T) {
			w := newTerrace(t)
			other := w.newCRM("Deals", m{"Deal_Name": "Another", "Stage": "Qualification", "Closing_Date": "2026-06-20"})
			w.invoiced("I-1", "2026-05-04", "", 3)
			w.invoiced("I-2", "2026-05-03", "", 1)
			w.sync()
			w.figures("not assigned", w.deal, nil, nil, nil, nil, nil)
			w.putOnDeal("Invoices", "I-1", w.deal)
			w.putOnDeal("Invoices", "I-2", w.deal)
			way.news(w)
			w.figures("assigned", w.deal, 0, 360, 0, 360, "Open")
			w.putOnDeal("Invoices", "I-1", other)
			way.news(w)
			w.figures("one moved away", w.deal, 0, 90, 0, 90, "Open")
			w.figures("one moved here", other, 0, 270, 0, 270, "Open")
			w.putOnDeal("Invoices", "I-2", "")
			way.news(w)
			w.figures("the last one taken off", w.deal, nil, nil, nil, nil, nil)
			w.figures("not touched", other, 0, 270, 0, 270, "Open")
			before := w.crmState().apiWrites()
			way.news(w)
			if n := w.crmState().apiWrites() - before; n != 0 {
				t.Errorf("%d writes with nothing changed", n)
			}
		})
	}
}

// A document moved to another Deal unseen is noticed when it is next written.
func TestDeal_NoticedWhenTheDocumentIsWritten(t *testing.T) {
	w := newTerrace(t)
	inv := w.invoiced("I-1", "2026-05-04", "", 3)
	w.sync()
	w.putOnDeal("Invoices", "I-1", w.deal)
	w.sync()
	w.figures("unseen", w.deal, nil, nil, nil, nil, nil)
	w.paid(inv, 70)
	w.sync()
	w.figures("seen with the payment", w.deal, 0, 270, 70, 200, "Partly paid")
	w.nothingMore()
}

// The figures of a Deal are ours: what somebody writes over them is put back by
// the daily pass, and a Deal that is deleted and restored shows them still.
func TestDeal_FiguresWrittenOverArePutBack(t *testing.T) {
	w := newTerrace(t)
	w.invoiced("I-1", "2026-05-04", "", 3)
	w.sync()
	w.putOnDeal("Invoices", "I-1", w.deal)
	w.nextDay()
	w.figures("assigned", w.deal, 0, 270, 0, 270, "Open")
	w.editCRM("Deals", w.deal, m{"QuickBooks_Invoiced": 1})
	w.nextDay()
	w.figures("put back", w.deal, 0, 270, 0, 270, "Open")
	w.personCRM(zohobox.Action{Action: "delete", Type: "Deals", ID: w.deal})
	w.invoiced("I-2", "2026-05-05", "", 1)
	w.nextDay()
	if p := w.problems(); len(p) > 0 {
		t.Errorf("problems: %+v", p)
	}
	w.nothingMore()
}

// Currencies are never added: a Deal shows its own, and all of them in words.
func TestDeal_CurrenciesAreNeverAdded(t *testing.T) {
	w := buildTerrace(t, func(q *qbobox.Options, z *zohobox.Options) {
		q.Currencies, z.MultiCurrency = []string{"EUR"}, true
	})
	w.personCRM(zohobox.Action{Action: "add_currency", Data: m{"iso_code": "EUR", "exchange_rate": "1.1"}})
	w.connect()
	w.firstSync()
	w.invoiced("I-1", "2026-05-04", "", 3)
	other := w.newBooks("Customer", m{"DisplayName": "Copper Beech Wien", "CurrencyRef": m{"value": "EUR"}})
	w.newBooks("Invoice", m{"CustomerRef": m{"value": other}, "CurrencyRef": m{"value": "EUR"}, "DocNumber": "I-9", "TxnDate": "2026-05-03", "ExchangeRate": 1.1, "Line": []any{soldLine(w.item, 1, 90, 90)}})
	w.sync()
	if p := w.problems(); len(p) > 0 {
		t.Fatalf("problems: %+v", p)
	}
	w.putOnDeal("Invoices", "I-1", w.deal)
	w.putOnDeal("Invoices", "I-9", w.deal)
	w.heard(crossbook.Invoices)
	w.sync()
	w.figures("two currencies", w.deal, 0, 270, 0, 270, "Open")
	want(t, "every currency", w.crmState().find(t, "Deals", "id", w.deal)["QuickBooks_Figures_by_currency"],
		"EUR: quoted 0.00, invoiced 90.00, paid 0.00, open 90.00; USD: quoted 0.00, invoiced 270.00, paid 0.00, open 270.00")
	w.nothingMore()
}

// A lost answer to the write of figures is found out, and nothing is written
// twice.
func TestDeal_LostAnswerIsFoundOut(t *testing.T) {
	w := newTerrace(t)
	w.invoiced("I-1", "2026-05-04", "", 3)
	w.sync()
	w.putOnDeal("Invoices", "I-1", w.deal)
	w.heard(crossbook.Invoices)
	if _, err := w.crm.Faults().Add(fault.Rule{Kind: fault.TimeoutAfter, Method: http.MethodPut, PathContains: "/Deals", Times: 1}); err != nil {
		t.Fatal(err)
	}
	w.sync()
	w.settleDown()
	w.figures("found out", w.deal, 0, 270, 0, 270, "Open")
	writes := 0
	for _, wr := range w.crmState().Writes {
		if wr.Actor == "api" && wr.Type == "Deals" {
			writes++
		}
	}
	if writes != 1 {
		t.Errorf("the Deal was written %d times, want once", writes)
	}
	w.nothingMore()
}

func TestDeals_KilledAtEveryStep_FiguresAreRight(t *testing.T) {
	scenario{
		before: func(w *world) {
			c := w.newBooks("Customer", m{"DisplayName": "Copper Beech Inn", "CompanyName": "Copper Beech Inn"})
			item := w.newBooks("Item", m{"Name": "Labor", "Type": "Service", "UnitPrice": 90, "IncomeAccountRef": m{"value": w.income()}})
			w.newBooks("Invoice", m{"CustomerRef": m{"value": c}, "DocNumber": "I-1", "TxnDate": "2026-05-01", "Line": []any{soldLine(item, 2, 90, 180)}})
			w.newCRM("Deals", m{"Deal_Name": "Terrace", "Stage": "Closed Won", "Closing_Date": "2026-04-20"})
		},
		acts: []func(*world){
			func(w *world) {
				w.editCRM("Invoices", w.crmID("Invoices", "QuickBooks_Number", "I-1"), m{"Deal_Name__s": m{"id": w.crmID("Deals", "Deal_Name", "Terrace")}})
				w.heard(crossbook.Invoices)
			},
			func(w *world) {
				inv := w.booksState().find(w.t, "Invoice", "DocNumber", "I-1")
				w.newBooks("Payment", m{"CustomerRef": get(inv, "CustomerRef"), "TotalAmt": 80, "TxnDate": "2026-05-04", "Line": []any{m{"Amount": 80, "LinkedTxn": []any{m{"TxnId": inv["Id"], "TxnType": "Invoice"}}}}})
			},
		},
		check: func(t *testing.T, w *world) {
			d := w.crmState().find(t, "Deals", "Deal_Name", "Terrace")
			want(t, "invoiced", d["QuickBooks_Invoiced"], "180")
			want(t, "paid", d["QuickBooks_Paid"], "80")
			want(t, "open", d["QuickBooks_Open"], "100")
			want(t, "status", d["QuickBooks_Last_Invoice_Status"], "Partly paid")
		},
	}.everyCrash(t)
}
