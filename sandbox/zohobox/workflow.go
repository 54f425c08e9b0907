package zohobox

import "slices"

// automation is the actor of what rules do.
const automation = "workflow"

// Workflow is a rule of the organisation: when somebody creates or edits a
// record, it sets fields. It runs when the write's trigger list lets it, so
// tests can see whether automation ran (section 4.3).
type Workflow struct {
	Name   string         `json:"name"`
	Module string         `json:"module"`
	On     string         `json:"on"`    // create, edit, or empty for both
	Field  string         `json:"field"` // on edit: only when this field changed; empty: any
	Set    map[string]any `json:"set"`   // values as a client would send them
	// Connected is a workflow that reaches into other apps; a write can skip these alone (skip_feature_execution).
	Connected bool `json:"connected,omitempty"`
}

func (w *Workflow) meant(m *module, op string, changed []string) bool {
	switch {
	case w.Module != m.name || op != "create" && op != "update":
		return false
	case w.On == "create" && op != "create" || w.On == "edit" && op != "update":
		return false
	}
	return op == "create" || w.Field == "" || slices.Contains(changed, w.Field)
}

// runWorkflows lets the rules answer to a write. What they set is a further
// change of the record, by the same user, and does not start rules again.
func (b *Box) runWorkflows(c *call, m *module, r *record, op string, changed []string) {
	if !c.batch.workflow {
		return
	}
	for i := range b.opt.Workflows {
		w := &b.opt.Workflows[i]
		if !w.meant(m, op, changed) || w.Connected && c.batch.exec.skips("connected_workflows", op) {
			continue
		}
		own := *c
		own.batch = batch{trigger: []any{}, requestID: c.batch.requestID, person: automation}
		cur := m.table.get(r.id)
		d := b.check(&own, m, cur, w.Set, "$.data[0]")
		if d.fault() != nil {
			b.log.Warn("a workflow could not set its values", "workflow", w.Name, "error", d.fault())
			continue
		}
		b.commit(d, "update")
		*r = *d.rec // the answer shows the later Modified_Time
	}
}
