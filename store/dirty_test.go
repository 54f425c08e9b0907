package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"crossbook"
	"crossbook/store"
	"crossbook/store/storetest"
)

func due(t *testing.T, st *store.Store, now time.Time) []store.Dirty {
	t.Helper()
	return get(t, st, func(tx *store.Tx) ([]store.Dirty, error) { return tx.DueDirty(ctx, conn, now, 0) })
}

func mark(t *testing.T, st *store.Store, rows ...store.Dirty) {
	t.Helper()
	update(t, st, func(tx *store.Tx) error { return tx.MarkDirty(ctx, conn, rows) })
}

func TestDirtyCoalesces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		mark(t, st, store.Dirty{Ref: crm1, Reason: "late", DueAt: noon.Add(time.Hour), Priority: 2, Order: 1})
		mark(t, st,
			store.Dirty{Ref: crm1, Reason: "now", DueAt: noon, Order: 1},
			store.Dirty{Ref: crm1, Reason: "later still", DueAt: noon.Add(2 * time.Hour), Order: 1})
		mark(t, st, store.Dirty{Ref: crm1, Reason: "even later", DueAt: noon.Add(3 * time.Hour), Order: 1})
		same(t, "one row", due(t, st, noon), []store.Dirty{
			{Ref: crm1, Reason: "now", DueAt: noon, Priority: 2, Order: 1, Generation: 3, Since: noon.Add(time.Hour)},
		})
	})
}

func TestDueDirtyComesInTheOrderOfWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		row := func(id string, order, priority int, wait time.Duration) store.Dirty {
			return store.Dirty{Ref: crossbook.CRMRef(crossbook.Accounts, id), DueAt: noon.Add(wait), Order: order, Priority: priority}
		}
		mark(t, st, row("e", 7, 0, -time.Hour), row("b", 1, 0, 0), row("a", 9, 5, 0), row("d", 2, 0, 0), row("c", 2, 0, -time.Minute), row("f", 0, 9, time.Second))
		var got []string
		for _, d := range due(t, st, noon) {
			got = append(got, d.Ref.ID)
		}
		same(t, "order", got, []string{"a", "b", "c", "d", "e"})
		counts := get(t, st, func(tx *store.Tx) ([]store.DirtyCount, error) { return tx.CountDirty(ctx, conn, noon) })
		same(t, "counts", counts, []store.DirtyCount{{Side: "crm", Type: "Accounts", N: 6, Due: 5}})
		all := get(t, st, func(tx *store.Tx) ([]store.Dirty, error) {
			return tx.WalkDirty(ctx, conn, crossbook.CRMRef("Accounts", "c"), 2)
		})
		if len(all) != 2 || all[0].Ref.ID != "d" {
			t.Errorf("walk: %v", all)
		}
	})
}

func TestClearDirtySparesWhatWasMarkedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		mark(t, st, store.Dirty{Ref: crm1, DueAt: noon}, store.Dirty{Ref: crm2, DueAt: noon}, store.Dirty{Ref: book1, DueAt: noon})
		seen := due(t, st, noon)
		mark(t, st, store.Dirty{Ref: crm1, DueAt: noon})
		update(t, st, func(tx *store.Tx) error {
			for _, d := range seen[:2] {
				cleared, err := tx.ClearDirty(ctx, conn, d.Ref, d.Generation)
				if cleared != (d.Ref != crm1) {
					t.Errorf("%v cleared: %v", d.Ref, cleared)
				}
				if err != nil {
					return err
				}
			}
			return tx.ClearDirtyMany(ctx, conn, seen)
		})
		left := due(t, st, noon)
		if len(left) != 1 || left[0].Ref != crm1 {
			t.Errorf("left: %v", left)
		}
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.DirtyRow(ctx, conn, crm2); return err })
	})
}

