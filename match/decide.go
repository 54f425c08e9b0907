package match

import (
	"fmt"
	"slices"

	"crossbook"
)

// Kind is what is to become of an unlinked record.
type Kind string

// The kinds of decision.
const (
	Link    Kind = "link"    // Ref is the same record
	Create  Kind = "create"  // nothing matches: the record may be made on the other side
	Cluster Kind = "cluster" // several match: a person decides (P7)
	Suggest Kind = "suggest" // nothing matches, but a person should look (R44)
	Skip    Kind = "skip"    // it matches, and matches are left alone (R36)
)

// Decision is the answer for one record.
type Decision struct {
	Kind Kind
	// Ref is the record to link, or the best suggestion.
	Ref crossbook.Ref
	// Candidates are the records a person may choose from, best first.
	Candidates []Scored
	// Rivals are the records of the subject's own side in a cluster.
	Rivals []crossbook.Ref
	// Score is 1 for a match, less for a suggestion, 0 for none.
	Score float64
	// Why is the reason in words.
	Why string
}

// Scored is one record with the likelihood and the reason that it is the same.
type Scored struct {
	Ref   crossbook.Ref
	Score float64
	Why   string
}

// Decide says what becomes of an unlinked record (R43-R52, P5, P7, P15).
//
//	matches   link and fill, overwrite   skip     clone
//	none      create, or a suggestion    same     same
//	one       link                       skip     create
//	several   cluster                    cluster  create
//
// A match with rivals on the subject's own side is a cluster, too.
func Decide(mod crossbook.Module, subject Subject, candidates []Candidate, action crossbook.DuplicateAction) Decision {
	free := make([]Candidate, 0, len(candidates))
	for _, c := range candidates {
		if !c.Taken && c.Ref != subject.Ref {
			free = append(free, c)
		}
	}
	slices.SortFunc(free, func(a, b Candidate) int { return compareRefs(a.Ref, b.Ref) })
	free = slices.CompactFunc(free, func(a, b Candidate) bool { return a.Ref == b.Ref })

	if own := carryingID(subject, free); len(own) == 1 {
		return Decision{Kind: Link, Ref: own[0].Ref, Candidates: own, Score: 1, Why: own[0].Why}
	}
	if subject.Yields {
		return Decision{Kind: Create, Why: "a match is the active record's of the same name"}
	}
	exact := activeFirst(exactMatches(mod, subject, free), free)
	switch {
	case len(exact) == 0:
		return suggest(mod, subject, free)
	case action == crossbook.Clone:
		return Decision{Kind: Create, Candidates: exact, Why: "matches are cloned by choice: " + exact[0].Why}
	case len(exact) > 1 || len(subject.Rivals) > 0:
		return cluster(subject, exact)
	case action == crossbook.SkipDuplicate:
		return Decision{Kind: Skip, Ref: exact[0].Ref, Candidates: exact, Score: 1, Why: "matches are skipped by choice: " + exact[0].Why}
	}
	if c := find(free, exact[0].Ref); c.Inactive && subject.Ref.Side == crossbook.CRM {
		return revive(exact)
	}
	return Decision{Kind: Link, Ref: exact[0].Ref, Candidates: exact, Score: 1, Why: exact[0].Why}
}

// activeFirst drops inactive records where an active one matches: QuickBooks lets
// a name be used again once its record is inactive, and a merge there leaves the
// loser with the winner's name and " (deleted)".
func activeFirst(exact []Scored, free []Candidate) []Scored {
	inactive := func(s Scored) bool { return find(free, s.Ref).Inactive }
	if !slices.ContainsFunc(exact, func(s Scored) bool { return !inactive(s) }) {
		return exact
	}
	return slices.DeleteFunc(exact, inactive)
}

// cluster leaves several matches to a person.
func cluster(subject Subject, exact []Scored) Decision {
	why := fmt.Sprintf("%d records match: %s", len(exact), exact[0].Why)
	if len(subject.Rivals) > 0 {
		why = fmt.Sprintf("%d records of %s match %d of the other side: %s",
			len(subject.Rivals)+1, subject.Ref.Side, len(exact), exact[0].Why)
	}
	return Decision{Kind: Cluster, Candidates: exact, Rivals: slices.Clone(subject.Rivals), Why: why}
}

// revive suggests an inactive QuickBooks record: making it active again is a
// person's act.
func revive(exact []Scored) Decision {
	return Decision{
		Kind: Suggest, Ref: exact[0].Ref, Candidates: exact, Score: exact[0].Score,
		Why: exact[0].Why + "; the record is inactive in QuickBooks: reactivate and link",
	}
}

// carryingID finds the CRM record that carries the QuickBooks record's id (R52).
func carryingID(subject Subject, free []Candidate) []Scored {
	var out []Scored
	for _, c := range free {
		crm, books := subject, c.Subject
		if subject.Ref.Side == crossbook.Books {
			crm, books = c.Subject, subject
		}
		if crm.OurID != "" && crm.OurID == books.Ref.ID {
			out = append(out, Scored{Ref: c.Ref, Score: 1, Why: "the CRM record carries the QuickBooks id " + crm.OurID})
		}
	}
	return out
}

func find(all []Candidate, ref crossbook.Ref) Candidate {
	for _, c := range all {
		if c.Ref == ref {
			return c
		}
	}
	return Candidate{}
}
