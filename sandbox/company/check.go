package company

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Violation is something that is not as it must be at the end of the day.
type Violation struct {
	// Kind is lost, doubled, differs or unasked.
	Kind string
	// Step says after which step of the story; empty for what must hold always.
	Step string
	What string
}

// The kinds of violation.
const (
	Lost    = "lost"    // a record is missing
	Doubled = "doubled" // a record is there more than once
	Differs = "differs" // a value is not what it must be
	Unasked = "unasked" // something is there that must not be
)

func (v Violation) String() string {
	if v.Step == "" {
		return v.Kind + ": " + v.What
	}
	return fmt.Sprintf("%s: %s (after: %s)", v.Kind, v.What, v.Step)
}

// Check reads both sandboxes at the end of the day, once the program is quiet,
// and returns what is lost, doubled, different or unasked for: first step by
// step of [Story], then for all records of Larkfield. No violations is nil.
func Check(ctx context.Context, w World) []Violation {
	t, err := readBoth(ctx, w)
	if err != nil {
		return []Violation{{Kind: Lost, What: "the sandboxes cannot be read: " + err.Error()}}
	}
	out := t.checkStory(Story())
	return append(out, t.checkAlways()...)
}

// outcome is the state of both sides at the end of the day.
type outcome struct {
	side map[Side]*sideState
}

type sideState struct {
	Records map[string][]object `json:"records"`
	Writes  []object            `json:"writes"`
}

func readBoth(ctx context.Context, w World) (*outcome, error) {
	t := &outcome{side: map[Side]*sideState{}}
	for _, side := range []Side{CRM, Books} {
		s := &sideState{}
		if err := exchange(ctx, w, side, http.MethodGet, "/_sandbox/state", nil, s); err != nil {
			return nil, fmt.Errorf("read the state of %s: %w", side, err)
		}
		t.side[side] = s
	}
	return t, nil
}

func (t *outcome) all(side Side, typ string) []object { return t.side[side].Records[typ] }

func (t *outcome) checkStory(day []Step) []Violation {
	var out []Violation
	for _, step := range day {
		for _, e := range step.Expect {
			for _, v := range t.met(e) {
				v.Step = step.Who + " " + step.What
				out = append(out, v)
			}
		}
	}
	return out
}

// met tells what is wrong with one expectation.
func (t *outcome) met(e Expectation) []Violation {
	var found []object
	for _, o := range t.all(e.Side, e.Type) {
		if holds(o, e.Where) {
			found = append(found, o)
		}
	}
	what := fmt.Sprintf("%s has %d records of %s with %s, want %d", e.Side, len(found), e.Type, words(e.Where), e.Count)
	switch {
	case len(found) < e.Count:
		return []Violation{{Kind: Lost, What: what}}
	case len(found) > e.Count && e.Count == 0:
		return []Violation{{Kind: Unasked, What: what}}
	case len(found) > e.Count:
		return []Violation{{Kind: Doubled, What: what}}
	}
	var out []Violation
	for _, o := range found {
		for _, path := range sortedPaths(e.Fields) {
			if got := textAt(o, path); !agrees(got, e.Fields[path]) {
				out = append(out, Violation{Kind: Differs, What: fmt.Sprintf("%s: %s of %s with %s is %q, want %q", e.Side, path, e.Type, words(e.Where), got, e.Fields[path])})
			}
		}
	}
	return out
}

