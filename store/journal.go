package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"crossbook"
)

// JournalRow is one thing that was done, for ever. Name, Changes and Why are
// kept apart from the chained row, which holds a salted hash of them: erasing
// them later leaves the chain provable.
type JournalRow struct {
	At        time.Time
	Turn      string
	Run       string
	Side      crossbook.Side // the side written to
	Ref       crossbook.Ref
	LinkID    string
	Op        crossbook.OpKind
	Name      string
	Changes   []crossbook.Change
	Why       string
	RequestID string
	Actor     string
	Money     bool // money-relevant: kept 7 years
	// Segment and Seq are set by the store: the month and the place in it.
	Segment string
	Seq     int64
	// Fields are the names of the fields changed; they stay when the values
	// are erased.
	Fields []string
	// Erased tells that the values were erased.
	Erased bool
}

// JournalFilter selects rows of a period; zero fields select all.
type JournalFilter struct {
	From, To time.Time // From inclusive, To exclusive
	Type     string    // module or entity
	Run      string
	// AfterSegment and AfterSeq continue behind a row read before.
	AfterSegment string
	AfterSeq     int64
	Limit        int // 0: 1,000
	// Newest turns the order round: the newest first.
	Newest bool
}

// AppendJournal adds rows, in the order given, to the months of their times.
func (tx *Tx) AppendJournal(ctx context.Context, connectionID string, rows ...JournalRow) error {
	bySegment := map[string][]JournalRow{}
	var segments []string
	for _, r := range rows {
		s := segmentOf(r.At)
		if bySegment[s] == nil {
			segments = append(segments, s)
		}
		bySegment[s] = append(bySegment[s], r)
	}
	slices.Sort(segments)
	for _, s := range segments {
		if err := tx.appendSegment(ctx, connectionID, s, bySegment[s]); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) appendSegment(ctx context.Context, connectionID, segment string, rows []JournalRow) error {
	head, err := tx.openSegment(ctx, connectionID, segment)
	if err != nil {
		return err
	}
	chained, values := make([][]any, len(rows)), make([][]any, len(rows))
	for i, r := range rows {
		l, err := newLink(connectionID, segment, head.n+1, r)
		if err != nil {
			return err
		}
		head.n, head.last = head.n+1, chain(head.last, l.digest)
		chained[i] = []any{
			connectionID, segment, head.n, micros(r.At), r.Turn, r.Run, string(r.Side), string(r.Ref.Side), r.Ref.Type, r.Ref.ID,
			r.LinkID, string(r.Op), l.fields, r.RequestID, r.Actor, bit(r.Money), 0, l.valuesHash, l.digest, head.last,
		}
		values[i] = []any{connectionID, segment, head.n, l.salt, l.values}
	}
	if err := tx.insert(ctx, `INSERT INTO journal (connection_id, segment, seq, at, turn, run, written_side, side, type, id,
		link_id, op, fields, request_id, actor, money, pruned, values_hash, digest, hash) VALUES`, chained, ""); err != nil {
		return err
	}
	if err := tx.insert(ctx, `INSERT INTO journal_value (connection_id, segment, seq, salt, document) VALUES`, values, ""); err != nil {
		return err
	}
	return tx.run(ctx, `UPDATE journal_segment SET last_hash = ?, n = ? WHERE connection_id = ? AND segment = ?`,
		head.last, head.n, connectionID, segment)
}

const journalColumns = `SELECT j.segment, j.seq, j.at, j.turn, j.run, j.written_side, j.side, j.type, j.id, j.link_id, j.op, j.fields,
	j.request_id, j.actor, j.money, v.document FROM journal j
	LEFT JOIN journal_value v ON v.connection_id = j.connection_id AND v.segment = j.segment AND v.seq = j.seq `

func readJournal(row scanner) (JournalRow, error) {
	var (
		r              JournalRow
		at, money      int64
		fields, values []byte
	)
	if err := row.Scan(&r.Segment, &r.Seq, &at, &r.Turn, &r.Run, &r.Side, &r.Ref.Side, &r.Ref.Type, &r.Ref.ID, &r.LinkID, &r.Op, &fields,
		&r.RequestID, &r.Actor, &money, &values); err != nil {
		return r, err
	}
	r.At, r.Money, r.Erased = moment(at), money != 0, values == nil
	if err := json.Unmarshal(fields, &r.Fields); err != nil {
		return r, fmt.Errorf("journal %s/%d: %w", r.Segment, r.Seq, err)
	}
	if r.Erased {
		return r, nil
	}
	var v journalValues
	if err := json.Unmarshal(values, &v); err != nil {
		return r, fmt.Errorf("journal %s/%d: %w", r.Segment, r.Seq, err)
	}
	r.Name, r.Changes, r.Why = v.Name, v.Changes, v.Why
	return r, nil
}

// JournalByRef lists what was done to a record: the newest rows up to limit,
// the oldest of them first.
func (tx *Tx) JournalByRef(ctx context.Context, connectionID string, ref crossbook.Ref, limit int) ([]JournalRow, error) {
	return tx.journalTail(ctx, `WHERE j.connection_id = ? AND j.side = ? AND j.type = ? AND j.id = ?`, limit, connectionID, string(ref.Side), ref.Type, ref.ID)
}

// JournalByLink lists what was done to a pair: the newest rows up to limit,
// the oldest of them first.
func (tx *Tx) JournalByLink(ctx context.Context, connectionID, linkID string, limit int) ([]JournalRow, error) {
	return tx.journalTail(ctx, `WHERE j.connection_id = ? AND j.link_id = ?`, limit, connectionID, linkID)
}

func (tx *Tx) journalTail(ctx context.Context, where string, limit int, args ...any) ([]JournalRow, error) {
	rows, err := list(ctx, tx, readJournal, journalColumns+where+` AND j.pruned = 0 ORDER BY j.segment DESC, j.seq DESC LIMIT ?`,
		append(args, orDefault(limit, 1000))...)
	slices.Reverse(rows)
	return rows, err
}

// JournalByPeriod lists what was done in a period, in the order it was
// written.
func (tx *Tx) JournalByPeriod(ctx context.Context, connectionID string, f JournalFilter) ([]JournalRow, error) {
	var q where
	q.and(`j.connection_id = ? AND j.pruned = 0`, connectionID)
	if !f.From.IsZero() {
		q.and(`j.at >= ?`, micros(f.From))
	}
	if !f.To.IsZero() {
		q.and(`j.at < ?`, micros(f.To))
	}
	if f.Type != "" {
		q.and(`j.type = ?`, f.Type)
	}
	if f.Run != "" {
		q.and(`j.run = ?`, f.Run)
	}
	order, behind := "ASC", ">"
	if f.Newest {
		order, behind = "DESC", "<"
	}
	if f.AfterSegment != "" {
		q.and(`(j.segment, j.seq) `+behind+` (?, ?)`, f.AfterSegment, f.AfterSeq)
	}
	return list(ctx, tx, readJournal, journalColumns+q.text()+` ORDER BY j.segment `+order+`, j.seq `+order+` LIMIT ?`,
		append(q.args, orDefault(f.Limit, 1000))...)
}

// JournalSegments lists the months that have rows, the oldest first.
func (tx *Tx) JournalSegments(ctx context.Context, connectionID string) ([]string, error) {
	return list(ctx, tx, readString,
		`SELECT segment FROM journal_segment WHERE connection_id = ? ORDER BY segment`, connectionID)
}

// PruneJournal reduces rows before the time to their digests; money-relevant
// ones only when they are older than moneyBefore (7 years). It returns how
// many rows it reduced.
func (tx *Tx) PruneJournal(ctx context.Context, connectionID string, before, moneyBefore time.Time) (int, error) {
	n, err := tx.exec(ctx, `UPDATE journal SET pruned = 1, turn = '', run = '', written_side = '', side = '', type = '', id = '', link_id = '',
		op = '', fields = '[]', request_id = '', actor = '', values_hash = ''
		WHERE connection_id = ? AND pruned = 0 AND ((at < ? AND money = 0) OR at < ?)`, connectionID, micros(before), micros(moneyBefore))
	if err != nil {
		return 0, err
	}
	return int(n), tx.run(ctx, `DELETE FROM journal_value WHERE connection_id = ? AND EXISTS (SELECT 1 FROM journal j
		WHERE j.connection_id = journal_value.connection_id AND j.segment = journal_value.segment AND j.seq = journal_value.seq AND j.pruned = 1)`, connectionID)
}

// EraseJournal blanks the values of every row of a record, to forget a person
// (P8); what was done and when stays. It returns how many rows it blanked.
func (tx *Tx) EraseJournal(ctx context.Context, connectionID string, ref crossbook.Ref) (int, error) {
	n, err := tx.exec(ctx, `DELETE FROM journal_value WHERE connection_id = ? AND EXISTS (SELECT 1 FROM journal j
		WHERE j.connection_id = journal_value.connection_id AND j.segment = journal_value.segment AND j.seq = journal_value.seq
		AND j.side = ? AND j.type = ? AND j.id = ?)`, connectionID, string(ref.Side), ref.Type, ref.ID)
	return int(n), err
}
