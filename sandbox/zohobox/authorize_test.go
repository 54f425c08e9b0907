package zohobox_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// asking is what an app sends the browser with.
func (a *app) asking(change ...string) string {
	q := url.Values{
		"client_id": {a.box.Credentials().ClientID}, "response_type": {"code"}, "access_type": {"offline"}, "state": {"s1"},
		"scope": {"ZohoCRM.modules.ALL,ZohoCRM.modules.leads.READ,ZohoCRM.org.READ"}, "redirect_uri": {"https://app.test/back?x=1"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		q.Set(change[i], change[i+1])
	}
	return "/oauth/v2/auth?" + q.Encode()
}

var ticketField = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// page opens a page and gives its text and its ticket.
func (a *app) page(path string) (text, ticket string) {
	a.t.Helper()
	r := a.get(path).want(200)
	found := ticketField.FindStringSubmatch(r.raw)
	if found == nil || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		a.t.Fatalf("no page with a form: %s", r.raw)
	}
	return html.UnescapeString(r.raw), found[1]
}

// click sends the form of a page.
func (a *app) click(path, ticket string, choices ...string) reply {
	a.t.Helper()
	form := url.Values{"ticket": {ticket}}
	for i := 0; i+1 < len(choices); i += 2 {
		form.Set(choices[i], choices[i+1])
	}
	return a.call(http.MethodPost, path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// back is the query of the address a redirect leads to.
func (r reply) back() url.Values {
	r.t.Helper()
	if r.status != http.StatusFound {
		r.t.Fatalf("no redirect: %d %s", r.status, r.raw)
	}
	u, err := url.Parse(r.header.Get("Location"))
	if err != nil {
		r.t.Fatal(err)
	}
	return u.Query()
}

func (a *app) userID(first string) string {
	a.t.Helper()
	r := a.get("/users?type=AllUsers").want(200)
	for i := range r.len("users") {
		if r.str(fmt.Sprintf("users.%d.first_name", i)) == first {
			return r.str(fmt.Sprintf("users.%d.id", i))
		}
	}
	a.t.Fatalf("no user %s", first)
	return ""
}

// zoho-crm.md section 2.1: a person says who they are and accepts; the callback
// brings code, location, accounts-server and state.
func TestConsent_APersonAccepts(t *testing.T) {
	a := open(t, zohobox.Options{})
	text, ticket := a.page(a.asking())
	for _, want := range []string{
		"Sandbox Organisation", "Super Admin", "super.admin@sandbox.example, Administrator", "Eva Sales", "see, add, change and delete records", "see records of leads", "see the organisation",
		"ZohoCRM.modules.leads.READ", "Accept", "Reject", "https://app.test", "until you take it back",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(text, "Former User") {
		t.Error("somebody who left is offered")
	}
	back := a.click("/oauth/v2/auth", ticket, "decision", "accept", "user", a.userID("Eva")).back()
	if back.Get("location") != "us" || back.Get("accounts-server") != host || back.Get("state") != "s1" || back.Get("x") != "1" {
		t.Errorf("came back with %v", back)
	}
	r := a.oauth(url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {"https://app.test/back?x=1"}}).want(200)
	if r.str("refresh_token") == "" {
		t.Errorf("no refresh token: %s", r.raw)
	}
	eva := *a
	eva.token = r.str("access_token")
	eva.get("/Leads?fields=Last_Name").want(204)
}

// zoho-crm.md section 2.1: whoever rejects sends access_denied.
func TestConsent_APersonRejects(t *testing.T) {
	a := open(t, zohobox.Options{})
	_, ticket := a.page(a.asking())
	back := a.click("/oauth/v2/auth", ticket, "decision", "deny").back()
	if back.Get("error") != "access_denied" || back.Get("state") != "s1" || back.Has("code") {
		t.Errorf("came back with %v", back)
	}
	if got := a.get(a.asking("sandbox_consent", "deny")).back().Get("error"); got != "access_denied" {
		t.Errorf("a program's refusal came back as %q", got)
	}
}

func TestConsent_APageIsAnsweredOnce(t *testing.T) {
	a := open(t, zohobox.Options{})
	eva := a.userID("Eva")
	_, ticket := a.page(a.asking())
	a.click("/oauth/v2/auth", ticket, "decision", "deny").want(302)
	_, self := a.page("/_sandbox/self-client")
	for name, ticket := range map[string]string{"used": ticket, "invented": "AAAA", "none": "", "another page's": self} {
		r := a.click("/oauth/v2/auth", ticket, "decision", "accept", "user", eva)
		if r.status != 400 || !strings.Contains(r.raw, "answered already") {
			t.Errorf("%s ticket: %d %s", name, r.status, r.raw)
		}
	}
	_, ticket = a.page(a.asking())
	if r := a.click("/oauth/v2/auth", ticket, "decision", "accept", "user", "1"); !strings.Contains(r.raw, "Choose who you are") {
		t.Errorf("nobody was taken for somebody: %d %s", r.status, r.raw)
	}
	_, ticket = a.page(a.asking())
	a.clock.step(16 * time.Minute)
	a.click("/oauth/v2/auth", ticket, "decision", "accept", "user", eva).want(400)
}

// zoho-crm.md section 2.1 and zoho-crm.md section 2.3: what nobody can be sent back
// with is said on a page.
func TestAuthorize_StrangersStayOnAPage(t *testing.T) {
	a := open(t, zohobox.Options{})
	fixed := open(t, zohobox.Options{RedirectURIs: []string{"https://app.test/back?x=1"}})
	for _, k := range []struct {
		name string
		a    *app
		q    []string
		want string
	}{
		{"unknown app", a, []string{"client_id", "1000.NOBODY"}, "invalid_client"},
		{"no address", a, []string{"redirect_uri", ""}, "invalid_redirect_uri"},
		{"no web address", a, []string{"redirect_uri", "javascript:alert(1)"}, "invalid_redirect_uri"},
		{"not registered", fixed, []string{"redirect_uri", "https://app.test/back"}, "invalid_redirect_uri"},
		{"another response type", a, []string{"response_type", "token"}, "invalid_response_type"},
		{"no scope", a, []string{"scope", ""}, "invalid_scope"},
		{"no scope of this form", a, []string{"scope", "everything"}, "invalid_scope"},
	} {
		t.Run(k.name, func(t *testing.T) {
			k.a.t = t
			r := k.a.get(k.a.asking(append(k.q, "sandbox_consent", "accept")...)).want(400)
			if r.header.Get("Location") != "" || !strings.Contains(r.raw, k.want) || !strings.Contains(r.raw, "<h1>") {
				t.Errorf("to %q: %s", r.header.Get("Location"), r.raw)
			}
		})
	}
	fixed.t = t
	fixed.get(fixed.asking("sandbox_consent", "accept")).want(302)
}

// zoho-crm.md section 2.2: ten codes in ten minutes for a client, then access_denied.
func TestAuthorize_TenCodesInTenMinutes(t *testing.T) {
	a := open(t, zohobox.Options{})
	address := a.asking("sandbox_consent", "accept")
	for range 10 {
		if back := a.get(address).back(); back.Get("code") == "" {
			t.Fatalf("came back with %v", back)
		}
	}
	if got := a.get(address).back().Get("error"); got != "access_denied" {
		t.Errorf("the eleventh gave %q", got)
	}
	a.clock.step(10*time.Minute + time.Second)
	if back := a.get(address).back(); back.Get("code") == "" {
		t.Errorf("after ten minutes: %v", back)
	}
}

// zoho-crm.md section 2.1: without access_type=offline there is no refresh token.
func TestAuthorize_OnlineGivesNoRefreshToken(t *testing.T) {
	a := open(t, zohobox.Options{})
	code := a.get(a.asking("access_type", "online", "prompt", "consent", "sandbox_consent", "accept", "sandbox_user", "Eva")).back().Get("code")
	r := a.oauth(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://app.test/back?x=1"}}).want(200)
	if r.at("refresh_token") != nil || r.str("access_token") == "" {
		t.Errorf("got %s", r.raw)
	}
}

// zoho-crm.md section 2.1: the challenge of a client must be met at the exchange.
func TestAuthorize_ProofOfPossession(t *testing.T) {
	a := open(t, zohobox.Options{})
	verifier := strings.Repeat("v", 50)
	sum := sha256.Sum256([]byte(verifier))
	for method, challenge := range map[string]string{"S256": base64.RawURLEncoding.EncodeToString(sum[:]), "plain": verifier} {
		for given, want := range map[string]string{verifier: "", "wrong": "invalid_code", "": "invalid_code"} {
			code := a.get(a.asking("sandbox_consent", "accept", "code_challenge", challenge, "code_challenge_method", method)).back().Get("code")
			a.oauth(url.Values{
				"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://app.test/back?x=1"}, "code_verifier": {given},
			}).want(200, "error", want)
		}
	}
}

// zoho-crm.md section 2.1: a client may show its secret as basic authentication.
func TestToken_TakesBasicAuthentication(t *testing.T) {
	a := open(t, zohobox.Options{})
	cred := a.box.Credentials()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(cred.ClientID+":"+cred.ClientSecret))
	a.call(http.MethodPost, "/oauth/v2/token?grant_type=refresh_token&refresh_token="+q(cred.RefreshToken), nil, "Authorization", basic).
		want(200, "token_type", "Bearer")
}

// zoho-crm.md section 2.1 and zoho-crm.md section 2.2: the owner of a self client writes
// scopes and a life, and takes the code by hand.
func TestSelfClient_PageMakesACode(t *testing.T) {
	a := open(t, zohobox.Options{})
	const path = "/_sandbox/self-client"
	_, ticket := a.page(path)
	r := a.click(path, ticket, "decision", "accept", "user", a.userID("Eva"), "scope", "ZohoCRM.users.READ", "minutes", "10").want(200)
	found := regexp.MustCompile(`<code id="result">([^<]+)<`).FindStringSubmatch(r.raw)
	if found == nil {
		t.Fatalf("no code on the page: %s", r.raw)
	}
	a.clock.step(9 * time.Minute)
	a.oauth(url.Values{"grant_type": {"authorization_code"}, "code": {found[1]}}).want(200, "scope", "ZohoCRM.users.READ")
	a.click(path, ticket, "user", a.userID("Eva"), "scope", "ZohoCRM.users.READ").want(400)

	program := func(form url.Values) reply {
		return a.call(http.MethodPost, path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json")
	}
	code := program(url.Values{"user": {"Max"}, "scope": {"ZohoCRM.users.READ"}}).want(200).str("code")
	a.oauth(url.Values{"grant_type": {"authorization_code"}, "code": {code}}).want(200, "token_type", "Bearer")
	for name, form := range map[string]url.Values{
		"nobody":        {"user": {"Nobody"}, "scope": {"ZohoCRM.users.READ"}},
		"somebody left": {"user": {"Former"}, "scope": {"ZohoCRM.users.READ"}},
		"no scope":      {"user": {"Max"}},
		"four minutes":  {"user": {"Max"}, "scope": {"ZohoCRM.users.READ"}, "minutes": {"4"}},
	} {
		if r := program(form); r.status != 400 || r.str("error") == "" {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
}
