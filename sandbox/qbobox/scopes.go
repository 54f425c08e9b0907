package qbobox

import (
	"slices"
	"strings"
)

const (
	scopeAccounting = "com.intuit.quickbooks.accounting"
	scopePayment    = "com.intuit.quickbooks.payment"
	scopeOpenID     = "openid"
)

// scopeWords are the scopes everybody may ask for (reference section 1.3), as
// the consent page says them.
var scopeWords = map[string]string{
	scopeAccounting: "see and change everything in the company's books",
	scopePayment:    "take card and bank payments for the company",
	scopeOpenID:     "know that it is you who signs in",
	"profile":       "see your name",
	"email":         "see your e-mail address",
	"phone":         "see your telephone number",
	"address":       "see your postal address",
}

// restrictedScopes are for apps of the paid tiers (reference section 1.3).
var restrictedScopes = map[string]string{
	"project-management.project":                    "see and change projects",
	"app-foundations.custom-field-definitions":      "see and change the definitions of custom fields",
	"app-foundations.custom-field-definitions.read": "see the definitions of custom fields",
	"app-foundations.custom-dimensions.read":        "see custom dimensions",
	"time-tracking.time-entry":                      "see and change time entries",
	"payroll.compensation.read":                     "see what employees are paid",
	"indirect-tax.tax-calculation.quickbooks":       "have sales tax computed",
}

func restricted(scope string) bool { return restrictedScopes[scope] != "" }

// opensCompany tells whether scopes reach the company at all; signing a person
// in does not.
func opensCompany(scopes []string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool {
		return s == scopeAccounting || s == scopePayment || restricted(s)
	})
}

// grantable reads a scope parameter; ok is false when the app may not ask for
// one of them, or for none at all.
func (b *Box) grantable(param string) (scopes []string, ok bool) {
	scopes = strings.Fields(param)
	for _, s := range scopes {
		if scopeWords[s] == "" && (!restricted(s) || !b.opt.PaidTier) {
			return nil, false
		}
	}
	return scopes, opensCompany(scopes) || slices.Contains(scopes, scopeOpenID)
}
