package qbobox

import (
	"fmt"
	"strconv"
	"strings"
)

// statement is a parsed query.
type statement struct {
	entity string
	count  bool
	fields []string // nil is *
	where  []condition
	order  []ordering
	start  int
	max    int
}

type condition struct {
	prop   string
	op     string // = < > <= >= like in
	values []value
}

type value struct {
	text   string
	quoted bool
}

type ordering struct {
	prop string
	desc bool
}

type token struct {
	kind string // "word", "string", "number", "symbol", "end"
	text string
	col  int
}

// parser follows the vendor's dialect (reference section 6): keywords and
// names in any case, ORDERBY also as one word, paging words in either order.
type parser struct {
	toks []token
	at   int
}

func parseQuery(q string) (*statement, *fault) {
	p := &parser{}
	if flt := p.scan(q); flt != nil {
		return nil, flt
	}
	s := &statement{start: 1, max: 100}
	if flt := p.statement(s); flt != nil {
		return nil, flt
	}
	return s, nil
}

func (p *parser) scan(q string) *fault {
	for i := 0; i < len(q); {
		c := q[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '\'':
			text, next, ok := quoted(q, i)
			if !ok {
				return parserError(fmt.Sprintf("Lexical error at line 1, column %d.  Encountered: <EOF> after : %q", len(q)+1, q[i:]))
			}
			p.toks = append(p.toks, token{"string", text, i + 1})
			i = next
		case isWord(c):
			j := i
			for j < len(q) && (isWord(q[j]) || q[j] == '.') {
				j++
			}
			kind := "word"
			if _, err := strconv.ParseFloat(q[i:j], 64); err == nil {
				kind = "number"
			}
			p.toks = append(p.toks, token{kind, q[i:j], i + 1})
			i = j
		default:
			n := 1
			if i+1 < len(q) && (q[i:i+2] == "<=" || q[i:i+2] == ">=" || q[i:i+2] == "!=") {
				n = 2
			}
			p.toks = append(p.toks, token{"symbol", q[i : i+n], i + 1})
			i += n
		}
	}
	p.toks = append(p.toks, token{"end", "", len(q) + 1})
	return nil
}

