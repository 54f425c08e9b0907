package oauth

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"crossbook/transport"
)

// ErrReauthorise says that only a person who signs in again can help: the refresh
// token is unknown, revoked or expired. The error it is found in (errors.Is) is an
// *Error.
var ErrReauthorise = errors.New("the connection must be authorised again")

// Error is a refused or failed exchange.
type Error struct {
	Vendor transport.Vendor
	// Code and Description are the vendor's own words: "invalid_grant".
	Code        string
	Description string
	// Kind is FaultAuth when a person must act, else FaultRetry.
	Kind transport.Fault
	// Reauthorise tells that signing in again is the cure; false with FaultAuth
	// means that the client id or secret is wrong.
	Reauthorise bool
	Status      int
	After       time.Duration
	Err         error
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s sign-in", e.Vendor)
	if e.Code != "" {
		fmt.Fprintf(&b, ": %s", e.Code)
	}
	if e.Description != "" {
		fmt.Fprintf(&b, " (%s)", e.Description)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if hint := e.Hint(); hint != "" {
		fmt.Fprintf(&b, ": %s", hint)
	}
	return b.String()
}

// Hint says what a person can do; empty when waiting is enough.
func (e *Error) Hint() string {
	switch {
	case e.Reauthorise:
		return fmt.Sprintf("sign in to %s again, the permission was withdrawn or has expired", e.Vendor)
	case e.Kind == transport.FaultAuth:
		return fmt.Sprintf("check the client id, the client secret and the address of %s in the settings", e.Vendor)
	}
	return ""
}

func (e *Error) Unwrap() error { return e.Err }

// Is finds ErrReauthorise, and ErrSignInNeeded whenever a person must act.
func (e *Error) Is(target error) bool {
	return (target == ErrReauthorise && e.Reauthorise) || (target == transport.ErrSignInNeeded && e.Kind == transport.FaultAuth)
}

// Fault is Kind.
func (e *Error) Fault() transport.Fault { return e.Kind }

// Wait is After.
func (e *Error) Wait() time.Duration { return e.After }

// throttledFor is how long to stay away when Zoho says that too many tokens were
// asked for: its window is ten minutes (reference/zoho-crm.md section 2.2).
const throttledFor = 2 * time.Minute

// classify makes an Error of what an exchange gave. Zoho answers errors with HTTP
// 200 as well, so the code is looked at first (section 2.3).
func classify(v transport.Vendor, err error) *Error {
	e := &Error{Vendor: v, Kind: transport.FaultRetry}
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		e.Err, e.After = err, transport.WaitOf(err)
		var ne net.Error
		if transport.FaultOf(err) == transport.FaultBug && !errors.As(err, &ne) && !errors.Is(err, io.ErrUnexpectedEOF) {
			// Neither refused nor broken off: an answer that makes no sense, which a
			// gateway may give for a while.
			e.After = transport.ThrottleWait
		}
		return e
	}
	e.Code, e.Description = refused.ErrorCode, refused.ErrorDescription
	if refused.Response != nil {
		e.Status = refused.Response.StatusCode
		e.After = transport.RetryAfter(refused.Response.Header)
	}
	switch strings.ToLower(e.Code) {
	case "invalid_grant", "invalid_code", "access_denied":
		// A revoked refresh token is invalid_code at Zoho, invalid_grant at Intuit.
		e.Kind, e.Reauthorise = transport.FaultAuth, true
	case "invalid_client", "invalid_client_secret", "unauthorized_client", "invalid_redirect_uri",
		"invalid_scope", "unsupported_grant_type", "invalid_request":
		e.Kind = transport.FaultAuth
	case "access denied":
		e.After = max(e.After, throttledFor)
	case "":
		e.Err = fmt.Errorf("HTTP %d without an error code", e.Status)
		if e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden {
			e.Kind = transport.FaultAuth
		}
		if e.Status == http.StatusTooManyRequests {
			e.After = max(e.After, transport.ThrottleWait)
		}
	}
	return e
}
