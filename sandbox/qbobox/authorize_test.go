package qbobox_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/qbobox"
)

const authorizePage = "http://appcenter.example/connect/oauth2"

// asking is what an app sends the browser with.
func (c *client) asking(change ...string) url.Values {
	q := url.Values{
		"client_id": {c.box.Credentials().ClientID}, "response_type": {"code"}, "scope": {"com.intuit.quickbooks.accounting"},
		"redirect_uri": {"http://localhost/back?x=1"}, "state": {"s1"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		q.Set(change[i], change[i+1])
	}
	return q
}

// browse opens a page, or sends a form to it, and shows what came.
func (c *client) browse(method, address string, form url.Values) (int, string, http.Header) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := c.http.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, string(raw), resp.Header
}

// back is where a redirect leads, or nil when there is none.
func (c *client) back(status int, h http.Header) url.Values {
	c.t.Helper()
	if status != http.StatusFound {
		return nil
	}
	u, err := url.Parse(h.Get("Location"))
	if err != nil {
		c.t.Fatal(err)
	}
	return u.Query()
}

// authorize is a program's way: it answers in the address itself.
func (c *client) authorize(q url.Values) url.Values {
	c.t.Helper()
	if !q.Has("sandbox_consent") {
		q.Set("sandbox_consent", "accept")
	}
	status, _, h := c.browse("GET", authorizePage+"?"+q.Encode(), nil)
	return c.back(status, h)
}

var ticketField = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// page opens the consent page and gives its text and its ticket.
func (c *client) consentPage(q url.Values) (text, ticket string) {
	c.t.Helper()
	status, text, h := c.browse("GET", authorizePage+"?"+q.Encode(), nil)
	found := ticketField.FindStringSubmatch(text)
	if status != 200 || found == nil || !strings.HasPrefix(h.Get("Content-Type"), "text/html") {
		c.t.Fatalf("no consent page: %d %s", status, text)
	}
	return html.UnescapeString(text), found[1]
}

func (c *client) click(ticket string, choices ...string) (int, string, url.Values) {
	c.t.Helper()
	form := url.Values{"ticket": {ticket}}
	for i := 0; i+1 < len(choices); i += 2 {
		form.Set(choices[i], choices[i+1])
	}
	status, text, h := c.browse("POST", authorizePage, form)
	return status, html.UnescapeString(text), c.back(status, h)
}

