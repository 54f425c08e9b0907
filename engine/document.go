package engine

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/money"
	"crossbook/problem"
)

// recentDays is how old a document may be for CRM automation to run for it
// (P25).
const recentDays = 7

// keyTotal is kept in a document's base beside its fields: the Grand Total the
// CRM must show, read back after a write (R82). It is no CRM field.
const keyTotal = "#grand_total"

// document decides a QuickBooks estimate, invoice or purchase order. Documents
// only travel into the CRM (R26): what was sent last is compared with what
// should be there.
func (d *decider) document(u *unit) {
	rec := d.w.record(u.books)
	m := documentModule(u.books.Entity())
	ms := d.t.settings.Modules[m]
	switch {
	case rec == nil:
		u.rereads = append(u.rereads, u.books)
		return
	case !ms.On:
		d.leaveOut(u, u.books, m, recordName(rec), "module-off", m.Label()+" is switched off")
		return
	}
	l := d.w.homeIn(u.books, m)
	before := len(u.ops)
	defer func() {
		if len(u.ops) > before || len(u.wholes) > 0 {
			d.dealMoved(u, l) // something of it changed: its Deal may show it (P33)
		}
	}()
	if l != nil && l.State == crossbook.Tombstone {
		d.documentBack(u, *l, recordName(rec))
		return
	}
	if l != nil {
		if rec.Deleted && len(l.BaseCRM) == 0 && l.OurCRMRevision == "" {
			return // linked with a document of the CRM, and gone before it was ever written
		}
		if _, deleted := d.deletedInCRM(l.CRM()); deleted {
			d.bury(u, *l, recordName(rec), "")
			return
		}
	}
	if l == nil {
		if rec.Deleted {
			return
		}
		if code, why, in := d.inExtent(rec, m); !in {
			d.leaveOut(u, u.books, m, recordName(rec), code, why)
			return
		}
	}
	d.project(u, rec, m, l)
}

// project makes the CRM record of a document and plans the write, if any.
func (d *decider) project(u *unit, rec *crossbook.Record, m crossbook.Module, l *crossbook.Link) {
	name := recordName(rec)
	about := d.about(m, rec.Entity(), name)
	var party document.Party
	// What is gone keeps what it showed, its owner too, and needs neither currency
	// nor party: a customer that was left out must not keep its money standing.
	gone := l != nil && (rec.Deleted || document.IsVoided(rec.Data))
	if !gone {
		if fault := d.documentCurrency(m, rec, name); fault != nil {
			d.fail(u, m, name, *fault)
			return
		}
		var ok bool
		if party, ok = d.party(u, rec, m, name); !ok {
			return
		}
	}
	if l == nil && d.oldDocument(u, rec, m, party, name) {
		return
	}
	in := d.input(u, rec, m, l, party)
	if gone {
		in.OwnerID = ""
	}
	out, err := document.Project(in)
	if err != nil {
		d.fail(u, m, name, problem.Bug(err.Error(), about))
		return
	}
	if len(out.Missing) > 0 {
		d.itemsMissing(u, m, name, out.Missing)
		return
	}
	want := out.Canonical()
	want[keyTotal] = out.Expect.GrandTotal.StringFixed(2)
	if l == nil {
		d.createDocument(u, rec, m, out, want, in)
		return
	}
	sent := l.BaseCRM.Clone()
	delete(sent, keyWritten)
	if sent.Equal(want) {
		return
	}
	if until, yes := d.staysWrong(*l, want); yes {
		u.notBefore = until
		return
	}
	d.updateDocument(u, rec, m, *l, out, want)
}

// documentCurrency checks that the CRM has the document's currency (R15).
func (d *decider) documentCurrency(m crossbook.Module, rec *crossbook.Record, name string) *crossbook.Problem {
	code := refValue(rec.Data, "CurrencyRef")
	if code == "" || slices.Contains(d.t.facts.currencies, code) {
		return nil
	}
	p := problem.Currency(problem.NotInCRM, "", code, d.about(m, rec.Entity(), name))
	return &p
}

// createDocument plans a new CRM document.
func (d *decider) createDocument(u *unit, rec *crossbook.Record, m crossbook.Module, out document.Output, want crossbook.Fields, in document.Input) {
	if d.held(u, m, in.Party.Name) {
		return
	}
	u.add(crossbook.Op{
		Kind: crossbook.Create, Side: crossbook.CRM, Module: m, Name: out.Fields["Subject"],
		Link: crossbook.Link{
			ID: d.t.e.o.NewID(), Kind: crossbook.Home, Part: crossbook.Whole, State: crossbook.Linked,
			Module: m, Entity: rec.Entity(), BooksID: rec.ID,
		},
		Body: d.knownFields(m, out.Body(m, d.t.facts.layouts[m], nil)), BaseCRM: want,
		Changes: []crossbook.Change{{Field: "Grand_Total", New: want[keyTotal]}},
		Trigger: d.recent(rec), Why: "new in QuickBooks",
	})
}

