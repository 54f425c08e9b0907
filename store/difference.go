package store

import (
	"context"
	"time"

	"crossbook"
)

// Difference is a field that held two values at first contact and was left as
// it stands on both sides, for a person to review (P2).
type Difference struct {
	LinkID     string
	Module     crossbook.Module
	CRM        crossbook.Ref
	Books      crossbook.Ref
	Name       string
	Field      string
	CRMValue   string
	BooksValue string
	At         time.Time
	Answer     string // "" while nobody answered
}

// PutDifference stores differences; one per link and field.
func (tx *Tx) PutDifference(ctx context.Context, connectionID string, rows ...Difference) error {
	panic(todo)
}

// ClearDifference removes the differences of a link: of these fields, or all
// when none is named.
func (tx *Tx) ClearDifference(ctx context.Context, connectionID, linkID string, fields ...string) error {
	panic(todo)
}

// Differences lists differences by module, link and field; "" for all modules.
func (tx *Tx) Differences(ctx context.Context, connectionID string, module crossbook.Module, limit int) ([]Difference, error) {
	panic(todo)
}

// DifferencesOf lists the differences of some links.
func (tx *Tx) DifferencesOf(ctx context.Context, connectionID string, linkIDs ...string) ([]Difference, error) {
	panic(todo)
}

// CountDifferences counts those without an answer.
func (tx *Tx) CountDifferences(ctx context.Context, connectionID string) (int, error) { panic(todo) }
