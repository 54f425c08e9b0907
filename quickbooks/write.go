package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"crossbook"
	"crossbook/quickbooks/api"
	"crossbook/transport"
)

// Prepare turns writes into one batch call, to the byte. Under its request id
// the same bytes write nothing twice (reference/quickbooks-online.md section 9).
func (s *Side) Prepare(id string, writes []crossbook.Write) (crossbook.Request, error) {
	items := make([]api.BatchItem, len(writes))
	for i, w := range writes {
		item := api.BatchItem{BID: w.Key, Operation: "create", Entity: w.Ref.Type, Body: w.Body}
		if w.Kind == crossbook.Update {
			item.Operation = "update"
			item.Body = api.Sparse(w.Ref.ID, w.Revision, w.Body)
		}
		items[i] = item
	}
	call, err := api.BatchCall(items, id)
	if err != nil {
		return crossbook.Request{}, err
	}
	return crossbook.Request{
		ID: id, Side: crossbook.Books, Type: writes[0].Ref.Type, Method: call.Method, Path: call.Path,
		Query: call.Query, Header: call.Header, Body: call.Body, Writes: writes, Replayable: true,
	}, nil
}

// Send makes a prepared call and returns one outcome a write.
func (s *Side) Send(ctx context.Context, r crossbook.Request) ([]crossbook.Outcome, error) {
	bids := make([]string, len(r.Writes))
	for i, w := range r.Writes {
		bids[i] = w.Key
	}
	call := api.Call{Method: r.Method, Path: r.Path, Query: r.Query, Header: r.Header, Body: r.Body, Kind: transport.RecordWrite}
	results, _, err := s.client.Batch(ctx, call, bids...)
	if err != nil {
		return nil, failure(err)
	}
	if len(results) != len(r.Writes) {
		return nil, &crossbook.Failure{Kind: crossbook.FailUnknown, Err: fmt.Errorf("%d answers to %d writes", len(results), len(r.Writes))}
	}
	out := make([]crossbook.Outcome, len(results))
	for i, res := range results {
		w := r.Writes[i]
		out[i] = crossbook.Outcome{Key: w.Key, Ref: w.Ref}
		if res.Err != nil {
			out[i].Failure = failure(res.Err)
			continue
		}
		rec := record(w.Ref.Entity(), res.Record)
		out[i].Ref, out[i].Revision, out[i].Modified, out[i].Record = rec.Ref, rec.Revision, rec.Modified, &rec
	}
	return out, nil
}

// failure turns the client's error into the engine's, classified at the edge.
func failure(err error) *crossbook.Failure {
	f := &crossbook.Failure{
		Kind: crossbook.FailureKind(transport.FaultOf(err)), RetryAfter: transport.WaitOf(err), Err: err,
	}
	var e *api.Error
	if errors.As(err, &e) {
		f.Words = append(f.Words, crossbook.Words{Code: e.Code, Message: e.Message, Detail: e.Detail, Element: e.Element})
		for _, c := range e.More {
			f.Words = append(f.Words, crossbook.Words{Code: c.Code, Message: c.Message, Detail: c.Detail, Element: c.Element})
		}
		f.OwnFault = slices.ContainsFunc(f.Words, func(w crossbook.Words) bool { return w.Code == api.SystemFault })
	}
	return f
}
