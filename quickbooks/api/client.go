package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crossbook/transport"
)

// minorVersion is both the default and the floor since August 2025
// (reference/quickbooks-online.md section 2).
const minorVersion = "75"

// maxBody bounds an answer: a thousand large documents stay well below it.
const maxBody = 256 << 20

// Options say where a company is and how its calls travel.
type Options struct {
	// BaseURL is the API's base, such as https://quickbooks.api.intuit.com.
	BaseURL string
	// Realm is the company's id, a string of digits.
	Realm string
	// Transport is the chain of package transport; nil is http.DefaultTransport.
	Transport http.RoundTripper
	// UserAgent names the caller to the vendor.
	UserAgent string
}

// Client calls one company. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	realm string
	agent string
	http  *http.Client
}

// New checks the options; no call is made. A base URL that is neither the
// vendor's nor on this machine is refused.
func New(o Options) (*Client, error) {
	base, err := transport.CheckBase(transport.QuickBooks, o.BaseURL)
	if err != nil {
		return nil, err
	}
	if !isDigits(o.Realm) {
		return nil, fmt.Errorf("QuickBooks company id %q is not a number: take realmId from the consent's answer", o.Realm)
	}
	rt := o.Transport
	if rt == nil {
		rt = http.DefaultTransport
	}
	return &Client{base: base, realm: o.Realm, agent: o.UserAgent, http: &http.Client{
		Transport: rt,
		// A redirect would carry the token along; the API sends none.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Realm is the id of the company the client calls.
func (c *Client) Realm() string { return c.realm }

// Call is one exchange, prepared to the byte. It holds no secret and survives
// JSON, so that it can be stored before it is sent.
type Call struct {
	Method string `json:"method"`
	// Path is below /v3/company/{realm}: "/customer", "/batch".
	Path   string            `json:"path"`
	Query  url.Values        `json:"query,omitempty"`
	Header map[string]string `json:"header,omitempty"`
	Body   []byte            `json:"body,omitempty"`
	// Kind is what the call counts as. A RecordRead changes nothing whatever its
	// method, and may be repeated.
	Kind transport.Kind `json:"kind"`
}

// RequestID is the idempotency key of a write.
func (c Call) RequestID() string { return c.Query.Get("requestid") }

func (c Call) String() string { return c.Method + " " + c.Path }

// class tells the transport what it must know.
func (c Call) class() transport.Class {
	kind := c.Kind
	if kind == "" {
		kind = transport.Other
	}
	return transport.Class{
		Kind:  kind,
		Read:  c.Method == http.MethodGet || kind == transport.RecordRead || c.Path == "/query",
		Batch: c.Path == "/batch",
	}
}

// Reply is what the vendor answered.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	// At is the vendor's own time of the answer, taken before it read its data:
	// the only safe cursor. Zero when the answer bears no time.
	At time.Time
	// TraceID is intuit_tid, the number the vendor's support asks for.
	TraceID string
}

// Do makes the call. Every error is an *Error; the Reply is filled whenever an
// answer arrived, also beside an error. A Fault in the body is an error at any
// HTTP status (reference/quickbooks-online.md section 2).
func (c *Client) Do(ctx context.Context, call Call) (Reply, error) {
	class := call.class()
	if !class.Read && call.RequestID() == "" {
		return Reply{}, &Error{Kind: transport.FaultBug, Call: call.String(), Err: errors.New("a write without requestid")}
	}
	req, err := c.request(transport.WithClass(ctx, class), call)
	if err != nil {
		return Reply{}, &Error{Kind: transport.FaultBug, Call: call.String(), Err: err}
	}
	res, err := c.http.Do(req)
	if err != nil {
		return Reply{}, lost(call, class, Reply{}, err)
	}
	defer func() { _ = res.Body.Close() }()
	reply := Reply{Status: res.StatusCode, Header: res.Header, TraceID: res.Header.Get("intuit_tid")}
	reply.At, _ = http.ParseTime(res.Header.Get("Date"))
	reply.Body, err = io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return reply, lost(call, class, reply, fmt.Errorf("read answer: %w", err))
	}
	env := readEnvelope(reply.Body)
	if !env.at.IsZero() {
		reply.At = env.at
	}
	if e := classify(call, class, reply, env); e != nil {
		return reply, e
	}
	return reply, nil
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	u := *c.base
	u.Path += "/v3/company/" + c.realm + call.Path
	q := url.Values{"minorversion": {minorVersion}}
	for k, v := range call.Query {
		q[k] = v
	}
	// Encode writes a blank as "+"; %20 is understood by every parser on the way.
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	var body io.Reader
	if call.Body != nil || call.Method == http.MethodPost {
		body = bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, u.String(), body)
	if err != nil {
		return nil, err
	}
	// Without Accept the answer would be XML.
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
		Kind: transport.FaultOf(err), RetryAfter: transport.WaitOf(err),
		Status: reply.Status, TraceID: reply.TraceID, Call: call.String(), Err: err,
	}
}

// envelope is what every answer has besides its content.
type envelope struct {
	json  bool // the body is JSON
	fault *fault
	at    time.Time
}

// readEnvelope finds the time, "2026-05-05T02:08:54.543-07:00" or a gateway
// fault's epoch milliseconds, and a fault of any shape: standard JSON, gateway
// JSON with lower-case keys, XML (reference/quickbooks-online.md section 12.1).
func readEnvelope(body []byte) envelope {
	if strings.HasPrefix(strings.TrimSpace(string(body[:min(len(body), 64)])), "<") {
		return envelope{fault: xmlFault(body)}
	}
	var w struct {
		Fault *wireFault      `json:"Fault"`
		Time  json.RawMessage `json:"time"`
	}
	var wrongType *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &w); err != nil && !errors.As(err, &wrongType) {
		return envelope{}
	}
	env := envelope{json: true}
	if w.Fault != nil {
		env.fault = w.Fault.fault()
	}
	var text string
	var millis int64
	if json.Unmarshal(w.Time, &text) == nil {
		env.at = parseTime(text)
	} else if json.Unmarshal(w.Time, &millis) == nil {
		env.at = time.UnixMilli(millis).UTC()
	}
	return env
}

// parseTime reads an offset time; anything else is the zero time.
func parseTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// decode reads JSON with numbers kept exact.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}
