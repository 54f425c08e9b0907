package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Tx is one transaction; it lives until the function it was given to returns.
type Tx struct {
	store    *Store
	sql      *sql.Tx
	conn     *sql.Conn
	writable bool
	prepared map[string]*sql.Stmt
	// doomed is the first error of a statement. PostgreSQL refuses everything
	// after one; SQLite would go on and commit the rest. We are as strict on
	// both: a transaction with a failed statement is not committed.
	doomed error
	// grown counts the rows added in bulk by table, for the planner of
	// PostgreSQL.
	grown map[string]int
}

// SQL is the transaction as database/sql knows it, for the job queue.
func (tx *Tx) SQL() *sql.Tx { return tx.sql }

// Conn is the connection the transaction runs on, for the job queue.
func (tx *Tx) Conn() *sql.Conn { return tx.conn }

// end rolls back what was not committed and closes prepared statements.
func (tx *Tx) end() {
	for _, s := range tx.prepared {
		_ = s.Close() // the transaction ends anyway
	}
	_ = tx.sql.Rollback() // ErrTxDone after a commit
}

// tooSlow names the deadline as the cause of an error it brought about.
func (tx *Tx) tooSlow(limited context.Context, err error) error {
	if errors.Is(context.Cause(limited), errSlow) {
		return tx.store.fail("change the database", ErrBusy, errors.Join(errSlow, err))
	}
	return err
}

// exec runs a statement and returns the number of rows it touched.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.sql.ExecContext(ctx, tx.store.rebind(query), args...)
	if err != nil {
		return 0, tx.fail(query, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, tx.fail(query, err)
	}
	return n, nil
}

// run is exec for those who do not count.
func (tx *Tx) run(ctx context.Context, query string, args ...any) error {
	_, err := tx.exec(ctx, query, args...)
	return err
}

func (tx *Tx) fail(query string, err error) error {
	err = tx.store.explain(what(query), err)
	if tx.doomed == nil {
		tx.doomed = err
	}
	return err
}

// what names a statement in an error by its verb and table, without values.
func what(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(len(words), 3)], " ")
}

// scanner is a row to read from.
type scanner interface{ Scan(dest ...any) error }

// list runs a query and reads every row with read.
func list[T any](ctx context.Context, tx *Tx, read func(scanner) (T, error), query string, args ...any) ([]T, error) {
	var out []T
	err := tx.each(ctx, func(row scanner) error {
		v, err := read(row)
		if err == nil {
			out = append(out, v)
		}
		return err
	}, query, args...)
	return out, err
}

// Rows of a single column.
func readString(row scanner) (string, error) { return readColumn[string](row) }
func readInt(row scanner) (int, error)       { return readColumn[int](row) }
func readInt64(row scanner) (int64, error)   { return readColumn[int64](row) }

