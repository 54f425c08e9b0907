package store

import (
	"context"
	"encoding/json"
	"fmt"

	"crossbook"
)

// PutConnection creates the connection or replaces what is known of it.
// ErrConflict when another connection has the name.
func (tx *Tx) PutConnection(ctx context.Context, c crossbook.Connection) error {
	doc, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("connection %s: %w", c.ID, err)
	}
	return tx.run(ctx, `INSERT INTO connection (id, name, state, document, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, document = excluded.document`,
		c.ID, c.Name, c.State, string(doc), micros(c.CreatedAt))
}

const connectionColumns = `SELECT document, state FROM connection `

func readConnection(row scanner) (crossbook.Connection, error) {
	var (
		c          crossbook.Connection
		doc, state string
	)
	if err := row.Scan(&doc, &state); err != nil {
		return c, err
	}
	err := json.Unmarshal([]byte(doc), &c)
	c.State = state
	return c, err
}

// Connection finds a connection by its id or by its name (R18); the id goes
// first.
func (tx *Tx) Connection(ctx context.Context, idOrName string) (crossbook.Connection, error) {
	return one(ctx, tx, readConnection, connectionColumns+`WHERE id = ? OR name = ?
		ORDER BY CASE WHEN id = ? THEN 0 ELSE 1 END LIMIT 1`, idOrName, idOrName, idOrName)
}

// Connections lists all connections by name.
func (tx *Tx) Connections(ctx context.Context) ([]crossbook.Connection, error) {
	return list(ctx, tx, readConnection, connectionColumns+`ORDER BY name, id`)
}

// SetConnectionState changes the state alone; ErrNotFound when there is no
// such connection.
func (tx *Tx) SetConnectionState(ctx context.Context, connectionID, state string) error {
	n, err := tx.exec(ctx, `UPDATE connection SET state = ? WHERE id = ?`, state, connectionID)
	return found(n, err, "connection "+connectionID)
}

// found turns "no row touched" into ErrNotFound.
func found(n int64, err error, what string) error {
	if err == nil && n == 0 {
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return err
}
