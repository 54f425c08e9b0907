package zohobox

import (
	"net/http"
	"strings"
)

// authenticate finds who calls (section 2.4).
func (b *Box) authenticate(r *http.Request) (*accessToken, *user, *failure) {
	h := r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(h, " ")
	if h == "" || (scheme != "Zoho-oauthtoken" && scheme != "Bearer") || token == "" {
		return nil, nil, &failure{status: 401, code: "AUTHENTICATION_FAILURE", message: "Authentication failed"}
	}
	a := b.oauth.access[token]
	if a == nil || !b.opt.Now().Before(a.Expires) {
		return nil, nil, invalidToken()
	}
	u := b.userByID(a.User)
	if u == nil || !u.Active {
		return nil, nil, invalidToken()
	}
	return a, u, b.wrongHost(r)
}

func invalidToken() *failure {
	return &failure{status: 401, code: "INVALID_TOKEN", message: "invalid oauth token"}
}

// allows checks a scope of the form group[.name].OP against what was granted:
// a shorter name covers a longer one, ALL covers every operation and WRITE
// every change (section 2.5).
func (a *accessToken) allows(scope string) bool {
	name, op := cutLast(scope)
	for _, s := range a.Scopes {
		granted, gop := cutLast(s)
		covers := strings.EqualFold(granted, name) || strings.HasPrefix(strings.ToLower(name), strings.ToLower(granted)+".")
		if covers && (gop == "ALL" || gop == op || gop == "WRITE" && op != "READ") {
			return true
		}
	}
	return false
}

func cutLast(scope string) (name, op string) {
	i := strings.LastIndexByte(scope, '.')
	if i < 0 {
		return scope, ""
	}
	return scope[:i], scope[i+1:]
}

// needAdmin refuses a change of the organisation to those who may not make it.
func (b *Box) needAdmin(u *user) *failure {
	if b.isAdmin(u) {
		return nil
	}
	return noPermission("Crm_Implied_Customize_Zoho_CRM")
}

func noPermission(what string) *failure {
	return &failure{status: 403, code: "NO_PERMISSION", message: "permission denied", details: object{"permissions": []any{what}}}
}
