package fault_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"crossbook/sandbox/fault"
)

// counter is a sandbox of one number: every call that reaches it counts.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) reached() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func (c *counter) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	_, _ = io.WriteString(w, `{"answer":"0123456789"}`)
}

func newDial(t *testing.T, rules ...fault.Rule) (*fault.Dial, *counter, http.Handler) {
	t.Helper()
	d, c := fault.New(1), &counter{}
	for _, r := range rules {
		if _, err := d.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return d, c, d.Wrap(c)
}

func post(t *testing.T, rt http.RoundTripper, url, body string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return rt.RoundTrip(req)
}

func TestFaults_LoseTheCallOrOnlyTheAnswer(t *testing.T) {
	cases := []struct {
		name, kind string
		reached    int
		check      func(t *testing.T, resp *http.Response, err error)
	}{
		{"a timeout before loses the call", fault.TimeoutBefore, 0, wantTimeout},
		{"a timeout after commits", fault.TimeoutAfter, 1, wantTimeout},
		{"a reset loses the call", fault.Reset, 0, wantReset},
		{"a late reset commits", fault.ResetAfter, 1, wantReset},
		{"a reset in the body commits", fault.ResetMidBody, 1, wantBrokenBody},
		{"a truncated answer looks whole", fault.Truncate, 1, wantBody(200, `{"answer":"`)},
		{"a bad status loses the call", fault.Status, 0, wantStatus(500)},
		{"a limit loses the call", fault.RateLimit, 0, wantStatus(429)},
		{"a page of HTML loses the call", fault.HTML, 0, wantStatus(200)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, count, h := newDial(t, fault.Rule{Kind: c.kind})
			resp, err := post(t, fault.Transport{Handler: h}, "http://any.example/x", "{}")
			c.check(t, resp, err)
			if count.reached() != c.reached {
				t.Errorf("the sandbox was reached %d times, want %d", count.reached(), c.reached)
			}
		})
	}
}

func wantTimeout(t *testing.T, _ *http.Response, err error) {
	t.Helper()
	var ne net.Error
	if !errors.As(err, &ne) || !ne.Timeout() {
		t.Errorf("got %v, want a timeout", err)
	}
}

func wantReset(t *testing.T, _ *http.Response, err error) {
	t.Helper()
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v, want a connection reset", err)
	}
}

func wantBrokenBody(t *testing.T, resp *http.Response, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(resp.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != `{"answer":"` {
		t.Errorf("got %q and %v, want half a body and an unexpected end", got, err)
	}
}

func wantBody(status int, want string) func(*testing.T, *http.Response, error) {
	return func(t *testing.T, resp *http.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != status || string(got) != want {
			t.Errorf("got %d %q %v, want %d %q", resp.StatusCode, got, err, status, want)
		}
	}
}

func wantStatus(status int) func(*testing.T, *http.Response, error) {
	return func(t *testing.T, resp *http.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != status {
			t.Errorf("got %d, want %d", resp.StatusCode, status)
		}
	}
}

func TestRule_SkipAndTimesBoundTheStrikes(t *testing.T) {
	_, count, h := newDial(t, fault.Rule{Kind: fault.Status, Status: 503, Skip: 1, Times: 2})
	var got []int
	for range 5 {
		resp, err := post(t, fault.Transport{Handler: h}, "http://any.example/x", "")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, resp.StatusCode)
	}
	want := []int{200, 503, 503, 200, 200}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	if count.reached() != 3 {
		t.Errorf("reached %d times, want 3", count.reached())
	}
}

func TestRule_ConditionsChooseTheCalls(t *testing.T) {
	_, _, h := newDial(t, fault.Rule{Kind: fault.Status, Method: "post", PathContains: "/batch", BodyContains: "bId"})
	for _, c := range []struct {
		path, body string
		want       int
	}{{"/v3/batch", `{"bId":"1"}`, 500}, {"/v3/batch", `{}`, 200}, {"/v3/query", `{"bId":"1"}`, 200}} {
		resp, err := post(t, fault.Transport{Handler: h}, "http://any.example"+c.path, c.body)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != c.want {
			t.Errorf("%s %s: got %d, want %d", c.path, c.body, resp.StatusCode, c.want)
		}
	}
}

func TestRule_ProbabilityRepeatsFromTheSeed(t *testing.T) {
	run := func() (out string) {
		_, _, h := newDial(t, fault.Rule{Kind: fault.Status, Probability: 0.5})
		for range 40 {
			resp, err := post(t, fault.Transport{Handler: h}, "http://any.example/", "")
			if err != nil {
				t.Fatal(err)
			}
			out += resp.Status[:1]
		}
		return out
	}
	a, b := run(), run()
	if a != b || !strings.Contains(a, "I") || !strings.Contains(a, "O") {
		t.Errorf("two runs from one seed: %q and %q", a, b)
	}
}

