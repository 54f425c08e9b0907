package zohobox

import (
	"fmt"
	"slices"
	"strconv"
)

// A custom subform is a table inside the records of a module: its rows are
// records of a module of their own, like the lines of documents, and follow the
// same rules of update (sections 4.7 and 6). Only the screens make one; the API
// reads and writes its rows.

// subformRows is how many rows a record may have in a custom subform.
const subformRows = 100

const subformFields = `
id bigint:18 ro
Created_Time datetime ro
Modified_Time datetime ro
`

// isCustomSubform reports whether a field is a subform that people made.
func (f *field) isCustomSubform() bool { return f.Custom && f.Type == "subform" }

func customSubforms(m *module) (n int) {
	for _, f := range m.fields {
		if f.isCustomSubform() {
			n++
		}
	}
	return n
}

// createSubform is what an administrator does on a module's layout. Data names
// field_label and fields, the columns, as for POST /settings/fields.
func (b *Box) createSubform(m *module, data object) (*field, error) {
	label := text(data["field_label"])
	most := b.edition().subforms
	switch {
	case most == 0:
		return nil, told(unsupported())
	case m.isLine():
		return nil, fmt.Errorf("rows have no subforms of their own")
	case label == "":
		return nil, fmt.Errorf("a subform has a label")
	case slices.ContainsFunc(m.fields, func(f *field) bool { return equalFold(f.Label, label) }):
		return nil, fmt.Errorf("there is a field %q already", label)
	case customSubforms(m) >= most:
		return nil, told(&failure{code: "LIMIT_EXCEEDED", message: "the limit of subforms is exceeded", details: object{"limit": most}})
	case len(list(data["fields"])) == 0:
		return nil, fmt.Errorf("a subform has columns")
	}
	f := &field{ID: b.ids.meta(), Name: m.freeName(label), Label: label, Type: "subform", Custom: true}
	name := f.Name
	for n := 1; b.nameTaken(name); n++ {
		name = f.Name + strconv.Itoa(n)
	}
	rows := b.newModule(moduleSpec{name: name, kind: "subform", singular: label, plural: label, internal: name, parent: m.name, scope: m.scope, fields: subformFields})
	for i, o := range list(data["fields"]) {
		if _, fail := b.createField(rows, asObject(o), fmt.Sprintf("$.fields[%d]", i)); fail != nil {
			b.modules = slices.DeleteFunc(b.modules, func(x *module) bool { return x == rows })
			delete(b.module, name)
			b.drop("module", name)
			return nil, told(fail)
		}
	}
	f.Lookup = rows.name
	m.addField(f)
	if l := m.standard(); l != nil {
		l.Sections = append(slices.Clone(l.Sections), &section{ID: b.ids.meta(), Name: label, Fields: []string{f.Name}})
		l.Modified = b.now()
		b.save("layout", l.ID, l)
	}
	b.saveModule(rows)
	b.saveModule(m)
	return f, nil
}

// rowChange is what a write does to the rows of a custom subform.
type rowChange struct {
	rows    *module
	put     []*record
	dropped []int64
}

func (b *Box) subformRecords(f *field, r *record) []*record {
	lm := b.module[f.Lookup]
	if lm == nil || r == nil {
		return nil
	}
	var out []*record
	for _, id := range lm.table.holding("Parent_Id", r.sid()) {
		out = append(out, lm.table.get(id))
	}
	return out
}

// readSubforms reads the rows that are sent for custom subforms: with an id they
// change, without they are added, left out they stay, an empty list takes all
// away, _delete one.
func (b *Box) readSubforms(d *draft) {
	for _, f := range d.m.fields {
		v, sent := d.obj[f.Name]
		if !f.isCustomSubform() || !sent || b.module[f.Lookup] == nil || d.layout != nil && !d.layout.has(f.Name) {
			continue
		}
		path := d.path + "." + f.Name
		rows, isList := v.([]any)
		if !isList && v != nil {
			d.fail(invalidAt(f.Name, path, object{"expected_data_type": "jsonarray"}))
			continue
		}
		now := b.subformRecords(f, d.old)
		change := rowChange{rows: b.module[f.Lookup]}
		if len(rows) == 0 {
			for _, r := range now {
				change.dropped = append(change.dropped, r.id)
			}
		}
		for i, row := range rows {
			b.readSubformRow(d, f, &change, now, row, fmt.Sprintf("%s[%d]", path, i))
		}
		added := 0
		for _, r := range change.put {
			if r.id == 0 {
				added++
			}
		}
		if len(now)-len(change.dropped)+added > subformRows {
			d.fail(&failure{code: "LIMIT_EXCEEDED", message: "the limit of rows in a subform is exceeded", details: object{"limit": subformRows, "api_name": f.Name, "json_path": path}})
		}
		d.note(f.Name, true)
		d.subforms = append(d.subforms, change)
	}
}

