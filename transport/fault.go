package transport

import (
	"context"
	"errors"
	"net"
	"net/url"
	"time"
)

// Fault says what a failed call means to whoever made it. The vendor clients
// classify once, at the edge; nobody above them reads codes or texts to decide
// what to do next.
type Fault string

// The faults.
//
//	fault      happened?  the same call again
//	retry      no         may succeed after Wait
//	auth       no         only after somebody signed in again
//	invalid    no         never: the content must change
//	stale      no         after reading anew: somebody else was first
//	not-found  no         never: the record is not there
//	limit      no         after a quota or a ceiling has moved
//	locked     no         after the record was unlocked
//	duplicate  no         never: the value is taken, see who has it
//	unknown    perhaps    only in a way that cannot double it
//	bug        no         never: we sent nonsense
const (
	FaultRetry     Fault = "retry"
	FaultAuth      Fault = "auth"
	FaultInvalid   Fault = "invalid"
	FaultStale     Fault = "stale"
	FaultNotFound  Fault = "not-found"
	FaultLimit     Fault = "limit"
	FaultLocked    Fault = "locked"
	FaultDuplicate Fault = "duplicate"
	FaultUnknown   Fault = "unknown"
	FaultBug       Fault = "bug"
)

// faulter is what the errors of both vendor clients and of this package have.
type faulter interface {
	error
	Fault() Fault
	// Wait is how long to wait before the same call can do better; 0 is
	// unknown.
	Wait() time.Duration
}

// FaultOf classifies any error of a vendor call. A cancelled or expired context
// outside of any typed error is FaultRetry: the call was given up, not refused.
// An error nobody classified is FaultBug.
func FaultOf(err error) Fault {
	var f faulter
	if errors.As(err, &f) {
		return f.Fault()
	}
	var ne net.Error
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &ne) {
		return FaultRetry
	}
	return FaultBug
}

// WaitOf is how long err asks to wait, 0 when it does not say.
func WaitOf(err error) time.Duration {
	var f faulter
	if errors.As(err, &f) {
		return f.Wait()
	}
	return 0
}

// NotSent wraps the error of a call that never left this process, so that even a
// write may simply be tried again.
type NotSent struct {
	Err error
	// Kind is FaultRetry, FaultAuth, FaultLimit or FaultBug.
	Kind Fault
	// After is when a retry makes sense; 0 is unknown.
	After time.Duration
}

func (e *NotSent) Error() string { return "call not sent: " + e.Err.Error() }

func (e *NotSent) Unwrap() error { return e.Err }

// Fault classifies.
func (e *NotSent) Fault() Fault { return e.Kind }

// Wait is After.
func (e *NotSent) Wait() time.Duration { return e.After }

// UnknownOutcome wraps the error of a write whose answer was lost: the vendor
// may or may not have done it. It must be resolved by request id or by an exact
// look-up, never by sending the write again as a new one (design section 5).
type UnknownOutcome struct{ Err error }

func (e *UnknownOutcome) Error() string {
	return "the answer to a write was lost, it may have been done: " + e.Err.Error()
}

func (e *UnknownOutcome) Unwrap() error { return e.Err }

// Fault is FaultUnknown.
func (e *UnknownOutcome) Fault() Fault { return FaultUnknown }

// Wait is 0: recovery sets its own pace.
func (e *UnknownOutcome) Wait() time.Duration { return 0 }

// Interrupted wraps the error of a read that broke off: it changed nothing and may
// be repeated.
type Interrupted struct{ Err error }

func (e *Interrupted) Error() string { return e.Err.Error() }

func (e *Interrupted) Unwrap() error { return e.Err }

// Fault is FaultRetry.
func (e *Interrupted) Fault() Fault { return FaultRetry }

// Wait is 0.
func (e *Interrupted) Wait() time.Duration { return 0 }

// ErrSignInNeeded is what a TokenSource's error is (errors.Is) when only a person
// who signs in again can help.
var ErrSignInNeeded = errors.New("sign-in needed")

// Lost classifies the error of a RoundTrip for a call of the class: what is
// classified stays as it is, a connection that was never made is NotSent, a read is
// Interrupted, and every other failed write is an UnknownOutcome.
//
// The URL that net/http puts around an error is taken off: its query holds what was
// asked for, such as a customer's name, and errors reach logs.
func Lost(c Class, err error) error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		err = withURL.Err
	}
	var known faulter
	switch {
	case errors.As(err, &known):
		return err
	case neverConnected(err):
		return &NotSent{Err: err, Kind: FaultRetry}
	case c.Read:
		return &Interrupted{Err: err}
	}
	return &UnknownOutcome{Err: err}
}

// neverConnected is true when not even a connection stood, so no byte can have
// reached the vendor.
func neverConnected(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return true
	}
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
