package engine

import (
	"context"
	"slices"
	"time"

	"crossbook"
	"crossbook/store"
)

// readChunk is how many records one list call by ids asks for.
const readChunk = 100

// read makes sure that nothing is decided on a state older than this turn:
// the change feed of QuickBooks is asked once a turn, and CRM records whose
// module's feed was not read in this turn are read by id. What a feed just
// brought is not read again.
func (t *turn) read(ctx context.Context, rows []store.Dirty) error {
	heavy, err := t.justReadAtLength(ctx)
	if err != nil {
		return err
	}
	if !t.fresh[BooksFeed()] && !heavy {
		if _, blocked := t.isBlocked(crossbook.Books); !blocked {
			if err := t.pullBooks(ctx); err != nil {
				if err := t.sideFailed(ctx, crossbook.Books, err, nil); err != nil {
					return err
				}
			}
		}
	}
	stale, err := t.staleCRM(ctx, rows)
	if err != nil {
		return err
	}
	for _, m := range append(crossbook.Modules(), crossbook.Deals) {
		ids := stale[m]
		if len(ids) == 0 {
			continue
		}
		if _, blocked := t.isBlocked(crossbook.CRM); blocked {
			return nil
		}
		if err := t.readCRM(ctx, m, ids); err != nil {
			return t.sideFailed(ctx, crossbook.CRM, err, nil)
		}
	}
	return nil
}

// staleCRM lists, by module, the CRM records of the rows whose state was not
// read in this turn.
func (t *turn) staleCRM(ctx context.Context, rows []store.Dirty) (map[crossbook.Module][]string, error) {
	out := map[crossbook.Module][]string{}
	err := t.view(ctx, func(tx *store.Tx) error {
		w := newWorld(ctx, tx, t.conn.ID)
		var refs []crossbook.Ref
		for _, row := range rows {
			refs = append(refs, row.Ref)
		}
		w.loadLinks(refs)
		var crm []crossbook.Ref
		seen := map[crossbook.Ref]bool{}
		add := func(r crossbook.Ref) {
			read := r.Module().TwoWay() && !t.fresh[CRMFeed(r.Module())] ||
				r.Module() == crossbook.Deals // their feed brings only those we know
			if !seen[r] && read {
				seen[r] = true
				crm = append(crm, r)
			}
		}
		for _, row := range rows {
			if row.Ref.Side == crossbook.CRM {
				add(row.Ref)
				if l := w.home(row.Ref); l != nil {
					for _, other := range w.links(l.Books()) {
						add(other.CRM())
					}
				}
				continue
			}
			for _, l := range w.links(row.Ref) {
				add(l.CRM())
			}
		}
		seenAt, err := tx.MirrorMany(ctx, t.conn.ID, crm)
		if err != nil {
			return err
		}
		good := t.started
		if allInitial(rows) {
			good = good.Add(-stillGood)
		}
		for _, r := range crm {
			row, ok := seenAt[r]
			if ok && (row.Record.Deleted && r.Module() != crossbook.Deals || !row.SeenAt.Before(good)) {
				continue
			}
			out[r.Module()] = append(out[r.Module()], r.ID)
		}
		return w.err
	})
	return out, err
}

// stillGood is how old the state of a CRM record may be for a first sync to go
// on with it: no older than one that a long turn read at its beginning. What
// was written at the end of one turn is then not read back in the next.
const stillGood = 45 * time.Second

// allInitial tells whether rows are all of a first sync.
func allInitial(rows []store.Dirty) bool {
	return !slices.ContainsFunc(rows, func(d store.Dirty) bool { return origin(d.Reason) != reasonInitial })
}

// readCRM reads CRM records by id into the mirror. A record that does not come
// back is left as it was: absence proves nothing (R86).
func (t *turn) readCRM(ctx context.Context, m crossbook.Module, ids []string) error {
	for len(ids) > 0 {
		n := min(readChunk, len(ids))
		records, err := t.sides.CRM.Read(ctx, m, ids[:n])
		if err != nil {
			return err
		}
		if err := t.absorb(ctx, records, nil, true); err != nil {
			return err
		}
		if m == crossbook.Deals {
			if err := t.missingDeals(ctx, ids[:n], records); err != nil {
				return err
			}
		}
		ids = ids[n:]
	}
	return nil
}

// reread takes the present state of one record into the mirror, after a
// compare-and-set failed or an answer said it is gone.
func (t *turn) reread(ctx context.Context, r crossbook.Ref) error {
	if r.Side == crossbook.CRM {
		return t.readCRM(ctx, r.Module(), []string{r.ID})
	}
	rec, there, err := t.sides.Books.Read(ctx, r.Entity(), r.ID)
	if err != nil {
		return err
	}
	if !there {
		return t.confirmGone(ctx, []crossbook.Ref{r})
	}
	t.readAt[r] = t.now()
	return t.absorb(ctx, []crossbook.Record{rec}, nil, true)
}

// confirmGone gathers evidence on records that were not found: a by-id read
// must say so in two turns before the record counts as deleted (design section
// 5, deletes need positive evidence).
func (t *turn) confirmGone(ctx context.Context, refs []crossbook.Ref) error {
	for _, r := range refs {
		there, err := t.isThere(ctx, r)
		if err != nil {
			return err
		}
		key := "absent/" + string(r.Side) + "/" + r.Type + "/" + r.ID
		err = t.update(ctx, func(tx *store.Tx) error {
			if there {
				return tx.DeleteFact(ctx, t.conn.ID, key)
			}
			var first absence
			if err := readFact(ctx, tx, t.conn.ID, key, &first); err != nil {
				return err
			}
			if first.Turn == "" {
				due := t.now().Add(time.Minute)
				order, _ := orderOf(r)
				if err := tx.MarkDirty(ctx, t.conn.ID, []store.Dirty{{Ref: r, Reason: "not found, asked again", DueAt: due, Order: order}}); err != nil {
					return err
				}
				return writeFact(ctx, tx, t.conn.ID, key, absence{Turn: t.id, At: t.now()}, t.now())
			}
			if first.Turn == t.id {
				return nil
			}
			if err := tx.MarkMirrorDeleted(ctx, t.conn.ID, []crossbook.Ref{r}, t.now()); err != nil {
				return err
			}
			if err := tx.MarkDirty(ctx, t.conn.ID, dirtyRows([]crossbook.Ref{r}, reasonFeed, t)); err != nil {
				return err
			}
			return tx.DeleteFact(ctx, t.conn.ID, key)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// absence is the first sight of a record that is not there.
type absence struct {
	Turn string    `json:"turn"`
	At   time.Time `json:"at"`
}

func (t *turn) isThere(ctx context.Context, r crossbook.Ref) (bool, error) {
	if r.Side == crossbook.CRM {
		_, there, err := t.sides.CRM.ReadWhole(ctx, r.Module(), r.ID)
		return there, err
	}
	_, there, err := t.sides.Books.Read(ctx, r.Entity(), r.ID)
	return there, err
}
