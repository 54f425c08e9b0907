package zohobox

import (
	"strings"
)

// externalHeader reads X-EXTERNAL for the module addressed by the path: a value
// such as "Contacts.QBO_Id" lets the path and ids carry the external value
// (section 6).
func (b *Box) externalHeader(c *call) *field {
	if c.r == nil { // a person at the screens
		return nil
	}
	for _, h := range splitFields(c.r.Header.Get("X-EXTERNAL")) {
		parts := strings.Split(h, ".")
		if len(parts) != 2 || !equalFold(parts[0], c.mod.name) {
			continue
		}
		if f := c.mod.field(parts[1]); f != nil && f.External != "" {
			return f
		}
	}
	return nil
}

// byIDOrExternal finds a live record by what the path or ids say.
func (b *Box) byIDOrExternal(c *call, s string) *record {
	if f := b.externalHeader(c); f != nil {
		return b.byExternal(c.mod, f, s, c.user)
	}
	id, valid := parseID(s)
	if !valid {
		return nil
	}
	return c.mod.table.get(id)
}

func (b *Box) byExternal(m *module, f *field, value string, u *user) *record {
	for _, id := range m.table.holding(f.Name, value) {
		r := m.table.get(id)
		if f.External != "user" || text(r.vals[externalOwner(f)]) == u.ID {
			return r
		}
	}
	return nil
}

// recordAt reads the record of a path; an id that is no number is refused.
func (b *Box) recordAt(c *call, s string, index int) (*record, *failure) {
	if b.externalHeader(c) == nil {
		if _, valid := parseID(s); !valid {
			return nil, &failure{status: 400, code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"resource_path_index": index}}
		}
	}
	return b.byIDOrExternal(c, s), nil
}

// getRecord answers GET /{module}/{id} (section 4.2).
func (b *Box) getRecord(c *call) answer {
	r, f := b.recordAt(c, c.path[1], 1)
	if f != nil {
		return f.answer()
	}
	if r == nil {
		if b.opt.Dials.UnknownIDStatus == 400 {
			return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 1})
		}
		return noContent()
	}
	if c.mod.isLine() {
		return ok(object{"data": []any{b.project(c.mod, r, allColumns(c.mod), c)}})
	}
	return ok(object{"data": []any{b.firstPage(b.whole(c.mod, r, c))}})
}

func allColumns(m *module) []column {
	var cols []column
	for _, f := range m.fields {
		if f.inLists() {
			cols = append(cols, column{name: f.Name, f: f})
		}
	}
	return cols
}
