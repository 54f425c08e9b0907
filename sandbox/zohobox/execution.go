package zohobox

import (
	"fmt"
	"net/http"
	"slices"
)

// What a write may switch on or off beside its trigger list (section 4.3).
var (
	applicable  = []string{"layout_rules", "range_validation", "assignment_rules", "function_validation_rule", "criteria_validation_rule", "global_map_dependency", "territory_subordinates"}
	skippable   = []string{"cadences", "assignment_rules", "connected_workflows"}
	processable = []string{"review_process"}
)

// execution is what a write asked to run or to leave out. Of the features that
// are named, the organisation has layout rules, rules of validation, review
// processes and connected workflows; running or skipping the others changes
// nothing, because there are none.
type execution struct {
	apply   map[string]bool
	skip    map[string]map[string]bool // by feature: insert, update
	process map[string]bool
}

func (e *execution) skips(feature, op string) bool {
	return e.skip[feature][map[string]string{"create": "insert", "update": "update"}[op]]
}

// readExecution reads apply_feature_execution, skip_feature_execution and
// process. Only upsert tells a skip by what becomes of the record.
func (c *call) readExecution() (execution, *failure) {
	e := execution{apply: map[string]bool{}, skip: map[string]map[string]bool{}, process: map[string]bool{}}
	upsert := len(c.path) == 2 && c.path[1] == "upsert" && c.r.Method == http.MethodPost
	each := func(key string, known []string, use func(name string, o object, path string) *failure) *failure {
		v, given := c.body[key]
		if !given || v == nil {
			return nil
		}
		rows, isList := v.([]any)
		if !isList {
			return invalidAt(key, "$."+key, object{"expected_data_type": "jsonarray"})
		}
		for i, row := range rows {
			path := fmt.Sprintf("$.%s[%d]", key, i)
			o, isObject := row.(object)
			name := text(o["name"])
			switch {
			case !isObject:
				return invalidAt(key, path, object{"expected_data_type": "jsonobject"})
			case name == "":
				return missing("name", path)
			case !slices.Contains(known, name):
				return invalidAt("name", path+".name", object{"supported_values": anySlice(known)})
			}
			if f := use(name, o, path); f != nil {
				return f
			}
		}
		return nil
	}
	if f := each("apply_feature_execution", applicable, func(name string, _ object, _ string) *failure {
		e.apply[name] = true
		return nil
	}); f != nil {
		return e, f
	}
	f := each("skip_feature_execution", skippable, func(name string, o object, path string) *failure {
		op, told := o["action"]
		if e.skip[name] == nil {
			e.skip[name] = map[string]bool{}
		}
		switch {
		case !told:
			e.skip[name]["insert"], e.skip[name]["update"] = true, true
		case !upsert || op != "insert" && op != "update":
			return invalidAt("action", path+".action", object{"supported_values": []any{"insert", "update"}})
		default:
			e.skip[name][text(op)] = true
		}
		return nil
	})
	if f != nil {
		return e, f
	}
	for i, v := range list(c.body["process"]) {
		if !slices.Contains(processable, text(v)) {
			return e, invalidAt("process", fmt.Sprintf("$.process[%d]", i), object{"supported_values": anySlice(processable)})
		}
		e.process[text(v)] = true
	}
	return e, nil
}

func anySlice(names []string) []any {
	out := make([]any, len(names))
	for i, n := range names {
		out[i] = n
	}
	return out
}
