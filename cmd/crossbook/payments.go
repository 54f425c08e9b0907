package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/money"
	"crossbook/store"
)

// paymentsView is how an invoice was paid (P34).
type paymentsView struct {
	Invoice  string                `json:"invoice"`
	Number   string                `json:"number,omitempty"`
	Currency string                `json:"currency,omitempty"`
	Total    money.Decimal         `json:"total"`
	Balance  money.Decimal         `json:"balance"`
	Rows     []document.Settlement `json:"rows"`
}

// payments reads from the mirror how an invoice was paid; nil if the record is
// none, or QuickBooks has not been read.
func (h *house) payments(ctx context.Context, conn crossbook.Connection, ref crossbook.Ref) (out *paymentsView, err error) {
	err = h.store.View(ctx, func(tx *store.Tx) error {
		if ref.Side == crossbook.CRM {
			if ref.Module() != crossbook.Invoices {
				return nil
			}
			links, err := tx.LinksByCRM(ctx, conn.ID, ref.Module(), ref.ID)
			if err != nil || len(links) == 0 {
				return err
			}
			ref = links[0].Books()
		}
		if ref.Entity() != crossbook.Invoice {
			return nil
		}
		l := ledger{ctx: ctx, tx: tx, conn: conn}
		out = l.invoice(ref)
		return l.err
	})
	return out, err
}

// ledger reads the mirror's transactions; the first error stays.
type ledger struct {
	ctx  context.Context
	tx   *store.Tx
	conn crossbook.Connection
	err  error
}

func (l *ledger) invoice(ref crossbook.Ref) *paymentsView {
	data := l.living(ref)
	if data == nil {
		return nil
	}
	total, _, _ := money.FromJSON(data["TotalAmt"])
	balance, _, _ := money.FromJSON(data["Balance"])
	payments, credits := l.linkedTo(crossbook.Payment, ref), l.linkedTo(crossbook.CreditMemo, ref)
	rows := document.Settlements(data, payments, credits, l.conn.HomeCurrency)
	out := &paymentsView{
		Invoice: ref.ID, Number: textOf(data["DocNumber"]), Total: total, Balance: balance,
		Currency: cmp.Or(refOf(data, "CurrencyRef"), l.conn.HomeCurrency), Rows: []document.Settlement{},
	}
	for _, r := range rows {
		if r.Method == "" && r.MethodID != "" {
			r.Method = textOf(l.living(crossbook.BooksRef(crossbook.PaymentMethod, r.MethodID))["Name"])
		}
		l.number(r.Covered)
		l.number(r.Credits)
		out.Rows = append(out.Rows, r)
	}
	return out
}

// number fills in the numbers people know the transactions by.
func (l *ledger) number(shares []document.Share) {
	for i, s := range shares {
		shares[i].Number = textOf(l.living(crossbook.BooksRef(s.Type, s.ID))["DocNumber"])
	}
}

func (l *ledger) linkedTo(e crossbook.Entity, doc crossbook.Ref) []map[string]any {
	if l.err != nil {
		return nil
	}
	hits, err := l.tx.MirrorByKey(l.ctx, l.conn.ID, crossbook.Books, string(e), mapping.KeyLinked, []string{doc.Type + ":" + doc.ID})
	l.err = err
	var out []map[string]any
	for _, hit := range hits {
		if data := l.living(hit.Ref); data != nil {
			out = append(out, data)
		}
	}
	return out
}

// living is a record's data, nil if it was deleted or never read.
func (l *ledger) living(ref crossbook.Ref) map[string]any {
	if l.err != nil {
		return nil
	}
	row, err := l.tx.Mirror(l.ctx, l.conn.ID, ref)
	switch {
	case errors.Is(err, store.ErrNotFound) || row.Record.Deleted:
		return nil
	case err != nil:
		l.err = err
		return nil
	}
	return row.Record.Data
}

func textOf(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func refOf(data map[string]any, field string) string {
	ref, _ := data[field].(map[string]any)
	return textOf(ref["value"])
}

func (v *paymentsView) text(p *page) {
	name := "This invoice"
	if v.Number != "" {
		name = "Invoice " + v.Number
	}
	open := "nothing is open"
	if v.Balance.IsPositive() {
		open = sum(v.Balance, v.Currency) + " is open"
	}
	p.line("%s over %s: %s.", name, sum(v.Total, v.Currency), open)
	for _, r := range v.Rows {
		p.line("  %s", settlementText(r, v.Invoice))
	}
	if len(v.Rows) == 0 {
		p.line("  No payment and no credit yet.")
	}
}

// settlementText is one payment as people read it:
// "2026-05-04  payment 387.00 USD, Check, no. 6552: 200.00 for this invoice, 187.00 for invoice 1032".
func settlementText(r document.Settlement, invoice string) string {
	parts := []string{r.Kind}
	if r.Kind == document.ByPayment || r.Type == crossbook.CreditMemo || r.Kind == document.ByDeposit {
		parts[0] += " " + sum(r.Total, r.Currency)
	}
	if r.Method != "" {
		parts = append(parts, r.Method)
	}
	if r.Number != "" {
		parts = append(parts, "no. "+r.Number)
	}
	for _, c := range r.Credits {
		parts = append(parts, fmt.Sprintf("with %s of credit memo %s", c.Amount.StringFixed(2), nameOr(c.Number, c.ID)))
	}
	var covered []string
	for _, c := range r.Covered {
		what := "this invoice"
		if c.Type != crossbook.Invoice || c.ID != invoice {
			what = entityWord(c.Type) + " " + nameOr(c.Number, c.ID)
		}
		covered = append(covered, c.Amount.StringFixed(2)+" for "+what)
	}
	if len(r.Covered) == 0 {
		covered = append(covered, "for this invoice")
		if r.Amount != nil {
			covered[0] = r.Amount.StringFixed(2) + " for this invoice"
		}
	}
	if r.Unapplied.IsPositive() {
		covered = append(covered, r.Unapplied.StringFixed(2)+" not applied yet")
	}
	return r.Date + "  " + strings.Join(parts, ", ") + ": " + strings.Join(covered, ", ")
}

func sum(d money.Decimal, currency string) string {
	return strings.TrimSpace(d.StringFixed(2) + " " + currency)
}

// entityWord names a kind of transaction in a sentence.
func entityWord(e crossbook.Entity) string {
	switch e {
	case crossbook.Invoice:
		return "invoice"
	case crossbook.CreditMemo:
		return "credit memo"
	case crossbook.Payment:
		return "payment"
	default:
		return strings.ToLower(string(e))
	}
}
