package zohobox

import (
	"net/http"
	"regexp"
	"slices"

	"github.com/shopspring/decimal"
)

// variable is a value the organisation keeps for programs (section 9.6).
type variable struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	APIName     string `json:"api_name"`
	Description string `json:"description"`
	Type        string `json:"type"`
	Group       string `json:"group"`
	Value       string `json:"value"`
}

// variableTypes are the kinds of variables.
var variableTypes = []string{"text", "integer", "percent", "decimal", "double", "float", "currency", "date", "datetime", "email", "phone", "url", "website", "checkbox", "boolean", "textarea", "long"}

// generalGroup is the group of variables that every organisation has.
const generalGroup = "General"

var apiNamePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

func (b *Box) findVariables(c *call) (route, answer) {
	return collection(c, "/settings/variables", "ZohoCRM.settings.variables", 0, b.getVariables, b.postVariables, b.putVariables, b.deleteVariables)
}

// variableAt finds a variable by its id or API name.
func (b *Box) variableAt(s string) *variable {
	i := slices.IndexFunc(b.variables, func(v *variable) bool { return s != "" && (v.ID == s || v.APIName == s) })
	if i < 0 {
		return nil
	}
	return b.variables[i]
}

func (b *Box) renderVariable(v *variable) object {
	g := b.groupAt(v.Group)
	return object{
		"id": v.ID, "name": v.Name, "api_name": v.APIName, "description": orNil(v.Description), "type": v.Type, "value": v.Value, "read_only": false, "source": "user",
		"variable_group": object{"id": g.ID, "api_name": g.APIName, "name": g.Name},
	}
}

// getVariables lists them, or reads one, for which the group must be named.
func (b *Box) getVariables(c *call) answer {
	if len(c.path) > 2 {
		group := c.param("group")
		if group == "" {
			return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "group"})
		}
		g := b.groupAt(group)
		if g == nil {
			return badParam("group").answer()
		}
		v := b.variableAt(c.path[2])
		if v == nil || v.Group != g.APIName {
			return refuse(400, "INVALID_DATA", "invalid data", object{"resource_path_index": 2})
		}
		return ok(object{"variables": []any{b.renderVariable(v)}})
	}
	var out []any
	for _, v := range b.variables {
		out = append(out, b.renderVariable(v))
	}
	if len(out) == 0 {
		return noContent()
	}
	return ok(object{"variables": out})
}

func (b *Box) postVariables(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("variables", 50, http.StatusCreated, func(path string, o object) (object, *failure) {
		v := &variable{Name: text(o["name"]), APIName: text(o["api_name"]), Description: text(o["description"]), Type: text(o["type"])}
		for _, must := range []string{"name", "api_name", "type", "variable_group"} {
			if o[must] == nil {
				return nil, missing(must, path)
			}
		}
		named := asObject(o["variable_group"])
		var group *variableGroup
		for _, key := range []string{"name", "api_name", "id"} { // the id is the surest
			if g := b.groupAt(text(named[key])); g != nil {
				group = g
			}
		}
		switch {
		case !apiNamePattern.MatchString(v.APIName):
			return nil, invalidAt("api_name", path+".api_name", nil)
		case !slices.Contains(variableTypes, v.Type):
			return nil, invalidAt("type", path+".type", nil)
		case group == nil:
			return nil, invalidAt("variable_group", path+".variable_group", nil)
		case b.variableAt(v.APIName) != nil:
			return nil, &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "api_name", "json_path": path + ".api_name"}}
		}
		if f := v.set(o["value"], path); f != nil {
			return nil, f
		}
		v.ID, v.Group = b.ids.meta(), group.APIName
		b.variables = append(b.variables, v)
		b.save("variable", v.ID, v)
		return success(object{"id": v.ID}, "variable created"), nil
	})
}

// set takes a value that fits the type.
func (v *variable) set(raw any, path string) *failure {
	s := plain(raw)
	bad := invalidAt("value", path+".value", object{"expected_data_type": v.Type})
	switch v.Type {
	case "integer", "long", "percent", "decimal", "double", "float", "currency":
		if _, err := decimal.NewFromString(s); err != nil && s != "" {
			return bad
		}
	case "date":
		if _, valid := parseDate(s); !valid && s != "" {
			return bad
		}
	case "datetime":
		if _, valid := parseMoment(s); !valid && s != "" {
			return bad
		}
	case "email":
		if s != "" && !emailPattern.MatchString(s) {
			return bad
		}
	case "checkbox", "boolean":
		if s != "" && s != "true" && s != "false" {
			return bad
		}
	}
	v.Value = s
	return nil
}

func (b *Box) putVariables(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("variables", 50, http.StatusOK, func(path string, o object) (object, *failure) {
		name := text(o["id"])
		if name == "" {
			name = text(o["api_name"])
		}
		if len(c.path) > 2 {
			name = c.path[2]
		}
		v := b.variableAt(name)
		if v == nil {
			return nil, invalidAt("id", path+".id", nil)
		}
		next := *v
		if s := text(o["name"]); s != "" {
			next.Name = s
		}
		if d, given := o["description"]; given {
			next.Description = text(d)
		}
		if value, given := o["value"]; given {
			if f := next.set(value, path); f != nil {
				return nil, f
			}
		}
		*v = next
		b.save("variable", v.ID, v)
		return success(object{"id": v.ID}, "variable updated"), nil
	})
}

func (b *Box) deleteVariables(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	ids := splitFields(c.param("ids"))
	if len(c.path) > 2 {
		ids = []string{c.path[2]}
	}
	if len(ids) == 0 {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
	}
	var out []any
	for _, id := range ids {
		v := b.variableAt(id)
		if v == nil {
			out = append(out, (&failure{code: "INVALID_DATA", message: "variable not deleted", details: object{"id": id}}).item())
			continue
		}
		b.variables = slices.DeleteFunc(b.variables, func(x *variable) bool { return x == v })
		b.drop("variable", v.ID)
		out = append(out, success(object{"id": v.ID}, "variable deleted"))
	}
	return answer{status: writeStatus(out, http.StatusOK, b.opt.Dials.MixedStatus), body: object{"variables": out}}
}
