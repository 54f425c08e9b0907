package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Retry repeats what may be repeated: reads that were throttled, met a server
// error, lost their connection or came back cut short. It reads the whole answer
// before handing it on, so that a break in the middle is repeated as well.
//
// A write is sent once. When it was throttled, which the vendor says before doing
// anything, that answer is handed to the caller, who keeps the exact bytes and
// knows better when to go on. When its answer is lost the error is an
// UnknownOutcome.
type Retry struct {
	Next http.RoundTripper
	// Attempts is the most tries of one read; 0 is 4.
	Attempts int
	// Base is the first wait, doubled each time up to Max; 0 are 0.5 s and 30 s.
	Base, Max time.Duration
	// Rand gives numbers in [0,1) to spread the waits; nil waits the full time.
	Rand func() float64
}

// ThrottleWait is how long to stay away after a 429 that does not say: QuickBooks
// asks for a minute (reference/quickbooks-online.md section 11), Zoho documents no
// Retry-After, and its windows are a minute (reference/zoho-crm.md section 14).
const ThrottleWait = 60 * time.Second

const (
	defaultAttempts = 4
	defaultBase     = 500 * time.Millisecond
	defaultMax      = 30 * time.Second
	maxBufferedBody = 256 << 20
)

// RoundTrip sends, and sends again if that is allowed and may help. What the last
// attempt brought is returned when there is no time for another one.
func (t Retry) RoundTrip(r *http.Request) (*http.Response, error) {
	class := ClassOf(r)
	attempts := t.Attempts
	if attempts <= 0 {
		attempts = defaultAttempts
	}
	for n := 1; ; n++ {
		res, body, err := buffered(t.Next.RoundTrip(r))
		if err != nil {
			err = Lost(class, err)
		}
		if !class.Read || n == attempts || !worthwhile(r.Context(), res, body, err) {
			return res, err
		}
		wait := t.wait(n, res, err)
		if !sleep(r.Context(), wait) {
			return res, err
		}
		again, rewindErr := rewind(r)
		if rewindErr != nil {
			return res, err
		}
		r = again
	}
}

// buffered reads the answer to its end; the response can then be read once more.
func buffered(res *http.Response, err error) (*http.Response, []byte, error) {
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBufferedBody))
	_ = res.Body.Close()
	if err != nil {
		return nil, nil, fmt.Errorf("read answer: %w", err)
	}
	if res.ContentLength > int64(len(body)) {
		return nil, nil, fmt.Errorf("read answer: %w", io.ErrUnexpectedEOF)
	}
	return withBody(res, body), body, nil
}

// worthwhile tells whether another try of a read may bring more.
func worthwhile(ctx context.Context, res *http.Response, body []byte, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		return FaultOf(err) == FaultRetry
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return true
	case res.StatusCode == http.StatusOK:
		// Every read of either API answers JSON: a gateway's page or a cut-off
		// answer under HTTP 200 is noise.
		return !json.Valid(body)
	}
	return false
}

func (t Retry) wait(n int, res *http.Response, err error) time.Duration {
	if after := WaitOf(err); after > 0 {
		return after
	}
	if res != nil {
		if after := RetryAfter(res.Header); after > 0 {
			return after
		}
		if res.StatusCode == http.StatusTooManyRequests {
			return ThrottleWait
		}
	}
	base, ceiling := t.Base, t.Max
	if base <= 0 {
		base = defaultBase
	}
	if ceiling <= 0 {
		ceiling = defaultMax
	}
	wait := min(base<<min(n-1, 20), ceiling)
	if t.Rand == nil {
		return wait
	}
	// Half of it is kept, so that waits grow whatever the dice say.
	return wait/2 + time.Duration(t.Rand()*float64(wait/2))
}

// sleep waits; it is false when the context would end before, and then it does not
// wait at all: the caller learns at once that it has to come back later.
func sleep(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// RetryAfter reads the header, seconds or a date; 0 when absent or past.
func RetryAfter(h http.Header) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if secs, err := strconv.Atoi(v); err == nil && secs >= 0 {
		return time.Duration(secs) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		if now, err := http.ParseTime(h.Get("Date")); err == nil && at.After(now) {
			return at.Sub(now)
		}
	}
	return 0
}
