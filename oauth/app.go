package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"crossbook/transport"
)

// App is our registration with one vendor, and where that vendor signs people in.
type App struct {
	Vendor       transport.Vendor
	ClientID     string
	ClientSecret string
	AuthorizeURL string
	TokenURL     string
	RevokeURL    string
	// RedirectURL is where the browser comes back to; it must equal a registered
	// one byte for byte. Empty for a self client of Zoho.
	RedirectURL string
	Scopes      []string
	// Transport is a chain of package transport without Auth; nil is
	// http.DefaultTransport.
	Transport http.RoundTripper
}

// ZohoApp is an App at a Zoho accounts server, such as https://accounts.zoho.eu.
func ZohoApp(accountsURL, clientID, clientSecret string) (App, error) {
	base, err := transport.CheckBase(transport.Zoho, accountsURL)
	if err != nil {
		return App{}, err
	}
	at := base.String() + "/oauth/v2"
	return App{
		Vendor: transport.Zoho, ClientID: clientID, ClientSecret: clientSecret,
		AuthorizeURL: at + "/auth", TokenURL: at + "/token", RevokeURL: at + "/token/revoke", Scopes: ZohoScopes(),
	}, nil
}

// ZohoScopes is the least the engine needs (reference/zoho-crm.md section 2.5).
func ZohoScopes() []string {
	return []string{
		"ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.org.READ", "ZohoCRM.users.READ",
		"ZohoCRM.coql.READ", "ZohoCRM.notifications.ALL",
	}
}

// QuickBooksApp is an App at Intuit. The revoke address stands beside the token
// address on loopback and at the vendor's fixed place otherwise.
func QuickBooksApp(authorizeURL, tokenURL, clientID, clientSecret string) (App, error) {
	token, err := transport.CheckBase(transport.QuickBooks, tokenURL)
	if err != nil {
		return App{}, err
	}
	authorize, err := transport.CheckBase(transport.QuickBooks, authorizeURL)
	if err != nil {
		return App{}, err
	}
	revoke := "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
	if !strings.HasSuffix(token.Hostname(), ".intuit.com") {
		revoke = token.Scheme + "://" + token.Host + "/v2/oauth2/tokens/revoke"
	}
	return App{
		Vendor: transport.QuickBooks, ClientID: clientID, ClientSecret: clientSecret,
		AuthorizeURL: authorize.String(), TokenURL: token.String(), RevokeURL: revoke,
		Scopes: []string{"com.intuit.quickbooks.accounting"},
	}, nil
}

func (a App) config() *oauth2.Config {
	c := &oauth2.Config{
		ClientID: a.ClientID, ClientSecret: a.ClientSecret, RedirectURL: a.RedirectURL, Scopes: a.Scopes,
		Endpoint: oauth2.Endpoint{AuthURL: a.AuthorizeURL, TokenURL: a.TokenURL, AuthStyle: oauth2.AuthStyleInHeader},
	}
	if a.Vendor == transport.Zoho {
		c.Endpoint.AuthStyle = oauth2.AuthStyleInParams
		c.Scopes = []string{strings.Join(a.Scopes, ",")} // commas, not blanks
	}
	return c
}

