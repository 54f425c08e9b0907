package zohobox

import (
	"fmt"
	"slices"

	"crossbook/sandbox/ui"
)

// setUpForm is the form of an administrator's action; false for others.
func (b *Box) setUpForm(ask ui.Ask) (ui.Form, bool, error) {
	if ask.Kind == "" && ask.ID == "" {
		f, err := b.organisationForm(ask.Action)
		return f, true, err
	}
	switch ask.Kind {
	case kindUsers:
		u := b.userByID(ask.ID)
		if u == nil || u.SuperAdmin || ask.Action != "inactivate" && ask.Action != "reactivate" {
			return ui.Form{}, true, ui.ErrNotFound
		}
		f := ui.Form{Title: "Make " + u.name() + " active", Submit: "Make active", Lead: "He or she can sign in again.", Back: ui.Link{Text: u.name(), Href: ui.RecordURL(kindUsers, u.ID)}}
		if ask.Action == "inactivate" {
			f.Title, f.Submit, f.Danger, f.Lead = "Make "+u.name()+" inactive", "Make inactive", true, "He or she can no longer sign in, nor own new records."
		}
		return f, true, nil
	case kindCurrencies:
		cur := b.currencyByISO(ask.ID)
		if cur == nil || ask.Action != "set_currency" {
			return ui.Form{}, true, ui.ErrNotFound
		}
		return ui.Form{
			Title: "Change " + cur.ISO, Submit: "Save", Back: ui.Link{Text: "Currencies", Href: ui.ListURL(kindCurrencies)},
			Groups: inputs(ui.Input{Name: "exchange_rate", Label: "Exchange rate", Type: "number", Value: cur.Rate}, ui.Input{Name: "is_active", Label: "Active", Type: "check", Value: fmt.Sprint(cur.Active)}),
		}, true, nil
	case kindLayouts:
		f, err := b.layoutForm(ask)
		return f, true, err
	case kindModules:
		f, err := b.moduleForm(ask)
		return f, true, err
	case kindBin, kindTaxes:
		return ui.Form{}, true, ui.ErrNotFound
	}
	return ui.Form{}, false, nil
}

func (b *Box) organisationForm(action string) (ui.Form, error) {
	start := ui.Link{Text: "Start", Href: ui.Root}
	if f, known := b.wholeForm(action); known {
		if f.Back.Href == "" {
			f.Back = start
		}
		return f, nil
	}
	switch action {
	case "enable_currencies":
		return ui.Form{Title: "Switch several currencies on", Submit: "Switch them on", Lead: "Home currency stays " + b.org.Home + ". This cannot be undone."}, nil
	case "add_currency":
		return ui.Form{
			Title: "Add a currency", Submit: "Add the currency", Back: ui.Link{Text: "Currencies", Href: ui.ListURL(kindCurrencies)},
			Groups: inputs(ui.Input{Name: "iso_code", Label: "Code", Type: "text", Hint: "Such as EUR", Required: true}, ui.Input{Name: "exchange_rate", Label: "Exchange rate", Type: "number", Hint: "How much of it one " + b.org.Home + " buys", Required: true}),
		}, nil
	case "add_tax":
		return ui.Form{
			Title: "Add a tax", Submit: "Add the tax", Back: ui.Link{Text: "Taxes", Href: ui.ListURL(kindTaxes)},
			Groups: inputs(ui.Input{Name: "name", Label: "Name", Type: "text", Required: true}, ui.Input{Name: "value", Label: "Percent", Type: "number", Required: true}),
		}, nil
	case "add_user":
		profiles := ui.Input{Name: "profile", Label: "Profile", Type: "choice", Value: "Administrator"}
		for _, p := range b.profiles {
			profiles.Options = append(profiles.Options, options(p.Name)...)
		}
		return ui.Form{
			Title: "Add a user", Submit: "Add the user", Back: ui.Link{Text: "Users", Href: ui.ListURL(kindUsers)},
			Groups: inputs(ui.Input{Name: "first_name", Label: "First name", Type: "text"}, ui.Input{Name: "last_name", Label: "Last name", Type: "text", Required: true}, ui.Input{Name: "email", Label: "E-mail", Type: "email", Required: true}, profiles),
		}, nil
	case "revoke":
		return ui.Form{
			Title: "Withdraw an app's consent", Submit: "Withdraw it", Danger: true, Lead: "The refresh token stops working, and every access token made of it. Without one, all of the person you act as.", Back: start,
			Groups: inputs(ui.Input{Name: "token", Label: "Refresh token", Type: "text", Hint: "Empty: all of the person you act as"}),
		}, nil
	}
	return ui.Form{}, ui.ErrNotFound
}

