package store

import (
	"context"

	"crossbook"
)

// LinkCount is the number of links of one module, kind and state.
type LinkCount struct {
	Module crossbook.Module
	Kind   crossbook.LinkKind
	State  crossbook.LinkState
	N      int
}

// PutLink creates the links or replaces them by id. ErrConflict when a home
// link of the CRM record, or a link of the same part of the QuickBooks record,
// stands already: tombstones count, so that nothing comes back beside one, and
// whole excludes the other two parts.
func (tx *Tx) PutLink(ctx context.Context, connectionID string, links ...crossbook.Link) error {
	panic(todo)
}

// DeleteLink forgets a link or releases a tombstone.
func (tx *Tx) DeleteLink(ctx context.Context, connectionID string, ids ...string) error { panic(todo) }

// Link returns one link; ErrNotFound when there is none.
func (tx *Tx) Link(ctx context.Context, connectionID, id string) (crossbook.Link, error) { panic(todo) }

// LinksByCRM returns every link, of all kinds, parts and states, of the CRM
// records with these ids, ordered by CRM id and link id.
func (tx *Tx) LinksByCRM(ctx context.Context, connectionID string, module crossbook.Module, ids ...string) ([]crossbook.Link, error) {
	panic(todo)
}

// LinksByBooks returns every link, of all kinds, parts and states, of the
// QuickBooks records with these ids, ordered by QuickBooks id and link id.
func (tx *Tx) LinksByBooks(ctx context.Context, connectionID string, entity crossbook.Entity, ids ...string) ([]crossbook.Link, error) {
	panic(todo)
}

// WalkLinks returns up to limit links of a module ("" for all) in the order of
// their ids, beginning after afterID.
func (tx *Tx) WalkLinks(ctx context.Context, connectionID string, module crossbook.Module, afterID string, limit int) ([]crossbook.Link, error) {
	panic(todo)
}

// CountLinks counts links by module, kind and state.
func (tx *Tx) CountLinks(ctx context.Context, connectionID string) ([]LinkCount, error) { panic(todo) }
