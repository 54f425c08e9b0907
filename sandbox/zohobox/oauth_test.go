package zohobox_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/zohobox"
)

func refreshForm(a *app) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.box.Credentials().RefreshToken}}
}

// Section 2.1, step 4.
func TestToken_RefreshIsNotRotated(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.oauth(refreshForm(a)).want(200, "api_domain", host, "token_type", "Bearer", "expires_in", "3600")
	if r.at("refresh_token") != nil {
		t.Errorf("a refresh gave a new refresh token: %s", r.raw)
	}
	a.oauth(refreshForm(a)).want(200)
}

// zoho-crm.md section 2.1: the scopes are not always in the answer.
func TestToken_ScopeDial(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{ScopeInToken: zohobox.Off}})
	if r := a.oauth(refreshForm(a)).want(200, "token_type", "Bearer"); r.at("scope") != nil {
		t.Errorf("the scopes are there: %s", r.raw)
	}
}

// Section 2.1: parameters come as query, form or multipart.
func TestToken_TakesQueryAndMultipart(t *testing.T) {
	a := open(t, zohobox.Options{})
	c := a.box.Credentials()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {c.RefreshToken}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret}}
	a.call(http.MethodPost, "/oauth/v2/token?"+form.Encode(), nil).want(200, "token_type", "Bearer")

	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for k := range form {
		_ = w.WriteField(k, form.Get(k))
	}
	_ = w.Close()
	a.call(http.MethodPost, "/oauth/v2/token", buf.String(), "Content-Type", w.FormDataContentType()).want(200, "token_type", "Bearer")
}

// Section 2.3: errors stand under "error" and come with a good status.
func TestToken_ErrorsHaveAnErrorKeyAndStatus200(t *testing.T) {
	a := open(t, zohobox.Options{})
	for name, c := range map[string]struct {
		change url.Values
		want   string
	}{
		"unknown client":  {url.Values{"client_id": {"1000.NONE"}}, "invalid_client"},
		"wrong secret":    {url.Values{"client_secret": {"no"}}, "invalid_client_secret"},
		"unknown refresh": {url.Values{"refresh_token": {"1000.no.no"}}, "invalid_code"},
		"unknown code":    {url.Values{"grant_type": {"authorization_code"}, "code": {"1000.no.no"}}, "invalid_code"},
	} {
		t.Run(name, func(t *testing.T) {
			a.t = t
			form := refreshForm(a)
			for k, v := range c.change {
				form[k] = v
			}
			a.oauth(form).want(200, "error", c.want)
		})
	}
}

// Section 2.2 and 2.3: ten access tokens in ten minutes, then Access Denied.
func TestToken_TenInTenMinutesThenAccessDenied(t *testing.T) {
	a := open(t, zohobox.Options{}) // opening took the first
	for range 9 {
		a.oauth(refreshForm(a)).want(200, "token_type", "Bearer")
	}
	a.oauth(refreshForm(a)).want(400, "error", "Access Denied", "status", "failure",
		"error_description", "You have made too many requests continuously. Please try again after some time.")
	a.clock.step(10*time.Minute + time.Second)
	a.oauth(refreshForm(a)).want(200, "token_type", "Bearer")
}

// Section 2.2: fifteen live at once; one more kills the oldest.
func TestToken_SixteenthKillsTheOldest(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{TokensPerWindow: -1}})
	for range 14 {
		a.oauth(refreshForm(a))
	}
	a.get("/org").want(200)
	a.oauth(refreshForm(a))
	a.get("/org").want(401, "code", "INVALID_TOKEN")
}

// Section 2.2 and 2.4: an access token lives an hour.
func TestToken_LapsesAfterAnHour(t *testing.T) {
	a := open(t, zohobox.Options{})
	if got := a.get("/org").want(200).header.Get("X-ACCESSTOKEN-RESET"); !strings.HasPrefix(got, "2026-03-01T10:15:00") {
		t.Errorf("X-ACCESSTOKEN-RESET is %q", got)
	}
	a.clock.step(time.Hour)
	a.get("/org").want(401, "code", "INVALID_TOKEN", "message", "invalid oauth token", "status", "error")
}

// Section 2.4.
func TestAuthentication_BodiesOfRefusals(t *testing.T) {
	a := open(t, zohobox.Options{})
	none, bad := *a, *a
	none.token, bad.token = "", "1000.no.no"
	none.get("/org").want(401, "code", "AUTHENTICATION_FAILURE", "message", "Authentication failed")
	bad.get("/org").want(401, "code", "INVALID_TOKEN", "message", "invalid oauth token")
	a.call(http.MethodGet, "/org", nil, "Authorization", "Bearer "+a.token).want(200)
}

