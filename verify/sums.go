package verify

import (
	"context"

	"crossbook"
	"crossbook/document"
	"crossbook/money"
	"crossbook/store"
)

// sums adds up what was read: linked documents by module and currency on both
// sides, and the bridge from open invoices to what customers owe (P44).
func (v *verifier) sums(ctx context.Context) error {
	for _, m := range []crossbook.Module{crossbook.Quotes, crossbook.Invoices, crossbook.PurchaseOrders} {
		if err := v.eachLink(ctx, m, func(links []crossbook.Link) error { return v.sum(ctx, m, links) }); err != nil {
			return err
		}
	}
	return v.bridge(ctx)
}

func (v *verifier) sum(ctx context.Context, m crossbook.Module, links []crossbook.Link) error {
	var refs []crossbook.Ref
	for _, l := range links {
		refs = append(refs, l.CRM(), l.Books())
	}
	return v.seen.db.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.MirrorMany(ctx, v.conn.ID, refs)
		if err != nil {
			return err
		}
		for _, l := range links {
			crm, books := rows[l.CRM()].Record.Data, rows[l.Books()].Record.Data
			t := v.tally.total(m, v.currencyOf(crm, books))
			t.Documents++
			t.CRM = t.CRM.Add(amount(crm[grandTotal]))
			t.CRMBalance = t.CRMBalance.Add(amount(crm[document.FieldBalanceDue]))
			if !document.IsVoided(books) {
				t.Books = t.Books.Add(amount(books["TotalAmt"]))
			}
			if m == crossbook.Invoices {
				t.BooksBalance = t.BooksBalance.Add(amount(books["Balance"]))
			}
		}
		return nil
	})
}

func (v *verifier) currencyOf(crm, books map[string]any) string {
	for _, code := range []string{reference(books, "CurrencyRef"), plain(crm["Currency"])} {
		if code != "" {
			return code
		}
	}
	return v.conn.HomeCurrency
}

// bridge reads the parts of the receivables as QuickBooks has them.
func (v *verifier) bridge(ctx context.Context) error {
	parts := []struct {
		entity crossbook.Entity
		field  string
		into   func(*Bridge) *money.Decimal
	}{
		{crossbook.Invoice, "Balance", func(b *Bridge) *money.Decimal { return &b.OpenInvoices }},
		{crossbook.CreditMemo, "Balance", func(b *Bridge) *money.Decimal { return &b.CreditsNotApplied }},
		{crossbook.Payment, "UnappliedAmt", func(b *Bridge) *money.Decimal { return &b.PaymentsNotApplied }},
		{crossbook.Customer, "Balance", func(b *Bridge) *money.Decimal { return &b.CustomerBalances }},
	}
	for _, p := range parts {
		err := v.eachBooks(ctx, p.entity, func(data map[string]any) {
			b := v.tally.bridgeIn(v.currencyOf(nil, data))
			sum := p.into(b)
			*sum = sum.Add(amount(data[p.field]))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) eachBooks(ctx context.Context, e crossbook.Entity, fn func(map[string]any)) error {
	after := ""
	for {
		n := 0
		err := v.seen.db.View(ctx, func(tx *store.Tx) error {
			rows, err := tx.WalkMirror(ctx, v.conn.ID, crossbook.Books, string(e), after, chunk)
			if err != nil || len(rows) == 0 {
				return err
			}
			n, after = len(rows), rows[len(rows)-1].Record.ID
			for _, r := range rows {
				fn(r.Record.Data)
			}
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
