package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// Ask says what a turn is wanted for.
type Ask struct {
	// Feeds pulls every feed now, due or not: "sync now" (R69).
	Feeds bool
	// Approved tells that a person approved what the turn is about to do, so
	// that the brakes do not apply: a first sync, an approved plan.
	Approved bool
	// Settings are choices to plan with instead of those stored; only
	// [Engine.Plan] looks at them.
	Settings *crossbook.Settings
	// By is who asked; empty is the clock.
	By string
}

// Report says what a turn did and what is left.
type Report struct {
	Turn     string            `json:"turn"`
	Run      string            `json:"run,omitempty"`
	Counts   map[string]int64  `json:"counts"`
	Done     bool              `json:"done"` // nothing is due any more
	NextDue  time.Time         `json:"next_due,omitzero"`
	Stopped  []store.Brake     `json:"stopped,omitempty"`
	Blocked  map[string]string `json:"blocked,omitempty"` // side -> why it is not called at present
	Problems int               `json:"problems"`
}

// HeldError says that another process holds the connection's lease.
type HeldError struct{ Holder store.Owner }

// Error names the holder.
func (e *HeldError) Error() string {
	return fmt.Sprintf("another process works on this connection (process %d on %s)", e.Holder.PID, e.Holder.Host)
}

// errStop ends a turn early without being an error of its own: the state says why.
var errStop = errors.New("the turn stops here")

// turn is one turn of one connection.
type turn struct {
	e        *Engine
	id       string
	run      string
	ask      Ask
	conn     crossbook.Connection
	sides    Sides
	settings crossbook.Settings
	mapping  *mapping.Mapping
	facts    facts
	brakes   map[brakeKey]bool
	held     hold // why the first writes to QuickBooks wait for a person
	// mappingVersion and usedMapping are the mapping's version now and in the
	// last finished turn.
	mappingVersion, usedMapping int64
	fence                       int64
	started                     time.Time
	counts                      map[string]int64
	wrote                       map[crossbook.Module]int    // CRM records of two-way modules written in this turn
	rounds                      map[crossbook.Ref]int       // passes a record has had in this turn
	blocked                     map[crossbook.Side]blockage // sides that are not to be called for a while
	guarded                     map[int]bool                // stages whose brakes were checked
	fresh                       map[crossbook.Ref]bool      // feeds read in this turn
	askedAt                     map[crossbook.Ref]time.Time // when the last look at a CRM feed began
	edits                       map[edited]time.Time        // look-ups that seem edited, and when that was first seen
	canaryOK                    bool
	// unresolved tells that a call's answer was lost: recovery comes first.
	unresolved bool
	// inFlight are the keys of intents whose call may still take effect, with
	// the time until which nothing like them may be sent.
	inFlight map[string]time.Time
	// alone are records whose writes go in calls of their own.
	alone map[crossbook.Ref]bool
	// whole are CRM documents read with their lines in this turn; nil for one
	// that was not there.
	whole map[crossbook.Ref]*crossbook.Record
	heads map[crossbook.Ref]*crossbook.Record // the same without their lines
	// dealsBy are the Deals found by a number, in this turn.
	dealsBy map[string][]string
	told    int                                 // writes of this turn that only tell a state
	readAt  map[crossbook.Ref]time.Time         // QuickBooks records read by id, and when
	limits  map[crossbook.Module]map[string]int // lengths of CRM text fields
	// pretend is set in a preview: what it pretends to have written.
	pretend *pretence
	// usersRead and ownersMoved tell that the CRM's users were looked at in this
	// turn, and that a record came that has another owner than before.
	usersRead, ownersMoved bool
	updates                int // of two-way records of the CRM, planned so far
	stopBeat               context.CancelFunc
	notes                  runNotes
}

type brakeKey struct {
	module crossbook.Module
	side   crossbook.Side
}

// edited is a field of a record in the CRM.
type edited struct {
	record crossbook.Ref
	field  string
}

