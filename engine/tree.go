package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"crossbook"
	"crossbook/mapping"
	"crossbook/problem"
	"crossbook/store"
)

// deepest is how far below the top a customer may stand
// (reference/quickbooks-online.md section 5.1: five levels in total).
const deepest = 4

// AccountAbove finds the nearest customer, from one upwards, that shares an
// Account, as the home of that Account (mapping.Trees). A customer that was
// merged away stands for its survivor.
func (w *world) AccountAbove(booksID string) (home string, ok bool) {
	for range 4 * deepest { // merges lengthen the way; a circle must end
		ref := crossbook.BooksRef(crossbook.Customer, booksID)
		if crm, linked := w.CRMID(crossbook.Accounts, booksID); linked {
			if home, ok := w.BooksID(crossbook.Accounts, crm); ok {
				return home, true
			}
		}
		rec := w.record(ref)
		switch {
		case w.comes != nil && (rec == nil || w.comes(rec)):
			return booksID, false
		case rec == nil:
			return "", true
		}
		if survivor := w.mergedInto(rec); survivor != "" {
			booksID = survivor
			continue
		}
		if booksID = mapping.ParentID(rec.Data); booksID == "" {
			return "", true
		}
	}
	return "", true
}

// mergedInto is the record an inactive QuickBooks record was merged into.
func (w *world) mergedInto(rec *crossbook.Record) string {
	if text(rec.Data["Active"]) != "false" {
		return ""
	}
	var id string
	w.fail(readFact(w.ctx, w.tx, w.conn, factMerged+rec.Type+"/"+rec.ID, &id))
	return id
}

// accountComes tells whether a customer without an Account is still to get one.
func (d *decider) accountComes(rec *crossbook.Record) bool {
	ms := d.t.settings.Modules[crossbook.Accounts]
	if !ms.On || ms.Direction == crossbook.ToQB || d.wrongSource(crossbook.Accounts) || !mapping.Shape(rec.Data, d.t.settings).Account {
		return false
	}
	if len(d.w.links(rec.Ref)) > 0 {
		return false // left out on purpose, or a person's
	}
	_, out := d.w.leftOut(rec.Ref)
	return !out && d.survivor(rec.Ref) == ""
}

// furtherContact decides a Contact of a linked Account that is not its billing
// contact: left out, or a sub-customer by choice.
func (d *decider) furtherContact(u *unit, rec *crossbook.Record, account crossbook.Link) {
	m, name := crossbook.Contacts, recordName(rec)
	if !d.t.settings.ContactsAsSubCustomers {
		d.leaveOut(u, rec.Ref, m, name, codeNotBilling, whyNotBilling)
		return
	}
	if d.bearsTheName(rec, account) {
		d.link(u, m, crossbook.Person, rec.ID, crossbook.Customer, account.BooksID, name, "the customer of its Account bears this person's name")
		return
	}
	d.unlinkedInCRM(u, rec, crossbook.Whole)
}

// bearsTheName tells whether the customer of an Account has a person, not linked
// yet, who is this Contact and no other one of the Account: the billing contact,
// though nobody marked it.
func (d *decider) bearsTheName(rec *crossbook.Record, account crossbook.Link) bool {
	customer := d.w.living(account.Books())
	action := d.t.settings.Modules[crossbook.Contacts].Duplicates
	if customer == nil || account.Part != crossbook.Company || action != crossbook.LinkAndFill && action != crossbook.Overwrite ||
		d.w.homeIn(account.Books(), crossbook.Contacts) != nil || d.isPromised(account.Books(), crossbook.Contacts) {
		return false
	}
	same := func(r *crossbook.Record) bool {
		first, last := mapping.Fold(text(r.Data["First_Name"])), mapping.Fold(text(r.Data["Last_Name"]))
		given := mapping.Fold(text(customer.Data["GivenName"]))
		return last != "" && last == mapping.Fold(text(customer.Data["FamilyName"])) && (first == "" || given == "" || first == given)
	}
	if !same(rec) {
		return false
	}
	for _, r := range d.w.byKey(crossbook.CRM, string(crossbook.Contacts), mapping.KeyAccount, account.CRMID) {
		if other := d.w.living(r); other != nil && r != rec.Ref && same(other) {
			return false
		}
	}
	return true
}

// placeInBooks settles under which customer a new one stands, and tells whether
// the unit may go on: the customer of its Account comes first.
func (d *decider) placeInBooks(u *unit, rec *crossbook.Record, m crossbook.Module, part crossbook.Part, name string, want crossbook.Fields) bool {
	pr, ok := d.t.mapping.TreePair(m, part)
	if !ok || want[pr.Field] == "" {
		return true
	}
	id, missing := mapping.Unlinked(want[pr.Field])
	if !missing {
		parent := crossbook.BooksRef(crossbook.Customer, want[pr.Field])
		if d.level(parent)+1 > deepest {
			d.fail(u, m, name, problem.FromBooks("6180", "", "", "", d.about(m, crossbook.Customer, name)))
			return false
		}
		u.dependsOn = append(u.dependsOn, parent)
		return true
	}
	if d.inCircle(rec) {
		d.fail(u, m, name, problem.FromBooks("6180", "", "", "", d.about(m, crossbook.Customer, name)))
		return false
	}
	account := crossbook.CRMRef(crossbook.Accounts, id)
	u.dependsOn = append(u.dependsOn, account)
	_, out := d.w.leftOut(account)
	if home := d.w.home(account); out || home != nil || d.w.record(account) != nil && d.w.living(account) == nil {
		delete(want, pr.Field) // it has no customer: this one stands at the top, until a person moves it
		want[keyTop] = id
		return true
	}
	d.wait(u, m, name, "waiting for its "+pr.Label, nil, account)
	return false
}

