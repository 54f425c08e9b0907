package zohobox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// readRows applies the subform rules to the lines of a document (section 6):
// rows with an id are updated, rows without are appended, rows left out are
// kept, an empty list deletes all, _delete removes one.
func (b *Box) readRows(d *draft) {
	lm := b.module[d.m.lines]
	if d.old != nil {
		for _, id := range d.old.lines {
			if r := lm.table.get(id); r != nil {
				d.rows = append(d.rows, r)
			}
		}
	}
	path := d.path + "." + d.m.lines
	v, given := d.obj[d.m.lines]
	if given && d.layout != nil && d.c.batch.person == "" && !d.layout.has(d.m.lines) {
		given = false
	}
	if !given || v == nil {
		if d.old == nil {
			d.fail(&failure{code: "MANDATORY_NOT_FOUND", message: "required field not found", details: object{"api_name": d.m.lines, "json_path": path}})
		}
		return
	}
	sent, isList := v.([]any)
	switch {
	case !isList:
		d.fail(invalidAt(d.m.lines, path, object{"expected_data_type": "jsonarray"}))
		return
	case len(sent) == 0:
		if d.old == nil {
			d.fail(&failure{code: "MANDATORY_NOT_FOUND", message: "required field not found", details: object{"api_name": d.m.lines, "json_path": path}})
			return
		}
		for _, r := range d.rows {
			d.dropped = append(d.dropped, r.id)
		}
		d.rows = nil
		d.note(d.m.lines, true)
		return
	}
	d.note(d.m.lines, true)
	named := map[int64]bool{}
	for i, row := range sent {
		b.readRow(d, lm, row, fmt.Sprintf("%s[%d]", path, i), named)
	}
	if b.opt.Dials.RowsReplaced.is(false) {
		d.rows = slices.DeleteFunc(d.rows, func(r *record) bool {
			left := r.id != 0 && !named[r.id]
			if left {
				d.dropped = append(d.dropped, r.id)
			}
			return left
		})
	}
}

// sortRows puts rows into the order of their sequence numbers; those without one
// follow, in the order they came (section 7.2).
func sortRows(rows []*record) {
	slices.SortStableFunc(rows, func(x, y *record) int {
		a, z := text(x.vals["Sequence_Number"]), text(y.vals["Sequence_Number"])
		switch {
		case a == "" && z == "":
			return 0
		case a == "":
			return 1
		case z == "":
			return -1
		}
		return compareIDs(a, z)
	})
}

func (b *Box) readRow(d *draft, lm *module, v any, path string, named map[int64]bool) {
	o, isObject := v.(object)
	if !isObject {
		d.fail(invalidAt(d.m.lines, path, object{"expected_data_type": "jsonobject"}))
		return
	}
	now := b.now()
	id, hasID := o["id"]
	if !hasID || id == nil {
		row := &record{vals: map[string]any{}, created: now, modified: now, createdBy: d.c.user.ID, modifiedBy: d.c.user.ID}
		b.fillRow(d, lm, row, o, path)
		d.rows = append(d.rows, row)
		return
	}
	n, _ := parseID(text(id))
	at := slices.IndexFunc(d.rows, func(r *record) bool { return r.id == n && n != 0 })
	if at < 0 {
		d.fail(&failure{code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"api_name": "id", "json_path": path + ".id"}})
		return
	}
	named[n] = true
	if _, gone := o["_delete"]; gone {
		d.dropped = append(d.dropped, n)
		d.rows = slices.Delete(slices.Clone(d.rows), at, at+1)
		return
	}
	row := d.rows[at].clone()
	row.modified, row.modifiedBy = now, d.c.user.ID
	b.fillRow(d, lm, row, o, path)
	d.rows = slices.Clone(d.rows)
	d.rows[at] = row
}

func (b *Box) fillRow(d *draft, lm *module, row *record, o object, path string) {
	rd := reader{b: b, c: d.c, m: lm}
	for _, f := range lm.fields {
		v, given := o[f.Name]
		if !given || f.ReadOnly || f.Name == "id" || !b.visibleField(f, nil) {
			continue
		}
		switch {
		case f.Type == "linetax":
			taxes, fail := b.readTaxes(v, path+".Line_Tax")
			d.fail(fail)
			if fail == nil {
				row.vals[f.Name] = taxes
			}
		case f.Name == "Discount" && isPercent(v) && b.opt.Dials.PercentDiscount.is(false):
			row.vals["$discount_percent"] = strings.TrimSuffix(text(v), "%")
		default:
			stored, fail := rd.read(f, v, path+"."+f.Name)
			d.fail(fail)
			if fail == nil {
				row.vals[f.Name] = stored
			}
			if f.Name == "Discount" {
				delete(row.vals, "$discount_percent")
			}
		}
	}
	if row.vals["Product_Name"] == nil && !given(o, "Product_Name") {
		d.fail(missing("Product_Name", path))
	}
	if row.vals["Quantity"] == nil && !given(o, "Quantity") {
		d.fail(missing("Quantity", path))
	}
	b.priceByBook(row, o)
	if row.vals["List_Price"] == nil && row.vals["Product_Name"] != nil {
		row.vals["List_Price"] = b.unitPrice(text(row.vals["Product_Name"]))
	}
}

// given reports whether a mandatory cell of a row was sent, however wrongly:
// then the wrong value is the error, not its absence.
func given(o object, name string) bool {
	v, has := o[name]
	return has && v != nil
}

func isPercent(v any) bool { return strings.HasSuffix(text(v), "%") }

// unitPrice is what a line without a price falls back to (section 7.2).
func (b *Box) unitPrice(productID string) any {
	n, _ := parseID(productID)
	if p := b.module["Products"].table.get(n); p != nil && p.vals["Unit_Price"] != nil {
		return p.vals["Unit_Price"]
	}
	return json.Number("0")
}

// readTaxes reads Line_Tax or $line_tax: name and percentage, or the id of a
// tax of the organisation (section 7.2).
func (b *Box) readTaxes(v any, path string) ([]any, *failure) {
	if v == nil {
		return []any{}, nil
	}
	rows, isList := v.([]any)
	if !isList {
		return nil, invalidAt("Line_Tax", path, object{"expected_data_type": "jsonarray"})
	}
	out := []any{}
	for i, row := range rows {
		o, isObject := row.(object)
		at := fmt.Sprintf("%s[%d]", path, i)
		if !isObject {
			return nil, invalidAt("Line_Tax", at, object{"expected_data_type": "jsonobject"})
		}
		t := b.taxByID(text(o["id"]))
		name, rate := text(o["name"]), o["percentage"]
		if t != nil {
			if name == "" {
				name = t.Name
			}
			if rate == nil {
				rate = json.Number(t.Value)
			}
		}
		n, isNumber := rate.(json.Number)
		if name == "" || !isNumber {
			return nil, &failure{code: "MANDATORY_NOT_FOUND", message: "required field not found", details: object{"api_name": "percentage", "json_path": at + ".percentage"}}
		}
		pct, err := decimal.NewFromString(n.String())
		if err != nil || pct.IsNegative() || len(n) > 20 || pct.Exponent() > 5 {
			return nil, invalidAt("percentage", at+".percentage", object{"expected_data_type": "double"})
		}
		id := text(o["id"])
		if known := b.taxNamed(name); t == nil && known != nil {
			id = known.ID
		} else if t == nil {
			id = ""
		}
		out = append(out, object{"name": name, "display_name": name, "percentage": numeral(pct), "id": orNil(id)})
	}
	return out, nil
}
