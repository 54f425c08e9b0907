package main

import "strings"

// forbiddenWrites: the program writes customers, vendors and items, nothing
// else, and deletes nothing in either system.
func (c *court) forbiddenWrites(v *verdict) {
	for _, w := range c.books.Writes {
		if !w.program() {
			continue
		}
		if !lists[w.Type] {
			v.find(forbidden, "the program wrote %s %s in QuickBooks (%s)", w.Type, w.ID, w.Op)
		} else if w.Op != "create" && w.Op != "update" {
			v.find(forbidden, "the program did %q to %s %s in QuickBooks", w.Op, w.Type, w.ID)
		}
	}
	for _, w := range c.zoho.Writes {
		if w.program() && w.Op != "create" && w.Op != "update" {
			v.find(forbidden, "the program did %q to %s %s in Zoho CRM", w.Op, w.Type, w.ID)
		}
	}
}

// totals: a document of the CRM comes to what QuickBooks says, to the cent.
func (c *court) totals(v *verdict) {
	for _, p := range pairings {
		if !p.document {
			continue
		}
		for id, records := range c.shown[p.module] {
			doc := c.booksByID[p.entity][id]
			if doc == nil {
				if !gone(c.books, p.entity, id) {
					v.find(stranger, "%s %s stands for %s %s, which QuickBooks does not have and never deleted", p.module, at(records[0], "id"), p.entity, id)
				}
				continue
			}
			if got, want := at(records[0], grandTotal), at(doc, totalAmt); !same(got, want) {
				v.find(differs, "%s %s comes to %s in Zoho CRM and to %s in QuickBooks", p.entity, name(doc), got, want)
			}
		}
	}
}

// figures: what only QuickBooks writes is what QuickBooks says.
func (c *court) figures(v *verdict) {
	// The winner of a merge in the CRM shows the sum of several customers; the
	// loser of one in QuickBooks is nobody's any more.
	sums := map[string]bool{}
	for _, w := range c.zoho.Writes {
		if w.Op == "merge" {
			sums[at(w.Values, "into")] = true
		}
	}
	for _, p := range pairings {
		for id, records := range c.shown[p.module] {
			from := c.booksByID[p.entity][id]
			_, merged := c.books.Merged[p.entity+":"+id]
			if from == nil || merged || sums[at(records[0], "id")] || at(records[0], "Locked__s") == "true" {
				continue // nothing can be written to a locked record
			}
			for _, f := range p.fields {
				want := at(from, f.books)
				if !f.figure || want == "" {
					continue
				}
				if got := at(records[0], f.crm); !same(got, want) {
					v.find(differs, "%s of %s %s (%s) is %q in Zoho CRM; QuickBooks says %q", f.crm, p.module, at(records[0], "id"), name(from), got, want)
				}
			}
		}
	}
}

// name is what people call a QuickBooks record.
func name(o object) string {
	for _, key := range []string{"DocNumber", "DisplayName", "Name"} {
		if n := at(o, key); n != "" {
			return n
		}
	}
	return strings.TrimSpace("no name, id " + at(o, "Id"))
}
