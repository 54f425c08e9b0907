package zohobox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"crossbook/sandbox/ui"
)

// Do hands what was filled in to the box's own Do, whose rules hold here too.
func (s screens) Do(ctx context.Context, ask ui.Ask, given ui.Given) (ui.Done, error) {
	a, err := s.action(ask, given)
	if err != nil {
		return ui.Done{}, err
	}
	was := s.nameOf(ask.Kind, ask.ID)
	res, err := s.b.Do(ctx, a)
	if err != nil {
		return ui.Done{}, s.refusal(a.Type, err)
	}
	return s.done(ask, res, was, a.Into), nil
}

// action translates a form into the action it stands for.
func (s screens) action(ask ui.Ask, given ui.Given) (Action, error) {
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	a := Action{User: ask.User, Action: ask.Action, Type: ask.Kind, ID: ask.ID, Data: object{}}
	switch ask.Action {
	case "create", "update":
		m, err := b.shownModule(ask.Kind)
		if err != nil {
			return a, err
		}
		a.Data, err = b.typedRecord(m, ask.ID != "", given)
		return a, err
	case "merge":
		m, err := b.shownModule(ask.Kind)
		if err != nil {
			return a, err
		}
		if a.Into, err = b.resolve(m, given.All["into"]); err != nil {
			return a, &ui.Refusal{Message: sentence(err), Field: "into"}
		}
	case "convert":
		a.Data = dealTyped(given.All)
	case layoutRule, validationRule:
		a.Type, a.ID, a.Data = ask.ID, "", ruleTyped(given.All)
	case "revoke":
		a.ID = strings.TrimSpace(given.All["token"])
	case "clone_layout", "layout_field":
		m, l := b.layoutAnywhere(ask.ID)
		if l == nil {
			return a, ui.ErrNotFound
		}
		a.Type, a.ID = m.name, ""
		a.Data = object{"from": l.ID, "name": strings.TrimSpace(given.All["name"])}
		if ask.Action == "layout_field" {
			a.Data = object{"layout": l.ID, "field": given.All["field"], "on": given.All["on"] == "true", "required": given.All["required"] == "true"}
		}
	case "set_currency":
		a.Type, a.ID = "", ""
		a.Data = object{"iso_code": ask.ID, "exchange_rate": given.All["exchange_rate"], "is_active": given.All["is_active"] == "true"}
	case "create_subform":
		a.Type, a.ID, a.Data = ask.ID, "", subformTyped(given.All)
	case "create_field":
		a.Type, a.ID, a.Data = ask.ID, "", newField(given.All)
	case "lock_config":
		a.Type, a.ID, a.Data = ask.ID, "", b.typedLocking(b.module[ask.ID], given.All)
	case "add_view":
		a.Type, a.ID = ask.ID, ""
		a.Data = object{"name": given.All["name"], "criteria": object{"field": object{"api_name": given.All["field"]}, "comparator": given.All["comparator"], "value": given.All["value"]}}
	case "add_workflow":
		m, err := b.shownModule(ask.ID)
		if err != nil {
			return a, err
		}
		a.Type, a.ID = m.name, ""
		a.Data, err = b.workflowTyped(m, given.All)
		return a, err
	default:
		if o := b.wholeTyped(ask.Action, given.All); o != nil {
			a.Data = o
			break
		}
		if ask.Kind == kindModules {
			a.Type, a.ID = ask.ID, ""
		}
		for k, v := range given.All {
			if v = strings.TrimSpace(v); v != "" {
				a.Data[k] = v
			}
		}
	}
	return a, nil
}

func subformTyped(all map[string]string) object {
	var columns []any
	for _, line := range strings.Split(all["columns"], "\n") {
		label, kind, typed := strings.Cut(line, ":")
		if strings.TrimSpace(label) == "" {
			continue
		}
		if !typed {
			kind = "text"
		}
		columns = append(columns, object{"field_label": strings.TrimSpace(label), "data_type": strings.TrimSpace(kind)})
	}
	return object{"field_label": all["field_label"], "fields": columns}
}

