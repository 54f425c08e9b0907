package merge

import "crossbook"

// Policy says how freely the values of a field travel.
type Policy = string

// The policies.
const (
	// Normal: edits travel wherever the direction lets them. "" means Normal.
	Normal Policy = "normal"
	// FillOnly (P5): QuickBooks only fills an empty CRM field. An edit in the CRM
	// replaces the QuickBooks value only if that still equals its base and is a
	// single value: a list is never written over. A list shows by its commas or
	// semicolons, or by standing whole under [ListKey] beside its first value.
	FillOnly Policy = "fill-only"
	// CreateOnly: written when a record is created, never to an existing pair.
	CreateOnly Policy = "create-only"
	// ReadOnly: QuickBooks to CRM; an edit in the CRM is put back (R61, R83a).
	ReadOnly Policy = "read-only"
	// Never: nothing travels between existing records.
	Never Policy = "never"
)

// ListKey is where a projection keeps the whole of a QuickBooks list beside the
// first of its values, which stands under the field itself (P5).
func ListKey(field string) string { return field + "#list" }

// Rule is what the merge needs to know about one field.
type Rule struct {
	// Field is the name of the field in all [crossbook.Fields] of the input.
	Field string
	// Direction narrows where values travel; "" means both ways.
	Direction crossbook.Direction
	// Unit groups fields that move and conflict as one; "" is a unit of its own.
	// Only fields of the Normal policy and one direction form a unit: under any
	// other policy each field stands by itself.
	Unit string
	// Owner wins a true conflict and a first contact (practice section 5); ""
	// means nobody: then QuickBooks wins conflicts, and first contact changes nothing.
	// The owner of a unit is that of its first rule.
	Owner  crossbook.Side
	Policy Policy
	Group  crossbook.FieldGroup
	// Handling of one field holds back its whole unit: an address whose state
	// waits for an accountant waits as an address (P14).
	Handling crossbook.Handling
}

// Input is one linked pair, both sides in canonical values.
type Input struct {
	Rules []Rule
	// BaseCRM and BaseBooks are nil at first contact. A field that is missing
	// from either base meets for the first time.
	BaseCRM, BaseBooks crossbook.Fields
	// CRM and Books are the present values; a missing field is empty.
	CRM, Books crossbook.Fields
	Preference crossbook.Preference
	// Overwrite is the duplicate action of that name (R36): at first contact
	// QuickBooks' value also replaces where nobody owns the field.
	Overwrite bool
	// Gone names reference fields that were emptied or repointed because their
	// target was deleted or merged: that is no edit.
	Gone map[string]bool
}

// Result is what has to be written, and what to remember afterwards.
type Result struct {
	ToCRM   []crossbook.Change
	ToBooks []crossbook.Change
	// BaseCRM and BaseBooks are the bases to store once the writes have
	// succeeded; they hold every field that has met.
	BaseCRM, BaseBooks crossbook.Fields
	// Differences stay as they are on both sides, for review (P2).
	Differences []Difference
	// Conflicts were decided, or wait for a person's answer.
	Conflicts []Conflict
	// PutBack are CRM edits of read-only fields; ToCRM holds them too.
	PutBack []crossbook.Change
	// Held are changes towards QuickBooks that wait for an accountant. The base
	// does not move, so they are held again until decided.
	Held []crossbook.Change
}

// Difference is a field filled on both sides with values that were never made equal.
type Difference struct {
	Field string `json:"field"`
	CRM   string `json:"crm"`
	Books string `json:"books"`
	// New tells a difference of this merge from one already listed.
	New bool `json:"new,omitempty"`
}

// Conflict is a field edited on both sides since they last agreed.
type Conflict struct {
	Field string `json:"field"`
	// Winner is empty when a person is asked: then nothing is written.
	Winner crossbook.Side `json:"winner,omitempty"`
	// Loser and Lost keep the value that did not win, so that it can be restored.
	Loser crossbook.Side `json:"loser,omitempty"`
	Lost  string         `json:"lost,omitempty"`
	// CRM and Books are the two edits.
	CRM   string `json:"crm,omitempty"`
	Books string `json:"books,omitempty"`
}

// Empty tells whether nothing needs writing.
func (r Result) Empty() bool { return len(r.ToCRM) == 0 && len(r.ToBooks) == 0 }

// Merge decides one pair.
func Merge(in Input) Result {
	res := Result{BaseCRM: crossbook.Fields{}, BaseBooks: crossbook.Fields{}}
	for _, g := range groups(in) {
		u := newUnit(in, g)
		switch {
		case u.equal():
			u.settle(&res)
		case u.rule.Policy == CreateOnly || u.rule.Policy == Never || u.rule.Direction == crossbook.NoWay:
			u.settle(&res)
		case g.first:
			firstContact(u, in.Overwrite, &res)
		case u.rule.Policy == ReadOnly:
			readOnly(u, &res)
		case u.rule.Policy == FillOnly:
			fillOnly(u, &res)
		default:
			threeWay(u, in.Preference, &res)
		}
	}
	for _, r := range in.Rules {
		if whole := in.Books[ListKey(r.Field)]; whole != "" {
			res.BaseBooks[ListKey(r.Field)] = whole
		}
	}
	return res
}

// group is the part of a unit that is decided together.
type group struct {
	rules []Rule
	fresh map[string]bool // fields that never met
	first bool            // all of them
}

// groups splits the rules into units, in the order of the rules. Fields of a
// unit that never met go with the others where those were edited; otherwise
// they meet by themselves, as a pair of fields added to the mapping later does.
func groups(in Input) []group {
	type key struct {
		unit      string
		direction crossbook.Direction
	}
	at := map[key]int{}
	seen := map[string]bool{}
	var units []group
	for _, r := range in.Rules {
		if seen[r.Field] {
			continue
		}
		seen[r.Field] = true
		k := key{r.Unit, r.Direction}
		if k.direction == "" {
			k.direction = crossbook.Both
		}
		joins := r.Unit != "" && r.normal()
		i, ok := at[k]
		if !ok || !joins {
			i = len(units)
			units = append(units, group{fresh: map[string]bool{}})
		}
		if joins {
			at[k] = i
		}
		_, inCRM := in.BaseCRM[r.Field]
		_, inBooks := in.BaseBooks[r.Field]
		units[i].rules = append(units[i].rules, r)
		if !inCRM || !inBooks {
			units[i].fresh[r.Field] = true
		}
	}
	var out []group
	for _, g := range units {
		out = append(out, g.split(in)...)
	}
	return out
}

func (r Rule) normal() bool { return r.Policy == "" || r.Policy == Normal }

// split parts the fields that never met from those that did and did not change.
func (g group) split(in Input) []group {
	g.first = len(g.fresh) == len(g.rules)
	if g.first || len(g.fresh) == 0 {
		return []group{g}
	}
	known, fresh := group{}, group{fresh: g.fresh, first: true}
	for _, r := range g.rules {
		if g.fresh[r.Field] {
			fresh.rules = append(fresh.rules, r)
		} else {
			known.rules = append(known.rules, r)
		}
	}
	if u := newUnit(in, known); u.changed(crossbook.CRM) || u.changed(crossbook.Books) {
		return []group{g}
	}
	return []group{known, fresh}
}
