package zohobox

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

var currencyNames = map[string]string{
	"USD": "US Dollar", "EUR": "Euro", "GBP": "British Pound", "AUD": "Australian Dollar", "CAD": "Canadian Dollar",
	"NZD": "New Zealand Dollar", "CHF": "Swiss Franc", "JPY": "Japanese Yen", "INR": "Indian Rupee", "MXN": "Mexican Peso",
	"SEK": "Swedish Krona", "NOK": "Norwegian Krone", "DKK": "Danish Krone", "SGD": "Singapore Dollar", "ZAR": "South African Rand",
	"BRL": "Brazilian Real", "CNY": "Chinese Yuan", "HKD": "Hong Kong Dollar", "PLN": "Polish Zloty", "AED": "UAE Dirham",
}

var currencySymbols = map[string]string{
	"USD": "$", "EUR": "€", "GBP": "£", "AUD": "AU$", "CAD": "CA$", "NZD": "NZ$", "JPY": "¥", "INR": "₹", "BRL": "R$", "CNY": "¥", "HKD": "HK$", "SGD": "S$",
}

// currency is a row of section 9.6. It exists only once multi-currency is on.
type currency struct {
	ID       string    `json:"id"`
	ISO      string    `json:"iso"`
	Rate     string    `json:"rate"`
	Active   bool      `json:"active"`
	Base     bool      `json:"base"`
	Created  time.Time `json:"created"`
	Modified time.Time `json:"modified"`
	Format   object    `json:"format"`
	Symbol   string    `json:"symbol"`
	Prefix   bool      `json:"prefix"`
	Name     string    `json:"name,omitempty"`
	Auto     bool      `json:"auto,omitempty"` // the vendor follows the market's rate
}

const maxActiveCurrencies = 10

func (b *Box) newCurrency(iso, rate string, base bool) *currency {
	now := b.now()
	places := "2"
	if iso == "JPY" {
		places = "0"
	}
	symbol := currencySymbols[iso]
	if symbol == "" {
		symbol = iso
	}
	return &currency{
		ID: b.ids.meta(), ISO: iso, Rate: rate, Active: true, Base: base, Created: now, Modified: now, Prefix: true, Symbol: symbol,
		Format: object{"decimal_separator": "Period", "thousand_separator": "Comma", "decimal_places": places, "numeral_system": "International"},
	}
}

// enableCurrencies turns multi-currency on with the home currency as base.
func (b *Box) enableCurrencies() *currency {
	b.org.Multi, b.org.MultiEver = true, true
	cur := b.newCurrency(b.org.Home, "1.000000000", true)
	b.currencies = append(b.currencies, cur)
	b.save("currency", cur.ID, cur)
	b.save("org", "org", b.org)
	for _, m := range b.modules {
		if !m.currency && !m.isLine() {
			continue
		}
		for _, id := range b.idsOf(m) { // what exists is in the home currency
			n := m.table.get(id).clone()
			n.vals["Currency"], n.vals["Exchange_Rate"] = b.org.Home, trimNumber(cur.Rate)
			b.put(m, n)
		}
	}
	return cur
}

func (b *Box) currencyByISO(iso string) *currency {
	for _, c := range b.currencies {
		if c.ISO == iso {
			return c
		}
	}
	return nil
}

func (b *Box) renderCurrency(cur *currency, zone *time.Location) object {
	by := b.superAdmin().ref()
	return object{
		"id": cur.ID, "name": cur.title(), "iso_code": cur.ISO, "symbol": cur.Symbol, "prefix_symbol": cur.Prefix,
		"exchange_rate": cur.Rate, "format": cur.Format, "is_active": cur.Active, "is_base": cur.Base, "exchange_rate_auto_update": cur.Auto,
		"created_time": stamp(cur.Created, zone), "modified_time": stamp(cur.Modified, zone), "created_by": by, "modified_by": by,
	}
}

func currenciesOff() answer {
	return refuse(403, "CURRENCIES_NOT_ENABLED", "The multi-currency feature is not enabled in your org", nil)
}

func (b *Box) getCurrencies(c *call) answer {
	if !b.org.Multi {
		return currenciesOff()
	}
	var out []any
	for _, cur := range b.currencies {
		if len(c.path) < 3 || c.path[2] == cur.ID {
			out = append(out, b.renderCurrency(cur, c.zone()))
		}
	}
	if len(out) == 0 {
		return noContent()
	}
	return ok(object{"currencies": out})
}

func (b *Box) getAvailableCurrencies(*call) answer {
	var out []any
	for _, iso := range sortedKeys(currencyNames) {
		out = append(out, object{"iso_code": iso, "display_name": currencyNames[iso] + " - " + iso, "display_value": currencyNames[iso], "symbol": currencySymbols[iso]})
	}
	return ok(object{"available_currencies": out})
}

