package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrCurrency says that two amounts of different currencies met in a sum.
var ErrCurrency = errors.New("currencies differ")

// Amount is a sum of money: an exact decimal and its ISO 4217 currency. The zero
// value is nothing of no currency and may be added to any amount.
type Amount struct {
	Value    Decimal
	Currency string
}

// New makes an amount; the currency is upper-cased.
func New(value Decimal, currency string) Amount {
	return Amount{Value: value, Currency: strings.ToUpper(currency)}
}

// ParseAmount reads a JSON number as an amount of the currency.
func ParseAmount(n json.Number, currency string) (Amount, error) {
	d, err := Parse(n.String())
	if err != nil {
		return Amount{}, err
	}
	return New(d, currency), nil
}

// Add adds two amounts of one currency.
func (a Amount) Add(b Amount) (Amount, error) {
	currency, err := a.common(b)
	if err != nil {
		return Amount{}, err
	}
	return Amount{Value: a.Value.Add(b.Value), Currency: currency}, nil
}

// Sub subtracts an amount of the same currency.
func (a Amount) Sub(b Amount) (Amount, error) { return a.Add(b.Neg()) }

// Neg is the amount with the other sign.
func (a Amount) Neg() Amount { return Amount{Value: a.Value.Neg(), Currency: a.Currency} }

// Cmp is -1, 0 or 1 as a is less than, equal to or greater than b.
func (a Amount) Cmp(b Amount) (int, error) {
	if _, err := a.common(b); err != nil {
		return 0, err
	}
	return a.Value.Cmp(b.Value), nil
}

// Equal tells whether both are the same sum of the same currency; 1.5 EUR equals
// 1.50 EUR, and 0 EUR does not equal 0 USD.
func (a Amount) Equal(b Amount) bool {
	return a.Currency == b.Currency && a.Value.Equal(b.Value)
}

// IsZero tells whether the sum is 0, whatever its currency.
func (a Amount) IsZero() bool { return a.Value.IsZero() }

// Cents is the amount rounded half-up to two places.
func (a Amount) Cents() Amount { return Amount{Value: Cents(a.Value), Currency: a.Currency} }

// Number is the value as an exact JSON number.
func (a Amount) Number() json.Number { return Number(a.Value) }

// String reads "1250.50 EUR", with at least two places, for people.
func (a Amount) String() string {
	text := a.Value.String()
	if a.Value.Exponent() > -2 || a.Value.Equal(Cents(a.Value)) {
		text = a.Value.StringFixed(2)
	}
	if a.Currency == "" {
		return text
	}
	return text + " " + a.Currency
}

// MarshalJSON writes {"value":12.5,"currency":"EUR"} with an exact number.
func (a Amount) MarshalJSON() ([]byte, error) {
	return json.Marshal(wireAmount{Value: a.Number(), Currency: a.Currency})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Amount) UnmarshalJSON(data []byte) error {
	var w wireAmount
	if err := json.Unmarshal(data, &w); err != nil {
		return fmt.Errorf("amount: %w", err)
	}
	got, err := ParseAmount(w.Value, w.Currency)
	if err != nil {
		return fmt.Errorf("amount: %w", err)
	}
	*a = got
	return nil
}

type wireAmount struct {
	Value    json.Number `json:"value"`
	Currency string      `json:"currency"`
}

// Total adds amounts of one currency; no amounts at all give the zero amount.
func Total(amounts ...Amount) (Amount, error) {
	var total Amount
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			return Amount{}, err
		}
	}
	return total, nil
}

// ByCurrency adds amounts per currency, for reports that span several.
func ByCurrency(amounts ...Amount) map[string]Amount {
	out := map[string]Amount{}
	for _, a := range amounts {
		out[a.Currency] = Amount{Value: out[a.Currency].Value.Add(a.Value), Currency: a.Currency}
	}
	return out
}

// common is the currency both amounts have; an empty one that is zero fits any.
func (a Amount) common(b Amount) (string, error) {
	switch {
	case a.Currency == b.Currency:
		return a.Currency, nil
	case a.Currency == "" && a.IsZero():
		return b.Currency, nil
	case b.Currency == "" && b.IsZero():
		return a.Currency, nil
	}
	return "", fmt.Errorf("%w: %s and %s", ErrCurrency, a, b)
}
