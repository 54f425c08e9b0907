package company

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Side is one of the two systems, by the name that people use.
type Side string

// The two sides.
const (
	CRM   Side = "Zoho CRM"
	Books Side = "QuickBooks"
)

// World is both sandboxes as people and checkers reach them: by HTTP, in this
// process or in another.
type World interface {
	ZohoURL() string
	QuickBooksURL() string
	Client() *http.Client
}

// At is the world of two sandboxes that listen at the given addresses.
func At(zohoURL, quickBooksURL string) World {
	return world{zoho: strings.TrimSuffix(zohoURL, "/"), books: strings.TrimSuffix(quickBooksURL, "/"), client: http.DefaultClient}
}

// World reaches the two sandboxes of this company without sockets.
func (c *Company) World() World {
	return world{
		zoho: "http://zoho.sandbox", books: "http://quickbooks.sandbox",
		client: &http.Client{Transport: byHost{"zoho.sandbox": c.Zoho.Transport(), "quickbooks.sandbox": c.QuickBooks.Transport()}},
	}
}

type world struct {
	zoho, books string
	client      *http.Client
}

func (w world) ZohoURL() string       { return w.zoho }
func (w world) QuickBooksURL() string { return w.books }
func (w world) Client() *http.Client  { return w.client }

type byHost map[string]http.RoundTripper

func (h byHost) RoundTrip(r *http.Request) (*http.Response, error) {
	t := h[r.URL.Host]
	if t == nil {
		return nil, fmt.Errorf("no sandbox is called %s", r.URL.Host)
	}
	return t.RoundTrip(r)
}

func baseOf(w World, side Side) string {
	if side == CRM {
		return w.ZohoURL()
	}
	return w.QuickBooksURL()
}

// action is what a person does on one side; both sandboxes read the same words.
type action struct {
	User   string `json:"user"`
	Action string `json:"action"`
	Type   string `json:"type,omitempty"`
	ID     string `json:"id,omitempty"`
	Data   object `json:"data,omitempty"`
	Into   string `json:"into,omitempty"`
}

// act lets a person do something and returns the id of what was touched.
func act(ctx context.Context, w World, side Side, a action) (string, error) {
	var got struct {
		ID string `json:"id"`
	}
	if err := exchange(ctx, w, side, http.MethodPost, "/_sandbox/do", a, &got); err != nil {
		return "", fmt.Errorf("%s: %s %s %s: %w", side, a.User, a.Action, a.Type, err)
	}
	return got.ID, nil
}

func exchange(ctx context.Context, w World, side Side, method, path string, body, into any) error {
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, baseOf(w, side)+path, in)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.Client().Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusMultipleChoices {
		told, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
		return fmt.Errorf("%s: %s", resp.Status, bytes.TrimSpace(told))
	}
	if into == nil || resp.StatusCode == http.StatusNoContent {
		return nil
	}
	dec := json.NewDecoder(resp.Body)
	dec.UseNumber()
	return dec.Decode(into)
}

// records reads all records of one type from the truth of a side.
func records(ctx context.Context, w World, side Side, typ string) ([]object, error) {
	var got struct {
		Records map[string][]object `json:"records"`
	}
	if err := exchange(ctx, w, side, http.MethodGet, "/_sandbox/state?type="+url.QueryEscape(typ), nil, &got); err != nil {
		return nil, fmt.Errorf("read the %s of %s: %w", typ, side, err)
	}
	return got.Records[typ], nil
}

// one finds the only record that holds the given values.
func one(ctx context.Context, w World, side Side, typ string, where map[string]string) (object, error) {
	all, err := records(ctx, w, side, typ)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(all, func(o object) bool { return !holds(o, where) })
	if len(found) != 1 {
		return nil, fmt.Errorf("%s has %d records of %s with %s, want one", side, len(found), typ, words(where))
	}
	return found[0], nil
}

// holds tells whether a record has all the given values.
func holds(o object, where map[string]string) bool {
	for path, want := range where {
		if !agrees(textAt(o, path), want) {
			return false
		}
	}
	return true
}

// agrees compares a value with what is wanted: numbers by their worth, a "*" at
// the end as any ending, and nothing as no value.
func agrees(got, want string) bool {
	if start, open := strings.CutSuffix(want, "*"); open {
		return got != "" && strings.HasPrefix(got, start)
	}
	if got == want {
		return true
	}
	a, errA := decimal.NewFromString(got)
	b, errB := decimal.NewFromString(want)
	return errA == nil && errB == nil && a.Equal(b)
}

// textAt follows a dotted path and prints what it finds; "" is nothing.
func textAt(o object, path string) string {
	var cur any = o
	for key := range strings.SplitSeq(path, ".") {
		m, inside := cur.(object)
		if !inside {
			return ""
		}
		cur = m[key]
	}
	switch v := cur.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	case object:
		return textAt(v, "value")
	default:
		raw, _ := json.Marshal(v)
		return string(raw)
	}
}

func words(where map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(where)) {
		parts = append(parts, fmt.Sprintf("%s %q", k, where[k]))
	}
	return strings.Join(parts, ", ")
}

// idOf is a record's id, whichever side it is from.
func idOf(o object) string {
	if id := textAt(o, "id"); id != "" {
		return id
	}
	return textAt(o, "Id")
}
