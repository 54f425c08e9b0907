package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crossbook"
	"crossbook/internal/testkit"
	"crossbook/store"
	"crossbook/store/storetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const conn = storetest.ConnectionID

// patience is how long a test waits for a fact on a slow machine; soon tells a
// wake-up from the next tick, which is a minute away, on a machine as busy as it
// may be. How quick it is in earnest is measured with the real program (chaos).
const (
	patience = 30 * time.Second
	soon     = 20 * time.Second
)

func begin(t *testing.T, st *store.Store, opts Options) *Queue {
	t.Helper()
	q := openQueue(t, st, opts)
	if err := q.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	return q
}

func openQueue(t *testing.T, st *store.Store, opts Options) *Queue {
	t.Helper()
	if opts.tick == 0 {
		opts.tick = time.Hour // wake-ups alone must do it
	}
	if testing.Verbose() {
		opts.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	opts.Work = opts.Turn != nil
	q, err := Open(context.Background(), st, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return q
}

func update(t *testing.T, st *store.Store, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := st.Update(ctx, func(tx *store.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Error(err)
	}
}

func wake(t *testing.T, q *Queue, ids ...string) {
	t.Helper()
	update(t, q.st, func(ctx context.Context, tx *store.Tx) error {
		for _, id := range ids {
			if err := q.Wake(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func markDue(t *testing.T, st *store.Store, id string) {
	t.Helper()
	update(t, st, func(ctx context.Context, tx *store.Tx) error {
		return tx.MarkDirty(ctx, conn, []store.Dirty{{Ref: crossbook.CRMRef(crossbook.Accounts, id), DueAt: time.Now()}})
	})
}

// clearDue is a turn that finishes everything that is due.
func clearDue(t *testing.T, st *store.Store) (cleared int) {
	t.Helper()
	update(t, st, func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.DueDirty(ctx, conn, time.Now(), 0)
		cleared = len(rows)
		if err != nil {
			return err
		}
		return tx.ClearDirtyMany(ctx, conn, rows)
	})
	return cleared
}

// receive waits for a turn.
func receive(t *testing.T, turns <-chan string, within time.Duration) string {
	t.Helper()
	select {
	case id := <-turns:
		return id
	case <-time.After(within):
		t.Fatalf("no turn within %v", within)
		return ""
	}
}

func silence(t *testing.T, turns <-chan string, during time.Duration) {
	t.Helper()
	select {
	case id := <-turns:
		t.Fatalf("a turn of %s that nobody asked for", id)
	case <-time.After(during):
	}
}

// jobStates lists the states of the jobs that are not finished.
func jobStates(t *testing.T, st *store.Store) (states []string) {
	t.Helper()
	rows, err := st.Writer().QueryContext(context.Background(), `SELECT state FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded') ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		states = append(states, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return states
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestWakeRunsATurnSoon(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		storetest.Connect(t, st, "c2")
		turns := make(chan string, 10)
		q := begin(t, st, Options{Turn: func(_ context.Context, id string) Outcome { turns <- id; return Outcome{} }})
		for range 3 {
			asked := time.Now()
			wake(t, q, conn)
			if got := receive(t, turns, soon); got != conn {
				t.Errorf("a turn of %s", got)
			}
			t.Logf("from wake-up to turn: %v", time.Since(asked))
			eventually(t, "the job ends", func() bool { return len(jobStates(t, st)) == 0 })
		}
		wake(t, q, conn, "c2", conn)
		if a, b := receive(t, turns, soon), receive(t, turns, soon); a == b {
			t.Errorf("%s twice", a)
		}
	})
}

func TestAnotherProcessWakesToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		turns := make(chan string, 10)
		begin(t, st, Options{Turn: func(_ context.Context, id string) Outcome { turns <- id; return Outcome{} }})
		other, err := store.Open(context.Background(), st.URL())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = other.Close() })
		wake(t, openQueue(t, other, Options{}), conn)
		receive(t, turns, soon)
	})
}

func TestWakeOfARolledBackTransactionWakesNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		q := openQueue(t, st, Options{})
		boom := errors.New("boom")
		err := st.Update(context.Background(), func(tx *store.Tx) error {
			if err := q.Wake(context.Background(), tx, conn); err != nil {
				t.Error(err)
			}
			return boom
		})
		if !errors.Is(err, boom) || len(jobStates(t, st)) != 0 {
			t.Errorf("%v, jobs %v", err, jobStates(t, st))
		}
	})
}

func TestOneJobPerConnection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		q := openQueue(t, st, Options{})
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 5 {
					wake(t, q, conn)
				}
			})
		}
		wg.Wait()
		if got := jobStates(t, st); len(got) != 1 {
			t.Errorf("jobs: %v", got)
		}
	})
}

// Rows are marked and wake-ups sent while turns end: every row must be handled
// without any tick, and one connection never has two turns at once.
func TestNoWakeUpIsLost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var atOnce, turns, cleared atomic.Int64
		q := begin(t, st, Options{Workers: 4, Turn: func(context.Context, string) Outcome {
			if atOnce.Add(1) > 1 {
				t.Error("two turns of one connection at once")
			}
			defer atOnce.Add(-1)
			turns.Add(1)
			cleared.Add(int64(clearDue(t, st)))
			return Outcome{}
		}})
		const producers, each = 6, 40
		var wg sync.WaitGroup
		for p := range producers {
			wg.Go(func() {
				for i := range each {
					update(t, st, func(ctx context.Context, tx *store.Tx) error {
						ref := crossbook.CRMRef(crossbook.Accounts, fmt.Sprintf("%d-%d", p, i))
						if err := tx.MarkDirty(ctx, conn, []store.Dirty{{Ref: ref, DueAt: time.Now()}}); err != nil {
							return err
						}
						return q.Wake(ctx, tx, conn)
					})
					time.Sleep(time.Duration(rand.IntN(8)) * time.Millisecond) // spread over the ends of turns
				}
			})
		}
		wg.Wait()
		eventually(t, "every row is handled", func() bool { return cleared.Load() == producers*each })
		eventually(t, "every job ends", func() bool { return len(jobStates(t, st)) == 0 })
		t.Logf("%d rows in %d turns", cleared.Load(), turns.Load())
	})
}

func TestTurnsGoOnWhileSomethingIsDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		turns := make(chan string, 10)
		n := 0
		q := begin(t, st, Options{Turn: func(_ context.Context, id string) Outcome {
			clearDue(t, st)
			if n++; n < 3 {
				markDue(t, st, fmt.Sprint(n)) // without a wake-up
			}
			turns <- id
			return Outcome{}
		}})
		wake(t, q, conn)
		for range 3 {
			receive(t, turns, soon)
		}
		silence(t, turns, 300*time.Millisecond)
	})
}

func TestSuccessorIsInsertedWhenTheWindowIsOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var n atomic.Int64
		turns := make(chan string, 10)
		q := begin(t, st, Options{window: time.Nanosecond, Turn: func(_ context.Context, id string) Outcome {
			if n.Add(1) == 3 {
				clearDue(t, st)
			}
			turns <- id
			return Outcome{}
		}})
		markDue(t, st, "1")
		wake(t, q, conn)
		for range 3 {
			receive(t, turns, soon)
		}
		eventually(t, "the last job ends", func() bool { return len(jobStates(t, st)) == 0 })
		var jobs int
		if err := st.Writer().QueryRowContext(context.Background(), `SELECT count(*) FROM river_job`).Scan(&jobs); err != nil || jobs != 3 {
			t.Errorf("%d jobs for three turns, %v", jobs, err)
		}
	})
}

func TestSnoozeHoldsBackTicksButNotWakeUps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		turns := make(chan string, 10)
		snooze := make(chan time.Duration, 2)
		snooze <- time.Hour
		snooze <- 0
		q := begin(t, st, Options{Turn: func(_ context.Context, id string) Outcome {
			d := <-snooze
			if d == 0 {
				clearDue(t, st)
			}
			turns <- id
			return Outcome{Snooze: d}
		}})
		markDue(t, st, "1")
		wake(t, q, conn)
		receive(t, turns, soon)
		eventually(t, "the successor sleeps", func() bool { s := jobStates(t, st); return len(s) == 1 && s[0] == "scheduled" })
		if at := scheduledAt(t, q); time.Until(at) > MaxSnooze {
			t.Errorf("a snooze until %v is longer than %v", at, MaxSnooze)
		}
		q.Tick(context.Background())
		silence(t, turns, 300*time.Millisecond)
		wake(t, q, conn)
		receive(t, turns, soon)
		eventually(t, "all is done", func() bool { return len(jobStates(t, st)) == 0 })
	})
}

func TestWaitingRowsAreComeBackFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		turns := make(chan string, 10)
		q := begin(t, st, Options{Turn: func(_ context.Context, id string) Outcome { turns <- id; return Outcome{} }})
		retry := time.Now().Add(3 * time.Minute)
		update(t, st, func(ctx context.Context, tx *store.Tx) error {
			return tx.MarkDirty(ctx, conn, []store.Dirty{{Ref: crossbook.CRMRef(crossbook.Accounts, "1"), DueAt: retry}})
		})
		wake(t, q, conn)
		receive(t, turns, soon)
		eventually(t, "the successor sleeps", func() bool { s := jobStates(t, st); return len(s) == 1 && s[0] == "scheduled" })
		if at := scheduledAt(t, q); at.Sub(retry).Abs() > time.Second {
			t.Errorf("comes back at %v for a row due at %v", at, retry)
		}
	})
}

// scheduledAt is when the only sleeping job comes back.
func scheduledAt(t *testing.T, q *Queue) (at time.Time) {
	t.Helper()
	update(t, q.st, func(ctx context.Context, tx *store.Tx) error {
		b, ok := q.backend.(interface {
			sleeping(ctx context.Context, tx *store.Tx) (time.Time, error)
		})
		if !ok {
			return fmt.Errorf("unknown backend %T", q.backend)
		}
		var err error
		at, err = b.sleeping(ctx, tx)
		return err
	})
	return at
}

func TestRestIsNotWokenByItsOwnRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		turns := make(chan string, 10)
		q := begin(t, st, Options{Turn: func(_ context.Context, id string) Outcome { turns <- id; return Outcome{Rest: true} }})
		markDue(t, st, "1")
		wake(t, q, conn)
		receive(t, turns, soon)
		silence(t, turns, 300*time.Millisecond)
		q.Tick(context.Background()) // but once a minute it is asked again
		receive(t, turns, soon)
	})
}

func TestTickWakesWhatIsDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		storetest.Connect(t, st, "polls")
		storetest.Connect(t, st, "idle")
		turns := make(chan string, 10)
		var poll atomic.Bool
		begin(t, st, Options{
			tick: 50 * time.Millisecond,
			Turn: func(_ context.Context, id string) Outcome {
				clearDue(t, st)
				poll.Store(false)
				turns <- id
				return Outcome{}
			},
			AlsoDue: func(context.Context, *store.Tx, time.Time) ([]string, error) {
				if poll.Load() {
					return []string{"polls"}, nil
				}
				return nil, nil
			},
		})
		silence(t, turns, 200*time.Millisecond)
		markDue(t, st, "1") // nobody wakes
		if got := receive(t, turns, soon); got != conn {
			t.Errorf("a turn of %s", got)
		}
		poll.Store(true)
		if got := receive(t, turns, soon); got != "polls" {
			t.Errorf("a turn of %s", got)
		}
	})
}

func TestPanickingTurnDoesNotBlockWakeUps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		turns := make(chan string, 10)
		var n atomic.Int64
		q := begin(t, st, Options{Turn: func(_ context.Context, id string) Outcome {
			turns <- id
			if n.Add(1) == 1 {
				panic("boom")
			}
			return Outcome{}
		}})
		wake(t, q, conn)
		receive(t, turns, soon)
		eventually(t, "the successor sleeps", func() bool { s := jobStates(t, st); return len(s) == 1 && s[0] == "scheduled" })
		wake(t, q, conn)
		receive(t, turns, soon)
		eventually(t, "all is done", func() bool { return len(jobStates(t, st)) == 0 })
	})
}

func TestTurnsThatDoNothingAreSlowedDown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var n atomic.Int64
		q := begin(t, st, Options{Turn: func(context.Context, string) Outcome { n.Add(1); return Outcome{} }})
		markDue(t, st, "1") // and no turn ever clears it
		wake(t, q, conn)
		eventually(t, "it sleeps", func() bool { s := jobStates(t, st); return len(s) == 1 && s[0] == "scheduled" })
		if n.Load() > stuckTurns {
			t.Errorf("%d turns", n.Load())
		}
	})
}

func TestStopLetsTheTurnEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		began, release, ended := make(chan string, 1), make(chan struct{}), atomic.Bool{}
		q := begin(t, st, Options{Turn: func(ctx context.Context, id string) Outcome {
			began <- id
			<-release
			if ctx.Err() != nil {
				t.Error("the turn was cancelled")
			}
			markDue(t, st, "left") // something stays due: for the next process
			ended.Store(true)
			return Outcome{}
		}})
		wake(t, q, conn)
		receive(t, began, soon)
		stopped := make(chan error)
		go func() { stopped <- q.Stop(context.Background()) }()
		eventually(t, "it stops", q.stopping.Load)
		close(release)
		if err := <-stopped; err != nil || !ended.Load() {
			t.Errorf("stopped: %v, turn ended: %v", err, ended.Load())
		}
		if s := jobStates(t, st); len(s) != 1 || s[0] != "available" {
			t.Errorf("jobs left for the next process: %v", s)
		}
	})
}

func TestStopCancelsWhenTimeIsUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		began := make(chan string, 1)
		q := begin(t, st, Options{Turn: func(ctx context.Context, id string) Outcome {
			began <- id
			<-ctx.Done()
			return Outcome{}
		}})
		wake(t, q, conn)
		receive(t, began, soon)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		if err := q.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stop: %v", err)
		}
		if s := jobStates(t, st); len(s) != 0 {
			t.Errorf("jobs: %v", s)
		}
	})
}
