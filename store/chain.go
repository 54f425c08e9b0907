package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"crossbook"
)

// ChainReport says what checking a segment of the journal found.
type ChainReport struct {
	Segment string
	Rows    int64
	Erased  int64 // rows whose values are gone
	Pruned  int64 // rows of which only the digest is left
	// BrokenAt is the first row that does not fit, 0 when all do; Reason says
	// what is wrong with it.
	BrokenAt int64
	Reason   string
}

// segmentOf is the segment a time belongs to: its month in UTC.
func segmentOf(at time.Time) string { return at.UTC().Format("2006-01") }

// journalValues are what a row says in values and words; they stand apart from
// the chained row.
type journalValues struct {
	Name    string             `json:"name,omitempty"`
	Changes []crossbook.Change `json:"changes,omitempty"`
	Why     string             `json:"why,omitempty"`
}

// chainedRow is what the digest of a row covers, in this order.
type chainedRow struct {
	Connection string   `json:"connection"`
	Segment    string   `json:"segment"`
	Seq        int64    `json:"seq"`
	At         int64    `json:"at"`
	Turn       string   `json:"turn"`
	Run        string   `json:"run"`
	Side       string   `json:"written_side"`
	RefSide    string   `json:"side"`
	RefType    string   `json:"type"`
	RefID      string   `json:"id"`
	LinkID     string   `json:"link"`
	Op         string   `json:"op"`
	Fields     []string `json:"fields"`
	RequestID  string   `json:"request"`
	Actor      string   `json:"actor"`
	Money      bool     `json:"money"`
	ValuesHash string   `json:"values"`
}

func (c chainedRow) digest() (string, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	return hash(b), nil
}

func hash(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// chain is the hash of a row: of the hash before it and its own digest.
func chain(before, digest string) string { return hash([]byte(before), []byte("\n"), []byte(digest)) }

// newLinkOfChain is a row ready to be appended.
type newLinkOfChain struct{ values, salt, fields, valuesHash, digest string }

func newLink(connectionID, segment string, seq int64, r JournalRow) (newLinkOfChain, error) {
	fields := make([]string, len(r.Changes))
	for i, c := range r.Changes {
		fields[i] = c.Field
	}
	values, err := json.Marshal(journalValues{r.Name, r.Changes, r.Why})
	if err != nil {
		return newLinkOfChain{}, fmt.Errorf("journal: %w", err)
	}
	names, err := json.Marshal(fields)
	if err != nil {
		return newLinkOfChain{}, fmt.Errorf("journal: %w", err)
	}
	// The salt keeps anybody from guessing an erased value by its hash.
	salt := rand.Text()
	l := newLinkOfChain{values: string(values), salt: salt, fields: string(names), valuesHash: hash([]byte(salt), values)}
	l.digest, err = chainedRow{
		Connection: connectionID, Segment: segment, Seq: seq, At: micros(r.At), Turn: r.Turn, Run: r.Run, Side: string(r.Side),
		RefSide: string(r.Ref.Side), RefType: r.Ref.Type, RefID: r.Ref.ID, LinkID: r.LinkID, Op: string(r.Op), Fields: fields,
		RequestID: r.RequestID, Actor: r.Actor, Money: r.Money, ValuesHash: l.valuesHash,
	}.digest()
	return l, err
}

type segmentHead struct {
	first, last string
	n           int64
}

// openSegment locks the head of a segment and makes it when the month begins:
// its first hash covers the last one of the month before, so that the months
// are chained too.
func (tx *Tx) openSegment(ctx context.Context, connectionID, segment string) (segmentHead, error) {
	head, err := tx.segment(ctx, connectionID, segment, tx.store.lock())
	if !errors.Is(err, ErrNotFound) {
		return head, err
	}
	before, err := one(ctx, tx, readString,
		`SELECT last_hash FROM journal_segment WHERE connection_id = ? AND segment < ? ORDER BY segment DESC LIMIT 1`, connectionID, segment)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return head, err
	}
	first := hash([]byte("crossbook journal\n" + connectionID + "\n" + segment + "\n" + before))
	if err := tx.run(ctx, `INSERT INTO journal_segment (connection_id, segment, first_hash, last_hash, n) VALUES (?, ?, ?, ?, 0)
		ON CONFLICT (connection_id, segment) DO NOTHING`, connectionID, segment, first, first); err != nil {
		return head, err
	}
	return tx.segment(ctx, connectionID, segment, tx.store.lock())
}

