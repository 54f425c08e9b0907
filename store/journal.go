package store

import (
	"context"
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
	// Erased tells that the values were pruned or erased.
	Erased bool
}

// JournalFilter selects rows of a period; zero fields select all.
type JournalFilter struct {
	From, To time.Time // From inclusive, To exclusive
	Type     string    // module or entity
	Run      string
	Limit    int // 0: 1,000
	// Newest turns the order round: the newest first.
	Newest bool
}

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

// AppendJournal adds rows to the month of their time.
func (tx *Tx) AppendJournal(ctx context.Context, connectionID string, rows ...JournalRow) error {
	panic(todo)
}

// JournalByRef lists what was done to a record, the oldest first.
func (tx *Tx) JournalByRef(ctx context.Context, connectionID string, ref crossbook.Ref, limit int) ([]JournalRow, error) {
	panic(todo)
}

// JournalByLink lists what was done to a pair, the oldest first.
func (tx *Tx) JournalByLink(ctx context.Context, connectionID, linkID string, limit int) ([]JournalRow, error) {
	panic(todo)
}

// JournalByPeriod lists what was done in a period, the oldest first.
func (tx *Tx) JournalByPeriod(ctx context.Context, connectionID string, f JournalFilter) ([]JournalRow, error) {
	panic(todo)
}

// JournalSegments lists the months that have rows.
func (tx *Tx) JournalSegments(ctx context.Context, connectionID string) ([]string, error) {
	panic(todo)
}

// VerifyChain checks one segment: every row against its digest, every digest
// against the chain, and the values that are left against their hashes.
func (tx *Tx) VerifyChain(ctx context.Context, connectionID, segment string) (ChainReport, error) {
	panic(todo)
}

// PruneJournal reduces rows before the time to their digests; money-relevant
// ones only when they are older than moneyBefore (7 years).
func (tx *Tx) PruneJournal(ctx context.Context, connectionID string, before, moneyBefore time.Time) (int, error) {
	panic(todo)
}

// EraseJournal blanks the values of every row of a record, to forget a person
// (P8); what was done and when stays.
func (tx *Tx) EraseJournal(ctx context.Context, connectionID string, ref crossbook.Ref) (int, error) {
	panic(todo)
}
