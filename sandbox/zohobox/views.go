package zohobox

import "slices"

// view is a custom view of a module: which records it shows (section 9.6). The
// organisation comes with the vendor's own ones; people add others.
type view struct {
	ID       string   `json:"id"`
	Module   string   `json:"module"`
	Name     string   `json:"name"`
	System   string   `json:"system"` // the vendor's own; "" is made by a person
	By       string   `json:"by"`
	Fields   []string `json:"fields"`
	Criteria object   `json:"criteria"`
}

// foundViews gives every module its "all" view and the one of what one owns.
func (b *Box) foundViews() {
	for _, m := range b.modules {
		if !m.isLine() {
			b.views = append(b.views, b.viewsOf(m)...)
		}
	}
}

func (b *Box) viewsOf(m *module) []*view {
	fields := []string{m.nameField}
	return []*view{
		{ID: b.ids.meta(), Module: m.name, Name: "All " + m.plural, System: "ALLVIEWS", Fields: fields},
		{ID: b.ids.meta(), Module: m.name, Name: "My " + m.plural, System: "MYRECORDS", Fields: fields},
		{ID: b.ids.meta(), Module: m.name, Name: "Recently Modified " + m.plural, System: "RECENTMODIFIED", Fields: fields},
	}
}

func (b *Box) viewByID(m *module, id string) *view {
	i := slices.IndexFunc(b.views, func(v *view) bool { return v.ID == id && v.Module == m.name })
	if i < 0 {
		return nil
	}
	return b.views[i]
}

// recently is how far back the view of modified records reaches.
const recently = 7 * 24 * 3600

// viewMatch tells which records a view shows to the caller.
func (b *Box) viewMatch(c *call, m *module, v *view) func(*record) bool {
	switch v.System {
	case "ALLVIEWS":
		return func(*record) bool { return true }
	case "MYRECORDS":
		return func(r *record) bool { return r.owner == c.user.ID }
	case "RECENTMODIFIED":
		from := b.now().Unix() - recently
		return func(r *record) bool { return r.modified.Unix() >= from }
	}
	cond, f := bulkCondition(v.Criteria)
	if f != nil {
		return func(*record) bool { return false }
	}
	match, f := (&coqlRun{b: b, c: c, m: m}).compile(cond)
	if f != nil { // a field went away since
		return func(*record) bool { return false }
	}
	return match
}

// addView is what a person does on the page of views; the API only reads them.
func (b *Box) addView(c *call, m *module, data object) (string, *failure) {
	v := &view{Module: m.name, Name: text(data["name"]), By: c.user.ID, Fields: []string{m.nameField}}
	v.Criteria, _ = data["criteria"].(object)
	cond, f := bulkCondition(v.Criteria)
	if f == nil {
		_, f = (&coqlRun{b: b, c: c, m: m}).compile(cond)
	}
	if f != nil {
		return "", f
	}
	v.ID = b.ids.meta()
	b.views = append(b.views, v)
	b.save("view", v.ID, v)
	return v.ID, nil
}

// getViews answers GET /settings/custom_views[/{id}] (section 9.6).
func (b *Box) getViews(c *call) answer {
	m, f := b.moduleParam(c)
	if f != nil {
		return f.answer()
	}
	var out []any
	for _, v := range b.views {
		if v.Module == m.name && (len(c.path) < 3 || c.path[2] == v.ID) {
			out = append(out, b.renderView(m, v, len(c.path) > 2))
		}
	}
	if len(out) == 0 {
		return noContent()
	}
	if len(c.path) > 2 {
		return ok(object{"custom_views": out, "info": object{"translation": viewTranslations()}})
	}
	return ok(object{"custom_views": out, "info": object{"per_page": 200, "default": b.defaultView(m), "count": len(out), "page": 1, "more_records": false, "translation": viewTranslations()}})
}

func (b *Box) defaultView(m *module) any {
	for _, v := range b.views {
		if v.Module == m.name && v.System == "ALLVIEWS" {
			return v.ID
		}
	}
	return nil
}

func (b *Box) renderView(m *module, v *view, whole bool) object {
	category, access := "public_views", "public"
	if v.System == "" {
		category, access = "created_by_me", "only_to_me"
	}
	o := object{
		"id": v.ID, "name": v.Name, "display_value": v.Name, "system_name": orNil(v.System), "category": category, "access_type": access,
		"default": v.System == "ALLVIEWS", "system_defined": v.System != "", "locked": false, "favorite": nil, "offline": false,
		"created_by": objectOrNil(b.userByID(v.By).ref()), "modified_by": objectOrNil(b.userByID(v.By).ref()),
		"module": object{"api_name": m.name, "id": m.ID},
	}
	if !whole {
		return o
	}
	fields := []any{}
	for _, name := range v.Fields {
		if f := m.field(name); f != nil {
			fields = append(fields, object{"api_name": f.Name, "id": f.ID, "_pin": false})
		}
	}
	o["fields"], o["sort_by"], o["sort_order"] = fields, nil, nil
	if v.Criteria != nil {
		o["criteria"] = v.Criteria
	}
	return o
}

func viewTranslations() object {
	return object{"public_views": "Public Views", "other_users_views": "Other Users Views", "shared_with_me": "Shared With Me", "created_by_me": "Created By Me"}
}
