package company

import (
	"context"
	"time"
)

// Kind says who carries a step out.
type Kind string

// The kinds of step. Only Act and Trouble have a Do; the others concern the
// program that is tried on the company, and whoever tells the story does them.
const (
	Act     Kind = "act"     // a person works in one of the systems
	Trouble Kind = "trouble" // something fails, or stops failing
	Wait    Kind = "wait"    // until the program has nothing left to do
	Kill    Kind = "kill"    // the program dies at once, without a word
	Restart Kind = "restart" // and is started again
)

// Step is one thing that happens on the working day.
type Step struct {
	// At is the time of day. The order of the steps counts, not the hour.
	At   time.Duration
	Kind Kind
	// Who acts, and What happens in plain words.
	Who, What string
	// Do carries the step out on the sandboxes. It finds what it needs by names
	// and numbers, so that a day may go on in another process.
	Do func(context.Context, World) error
	// Expect is what must be true of the sandboxes when the day is over and the
	// program is quiet.
	Expect []Expectation
}

// Expectation is a statement about the records of one side at the end of the day.
type Expectation struct {
	Side Side
	Type string
	// Where picks records by dotted paths and the values there, as text. "*" at
	// the end of a value stands for any ending; "" for no value.
	Where map[string]string
	// Count is how many records must be found.
	Count int
	// Fields are further values that each of them must hold.
	Fields map[string]string
}

// crmHas expects exactly one record in the CRM.
func crmHas(module string, where, fields map[string]string) Expectation {
	return Expectation{Side: CRM, Type: module, Where: where, Count: 1, Fields: fields}
}

// booksHave expects exactly one record in QuickBooks.
func booksHave(entity string, where, fields map[string]string) Expectation {
	return Expectation{Side: Books, Type: entity, Where: where, Count: 1, Fields: fields}
}

// nowhere expects that no such record exists.
func nowhere(side Side, typ string, where map[string]string) Expectation {
	return Expectation{Side: side, Type: typ, Where: where}
}

// is makes a map of pairs of path and value.
func is(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}
