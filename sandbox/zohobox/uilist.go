package zohobox

import (
	"fmt"
	"strings"

	"crossbook/sandbox/ui"
)

// searchWalk bounds how many records one page of a search looks at: finding by
// id or by a whole name needs none of them.
const searchWalk = 20_000

var listColumns = map[string][]string{
	"Accounts": {"Account_Type", "Phone", "Website", "Modified_Time"}, "Contacts": {"Account_Name", "Email", "Phone", "Modified_Time"},
	"Leads": {"Company", "Email", "Phone", "Lead_Status"}, "Deals": {"Account_Name", "Stage", "Amount", "Closing_Date"},
	"Products": {"Product_Code", "Unit_Price", "Qty_in_Stock", "Modified_Time"}, "Price_Books": {"Pricing_Model", "Modified_Time"},
	"Vendors": {"Email", "Phone", "Modified_Time"}, "Quotes": {"Quote_Number", "Account_Name", "Quote_Stage", "Grand_Total"},
	"Sales_Orders": {"SO_Number", "Account_Name", "Status", "Grand_Total"}, "Purchase_Orders": {"PO_Number", "Vendor_Name", "Status", "Grand_Total"},
	"Invoices": {"Invoice_Number", "Account_Name", "Status", "Due_Date", "Grand_Total"},
}

func (b *Box) shownModule(name string) (*module, error) {
	m := b.module[name]
	if m == nil || m.isLine() {
		return nil, fmt.Errorf("there is no module %q: %w", name, ui.ErrNotFound)
	}
	return m, nil
}

// List shows the records changed last first, by the box's own index.
func (s screens) List(q ui.Query) (ui.List, error) {
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, is := b.setUpList(q); is {
		return l, nil
	}
	m, err := b.shownModule(q.Kind)
	if err != nil {
		return ui.List{}, err
	}
	one := strings.ToLower(m.singular)
	l := ui.List{Title: m.plural, One: one, Columns: columnsOf("Name"), Total: m.table.byID.len(), Acts: []ui.Link{
		{Text: "Add " + article(one), Href: ui.FormURL("create", m.name, "")}, {Text: "Set-up", Href: ui.RecordURL(kindModules, m.name)},
	}}
	cols := listColumns[m.name]
	for _, c := range cols {
		f := m.field(c)
		l.Columns = append(l.Columns, ui.Column{Title: f.Label, Numeric: f.numeric()})
	}
	var found []*record
	if q.Search == "" {
		m.table.byModified.fromEnd(q.First(), func(e entry) bool {
			if len(found) == q.Per {
				l.More = true
				return false
			}
			found = append(found, m.table.get(e.id))
			return true
		})
	} else {
		found, l.More, l.Looked = b.look(m, q)
		l.Total = len(found)
	}
	c := &call{b: b, user: b.superAdmin()}
	for _, r := range found {
		l.Rows = append(l.Rows, b.listRow(m, r, cols, c))
	}
	return l, nil
}

func article(one string) string {
	if strings.ContainsAny(one[:1], "aeiou") {
		return "an " + one
	}
	return "a " + one
}

func (b *Box) listRow(m *module, r *record, cols []string, c *call) ui.Row {
	row := ui.Row{Href: ui.RecordURL(m.name, r.sid()), Cells: []string{nameOf(m, r)}, Chips: chipsOf(r)}
	for _, name := range cols {
		f := m.field(name)
		cell := words(b.wire(m, r, f, c))
		if t, isTime := moment(r.value(name)); isTime && f.Type == "datetime" {
			cell = t.In(c.zone()).Format("2 Jan 2006, 15:04")
		}
		row.Cells = append(row.Cells, cell)
	}
	row.Off = m.name == "Products" && r.vals["Product_Active"] == false
	return row
}

// nameOf is what a person calls a record.
func nameOf(m *module, r *record) string {
	if n := displayName(m, r); n != "" {
		return n
	}
	return m.singular + " " + r.sid()
}

func chipsOf(r *record) []ui.Chip {
	var out []ui.Chip
	if r.lock != nil {
		out = append(out, ui.Chip{Text: "Locked", Tone: "warn"})
	}
	if r.inMerge {
		out = append(out, ui.Chip{Text: "Merge under way", Tone: "warn"})
	}
	if r.imageCheck {
		out = append(out, ui.Chip{Text: "Image being validated", Tone: "warn"})
	}
	if r.approval != "" {
		out = append(out, ui.Chip{Text: "Waits for approval", Tone: "warn"})
	}
	if r.review {
		out = append(out, ui.Chip{Text: "In review", Tone: "warn"})
	}
	if isConverted(r) {
		out = append(out, ui.Chip{Text: "Converted"})
	}
	if r.vals["Product_Active"] == false {
		out = append(out, ui.Chip{Text: "Inactive", Tone: "warn"})
	}
	return out
}

// words shows a value of the wire to a person.
func words(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "Yes"
		}
		return "No"
	case object:
		for _, k := range []string{"name", "value", "File_Name__s", "id"} {
			if s := plain(v[k]); s != "" {
				return s
			}
		}
		return ""
	case []any:
		parts := make([]string, 0, len(v))
		for _, e := range v {
			o, isObject := e.(object)
			if isObject && o["percentage"] != nil {
				parts = append(parts, text(o["name"])+" "+plain(o["percentage"])+" %")
				continue
			}
			parts = append(parts, words(e))
		}
		return strings.Join(parts, ", ")
	}
	return plain(v)
}

// look finds by id, whole name and whole e-mail through the indexes, then by a
// part of a name, number or address among the records changed last.
func (b *Box) look(m *module, q ui.Query) (found []*record, more bool, looked string) {
	skip, seen := q.First(), map[int64]bool{}
	add := func(r *record) bool {
		if r == nil || seen[r.id] {
			return true
		}
		seen[r.id] = true
		if skip > 0 {
			skip--
			return true
		}
		if len(found) == q.Per {
			more = true
			return false
		}
		found = append(found, r)
		return true
	}
	id, _ := parseID(q.Search)
	add(m.table.get(id))
	for _, name := range []string{m.nameField, "Email", m.number} {
		if m.field(name) == nil {
			continue
		}
		for _, id := range m.table.holding(name, q.Search) {
			if !add(m.table.get(id)) {
				return found, more, ""
			}
		}
	}
	want, n := strings.ToLower(q.Search), 0
	m.table.byModified.fromEnd(0, func(e entry) bool {
		if n++; n > searchWalk {
			looked = fmt.Sprintf("Looked at the %s changed last of %s for a part of a name; a whole name, number, e-mail or id is found in all of them.", ui.Number(searchWalk), ui.Number(m.table.byID.len()))
			return false
		}
		r := m.table.get(e.id)
		return !mentions(m, r, want) || add(r)
	})
	return found, more, looked
}

func mentions(m *module, r *record, want string) bool {
	if strings.Contains(strings.ToLower(displayName(m, r)), want) {
		return true
	}
	for _, v := range r.vals {
		if s, isText := v.(string); isText && len(s) <= 400 && strings.Contains(strings.ToLower(s), want) {
			return true
		}
	}
	return false
}
