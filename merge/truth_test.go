package merge

import (
	"fmt"
	"strings"
	"testing"

	"crossbook"
)

// outcome writes a single field's result as one word a person can check:
// ">crm=x" and ">books=x" are writes, "~" a difference, "!side" a conflict won
// by the side ("!ask" for an open one), "?x" a held change, "^" a put-back.
func outcome(r Result) string {
	var out []string
	for _, c := range r.ToCRM {
		out = append(out, ">crm="+c.New)
	}
	for _, c := range r.ToBooks {
		out = append(out, ">books="+c.New)
	}
	for _, c := range r.Held {
		out = append(out, "?"+c.New)
	}
	for range r.PutBack {
		out = append(out, "^")
	}
	for range r.Differences {
		out = append(out, "~")
	}
	for _, c := range r.Conflicts {
		if c.Winner == "" {
			out = append(out, "!ask")
		} else {
			out = append(out, fmt.Sprintf("!%s lost=%s", string(c.Winner), c.Lost))
		}
	}
	if len(out) == 0 {
		return "."
	}
	return strings.Join(out, " ")
}

// one merges a single field; base "-" means first contact, "p/q" that the two
// sides never were equal.
func one(rule Rule, base, crm, books string, more func(*Input)) Result {
	rule.Field = "F"
	in := Input{Rules: []Rule{rule}, CRM: crossbook.Fields{"F": crm}, Books: crossbook.Fields{"F": books}}
	if base != "-" {
		p, q, two := strings.Cut(base, "/")
		if !two {
			q = p
		}
		in.BaseCRM, in.BaseBooks = crossbook.Fields{"F": p}, crossbook.Fields{"F": q}
	}
	if more != nil {
		more(&in)
	}
	return Merge(in)
}

