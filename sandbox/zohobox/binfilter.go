package zohobox

import (
	"encoding/json"
	"strings"
	"time"
)

// binEntry is a record in the recycle bin.
type binEntry struct {
	m *module
	g *grave
}

// binTest reads a filter of the recycle bin: one condition, or several that
// must all hold; there is no OR (section 13).
func (b *Box) binTest(o object, path string) (func(binEntry) bool, *failure) {
	bad := func(name string) *failure { return invalidAt(name, path+"."+name, nil).with(400) }
	if _, grouped := o["group"]; grouped {
		if !strings.EqualFold(text(o["group_operator"]), "and") {
			return nil, bad("group_operator")
		}
		var all []func(binEntry) bool
		for _, v := range list(o["group"]) {
			one, f := b.binTest(asObject(v), path+".group")
			if f != nil {
				return nil, f
			}
			all = append(all, one)
		}
		return func(e binEntry) bool {
			for _, one := range all {
				if !one(e) {
					return false
				}
			}
			return true
		}, nil
	}
	name := text(asObject(o["field"])["api_name"])
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i] // module.api_name, deleted_by.id
	}
	value, comparator := o["value"], text(o["comparator"])
	if name == "deleted_time" {
		return binTime(comparator, value, bad)
	}
	read, known := map[string]func(binEntry) []string{
		"display_name": func(e binEntry) []string { return []string{e.g.Name} },
		"module":       func(e binEntry) []string { return []string{e.m.name, e.m.ID} },
		"deleted_by": func(e binEntry) []string {
			u := b.userByID(e.g.By)
			if u == nil {
				return nil
			}
			return []string{u.ID, u.name()}
		},
	}[name]
	if !known {
		return nil, bad("field")
	}
	return binText(comparator, value, read, bad)
}

func binText(comparator string, value any, read func(binEntry) []string, bad func(string) *failure) (func(binEntry) bool, *failure) {
	fold := strings.ToLower
	meets, known := map[string]func(s, want string) bool{
		"equal": strings.EqualFold, "equals": strings.EqualFold, "in": strings.EqualFold,
		"contains":    func(s, want string) bool { return strings.Contains(fold(s), fold(want)) },
		"starts_with": func(s, want string) bool { return strings.HasPrefix(fold(s), fold(want)) },
	}[comparator]
	if !known {
		return nil, bad("comparator")
	}
	wants := list(value)
	if wants == nil {
		wants = []any{value}
	}
	return func(e binEntry) bool {
		for _, s := range read(e) {
			for _, w := range wants {
				if meets(s, text(w)) {
					return true
				}
			}
		}
		return false
	}, nil
}

func binTime(comparator string, value any, bad func(string) *failure) (func(binEntry) bool, *failure) {
	var at []time.Time
	values := list(value)
	if values == nil {
		values = []any{value}
	}
	for _, v := range values {
		t, valid := parseMoment(text(v))
		if !valid {
			return nil, bad("value")
		}
		at = append(at, t)
	}
	switch {
	case comparator == "between" && len(at) == 2:
		return func(e binEntry) bool { return !e.g.At.Before(at[0]) && !e.g.At.After(at[1]) }, nil
	case len(at) != 1:
	case comparator == "less_than" || comparator == "less_equal":
		return func(e binEntry) bool {
			return e.g.At.Before(at[0]) || comparator == "less_equal" && e.g.At.Equal(at[0])
		}, nil
	case comparator == "greater_than" || comparator == "greater_equal":
		return func(e binEntry) bool {
			return e.g.At.After(at[0]) || comparator == "greater_equal" && e.g.At.Equal(at[0])
		}, nil
	case comparator == "equal" || comparator == "equals":
		return func(e binEntry) bool { return e.g.At.Equal(at[0]) }, nil
	}
	return nil, bad("comparator")
}

// binChoice reads which records of the bin a call means: by ids or by filters in
// the query.
func (b *Box) binChoice(c *call) (func(binEntry) bool, *failure) {
	keep := func(binEntry) bool { return true }
	if s := c.param("filters"); s != "" {
		var o object
		if json.Unmarshal([]byte(s), &o) != nil {
			return nil, badParam("filters")
		}
		return b.binTest(o, "$.filters")
	}
	if ids := splitFields(c.param("ids")); len(ids) > 0 {
		wanted := map[string]bool{}
		for _, id := range ids {
			wanted[id] = true
		}
		keep = func(e binEntry) bool { return wanted[formatID(e.g.ID)] }
	}
	return keep, nil
}
