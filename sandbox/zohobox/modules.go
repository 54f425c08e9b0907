package zohobox

import (
	"slices"
	"strings"
)

// getModules lists the modules (section 9.1). Reports and Analytics are there
// and say that the API does not reach them.
func (b *Box) getModules(c *call) answer {
	var out []any
	wanted, f := wantedStatuses(c)
	if f != nil {
		return f.answer()
	}
	for i, m := range b.modules {
		if len(c.path) > 2 && c.path[2] != m.name && c.path[2] != m.ID || !slices.Contains(wanted, m.status()) {
			continue
		}
		out = append(out, b.renderModule(c, m, i))
	}
	if len(c.path) > 2 {
		if len(out) == 0 {
			return refuse(400, "INVALID_MODULE", "the module name given seems to be invalid", object{"resource_path_index": 2})
		}
		return ok(object{"modules": out})
	}
	if !slices.Contains(wanted, moduleStatuses[0]) {
		if len(out) == 0 {
			return noContent()
		}
		return ok(object{"modules": out})
	}
	for i, name := range []string{"Reports", "Analytics"} {
		out = append(out, b.unreached(&webTab{ID: formatID(b.ids.base + int64(900+i)), Name: name}, "default", len(b.modules)+i))
	}
	for i, w := range b.webTabs {
		out = append(out, b.unreached(w, "web", len(b.modules)+2+i))
	}
	return ok(object{"modules": out})
}

// unreached is a module without records.
func (b *Box) unreached(w *webTab, kind string, i int) object {
	label := strings.ReplaceAll(w.Name, "_", " ")
	return object{
		"id": w.ID, "api_name": w.Name, "module_name": w.Name, "singular_label": label, "plural_label": label,
		"actual_singular_label": label, "actual_plural_label": label, "generated_type": kind, "api_supported": false, "creatable": false,
		"editable": false, "deletable": false, "viewable": false, "visible": true, "visibility": 1, "status": "visible",
		"parent_module": object{}, "profiles": b.profileRefs(nil), "sequence_number": i, "modified_by": nil, "modified_time": nil,
		"global_search_supported": false, "public_fields_configured": false, "recycle_bin_on_delete": false, "has_more_profiles": false,
		"sub_menu_available": false, "profile_count": len(b.profiles), "description": nil, "web_link": orNil(w.Link),
	}
}

func anyOf(names []string) []any {
	var out []any
	for _, n := range names {
		out = append(out, n)
	}
	return out
}

var moduleStatuses = []string{"visible", "user_hidden", "system_hidden", "scheduled_for_deletion"}

// wantedStatuses reads the status parameter, a list of statuses. Without it,
// modules that wait for their deletion are left out.
func wantedStatuses(c *call) ([]string, *failure) {
	wanted := splitFields(c.param("status"))
	for i, s := range wanted {
		if !slices.Contains(moduleStatuses, s) {
			return nil, &failure{status: 400, code: "INVALID_DATA", message: "invalid data", details: object{"param_name": "status", "index": i, "supported_values": anyOf(moduleStatuses)}}
		}
	}
	if len(wanted) == 0 {
		return moduleStatuses[:3], nil
	}
	return wanted, nil
}

func (m *module) status() string {
	if m.ended {
		return "scheduled_for_deletion"
	}
	return moduleStatuses[0]
}

func (b *Box) renderModule(c *call, m *module, i int) object {
	kind, parent := "default", object{}
	if m.kind != "" {
		kind = m.kind
	}
	var by, at any
	if u := b.userByID(m.madeBy); u != nil {
		by, at = u.ref(), stamp(m.madeAt, c.zone())
	}
	profiles := b.profileRefs(m)
	if m.isLine() {
		kind = "subform"
		parent = object{"api_name": m.parent, "id": b.module[m.parent].ID}
	}
	return object{
		"id": m.ID, "api_name": m.name, "module_name": m.internal, "singular_label": m.singular, "plural_label": m.plural,
		"actual_singular_label": m.original[0], "actual_plural_label": m.original[1], "generated_type": kind, "api_supported": true,
		"creatable": !m.isLine(), "editable": !m.isLine(), "deletable": !m.isLine(), "viewable": true, "visible": true, "visibility": 1,
		"status": m.status(), "parent_module": parent, "profiles": profiles, "sequence_number": i + 1, "business_card_field_limit": 5,
		"global_search_supported": !m.isLine(), "public_fields_configured": false, "recycle_bin_on_delete": true, "has_more_profiles": false,
		"sub_menu_available": false, "profile_count": len(profiles), "description": nil, "modified_by": by, "modified_time": at,
		"convertable": false, "inventory_template_supported": m.lines != "", "quick_create": !m.isLine(), "triggers_supported": !m.isLine(),
		"web_link": nil, "arguments": []any{},
	}
}

// profileRefs are the profiles that see a module.
func (b *Box) profileRefs(m *module) []any {
	var out []any
	for _, p := range b.profiles {
		if m == nil || b.hasModule(p, m) {
			out = append(out, p.ref())
		}
	}
	return out
}

// moduleParam reads ?module=, which the settings pages demand.
func (b *Box) moduleParam(c *call) (*module, *failure) {
	name := c.param("module")
	if name == "" {
		return nil, &failure{status: 400, code: "REQUIRED_PARAM_MISSING", message: "One of the expected parameter is missing", details: object{"param_name": "module"}}
	}
	for _, m := range b.modules {
		if equalFold(m.name, name) && !m.ended {
			return m, nil
		}
	}
	return nil, &failure{status: 400, code: "INVALID_MODULE", message: "the module name given seems to be invalid", details: object{}}
}

// getRelatedLists names what hangs below a record of a module: the modules that
// look up to it, under their own API names.
func (b *Box) getRelatedLists(c *call) answer {
	m, f := b.moduleParam(c)
	if f != nil {
		return f.answer()
	}
	var out []any
	for i, rl := range b.relatedLists(m) {
		out = append(out, object{
			"id": b.relatedListID(i, rl), "api_name": rl.name, "name": rl.name, "display_label": rl.module.plural, "sequence_number": formatID(int64(i + 1)),
			"module": object{"api_name": rl.module.name, "id": rl.module.ID, "plural_label": rl.module.plural}, "href": rl.module.name + "/{ENTITYID}/" + rl.name, "action": "get",
			"type": "default", "status": "visible", "visibility": 1, "customize_sort": true, "customize_fields": true, "customize_display_label": true,
		})
	}
	if len(out) == 0 {
		return noContent()
	}
	return ok(object{"related_lists": out})
}

// relatedList is a module reached backwards through one of its look-ups.
type relatedList struct {
	name   string
	module *module
	field  string // the look-up that leads back
	mirror string // of ties: the list on the other end
	value  string // of ties: what they carry
}

func (b *Box) relatedLists(m *module) []relatedList {
	var out []relatedList
	taken := map[string]bool{}
	for _, other := range b.modules {
		for _, f := range other.fields {
			if !f.points(m) || other.isLine() || other.ended || taken[other.name] {
				continue
			}
			taken[other.name] = true
			out = append(out, relatedList{name: other.name, module: other, field: f.Name})
		}
	}
	for _, rl := range b.linkLists(m) {
		if !taken[rl.name] {
			taken[rl.name] = true
			out = append(out, rl)
		}
	}
	return out
}
