package engine

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// unit is what is decided at once: one QuickBooks record with its CRM
// counterparts, or one CRM record that has none. An Account, its billing
// Contact and their customer are one unit (P1).
type unit struct {
	rows  []store.Dirty
	books crossbook.Ref // zero for a CRM record without a link
	crm   crossbook.Ref // zero for a unit found by its QuickBooks record
	ops   []crossbook.Op
	// again tells that the unit must be looked at once more in this turn even
	// when its operations succeed: another record follows from them.
	again bool
	// trigger tells whether CRM automation may run for writes of the unit.
	trigger bool
	// needs are records that must be brought in for this one (P17).
	needs []crossbook.Ref
	// rereads are records whose state must be asked for before a decision.
	rereads []crossbook.Ref
	// wholes are CRM documents to read with their lines before a decision.
	wholes []crossbook.Ref
	// heads are CRM documents to read without their lines before a decision.
	heads []crossbook.Ref
	// deals are numbers of Deals to look for before a decision.
	deals []string
	// gone are records that were not found and may be gone.
	gone []crossbook.Ref
	// waiting tells that something is still missing though nothing is to be
	// done now: the rows stay until it comes.
	waiting bool
	// notBefore is when the unit is tried again: until then its problem stands
	// and nothing is sent.
	notBefore time.Time
	// leftOut says why the unit, or a part of it, has no link.
	leftOut []store.LeftOut
	// differences and conflicts are what a merge found for people to see.
	differences []store.Difference
	settled     []settledField // differences that are settled
	conflicts   []store.Conflict
	dependsOn   []crossbook.Ref
	moved       *movedUnit      // people in the CRM placed the record elsewhere
	merges      []mergeNote     // records that are one in the CRM and two in QuickBooks
	leftOwners  []string        // users who left and still own a party of the document
	agreed      []string        // links whose present values were taken as agreed
	refused     atomic.Bool     // a vendor refused one of the writes
	proposed    map[string]bool // links with edits that wait for an accountant
	notes       []store.Dirty   // records whose QuickBooks sync is to be looked at
	until       time.Time       // the unit is to be looked at later, with nothing to do now
}

type settledField struct{ link, field string }

// source is the record the unit is listed under.
func (u *unit) source() crossbook.Ref {
	if !u.books.IsZero() {
		return u.books
	}
	return u.crm
}

// remote tells whether the unit writes to a vendor.
func (u *unit) remote() bool {
	return slices.ContainsFunc(u.ops, func(op crossbook.Op) bool { return op.Kind.Remote() })
}

// troubled tells whether a part of the unit is held by a problem: what another
// part achieves does not settle it.
func (u *unit) troubled() bool {
	return u != nil && (u.refused.Load() || slices.ContainsFunc(u.ops, func(op crossbook.Op) bool { return op.Problem != nil }))
}

func (u *unit) add(op crossbook.Op) {
	if op.Source.IsZero() {
		op.Source = u.source()
	}
	op.Trigger = op.Trigger && u.trigger
	u.ops = append(u.ops, op)
}

// decide turns due rows into units with operations. It reads one state of the
// store and calls no vendor.
func (t *turn) decide(ctx context.Context, rows []store.Dirty) ([]*unit, error) {
	var units []*unit
	err := t.view(ctx, func(tx *store.Tx) error {
		w := newWorld(ctx, tx, t.conn.ID)
		w.pretend = t.pretend
		units = t.assemble(w, rows)
		d := t.decider(w)
		w.comes = d.accountComes
		d.prefetch(units)
		for _, u := range units {
			d.unit(u)
			d.claim(u)
		}
		return w.err
	})
	return units, err
}

// assemble groups rows into units: the rows of both sides of a pair are one.
func (t *turn) assemble(w *world, rows []store.Dirty) []*unit {
	refs := make([]crossbook.Ref, len(rows))
	for i, r := range rows {
		refs[i] = r.Ref
	}
	w.loadLinks(refs)
	byRef := map[crossbook.Ref]*unit{}
	var units []*unit
	for _, row := range rows {
		u := &unit{}
		if row.Ref.Side == crossbook.Books {
			u.books = row.Ref
		} else {
			u.crm = row.Ref
			if l := w.home(row.Ref); l != nil && l.BooksID != "" {
				u.books, u.crm = l.Books(), crossbook.Ref{}
			}
		}
		if old, ok := byRef[u.source()]; ok {
			u = old
		} else {
			byRef[u.source()] = u
			units = append(units, u)
		}
		u.rows = append(u.rows, row)
		u.trigger = u.trigger || live(row)
	}
	return units
}

