package invariant

import (
	"slices"
	"time"
)

// edits checks that every edit of a person ends as exactly one of: propagated,
// superseded, put back or left standing, waiting, conflict loser (kept) or
// problem.
func (j *judge) edits() {
	for _, l := range j.Recorded.Links {
		crm, books := j.records[l.crm()], j.records[l.books()]
		if !l.live() || crm == nil || books == nil {
			continue // unlinked records: nothing is promised but that they stand
		}
		for _, f := range fieldsOf(l.Module, l.Part) {
			if f.Way == both && !skipped(l, f, books) {
				c, b := j.values(f, crm, books)
				j.fate(l, f, c, b)
			}
		}
	}
}

// fate follows the last edits of one field on both sides of a pair. Earlier
// ones of the same side were superseded by it.
func (j *judge) fate(l Link, f field, c, b string) {
	mine, theirs := j.persons(l.crm(), f.Name), j.persons(l.books(), f.Path)
	if e, ok := last(mine); ok {
		j.ended(l, f, e, theirs, c, b)
	}
	if e, ok := last(theirs); ok {
		j.ended(l, f, e, mine, c, b)
	}
}

// persons are the edits people meant, without the vendor's own consequences.
func (j *judge) persons(r Ref, fieldKey string) []Edit {
	var out []Edit
	for _, e := range j.edited[editKey{r, fieldKey}] {
		if !e.Echo {
			out = append(out, e)
		}
	}
	return out
}

func last(edits []Edit) (Edit, bool) {
	if len(edits) == 0 {
		return Edit{}, false
	}
	return edits[len(edits)-1], true
}

func (j *judge) ended(l Link, f field, e Edit, other []Edit, c, b string) {
	v := canon(e.New, f.Kind)
	if f.Kind == ref && e.Side == CRM {
		v = j.booksID(v)
	}
	if c == v && b == v {
		return // propagated
	}
	if j.superseded(f, e, other) || j.onRecord(l, f, e, v) || j.firstContactLoss(l, f, e, v) {
		return
	}
	if f.Kind == ref && (j.targetLeft(c, b) || j.echoed(e)) {
		return
	}
	if j.isHeld(l.crm(), l.books()) && (e.Side == CRM && c == v || e.Side == Books && b == v) {
		return // waiting, or a problem, and the value still stands where it was written
	}
	if j.sameSecond(l, e) {
		return // the only loss that is permitted (design section 5, compare-and-set)
	}
	if j.netNothing(l, f, e) {
		return // taken back by the same people before the other side could see it
	}
	if v == "" && f.Kind != ref && j.firstEmpty(l, e) {
		return // never held: an empty value clears only what was there before
	}
	j.broken("edit lost", "%s: %s set %s from %q to %q at %s; at the end it is %q in Zoho CRM and %q in QuickBooks (link %s, made %s)",
		Ref{e.Side, e.Type, e.ID}, j.Log[e.Deed].Action, e.Field, e.Old, e.New, stamp(e.At), c, b, l.ID, stamp(l.Since))
}

// sameSecond tells whether an edit in the CRM fell into the very second of a
// write of ours to the same record: its Modified_Time cannot tell them apart.
func (j *judge) sameSecond(l Link, e Edit) bool {
	if e.Side != CRM {
		return false
	}
	at := e.At.Truncate(time.Second)
	return slices.ContainsFunc(j.CRM.Writes, func(w Write) bool {
		return w.API() && w.Type == l.Module && w.ID == l.CRMID && w.Time.Truncate(time.Second).Equal(at)
	})
}

// echoed tells whether the vendor itself moved the field after the edit, because
// the target was deleted or merged.
func (j *judge) echoed(e Edit) bool {
	all := j.edited[editKey{Ref{e.Side, e.Type, e.ID}, e.Field}]
	return len(all) > 0 && all[len(all)-1].Echo
}

// netNothing tells whether an edit only took back earlier ones of its own side
// that had not reached the other side: between two syncs nothing changed.
func (j *judge) netNothing(l Link, f field, e Edit) bool {
	at, key, to, toKey := l.crm(), f.Name, l.books(), f.Path
	if e.Side == Books {
		at, key, to, toKey = l.books(), f.Path, l.crm(), f.Name
	}
	mine := j.persons(at, key)
	start := e.Old
	for i := len(mine) - 2; i >= 0 && !j.sent(to, toKey, f.Kind, mine[i].New); i-- {
		start = mine[i].Old
	}
	return canon(start, f.Kind) == canon(e.New, f.Kind)
}

