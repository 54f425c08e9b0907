package store

import (
	"context"
	"time"

	"crossbook"
)

// ProblemRow is a problem of one record as it stands. Key is the caller's: one
// row per record and cause.
type ProblemRow struct {
	Key       string
	Ref       crossbook.Ref
	Module    crossbook.Module
	Name      string
	Problem   crossbook.Problem
	Tries     int
	FirstAt   time.Time
	LastAt    time.Time
	NextTry   time.Time
	Dismissed bool
}

// ProblemFilter selects problems; zero fields select all.
type ProblemFilter struct {
	Module crossbook.Module
	Class  crossbook.ProblemClass
	Number int
	Ref    crossbook.Ref
	// Text is looked for in the name, the text and the cause, in any case.
	Text  string
	Since time.Time
	// Dismissed includes those a person dismissed.
	Dismissed bool
	// Waiting includes states that are no error.
	Waiting bool
	Limit   int // 0: 1,000
}

// PutProblem records that the problem stands at LastAt. A row that stood
// before keeps FirstAt, and Tries counts up; Dismissed falls when the text
// changes.
func (tx *Tx) PutProblem(ctx context.Context, connectionID string, p ProblemRow) error { panic(todo) }

// ClearProblem removes a problem that is cured and tells whether it stood.
func (tx *Tx) ClearProblem(ctx context.Context, connectionID, key string) (bool, error) { panic(todo) }

// ClearProblemsOf removes every problem of the records.
func (tx *Tx) ClearProblemsOf(ctx context.Context, connectionID string, refs ...crossbook.Ref) error {
	panic(todo)
}

// DismissProblem hides a problem until it changes, or shows it again.
func (tx *Tx) DismissProblem(ctx context.Context, connectionID, key string, dismissed bool) error {
	panic(todo)
}

// Problem returns one problem; ErrNotFound when it does not stand.
func (tx *Tx) Problem(ctx context.Context, connectionID, key string) (ProblemRow, error) {
	panic(todo)
}

// Problems lists problems, the newest first.
func (tx *Tx) Problems(ctx context.Context, connectionID string, f ProblemFilter) ([]ProblemRow, error) {
	panic(todo)
}

// CountProblems counts the problems that stand, without states that merely
// wait and without dismissed ones.
func (tx *Tx) CountProblems(ctx context.Context, connectionID string) (int, error) { panic(todo) }
