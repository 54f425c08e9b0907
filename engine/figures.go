package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/merge"
)

// accountFigures are the fields of an Account that no single QuickBooks
// attribute holds: they are reckoned from the mirrored documents (P33).
var accountFigures = []string{
	mapping.FieldBalance, mapping.FieldBalances, mapping.FieldOverdue, mapping.FieldOldestDays,
	mapping.FieldCredits, mapping.FieldLastPayment, mapping.FieldTerms,
}

// figureFields are the figures the CRM has fields for.
func (d *decider) figureFields(m crossbook.Module) []string {
	if m != crossbook.Accounts {
		return nil
	}
	var out []string
	for _, f := range accountFigures {
		if meta, ok := d.t.facts.metadata.CRMFields[m][f]; ok && meta.OnLayout {
			out = append(out, f)
		}
	}
	return out
}

// figureRules let the merge carry the figures into the CRM only.
func (d *decider) figureRules(m crossbook.Module) []merge.Rule {
	var out []merge.Rule
	for _, f := range d.figureFields(m) {
		if _, mapped := d.t.mapping.Pair(m, f); !mapped {
			out = append(out, merge.Rule{
				Field: f, Direction: crossbook.InToCRM, Policy: merge.ReadOnly, Owner: crossbook.Books, Group: crossbook.GroupFigures,
			})
		}
	}
	return out
}

// figures reckons the figures of a link's CRM record over its home customer,
// its aliases and their jobs (P6, P33).
func (d *decider) figures(l crossbook.Link, books *crossbook.Record) crossbook.Fields {
	fields := d.figureFields(l.Module)
	if len(fields) == 0 || l.Entity != crossbook.Customer {
		return nil
	}
	in := document.AccountInput{Today: d.today, HomeCurrency: d.t.conn.HomeCurrency}
	for _, id := range d.customersOf(l) {
		in.Invoices = append(in.Invoices, d.documentsOf(crossbook.Invoice, id)...)
		in.CreditMemos = append(in.CreditMemos, d.documentsOf(crossbook.CreditMemo, id)...)
		in.Payments = append(in.Payments, d.documentsOf(crossbook.Payment, id)...)
	}
	all := document.Account(in)
	own := refValue(books.Data, "CurrencyRef")
	if own == "" {
		own = d.t.conn.HomeCurrency
	}
	mine := document.AccountFigures{Currency: own}
	var each []string
	for _, f := range all {
		if f.Currency == own {
			mine = f
		}
		each = append(each, inWords(f))
	}
	values := crossbook.Fields{
		mapping.FieldBalance: mapping.Number(mine.Balance.String()), mapping.FieldOverdue: mapping.Number(mine.Overdue.String()),
		mapping.FieldOldestDays: strconv.Itoa(mine.OldestDays), mapping.FieldCredits: mapping.Number(mine.Credits.String()),
		mapping.FieldLastPayment: mine.LastPayment, mapping.FieldTerms: d.termName(refValue(books.Data, "SalesTermRef")),
	}
	if len(each) > 1 || len(each) == 1 && all[0].Currency != own {
		values[mapping.FieldBalances] = cut(strings.Join(each, "; "), figureText)
	}
	out := crossbook.Fields{}
	for _, f := range fields {
		out[f] = values[f]
	}
	return out
}

// inWords are the figures of one currency in a text of several: currencies are
// never added (P6, P33).
func inWords(f document.AccountFigures) string {
	out := f.Currency + " " + f.Balance.StringFixed(2)
	if f.Overdue.IsPositive() {
		out += fmt.Sprintf(" (overdue %s, %d days)", f.Overdue.StringFixed(2), f.OldestDays)
	}
	if f.Credits.IsPositive() {
		out += " (credits not applied " + f.Credits.StringFixed(2) + ")"
	}
	return out
}

// customersOf are the QuickBooks customers whose documents a CRM record shows:
// home, aliases, and the jobs under them.
func (d *decider) customersOf(l crossbook.Link) []string {
	ids := []string{l.BooksID}
	if l.CRMID != "" {
		for _, other := range d.w.links(l.CRM()) {
			if other.Kind == crossbook.Alias && other.State == crossbook.Linked {
				ids = append(ids, other.BooksID)
			}
		}
	}
	for i := 0; i < len(ids); i++ {
		for _, r := range d.w.byKey(crossbook.Books, string(crossbook.Customer), mapping.KeyParent, ids[i]) {
			if !slices.Contains(ids, r.ID) && d.w.living(r) != nil && !d.hasOwn(r) {
				ids = append(ids, r.ID)
			}
		}
	}
	return ids
}

// hasOwn tells whether a customer has a CRM record that shows its documents.
func (d *decider) hasOwn(r crossbook.Ref) bool {
	return slices.ContainsFunc(d.w.links(r), func(l crossbook.Link) bool {
		return l.Kind == crossbook.Home && l.State == crossbook.Linked
	})
}

func (d *decider) documentsOf(e crossbook.Entity, customer string) []map[string]any {
	refs := d.w.byKey(crossbook.Books, string(e), mapping.KeyCustomer, customer)
	d.w.loadRecords(refs)
	var out []map[string]any
	for _, r := range refs {
		if rec := d.w.living(r); rec != nil {
			out = append(out, rec.Data)
		}
	}
	return out
}

// putFigures adds the named figures to a CRM body in Zoho's words.
func (d *decider) putFigures(m crossbook.Module, body map[string]any, want crossbook.Fields, only []string) {
	for _, f := range d.figureFields(m) {
		if only != nil && !slices.Contains(only, f) {
			continue
		}
		switch v := want[f]; {
		case v == "" && only == nil:
		case v == "":
			body[f] = nil
		case f == mapping.FieldBalances || f == mapping.FieldLastPayment || f == mapping.FieldTerms:
			body[f] = v
		default:
			body[f] = json.Number(v)
		}
	}
}

// takeFigures adds the figures a CRM record shows to its projection.
func (d *decider) takeFigures(m crossbook.Module, data map[string]any, into crossbook.Fields) {
	for _, f := range d.figureFields(m) {
		switch f {
		case mapping.FieldBalances, mapping.FieldLastPayment, mapping.FieldTerms:
			into[f] = text(data[f])
		default:
			into[f] = mapping.Number(data[f])
		}
	}
}
