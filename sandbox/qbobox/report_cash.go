package qbobox

import (
	"iter"
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// booked yields the entries of the ledger on the basis a report asks for.
func (b *Box) booked(q *reportQuery) iter.Seq[*entry] {
	if !q.cash {
		return maps.Values(b.ledger.entries)
	}
	return slices.Values(b.paidEntries())
}

// billed are the documents that count on cash basis only when they are paid.
var billed = map[string]bool{"Invoice": true, "CreditMemo": true, "Bill": true, "VendorCredit": true}

// paidEntries are the books on cash basis: of what was billed counts the part
// that was settled, on the day it was settled; money that settles nothing yet
// counts as income or expense of its own. Every entry balances.
func (b *Box) paidEntries() []*entry {
	var out []*entry
	paid := map[string]*settlement{}
	for _, e := range b.entriesByDate() {
		kind, _ := splitHandle(e.source())
		switch {
		case billed[kind] && e.Key == e.source():
			s := b.settlementOf(e)
			paid[e.Key] = s
			if one := s.atOnce(); one != nil {
				out = append(out, one)
			}
		case kind == "Payment" || kind == "BillPayment":
			out = append(out, b.moneyOnly(e))
		default:
			out = append(out, e)
		}
	}
	for _, e := range b.entriesByDate() {
		for _, p := range e.Lines {
			if s := paid[p.Settles]; s != nil {
				if part := s.pay(max(e.Date, s.doc.Date), p.Owed.Neg()); part != nil {
					out = append(out, part)
				}
			}
		}
	}
	return out
}

// moneyOnly is a payment whose unapplied part is no debt but income, or expense.
func (b *Box) moneyOnly(e *entry) *entry {
	out := *e
	out.Lines = slices.Clone(e.Lines)
	for i, p := range out.Lines {
		if p.Party == "" || p.Settles != "" {
			continue
		}
		sub := "UnappliedCashPaymentIncome"
		if b.accountType(p.Account) == "Accounts Payable" {
			sub = "UnappliedCashBillPaymentExpense"
		}
		if id := b.accountBySubType(sub); id != "" {
			out.Lines[i].Account, out.Lines[i].Party, out.Lines[i].Owed = id, "", decimal.Zero
		}
	}
	return &out
}

// settlement is a billed document and how much of it has counted so far.
type settlement struct {
	doc     *entry
	lines   []posting // all but the debt
	debt    posting   // the whole of it, before any deposit
	deposit []posting // money that came with the document, and what it took off the debt
	settled decimal.Decimal
	counted []decimal.Decimal
}

func (b *Box) settlementOf(e *entry) *settlement {
	s := &settlement{doc: e}
	all := e.all()
	for i, p := range all {
		switch {
		case p.Party == "":
			s.lines = append(s.lines, p)
		case s.debt.Party == "":
			s.debt = p
		default: // a deposit: the money stands right before what it takes off the debt
			s.deposit = append(s.deposit, p)
			if i > 0 && len(s.lines) > 0 {
				s.deposit = append(s.deposit, s.lines[len(s.lines)-1])
				s.lines = s.lines[:len(s.lines)-1]
			}
		}
	}
	s.counted = make([]decimal.Decimal, len(s.lines))
	return s
}

// atOnce is what counts on the document's own day: all of one that leaves no
// debt, and the part that a deposit paid.
func (s *settlement) atOnce() *entry {
	if s.debt.Owed.IsZero() {
		return s.doc
	}
	if len(s.deposit) == 0 {
		return nil
	}
	part := s.pay(s.doc.Date, s.deposit[0].Owed.Neg())
	if part != nil {
		part.Lines = append(part.Lines, s.deposit...)
	}
	return part
}

// pay counts the part of the document that an amount settles. Parts are
// rounded so that together they are the document.
func (s *settlement) pay(date string, amt decimal.Decimal) *entry {
	if amt.IsZero() || s.debt.Owed.IsZero() {
		return nil
	}
	share := func(of, settled decimal.Decimal) decimal.Decimal { return cents(of.Mul(settled).Div(s.debt.Owed)) }
	before := s.settled
	s.settled = s.settled.Add(amt)
	debt := s.debt
	debt.Amount = share(debt.Amount, s.settled).Sub(share(debt.Amount, before))
	debt.Owed = amt
	out := &entry{Key: s.doc.Key, Date: date, Who: s.doc.Who, Seq: s.doc.Seq, Lines: []posting{debt}}
	rest, most := debt.Amount, -1
	for i, p := range s.lines {
		one := p
		one.Amount = share(p.Amount, s.settled).Sub(s.counted[i])
		one.Qty = p.Qty.Mul(amt).Div(s.debt.Owed)
		if most < 0 || p.Amount.Abs().GreaterThan(s.lines[most].Amount.Abs()) {
			most = i
		}
		rest = rest.Add(one.Amount)
		out.Lines = append(out.Lines, one)
	}
	if most >= 0 {
		out.Lines[most+1].Amount = out.Lines[most+1].Amount.Sub(rest)
	}
	for i := range s.lines {
		s.counted[i] = s.counted[i].Add(out.Lines[i+1].Amount)
	}
	return out
}
