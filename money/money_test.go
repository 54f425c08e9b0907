package money

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestParse_TakesJSONNumbersOnly(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0.5": "-0.5", "100": "100", "262.50": "262.5", "1e3": "1000", "2.5E-2": "0.025",
		"1234567890123456.123456789": "1234567890123456.123456789",
	} {
		d, err := Parse(text)
		if err != nil || string(Number(d)) != want {
			t.Errorf("Parse(%q) = %s, %v; want %s", text, d, err, want)
		}
	}
	for _, text := range []string{"", " 1", "1,000.00", "+1", ".5", "5.", "01", "1e", "NaN", "1e999999999", "--1", "0x10"} {
		if d, err := Parse(text); !errors.Is(err, ErrNotANumber) {
			t.Errorf("Parse(%q) = %s, %v; want ErrNotANumber", text, d, err)
		}
	}
}

func TestCents_RoundsHalfAwayFromZero(t *testing.T) {
	for text, want := range map[string]string{
		"1.005": "1.01", "1.0049999": "1", "-1.005": "-1.01", "2.675": "2.68", "0.125": "0.13", "0": "0",
	} {
		if got := Cents(MustParse(text)); string(Number(got)) != want {
			t.Errorf("Cents(%s) = %s, want %s", text, got, want)
		}
	}
	if got := Times(MustParse("3"), MustParse("33.335")); string(Number(got)) != "100.01" {
		t.Errorf("3 x 33.335 = %s, want 100.01", got)
	}
	if got := Percent(MustParse("335.25"), MustParse("8")); string(Number(got)) != "26.82" {
		t.Errorf("8 %% of 335.25 = %s, want 26.82", got)
	}
}

func TestFromJSON_TellsAbsentFromZero(t *testing.T) {
	for _, tc := range []struct {
		in   any
		want string
		ok   bool
	}{
		{nil, "0", false},
		{"", "0", false},
		{json.Number("0"), "0", true},
		{json.Number("12.50"), "12.5", true},
		{"1.085000000", "1.085", true},
	} {
		d, ok, err := FromJSON(tc.in)
		if err != nil || ok != tc.ok || string(Number(d)) != tc.want {
			t.Errorf("FromJSON(%v) = %s, %v, %v; want %s, %v", tc.in, d, ok, err, tc.want, tc.ok)
		}
	}
	for _, in := range []any{1.5, true, "abc"} {
		if _, ok, err := FromJSON(in); ok || !errors.Is(err, ErrNotANumber) {
			t.Errorf("FromJSON(%v) was taken as a number", in)
		}
	}
}

func TestQuotient_RefusesDivisionByZero(t *testing.T) {
	if _, err := Quotient(MustParse("1"), Zero, 5); err == nil {
		t.Error("1 / 0 gave no error")
	}
	got, err := Quotient(MustParse("2"), MustParse("3"), 5)
	if err != nil || string(Number(got)) != "0.66667" {
		t.Errorf("2 / 3 = %s, %v", got, err)
	}
}

func TestAmount_CurrenciesDoNotMix(t *testing.T) {
	eur, usd := New(MustParse("10.10"), "eur"), New(MustParse("1"), "USD")
	if _, err := eur.Add(usd); !errors.Is(err, ErrCurrency) {
		t.Errorf("EUR + USD gave %v, want ErrCurrency", err)
	}
	if _, err := eur.Cmp(usd); !errors.Is(err, ErrCurrency) {
		t.Errorf("EUR against USD gave %v, want ErrCurrency", err)
	}
	sum, err := Total(eur, New(MustParse("10.20"), "EUR"))
	if err != nil || sum.String() != "20.30 EUR" {
		t.Errorf("10.10 + 10.20 EUR = %s, %v", sum, err)
	}
	by := ByCurrency(eur, usd, eur)
	if by["EUR"].String() != "20.20 EUR" || by["USD"].String() != "1.00 USD" {
		t.Errorf("by currency: %v", by)
	}
}

func TestAmount_JSONKeepsEveryDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.Int64().Draw(t, "units")
		places := rapid.Int32Range(0, 9).Draw(t, "places")
		in := New(newDecimal(units, -places), "EUR")
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var out Amount
		if err := json.Unmarshal(data, &out); err != nil {
			t.Fatal(err)
		}
		if !out.Equal(in) {
			t.Fatalf("%s came back as %s through %s", in, out, data)
		}
	})
}

func TestSum_OrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.SliceOf(rapid.Int64Range(-1e12, 1e12)).Draw(t, "cents")
		var fwd, back []Decimal
		var want int64
		for i := range cents {
			fwd = append(fwd, newDecimal(cents[i], -2))
			back = append(back, newDecimal(cents[len(cents)-1-i], -2))
			want += cents[i]
		}
		if !Equal(Sum(fwd...), Sum(back...)) || !Equal(Sum(fwd...), newDecimal(want, -2)) {
			t.Fatalf("sum of %v is %s", cents, Sum(fwd...))
		}
	})
}

func newDecimal(units int64, exp int32) Decimal { return decimal.New(units, exp) }
