package zohobox

import (
	"fmt"
	"strings"
	"time"

	"crossbook/sandbox/ui"
)

// Kinds of the pages that are no modules of the vendor.
const (
	kindBin        = "recycle_bin"
	kindUsers      = "users"
	kindLayouts    = "layouts"
	kindModules    = "modules"
	kindCurrencies = "currencies"
	kindTaxes      = "taxes"
)

func (b *Box) setUpKinds() ui.KindGroup {
	layouts := 0
	for _, m := range b.shownModules() {
		layouts += len(m.layouts)
	}
	return ui.KindGroup{Title: "Organisation", Kinds: []ui.Kind{
		{Name: kindBin, Title: "Recycle bin", Count: b.binCount()},
		{Name: kindModules, Title: "Modules", Count: len(b.shownModules())},
		{Name: kindLayouts, Title: "Layouts", Count: layouts},
		{Name: kindUsers, Title: "Users", Count: len(b.users)},
		{Name: kindCurrencies, Title: "Currencies", Count: len(b.currencies)},
		{Name: kindTaxes, Title: "Taxes", Count: len(b.taxes)},
	}}
}

// shownModules are those with records of their own.
func (b *Box) shownModules() []*module {
	var out []*module
	for _, m := range b.modules {
		if !m.isLine() {
			out = append(out, m)
		}
	}
	return out
}

// binCount is how much can be restored. Merged products lie in the bin for
// their rows' sake only.
func (b *Box) binCount() int {
	n := 0
	for _, m := range b.shownModules() {
		b.age(m)
		n += len(m.bin)
		if m.name != "Products" {
			continue
		}
		for _, g := range m.graves {
			if g.Gone && m.bin[g.ID] != nil {
				n--
			}
		}
	}
	return n
}

func columnsOf(titles ...string) []ui.Column {
	out := make([]ui.Column, len(titles))
	for i, t := range titles {
		out[i].Title = t
	}
	return out
}