func TestPostponedRowsAreNotDueUntilRevived(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		has := func() bool {
			return get(t, st, func(tx *store.Tx) (bool, error) { return tx.HasDue(ctx, conn, noon) })
		}
		next := func() (at time.Time, ok bool) {
			update(t, st, func(tx *store.Tx) (err error) { at, ok, err = tx.NextDue(ctx, conn); return err })
			return at, ok
		}
		postpone := func(generation int64, to time.Time) (done bool) {
			update(t, st, func(tx *store.Tx) (err error) {
				done, err = tx.Postpone(ctx, conn, crm1, generation, to, "waits for its parent")
				return err
			})
			return done
		}
		if _, ok := next(); ok || has() {
			t.Error("something is due in an empty store")
		}
		mark(t, st, store.Dirty{Ref: crm1, DueAt: noon})
		if !has() || !postpone(1, noon.Add(time.Hour)) || has() {
			t.Error("a postponed row is still due")
		}
		if at, ok := next(); !ok || !at.Equal(noon.Add(time.Hour)) {
			t.Errorf("next due %v %v", at, ok)
		}
		if !postpone(1, store.Never) {
			t.Error("not postponed")
		}
		if _, ok := next(); ok {
			t.Error("a row that waits for an event has a time")
		}
		update(t, st, func(tx *store.Tx) error { return tx.Revive(ctx, conn, []crossbook.Ref{crm1, crm2}, noon) })
		if !has() {
			t.Error("a revived row is not due")
		}
		// The event came while a turn was at work on the row: it must not sleep
		// through it.
		if postpone(1, store.Never) || !has() {
			t.Error("a revived row was postponed by somebody who did not see the event")
		}
		if !postpone(2, store.Never) {
			t.Error("not postponed")
		}
		update(t, st, func(tx *store.Tx) error { return tx.ReviveType(ctx, conn, crossbook.CRM, "Accounts", "catch-up", noon) })
		if !has() {
			t.Error("a row revived by type is not due")
		}
		same(t, "connections", get(t, st, func(tx *store.Tx) ([]string, error) { return tx.DueConnections(ctx, noon) }), []string{conn})
	})
}

// Many mark and clear at once: nothing marked after it was read may be lost,
// and nobody may wait for ever.
func TestDirtyUnderConcurrency(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		refs := make([]crossbook.Ref, 40)
		for i := range refs {
			refs[i] = crossbook.CRMRef(crossbook.Accounts, fmt.Sprint(i))
		}
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for round := range 10 {
					err := st.Update(ctx, func(tx *store.Tx) error {
						if w%2 == 0 {
							rows := make([]store.Dirty, len(refs))
							for i := range refs { // every worker in another order
								rows[i] = store.Dirty{Ref: refs[(i*7+w+round)%len(refs)], DueAt: noon}
							}
							return tx.MarkDirty(ctx, conn, rows)
						}
						rows, err := tx.DueDirty(ctx, conn, noon, 0)
						if err != nil {
							return err
						}
						return tx.ClearDirtyMany(ctx, conn, rows)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		mark(t, st, store.Dirty{Ref: refs[0], DueAt: noon})
		if len(due(t, st, noon)) == 0 {
			t.Error("the last mark was lost")
		}
	})
}

func TestDependents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		invoice := crossbook.BooksRef(crossbook.Invoice, "9")
		set := func(from crossbook.Ref, on ...crossbook.Ref) {
			update(t, st, func(tx *store.Tx) error { return tx.SetDependencies(ctx, conn, from, on) })
		}
		of := func(on ...crossbook.Ref) []crossbook.Ref {
			return get(t, st, func(tx *store.Tx) ([]crossbook.Ref, error) { return tx.Dependents(ctx, conn, on) })
		}
		set(invoice, book1, book2, book1)
		set(crm1, book1)
		same(t, "dependents", of(book1, book2), []crossbook.Ref{invoice, crm1})
		set(invoice, book2)
		same(t, "after a change", of(book1), []crossbook.Ref{crm1})
		set(crm1)
		same(t, "after the end", len(of(book1)), 0)
	})
}
