package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"crossbook/engine"
	"crossbook/oauth"
	"crossbook/store"
)

// backupCmd copies the database.
type backupCmd struct {
	Path string `arg:"" help:"The file to write; it must not exist."`
}

// Run writes a complete copy; work goes on meanwhile.
func (c *backupCmd) Run(ctx context.Context, a *app) error {
	if _, err := os.Stat(c.Path); err == nil {
		return usage(c.Path+" exists already", "Name a file that does not exist: a backup never overwrites another.")
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	h, err := a.open(ctx, houseRules{quiet: slog.LevelWarn})
	if err != nil {
		return err
	}
	defer h.close()
	a.progress("copying the database")
	if err := h.store.Backup(ctx, c.Path); err != nil {
		return err
	}
	if err := holdCopy(ctx, c.Path); err != nil {
		return err
	}
	info, err := os.Stat(c.Path)
	if err != nil {
		return err
	}
	keys := filepath.Join(a.cli.dir(), oauth.KeysetFile)
	return a.show(map[string]any{"path": c.Path, "bytes": info.Size(), "keys": keys}, func(p *page) {
		p.line("Wrote %s (%d bytes).", c.Path, info.Size())
		p.line("The sign-ins in it open only with the keys in %s. Keep a copy of that file too, in another place.", keys)
	})
}

// holdCopy marks the copy: whoever works on with it one day has restored a
// backup, and its first writes to QuickBooks wait for a person (P43).
func holdCopy(ctx context.Context, path string) error {
	copied, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	err = copied.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Connections(ctx)
		if err != nil {
			return err
		}
		for _, c := range all {
			if err := engine.Hold(ctx, tx, c.ID, engine.HeldRestored, time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, copied.Close())
}
