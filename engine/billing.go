package engine

import (
	"slices"

	"crossbook"
	"crossbook/mapping"
	"crossbook/match"
	"crossbook/problem"
	"crossbook/store"
)

// keyOtherPerson is kept in a CRM base until the customer bears the name of the
// Contact that took its person part over: parts of the name that no pair
// carries were the former person's. It is no CRM field.
const keyOtherPerson = "#other_person"

// codeNotBilling counts the Contacts of an Account that do not share its customer.
const codeNotBilling = "not-billing-contact"

const whyNotBilling = "not the billing contact of its Account"

// whyHandedOver stands in the history of a person part that moved.
const whyHandedOver = "it is now the billing contact of its Account"

// marked are the Contacts of an Account that people marked as its billing contact.
func (d *decider) marked(account crossbook.Ref) []*crossbook.Record {
	var out []*crossbook.Record
	for _, r := range d.w.byKey(crossbook.CRM, string(crossbook.Contacts), mapping.KeyAccount, account.ID) {
		if rec := d.w.living(r); rec != nil && text(rec.Data[mapping.FieldBillTo]) == "true" {
			out = append(out, rec)
		}
	}
	return out
}

// heir is the Contact that a customer's person part belongs to by the mark,
// where that is another one than the part is linked with (P1): the only one
// marked. Without a mark the present one stays, and of two marked a person
// chooses. A pair that people left out on purpose has no heir.
func (d *decider) heir(l crossbook.Link) *crossbook.Record {
	company := d.w.homeIn(l.Books(), crossbook.Accounts)
	ms := d.t.settings.Modules[crossbook.Contacts]
	switch {
	case l.Part != crossbook.Person || company == nil || company.State != crossbook.Linked:
		return nil
	case !ms.On || ms.Direction == crossbook.InToCRM || d.wrongSource(crossbook.Contacts):
		return nil
	case l.State == crossbook.Tombstone && (l.Cause != causeDeletedInCRM || d.w.living(l.CRM()) != nil):
		return nil
	}
	marked := d.marked(company.CRM())
	if len(marked) != 1 || marked[0].ID == l.CRMID {
		return nil
	}
	return marked[0]
}

// handOver moves the person part of a customer to the Contact that people marked
// instead of the present one. It tells whether that is under way: then the
// part is not merged in this pass. What the former Contact carries of the
// customer is taken off it first, because the id must be unique in the CRM.
func (d *decider) handOver(u *unit, l crossbook.Link, books *crossbook.Record) bool {
	to := d.heir(l)
	if to == nil {
		return false
	}
	before := d.w.record(l.CRM())
	if l.State == crossbook.Linked && (before == nil || before.Deleted) {
		return false // whether it was merged or deleted is settled first
	}
	name := recordName(books)
	if home := d.w.home(to.Ref); home != nil || d.isPromised(to.Ref, crossbook.Contacts) {
		d.fail(u, crossbook.Contacts, name, problem.BillingContactLinked(problem.Candidate{Ref: to.Ref, Name: recordName(to)}, d.about(crossbook.Contacts, crossbook.Customer, name)))
		u.dependsOn = append(u.dependsOn, to.Ref)
		return false
	}
	if d.held(u, crossbook.Contacts, name) {
		return true
	}
	u.again = true
	if d.takeOff(u, l, name) && d.w.pretend == nil {
		return true // the look after that write moves the part
	}
	l.BaseCRM, l.BaseBooks = d.handedBases(u, l, to, books)
	if l.State == crossbook.Linked {
		u.needs = append(u.needs, l.CRM()) // to be left out, or a customer by itself
	}
	u.needs = append(u.needs, d.printing(l.Books())...)
	for _, p := range d.t.mapping.Pairs(crossbook.Contacts, crossbook.Person) {
		u.settled = append(u.settled, settledField{l.ID, p.Field}) // differences from the former Contact
	}
	l.CRMID, l.CRMRevision, l.OurCRMRevision = to.ID, to.Revision, ""
	u.add(crossbook.Op{Kind: crossbook.LinkUp, Module: crossbook.Contacts, Link: l, Name: recordName(to), Why: whyHandedOver})
	return true
}

