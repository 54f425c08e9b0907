package store

import (
	"context"
	"time"
)

// Plan is a plan that was shown to a person, kept as JSON.
type Plan struct {
	ID         string
	At         time.Time
	By         string
	JSON       []byte
	ApprovedAt time.Time // zero until somebody approved it
	ApprovedBy string
}

// SavePlan stores a plan or replaces it by id.
func (tx *Tx) SavePlan(ctx context.Context, connectionID string, p Plan) error {
	return tx.run(ctx, `INSERT INTO saved_plan (connection_id, id, at, by_whom, document, approved_at, approved_by) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (connection_id, id) DO UPDATE SET at = excluded.at, by_whom = excluded.by_whom, document = excluded.document,
		approved_at = excluded.approved_at, approved_by = excluded.approved_by`,
		connectionID, p.ID, micros(p.At), p.By, string(p.JSON), micros(p.ApprovedAt), p.ApprovedBy)
}

// Plan returns a plan, or the newest when id is empty; ErrNotFound when there
// is none.
func (tx *Tx) Plan(ctx context.Context, connectionID, id string) (Plan, error) {
	return one(ctx, tx, func(row scanner) (Plan, error) {
		var (
			p            Plan
			at, approved int64
		)
		err := row.Scan(&p.ID, &at, &p.By, &p.JSON, &approved, &p.ApprovedBy)
		p.At, p.ApprovedAt = moment(at), moment(approved)
		return p, err
	}, `SELECT id, at, by_whom, document, approved_at, approved_by FROM saved_plan WHERE connection_id = ? AND (id = ? OR ? = '')
		ORDER BY at DESC, id DESC LIMIT 1`, connectionID, id, id)
}

// PrunePlans forgets plans made before the time that nobody approved.
func (tx *Tx) PrunePlans(ctx context.Context, connectionID string, before time.Time) (int, error) {
	n, err := tx.exec(ctx, `DELETE FROM saved_plan WHERE connection_id = ? AND at < ? AND approved_at = 0`, connectionID, micros(before))
	return int(n), err
}
