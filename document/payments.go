package document

import (
	"cmp"
	"slices"

	"crossbook"
	"crossbook/money"
)

// Settlement is what paid an invoice, or a part of it: a payment, a credit memo,
// or the deposit taken on the invoice itself (P34).
type Settlement struct {
	Kind     string           `json:"kind"` // payment, credit, deposit
	Type     crossbook.Entity `json:"type"`
	ID       string           `json:"id"`
	Date     string           `json:"date"`
	Number   string           `json:"number,omitempty"` // of the cheque, or of the credit memo
	MethodID string           `json:"-"`
	Method   string           `json:"method,omitempty"`
	Currency string           `json:"currency,omitempty"`
	// Amount is what of it went to this invoice; not known for a credit that
	// several documents share.
	Amount  *money.Decimal `json:"amount,omitempty"`
	Covered []Share        `json:"covered,omitempty"` // everything it paid, this invoice too
	Credits []Share        `json:"credits,omitempty"` // credit memos used with it
	// Total is the money that came in, or the whole credit; Unapplied is what of
	// it waits for a document.
	Total     money.Decimal `json:"total"`
	Unapplied money.Decimal `json:"unapplied"`
}

// Share is what one transaction has of a payment.
type Share struct {
	Type   crossbook.Entity `json:"type"`
	ID     string           `json:"id"`
	Number string           `json:"number,omitempty"`
	Amount money.Decimal    `json:"amount"`
}

// The kinds of settlements.
const (
	ByDeposit = "deposit"
	ByPayment = "payment"
	ByCredit  = "credit"
)

// Settlements are the single payments and credits of an invoice, oldest first.
// Payments and credits are those linked with it, raw, deleted ones left out;
// voided payments pay nothing.
func Settlements(invoice map[string]any, payments, credits []map[string]any, home string) []Settlement {
	inv := raw(invoice)
	id := inv.text("Id")
	var out []Settlement
	if taken := inv.amount("Deposit"); taken.IsPositive() {
		out = append(out, Settlement{
			Kind: ByDeposit, Type: crossbook.Invoice, ID: id, Date: inv.text("TxnDate"), Currency: currencyOf(inv, home),
			Amount: &taken, Total: taken,
		})
	}
	joined := map[string]bool{} // credit memos that a payment joins to this invoice
	for _, pay := range payments {
		s, ok := settlementOf(raw(pay), id, home)
		if !ok || IsVoided(pay) {
			continue
		}
		for _, c := range s.Credits {
			joined[c.ID] = true
		}
		out = append(out, s)
	}
	for _, memo := range credits {
		if m := raw(memo); !joined[m.text("Id")] && linksTo(m, crossbook.Invoice, id) {
			joined[m.text("Id")] = true
			out = append(out, creditOf(m, home))
		}
	}
	slices.SortStableFunc(out, func(a, b Settlement) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// settlementOf reads a payment; false if nothing of it went to the invoice. One
// that brought no money only joins a credit to what it pays
// (reference/quickbooks-online.md section 4.5).
func settlementOf(p raw, invoice, home string) (Settlement, bool) {
	s := Settlement{
		Kind: ByPayment, Type: crossbook.Payment, ID: p.text("Id"), Date: p.text("TxnDate"), Number: p.text("PaymentRefNum"),
		MethodID: p.text("PaymentMethodRef.value"), Method: p.text("PaymentMethodRef.name"), Currency: currencyOf(p, home),
		Total: p.amount("TotalAmt"), Unapplied: p.amount("UnappliedAmt"),
	}
	if !s.Total.IsPositive() {
		s.Kind = ByCredit
	}
	here := money.Zero
	for _, l := range p.list("Line") {
		amount := l.amount("Amount")
		for _, link := range l.list("LinkedTxn") {
			share := Share{Type: crossbook.Entity(link.text("TxnType")), ID: link.text("TxnId"), Amount: amount}
			switch {
			case amount.IsZero():
			case share.Type == crossbook.CreditMemo:
				s.Credits = append(s.Credits, share)
			default:
				s.Covered = append(s.Covered, share)
			}
			if share.Type == crossbook.Invoice && share.ID == invoice {
				here = here.Add(amount)
			}
		}
	}
	s.Amount = &here
	return s, !here.IsZero()
}

// creditOf is a credit memo that names the invoice itself. How much of it went
// there is only known if it went nowhere else.
func creditOf(m raw, home string) Settlement {
	s := Settlement{
		Kind: ByCredit, Type: crossbook.CreditMemo, ID: m.text("Id"), Date: m.text("TxnDate"), Number: m.text("DocNumber"),
		Currency: currencyOf(m, home), Total: m.amount("TotalAmt"),
	}
	left, ok := m.number("RemainingCredit")
	if !ok {
		left = m.amount("Balance")
	}
	s.Unapplied = left
	if len(m.list("LinkedTxn")) == 1 {
		used := s.Total.Sub(left)
		s.Amount = &used
	}
	return s
}

func linksTo(d raw, e crossbook.Entity, id string) bool {
	return slices.ContainsFunc(d.list("LinkedTxn"), func(link raw) bool {
		return link.text("TxnType") == string(e) && link.text("TxnId") == id
	})
}

func currencyOf(d raw, home string) string { return cmp.Or(d.text("CurrencyRef.value"), home) }
