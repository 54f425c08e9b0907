package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Dialect is the kind of a database.
type Dialect string

// The two databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// How long one transaction may take, and how long it may queue behind others
// before it begins. An Update does no vendor call, so reaching either means
// that something is stuck.
const (
	updateDeadline = 30 * time.Second
	queueDeadline  = 60 * time.Second
)

// Store is an open database.
type Store struct {
	dialect Dialect
	url     string
	// On SQLite writer is a pool of one connection, so that writers of this
	// process queue in order instead of meeting in "database is locked". On
	// PostgreSQL both are the same pool.
	writer *sql.DB
	reader *sql.DB
	guard  guard
	stats  statistics
}

// Open opens the database at url, "sqlite:PATH" or "postgres://...", and
// brings its tables up to date. Its errors carry a hint for a person.
func Open(ctx context.Context, url string) (*Store, error) {
	var (
		s   *Store
		err error
	)
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		s, err = openSQLite(ctx, url)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		s, err = openPostgres(ctx, url)
	default:
		return nil, &Error{
			Op: "open the database", Kind: ErrUnavailable,
			Err:  fmt.Errorf("%q is no database address", redact(url)),
			hint: "Write sqlite:PATH or postgres://USER@HOST/DATABASE (flag --db, or CROSSBOOK_DB in the environment).",
		}
	}
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the database. On SQLite this also empties the write-ahead log.
func (s *Store) Close() error {
	if s.reader == s.writer {
		return s.writer.Close()
	}
	return errors.Join(s.reader.Close(), s.writer.Close())
}

// Dialect says which kind of database this is.
func (s *Store) Dialect() Dialect { return s.dialect }

// URL is the address the store was opened with; it may hold a password.
func (s *Store) URL() string { return s.url }

// Writer is the pool that writes, for the job queue that shares our
// transactions. Everybody else uses Update.
func (s *Store) Writer() *sql.DB { return s.writer }

// View runs fn in a read-only transaction that sees one state throughout.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{}
	if s.dialect == Postgres {
		opts = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	conn, err := s.reader.Conn(ctx)
	if err != nil {
		return s.explain("read the database", err)
	}
	defer func() { _ = conn.Close() }() // back to the pool; the transaction has ended
	tx, err := conn.BeginTx(ctx, opts)
	if err != nil {
		return s.explain("read the database", err)
	}
	t := &Tx{store: s, sql: tx, conn: conn}
	defer t.end()
	return fn(t)
}

// Update runs fn in a transaction and commits unless fn returns an error or
// panics. fn must use only the given Tx: no vendor call, no second Update
// (that panics in tests and fails in service). After 30 s the transaction is
// rolled back.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	leave, err := s.guard.enter()
	if err != nil {
		return err
	}
	defer leave()

	conn, err := s.writeConn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool; the transaction has ended

	limited, cancel := context.WithTimeoutCause(ctx, updateDeadline, errSlow)
	defer cancel()
	tx, err := conn.BeginTx(limited, nil)
	if err != nil {
		return s.explain("begin a change", err)
	}
	t := &Tx{store: s, sql: tx, conn: conn, writable: true}
	defer t.end()
	if err := fn(t); err != nil {
		return t.tooSlow(limited, err)
	}
	if t.doomed != nil {
		return t.doomed
	}
	if err := tx.Commit(); err != nil {
		return t.tooSlow(limited, s.explain("keep a change", err))
	}
	s.analyze(limited, conn, t.grown)
	return nil
}

var errSlow = errors.New("a transaction took longer than " + updateDeadline.String())

// writeConn waits for a connection that may write, not for ever.
func (s *Store) writeConn(ctx context.Context) (*sql.Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, queueDeadline, errors.New("waited "+queueDeadline.String()+" for other changes to end"))
	defer cancel()
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, err) {
			err = errors.Join(cause, err)
		}
		return nil, s.explain("begin a change", err)
	}
	return conn, nil
}

// Check reads the whole database and returns an error when it is damaged.
func (s *Store) Check(ctx context.Context) error {
	if s.dialect == Postgres {
		// PostgreSQL guards its own pages; reaching it is what can fail.
		return s.explain("check the database", s.reader.PingContext(ctx))
	}
	var verdict string
	if err := s.reader.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return s.explain("check the database", err)
	}
	if verdict != "ok" {
		return s.fail("check the database", ErrDamaged, errors.New(verdict))
	}
	return nil
}
