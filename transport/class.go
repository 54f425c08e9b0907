package transport

import (
	"context"
	"net/http"
)

// Kind is what a call counts as in budgets. Lower bounds are proved per kind
// (design section 10): settings, metadata and sign-in are counted apart from
// records.
type Kind string

// The kinds of call.
const (
	RecordRead  Kind = "record_read"
	RecordWrite Kind = "record_write"
	Metadata    Kind = "metadata"
	OAuth       Kind = "oauth"
	Channel     Kind = "channel" // upkeep of notification subscriptions
	Other       Kind = "other"
)

// Class says what the decorators must know of a call beyond its bytes.
type Class struct {
	Kind Kind
	// Read marks a call that changes nothing at the vendor, whatever its
	// method: only such calls are repeated.
	Read bool
	// Heavy marks Zoho's sub-concurrency class: writes of more than ten
	// records, COQL (reference/zoho-crm.md section 14).
	Heavy bool
	// Batch marks QuickBooks' batch calls, which have their own rate
	// (reference/quickbooks-online.md section 11).
	Batch bool
	// Credits is what the vendor charges; 0 counts as 1.
	Credits int
}

type classKey struct{}

// WithClass tells the chain what the calls made with this context are.
func WithClass(ctx context.Context, c Class) context.Context {
	return context.WithValue(ctx, classKey{}, c)
}

// ClassOf is what WithClass said; without it a GET is a read of kind Other and
// anything else a write of kind Other.
func ClassOf(r *http.Request) Class {
	c, ok := r.Context().Value(classKey{}).(Class)
	if !ok {
		c = Class{Kind: Other, Read: r.Method == http.MethodGet || r.Method == http.MethodHead}
	}
	if c.Credits == 0 {
		c.Credits = 1
	}
	return c
}

// RoundTripperFunc lets a function be a RoundTripper.
type RoundTripperFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f RoundTripperFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
