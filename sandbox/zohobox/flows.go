package zohobox

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// flow is a workflow rule (section 9.6): when records of a module are made,
// edited or deleted, the first condition that they meet calls webhooks or sets
// fields. The rules of Options stand among them and stay as they are.
type flow struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Module      string          `json:"module"`
	When        string          `json:"when"`            // one of flowEvents
	Field       string          `json:"field,omitempty"` // on edit: only when this one changed
	Connected   bool            `json:"connected,omitempty"`
	Active      bool            `json:"active"`
	Conditions  []flowCondition `json:"conditions"`
	By          string          `json:"by"`
	Created     time.Time       `json:"created"`
	Modified    time.Time       `json:"modified"`
	Last        time.Time       `json:"last"` // when it ran

	given bool // by Options
}

// flowCondition is what a rule asks of a record, and what follows.
type flowCondition struct {
	ID       string   `json:"id"`
	Criteria object   `json:"criteria,omitempty"` // nil: every record
	Hooks    []string `json:"hooks,omitempty"`    // ids of webhooks
	Set      object   `json:"set,omitempty"`      // values as a client would send them
}

// flowEvents are the moments that rules wait for here.
var flowEvents = []string{"create", "edit", "create_or_edit", "delete"}

const (
	flowNameMax       = 100
	flowConditionsMax = 5
)

// foundFlows puts the rules of Options in place.
func (b *Box) foundFlows() {
	for i := range b.opt.Workflows {
		w := &b.opt.Workflows[i]
		when := map[string]string{"create": "create", "edit": "edit", "": "create_or_edit"}[w.On]
		id := formatID(b.ids.base + 800 + int64(i))
		b.flows = append(b.flows, &flow{
			ID: id, Name: w.Name, Module: w.Module, When: when, Field: w.Field, Connected: w.Connected, Active: true, given: true, Created: b.org.Created, Modified: b.org.Created,
			By: b.superAdmin().ID, Conditions: []flowCondition{{ID: formatID(b.ids.base + 850 + int64(i)), Set: w.Set}},
		})
	}
}

func (b *Box) flowByID(id string) *flow {
	for _, w := range b.flows {
		if w.ID == id {
			return w
		}
	}
	return nil
}

func (b *Box) hookUsed(id string) bool {
	return slices.ContainsFunc(b.flows, func(w *flow) bool {
		return slices.ContainsFunc(w.Conditions, func(k flowCondition) bool { return slices.Contains(k.Hooks, id) })
	})
}

func (w *flow) meant(m *module, op string, changed []string) bool {
	switch {
	case !w.Active || w.Module != m.name:
		return false
	case op == "create":
		return w.When == "create" || w.When == "create_or_edit"
	case op == "update":
		return (w.When == "edit" || w.When == "create_or_edit") && (w.Field == "" || slices.Contains(changed, w.Field))
	}
	return op == w.When
}

// runWorkflows lets the rules answer to a write. What they set is a further
// change of the record, by the same user, and does not start rules again.
func (b *Box) runWorkflows(c *call, m *module, r *record, op string, changed []string) {
	if !c.batch.workflow {
		return
	}
	for _, w := range b.flows {
		if !w.meant(m, op, changed) || w.Connected && c.batch.exec.skips("connected_workflows", op) {
			continue
		}
		for i := range w.Conditions {
			if k := &w.Conditions[i]; b.flowMet(c, m, k, r) {
				b.runFlow(c, m, w, k, r, op)
				break
			}
		}
	}
}

func (b *Box) flowMet(c *call, m *module, k *flowCondition, r *record) bool {
	if k.Criteria == nil {
		return true
	}
	met, f := b.flowTest(c, m, k.Criteria)
	return f == nil && met(r)
}

func (b *Box) flowTest(c *call, m *module, criteria object) (func(*record) bool, *failure) {
	cond, f := bulkCondition(criteria)
	if f != nil {
		return nil, f
	}
	return (&coqlRun{b: b, c: c, m: m}).compile(cond)
}

func (b *Box) runFlow(c *call, m *module, w *flow, k *flowCondition, r *record, op string) {
	w.Last = b.now()
	if !w.given {
		b.save("flow", w.ID, w)
	}
	for _, id := range k.Hooks {
		if h := b.webhookByID(id); h != nil {
			b.callWebhook(c, h, w.ID, m, r)
		}
	}
	if len(k.Set) == 0 || op == "delete" {
		return
	}
	own := *c
	own.batch = batch{trigger: []any{}, requestID: c.batch.requestID, person: automation}
	cur := m.table.get(r.id)
	d := b.check(&own, m, cur, k.Set, "$.data[0]")
	if d.fault() != nil {
		b.log.Warn("a workflow could not set its values", "workflow", w.Name, "error", d.fault())
		return
	}
	b.commit(d, "update")
	*r = *d.rec // the answer shows the later Modified_Time
}

// addFlow is what an administrator does on the page of rules: a rule that sets
// fields. Data names name, on (create, edit, delete, or empty for create and
// edit), field, criteria and set.
func (b *Box) addFlow(c *call, m *module, data object) (string, error) {
	w := &flow{Name: text(data["name"]), Module: m.name, Field: text(data["field"]), Active: true, By: c.user.ID, Created: b.now(), Modified: b.now()}
	w.When = text(data["on"])
	if w.When == "" {
		w.When = "create_or_edit"
	}
	set := asObject(data["set"])
	switch {
	case w.Name == "" || len(set) == 0:
		return "", fmt.Errorf("a workflow has a name and values to set")
	case !slices.Contains(flowEvents[:3], w.When):
		return "", fmt.Errorf("a workflow that sets values waits for create or edit")
	case w.Field != "" && m.field(w.Field) == nil:
		return "", fmt.Errorf("there is no field %q", w.Field)
	}
	for name := range set {
		if m.field(name) == nil {
			return "", fmt.Errorf("there is no field %q", name)
		}
	}
	k := flowCondition{ID: b.ids.meta(), Criteria: asObject(data["criteria"]), Set: set}
	if k.Criteria != nil {
		if _, f := b.flowTest(c, m, k.Criteria); f != nil {
			return "", told(f)
		}
	}
	w.ID, w.Conditions = b.ids.meta(), []flowCondition{k}
	b.flows = append(b.flows, w)
	b.save("flow", w.ID, w)
	return w.ID, nil
}

func (b *Box) findFlows(c *call) (route, answer) {
	return collection(c, "/settings/automation/workflow_rules", "ZohoCRM.settings.workflow_rules", 8, b.getFlows, b.postFlows, b.putFlows, b.deleteFlows)
}

func (b *Box) findAutomation(c *call) (route, answer) {
	if len(c.path) < 3 || len(c.path) > 4 {
		return none(c)
	}
	switch {
	case c.path[2] == "webhooks":
		return b.findWebhooks(c)
	case c.path[2] == "workflow_rules":
		return b.findFlows(c)
	case c.path[2] == "webhook_failures" && len(c.path) == 3:
		return method(c, "/settings/automation/webhook_failures", route{run: b.getWebhookFailures, kind: kindMeta, scopes: []string{"ZohoCRM.settings.automation_actions.READ"}, since: 8}, http.MethodGet)
	}
	return none(c)
}
