package qbobox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	accessLife  = time.Hour
	refreshLife = 101 * 24 * time.Hour // reference section 1.4
	rotateAfter = 24 * time.Hour
	hardLife    = 5 * 365 * 24 * time.Hour
)

// tokens is the OAuth state: one consent, its refresh token and the access
// tokens that came from it.
type tokens struct {
	Count    int                  `json:"count"`
	Refresh  string               `json:"refresh"`
	Since    time.Time            `json:"since"`   // when this refresh token's value appeared
	Used     time.Time            `json:"used"`    // when it was last issued; the life rolls
	Consent  time.Time            `json:"consent"` // start of the hard limit
	Old      string               `json:"old"`
	OldUntil time.Time            `json:"old_until"`
	Access   map[string]time.Time `json:"access"`
	Codes    map[string]code      `json:"codes"`
}

type code struct {
	Until    time.Time `json:"until"`
	Redirect string    `json:"redirect"`
}

// derive makes repeatable text from the seed.
func derive(seed int64, what string, n int) string {
	var out strings.Builder
	for i := 0; out.Len() < n; i++ {
		mac := hmac.New(sha256.New, []byte(strconv.FormatInt(seed, 10)))
		fmt.Fprintf(mac, "%s/%d", what, i)
		out.WriteString(strings.NewReplacer("-", "x", "_", "y").Replace(base64.RawURLEncoding.EncodeToString(mac.Sum(nil))))
	}
	return out.String()[:n]
}

// start creates the consent a fresh sandbox begins with.
func (t *tokens) start(b *Box) {
	t.Access, t.Codes = map[string]time.Time{}, map[string]code{}
	t.consent(b)
}

func (t *tokens) consent(b *Box) {
	now := b.now()
	t.Consent, t.Old = now, ""
	t.newRefresh(b, now)
}

func (t *tokens) newRefresh(b *Box, now time.Time) {
	t.Count++
	t.Refresh = fmt.Sprintf("RT1-%d-H0-%d%s", t.Count, now.Add(refreshLife).Unix(), derive(b.opt.Seed, "refresh "+strconv.Itoa(t.Count), 40))
	t.Since, t.Used = now, now
}

func (t *tokens) newAccess(b *Box, now time.Time) string {
	t.Count++
	a := "eyJ" + derive(b.opt.Seed, "access "+strconv.Itoa(t.Count), 900)
	for k, until := range t.Access {
		if now.After(until) {
			delete(t.Access, k)
		}
	}
	t.Access[a] = now.Add(accessLife)
	return a
}

func (t *tokens) expire() { clear(t.Access) }

func (t *tokens) revoke() {
	clear(t.Access)
	t.Refresh, t.Old = "", ""
}

// refreshable tells whether a refresh token may be used now.
func (t *tokens) refreshable(token string, now time.Time) bool {
	if token == "" || now.After(t.Consent.Add(hardLife)) {
		return false
	}
	if token == t.Refresh {
		return now.Before(t.Used.Add(refreshLife))
	}
	return token == t.Old && now.Before(t.OldUntil)
}

func (b *Box) oauthRoutes(mux *http.ServeMux) {
	for _, p := range []string{"/.well-known/openid_configuration", "/.well-known/openid_sandbox_configuration"} {
		mux.HandleFunc("GET "+p, b.discovery)
	}
	mux.HandleFunc("GET /connect/oauth2", b.authorize)
	mux.HandleFunc("POST /oauth2/v1/tokens/bearer", b.token)
	mux.HandleFunc("POST /v2/oauth2/tokens/revoke", b.revokeToken)
	mux.HandleFunc("GET /op/v1/jwks", func(w http.ResponseWriter, r *http.Request) {
		b.countCall(r, kindOAuth)
		b.plainJSON(w, http.StatusOK, object{"keys": []any{}})
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
		"issuer": "https://oauth.platform.intuit.com/op/v1", "authorization_endpoint": u + "/connect/oauth2",
		"token_endpoint": u + "/oauth2/v1/tokens/bearer", "userinfo_endpoint": u + "/v1/openid_connect/userinfo",
		"revocation_endpoint": u + "/v2/oauth2/tokens/revoke", "jwks_uri": u + "/op/v1/jwks",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"scopes_supported":                      []string{"openid", "email", "profile", "address", "phone"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
		"claims_supported":                      []string{"aud", "exp", "iat", "iss", "realmid", "sub"},
	})
}

// authorize consents at once, as if a person had clicked; ?_deny=1 refuses.
func (b *Box) authorize(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Scheme == "" || !b.registered(q.Get("redirect_uri")) {
		http.Error(w, "redirect_uri is not one of the registered addresses", http.StatusBadRequest)
		return
	}
	out := url.Values{"state": {q.Get("state")}}
	switch {
	case q.Get("client_id") != b.opt.ClientID:
		out.Set("error", "unauthorized_client")
	case q.Get("response_type") != "code" || q.Get("state") == "":
		out.Set("error", "invalid_request")
	case !slices.Contains(strings.Fields(q.Get("scope")), "com.intuit.quickbooks.accounting"):
		out.Set("error", "invalid_scope")
	case q.Get("_deny") != "":
		out.Set("error", "access_denied")
	default:
		b.mu.Lock()
		b.tokens.Count++
		c := "XAB" + derive(b.opt.Seed, "code "+strconv.Itoa(b.tokens.Count), 45)
		b.tokens.Codes[c] = code{Until: b.now().Add(10 * time.Minute), Redirect: q.Get("redirect_uri")}
		b.dirtyMeta = true
		b.keep()
		b.mu.Unlock()
		out.Set("code", c)
		out.Set("realmId", b.opt.RealmID)
	}
	back.RawQuery = out.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound) //nolint:gosec // an authorization endpoint redirects where the app registered
}

