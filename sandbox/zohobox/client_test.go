package zohobox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

type obj = map[string]any

// clock is the time of a test; it moves only when told.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// app is a client that speaks plain HTTP to a box and knows nothing of its inside.
type app struct {
	t     *testing.T
	box   *zohobox.Box
	clock *clock
	http  *http.Client
	token string
}

const host = "https://zoho.test"

func open(t *testing.T, opt zohobox.Options) *app {
	t.Helper()
	a := &app{t: t, clock: &clock{t: time.Date(2026, 3, 1, 9, 15, 0, 0, time.UTC)}}
	opt.Now = a.clock.now
	opt.ManualDelivery = true
	box, err := zohobox.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	a.box = box
	a.http = &http.Client{Transport: checked(box.Transport()), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a.token = a.login(box.Credentials().RefreshToken)
	return a
}

// later lets time pass and fetches a new token if the old one lapsed.
func (a *app) later(d time.Duration) {
	a.t.Helper()
	a.clock.step(d)
	if d >= 50*time.Minute {
		a.token = a.login(a.box.Credentials().RefreshToken)
	}
}

// as is the same organisation seen by another user.
func (a *app) as(who string) *app {
	a.t.Helper()
	other := *a
	other.token = a.login(a.box.TokenFor(who))
	return &other
}

func (a *app) login(refresh string) string {
	a.t.Helper()
	r := a.oauth(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
	tok, _ := r.body["access_token"].(string)
	if tok == "" {
		a.t.Fatalf("no access token: %d %v", r.status, r.body)
	}
	return tok
}

func (a *app) oauth(form url.Values) reply {
	a.t.Helper()
	cred := a.box.Credentials()
	for k, v := range map[string]string{"client_id": cred.ClientID, "client_secret": cred.ClientSecret} {
		if !form.Has(k) {
			form.Set(k, v)
		}
	}
	req, err := http.NewRequest(http.MethodPost, host+"/oauth/v2/token", strings.NewReader(form.Encode()))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.send(req)
}

type reply struct {
	t      *testing.T
	status int
	body   obj
	raw    string
	header http.Header
}

// call sends a request; headers come as pairs after the body.
func (a *app) call(method, path string, body any, headers ...string) reply {
	a.t.Helper()
	var rd io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		rd = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			a.t.Fatal(err)
		}
		rd = bytes.NewReader(raw)
	}
	if !strings.HasPrefix(path, "/_sandbox") && !strings.HasPrefix(path, "/oauth") && !strings.HasPrefix(path, "/crm") {
		path = "/crm/v8" + path
	}
	req, err := http.NewRequest(method, host+path, rd)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.token != "" {
		req.Header.Set("Authorization", "Zoho-oauthtoken "+a.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return a.send(req)
}

func (a *app) send(req *http.Request) reply {
	a.t.Helper()
	resp, err := a.http.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	r := reply{t: a.t, status: resp.StatusCode, raw: string(raw), header: resp.Header}
	if len(raw) > 0 {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		_ = dec.Decode(&r.body)
	}
	return r
}

func (a *app) get(path string, headers ...string) reply {
	a.t.Helper()
	return a.call(http.MethodGet, path, nil, headers...)
}

// q escapes a query value.
func q(s string) string { return url.QueryEscape(s) }

// at reads a value by a path such as data.0.details.id.
func (r reply) at(path string) any {
	var v any = r.body
	for _, p := range strings.Split(path, ".") {
		switch x := v.(type) {
		case obj:
			v = x[p]
		case []any:
			n := 0
			if _, err := fmt.Sscan(p, &n); err != nil || n >= len(x) {
				return nil
			}
			v = x[n]
		default:
			return nil
		}
	}
	return v
}

func (r reply) str(path string) string {
	if v := r.at(path); v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

func (r reply) len(path string) int {
	l, _ := r.at(path).([]any)
	return len(l)
}

// want checks the status and pairs of path and value, compared as text.
func (r reply) want(status int, pairs ...string) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Errorf("status %d, want %d: %s", r.status, status, r.raw)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if got := r.str(pairs[i]); got != pairs[i+1] {
			r.t.Errorf("%s is %q, want %q in %s", pairs[i], got, pairs[i+1], r.raw)
		}
	}
	return r
}

func data(records ...obj) obj {
	rows := make([]any, 0, len(records))
	for _, r := range records {
		rows = append(rows, r)
	}
	return obj{"data": rows}
}

func ref(id string) obj { return obj{"id": id} }

// make inserts one record and returns its id.
func (a *app) make(module string, o obj) string {
	a.t.Helper()
	r := a.call(http.MethodPost, "/"+module, data(o))
	if r.status != 201 {
		a.t.Fatalf("insert into %s: %d %s", module, r.status, r.raw)
	}
	return r.str("data.0.details.id")
}

func (a *app) insert(module string, records ...obj) reply {
	a.t.Helper()
	return a.call(http.MethodPost, "/"+module, data(records...))
}

func (a *app) put(module, id string, o obj, headers ...string) reply {
	a.t.Helper()
	return a.call(http.MethodPut, "/"+module+"/"+id, data(o), headers...)
}

func (a *app) read(module, id string) obj {
	a.t.Helper()
	r := a.get("/" + module + "/" + id)
	if r.status != 200 {
		a.t.Fatalf("read %s %s: %d %s", module, id, r.status, r.raw)
	}
	o, _ := r.at("data.0").(obj)
	return o
}

func (a *app) coql(query string) reply {
	a.t.Helper()
	return a.call(http.MethodPost, "/coql", obj{"select_query": query})
}

func (a *app) do(act zohobox.Action) string {
	a.t.Helper()
	r, err := a.box.Do(a.t.Context(), act)
	if err != nil {
		a.t.Fatal(err)
	}
	return r.ID
}

// field creates a custom field and returns its API name as the vendor reports it.
func (a *app) field(module string, o obj) string {
	a.t.Helper()
	r := a.call(http.MethodPost, "/settings/fields?module="+module, obj{"fields": []any{o}})
	if r.status != 201 {
		a.t.Fatalf("create field: %d %s", r.status, r.raw)
	}
	got := a.get("/settings/fields/" + r.str("fields.0.details.id") + "?module=" + module)
	return got.str("fields.0.api_name")
}

func (a *app) externalID(module string) string {
	a.t.Helper()
	return a.field(module, obj{"field_label": "QBO Id", "data_type": "text", "length": 50, "external": obj{"type": "org", "show": false}})
}

func (a *app) layout(module, name string) string {
	a.t.Helper()
	r := a.get("/settings/layouts?module=" + module)
	for i := range r.len("layouts") {
		if r.str(fmt.Sprintf("layouts.%d.name", i)) == name {
			return r.str(fmt.Sprintf("layouts.%d.id", i))
		}
	}
	return ""
}
