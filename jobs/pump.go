package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"crossbook/store"
)

// pumpArgs are the arguments of a job. Connection is all there is, so that
// River's uniqueness by arguments is uniqueness by connection.
type pumpArgs struct {
	Connection string `json:"connection"`
}

const pumpKind = "pump"

// Kind is how River knows the job.
func (pumpArgs) Kind() string { return pumpKind }

// InsertOpts make the job unique among those that are not finished. Attempts
// are counted by crashes only: a pump returns no error.
func (pumpArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{
		MaxAttempts: 10_000,
		UniqueOpts: river.UniqueOpts{
			ByArgs: true,
			ByState: []rivertype.JobState{
				rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
				rivertype.JobStateScheduled, rivertype.JobStateRetryable,
			},
		},
	}
}

type job = *river.Job[pumpArgs]

// pump runs the turns of one connection.
type pump struct {
	river.WorkerDefaults[pumpArgs]
	q *Queue
}

// Pauses after something that should not happen, so that it does not happen
// thousands of times.
const (
	afterPanic  = time.Minute
	afterStuck  = 30 * time.Second
	stuckTurns  = 25 // turns in a row that took no time and left something due
	quickTurn   = 20 * time.Millisecond
	endDeadline = 40 * time.Second // for the transaction that ends a job
)

// Work runs turns until nothing is due or the window is over. It never returns
// an error to River: River would hold the connection's only job back for
// longer and longer, and with it every wake-up.
func (p *pump) Work(ctx context.Context, j job) error {
	p.q.working.Store(j.ID, true)
	defer p.q.working.Delete(j.ID)
	begun, quick := time.Now(), 0
	for {
		turnBegun := time.Now()
		outcome := p.turn(ctx, j.Args.Connection)
		if quick++; time.Since(turnBegun) > quickTurn {
			quick = 0
		}
		if quick >= stuckTurns {
			p.q.log.Error("turns leave rows due without doing anything", "connection", j.Args.Connection)
			outcome.Snooze = max(outcome.Snooze, afterStuck)
		}
		onlyNow := time.Since(begun) >= p.q.opts.window || p.q.stopping.Load() || ctx.Err() != nil
		more, err := p.end(ctx, j, outcome, onlyNow)
		switch {
		case errors.Is(err, rivertype.ErrNotFound):
			// The job was taken from us: we seemed dead. Whoever has it looks for
			// itself, and the fence kept our turn harmless.
			p.q.log.Warn("the job was taken over", "connection", j.Args.Connection)
			return nil
		case err != nil:
			p.q.log.Error("cannot end the job", "connection", j.Args.Connection, "error", err)
			return river.JobSnooze(afterPanic)
		case !more:
			return nil
		}
	}
}

// turn runs one turn and turns a panic into a pause.
func (p *pump) turn(ctx context.Context, connectionID string) (o Outcome) {
	defer func() {
		if r := recover(); r != nil {
			p.q.log.Error("a turn panicked", "connection", connectionID, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			o = Outcome{Snooze: afterPanic}
		}
	}()
	o = p.q.opts.Turn(ctx, connectionID)
	o.Snooze = min(o.Snooze, MaxSnooze)
	return o
}

// errGoOn rolls the end of a job back because more is due.
var errGoOn = errors.New("more is due")

// end completes the job and then looks for due rows, in one transaction and in
// this order: somebody who makes rows due meanwhile either finds the job
// complete and inserts another, or has committed rows that we see. The other
// way round a wake-up can fall between. more tells that the job was kept
// because another turn should run at once; last forbids that.
func (p *pump) end(ctx context.Context, j job, o Outcome, last bool) (more bool, err error) {
	// Also when the turn was cancelled its job must end, or it stays "running".
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endDeadline)
	defer cancel()
	connectionID := j.Args.Connection
	err = p.q.st.Update(ctx, func(tx *store.Tx) error {
		if err := p.q.backend.complete(ctx, tx, j); err != nil {
			return err
		}
		now := time.Now()
		if o.Snooze > 0 {
			return p.q.backend.wake(ctx, tx, connectionID, now.Add(o.Snooze), false)
		}
		if o.Rest {
			return nil
		}
		due, err := tx.HasDue(ctx, connectionID, now)
		switch {
		case err != nil:
			return err
		case due && !last:
			return errGoOn
		case due:
			return p.q.backend.wake(ctx, tx, connectionID, time.Time{}, false)
		}
		next, ok, err := tx.NextDue(ctx, connectionID)
		if err != nil || !ok {
			return err
		}
		return p.q.backend.wake(ctx, tx, connectionID, earlier(next, now.Add(MaxSnooze)), false)
	})
	if errors.Is(err, errGoOn) {
		return true, nil
	}
	return false, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
