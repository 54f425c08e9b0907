package zohobox

import (
	"fmt"
	"slices"
	"strings"

	"crossbook/sandbox/ui"
)

const suggested = 40 // names offered below a look-up

// recordActs are what a person can do to a record.
func recordActs(m *module, r *record) []ui.Act {
	acts := []ui.Act{{Action: "update", Text: "Edit"}}
	add := func(when bool, action, text string) {
		if when {
			acts = append(acts, ui.Act{Action: action, Text: text, Danger: action == "delete" || action == "merge" || action == "inactivate"})
		}
	}
	active := m.field("Product_Active") != nil
	add(active && r.vals["Product_Active"] != false, "inactivate", "Make inactive")
	add(active && r.vals["Product_Active"] == false, "reactivate", "Make active")
	add(lockable(m) && r.lock == nil, "lock", "Lock")
	add(r.lock != nil && r.lock.Source != "Automatic", "unlock", "Unlock")
	add(!r.inMerge, "hold", "Begin a merge")
	add(r.inMerge, "release", "End the merge")
	add(m.field("Record_Image") != nil && !r.imageCheck, "check_image", "Begin to validate its image")
	add(r.imageCheck, "image_checked", "End the validation of its image")
	add(r.approval == "", "submit", "Submit for approval")
	add(r.approval != "", "approve", "Approve")
	add(!r.review, "review", "Send to review")
	add(r.review, "reviewed", "End the review")
	add(m.name == leadModule && r.vals[convertedKey] != true, "convert", "Convert")
	add(true, "merge", "Merge into another")
	add(true, "delete", "Delete")
	return acts
}

// Form is what has to be filled in for an action.
func (s screens) Form(ask ui.Ask) (ui.Form, error) {
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	if f, is, err := b.setUpForm(ask); is {
		return f, err
	}
	if ask.ID == "" {
		m, err := b.shownModule(ask.Kind)
		if err != nil || ask.Action != "create" {
			return ui.Form{}, ui.ErrNotFound
		}
		one := strings.ToLower(m.singular)
		f := b.editForm(m, nil)
		f.Title, f.Submit, f.Back = "Add "+article(one), "Add the "+one, ui.Link{Text: m.plural, Href: ui.ListURL(m.name)}
		return f, nil
	}
	if ask.Action == "restore" {
		return b.restoreForm(ask)
	}
	m, r, err := b.shownRecord(ask.Kind, ask.ID)
	if err != nil {
		return ui.Form{}, err
	}
	if !slices.ContainsFunc(recordActs(m, r), func(a ui.Act) bool { return a.Action == ask.Action }) {
		return ui.Form{}, fmt.Errorf("nobody can do %q to this %s: %w", ask.Action, strings.ToLower(m.singular), ui.ErrNotFound)
	}
	f := b.recordForm(ask, m, r)
	f.Seen = r.modified.UTC().Format("20060102150405")
	f.Back = ui.Link{Text: nameOf(m, r), Href: ui.RecordURL(m.name, r.sid())}
	return f, nil
}

func (b *Box) restoreForm(ask ui.Ask) (ui.Form, error) {
	m, g := b.inBin(ask.ID)
	if g == nil || m.name != ask.Kind {
		return ui.Form{}, fmt.Errorf("that record is not in the recycle bin: %w", ui.ErrNotFound)
	}
	return ui.Form{
		Title: "Restore " + g.Name, Submit: "Restore it", Lead: "It comes back under its old id. Look-ups that its deletion emptied may stay empty.",
		Back: ui.Link{Text: "Recycle bin", Href: ui.ListURL(kindBin)},
	}, nil
}

func inputs(in ...ui.Input) []ui.Inputs { return []ui.Inputs{{Inputs: in}} }

