package zohobox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

func (b *Box) roleByID(id string) *role {
	i := slices.IndexFunc(b.roles, func(r *role) bool { return id != "" && r.ID == id })
	if i < 0 {
		return nil
	}
	return b.roles[i]
}

func (b *Box) findRoles(c *call, pattern string) (route, answer) {
	scope := func(op string) []string { return []string{"ZohoCRM.settings.roles." + op} }
	by := map[string]route{
		http.MethodGet: {run: b.getRoles, kind: kindMeta, scopes: scope("READ")},
		http.MethodPut: {run: b.putRoles, kind: kindMeta, scopes: scope("UPDATE"), body: true},
	}
	if len(c.path) > 2 {
		by[http.MethodDelete] = route{run: b.deleteRole, kind: kindMeta, scopes: scope("DELETE")}
	} else {
		by[http.MethodPost] = route{run: b.postRoles, kind: kindMeta, scopes: scope("CREATE"), body: true}
	}
	return methods(c, pattern, by)
}

// getRoles answers GET /settings/roles[/{id}]. The role above all reports to
// nobody.
func (b *Box) getRoles(c *call) answer {
	var out []any
	for _, r := range b.roles {
		if len(c.path) < 3 || c.path[2] == r.ID {
			out = append(out, b.renderRole(r, c.zone()))
		}
	}
	if len(out) == 0 {
		return noContent()
	}
	return ok(object{"roles": out})
}

func (b *Box) renderRole(r *role, zone *time.Location) object {
	var above any
	if up := b.roleByID(r.Above); up != nil {
		above = object{"id": up.ID, "name": up.Name}
	}
	by := b.superAdmin().ref()
	return object{
		"id": r.ID, "name": r.Name, "display_label": r.Name, "api_name": strings.ReplaceAll(r.Name, " ", "_"), "admin_user": above == nil,
		"share_with_peers": r.Peers, "reporting_to": above, "description": orNil(r.Description), "forecast_manager": nil,
		"created_by__s": by, "modified_by__s": by, "created_time__s": stamp(b.org.Created, zone), "modified_time__s": stamp(b.org.Created, zone),
	}
}

const roleNameMax = 100

func (b *Box) postRoles(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	for _, v := range list(c.body["roles"]) {
		for _, must := range []string{"name", "reporting_to"} {
			if asObject(v)[must] == nil {
				return refuse(400, "MANDATORY_PARAM_MISSING", "One of the mandatory parameter is missing", object{"api_name": must})
			}
		}
	}
	return c.each("roles", 1, http.StatusCreated, func(path string, o object) (object, *failure) {
		r := &role{}
		if f := b.readRole(r, o, path, true); f != nil {
			return nil, f
		}
		r.ID = b.ids.meta()
		b.roles = append(b.roles, r)
		b.save("role", r.ID, r)
		return success(object{"id": r.ID}, "Role added"), nil
	})
}

func (b *Box) readRole(r *role, o object, path string, create bool) *failure {
	name := strings.TrimSpace(text(o["name"]))
	above, placed := o["reporting_to"]
	up := b.roleByID(text(asObject(above)["id"]))
	switch {
	case name == "" && create:
		return invalidAt("name", path+".name", nil)
	case len(name) > roleNameMax:
		return invalidAt("name", path+".name", object{"maximum_length": roleNameMax})
	case slices.ContainsFunc(b.roles, func(x *role) bool { return x != r && x.ID != r.ID && equalFold(x.Name, name) }):
		return &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "name", "json_path": path + ".name"}}
	case placed && (up == nil || up.ID == r.ID || b.below(up, r)):
		return invalidAt("reporting_to", path+".reporting_to", nil)
	}
	if name != "" {
		r.Name = name
	}
	if placed {
		r.Above = up.ID
	}
	if v, given := o["share_with_peers"].(bool); given {
		r.Peers = v
	}
	if v, given := o["description"]; given {
		r.Description = text(v)
	}
	return nil
}

// below reports whether a role reports, over any number of others, to another.
func (b *Box) below(r, to *role) bool {
	for range b.roles {
		if r = b.roleByID(r.Above); r == nil {
			return false
		}
		if r.ID == to.ID {
			return true
		}
	}
	return false
}

func (b *Box) putRoles(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("roles", 100, http.StatusOK, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 2 {
			id = c.path[2]
		}
		r := b.roleByID(id)
		if r == nil {
			return nil, invalidAt("id", path+".id", nil)
		}
		next := *r
		if f := b.readRole(&next, o, path, false); f != nil {
			return nil, f
		}
		*r = next
		b.save("role", r.ID, r)
		return success(object{"id": r.ID}, "Role updated"), nil
	})
}

// deleteRole hands the people of a role, and what reports to it, to another.
func (b *Box) deleteRole(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	r := b.roleByID(c.path[2])
	if r == nil {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	if c.param("transfer_to_id") == "" {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "transfer_to_id"})
	}
	to := b.roleByID(c.param("transfer_to_id"))
	status := ""
	switch {
	case to == nil:
		status = "invalid"
	case to == r:
		status = "same_role"
	case b.below(to, r):
		status = "subordinate"
	}
	if status != "" {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"param_name": "transfer_to_id", "role_status": status})
	}
	for _, u := range b.users {
		if u.Role == r.ID {
			u.Role = to.ID
			b.save("user", u.ID, u)
		}
	}
	for _, x := range b.roles {
		if x.Above == r.ID {
			x.Above = to.ID
			b.save("role", x.ID, x)
		}
	}
	b.roles = slices.DeleteFunc(b.roles, func(x *role) bool { return x == r })
	b.drop("role", r.ID)
	return ok(object{"roles": []any{success(object{"id": r.ID}, "Role deleted")}})
}
