package store

import (
	"context"
	"time"
)

// PutFact remembers something a vendor told us apart from records: metadata,
// layouts, company information, the state of a channel. JSON is kept as given.
func (tx *Tx) PutFact(ctx context.Context, connectionID, key string, json []byte, seenAt time.Time) error {
	panic(todo)
}

// Fact returns what was remembered under key and when it was seen.
func (tx *Tx) Fact(ctx context.Context, connectionID, key string) (json []byte, seenAt time.Time, err error) {
	panic(todo)
}

// DeleteFact forgets what was remembered under key.
func (tx *Tx) DeleteFact(ctx context.Context, connectionID, key string) error { panic(todo) }
