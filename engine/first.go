package engine

import (
	"errors"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/match"
	"crossbook/problem"
)

// fromBooks decides a QuickBooks record, or a part of it, that has no link
// into a module: leave it out, link it, or create it in the CRM.
func (d *decider) fromBooks(u *unit, rec crossbook.Record, m crossbook.Module, part crossbook.Part) {
	name := recordName(&rec)
	ms := d.t.settings.Modules[m]
	switch {
	case d.isPromised(rec.Ref, m):
		u.again = true
		return
	case !ms.On:
		d.leaveOut(u, rec.Ref, m, name, "module-off", m.Label()+" is switched off")
		return
	case ms.Direction == crossbook.ToQB:
		d.leaveOut(u, rec.Ref, m, name, "direction", m.Label()+" only go to QuickBooks")
		return
	}
	if code, why, in := d.inExtent(&rec, m); !in {
		d.leaveOut(u, rec.Ref, m, name, code, why)
		return
	}
	decision := d.matchFromBooks(rec, m, ms.Duplicates)
	if d.held(u, m, name) {
		return
	}
	switch decision.Kind {
	case match.Link:
		d.link(u, m, part, decision.Ref.ID, rec.Entity(), rec.ID, name, decision.Why)
	case match.Cluster, match.Skip:
		d.cluster(u, m, rec.Entity(), name, decision)
	default:
		d.createInCRM(u, rec, m, part, name, decision)
	}
}

// about is the context a problem is told in.
func (d *decider) about(m crossbook.Module, e crossbook.Entity, name string) problem.Context {
	labels := map[string]string{}
	for _, p := range d.t.mapping.Pairs(m, crossbook.Whole) {
		labels[p.Field] = p.Label
		top, _, _ := strings.Cut(p.Books, ".")
		if _, ok := labels[top]; !ok {
			labels[top] = p.Label
		}
	}
	return problem.Context{Module: m, Entity: e, Name: name, Labels: labels}
}

// cluster leaves several matches to a person (P7); a change of any of them
// makes it looked at again.
func (d *decider) cluster(u *unit, m crossbook.Module, e crossbook.Entity, name string, dec match.Decision) {
	for _, c := range dec.Candidates {
		u.dependsOn = append(u.dependsOn, c.Ref)
	}
	u.dependsOn = append(u.dependsOn, dec.Rivals...)
	d.fail(u, m, name, problem.Duplicate(d.candidates(dec.Candidates), d.about(m, e, name)))
}

// candidates names scored records for a person.
func (d *decider) candidates(scored []match.Scored) []problem.Candidate {
	out := make([]problem.Candidate, 0, len(scored))
	for _, s := range scored {
		name := s.Ref.ID
		if rec := d.w.record(s.Ref); rec != nil {
			name = recordName(rec)
		}
		out = append(out, problem.Candidate{Ref: s.Ref, Name: name})
	}
	return out
}

// link pairs two records that match. The bases start empty: the next look
// treats every field as first contact, which fills and never clears (P2).
func (d *decider) link(u *unit, m crossbook.Module, part crossbook.Part, crmID string, e crossbook.Entity, booksID, name, why string) {
	u.again = true
	u.add(crossbook.Op{
		Kind: crossbook.LinkUp, Module: m, Name: name, Why: why,
		Link: crossbook.Link{
			ID: d.t.e.o.NewID(), Kind: crossbook.Home, Part: part, State: crossbook.Linked,
			Module: m, CRMID: crmID, Entity: e, BooksID: booksID,
		},
	})
}

