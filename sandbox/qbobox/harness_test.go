package qbobox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// clock is a time that a test moves by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 5, 5, 9, 0, 0, 100e6, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// client speaks HTTP to a box and knows nothing of its insides.
type client struct {
	t     testing.TB
	box   *qbobox.Box
	clock *clock
	http  http.RoundTripper
	token string
	realm string
}

func open(t testing.TB, opts ...func(*qbobox.Options)) *client {
	t.Helper()
	c := newClock()
	o := qbobox.Options{Now: c.now, Seed: 7, ManualDelivery: true}
	for _, f := range opts {
		f(&o)
	}
	box, err := qbobox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	cl := &client{t: t, box: box, clock: c, http: box.Transport(), realm: box.Credentials().RealmID}
	cl.login()
	return cl
}

type m = map[string]any

func (c *client) login() {
	c.t.Helper()
	cred := c.box.Credentials()
	status, body, _ := c.tokenCall(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {cred.RefreshToken}}, cred.ClientID, cred.ClientSecret, nil)
	if status != 200 {
		c.t.Fatalf("login: %d %v", status, body)
	}
	c.token = body["access_token"].(string)
}

func (c *client) tokenCall(form url.Values, id, secret string, header http.Header) (int, m, http.Header) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), "POST", "http://oauth.example/oauth2/v1/tokens/bearer", strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(id, secret)
	return c.roundTrip(req)
}

func (c *client) roundTrip(req *http.Request) (int, m, http.Header) {
	c.t.Helper()
	resp, err := c.http.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var out m
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&out); err != nil {
		out = m{"raw": string(raw)}
	}
	if t, ok := c.t.(*testing.T); ok && strings.HasPrefix(req.URL.Path, "/v3/company/") {
		if j := newJudge(t); j != nil { // every answer of every test, where the reference is there
			j.answer(out)
			for k, v := range j.found {
				if servedDeviations[k] == "" {
					t.Errorf("%s %s: neither the schema nor a recording has %s, e.g. %v", req.Method, req.URL.Path, k, v)
				}
			}
		}
	}
	return resp.StatusCode, out, resp.Header
}

// call makes one company call; path is relative and may hold a query.
func (c *client) call(method, path string, body any) (int, m) {
	c.t.Helper()
	status, out, _ := c.callWith(method, path, body, http.Header{"Accept": {"application/json"}})
	return status, out
}

func (c *client) callWith(method, path string, body any, header http.Header) (int, m, http.Header) {
	c.t.Helper()
	var rd io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		rd = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		rd = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, "http://api.example/v3/company/"+c.realm+"/"+path, rd)
	if err != nil {
		c.t.Fatal(err)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	return c.roundTrip(req)
}

// post writes an entity and returns it; any fault fails the test.
func (c *client) post(path string, body any) m {
	c.t.Helper()
	status, out := c.call("POST", path, body)
	if status != 200 || out["Fault"] != nil {
		c.t.Fatalf("POST %s %v: %d %v", path, body, status, out)
	}
	for k, v := range out {
		if o, ok := v.(m); ok && k != "time" {
			return o
		}
	}
	c.t.Fatalf("POST %s: no entity in %v", path, out)
	return nil
}

func (c *client) get(path string) m {
	c.t.Helper()
	status, out := c.call("GET", path, nil)
	if status != 200 {
		c.t.Fatalf("GET %s: %d %v", path, status, out)
	}
	for k, v := range out {
		if o, ok := v.(m); ok && k != "time" {
			return o
		}
	}
	return out
}

func (c *client) query(q string) m {
	c.t.Helper()
	status, out := c.call("GET", "query?query="+url.QueryEscape(q), nil)
	if status != 200 {
		c.t.Fatalf("%s: %d %v", q, status, out)
	}
	return out["QueryResponse"].(m)
}

// ids are the ids a query finds, in order.
func (c *client) ids(entity, q string) string {
	c.t.Helper()
	return c.props(entity, "Id", q)
}

func (c *client) props(entity, prop, q string) string {
	c.t.Helper()
	rows, _ := c.query(q)[entity].([]any)
	var out []string
	for _, r := range rows {
		out = append(out, s(r, prop))
	}
	return strings.Join(out, ",")
}

