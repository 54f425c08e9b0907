package engine

import (
	"crossbook"
	"crossbook/mapping"
)

// inExtent tells whether an unlinked QuickBooks record is taken, and if not
// why: active customers and items, vendors that are needed (P13), documents
// that are open or young enough (P26), and always whatever a document in
// extent names, active or not (P17, R83b).
func (d *decider) inExtent(rec *crossbook.Record, m crossbook.Module) (code, why string, in bool) {
	if isDocument(rec.Entity()) {
		if d.documentInExtent(rec) {
			return "", "", true
		}
		return "before-floor", "closed, and dated before " + d.floor(), false
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
	if rec.Deleted {
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

// named tells whether a document in extent names the record, directly or by a
// sub-customer, or an item prefers the vendor.
func (d *decider) named(rec *crossbook.Record) bool {
	switch rec.Entity() {
	case crossbook.Vendor:
		return d.namedBy(crossbook.PurchaseOrder, mapping.KeyVendor, rec.ID) ||
			len(d.living(d.w.byKey(crossbook.Books, string(crossbook.Item), mapping.KeyVendor, rec.ID), rec.Ref)) > 0
	case crossbook.Customer:
		if text(rec.Data["Active"]) != "false" {
			return true
		}
		if d.namedBy(crossbook.Invoice, mapping.KeyCustomer, rec.ID) || d.namedBy(crossbook.Estimate, mapping.KeyCustomer, rec.ID) {
			return true
		}
		for _, r := range d.w.byKey(crossbook.Books, string(crossbook.Customer), mapping.KeyParent, rec.ID) {
			if sub := d.w.living(r); sub != nil && r != rec.Ref && d.subNamed(sub, 4) {
				return true
			}
		}
	case crossbook.Item:
		if text(rec.Data["Active"]) != "false" {
			return true
		}
		for _, e := range []crossbook.Entity{crossbook.Invoice, crossbook.Estimate, crossbook.PurchaseOrder} {
			if d.namedBy(e, mapping.KeyItem, rec.ID) {
				return true
			}
		}
	}
	return false
}

// subNamed looks at a sub-customer's documents and those below it, at most
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
