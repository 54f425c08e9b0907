package zohobox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"crossbook/sandbox/ui"
)

const (
	relatedShown = 20 // of each list
	historyShown = 15
)

// Record is one record with its rows, what looks up to it and its history.
func (s screens) Record(kind, id string) (ui.Record, error) {
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	if r, is, err := b.setUpRecord(kind, id); is {
		return r, err
	}
	m, r, err := b.shownRecord(kind, id)
	if err != nil {
		return ui.Record{}, err
	}
	c := &call{b: b, user: b.superAdmin()}
	out := ui.Record{
		Kind: m.name, ID: r.sid(), KindTitle: m.plural, Title: nameOf(m, r), Chips: chipsOf(r), Acts: recordActs(m, r),
		Lead: fmt.Sprintf("%s %s, last changed %s", m.singular, r.sid(), ago(r.modified)), Raw: indented(b.whole(m, r, c)),
	}
	if u := b.userByID(r.modifiedBy); u != nil {
		out.Lead += " by " + u.name()
	}
	if r.lock != nil {
		out.Sections = append(out.Sections, ui.Section{Title: "Lock", Fields: []ui.Field{
			{Label: "Reason", Value: r.lock.Reason}, {Label: "By", Value: words(b.personRef(r.lock.By))}, {Label: "Since", Value: ago(r.lock.At)}, {Label: "Kind", Value: r.lock.Source},
		}})
	}
	out.Sections = append(out.Sections, b.sections(m, r, c)...)
	if t := b.rowTable(m, r, c); len(t.Rows) > 0 {
		out.Tables = append(out.Tables, t)
	}
	out.Tables = append(out.Tables, b.subformTables(m, r, c)...)
	out.Tables = append(out.Tables, b.relatedTables(m, r, c)...)
	out.History = s.events(ui.Query{Kind: m.name, ID: r.sid(), Page: 1, Per: historyShown})
	return out, nil
}

func (b *Box) shownRecord(kind, id string) (*module, *record, error) {
	m, err := b.shownModule(kind)
	if err != nil {
		return nil, nil, err
	}
	n, _ := parseID(id)
	r := m.table.get(n)
	if r == nil {
		if m.bin[n] != nil {
			return m, nil, fmt.Errorf("this %s lies in the recycle bin: %w", strings.ToLower(m.singular), ui.ErrNotFound)
		}
		return m, nil, fmt.Errorf("there is no %s %q: %w", strings.ToLower(m.singular), id, ui.ErrNotFound)
	}
	return m, r, nil
}

func indented(v any) string {
	var out bytes.Buffer
	_ = json.Indent(&out, appendJSON(nil, v), "", "  ")
	return out.String()
}

// sections follow the record's layout; what is empty or not on it is folded.
func (b *Box) sections(m *module, r *record, c *call) []ui.Section {
	rest := ui.Section{Title: "Fields without a value, and those of the system", Folded: true}
	seen := map[string]bool{}
	var out []ui.Section
	show := func(to *ui.Section, name string) {
		f := m.field(name)
		if f == nil || seen[name] || f.isRows() || !b.visibleField(f, nil) {
			return
		}
		seen[name] = true
		v := b.wire(m, r, f, c)
		shown := ui.Field{Label: f.Label, Name: f.Name, Value: words(v)}
		if o, isObject := v.(object); isObject && f.Type == "lookup" {
			shown.Href = ui.RecordURL(f.Lookup, text(o["id"]))
		}
		if shown.Value == "" {
			to = &rest
		}
		to.Fields = append(to.Fields, shown)
	}
	if l := m.layoutByID(r.layout); l != nil {
		for _, s := range l.Sections {
			section := ui.Section{Title: s.Name}
			for _, name := range s.Fields {
				show(&section, name)
			}
			if len(section.Fields) > 0 {
				out = append(out, section)
			}
		}
	}
	for _, f := range m.fields {
		show(&rest, f.Name)
	}
	return append(out, rest)
}

func (b *Box) rowTable(m *module, r *record, c *call) ui.Table {
	t := ui.Table{Title: "Lines"}
	lm := b.module[m.lines]
	if lm == nil {
		return t
	}
	t.Title = lm.plural
	cols := []string{"Product_Name", "Description", "Quantity", "List_Price", "Total", "Discount", "Line_Tax", "Tax", "Net_Total"}
	for _, name := range cols {
		f := lm.field(name)
		t.Columns = append(t.Columns, ui.Column{Title: f.Label, Numeric: f.numeric()})
	}
	for _, id := range r.lines {
		row := lm.table.get(id)
		if row == nil {
			continue
		}
		var tr ui.TableRow
		for _, name := range cols {
			f := lm.field(name)
			v := b.wire(lm, row, f, c)
			cell := ui.Cell{Text: words(v)}
			if o, isObject := v.(object); isObject && f.Type == "lookup" {
				cell.Href = ui.RecordURL(f.Lookup, text(o["id"]))
			}
			tr.Cells = append(tr.Cells, cell)
		}
		t.Rows = append(t.Rows, tr)
	}
	return t
}

