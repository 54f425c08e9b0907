package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"crossbook/transport"
)

// memory is a Store.
type memory struct {
	mu      sync.Mutex
	c       Credential
	version int64
	saves   int
	fail    error
}

func (m *memory) Load(context.Context) (Credential, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.version == 0 {
		return Credential{}, 0, ErrNoCredential
	}
	return m.c, m.version, nil
}

func (m *memory) Save(ctx context.Context, c Credential, expected int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if m.fail != nil {
		return m.fail
	}
	if expected != m.version {
		return ErrConflict
	}
	m.c, m.version, m.saves = c, m.version+1, m.saves+1
	return nil
}

// put is what another process or a new consent stores.
func (m *memory) put(c Credential) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.c, m.version = c, m.version+1
}

// vendor answers token calls; each answer rotates the refresh token.
type vendor struct {
	mu      sync.Mutex
	asked   []url.Values
	n       int
	good    string // the refresh token in force
	refuse  func(form url.Values) *http.Response
	takes   time.Duration
	headers []http.Header
}

func (v *vendor) RoundTrip(r *http.Request) (*http.Response, error) {
	_ = r.ParseForm()
	time.Sleep(v.takes)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked = append(v.asked, r.PostForm)
	v.headers = append(v.headers, r.Header.Clone())
	if v.refuse != nil {
		if res := v.refuse(r.PostForm); res != nil {
			return res, nil
		}
	}
	if got := r.PostForm.Get("refresh_token"); got != v.good {
		return jsonAnswer(400, `{"error":"invalid_grant","error_description":"Token invalid"}`), nil
	}
	v.n++
	v.good = fmt.Sprintf("refresh-%d", v.n)
	return jsonAnswer(200, fmt.Sprintf(`{"token_type":"bearer","expires_in":3600,"access_token":"access-%d","refresh_token":%q,
		"x_refresh_token_expires_in":8726400,"x_refresh_token_hard_expires_in":156032154}`, v.n, v.good)), nil
}

func jsonAnswer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json;charset=UTF-8"}},
		Body: bodyOf(body), ContentLength: int64(len(body)),
	}
}

func books(t *testing.T, v *vendor) App {
	t.Helper()
	app, err := QuickBooksApp("http://127.0.0.1/connect/oauth2", "http://127.0.0.1/oauth2/v1/tokens/bearer", "id", "secret")
	if err != nil {
		t.Fatal(err)
	}
	app.Transport = v
	return app
}

// expired is a stored credential whose access token lapsed an hour ago.
func expired(refresh string) Credential {
	return Credential{
		AccessToken: "old", Expiry: time.Now().Add(-time.Hour), RefreshToken: refresh, RealmID: "123", ObtainedAt: time.Now().Add(-2 * time.Hour),
	}
}

func TestSource_StoresTheAnswerBeforeAnybodyUsesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{good: "first"}
		m := &memory{}
		m.put(expired("first"))
		var steps []string
		s := NewSource(SourceOptions{App: books(t, v), Store: m, OnStep: func(name string) {
			steps = append(steps, fmt.Sprintf("%s with %d saved", name, m.saves))
		}})
		c, err := s.Credential(t.Context())
		if err != nil || c.AccessToken != "access-1" || c.RealmID != "123" {
			t.Fatalf("%v, %v", c, err)
		}
		if diff := cmp.Diff([]string{"token answered with 0 saved", "token stored with 1 saved"}, steps); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		if m.c.RefreshToken != "refresh-1" || time.Until(m.c.HardExpiry) != 156032154*time.Second || m.c.RefreshExpiry.IsZero() {
			t.Errorf("stored %#v, hard expiry %v", m.c.RefreshToken, m.c.HardExpiry)
		}
		if v.headers[0].Get("x-include-refresh-token-hard-expires-in") != "true" || v.headers[0].Get("Authorization") == "" {
			t.Errorf("headers %v", v.headers[0])
		}
		for range 3 {
			if tok, err := s.Token(t.Context()); err != nil || tok != "access-1" || len(v.asked) != 1 {
				t.Errorf("%s, %v after %d exchanges", tok, err, len(v.asked))
			}
		}
		time.Sleep(56 * time.Minute) // within five minutes of its end
		if tok, err := s.Token(t.Context()); err != nil || tok != "access-2" {
			t.Errorf("%s, %v", tok, err)
		}
	})
}

func TestSource_ManyCallersOneRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{good: "first", takes: time.Second}
		m := &memory{}
		m.put(expired("first"))
		var leases int
		s := NewSource(SourceOptions{App: books(t, v), Store: m, Lease: func(ctx context.Context, fn func(context.Context) error) error {
			leases++
			return fn(ctx)
		}})
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if tok, err := s.Token(t.Context()); err != nil || tok != "access-1" {
					t.Errorf("%s, %v", tok, err)
				}
			})
		}
		wg.Wait()
		if len(v.asked) != 1 || leases != 1 {
			t.Errorf("%d exchanges, %d leases", len(v.asked), leases)
		}
	})
}