// quickbooks-online.md section 1.2: a person connects a company, and the callback
// brings code, state and realmId; the address keeps what it had.
func TestConsent_APersonConnectsACompany(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	text, ticket := c.consentPage(c.asking())
	for _, want := range []string{"Sandbox Company", cred.RealmID, "Sam Ledger", "com.intuit.quickbooks.accounting", "Connect", "No thanks", "http://localhost"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	status, text, back := c.click(ticket, "decision", "accept", "person", "administrator", "company", cred.RealmID)
	if back.Get("state") != "s1" || back.Get("realmId") != cred.RealmID || back.Get("x") != "1" || back.Get("code") == "" || len(back.Get("code")) > 512 {
		t.Fatalf("%d, callback %v, %s", status, back, text)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {"http://localhost/back?x=1"}}
	status, body, _ := c.tokenCall(form, cred.ClientID, cred.ClientSecret, nil)
	if status != 200 || s(body, "refresh_token") == cred.RefreshToken || s(body, "id_token") != "" {
		t.Errorf("got %d %v", status, body)
	}
	if status, _, _ := c.tokenCall(form, cred.ClientID, cred.ClientSecret, nil); status != 400 {
		t.Error("the code worked twice")
	}
}

// quickbooks-online.md section 1.2: the one who says no sends access_denied.
func TestConsent_APersonRefuses(t *testing.T) {
	c := open(t)
	_, ticket := c.consentPage(c.asking())
	_, _, back := c.click(ticket, "decision", "deny")
	if back.Get("error") != "access_denied" || back.Get("state") != "s1" || back.Has("code") || back.Has("realmId") {
		t.Errorf("callback %v", back)
	}
	if got := c.authorize(c.asking("sandbox_consent", "deny")).Get("error"); got != "access_denied" {
		t.Errorf("a program's refusal gave %q", got)
	}
}

// quickbooks-online.md section 1.2: only an administrator of the company connects,
// and exactly one company.
func TestConsent_NeedsAnAdministratorAndACompany(t *testing.T) {
	c := open(t)
	_, ticket := c.consentPage(c.asking())
	status, text, back := c.click(ticket, "decision", "accept", "person", "user", "company", c.realm)
	if status != 403 || back != nil || !strings.Contains(text, "Only an administrator") {
		t.Fatalf("got %d %v %s", status, back, text)
	}
	again := ticketField.FindStringSubmatch(text)[1]
	status, text, back = c.click(again, "decision", "accept", "person", "administrator", "company", "123")
	if status != 403 || back != nil || !strings.Contains(text, "Choose the company") {
		t.Fatalf("got %d %v %s", status, back, text)
	}
	again = ticketField.FindStringSubmatch(text)[1]
	if _, _, back = c.click(again, "decision", "accept", "person", "administrator", "company", c.realm); back.Get("code") == "" {
		t.Errorf("the page that was shown again does not connect: %v", back)
	}
}

func TestConsent_APageIsAnsweredOnce(t *testing.T) {
	c := open(t)
	_, ticket := c.consentPage(c.asking())
	c.click(ticket, "decision", "deny")
	for name, ticket := range map[string]string{"used": ticket, "invented": "AAAA", "none": ""} {
		status, text, back := c.click(ticket, "decision", "accept", "person", "administrator", "company", c.realm)
		if status != 400 || back != nil || !strings.Contains(text, "answered already") {
			t.Errorf("%s ticket: %d %v", name, status, back)
		}
	}
	_, ticket = c.consentPage(c.asking())
	c.clock.move(16 * time.Minute)
	if status, _, back := c.click(ticket, "decision", "deny"); status != 400 || back != nil {
		t.Errorf("an old page was answered: %d %v", status, back)
	}
}

// quickbooks-online.md section 1.2: what is wrong goes back to the app under its
// own name; quickbooks-online.md section 1.3: which scopes there are.
func TestAuthorize_ErrorsThatGoBack(t *testing.T) {
	c := open(t)
	prod := c.box.Credentials().ProductionID
	for _, k := range []struct{ name, key, value, want string }{
		{"another response type", "response_type", "token", "invalid_request"},
		{"no state", "state", "", "invalid_request"},
		{"no scope", "scope", "", "invalid_scope"},
		{"an unknown scope", "scope", "com.intuit.quickbooks.accounting everything", "invalid_scope"},
		{"only a person's data", "scope", "email profile", "invalid_scope"},
		{"a restricted scope without the paid tier", "scope", "com.intuit.quickbooks.accounting project-management.project", "invalid_scope"},
		{"keys of the other environment", "client_id", prod, "unauthorized_client"},
	} {
		t.Run(k.name, func(t *testing.T) {
			got := c.authorize(c.asking(k.key, k.value))
			if got.Get("error") != k.want || got.Has("code") {
				t.Errorf("got %v, want %s", got, k.want)
			}
			if want := map[bool]string{true: "", false: "s1"}[k.key == "state"]; got.Get("state") != want {
				t.Errorf("state %q", got.Get("state"))
			}
		})
	}
}

// quickbooks-online.md section 1.2: an address must be registered to the letter.
// Nobody is sent to one that is not, nor for an app that nobody knows.
func TestAuthorize_StrangersStayOnAPage(t *testing.T) {
	fixed := open(t, func(o *qbobox.Options) { o.RedirectURIs = []string{"https://app.example/cb"} })
	for _, k := range []struct {
		name string
		c    *client
		q    []string
	}{
		{"unknown app", open(t), []string{"client_id", "nobody"}},
		{"no address", open(t), []string{"redirect_uri", ""}},
		{"http on another host", open(t), []string{"redirect_uri", "http://app.example/cb"}},
		{"no web address", open(t), []string{"redirect_uri", "javascript:alert(1)"}},
		{"with a fragment", open(t), []string{"redirect_uri", "https://app.example/cb#x"}},
		{"a slash more than registered", fixed, []string{"redirect_uri", "https://app.example/cb/"}},
	} {
		t.Run(k.name, func(t *testing.T) {
			q := k.c.asking(k.q...)
			q.Set("sandbox_consent", "accept")
			status, text, h := k.c.browse("GET", authorizePage+"?"+q.Encode(), nil)
			if status != 400 || h.Get("Location") != "" || !strings.Contains(text, "<h1>") {
				t.Errorf("got %d, to %q: %s", status, h.Get("Location"), text)
			}
		})
	}
	if got := fixed.authorize(fixed.asking("redirect_uri", "https://app.example/cb")); got.Get("code") == "" {
		t.Errorf("the registered address got %v", got)
	}
}

// quickbooks-online.md section 1.2: connecting the same company again gives another
// pair, and the callback must name the address again.
func TestAuthorize_CodeBringsANewPairOnce(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	exchange := func(code, to string) (int, m) {
		status, body, _ := c.tokenCall(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {to}}, cred.ClientID, cred.ClientSecret, nil)
		return status, body
	}
	seen := map[string]bool{cred.RefreshToken: true}
	for range 2 {
		status, body := exchange(c.authorize(c.asking()).Get("code"), "http://localhost/back?x=1")
		if status != 200 || seen[s(body, "refresh_token")] {
			t.Fatalf("got %d %v", status, body)
		}
		seen[s(body, "refresh_token")] = true
	}
	if status, body := exchange(c.authorize(c.asking()).Get("code"), "http://localhost/other"); status != 400 || s(body, "error") != "invalid_grant" {
		t.Errorf("another address gave %d %v", status, body)
	}
	late := c.authorize(c.asking()).Get("code")
	c.clock.move(11 * time.Minute)
	if status, body := exchange(late, "http://localhost/back?x=1"); status != 400 || s(body, "error") != "invalid_grant" {
		t.Errorf("an old code gave %d %v", status, body)
	}
}

