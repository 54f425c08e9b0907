package main

import (
	"maps"
	"slices"
	"strings"
)

// doublesInCRM: no two records of a module stand for one QuickBooks record, and
// none was ever made twice, even if one of them has gone since.
func (c *court) doublesInCRM(v *verdict) {
	made := map[string][]string{}
	for _, w := range c.zoho.Writes {
		if w.program() && w.Op == "create" {
			key := w.Type + " for QuickBooks " + at(w.Values, idField)
			if w.Type == "Products" && at(w.Values, "Product_Name") == placeholder {
				key = placeholder
			} else if at(w.Values, idField) == "" {
				v.find(stranger, "%s %s was created in Zoho CRM without saying which QuickBooks record it is", w.Type, w.ID)
				continue
			}
			made[key] = append(made[key], w.ID)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(made)) {
		if len(made[key]) > 1 {
			v.find(doubled, "%s was created %d times in Zoho CRM: %s", key, len(made[key]), strings.Join(made[key], ", "))
		}
	}
	for _, p := range pairings {
		for _, id := range slices.Sorted(maps.Keys(c.shown[p.module])) {
			if n := len(c.shown[p.module][id]); n > 1 {
				v.find(doubled, "%d %s of Zoho CRM say that they are %s %s of QuickBooks", n, p.module, p.entity, id)
			}
		}
	}
}

// doublesInBooks: under one request id nothing was made twice, and no name was
// made twice at all.
func (c *court) doublesInBooks(v *verdict) {
	byRequest, byName := map[string]int{}, map[string]int{}
	for _, w := range c.books.Writes {
		if !w.program() || w.Op != "create" {
			continue
		}
		name := w.Type + " " + named(w.Values)
		byName[name]++
		if w.RequestID != "" {
			byRequest[name+" under request id "+w.RequestID]++
		}
	}
	for _, counts := range []map[string]int{byRequest, byName} {
		for _, key := range slices.Sorted(maps.Keys(counts)) {
			if counts[key] > 1 {
				v.find(doubled, "%s was created %d times in QuickBooks", key, counts[key])
			}
		}
	}
}

// named is the name in a body sent to QuickBooks.
func named(values object) string {
	if n := at(values, "DisplayName"); n != "" {
		return n
	}
	return at(values, "Name")
}

// madeAgain: what a person created is not created once more on the same side
// by the program, as happens when it forgets that the record it finds on the
// other side is its own copy.
func (c *court) madeAgain(v *verdict) {
	for _, p := range pairings {
		if p.name == "" {
			continue
		}
		byPeople := map[string]string{}
		again := func(w write, field, where string) {
			name := strings.ToLower(at(w.Values, field))
			if w.Op != "create" || name == "" {
				return
			}
			if !w.program() {
				byPeople[name] = w.Actor
			} else if who := byPeople[name]; who != "" {
				v.find(doubled, "%s %q was created in %s by %s, and again by the program", w.Type, at(w.Values, field), where, who)
			}
		}
		for _, w := range c.zoho.Writes {
			if w.Type == p.module {
				again(w, p.name, "Zoho CRM")
			}
		}
		clear(byPeople)
		for _, w := range c.books.Writes {
			if w.Type == p.entity {
				again(w, p.title, "QuickBooks")
			}
		}
	}
}

// strangers: every record that the program made stands for one on the other
// side, unless a person deleted or merged it since.
func (c *court) strangers(v *verdict) {
	for _, w := range c.zoho.Writes {
		p := ofModule(w.Type)
		if p == nil || !w.program() || w.Op != "create" {
			continue
		}
		id := at(w.Values, idField)
		if id != "" && c.booksByID[p.entity][id] == nil && !gone(c.books, p.entity, id) {
			v.find(stranger, "%s %s was created in Zoho CRM for %s %s, which QuickBooks does not have", w.Type, w.ID, p.entity, id)
		}
	}
	claimed := map[string]map[string]bool{}
	claim := func(module, id string) {
		if p := ofModule(module); p != nil && id != "" {
			if claimed[p.entity] == nil {
				claimed[p.entity] = map[string]bool{}
			}
			claimed[p.entity][id] = true
		}
	}
	for module, records := range c.zoho.Records {
		for _, o := range records {
			claim(module, at(o, idField))
		}
	}
	for _, w := range c.zoho.Writes {
		claim(w.Type, at(w.Values, idField))
	}
	for _, w := range c.books.Writes {
		if w.program() && w.Op == "create" && lists[w.Type] && !claimed[w.Type][w.ID] {
			v.find(stranger, "%s %s %q was created in QuickBooks, and no record of Zoho CRM says that it is it", w.Type, w.ID, named(w.Values))
		}
	}
}

func gone(s state, typ, id string) bool {
	return slices.ContainsFunc(s.Deleted[typ], func(o object) bool { return at(o, "id") == id })
}