// dealTyped is the conversion of a lead with the deal that was filled in, if any.
func dealTyped(all map[string]string) object {
	if strings.TrimSpace(all["Deal_Name"]) == "" {
		return object{}
	}
	deal := object{"Deal_Name": all["Deal_Name"], "Stage": all["Stage"]}
	if d := strings.TrimSpace(all["Closing_Date"]); d != "" {
		deal["Closing_Date"] = d
	}
	return object{"Deals": deal}
}

func ruleTyped(all map[string]string) object {
	return object{
		"name": all["name"], "required": all["required"], "field": all["shown"], "message": all["message"],
		"criteria": object{"field": object{"api_name": all["field"]}, "comparator": all["comparator"], "value": all["value"]},
	}
}

func newField(all map[string]string) object {
	o := object{"field_label": all["field_label"], "data_type": all["data_type"]}
	if n := strings.TrimSpace(all["length"]); n != "" {
		o["length"] = numberTyped(n)
	}
	var picks []any
	for _, v := range strings.Split(all["values"], "\n") {
		if v = strings.TrimSpace(v); v != "" {
			picks = append(picks, object{"display_value": v, "actual_value": v})
		}
	}
	if picks != nil {
		o["pick_list_values"] = picks
	}
	if m := all["lookup"]; m != "" {
		o["lookup"] = object{"module": object{"api_name": m}}
	}
	if all["unique"] == "true" {
		o["unique"] = object{"case_sensitive": false}
	}
	if e := all["external"]; e != "" {
		o["external"] = object{"type": e, "show": true}
	}
	return o
}

// typedLocking keeps of the present configuration what the form does not ask.
func (b *Box) typedLocking(m *module, all map[string]string) object {
	except, rules := []any{}, []any{}
	for _, id := range strings.Fields(all["excluded"]) {
		except = append(except, object{"id": id})
	}
	o := object{"lock_type": all["lock_type"], "locked_for": all["locked_for"], "lock_excluded_profiles": except, "restricted_actions": []any{"update", "delete"}}
	if cfg := b.lockRules[m.name]; cfg != nil {
		o["restricted_actions"] = anyList(cfg.Actions)
		fields := []any{}
		for _, f := range cfg.Fields {
			fields = append(fields, object{"api_name": f})
		}
		o["excluded_fields"] = fields
		for _, r := range cfg.Rules {
			rules = append(rules, object{"name": r.Name, "lock_existing_records": r.Existing, "criteria": object{"field": object{"api_name": r.Field}, "comparator": r.Comparator, "value": r.Value}})
		}
	}
	if name := strings.TrimSpace(all["rule"]); name != "" {
		rules = append(rules, object{"name": name, "lock_existing_records": all["existing"] == "true", "criteria": object{"field": object{"api_name": all["field"]}, "comparator": "equal", "value": all["value"]}})
	}
	o["locking_rules"] = rules
	return o
}

func anyList(in []string) []any {
	out := make([]any, len(in))
	for i, s := range in {
		out[i] = s
	}
	return out
}

// typedRecord turns inputs into the values they stand for; only what was
// changed is sent.
func (b *Box) typedRecord(m *module, existing bool, given ui.Given) (object, error) {
	o := object{}
	for name, v := range given.Changed {
		if name == "Layout" {
			o[name] = object{"id": v}
			continue
		}
		typed, err := b.typed(m.field(name), v)
		if err != nil {
			return nil, &ui.Refusal{Message: sentence(err), Field: name}
		}
		o[name] = typed
	}
	if m.lines == "" || existing && !given.RowsNew {
		return o, nil
	}
	rows := []any{}
	lm := b.module[m.lines]
	for i, row := range given.Rows {
		r, err := b.typedRow(lm, row)
		if err != nil {
			return nil, &ui.Refusal{Message: fmt.Sprintf("Row %d: %s", i+1, sentence(err))}
		}
		rows = append(rows, r)
	}
	if len(rows) > 0 {
		o[m.lines] = rows
	}
	return o, nil
}

