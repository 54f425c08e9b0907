package zohobox

import "slices"

// formatValues are what the format of a currency may say (section 9.6).
var formatValues = map[string][]string{
	"decimal_separator": {"Period", "Comma"}, "thousand_separator": {"Period", "Comma", "Space"}, "decimal_places": {"0", "2", "3"}, "numeral_system": {"International", "Indian"},
}

// readForm reads how a currency is written: its name, its symbol and where that
// stands, and the format of its amounts. What is not sent stays.
func (cur *currency) readForm(o object, path string) *failure {
	for key, into := range inOrder(map[string]*string{"symbol": &cur.Symbol, "name": &cur.Name}) {
		if v, sent := o[key]; sent {
			s, isText := v.(string)
			if !isText || s == "" || len(s) > 50 {
				return invalidAt(key, path+"."+key, object{"expected_data_type": "string"})
			}
			*into = s
		}
	}
	for key, into := range inOrder(map[string]*bool{"prefix_symbol": &cur.Prefix, "exchange_rate_auto_update": &cur.Auto}) {
		if v, sent := o[key]; sent {
			flag, isFlag := v.(bool)
			if !isFlag {
				return invalidAt(key, path+"."+key, object{"expected_data_type": "boolean"})
			}
			*into = flag
		}
	}
	v, sent := o["format"]
	if !sent {
		return nil
	}
	f, isObject := v.(object)
	if !isObject {
		return invalidAt("format", path+".format", object{"expected_data_type": "jsonobject"})
	}
	format := object{}
	for key, allowed := range inOrder(formatValues) {
		format[key] = cur.Format[key]
		if w, sent := f[key]; sent {
			if !slices.Contains(allowed, text(w)) {
				return invalidAt(key, path+".format."+key, object{"supported_values": anyOf(allowed)})
			}
			format[key] = w
		}
	}
	cur.Format = format
	return nil
}

// plain is a refusal that names the place alone.
func (f *failure) plain() *failure {
	n := *f
	n.details = object{"api_name": f.details["api_name"], "json_path": f.details["json_path"]}
	return &n
}

// title is how a currency is called: "Euro - EUR" unless somebody named it.
func (cur *currency) title() string {
	if cur.Name != "" {
		return cur.Name
	}
	return currencyNames[cur.ISO] + " - " + cur.ISO
}

// putEnableCurrencies changes how the base currency is written. Which one it is
// cannot be changed (section 9.6), and its rate is one.
func (b *Box) putEnableCurrencies(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	if !b.org.Multi {
		return currenciesOff()
	}
	const path = "$.base_currency"
	o, isObject := c.body["base_currency"].(object)
	cur := b.currencyByISO(b.org.Home)
	next := *cur
	var f *failure
	switch {
	case !isObject:
		f = missing("base_currency", "$")
	case text(o["id"]) == "":
		f = missing("id", path)
	case o["id"] != cur.ID:
		f = invalidAt("id", path+".id", nil)
	case o["iso_code"] != nil && o["iso_code"] != cur.ISO:
		f = &failure{code: "NOT_ALLOWED", message: "The base currency cannot be replaced", details: object{"api_name": "iso_code", "json_path": path + ".iso_code"}}
	default:
		if f = next.readForm(o, path); f == nil && o["exchange_rate"] != nil {
			var rate string
			if rate, f = rateOf(o, path); f == nil && rate != cur.Rate {
				f = invalidAt("exchange_rate", path+".exchange_rate", nil)
			}
		}
	}
	if f != nil {
		return f.plain().answer()
	}
	next.Modified = b.now()
	*cur = next
	b.save("currency", cur.ID, cur)
	return ok(object{"base_currency": success(object{"id": cur.ID}, "The currency updated successfully.")})
}
