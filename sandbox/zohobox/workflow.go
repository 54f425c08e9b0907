package zohobox

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