func (b *Box) layoutForm(ask ui.Ask) (ui.Form, error) {
	m, l := b.layoutAnywhere(ask.ID)
	if l == nil {
		return ui.Form{}, ui.ErrNotFound
	}
	back := ui.Link{Text: l.Name + " of " + m.plural, Href: ui.RecordURL(kindLayouts, l.ID)}
	switch ask.Action {
	case "clone_layout":
		return ui.Form{
			Title: "Clone " + back.Text, Submit: "Clone it", Lead: "The copy has the same fields. Programs can change it, but cannot make one.", Back: back,
			Groups: inputs(ui.Input{Name: "name", Label: "Name of the new layout", Type: "text", Required: true}),
		}, nil
	case "layout_field":
		in := ui.Input{Name: "field", Label: "Field", Type: "choice"}
		for _, f := range m.fields {
			if b.visibleField(f, nil) && !hiddenOnForms[f.Name] {
				in.Options = append(in.Options, ui.Option{Value: f.Name, Text: f.Label + " (" + f.Name + ")"})
			}
		}
		in.Value = firstOf(in.Options)
		return ui.Form{
			Title: "Change a field on " + back.Text, Submit: "Save", Back: back,
			Groups: inputs(in, ui.Input{Name: "on", Label: "It stands on the layout", Type: "check", Value: "true"}, ui.Input{Name: "required", Label: "It must be filled in", Type: "check", Value: "false"}),
		}, nil
	}
	return ui.Form{}, ui.ErrNotFound
}

func firstOf(o []ui.Option) string {
	if len(o) == 0 {
		return ""
	}
	return o[0].Value
}

func (b *Box) moduleForm(ask ui.Ask) (ui.Form, error) {
	m, err := b.shownModule(ask.ID)
	if err != nil {
		return ui.Form{}, err
	}
	f := ui.Form{Back: ui.Link{Text: "Set-up of " + m.plural, Href: ui.RecordURL(kindModules, m.name)}}
	fieldsOf := func(keep func(*field) bool) ui.Input {
		in := ui.Input{Name: "field", Label: "Field", Type: "choice"}
		for _, x := range m.fields {
			if b.visibleField(x, nil) && keep(x) {
				in.Options = append(in.Options, ui.Option{Value: x.Name, Text: x.Label + " (" + x.Name + ")"})
			}
		}
		in.Value = firstOf(in.Options)
		return in
	}
	switch ask.Action {
	case "add_workflow":
		return workflowForm(f, m, fieldsOf(func(x *field) bool { return !x.ReadOnly && !x.isRows() })), nil
	case "create_field":
		f.Title, f.Submit, f.Lead = "Add a field to "+m.plural, "Add the field", "It gets its place on the standard layout only."
		f.Groups = inputs(
			ui.Input{Name: "field_label", Label: "Label", Type: "text", Required: true}, ui.Input{Name: "data_type", Label: "Type", Type: "choice", Value: "text", Options: options(slices.DeleteFunc(slices.Clone(creatable), func(t string) bool { return t == multiLookup })...)},
			ui.Input{Name: "length", Label: "Length", Type: "number", Hint: "Empty: the usual one of the type"}, ui.Input{Name: "values", Label: "Values of a picklist", Type: "area", Hint: "One a line"},
			ui.Input{Name: "lookup", Label: "A look-up points at", Type: "choice", Options: append(options(""), moduleOptions(b.shownModules())...)},
			ui.Input{Name: "unique", Label: "Values must differ", Type: "check", Value: "false"}, ui.Input{Name: "external", Label: "It is an external id", Type: "choice", Options: options("", "org", "user")},
		)
	case "create_subform":
		f.Title, f.Submit, f.Lead = "Add a subform to "+m.plural, "Add the subform", "A table inside each record. Its rows are read and written with the record."
		f.Groups = inputs(ui.Input{Name: "field_label", Label: "Label", Type: "text", Required: true},
			ui.Input{Name: "columns", Label: "Columns", Type: "area", Hint: "One a line: a label, a colon and a type, such as Hours: double", Required: true})
	case "delete_field":
		f.Title, f.Submit, f.Danger, f.Lead = "Delete a field of "+m.plural, "Delete it", true, "Its values go with it."
		f.Groups = inputs(fieldsOf(func(x *field) bool { return x.Custom }))
	case "field_access":
		profiles := ui.Input{Name: "profile", Label: "Profile", Type: "choice"}
		for _, p := range b.profiles {
			profiles.Options = append(profiles.Options, options(p.Name)...)
		}
		profiles.Value = firstOf(profiles.Options)
		f.Title, f.Submit = "Field permission in "+m.plural, "Save"
		f.Groups = inputs(fieldsOf(func(*field) bool { return true }), profiles, ui.Input{Name: "permission", Label: "May", Type: "choice", Value: "read_write", Options: options("read_write", "read_only", "hidden")})
	case "add_view":
		f.Title, f.Submit, f.Lead = "Add a view of "+m.plural, "Add the view", "It shows the records for which the comparison holds."
		f.Groups = inputs(ui.Input{Name: "name", Label: "Name", Type: "text", Required: true}, fieldsOf(func(x *field) bool { return !x.isRows() }),
			ui.Input{Name: "comparator", Label: "Comparison", Type: "choice", Value: "equal", Options: options("equal", "not_equal", "greater_than", "less_than", "contains", "starts_with")}, ui.Input{Name: "value", Label: "Value", Type: "text"})
	case layoutRule, validationRule:
		plain := fieldsOf(func(x *field) bool { return x.Type != "subform" })
		f.Title, f.Submit, f.Lead = "Add a rule for "+m.plural, "Add the rule", "Screens keep to it always, programs when they ask for it (apply_feature_execution)."
		f.Groups = inputs(ui.Input{Name: "name", Label: "Name", Type: "text", Required: true}, plain,
			ui.Input{Name: "comparator", Label: "Comparison", Type: "choice", Value: "equal", Options: options("equal", "not_equal", "greater_than", "less_than", "contains", "starts_with")},
			ui.Input{Name: "value", Label: "Value", Type: "text"})
		if ask.Action == layoutRule {
			f.Groups[0].Inputs = append(f.Groups[0].Inputs, ui.Input{Name: "required", Label: "Then these fields are needed", Type: "text", Hint: "API names, with commas between them", Required: true})
			break
		}
		shown := plain
		shown.Name, shown.Label = "shown", "The message stands at"
		f.Groups[0].Inputs = append(f.Groups[0].Inputs, shown, ui.Input{Name: "message", Label: "Message", Type: "text", Required: true})
	case "lock_config":
		if !lockable(m) {
			return f, ui.ErrNotFound
		}
		f = b.lockForm(f, m)
	default:
		return f, ui.ErrNotFound
	}
	return f, nil
}

