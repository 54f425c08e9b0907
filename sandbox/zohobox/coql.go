package zohobox

import (
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// access reads a column of a record, through at most two look-ups.
type access struct {
	path  string
	steps []step
}

type step struct {
	m *module
	f *field
}

func (a access) last() step { return a.steps[len(a.steps)-1] }

func invalidColumn(name, clause string) *failure {
	return &failure{status: 400, code: "INVALID_QUERY", message: "column given seems to be invalid", details: object{"column_name": name, "clause": clause}}
}

func (b *Box) access(m *module, path, clause string, u *user) (access, *failure) {
	a := access{path: path}
	parts := strings.Split(path, ".")
	if len(parts) > 3 {
		return a, invalidColumn(path, clause)
	}
	for i, name := range parts {
		f := m.field(name)
		if f == nil || !f.inLists() || f.Type == "tag" || !b.visibleField(f, u) {
			return a, invalidColumn(path, clause)
		}
		a.steps = append(a.steps, step{m, f})
		if i == len(parts)-1 {
			return a, nil
		}
		next := b.module[f.Lookup]
		if f.Type != "lookup" || next == nil {
			return a, invalidColumn(path, clause)
		}
		m = next
	}
	return a, nil
}

// reach follows the look-ups of a column to the record that holds it.
func (b *Box) reach(a access, r *record) (*record, step) {
	for _, s := range a.steps[:len(a.steps)-1] {
		id, _ := parseID(text(r.value(s.f.Name)))
		next := b.module[s.f.Lookup].table.get(id)
		if next == nil {
			return nil, a.last()
		}
		r = next
	}
	return r, a.last()
}

func (b *Box) stored(a access, r *record) any {
	r, s := b.reach(a, r)
	if r == nil {
		return nil
	}
	if s.f.Type == "boolean" {
		return r.value(s.f.Name) == true || s.f.Name == "Locked__s" && r.lock != nil
	}
	if s.f.Name == "Expected_Revenue" && s.f.ReadOnly {
		return expectedRevenue(r)
	}
	return r.value(s.f.Name)
}

// coqlValue is how COQL prints a column: look-ups as their id alone.
func (b *Box) coqlValue(a access, r *record, c *call) any {
	r, s := b.reach(a, r)
	if r == nil {
		return nil
	}
	v := b.wire(s.m, r, s.f, c)
	if o, isObject := v.(object); isObject && s.f.isLookup() {
		return object{"id": o["id"]}
	}
	return v
}

// coql answers POST /coql. It reads the database and not the search index
// (section 5.3).
func (b *Box) coql(c *call) answer {
	s, isText := c.body["select_query"].(string)
	if !isText {
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "select_query"})
	}
	q, f := parseQuery(s)
	if f != nil {
		return f.answer()
	}
	m := b.module[q.module]
	if m == nil || m.ended {
		return refuse(400, "INVALID_QUERY", "invalid module", object{"module": q.module})
	}
	if !c.token.allows("ZohoCRM.modules." + m.scope + ".READ") {
		return refuse(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", nil)
	}
	c.mod = m
	if f := b.mayTouch(c, kindRead); f != nil {
		return f.answer()
	}
	run := &coqlRun{b: b, c: c, q: q, m: m}
	if f := run.prepare(); f != nil {
		return f.answer()
	}
	if f := run.restrict(); f != nil {
		return f.answer()
	}
	rows, more := run.rows()
	if len(rows) == 0 {
		return noContent()
	}
	body := object{"data": rows, "info": object{"count": len(rows), "more_records": more}}
	if slices.ContainsFunc(list(c.body["include_meta"]), func(v any) bool { return v == "fields" }) {
		body["fields"] = run.meta()
	}
	return ok(body)
}

// coqlRun is one query being answered.
type coqlRun struct {
	b      *Box
	c      *call
	q      *query
	m      *module
	cols   []access
	order  []access
	group  []access
	match  func(*record) bool
	counts bool            // has aggregates
	home   bool            // amounts are compared in the home currency
	joined map[string]bool // look-ups of the module that columns reach through
}

