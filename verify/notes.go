package verify

import (
	"context"
	"fmt"
	"strings"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/store"
)

// notes judges what Crossbook says about CRM records in fields of its own: the
// figures of Deals, and how records stand with QuickBooks.
func (v *verifier) notes(ctx context.Context) error {
	if v.show.ShowsDeals() {
		if err := v.eachCRM(ctx, crossbook.Deals, v.deal); err != nil {
			return err
		}
	}
	for _, m := range crossbook.Modules() {
		if err := v.eachCRM(ctx, m, v.state); err != nil {
			return err
		}
	}
	return nil
}

// eachCRM hands over every record of a module as it was read, with a view on
// all of them and on what the engine knows.
func (v *verifier) eachCRM(ctx context.Context, m crossbook.Module, fn func(context.Context, *store.Tx, *store.Tx, *crossbook.Record) error) error {
	after := ""
	for {
		n := 0
		err := v.seen.db.View(ctx, func(seen *store.Tx) error {
			rows, err := seen.WalkMirror(ctx, v.conn.ID, crossbook.CRM, string(m), after, chunk)
			if err != nil || len(rows) == 0 {
				return err
			}
			n, after = len(rows), rows[len(rows)-1].Record.ID
			return v.Store.View(ctx, func(known *store.Tx) error {
				for i := range rows {
					if err := fn(ctx, seen, known, &rows[i].Record); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// deal compares the figures of a Deal with what its documents come to.
func (v *verifier) deal(ctx context.Context, seen, known *store.Tx, rec *crossbook.Record) error {
	look := v.show.On(ctx, seen)
	d := look.Deal(rec)
	if d.Have.Equal(crossbook.Fields{}) && d.Want.Equal(crossbook.Fields{}) {
		return look.Err()
	}
	out := verdict{unit: unit{module: crossbook.Deals, alone: rec.Ref}}
	for _, f := range d.Fields {
		if d.Have[f] == d.Want[f] {
			continue
		}
		label := strings.ReplaceAll(f, "_", " ")
		if len(out.findings) > 0 {
			out.findings[0].Also = append(out.findings[0].Also, label)
			continue
		}
		out.findings = []Finding{{
			Kind: Total, Module: crossbook.Deals, CRM: rec.Ref, Name: d.Name, Field: label, field: f, CRMValue: d.Have[f], BooksValue: d.Want[f],
			Sentence: fmt.Sprintf("%s: %s is %s in Zoho CRM, and its documents come to %s.", title(crossbook.Deals, d.Name), label, quoted(d.Have[f]), quoted(d.Want[f])),
		}}
	}
	for i := range out.findings {
		f := &out.findings[i]
		why, err := v.whyDeal(ctx, known, look, rec, d)
		if err != nil {
			return err
		}
		f.Why, f.Explained = why, why != ""
	}
	out.weigh()
	v.tally.add(out)
	return look.Err()
}

// whyDeal explains figures of a Deal that are not right: a document on it is
// listed itself, the write is on its way, or people put documents on or off the
// Deal and the engine has not heard of it yet.
func (v *verifier) whyDeal(ctx context.Context, known *store.Tx, look *engine.Look, rec *crossbook.Record, d engine.DealLook) (string, error) {
	r := recorded{v: v, tx: known}
	if v.touched[rec.Ref] {
		return "follows from a document that is listed", nil
	}
	why, err := r.onItsWay(ctx, rec.Ref)
	if why != "" || err != nil {
		return why, err
	}
	const unheard = "a document was put on another Deal in Zoho CRM; the next notification or daily pass takes it in"
	before, err := known.MirrorMany(ctx, v.conn.ID, d.Documents)
	if err != nil {
		return "", err
	}
	for _, doc := range d.Documents {
		if was, seen := before[doc]; !seen || engine.DealOf(&was.Record) != rec.Ref {
			return unheard, nil
		}
	}
	for _, m := range []crossbook.Module{crossbook.Quotes, crossbook.Invoices} {
		hits, err := known.MirrorByKey(ctx, v.conn.ID, crossbook.CRM, string(m), mapping.KeyDeal, []string{rec.ID})
		if err != nil {
			return "", err
		}
		for _, h := range hits {
			if now := look.Record(h.Ref); now == nil || engine.DealOf(now) != rec.Ref {
				return unheard, nil
			}
		}
	}
	return "", nil
}

const aboutItself = "only what the record says about itself; the next change of it puts that right"

// state compares what a record says of how it stands with QuickBooks with what
// the engine knows. A record that says nothing was not written to since the
// field is there, or never tried.
func (v *verifier) state(ctx context.Context, _, known *store.Tx, rec *crossbook.Record) error {
	shown := plain(rec.Data[mapping.FieldSync])
	if shown == "" {
		return nil
	}
	look := v.show.On(ctx, known)
	state := look.State(rec.Ref)
	if err := look.Err(); err != nil || state == shown || state == "" {
		return err
	}
	r := recorded{v: v, tx: known}
	if why, err := r.onItsWay(ctx, engine.NoteOf(rec.Ref)); why != "" || err != nil {
		return err // about to be told
	}
	name := look.Name(rec)
	v.tally.list(Finding{
		Kind: Field, Module: rec.Module(), CRM: rec.Ref, Name: name, Field: "QuickBooks sync", field: mapping.FieldSync,
		CRMValue: shown, BooksValue: state, Why: aboutItself, Explained: true,
		Sentence: fmt.Sprintf("%s says %q of how it stands with QuickBooks, and should say %q.", title(rec.Module(), name), shown, state),
	})
	return nil
}
