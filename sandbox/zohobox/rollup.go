package zohobox

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// rollup is what a roll-up summary reckons over the records of a related list
// (section 4.7). Nobody writes such a field; it follows the records below.
type rollup struct {
	Function string `json:"function"`
	Param    string `json:"param"` // the field that is summed up; none for COUNT
	List     string `json:"list"`
	Module   string `json:"module"` // of the records below
	Field    string `json:"field"`  // their look-up that leads here
	Criteria object `json:"criteria"`
	Returns  string `json:"returns"`
}

const rollupType = "rollup_summary"

var rollupFunctions = []string{"SUM", "COUNT", "AVG", "MIN", "MAX"}

// summary is a roll-up field with its module.
type summary struct {
	m *module
	f *field
}

// readRollup reads rollup_summary of a field that is created.
func (b *Box) readRollup(m *module, f *field, o object, path string) *failure {
	if f.Type != rollupType {
		return nil
	}
	asked, given := o[rollupType].(object)
	at := path + "." + rollupType
	if !given {
		return &failure{code: "EXPECTED_DEPENDENT_FIELD_MISSING", message: "the fields that this data type needs are missing", details: object{
			"expected_fields": []any{object{"api_name": rollupType, "json_path": at}}, "dependee": object{"api_name": "data_type", "json_path": path + ".data_type"},
		}}
	}
	expression := asObject(asked["expression"])
	r := &rollup{Function: text(expression["function"]), List: text(asObject(asked["related_list"])["api_name"]), Module: text(asObject(asked["based_on_module"])["api_name"]), Returns: text(asked["return_type"])}
	switch {
	case r.Function == "":
		return missing("function", at+".expression")
	case !slices.Contains(rollupFunctions, r.Function):
		return invalidAt("function", at+".expression.function", object{"supported_values": anySlice(rollupFunctions)})
	case r.List == "":
		return missing("api_name", at+".related_list")
	case m.isLine():
		return &failure{code: "NOT_SUPPORTED", message: "rows have no roll-up summaries", details: object{"api_name": "data_type", "json_path": path + ".data_type"}}
	}
	rl := b.related(m, r.List)
	if rl == nil || rl.field == "" || rl.mirror != "" {
		return invalidAt("api_name", at+".related_list.api_name", nil)
	}
	if r.Module != "" && r.Module != rl.module.name {
		return invalidAt("api_name", at+".based_on_module.api_name", nil)
	}
	r.Module, r.Field = rl.module.name, rl.field
	if fail := b.readRollupParam(rl.module, r, f, expression, at+".expression"); fail != nil {
		return fail
	}
	f.Rollup, f.ReadOnly, f.Length = r, true, 16
	switch {
	case r.Returns == "" && r.Function == "COUNT":
		r.Returns = "integer"
	case r.Returns == "":
		r.Returns = "double"
	case !slices.Contains([]string{"currency", "double", "integer"}, r.Returns):
		return invalidAt("return_type", at+".return_type", object{"supported_values": []any{"currency", "double", "integer"}})
	}
	if f.Decimals = 2; r.Returns == "integer" {
		f.Decimals = 0
	}
	if r.Function == "COUNT" || r.Function == "SUM" {
		f.Default = json.Number("0")
	}
	return nil
}

// readRollupParam reads what is reckoned, and which records count.
func (b *Box) readRollupParam(below *module, r *rollup, _ *field, expression object, at string) *failure {
	params := list(expression["function_parameters"])
	if r.Function != "COUNT" {
		if len(params) == 0 {
			return missing("function_parameters", at)
		}
		r.Param = text(asObject(params[0])["api_name"])
		f := below.field(r.Param)
		if f == nil || !f.numeric() || f.Type == rollupType {
			return invalidAt("api_name", at+".function_parameters[0].api_name", nil)
		}
	}
	if r.Criteria, _ = expression["criteria"].(object); r.Criteria != nil {
		if _, fail := b.rollupMatch(below, r); fail != nil {
			return invalidAt("criteria", at+".criteria", nil)
		}
	}
	return nil
}

func (b *Box) rollupMatch(below *module, r *rollup) (func(*record) bool, *failure) {
	if r.Criteria == nil {
		return func(*record) bool { return true }, nil
	}
	o := r.Criteria
	if op := text(o["group_operator"]); op != "" {
		o = object{"group_operator": strings.ToLower(op), "group": o["group"]}
	}
	cond, fail := bulkCondition(o)
	if fail != nil {
		return nil, fail
	}
	return (&coqlRun{b: b, c: &call{b: b, user: b.superAdmin()}, m: below}).compile(cond)
}

