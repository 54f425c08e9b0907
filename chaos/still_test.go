package chaos

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"crossbook/internal/testkit"
)

// TestStoppedWorker_OnOneMachine stops one of two workers of one machine, where
// its process can be seen to be there: the other must not wait for it to end.
func TestStoppedWorker_OnOneMachine(t *testing.T) {
	t.Parallel()
	w := open(t, "sample", testkit.Postgres(t), "CROSSBOOK_PACE=off")
	m := newTeam(t, w, false)
	w.must("connect", "larkfield", "--from-env")
	w.must("sync", "--wait")
	time.Sleep(1100 * time.Millisecond) // what is as old as the first sync counts as old
	for _, k := range m.workers {
		m.start(k)
		k.proc.waitReady(t)
	}
	m.standStill(hire(w, rand.New(rand.NewPCG(seed(t), 3))))
	w.settle()
	w.judge(true)
	w.complete(false)
}

// standStill stops a worker that holds the lease for longer than the lease
// lasts. The other takes over; what the first does when it wakes must count for
// nothing.
func (m *team) standStill(who *people) {
	m.Helper()
	const long = 40 * time.Second
	act := func() {
		who.crm("Accounts", take(&who.accounts).crm, "Phone", who.phone())
		who.newInCRM("Vendors", "Vendor_Name", map[string]string{"Phone": who.phone()})
		who.booksPhone("Customer", take(&who.accounts).books)
	}
	acted := make(chan struct{})
	go func() {
		defer close(acted)
		time.Sleep(500 * time.Millisecond)
		act()
	}()
	w, at, err := m.still()
	if err != nil {
		m.Fatalf("stop a worker: %v", err)
	}
	other := m.wire.after(at, func(c call) bool {
		by := m.caller(c.from)
		return by != nil && by != w && !c.token() && by.name != "web"
	})
	time.Sleep(2 * time.Second)
	<-acted
	act()
	select {
	case then := <-other:
		m.Logf("%s stood still holding the lease; the other took over after %.1f s", w.name, then.Sub(at).Seconds())
	case <-time.After(time.Until(at.Add(m.bound))):
		m.Errorf("%s stood still for %s holding the lease, and nobody took over", w.name, m.bound)
	}
	time.Sleep(time.Until(at.Add(long)))
	m.wakes(w)
	act()
}

// ends are what a worker logs when its turn ends because another took over; the
// database may have ended its session first.
var ends = []string{"another process took over", "the job was taken over", "a turn failed", "cannot end the job"}

// wakes lets a stopped worker go on, and makes sure that it writes nothing
// before its turn has ended for that.
func (m *team) wakes(w *worker) {
	m.Helper()
	seen := m.writesBy(w)
	woken := time.Now()
	if err := w.proc.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		m.Fatalf("let the worker go on: %v", err)
	}
	var saw time.Time
	for deadline := woken.Add(20 * time.Second); saw.IsZero() && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		saw = firstLine(m, w.proc.log, woken, ends...)
	}
	if saw.IsZero() {
		m.Errorf("%s did not notice that another took over\n%s", w.name, tail(w.proc.log))
		return
	}
	for _, c := range seen() {
		if c.at.After(woken) && c.at.Before(saw) {
			m.Errorf("%s wrote after it had lost its lease: %s", w.name, c)
		}
	}
	m.Logf("%s woke and saw after %d ms that another had taken over", w.name, saw.Sub(woken).Milliseconds())
}

// writesBy collects the writes of a worker from now on.
func (m *team) writesBy(w *worker) func() []call {
	var mu sync.Mutex
	var writes []call
	m.wire.alsoWatch(func(c call) {
		if c.write() && m.caller(c.from) == w {
			mu.Lock()
			defer mu.Unlock()
			writes = append(writes, c)
		}
	})
	return func() []call {
		mu.Lock()
		defer mu.Unlock()
		return writes
	}
}

// firstLine is the time of the first line of a log since a time that holds one
// of the texts.
func firstLine(tb testing.TB, path string, since time.Time, texts ...string) (at time.Time) {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		stamp, ok := strings.CutPrefix(line, "time=")
		if !ok {
			continue
		}
		stamp, _, _ = strings.Cut(stamp, " ")
		then, err := time.Parse(time.RFC3339Nano, stamp)
		if err != nil {
			tb.Fatal(fmt.Errorf("a line of %s: %w", path, err))
		}
		if then.Before(since.Truncate(time.Millisecond)) {
			continue
		}
		for _, text := range texts {
			if strings.Contains(line, text) {
				return then
			}
		}
	}
	return at
}
