package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crossbook"
	"crossbook/store"
)

// runView is one run of the sync history (R101).
type runView struct {
	ID       string        `json:"id"`
	Trigger  string        `json:"trigger"` // "first sync", "asked", "notification", "daily pass" or "poll"
	By       string        `json:"by,omitempty"`
	Started  time.Time     `json:"started"`
	Finished time.Time     `json:"finished,omitzero"`
	Outcome  string        `json:"outcome"`
	Turns    int           `json:"turns"`
	Parts    []runPartView `json:"parts"`
}

// runPartView is what a run did to one module in one direction.
type runPartView struct {
	Module    string `json:"module"`
	Direction string `json:"direction,omitempty"` // "to Zoho CRM", "to QuickBooks"
	Created   int64  `json:"created"`
	Updated   int64  `json:"updated"`
	Linked    int64  `json:"linked"`
	Parted    int64  `json:"left_out_on_purpose"`
	Skipped   int64  `json:"skipped"`
	Failed    int64  `json:"failed"`
}

// runList is the answer of history --runs, newest first.
type runList struct {
	Connection string    `json:"connection"`
	Runs       []runView `json:"runs"`
}

// runs lists the runs of a connection.
func (c *historyCmd) runs(ctx context.Context, h *house, conn crossbook.Connection) (runList, error) {
	out := runList{Connection: conn.Name, Runs: []runView{}}
	if len(c.Record) > 0 {
		return out, usage("--runs lists the runs of the whole connection", "Leave out the record, or leave out --runs.")
	}
	err := h.store.View(ctx, func(tx *store.Tx) error {
		runs, err := tx.Runs(ctx, conn.ID, c.Since, c.Until, c.Limit)
		for _, r := range runs {
			out.Runs = append(out.Runs, viewRun(r))
		}
		return err
	})
	return out, err
}

func viewRun(r store.Run) runView {
	v := runView{
		ID: r.ID, Trigger: r.Trigger, By: r.By, Started: r.StartedAt, Finished: r.FinishedAt, Outcome: string(r.Outcome), Turns: r.Turns,
		Parts: []runPartView{},
	}
	if r.Outcome == store.RunUnderWay {
		v.Outcome = "under way"
	}
	for _, p := range r.Parts {
		part := runPartView{
			Module: p.Module.Label(), Created: p.Created, Updated: p.Updated, Linked: p.Linked, Parted: p.LeftOut, Skipped: p.Skipped, Failed: p.Failed,
		}
		if p.To != "" {
			part.Direction = "to " + p.To.String()
		}
		v.Parts = append(v.Parts, part)
	}
	return v
}

func (l runList) text(p *page) {
	if len(l.Runs) == 0 {
		p.line("Nothing has run yet.")
	}
	for _, r := range l.Runs {
		p.line("%s", r.headline())
		for _, part := range r.Parts {
			p.line("    %-16s %-14s %s", part.Module, part.Direction, part.counts())
		}
	}
}

func (r runView) headline() string {
	began := r.Trigger
	if r.By != "" {
		began += ", by crossbook " + r.By
	}
	span := clock(r.Started)
	if !r.Finished.IsZero() {
		span += ", " + r.Finished.Sub(r.Started).Round(100*time.Millisecond).String()
	}
	if r.Outcome == string(store.RunIdle) && r.Turns > 1 {
		span = fmt.Sprintf("%s to %s, %d times", clock(r.Started), clock(r.Finished), r.Turns)
	}
	return fmt.Sprintf("%s  %s: %s", span, began, r.Outcome)
}

func (v runPartView) counts() string {
	var out []string
	for _, c := range []struct {
		n    int64
		what string
	}{
		{v.Created, "created"},
		{v.Updated, "updated"},
		{v.Linked, "linked"},
		{v.Parted, "left out on purpose"},
		{v.Skipped, "skipped"},
		{v.Failed, "failed"},
	} {
		if c.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return strings.Join(out, ", ")
}
