package engine

import (
	"slices"

	"crossbook"
	"crossbook/mapping"
	"crossbook/merge"
	"crossbook/store"
)

// linked decides a pair that has a link: merge both sides against their bases
// and write what the merge says.
func (d *decider) linked(u *unit, l crossbook.Link) {
	if l.State == crossbook.Tombstone {
		d.tombstone(u, l)
		return
	}
	crm, books := d.w.record(l.CRM()), d.w.record(l.Books())
	switch {
	case isPlanned(l.CRMID) || isPlanned(l.BooksID):
		return // a preview: there is nothing to compare yet
	case crm == nil:
		u.rereads = append(u.rereads, l.CRM())
		return
	case books == nil:
		u.rereads = append(u.rereads, l.Books())
		return
	case crm.Deleted:
		d.crmGone(u, l)
		return
	}
	if survivor := d.mergedAway(books); survivor != "" {
		d.mergedInBooks(u, l, survivor)
		return
	}
	p := d.pairOf(l, crm, books)
	if fault := d.currencyOf(p); fault != nil {
		d.fail(u, l.Module, p.name, *fault)
		return
	}
	if d.agreed(u, p) {
		return
	}
	if d.movedInCRM(u, &p) || d.otherAccount(u, &p) {
		return
	}
	res := merge.Merge(p.input(d))
	d.notes(u, p, res)
	if len(res.Held) > 0 {
		if u.proposed == nil {
			u.proposed = map[string]bool{}
		}
		u.proposed[l.ID] = true
	}
	toCRM, held := d.withoutMissing(u, p, res.ToCRM)
	toBooks := d.sendable(u, p, res.ToBooks)
	if d.awaitTarget(u, p, toBooks) {
		return
	}
	if len(toCRM)+len(toBooks) > 0 && d.held(u, l.Module, p.name) {
		return
	}
	d.rebase(u, p, res, toCRM, toBooks, held)
	d.writeCRM(u, p, res, toCRM)
	if quantity, rest := splitQuantity(toBooks); len(rest) > 0 {
		d.writeBooks(u, p, res, rest)
	} else if len(quantity) > 0 {
		d.writeQuantity(u, p, res, quantity)
	}
	d.clearAsOf(u, p, toBooks)
}

// mergedAway is the survivor of a QuickBooks record that was merged: such a
// record is inactive from then on.
func (d *decider) mergedAway(books *crossbook.Record) string {
	if text(books.Data["Active"]) != "false" {
		return ""
	}
	return d.survivor(books.Ref)
}

// agreed takes the present values of both sides as agreed where a person
// resumed without catching up (R111).
func (d *decider) agreed(u *unit, p pair) bool {
	var agree bool
	d.w.fail(readFact(d.w.ctx, d.w.tx, d.w.conn, factAgree+p.link.ID, &agree))
	if !agree {
		return false
	}
	u.agreed = append(u.agreed, p.link.ID)
	u.add(crossbook.Op{
		Kind: crossbook.Rebase, Module: p.link.Module, Link: p.link, Name: p.name,
		BaseCRM: p.fromCRM.Fields, BaseBooks: p.fromQB.Fields, Why: "resumed without catching up",
	})
	return true
}

// awaitTarget holds an edit of a look-up until the feed of its target module was
// read after the edit was seen: a look-up that was emptied because its target
// was deleted or merged looks like an edit as long as nobody has heard of the
// deletion, which may have come after an earlier look at that feed in this turn.
func (d *decider) awaitTarget(u *unit, p pair, toBooks []crossbook.Change) bool {
	for _, c := range toBooks {
		pr, ok := d.t.mapping.Pair(p.link.Module, c.Field)
		if !ok || pr.Target == "" || c.Old == "" {
			continue
		}
		feed, key := CRMFeed(pr.Target), edited{p.link.CRM(), c.Field}
		seen, known := d.t.edits[key]
		if !known {
			d.t.edits[key] = d.now
		}
		if known && d.t.askedAt[feed].After(seen) {
			continue
		}
		u.needs = append(u.needs, feed)
		u.again = true
		return true
	}
	return false
}

// notes keeps what the merge found for people to see.
func (d *decider) notes(u *unit, p pair, res merge.Result) {
	for _, f := range res.Differences {
		u.differences = append(u.differences, store.Difference{
			LinkID: p.link.ID, Module: p.link.Module, CRM: p.link.CRM(), Books: p.link.Books(), Name: p.name,
			Field: f.Field, CRMValue: f.CRM, BooksValue: f.Books, At: d.now,
		})
	}
	for _, c := range res.Conflicts {
		u.conflicts = append(u.conflicts, store.Conflict{
			LinkID: p.link.ID, Module: p.link.Module, Name: p.name, Field: c.Field,
			Winner: c.Winner, Won: won(c), Lost: c.Lost, LostSide: c.Loser, At: d.now,
		})
	}
	for _, c := range slices.Concat(res.ToCRM, res.ToBooks) {
		u.settled = append(u.settled, settledField{p.link.ID, c.Field})
	}
}

// won is the value that won a conflict.
func won(c merge.Conflict) string {
	if c.Winner == crossbook.CRM {
		return c.CRM
	}
	return c.Books
}

// withoutMissing drops changes whose reference has no CRM record yet and asks
// for that record; the rest goes on.
func (d *decider) withoutMissing(u *unit, p pair, changes []crossbook.Change) (send []crossbook.Change, held map[string]bool) {
	held = map[string]bool{}
	for _, c := range changes {
		missing, ok := missingField(p.fromQB, c.Field)
		if !ok {
			send = append(send, c)
			continue
		}
		held[c.Field], u.waiting = true, true
		u.needs = append(u.needs, missing)
		u.dependsOn = append(u.dependsOn, missing)
	}
	return send, held
}

func missingField(p mapping.Projection, field string) (crossbook.Ref, bool) {
	for _, m := range p.Missing {
		if m.Field == field {
			return m.Ref, true
		}
	}
	return crossbook.Ref{}, false
}

// rebase moves the bases of fields that need no write.
func (d *decider) rebase(u *unit, p pair, res merge.Result, toCRM, toBooks []crossbook.Change, held map[string]bool) {
	writing := map[string]bool{}
	for _, c := range slices.Concat(res.ToCRM, res.ToBooks, toCRM, toBooks) {
		writing[c.Field] = true
	}
	stored := d.storedBase(p.link)
	crm, books := crossbook.Fields{}, crossbook.Fields{}
	for f, v := range res.BaseCRM {
		if old, ok := stored.BaseCRM[f]; !writing[f] && !held[f] && (!ok || old != v) {
			crm[f] = v
		}
	}
	for f, v := range res.BaseBooks {
		if old, ok := stored.BaseBooks[f]; !writing[f] && !held[f] && (!ok || old != v) {
			books[f] = v
		}
	}
	if stored.BaseCRM[keyOtherPerson] != "" && !d.names(p, slices.Concat(res.ToBooks, res.Held)) {
		crm[keyOtherPerson] = "" // the customer bears the name already
	}
	if p.account != nil {
		crm[keyAccount] = *p.account
	}
	if len(crm)+len(books) == 0 {
		return
	}
	u.add(crossbook.Op{
		Kind: crossbook.Rebase, Module: p.link.Module, Link: p.link, Name: p.name,
		BaseCRM: crm, BaseBooks: books, Why: "both sides agree",
	})
}

// storedBase is the link as the store has it, before absorption.
func (d *decider) storedBase(l crossbook.Link) crossbook.Link {
	for _, s := range d.w.links(l.Books()) {
		if s.ID == l.ID {
			return s
		}
	}
	return l
}
