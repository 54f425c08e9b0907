package match

import (
	"cmp"
	"slices"
	"strings"

	"github.com/xrash/smetrics"

	"crossbook"
	"crossbook/mapping"
)

// The scores of suggestions: what a person is shown first.
const (
	scoreSkeleton = 0.9 // the names differ in accents, signs or legal form only
	scoreEmail    = 0.8 // one e-mail, two last names
	scoreName     = 0.7 // one name, nothing that says the same or otherwise
	// alike is how similar names must be, with something else that agrees, to be
	// worth a person's time.
	alike = 0.93
)

// suggest looks for near matches (R44); none means that the record is new.
func suggest(mod crossbook.Module, s Subject, free []Candidate) Decision {
	var near []Scored
	if !mod.Document() {
		for _, c := range free {
			if score, why := nearness(mod, s, c); score > 0 {
				near = append(near, Scored{Ref: c.Ref, Score: score, Why: why})
			}
		}
	}
	if len(near) == 0 {
		return Decision{Kind: Create, Why: "no record matches"}
	}
	slices.SortStableFunc(near, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	best := near[0]
	d := Decision{Kind: Suggest, Ref: best.Ref, Candidates: near, Score: best.Score, Why: best.Why}
	if find(free, best.Ref).Inactive {
		d.Why += "; the record is inactive in QuickBooks: reactivate and link"
	}
	return d
}

// nearness is how near a candidate is that does not match, and why; 0 is far.
func nearness(mod crossbook.Module, s Subject, c Candidate) (float64, string) {
	switch mod {
	case crossbook.Contacts:
		return nearPerson(s, c)
	case crossbook.Products:
		return nearItem(s, c)
	default:
		return nearName(s, c)
	}
}

func nearName(s Subject, c Candidate) (float64, string) {
	a, b := mapping.Skeleton(s.Name), mapping.Skeleton(c.Name)
	if a == "" || b == "" {
		return 0, ""
	}
	if a == b {
		return scoreSkeleton, "nearly the same name: " + c.Name
	}
	if len(a) < 4 || len(b) < 4 || !ascii(a) || !ascii(b) || numerals(a) != numerals(b) {
		return 0, ""
	}
	likeness := smetrics.JaroWinkler(a, b, 0.7, 4)
	if what := reach(s, c); what != "" && likeness >= alike {
		return likeness * scoreSkeleton, "similar name and same " + what + ": " + c.Name
	}
	return 0, ""
}

// nearPerson suggests people whose names agree where nothing else speaks for or
// against it, and an address of their own with another last name.
func nearPerson(s Subject, c Candidate) (float64, string) {
	mail := shareOne(s.plainEmails(), c.plainEmails())
	switch {
	case mail != "" && contradict(s.Last, c.Last):
		return scoreEmail, "same e-mail, other last name: " + c.Name
	case s.Last == "" || c.Last == "":
		return 0, ""
	case mapping.Skeleton(s.Name) != mapping.Skeleton(c.Name) || mapping.Skeleton(s.Name) == "":
		return 0, ""
	case agreement(s, c) != "":
		return scoreSkeleton, "same name and same " + agreement(s, c) + ": " + c.Name
	case len(s.Emails) > 0 && len(c.Emails) > 0:
		return 0, "" // two people of one name, each with an address
	case contradict(s.Company, c.Company):
		return 0, ""
	default:
		return scoreName, "same name: " + c.Name
	}
}

// nearItem suggests items of one name whose codes differ, and names that differ
// in signs only.
func nearItem(s Subject, c Candidate) (float64, string) {
	if contradict(s.SKU, c.SKU) {
		if s.FullName != "" && mapping.FullName(s.FullName) == mapping.FullName(c.FullName) {
			return scoreName, "same name, other product code: " + c.Name
		}
		return 0, ""
	}
	a, b := mapping.Skeleton(s.FullName), mapping.Skeleton(c.FullName)
	if a != "" && a == b {
		return scoreSkeleton, "nearly the same name: " + c.Name
	}
	return 0, ""
}

// reach names the address or number under which both are reached.
func reach(s Subject, c Candidate) string {
	switch {
	case shareOne(s.plainEmails(), c.plainEmails()) != "":
		return "e-mail"
	case shareOne(s.Phones, c.Phones) != "":
		return "phone"
	default:
		return ""
	}
}

// agreement names what else two people have in common.
func agreement(s Subject, c Candidate) string {
	if what := reach(s, c); what != "" {
		return what
	}
	if equalText(s.Postal, c.Postal) {
		return "postal code"
	}
	return ""
}

// numerals are a name's digits: "Vendor 41" and "Vendor 42" are two vendors,
// however alike.
func numerals(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func shareOne(a, b []string) string {
	for _, v := range a {
		if slices.Contains(b, v) {
			return v
		}
	}
	return ""
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
