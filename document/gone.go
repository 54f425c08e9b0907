package document

import (
	"strings"

	"crossbook"
	"crossbook/money"
)

// notes begin the keys that others keep in a base beside the fields.
const notes = "#"

// goneFromBefore is a document that was deleted or voided in QuickBooks after it
// had been shown: everything stays as it was, rows included, but its figures are
// 0, the former total moves to Amount before, and the Adjustment brings the
// Grand Total to 0, so that roll-ups stay right (P21).
func goneFromBefore(in Input) (Output, error) {
	out := Output{Fields: crossbook.Fields{}}
	for field, value := range in.Before {
		if field != FieldLines && !strings.HasPrefix(field, notes) {
			out.Fields[field] = value
		}
	}
	lines, err := ParseLines(in.Before[FieldLines])
	if err != nil {
		return Output{}, err
	}
	out.Lines = lines
	if in.OwnerID != "" {
		out.Fields["Owner"] = in.OwnerID
	}
	p := &projection{in: in, data: in.Data, module: Module(in.Entity), out: out}
	if !Gone(in.Before[FieldStatus]) {
		p.out.Fields[FieldAmountBefore] = in.Before[FieldTotal]
	}
	discount := money.Zero
	if d := in.Before["Discount"]; d != "" {
		if discount, err = money.Parse(d); err != nil {
			return Output{}, err
		}
	}
	p.out.Expect = Totals{Discount: discount}
	p.zero()
	p.setAmount("Discount", p.out.Expect.Discount)
	p.setAmount("Adjustment", p.out.Expect.Adjustment)
	return p.out, nil
}

// zero sets the figures of a document that is gone.
func (p *projection) zero() {
	f := p.out.Fields
	f[FieldStatus] = p.goneStatus()
	for _, field := range []string{FieldNet, FieldTax, FieldShipping, FieldTotal} {
		f[field] = "0"
	}
	switch p.module {
	case crossbook.Invoices:
		f[FieldBalanceDue] = "0"
		f[FieldPaidOn], f[FieldLastPayment], f[FieldPaidBy] = "", "", ""
	case crossbook.Quotes:
		f[FieldInvoiced], f[FieldRemaining] = "0", "0"
	}
	discount := p.out.Expect.Discount
	open := Reckon(p.out.Lines, discount, money.Zero).GrandTotal
	p.out.Expect = Reckon(p.out.Lines, discount, open.Neg())
}

// goneStatus says what happened and when (P21). Once said it stays, for the day
// of a later look is not the day it happened; only a deletion is still said of
// what was voided before (P20).
func (p *projection) goneStatus() string {
	if was := p.in.Before[FieldStatus]; strings.HasPrefix(was, p.in.Gone) || strings.HasPrefix(was, Deleted) {
		return was
	}
	on := p.in.GoneOn
	if on == "" {
		on = day(p.data.text("MetaData.LastUpdatedTime"))
	}
	if on == "" {
		return p.in.Gone
	}
	return p.in.Gone + " " + on
}

// day is the date of a QuickBooks time, which carries the company's own offset.
func day(stamp string) string {
	if len(stamp) < len("2006-01-02") {
		return ""
	}
	return stamp[:len("2006-01-02")]
}
