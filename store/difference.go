package store

import (
	"context"
	"time"

	"crossbook"
)

// Difference is a field that held two values at first contact and was left as
// it stands on both sides, for a person to review (P2).
type Difference struct {
	LinkID     string
	Module     crossbook.Module
	CRM        crossbook.Ref
	Books      crossbook.Ref
	Name       string
	Field      string
	CRMValue   string
	BooksValue string
	At         time.Time
	Answer     string // "" while nobody answered
}

// PutDifference stores differences; one per link and field. A difference that
// stood before keeps its time while the values stay the same.
func (tx *Tx) PutDifference(ctx context.Context, connectionID string, rows ...Difference) error {
	const same = `difference.crm_value = excluded.crm_value AND difference.books_value = excluded.books_value`
	for _, d := range rows {
		if err := tx.run(ctx, `INSERT INTO difference (connection_id, link_id, field, module, crm_id, entity, books_id, name, crm_value, books_value, at, answer)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (connection_id, link_id, field) DO UPDATE SET module = excluded.module, crm_id = excluded.crm_id,
			entity = excluded.entity, books_id = excluded.books_id, name = excluded.name,
			at = CASE WHEN `+same+` THEN difference.at ELSE excluded.at END,
			crm_value = excluded.crm_value, books_value = excluded.books_value, answer = excluded.answer`,
			connectionID, d.LinkID, d.Field, string(d.Module), d.CRM.ID, d.Books.Type, d.Books.ID, d.Name, d.CRMValue, d.BooksValue, micros(d.At), d.Answer); err != nil {
			return err
		}
	}
	return nil
}

// ClearDifference removes the differences of a link: of these fields, or all
// when none is named.
func (tx *Tx) ClearDifference(ctx context.Context, connectionID, linkID string, fields ...string) error {
	if len(fields) == 0 {
		return tx.run(ctx, `DELETE FROM difference WHERE connection_id = ? AND link_id = ?`, connectionID, linkID)
	}
	return tx.in(fields, func(oneOf string, args []any) error {
		return tx.run(ctx, `DELETE FROM difference WHERE connection_id = ? AND link_id = ? AND field `+oneOf,
			append([]any{connectionID, linkID}, args...)...)
	})
}

const differenceColumns = `SELECT link_id, field, module, crm_id, entity, books_id, name, crm_value, books_value, at, answer FROM difference `

func readDifference(row scanner) (Difference, error) {
	var (
		d  Difference
		at int64
	)
	err := row.Scan(&d.LinkID, &d.Field, &d.Module, &d.CRM.ID, &d.Books.Type, &d.Books.ID, &d.Name, &d.CRMValue, &d.BooksValue, &at, &d.Answer)
	d.CRM.Side, d.CRM.Type, d.Books.Side, d.At = crossbook.CRM, string(d.Module), crossbook.Books, moment(at)
	return d, err
}

// Differences lists differences, answered ones included, by module, link and
// field; "" for all modules.
func (tx *Tx) Differences(ctx context.Context, connectionID string, module crossbook.Module, limit int) ([]Difference, error) {
	return list(ctx, tx, readDifference, differenceColumns+`WHERE connection_id = ? AND (module = ? OR ? = '')
		ORDER BY module, link_id, field LIMIT ?`, connectionID, string(module), string(module), orDefault(limit, 1000))
}

// DifferencesOf lists the differences of some links.
func (tx *Tx) DifferencesOf(ctx context.Context, connectionID string, linkIDs ...string) ([]Difference, error) {
	var out []Difference
	err := tx.in(linkIDs, func(oneOf string, args []any) error {
		rows, err := list(ctx, tx, readDifference, differenceColumns+`WHERE connection_id = ? AND link_id `+oneOf+` ORDER BY link_id, field`,
			append([]any{connectionID}, args...)...)
		out = append(out, rows...)
		return err
	})
	return out, err
}

// CountDifferences counts those without an answer.
func (tx *Tx) CountDifferences(ctx context.Context, connectionID string) (int, error) {
	return one(ctx, tx, readInt, `SELECT count(*) FROM difference WHERE connection_id = ? AND answer = ''`, connectionID)
}