func readColumn[T any](row scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// one is list for a single row; ErrNotFound when there is none.
func one[T any](ctx context.Context, tx *Tx, read func(scanner) (T, error), query string, args ...any) (T, error) {
	rows, err := list(ctx, tx, read, query, args...)
	if err != nil || len(rows) == 0 {
		var none T
		if err == nil {
			err = fmt.Errorf("%s: %w", what(query), ErrNotFound)
		}
		return none, err
	}
	return rows[0], nil
}

// each runs a query and gives every row to read.
func (tx *Tx) each(ctx context.Context, read func(scanner) error, query string, args ...any) error {
	rows, err := tx.sql.QueryContext(ctx, tx.store.rebind(query), args...)
	if err != nil {
		return tx.fail(query, err)
	}
	defer func() { _ = rows.Close() }() // Err below tells what matters
	for rows.Next() {
		if err := read(rows); err != nil {
			return tx.store.unreadable(what(query), err)
		}
	}
	if err := rows.Err(); err != nil {
		return tx.fail(query, err)
	}
	return nil
}

// bulkRows is the most rows one INSERT carries. Smaller numbers of rows are
// split in powers of two, so that only a handful of statement texts exist and
// both databases can keep them prepared.
const bulkRows = 128

// insert adds rows with as few statements as the database allows: head is
// "INSERT INTO t (a, b) VALUES", tail an ON CONFLICT clause or empty. Two rows
// for one key must not meet in rows when tail updates.
func (tx *Tx) insert(ctx context.Context, head string, rows [][]any, tail string) error {
	tx.grow(head, len(rows))
	for n := bulkRows; len(rows) > 0; {
		for n > len(rows) {
			n /= 2
		}
		args := make([]any, 0, n*len(rows[0]))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if err := tx.execPrepared(ctx, insertText(head, n, len(rows[0]), tail), head, args); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func insertText(head string, rows, columns int, tail string) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + ")"
	return head + " " + strings.TrimSuffix(strings.Repeat(row+",", rows), ",") + " " + tail
}

func (tx *Tx) execPrepared(ctx context.Context, text, name string, args []any) error {
	stmt := tx.prepared[text]
	if stmt == nil {
		var err error
		if stmt, err = tx.sql.PrepareContext(ctx, tx.store.rebind(text)); err != nil {
			return tx.fail(name, err)
		}
		if tx.prepared == nil {
			tx.prepared = map[string]*sql.Stmt{}
		}
		tx.prepared[text] = stmt
	}
	if _, err := stmt.ExecContext(ctx, args...); err != nil {
		return tx.fail(name, err)
	}
	return nil
}

// in calls fn with chunks of values and the condition that a column is one of
// them: "IN (?,?,?)", filled up to a power of two by repeating the last value
// for the same reason as in insert; on PostgreSQL "= ANY(?)" with one array,
// which its executor looks up in a hash where a list would be searched from
// its beginning for every row.
func (tx *Tx) in(values []string, fn func(condition string, args []any) error) error {
	chunk := 512
	if tx.store.dialect == Postgres {
		chunk = 4096
	}
	for len(values) > 0 {
		n := min(len(values), chunk)
		condition, args := tx.isOneOf(values[:n])
		if err := fn(condition, args); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

func (tx *Tx) isOneOf(values []string) (condition string, args []any) {
	if tx.store.dialect == Postgres {
		return "= ANY(?)", []any{values}
	}
	size := 1
	for size < len(values) {
		size *= 2
	}
	args = make([]any, size)
	for i := range args {
		args[i] = values[min(i, len(values)-1)]
	}
	return "IN (" + strings.TrimSuffix(strings.Repeat("?,", size), ",") + ")", args
}

// rebind turns ? into $1, $2, ... for PostgreSQL. No statement of ours holds a
// question mark for another reason.
func (s *Store) rebind(query string) string {
	if s.dialect != Postgres || !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + len(query)/4)
	n := 0
	for {
		i := strings.IndexByte(query, '?')
		if i < 0 {
			break
		}
		n++
		b.WriteString(query[:i])
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = query[i+1:]
	}
	b.WriteString(query)
	return b.String()
}

// lock is what a SELECT ends with to keep its rows until the transaction ends.
// On SQLite there is one writer at a time anyway.
func (s *Store) lock() string {
	if s.dialect == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// micros is a time as it stands in a column.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment is the time a column holds.
func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// orDefault is limit, or n when no limit was given.
func orDefault(limit, n int) int {
	if limit <= 0 {
		return n
	}
	return limit
}

// guard finds an Update begun inside another Update of the same goroutine,
// which on SQLite would wait for itself.
type guard struct {
	mu     sync.Mutex
	inside map[string]bool
}

func (g *guard) enter() (leave func(), err error) {
	id := goroutine()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside[id] {
		err := errors.New("store: Update inside Update: the inner one would wait for the outer one for ever")
		if testing.Testing() {
			panic(err)
		}
		return nil, err
	}
	if g.inside == nil {
		g.inside = map[string]bool{}
	}
	g.inside[id] = true
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.inside, id)
	}, nil
}

// goroutine is the number of the running goroutine, from the first line of its
// stack: "goroutine 7 [running]:".
func goroutine() string {
	buf := make([]byte, 64)
	buf = buf[:runtime.Stack(buf, false)]
	buf = bytes.TrimPrefix(buf, []byte("goroutine "))
	id, _, _ := bytes.Cut(buf, []byte(" "))
	return string(id)
}

// where collects the conditions of a filter.
type where struct {
	conditions []string
	args       []any
}

func (w *where) and(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

func (w *where) text() string { return "WHERE " + strings.Join(w.conditions, " AND ") }
