package web

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

const (
	realm    = "9341450000000001"
	verifier = "verifier-of-the-app"
	token    = "token-of-the-channel"
	connID   = "connection-1"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// bench is a receiver on an empty database with one connection whose feeds are
// due tomorrow.
type bench struct {
	*testing.T
	hooks *Webhooks
	woken int
	now   time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	b := &bench{T: t, now: noon}
	b.hooks = &Webhooks{
		Store: st, Now: func() time.Time { return b.now },
		Wake: func(context.Context, *store.Tx, string) error { b.woken++; return nil },
		Subscribers: func(context.Context) ([]Subscriber, error) {
			return []Subscriber{
				{ConnectionID: connID, RealmID: realm, Verifier: verifier},
				{ConnectionID: "of another app", RealmID: "77", Verifier: "another"},
				{ConnectionID: "without a verifier", RealmID: realm},
			}, nil
		},
		ZohoToken: func(_ context.Context, id string) (string, error) {
			switch id {
			case connID:
				return token, nil
			case "tokenless":
				return "", store.ErrNotFound
			}
			return "", errors.New("the database is away")
		},
	}
	err = st.Update(ctx, func(tx *store.Tx) error {
		if err := tx.PutConnection(ctx, crossbook.Connection{ID: connID, Name: "main", RealmID: realm, CreatedAt: noon}); err != nil {
			return err
		}
		return tx.MarkDirty(ctx, connID, engine.Feeds(noon.Add(24*time.Hour)))
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// post sends a notification and returns the status.
func (b *bench) post(path, body, signature string) int {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	if signature != "" {
		r.Header.Set("intuit-signature", signature)
	}
	w := httptest.NewRecorder()
	b.hooks.Handler().ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), token) || strings.Contains(w.Body.String(), verifier) {
		b.Errorf("the answer tells a secret: %s", w.Body)
	}
	return w.Code
}

// due are the feeds due now, as text.
func (b *bench) due() string {
	b.Helper()
	var out []string
	err := b.hooks.Store.View(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.DueDirty(context.Background(), connID, b.now, 100)
		for _, d := range rows {
			out = append(out, d.Ref.String()+" ("+d.Reason+")")
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return strings.Join(out, ", ")
}

func sign(body, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func classic(realm, id, at string) string {
	return `{"eventNotifications":[{"realmId":"` + realm + `","dataChangeEvent":{"entities":[{"name":"Customer","id":"` + id + `","operation":"Update","lastUpdated":"` + at + `"}]}}]}`
}

const booksDue = "QuickBooks * feed (notification)"

func TestQuickBooks_ASignedNotificationMakesItsFeedDueAndWakes(t *testing.T) {
	for name, body := range map[string]string{
		"classic":     classic(realm, "56", "2026-05-04T11:59:58.000Z"),
		"CloudEvents": `[{"id":"e-1","type":"qbo.customer.updated.v1","time":"2026-05-04T11:59:58Z","intuitentityid":"56","intuitaccountid":"` + realm + `"}]`,
		"unknown":     `{"something":"new"}`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			if code := b.post("/webhooks/quickbooks", body, sign(body, verifier)); code != http.StatusOK {
				t.Fatalf("status %d", code)
			}
			if got := b.due(); got != booksDue || b.woken != 1 {
				t.Errorf("due: %s, woken %d times", got, b.woken)
			}
		})
	}
}

func TestQuickBooks_ARepetitionDoesNothing(t *testing.T) {
	b := newBench(t)
	body := classic(realm, "56", "2026-05-04T11:59:58.000Z")
	for range 3 {
		if code := b.post("/webhooks/quickbooks", body, sign(body, verifier)); code != http.StatusOK {
			t.Fatalf("status %d", code)
		}
	}
	later := classic(realm, "56", "2026-05-04T11:59:59.000Z")
	b.post("/webhooks/quickbooks", later, sign(later, verifier))
	if b.woken != 2 {
		t.Errorf("woken %d times by one change told thrice and one told once", b.woken)
	}
}

func TestQuickBooks_NothingUnprovenIsLookedInto(t *testing.T) {
	body := classic(realm, "56", "2026-05-04T11:59:58.000Z")
	for name, signature := range map[string]string{
		"unsigned": "", "of another body": sign(body+" ", verifier), "of another app": sign(body, "guessed"),
		"of an empty secret": sign(body, ""), "no base64": "!!",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			if code := b.post("/webhooks/quickbooks", body, signature); code != http.StatusUnauthorized {
				t.Errorf("status %d", code)
			}
			if got := b.due(); got != "" || b.woken != 0 {
				t.Errorf("due: %s, woken %d times", got, b.woken)
			}
		})
	}
}

func TestQuickBooks_AnotherCompanysEventsAreNotOurs(t *testing.T) {
	b := newBench(t)
	body := classic("1", "56", "2026-05-04T11:59:58.000Z")
	if code := b.post("/webhooks/quickbooks", body, sign(body, verifier)); code != http.StatusOK {
		t.Errorf("status %d", code)
	}
	if b.woken != 0 {
		t.Error("woken by events of a company that is not connected")
	}
}

func TestQuickBooks_WhatCannotBeKeptIsAskedForAgain(t *testing.T) {
	b := newBench(t)
	b.hooks.Wake = func(context.Context, *store.Tx, string) error { return errors.New("the queue is away") }
	body := classic(realm, "56", "2026-05-04T11:59:58.000Z")
	if code := b.post("/webhooks/quickbooks", body, sign(body, verifier)); code != http.StatusServiceUnavailable {
		t.Errorf("status %d", code)
	}
	b.hooks.Wake = func(context.Context, *store.Tx, string) error { b.woken++; return nil }
	if b.post("/webhooks/quickbooks", body, sign(body, verifier)); b.woken != 1 {
		t.Error("the second delivery was taken for a repetition though the first was not kept")
	}
}

func TestQuickBooks_TooLargeIsRefused(t *testing.T) {
	b := newBench(t)
	body := string(bytes.Repeat([]byte(" "), maxBody+1))
	if code := b.post("/webhooks/quickbooks", body, sign(body, verifier)); code != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", code)
	}
}

