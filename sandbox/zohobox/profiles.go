package zohobox

import (
	"net/http"
	"slices"
	"strings"
)

// permission is a right of a profile. The names are those that refusals print
// (section 2.4).
type permission struct {
	name, label string
	m           *module
}

// administrator is the profile whose rights nobody can take.
const administrator = "Administrator"

const customise = "Crm_Implied_Customize_Zoho_CRM"

// permissions are the rights a profile may have or lack.
func (b *Box) permissions() []permission {
	out := []permission{{customise, "Customize Zoho CRM", nil}}
	for _, m := range b.modules {
		if m.isLine() {
			continue
		}
		for _, verb := range []string{"View", "Create", "Edit", "Delete"} {
			out = append(out, permission{"Crm_Implied_" + verb + "_" + m.name, verb + " " + m.plural, m})
		}
	}
	return out
}

func (b *Box) permissionID(p permission) string {
	return digitsOf(b.ids.fixed("perm " + p.name)[:18])
}

// grants tells whether a profile has a right; an administrator's has all.
func (p *profile) grants(name string) bool {
	if name == customise {
		return p.Admin
	}
	return !p.Denied[name]
}

// mayTouch refuses a call on the records of a module to a profile that lacks
// the right (section 4.1).
func (b *Box) mayTouch(c *call, kind string) *failure {
	if c.mod == nil {
		return nil
	}
	p := b.profileByID(c.user.Profile)
	if p == nil || len(p.Denied) == 0 {
		return nil
	}
	verb := map[string]string{http.MethodPost: "Create", http.MethodPut: "Edit", http.MethodPatch: "Edit", http.MethodDelete: "Delete"}[c.r.Method]
	switch {
	case kind == kindRead:
		verb = "View"
	case len(c.path) > 2:
		verb = "Edit" // tags, locks, merges
	}
	name := c.mod.name
	if c.mod.isLine() {
		name = c.mod.parent
	}
	if right := "Crm_Implied_" + verb + "_" + name; p.Denied[right] {
		return noPermission(right)
	}
	return nil
}

func (b *Box) findProfiles(c *call, pattern string) (route, answer) {
	scope := func(op string) []string { return []string{"ZohoCRM.settings.profiles." + op} }
	switch {
	case len(c.path) == 5 && c.path[3] == "actions" && c.path[4] == "clone":
		return method(c, "/settings/profiles/{id}/actions/clone", route{run: b.cloneProfile, kind: kindMeta, scopes: scope("CREATE"), body: true}, http.MethodPost)
	case len(c.path) > 3:
		return none(c)
	}
	by := map[string]route{http.MethodGet: {run: b.getProfiles, kind: kindMeta, scopes: scope("READ")}}
	if len(c.path) > 2 {
		by[http.MethodPut] = route{run: b.putProfile, kind: kindMeta, scopes: scope("UPDATE"), body: true}
		by[http.MethodDelete] = route{run: b.deleteProfile, kind: kindMeta, scopes: scope("DELETE")}
	}
	return methods(c, pattern, by)
}

func (b *Box) getProfiles(c *call) answer {
	var out []any
	for _, p := range b.profiles {
		if len(c.path) < 3 || c.path[2] == p.ID {
			out = append(out, b.renderProfile(c, p, len(c.path) > 2))
		}
	}
	if len(out) == 0 {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	return ok(object{"profiles": out})
}

// renderProfile shows the rights in full where one profile is asked for.
func (b *Box) renderProfile(c *call, p *profile, whole bool) object {
	rights := b.permissions()
	if !whole {
		rights = rights[:1]
	}
	details := []any{}
	for _, r := range rights {
		var of any
		if r.m != nil {
			of = object{"api_name": r.m.name, "id": r.m.ID}
		}
		details = append(details, object{"id": b.permissionID(r), "name": r.name, "display_label": r.label, "module": of, "customizable": true, "enabled": p.grants(r.name)})
	}
	return object{
		"id": p.ID, "name": p.Name, "display_label": p.Name, "api_name": strings.ReplaceAll(p.Name, " ", "_"), "custom": p.Custom,
		"type": "normal_profile", "description": orNil(p.Description), "created_time": stamp(p.Created, c.zone()), "modified_time": stamp(p.Modified, c.zone()),
		"created_by": nil, "modified_by": nil, "permissions_details": details,
	}
}

func (b *Box) profileAt(c *call) (*profile, *failure) {
	if f := b.needAdmin(c.user); f != nil {
		return nil, f
	}
	p := b.profileByID(c.path[2])
	if p == nil {
		return nil, &failure{status: 400, code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"resource_path_index": 2}}
	}
	return p, nil
}

