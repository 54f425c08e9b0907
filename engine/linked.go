package engine

import (
	"maps"
	"slices"
	"strings"

	"crossbook"
	"crossbook/mapping"
	"crossbook/merge"
	"crossbook/problem"
	"crossbook/store"
)

// linked decides a pair that has a link: merge both sides against their bases
// and write what the merge says.
func (d *decider) linked(u *unit, l crossbook.Link) {
	if l.State == crossbook.Tombstone {
		d.tombstone(u, l)
		return
	}
	crm, books := d.w.record(l.CRM()), d.w.record(l.Books())
	switch {
	case isPlanned(l.CRMID) || isPlanned(l.BooksID):
		return // a preview: there is nothing to compare yet
	case crm == nil:
		u.rereads = append(u.rereads, l.CRM())
		return
	case books == nil:
		u.rereads = append(u.rereads, l.Books())
		return
	case crm.Deleted:
		d.crmGone(u, l)
		return
	}
	if survivor := d.mergedAway(books); survivor != "" {
		d.mergedInBooks(u, l, survivor)
		return
	}
	p := d.pairOf(l, crm, books)
	if fault := d.currencyOf(p); fault != nil {
		d.fail(u, l.Module, p.name, *fault)
		return
	}
	if d.agreed(u, p) {
		return
	}
	if d.movedInCRM(u, &p) {
		return
	}
	res := merge.Merge(p.input(d))
	d.notes(u, p, res)
	if len(res.Held) > 0 {
		if u.proposed == nil {
			u.proposed = map[string]bool{}
		}
		u.proposed[l.ID] = true
	}
	toCRM, held := d.withoutMissing(u, p, res.ToCRM)
	toBooks := d.sendable(u, p, res.ToBooks)
	if d.awaitTarget(u, p, toBooks) {
		return
	}
	if len(toCRM)+len(toBooks) > 0 && d.held(u, l.Module, p.name) {
		return
	}
	d.rebase(u, p, res, toCRM, toBooks, held)
	d.writeCRM(u, p, res, toCRM)
	if quantity, rest := splitQuantity(toBooks); len(rest) > 0 {
		d.writeBooks(u, p, res, rest)
	} else if len(quantity) > 0 {
		d.writeQuantity(u, p, res, quantity)
	}
	d.clearAsOf(u, p, toBooks)
}

// mergedAway is the survivor of a QuickBooks record that was merged: such a
// record is inactive from then on.
func (d *decider) mergedAway(books *crossbook.Record) string {
	if text(books.Data["Active"]) != "false" {
		return ""
	}
	return d.survivor(books.Ref)
}

// agreed takes the present values of both sides as agreed where a person
// resumed without catching up (R111).
func (d *decider) agreed(u *unit, p pair) bool {
	var agree bool
	d.w.fail(readFact(d.w.ctx, d.w.tx, d.w.conn, factAgree+p.link.ID, &agree))
	if !agree {
		return false
	}
	u.agreed = append(u.agreed, p.link.ID)
	u.add(crossbook.Op{
		Kind: crossbook.Rebase, Module: p.link.Module, Link: p.link, Name: p.name,
		BaseCRM: p.fromCRM.Fields, BaseBooks: p.fromQB.Fields, Why: "resumed without catching up",
	})
	return true
}

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

// awaitTarget holds an edit of a look-up until the feed of its target module was
// read after the edit was seen: a look-up that was emptied because its target
// was deleted or merged looks like an edit as long as nobody has heard of the
// deletion, which may have come after an earlier look at that feed in this turn.
func (d *decider) awaitTarget(u *unit, p pair, toBooks []crossbook.Change) bool {
	for _, c := range toBooks {
		pr, ok := d.t.mapping.Pair(p.link.Module, c.Field)
		if !ok || pr.Target == "" || c.Old == "" {
			continue
		}
		feed, key := CRMFeed(pr.Target), edited{p.link.CRM(), c.Field}
		seen, known := d.t.edits[key]
		if !known {
			d.t.edits[key] = d.now
		}
		if known && d.t.askedAt[feed].After(seen) {
			continue
		}
		u.needs = append(u.needs, feed)
		u.again = true
		return true
	}
	return false
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

// notes keeps what the merge found for people to see.
func (d *decider) notes(u *unit, p pair, res merge.Result) {
	for _, f := range res.Differences {
		u.differences = append(u.differences, store.Difference{
			LinkID: p.link.ID, Module: p.link.Module, CRM: p.link.CRM(), Books: p.link.Books(), Name: p.name,
			Field: f.Field, CRMValue: f.CRM, BooksValue: f.Books, At: d.now,
		})
	}
	for _, c := range res.Conflicts {
		u.conflicts = append(u.conflicts, store.Conflict{
			LinkID: p.link.ID, Module: p.link.Module, Name: p.name, Field: c.Field,
			Winner: c.Winner, Won: won(c), Lost: c.Lost, LostSide: c.Loser, At: d.now,
		})
	}
	for _, c := range slices.Concat(res.ToCRM, res.ToBooks) {
		u.settled = append(u.settled, settledField{p.link.ID, c.Field})
	}
}

// won is the value that won a conflict.
func won(c merge.Conflict) string {
	if c.Winner == crossbook.CRM {
		return c.CRM
	}
	return c.Books
}

// withoutMissing drops changes whose reference has no CRM record yet and asks
// for that record; the rest goes on.
func (d *decider) withoutMissing(u *unit, p pair, changes []crossbook.Change) (send []crossbook.Change, held map[string]bool) {
	held = map[string]bool{}
	for _, c := range changes {
		missing, ok := missingField(p.fromQB, c.Field)
		if !ok {
			send = append(send, c)
			continue
		}
		held[c.Field], u.waiting = true, true
		u.needs = append(u.needs, missing)
		u.dependsOn = append(u.dependsOn, missing)
	}
	return send, held
}

func missingField(p mapping.Projection, field string) (crossbook.Ref, bool) {
	for _, m := range p.Missing {
		if m.Field == field {
			return m.Ref, true
		}
	}
	return crossbook.Ref{}, false
}

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

// rebase moves the bases of fields that need no write.
func (d *decider) rebase(u *unit, p pair, res merge.Result, toCRM, toBooks []crossbook.Change, held map[string]bool) {
	writing := map[string]bool{}
	for _, c := range slices.Concat(res.ToCRM, res.ToBooks, toCRM, toBooks) {
		writing[c.Field] = true
	}
	stored := d.storedBase(p.link)
	crm, books := crossbook.Fields{}, crossbook.Fields{}
	for f, v := range res.BaseCRM {
		if old, ok := stored.BaseCRM[f]; !writing[f] && !held[f] && (!ok || old != v) {
			crm[f] = v
		}
	}
	for f, v := range res.BaseBooks {
		if old, ok := stored.BaseBooks[f]; !writing[f] && !held[f] && (!ok || old != v) {
			books[f] = v
		}
	}
	if stored.BaseCRM[keyOtherPerson] != "" && !d.names(p, slices.Concat(res.ToBooks, res.Held)) {
		crm[keyOtherPerson] = "" // the customer bears the name already
	}
	if len(crm)+len(books) == 0 {
		return
	}
	u.add(crossbook.Op{
		Kind: crossbook.Rebase, Module: p.link.Module, Link: p.link, Name: p.name,
		BaseCRM: crm, BaseBooks: books, Why: "both sides agree",
	})
}

// storedBase is the link as the store has it, before absorption.
func (d *decider) storedBase(l crossbook.Link) crossbook.Link {
	for _, s := range d.w.links(l.Books()) {
		if s.ID == l.ID {
			return s
		}
	}
	return l
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