// Section 2.5: a scope covers its own group, module and operation.
func TestScopes_AreChecked(t *testing.T) {
	a := open(t, zohobox.Options{})
	narrow := *a
	narrow.token = a.login(a.box.Grant("Super Admin", "ZohoCRM.modules.vendors.READ", "ZohoCRM.coql.READ"))
	narrow.get("/Vendors?fields=Vendor_Name").want(204)
	narrow.insert("Vendors", obj{"Vendor_Name": "V"}).want(401, "code", "OAUTH_SCOPE_MISMATCH")
	narrow.get("/Accounts?fields=Account_Name").want(401, "code", "OAUTH_SCOPE_MISMATCH")
	narrow.get("/settings/fields?module=Vendors").want(401, "code", "OAUTH_SCOPE_MISMATCH")
	narrow.coql("select Vendor_Name from Vendors where id is not null").want(204)
	narrow.coql("select Account_Name from Accounts where id is not null").want(401, "code", "OAUTH_SCOPE_MISMATCH")
}

// Section 2.1, step 5.
func TestRevoke_KillsAccessTokensToo(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.call(http.MethodPost, "/oauth/v2/token/revoke?token="+q(a.box.Credentials().RefreshToken), nil).want(200, "status", "success")
	a.get("/org").want(401, "code", "INVALID_TOKEN")
	a.call(http.MethodPost, "/oauth/v2/token/revoke?token=1000.no.no", nil).want(400)
}

// Section 2.1: the browser's way, and the refresh token on first consent only.
func TestAuthorize_RedirectsWithCodeLocationAndServer(t *testing.T) {
	a := open(t, zohobox.Options{})
	start := func(extra string) url.Values {
		r := a.get("/oauth/v2/auth?response_type=code&client_id=" + q(a.box.Credentials().ClientID) +
			"&scope=ZohoCRM.modules.ALL,ZohoCRM.org.READ&redirect_uri=" + q("https://app.test/back?x=1") + "&access_type=offline&state=s1&sandbox_consent=accept" + extra).want(302)
		u, err := url.Parse(r.header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		return u.Query()
	}
	back := start("")
	if back.Get("location") != "us" || back.Get("accounts-server") != host || back.Get("state") != "s1" || back.Get("x") != "1" {
		t.Errorf("came back with %v", back)
	}
	form := func(code, to string) url.Values {
		return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {to}}
	}
	first := a.oauth(form(back.Get("code"), "https://app.test/back?x=1")).want(200, "scope", "ZohoCRM.modules.ALL ZohoCRM.org.READ")
	if first.str("refresh_token") == "" {
		t.Errorf("no refresh token at first consent: %s", first.raw)
	}
	a.oauth(form(back.Get("code"), "https://app.test/back?x=1")).want(200, "error", "invalid_code") // single use
	a.oauth(form(start("").Get("code"), "https://other.test/")).want(200, "error", "invalid_redirect_uri")
	again := a.oauth(form(start("").Get("code"), "https://app.test/back?x=1")).want(200)
	if again.at("refresh_token") != nil {
		t.Errorf("a second consent without prompt gave a refresh token")
	}
	forced := a.oauth(form(start("&prompt=consent").Get("code"), "https://app.test/back?x=1")).want(200)
	if forced.at("refresh_token") == nil {
		t.Errorf("prompt=consent gave no refresh token")
	}
}

// Section 2.1 and 2.2: a self client has no redirect; codes live three minutes.
func TestSelfClient_ExchangesWithoutRedirect(t *testing.T) {
	a := open(t, zohobox.Options{})
	form := func(code string) url.Values { return url.Values{"grant_type": {"authorization_code"}, "code": {code}} }
	r := a.oauth(form(a.box.SelfClientCode("Eva", "ZohoCRM.users.READ"))).want(200, "scope", "ZohoCRM.users.READ")
	eva := *a
	eva.token = r.str("access_token")
	eva.get("/users?type=CurrentUser").want(200, "users.0.first_name", "Eva")
	late := a.box.SelfClientCode("Eva", "ZohoCRM.users.READ")
	a.clock.step(3 * time.Minute)
	a.oauth(form(late)).want(200, "error", "invalid_code")
}

// Section 2.2: the 21st refresh token of a user deletes the oldest.
func TestRefreshTokens_TwentyPerUser(t *testing.T) {
	a := open(t, zohobox.Options{})
	for range 20 {
		a.box.Grant("Super Admin", "ZohoCRM.org.READ")
	}
	a.get("/org").want(401, "code", "INVALID_TOKEN")
}

// Section 2.4, through the fault dial: a token may end between two calls.
func TestFaultDial_ExpiresTokens(t *testing.T) {
	a := open(t, zohobox.Options{})
	if _, err := a.box.Faults().Add(fault.Rule{Kind: fault.ExpireToken, PathContains: "/org", Times: 1}); err != nil {
		t.Fatal(err)
	}
	a.get("/org").want(401, "code", "INVALID_TOKEN")
	a.token = a.login(a.box.Credentials().RefreshToken)
	a.get("/org").want(200)
}