// takeOff empties the fields of ours on the Contact that gives its part up; it
// tells whether there is anything to empty. The base stays as it is: should the
// mark come back at once, what was emptied is put back.
func (d *decider) takeOff(u *unit, l crossbook.Link, name string) bool {
	rec := d.w.living(l.CRM())
	if rec == nil {
		return false
	}
	body, changes := d.emptied(rec)
	if len(body) == 0 {
		return false
	}
	u.add(crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.CRM, Module: crossbook.Contacts, Link: l, Name: name, Body: body,
		Changes: changes, Revision: rec.Revision, BaseCRM: crossbook.Fields{}, BaseBooks: crossbook.Fields{},
		Why: "no longer the billing contact of its Account",
	})
	return true
}

// emptied are the fields of ours that a Contact carries, emptied.
func (d *decider) emptied(rec *crossbook.Record) (body map[string]any, changes []crossbook.Change) {
	body = map[string]any{}
	for _, f := range mapping.AddedFields(crossbook.Contacts) {
		_, known := d.t.facts.metadata.CRMFields[crossbook.Contacts][f.APIName]
		if was := text(rec.Data[f.APIName]); f.ReadOnly && f.APIName != mapping.FieldSync && known && was != "" {
			body[f.APIName] = nil
			changes = append(changes, crossbook.Change{Field: f.APIName, Old: was})
		}
	}
	return body, changes
}

// takeOffStray empties the fields of ours on a Contact that came back after its
// part was handed over while it was deleted: another one carries that id now,
// and until then people cannot save the record. It tells whether it did.
func (d *decider) takeOffStray(u *unit, rec *crossbook.Record, account crossbook.Link) bool {
	taken := d.w.homeIn(account.Books(), crossbook.Contacts)
	if taken == nil || taken.CRMID == rec.ID || text(rec.Data[mapping.FieldID]) != account.BooksID {
		return false
	}
	body, changes := d.emptied(rec)
	u.add(crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.CRM, Module: crossbook.Contacts, Note: true, Name: recordName(rec), Body: body,
		Link: crossbook.Link{Module: crossbook.Contacts, CRMID: rec.ID}, Changes: changes, Revision: rec.Revision,
		Why: "another Contact is the billing contact of its Account",
	})
	u.again = true
	return true
}

// handedBases are the bases a person part starts with at another Contact: the
// name is that Contact's edit, its e-mail goes the way of P5, and everything
// else meets for the first time, which clears nothing.
func (d *decider) handedBases(u *unit, l crossbook.Link, to, books *crossbook.Record) (crm, qb crossbook.Fields) {
	crm, qb = crossbook.Fields{}, crossbook.Fields{}
	is := d.t.mapping.FromBooks(crossbook.Contacts, crossbook.Person, books.Data, d.w).Fields
	comes := d.t.mapping.FromCRM(crossbook.Contacts, crossbook.Person, to.Data, d.w).Fields
	for _, p := range d.t.mapping.Pairs(crossbook.Contacts, crossbook.Person) {
		was, met := l.BaseBooks[p.Field]
		switch {
		case !p.ToBooks():
		case p.Unit == mapping.UnitPerson:
			crm[p.Field], qb[p.Field] = is[p.Field], is[p.Field]
			if met && was != is[p.Field] && is[p.Field] != comes[p.Field] {
				u.conflicts = append(u.conflicts, store.Conflict{
					LinkID: l.ID, Module: crossbook.Contacts, Name: recordName(books), Field: p.Field, Winner: crossbook.CRM,
					Won: comes[p.Field], Lost: is[p.Field], LostSide: crossbook.Books, At: d.now,
				})
			}
		case p.Kind == mapping.Email && met:
			qb[p.Field], qb[mapping.FieldInvoiceEmail] = was, l.BaseBooks[mapping.FieldInvoiceEmail]
			if comes[p.Field] != "" {
				crm[p.Field] = l.BaseCRM[p.Field] // differs from it: an edit
			} else {
				crm[p.Field] = "" // an address that is missing takes none away
			}
		}
	}
	if len(nameParts(books.Data)) > 0 {
		crm[keyOtherPerson] = "true"
	}
	return crm, qb
}

