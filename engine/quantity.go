package engine

import (
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/merge"
)

// fieldQuantity is the CRM's stock figure.
const fieldQuantity = "Qty_in_Stock"

// splitQuantity parts quantity and its date from the other changes: they go
// alone, in an update of their own (R95b).
func splitQuantity(changes []crossbook.Change) (quantity, rest []crossbook.Change) {
	for _, c := range changes {
		if c.Field == fieldQuantity || c.Field == mapping.FieldAsOf {
			quantity = append(quantity, c)
		} else {
			rest = append(rest, c)
		}
	}
	for _, c := range quantity {
		if c.Field == fieldQuantity {
			return quantity, rest
		}
	}
	return nil, rest // a date alone adjusts nothing
}

// freshFor is how long a by-id read proves a quantity.
const freshFor = time.Second

// writeQuantity plans an inventory adjustment, with the switch of P10 on. The
// quantity moves in QuickBooks without its SyncToken, so the item is read by id
// right before; a quantity that is not the base's any more is a conflict, and
// QuickBooks wins (R95b).
func (d *decider) writeQuantity(u *unit, p pair, res merge.Result, changes []crossbook.Change) {
	read, ok := d.t.readAt[p.books.Ref]
	if !ok || d.now.Sub(read) > freshFor {
		u.rereads = append(u.rereads, p.books.Ref)
		return
	}
	if p.fromQB.Fields[fieldQuantity] != p.link.BaseBooks[fieldQuantity] {
		return // the merge decides anew on what was just read
	}
	d.writeBooks(u, p, res, changes)
}

// clearAsOf empties As of Date once it has been used: it is empty except while
// in use (P10).
func (d *decider) clearAsOf(u *unit, p pair, toBooks []crossbook.Change) {
	asOf := p.fromCRM.Fields[mapping.FieldAsOf]
	if asOf == "" || len(toBooks) > 0 || p.link.Module != crossbook.Products || p.link.BaseCRM[mapping.FieldAsOf] != asOf {
		return
	}
	if _, mapped := d.t.mapping.Pair(crossbook.Products, mapping.FieldAsOf); !mapped {
		return
	}
	if u.remote() {
		u.again = true // one write of a record at a time
		return
	}
	empty := crossbook.Fields{mapping.FieldAsOf: ""}
	u.add(crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.CRM, Module: crossbook.Products, Link: p.link, Name: p.name,
		Body: map[string]any{mapping.FieldAsOf: nil}, Revision: p.crm.Revision,
		Changes: []crossbook.Change{{Field: mapping.FieldAsOf, Old: asOf}},
		BaseCRM: empty, BaseBooks: empty.Clone(), Why: "As of Date was used",
	})
}
