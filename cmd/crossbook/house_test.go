package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/oauth"
	"crossbook/store"
)

// furnished is a house with a connection to two sandboxes on sockets.
func furnished(t *testing.T) (*house, *sandboxes, crossbook.Connection) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s, err := openSandbox(ctx, sandboxOptions{zohoAddr: "127.0.0.1:0", quickAddr: "127.0.0.1:0", company: "empty", limits: "off", seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	a := newApp(&cli{Dir: t.TempDir()}, io.Discard, io.Discard)
	h, err := a.open(ctx, houseRules{create: true, quiet: slog.LevelError})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	env := map[string]string{}
	for _, nv := range s.environment() {
		env[nv[0]] = nv[1]
	}
	given, err := environmentOf(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	result, err := h.join(ctx, "main", given, choices{})
	if err != nil {
		t.Fatal(err)
	}
	return h, s, result.Connection
}

func TestUpkeep_SubscribesRenewsAndSubscribesAnew(t *testing.T) {
	h, s, c := furnished(t)
	ctx := context.Background()
	u := &upkeep{house: h, own: "http://127.0.0.1:9", told: map[string]bool{}, retryAt: map[string]time.Time{}}
	keep := func() watching {
		t.Helper()
		if err := u.keep(ctx, c); err != nil {
			t.Fatal(err)
		}
		var w watching
		if _, err := h.fact(ctx, c.ID, factWatch, &w); err != nil {
			t.Fatal(err)
		}
		return w
	}
	first := keep()
	if left := time.Until(first.Expires); left < 6*24*time.Hour || left > 7*24*time.Hour {
		t.Errorf("subscribed for %s: longer than a week silently becomes an hour", left)
	}
	if first.URL != "http://127.0.0.1:9/webhooks/zoho/"+c.ID {
		t.Errorf("subscribed at %s", first.URL)
	}
	calls := s.zoho.Calls()["channel"]
	if again := keep(); !again.Renewed.Equal(first.Renewed) || s.zoho.Calls()["channel"] != calls {
		t.Error("a fresh subscription was touched")
	}
	old := first
	old.Renewed = old.Renewed.Add(-renewEvery)
	if err := h.store.Update(ctx, func(tx *store.Tx) error { return putFact(ctx, tx, c.ID, factWatch, old) }); err != nil {
		t.Fatal(err)
	}
	if renewed := keep(); !renewed.Renewed.After(old.Renewed) {
		t.Error("a day has gone by without a renewal")
	}
	// The vendor forgot it: it is subscribed anew instead of renewed.
	e, err := h.endsOf(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.crm.Unwatch(ctx, watchID); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Update(ctx, func(tx *store.Tx) error { return putFact(ctx, tx, c.ID, factWatch, old) }); err != nil {
		t.Fatal(err)
	}
	keep()
	if there, err := e.crm.WatchDetails(ctx, watchID); err != nil || len(there) == 0 {
		t.Errorf("the lapsed subscription was not made anew: %v %v", there, err)
	}
	// The server moved.
	u.own = "http://127.0.0.1:10"
	if moved := keep(); !strings.HasPrefix(moved.URL, u.own) {
		t.Errorf("still subscribed at %s", moved.URL)
	}
}

func TestUpkeep_TheRealVendorsAreToldThePublicAddressOnly(t *testing.T) {
	local := crossbook.Connection{Endpoints: crossbook.Endpoints{ZohoAPIURL: "http://127.0.0.1:1", QBOAPIURL: "http://localhost:2"}}
	vendors := crossbook.Connection{Endpoints: crossbook.Endpoints{ZohoAPIURL: "https://www.zohoapis.eu", QBOAPIURL: "https://quickbooks.api.intuit.com"}}
	u := &upkeep{own: "http://127.0.0.1:9"}
	if u.base(local) != u.own || u.base(vendors) != "" {
		t.Errorf("sandboxes: %q, vendors: %q", u.base(local), u.base(vendors))
	}
	u.public = "https://crossbook.example.com"
	if u.base(local) != u.public || u.base(vendors) != u.public {
		t.Errorf("sandboxes: %q, vendors: %q", u.base(local), u.base(vendors))
	}
}

func TestSecrets_AreSealedAndBelongToTheirPlace(t *testing.T) {
	h, s, c := furnished(t)
	ctx := context.Background()
	data, err := os.ReadFile(h.app.cli.dir() + "/crossbook.db")
	if err != nil {
		t.Fatal(err)
	}
	wal, _ := os.ReadFile(h.app.cli.dir() + "/crossbook.db-wal")
	for _, nv := range s.environment() {
		if strings.Contains(nv[0], "SECRET") || strings.Contains(nv[0], "TOKEN") && !strings.Contains(nv[0], "URL") || strings.Contains(nv[0], "VERIFIER") {
			if strings.Contains(string(data)+string(wal), nv[1]) {
				t.Errorf("%s stands in the database as it is", nv[0])
			}
		}
	}
	own, err := h.secrets(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var reg registration
	if _, err := own.read(ctx, registrations, &reg); err != nil || reg.ZohoClientSecret == "" || reg.WebhookVerifier == "" {
		t.Errorf("%v", err)
	}
	// The same bytes under another name do not open.
	var sealed []byte
	err = h.store.Update(ctx, func(tx *store.Tx) (err error) {
		if sealed, _, err = tx.Credential(ctx, c.ID, registrations); err != nil {
			return err
		}
		_, err = tx.SaveCredential(ctx, c.ID, "elsewhere", sealed, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := own.read(ctx, "elsewhere", &reg); !errors.Is(err, oauth.ErrSealed) {
		t.Errorf("opened in another place: %v", err)
	}
}

func TestTokenLease_OneAtATimeAndNeverHeldByTheDead(t *testing.T) {
	h, _, c := furnished(t)
	ctx := context.Background()
	gone := h.owner
	gone.PID, gone.Started = 1<<22+7, time.Unix(1, 0) // no such process
	err := h.store.Update(ctx, func(tx *store.Tx) error {
		_, ok, _, err := tx.AcquireLease(ctx, c.ID, store.TokenLease(quickTokens), gone, time.Now(), time.Hour)
		if !ok {
			t.Error("the lease is not free")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	lease := tokenLease(h.store, h.owner, c.ID, quickTokens)
	inside := 0
	err = lease(ctx, func(ctx context.Context) error {
		inside++
		short, cancel := context.WithTimeout(ctx, 4*tokenRetry)
		defer cancel()
		if err := lease(short, func(context.Context) error { inside++; return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a second one got in: %v", err)
		}
		return nil
	})
	if err != nil || inside != 1 {
		t.Errorf("%v, %d inside", err, inside)
	}
	if err := lease(ctx, func(context.Context) error { inside++; return nil }); err != nil || inside != 2 {
		t.Errorf("the lease was not given back: %v", err)
	}
}

func TestJoin_StoresNothingWhenRefused(t *testing.T) {
	ctx := context.Background()
	s, err := openSandbox(ctx, sandboxOptions{zohoAddr: "127.0.0.1:0", quickAddr: "127.0.0.1:0", company: "empty", limits: "off", seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.serve(serving) }()
	t.Cleanup(func() { stop(); <-ended })
	a := newApp(&cli{Dir: t.TempDir()}, io.Discard, io.Discard)
	h, err := a.open(ctx, houseRules{create: true, quiet: slog.LevelError})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	env := map[string]string{}
	for _, nv := range s.environment() {
		env[nv[0]] = nv[1]
	}
	// Somebody who is not the Super Admin consents (R8).
	env["ZOHO_REFRESH_TOKEN"] = s.zoho.TokenFor("Eva")
	given, err := environmentOf(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.join(ctx, "main", given, choices{}); err == nil || !strings.Contains(failureOf(err).hint, "Super Admin") {
		t.Errorf("%v", err)
	}
	err = h.store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Connections(ctx)
		if len(all) > 0 {
			t.Errorf("stored: %v", all)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
