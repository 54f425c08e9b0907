package zohobox

import (
	"fmt"
	"slices"
	"strings"
)

var onModule = map[string]bool{
	"clone_layout": true, "layout_field": true, "layout_value": true, "add_workflow": true, "create_field": true, "delete_field": true, "field_access": true,
	"lock_config": true, "add_view": true, "create_subform": true, layoutRule: true, validationRule: true, "drop_rule": true, "review_process": true,
}

var onOrganisation = map[string]bool{
	"enable_currencies": true, "add_currency": true, "set_currency": true, "add_tax": true, "add_user": true, "add_variable_group": true, "set_organisation": true,
	"create_module": true, "add_web_tab": true, "enable_territories": true, "add_territory": true, "set_privacy": true, "revoke": true,
}

// actOnModule is what an administrator does on the set-up pages of a module.
func (b *Box) actOnModule(c *call, a Action, data object) (string, error) {
	if f := b.needAdmin(c.user); f != nil {
		return "", told(f)
	}
	m := c.mod
	switch a.Action {
	case "clone_layout":
		if !b.edition().advanced {
			return "", told(unsupported())
		}
		from := m.standard()
		if name := text(data["from"]); name != "" {
			from = m.layoutNamed(name)
		}
		if from == nil || text(data["name"]) == "" || m.layoutNamed(text(data["name"])) != nil {
			return "", fmt.Errorf("name a layout to clone and a new name")
		}
		return b.cloneLayout(m, from, text(data["name"])).ID, nil
	case "create_field":
		f, fail := b.createField(m, data, "$.fields[0]")
		if fail != nil {
			return "", told(fail)
		}
		return f.ID, nil
	case "create_subform":
		f, err := b.createSubform(m, data)
		if err != nil {
			return "", err
		}
		return f.ID, nil
	case "delete_field":
		f := m.field(text(data["field"]))
		if f == nil {
			return "", fmt.Errorf("there is no field %q", text(data["field"]))
		}
		if f := b.removeField(m, f); f != nil {
			return "", told(f)
		}
		return f.ID, nil
	case "lock_config":
		if !b.edition().advanced {
			return "", told(unsupported())
		}
		if !lockable(m) {
			return "", fmt.Errorf("records of %s cannot be locked", m.name)
		}
		cfg, f := b.readLockConfig(c, m, &lockConfig{ID: b.ids.meta(), Module: m.name, Created: b.now()}, data, "$.data")
		if f != nil {
			return "", told(f)
		}
		b.setLockConfig(m, cfg)
		return cfg.ID, nil
	case "add_view":
		id, f := b.addView(c, m, data)
		return id, told(f)
	case layoutRule, validationRule:
		return b.addRule(c, m, a.Action, data)
	case "drop_rule":
		return text(data["id"]), b.dropRule(text(data["id"]))
	case "review_process":
		b.setReviewProcess(m, data["on"] == true || text(data["on"]) == "true")
		return m.ID, nil
	case "field_access":
		return b.fieldAccess(m, data)
	case "add_workflow":
		return b.addFlow(c, m, data)
	case "layout_value":
		return b.offerPick(m, data)
	}
	return b.layoutField(m, data)
}

func (b *Box) fieldAccess(m *module, data object) (string, error) {
	f := m.field(text(data["field"]))
	if f == nil {
		return "", fmt.Errorf("there is no field %q", text(data["field"]))
	}
	rights := map[string]string{}
	for k, v := range f.Profiles {
		rights[k] = v
	}
	for _, p := range b.profiles {
		if strings.EqualFold(p.Name, text(data["profile"])) || p.ID == text(data["profile"]) {
			rights[p.ID] = text(data["permission"])
		}
	}
	f.Profiles = rights
	b.saveModule(m)
	return f.ID, nil
}

// layoutField puts a field on a layout, takes it off, or changes whether it
// must be filled; unlike the API, the page can also unmark it.
func (b *Box) layoutField(m *module, data object) (string, error) {
	l, f := m.layoutNamed(text(data["layout"])), m.field(text(data["field"]))
	if l == nil || f == nil {
		return "", fmt.Errorf("there is no layout %q or no field %q", text(data["layout"]), text(data["field"]))
	}
	if on, given := data["on"].(bool); given {
		if !on {
			l.take(f.Name)
		} else if !l.has(f.Name) {
			l.Sections[0].Fields = append(l.Sections[0].Fields, f.Name)
		}
	}
	if required, given := data["required"].(bool); given {
		delete(l.Required, f.Name)
		if required {
			l.Required[f.Name] = true
		}
	}
	l.Modified = b.now()
	b.save("layout", l.ID, l)
	return l.ID, nil
}