func (b *Box) recordForm(ask ui.Ask, m *module, r *record) ui.Form {
	name, one := nameOf(m, r), strings.ToLower(m.singular)
	switch ask.Action {
	case "update":
		f := b.editForm(m, r)
		f.Title, f.Submit = "Edit "+name, "Save"
		return f
	case "delete":
		return ui.Form{Title: "Delete " + name, Submit: "Delete it", Danger: true, Lead: "It goes to the recycle bin for 60 days. Look-ups that point at it are emptied."}
	case "merge":
		return ui.Form{
			Title: "Merge " + name + " into another", Submit: "Merge", Danger: true, Lead: "The other one takes what it lacks, and what looked up to this one looks up to it. This one is deleted.",
			Groups: inputs(ui.Input{Name: "into", Label: "Into which " + one, Type: "text", Hint: "Name or id", Required: true, Options: b.suggest(m)}),
		}
	case "lock":
		return ui.Form{Title: "Lock " + name, Submit: "Lock it", Lead: "Nobody changes or deletes it until it is unlocked, save those whom the locking configuration excepts.", Groups: inputs(ui.Input{Name: "reason", Label: "Reason", Type: "text"})}
	case "unlock":
		return ui.Form{Title: "Unlock " + name, Submit: "Unlock it", Lead: "Everybody can change it again."}
	case "inactivate":
		return ui.Form{Title: "Make " + name + " inactive", Submit: "Make inactive", Danger: true, Lead: "It stays in old documents and can be made active again."}
	case "reactivate":
		return ui.Form{Title: "Make " + name + " active", Submit: "Make active", Lead: "It can be sold again."}
	case "hold":
		return ui.Form{Title: "Begin a merge of " + name, Submit: "Begin", Lead: "While a merge is under way, programs are refused every change."}
	case "release":
		return ui.Form{Title: "End the merge of " + name, Submit: "End it", Lead: "Programs can change it again."}
	case "review":
		return ui.Form{Title: "Send " + name + " to review", Submit: "Send it", Lead: "Until it is reviewed nobody changes, converts or deletes it."}
	case "reviewed":
		return ui.Form{Title: "End the review of " + name, Submit: "End it", Lead: "It can be changed again."}
	case "convert":
		return ui.Form{
			Title: "Convert " + name, Submit: "Convert it", Danger: true, Lead: "Its company becomes an account and the person a contact. Nobody edits the lead any more.",
			Groups: inputs(ui.Input{Name: "Deal_Name", Label: "Name of a deal", Type: "text", Hint: "Empty: no deal is made"},
				ui.Input{Name: "Stage", Label: "Stage of the deal", Type: "choice", Value: "Qualification", Options: pickOptions(b.module["Deals"].field("Stage"))},
				ui.Input{Name: "Closing_Date", Label: "Closing date", Type: "date"}),
		}
	case "submit":
		return ui.Form{Title: "Submit " + name + " for approval", Submit: "Submit", Lead: "It waits for approval; until then it cannot be deleted."}
	}
	return ui.Form{Title: "Approve " + name, Submit: "Approve", Lead: "It is like any other " + one + " again."}
}

// editForm follows the layout: what is not on it cannot be typed, as in the
// vendor's screens. A new record is offered what stands on any layout.
func (b *Box) editForm(m *module, r *record) ui.Form {
	f := ui.Form{}
	l := m.standard()
	if r != nil && m.layoutByID(r.layout) != nil {
		l = m.layoutByID(r.layout)
	}
	seen := map[string]bool{"Layout": true}
	for i, s := range l.Sections {
		g := ui.Inputs{Title: s.Name, Folded: i > 0}
		for _, name := range s.Fields {
			b.addInput(&g, m, l, r, name, seen)
		}
		for _, in := range g.Inputs {
			g.Folded = g.Folded && in.Value == ""
		}
		if len(g.Inputs) > 0 {
			f.Groups = append(f.Groups, g)
		}
	}
	if len(m.layouts) > 1 {
		layout := ui.Input{Name: "Layout", Label: "Layout", Type: "choice", Value: l.ID}
		for _, x := range m.layouts {
			layout.Options = append(layout.Options, ui.Option{Value: x.ID, Text: x.Name})
		}
		f.Groups[0].Inputs = append([]ui.Input{layout}, f.Groups[0].Inputs...)
		others := ui.Inputs{Title: "On other layouts", Folded: true}
		for _, x := range m.layouts {
			for _, s := range x.Sections {
				for _, name := range s.Fields {
					b.addInput(&others, m, x, r, name, seen)
				}
			}
		}
		if len(others.Inputs) > 0 && r == nil {
			f.Groups = append(f.Groups, others)
		}
	}
	if m.lines != "" {
		f.Lines = b.lineForm(m, r)
	}
	return f
}

