package zohobox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	accessLife  = time.Hour
	codeLife    = 3 * time.Minute
	tokenWindow = 10 * time.Minute
	codesPer    = 10 // grant codes per window and client
	maxRefresh  = 20 // refresh tokens per user and client (section 2.2)
)

// allScopes is what the default connection has been granted.
var allScopes = []string{
	"ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.org.ALL", "ZohoCRM.users.ALL", "ZohoCRM.coql.READ",
	"ZohoCRM.notifications.ALL", "ZohoCRM.bulk.ALL", "ZohoCRM.features.READ", "ZohoCRM.apis.READ", "ZohoCRM.files.ALL",
	"ZohoCRM.composite_requests.CUSTOM", "ZohoCRM.change_owner.CREATE", "ZohoSearch.securesearch.READ", "ZohoFiles.files.ALL",
}

// refreshToken is a consent: it lives until it is revoked and is never rotated.
type refreshToken struct {
	Token  string      `json:"token"`
	User   string      `json:"user"`
	Scopes []string    `json:"scopes"`
	Issued []time.Time `json:"issued"` // access tokens of the last ten minutes
	Live   []string    `json:"live"`   // access tokens, oldest first
	Seq    int64       `json:"seq"`
}

type accessToken struct {
	Token   string    `json:"token"`
	Refresh string    `json:"refresh"`
	User    string    `json:"user"`
	Scopes  []string  `json:"scopes"`
	Expires time.Time `json:"expires"`
}

// grantCode is what the browser carries back, or what a self client shows.
type grantCode struct {
	User     string
	Scopes   []string
	Redirect string
	Offline  bool
	Expires  time.Time
	// What the client proves at the exchange that it was the one who asked.
	Challenge, Method string
}

type tokenService struct {
	clientID, secret string
	refresh          map[string]*refreshToken
	order            []string // refresh tokens, oldest first
	access           map[string]*accessToken
	codes            map[string]*grantCode
	asked            []time.Time
	consented        map[string]bool // users who gave the client offline access before
	primary          string
}

func (b *Box) foundTokens() {
	s := &b.oauth
	s.clientID = "1000." + strings.ToUpper(b.ids.fixed("client")[:30])
	s.secret = b.ids.fixed("secret")[:42]
	s.refresh, s.access, s.codes = map[string]*refreshToken{}, map[string]*accessToken{}, map[string]*grantCode{}
	s.consented = map[string]bool{}
	who := b.superAdmin()
	if b.opt.ConnectAs != "" {
		who = b.findUser(b.opt.ConnectAs)
	}
	for _, u := range b.users {
		t := b.newRefresh(u, allScopes)
		if u == who {
			s.primary = t
		}
	}
}

func (b *Box) newRefresh(u *user, scopes []string) string {
	t := &refreshToken{Token: b.ids.secret("refresh"), User: u.ID, Scopes: slices.Clone(scopes), Seq: b.ids.Secrets}
	b.oauth.refresh[t.Token] = t
	b.oauth.order = append(b.oauth.order, t.Token)
	b.save("refresh", t.Token, t)
	var own []string
	for _, k := range b.oauth.order {
		if b.oauth.refresh[k].User == u.ID {
			own = append(own, k)
		}
	}
	if len(own) > maxRefresh {
		b.revoke(own[0])
	}
	return t.Token
}

func (b *Box) revoke(token string) bool {
	t := b.oauth.refresh[token]
	if t == nil {
		return false
	}
	for _, a := range t.Live {
		delete(b.oauth.access, a)
		b.drop("access", a)
	}
	delete(b.oauth.refresh, token)
	b.oauth.order = slices.DeleteFunc(b.oauth.order, func(k string) bool { return k == token })
	b.drop("refresh", token)
	return true
}

// Credentials are what an app needs to connect.
type Credentials struct {
	ClientID     string
	ClientSecret string
	RefreshToken string            // of Options.ConnectAs
	ByUser       map[string]string // e-mail -> refresh token
}

// Credentials returns the client and the refresh tokens of all users.
func (b *Box) Credentials() Credentials {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := Credentials{ClientID: b.oauth.clientID, ClientSecret: b.oauth.secret, RefreshToken: b.oauth.primary, ByUser: map[string]string{}}
	for _, k := range b.oauth.order {
		t := b.oauth.refresh[k]
		if u := b.userByID(t.User); u != nil && c.ByUser[u.Email] == "" {
			c.ByUser[u.Email] = t.Token
		}
	}
	return c
}

// TokenFor returns a refresh token of a person, named as in actions, or "".
func (b *Box) TokenFor(who string) string {
	b.mu.Lock()
	u := b.findUser(who)
	b.mu.Unlock()
	if u == nil {
		return ""
	}
	return b.Credentials().ByUser[u.Email]
}

// Grant makes a refresh token with fewer scopes than the default ones have.
func (b *Box) Grant(who string, scopes ...string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	u := b.findUser(who)
	if u == nil {
		return ""
	}
	t := b.newRefresh(u, scopes)
	_ = b.flush()
	return t
}

// SelfClientCode is a grant code as the vendor's console shows it to the owner
// of a self client; its exchange has no redirect address (section 2.1).
func (b *Box) SelfClientCode(who string, scopes ...string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	u := b.findUser(who)
	if u == nil {
		return ""
	}
	return b.newCode(&grantCode{User: u.ID, Scopes: scopes, Offline: true})
}

func (b *Box) newCode(g *grantCode) string {
	if g.Expires.IsZero() {
		g.Expires = b.opt.Now().Add(codeLife)
	}
	code := b.ids.secret("code")
	b.oauth.codes[code] = g
	return code
}

