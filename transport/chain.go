package transport

import "net/http"

// Chain says which decorators a connection's calls to one vendor pass; nil parts
// are left out.
type Chain struct {
	Vendor Vendor
	// Base reaches the network; nil is http.DefaultTransport. An in-process sandbox
	// may stand here.
	Base http.RoundTripper
	// Scheme, Source and Expired sign; a nil Source leaves calls unsigned, as those
	// of the sign-in itself.
	Scheme  string
	Source  TokenSource
	Expired func(status int, body []byte) bool

	Pacer    *Pacer
	Meter    Meter
	Recorder *Recorder
	Deadline Deadline // its Next is ignored
	Retry    Retry    // its Next is ignored
}

// RoundTripper builds the chain in the order of the package comment.
func (c Chain) RoundTripper() http.RoundTripper {
	rt := c.Base
	if rt == nil {
		rt = http.DefaultTransport
	}
	rt = Guard{Vendor: c.Vendor, Next: rt}
	deadline := c.Deadline
	deadline.Next = rt
	rt = deadline
	if c.Recorder != nil {
		rt = Record{Recorder: c.Recorder, Next: rt}
	}
	if c.Meter != nil {
		rt = Budget{Meter: c.Meter, Next: rt}
	}
	if c.Pacer != nil {
		rt = Pace{Pacer: c.Pacer, Next: rt}
	}
	if c.Source != nil {
		rt = Auth{Scheme: c.Scheme, Source: c.Source, Expired: c.Expired, Next: rt}
	}
	retry := c.Retry
	retry.Next = rt
	return retry
}
