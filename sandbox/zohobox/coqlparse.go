package zohobox

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Limits of COQL (section 5.3).
const (
	coqlDefault    = 200
	coqlMax        = 2000
	coqlReach      = 100_000
	coqlColumns    = 500
	coqlConditions = 25
	coqlIn         = 50
	coqlOrder      = 10
	coqlGroups     = 4
	coqlAggregates = 5
	coqlJoins      = 5
)

// query is a parsed select_query.
type query struct {
	columns []selected
	module  string
	view    string // from Module#view
	viewed  bool
	where   *condition
	group   []string
	order   []ordering
	limit   int
	offset  int
	conds   int
}

// selected is a column or an aggregate of one.
type selected struct {
	path  string
	fn    string // SUM, MIN, MAX, AVG, COUNT or ""
	alias string
}

type ordering struct {
	path string
	fn   string // of the aggregate that is meant by its alias
	desc bool
}

// condition is a comparison or two of them joined by and / or.
type condition struct {
	op          string // and, or, or a comparison
	left, right *condition
	path        string
	values      []string
}

type token struct {
	kind byte // w word, s string, p punctuation, n number
	text string
	at   int
}

func syntaxError(near string) *failure {
	return &failure{status: 400, code: "SYNTAX_ERROR", message: "the query has an error near " + near, details: object{"near": near}}
}

func missingClause(name string) *failure {
	return &failure{status: 400, code: "SYNTAX_ERROR", message: "missing clause", details: object{"clause": name}}
}

func lex(s string) ([]token, *failure) {
	var out []token
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
		case c == '\'':
			value, n := quoted(s[i:])
			if n == 0 {
				return nil, syntaxError("'")
			}
			out = append(out, token{'s', value, i})
			i += n
		case strings.HasPrefix(s[i:], "!=") || strings.HasPrefix(s[i:], ">=") || strings.HasPrefix(s[i:], "<="):
			out = append(out, token{'p', s[i : i+2], i})
			i += 2
		case strings.ContainsRune("=<>(),", rune(c)):
			out = append(out, token{'p', s[i : i+1], i})
			i++
		default:
			n := 0
			for n < len(s)-i && wordByte(s[i+n]) {
				n++
			}
			if n == 0 {
				return nil, syntaxError(string(c))
			}
			kind := byte('w')
			if unicode.IsDigit(rune(c)) || c == '-' {
				kind = 'n'
			}
			out = append(out, token{kind, s[i : i+n], i})
			i += n
		}
	}
	return out, nil
}

func wordByte(c byte) bool {
	return c == '_' || c == '.' || c == '$' || c == '#' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// quoted reads a string literal; a quote inside is doubled or escaped.
func quoted(s string) (value string, n int) {
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '\'' || s[i+1] == '\\'):
			i++
			out.WriteByte(s[i])
		case s[i] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
			out.WriteByte('\'')
		case s[i] == '\'':
			return out.String(), i + 1
		default:
			out.WriteByte(s[i])
		}
	}
	return "", 0
}

type parser struct {
	toks []token
	i    int
	q    *query
}

func parseQuery(s string) (*query, *failure) {
	toks, f := lex(s)
	if f != nil {
		return nil, f
	}
	p := &parser{toks: toks, q: &query{limit: coqlDefault}}
	for _, step := range []func() *failure{p.selectClause, p.fromClause, p.whereClause, p.groupClause, p.orderClause, p.limitClause} {
		if f := step(); f != nil {
			return nil, f
		}
	}
	if p.i < len(p.toks) {
		return nil, syntaxError(p.peek())
	}
	return p.q, p.q.checkLimits()
}

