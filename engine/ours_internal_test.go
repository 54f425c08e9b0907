package engine

import (
	"errors"
	"fmt"
	"testing"

	"crossbook"
	"crossbook/store"
)

func TestSideFailed_OurOwnErrorIsNoVendorsFailure(t *testing.T) {
	wrapped := &crossbook.Failure{Kind: crossbook.FailBug, Err: fmt.Errorf("take a page: %w", store.ErrFenced)}
	if !isOurs(wrapped) {
		t.Error("a lost lease counts as a failure of the vendor")
	}
	damaged := &crossbook.Failure{Kind: crossbook.FailBug, Err: &store.Error{Op: "read", Kind: store.ErrDamaged, Err: errors.New("page 144")}}
	if !isOurs(damaged) {
		t.Error("a damaged database counts as a failure of the vendor")
	}
	if isOurs(&crossbook.Failure{Kind: crossbook.FailRetry, Err: errors.New("HTTP 503")}) {
		t.Error("a vendor's failure counts as ours")
	}
}
