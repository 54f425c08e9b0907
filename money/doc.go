// Package money is the only place where Crossbook does sums. A [Decimal] is an
// exact decimal number; an [Amount] is a decimal with its ISO currency.
//
// Numbers arrive as JSON numbers and leave as JSON numbers, digit for digit:
// no float64 is ever in between (10.1 + 10.2 must be 20.3 in the books).
// Rounding is half-up to cents, as QuickBooks rounds line amounts
// (reference/quickbooks-online.md section 3): a half moves away from zero.
//
// The package knows no vendor, no document and no exchange rate.
package money