func (b *Box) typedRow(lm *module, row ui.LineRow) (object, error) {
	r := object{}
	was := map[string]string{}
	if row.ID != "" {
		r["id"] = row.ID
		if row.Drop {
			r["_delete"] = nil
			return r, nil
		}
		id, _ := parseID(row.ID)
		if old := lm.table.get(id); old != nil {
			was[taxColumn] = b.taxText(old)
			for _, name := range lineColumns {
				was[name] = plain(old.vals[name])
			}
			was["Product_Name"] = b.lookupText(b.module["Products"], text(old.vals["Product_Name"]))
		}
	}
	for name, v := range row.Values {
		if v == was[name] {
			continue
		}
		if name == taxColumn {
			r[name] = b.typedTax(v)
			continue
		}
		typed, err := b.typed(lm.field(name), v)
		if err != nil {
			return nil, err
		}
		if name == "Discount" && strings.HasSuffix(v, "%") {
			typed = v
		}
		r[name] = typed
	}
	return r, nil
}

func (b *Box) typedTax(v string) []any {
	for _, t := range b.taxes {
		if taxLabel(t) == v {
			return []any{object{"id": t.ID, "name": t.Name, "percentage": json.Number(t.Value)}}
		}
	}
	return []any{}
}

var numberPattern = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// numberTyped is a number as JSON has it, or the text itself, which the box
// then refuses in its own words.
func numberTyped(v string) any {
	if numberPattern.MatchString(v) {
		return json.Number(v)
	}
	return v
}

// typed is a field's value as a program would send it.
func (b *Box) typed(f *field, v string) (any, error) {
	if f.Type != "text" && f.Type != "textarea" {
		v = strings.TrimSpace(v)
	}
	if f.Type == "boolean" {
		return v == "true", nil
	}
	if f.Type == "multiselectpicklist" {
		out := []any{}
		for _, one := range strings.Split(v, "\n") {
			if one != "" {
				out = append(out, one)
			}
		}
		return out, nil
	}
	if v == "" {
		return nil, nil
	}
	switch f.Type {
	case "integer", "currency", "double", "percent":
		return numberTyped(v), nil
	case "lookup":
		id, err := b.resolve(b.module[f.Lookup], v)
		return object{"id": id}, err
	case "ownerlookup", "userlookup":
		return object{"id": v}, nil
	}
	return v, nil
}

// sentence begins with a capital and ends with a stop.
func sentence(err error) string {
	s := err.Error()
	if s == "" {
		return s
	}
	return strings.TrimSuffix(strings.ToUpper(s[:1])+s[1:], ".") + "."
}

// refusal turns what the box said into a message at the input it is about.
func (s screens) refusal(kind string, err error) error {
	var r refused
	if !errors.As(err, &r) {
		if plain := errors.Unwrap(err); plain != nil { // without the name of the action
			err = plain
		}
		return &ui.Refusal{Message: sentence(err)}
	}
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	m := s.b.module[kind]
	all := list(r.f.details["errors"])
	if len(all) == 0 {
		return told1(m, r.f.code, r.f.message, r.f.details)
	}
	out := &ui.Refusal{Code: r.f.code, At: map[string]string{}}
	var said []string
	for _, e := range all {
		o, _ := e.(object)
		details, _ := o["details"].(object)
		one := told1(m, text(o["code"]), text(o["message"]), details)
		said = append(said, one.Message)
		if one.Field != "" {
			out.At[one.Field] = one.Message
		}
	}
	out.Message = strings.Join(said, " ")
	return out
}

