package store

import "context"

// CallCount is the number of calls of one kind made to a vendor on one day.
type CallCount struct {
	Vendor string `json:"vendor"`
	Kind   string `json:"kind"`
	Day    string `json:"day"` // 2026-05-04
	N      int64  `json:"n"`
}

// AddCalls counts n more calls.
func (tx *Tx) AddCalls(ctx context.Context, connectionID, vendor, kind, day string, n int64) error {
	return tx.run(ctx, `INSERT INTO budget (connection_id, day, vendor, kind, n) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (connection_id, day, vendor, kind) DO UPDATE SET n = budget.n + excluded.n`,
		connectionID, day, vendor, kind, n)
}

// Calls lists the calls of one day, or of all days of a month when day is
// "2026-05", by day, vendor and kind.
func (tx *Tx) Calls(ctx context.Context, connectionID, day string) ([]CallCount, error) {
	return list(ctx, tx, func(row scanner) (c CallCount, err error) {
		err = row.Scan(&c.Vendor, &c.Kind, &c.Day, &c.N)
		return c, err
	}, `SELECT vendor, kind, day, n FROM budget WHERE connection_id = ? AND day >= ? AND day < ? ORDER BY day, vendor, kind`,
		connectionID, day, day+"~") // "~" sorts after "-" and the digits
}

// PruneCalls forgets the counts of days before day.
func (tx *Tx) PruneCalls(ctx context.Context, connectionID, day string) error {
	return tx.run(ctx, `DELETE FROM budget WHERE connection_id = ? AND day < ?`, connectionID, day)
}
