package store

import (
	"context"
	"time"
)

// PutReceipt remembers a notification that was verified and tells whether it
// is new: vendors deliver twice.
func (tx *Tx) PutReceipt(ctx context.Context, connectionID, channel, eventID string, at time.Time) (fresh bool, err error) {
	panic(todo)
}

// LastReceipt says when the channel last brought anything.
func (tx *Tx) LastReceipt(ctx context.Context, connectionID, channel string) (at time.Time, ok bool, err error) {
	panic(todo)
}

// PruneReceipts forgets receipts before the time (7 days back).
func (tx *Tx) PruneReceipts(ctx context.Context, connectionID string, before time.Time) (int, error) {
	panic(todo)
}
