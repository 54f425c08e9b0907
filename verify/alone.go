package verify

import (
	"context"
	"fmt"
	"slices"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/store"
)

// eachAlone hands over the records of both sides that have no link, and the
// persons of customers whose company alone is linked.
func (v *verifier) eachAlone(ctx context.Context, fn func([]unit) error) error {
	for _, m := range crossbook.Modules() {
		if err := v.walk(ctx, crossbook.CRM, string(m), fn); err != nil {
			return err
		}
	}
	for _, e := range entities[:6] {
		if err := v.walk(ctx, crossbook.Books, string(e), fn); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) walk(ctx context.Context, side crossbook.Side, typ string, fn func([]unit) error) error {
	after, done := "", 0
	for {
		var units []unit
		n := 0
		err := v.seen.db.View(ctx, func(tx *store.Tx) error {
			rows, err := tx.WalkMirror(ctx, v.conn.ID, side, typ, after, chunk)
			if err != nil || len(rows) == 0 {
				return err
			}
			n, after = len(rows), rows[len(rows)-1].Record.ID
			units, err = v.unlinked(ctx, tx, rows)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		done += n
		v.Progress(engine.Progress{Stage: "compare", What: side.String() + " " + typ, Done: done})
		if err := fn(units); err != nil {
			return err
		}
	}
}

// unlinked are the units of rows that no living link holds. All rows are
// counted on the way.
func (v *verifier) unlinked(ctx context.Context, tx *store.Tx, rows []store.MirrorRow) ([]unit, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Record.ID
	}
	first := rows[0].Record
	var links []crossbook.Link
	var err error
	if first.Side == crossbook.CRM {
		links, err = tx.LinksByCRM(ctx, v.conn.ID, first.Module(), ids...)
	} else {
		links, err = tx.LinksByBooks(ctx, v.conn.ID, first.Entity(), ids...)
	}
	if err != nil {
		return nil, err
	}
	held := map[string][]crossbook.Link{}
	for _, l := range links {
		id := l.BooksID
		if first.Side == crossbook.CRM {
			id = l.CRMID
		}
		held[id] = append(held[id], l)
	}
	var out []unit
	for _, r := range rows {
		if r.Record.ID == v.show.Placeholder() {
			continue // ours, in no sync, match or count (P19)
		}
		m := v.moduleOf(r.Record)
		v.tally.there(m, first.Side)
		if lacks, of := v.lacks(r.Record, held[r.Record.ID]); lacks {
			out = append(out, unit{alone: r.Record.Ref, module: of})
		}
	}
	return out, nil
}

// moduleOf is the module a record counts in: a QuickBooks customer in the one
// its first record would belong to.
func (v *verifier) moduleOf(r crossbook.Record) crossbook.Module {
	if r.Side == crossbook.CRM {
		return r.Module()
	}
	if r.Entity() == crossbook.Customer {
		shape := mapping.Shape(r.Data, v.show.Settings())
		if shape.Contact && !shape.Account {
			return crossbook.Contacts
		}
		return crossbook.Accounts
	}
	return r.Entity().Modules()[0]
}

// lacks tells whether a record, or the person of a customer, has no link that
// lives, and the module it lacks it in.
func (v *verifier) lacks(r crossbook.Record, links []crossbook.Link) (bool, crossbook.Module) {
	living := func(m crossbook.Module) bool {
		return slices.ContainsFunc(links, func(l crossbook.Link) bool {
			return l.State == crossbook.Linked && (m == "" || l.Module == m)
		})
	}
	if !living("") {
		return true, v.moduleOf(r)
	}
	if r.Side == crossbook.CRM || r.Entity() != crossbook.Customer {
		return false, ""
	}
	// The company is linked: its billing contact is a record of its own (P1).
	shape := mapping.Shape(r.Data, v.show.Settings())
	if shape.Account && shape.Contact && living(crossbook.Accounts) && !living(crossbook.Contacts) &&
		!slices.ContainsFunc(links, func(l crossbook.Link) bool { return l.Part == crossbook.Whole || l.Kind == crossbook.Alias }) {
		return true, crossbook.Contacts
	}
	return false, ""
}

// judgeAlone judges records without a link: left out for a reason, waiting, a
// second record of what is linked, or unexplained.
func (v *verifier) judgeAlone(ctx context.Context, units []unit) ([]verdict, error) {
	var out []verdict
	err := v.seen.db.View(ctx, func(tx *store.Tx) error {
		look := v.show.On(ctx, tx)
		for _, u := range units {
			if d, there := v.alone(look, u); there {
				out = append(out, d)
			}
		}
		return look.Err()
	})
	if err != nil {
		return nil, err
	}
	return out, v.explain(ctx, out)
}

// alone judges one record; false when it is not there any more.
func (v *verifier) alone(look *engine.Look, u unit) (verdict, bool) {
	rec := look.Record(u.alone)
	if rec == nil {
		return verdict{}, false
	}
	out := verdict{unit: u, state: leftOut}
	if reason := v.leftOutByRule(look, u, rec); reason != "" {
		out.reason = reason
		return out, true
	}
	f := Finding{Kind: Unexplained, Module: u.module, Name: look.Name(rec)}
	if u.alone.Side == crossbook.CRM {
		f.CRM, f.CRMValue = u.alone, "there"
	} else {
		f.Books, f.BooksValue = u.alone, "there"
	}
	what := title(u.module, f.Name)
	if u.alone.Side == crossbook.Books {
		what = fmt.Sprintf("%s %q", u.alone.Type, f.Name)
	}
	f.Sentence = fmt.Sprintf("%s in %s has no counterpart in %s, and nothing says why.", what, u.alone.Side, u.alone.Side.Other())
	if twin, why := v.twin(look, u, rec); twin != nil {
		f.Kind = Duplicate
		f.CRM, f.Books = twin.CRM(), twin.Books()
		if u.alone.Side == crossbook.CRM {
			f.CRM, f.CRMValue = u.alone, f.Name
			f.BooksValue = name(look, twin.Books())
		} else {
			f.Books, f.BooksValue = u.alone, f.Name
			f.CRMValue = name(look, twin.CRM())
		}
		f.Sentence = fmt.Sprintf("%s in %s (%s) is there a second time: %s, and %s is linked.",
			what, u.alone.Side, u.alone.ID, why, sameSide(*twin, u.alone.Side))
	}
	out.state, out.findings = open, []Finding{f}
	return out, true
}

func name(look *engine.Look, r crossbook.Ref) string {
	if rec := look.Record(r); rec != nil {
		return look.Name(rec)
	}
	return r.ID
}

// sameSide is the record of a link on one side.
func sameSide(l crossbook.Link, s crossbook.Side) crossbook.Ref {
	if s == crossbook.CRM {
		return l.CRM()
	}
	return l.Books()
}

// leftOutByRule are the reasons that need no note: documents made in the CRM
// are never sent (R27), tombstones say themselves why they are there (P8).
func (v *verifier) leftOutByRule(look *engine.Look, u unit, rec *crossbook.Record) string {
	for _, l := range look.Links(u.alone) {
		if l.State == crossbook.Tombstone && (l.Module == u.module || u.alone.Side == crossbook.CRM) {
			return "left out on purpose"
		}
	}
	if u.alone.Side == crossbook.CRM && u.module.Document() && plain(rec.Data[mapping.FieldID]) == "" {
		return "made in Zoho CRM, never sent"
	}
	return ""
}

// twin is the link of the record that this one repeats: it carries the same
// QuickBooks id, or the same check field (R45).
func (v *verifier) twin(look *engine.Look, u unit, rec *crossbook.Record) (twin *crossbook.Link, why string) {
	keys := mapping.Keys(rec.Side, rec.Type, rec.Data)
	if id := plain(rec.Data[mapping.FieldID]); u.alone.Side == crossbook.CRM && id != "" {
		if l := living(look, crossbook.BooksRef(u.module.Entity(), id), u); l != nil {
			return l, "it carries the QuickBooks id " + id
		}
	}
	for _, k := range checkFields(u) {
		for _, value := range keys[k.key] {
			for _, other := range look.ByKey(u.alone.Side, u.alone.Type, k.in, value) {
				if other == u.alone {
					continue
				}
				if l := living(look, other, u); l != nil {
					return l, "it has the same " + k.word
				}
			}
		}
	}
	return nil, ""
}

// living is the home link of a record in the unit's module, if it has one.
func living(look *engine.Look, r crossbook.Ref, u unit) *crossbook.Link {
	for _, l := range look.Links(r) {
		if l.Kind == crossbook.Home && l.State == crossbook.Linked && (l.Module == u.module || l.Entity == crossbook.Customer) {
			return &l
		}
	}
	return nil
}

// checkField is a key of a record that another one must not have too; in is
// the key the other one has it under.
type checkField struct{ key, in, word string }

// checkFields decide that two records are one (R45, P15). A person's name is
// none: two people may bear one name.
func checkFields(u unit) []checkField {
	byName := checkField{mapping.KeyName, mapping.KeyName, "name"}
	switch u.module {
	case crossbook.Contacts:
		if u.alone.Side == crossbook.Books {
			return []checkField{byName, {mapping.KeyCo, mapping.KeyName, "company name"}}
		}
		return []checkField{{mapping.KeyEmail, mapping.KeyEmail, "e-mail address"}}
	case crossbook.Accounts:
		return []checkField{byName, {mapping.KeyCo, mapping.KeyName, "company name"}}
	case crossbook.Products:
		return []checkField{{mapping.KeySKU, mapping.KeySKU, "product code"}, {mapping.KeyFull, mapping.KeyFull, "name"}}
	case crossbook.Vendors:
		return []checkField{byName}
	default:
		return []checkField{{mapping.KeyNumber, mapping.KeyNumber, "number"}}
	}
}
