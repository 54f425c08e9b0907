package document

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"crossbook"
	"crossbook/money"
)

// company reckons documents the way QuickBooks does, independently of the code
// under test: whole cents, tax on the sum of the taxed lines.
type company struct {
	lines    []any
	taxable  money.Decimal
	subtotal money.Decimal
	discount money.Decimal
	shipping money.Decimal
}

type object = map[string]any

func (c *company) add(kind, item, code string, quantity, price money.Decimal, cuts bool) {
	amount := money.Times(quantity, price)
	detail := object{"ItemRef": object{"value": item}, "TaxCodeRef": object{"value": code}}
	if cuts {
		detail["Qty"], detail["UnitPrice"] = money.Number(quantity), money.Number(price)
	}
	c.lines = append(c.lines, object{"DetailType": kind, "Amount": money.Number(amount), kind: detail})
	c.subtotal = c.subtotal.Add(amount)
	if code == "TAX" {
		c.taxable = c.taxable.Add(amount)
	}
}

// finish takes discount and tax and returns the document and its total.
func (c *company) finish(rates []money.Decimal, after, shipTaxed bool) (object, money.Decimal) {
	base := c.taxable
	if after && !c.subtotal.IsZero() {
		share, _ := money.Quotient(c.discount.Mul(c.taxable), c.subtotal, 2)
		base = base.Sub(share)
	}
	if shipTaxed {
		base = base.Add(c.shipping)
	}
	tax := money.Zero
	var lines []any
	for i, r := range rates {
		amount := money.Percent(base, r)
		tax = tax.Add(amount)
		lines = append(lines, object{"Amount": money.Number(amount), "TaxLineDetail": object{
			"TaxRateRef": object{"value": fmt.Sprint(i + 1)}, "PercentBased": true, "TaxPercent": money.Number(r), "NetAmountTaxable": money.Number(base),
		}})
	}
	all := append(c.lines, object{"DetailType": "SubTotalLineDetail", "Amount": money.Number(c.subtotal)})
	if !c.discount.IsZero() {
		all = append(all, object{"DetailType": "DiscountLineDetail", "Amount": money.Number(c.discount)})
	}
	if !c.shipping.IsZero() {
		all = append(all, object{
			"DetailType": "SalesItemLineDetail", "Amount": money.Number(c.shipping),
			"SalesItemLineDetail": object{"ItemRef": object{"value": "SHIPPING_ITEM_ID"}},
		})
	}
	total := c.subtotal.Sub(c.discount).Add(c.shipping).Add(tax)
	return object{
		"Id": "1", "DocNumber": "1", "TxnDate": "2026-05-04", "TotalAmt": money.Number(total), "Balance": money.Number(total),
		"ApplyTaxAfterDiscount": after, "Line": all, "TxnTaxDetail": object{"TotalTax": money.Number(tax), "TaxLine": lines},
	}, total
}

func cents(t *rapid.T, name string, lo, hi int64) money.Decimal {
	return money.MustParse("0.01").Mul(money.MustParse(fmt.Sprint(rapid.Int64Range(lo, hi).Draw(t, name))))
}

func TestProject_EveryInvoiceComesToQuickBooksTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &company{}
		fine := rapid.IntRange(0, 4).Draw(t, "fine prices") == 0
		for range rapid.IntRange(1, 14).Draw(t, "lines") {
			price := cents(t, "price", -2000, 200000)
			if fine {
				price = price.Shift(-3)
			}
			quantity := money.MustParse(rapid.SampledFrom([]string{"1", "2", "3", "7", "0.5", "1.25", "12", "0.333"}).Draw(t, "quantity"))
			code := rapid.SampledFrom([]string{"TAX", "TAX", "NON"}).Draw(t, "code")
			c.add("SalesItemLineDetail", fmt.Sprint(rapid.IntRange(1, 5).Draw(t, "item")), code, quantity, price, rapid.Bool().Draw(t, "has quantity"))
		}
		if c.subtotal.IsPositive() && rapid.Bool().Draw(t, "discounted") {
			c.discount = money.Percent(c.subtotal, money.MustParse(rapid.SampledFrom([]string{"5", "10", "12.5", "33.33", "100"}).Draw(t, "discount")))
		}
		if rapid.Bool().Draw(t, "shipped") {
			c.shipping = cents(t, "shipping", 1, 5000)
		}
		var rates []money.Decimal
		for range rapid.IntRange(0, 2).Draw(t, "rates") {
			rates = append(rates, money.MustParse(rapid.SampledFrom([]string{"8", "6.5", "3.75", "7.1", "2", "5", "0.125", "10.25"}).Draw(t, "rate")))
		}
		after, shipTaxed := rapid.Bool().Draw(t, "after"), rapid.IntRange(0, 5).Draw(t, "taxed shipping") == 0
		doc, total := c.finish(rates, after, shipTaxed)

		out := project(t, input(crossbook.Invoice, doc))
		checkTotals(t, out, total.String())
		if slices.Contains(out.Marks, MarkPrice) && !fine {
			t.Fatalf("prices of two decimals need no mark: %v", rows(out))
		}
		simple := (!shipTaxed || c.shipping.IsZero()) && (!after || c.discount.IsZero()) && !fine
		if slices.Contains(out.Marks, MarkTax) && simple {
			t.Fatalf("the tax belongs on the rows: %v of %v", out.Fields, doc)
		}
		if got := money.Sum(amountsOf(out.Lines)...); !got.Equal(c.subtotal) {
			t.Fatalf("rows come to %s of %s", got, c.subtotal)
		}

		// What was sent and read back projects to the same, and a document that is
		// gone comes to nothing.
		in := input(crossbook.Invoice, doc)
		in.Before = out.Canonical()
		if again := project(t, in); !again.Canonical().Equal(in.Before) {
			t.Fatal("a second look changes the document")
		}
		gone := project(t, Input{Entity: crossbook.Invoice, Gone: Deleted, Before: in.Before})
		if !Reckon(gone.Lines, gone.Expect.Discount, gone.Expect.Adjustment).GrandTotal.IsZero() {
			t.Fatalf("a deleted document comes to %s", gone.Expect.GrandTotal)
		}
	})
}