// quickbooks-online.md section 1.3 and quickbooks-online.md section 12.2, code 3100: a
// token that signs a person in does not open the books.
func TestScopes_SigningInOpensNoCompany(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	q := c.asking("scope", "openid profile email phone address")
	text, _ := c.consentPage(q)
	if strings.Contains(text, "Sandbox Company") {
		t.Error("a company is offered where none is asked for")
	}
	back := c.authorize(q)
	if back.Has("realmId") || back.Get("code") == "" {
		t.Fatalf("callback %v", back)
	}
	_, body, _ := c.tokenCall(url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {"http://localhost/back?x=1"}}, cred.ClientID, cred.ClientSecret, nil)
	c.token = s(body, "access_token")
	status, got := c.call("GET", "companyinfo/"+c.realm, nil)
	if status != 403 {
		t.Fatal(status, got)
	}
	check(t, got, map[string]string{
		"fault.type": "SERVICE", "fault.error.0.code": "3100", "fault.error.0.detail": "The access token does not have sufficient scope",
		"fault.error.0.message": "message=AuthorizationFailed; errorCode=003100; statusCode=403",
	})
}

// quickbooks-online.md section 1.1: the addresses, the issuer, how a client shows who
// it is; both environments have a document.
func TestDiscovery_NamesThisHost(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.BaseURL = "http://127.0.0.1:9000" })
	for _, p := range []string{"openid_configuration", "openid_sandbox_configuration"} {
		req, err := http.NewRequestWithContext(context.Background(), "GET", "http://developer.example/.well-known/"+p, nil)
		if err != nil {
			t.Fatal(err)
		}
		status, body, h := c.roundTrip(req)
		if status != 200 || h.Get("intuit_tid") == "" {
			t.Errorf("%d %v", status, h)
		}
		check(t, body, map[string]string{
			"issuer":                 "https://oauth.platform.intuit.com/op/v1",
			"token_endpoint":         "http://127.0.0.1:9000/oauth2/v1/tokens/bearer",
			"authorization_endpoint": "http://127.0.0.1:9000/connect/oauth2",
			"revocation_endpoint":    "http://127.0.0.1:9000/v2/oauth2/tokens/revoke",
			"userinfo_endpoint":      "http://127.0.0.1:9000/v1/openid_connect/userinfo",
			"jwks_uri":               "http://127.0.0.1:9000/op/v1/jwks",
			"id_token_signing_alg_values_supported.0": "RS256",
			"token_endpoint_auth_methods_supported.0": "client_secret_post",
			"token_endpoint_auth_methods_supported.1": "client_secret_basic",
		})
	}
}

