//go:build unix

package store

import (
	"errors"
	"syscall"
)

// isFull tells whether the system reports a full disk or an exhausted quota.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
