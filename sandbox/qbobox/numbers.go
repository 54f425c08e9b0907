package qbobox

import (
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"
)

// The vendor's numbers: amounts of at most 15 digits, factors such as rates of
// ten before the point and five behind it (reference section 3). What is no
// number, or one too long, has a code of its own for each kind (section 12.2).
const (
	amountDigits = 15
	factorDigits = 10
	factorPlaces = 5
)

func checkBool(v any) (any, *fault) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		switch strings.ToLower(v) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		case "":
			return nil, nil
		}
		return nil, validation("2230", "Invalid Boolean", "Value should be a valid boolean. Supplied value:"+v, "")
	}
	return nil, badProperty()
}

// checkNumber takes an amount, a price or a quantity. Places that no longer
// fit are rounded away; figures before the point are not.
func checkNumber(key string, v any) (any, *fault) {
	d, sent, flt := readNumber(key, v)
	if flt != nil || !sent {
		return nil, flt
	}
	n := figures(d)
	if n > amountDigits {
		return nil, badDecimal(key, d)
	}
	return number(d.Round(int32(min(amountDigits, max(0, amountDigits-n))))), nil
}

// checkFactor takes a rate.
func checkFactor(key string, v any) (any, *fault) {
	d, sent, flt := readNumber(key, v)
	if flt != nil || !sent {
		return nil, flt
	}
	if figures(d) > factorDigits {
		return nil, badDecimal(key, d)
	}
	return number(d.Round(factorPlaces)), nil
}

// checkWhole takes a count, of days for instance.
func checkWhole(key string, v any) (any, *fault) {
	if s, isText := v.(string); isText && s == "" {
		return nil, nil
	}
	d, ok := toDecimal(v)
	if !ok {
		if s, isText := v.(string); isText {
			return nil, validation("2080", "Invalid Number Format", "Value should be a valid number. Supplied value:"+s, key)
		}
		return nil, badProperty()
	}
	if !d.IsInteger() || figures(d) > factorDigits {
		return nil, badNumber(key, d.String())
	}
	return number(d), nil
}

// readNumber reads a decimal; sent is false for an empty text, which clears.
func readNumber(key string, v any) (d decimal.Decimal, sent bool, flt *fault) {
	switch s := v.(type) {
	case json.Number:
	case string:
		if s == "" {
			return d, false, nil
		}
	default:
		return d, false, badProperty()
	}
	d, ok := toDecimal(v)
	if !ok {
		s, _ := v.(string)
		return d, false, validation("2100", "Invalid Decimal Format", "Value should be a valid decimal. Supplied value:"+s, key)
	}
	if d.Exponent() < -longest { // rounding it would take for ever
		return d, false, badDecimal(key, d)
	}
	return d, true, nil
}

// longest is how many places a number may be written with before it is taken for nonsense.
const longest = 400

// figures counts the digits before the point without writing the number out:
// a short text may stand for an endless one.
func figures(d decimal.Decimal) int {
	if d.IsZero() {
		return 0
	}
	return max(0, d.NumDigits()+int(d.Exponent()))
}

func badDecimal(field string, d decimal.Decimal) *fault {
	return validation("2110", "Invalid Decimal", "Value should be a valid decimal. Supplied value:"+shortly(d), field)
}

// badRange is the fault of a number that is one, and too small or too large.
func badRange(field string, d decimal.Decimal) *fault {
	return validation("2240", "Invalid Number Range", "Value should be within the valid range. Supplied value:"+shortly(d), field)
}

// shortly writes a number as its digits and its exponent when it is long.
func shortly(d decimal.Decimal) string {
	if figures(d) > 30 || d.Exponent() < -30 {
		return d.Coefficient().String() + "e" + decimal.NewFromInt32(d.Exponent()).String()
	}
	return d.String()
}
