package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"crossbook"
	"crossbook/store"
)

// What begins a run, the weightier later: a poll in which the records of a
// first sync are done is a first sync.
const (
	TriggerPoll         = "poll"
	TriggerDaily        = "daily pass"
	TriggerNotification = "notification"
	TriggerAsked        = "asked"
	TriggerFirst        = "first sync"
)

var triggers = []string{TriggerPoll, TriggerDaily, TriggerNotification, TriggerAsked, TriggerFirst}

// runGap is how long after a turn that left something the next one still is of
// the same run.
const runGap = 10 * time.Minute

// factSuccess is where the last success of each module stands.
const factSuccess = "runs/success"

// runNotes are what a turn notes of the run it belongs to (R101).
type runNotes struct {
	run    store.Run
	last   store.Run // the run before, when this one is new
	kept   bool      // the run stands in the store
	looked bool      // the turn had something to look at
	parts  map[partKey]*store.RunPart
	failed map[crossbook.Module]bool // in this turn
}

type partKey struct {
	module crossbook.Module
	to     crossbook.Side
}

// joinRun goes on with the run before when it is not over, or begins one.
func (t *turn) joinRun(ctx context.Context, tx *store.Tx) error {
	last, ok, err := tx.LastRun(ctx, t.conn.ID)
	if err != nil {
		return err
	}
	n := &t.notes
	n.parts, n.failed = map[partKey]*store.RunPart{}, map[crossbook.Module]bool{}
	n.run = store.Run{ID: t.id, By: t.ask.By, StartedAt: t.started, Trigger: TriggerPoll}
	if t.ask.By != "" {
		n.run.Trigger = TriggerAsked
	}
	n.last = last
	open := last.Outcome == store.RunUnderWay || last.Outcome == store.RunGoesOn && t.started.Sub(last.FinishedAt) < runGap
	if ok && open && last.By == t.ask.By {
		n.run, n.last, n.kept = last, store.Run{}, true
		for _, p := range last.Parts {
			n.parts[partKey{p.Module, p.To}] = &p
		}
	}
	t.run = n.run.ID
	return nil
}

// begunBy notes what a due row says about why the turn runs.
func (t *turn) begunBy(trigger string) {
	n := &t.notes
	n.looked = true
	if slices.Index(triggers, trigger) > slices.Index(triggers, n.run.Trigger) {
		n.run.Trigger = trigger
	}
}

// triggerOf is what a due row was made by.
func triggerOf(d store.Dirty) string {
	switch {
	case d.Ref.ID == choreDaily:
		return TriggerDaily
	case origin(d.Reason) == reasonInitial:
		return TriggerFirst
	case origin(d.Reason) == "notification":
		return TriggerNotification
	}
	return TriggerPoll
}

// note is the line of the run on one module and direction.
func (t *turn) note(m crossbook.Module, to crossbook.Side) *store.RunPart {
	k := partKey{m, to}
	p := t.notes.parts[k]
	if p == nil {
		p = &store.RunPart{Module: m, To: to}
		if t.notes.parts == nil {
			t.notes.parts = map[partKey]*store.RunPart{} // a preview notes nothing that is kept
		}
		t.notes.parts[k] = p
	}
	return p
}

func (t *turn) noteWrite(op crossbook.Op) {
	for _, o := range append([]crossbook.Op{op}, op.With...) {
		p := t.note(o.Module, o.Side)
		if op.Kind == crossbook.Create {
			p.Created++
		} else {
			p.Updated++
		}
	}
}

func (t *turn) noteFailure(m crossbook.Module, to crossbook.Side) {
	t.note(m, to).Failed++
	if t.notes.failed != nil {
		t.notes.failed[m] = true
	}
}

// openRun keeps the run before its first call, so that a run whose process dies
// leaves a trace, and what it wrote can be found by it.
func (t *turn) openRun(ctx context.Context) error {
	if t.notes.kept {
		return nil
	}
	err := t.update(ctx, func(tx *store.Tx) error { return tx.PutRun(ctx, t.conn.ID, t.notes.run) })
	t.notes.kept = err == nil
	return err
}

// closeRun keeps what the turn adds to its run. Turns in a row that found
// nothing to do are one run, so that polling does not fill the list.
func (t *turn) closeRun(ctx context.Context, rep Report) error {
	n := &t.notes
	if !n.looked {
		return nil
	}
	r := n.run
	r.Turns++
	r.FinishedAt = t.now()
	r.Parts = nil
	for _, p := range n.parts {
		r.Parts = append(r.Parts, *p)
	}
	slices.SortFunc(r.Parts, comparePart)
	failed := slices.ContainsFunc(r.Parts, func(p store.RunPart) bool { return p.Failed > 0 })
	ended := rep.Done && len(rep.Blocked) == 0
	switch {
	case len(rep.Stopped) > 0:
		r.Outcome = store.RunStopped
	case !ended:
		r.Outcome = store.RunGoesOn
	case failed:
		r.Outcome = store.RunFailed
	case len(r.Parts) > 0:
		r.Outcome = store.RunDone
	default:
		r.Outcome = store.RunIdle
	}
	if l := n.last; r.Outcome == store.RunIdle && l.Outcome == store.RunIdle && l.Trigger == r.Trigger && l.By == r.By && !n.kept {
		l.FinishedAt, l.Turns = r.FinishedAt, l.Turns+1
		r = l
	}
	err := t.update(ctx, func(tx *store.Tx) error {
		if err := tx.PutRun(ctx, t.conn.ID, r); err != nil || !ended {
			return err
		}
		return t.keepSuccess(ctx, tx)
	})
	if errors.Is(err, store.ErrFenced) {
		return nil // who took over tells the rest
	}
	return err
}

func comparePart(a, b store.RunPart) int {
	return cmp.Or(
		cmp.Compare(slices.Index(crossbook.Modules(), a.Module), slices.Index(crossbook.Modules(), b.Module)),
		cmp.Compare(a.To, b.To),
	)
}

// keepSuccess notes the time for every module that works and had no failure.
func (t *turn) keepSuccess(ctx context.Context, tx *store.Tx) error {
	at, err := Successes(ctx, tx, t.conn.ID)
	if err != nil {
		return err
	}
	for _, m := range crossbook.Modules() {
		s := t.settings.Modules[m]
		if s.On && s.PausedSince.IsZero() && !t.notes.failed[m] {
			at[m] = t.now()
		}
	}
	return writeFact(ctx, tx, t.conn.ID, factSuccess, at, t.now())
}

// Successes are the times at which the work on each module last came to its end
// without a failure.
func Successes(ctx context.Context, tx *store.Tx, connectionID string) (map[crossbook.Module]time.Time, error) {
	at := map[crossbook.Module]time.Time{}
	err := readFact(ctx, tx, connectionID, factSuccess, &at)
	return at, err
}
