package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"crossbook/transport"
)

// MaxBatch is the most items of one batch call; more is fault 1040 for the whole
// call (reference/quickbooks-online.md section 8).
const MaxBatch = 30

// BatchItem is one item of a batch: a write, or a query when Query is set.
type BatchItem struct {
	// BID names the item within the call; request id and BID together are its
	// idempotency key and have at most 50 characters.
	BID string
	// Operation is "create", "update" or "delete".
	Operation string
	Entity    string
	Body      map[string]any
	// Query is a statement, run instead of a write.
	Query string
	// Options is optionsData, such as "allowduplicatedocnum".
	Options string
}

// BatchCall prepares one batch. Items commit or fail each alone, in no promised
// order, and cannot refer to each other.
func BatchCall(items []BatchItem, requestID string) (Call, error) {
	if len(items) == 0 || len(items) > MaxBatch {
		return Call{}, fmt.Errorf("a batch has 1 to %d items, not %d", MaxBatch, len(items))
	}
	if requestID == "" {
		return Call{}, errors.New("a batch needs a requestid")
	}
	seen := make(map[string]bool, len(items))
	wire := make([]map[string]any, len(items))
	writes := false
	for i, it := range items {
		if it.BID == "" || seen[it.BID] || len(requestID)+len(it.BID) > maxRequestID {
			return Call{}, fmt.Errorf("batch item %d: bId %q must be unique and, with the requestid, have at most %d characters", i, it.BID, maxRequestID)
		}
		seen[it.BID] = true
		w := map[string]any{"bId": it.BID}
		if it.Query != "" {
			w["Query"] = it.Query
		} else {
			writes = true
			w["operation"], w[it.Entity] = it.Operation, it.Body
		}
		if it.Options != "" {
			w["optionsData"] = it.Options
		}
		wire[i] = w
	}
	body, err := encode(map[string]any{"BatchItemRequest": wire})
	if err != nil {
		return Call{}, fmt.Errorf("encode batch: %w", err)
	}
	kind := transport.RecordWrite
	if !writes {
		kind = transport.RecordRead
	}
	return Call{Method: http.MethodPost, Path: "/batch", Query: url.Values{"requestid": {requestID}}, Body: body, Kind: kind}, nil
}

// BatchResult is the answer to one item: a record, a page or an error.
type BatchResult struct {
	BID    string
	Entity string
	Record Record
	// Page is set for queries.
	Page *Page
	Err  *Error
}

// DecodeBatch reads a batch's answer into the order of the given bIds. An item
// the answer leaves out has an unknown outcome.
func DecodeBatch(r Reply, bids ...string) ([]BatchResult, error) {
	var env struct {
		Items []map[string]json.RawMessage `json:"BatchItemResponse"`
	}
	if err := decode(r.Body, &env); err != nil || env.Items == nil {
		return nil, &Error{
			Kind: transport.FaultUnknown, Call: "POST /batch", Status: r.Status, TraceID: r.TraceID,
			Err: fmt.Errorf("no BatchItemResponse in the answer: %s", excerpt(r.Body)),
		}
	}
	byID := make(map[string]BatchResult, len(env.Items))
	for _, raw := range env.Items {
		res := decodeItem(raw, r)
		byID[res.BID] = res
	}
	out := make([]BatchResult, len(bids))
	for i, bid := range bids {
		res, ok := byID[bid]
		if !ok {
			res = BatchResult{BID: bid, Err: itemError(r, bid, errors.New("the answer leaves the item out"))}
		}
		out[i] = res
	}
	return out, nil
}

func decodeItem(raw map[string]json.RawMessage, r Reply) BatchResult {
	var res BatchResult
	_ = json.Unmarshal(raw["bId"], &res.BID)
	for key, value := range raw {
		switch key {
		case "bId", "time", "optionsData":
		case "Fault", "fault":
			res.fault(value, r)
		case "QueryResponse":
			page, err := decodeQueryResponse(value)
			page.At = r.At
			res.Page, res.Entity = &page, page.Entity
			if err != nil {
				res.Err = itemError(r, res.BID, err)
			}
		default:
			res.Entity = key
			if err := decode(value, &res.Record); err != nil {
				res.Err = itemError(r, res.BID, err)
			}
		}
	}
	if res.Err == nil && res.Record == nil && res.Page == nil {
		res.Err = itemError(r, res.BID, errors.New("the answer says nothing about the item"))
	}
	return res
}

func (res *BatchResult) fault(value json.RawMessage, r Reply) {
	var w wireFault
	if err := decode(value, &w); err != nil {
		res.Err = itemError(r, res.BID, err)
		return
	}
	e := &Error{Status: r.Status, TraceID: r.TraceID, Call: "batch item " + res.BID}
	e.fill(*w.fault())
	if e.Code == "3001" {
		e.RetryAfter = transport.ThrottleWait
	}
	res.Err = e
}

func itemError(r Reply, bid string, err error) *Error {
	return &Error{Kind: transport.FaultUnknown, Status: r.Status, TraceID: r.TraceID, Call: "batch item " + bid, Err: err}
}

// Batch makes a prepared batch and reads its answers in the order of the bIds.
func (c *Client) Batch(ctx context.Context, call Call, bids ...string) ([]BatchResult, Reply, error) {
	reply, err := c.Do(ctx, call)
	if err != nil {
		return nil, reply, err
	}
	results, err := DecodeBatch(reply, bids...)
	return results, reply, err
}
