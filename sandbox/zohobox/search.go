package zohobox

import (
	"encoding/json"
	"strings"
	"time"
)

// searchIndex is what the search endpoint sees of a module: the state some time
// ago (section 5.1). Changes wait in a queue until they are old enough.
type searchIndex struct {
	docs    map[int64]*record
	pending []indexing
}

type indexing struct {
	at  time.Time
	id  int64
	rec *record // nil: gone
}

func (s *searchIndex) note(now time.Time, id int64, r *record, lag time.Duration) {
	s.pending = append(s.pending, indexing{now, id, r})
	s.settle(now, lag)
}

func (s *searchIndex) settle(now time.Time, lag time.Duration) {
	n := 0
	for ; n < len(s.pending) && (lag < 0 || !s.pending[n].at.Add(lag).After(now)); n++ {
		p := s.pending[n]
		if p.rec == nil {
			delete(s.docs, p.id)
			continue
		}
		s.docs[p.id] = p.rec
	}
	s.pending = s.pending[n:]
}

const (
	searchMax      = 2000
	searchCriteria = 3000
	conditionMax   = 15
	inMax          = 100
)

// searchRecords answers GET /{module}/search.
func (b *Box) searchRecords(c *call) answer {
	match, f := b.searchMatch(c)
	if f != nil {
		return f.answer()
	}
	left, f := c.narrowed()
	if f != nil {
		return f.answer()
	}
	l, by, f := b.searchOrder(c)
	if f != nil {
		return f.answer()
	}
	cols := allColumns(c.mod)
	if c.param("fields") != "" {
		if cols, f = b.columns(c, c.mod); f != nil {
			return f.answer()
		}
	}
	var out []any
	ids := b.hits(c.mod, both(match, left))
	b.ordered(c.mod, ids, l, by)
	for _, id := range ids {
		if r := c.mod.table.get(id); r != nil {
			out = append(out, b.project(c.mod, r, cols, c))
		}
	}
	return c.pageOfRecords(l, out, "call", "email", "next_page_token", "previous_page_token", "page_token_expiry")
}

// hits lists the records whose indexed state matches, newest first.
func (b *Box) hits(m *module, match func(*record) bool) []int64 {
	m.table.search.settle(b.opt.Now(), b.opt.Dials.SearchLag)
	var out []int64
	for id, doc := range m.table.search.docs {
		if match(doc) {
			out = append(out, id)
		}
	}
	sortDesc(out)
	return out
}

// searchMatch reads which of criteria, email, phone and word was given.
func (b *Box) searchMatch(c *call) (func(*record) bool, *failure) {
	byType := func(kind, value string) func(*record) bool {
		var fields []string
		for _, f := range c.mod.fields {
			if f.Type == kind {
				fields = append(fields, f.Name)
			}
		}
		return func(doc *record) bool {
			for _, name := range fields {
				if strings.EqualFold(text(doc.value(name)), value) {
					return true
				}
			}
			return false
		}
	}
	switch {
	case c.param("criteria") != "":
		return b.parseCriteria(c)
	case c.param("email") != "":
		return byType("email", c.param("email")), nil
	case c.param("phone") != "":
		if len(c.param("phone")) < 3 {
			return nil, badParam("phone")
		}
		return byType("phone", c.param("phone")), nil
	case c.param("word") != "":
		if len(c.param("word")) < 2 {
			return nil, badParam("word")
		}
		word := strings.ToLower(c.param("word"))
		return func(doc *record) bool {
			for _, v := range doc.vals {
				if s, isText := v.(string); isText && strings.Contains(strings.ToLower(s), word) {
					return true
				}
			}
			return false
		}, nil
	}
	return nil, &failure{status: 400, code: "EXPECTED_PARAM_MISSING", message: "One of the expected parameter is missing", details: object{"param_names": []any{"criteria", "email", "phone", "word"}}}
}

// criteriaParser reads ((Field:op:value)and(Field:op:value)).
type criteriaParser struct {
	m     *module
	s     string
	count int
	fail  *failure
}

func invalidQuery(reason string) *failure {
	return &failure{status: 400, code: "INVALID_QUERY", message: "invalid query formed", details: object{"reason": reason}}
}

func (b *Box) parseCriteria(c *call) (func(*record) bool, *failure) {
	s := c.param("criteria")
	if len(s) > searchCriteria {
		return nil, badParam("criteria")
	}
	p := &criteriaParser{m: c.mod, s: s}
	match := p.expression()
	if p.fail == nil && strings.TrimSpace(p.s) != "" {
		p.fail = invalidQuery("unexpected text after the criteria")
	}
	if p.fail == nil && p.count > conditionMax {
		p.fail = &failure{status: 400, code: "CRITERIA_LIMIT_EXCEEDED", message: "no of criterium that can be given exceed the limit 15"}
	}
	return match, p.fail
}

// expression is one or more bracketed terms joined by and / or.
func (p *criteriaParser) expression() func(*record) bool {
	left := p.term()
	for p.fail == nil {
		p.s = strings.TrimSpace(p.s)
		var op string
		for _, word := range []string{"and", "or"} {
			if strings.HasPrefix(p.s, word) {
				op = word
			}
		}
		if op == "" {
			break
		}
		p.s = p.s[len(op):]
		a, c := left, p.term()
		if op == "and" {
			left = func(d *record) bool { return a(d) && c(d) }
		} else {
			left = func(d *record) bool { return a(d) || c(d) }
		}
	}
	return left
}

