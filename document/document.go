package document

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"crossbook"
	"crossbook/money"
)

// The marks of a document whose record could not say everything in full. They
// are counted, and stand on the record in its QuickBooks Note.
const (
	// MarkText: a text was longer than its field (P22).
	MarkText = "text"
	// MarkPrice: a price has more decimals than the CRM keeps; the quantity is
	// true and the difference is in the Adjustment (P22).
	MarkPrice = "price"
	// MarkTax: the tax could not be put on the rows and is in the Adjustment (P18).
	MarkTax = "tax"
	// MarkUnexplained: QuickBooks' lines, discount, shipping and tax do not come
	// to its total; that is a problem for a person (R82).
	MarkUnexplained = "unexplained"
)

// noteOf are the marks as people read them on the record.
var noteOf = map[string]string{
	MarkText:        "Text was shortened; the full text is in QuickBooks.",
	MarkPrice:       "A price has more decimals than the CRM keeps; the difference is in Adjustment.",
	MarkTax:         "The tax is in Adjustment, not on the rows.",
	MarkUnexplained: "QuickBooks' lines do not come to its total; the difference is in Adjustment.",
}

// Deleted and Voided are the values of [Input.Gone].
const (
	Deleted = "Deleted"
	Voided  = "Voided"
)

// Input is one QuickBooks document and what surrounds it.
type Input struct {
	Entity crossbook.Entity
	// Data is the raw document with numbers as json.Number; nil once it is deleted.
	Data map[string]any
	// Gone is Deleted or Voided, GoneOn the day it was noticed; a void also shows
	// in the data itself.
	Gone, GoneOn string
	// Before is the canonical form as last sent; nil for a document that is new.
	// Keys that begin with # are the caller's own and pass by.
	Before crossbook.Fields
	// Today is the date in the company's zone.
	Today        string
	HomeCurrency string
	// Country is ISO alpha-2; it decides when QuickBooks takes tax unless the
	// document says so itself.
	Country string
	// PriceDecimals are those the CRM keeps of a List Price; 0 means 2.
	PriceDecimals int32
	// TextLimits are lengths by CRM field, rows under [LineDescription]; fields
	// without one are not cut, save Subject (120) and rows (2000).
	TextLimits map[string]int
	// TaxRates are QuickBooks' rates by id; TaxCodes, where known, the ids of the
	// rates of each tax code.
	TaxRates map[string]Rate
	TaxCodes map[string][]string
	// Payments and CreditMemos are those of the party; others do no harm.
	Payments, CreditMemos []map[string]any
	// LinkedInvoices are the invoices made from an estimate.
	LinkedInvoices []map[string]any
	// SourceQuote is the CRM id of the Quote an invoice was made from.
	SourceQuote string
	Party       Party
	// Item finds the Product of a QuickBooks item.
	Item func(id string) (Product, bool)
	// Placeholder is the CRM id of the product "QuickBooks line without product".
	Placeholder string
	// AccountName and TermName name a QuickBooks account and term whose reference
	// carries no name; both may be nil.
	AccountName, TermName func(id string) string
	// DealID is set on a new document only (P32); OwnerID follows P24.
	DealID, OwnerID string
	// Link is the document's address in QuickBooks.
	Link string
}

// Rate is a QuickBooks tax rate.
type Rate struct {
	Name    string
	Percent money.Decimal
}

// Party is the CRM side of a document's customer or vendor.
type Party struct {
	AccountID, ContactID, VendorID string
	// Name stands in the Subject; Job is the sub-customer or project, if any (P1).
	Name, Job string
}

// Product is the CRM side of an item.
type Product struct {
	ID   string
	Name string
}

// Output is the CRM record of a document.
type Output struct {
	// Fields are the header's canonical values by CRM field; the Deal is among
	// them only for a new document.
	Fields crossbook.Fields
	Lines  []Line
	// Missing are the items without a linked product: the document waits for
	// them and must not be sent (P17).
	Missing []crossbook.Ref
	Marks   []string
	// Expect is what the CRM will reckon; its Grand Total is QuickBooks' total.
	Expect Totals
}