// updateDocument plans the update of a CRM document: its present rows are read
// first, because rows that survive keep their ids (R83).
func (d *decider) updateDocument(u *unit, rec *crossbook.Record, m crossbook.Module, l crossbook.Link, out document.Output, want crossbook.Fields) {
	name := out.Fields["Subject"]
	if d.held(u, m, name) {
		return
	}
	whole, read := d.t.whole[l.CRM()]
	if !read {
		u.wholes = append(u.wholes, l.CRM())
		return
	}
	if whole == nil {
		d.documentGone(u, l, name)
		return
	}
	if _, set := want["Owner"]; set && d.keepsOwner(l, whole) {
		delete(out.Fields, "Owner")
		if changes := documentChanges(l.BaseCRM, want); len(changes) == 1 && changes[0].Field == "Owner" {
			u.add(crossbook.Op{
				Kind: crossbook.Rebase, Module: m, Name: name, Link: l, BaseCRM: crossbook.Fields{"Owner": want["Owner"]},
				Why: "a person gave the document another owner, who keeps it",
			})
			return
		}
	}
	body := d.knownFields(m, out.Body(m, d.t.facts.layouts[m], rowsOfDocument(whole, m)))
	if document.Gone(want[document.FieldStatus]) {
		bringToZero(body, whole, m)
	}
	u.add(crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.CRM, Module: m, Name: name, Link: l, BaseCRM: want,
		Body:    body,
		Changes: documentChanges(l.BaseCRM, want), Revision: whole.Revision,
		Trigger: d.recent(rec), Why: "QuickBooks changed the document",
	})
}

// bringToZero has a document that is gone in QuickBooks show 0 whatever its rows
// say in the CRM by now (P21). Rows and look-ups stay as they are and are not
// sent: what they point to may have been deleted there.
func bringToZero(body map[string]any, whole *crossbook.Record, m crossbook.Module) {
	total, hasTotal, err := money.FromJSON(whole.Data["Grand_Total"])
	adjustment, _, errAdjustment := money.FromJSON(whole.Data["Adjustment"])
	if !hasTotal || err != nil || errAdjustment != nil {
		return
	}
	for _, field := range []string{
		document.Subform(m), "Discount", "Owner", "Currency", "Exchange_Rate", "Account_Name", "Contact_Name", "Vendor_Name", document.FieldSourceQuote,
	} {
		delete(body, field)
	}
	body["Adjustment"] = money.Number(adjustment.Sub(total))
}

// documentGone plans for a document that is not in the CRM any more: it was
// deleted there, and stays left out (P8), once the list of deleted records or a
// second look says so.
func (d *decider) documentGone(u *unit, l crossbook.Link, name string) {
	if feed := CRMFeed(l.Module); !d.t.fresh[feed] {
		u.needs = append(u.needs, feed)
		u.again = true
		return
	}
	var first absence
	key := "absent/" + string(crossbook.CRM) + "/" + string(l.Module) + "/" + l.CRMID
	d.w.fail(readFact(d.w.ctx, d.w.tx, d.w.conn, key, &first))
	if first.Turn == "" || first.Turn == d.t.id {
		u.gone = append(u.gone, l.CRM())
		return
	}
	d.bury(u, l, name, "not found by its id in two turns")
}

func rowsOfDocument(whole *crossbook.Record, m crossbook.Module) []map[string]any {
	list, _ := whole.Data[document.Subform(m)].([]any)
	rows := make([]map[string]any, 0, len(list))
	for _, e := range list {
		if r, ok := e.(map[string]any); ok {
			rows = append(rows, r)
		}
	}
	return rows
}

// documentChanges lists what differs from what was sent last.
func documentChanges(base, want crossbook.Fields) []crossbook.Change {
	var out []crossbook.Change
	for _, f := range slices.Sorted(maps.Keys(want)) {
		if base[f] != want[f] {
			out = append(out, crossbook.Change{Field: f, Old: base[f], New: want[f]})
		}
	}
	return out
}

// knownFields drops what the live metadata does not show: Zoho would drop it
// without a word, and unknown keys are never sent.
func (d *decider) knownFields(m crossbook.Module, body map[string]any) map[string]any {
	known := d.t.facts.metadata.CRMFields[m]
	for k := range body {
		if k == "Layout" || k == document.Subform(m) {
			continue
		}
		if f, ok := known[k]; !ok || !f.OnLayout && k != "Currency" && k != "Exchange_Rate" && k != "Owner" {
			delete(body, k)
		}
	}
	return body
}

// recent tells whether CRM automation may run for a document (P25).
func (d *decider) recent(rec *crossbook.Record) bool {
	date, err := time.Parse(time.DateOnly, text(rec.Data["TxnDate"]))
	if err != nil {
		return false
	}
	today, err := time.Parse(time.DateOnly, d.today)
	return err == nil && today.Sub(date) <= recentDays*24*time.Hour
}

