package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crossbook"
	"crossbook/internal/testkit"
	"crossbook/store"
	"crossbook/store/storetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const conn = storetest.ConnectionID

var (
	ctx   = context.Background()
	noon  = time.Date(2026, 5, 4, 12, 0, 0, 123_000, time.UTC)
	crm1  = crossbook.CRMRef(crossbook.Accounts, "1001")
	crm2  = crossbook.CRMRef(crossbook.Accounts, "1002")
	book1 = crossbook.BooksRef(crossbook.Customer, "58")
	book2 = crossbook.BooksRef(crossbook.Customer, "59")
)

// update runs fn in a transaction that must succeed.
func update(t *testing.T, st *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := st.Update(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// get runs a query in a view; it must succeed.
func get[T any](t *testing.T, st *store.Store, fn func(*store.Tx) (T, error)) T {
	t.Helper()
	var v T
	if err := st.View(ctx, func(tx *store.Tx) (err error) {
		v, err = fn(tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return v
}

// refused runs fn in a transaction that must fail with want.
func refused(t *testing.T, st *store.Store, want error, fn func(*store.Tx) error) {
	t.Helper()
	if err := st.Update(ctx, fn); !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestUpdateKeepsAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		boom := errors.New("boom")
		refused(t, st, boom, func(tx *store.Tx) error {
			if err := tx.PutFact(ctx, conn, "a", []byte(`1`), noon); err != nil {
				return err
			}
			return boom
		})
		func() {
			defer func() { _ = recover() }()
			_ = st.Update(ctx, func(tx *store.Tx) error {
				_ = tx.PutFact(ctx, conn, "a", []byte(`1`), noon)
				panic("boom")
			})
		}()
		if err := st.View(ctx, func(tx *store.Tx) error { _, _, err := tx.Fact(ctx, conn, "a"); return err }); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a rolled back row is there: %v", err)
		}
		update(t, st, func(tx *store.Tx) error { return tx.PutFact(ctx, conn, "a", []byte(`{"b":1}`), noon) })
		got := get(t, st, func(tx *store.Tx) (string, error) { b, _, err := tx.Fact(ctx, conn, "a"); return string(b), err })
		same(t, "fact", got, `{"b":1}`)
	})
}

// A statement that failed dooms its transaction on both databases, also when
// its error is swallowed.
func TestFailedStatementIsNotCommitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		refused(t, st, store.ErrConflict, func(tx *store.Tx) error {
			if err := tx.PutFact(ctx, conn, "a", []byte(`1`), noon); err != nil {
				return err
			}
			_ = tx.PutRequest(ctx, conn, store.Request{ID: "r", CreatedAt: noon}, nil)
			_ = tx.PutRequest(ctx, conn, store.Request{ID: "r", CreatedAt: noon}, nil)
			return nil
		})
		if err := st.View(ctx, func(tx *store.Tx) error { _, _, err := tx.Fact(ctx, conn, "a"); return err }); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("half of a doomed transaction was kept: %v", err)
		}
	})
}

func TestUpdateInsideUpdatePanics(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
			update(t, st, func(*store.Tx) error { return nil }) // and the outer one is not stuck
		}()
		_ = st.Update(ctx, func(*store.Tx) error {
			return st.Update(ctx, func(*store.Tx) error { return nil })
		})
	})
}

func TestViewSeesOneState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		count := func(tx *store.Tx) int {
			n, err := tx.CountMirror(ctx, conn, crossbook.CRM, "Accounts")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := st.View(ctx, func(tx *store.Tx) error {
			before := count(tx)
			done := make(chan error)
			go func() {
				done <- st.Update(ctx, func(tx *store.Tx) error {
					return tx.PutMirror(ctx, conn, []store.MirrorRow{{Record: crossbook.Record{Ref: crm1}}})
				})
			}()
			if err := <-done; err != nil {
				return err
			}
			if after := count(tx); after != before {
				t.Errorf("the view changed under its reader: %d, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestConnections(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		c := crossbook.Connection{
			ID: "c2", Name: "Acme", OrgID: "7", RealmID: "9", CompanyName: "Acme Pty", HomeCurrency: "AUD", Country: "AU",
			Zone: "Australia/Sydney", State: crossbook.Connected, CreatedAt: noon, Endpoints: crossbook.Endpoints{QBOAPIURL: "http://127.0.0.1"},
		}
		update(t, st, func(tx *store.Tx) error { return tx.PutConnection(ctx, c) })
		update(t, st, func(tx *store.Tx) error { return tx.SetConnectionState(ctx, "c2", crossbook.Active) })
		c.State = crossbook.Active
		for _, key := range []string{"c2", "Acme"} {
			same(t, key, get(t, st, func(tx *store.Tx) (crossbook.Connection, error) { return tx.Connection(ctx, key) }), c)
		}
		all := get(t, st, func(tx *store.Tx) ([]crossbook.Connection, error) { return tx.Connections(ctx) })
		if len(all) != 2 || all[0].ID != "c2" {
			t.Errorf("connections by name: %v", all)
		}
		refused(t, st, store.ErrConflict, func(tx *store.Tx) error {
			return tx.PutConnection(ctx, crossbook.Connection{ID: "c3", Name: "Acme"})
		})
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { return tx.SetConnectionState(ctx, "none", "x") })
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Connection(ctx, "none"); return err })
	})
}

