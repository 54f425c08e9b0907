package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/engine"
	quickapi "crossbook/quickbooks/api"
	"crossbook/store"
)

// Subscriber is a connection that QuickBooks may notify.
type Subscriber struct {
	ConnectionID string
	RealmID      string
	// Verifier is the secret that signs notifications; empty proves nothing.
	Verifier string
}

// Webhooks receive the vendors' notifications.
type Webhooks struct {
	Store *store.Store
	// Wake makes a connection look at its rows once the transaction is over.
	Wake func(ctx context.Context, tx *store.Tx, connectionID string) error
	// Subscribers are the connections with the secrets of their notifications.
	Subscribers func(ctx context.Context) ([]Subscriber, error)
	// ZohoToken is what callbacks of Zoho CRM for a connection must carry;
	// store.ErrNotFound when the connection has none.
	ZohoToken func(ctx context.Context, connectionID string) (string, error)
	// Now is the clock; nil is time.Now.
	Now    func() time.Time
	Logger *slog.Logger
}

// The vendors want their answer within three seconds
// (reference/quickbooks-online.md section 10.1); a notification is small.
const (
	answerWithin = 2500 * time.Millisecond
	maxBody      = 4 << 20
	maxAtOnce    = 32
)

// Handler serves the endpoints.
func (h *Webhooks) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks/quickbooks", h.quickBooks)
	mux.HandleFunc("POST /webhooks/zoho/{connection}", h.zoho)
	room := make(chan struct{}, maxAtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
		defer cancel()
		select {
		case room <- struct{}{}:
			defer func() { <-room }()
			mux.ServeHTTP(w, r.WithContext(ctx))
		case <-ctx.Done():
			http.Error(w, "too many notifications at once", http.StatusServiceUnavailable)
		}
	})
}

// body reads a notification, or answers that it is too large.
func body(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the notification cannot be read", http.StatusRequestEntityTooLarge)
		return nil, false
	}
	return raw, true
}

// quickBooks takes a delivery of QuickBooks, which may concern several
// companies. The signature is checked over the raw bytes before they are
// looked into.
func (h *Webhooks) quickBooks(w http.ResponseWriter, r *http.Request) {
	signature := r.Header.Get(quickapi.SignatureHeader)
	if signature == "" {
		http.Error(w, "not signed", http.StatusUnauthorized)
		return
	}
	raw, ok := body(w, r)
	if !ok {
		return
	}
	all, err := h.Subscribers(r.Context())
	if err != nil {
		h.later(w, err)
		return
	}
	proven := slices.DeleteFunc(all, func(s Subscriber) bool { return !quickapi.Verify(raw, signature, s.Verifier) })
	if len(proven) == 0 {
		h.log().Warn("a notification with a wrong signature was refused", "vendor", "QuickBooks")
		http.Error(w, "the signature does not fit", http.StatusUnauthorized)
		return
	}
	events, err := quickapi.ParseWebhook(raw)
	for _, s := range proven {
		var ids []string
		var merges []quickapi.Event
		for _, e := range events {
			if e.Realm != s.RealmID {
				continue
			}
			ids = append(ids, eventID(e))
			if e.Operation == quickapi.Merged {
				merges = append(merges, e)
			}
		}
		if err != nil {
			ids = []string{digest(raw)} // unknown shape, true signature: look anyway
		}
		news := func(ctx context.Context, tx *store.Tx, now time.Time) ([]store.Dirty, error) {
			for _, m := range merges { // known from its notification alone (R94)
				if err := engine.Merged(ctx, tx, s.ConnectionID, crossbook.Entity(m.Entity), m.MergedID, m.RecordID, now); err != nil {
					return nil, err
				}
			}
			return feedRow(engine.BooksFeed(), now), nil
		}
		if err := h.arrived(r.Context(), s.ConnectionID, engine.ChannelBooks, ids, news); err != nil {
			h.later(w, err)
			return
		}
	}
	w.WriteHeader(http.StatusOK)
}

// eventID names an event so that a repetition is known; classic payloads have
// no id of their own.
func eventID(e quickapi.Event) string {
	if e.ID != "" {
		return e.ID
	}
	return digest([]byte(strings.Join([]string{
		e.Realm, e.Entity, e.RecordID, e.MergedID, string(e.Operation), e.Time.Format(time.RFC3339Nano),
	}, "\x00")))
}

