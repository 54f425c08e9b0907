package verify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/internal/testkit"
	"crossbook/quickbooks"
	booksapi "crossbook/quickbooks/api"
	"crossbook/sandbox/company"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/setup"
	"crossbook/store"
	"crossbook/verify"
	"crossbook/zohocrm"
	crmapi "crossbook/zohocrm/api"
)

func TestMain(m *testing.M) { testkit.Main(m) }

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

	crmAuth, booksAuth *bearer
}

// clock is a clock that only moves when told, a little at every
// look: a vendor that answers a whole first sync within one second does not exist.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(20 * time.Millisecond)
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

var testNow = time.Date(2026, time.May, 4, 9, 0, 0, 0, time.UTC)

// empty is an empty company and an empty organisation, not connected yet.
func empty(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: testNow}}
	var err error
	if w.books, err = qbobox.New(qbobox.Options{Now: w.clock.Now, Seed: 1, ManualDelivery: true}); err != nil {
		t.Fatal(err)
	}
	if w.crm, err = zohobox.New(zohobox.Options{Now: w.clock.Now, Seed: 1, ManualDelivery: true}); err != nil {
		t.Fatal(err)
	}
	return w.open()
}

// larkfield is the sample company, not connected yet.
func larkfield(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: testNow}}
	c, err := company.Larkfield(company.Options{
		Now:  w.clock.Now,
		Zoho: zohobox.Options{ManualDelivery: true}, QuickBooks: qbobox.Options{ManualDelivery: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.crm, w.books = c.Zoho, c.QuickBooks
	return w.open()
}

func (w *world) open() *world {
	w.t.Helper()
	w.t.Cleanup(w.books.Close)
	w.t.Cleanup(w.crm.Close)
	var err error
	w.store, err = store.Open(w.t.Context(), "sqlite:"+filepath.Join(w.t.TempDir(), "crossbook.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = w.store.Close() })
	return w
}

// connect runs set-up and makes the engine.
func (w *world) connect(choose ...func(*crossbook.Settings)) *world {
	w.t.Helper()
	res, err := setup.Connect(w.t.Context(), setup.Deps{
		Store: w.store, CRM: w.crmClient(), Books: w.booksClient(), NewID: w.newID, Now: w.clock.Now,
	}, setup.Wish{Name: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.conn = res.Connection
	w.settings(choose...)
	w.eng, err = engine.New(engine.Options{
		Store: w.store, NewID: w.newID, Now: w.clock.Now, Parallel: 1,
		Owner: store.Owner{Host: "test", PID: 1, Started: time.Unix(0, 0)},
		Connect: func(ctx context.Context, c crossbook.Connection) (engine.Sides, error) {
			fields, err := w.fields(ctx, c, engine.ReadFields)
			return engine.Sides{CRM: zohocrm.New(w.crmClient(), fields), Books: quickbooks.New(w.booksClient())}, err
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return w
}

func (w *world) settings(change ...func(*crossbook.Settings)) {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		s, _, err := tx.Settings(w.t.Context(), w.conn.ID)
		for _, c := range change {
			c(&s)
		}
		if err != nil || len(change) == 0 {
			return err
		}
		_, err = tx.SaveSettings(w.t.Context(), w.conn.ID, s, "test")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fields(ctx context.Context, c crossbook.Connection, of func(context.Context, *store.Tx, crossbook.Connection) (map[crossbook.Module][]string, error)) (fields map[crossbook.Module][]string, err error) {
	err = w.store.View(ctx, func(tx *store.Tx) error {
		fields, err = of(ctx, tx, c)
		return err
	})
	return fields, err
}

func (w *world) newID() string {
	w.ids++
	return fmt.Sprintf("id-%06d", w.ids)
}

// firstSync is the approved first sync.
func (w *world) firstSync() *world {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		return engine.Go(w.t.Context(), tx, w.conn.ID, w.clock.Now())
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.turns(engine.Ask{Feeds: true, Approved: true})
	return w
}

// sync runs turns until nothing is due.
func (w *world) sync() { w.t.Helper(); w.turns(engine.Ask{Feeds: true}) }

func (w *world) turns(ask engine.Ask) {
	w.t.Helper()
	for range 50 {
		rep, err := w.eng.Turn(w.t.Context(), w.conn.ID, ask)
		if err != nil {
			w.t.Fatal(err)
		}
		if rep.Done {
			return
		}
		ask.Feeds = false
	}
	w.t.Fatal("the sync does not end")
}

// newsOfDeals has the documents read that people put on Deals, as sync --module
// does.
func (w *world) newsOfDeals() {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		rows := append(engine.NewsOfDeals(crossbook.Quotes, w.clock.Now()), engine.NewsOfDeals(crossbook.Invoices, w.clock.Now())...)
		return tx.MarkDirty(w.t.Context(), w.conn.ID, rows)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// verify runs the proof.
func (w *world) verify(tune ...func(*verify.Deps)) verify.Report {
	w.t.Helper()
	r, err := w.tryVerify(tune...)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) tryVerify(tune ...func(*verify.Deps)) (verify.Report, error) {
	w.t.Helper()
	fields, err := w.fields(w.t.Context(), w.conn, verify.ReadFields)
	if err != nil {
		w.t.Fatal(err)
	}
	d := verify.Deps{
		Store: w.store, CRM: zohocrm.New(w.crmClient(), fields), Books: quickbooks.New(w.booksClient()), Now: w.clock.Now, Dir: w.t.TempDir(),
	}
	for _, change := range tune {
		change(&d)
	}
	return verify.Run(w.t.Context(), d, w.conn.ID)
}

// personCRM and personBooks act as people in the two systems.
func (w *world) personCRM(action, typ, id string, data map[string]any) string {
	w.t.Helper()
	w.clock.Advance(2 * time.Second)
	res, err := w.crm.Do(w.t.Context(), zohobox.Action{Action: action, Type: typ, ID: id, Data: data})
	if err != nil {
		w.t.Fatal(err)
	}
	return res.ID
}

func (w *world) personBooks(action, typ, id string, data map[string]any) string {
	w.t.Helper()
	w.clock.Advance(2 * time.Second)
	res, err := w.books.Do(w.t.Context(), qbobox.Action{Action: action, Type: typ, ID: id, Data: data})
	if err != nil {
		w.t.Fatal(err)
	}
	return res.ID
}

// truth is what a sandbox holds.
type truth struct {
	Records map[string][]map[string]any `json:"records"`
	Writes  []struct {
		Actor string `json:"actor"`
		Op    string `json:"op"`
		Type  string `json:"type"`
	} `json:"writes"`
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

// writes counts the writes the API made on both sides.
func (w *world) writes() int {
	n := 0
	for _, s := range []truth{w.crmState(), w.booksState()} {
		for _, x := range s.Writes {
			if x.Actor == "api" {
				n++
			}
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

// bearer signs calls with a token of the sandbox.
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
	b.mu.Lock()
	defer b.mu.Unlock()
	for range 2 {
		if b.token == "" {
			t, err := b.fetch(r.Context(), b.form())
			if err != nil {
				return nil, err
			}
			b.token = t
		}
		again := r.Clone(r.Context())
		if r.GetBody != nil {
			body, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			again.Body = body
		}
		again.Header.Set("Authorization", b.scheme+b.token)
		resp, err := b.box.RoundTrip(again)
		if err != nil || resp.StatusCode != http.StatusUnauthorized {
			return resp, err
		}
		b.token = ""
	}
	return nil, errors.New("two tokens in a row are not good")
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
