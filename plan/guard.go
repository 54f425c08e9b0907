package plan

import (
	"fmt"

	"crossbook"
)

// Limits are the brakes of design section 5 and the stops towards QuickBooks
// of P43. They count per module over a rolling 24 hours, outside an approved
// plan.
type Limits struct {
	// Unlinks is the absolute stop on pairs unlinked or flagged; below it the
	// stop is the larger of UnlinksMin and UnlinksShare of the module's pairs.
	Unlinks, UnlinksMin int
	UnlinksShare        float64
	// UpdatesMin and UpdatesShare bound updates of one side likewise.
	UpdatesMin   int
	UpdatesShare float64
	// Creates, Renames, Prices and Addresses bound writes to QuickBooks that
	// no person approved.
	Creates int
}

// DefaultLimits are the figures of design section 5.
func DefaultLimits() Limits {
	return Limits{
		Unlinks: 50, UnlinksMin: 10, UnlinksShare: 0.05,
		UpdatesMin: 100, UpdatesShare: 0.30,
		Creates: 25,
	}
}

// Count is what has been done or is about to be done to one module.
type Count struct {
	Unlinks      int
	UpdatesCRM   int
	UpdatesBooks int
	CreatesBooks int
}

// Add counts one operation. Notes change no data of anybody and count for
// nothing.
func (c *Count) Add(op crossbook.Op) {
	switch {
	case op.Note:
	case op.Kind == crossbook.Unlink:
		c.Unlinks++
	case op.Kind == crossbook.Update && op.Side == crossbook.CRM:
		c.UpdatesCRM++
	case op.Kind == crossbook.Update && op.Side == crossbook.Books:
		c.UpdatesBooks++
	case op.Kind == crossbook.Create && op.Side == crossbook.Books:
		c.CreatesBooks++
	}
}

// Plus adds two counts.
func (c Count) Plus(d Count) Count {
	return Count{
		Unlinks:      c.Unlinks + d.Unlinks,
		UpdatesCRM:   c.UpdatesCRM + d.UpdatesCRM,
		UpdatesBooks: c.UpdatesBooks + d.UpdatesBooks,
		CreatesBooks: c.CreatesBooks + d.CreatesBooks,
	}
}

// Tally counts operations by module.
func Tally(ops []crossbook.Op) map[crossbook.Module]Count {
	out := map[crossbook.Module]Count{}
	for _, op := range ops {
		c := out[op.Module]
		c.Add(op)
		out[op.Module] = c
	}
	return out
}

// Stop says that a brake applies, and why, in words for a person.
type Stop struct {
	Module crossbook.Module
	Reason string
	Count  int
	Limit  int
}

// Guard checks what one module has had in the last 24 hours, done together
// with what is about to be done, against the limits. Pairs is the number of
// linked pairs of the module. It returns nil when the plan may go on.
func Guard(m crossbook.Module, done, next Count, pairs int, l Limits) *Stop {
	all := done.Plus(next)
	unlinks := min(l.Unlinks, larger(l.UnlinksMin, l.UnlinksShare, pairs))
	if next.Unlinks > 0 && all.Unlinks > unlinks {
		return stop(m, all.Unlinks, unlinks, "%d %s would be unlinked or flagged within 24 hours; more than %d needs a person's word")
	}
	updates := larger(l.UpdatesMin, l.UpdatesShare, pairs)
	if next.UpdatesBooks > 0 && all.UpdatesBooks > updates {
		return stop(m, all.UpdatesBooks, updates, "%d %s would be changed in QuickBooks within 24 hours; more than %d needs a person's word")
	}
	if next.UpdatesCRM > 0 && all.UpdatesCRM > updates {
		return stop(m, all.UpdatesCRM, updates, "%d %s would be changed in Zoho CRM within 24 hours; more than %d needs a person's word")
	}
	if next.CreatesBooks > 0 && all.CreatesBooks > l.Creates {
		return stop(m, all.CreatesBooks, l.Creates, "%d %s would be created in QuickBooks within 24 hours, where they cannot be deleted again; more than %d needs a person's word")
	}
	return nil
}

func stop(m crossbook.Module, n, limit int, text string) *Stop {
	return &Stop{Module: m, Count: n, Limit: limit, Reason: fmt.Sprintf(text, n, m.Label(), limit)}
}

func larger(least int, share float64, pairs int) int {
	return max(least, int(share*float64(pairs)))
}
