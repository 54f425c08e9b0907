package engine

import (
	"context"
	"maps"
	"slices"
	"time"

	"crossbook"
	"crossbook/store"
)

// askAgain reads the records a unit could not be decided without.
func (t *turn) askAgain(ctx context.Context, u *unit) error {
	for _, ref := range u.rereads {
		if _, blocked := t.isBlocked(ref.Side); !blocked {
			if err := t.reread(ctx, ref); err != nil {
				if err := t.sideFailed(ctx, ref.Side, err, u.rows); err != nil {
					return err
				}
			}
		}
	}
	t.rounds[u.source()]++
	if t.rounds[u.source()] < 2 {
		return nil
	}
	return t.update(ctx, func(tx *store.Tx) error {
		return t.postponeRows(ctx, tx, u.rows, t.now().Add(time.Minute), "the record was not found; asked again")
	})
}

// askWhole reads CRM documents with their lines; the unit is looked at again
// right after.
func (t *turn) askWhole(ctx context.Context, u *unit) error {
	for _, ref := range u.wholes {
		if why, blocked := t.isBlocked(ref.Side); blocked {
			return t.update(ctx, func(tx *store.Tx) error {
				return t.postponeRows(ctx, tx, u.rows, t.blocked[ref.Side].until, why)
			})
		}
		rec, there, err := t.sides.CRM.ReadWhole(ctx, ref.Module(), ref.ID)
		if err != nil {
			return t.sideFailed(ctx, ref.Side, err, u.rows)
		}
		t.whole[ref] = nil
		if there {
			t.whole[ref] = &rec
		}
	}
	return nil
}

// askHeads reads CRM documents without their lines, those of all units at once.
// It tells whether anything is known that was not: then the units are decided
// anew.
func (t *turn) askHeads(ctx context.Context, units []*unit) (bool, error) {
	ids := map[crossbook.Module][]string{}
	for _, u := range units {
		for _, r := range u.heads {
			ids[r.Module()] = append(ids[r.Module()], r.ID)
			t.heads[r] = nil // until it comes
		}
	}
	if _, blocked := t.isBlocked(crossbook.CRM); blocked || len(ids) == 0 {
		t.forgetHeads(units)
		return false, nil
	}
	for _, m := range slices.Sorted(maps.Keys(ids)) {
		slices.Sort(ids[m])
		records, err := t.sides.CRM.Read(ctx, m, slices.Compact(ids[m]))
		if err != nil {
			t.forgetHeads(units)
			return false, err
		}
		for _, r := range records {
			t.heads[r.Ref] = &r
		}
	}
	return true, nil
}

// forgetHeads takes documents that could not be read for unread.
func (t *turn) forgetHeads(units []*unit) {
	for _, u := range units {
		for _, r := range u.heads {
			delete(t.heads, r)
		}
	}
}

// askGone takes down that records were not found; the next turn's look decides.
func (t *turn) askGone(ctx context.Context, u *unit) error {
	if err := t.confirmGone(ctx, u.gone); err != nil {
		return t.sideFailed(ctx, u.gone[0].Side, err, u.rows)
	}
	return t.update(ctx, func(tx *store.Tx) error {
		return t.postponeRows(ctx, tx, u.rows, t.now().Add(time.Minute), "the record was not found; asked again")
	})
}
