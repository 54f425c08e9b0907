package zohobox

import (
	"slices"
	"time"
)

// lock is a locked record (section 10).
type lock struct {
	ID     string    `json:"id"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
	Source string    `json:"source"` // Manual or Automatic
	At     time.Time `json:"at"`
	Rule   string    `json:"rule"`
}

// lockConfig is the locking configuration of a module.
type lockConfig struct {
	ID       string     `json:"id"`
	Module   string     `json:"module"`
	Type     string     `json:"lock_type"`
	For      string     `json:"locked_for"`
	Excluded []string   `json:"excluded_profiles"`
	Actions  []string   `json:"restricted_actions"`
	Fields   []string   `json:"excluded_fields"`
	Rules    []lockRule `json:"rules"`
	Mails    []string   `json:"restricted_communications"`
	Buttons  []string   `json:"restricted_custom_buttons"` // ids
	NoPortal bool       `json:"not_for_portal_users"`
	Created  time.Time  `json:"created"`
	Modified time.Time  `json:"modified"`
}

// lockRule locks by itself what meets its criterion.
type lockRule struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Existing   bool   `json:"existing"`
	Field      string `json:"field"`
	Comparator string `json:"comparator"`
	Value      any    `json:"value"`
}

// lockable are the modules that can be locked; of Products the sources differ,
// and no for an answer is the harsher one.
func lockable(m *module) bool { return !m.isLine() && !m.unlockable && m.name != "Products" }

func (b *Box) lockedFor(m *module, r *record, u *user) bool {
	cfg := b.lockRules[m.name]
	if r.lock == nil || cfg == nil {
		return r.lock != nil
	}
	return cfg.For != "all_profiles_except_excluded_profiles" || !slices.Contains(cfg.Excluded, u.Profile)
}

func (b *Box) lockRestricts(m *module, action string) bool {
	cfg := b.lockRules[m.name]
	return cfg == nil || slices.Contains(cfg.Actions, action)
}

// lockedAgainst refuses an update of a locked record, unless the caller's
// profile is excepted or only excepted fields are touched.
func (b *Box) lockedAgainst(c *call, m *module, r *record, o object, path string) *failure {
	refused := &failure{code: "RECORD_LOCKED", message: "Sorry, you cannot perform this operation as the record is locked.", details: object{"api_name": "id", "json_path": path + ".id", "action": "record_locking"}}
	if r.held() {
		return refused
	}
	if !b.lockedFor(m, r, c.user) {
		return nil
	}
	cfg := b.lockRules[m.name]
	for name := range o {
		if name == "id" || m.field(name) == nil && name != "$line_tax" {
			continue
		}
		if cfg == nil || !slices.Contains(cfg.Fields, name) {
			return refused
		}
	}
	return nil
}

// autoLock locks a record that meets a rule when it is saved, and frees it when
// it no longer does.
func (b *Box) autoLock(m *module, r *record) {
	cfg := b.lockRules[m.name]
	if cfg == nil {
		return
	}
	var met *lockRule
	for i := range cfg.Rules {
		if cfg.Rules[i].meets(r) {
			met = &cfg.Rules[i]
			break
		}
	}
	switch {
	case met != nil && r.lock == nil:
		r.lock = &lock{ID: b.ids.meta(), By: b.superAdmin().ID, Reason: met.Name, Source: "Automatic", At: b.now(), Rule: met.ID}
	case met == nil && r.lock != nil && r.lock.Source == "Automatic":
		r.lock = nil
	}
}

func (l *lockRule) meets(r *record) bool {
	v := r.value(l.Field)
	switch l.Comparator {
	case "equal", "equals", "":
		return v != nil && indexKey(v) == indexKey(l.Value)
	case "not_equal":
		return indexKey(v) != indexKey(l.Value)
	}
	return false
}

func (b *Box) renderLock(m *module, r *record, c *call) object {
	l := r.lock
	cfgID := any(nil)
	if cfg := b.lockRules[m.name]; cfg != nil {
		cfgID = cfg.ID
	}
	by := b.userByID(l.By).ref()
	if by != nil {
		by["module"] = "users"
	}
	return object{
		"id": l.ID, "Locked_Reason__s": l.Reason, "Lock_Source__s": l.Source, "Locked_Time__s": stamp(l.At, c.zone()),
		"Locked_By__s":                       objectOrNil(by),
		"Locked_For__s":                      object{"id": r.sid(), "name": displayName(m, r), "module": object{"api_name": m.name, "id": m.ID}},
		"Record_Locking_Configuration_Id__s": cfgID, "Record_Locking_Rule_Id__s": orNil(l.Rule), "Feature_Type__s": "record_locking",
	}
}

// lockTarget checks what every lock call needs: a configuration and a record.
func (b *Box) lockTarget(c *call) (*record, *failure) {
	if b.lockRules[c.mod.name] == nil {
		return nil, &failure{status: 400, code: "NOT_ALLOWED", message: "Required Record Locking Configuration is not present", details: object{"resource_path_index": 0}}
	}
	id, _ := parseID(c.path[1])
	r := c.mod.table.get(id)
	if r == nil {
		return nil, &failure{status: 400, code: "INVALID_DATA", message: "the related id given seems to be invalid", details: object{"resource_path_index": 1}}
	}
	return r, nil
}

func (b *Box) getLock(c *call) answer {
	r, f := b.lockTarget(c)
	if f != nil {
		return f.answer()
	}
	if len(c.path) == 3 && c.param("fields") == "" {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "fields"})
	}
	if r.lock == nil || len(c.path) > 3 && c.path[3] != r.lock.ID {
		return noContent()
	}
	return ok(object{"data": []any{b.renderLock(c.mod, r, c)}, "info": object{"per_page": pageMax, "count": 1, "page": 1, "more_records": false}})
}

func (b *Box) postLock(c *call) answer {
	r, f := b.lockTarget(c)
	if f != nil {
		return f.answer()
	}
	if r.lock != nil {
		return refuse(403, "NOT_ALLOWED", "The record is already locked", object{"resource_path_index": 1})
	}
	reason := ""
	if rows := list(c.body["data"]); len(rows) > 0 {
		o, _ := rows[0].(object)
		reason = text(o["Locked_Reason__s"])
	}
	if reason == "" {
		return answer{status: 400, body: object{"data": []any{missing("Locked_Reason__s", "$.data[0]").item()}}}
	}
	l := b.lockRecord(c, c.mod, r, reason)
	return answer{status: 201, body: object{"data": []any{success(object{"id": l.ID}, "record added")}}}
}

// lockRecord locks by hand. Locking is no edit: Modified_Time stays.
func (b *Box) lockRecord(c *call, m *module, r *record, reason string) *lock {
	n := r.clone()
	n.lock = &lock{ID: b.ids.meta(), By: c.user.ID, Reason: reason, Source: "Manual", At: b.now()}
	b.put(m, n)
	b.logWrite(c, "lock", m.name, r.sid(), object{"Locked_Reason__s": reason})
	return n.lock
}

func (b *Box) deleteLock(c *call) answer {
	r, f := b.lockTarget(c)
	if f != nil {
		return f.answer()
	}
	if r.lock == nil || r.lock.ID != c.path[3] {
		return refuse(400, "INVALID_DATA", "relation not found", object{"resource_path_index": 3})
	}
	if r.lock.Source == "Automatic" {
		return refuse(403, "NOT_ALLOWED", "A record that a rule has locked cannot be unlocked by hand", object{"resource_path_index": 1})
	}
	b.unlockRecord(c, c.mod, r)
	return ok(object{"data": []any{success(object{"id": c.path[3]}, "relation removed")}})
}

func (b *Box) unlockRecord(c *call, m *module, r *record) {
	n := r.clone()
	n.lock = nil
	b.put(m, n)
	b.logWrite(c, "unlock", m.name, r.sid(), nil)
}
