package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"crossbook/transport"
)

// AuthScheme is the vendor's word before the access token
// (reference/zoho-crm.md section 2.1).
const AuthScheme = "Zoho-oauthtoken"

// maxBody bounds an answer.
const maxBody = 256 << 20

// Options say where an organisation is and how its calls travel.
type Options struct {
	// BaseURL is the api_domain of the token answer: never a constant, since it
	// depends on the data centre.
	BaseURL string
	// Transport is the chain of package transport; nil is http.DefaultTransport.
	Transport http.RoundTripper
	// UserAgent names the caller to the vendor.
	UserAgent string
}

// Client calls one organisation. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	agent string
	http  *http.Client
}

// New checks the options; no call is made. A base URL that is neither the
// vendor's nor on this machine is refused.
func New(o Options) (*Client, error) {
	base, err := transport.CheckBase(transport.Zoho, o.BaseURL)
	if err != nil {
		return nil, err
	}
	rt := o.Transport
	if rt == nil {
		rt = http.DefaultTransport
	}
	return &Client{base: base, agent: o.UserAgent, http: &http.Client{
		Transport: rt,
		// A redirect would carry the token along; the API sends none.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Call is one exchange, prepared to the byte. It holds no secret and survives
// JSON, so that it can be stored before it is sent.
type Call struct {
	Method string `json:"method"`
	// Path is below /crm/v8: "/Contacts", "/coql".
	Path   string            `json:"path"`
	Query  url.Values        `json:"query,omitempty"`
	Header map[string]string `json:"header,omitempty"`
	Body   []byte            `json:"body,omitempty"`
	// Kind is what the call counts as. A RecordRead changes nothing whatever its
	// method, and may be repeated.
	Kind transport.Kind `json:"kind"`
}

func (c Call) String() string { return c.Method + " " + c.Path }

// heavyRecords is the number of records above which a write belongs to the
// sub-concurrency class, and creditRecords how many a credit pays
// (reference/zoho-crm.md section 14).
const (
	heavyRecords  = 10
	creditRecords = 10
)

// class tells the transport what it must know.
func (c Call) class() transport.Class {
	cl := transport.Class{Kind: c.Kind, Credits: 1}
	if cl.Kind == "" {
		cl.Kind = transport.Other
	}
	cl.Read = c.Method == http.MethodGet || cl.Kind == transport.RecordRead
	switch {
	case c.Path == "/coql":
		cl.Heavy, cl.Credits = true, coqlCredits(c.Body)
	case cl.Kind == transport.RecordWrite && c.Method != http.MethodDelete:
		n := countRecords(c.Body)
		cl.Heavy = n > heavyRecords
		cl.Credits = max(1, (n+creditRecords-1)/creditRecords)
	}
	return cl
}

// countRecords counts the elements of a body's data array.
func countRecords(body []byte) int {
	var w struct {
		Data []json.RawMessage `json:"data"`
	}
	_ = json.Unmarshal(body, &w)
	return len(w.Data)
}

var coqlLimit = regexp.MustCompile(`(?i)\blimit\s+(?:\d+\s*,\s*)?(\d+)\b`)

// coqlCredits is 1 for up to 200 rows asked, 2 up to 1000, 3 beyond.
func coqlCredits(body []byte) int {
	all := coqlLimit.FindAllSubmatch(body, -1)
	if len(all) == 0 {
		return 1
	}
	switch n, _ := strconv.Atoi(string(all[len(all)-1][1])); {
	case n <= 200:
		return 1
	case n <= 1000:
		return 2
	}
	return 3
}

// Reply is what the vendor answered.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	// At is the vendor's own time of the answer, from its Date header; zero when
	// the answer bears none. It is whole seconds: a cursor keeps an overlap.
	At time.Time
}

// NotModified tells that If-Modified-Since was asked and nothing is newer.
func (r Reply) NotModified() bool { return r.Status == http.StatusNotModified }

// Empty tells that nothing matched.
func (r Reply) Empty() bool { return r.Status == http.StatusNoContent || r.NotModified() }

// Do makes the call. Every error is an *Error; the Reply is filled whenever an
// answer arrived, also beside an error. An answer to a write that holds one
// result per record is no error at any HTTP status but 5xx: see DecodeResults.
func (c *Client) Do(ctx context.Context, call Call) (Reply, error) {
	class := call.class()
	req, err := c.request(transport.WithClass(ctx, class), call)
	if err != nil {
		return Reply{}, &Error{Kind: transport.FaultBug, Call: call.String(), Err: err}
	}
	res, err := c.http.Do(req)
	if err != nil {
		return Reply{}, lost(call, class, Reply{}, err)
	}
	defer func() { _ = res.Body.Close() }()
	reply := Reply{Status: res.StatusCode, Header: res.Header}
	reply.At, _ = http.ParseTime(res.Header.Get("Date"))
	reply.Body, err = io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return reply, lost(call, class, reply, fmt.Errorf("read answer: %w", err))
	}
	if e := classify(call, class, reply); e != nil {
		return reply, e
	}
	return reply, nil
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	u := *c.base
	u.Path += "/crm/v8" + call.Path
	u.RawQuery = strings.ReplaceAll(call.Query.Encode(), "+", "%20")
	var body io.Reader
	if call.Body != nil {
		body = bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.agent != "" {
		req.Header.Set("User-Agent", c.agent)
	}
	for k, v := range call.Header {
		req.Header.Set(k, v)
	}
	return req, nil
}

// lost is the error of an exchange that broke off.
func lost(call Call, class transport.Class, reply Reply, err error) *Error {
	err = transport.Lost(class, err)
	return &Error{
		Kind: transport.FaultOf(err), RetryAfter: transport.WaitOf(err), Status: reply.Status, Call: call.String(), Err: err,
	}
}

// get makes a GET and decodes its body; an empty answer leaves into untouched.
func (c *Client) get(ctx context.Context, call Call, into any) (Reply, error) {
	reply, err := c.Do(ctx, call)
	if err != nil || reply.Empty() {
		return reply, err
	}
	if err := decode(reply.Body, into); err != nil {
		return reply, &Error{Kind: transport.FaultRetry, Status: reply.Status, Call: call.String(), Err: err}
	}
	return reply, nil
}

// decode reads JSON with numbers kept exact.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}

// encode writes JSON the same way each time: keys in order, no HTML escapes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
