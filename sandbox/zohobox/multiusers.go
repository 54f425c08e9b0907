package zohobox

import (
	"bytes"
	"fmt"
	"slices"
)

// A field that looks up several users is kept as rows: each has an id of its own
// and the id of the user. It is written like a subform, and like one it comes with
// a record read by its id only (section 4.1).
const (
	multiUsers  = "multiuserlookup"
	multiTarget = "to"
)

// inLists reports whether lists, searches and queries can show a field.
func (f *field) inLists() bool { return !f.isRows() && f.Type != multiUsers }

// setMulti takes over rows of users: rows without an id are added, those with
// one are changed.
func (d *draft) setMulti(rd reader, f *field, v any) {
	d.setRows(f, v, func(rows []any, o object, row int, at string) []any {
		target, fail := rd.readOwner(f, o[f.Name], at+"."+f.Name)
		switch {
		case o[f.Name] == nil:
			d.fail(missing(f.Name, at))
		case fail != nil:
			d.fail(fail)
		case row >= 0:
			rows[row] = object{"id": text(o["id"]), multiTarget: target}
		case slices.ContainsFunc(rows, func(r any) bool { return asObject(r)[multiTarget] == target }):
			d.fail(&failure{code: "DUPLICATE_LINKING_DATA", message: "duplicate linking data", details: object{"api_name": f.Name, "json_path": at + "." + f.Name}})
		default:
			rows = append(rows, object{"id": formatID(rd.b.ids.record()), multiTarget: target})
		}
		return rows
	})
}

// setRows takes over a value that is a list of rows with ids: put adds a row, or
// changes the one at its place (-1: a new one); rows with _delete are taken away,
// the rest stays, and an empty list takes all away (section 4.3).
func (d *draft) setRows(f *field, v any, put func(rows []any, o object, row int, at string) []any) {
	path := d.path + "." + f.Name
	sent, isList := v.([]any)
	if v != nil && !isList {
		d.fail(invalidAt(f.Name, path, object{"expected_data_type": "jsonarray"}))
		return
	}
	rows := slices.Clone(list(d.rec.vals[f.Name]))
	if len(sent) == 0 {
		rows = nil
	}
	for i, one := range sent {
		at := fmt.Sprintf("%s[%d]", path, i)
		o, isObject := one.(object)
		if !isObject {
			d.fail(invalidAt(f.Name, at, object{"expected_data_type": "jsonobject"}))
			continue
		}
		row := -1
		if id := text(o["id"]); id != "" {
			row = slices.IndexFunc(rows, func(r any) bool { return asObject(r)["id"] == id })
			if row < 0 {
				d.fail(&failure{code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"api_name": "id", "json_path": at + ".id"}})
				continue
			}
			if _, gone := o["_delete"]; gone {
				rows = slices.Delete(rows, row, row+1)
				continue
			}
		}
		rows = put(rows, o, row, at)
	}
	d.note(f.Name, !bytes.Equal(appendJSON(nil, rows), appendJSON(nil, list(d.rec.vals[f.Name]))))
	d.rec.vals[f.Name] = rows
	if len(rows) == 0 {
		delete(d.rec.vals, f.Name)
	}
}

// multiRows shows the users of a field.
func (b *Box) multiRows(f *field, v any) []any {
	out := []any{}
	for _, row := range list(v) {
		o := asObject(row)
		target := b.userByID(text(o[multiTarget])).ownerRef()
		if target != nil {
			out = append(out, object{"id": o["id"], f.Name: target})
		}
	}
	return out
}

// multiCopy is such a field as a client would send it with a new record.
func multiCopy(f *field, v any) []any {
	out := []any{}
	for _, row := range list(v) {
		out = append(out, object{f.Name: object{"id": asObject(row)[multiTarget]}})
	}
	return out
}
