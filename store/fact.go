package store

import (
	"context"
	"time"
)

// PutFact remembers something a vendor told us apart from records: metadata,
// layouts, company information, the state of a channel. JSON is kept as given.
func (tx *Tx) PutFact(ctx context.Context, connectionID, key string, json []byte, seenAt time.Time) error {
	return tx.run(ctx, `INSERT INTO fact (connection_id, fact_key, document, seen_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (connection_id, fact_key) DO UPDATE SET document = excluded.document, seen_at = excluded.seen_at`,
		connectionID, key, string(json), micros(seenAt))
}

// Fact returns what was remembered under key and when it was seen.
func (tx *Tx) Fact(ctx context.Context, connectionID, key string) (json []byte, seenAt time.Time, err error) {
	_, err = one(ctx, tx, func(row scanner) (struct{}, error) {
		var at int64
		if err := row.Scan(&json, &at); err != nil {
			return struct{}{}, err
		}
		seenAt = moment(at)
		return struct{}{}, whole(json)
	}, `SELECT document, seen_at FROM fact WHERE connection_id = ? AND fact_key = ?`, connectionID, key)
	return json, seenAt, err
}

// DeleteFact forgets what was remembered under key.
func (tx *Tx) DeleteFact(ctx context.Context, connectionID, key string) error {
	return tx.run(ctx, `DELETE FROM fact WHERE connection_id = ? AND fact_key = ?`, connectionID, key)
}
