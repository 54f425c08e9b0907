package engine

import (
	"context"
	"slices"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// pullCRM reads one module's feed: the whole module the first time, afterwards
// what changed and what was deleted since the cursor.
func (t *turn) pullCRM(ctx context.Context, m crossbook.Module) error {
	cursor, began := "crm/"+string(m), t.now()
	since, known, err := t.cursor(ctx, cursor)
	if err != nil {
		return err
	}
	take := func(records []crossbook.Record) error {
		return t.absorb(ctx, records, nil, known)
	}
	var asOf time.Time
	if known {
		asOf, err = t.changedCRM(ctx, m, since, take)
	} else {
		asOf, err = t.sides.CRM.All(ctx, m, take)
	}
	if err != nil {
		return err
	}
	if known {
		_, err = t.sides.CRM.Deleted(ctx, m, since, func(gone []crossbook.Deletion) error {
			return t.absorb(ctx, nil, gone, known)
		})
		if err != nil {
			return err
		}
	}
	t.fresh[CRMFeed(m)], t.askedAt[CRMFeed(m)] = true, began
	if t.ownersMoved {
		t.ownersMoved = false
		if err := t.forgetOwners(ctx); err != nil {
			return err
		}
	}
	return t.moveCursor(ctx, cursor, asOf)
}

// changedCRM reads what changed in a module. Right after a large write much of
// it is our own, which the overlap brings back.
func (t *turn) changedCRM(ctx context.Context, m crossbook.Module, since time.Time, take func([]crossbook.Record) error) (time.Time, error) {
	wrote, ok, err := t.cursor(ctx, cursorWrote(m))
	if err != nil {
		return time.Time{}, err
	}
	return t.sides.CRM.Changed(ctx, m, since, ok && !wrote.Before(since), take)
}

// cursorWrote is when a turn last wrote to more records of a module than one
// page of a list shows, by our clock.
func cursorWrote(m crossbook.Module) string { return "crm/wrote/" + string(m) }

// listPage is how many records a list of the CRM shows at once
// (reference/zoho-crm.md section 4.1).
const listPage = 200

// rememberWrites counts the CRM records that the turn wrote, and remembers when
// they were more than a page of a list.
func (t *turn) rememberWrites(ctx context.Context, tx *store.Tx, rows []store.MirrorRow) error {
	count := map[crossbook.Module]int{}
	for _, row := range rows {
		if m := row.Record.Module(); row.Record.Side == crossbook.CRM && m.TwoWay() {
			count[m]++
		}
	}
	for m, n := range count {
		t.wrote[m] += n
		if t.wrote[m] <= listPage {
			continue
		}
		if err := tx.SetCursor(ctx, t.conn.ID, cursorWrote(m), t.now(), ""); err != nil {
			return err
		}
	}
	return nil
}

// pullBooks reads QuickBooks' change feed, or everything the first time.
func (t *turn) pullBooks(ctx context.Context) error {
	since, known, err := t.cursor(ctx, cursorBooks)
	if err != nil {
		return err
	}
	if !known {
		return t.pullAllBooks(ctx)
	}
	if t.now().Sub(since) > changeFeedReach-time.Hour {
		return t.pullWindows(ctx, feedEntities(), since)
	}
	take := func(records []crossbook.Record, gone []crossbook.Deletion) error {
		return t.absorb(ctx, records, gone, true)
	}
	asOf, full, err := t.sides.Books.Changes(ctx, feedEntities(), since, take)
	if err != nil {
		return err
	}
	var overflowing []crossbook.Entity
	if len(full) > 0 {
		for _, e := range full {
			_, stillFull, err := t.sides.Books.Changes(ctx, []crossbook.Entity{e}, since, take)
			if err != nil {
				return err
			}
			overflowing = append(overflowing, stillFull...)
		}
	}
	if len(overflowing) > 0 {
		if err := t.readWindows(ctx, overflowing, since); err != nil {
			return err
		}
	}
	t.fresh[BooksFeed()] = true
	return t.moveCursor(ctx, cursorBooks, asOf)
}

const (
	cursorBooks = "books"
	// cursorAtLength is when more of QuickBooks was last read than its change
	// feed holds, by our clock.
	cursorAtLength = "books/at length"
)

// justReadAtLength tells whether much of QuickBooks was read a moment ago.
// What was saved in the 5 minutes before overlaps with the next reading, so
// that each turn of a large first sync would read all of it again; the poll
// that is due after 5 minutes, a notification and a person who asks bring the
// news as ever.
func (t *turn) justReadAtLength(ctx context.Context) (bool, error) {
	at, ok, err := t.cursor(ctx, cursorAtLength)
	return ok && t.now().Sub(at) < overlap, err
}

// pullAllBooks is the first reading of a company. Entities read to their end
// are remembered, so that an interrupted reading goes on with the next one; the
// change feed from the very beginning then brings what moved meanwhile.
func (t *turn) pullAllBooks(ctx context.Context) error {
	begun, known, err := t.cursor(ctx, "books/first")
	if err != nil {
		return err
	}
	entities := append(feedEntities(), crossbook.TaxCode, crossbook.TaxRate)
	for _, e := range entities {
		done := "books/first/" + string(e)
		if _, read, err := t.cursor(ctx, done); err != nil || read {
			if err != nil {
				return err
			}
			continue
		}
		asOf, err := t.window(ctx, e, time.Time{}, false)
		if err != nil {
			return err
		}
		if !known {
			begun, known = asOf, true
			if err := t.setCursor(ctx, "books/first", begun); err != nil {
				return err
			}
		}
		if err := t.setCursor(ctx, done, asOf); err != nil {
			return err
		}
	}
	t.fresh[BooksFeed()] = true
	return t.moveCursor(ctx, cursorBooks, begun)
}

// window walks one entity from a time.
func (t *turn) window(ctx context.Context, e crossbook.Entity, from time.Time, known bool) (time.Time, error) {
	done := 0
	asOf, err := t.sides.Books.Window(ctx, e, from, func(records []crossbook.Record) error {
		done += len(records)
		t.e.o.Progress(Progress{Stage: "read", What: crossbook.Books.String() + " " + string(e), Done: done})
		return t.absorb(ctx, records, nil, known)
	})
	if err == nil && done > changeFeedMost {
		err = t.setCursor(ctx, cursorAtLength, t.now())
	}
	return asOf, err
}

// pullWindows replaces the change feed after too long a gap: every entity is
// read by query windows, and records that are gone are found by their absence,
// which is then proven one by one (design section 5, pull).
func (t *turn) pullWindows(ctx context.Context, entities []crossbook.Entity, since time.Time) error {
	asOf := t.now()
	if err := t.readWindows(ctx, entities, since); err != nil {
		return err
	}
	t.fresh[BooksFeed()] = true
	return t.moveCursor(ctx, cursorBooks, asOf)
}

func (t *turn) readWindows(ctx context.Context, entities []crossbook.Entity, since time.Time) error {
	for _, e := range entities {
		if _, err := t.window(ctx, e, since.Add(-overlap), true); err != nil {
			return err
		}
		if err := t.findGone(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// findGone compares the ids we hold of a transaction entity with those the
// company has. Only transactions can vanish (R86); each absent id is confirmed
// by reading it, and again in a later turn, before it counts as deleted.
func (t *turn) findGone(ctx context.Context, e crossbook.Entity) error {
	switch e {
	case crossbook.Estimate, crossbook.Invoice, crossbook.PurchaseOrder, crossbook.Payment, crossbook.CreditMemo:
	default:
		return nil
	}
	there := map[string]bool{}
	_, err := t.sides.Books.Window(ctx, e, time.Time{}, func(records []crossbook.Record) error {
		for _, r := range records {
			there[r.ID] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	var absent []crossbook.Ref
	err = t.view(ctx, func(tx *store.Tx) error {
		after := ""
		for {
			ids, err := tx.MirrorIDs(ctx, t.conn.ID, crossbook.Books, string(e), after, 1000)
			if err != nil || len(ids) == 0 {
				return err
			}
			for _, id := range ids {
				if !there[id] {
					absent = append(absent, crossbook.BooksRef(e, id))
				}
			}
			after = ids[len(ids)-1]
		}
	})
	if err != nil {
		return err
	}
	return t.confirmGone(ctx, absent)
}

func (t *turn) cursor(ctx context.Context, name string) (at time.Time, ok bool, err error) {
	err = t.view(ctx, func(tx *store.Tx) error {
		at, _, ok, err = tx.Cursor(ctx, t.conn.ID, name)
		return err
	})
	return at, ok, err
}

// moveCursor moves a feed's cursor to the vendor's time less the overlap. An
// answer without a time moves nothing: the same is asked again.
func (t *turn) moveCursor(ctx context.Context, name string, asOf time.Time) error {
	if asOf.IsZero() {
		return nil
	}
	return t.setCursor(ctx, name, asOf.Add(-overlap))
}

func (t *turn) setCursor(ctx context.Context, name string, at time.Time) error {
	return t.update(ctx, func(tx *store.Tx) error {
		return tx.SetCursor(ctx, t.conn.ID, name, at, "")
	})
}

// absorb takes one page of a feed into the mirror and marks what changed. Equal
// content marks nothing, whatever the revision says; a changed revision alone
// is only kept for compare-and-set.
func (t *turn) absorb(ctx context.Context, records []crossbook.Record, gone []crossbook.Deletion, known bool) error {
	reason := reasonFeed
	if !known {
		reason = reasonInitial
	}
	rows := make([]store.MirrorRow, 0, len(records))
	refs := make([]crossbook.Ref, 0, len(records))
	for _, r := range records {
		row := t.mirrorRow(r)
		rows = append(rows, row)
		refs = append(refs, r.Ref)
	}
	goneRefs := make([]crossbook.Ref, 0, len(gone))
	for _, g := range gone {
		goneRefs = append(goneRefs, g.Ref)
	}
	return t.update(ctx, func(tx *store.Tx) error {
		before, err := tx.MirrorMany(ctx, t.conn.ID, append(refs, goneRefs...))
		if err != nil {
			return err
		}
		ch := changes{t: t, before: before}
		for i, row := range rows {
			ch.record(refs[i], row)
		}
		for _, g := range gone {
			ch.deletion(g)
		}
		if err := tx.PutMirror(ctx, t.conn.ID, rows); err != nil {
			return err
		}
		for _, g := range ch.gone {
			if err := tx.MarkMirrorDeleted(ctx, t.conn.ID, []crossbook.Ref{g.Ref}, g.At); err != nil {
				return err
			}
		}
		if _, err := t.keepEvidence(ctx, tx, ch.gone); err != nil {
			return err
		}
		touched := ch.dirty
		if err := t.reviveDependents(ctx, tx, touched); err != nil {
			return err
		}
		if len(ch.renamed) > 0 {
			dependents, err := tx.Dependents(ctx, t.conn.ID, ch.renamed)
			if err != nil {
				return err
			}
			touched = append(touched, dependents...)
		}
		if len(ch.handed) > 0 {
			t.ownersMoved = true
			documents, err := t.documentsOf(ctx, tx, ch.handed)
			if err != nil {
				return err
			}
			touched = append(touched, documents...)
		}
		namesakes, err := t.namesakes(ctx, tx, ch.named)
		if err != nil {
			return err
		}
		below, err := t.itemsBelow(ctx, tx, ch.above)
		if err != nil {
			return err
		}
		marks := dirtyRows(slices.Concat(touched, namesakes, below), reason, t)
		return tx.MarkDirty(ctx, t.conn.ID, append(marks, t.noteRows(t.now().Add(stateEdited), ch.states...)...))
	})
}

// mirrorRow makes the row the mirror keeps: without what must never be stored
// (P13), with the canonical hash and the look-up keys.
func (t *turn) mirrorRow(r crossbook.Record) store.MirrorRow {
	if r.Side == crossbook.Books && r.Data != nil {
		r.Data = mapping.Strip(r.Entity(), r.Data)
	}
	return store.MirrorRow{
		Record: r,
		Hash:   contentHash(r),
		Keys:   keysOf(r),
		SeenAt: t.now(),
	}
}
