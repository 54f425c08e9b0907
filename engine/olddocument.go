package engine

import (
	"context"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/match"
	"crossbook/store"
)

// oldDocuments makes known, once, which documents stand in the CRM without a
// link, before the first document of their module is decided: one that was
// there before is linked instead of doubled (R45a). It tells whether the rows
// may be decided now.
func (t *turn) oldDocuments(ctx context.Context, rows []store.Dirty) (bool, error) {
	for _, m := range stageModules(rows[0].Order) {
		if !m.Document() || !t.settings.Modules[m].On {
			continue
		}
		cursor := "crm/" + string(m)
		if _, known, err := t.cursor(ctx, cursor); err != nil || known {
			if err != nil {
				return false, err
			}
			continue
		}
		if why, blocked := t.isBlocked(crossbook.CRM); blocked {
			return false, t.update(ctx, func(tx *store.Tx) error {
				return t.postponeRows(ctx, tx, rows, t.blocked[crossbook.CRM].until, why)
			})
		}
		asOf, err := t.sides.CRM.All(ctx, m, func(records []crossbook.Record) error { return t.keepUnlinked(ctx, m, records) })
		if err != nil {
			return false, t.sideFailed(ctx, crossbook.CRM, err, rows)
		}
		if asOf.IsZero() {
			asOf = t.now()
		}
		if err := t.setCursor(ctx, cursor, asOf); err != nil {
			return false, err
		}
	}
	return true, nil
}

// keepUnlinked takes a page of CRM documents into the mirror, without those that
// are linked. They make nothing due: documents of the CRM are never sent (R27).
func (t *turn) keepUnlinked(ctx context.Context, m crossbook.Module, records []crossbook.Record) error {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	return t.update(ctx, func(tx *store.Tx) error {
		links, err := tx.LinksByCRM(ctx, t.conn.ID, m, ids...)
		if err != nil {
			return err
		}
		linked := map[string]bool{}
		for _, l := range links {
			linked[l.CRMID] = true
		}
		var rows []store.MirrorRow
		for _, r := range records {
			if !linked[r.ID] {
				rows = append(rows, t.mirrorRow(r))
			}
		}
		return tx.PutMirror(ctx, t.conn.ID, rows)
	})
}

// oldDocument looks for the CRM document that a QuickBooks document without a
// link is: by our id, or by number, party and total together (R45a). It tells
// whether the unit is decided by that, or needs a read first.
func (d *decider) oldDocument(u *unit, rec *crossbook.Record, m crossbook.Module, party document.Party, name string) bool {
	subject := match.Describe(rec.Ref, rec.Data)
	candidates := d.oldCandidates(u, rec, m, subject, party)
	if len(u.wholes) > 0 {
		return true
	}
	if len(candidates) == 0 {
		return false
	}
	subject.Rivals = d.sameDocuments(rec, m, subject)
	dec := match.Decide(m, subject, candidates, d.t.settings.Modules[m].Duplicates)
	switch dec.Kind {
	case match.Link:
		if !d.held(u, m, name) {
			d.link(u, m, crossbook.Whole, dec.Ref.ID, rec.Entity(), rec.ID, name, dec.Why)
		}
		return true
	case match.Cluster, match.Skip:
		d.cluster(u, m, rec.Entity(), name, dec)
		return true
	default:
		return false
	}
}

// oldCandidates are the unlinked CRM documents that may be a QuickBooks
// document. What the mirror keeps of them may be old, so that each that looks
// like it is read again before it counts; a preview takes the mirror's word.
func (d *decider) oldCandidates(u *unit, rec *crossbook.Record, m crossbook.Module, subject match.Subject, party document.Party) []match.Candidate {
	refs := d.w.byKey(crossbook.CRM, string(m), mapping.KeyOurID, rec.ID)
	if subject.Number != "" {
		refs = append(refs[:len(refs):len(refs)], d.w.byKey(crossbook.CRM, string(m), mapping.KeyNumber, subject.Number)...)
	}
	var out []match.Candidate
	for _, r := range refs {
		known := d.w.living(r)
		if known == nil || d.taken(r, m) || d.isPromised(r, m) {
			continue
		}
		c, like := describeOld(known, subject, party)
		if like && d.t.pretend == nil {
			whole, read := d.t.whole[r]
			if !read {
				u.wholes = append(u.wholes, r)
				continue
			}
			if whole == nil {
				continue
			}
			c, like = describeOld(whole, subject, party)
		}
		if like {
			out = append(out, c)
		}
	}
	return out
}

// describeOld describes a CRM document for matching. It has the subject's party
// where it refers to the party's CRM record; it looks like the subject where it
// carries its id or has its party and total.
func describeOld(r *crossbook.Record, subject match.Subject, party document.Party) (match.Candidate, bool) {
	c := match.Candidate{Subject: match.Describe(r.Ref, r.Data)}
	for field, id := range map[string]string{
		"Account_Name": party.AccountID, "Contact_Name": party.ContactID, "Vendor_Name": party.VendorID,
	} {
		if id != "" && lookupID(r.Data, field) == id {
			c.Party = subject.Party
		}
	}
	return c, c.OurID == subject.Ref.ID || c.Party != "" && c.Total == subject.Total
}

// sameDocuments are other QuickBooks documents without a link that have number,
// party and total of one: then none of them is more the match (R47).
func (d *decider) sameDocuments(rec *crossbook.Record, m crossbook.Module, subject match.Subject) []crossbook.Ref {
	var out []crossbook.Ref
	for _, r := range d.w.byKey(crossbook.Books, rec.Type, mapping.KeyNumber, subject.Number) {
		other := d.w.living(r)
		if r == rec.Ref || other == nil || d.taken(r, m) {
			continue
		}
		if o := match.Describe(r, other.Data); o.Party == subject.Party && o.Total == subject.Total {
			out = append(out, r)
		}
	}
	return out
}
