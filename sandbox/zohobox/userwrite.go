package zohobox

import (
	"net/http"
	"slices"
)

func (b *Box) findUserWrites(c *call, pattern string) (route, answer) {
	scope := func(op string) []string { return []string{"ZohoCRM.users." + op} }
	by := map[string]route{
		http.MethodGet: {run: b.getUsers, kind: kindMeta, scopes: scope("READ")},
		http.MethodPut: {run: b.putUsers, kind: kindMeta, scopes: scope("UPDATE"), body: true},
	}
	if len(c.path) > 1 {
		by[http.MethodGet] = route{run: b.getUser, kind: kindMeta, scopes: scope("READ")}
		by[http.MethodDelete] = route{run: b.deleteUser, kind: kindMeta, scopes: scope("DELETE")}
	} else {
		by[http.MethodPost] = route{run: b.postUsers, kind: kindMeta, scopes: scope("CREATE"), body: true}
	}
	return methods(c, pattern, by)
}

func (b *Box) needUserAdmin(u *user) *failure {
	if b.isAdmin(u) {
		return nil
	}
	return noPermission("Crm_Implied_Manage_Users")
}

// postUsers invites a person (section 9.5). The invitation counts as accepted.
func (b *Box) postUsers(c *call) answer {
	if f := b.needUserAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("users", 1, http.StatusCreated, func(path string, o object) (object, *failure) {
		u := User{First: text(o["first_name"]), Last: text(o["last_name"]), Email: text(o["email"])}
		role, profile := b.roleByID(text(asObject(o["role"])["id"])), b.profileByID(text(asObject(o["profile"])["id"]))
		switch {
		case u.Last == "":
			return nil, missing("last_name", path)
		case u.Email == "":
			return nil, missing("email", path)
		case !emailPattern.MatchString(u.Email):
			return nil, invalidAt("email", path+".email", nil)
		case o["role"] == nil:
			return nil, missing("role", path)
		case o["profile"] == nil:
			return nil, missing("profile", path)
		case role == nil:
			return nil, invalidAt("role", path+".role", nil)
		case profile == nil:
			return nil, invalidAt("profile", path+".profile", nil)
		case slices.ContainsFunc(b.users, func(x *user) bool { return equalFold(x.Email, u.Email) }):
			return nil, &failure{code: "DUPLICATE_DATA", message: "Failed to add user since same email id is already present", details: object{"api_name": "email", "json_path": path + ".email"}}
		}
		if f := lacksForUser(o, path); f != nil {
			return nil, f
		}
		if f := b.overLicence(path); f != nil {
			return nil, f
		}
		u.Profile, u.Role = profile.Name, role.Name
		n := b.addUser(u)
		b.newRefresh(n, allScopes)
		b.noteUser("create", n.ID)
		return success(object{"id": n.ID}, "User added"), nil
	})
}

func (b *Box) putUsers(c *call) answer {
	if f := b.needUserAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("users", 10, http.StatusOK, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 1 {
			id = c.path[1]
		}
		u := b.userByID(id)
		if u == nil {
			return nil, &failure{code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"api_name": "id", "json_path": path + ".id"}}
		}
		if f := lacksForUser(o, path); f != nil {
			return nil, f
		}
		next := *u
		for key, into := range inOrder(map[string]*string{"first_name": &next.First, "last_name": &next.Last, "time_zone": &next.Zone}) {
			if s := text(o[key]); s != "" {
				*into = s
			}
		}
		if v := asObject(o["role"])["id"]; v != nil {
			r := b.roleByID(text(v))
			if r == nil {
				return nil, invalidAt("role", path+".role", nil)
			}
			next.Role = r.ID
		}
		if v := asObject(o["profile"])["id"]; v != nil {
			p := b.profileByID(text(v))
			if p == nil {
				return nil, invalidAt("profile", path+".profile", nil)
			}
			next.Profile = p.ID
		}
		switch status := text(o["status"]); {
		case status == "":
		case status != "active" && status != "inactive":
			return nil, invalidAt("status", path+".status", nil)
		case u.SuperAdmin && status == "inactive":
			return nil, &failure{code: "NOT_ALLOWED", message: "Primary contact cannot be deactivated", details: object{"api_name": "status", "json_path": path + ".status"}}
		case status == "active" && u.Active:
			return nil, &failure{code: "ID_ALREADY_ACTIVE", message: "User is already active", details: object{"api_name": "status", "json_path": path + ".status"}}
		case status == "inactive" && !u.Active:
			return nil, &failure{code: "ID_ALREADY_DEACTIVATED", message: "User is already deactivated", details: object{"api_name": "status", "json_path": path + ".status"}}
		default:
			if next.Active = status == "active"; next.Active {
				if f := b.overLicence(path); f != nil {
					return nil, f
				}
			}
		}
		next.Modified, next.loc = b.now(), nil
		*u = next
		b.save("user", u.ID, u)
		b.noteUser("update", u.ID)
		return success(object{"id": u.ID}, "User updated"), nil
	})
}

// deleteUser takes a person away; his name stays on what he did.
func (b *Box) deleteUser(c *call) answer {
	if f := b.needUserAdmin(c.user); f != nil {
		return f.answer()
	}
	u := b.userByID(c.path[1])
	refused := func(code, message string) answer {
		return answer{status: http.StatusBadRequest, body: object{"users": []any{(&failure{code: code, message: message, details: object{"id": c.path[1]}}).item()}}}
	}
	switch {
	case u == nil:
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 1})
	case u.SuperAdmin:
		return refused("NOT_ALLOWED", "Primary contact cannot be deleted")
	case u.Deleted:
		return refused("ID_ALREADY_DELETED", "User is already deleted")
	}
	u.Active, u.Deleted, u.Modified = false, true, b.now()
	b.save("user", u.ID, u)
	b.noteUser("delete", u.ID)
	return ok(object{"users": []any{success(object{"id": u.ID}, "User deleted")}})
}
