package engine

import (
	"context"
	"errors"
	"maps"
	"slices"

	"crossbook"
	"crossbook/mapping"
	"crossbook/plan"
	"crossbook/problem"
	"crossbook/store"
)

// factTotal + link id remembers that a document's total was corrected once.
const factTotal = "total/"

// readBack reads the Grand Total of the documents a wave wrote: the CRM
// reckons it, and it must be QuickBooks' total to the cent. An unequal one is
// corrected once, by writing the document again; then it is a problem (R82).
func (t *turn) readBack(ctx context.Context, wave plan.Wave) error {
	want := map[string]crossbook.Link{}
	err := t.view(ctx, func(tx *store.Tx) error {
		for _, op := range wave {
			l, err := tx.Link(ctx, t.conn.ID, op.Link.ID)
			if errors.Is(err, store.ErrNotFound) {
				continue // the write did not succeed
			}
			if err != nil {
				return err
			}
			if l.BaseCRM[keyTotal] != "" && l.BaseCRM[keyTotal] == op.BaseCRM[keyTotal] {
				want[l.CRMID] = l
			}
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
	for _, r := range records {
		l := want[r.ID]
		if mapping.Number(r.Data["Grand_Total"]) == mapping.Number(l.BaseCRM[keyTotal]) {
			continue
		}
		if err := t.totalDiffers(ctx, l, r); err != nil {
			return err
		}
	}
	return nil
}

// totalDiffers has the document written again the first time, and makes a
// problem of it the second time.
func (t *turn) totalDiffers(ctx context.Context, l crossbook.Link, r crossbook.Record) error {
	name := recordName(&r)
	t.e.o.Logger.Warn("a document's total differs after the write", "connection", t.conn.ID, "module", l.Module)
	return t.update(ctx, func(tx *store.Tx) error {
		var corrected bool
		if err := readFact(ctx, tx, t.conn.ID, factTotal+l.ID, &corrected); err != nil {
			return err
		}
		if corrected {
			p := problem.TotalsDiffer(mapping.Number(r.Data["Grand_Total"]), mapping.Number(l.BaseCRM[keyTotal]),
				problem.Context{Module: l.Module, Entity: l.Entity, Name: name})
			return t.putProblem(ctx, tx, l.Books(), l.Module, name, p, nil)
		}
		l.BaseCRM = crossbook.Fields{} // as if nothing had been sent: it is written again
		if err := tx.PutLink(ctx, t.conn.ID, l); err != nil {
			return err
		}
		delete(t.whole, l.CRM())
		if err := tx.MarkDirty(ctx, t.conn.ID, dirtyRows([]crossbook.Ref{l.Books()}, reasonResync, t)); err != nil {
			return err
		}
		return writeFact(ctx, tx, t.conn.ID, factTotal+l.ID, true, t.now())
	})
}
