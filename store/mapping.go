package store

import (
	"context"
	"encoding/json"
	"errors"
)

// Mapping returns the newest mapping document and its version; ErrNotFound
// when none was saved.
func (tx *Tx) Mapping(ctx context.Context, connectionID string) (document []byte, version int64, err error) {
	return tx.newest(ctx, "mapping", connectionID)
}

// SaveMapping keeps the document, which must be JSON, as a new version and
// returns its number.
func (tx *Tx) SaveMapping(ctx context.Context, connectionID string, document []byte, by string) (int64, error) {
	if !json.Valid(document) {
		return 0, errors.New("the mapping document is no JSON")
	}
	return tx.saveVersion(ctx, "mapping", connectionID, document, by)
}
