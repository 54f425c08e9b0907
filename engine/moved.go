package engine

import (
	"context"
	"slices"

	"crossbook"
	"crossbook/mapping"
	"crossbook/problem"
	"crossbook/store"
)

// A customer is put where it stands when it is made, and never moved by us,
// because moving a customer moves its invoices (spec section 2). What people in
// the CRM do afterwards that would move one is a question to a person.

const (
	// keyAccount is kept in the base of a Contact: the Account it stood under when
	// both sides last agreed. It is no CRM field.
	keyAccount = "#account"
	// keyTop is kept in the base of a record whose customer was made at the top,
	// because its Account had no customer then: that Account. It is no CRM field.
	keyTop = "#top"
)

// lateAccount asks about a customer that was put at the top because its Account
// had none then, once the Account has one. It tells whether it asked.
func (d *decider) lateAccount(u *unit, p *pair, pr mapping.Pair) bool {
	top := p.link.BaseCRM[keyTop]
	if top == "" {
		return false
	}
	u.dependsOn = append(u.dependsOn, crossbook.CRMRef(crossbook.Accounts, top))
	now := p.fromCRM.Fields[pr.Field]
	if _, none := mapping.Unlinked(now); none || now == "" || p.fromQB.Fields[pr.Field] != "" || lookupID(p.crm.Data, pr.Field) != top {
		return false
	}
	d.leaveToPeople(p, pr.Field)
	d.askWhereItStands(u, p, pr.Label, "", d.customerName(now))
	return true
}

// leaveToPeople keeps a field out of the merge: its base stays, and with it the
// question.
func (d *decider) leaveToPeople(p *pair, field string) {
	for i := range p.rules {
		if p.rules[i].Field == field {
			p.rules = slices.Delete(slices.Clone(p.rules), i, i+1)
			return
		}
	}
}

func (d *decider) askWhereItStands(u *unit, p *pair, label, from, to string) {
	fault := problem.Moved(label, from, to,
		len(d.documentsOf(crossbook.Invoice, p.books.ID)), len(d.documentsOf(crossbook.Estimate, p.books.ID)),
		d.about(p.link.Module, p.link.Entity, p.name))
	u.moved = &movedUnit{module: p.link.Module, name: p.name, problem: fault}
}

// otherAccount looks whether people gave a linked Contact another Account where
// no sub-customer stands for that: a customer by itself that gained one, or a
// billing contact that went to another firm. Everything else of it goes on. It
// returns true when the unit must not be decided yet.
func (d *decider) otherAccount(u *unit, p *pair) (wait bool) {
	if !d.keepsAccount(p.link) {
		return false
	}
	if _, came := p.crm.Data["Account_Name"]; !came {
		return false
	}
	now := lookupID(p.crm.Data, "Account_Name")
	was, met := p.link.BaseCRM[keyAccount]
	if met && was == now {
		return false
	}
	if !met || d.accountAgreed(p, now) {
		p.account = &now
		return false
	}
	if was != "" {
		if !d.t.fresh[CRMFeed(crossbook.Accounts)] {
			u.needs = append(u.needs, CRMFeed(crossbook.Accounts)) // it may have been deleted or merged
			u.again = true
			return true
		}
		if d.w.living(crossbook.CRMRef(crossbook.Accounts, was)) == nil {
			p.account = &now // nobody moved the Contact: its Account is gone
			return false
		}
	}
	u.dependsOn = append(u.dependsOn, crossbook.CRMRef(crossbook.Accounts, now))
	name := func(id string) string { return recordName(d.w.record(crossbook.CRMRef(crossbook.Accounts, id))) }
	if p.link.Part == crossbook.Person {
		about := d.about(p.link.Module, p.link.Entity, recordName(p.crm))
		u.moved = &movedUnit{module: p.link.Module, name: p.name, problem: problem.BillingContactMoved(name(was), name(now), about)}
		return false
	}
	d.askWhereItStands(u, p, "Account Name", "", name(now))
	return false
}

// keepsAccount tells whether the Account of a linked Contact means something for
// its customer that no pair carries.
func (d *decider) keepsAccount(l crossbook.Link) bool {
	if l.Module != crossbook.Contacts || d.wrongSource(crossbook.Accounts) {
		return false
	}
	_, tree := d.t.mapping.TreePair(l.Module, l.Part)
	return !tree
}

// accountAgreed tells whether the customer stands in QuickBooks where the Account
// of its Contact says: with it, under it, or bearing its name as company name. A
// customer by itself whose Contact left its Account stands right, too.
func (d *decider) accountAgreed(p *pair, account string) bool {
	company := d.w.homeIn(p.books.Ref, crossbook.Accounts)
	if p.link.Part == crossbook.Person {
		return company == nil || company.State != crossbook.Linked || company.CRMID == account
	}
	if account == "" || company != nil && company.CRMID == account {
		return true
	}
	ref := crossbook.CRMRef(crossbook.Accounts, account)
	if home := d.w.home(ref); home != nil && home.State == crossbook.Linked && mapping.ParentID(p.books.Data) == home.BooksID {
		return true
	}
	name := mapping.Fold(recordName(d.w.record(ref)))
	return name != "" && name == mapping.Fold(text(p.books.Data["CompanyName"]))
}

// madeAtTheTop are the CRM records among some whose customers had to be made at
// the top.
func (t *turn) madeAtTheTop(ctx context.Context, tx *store.Tx, refs []crossbook.Ref) (map[crossbook.Ref]bool, error) {
	ids := map[crossbook.Module][]string{}
	for _, r := range refs {
		ids[r.Module()] = append(ids[r.Module()], r.ID)
	}
	out := map[crossbook.Ref]bool{}
	for m, list := range ids {
		links, err := tx.LinksByCRM(ctx, t.conn.ID, m, list...)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if l.State == crossbook.Linked && l.BaseCRM[keyTop] != "" {
				out[l.CRM()] = true
			}
		}
	}
	return out, nil
}