// restrict narrows a query "from Module#view" to what the view shows.
func (run *coqlRun) restrict() *failure {
	if !run.q.viewed {
		return nil
	}
	v := run.b.viewByID(run.m, run.q.view)
	if v == nil {
		return &failure{status: 400, code: "INVALID_QUERY", message: "invalid custom view", details: object{"cvid": run.q.view}}
	}
	asked, shown := run.match, run.b.viewMatch(run.c, run.m, v)
	run.match = func(r *record) bool { return asked(r) && shown(r) }
	return nil
}

func (run *coqlRun) prepare() (f *failure) {
	if f := run.q.checkAliases(); f != nil {
		return f
	}
	seen := map[string]bool{}
	for _, col := range run.q.columns {
		a, f := run.access(col.path, "select")
		if f != nil {
			return f
		}
		key := col.fn + "(" + col.path
		if seen[key] {
			return &failure{status: 400, code: "DUPLICATE_DATA", message: "duplicate column", details: object{"column_name": col.path}}
		}
		seen[key] = true
		run.cols = append(run.cols, a)
		run.counts = run.counts || col.fn != ""
	}
	for i, o := range run.q.order {
		if at := run.q.aliased(o.path); at >= 0 {
			run.q.order[i].path, run.q.order[i].fn = run.q.columns[at].path, run.q.columns[at].fn
			run.order = append(run.order, run.cols[at])
			continue
		}
		a, f := run.access(o.path, "order by")
		if f != nil {
			return f
		}
		run.order = append(run.order, a)
	}
	for _, g := range run.q.group {
		a, f := run.access(g, "group by")
		if f != nil {
			return f
		}
		run.group = append(run.group, a)
	}
	if run.match, f = run.compile(run.q.where); f != nil {
		return f
	}
	if len(run.joined) > coqlJoins {
		return &failure{status: 400, code: "LIMIT_EXCEEDED", message: "the limit of joins is exceeded", details: object{"limit": coqlJoins}}
	}
	return nil
}

// access finds a column and notes through which look-up it is reached.
func (run *coqlRun) access(path, clause string) (access, *failure) {
	a, f := run.b.access(run.m, path, clause, run.c.user)
	if f == nil && len(a.steps) > 1 {
		if run.joined == nil {
			run.joined = map[string]bool{}
		}
		run.joined[a.steps[0].f.Name] = true
	}
	return a, f
}

// compile turns the where clause into a predicate.
func (run *coqlRun) compile(c *condition) (func(*record) bool, *failure) {
	if c.op == "and" || c.op == "or" {
		left, f := run.compile(c.left)
		if f != nil {
			return nil, f
		}
		right, f := run.compile(c.right)
		if f != nil {
			return nil, f
		}
		if c.op == "and" {
			return func(r *record) bool { return left(r) && right(r) }, nil
		}
		return func(r *record) bool { return left(r) || right(r) }, nil
	}
	a, f := run.access(c.path, "where")
	if f != nil {
		return nil, f
	}
	if f := checkLiterals(a.last().f, c); f != nil {
		return nil, f
	}
	return run.comparison(a, c), nil
}

// checkLiterals refuses values that the column cannot hold.
func checkLiterals(f *field, c *condition) *failure {
	kind := f.Type
	for _, v := range c.values {
		bad := false
		switch {
		case strings.HasPrefix(v, "$"):
		case kind == "datetime":
			_, valid := parseMoment(v)
			bad = !valid
		case kind == "date":
			_, valid := parseDate(v)
			bad = !valid
		case kind == "boolean":
			bad = v != "true" && v != "false"
		case f.numeric():
			_, err := decimal.NewFromString(v)
			bad = err != nil
		case f.isLookup() || f.Name == "id":
			bad = !digitsPattern.MatchString(v) && !strings.Contains(c.op, "like")
		}
		if bad {
			return &failure{status: 400, code: "INVALID_QUERY", message: "value given seems to be invalid for the column", details: object{"column_name": c.path, "operator": c.op, "reason": "invalid value found"}}
		}
	}
	if (kind == "boolean" || f.isLookup()) && (c.op == ">" || c.op == "<" || c.op == ">=" || c.op == "<=") {
		return invalidOperator(c.path, c.op)
	}
	return nil
}