func TestCredentialIsComparedAndSwapped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		save := func(sealed string, expected int64) error {
			return st.Update(ctx, func(tx *store.Tx) error {
				_, err := tx.SaveCredential(ctx, conn, "zoho", []byte(sealed), expected)
				return err
			})
		}
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, _, err := tx.Credential(ctx, conn, "zoho"); return err })
		if err := save("one", 0); err != nil {
			t.Fatal(err)
		}
		if err := save("other", 0); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a first save over a stored one: %v", err)
		}
		if err := save("two", 1); err != nil {
			t.Fatal(err)
		}
		if err := save("late", 1); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a save over a newer one: %v", err)
		}
		got := get(t, st, func(tx *store.Tx) (string, error) {
			b, v, err := tx.Credential(ctx, conn, "zoho")
			same(t, "version", v, int64(2))
			return string(b), err
		})
		same(t, "sealed", got, "two")
	})
}

func TestSettingsAndMappingAreVersioned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s, v := crossbook.Settings{}, int64(-1)
		read := func(tx *store.Tx) (err error) { s, v, err = tx.Settings(ctx, conn); return err }
		update(t, st, read)
		same(t, "unsaved", s, crossbook.DefaultSettings())
		same(t, "version", v, int64(0))
		s.SendQuantity = true
		for want := int64(1); want <= 2; want++ {
			update(t, st, func(tx *store.Tx) error {
				got, err := tx.SaveSettings(ctx, conn, s, "Ana")
				same(t, "new version", got, want)
				return err
			})
		}
		saved := s
		update(t, st, read)
		same(t, "saved", s, saved)
		same(t, "version", v, int64(2))

		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, _, err := tx.Mapping(ctx, conn); return err })
		update(t, st, func(tx *store.Tx) error {
			_, err := tx.SaveMapping(ctx, conn, []byte(`{"pairs":[]}`), "Ana")
			return err
		})
		same(t, "mapping", get(t, st, func(tx *store.Tx) (string, error) { b, _, err := tx.Mapping(ctx, conn); return string(b), err }), `{"pairs":[]}`)
		if err := st.Update(ctx, func(tx *store.Tx) error { _, err := tx.SaveMapping(ctx, conn, []byte(`{`), "Ana"); return err }); err == nil {
			t.Error("a broken document was kept")
		}
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.SaveSettings(ctx, "none", s, ""); return err })
	})
}

func TestCursorsAndBudget(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		update(t, st, func(tx *store.Tx) error {
			if _, _, ok, err := tx.Cursor(ctx, conn, "cdc"); ok || err != nil {
				t.Errorf("a cursor nobody set: %v %v", ok, err)
			}
			if err := tx.SetCursor(ctx, conn, "cdc", noon, "t1"); err != nil {
				return err
			}
			at, token, ok, err := tx.Cursor(ctx, conn, "cdc")
			if !at.Equal(noon) || token != "t1" || !ok {
				t.Errorf("cursor %v %q %v", at, token, ok)
			}
			return err
		})
		for _, day := range []string{"2026-05-04", "2026-05-04", "2026-05-31", "2026-06-01"} {
			update(t, st, func(tx *store.Tx) error { return tx.AddCalls(ctx, conn, "zoho", "read", day, 3) })
		}
		calls := func(day string) []store.CallCount {
			return get(t, st, func(tx *store.Tx) ([]store.CallCount, error) { return tx.Calls(ctx, conn, day) })
		}
		same(t, "a day", calls("2026-05-04"), []store.CallCount{{Vendor: "zoho", Kind: "read", Day: "2026-05-04", N: 6}})
		same(t, "a month", len(calls("2026-05")), 2)
	})
}

// number reads a JSON number as the vendor wrote it.
func number(s string) json.Number { return json.Number(s) }
