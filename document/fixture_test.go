package document

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"crossbook"
	"crossbook/money"
)

// tester is what *testing.T and *rapid.T share.
type tester interface {
	Helper()
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// parse reads a literal document as a client would: numbers stay as written.
func parse(t tester, text string) map[string]any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var out map[string]any
	if err := dec.Decode(&out); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return out
}

// input surrounds a document with linked products and names.
func input(e crossbook.Entity, data map[string]any) Input {
	return Input{
		Entity: e, Data: data, Today: "2026-06-15", HomeCurrency: "USD", Country: "US", PriceDecimals: 2,
		TaxRates: map[string]Rate{
			"1": {Name: "State 6.5%", Percent: money.MustParse("6.5")},
			"2": {Name: "Local 3.75%", Percent: money.MustParse("3.75")},
			"9": {Name: "GST 10%", Percent: money.MustParse("10")},
		},
		Party:       Party{AccountID: "700", ContactID: "701", VendorID: "702", Name: "Cool Cars"},
		Item:        func(id string) (Product, bool) { return Product{ID: "5" + id, Name: "item " + id}, id != "404" },
		Placeholder: "999",
	}
}

func project(t tester, in Input) Output {
	t.Helper()
	out, err := Project(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sale is a sales line as JSON: an empty quantity or price is left out.
func sale(item, quantity, price, amount, code, description string) string {
	detail := []string{}
	if item != "" {
		detail = append(detail, fmt.Sprintf(`"ItemRef":{"value":%q}`, item))
	}
	if quantity != "" {
		detail = append(detail, `"Qty":`+quantity)
	}
	if price != "" {
		detail = append(detail, `"UnitPrice":`+price)
	}
	if code != "" {
		detail = append(detail, fmt.Sprintf(`"TaxCodeRef":{"value":%q}`, code))
	}
	return fmt.Sprintf(`{"DetailType":"SalesItemLineDetail","Amount":%s,"Description":%q,"SalesItemLineDetail":{%s}}`,
		amount, description, strings.Join(detail, ","))
}

func words(description string) string {
	return fmt.Sprintf(`{"DetailType":"DescriptionOnly","Description":%q,"DescriptionLineDetail":{}}`, description)
}

func discount(amount string) string {
	return `{"DetailType":"DiscountLineDetail","Amount":` + amount + `,"DiscountLineDetail":{"PercentBased":false}}`
}

func subtotal(amount string) string {
	return `{"DetailType":"SubTotalLineDetail","Amount":` + amount + `,"SubTotalLineDetail":{}}`
}

func rate(id, percent, net, amount string) string {
	return fmt.Sprintf(`{"Amount":%s,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":%q},"PercentBased":true,"TaxPercent":%s,"NetAmountTaxable":%s}}`,
		amount, id, percent, net)
}

// invoice is an invoice of 2026-05-04, due 2026-06-03, open in full.
func invoice(total, tax string, rates []string, more string, lines ...string) string {
	return fmt.Sprintf(`{"Id":"42","DocNumber":"1042","TxnDate":"2026-05-04","DueDate":"2026-07-03","CustomerRef":{"value":"3","name":"Cool Cars"},
		"CurrencyRef":{"value":"USD"},"TotalAmt":%s,"Balance":%s,"TxnTaxDetail":{"TotalTax":%s,"TaxLine":[%s]},%s"Line":[%s]}`,
		total, total, tax, strings.Join(rates, ","), more, strings.Join(lines, ","))
}

// rows writes the rows in short: "product quantity x price -discount +tax".
func rows(o Output) []string {
	var out []string
	for _, l := range o.Lines {
		s := fmt.Sprintf("%s %s x %s", l.ProductID, l.Quantity, l.ListPrice)
		if !l.Discount.IsZero() {
			s += " -" + l.Discount.String()
		}
		for _, t := range l.Taxes {
			s += " +" + t.Percent.String()
		}
		out = append(out, s)
	}
	return out
}

func descriptions(o Output) []string {
	var out []string
	for _, l := range o.Lines {
		out = append(out, l.Description)
	}
	return out
}

// checkTotals asserts the promise of the package for one document.
func checkTotals(t tester, o Output, total string) {
	t.Helper()
	f := o.Fields
	want := money.MustParse(total)
	discount, adjustment := money.MustParse(f["Discount"]), money.MustParse(f["Adjustment"])
	got := Reckon(o.Lines, discount, adjustment)
	if !got.GrandTotal.Equal(want) || !o.Expect.GrandTotal.Equal(want) {
		t.Errorf("Grand Total %s, expected %s, want %s\n%v", got.GrandTotal, o.Expect.GrandTotal, want, rows(o))
	}
	if len(o.Lines) == 0 {
		t.Errorf("no rows")
	}
	if slices.Contains(o.Marks, MarkUnexplained) {
		t.Errorf("unexplained difference: %v", rows(o))
	}
	if slices.Contains(o.Marks, MarkTax) || slices.Contains(o.Marks, MarkPrice) {
		return
	}
	shipping := money.MustParse(f[FieldShipping])
	allowed := money.MustParse("0.01").Mul(money.MustParse(fmt.Sprint(len(o.Lines))))
	if !money.Within(adjustment, shipping, allowed) {
		t.Errorf("Adjustment %s is not shipping %s and at most a cent a row\n%v", adjustment, shipping, rows(o))
	}
	for i, l := range o.Lines {
		if !got.Lines[i].Total.Equal(l.Amount) {
			t.Errorf("row %d comes to %s, QuickBooks says %s", i+1, got.Lines[i].Total, l.Amount)
		}
	}
}
