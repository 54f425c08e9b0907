package chaos

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"crossbook/sandbox/company"
)

// intentPoints are the program's points between a promise and its result, in an
// order in which each leaves something for the next: a promise without an answer
// for the recovery to find. The answer after "recovery done" and another
// promise is one that the recovery gets.
var intentPoints = []string{
	"intent stored", "recovery begun", "answered", "recovery done", "intent stored", "answer received",
	"answer received", "recovery begun", "result stored", "committed",
}

// tokenPoints lie between the answer to a token's renewal and its storage.
var tokenPoints = []string{"token answered", "token stored"}

// plan is how much is killed.
type plan struct {
	names, first, tokens, recovery, day int // rounds of named points, then random moments
	story                               bool
}

func planned() plan {
	if full() {
		return plan{names: 3, first: 14, tokens: 8, recovery: 8, day: 22, story: true}
	}
	return plan{names: 1, first: 4, tokens: 2, recovery: 2, day: 5}
}

// TestKills kills the program on SQLite: fifty times at random in the first
// sync, while tokens are renewed, while it recovers, and on a day of people's
// work; and once at each named point.
func TestKills(t *testing.T) {
	t.Parallel()
	began := time.Now()
	w := open(t, "sample", "", pace()...)
	k := newKiller(w, rand.New(rand.NewPCG(seed(t), 1)))
	w.must("connect", "larkfield", "--from-env")
	signedIn := time.Now()
	p := planned()
	k.firstSync(p)
	who := hire(w, k.rng)
	k.day(p, who)
	k.recoveries(p, who)
	k.tokens(p, signedIn, who)
	k.wire.set(nil)
	k.calm()
	k.end(p)
	k.report()
	t.Logf("%d kills in %.0f s", len(k.deaths), time.Since(began).Seconds())
	if least := p.first + p.tokens + p.recovery + p.day; len(k.deaths) < least {
		t.Errorf("only %d kills, not %d", len(k.deaths), least)
	}
	for phase, least := range map[string]int{"first sync": p.first, "token refresh": p.tokens, "recovery": p.recovery, "a day of edits": p.day / 2} {
		if n := k.killed(phase); n < least {
			t.Errorf("only %d kills in the phase %q, not %d", n, phase, least)
		}
	}
}

// pace lets the quick selection call as fast as it can; everything keeps the
// vendors' pace, as in life.
func pace() []string {
	if full() {
		return nil
	}
	return []string{"CROSSBOOK_PACE=off"}
}

// firstSync kills the first sync until all moments are used up: each process
// gets a few calls further than the one before.
func (k *killer) firstSync(p plan) {
	k.Helper()
	k.phase = "first sync"
	var moments []*moment
	for i := range p.first {
		moments = append(moments, k.random(14))
		for r := range p.names {
			if i == (r+1)*p.first/(p.names+1) {
				moments = append(moments, k.points(8)...)
			}
		}
	}
	k.launch(moments[0], "sync", "--wait") // a person asks for it
	for i, m := range moments {
		var next *moment
		if i+1 < len(moments) {
			next = moments[i+1]
		}
		if k.strike(20*time.Second, next) {
			continue
		}
		if k.status().FirstSync == "done" {
			k.Logf("the first sync was over after %d moments of %d", i, len(moments))
			k.calm()
			break
		}
		k.Errorf("%s never came", m)
		k.server.kill()
		k.start(next)
	}
	k.judge(false)
	k.must("sync", "--wait")
	if got := k.status().FirstSync; got != "done" {
		k.Fatalf("the first sync is %s", got)
	}
	k.judge(false)
	time.Sleep(1100 * time.Millisecond) // what is as old as the first sync counts as old
}

// points are moments at all named points, reached for the first time or later.
func (k *killer) points(most int) []*moment {
	var out []*moment
	for _, name := range intentPoints {
		switch name {
		case "answered": // in the midst of the recovery's own call
			out = append(out, &moment{trap: &trap{point: answered}})
		case "recovery begun", "recovery done":
			out = append(out, named(name, 1))
		default:
			out = append(out, named(name, 1+k.rng.IntN(most)))
		}
	}
	return out
}

// tokenFloor is how soon after a stored token the program does not ask for
// another, because Zoho gives ten in ten minutes (reference/zoho-crm.md section 2).
const tokenFloor = 61 * time.Second

// tokens kills the program while it renews its sign-ins, on either side: each
// process asks for a token, and none lives to store it, but the last.
func (k *killer) tokens(p plan, signedIn time.Time, who *people) {
	k.Helper()
	k.phase = "token refresh"
	time.Sleep(time.Until(signedIn.Add(tokenFloor)))
	for _, vendor := range [][2]string{{"zoho", k.zoho}, {"quickbooks", k.books}} {
		side, url := vendor[0], vendor[1]
		var moments []*moment
		for range p.tokens / 2 {
			m := k.random(0)
			for m.trap.point == after {
				m = k.random(0)
			}
			m.trap.want = func(c call) bool { return c.token() && c.side == side }
			moments = append(moments, m)
		}
		for _, name := range tokenPoints {
			moments = append(moments, named(name, 1))
		}
		k.server.kill()
		k.fault(url, `{"kind":"expire_token","times":1}`)
		k.start(moments[0])
		k.server.waitReady(k)
		who.crm("Accounts", take(&who.accounts).crm, "Fax", who.phone())
		who.booksPhone("Customer", take(&who.accounts).books)
		for i, m := range moments {
			var next *moment
			if i+1 < len(moments) {
				next = moments[i+1]
			}
			if !k.strike(20*time.Second, next) {
				k.Errorf("%s of %s never came", m, side)
				k.calm()
				break
			}
		}
	}
	k.must("sync", "--wait")
	k.judge(false)
}