// The truth table by hand: every class of (base, CRM, QuickBooks) for each
// policy, direction and owner that behaves differently.
func TestMerge_TruthTable(t *testing.T) {
	normal := Rule{}
	crmOwns := Rule{Owner: crossbook.CRM}
	booksOwns := Rule{Owner: crossbook.Books}
	propose := Rule{Owner: crossbook.Books, Handling: crossbook.Propose}
	phoneProposed := Rule{Owner: crossbook.CRM, Handling: crossbook.Propose}
	toCRM := Rule{Direction: crossbook.InToCRM}
	toBooks := Rule{Direction: crossbook.ToQB}
	ask := func(in *Input) { in.Preference = crossbook.Ask }
	preferCRM := func(in *Input) { in.Preference = crossbook.CRMWins }
	preferBooks := func(in *Input) { in.Preference = crossbook.BooksWins }
	overwrite := func(in *Input) { in.Overwrite = true }
	gone := func(in *Input) { in.Gone = map[string]bool{"F": true} }

	for _, tc := range []struct {
		name             string
		rule             Rule
		base, crm, books string
		more             func(*Input)
		want             string
	}{
		// First contact (P2).
		{"first: both empty", normal, "-", "", "", nil, "."},
		{"first: equal", normal, "-", "a", "a", nil, "."},
		{"first: fill books", normal, "-", "a", "", nil, ">books=a"},
		{"first: fill CRM", normal, "-", "", "b", nil, ">crm=b"},
		{"first: nobody owns", normal, "-", "a", "b", nil, "~"},
		{"first: CRM owns", crmOwns, "-", "a", "b", nil, ">books=a"},
		{"first: books owns", booksOwns, "-", "a", "b", nil, ">crm=b"},
		{"first: owner empty never clears", booksOwns, "-", "a", "", nil, ">books=a"},
		{"first: CRM owner empty never clears", crmOwns, "-", "", "b", nil, ">crm=b"},
		{"first: preference is for conflicts", normal, "-", "a", "b", preferCRM, "~"},
		{"first: ask is for conflicts", normal, "-", "a", "b", ask, "~"},
		{"first: overwrite, nobody owns", normal, "-", "a", "b", overwrite, ">crm=b"},
		{"first: overwrite, CRM owns", crmOwns, "-", "a", "b", overwrite, ">books=a"},
		{"first: overwrite never clears", normal, "-", "a", "", overwrite, ">books=a"},
		{"first: one way, fill", toCRM, "-", "", "b", nil, ">crm=b"},
		{"first: one way, nothing to fill with", toCRM, "-", "a", "", nil, "."},
		{"first: one way, differ", toCRM, "-", "a", "b", nil, "~"},
		{"first: owner may not send", Rule{Owner: crossbook.CRM, Direction: crossbook.InToCRM}, "-", "a", "b", nil, "~"},
		{"first: fill waits for an accountant", propose, "-", "a", "", nil, "?a"},
		{"first: owner's value waits", phoneProposed, "-", "a", "b", nil, "?a"},
		{"first: towards the CRM never waits", propose, "-", "", "b", nil, ">crm=b"},
		{"first: a lost reference is not filled", normal, "-", "", "b", gone, "."},

		// A known base.
		{"nothing changed", normal, "a", "a", "a", nil, "."},
		{"CRM edit", normal, "a", "x", "a", nil, ">books=x"},
		{"books edit", normal, "a", "a", "y", nil, ">crm=y"},
		{"same edit", normal, "a", "x", "x", nil, "."},
		{"CRM clears", normal, "a", "", "a", nil, ">books="},
		{"books clears", normal, "a", "a", "", nil, ">crm="},
		{"both clear", normal, "a", "", "", nil, "."},
		{"CRM fills", normal, "", "x", "", nil, ">books=x"},
		{"books fills", normal, "", "", "y", nil, ">crm=y"},

		// Conflicts (R73): owner, preference, ask.
		{"conflict: nobody owns", normal, "a", "x", "y", nil, ">crm=y !books lost=x"},
		{"conflict: CRM owns", crmOwns, "a", "x", "y", nil, ">books=x !crm lost=y"},
		{"conflict: books owns", booksOwns, "a", "x", "y", nil, ">crm=y !books lost=x"},
		{"conflict: prefer CRM", booksOwns, "a", "x", "y", preferCRM, ">books=x !crm lost=y"},
		{"conflict: prefer books", crmOwns, "a", "x", "y", preferBooks, ">crm=y !books lost=x"},
		{"conflict: ask", crmOwns, "a", "x", "y", ask, "!ask"},
		{"conflict: clear against edit, books wins", booksOwns, "a", "", "y", nil, ">crm=y !books lost="},
		{"conflict: clear against edit, CRM wins", crmOwns, "a", "", "y", nil, ">books= !crm lost=y"},
		{"conflict: edit against clear, books wins", booksOwns, "a", "x", "", nil, ">crm= !books lost=x"},
		{"conflict: both fill", booksOwns, "", "x", "y", nil, ">crm=y !books lost=x"},
		{"conflict: one way", Rule{Owner: crossbook.CRM, Direction: crossbook.InToCRM}, "a", "x", "y", preferCRM, ">crm=y !books lost=x"},
		{"conflict: the other way", Rule{Owner: crossbook.Books, Direction: crossbook.ToQB}, "a", "x", "y", preferBooks, ">books=x !crm lost=y"},
		{"conflict: one way is not asked", toCRM, "a", "x", "y", ask, ">crm=y !books lost=x"},

		// Differences that were left open.
		{"open difference stays", normal, "p/q", "p", "q", nil, "~"},
		{"open difference is nobody's, even with an owner", booksOwns, "p/q", "p", "q", nil, "~"},
		{"CRM edit settles it", normal, "p/q", "x", "q", nil, ">books=x"},
		{"books edit settles it", normal, "p/q", "p", "y", nil, ">crm=y"},
		{"edit to the other's value settles it", normal, "p/q", "q", "q", nil, "."},
		{"CRM clear settles it", normal, "p/q", "", "q", nil, ">books="},
		{"both edit: conflict", normal, "p/q", "x", "y", nil, ">crm=y !books lost=x"},
		{"books never held it: nothing is cleared", normal, "p/", "p", "", nil, "."},
		{"CRM never held it", normal, "/q", "", "q", nil, "."},
		{"one side fills later", normal, "/q", "x", "q", nil, ">books=x"},

		// One-way fields.
		{"one way: source edit", toCRM, "a", "a", "y", nil, ">crm=y"},
		{"one way: other edit stands", toCRM, "a", "x", "a", nil, "~"},
		{"one way: clear stands", toCRM, "a", "", "a", nil, "."},
		{"one way out: source edit", toBooks, "a", "x", "a", nil, ">books=x"},
		{"one way out: other edit stands", toBooks, "a", "a", "y", nil, "~"},
		{"no way", Rule{Direction: crossbook.NoWay}, "a", "x", "y", nil, "."},
		{"no way, first", Rule{Direction: crossbook.NoWay}, "-", "x", "", nil, "."},

		// Proposals.
		{"proposal: CRM edit waits", propose, "a", "x", "a", nil, "?x"},
		{"proposal: clear waits", propose, "a", "", "a", nil, "?"},
		{"proposal: books edit passes", propose, "a", "a", "y", nil, ">crm=y"},
		{"proposal: conflict", propose, "a", "x", "y", nil, ">crm=y !books lost=x"},
		{"proposal: conflict the CRM wins waits", phoneProposed, "a", "x", "y", nil, "?x !crm lost=y"},

		// Read-only (R61, R83a).
		{"read-only: books edit", Rule{Policy: ReadOnly}, "a", "a", "y", nil, ">crm=y"},
		{"read-only: CRM edit put back", Rule{Policy: ReadOnly}, "a", "x", "a", nil, ">crm=a ^"},
		{"read-only: CRM clear put back", Rule{Policy: ReadOnly}, "a", "", "a", nil, ">crm=a ^"},
		{"read-only: both edit", Rule{Policy: ReadOnly}, "a", "x", "y", nil, ">crm=y ^"},
		{"read-only: CRM fill put back", Rule{Policy: ReadOnly}, "", "x", "", nil, ">crm= ^"},
		{"read-only: books clears", Rule{Policy: ReadOnly}, "a", "a", "", nil, ">crm="},
		{"read-only: books clears, CRM edits", Rule{Policy: ReadOnly}, "a", "x", "", nil, ">crm= ^"},
		{"read-only: both to the same", Rule{Policy: ReadOnly}, "a", "x", "x", nil, "."},
		{"read-only: first, fill", Rule{Policy: ReadOnly}, "-", "", "b", nil, ">crm=b"},
		{"read-only: first, QuickBooks' value", Rule{Policy: ReadOnly, Owner: crossbook.CRM}, "-", "a", "b", nil, ">crm=b"},
		{"read-only: first, never clears", Rule{Policy: ReadOnly}, "-", "a", "", nil, "."},
		{"read-only: old CRM value stays", Rule{Policy: ReadOnly}, "a/", "a", "", nil, "."},
		{"read-only: old CRM value returns", Rule{Policy: ReadOnly}, "a/", "x", "", nil, ">crm=a ^"},
		{"read-only: towards books is nothing", Rule{Policy: ReadOnly, Direction: crossbook.ToQB}, "a", "x", "y", nil, "."},

		// Fill-only (P5).
		{"mail: CRM edit of a single value", Rule{Policy: FillOnly}, "a", "x", "a", nil, ">books=x"},
		{"mail: CRM clears a single value", Rule{Policy: FillOnly}, "a", "", "a", nil, ">books="},
		{"mail: a list is never written over", Rule{Policy: FillOnly}, "a/a, b", "x", "a, b", nil, "~"},
		{"mail: books edit does not replace", Rule{Policy: FillOnly}, "a", "a", "y", nil, "~"},
		{"mail: books edit fills", Rule{Policy: FillOnly}, "/", "", "y", nil, ">crm=y"},
		{"mail: both edit, both stay", Rule{Policy: FillOnly}, "a", "x", "y", nil, "~"},
		{"mail: cleared here, changed there", Rule{Policy: FillOnly}, "a", "", "y", nil, ">crm=y"},
		{"mail: books clears, CRM keeps", Rule{Policy: FillOnly}, "a", "a", "", nil, "."},
		{"mail: books clears, CRM edits, not sent", Rule{Policy: FillOnly}, "a", "x", "", nil, "."},
		{"mail: first, fill", Rule{Policy: FillOnly}, "-", "", "y", nil, ">crm=y"},
		{"mail: first, fill books", Rule{Policy: FillOnly}, "-", "x", "", nil, ">books=x"},
		{"mail: first, differ even with an owner", Rule{Policy: FillOnly, Owner: crossbook.Books}, "-", "x", "y", nil, "~"},
		{"mail: first, overwrite as chosen", Rule{Policy: FillOnly}, "-", "x", "y", overwrite, ">crm=y"},

		// Create-only and never.
		{"create-only: CRM edit", Rule{Policy: CreateOnly}, "a", "x", "a", nil, "."},
		{"create-only: books edit", Rule{Policy: CreateOnly}, "a", "a", "y", nil, "."},
		{"create-only: first", Rule{Policy: CreateOnly}, "-", "x", "", nil, "."},
		{"never: CRM edit", Rule{Policy: Never}, "a", "x", "a", nil, "."},
		{"never: first", Rule{Policy: Never}, "-", "", "y", nil, "."},

		// References whose target went away.
		{"gone: emptied in the CRM", normal, "v", "", "v", gone, "."},
		{"gone: repointed in the CRM", normal, "v", "w", "v", gone, "~"},
		{"gone: emptied in books", normal, "v", "v", "", gone, "."},
		{"gone: emptied here, edited there", normal, "v", "", "y", gone, ">crm=y"},
		{"gone: edited here, emptied there", normal, "v", "x", "", gone, ">books=x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := outcome(one(tc.rule, tc.base, tc.crm, tc.books, tc.more)); got != tc.want {
				t.Errorf("base %q crm %q books %q: got %s, want %s", tc.base, tc.crm, tc.books, got, tc.want)
			}
		})
	}
}

