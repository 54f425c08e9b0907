package zohobox

import "fmt"

// Limits of notification_condition: whole conditions and fields in all of them.
const (
	conditionsMax      = 2
	conditionFieldsMax = 10
)

func (ch *channel) readCondition(b *Box, v any, path string) *failure {
	rows := list(v)
	if v != nil && rows == nil {
		return invalidAt("notification_condition", path, object{"expected_data_type": "jsonarray"})
	}
	fields := conditionFields(v)
	if len(rows) > conditionsMax || len(fields) > conditionFieldsMax {
		return invalidAt("notification_condition", path, object{"maximum_length": map[bool]int{true: conditionsMax, false: conditionFieldsMax}[len(rows) > conditionsMax]})
	}
	for i, row := range rows {
		at := fmt.Sprintf("%s[%d]", path, i)
		o, _ := row.(object)
		mo, _ := o["module"].(object)
		m := b.module[text(mo["api_name"])]
		switch {
		case text(o["type"]) != "field_selection":
			return invalidAt("type", at+".type", object{"supported_values": []any{"field_selection"}})
		case m == nil:
			return &failure{code: "DEPENDENT_FIELD_MISSING", message: "the field that another one needs is missing", details: object{"dependee": object{"api_name": "notification_condition", "json_path": path}, "api_name": "module", "json_path": at + ".module"}}
		case o["field_selection"] == nil:
			return missing("field_selection", at)
		}
		for _, name := range conditionFields(o["field_selection"]) {
			if m.field(name) == nil {
				return invalidAt("field", at+".field_selection", object{"value": name})
			}
		}
	}
	ch.Fields, ch.Condition = fields, rows
	return nil
}

// conditionFields flattens field_selection groups to the fields they name.
func conditionFields(v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			out = append(out, conditionFields(e)...)
		}
	case object:
		if f, is := v["field"].(object); is {
			out = append(out, text(f["api_name"]))
		}
		out = append(out, conditionFields(v["group"])...)
		out = append(out, conditionFields(v["field_selection"])...)
	}
	return out
}
