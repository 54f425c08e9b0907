package main

import (
	"slices"
	"time"
)

// meeting is one field of one pair of records, with everything people entered
// there on either side.
type meeting struct {
	pairing *pairing
	field   *field
	crm     object
	books   object
	edits   []edit
}

// entered: every value that a person entered stands on both sides, or a later
// one does, or it lost against one of the other side and is kept in the history.
func (c *court) entered(v *verdict) {
	meetings := map[string]*meeting{}
	var order []string
	for _, e := range c.edits {
		v.Edits++
		m, why := c.meeting(e)
		if m == nil {
			v.find(lost, "%s: %s", e, why)
			continue
		}
		key := m.pairing.module + " " + at(m.books, "Id") + " " + m.field.crm
		if meetings[key] == nil {
			meetings[key] = m
			order = append(order, key)
		}
		meetings[key].edits = append(meetings[key].edits, e)
	}
	for _, key := range order {
		c.weigh(v, meetings[key])
	}
}

// meeting finds the pair that an edit is about.
func (c *court) meeting(e edit) (*meeting, string) {
	if e.Side == zohoSide {
		p := ofModule(e.Type)
		if p == nil {
			return nil, "the judge knows no module of that name"
		}
		crm := c.crmByID[e.Type][e.ID]
		if crm == nil {
			return nil, "the record is gone from Zoho CRM"
		}
		id := at(crm, idField)
		if id == "" {
			return nil, "the record never reached QuickBooks"
		}
		books := c.booksByID[p.entity][id]
		if books == nil {
			return nil, "the record is gone from QuickBooks"
		}
		return c.meet(e, p, crm, books)
	}
	books := c.booksByID[e.Type][e.ID]
	if books == nil {
		return nil, "the record is gone from QuickBooks"
	}
	why := "the record never reached Zoho CRM"
	for i := range pairings {
		p := &pairings[i]
		if p.entity != e.Type || len(c.shown[p.module][e.ID]) == 0 {
			continue
		}
		crm := c.shown[p.module][e.ID][0]
		m, missing := c.meet(e, p, crm, books)
		if m != nil {
			return m, ""
		}
		why = missing
	}
	return nil, why
}

func (c *court) meet(e edit, p *pairing, crm, books object) (*meeting, string) {
	f := p.fieldOf(e.Side, e.Field)
	if f == nil {
		return nil, "the judge knows no such field"
	}
	if f.wholeOnly && len(c.shown["Accounts"][at(books, "Id")]) > 0 {
		return nil, "the judge knows no such field of a company's person"
	}
	return &meeting{pairing: p, field: f, crm: crm, books: books}, ""
}

// weigh judges one field of one pair.
func (c *court) weigh(v *verdict, m *meeting) {
	slices.SortStableFunc(m.edits, func(a, b edit) int { return a.Time.Compare(b.Time) })
	crm, books := at(m.crm, m.field.crm), at(m.books, m.field.books)
	last := m.edits[len(m.edits)-1]
	if !same(crm, books) {
		if c.inWindow(m, last) {
			v.Windows++
			return
		}
		v.find(lost, "%s: Zoho CRM has %q now and QuickBooks %q", last, crm, books)
		return
	}
	winner := -1
	for i, e := range slices.Backward(m.edits) {
		if same(e.Value, crm) {
			winner = i
			break
		}
	}
	if winner < 0 {
		v.find(lost, "%s: both sides have %q, which nobody entered", last, crm)
		return
	}
	for _, e := range m.edits[winner+1:] {
		switch {
		case c.conflict(m, m.edits[winner], e):
			v.Conflicts++
		case c.inWindow(m, e):
			v.Windows++
		default:
			v.find(lost, "%s: both sides have the earlier %q", e, crm)
		}
	}
}

// conflict tells whether a later edit lost against an earlier one of the other
// side because both were entered before either had travelled, and is kept: the
// history shows it as replaced.
func (c *court) conflict(m *meeting, winner, loser edit) bool {
	if winner.Side == loser.Side {
		return false
	}
	log, typ, id, path := c.books.Writes, m.pairing.entity, at(m.books, "Id"), m.field.books
	if loser.Side == zohoSide {
		log, typ, id, path = c.zoho.Writes, m.pairing.module, at(m.crm, "id"), m.field.crm
	}
	for _, w := range log {
		arrived := w.program() && w.Type == typ && w.ID == id && same(at(w.Values, path), winner.Value)
		if arrived && w.Time.After(winner.Time.Add(-time.Second)) && w.Time.Before(loser.Time) {
			return false // the loser's writer had seen the winner: that was no conflict
		}
	}
	for _, h := range c.history {
		if h.Type != typ || h.ID != id {
			continue
		}
		for _, ch := range h.Changes {
			if same(ch.Old, loser.Value) && same(ch.New, winner.Value) {
				return true
			}
		}
	}
	return false
}

// inWindow tells whether a CRM edit fell into the second of a write of the
// program to the same field of the same record. Zoho CRM dates by whole seconds,
// so nobody can tell the two apart (design section 5).
func (c *court) inWindow(m *meeting, e edit) bool {
	if e.Side != zohoSide {
		return false
	}
	for _, w := range c.zoho.Writes {
		if !w.program() || w.Type != m.pairing.module || w.ID != at(m.crm, "id") {
			continue
		}
		if _, sent := w.Values[m.field.crm]; sent && w.Time.Truncate(time.Second).Equal(e.Time.Truncate(time.Second)) {
			return true
		}
	}
	return false
}
