package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"crossbook"
	"crossbook/store"
)

// historyCmd shows what was done.
type historyCmd struct {
	which
	Record []string  `arg:"" optional:"" help:"Only this record: module or QuickBooks type and id, or its name."`
	Since  time.Time `help:"From this day on." format:"2006-01-02" placeholder:"YYYY-MM-DD"`
	Until  time.Time `help:"Before this day." format:"2006-01-02" placeholder:"YYYY-MM-DD"`
	Limit  int       `help:"How many of the newest." default:"50"`
	Runs   bool      `help:"List runs instead: what began each one, how long it took, what it did to each module."`
}

// historyView is one thing that was done.
type historyView struct {
	At      time.Time          `json:"at"`
	Side    string             `json:"side,omitempty"`
	Type    string             `json:"type"`
	ID      string             `json:"id"`
	Name    string             `json:"name,omitempty"`
	Op      crossbook.OpKind   `json:"op"`
	Changes []crossbook.Change `json:"changes,omitempty"`
	Why     string             `json:"why,omitempty"`
	Actor   string             `json:"actor,omitempty"`
	Request string             `json:"request_id,omitempty"`
	Turn    string             `json:"turn,omitempty"`
}

// historyList is the answer of history, newest first.
type historyList struct {
	Connection string        `json:"connection"`
	Rows       []historyView `json:"rows"`
	Payments   *paymentsView `json:"payments,omitempty"` // of an invoice: what paid it
}

// Run prints the newest first.
func (c *historyCmd) Run(ctx context.Context, a *app) error {
	if c.Limit < 1 {
		return usage(fmt.Sprintf("--limit: %d is no number of rows", c.Limit), "Name a number from 1 on.")
	}
	h, conn, err := a.at(ctx, c.Connection, slog.LevelWarn)
	if err != nil {
		return err
	}
	defer h.close()
	if c.Runs {
		runs, err := c.runs(ctx, h, conn)
		if err != nil {
			return err
		}
		return a.show(runs, runs.text)
	}
	var ref crossbook.Ref
	if len(c.Record) > 0 {
		if ref, err = h.recordNamed(ctx, conn, c.Record); err != nil {
			return err
		}
	}
	rows, err := c.rows(ctx, h, conn, ref)
	if err != nil {
		return err
	}
	out := historyList{Connection: conn.Name, Rows: []historyView{}}
	for _, r := range rows {
		v := historyView{
			At: r.At, Type: r.Ref.Type, ID: r.Ref.ID, Name: r.Name, Op: r.Op, Changes: r.Changes,
			Why: r.Why, Actor: r.Actor, Request: r.RequestID, Turn: r.Turn,
		}
		if r.Side != "" {
			v.Side = r.Side.String()
		}
		out.Rows = append(out.Rows, v)
	}
	if out.Payments, err = h.payments(ctx, conn, ref); err != nil {
		return err
	}
	return a.show(out, out.text)
}

func (c *historyCmd) rows(ctx context.Context, h *house, conn crossbook.Connection, ref crossbook.Ref) (rows []store.JournalRow, err error) {
	if ref.IsZero() {
		err = h.store.View(ctx, func(tx *store.Tx) error {
			rows, err = tx.JournalByPeriod(ctx, conn.ID, store.JournalFilter{From: c.Since, To: c.Until, Limit: c.Limit, Newest: true})
			return err
		})
		return rows, err
	}
	var found []store.JournalRow
	err = h.store.View(ctx, func(tx *store.Tx) error {
		var links []crossbook.Link
		if ref.Side == crossbook.CRM {
			links, err = tx.LinksByCRM(ctx, conn.ID, ref.Module(), ref.ID)
		} else {
			links, err = tx.LinksByBooks(ctx, conn.ID, ref.Entity(), ref.ID)
		}
		if err != nil {
			return err
		}
		// What was done to the pair is the record's history, whichever side it was
		// written to.
		for _, l := range links {
			of, err := tx.JournalByLink(ctx, conn.ID, l.ID, c.Limit)
			if err != nil {
				return err
			}
			found = append(found, of...)
		}
		if len(links) == 0 {
			found, err = tx.JournalByRef(ctx, conn.ID, ref, c.Limit)
		}
		return err
	})
	for i := len(found) - 1; i >= 0; i-- {
		r := found[i]
		if (c.Since.IsZero() || !r.At.Before(c.Since)) && (c.Until.IsZero() || r.At.Before(c.Until)) && len(rows) < c.Limit {
			rows = append(rows, r)
		}
	}
	return rows, err
}

func (l historyList) text(p *page) {
	if l.Payments != nil {
		l.Payments.text(p)
		p.line("")
	}
	if len(l.Rows) == 0 {
		p.line("Nothing was done yet.")
	}
	for _, r := range l.Rows {
		where := r.Side
		if where != "" {
			where = " in " + where
		}
		p.line("%s  %s %s %s%s: %s", clock(r.At), r.Op, r.Type, nameOr(r.Name, r.ID), where, r.Why)
		for _, ch := range r.Changes {
			p.line("                     %s", changeText(ch))
		}
	}
}

func changeText(ch crossbook.Change) string {
	if ch.Old == "" {
		return fmt.Sprintf("%s: %q", plainField(ch.Field), ch.New)
	}
	return fmt.Sprintf("%s: %q -> %q", plainField(ch.Field), ch.Old, ch.New)
}

func nameOr(name, id string) string {
	if name == "" {
		return id
	}
	return name
}
