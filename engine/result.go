package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// finish takes the outcome of one call into the store: links, bases, journal,
// problems, all in one transaction under the fence. Pending are the units the
// operations belong to; nil in recovery.
func (t *turn) finish(ctx context.Context, r crossbook.Request, ops []crossbook.Op, outcomes []crossbook.Outcome, sendErr error, pending map[crossbook.Ref]*unit) error {
	var whole *crossbook.Failure
	if sendErr != nil && !errors.As(sendErr, &whole) {
		whole = &crossbook.Failure{Kind: crossbook.FailUnknown, Err: sendErr}
	}
	if whole != nil {
		return t.callFailed(ctx, r, ops, whole, pending)
	}
	byKey := map[string]crossbook.Outcome{}
	for _, o := range outcomes {
		byKey[o.Key] = o
	}
	var after followUps
	err := t.update(ctx, func(tx *store.Tx) error {
		after = followUps{}
		if err := tx.CloseRequest(ctx, t.conn.ID, r.ID, store.RequestDone, t.now()); err != nil {
			return err
		}
		s := settled{world: t.placesOf(ctx, tx, r, ops, byKey)}
		var done []crossbook.Op
		for i, op := range ops {
			o, ok := byKey[r.Writes[i].Key]
			if !ok {
				o.Failure = &crossbook.Failure{Kind: crossbook.FailRetry, Err: fmt.Errorf("the answer does not mention write %s", r.Writes[i].Key)}
			}
			var err error
			if o.Failure != nil {
				t.count("failed "+string(op.Side), 1)
				if o.Failure.Kind != failNoEffect {
					t.noteFailure(op.Module, op.Side)
				}
				err = t.opFailed(ctx, tx, op, o.Failure, pending[op.Source], &after)
			} else {
				t.count(string(op.Kind)+" "+string(op.Side), 1)
				t.noteWrite(op)
				done = append(done, op)
				err = t.succeeded(ctx, tx, r, op, o, pending, &s)
			}
			if err != nil {
				return err
			}
		}
		if err := t.remember(ctx, tx, done...); err != nil {
			return err
		}
		if isReadBack(r, ops) && len(s.journal) > 0 {
			s.dirty = append(s.dirty, t.owesReadBack(ops[0].Module, r.ID))
			if err := t.owe(ctx, tx, r.ID, s.links); err != nil {
				return err
			}
		}
		after.reread = append(after.reread, s.reread...)
		if err := t.clearPart(ctx, tx, ops, byKey, r, pending); err != nil {
			return err
		}
		s.refs = slices.DeleteFunc(s.refs, func(r crossbook.Ref) bool { return pending[r].troubled() })
		return t.store(ctx, tx, s)
	})
	if err != nil {
		return err
	}
	t.e.o.Step("result stored")
	return t.follow(ctx, after)
}

// clearPart removes the problem of the part of a customer that was written while
// its other part stays in trouble.
func (t *turn) clearPart(ctx context.Context, tx *store.Tx, ops []crossbook.Op, byKey map[string]crossbook.Outcome, r crossbook.Request, pending map[crossbook.Ref]*unit) error {
	for i, op := range ops {
		u := pending[op.Source]
		o, answered := byKey[r.Writes[i].Key]
		if !answered || o.Failure != nil || !u.troubled() || op.Source.Side != crossbook.Books ||
			slices.ContainsFunc(u.ops, func(other crossbook.Op) bool { return other.Module == op.Module && other.Problem != nil }) {
			continue
		}
		if _, err := tx.ClearProblem(ctx, t.conn.ID, problemKey(op.Source, op.Module)); err != nil {
			return err
		}
	}
	return nil
}

// settled gathers what the successful writes of a call made true, so that it is
// stored in a few statements.
type settled struct {
	world   *world // the links there were before the call
	links   []crossbook.Link
	journal []store.JournalRow
	mirror  []store.MirrorRow
	clear   []store.Dirty    // rows with nothing left to do
	dirty   []store.Dirty    // records to look at again
	refs    []crossbook.Ref  // records that are no trouble any more
	joined  []crossbook.Link // pairs that are new
	created []crossbook.Ref  // records others may have waited for
	reread  []crossbook.Ref  // records to read afresh before they are decided
}

