package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"crossbook"
)

// Run is one piece of work that a person or the clock asked for, over as many
// turns as it takes: a first sync, a sync, what a notification brought. Turns in
// a row that found nothing to do are one run.
type Run struct {
	ID string
	// Trigger is what began it: "first sync", "asked", "notification", "poll".
	Trigger    string
	By         string // who asked; empty is the clock
	StartedAt  time.Time
	FinishedAt time.Time // zero while it runs
	Outcome    RunOutcome
	Turns      int
	Parts      []RunPart
}

// RunOutcome is how a run ended.
type RunOutcome string

// The outcomes of runs.
const (
	RunUnderWay RunOutcome = ""        // not over, or the process died
	RunGoesOn   RunOutcome = "goes on" // the next turn carries on
	RunDone     RunOutcome = "done"
	RunIdle     RunOutcome = "nothing to do"
	RunFailed   RunOutcome = "failed" // some records became problems
	RunStopped  RunOutcome = "stopped"
)

// RunPart is what a run did to one module in one direction (R101).
type RunPart struct {
	Module  crossbook.Module `json:"module"`
	To      crossbook.Side   `json:"to,omitempty"` // written to; empty for what needs no vendor
	Created int64            `json:"created,omitempty"`
	Updated int64            `json:"updated,omitempty"`
	Linked  int64            `json:"linked,omitempty"`
	LeftOut int64            `json:"left_out,omitempty"` // pairs that were parted
	Skipped int64            `json:"skipped,omitempty"`
	Failed  int64            `json:"failed,omitempty"`
}

// runDocument is what stands in the column counts.
type runDocument struct {
	Turns int       `json:"turns"`
	Parts []RunPart `json:"parts"`
}

// PutRun stores a run as it stands.
func (tx *Tx) PutRun(ctx context.Context, connectionID string, r Run) error {
	doc, err := json.Marshal(runDocument{r.Turns, r.Parts})
	if err != nil {
		return fmt.Errorf("run %s: %w", r.ID, err)
	}
	return tx.run(ctx, `INSERT INTO run (connection_id, id, kind, by_whom, started_at, finished_at, outcome, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (connection_id, id) DO UPDATE SET kind = excluded.kind, by_whom = excluded.by_whom, finished_at = excluded.finished_at,
		outcome = excluded.outcome, counts = excluded.counts`,
		connectionID, r.ID, r.Trigger, r.By, micros(r.StartedAt), micros(r.FinishedAt), string(r.Outcome), string(doc))
}

// LastRun is the run that began last; false when there was none.
func (tx *Tx) LastRun(ctx context.Context, connectionID string) (Run, bool, error) {
	r, err := one(ctx, tx, readRun, runColumns+`WHERE connection_id = ? ORDER BY started_at DESC, id DESC LIMIT 1`, connectionID)
	if errors.Is(err, ErrNotFound) {
		return r, false, nil
	}
	return r, err == nil, err
}

// Runs lists runs, the newest first, from one time until before another; zero
// times are no bounds.
func (tx *Tx) Runs(ctx context.Context, connectionID string, from, to time.Time, limit int) ([]Run, error) {
	var w where
	w.and(`connection_id = ?`, connectionID)
	if !from.IsZero() {
		w.and(`started_at >= ?`, micros(from))
	}
	if !to.IsZero() {
		w.and(`started_at < ?`, micros(to))
	}
	return list(ctx, tx, readRun, runColumns+w.text()+` ORDER BY started_at DESC, id DESC LIMIT ?`, append(w.args, orDefault(limit, 100))...)
}

// PruneRuns forgets runs that began before a time.
func (tx *Tx) PruneRuns(ctx context.Context, connectionID string, before time.Time) error {
	return tx.run(ctx, `DELETE FROM run WHERE connection_id = ? AND started_at < ?`, connectionID, micros(before))
}

const runColumns = `SELECT id, kind, by_whom, started_at, finished_at, outcome, counts FROM run `

func readRun(row scanner) (Run, error) {
	var (
		r               Run
		counts          []byte
		started, finish int64
	)
	if err := row.Scan(&r.ID, &r.Trigger, &r.By, &started, &finish, &r.Outcome, &counts); err != nil {
		return r, err
	}
	r.StartedAt, r.FinishedAt = moment(started), moment(finish)
	var doc runDocument
	if err := json.Unmarshal(counts, &doc); err != nil {
		return r, fmt.Errorf("run %s: %w", r.ID, err)
	}
	r.Turns, r.Parts = doc.Turns, doc.Parts
	return r, nil
}
