package zohobox

import "regexp"

// aliasPattern is what a column may be called. The vendor's pages name the
// refusals and not the rule; letters, digits and underscores are what its
// examples use (section 5.3). An empty alias has a code of its own.
var aliasPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// alias reads what follows "as".
func (p *parser) alias(col *selected) *failure {
	if p.i >= len(p.toks) || p.toks[p.i].kind == 'p' {
		return syntaxError(p.peek())
	}
	col.alias = p.toks[p.i].text
	p.i++
	if !aliasPattern.MatchString(col.alias) {
		at := object{"alias": col.alias, "column_name": col.path}
		if col.alias == "" {
			return &failure{status: 400, code: "INVALID_ALIAS", message: "alias given seems to be invalid", details: at}
		}
		return &failure{status: 400, code: "INVALID_QUERY", message: "alias given seems to be invalid", details: at}
	}
	return nil
}

// key is the name under which a column comes back.
func (s selected) key() string {
	switch {
	case s.alias != "":
		return s.alias
	case s.fn != "":
		return s.fn + "(" + s.path + ")"
	}
	return s.path
}

// checkAliases refuses an alias under which two columns would come back.
func (q *query) checkAliases() *failure {
	by := map[string][]any{}
	if q.aggregates() == 0 && len(q.group) == 0 {
		by["id"] = []any{"id"} // it comes back unasked
	}
	for _, col := range q.columns {
		if col.alias == "" && col.path == "id" && col.fn == "" {
			by["id"] = nil
		}
		by[col.key()] = append(by[col.key()], col.path)
	}
	for _, col := range q.columns {
		if col.alias != "" && len(by[col.alias]) > 1 {
			return &failure{status: 400, code: "DUPLICATE_ALIAS", message: "alias is used more than once", details: object{"alias": col.alias, "referred_columns": by[col.alias]}}
		}
	}
	return nil
}

// aliased finds the selected column that an order by names by its alias.
func (q *query) aliased(name string) int {
	for i, col := range q.columns {
		if col.alias != "" && col.alias == name {
			return i
		}
	}
	return -1
}
