package store

import (
	"context"
	"time"
)

// PutReceipt remembers a notification that was verified and tells whether it
// is new: vendors deliver twice.
func (tx *Tx) PutReceipt(ctx context.Context, connectionID, channel, eventID string, at time.Time) (fresh bool, err error) {
	n, err := tx.exec(ctx, `INSERT INTO webhook_receipt (connection_id, channel, event_id, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (connection_id, channel, event_id) DO NOTHING`, connectionID, channel, eventID, micros(at))
	return n > 0, err
}

// LastReceipt says when the channel last brought anything.
func (tx *Tx) LastReceipt(ctx context.Context, connectionID, channel string) (at time.Time, ok bool, err error) {
	us, err := one(ctx, tx, readInt64,
		`SELECT coalesce(max(at), 0) FROM webhook_receipt WHERE connection_id = ? AND channel = ?`, connectionID, channel)
	return moment(us), err == nil && us > 0, err
}

// PruneReceipts forgets receipts before the time (7 days back).
func (tx *Tx) PruneReceipts(ctx context.Context, connectionID string, before time.Time) (int, error) {
	n, err := tx.exec(ctx, `DELETE FROM webhook_receipt WHERE connection_id = ? AND at < ?`, connectionID, micros(before))
	return int(n), err
}
