// Package oascheck holds answers of a Zoho CRM sandbox against the vendor's own
// OpenAPI documents as they pass. Test harnesses wrap a box in [Check.Handler]
// or [Check.Transport] and ask [Check.Unexplained] at the end; what is known to
// differ stands in [Deviations], one by one with its reason.
//
// The documents are not part of this repository; where they are absent [Open]
// says so and nothing is checked. The package is for tests only. It knows HTTP
// and schemas, and nothing of the box behind them: it must stay that way, so that
// it cannot be wrong in the same way.
package oascheck
