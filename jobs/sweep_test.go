package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crossbook/store"
	"crossbook/store/storetest"
)

// pretendRunning leaves the only job as a killed worker leaves it.
func pretendRunning(t *testing.T, q *Queue, worker string, since time.Time) {
	t.Helper()
	update(t, q.st, func(ctx context.Context, tx *store.Tx) error { return pretend(ctx, tx, q, worker, since) })
}

func pretend(ctx context.Context, tx *store.Tx, q *Queue, worker string, since time.Time) error {
	b, ok := q.backend.(interface {
		pretend(ctx context.Context, tx *store.Tx, worker string, since time.Time) error
	})
	if !ok {
		return fmt.Errorf("unknown backend %T", q.backend)
	}
	return b.pretend(ctx, tx, worker, since)
}

func holdLease(t *testing.T, st *store.Store, o store.Owner, until time.Time) {
	t.Helper()
	update(t, st, func(ctx context.Context, tx *store.Tx) error {
		_, _, _, err := tx.AcquireLease(ctx, conn, store.TurnLease, o, time.Now(), time.Until(until))
		return err
	})
}

func TestWorkOfAKilledProcessOfThisHostGoesOnAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		dead := store.Owner{Host: Self().Host, PID: deadPID(t), Started: time.Now().Add(-time.Hour)}
		holdLease(t, st, dead, time.Now().Add(30*time.Second))
		left := openQueue(t, st, Options{})
		wake(t, left, conn)
		pretendRunning(t, left, workerID(dead, "x"), time.Now())
		turns := make(chan string, 10)
		asked := time.Now()
		begin(t, st, Options{Turn: func(ctx context.Context, id string) Outcome {
			if err := st.View(ctx, func(tx *store.Tx) error {
				l, err := tx.Lease(ctx, conn, store.TurnLease)
				if !l.Free(time.Now()) {
					t.Error("the lease of the killed process is still held")
				}
				return err
			}); err != nil {
				t.Error(err)
			}
			turns <- id
			return Outcome{}
		}})
		receive(t, turns, soon)
		t.Logf("from start to turn: %v", time.Since(asked))
	})
}

// deadPID is the number of a process that is gone.
func deadPID(t *testing.T) int {
	t.Helper()
	cmd := exec.Command("true")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}

// A worker may be stopped, hang, or be out of reach: it is there, or nobody can
// tell, and it does nothing. Its lease says so.
func TestWorkOfAWorkerThatMayLive_IsTakenOverOnlyWhenItsLeaseRanOut(t *testing.T) {
	for place, worker := range map[string]store.Owner{
		"another host":           {Host: "another.example", PID: 1, Started: time.Now().Add(-time.Hour)},
		"stopped, on this host":  {Host: Self().Host, PID: 1, Started: time.Now().Add(-time.Hour)},
		"another name, this pid": {Host: "another.example", PID: Self().PID, Started: Self().Started},
	} {
		for _, c := range []struct {
			name     string
			age      time.Duration
			lease    time.Duration // from now; 0 for none
			watched  time.Duration // for how long nobody takes a lease
			takeOver bool
		}{
			{name: "lease alive", age: time.Hour, lease: 20 * time.Second},
			{name: "lease run out", age: 40 * time.Second, lease: -time.Second, takeOver: true},
			{name: "lease runs out while we watch", age: 40 * time.Second, lease: 30 * time.Second, watched: 35 * time.Second, takeOver: true},
			{name: "no lease, just begun", age: time.Second},
			{name: "no lease at the moment", age: time.Hour},
			{name: "no lease for a while", age: time.Hour, watched: 25 * time.Second},
			{name: "no lease for long", age: time.Second, watched: 35 * time.Second, takeOver: true},
			{name: "an older lease run out, just begun", age: time.Second, lease: -time.Second},
		} {
			t.Run(place+"/"+c.name, func(t *testing.T) {
				storetest.Each(t, func(t *testing.T, st *store.Store) {
					now := time.Now()
					if c.lease != 0 {
						holdLease(t, st, worker, now.Add(c.lease))
					}
					q := openQueue(t, st, Options{Alive: func(store.Owner) bool { return true }})
					wake(t, q, conn)
					pretendRunning(t, q, workerID(worker, "x"), now.Add(-c.age))
					for at := time.Duration(0); at <= c.watched; at += sweepEvery {
						q.sweepAt(context.Background(), now.Add(at))
					}
					want := "running"
					if c.takeOver {
						want = "available"
					}
					if s := jobStates(t, st); len(s) != 1 || s[0] != want {
						t.Errorf("jobs %v, want %s", s, want)
					}
				})
			})
		}
	}
}

