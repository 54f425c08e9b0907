package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"crossbook"
	"crossbook/store"
)

// How often a write is sent that the vendor answers with a fault of its own
// (reference/quickbooks-online.md section 12.2, code 10000: a few times, with
// growing pauses), and how long a count of them holds. Without a bound one
// record that a vendor cannot digest would stop its side for ever.
const (
	faultTries = 4
	faultHolds = time.Hour
)

// faultCount remembers how often a request, or the write of a record, was
// answered so.
type faultCount struct {
	N  int       `json:"n"`
	At time.Time `json:"at"`
}

const factFault = "fault/"

// ownFault is the failure in which a vendor answered with a fault of its own.
func ownFault(err error) (*crossbook.Failure, bool) {
	var f *crossbook.Failure
	if !errors.As(err, &f) || !f.OwnFault {
		return nil, false
	}
	return f, true
}

// countFault counts one more and tells how long to wait for the next try; false
// when there were enough.
func (t *turn) countFault(ctx context.Context, tx *store.Tx, key string) (wait time.Duration, again bool, err error) {
	var c faultCount
	if err := readFact(ctx, tx, t.conn.ID, factFault+key, &c); err != nil {
		return 0, false, err
	}
	if t.now().Sub(c.At) > faultHolds {
		c.N = 0
	}
	c.N, c.At = c.N+1, t.now()
	if c.N >= faultTries {
		return 0, false, tx.DeleteFact(ctx, t.conn.ID, factFault+key)
	}
	return 30 * time.Second << (c.N - 1), true, writeFact(ctx, tx, t.conn.ID, factFault+key, c, t.now())
}

// replayFaulted treats a replay that was answered with a fault once more: it is
// repeated a few times, then the company is asked what became of the writes.
// Those that left no trace are sent again one by one, so that the one that
// brings the fault about does not hold up its neighbours; alone, it becomes a
// problem.
func (t *turn) replayFaulted(ctx context.Context, r crossbook.Request, ops []crossbook.Op, f *crossbook.Failure) error {
	var wait time.Duration
	var again bool
	err := t.update(ctx, func(tx *store.Tx) (err error) {
		wait, again, err = t.countFault(ctx, tx, r.ID)
		return err
	})
	if err != nil {
		return err
	}
	if again {
		f.RetryAfter = max(f.RetryAfter, wait)
		return t.finish(ctx, r, ops, nil, f, nil)
	}
	none := &crossbook.Failure{Kind: failNoEffect}
	if len(ops) == 1 {
		none = &crossbook.Failure{Kind: crossbook.FailInvalid, Words: f.Words, Err: fmt.Errorf("answered with a fault %d times: %w", faultTries, f)}
	} else {
		for _, op := range ops {
			t.alone[op.Source] = true
		}
	}
	return t.probeBooks(ctx, r, ops, none)
}

// writeFaulted treats one write of a call that was answered with a fault: tried
// again a few times, then a problem.
func (t *turn) writeFaulted(ctx context.Context, tx *store.Tx, op crossbook.Op, f *crossbook.Failure, rows []store.Dirty) error {
	wait, again, err := t.countFault(ctx, tx, op.Source.String())
	if err != nil {
		return err
	}
	if again {
		return t.postponeRows(ctx, tx, rows, t.now().Add(wait), "the vendor is asked again later")
	}
	return t.putProblem(ctx, tx, op.Source, op.Module, op.Name, t.problemOf(op, f), rows)
}
