package engine

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"crossbook"
	"crossbook/store"
)

// settle ends the turn: it says what was done and what is left.
func (t *turn) settle(ctx context.Context) (Report, error) {
	r := t.report(ctx)
	if err := t.closeRun(ctx, r); err != nil {
		return r, err
	}
	return r, t.endHold(ctx, r.Done && len(r.Blocked) == 0)
}

func (t *turn) report(ctx context.Context) Report {
	r := Report{Turn: t.id, Run: t.run, Counts: t.counts, Blocked: map[string]string{}}
	for s := range t.blocked {
		if why, blocked := t.isBlocked(s); blocked {
			r.Blocked[s.String()] = why
		}
	}
	err := t.view(ctx, func(tx *store.Tx) error {
		due, err := tx.HasDue(ctx, t.conn.ID, t.now())
		if err != nil {
			return err
		}
		r.Done = !due
		next, ok, err := tx.NextDue(ctx, t.conn.ID)
		if err != nil {
			return err
		}
		if ok {
			r.NextDue = next
		}
		if r.Problems, err = tx.CountProblems(ctx, t.conn.ID); err != nil {
			return err
		}
		r.Stopped, err = tx.Brakes(ctx, t.conn.ID)
		return err
	})
	if err != nil {
		t.e.o.Logger.Warn("count what is left", "connection", t.conn.ID, "error", err)
	}
	return r
}

// sideFailed treats a failed read: the side is left alone for a while and its
// rows wait; the other side goes on. Only what is no vendor's failure ends the
// turn with an error.
func (t *turn) sideFailed(ctx context.Context, side crossbook.Side, err error, rows []store.Dirty) error {
	var f *crossbook.Failure
	if !errors.As(err, &f) || isOurs(err) {
		return err
	}
	t.e.o.Logger.Warn("a call failed", "connection", t.conn.ID, "side", side, "kind", f.Kind)
	wait := max(f.RetryAfter, 30*time.Second)
	if f.Kind == crossbook.FailAuth {
		err := t.update(ctx, func(tx *store.Tx) error {
			return tx.SetConnectionState(ctx, t.conn.ID, crossbook.Reauthorise)
		})
		if err != nil {
			return err
		}
		return errStop
	}
	if side == crossbook.CRM && (f.Kind == crossbook.FailInvalid || f.Kind == crossbook.FailBug) {
		if err := t.suspectLayouts(ctx); err != nil {
			return err
		}
	}
	t.block(side, t.now().Add(wait), f.Error())
	if len(rows) == 0 {
		return nil
	}
	return t.update(ctx, func(tx *store.Tx) error {
		return t.postponeRows(ctx, tx, rows, t.now().Add(wait), "the vendor is asked again later")
	})
}

// isOurs tells an error of our own database from a vendor's, also where it came
// up while a vendor's answer was being taken in: it ends the turn as what it is.
func isOurs(err error) bool {
	var own *store.Error
	return errors.As(err, &own) || errors.Is(err, store.ErrFenced)
}

// canarySample is how many links the canary looks for, and how many must be
// there.
const (
	canarySample = 5
	canaryLeast  = 3
)

// canary makes sure, before a turn's first write, that both ends still are the
// ones that were connected: company id, organisation id, and five links of
// which at least three exist.
func (t *turn) canary(ctx context.Context) error {
	if t.canaryOK {
		return nil
	}
	org, err := t.sides.CRM.Identity(ctx)
	if err != nil {
		return t.stopOn(ctx, crossbook.CRM, err)
	}
	realm, err := t.sides.Books.Identity(ctx)
	if err != nil {
		return t.stopOn(ctx, crossbook.Books, err)
	}
	switch {
	case org != t.conn.OrgID:
		return t.brake(ctx, "", crossbook.CRM, "the CRM organisation behind the sign-in is another one than was connected", 1)
	case realm != t.conn.RealmID:
		return t.brake(ctx, "", crossbook.Books, "the QuickBooks company behind the sign-in is another one than was connected", 1)
	}
	sample, err := t.sampleLinks(ctx)
	if err != nil {
		return err
	}
	there := 0
	ids := map[crossbook.Module][]string{}
	for _, l := range sample {
		ids[l.Module] = append(ids[l.Module], l.CRMID)
	}
	for _, m := range slices.Sorted(maps.Keys(ids)) {
		records, err := t.sides.CRM.Read(ctx, m, ids[m])
		if err != nil {
			return t.stopOn(ctx, crossbook.CRM, err)
		}
		there += len(records)
	}
	if len(sample) == canarySample && there < canaryLeast {
		return t.brake(ctx, "", crossbook.CRM, "most linked records are not to be found in the CRM any more", canarySample-there)
	}
	t.canaryOK = true
	return nil
}

// sampleLinks picks links at places that the turn's id chooses.
func (t *turn) sampleLinks(ctx context.Context) ([]crossbook.Link, error) {
	var out []crossbook.Link
	err := t.view(ctx, func(tx *store.Tx) error {
		out = nil
		counts, err := tx.CountLinks(ctx, t.conn.ID)
		if err != nil {
			return err
		}
		total := 0
		for _, c := range counts {
			if c.Kind == crossbook.Home && c.State == crossbook.Linked && c.Module.TwoWay() {
				total += c.N
			}
		}
		seed := rand.New(rand.NewPCG(hashOf(t.id), 1))
		for _, at := range slices.Sorted(maps.Keys(placesOf(seed, min(canarySample, total), total))) {
			for _, c := range counts {
				if c.Kind != crossbook.Home || c.State != crossbook.Linked || !c.Module.TwoWay() {
					continue
				}
				if at < c.N {
					l, err := tx.LinkedAt(ctx, t.conn.ID, c.Module, at)
					if err != nil {
						return err
					}
					out = append(out, l)
					break
				}
				at -= c.N
			}
		}
		return nil
	})
	return out, err
}

// placesOf picks n different places below total.
func placesOf(seed *rand.Rand, n, total int) map[int]bool {
	out := map[int]bool{}
	for len(out) < n {
		out[seed.IntN(total)] = true
	}
	return out
}

func hashOf(s string) uint64 {
	var h uint64 = 14695981039346656037
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func (t *turn) stopOn(ctx context.Context, side crossbook.Side, err error) error {
	if err := t.sideFailed(ctx, side, err, nil); err != nil {
		return err
	}
	return errStop
}

// brake stops writes until a person releases it.
func (t *turn) brake(ctx context.Context, m crossbook.Module, side crossbook.Side, reason string, count int) error {
	t.brakes[brakeKey{m, side}] = true
	t.e.o.Logger.Warn("brake set", "connection", t.conn.ID, "module", m, "side", side)
	err := t.update(ctx, func(tx *store.Tx) error {
		return tx.SetBrake(ctx, t.conn.ID, store.Brake{Module: m, Side: side, Reason: reason, Count: count, At: t.now()})
	})
	if err != nil {
		return err
	}
	return errStop
}
