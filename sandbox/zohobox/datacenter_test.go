package zohobox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"crossbook/sandbox/zohobox"
)

// at sends a request to one of the vendor's host names.
func (a *app) at(method, address string, form url.Values) reply {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		a.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Authorization", "Zoho-oauthtoken "+a.token)
	return a.send(req)
}

func (a *app) clientForm(pairs ...string) url.Values {
	cred := a.box.Credentials()
	form := url.Values{"client_id": {cred.ClientID}, "client_secret": {cred.ClientSecret}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// zoho-crm.md section 1: every data centre has its accounts server, its API domain and its
// location; the token response names the domain, serverinfo the servers.
func TestDataCenters_EachHasItsHosts(t *testing.T) {
	for _, k := range []struct{ location, accounts, api string }{
		{"us", "https://accounts.zoho.com", "https://www.zohoapis.com"},
		{"eu", "https://accounts.zoho.eu", "https://www.zohoapis.eu"},
		{"in", "https://accounts.zoho.in", "https://www.zohoapis.in"},
		{"au", "https://accounts.zoho.com.au", "https://www.zohoapis.com.au"},
		{"cn", "https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn"},
		{"jp", "https://accounts.zoho.jp", "https://www.zohoapis.jp"},
		{"ca", "https://accounts.zohocloud.ca", "https://www.zohoapis.ca"},
		{"sa", "https://accounts.zoho.sa", "https://www.zohoapis.sa"},
		{"uk", "https://accounts.zoho.uk", "https://www.zohoapis.uk"},
		{"ae", "https://accounts.zoho.ae", "https://www.zohoapis.ae"},
	} {
		t.Run(k.location, func(t *testing.T) {
			a := open(t, zohobox.Options{DataCenter: k.location})
			// The browser may start anywhere; the callback says where to go on.
			back := a.at("GET", "https://accounts.zoho.com"+a.asking("sandbox_consent", "accept"), nil).back()
			if back.Get("location") != k.location || back.Get("accounts-server") != k.accounts {
				t.Errorf("came back with %v", back)
			}
			r := a.at("POST", k.accounts+"/oauth/v2/token", a.clientForm("grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", "https://app.test/back?x=1")).
				want(200, "api_domain", k.api)
			a.token = r.str("access_token")
			a.at("GET", k.api+"/crm/v8/org", nil).want(200)
			servers := a.at("GET", "https://accounts.zoho.com/oauth/serverinfo", nil).want(200)
			if got := servers.str("locations." + k.location); got != k.accounts {
				t.Errorf("serverinfo says %q", got)
			}
		})
	}
}

// zoho-crm.md section 1 and zoho-crm.md section 2.3: codes and tokens of one data centre
// are unknown in the others, and an API host of another environment is refused.
func TestDataCenters_KnowOnlyTheirOwn(t *testing.T) {
	a := open(t, zohobox.Options{DataCenter: "eu"})
	refresh := a.clientForm("grant_type", "refresh_token", "refresh_token", a.box.Credentials().RefreshToken)
	a.at("POST", "https://accounts.zoho.com/oauth/v2/token", refresh).want(200, "error", "invalid_code")
	a.at("POST", "https://accounts.zoho.eu/oauth/v2/token", refresh).want(200, "api_domain", "https://www.zohoapis.eu")
	code := a.at("GET", "https://accounts.zoho.com"+a.asking("sandbox_consent", "accept"), nil).back().Get("code")
	a.at("POST", "https://accounts.zoho.in/oauth/v2/token", a.clientForm("grant_type", "authorization_code", "code", code, "redirect_uri", "https://app.test/back?x=1")).
		want(200, "error", "invalid_code")
	a.at("POST", "https://accounts.zoho.in/oauth/v2/token/revoke?token="+q(a.box.Credentials().RefreshToken), nil).want(400)

	a.at("GET", "https://www.zohoapis.com/crm/v8/org", nil).want(401, "code", "INVALID_TOKEN")
	a.at("GET", "https://sandbox.zohoapis.eu/crm/v8/org", nil).want(400, "code", "INVALID_HOST")
	a.at("GET", "https://developer.zohoapis.eu/crm/v8/org", nil).want(400, "code", "INVALID_HOST")
	a.at("GET", "https://www.zohoapis.eu/crm/v8/org", nil).want(200)
	a.at("GET", "http://127.0.0.1:8791/crm/v8/org", nil).want(200) // a machine of one's own is no data centre
}

// zoho-crm.md section 2.1: other data centres must be switched on for a client.
func TestDataCenters_AClientOfOneOnly(t *testing.T) {
	a := open(t, zohobox.Options{DataCenter: "eu", OneDataCenter: true})
	r := a.at("GET", "https://accounts.zoho.com"+a.asking("sandbox_consent", "accept"), nil).want(400)
	if !strings.Contains(r.raw, "invalid_client") {
		t.Errorf("got %s", r.raw)
	}
	refresh := a.clientForm("grant_type", "refresh_token", "refresh_token", a.box.Credentials().RefreshToken)
	a.at("POST", "https://accounts.zoho.com/oauth/v2/token", refresh).want(200, "error", "invalid_client")
	a.at("POST", "https://accounts.zoho.eu/oauth/v2/token", refresh).want(200, "token_type", "Bearer")
}

// zoho-crm.md section 1: the base address decides where the organisation lives.
func TestDataCenters_FollowTheBaseAddress(t *testing.T) {
	a := open(t, zohobox.Options{BaseURL: "https://www.zohoapis.jp"})
	if got := a.at("GET", "https://accounts.zoho.jp"+a.asking("sandbox_consent", "accept"), nil).back(); got.Get("location") != "jp" || got.Get("accounts-server") != "https://accounts.zoho.jp" {
		t.Errorf("came back with %v", got)
	}
	if _, err := zohobox.New(zohobox.Options{DataCenter: "mars"}); err == nil || !strings.Contains(err.Error(), "mars") {
		t.Errorf("an unknown data centre gave %v", err)
	}
	local := open(t, zohobox.Options{BaseURL: "http://127.0.0.1:8791"})
	local.at("GET", "http://127.0.0.1:8791/oauth/serverinfo", nil).want(200, "locations.us", "http://127.0.0.1:8791")
}

// zoho-crm.md section 1: majors v2 to v8 stay addressable, bulk jobs and uploads too.
func TestVersions_V2ToV8(t *testing.T) {
	a := open(t, zohobox.Options{})
	for _, v := range []string{"v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"} {
		a.call("GET", "/crm/"+v+"/org", nil).want(200)
	}
	for _, v := range []string{"v1", "v9", "8"} {
		a.call("GET", "/crm/"+v+"/org", nil).want(404, "code", "INVALID_URL_PATTERN")
	}
	job := obj{"query": obj{"module": obj{"api_name": "Accounts"}, "fields": []any{"id"}}}
	a.call("POST", "/crm/bulk/v8/read", job, "Content-Type", "application/json").want(201, "data.0.code", "ADDED_SUCCESSFULLY")
	a.at("POST", "https://content.zohoapis.com/crm/v8/upload", nil).want(400) // without a file
}
