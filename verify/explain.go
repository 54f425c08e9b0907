package verify

import (
	"context"
	"errors"

	"crossbook"
	"crossbook/document"
	"crossbook/engine"
	"crossbook/store"
)

// explain looks up what stands recorded about the units with findings, and
// weighs them again.
func (v *verifier) explain(ctx context.Context, verdicts []verdict) error {
	var links []string
	var refs []crossbook.Ref
	for _, d := range verdicts {
		if d.state != open {
			continue
		}
		if d.unit.link.ID != "" {
			links = append(links, d.unit.link.ID)
			refs = append(refs, d.unit.link.CRM(), d.unit.link.Books())
		} else {
			refs = append(refs, d.unit.alone)
		}
	}
	if len(refs) == 0 {
		return nil
	}
	return v.Store.View(ctx, func(tx *store.Tx) error {
		r := recorded{v: v, tx: tx}
		if err := r.load(ctx, links, refs); err != nil {
			return err
		}
		for i := range verdicts {
			if verdicts[i].state == open {
				if err := r.apply(ctx, &verdicts[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// recorded is what stands recorded about some units.
type recorded struct {
	v           *verifier
	tx          *store.Tx
	differences map[string]store.Difference // by link and field
	conflicts   map[string]store.Conflict
	problems    map[crossbook.Ref]store.ProblemRow
	leftOut     map[crossbook.Ref]store.LeftOut
	daily       bool // the daily pass is due
}

func (r *recorded) load(ctx context.Context, links []string, refs []crossbook.Ref) error {
	r.differences, r.conflicts, r.problems = map[string]store.Difference{}, map[string]store.Conflict{}, map[crossbook.Ref]store.ProblemRow{}
	differences, err := r.tx.DifferencesOf(ctx, r.v.conn.ID, links...)
	if err != nil {
		return err
	}
	for _, d := range differences {
		r.differences[d.LinkID+"/"+d.Field] = d
	}
	conflicts, err := r.tx.ConflictsOf(ctx, r.v.conn.ID, links...)
	if err != nil {
		return err
	}
	for _, c := range conflicts {
		if c.Winner == "" && c.Answer == "" {
			r.conflicts[c.LinkID+"/"+c.Field] = c
		}
	}
	problems, err := r.tx.ProblemsOf(ctx, r.v.conn.ID, refs...)
	if err != nil {
		return err
	}
	for _, p := range problems {
		r.problems[p.Ref] = p
	}
	if r.leftOut, err = r.tx.LeftOutMany(ctx, r.v.conn.ID, refs); err != nil {
		return err
	}
	row, err := r.tx.DirtyRow(ctx, r.v.conn.ID, engine.DailyPass())
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	r.daily = err == nil && !row.DueAt.After(r.v.Now())
	return err
}

// apply gives the findings of one unit their reasons.
func (r *recorded) apply(ctx context.Context, d *verdict) error {
	if d.unit.link.ID == "" {
		return r.alone(ctx, d)
	}
	general, err := r.general(ctx, d.unit)
	if err != nil {
		return err
	}
	for i := range d.findings {
		f := &d.findings[i]
		if f.Explained {
			continue
		}
		f.Why = r.of(d.unit, *f)
		if f.Why == "" {
			f.Why = general
		}
		f.Explained = f.Why != ""
	}
	d.weigh()
	return nil
}

// of is the reason of one field.
func (r *recorded) of(u unit, f Finding) string {
	key := u.link.ID + "/" + f.field
	if d, ok := r.differences[key]; ok {
		if c := u.link; c.BaseCRM[f.field] == d.CRMValue && c.BaseBooks[f.field] == d.BooksValue {
			return "both sides were filled when they met, and stay as they are: to review"
		}
	}
	if _, ok := r.conflicts[key]; ok {
		return "changed on both sides: a person is asked"
	}
	if r.daily && f.field == document.FieldStatus {
		return "changes with the date: the daily pass is due"
	}
	return ""
}

// general is a reason that covers a whole pair.
func (r *recorded) general(ctx context.Context, u unit) (string, error) {
	if ms := r.v.show.Settings().Modules[u.module]; ms.Paused() {
		return "the module is paused", nil
	}
	for _, ref := range []crossbook.Ref{u.link.Books(), u.link.CRM()} {
		if p, ok := r.problems[ref]; ok {
			return p.Problem.Text, nil
		}
	}
	for _, ref := range []crossbook.Ref{u.link.Books(), u.link.CRM()} {
		why, err := r.onItsWay(ctx, ref)
		if why != "" || err != nil {
			return why, err
		}
	}
	return "", nil
}

// onItsWay tells of work that is due, or waits.
func (r *recorded) onItsWay(ctx context.Context, ref crossbook.Ref) (string, error) {
	row, err := r.tx.DirtyRow(ctx, r.v.conn.ID, ref)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if row.DueAt.After(r.v.Now()) {
		return "waiting: " + row.Reason, nil
	}
	return "on its way: " + row.Reason, nil
}

// alone gives a record without a link its reason.
func (r *recorded) alone(ctx context.Context, d *verdict) error {
	ref := d.unit.alone
	if lo, ok := r.leftOut[ref]; ok {
		d.state, d.reason, d.findings = leftOut, lo.Code, nil
		return nil
	}
	ms := r.v.show.Settings().Modules[d.unit.module]
	if !ms.On {
		d.state, d.reason, d.findings = leftOut, "module-off", nil
		return nil
	}
	why := ""
	if p, ok := r.problems[ref]; ok {
		why = p.Problem.Text
	}
	if why == "" && ms.Paused() {
		why = "the module is paused"
	}
	if why == "" {
		var err error
		if why, err = r.onItsWay(ctx, ref); err != nil {
			return err
		}
	}
	for i := range d.findings {
		d.findings[i].Why, d.findings[i].Explained = why, why != ""
	}
	d.weigh()
	return nil
}
