package transport

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates are what a vendor allows one connection.
type Rates struct {
	// PerSecond and PerMinute bound all calls, BatchPerMinute the batch calls; 0
	// is no bound.
	PerSecond, PerMinute, BatchPerMinute int
	// AtOnce bounds the calls under way, HeavyAtOnce the heavy ones; 0 is no bound.
	AtOnce, HeavyAtOnce int
}

// QuickBooksRates are the vendor's: reference/quickbooks-online.md section 11.
func QuickBooksRates() Rates {
	return Rates{PerSecond: 10, PerMinute: 500, BatchPerMinute: 40, AtOnce: 10}
}

// ZohoRates are the vendor's by edition, as Org tells it; an unknown edition gets
// the lowest: reference/zoho-crm.md section 14. Heavy calls are at most 10 at once
// in every edition.
func ZohoRates(edition string) Rates {
	r := Rates{AtOnce: 5, HeavyAtOnce: 10}
	switch edition {
	case "standard", "starter", "zohoonestandard", "crmplusstarter":
		r.AtOnce = 10
	case "professional":
		r.AtOnce = 15
	case "enterprise", "zohooneenterprise":
		r.AtOnce = 20
	case "ultimate", "crmplus":
		r.AtOnce = 25
	}
	r.HeavyAtOnce = min(r.HeavyAtOnce, r.AtOnce)
	return r
}

// Pacer keeps the calls of one connection within a vendor's rates. One Pacer is
// shared by all clients of the connection and may be set to other rates while they
// work, as the edition is only known after the first call.
type Pacer struct {
	mu sync.Mutex
	st *paceState
}

// paceState is one setting of a Pacer; calls that wait finish under the setting they
// began with.
type paceState struct {
	batch  *rate.Limiter
	all    []*rate.Limiter
	atOnce slots
	heavy  slots
}

// NewPacer makes a Pacer; the zero Rates switch pacing off.
func NewPacer(r Rates) *Pacer {
	p := &Pacer{}
	p.Set(r)
	return p
}

// Set changes the rates.
func (p *Pacer) Set(r Rates) {
	st := &paceState{atOnce: newSlots(r.AtOnce), heavy: newSlots(r.HeavyAtOnce)}
	if r.PerSecond > 0 {
		st.all = append(st.all, limiter(r.PerSecond, time.Second, r.PerSecond/5))
	}
	if r.PerMinute > 0 {
		st.all = append(st.all, limiter(r.PerMinute, time.Minute, r.PerMinute/10))
	}
	if r.BatchPerMinute > 0 {
		st.batch = limiter(r.BatchPerMinute, time.Minute, r.BatchPerMinute/4)
	}
	p.mu.Lock()
	p.st = st
	p.mu.Unlock()
}

// limiter allows a burst and then a steady flow, so that no span of the given
// length, wherever it begins, holds more than n calls: burst + flow = n.
func limiter(n int, span time.Duration, burst int) *rate.Limiter {
	burst = max(1, burst)
	flow := max(1, n-burst)
	return rate.NewLimiter(rate.Limit(float64(flow)/span.Seconds()), burst)
}

// enter waits until the call may go out and returns how to leave.
//
// The wait for the batch rate comes first: it can last a minute, and a call that
// waits for it must not hold a slot which a read could use.
func (p *Pacer) enter(ctx context.Context, c Class) (leave func(), err error) {
	p.mu.Lock()
	st := p.st
	p.mu.Unlock()
	if c.Batch && st.batch != nil {
		if err := st.batch.Wait(ctx); err != nil {
			return nil, err
		}
	}
	if c.Heavy {
		if err := st.heavy.take(ctx); err != nil {
			return nil, err
		}
	}
	if err := st.atOnce.take(ctx); err != nil {
		if c.Heavy {
			st.heavy.give()
		}
		return nil, err
	}
	leave = sync.OnceFunc(func() {
		st.atOnce.give()
		if c.Heavy {
			st.heavy.give()
		}
	})
	for _, l := range st.all {
		if err := l.Wait(ctx); err != nil {
			leave()
			return nil, err
		}
	}
	return leave, nil
}

// Pace holds each call until the Pacer lets it go. A call whose context would end
// first is given up at once, unsent.
type Pace struct {
	Pacer *Pacer
	Next  http.RoundTripper
}

// RoundTrip waits, sends, and counts the call as under way until its answer's body
// is closed.
func (p Pace) RoundTrip(r *http.Request) (*http.Response, error) {
	leave, err := p.Pacer.enter(r.Context(), ClassOf(r))
	if err != nil {
		closeBody(r)
		return nil, &NotSent{Err: fmt.Errorf("waiting for the vendor's rate limit: %w", err), Kind: FaultRetry}
	}
	res, err := p.Next.RoundTrip(r)
	if err != nil {
		leave()
		return nil, err
	}
	res.Body = &closer{ReadCloser: res.Body, after: leave}
	return res, nil
}

// slots are places for calls under way; nil has no bound.
type slots chan struct{}

func newSlots(n int) slots {
	if n <= 0 {
		return nil
	}
	return make(slots, n)
}

func (s slots) take(ctx context.Context) error {
	if s == nil {
		return nil
	}
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s slots) give() {
	if s != nil {
		<-s
	}
}

// closer runs after when the body is closed.
type closer struct {
	io.ReadCloser
	after func()
}

// Close closes the body, then runs after.
func (c *closer) Close() error {
	defer c.after()
	return c.ReadCloser.Close()
}
