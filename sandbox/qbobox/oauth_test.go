package qbobox_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

func refresh(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
}

// TestToken follows reference section 1.4.
func TestToken_RefreshAnswersLikeTheVendor(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	status, body, h := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil)
	if status != 200 {
		t.Fatal(status, body)
	}
	check(t, body, map[string]string{
		"token_type": "bearer", "expires_in": "3600", "x_refresh_token_expires_in": "8726400", "x_refresh_token_hard_expires_in": "",
	})
	if n := len(s(body, "access_token")); n < 800 || n > 1200 {
		t.Errorf("an access token of %d characters", n)
	}
	if !strings.HasPrefix(s(body, "refresh_token"), "RT1-") {
		t.Errorf("refresh token %q", s(body, "refresh_token"))
	}
	if h.Get("Cache-Control") != "no-cache, no-store" || h.Get("intuit_tid") == "" || h.Get("Content-Type") != "application/json;charset=UTF-8" {
		t.Errorf("headers %v", h)
	}
}

// quickbooks-online.md section 1.4: the header asks for the five years.
func TestToken_HardLimitComesOnlyWhenAskedFor(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	_, body, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret,
		http.Header{"X-Include-Refresh-Token-Hard-Expires-In": {"true"}})
	// Five calendar years from 5 May 2026, one leap day in them.
	if s(body, "x_refresh_token_hard_expires_in") != "157766400" {
		t.Errorf("hard limit %q, want five years", s(body, "x_refresh_token_hard_expires_in"))
	}
}

// quickbooks-online.md section 1.4: the value changes once in 24 hours.
func TestToken_RefreshTokenRotatesOnceADay(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	again := func() string {
		now := c.box.Credentials().RefreshToken
		_, body, _ := c.tokenCall(refresh(now), cred.ClientID, cred.ClientSecret, nil)
		return s(body, "refresh_token")
	}
	if got := again(); got != cred.RefreshToken {
		t.Errorf("rotated at once")
	}
	c.clock.move(25 * time.Hour)
	next := again()
	if next == cred.RefreshToken {
		t.Fatal("did not rotate after a day")
	}
	status, body, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil)
	if status != 400 || s(body, "error") != "invalid_grant" || s(body, "error_description") != "Token invalid" {
		t.Errorf("the old token gave %d %v", status, body)
	}
}

// quickbooks-online.md section 1.4: sources disagree about the grace of the old token.
func TestToken_DialsOfRotation(t *testing.T) {
	c := open(t, func(o *qbobox.Options) {
		o.Dials.RotateEveryRefresh, o.Dials.OldRefreshTokenGrace = true, time.Hour
	})
	cred := c.box.Credentials()
	_, body, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil)
	if s(body, "refresh_token") == cred.RefreshToken {
		t.Error("did not rotate at every refresh")
	}
	if status, _, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil); status != 200 {
		t.Error("the old token did not live through its grace")
	}
}

// quickbooks-online.md section 1.4: the error bodies.
func TestToken_Refusals(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	for _, k := range []struct {
		name       string
		form       url.Values
		id, secret string
		status     int
		err        string
	}{
		{"unknown refresh token", refresh("RT1-none"), cred.ClientID, cred.ClientSecret, 400, "invalid_grant"},
		{"wrong secret", refresh(cred.RefreshToken), cred.ClientID, "x", 401, "invalid_client"},
		{"unknown grant type", url.Values{"grant_type": {"password"}}, cred.ClientID, cred.ClientSecret, 400, "unsupported_grant_type"},
		{"no grant type", url.Values{}, cred.ClientID, cred.ClientSecret, 400, "invalid_request"},
		{"unknown code", url.Values{"grant_type": {"authorization_code"}, "code": {"x"}}, cred.ClientID, cred.ClientSecret, 400, "invalid_grant"},
	} {
		t.Run(k.name, func(t *testing.T) {
			status, body, _ := c.tokenCall(k.form, k.id, k.secret, nil)
			if status != k.status || s(body, "error") != k.err {
				t.Errorf("got %d %v, want %d %s", status, body, k.status, k.err)
			}
		})
	}
}

// quickbooks-online.md section 1.4.
func TestToken_RefreshTokenDiesAfter101DaysUnused(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	c.clock.move(102 * 24 * time.Hour)
	if status, body, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil); status != 400 || s(body, "error") != "invalid_grant" {
		t.Errorf("got %d %v", status, body)
	}
}

func TestAccessToken_ExpiresAfterAnHour(t *testing.T) {
	c := open(t)
	c.clock.move(59 * time.Minute)
	if status, _ := c.call("GET", "companyinfo/"+c.realm, nil); status != 200 {
		t.Error("dead before its hour")
	}
	c.clock.move(2 * time.Minute)
	status, body := c.call("GET", "companyinfo/"+c.realm, nil)
	if status != 401 {
		t.Fatal(status, body)
	}
	// reference section 12.1: the gateway answers in lower case, time as a number
	check(t, body, map[string]string{
		"fault.type": "AUTHENTICATION", "fault.error.0.code": "3200", "fault.error.0.detail": "Token expired",
		"fault.error.0.message": "message=AuthenticationFailed; errorCode=003200; statusCode=401", "batchItemResponse": "[]", "cdcresponse": "[]",
	})
	if _, isNumber := body["time"].(interface{ Int64() (int64, error) }); !isNumber {
		t.Errorf("time is %T", body["time"])
	}
}

// quickbooks-online.md section 12.1 and quickbooks-online.md section 12.2, codes 3200 and 3100.
func TestAccessToken_WrongSizeAndWrongCompany(t *testing.T) {
	c := open(t)
	good := c.token
	c.token = "short"
	if _, body := c.call("GET", "companyinfo/1", nil); s(body, "fault.error.0.detail") != "Malformed bearer token: too short or too long" {
		t.Errorf("got %v", body)
	}
	c.token, c.realm = good, "123"
	status, body := c.call("GET", "companyinfo/123", nil)
	if status != 403 || s(body, "fault.error.0.code") != "3100" || s(body, "fault.type") != "SERVICE" {
		t.Errorf("got %d %v", status, body)
	}
}

// quickbooks-online.md section 1.4: revoking either token kills the pair.
func TestRevoke_KillsThePair(t *testing.T) {
	c := open(t)
	cred := c.box.Credentials()
	revoke := func(body string) int {
		req, err := http.NewRequestWithContext(context.Background(), "POST", "http://developer.example/v2/oauth2/tokens/revoke", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(cred.ClientID, cred.ClientSecret)
		status, _, _ := c.roundTrip(req)
		return status
	}
	if got := revoke(`{"token":"nonsense"}`); got != 400 {
		t.Errorf("revoking nonsense gave %d", got)
	}
	if got := revoke(`{"token":"` + c.token + `"}`); got != 200 {
		t.Errorf("revoking gave %d", got)
	}
	if status, _ := c.call("GET", "companyinfo/1", nil); status != 401 {
		t.Errorf("the access token lives on: %d", status)
	}
	if status, _, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil); status != 400 {
		t.Errorf("the refresh token lives on: %d", status)
	}
}

func TestSeed_SameSeedSameTokens(t *testing.T) {
	a, b := open(t), open(t)
	if a.token != b.token || a.box.Credentials() != b.box.Credentials() {
		t.Error("two boxes of one seed differ")
	}
	other := open(t, func(o *qbobox.Options) { o.Seed = 8 })
	if other.token == a.token {
		t.Error("two seeds give one token")
	}
}
