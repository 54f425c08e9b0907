package zohobox

import (
	"net/http"
	"slices"
)

// variableGroup keeps variables together. Every organisation has General; people
// add others with add_variable_group (section 9.6).
type variableGroup struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	APIName     string `json:"api_name"`
	Description string `json:"description"`
	System      bool   `json:"system"`
}

func (b *Box) variableGroups() []*variableGroup {
	general := &variableGroup{ID: formatID(b.ids.base + 700), Name: generalGroup, APIName: generalGroup, System: true}
	return append([]*variableGroup{general}, b.groups...)
}

// groupAt finds a group by its id, API name or name.
func (b *Box) groupAt(s string) *variableGroup {
	all := b.variableGroups()
	i := slices.IndexFunc(all, func(g *variableGroup) bool { return s != "" && (g.ID == s || g.APIName == s || g.Name == s) })
	if i < 0 {
		return nil
	}
	return all[i]
}

func (b *Box) findVariableGroups(c *call) (route, answer) {
	pattern := "/settings/variable_groups"
	if len(c.path) > 2 {
		pattern += "/{id}"
	}
	scope := func(op string) []string { return []string{"ZohoCRM.settings.variable_groups." + op} }
	return methods(c, pattern, map[string]route{
		http.MethodGet: {run: b.getVariableGroups, kind: kindMeta, scopes: scope("READ")},
		http.MethodPut: {run: b.putVariableGroups, kind: kindMeta, scopes: scope("UPDATE"), body: true},
	})
}

func (b *Box) getVariableGroups(c *call) answer {
	var out []any
	for _, g := range b.variableGroups() {
		if len(c.path) < 3 || c.path[2] == g.ID || c.path[2] == g.APIName {
			source := "user"
			if g.System {
				source = "system"
			}
			out = append(out, object{"id": g.ID, "name": g.Name, "api_name": g.APIName, "display_label": g.Name, "description": orNil(g.Description), "rid": g.ID, "source": source})
		}
	}
	if len(out) == 0 {
		return refuse(400, "INVALID_DATA", "Invalid ID", object{"resource_path_index": 2})
	}
	return ok(object{"variable_groups": out})
}

// addVariableGroup is done on the page of variables; the API only renames.
func (b *Box) addVariableGroup(data object) (string, *failure) {
	g := &variableGroup{Name: text(data["name"]), Description: text(data["description"])}
	if g.Name == "" {
		return "", missing("name", "$.data")
	}
	g.APIName = notInNames.ReplaceAllString(g.Name, "_")
	if b.groupAt(g.Name) != nil || b.groupAt(g.APIName) != nil {
		return "", &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "name"}}
	}
	g.ID = b.ids.meta()
	b.groups = append(b.groups, g)
	b.save("variable_group", g.ID, g)
	return g.ID, nil
}

const groupNameMax = 50

func (b *Box) putVariableGroups(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("variable_groups", 50, http.StatusOK, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 2 {
			id = c.path[2]
		}
		g := b.groupAt(id)
		name := text(o["name"])
		switch {
		case id == "":
			return nil, missing("id", path)
		case g == nil:
			return nil, invalidAt("id", path+".id", nil)
		case g.System:
			return nil, &failure{code: "CANNOT_PERFORM_ACTION", message: "the given operation is not supported for system defined variable group", details: object{"api_name": "id", "json_path": path + ".id"}}
		case len(name) > groupNameMax:
			return nil, invalidAt("name", path+".name", object{"maximum_length": groupNameMax})
		}
		if other := b.groupAt(name); other != nil && other.ID != g.ID {
			return nil, &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "name", "json_path": path + ".name"}}
		}
		if name != "" {
			g.Name = name
		}
		if d, given := o["description"]; given {
			g.Description = text(d)
		}
		b.save("variable_group", g.ID, g)
		return success(object{"id": g.ID, "api_name": g.APIName, "rid": g.ID}, "variable group updated"), nil
	})
}
