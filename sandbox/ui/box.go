package ui

import (
	"context"
	"errors"
	"time"

	"crossbook/sandbox/fault"
)

// Box is a sandbox as these pages see it. Texts are for people; the pages
// escape them.
type Box interface {
	// About says what the box is and what is in it.
	About() About
	// People are those one may act as; the first is the one who acts when nobody
	// was chosen. With free, any other name will do too.
	People() (names []string, free bool)
	// List is one page of a kind of records.
	List(q Query) (List, error)
	// Record is everything about one.
	Record(kind, id string) (Record, error)
	// History is what was written, newest first.
	History(q Query) (History, error)
	// Form is what has to be filled in for an action.
	Form(ask Ask) (Form, error)
	// Do does it, under the rules of the vendor's own screens. A refusal by these
	// rules is an error, best a *Refusal.
	Do(ctx context.Context, ask Ask, given Given) (Done, error)
	// Faults is the dial of injected failures.
	Faults() *fault.Dial
}

// ErrNotFound is returned for kinds, records and actions that do not exist.
var ErrNotFound = errors.New("it does not exist")

// Refusal is what a box answers to something its rules forbid.
type Refusal struct {
	Message string
	Field   string            // name of the input it is about, when there is one
	At      map[string]string // what is wrong with several inputs, by their names
	Code    string            // the vendor's
}

// Error is the message.
func (r *Refusal) Error() string { return r.Message }

// About is what the start page says.
type About struct {
	Slug    string // names the box in cookies: "zoho"
	Product string // "Zoho CRM sandbox"
	Title   string // the name of the company in it
	Lead    string // one true sentence
	Groups  []KindGroup
	Calls   []Count
	Facts   []Fact // what a developer needs to connect
	Tools   []Link // actions that concern the whole box
	Pages   []Link // the box's other pages, for programs
}

// KindGroup is a part of the table of contents.
type KindGroup struct {
	Title string
	Kinds []Kind
}

// Kind is a module or an entity.
type Kind struct {
	Name  string // as addresses and the vendor's API have it
	Title string // "Purchase orders"
	Count int
	Gone  int // deleted
}

// Count is a number and what it counts.
type Count struct {
	Title string
	N     int
}

// Fact is a name and a value, to be copied.
type Fact struct{ Name, Value, Hint string }

// Query asks for one page of a list or of a history; a history may be that of
// one record.
type Query struct {
	Kind, ID string
	Search   string
	Page     int // from 1
	Per      int
}

// First is how many records stand on the pages before.
func (q Query) First() int { return (q.Page - 1) * q.Per }

// List is one page of records.
type List struct {
	Title   string // "Customers"
	One     string // "customer"
	Lead    string
	Columns []Column
	Rows    []Row
	Total   int    // of the whole list; of a search, how many are shown
	More    bool   // there is a further page
	Looked  string // how far a search looked, when it did not see everything
	Acts    []Link
	Back    []Link // the way to this list, when it does not hang below the start
}

// Column is a heading.
type Column struct {
	Title   string
	Numeric bool
}

// Row is a record in a list. The first cell is its name and leads to it.
type Row struct {
	Href  string
	Cells []string
	Chips []Chip
	Off   bool
}

// Chip is a state in a word.
type Chip struct {
	Text string
	Tone string // "", "warn" or "off"
}

// Record is one record with all that belongs to it.
type Record struct {
	Kind, ID  string
	KindTitle string
	Title     string
	Lead      string
	Chips     []Chip
	Acts      []Act
	Sections  []Section
	Tables    []Table
	History   History
	Raw       string // the whole record as programs see it
}

// Act is something one can do to a record.
type Act struct {
	Action, Text string
	Danger       bool
	Main         bool
}

// Section is a block of fields.
type Section struct {
	Title  string
	Fields []Field
	Folded bool
}

// Field is a name and a value, with a link when it points at another record.
type Field struct {
	Label, Name string // Name is the vendor's, where it differs
	Value       string
	Href        string
}

// Table is lines of a document, related records, postings.
type Table struct {
	Title   string
	Lead    string
	Columns []Column
	Rows    []TableRow
	More    *Link
}

// TableRow holds the cells of a row.
type TableRow struct {
	Cells []Cell
	Off   bool
}

// Cell is a value with a link when it leads somewhere.
type Cell struct{ Text, Href string }

// Event is one entry of a history: "Eva Sales" "changed" "Accounts 123".
type Event struct {
	Time    time.Time
	Who     string
	API     bool // a program and no person
	Text    string
	About   Link // the record
	Changes []Change
	Note    string
}

// Change is a field before and after. Old is nil where it is not known.
type Change struct {
	Name string
	Old  *string
	New  string
}

// History is one page of events.
type History struct {
	Events []Event
	Total  int
	More   bool
}

// Ask names an action and what it is done to.
type Ask struct {
	User             string
	Action, Kind, ID string
}

// Form is what has to be filled in.
type Form struct {
	Title  string
	Lead   string
	Submit string
	Danger bool
	Groups []Inputs
	Lines  *Lines
	// Seen is a mark of the record's version: a form that was opened before
	// somebody else changed the record is refused once.
	Seen string
	Back Link
}

// Inputs are a block of a form.
type Inputs struct {
	Title  string
	Inputs []Input
	Folded bool
}

// Input is one thing to fill in.
type Input struct {
	Name, Label, Hint string
	Type              string // "text", "area", "number", "date", "email", "check", "choice", "many", "secret"
	Value             string
	Options           []Option // of a choice, or suggestions for a text
	Required          bool
	Max               int
	Error             string
}

// Option is a value to choose.
type Option struct{ Value, Text string }

// Lines are the rows of a document.
type Lines struct {
	Title   string
	Hint    string
	Columns []Input   // names, labels, types, options
	Rows    []LineRow // those there are
}

// LineRow is a row that exists; its id is "" for one that is new.
type LineRow struct {
	ID     string
	Values map[string]string
	Drop   bool
}

// Given is what was filled in. A check is "true" or "false"; of many choices
// each stands on a line of its own.
type Given struct {
	All     map[string]string // every input
	Changed map[string]string // those that differ from what the form shows
	Rows    []LineRow
	RowsNew bool // the rows differ from what the form shows
}

// Done says what an action did and where to look at it.
type Done struct {
	Text string // "Invoice 1041 was voided."
	Href string
}
