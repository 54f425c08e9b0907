package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Decimal is an exact decimal number. Its zero value is 0.
type Decimal = decimal.Decimal

// Zero is the number 0.
var Zero = decimal.Zero

// ErrNotANumber says that a text or a JSON value is no decimal number.
var ErrNotANumber = errors.New("not a decimal number")

// maxDigits bounds what Parse takes: vendors carry at most 16 digits before the
// point and 9 after it (reference/zoho-crm.md section 4.7), and an exponent such
// as 1e999999999 must not be able to eat the memory.
const maxDigits = 60

// Parse reads a number as JSON writes it: digits, an optional point and an
// optional exponent. Signs other than a leading minus, blanks and thousands
// separators are refused.
func Parse(text string) (Decimal, error) {
	if !isJSONNumber(text) {
		return Zero, fmt.Errorf("%w: %q", ErrNotANumber, clip(text))
	}
	d, err := decimal.NewFromString(text)
	if err != nil {
		return Zero, fmt.Errorf("%w: %q", ErrNotANumber, clip(text))
	}
	if e := d.Exponent(); e > maxDigits || e < -maxDigits || d.NumDigits() > maxDigits {
		return Zero, fmt.Errorf("%w: %q has too many digits", ErrNotANumber, clip(text))
	}
	return d, nil
}

// MustParse is Parse for constants; it panics on a text that is no number.
func MustParse(text string) Decimal {
	d, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

// FromJSON reads a decoded JSON value: a json.Number, or a number inside a
// string, which is how Zoho sends exchange rates and long integers
// (reference/zoho-crm.md sections 4.7 and 9.6). Absent (nil) and the empty
// string are reported as not ok, without an error.
func FromJSON(v any) (d Decimal, ok bool, err error) {
	switch v := v.(type) {
	case nil:
		return Zero, false, nil
	case json.Number:
		d, err = Parse(v.String())
	case string:
		if strings.TrimSpace(v) == "" {
			return Zero, false, nil
		}
		d, err = Parse(strings.TrimSpace(v))
	case Decimal:
		return v, true, nil
	default:
		return Zero, false, fmt.Errorf("%w: a JSON %T", ErrNotANumber, v)
	}
	return d, err == nil, err
}

// Number writes the decimal as a JSON number without exponent and without
// trailing zeros, as QuickBooks does (reference/quickbooks-online.md section 2).
func Number(d Decimal) json.Number { return json.Number(d.String()) }

// Cents rounds to two places, a half away from zero.
func Cents(d Decimal) Decimal { return Round(d, 2) }

// Round rounds to the given number of places, a half away from zero.
func Round(d Decimal, places int32) Decimal { return d.Round(places) }

// Times is quantity times price, rounded to cents: the amount of a line.
func Times(quantity, price Decimal) Decimal { return Cents(quantity.Mul(price)) }

// Percent is the given percentage of a sum, rounded to cents.
func Percent(of, percent Decimal) Decimal { return Cents(of.Mul(percent).Shift(-2)) }

// Quotient divides to the given number of places, a half away from zero. Division
// by zero gives an error, since a unit price of nothing has no meaning.
func Quotient(a, b Decimal, places int32) (Decimal, error) {
	if b.IsZero() {
		return Zero, errors.New("division by zero")
	}
	return a.DivRound(b, places), nil
}

// Sum adds up.
func Sum(ds ...Decimal) Decimal {
	total := Zero
	for _, d := range ds {
		total = total.Add(d)
	}
	return total
}

// Equal compares by value: 1.5 equals 1.50.
func Equal(a, b Decimal) bool { return a.Equal(b) }

// Within tells whether a and b differ by no more than tolerance.
func Within(a, b, tolerance Decimal) bool {
	return a.Sub(b).Abs().LessThanOrEqual(tolerance.Abs())
}

// isJSONNumber is the number grammar of RFC 8259.
func isJSONNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, rest := digits(s)
	if whole == "" || (len(whole) > 1 && whole[0] == '0') {
		return false
	}
	if strings.HasPrefix(rest, ".") {
		var frac string
		if frac, rest = digits(rest[1:]); frac == "" {
			return false
		}
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	exp, rest := digits(rest)
	return exp != "" && rest == ""
}

func digits(s string) (lead, rest string) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}