// day lets people work, by the story and by chance, and kills the program in
// the midst of what that leads to, and once more while it recovers.
func (k *killer) day(p plan, who *people) {
	k.Helper()
	k.phase = "a day of edits"
	story := []company.Step{{Kind: company.Wait}}
	if p.story {
		story = company.Story()
	}
	kills := 0
	act := func() {
		a := acts[k.rng.IntN(len(acts))]
		a.do(who)
		time.Sleep(1100 * time.Millisecond)
	}
	for _, step := range story {
		k.tell(step)
		if step.Kind == company.Act && kills < p.day {
			kills += k.work(act, k.rng.IntN(3) == 0)
		}
	}
	for tries := 0; kills < p.day && tries < 2*p.day; tries++ {
		kills += k.work(act, k.rng.IntN(3) == 0)
	}
	k.names(who)
}

// recoveries kills the program in the midst of a write, and the next process
// while it finds out what became of that, and sometimes the one after it too.
// What was asked then is without an answer still, or the kill came too late.
func (k *killer) recoveries(p plan, who *people) {
	k.Helper()
	k.wire.set(nil)
	k.must("sync", "--wait")
	for tries := 0; k.killed("recovery") < p.recovery && tries < 3*p.recovery; tries++ {
		k.phase = "a write to recover"
		m := k.inCall()
		m.trap.want = call.write
		k.arm(m)
		who.crm("Vendors", take(&who.vendors).crm, "Phone", who.phone())
		who.booksPhone("Customer", take(&who.accounts).books)
		again := 1 + k.rng.IntN(2)
		if !k.strike(10*time.Second, k.asking()) {
			k.Logf("%s never came", m)
			continue
		}
		k.phase = "recovery"
		k.still = true
		for i := range again {
			var next *moment
			if i+1 < again {
				next = k.asking()
			}
			if !k.strike(10*time.Second, next) {
				k.calm()
				break
			}
		}
		k.still = false
	}
}

// inCall is a moment within a call, by chance.
func (k *killer) inCall() *moment {
	for {
		if m := k.random(0); m.trap.point != after {
			return m
		}
	}
}

// asking is a moment within the first call of a process, which is what the
// recovery asks the vendor: a turn does nothing before it.
func (k *killer) asking() *moment {
	m := k.inCall()
	m.trap.want = func(c call) bool { return !c.token() && !c.upkeep() }
	return m
}

// names kills the program once at each named point while new records are on
// their way to QuickBooks.
func (k *killer) names(who *people) {
	k.Helper()
	k.wire.set(nil)
	k.server.kill()
	moments := k.points(1)
	k.start(moments[0])
	for i, m := range moments {
		k.server.up()
		who.newInCRM("Vendors", "Vendor_Name", map[string]string{"Phone": who.phone()})
		var next *moment
		if i+1 < len(moments) {
			next = moments[i+1]
		}
		if !k.strike(15*time.Second, next) {
			k.Errorf("%s never came", m)
			k.server.kill()
			k.start(next)
		}
	}
}

// work arms a moment, lets people work and waits for the kill; again kills the
// next process within its first calls, while it finds out what happened.
func (k *killer) work(act func(), again bool) (kills int) {
	k.Helper()
	k.arm(k.random(5))
	acted := make(chan struct{})
	go func() {
		defer close(acted)
		act()
	}()
	defer func() { <-acted }()
	var next *moment
	if again {
		next = k.random(2)
	}
	if !k.strike(5*time.Second, next) {
		return 0
	}
	kills++
	if again && k.strike(5*time.Second, nil) {
		kills++
	}
	return kills
}

// tell carries out one step of the story.
func (k *killer) tell(step company.Step) {
	k.Helper()
	switch step.Kind {
	case company.Wait:
		k.must("sync", "--wait")
	case company.Kill:
		k.server.kill()
	case company.Restart:
		k.start(nil)
	default:
		if err := step.Do(context.Background(), company.At(k.zoho, k.books)); err != nil {
			k.Fatalf("%s %s: %v", step.Who, step.What, err)
		}
		if step.Kind == company.Act {
			time.Sleep(1100 * time.Millisecond)
		}
	}
}

// end lets everything come to rest and has it judged.
func (k *killer) end(p plan) {
	k.Helper()
	k.settle()
	v := k.judge(true)
	k.Logf("judged %d edits, %d linked records, %d and %d created; %d conflicts, %d in the vendor's second",
		v.Edits, v.Linked, v.CreatedZoho, v.CreatedQuickBooks, v.Conflicts, v.Windows)
	if v.Edits == 0 || v.CreatedZoho < 900 || v.CreatedQuickBooks == 0 {
		k.Errorf("too little happened to prove anything: %+v", v)
	}
	k.complete(p.story)
}
