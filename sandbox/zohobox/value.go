package zohobox

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// number reads a stored number; anything else is zero.
func number(v any) decimal.Decimal {
	n, isNumber := v.(json.Number)
	if !isNumber {
		return decimal.Zero
	}
	d, err := decimal.NewFromString(n.String())
	if err != nil {
		return decimal.Zero
	}
	return d
}

func numeral(d decimal.Decimal) json.Number { return json.Number(d.String()) }

var (
	emailPattern   = regexp.MustCompile(`^[\p{L}\p{N}._%+'&/=?^{}~*$!#|-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?\.[\p{L}]{2,}$`)
	phonePattern   = regexp.MustCompile(`^[0-9a-zA-Z+.()\-\s;,#]+$`)
	websitePattern = regexp.MustCompile(`^(?:https?://)?[^\s/?#]+\.[^\s]{2,}$`)
	digitsPattern  = regexp.MustCompile(`^-?[0-9]+$`)
)

// closedLists reject values that are not in them; all other picklists store
// what they are given (section 4.3).
var closedLists = map[string]bool{"Deals.Stage": true}

// reader turns values of a request into stored ones (section 4.7).
type reader struct {
	b   *Box
	c   *call
	m   *module
	obj object // the record as sent
}

func (rd reader) read(f *field, v any, path string) (any, *failure) {
	if v == nil {
		return nil, nil
	}
	wrong := func(want string) (any, *failure) {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": want})
	}
	switch f.Type {
	case "text", "textarea", "email", "phone", "website", "autonumber":
		return rd.readText(f, v, path)
	case "picklist":
		return rd.readPick(f, v, path)
	case "integer":
		n, isNumber := v.(json.Number)
		if !isNumber || !digitsPattern.MatchString(n.String()) {
			return wrong("integer")
		}
		if p := number(n); f.Name == "Probability" && !f.Custom && (p.IsNegative() || p.GreaterThan(decimal.NewFromInt(100))) {
			return nil, invalidAt(f.Name, path, nil) // a percentage (section 8)
		}
		return rd.bounded(f, n.String(), path)
	case "bigint":
		s, isString := v.(string)
		if !isString || !digitsPattern.MatchString(s) {
			return wrong("bigint")
		}
		if len(strings.TrimPrefix(s, "-")) > f.Length {
			return nil, invalidAt(f.Name, path, object{"maximum_length": f.Length})
		}
		return s, nil
	case "currency", "double", "percent":
		return rd.readDecimal(f, v, path)
	case "boolean":
		if flag, isBool := v.(bool); isBool {
			return flag, nil
		}
		return wrong("boolean")
	case "date":
		if _, valid := parseDate(text(v)); valid {
			return v, nil
		}
		return wrong("date")
	case "datetime":
		if t, valid := parseMoment(text(v)); valid {
			return t.Truncate(time.Second).Format(time.RFC3339), nil
		}
		return wrong("datetime")
	case "multiselectpicklist":
		return rd.readMulti(f, v, path)
	case "lookup":
		return rd.readLookup(f, v, path)
	case "ownerlookup", "userlookup":
		return rd.readOwner(f, v, path)
	case oneTerritory:
		return rd.readTerritory(v, path)
	case manyTerritories:
		return rd.readTerritories(f, v, path)
	case consentLookup:
		return rd.readConsent(f, v, path)
	}
	return nil, nil
}

func (rd reader) bounded(f *field, digits, path string) (any, *failure) {
	if len(strings.TrimPrefix(digits, "-")) > f.Length {
		return nil, invalidAt(f.Name, path, object{"maximum_length": f.Length})
	}
	return json.Number(digits), nil
}

func (rd reader) readText(f *field, v any, path string) (any, *failure) {
	s, isString := v.(string)
	if !isString {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": kindName(f)})
	}
	if s == "" {
		return nil, nil
	}
	if utf8.RuneCountInString(s) > f.Length {
		return nil, invalidAt(f.Name, path, object{"maximum_length": f.Length})
	}
	pattern := map[string]*regexp.Regexp{"email": emailPattern, "phone": phonePattern, "website": websitePattern}[f.Type]
	if pattern != nil && !pattern.MatchString(s) {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": f.Type})
	}
	return s, nil
}

func kindName(f *field) string {
	if f.Type == "textarea" || f.Type == "autonumber" {
		return "text"
	}
	return f.Type
}

func (rd reader) readPick(f *field, v any, path string) (any, *failure) {
	s, isString := v.(string)
	if !isString {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": "text"})
	}
	if s == "" {
		return nil, nil
	}
	if utf8.RuneCountInString(s) > f.Length {
		return nil, invalidAt(f.Name, path, object{"maximum_length": f.Length})
	}
	if !closedLists[rd.m.name+"."+f.Name] {
		return s, nil
	}
	var allowed []any
	for _, p := range f.Picks {
		if p.Value == s {
			return s, nil
		}
		allowed = append(allowed, p.Value)
	}
	return nil, invalidAt(f.Name, path, object{"supported_values": allowed})
}

// wholeDigits is how many digits a number may have before the point, however
// long its field says it is (section 4.7).
const wholeDigits = 16

