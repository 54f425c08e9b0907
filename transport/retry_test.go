package transport

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// reply is one scripted answer; a nil body breaks off in the middle.
type reply struct {
	status int
	body   string
	header http.Header
	err    error
	cut    bool
}

// script answers calls one after the other and remembers when each was made.
type script struct {
	replies []reply
	at      []time.Time
	bodies  []string
	headers []http.Header
	// hold keeps each call that long under way.
	hold time.Duration
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.at = append(s.at, time.Now())
	body := ""
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
	}
	s.bodies = append(s.bodies, body)
	s.headers = append(s.headers, r.Header.Clone())
	if s.hold > 0 {
		select {
		case <-time.After(s.hold):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	a := s.replies[min(len(s.at), len(s.replies))-1]
	if a.err != nil {
		return nil, a.err
	}
	res := &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: -1}
	if res.Header == nil {
		res.Header = http.Header{}
	}
	if a.cut {
		res.Body = io.NopCloser(io.MultiReader(strings.NewReader(a.body), broken{}))
	}
	return res, nil
}

// waits are the pauses between calls.
func (s *script) waits() []time.Duration {
	var out []time.Duration
	for i := 1; i < len(s.at); i++ {
		out = append(out, s.at[i].Sub(s.at[i-1]))
	}
	return out
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }

func readRequest(ctx context.Context, t *testing.T) *http.Request {
	t.Helper()
	return request(ctx, t, Class{Kind: RecordRead, Read: true})
}

func writeRequest(ctx context.Context, t *testing.T) *http.Request {
	t.Helper()
	return request(ctx, t, Class{Kind: RecordWrite})
}

func request(ctx context.Context, t *testing.T, c Class) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(WithClass(ctx, c), http.MethodPost, "http://127.0.0.1/x", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var errReset = errors.New("connection reset by peer")

func TestRetry_ReadsAreRepeatedWithGrowingWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: []reply{{err: errReset}, {status: 502, body: "<html>"}, {status: 200, body: `{"a":`}, {status: 200, body: `{}`}}}
		res, err := Retry{Next: s}.RoundTrip(readRequest(t.Context(), t))
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("%v, %v", res, err)
		}
		want := []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}
		for i, w := range s.waits() {
			if w != want[i] {
				t.Errorf("wait %d was %v, want %v", i, w, want[i])
			}
		}
		for i, b := range s.bodies {
			if b != "body" {
				t.Errorf("attempt %d sent %q", i, b)
			}
		}
	})
}

func TestRetry_JitterKeepsHalf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: []reply{{status: 500}, {status: 200, body: `{}`}}}
		_, err := Retry{Next: s, Base: 10 * time.Second, Rand: func() float64 { return 0.5 }}.RoundTrip(readRequest(t.Context(), t))
		if err != nil || s.waits()[0] != 7500*time.Millisecond {
			t.Errorf("waits %v, %v", s.waits(), err)
		}
	})
}

func TestRetry_ThrottledReadsWaitAsAsked(t *testing.T) {
	for name, tc := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":    {http.Header{"Retry-After": {"7"}}, 7 * time.Second},
		"date":       {http.Header{"Retry-After": {"Tue, 05 May 2026 09:00:30 GMT"}, "Date": {"Tue, 05 May 2026 09:00:00 GMT"}}, 30 * time.Second},
		"not at all": {nil, time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{replies: []reply{{status: 429, header: tc.header}, {status: 200, body: `{}`}}}
			if _, err := (Retry{Next: s}).RoundTrip(readRequest(t.Context(), t)); err != nil || s.waits()[0] != tc.want {
				t.Errorf("%s: waits %v, %v", name, s.waits(), err)
			}
		})
	}
}

func TestRetry_DoesNotWaitBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
		defer cancel()
		s := &script{replies: []reply{{status: 429}}}
		begin := time.Now()
		res, err := Retry{Next: s}.RoundTrip(readRequest(ctx, t))
		if err != nil || res.StatusCode != 429 || time.Since(begin) != 0 || len(s.at) != 1 {
			t.Errorf("%v, %v after %v and %d calls", res, err, time.Since(begin), len(s.at))
		}
	})
}

func TestRetry_AWriteIsSentOnce(t *testing.T) {
	for name, a := range map[string]reply{
		"reset":     {err: errReset},
		"cut short": {status: 200, body: `{"a"`, cut: true},
	} {
		s := &script{replies: []reply{a}}
		_, err := Retry{Next: s}.RoundTrip(writeRequest(t.Context(), t))
		var unknown *UnknownOutcome
		if !errors.As(err, &unknown) || FaultOf(err) != FaultUnknown || len(s.at) != 1 {
			t.Errorf("%s: %v after %d calls", name, err, len(s.at))
		}
	}
	for name, a := range map[string]reply{"server error": {status: 503}, "throttled": {status: 429}, "refused": {status: 400}} {
		s := &script{replies: []reply{a}}
		res, err := Retry{Next: s}.RoundTrip(writeRequest(t.Context(), t))
		if err != nil || res.StatusCode != a.status || len(s.at) != 1 {
			t.Errorf("%s: %v, %v after %d calls", name, res, err, len(s.at))
		}
	}
}

func TestRetry_WhatNeverLeftIsNoUnknownOutcome(t *testing.T) {
	for name, err := range map[string]error{
		"refused":      &net.OpError{Op: "dial", Err: errors.New("connection refused")},
		"no such host": &net.DNSError{Err: "no such host", Name: "x"},
		"unsent":       &NotSent{Err: errors.New("x"), Kind: FaultRetry},
	} {
		s := &script{replies: []reply{{err: err}}}
		_, got := Retry{Next: s}.RoundTrip(writeRequest(t.Context(), t))
		var notSent *NotSent
		if !errors.As(got, &notSent) || FaultOf(got) != FaultRetry {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestRetry_RefusalsOfReadsAreFinal(t *testing.T) {
	for name, a := range map[string]reply{
		"bad request": {status: 400, body: `{}`}, "not found": {status: 404}, "nothing": {status: 204}, "not modified": {status: 304},
		"sign-in": {err: &NotSent{Err: ErrSignInNeeded, Kind: FaultAuth}},
	} {
		s := &script{replies: []reply{a}}
		_, _ = Retry{Next: s}.RoundTrip(readRequest(t.Context(), t))
		if len(s.at) != 1 {
			t.Errorf("%s: %d calls", name, len(s.at))
		}
	}
}

func TestRetry_GivesUpAfterTheLastAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: []reply{{status: 500, body: "x"}}}
		res, err := Retry{Next: s, Attempts: 3}.RoundTrip(readRequest(t.Context(), t))
		body, _ := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 500 || string(body) != "x" || len(s.at) != 3 {
			t.Errorf("%v, %v, %q after %d calls", res, err, body, len(s.at))
		}
	})
}
