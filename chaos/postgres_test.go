package chaos

import (
	"math/rand/v2"
	"testing"
	"time"

	"crossbook/internal/testkit"
	"crossbook/sandbox/company"
)

// TestKills_TwoWorkersOnPostgreSQL does the same with two workers and a server
// for notifications that share a PostgreSQL database; whoever calls is killed.
// In the full run one worker is stopped for forty seconds while it holds the
// lease and has an answer under way, and then goes on as if nothing had been.
func TestKills_TwoWorkersOnPostgreSQL(t *testing.T) {
	t.Parallel()
	w := open(t, "sample", testkit.Postgres(t), pace()...)
	m := newTeam(t, w, hostsOfTheirOwn())
	rng := rand.New(rand.NewPCG(seed(t), 2))
	w.must("connect", "larkfield", "--from-env")
	signedIn := time.Now()

	began := time.Now()
	m.firstSync(rng)
	who := hire(w, rng)
	m.day(who)
	m.alone(who, signedIn)
	if full() {
		m.standStill(who)
	}
	w.wire.set(nil)
	w.settle()
	v := w.judge(true)
	t.Logf("judged %d edits, %d linked records, %d and %d created; %d conflicts, %d in the vendor's second",
		v.Edits, v.Linked, v.CreatedZoho, v.CreatedQuickBooks, v.Conflicts, v.Windows)
	(&killer{world: w, deaths: m.deaths}).report()
	t.Logf("%d kills in %.0f s", len(m.deaths), time.Since(began).Seconds())
	least := 6
	if full() {
		least = 50
	}
	if len(m.deaths) < least {
		t.Errorf("only %d kills, not %d", len(m.deaths), least)
	}
	w.complete(full())
}

// newTeam makes two workers and a server for notifications. apart gives each
// worker a machine of its own, as it believes.
func newTeam(t *testing.T, w *world, apart bool) *team {
	t.Helper()
	addr := freeAddress(t)
	m := &team{world: w, seen: map[string]int{}, bound: 45 * time.Second}
	m.workers = []*worker{
		{name: "worker-a", args: []string{"serve", "--role", "worker"}},
		{name: "worker-b", args: []string{"serve", "--role", "worker"}},
		{name: "web", args: []string{"serve", "--role", "web", "--addr", addr}},
	}
	if apart {
		m.workers[0].host, m.workers[1].host = "machine-a", "machine-b"
	} else {
		t.Log("both workers know that they run on one machine")
	}
	return m
}

// firstSync begins it by a command, which is killed, and lets the workers end
// it, each kill a few calls further.
func (m *team) firstSync(rng *rand.Rand) {
	m.Helper()
	m.phase = "first sync"
	command := &worker{name: "sync", args: []string{"sync", "--wait"}}
	m.workers = append(m.workers, command)
	k := &killer{world: m.world, rng: rng}
	s := m.arm(k.random(14))
	m.start(command)
	select {
	case <-s.moment.trap.done:
	case <-time.After(20 * time.Second):
		m.Fatal("the first sync does not begin")
	}
	m.workers = m.workers[:3]
	kills := 4
	if full() {
		kills = 14
	}
	armed := m.arm(k.random(14))
	for _, w := range m.workers {
		m.start(w)
	}
	for range kills {
		if !m.strike(armed, 60*time.Second) {
			m.Logf("%s did not come any more", armed.moment)
			break
		}
		armed = m.arm(k.random(14))
	}
	m.wire.set(nil)
	m.must("sync", "--wait")
	if got := m.status().FirstSync; got != "done" {
		m.Fatalf("the first sync is %s", got)
	}
	m.judge(false)
	time.Sleep(1100 * time.Millisecond)
}

// day kills whoever carries over what people do.
func (m *team) day(who *people) {
	m.Helper()
	m.phase = "a day of edits"
	k := &killer{world: m.world, rng: who.rng}
	kills, want := 0, 4
	var story []company.Step
	if full() {
		want, story = 22, company.Story()
	}
	work := func() {
		s := m.arm(k.random(5))
		acts[who.rng.IntN(len(acts))].do(who)
		time.Sleep(200 * time.Millisecond)
		acts[who.rng.IntN(len(acts))].do(who)
		if m.strike(s, 5*time.Second) {
			kills++
		}
	}
	for _, step := range story {
		m.tell(step)
		if step.Kind == company.Act && kills < want {
			work()
		}
	}
	for tries := 0; kills < want && tries < 3*want; tries++ {
		work()
	}
}

// tell carries out one step of the story; all servers die at once in it.
func (m *team) tell(step company.Step) {
	m.Helper()
	switch step.Kind {
	case company.Wait:
		m.must("sync", "--wait")
	case company.Kill:
		for _, w := range m.workers {
			w.proc.kill()
		}
	case company.Restart:
		for _, w := range m.workers {
			m.start(w)
		}
	default:
		if err := step.Do(m.Context(), company.At(m.zoho, m.books)); err != nil {
			m.Fatalf("%s %s: %v", step.Who, step.What, err)
		}
		if step.Kind == company.Act {
			time.Sleep(1100 * time.Millisecond)
		}
	}
}

// alone has one worker alone die at each named point, and in the full run while
// it recovers and while it renews its sign-ins.
func (m *team) alone(who *people, signedIn time.Time) {
	m.Helper()
	// The other ends in order, and holds nothing; who dies leaves it to the next
	// process on its machine.
	m.workers[1].proc.end(m)
	m.workers[0].proc.kill()
	k := &killer{world: m.world, rng: who.rng, as: m.workers[0].as(), args: m.workers[0].args, bound: m.bound, phase: "named points"}
	k.start(nil)
	k.names(who)
	if full() {
		p := plan{recovery: 8, tokens: 8}
		k.recoveries(p, who)
		k.tokens(p, signedIn, who)
		if n := k.killed("recovery"); n < p.recovery {
			m.Errorf("only %d kills in the midst of a recovery, not %d", n, p.recovery)
		}
	}
	k.wire.set(nil)
	k.server.kill()
	m.deaths = append(m.deaths, k.deaths...)
	for _, w := range m.workers[:2] {
		m.start(w)
	}
}
