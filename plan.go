package crossbook

// OpKind is what an operation does.
type OpKind string

// The kinds of operation.
const (
	Create OpKind = "create" // make the record on Side
	Update OpKind = "update" // write Changes to the record on Side
	LinkUp OpKind = "link"   // pair two existing records; no remote write by itself
	Unlink OpKind = "unlink" // leave a tombstone; no remote write
	Rebase OpKind = "rebase" // both sides agree already: only the bases move
	Skip   OpKind = "skip"   // left out, with the reason
	Wait   OpKind = "wait"   // held until something else happens, with what
	Fail   OpKind = "fail"   // a problem for a person, with the text
	// Lose is a journal entry alone: the value that lost a conflict (R73).
	Lose OpKind = "conflict"
)

// Remote tells whether the operation writes to a vendor.
func (k OpKind) Remote() bool { return k == Create || k == Update }

// Op is one thing the plan of a turn wants done, and why.
type Op struct {
	Kind   OpKind `json:"kind"`
	Side   Side   `json:"side,omitempty"` // the side written to
	Module Module `json:"module"`
	Link   Link   `json:"link"` // the pair; ids still unknown are empty
	// Name is what people call the record.
	Name    string   `json:"name,omitempty"`
	Changes []Change `json:"changes,omitempty"`
	Why     string   `json:"why"`
	// BaseCRM and BaseBooks are the bases to store once the op has succeeded.
	BaseCRM   Fields `json:"-"`
	BaseBooks Fields `json:"-"`
	// Body is the record or patch to send, in the vendor's words.
	Body map[string]any `json:"-"`
	// Revision is the revision the target must still have.
	Revision string `json:"-"`
	// Trigger tells whether CRM automation runs for this write (P25).
	Trigger bool `json:"trigger,omitempty"`
	// Note marks a write of what Crossbook says about a CRM record (the figures of
	// a Deal, QuickBooks sync): it is no change of the record and moves no base.
	Note bool `json:"note,omitempty"`
	// Depth orders trees: parents before children within a module.
	Depth int `json:"-"`
	// Problem explains a Fail, and a Wait that carries a contract text.
	Problem *Problem `json:"problem,omitempty"`
	// WaitFor names what a Wait waits for.
	WaitFor []Ref `json:"wait_for,omitempty"`
	// Source is the record the operation follows from.
	Source Ref `json:"source"`
	// With are operations the same remote write carries out: an Account and its
	// billing Contact share one customer, and one write (P1).
	With []Op `json:"with,omitempty"`
}
