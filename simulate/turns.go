package simulate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/fault"
	"crossbook/store"
)

// turnPlan is what is to happen to a process on its way through a turn.
type turnPlan struct {
	who      *worker
	seen     int // steps so far
	calls    int // calls so far
	killAt   int // the step at which the process dies; 0 never
	standAt  int // the step at which it stands still while another takes over
	meddleAt int // the call before which a person acts
	killed   chan string
}

// reach is called by a worker's engine at each of its steps.
func (w *world) reach(k *worker, name string) {
	p := &w.plan
	if p.who != k {
		return
	}
	p.seen++
	switch p.seen {
	case p.killAt:
		w.log("  KILLED at %q (step %d)", name, p.seen)
		w.crashes++
		p.killed <- name
		<-w.gate // dead: nothing of it runs any more until the run is over
		panic(killed{name})
	case p.standAt:
		w.standStill(name)
	}
}

// killed is what a dead process looks like from inside once it is let go.
type killed struct{ step string }

// between is called before every call to a vendor.
func (w *world) between() {
	if w.nested || !w.connected {
		return
	}
	w.plan.calls++
	if w.plan.calls == w.plan.meddleAt {
		w.nested = true
		w.meddled++
		w.log("  (between two calls)")
		w.act()
		w.nested = false
	}
}

// turn runs one turn, of one of the workers, with what the plan has for it.
func (w *world) turn(ask engine.Ask, plan turnPlan) (rep engine.Report, done bool) {
	w.turns++
	k := w.take()
	if len(w.workers) > 1 {
		w.log("turn %d of worker %s: feeds %v", w.turns, k.name, ask.Feeds)
	} else {
		w.log("turn %d: feeds %v", w.turns, ask.Feeds)
	}
	a := w.run(k, ask, plan)
	switch {
	case a.died:
		w.reborn(k)
		return engine.Report{}, false
	case a.bad != nil:
		w.violate("panic", "the engine panicked: %v", a.bad)
		return a.rep, true
	}
	return a.rep, w.judgeTurn(a.rep, a.err)
}

// outcome is how a turn ended.
type outcome struct {
	rep  engine.Report
	err  error
	bad  any // what it panicked with
	died bool
}

// run lets a worker's process run a turn until that ends or the process dies.
func (w *world) run(k *worker, ask engine.Ask, plan turnPlan) outcome {
	plan.who, plan.killed = k, make(chan string, 1)
	w.plan = plan
	k.turns++
	ended := make(chan outcome, 1)
	eng := k.eng
	go func() {
		var a outcome
		defer func() {
			if p := recover(); p != nil {
				if _, dead := p.(killed); !dead {
					a.bad = p
				}
			}
			ended <- a
		}()
		a.rep, a.err = eng.Turn(w.ctx, w.conn.ID, ask)
	}()
	select {
	case <-plan.killed:
		return outcome{died: true}
	case a := <-ended:
		return a
	}
}

// judgeTurn looks at how a turn ended; it tells whether nothing is due.
func (w *world) judgeTurn(rep engine.Report, err error) bool {
	w.noTrace()
	var held *engine.HeldError
	switch {
	case errors.As(err, &held):
		w.log("  held by %s", held.Holder)
		w.clock.advance(31 * time.Second)
		return false
	case errors.Is(err, store.ErrFenced) && w.plan.standAt > 0:
		w.log("  fenced off")
		return false
	case err != nil:
		w.violate("turn failed", "%v", err)
		return true
	}
	w.log("  done %v counts %v problems %d blocked %v", rep.Done, rep.Counts, rep.Problems, rep.Blocked)
	w.release(rep)
	return rep.Done
}

// release is a person who looks at a brake and lets go.
func (w *world) release(rep engine.Report) {
	if len(rep.Stopped) == 0 {
		return
	}
	for _, b := range rep.Stopped {
		w.log("  brake on %s %s: %s", b.Module, b.Side, b.Reason)
	}
	if _, err := w.at.eng.Resume(w.ctx, w.conn.ID, "", true, "simulation"); err != nil {
		w.violate("resume failed", "%v", err)
	}
}

