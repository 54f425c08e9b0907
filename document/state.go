package document

import (
	"slices"
	"strings"

	"crossbook"
	"crossbook/money"
)

// IsVoided tells a voided document by its data: QuickBooks sets its amounts to 0
// and begins its private note with "Voided" (reference/quickbooks-online.md
// section 4.6).
func IsVoided(data map[string]any) bool {
	d := raw(data)
	total, ok := d.number("TotalAmt")
	return ok && total.IsZero() && strings.HasPrefix(strings.TrimSpace(d.text("PrivateNote")), Voided)
}

// Gone tells whether a QuickBooks Status is that of a document that was deleted
// or voided.
func Gone(status string) bool {
	return strings.HasPrefix(status, Deleted) || strings.HasPrefix(status, Voided)
}

// The states of P20 that are ours.
const (
	NoCharge   = "No charge"
	Paid       = "Paid"
	Overdue    = "Overdue"
	PartlyPaid = "Partly paid"
	Open       = "Open"
	Accepted   = "Accepted"
	Pending    = "Pending"
	Expired    = "Expired"
)

// InvoiceStatus is the state of an invoice that is still there (P20). Today is
// the date in the company's zone.
func InvoiceStatus(data map[string]any, today string) string {
	d := raw(data)
	total, balance, due := d.amount("TotalAmt"), d.amount("Balance"), d.text("DueDate")
	switch {
	case IsVoided(data):
		return Voided
	case total.IsZero():
		return NoCharge
	case !balance.IsPositive():
		return Paid
	case due != "" && due < today:
		return Overdue
	case balance.LessThan(total):
		return PartlyPaid
	default:
		return Open
	}
}

// EstimateStatus is the state of an estimate: QuickBooks' own, Expired once its
// date is past, and still Accepted while something remains to be invoiced,
// though QuickBooks closes it with the first invoice (P20).
func EstimateStatus(data map[string]any, today string, linked []map[string]any) string {
	d := raw(data)
	status := d.text("TxnStatus")
	if status == "" {
		status = Pending
	}
	expires := d.text("ExpirationDate")
	switch {
	case status == Pending && expires != "" && expires < today:
		return Expired
	case (status == "Closed" || status == "Converted") && len(madeFrom(d.text("Id"), linked)) > 0 && Remaining(data, linked).IsPositive():
		return Accepted
	default:
		return status
	}
}

// OrderStatus is the state of a purchase order.
func OrderStatus(data map[string]any) string {
	if s := raw(data).text("POStatus"); s != "" {
		return s
	}
	return Open
}

// madeFrom are the invoices made from an estimate; voided ones no longer count.
func madeFrom(estimate string, linked []map[string]any) []raw {
	var out []raw
	for _, inv := range linked {
		for _, link := range raw(inv).list("LinkedTxn") {
			if link.text("TxnType") == "Estimate" && link.text("TxnId") == estimate && !IsVoided(inv) {
				out = append(out, inv)
				break
			}
		}
	}
	return out
}

// Invoiced is what has been invoiced of an estimate so far: each invoice's total,
// or, of an invoice that bills other things too, the lines that say so.
func Invoiced(data map[string]any, linked []map[string]any) money.Decimal {
	id := raw(data).text("Id")
	sum := money.Zero
	for _, inv := range madeFrom(id, linked) {
		ours, all := linesOf(inv, id)
		if ours.Equal(all) {
			sum = sum.Add(inv.amount("TotalAmt"))
		} else {
			sum = sum.Add(ours)
		}
	}
	return sum
}

// Remaining is what is left to be invoiced of an estimate. It is 0 once the
// invoiced lines reach the estimate's, whatever discount or tax the invoices
// had, and never negative.
func Remaining(data map[string]any, linked []map[string]any) money.Decimal {
	d := raw(data)
	id := d.text("Id")
	lines := money.Zero
	for _, inv := range madeFrom(id, linked) {
		ours, _ := linesOf(inv, id)
		lines = lines.Add(ours)
	}
	if _, all := linesOf(d, ""); !lines.IsZero() && lines.GreaterThanOrEqual(all) {
		return money.Zero
	}
	left := d.amount("TotalAmt").Sub(Invoiced(data, linked))
	if left.IsNegative() {
		return money.Zero
	}
	return left
}

// linesOf adds up the lines of a document: those linked to an estimate and all.
// A document without links on its lines was made from the estimate as a whole.
func linesOf(d raw, estimate string) (ours, all money.Decimal) {
	var lines []raw
	for _, l := range d.list("Line") {
		switch l.text("DetailType") {
		case "SubTotalLineDetail", "DiscountLineDetail", "DescriptionOnly":
		case "GroupLineDetail":
			parts := l.list("GroupLineDetail.Line")
			for _, part := range parts {
				if part["LinkedTxn"] == nil && l["LinkedTxn"] != nil {
					part = raw{"Amount": part["Amount"], "LinkedTxn": l["LinkedTxn"]}
				}
				lines = append(lines, part)
			}
			if len(parts) == 0 {
				lines = append(lines, l)
			}
		default:
			lines = append(lines, l)
		}
	}
	marked := false
	for _, l := range lines {
		all = all.Add(l.amount("Amount"))
		for _, link := range l.list("LinkedTxn") {
			if link.text("TxnType") == "Estimate" {
				marked = true
				if link.text("TxnId") == estimate {
					ours = ours.Add(l.amount("Amount"))
				}
			}
		}
	}
	if !marked {
		ours = all
	}
	return ours, all
}

// settlement is how an invoice was paid.
type settlement struct {
	last string   // date of the last payment or credit
	by   []string // "payment", "credit"
}

// paid reads the payments of an invoice (P34): the lines that name it, and the
// deposit taken on the invoice itself. A payment that also uses a credit memo
// is both; one that only joins a credit to an invoice has no money of its own.
func paid(data raw, payments, credits []map[string]any) settlement {
	var s settlement
	note := func(date, kind string) {
		if date > s.last {
			s.last = date
		}
		if !slices.Contains(s.by, kind) {
			s.by = append(s.by, kind)
		}
	}
	id := data.text("Id")
	if data.amount("Deposit").IsPositive() {
		note(data.text("TxnDate"), "payment")
	}
	for _, pay := range payments {
		p := raw(pay)
		pays, credit := false, false
		for _, l := range p.list("Line") {
			for _, link := range l.list("LinkedTxn") {
				pays = pays || link.text("TxnType") == "Invoice" && link.text("TxnId") == id && !l.amount("Amount").IsZero()
				credit = credit || link.text("TxnType") == "CreditMemo"
			}
		}
		if !pays || IsVoided(pay) {
			continue
		}
		if p.amount("TotalAmt").IsPositive() {
			note(p.text("TxnDate"), "payment")
		}
		if credit || !p.amount("TotalAmt").IsPositive() {
			note(p.text("TxnDate"), "credit")
		}
	}
	for _, memo := range credits {
		for _, link := range raw(memo).list("LinkedTxn") {
			if link.text("TxnType") == "Invoice" && link.text("TxnId") == id {
				note(raw(memo).text("TxnDate"), "credit")
			}
		}
	}
	slices.Sort(s.by)
	slices.Reverse(s.by) // payment before credit
	return s
}

// status is the QuickBooks Status of a document that is still there.
func (p *projection) status() string {
	switch p.in.Entity {
	case crossbook.Estimate:
		return EstimateStatus(p.in.Data, p.in.Today, p.in.LinkedInvoices)
	case crossbook.PurchaseOrder:
		return OrderStatus(p.in.Data)
	default:
		return InvoiceStatus(p.in.Data, p.in.Today)
	}
}
