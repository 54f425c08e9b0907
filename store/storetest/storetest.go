// Package storetest opens stores for tests: a new SQLite file, or a new
// database of a temporary PostgreSQL cluster, with all tables and nothing in
// them. It is for tests alone.
package storetest

import (
	"context"
	"path/filepath"
	"testing"

	"crossbook"
	"crossbook/internal/testkit"
	"crossbook/store"
)

// ConnectionID is the id of the connection that is in every store opened here.
const ConnectionID = "c1"

// Each runs fn on both databases, as subtests "sqlite" and "postgres".
func Each(t *testing.T, fn func(t *testing.T, st *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite opens a new SQLite store. It does not wait for the disk: tests need
// no protection from power cuts.
func SQLite(tb testing.TB) *store.Store {
	tb.Helper()
	return open(tb, "sqlite:"+filepath.Join(tb.TempDir(), "crossbook.db")+"?synchronous=off")
}

// Postgres opens a new PostgreSQL store, or skips the test.
func Postgres(tb testing.TB) *store.Store {
	tb.Helper()
	return open(tb, PostgresURL(tb))
}

// PostgresURL is the address of a new PostgreSQL database that has the store's
// tables, or skips the test.
func PostgresURL(tb testing.TB) string {
	tb.Helper()
	return testkit.PostgresFrom(tb, "store", func(url string) error {
		st, err := store.Open(context.Background(), url)
		if err != nil {
			return err
		}
		return st.Close()
	})
}

func open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	st, err := store.Open(context.Background(), url)
	if err != nil {
		tb.Fatalf("open the store: %v", err)
	}
	tb.Cleanup(func() {
		if err := st.Close(); err != nil {
			tb.Errorf("close the store: %v", err)
		}
	})
	Connect(tb, st, ConnectionID)
	return st
}

// Connect puts a connection with this id, which is also its name, into the
// store.
func Connect(tb testing.TB, st *store.Store, id string) {
	tb.Helper()
	err := st.Update(context.Background(), func(tx *store.Tx) error {
		return tx.PutConnection(context.Background(), crossbook.Connection{ID: id, Name: id, State: crossbook.Active})
	})
	if err != nil {
		tb.Fatalf("put connection %s: %v", id, err)
	}
}
