package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// seen puts records into the mirror as if they had been read.
func seen(t *testing.T, h *house, conn crossbook.Connection, e crossbook.Entity, id string, data map[string]any) {
	t.Helper()
	data["Id"] = id
	row := store.MirrorRow{
		Record: crossbook.Record{Ref: crossbook.BooksRef(e, id), Data: data}, SeenAt: time.Now(),
		Keys: mapping.Keys(crossbook.Books, string(e), data),
	}
	err := h.store.Update(context.Background(), func(tx *store.Tx) error { return tx.PutMirror(context.Background(), conn.ID, []store.MirrorRow{row}) })
	if err != nil {
		t.Fatal(err)
	}
}

func pays(entity, id string, amount int) map[string]any {
	return map[string]any{"Amount": amount, "LinkedTxn": []any{map[string]any{"TxnId": id, "TxnType": entity}}}
}

// P34: the history of an invoice says what paid it, by date, number, method and
// what else the payment covered.
func TestHistory_OfAnInvoiceListsItsPayments(t *testing.T) {
	h, _, conn := furnished(t)
	ctx := context.Background()
	seen(t, h, conn, crossbook.PaymentMethod, "2", map[string]any{"Name": "Check"})
	seen(t, h, conn, crossbook.Invoice, "131", map[string]any{"DocNumber": "1041", "TotalAmt": 80, "Balance": 0})
	seen(t, h, conn, crossbook.CreditMemo, "73", map[string]any{"DocNumber": "CM1", "TotalAmt": 50})
	seen(t, h, conn, crossbook.Invoice, "130", map[string]any{"DocNumber": "1040", "TotalAmt": 400, "Balance": 150, "CurrencyRef": map[string]any{"value": "USD"}})
	seen(t, h, conn, crossbook.Payment, "9", map[string]any{
		"TxnDate": "2026-05-09", "TotalAmt": 280, "PaymentRefNum": "6552", "PaymentMethodRef": map[string]any{"value": "2"},
		"Line": []any{pays("Invoice", "130", 200), pays("Invoice", "131", 80)},
	})
	seen(t, h, conn, crossbook.Payment, "11", map[string]any{
		"TxnDate": "2026-05-10", "TotalAmt": 0, "Line": []any{pays("Invoice", "130", 50), pays("CreditMemo", "73", 50)},
	})
	ref, err := h.recordNamed(ctx, conn, strings.Fields("1040"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := h.payments(ctx, conn, ref)
	if err != nil || v == nil {
		t.Fatal(v, err)
	}
	p := &page{}
	v.text(p)
	want := `Invoice 1040 over 400.00 USD: 150.00 USD is open.
  2026-05-09  payment 280.00 USD, Check, no. 6552: 200.00 for this invoice, 80.00 for invoice 1041
  2026-05-10  credit, with 50.00 of credit memo CM1: 50.00 for this invoice
`
	if p.buf.String() != want {
		t.Errorf("got\n%s\nwant\n%s", p.buf.String(), want)
	}

	if v, err = h.payments(ctx, conn, crossbook.BooksRef(crossbook.Customer, "1")); v != nil || err != nil {
		t.Errorf("payments of a customer: %v %v", v, err)
	}
	if _, err = h.recordNamed(ctx, conn, strings.Fields("7777")); err == nil || !strings.Contains(err.Error(), `no record named "7777"`) {
		t.Errorf("an unknown number: %v", err)
	}
}

// A field of Deals that the CRM does not have is refused when it is chosen, and
// doctor says so when it went away later (P32).
func TestDealNumber_NeedsItsFieldOfDeals(t *testing.T) {
	h, _, conn := furnished(t)
	ctx := context.Background()
	keep := func(field string) error {
		ch := choices{settings: map[string]any{"deal_number": map[string]any{"custom_field": "Deal", "deal_field": field}}}
		return h.store.Update(ctx, func(tx *store.Tx) error { return ch.keep(ctx, tx, conn.ID) })
	}
	if err := keep("Deal_Number"); err == nil || !strings.Contains(err.Error(), "Deals have no field Deal_Number") {
		t.Errorf("a field that is not there: %v", err)
	}
	if err := keep("Deal_Name"); err != nil {
		t.Fatal(err)
	}
	d := &diagnosis{}
	h.checkDealNumber(ctx, d, conn)
	if len(d.Checks) != 1 || d.Checks[0].State != healthy {
		t.Errorf("%+v", d.Checks)
	}
	err := h.store.Update(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings(ctx, conn.ID)
		s.DealNumber.DealField = "Deal_Number"
		if err == nil {
			_, err = tx.SaveSettings(ctx, conn.ID, s, "test")
		}
		return err
	})
	d = &diagnosis{}
	h.checkDealNumber(ctx, d, conn)
	if err != nil || len(d.Checks) != 1 || d.Checks[0].State != broken {
		t.Errorf("%v %+v", err, d.Checks)
	}
}