// quickbooks-online.md section 1.1: a client may show its secret in the header or in the form.
func TestToken_TakesTheSecretInTheForm(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	form := refresh(cred.RefreshToken)
	form.Set("client_id", cred.ClientID)
	form.Set("client_secret", cred.ClientSecret)
	status, text, _ := c.browse("POST", "http://oauth.example/oauth2/v1/tokens/bearer", form)
	if status != 200 || !strings.Contains(text, `"token_type":"bearer"`) {
		t.Errorf("got %d %s", status, text)
	}
}

// quickbooks-online.md section 1.1 and quickbooks-online.md section 1.4: the keys of the other
// environment are good keys, but a token of these belongs to these.
func TestToken_BelongsToOnePairOfKeys(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	code := c.authorize(c.asking()).Get("code")
	const other = "Incorrect Token type or clientID"
	for _, k := range []struct {
		name, id, secret string
		form             url.Values
		want             string
	}{
		{"a refresh token with the other keys", cred.ProductionID, cred.ProductionSecret, refresh(cred.RefreshToken), other},
		{"a code with the other keys", cred.ProductionID, cred.ProductionSecret, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"http://localhost/back?x=1"}}, other},
		{"an access token where a refresh token belongs", cred.ClientID, cred.ClientSecret, refresh(c.token), other},
		{"nonsense with the other keys", cred.ProductionID, cred.ProductionSecret, refresh("RT1-none"), "Token invalid"},
	} {
		t.Run(k.name, func(t *testing.T) {
			status, body, _ := c.tokenCall(k.form, k.id, k.secret, nil)
			if status != 400 || s(body, "error") != "invalid_grant" || s(body, "error_description") != k.want {
				t.Errorf("got %d %v", status, body)
			}
		})
	}
	if status, body, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil); status != 200 {
		t.Errorf("the right keys no longer work: %d %v", status, body)
	}
}