// level is how far below the top a customer stands.
func (d *decider) level(r crossbook.Ref) int {
	n := 0
	for rec := d.w.record(r); rec != nil && n <= deepest; n++ {
		parent := mapping.ParentID(rec.Data)
		if parent == "" {
			break
		}
		rec = d.w.record(crossbook.BooksRef(crossbook.Customer, parent))
	}
	return n
}

// inCircle tells whether the Parent Accounts of an Account lead back to it.
func (d *decider) inCircle(rec *crossbook.Record) bool {
	seen := map[crossbook.Ref]bool{}
	for at := rec; at != nil; at = d.w.living(crossbook.CRMRef(crossbook.Accounts, lookupID(at.Data, "Parent_Account"))) {
		if seen[at.Ref] {
			return at.Ref == rec.Ref
		}
		seen[at.Ref] = true
	}
	return false
}

// movedInCRM looks whether people placed a linked record under another Account.
// That is never sent, because moving a customer moves its invoices (spec section
// 2): a person decides. It returns true when the unit must not be decided yet.
func (d *decider) movedInCRM(u *unit, p *pair) (wait bool) {
	pr, ok := d.t.mapping.TreePair(p.link.Module, p.link.Part)
	if !ok {
		return false
	}
	u.dependsOn = append(u.dependsOn, p.fromQB.DependsOn...)
	if d.lateAccount(u, p, pr) {
		return false
	}
	now, books := p.fromCRM.Fields[pr.Field], p.fromQB.Fields[pr.Field]
	was, met := p.link.BaseCRM[pr.Field]
	stood, metBooks := p.link.BaseBooks[pr.Field]
	if id, none := mapping.Unlinked(was); none && id == lookupID(p.crm.Data, pr.Field) {
		was = now // the same Account, which has a customer by now
		p.link.BaseCRM[pr.Field] = now
	}
	if !met || !metBooks || now == was || now == books || stood != books || d.gone(*p)[pr.Field] {
		return false
	}
	if was != "" && !d.t.fresh[CRMFeed(crossbook.Accounts)] {
		u.needs = append(u.needs, CRMFeed(crossbook.Accounts)) // its Account may have been deleted or merged
		u.again = true
		return true
	}
	d.leaveToPeople(p, pr.Field)
	d.askWhereItStands(u, p, pr.Label, d.customerName(books), d.customerName(now))
	return false
}

// movedUnit is the question about a record that people moved.
type movedUnit struct {
	module  crossbook.Module
	name    string
	problem crossbook.Problem
}

// askMoved puts the question once everything else of the unit is done.
func (d *decider) askMoved(u *unit) {
	switch {
	case u.moved == nil:
	case u.remote():
		u.again = true
	default:
		d.fail(u, u.moved.module, u.moved.name, u.moved.problem)
	}
}

// customerName names the customer a look-up leads to, for a sentence.
func (d *decider) customerName(id string) string {
	if account, none := mapping.Unlinked(id); none {
		return recordName(d.w.record(crossbook.CRMRef(crossbook.Accounts, account)))
	}
	return recordName(d.w.record(crossbook.BooksRef(crossbook.Customer, id)))
}

// takeInBelow has looked at again what was left out with an Account, or was put
// at the top for want of it, now that the Account has a customer.
func (t *turn) takeInBelow(ctx context.Context, tx *store.Tx, l crossbook.Link) error {
	if l.Module != crossbook.Accounts || l.State != crossbook.Linked {
		return nil
	}
	var below []crossbook.Ref
	for _, under := range []struct{ module, key string }{
		{string(crossbook.Accounts), mapping.KeyParent}, {string(crossbook.Contacts), mapping.KeyAccount},
	} {
		hits, err := tx.MirrorByKey(ctx, t.conn.ID, crossbook.CRM, under.module, under.key, []string{l.CRMID})
		if err != nil {
			return err
		}
		for _, h := range hits {
			below = append(below, h.Ref)
		}
	}
	out, err := tx.LeftOutMany(ctx, t.conn.ID, below)
	if err != nil {
		return err
	}
	top, err := t.madeAtTheTop(ctx, tx, below)
	if err != nil {
		return err
	}
	below = slices.DeleteFunc(below, func(r crossbook.Ref) bool { _, is := out[r]; return !is && !top[r] })
	return tx.MarkDirty(ctx, t.conn.ID, dirtyRows(below, reasonNeeded, t))
}

// treeChanged has looked at what a sub-customer's own record, or the loss of it,
// moves: its documents, and the figures of the customers above it.
func (t *turn) treeChanged(ctx context.Context, tx *store.Tx, l crossbook.Link) error {
	if !t.settings.Trees() || l.Entity != crossbook.Customer {
		return nil
	}
	if err := t.takeInBelow(ctx, tx, l); err != nil {
		return err
	}
	var refs []crossbook.Ref
	for at := l.Books(); len(refs) <= deepest; {
		row, err := tx.Mirror(ctx, t.conn.ID, at)
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err != nil {
			return err
		}
		parent := mapping.ParentID(row.Record.Data)
		if parent == "" {
			break
		}
		at = crossbook.BooksRef(crossbook.Customer, parent)
		refs = append(refs, at)
	}
	if len(refs) == 0 {
		return nil
	}
	dependents, err := tx.Dependents(ctx, t.conn.ID, []crossbook.Ref{l.Books()})
	if err != nil {
		return fmt.Errorf("find what depends on %s: %w", l.Books(), err)
	}
	return tx.MarkDirty(ctx, t.conn.ID, dirtyRows(append(refs, dependents...), reasonResync, t))
}
