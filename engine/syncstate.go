package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/merge"
	"crossbook/problem"
	"crossbook/store"
)

// QuickBooks sync is the field of a CRM record that says how it stands with
// QuickBooks (P35). "In step" travels with the writes that are made anyway;
// anything else, and its end, is written alone, once it lasts longer than a turn.
// Records that were never tried say nothing: two thousand prospects are not
// written to only to tell that nothing is done with them (ADR 12).

// The states of P35; behind the last two stands a reason.
const (
	stateInStep     = "In step"
	stateAccounting = "Waiting for accounting"
	stateWaiting    = "Waiting"
	stateNeedsYou   = "Needs you"
	stateLeftOut    = "Left out"
	stateMerged     = "Left out (merged in QuickBooks)"
)

const (
	// syncNote marks the dirty row that has a record's state looked at; it is a
	// row of its own, because the record itself may wait meanwhile.
	syncNote = "#sync"
	// stateLasts is how long a state stands before it is told: longer than a turn.
	stateLasts = time.Minute
	// stateEdited is when what somebody wrote over a state is put right.
	stateEdited = 15 * time.Minute
	// notesATurn bounds the calls of a turn that only tell a state; the others
	// follow after notesLater.
	notesATurn = 200
	notesLater = 10 * time.Minute
	stateText  = 255 // what the field holds
)

// noteOf is the dirty row's ref for the state of a CRM record.
func noteOf(r crossbook.Ref) crossbook.Ref {
	return crossbook.Ref{Side: crossbook.CRM, Type: r.Type + syncNote, ID: r.ID}
}

// notedRecord is the CRM record whose state a dirty row is about.
func notedRecord(r crossbook.Ref) (crossbook.Ref, bool) {
	typ, ok := strings.CutSuffix(r.Type, syncNote)
	return crossbook.Ref{Side: r.Side, Type: typ, ID: r.ID}, ok
}

// IsNote tells whether a dirty row only has the state of a record looked at that
// its QuickBooks sync field shows.
func IsNote(r crossbook.Ref) bool {
	_, ok := notedRecord(r)
	return ok
}

// hasSync tells whether the CRM has room for the field on a module (P29).
func (t *turn) hasSync(m crossbook.Module) bool {
	f, ok := t.facts.metadata.CRMFields[m][mapping.FieldSync]
	return ok && f.OnLayout
}

// noteRows have the states of CRM records looked at.
func (t *turn) noteRows(at time.Time, refs ...crossbook.Ref) []store.Dirty {
	rows := make([]store.Dirty, 0, len(refs))
	for _, r := range refs {
		if r.Side == crossbook.CRM && r.ID != "" && !isPlanned(r.ID) && t.hasSync(r.Module()) {
			rows = append(rows, store.Dirty{Ref: noteOf(r), DueAt: at, Reason: "QuickBooks sync", Order: orderNotes})
		}
	}
	return rows
}

// noteTrouble has the state told of the CRM records that a problem or a wait
// concerns, if it lasts.
func (t *turn) noteTrouble(ctx context.Context, tx *store.Tx, ref crossbook.Ref, m crossbook.Module) error {
	refs := []crossbook.Ref{ref}
	if ref.Side == crossbook.Books {
		links, err := tx.LinksByBooks(ctx, t.conn.ID, ref.Entity(), ref.ID)
		if err != nil {
			return err
		}
		refs = nil
		for _, l := range links {
			if l.Kind == crossbook.Home && (m == "" || l.Module == m) {
				refs = append(refs, l.CRM())
			}
		}
	}
	return tx.MarkDirty(ctx, t.conn.ID, t.noteRows(t.now().Add(stateLasts), refs...))
}

// shownState is what a CRM record's field showed when it was last seen.
func (d *decider) shownState(r crossbook.Ref) string {
	rec := d.w.living(r)
	if rec == nil {
		return ""
	}
	return text(rec.Data[mapping.FieldSync])
}

// tellState lets the writes of a unit say how the record stands, and has looked
// at what they do not reach: a state that does not hold any more.
func (d *decider) tellState(u *unit) {
	trouble := map[crossbook.Module]bool{} // told if it lasts
	for _, op := range u.ops {
		if op.Kind == crossbook.Wait || op.Kind == crossbook.Fail {
			trouble[op.Module] = true
		}
	}
	for i := range u.ops {
		op := &u.ops[i]
		if op.Side != crossbook.CRM || !op.Kind.Remote() || op.Note || u.waiting || trouble[op.Module] || !d.t.hasSync(op.Module) {
			continue
		}
		state := stateInStep
		if u.proposed[op.Link.ID] {
			state = stateAccounting
		}
		if _, said := op.Body[mapping.FieldSync]; !said && (op.Kind == crossbook.Create || d.shownState(op.Link.CRM()) != state) {
			op.Body[mapping.FieldSync] = state
		}
	}
	refs := []crossbook.Ref{u.crm}
	if !u.books.IsZero() {
		for _, l := range d.w.links(u.books) {
			if l.Kind == crossbook.Home {
				refs = append(refs, l.CRM())
			}
		}
	}
	for _, r := range refs {
		if trouble[r.Module()] {
			continue
		}
		home := d.w.home(r)
		inStep := home != nil && home.State == crossbook.Linked
		if s := d.shownState(r); s != "" && (s != stateInStep || !inStep) && !u.waiting {
			u.notes = append(u.notes, d.t.noteRows(d.now, r)...)
		}
	}
	for id := range u.proposed {
		for _, l := range d.w.links(u.books) {
			if l.ID == id && d.shownState(l.CRM()) != stateAccounting {
				u.notes = append(u.notes, d.t.noteRows(d.now.Add(stateLasts), l.CRM())...)
			}
		}
	}
}

