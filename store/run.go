package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Run is one piece of work a person or the clock asked for: a first sync, a
// re-sync, a turn that wrote something.
type Run struct {
	ID         string
	Kind       string
	By         string
	StartedAt  time.Time
	FinishedAt time.Time // zero while it runs
	Outcome    string
	Counts     map[string]int64
}

// StartRun stores a run that begins.
func (tx *Tx) StartRun(ctx context.Context, connectionID string, r Run) error {
	return tx.run(ctx, `INSERT INTO run (connection_id, id, kind, by_whom, started_at, finished_at, outcome, counts) VALUES (?, ?, ?, ?, ?, 0, '', '{}')`,
		connectionID, r.ID, r.Kind, r.By, micros(r.StartedAt))
}

// FinishRun stores how a run ended, or, with a zero time, how far it is;
// ErrNotFound when it was never started.
func (tx *Tx) FinishRun(ctx context.Context, connectionID, id string, at time.Time, outcome string, counts map[string]int64) error {
	doc, err := json.Marshal(counts)
	if err != nil {
		return fmt.Errorf("run %s: %w", id, err)
	}
	n, err := tx.exec(ctx, `UPDATE run SET finished_at = ?, outcome = ?, counts = ? WHERE connection_id = ? AND id = ?`,
		micros(at), outcome, string(doc), connectionID, id)
	return found(n, err, "run "+id)
}

// Runs lists runs, the newest first.
func (tx *Tx) Runs(ctx context.Context, connectionID string, limit int) ([]Run, error) {
	return list(ctx, tx, func(row scanner) (Run, error) {
		var (
			r               Run
			counts          []byte
			started, finish int64
		)
		if err := row.Scan(&r.ID, &r.Kind, &r.By, &started, &finish, &r.Outcome, &counts); err != nil {
			return r, err
		}
		r.StartedAt, r.FinishedAt = moment(started), moment(finish)
		err := json.Unmarshal(counts, &r.Counts)
		return r, err
	}, `SELECT id, kind, by_whom, started_at, finished_at, outcome, counts FROM run WHERE connection_id = ? ORDER BY started_at DESC, id DESC LIMIT ?`,
		connectionID, orDefault(limit, 100))
}
