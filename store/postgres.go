package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	postgresConns  = 16
	connectTimeout = 10 * time.Second
)

// PostgresConfig is how we speak to PostgreSQL at url, for the job queue's own
// connections too.
//
// A process that is stopped in the middle of a transaction would keep its row
// locks, the lease's among them, for as long as it is stopped: the server ends
// such a transaction after 20 s. Commits are durable before they return
// (synchronous_commit is left on), for the reason given at SQLite's pragmas.
func PostgresConfig(url string) (*pgx.ConnConfig, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTimeout
	}
	for name, value := range map[string]string{
		"application_name":                    "crossbook",
		"timezone":                            "UTC",
		"idle_in_transaction_session_timeout": "20s",
		"lock_timeout":                        "25s",
	} {
		if cfg.RuntimeParams[name] == "" {
			cfg.RuntimeParams[name] = value
		}
	}
	return cfg, nil
}

func openPostgres(ctx context.Context, url string) (*Store, error) {
	s := &Store{dialect: Postgres, url: url}
	cfg, err := PostgresConfig(url)
	if err != nil {
		return nil, s.fail("open the database", ErrUnavailable, err)
	}
	db := stdlib.OpenDB(*cfg)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns / 2)
	db.SetConnMaxIdleTime(time.Minute)
	s.writer, s.reader = db, db
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close() // the first error says it all
		return nil, s.fail("open the database", ErrUnavailable, err)
	}
	return s, nil
}

// statistics remembers how much the tables grew since PostgreSQL last looked
// at them. Until its own housekeeping does, a minute or more later, its
// planner takes connection, side and type together for one row and reads a
// whole module where it should look up an id: in a first sync that is the
// difference between seconds and hours.
type statistics struct {
	mu    sync.Mutex
	known map[string]int // rows when it last looked
	fresh map[string]int // rows since
}

const worthAnalyzing = 1000

// grow counts rows that a statement adds to its table.
func (tx *Tx) grow(insert string, rows int) {
	if tx.store.dialect != Postgres || rows == 0 {
		return
	}
	if tx.grown == nil {
		tx.grown = map[string]int{}
	}
	tx.grown[strings.Fields(insert)[2]] += rows // INSERT INTO table
}

// analyze lets PostgreSQL look at the tables that have about doubled.
func (s *Store) analyze(ctx context.Context, conn *sql.Conn, grown map[string]int) {
	due := s.stats.due(grown)
	if len(due) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	// A failure costs speed and nothing else, and the change is kept already.
	_, _ = conn.ExecContext(ctx, "ANALYZE "+strings.Join(due, ", "))
}

func (st *statistics) due(grown map[string]int) []string {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.known == nil {
		st.known, st.fresh = map[string]int{}, map[string]int{}
	}
	var due []string
	for _, table := range slices.Sorted(maps.Keys(grown)) {
		st.fresh[table] += grown[table]
		if st.fresh[table] >= max(worthAnalyzing, st.known[table]) {
			st.known[table] += st.fresh[table]
			st.fresh[table] = 0
			due = append(due, table)
		}
	}
	return due
}
