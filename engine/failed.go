package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/problem"
	"crossbook/store"
)

// opFailed treats one refused write.
func (t *turn) opFailed(ctx context.Context, tx *store.Tx, op crossbook.Op, f *crossbook.Failure, u *unit, after *followUps) error {
	if u != nil {
		u.refused.Store(true)
	}
	rows, err := t.rowsFor(ctx, tx, u, op)
	if err != nil {
		return err
	}
	target := crossbook.CRMRef(op.Module, op.Link.CRMID)
	if op.Side == crossbook.Books {
		target = op.Link.Books()
	}
	switch f.Kind {
	case failNoEffect:
		return tx.MarkDirty(ctx, t.conn.ID, dirtyRows([]crossbook.Ref{op.Source}, reasonOf(op), t))
	case crossbook.FailStale:
		after.reread = append(after.reread, target)
		return nil
	case crossbook.FailNotFound:
		if op.Kind == crossbook.Update {
			after.gone = append(after.gone, target)
			return t.postponeRows(ctx, tx, rows, t.now().Add(time.Minute), "the record was not found; asked again")
		}
	case crossbook.FailDuplicate:
		if op.Side == crossbook.CRM && op.Kind == crossbook.Create && !f.Existing.IsZero() {
			after.adopt = append(after.adopt, adoption{op: op, existing: f.Existing, elsewhere: f.Field != mapping.FieldID})
			if f.Field == mapping.FieldID {
				return nil
			}
		}
	case crossbook.FailRetry, crossbook.FailLimit, crossbook.FailUnknown:
		if f.OwnFault {
			return t.writeFaulted(ctx, tx, op, f, rows)
		}
		wait := max(f.RetryAfter, time.Minute)
		return t.postponeRows(ctx, tx, rows, t.now().Add(wait), "the vendor is asked again later")
	case crossbook.FailAuth:
		return tx.SetConnectionState(ctx, t.conn.ID, crossbook.Reauthorise)
	}
	if ownerRefused(op, f) && !t.usersRead {
		after.users = true // the rows stay due: the next look knows who left
		return nil
	}
	return t.putProblem(ctx, tx, op.Source, op.Module, op.Name, t.problemOf(op, f), rows)
}

// problemOf makes the problem of a refused operation from the vendor's words.
func (t *turn) problemOf(op crossbook.Op, f *crossbook.Failure) crossbook.Problem {
	d := decider{t: t}
	about := d.about(op.Module, op.Link.Entity, op.Name)
	var all []crossbook.Problem
	for _, w := range f.Words {
		if op.Side == crossbook.CRM {
			all = append(all, problem.FromCRM(w.Code, w.Message, w.Details, about))
		} else {
			all = append(all, problem.FromBooks(w.Code, w.Message, w.Detail, w.Element, about))
		}
	}
	if len(all) == 0 {
		return problem.Bug(f.Error(), about)
	}
	return problem.Join(all...)
}

func rowsOf(u *unit, op crossbook.Op, t *turn) []store.Dirty {
	if u != nil {
		return u.rows
	}
	return dirtyRows([]crossbook.Ref{op.Source}, reasonFeed, t)
}

// rowsFor are the dirty rows an operation stands for: those of its unit, or in
// recovery, where there is none, the row as it stands. One that is missing is
// made, or nothing would ever look at the record again.
func (t *turn) rowsFor(ctx context.Context, tx *store.Tx, u *unit, op crossbook.Op) ([]store.Dirty, error) {
	if u != nil {
		return u.rows, nil
	}
	if rows := t.rowsNow(ctx, tx, op.Source); len(rows) > 0 {
		return rows, nil
	}
	err := tx.MarkDirty(ctx, t.conn.ID, dirtyRows([]crossbook.Ref{op.Source}, reasonOf(op), t))
	return t.rowsNow(ctx, tx, op.Source), err
}