// On a full disk River cannot write down how a job ended, and gives up after a
// few seconds: the job stays "running" though nobody works at it. The queue that
// had it finds that out; a job that it does work at is left alone.
func TestJobWhoseEndWasNotKept_IsTakenUpByItsOwnQueue(t *testing.T) {
	for _, works := range []bool{false, true} {
		t.Run(fmt.Sprintf("works %v", works), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, st *store.Store) {
				now := time.Now()
				q := openQueue(t, st, Options{})
				wake(t, q, conn)
				pretendRunning(t, q, q.id, now)
				jobs := runningJobs(t, q)
				if works {
					q.working.Store(jobs[0].id, true)
				}
				for at := time.Duration(0); at < idleLasts; at += sweepEvery {
					q.sweepAt(context.Background(), now.Add(at))
				}
				if s := jobStates(t, st); len(s) != 1 || s[0] != "running" {
					t.Fatalf("jobs %v before their time", s)
				}
				q.sweepAt(context.Background(), now.Add(idleLasts))
				want := "available"
				if works {
					want = "running"
				}
				if s := jobStates(t, st); len(s) != 1 || s[0] != want {
					t.Errorf("jobs %v, want %s", s, want)
				}
			})
		})
	}
}

func runningJobs(t *testing.T, q *Queue) (jobs []runningJob) {
	t.Helper()
	update(t, q.st, func(ctx context.Context, tx *store.Tx) (err error) {
		jobs, err = q.backend.running(ctx, tx)
		return err
	})
	if len(jobs) != 1 {
		t.Fatalf("running: %v", jobs)
	}
	return jobs
}

// A live worker in a long job takes the lease again and again: to see it free
// now and then, between two turns, proves nothing.
func TestWorkerBetweenItsTurnsIsLeftAlone(t *testing.T) {
	worker := store.Owner{Host: "another.example", PID: 1, Started: time.Now().Add(-time.Hour)}
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		now := time.Now()
		q := openQueue(t, st, Options{})
		wake(t, q, conn)
		pretendRunning(t, q, workerID(worker, "x"), now)
		for at := time.Duration(0); at < 3*time.Minute; at += sweepEvery {
			update(t, st, func(ctx context.Context, tx *store.Tx) error {
				fence, ok, _, err := tx.AcquireLease(ctx, conn, store.TurnLease, worker, now.Add(at), leaseLasts)
				if err != nil || !ok {
					return errors.Join(err, errors.New("the lease is not free"))
				}
				return tx.ReleaseLease(ctx, conn, store.TurnLease, fence)
			})
			q.sweepAt(context.Background(), now.Add(at))
		}
		if s := jobStates(t, st); len(s) != 1 || s[0] != "running" {
			t.Errorf("jobs %v", s)
		}
	})
}

// A worker stands still in the middle of a turn, holding its lease. Another of
// the same host does the work once the lease has run out, and what the first
// does when it wakes is refused, in its turn and at its end.
func TestStoppedWorkerOfThisHost_IsReplacedWhenItsLeaseRanOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		stopped := store.Owner{Host: Self().Host, PID: 1, Started: time.Now().Add(-time.Hour)}
		began, wakes := make(chan string, 1), make(chan struct{})
		refused := make(chan error, 1)
		first := begin(t, st, Options{Owner: stopped, Workers: 1, Turn: func(ctx context.Context, id string) Outcome {
			var fence int64
			err := st.Update(ctx, func(tx *store.Tx) error {
				var err error
				fence, _, _, err = tx.AcquireLease(ctx, id, store.TurnLease, stopped, time.Now(), time.Second)
				return err
			})
			if err != nil || len(refused) > 0 {
				return Outcome{Rest: true}
			}
			began <- id
			<-wakes
			refused <- st.Update(ctx, func(tx *store.Tx) error { return tx.CheckFence(ctx, id, store.TurnLease, fence) })
			return Outcome{Rest: true}
		}})
		wake(t, first, conn)
		receive(t, began, soon)

		turns, ends := make(chan string, 1), make(chan struct{})
		second := begin(t, st, Options{Alive: func(store.Owner) bool { return true }, Turn: func(ctx context.Context, id string) Outcome {
			err := st.Update(ctx, func(tx *store.Tx) error {
				_, ok, holder, err := tx.AcquireLease(ctx, id, store.TurnLease, Self(), time.Now().Add(2*time.Second), leaseLasts)
				if err == nil && !ok {
					err = fmt.Errorf("held by %s", holder)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			turns <- id
			<-ends
			return Outcome{Rest: true}
		}})
		second.sweepAt(context.Background(), time.Now())
		select {
		case <-turns:
			t.Fatal("the work was taken from a worker whose lease was good")
		default:
		}
		second.sweepAt(context.Background(), time.Now().Add(leaseLasts+time.Second))
		receive(t, turns, soon)
		close(wakes)
		select {
		case err := <-refused:
			if !errors.Is(err, store.ErrFenced) {
				t.Errorf("the one that woke may still write: %v", err)
			}
		case <-time.After(patience):
			t.Fatal("the first never woke")
		}
		if err := first.backend.stop(context.Background()); err != nil { // when its job has ended
			t.Error(err)
		}
		if s := jobStates(t, st); len(s) != 1 || s[0] != "running" {
			t.Errorf("the job of the second after the first had ended: %v", s)
		}
		close(ends)
		eventually(t, "both have ended", func() bool { return len(jobStates(t, st)) == 0 })
	})
}

func TestJobOfThisProcessIsLeftAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		began, release := make(chan string, 1), make(chan struct{})
		q := begin(t, st, Options{Turn: func(_ context.Context, id string) Outcome { began <- id; <-release; return Outcome{} }})
		wake(t, q, conn)
		receive(t, began, soon)
		q.Tick(context.Background())
		if s := jobStates(t, st); len(s) != 1 || s[0] != "running" {
			t.Errorf("jobs %v", s)
		}
		close(release)
	})
}

// A worker that seemed dead ends its job when another has it already: that
// must not end the other's, nor fail.
func TestJobTakenFromALiveWorkerEndsQuietly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		began, release := make(chan string, 1), make(chan struct{})
		var n atomic.Int64
		q := begin(t, st, Options{Workers: 1, Turn: func(_ context.Context, id string) Outcome {
			if n.Add(1) == 1 {
				began <- id
				<-release
			}
			return Outcome{}
		}})
		wake(t, q, conn)
		receive(t, began, soon)
		if _, err := st.Writer().ExecContext(context.Background(), `UPDATE river_job SET state = 'available'`); err != nil {
			t.Fatal(err)
		}
		close(release)
		eventually(t, "the second taker ends it", func() bool { return n.Load() >= 2 && len(jobStates(t, st)) == 0 })
	})
}

func TestWorkerIDNamesItsOwner(t *testing.T) {
	for _, host := range []string{"a", "a|b", strings.Repeat("h", 64)} {
		o := store.Owner{Host: host, PID: 4194304, Started: time.UnixMicro(1_700_000_000_123_456).UTC()}
		id := workerID(o, "abcdefgh")
		if got, ok := workerOwner(id); !ok || !got.Equal(o) || len(id) > 100 {
			t.Errorf("%s: %v %v", id, got, ok)
		}
	}
	for _, id := range []string{"", "x", "a|b|c|d", "a|1|b|c"} {
		if _, ok := workerOwner(id); ok {
			t.Errorf("%q taken for one of ours", id)
		}
	}
}

func TestAlive(t *testing.T) {
	if !Alive(Self()) {
		t.Error("this process is dead")
	}
	earlier := Self()
	earlier.Started = earlier.Started.Add(-time.Hour)
	if Alive(earlier) {
		t.Error("an earlier process with this number lives")
	}
	if Alive(store.Owner{Host: Self().Host, PID: deadPID(t), Started: time.Now()}) {
		t.Error("a process that is gone lives")
	}
	cmd := exec.Command("cat")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !Alive(store.Owner{PID: cmd.Process.Pid, Started: time.Now()}) {
		t.Error("a process that just started is dead")
	}
	if Alive(store.Owner{PID: cmd.Process.Pid, Started: time.Now().Add(-time.Hour)}) {
		t.Error("a later process passes for the one that had its number")
	}
	if err := errors.Join(io.Closer(stdin).Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}
}

// A worker is killed while another of the same host goes on: the sweep, not
// the tick, brings its work back.
func TestSweepFindsAKilledNeighbour(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		dead := store.Owner{Host: Self().Host, PID: deadPID(t), Started: time.Now().Add(-time.Hour)}
		turns := make(chan string, 10)
		q := begin(t, st, Options{sweep: 20 * time.Millisecond, Turn: func(_ context.Context, id string) Outcome { turns <- id; return Outcome{} }})
		holdLease(t, st, dead, time.Now().Add(30*time.Second))
		// At once, so that the queue cannot take the job first.
		update(t, st, func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(q.Wake(ctx, tx, conn), pretend(ctx, tx, q, workerID(dead, "x"), time.Now()))
		})
		receive(t, turns, soon)
	})
}
