package engine

import (
	"context"
	"time"

	"crossbook"
	"crossbook/store"
)

// factDeleted + side/type/id keeps who deleted a linked CRM record and when, as
// the CRM's list of deleted records says, until the record is back.
const factDeleted = "deleted/"

// binLife is how long a deleted CRM record can be brought back from the recycle
// bin (reference/zoho-crm.md section 13).
const binLife = 60 * 24 * time.Hour

// deletedEvidence is what that list said.
type deletedEvidence struct {
	By string    `json:"by,omitempty"`
	At time.Time `json:"at"`
	// Back tells that the record was seen alive after that.
	Back bool `json:"back,omitempty"`
}

func deletedKey(r crossbook.Ref) string {
	return factDeleted + string(r.Side) + "/" + r.Type + "/" + r.ID
}

// phrase is "deleted by Ana, 3 May" (P8).
func (e deletedEvidence) phrase(now time.Time, zone *time.Location) string {
	who := "deleted in the CRM"
	if e.By != "" {
		who = "deleted by " + e.By
	}
	return who + ", " + dayOf(e.At, now, zone)
}

// evidence says where that is known from, for the link's history.
func (e deletedEvidence) evidence() string {
	who := ""
	if e.By != "" {
		who = ", by " + e.By
	}
	return "the CRM's list of deleted records: " + e.At.UTC().Format(time.RFC3339) + who
}

// dayOf is a day as people say it, with the year where it is another one.
func dayOf(at, now time.Time, zone *time.Location) string {
	at, now = at.In(zone), now.In(zone)
	if at.Year() != now.Year() {
		return at.Format("2 January 2006")
	}
	return at.Format("2 January")
}