func (run *coqlRun) comparison(a access, c *condition) func(*record) bool {
	get := func(r *record) any { return run.b.stored(a, r) }
	if f := a.last().f; run.home && run.b.org.Multi && (f.Type == "currency" || f.Type == "formula") {
		get = func(r *record) any { return run.b.homeAmount(a, r) }
	}
	cmp := func(v any, s string) int {
		if a.last().f.Name == "id" {
			return compareIDs(text(v), s)
		}
		if str, isText := v.(string); isText && run.b.opt.Dials.CaseSensitive.is(false) && str != s && strings.EqualFold(str, s) {
			return strings.Compare(str, s)
		}
		return compare(v, s)
	}
	any1 := func(v any) bool {
		return v != nil && slices.ContainsFunc(c.values, func(s string) bool { return cmp(v, s) == 0 })
	}
	switch c.op {
	case "=", "in":
		return func(r *record) bool { return any1(get(r)) }
	case "!=", "not in":
		return func(r *record) bool { return !any1(get(r)) }
	case "is null":
		return func(r *record) bool { return get(r) == nil }
	case "is not null":
		return func(r *record) bool { return get(r) != nil }
	case "like", "not like":
		re := likePattern(c.values[0])
		want := c.op == "like"
		return func(r *record) bool { v := get(r); return re.MatchString(plain(v)) == want && (v != nil || !want) }
	case "between", "not between":
		want := c.op == "between"
		return func(r *record) bool {
			v := get(r)
			return v != nil && (cmp(v, c.values[0]) >= 0 && cmp(v, c.values[1]) <= 0) == want
		}
	}
	return func(r *record) bool {
		v := get(r)
		if v == nil {
			return false
		}
		at := cmp(v, c.values[0])
		switch c.op {
		case ">":
			return at > 0
		case ">=":
			return at >= 0
		case "<":
			return at < 0
		}
		return at <= 0
	}
}

func compareIDs(a, z string) int {
	n, _ := parseID(a)
	m, _ := parseID(z)
	switch {
	case n < m:
		return -1
	case n > m:
		return 1
	}
	return 0
}

func likePattern(s string) *regexp.Regexp {
	parts := strings.Split(s, "%")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("(?is)^" + strings.Join(parts, ".*") + "$")
}

// rows finds, orders and cuts.
func (run *coqlRun) rows() ([]any, bool) {
	q := run.q
	if run.counts || len(run.group) > 0 {
		rows := run.aggregate()
		from := min(q.offset, len(rows))
		to := min(from+q.limit, len(rows))
		return rows[from:to], to < len(rows)
	}
	hits, ordered := run.candidates()
	if !ordered {
		run.sort(hits)
	}
	from := min(q.offset, len(hits))
	to := min(from+q.limit, len(hits))
	out := make([]any, 0, to-from)
	for _, r := range hits[from:to] {
		o := object{"id": r.sid()}
		for i, col := range q.columns {
			o[col.key()] = run.b.coqlValue(run.cols[i], r, run.c)
		}
		out = append(out, o)
	}
	return out, to < len(hits)
}

func (run *coqlRun) sort(hits []*record) {
	slices.SortStableFunc(hits, func(x, y *record) int {
		for i, a := range run.order {
			if d := run.compareBy(a, x, y); d != 0 {
				if run.q.order[i].desc {
					return -d
				}
				return d
			}
		}
		return compareIDs(x.sid(), y.sid())
	})
}

func (run *coqlRun) compareBy(a access, x, y *record) int {
	if a.path == "id" {
		return compareIDs(x.sid(), y.sid())
	}
	return compareStored(run.b.stored(a, x), run.b.stored(a, y))
}

// meta describes the selected columns when include_meta asks for fields.
func (run *coqlRun) meta() object {
	out := object{}
	for i, col := range run.q.columns {
		at := run.cols[i].last()
		out[col.path] = run.b.renderField(at.m, at.f, run.c.user, i+1)
	}
	return out
}
