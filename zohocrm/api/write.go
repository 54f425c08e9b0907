package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crossbook/transport"
)

// MaxWrite is the most records of one write (reference/zoho-crm.md section 4.3).
const MaxWrite = 100

// Trigger says which of the customer's automation a write sets off. A nil Trigger
// is left out, which to the vendor means all of it.
type Trigger []string

// The two triggers the engine uses (design section 5, automation).
var (
	NoTrigger   = Trigger{}
	LiveTrigger = Trigger{"workflow", "blueprint"}
)

// InsertCall prepares the creation of up to MaxWrite records. Unique fields are
// checked and a twin is refused with DUPLICATE_DATA, never overwritten.
func InsertCall(module string, records []map[string]any, trigger Trigger) (Call, error) {
	return writeCall(http.MethodPost, "/"+module, records, trigger, nil)
}

// UpdateCall prepares the update of up to MaxWrite records, each with its id. No
// optimistic lock is possible: If-Unmodified-Since is one header for the call.
func UpdateCall(module string, records []map[string]any, trigger Trigger) (Call, error) {
	for i, r := range records {
		if Record(r).ID() == "" {
			return Call{}, fmt.Errorf("update %s: record %d has no id", module, i)
		}
	}
	return writeCall(http.MethodPut, "/"+module, records, trigger, nil)
}

// UpdateOneCall prepares the update of one record that must not have changed
// after unmodifiedSince; if it has, its result is FaultStale. A zero time sends no
// lock.
func UpdateOneCall(module, id string, record map[string]any, unmodifiedSince time.Time, trigger Trigger) (Call, error) {
	call, err := writeCall(http.MethodPut, "/"+module+"/"+id, []map[string]any{record}, trigger, nil)
	if err == nil && !unmodifiedSince.IsZero() {
		call.Header = map[string]string{"If-Unmodified-Since": Time(unmodifiedSince)}
	}
	return call, err
}

// UpsertCall prepares an insert-or-update by the check fields, in order. The
// module's other unique fields are matched too: it can overwrite a stranger, so it
// is no way to create (design section 5, idempotent creates).
func UpsertCall(module string, records []map[string]any, checkFields []string, trigger Trigger) (Call, error) {
	return writeCall(http.MethodPost, "/"+module+"/upsert", records, trigger, checkFields)
}

// DeleteCall prepares the deletion of up to MaxWrite records into the recycle bin.
func DeleteCall(module string, ids []string, workflows bool) (Call, error) {
	if len(ids) == 0 || len(ids) > MaxWrite {
		return Call{}, fmt.Errorf("delete %s: 1 to %d ids, not %d", module, MaxWrite, len(ids))
	}
	return Call{
		Method: http.MethodDelete, Path: "/" + module, Kind: transport.RecordWrite,
		Query: url.Values{"ids": {strings.Join(ids, ",")}, "wf_trigger": {fmt.Sprint(workflows)}},
	}, nil
}

func writeCall(method, path string, records []map[string]any, trigger Trigger, checkFields []string) (Call, error) {
	if len(records) == 0 || len(records) > MaxWrite {
		return Call{}, fmt.Errorf("%s %s: 1 to %d records, not %d", method, path, MaxWrite, len(records))
	}
	w := map[string]any{"data": records}
	if trigger != nil {
		w["trigger"] = trigger
	}
	if len(checkFields) > 0 {
		w["duplicate_check_fields"] = checkFields
	}
	body, err := encode(w)
	if err != nil {
		return Call{}, fmt.Errorf("encode %s %s: %w", method, path, err)
	}
	return Call{Method: method, Path: path, Body: body, Kind: transport.RecordWrite}, nil
}

// Result is the vendor's word on one record of a write.
type Result struct {
	// ID is the record written.
	ID       string
	Created  time.Time
	Modified time.Time
	// ModifiedBy is who the vendor says wrote it: us.
	ModifiedBy Ref
	// Inserted tells, after an upsert, a new record from an updated one, and
	// DuplicateField names the field it was found by.
	Inserted       bool
	DuplicateField string
	Message        string
	Details        Record
	// Err is nil when the record was written.
	Err *Error
}

// DecodeResults reads the answer to a write of n records, in input order,
// whatever its HTTP status. An error of the whole request, flat or as the only
// element for several records, is returned as such. If the answer's length fits
// nothing, the outcome is unknown.
func DecodeResults(r Reply, n int) ([]Result, error) { return decodeResults(r, "data", n) }

func decodeResults(r Reply, key string, n int) ([]Result, error) {
	var w map[string]any
	if err := decode(r.Body, &w); err != nil {
		return nil, unknownAnswer(r, fmt.Errorf("%w: %s", err, excerpt(r.Body)))
	}
	items, ok := w[key].([]any)
	if !ok {
		return nil, unknownAnswer(r, fmt.Errorf("no %s in the answer: %s", key, excerpt(r.Body)))
	}
	out := make([]Result, len(items))
	for i, item := range items {
		m, _ := item.(map[string]any)
		out[i] = resultOf(Record(m), r)
	}
	switch {
	case len(out) == n:
		return out, nil
	case len(out) == 1 && out[0].Err != nil:
		return nil, out[0].Err
	}
	return nil, unknownAnswer(r, fmt.Errorf("%d results for %d records", len(out), n))
}

func resultOf(m Record, r Reply) Result {
	details, _ := m["details"].(map[string]any)
	d := Record(details)
	res := Result{
		ID: d.Text("id"), Created: d.Time("Created_Time"), Modified: d.Time("Modified_Time"),
		ModifiedBy: d.Ref("Modified_By"), Inserted: m.Text("action") == "insert",
		DuplicateField: m.Text("duplicate_field"), Message: m.Text("message"), Details: d,
	}
	if m.Text("status") == "success" {
		return res
	}
	e := &Error{Status: r.Status, Call: "record"}
	e.fill(wireError{Code: loose(m.Text("code")), Message: loose(m.Text("message")), Details: d})
	if e.Code == "" {
		e.Kind, e.Err = transport.FaultUnknown, errors.New("a result that is neither success nor error")
	}
	res.Err = e
	return res
}

func unknownAnswer(r Reply, err error) *Error {
	return &Error{Kind: transport.FaultUnknown, Status: r.Status, Call: "write", Err: err}
}

// Write makes a prepared write of n records and reads their results.
func (c *Client) Write(ctx context.Context, call Call, n int) ([]Result, Reply, error) {
	return c.write(ctx, call, "data", n)
}

func (c *Client) write(ctx context.Context, call Call, key string, n int) ([]Result, Reply, error) {
	reply, err := c.Do(ctx, call)
	if err != nil {
		return nil, reply, err
	}
	results, err := decodeResults(reply, key, n)
	var e *Error
	if errors.As(err, &e) {
		e.Call = call.String()
	}
	return results, reply, err
}

// Delete moves records into the recycle bin.
func (c *Client) Delete(ctx context.Context, module string, ids []string, workflows bool) ([]Result, error) {
	call, err := DeleteCall(module, ids, workflows)
	if err != nil {
		return nil, err
	}
	results, _, err := c.Write(ctx, call, len(ids))
	return results, err
}

// Restore brings records back from the recycle bin under their old ids.
func (c *Client) Restore(ctx context.Context, ids []string) ([]Result, error) {
	body, err := encode(map[string]any{"ids": ids})
	if err != nil {
		return nil, err
	}
	call := Call{Method: http.MethodPost, Path: "/settings/recycle_bin/actions/restore", Body: body, Kind: transport.RecordWrite}
	results, _, err := c.write(ctx, call, "recycle_bin", len(ids))
	return results, err
}
