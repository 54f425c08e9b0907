package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"crossbook/store"
)

// runningJob is a job that somebody works at, or died at.
type runningJob struct {
	id           int64
	connectionID string
	worker       string // who took it last
	since        time.Time
}

// takeUp is how long a worker of another host may take from its job to its
// lease before it counts as dead.
const takeUp = time.Minute

// Tick frees what dead processes held and wakes every connection that has
// something due. It runs at the start and every minute: the only schedule
// there is. Its errors are logged: the next tick tries again.
func (q *Queue) Tick(ctx context.Context) {
	for _, step := range []struct {
		what string
		do   func(context.Context, *store.Tx, time.Time) error
	}{
		{"free what dead processes held", q.sweep},
		{"wake what is due", q.wakeDue},
	} {
		now := time.Now()
		err := q.st.Update(ctx, func(tx *store.Tx) error { return step.do(ctx, tx, now) })
		if err != nil && ctx.Err() == nil {
			q.log.Error("the tick could not "+step.what, "error", err)
		}
	}
}

func (q *Queue) wakeDue(ctx context.Context, tx *store.Tx, now time.Time) error {
	due, err := tx.DueConnections(ctx, now)
	if err != nil {
		return err
	}
	if q.opts.AlsoDue != nil {
		more, err := q.opts.AlsoDue(ctx, tx, now)
		if err != nil {
			return err
		}
		due = append(due, more...)
	}
	slices.Sort(due)
	for _, id := range slices.Compact(due) {
		if err := q.backend.wake(ctx, tx, id, time.Time{}, false); err != nil {
			return err
		}
	}
	return nil
}

// sweep makes the jobs of dead workers available again and releases their
// leases. A worker of this host is dead when its process is gone; one of
// another host when its job is old and its connection's lease has run out.
func (q *Queue) sweep(ctx context.Context, tx *store.Tx, now time.Time) error {
	alive := func(o store.Owner) bool { return o.Equal(q.opts.Owner) || q.opts.Alive(o) }
	leases, err := tx.FreeDeadLeases(ctx, q.opts.Owner.Host, alive)
	if err != nil {
		return err
	}
	for _, l := range leases {
		q.log.Info("freed the lease of a process that is gone", "connection", l.ConnectionID, "lease", l.Name, "owner", l.Owner.String())
	}
	jobs, err := q.backend.running(ctx, tx)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		dead, err := q.dead(ctx, tx, j, now, alive)
		if err != nil {
			return err
		}
		if !dead {
			continue
		}
		// The state alone changes, and only if nobody else was faster.
		if _, err := tx.SQL().ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running' AND id = `+strconv.FormatInt(j.id, 10)); err != nil {
			return fmt.Errorf("free job %d: %w", j.id, err)
		}
		q.log.Info("freed the job of a worker that is gone", "connection", j.connectionID, "worker", j.worker)
	}
	return nil
}

func (q *Queue) dead(ctx context.Context, tx *store.Tx, j runningJob, now time.Time, alive func(store.Owner) bool) (bool, error) {
	owner, ok := workerOwner(j.worker)
	if ok && owner.Host == q.opts.Owner.Host {
		return !alive(owner), nil
	}
	if now.Sub(j.since) < takeUp {
		return false, nil
	}
	lease, err := tx.Lease(ctx, j.connectionID, store.TurnLease)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return err == nil && lease.Free(now), err
}

// workerID names a queue in River's rows so that the sweeper knows its
// process; the chance part keeps two queues of one process apart. River takes
// 100 characters.
func workerID(o store.Owner, chance string) string {
	id := fmt.Sprintf("|%d|%d|%s", o.PID, o.Started.UnixMicro(), chance)
	return o.Host[:min(len(o.Host), 100-len(id))] + id
}

func workerOwner(id string) (store.Owner, bool) {
	parts := strings.Split(id, "|")
	if len(parts) < 4 {
		return store.Owner{}, false
	}
	n := len(parts)
	pid, err1 := strconv.Atoi(parts[n-3])
	started, err2 := strconv.ParseInt(parts[n-2], 10, 64)
	if err1 != nil || err2 != nil {
		return store.Owner{}, false
	}
	return store.Owner{Host: strings.Join(parts[:n-3], "|"), PID: pid, Started: time.UnixMicro(started).UTC()}, true
}
