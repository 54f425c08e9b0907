package qbobox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// test is one condition, ready to be tried on a record.
type test func(r *record, o object) bool

// filter holds the tests of a query and the shortcuts that indexes allow.
type filter struct {
	quick []func(r *record) bool // need no decoding
	tests []test
	picks []func() []*record // each gives a superset of what can match, from an index
	after int64              // LastUpdatedTime from and until, when bounded
	until int64
	timed bool
}

func (f *filter) matches(r *record) bool {
	for _, t := range f.quick {
		if !t(r) {
			return false
		}
	}
	if len(f.tests) == 0 {
		return true
	}
	o := r.object()
	for _, t := range f.tests {
		if !t(r, o) {
			return false
		}
	}
	return true
}

func (b *Box) filter(e *entity, s *statement) (*filter, *fault) {
	f := &filter{until: 1 << 62}
	activeAsked := false
	for _, c := range s.where {
		prop, k, flt := b.property(e, c.prop)
		if flt != nil {
			return nil, flt
		}
		activeAsked = activeAsked || prop == "Active"
		if flt := b.addTest(f, e, prop, k, b.dated(c)); flt != nil {
			return nil, flt
		}
	}
	if _, lists := e.query["Active"]; lists && !activeAsked {
		f.quick = append(f.quick, func(r *record) bool { return r.active })
	}
	return f, nil
}

// dated puts the company's today in the place of CURRENT_DATE.
func (b *Box) dated(c condition) condition {
	c.values = slices.Clone(c.values)
	for i, v := range c.values {
		if !v.quoted && strings.EqualFold(v.text, "CURRENT_DATE") {
			c.values[i] = value{text: b.today(), quoted: true}
		}
	}
	return c
}

// property resolves a name in any case, with the vendor's two refusals.
func (b *Box) property(e *entity, given string) (string, queryKind, *fault) {
	for p, k := range e.query {
		if strings.EqualFold(p, given) {
			return p, k, nil
		}
	}
	head, tail, nested := strings.Cut(given, ".")
	if strings.EqualFold(tail, "value") {
		return b.property(e, head)
	}
	for p := range e.fields {
		if !strings.EqualFold(p, given) || nested {
			continue
		}
		if p == "PrimaryEmailAddr" && e.name == "Customer" && b.opt.Dials.CustomerEmailQueryable {
			return "PrimaryEmailAddr.Address", qText, nil
		}
		return "", 0, queryError("property '" + given + "' is not queryable")
	}
	return "", 0, queryError("Property " + given + " not found for Entity " + e.name)
}

func (b *Box) addTest(f *filter, e *entity, prop string, k queryKind, c condition) *fault {
	if k == qID {
		return b.addIDs(f, e, c)
	}
	if k == qBool {
		return f.addBool(prop, c)
	}
	if prop == "MetaData.LastUpdatedTime" {
		return f.addTime(c)
	}
	if c.op == "=" || c.op == "in" {
		b.pickByIndex(f, e, prop, k, c)
	}
	t, flt := compare(prop, k, c)
	if flt != nil {
		return flt
	}
	f.tests = append(f.tests, t)
	return nil
}

// pickByIndex shortens a search by exact name, number or reference.
func (b *Box) pickByIndex(f *filter, e *entity, prop string, k queryKind, c condition) {
	var keys []string
	from := func(key string) []*record { return b.names[key] }
	for _, v := range c.values {
		switch {
		case strings.TrimSpace(v.text) == "":
			return
		case prop == uniqueProperty(e), prop == "DocNumber" && numberSeries[e.name] != "":
			keys = append(keys, nameSpace(e, fold(v.text)))
		case prop == "Name":
			keys = append(keys, ownSpace(e, fold(v.text)))
		case k == qRef && refEntities[prop] != "":
			keys = append(keys, handle(refEntities[prop], v.text))
			from = func(key string) []*record {
				kind, id := splitHandle(key)
				if r := b.find(kind, id); r != nil {
					return b.users(r)
				}
				return nil
			}
		default:
			return
		}
	}
	f.picks = append(f.picks, func() []*record {
		var out []*record
		for _, key := range keys {
			for _, r := range from(key) {
				if r.ent == e {
					out = append(out, r)
				}
			}
		}
		return out
	})
}

// uniqueProperty is the property that a list's unique index is built on.
func uniqueProperty(e *entity) string {
	switch {
	case e.shape != nameList && !listLike[e.name]:
		return ""
	case e.people, e.name == "TaxAgency":
		return "DisplayName"
	case e.name == "CompanyCurrency":
		return "Code"
	default:
		return "FullyQualifiedName"
	}
}

