package zohobox

import (
	"fmt"
	"net/http"
	"slices"
)

// getFlows answers GET /settings/automation/workflow_rules[/{id}].
func (b *Box) getFlows(c *call) answer {
	m, f := b.moduleFilter(c)
	if f != nil {
		return f.answer()
	}
	active, when := c.param("status_active"), c.param("execute_on")
	if active != "" && active != "true" && active != "false" {
		return badParam("status_active").answer()
	}
	var out []any
	for _, w := range b.flows {
		if m != nil && w.Module != m.name || len(c.path) > 3 && c.path[3] != w.ID || active != "" && (active == "true") != w.Active || when != "" && when != w.When {
			continue
		}
		out = append(out, b.renderFlow(c, w))
	}
	switch {
	case len(c.path) < 4:
		return c.pageOf("workflow_rules", out)
	case len(out) == 0:
		return noContent()
	}
	return ok(object{"workflow_rules": out})
}

func (b *Box) renderFlow(c *call, w *flow) object {
	m := b.module[w.Module]
	details := object{"trigger_module": m.ref()}
	if w.When == "edit" || w.When == "create_or_edit" {
		details["repeat"] = true
	}
	conditions := []any{}
	for i, k := range w.Conditions {
		var actions []any
		for _, id := range k.Hooks {
			if h := b.webhookByID(id); h != nil {
				actions = append(actions, object{"id": h.ID, "name": h.Name, "type": "webhooks", "details": object{"module": m.ref()}, "related_details": nil})
			}
		}
		if len(k.Set) > 0 {
			actions = append(actions, object{"id": k.ID, "name": w.Name, "type": "field_updates", "details": object{"module": m.ref()}, "related_details": nil})
		}
		conditions = append(conditions, object{
			"id": k.ID, "sequence_number": i + 1, "instant_actions": object{"actions": actions}, "scheduled_actions": nil,
			"criteria_details": object{"criteria": b.flowCriteria(m, k.Criteria), "relational_criteria": object{"criteria": nil, "module": nil}},
		})
	}
	by := b.userByID(w.By).ref()
	var last any
	if !w.Last.IsZero() {
		last = stamp(w.Last, c.zone())
	}
	return object{
		"id": w.ID, "name": w.Name, "description": orNil(w.Description), "module": m.ref(), "execute_when": object{"type": w.When, "details": details}, "conditions": conditions,
		"status": object{"active": w.Active}, "editable": !w.given, "deletable": !w.given, "source": "crm", "category": "workflow", "lock": object{"status": false, "message": nil, "locked_by": nil},
		"created_by": by, "modified_by": by, "created_time": stamp(w.Created, c.zone()), "modified_time": stamp(w.Modified, c.zone()), "last_executed_time": last,
	}
}

// flowCriteria shows criteria with the ids of their fields.
func (b *Box) flowCriteria(m *module, o object) any {
	if o == nil {
		return nil
	}
	out := object{}
	for k, v := range o {
		out[k] = v
	}
	if group := list(o["group"]); group != nil {
		rows := []any{}
		for _, v := range group {
			rows = append(rows, b.flowCriteria(m, asObject(v)))
		}
		out["group"] = rows
	}
	if f := m.field(text(asObject(o["field"])["api_name"])); f != nil {
		out["field"] = object{"api_name": f.Name, "id": f.ID}
	}
	return out
}

func (b *Box) postFlows(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("workflow_rules", 1, http.StatusCreated, func(path string, o object) (object, *failure) {
		for _, key := range []string{"name", "module", "execute_when", "conditions"} {
			if o[key] == nil || o[key] == "" {
				return nil, missing(key, path)
			}
		}
		w := &flow{Active: true, By: c.user.ID, Created: b.now(), Modified: b.now()}
		m := b.module[text(asObject(o["module"])["api_name"])]
		if m == nil || m.isLine() || m.ended {
			return nil, invalidAt("module", path+".module", nil)
		}
		w.Module = m.name
		if f := b.readFlow(c, m, w, o, path); f != nil {
			return nil, f
		}
		w.ID = b.ids.meta()
		b.flows = append(b.flows, w)
		b.save("flow", w.ID, w)
		return success(object{"id": w.ID}, "workflow created"), nil
	})
}

func (b *Box) putFlows(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	if len(c.path) > 3 {
		if w := b.flowByID(c.path[3]); w == nil || w.given {
			return b.noFlow(w, 3)
		}
	}
	return c.each("workflow_rules", 1, http.StatusOK, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 3 {
			id = c.path[3]
		}
		w := b.flowByID(id)
		if w == nil || w.given {
			return nil, invalidAt("id", path+".id", nil)
		}
		next := *w
		if f := b.readFlow(c, b.module[w.Module], &next, o, path); f != nil {
			return nil, f
		}
		next.Modified = b.now()
		*w = next
		b.save("flow", w.ID, w)
		return success(object{"id": w.ID}, "workflow updated"), nil
	})
}