// party resolves the document's customer or vendor to CRM records: a
// sub-customer's documents go to the nearest linked ancestor (P1, R78).
func (d *decider) party(u *unit, rec *crossbook.Record, m crossbook.Module, name string) (document.Party, bool) {
	entity, key, wants := crossbook.Customer, "CustomerRef", crossbook.Accounts
	if rec.Entity() == crossbook.PurchaseOrder {
		entity, key, wants = crossbook.Vendor, "VendorRef", crossbook.Vendors
	}
	ref := crossbook.BooksRef(entity, refValue(rec.Data, key))
	first := d.w.record(ref)
	if first == nil {
		u.rereads = append(u.rereads, ref)
		return document.Party{}, false
	}
	u.dependsOn = append(u.dependsOn, ref)
	p := document.Party{Name: recordName(first)}
	for at := first; at != nil; at = d.w.record(crossbook.BooksRef(entity, mapping.ParentID(at.Data))) {
		u.dependsOn = append(u.dependsOn, at.Ref)
		if d.partyOf(&p, at.Ref, entity) {
			if at != first {
				p.Job, p.Name = recordName(first), recordName(at)
			}
			return p, true
		}
		if mapping.ParentID(at.Data) == "" {
			return p, d.partyMissing(u, m, name, at.Ref, wants)
		}
	}
	return p, d.partyMissing(u, m, name, ref, wants)
}

// partyOf fills in the CRM records a QuickBooks party is linked with (R80).
func (d *decider) partyOf(p *document.Party, ref crossbook.Ref, entity crossbook.Entity) bool {
	if entity == crossbook.Vendor {
		id, ok := d.w.CRMID(crossbook.Vendors, ref.ID)
		p.VendorID = id
		return ok
	}
	account, isAccount := d.w.CRMID(crossbook.Accounts, ref.ID)
	contact, isContact := d.w.CRMID(crossbook.Contacts, ref.ID)
	if isContact && !isAccount {
		if c := d.w.living(crossbook.CRMRef(crossbook.Contacts, contact)); c != nil {
			account = lookupID(c.Data, "Account_Name")
		}
	}
	p.AccountID, p.ContactID = account, contact
	return isAccount || isContact
}

// partyMissing decides about a document whose party has no CRM record: error 5
// when none will come by itself, otherwise it waits and the party is asked for.
func (d *decider) partyMissing(u *unit, m crossbook.Module, name string, party crossbook.Ref, wants crossbook.Module) bool {
	rec := d.w.record(party)
	about := d.about(m, documentEntity(m), name)
	will := rec != nil && d.willCome(party, wants)
	if party.Entity() == crossbook.Customer && rec != nil {
		shape := mapping.Shape(rec.Data, d.t.settings)
		if shape.Contact && !shape.Account {
			wants = crossbook.Contacts
			will = d.willCome(party, wants)
		}
	}
	u.dependsOn = append(u.dependsOn, party)
	if l := d.w.homeIn(party, wants); l != nil {
		u.dependsOn = append(u.dependsOn, l.CRM())
	}
	if !will {
		d.fail(u, m, name, problem.PartyMissing(wants, documentEntity(m), problem.Candidate{Ref: party, Name: recordName(rec)}, about))
		return false
	}
	u.needs = append(u.needs, party)
	d.wait(u, m, name, "waiting for "+recordName(rec), nil, party)
	return false
}

func documentEntity(m crossbook.Module) crossbook.Entity { return m.Entity() }

// willCome tells whether a party or item may still get its CRM record by
// itself: it was not left out, deleted or refused.
func (d *decider) willCome(ref crossbook.Ref, m crossbook.Module) bool {
	ms := d.t.settings.Modules[m]
	if !ms.On || ms.Direction == crossbook.ToQB || d.wrongSource(m) || d.hasProblem(ref, m) {
		return false
	}
	if l := d.w.homeIn(ref, m); l != nil && l.State == crossbook.Tombstone {
		return false
	}
	if lo, out := d.w.leftOut(ref); out {
		// What was left out because nothing named it comes in now (P17).
		return lo.Code == "inactive" || lo.Code == "vendor-not-needed" || lo.Code == codeUntouched
	}
	return true
}

// itemsMissing decides about a document whose items have no product: error 4
// when one will not come by itself, otherwise it waits (R79, P17).
func (d *decider) itemsMissing(u *unit, m crossbook.Module, name string, missing []crossbook.Ref) {
	var never []problem.Candidate
	for _, ref := range missing {
		if !d.willCome(ref, crossbook.Products) {
			never = append(never, problem.Candidate{Ref: ref, Name: recordName(d.w.record(ref))})
		}
	}
	u.dependsOn = append(u.dependsOn, missing...)
	for _, ref := range missing {
		if l := d.w.homeIn(ref, crossbook.Products); l != nil {
			u.dependsOn = append(u.dependsOn, l.CRM())
		}
	}
	if len(never) > 0 {
		d.fail(u, m, name, problem.ProductMissing(never, d.about(m, documentEntity(m), name)))
		return
	}
	u.needs = append(u.needs, missing...)
	d.wait(u, m, name, fmt.Sprintf("waiting for %d products", len(missing)), nil, missing...)
}