// createInCRM plans a new CRM record.
func (d *decider) createInCRM(u *unit, rec crossbook.Record, m crossbook.Module, part crossbook.Part, name string, dec match.Decision) {
	proj := d.t.mapping.FromBooks(m, part, rec.Data, d.w)
	l := crossbook.Link{
		ID: d.t.e.o.NewID(), Kind: crossbook.Home, Part: part, State: crossbook.Linked,
		Module: m, Entity: rec.Entity(), BooksID: rec.ID,
	}
	for f, v := range d.figures(l, &rec) {
		proj.Fields[f] = v
	}
	if fault := d.currencyIntoCRM(m, &rec, name); fault != nil {
		d.fail(u, m, name, *fault)
		return
	}
	if empty := d.mandatoryEmpty(m, part, proj.Fields, nil); len(empty) > 0 {
		d.fail(u, m, name, problem.MandatoryEmpty(empty, d.about(m, rec.Entity(), name)))
		return
	}
	want := proj.Fields.Clone()
	for _, missing := range proj.Missing {
		if pr, ok := d.t.mapping.TreePair(m, part); ok && pr.Field == missing.Field {
			u.needs = append(u.needs, missing.Ref)
			d.wait(u, m, name, "waiting for its "+pr.Label, nil, missing.Ref)
			return
		}
		// The reference follows once its record is there; the rest need not wait.
		u.needs = append(u.needs, missing.Ref)
		u.dependsOn = append(u.dependsOn, missing.Ref)
		delete(want, missing.Field)
		u.again, u.waiting = true, true
	}
	body, err := d.t.mapping.CRMBody(m, part, want, nil, true, d.w)
	if err != nil {
		d.refuse(u, m, name, err)
		return
	}
	d.putFigures(m, body, want, nil)
	if layout := d.t.settings.Modules[m].LayoutID; layout != "" {
		body["Layout"] = map[string]any{"id": layout}
	}
	if m == crossbook.Contacts && part == crossbook.Person {
		account := d.w.homeIn(rec.Ref, crossbook.Accounts)
		if account == nil || account.State != crossbook.Linked {
			d.wait(u, m, name, "the Account comes first", nil, rec.Ref)
			return
		}
		body["Account_Name"] = map[string]any{"id": account.CRMID}
	}
	written, books := want.Clone(), want.Clone()
	for _, f := range d.unwritten(m, part, want, nil, body) {
		written[f] = "" // the CRM never held it, so that it cannot be emptied there
	}
	for _, p := range d.t.mapping.Pairs(m, part) {
		if p.Policy == mapping.Never { // not met: the sides meet once it is switched on
			delete(written, p.Field)
			delete(books, p.Field)
		}
	}
	changes := changesOf(written)
	if d.keepsAccount(l) {
		written[keyAccount] = lookupID(body, "Account_Name")
	}
	u.add(crossbook.Op{
		Kind: crossbook.Create, Side: crossbook.CRM, Module: m, Link: l, Name: name, Body: body, Trigger: true,
		Changes: changes, BaseCRM: written, BaseBooks: books, Why: "new in QuickBooks: " + dec.Why,
	})
}

// unwritten are the fields that were to be written into the CRM and that a body
// leaves out all the same: a value the CRM's picklist does not have (R54), the
// name of a company no Account bears. The CRM goes on without them, and its base
// must not claim otherwise: the next edit of the record would look as if a
// person had emptied them.
func (d *decider) unwritten(m crossbook.Module, part crossbook.Part, want crossbook.Fields, only []string, body map[string]any) []string {
	var out []string
	for _, p := range d.t.mapping.Pairs(m, part) {
		if _, sent := body[p.Field]; sent || only == nil && want[p.Field] == "" || only != nil && !slices.Contains(only, p.Field) {
			continue
		}
		out = append(out, p.Field)
	}
	return out
}