// nameParts empties the parts of a person's name that no pair carries.
func nameParts(customer map[string]any) map[string]any {
	out := map[string]any{}
	for _, k := range []string{"MiddleName", "Suffix"} {
		if text(customer[k]) != "" {
			out[k] = ""
		}
	}
	return out
}

// printing are the documents that show the person of a customer.
func (d *decider) printing(customer crossbook.Ref) []crossbook.Ref {
	dependents, err := d.w.tx.Dependents(d.w.ctx, d.w.conn, []crossbook.Ref{customer})
	d.w.fail(err)
	return slices.DeleteFunc(dependents, func(r crossbook.Ref) bool { return r.Side == crossbook.CRM || !isDocument(r.Entity()) })
}

// markedBeside decides a Contact that people marked as billing contact while the
// customer has another person, or another Contact is marked too. It tells
// whether the Contact is decided.
func (d *decider) markedBeside(u *unit, rec *crossbook.Record, account crossbook.Link) bool {
	name := recordName(rec)
	var others []problem.Candidate
	mine := false
	for _, other := range d.marked(account.CRM()) {
		if other.ID == rec.ID {
			mine = true
			continue
		}
		others = append(others, problem.Candidate{Ref: other.Ref, Name: recordName(other)})
	}
	if !mine {
		return false
	}
	if len(others) > 0 {
		for _, o := range others {
			u.dependsOn = append(u.dependsOn, o.Ref)
		}
		d.fail(u, crossbook.Contacts, name, problem.BillingContacts(others, d.about(crossbook.Contacts, crossbook.Customer, name)))
		return true
	}
	taken := d.w.homeIn(account.Books(), crossbook.Contacts)
	if taken == nil {
		return false
	}
	if to := d.heir(*taken); to == nil || to.ID != rec.ID {
		return false
	}
	u.needs = append(u.needs, account.Books()) // the customer hands its person over
	d.leaveOut(u, rec.Ref, crossbook.Contacts, name, codeNotBilling, "it takes over as the billing contact of its Account")
	return true
}

// names tells whether changes touch a person's name.
func (d *decider) names(p pair, changes []crossbook.Change) bool {
	return slices.ContainsFunc(changes, func(c crossbook.Change) bool {
		pr, ok := d.t.mapping.Pair(p.link.Module, c.Field)
		return ok && pr.Unit == mapping.UnitPerson
	})
}

// billingContact decides a Contact that stands under an Account: the one
// marked, or the only one, shares the Account's customer; the others are left
// out (P1).
func (d *decider) billingContact(u *unit, rec *crossbook.Record) {
	m, name := crossbook.Contacts, recordName(rec)
	account := crossbook.CRMRef(crossbook.Accounts, lookupID(rec.Data, "Account_Name"))
	l := d.w.home(account)
	switch {
	case l == nil:
		if lo, ok := d.w.leftOut(account); ok {
			d.leaveOut(u, rec.Ref, m, name, "account-left-out", "its Account is left out: "+lo.Reason)
			u.dependsOn = append(u.dependsOn, account)
			return
		}
		d.wait(u, m, name, "the Account comes first", nil, account)
		return
	case l.State == crossbook.Tombstone:
		d.leaveOut(u, rec.Ref, m, name, "account-left-out", "its Account is left out on purpose")
		return
	}
	if d.isPromised(l.Books(), crossbook.Contacts) {
		u.again = true // an earlier unit of this batch makes the customer's person: look again once it is stored
		return
	}
	if l.Part == crossbook.Company && (d.takeOffStray(u, rec, *l) || d.markedBeside(u, rec, *l)) {
		return
	}
	if taken := d.w.homeIn(l.Books(), crossbook.Contacts); taken != nil || !d.isBillingContact(rec, account) || d.isAnother(rec, *l) {
		d.furtherContact(u, rec, *l)
		return
	}
	if l.Part == crossbook.Whole {
		d.leaveOut(u, rec.Ref, m, name, codeNotBilling, "its Account stands for the whole customer")
		return
	}
	if d.held(u, m, name) {
		return
	}
	d.link(u, m, crossbook.Person, rec.ID, crossbook.Customer, l.BooksID, name, "the billing contact of its Account")
}