func (b *Box) takenProfile(name string, but *profile, path string) *failure {
	i := slices.IndexFunc(b.profiles, func(x *profile) bool { return x != but && equalFold(x.Name, name) })
	if i < 0 {
		return nil
	}
	return &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "name", "json_path": path + ".name", "id": b.profiles[i].ID}}
}

// cloneProfile is the only way to a new profile.
func (b *Box) cloneProfile(c *call) answer {
	from, f := b.profileAt(c)
	if f != nil {
		return f.answer()
	}
	return c.each("profiles", 1, http.StatusCreated, func(path string, o object) (object, *failure) {
		name := strings.TrimSpace(text(o["name"]))
		if name == "" {
			return nil, missing("name", path)
		}
		if f := b.takenProfile(name, nil, path); f != nil {
			delete(f.details, "id")
			return nil, f
		}
		n := &profile{ID: b.ids.meta(), Name: name, Description: text(o["description"]), Admin: from.Admin, Custom: true, Created: b.now(), Modified: b.now(), Denied: map[string]bool{}}
		for k, v := range from.Denied {
			n.Denied[k] = v
		}
		b.profiles = append(b.profiles, n)
		b.save("profile", n.ID, n)
		return success(object{"id": n.ID}, "Profile cloned"), nil
	})
}

// putProfile renames a profile and switches rights. The vendor's own two keep
// theirs.
func (b *Box) putProfile(c *call) answer {
	p, f := b.profileAt(c)
	if f != nil {
		return f.answer()
	}
	if p.Name == administrator {
		return refuse(400, "NOT_ALLOWED", "System profile cannot be updated", object{"resource_path_index": 2})
	}
	return c.each("profiles", 1, http.StatusOK, func(path string, o object) (object, *failure) {
		next := *p
		next.Denied = map[string]bool{}
		for k, v := range p.Denied {
			next.Denied[k] = v
		}
		if name := strings.TrimSpace(text(o["name"])); name != "" {
			if f := b.takenProfile(name, p, path); f != nil {
				return nil, f
			}
			next.Name = name
		}
		if v, given := o["description"]; given {
			next.Description = text(v)
		}
		for i, v := range list(o["permissions_details"]) {
			id, enabled := text(asObject(v)["id"]), asObject(v)["enabled"] == true
			all := b.permissions()
			at := slices.IndexFunc(all, func(r permission) bool { return b.permissionID(r) == id })
			if at < 0 {
				return nil, &failure{code: "INVALID_DATA", message: "Invalid permission ID", details: object{"api_name": "id", "json_path": path + ".permissions_details[" + formatID(int64(i)) + "].id"}}
			}
			switch name := all[at].name; {
			case name == customise:
				next.Admin = enabled
			case enabled:
				delete(next.Denied, name)
			default:
				next.Denied[name] = true
			}
		}
		next.Modified = b.now()
		*p = next
		b.save("profile", p.ID, p)
		return success(object{"id": p.ID}, "Profile updated"), nil
	})
}

// deleteProfile hands its people to another one.
func (b *Box) deleteProfile(c *call) answer {
	p, f := b.profileAt(c)
	if f != nil {
		return f.answer()
	}
	if c.param("transfer_to_id") == "" {
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", nil)
	}
	to := b.profileByID(c.param("transfer_to_id"))
	switch {
	case !p.Custom:
		return refuse(400, "NOT_ALLOWED", "the vendor's own profiles cannot be deleted", object{"resource_path_index": 2})
	case to == nil || to == p:
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"id": c.param("transfer_to_id")})
	}
	for _, u := range b.users {
		if u.Profile == p.ID {
			u.Profile = to.ID
			b.save("user", u.ID, u)
		}
	}
	b.profiles = slices.DeleteFunc(b.profiles, func(x *profile) bool { return x == p })
	b.drop("profile", p.ID)
	return ok(success(object{"id": p.ID}, "Profile deleted"))
}
