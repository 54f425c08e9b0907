package zohobox

import (
	"fmt"
	"net/http"
)

const duplicatePath = "settings/duplicate_check_preference"

// duplicateCheck is where new leads are compared with records of other modules
// (section 9.6).
type duplicateCheck struct {
	Type   string      `json:"type"`   // converted_records or mapped_module_records
	Fields [][2]string `json:"fields"` // of leads and of contacts, compared pairwise
}

func (b *Box) findDuplicateCheck(c *call) (route, answer) {
	scope := func(op string) []string { return []string{"ZohoCRM.settings.duplicate_check_preference." + op} }
	return methods(c, "/"+duplicatePath, map[string]route{
		http.MethodGet:    {run: b.onLeads(b.getDuplicateCheck), kind: kindMeta, scopes: scope("READ")},
		http.MethodPost:   {run: b.onLeads(b.putDuplicateCheck), kind: kindMeta, scopes: scope("CREATE"), body: true},
		http.MethodPut:    {run: b.onLeads(b.putDuplicateCheck), kind: kindMeta, scopes: scope("UPDATE"), body: true},
		http.MethodDelete: {run: b.onLeads(b.deleteDuplicateCheck), kind: kindMeta, scopes: scope("DELETE")},
	})
}

// onLeads lets a call through only for the one module that has the preference.
func (b *Box) onLeads(run func(*call) answer) func(*call) answer {
	return func(c *call) answer {
		m, f := b.moduleParam(c)
		switch {
		case f != nil:
			return f.answer()
		case !b.edition().advanced:
			return refuse(400, "FEATURE_NOT_SUPPORTED", "Your License does not support this feature.", nil)
		case m.name != "Leads":
			return refuse(400, "NOT_SUPPORTED", "the feature is not there in the given module", object{"param_name": "module"})
		}
		if f := b.needAdmin(c.user); f != nil && c.r.Method != http.MethodGet {
			return f.answer()
		}
		return run(c)
	}
}

func (b *Box) getDuplicateCheck(*call) answer {
	d := b.duplicates
	if d == nil {
		return noContent()
	}
	o := object{"type": d.Type, "type_configurations": nil}
	if d.Type == "mapped_module_records" {
		leads, contacts := b.module["Leads"], b.module["Contacts"]
		show := func(f *field) object { return object{"id": f.ID, "api_name": f.Name, "name": f.Label} }
		pairs := []any{}
		for _, p := range d.Fields {
			if one, other := leads.field(p[0]), contacts.field(p[1]); one != nil && other != nil {
				pairs = append(pairs, object{"current_field": show(one), "mapped_field": show(other)})
			}
		}
		o["type_configurations"] = []any{object{"field_mappings": pairs, "mapped_module": object{"id": contacts.ID, "api_name": contacts.name, "name": contacts.plural}}}
	}
	return ok(object{"duplicate_check_preference": o})
}

// putDuplicateCheck sets the preference; there is one only.
func (b *Box) putDuplicateCheck(c *call) answer {
	create := c.r.Method == http.MethodPost
	switch {
	case create && b.duplicates != nil:
		return refuse(400, "ALREADY_CONFIGURED", "already configured.", nil)
	case !create && b.duplicates == nil:
		return refuse(400, "NOT_ALLOWED", "there is no preference to change", object{"api_name": "duplicate_check_preference", "json_path": "$.duplicate_check_preference"})
	}
	o, isObject := c.body["duplicate_check_preference"].(object)
	if !isObject {
		return missing("duplicate_check_preference", "$").with(400).answer()
	}
	d, f := b.readDuplicateCheck(o, "$.duplicate_check_preference")
	if f != nil {
		return f.with(400).answer()
	}
	b.duplicates = d
	b.save("duplicates", "Leads", d)
	word := "updated"
	if create {
		word = "added"
	}
	return ok(object{"duplicate_check_preference": success(object{}, "duplicate check preference "+word+" successfully")})
}

func (b *Box) readDuplicateCheck(o object, path string) (*duplicateCheck, *failure) {
	d := &duplicateCheck{Type: text(o["type"])}
	switch d.Type {
	case "":
		return nil, missing("type", path)
	case "converted_records":
		return d, nil
	case "mapped_module_records":
	default:
		return nil, invalidAt("type", path+".type", nil)
	}
	path += ".type_configurations"
	configs := list(o["type_configurations"])
	if len(configs) == 0 {
		return nil, &failure{code: "DEPENDENT_FIELD_MISSING", message: "dependent field missing", details: object{"api_name": "type_configurations", "json_path": path}}
	}
	one := asObject(configs[0])
	if text(asObject(one["mapped_module"])["api_name"]) != "Contacts" {
		return nil, invalidAt("mapped_module", path+"[0].mapped_module", nil)
	}
	for i, v := range list(one["field_mappings"]) {
		at := fmt.Sprintf("%s[0].field_mappings[%d]", path, i)
		pair := asObject(v)
		from, to := text(asObject(pair["current_field"])["api_name"]), text(asObject(pair["mapped_field"])["api_name"])
		if b.module["Leads"].field(from) == nil {
			return nil, invalidAt("current_field", at+".current_field", nil)
		}
		if b.module["Contacts"].field(to) == nil {
			return nil, invalidAt("mapped_field", at+".mapped_field", nil)
		}
		d.Fields = append(d.Fields, [2]string{from, to})
	}
	if len(d.Fields) == 0 {
		return nil, missing("field_mappings", path+"[0]")
	}
	return d, nil
}

func (b *Box) deleteDuplicateCheck(*call) answer {
	if b.duplicates != nil {
		b.duplicates = nil
		b.drop("duplicates", "Leads")
	}
	return ok(object{"duplicate_check_preference": success(object{}, "duplicate check preference deleted successfully")})
}

// outOfSight reports whether a record does not count when others are compared
// with it: a converted lead, unless the preference says that leads are compared
// with those.
func (b *Box) outOfSight(m *module, r *record) bool {
	return m.name == "Leads" && isConverted(r) && (b.duplicates == nil || b.duplicates.Type != "converted_records")
}

// checkLead compares a lead that is new, or whose values change, with the
// contacts, by the pairs of fields that the preference names (section 9.6).
func (b *Box) checkLead(d *draft) {
	if d.m.name != "Leads" || b.duplicates == nil || b.duplicates.Type != "mapped_module_records" || len(d.errs) > 0 {
		return
	}
	contacts := b.module["Contacts"]
	for _, pair := range b.duplicates.Fields {
		f, v := d.m.field(pair[0]), d.rec.value(pair[0])
		if f == nil || contacts.field(pair[1]) == nil || v == nil || d.old != nil && indexKey(d.old.value(pair[0])) == indexKey(v) {
			continue
		}
		if ids := contacts.table.holding(pair[1], v); len(ids) > 0 {
			d.fail(b.duplicate(contacts, f, contacts.table.get(ids[0]), d.path))
			return
		}
	}
}