func moduleOptions(modules []*module) []ui.Option {
	out := make([]ui.Option, 0, len(modules))
	for _, m := range modules {
		out = append(out, ui.Option{Value: m.name, Text: m.plural})
	}
	return out
}

func (b *Box) lockForm(f ui.Form, m *module) ui.Form {
	cfg := b.lockRules[m.name]
	if cfg == nil {
		cfg = &lockConfig{Type: "manual", For: "all_profiles", Actions: []string{"update", "delete"}}
	}
	f.Title, f.Submit, f.Lead = "Record locking of "+m.plural, "Save", "Whom a lock keeps out, and what it forbids. Without a configuration a lock keeps everybody out."
	except := ui.Input{Name: "excluded", Label: "Profiles that are excepted", Type: "many"}
	for _, p := range b.profiles {
		except.Options = append(except.Options, ui.Option{Value: p.ID, Text: p.Name})
		if slices.Contains(cfg.Excluded, p.ID) {
			except.Value += "\n" + p.ID
		}
	}
	if except.Value != "" {
		except.Value = except.Value[1:]
	}
	f.Groups = inputs(
		ui.Input{Name: "lock_type", Label: "How records are locked", Type: "choice", Value: cfg.Type, Options: options("manual", "automatic", "both")},
		ui.Input{Name: "locked_for", Label: "For whom", Type: "choice", Value: cfg.For, Options: options("all_profiles", "all_profiles_except_excluded_profiles")},
		except,
	)
	rule := ui.Input{Name: "field", Label: "where the field", Type: "choice"}
	for _, x := range m.fields {
		if b.visibleField(x, nil) && !x.isRows() {
			rule.Options = append(rule.Options, ui.Option{Value: x.Name, Text: x.Label + " (" + x.Name + ")"})
		}
	}
	rule.Value = firstOf(rule.Options)
	f.Groups = append(f.Groups, ui.Inputs{Title: "Add a rule that locks by itself", Folded: true, Inputs: []ui.Input{
		{Name: "rule", Label: "Name of the rule", Type: "text", Hint: "Empty: no rule is added"},
		rule,
		{Name: "value", Label: "has the value", Type: "text"},
		{Name: "existing", Label: "Lock what exists, too", Type: "check", Value: "false"},
	}})
	return f
}
