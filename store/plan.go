package store

import (
	"context"
	"time"
)

// Plan is a plan that was shown to a person, kept as JSON.
type Plan struct {
	ID         string
	At         time.Time
	By         string
	JSON       []byte
	ApprovedAt time.Time // zero until somebody approved it
	ApprovedBy string
}

// SavePlan stores a plan or replaces it by id.
func (tx *Tx) SavePlan(ctx context.Context, connectionID string, p Plan) error { panic(todo) }

// Plan returns a plan, or the newest when id is empty.
func (tx *Tx) Plan(ctx context.Context, connectionID, id string) (Plan, error) { panic(todo) }