// isBillingContact tells whether a Contact is the only one marked, or the
// Account's only one.
func (d *decider) isBillingContact(rec *crossbook.Record, account crossbook.Ref) bool {
	if text(rec.Data[mapping.FieldBillTo]) == "true" {
		return len(d.marked(account)) == 1
	}
	others := 0
	for _, r := range d.w.byKey(crossbook.CRM, string(crossbook.Contacts), mapping.KeyAccount, account.ID) {
		other := d.w.living(r)
		if r.ID == rec.ID || other == nil {
			continue
		}
		if text(other.Data[mapping.FieldBillTo]) == "true" {
			return false
		}
		others++
	}
	return others == 0
}

// isAnother tells whether the only Contact of an Account, which nobody marked, is
// not the person its customer names: that one gets a Contact of its own, whichever
// of the two is decided first.
func (d *decider) isAnother(rec *crossbook.Record, account crossbook.Link) bool {
	customer, ms := d.w.living(account.Books()), d.t.settings.Modules[crossbook.Contacts]
	if customer == nil || text(customer.Data["FamilyName"]) == "" || ms.Direction == crossbook.ToQB ||
		text(rec.Data[mapping.FieldBillTo]) == "true" {
		return false
	}
	dec := d.matchFromBooks(*customer, crossbook.Contacts, ms.Duplicates)
	return dec.Kind != match.Link || dec.Ref != rec.Ref
}

// markedFor is the Contact of a customer's Account that alone is marked as its
// billing contact and has no customer yet; nil when there is none.
func (d *decider) markedFor(customer crossbook.Ref) *crossbook.Record {
	l := d.w.homeIn(customer, crossbook.Accounts)
	if l == nil || l.State != crossbook.Linked || !d.t.settings.Modules[crossbook.Contacts].On {
		return nil
	}
	marked := d.marked(l.CRM())
	if len(marked) != 1 || d.w.home(marked[0].Ref) != nil || d.isPromised(marked[0].Ref, crossbook.Contacts) {
		return nil
	}
	return marked[0]
}

// joinBillingContact lets a new customer carry its Account's billing Contact
// at once: one customer, one write (P1).
func (d *decider) joinBillingContact(op *crossbook.Op, account *crossbook.Record) {
	if !d.t.settings.Modules[crossbook.Contacts].On || d.t.settings.Modules[crossbook.Contacts].Paused() {
		return
	}
	for _, r := range d.w.byKey(crossbook.CRM, string(crossbook.Contacts), mapping.KeyAccount, account.ID) {
		person := d.w.living(r)
		if person == nil || d.w.home(r) != nil || d.isPromised(r, crossbook.Contacts) || !d.isBillingContact(person, account.Ref) {
			continue
		}
		want := d.t.mapping.FromCRM(crossbook.Contacts, crossbook.Person, person.Data, d.w).Fields
		body, err := d.t.mapping.BooksBody(crossbook.Contacts, crossbook.Person, want, nil, nil, true, d.w, d.t.settings)
		if err != nil {
			return // the Contact follows by itself and says what is wrong
		}
		for k, v := range body {
			if _, ok := op.Body[k]; !ok {
				op.Body[k] = v
			}
		}
		with := crossbook.Op{
			Kind: crossbook.Create, Side: crossbook.Books, Module: crossbook.Contacts, Name: recordName(person),
			Link: crossbook.Link{
				ID: d.t.e.o.NewID(), Kind: crossbook.Home, Part: crossbook.Person, State: crossbook.Linked,
				Module: crossbook.Contacts, CRMID: person.ID, Entity: crossbook.Customer, CRMRevision: person.Revision,
			},
			BaseCRM: sentFields(d, crossbook.Contacts, crossbook.Person, want), Source: person.Ref, Why: "the billing contact of its Account",
		}
		with.BaseBooks = with.BaseCRM.Clone()
		op.With = append(op.With, with)
		return
	}
}