// reborn puts a new process in the place of one that was killed. The dead one's
// lease runs out first.
func (w *world) reborn(k *worker) {
	w.clock.advance(time.Duration(31+w.rng.IntN(90)) * time.Second)
	if err := w.newProcess(k); err != nil {
		w.violate("restart failed", "%v", err)
	}
}

// standStill stops the present process in the middle of a turn for longer than
// its lease, while another one does its work. What the first then still does
// must leave no trace.
func (w *world) standStill(step string) {
	w.zombies++
	w.nested = true
	own := w.plan
	defer func() { w.nested, w.plan = false, own }()
	w.log("  STANDS STILL at %q (step %d)", step, own.seen)
	w.clock.advance(time.Duration(35+w.rng.IntN(60)) * time.Second)
	other, err := w.relief(own.who)
	if err != nil {
		w.violate("restart failed", "%v", err)
		return
	}
	if chance(w.rng, 50) {
		w.act()
	}
	w.relieve(other)
	own.meddleAt = 0
	w.frozen = w.fingerprint()
	w.log("  goes on")
}

// relieve lets a worker do the work of one that stands still, until nothing is
// left; among several workers it may die over it.
func (w *world) relieve(k *worker) {
	ask := engine.Ask{Feeds: true}
	for range 6 {
		plan := turnPlan{}
		if len(w.workers) > 1 && chance(w.rng, 25) {
			plan.killAt = 1 + w.rng.IntN(12)
		}
		a := w.run(k, ask, plan)
		switch {
		case a.died:
			if err := w.newProcess(k); err != nil {
				w.violate("restart failed", "%v", err)
			}
			return
		case a.bad != nil:
			w.violate("panic", "the engine panicked: %v", a.bad)
			return
		case a.err != nil:
			w.violate("turn failed", "while another process stood still: %v", a.err)
			return
		}
		w.log("  (the other) done %v counts %v", a.rep.Done, a.rep.Counts)
		if a.rep.Done {
			return
		}
		ask.Feeds = false
	}
}

// noTrace makes sure that a process that lost its lease wrote nothing more,
// neither to a vendor nor to the database.
func (w *world) noTrace() {
	if w.frozen == "" {
		return
	}
	if now := w.fingerprint(); now != w.frozen {
		w.violate("trace of a lost lease", "a process that had lost its lease went on writing")
	}
	w.frozen = ""
}

// tablesOf lists the tables of a database.
var tablesOf = map[store.Dialect]string{
	store.SQLite:   `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`,
	store.Postgres: `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`,
}