func (q *query) checkLimits() *failure {
	over := func(what string, limit int) *failure {
		return &failure{status: 400, code: "LIMIT_EXCEEDED", message: "the limit of " + what + " is exceeded", details: object{"limit": limit}}
	}
	switch {
	case len(q.columns) > coqlColumns:
		return over("columns", coqlColumns)
	case q.conds > coqlConditions:
		return over("conditions", coqlConditions)
	case q.limit > coqlMax:
		return over("rows", coqlMax)
	case q.offset+q.limit > coqlReach:
		return over("rows through offset", coqlReach)
	case len(q.order) > coqlOrder:
		return over("order by columns", coqlOrder)
	case len(q.group) > coqlGroups:
		return over("group by columns", coqlGroups)
	case q.aggregates() > coqlAggregates:
		return over("aggregates", coqlAggregates)
	}
	return nil
}

func (q *query) aggregates() int {
	n := 0
	for _, col := range q.columns {
		if col.fn != "" {
			n++
		}
	}
	return n
}

func (p *parser) peek() string {
	if p.i < len(p.toks) {
		return p.toks[p.i].text
	}
	return "end of query"
}

// word takes a keyword in any letter case.
func (p *parser) word(w string) bool {
	if p.i < len(p.toks) && p.toks[p.i].kind == 'w' && strings.EqualFold(p.toks[p.i].text, w) {
		p.i++
		return true
	}
	return false
}

func (p *parser) punct(s string) bool {
	if p.i < len(p.toks) && p.toks[p.i].kind == 'p' && p.toks[p.i].text == s {
		p.i++
		return true
	}
	return false
}

func (p *parser) name() (string, *failure) {
	if p.i < len(p.toks) && p.toks[p.i].kind == 'w' {
		p.i++
		return p.toks[p.i-1].text, nil
	}
	return "", syntaxError(p.peek())
}

func (p *parser) selectClause() *failure {
	if !p.word("select") {
		return missingClause("select")
	}
	for {
		n, f := p.name()
		if f != nil {
			return f
		}
		col := selected{path: n}
		if p.punct("(") {
			col.fn = n // aggregates are upper-case
			if col.path, f = p.name(); f != nil {
				return f
			}
			if !p.punct(")") || !aggregates[col.fn] {
				return syntaxError(n)
			}
		}
		if p.word("as") {
			if f := p.alias(&col); f != nil {
				return f
			}
		}
		p.q.columns = append(p.q.columns, col)
		if !p.punct(",") {
			return nil
		}
	}
}

var aggregates = map[string]bool{"SUM": true, "MIN": true, "MAX": true, "AVG": true, "COUNT": true}

func (p *parser) fromClause() (f *failure) {
	if !p.word("from") {
		return missingClause("from")
	}
	p.q.module, f = p.name()
	p.q.module, p.q.view, p.q.viewed = strings.Cut(p.q.module, "#")
	return f
}

func (p *parser) whereClause() *failure {
	if !p.word("where") {
		return missingClause("where")
	}
	c, f := p.condition()
	p.q.where = c
	return f
}

// condition is a term, or two terms joined once: more than two conditions must
// be paired with brackets, so a second joint is an error of whoever called.
func (p *parser) condition() (*condition, *failure) {
	left, f := p.term()
	if f != nil {
		return nil, f
	}
	for _, op := range []string{"and", "or"} {
		if p.word(op) {
			right, f := p.term()
			return &condition{op: op, left: left, right: right}, f
		}
	}
	return left, nil
}

func (p *parser) term() (*condition, *failure) {
	if !p.punct("(") {
		return p.comparison()
	}
	c, f := p.condition()
	if f != nil {
		return nil, f
	}
	if !p.punct(")") {
		return nil, syntaxError(p.peek())
	}
	return c, nil
}