func ago(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

// setUpList is the list of one of the kinds above; false for others.
func (b *Box) setUpList(q ui.Query) (ui.List, bool) {
	var l ui.List
	var all []ui.Row
	add := func(r ui.Row) {
		if q.Search == "" || strings.Contains(strings.ToLower(strings.Join(r.Cells, "\n")), strings.ToLower(q.Search)) {
			all = append(all, r)
		}
	}
	switch q.Kind {
	case kindBin:
		l = ui.List{Title: "Recycle bin", One: "deleted record", Lead: "Deleted records stay here for 60 days.", Columns: columnsOf("Name", "Module", "Id", "Deleted", "By")}
		b.binned(func(m *module, g *grave) bool {
			by := ""
			if u := b.userByID(g.By); u != nil {
				by = u.name()
			}
			add(ui.Row{Href: ui.FormURL("restore", m.name, formatID(g.ID)), Cells: []string{g.Name, m.name, formatID(g.ID), ago(g.At), by}})
			return true
		})
	case kindUsers:
		l = ui.List{Title: "Users", One: "user", Columns: columnsOf("Name", "E-mail", "Profile", "Time zone"), Acts: []ui.Link{{Text: "Add a user", Href: ui.FormURL("add_user", "", "")}}}
		for _, u := range b.users {
			r := ui.Row{Href: ui.RecordURL(kindUsers, u.ID), Cells: []string{u.name(), u.Email, b.profileByID(u.Profile).Name, u.Zone}, Off: !u.Active}
			if !u.Active {
				r.Chips = []ui.Chip{{Text: "Inactive", Tone: "warn"}}
			}
			add(r)
		}
	case kindLayouts:
		l = ui.List{Title: "Layouts", One: "layout", Lead: "Which fields stand on the forms of a module. Only people can clone a layout; programs find what is there.", Columns: columnsOf("Name", "Module", "Id", "Fields", "Needed")}
		for _, m := range b.shownModules() {
			for _, lay := range m.layouts {
				n := 0
				for _, s := range lay.Sections {
					n += len(s.Fields)
				}
				add(ui.Row{Href: ui.RecordURL(kindLayouts, lay.ID), Cells: []string{lay.Name, m.name, lay.ID, ui.Number(n), ui.Number(len(lay.Required))}})
			}
		}
	case kindModules:
		l = ui.List{Title: "Modules", One: "module", Lead: "Fields, layouts, views and record locking.", Columns: columnsOf("Name", "In the API", "Fields", "Custom fields"), Acts: []ui.Link{{Text: "Add a module", Href: ui.FormURL("create_module", "", "")}}}
		for _, m := range b.shownModules() {
			add(ui.Row{Href: ui.RecordURL(kindModules, m.name), Cells: []string{m.plural, m.name, ui.Number(len(m.fields)), ui.Number(b.customFields(m))}})
		}
	case kindCurrencies:
		l = ui.List{Title: "Currencies", One: "currency", Lead: "Home currency: " + b.org.Home + ".", Columns: columnsOf("Code", "Rate", "State")}
		l.Acts = []ui.Link{{Text: "Switch several currencies on", Href: ui.FormURL("enable_currencies", "", "")}}
		if b.org.Multi {
			l.Acts = []ui.Link{{Text: "Add a currency", Href: ui.FormURL("add_currency", "", "")}}
		}
		for _, c := range b.currencies {
			state := "active"
			if !c.Active {
				state = "inactive"
			}
			if c.Base {
				state = "home"
			}
			add(ui.Row{Href: ui.FormURL("set_currency", kindCurrencies, c.ISO), Cells: []string{c.ISO, c.Rate, state}, Off: !c.Active})
		}
	case kindTaxes:
		l = ui.List{Title: "Taxes", One: "tax", Columns: columnsOf("Name", "Percent"), Acts: []ui.Link{{Text: "Add a tax", Href: ui.FormURL("add_tax", "", "")}}}
		for _, t := range b.taxes {
			add(ui.Row{Href: ui.ListURL(kindTaxes), Cells: []string{t.Name, t.Value}})
		}
	default:
		return l, false
	}
	from := min(q.First(), len(all))
	l.Rows, l.Total = all[from:min(from+q.Per, len(all))], len(all)
	l.More = from+len(l.Rows) < len(all)
	return l, true
}

// setUpRecord is one user, layout or module; false for other kinds.
func (b *Box) setUpRecord(kind, id string) (ui.Record, bool, error) {
	missing := fmt.Errorf("there is no such entry of %s: %w", kind, ui.ErrNotFound)
	switch kind {
	case kindUsers:
		u := b.userByID(id)
		if u == nil {
			return ui.Record{}, true, missing
		}
		return b.userPage(u), true, nil
	case kindLayouts:
		m, l := b.layoutAnywhere(id)
		if l == nil {
			return ui.Record{}, true, missing
		}
		return b.layoutPage(m, l), true, nil
	case kindModules:
		m := b.module[id]
		if m == nil || m.isLine() {
			return ui.Record{}, true, missing
		}
		return b.modulePage(m), true, nil
	case kindBin, kindCurrencies, kindTaxes:
		return ui.Record{}, true, missing
	}
	return ui.Record{}, false, nil
}

func (b *Box) layoutAnywhere(id string) (*module, *layout) {
	for _, m := range b.shownModules() {
		if l := m.layoutByID(id); l != nil {
			return m, l
		}
	}
	return nil, nil
}

func (b *Box) userPage(u *user) ui.Record {
	r := ui.Record{Kind: kindUsers, ID: u.ID, KindTitle: "Users", Title: u.name(), Lead: "User " + u.ID}
	act := ui.Act{Action: "inactivate", Text: "Make inactive", Danger: true}
	if !u.Active {
		act = ui.Act{Action: "reactivate", Text: "Make active"}
		r.Chips = append(r.Chips, ui.Chip{Text: "Inactive", Tone: "warn"})
	}
	if u.SuperAdmin {
		r.Chips = append(r.Chips, ui.Chip{Text: "Super administrator"})
	} else {
		r.Acts = []ui.Act{act}
	}
	r.Sections = []ui.Section{{Title: "Details", Fields: []ui.Field{
		{Label: "E-mail", Value: u.Email},
		{Label: "Profile", Value: b.profileByID(u.Profile).Name},
		{Label: "Time zone", Value: u.Zone},
		{Label: "ZUID", Value: u.ZUID},
		{Label: "Since", Value: ago(u.Created)},
		{Label: "Last changed", Value: ago(u.Modified)},
	}}}
	r.Raw = indented(b.renderUser(u, time.UTC))
	return r
}

func (b *Box) layoutPage(m *module, l *layout) ui.Record {
	c := &call{b: b, user: b.superAdmin()}
	r := ui.Record{
		Kind: kindLayouts, ID: l.ID, KindTitle: "Layouts", Title: l.Name + " of " + m.plural, Lead: "Layout " + l.ID,
		Acts: []ui.Act{{Action: "clone_layout", Text: "Clone it"}, {Action: "layout_field", Text: "Change a field on it"}}, Raw: indented(b.renderLayout(m, l, c)),
	}
	for _, s := range l.Sections {
		t := ui.Table{Title: s.Name, Columns: columnsOf("Field", "In the API", "Type", "Needed")}
		for _, name := range s.Fields {
			f := m.field(name)
			if f == nil || !b.visibleField(f, nil) {
				continue
			}
			needed := ""
			if l.Required[name] {
				needed = "needed"
			}
			t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{{Text: f.Label}, {Text: f.Name}, {Text: f.dataType()}, {Text: needed}}})
		}
		r.Tables = append(r.Tables, t)
	}
	return r
}

