package qbobox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

func jsonNumber(s string) json.Number { return json.Number(s) }

// rate is the home value of one unit of a currency on a date: the newest
// stored one not later than it, else 1.
func (b *Box) rate(currency, date string) decimal.Decimal {
	best, value := "", decimal.NewFromInt(1)
	for _, o := range b.exchange {
		if d := str(o, "AsOfDate"); str(o, "SourceCurrencyCode") == currency && d <= date && d >= best {
			best, value = d, num(o, "Rate")
		}
	}
	return value
}

// answerRate reads an exchange rate; such records have no id (reference section 5.9).
func (b *Box) answerRate(rq *request) answer {
	code := strings.ToUpper(rq.query.Get("sourcecurrencycode"))
	if code == "" {
		return rq.fault(missing("SourceCurrencyCode"))
	}
	date := rq.query.Get("asofdate")
	if date == "" {
		date = b.today()
	}
	if o := b.exchange[code+date]; o != nil {
		return rq.envelope("ExchangeRate", encode(o))
	}
	return rq.envelope("ExchangeRate", encode(b.exchangeRate(code, date, b.rate(code, date), "0")))
}

func (b *Box) exchangeRate(code, date string, r decimal.Decimal, token string) object {
	return object{
		"SourceCurrencyCode": code, "TargetCurrencyCode": b.home, "Rate": number(r), "AsOfDate": date, "domain": "QBO", "sparse": false,
		"SyncToken": token, "MetaData": object{"LastUpdatedTime": stampText(b.tick)},
	}
}

// rates is the entity of exchange rates, which have no ids and stand in no list.
var rates = &entity{name: "ExchangeRate", shape: fixed, query: asked("SourceCurrencyCode", "AsOfDate:date", "Rate:number")}

// queryRates finds stored rates. A currency asked for on one date has a rate
// on that date too: the newest one before it.
func (b *Box) queryRates(s *statement) (*result, *fault) {
	f, flt := b.filter(rates, s)
	if flt != nil {
		return nil, flt
	}
	var recs []*record
	for _, k := range slices.Sorted(maps.Keys(b.exchange)) {
		o := b.exchange[k]
		if r := (&record{ent: rates, id: k, raw: encode(o), updated: metaTime(o), active: true}); f.matches(r) {
			recs = append(recs, r)
		}
	}
	asked := map[string]string{}
	for _, c := range s.where {
		if c.op == "=" && len(c.values) == 1 {
			asked[fold(c.prop)] = c.values[0].text
		}
	}
	code, date := strings.ToUpper(asked["sourcecurrencycode"]), asked["asofdate"]
	if len(recs) == 0 && len(asked) == len(s.where) && currencyNames[code] != "" && date != "" {
		recs = append(recs, &record{ent: rates, id: code + date, raw: encode(b.exchangeRate(code, date, b.rate(code, date), "0")), active: true})
	}
	return b.page(rates, s, f, recs)
}

func (b *Box) answerSetRate(rq *request) answer {
	body, err := decode(rq.body)
	if err != nil {
		return rq.fault(badProperty())
	}
	for _, k := range []string{"SourceCurrencyCode", "Rate", "AsOfDate"} {
		if str(body, k) == "" {
			return rq.fault(missing(k))
		}
	}
	code := strings.ToUpper(str(body, "SourceCurrencyCode"))
	if currencyNames[code] == "" {
		return rq.fault(badEnum("SourceCurrencyCode", code))
	}
	if _, err := time.Parse(dateLayout, str(body, "AsOfDate")); err != nil {
		return rq.fault(badDate("AsOfDate"))
	}
	value, flt := checkFactor("Rate", body["Rate"])
	if flt != nil {
		return rq.fault(flt)
	}
	d, _ := toDecimal(value)
	if !d.IsPositive() {
		return rq.fault(badNumber("Rate", str(body, "Rate")))
	}
	return rq.envelope("ExchangeRate", encode(b.setRate(code, str(body, "AsOfDate"), d)))
}

func (b *Box) setRate(code, date string, r decimal.Decimal) object {
	o := b.exchangeRate(code, date, r, "0")
	if old := b.exchange[code+date]; old != nil {
		o["SyncToken"] = str(old, "SyncToken")
		raiseToken(o)
	}
	b.exchange[code+date] = o
	b.dirtyMeta = true
	return o
}

// SetRate stores the home value of one unit of a currency from a date on.
func (b *Box) SetRate(currency, date, value string) error {
	d, err := decimal.NewFromString(value)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begin()
	b.setRate(currency, date, d)
	return b.flush()
}

// answerTaxService creates a tax code with its rates (reference section 4.8).
func (b *Box) answerTaxService(rq *request) answer {
	body, err := decode(rq.body)
	if err != nil {
		return rq.fault(badProperty())
	}
	n := str(body, "TaxCode")
	details := list(body, "TaxRateDetails")
	if n == "" || len(details) == 0 {
		return rq.fault(missing("TaxCode"))
	}
	if len(b.names[nameSpace(b.entities["taxcode"], fold(n))]) > 0 {
		return rq.fault(duplicateName("Another tax code is already using this \nname. Please use a different name."))
	}
	var ids []string
	out := cloneObject(body)
	for i, d := range details {
		id := str(d, "TaxRateId")
		if id == "" {
			rn := str(d, "TaxRateName")
			if len(b.names[nameSpace(b.entities["taxrate"], fold(rn))]) > 0 {
				return rq.fault(duplicateName("Another tax rate is already using this \nname. Please use a different name."))
			}
			if !hasNum(d, "RateValue") || b.find("TaxAgency", str(d, "TaxAgencyId")) == nil {
				return rq.fault(missing("TaxRateDetails"))
			}
			id = b.nextID(b.entities["taxrate"])
			b.addRate(id, rn, num(d, "RateValue").String(), str(d, "TaxAgencyId"))
		} else if b.find("TaxRate", id) == nil {
			return rq.fault(badRef("TaxRates", id))
		}
		ids = append(ids, id)
		made := list(out, "TaxRateDetails")[i]
		made["TaxRateId"] = id
		if hasNum(made, "RateValue") {
			made["RateValue"] = number(num(made, "RateValue"))
		}
	}
	id := b.nextID(b.entities["taxcode"])
	b.addCode(id, n, true, ids...)
	out["TaxCodeId"] = id
	out["time"] = envelopeTime(rq.now)
	b.logWrite(rq.by, "create", b.find("TaxCode", id), body)
	return answer{Status: 200, Body: encode(out), keep: true}
}