func (tx *Tx) segment(ctx context.Context, connectionID, segment, lock string) (segmentHead, error) {
	return one(ctx, tx, func(row scanner) (h segmentHead, err error) {
		err = row.Scan(&h.first, &h.last, &h.n)
		return h, err
	},
		`SELECT first_hash, last_hash, n FROM journal_segment WHERE connection_id = ? AND segment = ?`+lock, connectionID, segment)
}

// VerifyChain checks one segment: every row against its digest, every digest
// against the chain, and the values that are left against their hashes. A
// broken chain is a finding, no error.
func (tx *Tx) VerifyChain(ctx context.Context, connectionID, segment string) (ChainReport, error) {
	report := ChainReport{Segment: segment}
	head, err := tx.segment(ctx, connectionID, segment, "")
	if err != nil {
		return report, err
	}
	last := head.first
	err = tx.each(ctx, func(row scanner) error {
		s, err := readStoredLink(row, connectionID, segment)
		if err != nil {
			return err
		}
		report.Rows++
		s.count(&report)
		if report.BrokenAt == 0 {
			if reason := s.check(report.Rows, last); reason != "" {
				report.BrokenAt, report.Reason = report.Rows, reason
			}
		}
		last = s.hash
		return nil
	}, `SELECT j.seq, j.at, j.turn, j.run, j.written_side, j.side, j.type, j.id, j.link_id, j.op, j.fields, j.request_id, j.actor, j.money,
		j.values_hash, j.pruned, j.digest, j.hash, v.salt, v.document FROM journal j
		LEFT JOIN journal_value v ON v.connection_id = j.connection_id AND v.segment = j.segment AND v.seq = j.seq
		WHERE j.connection_id = ? AND j.segment = ? ORDER BY j.seq`, connectionID, segment)
	if err != nil {
		return report, err
	}
	if report.BrokenAt == 0 && (report.Rows != head.n || last != head.last) {
		report.BrokenAt, report.Reason = report.Rows+1, fmt.Sprintf("%d rows are there, %d were written", report.Rows, head.n)
	}
	return report, nil
}

// storedLink is a row of the chain as it stands.
type storedLink struct {
	row          chainedRow
	pruned       bool
	digest, hash string
	salt, values []byte
}

func readStoredLink(row scanner, connectionID, segment string) (storedLink, error) {
	s := storedLink{row: chainedRow{Connection: connectionID, Segment: segment}}
	var (
		money, pruned int64
		fields        []byte
	)
	if err := row.Scan(&s.row.Seq, &s.row.At, &s.row.Turn, &s.row.Run, &s.row.Side, &s.row.RefSide, &s.row.RefType, &s.row.RefID, &s.row.LinkID,
		&s.row.Op, &fields, &s.row.RequestID, &s.row.Actor, &money, &s.row.ValuesHash, &pruned, &s.digest, &s.hash, &s.salt, &s.values); err != nil {
		return s, err
	}
	s.row.Money, s.pruned = money != 0, pruned != 0
	err := json.Unmarshal(fields, &s.row.Fields)
	return s, err
}

func (s storedLink) count(r *ChainReport) {
	switch {
	case s.pruned:
		r.Pruned++
	case s.values == nil:
		r.Erased++
	}
}

// check says what is wrong with the row that should have number seq and
// follow the hash before; "" when nothing is.
func (s storedLink) check(seq int64, before string) string {
	if s.row.Seq != seq {
		return fmt.Sprintf("row %d is missing", seq)
	}
	if !s.pruned {
		digest, err := s.row.digest()
		if err != nil || digest != s.digest {
			return "the row was changed"
		}
		if s.values != nil && hash(s.salt, s.values) != s.row.ValuesHash {
			return "the values were changed"
		}
	}
	if chain(before, s.digest) != s.hash {
		return "the row does not follow the one before it"
	}
	return ""
}