// followRollups notes which fields sum up the records of which module.
func (b *Box) followRollups() {
	b.rollups = map[string][]summary{}
	for _, m := range b.modules {
		for _, f := range m.fields {
			if f.Rollup != nil {
				b.rollups[f.Rollup.Module] = append(b.rollups[f.Rollup.Module], summary{m, f})
			}
		}
	}
}

// summariseAll reckons a field that is new for the records that exist.
func (b *Box) summariseAll(m *module, f *field) {
	for _, id := range b.idsOf(m) {
		b.summarise(m, f, id)
	}
}

// rollUp reckons anew what depends on a record that was stored or went away: the
// summaries of what it hangs below now, and of what it hung below before.
func (b *Box) rollUp(m *module, old, now *record) {
	for _, s := range b.rollups[m.name] {
		above := map[string]bool{}
		for _, r := range []*record{old, now} {
			if r != nil {
				above[text(r.value(s.f.Rollup.Field))] = true
			}
		}
		for _, sid := range sortedKeys(above) {
			if id, valid := parseID(sid); valid {
				b.summarise(s.m, s.f, id)
			}
		}
	}
}

// summarise reckons one field of one record. Nobody modified it by that.
func (b *Box) summarise(m *module, f *field, id int64) {
	r := m.table.get(id)
	below := b.module[f.Rollup.Module]
	if r == nil || below == nil {
		return
	}
	match, fail := b.rollupMatch(below, f.Rollup)
	if fail != nil { // a field of the criteria went away
		return
	}
	var values []decimal.Decimal
	for _, child := range below.table.holding(f.Rollup.Field, r.sid()) {
		c := below.table.get(child)
		switch {
		case !match(c):
		case f.Rollup.Function == "COUNT":
			values = append(values, decimal.NewFromInt(1))
		case c.value(f.Rollup.Param) != nil:
			values = append(values, number(c.value(f.Rollup.Param)))
		}
	}
	v := f.Rollup.of(values, f.Decimals)
	if indexKey(v) == indexKey(r.vals[f.Name]) {
		return
	}
	n := r.clone()
	n.vals[f.Name] = v
	if v == nil {
		delete(n.vals, f.Name)
	}
	b.put(m, n)
}

// of reckons the function; of nothing there is no average and no extreme.
func (r *rollup) of(values []decimal.Decimal, places int) any {
	sum := decimal.Sum(decimal.Zero, values...)
	switch {
	case r.Function == "COUNT" || r.Function == "SUM":
		return numeral(roundHalfUp(sum, places))
	case len(values) == 0:
		return nil
	case r.Function == "MIN":
		return numeral(roundHalfUp(decimal.Min(values[0], values[1:]...), places))
	case r.Function == "MAX":
		return numeral(roundHalfUp(decimal.Max(values[0], values[1:]...), places))
	}
	return numeral(roundHalfUp(sum.Div(decimal.NewFromInt(int64(len(values)))), places))
}

// renderRollup describes the field in the metadata.
func (b *Box) renderRollup(m *module, f *field) object {
	r := f.Rollup
	if r == nil {
		return object{}
	}
	params := []any{}
	if r.Param != "" {
		params = append(params, object{"api_name": r.Param})
	}
	below := b.module[r.Module]
	var criteria any
	if on := below.field(text(asObject(r.Criteria["field"])["api_name"])); on != nil {
		criteria = object{"comparator": r.Criteria["comparator"], "field": object{"api_name": on.Name, "id": on.ID}, "type": "value", "value": plain(r.Criteria["value"])}
	} else if r.Criteria != nil {
		criteria = r.Criteria // a group
	}
	return object{
		"return_type": r.Returns, "expression": object{"function_parameters": params, "criteria": criteria, "function": r.Function},
		"based_on_module": object{"api_name": below.name, "id": below.ID}, "related_list": object{"api_name": r.List, "id": b.relatedID(m, r.List)}, "rollup_based_on": "related_list",
	}
}

// usedByRollup reports whether a summary rests on a field.
func (b *Box) usedByRollup(m *module, f *field) bool {
	return slices.ContainsFunc(b.rollups[m.name], func(s summary) bool { return s.f.Rollup.Param == f.Name || s.f.Rollup.Field == f.Name })
}
