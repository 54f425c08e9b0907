package zohobox

import "slices"

// ownLayout finds a layout that people made; the Standard one always stays.
func (b *Box) ownLayout(c *call) (*module, *layout, *failure) {
	m, f := b.moduleParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return nil, nil, f
	}
	l := m.layoutByID(c.path[2])
	switch {
	case l == nil:
		return nil, nil, &failure{status: 400, code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"resource_path_index": 2}}
	case l.Standard && c.r.Method == "DELETE":
		return nil, nil, &failure{status: 400, code: "NOT_ALLOWED", message: "the standard layout stays", details: object{"param_name": "id"}}
	}
	return m, l, nil
}

// heir is the layout that takes over the records of one that goes.
func (b *Box) heir(c *call, m *module, l *layout) (*layout, *failure) {
	id := c.param("transfer_to")
	if id == "" {
		return nil, &failure{status: 400, code: "REQUIRED_PARAM_MISSING", message: "One of the expected parameter is missing", details: object{"param_name": "transfer_to"}}
	}
	to := m.layoutByID(id)
	if to == nil || to == l || !to.Active {
		return nil, badParam("transfer_to")
	}
	return to, nil
}

// moveRecords puts the records of a layout on another; nobody modified them.
func (b *Box) moveRecords(m *module, from, to *layout) {
	for _, id := range b.idsOf(m) {
		if r := m.table.get(id); r.layout == from.ID {
			n := r.clone()
			n.layout = to.ID
			if p := b.defaultPipeline(to.ID); p != nil && m.name == "Deals" {
				n.vals["Pipeline"] = p.Name
			}
			b.put(m, n)
		}
	}
}

// deleteLayout answers DELETE /settings/layouts/{id}?module=&transfer_to=
// (section 9.3).
func (b *Box) deleteLayout(c *call) answer {
	m, l, f := b.ownLayout(c)
	if f != nil {
		return f.answer()
	}
	to, f := b.heir(c, m, l)
	if f != nil {
		return f.answer()
	}
	b.moveRecords(m, l, to)
	m.layouts = slices.DeleteFunc(m.layouts, func(x *layout) bool { return x == l })
	for _, p := range slices.Clone(b.pipelines) {
		if p.Layout == l.ID {
			b.forgetPipeline(p)
		}
	}
	b.drop("layout", l.ID)
	return ok(object{"layouts": []any{success(object{"id": l.ID}, "custom layout deleted successfully")}})
}

// deactivateLayout answers DELETE /settings/layouts/{id}/actions/activate.
func (b *Box) deactivateLayout(c *call) answer {
	m, l, f := b.ownLayout(c)
	if f != nil {
		return f.answer()
	}
	to, f := b.heir(c, m, l)
	switch {
	case f != nil:
		return f.answer()
	case !l.Active:
		return refuse(400, "ALREADY_DEACTIVATED", "the layout is inactive already", object{"resource_path_index": 2})
	}
	b.moveRecords(m, l, to)
	l.Active, l.Modified = false, b.now()
	b.save("layout", l.ID, l)
	return ok(object{"layouts": []any{success(object{"id": l.ID}, "Layout deactivated successfully")}})
}

func unassigned(l *layout) *failure {
	return &failure{code: "NOT_ALLOWED", message: "a layout becomes active for the profiles that work on it", details: object{"action": "set_layout_permissions", "id": l.ID}}
}

// activateLayout answers POST /settings/layouts/{id}/actions/activate. The call
// must name profiles, and some must be left that work on the layout.
func (b *Box) activateLayout(c *call) answer {
	_, l, f := b.ownLayout(c)
	if f != nil {
		return f.answer()
	}
	if l.Active {
		return refuse(400, "ALREADY_ACTIVATED", "the layout is active already", object{"resource_path_index": 2})
	}
	return c.each("layouts", 1, 200, func(path string, o object) (object, *failure) {
		if len(list(o["profiles"])) == 0 {
			return nil, unassigned(l)
		}
		profiles := slices.Clone(l.Profiles)
		for _, v := range list(o["profiles"]) {
			id := text(asObject(v)["id"])
			_, gone := asObject(v)["_delete"]
			switch {
			case b.profileByID(id) == nil:
				return nil, &failure{code: "NOT_ALLOWED", message: "the profile cannot work on the layout", details: object{"api_name": "profiles", "json_path": path + ".profiles"}}
			case gone:
				profiles = slices.DeleteFunc(profiles, func(p string) bool { return p == id })
			case !slices.Contains(profiles, id):
				profiles = append(profiles, id)
			}
		}
		if len(profiles) == 0 {
			return nil, unassigned(l)
		}
		l.Profiles, l.Active, l.Modified = profiles, true, b.now()
		b.save("layout", l.ID, l)
		return success(object{"id": l.ID}, "Layout activated successfully"), nil
	})
}
