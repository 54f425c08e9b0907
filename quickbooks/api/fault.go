package api

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"crossbook/transport"
)

// Error is a failed call, or a failed item of a batch, classified.
type Error struct {
	// Kind says what the failure means to the caller.
	Kind transport.Fault
	// Code, Message, Detail and Element are the vendor's own words, of the first
	// error when there are several.
	Code    string
	Message string
	Detail  string
	Element string
	// Type is the vendor's class, such as ValidationFault.
	Type string
	// More are the further errors of the same fault.
	More []Cause
	// Holder is who has the number that error 6140 says is taken.
	Holder Holder
	Status int
	// TraceID is intuit_tid.
	TraceID string
	// RetryAfter is how long to wait; 0 is unknown.
	RetryAfter time.Duration
	// Call names the call: "POST /customer".
	Call string
	// Err is the cause when there was no fault in an answer.
	Err error
}

// Cause is one error of a fault, in the vendor's words.
type Cause struct{ Code, Message, Detail, Element string }

// Holder names a transaction by type and id.
type Holder struct{ Type, ID string }

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "QuickBooks %s: %s", e.Call, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, ", HTTP %d", e.Status)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, ", code %s", e.Code)
	}
	if e.Element != "" {
		fmt.Fprintf(&b, " (%s)", e.Element)
	}
	if text := firstOf(e.Detail, e.Message); text != "" {
		fmt.Fprintf(&b, ": %s", text)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.TraceID != "" {
		fmt.Fprintf(&b, " [intuit_tid %s]", e.TraceID)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Fault is Kind.
func (e *Error) Fault() transport.Fault { return e.Kind }

// Wait is RetryAfter.
func (e *Error) Wait() time.Duration { return e.RetryAfter }

// SystemFault is the code of a fault of QuickBooks' own: the vendor advises to
// try again a few times.
const SystemFault = "10000"

// codes classifies by code; the table is reference/quickbooks-online.md section
// 12.2. Codes of 2xxx and 6xxx that are not named are refusals of content.
var codes = map[string]transport.Fault{
	"100":  transport.FaultAuth,
	"120":  transport.FaultAuth, // the connecting user lost access
	"130":  transport.FaultAuth, // wrong cluster: connected to the other environment
	"3100": transport.FaultAuth,
	"3200": transport.FaultAuth,

	"500":  transport.FaultBug,
	"600":  transport.FaultUnknown, // a used requestid whose answer cannot be repeated
	"610":  transport.FaultNotFound,
	"1040": transport.FaultLimit,
	"2010": transport.FaultBug,
	"2130": transport.FaultBug,
	"3001": transport.FaultRetry,
	"4000": transport.FaultBug,
	"4001": transport.FaultBug,
	"4002": transport.FaultInvalid, // a poisoned row: the caller narrows the page
	"5010": transport.FaultStale,
	"5020": transport.FaultInvalid,
	"5030": transport.FaultInvalid,
	"6140": transport.FaultDuplicate,
	"6190": transport.FaultLimit, // subscription ended: all calls fail
	"6200": transport.FaultLocked,
	"6210": transport.FaultLocked,
	"6240": transport.FaultDuplicate,

	SystemFault: transport.FaultRetry,
	"10100":     transport.FaultLimit,
	"10200":     transport.FaultLimit,
}

// classify finds the error in a reply; nil when it is a success.
func classify(call Call, class transport.Class, r Reply, env envelope) *Error {
	e := &Error{Status: r.Status, TraceID: r.TraceID, Call: call.String()}
	if env.fault != nil {
		e.fill(*env.fault)
		// A system fault at HTTP 5xx, and even at HTTP 200, leaves open whether
		// the write was kept; its requestid tells.
		if !class.Read && (r.Status >= 500 || e.Code == SystemFault) {
			e.Kind = transport.FaultUnknown
		}
		if e.Kind == transport.FaultRetry || r.Status == http.StatusTooManyRequests {
			e.throttle(r)
		}
		return e
	}
	switch {
	case r.Status >= 200 && r.Status < 300:
		if env.json {
			return nil
		}
		return e.unreadable(class, "the answer is cut short or is no JSON")
	case r.Status == http.StatusTooManyRequests:
		e.Kind = transport.FaultRetry
		e.throttle(r)
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusForbidden:
		e.Kind = transport.FaultAuth
	case r.Status == http.StatusRequestEntityTooLarge:
		e.Kind = transport.FaultLimit
	case r.Status >= 500, r.Status == http.StatusRequestTimeout:
		e.throttle(r)
		return e.unreadable(class, "no fault in the answer")
	default:
		e.Kind = transport.FaultBug
	}
	e.Err = fmt.Errorf("no fault in the answer: %s", excerpt(r.Body))
	return e
}

// throttle sets how long to wait.
func (e *Error) throttle(r Reply) {
	e.RetryAfter = transport.RetryAfter(r.Header)
	if e.RetryAfter == 0 && (r.Status == http.StatusTooManyRequests || e.Code == "3001") {
		e.RetryAfter = transport.ThrottleWait
	}
}

// unreadable is an answer that says nothing: worth another try for a read,
// unknown for a write.
func (e *Error) unreadable(class transport.Class, why string) *Error {
	e.Err = errors.New(why)
	e.Kind = transport.FaultUnknown
	if class.Read {
		e.Kind = transport.FaultRetry
	}
	return e
}

// fill takes over a parsed fault.
func (e *Error) fill(f fault) {
	e.Type = f.Type
	for i, c := range f.Errors {
		if i == 0 {
			e.Code, e.Message, e.Detail, e.Element = c.Code, c.Message, c.Detail, c.Element
			continue
		}
		e.More = append(e.More, c)
	}
	e.Kind = kindOf(e.Code, f.Type)
	if m := heldBy.FindStringSubmatch(e.Detail); m != nil && e.Code == "6140" {
		e.Holder = Holder{Type: m[1], ID: m[2]}
	}
}

// heldBy reads the end of 6140's detail: "DocNumber=A7 is assigned to
// TxnType=Invoice with TxnId=45823".
var heldBy = regexp.MustCompile(`TxnType=(.+?) with TxnId=(\d+)`)

func kindOf(code, faultType string) transport.Fault {
	if k, ok := codes[code]; ok {
		return k
	}
	if n, err := strconv.Atoi(code); err == nil && (n/1000 == 2 || n/1000 == 6) {
		return transport.FaultInvalid
	}
	switch t := strings.ToLower(faultType); {
	case strings.HasPrefix(t, "auth"):
		return transport.FaultAuth
	case strings.HasPrefix(t, "system"), strings.HasPrefix(t, "service"):
		return transport.FaultRetry
	}
	return transport.FaultInvalid
}

// fault is the one shape all fault shapes become.
type fault struct {
	Type   string
	Errors []Cause
}

// wireFault reads both spellings: encoding/json matches keys in any case, so
// "Fault"/"fault" and "Message"/"message" need no second type.
type wireFault struct {
	Error []struct {
		Message *string         `json:"Message"`
		Detail  *string         `json:"Detail"`
		Code    json.RawMessage `json:"code"`
		Element *string         `json:"element"`
	} `json:"Error"`
	Type string `json:"type"`
}

func (w wireFault) fault() *fault {
	f := &fault{Type: w.Type}
	for _, e := range w.Error {
		f.Errors = append(f.Errors, Cause{
			Code: strings.Trim(string(e.Code), `"`), Message: text(e.Message),
			Detail: text(e.Detail), Element: text(e.Element),
		})
	}
	return f
}

// xmlFault reads the XML shape; nil for any other page.
func xmlFault(body []byte) *fault {
	var env struct {
		Fault *struct {
			Type  string `xml:"type,attr"`
			Error []struct {
				Code    string `xml:"code,attr"`
				Element string `xml:"element,attr"`
				Message string `xml:"Message"`
				Detail  string `xml:"Detail"`
			} `xml:"Error"`
		} `xml:"Fault"`
	}
	if xml.Unmarshal(body, &env) != nil || env.Fault == nil {
		return nil
	}
	f := &fault{Type: env.Fault.Type}
	for _, e := range env.Fault.Error {
		f.Errors = append(f.Errors, Cause{Code: e.Code, Message: e.Message, Detail: e.Detail, Element: e.Element})
	}
	return f
}

// TokenExpired tells whether an answer means that the access token, and nothing
// else, must be renewed (codes 100 and 3200 of section 12.2).
func TokenExpired(status int, body []byte) bool {
	if status != http.StatusUnauthorized {
		return false
	}
	f := readEnvelope(body).fault
	if f == nil || len(f.Errors) == 0 {
		return true
	}
	return f.Errors[0].Code == "100" || f.Errors[0].Code == "3200"
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// excerpt shows the beginning of an answer that is no record: a gateway's page.
func excerpt(body []byte) string {
	s := strings.Join(strings.Fields(string(body)), " ")
	if len(s) > 120 {
		s = s[:120] + "..."
	}
	if s == "" {
		return "empty"
	}
	return s
}