// sent tells whether Crossbook ever wrote a value into a field of a record.
func (j *judge) sent(to Ref, key string, k kind, v string) bool {
	writes := j.CRM.Writes
	if to.Side == Books {
		writes = j.Books.Writes
	}
	want := canon(v, k)
	return slices.ContainsFunc(writes, func(w Write) bool {
		return w.API() && w.Type == to.Type && w.ID == to.ID && read(w.Values, key, k) == want
	})
}

// superseded tells whether the other side's last edit came later and
// whoever made it could see this one.
func (j *judge) superseded(f field, e Edit, other []Edit) bool {
	o, ok := last(other)
	if !ok || !o.At.After(e.At) {
		return false
	}
	if canon(o.Old, f.Kind) == canon(e.New, f.Kind) {
		return true
	}
	return slices.ContainsFunc(other, func(x Edit) bool {
		return x.At.After(e.At) && canon(x.Old, f.Kind) == canon(e.New, f.Kind)
	})
}

// onRecord tells whether the value is kept as a conflict's loser or as a
// difference to review.
func (j *judge) onRecord(l Link, f field, e Edit, v string) bool {
	for _, n := range j.lost[l.ID+"/"+f.Name] {
		if n.Undecided || canon(n.Lost, f.Kind) == v {
			return true
		}
	}
	for _, n := range j.noted[l.ID+"/"+f.Name] {
		if e.Side == CRM && canon(n.CRM, f.Kind) == v || e.Side == Books && canon(n.Books, f.Kind) == v {
			return true
		}
	}
	return false
}

// firstContactLoss tells whether the value stood before the two met and the
// owner of the field won; the journal keeps it (P2).
func (j *judge) firstContactLoss(l Link, f field, e Edit, v string) bool {
	if !e.At.Before(l.Since) && !e.At.Before(l.Relinked) && !j.neverAgreed(l, f, e) {
		return false
	}
	for _, row := range j.Recorded.Journal {
		if row.LinkID != l.ID && row.Ref != l.crm() && row.Ref != l.books() {
			continue
		}
		for _, ch := range row.Changes {
			if ch.Field == f.Name && (canon(ch.Old, f.Kind) == v || ch.Old == unlinked(e)) {
				return true
			}
		}
	}
	return false
}

// neverAgreed tells whether an edit came when the two were linked but had not
// met in the field: Crossbook had written it to neither, and the value before
// was not what the other side held.
func (j *judge) neverAgreed(l Link, f field, e Edit) bool {
	written := func(writes []Write, at Ref, key string) bool {
		return slices.ContainsFunc(writes, func(w Write) bool {
			return w.API() && w.Type == at.Type && w.ID == at.ID && w.Time.Before(e.At) && dig(w.Values, key) != nil
		})
	}
	if written(j.CRM.Writes, l.crm(), f.Name) || written(j.Books.Writes, l.books(), f.Path) {
		return false
	}
	other := j.persons(l.crm(), f.Name)
	if e.Side == CRM {
		other = j.persons(l.books(), f.Path)
	}
	held := ""
	for _, o := range other {
		if o.At.Before(e.At) {
			held = canon(o.New, f.Kind)
		}
	}
	return held != canon(e.Old, f.Kind)
}

// unlinked is how a CRM look-up reads whose target has no QuickBooks record.
func unlinked(e Edit) string { return "crm:" + e.New }

// firstEmpty tells whether a field was emptied before the pair met: then the
// other side's value fills it.
func (j *judge) firstEmpty(l Link, e Edit) bool { return e.At.Before(l.Since) }

func stamp(t time.Time) string { return t.UTC().Format("01-02 15:04:05.000") }

// lookups checks that Crossbook empties a look-up in QuickBooks only where a
// person emptied it: that its target was deleted or merged is no edit.
func (j *judge) lookups() {
	for _, w := range j.Books.Writes {
		sent, there := w.Values["PrefVendorRef"]
		if !w.API() || w.Type != "Item" || w.Op != "update" || !there || refID(sent) != "" {
			continue
		}
		meant := slices.ContainsFunc(j.links1[Ref{Books, "Item", w.ID}], func(l Link) bool {
			return slices.ContainsFunc(j.persons(l.crm(), "Vendor_Name"), func(e Edit) bool { return e.New == "" })
		})
		if !meant {
			j.broken("look-up cleared", "Crossbook emptied PrefVendorRef of item %s, which no person did", w.ID)
		}
	}
}