// Outside the US every row has its code, the discount comes before the tax, and
// prices may hold the tax: then QuickBooks gives net amounts and keeps the gross
// total to the cent.
func TestProject_EveryInvoiceWithTaxCodesComesToItsTotal(t *testing.T) {
	percents := map[string]string{"10": "10", "20": "20", "5": "5", "0": "0"}
	rapid.Check(t, func(t *rapid.T) {
		c := &company{}
		inclusive := rapid.Bool().Draw(t, "inclusive")
		nets, grosses := map[string]money.Decimal{}, map[string]money.Decimal{}
		taken := map[string]bool{} // codes whose tax came to something
		var codes []string
		for i := range rapid.IntRange(1, 8).Draw(t, "lines") {
			code := rapid.SampledFrom([]string{"10", "20", "5", "0"}).Draw(t, "code")
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
			price := cents(t, "price", 1, 90000)
			gross := price
			if inclusive {
				price, _ = money.Quotient(gross, money.MustParse("1").Add(money.MustParse(percents[code]).Shift(-2)), 2)
			}
			c.add("SalesItemLineDetail", fmt.Sprint(i+1), code, money.MustParse("1"), price, true)
			nets[code], grosses[code] = nets[code].Add(price), grosses[code].Add(gross)
		}
		if !inclusive && rapid.Bool().Draw(t, "discounted") {
			c.discount = money.Percent(c.subtotal, money.MustParse("7.5"))
		}
		tax := money.Zero
		var lines []any
		for _, code := range codes {
			share, _ := money.Quotient(c.discount.Mul(nets[code]), c.subtotal, 2)
			net := nets[code].Sub(share)
			amount := money.Percent(net, money.MustParse(percents[code]))
			if inclusive {
				amount = grosses[code].Sub(nets[code])
			}
			tax, taken[code] = tax.Add(amount), !amount.IsZero()
			lines = append(lines, object{"Amount": money.Number(amount), "TaxLineDetail": object{
				"TaxRateRef": object{"value": "r" + code}, "PercentBased": true, "TaxPercent": json.Number(percents[code]), "NetAmountTaxable": money.Number(net),
			}})
		}
		if !c.discount.IsZero() {
			c.lines = append(c.lines, object{"DetailType": "DiscountLineDetail", "Amount": money.Number(c.discount)})
		}
		total := c.subtotal.Sub(c.discount).Add(tax)
		mode := "TaxExcluded"
		if inclusive {
			mode = "TaxInclusive"
		}
		in := input(crossbook.Invoice, object{
			"Id": "1", "TotalAmt": money.Number(total), "Balance": money.Number(total), "GlobalTaxCalculation": mode,
			"Line": c.lines, "TxnTaxDetail": object{"TotalTax": money.Number(tax), "TaxLine": lines},
		})
		in.Country = "AU"
		if rapid.Bool().Draw(t, "codes known") {
			in.TaxCodes = map[string][]string{"10": {"r10"}, "20": {"r20"}, "5": {"r5"}, "0": {"r0"}}
		}
		o := project(t, in)
		checkTotals(t, o, total.String())
		if in.TaxCodes != nil && c.discount.IsZero() && slices.Contains(o.Marks, MarkTax) {
			t.Fatalf("the tax belongs on the rows: %v", in.Data)
		}
		for i, l := range o.Lines {
			if in.TaxCodes == nil || len(o.Marks) > 0 {
				break
			}
			code := raw(c.lines[i].(object)).text("SalesItemLineDetail.TaxCodeRef.value")
			if taken[code] && (len(l.Taxes) != 1 || l.Taxes[0].Percent.String() != percents[code]) {
				t.Fatalf("row %d of code %s carries %v", i+1, code, l.Taxes)
			}
		}
	})
}

// What goes over the wire is what was reckoned: the body alone, read as the CRM
// reads it, comes to the total.
func TestBody_SaysWhatWasReckoned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &company{}
		for range rapid.IntRange(1, 5).Draw(t, "lines") {
			c.add("SalesItemLineDetail", "1", rapid.SampledFrom([]string{"TAX", "NON"}).Draw(t, "code"), money.MustParse("3"), cents(t, "price", 1, 9999), true)
		}
		c.discount = money.Percent(c.subtotal, money.MustParse("10"))
		c.shipping = cents(t, "shipping", 0, 999)
		doc, total := c.finish([]money.Decimal{money.MustParse("8")}, rapid.Bool().Draw(t, "after"), false)
		o := project(t, input(crossbook.Invoice, doc))

		data, err := json.Marshal(o.Body(crossbook.Invoices, "1", nil))
		if err != nil {
			t.Fatal(err)
		}
		body := raw(parse(t, string(data)))
		sum := money.Zero
		for _, row := range body.list("Invoiced_Items") {
			net := money.Times(row.amount("Quantity"), row.amount("List_Price")).Sub(row.amount("Discount"))
			sum = sum.Add(net)
			for _, tax := range row.list("Line_Tax") {
				sum = sum.Add(money.Percent(net, tax.amount("percentage")))
			}
		}
		if got := sum.Sub(body.amount("Discount")).Add(body.amount("Adjustment")); !got.Equal(total) {
			t.Fatalf("the body comes to %s, QuickBooks says %s: %s", got, total, data)
		}
	})
}