// readDecimal takes at most 16 digits before the point; decimals beyond the
// field's own are rounded half up (currency.rounding_option normal).
func (rd reader) readDecimal(f *field, v any, path string) (any, *failure) {
	n, isNumber := v.(json.Number)
	if !isNumber {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": "double"})
	}
	d, err := decimal.NewFromString(n.String())
	if err != nil {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": "double"})
	}
	most := min(f.Length, wholeDigits)
	if d.Exponent() > int32(most) || len(n) > 64 {
		return nil, invalidAt(f.Name, path, object{"maximum_length": most})
	}
	d = roundHalfUp(d, f.Decimals)
	if whole := d.Truncate(0).Abs().String(); len(whole) > most {
		return nil, invalidAt(f.Name, path, object{"maximum_length": most})
	}
	return numeral(d), nil
}

// roundHalfUp rounds halves away from zero, as people do with money.
func roundHalfUp(d decimal.Decimal, places int) decimal.Decimal { return d.Round(int32(places)) }

func (rd reader) readMulti(f *field, v any, path string) (any, *failure) {
	rows, isList := v.([]any)
	if !isList {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": "jsonarray"})
	}
	out := []any{}
	for _, row := range rows {
		if f.Name == "Tax" && !f.Custom {
			t := rd.taxOf(row)
			if t == nil {
				return nil, invalidAt(f.Name, path, nil)
			}
			out = append(out, object{"id": t.ID, "value": taxLabel(t)})
			continue
		}
		s, isString := row.(string)
		if !isString {
			return nil, invalidAt(f.Name, path, object{"expected_data_type": "text"})
		}
		out = append(out, s)
	}
	return out, nil
}

// taxLabel is how a tax prints on a product: "Vat - 20.0 %" (section 7.5).
func taxLabel(t *tax) string {
	s := t.Value
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return t.Name + " - " + s + " %"
}

func (rd reader) taxOf(v any) *tax {
	o, _ := v.(object)
	if id := text(o["id"]); id != "" {
		return rd.b.taxByID(id)
	}
	label := text(o["value"])
	if s, isString := v.(string); isString {
		label = s
	}
	for _, t := range rd.b.taxes {
		if label != "" && (t.Name == label || taxLabel(t) == label) {
			return t
		}
	}
	return nil
}

// readLookup checks that the target lives. Inside a body it may be named by an
// external field when the X-EXTERNAL header says so (section 6).
func (rd reader) readLookup(f *field, v any, path string) (any, *failure) {
	m, fail := rd.named(f, path)
	if fail != nil {
		return nil, fail
	}
	gone := &failure{code: "INVALID_DATA", message: "the related id given seems to be invalid", details: object{"api_name": "id", "json_path": path + ".id"}}
	o, isObject := v.(object)
	if s, isString := v.(string); isString && rd.b.opt.Dials.BareLookups.is(false) {
		o, isObject = object{"id": s}, true
	}
	if !isObject {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": "jsonobject"})
	}
	if m == nil {
		return nil, gone
	}
	raw, given := o["id"]
	if !given {
		return rd.readExternalLookup(f, m, o, path)
	}
	id, valid := parseID(text(raw))
	if !valid {
		return nil, invalidAt("id", path+".id", object{"expected_data_type": "bigint"})
	}
	if m.table.get(id) == nil {
		return nil, gone
	}
	return formatID(id), nil
}

func (rd reader) readExternalLookup(f *field, m *module, o object, path string) (any, *failure) {
	ext := rd.externalOf(f, m)
	if ext == nil || text(o[ext.Name]) == "" {
		return nil, invalidAt(f.Name, path, nil)
	}
	r := rd.b.byExternal(m, ext, text(o[ext.Name]), rd.c.user)
	if r == nil {
		return nil, &failure{code: "INVALID_DATA", message: "the external value given seems to be invalid", details: object{"api_name": ext.Name, "json_path": path + "." + ext.Name}}
	}
	return r.sid(), nil
}

// externalOf finds "Module.Lookup.External" (or, for rows,
// "Parent.Subform.Lookup.External") in the header.
func (rd reader) externalOf(f *field, target *module) *field {
	if rd.c == nil || rd.c.r == nil {
		return nil
	}
	for _, h := range splitFields(rd.c.r.Header.Get("X-EXTERNAL")) {
		parts := strings.Split(h, ".")
		n := len(parts)
		own := n == 3 && parts[0] == rd.m.name || n == 4 && parts[0] == rd.m.parent && parts[1] == rd.m.name
		if !own || parts[n-2] != f.Name {
			continue
		}
		if ext := target.field(parts[n-1]); ext != nil && ext.External != "" {
			return ext
		}
	}
	return nil
}

// readOwner takes active users only.
func (rd reader) readOwner(f *field, v any, path string) (any, *failure) {
	o, isObject := v.(object)
	if s, isString := v.(string); isString && rd.b.opt.Dials.BareLookups.is(false) {
		o, isObject = object{"id": s}, true
	}
	if !isObject {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": "jsonobject"})
	}
	u := rd.b.userByID(text(o["id"]))
	if u == nil || !u.Active {
		return nil, &failure{code: "INVALID_DATA", message: "the related id given seems to be invalid", details: object{"api_name": "id", "json_path": path + ".id"}}
	}
	return u.ID, nil
}