// keepEvidence remembers who deleted the linked CRM records among these; what
// has no link leaves nothing to explain. It returns the home links that still
// count as linked.
func (t *turn) keepEvidence(ctx context.Context, tx *store.Tx, gone []crossbook.Deletion) ([]crossbook.Link, error) {
	byModule := map[crossbook.Module][]string{}
	evidence := map[crossbook.Ref]deletedEvidence{}
	for _, g := range gone {
		if g.Side == crossbook.CRM {
			byModule[g.Module()] = append(byModule[g.Module()], g.ID)
			evidence[g.Ref] = deletedEvidence{By: g.By, At: g.At}
		}
	}
	var out []crossbook.Link
	for _, m := range crossbook.Modules() {
		if len(byModule[m]) == 0 {
			continue
		}
		links, err := tx.LinksByCRM(ctx, t.conn.ID, m, byModule[m]...)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if l.Kind != crossbook.Home || l.State != crossbook.Linked {
				continue
			}
			if err := writeFact(ctx, tx, t.conn.ID, deletedKey(l.CRM()), evidence[l.CRM()], t.now()); err != nil {
				return nil, err
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// deletedInCRM is the evidence that a CRM record was deleted; false when there
// is none, or the record was seen alive since.
func (d *decider) deletedInCRM(r crossbook.Ref) (deletedEvidence, bool) {
	var e deletedEvidence
	d.w.fail(readFact(d.w.ctx, d.w.tx, d.w.conn, deletedKey(r), &e))
	return e, !e.At.IsZero() && !e.Back
}

// bury plans that a pair is left out on purpose because its CRM record was
// deleted there (P8). Evidence that names nobody is given where the list does
// not know the record.
func (d *decider) bury(u *unit, l crossbook.Link, name, otherwise string) {
	l.State, l.Cause, l.Evidence = crossbook.Tombstone, causeDeletedInCRM, otherwise
	why := causeDeletedInCRM
	if e, ok := d.deletedInCRM(l.CRM()); ok {
		l.Evidence, why = e.evidence(), e.phrase(d.now, d.t.facts.zone)
	}
	u.add(crossbook.Op{
		Kind: crossbook.Unlink, Module: l.Module, Link: l, Name: name, Source: l.Books(),
		Why: "left out on purpose (" + why + ")",
	})
}

// documentModules are the CRM modules whose records only show what QuickBooks
// holds: of what happens to them there, only their deletion matters.
func documentModules() []crossbook.Module {
	return []crossbook.Module{crossbook.Quotes, crossbook.Invoices, crossbook.PurchaseOrders}
}

// deletionFeeds are the rows that have the deleted documents of modules looked
// for; polls do not do it, the daily pass and notifications do.
func deletionFeeds(now time.Time, modules ...crossbook.Module) []store.Dirty {
	rows := make([]store.Dirty, 0, len(modules))
	for _, m := range modules {
		rows = append(rows, store.Dirty{Ref: CRMFeed(m), DueAt: now, Reason: "deleted documents", Order: orderChores})
	}
	return rows
}

// DocumentNews are the rows that a notification about CRM documents makes due:
// a deletion of one that is linked, a sign of life of one that was left out
// because it had been deleted, or an edit, which may have put it on another Deal.
func DocumentNews(ctx context.Context, tx *store.Tx, connectionID string, m crossbook.Module, ids []string, deleted bool, now time.Time) ([]store.Dirty, error) {
	if !m.Document() {
		return nil, nil
	}
	links, err := tx.LinksByCRM(ctx, connectionID, m, ids...)
	if err != nil {
		return nil, err
	}
	var rows []store.Dirty
	for _, l := range links {
		if !deleted && l.State == crossbook.Linked && OnDeals(m) {
			rows = dealFeeds(now.Add(gatherNews), m)
		}
		if deleted && l.State == crossbook.Linked || !deleted && l.State == crossbook.Tombstone {
			return deletionFeeds(now, m), nil
		}
	}
	return rows, nil
}

// gatherNews is how long edits of documents are gathered before they are read:
// our own writes are told of like everybody's.
const gatherNews = 20 * time.Second

// pullDeletedDocuments reads which documents of a module were deleted since the
// last look, and which of those that are left out for it are back.
func (t *turn) pullDeletedDocuments(ctx context.Context, m crossbook.Module) error {
	cursor := "crm/deleted/" + string(m)
	since, known, err := t.cursor(ctx, cursor)
	if err != nil {
		return err
	}
	if !known {
		since = t.conn.CreatedAt.Add(-overlap)
	}
	asOf, err := t.sides.CRM.Deleted(ctx, m, since, func(gone []crossbook.Deletion) error {
		return t.update(ctx, func(tx *store.Tx) error {
			links, err := t.keepEvidence(ctx, tx, gone)
			if err != nil {
				return err
			}
			refs := make([]crossbook.Ref, len(links))
			for i, l := range links {
				refs[i] = l.Books()
			}
			return tx.MarkDirty(ctx, t.conn.ID, dirtyRows(refs, reasonFeed, t))
		})
	})
	if err != nil {
		return err
	}
	if err := t.documentsBack(ctx, m); err != nil {
		return err
	}
	t.fresh[CRMFeed(m)] = true
	return t.moveCursor(ctx, cursor, asOf)
}

// documentsBack looks for documents that were restored from the recycle bin
// (R95): those left out for their deletion while it can still hold them.
func (t *turn) documentsBack(ctx context.Context, m crossbook.Module) error {
	var after crossbook.Ref
	for {
		var links []crossbook.Link
		err := t.view(ctx, func(tx *store.Tx) error {
			links = nil
			rows, err := tx.WalkLeftOut(ctx, t.conn.ID, store.LeftOutFilter{Module: m, Code: codeDeletedInCRM, After: after, Limit: readChunk})
			if err != nil || len(rows) == 0 {
				after = crossbook.Ref{}
				return err
			}
			after = rows[len(rows)-1].Ref
			var ids []string
			for _, r := range rows {
				if t.now().Sub(r.Since) < binLife {
					ids = append(ids, r.Ref.ID)
				}
			}
			links, err = tx.LinksByBooks(ctx, t.conn.ID, m.Entity(), ids...)
			return err
		})
		if err != nil || after.IsZero() {
			return err
		}
		if err := t.takeBack(ctx, m, links); err != nil {
			return err
		}
	}
}

// takeBack marks those of the tombstones whose CRM records are alive.
func (t *turn) takeBack(ctx context.Context, m crossbook.Module, links []crossbook.Link) error {
	byID := map[string]crossbook.Link{}
	var ids []string
	for _, l := range links {
		if l.State == crossbook.Tombstone && l.Cause == causeDeletedInCRM {
			byID[l.CRMID] = l
			ids = append(ids, l.CRMID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	alive, err := t.sides.CRM.Read(ctx, m, ids)
	if err != nil || len(alive) == 0 {
		return err
	}
	return t.update(ctx, func(tx *store.Tx) error {
		var refs []crossbook.Ref
		for _, r := range alive {
			refs = append(refs, byID[r.ID].Books())
			if err := writeFact(ctx, tx, t.conn.ID, deletedKey(r.Ref), deletedEvidence{At: t.now(), Back: true}, t.now()); err != nil {
				return err
			}
		}
		return tx.MarkDirty(ctx, t.conn.ID, dirtyRows(refs, reasonResync, t))
	})
}

// documentBack gives a document that was restored in the CRM its old link.
func (d *decider) documentBack(u *unit, l crossbook.Link, name string) {
	var e deletedEvidence
	d.w.fail(readFact(d.w.ctx, d.w.tx, d.w.conn, deletedKey(l.CRM()), &e))
	if l.Cause != causeDeletedInCRM || !e.Back {
		return // left out on purpose: no change brings it back (P8)
	}
	u.again = true
	u.add(crossbook.Op{Kind: crossbook.LinkUp, Module: l.Module, Link: l, Name: name, Why: whyRestored})
}
