package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the tables up to date. Two processes may start at once: on
// PostgreSQL a session lock lets one of them do it; on SQLite the loser of a
// step finds it done when it looks again.
func (s *Store) migrate(ctx context.Context) error {
	const attempts = 5
	var err error
	for i := range attempts {
		if err = s.migrateOnce(ctx); err == nil || errors.Is(err, ErrNewer) || ctx.Err() != nil {
			return err
		}
		var known *Error
		if errors.As(err, &known) && !errors.Is(err, ErrBusy) && !errors.Is(err, ErrConflict) {
			return err // damaged, full, read-only: trying again does not help
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(i+1) * 50 * time.Millisecond):
		}
	}
	return err
}

func (s *Store) migrateOnce(ctx context.Context) error {
	folder, err := fs.Sub(migrations, "migrations/"+string(s.dialect))
	if err != nil {
		return err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{
		goose.WithVerbose(false), goose.WithDisableGlobalRegistry(true),
		goose.WithTableName("crossbook_schema"),
	}
	if s.dialect == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, s.writer, folder, options...)
	if err != nil {
		return err
	}
	// GetVersions creates goose's own table when it is missing.
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return s.explain("read the version of the database", err)
	}
	switch {
	case current > target:
		return s.fail("open the database", ErrNewer, fmt.Errorf("its tables have version %d, this program knows %d", current, target))
	case current == target:
		return nil
	}
	_, err = p.Up(ctx)
	return s.explain("bring the database up to date", err)
}

// SchemaVersion is the version of the tables.
func (s *Store) SchemaVersion(ctx context.Context) (int64, error) {
	var v int64
	err := s.reader.QueryRowContext(ctx, `SELECT max(version_id) FROM crossbook_schema WHERE is_applied`).Scan(&v)
	return v, s.explain("read the version of the database", err)
}
