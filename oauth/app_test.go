package oauth

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crossbook/transport"
)

func bodyOf(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }

func zoho(t *testing.T, v *vendor) App {
	t.Helper()
	app, err := ZohoApp("http://127.0.0.1", "id", "secret")
	if err != nil {
		t.Fatal(err)
	}
	app.Transport = v
	return app
}

func always(status int, body string) *vendor {
	return &vendor{refuse: func(url.Values) *http.Response { return jsonAnswer(status, body) }}
}

// The bodies are those of reference/zoho-crm.md section 2.3 and
// reference/quickbooks-online.md section 1.4.
func TestRefresh_RefusalsByMeaning(t *testing.T) {
	for _, tc := range []struct {
		name, body  string
		status      int
		kind        transport.Fault
		reauthorise bool
	}{
		{"Zoho, revoked at HTTP 200", `{"error":"invalid_code"}`, 200, transport.FaultAuth, true},
		{"Zoho, revoked at HTTP 400", `{"error":"invalid_code"}`, 400, transport.FaultAuth, true},
		{"Zoho, wrong client at HTTP 200", `{"error":"invalid_client"}`, 200, transport.FaultAuth, false},
		{"Zoho, wrong secret", `{"error":"invalid_client_secret"}`, 200, transport.FaultAuth, false},
		{"Zoho, throttled", `{"error":"Access Denied","error_description":"You have made too many requests continuously. Please try again after some time.","status":"failure"}`, 400, transport.FaultRetry, false},
		{"Intuit, unknown token", `{"error_description":"Token invalid","error":"invalid_grant"}`, 400, transport.FaultAuth, true},
		{"Intuit, wrong client", `{"error":"invalid_client"}`, 401, transport.FaultAuth, false},
		{"gateway page", `<html>`, 502, transport.FaultRetry, false},
		{"nonsense at 200", `<html>`, 200, transport.FaultRetry, false},
		{"no token", `{"expires_in":3600}`, 200, transport.FaultRetry, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := zoho(t, always(tc.status, tc.body)).Refresh(t.Context(), Credential{RefreshToken: "r"})
			if transport.FaultOf(err) != tc.kind || errors.Is(err, ErrReauthorise) != tc.reauthorise {
				t.Errorf("%s, reauthorise %v: %v", transport.FaultOf(err), errors.Is(err, ErrReauthorise), err)
			}
			if errors.Is(err, transport.ErrSignInNeeded) != (tc.kind == transport.FaultAuth) {
				t.Errorf("sign-in needed: %v", err)
			}
			if tc.name == "Zoho, throttled" && transport.WaitOf(err) < time.Minute {
				t.Errorf("wait %v", transport.WaitOf(err))
			}
		})
	}
}

func TestRefresh_ZohoKeepsTheRefreshTokenAndTellsTheDomain(t *testing.T) {
	v := always(200, `{"access_token":"1000.a","scope":"ZohoCRM.modules.ALL","api_domain":"https://www.zohoapis.eu","token_type":"Bearer","expires_in":3600}`)
	c, err := zoho(t, v).Refresh(t.Context(), Credential{RefreshToken: "keep"})
	if err != nil || c.RefreshToken != "keep" || c.AccessToken != "1000.a" || c.APIDomain != "https://www.zohoapis.eu" {
		t.Fatalf("%#v, %v", c, err)
	}
	form := v.asked[0]
	if form.Get("grant_type") != "refresh_token" || form.Get("refresh_token") != "keep" || form.Get("client_id") != "id" || form.Get("client_secret") != "secret" {
		t.Errorf("asked %v", form)
	}
}

func TestExchange_ZohoUsesTheDataCentreOfTheCallback(t *testing.T) {
	var host string
	app := zoho(t, nil)
	app.Transport = transport.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		host = r.URL.Host
		return jsonAnswer(200, `{"access_token":"a","refresh_token":"r","api_domain":"https://www.zohoapis.in","expires_in":3600}`), nil
	})
	c, err := app.Exchange(t.Context(), Callback{Code: "c", AccountsServer: "https://accounts.zoho.in"})
	if err != nil || host != "accounts.zoho.in" || c.RefreshToken != "r" {
		t.Errorf("%s: %v, %v", host, c, err)
	}
	host = ""
	_, err = app.Exchange(t.Context(), Callback{Code: "c", AccountsServer: "https://accounts.zoho.evil.example"})
	if !errors.Is(err, transport.ErrForeignHost) || host != "" {
		t.Errorf("a stranger's accounts server was asked: %v", err)
	}
}

