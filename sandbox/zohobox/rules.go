package zohobox

import (
	"fmt"
	"slices"
	"strings"
)

// rule is what an administrator lays down for the records of a module: a layout
// rule demands fields when its criteria are met, a rule of validation refuses
// the record then. People's screens always keep to them, writes over the API
// only when they ask for it (section 4.3, apply_feature_execution).
type rule struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"` // layout_rule or validation_rule
	Module   string   `json:"module"`
	Layout   string   `json:"layout"` // id; "" means every layout
	Name     string   `json:"name"`
	Criteria object   `json:"criteria"`
	Required []string `json:"required"` // of a layout rule
	Field    string   `json:"field"`    // where a rule of validation shows its message
	Message  string   `json:"message"`
}

const (
	layoutRule     = "layout_rule"
	validationRule = "validation_rule"
)

// addRule is a click on the set-up pages; no API makes such rules. Data names
// layout (empty: every one), name, criteria as of a view, and required (names of
// fields), or field and message.
func (b *Box) addRule(c *call, m *module, kind string, data object) (string, error) {
	r := &rule{Kind: kind, Module: m.name, Name: strings.TrimSpace(text(data["name"])), Field: text(data["field"]), Message: text(data["message"])}
	r.Criteria, _ = data["criteria"].(object)
	if name := text(data["layout"]); name != "" {
		l := m.layoutNamed(name)
		if l == nil {
			return "", fmt.Errorf("there is no layout %q", name)
		}
		r.Layout = l.ID
	}
	named := list(data["required"])
	if one := text(data["required"]); one != "" {
		for _, n := range splitFields(one) {
			named = append(named, n)
		}
	}
	for _, n := range named {
		r.Required = append(r.Required, text(n))
	}
	fields := r.Required
	if kind == validationRule {
		fields = []string{r.Field}
		if r.Message == "" {
			return "", fmt.Errorf("say what the rule tells people")
		}
	}
	if r.Name == "" || len(fields) == 0 {
		return "", fmt.Errorf("a rule has a name and fields")
	}
	for _, n := range fields {
		if m.field(n) == nil {
			return "", fmt.Errorf("there is no field %q", n)
		}
	}
	if _, f := b.meetsRule(c, m, r); f != nil {
		return "", told(f)
	}
	r.ID = b.ids.meta()
	b.rules = append(b.rules, r)
	b.save("rule", r.ID, r)
	return r.ID, nil
}

// dropRule takes a rule away.
func (b *Box) dropRule(id string) error {
	at := slices.IndexFunc(b.rules, func(r *rule) bool { return r.ID == id })
	if at < 0 {
		return fmt.Errorf("there is no rule %q", id)
	}
	b.rules = slices.Delete(b.rules, at, at+1)
	b.drop("rule", id)
	return nil
}

func (b *Box) meetsRule(c *call, m *module, r *rule) (func(*record) bool, *failure) {
	cond, f := bulkCondition(r.Criteria)
	if f != nil {
		return nil, f
	}
	return (&coqlRun{b: b, c: c, m: m}).compile(cond)
}

// followRules holds a draft to the rules that run for its write.
func (b *Box) followRules(d *draft) {
	person := d.c.batch.person != "" && d.c.batch.person != automation
	for _, r := range b.rules {
		asked := d.c.batch.exec.apply["layout_rules"]
		if r.Kind == validationRule {
			asked = d.c.batch.exec.apply["criteria_validation_rule"]
		}
		if r.Module != d.m.name || r.Layout != "" && r.Layout != d.rec.layout || !person && !asked {
			continue
		}
		met, f := b.meetsRule(d.c, d.m, r)
		if f != nil || !met(d.rec) { // a field of the criteria went away since
			continue
		}
		if r.Kind == validationRule {
			d.fail(&failure{code: "INVALID_DATA", message: r.Message, details: object{"api_name": r.Field, "json_path": d.path + "." + r.Field, "validation_rule": object{"name": r.Name, "id": r.ID}}})
			continue
		}
		for _, name := range r.Required {
			if d.rec.value(name) == nil {
				f := missing(name, d.path)
				f.details[layoutRule] = object{"name": r.Name, "id": r.ID}
				d.fail(f)
			}
		}
	}
}