func isWord(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// quoted reads '…' with \' and \\ as escapes.
func quoted(q string, i int) (text string, next int, ok bool) {
	var sb strings.Builder
	for j := i + 1; j < len(q); j++ {
		switch {
		case q[j] == '\\' && j+1 < len(q):
			j++
			sb.WriteByte(q[j])
		case q[j] == '\'':
			return sb.String(), j + 1, true
		default:
			sb.WriteByte(q[j])
		}
	}
	return "", len(q), false
}

func (p *parser) peek() token { return p.toks[p.at] }

func (p *parser) next() token {
	t := p.toks[p.at]
	if t.kind != "end" {
		p.at++
	}
	return t
}

func (p *parser) word(w string) bool {
	if t := p.peek(); t.kind == "word" && strings.EqualFold(t.text, w) {
		p.at++
		return true
	}
	return false
}

func (p *parser) symbol(s string) bool {
	if t := p.peek(); t.kind == "symbol" && t.text == s {
		p.at++
		return true
	}
	return false
}

// unexpected words a parser error the way the vendor's generated parser does.
func (p *parser) unexpected(expected ...string) *fault {
	t := p.peek()
	seen := `"<EOF>"`
	switch t.kind {
	case "word":
		seen = fmt.Sprintf(`" <IDENTIFIER> "%s ""`, t.text)
		if keyword[strings.ToLower(t.text)] {
			seen = `" "` + strings.ToLower(t.text) + `" "` + t.text + ` ""`
		}
	case "string":
		seen = fmt.Sprintf(`" <STRING_LITERAL> "\'%s\' ""`, t.text)
	case "number":
		seen = fmt.Sprintf(`" <INTEGER_LITERAL> "%s ""`, t.text)
	case "symbol":
		seen = `" "` + t.text + `" "` + t.text + ` ""`
	}
	was := "Was expecting:"
	if len(expected) > 1 {
		was = "Was expecting one of:"
	}
	var sb strings.Builder
	fmt.Fprintf(&sb, "Encountered %s at line 1, column %d.\n%s\n", seen, t.col, was)
	for _, e := range expected {
		if e != "<EOF>" {
			e += " ..."
		} else {
			e += " "
		}
		sb.WriteString("    " + e + "\n")
	}
	sb.WriteString("    ")
	return parserError(sb.String())
}

var keyword = map[string]bool{
	"select": true, "from": true, "where": true, "and": true, "order": true, "orderby": true, "by": true, "in": true, "like": true,
	"startposition": true, "maxresults": true, "null": true, "count": true, "asc": true, "desc": true, "not": true, "or": true,
	"between": true, "contains": true, "iterator": true,
}

const ident = "<IDENTIFIER>"

// afterProperty is what the vendor's parser lists behind a property name.
var afterProperty = []string{
	"<EOF>", `"."`, "<AND>", `"between"`, `"contains"`, `"="`, `"in"`, `"iterator"`, `"like"`, `"maxresults"`, `"!="`, "<NOT>", "<OR>",
	`"order"`, `"orderby"`, `"startposition"`, `"="`, `"!="`, `"="`, `"!="`, `"="`, `"!="`, `"."`,
}

func (p *parser) statement(s *statement) *fault {
	if !p.word("select") {
		return p.unexpected(`"select"`)
	}
	if flt := p.projection(s); flt != nil {
		return flt
	}
	if !p.word("from") {
		return p.unexpected(`"from"`, `","`)
	}
	t := p.peek()
	if t.kind != "word" || keyword[strings.ToLower(t.text)] {
		return p.unexpected(ident)
	}
	s.entity = p.next().text
	if p.word("where") {
		if flt := p.conditions(s); flt != nil {
			return flt
		}
	}
	return p.tail(s)
}

func (p *parser) projection(s *statement) *fault {
	switch {
	case p.symbol("*"):
		return nil
	case p.word("count"):
		if !p.symbol("(") || !p.symbol("*") || !p.symbol(")") {
			return p.unexpected(`"(*)"`)
		}
		s.count = true
		return nil
	}
	for {
		t := p.peek()
		if t.kind != "word" || keyword[strings.ToLower(t.text)] {
			return p.unexpected(`"*"`, `"count"`, ident)
		}
		s.fields = append(s.fields, p.next().text)
		if !p.symbol(",") {
			return nil
		}
		if p.symbol("*") {
			s.fields = nil
			return nil
		}
	}
}

func (p *parser) conditions(s *statement) *fault {
	for {
		c, flt := p.condition()
		if flt != nil {
			return flt
		}
		s.where = append(s.where, c)
		if !p.word("and") {
			return nil
		}
	}
}

func (p *parser) condition() (condition, *fault) {
	t := p.peek()
	if t.kind != "word" || keyword[strings.ToLower(t.text)] {
		return condition{}, p.unexpected(ident)
	}
	c := condition{prop: p.next().text}
	switch {
	case p.word("in"):
		c.op = "in"
		flt := p.inList(&c)
		return c, flt
	case p.word("like"):
		c.op = "like"
	default:
		for _, op := range []string{"<=", ">=", "=", "<", ">"} {
			if p.symbol(op) {
				c.op = op
				break
			}
		}
		if c.op == "" {
			return c, p.unexpected(afterProperty...)
		}
	}
	at := p.at - 1
	v, flt := p.value()
	if flt != nil && c.op != "like" { // the vendor's parser looks ahead: it is the sign that it did not expect (recorded)
		p.at = at
		flt = p.unexpected(afterProperty...)
	}
	c.values = []value{v}
	return c, flt
}

func (p *parser) inList(c *condition) *fault {
	if !p.symbol("(") {
		return p.unexpected(`"("`)
	}
	for {
		v, flt := p.value()
		if flt != nil {
			return flt
		}
		c.values = append(c.values, v)
		if p.symbol(",") {
			continue
		}
		if p.symbol(")") {
			return nil
		}
		return p.unexpected(`","`, `")"`)
	}
}

func (p *parser) value() (value, *fault) {
	t := p.peek()
	switch {
	case t.kind == "string":
		p.at++
		return value{t.text, true}, nil
	case t.kind == "number":
		p.at++
		return value{t.text, false}, nil
	case t.kind == "word" && (strings.EqualFold(t.text, "true") || strings.EqualFold(t.text, "false") || strings.EqualFold(t.text, "CURRENT_DATE")):
		p.at++
		return value{strings.ToLower(t.text), false}, nil
	default:
		return value{}, p.unexpected("<STRING_LITERAL>", "<BOOLEAN_LITERAL>", "<INTEGER_LITERAL>")
	}
}

func (p *parser) tail(s *statement) *fault {
	for p.peek().kind != "end" {
		switch {
		case p.word("orderby"), p.word("order"):
			p.word("by")
			if flt := p.ordering(s); flt != nil {
				return flt
			}
		case p.word("startposition"):
			if flt := p.page(&s.start, 0); flt != nil {
				return flt
			}
		case p.word("maxresults"):
			if flt := p.page(&s.max, 1000); flt != nil {
				return flt
			}
		default:
			return p.unexpected(afterProperty...)
		}
	}
	return nil
}

func (p *parser) ordering(s *statement) *fault {
	for {
		t := p.peek()
		if t.kind != "word" || keyword[strings.ToLower(t.text)] {
			return p.unexpected(ident)
		}
		o := ordering{prop: p.next().text}
		if p.word("desc") {
			o.desc = true
		} else {
			p.word("asc")
		}
		s.order = append(s.order, o)
		if !p.symbol(",") {
			return nil
		}
	}
}

func (p *parser) page(into *int, most int) *fault {
	t := p.peek()
	n, err := strconv.Atoi(t.text)
	if t.kind != "number" || err != nil {
		return p.unexpected("<INTEGER_LITERAL>")
	}
	p.at++
	if n < 1 {
		return queryError(fmt.Sprintf("value %d is too small. Min allowed value is 1", n))
	}
	if most > 0 && n > most {
		return queryError(fmt.Sprintf("value %d is too large. Max allowed value is %d", n, most))
	}
	*into = n
	return nil
}
