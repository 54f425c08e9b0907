package engine

import (
	"context"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// keepReceipts, keepRequests and keepHistory are how long things are kept
// (design section 6, R107, P46).
const (
	keepReceipts = 7 * 24 * time.Hour
	keepRequests = 30 * 24 * time.Hour
	keepHistory  = 90 * 24 * time.Hour
	keepMoney    = 7 * 365 * 24 * time.Hour
)

// daily follows the calendar after midnight of the company's zone: documents
// that become overdue or expire are looked at (R128), what the change feed
// does not carry is read, documents deleted in the CRM are looked for (U11), old
// rows are pruned.
func (t *turn) daily(ctx context.Context) error {
	for _, e := range []crossbook.Entity{crossbook.TaxCode, crossbook.TaxRate} {
		if _, err := t.window(ctx, e, time.Time{}, true); err != nil {
			return err
		}
	}
	if err := t.markOpenDocuments(ctx); err != nil {
		return err
	}
	now := t.now()
	return t.update(ctx, func(tx *store.Tx) error {
		feeds := append(deletionFeeds(now, documentModules()...), dealFeeds(now, followedModules()...)...)
		if err := tx.MarkDirty(ctx, t.conn.ID, feeds); err != nil {
			return err
		}
		if _, err := tx.PruneReceipts(ctx, t.conn.ID, now.Add(-keepReceipts)); err != nil {
			return err
		}
		if _, err := tx.PruneRequests(ctx, t.conn.ID, now.Add(-keepRequests)); err != nil {
			return err
		}
		if err := tx.PruneRuns(ctx, t.conn.ID, now.Add(-keepHistory)); err != nil {
			return err
		}
		_, err := tx.PruneJournal(ctx, t.conn.ID, now.Add(-keepHistory), now.Add(-keepMoney))
		return err
	})
}

// markOpenDocuments makes open invoices and estimates dirty, and the customers
// who owe: their states and figures may have changed with the date alone.
func (t *turn) markOpenDocuments(ctx context.Context) error {
	for _, e := range []crossbook.Entity{crossbook.Invoice, crossbook.Estimate} {
		after := ""
		for {
			var rows []store.MirrorRow
			err := t.view(ctx, func(tx *store.Tx) error {
				var err error
				rows, err = tx.WalkMirror(ctx, t.conn.ID, crossbook.Books, string(e), after, 1000)
				return err
			})
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1].Record.ID
			var refs []crossbook.Ref
			for _, r := range rows {
				if r.Record.Deleted || !followsCalendar(r.Record) {
					continue
				}
				refs = append(refs, r.Record.Ref)
				if id := refValue(r.Record.Data, "CustomerRef"); id != "" && e == crossbook.Invoice {
					refs = append(refs, crossbook.BooksRef(crossbook.Customer, id)) // its overdue figures (P33)
				}
			}
			err = t.update(ctx, func(tx *store.Tx) error {
				return tx.MarkDirty(ctx, t.conn.ID, dirtyRows(refs, reasonDaily, t))
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// followsCalendar tells whether a document's status depends on the date.
func followsCalendar(r crossbook.Record) bool {
	if r.Entity() == crossbook.Invoice {
		b := mapping.Number(r.Data["Balance"])
		return b != "" && b != "0"
	}
	s := text(r.Data["TxnStatus"])
	return s == "Pending" || s == "Accepted"
}
