package store

import (
	"context"
	"time"

	"crossbook"
)

// Conflict is a field that people changed on both sides at once. The winner
// was written; the loser's value is kept here (R38).
type Conflict struct {
	LinkID   string
	Module   crossbook.Module
	Name     string
	Field    string
	Winner   crossbook.Side
	Won      string
	Lost     string
	LostSide crossbook.Side
	At       time.Time
	Answer   string
}

// PutConflict stores conflicts; one per link, field and time.
func (tx *Tx) PutConflict(ctx context.Context, connectionID string, rows ...Conflict) error {
	panic(todo)
}

// AnswerConflict keeps what a person said to a conflict.
func (tx *Tx) AnswerConflict(ctx context.Context, connectionID, linkID, field string, at time.Time, answer string) error {
	panic(todo)
}

// Conflicts lists conflicts, the newest first; "" for all modules.
func (tx *Tx) Conflicts(ctx context.Context, connectionID string, module crossbook.Module, limit int) ([]Conflict, error) {
	panic(todo)
}

// ConflictsOf lists the conflicts of some links, the newest first.
func (tx *Tx) ConflictsOf(ctx context.Context, connectionID string, linkIDs ...string) ([]Conflict, error) {
	panic(todo)
}

// CountConflicts counts those without an answer.
func (tx *Tx) CountConflicts(ctx context.Context, connectionID string) (int, error) { panic(todo) }
