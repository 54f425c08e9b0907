package engine

import (
	"fmt"
	"slices"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
)

// mostWitnesses is how many documents are asked whether their party or product
// was merged.
const mostWitnesses = 3

// testimony is what the records that belonged to a deleted one say of it by
// where they stand at present: a merge takes all of them to one other record, a
// deletion empties their look-up, and a person may have moved some before.
type testimony struct {
	into    map[string]string // the other record's id -> who says so
	against bool              // one of them went nowhere
}

func (s *testimony) says(witness crossbook.Ref, into string) {
	if s.into == nil {
		s.into = map[string]string{}
	}
	if s.into[into] == "" {
		s.into[into] = fmt.Sprintf("%s moved there", witness)
	}
}

// mergedInto looks for positive evidence that the CRM merged a deleted record
// into another linked one: everything that is asked stands under that one, which
// was changed when the other was deleted or later, as a merge does
// (reference/zoho-crm.md section 13). Where nothing can be asked, the moment and
// the name decide.
func (d *decider) mergedInto(u *unit, l crossbook.Link) (master crossbook.Link, evidence string, ok bool) {
	var s testimony
	d.childrenSay(l, &s)
	d.documentsSay(u, l, &s)
	d.rowsSay(u, l, &s)
	switch {
	case s.against || len(u.wholes) > 0 || len(s.into) > 1:
		return master, "", false
	case len(s.into) == 0:
		return d.sameMoment(l)
	}
	for id, who := range s.into {
		home := d.w.home(crossbook.CRMRef(l.Module, id))
		if home == nil || home.State != crossbook.Linked || !d.changedBy(u, l, *home) {
			return master, "", false
		}
		master, evidence = *home, who
	}
	return master, evidence, true
}

// changedBy tells whether the master of a merge was changed when the loser was
// deleted, or later. It is read for that: the feed may have passed it before.
func (d *decider) changedBy(u *unit, loser, master crossbook.Link) bool {
	gone, known := d.deletedInCRM(loser.CRM())
	if !known || gone.At.IsZero() {
		return true // when is not known
	}
	whole, read := d.t.whole[master.CRM()]
	if !read {
		u.wholes = append(u.wholes, master.CRM())
		return false
	}
	return whole != nil && !whole.Modified.Before(gone.At.Add(-oneMoment))
}

// childrenSay asks the people of an Account and the products of a Vendor.
func (d *decider) childrenSay(l crossbook.Link, s *testimony) {
	children, field := crossbook.Contacts, "Account_Name"
	switch l.Module {
	case crossbook.Accounts:
	case crossbook.Vendors:
		children, field = crossbook.Products, "Vendor_Name"
	default:
		return
	}
	for _, child := range d.childrenAtBase(l, children, field) {
		rec := d.w.living(child.CRM())
		if rec == nil {
			continue
		}
		if now := lookupID(rec.Data, field); now != "" && now != l.CRMID {
			s.says(child.CRM(), now)
		}
	}
}

// documentsSay asks a few documents of a party.
func (d *decider) documentsSay(u *unit, l crossbook.Link, s *testimony) {
	field := map[crossbook.Module]string{crossbook.Accounts: "Account_Name", crossbook.Contacts: "Contact_Name", crossbook.Vendors: "Vendor_Name"}[l.Module]
	if field == "" {
		return
	}
	for _, doc := range d.documentsAtBase(l, field) {
		whole, read := d.t.whole[doc.CRM()]
		if !read {
			u.wholes = append(u.wholes, doc.CRM())
			continue
		}
		if whole == nil {
			continue
		}
		switch now := lookupID(whole.Data, field); now {
		case "", l.CRMID:
			s.against = true
		default:
			s.says(doc.CRM(), now)
		}
	}
}

// rowsSay asks a few documents whose rows showed a product: a merge takes the
// rows along, a deletion leaves them.
func (d *decider) rowsSay(u *unit, l crossbook.Link, s *testimony) {
	if l.Module != crossbook.Products {
		return
	}
	seen := 0
	for _, doc := range d.documentsWith(l) {
		lines, err := document.ParseLines(doc.BaseCRM[document.FieldLines])
		if err != nil || !slices.ContainsFunc(lines, func(row document.Line) bool { return row.ProductID == l.CRMID }) {
			continue
		}
		if seen++; seen > mostWitnesses {
			return
		}
		whole, read := d.t.whole[doc.CRM()]
		if !read {
			u.wholes = append(u.wholes, doc.CRM())
			continue
		}
		if whole != nil {
			d.rowsOf(l, doc.CRM(), lines, rowsOfDocument(whole, doc.Module), s)
		}
	}
}

// rowsOf hears the rows that stand where the lost product stood.
func (d *decider) rowsOf(l crossbook.Link, doc crossbook.Ref, lines []document.Line, rows []map[string]any, s *testimony) {
	if len(rows) != len(lines) {
		return // rows came or went: no telling which is which
	}
	sortRows(rows)
	for i, line := range lines {
		if line.ProductID != l.CRMID {
			continue
		}
		switch now := lookupID(rows[i], "Product_Name"); now {
		case "", l.CRMID:
			s.against = true
		default:
			s.says(doc, now)
		}
	}
}

// documentsAtBase are a few documents that were last written under the record.
func (d *decider) documentsAtBase(l crossbook.Link, field string) []crossbook.Link {
	key := mapping.KeyCustomer
	entities := []crossbook.Entity{crossbook.Invoice, crossbook.Estimate}
	if l.Module == crossbook.Vendors {
		key, entities = mapping.KeyVendor, []crossbook.Entity{crossbook.PurchaseOrder}
	}
	var out []crossbook.Link
	for _, e := range entities {
		for _, r := range d.w.byKey(crossbook.Books, string(e), key, l.BooksID) {
			doc := d.w.homeIn(r, documentModule(e))
			if doc != nil && doc.State == crossbook.Linked && doc.BaseCRM[field] == l.CRMID {
				out = append(out, *doc)
			}
			if len(out) == mostWitnesses {
				return out
			}
		}
	}
	return out
}

// childrenAtBase are the linked children that belonged to the record when the
// sides last agreed: the person of the same customer, and the items that
// prefer the vendor.
func (d *decider) childrenAtBase(l crossbook.Link, children crossbook.Module, field string) []crossbook.Link {
	var out []crossbook.Link
	for _, other := range d.w.links(l.Books()) {
		if other.Module == children {
			out = append(out, other)
		}
	}
	if children == crossbook.Products {
		for _, r := range d.w.byKey(crossbook.Books, string(crossbook.Item), mapping.KeyVendor, l.BooksID) {
			if item := d.w.homeIn(r, crossbook.Products); item != nil && item.BaseCRM[field] == l.BooksID {
				out = append(out, *item)
			}
		}
	}
	return out
}
