package zohobox

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// dataCenter is one of the places where the vendor keeps organisations
// (section 1). An organisation lives in one, its tokens are good there only.
type dataCenter struct {
	location string // as the callback names it
	accounts string // host
	apis     string // what API hosts end in
}

var dataCenters = []dataCenter{
	{"us", "accounts.zoho.com", "zohoapis.com"},
	{"eu", "accounts.zoho.eu", "zohoapis.eu"},
	{"in", "accounts.zoho.in", "zohoapis.in"},
	{"au", "accounts.zoho.com.au", "zohoapis.com.au"},
	{"cn", "accounts.zoho.com.cn", "zohoapis.com.cn"},
	{"jp", "accounts.zoho.jp", "zohoapis.jp"},
	{"ca", "accounts.zohocloud.ca", "zohoapis.ca"},
	{"sa", "accounts.zoho.sa", "zohoapis.sa"},
	{"uk", "accounts.zoho.uk", "zohoapis.uk"},
	{"ae", "accounts.zoho.ae", "zohoapis.ae"},
}

// place is what a host name of the vendor's stands for.
type place struct {
	dc   dataCenter
	role string // accounts, www, content, sandbox, developer
}

// placeOf reads a host name; ok is false for those that are not the vendor's,
// such as this machine's, behind which everything is in one place.
func placeOf(host string) (p place, ok bool) {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(host)
	for _, dc := range dataCenters {
		if host == dc.accounts {
			return place{dc, "accounts"}, true
		}
		if role, found := strings.CutSuffix(host, "."+dc.apis); found {
			return place{dc, role}, true
		}
	}
	return place{}, false
}

// settle decides where the organisation lives: where the options say, or where
// the base address is.
func (o *Options) settle() error {
	at := ""
	if u, err := url.Parse(o.BaseURL); err == nil {
		if p, known := placeOf(u.Host); known {
			at = p.dc.location
		}
	}
	if o.DataCenter == "" {
		if o.DataCenter = at; at == "" {
			o.DataCenter = "us"
		}
	}
	for _, dc := range dataCenters {
		if dc.location == o.DataCenter {
			return nil
		}
	}
	return fmt.Errorf("data centre %q is unknown: use us, eu, in, au, cn, jp, ca, sa, uk or ae", o.DataCenter)
}

func (b *Box) dataCenter() dataCenter {
	for _, dc := range dataCenters {
		if dc.location == b.opt.DataCenter {
			return dc
		}
	}
	return dataCenters[0]
}

// elsewhere tells whether a call came to the accounts server of another data centre.
func (b *Box) elsewhere(r *http.Request) bool {
	p, known := placeOf(r.Host)
	return known && p.dc != b.dataCenter()
}

// accountsURL is where codes of this organisation are exchanged, and apiURL
// where its records are: the vendor's hosts for a client that came to one of
// them, and otherwise the one address the box has.
func (b *Box) accountsURL(base string) string {
	if onVendorsHost(base) {
		return "https://" + b.dataCenter().accounts
	}
	return base
}

func (b *Box) apiURL(base string) string {
	if onVendorsHost(base) {
		return "https://" + b.environment() + "." + b.dataCenter().apis
	}
	return base
}

// environment is the first part of the host of the organisation's API: those of
// sandboxes and developers differ (section 1).
func (b *Box) environment() string {
	if o := b.opt.Organisation; o == "sandbox" || o == "developer" {
		return o
	}
	return "www"
}

func onVendorsHost(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	_, known := placeOf(u.Host)
	return known
}

// wrongHost refuses a good token at an API host that is not its own: those of
// another data centre do not know it, those of another environment say so
// (sections 1 and 2.4).
func (b *Box) wrongHost(r *http.Request) *failure {
	p, known := placeOf(r.Host)
	switch {
	case !known:
		return nil
	case p.dc != b.dataCenter():
		return invalidToken()
	case p.role != b.environment() && p.role != "content":
		return &failure{status: 400, code: "INVALID_HOST", message: "the host of the request is not the one of the token"}
	}
	return nil
}

// serverInfo maps locations to accounts servers (section 1).
func (b *Box) serverInfo(w http.ResponseWriter, r *http.Request) {
	b.calls.count(kindOAuth, r.Method+" "+r.URL.Path)
	servers := object{}
	if base := b.baseURL(r); onVendorsHost(base) {
		for _, dc := range dataCenters {
			servers[dc.location] = "https://" + dc.accounts
		}
	} else {
		servers[b.opt.DataCenter] = base
	}
	send(w, ok(object{"result": "success", "locations": servers}))
}