// postCurrencies adds currencies to an organisation that has the feature on.
func (b *Box) postCurrencies(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	if !b.edition().advanced {
		return refuse(403, "FEATURE_NOT_SUPPORTED", "The multi-currency feature is available from the Enterprise edition on", nil)
	}
	if !b.org.Multi {
		return currenciesOff()
	}
	return c.each("currencies", 10, 200, func(path string, o object) (object, *failure) {
		iso := text(o["iso_code"])
		if currencyNames[iso] == "" {
			return nil, invalidAt("iso_code", path+".iso_code", nil)
		}
		if b.currencyByISO(iso) != nil {
			return nil, &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "iso_code", "json_path": path + ".iso_code"}}
		}
		rate, fail := rateOf(o, path)
		if fail != nil {
			return nil, fail
		}
		if b.activeCurrencies() >= maxActiveCurrencies {
			return nil, &failure{code: "ACTIVE_STATE_LIMIT_EXCEEDED", message: "The maximum number of active currencies is reached", details: object{"limit": maxActiveCurrencies}}
		}
		cur := b.newCurrency(iso, rate, false)
		if fail := cur.readForm(o, path); fail != nil {
			return nil, fail
		}
		if active, given := o["is_active"].(bool); given {
			cur.Active = active
		}
		b.currencies = append(b.currencies, cur)
		b.save("currency", cur.ID, cur)
		return success(object{"id": cur.ID}, "The currency created successfully."), nil
	})
}

func (b *Box) putCurrencies(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	if !b.org.Multi {
		return currenciesOff()
	}
	return c.each("currencies", 10, 200, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 2 {
			id = c.path[2]
		}
		for _, cur := range b.currencies {
			if cur.ID == id {
				return b.changeCurrency(cur, o, path)
			}
		}
		return nil, invalidAt("id", path+".id", nil)
	})
}

func (b *Box) changeCurrency(cur *currency, o object, path string) (object, *failure) {
	next := *cur
	if fail := next.readForm(o, path); fail != nil {
		return nil, fail
	}
	if active, given := o["is_active"].(bool); given && active != cur.Active {
		if cur.Base {
			return nil, &failure{code: "NOT_ALLOWED", message: "The base currency stays active", details: object{"api_name": "is_active", "json_path": path + ".is_active"}}
		}
		if active && b.activeCurrencies() >= maxActiveCurrencies {
			return nil, &failure{code: "ACTIVE_STATE_LIMIT_EXCEEDED", message: "The maximum number of active currencies is reached", details: object{"limit": maxActiveCurrencies}}
		}
		next.Active = active
	}
	if _, given := o["exchange_rate"]; given && !cur.Base {
		rate, fail := rateOf(o, path)
		if fail != nil {
			return nil, fail
		}
		next.Rate = rate
	}
	next.Modified = b.now()
	*cur = next
	b.save("currency", cur.ID, cur)
	return success(object{"id": cur.ID}, "The currency updated successfully."), nil
}

// postEnableCurrencies is the vendor's switch; it cannot be turned back.
func (b *Box) postEnableCurrencies(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	if !b.edition().advanced {
		return refuse(403, "FEATURE_NOT_SUPPORTED", "The multi-currency feature is available from the Enterprise edition on", nil)
	}
	if b.org.Multi {
		return refuse(400, "ALREADY_ENABLED", "The multi-currency feature is already enabled", nil)
	}
	base, _ := c.body["base_currency"].(object)
	iso := text(base["iso_code"])
	if iso == "" {
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "iso_code", "json_path": "$.base_currency.iso_code"})
	}
	if iso != b.org.Home {
		return refuse(400, "INVALID_DATA", "invalid data", object{"api_name": "iso_code", "json_path": "$.base_currency.iso_code"})
	}
	if f := (&currency{}).readForm(base, "$.base_currency"); f != nil {
		return f.plain().answer()
	}
	cur := b.enableCurrencies()
	_ = cur.readForm(base, "$.base_currency")
	return ok(object{"base_currency": success(object{"id": cur.ID}, "The multi-currency feature is enabled and given currency is created as the base currency.")})
}

func (b *Box) activeCurrencies() int {
	n := 0
	for _, c := range b.currencies {
		if c.Active {
			n++
		}
	}
	return n
}

// homeAmount is an amount of a record in the home currency, at the record's own
// rate.
func (b *Box) homeAmount(a access, r *record) any {
	v := b.stored(a, r)
	holder, _ := b.reach(a, r)
	if v == nil || holder == nil {
		return nil
	}
	rate := number(holder.vals["Exchange_Rate"])
	switch {
	case rate.IsZero():
		return v
	case b.opt.Dials.RateDivides.is(false):
		return numeral(number(v).DivRound(rate, 9))
	}
	return numeral(number(v).Mul(rate))
}

// rateOf reads an exchange rate, a string of nine decimals (section 9.6).
func rateOf(o object, path string) (string, *failure) {
	s := text(o["exchange_rate"])
	d, err := decimal.NewFromString(s)
	if err != nil || !d.IsPositive() {
		return "", invalidAt("exchange_rate", path+".exchange_rate", object{"expected_data_type": "string"})
	}
	return d.StringFixed(9), nil
}

// tax is a tax rate of the organisation.
type tax struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Value    string `json:"value"`
	Sequence int    `json:"sequence"`
}

func (b *Box) taxNamed(name string) *tax {
	for _, t := range b.taxes {
		if strings.EqualFold(t.Name, name) {
			return t
		}
	}
	return nil
}

func (b *Box) taxByID(id string) *tax {
	for _, t := range b.taxes {
		if t.ID == id {
			return t
		}
	}
	return nil
}
