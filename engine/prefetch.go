package engine

import (
	"crossbook"
	"crossbook/mapping"
)

// prefetch loads what most units ask for in a few queries: a query a record is
// what a large import spends its time with.
func (d *decider) prefetch(units []*unit) {
	var refs []crossbook.Ref
	for _, u := range units {
		refs = append(refs, u.source())
	}
	d.w.loadLinks(refs)
	for _, u := range units {
		for _, l := range d.w.links(u.source()) {
			refs = append(refs, l.CRM(), l.Books())
		}
	}
	d.w.loadRecords(refs)
	d.prefetchMatches(units)
	d.prefetchCustomers(units)
}

// lookup is a kind of key of one type of record.
type lookup struct {
	side crossbook.Side
	typ  string
	kind string
}

// prefetchMatches loads the candidates of records that may be matched, by every
// key matching asks for.
func (d *decider) prefetchMatches(units []*unit) {
	ask := map[lookup][]string{}
	add := func(side crossbook.Side, typ, kind string, values ...string) {
		l := lookup{side, typ, kind}
		ask[l] = append(ask[l], values...)
	}
	for _, u := range units {
		rec := d.w.record(u.source())
		if rec == nil || rec.Deleted || !d.unmatched(u) {
			continue
		}
		keys := mapping.Keys(rec.Side, rec.Type, rec.Data)
		for _, kind := range []string{mapping.KeyName, mapping.KeyEmail} {
			add(rec.Side, rec.Type, kind, keys[kind]...) // rivals, and shared e-mails
		}
		if rec.Side == crossbook.CRM {
			e := string(rec.Module().Entity())
			for _, kind := range d.candidateKeys(rec.Module()) {
				add(crossbook.Books, e, kind, keys[kind]...)
			}
			if rec.Module() == crossbook.Accounts {
				add(crossbook.Books, e, mapping.KeyCo, keys[mapping.KeyName]...)
			}
			continue
		}
		for _, m := range d.counterparts(u.source()) {
			add(crossbook.CRM, string(m), mapping.KeyOurID, rec.ID)
			for _, kind := range d.candidateKeys(m) {
				add(crossbook.CRM, string(m), kind, keys[kind]...)
			}
			if m == crossbook.Accounts {
				add(crossbook.CRM, string(m), mapping.KeyName, keys[mapping.KeyCo]...)
			}
		}
	}
	for l, values := range ask {
		d.w.loadKeys(l.side, l.typ, l.kind, values)
	}
}

// unmatched tells whether a unit, or a part of its customer, has no link yet.
func (d *decider) unmatched(u *unit) bool {
	links := d.w.links(u.source())
	if len(links) == 0 {
		return true
	}
	return u.books.Entity() == crossbook.Customer && len(links) == 1 && links[0].Part != crossbook.Whole
}

// prefetchCustomers loads what the figures of customers are reckoned from.
func (d *decider) prefetchCustomers(units []*unit) {
	var ids []string
	for _, u := range units {
		if u.books.Entity() == crossbook.Customer {
			ids = append(ids, u.books.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	d.w.loadKeys(crossbook.Books, string(crossbook.Customer), mapping.KeyParent, ids)
	for _, e := range []crossbook.Entity{crossbook.Invoice, crossbook.CreditMemo, crossbook.Payment} {
		d.w.loadKeys(crossbook.Books, string(e), mapping.KeyCustomer, ids)
	}
}
