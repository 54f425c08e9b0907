package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

// which picks the connection of commands whose argument is something else.
type which struct {
	Connection string `help:"The connection; not needed when there is only one." placeholder:"NAME"`
}

// problemsCmd lists what could not be synced, and what people should look at
// besides; it also has problems tried again, or puts them aside.
type problemsCmd struct {
	which
	Record    []string `arg:"" optional:"" help:"Only this record: module or QuickBooks type and id, or its name."`
	Module    string   `help:"Only this module." placeholder:"MODULE"`
	Number    int      `help:"Only this entry of the catalogue, 1 to 15." placeholder:"N"`
	Text      string   `help:"Only those whose record, text or cause holds this." placeholder:"TEXT"`
	Waiting   bool     `help:"Also what only waits."`
	Dismissed bool     `help:"Also what was dismissed."`

	Retry       bool `help:"Try the chosen ones again now. Choose by record, --module, --number or --text, or --all." xor:"do"`
	Dismiss     bool `help:"Put the chosen ones aside until their records change." xor:"do"`
	All         bool `help:"With --retry or --dismiss: all of them."`
	Differences bool `help:"List instead the fields that were filled differently on both sides when they met." xor:"do"`
	Conflicts   bool `help:"List instead the fields that were edited on both sides at once, with the value that lost." xor:"do"`
	LeftOut     bool `help:"List instead the records that are left out, and why." xor:"do"`
}

// problemView is one problem as people and programs read it.
type problemView struct {
	Number  int      `json:"number,omitempty"`
	Class   string   `json:"class"`
	Kind    string   `json:"kind"`
	Side    string   `json:"side"`
	Module  string   `json:"module"`
	Type    string   `json:"type"`
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Text    string   `json:"text"`
	Cause   string   `json:"cause"`
	Cure    string   `json:"cure"`
	Fields  []string `json:"fields,omitempty"`
	Waiting bool     `json:"waiting,omitempty"`
	// Dismissed problems are not counted and not tried until something changes.
	Dismissed bool      `json:"dismissed,omitempty"`
	Tries     int       `json:"tries"`
	Since     time.Time `json:"since"`
	NextTry   time.Time `json:"next_try,omitzero"`
	Vendor    string    `json:"vendor,omitempty"`
	Code      string    `json:"code,omitempty"`
	Detail    string    `json:"detail,omitempty"`
}

func viewProblem(r store.ProblemRow) problemView {
	p := r.Problem
	v := problemView{
		Number: p.Number, Class: string(p.Class), Kind: string(p.Kind), Side: r.Ref.Side.String(), Module: r.Module.Label(),
		Type: r.Ref.Type, ID: r.Ref.ID, Name: r.Name, Text: p.Text, Cause: p.Cause, Cure: p.Cure, Fields: p.Fields,
		Waiting: p.Waiting, Dismissed: r.Dismissed, Tries: r.Tries, Since: r.FirstAt, Vendor: p.Vendor, Code: p.Code, Detail: p.Detail,
	}
	if r.NextTry.Before(store.Never) {
		v.NextTry = r.NextTry
	}
	return v
}

// problemList is the answer of problems.
type problemList struct {
	Connection string        `json:"connection"`
	Count      int           `json:"count"` // without those that only wait
	Problems   []problemView `json:"problems"`
}

// Run lists them; the exit code is 1 when there are any.
func (c *problemsCmd) Run(ctx context.Context, a *app) error {
	module, err := moduleNamed(c.Module, true)
	if err != nil {
		return err
	}
	if c.Number < 0 || c.Number > 15 {
		return usage(fmt.Sprintf("there is no entry %d", c.Number), "The catalogue has the entries 1 to 15; see docs/user-guide.md.")
	}
	chosen := len(c.Record) > 0 || c.Module != "" || c.Number != 0 || c.Text != ""
	if (c.Retry || c.Dismiss) && !chosen && !c.All {
		return usage("which problems are meant is not said", "Name a record, or choose with --module, --number or --text, or say --all.")
	}
	h, conn, err := a.at(ctx, c.Connection, slog.LevelWarn)
	if err != nil {
		return err
	}
	defer h.close()
	switch {
	case c.Differences:
		return c.differences(ctx, h, conn, module)
	case c.Conflicts:
		return c.conflicts(ctx, h, conn, module)
	case c.LeftOut:
		return c.leftOut(ctx, h, conn, module)
	}
	rows, err := c.rows(ctx, h, conn, module)
	if err != nil {
		return err
	}
	if c.Retry || c.Dismiss {
		return c.act(ctx, h, conn, rows)
	}
	out := problemList{Connection: conn.Name, Problems: []problemView{}}
	for _, r := range rows {
		out.Problems = append(out.Problems, viewProblem(r))
		if !r.Problem.Waiting && !r.Dismissed {
			out.Count++
		}
	}
	if err := a.show(out, out.text); err != nil {
		return err
	}
	if out.Count > 0 {
		return problemsRemain()
	}
	return nil
}