type blockage struct {
	until time.Time
	why   string
}

// Turn runs one turn of a connection: take, recover, then pull, decide and
// apply until nothing is due or the time is up, then settle. It may be called
// by a queue, a command or a simulation; a [HeldError] means that another
// process is at it.
func (e *Engine) Turn(ctx context.Context, connectionID string, ask Ask) (Report, error) {
	t, err := e.take(ctx, connectionID, ask)
	if err != nil {
		return Report{}, err
	}
	defer t.release(ctx)
	if err := t.work(ctx); err != nil && !errors.Is(err, errStop) {
		return t.report(ctx), err
	}
	return t.settle(ctx)
}

// work is the turn itself.
func (t *turn) work(ctx context.Context) error {
	if err := t.recover(ctx); err != nil {
		return err
	}
	if t.ask.Feeds {
		if err := t.callFeeds(ctx); err != nil {
			return err
		}
	}
	for t.timeLeft() {
		if t.unresolved || t.answerOverdue() {
			if err := t.recover(ctx); err != nil {
				return err
			}
		}
		rows, err := t.due(ctx)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		if IsChore(rows[0].Ref) {
			if err := t.chores(ctx, rows); err != nil {
				return err
			}
			continue
		}
		if err := t.pass(ctx, rows); err != nil {
			return err
		}
	}
	return nil
}

// answerOverdue tells whether the deadline of a call without an answer has
// passed: now it can be resolved.
func (t *turn) answerOverdue() bool {
	for _, until := range t.inFlight {
		if !t.now().Before(until) {
			return true
		}
	}
	return false
}

// pass takes one batch of due rows of one stage through read, decide, guard
// and apply.
func (t *turn) pass(ctx context.Context, rows []store.Dirty) error {
	for _, row := range rows {
		t.begunBy(triggerOf(row))
	}
	if known, err := t.oldDocuments(ctx, rows); err != nil || !known {
		return err
	}
	if err := t.read(ctx, rows); err != nil {
		return err
	}
	decided, err := t.decide(ctx, rows)
	if err != nil {
		return err
	}
	if asked, err := t.askHeads(ctx, decided); err != nil {
		return t.sideFailed(ctx, crossbook.CRM, err, rows)
	} else if found, err := t.askDeals(ctx, decided); err != nil {
		return t.sideFailed(ctx, crossbook.CRM, err, rows)
	} else if asked || found {
		if decided, err = t.decide(ctx, rows); err != nil {
			return err
		}
	}
	if err := t.guard(ctx, rows[0].Order, decided); err != nil {
		return err
	}
	return t.apply(ctx, decided)
}

// timeLeft tells whether new work may be begun.
func (t *turn) timeLeft() bool { return t.now().Sub(t.started) < t.e.o.MaxTurn }

func (t *turn) now() time.Time { return t.e.o.Now() }

// due takes the next batch: rows of one stage, the earliest stage first.
func (t *turn) due(ctx context.Context) ([]store.Dirty, error) {
	var rows []store.Dirty
	err := t.view(ctx, func(tx *store.Tx) error {
		var err error
		rows, err = tx.DueDirty(ctx, t.conn.ID, t.now(), t.e.o.Batch)
		return err
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	n := 0
	for n < len(rows) && rows[n].Order == rows[0].Order {
		n++
	}
	return rows[:n], nil
}

func (t *turn) view(ctx context.Context, fn func(*store.Tx) error) error {
	return t.e.o.Store.View(ctx, fn)
}

// update runs fn in a transaction that the fence guards: a turn that lost its
// lease writes nothing more.
func (t *turn) update(ctx context.Context, fn func(*store.Tx) error) error {
	err := t.e.o.Store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CheckFence(ctx, t.conn.ID, store.TurnLease, t.fence); err != nil {
			return err
		}
		return fn(tx)
	})
	if err == nil {
		t.e.o.Step("committed")
	}
	return err
}

func (t *turn) count(what string, n int64) { t.counts[what] += n }
