package simulate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/fault"
	"crossbook/store"
	"crossbook/transport"
	crmapi "crossbook/zohocrm/api"
)

// hookURL is where both vendors send their notifications.
const hookURL = "https://crossbook.example/hooks"

// subscribe sets up the notifications that the profile wants.
func (w *world) subscribe() error {
	if w.profile.channels == polled {
		return nil
	}
	w.books.SetWebhook(hookURL + "/quickbooks")
	events := []string{"Vendors.all", "Accounts.all", "Contacts.all", "Products.all"}
	for _, m := range documentModules {
		events = append(events, m+".create", m+".delete", m+".edit")
	}
	res, err := w.crmClient.Watch(w.ctx, []crmapi.Channel{{
		ID: "1000000068", NotifyURL: hookURL + "/zoho", Events: events, Expiry: w.clock.Now().Add(6 * 24 * time.Hour), Token: "simulated",
	}})
	if err != nil {
		return err
	}
	if len(res) != 1 || res[0].Err != nil {
		return fmt.Errorf("subscribe: %+v", res)
	}
	if w.profile.channels == doubled {
		for _, d := range []*fault.Dial{w.crm.Faults(), w.books.Faults()} {
			for _, r := range []fault.Rule{{Kind: fault.NotifyDouble, Probability: 0.4}, {Kind: fault.NotifyReorder, Probability: 0.4}, {Kind: fault.NotifyDrop, Probability: 0.2}} {
				if _, err := d.Add(r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// hearing is the door notifications come in by: it believes nothing of what
// they say but that there is news, as the real one does.
func (w *world) hearing(channel string) http.RoundTripper {
	return transport.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		w.log("  notified by %s: %s", channel, short(string(raw), 160))
		w.hint(channel, raw)
		return &http.Response{
			StatusCode: http.StatusOK, Status: "200 OK", Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(nil)), Request: r,
		}, nil
	})
}

// hint makes the feed that has news due now.
func (w *world) hint(channel string, raw []byte) {
	now := w.clock.Now()
	rows := []store.Dirty{}
	for _, f := range engine.Feeds(now) {
		switch {
		case channel == engine.ChannelBooks && f.Ref.Side == crossbook.Books:
			rows = append(rows, f)
		case channel == engine.ChannelCRM && f.Ref.Side == crossbook.CRM && f.Ref.Type == moduleOf(raw):
			rows = append(rows, f)
		}
	}
	err := w.store.Update(w.ctx, func(tx *store.Tx) error {
		if _, err := tx.PutReceipt(w.ctx, w.conn.ID, channel, fmt.Sprintf("event-%d", now.UnixNano()), now); err != nil {
			return err
		}
		if channel == engine.ChannelCRM {
			ids, deleted := toldOf(raw)
			news, err := engine.DocumentNews(w.ctx, tx, w.conn.ID, crossbook.Module(moduleOf(raw)), ids, deleted, now)
			if err != nil {
				return err
			}
			rows = append(rows, news...)
		}
		return tx.MarkDirty(w.ctx, w.conn.ID, rows)
	})
	if err != nil {
		w.violate("notification refused", "%v", err)
	}
}

func moduleOf(raw []byte) string {
	var body struct {
		Module any `json:"module"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return ""
	}
	switch m := body.Module.(type) {
	case string:
		return m
	case map[string]any:
		s, _ := m["api_name"].(string)
		return s
	}
	return ""
}

// toldOf are the records a callback of Zoho CRM names, and whether it says that
// they were deleted.
func toldOf(raw []byte) (ids []string, deleted bool) {
	var body struct {
		IDs       []any  `json:"ids"`
		Operation string `json:"operation"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return nil, false
	}
	for _, id := range body.IDs {
		ids = append(ids, fmt.Sprint(id))
	}
	return ids, body.Operation == "delete"
}

// hear delivers the notifications that are due.
func (w *world) hear() {
	if w.profile.channels == polled || !w.connected {
		return
	}
	for range 3 {
		if w.crm.DeliverNotifications(w.ctx)+w.books.DeliverNotifications(w.ctx) == 0 {
			return
		}
	}
}

// faultKinds are the ways a call can go wrong.
var faultKinds = []string{
	fault.TimeoutBefore, fault.TimeoutAfter, fault.TimeoutAfter, fault.Reset, fault.ResetAfter, fault.ResetMidBody,
	fault.Status, fault.RateLimit, fault.HTML, fault.Truncate, fault.ExpireToken,
}

// fail adds a fault to one of the vendors, to strike soon.
func (w *world) fail() {
	r := fault.Rule{Kind: pick(w.rng, faultKinds), Times: 1 + w.rng.IntN(3), Skip: w.rng.IntN(6)}
	switch r.Kind {
	case fault.Status:
		r.Status = pick(w.rng, []int{500, 502, 503, 504})
		r.After = chance(w.rng, 30)
	case fault.RateLimit:
		r.RetryAfter = pick(w.rng, []int{0, 5, 60})
	}
	if chance(w.rng, 55) {
		r.Method = pick(w.rng, []string{http.MethodPost, http.MethodPost, http.MethodPut, http.MethodGet})
		r.Skip = w.rng.IntN(2)
	}
	side, dial := "crm", w.crm.Faults()
	if chance(w.rng, 50) {
		side, dial = "books", w.books.Faults()
		if r.Method == http.MethodPut {
			r.Method = http.MethodPost
		}
	}
	if _, err := dial.Add(r); err != nil {
		w.violate("simulation", "%v", err)
	}
	w.log("fault on %s: %s %s skip %d times %d", side, r.Kind, r.Method, r.Skip, r.Times)
}

// clearFaults ends all faults and counts those that struck.
func (w *world) clearFaults() {
	for _, d := range []*fault.Dial{w.crm.Faults(), w.books.Faults()} {
		for _, r := range d.List() {
			if !strings.HasPrefix(r.Kind, "notify_") {
				w.faultsSeen += r.Fired
			}
		}
		d.Clear()
	}
}