// fault expects a refusal and returns code, detail and element.
func (c *client) fault(method, path string, body any) (status int, code, detail, element string) {
	c.t.Helper()
	status, out := c.call(method, path, body)
	return status, s(out, "Fault.Error.0.code"), s(out, "Fault.Error.0.Detail"), s(out, "Fault.Error.0.element")
}

func (c *client) do(a qbobox.Action) qbobox.Result {
	c.t.Helper()
	if a.User == "" {
		a.User = "Eva"
	}
	r, err := c.box.Do(context.Background(), a)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *client) customer(name string, more ...m) m {
	c.t.Helper()
	body := m{"DisplayName": name}
	for _, x := range more {
		for k, v := range x {
			body[k] = v
		}
	}
	return c.post("customer", body)
}

func (c *client) vendor(name string) m { c.t.Helper(); return c.post("vendor", m{"DisplayName": name}) }

// account returns the id of a seeded account by name.
func (c *client) account(name string) string {
	c.t.Helper()
	for _, a := range c.box.All("Account") {
		if a["Name"] == name {
			return a["Id"].(string)
		}
	}
	c.t.Fatalf("no account %q", name)
	return ""
}

func (c *client) service(name string, more ...m) m {
	c.t.Helper()
	body := m{"Name": name, "Type": "Service", "IncomeAccountRef": v(c.account("Services")), "ExpenseAccountRef": v(c.account("Purchases"))}
	for _, x := range more {
		for k, val := range x {
			body[k] = val
		}
	}
	return c.post("item", body)
}

func (c *client) stockItem(name string, qty any, start string) m {
	c.t.Helper()
	return c.post("item", c.stockBody(name, qty, start))
}

func (c *client) stockBody(name string, qty any, start string) m {
	return m{
		"Name": name, "Type": "Inventory", "TrackQtyOnHand": true, "QtyOnHand": qty, "InvStartDate": start, "UnitPrice": 15, "PurchaseCost": 10,
		"IncomeAccountRef": v(c.account("Sales of Product Income")), "ExpenseAccountRef": v(c.account("Cost of Goods Sold")),
		"AssetAccountRef": v(c.account("Inventory Asset")), "Taxable": true,
	}
}

func v(id string) m { return m{"value": id} }

func saleLine(item string, qty, price, amount any) m {
	d := m{"ItemRef": v(item)}
	if qty != nil {
		d["Qty"] = qty
	}
	if price != nil {
		d["UnitPrice"] = price
	}
	return m{"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": d}
}

func (c *client) invoice(customer string, amount any, more ...m) m {
	c.t.Helper()
	body := m{"CustomerRef": v(customer), "Line": []any{saleLine("1", nil, nil, amount)}}
	for _, x := range more {
		for k, val := range x {
			body[k] = val
		}
	}
	return c.post("invoice", body)
}

// s reads a dotted path, arrays by index, as text.
func s(o any, path string) string {
	cur := o
	for part := range strings.SplitSeq(path, ".") {
		switch x := cur.(type) {
		case m:
			cur = x[part]
		case []any:
			i := 0
			for _, ch := range part {
				i = i*10 + int(ch-'0')
			}
			if i >= len(x) {
				return ""
			}
			cur = x[i]
		default:
			return ""
		}
	}
	switch x := cur.(type) {
	case nil:
		return ""
	case string:
		return x
	case json.Number:
		return x.String()
	case bool:
		if x {
			return "true"
		}
		return "false"
	default:
		raw, _ := json.Marshal(x)
		return string(raw)
	}
}

// check compares dotted paths with expected texts.
func check(t testing.TB, o any, want map[string]string) {
	t.Helper()
	for path, w := range want {
		if got := s(o, path); got != w {
			t.Errorf("%s: got %q, want %q", path, got, w)
		}
	}
}

// try makes a call that may fail on the wire.
func (c *client) try(path, body string) error {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), "POST", "http://api.example/v3/company/"+c.realm+"/"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/json")
	resp, err := c.http.RoundTrip(req)
	if err != nil {
		return err
	}
	_, err = io.ReadAll(resp.Body)
	return err
}
