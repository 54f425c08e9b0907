package merge

import "crossbook"

// unit is one group of fields with the values of both sides and their bases.
type unit struct {
	rule               Rule
	fields             []string
	propose            map[string]bool
	crm, books         crossbook.Fields
	baseCRM, baseBooks crossbook.Fields
	fresh              map[string]bool
	first              bool
	gone               bool
}

func newUnit(in Input, g group) unit {
	u := unit{
		rule: g.rules[0], propose: map[string]bool{}, crm: in.CRM, books: in.Books, fresh: g.fresh, first: g.first,
		baseCRM: crossbook.Fields{}, baseBooks: crossbook.Fields{},
	}
	for _, r := range g.rules {
		f := r.Field
		u.fields = append(u.fields, f)
		u.propose[f] = r.Handling == crossbook.Propose
		if !g.fresh[f] {
			u.baseCRM[f], u.baseBooks[f] = in.BaseCRM[f], in.BaseBooks[f]
		}
		if in.Gone[f] {
			u.gone = true
			u.absorb(f)
		}
	}
	return u
}

// absorb makes the loss of a reference's target no edit: the base of the side
// that lost it takes the present value. If both sides moved, it was the one
// that is empty now, or else the CRM.
func (u unit) absorb(f string) {
	crm, books := u.crm[f] != u.baseCRM[f], u.books[f] != u.baseBooks[f]
	if books && (!crm || u.books[f] == "" && u.crm[f] != "") {
		u.baseBooks[f] = u.books[f]
		return
	}
	u.baseCRM[f] = u.crm[f]
}

func (u unit) values(s crossbook.Side) crossbook.Fields {
	if s == crossbook.CRM {
		return u.crm
	}
	return u.books
}

func (u unit) base(s crossbook.Side) crossbook.Fields {
	if s == crossbook.CRM {
		return u.baseCRM
	}
	return u.baseBooks
}

// equal tells whether both sides hold the same values.
func (u unit) equal() bool {
	for _, f := range u.fields {
		if u.crm[f] != u.books[f] {
			return false
		}
	}
	return true
}

// changed tells whether a side differs from its own base.
func (u unit) changed(s crossbook.Side) bool {
	for _, f := range u.fields {
		if u.values(s)[f] != u.base(s)[f] {
			return true
		}
	}
	return false
}

func (u unit) empty(s crossbook.Side) bool {
	for _, f := range u.fields {
		if u.values(s)[f] != "" {
			return false
		}
	}
	return true
}

// travels tells whether values may go from a side to the other.
func (u unit) travels(from crossbook.Side) bool {
	if from == crossbook.CRM && u.rule.Policy == ReadOnly {
		return false
	}
	switch u.rule.Direction {
	case crossbook.NoWay:
		return false
	case crossbook.InToCRM:
		return from == crossbook.Books
	case crossbook.ToQB:
		return from == crossbook.CRM
	default:
		return true
	}
}

// fuller is the side that says all the other says and more, so that it can fill
// the other without mixing two addresses into one that nobody wrote.
func (u unit) fuller() crossbook.Side {
	crm, books := true, true
	for _, f := range u.fields {
		crm = crm && (u.books[f] == "" || u.books[f] == u.crm[f])
		books = books && (u.crm[f] == "" || u.crm[f] == u.books[f])
	}
	switch {
	case crm:
		return crossbook.CRM
	case books:
		return crossbook.Books
	default:
		return ""
	}
}

// wouldClear tells whether a side's values would empty a field of the other.
func (u unit) wouldClear(from crossbook.Side) bool {
	src, dst := u.values(from), u.values(from.Other())
	for _, f := range u.fields {
		if src[f] == "" && dst[f] != "" {
			return true
		}
	}
	return false
}

// send writes one side's values to the other, the unit as one.
func (u unit) send(from crossbook.Side, why string, won bool, res *Result) {
	if from == crossbook.CRM && u.mayWait() {
		// A held edit is seen again as a plain one and must not differ then, so
		// whether it won a conflict is left aside.
		won = false
	}
	changes := u.changes(from, why, won)
	if from == crossbook.CRM && u.waits(changes) {
		res.Held = append(res.Held, changes...)
		u.pend(res)
		return
	}
	u.settle(res)
	for _, c := range changes {
		if from == crossbook.Books {
			res.ToCRM = append(res.ToCRM, c)
			res.BaseCRM[c.Field] = c.New
		} else {
			res.ToBooks = append(res.ToBooks, c)
			res.BaseBooks[c.Field] = c.New
		}
	}
}

// changes are what one side's values change on the other. An empty value clears
// only what its own base once held, or, having won a conflict, what the losing
// edit had just put into an empty field.
func (u unit) changes(from crossbook.Side, why string, won bool) []crossbook.Change {
	to := from.Other()
	src, dst := u.values(from), u.values(to)
	var out []crossbook.Change
	for _, f := range u.fields {
		held := u.base(from)[f] != "" || won && !u.fresh[f] && u.base(to)[f] == ""
		if src[f] == dst[f] || src[f] == "" && !held {
			continue
		}
		out = append(out, crossbook.Change{Field: f, Old: dst[f], New: src[f], Why: why})
	}
	return out
}

// mayWait tells whether any field of the unit needs an accountant's OK.
func (u unit) mayWait() bool {
	for _, f := range u.fields {
		if u.propose[f] {
			return true
		}
	}
	return false
}

// waits tells whether changes towards QuickBooks need an accountant's OK.
func (u unit) waits(changes []crossbook.Change) bool {
	for _, c := range changes {
		if u.propose[c.Field] {
			return true
		}
	}
	return false
}

// settle makes the present values the bases.
func (u unit) settle(res *Result) {
	for _, f := range u.fields {
		res.BaseCRM[f], res.BaseBooks[f] = u.crm[f], u.books[f]
	}
}

// pend leaves the CRM's base behind, so that the held edit is seen again.
// What QuickBooks holds has been taken into account. Fields that never met stay
// unmet.
func (u unit) pend(res *Result) {
	if u.first {
		return
	}
	for _, f := range u.fields {
		res.BaseCRM[f], res.BaseBooks[f] = u.baseCRM[f], u.books[f]
	}
}

// keep leaves both bases behind: a person is asked.
func (u unit) keep(res *Result) {
	for _, f := range u.fields {
		res.BaseCRM[f], res.BaseBooks[f] = u.baseCRM[f], u.baseBooks[f]
	}
}

// differ lists what stays different: a field filled on both sides, and every
// field of a unit whose sides complement each other without either being whole.
func (u unit) differ(res *Result) {
	for _, f := range u.fields {
		crm, books := u.crm[f], u.books[f]
		if crm == books || len(u.fields) == 1 && (crm == "" || books == "") {
			continue
		}
		settled := !u.first && !u.changed(crossbook.CRM) && !u.changed(crossbook.Books)
		res.Differences = append(res.Differences, Difference{Field: f, CRM: crm, Books: books, New: !settled})
	}
}

// contested records a conflict field by field.
func (u unit) contested(winner crossbook.Side, res *Result) {
	for _, f := range u.fields {
		if u.crm[f] == u.books[f] {
			continue
		}
		c := Conflict{Field: f, Winner: winner, CRM: u.crm[f], Books: u.books[f]}
		if winner != "" {
			c.Loser = winner.Other()
			c.Lost = u.values(c.Loser)[f]
		}
		res.Conflicts = append(res.Conflicts, c)
	}
}
