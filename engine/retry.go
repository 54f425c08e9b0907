package engine

import (
	"context"
	"errors"
	"strings"

	"crossbook"
	"crossbook/store"
)

// Retry makes the records of problems due at once, whatever they waited for
// (R104). Problems that a person dismissed stand again.
func (e *Engine) Retry(ctx context.Context, connectionID string, rows []store.ProblemRow) error {
	now := e.o.Now()
	return e.o.Store.Update(ctx, func(tx *store.Tx) error {
		for _, p := range rows {
			if isLayoutProblem(p) {
				look := store.Dirty{Ref: LayoutCheck(), DueAt: now, Reason: "tried again by a person", Order: orderChores}
				if err := tx.MarkDirty(ctx, connectionID, []store.Dirty{look}); err != nil {
					return err
				}
				continue
			}
			if err := tx.TryProblem(ctx, connectionID, p.Key, now); err != nil {
				return err
			}
			refs, err := pairRefs(ctx, tx, connectionID, p.Ref)
			if err != nil {
				return err
			}
			if err := tx.Revive(ctx, connectionID, refs, now); err != nil {
				return err
			}
			if err := markMissing(ctx, tx, connectionID, store.Dirty{Ref: p.Ref, DueAt: now, Reason: reasonResync}); err != nil {
				return err
			}
			if p.Dismissed {
				if err := tx.DismissProblem(ctx, connectionID, p.Key, false); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Dismiss puts problems aside: they are not listed, counted or tried again
// until one of their records changes (R104).
func (e *Engine) Dismiss(ctx context.Context, connectionID string, rows []store.ProblemRow) error {
	return e.o.Store.Update(ctx, func(tx *store.Tx) error {
		for _, p := range rows {
			if err := tx.DismissProblem(ctx, connectionID, p.Key, true); err != nil {
				return err
			}
			refs, err := pairRefs(ctx, tx, connectionID, p.Ref)
			if err != nil {
				return err
			}
			for _, ref := range refs {
				row, err := tx.DirtyRow(ctx, connectionID, ref)
				if errors.Is(err, store.ErrNotFound) {
					continue
				}
				if err == nil {
					_, err = tx.Postpone(ctx, connectionID, ref, row.Generation, store.Never, origin(row.Reason)+": dismissed")
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Pair are a record and the records it is linked with.
func (e *Engine) Pair(ctx context.Context, connectionID string, ref crossbook.Ref) (refs []crossbook.Ref, err error) {
	err = e.o.Store.View(ctx, func(tx *store.Tx) error {
		refs, err = pairRefs(ctx, tx, connectionID, ref)
		return err
	})
	return refs, err
}

// markMissing makes a record dirty that is not.
func markMissing(ctx context.Context, tx *store.Tx, connectionID string, d store.Dirty) error {
	_, err := tx.DirtyRow(ctx, connectionID, d.Ref)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	order, ok := orderOf(d.Ref)
	if !ok {
		return nil
	}
	d.Order = order
	return tx.MarkDirty(ctx, connectionID, []store.Dirty{d})
}

// pairRefs are a record and what it is linked with: both wait for a problem of
// either.
func pairRefs(ctx context.Context, tx *store.Tx, connectionID string, ref crossbook.Ref) ([]crossbook.Ref, error) {
	links, err := linksOf(ctx, tx, connectionID, ref)
	refs := []crossbook.Ref{ref}
	for _, l := range links {
		if l.CRM() != ref {
			refs = append(refs, l.CRM())
		}
		if l.Books() != ref {
			refs = append(refs, l.Books())
		}
	}
	return refs, err
}

// linksOf are all links of a record of either side.
func linksOf(ctx context.Context, tx *store.Tx, connectionID string, ref crossbook.Ref) ([]crossbook.Link, error) {
	if ref.Side == crossbook.CRM {
		return tx.LinksByCRM(ctx, connectionID, ref.Module(), ref.ID)
	}
	return tx.LinksByBooks(ctx, connectionID, ref.Entity(), ref.ID)
}

// isLayoutProblem tells a problem of a module's fields from one of a record.
func isLayoutProblem(p store.ProblemRow) bool { return strings.HasPrefix(p.Key, "layout/") }
