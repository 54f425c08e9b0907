package crossbook

import (
	"net/url"
	"time"
)

// Write is one record an operation wants written, in the vendor's words.
type Write struct {
	// Key names the write within its request; the vendor's answer is matched by it.
	Key  string `json:"key"`
	Kind OpKind `json:"kind"`
	// Ref is the target; its ID is empty on a create.
	Ref  Ref            `json:"ref"`
	Body map[string]any `json:"body"`
	// Revision is the revision the target must still have; empty on a create.
	Revision string `json:"revision,omitempty"`
	Trigger  bool   `json:"trigger,omitempty"`
}

// Request is one vendor call, prepared to the byte before it is sent, so that
// it can be replayed or probed for after a crash (design section 5).
type Request struct {
	ID     string     `json:"id"`
	Side   Side       `json:"side"`
	Type   string     `json:"type"` // module or entity
	Method string     `json:"method"`
	Path   string     `json:"path"`
	Query  url.Values `json:"query,omitempty"`
	// Header holds what is not authentication: If-Unmodified-Since and the like.
	Header map[string]string `json:"header,omitempty"`
	Body   []byte            `json:"body"`
	// Writes are what the bytes carry, in order.
	Writes []Write `json:"writes"`
	// Replayable tells that sending the same bytes again writes nothing twice.
	Replayable bool `json:"replayable"`
}

// Outcome is the vendor's word on one write of a request.
type Outcome struct {
	Key string
	// Ref is the record written; Revision and Modified are its new state.
	Ref      Ref
	Revision string
	Modified time.Time
	// Record is the whole record where the vendor returns it (QuickBooks).
	Record *Record
	// Found tells that the vendor never answered and the write was found to have
	// taken effect: somebody may have edited the record since, so its present
	// revision is not that of the write.
	Found bool
	// Failure is nil when the write succeeded.
	Failure *Failure
}

// FailureKind says how a failed call is to be treated; it is decided once, at
// the edge.
type FailureKind string

// The kinds of failure.
const (
	FailRetry     FailureKind = "retry"     // try again later: throttled, unreachable, 5xx
	FailUnknown   FailureKind = "unknown"   // sent, but the answer was lost
	FailAuth      FailureKind = "auth"      // a person must authorise again
	FailStale     FailureKind = "stale"     // compare-and-set failed: re-read and re-merge
	FailNotFound  FailureKind = "not-found" // the target is gone
	FailDuplicate FailureKind = "duplicate" // a unique value is taken
	FailLocked    FailureKind = "locked"    // locked or in approval: wait
	FailInvalid   FailureKind = "invalid"   // the record is refused as it is
	FailLimit     FailureKind = "limit"     // too much at once
	FailBug       FailureKind = "bug"       // we sent something we should not have
)

// Failure is a vendor's refusal or silence, classified.
type Failure struct {
	Kind FailureKind
	// RetryAfter is how long the vendor wants us to wait; zero when it did not say.
	RetryAfter time.Duration
	// Words are the vendor's own, one entry an error; package problem makes
	// sentences of them.
	Words []Words
	// Field and Existing name the unique field and its holder on a duplicate.
	Field    string
	Existing Ref
	// OwnFault tells that the vendor did answer, with a fault of its own: the
	// same write may be answered so for ever.
	OwnFault bool
	Err      error
}

// Words are one error in a vendor's own words.
type Words struct {
	Code    string
	Message string
	Detail  string         // QuickBooks
	Element string         // QuickBooks
	Details map[string]any // Zoho CRM
}

// Error makes a failure an error.
func (f *Failure) Error() string {
	if f.Err != nil {
		return f.Err.Error()
	}
	if len(f.Words) > 0 {
		return string(f.Kind) + ": " + f.Words[0].Code + " " + f.Words[0].Message
	}
	return string(f.Kind)
}

// Unwrap gives the vendor client's error.
func (f *Failure) Unwrap() error { return f.Err }