func zohoBody(module, token, at string) string {
	return `{"server_time":` + at + `,"module":"` + module + `","ids":["4876000000101001"],"operation":"update","channel_id":"1000000068","token":"` + token + `"}`
}

func TestZoho_ACallbackMakesItsModulesFeedDue(t *testing.T) {
	b := newBench(t)
	for range 2 {
		if code := b.post("/webhooks/zoho/"+connID, zohoBody("Contacts", token, "1772360000123"), ""); code != http.StatusOK {
			t.Fatalf("status %d", code)
		}
	}
	if got := b.due(); got != "Zoho CRM Contacts feed (notification)" || b.woken != 1 {
		t.Errorf("due: %s, woken %d times", got, b.woken)
	}
}

func TestZoho_Refusals(t *testing.T) {
	for _, tc := range []struct {
		name, connection, body string
		code                   int
	}{
		{"wrong token", connID, zohoBody("Contacts", "guessed", "1"), http.StatusUnauthorized},
		{"no token", connID, zohoBody("Contacts", "", "1"), http.StatusUnauthorized},
		{"a connection without channel", "tokenless", zohoBody("Contacts", "", "1"), http.StatusUnauthorized},
		{"no JSON", connID, "hello", http.StatusUnauthorized},
		{"the database is away", "elsewhere", zohoBody("Contacts", token, "1"), http.StatusServiceUnavailable},
		{"a module nobody reads", connID, zohoBody("Invoices", token, "1"), http.StatusOK},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			if code := b.post("/webhooks/zoho/"+tc.connection, tc.body, ""); code != tc.code {
				t.Errorf("status %d, want %d", code, tc.code)
			}
			if got := b.due(); got != "" || b.woken != 0 {
				t.Errorf("due: %s, woken %d times", got, b.woken)
			}
		})
	}
}

func TestWebhooks_OnlyPostsAreTaken(t *testing.T) {
	b := newBench(t)
	w := httptest.NewRecorder()
	b.hooks.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/webhooks/quickbooks", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("status %d", w.Code)
	}
}

func TestHealth(t *testing.T) {
	b := newBench(t)
	w := httptest.NewRecorder()
	Health(b.hooks.Store).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"ok":true`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	_ = b.hooks.Store.Close()
	w = httptest.NewRecorder()
	Health(b.hooks.Store).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("a closed database is healthy: %d", w.Code)
	}
}
