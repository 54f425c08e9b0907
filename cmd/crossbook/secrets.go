package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"crossbook/jobs"
	"crossbook/oauth"
	"crossbook/store"
)

// The names under which a connection's secrets are sealed in the database.
// Tokens change all the time; what belongs to our registration with a vendor
// changes only when a person connects again.
const (
	zohoTokens    = "zoho"
	quickTokens   = "quickbooks"
	registrations = "registrations"
	zohoChannel   = "zoho-channel"
	workspace     = "default"
)

// registration is what our two app registrations keep secret.
type registration struct {
	ZohoClientSecret string `json:"zoho_client_secret"`
	QBOClientSecret  string `json:"qbo_client_secret"`
	WebhookVerifier  string `json:"webhook_verifier,omitempty"`
}

// secrets are the sealed rows of one connection.
type secrets struct {
	store      *store.Store
	sealer     *oauth.Sealer
	connection string
}

// read opens a secret and returns its version; store.ErrNotFound when there is
// none.
func (s secrets) read(ctx context.Context, name string, into any) (int64, error) {
	var sealed []byte
	var version int64
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var err error
		sealed, version, err = tx.Credential(ctx, s.connection, name)
		return err
	})
	if err != nil {
		return 0, err
	}
	plain, err := s.sealer.Open(sealed, workspace, s.connection, name)
	if err != nil {
		return 0, err
	}
	return version, json.Unmarshal(plain, into)
}

// write seals a secret over whatever stands there.
func (s secrets) write(ctx context.Context, name string, value any) error {
	return s.store.Update(ctx, func(tx *store.Tx) error { return s.writeIn(ctx, tx, name, value) })
}

func (s secrets) writeIn(ctx context.Context, tx *store.Tx, name string, value any) error {
	plain, err := json.Marshal(value)
	if err != nil {
		return err
	}
	sealed, err := s.sealer.Seal(plain, workspace, s.connection, name)
	if err != nil {
		return err
	}
	_, version, err := tx.Credential(ctx, s.connection, name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	_, err = tx.SaveCredential(ctx, s.connection, name, sealed, version)
	return err
}

// tokens is the store of one vendor's tokens, as package oauth wants it.
type tokens struct {
	secrets
	vendor string
}

// Load reads the stored credential.
func (t tokens) Load(ctx context.Context) (oauth.Credential, int64, error) {
	var c oauth.Credential
	version, err := t.read(ctx, t.vendor, &c)
	if errors.Is(err, store.ErrNotFound) {
		return oauth.Credential{}, 0, oauth.ErrNoCredential
	}
	return c, version, err
}

// Save replaces it unless somebody else did meanwhile.
func (t tokens) Save(ctx context.Context, c oauth.Credential, expected int64) error {
	sealed, err := t.sealer.SealCredential(c, workspace, t.connection, t.vendor)
	if err != nil {
		return err
	}
	err = t.store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SaveCredential(ctx, t.connection, t.vendor, sealed, expected)
		return err
	})
	if errors.Is(err, store.ErrConflict) {
		return errors.Join(oauth.ErrConflict, err)
	}
	return err
}

// inHand keeps a credential in memory while nothing is connected yet, so that
// nothing is stored when the connection is refused.
type inHand struct {
	c       oauth.Credential
	version int64
}

// Load returns it.
func (h *inHand) Load(context.Context) (oauth.Credential, int64, error) { return h.c, h.version, nil }

// Save replaces it.
func (h *inHand) Save(_ context.Context, c oauth.Credential, _ int64) error {
	h.c = c
	h.version++
	return nil
}

// The lease under which a token is renewed: short, kept alive, and taken from
// a process of this machine that is gone.
const (
	tokenTTL   = 20 * time.Second
	tokenBeat  = 5 * time.Second
	tokenRetry = 50 * time.Millisecond
)

// tokenLease lets one process at a time renew a vendor's token.
func tokenLease(s *store.Store, owner store.Owner, connectionID, vendor string) oauth.Lease {
	name := store.TokenLease(vendor)
	return func(ctx context.Context, fn func(context.Context) error) error {
		fence, err := awaitLease(ctx, s, owner, connectionID, name)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			keepLease(ctx, s, connectionID, name, fence)
		}()
		defer func() {
			cancel()
			<-done
			ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), tokenBeat)
			defer stop()
			_ = s.Update(ctx, func(tx *store.Tx) error { return tx.ReleaseLease(ctx, connectionID, name, fence) })
		}()
		return fn(ctx)
	}
}

func awaitLease(ctx context.Context, s *store.Store, owner store.Owner, connectionID, name string) (fence int64, err error) {
	for {
		ok := false
		err := s.Update(ctx, func(tx *store.Tx) error {
			if _, err := tx.FreeDeadLeases(ctx, owner.Host, jobs.Alive); err != nil {
				return err
			}
			var err error
			fence, ok, _, err = tx.AcquireLease(ctx, connectionID, name, owner, time.Now(), tokenTTL)
			return err
		})
		if err != nil || ok {
			return fence, err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(tokenRetry):
		}
	}
}

func keepLease(ctx context.Context, s *store.Store, connectionID, name string, fence int64) {
	tick := time.NewTicker(tokenBeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = s.Update(ctx, func(tx *store.Tx) error {
				return tx.Heartbeat(ctx, connectionID, name, fence, time.Now(), tokenTTL)
			})
		}
	}
}
