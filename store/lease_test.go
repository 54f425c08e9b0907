package store_test

import (
	"errors"
	"testing"
	"time"

	"crossbook/store"
	"crossbook/store/storetest"
)

var (
	ann = store.Owner{Host: "h1", PID: 7, Started: noon}
	ben = store.Owner{Host: "h2", PID: 7, Started: noon}
)

const ttl = 30 * time.Second

func acquire(t *testing.T, st *store.Store, o store.Owner, now time.Time) (fence int64, ok bool, holder store.Owner) {
	t.Helper()
	update(t, st, func(tx *store.Tx) (err error) {
		fence, ok, holder, err = tx.AcquireLease(ctx, conn, store.TurnLease, o, now, ttl)
		return err
	})
	return fence, ok, holder
}

func TestLeaseHasOneHolderAndARisingFence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		check := func(fence int64) error {
			return st.Update(ctx, func(tx *store.Tx) error { return tx.CheckFence(ctx, conn, store.TurnLease, fence) })
		}
		beat := func(fence int64, now time.Time) error {
			return st.Update(ctx, func(tx *store.Tx) error { return tx.Heartbeat(ctx, conn, store.TurnLease, fence, now, ttl) })
		}
		if err := check(0); !errors.Is(err, store.ErrFenced) {
			t.Errorf("no lease was ever taken: %v", err)
		}
		first, ok, _ := acquire(t, st, ann, noon)
		if !ok || check(first) != nil {
			t.Fatalf("a free lease was refused, or its fence is not good")
		}
		for name, o := range map[string]store.Owner{"another": ben, "the same process": ann} {
			if _, ok, holder := acquire(t, st, o, noon.Add(ttl-1)); ok || !holder.Equal(ann) {
				t.Errorf("%s took a live lease (holder %v)", name, holder)
			}
		}
		if err := beat(first, noon.Add(20*time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := acquire(t, st, ben, noon.Add(40*time.Second)); ok {
			t.Error("a lease was taken in spite of its heartbeat")
		}
		// Expired, but nobody took it: its holder may still write.
		if err := check(first); err != nil {
			t.Errorf("fence of an expired lease that nobody took: %v", err)
		}
		second, ok, _ := acquire(t, st, ben, noon.Add(51*time.Second))
		if !ok || second <= first {
			t.Fatalf("take-over: ok %v, fence %d after %d", ok, second, first)
		}
		if err := check(first); !errors.Is(err, store.ErrFenced) {
			t.Errorf("the overtaken holder may write: %v", err)
		}
		if err := beat(first, noon); !errors.Is(err, store.ErrFenced) {
			t.Errorf("the overtaken holder may go on: %v", err)
		}
		update(t, st, func(tx *store.Tx) error { return tx.ReleaseLease(ctx, conn, store.TurnLease, first) })
		if check(second) != nil {
			t.Error("the overtaken holder released the lease of another")
		}
		update(t, st, func(tx *store.Tx) error { return tx.ReleaseLease(ctx, conn, store.TurnLease, second) })
		if err := check(second); !errors.Is(err, store.ErrFenced) {
			t.Errorf("a released lease is still good: %v", err)
		}
		if third, ok, _ := acquire(t, st, ann, noon); !ok || third <= second {
			t.Errorf("after a release: ok %v, fence %d after %d", ok, third, second)
		}
	})
}

func TestDeadLeasesOfThisHostAreFreed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		take := func(name string, o store.Owner) {
			update(t, st, func(tx *store.Tx) error {
				_, ok, _, err := tx.AcquireLease(ctx, conn, name, o, noon, ttl)
				if !ok {
					t.Errorf("%s refused", name)
				}
				return err
			})
		}
		later := store.Owner{Host: "h1", PID: 7, Started: noon.Add(time.Hour)} // the same number, another process
		take("dead", ann)
		take("alive", later)
		take(store.TokenLease("zoho"), ben)
		var freed []store.Lease
		update(t, st, func(tx *store.Tx) (err error) {
			freed, err = tx.FreeDeadLeases(ctx, "h1", later.Equal)
			return err
		})
		if len(freed) != 1 || freed[0].Name != "dead" {
			t.Errorf("freed %v", freed)
		}
		held := get(t, st, func(tx *store.Tx) ([]store.Lease, error) { return tx.Leases(ctx) })
		if len(held) != 2 || held[0].Name != "alive" || held[1].Name != "token:zoho" {
			t.Errorf("held %v", held)
		}
		take("dead", ben)
	})
}

// A take-over waits for a result transaction that has checked its fence: what
// that writes cannot come after the first read of the new turn.
func TestCheckedFenceHoldsUntilTheTransactionEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		fence, _, _ := acquire(t, st, ann, noon)
		took := make(chan error, 1)
		update(t, st, func(tx *store.Tx) error {
			if err := tx.CheckFence(ctx, conn, store.TurnLease, fence); err != nil {
				return err
			}
			go func() {
				took <- st.Update(ctx, func(tx *store.Tx) error {
					_, ok, _, err := tx.AcquireLease(ctx, conn, store.TurnLease, ben, noon.Add(time.Hour), ttl)
					if !ok {
						t.Error("an expired lease was refused")
					}
					if _, _, ferr := tx.Fact(ctx, conn, "result"); ferr != nil {
						t.Errorf("the new holder does not see the result: %v", ferr)
					}
					return err
				})
			}()
			select {
			case err := <-took:
				t.Errorf("the lease was taken within a transaction that had checked its fence (%v)", err)
			case <-time.After(100 * time.Millisecond): // long enough for a wrong one to pass
			}
			return tx.PutFact(ctx, conn, "result", []byte(`1`), noon)
		})
		if err := <-took; err != nil {
			t.Fatal(err)
		}
	})
}
