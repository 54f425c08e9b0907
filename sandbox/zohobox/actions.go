package zohobox

import (
	"net/http"
	"slices"
)

// findAction finds /{module}/actions/x and /{module}/{id}/actions/x.
func (b *Box) findAction(c *call, pattern string, scope func(string) []string) (route, answer) {
	rest := c.path[1:]
	one := rest[0] != "actions"
	if one {
		pattern += "/{id}"
	}
	name := rest[len(rest)-1]
	pattern += "/actions/" + name
	post := func(rt route) (route, answer) { return method(c, pattern, rt, http.MethodPost) }
	switch {
	case name == "fetch_full_data":
		return method(c, pattern, route{run: b.fetchFullData, kind: kindRead, scopes: scope("READ")}, http.MethodGet)
	case name == "add_tags" || name == "remove_tags":
		return post(route{run: b.changeTags, kind: kindWrite, scopes: scope("UPDATE"), body: true, credits: tagCredits})
	case one && name == "clone":
		return post(route{run: b.cloneRecord, kind: kindWrite, scopes: scope("CREATE")})
	case one && name == "convert":
		return post(route{run: b.convertRecord, kind: kindWrite, scopes: scope("CREATE"), body: true, credits: convertCredits})
	case one && name == "change_owner":
		return post(route{run: b.changeOwner, kind: kindWrite, scopes: []string{"ZohoCRM.change_owner.CREATE"}, body: true})
	case one && name == "merge":
		return post(route{run: b.postMerge, kind: kindWrite, scopes: scope("UPDATE"), body: true})
	case one && name == "get_related_records_count":
		return post(route{run: b.countRelated, kind: kindRead, scopes: scope("READ"), body: true})
	case !one && name == "count":
		return method(c, pattern, route{run: b.countRecords, kind: kindRead, scopes: append(scope("READ"), "ZohoSearch.securesearch.READ")}, http.MethodGet)
	case !one && name == "mass_update":
		return methods(c, pattern, map[string]route{
			http.MethodGet:  {run: b.getMassUpdate, kind: kindRead, scopes: scope("READ")},
			http.MethodPost: {run: b.massUpdate, kind: kindWrite, scopes: scope("UPDATE"), body: true},
		})
	}
	return none(c)
}

// addressed reads the record of the path for a change of it.
func (b *Box) addressed(c *call) (*record, *failure) {
	r, f := b.recordAt(c, c.path[1], 1)
	if f == nil && r == nil {
		f = &failure{status: 400, code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"resource_path_index": 1}}
	}
	return r, f
}

// notCopied are the kinds of fields a clone leaves out (section 6).
var notCopied = map[string]bool{"profileimage": true, "imageupload": true, "fileupload": true, "subform": true, "layout": true, "tag": true, "autonumber": true}

// copyOf is a record as a client would send it to make another one like it.
func (b *Box) copyOf(m *module, r *record) object {
	o := object{}
	for _, f := range m.fields {
		v := r.value(f.Name)
		if v == nil || f.ReadOnly || f.External != "" || notCopied[f.Type] || f.Name == "Parent_Id" || !b.visibleField(f, nil) {
			continue
		}
		switch {
		case f.isLookup():
			v = object{"id": v}
		case f.Type == multiUsers:
			v = multiCopy(f, v)
		}
		o[f.Name] = v
	}
	b.copySubforms(m, r, o)
	if m.lines == "" {
		return o
	}
	o["$line_tax"] = listOrEmpty(r.vals["$line_tax"])
	o[m.lines] = b.copyOfRows(m, r)
	return o
}

func (b *Box) copyOfRows(m *module, r *record) []any {
	lm := b.module[m.lines]
	rows := []any{}
	for _, id := range r.lines {
		row := lm.table.get(id)
		if row == nil {
			continue
		}
		o := b.copyOf(lm, row)
		delete(o, "Currency")
		delete(o, "Exchange_Rate")
		rows = append(rows, o)
	}
	return rows
}

// cloneRecord answers POST /{module}/{id}/actions/clone (section 6): everything
// but read-only, external, file and image fields; what is sent goes over it.
func (b *Box) cloneRecord(c *call) answer {
	r, f := b.addressed(c)
	if f != nil {
		return f.answer()
	}
	if c.mod.isLine() {
		return refuse(400, "NOT_SUPPORTED", "rows are cloned with their document", object{"resource_path_index": 0})
	}
	o := b.copyOf(c.mod, r)
	if rows := list(c.body["data"]); len(rows) > 0 {
		over, _ := rows[0].(object)
		for k, v := range over {
			o[k] = v
		}
	}
	c.batch.readTrigger(c.body)
	return b.writeRows([]any{o}, http.StatusCreated, func(path string, o object) (object, *failure) {
		n, f := b.insert(c, c.mod, o, path)
		if f != nil {
			return nil, f
		}
		return success(b.resultOf(c, n, o), "record added"), nil
	})
}

// fetchFullData answers .../actions/fetch_full_data (section 4.1): long texts
// that lists cut come whole.
func (b *Box) fetchFullData(c *call) answer {
	ids := []string{c.path[1]}
	if c.path[1] == "actions" {
		if ids = splitFields(c.param("ids")); len(ids) == 0 {
			return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
		}
	}
	if len(ids) > writeMax {
		return refuse(400, "LIMIT_EXCEEDED", "the number of ids has exceeded the limit", object{"limit": writeMax, "param_name": "ids"})
	}
	c.full = true
	cols := longColumns(c.mod)
	if c.param("fields") != "" {
		var f *failure
		if cols, f = b.columns(c, c.mod); f != nil {
			return f.answer()
		}
	}
	var out []any
	for _, s := range ids {
		if r := b.byIDOrExternal(c, s); r != nil {
			out = append(out, b.project(c.mod, r, cols, c))
		}
	}
	if len(out) == 0 {
		return noContent()
	}
	return ok(object{"data": out})
}

// longColumns are the fields whose text a list may cut.
func longColumns(m *module) []column {
	return slices.DeleteFunc(allColumns(m), func(col column) bool { return col.f.Type != "textarea" || col.f.Length <= richListMax })
}

// richListMax is how much of a rich text a list shows (section 4.1).
const richListMax = 500
