package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"crossbook/store"
)

// Outcome is what a turn has to say about when the next one should run.
//
// The zero Outcome is the ordinary one: the pump looks for rows that are due,
// and runs another turn if there are any.
type Outcome struct {
	// Snooze asks not to come back by itself before that long, whatever is due:
	// the lease is held by another, a vendor is down. Wake cuts it short. At
	// most MaxSnooze counts.
	Snooze time.Duration
	// Rest says that what is due cannot be done now and will be woken by an
	// event: the connection is paused or waits for a person.
	Rest bool
}

// MaxSnooze is the longest a connection sleeps while something is due, so that
// one vendor that is down never keeps the other side waiting for longer.
const MaxSnooze = 5 * time.Minute

// Options are what a queue needs to know.
type Options struct {
	// Work makes the queue run turns; without it the queue only wakes.
	Work bool
	// Turn runs one turn of a connection. It keeps its own errors as problems.
	Turn func(ctx context.Context, connectionID string) Outcome
	// AlsoDue adds connections that have something to do besides dirty rows: a
	// poll, a daily pass. It is asked at every tick; nil for none.
	AlsoDue func(ctx context.Context, tx *store.Tx, now time.Time) ([]string, error)
	// Owner is this process; zero for Self.
	Owner store.Owner
	// Alive tells whether another process of this host still runs; nil for the
	// package's own Alive.
	Alive func(store.Owner) bool
	// Workers is the number of connections that may have a turn at once in this
	// process; 0 for 4.
	Workers int
	Logger  *slog.Logger

	tick   time.Duration // tests only; 0 for tickEvery
	sweep  time.Duration // tests only; 0 for sweepEvery
	window time.Duration // tests only; 0 for turnWindow
}

// Times of design section 6. A turn's calls have deadlines of their own far
// below these; the last two are for a process that hangs.
const (
	tickEvery  = time.Minute
	sweepEvery = 5 * time.Second  // a kill must cost no minute
	turnWindow = 45 * time.Second // no further turn is begun in one job after that
	jobTimeout = 4 * time.Minute
	rescueTime = 6 * time.Minute
)

// How soon a wake-up is seen: the notification usually brings it at once, the
// poll is for when that is lost.
const (
	pollEvery   = 250 * time.Millisecond
	pollAtMost  = 50 * time.Millisecond
	workersHere = 4
)

// Queue wakes connections and, if it works, runs their turns.
type Queue struct {
	st      *store.Store
	opts    Options
	log     *slog.Logger
	backend backend
	id      string

	sweeping sync.Mutex
	idle     map[int64]sighting // jobs that seem not to be worked at, by number; guarded by sweeping

	working sync.Map // numbers of the jobs this queue works at now

	stopping atomic.Bool
	halt     context.CancelFunc
	ticking  chan struct{}
}

// backend is River on one kind of database.
type backend interface {
	start(ctx context.Context) error
	stop(ctx context.Context) error
	// wake inserts a job for the connection unless one stands. urgent brings
	// one that sleeps forward.
	wake(ctx context.Context, tx *store.Tx, connectionID string, at time.Time, urgent bool) error
	// complete ends the job that ctx belongs to.
	complete(ctx context.Context, tx *store.Tx, j job) error
	// running lists the jobs that are being worked at.
	running(ctx context.Context, tx *store.Tx) ([]runningJob, error)
	close()
}

// Open prepares River's tables and returns a queue on the store. Close it with
// Stop, also when it was never started.
func Open(ctx context.Context, st *store.Store, opts Options) (*Queue, error) {
	if opts.Work && opts.Turn == nil {
		return nil, errors.New("jobs: a queue that works needs a turn")
	}
	if opts.Owner.IsZero() {
		opts.Owner = Self()
	}
	if opts.Alive == nil {
		opts.Alive = Alive
	}
	opts.Workers = orDefault(opts.Workers, workersHere)
	opts.tick = orDefault(opts.tick, tickEvery)
	opts.sweep = orDefault(opts.sweep, sweepEvery)
	opts.window = orDefault(opts.window, turnWindow)
	log := opts.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	q := &Queue{st: st, opts: opts, log: log, id: workerID(opts.Owner, rand.Text()[:8])}
	var err error
	if st.Dialect() == store.Postgres {
		q.backend, err = openPostgres(ctx, q)
	} else {
		q.backend, err = openSQLite(ctx, q)
	}
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	return q, nil
}

func orDefault[T int | time.Duration](v, ifZero T) T {
	if v == 0 {
		return ifZero
	}
	return v
}

// Wake makes the connection look at its rows as soon as tx has been committed.
// Call it in the transaction that made rows due, after making them due: then
// either the running turn sees them or a new one begins.
func (q *Queue) Wake(ctx context.Context, tx *store.Tx, connectionID string) error {
	if err := q.backend.wake(ctx, tx, connectionID, time.Time{}, true); err != nil {
		return fmt.Errorf("wake connection %s: %w", connectionID, err)
	}
	return nil
}

// Start begins to run turns; a queue without Work has nothing to start. What
// a process of this host that is gone left behind is freed first, so that its
// work goes on at once. ctx ends the turns when it ends; Stop is gentler.
func (q *Queue) Start(ctx context.Context) error {
	if !q.opts.Work {
		return nil
	}
	ctx, q.halt = context.WithCancel(ctx)
	q.Tick(ctx)
	if err := q.backend.start(ctx); err != nil {
		q.halt()
		return fmt.Errorf("start the job queue: %w", err)
	}
	q.ticking = make(chan struct{})
	go func() {
		defer close(q.ticking)
		tick, sweep := time.NewTicker(q.opts.tick), time.NewTicker(q.opts.sweep)
		defer tick.Stop()
		defer sweep.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				q.Tick(ctx)
			case <-sweep.C:
				q.Sweep(ctx)
			}
		}
	}()
	return nil
}

// Stop lets the turns that run come to their end and begins no other. When ctx
// ends first they are cancelled.
func (q *Queue) Stop(ctx context.Context) error {
	q.stopping.Store(true)
	defer q.backend.close()
	if q.halt == nil {
		return nil
	}
	err := q.backend.stop(ctx)
	q.halt()
	<-q.ticking
	return err
}
