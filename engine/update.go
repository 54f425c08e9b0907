package engine

import (
	"maps"
	"slices"
	"strings"

	"crossbook"
	"crossbook/merge"
	"crossbook/problem"
	"crossbook/store"
)

// sendable drops changes that may not be written to QuickBooks: an inactive
// record is held (R89), an e-mail list is never written (P5), a vendor that is
// not linked is error 10.
func (d *decider) sendable(u *unit, p pair, changes []crossbook.Change) []crossbook.Change {
	if len(changes) == 0 {
		return nil
	}
	if text(p.books.Data["Active"]) == "false" {
		d.leaveOutEdit(u, p)
		return nil
	}
	var out []crossbook.Change
	for _, c := range changes {
		pr, ok := d.t.mapping.Pair(p.link.Module, c.Field)
		if !ok || !pr.MaySend(p.link.BaseBooks, p.fromQB.Fields) {
			continue
		}
		if missing, ok := missingField(p.fromCRM, c.Field); ok {
			d.vendorMissing(u, p.link.Module, p.name, missing)
			continue
		}
		out = append(out, c)
	}
	return out
}

// leaveOutEdit notes that edits of a record that is inactive in QuickBooks are
// held, not sent (R89).
func (d *decider) leaveOutEdit(u *unit, p pair) {
	held := problem.HeldInactive(d.about(p.link.Module, p.link.Entity, p.name))
	d.wait(u, p.link.Module, p.name, held.Text, &held)
}

// writeCRM plans the update of the CRM record.
func (d *decider) writeCRM(u *unit, p pair, res merge.Result, changes []crossbook.Change) {
	if len(changes) == 0 || d.stopPingPong(u, p, crossbook.CRM, changes) {
		return
	}
	want := p.fromCRM.Fields.Clone()
	only := make([]string, 0, len(changes))
	for _, c := range changes {
		want[c.Field] = c.New
		only = append(only, c.Field)
	}
	if empty := d.mandatoryEmpty(p.link.Module, p.link.Part, want, only); len(empty) > 0 {
		d.fail(u, p.link.Module, p.name, problem.MandatoryEmpty(empty, d.about(p.link.Module, p.link.Entity, p.name)))
		return
	}
	body, err := d.t.mapping.CRMBody(p.link.Module, p.link.Part, want, only, false, d.w)
	if err != nil {
		d.refuse(u, p.link.Module, p.name, err)
		return
	}
	d.putFigures(p.link.Module, body, want, only)
	changes, only = d.leaveUnwritten(u, p, changes, only, d.unwritten(p.link.Module, p.link.Part, want, only, body))
	if len(body) == 0 {
		return
	}
	u.add(crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.CRM, Module: p.link.Module, Link: p.link, Name: p.name,
		Changes: changes, Body: body, Revision: p.crm.Revision, Trigger: true,
		BaseCRM: pick(res.BaseCRM, only), BaseBooks: pick(res.BaseBooks, only),
		Why: "QuickBooks changed " + fieldList(changes),
	})
}

// leaveUnwritten takes the fields the CRM cannot hold out of a write. Each side
// keeps its value, both bases take it in, and the pair is listed to review (R54).
func (d *decider) leaveUnwritten(u *unit, p pair, changes []crossbook.Change, only, unwritten []string) ([]crossbook.Change, []string) {
	if len(unwritten) == 0 {
		return changes, only
	}
	u.add(crossbook.Op{
		Kind: crossbook.Rebase, Module: p.link.Module, Link: p.link, Name: p.name,
		BaseCRM: pick(p.fromCRM.Fields, unwritten), BaseBooks: pick(p.fromQB.Fields, unwritten),
		Why: "Zoho CRM cannot hold " + strings.Join(unwritten, ", "),
	})
	left := func(f string) bool { return slices.Contains(unwritten, f) }
	u.settled = slices.DeleteFunc(u.settled, func(s settledField) bool { return s.link == p.link.ID && left(s.field) })
	for _, f := range unwritten {
		u.differences = append(u.differences, store.Difference{
			LinkID: p.link.ID, Module: p.link.Module, CRM: p.link.CRM(), Books: p.link.Books(), Name: p.name,
			Field: f, CRMValue: p.fromCRM.Fields[f], BooksValue: p.fromQB.Fields[f], At: d.now,
		})
	}
	changes = slices.DeleteFunc(slices.Clone(changes), func(c crossbook.Change) bool { return left(c.Field) })
	return changes, slices.DeleteFunc(slices.Clone(only), left)
}

// writeBooks plans the update of the QuickBooks record.
func (d *decider) writeBooks(u *unit, p pair, res merge.Result, changes []crossbook.Change) {
	if len(changes) == 0 || d.stopPingPong(u, p, crossbook.Books, changes) {
		return
	}
	want := p.fromQB.Fields.Clone()
	for _, pr := range d.t.mapping.Pairs(p.link.Module, p.link.Part) {
		if pr.Books == "" {
			want[pr.Field] = p.fromCRM.Fields[pr.Field] // only the CRM holds it, and it steers the write
		}
	}
	only := make([]string, 0, len(changes))
	for _, c := range changes {
		want[c.Field] = c.New
		only = append(only, c.Field)
	}
	body, err := d.t.mapping.BooksBody(p.link.Module, p.link.Part, want, only, p.books.Data, false, d.w, d.t.settings)
	if err != nil {
		d.refuse(u, p.link.Module, p.name, err)
		return
	}
	if len(body) == 0 {
		return
	}
	base := pick(res.BaseCRM, only)
	if p.link.BaseCRM[keyOtherPerson] != "" && d.names(p, changes) {
		maps.Copy(body, nameParts(p.books.Data))
		base[keyOtherPerson] = ""
	}
	u.again = true // what QuickBooks makes of it is looked at once more
	u.add(crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.Books, Module: p.link.Module, Link: p.link, Name: p.name,
		Changes: changes, Body: body, Revision: p.books.Revision,
		BaseCRM: base, BaseBooks: pick(res.BaseBooks, only),
		Source: p.link.CRM(),
		Why:    "Zoho CRM changed " + fieldList(changes),
	})
}

func pick(f crossbook.Fields, only []string) crossbook.Fields {
	out := crossbook.Fields{}
	for _, k := range only {
		if v, ok := f[k]; ok {
			out[k] = v
		}
	}
	return out
}

// fieldList names the changed fields for a sentence.
func fieldList(changes []crossbook.Change) string {
	names := ""
	for i, c := range changes {
		if i > 0 {
			names += ", "
		}
		names += c.Field
	}
	return names
}

// mandatoryEmpty lists the mapped CRM-mandatory fields that would be written
// empty (error 2). only nil means a create: every mandatory pair counts.
func (d *decider) mandatoryEmpty(m crossbook.Module, part crossbook.Part, want crossbook.Fields, only []string) []string {
	var out []string
	for _, p := range d.t.mapping.Pairs(m, part) {
		meta := d.t.facts.metadata.CRMFields[m][p.Field]
		if !meta.Mandatory || !p.ToCRM() || want[p.Field] != "" {
			continue
		}
		if only != nil && !slices.Contains(only, p.Field) {
			continue
		}
		out = append(out, p.Label)
	}
	return out
}
