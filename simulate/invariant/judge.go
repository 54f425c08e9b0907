package invariant

import (
	"fmt"
	"slices"
)

// Judge checks every invariant and lists what is broken, in a fixed order.
func Judge(c Case) []Violation {
	j := newJudge(c)
	for _, check := range []func(){
		j.links, j.orphans, j.strangers, j.nothingPosted, j.tombstones, j.accounted,
		j.pairs, j.edits, j.lookups, j.journal, j.documents, j.figures, j.trees, j.deals, j.states,
	} {
		check()
	}
	return j.found
}

// judge holds the case with what is looked up often.
type judge struct {
	Case
	records map[Ref]Record
	links1  map[Ref][]Link // by either end
	byID    map[string]Link
	held    map[Ref][]Held
	edited  map[editKey][]Edit
	deleted map[Ref]Deed // by a person
	noted   map[string][]Noted
	lost    map[string][]Noted
	found   []Violation
}

type editKey struct {
	ref   Ref
	field string // CRM name or QuickBooks path
}

func newJudge(c Case) *judge {
	j := &judge{
		Case: c, records: map[Ref]Record{}, links1: map[Ref][]Link{}, byID: map[string]Link{}, held: map[Ref][]Held{},
		edited: map[editKey][]Edit{}, deleted: map[Ref]Deed{}, noted: map[string][]Noted{}, lost: map[string][]Noted{},
	}
	for side, state := range map[Side]State{CRM: c.CRM, Books: c.Books} {
		for typ, rows := range state.Records {
			for _, r := range rows {
				j.records[Ref{side, typ, idOf(r)}] = r
			}
		}
	}
	for _, l := range c.Recorded.Links {
		j.byID[l.ID] = l
		j.links1[l.crm()] = append(j.links1[l.crm()], l)
		j.links1[l.books()] = append(j.links1[l.books()], l)
	}
	for _, h := range c.Recorded.Held {
		j.held[h.Ref] = append(j.held[h.Ref], h)
	}
	for _, d := range c.Log {
		for _, e := range d.Edits {
			k := editKey{Ref{e.Side, e.Type, e.ID}, e.Field}
			j.edited[k] = append(j.edited[k], e)
		}
		switch d.Action {
		case "delete", "merge":
			j.deleted[Ref{d.Side, d.Type, d.ID}] = d
		case "restore":
			delete(j.deleted, Ref{d.Side, d.Type, d.ID})
		}
	}
	for _, n := range c.Recorded.Differences {
		j.noted[n.LinkID+"/"+n.Field] = append(j.noted[n.LinkID+"/"+n.Field], n)
	}
	for _, n := range c.Recorded.Conflicts {
		j.lost[n.LinkID+"/"+n.Field] = append(j.lost[n.LinkID+"/"+n.Field], n)
	}
	return j
}

func (l Link) crm() Ref   { return Ref{CRM, l.Module, l.CRMID} }
func (l Link) books() Ref { return Ref{Books, l.Entity, l.BooksID} }

func (l Link) live() bool { return !l.Gone && !l.Alias }

func (j *judge) broken(rule, format string, args ...any) {
	j.found = append(j.found, Violation{Rule: rule, Text: fmt.Sprintf(format, args...)})
}

// rows are the records of one type in order.
func (s State) rows(typ string) []Record { return s.Records[typ] }

// isHeld tells whether something on record explains that a pair or a record
// is not in step.
func (j *judge) isHeld(refs ...Ref) bool {
	return slices.ContainsFunc(refs, func(r Ref) bool { return len(j.held[r]) > 0 })
}

func (r Ref) String() string { return string(r.Side) + " " + r.Type + " " + r.ID }
