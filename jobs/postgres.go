package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"crossbook/store"
)

// ownConns is River's own pool: fetching, listening, housekeeping. What
// belongs to our transactions runs on their connections.
const ownConns = 6

func openPostgres(ctx context.Context, q *Queue) (backend, error) {
	cfg, err := pgxpool.ParseConfig(q.st.URL())
	if err != nil {
		return nil, err
	}
	if cfg.ConnConfig, err = store.PostgresConfig(q.st.URL()); err != nil {
		return nil, err
	}
	cfg.MaxConns = ownConns
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	b, err := newClient(ctx, q, client[pgx.Tx]{
		driver: riverpgxv5.New(pool),
		in:     inShell,
		completeTx: func(ctx context.Context, tx pgx.Tx, j job) error {
			_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, j)
			return err
		},
		done: pool.Close,
	})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return b, nil
}

// inShell gives fn our transaction in the form River takes. database/sql keeps
// the connection to itself while fn runs, so that a deadline that rolls the
// transaction back waits for fn's statement.
func inShell(tx *store.Tx, fn func(pgx.Tx) error) error {
	var inner error
	err := tx.Conn().Raw(func(driverConn any) error {
		conn, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the connection is a %T, not pgx", driverConn)
		}
		inner = fn(&shell{conn: conn.Conn()})
		return nil // an error of fn says nothing against the connection
	})
	return errors.Join(err, inner)
}

// shell is a pgx.Tx over a connection on which database/sql has begun the
// transaction. It cannot end that one; Begin makes savepoints.
type shell struct {
	conn  *pgx.Conn
	depth int // 0: the transaction itself
	ended bool
}

var errNotOurs = errors.New("jobs: the transaction belongs to the store, which ends it")

func (s *shell) name() string { return fmt.Sprintf("jobs_%d", s.depth) }

func (s *shell) Begin(ctx context.Context) (pgx.Tx, error) {
	inner := &shell{conn: s.conn, depth: s.depth + 1}
	_, err := s.conn.Exec(ctx, "SAVEPOINT "+inner.name())
	return inner, err
}

func (s *shell) Commit(ctx context.Context) error { return s.end(ctx, "RELEASE SAVEPOINT ") }

func (s *shell) Rollback(ctx context.Context) error { return s.end(ctx, "ROLLBACK TO SAVEPOINT ") }

func (s *shell) end(ctx context.Context, how string) error {
	switch {
	case s.depth == 0:
		return errNotOurs
	case s.ended:
		return pgx.ErrTxClosed
	}
	s.ended = true
	_, err := s.conn.Exec(ctx, how+s.name())
	return err
}

func (s *shell) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	return s.conn.CopyFrom(ctx, table, columns, rows)
}

func (s *shell) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return s.conn.SendBatch(ctx, b)
}

func (s *shell) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

func (s *shell) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	return s.conn.Prepare(ctx, name, sql)
}

func (s *shell) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return s.conn.Exec(ctx, sql, args...)
}

func (s *shell) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return s.conn.Query(ctx, sql, args...)
}

func (s *shell) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return s.conn.QueryRow(ctx, sql, args...)
}

func (s *shell) Conn() *pgx.Conn { return s.conn }
