package qbobox

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// Write is one line of the write log: what was asked, by whom. The log holds
// effective writes only; replays and no-ops do not appear.
type Write struct {
	Seq       int            `json:"seq"`
	Time      time.Time      `json:"time"`
	Actor     string         `json:"actor"`
	Op        string         `json:"op"`
	Type      string         `json:"type"`
	ID        string         `json:"id"`
	RequestID string         `json:"request_id"`
	Values    map[string]any `json:"values"`
}

func (b *Box) logWrite(by *actor, op string, rec *record, values object) {
	b.appendWrite(by, op, rec.ent.name, rec.id, values)
}

func (b *Box) appendWrite(by *actor, op, typ, id string, values object) {
	if by.trusted {
		return
	}
	w := Write{
		Seq: len(b.writes) + 1, Time: b.now(), Actor: by.name, Op: op, Type: typ, ID: id,
		RequestID: strings.ReplaceAll(by.requestID, "\x00", "/"), Values: cloneObject(values),
	}
	b.writes = append(b.writes, w)
	b.saved.writes = append(b.saved.writes, w)
}

// Writes returns the write log.
func (b *Box) Writes() []Write {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Write(nil), b.writes...)
}

// Get returns one record as a list shows it, or nil. It counts as no call.
func (b *Box) Get(entity, id string) map[string]any {
	b.mu.Lock()
	defer b.mu.Unlock()
	if o := b.singles[entity]; o != nil {
		return cloneObject(o)
	}
	if r := b.find(entity, id); r != nil {
		return r.object()
	}
	return nil
}

// All returns all records of an entity, inactive ones included, in order of
// their ids. It counts as no call.
func (b *Box) All(entity string) []map[string]any {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tables[strings.ToLower(entity)]
	if t == nil {
		return nil
	}
	out := make([]map[string]any, 0, len(t.byID))
	for _, r := range t.ids.all() {
		out = append(out, r.object())
	}
	return out
}

func (b *Box) sandboxRoutes(mux *http.ServeMux) {
	b.uiRoutes(mux)
	mux.Handle("/_sandbox/faults", b.faults)
	mux.HandleFunc("GET /_sandbox/state", b.statePage)
	mux.HandleFunc("GET /_sandbox/calls", func(w http.ResponseWriter, _ *http.Request) {
		b.plainJSON(w, http.StatusOK, b.calls.report())
	})
	mux.HandleFunc("POST /_sandbox/calls/reset", func(w http.ResponseWriter, _ *http.Request) {
		b.calls.reset()
		b.plainJSON(w, http.StatusOK, b.calls.report())
	})
	mux.HandleFunc("GET /_sandbox/journal", b.journalPage)
	mux.HandleFunc("POST /_sandbox/do", b.doPage)
	mux.HandleFunc("POST /_sandbox/load", b.loadPage)
	mux.HandleFunc("POST /_sandbox/webhook", b.webhookPage)
	mux.HandleFunc("POST /_sandbox/deliver", func(w http.ResponseWriter, r *http.Request) {
		b.plainJSON(w, http.StatusOK, object{"deliveries": b.deliverDue(r.Context(), false)})
	})
}

// statePage is the truth: every record, what was deleted, who wrote what.
func (b *Box) statePage(w http.ResponseWriter, r *http.Request) {
	want := strings.ToLower(r.URL.Query().Get("type"))
	b.mu.Lock()
	records, deleted := object{}, object{}
	for p, t := range b.tables {
		if want != "" && want != p {
			continue
		}
		if len(t.byID) > 0 || want != "" {
			rows := make([]json.RawMessage, 0, len(t.byID))
			for _, rec := range t.ids.all() {
				rows = append(rows, rec.raw)
			}
			records[t.ent.name] = rows
		}
		if d := b.deleted[t.ent.name]; len(d) > 0 {
			rows := make([]any, len(d))
			for i, s := range d {
				rows[i] = object{"id": s.ID, "time": stampText(s.Time), "by": s.By}
			}
			deleted[t.ent.name] = rows
		}
	}
	for n, o := range b.singles {
		if want == "" || strings.EqualFold(want, n) {
			records[n] = []any{cloneObject(o)}
		}
	}
	state := object{
		"vendor": "quickbooks", "id": b.opt.RealmID, "records": records, "deleted": deleted,
		"writes": append([]Write{}, b.writes...), "calls": b.calls.report()["by_kind"], "merged": cloneStrings(b.merged),
	}
	b.mu.Unlock()
	b.plainJSON(w, http.StatusOK, state)
}

func cloneStrings(in map[string]string) object {
	out := object{}
	for k, v := range in {
		out[k] = v
	}
	return out
}

func (b *Box) doPage(w http.ResponseWriter, r *http.Request) {
	var a Action
	dec := json.NewDecoder(io.LimitReader(r.Body, 32<<20))
	dec.UseNumber()
	if err := dec.Decode(&a); err != nil {
		b.plainJSON(w, http.StatusBadRequest, object{"error": "not an action: " + err.Error()})
		return
	}
	res, err := b.Do(r.Context(), a)
	if err != nil {
		b.plainJSON(w, http.StatusBadRequest, object{"error": err.Error()})
		return
	}
	b.plainJSON(w, http.StatusOK, res)
}

// loadPage takes {"type":"Customer","objects":[…]}.
func (b *Box) loadPage(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, 512<<20))
	if err == nil {
		var in object
		if in, err = decode(raw); err == nil {
			err = b.Load(str(in, "type"), list(in, "objects"))
		}
	}
	if err != nil {
		b.plainJSON(w, http.StatusBadRequest, object{"error": err.Error()})
		return
	}
	b.plainJSON(w, http.StatusOK, object{"ok": true})
}

// webhookPage plays the portal: where notifications go, which, and in which form.
func (b *Box) webhookPage(w http.ResponseWriter, r *http.Request) {
	var in struct {
		URL         *string  `json:"url"`
		Entities    []string `json:"entities"`
		CloudEvents *bool    `json:"cloud_events"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&in); err != nil {
		b.plainJSON(w, http.StatusBadRequest, object{"error": err.Error()})
		return
	}
	b.mu.Lock()
	if in.Entities != nil {
		b.opt.WebhookEntities = in.Entities
	}
	if in.CloudEvents != nil {
		b.opt.WebhookCloudEvents = *in.CloudEvents
	}
	url, cloudEvents := b.opt.WebhookURL, b.opt.WebhookCloudEvents
	b.mu.Unlock()
	if in.URL != nil {
		url = *in.URL
		if err := b.endpoint(url); err != nil {
			b.plainJSON(w, http.StatusBadRequest, object{"error": err.Error()})
			return
		}
		b.SetWebhook(url)
	}
	b.plainJSON(w, http.StatusOK, object{"url": url, "verifier": b.opt.WebhookVerifier, "cloud_events": cloudEvents})
}
