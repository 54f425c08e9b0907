package zohobox

import (
	"encoding/json"
	"maps"
	"net/http"
	"time"
)

// sandboxRoutes are the box's own pages, which no vendor has: the truth for
// tests, the counters, and people's actions.
func (b *Box) sandboxRoutes(mux *http.ServeMux) {
	b.uiRoutes(mux)
	mux.HandleFunc("GET /_sandbox/state", b.serveState)
	mux.HandleFunc("GET /_sandbox/calls", func(w http.ResponseWriter, _ *http.Request) {
		kinds, routes := b.calls.snapshot()
		send(w, ok(object{"by_kind": kinds, "by_route": routes}))
	})
	mux.HandleFunc("POST /_sandbox/calls/reset", func(w http.ResponseWriter, _ *http.Request) {
		b.calls.reset()
		send(w, noContent())
	})
	mux.HandleFunc("POST /_sandbox/do", b.serveDo)
	mux.HandleFunc("GET /_sandbox/self-client", b.selfClient)
	mux.HandleFunc("POST /_sandbox/self-client", b.selfClient)
}

// Calls counts the calls so far by kind: record_read, record_write, metadata,
// oauth, channel, other.
func (b *Box) Calls() map[string]int {
	b.calls.mu.Lock()
	defer b.calls.mu.Unlock()
	return maps.Clone(b.calls.byKind)
}

// ResetCalls sets the counters back to zero.
func (b *Box) ResetCalls() { b.calls.reset() }

func (b *Box) serveDo(w http.ResponseWriter, r *http.Request) {
	var a Action
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.UseNumber()
	if err := dec.Decode(&a); err != nil {
		send(w, answer{status: http.StatusBadRequest, body: object{"error": "the body is not an action: " + err.Error()}})
		return
	}
	got, err := b.Do(r.Context(), a)
	if err != nil {
		send(w, answer{status: http.StatusUnprocessableEntity, body: object{"error": err.Error()}})
		return
	}
	send(w, ok(object{"id": got.ID}))
}

func (b *Box) serveState(w http.ResponseWriter, r *http.Request) {
	send(w, ok(b.State(r.URL.Query()["type"]...)))
}

// State is the truth of the organisation: all records in full, the deleted
// list, the write log and the counters. With types, only these modules.
func (b *Box) State(types ...string) map[string]any {
	b.mu.Lock()
	defer b.mu.Unlock()
	want := map[string]bool{}
	for _, t := range types {
		want[t] = true
	}
	c := &call{b: b, user: b.superAdmin()}
	records, deleted := object{}, object{}
	for _, m := range b.modules {
		if m.isLine() || len(want) > 0 && !want[m.name] {
			continue
		}
		rows := []any{}
		for _, id := range b.idsOf(m) {
			rows = append(rows, b.whole(m, m.table.get(id), c))
		}
		records[m.name] = rows
		gone := []any{}
		for _, g := range m.graves {
			by := ""
			if u := b.userByID(g.By); u != nil {
				by = u.name()
			}
			gone = append(gone, object{"id": formatID(g.ID), "time": g.At.Format(time.RFC3339), "by": by, "permanent": g.Gone})
		}
		deleted[m.name] = gone
	}
	writes := []any{}
	for i := range b.writes {
		if len(want) == 0 || want[b.writes[i].Type] {
			writes = append(writes, b.writes[i].object())
		}
	}
	kinds, _ := b.calls.snapshot()
	return object{"vendor": "zoho", "id": b.org.ID, "records": records, "deleted": deleted, "writes": writes, "calls": kinds}
}
