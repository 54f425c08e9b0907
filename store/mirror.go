package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crossbook"
)

// MirrorRow is the last state seen of one record. Hash is the canonical hash
// over every mapped and derived field; Keys are the look-up keys of the record
// by kind ("name", "email"), for [Tx.MirrorByKey].
type MirrorRow struct {
	// Record is as the vendor told it; a deleted record keeps the data last
	// seen, so that pages can still show it.
	Record crossbook.Record
	Hash   string
	Keys   map[string][]string // not filled when read
	SeenAt time.Time
}

// KeyHit is a record found by a look-up key.
type KeyHit struct {
	Ref crossbook.Ref
	Key string
}

// PutMirror stores the rows with their keys; the last of two rows for one
// record wins. A row without data keeps the data last seen; a deleted one
// loses its keys.
func (tx *Tx) PutMirror(ctx context.Context, connectionID string, rows []MirrorRow) error {
	rows = lastOfEach(rows, func(r MirrorRow) crossbook.Ref { return r.Record.Ref })
	values := make([][]any, 0, min(len(rows), bulkRows*8))
	var keys [][]any
	flush := func() error {
		err := tx.insert(ctx, `INSERT INTO mirror (connection_id, side, type, id, revision, modified, deleted, raw, hash, seen_at) VALUES`, values,
			`ON CONFLICT (connection_id, side, type, id) DO UPDATE SET revision = excluded.revision, modified = excluded.modified,
			deleted = excluded.deleted, raw = coalesce(excluded.raw, mirror.raw), hash = excluded.hash, seen_at = excluded.seen_at`)
		if err == nil {
			err = tx.insert(ctx, `INSERT INTO mirror_key (connection_id, side, type, id, kind, value) VALUES`, keys, "")
		}
		values, keys = values[:0], keys[:0]
		return err
	}
	for start := 0; start < len(rows); start += bulkRows * 8 {
		part := rows[start:min(start+bulkRows*8, len(rows))]
		if err := tx.dropKeys(ctx, connectionID, refsOf(part)); err != nil {
			return err
		}
		for _, r := range part {
			raw, err := pack(r.Record)
			if err != nil {
				return fmt.Errorf("mirror %s: %w", r.Record.Ref, err)
			}
			rec := r.Record
			values = append(values, []any{
				connectionID, string(rec.Side), rec.Type, rec.ID, rec.Revision, micros(rec.Modified), bit(rec.Deleted), raw, r.Hash, micros(r.SeenAt),
			})
			keys = appendKeys(keys, connectionID, r)
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

func refsOf(rows []MirrorRow) []crossbook.Ref {
	out := make([]crossbook.Ref, len(rows))
	for i, r := range rows {
		out[i] = r.Record.Ref
	}
	return out
}

// appendKeys adds the look-up keys of a row, without repeats and empty ones.
func appendKeys(keys [][]any, connectionID string, r MirrorRow) [][]any {
	if r.Record.Deleted {
		return keys
	}
	for kind, values := range r.Keys {
		values = slices.Clone(values)
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			if v != "" {
				keys = append(keys, []any{connectionID, string(r.Record.Side), r.Record.Type, r.Record.ID, kind, v})
			}
		}
	}
	return keys
}

func (tx *Tx) dropKeys(ctx context.Context, connectionID string, refs []crossbook.Ref) error {
	return tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.run(ctx, `DELETE FROM mirror_key WHERE connection_id = ? AND side = ? AND type = ? AND id `+ids,
			append([]any{connectionID, string(side), typ}, args...)...)
	})
}

// byType calls fn with conditions on ids that have side and type in common, in a
// fixed order, so that two transactions lock rows in the same order.
func (tx *Tx) byType(refs []crossbook.Ref, fn func(side crossbook.Side, typ, ids string, args []any) error) error {
	refs = slices.Clone(refs)
	slices.SortFunc(refs, compareRefs)
	refs = slices.Compact(refs)
	for len(refs) > 0 {
		first := refs[0]
		var ids []string
		for len(refs) > 0 && refs[0].Side == first.Side && refs[0].Type == first.Type {
			ids = append(ids, refs[0].ID)
			refs = refs[1:]
		}
		if err := tx.in(ids, func(oneOf string, args []any) error {
			return fn(first.Side, first.Type, oneOf, args)
		}); err != nil {
			return err
		}
	}
	return nil
}

func compareRefs(a, b crossbook.Ref) int {
	if c := strings.Compare(string(a.Side), string(b.Side)); c != 0 {
		return c
	}
	if c := strings.Compare(a.Type, b.Type); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// lastOfEach keeps the last row of each ref and sorts by ref.
func lastOfEach[T any](rows []T, ref func(T) crossbook.Ref) []T {
	at := make(map[crossbook.Ref]int, len(rows))
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		if i, seen := at[ref(r)]; seen {
			out[i] = r
			continue
		}
		at[ref(r)] = len(out)
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b T) int { return compareRefs(ref(a), ref(b)) })
	return out
}

const mirrorColumns = `SELECT side, type, id, revision, modified, deleted, raw, hash, seen_at FROM mirror `

func readMirror(row scanner) (MirrorRow, error) {
	var (
		r              MirrorRow
		modified, seen int64
		deleted        int64
		raw            []byte
	)
	if err := row.Scan(&r.Record.Side, &r.Record.Type, &r.Record.ID, &r.Record.Revision, &modified, &deleted, &raw, &r.Hash, &seen); err != nil {
		return r, err
	}
	r.Record.Modified, r.Record.Deleted, r.SeenAt = moment(modified), deleted != 0, moment(seen)
	var err error
	if r.Record.Data, err = unpack(raw); err != nil {
		return r, fmt.Errorf("%s: %w", r.Record.Ref, err)
	}
	return r, nil
}

