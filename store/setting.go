package store

import (
	"context"

	"crossbook"
)

// Settings returns the newest settings and their version; the defaults and
// version 0 when none were saved.
func (tx *Tx) Settings(ctx context.Context, connectionID string) (crossbook.Settings, int64, error) {
	panic(todo)
}

// SaveSettings keeps s as a new version and returns its number.
func (tx *Tx) SaveSettings(ctx context.Context, connectionID string, s crossbook.Settings, by string) (int64, error) {
	panic(todo)
}