// Project makes the CRM record of a QuickBooks document.
func Project(in Input) (Output, error) {
	if Module(in.Entity) == "" {
		return Output{}, fmt.Errorf("no CRM module shows a QuickBooks %s", in.Entity)
	}
	if in.PriceDecimals == 0 {
		in.PriceDecimals = 2
	}
	data := raw(in.Data)
	if err := checkNumbers(in.Data); err != nil {
		return Output{}, fmt.Errorf("%s %s: %w", in.Entity, data.text("Id"), err)
	}
	if in.Gone == "" && IsVoided(in.Data) {
		in.Gone = Voided
	}
	if in.Gone != "" && in.Before != nil {
		return goneFromBefore(in)
	}
	if in.Data == nil {
		return Output{}, fmt.Errorf("a %s without data", in.Entity)
	}
	if _, ok := data.number("TotalAmt"); !ok {
		return Output{}, fmt.Errorf("%s %s: no TotalAmt", in.Entity, data.text("Id"))
	}
	p := &projection{in: in, data: data, module: Module(in.Entity), out: Output{Fields: crossbook.Fields{}}}
	p.collect()
	if p.needsPlaceholder && in.Placeholder == "" {
		return Output{}, errors.New("a line without product, and no product \"QuickBooks line without product\" to show it under")
	}
	p.layOut()
	p.header()
	p.figures()
	if in.Gone != "" {
		p.zero()
	}
	p.finish()
	return p.out, nil
}

// projection is one run of Project.
type projection struct {
	in     Input
	data   raw
	module crossbook.Module
	out    Output

	shipping         money.Decimal // with tips and overdue charges (P17)
	discount         money.Decimal // of the whole document, as QuickBooks says
	needsPlaceholder bool
}

// set writes one header field, cut to its length.
func (p *projection) set(field, value string) {
	p.out.Fields[field] = p.cut(field, value)
}

func (p *projection) setAmount(field string, d money.Decimal) {
	p.out.Fields[field] = d.String()
}

// cutMark ends a text that was cut (P22).
const cutMark = "… (full text in QuickBooks)"

// defaultLimits hold where the caller knows no length of these fields.
var defaultLimits = map[string]int{"Subject": 120, LineDescription: 2000}

// cut shortens a text to its field and marks the document.
func (p *projection) cut(field, value string) string {
	limit := p.in.TextLimits[field]
	if limit == 0 {
		limit = defaultLimits[field]
	}
	runes := []rune(value)
	if limit == 0 || len(runes) <= limit || references[field] || numbers[field] {
		return value
	}
	p.mark(MarkText)
	tail := []rune(cutMark)
	if limit < len(tail) {
		tail = tail[:1]
	}
	return strings.TrimRight(string(runes[:limit-len(tail)]), " \n") + string(tail)
}

// mark notes a mark once.
func (p *projection) mark(m string) {
	if !slices.Contains(p.out.Marks, m) {
		p.out.Marks = append(p.out.Marks, m)
	}
}

// finish writes what depends on all the rest.
func (p *projection) finish() {
	slices.Sort(p.out.Marks)
	p.out.Fields[FieldNote] = note(p.out.Marks)
	p.setAmount("Discount", p.out.Expect.Discount)
	p.setAmount("Adjustment", p.out.Expect.Adjustment)
}

func note(marks []string) string {
	var out []string
	for _, m := range marks {
		out = append(out, noteOf[m])
	}
	return strings.Join(out, " ")
}

// Canonical is the record as it is remembered: what was sent last is compared
// with it to see whether anything changed. The Deal is left out, since it
// belongs to the CRM once it is set (P32).
func (o Output) Canonical() crossbook.Fields {
	out := o.Fields.Clone()
	delete(out, DealField(crossbook.Quotes))
	delete(out, DealField(crossbook.Invoices))
	out[FieldLines] = linesText(o.Lines)
	return out
}
