package store

import (
	"context"

	"crossbook"
)

// PutConnection creates the connection or replaces what is known of it.
func (tx *Tx) PutConnection(ctx context.Context, c crossbook.Connection) error { panic(todo) }

// Connection finds a connection by its id or by its name (R18).
func (tx *Tx) Connection(ctx context.Context, idOrName string) (crossbook.Connection, error) {
	panic(todo)
}

// Connections lists all connections by name.
func (tx *Tx) Connections(ctx context.Context) ([]crossbook.Connection, error) { panic(todo) }

// SetConnectionState changes the state alone.
func (tx *Tx) SetConnectionState(ctx context.Context, connectionID, state string) error { panic(todo) }
