package main

import (
	"context"
	"log/slog"
	"time"

	"crossbook"
	"crossbook/store"
)

// which picks the connection of commands whose argument is something else.
type which struct {
	Connection string `help:"The connection; not needed when there is only one." placeholder:"NAME"`
}

// problemsCmd lists what could not be synced.
type problemsCmd struct {
	which
	Module  string `help:"Only this module." placeholder:"MODULE"`
	Number  int    `help:"Only this entry of the catalogue, 1 to 15." placeholder:"N"`
	Text    string `help:"Only those whose record, text or cause holds this." placeholder:"TEXT"`
	Waiting bool   `help:"Also what only waits."`
}

// problemView is one problem as people and programs read it.
type problemView struct {
	Number  int       `json:"number,omitempty"`
	Class   string    `json:"class"`
	Kind    string    `json:"kind"`
	Side    string    `json:"side"`
	Module  string    `json:"module"`
	Type    string    `json:"type"`
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Text    string    `json:"text"`
	Cause   string    `json:"cause"`
	Cure    string    `json:"cure"`
	Fields  []string  `json:"fields,omitempty"`
	Waiting bool      `json:"waiting,omitempty"`
	Tries   int       `json:"tries"`
	Since   time.Time `json:"since"`
	NextTry time.Time `json:"next_try,omitzero"`
	Vendor  string    `json:"vendor,omitempty"`
	Code    string    `json:"code,omitempty"`
	Detail  string    `json:"detail,omitempty"`
}

func viewProblem(r store.ProblemRow) problemView {
	p := r.Problem
	v := problemView{
		Number: p.Number, Class: string(p.Class), Kind: string(p.Kind), Side: r.Ref.Side.String(), Module: r.Module.Label(),
		Type: r.Ref.Type, ID: r.Ref.ID, Name: r.Name, Text: p.Text, Cause: p.Cause, Cure: p.Cure, Fields: p.Fields,
		Waiting: p.Waiting, Tries: r.Tries, Since: r.FirstAt, Vendor: p.Vendor, Code: p.Code, Detail: p.Detail,
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
	h, conn, err := a.at(ctx, c.Connection, slog.LevelWarn)
	if err != nil {
		return err
	}
	defer h.close()
	out := problemList{Connection: conn.Name, Problems: []problemView{}}
	err = h.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Problems(ctx, conn.ID, store.ProblemFilter{
			Module: module, Number: c.Number, Text: c.Text, Waiting: c.Waiting, Limit: 100_000,
		})
		for _, r := range rows {
			out.Problems = append(out.Problems, viewProblem(r))
			if !r.Problem.Waiting {
				out.Count++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := a.show(out, out.text); err != nil {
		return err
	}
	if out.Count > 0 {
		return problemsRemain()
	}
	return nil
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
			if v.Waiting {
				state = " (waits)"
			}
			p.line("  %s %s, %s%s", v.Module, v.Name, crossbook.Ref{Side: sideOf(v.Side), Type: v.Type, ID: v.ID}, state)
			p.line("    %s", v.Text)
			if v.Cause != "" {
				p.line("    Cause: %s", v.Cause)
			}
			if v.Cure != "" {
				p.line("    Cure: %s", v.Cure)
			}
			if !v.NextTry.IsZero() {
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
