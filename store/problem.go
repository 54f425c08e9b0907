package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"crossbook"
)

// ProblemRow is a problem of one record as it stands. Key is the caller's: one
// row per record and cause.
type ProblemRow struct {
	Key       string
	Ref       crossbook.Ref
	Module    crossbook.Module
	Name      string
	Problem   crossbook.Problem
	Tries     int
	FirstAt   time.Time
	LastAt    time.Time
	NextTry   time.Time
	Dismissed bool
}

// ProblemFilter selects problems; zero fields select all.
type ProblemFilter struct {
	Module crossbook.Module
	Class  crossbook.ProblemClass
	Number int
	Ref    crossbook.Ref
	// Text is looked for in the name, the text and the cause, in any case.
	Text  string
	Since time.Time
	// Dismissed includes those a person dismissed.
	Dismissed bool
	// Waiting includes states that are no error.
	Waiting bool
	Limit   int // 0: 1,000
}

// PutProblem records that the problem stands at LastAt. A row that stood
// before keeps FirstAt, and Tries counts up; Dismissed falls when the text
// changes. FirstAt is LastAt and Tries 1 for a new one unless given.
func (tx *Tx) PutProblem(ctx context.Context, connectionID string, p ProblemRow) error {
	doc, err := json.Marshal(p.Problem)
	if err != nil {
		return fmt.Errorf("problem %s: %w", p.Key, err)
	}
	if p.FirstAt.IsZero() {
		p.FirstAt = p.LastAt
	}
	search := strings.ToLower(p.Name + "\n" + p.Problem.Text + "\n" + p.Problem.Cause)
	return tx.run(ctx, `INSERT INTO problem (connection_id, problem_key, side, type, id, module, name, class, number, waiting, text, search, document,
		tries, first_at, last_at, next_try, dismissed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (connection_id, problem_key) DO UPDATE SET side = excluded.side, type = excluded.type, id = excluded.id,
		module = excluded.module, name = excluded.name, class = excluded.class, number = excluded.number, waiting = excluded.waiting,
		search = excluded.search, document = excluded.document, tries = problem.tries + 1, last_at = excluded.last_at, next_try = excluded.next_try,
		dismissed = CASE WHEN problem.text = excluded.text THEN problem.dismissed ELSE excluded.dismissed END, text = excluded.text`,
		connectionID, p.Key, string(p.Ref.Side), p.Ref.Type, p.Ref.ID, string(p.Module), p.Name, string(p.Problem.Class), p.Problem.Number,
		bit(p.Problem.Waiting), p.Problem.Text, search, string(doc), max(p.Tries, 1), micros(p.FirstAt), micros(p.LastAt), micros(p.NextTry), bit(p.Dismissed))
}

// ClearProblem removes a problem that is cured and tells whether it stood.
func (tx *Tx) ClearProblem(ctx context.Context, connectionID, key string) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM problem WHERE connection_id = ? AND problem_key = ?`, connectionID, key)
	return n > 0, err
}

// ClearProblemsOf removes every problem of the records.
func (tx *Tx) ClearProblemsOf(ctx context.Context, connectionID string, refs ...crossbook.Ref) error {
	return tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		return tx.run(ctx, `DELETE FROM problem WHERE connection_id = ? AND side = ? AND type = ? AND id `+ids,
			append([]any{connectionID, string(side), typ}, args...)...)
	})
}

// DismissProblem hides a problem until it changes, or shows it again;
// ErrNotFound when it does not stand.
func (tx *Tx) DismissProblem(ctx context.Context, connectionID, key string, dismissed bool) error {
	n, err := tx.exec(ctx, `UPDATE problem SET dismissed = ? WHERE connection_id = ? AND problem_key = ?`, bit(dismissed), connectionID, key)
	return found(n, err, "problem "+key)
}

// TryProblem has a problem tried again at a time, whatever its turn was; one
// that does not stand any more is let be.
func (tx *Tx) TryProblem(ctx context.Context, connectionID, key string, at time.Time) error {
	return tx.run(ctx, `UPDATE problem SET next_try = ? WHERE connection_id = ? AND problem_key = ?`, micros(at), connectionID, key)
}

const problemColumns = `SELECT problem_key, side, type, id, module, name, document, tries, first_at, last_at, next_try, dismissed FROM problem `

func readProblem(row scanner) (ProblemRow, error) {
	var (
		p                 ProblemRow
		doc               []byte
		first, last, next int64
		dismissed         int64
	)
	if err := row.Scan(&p.Key, &p.Ref.Side, &p.Ref.Type, &p.Ref.ID, &p.Module, &p.Name, &doc, &p.Tries, &first, &last, &next, &dismissed); err != nil {
		return p, err
	}
	p.FirstAt, p.LastAt, p.NextTry, p.Dismissed = moment(first), moment(last), moment(next), dismissed != 0
	err := json.Unmarshal(doc, &p.Problem)
	return p, err
}

// Problem returns one problem; ErrNotFound when it does not stand.
func (tx *Tx) Problem(ctx context.Context, connectionID, key string) (ProblemRow, error) {
	return one(ctx, tx, readProblem, problemColumns+`WHERE connection_id = ? AND problem_key = ?`, connectionID, key)
}

// ProblemsOf lists every problem of the records, waiting and dismissed ones
// included.
func (tx *Tx) ProblemsOf(ctx context.Context, connectionID string, refs ...crossbook.Ref) ([]ProblemRow, error) {
	var out []ProblemRow
	err := tx.byType(refs, func(side crossbook.Side, typ, ids string, args []any) error {
		rows, err := list(ctx, tx, readProblem, problemColumns+`WHERE connection_id = ? AND side = ? AND type = ? AND id `+ids+` ORDER BY id, problem_key`,
			append([]any{connectionID, string(side), typ}, args...)...)
		out = append(out, rows...)
		return err
	})
	return out, err
}

// Problems lists problems, the newest first.
func (tx *Tx) Problems(ctx context.Context, connectionID string, f ProblemFilter) ([]ProblemRow, error) {
	var q where
	q.and(`connection_id = ?`, connectionID)
	if f.Module != "" {
		q.and(`module = ?`, string(f.Module))
	}
	if f.Class != "" {
		q.and(`class = ?`, string(f.Class))
	}
	if f.Number != 0 {
		q.and(`number = ?`, f.Number)
	}
	if !f.Ref.IsZero() {
		q.and(`side = ? AND type = ? AND id = ?`, string(f.Ref.Side), f.Ref.Type, f.Ref.ID)
	}
	if f.Text != "" {
		q.and(`search LIKE ? ESCAPE '!'`, "%"+escapeLike(strings.ToLower(f.Text))+"%")
	}
	if !f.Since.IsZero() {
		q.and(`last_at >= ?`, micros(f.Since))
	}
	if !f.Dismissed {
		q.and(`dismissed = 0`)
	}
	if !f.Waiting {
		q.and(`waiting = 0`)
	}
	return list(ctx, tx, readProblem, problemColumns+q.text()+` ORDER BY last_at DESC, problem_key LIMIT ?`, append(q.args, orDefault(f.Limit, 1000))...)
}

// escapeLike takes the meaning of % and _ away, with ! as the escape.
func escapeLike(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// CountProblems counts the problems that stand, without states that merely
// wait and without dismissed ones.
func (tx *Tx) CountProblems(ctx context.Context, connectionID string) (int, error) {
	return one(ctx, tx, readInt, `SELECT count(*) FROM problem WHERE connection_id = ? AND waiting = 0 AND dismissed = 0`, connectionID)
}
