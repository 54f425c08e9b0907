package chaos

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// moment is when the program dies: at a trap in the gates, or at a point that
// it calls by name.
type moment struct {
	name  string // of the point, with its count: "intent stored:2"
	trap  *trap
	calls int    // that the trap lets pass
	prep  func() // what makes the moment come, before the program starts
}

func (m moment) String() string {
	if m.name != "" {
		return m.name
	}
	return fmt.Sprintf("%s, %d calls on", m.trap.point, m.calls)
}

// death is one kill and what followed.
type death struct {
	phase, moment string
	next          time.Duration // until the next vendor call; 0 when there was nothing to call for
}

// killer keeps one server going, and ends it.
type killer struct {
	*world
	rng    *rand.Rand
	as     []string // a command that becomes the server
	args   []string // of the server
	server *process
	phase  string
	deaths []death
	armed  *moment
	since  time.Time // when the armed moment was set
	bound  time.Duration
	still  bool // a call must be without an answer after each kill
}

func newKiller(w *world, rng *rand.Rand) *killer {
	w.Helper()
	return &killer{world: w, rng: rng, args: []string{"serve", "--addr", freeAddress(w)}, bound: 2 * time.Second}
}

// start starts the server with a moment to die at; the zero moment is none.
func (k *killer) start(m *moment) {
	k.Helper()
	k.launch(m, k.args...)
}

func (k *killer) launch(m *moment, args ...string) {
	k.Helper()
	env := k.env
	k.wire.set(nil)
	k.armed, k.since = m, time.Now()
	if m != nil {
		if m.prep != nil {
			m.prep()
		}
		if m.name != "" {
			env = append(slices.Clone(env), "CROSSBOOK_CRASH_AT="+m.name)
		} else {
			k.arm(m)
		}
	}
	argv := append(append(slices.Clone(k.as), filepath.Join(binaries, "crossbook")), args...)
	k.server = launchAs(k, k.dir, args[0], env, argv...)
}

// arm sets a trap for the server as it runs.
func (k *killer) arm(m *moment) {
	m.trap.done = make(chan caught, 1)
	m.trap.catch = func(call) time.Time { return k.server.kill() }
	k.armed, k.since = m, time.Now()
	k.wire.set(m.trap)
}

// killed counts the kills of a phase.
func (k *killer) killed(phase string) (n int) {
	for _, d := range k.deaths {
		if d.phase == phase {
			n++
		}
	}
	return n
}

// died waits until the armed moment has come; false when it does not come in
// time.
func (k *killer) died(within time.Duration) (at time.Time, inCall, ok bool) {
	k.Helper()
	if k.armed.name != "" {
		select {
		case <-k.server.done:
			if code := k.server.cmd.ProcessState.String(); !strings.Contains(code, "killed") {
				k.Fatalf("the server ended by itself: %s\n%s", code, tail(k.server.log))
			}
			return k.server.ended, false, true
		case <-time.After(within):
			return at, false, false
		}
	}
	select {
	case c := <-k.armed.trap.done:
		return c.at, k.armed.trap.point != after, true
	case <-k.server.done:
		select {
		case c := <-k.armed.trap.done: // killed by the trap at this very moment
			return c.at, k.armed.trap.point != after, true
		case <-time.After(time.Second):
			k.Fatalf("the server ended by itself: %v\n%s", k.server.err, tail(k.server.log))
		}
	case <-time.After(within):
	}
	return at, false, false
}

// strike waits for the armed moment, starts the server again at once, with the
// next moment, and measures how long it takes to the next vendor call.
func (k *killer) strike(within time.Duration, next *moment) bool {
	k.Helper()
	at, inCall, ok := k.died(within)
	if !ok {
		k.wire.set(nil)
		return false
	}
	d := death{phase: k.phase, moment: k.armed.String()}
	if k.still && k.status().Unanswered == 0 {
		k.Logf("%s: %s: everything was answered already", d.phase, d.moment)
		d.phase = "after a recovery"
	}
	calls := k.wire.next()
	k.start(next)
	select {
	case then := <-calls:
		d.next = then.Sub(at)
	case <-k.server.done: // at a point that comes before any call
	case <-time.After(k.bound + time.Second):
		// A call under way left something to find out; otherwise there may have
		// been nothing left to do.
		if s := k.status(); inCall || s.Left.Due > 0 || s.Unanswered > 0 {
			k.Errorf("%s: %s: no call in %s after the kill (%d due, %d unanswered)", d.phase, d.moment, k.bound+time.Second, s.Left.Due, s.Unanswered)
		}
	}
	if d.next > k.bound {
		k.Errorf("%s: %s: the next vendor call came %s after the kill", d.phase, d.moment, d.next)
	}
	k.deaths = append(k.deaths, d)
	k.Logf("%s: kill %d: %s; next call after %d ms", d.phase, len(k.deaths), d.moment, d.next.Milliseconds())
	return true
}

// calm ends the server by kill -9, armed or not, and starts it plainly.
func (k *killer) calm() {
	k.Helper()
	k.wire.set(nil)
	k.server.kill()
	k.start(nil)
}

// random is a moment by chance: at one of the next calls, anywhere in it.
func (k *killer) random(most int) *moment {
	t := &trap{skip: k.rng.IntN(most + 1)}
	switch k.rng.IntN(5) {
	case 0:
		t.point = lost
	case 1, 2:
		t.point = answered
	case 3:
		t.point, t.delay = late, time.Duration(300+k.rng.IntN(700))*time.Millisecond
	default:
		t.point, t.delay = after, time.Duration(k.rng.IntN(120))*time.Millisecond
	}
	return &moment{trap: t, calls: t.skip}
}

// named is a moment at a point of the program.
func named(name string, nth int) *moment { return &moment{name: fmt.Sprintf("%s:%d", name, nth)} }

// report says what was measured.
func (k *killer) report() {
	var worst death
	var sum time.Duration
	n := 0
	for _, d := range k.deaths {
		if d.next > 0 {
			n++
			sum += d.next
		}
		if d.next > worst.next {
			worst = d
		}
	}
	k.Logf("%d kills; %d were followed by a call, after %d ms on average, %d ms at worst (%s: %s)",
		len(k.deaths), n, (sum / time.Duration(max(n, 1))).Milliseconds(), worst.next.Milliseconds(), worst.phase, worst.moment)
}
