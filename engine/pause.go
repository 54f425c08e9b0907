package engine

import (
	"context"
	"time"

	"crossbook"
	"crossbook/problem"
	"crossbook/store"
)

// Pause stops both directions of a module at once; records on their way
// finish, feeds are still read, changes wait under entry 14 (R109-R111).
// Pausing a paused module keeps its time.
func (e *Engine) Pause(ctx context.Context, connectionID string, m crossbook.Module, by string) error {
	return e.o.Store.Update(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings(ctx, connectionID)
		if err != nil {
			return err
		}
		ms := s.Modules[m]
		if ms.Paused() {
			return nil
		}
		ms.PausedSince = e.o.Now().UTC().Truncate(time.Second)
		s.Modules[m] = ms
		_, err = tx.SaveSettings(ctx, connectionID, s, by)
		return err
	})
}

// Resumed says what resuming did.
type Resumed struct {
	WasPaused bool          `json:"was_paused"`
	Since     time.Time     `json:"since,omitzero"`
	Released  []store.Brake `json:"released,omitempty"`
}

// Resume starts a module again, or all of them for an empty module, and
// releases its brakes. Without catching up, what waited is taken as agreed:
// each side's base becomes its present value (R111, U14).
func (e *Engine) Resume(ctx context.Context, connectionID string, m crossbook.Module, catchUp bool, by string) (Resumed, error) {
	var out Resumed
	err := e.o.Store.Update(ctx, func(tx *store.Tx) error {
		out = Resumed{}
		s, _, err := tx.Settings(ctx, connectionID)
		if err != nil {
			return err
		}
		modules := crossbook.Modules()
		if m != "" {
			modules = []crossbook.Module{m}
		}
		for _, each := range modules {
			ms := s.Modules[each]
			if ms.Paused() {
				out.WasPaused, out.Since = true, ms.PausedSince
				ms.PausedSince = time.Time{}
				s.Modules[each] = ms
				if !catchUp {
					if err := rebaseWaiting(ctx, tx, connectionID, each); err != nil {
						return err
					}
				}
				if err := e.clearPaused(ctx, tx, connectionID, each); err != nil {
					return err
				}
			}
			if err := e.wake(ctx, tx, connectionID, each); err != nil {
				return err
			}
		}
		if out.WasPaused {
			if _, err := tx.SaveSettings(ctx, connectionID, s, by); err != nil {
				return err
			}
		}
		if m == "" { // whatever a person was asked to look at first, they did
			if err := tx.DeleteFact(ctx, connectionID, factHold); err != nil {
				return err
			}
		}
		return releaseBrakes(ctx, tx, connectionID, m, e.o.Now(), &out)
	})
	return out, err
}

// releaseBrakes lifts the brakes of a module, or all, and remembers when: what
// had been stopped may pass now.
func releaseBrakes(ctx context.Context, tx *store.Tx, connectionID string, m crossbook.Module, now time.Time, out *Resumed) error {
	brakes, err := tx.Brakes(ctx, connectionID)
	if err != nil {
		return err
	}
	for _, b := range brakes {
		if m != "" && b.Module != m && b.Module != "" {
			continue
		}
		if _, err := tx.ReleaseBrake(ctx, connectionID, b.Module, b.Side); err != nil {
			return err
		}
		if err := tx.DeleteFact(ctx, connectionID, factGuard+string(b.Module)); err != nil {
			return err
		}
		if err := writeFact(ctx, tx, connectionID, factReleased+string(b.Module), now, now); err != nil {
			return err
		}
		out.Released = append(out.Released, b)
	}
	return nil
}

// wake makes due what waited in a module, on both sides.
func (e *Engine) wake(ctx context.Context, tx *store.Tx, connectionID string, m crossbook.Module) error {
	now := e.o.Now()
	if err := tx.ReviveType(ctx, connectionID, crossbook.CRM, string(m), now); err != nil {
		return err
	}
	return tx.ReviveType(ctx, connectionID, crossbook.Books, string(m.Entity()), now)
}

// clearPaused takes away the notes that the module is paused.
func (e *Engine) clearPaused(ctx context.Context, tx *store.Tx, connectionID string, m crossbook.Module) error {
	for {
		rows, err := tx.Problems(ctx, connectionID, store.ProblemFilter{Module: m, Number: 14, Waiting: true, Dismissed: true})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if _, err := tx.ClearProblem(ctx, connectionID, r.Key); err != nil {
				return err
			}
		}
	}
}

// rebaseWaiting marks the pairs that waited so that their next look takes the
// present values as agreed.
func rebaseWaiting(ctx context.Context, tx *store.Tx, connectionID string, m crossbook.Module) error {
	rows, err := tx.Problems(ctx, connectionID, store.ProblemFilter{Module: m, Number: 14, Waiting: true, Dismissed: true, Limit: 1_000_000})
	if err != nil {
		return err
	}
	for _, r := range rows {
		links, err := linksOf(ctx, tx, connectionID, r.Ref)
		if err != nil {
			return err
		}
		for _, l := range links {
			if l.Module != m || l.Kind != crossbook.Home || l.State != crossbook.Linked {
				continue
			}
			if err := writeFact(ctx, tx, connectionID, factAgree+l.ID, true, r.LastAt); err != nil {
				return err
			}
		}
	}
	return nil
}

