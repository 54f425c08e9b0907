package crossbook

// ProblemClass is the class a problem is listed under (R100).
type ProblemClass string

// The three classes of spec section 6.
const (
	ToCRM   ProblemClass = "QuickBooks to CRM"
	ToBooks ProblemClass = "CRM to QuickBooks"
	Common  ProblemClass = "Common"
)

// ProblemKind decides who or what can end a problem.
type ProblemKind string

// The kinds of problem (design section 5, poison).
const (
	Transient   ProblemKind = "transient"
	NeedsData   ProblemKind = "needs-data"
	NeedsPerson ProblemKind = "needs-person"
	Bug         ProblemKind = "bug"
)

// Problem says why a record could not be synced, in the words of spec section
// 6, with cause and cure for a person. Only package problem makes one.
type Problem struct {
	// Number is the entry of spec section 6, 1 to 15; 0 for any other.
	Number int          `json:"number,omitempty"`
	Class  ProblemClass `json:"class"`
	Kind   ProblemKind  `json:"kind"`
	// Text is the contract text, letter for letter (R103).
	Text  string `json:"text"`
	Cause string `json:"cause"`
	Cure  string `json:"cure"`
	// Vendor, Code and Detail are the vendor's own words, for support.
	Vendor string `json:"vendor,omitempty"`
	Code   string `json:"code,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Fields are the fields concerned.
	Fields []string `json:"fields,omitempty"`
	// Waiting marks a state that carries a contract text (6, 14) but is no
	// error and is not counted as one (practice section 6).
	Waiting bool `json:"waiting,omitempty"`
}