// subformTables show the rows of the subforms that people made.
func (b *Box) subformTables(m *module, r *record, c *call) []ui.Table {
	var out []ui.Table
	for _, sub := range m.fields {
		if !sub.isCustomSubform() {
			continue
		}
		t, lm := ui.Table{Title: sub.Label}, b.module[sub.Lookup]
		for _, f := range lm.fields {
			if f.Custom {
				t.Columns = append(t.Columns, ui.Column{Title: f.Label, Numeric: f.numeric()})
			}
		}
		for _, row := range b.subformRecords(sub, r) {
			var tr ui.TableRow
			for _, f := range lm.fields {
				if f.Custom {
					tr.Cells = append(tr.Cells, ui.Cell{Text: words(b.wire(lm, row, f, c))})
				}
			}
			t.Rows = append(t.Rows, tr)
		}
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// relatedTables show the newest records of each related list; the index of the
// look-up gives them without a walk.
func (b *Box) relatedTables(m *module, r *record, c *call) []ui.Table {
	var out []ui.Table
	lists := b.relatedLists(m)
	if m.name == "Products" {
		for _, lm := range b.modules {
			if lm.isLine() && lm.field("Product_Name") != nil {
				lists = append(lists, relatedList{name: lm.name, module: lm, field: "Product_Name"})
			}
		}
	}
	for _, rl := range lists {
		ids := rl.module.table.holding(rl.field, r.sid())
		if len(ids) == 0 {
			continue
		}
		title := rl.module.plural
		if rl.module.isLine() {
			title = b.module[rl.module.parent].plural
		}
		t := ui.Table{Title: title, Columns: columnsOf("Name")}
		if len(ids) > relatedShown {
			t.Lead = fmt.Sprintf("The newest %d of %s.", relatedShown, ui.Number(len(ids)))
		}
		cols := listColumns[rl.module.name]
		if rl.module.isLine() {
			cols = []string{"Description", "Quantity", "List_Price", "Net_Total"}
		}
		for _, name := range cols {
			f := rl.module.field(name)
			t.Columns = append(t.Columns, ui.Column{Title: f.Label, Numeric: f.numeric()})
		}
		for i := len(ids) - 1; i >= max(0, len(ids)-relatedShown); i-- {
			if o := rl.module.table.get(ids[i]); o != nil {
				t.Rows = append(t.Rows, b.relatedRow(rl.module, o, cols, c))
			}
		}
		out = append(out, t)
	}
	return out
}

func (b *Box) relatedRow(m *module, r *record, cols []string, c *call) ui.TableRow {
	row := b.listRow(m, r, cols, c)
	head := ui.Cell{Text: row.Cells[0], Href: row.Href}
	if m.isLine() {
		head = ui.Cell{Text: "Row " + r.sid()}
		if p := b.module[m.parent].table.get(r.parent); p != nil {
			head = ui.Cell{Text: nameOf(b.module[m.parent], p), Href: ui.RecordURL(m.parent, p.sid())}
		}
	}
	tr := ui.TableRow{Cells: []ui.Cell{head}, Off: row.Off}
	for _, s := range row.Cells[1:] {
		tr.Cells = append(tr.Cells, ui.Cell{Text: s})
	}
	return tr
}

// History is the write log, of the whole organisation or of one record.
func (s screens) History(q ui.Query) (ui.History, error) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	return s.events(q), nil
}

func (s screens) events(q ui.Query) ui.History {
	b := s.b
	of := func(i int) (kind, id string) { return b.writes[i].Type, b.writes[i].ID }
	return s.trail.History(len(b.writes), of, q, func(i int) ui.Event { return b.event(&b.writes[i], q.ID == "") })
}

var opWords = map[string]string{
	"create": "added", "update": "changed", "delete": "deleted", "merge": "merged", "restore": "restored", "lock": "locked", "unlock": "unlocked",
	"hold": "began a merge of", "release": "ended the merge of", "review": "sent to review", "reviewed": "reviewed", "submit": "submitted for approval", "approve": "approved", "convert": "converted", "tag": "tagged", "untag": "took a tag from",
}

func (b *Box) event(w *writeEntry, about bool) ui.Event {
	ev := ui.Event{Time: w.Time, Who: w.Actor, Text: opWords[w.Op]}
	if ev.Text == "" {
		ev.Text = w.Op
	}
	switch w.Actor {
	case "api":
		ev.Who, ev.API = "A program as "+w.User, true
	case automation:
		ev.Who, ev.API = "A workflow", true
	}
	if into := text(w.Values["into"]); w.Op == "merge" {
		ev.Text = "merged this into " + into + ":"
	}
	if w.RequestID != "" {
		ev.Note = "request " + w.RequestID
	}
	m := b.module[w.Type]
	if about {
		ev.About = ui.Link{Text: w.Type + " " + w.ID}
		if id, _ := parseID(w.ID); m != nil && m.table.get(id) != nil && !m.isLine() {
			ev.About = ui.Link{Text: strings.ToLower(m.singular) + " " + nameOf(m, m.table.get(id)), Href: ui.RecordURL(m.name, w.ID)}
		}
	}
	ev.Changes = b.changesOf(w, m)
	return ev
}

// changesOf are the fields of an entry: with their old values where the
// timeline kept them, else as they were sent.
func (b *Box) changesOf(w *writeEntry, m *module) []ui.Change {
	labelled := func(name string) string {
		if m != nil && m.field(name) != nil {
			return m.field(name).Label
		}
		return name
	}
	if id, _ := parseID(w.ID); m != nil && w.Op == "update" {
		events := m.timeline[id]
		i := slices.IndexFunc(events, func(e event) bool {
			return e.Action == "updated" && e.At.Sub(w.Time).Abs() <= time.Second && len(e.Fields) > 0
		})
		if i >= 0 {
			var out []ui.Change
			for _, f := range events[i].Fields {
				old := plain(f.Old)
				out = append(out, ui.Change{Name: labelled(f.Name), Old: &old, New: plain(f.New)})
			}
			return out
		}
	}
	var out []ui.Change
	for _, k := range sortedKeys(w.Values) {
		if k == "id" || k == "into" {
			continue
		}
		v := words(w.Values[k])
		if rows := list(w.Values[k]); m != nil && k == m.lines {
			v = fmt.Sprintf("%d rows", len(rows))
		}
		out = append(out, ui.Change{Name: labelled(k), New: v})
	}
	return out
}
