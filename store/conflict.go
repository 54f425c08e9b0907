package store

import (
	"context"
	"time"

	"crossbook"
)

// Conflict is a field that people changed on both sides at once. The winner
// was written; the loser's value is kept here (R38).
type Conflict struct {
	LinkID   string
	Module   crossbook.Module
	Name     string
	Field    string
	Winner   crossbook.Side
	Won      string
	Lost     string
	LostSide crossbook.Side
	At       time.Time
	Answer   string
}

// PutConflict stores conflicts; one per link, field and time.
func (tx *Tx) PutConflict(ctx context.Context, connectionID string, rows ...Conflict) error {
	for _, c := range rows {
		if err := tx.run(ctx, `INSERT INTO conflict (connection_id, link_id, field, at, module, name, winner, won, lost, lost_side, answer)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (connection_id, link_id, field, at) DO UPDATE SET module = excluded.module, name = excluded.name, winner = excluded.winner,
			won = excluded.won, lost = excluded.lost, lost_side = excluded.lost_side, answer = excluded.answer`,
			connectionID, c.LinkID, c.Field, micros(c.At), string(c.Module), c.Name, string(c.Winner), c.Won, c.Lost, string(c.LostSide), c.Answer); err != nil {
			return err
		}
	}
	return nil
}

// AnswerConflict keeps what a person said to a conflict; ErrNotFound when
// there is none.
func (tx *Tx) AnswerConflict(ctx context.Context, connectionID, linkID, field string, at time.Time, answer string) error {
	n, err := tx.exec(ctx, `UPDATE conflict SET answer = ? WHERE connection_id = ? AND link_id = ? AND field = ? AND at = ?`,
		answer, connectionID, linkID, field, micros(at))
	return found(n, err, "conflict of "+field)
}

const conflictColumns = `SELECT link_id, field, at, module, name, winner, won, lost, lost_side, answer FROM conflict `

func readConflict(row scanner) (Conflict, error) {
	var (
		c  Conflict
		at int64
	)
	err := row.Scan(&c.LinkID, &c.Field, &at, &c.Module, &c.Name, &c.Winner, &c.Won, &c.Lost, &c.LostSide, &c.Answer)
	c.At = moment(at)
	return c, err
}

// Conflicts lists conflicts, the newest first; "" for all modules.
func (tx *Tx) Conflicts(ctx context.Context, connectionID string, module crossbook.Module, limit int) ([]Conflict, error) {
	return list(ctx, tx, readConflict, conflictColumns+`WHERE connection_id = ? AND (module = ? OR ? = '')
		ORDER BY at DESC, link_id, field LIMIT ?`, connectionID, string(module), string(module), orDefault(limit, 1000))
}

// ConflictsOf lists the conflicts of some links, the newest first.
func (tx *Tx) ConflictsOf(ctx context.Context, connectionID string, linkIDs ...string) ([]Conflict, error) {
	var out []Conflict
	err := tx.in(linkIDs, func(oneOf string, args []any) error {
		rows, err := list(ctx, tx, readConflict, conflictColumns+`WHERE connection_id = ? AND link_id `+oneOf+` ORDER BY at DESC, link_id, field`,
			append([]any{connectionID}, args...)...)
		out = append(out, rows...)
		return err
	})
	return out, err
}

// CountConflicts counts those without an answer.
func (tx *Tx) CountConflicts(ctx context.Context, connectionID string) (int, error) {
	return one(ctx, tx, readInt, `SELECT count(*) FROM conflict WHERE connection_id = ? AND answer = ''`, connectionID)
}
