package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/quickbooks"
	booksapi "crossbook/quickbooks/api"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/setup"
	"crossbook/store"
	"crossbook/store/storetest"
	"crossbook/zohocrm"
	crmapi "crossbook/zohocrm/api"
)

// world is both sandboxes, a database and an engine on one virtual clock.
type world struct {
	t     *testing.T
	clock *clock
	crm   *zohobox.Box
	books *qbobox.Box
	store *store.Store
	conn  crossbook.Connection
	eng   *engine.Engine
	ids   int
	step  func(string)
	tune  func(*engine.Options)

	crmAuth, booksAuth *bearer
}

// clock is a clock that only moves when told, a little at every look, so that
// no two events share an instant.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newWorld makes an empty company and an empty organisation, not connected yet.
func newWorld(t *testing.T, change ...func(*qbobox.Options, *zohobox.Options)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)}, step: func(string) {}}
	qo := qbobox.Options{Now: w.clock.Now, Seed: 1, ManualDelivery: true}
	zo := zohobox.Options{Now: w.clock.Now, Seed: 1, ManualDelivery: true}
	for _, c := range change {
		c(&qo, &zo)
	}
	var err error
	if w.books, err = qbobox.New(qo); err != nil {
		t.Fatal(err)
	}
	if w.crm, err = zohobox.New(zo); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.books.Close)
	t.Cleanup(w.crm.Close)
	w.store, err = store.Open(t.Context(), storetest.SQLiteURL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	return w
}

// connect runs set-up and makes the engine.
func (w *world) connect() *world {
	w.t.Helper()
	res, err := setup.Connect(w.t.Context(), setup.Deps{
		Store: w.store, CRM: w.crmClient(), Books: w.booksClient(), NewID: w.newID, Now: w.clock.Now,
	}, setup.Wish{Name: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.conn = res.Connection
	w.restart()
	return w
}

// restart makes a new engine on the same database, as a new process would.
func (w *world) restart() {
	w.t.Helper()
	o := engine.Options{
		Store: w.store, NewID: w.newID, Now: w.clock.Now, Parallel: 1,
		Owner: store.Owner{Host: "test", PID: 1, Started: time.Unix(0, 0)},
		Connect: func(ctx context.Context, c crossbook.Connection) (engine.Sides, error) {
			var fields map[crossbook.Module][]string
			err := w.store.View(ctx, func(tx *store.Tx) error {
				var err error
				fields, err = engine.ReadFields(ctx, tx, c)
				return err
			})
			if err != nil {
				return engine.Sides{}, err
			}
			return engine.Sides{CRM: zohocrm.New(w.crmClient(), fields), Books: quickbooks.New(w.booksClient())}, nil
		},
		Step:   func(name string) { w.step(name) },
		Logger: w.logger(),
	}
	if w.tune != nil {
		w.tune(&o)
	}
	var err error
	if w.eng, err = engine.New(o); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) newID() string {
	w.ids++
	return fmt.Sprintf("id-%06d", w.ids)
}

// sync runs turns until nothing is due.
func (w *world) sync() engine.Report {
	w.t.Helper()
	rep, err := w.trySync()
	if err != nil {
		w.t.Fatal(err)
	}
	return rep
}

func (w *world) trySync() (engine.Report, error) {
	ask := engine.Ask{Feeds: true}
	var rep engine.Report
	for range 20 {
		var err error
		rep, err = w.eng.Turn(w.t.Context(), w.conn.ID, ask)
		if err != nil {
			return rep, err
		}
		if rep.Done {
			return rep, nil
		}
		ask.Feeds = false
	}
	return rep, fmt.Errorf("not quiet after 20 turns: %+v", rep)
}

// firstSync is the approved first sync.
func (w *world) firstSync() engine.Report {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		return engine.Go(w.t.Context(), tx, w.conn.ID, w.clock.Now())
	})
	if err != nil {
		w.t.Fatal(err)
	}
	ask := engine.Ask{Feeds: true, Approved: true}
	for range 50 {
		rep, err := w.eng.Turn(w.t.Context(), w.conn.ID, ask)
		if err != nil {
			w.t.Fatal(err)
		}
		if rep.Done {
			return rep
		}
		ask.Feeds = false
	}
	w.t.Fatal("the first sync does not end")
	return engine.Report{}
}

// personCRM and personBooks act as people in the two systems.
func (w *world) personCRM(a zohobox.Action) string {
	w.t.Helper()
	w.clock.Advance(2 * time.Second)
	res, err := w.crm.Do(w.t.Context(), a)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.ID
}

func (w *world) personBooks(a qbobox.Action) string {
	w.t.Helper()
	w.clock.Advance(2 * time.Second)
	res, err := w.books.Do(w.t.Context(), a)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.ID
}