func sortedPaths(fields map[string]string) []string {
	var out []string
	for p := range fields {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// idField is where a CRM record carries the id of its QuickBooks record.
const idField = "QuickBooks_Id"

// checkAlways are the rules that hold for every record, whoever touched it.
func (t *outcome) checkAlways() []Violation {
	return slices.Concat(t.checkOneEach(), t.checkDocuments(), t.checkParties(), t.checkWrites())
}

// checkOneEach: no two CRM records of a module stand for one QuickBooks record,
// now or, by the log, at any time.
func (t *outcome) checkOneEach() []Violation {
	var out []Violation
	for _, module := range []string{"Accounts", "Contacts", "Vendors", "Products", "Quotes", "Invoices", "Purchase_Orders"} {
		times := map[string]int{}
		for _, o := range t.all(CRM, module) {
			times[textAt(o, idField)]++
		}
		made := map[string]int{}
		for _, wr := range t.side[CRM].Writes {
			if textAt(wr, "actor") == "api" && textAt(wr, "op") == "create" && textAt(wr, "type") == module {
				made[textAt(wr, "values."+idField)]++
			}
		}
		for _, count := range []map[string]int{times, made} {
			delete(count, "")
			for _, id := range sortedKeys(count) {
				if count[id] > 1 {
					out = append(out, Violation{Kind: Doubled, What: fmt.Sprintf("QuickBooks record %s is %d times in %s of the CRM", id, count[id], module)})
				}
			}
		}
	}
	return out
}

func sortedKeys(m map[string]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// floor is the first day of the fiscal year before the open one, by the day to
// which the books are closed.
func (t *outcome) floor() string {
	closed := ""
	for _, p := range t.all(Books, "Preferences") {
		closed = textAt(p, "AccountingInfoPrefs.BookCloseDate")
	}
	d, err := time.Parse(dateLayout, closed)
	if err != nil {
		return "0000"
	}
	return d.AddDate(-1, 0, 1).Format(dateLayout)
}

// documents says how the documents of both sides meet and when one is open.
var documents = []struct {
	entity, module string
	open           func(object) bool
}{
	{"Estimate", "Quotes", func(o object) bool { s := textAt(o, "TxnStatus"); return s == "Pending" || s == "Accepted" }},
	{"Invoice", "Invoices", func(o object) bool { return !agrees(textAt(o, "Balance"), "0") }},
	{"PurchaseOrder", "Purchase_Orders", func(o object) bool { return textAt(o, "POStatus") == "Open" }},
}

// checkDocuments: every open document, and every one dated since the floor, is
// in the CRM exactly once and comes to the same total.
func (t *outcome) checkDocuments() []Violation {
	var out []Violation
	floor := t.floor()
	for _, d := range documents {
		byID := t.byQuickBooksID(d.module)
		for _, doc := range t.all(Books, d.entity) {
			if textAt(doc, "TxnDate") < floor && !d.open(doc) {
				continue
			}
			name := fmt.Sprintf("%s %s (%s)", d.entity, textAt(doc, "DocNumber"), idOf(doc))
			there := byID[idOf(doc)]
			if len(there) == 0 {
				out = append(out, Violation{Kind: Lost, What: name + " is not in the CRM"})
				continue
			}
			if got, want := textAt(there[0], "Grand_Total"), textAt(doc, "TotalAmt"); !agrees(got, want) {
				out = append(out, Violation{Kind: Differs, What: fmt.Sprintf("%s comes to %s in the CRM and to %s in QuickBooks", name, got, want)})
			}
		}
	}
	return out
}

func (t *outcome) byQuickBooksID(module string) map[string][]object {
	out := map[string][]object{}
	for _, o := range t.all(CRM, module) {
		if id := textAt(o, idField); id != "" {
			out[id] = append(out[id], o)
		}
	}
	return out
}

// apart are customers that have no CRM record of their own at the end of the
// day: deleted in the CRM, merged there, or locked so that nothing can be
// written on its record.
var apart = []string{lanternHill, redBarn2, willowBend}

// checkParties: every active customer that is no job, and every active item
// that can be sold, has a CRM record.
func (t *outcome) checkParties() []Violation {
	var out []Violation
	accounts, contacts, products := t.byQuickBooksID("Accounts"), t.byQuickBooksID("Contacts"), t.byQuickBooksID("Products")
	for _, c := range t.all(Books, "Customer") {
		id, name := idOf(c), textAt(c, "DisplayName")
		if textAt(c, "Active") != "true" || textAt(c, "Job") == "true" || slices.Contains(apart, name) {
			continue
		}
		if len(accounts[id])+len(contacts[id]) == 0 {
			out = append(out, Violation{Kind: Lost, What: fmt.Sprintf("customer %q is not in the CRM", name)})
		}
	}
	for _, it := range t.all(Books, "Item") {
		kind := textAt(it, "Type")
		if textAt(it, "Active") == "true" && kind != "Category" && kind != "Group" && len(products[idOf(it)]) == 0 {
			out = append(out, Violation{Kind: Lost, What: fmt.Sprintf("item %q is not in the CRM", textAt(it, "FullyQualifiedName"))})
		}
	}
	return out
}

// askedFor are the records that people of the story create in the CRM and that
// the program therefore creates in QuickBooks.
var askedFor = []string{"Sparrow Lane Bakery", "Magnolia Court Hotel", cedarMill, "Bee hotel"}

// booksOwn are properties that nobody changes in the CRM on this day, and that
// the program therefore has no reason to send once a record exists.
var booksOwn = []string{
	"UnitPrice", "PurchaseCost", "QtyOnHand", "InvStartDate", "Active", "Taxable", "ResaleNum", "CurrencyRef", "PrintOnCheckName", "SalesTermRef",
	"TaxIdentifier", "Vendor1099", "AcctNum", "IncomeAccountRef", "Type",
}

func unaskedValues(wr object, typ, op string) []Violation {
	if op == "create" {
		return nil
	}
	var out []Violation
	for _, key := range booksOwn {
		if v := textAt(wr, "values."+key); v != "" {
			out = append(out, Violation{Kind: Unasked, What: fmt.Sprintf("%s %s: the program set %s to %s in QuickBooks", typ, textAt(wr, "id"), key, v)})
		}
	}
	return out
}

// checkWrites: the program created in QuickBooks what people asked for, once,
// and wrote no document there.
func (t *outcome) checkWrites() []Violation {
	var out []Violation
	made := map[string]int{}
	for _, wr := range t.side[Books].Writes {
		if textAt(wr, "actor") != "api" {
			continue
		}
		typ, op := textAt(wr, "type"), textAt(wr, "op")
		switch typ {
		case "Customer", "Vendor", "Item":
			name := textAt(wr, "values.DisplayName") + textAt(wr, "values.Name")
			if op == "create" {
				made[typ+" "+name]++
				if !slices.Contains(askedFor, name) {
					out = append(out, Violation{Kind: Unasked, What: fmt.Sprintf("%s %q was created in QuickBooks", typ, name)})
				}
			}
			out = append(out, unaskedValues(wr, typ, op)...)
		default:
			out = append(out, Violation{Kind: Unasked, What: fmt.Sprintf("%s %s: the program wrote it (%s)", typ, textAt(wr, "id"), op)})
		}
	}
	for _, name := range sortedKeys(made) {
		if made[name] > 1 {
			out = append(out, Violation{Kind: Doubled, What: fmt.Sprintf("%s was created %d times in QuickBooks", name, made[name])})
		}
	}
	return out
}
