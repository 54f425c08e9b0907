package engine

import (
	"context"
	"slices"
	"time"

	"crossbook"
	"crossbook/plan"
	"crossbook/store"
)

// guard applies the brakes: operations on a module and side whose brake is set
// are dropped and stay due; a plan that goes past a limit sets the brake. The
// first pass of a stage counts everything that is due in it, so that a large
// change is stopped before its first record.
func (t *turn) guard(ctx context.Context, order int, units []*unit) error {
	if !t.ask.Approved {
		if err := t.checkLimits(ctx, order, units); err != nil {
			return err
		}
		if err := t.holdWrites(ctx, order, units); err != nil {
			return err
		}
	}
	for _, u := range units {
		kept := u.ops[:0]
		for _, op := range u.ops {
			if t.braked(op) {
				op = crossbook.Op{Kind: crossbook.Wait, Module: op.Module, Name: op.Name, Source: op.Source, Why: "stopped by a brake: see crossbook status"}
			}
			kept = append(kept, op)
		}
		u.ops = kept
	}
	return nil
}

// braked tells whether a brake stops an operation.
func (t *turn) braked(op crossbook.Op) bool {
	if !op.Kind.Remote() && op.Kind != crossbook.Unlink {
		return false
	}
	side := op.Side
	if op.Kind == crossbook.Unlink {
		side = crossbook.CRM
	}
	return t.brakes[brakeKey{"", crossbook.CRM}] || t.brakes[brakeKey{"", crossbook.Books}] ||
		t.brakes[brakeKey{op.Module, side}]
}

// checkLimits counts what is about to be done, with what was done in the last
// 24 hours, and sets brakes. When more rows are due in the stage than this
// batch holds, all of them are decided first, only to be counted.
func (t *turn) checkLimits(ctx context.Context, order int, units []*unit) error {
	next := plan.Tally(allOps(units))
	counted, seen := t.guarded[order]
	if counted {
		return nil // everything due in the stage was counted by the first pass
	}
	if !seen {
		t.guarded[order] = false
		more, err := t.countDue(ctx, order)
		if err != nil {
			return err
		}
		if more != nil {
			next, t.guarded[order] = more, true
		}
	}
	for _, m := range stageModules(order) {
		if err := t.checkModule(ctx, m, next[m]); err != nil {
			return err
		}
	}
	return nil
}

func allOps(units []*unit) []crossbook.Op {
	var ops []crossbook.Op
	for _, u := range units {
		ops = append(ops, u.ops...)
	}
	return ops
}

// countDue decides every due row of a stage only to count; nil when they all
// are in the batch at hand.
func (t *turn) countDue(ctx context.Context, order int) (map[crossbook.Module]plan.Count, error) {
	var rows []store.Dirty
	err := t.view(ctx, func(tx *store.Tx) error {
		all, err := tx.DueDirty(ctx, t.conn.ID, t.now(), 1_000_000)
		for _, r := range all {
			if r.Order == order {
				rows = append(rows, r)
			}
		}
		return err
	})
	if err != nil || len(rows) <= t.e.o.Batch {
		return nil, err
	}
	total := map[crossbook.Module]plan.Count{}
	for chunk := range slices.Chunk(rows, t.e.o.Batch) {
		units, err := t.decide(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for m, c := range plan.Tally(allOps(units)) {
			total[m] = total[m].Plus(c)
		}
	}
	return total, nil
}

func (t *turn) checkModule(ctx context.Context, m crossbook.Module, next plan.Count) error {
	if next == (plan.Count{}) {
		return nil
	}
	var done plan.Count
	var pairs int
	var released time.Time
	err := t.view(ctx, func(tx *store.Tx) error {
		var w guardWindow
		if err := readFact(ctx, tx, t.conn.ID, factGuard+string(m), &w); err != nil {
			return err
		}
		done = w.sum(t.now())
		if err := readFact(ctx, tx, t.conn.ID, factReleased+string(m), &released); err != nil {
			return err
		}
		counts, err := tx.CountLinks(ctx, t.conn.ID)
		for _, c := range counts {
			if c.Module == m && c.Kind == crossbook.Home && c.State == crossbook.Linked {
				pairs = c.N
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	stop := plan.Guard(m, done, next, pairs, t.e.o.Limits)
	if stop == nil || t.released(released) {
		return nil
	}
	t.e.o.Logger.Warn("brake set", "connection", t.conn.ID, "module", m, "count", stop.Count, "limit", stop.Limit)
	for _, side := range []crossbook.Side{crossbook.CRM, crossbook.Books} {
		t.brakes[brakeKey{m, side}] = true
	}
	return t.update(ctx, func(tx *store.Tx) error {
		for _, side := range []crossbook.Side{crossbook.CRM, crossbook.Books} {
			b := store.Brake{Module: m, Side: side, Reason: stop.Reason, Count: stop.Count, At: t.now()}
			if err := tx.SetBrake(ctx, t.conn.ID, b); err != nil {
				return err
			}
		}
		return nil
	})
}

// releaseLasts is how long a person's release of a brake lets pass what the
// brake had stopped.
const releaseLasts = time.Hour

func (t *turn) released(at time.Time) bool { return !at.IsZero() && t.now().Sub(at) < releaseLasts }

// guardWindow is what was done to a module in the last 24 hours, by the hour.
type guardWindow struct {
	Hours []guardHour `json:"hours"`
}

type guardHour struct {
	Hour  time.Time  `json:"hour"`
	Count plan.Count `json:"count"`
}

func (w guardWindow) sum(now time.Time) plan.Count {
	var c plan.Count
	for _, h := range w.Hours {
		if now.Sub(h.Hour) < 24*time.Hour {
			c = c.Plus(h.Count)
		}
	}
	return c
}

// remember adds what was done to the rolling windows, in the transaction that
// stores it: what failed is tried again, and would count with every try. What a
// person approved, or let pass by releasing a brake, is no part of them.
func (t *turn) remember(ctx context.Context, tx *store.Tx, done ...crossbook.Op) error {
	if t.ask.Approved {
		return nil
	}
	for m, count := range plan.Tally(done) {
		if count == (plan.Count{}) {
			continue
		}
		var released time.Time
		if err := readFact(ctx, tx, t.conn.ID, factReleased+string(m), &released); err != nil {
			return err
		}
		if t.released(released) {
			continue
		}
		var w guardWindow
		if err := readFact(ctx, tx, t.conn.ID, factGuard+string(m), &w); err != nil {
			return err
		}
		if err := writeFact(ctx, tx, t.conn.ID, factGuard+string(m), w.plus(count, t.now()), t.now()); err != nil {
			return err
		}
	}
	return nil
}

// plus is the window with one more count, without what is too old to matter.
func (w guardWindow) plus(c plan.Count, now time.Time) guardWindow {
	hour := now.UTC().Truncate(time.Hour)
	w.Hours = slices.DeleteFunc(w.Hours, func(h guardHour) bool { return now.Sub(h.Hour) >= 24*time.Hour })
	if n := len(w.Hours); n > 0 && w.Hours[n-1].Hour.Equal(hour) {
		w.Hours[n-1].Count = w.Hours[n-1].Count.Plus(c)
		return w
	}
	w.Hours = append(w.Hours, guardHour{Hour: hour, Count: c})
	return w
}
