package store

import (
	"context"
	"time"

	"crossbook"
)

// Brake is a stop that a person must release. An empty module stops all.
type Brake struct {
	Module crossbook.Module
	Side   crossbook.Side // the side that is no longer written to
	Reason string
	Count  int
	At     time.Time
}

// SetBrake sets the brake of a module and side; one that is set already keeps
// its time.
func (tx *Tx) SetBrake(ctx context.Context, connectionID string, b Brake) error {
	return tx.run(ctx, `INSERT INTO brake (connection_id, module, side, reason, n, at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (connection_id, module, side) DO UPDATE SET reason = excluded.reason, n = excluded.n`,
		connectionID, string(b.Module), string(b.Side), b.Reason, b.Count, micros(b.At))
}

// Brakes lists the brakes that are set.
func (tx *Tx) Brakes(ctx context.Context, connectionID string) ([]Brake, error) {
	return list(ctx, tx, func(row scanner) (Brake, error) {
		var (
			b  Brake
			at int64
		)
		err := row.Scan(&b.Module, &b.Side, &b.Reason, &b.Count, &at)
		b.At = moment(at)
		return b, err
	}, `SELECT module, side, reason, n, at FROM brake WHERE connection_id = ? ORDER BY module, side`, connectionID)
}

// ReleaseBrake releases the brake of a module and side and tells whether it
// was set.
func (tx *Tx) ReleaseBrake(ctx context.Context, connectionID string, module crossbook.Module, side crossbook.Side) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM brake WHERE connection_id = ? AND module = ? AND side = ?`, connectionID, string(module), string(side))
	return n > 0, err
}
