package qbobox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

func (b *Box) oauthRoutes(mux *http.ServeMux) {
	for _, p := range []string{"/.well-known/openid_configuration", "/.well-known/openid_sandbox_configuration"} {
		mux.HandleFunc("GET "+p, b.discovery)
	}
	mux.HandleFunc("GET /connect/oauth2", b.authorize)
	mux.HandleFunc("POST /connect/oauth2", b.decide)
	mux.HandleFunc("POST /oauth2/v1/tokens/bearer", b.token)
	mux.HandleFunc("POST /v2/oauth2/tokens/revoke", b.revokeToken)
	mux.HandleFunc("GET /op/v1/jwks", func(w http.ResponseWriter, r *http.Request) {
		b.countCall(r, kindOAuth)
		b.plainJSON(w, http.StatusOK, object{"keys": []any{b.signer.jwk(b.opt.Seed)}})
	})
	mux.HandleFunc("GET /v1/openid_connect/userinfo", b.userinfo)
}

func (b *Box) discovery(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
	u := b.opt.BaseURL
	if b.opt.BaseURL == "http://localhost" && r.Host != "" {
		u = "http://" + r.Host
	}
	b.plainJSON(w, http.StatusOK, object{
		"issuer": issuer, "authorization_endpoint": u + "/connect/oauth2",
		"token_endpoint": u + "/oauth2/v1/tokens/bearer", "userinfo_endpoint": u + "/v1/openid_connect/userinfo",
		"revocation_endpoint": u + "/v2/oauth2/tokens/revoke", "jwks_uri": u + "/op/v1/jwks",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"scopes_supported":                      []string{"openid", "email", "profile", "address", "phone"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
		"claims_supported":                      []string{"aud", "exp", "iat", "iss", "realmid", "sub"},
	})
}

// token is the token endpoint (reference section 1.4).
func (b *Box) token(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
	if b.crowded(w) {
		return
	}
	_ = r.ParseForm()
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	mine := id == b.opt.ClientID && secret == b.opt.ClientSecret
	if !mine && (id != b.opt.ProductionID || secret != b.opt.ProductionSecret) {
		b.oauthError(w, http.StatusUnauthorized, object{"error": "invalid_client"})
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	t := &b.tokens
	var refused object
	switch r.PostForm.Get("grant_type") {
	case "refresh_token":
		refused = b.renew(r.PostForm.Get("refresh_token"), mine, now)
	case "authorization_code":
		refused = b.redeem(r.PostForm.Get("code"), r.PostForm.Get("redirect_uri"), mine, now)
	case "":
		refused = object{"error": "invalid_request"}
	default:
		refused = object{"error": "unsupported_grant_type"}
	}
	if refused != nil {
		b.oauthError(w, http.StatusBadRequest, refused)
		return
	}
	body := object{
		"token_type": "bearer", "expires_in": jsonInt(int(accessLife.Seconds())), "access_token": t.newAccess(b, now),
		"refresh_token": t.Refresh, "x_refresh_token_expires_in": jsonInt(int(refreshLife.Seconds())),
	}
	if strings.EqualFold(r.Header.Get("x-include-refresh-token-hard-expires-in"), "true") {
		body["x_refresh_token_hard_expires_in"] = jsonInt(int(t.hardEnd().Sub(now).Seconds()))
	}
	if slices.Contains(t.scopes(), scopeOpenID) {
		body["id_token"] = b.idToken(now)
	}
	b.dirtyMeta = true
	b.keep()
	b.oauthError(w, http.StatusOK, body)
}

// otherKeys is the answer to a token that belongs to the other pair of keys, or
// is of another kind (reference section 1.4).
func otherKeys() object {
	return object{"error": "invalid_grant", "error_description": "Incorrect Token type or clientID"}
}

// renew lets a refresh token live on; nil means it may.
func (b *Box) renew(token string, mine bool, now time.Time) object {
	t := &b.tokens
	_, access := t.Access[token]
	good := t.refreshable(token, now)
	switch {
	case access, good && !mine:
		return otherKeys()
	case !good:
		return object{"error": "invalid_grant", "error_description": "Token invalid"}
	}
	if b.opt.Dials.RotateEveryRefresh || !now.Before(t.Since.Add(rotateAfter)) {
		t.Old, t.OldUntil = t.Refresh, now.Add(b.opt.Dials.OldRefreshTokenGrace)
		t.newRefresh(b, now)
	}
	t.Used = now
	return nil
}

// redeem turns a code into a consent, once.
func (b *Box) redeem(value, redirect string, mine bool, now time.Time) object {
	t := &b.tokens
	c, known := t.Codes[value]
	if known && !mine {
		return otherKeys()
	}
	delete(t.Codes, value)
	if !known || !now.Before(c.Until) || c.Redirect != redirect {
		return object{"error": "invalid_grant"}
	}
	t.consent(b, c.Scopes)
	return nil
}

// oauthError writes an answer of the token host, good or bad.
func (b *Box) oauthError(w http.ResponseWriter, status int, body object) {
	w.Header().Set("Cache-Control", "no-cache, no-store")
	w.Header().Set("Pragma", "no-cache")
	b.plainJSON(w, status, body)
}

func (b *Box) plainJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(encode(body))
}

func (b *Box) revokeToken(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
	if b.crowded(w) {
		return
	}
	id, secret, _ := r.BasicAuth()
	if id != b.opt.ClientID || secret != b.opt.ClientSecret {
		b.oauthError(w, http.StatusUnauthorized, object{"error": "invalid_client"})
		return
	}
	raw, _ := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	var in struct{ Token string }
	_ = json.Unmarshal(raw, &in)
	if in.Token == "" {
		if form, err := url.ParseQuery(string(raw)); err == nil {
			in.Token = form.Get("token")
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_, access := b.tokens.Access[in.Token]
	if in.Token == "" || !access && in.Token != b.tokens.Refresh {
		b.oauthError(w, http.StatusBadRequest, object{"error": "invalid_request"})
		return
	}
	b.tokens.revoke() // revoking either kills the pair
	b.dirtyMeta = true
	b.keep()
	w.WriteHeader(http.StatusOK)
}

func (b *Box) userinfo(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
	if b.crowded(w) {
		return
	}
	if flt := b.authenticate(r, ""); flt != nil {
		b.writeFault(w, r, flt)
		return
	}
	given, family, _ := strings.Cut(b.opt.UserName, " ")
	b.plainJSON(w, http.StatusOK, object{
		"sub": derive(b.opt.Seed, "sub", 36), "email": "owner@company.example", "emailVerified": true, "givenName": given, "familyName": family,
	})
}

// authenticate checks the bearer token and, unless realm is "", the company.
func (b *Box) authenticate(r *http.Request, realm string) *fault {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || len(token) < 200 || len(token) > 4096 {
		return unauthorized("Malformed bearer token: too short or too long")
	}
	b.mu.Lock()
	until, known := b.tokens.Access[token]
	_, narrow := b.tokens.Narrow[token]
	b.mu.Unlock()
	if !known || !b.now().Before(until) {
		return unauthorized("Token expired")
	}
	switch {
	case realm == "":
	case realm != b.opt.RealmID:
		return forbidden()
	case narrow:
		return narrowScope()
	}
	return nil
}
