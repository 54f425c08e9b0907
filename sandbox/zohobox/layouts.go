package zohobox

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// section is a block of fields on a layout.
type section struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Fields []string `json:"fields"`
}

// layout is a form of a module: which fields stand on it and which of them must
// be filled (section 9.3).
type layout struct {
	ID       string              `json:"id"`
	Module   string              `json:"module"`
	Name     string              `json:"name"`
	Standard bool                `json:"standard"`
	Active   bool                `json:"active"`
	Sections []*section          `json:"sections"`
	Required map[string]bool     `json:"required"`
	Away     map[string][]string `json:"away,omitempty"` // values of picklists that it does not offer, by field
	Profiles []string            `json:"profiles"`
	Created  time.Time           `json:"created"`
	Modified time.Time           `json:"modified"`
}

func (l *layout) apiName() string { return strings.ReplaceAll(l.Name, " ", "_") }

func (l *layout) has(field string) bool {
	for _, s := range l.Sections {
		if slices.Contains(s.Fields, field) {
			return true
		}
	}
	return false
}

func (l *layout) take(field string) bool {
	for _, s := range l.Sections {
		if i := slices.Index(s.Fields, field); i >= 0 {
			s.Fields = slices.Delete(slices.Clone(s.Fields), i, i+1)
			delete(l.Required, field)
			return true
		}
	}
	return false
}

func (m *module) layoutByID(id string) *layout {
	for _, l := range m.layouts {
		if l.ID == id {
			return l
		}
	}
	return nil
}

func (m *module) layoutNamed(name string) *layout {
	for _, l := range m.layouts {
		if strings.EqualFold(l.Name, name) || l.ID == name {
			return l
		}
	}
	return nil
}

func (m *module) standard() *layout {
	if len(m.layouts) == 0 {
		return nil
	}
	return m.layouts[0]
}

// QuickBooksLayoutName is the layout a new organisation comes with unless told
// otherwise.
const QuickBooksLayoutName = "QuickBooks"

// foundLayouts gives every module its Standard layout, and the three document
// modules the one an administrator clones from it. On the clone the account is
// not demanded: the administrator unmarks it there, which the API cannot do.
func (b *Box) foundLayouts() {
	for _, m := range b.modules {
		if m.isLine() {
			continue
		}
		m.layouts = []*layout{b.standardLayout(m)}
		wanted := m.name == "Quotes" || m.name == "Invoices" || m.name == "Purchase_Orders"
		if wanted && !b.opt.NoQuickBooksLayout && b.edition().advanced {
			l := b.cloneLayout(m, m.standard(), QuickBooksLayoutName)
			delete(l.Required, "Account_Name")
		}
	}
	b.foundPipelines()
}

// hiddenOnForms stand on no layout: the system fills them.
var hiddenOnForms = map[string]bool{
	"Product_Details": true, "id": true, "Tag": true, "Layout": true, "Locked__s": true, "Record_Status__s": true, "Full_Name": true, "Change_Log_Time__s": true,
}

func (b *Box) standardLayout(m *module) *layout {
	l := &layout{ID: b.ids.meta(), Module: m.name, Name: "Standard", Standard: true, Active: true, Required: map[string]bool{}, Created: b.now(), Modified: b.now()}
	for _, p := range b.profiles {
		l.Profiles = append(l.Profiles, p.ID)
	}
	info := &section{ID: b.ids.meta(), Name: m.singular + " Information"}
	address := &section{ID: b.ids.meta(), Name: "Address Information"}
	rows := &section{ID: b.ids.meta(), Name: labelOf(m.lines)}
	for _, f := range m.fields {
		switch {
		case hiddenOnForms[f.Name]:
			continue
		case f.Type == "subform":
			rows.Fields = append(rows.Fields, f.Name)
			if rows.Name == "" {
				rows.Name = f.Label
			}
		case isAddress(f.Name):
			address.Fields = append(address.Fields, f.Name)
		default:
			info.Fields = append(info.Fields, f.Name)
		}
		if f.Mandatory {
			l.Required[f.Name] = true
		}
	}
	for _, s := range []*section{info, address, rows} {
		if len(s.Fields) > 0 {
			l.Sections = append(l.Sections, s)
		}
	}
	d := b.opt.Dials
	if m.lines != "" && m.name != "Purchase_Orders" && d.AccountRequired.is(true) {
		l.Required["Account_Name"] = true
	}
	if m.name == "Deals" && d.ClosingDateRequired.is(true) {
		l.Required["Closing_Date"] = true
	}
	return l
}

func isAddress(name string) bool {
	for _, suffix := range []string{"Street", "City", "State", "Code", "Zip", "Country", "Zip_Code"} {
		if strings.HasSuffix(name, "_"+suffix) && name != "Product_Code" && name != "SIC_Code" || name == suffix {
			return true
		}
	}
	return false
}

