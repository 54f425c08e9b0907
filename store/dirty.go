package store

import (
	"context"
	"time"

	"crossbook"
)

// Dirty marks a record to be looked at. Order is the place of its module in
// the order of work (R70), given by the caller.
type Dirty struct {
	Ref      crossbook.Ref
	Reason   string
	DueAt    time.Time
	Priority int // higher goes first
	Order    int // lower goes first among equal priorities
	// Generation and Since are set by the store.
	Generation int64
	Since      time.Time
}

// DirtyCount is the number of dirty records of one type.
type DirtyCount struct {
	Side crossbook.Side
	Type string
	N    int // all of them
	Due  int // those due now
}

// Never is the due time of a row that waits for an event, not for a time.
var Never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// MarkDirty adds the rows. A record that is dirty already keeps the earlier
// due time, with the reason that belongs to it, and the higher priority, and
// its generation rises, so that work begun before does not clear it. Since is
// DueAt when not given.
func (tx *Tx) MarkDirty(ctx context.Context, connectionID string, rows []Dirty) error {
	rows = coalesce(rows)
	values := make([][]any, len(rows))
	for i, d := range rows {
		since := d.Since
		if since.IsZero() {
			since = d.DueAt
		}
		values[i] = []any{
			connectionID, string(d.Ref.Side), d.Ref.Type, d.Ref.ID, d.Reason, micros(d.DueAt), d.Priority, d.Order, 1, micros(since),
		}
	}
	return tx.insert(ctx, `INSERT INTO dirty (connection_id, side, type, id, reason, due_at, priority, work_order, generation, since) VALUES`, values,
		`ON CONFLICT (connection_id, side, type, id) DO UPDATE SET
		reason = CASE WHEN excluded.due_at <= dirty.due_at THEN excluded.reason ELSE dirty.reason END,
		due_at = CASE WHEN excluded.due_at <= dirty.due_at THEN excluded.due_at ELSE dirty.due_at END,
		priority = CASE WHEN excluded.priority > dirty.priority THEN excluded.priority ELSE dirty.priority END,
		work_order = excluded.work_order, generation = dirty.generation + 1`)
}

// coalesce merges rows of the same record as the table would.
func coalesce(rows []Dirty) []Dirty {
	merged := make(map[crossbook.Ref]Dirty, len(rows))
	for _, d := range rows {
		if have, ok := merged[d.Ref]; ok {
			if have.DueAt.Before(d.DueAt) {
				d.DueAt, d.Reason = have.DueAt, have.Reason
			}
			d.Priority = max(d.Priority, have.Priority)
		}
		merged[d.Ref] = d
	}
	out := make([]Dirty, 0, len(merged))
	for _, d := range merged {
		out = append(out, d)
	}
	return lastOfEach(out, func(d Dirty) crossbook.Ref { return d.Ref })
}

const dirtyColumns = `SELECT side, type, id, reason, due_at, priority, work_order, generation, since FROM dirty `

func readDirty(row scanner) (Dirty, error) {
	var (
		d          Dirty
		due, since int64
	)
	err := row.Scan(&d.Ref.Side, &d.Ref.Type, &d.Ref.ID, &d.Reason, &due, &d.Priority, &d.Order, &d.Generation, &since)
	d.DueAt, d.Since = moment(due), moment(since)
	return d, err
}

// DueDirty returns up to limit rows due at now, by priority, order, due time
// and ref.
func (tx *Tx) DueDirty(ctx context.Context, connectionID string, now time.Time, limit int) ([]Dirty, error) {
	return list(ctx, tx, readDirty, dirtyColumns+`WHERE connection_id = ? AND due_at <= ?
		ORDER BY priority DESC, work_order, due_at, side, type, id LIMIT ?`, connectionID, micros(now), orDefault(limit, 1000))
}

// DirtyRow returns the dirty row of one record; ErrNotFound when it is clean.
func (tx *Tx) DirtyRow(ctx context.Context, connectionID string, ref crossbook.Ref) (Dirty, error) {
	return one(ctx, tx, readDirty, dirtyColumns+`WHERE connection_id = ? AND side = ? AND type = ? AND id = ?`,
		connectionID, string(ref.Side), ref.Type, ref.ID)
}

// WalkDirty lists dirty rows of all due times by side, type and id, beginning
// after the given ref (zero for the first).
func (tx *Tx) WalkDirty(ctx context.Context, connectionID string, after crossbook.Ref, limit int) ([]Dirty, error) {
	return list(ctx, tx, readDirty, dirtyColumns+`WHERE connection_id = ? AND (side, type, id) > (?, ?, ?) ORDER BY side, type, id LIMIT ?`,
		connectionID, string(after.Side), after.Type, after.ID, orDefault(limit, 1000))
}