func (b *Box) readSubformRow(d *draft, f *field, change *rowChange, now []*record, v any, path string) {
	o, isObject := v.(object)
	if !isObject {
		d.fail(invalidAt(f.Name, path, object{"expected_data_type": "jsonobject"}))
		return
	}
	at := b.now()
	row := &record{vals: map[string]any{}, created: at, modified: at, createdBy: d.c.user.ID, modifiedBy: d.c.user.ID}
	if id := o["id"]; id != nil {
		n, _ := parseID(text(id))
		i := slices.IndexFunc(now, func(r *record) bool { return r.id == n && n != 0 })
		if i < 0 {
			d.fail(invalidAt("id", path+".id", nil))
			return
		}
		if _, gone := o["_delete"]; gone {
			change.dropped = append(change.dropped, n)
			return
		}
		row = now[i].clone()
		row.modified, row.modifiedBy = at, d.c.user.ID
	}
	rd := reader{b: b, c: d.c, m: change.rows, obj: o}
	for _, column := range change.rows.fields {
		v, given := o[column.Name]
		if !given || column.ReadOnly || column.Name == "id" || !b.visibleField(column, nil) {
			continue
		}
		stored, fail := rd.read(column, v, path+"."+column.Name)
		d.fail(fail)
		if row.vals[column.Name] = stored; stored == nil {
			delete(row.vals, column.Name)
		}
	}
	change.put = append(change.put, row)
}

// commitSubforms stores what readSubforms found.
func (b *Box) commitSubforms(d *draft) {
	for _, change := range d.subforms {
		for _, row := range change.put {
			if row.id == 0 {
				row.id = b.ids.record()
			}
			row.parent = d.rec.id
			b.put(change.rows, row)
		}
		for _, id := range change.dropped {
			change.rows.table.remove(id)
			b.dropRecord(change.rows, id)
		}
	}
}

// showSubforms puts the rows of the custom subforms on a record that is read.
func (b *Box) showSubforms(m *module, r *record, c *call, o object) {
	for _, f := range m.fields {
		if !f.isCustomSubform() || !b.visibleField(f, c.user) {
			continue
		}
		lm, rows := b.module[f.Lookup], []any{}
		for _, row := range b.subformRecords(f, r) {
			one := object{"$has_more": object{}}
			for _, column := range lm.fields {
				if b.visibleField(column, c.user) {
					one[column.Name] = b.wire(lm, row, column, c)
				}
			}
			rows = append(rows, one)
		}
		more := object{f.Name: false}
		for name, v := range asObject(o["$has_more"]) {
			more[name] = v
		}
		o[f.Name], o["$has_more"] = rows, more
	}
}

// copySubforms puts the rows on a copy of a record.
func (b *Box) copySubforms(m *module, r *record, o object) {
	for _, f := range m.fields {
		if !f.isCustomSubform() {
			continue
		}
		rows := []any{}
		for _, row := range b.subformRecords(f, r) {
			rows = append(rows, b.copyOf(b.module[f.Lookup], row))
		}
		if len(rows) > 0 {
			o[f.Name] = rows
		}
	}
}

// burySubforms lets the rows follow their record into the recycle bin.
func (b *Box) burySubforms(m *module, r *record) {
	for _, f := range m.fields {
		if !f.isCustomSubform() {
			continue
		}
		lm := b.module[f.Lookup]
		for _, row := range b.subformRecords(f, r) {
			lm.table.remove(row.id)
			lm.bin[row.id] = row
			b.saveRecord(lm, row)
		}
	}
}

// eachBinnedRow visits the rows in the bin that belong to a record.
func (b *Box) eachBinnedRow(m *module, id int64, visit func(*module, *record)) {
	for _, f := range m.fields {
		if !f.isCustomSubform() {
			continue
		}
		lm := b.module[f.Lookup]
		var rows []*record
		for _, row := range lm.bin {
			if row.parent == id {
				rows = append(rows, row)
			}
		}
		slices.SortFunc(rows, func(x, y *record) int { return int(x.id - y.id) })
		for _, row := range rows {
			delete(lm.bin, row.id)
			visit(lm, row)
		}
	}
}

// endSubform takes a custom subform away with its rows.
func (b *Box) endSubform(f *field) {
	lm := b.module[f.Lookup]
	for _, id := range b.idsOf(lm) {
		lm.table.remove(id)
		b.dropRecord(lm, id)
	}
	for id := range lm.bin {
		delete(lm.bin, id)
		b.dropRecord(lm, id)
	}
	b.endModule(lm)
}