func (b *Box) registered(uri string) bool {
	return len(b.opt.RedirectURIs) == 0 || slices.Contains(b.opt.RedirectURIs, uri)
}

// token is the token endpoint (reference section 1.4).
func (b *Box) token(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
	_ = r.ParseForm()
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if id != b.opt.ClientID || secret != b.opt.ClientSecret {
		b.oauthError(w, http.StatusUnauthorized, object{"error": "invalid_client"})
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	t := &b.tokens
	switch r.PostForm.Get("grant_type") {
	case "refresh_token":
		if !t.refreshable(r.PostForm.Get("refresh_token"), now) {
			b.oauthError(w, http.StatusBadRequest, object{"error": "invalid_grant", "error_description": "Token invalid"})
			return
		}
		if b.opt.Dials.RotateEveryRefresh || !now.Before(t.Since.Add(rotateAfter)) {
			t.Old, t.OldUntil = t.Refresh, now.Add(b.opt.Dials.OldRefreshTokenGrace)
			t.newRefresh(b, now)
		}
		t.Used = now
	case "authorization_code":
		c, known := t.Codes[r.PostForm.Get("code")]
		delete(t.Codes, r.PostForm.Get("code"))
		if !known || now.After(c.Until) || c.Redirect != r.PostForm.Get("redirect_uri") {
			b.oauthError(w, http.StatusBadRequest, object{"error": "invalid_grant"})
			return
		}
		t.consent(b)
	case "":
		b.oauthError(w, http.StatusBadRequest, object{"error": "invalid_request"})
		return
	default:
		b.oauthError(w, http.StatusBadRequest, object{"error": "unsupported_grant_type"})
		return
	}
	body := object{
		"token_type": "bearer", "expires_in": jsonInt(int(accessLife.Seconds())), "access_token": t.newAccess(b, now),
		"refresh_token": t.Refresh, "x_refresh_token_expires_in": jsonInt(int(refreshLife.Seconds())),
	}
	if strings.EqualFold(r.Header.Get("x-include-refresh-token-hard-expires-in"), "true") {
		body["x_refresh_token_hard_expires_in"] = jsonInt(int(t.Consent.Add(hardLife).Sub(now).Seconds()))
	}
	b.dirtyMeta = true
	b.keep()
	b.oauthError(w, http.StatusOK, body)
}

// oauthError writes an answer of the token host, good or bad.
func (b *Box) oauthError(w http.ResponseWriter, status int, body object) {
	w.Header().Set("Cache-Control", "no-cache, no-store")
	w.Header().Set("Pragma", "no-cache")
	b.plainJSON(w, status, body)
}

func (b *Box) plainJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("intuit_tid", b.traceID())
	w.WriteHeader(status)
	_, _ = w.Write(encode(body))
}

func (b *Box) revokeToken(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
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
	w.Header().Set("intuit_tid", b.traceID())
	w.WriteHeader(http.StatusOK)
}

func (b *Box) userinfo(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
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
	b.mu.Unlock()
	if !known || !b.now().Before(until) {
		return unauthorized("Token expired")
	}
	if realm != "" && realm != b.opt.RealmID {
		return forbidden()
	}
	return nil
}