// putProblem records a problem and when its record is tried again: after 1 h,
// 4 h, then daily, besides whenever a side, a dependency or the mapping
// changes (design section 5, poison).
func (t *turn) putProblem(ctx context.Context, tx *store.Tx, ref crossbook.Ref, m crossbook.Module, name string, p crossbook.Problem, rows []store.Dirty) error {
	if IsNote(ref) {
		// A state that cannot be told is no trouble of its own.
		t.e.o.Logger.Warn("the state of a record could not be written on it", "connection", t.conn.ID, "module", m)
		return t.postponeRows(ctx, tx, rows, t.now().Add(24*time.Hour), "told later")
	}
	if err := t.noteTrouble(ctx, tx, ref, m); err != nil {
		return err
	}
	key := problemKey(ref, m)
	tries, dismissed := 0, false
	if old, err := tx.Problem(ctx, t.conn.ID, key); err == nil {
		tries, dismissed = old.Tries, old.Dismissed
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	next := t.now().Add(retryAfter(tries))
	if p.Waiting {
		next = t.now().Add(15 * time.Minute)
	}
	if p.Number == 14 || problem.ForGood(p) {
		next = store.Never // resuming makes it due
	}
	err := tx.PutProblem(ctx, t.conn.ID, store.ProblemRow{
		Key: key, Ref: ref, Module: m, Name: name, Problem: p, FirstAt: t.now(), LastAt: t.now(), NextTry: next,
	})
	if err == nil && dismissed {
		// It was dismissed until something changes, and only a change brings it here.
		err = tx.DismissProblem(ctx, t.conn.ID, key, false)
	}
	if err != nil {
		return err
	}
	return t.postponeRows(ctx, tx, rows, next, "problem")
}

func retryAfter(tries int) time.Duration {
	switch tries {
	case 0:
		return time.Hour
	case 1:
		return 4 * time.Hour
	default:
		return 24 * time.Hour
	}
}

// postponeRows sets rows aside until a time, keeping the origin of their
// reason: it decides whether automation runs later (P25).
func (t *turn) postponeRows(ctx context.Context, tx *store.Tx, rows []store.Dirty, until time.Time, why string) error {
	for _, row := range rows {
		if _, err := tx.Postpone(ctx, t.conn.ID, row.Ref, row.Generation, until, origin(row.Reason)+": "+why); err != nil {
			return err
		}
	}
	return nil
}

// isNoAnswer tells which failures of a replay say nothing about its first
// sending: the request stays open.
func isNoAnswer(k crossbook.FailureKind) bool {
	switch k {
	case crossbook.FailRetry, crossbook.FailLimit, crossbook.FailUnknown, crossbook.FailAuth:
		return true
	default:
		return false
	}
}

// callFailed treats a call that failed as a whole.
func (t *turn) callFailed(ctx context.Context, r crossbook.Request, ops []crossbook.Op, f *crossbook.Failure, pending map[crossbook.Ref]*unit) error {
	t.e.o.Logger.Warn("a write call failed", "connection", t.conn.ID, "side", r.Side, "kind", f.Kind)
	wait := max(f.RetryAfter, 30*time.Second)
	if pending == nil && isNoAnswer(f.Kind) {
		// What was refused is the recovery's call, not the first sending.
		t.block(r.Side, t.now().Add(wait), f.Error())
		return nil
	}
	err := t.update(ctx, func(tx *store.Tx) error {
		if f.Kind != crossbook.FailUnknown {
			// The vendor refused the call before doing anything.
			if err := tx.CloseRequest(ctx, t.conn.ID, r.ID, store.RequestAbandoned, t.now()); err != nil {
				return err
			}
		}
		switch f.Kind {
		case crossbook.FailAuth:
			return tx.SetConnectionState(ctx, t.conn.ID, crossbook.Reauthorise)
		case crossbook.FailStale:
			return nil
		}
		for _, op := range ops {
			rows, err := t.rowsFor(ctx, tx, pending[op.Source], op)
			if err != nil {
				return err
			}
			if f.Kind == crossbook.FailInvalid || f.Kind == crossbook.FailBug || f.Kind == crossbook.FailLocked || f.Kind == crossbook.FailNotFound {
				p := t.problemOf(op, f)
				if err := t.putProblem(ctx, tx, op.Source, op.Module, op.Name, p, rows); err != nil {
					return err
				}
				continue
			}
			if err := t.postponeRows(ctx, tx, rows, t.now().Add(wait), "the vendor is asked again later"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch f.Kind {
	case crossbook.FailRetry, crossbook.FailLimit:
		t.block(r.Side, t.now().Add(wait), f.Error())
	case crossbook.FailUnknown:
		t.unresolved = true
		t.block(r.Side, t.now().Add(5*time.Second), "the answer to a call was lost")
	case crossbook.FailAuth:
		return errStop
	case crossbook.FailStale:
		for _, op := range ops {
			if err := t.reread(ctx, crossbook.CRMRef(op.Module, op.Link.CRMID)); err != nil {
				return t.sideFailed(ctx, r.Side, err, nil)
			}
		}
	}
	return nil
}

// errorsLast orders a unit's operations so that the time of the next try is that
// of its errors, where another part of it merely waits.
func errorsLast(ops []crossbook.Op) []crossbook.Op {
	failed := func(op crossbook.Op) bool { return op.Kind == crossbook.Fail }
	last := slices.DeleteFunc(slices.Clone(ops), func(op crossbook.Op) bool { return !failed(op) })
	return append(slices.DeleteFunc(slices.Clone(ops), failed), last...)
}

// problemKey is the key of a record's problem. An Account and its Contact share
// a customer and may each have a problem.
func problemKey(ref crossbook.Ref, m crossbook.Module) string {
	if ref.Side == crossbook.Books && ref.Entity() == crossbook.Customer && m == crossbook.Contacts {
		return ref.String() + " " + string(m)
	}
	return ref.String()
}

// clearCured removes the problem of one part of a customer when only the other
// part still has one.
func (t *turn) clearCured(ctx context.Context, tx *store.Tx, u *unit) error {
	if u.source().Side != crossbook.Books || u.source().Entity() != crossbook.Customer {
		return nil
	}
	for _, m := range u.source().Entity().Modules() {
		if u.concerns(m) {
			continue
		}
		if _, err := tx.ClearProblem(ctx, t.conn.ID, problemKey(u.source(), m)); err != nil {
			return err
		}
	}
	return nil
}

// concerns tells whether anything of a module is still to be done, or held.
func (u *unit) concerns(m crossbook.Module) bool {
	return slices.ContainsFunc(u.ops, func(op crossbook.Op) bool {
		return op.Module == m && (op.Kind.Remote() || op.Kind == crossbook.Fail || op.Kind == crossbook.Wait)
	})
}
