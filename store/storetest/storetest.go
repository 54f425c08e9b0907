// Package storetest opens stores for tests: a new SQLite file, or a new
// database of a temporary PostgreSQL cluster, with all tables and nothing in
// them. It is for tests alone.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
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
	return open(tb, SQLiteURL(tb))
}

// SQLiteURL is the address of a new SQLite file that has the store's tables,
// for those who open it themselves. It is a copy of one that was made at the
// first call: making the tables takes ten times as long.
func SQLiteURL(tb testing.TB) string {
	tb.Helper()
	empty, err := template()
	if err != nil {
		tb.Fatalf("make an empty store: %v", err)
	}
	path := filepath.Join(tb.TempDir(), "crossbook.db")
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		tb.Fatal(err)
	}
	return "sqlite:" + path + "?synchronous=off"
}

var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "crossbook-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // the copy is what counts
	path := filepath.Join(dir, "empty.db")
	st, err := store.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil { // also empties the write-ahead log into the file
		return nil, err
	}
	return os.ReadFile(path)
})

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