func (b *Box) addIDs(f *filter, e *entity, c condition) *fault {
	if c.op != "=" && c.op != "in" {
		return queryError("Operator " + c.op + " is not supported for property Id")
	}
	var ids []string
	for _, v := range c.values {
		if strings.TrimSpace(v.text) == "" {
			return badID(v.text)
		}
		ids = append(ids, strings.ToUpper(v.text))
	}
	f.quick = append(f.quick, func(r *record) bool { return slices.Contains(ids, r.id) })
	f.picks = append(f.picks, func() []*record {
		var out []*record
		for _, id := range ids {
			if r := b.tables[e.path()].byID[id]; r != nil {
				out = append(out, r)
			}
		}
		return out
	})
	return nil
}

func (f *filter) addBool(prop string, c condition) *fault {
	if c.op != "=" && c.op != "in" {
		return queryError("Operator " + c.op + " is not supported for property " + prop)
	}
	want := map[bool]bool{}
	for _, v := range c.values {
		switch strings.ToLower(v.text) {
		case "true":
			want[true] = true
		case "false":
			want[false] = true
		default:
			return queryError("value " + v.text + " is not a boolean")
		}
	}
	if prop == "Active" {
		f.quick = append(f.quick, func(r *record) bool { return want[r.active] })
		return nil
	}
	f.tests = append(f.tests, func(_ *record, o object) bool { return want[flag(o, prop)] })
	return nil
}

func (f *filter) addTime(c condition) *fault {
	t, ok := parseTime(c.values[0].text) // a plus sign that was not percent-encoded has become a blank
	if !ok || c.op == "like" || c.op == "in" {
		return queryError("value " + c.values[0].text + " is not a valid date-time")
	}
	at, part := t.Unix(), t.Nanosecond() > 0
	f.timed = true
	if part && (c.op == ">=" || c.op == "<") {
		at++ // stored times have whole seconds
	}
	switch c.op {
	case ">=":
		f.after = max(f.after, at)
	case ">":
		f.after = max(f.after, at+1)
	case "<":
		f.until = min(f.until, at)
	case "<=":
		f.until = min(f.until, at+1)
	case "=":
		f.after, f.until = max(f.after, at), min(f.until, at+1)
	}
	f.quick = append(f.quick, func(r *record) bool { return r.updated >= f.after && r.updated < f.until })
	return nil
}

// compare builds the test of a text, number, date, time or reference.
func compare(prop string, k queryKind, c condition) (test, *fault) {
	get := func(o object) string { return str(o, prop) }
	if k == qRef {
		get = func(o object) string { return str(o, prop+".value") }
	}
	if c.op == "like" {
		return like(get, c.values[0].text), nil
	}
	order := func(a, b string) int { return strings.Compare(fold(a), fold(b)) }
	switch k {
	case qNumber:
		for _, v := range c.values {
			if _, err := decimal.NewFromString(v.text); err != nil {
				return nil, queryError("value " + v.text + " is not a number")
			}
		}
		order = func(a, b string) int {
			x, _ := decimal.NewFromString(cmp.Or(a, "0"))
			y, _ := decimal.NewFromString(b)
			return x.Cmp(y)
		}
	case qTime:
		for _, v := range c.values {
			if _, ok := parseTime(v.text); !ok {
				return nil, queryError("value " + v.text + " is not a valid date-time")
			}
		}
		order = func(a, b string) int {
			x, _ := parseTime(a)
			y, _ := parseTime(b)
			return x.Compare(y)
		}
	}
	return func(_ *record, o object) bool {
		got := get(o)
		for _, v := range c.values {
			if v.text == " " { // the dialect's null
				v.text = ""
			}
			n := order(got, v.text)
			switch c.op {
			case "=", "in":
				if n == 0 {
					return true
				}
			case "<":
				return got != "" && n < 0
			case ">":
				return got != "" && n > 0
			case "<=":
				return got != "" && n <= 0
			case ">=":
				return got != "" && n >= 0
			}
		}
		return false
	}, nil
}

// like knows only the percent sign.
func like(get func(o object) string, pattern string) test {
	parts := strings.Split(fold(pattern), "%")
	return func(_ *record, o object) bool {
		s := fold(get(o))
		if len(parts) == 1 {
			return s == parts[0]
		}
		if !strings.HasPrefix(s, parts[0]) {
			return false
		}
		s = s[len(parts[0]):]
		for _, mid := range parts[1 : len(parts)-1] {
			i := strings.Index(s, mid)
			if i < 0 {
				return false
			}
			s = s[i+len(mid):]
		}
		return strings.HasSuffix(s, parts[len(parts)-1])
	}
}
