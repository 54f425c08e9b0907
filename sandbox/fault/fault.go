// Package fault is the fault dial of the sandboxes: rules that make a call
// fail the way real networks and real vendors fail, on demand and repeatably.
//
// A Dial wraps a sandbox's handler. Each rule names a kind of failure, which
// calls it concerns and how often it strikes. The important distinction is
// the moment: a "before" kind loses the call before the sandbox saw it, an
// "after" kind lets the sandbox commit and loses only the answer. A client
// cannot tell the two apart, and that is the point.
//
// The package knows nothing of either vendor. What a 429 or an error body
// looks like is told to it by the rule or by the sandbox (see Dial.Shape).
package fault

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kinds of failure.
const (
	TimeoutBefore  = "timeout_before"  // nothing happens, no answer comes
	TimeoutAfter   = "timeout_after"   // the call is committed, no answer comes
	Reset          = "reset"           // the connection breaks before anything happens
	ResetAfter     = "reset_after"     // the call is committed, then the connection breaks
	ResetMidBody   = "reset_mid_body"  // the call is committed, half of the answer arrives
	Status         = "status"          // an answer with the given status (5xx and the like)
	RateLimit      = "rate_limit"      // 429, with Retry-After when the rule has one
	HTML           = "html"            // status 200 (or the given one) and a page of HTML
	Truncate       = "truncate"        // the call is committed, a complete answer holds half the text
	ExpireToken    = "expire_token"    // access tokens expire, then the call goes on
	NotifyDrop     = "notify_drop"     // a notification is lost
	NotifyDelay    = "notify_delay"    // a notification is late by Delay
	NotifyDouble   = "notify_double"   // a notification comes twice
	NotifyReorder  = "notify_reorder"  // a notification comes after the next one
	notifyPrefix   = "notify_"         // all kinds that concern notifications
	defaultHold    = 130 * time.Second // longer than any sane client waits
	sandboxRoot    = "/_sandbox/"      // the sandbox's own pages never fail
	defaultTooMany = http.StatusTooManyRequests
)

var kinds = []string{
	TimeoutBefore, TimeoutAfter, Reset, ResetAfter, ResetMidBody, Status, RateLimit, HTML, Truncate, ExpireToken,
	NotifyDrop, NotifyDelay, NotifyDouble, NotifyReorder,
}

// Rule is one failure and when it strikes. Empty conditions match everything.
type Rule struct {
	ID           int    `json:"id"`
	Kind         string `json:"kind"`
	Method       string `json:"method,omitempty"`
	PathContains string `json:"path_contains,omitempty"` // path and query, as sent
	BodyContains string `json:"body_contains,omitempty"`
	// Status of the answer for status, rate_limit and html.
	Status int `json:"status,omitempty"`
	// Code is an error code of the vendor for status and rate_limit: the sandbox writes its body, and gives the status that goes
	// with it unless the rule has one.
	Code string `json:"code,omitempty"`
	// Body replaces the sandbox's own error body for status, rate_limit and html.
	Body string `json:"body,omitempty"`
	// After lets the call commit before a status, rate_limit or html answer replaces the true one.
	After bool `json:"after,omitempty"`
	// RetryAfter in seconds; 0 sends no such header.
	RetryAfter int `json:"retry_after,omitempty"`
	// DelayMS is how late a notify_delay notification is.
	DelayMS int `json:"delay_ms,omitempty"`
	// Skip lets that many matching calls pass first; Times bounds how often it strikes (0 = always).
	Skip  int `json:"skip,omitempty"`
	Times int `json:"times,omitempty"`
	// Probability between 0 and 1; 0 means certain.
	Probability float64 `json:"probability,omitempty"`
	// Seen and Fired count matching calls and strikes; they are set by the dial.
	Seen  int `json:"seen"`
	Fired int `json:"fired"`
}

// Dial holds the rules of one sandbox. It is safe for concurrent use.
type Dial struct {
	// Hold bounds how long a timed-out call over a socket is kept open. Set before use.
	Hold time.Duration
	// HoldStatus is what the vendor's gateway answers when it gives up on a call after Hold; 0 breaks the connection instead. Set before use.
	HoldStatus int
	// OnExpireToken is called by expire_token rules. Set before use.
	OnExpireToken func()
	// Shape gives the vendor's body and content type for a status and a rule without Body. Set before use.
	Shape func(status int, r *http.Request) (contentType, body string)

	// Refusal gives what the vendor answers under an error code: its status where the rule has none, content type and body.
	// Known is false for a code that the vendor does not have. Set before use.
	Refusal func(code string, status int, r *http.Request) (answer Refusal, known bool)

	mu    sync.Mutex
	rules []*Rule
	next  int
	rng   *rand.Rand
}

