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

// wake makes due what waited in a module, on both sides. Whoever resumes catches
// up, which fires no automation (P25).
func (e *Engine) wake(ctx context.Context, tx *store.Tx, connectionID string, m crossbook.Module) error {
	now := e.o.Now()
	if err := tx.ReviveType(ctx, connectionID, crossbook.CRM, string(m), reasonResume, now); err != nil {
		return err
	}
	return tx.ReviveType(ctx, connectionID, crossbook.Books, string(m.Entity()), reasonResume, now)
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
