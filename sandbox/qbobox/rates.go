package qbobox

import (
	"encoding/json"
	"strings"

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
	return rq.envelope("ExchangeRate", encode(b.setRate(code, str(body, "AsOfDate"), num(body, "Rate"))))
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
		list(out, "TaxRateDetails")[i]["TaxRateId"] = id
	}
	id := b.nextID(b.entities["taxcode"])
	b.addCode(id, n, true, ids...)
	out["TaxCodeId"] = id
	out["time"] = envelopeTime(rq.now)
	b.logWrite(rq.by, "create", b.find("TaxCode", id), body)
	return answer{Status: 200, Body: encode(out), keep: true}
}
