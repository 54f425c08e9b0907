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

// How long a job whose worker may be alive is left to it. A lease that ran out
// is that of a worker that stopped beating, if the job is older than the lease
// could last: a younger job may be about to take it. A lease that nobody holds
// may also lie between two turns of a live worker, which are moments apart: that
// it was not taken once in all that time is seen by looking again.
const (
	leaseLasts = 30 * time.Second
	idleLasts  = 30 * time.Second
)

// sighting is a job seen running while nobody held its connection's lease.
type sighting struct {
	worker string    // who ran it
	taken  time.Time // when that began
	fence  int64     // how often the lease had been taken
	at     time.Time // when it was first seen so
}

// Tick frees what dead processes held and wakes every connection that has
// something due. It runs at the start and every minute: the only schedule
// there is. Its errors are logged: the next tick tries again.
func (q *Queue) Tick(ctx context.Context) {
	q.Sweep(ctx)
	now := time.Now()
	err := q.st.Update(ctx, func(tx *store.Tx) error { return q.wakeDue(ctx, tx, now) })
	if err != nil && ctx.Err() == nil {
		q.log.Error("cannot wake what is due", "error", err)
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

// Sweep replaces the jobs of dead workers and releases their leases. A worker of this host is dead when its process is gone. One that is
// still there, or is on another host, counts as dead when its job is old and its
// connection's lease has run out: it was stopped, hangs, or cannot be reached.
// Should it wake, the fence refuses what it then writes. Sweep looks first, so
// that it disturbs nobody while all is well.
func (q *Queue) Sweep(ctx context.Context) { q.sweepAt(ctx, time.Now()) }

func (q *Queue) sweepAt(ctx context.Context, now time.Time) {
	q.sweeping.Lock()
	defer q.sweeping.Unlock()
	var found bool
	err := q.st.View(ctx, func(tx *store.Tx) error {
		leases, err := tx.Leases(ctx)
		if err != nil {
			return err
		}
		for _, l := range leases {
			found = found || l.Owner.Host == q.opts.Owner.Host && !q.alive(l.Owner)
		}
		jobs, err := q.deadJobs(ctx, tx, now)
		found = found || len(jobs) > 0
		return err
	})
	if err == nil && found {
		err = q.st.Update(ctx, func(tx *store.Tx) error { return q.free(ctx, tx, now) })
	}
	if err != nil && ctx.Err() == nil {
		q.log.Error("cannot free what dead processes held", "error", err)
	}
}

func (q *Queue) alive(o store.Owner) bool { return o.Equal(q.opts.Owner) || q.opts.Alive(o) }

func (q *Queue) free(ctx context.Context, tx *store.Tx, now time.Time) error {
	// Jobs first: whether one is dead may depend on its lease.
	jobs, err := q.deadJobs(ctx, tx, now)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		// Another job takes its place instead of the same being run again: River ends
		// by its number what a worker ran, also if that worker only stood still, and
		// must not end the work of the next. Only if nobody else was faster.
		const end = `UPDATE river_job SET state = 'cancelled', finalized_at = CURRENT_TIMESTAMP WHERE state = 'running' AND id = `
		if _, err := tx.SQL().ExecContext(ctx, end+strconv.FormatInt(j.id, 10)); err != nil {
			return fmt.Errorf("free job %d: %w", j.id, err)
		}
		if err := q.backend.wake(ctx, tx, j.connectionID, time.Time{}, true); err != nil {
			return fmt.Errorf("wake connection %s: %w", j.connectionID, err)
		}
		q.log.Info("freed the job of a worker that is gone", "connection", j.connectionID, "worker", j.worker)
	}
	leases, err := tx.FreeDeadLeases(ctx, q.opts.Owner.Host, q.alive)
	for _, l := range leases {
		q.log.Info("freed the lease of a process that is gone", "connection", l.ConnectionID, "lease", l.Name, "owner", l.Owner.String())
	}
	return err
}

func (q *Queue) deadJobs(ctx context.Context, tx *store.Tx, now time.Time) (dead []runningJob, err error) {
	jobs, err := q.backend.running(ctx, tx)
	if err != nil {
		return nil, err
	}
	idle := make(map[int64]sighting, len(q.idle))
	for _, j := range jobs {
		gone, err := q.dead(ctx, tx, j, now, idle)
		if err != nil {
			return nil, err
		}
		if gone {
			dead = append(dead, j)
		}
	}
	q.idle = idle
	return dead, nil
}

// dead tells whether a job's worker is. A job whose lease nobody holds goes
// into idle, to be looked at again.
func (q *Queue) dead(ctx context.Context, tx *store.Tx, j runningJob, now time.Time, idle map[int64]sighting) (bool, error) {
	owner, known := workerOwner(j.worker)
	switch {
	case j.worker == q.id && !q.worksAt(j.id):
		// River could not write down how it ended, as on a full disk, and gave up:
		// it is looked at like the job of a worker that went away.
	case known && owner.Equal(q.opts.Owner):
		return false, nil // this very process; River ends its turns that hang
	case known && owner.Host == q.opts.Owner.Host && !q.alive(owner):
		return true, nil
	}
	lease, err := tx.Lease(ctx, j.connectionID, store.TurnLease)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	switch {
	case !lease.Free(now):
		return false, nil
	case !lease.Owner.IsZero():
		return now.Sub(j.since) > leaseLasts, nil
	}
	seen := sighting{worker: j.worker, taken: j.since, fence: lease.Fence, at: now}
	if before := q.idle[j.id]; before.same(seen) {
		seen.at = before.at
	}
	idle[j.id] = seen
	return now.Sub(seen.at) >= idleLasts, nil
}

// worksAt tells whether this queue works at a job.
func (q *Queue) worksAt(id int64) bool {
	_, ok := q.working.Load(id)
	return ok
}

// same tells whether nothing has happened between two sightings.
func (s sighting) same(t sighting) bool {
	return s.worker == t.worker && s.taken.Equal(t.taken) && s.fence == t.fence
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
