package verify

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

// secondLook reads again, one by one, what nothing explained: something may
// have changed while both sides were read, and a record that did not come in a
// list is gone only when its own side says so (R86).
func (v *verifier) secondLook(ctx context.Context) error {
	// Documents first: what they move follows from them. Invoices before quotes,
	// which show what was invoiced.
	order := func(u unit) int {
		return slices.Index([]crossbook.Module{
			crossbook.Invoices, crossbook.PurchaseOrders, crossbook.Quotes,
			crossbook.Vendors, crossbook.Accounts, crossbook.Contacts, crossbook.Products,
		}, u.module)
	}
	slices.SortStableFunc(v.suspect, func(a, b unit) int { return cmp.Compare(order(a), order(b)) })
	for i := range v.suspect {
		v.Progress(engine.Progress{Stage: "look again", What: "records that differ", Done: i + 1, Total: len(v.suspect)})
		if err := v.readAgain(ctx, &v.suspect[i]); err != nil {
			return err
		}
	}
	for _, u := range v.suspect {
		var verdicts []verdict
		var err error
		switch {
		case u.link.ID == "":
			verdicts, err = v.judgeAlone(ctx, []unit{u})
		case u.link.State == crossbook.Linked:
			verdicts, err = v.judgeLinks(ctx, []crossbook.Link{u.link})
		}
		if err != nil {
			return err
		}
		for _, d := range verdicts {
			v.tally.add(d)
		}
	}
	return nil
}

// readAgain reads the records of a suspect and its link anew.
func (v *verifier) readAgain(ctx context.Context, u *unit) error {
	refs := []crossbook.Ref{u.alone}
	if u.link.ID != "" {
		if err := v.linkAgain(ctx, u); err != nil || u.link.State != crossbook.Linked {
			return err
		}
		refs = []crossbook.Ref{u.link.CRM(), u.link.Books()}
	}
	for _, r := range refs {
		if err := v.readOne(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// linkAgain takes the link as it is remembered now; one that is gone or became
// a tombstone while we read leaves the unit without anything to judge.
func (v *verifier) linkAgain(ctx context.Context, u *unit) error {
	err := v.Store.View(ctx, func(tx *store.Tx) error {
		l, err := tx.Link(ctx, v.conn.ID, u.link.ID)
		if errors.Is(err, store.ErrNotFound) {
			u.link.State = crossbook.Tombstone
			return nil
		}
		u.link = l
		return err
	})
	if err != nil || u.link.State != crossbook.Linked {
		return err
	}
	return v.seen.db.Update(ctx, func(tx *store.Tx) error { return tx.PutLink(ctx, v.conn.ID, u.link) })
}

// readOne reads one record by its id; one that is not there is forgotten.
func (v *verifier) readOne(ctx context.Context, r crossbook.Ref) error {
	if r.Side == crossbook.Books {
		rec, there, err := v.Books.Read(ctx, r.Entity(), r.ID)
		if err != nil {
			return err
		}
		if !there {
			return v.seen.drop(ctx, r)
		}
		return v.seen.put(ctx, []crossbook.Record{rec})
	}
	if r.Module().Document() {
		rec, there, err := v.CRM.ReadWhole(ctx, r.Module(), r.ID)
		if err != nil {
			return err
		}
		if !there {
			return v.seen.drop(ctx, r)
		}
		return v.seen.putWhole(ctx, rec)
	}
	records, err := v.CRM.Read(ctx, r.Module(), []string{r.ID})
	if err != nil {
		return err
	}
	if len(records) > 0 {
		return v.seen.put(ctx, records)
	}
	// A list that leaves a record out proves nothing; the record itself does.
	rec, there, err := v.CRM.ReadWhole(ctx, r.Module(), r.ID)
	if err != nil {
		return err
	}
	if !there {
		return v.seen.drop(ctx, r)
	}
	return v.seen.put(ctx, []crossbook.Record{rec})
}
