package zohocrm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"crossbook"
	"crossbook/transport"
	"crossbook/zohocrm/api"
)

// Prepare turns writes of one module and kind into one call, to the byte. A
// single update carries If-Unmodified-Since; larger ones cannot, because it is
// one header for the whole call (reference/zoho-crm.md section 4.3). Creates
// are inserts, never upserts: an upsert also matches the module's other unique
// fields and would overwrite a stranger.
func (s *Side) Prepare(m crossbook.Module, writes []crossbook.Write) (crossbook.Request, error) {
	trigger := api.NoTrigger
	if writes[0].Trigger {
		trigger = api.LiveTrigger
	}
	call, err := s.call(m, writes, trigger)
	if err != nil {
		return crossbook.Request{}, err
	}
	return crossbook.Request{
		Side: crossbook.CRM, Type: string(m), Method: call.Method, Path: call.Path,
		Query: call.Query, Header: call.Header, Body: call.Body, Writes: writes,
	}, nil
}

func (s *Side) call(m crossbook.Module, writes []crossbook.Write, trigger api.Trigger) (api.Call, error) {
	if writes[0].Kind == crossbook.Update && len(writes) == 1 {
		w := writes[0]
		var unmodified time.Time
		if w.Revision != "" {
			t, err := time.Parse(time.RFC3339, w.Revision)
			if err != nil {
				return api.Call{}, fmt.Errorf("revision of %s: %w", w.Ref, err)
			}
			unmodified = t
		}
		return api.UpdateOneCall(string(m), w.Ref.ID, w.Body, unmodified, trigger)
	}
	bodies := make([]map[string]any, len(writes))
	for i, w := range writes {
		bodies[i] = w.Body
		if w.Kind == crossbook.Update {
			bodies[i] = maps.Clone(w.Body)
			bodies[i]["id"] = w.Ref.ID
		}
	}
	if writes[0].Kind == crossbook.Update {
		return api.UpdateCall(string(m), bodies, trigger)
	}
	return api.InsertCall(string(m), bodies, trigger)
}

// Send makes a prepared call and returns one outcome a write.
func (s *Side) Send(ctx context.Context, r crossbook.Request) ([]crossbook.Outcome, error) {
	call := api.Call{Method: r.Method, Path: r.Path, Query: r.Query, Header: r.Header, Body: r.Body, Kind: transport.RecordWrite}
	results, _, err := s.client.Write(ctx, call, len(r.Writes))
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
		out[i].Ref.ID = res.ID
		out[i].Revision, out[i].Modified = revision(res.Modified), res.Modified
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
		f.Words = []crossbook.Words{{Code: e.Code, Message: e.Message, Details: e.Details}}
		f.Field = e.APIName
		if e.Duplicate.ID != "" {
			f.Existing = crossbook.CRMRef(crossbook.Module(e.Duplicate.Module), e.Duplicate.ID)
		}
	}
	return f
}