// store writes what was gathered.
func (t *turn) store(ctx context.Context, tx *store.Tx, s settled) error {
	if len(s.journal) == 0 {
		return nil
	}
	if err := tx.PutLink(ctx, t.conn.ID, s.links...); err != nil {
		return fmt.Errorf("keep %d links: %w", len(s.links), err)
	}
	if err := tx.AppendJournal(ctx, t.conn.ID, s.journal...); err != nil {
		return err
	}
	if err := tx.PutMirror(ctx, t.conn.ID, s.mirror); err != nil {
		return err
	}
	if err := t.rememberWrites(ctx, tx, s.mirror); err != nil {
		return err
	}
	if err := tx.ClearProblemsOf(ctx, t.conn.ID, s.refs...); err != nil {
		return err
	}
	if err := tx.ClearLeftOut(ctx, t.conn.ID, s.refs...); err != nil {
		return err
	}
	for _, l := range s.joined {
		if err := t.treeChanged(ctx, tx, l); err != nil {
			return err
		}
	}
	if err := t.reviveDependents(ctx, tx, s.created); err != nil {
		return err
	}
	if err := tx.MarkDirty(ctx, t.conn.ID, s.dirty); err != nil {
		return err
	}
	return tx.ClearDirtyMany(ctx, t.conn.ID, s.clear)
}

// followUps are what an outcome asks for beyond its own transaction.
type followUps struct {
	reread []crossbook.Ref
	gone   []crossbook.Ref
	adopt  []adoption
	users  bool // somebody who left was named as an owner
	block  map[crossbook.Side]time.Time
}

type adoption struct {
	op       crossbook.Op
	existing crossbook.Ref
	// elsewhere tells that another field than the id was taken, for which a
	// problem stands.
	elsewhere bool
}

func (t *turn) follow(ctx context.Context, f followUps) error {
	for s, until := range f.block {
		t.block(s, until, s.String()+" asked us to wait")
	}
	for _, ref := range f.reread {
		if err := t.reread(ctx, ref); err != nil {
			if err := t.sideFailed(ctx, ref.Side, err, nil); err != nil {
				return err
			}
		}
	}
	if f.users && !t.usersRead {
		if err := t.lookAtUsers(ctx); err != nil {
			return t.sideFailed(ctx, crossbook.CRM, err, nil)
		}
	}
	if err := t.confirmGone(ctx, f.gone); err != nil {
		return t.sideFailed(ctx, crossbook.CRM, err, nil)
	}
	for _, a := range f.adopt {
		if err := t.adopt(ctx, a); err != nil {
			return t.sideFailed(ctx, a.existing.Side, err, nil)
		}
	}
	return nil
}

// succeeded gathers what a successful write made true: the link with its new
// bases, the mirror, the journal.
func (t *turn) succeeded(ctx context.Context, tx *store.Tx, r crossbook.Request, op crossbook.Op, o crossbook.Outcome, pending map[crossbook.Ref]*unit, s *settled) error {
	if op.Note {
		return t.noteWritten(ctx, tx, r, op, o, pending, s)
	}
	for _, each := range append([]crossbook.Op{op}, op.With...) {
		l, err := t.keepPromise(ctx, tx, each, o, pending == nil)
		if err != nil {
			return err
		}
		free := true
		if each.Kind == crossbook.Create {
			if free, err = placesFree(s.world, l); err != nil {
				return err
			}
		}
		if !free {
			// Linked otherwise while the call was on its way: that link stands, and
			// both records are looked at again.
			t.e.o.Logger.Warn("a record was linked otherwise meanwhile", "connection", t.conn.ID, "module", l.Module)
			s.dirty = append(s.dirty, dirtyRows([]crossbook.Ref{l.CRM(), l.Books()}, reasonOf(op), t)...)
			continue
		}
		s.links = append(s.links, l)
		if each.Kind == crossbook.Create {
			s.joined = append(s.joined, l)
		}
	}
	s.journal = append(s.journal, t.journalRow(r, op, o))
	if o.Found && op.Side == crossbook.CRM && op.Module.TwoWay() {
		s.reread = append(s.reread, o.Ref)
	} else {
		row, ok, err := t.mirrorOf(ctx, tx, op, o)
		if err != nil {
			return err
		}
		if ok {
			s.mirror = append(s.mirror, row)
		}
	}
	delete(t.whole, o.Ref)
	delete(t.heads, o.Ref)
	s.refs = append(s.refs, op.Source, o.Ref)
	if op.Kind == crossbook.Create {
		s.created = append(s.created, op.Source, o.Ref)
	}
	if err := t.renamedByUs(ctx, tx, op, o, s); err != nil {
		return err
	}
	u := pending[op.Source]
	switch {
	case u == nil:
		s.dirty = append(s.dirty, dirtyRows([]crossbook.Ref{op.Source}, reasonOf(op), t)...)
	case u.again || len(u.ops) > 1 || op.Side == crossbook.Books:
		// The rows stay due: the next pass finds nothing left, or the rest.
	default:
		s.clear = append(s.clear, u.rows...)
	}
	return nil
}