// Exhaustive: every combination of three values and "first contact" on four
// places, all policies, directions, owners, preferences and handlings obeys the
// laws that no table row can state for all.
func TestMerge_LawsHoldForEveryCombination(t *testing.T) {
	values := []string{"", "a", "b"}
	checked := 0
	for _, rule := range allRules() {
		for _, pref := range []crossbook.Preference{crossbook.OwnerWins, crossbook.CRMWins, crossbook.BooksWins, crossbook.Ask} {
			for _, bc := range append(values, "-") {
				for _, bb := range values {
					for _, c := range values {
						for _, b := range values {
							in := Input{
								Rules: []Rule{rule}, Preference: pref,
								CRM: crossbook.Fields{"F": c}, Books: crossbook.Fields{"F": b},
							}
							if bc != "-" {
								in.BaseCRM, in.BaseBooks = crossbook.Fields{"F": bc}, crossbook.Fields{"F": bb}
							}
							checkLaws(t, in)
							checked++
						}
					}
				}
			}
		}
	}
	if checked < 10_000 {
		t.Errorf("only %d combinations", checked)
	}
}

func allRules() []Rule {
	var out []Rule
	for _, p := range []Policy{"", Normal, FillOnly, CreateOnly, ReadOnly, Never} {
		for _, d := range []crossbook.Direction{"", crossbook.Both, crossbook.InToCRM, crossbook.ToQB, crossbook.NoWay} {
			for _, o := range []crossbook.Side{"", crossbook.CRM, crossbook.Books} {
				for _, h := range []crossbook.Handling{crossbook.StraightThrough, crossbook.Propose} {
					out = append(out, Rule{Field: "F", Policy: p, Direction: d, Owner: o, Handling: h})
				}
			}
		}
	}
	return out
}
