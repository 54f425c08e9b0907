package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"crossbook/transport"
)

// Error is a failed call, or a failed record of one, classified.
type Error struct {
	// Kind says what the failure means to the caller.
	Kind transport.Fault
	// Code and Message are the vendor's own words.
	Code    string
	Message string
	// APIName and JSONPath point at the field: "Email", "$.data[3].Email".
	APIName  string
	JSONPath string
	// Duplicate is who has the value that DUPLICATE_DATA says is taken.
	Duplicate Duplicate
	// MaxLength, Expected and Supported are the rule an INVALID_DATA broke.
	MaxLength int
	Expected  string
	Supported []string
	// Details is the vendor's whole details object.
	Details Record
	// Errors are the single errors behind MULTIPLE_OR_MULTI_ERRORS.
	Errors []*Error
	Status int
	// RetryAfter is how long to wait; 0 is unknown.
	RetryAfter time.Duration
	// Call names the call: "POST /Contacts".
	Call string
	// Err is the cause when there was no error object in an answer.
	Err error
}

// Duplicate is the record that holds a unique value.
type Duplicate struct {
	ID     string
	Module string
	Owner  Ref
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Zoho CRM %s: %s", e.Call, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, ", HTTP %d", e.Status)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, ", %s", e.Code)
	}
	if e.APIName != "" {
		fmt.Fprintf(&b, " (%s)", e.APIName)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	for _, part := range e.Errors {
		fmt.Fprintf(&b, "; %s %s: %s", part.Code, part.APIName, part.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Fault is Kind.
func (e *Error) Fault() transport.Fault { return e.Kind }

// Wait is RetryAfter.
func (e *Error) Wait() time.Duration { return e.RetryAfter }

// codes classifies by code: reference/zoho-crm.md sections 4.6 and 15.
var codes = map[string]transport.Fault{
	"INVALID_TOKEN":          transport.FaultAuth,
	"AUTHENTICATION_FAILURE": transport.FaultAuth,
	"OAUTH_SCOPE_MISMATCH":   transport.FaultAuth,
	"INVALID_HOST":           transport.FaultAuth,

	"TOO_MANY_REQUESTS":       transport.FaultRetry,
	"RATE_LIMIT_EXCEEDED":     transport.FaultRetry,
	"INTERNAL_ERROR":          transport.FaultRetry,
	"INTERNAL_SERVER_ERROR":   transport.FaultRetry,
	"DEPENDENT_SERVICE_ERROR": transport.FaultRetry,

	"ALREADY_MODIFIED": transport.FaultStale,
	"EXPIRED_VALUE":    transport.FaultStale, // a page token: the walk begins again

	"DUPLICATE_DATA":         transport.FaultDuplicate,
	"DUPLICATE_LINKING_DATA": transport.FaultDuplicate,

	"RECORD_LOCKED":       transport.FaultLocked,
	"NOT_APPROVED":        transport.FaultLocked,
	"NOT_REVIEWED":        transport.FaultLocked,
	"RECORD_IN_BLUEPRINT": transport.FaultLocked,

	"RESOURCE_NOT_FOUND": transport.FaultNotFound,
	"NOT_SUBSCRIBED":     transport.FaultNotFound,

	"LIMIT_EXCEEDED":                     transport.FaultLimit,
	"LIMIT_REACHED":                      transport.FaultLimit,
	"CRITERIA_LIMIT_EXCEEDED":            transport.FaultLimit,
	"DISCRETE_PAGINATION_LIMIT_EXCEEDED": transport.FaultLimit,
	"PAGINATION_LIMIT_EXCEEDED":          transport.FaultLimit,
	"ACTIVE_STATE_LIMIT_EXCEEDED":        transport.FaultLimit,
	"LICENSE_LIMIT_EXCEEDED":             transport.FaultLimit,
	"STORAGE_SPACE_EXCEEDED":             transport.FaultLimit,
	"FILE_TOO_LARGE":                     transport.FaultLimit,

	"REQUIRED_PARAM_MISSING":      transport.FaultBug,
	"EXPECTED_PARAM_MISSING":      transport.FaultBug,
	"AMBIGUITY_DURING_PROCESSING": transport.FaultBug,
	"PATTERN_NOT_MATCHED":         transport.FaultBug,
	"UNABLE_TO_PARSE_DATA_TYPE":   transport.FaultBug,
	"INVALID_QUERY":               transport.FaultBug,
	"SYNTAX_ERROR":                transport.FaultBug,
	"INVALID_ALIAS":               transport.FaultBug,
	"DUPLICATE_ALIAS":             transport.FaultBug,
	"TOKEN_BOUND_DATA_MISMATCH":   transport.FaultBug,
	"INVALID_URL_PATTERN":         transport.FaultBug,
	"INVALID_REQUEST_METHOD":      transport.FaultBug,
	"MEDIA_TYPE_NOT_SUPPORTED":    transport.FaultBug,
}

// wireError is the vendor's error object, flat or inside an array.
type wireError struct {
	Code    loose  `json:"code"`
	Message loose  `json:"message"`
	Status  loose  `json:"status"`
	Details Record `json:"details"`
}

// classify finds the error in a reply; nil when it is a success, or an answer to
// a write with one result per record.
func classify(call Call, class transport.Class, r Reply) *Error {
	if r.Empty() {
		return nil
	}
	e := &Error{Status: r.Status, Call: call.String()}
	top, ok := readTop(r.Body, r.Status >= 300)
	switch {
	case ok && top.flat != nil:
		e.fill(*top.flat)
	case ok && r.Status < 300:
		return nil
	case ok && top.results != nil && r.Status < 500:
		// A write is read record by record; a GET has nothing but the error.
		if call.Method != http.MethodGet {
			return nil
		}
		e.fill(top.results[0])
	case ok && r.Status < 400:
		e.Kind, e.Err = transport.FaultBug, errors.New("the vendor redirected the call")
		return e
	default:
		return e.withoutObject(class, r)
	}
	if !class.Read && r.Status >= 500 {
		e.Kind = transport.FaultUnknown
	}
	if r.Status == http.StatusTooManyRequests {
		e.Kind = transport.FaultRetry
	}
	if e.Kind == transport.FaultRetry {
		e.throttle(r)
	}
	return e
}

// withoutObject classifies by status alone: gateway pages, cut-off answers.
func (e *Error) withoutObject(class transport.Class, r Reply) *Error {
	e.Err = fmt.Errorf("no error object in the answer: %s", excerpt(r.Body))
	switch {
	case r.Status == http.StatusTooManyRequests:
		e.Kind = transport.FaultRetry
		e.throttle(r)
	case r.Status == http.StatusUnauthorized:
		e.Kind = transport.FaultAuth
	case r.Status == http.StatusRequestEntityTooLarge:
		e.Kind = transport.FaultLimit
	case r.Status < 400, r.Status >= 500, r.Status == http.StatusRequestTimeout:
		e.Kind = transport.FaultUnknown
		if class.Read {
			e.Kind = transport.FaultRetry
		}
		e.RetryAfter = transport.RetryAfter(r.Header)
	case r.Status == http.StatusForbidden:
		e.Kind = transport.FaultInvalid
	default:
		e.Kind = transport.FaultBug
	}
	return e
}

// throttle sets how long to wait.
func (e *Error) throttle(r Reply) {
	if e.RetryAfter = transport.RetryAfter(r.Header); e.RetryAfter > 0 {
		return
	}
	if n, ok := e.Details.Number("retry_after"); ok {
		secs, _ := n.Int64()
		e.RetryAfter = time.Duration(secs) * time.Second
		return
	}
	if r.Status == http.StatusTooManyRequests {
		e.RetryAfter = transport.ThrottleWait
	}
}

// fill takes over an error object.
func (e *Error) fill(w wireError) {
	d := w.Details
	e.Code, e.Message, e.Details = string(w.Code), string(w.Message), d
	e.APIName, e.JSONPath, e.Expected = d.Text("api_name"), d.Text("json_path"), d.Text("expected_data_type")
	if e.APIName == "" {
		e.APIName = d.Text("param_name")
	}
	if n, ok := d.Number("maximum_length"); ok {
		e.MaxLength, _ = strconv.Atoi(n.String())
	}
	values, _ := d["supported_values"].([]any)
	for _, v := range values {
		e.Supported = append(e.Supported, fmt.Sprint(v))
	}
	e.duplicate(d)
	for _, part := range d.Rows("errors") {
		details, _ := part["details"].(map[string]any)
		sub := &Error{Status: e.Status, Call: e.Call}
		sub.fill(wireError{Code: loose(part.Text("code")), Message: loose(part.Text("message")), Details: details})
		e.Errors = append(e.Errors, sub)
	}
	e.Kind = e.kind()
}

func (e *Error) duplicate(d Record) {
	dup, _ := d["duplicate_record"].(map[string]any)
	if r := Record(dup); r != nil {
		module, _ := r["module"].(map[string]any)
		e.Duplicate = Duplicate{ID: r.Text("id"), Module: Record(module).Text("api_name"), Owner: r.Ref("Owner")}
	}
	if e.Duplicate.ID == "" && e.Code == "DUPLICATE_DATA" {
		e.Duplicate.ID = d.Text("id")
	}
}

// ownID is where an unknown record id, not that of a look-up, is pointed at.
var ownID = regexp.MustCompile(`^(\$\.data(\[\d+\])?\.id)?$`)

func (e *Error) kind() transport.Fault {
	if k, ok := codes[e.Code]; ok {
		return k
	}
	switch e.Code {
	case "INVALID_DATA":
		if e.unknownRecord() {
			return transport.FaultNotFound
		}
	case "MULTIPLE_OR_MULTI_ERRORS":
		// A record that is also wrong in itself is not helped by adopting its twin.
		for _, part := range e.Errors {
			if part.Kind != transport.FaultDuplicate {
				return part.Kind
			}
		}
		if len(e.Errors) > 0 {
			return transport.FaultDuplicate
		}
	}
	return transport.FaultInvalid
}

// unknownRecord tells INVALID_DATA about the record itself from INVALID_DATA about
// its content (reference/zoho-crm.md sections 4.2, 4.5 and 4.6).
func (e *Error) unknownRecord() bool {
	if n, ok := e.Details.Number("resource_path_index"); ok {
		return n.String() == "1"
	}
	if e.APIName == "id" {
		return ownID.MatchString(e.JSONPath)
	}
	return e.APIName == "" && e.Details.Text("id") != ""
}

// top is the outermost shape of an answer.
type top struct {
	flat    *wireError  // an error object
	results []wireError // the first array of results under any wrapper key
}

// readTop tells an error object and an array of results from content; ok is false
// when the body is no JSON object at all. The wrapper's key differs per endpoint;
// results are looked for only on demand, since content can be large.
func readTop(body []byte, wantResults bool) (top, bool) {
	var raw map[string]json.RawMessage
	if json.Unmarshal(body, &raw) != nil {
		return top{}, false
	}
	if _, hasCode := raw["code"]; hasCode {
		var w wireError
		if decode(body, &w) == nil && w.Code != "" && w.Status == "error" {
			return top{flat: &w}, true
		}
	}
	if !wantResults {
		return top{}, true
	}
	for key, value := range raw {
		if key == "info" || len(value) == 0 || value[0] != '[' {
			continue
		}
		if results := readResults(value); results != nil {
			return top{results: results}, true
		}
	}
	return top{}, true
}

// readResults reads an array whose elements are results; nil when it holds
// records.
func readResults(value json.RawMessage) []wireError {
	var ws []wireError
	if decode(value, &ws) != nil || len(ws) == 0 || ws[0].Code == "" || ws[0].Status == "" {
		return nil
	}
	return ws
}

// TokenExpired tells whether an answer means that the access token, and nothing
// else, must be renewed (reference/zoho-crm.md section 2.4).
func TokenExpired(status int, body []byte) bool {
	if status != http.StatusUnauthorized {
		return false
	}
	t, ok := readTop(body, false)
	return !ok || t.flat == nil || t.flat.Code == "INVALID_TOKEN"
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
