package qbobox

import (
	"errors"
	"slices"
)

// What happens to money outside of the books is a person's doing here: a card
// payment is settled by its bank, a transaction is matched to a line of the
// bank's statement. Either holds it fast for clients (reference section 4.6).
const (
	markSettled = "settled"
	markMatched = "matched"
)

// byCard are the transactions that a card may have paid.
var byCard = []string{"Payment", "SalesReceipt", "RefundReceipt"}

// atTheBank are the transactions that can stand on a statement.
var atTheBank = []string{"Payment", "SalesReceipt", "RefundReceipt", "Deposit", "Purchase", "BillPayment", "Transfer", "JournalEntry"}

// mark settles or matches a transaction; "unmatch" undoes the latter.
func (b *Box) mark(e *entity, id, action string) (Result, error) {
	rec := b.find(e.name, id)
	if rec == nil {
		return Result{}, notFound()
	}
	where := atTheBank
	if action == "settle" {
		where = byCard
	}
	if !slices.Contains(where, e.name) {
		return Result{}, errors.New("no bank knows of " + kindArticle(e))
	}
	switch action {
	case "settle":
		b.marks[rec.handle()] = markSettled
	case "match":
		b.marks[rec.handle()] = markMatched
	default:
		delete(b.marks, rec.handle())
	}
	b.dirtyMeta = true
	return b.saved1(rec, nil)
}

func kindArticle(e *entity) string {
	_, one := kindTitle(e)
	return article(one)
}

// heldFast refuses to delete or void what a bank has seen.
func (b *Box) heldFast(by *actor, rec *record) *fault {
	if !by.isAPI() {
		return nil
	}
	switch b.marks[rec.handle()] {
	case markSettled:
		return validation("6450", "Attempt to Void Transaction failed", "The transaction is already settled and cannot be voided or deleted.", "")
	case markMatched:
		return validation("6480", "Matched Transaction Delete Error", "The transaction is matched to a line of the bank's statement and cannot be deleted or voided.", "")
	default:
		return nil
	}
}
