package document

import (
	"github.com/shopspring/decimal"

	"crossbook/money"
)

// layOut puts discount and tax where the CRM's arithmetic gives QuickBooks'
// total. It tries, best first: the tax on the rows with the discount where
// QuickBooks takes it, then with the discount in the other place, and last the
// tax in the Adjustment, which marks the document (P18).
func (p *projection) layOut() {
	total := p.data.amount("TotalAmt")
	tax := p.data.amount("TxnTaxDetail.TotalTax")
	taxes := p.taxLines()
	after := p.taxAfterDiscount()
	for _, spread := range []bool{after, !after} {
		if spread && (p.discount.IsZero() || tax.IsZero()) {
			continue
		}
		if rows, header, ok := p.taxed(taxes, spread, total); ok {
			p.settle(rows, header, total)
			return
		}
	}
	rest := total.Sub(p.amounts()).Add(p.discount).Sub(p.shipping)
	switch {
	case money.Within(rest, tax, p.tolerance()) && !tax.IsZero():
		p.mark(MarkTax)
	case money.Within(rest, money.Zero, p.tolerance()):
		// Gross amounts: the tax is in the rows already.
		if !tax.IsZero() {
			p.mark(MarkTax)
		}
	default:
		p.mark(MarkUnexplained)
	}
	p.settle(p.out.Lines, p.discount, total)
}

// taxed lays tax and discount on copies of the rows, and tells whether the CRM
// comes to the total that way, rounding of a cent a row aside.
func (p *projection) taxed(taxes []taxLine, spread bool, total money.Decimal) ([]Line, money.Decimal, bool) {
	rows := make([]Line, len(p.out.Lines))
	copy(rows, p.out.Lines)
	header := p.discount
	if spread {
		if !spreadDiscount(rows, p.discount) {
			return nil, money.Zero, false
		}
		header = money.Zero
	}
	for _, t := range taxes {
		if !p.assign(rows, t) {
			return nil, money.Zero, false
		}
	}
	rounding := total.Sub(reckon(rows, amountsOf(rows), header, p.shipping).GrandTotal)
	return rows, header, money.Within(rounding, money.Zero, p.tolerance())
}

// settle takes a layout and lets the Adjustment close the gap to the total.
func (p *projection) settle(rows []Line, discount, total money.Decimal) {
	p.out.Lines = rows
	open := Reckon(rows, discount, money.Zero).GrandTotal
	p.out.Expect = Reckon(rows, discount, total.Sub(open))
}

// tolerance is the rounding that may stand in the Adjustment: a cent a row.
func (p *projection) tolerance() money.Decimal {
	return cent.Mul(decimal.NewFromInt(int64(len(p.out.Lines))))
}

var cent = money.MustParse("0.01")

// amounts is what QuickBooks' rows come to.
func (p *projection) amounts() money.Decimal { return money.Sum(amountsOf(p.out.Lines)...) }

func amountsOf(rows []Line) []money.Decimal {
	out := make([]money.Decimal, len(rows))
	for i, l := range rows {
		out[i] = l.Amount
	}
	return out
}

// taxAfterDiscount tells whether QuickBooks takes the tax after the discount:
// as the document says, and everywhere but in the US when it says nothing.
func (p *projection) taxAfterDiscount() bool {
	if says, ok := p.data["ApplyTaxAfterDiscount"].(bool); ok && says {
		return true
	}
	return p.in.Country != "" && p.in.Country != "US"
}

// spreadDiscount shares a discount over the rows in proportion to their amounts;
// the odd cents go to the largest (P18). It refuses where that has no meaning.
func spreadDiscount(rows []Line, discount money.Decimal) bool {
	total := money.Sum(amountsOf(rows)...)
	if total.IsZero() {
		return false
	}
	left, largest := discount, 0
	for i := range rows {
		share, err := money.Quotient(discount.Mul(rows[i].Amount), total, 2)
		if err != nil {
			return false
		}
		rows[i].Discount = share
		left = left.Sub(share)
		if rows[i].Amount.Abs().GreaterThan(rows[largest].Amount.Abs()) {
			largest = i
		}
	}
	rows[largest].Discount = rows[largest].Discount.Add(left)
	for _, l := range rows {
		// A row whose price the CRM cannot keep may have come to less than its share.
		if l.Discount.Abs().GreaterThan(money.Times(l.Quantity, l.ListPrice).Abs()) {
			return false
		}
	}
	return true
}
