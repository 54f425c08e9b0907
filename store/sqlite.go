package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// SQLite's settings, for every connection.
//
// synchronous is FULL: in WAL mode even NORMAL survives kill -9, because what
// was written is in the system's cache, but after a power cut it may forget
// the last commits. An intent that is forgotten after its call reached the
// vendor is a record made twice, so every commit is on the disk before the
// call. A turn makes two commits a request; the cost is one fsync each.
//
// Readers may see the last commit while a writer works (WAL), and wait 10 s
// for another process that writes, such as the command line beside a server.
// Each of the connections has a page cache of its own, so it is small: 4 MB.
var pragmas = []string{
	"busy_timeout(10000)",
	"journal_mode(WAL)",
	"foreign_keys(1)",
	"temp_store(MEMORY)",
	"cache_size(-4000)",
	"journal_size_limit(67108864)",
}

const readers = 8

// openSQLite opens sqlite:PATH. The folder is made when it is missing. The one
// option, sqlite:PATH?synchronous=off, gives up durability against power cuts
// (not against kill -9) for tests and rehearsals.
func openSQLite(ctx context.Context, address string) (*Store, error) {
	s := &Store{dialect: SQLite, url: address}
	path, query, _ := strings.Cut(strings.TrimPrefix(address, "sqlite:"), "?")
	q, err := url.ParseQuery(query)
	if err != nil || path == "" || path == ":memory:" {
		return nil, s.fail("open the database", ErrUnavailable, errors.New("a path to a file is needed: sqlite:PATH"))
	}
	synchronous := "FULL"
	if q.Get("synchronous") != "" {
		synchronous = q.Get("synchronous")
	}
	switch strings.ToUpper(synchronous) {
	case "OFF", "NORMAL", "FULL", "EXTRA":
	default:
		return nil, s.fail("open the database", ErrUnavailable, fmt.Errorf("synchronous=%s is none of off, normal, full, extra", synchronous))
	}
	if err := prepareFile(path); err != nil {
		return nil, s.fail("open the database", fileKind(err), err)
	}
	if s.writer, err = sql.Open("sqlite", dsn(path, synchronous, "_txlock=immediate")); err != nil {
		return nil, s.explain("open the database", err)
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open("sqlite", dsn(path, synchronous, "_txlock=deferred&_query_only=1")); err != nil {
		return nil, s.explain("open the database", errors.Join(err, s.writer.Close()))
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	// A damaged or unwritable file shows here, before anything else is tried.
	for _, db := range []*sql.DB{s.writer, s.reader} {
		if _, err := db.ExecContext(ctx, `SELECT count(*) FROM sqlite_master`); err != nil {
			return nil, errors.Join(s.explain("open the database", err), s.Close())
		}
	}
	return s, nil
}

func dsn(path, synchronous, extra string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = extra + "&_pragma=synchronous(" + synchronous + ")"
	for _, p := range pragmas {
		u.RawQuery += "&_pragma=" + p
	}
	return u.String()
}

// prepareFile makes sure that the file exists and can be written, and that
// only its owner can read it: it holds the customers of a company.
func prepareFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the path is the operator's
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	// The write-ahead log lies beside the file.
	probe, err := os.CreateTemp(filepath.Dir(path), ".crossbook-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func fileKind(err error) error {
	switch {
	case isFull(err):
		return ErrFull
	case errors.Is(err, fs.ErrNotExist):
		return ErrUnavailable
	default:
		return ErrReadOnly
	}
}

// OpenFile opens a plain SQLite file with the same settings and one
// connection, for those who keep tables of their own (the sandboxes). Nothing
// of the store is in it.
func OpenFile(ctx context.Context, path string) (*sql.DB, error) {
	s := &Store{dialect: SQLite, url: "sqlite:" + path}
	if err := prepareFile(path); err != nil {
		return nil, s.fail("open "+path, fileKind(err), err)
	}
	// NORMAL: a sandbox need not outlive a power cut.
	db, err := sql.Open("sqlite", dsn(path, "NORMAL", "_txlock=immediate"))
	if err != nil {
		return nil, s.explain("open "+path, err)
	}
	db.SetMaxOpenConns(1)
	if err := db.PingContext(ctx); err != nil {
		return nil, s.explain("open "+path, errors.Join(err, db.Close()))
	}
	return db, nil
}