// noFlow refuses a rule that is not there, or that is not the app's to change.
func (b *Box) noFlow(w *flow, index int) answer {
	code := "INVALID_DATA"
	if w != nil {
		code = "NOT_ALLOWED"
	}
	return refuse(400, code, "the id given seems to be invalid", object{"resource_path_index": index})
}

// readFlow reads what is sent of a rule; the rest stays.
func (b *Box) readFlow(c *call, m *module, w *flow, o object, path string) *failure {
	if v, sent := o["name"]; sent {
		name, isText := v.(string)
		switch {
		case !isText || name == "":
			return invalidAt("name", path+".name", nil)
		case len(name) > flowNameMax:
			return invalidAt("name", path+".name", object{"maximum_length": flowNameMax})
		case slices.ContainsFunc(b.flows, func(x *flow) bool { return x.ID != w.ID && x.Module == m.name && equalFold(x.Name, name) }):
			return twice("name", path)
		}
		w.Name = name
	}
	if v, sent := o["description"]; sent {
		w.Description = text(v)
	}
	if v, sent := asObject(o["status"])["active"].(bool); sent {
		w.Active = v
	}
	if o["execute_when"] != nil {
		when := text(asObject(o["execute_when"])["type"])
		if !slices.Contains(flowEvents, when) {
			return &failure{code: "NOT_SUPPORTED", message: "rules wait for records that are made, edited or deleted", details: object{"api_name": "type", "json_path": path + ".execute_when.type", "supported_values": anyOf(flowEvents)}}
		}
		w.When = when
	}
	if o["conditions"] == nil {
		return nil
	}
	rows := list(o["conditions"])
	switch {
	case len(rows) == 0:
		return missing("conditions", path)
	case len(rows) > flowConditionsMax:
		return &failure{code: "LIMIT_EXCEEDED", message: "workflow condtion limit exceeded", details: object{"limit": flowConditionsMax, "api_name": "conditions", "json_path": path + ".conditions"}}
	}
	w.Conditions = nil
	for i, v := range rows {
		k, f := b.readFlowCondition(c, m, asObject(v), fmt.Sprintf("%s.conditions[%d]", path, i))
		if f != nil {
			return f
		}
		w.Conditions = append(w.Conditions, *k)
	}
	return nil
}

func (b *Box) readFlowCondition(c *call, m *module, o object, path string) (*flowCondition, *failure) {
	k := &flowCondition{ID: text(o["id"]), Criteria: asObject(asObject(o["criteria_details"])["criteria"])}
	if k.Criteria != nil {
		if _, f := b.flowTest(c, m, k.Criteria); f != nil {
			return nil, invalidAt("criteria", path+".criteria_details.criteria", nil)
		}
	}
	if len(list(o["scheduled_actions"])) > 0 {
		return nil, &failure{code: "NOT_SUPPORTED", message: "rules act at once here", details: object{"api_name": "scheduled_actions", "json_path": path + ".scheduled_actions"}}
	}
	actions := list(asObject(o["instant_actions"])["actions"])
	if len(actions) == 0 {
		return nil, missing("instant_actions", path)
	}
	for i, v := range actions {
		at := fmt.Sprintf("%s.instant_actions.actions[%d]", path, i)
		if asObject(v)["type"] != "webhooks" {
			return nil, &failure{code: "NOT_SUPPORTED", message: "rules made over the API call webhooks", details: object{"api_name": "type", "json_path": at + ".type", "supported_values": []any{"webhooks"}}}
		}
		h := b.webhookByID(text(asObject(v)["id"]))
		if h == nil || h.Module != m.name {
			return nil, invalidAt("id", at+".id", nil)
		}
		k.Hooks = append(k.Hooks, h.ID)
	}
	if k.ID == "" {
		k.ID = b.ids.meta()
	}
	return k, nil
}

func (b *Box) deleteFlows(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	drop := func(w *flow) {
		b.flows = slices.DeleteFunc(b.flows, func(x *flow) bool { return x == w })
		b.drop("flow", w.ID)
	}
	if len(c.path) > 3 {
		w := b.flowByID(c.path[3])
		if w == nil || w.given {
			return b.noFlow(w, 3)
		}
		drop(w)
		return ok(object{"workflow_rules": []any{success(object{"id": w.ID}, "workflow deleted")}})
	}
	ids := splitFields(c.param("ids"))
	if len(ids) == 0 {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
	}
	var out []any
	for _, id := range ids {
		w := b.flowByID(id)
		if w == nil || w.given {
			out = append(out, (&failure{code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"id": id}}).item())
			continue
		}
		drop(w)
		out = append(out, success(object{"id": id}, "workflow deleted"))
	}
	return answer{status: writeStatus(out, http.StatusOK, http.StatusMultiStatus), body: object{"workflow_rules": out}}
}