// rows are the problems the flags choose.
func (c *problemsCmd) rows(ctx context.Context, h *house, conn crossbook.Connection, module crossbook.Module) ([]store.ProblemRow, error) {
	var refs []crossbook.Ref
	if len(c.Record) > 0 {
		ref, err := h.recordNamed(ctx, conn, c.Record)
		if err != nil {
			return nil, err
		}
		if refs, err = h.engine.Pair(ctx, conn.ID, ref); err != nil {
			return nil, err
		}
	}
	var rows []store.ProblemRow
	err := h.store.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.Problems(ctx, conn.ID, store.ProblemFilter{
			Module: module, Number: c.Number, Text: c.Text, Limit: 100_000,
			// A person who names a record, or has problems tried again, means all of them.
			Waiting: c.Waiting || c.Retry || refs != nil, Dismissed: c.Dismissed || c.Retry || refs != nil,
		})
		return err
	})
	if refs != nil {
		rows = slices.DeleteFunc(rows, func(r store.ProblemRow) bool { return !slices.Contains(refs, r.Ref) })
	}
	return rows, err
}

// acted is the answer of --retry and --dismiss.
type acted struct {
	Connection string        `json:"connection"`
	Retried    int           `json:"retried,omitempty"`
	Dismissed  int           `json:"dismissed,omitempty"`
	Problems   []problemView `json:"problems"`
}

// act tries problems again, or puts them aside.
func (c *problemsCmd) act(ctx context.Context, h *house, conn crossbook.Connection, rows []store.ProblemRow) error {
	out := acted{Connection: conn.Name, Problems: []problemView{}}
	for _, r := range rows {
		out.Problems = append(out.Problems, viewProblem(r))
	}
	var err error
	if c.Retry {
		out.Retried = len(rows)
		if err = h.engine.Retry(ctx, conn.ID, rows); err == nil {
			err = h.wake(ctx, conn.ID)
		}
	} else {
		out.Dismissed = len(rows)
		err = h.engine.Dismiss(ctx, conn.ID, rows)
	}
	if err != nil {
		return err
	}
	return h.app.show(out, func(p *page) {
		for _, v := range out.Problems {
			p.line("  %s %s: %s", v.Module, v.Name, v.Text)
		}
		n := several(int64(len(rows)), "problem", "problems")
		switch {
		case len(rows) == 0:
			p.line("No problem fits: nothing was done.")
		case c.Retry:
			p.line("%s will be tried again: now if crossbook serve runs, otherwise by the next crossbook sync.", n)
		default:
			p.line("%s put aside until the records change. crossbook problems --dismissed lists them, --retry takes them up again.", n)
		}
	})
}

// text prints them by the classes of spec section 6.
func (l problemList) text(p *page) {
	if len(l.Problems) == 0 {
		p.line("No problems.")
		return
	}
	for _, class := range []crossbook.ProblemClass{crossbook.ToCRM, crossbook.ToBooks, crossbook.Common} {
		head := false
		for _, v := range l.Problems {
			if v.Class != string(class) {
				continue
			}
			if !head {
				p.line("%s", class)
				head = true
			}
			state := ""
			switch {
			case v.Dismissed:
				state = " (dismissed)"
			case v.Waiting:
				state = " (waits)"
			}
			if v.ID == engine.LayoutOf("").ID {
				p.line("  %s, fields and layout%s", v.Module, state)
			} else {
				p.line("  %s %s, %s%s", v.Module, v.Name, crossbook.Ref{Side: sideOf(v.Side), Type: v.Type, ID: v.ID}, state)
			}
			p.line("    %s", v.Text)
			if v.Cause != "" {
				p.line("    Cause: %s", v.Cause)
			}
			if v.Cure != "" {
				p.line("    Cure: %s", v.Cure)
			}
			if !v.NextTry.IsZero() && !v.Dismissed {
				p.line("    Tried %s; tried again by itself %s.", several(int64(v.Tries), "time", "times"), clock(v.NextTry))
			}
		}
	}
	p.line("%s.", several(int64(l.Count), "problem", "problems"))
}

func sideOf(name string) crossbook.Side {
	if name == crossbook.CRM.String() {
		return crossbook.CRM
	}
	return crossbook.Books
}
