package simulate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	booksapi "crossbook/quickbooks/api"
	"crossbook/transport"
	crmapi "crossbook/zohocrm/api"
)

// wire carries the engine's calls to one sandbox: it signs them, notes them in
// the trace and lets the simulation act between two calls.
type wire struct {
	w      *world
	name   string
	box    http.RoundTripper
	scheme string
	path   string // of the token service
	form   func() url.Values
	token  string
	// rewrite is the vendor's own idea of values, put in on their way there.
	rewrite func(*http.Request) error
}

func (b *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	b.w.between()
	for range 3 {
		if b.token == "" {
			if err := b.fetch(r.Context()); err != nil {
				return nil, &transport.NotSent{Err: err, Kind: transport.FaultRetry}
			}
		}
		again := r.Clone(r.Context())
		if r.GetBody != nil {
			body, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			again.Body = body
			if b.rewrite != nil {
				if err := b.rewrite(again); err != nil {
					return nil, err
				}
			}
		}
		again.Header.Set("Authorization", b.scheme+b.token)
		resp, err := b.box.RoundTrip(again)
		b.w.call(b.name, again, resp, err)
		if err != nil || resp.StatusCode != http.StatusUnauthorized {
			return resp, err
		}
		b.token = ""
	}
	return nil, &transport.NotSent{Err: errors.New("three tokens in a row are not good"), Kind: transport.FaultRetry}
}

// fetch gets a token; one that does not come because of a fault is a lost call.
func (b *wire) fetch(ctx context.Context) error {
	f := b.form()
	f.Set("grant_type", "refresh_token")
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost"+b.path, strings.NewReader(f.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.SetBasicAuth(f.Get("client_id"), f.Get("client_secret"))
	resp, err := b.box.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(raw, &out); err != nil || out.AccessToken == "" {
		return fmt.Errorf("no token: status %d", resp.StatusCode)
	}
	b.token = out.AccessToken
	return nil
}

func (w *world) connectWires() error {
	w.crmWire = &wire{
		w: w, name: "crm", box: w.crm.Transport(), scheme: "Zoho-oauthtoken ", path: "/oauth/v2/token",
		form: func() url.Values {
			cr := w.crm.Credentials()
			return url.Values{"client_id": {cr.ClientID}, "client_secret": {cr.ClientSecret}, "refresh_token": {cr.RefreshToken}}
		},
	}
	w.booksWire = &wire{
		w: w, name: "books", box: w.books.Transport(), scheme: "Bearer ", path: "/oauth2/v1/tokens/bearer",
		form: func() url.Values {
			cr := w.books.Credentials()
			return url.Values{"client_id": {cr.ClientID}, "client_secret": {cr.ClientSecret}, "refresh_token": {cr.RefreshToken}}
		},
	}
	if w.profile.rewrites {
		w.booksWire.rewrite = slashes
	}
	var err error
	if w.crmClient, err = crmapi.New(crmapi.Options{BaseURL: "http://localhost", Transport: w.crmWire}); err != nil {
		return err
	}
	w.booksClient, err = booksapi.New(booksapi.Options{BaseURL: "http://localhost", Realm: w.books.Credentials().RealmID, Transport: w.booksWire})
	return err
}

var bareSite = regexp.MustCompile(`("URI":"https://www\.s[0-9]+\.example)"`)

// slashes is a QuickBooks that ends web addresses with a slash: what it returns
// is not what was sent.
func slashes(r *http.Request) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	raw = bareSite.ReplaceAll(raw, []byte(`$1/"`))
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return nil
}
