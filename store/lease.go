package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Owner is one process. The start time tells it from a later process that got
// the same number.
type Owner struct {
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

// Equal tells whether both are the same process.
func (o Owner) Equal(p Owner) bool {
	return o.Host == p.Host && o.PID == p.PID && micros(o.Started) == micros(p.Started)
}

// IsZero tells whether the owner is nobody.
func (o Owner) IsZero() bool { return o.Equal(Owner{}) }

// String reads "host:pid".
func (o Owner) String() string { return fmt.Sprintf("%s:%d", o.Host, o.PID) }

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

// Free tells whether anybody may take the lease at now.
func (l Lease) Free(now time.Time) bool { return l.Owner.IsZero() || !l.Expires.After(now) }

// AcquireLease takes the named lease when it is free or expired. A live lease
// is not given again to its own process either: an owner is a process, and two
// of its goroutines must not both refresh a token. The fence rises with every
// acquisition, so that an earlier holder is stopped by CheckFence. When ok is
// false holder says who has it.
func (tx *Tx) AcquireLease(ctx context.Context, connectionID, name string, owner Owner, now time.Time, ttl time.Duration) (fence int64, ok bool, holder Owner, err error) {
	// The row is made first, so that there is one to lock.
	if err := tx.run(ctx, `INSERT INTO lease (connection_id, name, fence, host, pid, started, expires) VALUES (?, ?, 0, '', 0, 0, 0)
		ON CONFLICT (connection_id, name) DO NOTHING`, connectionID, name); err != nil {
		return 0, false, Owner{}, err
	}
	l, err := tx.lease(ctx, connectionID, name, tx.store.lock())
	if err != nil {
		return 0, false, Owner{}, err
	}
	if !l.Free(now) {
		return 0, false, l.Owner, nil
	}
	err = tx.run(ctx, `UPDATE lease SET fence = fence + 1, host = ?, pid = ?, started = ?, expires = ? WHERE connection_id = ? AND name = ?`,
		owner.Host, owner.PID, micros(owner.Started), micros(now.Add(ttl)), connectionID, name)
	return l.Fence + 1, err == nil, owner, err
}

// Heartbeat prolongs the lease; ErrFenced when somebody else took it, or when
// it was released or freed.
func (tx *Tx) Heartbeat(ctx context.Context, connectionID, name string, fence int64, now time.Time, ttl time.Duration) error {
	n, err := tx.exec(ctx, `UPDATE lease SET expires = ? WHERE connection_id = ? AND name = ? AND fence = ? AND host <> ''`,
		micros(now.Add(ttl)), connectionID, name, fence)
	if err == nil && n == 0 {
		return fmt.Errorf("lease %s, fence %d: %w", name, fence, ErrFenced)
	}
	return err
}

// ReleaseLease gives the lease back; nothing happens when it was lost already.
func (tx *Tx) ReleaseLease(ctx context.Context, connectionID, name string, fence int64) error {
	return tx.run(ctx, `UPDATE lease SET host = '', pid = 0, started = 0, expires = 0 WHERE connection_id = ? AND name = ? AND fence = ?`,
		connectionID, name, fence)
}

// CheckFence returns ErrFenced unless fence still is the lease's number, and
// keeps anybody from taking the lease until this transaction ends. Every
// transaction that writes the results of a turn calls it first.
//
// An expired lease that nobody took is still good: no second turn can have
// begun, and one that wants to must wait for this transaction.
func (tx *Tx) CheckFence(ctx context.Context, connectionID, name string, fence int64) error {
	l, err := tx.lease(ctx, connectionID, name, tx.store.lock())
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err != nil || l.Fence != fence || l.Owner.IsZero() {
		return fmt.Errorf("lease %s, fence %d, now %d: %w", name, fence, l.Fence, ErrFenced)
	}
	return nil
}

// Lease returns the named lease as it stands; ErrNotFound when it was never
// taken.
func (tx *Tx) Lease(ctx context.Context, connectionID, name string) (Lease, error) {
	return tx.lease(ctx, connectionID, name, "")
}

func (tx *Tx) lease(ctx context.Context, connectionID, name, lock string) (Lease, error) {
	return one(ctx, tx, readLease, leaseColumns+`WHERE connection_id = ? AND name = ?`+lock, connectionID, name)
}

const leaseColumns = `SELECT connection_id, name, fence, host, pid, started, expires FROM lease `

func readLease(row scanner) (Lease, error) {
	var (
		l                Lease
		started, expires int64
	)
	err := row.Scan(&l.ConnectionID, &l.Name, &l.Fence, &l.Owner.Host, &l.Owner.PID, &started, &expires)
	l.Owner.Started, l.Expires = moment(started), moment(expires)
	return l, err
}

// Leases lists, over all connections, the leases that somebody holds.
func (tx *Tx) Leases(ctx context.Context) ([]Lease, error) {
	return list(ctx, tx, readLease, leaseColumns+`WHERE host <> '' ORDER BY connection_id, name`)
}

// FreeDeadLeases releases, over all connections, the leases of owners on host
// that alive denies, and returns them. One that was taken again meanwhile has
// another fence and is left alone.
func (tx *Tx) FreeDeadLeases(ctx context.Context, host string, alive func(Owner) bool) ([]Lease, error) {
	held, err := list(ctx, tx, readLease, leaseColumns+`WHERE host = ? ORDER BY connection_id, name`, host)
	if err != nil {
		return nil, err
	}
	var freed []Lease
	for _, l := range held {
		if alive(l.Owner) {
			continue
		}
		if err := tx.ReleaseLease(ctx, l.ConnectionID, l.Name, l.Fence); err != nil {
			return nil, err
		}
		freed = append(freed, l)
	}
	return freed, nil
}
