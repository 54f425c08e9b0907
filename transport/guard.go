package transport

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Vendor names whose hosts a base URL may point at.
type Vendor string

// The two vendors.
const (
	Zoho       Vendor = "Zoho CRM"
	QuickBooks Vendor = "QuickBooks"
)

// hosts are the vendors' own hosts: reference/zoho-crm.md section 1 and
// reference/quickbooks-online.md sections 1.1 and 2. A host with a leading dot
// stands for the host itself and every name below it.
var hosts = map[Vendor][]string{
	Zoho: {
		"accounts.zoho.com", "accounts.zoho.eu", "accounts.zoho.in", "accounts.zoho.com.au", "accounts.zoho.com.cn",
		"accounts.zoho.jp", "accounts.zohocloud.ca", "accounts.zoho.sa", "accounts.zoho.uk", "accounts.zoho.ae",
		".zohoapis.com", ".zohoapis.eu", ".zohoapis.in", ".zohoapis.com.au", ".zohoapis.com.cn",
		".zohoapis.jp", ".zohoapis.ca", ".zohoapis.sa", ".zohoapis.uk", ".zohoapis.ae",
	},
	QuickBooks: {
		"quickbooks.api.intuit.com", "sandbox-quickbooks.api.intuit.com", "oauth.platform.intuit.com",
		"appcenter.intuit.com", "developer.api.intuit.com", "developer.intuit.com",
	},
}

// ErrForeignHost says that a URL is neither the vendor's own nor on this machine.
var ErrForeignHost = errors.New("not a host of the vendor")

// CheckBase parses a vendor's base URL and refuses every host but the vendor's
// own, over https, and loopback (design section 8): tokens and books must not be
// sent anywhere else because of a slip in a setting.
func CheckBase(v Vendor, raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, fmt.Errorf("%s address %q is not a URL: write it as https://host", v, raw)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%s address %q carries more than a host and a path: remove the rest", v, u.Redacted())
	}
	if err := checkHost(v, u); err != nil {
		return nil, err
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return u, nil
}

func checkHost(v Vendor, u *url.URL) error {
	name := strings.ToLower(u.Hostname())
	if isLoopback(name) {
		if u.Scheme == "http" || u.Scheme == "https" {
			return nil
		}
		return fmt.Errorf("%s address %s: use http or https", v, u.Redacted())
	}
	if !ownHost(v, name) || (u.Port() != "" && u.Port() != "443") {
		return fmt.Errorf("%s address %s: %w; only the vendor's own hosts and this machine (localhost, 127.0.0.1, ::1) are allowed",
			v, u.Redacted(), ErrForeignHost)
	}
	if u.Scheme != "https" {
		return fmt.Errorf("%s address %s: use https", v, u.Redacted())
	}
	return nil
}

func ownHost(v Vendor, name string) bool {
	for _, h := range hosts[v] {
		if name == strings.TrimPrefix(h, ".") || (h[0] == '.' && strings.HasSuffix(name, h)) {
			return true
		}
	}
	return false
}

func isLoopback(name string) bool {
	if name == "localhost" {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}

// Guard refuses requests to hosts CheckBase would refuse, so that not even an
// address taken from an answer can lead a token astray.
type Guard struct {
	Vendor Vendor
	Next   http.RoundTripper
}

// RoundTrip passes the request on if its host is allowed.
func (g Guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := checkHost(g.Vendor, r.URL); err != nil {
		return nil, &NotSent{Err: err, Kind: FaultBug}
	}
	return g.Next.RoundTrip(r)
}
