package transport

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestCheckBase_AllowsTheVendorAndThisMachineOnly(t *testing.T) {
	good := []struct {
		v   Vendor
		url string
	}{
		{Zoho, "https://www.zohoapis.eu"},
		{Zoho, "https://sandbox.zohoapis.com.au/"},
		{Zoho, "https://accounts.zohocloud.ca"},
		{Zoho, "http://127.0.0.1:8091"},
		{Zoho, "http://localhost:8091/zoho"},
		{QuickBooks, "https://quickbooks.api.intuit.com"},
		{QuickBooks, "https://sandbox-quickbooks.api.intuit.com:443"},
		{QuickBooks, "http://[::1]:9000"},
	}
	for _, tc := range good {
		if u, err := CheckBase(tc.v, tc.url); err != nil || u.Path != "" && u.Path != "/zoho" {
			t.Errorf("CheckBase(%s, %s) = %v, %v", tc.v, tc.url, u, err)
		}
	}
	bad := []struct {
		v   Vendor
		url string
	}{
		{Zoho, "https://quickbooks.api.intuit.com"},
		{QuickBooks, "https://www.zohoapis.com"},
		{Zoho, "http://www.zohoapis.com"},
		{Zoho, "https://evilzohoapis.com"},
		{Zoho, "https://www.zohoapis.com.evil.example"},
		{Zoho, "https://www.zohoapis.com:8443"},
		{Zoho, "https://user:pw@www.zohoapis.com"},
		{QuickBooks, "https://localhost.evil.example"},
		{QuickBooks, "https://192.168.1.10"},
		{QuickBooks, "ftp://127.0.0.1"},
		{QuickBooks, "quickbooks.api.intuit.com"},
		{QuickBooks, ""},
	}
	for _, tc := range bad {
		if u, err := CheckBase(tc.v, tc.url); err == nil {
			t.Errorf("CheckBase(%s, %q) took %v", tc.v, tc.url, u)
		}
	}
}

func TestGuard_ForeignHostIsNeverCalled(t *testing.T) {
	called := false
	g := Guard{Vendor: Zoho, Next: RoundTripperFunc(func(*http.Request) (*http.Response, error) {
		called = true
		return nil, nil
	})}
	_, err := g.RoundTrip(httptest.NewRequest("GET", "https://www.zohoapis.evil.example/crm/v8/org", nil))
	if !errors.Is(err, ErrForeignHost) || called {
		t.Errorf("got %v, called %v", err, called)
	}
	if FaultOf(err) != FaultBug {
		t.Errorf("fault %s, want bug", FaultOf(err))
	}
	if _, err := g.RoundTrip(httptest.NewRequest("GET", "https://www.zohoapis.com/crm/v8/org", nil)); err != nil || !called {
		t.Errorf("the vendor's own host was refused: %v", err)
	}
}