// actOnOrganisation is what an administrator does on the general pages.
func (b *Box) actOnOrganisation(c *call, a Action, data object) (string, error) {
	if a.Action == "revoke" {
		return a.ID, b.revokeFor(c.user, a.ID)
	}
	if f := b.needAdmin(c.user); f != nil {
		return "", told(f)
	}
	if a.Type == "users" && (a.Action == "inactivate" || a.Action == "reactivate") {
		u := b.findUser(a.ID)
		if u == nil {
			return "", fmt.Errorf("there is no such user")
		}
		if f := b.overLicence("$.users[0]"); f != nil && a.Action == "reactivate" && !u.Active {
			return "", told(f)
		}
		u.Active, u.Modified = a.Action == "reactivate", b.now()
		b.save("user", u.ID, u)
		b.noteUser("update", u.ID)
		return u.ID, nil
	}
	switch a.Action {
	case "set_organisation":
		return b.org.ID, b.setOrganisation(data)
	case "enable_territories", "add_territory":
		return b.actOnTerritories(c.user, a.Action, data)
	case "set_privacy":
		b.org.Privacy = data["on"] != false
		b.save("org", "org", b.org)
		return b.org.ID, nil
	case "add_web_tab":
		return b.addWebTab(data)
	}
	if a.Action == "add_variable_group" {
		id, f := b.addVariableGroup(data)
		return id, told(f)
	}
	c.body = object{"modules": []any{data}, "currencies": []any{data}, "org_taxes": object{"taxes": []any{data}}, "base_currency": object{"iso_code": b.org.Home}}
	var got answer
	switch a.Action {
	case "create_module":
		got = b.postModules(c)
	case "enable_currencies":
		got = b.postEnableCurrencies(c)
	case "add_currency":
		got = b.postCurrencies(c)
	case "set_currency":
		if cur := b.currencyByISO(text(data["iso_code"])); cur != nil {
			data["id"] = cur.ID
		}
		got = b.putCurrencies(c)
	case "add_tax":
		got = b.putTaxes(c)
	case "add_user":
		if f := b.overLicence("$.users[0]"); f != nil {
			return "", told(f)
		}
		if kind := text(data["type"]); kind != "" && !slices.Contains(userTypes, kind) {
			return "", fmt.Errorf("there is no type of users %q", kind)
		}
		u := b.addUser(User{First: text(data["first_name"]), Last: text(data["last_name"]), Email: text(data["email"]), Profile: text(data["profile"]), Role: text(data["role"]), Type: text(data["type"])})
		b.newRefresh(u, allScopes)
		b.noteUser("create", u.ID)
		return u.ID, nil
	default:
		return "", fmt.Errorf("the action is unknown: see the documentation of Action")
	}
	if f := failureIn(got.body); f != nil {
		return "", told(f)
	}
	if got.failed() {
		return "", fmt.Errorf("refused: %s", appendJSON(nil, got.body))
	}
	return "", nil
}

// failureIn finds the refusal in the body of an answer, however deep it lies.
func failureIn(body any) *failure {
	switch v := body.(type) {
	case object:
		if code := text(v["code"]); code != "" && text(v["status"]) == "error" {
			details, _ := v["details"].(object)
			return &failure{code: code, message: text(v["message"]), details: details}
		}
		for _, k := range sortedKeys(v) {
			if f := failureIn(v[k]); f != nil {
				return f
			}
		}
	case []any:
		for _, e := range v {
			if f := failureIn(e); f != nil {
				return f
			}
		}
	}
	return nil
}

// revokeFor withdraws an app's consent, as a user does on his account page.
func (b *Box) revokeFor(u *user, token string) error {
	if token != "" {
		if !b.revoke(token) {
			return fmt.Errorf("there is no such token")
		}
		return nil
	}
	for _, k := range append([]string(nil), b.oauth.order...) {
		if b.oauth.refresh[k].User == u.ID {
			b.revoke(k)
		}
	}
	return nil
}