// cloneLayout is a click on a layout's menu; no API does it (section 9.3).
func (b *Box) cloneLayout(m *module, from *layout, name string) *layout {
	l := *from
	l.ID, l.Name, l.Standard = b.ids.meta(), name, false
	l.Created, l.Modified = b.now(), b.now()
	l.Required = map[string]bool{}
	for k := range from.Required {
		l.Required[k] = true
	}
	l.Sections = nil
	for _, s := range from.Sections {
		l.Sections = append(l.Sections, &section{ID: b.ids.meta(), Name: s.Name, Fields: slices.Clone(s.Fields)})
	}
	l.Profiles, l.Away = slices.Clone(from.Profiles), maps.Clone(from.Away)
	m.layouts = append(m.layouts, &l)
	if m.name == "Deals" {
		b.foundPipelines()
	}
	b.save("layout", l.ID, &l)
	return &l
}

func (b *Box) getLayouts(c *call) answer {
	m, f := b.moduleParam(c)
	if f != nil {
		return f.answer()
	}
	var out []any
	for _, l := range m.layouts {
		if len(c.path) < 3 || c.path[2] == l.ID {
			out = append(out, b.renderLayout(m, l, c))
		}
	}
	if len(out) == 0 {
		return noContent()
	}
	return ok(object{"layouts": out})
}

func (b *Box) renderLayout(m *module, l *layout, c *call) object {
	status := "active"
	if !l.Active {
		status = "inactive"
	}
	var sections []any
	for i, s := range l.Sections {
		sections = append(sections, b.renderSection(m, l, s, c, i))
	}
	var profiles any // null without the right to customise (section 9.3)
	if b.isAdmin(c.user) {
		var refs []any
		for _, id := range l.Profiles {
			if p := b.profileByID(id); p != nil {
				view := object{"id": l.ID, "name": l.Name, "type": "layout"}
				refs = append(refs, object{"id": p.ID, "name": p.Name, "default": true, "type": "normal_profile", "_default_view": view, "_default_assignment_view": view})
			}
		}
		profiles = refs
	}
	kind, source := "custom", "crm"
	if l.Standard {
		kind = "system"
	}
	by := b.superAdmin().ref()
	return object{
		"id": l.ID, "name": l.Name, "api_name": l.apiName(), "display_label": l.Name, "status": status, "visible": l.Active, "generated_type": kind, "source": source,
		"has_more_profiles": false, "show_business_card": true, "mode": "view", "sections": sections, "profiles": profiles,
		"created_time": stamp(l.Created, c.zone()), "modified_time": stamp(l.Modified, c.zone()), "created_by": by, "modified_by": by, "created_for": nil, "convert_mapping": nil,
		"actions_allowed": object{"edit": true, "rename": !l.Standard, "clone": true, "downgrade": false, "delete": !l.Standard, "deactivate": !l.Standard, "set_layout_permissions": true},
	}
}

func (b *Box) renderSection(m *module, l *layout, s *section, c *call, i int) object {
	fields := []any{}
	for n, name := range s.Fields {
		f := m.field(name)
		if f == nil || !b.visibleField(f, c.user) {
			continue
		}
		o := object{
			"id": f.ID, "api_name": f.Name, "field_label": f.Label, "display_label": f.Label, "data_type": f.dataType(), "json_type": f.jsonType(),
			"required": l.Required[name] || b.mandatory(m, f), "system_mandatory": b.mandatory(m, f), "read_only": f.ReadOnly || f.Profiles[c.user.Profile] == "read_only",
			"field_read_only": f.ReadOnly, "visible": true, "custom_field": f.Custom, "sequence_number": n + 1, "pick_list_values": b.layoutPicks(m, l, f),
			"lookup": b.renderLookup(f), "unique": f.renderUnique(), "external": f.renderExternal(), "section_id": i + 1, "ui_type": f.uiType(),
		}
		if f.Length > 0 {
			o["length"] = f.Length
		}
		fields = append(fields, o)
	}
	return object{
		"id": s.ID, "name": s.Name, "api_name": strings.ReplaceAll(s.Name, " ", "_"), "display_label": s.Name, "sequence_number": i + 1, "column_count": 2, "tab_traversal": "left_to_right", "mode": "view",
		"type": "used", "generated_type": "default", "isSubformSection": m.lines != "" && s.Name == labelOf(m.lines), "properties": nil, "fields": fields,
		"layout": object{"id": l.ID, "name": l.Name}, "actions_allowed": object{
			"add_field": true, "remove_field": true, "rename": true, "reorder": true, "delete": i > 0, "change_tab_traversal": true, "change_column_count": true,
		},
	}
}