func (p *criteriaParser) term() func(*record) bool {
	never := func(*record) bool { return false }
	p.s = strings.TrimSpace(p.s)
	if !strings.HasPrefix(p.s, "(") {
		p.fail = invalidQuery("a bracket is missing")
		return never
	}
	p.s = p.s[1:]
	if strings.HasPrefix(strings.TrimSpace(p.s), "(") {
		inner := p.expression()
		p.s = strings.TrimSpace(p.s)
		if !strings.HasPrefix(p.s, ")") {
			if p.fail == nil {
				p.fail = invalidQuery("a bracket is not closed")
			}
			return never
		}
		p.s = p.s[1:]
		return inner
	}
	body, closed := p.untilClose()
	name, rest, _ := strings.Cut(body, ":")
	op, value, complete := strings.Cut(rest, ":")
	if !closed || !complete {
		p.fail = invalidQuery("a condition is not Field:operator:value")
		return never
	}
	p.count++
	return p.condition(name, op, value)
}

// untilClose cuts up to the closing bracket, honouring backslash escapes.
func (p *criteriaParser) untilClose() (string, bool) {
	for i := 0; i < len(p.s); i++ {
		switch p.s[i] {
		case '\\':
			i++
		case ')':
			body := p.s[:i]
			p.s = p.s[i+1:]
			return body, true
		}
	}
	return "", false
}

func unescape(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

func (p *criteriaParser) condition(name, op, value string) func(*record) bool {
	f := p.m.field(name)
	if f == nil || !searchOperators(f)[op] {
		p.fail = invalidQuery("the field or its operator is not supported: " + name + " " + op)
		return nil
	}
	texts := f.Type == "text" || f.Type == "email" || f.Type == "phone" || f.Type == "website"
	want := unescape(value)
	switch op {
	case "equals":
		if texts { // the vendor's trap: it finds what contains the value
			return func(d *record) bool {
				return strings.Contains(strings.ToLower(text(d.value(name))), strings.ToLower(want))
			}
		}
		return func(d *record) bool { return compare(d.value(name), want) == 0 && d.value(name) != nil }
	case "not_equal":
		return func(d *record) bool { return !strings.EqualFold(plain(d.value(name)), want) }
	case "starts_with":
		return func(d *record) bool {
			return strings.HasPrefix(strings.ToLower(text(d.value(name))), strings.ToLower(want))
		}
	case "in":
		var options []string
		for _, v := range splitEscaped(value) {
			options = append(options, unescape(v))
		}
		if len(options) > inMax {
			p.fail = &failure{status: 400, code: "LIMIT_EXCEEDED", message: "the limit of values is exceeded", details: object{"limit": inMax}}
		}
		return func(d *record) bool {
			for _, o := range options {
				if strings.EqualFold(plain(d.value(name)), o) {
					return true
				}
			}
			return false
		}
	case "between":
		from, to, _ := strings.Cut(want, ",")
		return func(d *record) bool {
			return d.value(name) != nil && compare(d.value(name), from) >= 0 && compare(d.value(name), to) <= 0
		}
	}
	least, most := map[string]int{"greater_than": 1, "greater_equal": 0, "less_than": -1, "less_equal": -1}[op], map[string]int{"greater_than": 1, "greater_equal": 1, "less_than": -1, "less_equal": 0}[op]
	return func(d *record) bool {
		if d.value(name) == nil {
			return false
		}
		at := compare(d.value(name), want)
		return at >= least && at <= most
	}
}

func splitEscaped(s string) []string {
	var out []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ',':
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

func searchOperators(f *field) map[string]bool {
	set := func(ops ...string) map[string]bool {
		m := map[string]bool{}
		for _, o := range ops {
			m[o] = true
		}
		return m
	}
	switch f.Type {
	case "text", "email", "phone", "website":
		return set("equals", "not_equal", "starts_with", "in")
	case "date", "datetime", "integer", "currency", "double", "percent", "bigint", "formula":
		return set("equals", "not_equal", "greater_than", "greater_equal", "less_than", "less_equal", "between", "in")
	case "picklist", "lookup", "ownerlookup", "autonumber":
		return set("equals", "not_equal", "in")
	case "boolean":
		return set("equals", "not_equal")
	}
	return nil
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// countRecords answers GET /{module}/actions/count; its figures are as old as
// the search index (section 5.2).
func (b *Box) countRecords(c *call) answer {
	match := func(*record) bool { return true }
	if cv := c.param("cvid"); cv != "" {
		for _, other := range []string{"criteria", "email", "phone", "word"} {
			if c.param(other) != "" {
				return ambiguous("cvid", other).answer()
			}
		}
		v := b.viewByID(c.mod, cv)
		if v == nil {
			return badParam("cvid").answer()
		}
		match = b.viewMatch(c, c.mod, v)
	}
	if c.param("criteria")+c.param("email")+c.param("phone")+c.param("word") != "" {
		m, f := b.searchMatch(c)
		if f != nil {
			return f.answer()
		}
		match = m
	}
	left, f := c.counted()
	if f != nil {
		return f.answer()
	}
	match = both(match, left)
	return ok(object{"count": len(b.hits(c.mod, match))})
}
