package engine

import (
	"context"
	"errors"
	"strings"

	"crossbook"
	"crossbook/store"
)

// Notes are what Crossbook says about a CRM record in fields that it alone
// writes: the figures of a Deal, and QuickBooks sync. They are no change of the
// record, belong to no pair's bases and count for no brake.

// noteWritten takes a written note into the store: the mirror, so that its echo
// is nothing new; the journal; and, of a linked record, the revision.
func (t *turn) noteWritten(ctx context.Context, tx *store.Tx, r crossbook.Request, op crossbook.Op, o crossbook.Outcome, pending map[crossbook.Ref]*unit, s *settled) error {
	l, linked, err := t.noted(ctx, tx, op, o)
	if err != nil {
		return err
	}
	if linked {
		s.links = append(s.links, l)
	}
	s.journal = append(s.journal, t.journalRow(r, op, o))
	if o.Found {
		s.reread = append(s.reread, o.Ref)
	} else {
		row, ok, err := t.mirrorOf(ctx, tx, op, o)
		if err != nil {
			return err
		}
		if ok {
			s.mirror = append(s.mirror, row)
		}
	}
	if op.Module == crossbook.Deals {
		s.refs = append(s.refs, op.Source)
	}
	if u := pending[op.Source]; u != nil && u.again {
		return nil // the rows stay due: the next pass does the rest
	} else if u != nil {
		s.clear = append(s.clear, u.rows...)
	} else {
		s.dirty = append(s.dirty, dirtyRows([]crossbook.Ref{op.Source}, reasonOf(op), t)...)
	}
	return nil
}

// noted is the link of a record a note was written on. Nobody touched the record
// between our last write and the note, if the note was written on the condition
// of that write's revision: then what reads otherwise at the note's revision is
// still the vendor's doing. Otherwise the note's revision proves nothing, and
// every difference counts as an edit.
func (t *turn) noted(ctx context.Context, tx *store.Tx, op crossbook.Op, o crossbook.Outcome) (crossbook.Link, bool, error) {
	if op.Link.ID == "" || op.Revision == "" || o.Revision == "" {
		return crossbook.Link{}, false, nil
	}
	l, err := tx.Link(ctx, t.conn.ID, op.Link.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && l.OurCRMRevision != op.Revision {
		return l, false, nil
	}
	if err != nil {
		return l, false, err
	}
	l.CRMRevision, l.OurCRMRevision = o.Revision, o.Revision
	return l, true, nil
}

// cut shortens a text to what its field holds.
func cut(s string, length int) string {
	r := []rune(s)
	if len(r) <= length {
		return s
	}
	return strings.TrimRight(string(r[:length-1]), " ") + "…"
}