// serveOAuth answers the accounts server. Its errors have an error key and, but
// for throttling, a good status (section 2.3).
func (b *Box) serveOAuth(w http.ResponseWriter, r *http.Request) {
	b.calls.count(kindOAuth, r.Method+" "+r.URL.Path)
	form := formOf(r)
	base := b.baseURL(r)
	b.mu.Lock()
	var a answer
	switch strings.TrimPrefix(r.URL.Path, "/oauth/v2/") {
	case "token":
		a = b.token(r, form, base)
	case "token/revoke":
		a = b.revokeToken(r, form)
	case "auth":
		reply := b.authorize(r, form, base)
		_ = b.flush()
		b.mu.Unlock()
		reply(w)
		return
	default:
		a = badURL()
	}
	_ = b.flush()
	b.mu.Unlock()
	send(w, a)
}

// formOf reads the parameters of a token request wherever the client put them:
// query, form body or multipart body.
func formOf(r *http.Request) url.Values {
	r.Body = http.MaxBytesReader(nil, r.Body, 1<<20)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		_ = r.ParseMultipartForm(1 << 20) //nolint:gosec // the body is bounded by the line above
	} else {
		_ = r.ParseForm()
	}
	if r.Form == nil {
		return r.URL.Query()
	}
	return r.Form
}

func (b *Box) oauthError(name string) answer {
	return answer{status: b.opt.Dials.TokenErrorStatus, body: object{"error": name}}
}

func (b *Box) token(r *http.Request, form url.Values, base string) answer {
	s := &b.oauth
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if u, p, basic := r.BasicAuth(); basic && id == "" {
		id, secret = u, p
	}
	switch {
	case r.Method != http.MethodPost:
		return badMethod()
	case id != s.clientID, b.opt.OneDataCenter && b.elsewhere(r):
		return b.oauthError("invalid_client")
	case secret != s.secret:
		return b.oauthError("invalid_client_secret")
	}
	switch form.Get("grant_type") {
	case "refresh_token", "authorization_code":
		if b.elsewhere(r) { // the client is known there, its codes and tokens are not (section 2.3)
			return b.oauthError("invalid_code")
		}
	}
	base = b.apiURL(base)
	switch form.Get("grant_type") {
	case "refresh_token":
		t := s.refresh[form.Get("refresh_token")]
		if t == nil {
			return b.oauthError("invalid_code")
		}
		return b.issue(t, base, false)
	case "authorization_code":
		return b.exchange(form, base)
	}
	return b.oauthError("unsupported_grant_type")
}

func (b *Box) exchange(form url.Values, base string) answer {
	s := &b.oauth
	g := s.codes[form.Get("code")]
	delete(s.codes, form.Get("code"))
	switch {
	case g == nil || !b.opt.Now().Before(g.Expires) || !g.proven(form.Get("code_verifier")):
		return b.oauthError("invalid_code")
	case g.Redirect != form.Get("redirect_uri") && g.Redirect != "":
		return b.oauthError("invalid_redirect_uri")
	}
	if !g.Offline {
		t := &refreshToken{User: g.User, Scopes: g.Scopes}
		return b.issue(t, base, false)
	}
	s.consented[g.User] = true
	t := s.refresh[b.newRefresh(b.userByID(g.User), g.Scopes)]
	return b.issue(t, base, true)
}

// issue makes an access token. Ten in ten minutes are given, fifteen live at
// once; one more kills the oldest (section 2.2).
func (b *Box) issue(t *refreshToken, base string, withRefresh bool) answer {
	now := b.opt.Now()
	d := b.opt.Dials
	since := now.Add(-b.window(tokenWindow))
	t.Issued = slices.DeleteFunc(t.Issued, func(at time.Time) bool { return !at.After(since) })
	if d.TokensPerWindow >= 0 && len(t.Issued) >= d.TokensPerWindow {
		return answer{status: d.ThrottleStatus, body: object{
			"error": "Access Denied", "status": "failure",
			"error_description": "You have made too many requests continuously. Please try again after some time.",
		}}
	}
	a := &accessToken{Token: b.ids.secret("access"), Refresh: t.Token, User: t.User, Scopes: t.Scopes, Expires: now.Add(accessLife)}
	b.oauth.access[a.Token] = a
	t.Issued = append(t.Issued, now)
	t.Live = append(t.Live, a.Token)
	for len(t.Live) > d.ActiveTokens {
		delete(b.oauth.access, t.Live[0])
		b.drop("access", t.Live[0])
		t.Live = t.Live[1:]
	}
	b.save("access", a.Token, a)
	if t.Token != "" {
		b.save("refresh", t.Token, t)
	}
	body := object{
		"access_token": a.Token, "api_domain": base, "token_type": "Bearer", "expires_in": int(accessLife / time.Second),
	}
	if d.ScopeInToken.is(true) {
		body["scope"] = strings.Join(t.Scopes, " ")
	}
	if withRefresh {
		body["refresh_token"] = t.Token
	}
	return ok(body)
}

func (b *Box) revokeToken(r *http.Request, form url.Values) answer {
	if b.elsewhere(r) || !b.revoke(form.Get("token")) {
		return answer{status: http.StatusBadRequest, body: object{"error": "invalid_token"}}
	}
	return ok(object{"status": "success"})
}

func (s *tokenService) refreshUser() string {
	if t := s.refresh[s.primary]; t != nil {
		return t.User
	}
	return ""
}

func splitScopes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// expireAll ends all access tokens at once; the fault dial uses it.
func (b *Box) expireAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for k := range b.oauth.access {
		delete(b.oauth.access, k)
		b.drop("access", k)
	}
	for _, t := range b.oauth.refresh {
		t.Live = nil
		b.save("refresh", t.Token, t)
	}
	_ = b.flush()
}
