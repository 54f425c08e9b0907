package main

import (
	"context"
	"log/slog"
	"time"

	"crossbook/store"
)

// pauseCmd stops a module.
type pauseCmd struct {
	which
	Module string `arg:"" help:"Vendors, Accounts, Contacts, Products, Quotes, Invoices or Purchase_Orders."`
}

// Run stops both directions at once; what changes meanwhile waits.
func (c *pauseCmd) Run(ctx context.Context, a *app) error {
	m, err := moduleNamed(c.Module, false)
	if err != nil {
		return err
	}
	h, conn, err := a.at(ctx, c.Connection, slog.LevelWarn)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.engine.Pause(ctx, conn.ID, m, actor()); err != nil {
		return err
	}
	var since time.Time
	err = h.store.View(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings(ctx, conn.ID)
		since = s.Modules[m].PausedSince
		return err
	})
	if err != nil {
		return err
	}
	return a.show(map[string]any{"connection": conn.Name, "module": m.Label(), "paused_since": since}, func(p *page) {
		p.line("%s are paused since %s: changes on both sides wait. crossbook resume %s starts them again.", m.Label(), clock(since), m)
	})
}
