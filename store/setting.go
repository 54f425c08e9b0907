package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"crossbook"
)

// Settings returns the newest settings and their version; the defaults and
// version 0 when none were saved.
func (tx *Tx) Settings(ctx context.Context, connectionID string) (crossbook.Settings, int64, error) {
	doc, version, err := tx.newest(ctx, "setting", connectionID)
	if errors.Is(err, ErrNotFound) {
		return crossbook.DefaultSettings(), 0, nil
	}
	if err != nil {
		return crossbook.Settings{}, 0, err
	}
	var s crossbook.Settings
	if err := json.Unmarshal(doc, &s); err != nil {
		return s, 0, fmt.Errorf("settings version %d: %w", version, err)
	}
	return s, version, nil
}

// SaveSettings keeps s as a new version and returns its number.
func (tx *Tx) SaveSettings(ctx context.Context, connectionID string, s crossbook.Settings, by string) (int64, error) {
	doc, err := json.Marshal(s)
	if err != nil {
		return 0, fmt.Errorf("settings: %w", err)
	}
	return tx.saveVersion(ctx, "setting", connectionID, doc, by)
}

// newest reads the newest version of a versioned document; table is a name of
// ours, never input.
func (tx *Tx) newest(ctx context.Context, table, connectionID string) (doc []byte, version int64, err error) {
	_, err = one(ctx, tx, func(row scanner) (struct{}, error) {
		if err := row.Scan(&doc, &version); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, whole(doc)
	}, `SELECT document, version FROM `+table+` WHERE connection_id = ? ORDER BY version DESC LIMIT 1`, connectionID)
	return doc, version, err
}

// saveVersion adds a version to a versioned document. Of two who save at once
// one gets ErrConflict.
func (tx *Tx) saveVersion(ctx context.Context, table, connectionID string, doc []byte, by string) (int64, error) {
	_, version, err := tx.newest(ctx, table, connectionID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return 0, err
	}
	version++
	return version, tx.run(ctx, `INSERT INTO `+table+` (connection_id, version, document, saved_by, saved_at) VALUES (?, ?, ?, ?, ?)`,
		connectionID, version, string(doc), by, micros(time.Now()))
}