// callback is what Zoho CRM posts (reference/zoho-crm.md section 11). Of the
// content only the module counts.
type callback struct {
	ServerTime json.Number       `json:"server_time"`
	Module     string            `json:"module"`
	IDs        []json.RawMessage `json:"ids"`
	Operation  string            `json:"operation"`
	Token      string            `json:"token"`
}

// zoho takes a callback of Zoho CRM. There is no signature: the token is the
// only proof, so that an unknown connection and a wrong token look alike.
func (h *Webhooks) zoho(w http.ResponseWriter, r *http.Request) {
	raw, ok := body(w, r)
	if !ok {
		return
	}
	var c callback
	parseErr := json.Unmarshal(raw, &c)
	connection := r.PathValue("connection")
	want, err := h.ZohoToken(r.Context(), connection)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		h.later(w, err)
		return
	}
	if parseErr != nil || want == "" || !equal(c.Token, want) {
		h.log().Warn("a notification without the right token was refused", "vendor", "Zoho CRM")
		http.Error(w, "the token does not fit", http.StatusUnauthorized)
		return
	}
	m := crossbook.Module(c.Module)
	if !m.TwoWay() && !m.Document() {
		w.WriteHeader(http.StatusOK) // nothing of it is read
		return
	}
	id := []string{c.ServerTime.String(), c.Module, c.Operation}
	var records []string
	for _, one := range c.IDs {
		id = append(id, string(one))
		records = append(records, strings.Trim(string(one), `"`))
	}
	news := func(ctx context.Context, tx *store.Tx, now time.Time) ([]store.Dirty, error) {
		if m.Document() {
			return engine.DocumentNews(ctx, tx, connection, m, records, c.Operation == "delete", now)
		}
		return feedRow(engine.CRMFeed(m), now), nil
	}
	if err := h.arrived(r.Context(), connection, engine.ChannelCRM, []string{digest([]byte(strings.Join(id, "\x00")))}, news); err != nil {
		h.later(w, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// equal compares in a time that tells nothing of either text.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// feedRow is the row of one feed, due now.
func feedRow(feed crossbook.Ref, now time.Time) []store.Dirty {
	return slices.DeleteFunc(engine.Feeds(now), func(d store.Dirty) bool { return d.Ref != feed })
}

// arrived remembers events and, when one of them is new, makes due what is news
// of it and wakes the connection, all in one transaction.
func (h *Webhooks) arrived(ctx context.Context, connectionID, channel string, ids []string,
	news func(context.Context, *store.Tx, time.Time) ([]store.Dirty, error),
) error {
	now := h.now()
	return h.Store.Update(ctx, func(tx *store.Tx) error {
		anyFresh := false
		for _, id := range ids {
			fresh, err := tx.PutReceipt(ctx, connectionID, channel, id, now)
			if err != nil {
				return err
			}
			anyFresh = anyFresh || fresh
		}
		if !anyFresh {
			return nil
		}
		rows, err := news(ctx, tx, now)
		if err != nil || len(rows) == 0 {
			return err
		}
		for i := range rows {
			rows[i].Reason = "notification"
		}
		if err := tx.MarkDirty(ctx, connectionID, rows); err != nil {
			return err
		}
		return h.Wake(ctx, tx, connectionID)
	})
}

// later asks the vendor to come again: QuickBooks does, and for Zoho CRM the
// next poll brings what was missed.
func (h *Webhooks) later(w http.ResponseWriter, err error) {
	h.log().Error("a notification could not be kept", "error", err)
	http.Error(w, "try again", http.StatusServiceUnavailable)
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

func (h *Webhooks) now() time.Time {
	if h.Now != nil {
		return h.Now()
	}
	return time.Now()
}

func (h *Webhooks) log() *slog.Logger {
	if h.Logger != nil {
		return h.Logger
	}
	return slog.New(slog.DiscardHandler)
}

// Health answers whether this process can do its work.
func Health(st *store.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
		defer cancel()
		state, code := map[string]any{"ok": true}, http.StatusOK
		err := st.View(ctx, func(tx *store.Tx) error {
			_, err := tx.Connections(ctx)
			return err
		})
		if err != nil {
			state, code = map[string]any{"ok": false, "error": "the database does not answer"}, http.StatusServiceUnavailable
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(state)
	})
}