// quickbooks-online.md section 1.4: an id token comes with openid, signed with RS256 by
// the key of the key page.
func TestToken_IDTokenComesWithOpenID(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	back := c.authorize(c.asking("scope", "com.intuit.quickbooks.accounting openid"))
	_, body, _ := c.tokenCall(url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {"http://localhost/back?x=1"}}, cred.ClientID, cred.ClientSecret, nil)
	parts := strings.Split(s(body, "id_token"), ".")
	if len(parts) != 3 {
		t.Fatalf("id token %q", s(body, "id_token"))
	}
	raw := func(text string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	_, page, _ := c.browse("GET", "http://oauth.example/op/v1/jwks", nil)
	var keys struct {
		Keys []struct{ Kid, N, E, Alg string }
	}
	if err := json.Unmarshal([]byte(page), &keys); err != nil || len(keys.Keys) != 1 {
		t.Fatalf("keys %s: %v", page, err)
	}
	pub := &rsa.PublicKey{N: new(big.Int).SetBytes(raw(keys.Keys[0].N)), E: int(new(big.Int).SetBytes(raw(keys.Keys[0].E)).Int64())}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(pub, crypto.SHA256, sum[:], raw(parts[2])); err != nil {
		t.Errorf("the signature: %v", err)
	}
	var claims m
	if err := json.Unmarshal(raw(parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	check(t, claims, map[string]string{"iss": "https://oauth.platform.intuit.com/op/v1", "aud.0": cred.ClientID, "realmid": cred.RealmID})
}

// quickbooks-online.md section 1.4: both hard limits. Apps with the two common scopes
// count from October 2023, those with restricted ones from February 2022.
func TestToken_EndsForGoodAfterFiveYears(t *testing.T) {
	at := func(year int, month time.Month) time.Time { return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC) }
	const plain, sold = "com.intuit.quickbooks.accounting", "com.intuit.quickbooks.accounting project-management.project"
	for _, k := range []struct {
		name, scope  string
		consent, end time.Time
	}{
		{"a consent of today", plain, at(2026, time.May), at(2031, time.May)},
		{"an old one with the common scopes", plain, at(2021, time.March), at(2028, time.October)},
		{"an old one with restricted scopes", sold, at(2021, time.March), at(2027, time.February)},
		{"a later one with restricted scopes", sold, at(2024, time.March), at(2029, time.March)},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := open(t, func(o *qbobox.Options) { o.PaidTier = true })
			cred := c.box.Credentials()
			c.clock.move(k.consent.Sub(c.clock.now()))
			back := c.authorize(c.asking("scope", k.scope))
			_, body, _ := c.tokenCall(url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {"http://localhost/back?x=1"}}, cred.ClientID, cred.ClientSecret, nil)
			token := s(body, "refresh_token")
			for c.clock.now().Before(k.end.Add(-90 * 24 * time.Hour)) { // used often enough that only the hard limit can end it
				c.clock.move(80 * 24 * time.Hour)
				_, body, _ := c.tokenCall(refresh(token), cred.ClientID, cred.ClientSecret, nil)
				if token = s(body, "refresh_token"); token == "" {
					t.Fatalf("ended at %s: %v", c.clock.now(), body)
				}
			}
			c.clock.move(k.end.Add(-time.Second).Sub(c.clock.now()))
			status, body, _ := c.tokenCall(refresh(token), cred.ClientID, cred.ClientSecret, http.Header{"X-Include-Refresh-Token-Hard-Expires-In": {"true"}})
			if token = s(body, "refresh_token"); status != 200 || s(body, "x_refresh_token_hard_expires_in") != "1" {
				t.Fatalf("a second before: %d %v", status, body)
			}
			c.clock.move(time.Second)
			if status, body, _ = c.tokenCall(refresh(token), cred.ClientID, cred.ClientSecret, nil); status != 400 || s(body, "error") != "invalid_grant" {
				t.Errorf("at the limit: %d %v", status, body)
			}
		})
	}
}

// quickbooks-online.md section 1.4: a person who disconnects the app ends its tokens.
func TestDo_DisconnectEndsTheTokens(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	c.do(qbobox.Action{Action: "disconnect"})
	if status, body := c.call("GET", "companyinfo/"+c.realm, nil); status != 401 {
		t.Errorf("the access token lives on: %d %v", status, body)
	}
	if status, _, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil); status != 400 {
		t.Errorf("the refresh token lives on: %d", status)
	}
}

// quickbooks-online.md section 2: intuit_tid stands on every answer, each its own.
func TestTraceID_IsOnEveryAnswer(t *testing.T) {
	c := open(t)
	seen := map[string]bool{}
	for _, k := range []struct{ method, address string }{
		{"GET", authorizePage + "?" + c.asking().Encode()},
		{"GET", authorizePage}, // a problem's page
		{"GET", authorizePage + "?" + c.asking("sandbox_consent", "accept").Encode()},
		{"POST", "http://oauth.example/oauth2/v1/tokens/bearer"},
		{"POST", "http://developer.example/v2/oauth2/tokens/revoke"},
		{"GET", "http://oauth.example/op/v1/jwks"},
		{"GET", "http://accounts.example/v1/openid_connect/userinfo"},
		{"GET", "http://quickbooks.example/v3/company/1/companyinfo/1"},
		{"GET", "http://quickbooks.example/nowhere"},
		{"PUT", "http://oauth.example/oauth2/v1/tokens/bearer"},
	} {
		_, _, h := c.browse(k.method, k.address, nil)
		tid := h.Get("intuit_tid")
		if tid == "" || seen[tid] {
			t.Errorf("%s %s: intuit_tid %q", k.method, k.address, tid)
		}
		seen[tid] = true
	}
	if _, err := c.box.Faults().Add(fault.Rule{Kind: fault.Status, Status: 503, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if status, _, h := c.browse("GET", "http://oauth.example/op/v1/jwks", nil); status != 503 || h.Get("intuit_tid") == "" {
		t.Errorf("a gateway's page: %d %v", status, h)
	}
}