func TestExchange_WithoutARefreshTokenIsNoConsent(t *testing.T) {
	v := always(200, `{"access_token":"a","expires_in":3600}`)
	if _, err := zoho(t, v).Exchange(t.Context(), Callback{Code: "c"}); !errors.Is(err, ErrReauthorise) {
		t.Errorf("got %v", err)
	}
}

func TestConsentURL_EachVendorItsOwn(t *testing.T) {
	z := zoho(t, nil)
	z.RedirectURL = "https://x/cb"
	u, _ := url.Parse(z.ConsentURL("s1"))
	q := u.Query()
	if u.Path != "/oauth/v2/auth" || q.Get("access_type") != "offline" || q.Get("prompt") != "consent" || q.Get("state") != "s1" || !strings.Contains(q.Get("scope"), "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL") {
		t.Errorf("Zoho: %v", u)
	}
	b := books(t, nil)
	b.RedirectURL = "https://x/cb"
	u, _ = url.Parse(b.ConsentURL("s2"))
	q = u.Query()
	if u.Path != "/connect/oauth2" || q.Get("scope") != "com.intuit.quickbooks.accounting" || q.Get("redirect_uri") != "https://x/cb" {
		t.Errorf("QuickBooks: %v", u)
	}
}

func TestParseCallback(t *testing.T) {
	b := books(t, nil)
	cb, err := b.ParseCallback(url.Values{"code": {"c"}, "state": {"s"}, "realmId": {"934"}})
	if err != nil || cb.RealmID != "934" || cb.Code != "c" {
		t.Errorf("%+v, %v", cb, err)
	}
	for name, q := range map[string]url.Values{
		"denied":     {"error": {"access_denied"}, "state": {"s"}},
		"no code":    {"state": {"s"}, "realmId": {"934"}},
		"no state":   {"code": {"c"}, "realmId": {"934"}},
		"no company": {"code": {"c"}, "state": {"s"}},
	} {
		if cb, err := b.ParseCallback(q); err == nil {
			t.Errorf("%s gave %+v", name, cb)
		}
	}
}

func TestRevoke_BothVendors(t *testing.T) {
	v := always(200, `{"status":"success"}`)
	if err := zoho(t, v).Revoke(t.Context(), "r"); err != nil || v.asked[0].Get("token") != "r" {
		t.Errorf("Zoho: %v, %v", v.asked, err)
	}
	v = always(200, ``)
	if err := books(t, v).Revoke(t.Context(), "r"); err != nil || v.headers[0].Get("Authorization") == "" {
		t.Errorf("QuickBooks: %v", err)
	}
	app, sent := books(t, nil), always(200, ``)
	app.Transport = transport.Chain{Vendor: transport.QuickBooks, Base: sent}.RoundTripper()
	if err := app.Revoke(t.Context(), "r"); err != nil || len(sent.asked) != 1 {
		t.Errorf("an empty answer is a good one: %v after %d calls", err, len(sent.asked))
	}
	if err := books(t, always(400, `{"error":"invalid"}`)).Revoke(t.Context(), "r"); err == nil {
		t.Error("a refused revoke was taken for done")
	}
}

func TestApps_RefuseForeignHosts(t *testing.T) {
	if _, err := ZohoApp("https://accounts.evil.example", "", ""); !errors.Is(err, transport.ErrForeignHost) {
		t.Errorf("Zoho: %v", err)
	}
	if _, err := QuickBooksApp("https://appcenter.intuit.com/connect/oauth2", "https://evil.example/token", "", ""); !errors.Is(err, transport.ErrForeignHost) {
		t.Errorf("QuickBooks: %v", err)
	}
	app, err := QuickBooksApp("https://appcenter.intuit.com/connect/oauth2", "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer", "", "")
	if err != nil || app.RevokeURL != "https://developer.api.intuit.com/v2/oauth2/tokens/revoke" {
		t.Errorf("%s, %v", app.RevokeURL, err)
	}
}

func TestCredential_PrintsNoSecret(t *testing.T) {
	c := Credential{AccessToken: "hush-a", RefreshToken: "hush-r"}
	for _, text := range []string{c.String(), fmt.Sprintf("%v %+v %#v %s", c, c, c, c), c.LogValue().String()} {
		if strings.Contains(text, "hush") {
			t.Errorf("printed %s", text)
		}
	}
}
