package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/store"
	"crossbook/store/storetest"
)

// The engine is tested in virtual time: a store opened there must neither hold
// the clock up nor be hurried by it.
func TestStoreWorksInVirtualTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "virtual.db")
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(ctx, "sqlite:"+path+"?synchronous=off")
		if err != nil {
			t.Fatal(err)
		}
		storetest.Connect(t, st, conn)
		begun := time.Now()
		for range 3 {
			time.Sleep(24 * time.Hour)
			update(t, st, func(tx *store.Tx) error { return tx.SetCursor(ctx, conn, "cdc", time.Now(), "") })
		}
		update(t, st, func(tx *store.Tx) error {
			at, _, ok, err := tx.Cursor(ctx, conn, "cdc")
			if days := at.Sub(begun); !ok || days < 72*time.Hour || days > 73*time.Hour {
				t.Errorf("cursor %v after the beginning", days)
			}
			return err
		})
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestUpdateHasADeadline(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slow.db")
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(ctx, "sqlite:"+path+"?synchronous=off")
		if err != nil {
			t.Fatal(err)
		}
		err = st.Update(ctx, func(tx *store.Tx) error {
			if err := tx.PutFact(ctx, conn, "a", []byte(`1`), noon); err != nil {
				return err
			}
			time.Sleep(time.Minute) // a vendor call, say
			return nil
		})
		if !errors.Is(err, store.ErrBusy) {
			t.Errorf("a transaction of a minute: %v", err)
		}
		err = st.View(ctx, func(tx *store.Tx) error { _, _, err := tx.Fact(ctx, conn, "a"); return err })
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("its row: %v", err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkUpdate(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *store.Store{
		"sqlite-not-durable": storetest.SQLite,
		"sqlite": func(tb testing.TB) *store.Store {
			st, err := store.Open(context.Background(), "sqlite:"+filepath.Join(tb.TempDir(), "full.db"))
			if err != nil {
				tb.Fatal(err)
			}
			tb.Cleanup(func() { _ = st.Close() })
			return st
		},
		"postgres": storetest.Postgres,
	} {
		b.Run(name, func(b *testing.B) {
			st := open(b)
			for b.Loop() {
				if err := st.Update(ctx, func(tx *store.Tx) error { return tx.SetCursor(ctx, conn, "cdc", noon, "") }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
