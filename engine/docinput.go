package engine

import (
	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/money"
)

// input gathers what surrounds a document: payments, linked documents, tax
// rates, the products of its items.
func (d *decider) input(u *unit, rec *crossbook.Record, m crossbook.Module, l *crossbook.Link, party document.Party) document.Input {
	d.w.loadTaxes()
	in := document.Input{
		Entity: rec.Entity(), Data: rec.Data, Today: d.today,
		HomeCurrency: d.t.conn.HomeCurrency, Country: d.t.conn.Country,
		TextLimits: d.textLimits(m), TaxRates: d.w.taxRates, TaxCodes: d.w.taxCodes,
		Party: party, Placeholder: d.t.facts.placeholder,
		Item: d.product, AccountName: d.accountName, TermName: d.termName,
		OwnerID: d.owner(u, party), Link: mapping.Address(rec.Entity(), rec.ID),
	}
	if l != nil && len(l.BaseCRM) > 0 {
		in.Before = l.BaseCRM.Clone()
		delete(in.Before, keyTotal)
	}
	if rec.Deleted {
		in.Gone, in.GoneOn = document.Deleted, d.today
	} else if document.IsVoided(rec.Data) {
		in.Gone = document.Voided // its own last change says when
	}
	switch rec.Entity() {
	case crossbook.Invoice:
		in.Payments = d.linkedTo(crossbook.Payment, rec.Ref)
		in.CreditMemos = d.creditsOf(rec, in.Payments)
		d.fromQuote(u, rec, l, &in)
		d.fromNumber(u, rec, l, &in)
	case crossbook.Estimate:
		in.LinkedInvoices = d.linkedTo(crossbook.Invoice, rec.Ref)
		d.fromNumber(u, rec, l, &in)
	}
	return in
}

// linkedTo are the living transactions of an entity that are linked with a
// document.
func (d *decider) linkedTo(e crossbook.Entity, doc crossbook.Ref) []map[string]any {
	var out []map[string]any
	for _, r := range d.w.byKey(crossbook.Books, string(e), mapping.KeyLinked, doc.Type+":"+doc.ID) {
		if rec := d.w.living(r); rec != nil {
			out = append(out, rec.Data)
		}
	}
	return out
}

// creditsOf are the credit memos that payments apply to an invoice.
func (d *decider) creditsOf(rec *crossbook.Record, payments []map[string]any) []map[string]any {
	out := d.linkedTo(crossbook.CreditMemo, rec.Ref)
	for _, p := range payments {
		for _, l := range linkedTxns(p) {
			if l.TxnType != string(crossbook.CreditMemo) {
				continue
			}
			if memo := d.w.living(crossbook.BooksRef(crossbook.CreditMemo, l.TxnID)); memo != nil {
				out = append(out, memo.Data)
			}
		}
	}
	return out
}

// fromQuote finds the CRM quote an invoice was made from, and for a new invoice
// the Deal of that quote (P32).
func (d *decider) fromQuote(u *unit, rec *crossbook.Record, l *crossbook.Link, in *document.Input) {
	for _, t := range linkedTxns(rec.Data) {
		if t.TxnType != string(crossbook.Estimate) {
			continue
		}
		id, ok := d.w.CRMID(crossbook.Quotes, t.TxnID)
		if !ok || isPlanned(id) {
			continue
		}
		in.SourceQuote = id
		if l != nil {
			return
		}
		quote := crossbook.CRMRef(crossbook.Quotes, id)
		head, read := d.t.heads[quote]
		switch {
		case !read && d.t.pretend == nil:
			u.heads = append(u.heads, quote)
		case head != nil:
			in.DealID = lookupID(head.Data, document.DealField(crossbook.Quotes))
		}
		return
	}
}

// textLimits are the live lengths of a module's text fields.
func (d *decider) textLimits(m crossbook.Module) map[string]int {
	if limits, ok := d.t.limits[m]; ok {
		return limits
	}
	limits := map[string]int{}
	for name, f := range d.t.facts.metadata.CRMFields[m] {
		if f.Length > 0 {
			limits[name] = f.Length
		}
	}
	d.t.limits[m] = limits
	return limits
}

// product finds the Product of a QuickBooks item.
func (d *decider) product(id string) (document.Product, bool) {
	crmID, ok := d.w.CRMID(crossbook.Products, id)
	if !ok {
		return document.Product{}, false
	}
	p := document.Product{ID: crmID}
	if rec := d.w.record(crossbook.CRMRef(crossbook.Products, crmID)); rec != nil {
		p.Name = recordName(rec)
	}
	return p, true
}

func (d *decider) accountName(id string) string {
	rec := d.w.record(crossbook.BooksRef(crossbook.LedgerAccount, id))
	if rec == nil {
		return ""
	}
	return text(rec.Data["FullyQualifiedName"])
}

func (d *decider) termName(id string) string {
	rec := d.w.record(crossbook.BooksRef(crossbook.Term, id))
	if rec == nil {
		return ""
	}
	return text(rec.Data["Name"])
}

// loadTaxes reads the company's tax rates and codes once a batch.
func (w *world) loadTaxes() {
	if w.taxRates != nil {
		return
	}
	w.taxRates, w.taxCodes = map[string]document.Rate{}, map[string][]string{}
	w.walk(crossbook.TaxRate, func(r crossbook.Record) {
		percent, err := money.Parse(text(r.Data["RateValue"]))
		if err != nil {
			return
		}
		w.taxRates[r.ID] = document.Rate{Name: text(r.Data["Name"]), Percent: percent}
	})
	w.walk(crossbook.TaxCode, func(r crossbook.Record) {
		list, _ := r.Data["SalesTaxRateList"].(map[string]any)
		details, _ := list["TaxRateDetail"].([]any)
		for _, e := range details {
			if detail, ok := e.(map[string]any); ok {
				w.taxCodes[r.ID] = append(w.taxCodes[r.ID], refValue(detail, "TaxRateRef"))
			}
		}
	})
}

// walk visits every living record of a small QuickBooks list.
func (w *world) walk(e crossbook.Entity, fn func(crossbook.Record)) {
	after := ""
	for {
		rows, err := w.tx.WalkMirror(w.ctx, w.conn, crossbook.Books, string(e), after, 500)
		w.fail(err)
		if err != nil || len(rows) == 0 {
			return
		}
		for _, r := range rows {
			if !r.Record.Deleted {
				fn(r.Record)
			}
		}
		after = rows[len(rows)-1].Record.ID
	}
}
