package store

import (
	"context"
	"time"
)

// Cursor says how far a change feed was read: a time in the vendor's clock
// and, where the vendor pages by token, the token.
func (tx *Tx) Cursor(ctx context.Context, connectionID, name string) (at time.Time, token string, ok bool, err error) {
	panic(todo)
}

// SetCursor moves a cursor; call it in the transaction that stores what was
// read up to there.
func (tx *Tx) SetCursor(ctx context.Context, connectionID, name string, at time.Time, token string) error {
	panic(todo)
}
