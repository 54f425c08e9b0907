package store

import (
	"context"
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