// truth is what a sandbox holds.
type truth struct {
	Records map[string][]map[string]any `json:"records"`
	Writes  []struct {
		Actor  string         `json:"actor"`
		Op     string         `json:"op"`
		Type   string         `json:"type"`
		ID     string         `json:"id"`
		Values map[string]any `json:"values"`

		Trigger   []any `json:"trigger"`
		Automated bool  `json:"automation"`
	} `json:"writes"`
	Deleted map[string][]struct {
		ID string `json:"id"`
	} `json:"deleted"`
	Calls map[string]int `json:"calls"`
}

func stateOf(t *testing.T, rt http.RoundTripper) truth {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/_sandbox/state", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out truth
	dec := json.NewDecoder(resp.Body)
	dec.UseNumber()
	if err := dec.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) crmState() truth   { return stateOf(w.t, w.crm.Transport()) }
func (w *world) booksState() truth { return stateOf(w.t, w.books.Transport()) }

// find returns the only record of a type with a field value.
func (s truth) find(t *testing.T, typ, field, value string) map[string]any {
	t.Helper()
	var found []map[string]any
	for _, r := range s.Records[typ] {
		if fmt.Sprint(r[field]) == value {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d records of %s with %s = %q, want 1", len(found), typ, field, value)
	}
	return found[0]
}

// apiWrites counts the writes the API made.
func (s truth) apiWrites() int {
	n := 0
	for _, w := range s.Writes {
		if w.Actor == "api" {
			n++
		}
	}
	return n
}

// writesOf counts the API's writes that sent a field.
func (s truth) writesOf(field string) int {
	n := 0
	for _, w := range s.Writes {
		if _, sent := w.Values[field]; sent && w.Actor == "api" {
			n++
		}
	}
	return n
}

func (w *world) problems() []store.ProblemRow {
	w.t.Helper()
	var out []store.ProblemRow
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		var err error
		out, err = tx.Problems(w.t.Context(), w.conn.ID, store.ProblemFilter{Waiting: true})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) crmClient() *crmapi.Client {
	w.t.Helper()
	if w.crmAuth == nil {
		w.crmAuth = &bearer{
			box: checked(w.t, w.crm.Transport()), scheme: "Zoho-oauthtoken ", path: "/oauth/v2/token",
			form: func() url.Values {
				cr := w.crm.Credentials()
				return url.Values{"client_id": {cr.ClientID}, "client_secret": {cr.ClientSecret}, "refresh_token": {cr.RefreshToken}}
			},
		}
	}
	c, err := crmapi.New(crmapi.Options{BaseURL: "http://localhost", Transport: w.crmAuth})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) booksClient() *booksapi.Client {
	w.t.Helper()
	if w.booksAuth == nil {
		w.booksAuth = &bearer{
			box: w.books.Transport(), scheme: "Bearer ", path: "/oauth2/v1/tokens/bearer", basic: true,
			form: func() url.Values {
				cr := w.books.Credentials()
				return url.Values{"client_id": {cr.ClientID}, "client_secret": {cr.ClientSecret}, "refresh_token": {cr.RefreshToken}}
			},
		}
	}
	c, err := booksapi.New(booksapi.Options{BaseURL: "http://localhost", Realm: w.books.Credentials().RealmID, Transport: w.booksAuth})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// bearer signs calls with a token of the sandbox. The clients of a world share
// it: Zoho gives ten tokens in ten minutes.
type bearer struct {
	box    http.RoundTripper
	scheme string
	path   string
	basic  bool
	form   func() url.Values

	mu    sync.Mutex
	token string
}

func (b *bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	for range 2 {
		token, err := b.current(r.Context())
		if err != nil {
			return nil, err
		}
		again := r.Clone(r.Context())
		if r.GetBody != nil {
			body, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			again.Body = body
		}
		again.Header.Set("Authorization", b.scheme+token)
		resp, err := b.box.RoundTrip(again)
		if err != nil || resp.StatusCode != http.StatusUnauthorized {
			return resp, err
		}
		b.drop(token)
	}
	return nil, errors.New("two tokens in a row are not good")
}

func (b *bearer) current(ctx context.Context) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token == "" {
		t, err := b.fetch(ctx, b.form())
		if err != nil {
			return "", err
		}
		b.token = t
	}
	return b.token, nil
}

func (b *bearer) drop(token string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token == token {
		b.token = ""
	}
}

func (b *bearer) fetch(ctx context.Context, f url.Values) (string, error) {
	f.Set("grant_type", "refresh_token")
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost"+b.path, strings.NewReader(f.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if b.basic {
		req.SetBasicAuth(f.Get("client_id"), f.Get("client_secret"))
	}
	resp, err := b.box.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(raw, &out); err != nil || out.AccessToken == "" {
		return "", fmt.Errorf("token: %s", raw)
	}
	return out.AccessToken, nil
}

// logger writes the engine's log into the test's, when asked for.
func (w *world) logger() *slog.Logger {
	if os.Getenv("CROSSBOOK_TEST_LOG") == "" {
		return nil
	}
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}
