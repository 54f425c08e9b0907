package store

import "context"

// Mapping returns the newest mapping document and its version; ErrNotFound
// when none was saved.
func (tx *Tx) Mapping(ctx context.Context, connectionID string) (document []byte, version int64, err error) {
	panic(todo)
}

// SaveMapping keeps the document as a new version and returns its number.
func (tx *Tx) SaveMapping(ctx context.Context, connectionID string, document []byte, by string) (int64, error) {
	panic(todo)
}