func (p *parser) comparison() (*condition, *failure) {
	path, f := p.name()
	if f != nil {
		return nil, f
	}
	p.q.conds++
	c := &condition{path: path}
	for _, op := range []string{"=", "!=", ">=", "<=", ">", "<"} {
		if p.punct(op) {
			c.op = op
			v, f := p.value()
			c.values = []string{v}
			return c, f
		}
	}
	not := p.word("not")
	switch {
	case !not && p.word("is"):
		c.op = "is null"
		if p.word("not") {
			c.op = "is not null"
		}
		if !p.word("null") {
			return nil, syntaxError(p.peek())
		}
		return c, nil
	case p.word("like"):
		c.op = "like"
		v, f := p.value()
		c.values = []string{v}
		if not {
			c.op = "not like"
			if len(v) < 2 || v[0] != '%' || v[len(v)-1] != '%' {
				return nil, invalidOperator(path, "not like")
			}
		}
		return c, f
	case p.word("in"):
		c.op = "in"
		if not {
			c.op = "not in"
		}
		c.values, f = p.inList()
		return c, f
	case p.word("between"):
		c.op = "between"
		from, f := p.value()
		if f != nil {
			return nil, f
		}
		if !p.word("and") {
			return nil, syntaxError(p.peek())
		}
		to, f := p.value()
		c.values = []string{from, to}
		if not {
			c.op = "not between"
		}
		return c, f
	}
	return nil, syntaxError(p.peek())
}

func (p *parser) value() (string, *failure) {
	if p.i < len(p.toks) && p.toks[p.i].kind != 'p' {
		t := p.toks[p.i]
		if t.kind == 'w' && !strings.EqualFold(t.text, "true") && !strings.EqualFold(t.text, "false") && !strings.HasPrefix(t.text, "$") {
			return "", syntaxError(t.text)
		}
		p.i++
		return t.text, nil
	}
	return "", syntaxError(p.peek())
}

func (p *parser) inList() ([]string, *failure) {
	if !p.punct("(") {
		return nil, syntaxError(p.peek())
	}
	var out []string
	for {
		v, f := p.value()
		if f != nil {
			return nil, f
		}
		out = append(out, v)
		if p.punct(")") {
			break
		}
		if !p.punct(",") {
			return nil, syntaxError(p.peek())
		}
	}
	if len(out) > coqlIn {
		return nil, &failure{status: 400, code: "LIMIT_EXCEEDED", message: "the limit of values is exceeded", details: object{"limit": coqlIn}}
	}
	return out, nil
}

func (p *parser) groupClause() *failure {
	if !p.word("group") {
		return nil
	}
	if !p.word("by") {
		return syntaxError(p.peek())
	}
	for {
		n, f := p.name()
		if f != nil {
			return f
		}
		p.q.group = append(p.q.group, n)
		if !p.punct(",") {
			return nil
		}
	}
}

func (p *parser) orderClause() *failure {
	if !p.word("order") {
		return nil
	}
	if !p.word("by") {
		return syntaxError(p.peek())
	}
	for {
		n, f := p.name()
		if f != nil {
			return f
		}
		o := ordering{path: n}
		if p.word("desc") {
			o.desc = true
		} else {
			p.word("asc")
		}
		p.q.order = append(p.q.order, o)
		if !p.punct(",") {
			return nil
		}
	}
}

// limitClause reads "limit n", "limit offset, n" and "limit n offset m".
func (p *parser) limitClause() (f *failure) {
	if !p.word("limit") {
		return nil
	}
	if p.q.limit, f = p.count(); f != nil {
		return f
	}
	if p.punct(",") {
		p.q.offset = p.q.limit
		p.q.limit, f = p.count()
		return f
	}
	if p.word("offset") {
		p.q.offset, f = p.count()
	}
	return f
}

func (p *parser) count() (int, *failure) {
	v, f := p.value()
	if f != nil {
		return 0, f
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		return 0, &failure{status: 400, code: "INVALID_QUERY", message: "invalid query formed", details: object{"limit": v}}
	}
	return min(n, math.MaxInt32), nil // the sum of offset and limit stays a number
}

func invalidOperator(column, op string) *failure {
	return &failure{status: 400, code: "INVALID_QUERY", message: "invalid query formed", details: object{"column_name": column, "operator": op, "reason": "invalid operator found"}}
}
