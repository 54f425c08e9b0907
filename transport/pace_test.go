package transport

import (
	"context"
	"net/http"
	"sort"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// counter sends nothing, takes some time and keeps the greatest number of calls
// under way, and when each began.
type counter struct {
	mu       sync.Mutex
	now, top int
	at       []time.Time
	takes    time.Duration
}

func (c *counter) RoundTrip(*http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.now++
	c.top = max(c.top, c.now)
	c.at = append(c.at, time.Now())
	c.mu.Unlock()
	time.Sleep(c.takes)
	c.mu.Lock()
	c.now--
	c.mu.Unlock()
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
}

// most is the greatest number of calls in any span.
func (c *counter) most(span time.Duration) int {
	sort.Slice(c.at, func(i, j int) bool { return c.at[i].Before(c.at[j]) })
	best := 0
	for i, from := 0, 0; i < len(c.at); i++ {
		for c.at[i].Sub(c.at[from]) >= span {
			from++
		}
		best = max(best, i-from+1)
	}
	return best
}

// storm makes n calls at once and waits for them.
func storm(t *testing.T, p *Pacer, next http.RoundTripper, n int, class Class) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			res, err := Pace{Pacer: p, Next: next}.RoundTrip(request(t.Context(), t, class))
			if err != nil {
				t.Error(err)
				return
			}
			_ = res.Body.Close()
		})
	}
	wg.Wait()
}

func TestPace_QuickBooksRatesHoldInEverySpan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		begin := time.Now()
		storm(t, NewPacer(QuickBooksRates()), c, 1200, Class{Read: true})
		if got := c.most(time.Second); got > 10 {
			t.Errorf("%d calls within a second", got)
		}
		if got := c.most(time.Minute); got > 500 {
			t.Errorf("%d calls within a minute", got)
		}
		if took := time.Since(begin); took > 170*time.Second {
			t.Errorf("1200 calls took %v: the rate is not used", took)
		}
	})
}

func TestPace_BatchesHaveTheirOwnRateAndDoNotStarveReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer(QuickBooksRates())
		batches, reads := &counter{}, &counter{}
		done := make(chan struct{})
		go func() {
			storm(t, p, batches, 100, Class{Kind: RecordWrite, Batch: true})
			close(done)
		}()
		synctest.Wait()
		begin := time.Now()
		storm(t, p, reads, 20, Class{Read: true})
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("20 reads took %v behind waiting batches", took)
		}
		<-done
		if got := batches.most(time.Minute); got > 40 {
			t.Errorf("%d batches within a minute", got)
		}
	})
}

func TestPace_ZohoHeavyCallsHaveFewerPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tc := range []struct {
			edition string
			class   Class
			want    int
		}{
			{"ultimate", Class{Read: true}, 25},
			{"ultimate", Class{Heavy: true}, 10},
			{"enterprise", Class{Read: true}, 20},
			{"free", Class{Heavy: true}, 5},
			{"unheard-of", Class{Read: true}, 5},
		} {
			c := &counter{takes: time.Second}
			storm(t, NewPacer(ZohoRates(tc.edition)), c, 60, tc.class)
			if c.top != tc.want {
				t.Errorf("%s, heavy %v: %d at once, want %d", tc.edition, tc.class.Heavy, c.top, tc.want)
			}
		}
	})
}

func TestPace_SwitchedOffWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, begin := &counter{}, time.Now()
		storm(t, NewPacer(Rates{}), c, 1000, Class{Heavy: true, Batch: true})
		if time.Since(begin) != 0 {
			t.Errorf("took %v", time.Since(begin))
		}
	})
}

func TestPace_ACallThatCannotMakeItIsGivenUpUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c := NewPacer(Rates{PerMinute: 1}), &counter{}
		storm(t, p, c, 1, Class{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		_, err := Pace{Pacer: p, Next: c}.RoundTrip(writeRequest(ctx, t))
		if FaultOf(err) != FaultRetry || len(c.at) != 1 || time.Since(begin) != 0 {
			t.Errorf("%v after %v, %d calls", err, time.Since(begin), len(c.at))
		}
	})
}

func TestPace_APlaceIsFreeAgainAfterAnError(t *testing.T) {
	p := NewPacer(Rates{AtOnce: 1, HeavyAtOnce: 1})
	for range 3 {
		s := &script{replies: []reply{{err: errReset}}}
		if _, err := (Pace{Pacer: p, Next: s}).RoundTrip(request(t.Context(), t, Class{Heavy: true})); err == nil {
			t.Fatal("no error")
		}
	}
}
