package oascheck

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Finding is one way in which answers differ from the vendor's documents.
type Finding struct {
	Operation string // "GET /settings/fields", the path as the documents write it
	Status    int
	At        string // place in the answer, as in "$.fields[].length"
	What      string // what is wrong there, without values
	Example   string // the request and the value of the first answer of this kind
}

func (f Finding) String() string {
	return fmt.Sprintf("%s %d %s: %s, as in %s", f.Operation, f.Status, f.At, f.What, f.Example)
}

func (f Finding) key() Finding { f.Example = ""; return f }

// Check compares answers with documents. It is safe for concurrent use.
type Check struct {
	routes []*route

	mu      sync.Mutex
	seen    map[uint64]bool
	found   map[Finding]string // the key to its example
	schemas map[*response]*jsonschema.Schema
	answers int
	comp    *jsonschema.Compiler
}

// Answers counts the answers that were looked at, and the different ones among
// them.
func (c *Check) Answers() (all, different int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answers, len(c.seen)
}

// Findings lists what differs, in a fixed order.
func (c *Check) Findings() []Finding {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Finding, 0, len(c.found))
	for f, example := range c.found {
		f.Example = example
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b Finding) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// Transport checks the answers that come through next.
func (c *Check) Transport(next http.RoundTripper) http.RoundTripper { return roundTripper{c, next} }

type roundTripper struct {
	check *Check
	next  http.RoundTripper
}

func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil || !covered(r) {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if err == nil {
		t.check.Answer(r, resp.StatusCode, resp.Header, body)
	} else {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), broken{err}))
	}
	return resp, nil
}

// broken gives the error that an answer's body ended with.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// Handler checks the answers of next.
func (c *Check) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !covered(r) {
			next.ServeHTTP(w, r)
			return
		}
		rec := &recorder{ResponseWriter: w}
		next.ServeHTTP(rec, r) // an answer cut off by a panic is none
		c.Answer(r, rec.status, w.Header(), rec.body.Bytes())
	})
}

type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// covered says whether the vendor has documents for this part of the service: it
// has none for OAuth, and the sandbox's own pages are not the vendor's.
func covered(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/crm/") }

// Answer looks at one answer.
func (c *Check) Answer(r *http.Request, status int, header http.Header, body []byte) {
	rt := c.match(r)
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	isJSON := strings.HasSuffix(kind, "json")
	sum := shapeOf(rt, r, status, kind, body, isJSON)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers++
	if c.seen[sum] {
		return
	}
	c.seen[sum] = true
	for _, f := range c.compare(rt, r, status, kind, body, isJSON) {
		if example := f.Example; c.found[f.key()] == "" {
			c.found[f.key()] = r.Method + " " + r.URL.RequestURI() + " " + example
		}
	}
}

func (c *Check) compare(rt *route, r *http.Request, status int, kind string, body []byte, isJSON bool) []Finding {
	if rt == nil {
		return []Finding{{Operation: r.Method + " " + bare(r.URL.Path), Status: status, At: "$", What: "no document has this operation"}}
	}
	at := func(place, what, example string) Finding {
		return Finding{Operation: rt.String(), Status: status, At: place, What: what, Example: clip(example)}
	}
	resp := rt.responses[status]
	switch {
	case resp == nil:
		return []Finding{at("$", "the document has no such status", string(body))}
	case len(body) == 0 && !isJSON:
		if len(resp.content) > 0 {
			return []Finding{at("$", "the document has a body", "")}
		}
		return nil
	case !isJSON && resp.accepts(kind):
		return nil // a file
	case !isJSON || resp.schema == "":
		return []Finding{at("$", "the document has no body of kind "+kind, string(body))}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return []Finding{at("$", "no JSON", string(body))}
	}
	schema, err := c.schema(resp)
	if err != nil {
		return []Finding{at("$", "the document's schema cannot be read: "+err.Error(), "")}
	}
	var found []Finding
	for _, l := range leaves(schema.Validate(value)) {
		found = append(found, at(l.at, l.what, l.example(value)))
	}
	return found
}

func clip(s string) string {
	if len(s) > 200 {
		return s[:200] + "..."
	}
	return s
}
