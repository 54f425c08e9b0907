package store

import "errors"

// What a caller may want to tell apart; test with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("changed or taken by somebody else")
	ErrFenced   = errors.New("the lease was taken over")
	ErrBusy     = errors.New("the database is busy")
	// The rest come from opening a database or from its machine.
	ErrUnavailable = errors.New("the database cannot be reached")
	ErrDamaged     = errors.New("the database is damaged")
	ErrFull        = errors.New("no room to write")
	ErrReadOnly    = errors.New("the database cannot be written")
	ErrNewer       = errors.New("the database belongs to a newer version of Crossbook")
)