// note decides whether a record's field tells what it should.
func (d *decider) note(u *unit, r crossbook.Ref) {
	m := r.Module()
	rec := d.w.living(r)
	ms := d.t.settings.Modules[m]
	if rec == nil || !d.t.hasSync(m) || !ms.On || ms.Paused() || d.t.brakes[brakeKey{m, crossbook.CRM}] {
		return // nothing to write on, or nothing is written now: it comes up again
	}
	home := d.w.home(r)
	if home != nil {
		if until, waiting := d.t.inFlight["update/"+string(crossbook.CRM)+"/"+home.ID]; waiting {
			u.until = until // a note now would look like the effect of that call
			return
		}
	}
	if d.refused(r, home) {
		return // it would not take this write either; the write that gets through tells it
	}
	shown, state := text(rec.Data[mapping.FieldSync]), d.stateOf(r, home)
	if state == "" || shown == state || shown == "" && state == stateInStep {
		return
	}
	if d.t.told++; d.t.told > notesATurn {
		u.until = d.now.Add(notesLater)
		return
	}
	op := crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.CRM, Module: m, Note: true, Name: recordName(rec),
		Link: crossbook.Link{Module: m, CRMID: r.ID}, Source: u.crm,
		Body:    map[string]any{mapping.FieldSync: state},
		Changes: []crossbook.Change{{Field: mapping.FieldSync, Old: shown, New: state}}, Why: "how it stands with QuickBooks",
	}
	if home != nil {
		op.Link = *home
	}
	if m.TwoWay() {
		op.Revision = rec.Revision
	}
	u.add(op)
}

// stateOf is what a CRM record's field should tell; empty when there is nothing
// to say.
func (d *decider) stateOf(r crossbook.Ref, home *crossbook.Link) string {
	if home != nil && home.State == crossbook.Tombstone {
		if home.Cause == causeMergedInBooks {
			return stateMerged
		}
		return cut(stateLeftOut+" ("+home.Cause+")", stateText)
	}
	about := []crossbook.Ref{r}
	if home != nil {
		about = append(about, home.Books())
	}
	if s := d.troubleOf(r.Module(), about); s != "" {
		return cut(s, stateText)
	}
	if home != nil {
		if d.proposes(*home) {
			return stateAccounting
		}
		return stateInStep
	}
	if lo, out := d.w.leftOut(r); out && d.shownState(r) != "" {
		return cut(stateLeftOut+" ("+lo.Reason+")", stateText)
	}
	return ""
}

// refused tells whether the CRM takes no write to a record at the moment.
func (d *decider) refused(r crossbook.Ref, home *crossbook.Link) bool {
	about := []crossbook.Ref{r}
	if home != nil {
		about = append(about, home.Books())
	}
	return slices.ContainsFunc(about, func(ref crossbook.Ref) bool {
		row, err := d.w.tx.Problem(d.w.ctx, d.w.conn, problemKey(ref, r.Module()))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			d.w.fail(err)
		}
		return err == nil && problem.RefusesAll(row.Problem)
	})
}

// troubleOf is the state that a problem or a wait of one of the refs means.
func (d *decider) troubleOf(m crossbook.Module, refs []crossbook.Ref) string {
	for _, ref := range refs {
		row, err := d.w.tx.Problem(d.w.ctx, d.w.conn, problemKey(ref, m))
		if err == nil && (row.Module == m || row.Module == "") {
			return problemState(row.Problem)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			d.w.fail(err)
		}
	}
	for _, ref := range refs {
		row, err := d.w.tx.DirtyRow(d.w.ctx, d.w.conn, ref)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			d.w.fail(err)
		}
		if err != nil || row.DueAt.Before(store.Never) {
			continue
		}
		if _, why, ok := strings.Cut(row.Reason, ": "); ok && why != "problem" {
			return waitState(why)
		}
	}
	return ""
}

// problemState tells a problem: most need a person, some wait.
func problemState(p crossbook.Problem) string {
	if p.Waiting || p.Kind == crossbook.Transient {
		return waitState(p.Text)
	}
	return stateNeedsYou + " (" + strings.TrimSuffix(p.Text, ".") + ")"
}

// waitState reads "Waiting for Foo".
func waitState(why string) string {
	if rest, ok := strings.CutPrefix(strings.ToLower(why[:min(len(why), len(stateWaiting))]), "waiting"); ok && rest == "" {
		return stateWaiting + why[len(stateWaiting):]
	}
	return stateWaiting + " (" + strings.TrimSuffix(why, ".") + ")"
}

// proposes tells whether a pair has edits that wait for an accountant.
func (d *decider) proposes(l crossbook.Link) bool {
	crm, books := d.w.living(l.CRM()), d.w.living(l.Books())
	if crm == nil || books == nil || !l.Module.TwoWay() {
		return false
	}
	return len(merge.Merge(d.pairOf(l, crm, books).input(d)).Held) > 0
}
