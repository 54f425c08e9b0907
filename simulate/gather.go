package simulate

import (
	"bytes"
	"encoding/json"
	"time"

	"crossbook"
	"crossbook/simulate/invariant"
	"crossbook/store"
)

// gather collects what a judgment needs: the truth of both vendors and what the
// store says about the rest.
func (w *world) gather() (invariant.Case, error) {
	c := invariant.Case{
		Log: w.deeds, SetupCRM: w.setupCRM, Placeholder: w.placeholder, HomeCurrency: w.conn.HomeCurrency,
		ContactsOnly: w.profile.settings.CustomerSource == crossbook.ContactsOnly,
		AccountsOnly: w.profile.settings.CustomerSource == crossbook.AccountsOnly,

		ContactsAsSubCustomers: w.profile.settings.ContactsAsSubCustomers,
		SubCustomersAsAccounts: w.profile.settings.SubCustomersAsAccounts,
	}
	zone, err := time.LoadLocation(w.conn.Zone)
	if err != nil {
		return c, err
	}
	c.Today = w.clock.look().In(zone).Format(time.DateOnly)
	if c.CRM, err = crmTruth(w.crm.State()); err != nil {
		return c, err
	}
	c.Books = w.booksTruth()
	err = w.store.View(w.ctx, func(tx *store.Tx) error {
		c.Recorded = invariant.Recorded{}
		for _, read := range []func(*store.Tx, *invariant.Recorded) error{
			w.readLinks, w.readNotes, w.readHeld, w.readJournal,
		} {
			if err := read(tx, &c.Recorded); err != nil {
				return err
			}
		}
		return nil
	})
	return c, err
}

// crmTruth is the CRM's state as its page tells it.
func crmTruth(state map[string]any) (invariant.State, error) {
	raw, err := json.Marshal(state)
	if err != nil {
		return invariant.State{}, err
	}
	var out struct {
		Records map[string][]map[string]any
		Writes  []invariant.Write
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&out); err != nil {
		return invariant.State{}, err
	}
	return invariant.State{Records: out.Records, Writes: out.Writes}, nil
}

func (w *world) booksTruth() invariant.State {
	s := invariant.State{Records: map[string][]map[string]any{}}
	for _, e := range []string{"Vendor", "Customer", "Item", "Estimate", "Invoice", "PurchaseOrder", "Payment", "CreditMemo", "Bill"} {
		s.Records[e] = w.books.All(e)
	}
	for _, x := range w.books.Writes() {
		s.Writes = append(s.Writes, invariant.Write{Seq: x.Seq, Time: x.Time, Actor: x.Actor, Op: x.Op, Type: x.Type, ID: x.ID, Values: x.Values})
	}
	return s
}

func (w *world) readLinks(tx *store.Tx, r *invariant.Recorded) error {
	for _, m := range crossbook.Modules() {
		links, err := tx.WalkLinks(w.ctx, w.conn.ID, m, "", 10_000)
		if err != nil {
			return err
		}
		for _, l := range links {
			r.Links = append(r.Links, invariant.Link{
				ID: l.ID, Alias: l.Kind == crossbook.Alias, Part: string(l.Part), Gone: l.State == crossbook.Tombstone,
				Module: string(l.Module), CRMID: l.CRMID, Entity: string(l.Entity), BooksID: l.BooksID, Cause: l.Cause,
			})
		}
	}
	return nil
}

func (w *world) readNotes(tx *store.Tx, r *invariant.Recorded) error {
	diffs, err := tx.Differences(w.ctx, w.conn.ID, "", 10_000)
	if err != nil {
		return err
	}
	for _, d := range diffs {
		r.Differences = append(r.Differences, invariant.Noted{LinkID: d.LinkID, Field: d.Field, CRM: d.CRMValue, Books: d.BooksValue})
	}
	conflicts, err := tx.Conflicts(w.ctx, w.conn.ID, "", 10_000)
	if err != nil {
		return err
	}
	for _, c := range conflicts {
		r.Conflicts = append(r.Conflicts, invariant.Noted{LinkID: c.LinkID, Field: c.Field, Lost: c.Lost, Undecided: c.Winner == ""})
	}
	open, err := tx.OpenRequests(w.ctx, w.conn.ID)
	r.OpenCalls = len(open)
	return err
}

func (w *world) readHeld(tx *store.Tx, r *invariant.Recorded) error {
	problems, err := tx.Problems(w.ctx, w.conn.ID, store.ProblemFilter{Waiting: true, Dismissed: true, Limit: 10_000})
	if err != nil {
		return err
	}
	for _, p := range problems {
		r.Held = append(r.Held, invariant.Held{
			Ref: refOf(p.Ref), Module: string(p.Module), What: "problem", Number: p.Problem.Number, Kind: string(p.Problem.Kind), Text: p.Problem.Text,
		})
	}
	for after := (crossbook.Ref{}); ; {
		rows, err := tx.WalkDirty(w.ctx, w.conn.ID, after, 500)
		if err != nil {
			return err
		}
		for _, d := range rows {
			if d.Order != 0 {
				r.Held = append(r.Held, invariant.Held{Ref: refOf(d.Ref), What: "waiting", Text: d.Reason, Due: d.DueAt})
			}
		}
		if len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].Ref
	}
	out, err := tx.WalkLeftOut(w.ctx, w.conn.ID, store.LeftOutFilter{Limit: 10_000})
	if err != nil {
		return err
	}
	for _, l := range out {
		r.Held = append(r.Held, invariant.Held{Ref: refOf(l.Ref), Module: string(l.Module), What: "left out", Text: l.Code + ": " + l.Reason})
	}
	return nil
}

func (w *world) readJournal(tx *store.Tx, r *invariant.Recorded) error {
	f := store.JournalFilter{Limit: 1000}
	for {
		rows, err := tx.JournalByPeriod(w.ctx, w.conn.ID, f)
		if err != nil {
			return err
		}
		for _, row := range rows {
			j := invariant.Journal{At: row.At, Side: invariant.Side(row.Side), Ref: refOf(row.Ref), LinkID: row.LinkID, Op: string(row.Op), Request: row.RequestID}
			for _, c := range row.Changes {
				j.Changes = append(j.Changes, invariant.Change{Field: c.Field, Old: c.Old, New: c.New})
			}
			r.Journal = append(r.Journal, j)
		}
		if len(rows) < 1000 {
			break
		}
		f.AfterSegment, f.AfterSeq = rows[len(rows)-1].Segment, rows[len(rows)-1].Seq
	}
	for i := range r.Links {
		l := &r.Links[i]
		for _, row := range r.Journal {
			if row.LinkID != l.ID {
				continue
			}
			if l.Since.IsZero() {
				l.Since = row.At
			}
			if row.Op == string(crossbook.LinkUp) {
				l.Relinked = row.At
			}
		}
	}
	return nil
}

func refOf(r crossbook.Ref) invariant.Ref {
	return invariant.Ref{Side: invariant.Side(r.Side), Type: r.Type, ID: r.ID}
}
