package merge

import (
	"strings"

	"crossbook"
)

// firstContact never clears (P2): an empty side is filled, otherwise the owner's
// value stands, otherwise both stay and are listed.
func firstContact(u unit, overwrite bool, res *Result) {
	if u.gone {
		u.settle(res)
		return
	}
	from, why := u.fuller(), "fills what was empty"
	if from == "" {
		from, why = precedence(u.rule, overwrite)
	}
	if from == "" || !u.travels(from) || u.wouldClear(from) {
		u.differ(res)
		u.settle(res)
		return
	}
	u.send(from, why, false, res)
}

// precedence is the side whose value stands where both are filled, and why.
func precedence(r Rule, overwrite bool) (crossbook.Side, string) {
	switch {
	case r.Policy == ReadOnly:
		return crossbook.Books, "first contact: QuickBooks keeps this field"
	case overwrite && r.Owner == "":
		return crossbook.Books, "first contact: overwritten as chosen"
	case r.Owner == "" || r.Policy == FillOnly && !overwrite:
		return "", ""
	default:
		return r.Owner, "first contact: " + r.Owner.String() + " owns this field"
	}
}

// threeWay is the merge of a two-way field against both bases (R73).
func threeWay(u unit, pref crossbook.Preference, res *Result) {
	crm, books := u.changed(crossbook.CRM), u.changed(crossbook.Books)
	switch {
	case crm && books:
		conflict(u, pref, res)
	case crm:
		follow(u, crossbook.CRM, res)
	case books:
		follow(u, crossbook.Books, res)
	default:
		u.differ(res)
		u.settle(res)
	}
}

// follow carries the only edit over. Where the direction does not let it, it
// stands on its own side.
func follow(u unit, from crossbook.Side, res *Result) {
	if !u.travels(from) {
		u.differ(res)
		u.settle(res)
		return
	}
	u.send(from, "changed in "+from.String(), false, res)
}

// conflict decides two edits. A one-way field has only one side that can win.
func conflict(u unit, pref crossbook.Preference, res *Result) {
	winner := u.rule.Owner
	if winner == "" {
		winner = crossbook.Books
	}
	switch {
	case !u.travels(crossbook.CRM):
		winner = crossbook.Books
	case !u.travels(crossbook.Books):
		winner = crossbook.CRM
	case pref == crossbook.BooksWins:
		winner = crossbook.Books
	case pref == crossbook.CRMWins:
		winner = crossbook.CRM
	case pref == crossbook.Ask:
		u.contested("", res)
		u.keep(res)
		return
	}
	u.contested(winner, res)
	u.send(winner, "changed on both sides: "+winner.String()+" wins", true, res)
}

// readOnly follows QuickBooks and puts CRM edits back (R83a).
func readOnly(u unit, res *Result) {
	if !u.travels(crossbook.Books) || !u.changed(crossbook.CRM) && !u.changed(crossbook.Books) {
		u.settle(res)
		return
	}
	if !u.changed(crossbook.CRM) {
		u.send(crossbook.Books, "changed in QuickBooks", false, res)
		return
	}
	u.settle(res)
	for _, f := range u.fields {
		want := u.books[f]
		if want == "" && u.baseBooks[f] == "" {
			// Never clear what QuickBooks never held: the CRM's own old value returns.
			want = u.baseCRM[f]
		}
		if want == u.crm[f] {
			continue
		}
		c := crossbook.Change{Field: f, Old: u.crm[f], New: want, Why: "put back: QuickBooks keeps this field"}
		if u.crm[f] == u.baseCRM[f] {
			c.Why = "changed in QuickBooks"
		} else {
			res.PutBack = append(res.PutBack, c)
		}
		res.ToCRM = append(res.ToCRM, c)
		res.BaseCRM[f] = want
	}
}

// fillOnly is the rule for e-mail addresses (P5).
func fillOnly(u unit, res *Result) {
	crm, books := u.changed(crossbook.CRM), u.changed(crossbook.Books)
	switch {
	case crm && !books && u.travels(crossbook.CRM) && !u.list():
		u.send(crossbook.CRM, "changed in Zoho CRM", false, res)
	case books && u.travels(crossbook.Books) && u.empty(crossbook.CRM):
		u.send(crossbook.Books, "fills what was empty", false, res)
	default:
		u.differ(res)
		u.settle(res)
	}
}

// list tells whether QuickBooks holds several values in one field.
func (u unit) list() bool {
	for _, f := range u.fields {
		if u.books[ListKey(f)] != "" || strings.ContainsAny(u.books[f], ",;") {
			return true
		}
	}
	return false
}
