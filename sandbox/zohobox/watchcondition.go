package zohobox

import (
	"fmt"
	"slices"
)

// Limits of notification_condition: whole conditions and fields in all of them.
const (
	conditionsMax      = 2
	conditionFieldsMax = 10
)

// readCondition takes over which changes a channel is told about: for each
// module a group of fields, joined by and / or, whose members may be groups
// themselves (section 11).
func (ch *channel) readCondition(b *Box, v any, path string) *failure {
	rows := list(v)
	if v != nil && rows == nil {
		return invalidAt("notification_condition", path, object{"expected_data_type": "jsonarray"})
	}
	if len(rows) > conditionsMax {
		return invalidAt("notification_condition", path, object{"maximum_length": conditionsMax})
	}
	fields := 0
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
		n, f := checkSelection(m, o["field_selection"], at+".field_selection", "field_selection")
		if f != nil {
			return f
		}
		fields += n
	}
	if fields > conditionFieldsMax {
		return invalidAt("notification_condition", path, object{"maximum_length": conditionFieldsMax})
	}
	ch.Condition = rows
	return nil
}

// checkSelection checks a field or a group of them and counts the fields. It
// must be one of the two, and not both.
func checkSelection(m *module, v any, path, name string) (int, *failure) {
	o, isObject := v.(object)
	if !isObject {
		return 0, invalidAt(name, path, object{"expected_data_type": "jsonobject"})
	}
	two := []any{object{"api_name": "field", "json_path": path + ".field"}, object{"api_name": "group", "json_path": path + ".group"}}
	switch {
	case o["field"] == nil && o["group"] == nil:
		return 0, &failure{code: "EXPECTED_FIELD_MISSING", message: "one of the expected fields is missing", details: object{"expected_fields": two}}
	case o["field"] != nil && o["group"] != nil:
		return 0, &failure{code: "AMBIGUITY_DURING_PROCESSING", message: "ambiguity while processing the request", details: object{"ambiguity_due_to": two}}
	case o["field"] != nil:
		if selectedField(m, o) == nil {
			return 0, invalidAt("field", path+".field", nil)
		}
		return 1, nil
	}
	rows := list(o["group"])
	switch op := o["group_operator"]; {
	case len(rows) == 0:
		return 0, invalidAt("group", path+".group", object{"expected_data_type": "jsonarray"})
	case op == nil:
		return 0, missing("group_operator", path)
	case op != "and" && op != "or":
		return 0, invalidAt("group_operator", path+".group_operator", object{"supported_values": []any{"and", "or"}})
	}
	fields := 0
	for i, row := range rows {
		n, f := checkSelection(m, row, fmt.Sprintf("%s.group[%d]", path, i), "group")
		if f != nil {
			return 0, f
		}
		fields += n
	}
	return fields, nil
}

// selectedField is the field that a part of a condition names, by either name.
func selectedField(m *module, o object) *field {
	fo, _ := o["field"].(object)
	byName, byID := m.field(text(fo["api_name"])), m.fieldByID(text(fo["id"]))
	switch {
	case fo["id"] == nil:
		return byName
	case fo["api_name"] == nil || byName == byID:
		return byID
	}
	return nil
}

// conditionMet reports whether a channel wants to hear of a change. Conditions
// are about what changed in records of their module; the rest is told anyway.
func (b *Box) conditionMet(ch *channel, h happening) bool {
	if h.op != "update" || h.related {
		return true
	}
	about := false
	for _, row := range ch.Condition {
		o := asObject(row)
		m := b.module[text(asObject(o["module"])["api_name"])]
		if m == nil || m.name != h.module {
			continue
		}
		if selects(m, asObject(o["field_selection"]), h.changed) {
			return true
		}
		about = true
	}
	return !about
}

func selects(m *module, o object, changed []string) bool {
	if o["field"] != nil {
		f := selectedField(m, o)
		return f != nil && slices.Contains(changed, f.Name)
	}
	all := o["group_operator"] == "and"
	for _, part := range list(o["group"]) {
		if selects(m, asObject(part), changed) != all {
			return !all
		}
	}
	return all
}