// changesOf lists the values a create writes.
func changesOf(f crossbook.Fields) []crossbook.Change {
	names := make([]string, 0, len(f))
	for k, v := range f {
		if v != "" {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	out := make([]crossbook.Change, len(names))
	for i, k := range names {
		out[i] = crossbook.Change{Field: k, New: f[k]}
	}
	return out
}

// fromCRM decides a CRM record that has no link: leave it out, link it, or
// create it in QuickBooks.
func (d *decider) fromCRM(u *unit) {
	rec := d.w.record(u.crm)
	m := u.crm.Module()
	switch {
	case rec == nil:
		u.rereads = append(u.rereads, u.crm)
		return
	case rec.Deleted || !m.TwoWay() || rec.ID == d.t.facts.placeholder:
		return // gone before it was linked, or never sent (R27, P19)
	}
	name := recordName(rec)
	ms := d.t.settings.Modules[m]
	switch {
	case !ms.On || d.wrongSource(m):
		if m == crossbook.Accounts && d.t.settings.CustomerSource == crossbook.ContactsOnly {
			// It may be the company of people who are linked already.
			u.needs = append(u.needs, d.w.byKey(crossbook.Books, string(crossbook.Customer), mapping.KeyCo, mapping.Fold(text(rec.Data["Account_Name"])))...)
		}
		d.leaveOut(u, rec.Ref, m, name, "module-off", m.Label()+" are switched off")
		return
	case ms.Direction == crossbook.InToCRM:
		d.leaveOut(u, rec.Ref, m, name, "direction", m.Label()+" only come from QuickBooks")
		return
	}
	if d.untouched(rec, m) && text(rec.Data[mapping.FieldSend]) != "true" {
		d.leaveOut(u, rec.Ref, m, name, codeUntouched, whyUntouched)
		return
	}
	part := mapping.CRMPart(m, rec.Data, d.t.settings)
	if part == crossbook.Person {
		d.billingContact(u, rec)
		return
	}
	d.unlinkedInCRM(u, rec, part)
}

// unlinkedInCRM links a CRM record with the QuickBooks record it is, or plans a
// new one.
func (d *decider) unlinkedInCRM(u *unit, rec *crossbook.Record, part crossbook.Part) {
	m, name := rec.Module(), recordName(rec)
	ms := d.t.settings.Modules[m]
	decision := d.matchFromCRM(*rec, m, ms.Duplicates)
	if d.held(u, m, name) {
		return
	}
	switch decision.Kind {
	case match.Link:
		d.link(u, m, part, rec.ID, decision.Ref.Entity(), decision.Ref.ID, name, decision.Why)
	case match.Cluster, match.Skip, match.Suggest:
		d.cluster(u, m, m.Entity(), name, decision)
	default:
		d.createInBooks(u, rec, m, part, name)
	}
}

// wrongSource tells whether the customer source leaves a module out.
func (d *decider) wrongSource(m crossbook.Module) bool {
	switch d.t.settings.CustomerSource {
	case crossbook.AccountsOnly:
		return m == crossbook.Contacts
	case crossbook.ContactsOnly:
		return m == crossbook.Accounts
	default:
		return false
	}
}

// createInBooks plans a new QuickBooks record, after the checks that spare the
// books a refusal.
func (d *decider) createInBooks(u *unit, rec *crossbook.Record, m crossbook.Module, part crossbook.Part, name string) {
	if !d.maySend(rec) {
		d.leaveOut(u, rec.Ref, m, name, "not-sent", "existed in the CRM before set-up and was not ticked to be created in QuickBooks")
		return
	}
	proj := d.t.mapping.FromCRM(m, part, rec.Data, d.w)
	if w := d.currencyIntoBooks(m, rec, name); w != nil {
		if w.Waiting {
			d.wait(u, m, name, w.Text, w)
		} else {
			d.fail(u, m, name, *w)
		}
		return
	}
	want := proj.Fields.Clone()
	if !d.placeInBooks(u, rec, m, part, name, want) {
		return
	}
	top := want[keyTop]
	delete(want, keyTop)
	if m == crossbook.Contacts && d.t.settings.OnlyContactsOfAccounts && lookupID(rec.Data, "Account_Name") == "" {
		d.leaveOut(u, rec.Ref, m, name, "no-account", "it stands under no Account, and such Contacts are not taken")
		return
	}
	for _, missing := range proj.Missing {
		if missing.Ref.Module() == crossbook.Accounts {
			continue // settled above
		}
		if !d.vendorMissing(u, m, name, missing.Ref) {
			return
		}
	}
	body, err := d.t.mapping.BooksBody(m, part, want, nil, nil, true, d.w, d.t.settings)
	if err != nil {
		d.refuse(u, m, name, err)
		return
	}
	l := crossbook.Link{
		ID: d.t.e.o.NewID(), Kind: crossbook.Home, Part: part, State: crossbook.Linked,
		Module: m, CRMID: rec.ID, Entity: m.Entity(), CRMRevision: rec.Revision,
	}
	u.again = true
	op := crossbook.Op{
		Kind: crossbook.Create, Side: crossbook.Books, Module: m, Link: l, Name: name, Body: body,
		Changes: changesOf(want), BaseCRM: sentFields(d, m, part, want), Why: "new in Zoho CRM",
	}
	op.BaseBooks = op.BaseCRM.Clone()
	if top != "" {
		op.BaseCRM[keyTop] = top
	}
	if d.keepsAccount(l) {
		op.BaseCRM[keyAccount] = lookupID(rec.Data, "Account_Name")
	}
	if part == crossbook.Company {
		d.joinBillingContact(&op, rec)
	}
	u.add(op)
}

// sentFields are the fields a create in QuickBooks settles: those it wrote.
// The others meet for the first time at the next look.
func sentFields(d *decider, m crossbook.Module, part crossbook.Part, want crossbook.Fields) crossbook.Fields {
	out := crossbook.Fields{}
	for _, p := range d.t.mapping.Pairs(m, part) {
		if v, ok := want[p.Field]; ok && v != "" && p.ToBooks() {
			out[p.Field] = v
		}
	}
	return out
}

// maySend applies the send rule: records that existed before set-up are only
// created in QuickBooks when that was ticked; afterwards every new one, or
// those ticked (P3).
func (d *decider) maySend(rec *crossbook.Record) bool {
	s := d.t.settings
	if text(rec.Data[mapping.FieldSend]) == "true" {
		return true
	}
	created, err := time.Parse(time.RFC3339, text(rec.Data["Created_Time"]))
	existed := err == nil && !d.t.facts.goAt.IsZero() && created.Before(d.t.facts.goAt)
	if s.Modules[rec.Module()].OnlyChanges && d.touched(rec) {
		existed = false // changed from then on, as was asked for (R34)
	}
	if existed || d.t.facts.goAt.IsZero() {
		return s.CreateExisting
	}
	return s.SendRule != crossbook.SendTicked
}

// refuse makes a problem or a wait of a body that could not be built.
func (d *decider) refuse(u *unit, m crossbook.Module, name string, err error) {
	about := d.about(m, m.Entity(), name)
	var refused *mapping.RefusedError
	var missing *mapping.MissingRefError
	switch {
	case errors.Is(err, mapping.ErrAsOfDate):
		d.fail(u, m, name, problem.AsOfDateMissing(about))
	case errors.Is(err, mapping.ErrNoAccounts):
		p := problem.WaitingForAccounts("", about)
		d.wait(u, m, name, p.Text, &p)
	case errors.As(err, &missing):
		if d.vendorMissing(u, m, name, missing.Ref) {
			d.wait(u, m, name, err.Error(), nil, missing.Ref)
		}
	case errors.As(err, &refused):
		d.fail(u, m, name, problem.NameRefused(refused.Label, about))
	default:
		d.fail(u, m, name, problem.Bug(err.Error(), about))
	}
}

// vendorMissing decides about a product's vendor that has no QuickBooks
// record: it is waited for while it may come by itself, and error 10 when it
// will not. It returns false when the unit must not go on.
func (d *decider) vendorMissing(u *unit, m crossbook.Module, name string, vendor crossbook.Ref) bool {
	about := d.about(m, m.Entity(), name)
	rec := d.w.record(vendor)
	vendorName := vendor.ID
	if rec != nil {
		vendorName = recordName(rec)
	}
	_, out := d.w.leftOut(vendor)
	off := !d.t.settings.Modules[vendor.Module()].On
	home := d.w.home(vendor)
	if out || off || rec == nil || rec.Deleted || home != nil && home.State == crossbook.Tombstone || d.hasProblem(vendor, vendor.Module()) {
		u.dependsOn = append(u.dependsOn, vendor)
		d.fail(u, m, name, problem.VendorMissing(problem.Candidate{Ref: vendor, Name: vendorName}, about))
		return false
	}
	d.wait(u, m, name, "waiting for the vendor "+vendorName, nil, vendor)
	return false
}

// hasProblem tells whether a record, or its part in a module, is held by a
// problem of its own.
func (d *decider) hasProblem(r crossbook.Ref, m crossbook.Module) bool {
	_, err := d.w.tx.Problem(d.w.ctx, d.w.conn, problemKey(r, m))
	return err == nil
}

// recordName is what people call a record.
func recordName(r *crossbook.Record) string {
	if r == nil || r.Data == nil {
		return ""
	}
	for _, k := range []string{"DisplayName", "Account_Name", "Vendor_Name", "Product_Name", "Subject", "FullyQualifiedName", "Name"} {
		if s := text(r.Data[k]); s != "" {
			return mapping.StripDeleted(s)
		}
	}
	if last := text(r.Data["Last_Name"]); last != "" {
		return strings.TrimSpace(text(r.Data["First_Name"]) + " " + last)
	}
	if n := text(r.Data["DocNumber"]); n != "" {
		return n
	}
	return r.ID
}