func (b *Box) modulePage(m *module) ui.Record {
	r := ui.Record{Kind: kindModules, ID: m.name, KindTitle: "Modules", Title: "Set-up of " + m.plural, Lead: "Module " + m.name + ", " + m.ID, Acts: []ui.Act{
		{Action: "create_field", Text: "Add a field"}, {Action: "create_subform", Text: "Add a subform"}, {Action: "field_access", Text: "Field permission"}, {Action: "add_view", Text: "Add a view"}, {Action: "add_workflow", Text: "Add a workflow rule"}, {Action: layoutRule, Text: "Add a layout rule"}, {Action: validationRule, Text: "Add a validation rule"},
	}}
	if lockable(m) {
		r.Acts = append(r.Acts, ui.Act{Action: "lock_config", Text: "Record locking"})
	}
	if b.customFields(m) > 0 {
		r.Acts = append(r.Acts, ui.Act{Action: "delete_field", Text: "Delete a field", Danger: true})
	}
	if cfg := b.lockRules[m.name]; cfg != nil {
		r.Chips = append(r.Chips, ui.Chip{Text: "Record locking: " + cfg.Type})
	}
	layouts := ui.Table{Title: "Layouts", Columns: columnsOf("Name", "Id")}
	for _, l := range m.layouts {
		layouts.Rows = append(layouts.Rows, ui.TableRow{Cells: []ui.Cell{{Text: l.Name, Href: ui.RecordURL(kindLayouts, l.ID)}, {Text: l.ID}}})
	}
	fields := ui.Table{Title: "Fields", Columns: columnsOf("Label", "In the API", "Type", "Length", "Kind")}
	for _, f := range m.fields {
		if !b.visibleField(f, nil) {
			continue
		}
		var marks []string
		for _, k := range []struct {
			is   bool
			text string
		}{{f.Custom, "custom"}, {f.Mandatory, "needed"}, {f.ReadOnly, "read-only"}, {f.Unique, "unique"}, {f.External != "", "external"}, {f.Lookup != "", "to " + f.Lookup}} {
			if k.is {
				marks = append(marks, k.text)
			}
		}
		fields.Rows = append(fields.Rows, ui.TableRow{Cells: []ui.Cell{{Text: f.Label}, {Text: f.Name}, {Text: f.dataType()}, {Text: fmt.Sprint(f.Length)}, {Text: strings.Join(marks, ", ")}}})
	}
	views := ui.Table{Title: "Views", Columns: columnsOf("Name", "Id")}
	for _, v := range b.views {
		if v.Module == m.name {
			views.Rows = append(views.Rows, ui.TableRow{Cells: []ui.Cell{{Text: v.Name}, {Text: v.ID}}})
		}
	}
	rules := ui.Table{Title: "Rules", Columns: columnsOf("Name", "Kind", "Id")}
	for _, x := range b.rules {
		if x.Module == m.name {
			rules.Rows = append(rules.Rows, ui.TableRow{Cells: []ui.Cell{{Text: x.Name}, {Text: map[string]string{layoutRule: "demands fields", validationRule: "refuses"}[x.Kind]}, {Text: x.ID}}})
		}
	}
	r.Tables = []ui.Table{layouts, fields, views}
	if len(rules.Rows) > 0 {
		r.Tables = append(r.Tables, rules)
	}
	r.Raw = indented(b.renderModule(nil, m, 0))
	return r
}
