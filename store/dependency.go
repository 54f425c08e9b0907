package store

import (
	"context"

	"crossbook"
)

// SetDependencies replaces what the projection of from reads of other records.
func (tx *Tx) SetDependencies(ctx context.Context, connectionID string, from crossbook.Ref, on []crossbook.Ref) error {
	if err := tx.run(ctx, `DELETE FROM dependency WHERE connection_id = ? AND from_side = ? AND from_type = ? AND from_id = ?`,
		connectionID, string(from.Side), from.Type, from.ID); err != nil {
		return err
	}
	on = lastOfEach(on, func(r crossbook.Ref) crossbook.Ref { return r })
	rows := make([][]any, len(on))
	for i, r := range on {
		rows[i] = []any{connectionID, string(from.Side), from.Type, from.ID, string(r.Side), r.Type, r.ID}
	}
	return tx.insert(ctx, `INSERT INTO dependency (connection_id, from_side, from_type, from_id, on_side, on_type, on_id) VALUES`, rows, "")
}

// Dependents returns, without repeats and in order, the records whose
// projection reads one of these.
func (tx *Tx) Dependents(ctx context.Context, connectionID string, on []crossbook.Ref) ([]crossbook.Ref, error) {
	var out []crossbook.Ref
	err := tx.byType(on, func(side crossbook.Side, typ, ids string, args []any) error {
		found, err := list(ctx, tx, readRef, `SELECT from_side, from_type, from_id FROM dependency
			WHERE connection_id = ? AND on_side = ? AND on_type = ? AND on_id `+ids, append([]any{connectionID, string(side), typ}, args...)...)
		out = append(out, found...)
		return err
	})
	return lastOfEach(out, func(r crossbook.Ref) crossbook.Ref { return r }), err
}

func readRef(row scanner) (r crossbook.Ref, err error) {
	err = row.Scan(&r.Side, &r.Type, &r.ID)
	return r, err
}