// fingerprint is a hash of all that can be written.
func (w *world) fingerprint() string {
	sum := sha256.New()
	fmt.Fprintln(sum, w.crmSeq(), w.booksSeq())
	err := w.store.View(w.ctx, func(tx *store.Tx) error {
		tables, err := texts(w.ctx, tx, tablesOf[w.store.Dialect()])
		if err != nil {
			return err
		}
		for _, name := range tables {
			rows, err := texts(w.ctx, tx, `SELECT * FROM "`+name+`"`)
			if err != nil {
				return err
			}
			slices.Sort(rows)
			fmt.Fprintln(sum, name, rows)
		}
		return nil
	})
	if err != nil {
		w.violate("simulation", "fingerprint: %v", err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// texts reads all columns of all rows, each row as one text.
func texts(ctx context.Context, tx *store.Tx, query string) ([]string, error) {
	rows, err := tx.SQL().QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []string
	for rows.Next() {
		values, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, string(bytes.Join(asBytes(values), []byte("|"))))
	}
	return out, rows.Err()
}

func asBytes(values []sql.RawBytes) [][]byte {
	out := make([][]byte, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// firstSync is the approved first sync; it may be killed, too.
func (w *world) firstSync() {
	ask := engine.Ask{Feeds: true, Approved: true}
	for i := range 40 {
		plan := turnPlan{}
		if i < 2 && chance(w.rng, 40) {
			plan.killAt = 1 + w.rng.IntN(60)
		}
		if _, done := w.turn(ask, plan); done || len(w.broken) > 0 {
			return
		}
		ask.Feeds = i < 2
	}
	w.violate("first sync", "it does not end")
}

// work is what the machine does in a step: one or several turns.
func (w *world) work() {
	plan, still := turnPlan{}, 15
	if len(w.workers) > 1 {
		still = 35
	}
	if chance(w.rng, 30) {
		plan.killAt = 1 + w.rng.IntN(pick(w.rng, []int{6, 15, 40}))
	} else if chance(w.rng, still) {
		plan.standAt = 1 + w.rng.IntN(pick(w.rng, []int{6, 15, 30}))
	}
	if chance(w.rng, 25) {
		plan.meddleAt = 1 + w.rng.IntN(14)
	}
	w.hear()
	ask := engine.Ask{Feeds: chance(w.rng, 20)}
	for range 3 {
		_, done := w.turn(ask, plan)
		if done || len(w.broken) > 0 {
			return
		}
		ask.Feeds, plan = false, turnPlan{}
	}
}

// sureFault is a fault that strikes at once.
func (w *world) sureFault() {
	kind := pick(w.rng, []string{fault.TimeoutBefore, fault.TimeoutAfter, fault.ResetAfter, fault.Status, fault.ExpireToken})
	dial := pick(w.rng, []*fault.Dial{w.crm.Faults(), w.books.Faults()})
	if _, err := dial.Add(fault.Rule{Kind: kind, Times: 1 + w.rng.IntN(2), Status: 503}); err != nil {
		w.violate("simulation", "%v", err)
	}
	w.log("fault: %s", kind)
	w.act()
	w.turn(engine.Ask{Feeds: true}, turnPlan{})
}

// sureKill is a process that dies early in a turn with something to do.
func (w *world) sureKill() {
	w.act()
	w.act()
	w.turn(engine.Ask{Feeds: true}, turnPlan{killAt: 1 + w.rng.IntN(4)})
}

// rest lets everything come to rest after people have stopped, and makes sure
// that nothing is written any more then.
func (w *world) rest() {
	w.log("people stop")
	w.clearFaults()
	for _, d := range []time.Duration{
		10 * time.Minute, time.Minute, 3 * time.Minute, 20 * time.Minute, 70 * time.Minute, 5 * time.Hour, 25 * time.Hour, time.Minute, 10 * time.Minute,
	} {
		w.clock.advance(d)
		w.hear()
		w.quiet(false)
	}
	w.untilNoon()
	w.quiet(true)
	if len(w.broken) > 0 {
		return
	}
	w.nothingMore("a pass with nothing changed")
	w.bump()
	w.nothingMore("a pass after LastUpdatedTime moved by itself")
}

// untilNoon lets the company's morning pass, so that no value that follows the
// calendar moves during what comes.
func (w *world) untilNoon() {
	zone, err := time.LoadLocation(w.conn.Zone)
	if err != nil {
		w.violate("simulation", "%v", err)
		return
	}
	now := w.clock.look().In(zone)
	noon := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, zone)
	if noon.Before(now) {
		noon = noon.AddDate(0, 0, 1)
	}
	w.clock.advance(noon.Sub(now))
}

func (w *world) quiet(feeds bool) {
	ask := engine.Ask{Feeds: feeds}
	for range 12 {
		if len(w.broken) > 0 {
			return
		}
		if _, done := w.turn(ask, turnPlan{}); done {
			return
		}
		ask.Feeds = false
		w.clock.advance(time.Minute)
	}
	w.violate("never quiet", "rows are still due after twelve turns with nobody at work")
}

func (w *world) nothingMore(when string) {
	before := w.crmSeq() + w.booksSeq()
	w.clock.advance(10 * time.Minute)
	w.quiet(true)
	if after := w.crmSeq() + w.booksSeq(); after != before {
		w.violate("writes go on", "%s wrote %d times", when, after-before)
	}
}

func (w *world) bump() {
	for _, t := range []crossbook.Entity{crossbook.Vendor, crossbook.Customer, crossbook.Item, crossbook.Invoice} {
		w.bumpAll(string(t))
	}
}
