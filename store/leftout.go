package store

import (
	"context"
	"time"

	"crossbook"
)

// LeftOut says why a record has no link. Code groups equal reasons for
// counting; Reason is the sentence people read. Module is the module the
// record would belong to: a QuickBooks customer may be left out of Accounts or
// of Contacts.
type LeftOut struct {
	Ref    crossbook.Ref
	Module crossbook.Module
	Name   string
	Code   string
	Reason string
	By     string
	Since  time.Time
}

// LeftOutCount is the number of records of a module left out for one code.
type LeftOutCount struct {
	Module crossbook.Module
	Code   string
	N      int
}

// LeftOutFilter selects left-out records; zero fields select all.
type LeftOutFilter struct {
	Module crossbook.Module
	Code   string
	After  crossbook.Ref // the last ref of the page before
	Limit  int           // 0: 1,000
}

// PutLeftOut remembers why the records are left out. While code and reason of
// a record stay the same its Since and By stay too.
func (tx *Tx) PutLeftOut(ctx context.Context, connectionID string, rows ...LeftOut) error {
	panic(todo)
}

// ClearLeftOut forgets that the records were left out.
func (tx *Tx) ClearLeftOut(ctx context.Context, connectionID string, refs ...crossbook.Ref) error {
	panic(todo)
}

// LeftOut returns why a record is left out; ErrNotFound when it is not.
func (tx *Tx) LeftOut(ctx context.Context, connectionID string, ref crossbook.Ref) (LeftOut, error) {
	panic(todo)
}

// WalkLeftOut lists left-out records by side, type and id.
func (tx *Tx) WalkLeftOut(ctx context.Context, connectionID string, f LeftOutFilter) ([]LeftOut, error) {
	panic(todo)
}

// CountLeftOut counts left-out records by module and code.
func (tx *Tx) CountLeftOut(ctx context.Context, connectionID string) ([]LeftOutCount, error) {
	panic(todo)
}