func TestSource_TwoProcessesOneRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{good: "first", takes: time.Second}
		m := &memory{}
		m.put(expired("first"))
		lock := make(chan struct{}, 1) // virtual time stands still at a sync.Mutex
		lease := func(ctx context.Context, fn func(context.Context) error) error {
			lock <- struct{}{}
			defer func() { <-lock }()
			return fn(ctx)
		}
		var wg sync.WaitGroup
		for range 2 {
			s := NewSource(SourceOptions{App: books(t, v), Store: m, Lease: lease})
			wg.Go(func() {
				if tok, err := s.Token(t.Context()); err != nil || tok != "access-1" {
					t.Errorf("%s, %v", tok, err)
				}
			})
		}
		wg.Wait()
		if len(v.asked) != 1 {
			t.Errorf("%d exchanges", len(v.asked))
		}
	})
}

func TestSource_ARefusedTokenIsTakenFromTheStoreIfRenewedThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{good: "first"}
		m := &memory{}
		m.put(Credential{AccessToken: "a", Expiry: time.Now().Add(time.Hour), RefreshToken: "first", ObtainedAt: time.Now()})
		s := NewSource(SourceOptions{App: books(t, v), Store: m})
		if tok, _ := s.Token(t.Context()); tok != "a" {
			t.Fatalf("got %s", tok)
		}
		m.put(Credential{AccessToken: "b", Expiry: time.Now().Add(time.Hour), RefreshToken: "first", ObtainedAt: time.Now()})
		s.Invalidate(t.Context(), "a")
		if tok, err := s.Token(t.Context()); tok != "b" || err != nil || len(v.asked) != 0 {
			t.Errorf("%s, %v after %d exchanges", tok, err, len(v.asked))
		}
		s.Invalidate(t.Context(), "b")
		_, err := s.Token(t.Context())
		if wait := transport.WaitOf(err); wait != 5*time.Second || len(v.asked) != 0 {
			t.Errorf("%v, wait %v after %d exchanges: the floor does not hold", err, wait, len(v.asked))
		}
		time.Sleep(6 * time.Second)
		if tok, err := s.Token(t.Context()); tok != "access-1" || err != nil {
			t.Errorf("%s, %v", tok, err)
		}
	})
}

func TestSource_InvalidGrantLooksAtTheStoreOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, m := &vendor{good: "second"}, &memory{}
		m.put(expired("first"))
		v.refuse = func(form url.Values) *http.Response {
			if form.Get("refresh_token") == "first" {
				m.put(expired("second")) // a person consents anew at this moment
			}
			return nil
		}
		s := NewSource(SourceOptions{App: books(t, v), Store: m})
		if tok, err := s.Token(t.Context()); tok != "access-1" || err != nil {
			t.Errorf("%s, %v", tok, err)
		}
	})
}

func TestSource_InvalidGrantIsTerminalUntilSomebodySignsIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, m := &vendor{good: "another"}, &memory{}
		m.put(expired("first"))
		s := NewSource(SourceOptions{App: books(t, v), Store: m})
		for range 5 {
			_, err := s.Token(t.Context())
			var e *Error
			if !errors.Is(err, ErrReauthorise) || !errors.Is(err, transport.ErrSignInNeeded) || !errors.As(err, &e) || e.Code != "invalid_grant" {
				t.Errorf("got %v", err)
			}
		}
		if len(v.asked) != 1 {
			t.Errorf("%d exchanges: a terminal refusal was asked for again", len(v.asked))
		}
		m.put(expired("another"))
		if tok, err := s.Token(t.Context()); tok != "access-1" || err != nil {
			t.Errorf("after a new consent: %s, %v", tok, err)
		}
	})
}

func TestSource_AnAnswerIsStoredThoughTheCallerGaveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, m := &vendor{good: "first"}, &memory{}
		m.put(expired("first"))
		ctx, cancel := context.WithCancel(t.Context())
		s := NewSource(SourceOptions{App: books(t, v), Store: m, OnStep: func(name string) {
			if name == StepAnswered {
				cancel()
			}
		}})
		if _, err := s.Token(ctx); err != nil || m.c.RefreshToken != "refresh-1" {
			t.Errorf("%v, stored %q", err, m.c.RefreshToken)
		}
	})
}

func TestSource_AnUnstoredAnswerIsNotUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, m := &vendor{good: "first"}, &memory{fail: errors.New("disk full")}
		m.put(expired("first"))
		s := NewSource(SourceOptions{App: books(t, v), Store: m})
		if tok, err := s.Token(t.Context()); tok != "" || transport.FaultOf(err) != transport.FaultRetry {
			t.Errorf("%q, %v", tok, err)
		}
	})
}

func TestSource_ANearlyLapsedTokenServesWhileSignInIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, m := &vendor{good: "first"}, &memory{}
		m.put(expired("first"))
		s := NewSource(SourceOptions{App: books(t, v), Store: m})
		if _, err := s.Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		v.refuse = func(url.Values) *http.Response { return jsonAnswer(503, "<html>") }
		time.Sleep(57 * time.Minute)
		if tok, err := s.Token(t.Context()); tok != "access-1" || err != nil {
			t.Errorf("%s, %v", tok, err)
		}
		time.Sleep(4 * time.Minute)
		if _, err := s.Token(t.Context()); transport.FaultOf(err) != transport.FaultRetry {
			t.Errorf("a lapsed token: %v", err)
		}
	})
}

func TestSource_WithoutACredential(t *testing.T) {
	s := NewSource(SourceOptions{App: books(t, &vendor{}), Store: &memory{}})
	if _, err := s.Token(t.Context()); !errors.Is(err, ErrReauthorise) || !errors.Is(err, ErrNoCredential) {
		t.Errorf("got %v", err)
	}
}
