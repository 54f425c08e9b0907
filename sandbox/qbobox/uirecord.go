package qbobox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"crossbook/sandbox/ui"
)

const (
	relatedShown = 20    // of each kind
	relatedWalk  = 2_000 // a record named by more is not gone through for a page
	historyShown = 15
)

// Record is one record with its lines, postings, what names it and what was
// written to it.
func (s screens) Record(kind, id string) (ui.Record, error) {
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	e, rec, o, err := b.shown(kind, id)
	if err != nil {
		return ui.Record{}, err
	}
	many, one := kindTitle(e)
	r := ui.Record{Kind: e.name, ID: id, KindTitle: many, Title: headOf(e, id, o), Acts: b.recordActs(e, o)}
	r.Lead = fmt.Sprintf("%s with the id %s, version %s", upper(one), id, cmp.Or(str(o, "SyncToken"), "0"))
	if t := str(o, "MetaData.LastUpdatedTime"); t != "" {
		r.Lead += ", last changed " + t
	}
	r.Chips = b.chips(e, o)
	r.Sections = sections(o)
	if lines := b.lineTable(e, o); len(lines.Rows) > 0 {
		r.Tables = append(r.Tables, lines)
	}
	if rec != nil {
		r.Tables = append(r.Tables, b.linkTable(o)...)
		r.Tables = append(r.Tables, b.postingTable(rec)...)
		r.Tables = append(r.Tables, b.namedBy(rec)...)
	}
	r.History = s.events(ui.Query{Kind: e.name, ID: id, Page: 1, Per: historyShown})
	var raw bytes.Buffer
	_ = json.Indent(&raw, encode(o), "", "  ")
	r.Raw = raw.String()
	return r, nil
}

