package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crossbook/transport"
)

// Limits of change data capture (reference/quickbooks-online.md section 7). An
// answer that reaches MaxChanges may be cut off: nothing in it says so.
const (
	MaxChanges  = 1000
	MaxLookBack = 30 * 24 * time.Hour
)

// Changes is an answer of change data capture: the present state of what changed,
// not a log of changes.
type Changes struct {
	// Records are full records by entity, inactive ones among them.
	Records map[string][]Record
	// Deleted are the transactions that were deleted, by entity.
	Deleted map[string][]Deletion
	// Count is the number of all of them.
	Count int
	// At is the vendor's time before it read: the next cursor, minus an overlap.
	At time.Time
}

// Full tells whether changes may have been cut off.
func (c Changes) Full() bool { return c.Count >= MaxChanges }

// Deletion is positive evidence that a transaction is gone.
type Deletion struct {
	ID   string
	Time time.Time
}

// CDCCall prepares the question what changed in the entities since a time.
func CDCCall(entities []string, since time.Time) Call {
	return Call{Method: http.MethodGet, Path: "/cdc", Kind: transport.RecordRead, Query: url.Values{
		"entities": {strings.Join(entities, ",")}, "changedSince": {Time(since)},
	}}
}

// DecodeChanges reads a CDC answer: one inner QueryResponse per entity, in any
// order, an empty one for an entity without changes.
func DecodeChanges(r Reply) (Changes, error) {
	var env struct {
		CDC []struct {
			QueryResponse []json.RawMessage `json:"QueryResponse"`
		} `json:"CDCResponse"`
	}
	if err := decode(r.Body, &env); err != nil || env.CDC == nil {
		return Changes{}, fmt.Errorf("QuickBooks answer without CDCResponse: %s", excerpt(r.Body))
	}
	out := Changes{Records: map[string][]Record{}, Deleted: map[string][]Deletion{}, At: r.At}
	for _, response := range env.CDC {
		for _, raw := range response.QueryResponse {
			page, err := decodeQueryResponse(raw)
			if err != nil {
				return Changes{}, err
			}
			out.add(page)
		}
	}
	return out, nil
}

func (c *Changes) add(p Page) {
	for _, rec := range p.Records {
		c.Count++
		if rec.Deleted() {
			c.Deleted[p.Entity] = append(c.Deleted[p.Entity], Deletion{ID: rec.ID(), Time: rec.Updated()})
			continue
		}
		c.Records[p.Entity] = append(c.Records[p.Entity], rec)
	}
}

// CDC asks what changed in the entities since a time, at most MaxLookBack ago.
func (c *Client) CDC(ctx context.Context, entities []string, since time.Time) (Changes, error) {
	reply, err := c.Do(ctx, CDCCall(entities, since))
	if err != nil {
		return Changes{}, err
	}
	changes, err := DecodeChanges(reply)
	if err != nil {
		return Changes{}, &Error{Kind: transport.FaultRetry, Call: "GET /cdc", Status: reply.Status, TraceID: reply.TraceID, Err: err}
	}
	return changes, nil
}
