package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"crossbook"
	"crossbook/mapping"
	"crossbook/plan"
	"crossbook/problem"
	"crossbook/store"
)

// factTotal + link id counts how often in a row a document's total was not
// QuickBooks' after it had been written.
const factTotal = "totals/"

// readBack reads the Grand Total of the documents a wave wrote: the CRM
// reckons it, and it must be QuickBooks' total to the cent. An unequal one is
// corrected once, by writing the document again; then it is a problem (R82).
func (t *turn) readBack(ctx context.Context, wave plan.Wave) error {
	want, failed := map[string]crossbook.Link{}, map[string]int{}
	err := t.view(ctx, func(tx *store.Tx) error {
		for _, op := range wave {
			l, err := tx.Link(ctx, t.conn.ID, op.Link.ID)
			if errors.Is(err, store.ErrNotFound) {
				continue // the write did not succeed
			}
			if err != nil {
				return err
			}
			if l.BaseCRM[keyTotal] == "" || l.BaseCRM[keyTotal] != op.BaseCRM[keyTotal] {
				continue
			}
			want[l.CRMID] = l
			var times int
			if err := readFact(ctx, tx, t.conn.ID, factTotal+l.ID, &times); err != nil {
				return err
			}
			failed[l.CRMID] = times
		}
		return nil
	})
	if err != nil || len(want) == 0 {
		return err
	}
	ids := slices.Sorted(maps.Keys(want))
	records, err := t.sides.CRM.Read(ctx, wave[0].Module, ids)
	if err != nil {
		return err
	}
	if err := t.absorb(ctx, records, nil, true); err != nil { // which Deal each is on (P33)
		return err
	}
	for _, r := range records {
		l := want[r.ID]
		equal := mapping.Number(r.Data["Grand_Total"]) == mapping.Number(l.BaseCRM[keyTotal])
		switch {
		case !equal:
			err = t.totalDiffers(ctx, l, r, failed[r.ID]+1)
		case failed[r.ID] > 0:
			err = t.update(ctx, func(tx *store.Tx) error {
				return writeFact(ctx, tx, t.conn.ID, factTotal+l.ID, 0, t.now())
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// totalDiffers has the document written again the first time, and makes a
// problem of it from the second time on.
func (t *turn) totalDiffers(ctx context.Context, l crossbook.Link, r crossbook.Record, times int) error {
	t.e.o.Logger.Warn("a document's total differs after the write", "connection", t.conn.ID, "module", l.Module)
	delete(t.whole, l.CRM())
	return t.update(ctx, func(tx *store.Tx) error {
		again := dirtyRows([]crossbook.Ref{l.Books()}, reasonResync, t)
		if times > 1 {
			about := problem.Context{Module: l.Module, Entity: l.Entity, Name: recordName(&r)}
			row := store.ProblemRow{
				Key: l.Books().String(), Ref: l.Books(), Module: l.Module, Name: recordName(&r), Tries: times - 1,
				Problem: problem.TotalsDiffer(mapping.Number(r.Data["Grand_Total"]), mapping.Number(l.BaseCRM[keyTotal]), about),
				FirstAt: t.now(), LastAt: t.now(), NextTry: t.now().Add(retryAfter(times - 2)),
			}
			if err := tx.PutProblem(ctx, t.conn.ID, row); err != nil {
				return fmt.Errorf("keep that a total differs: %w", err)
			}
			for i := range again {
				again[i].DueAt = row.NextTry
			}
		}
		// What the CRM really shows: as long as that is not QuickBooks' total the
		// document counts as not sent, so that no look at it settles the problem.
		l.BaseCRM[keyTotal] = mapping.Number(r.Data["Grand_Total"])
		if err := tx.PutLink(ctx, t.conn.ID, l); err != nil {
			return err
		}
		if err := tx.MarkDirty(ctx, t.conn.ID, again); err != nil {
			return err
		}
		return writeFact(ctx, tx, t.conn.ID, factTotal+l.ID, times, t.now())
	})
}
