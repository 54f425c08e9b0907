package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Backup writes a complete copy into a new SQLite file at path, while work
// goes on. From PostgreSQL the copy holds every table of ours; the job queue's
// own tables are left out: they hold wake-ups only, and what is dirty wakes a
// connection by itself.
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err == nil {
		return &Error{Op: "back up", Kind: ErrConflict, Err: fmt.Errorf("%s exists already", path), hint: "Choose another name; a backup never overwrites a file."}
	}
	part := path + ".part"
	if err := s.backup(ctx, part); err != nil {
		for _, end := range []string{"", "-journal", "-wal", "-shm"} {
			_ = os.Remove(part + end) // half a copy is of no use; the error says why
		}
		return err
	}
	return os.Rename(part, path)
}

func (s *Store) backup(ctx context.Context, path string) error {
	target := &Store{dialect: SQLite, url: "sqlite:" + path}
	if err := prepareFile(path); err != nil {
		return target.fail("back up", fileKind(err), err)
	}
	if s.dialect == SQLite {
		// VACUUM INTO takes an empty file; prepareFile made it, readable by its
		// owner alone. It reads on a connection of its own, so that writers go
		// on: the writer's may not wait and the readers' may not write.
		source, err := sql.Open("sqlite", dsn(s.where(), "FULL", "_txlock=deferred"))
		if err != nil {
			return s.explain("back up", err)
		}
		_, err = source.ExecContext(ctx, `VACUUM INTO ?`, path)
		return target.explain("back up", errors.Join(err, source.Close()))
	}
	to, err := Open(ctx, target.url)
	if err != nil {
		return err
	}
	err = s.View(ctx, func(from *Tx) error {
		// One transaction of any length: nobody else writes this file.
		tx, err := to.writer.BeginTx(ctx, nil)
		if err != nil {
			return to.explain("back up", err)
		}
		dest := &Tx{store: to, sql: tx, writable: true}
		defer dest.end()
		for _, table := range tables {
			if err := copyTable(ctx, from, dest, table); err != nil {
				return err
			}
		}
		return to.explain("back up", tx.Commit())
	})
	return errors.Join(err, to.Close())
}

// tables are all tables of ours, those referred to before those that refer.
var tables = []string{
	"connection", "credential", "setting", "mapping", "fact", "feed_cursor", "lease", "budget",
	"mirror", "mirror_key", "link", "left_out", "dirty", "dependency", "request", "intent",
	"problem", "difference", "conflict", "journal_segment", "journal", "journal_value",
	"run", "saved_plan", "webhook_receipt", "brake",
}

// copyTable copies every row of one table.
func copyTable(ctx context.Context, from, to *Tx, table string) error {
	rows, err := from.sql.QueryContext(ctx, "SELECT * FROM "+table) //nolint:gosec // a name from the list above
	if err != nil {
		return from.fail("copy "+table, err)
	}
	defer func() { _ = rows.Close() }() // Err below tells what matters
	types, err := rows.ColumnTypes()
	if err != nil {
		return from.fail("copy "+table, err)
	}
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name()
	}
	head := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES"
	var batch [][]any
	for rows.Next() {
		row, err := anyRow(rows, len(names))
		if err != nil {
			return from.fail("copy "+table, err)
		}
		if batch = append(batch, row); len(batch) == bulkRows {
			if err := to.insert(ctx, head, batch, ""); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return from.fail("copy "+table, err)
	}
	return to.insert(ctx, head, batch, "")
}

// anyRow reads a row as it comes: text, whole numbers and bytes.
func anyRow(rows *sql.Rows, n int) ([]any, error) {
	row, dest := make([]any, n), make([]any, n)
	for i := range row {
		dest[i] = &row[i]
	}
	return row, rows.Scan(dest...)
}
