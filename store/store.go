package store

import (
	"context"
	"database/sql"
)

const todo = "store: not written yet"

// Store is an open database.
type Store struct{ writer, reader *sql.DB }

// Tx is one transaction; it lives until the function it was given to returns.
type Tx struct{ tx *sql.Tx }

// Open opens the database at url, "sqlite:PATH" or "postgres://...", and
// brings its tables up to date.
func Open(ctx context.Context, url string) (*Store, error) { panic(todo) }

// Close closes the database.
func (s *Store) Close() error { panic(todo) }

// View runs fn in a read-only transaction that sees one state throughout.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error { panic(todo) }

// Update runs fn in a transaction and commits unless it returns an error. fn
// must use only the given Tx: no vendor call, no second Update.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error { panic(todo) }

// Backup writes a complete copy into a new SQLite file at path, while work
// goes on.
func (s *Store) Backup(ctx context.Context, path string) error { panic(todo) }