// decider decides units. It is deterministic: the same store, clock and unit
// give the same operations.
type decider struct {
	t     *turn
	w     *world
	now   time.Time
	today string
	// promised are records that earlier units of the batch link or create: they
	// are nobody else's match, and are looked at again once that is stored.
	promised map[promisedKey]bool
}

type promisedKey struct {
	ref    crossbook.Ref
	module crossbook.Module // of a QuickBooks record: the CRM module of the part
}

func (t *turn) decider(w *world) *decider {
	return &decider{t: t, w: w, now: t.now(), today: t.facts.today(t.now()), promised: map[promisedKey]bool{}}
}

// claim notes the records a unit links or creates.
func (d *decider) claim(u *unit) {
	for _, op := range u.ops {
		for _, o := range append([]crossbook.Op{op}, op.With...) {
			if o.Kind != crossbook.Create && o.Kind != crossbook.LinkUp {
				continue
			}
			d.promised[promisedKey{o.Link.CRM(), o.Module}] = true
			d.promised[promisedKey{o.Link.Books(), o.Module}] = true
		}
	}
}

// isPromised tells whether an earlier unit of the batch links the record.
func (d *decider) isPromised(r crossbook.Ref, m crossbook.Module) bool {
	return r.ID != "" && d.promised[promisedKey{r, m}]
}

// counterparts are the CRM modules a QuickBooks record may pair with.
func (d *decider) counterparts(r crossbook.Ref) []crossbook.Module {
	if r.Side == crossbook.CRM || isDocument(r.Entity()) {
		return nil
	}
	return r.Entity().Modules()
}

// unit decides one unit.
func (d *decider) unit(u *unit) {
	if r, ok := notedRecord(u.crm); ok {
		d.note(u, r)
		return
	}
	switch {
	case u.crm.Type == string(crossbook.Deals):
		d.deal(u)
	case u.books.IsZero() && d.isPromised(u.crm, u.crm.Module()):
		u.again = true
	case u.books.IsZero():
		d.fromCRM(u)
	case isDocument(u.books.Entity()):
		d.document(u)
	case u.books.Entity() == crossbook.Customer:
		d.customer(u)
	default:
		d.single(u)
	}
	if len(u.rereads)+len(u.wholes)+len(u.heads)+len(u.deals)+len(u.gone) > 0 {
		u.ops = nil // not known enough yet: read first, decide then
		return
	}
	u.ops = combine(u.ops)
	d.tellState(u)
}

func isDocument(e crossbook.Entity) bool {
	return e == crossbook.Estimate || e == crossbook.Invoice || e == crossbook.PurchaseOrder
}

// single decides a vendor or an item: one CRM record at most.
func (d *decider) single(u *unit) {
	m := u.books.Entity().Modules()[0]
	rec := d.w.record(u.books)
	if rec == nil {
		u.rereads = append(u.rereads, u.books)
		return
	}
	if u.books.Entity() == crossbook.Item {
		rec = d.w.requalified(rec)
		if why, skip := mapping.SkipItem(rec.Data); skip {
			d.leaveOut(u, u.books, m, recordName(rec), why, "a "+why+" is no product of its own")
			return
		}
	}
	if l := d.w.homeIn(u.books, m); l != nil {
		d.linked(u, *l)
		return
	}
	if len(d.w.links(u.books)) > 0 {
		d.mergeOver(u, rec)
		return // an alias: shown under another record
	}
	d.fromBooks(u, *rec, m, crossbook.Whole)
}

