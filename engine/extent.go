package engine

import (
	"slices"
	"time"

	"crossbook"
	"crossbook/mapping"
)

// inExtent tells whether an unlinked QuickBooks record is taken, and if not
// why: active customers and items, vendors that are needed (P13), documents
// that are open or young enough (P26), and always whatever a document in
// extent names, active or not (P17, R83b).
func (d *decider) inExtent(rec *crossbook.Record, m crossbook.Module) (code, why string, in bool) {
	if isDocument(rec.Entity()) {
		switch {
		case d.documentInExtent(rec):
			return "", "", true
		case d.untouched(rec, m):
			return codeUntouched, whyUntouched, false
		}
		return "before-floor", "closed, and dated before " + d.floor(), false
	}
	if d.untouched(rec, m) && !d.inDocument(rec) {
		return codeUntouched, whyUntouched, false
	}
	if d.named(rec) {
		return "", "", true
	}
	if text(rec.Data["Active"]) == "false" {
		return "inactive", "inactive in QuickBooks, and no document in range names it", false
	}
	if m == crossbook.Vendors && !d.t.settings.Modules[m].Everything {
		return "vendor-not-needed", "on no purchase order in range and no item's preferred vendor", false
	}
	return "", "", true
}

func (d *decider) floor() string { return d.t.facts.documentFloor(d.t.settings, d.now) }

// documentInExtent tells whether a document is open, or dated on or after the
// floor.
func (d *decider) documentInExtent(rec *crossbook.Record) bool {
	if rec.Deleted || d.untouched(rec, documentModule(rec.Entity())) {
		return false
	}
	if d.t.settings.Modules[documentModule(rec.Entity())].Everything || text(rec.Data["TxnDate"]) >= d.floor() {
		return true
	}
	switch rec.Entity() {
	case crossbook.Invoice:
		return mapping.Number(rec.Data["Balance"]) != "0" && text(rec.Data["Balance"]) != ""
	case crossbook.Estimate:
		s := text(rec.Data["TxnStatus"])
		return s == "Pending" || s == "Accepted"
	default:
		return text(rec.Data["POStatus"]) == "Open"
	}
}

func documentModule(e crossbook.Entity) crossbook.Module { return e.Modules()[0] }

// codeUntouched counts the records that are left out because nobody has touched
// them since set-up, where only what changes is taken (R34).
const (
	codeUntouched = "untouched"
	whyUntouched  = "neither created nor changed since Crossbook was connected, and only what is gets taken"
)

// untouched tells whether a record of either side is as it was when the
// connection went, in a module that takes only what changes from then on.
func (d *decider) untouched(rec *crossbook.Record, m crossbook.Module) bool {
	return d.t.settings.Modules[m].OnlyChanges && !d.touched(rec)
}

// touched tells whether a record was created or changed since the connection
// went. The vendors give whole seconds.
func (d *decider) touched(rec *crossbook.Record) bool {
	at := d.t.facts.goAt
	return !at.IsZero() && !rec.Modified.Before(at.Truncate(time.Second))
}

// named tells whether a document in extent names the record, directly or by a
// sub-customer, or an item prefers the vendor, or whether it is active and of a
// list that is taken as a whole.
func (d *decider) named(rec *crossbook.Record) bool {
	if rec.Entity() != crossbook.Vendor && text(rec.Data["Active"]) != "false" {
		return true
	}
	return d.inDocument(rec)
}

// inDocument tells whether a document in extent names the record, directly or by
// a sub-customer, or an item that is taken prefers the vendor (P13, P17).
func (d *decider) inDocument(rec *crossbook.Record) bool {
	switch rec.Entity() {
	case crossbook.Vendor:
		if d.namedBy(crossbook.PurchaseOrder, mapping.KeyVendor, rec.ID) {
			return true
		}
		items := d.living(d.w.byKey(crossbook.Books, string(crossbook.Item), mapping.KeyVendor, rec.ID), rec.Ref)
		return slices.ContainsFunc(items, func(r crossbook.Ref) bool {
			item := d.w.living(r)
			return !d.untouched(item, crossbook.Products) || d.inDocument(item)
		})
	case crossbook.Customer:
		return d.subNamed(rec, deepest)
	case crossbook.Item:
		for _, e := range []crossbook.Entity{crossbook.Invoice, crossbook.Estimate, crossbook.PurchaseOrder} {
			if d.namedBy(e, mapping.KeyItem, rec.ID) {
				return true
			}
		}
	}
	return false
}

// subNamed looks at a customer's documents and those below it, at most
// four levels (R25's platform facts: customers nest four levels deep).
func (d *decider) subNamed(sub *crossbook.Record, levels int) bool {
	if d.namedBy(crossbook.Invoice, mapping.KeyCustomer, sub.ID) || d.namedBy(crossbook.Estimate, mapping.KeyCustomer, sub.ID) {
		return true
	}
	if levels == 0 {
		return false
	}
	for _, r := range d.w.byKey(crossbook.Books, string(crossbook.Customer), mapping.KeyParent, sub.ID) {
		if below := d.w.living(r); below != nil && d.subNamed(below, levels-1) {
			return true
		}
	}
	return false
}

func (d *decider) namedBy(e crossbook.Entity, key, id string) bool {
	for _, r := range d.w.byKey(crossbook.Books, string(e), key, id) {
		if doc := d.w.living(r); doc != nil && d.documentInExtent(doc) {
			return true
		}
	}
	return false
}
