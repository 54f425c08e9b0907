package zohobox

import (
	"fmt"
	"slices"
	"time"
)

func (b *Box) getLockConfigs(c *call) answer {
	m, f := b.moduleParam(c)
	if f != nil {
		return f.answer()
	}
	cfg := b.lockRules[m.name]
	if cfg == nil || len(c.path) > 2 && c.path[2] != cfg.ID {
		return noContent()
	}
	return ok(object{"record_locking_configurations": []any{b.renderLockConfig(m, cfg, c.zone())}})
}

func (b *Box) renderLockConfig(m *module, cfg *lockConfig, zone *time.Location) object {
	profiles, fields, rules, actions := []any{}, []any{}, []any{}, []any{}
	for _, id := range cfg.Excluded {
		if p := b.profileByID(id); p != nil {
			profiles = append(profiles, p.ref())
		}
	}
	for _, name := range cfg.Fields {
		if f := m.field(name); f != nil {
			fields = append(fields, object{"api_name": f.Name, "id": f.ID})
		}
	}
	for _, r := range cfg.Rules {
		fid := ""
		if f := m.field(r.Field); f != nil {
			fid = f.ID
		}
		rules = append(rules, object{"id": r.ID, "name": r.Name, "lock_existing_records": r.Existing, "criteria": object{
			"comparator": r.Comparator, "field": object{"api_name": r.Field, "id": fid}, "type": "value", "value": r.Value,
		}})
	}
	for _, a := range cfg.Actions {
		actions = append(actions, a)
	}
	mails, buttons := []any{}, []any{}
	for _, name := range cfg.Mails {
		mails = append(mails, name)
	}
	for _, id := range cfg.Buttons {
		buttons = append(buttons, object{"id": id})
	}
	by := b.superAdmin().ref()
	return object{
		"id": cfg.ID, "lock_type": cfg.Type, "locked_for": cfg.For, "lock_excluded_profiles": profiles, "excluded_fields": fields, "locking_rules": rules,
		"restricted_actions": actions, "restricted_communications": mails, "restricted_custom_buttons": buttons, "lock_for_portal_users": !cfg.NoPortal,
		"feature_type": "record_locking", "system_defined": false, "created_time": stamp(cfg.Created, zone), "modified_time": stamp(cfg.Modified, zone),
		"created_by": by, "modified_by": by,
	}
}

func (b *Box) postLockConfig(c *call) answer {
	m, f := b.moduleParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	if !b.edition().advanced {
		return unsupported().answer()
	}
	if !lockable(m) {
		return refuse(400, "NOT_SUPPORTED", "the module does not support record locking", object{"param_name": "module"})
	}
	return c.each("record_locking_configurations", 1, 201, func(path string, o object) (object, *failure) {
		if b.lockRules[m.name] != nil {
			return nil, &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "module", "json_path": path}}
		}
		cfg, f := b.readLockConfig(c, m, &lockConfig{ID: b.ids.meta(), Module: m.name, Created: b.now()}, o, path)
		if f != nil {
			return nil, f
		}
		b.setLockConfig(m, cfg)
		return success(object{"id": cfg.ID}, "record locking configuration added"), nil
	})
}

func (b *Box) putLockConfig(c *call) answer {
	m, f := b.moduleParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	return c.each("record_locking_configurations", 1, 200, func(path string, o object) (object, *failure) {
		old := b.lockRules[m.name]
		if old == nil {
			return nil, invalidAt("id", path+".id", nil)
		}
		next := *old
		cfg, f := b.readLockConfig(c, m, &next, o, path)
		if f != nil {
			return nil, f
		}
		b.setLockConfig(m, cfg)
		return success(object{"id": cfg.ID}, "record locking configuration updated"), nil
	})
}

func (b *Box) deleteLockConfig(c *call) answer {
	m, f := b.moduleParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	cfg := b.lockRules[m.name]
	ids := splitFields(c.param("ids"))
	if len(c.path) > 2 {
		ids = c.path[2:3]
	}
	switch {
	case len(ids) == 0:
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
	case cfg == nil || len(ids) > 1 || ids[0] != cfg.ID:
		return refuse(400, "INVALID_DATA", "invalid data", object{"param_name": "ids"})
	}
	delete(b.lockRules, m.name)
	b.drop("lockconfig", m.name)
	for _, r := range m.table.rows {
		if r.lock != nil {
			n := r.clone()
			n.lock = nil
			b.put(m, n)
		}
	}
	return ok(object{"record_locking_configurations": []any{success(object{"id": cfg.ID}, "record locking configuration deleted")}})
}