func TestExpireToken_StrikesBeforeTheCallGoesOn(t *testing.T) {
	d, count, h := newDial(t, fault.Rule{Kind: fault.ExpireToken})
	expired := 0
	d.OnExpireToken = func() { expired = count.reached() + 1 }
	if _, err := post(t, fault.Transport{Handler: h}, "http://any.example/", ""); err != nil {
		t.Fatal(err)
	}
	if expired != 1 || count.reached() != 1 {
		t.Errorf("expired at %d, reached %d; want both 1", expired, count.reached())
	}
}

func TestNotification_FollowsItsOwnRules(t *testing.T) {
	d, _, _ := newDial(t,
		fault.Rule{Kind: fault.Status},
		fault.Rule{Kind: fault.NotifyDrop, BodyContains: "Customer", Times: 1},
		fault.Rule{Kind: fault.NotifyDelay, DelayMS: 1500, Skip: 1})
	if got := d.Notification("http://x/", []byte("Customer")); !got.Drop {
		t.Errorf("the first was not dropped: %+v", got)
	}
	if got := d.Notification("http://x/", []byte("Customer")); got.Delay != 1500*time.Millisecond {
		t.Errorf("the second was not delayed: %+v", got)
	}
}

func TestPage_AddsListsAndClears(t *testing.T) {
	d := fault.New(1)
	do := func(method, body string) (int, string) {
		rec := httptest.NewRecorder()
		d.ServeHTTP(rec, httptest.NewRequest(method, "/_sandbox/faults", strings.NewReader(body)))
		return rec.Code, rec.Body.String()
	}
	if code, _ := do("POST", `[{"kind":"reset"},{"kind":"html","times":2}]`); code != 201 {
		t.Errorf("POST gave %d", code)
	}
	if code, body := do("POST", `{"kind":"earthquake"}`); code != 400 || !strings.Contains(body, "earthquake") {
		t.Errorf("an unknown kind gave %d %s", code, body)
	}
	_, body := do("GET", "")
	var got struct{ Faults []fault.Rule }
	if err := json.Unmarshal([]byte(body), &got); err != nil || len(got.Faults) != 2 || got.Faults[1].Times != 2 {
		t.Errorf("GET gave %s (%v)", body, err)
	}
	if _, body := do("DELETE", ""); !strings.Contains(body, `"faults":[]`) {
		t.Errorf("DELETE left %s", body)
	}
}

func TestSandboxPages_NeverFail(t *testing.T) {
	_, _, h := newDial(t, fault.Rule{Kind: fault.Reset})
	if _, err := post(t, fault.Transport{Handler: h}, "http://any.example/_sandbox/state", ""); err != nil {
		t.Errorf("the state page failed: %v", err)
	}
}

func TestSocket_TimeoutHoldsAndResetBreaks(t *testing.T) {
	d, count, h := newDial(t,
		fault.Rule{Kind: fault.TimeoutAfter, PathContains: "slow"},
		fault.Rule{Kind: fault.ResetMidBody, PathContains: "half"})
	d.Hold = time.Minute
	srv := httptest.NewServer(h)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+"/slow", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := srv.Client().Do(req); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the client's own deadline", err)
	}
	if count.reached() != 1 {
		t.Errorf("the call was not committed")
	}
	resp, err := srv.Client().Get(srv.URL + "/half")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if got, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("the whole body %q arrived", got)
	}
}

// A code of the vendor brings the vendor's status and body, which may depend on
// what was asked even when the call was let through first.
func TestRule_CodeAnswersInTheVendorsWords(t *testing.T) {
	d, count, h := newDial(t)
	if _, err := d.Add(fault.Rule{Kind: fault.Status, Code: "LOCKED"}); err == nil {
		t.Error("a sandbox without codes took one")
	}
	d.Refusal = func(code string, status int, r *http.Request) (fault.Refusal, bool) {
		asked := []byte(nil)
		if r != nil {
			asked, _ = io.ReadAll(r.Body)
		}
		if status == 0 {
			status = 423
		}
		return fault.Refusal{Status: status, ContentType: "text/plain", Body: code + string(asked)}, code == "LOCKED"
	}
	for _, r := range []fault.Rule{{Kind: fault.Status, Code: "NO"}, {Kind: fault.Reset, Code: "LOCKED"}} {
		if _, err := d.Add(r); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
	for _, r := range []fault.Rule{{Kind: fault.Status, Code: "LOCKED", Times: 1}, {Kind: fault.Status, Code: "LOCKED", Status: 409, After: true, Times: 1}} {
		if _, err := d.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{423, 409} {
		resp, err := post(t, fault.Transport{Handler: h}, "http://any.example/x", "?")
		wantBody(want, "LOCKED?")(t, resp, err)
	}
	if count.reached() != 1 {
		t.Errorf("reached %d times, want 1", count.reached())
	}
}
