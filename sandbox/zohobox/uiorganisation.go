package zohobox

import (
	"strings"

	"crossbook/sandbox/ui"
)

// organisationTools are the links of the start page to what an administrator
// changes of the organisation as a whole.
func (b *Box) organisationTools() []ui.Link {
	out := []ui.Link{
		{Text: "Name and address of the organisation", Href: ui.FormURL("set_organisation", "", "")},
		{Text: "Add a module", Href: ui.FormURL("create_module", "", "")},
		{Text: "Add a web tab", Href: ui.FormURL("add_web_tab", "", "")},
		{Text: "Privacy settings", Href: ui.FormURL("set_privacy", "", "")},
	}
	if b.org.Territories {
		return append(out, ui.Link{Text: "Add a territory", Href: ui.FormURL("add_territory", "", "")})
	}
	return append(out, ui.Link{Text: "Switch territories on", Href: ui.FormURL("enable_territories", "", "")})
}

// detailInputs are the details of the organisation in the order of its form.
var detailInputs = []ui.Input{
	{Name: "company_name", Label: "Name", Type: "text", Required: true},
	{Name: "street", Label: "Street", Type: "text"},
	{Name: "city", Label: "City", Type: "text"},
	{Name: "state", Label: "State", Type: "text"},
	{Name: "zip", Label: "Code", Type: "text"},
	{Name: "country", Label: "Country", Type: "text"},
	{Name: "country_code", Label: "Code of the country", Type: "text", Hint: "Two letters, such as US"},
	{Name: "phone", Label: "Phone", Type: "text"},
	{Name: "mobile", Label: "Mobile", Type: "text"},
	{Name: "fax", Label: "Fax", Type: "text"},
	{Name: "website", Label: "Website", Type: "text"},
	{Name: "employee_count", Label: "Employees", Type: "number"},
	{Name: "description", Label: "Description", Type: "area"},
}

// wholeForm is the form of one of these actions; false for others.
func (b *Box) wholeForm(action string) (ui.Form, bool) {
	label := ui.Input{Name: "name", Label: "Name", Type: "text", Hint: "At most 25 letters and digits", Required: true}
	modules := ui.Link{Text: "Modules", Href: ui.ListURL(kindModules)}
	switch action {
	case "set_organisation":
		var in []ui.Input
		for _, i := range detailInputs {
			if i.Value = text(b.org.Details[i.Name]); i.Name == "company_name" {
				i.Value = b.org.Company
			}
			in = append(in, i)
		}
		return ui.Form{Title: "Name and address", Submit: "Save", Groups: inputs(in...)}, true
	case "create_module":
		return ui.Form{Title: "Add a module", Submit: "Add the module", Lead: "All profiles can use it. Its records are called by their Name.", Back: modules, Groups: inputs(
			ui.Input{Name: "singular_label", Label: "Name of one record", Type: "text", Hint: "Such as Site", Required: true},
			ui.Input{Name: "plural_label", Label: "Name of several", Type: "text", Hint: "Such as Sites", Required: true},
			ui.Input{Name: "api_name", Label: "Name in the API", Type: "text", Hint: "Letters, digits and _", Required: true},
		)}, true
	case "add_web_tab":
		return ui.Form{Title: "Add a web tab", Submit: "Add the web tab", Lead: "A page of the web among the modules. Programs see that it is there and cannot reach it.", Back: modules, Groups: inputs(label, ui.Input{Name: "link", Label: "Address", Type: "text", Required: true})}, true
	case "enable_territories":
		return ui.Form{Title: "Switch territories on", Submit: "Switch them on", Lead: "Accounts, contacts and deals get a field for them. This cannot be undone."}, true
	case "add_territory":
		above := ui.Input{Name: "parent", Label: "It lies in", Type: "choice", Options: options("")}
		for _, t := range b.territories {
			above.Options = append(above.Options, options(t.Name)...)
		}
		label.Hint = ""
		return ui.Form{Title: "Add a territory", Submit: "Add the territory", Groups: inputs(label, above)}, b.org.Territories
	case "set_privacy":
		return ui.Form{Title: "Privacy settings", Submit: "Save", Lead: "While they are on, contacts say in detail why their data are kept.", Groups: inputs(ui.Input{Name: "on", Label: "On", Type: "check", Value: map[bool]string{true: "true", false: "false"}[b.org.Privacy]})}, true
	}
	return ui.Form{}, false
}

// wholeTyped is what was filled into one of these forms; nil for others.
func (b *Box) wholeTyped(action string, all map[string]string) object {
	o := object{}
	for k, v := range all {
		o[k] = strings.TrimSpace(v)
	}
	switch action {
	case "set_organisation":
		return o
	case "set_privacy":
		return object{"on": all["on"] == "true"}
	case "create_module":
		var profiles []any
		for _, p := range b.profiles {
			profiles = append(profiles, object{"id": p.ID})
		}
		o["profiles"] = profiles
		return o
	}
	return nil
}

// workflowForm asks for a rule that sets one field.
func workflowForm(f ui.Form, m *module, fields ui.Input) ui.Form {
	fields.Name, fields.Label = "sets", "It sets"
	f.Title, f.Submit, f.Lead = "Add a workflow rule to "+m.plural, "Add the rule", "It acts on what people and programs write, unless a write keeps automation out."
	f.Groups = inputs(
		ui.Input{Name: "name", Label: "Name", Type: "text", Required: true},
		ui.Input{Name: "on", Label: "When a record is", Type: "choice", Value: "", Options: []ui.Option{{Value: "", Text: "made or edited"}, {Value: "create", Text: "made"}, {Value: "edit", Text: "edited"}}},
		fields, ui.Input{Name: "value", Label: "To", Type: "text", Required: true},
	)
	return f
}

func (b *Box) workflowTyped(m *module, all map[string]string) (object, error) {
	f := m.field(all["sets"])
	if f == nil {
		return nil, ui.ErrNotFound
	}
	v, err := b.typed(f, all["value"])
	if err != nil {
		return nil, &ui.Refusal{Message: sentence(err), Field: "value"}
	}
	return object{"name": strings.TrimSpace(all["name"]), "on": all["on"], "set": object{f.Name: v}}, nil
}
