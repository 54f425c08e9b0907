package store

import (
	"context"
	"time"

	"crossbook"
)

// Dirty marks a record to be looked at. Order is the place of its module in
// the order of work (R70), given by the caller.
type Dirty struct {
	Ref      crossbook.Ref
	Reason   string
	DueAt    time.Time
	Priority int // higher goes first
	Order    int // lower goes first among equal priorities
	// Generation and Since are set by the store.
	Generation int64
	Since      time.Time
}

// DirtyCount is the number of dirty records of one type.
type DirtyCount struct {
	Side crossbook.Side
	Type string
	N    int // all of them
	Due  int // those due now
}

// Never is the due time of a row that waits for an event, not for a time.
var Never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// MarkDirty adds the rows. A record that is dirty already keeps the earlier
// due time and the higher priority, and its generation rises, so that work
// begun before does not clear it.
func (tx *Tx) MarkDirty(ctx context.Context, connectionID string, rows []Dirty) error { panic(todo) }

// DueDirty returns up to limit rows due at now, by priority, order, due time
// and ref.
func (tx *Tx) DueDirty(ctx context.Context, connectionID string, now time.Time, limit int) ([]Dirty, error) {
	panic(todo)
}

// DirtyRow returns the dirty row of one record; ErrNotFound when it is clean.
func (tx *Tx) DirtyRow(ctx context.Context, connectionID string, ref crossbook.Ref) (Dirty, error) {
	panic(todo)
}

// ClearDirty makes the record clean unless it was marked again since the row
// of this generation was read; it tells whether it did.
func (tx *Tx) ClearDirty(ctx context.Context, connectionID string, ref crossbook.Ref, generation int64) (bool, error) {
	panic(todo)
}

// ClearDirtyMany is ClearDirty for many rows, of which Ref and Generation
// count.
func (tx *Tx) ClearDirtyMany(ctx context.Context, connectionID string, rows []Dirty) error {
	panic(todo)
}

// Postpone sets a later due time and the reason for waiting unless the record
// was marked again since; it tells whether it did.
func (tx *Tx) Postpone(ctx context.Context, connectionID string, ref crossbook.Ref, generation int64, dueAt time.Time, reason string) (bool, error) {
	panic(todo)
}

// Revive makes those of the records due at now that are dirty and wait.
func (tx *Tx) Revive(ctx context.Context, connectionID string, refs []crossbook.Ref, now time.Time) error {
	panic(todo)
}

// ReviveType makes every dirty record of one type due at now.
func (tx *Tx) ReviveType(ctx context.Context, connectionID string, side crossbook.Side, typ string, now time.Time) error {
	panic(todo)
}

// HasDue tells whether a row is due at now.
func (tx *Tx) HasDue(ctx context.Context, connectionID string, now time.Time) (bool, error) {
	panic(todo)
}

// NextDue is the earliest due time; ok is false when nothing is dirty or
// everything waits for an event.
func (tx *Tx) NextDue(ctx context.Context, connectionID string) (at time.Time, ok bool, err error) {
	panic(todo)
}

// CountDirty counts dirty records by type.
func (tx *Tx) CountDirty(ctx context.Context, connectionID string, now time.Time) ([]DirtyCount, error) {
	panic(todo)
}

// DueConnections lists, over all connections, those with a row due at now.
func (tx *Tx) DueConnections(ctx context.Context, now time.Time) ([]string, error) { panic(todo) }
