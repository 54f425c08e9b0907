package invariant

import "slices"

// pairs checks that linked pairs agree, field by field, where nothing is on
// record, and that no value appears that nobody wrote.
func (j *judge) pairs() {
	for _, l := range j.Recorded.Links {
		crm, books := j.records[l.crm()], j.records[l.books()]
		if !l.live() || crm == nil || books == nil {
			continue
		}
		for _, f := range fieldsOf(l.Module, l.Part) {
			if f.Name == "QuickBooks_Balance" && l.Module != "Vendors" {
				continue
			}
			j.pair(l, f, crm, books)
		}
	}
}

func (j *judge) pair(l Link, f field, crm, books Record) {
	c, b := j.values(f, crm, books)
	if skipped(l, f, books) {
		return
	}
	switch f.Way {
	case both:
		if c != b && !j.mayDiffer(l, f, c, b) {
			j.broken("pair out of step", "%s %s: %s is %q in Zoho CRM and %s is %q in QuickBooks (link %s)", l.crm(), l.books(), f.Name, c, f.Path, b, l.ID)
		}
		if c == b {
			j.written(l, f, c)
		}
	case shown:
		if c != b && !j.isHeld(l.crm(), l.books()) {
			j.broken("shown value out of step", "%s %s: %s is %q in Zoho CRM and %s is %q in QuickBooks", l.crm(), l.books(), f.Name, c, f.Path, b)
		}
	case fill:
		j.filled(l, f, c, b)
	}
}

// values are both sides of a field, look-ups in QuickBooks ids.
func (j *judge) values(f field, crm, books Record) (c, b string) {
	k := f.Kind
	if k == active {
		k = text
	}
	c, b = read(crm, f.Name, k), read(books, f.Path, f.Kind)
	if f.Kind == ref {
		c = j.booksID(c)
	}
	return c, b
}

// booksID turns a CRM look-up into the QuickBooks id it stands for.
func (j *judge) booksID(crmID string) string {
	if crmID == "" {
		return ""
	}
	for _, l := range j.links1[Ref{CRM, pointsAt, crmID}] {
		if !l.Alias {
			return l.BooksID
		}
	}
	return "unlinked " + crmID
}

// pointsAt is the module look-ups point at: products name their vendor.
const pointsAt = "Vendors"

// skipped are fields that mean nothing on a record.
func skipped(l Link, f field, books Record) bool {
	if l.Module == "Products" {
		inventory := plain(books["Type"]) == "Inventory"
		switch f.Name {
		case "Qty_in_Stock", "Reorder_Level":
			return !inventory
		}
	}
	return false
}

// mayDiffer tells whether a difference is on record, or follows a rule that
// keeps the two apart.
func (j *judge) mayDiffer(l Link, f field, c, b string) bool {
	for _, n := range j.noted[l.ID+"/"+f.Name] {
		if canon(n.CRM, f.Kind) == c && canon(n.Books, f.Kind) == b || f.Kind == ref {
			return true
		}
	}
	for _, n := range j.lost[l.ID+"/"+f.Name] {
		if n.Undecided {
			return true
		}
	}
	if f.Kind == ref && j.targetLeft(c, b) {
		return true
	}
	return j.isHeld(l.crm(), l.books())
}

// targetLeft tells whether a look-up's target was deleted, merged or is not
// linked: then the look-ups may differ, for the loss of a target is no edit.
func (j *judge) targetLeft(c, b string) bool {
	for _, id := range []string{c, b} {
		if id == "" {
			continue
		}
		links := j.links1[Ref{Books, "Vendor", id}]
		if len(links) == 0 || slices.ContainsFunc(links, func(l Link) bool { return l.Gone || l.Alias }) {
			return true
		}
		for ref := range j.deleted {
			if ref.Side == CRM && ref.Type == "Vendors" && slices.ContainsFunc(links, func(l Link) bool { return l.CRMID == ref.ID }) {
				return true
			}
		}
		if slices.ContainsFunc(links, func(l Link) bool { return j.onceDeleted(l.crm()) }) {
			return true
		}
	}
	return false
}

// onceDeleted tells whether a person ever deleted a record, restored or not.
func (j *judge) onceDeleted(r Ref) bool {
	return slices.ContainsFunc(j.Log, func(d Deed) bool {
		return d.Action == "delete" && Ref{d.Side, d.Type, d.ID} == r
	})
}

// written checks that somebody wrote a value both sides hold.
func (j *judge) written(l Link, f field, v string) {
	crm, books := j.edited[editKey{l.crm(), f.Name}], j.edited[editKey{l.books(), f.Path}]
	if f.Kind == ref || l.Module == "Products" && f.Name == "QuickBooks_type" {
		return // judged by edits
	}
	if v == "" && len(crm)+len(books) == 0 {
		return
	}
	for _, e := range slices.Concat(crm, books) {
		if canon(e.New, f.Kind) == v {
			if f.Kind == site {
				j.verbatim(l, f, crm, books)
			}
			return
		}
	}
	if v == "" && (neverFilled(crm) && neverFilled(books) || len(j.lost[l.ID+"/"+f.Name]) > 0) {
		return // never held, or lost to the empty field of a unit that won a conflict
	}
	if f.Kind == name || f.Name == "Last_Name" || f.Name == "First_Name" {
		return // composed names are judged by edits
	}
	j.broken("value nobody wrote", "%s %s: both sides hold %s = %q, which no person wrote", l.crm(), l.books(), f.Name, v)
}

func neverFilled(edits []Edit) bool {
	return !slices.ContainsFunc(edits, func(e Edit) bool { return e.New != "" })
}

// filled checks P5: what a person holds as e-mail is never written over.
func (j *judge) filled(l Link, f field, c, b string) {
	if b != "" && c == "" && !j.isHeld(l.crm(), l.books()) && neverFilled(j.edited[editKey{l.crm(), f.Name}]) {
		j.broken("empty e-mail not filled", "%s is empty though %s holds %q", l.crm(), l.books(), b)
	}
}

// verbatim checks that what QuickBooks makes of a value it was sent does not
// come back to the CRM as if somebody had written it.
func (j *judge) verbatim(l Link, f field, crm, books []Edit) {
	now := read(j.records[l.crm()], f.Name, text)
	for _, e := range slices.Concat(crm, books) {
		if e.New == now {
			return
		}
	}
	j.broken("value nobody wrote", "%s holds %s = %q as QuickBooks wrote it, which no person did", l.crm(), f.Name, now)
}
