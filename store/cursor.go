package store

import (
	"context"
	"errors"
	"time"
)

// Cursor says how far a change feed was read: a time in the vendor's clock
// and, where the vendor pages by token, the token.
func (tx *Tx) Cursor(ctx context.Context, connectionID, name string) (at time.Time, token string, ok bool, err error) {
	_, err = one(ctx, tx, func(row scanner) (struct{}, error) {
		var us int64
		err := row.Scan(&us, &token)
		at = moment(us)
		return struct{}{}, err
	}, `SELECT at, token FROM feed_cursor WHERE connection_id = ? AND name = ?`, connectionID, name)
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, "", false, nil
	}
	return at, token, err == nil, err
}

// SetCursor moves a cursor; call it in the transaction that stores what was
// read up to there.
func (tx *Tx) SetCursor(ctx context.Context, connectionID, name string, at time.Time, token string) error {
	return tx.run(ctx, `INSERT INTO feed_cursor (connection_id, name, at, token) VALUES (?, ?, ?, ?)
		ON CONFLICT (connection_id, name) DO UPDATE SET at = excluded.at, token = excluded.token`,
		connectionID, name, micros(at), token)
}