// customer decides a QuickBooks customer with its Account and Contact.
func (d *decider) customer(u *unit) {
	rec := d.w.record(u.books)
	if rec == nil {
		u.rereads = append(u.rereads, u.books)
		return
	}
	linked := map[crossbook.Part]bool{}
	for _, l := range d.w.links(u.books) {
		linked[l.Part] = true // an alias, too: its record is shown under another one
		switch {
		case l.Kind == crossbook.Home && d.handOver(u, l, rec):
		case l.Kind == crossbook.Home:
			d.linked(u, l)
		case l.State == crossbook.Linked:
			if home := d.w.home(l.CRM()); home != nil && home.BooksID != l.BooksID {
				u.needs = append(u.needs, home.Books()) // its figures hold those of its aliases
			}
		}
	}
	d.askMoved(u)
	d.mergeOver(u, rec)
	if linked[crossbook.Whole] {
		return
	}
	shape := mapping.Shape(rec.Data, d.t.settings)
	if linked[crossbook.Company] {
		shape = mapping.CompanyShape(rec.Data) // what is linked keeps the parts it has
	}
	name := text(rec.Data["DisplayName"])
	if shape.Skip {
		if parent := mapping.ParentID(rec.Data); parent != "" {
			u.needs = append(u.needs, crossbook.BooksRef(crossbook.Customer, parent)) // its figures hold those of its jobs
		}
		d.leaveOut(u, u.books, crossbook.Accounts, name, shape.SkipReason, "its documents go to the customer it stands under")
		return
	}
	if shape.Account && !linked[shape.AccountPart] {
		d.fromBooks(u, *rec, crossbook.Accounts, shape.AccountPart)
	}
	if shape.Contact && !linked[shape.ContactPart] {
		d.contactOf(u, rec, shape, linked)
	}
}

// contactOf decides the person of a customer. The billing Contact of an
// Account needs the Account first.
func (d *decider) contactOf(u *unit, rec *crossbook.Record, shape mapping.CustomerShape, linked map[crossbook.Part]bool) {
	if shape.Account && !linked[shape.AccountPart] {
		if u.remote() || hasKind(u.ops, crossbook.LinkUp) {
			u.again = true // the Account comes in this pass, the Contact in the next
		}
		return
	}
	if shape.Account {
		if l := d.w.homeIn(u.books, crossbook.Accounts); l != nil && l.State == crossbook.Tombstone {
			return // the person goes with the company that was left out
		}
	}
	if to := d.markedFor(u.books); shape.ContactPart == crossbook.Person && to != nil {
		name := recordName(to)
		if !d.held(u, crossbook.Contacts, name) {
			d.link(u, crossbook.Contacts, crossbook.Person, to.ID, crossbook.Customer, u.books.ID, name, "marked as the billing contact of its Account")
		}
		return
	}
	d.fromBooks(u, *rec, crossbook.Contacts, shape.ContactPart)
}

func hasKind(ops []crossbook.Op, k crossbook.OpKind) bool {
	return slices.ContainsFunc(ops, func(op crossbook.Op) bool { return op.Kind == k })
}

// leaveOut says that a record has no link, and why.
func (d *decider) leaveOut(u *unit, ref crossbook.Ref, m crossbook.Module, name, code, reason string) {
	u.leftOut = append(u.leftOut, store.LeftOut{
		Ref: ref, Module: m, Name: name, Code: code, Reason: reason, Since: d.now,
	})
	u.add(crossbook.Op{Kind: crossbook.Skip, Module: m, Name: name, Source: ref, Why: reason})
}

// wait holds a unit until the records it needs are there.
func (d *decider) wait(u *unit, m crossbook.Module, name, why string, p *crossbook.Problem, on ...crossbook.Ref) {
	u.dependsOn = append(u.dependsOn, on...)
	u.add(crossbook.Op{Kind: crossbook.Wait, Module: m, Name: name, Why: why, Problem: p, WaitFor: on})
}

// fail makes a problem of a unit.
func (d *decider) fail(u *unit, m crossbook.Module, name string, p crossbook.Problem) {
	u.add(crossbook.Op{Kind: crossbook.Fail, Module: m, Name: name, Why: p.Text, Problem: &p})
}

// combine makes one write of all updates of one unit to the same QuickBooks
// record: two parts changed are still one operation (P1).
func combine(ops []crossbook.Op) []crossbook.Op {
	var out []crossbook.Op
	first := map[string]int{}
	for _, op := range ops {
		if op.Kind != crossbook.Update || op.Side != crossbook.Books {
			out = append(out, op)
			continue
		}
		i, ok := first[op.Link.BooksID]
		if !ok {
			first[op.Link.BooksID] = len(out)
			out = append(out, op)
			continue
		}
		for k, v := range op.Body {
			out[i].Body[k] = v
		}
		out[i].With = append(out[i].With, op)
	}
	return out
}
