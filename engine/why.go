package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crossbook"
	"crossbook/store"
)

// Explanation walks one record through the stations of a turn to the one next
// action.
type Explanation struct {
	Record crossbook.Ref    `json:"record"`
	Name   string           `json:"name,omitempty"`
	Seen   bool             `json:"seen"` // the record was read before
	Links  []crossbook.Link `json:"links,omitempty"`
	Steps  []Step           `json:"steps"`
	Next   string           `json:"next"`
	// Ops are what the next turn would do with the record.
	Ops []crossbook.Op `json:"ops,omitempty"`
}

// Step is one station: filter, match, mapping, dependency, policy, quota.
type Step struct {
	Station string `json:"station"`
	Says    string `json:"says"`
}

// Why explains what keeps one record where it is. It writes nothing and asks
// no vendor.
func (e *Engine) Why(ctx context.Context, connectionID string, ref crossbook.Ref) (Explanation, error) {
	x := Explanation{Record: ref}
	t, err := e.look(ctx, connectionID)
	if err != nil {
		return x, err
	}
	err = e.o.Store.View(ctx, func(tx *store.Tx) error {
		w := newWorld(ctx, tx, t.conn.ID)
		rec := w.record(ref)
		if rec == nil {
			x.Steps = append(x.Steps, Step{"feed", "this record was never seen: it may not exist, or its feed was not read yet"})
			x.Next = "run crossbook sync, or check the id"
			return w.err
		}
		x.Seen, x.Name, x.Links = true, recordName(rec), w.links(ref)
		d := t.decider(w)
		units := t.assemble(w, []store.Dirty{{Ref: ref, Reason: reasonFeed}})
		u := units[0]
		d.unit(u)
		x.Ops = u.ops
		if w.err != nil {
			return w.err
		}
		return x.explain(ctx, tx, t, u)
	})
	return x, err
}

// explain walks a unit through the stations, each of which says what it has to
// say also when nothing is wrong there, and ends with the one next action.
func (x *Explanation) explain(ctx context.Context, tx *store.Tx, t *turn, u *unit) error {
	x.filter(u)
	x.match(u)
	x.mapping(u)
	x.dependency(u)
	x.policy(t, u)
	if err := x.quota(ctx, tx, t); err != nil {
		return err
	}
	if err := x.standing(ctx, tx, t, u.source()); err != nil {
		return err
	}
	switch {
	case x.Next != "":
	case u.remote():
		x.Next = "crossbook sync: the next turn writes it"
	default:
		x.Next = "nothing: both sides agree"
	}
	return nil
}

func (x *Explanation) say(station, format string, args ...any) {
	x.Steps = append(x.Steps, Step{station, fmt.Sprintf(format, args...)})
}

// then sets the next action unless an earlier station decided it.
func (x *Explanation) then(next string) {
	if x.Next == "" {
		x.Next = next
	}
}

// filter says whether the record is wanted at all.
func (x *Explanation) filter(u *unit) {
	for _, lo := range u.leftOut {
		x.say("filter", "left out: %s", lo.Reason)
		x.then("nothing: it is left out by choice")
	}
	if len(u.leftOut) == 0 {
		x.say("filter", "it is to be kept in step")
	}
}

// match says which record it belongs to.
func (x *Explanation) match(u *unit) {
	for _, l := range x.Links {
		switch {
		case l.State == crossbook.Tombstone:
			x.say("match", "left out on purpose since %s: %s", l.Since.Format(time.DateOnly), l.Cause)
			x.then("restore the record in the CRM, or release the pair")
		case l.Kind == crossbook.Alias:
			x.say("match", "an alias: its documents and balance are shown under %s", l.CRM())
		default:
			x.say("match", "linked with %s", x.other(l))
		}
	}
	found := len(x.Links) > 0
	for _, op := range u.ops {
		if op.Kind == crossbook.LinkUp || op.Kind == crossbook.Create {
			x.say("match", "%s", op.Why)
			found = true
		}
	}
	if !found {
		x.say("match", "not linked")
	}
}

// other is the record on the other end of a link.
func (x *Explanation) other(l crossbook.Link) string {
	if l.CRM() == x.Record {
		return l.Books().String()
	}
	return l.CRM().String()
}

// mapping says which values differ, and what cannot be written.
func (x *Explanation) mapping(u *unit) {
	said := false
	for _, op := range u.ops {
		switch op.Kind {
		case crossbook.Fail:
			x.say("mapping", "%s %s", op.Problem.Text, op.Problem.Cause)
			x.then(op.Problem.Cure)
		case crossbook.Create, crossbook.Update:
			x.say("mapping", "%s in %s: %s", op.Kind, op.Side, strings.ReplaceAll(fieldList(op.Changes), "_", " "))
		default:
			continue
		}
		said = true
	}
	switch {
	case said:
	case len(x.Links) > 0:
		x.say("mapping", "every mapped field is as it was agreed")
	default:
		x.say("mapping", "nothing to write")
	}
}

