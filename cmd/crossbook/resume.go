package main

import (
	"context"
	"log/slog"
	"os"
	"os/user"

	"crossbook/engine"
	"crossbook/store"
)

// resumeCmd starts what was stopped.
type resumeCmd struct {
	which
	Module  string `arg:"" optional:"" help:"The module; without one everything is resumed and every brake released."`
	CatchUp bool   `help:"Carry out what waited (default). --no-catch-up takes each side as it stands now instead." default:"true" negatable:""`
}

// resumed is what a resume did.
type resumed struct {
	Connection string `json:"connection"`
	Module     string `json:"module,omitempty"`
	engine.Resumed
	Released []brakeView `json:"released,omitempty"`
}

// Run resumes, and wakes a server that runs.
func (c *resumeCmd) Run(ctx context.Context, a *app) error {
	m, err := moduleNamed(c.Module, true)
	if err != nil {
		return err
	}
	h, conn, err := a.at(ctx, c.Connection, slog.LevelWarn)
	if err != nil {
		return err
	}
	defer h.close()
	done, err := h.engine.Resume(ctx, conn.ID, m, c.CatchUp, actor())
	if err != nil {
		return err
	}
	if err := h.wake(ctx, conn.ID); err != nil {
		return err
	}
	out := resumed{Connection: conn.Name, Resumed: done}
	if m != "" {
		out.Module = m.Label()
	}
	for _, b := range done.Released {
		out.Released = append(out.Released, viewBrake(b))
	}
	return a.show(out, func(p *page) {
		what := "Everything"
		if m != "" {
			what = m.Label()
		}
		switch {
		case done.WasPaused && c.CatchUp:
			p.line("%s resumed; what changed since %s is carried out now.", what, clock(done.Since))
		case done.WasPaused:
			p.line("%s resumed; both sides stay as they are, later changes travel.", what)
		case len(done.Released) == 0:
			p.line("Nothing was paused or stopped.")
		}
		for _, b := range out.Released {
			p.line("Released: %s", b.Reason)
		}
	})
}

// wake lets a server that runs look at a connection now.
func (h *house) wake(ctx context.Context, connectionID string) error {
	q, err := h.queue(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = q.Stop(ctx) }()
	return h.store.Update(ctx, func(tx *store.Tx) error { return q.Wake(ctx, tx, connectionID) })
}

// actor is who gives a command, for history.
func actor() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	if n := os.Getenv("USER"); n != "" {
		return n
	}
	return "command line"
}