// ClearDirty makes the record clean unless it was marked again since the row
// of this generation was read; it tells whether it did.
func (tx *Tx) ClearDirty(ctx context.Context, connectionID string, ref crossbook.Ref, generation int64) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM dirty WHERE connection_id = ? AND side = ? AND type = ? AND id = ? AND generation = ?`,
		connectionID, string(ref.Side), ref.Type, ref.ID, generation)
	return n > 0, err
}

// ClearDirtyMany is ClearDirty for many rows, of which Ref and Generation
// count.
func (tx *Tx) ClearDirtyMany(ctx context.Context, connectionID string, rows []Dirty) error {
	byGeneration := map[int64][]crossbook.Ref{}
	for _, d := range rows {
		byGeneration[d.Generation] = append(byGeneration[d.Generation], d.Ref)
	}
	for generation, refs := range byGeneration {
		if err := tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
			return tx.run(ctx, `DELETE FROM dirty WHERE connection_id = ? AND generation = ? AND side = ? AND type = ? AND id `+ids,
				append([]any{connectionID, generation, string(side), typ}, args...)...)
		}); err != nil {
			return err
		}
	}
	return nil
}

// Postpone sets a later due time and the reason for waiting unless the record
// was marked again since; it tells whether it did.
func (tx *Tx) Postpone(ctx context.Context, connectionID string, ref crossbook.Ref, generation int64, dueAt time.Time, reason string) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE dirty SET due_at = ?, reason = ? WHERE connection_id = ? AND side = ? AND type = ? AND id = ? AND generation = ?`,
		micros(dueAt), reason, connectionID, string(ref.Side), ref.Type, ref.ID, generation)
	return n > 0, err
}

// Revive makes those of the records that are dirty due at now at the latest.
// Their generation rises also when they are due already: a turn that is about
// to postpone one of them must not sleep through the event that revived it.
func (tx *Tx) Revive(ctx context.Context, connectionID string, refs []crossbook.Ref, now time.Time) error {
	return tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.run(ctx, reviveText+` AND id `+ids,
			append([]any{micros(now), micros(now), connectionID, string(side), typ}, args...)...)
	})
}

// ReviveType is Revive for every dirty record of one type; all of them get the
// reason.
func (tx *Tx) ReviveType(ctx context.Context, connectionID string, side crossbook.Side, typ, reason string, now time.Time) error {
	return tx.run(ctx, `UPDATE dirty SET due_at = CASE WHEN due_at > ? THEN ? ELSE due_at END, generation = generation + 1, reason = ?
		WHERE connection_id = ? AND side = ? AND type = ?`, micros(now), micros(now), reason, connectionID, string(side), typ)
}

const reviveText = `UPDATE dirty SET due_at = CASE WHEN due_at > ? THEN ? ELSE due_at END, generation = generation + 1
	WHERE connection_id = ? AND side = ? AND type = ?`

// HasDue tells whether a row is due at now.
func (tx *Tx) HasDue(ctx context.Context, connectionID string, now time.Time) (bool, error) {
	n, err := one(ctx, tx, readInt, `SELECT CASE WHEN EXISTS (SELECT 1 FROM dirty WHERE connection_id = ? AND due_at <= ?) THEN 1 ELSE 0 END`,
		connectionID, micros(now))
	return n > 0, err
}

// NextDue is the earliest due time; ok is false when nothing is dirty or
// everything waits for an event.
func (tx *Tx) NextDue(ctx context.Context, connectionID string) (at time.Time, ok bool, err error) {
	us, err := one(ctx, tx, readInt64,
		`SELECT coalesce(min(due_at), ?) FROM dirty WHERE connection_id = ?`, micros(Never), connectionID)
	if err != nil || us >= micros(Never) {
		return time.Time{}, false, err
	}
	return moment(us), true, nil
}

// CountDirty counts dirty records by type.
func (tx *Tx) CountDirty(ctx context.Context, connectionID string, now time.Time) ([]DirtyCount, error) {
	return list(ctx, tx, func(row scanner) (c DirtyCount, err error) {
		err = row.Scan(&c.Side, &c.Type, &c.N, &c.Due)
		return c, err
	}, `SELECT side, type, count(*), sum(CASE WHEN due_at <= ? THEN 1 ELSE 0 END)
		FROM dirty WHERE connection_id = ? GROUP BY side, type ORDER BY side, type`, micros(now), connectionID)
}

// DueConnections lists, over all connections, those with a row due at now.
func (tx *Tx) DueConnections(ctx context.Context, now time.Time) ([]string, error) {
	return list(ctx, tx, readString,
		`SELECT DISTINCT connection_id FROM dirty WHERE due_at <= ? ORDER BY connection_id`, micros(now))
}
