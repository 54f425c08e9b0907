package transport

import (
	"errors"
	"net/http"
	"sync"
	"time"
)

// Meter is told of every call that is about to be sent. An error refuses the call,
// for instance when the month's metered reads are used up; it is then not sent and
// reported as FaultLimit.
type Meter interface {
	Spend(r *http.Request, c Class) error
}

// Budget counts what is really sent, repetitions included.
type Budget struct {
	Meter Meter
	Next  http.RoundTripper
}

// ErrSpent says that a budget refuses the call.
var ErrSpent = errors.New("the budget of calls is spent")

// Spent is a refusal that knows when the budget is open again.
type Spent struct{ After time.Duration }

func (s *Spent) Error() string { return ErrSpent.Error() }

// Is makes errors.Is(err, ErrSpent) hold.
func (s *Spent) Is(target error) bool { return target == ErrSpent }

// RoundTrip counts and sends.
func (b Budget) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := b.Meter.Spend(r, ClassOf(r)); err != nil {
		closeBody(r)
		notSent := &NotSent{Err: err, Kind: FaultLimit}
		var spent *Spent
		if errors.As(err, &spent) {
			notSent.After = spent.After
		}
		return nil, notSent
	}
	return b.Next.RoundTrip(r)
}

// Counts is a Meter that counts in memory and refuses nothing. Its zero value is
// ready.
type Counts struct {
	mu      sync.Mutex
	calls   map[Kind]int
	credits int
}

// Spend counts.
func (c *Counts) Spend(_ *http.Request, class Class) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[Kind]int{}
	}
	c.calls[class.Kind]++
	c.credits += class.Credits
	return nil
}

// ByKind is the number of calls of each kind so far.
func (c *Counts) ByKind() map[Kind]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[Kind]int, len(c.calls))
	for k, n := range c.calls {
		out[k] = n
	}
	return out
}

// Credits is the sum of the vendor's credits so far.
func (c *Counts) Credits() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.credits
}

// Reset begins anew and gives what was counted.
func (c *Counts) Reset() map[Kind]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.calls
	c.calls, c.credits = nil, 0
	return out
}
