package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	neturl "net/url"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What a caller may want to tell apart; test with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("changed or taken by somebody else")
	ErrFenced   = errors.New("the lease was taken over")
	ErrBusy     = errors.New("the database is busy")
	// The rest come from opening a database or from its machine.
	ErrUnavailable = errors.New("the database cannot be reached")
	ErrDamaged     = errors.New("the database is damaged")
	ErrFull        = errors.New("no room to write")
	ErrReadOnly    = errors.New("the database cannot be written")
	ErrNewer       = errors.New("the database belongs to a newer version of Crossbook")
)

// Error is a failure of the database, with what a person can do about it.
type Error struct {
	Op   string // what was tried
	Kind error  // one of the errors above
	Err  error  // what the database said
	hint string
}

// Error says what was tried, what is wrong and what the database said.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %v", e.Op, e.Kind)
	}
	return fmt.Sprintf("%s: %v: %v", e.Op, e.Kind, e.Err)
}

// Unwrap gives the kind and the database's own error.
func (e *Error) Unwrap() []error { return []error{e.Kind, e.Err} }

// Hint says what a person can do; empty when nothing is to be done.
func (e *Error) Hint() string { return e.hint }

// fail makes an error of a known kind.
func (s *Store) fail(op string, kind, err error) error {
	return &Error{Op: op, Kind: kind, Err: err, hint: s.hint(kind)}
}

// explain gives a driver's error its kind; errors of others pass unchanged.
func (s *Store) explain(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	kind := kindOf(err)
	if kind == nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return s.fail(op, kind, err)
}

// unreadable explains why a row cannot be read: what was kept as a document and
// is none any more was spoilt on the disk.
func (s *Store) unreadable(op string, err error) error {
	var known *Error
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && !errors.As(err, &known) {
		return s.fail(op, ErrDamaged, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// whole makes sure that a document read from the database still is one.
func whole(document []byte) error {
	var raw json.RawMessage
	return json.Unmarshal(document, &raw)
}

func kindOf(err error) error {
	var (
		lite *sqlite.Error
		pg   *pgconn.PgError
		conn *pgconn.ConnectError
		nerr net.Error
	)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case errors.As(err, &lite):
		return sqliteKind(lite.Code())
	case errors.As(err, &pg):
		return postgresKind(pg.Code)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil
	case errors.As(err, &conn), errors.As(err, &nerr), pgconn.SafeToRetry(err):
		return ErrUnavailable
	default:
		return nil
	}
}

func sqliteKind(code int) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return ErrConflict
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return ErrNotFound
	}
	switch code & 0xff { // the primary code
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrBusy
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH:
		return ErrReadOnly
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	default:
		return nil
	}
}

func postgresKind(code string) error {
	switch code {
	case "23505": // unique_violation
		return ErrConflict
	case "23503": // foreign_key_violation
		return ErrNotFound
	case "40001", "40P01", "55P03": // serialization, deadlock, lock not available
		return ErrBusy
	case "25006", "42501": // read-only transaction, insufficient privilege
		return ErrReadOnly
	case "XX001", "XX002": // data corrupted, index corrupted
		return ErrDamaged
	case "53100": // disk full
		return ErrFull
	}
	switch code[:min(len(code), 2)] {
	case "08", "28", "3D", "57", "53": // connection, authorisation, no such database, intervention, resources
		return ErrUnavailable
	default:
		return nil
	}
}

// hint says what a person can do about an error of this kind.
func (s *Store) hint(kind error) string {
	where := s.where()
	switch {
	case errors.Is(kind, ErrDamaged) && s.dialect == SQLite:
		return "The file " + where + " is no sound Crossbook database. Stop Crossbook, keep the file, and put the newest backup in its place (crossbook backup makes them); the next sync brings in what changed since."
	case errors.Is(kind, ErrDamaged):
		return "PostgreSQL reports damaged data in " + where + ". Restore it from a backup."
	case errors.Is(kind, ErrFull):
		return "Make room on the disk that holds " + where + " and start again; nothing was half-written."
	case errors.Is(kind, ErrReadOnly) && s.dialect == SQLite:
		return "Crossbook must be able to write " + where + " and the folder it lies in (it keeps two more files beside it). Give this user the right to write there, or choose another place with --db."
	case errors.Is(kind, ErrReadOnly):
		return "The database user may not write in " + where + ", or the server is a read-only replica. Use the primary server and a user who owns the database."
	case errors.Is(kind, ErrUnavailable) && s.dialect == Postgres:
		return "No usable PostgreSQL at " + where + ". Check that the server runs, that host, port, database, user and password in --db (or CROSSBOOK_DB) are right, and that it has connections left."
	case errors.Is(kind, ErrBusy):
		return "Another program holds " + where + " for long. Look for a second Crossbook, a backup or an open database tool, and try again."
	case errors.Is(kind, ErrNewer):
		return "Install the newer version of Crossbook again, or open a backup that was made before the update. An older version cannot read newer tables safely."
	default:
		return ""
	}
}

// where names the database for a person, without a password.
func (s *Store) where() string {
	if s.dialect == SQLite {
		path, _, _ := strings.Cut(strings.TrimPrefix(s.url, "sqlite:"), "?")
		return path
	}
	return redact(s.url)
}

// redact takes the password out of a database address.
func redact(url string) string {
	u, err := neturl.Parse(url)
	if err != nil {
		scheme, _, _ := strings.Cut(url, ":")
		return scheme + ":..."
	}
	q := u.Query()
	if q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}
