package store

import (
	"context"
	"fmt"
)

// Credential returns the sealed tokens of a vendor and their version;
// ErrNotFound before the first consent.
func (tx *Tx) Credential(ctx context.Context, connectionID, vendor string) (sealed []byte, version int64, err error) {
	_, err = one(ctx, tx, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&sealed, &version)
	}, `SELECT sealed, version FROM credential WHERE connection_id = ? AND vendor = ?`, connectionID, vendor)
	return sealed, version, err
}

// SaveCredential replaces the sealed tokens if their version is still
// expectedVersion (0: none stored yet), and returns the new version;
// ErrConflict when somebody else saved in between.
func (tx *Tx) SaveCredential(ctx context.Context, connectionID, vendor string, sealed []byte, expectedVersion int64) (version int64, err error) {
	var n int64
	if expectedVersion == 0 {
		n, err = tx.exec(ctx, `INSERT INTO credential (connection_id, vendor, sealed, version) VALUES (?, ?, ?, 1)
			ON CONFLICT (connection_id, vendor) DO NOTHING`, connectionID, vendor, sealed)
	} else {
		n, err = tx.exec(ctx, `UPDATE credential SET sealed = ?, version = version + 1
			WHERE connection_id = ? AND vendor = ? AND version = ?`, sealed, connectionID, vendor, expectedVersion)
	}
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, fmt.Errorf("credential of %s: version %d is not the newest: %w", vendor, expectedVersion, ErrConflict)
	}
	return expectedVersion + 1, nil
}

// DeleteCredential forgets the tokens of a vendor.
func (tx *Tx) DeleteCredential(ctx context.Context, connectionID, vendor string) error {
	return tx.run(ctx, `DELETE FROM credential WHERE connection_id = ? AND vendor = ?`, connectionID, vendor)
}