// dependency says what it waits for.
func (x *Explanation) dependency(u *unit) {
	waits := false
	for _, op := range u.ops {
		if op.Kind == crossbook.Wait {
			x.say("dependency", "%s", op.Why)
			waits = true
			if op.Problem != nil {
				x.then(op.Problem.Cure)
			}
		}
	}
	if !waits {
		x.say("dependency", "it waits for no other record")
	}
}

// policy says what people decided: directions, pauses, stops.
func (x *Explanation) policy(t *turn, u *unit) {
	modules := map[crossbook.Module]bool{}
	for _, op := range u.ops {
		modules[op.Module] = true
	}
	for _, l := range x.Links {
		modules[l.Module] = true
	}
	if x.Record.Side == crossbook.CRM {
		modules[x.Record.Module()] = true
	}
	stopped := false
	for k := range t.brakes {
		if k.module != "" && !modules[k.module] {
			continue
		}
		where := "everything"
		if k.module != "" {
			where = k.module.Label()
		}
		x.say("policy", "writes to %s are stopped for %s until a person has looked", k.side, where)
		x.Next = "look at crossbook status, then crossbook resume"
		stopped = true
	}
	for _, m := range crossbook.Modules() {
		ms := t.settings.Modules[m]
		switch {
		case !modules[m]:
		case !ms.On:
			x.say("policy", "%s are switched off", m.Label())
		case ms.Paused():
			x.say("policy", "%s are paused since %s", m.Label(), ms.PausedSince.Format(time.DateTime))
			x.then("crossbook resume " + string(m))
		default:
			x.say("policy", "%s: %s", m.Label(), directionWords(ms.Direction))
		}
		stopped = stopped || modules[m]
	}
	if !stopped {
		x.say("policy", "nothing is stopped or paused")
	}
}

func directionWords(d crossbook.Direction) string {
	switch d {
	case crossbook.Both:
		return "both directions"
	case crossbook.InToCRM:
		return "from QuickBooks into Zoho CRM only"
	case crossbook.ToQB:
		return "from Zoho CRM to QuickBooks only"
	default:
		return "no direction"
	}
}

// quota says how many calls today took, and whether a side is left alone.
func (x *Explanation) quota(ctx context.Context, tx *store.Tx, t *turn) error {
	rows, err := tx.Calls(ctx, t.conn.ID, t.now().UTC().Format(time.DateOnly))
	if err != nil {
		return err
	}
	today := map[string]int64{}
	for _, r := range rows {
		today[r.Vendor] += r.N
	}
	x.say("quota", "%d calls to %s and %d to %s today", today[crossbook.CRM.String()], crossbook.CRM, today[crossbook.Books.String()], crossbook.Books)
	return nil
}

// standing says what was recorded against the record, and when it is looked at.
func (x *Explanation) standing(ctx context.Context, tx *store.Tx, t *turn, source crossbook.Ref) error {
	refs, err := pairRefs(ctx, tx, t.conn.ID, x.Record)
	if err != nil {
		return err
	}
	problems, err := tx.ProblemsOf(ctx, t.conn.ID, append(refs, source)...)
	if err != nil {
		return err
	}
	said := map[string]bool{}
	for _, p := range problems {
		if said[p.Key] {
			continue
		}
		said[p.Key] = true
		state := ""
		if p.Dismissed {
			state = " (dismissed)"
		}
		x.say("problem", "%s%s", p.Problem.Text, state)
		switch {
		case strings.HasPrefix(x.Next, "look at"):
		case p.Dismissed:
			x.Next = "nothing until the record changes: it was dismissed; crossbook problems --retry takes it up again"
		default:
			x.Next = p.Problem.Cure
		}
	}
	queued := map[string]bool{}
	for _, ref := range refs {
		row, err := tx.DirtyRow(ctx, t.conn.ID, ref)
		if err != nil {
			continue // nothing is due for it
		}
		if !queued[row.Reason] {
			x.say("queue", "%s", row.Reason)
			queued[row.Reason] = true
		}
		if row.DueAt.Before(t.now()) {
			x.then("crossbook sync: it is due now")
		} else if row.DueAt.Before(store.Never) {
			x.then("nothing: it is tried again at " + row.DueAt.UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// look makes a turn that only looks: no lease, no vendor.
func (e *Engine) look(ctx context.Context, connectionID string) (*turn, error) {
	t := e.newTurn(Ask{})
	err := e.o.Store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, connectionID)
		if err != nil {
			return err
		}
		t.conn = c
		return t.load(ctx, tx)
	})
	return t, err
}
