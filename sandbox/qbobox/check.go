package qbobox

import (
	"encoding/json"
	"iter"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
)

// checkBody checks every sent property against the entity's fields and
// returns what is to be kept: read-only properties dropped, null taken as not
// sent, empty values as nil (to be cleared).
func (b *Box) checkBody(by *actor, e *entity, body object) (object, *fault) {
	kept := object{}
	var faults []*fault
	for _, k := range sortedKeys(body) {
		f, known := e.fields[k]
		if !known {
			return nil, badProperty()
		}
		if f.kind == kIgnore || body[k] == nil {
			continue
		}
		v, flt := b.checkValue(by, f, k, body[k])
		if flt = b.otherWords(e, k, flt); flt != nil {
			faults = append(faults, flt)
			continue
		}
		kept[k] = v
	}
	return kept, joined(faults)
}

// inOrder walks a map by its keys: which of several faults is told must not
// change from run to run.
func inOrder[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

func sortedKeys(o object) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (b *Box) checkValue(by *actor, f field, key string, v any) (any, *fault) {
	switch f.kind {
	case kText, kName, kEnum:
		return checkText(f, key, v)
	case kBool:
		return checkBool(v)
	case kNumber:
		return checkNumber(key, v)
	case kFactor:
		return checkFactor(key, v)
	case kWhole:
		return checkWhole(key, v)
	case kDate:
		return checkDate(key, v)
	case kRef:
		return b.checkRef(by, f, key, v)
	case kPhone:
		return checkNested(key, "FreeFormNumber", v, text(f.max))
	case kEmail:
		return checkEmail(by, key, v, f.max)
	case kWeb:
		return checkWeb(key, v, f.max)
	case kMemo:
		return checkNested(key, "value", v, text(f.max))
	case kAddress:
		return checkAddress(key, v)
	case kNest:
		return checkInside(f.of, key, v)
	default:
		return nil, badProperty()
	}
}

// tidyNumbers writes every number the way the vendor stores it.
func tidyNumbers(v any) any {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for k, e := range v {
			if e != nil {
				out[k] = tidyNumbers(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = tidyNumbers(e)
		}
		return out
	case json.Number:
		if d, ok := toDecimal(v); ok {
			return number(d)
		}
	}
	return v
}

func checkText(f field, key string, v any) (any, *fault) {
	var s string
	switch v := v.(type) {
	case string:
		s = v
	case json.Number:
		s = v.String()
	default:
		return nil, badProperty()
	}
	if s == "" {
		return nil, nil
	}
	if f.kind == kEnum {
		if !slices.Contains(f.enum, s) {
			return nil, badEnum(key, s)
		}
		return s, nil
	}
	if n := length(s); n > f.max {
		return nil, badLength(key, f.max, n)
	}
	if f.kind == kName && strings.ContainsAny(s, ":\t\n\r") {
		return nil, badCharacters(s)
	}
	return s, nil
}

var datePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`)

// checkDate also takes a time and keeps its date; an empty text is no date (reference section 12.3).
func checkDate(key string, v any) (any, *fault) {
	s, ok := v.(string)
	if !ok {
		return nil, badProperty()
	}
	if s == "" && key == "InvStartDate" {
		return nil, noAsOfDate()
	}
	if !datePattern.MatchString(s) {
		return nil, badDate(key)
	}
	if _, err := time.Parse(dateLayout, s[:10]); err != nil {
		return nil, badDate(key)
	}
	if len(s) > 10 {
		if _, ok := parseTime(s); !ok {
			return nil, badDate(key)
		}
	}
	return s[:10], nil
}

// checkNested checks an object with one text inside, such as a phone.
func checkNested(key, inner string, v any, f field) (any, *fault) {
	m, ok := v.(object)
	if !ok {
		return nil, badProperty()
	}
	got, has := m[inner]
	if !has || got == nil {
		return nil, nil
	}
	s, flt := checkText(f, key+"."+inner, got)
	if flt != nil || s == nil {
		return nil, flt
	}
	return object{inner: s}, nil
}

// checkEmail refuses lists through the API; the screens take them (reference
// section 3, EmailAddress).
func checkEmail(by *actor, key string, v any, limit int) (any, *fault) {
	got, flt := checkNested(key, "Address", v, text(limit))
	if flt != nil || got == nil {
		return nil, flt
	}
	all := []string{str(object{"mail": got}, "mail.Address")}
	if by.screens {
		all = strings.Split(all[0], ",")
	}
	for _, addr := range all {
		if by.screens {
			addr = strings.TrimSpace(addr)
		}
		if !validEmail(addr) {
			return nil, badEmail(addr)
		}
	}
	return got, nil
}

func validEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return false
	}
	_, host, _ := strings.Cut(s, "@")
	return strings.Contains(host, ".")
}

func checkWeb(key string, v any, limit int) (any, *fault) {
	got, flt := checkNested(key, "URI", v, text(limit))
	if flt != nil || got == nil {
		return nil, flt
	}
	uri := str(object{"web": got}, "web.URI")
	lower := strings.ToLower(uri)
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") || strings.ContainsAny(uri, " \t\n") {
		return nil, badWeb(key, uri)
	}
	return got, nil
}

var addressLimits = map[string]int{
	"Line1": 500, "Line2": 500, "Line3": 500, "Line4": 500, "Line5": 500,
	"City": 255, "Country": 255, "CountrySubDivisionCode": 255, "PostalCode": 30,
}

func checkAddress(key string, v any) (any, *fault) {
	m, ok := v.(object)
	if !ok {
		return nil, badProperty()
	}
	out, lines := object{}, 0
	var faults []*fault
	for _, k := range sortedKeys(m) {
		limit, known := addressLimits[k]
		if !known {
			switch k {
			case "Id", "Lat", "Long", "Note", "PostalCodeSuffix", "CountryCode", "County", "Tag":
				continue
			}
			return nil, badProperty()
		}
		if m[k] == nil {
			continue
		}
		s, flt := checkText(text(limit), key+"."+k, m[k])
		if flt != nil {
			faults = append(faults, flt)
		} else if s != nil {
			out[k] = s
			if strings.HasPrefix(k, "Line") {
				lines += length(str(out, k))
			}
		}
	}
	if lines > 2000 {
		faults = append(faults, badLength(key, 2000, lines))
	}
	if flt := joined(faults); flt != nil {
		return nil, flt
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// checkRef resolves a reference and fills the name that reads will show. A
// currency is settled by the caller, because naming a new one may add it.
func (b *Box) checkRef(by *actor, f field, key string, v any) (any, *fault) {
	m, ok := v.(object)
	if !ok {
		return nil, badProperty()
	}
	id := str(m, "value")
	if id == "" {
		return nil, nil
	}
	if f.to == "CompanyCurrency" {
		return object{"value": strings.ToUpper(id)}, nil
	}
	rec := b.tables[strings.ToLower(f.to)].byID[id]
	if rec == nil {
		return nil, badRef(b.entities[strings.ToLower(f.to)].words, id)
	}
	if !rec.active && by.isAPI() {
		return nil, inactiveRef()
	}
	if unnamedRefs[key] {
		return ref(id, ""), nil
	}
	return ref(id, rec.title), nil
}

// unnamedRefs come back with a value only (recorded, reference section 3).
var unnamedRefs = map[string]bool{
	"ParentRef": true, "DefaultTaxCodeRef": true, "TaxCodeRef": true, "DepositToAccountRef": true, "TermRef": true,
}
