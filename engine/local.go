package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/problem"
	"crossbook/store"
)

// localChunk is how many units one transaction settles: with one for each,
// thousands of records that are only left out would take as many syncs of the
// disk.
const localChunk = 200

// applyLocal carries out what the units decided without a vendor. What could
// not be decided yet is asked for first.
func (t *turn) applyLocal(ctx context.Context, units []*unit) error {
	var known []*unit
	for _, u := range units {
		var err error
		switch {
		case len(u.rereads) > 0:
			err = t.askAgain(ctx, u)
		case len(u.wholes) > 0:
			err = t.askWhole(ctx, u)
		case len(u.heads)+len(u.deals) > 0:
			err = t.update(ctx, func(tx *store.Tx) error {
				return t.postponeRows(ctx, tx, u.rows, t.now().Add(time.Minute), "Zoho CRM is asked again later")
			})
		case len(u.gone) > 0:
			err = t.askGone(ctx, u)
		default:
			known = append(known, u)
		}
		if err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(known, localChunk) {
		err := t.update(ctx, func(tx *store.Tx) error {
			for _, u := range chunk {
				if err := t.applyUnit(ctx, tx, u); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// applyUnit carries out one unit's part: links, bases, tombstones, left-out
// records, waits, problems, and the end of rows that have nothing left to do.
func (t *turn) applyUnit(ctx context.Context, tx *store.Tx, u *unit) error {
	local, held := false, false
	for _, op := range errorsLast(u.ops) {
		var err error
		switch op.Kind {
		case crossbook.LinkUp:
			local = true
			err = t.linkUp(ctx, tx, op)
		case crossbook.Rebase:
			err = t.moveBases(ctx, tx, op)
		case crossbook.Unlink:
			local = true
			err = t.unlink(ctx, tx, op)
		case crossbook.Skip:
			t.note(op.Module, "").Skipped++
		case crossbook.Wait:
			held = true
			err = t.hold(ctx, tx, u, op)
		case crossbook.Fail:
			held = true
			t.noteFailure(op.Module, "")
			err = t.putProblem(ctx, tx, u.source(), op.Module, op.Name, *op.Problem, u.rows)
		}
		if err != nil {
			return err
		}
	}
	if held {
		if err := t.clearCured(ctx, tx, u); err != nil {
			return err
		}
	}
	if err := t.keepNotes(ctx, tx, u); err != nil {
		return err
	}
	return t.endRows(ctx, tx, u, local, held)
}

// endRows clears a unit's rows when nothing is left to do for it, and sees to
// it that a unit does not go round for ever.
func (t *turn) endRows(ctx context.Context, tx *store.Tx, u *unit, local, held bool) error {
	t.rounds[u.source()]++
	if u.remote() || held {
		return nil
	}
	if local || u.again {
		if t.rounds[u.source()] < maxRounds {
			return nil
		}
		// Not finished, and not to go round for ever: a later turn looks again.
		return t.postponeRows(ctx, tx, u.rows, t.now().Add(time.Minute), "looked at again later")
	}
	if !u.notBefore.IsZero() {
		return t.postponeRows(ctx, tx, u.rows, u.notBefore, "problem")
	}
	if !u.until.IsZero() {
		return t.postponeRows(ctx, tx, u.rows, u.until, "told later")
	}
	if u.waiting {
		return t.postponeRows(ctx, tx, u.rows, store.Never, "waiting for another record")
	}
	if err := tx.ClearProblemsOf(ctx, t.conn.ID, u.refs()...); err != nil {
		return err
	}
	if err := tx.ClearDirtyMany(ctx, t.conn.ID, u.rows); err != nil {
		return err
	}
	// What waited under the unit's other records waits for nothing any more.
	return tx.Revive(ctx, t.conn.ID, u.refs(), t.now())
}

// maxRounds is how often one record is looked at in one turn.
const maxRounds = 8

func (u *unit) refs() []crossbook.Ref {
	refs := []crossbook.Ref{u.source()}
	for _, r := range u.rows {
		refs = append(refs, r.Ref)
	}
	return refs
}

// linkUp stores a new link or revives a tombstone.
func (t *turn) linkUp(ctx context.Context, tx *store.Tx, op crossbook.Op) error {
	l := op.Link
	l.State = crossbook.Linked
	l.Cause, l.Evidence, l.Since = "", "", time.Time{}
	if l.BaseCRM == nil {
		l.BaseCRM = crossbook.Fields{}
	}
	if l.BaseBooks == nil {
		l.BaseBooks = crossbook.Fields{}
	}
	if op.Link.Cause == causeDeletedInCRM {
		if err := tx.DeleteFact(ctx, t.conn.ID, deletedKey(l.CRM())); err != nil {
			return err
		}
	}
	if err := tx.PutLink(ctx, t.conn.ID, l); err != nil {
		return fmt.Errorf("link %s with %s as %s: %w", l.CRM(), l.Books(), l.Part, err)
	}
	refs := []crossbook.Ref{l.CRM(), l.Books()}
	if err := tx.ClearLeftOut(ctx, t.conn.ID, refs...); err != nil {
		return err
	}
	if err := tx.ClearProblemsOf(ctx, t.conn.ID, refs...); err != nil {
		return err
	}
	t.count("linked", 1)
	t.note(op.Module, "").Linked++
	if err := t.journalLocal(ctx, tx, op); err != nil {
		return err
	}
	if err := t.treeChanged(ctx, tx, l); err != nil {
		return err
	}
	return t.reviveDependents(ctx, tx, refs)
}

// moveBases stores bases that moved without a write.
func (t *turn) moveBases(ctx context.Context, tx *store.Tx, op crossbook.Op) error {
	l, err := tx.Link(ctx, t.conn.ID, op.Link.ID)
	if err != nil {
		return err
	}
	l.BaseCRM, l.BaseBooks = l.BaseCRM.Clone(), l.BaseBooks.Clone()
	if l.BaseCRM == nil {
		l.BaseCRM = crossbook.Fields{}
	}
	if l.BaseBooks == nil {
		l.BaseBooks = crossbook.Fields{}
	}
	maps.Copy(l.BaseCRM, op.BaseCRM)
	maps.Copy(l.BaseBooks, op.BaseBooks)
	return tx.PutLink(ctx, t.conn.ID, l)
}

// unlink leaves a tombstone (P8).
func (t *turn) unlink(ctx context.Context, tx *store.Tx, op crossbook.Op) error {
	l, err := tx.Link(ctx, t.conn.ID, op.Link.ID)
	if err != nil {
		return err
	}
	l.State = op.Link.State
	l.Kind = op.Link.Kind
	l.CRMID = op.Link.CRMID
	l.BooksID = op.Link.BooksID
	l.Cause, l.Evidence, l.Since = op.Link.Cause, op.Link.Evidence, t.now()
	if l.Kind == crossbook.Alias {
		l.BaseCRM, l.BaseBooks = nil, nil // fields of an alias do not travel (P6)
	}
	if err := tx.PutLink(ctx, t.conn.ID, l); err != nil {
		return err
	}
	if l.State == crossbook.Tombstone {
		err := tx.PutLeftOut(ctx, t.conn.ID, store.LeftOut{
			Ref: l.Books(), Module: l.Module, Name: op.Name, Code: leftOutCode(l), Reason: op.Why, Since: t.now(),
		})
		if err != nil {
			return err
		}
	}
	t.count("unlinked", 1)
	if err := t.remember(ctx, tx, op); err != nil {
		return err
	}
	if err := t.treeChanged(ctx, tx, l); err != nil {
		return err
	}
	t.note(op.Module, "").LeftOut++
	return t.journalLocal(ctx, tx, op)
}

// leftOutCode groups tombstones by their cause.
func leftOutCode(l crossbook.Link) string {
	if l.Cause == causeMergedInBooks {
		return "merged-in-quickbooks"
	}
	return codeDeletedInCRM
}

// journalLocal writes down a link made or undone.
func (t *turn) journalLocal(ctx context.Context, tx *store.Tx, op crossbook.Op) error {
	return tx.AppendJournal(ctx, t.conn.ID, store.JournalRow{
		At: t.now(), Turn: t.id, Run: t.run, Ref: op.Link.Books(), LinkID: op.Link.ID, Op: op.Kind,
		Name: op.Name, Why: op.Why, Actor: t.actor(),
	})
}

// hold sets a unit aside until what it waits for happens.
func (t *turn) hold(ctx context.Context, tx *store.Tx, u *unit, op crossbook.Op) error {
	if op.Problem != nil {
		return t.putProblem(ctx, tx, u.source(), op.Module, op.Name, *op.Problem, u.rows)
	}
	if err := tx.SetDependencies(ctx, t.conn.ID, u.source(), append(u.dependsOn, op.WaitFor...)); err != nil {
		return err
	}
	came, err := t.came(ctx, tx, op.WaitFor)
	if err != nil || came && t.rounds[u.source()] < maxRounds {
		return err // it came earlier in this pass: look again in the next one
	}
	if err := t.noteTrouble(ctx, tx, u.source(), op.Module); err != nil {
		return err
	}
	return t.postponeRows(ctx, tx, u.rows, store.Never, op.Why)
}

// came tells whether a record that was waited for is linked or left out: nothing
// more is to be waited for.
func (t *turn) came(ctx context.Context, tx *store.Tx, refs []crossbook.Ref) (bool, error) {
	for _, r := range refs {
		links, err := tx.LinksByCRM(ctx, t.conn.ID, r.Module(), r.ID)
		if r.Side == crossbook.Books {
			links, err = tx.LinksByBooks(ctx, t.conn.ID, r.Entity(), r.ID)
		}
		if err != nil || len(links) > 0 {
			return err == nil, err
		}
	}
	out, err := tx.LeftOutMany(ctx, t.conn.ID, refs)
	return len(out) > 0, err
}

// keepNotes stores what deciding found besides operations.
func (t *turn) keepNotes(ctx context.Context, tx *store.Tx, u *unit) error {
	if len(u.leftOut) > 0 {
		if err := tx.PutLeftOut(ctx, t.conn.ID, u.leftOut...); err != nil {
			return err
		}
		refs := make([]crossbook.Ref, len(u.leftOut))
		for i, lo := range u.leftOut {
			refs[i] = lo.Ref
		}
		if err := t.reviveDependents(ctx, tx, refs); err != nil { // what waits for it need not
			return err
		}
	}
	if len(u.differences) > 0 {
		if err := tx.PutDifference(ctx, t.conn.ID, u.differences...); err != nil {
			return err
		}
	}
	for _, s := range u.settled {
		if err := tx.ClearDifference(ctx, t.conn.ID, s.link, s.field); err != nil {
			return err
		}
	}
	if err := t.keepConflicts(ctx, tx, u.conflicts); err != nil {
		return err
	}
	if len(u.dependsOn) > 0 {
		if err := tx.SetDependencies(ctx, t.conn.ID, u.source(), u.dependsOn); err != nil {
			return err
		}
	}
	if err := t.keepMerges(ctx, tx, u.merges); err != nil {
		return err
	}
	if err := t.tellOfOwners(ctx, tx, u.leftOwners); err != nil {
		return err
	}
	if err := tx.MarkDirty(ctx, t.conn.ID, u.notes); err != nil {
		return err
	}
	for _, id := range u.agreed {
		if err := tx.DeleteFact(ctx, t.conn.ID, factAgree+id); err != nil {
			return err
		}
	}
	if len(u.needs) == 0 {
		return nil
	}
	return tx.MarkDirty(ctx, t.conn.ID, dirtyRows(u.needs, t.neededReason(u), t))
}

// keepConflicts stores the values that lost, where a person can see and restore
// them: in the list of conflicts and in the record's history (R73).
func (t *turn) keepConflicts(ctx context.Context, tx *store.Tx, conflicts []store.Conflict) error {
	if len(conflicts) == 0 {
		return nil
	}
	if err := tx.PutConflict(ctx, t.conn.ID, conflicts...); err != nil {
		return err
	}
	rows := make([]store.JournalRow, 0, len(conflicts))
	for _, c := range conflicts {
		l, err := tx.Link(ctx, t.conn.ID, c.LinkID)
		if err != nil {
			return err
		}
		rows = append(rows, store.JournalRow{
			At: t.now(), Turn: t.id, Run: t.run, Ref: l.Books(), LinkID: l.ID, Op: crossbook.Lose, Name: c.Name, Actor: t.actor(),
			Changes: []crossbook.Change{{Field: c.Field, Old: c.Lost, New: c.Won, Why: "changed on both sides"}},
			Why:     fmt.Sprintf("both sides changed %s: %s won, the value of %s is kept here", c.Field, c.Winner, c.LostSide),
		})
	}
	return tx.AppendJournal(ctx, t.conn.ID, rows...)
}

// neededReason keeps the origin of the unit that needs a record, so that what
// a first sync brings in fires no automation.
func (t *turn) neededReason(u *unit) string {
	if u.trigger {
		return reasonFeed
	}
	return reasonNeeded
}

// origin is the part of a dirty row's reason that says where it came from.
func origin(reason string) string {
	head, _, _ := strings.Cut(reason, ": ")
	return head
}

// adopt links a create that met our own id, or an exact match, on an existing
// record: DUPLICATE_DATA names the winner (design section 5, idempotent
// creates), and so does a look for the id.
func (t *turn) adopt(ctx context.Context, a adoption) error {
	records, err := t.sides.CRM.Read(ctx, a.existing.Module(), []string{a.existing.ID})
	if err != nil {
		return err
	}
	if err := t.absorb(ctx, records, nil, true); err != nil {
		return err
	}
	ours := len(records) == 1 && text(records[0].Data[mapping.FieldID]) == a.op.Link.BooksID
	return t.update(ctx, func(tx *store.Tx) error {
		rows := t.rowsNow(ctx, tx, a.op.Source)
		if !ours {
			if a.elsewhere {
				return nil // the problem that was recorded stands
			}
			return t.postponeRows(ctx, tx, rows, t.now().Add(time.Minute), "the record with its id was not found; asked again")
		}
		links, err := tx.LinksByCRM(ctx, t.conn.ID, a.existing.Module(), a.existing.ID)
		if err != nil {
			return err
		}
		for _, l := range links {
			if l.Kind != crossbook.Home {
				continue
			}
			d := decider{t: t}
			p := problem.IDTaken(recordName(&records[0]), d.about(a.op.Module, a.op.Link.Entity, a.op.Name))
			return t.putProblem(ctx, tx, a.op.Source, a.op.Module, a.op.Name, p, rows)
		}
		l := a.op.Link
		l.CRMID, l.Kind = a.existing.ID, crossbook.Home
		l.BaseCRM, l.BaseBooks = nil, nil
		op := crossbook.Op{Kind: crossbook.LinkUp, Module: l.Module, Link: l, Name: a.op.Name, Why: "the record carries our id"}
		if err := t.linkUp(ctx, tx, op); err != nil {
			return err
		}
		return tx.MarkDirty(ctx, t.conn.ID, dirtyRows([]crossbook.Ref{a.op.Source}, reasonResync, t))
	})
}