// renamedByUs makes dirty what prints the name of a QuickBooks record that our
// own write renamed: the feed will not show it as a change any more.
func (t *turn) renamedByUs(ctx context.Context, tx *store.Tx, op crossbook.Op, o crossbook.Outcome, s *settled) error {
	if o.Record == nil {
		return nil
	}
	old, err := tx.Mirror(ctx, t.conn.ID, o.Ref)
	unseen := errors.Is(err, store.ErrNotFound)
	if err != nil && !unseen {
		return err
	}
	namesakes, err := t.namesakes(ctx, tx, itemNames(old.Record, *o.Record))
	if err != nil {
		return err
	}
	s.dirty = append(s.dirty, dirtyRows(namesakes, reasonFeed, t)...)
	if requalifies(old.Record, *o.Record) {
		below, err := t.itemsBelow(ctx, tx, []string{o.Ref.ID})
		if err != nil {
			return err
		}
		s.dirty = append(s.dirty, dirtyRows(below, reasonFeed, t)...)
	}
	if op.Kind != crossbook.Update || unseen {
		return nil
	}
	if printedName(old.Record) == printedName(*o.Record) {
		return nil
	}
	dependents, err := tx.Dependents(ctx, t.conn.ID, []crossbook.Ref{o.Ref})
	if err != nil {
		return err
	}
	s.dirty = append(s.dirty, dirtyRows(dependents, reasonFeed, t)...)
	return nil
}

// reasonOf is the reason a recovered operation's record is looked at again; it
// keeps automation off for what fired none (P25).
func reasonOf(op crossbook.Op) string {
	if op.Trigger {
		return reasonFeed
	}
	return reasonResync
}

// keepPromise is the link of one operation with the bases it promised.
func (t *turn) keepPromise(ctx context.Context, tx *store.Tx, op crossbook.Op, o crossbook.Outcome, recovering bool) (crossbook.Link, error) {
	l := op.Link
	if recovering || op.Kind != crossbook.Create {
		var err error
		if l, err = t.linkToKeep(ctx, tx, op, o); err != nil {
			return l, err
		}
	}
	l.State = crossbook.Linked
	l.Kind = crossbook.Home
	l.BaseCRM, l.BaseBooks = l.BaseCRM.Clone(), l.BaseBooks.Clone()
	if l.BaseCRM == nil {
		l.BaseCRM = crossbook.Fields{}
	}
	if l.BaseBooks == nil {
		l.BaseBooks = crossbook.Fields{}
	}
	if op.Side == crossbook.CRM && op.Module.TwoWay() {
		maps.Copy(l.BaseCRM, t.mapping.KeptAll(op.Module, op.BaseCRM))
	} else {
		maps.Copy(l.BaseCRM, op.BaseCRM)
	}
	maps.Copy(l.BaseBooks, op.BaseBooks)
	if op.Module.TwoWay() {
		rememberWrites(l.BaseCRM, op, t.now())
	}
	if op.Side == crossbook.CRM {
		if o.Ref.ID != "" {
			l.CRMID = o.Ref.ID
		}
		l.CRMRevision, l.OurCRMRevision = o.Revision, o.Revision
		l.BaseCRM[keyWritten] = strings.Join(slices.Sorted(maps.Keys(op.BaseCRM)), ",")
	} else {
		if o.Ref.ID != "" {
			l.BooksID = o.Ref.ID
		}
		l.BooksRevision = o.Revision
		t.takeReturned(ctx, tx, &l, op, o)
	}
	return l, nil
}

// linkToKeep is the link an outcome belongs to: the stored one of its id; one
// that already joins the very two records, because the same thing was found
// out another way; or the one the operation promised.
func (t *turn) linkToKeep(ctx context.Context, tx *store.Tx, op crossbook.Op, o crossbook.Outcome) (crossbook.Link, error) {
	stored, err := tx.Link(ctx, t.conn.ID, op.Link.ID)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return stored, err
	}
	l := op.Link
	if op.Side == crossbook.CRM {
		l.CRMID = o.Ref.ID
	} else {
		l.BooksID = o.Ref.ID
	}
	there, err := tx.LinksByBooks(ctx, t.conn.ID, l.Entity, l.BooksID)
	if err != nil {
		return l, err
	}
	for _, other := range there {
		if other.Kind == crossbook.Home && other.Module == l.Module && other.CRMID == l.CRMID && other.Part == l.Part {
			return other, nil
		}
	}
	return op.Link, nil
}