// shown finds what an address means; singletons have no row in a table.
func (b *Box) shown(kind, id string) (*entity, *record, object, error) {
	e := b.entityNamed(kind)
	if e == nil {
		return nil, nil, nil, fmt.Errorf("there is no list %q: %w", kind, ui.ErrNotFound)
	}
	if e.shape == singleton && id == "1" {
		return e, nil, b.singles[e.name], nil
	}
	rec := b.find(e.name, id)
	if rec == nil {
		_, one := kindTitle(e)
		return nil, nil, nil, fmt.Errorf("there is no %s %q: %w", one, id, ui.ErrNotFound)
	}
	o := rec.object()
	return e, rec, o, nil
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (b *Box) chips(e *entity, o object) []ui.Chip {
	var out []ui.Chip
	if has(o, "Active") && !flag(o, "Active") {
		out = append(out, ui.Chip{Text: "Inactive", Tone: "warn"})
	}
	if into := b.merged[handle(e.name, str(o, "Id"))]; into != "" {
		out = append(out, ui.Chip{Text: "Merged into " + into, Tone: "off"})
	}
	if e.shape == document && strings.HasPrefix(str(o, "PrivateNote"), "Voided") {
		out = append(out, ui.Chip{Text: "Voided", Tone: "off"})
	}
	for _, k := range []string{"TxnStatus", "POStatus", "EmailStatus"} {
		if v := str(o, k); v != "" && v != "NotSet" {
			out = append(out, ui.Chip{Text: label(k) + ": " + v})
		}
	}
	return out
}

// sections show what a form would ask for first, then the rest folded.
func sections(o object) []ui.Section {
	main := ui.Section{Title: "Details"}
	more := ui.Section{Title: "Everything else", Folded: true}
	seen := map[string]bool{"Line": true, "LinkedTxn": true, "CustomExtensions": true}
	add := func(to *ui.Section, k string) {
		if seen[k] || o[k] == nil {
			return
		}
		seen[k] = true
		to.Fields = append(to.Fields, fieldsOf(k, label(k), o[k])...)
	}
	for _, k := range mainFields {
		add(&main, k)
	}
	for _, k := range sortedKeys(o) {
		add(&more, k)
	}
	out := make([]ui.Section, 0, 2)
	for _, s := range []ui.Section{main, more} {
		if len(s.Fields) > 0 {
			out = append(out, s)
		}
	}
	if len(main.Fields) == 0 && len(out) == 1 {
		out[0].Folded, out[0].Title = false, "Details"
	}
	return out
}

// fieldsOf shows a property, and what lies in it line by line.
func fieldsOf(path, text string, v any) []ui.Field {
	switch v := v.(type) {
	case object:
		if v["value"] != nil {
			f := ui.Field{Label: text, Name: path, Value: cmp.Or(str(v, "name"), str(v, "value"))}
			if kind := cmp.Or(refEntities[lastPart(path)], str(v, "type")); kind != "" && kind != "CompanyCurrency" {
				f.Href = ui.RecordURL(kind, str(v, "value"))
			}
			return []ui.Field{f}
		}
		if addressKeys[lastPart(path)] {
			return []ui.Field{{Label: text, Name: path, Value: addressText(v)}}
		}
		if len(v) == 1 && short(v) != "" {
			return []ui.Field{{Label: text, Name: path, Value: short(v)}}
		}
		var out []ui.Field
		for _, k := range sortedKeys(v) {
			out = append(out, fieldsOf(path+"."+k, text+": "+strings.ToLower(label(k)), v[k])...)
		}
		return out
	case []any:
		if len(v) == 0 {
			return nil
		}
		if lastPart(path) == "TaxLine" {
			return []ui.Field{{Label: text, Name: path, Value: taxText(v)}}
		}
		return []ui.Field{{Label: text, Name: path, Value: string(encode(v))}}
	}
	return []ui.Field{{Label: text, Name: path, Value: short(v)}}
}

// taxText says what each rate takes, one a line.
func taxText(lines []any) string {
	out := make([]string, 0, len(lines))
	for _, e := range lines {
		l, _ := e.(object)
		out = append(out, fmt.Sprintf("%s %% of %s: %s", str(l, "TaxLineDetail.TaxPercent"), str(l, "TaxLineDetail.NetAmountTaxable"), str(l, "Amount")))
	}
	return strings.Join(out, "\n")
}

var addressKeys = map[string]bool{
	"BillAddr": true, "ShipAddr": true, "ShipFromAddr": true, "VendorAddr": true, "PrimaryAddr": true, "CompanyAddr": true, "CustomerCommunicationAddr": true,
	"LegalAddr": true, "RemitToAddr": true,
}

// addressText writes an address as on an envelope.
func addressText(o object) string {
	var lines []string
	for _, k := range []string{"Line1", "Line2", "Line3", "Line4", "Line5"} {
		if s := str(o, k); s != "" {
			lines = append(lines, s)
		}
	}
	if s := strings.TrimSpace(strings.Join(strings.Fields(str(o, "City")+" "+str(o, "CountrySubDivisionCode")+" "+str(o, "PostalCode")), " ")); s != "" {
		lines = append(lines, s)
	}
	if s := str(o, "Country"); s != "" {
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n")
}

// headOf is the heading of a record: documents say what they are.
func headOf(e *entity, id string, o object) string {
	t := titleOf(e, id, o)
	if _, one := kindTitle(e); e.shape == document && !strings.HasPrefix(t, e.name) {
		return upper(one) + " " + t
	}
	return t
}

func lastPart(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func (b *Box) lineTable(e *entity, o object) ui.Table {
	t := ui.Table{Title: "Lines"}
	spec := lineSpecs[e.name]
	if spec == nil {
		return t
	}
	t.Columns = append(t.Columns, ui.Column{Title: "Line"})
	for _, c := range spec.columns {
		t.Columns = append(t.Columns, ui.Column{Title: c.label, Numeric: c.kind == "number"})
	}
	t.Columns = append(t.Columns, ui.Column{Title: "Kind"})
	for _, l := range list(o, "Line") {
		row := ui.TableRow{Cells: []ui.Cell{{Text: str(l, "Id")}}}
		for _, c := range spec.columns {
			row.Cells = append(row.Cells, c.cell(l))
		}
		kind := strings.TrimSuffix(str(l, "DetailType"), "LineDetail")
		if links := list(l, "LinkedTxn"); len(links) > 0 {
			kind = strings.TrimSpace(kind + " of " + str(links[0], "TxnType") + " " + str(links[0], "TxnId"))
		}
		row.Cells = append(row.Cells, ui.Cell{Text: spaced(kind)})
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (b *Box) linkTable(o object) []ui.Table {
	t := ui.Table{Title: "Linked documents", Columns: []ui.Column{{Title: "Document"}, {Title: "Kind"}}}
	for _, k := range list(o, "LinkedTxn") {
		typ, id := str(k, "TxnType"), str(k, "TxnId")
		cell := ui.Cell{Text: id}
		if r := b.find(typ, id); r != nil {
			cell = ui.Cell{Text: titleOf(r.ent, id, r.object()), Href: ui.RecordURL(r.ent.name, id)}
		}
		t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{cell, {Text: typ}}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []ui.Table{t}
}

// postingTable is what the transaction means in the books.
func (b *Box) postingTable(rec *record) []ui.Table {
	t := ui.Table{Title: "In the books", Lead: "In home currency.", Columns: []ui.Column{{Title: "Account"}, {Title: "Debit", Numeric: true}, {Title: "Credit", Numeric: true}}}
	for _, p := range b.ledger.entries[rec.handle()].all() {
		cell := ui.Cell{Text: p.Account, Href: ui.RecordURL("Account", p.Account)}
		if a := b.find("Account", p.Account); a != nil {
			cell.Text = a.title
		}
		row := ui.TableRow{Cells: []ui.Cell{cell, {}, {}}}
		at := 1
		if p.Amount.IsNegative() {
			at = 2
		}
		row.Cells[at].Text = p.Amount.Abs().StringFixed(2)
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []ui.Table{t}
}

// namedBy lists the newest records that point at this one, by kind.
func (b *Box) namedBy(rec *record) []ui.Table {
	n := len(b.usedBy[rec.handle()])
	if n > relatedWalk {
		return []ui.Table{{Title: "Named by", Lead: fmt.Sprintf("%s records name this one, too many to go through for a page. A search in their own list finds them.", ui.Number(n))}}
	}
	byKind := map[string][]*record{}
	for _, r := range append(b.users(rec), b.children(rec)...) {
		if r != rec {
			byKind[r.ent.name] = append(byKind[r.ent.name], r)
		}
	}
	kinds := make([]string, 0, len(byKind))
	for k := range byKind {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	out := make([]ui.Table, 0, len(kinds))
	for _, k := range kinds {
		all := byKind[k]
		many, _ := kindTitle(all[0].ent)
		cols := listColumns[k]
		t := ui.Table{Title: many, Columns: []ui.Column{{Title: "Name"}}}
		for _, c := range cols {
			t.Columns = append(t.Columns, ui.Column{Title: label(c), Numeric: moneyColumns[c]})
		}
		slices.SortFunc(all, func(x, y *record) int {
			return cmp.Or(cmp.Compare(y.updated, x.updated), cmp.Compare(y.num, x.num), cmp.Compare(y.id, x.id))
		})
		if all = slices.Compact(all); len(all) > relatedShown {
			t.Lead = fmt.Sprintf("The newest %d of %d.", relatedShown, len(all))
			all = all[:relatedShown]
		}
		for _, r := range all {
			row := listRow(r.ent, r.id, r.object(), cols)
			tr := ui.TableRow{Off: row.Off}
			for i, c := range row.Cells {
				cell := ui.Cell{Text: c}
				if i == 0 {
					cell.Href = row.Href
				}
				tr.Cells = append(tr.Cells, cell)
			}
			t.Rows = append(t.Rows, tr)
		}
		out = append(out, t)
	}
	return out
}

// History is the write log, of the whole box or of one record.
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
	"create": "added", "update": "changed", "delete": "deleted", "void": "voided", "merge": "merged", "inactivate": "made inactive", "send": "sent",
}

func (b *Box) event(w *Write, about bool) ui.Event {
	ev := ui.Event{Time: w.Time, Who: w.Actor, Text: cmp.Or(opWords[w.Op], w.Op)}
	if w.Actor == "api" {
		ev.Who, ev.API = "A program", true
	}
	if w.RequestID != "" {
		ev.Note = "request " + w.RequestID
	}
	if into := str(w.Values, "into"); w.Op == "merge" && into != "" {
		ev.Text = "merged this into " + into + ":"
	}
	if about {
		_, one := "", w.Type
		if e := b.entityNamed(w.Type); e != nil {
			_, one = kindTitle(e)
		}
		ev.About = ui.Link{Text: one + " " + w.ID}
		if _, _, o, err := b.shown(w.Type, w.ID); err == nil {
			ev.About = ui.Link{Text: one + " " + titleOf(b.entityNamed(w.Type), w.ID, o), Href: ui.RecordURL(w.Type, w.ID)}
		}
	}
	for _, k := range sortedKeys(w.Values) {
		switch k {
		case "Id", "SyncToken", "sparse", "into", "domain", "MetaData":
			continue
		}
		text := short(w.Values[k])
		if text == "" {
			if text = string(encode(w.Values[k])); text == `""` || text == "null" {
				text = ""
			}
		}
		ev.Changes = append(ev.Changes, ui.Change{Name: label(k), New: text})
	}
	return ev
}
