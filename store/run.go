package store

import (
	"context"
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
func (tx *Tx) StartRun(ctx context.Context, connectionID string, r Run) error { panic(todo) }

// FinishRun stores how a run ended, or, with a zero time, how far it is.
func (tx *Tx) FinishRun(ctx context.Context, connectionID, id string, at time.Time, outcome string, counts map[string]int64) error {
	panic(todo)
}

// Runs lists runs, the newest first.
func (tx *Tx) Runs(ctx context.Context, connectionID string, limit int) ([]Run, error) { panic(todo) }
