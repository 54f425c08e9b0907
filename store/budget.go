package store

import "context"

// CallCount is the number of calls of one kind made to a vendor on one day.
type CallCount struct {
	Vendor string `json:"vendor"`
	Kind   string `json:"kind"`
	Day    string `json:"day"` // 2026-05-04
	N      int64  `json:"n"`
}

// AddCalls counts n more calls.
func (tx *Tx) AddCalls(ctx context.Context, connectionID, vendor, kind, day string, n int64) error {
	panic(todo)
}

// Calls lists the calls of one day, or of a month when day is "2026-05".
func (tx *Tx) Calls(ctx context.Context, connectionID, day string) ([]CallCount, error) { panic(todo) }

// PruneCalls forgets the counts of days before day.
func (tx *Tx) PruneCalls(ctx context.Context, connectionID, day string) error { panic(todo) }
