package store

import (
	"context"
	"time"

	"crossbook"
)

// Brake is a stop that a person must release. An empty module stops all.
type Brake struct {
	Module crossbook.Module
	Side   crossbook.Side // the side that is no longer written to
	Reason string
	Count  int
	At     time.Time
}

// SetBrake sets the brake of a module and side; one that is set already keeps
// its time.
func (tx *Tx) SetBrake(ctx context.Context, connectionID string, b Brake) error { panic(todo) }

// Brakes lists the brakes that are set.
func (tx *Tx) Brakes(ctx context.Context, connectionID string) ([]Brake, error) { panic(todo) }

// ReleaseBrake releases the brake of a module and side and tells whether it
// was set.
func (tx *Tx) ReleaseBrake(ctx context.Context, connectionID string, module crossbook.Module, side crossbook.Side) (bool, error) {
	panic(todo)
}