func (b *Box) addInput(g *ui.Inputs, m *module, l *layout, r *record, name string, seen map[string]bool) {
	f := m.field(name)
	if f == nil || seen[name] || f.ReadOnly || !b.visibleField(f, nil) {
		return
	}
	seen[name] = true
	if in, typed := b.input(f, r); typed {
		in.Required = b.mandatory(m, f) || l.Required[name]
		g.Inputs = append(g.Inputs, in)
	}
}

func pickOptions(f *field) []ui.Option {
	out := make([]ui.Option, 0, len(f.Picks))
	for _, p := range f.Picks {
		out = append(out, options(p.Value)...)
	}
	return out
}

func options(values ...string) []ui.Option {
	out := make([]ui.Option, 0, len(values))
	for _, v := range values {
		text := v
		if v == "" {
			text = "–"
		}
		out = append(out, ui.Option{Value: v, Text: text})
	}
	return out
}

// input asks for one field; subforms, images and tags have none.
func (b *Box) input(f *field, r *record) (ui.Input, bool) {
	in := ui.Input{Name: f.Name, Label: f.Label, Type: "text"}
	var v any
	if r != nil {
		v = r.value(f.Name)
	} else {
		v = f.Default
	}
	in.Value = plain(v)
	switch f.Type {
	case "text", "phone", "website", "bigint", "autonumber":
		in.Hint = fmt.Sprintf("At most %s letters", ui.Number(f.Length))
	case "textarea":
		in.Type = "area"
	case "email":
		in.Type = "email"
	case "integer", "currency", "double", "percent":
		in.Type = "number"
	case "date":
		in.Type = "date"
	case "datetime":
		in.Hint = "Such as 2026-03-01T09:00:00+01:00"
	case "boolean":
		in.Type = "check"
		in.Value = fmt.Sprint(v == true)
	case "picklist":
		in.Type, in.Options = "choice", options("")
		for _, p := range f.Picks {
			in.Options = append(in.Options, options(p.Value)...)
		}
		if f.Name == "Currency" {
			for _, c := range b.currencies {
				in.Options = append(in.Options, options(c.ISO)...)
			}
		}
		if len(in.Options) == 1 {
			in.Type, in.Options = "text", nil
		}
	case "multiselectpicklist":
		in.Type, in.Value = "many", ""
		for _, p := range f.Picks {
			in.Options = append(in.Options, options(p.Value)...)
		}
		if f.Name == "Tax" && !f.Custom {
			for _, t := range b.taxes {
				in.Options = append(in.Options, options(taxLabel(t))...)
			}
		}
		var have []string
		for _, e := range list(v) {
			have = append(have, words(e))
		}
		in.Value = strings.Join(have, "\n")
	case "lookup":
		to := b.module[f.Lookup]
		if to == nil {
			return in, false
		}
		in.Hint, in.Options, in.Value = "Name or id", b.suggest(to), b.lookupText(to, text(v))
	case "ownerlookup", "userlookup":
		in.Type, in.Options = "choice", options("")
		for _, u := range b.users {
			if u.Active || u.ID == text(v) {
				in.Options = append(in.Options, ui.Option{Value: u.ID, Text: u.name()})
			}
		}
	default:
		return in, false
	}
	return in, true
}