// Mirror returns one row; ErrNotFound when the record was never seen.
func (tx *Tx) Mirror(ctx context.Context, connectionID string, ref crossbook.Ref) (MirrorRow, error) {
	return one(ctx, tx, readMirror, mirrorColumns+`WHERE connection_id = ? AND side = ? AND type = ? AND id = ?`,
		connectionID, string(ref.Side), ref.Type, ref.ID)
}

// MirrorMany returns the rows that exist.
func (tx *Tx) MirrorMany(ctx context.Context, connectionID string, refs []crossbook.Ref) (map[crossbook.Ref]MirrorRow, error) {
	out := make(map[crossbook.Ref]MirrorRow, len(refs))
	err := tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.each(ctx, func(row scanner) error {
			r, err := readMirror(row)
			out[r.Record.Ref] = r
			return err
		}, mirrorColumns+`WHERE connection_id = ? AND side = ? AND type = ? AND id `+ids, append([]any{connectionID, string(side), typ}, args...)...)
	})
	return out, err
}

// MirrorHashes returns the hashes of the rows that exist and are not deleted.
func (tx *Tx) MirrorHashes(ctx context.Context, connectionID string, refs []crossbook.Ref) (map[crossbook.Ref]string, error) {
	out := make(map[crossbook.Ref]string, len(refs))
	err := tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.each(ctx, func(row scanner) error {
			var id, hash string
			err := row.Scan(&id, &hash)
			out[crossbook.Ref{Side: side, Type: typ, ID: id}] = hash
			return err
		}, `SELECT id, hash FROM mirror WHERE connection_id = ? AND side = ? AND type = ? AND deleted = 0 AND id `+ids,
			append([]any{connectionID, string(side), typ}, args...)...)
	})
	return out, err
}

// MarkMirrorDeleted marks the records deleted on positive evidence (R86) and
// drops their keys; the data last seen stays.
func (tx *Tx) MarkMirrorDeleted(ctx context.Context, connectionID string, refs []crossbook.Ref, at time.Time) error {
	if err := tx.dropKeys(ctx, connectionID, refs); err != nil {
		return err
	}
	return tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.run(ctx, `UPDATE mirror SET deleted = 1, seen_at = ? WHERE connection_id = ? AND side = ? AND type = ? AND id `+ids,
			append([]any{micros(at), connectionID, string(side), typ}, args...)...)
	})
}

// DeleteMirror forgets the rows altogether.
func (tx *Tx) DeleteMirror(ctx context.Context, connectionID string, refs []crossbook.Ref) error {
	if err := tx.dropKeys(ctx, connectionID, refs); err != nil {
		return err
	}
	return tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.run(ctx, `DELETE FROM mirror WHERE connection_id = ? AND side = ? AND type = ? AND id `+ids,
			append([]any{connectionID, string(side), typ}, args...)...)
	})
}

// WalkMirror returns up to limit rows of one type, deleted ones included, in
// the order of their ids as text, beginning after afterID ("" for the first).
func (tx *Tx) WalkMirror(ctx context.Context, connectionID string, side crossbook.Side, typ, afterID string, limit int) ([]MirrorRow, error) {
	return list(ctx, tx, readMirror, mirrorColumns+`WHERE connection_id = ? AND side = ? AND type = ? AND id > ? ORDER BY id LIMIT ?`,
		connectionID, string(side), typ, afterID, orDefault(limit, 1000))
}

// MirrorIDs is WalkMirror for ids alone, without deleted records.
func (tx *Tx) MirrorIDs(ctx context.Context, connectionID string, side crossbook.Side, typ, afterID string, limit int) ([]string, error) {
	return list(ctx, tx, readString,
		`SELECT id FROM mirror WHERE connection_id = ? AND side = ? AND type = ? AND id > ? AND deleted = 0 ORDER BY id LIMIT ?`,
		connectionID, string(side), typ, afterID, orDefault(limit, 1000))
}

// CountMirror counts the records of one type that are not deleted.
func (tx *Tx) CountMirror(ctx context.Context, connectionID string, side crossbook.Side, typ string) (int, error) {
	return one(ctx, tx, readInt, `SELECT count(*) FROM mirror WHERE connection_id = ? AND side = ? AND type = ? AND deleted = 0`,
		connectionID, string(side), typ)
}

// MirrorByKey finds the records of one type that have one of the values under
// the key kind, ordered by key and id.
func (tx *Tx) MirrorByKey(ctx context.Context, connectionID string, side crossbook.Side, typ, keyKind string, values []string) ([]KeyHit, error) {
	values = slices.Clone(values)
	slices.Sort(values)
	var out []KeyHit
	err := tx.in(slices.Compact(values), func(oneOf string, args []any) error {
		return tx.each(ctx, func(row scanner) error {
			h := KeyHit{Ref: crossbook.Ref{Side: side, Type: typ}}
			err := row.Scan(&h.Ref.ID, &h.Key)
			out = append(out, h)
			return err
		}, `SELECT id, value FROM mirror_key WHERE connection_id = ? AND side = ? AND type = ? AND kind = ? AND value `+oneOf+` ORDER BY value, id`,
			append([]any{connectionID, string(side), typ, keyKind}, args...)...)
	})
	return out, err
}
