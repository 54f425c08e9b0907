package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"crossbook/transport"
)

// maxRequestID is the most characters a requestid may have; more is 2130
// (reference/quickbooks-online.md section 9).
const maxRequestID = 50

// WriteCall prepares a create, or an update when the body has an Id. The body is
// encoded here, once: the same bytes under the same requestID are answered with
// the original answer.
func WriteCall(entity string, body map[string]any, requestID string) (Call, error) {
	if requestID == "" || len(requestID) > maxRequestID {
		return Call{}, fmt.Errorf("requestid %q must have 1 to %d characters", requestID, maxRequestID)
	}
	data, err := encode(body)
	if err != nil {
		return Call{}, fmt.Errorf("encode %s: %w", entity, err)
	}
	return Call{
		Method: http.MethodPost, Path: path(entity), Query: url.Values{"requestid": {requestID}},
		Body: data, Kind: transport.RecordWrite,
	}, nil
}

// SparseCall prepares an update of the given fields only. A sent Line replaces all
// lines, and a nested object is replaced as a whole (section 4.2).
func SparseCall(entity, id, syncToken string, fields map[string]any, requestID string) (Call, error) {
	return WriteCall(entity, Sparse(id, syncToken, fields), requestID)
}

// Sparse is the body of a sparse update.
func Sparse(id, syncToken string, fields map[string]any) map[string]any {
	body := make(map[string]any, len(fields)+3)
	for k, v := range fields {
		body[k] = v
	}
	body["Id"], body["SyncToken"], body["sparse"] = id, syncToken, true
	return body
}

// DeleteCall prepares the deletion of a transaction; name lists have none.
func DeleteCall(entity, id, syncToken, requestID string) (Call, error) {
	call, err := WriteCall(entity, map[string]any{"Id": id, "SyncToken": syncToken}, requestID)
	if err == nil {
		call.Query.Set("operation", "delete")
	}
	return call, err
}

// ReadCall prepares the read of one record. It is metered.
func ReadCall(entity, id string, kind transport.Kind) Call {
	return Call{Method: http.MethodGet, Path: path(entity) + "/" + url.PathEscape(id), Kind: kind}
}

// DecodeRecord reads the answer to a write or a read of one record, whose
// envelope is keyed by the entity's name.
func DecodeRecord(r Reply, entity string) (Record, error) {
	var env map[string]json.RawMessage
	if err := decode(r.Body, &env); err != nil {
		return nil, fmt.Errorf("QuickBooks answer to %s: %w", entity, err)
	}
	for key, value := range env {
		if !strings.EqualFold(key, entity) {
			continue
		}
		var rec Record
		if err := decode(value, &rec); err != nil {
			return nil, fmt.Errorf("QuickBooks answer to %s: %w", entity, err)
		}
		return rec, nil
	}
	return nil, fmt.Errorf("QuickBooks answer holds no %s: %s", entity, excerpt(r.Body))
}

// Read reads one record by id; an unknown or deleted one is FaultNotFound.
func (c *Client) Read(ctx context.Context, entity, id string, kind transport.Kind) (Record, Reply, error) {
	return c.one(ctx, ReadCall(entity, id, kind), entity)
}

// Write makes a prepared write and reads the record it answers with.
func (c *Client) Write(ctx context.Context, call Call, entity string) (Record, Reply, error) {
	return c.one(ctx, call, entity)
}

func (c *Client) one(ctx context.Context, call Call, entity string) (Record, Reply, error) {
	reply, err := c.Do(ctx, call)
	if err != nil {
		return nil, reply, err
	}
	rec, err := DecodeRecord(reply, entity)
	if err != nil {
		e := &Error{Status: reply.Status, TraceID: reply.TraceID, Call: call.String()}
		e = e.unreadable(call.class(), "")
		e.Err = err
		return nil, reply, e
	}
	return rec, reply, nil
}

// path is the entity in a URL: lower case.
func path(entity string) string { return "/" + strings.ToLower(entity) }

// encode writes JSON the same way each time: keys in order, no HTML escapes.
func encode(v any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}