// suggest offers the records changed last.
func (b *Box) suggest(m *module) []ui.Option {
	var out []ui.Option
	m.table.byModified.fromEnd(0, func(e entry) bool {
		if r := m.table.get(e.id); displayName(m, r) != "" {
			out = append(out, ui.Option{Value: displayName(m, r) + " [" + r.sid() + "]", Text: displayName(m, r)})
		}
		return len(out) < suggested
	})
	return out
}

// lookupText shows a look-up so that it can be typed back: name and id.
func (b *Box) lookupText(m *module, id string) string {
	n, _ := parseID(id)
	if r := m.table.get(n); r != nil && displayName(m, r) != "" {
		return displayName(m, r) + " [" + id + "]"
	}
	return id
}

// resolve finds what a person meant: a name with its id in brackets, an id, or
// a whole name.
func (b *Box) resolve(m *module, typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if i := strings.LastIndex(typed, " ["); i >= 0 && strings.HasSuffix(typed, "]") {
		if id, valid := parseID(typed[i+2 : len(typed)-1]); valid {
			return formatID(id), nil
		}
	}
	if id, valid := parseID(typed); valid && len(typed) > 8 {
		return formatID(id), nil
	}
	one := strings.ToLower(m.singular)
	switch found := m.table.holding(m.nameField, typed); len(found) {
	case 1:
		return formatID(found[0]), nil
	case 0:
		return "", fmt.Errorf("there is no %s “%s”: write its whole name or its id", one, typed)
	default:
		return "", fmt.Errorf("%d records are called “%s”: write the id of the one you mean", len(found), typed)
	}
}

// lineColumns are what a person types in a row.
var lineColumns = []string{"Product_Name", "Description", "Quantity", "List_Price", "Discount"}

const taxColumn = "Line_Tax"

func (b *Box) lineForm(m *module, r *record) *ui.Lines {
	lm := b.module[m.lines]
	out := &ui.Lines{Title: lm.plural, Hint: "Rows without anything in them are left out. A price left empty is that of the product."}
	for _, name := range lineColumns {
		f := lm.field(name)
		in := ui.Input{Name: name, Label: f.Label, Type: "text"}
		if f.numeric() {
			in.Type = "number"
		}
		if f.Type == "lookup" {
			in.Options = b.suggest(b.module[f.Lookup])
		}
		out.Columns = append(out.Columns, in)
	}
	taxes := ui.Input{Name: taxColumn, Label: "Tax", Type: "choice", Options: options("")}
	for _, t := range b.taxes {
		taxes.Options = append(taxes.Options, options(taxLabel(t))...)
	}
	if len(b.taxes) > 0 {
		out.Columns = append(out.Columns, taxes)
	}
	if r == nil {
		return out
	}
	for _, id := range r.lines {
		row := lm.table.get(id)
		if row == nil {
			continue
		}
		lr := ui.LineRow{ID: row.sid(), Values: map[string]string{}}
		for _, c := range out.Columns {
			f := lm.field(c.Name)
			switch {
			case c.Name == taxColumn:
				lr.Values[c.Name] = b.taxText(row)
			case f.Type == "lookup":
				lr.Values[c.Name] = b.lookupText(b.module[f.Lookup], text(row.vals[c.Name]))
			default:
				lr.Values[c.Name] = plain(row.vals[c.Name])
			}
		}
		out.Rows = append(out.Rows, lr)
	}
	return out
}

// taxText is the tax of a row when it has a single one of the organisation's.
func (b *Box) taxText(row *record) string {
	taxes := list(row.vals[taxColumn])
	if len(taxes) != 1 {
		return ""
	}
	o, _ := taxes[0].(object)
	for _, t := range b.taxes {
		if t.ID == text(o["id"]) || t.Name == text(o["name"]) {
			return taxLabel(t)
		}
	}
	return ""
}
