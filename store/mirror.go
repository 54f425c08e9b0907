package store

import (
	"context"
	"time"

	"crossbook"
)

// MirrorRow is the last state seen of one record. Hash is the canonical hash
// over every mapped and derived field; Keys are the look-up keys of the record
// by kind ("name", "email"), for [Tx.MirrorByKey].
type MirrorRow struct {
	Record crossbook.Record
	Hash   string
	Keys   map[string][]string
	SeenAt time.Time
}

// KeyHit is a record found by a look-up key.
type KeyHit struct {
	Ref crossbook.Ref
	Key string
}

// PutMirror stores the rows with their keys; the last of two rows for one
// record wins. A row that is Deleted and has no data keeps the data last seen,
// so that pages can still show it, and loses its keys.
func (tx *Tx) PutMirror(ctx context.Context, connectionID string, rows []MirrorRow) error {
	panic(todo)
}

// Mirror returns one row without its keys; ErrNotFound when the record was
// never seen.
func (tx *Tx) Mirror(ctx context.Context, connectionID string, ref crossbook.Ref) (MirrorRow, error) {
	panic(todo)
}

// MirrorMany returns the rows that exist, without their keys.
func (tx *Tx) MirrorMany(ctx context.Context, connectionID string, refs []crossbook.Ref) (map[crossbook.Ref]MirrorRow, error) {
	panic(todo)
}

// MirrorHashes returns the hashes of the rows that exist and are not deleted.
func (tx *Tx) MirrorHashes(ctx context.Context, connectionID string, refs []crossbook.Ref) (map[crossbook.Ref]string, error) {
	panic(todo)
}

// MarkMirrorDeleted marks the records deleted on positive evidence (R86) and
// drops their keys; the data last seen stays.
func (tx *Tx) MarkMirrorDeleted(ctx context.Context, connectionID string, refs []crossbook.Ref, at time.Time) error {
	panic(todo)
}

// DeleteMirror forgets the rows altogether.
func (tx *Tx) DeleteMirror(ctx context.Context, connectionID string, refs []crossbook.Ref) error {
	panic(todo)
}

// WalkMirror returns up to limit rows of one type, deleted ones included, in
// the order of their ids as text, beginning after afterID ("" for the first).
func (tx *Tx) WalkMirror(ctx context.Context, connectionID string, side crossbook.Side, typ, afterID string, limit int) ([]MirrorRow, error) {
	panic(todo)
}

// MirrorIDs is WalkMirror for ids alone, without deleted records.
func (tx *Tx) MirrorIDs(ctx context.Context, connectionID string, side crossbook.Side, typ, afterID string, limit int) ([]string, error) {
	panic(todo)
}

// CountMirror counts the records of one type that are not deleted.
func (tx *Tx) CountMirror(ctx context.Context, connectionID string, side crossbook.Side, typ string) (int, error) {
	panic(todo)
}

// MirrorByKey finds the records of one type that have one of the values under
// the key kind, ordered by key and id.
func (tx *Tx) MirrorByKey(ctx context.Context, connectionID string, side crossbook.Side, typ, keyKind string, values []string) ([]KeyHit, error) {
	panic(todo)
}