// readLockConfig reads the keys of section 10; what is not sent keeps its value.
func (b *Box) readLockConfig(_ *call, m *module, cfg *lockConfig, o object, path string) (*lockConfig, *failure) {
	cfg.Modified = b.now()
	closed := func(name string, into *string, def string, allowed ...string) *failure {
		v, given := o[name]
		if !given {
			if *into == "" {
				*into = def
			}
			return nil
		}
		if !slices.Contains(allowed, text(v)) {
			return invalidAt(name, path+"."+name, nil)
		}
		*into = text(v)
		return nil
	}
	if f := closed("lock_type", &cfg.Type, "manual", "manual", "automatic", "both"); f != nil {
		return nil, f
	}
	if f := closed("locked_for", &cfg.For, "all_profiles", "all_profiles", "all_profiles_except_excluded_profiles"); f != nil {
		return nil, f
	}
	if f := b.readRestrictions(cfg, o, path); f != nil {
		return nil, f
	}
	if !slices.Contains(cfg.Actions, "update") {
		cfg.Actions = append(cfg.Actions, "update")
	}
	if v, given := o["lock_excluded_profiles"]; given {
		cfg.Excluded = nil
		for _, p := range list(v) {
			if po, _ := p.(object); b.profileByID(text(po["id"])) != nil {
				cfg.Excluded = append(cfg.Excluded, text(po["id"]))
			}
		}
	}
	if v, given := o["excluded_fields"]; given {
		cfg.Fields = nil
		for _, f := range list(v) {
			fo, _ := f.(object)
			cfg.Fields = append(cfg.Fields, text(fo["api_name"]))
		}
	}
	return cfg, b.readLockRules(m, cfg, o, path)
}

const (
	maxLockRules  = 5
	maxLockFields = 15
)

func (b *Box) readLockRules(m *module, cfg *lockConfig, o object, path string) *failure {
	if len(cfg.Fields) > maxLockFields {
		return &failure{code: "LIMIT_EXCEEDED", message: "too many excluded fields", details: object{"limit": maxLockFields, "api_name": "excluded_fields", "json_path": path + ".excluded_fields"}}
	}
	v, given := o["locking_rules"]
	if !given {
		return nil
	}
	cfg.Rules = nil
	for i, r := range list(v) {
		ro, _ := r.(object)
		crit, _ := ro["criteria"].(object)
		field, _ := crit["field"].(object)
		at := fmt.Sprintf("%s.locking_rules[%d].criteria", path, i)
		if m.field(text(field["api_name"])) == nil {
			return invalidAt("field", at+".field", nil)
		}
		existing, _ := ro["lock_existing_records"].(bool)
		cfg.Rules = append(cfg.Rules, lockRule{ID: b.ids.meta(), Name: text(ro["name"]), Existing: existing, Field: text(field["api_name"]), Comparator: text(crit["comparator"]), Value: crit["value"]})
	}
	if len(cfg.Rules) > maxLockRules {
		return &failure{code: "LIMIT_EXCEEDED", message: "too many locking rules", details: object{"limit": maxLockRules, "api_name": "locking_rules", "json_path": path + ".locking_rules"}}
	}
	return nil
}

// setLockConfig puts a configuration in force; a rule may lock what exists.
func (b *Box) setLockConfig(m *module, cfg *lockConfig) {
	b.lockRules[m.name] = cfg
	b.save("lockconfig", m.name, cfg)
	for i := range cfg.Rules {
		if !cfg.Rules[i].Existing {
			continue
		}
		for _, e := range b.idsOf(m) {
			r := m.table.get(e)
			if r.lock == nil && cfg.Rules[i].meets(r) {
				n := r.clone()
				b.autoLock(m, n)
				b.put(m, n)
			}
		}
	}
}

// idsOf lists the live records of a module in order.
func (b *Box) idsOf(m *module) []int64 {
	out := make([]int64, 0, m.table.byID.len())
	m.table.byID.ascend(entry{}, func(e entry) bool {
		out = append(out, e.id)
		return true
	})
	return out
}
