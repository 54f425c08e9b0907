package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// tombstone decides a pair that was unlinked. Nothing brings it back by
// itself, save that the CRM record was restored: then it gets its old link
// again (R95).
func (d *decider) tombstone(u *unit, l crossbook.Link) {
	crm := d.w.living(l.CRM())
	books := d.w.record(l.Books())
	if crm == nil || l.Cause != causeDeletedInCRM || books == nil || books.Deleted {
		return
	}
	u.again = true
	u.add(crossbook.Op{
		Kind: crossbook.LinkUp, Module: l.Module, Link: l, Name: recordName(crm),
		Why: whyRestored,
	})
}

// causeDeletedInCRM marks tombstones that a restored CRM record lifts.
const causeDeletedInCRM = "deleted in the CRM"

// codeDeletedInCRM counts those pairs among what is left out.
const codeDeletedInCRM = "deleted-in-crm"

const whyRestored = "the record was restored in the CRM and got its old link back"

// causeMergedInBooks marks tombstones of records that QuickBooks merged away.
const causeMergedInBooks = "merged in QuickBooks"

// factMerged + entity + id of the lost record holds the id of the survivor.
const factMerged = "merged/"

// Merged takes a notification that QuickBooks merged one record into another:
// the only sure evidence of a merge there (R94). Both are looked at in the next
// turn.
func Merged(ctx context.Context, tx *store.Tx, connectionID string, e crossbook.Entity, lost, survivor string, at time.Time) error {
	if lost == "" || survivor == "" || lost == survivor {
		return nil
	}
	if err := writeFact(ctx, tx, connectionID, factMerged+string(e)+"/"+lost, survivor, at); err != nil {
		return err
	}
	order, ok := orderOf(crossbook.BooksRef(e, lost))
	if !ok {
		return nil
	}
	return tx.MarkDirty(ctx, connectionID, []store.Dirty{
		{Ref: crossbook.BooksRef(e, lost), Reason: reasonFeed, DueAt: at, Order: order},
		{Ref: crossbook.BooksRef(e, survivor), Reason: reasonFeed, DueAt: at, Order: order},
	})
}

// survivor is the record a QuickBooks record was merged into; empty for one
// that was not merged.
func (d *decider) survivor(r crossbook.Ref) string {
	var id string
	d.w.fail(readFact(d.w.ctx, d.w.tx, d.w.conn, factMerged+r.Type+"/"+r.ID, &id))
	return id
}

// mergedInBooks decides a pair whose QuickBooks record was merged into another
// one: the pair follows the survivor, unless that has a CRM record of its own;
// then both CRM records stay, and the loser's is left out (R94).
func (d *decider) mergedInBooks(u *unit, l crossbook.Link, survivor string) {
	ref := crossbook.BooksRef(l.Entity, survivor)
	if d.w.living(ref) == nil {
		u.rereads = append(u.rereads, ref)
		return
	}
	name := recordName(d.w.record(l.Books()))
	u.again = true
	u.needs = append(u.needs, ref)
	if taken := d.w.homeIn(ref, l.Module); taken != nil {
		if d.flagMerged(u, l, name) {
			return // flagged first, left out at the next look
		}
		l.State, l.Cause, l.Evidence = crossbook.Tombstone, causeMergedInBooks, "QuickBooks' notification of the merge"
		u.add(crossbook.Op{
			Kind: crossbook.Unlink, Module: l.Module, Link: l, Name: name, Source: l.Books(),
			Why: fmt.Sprintf("left out: QuickBooks merged it into %s, which %s shows", ref, taken.CRM()),
		})
		return
	}
	l.BooksID, l.Cause, l.Evidence = survivor, causeMergedInBooks, "QuickBooks' notification of the merge"
	l.State = crossbook.Linked
	u.add(crossbook.Op{
		Kind: crossbook.Unlink, Module: l.Module, Link: l, Name: name, Source: l.Books(),
		Why: fmt.Sprintf("QuickBooks merged it into %s, which it follows", ref),
	})
}

// statusMerged is the QuickBooks Status of a CRM record whose QuickBooks record
// was merged into another one.
const statusMerged = "Merged"

// flagMerged writes on the CRM record of a merged QuickBooks record that it is
// one, and takes its balance away: the survivor's record shows the money. It
// tells whether that is still to be done.
func (d *decider) flagMerged(u *unit, l crossbook.Link, name string) bool {
	crm := d.w.living(l.CRM())
	if crm == nil || text(crm.Data[mapping.FieldStatus]) == statusMerged {
		return false
	}
	known := d.t.facts.metadata.CRMFields[l.Module]
	if _, ok := known[mapping.FieldStatus]; !ok {
		return false
	}
	flags := crossbook.Fields{mapping.FieldStatus: statusMerged}
	body := map[string]any{mapping.FieldStatus: statusMerged}
	for _, f := range []string{mapping.FieldBalance, mapping.FieldOverdue, mapping.FieldCredits} {
		if _, ok := known[f]; ok {
			flags[f], body[f] = "0", json.Number("0")
		}
	}
	if d.t.hasSync(l.Module) {
		body[mapping.FieldSync] = stateMerged
	}
	u.add(crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.CRM, Module: l.Module, Link: l, Name: name, Body: body,
		Changes: changesOf(flags), Revision: crm.Revision, BaseCRM: flags, BaseBooks: crossbook.Fields{},
		Why: "QuickBooks merged it into another record",
	})
	return true
}

// crmGone decides a pair whose CRM record was deleted there. When the CRM
// merged it into another record, the pair becomes an alias of that one (P6);
// otherwise it is left out on purpose (P8). Nothing is sent to QuickBooks.
func (d *decider) crmGone(u *unit, l crossbook.Link) {
	name := recordName(d.w.record(l.Books()))
	master, evidence, ok := d.mergedInto(u, l)
	if len(u.wholes) > 0 {
		return // its documents must be seen first
	}
	if ok {
		l.Kind, l.State, l.CRMID = crossbook.Alias, crossbook.Linked, master.CRMID
		l.Cause, l.Evidence = "merged in the CRM", evidence
		l.BaseCRM, l.BaseBooks = nil, nil
		u.again = true
		u.needs = append(u.needs, master.Books())
		for _, doc := range d.documentsWith(l) {
			u.needs = append(u.needs, doc.Books()) // they go to the master
		}
		d.noteMerge(u, l, name, master)
		u.add(crossbook.Op{
			Kind: crossbook.Unlink, Module: l.Module, Link: l, Name: name, Source: l.Books(),
			Why: fmt.Sprintf("merged in the CRM: its documents and balance are now shown under %s", master.CRM()),
		})
		return
	}
	d.bury(u, l, name, "the CRM's list of deleted records")
}
