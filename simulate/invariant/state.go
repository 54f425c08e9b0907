package invariant

import "time"

// Side names one of the two systems.
type Side string

// The two sides.
const (
	CRM   Side = "crm"
	Books Side = "books"
)

// Other is the opposite side.
func (s Side) Other() Side {
	if s == CRM {
		return Books
	}
	return CRM
}

// Record is one raw record as a vendor holds it.
type Record = map[string]any

// State is the truth of one vendor.
type State struct {
	Records map[string][]Record // by module or entity, inactive ones included
	Writes  []Write             // everything ever written, in order
}

// Write is one line of a vendor's write log.
type Write struct {
	Seq    int
	Time   time.Time
	Actor  string // "api", or who
	Op     string // create, update, delete, ...
	Type   string
	ID     string
	Values Record
}

// API tells whether Crossbook wrote it.
func (w Write) API() bool { return w.Actor == "api" }

// Deed is one thing a person did.
type Deed struct {
	Seq    int
	At     time.Time
	Side   Side
	Type   string
	ID     string
	Action string
	Into   string // the winner of a merge
	// CRMSeq is, of a deed in the CRM, the place of it in that write log.
	CRMSeq int
	Edits  []Edit
}

// Edit is one mapped field that a deed changed on one record.
type Edit struct {
	Deed  int // index into the log
	At    time.Time
	Side  Side
	Type  string
	ID    string
	Field string // the key of the hand-made table
	Old   string
	New   string
	// Echo marks what the vendor did by itself as a consequence: a look-up
	// emptied or repointed because its target was deleted or merged.
	Echo bool
}

// Link is a recorded pair.
type Link struct {
	ID      string
	Alias   bool
	Part    string // whole, company, person
	Gone    bool   // a tombstone
	Module  string
	CRMID   string
	Entity  string
	BooksID string
	Cause   string
	// Since is when the pair was first made, as the journal tells.
	Since time.Time
	// Relinked is when the journal last tells that it was linked again.
	Relinked time.Time
}

// Ref points at a record of one side.
type Ref struct {
	Side Side
	Type string
	ID   string
}

// Noted is a field of a link about which something is on record.
type Noted struct {
	LinkID     string
	Field      string
	CRM, Books string // of a difference
	Lost       string // of a conflict
	Undecided  bool   // a conflict that waits for a person
}

// Held is a record that waits, has a problem or is left out.
type Held struct {
	Ref    Ref
	Module string
	What   string // "problem", "waiting", "left out"
	Number int
	Kind   string
	Text   string
	// Due is when it will be looked at again by itself; zero means never.
	Due time.Time
}

// Journal is one line of what was done.
type Journal struct {
	At      time.Time
	Side    Side
	Ref     Ref
	LinkID  string
	Op      string
	Request string
	Changes []Change
}

// Change is one field of a journal line.
type Change struct{ Field, Old, New string }

// Recorded is what the store says.
type Recorded struct {
	Links       []Link
	Differences []Noted
	Conflicts   []Noted
	Held        []Held
	Journal     []Journal
	OpenCalls   int // requests whose outcome is not settled
}

// Case is everything a judgment needs.
type Case struct {
	CRM, Books State
	Log        []Deed
	Recorded   Recorded
	// Setup is the length of the CRM's write log when set-up had ended: what
	// set-up wrote is not the engine's.
	SetupCRM int
	// Placeholder is the CRM product for lines without an item.
	Placeholder string
	// ContactsOnly and AccountsOnly tell the customer source.
	ContactsOnly, AccountsOnly bool
	// ContactsAsSubCustomers and SubCustomersAsAccounts are its options.
	ContactsAsSubCustomers, SubCustomersAsAccounts bool
	// Today is the company's day at the end.
	Today string
	// HomeCurrency is the company's.
	HomeCurrency string
	// Everything tells that all documents are in extent.
	EverythingVendors bool
}

// Violation is a promise that was broken.
type Violation struct {
	Rule string
	Text string
}

func (v Violation) String() string { return v.Rule + ": " + v.Text }
