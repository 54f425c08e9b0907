package store

import (
	"context"
	"time"

	"crossbook"
)

// LeftOut says why a record has no link. Code groups equal reasons for
// counting; Reason is the sentence people read. Module is the module the
// record would belong to: a QuickBooks customer may be left out of Accounts or
// of Contacts.
type LeftOut struct {
	Ref    crossbook.Ref
	Module crossbook.Module
	Name   string
	Code   string
	Reason string
	By     string
	Since  time.Time
}

// LeftOutCount is the number of records of a module left out for one code.
type LeftOutCount struct {
	Module crossbook.Module
	Code   string
	N      int
}

// LeftOutFilter selects left-out records; zero fields select all.
type LeftOutFilter struct {
	Module crossbook.Module
	Code   string
	After  crossbook.Ref // the last ref of the page before
	Limit  int           // 0: 1,000
}

// PutLeftOut remembers why the records are left out. While code and reason of
// a record stay the same its Since and By stay too.
func (tx *Tx) PutLeftOut(ctx context.Context, connectionID string, rows ...LeftOut) error {
	rows = lastOfEach(rows, func(l LeftOut) crossbook.Ref { return l.Ref })
	values := make([][]any, len(rows))
	for i, l := range rows {
		values[i] = []any{
			connectionID, string(l.Ref.Side), l.Ref.Type, l.Ref.ID, string(l.Module), l.Name, l.Code, l.Reason, l.By, micros(l.Since),
		}
	}
	const same = `left_out.code = excluded.code AND left_out.reason = excluded.reason`
	return tx.insert(ctx, `INSERT INTO left_out (connection_id, side, type, id, module, name, code, reason, by_whom, since) VALUES`, values,
		`ON CONFLICT (connection_id, side, type, id) DO UPDATE SET
		since = CASE WHEN `+same+` THEN left_out.since ELSE excluded.since END,
		by_whom = CASE WHEN `+same+` THEN left_out.by_whom ELSE excluded.by_whom END,
		module = excluded.module, name = excluded.name, code = excluded.code, reason = excluded.reason`)
}

// ClearLeftOut forgets that the records were left out.
func (tx *Tx) ClearLeftOut(ctx context.Context, connectionID string, refs ...crossbook.Ref) error {
	return tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.run(ctx, `DELETE FROM left_out WHERE connection_id = ? AND side = ? AND type = ? AND id `+ids,
			append([]any{connectionID, string(side), typ}, args...)...)
	})
}

const leftOutColumns = `SELECT side, type, id, module, name, code, reason, by_whom, since FROM left_out `

func readLeftOut(row scanner) (LeftOut, error) {
	var (
		l     LeftOut
		since int64
	)
	err := row.Scan(&l.Ref.Side, &l.Ref.Type, &l.Ref.ID, &l.Module, &l.Name, &l.Code, &l.Reason, &l.By, &since)
	l.Since = moment(since)
	return l, err
}

// LeftOut returns why a record is left out; ErrNotFound when it is not.
func (tx *Tx) LeftOut(ctx context.Context, connectionID string, ref crossbook.Ref) (LeftOut, error) {
	return one(ctx, tx, readLeftOut, leftOutColumns+`WHERE connection_id = ? AND side = ? AND type = ? AND id = ?`,
		connectionID, string(ref.Side), ref.Type, ref.ID)
}

// LeftOutMany returns those of the records that are left out.
func (tx *Tx) LeftOutMany(ctx context.Context, connectionID string, refs []crossbook.Ref) (map[crossbook.Ref]LeftOut, error) {
	out := map[crossbook.Ref]LeftOut{}
	err := tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.each(ctx, func(row scanner) error {
			l, err := readLeftOut(row)
			out[l.Ref] = l
			return err
		}, leftOutColumns+`WHERE connection_id = ? AND side = ? AND type = ? AND id `+ids, append([]any{connectionID, string(side), typ}, args...)...)
	})
	return out, err
}

// WalkLeftOut lists left-out records by side, type and id.
func (tx *Tx) WalkLeftOut(ctx context.Context, connectionID string, f LeftOutFilter) ([]LeftOut, error) {
	var q where
	q.and(`connection_id = ?`, connectionID)
	if f.Module != "" {
		q.and(`module = ?`, string(f.Module))
	}
	if f.Code != "" {
		q.and(`code = ?`, f.Code)
	}
	if !f.After.IsZero() {
		q.and(`(side, type, id) > (?, ?, ?)`, string(f.After.Side), f.After.Type, f.After.ID)
	}
	return list(ctx, tx, readLeftOut, leftOutColumns+q.text()+` ORDER BY side, type, id LIMIT ?`, append(q.args, orDefault(f.Limit, 1000))...)
}

// CountLeftOut counts left-out records by module and code.
func (tx *Tx) CountLeftOut(ctx context.Context, connectionID string) ([]LeftOutCount, error) {
	return list(ctx, tx, func(row scanner) (c LeftOutCount, err error) {
		err = row.Scan(&c.Module, &c.Code, &c.N)
		return c, err
	}, `SELECT module, code, count(*) FROM left_out WHERE connection_id = ? GROUP BY module, code ORDER BY module, code`, connectionID)
}
