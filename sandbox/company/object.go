package company

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// object is a record as it stands on the wire.
type object = map[string]any

func ref(id string) object { return object{"value": id} }

// dec reads a decimal that stands in this package's own tables.
func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func whole(n int) decimal.Decimal { return decimal.NewFromInt(int64(n)) }

// num writes a decimal as an exact JSON number.
func num(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// cents rounds money half up.
func cents(d decimal.Decimal) decimal.Decimal { return d.Round(2) }

var hundred = decimal.NewFromInt(100)

// percentOf is so many hundredths of an amount, in cents.
func percentOf(amount, percent decimal.Decimal) decimal.Decimal {
	return cents(amount.Mul(percent).Div(hundred))
}

// with puts further properties into an object and returns it.
func with(o object, more object) object {
	for k, v := range more {
		o[k] = v
	}
	return o
}