// told1 puts one error into words.
func told1(m *module, code, message string, details object) *ui.Refusal {
	r := &ui.Refusal{Code: code, Field: text(details["api_name"])}
	path := text(details["json_path"])
	if r.Field == "id" || r.Field == "" { // of a look-up: the field is what holds it
		r.Field = strings.TrimSuffix(path[strings.LastIndexByte(path, ']')+1:], ".id")
		r.Field = strings.TrimPrefix(r.Field, ".")
	}
	name := strings.ReplaceAll(r.Field, "_", " ")
	if m != nil && m.field(r.Field) != nil {
		name = m.field(r.Field).Label
	}
	if m != nil && m.lines != "" && strings.Contains(path, m.lines+"[") {
		name += " in a row"
	}
	switch {
	case name == "":
		r.Message = sentence(errors.New(message))
	case code == "MANDATORY_NOT_FOUND":
		r.Message = name + " is needed."
	case details["maximum_length"] != nil:
		r.Message = fmt.Sprintf("%s takes at most %v letters or digits.", name, details["maximum_length"])
	case details["expected_data_type"] != nil:
		r.Message = fmt.Sprintf("%s wants a value of the type %v.", name, details["expected_data_type"])
	case code == "DUPLICATE_DATA":
		r.Message = fmt.Sprintf("%s must differ, and %s has the same.", name, plain(details["id"]))
	default:
		r.Message = name + ": " + sentence(errors.New(message))
	}
	return r
}

func (s screens) nameOf(kind, id string) string {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if m, r, err := s.b.shownRecord(kind, id); err == nil {
		return nameOf(m, r)
	}
	if u := s.b.userByID(id); u != nil && kind == kindUsers {
		return u.name()
	}
	if m, g := s.b.inBin(id); g != nil {
		if g.Name == "" {
			return m.singular + " " + id
		}
		return g.Name
	}
	return id
}

var doneWords = map[string]string{
	"update": "was saved", "lock": "is locked", "unlock": "is unlocked", "inactivate": "is inactive now", "reactivate": "is active again",
	"restore": "is back", "hold": "is being merged", "release": "is no longer being merged", "check_image": "waits for its image", "image_checked": "no longer waits for its image", "submit": "waits for approval", "approve": "is approved",
	"review": "is in review", "reviewed": "was reviewed", "convert": "was converted",
}

func (s screens) done(ask ui.Ask, res Result, was, into string) ui.Done {
	d := ui.Done{Text: "Saved.", Href: ui.Root}
	if ask.Kind != "" && ask.ID != "" {
		d.Href = ui.RecordURL(ask.Kind, ask.ID)
	}
	if words := doneWords[ask.Action]; words != "" {
		d.Text = was + " " + words + "."
		if ask.Action == "update" {
			d.Text = s.nameOf(ask.Kind, ask.ID) + " was saved."
		}
		return d
	}
	switch ask.Action {
	case "create":
		d.Text, d.Href = s.nameOf(ask.Kind, res.ID)+" was added.", ui.RecordURL(ask.Kind, res.ID)
	case "delete":
		d.Text, d.Href = was+" was deleted. It lies in the recycle bin.", ui.ListURL(ask.Kind)
	case "merge":
		d.Text, d.Href = was+" was merged into "+s.nameOf(ask.Kind, into)+".", ui.RecordURL(ask.Kind, into)
	case "clone_layout":
		d.Text, d.Href = "The layout was cloned.", ui.RecordURL(kindLayouts, res.ID)
	case "create_subform":
		d.Text = "The subform was added."
	case "create_field":
		d.Text = "The field was added."
	case "delete_field":
		d.Text = "The field was deleted."
	case "enable_currencies", "add_currency", "set_currency":
		d.Text, d.Href = "The currencies were saved.", ui.ListURL(kindCurrencies)
	case "add_tax":
		d.Text, d.Href = "The tax was added.", ui.ListURL(kindTaxes)
	case "add_user":
		d.Text, d.Href = "The user was added.", ui.RecordURL(kindUsers, res.ID)
	case "create_module", "add_web_tab":
		d.Text, d.Href = "The module was added.", ui.ListURL(kindModules)
	case "set_organisation", "set_privacy", "enable_territories":
		d.Text = "The organisation was saved."
	case "add_territory":
		d.Text = "The territory was added."
	case "add_workflow":
		d.Text = "The rule was added."
	case "revoke":
		d.Text = "The consent is withdrawn."
	}
	return d
}
