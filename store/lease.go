package store

import (
	"context"
	"time"
)

// Owner is one process. The start time tells it from a later process that got
// the same number.
type Owner struct {
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

// TurnLease is the name of the lease that one turn of a connection holds.
const TurnLease = "turn"

// TokenLease is the name of the lease under which a vendor's tokens are
// refreshed.
func TokenLease(vendor string) string { return "token:" + vendor }

// Lease is one lease as it stands.
type Lease struct {
	ConnectionID string
	Name         string
	Fence        int64
	Owner        Owner // zero when released
	Expires      time.Time
}

// AcquireLease takes the named lease when it is free, expired, or already the
// owner's. The fence rises with every acquisition by another owner; a holder
// that was overtaken is stopped by CheckFence. When ok is false holder says
// who has it.
func (tx *Tx) AcquireLease(ctx context.Context, connectionID, name string, owner Owner, now time.Time, ttl time.Duration) (fence int64, ok bool, holder Owner, err error) {
	panic(todo)
}

// Heartbeat prolongs the lease; ErrFenced when somebody else took it.
func (tx *Tx) Heartbeat(ctx context.Context, connectionID, name string, fence int64, now time.Time, ttl time.Duration) error {
	panic(todo)
}

// ReleaseLease gives the lease back; nothing happens when it was lost already.
func (tx *Tx) ReleaseLease(ctx context.Context, connectionID, name string, fence int64) error {
	panic(todo)
}

// CheckFence returns ErrFenced unless fence still is the lease's number, and
// keeps anybody from taking the lease until this transaction ends. Every
// transaction that writes the results of a turn calls it first.
func (tx *Tx) CheckFence(ctx context.Context, connectionID, name string, fence int64) error {
	panic(todo)
}

// Lease returns the named lease as it stands; ErrNotFound when it was never
// taken.
func (tx *Tx) Lease(ctx context.Context, connectionID, name string) (Lease, error) { panic(todo) }

// FreeDeadLeases releases, over all connections, the leases of owners on host
// that alive denies, and returns them.
func (tx *Tx) FreeDeadLeases(ctx context.Context, host string, alive func(Owner) bool) ([]Lease, error) {
	panic(todo)
}