// placesOf loads the links of the records that a call created and of those
// they were created for, in one go.
func (t *turn) placesOf(ctx context.Context, tx *store.Tx, r crossbook.Request, ops []crossbook.Op, outcomes map[string]crossbook.Outcome) *world {
	w := newWorld(ctx, tx, t.conn.ID)
	var refs []crossbook.Ref
	for i, op := range ops {
		if o := outcomes[r.Writes[i].Key]; op.Kind == crossbook.Create && o.Failure == nil {
			refs = append(refs, o.Ref, op.Link.CRM(), op.Link.Books())
		}
	}
	w.loadLinks(refs)
	return w
}

// placesFree tells whether no other link holds the records of a link.
func placesFree(w *world, l crossbook.Link) (bool, error) {
	taken := func(o crossbook.Link) bool { return o.ID != l.ID && o.Kind == crossbook.Home && o.CRMID == l.CRMID }
	held := func(o crossbook.Link) bool {
		return o.ID != l.ID && (o.Part == l.Part || o.Part == crossbook.Whole || l.Part == crossbook.Whole)
	}
	free := !slices.ContainsFunc(w.links(l.CRM()), taken) && !slices.ContainsFunc(w.links(l.Books()), held)
	return free, w.err
}

// takeReturned makes what QuickBooks returned the base of the fields written:
// base_books = what came back, not what was sent (design section 5).
func (t *turn) takeReturned(ctx context.Context, tx *store.Tx, l *crossbook.Link, op crossbook.Op, o crossbook.Outcome) {
	if o.Record == nil || o.Record.Data == nil || !l.Module.TwoWay() {
		return
	}
	w := newWorld(ctx, tx, t.conn.ID)
	back := t.mapping.FromBooks(l.Module, l.Part, o.Record.Data, w)
	for f := range op.BaseBooks {
		if pr, _ := t.mapping.Pair(l.Module, f); pr.Kind == mapping.ItemName {
			continue // a name with categories before it comes back without them, and the CRM takes that (P15)
		}
		if v, ok := back.Fields[f]; ok {
			l.BaseBooks[f] = v
		}
	}
}

// mirrorOf is the state the write left, so that the next pass of this turn
// decides on it; false where the mirror keeps no such record.
func (t *turn) mirrorOf(ctx context.Context, tx *store.Tx, op crossbook.Op, o crossbook.Outcome) (store.MirrorRow, bool, error) {
	if o.Record != nil {
		return t.mirrorRow(*o.Record), true, nil
	}
	if op.Side != crossbook.CRM || !op.Module.TwoWay() && !op.Note {
		return store.MirrorRow{}, false, nil
	}
	rec := crossbook.Record{Ref: o.Ref, Data: map[string]any{}}
	if op.Kind != crossbook.Create {
		old, err := tx.Mirror(ctx, t.conn.ID, o.Ref)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return store.MirrorRow{}, false, err
		}
		if err == nil {
			rec = old.Record
		}
	}
	data := maps.Clone(rec.Data)
	if data == nil {
		data = map[string]any{}
	}
	maps.Copy(data, op.Body)
	data["id"] = o.Ref.ID
	if user := t.facts.users.Connected; op.Kind == crossbook.Create && data["Owner"] == nil && user != "" {
		data["Owner"] = map[string]any{"id": user} // whoever creates a record owns it
	}
	data["Modified_Time"] = o.Revision
	rec.Data, rec.Revision, rec.Modified, rec.Deleted = data, o.Revision, o.Modified, false
	return t.mirrorRow(rec), true, nil
}

// journalRow is the one row a remote write leaves.
func (t *turn) journalRow(r crossbook.Request, op crossbook.Op, o crossbook.Outcome) store.JournalRow {
	changes := op.Changes
	for _, w := range op.With {
		changes = append(changes, w.Changes...)
	}
	return store.JournalRow{
		At: t.now(), Turn: t.id, Run: t.run, Side: op.Side, Ref: o.Ref, LinkID: op.Link.ID, Op: op.Kind, Name: op.Name,
		Changes: changes, Why: op.Why, RequestID: r.ID, Actor: t.actor(),
		Money: op.Side == crossbook.Books || op.Module.Document() || op.Module == crossbook.Products || op.Module == crossbook.Deals,
	}
}

func (t *turn) actor() string {
	if t.ask.By != "" {
		return t.ask.By
	}
	return "QuickBooks integration"
}

// reviveDependents makes due what waited for these records.
func (t *turn) reviveDependents(ctx context.Context, tx *store.Tx, refs []crossbook.Ref) error {
	if len(refs) == 0 {
		return nil
	}
	dependents, err := tx.Dependents(ctx, t.conn.ID, refs)
	if err != nil || len(dependents) == 0 {
		return err
	}
	return tx.Revive(ctx, t.conn.ID, dependents, t.now())
}