// Explanation walks one record through the stations of a turn to the one next
// action.
type Explanation struct {
	Record crossbook.Ref    `json:"record"`
	Name   string           `json:"name,omitempty"`
	Seen   bool             `json:"seen"` // the record was read before
	Links  []crossbook.Link `json:"links,omitempty"`
	Steps  []Step           `json:"steps"`
	Next   string           `json:"next"`
	// Ops are what the next turn would do with the record.
	Ops []crossbook.Op `json:"ops,omitempty"`
}

// Step is one station: filter, match, mapping, dependency, policy, quota.
type Step struct {
	Station string `json:"station"`
	Says    string `json:"says"`
}

// Why explains what keeps one record where it is. It writes nothing and asks
// no vendor.
func (e *Engine) Why(ctx context.Context, connectionID string, ref crossbook.Ref) (Explanation, error) {
	x := Explanation{Record: ref}
	t, err := e.look(ctx, connectionID)
	if err != nil {
		return x, err
	}
	err = e.o.Store.View(ctx, func(tx *store.Tx) error {
		w := newWorld(ctx, tx, t.conn.ID)
		rec := w.record(ref)
		if rec == nil {
			x.Steps = append(x.Steps, Step{"feed", "this record was never seen: it may not exist, or its feed was not read yet"})
			x.Next = "run crossbook sync, or check the id"
			return w.err
		}
		x.Seen, x.Name, x.Links = true, recordName(rec), w.links(ref)
		d := t.decider(w)
		units := t.assemble(w, []store.Dirty{{Ref: ref, Reason: reasonFeed}})
		u := units[0]
		d.unit(u)
		x.Ops = u.ops
		x.explain(ctx, tx, t, u)
		return w.err
	})
	return x, err
}

// explain turns what was decided, and what stands against the record, into
// steps and the one next action.
func (x *Explanation) explain(ctx context.Context, tx *store.Tx, t *turn, u *unit) {
	add := func(station, says string) { x.Steps = append(x.Steps, Step{station, says}) }
	ref := u.source()
	for _, lo := range u.leftOut {
		add("filter", "left out: "+lo.Reason)
		x.Next = "nothing: it is left out by choice (" + lo.Code + ")"
	}
	for _, l := range x.Links {
		switch {
		case l.State == crossbook.Tombstone:
			add("match", "left out on purpose since "+l.Since.Format(time.DateOnly)+": "+l.Cause)
			x.Next = "restore the record in the CRM, or release the pair"
		case l.Kind == crossbook.Alias:
			add("match", "an alias: its documents and balance are shown under "+l.CRM().String())
		default:
			add("match", "linked with "+l.CRM().String()+" and "+l.Books().String())
		}
	}
	if p, err := tx.Problem(ctx, t.conn.ID, ref.String()); err == nil {
		add("problem", p.Problem.Text)
		x.Next = p.Problem.Cure
	}
	for _, op := range u.ops {
		switch op.Kind {
		case crossbook.Wait:
			add("dependency", op.Why)
		case crossbook.Fail:
			add("mapping", op.Problem.Text+": "+op.Problem.Cause)
			x.Next = op.Problem.Cure
		case crossbook.Skip:
		default:
			add("plan", string(op.Kind)+": "+op.Why)
		}
	}
	for k := range t.brakes {
		add("policy", "a brake is set on "+k.side.String()+" "+string(k.module)+": crossbook resume releases it")
		x.Next = "crossbook resume, after looking at crossbook status"
	}
	if row, err := tx.DirtyRow(ctx, t.conn.ID, ref); err == nil {
		add("queue", row.Reason)
		if x.Next == "" && row.DueAt.Before(t.now()) {
			x.Next = "crossbook sync: it is due now"
		}
		if x.Next == "" && row.DueAt.Before(store.Never) {
			x.Next = "nothing: it is tried again at " + row.DueAt.UTC().Format(time.RFC3339)
		}
	}
	switch {
	case x.Next != "":
	case u.remote():
		x.Next = "crossbook sync: the next turn writes it"
	default:
		x.Next = "nothing: both sides agree"
	}
}

// look makes a turn that only looks: no lease, no vendor.
func (e *Engine) look(ctx context.Context, connectionID string) (*turn, error) {
	t := e.newTurn(Ask{})
	err := e.o.Store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, connectionID)
		if err != nil {
			return err
		}
		t.conn = c
		return t.load(ctx, tx)
	})
	return t, err
}

// held lets a unit wait whose module is paused by a person, or stopped because
// the CRM lacks what it cannot do without; it tells whether it did.
func (d *decider) held(u *unit, m crossbook.Module, name string) bool {
	switch ms := d.t.settings.Modules[m]; {
	case ms.Paused():
		p := problem.Paused(ms.PausedSince, d.t.facts.zone)
		d.wait(u, m, name, "the module is paused", &p)
	case d.t.mapping.Stopped(m) || d.t.facts.check.Stops[m] != "":
		p := problem.ModuleStopped(d.about(m, m.Entity(), name))
		d.wait(u, m, name, "the module is stopped", &p)
	default:
		return false
	}
	return true
}