// Refusal is a false answer that carries an error code of the vendor.
type Refusal struct {
	Status      int
	ContentType string
	Body        string
}

// New returns a dial without rules. Rules with a probability draw from the seed.
func New(seed int64) *Dial {
	return &Dial{Hold: defaultHold, rng: rand.New(rand.NewPCG(uint64(seed), 0xfa17))}
}

// Add appends a rule and returns it with its id.
func (d *Dial) Add(r Rule) (Rule, error) {
	if !slices.Contains(kinds, r.Kind) {
		return Rule{}, fmt.Errorf("unknown kind of fault %q: use one of %s", r.Kind, strings.Join(kinds, ", "))
	}
	if r.Probability < 0 || r.Probability > 1 {
		return Rule{}, errors.New("probability must be between 0 and 1")
	}
	if r.Status != 0 && (r.Status < 100 || r.Status > 599) {
		return Rule{}, errors.New("status must be a number between 100 and 599")
	}
	if r.Code != "" {
		if err := d.knows(r); err != nil {
			return Rule{}, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next++
	r.ID, r.Seen, r.Fired = d.next, 0, 0
	d.rules = append(d.rules, &r)
	return r, nil
}

// knows says why a rule cannot answer under its code.
func (d *Dial) knows(r Rule) error {
	if r.Kind != Status && r.Kind != RateLimit {
		return fmt.Errorf("a code goes with the kinds %s and %s", Status, RateLimit)
	}
	if d.Refusal == nil {
		return errors.New("this sandbox knows no error codes: give status and body")
	}
	if _, known := d.Refusal(r.Code, r.Status, nil); !known {
		return fmt.Errorf("the vendor has no error code %q", r.Code)
	}
	return nil
}

// Clear removes all rules.
func (d *Dial) Clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rules = nil
}

// Remove removes one rule and says whether it was there.
func (d *Dial) Remove(id int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.rules)
	d.rules = slices.DeleteFunc(d.rules, func(r *Rule) bool { return r.ID == id })
	return len(d.rules) < n
}

// List returns the rules with their counts.
func (d *Dial) List() []Rule {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]Rule, 0, len(d.rules))
	for _, r := range d.rules {
		out = append(out, *r)
	}
	return out
}

// strike returns the first rule that hits this call, if any. Every rule that
// matches counts the call as seen, whether or not it strikes.
func (d *Dial) strike(notification bool, method, path string, body []byte) (Rule, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var hit *Rule
	for _, r := range d.rules {
		if strings.HasPrefix(r.Kind, notifyPrefix) != notification || !r.matches(method, path, body) {
			continue
		}
		r.Seen++
		if hit != nil || r.Seen <= r.Skip || (r.Times > 0 && r.Fired >= r.Times) {
			continue
		}
		if r.Probability > 0 && d.rng.Float64() >= r.Probability {
			continue
		}
		r.Fired++
		hit = r
	}
	if hit == nil {
		return Rule{}, false
	}
	return *hit, true
}

func (r *Rule) matches(method, path string, body []byte) bool {
	return (r.Method == "" || strings.EqualFold(r.Method, method)) &&
		strings.Contains(path, r.PathContains) &&
		(r.BodyContains == "" || strings.Contains(string(body), r.BodyContains))
}

// Delivery says what happens to one notification.
type Delivery struct {
	Drop    bool
	Double  bool
	Reorder bool // deliver it after the next one
	Delay   time.Duration
}

// Notification asks the dial about one outgoing notification. A delayed or
// reordered one must not be asked about again when its time has come.
func (d *Dial) Notification(url string, body []byte) Delivery {
	r, ok := d.strike(true, http.MethodPost, url, body)
	if !ok {
		return Delivery{}
	}
	return Delivery{
		Drop:    r.Kind == NotifyDrop,
		Double:  r.Kind == NotifyDouble,
		Reorder: r.Kind == NotifyReorder,
		Delay:   time.Duration(r.DelayMS) * time.Millisecond,
	}
}
