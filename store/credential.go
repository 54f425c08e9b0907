package store

import "context"

// Credential returns the sealed tokens of a vendor and their version;
// ErrNotFound before the first consent.
func (tx *Tx) Credential(ctx context.Context, connectionID, vendor string) (sealed []byte, version int64, err error) {
	panic(todo)
}

// SaveCredential replaces the sealed tokens if their version is still
// expectedVersion (0: none stored yet), and returns the new version;
// ErrConflict when somebody else saved in between.
func (tx *Tx) SaveCredential(ctx context.Context, connectionID, vendor string, sealed []byte, expectedVersion int64) (version int64, err error) {
	panic(todo)
}

// DeleteCredential forgets the tokens of a vendor.
func (tx *Tx) DeleteCredential(ctx context.Context, connectionID, vendor string) error { panic(todo) }