// ConsentURL is where the browser is sent. The state must be unguessable and
// remembered: it comes back in the callback.
func (a App) ConsentURL(state string) string {
	if a.Vendor == transport.Zoho {
		// Without offline there is no refresh token; without consent there is none
		// from the second time on.
		return a.config().AuthCodeURL(state, oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent"))
	}
	return a.config().AuthCodeURL(state)
}

// Callback is what the browser brings back.
type Callback struct {
	Code  string
	State string
	// RealmID is the QuickBooks company that was chosen.
	RealmID string
	// AccountsServer is the Zoho data centre whose token endpoint must be used.
	AccountsServer string
}

// ParseCallback reads the query of the redirect address. Whether the state is known
// is for the caller to check.
func (a App) ParseCallback(q url.Values) (Callback, error) {
	if code := q.Get("error"); code != "" {
		e := &Error{Vendor: a.Vendor, Code: code, Description: q.Get("error_description"), Kind: transport.FaultAuth, Reauthorise: code == "access_denied"}
		return Callback{}, e
	}
	cb := Callback{Code: q.Get("code"), State: q.Get("state"), RealmID: q.Get("realmId"), AccountsServer: q.Get("accounts-server")}
	if cb.Code == "" || cb.State == "" {
		return Callback{}, &Error{Vendor: a.Vendor, Kind: transport.FaultAuth, Reauthorise: true, Err: errors.New("the address lacks code or state")}
	}
	if a.Vendor == transport.QuickBooks && cb.RealmID == "" {
		return Callback{}, &Error{Vendor: a.Vendor, Kind: transport.FaultAuth, Reauthorise: true, Err: errors.New("the address lacks realmId")}
	}
	return cb, nil
}

// Exchange turns a consent's code into a first credential. A Zoho code is exchanged
// at the data centre the callback names, if that is one of Zoho's own.
func (a App) Exchange(ctx context.Context, cb Callback) (Credential, error) {
	if cb.AccountsServer != "" && a.Vendor == transport.Zoho {
		at, err := ZohoApp(cb.AccountsServer, a.ClientID, a.ClientSecret)
		if err != nil {
			return Credential{}, err
		}
		a.TokenURL = at.TokenURL
	}
	now := time.Now()
	t, err := a.config().Exchange(a.context(ctx), cb.Code)
	if err != nil {
		return Credential{}, classify(a.Vendor, err)
	}
	c := a.credential(t, Credential{RealmID: cb.RealmID}, now)
	if c.RefreshToken == "" {
		return Credential{}, &Error{Vendor: a.Vendor, Kind: transport.FaultAuth, Reauthorise: true, Err: errors.New("the answer has no refresh token")}
	}
	return c, nil
}

// Refresh asks for the next access token. What it returns must be stored before it
// is used.
func (a App) Refresh(ctx context.Context, c Credential) (Credential, error) {
	if c.RefreshToken == "" {
		return Credential{}, &Error{Vendor: a.Vendor, Kind: transport.FaultAuth, Reauthorise: true, Err: ErrNoCredential}
	}
	now := time.Now()
	// A fresh token source knows only the refresh token and so always asks.
	t, err := a.config().TokenSource(a.context(ctx), &oauth2.Token{RefreshToken: c.RefreshToken}).Token()
	if err != nil {
		return Credential{}, classify(a.Vendor, err)
	}
	return a.credential(t, c, now), nil
}

// credential takes over an answer; what it leaves out stays as before.
func (a App) credential(t *oauth2.Token, before Credential, now time.Time) Credential {
	c := before
	c.AccessToken, c.Expiry, c.ObtainedAt = t.AccessToken, t.Expiry.UTC(), now.UTC()
	if t.Expiry.IsZero() {
		c.Expiry = now.Add(time.Hour).UTC() // both vendors' tokens live an hour
	}
	if t.RefreshToken != "" {
		c.RefreshToken = t.RefreshToken
	}
	if domain, ok := t.Extra("api_domain").(string); ok && domain != "" {
		c.APIDomain = domain
	}
	if scope, ok := t.Extra("scope").(string); ok && scope != "" {
		c.Scope = scope
	}
	if secs := seconds(t.Extra("x_refresh_token_expires_in")); secs > 0 {
		c.RefreshExpiry = now.Add(secs).UTC()
	}
	if secs := seconds(t.Extra("x_refresh_token_hard_expires_in")); secs > 0 {
		c.HardExpiry = now.Add(secs).UTC()
	}
	return c
}

// seconds reads a number of the answer's JSON.
func seconds(v any) time.Duration {
	switch v := v.(type) {
	case float64:
		return time.Duration(v) * time.Second
	case string:
		n, _ := strconv.ParseInt(v, 10, 64)
		return time.Duration(n) * time.Second
	}
	return 0
}

// Revoke withdraws a refresh token and everything that came from it.
func (a App) Revoke(ctx context.Context, refreshToken string) error {
	var req *http.Request
	var err error
	if a.Vendor == transport.Zoho {
		form := url.Values{"token": {refreshToken}}
		req, err = http.NewRequestWithContext(ctx, http.MethodPost, a.RevokeURL, strings.NewReader(form.Encode()))
		if err == nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	} else {
		req, err = http.NewRequestWithContext(ctx, http.MethodPost, a.RevokeURL, strings.NewReader(`{"token":`+strconv.Quote(refreshToken)+`}`))
		if err == nil {
			req.Header.Set("Content-Type", "application/json")
			req.SetBasicAuth(url.QueryEscape(a.ClientID), url.QueryEscape(a.ClientSecret))
		}
	}
	if err != nil {
		return classify(a.Vendor, err)
	}
	req.Header.Set("Accept", "application/json")
	// A lost answer is not asked for again by itself: unlike those of an exchange,
	// the answer is empty and looks like noise.
	once := transport.WithClass(ctx, transport.Class{Kind: transport.OAuth})
	res, err := a.client().Do(req.WithContext(once))
	if err != nil {
		return classify(a.Vendor, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if res.StatusCode/100 != 2 || strings.Contains(string(body), `"error"`) {
		return &Error{Vendor: a.Vendor, Kind: transport.FaultRetry, Status: res.StatusCode, Err: fmt.Errorf("revoke was refused with HTTP %d", res.StatusCode)}
	}
	return nil
}

// context tells oauth2 which client to use and the chain what the call is.
func (a App) context(ctx context.Context) context.Context {
	return context.WithValue(classed(ctx), oauth2.HTTPClient, a.client())
}

// classed marks a call of the sign-in. An exchange that is repeated after a lost
// answer does no harm: the vendors keep the refresh token, or give its successor.
func classed(ctx context.Context) context.Context {
	return transport.WithClass(ctx, transport.Class{Kind: transport.OAuth, Read: true})
}

// hardExpiryHeader makes Intuit tell when the refresh token lapses for good
// (reference/quickbooks-online.md section 1.4).
const hardExpiryHeader = "x-include-refresh-token-hard-expires-in"

func (a App) client() *http.Client {
	next := a.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: transport.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.Header.Set("Accept", "application/json")
			if a.Vendor == transport.QuickBooks {
				r.Header.Set(hardExpiryHeader, "true")
			}
			return next.RoundTrip(r)
		}),
	}
}
