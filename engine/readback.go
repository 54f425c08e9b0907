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
	"crossbook/problem"
	"crossbook/store"
)

// factTotal + link id counts how often in a row a document's total was not
// QuickBooks' after it had been written.
const factTotal = "totals/"

// choreReadBack + the id of a call is the row of a read-back that is owed: it is
// stored with the call's result and goes once the documents were read, so that
// no crash between the two forgets to look.
const choreReadBack = "read back/"

// owesReadBack is the row of a call's documents that are still to be read back.
func (t *turn) owesReadBack(m crossbook.Module, requestID string) store.Dirty {
	ref := crossbook.Ref{Side: crossbook.CRM, Type: string(m), ID: choreReadBack + requestID}
	return store.Dirty{Ref: ref, Reason: "totals are read back", DueAt: t.now(), Order: orderChores}
}

// isReadBack tells whether a call wrote documents, whose totals are read back.
func isReadBack(r crossbook.Request, ops []crossbook.Op) bool {
	return r.Side == crossbook.CRM && len(ops) > 0 && ops[0].Module.Document() && !ops[0].Note
}

// factUnread + the id of a call holds the totals its documents must show, by
// link, as long as they are to be read back.
const factUnread = "unread/"

// owe takes down that the documents of a call are to be read back.
func (t *turn) owe(ctx context.Context, tx *store.Tx, requestID string, written []crossbook.Link) error {
	totals := make(map[string]string, len(written))
	for _, l := range written {
		totals[l.ID] = l.BaseCRM[keyTotal]
	}
	return writeFact(ctx, tx, t.conn.ID, factUnread+requestID, totals, t.now())
}

// totalsOf are the totals the documents of a wave must show, by link.
func totalsOf(ops []crossbook.Op) map[string]string {
	totals := make(map[string]string, len(ops))
	for _, op := range ops {
		totals[op.Link.ID] = op.BaseCRM[keyTotal]
	}
	return totals
}

// readBackOwed reads back what an earlier turn, or this one, could not.
func (t *turn) readBackOwed(ctx context.Context, row store.Dirty) error {
	id := strings.TrimPrefix(row.Ref.ID, choreReadBack)
	var totals map[string]string
	err := t.view(ctx, func(tx *store.Tx) error {
		return readFact(ctx, tx, t.conn.ID, factUnread+id, &totals)
	})
	if err != nil {
		return err
	}
	return t.readBack(ctx, row.Ref.Module(), totals, id)
}

// readBack reads the Grand Total of documents that were written by these calls:
// the CRM reckons it, and it must be QuickBooks' total to the cent. An unequal
// one is corrected once, by writing the document again; then it is a problem
// (R82).
func (t *turn) readBack(ctx context.Context, m crossbook.Module, totals map[string]string, requests ...string) error {
	if err := t.compareTotals(ctx, m, totals); err != nil {
		return err
	}
	return t.update(ctx, func(tx *store.Tx) error {
		var read []store.Dirty
		for _, id := range requests {
			row, err := tx.DirtyRow(ctx, t.conn.ID, t.owesReadBack(m, id).Ref)
			if errors.Is(err, store.ErrNotFound) {
				continue // the call wrote nothing
			}
			if err != nil {
				return err
			}
			read = append(read, row)
			if err := tx.DeleteFact(ctx, t.conn.ID, factUnread+id); err != nil {
				return err
			}
		}
		return tx.ClearDirtyMany(ctx, t.conn.ID, read)
	})
}

func (t *turn) compareTotals(ctx context.Context, m crossbook.Module, totals map[string]string) error {
	want, failed := map[string]crossbook.Link{}, map[string]int{}
	err := t.view(ctx, func(tx *store.Tx) error {
		for id, total := range totals {
			l, err := tx.Link(ctx, t.conn.ID, id)
			if errors.Is(err, store.ErrNotFound) {
				continue // the write did not succeed
			}
			if err != nil {
				return err
			}
			if l.BaseCRM[keyTotal] == "" || l.BaseCRM[keyTotal] != total {
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
	records, err := t.sides.CRM.Read(ctx, m, ids)
	if err != nil {
		return err
	}
	if err := t.absorb(ctx, records, nil, true); err != nil { // which Deal each is on (P33)
		return err
	}
	for _, r := range records {
		t.heads[r.Ref] = &r
		l := want[r.ID]
		equal := mapping.Number(r.Data["Grand_Total"]) == mapping.Number(l.BaseCRM[keyTotal])
		switch {
		case !equal:
			err = t.totalDiffers(ctx, l, r, failed[r.ID]+1)
		case failed[r.ID] > 0:
			err = t.update(ctx, func(tx *store.Tx) error {
				return tx.DeleteFact(ctx, t.conn.ID, factTotal+l.ID)
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

// staysWrong tells until when a document is left alone whose total differs
// though it was written twice: nothing of it has changed since, and the next
// try has its time (R82).
func (d *decider) staysWrong(l crossbook.Link, want crossbook.Fields) (until time.Time, yes bool) {
	sent := crossbook.Fields{} // a document that was only linked has no base yet
	maps.Copy(sent, l.BaseCRM)
	delete(sent, keyWritten)
	sent[keyTotal] = want[keyTotal]
	if !sent.Equal(want) {
		return until, false
	}
	var times int
	d.w.fail(readFact(d.w.ctx, d.w.tx, d.w.conn, factTotal+l.ID, &times))
	if times < 2 {
		return until, false
	}
	p, err := d.w.tx.Problem(d.w.ctx, d.w.conn, l.Books().String())
	if err != nil {
		if !errors.Is(err, store.ErrNotFound) {
			d.w.fail(err)
		}
		return until, false
	}
	return p.NextTry, d.now.Before(p.NextTry)
}
