package engine

import (
	"maps"
	"strings"

	"crossbook"
	"crossbook/mapping"
	"crossbook/merge"
)

// pair is one linked pair with both sides projected.
type pair struct {
	link     crossbook.Link
	crm      *crossbook.Record
	books    *crossbook.Record
	fromCRM  mapping.Projection
	fromQB   mapping.Projection
	name     string
	settings crossbook.ModuleSettings
	rules    []merge.Rule
	account  *string // the Account of a Contact, where the base is to remember it
}

func (d *decider) pairOf(l crossbook.Link, crm, books *crossbook.Record) pair {
	p := pair{
		link: l, crm: crm, books: books,
		fromCRM:  d.t.mapping.FromCRM(l.Module, l.Part, crm.Data, d.w),
		fromQB:   d.t.mapping.FromBooks(l.Module, l.Part, books.Data, d.w),
		settings: d.t.settings.Modules[l.Module],
		rules:    d.rules(l.Module, l.Part),
	}
	if l.Module == crossbook.Products {
		d.tracked(&p)
	}
	maps.Copy(p.fromQB.Fields, d.figures(l, books))
	d.addAliases(l, books, p.fromQB.Fields)
	d.takeFigures(l.Module, crm.Data, p.fromCRM.Fields)
	keepUnread(crm.Data, l.BaseCRM, p.fromCRM.Fields)
	p.name = recordName(books)
	p.link.BaseCRM = d.absorbed(p)
	d.companyAppeared(&p)
	return p
}

// companyAppeared lets a company that was text in QuickBooks alone meet its
// Account for the first time once the CRM has one of that name (spec section 2,
// Contacts only).
func (d *decider) companyAppeared(p *pair) {
	for _, pr := range d.t.mapping.Pairs(p.link.Module, p.link.Part) {
		name := p.fromQB.Fields[pr.Field]
		if pr.Kind != mapping.Company || name == "" || p.fromCRM.Fields[pr.Field] != "" ||
			p.link.BaseCRM[pr.Field] != "" || p.link.BaseBooks[pr.Field] != name {
			continue
		}
		if _, ok := d.w.AccountNamed(name); ok {
			delete(p.link.BaseCRM, pr.Field)
		}
	}
}

// keepUnread takes a field that did not come with the record for unchanged: a
// field that is empty comes as null, one that does not come at all was deleted
// or hidden, and that is nobody's edit.
func keepUnread(data map[string]any, base, fields crossbook.Fields) {
	for f := range fields {
		if _, came := data[f]; came {
			continue
		}
		if was, ok := base[f]; ok {
			fields[f] = was
		}
	}
}

// tracked lets QuickBooks' type say which fields of a linked product mean
// anything: a type that somebody changed in the CRM must not make its stock
// fields look emptied. An item that is tracked stays so (spec section 3.4): its
// type in the CRM is put back.
func (d *decider) tracked(p *pair) {
	kind := text(p.books.Data["Type"])
	if text(p.crm.Data[mapping.FieldType]) != kind {
		data := maps.Clone(p.crm.Data)
		data[mapping.FieldType] = kind
		asQB := d.t.mapping.FromCRM(p.link.Module, p.link.Part, data, d.w)
		for _, f := range []string{mapping.FieldType, mapping.FieldAsOf} {
			if v, ok := p.fromCRM.Fields[f]; ok {
				asQB.Fields[f] = v
			}
		}
		p.fromCRM = asQB
	}
	if kind != mapping.Inventory {
		return
	}
	for i, r := range p.rules {
		if r.Field == mapping.FieldType {
			p.rules[i].Policy = merge.ReadOnly
		}
	}
}

// keyWritten is kept in a CRM base: the fields our last write to the record
// carried. It is no CRM field.
const keyWritten = "#written"

// absorbed is the CRM base with the vendor's normalisation taken in: a field we
// wrote that reads otherwise at the very revision our write got is no edit
// (design section 5). Fields we did not write may differ because a person
// edited them just before.
func (d *decider) absorbed(p pair) crossbook.Fields {
	base := p.link.BaseCRM.Clone()
	if base == nil {
		base = crossbook.Fields{}
	}
	if p.link.OurCRMRevision == "" || p.crm.Revision != p.link.OurCRMRevision {
		return base
	}
	for f := range strings.SplitSeq(base[keyWritten], ",") {
		if _, ok := base[f]; ok && d.mayNormalise(p.link.Module, f) {
			base[f] = p.fromCRM.Fields[f]
		}
	}
	return base
}

// mayNormalise tells whether the vendor may rewrite a field's value by itself.
// What it does to numbers is known (mapping.Kept); a number that reads
// otherwise within the same second was moved by somebody, such as the CRM's own
// stock arithmetic.
func (d *decider) mayNormalise(m crossbook.Module, field string) bool {
	p, mapped := d.t.mapping.Pair(m, field)
	if !mapped {
		return false
	}
	switch p.Kind {
	case mapping.Decimal, mapping.Money, mapping.Bool, mapping.Date, mapping.Reference:
		return false
	default:
		return true
	}
}

func (p pair) input(d *decider) merge.Input {
	return merge.Input{
		Rules: p.rules, BaseCRM: p.link.BaseCRM, BaseBooks: p.link.BaseBooks,
		CRM: p.fromCRM.Fields, Books: p.fromQB.Fields,
		Preference: p.settings.Preference, Overwrite: p.settings.Duplicates == crossbook.Overwrite,
		Gone: d.gone(p),
	}
}

// gone are the look-ups that were emptied because their target was deleted or
// merged: that is no edit.
func (d *decider) gone(p pair) map[string]bool {
	out := map[string]bool{}
	for _, pr := range d.t.mapping.Pairs(p.link.Module, p.link.Part) {
		if pr.Target == "" {
			continue
		}
		was, is := p.link.BaseCRM[pr.Field], p.fromCRM.Fields[pr.Field]
		if was == "" || was == is {
			continue
		}
		for _, l := range d.w.links(crossbook.BooksRef(pr.Target.Entity(), was)) {
			rec := d.w.record(l.CRM())
			if l.State == crossbook.Tombstone || l.Kind == crossbook.Alias || rec != nil && rec.Deleted {
				out[pr.Field] = true
			}
		}
	}
	return out
}

// rules are the merge rules of a module's pairs, narrowed by the module's
// direction (R29) and the handling of their groups.
func (d *decider) rules(m crossbook.Module, part crossbook.Part) []merge.Rule {
	ms := d.t.settings.Modules[m]
	pairs := d.t.mapping.Pairs(m, part)
	out := make([]merge.Rule, 0, len(pairs))
	for _, p := range pairs {
		if p.Policy == mapping.Never {
			continue // not met: once it is switched on, both sides meet for the first time
		}
		dir := p.Direction
		switch {
		case ms.Direction == crossbook.InToCRM && dir == crossbook.Both:
			dir = crossbook.InToCRM
		case ms.Direction == crossbook.ToQB && dir == crossbook.Both:
			dir = crossbook.ToQB
		case ms.Direction == crossbook.ToQB && dir == crossbook.InToCRM && !p.Ours:
			dir = crossbook.NoWay
		}
		handling := d.t.settings.Handling[p.Group]
		if handling == "" {
			handling = crossbook.StraightThrough
		}
		out = append(out, merge.Rule{
			Field: p.Field, Direction: dir, Unit: p.Unit, Owner: p.Owner,
			Policy: string(p.Policy), Group: p.Group, Handling: handling,
		})
	}
	return append(out, d.figureRules(m)...)
}
