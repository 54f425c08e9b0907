package store

import (
	"context"

	"crossbook"
)

// SetDependencies replaces what the projection of from reads of other records.
func (tx *Tx) SetDependencies(ctx context.Context, connectionID string, from crossbook.Ref, on []crossbook.Ref) error {
	panic(todo)
}

// Dependents returns, without repeats, the records whose projection reads one
// of these.
func (tx *Tx) Dependents(ctx context.Context, connectionID string, on []crossbook.Ref) ([]crossbook.Ref, error) {
	panic(todo)
}
