package problem

import (
	"fmt"
	"strings"

	"crossbook"
)

// Context says what was being synced when the problem arose.
type Context struct {
	Module crossbook.Module
	Entity crossbook.Entity
	// Name is what people call the record.
	Name string
	// Labels give the label people know for a QuickBooks element or a CRM API
	// name; what is missing is shown under its technical name.
	Labels map[string]string
}

// label is the name people know for a vendor's field name. QuickBooks prefixes
// some elements with their entity ("Line.DetailType"), hence the second look.
func (c Context) label(field string) string {
	if l, ok := c.Labels[field]; ok {
		return l
	}
	if _, last, ok := strings.Cut(field, "."); ok {
		if l, ok := c.Labels[last]; ok {
			return l
		}
	}
	return field
}

// record reads "the Vendor “Mahoney Mugs”", for sentences.
func (c Context) record() string {
	what := c.Module.Singular()
	if what == "" {
		what = string(c.Entity)
	}
	if what == "" {
		what = "record"
	}
	if c.Name == "" {
		return "the " + what
	}
	return fmt.Sprintf("the %s “%s”", what, c.Name)
}

// The contract texts of spec section 6 that do not quote a fault of QuickBooks.
const (
	textDuplicate      = "Duplicate records exist in system."
	textMandatoryEmpty = "The following mandatory field(s) was left empty: "
	textMandatory      = "Mandatory not found."
	textProduct        = "The product found in list is not present in CRM."
	textParty          = "The associated %s in the %s is not present in CRM."
	textLocked         = "Sorry, you cannot perform this operation as the record is locked."
	textAsOfDate       = "Missing Mandatory: As of Date"
	textVendor         = "The associated Vendor is not present in QuickBooks."
	textPaused         = "Sync is paused for this module as of date %s."
	textCurrency       = "Record is not synced because of currency mismatch between Zoho CRM and QuickBooks."
)

// The stamp of entry 14, in the viewer's zone (spec U35).
const pausedStamp = "2006-01-02 15:04:05"

// classes and kinds of the 15 entries.
var entries = map[int]struct {
	class crossbook.ProblemClass
	kind  crossbook.ProblemKind
}{
	1:  {crossbook.ToCRM, crossbook.NeedsPerson},
	2:  {crossbook.ToCRM, crossbook.NeedsData},
	3:  {crossbook.ToCRM, crossbook.NeedsPerson},
	4:  {crossbook.ToCRM, crossbook.NeedsPerson},
	5:  {crossbook.ToCRM, crossbook.NeedsPerson},
	6:  {crossbook.ToCRM, crossbook.Transient},
	7:  {crossbook.ToBooks, crossbook.NeedsPerson},
	8:  {crossbook.ToBooks, crossbook.NeedsData},
	9:  {crossbook.ToBooks, crossbook.NeedsData},
	10: {crossbook.ToBooks, crossbook.NeedsPerson},
	11: {crossbook.ToBooks, crossbook.NeedsData},
	12: {crossbook.ToBooks, crossbook.NeedsData},
	13: {crossbook.ToBooks, crossbook.NeedsData},
	14: {crossbook.Common, crossbook.Transient},
	15: {crossbook.Common, crossbook.NeedsPerson},
}

// entry starts the problem of one of the 15 entries.
func entry(number int, text, cause, cure string) crossbook.Problem {
	e := entries[number]
	return crossbook.Problem{Number: number, Class: e.class, Kind: e.kind, Text: text, Cause: cause, Cure: cure}
}

// Join makes one problem of several met at once, as both vendors report several
// wrong fields in one answer: the text is that of the lowest entry (an entry of
// spec section 6 before any other), the causes and cures of all stand in it. A
// wait beside an error is an error.
func Join(ps ...crossbook.Problem) crossbook.Problem {
	if len(ps) == 0 {
		return crossbook.Problem{}
	}
	lead := 0
	for i := range ps {
		if rank(ps[i]) < rank(ps[lead]) {
			lead = i
		}
	}
	out := ps[lead]
	out.Fields = append([]string(nil), out.Fields...)
	for i := range ps {
		if i == lead {
			continue
		}
		out.Cause = sentence(out.Cause, ps[i].Cause)
		out.Cure = sentence(out.Cure, ps[i].Cure)
		if ps[i].Detail != out.Detail {
			out.Detail = joinText(out.Detail, ps[i].Detail, " | ")
		}
		out.Fields = appendNew(out.Fields, ps[i].Fields...)
	}
	return out
}

// rank orders problems for Join.
func rank(p crossbook.Problem) int {
	r := p.Number
	if r == 0 {
		r = 100
	}
	if p.Waiting {
		r += 1000
	}
	return r
}

// sentence appends b to a unless a already says it.
func sentence(a, b string) string {
	if strings.Contains(a, b) {
		return a
	}
	return joinText(a, b, " ")
}

func joinText(a, b, sep string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + sep + b
}

func appendNew(list []string, more ...string) []string {
	for _, m := range more {
		known := m == ""
		for _, l := range list {
			known = known || l == m
		}
		if !known {
			list = append(list, m)
		}
	}
	return list
}
