package document

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
	"crossbook/money"
)

// The tax table of P18: where tax and discount stand, and what is left for the
// Adjustment.
func TestTax_StandsOnTheRowsItTaxes(t *testing.T) {
	ship := sale("SHIPPING_ITEM_ID", "", "", "12.95", "NON", "")
	for _, tc := range []struct {
		name       string
		doc        string
		country    string
		total      string
		rows       []string
		discount   string
		adjustment string
		marks      []string
	}{
		{
			"one rate on taxed rows only",
			invoice("78.6", "3.6", []string{rate("3", "8", "45", "3.6")}, "", sale("1", "2", "15", "30", "NON", ""), sale("2", "3", "15", "45", "TAX", "")),
			"US", "78.6",
			[]string{"51 2 x 15", "52 3 x 15 +8"},
			"0", "0", nil,
		},
		{
			// Row 31 of the sample company.
			"taxed and untaxed, 10 % discount before tax, shipping, two agencies",
			invoice("318.01", "20.06", []string{rate("1", "6.5", "195.75", "12.72"), rate("2", "3.75", "195.75", "7.34")}, `"ApplyTaxAfterDiscount":false,`,
				sale("1", "3", "40.25", "120.75", "TAX", ""), sale("2", "1", "120", "120", "NON", ""), sale("3", "2", "37.5", "75", "TAX", ""),
				subtotal("315.75"), discount("31.58"), ship, words("")),
			"US", "317.18",
			[]string{"51 3 x 40.25 +6.5 +3.75", "52 1 x 120", "53 2 x 37.5 +6.5 +3.75"},
			"31.58", "12.94", nil, // 12.95 and a cent of rounding
		},
		{
			"discount before tax comes off the document, after tax off the rows",
			invoice("97.2", "7.2", []string{rate("3", "8", "90", "7.2")}, `"ApplyTaxAfterDiscount":true,`,
				sale("1", "1", "33.33", "33.33", "TAX", ""), sale("2", "1", "66.67", "66.67", "TAX", ""), discount("10")),
			"US", "97.2",
			[]string{"51 1 x 33.33 -3.33 +8", "52 1 x 66.67 -6.67 +8"},
			"0", "0", nil,
		},
		{
			"the odd cents go to the largest row",
			invoice("95.84", "7.1", []string{rate("3", "8", "88.74", "7.1")}, `"ApplyTaxAfterDiscount":true,`,
				sale("1", "1", "30", "30", "TAX", ""), sale("2", "1", "38.73", "38.73", "TAX", ""), sale("3", "1", "30", "30", "TAX", ""), discount("9.99")),
			"US", "95.84",
			[]string{"51 1 x 30 -3.04 +8", "52 1 x 38.73 -3.91 +8", "53 1 x 30 -3.04 +8"},
			"0", "-0.01", nil,
		},
		{
			"after discount, but nothing taxed: the header",
			invoice("90", "0", nil, `"ApplyTaxAfterDiscount":true,`, sale("1", "1", "100", "100", "NON", ""), discount("10")),
			"US", "90",
			[]string{"51 1 x 100"},
			"10", "0", nil,
		},
		{
			"the amount taxed decides, not the rows' codes (recorded 1033)",
			invoice("629.1", "46.6", []string{rate("3", "8", "582.5", "46.6")}, "",
				sale("5", "1", "275", "275", "TAX", ""), sale("4", "3.5", "75", "262.5", "NON", ""), sale("11", "2", "22.5", "45", "TAX", "")),
			"US", "629.1",
			[]string{"55 1 x 275 +8", "54 3.5 x 75 +8", "511 2 x 22.5 +8"},
			"0", "0", nil,
		},
		{
			"an agency that exempts one item",
			invoice("170.1", "20.1", []string{rate("1", "10", "150", "15"), rate("2", "10.2", "50", "5.1")}, "",
				sale("1", "1", "100", "100", "TAX", ""), sale("2", "1", "50", "50", "TAX", "")),
			"US", "170.1",
			[]string{"51 1 x 100 +10", "52 1 x 50 +10 +10.2"},
			"0", "0", nil,
		},
		{
			"two rows would do for an agency: nobody knows which",
			invoice("215.1", "15.1", []string{rate("1", "5", "200", "10"), rate("2", "5.1", "100", "5.1")}, "",
				sale("1", "1", "100", "100", "TAX", ""), sale("2", "1", "100", "100", "TAX", "")),
			"US", "215.1",
			[]string{"51 1 x 100", "52 1 x 100"},
			"0", "15.1",
			[]string{MarkTax},
		},
		{
			"rounding stands in the Adjustment, at most a cent a row",
			invoice("0.32", "0.02", []string{rate("3", "5", "0.3", "0.02")}, "",
				sale("1", "1", "0.1", "0.1", "TAX", ""), sale("2", "1", "0.1", "0.1", "TAX", ""), sale("3", "1", "0.1", "0.1", "TAX", "")),
			"US", "0.32",
			[]string{"51 1 x 0.1 +5", "52 1 x 0.1 +5", "53 1 x 0.1 +5"},
			"0", "-0.01", nil,
		},
		{
			"taxed shipping cannot stand on a row: the tax is in the Adjustment, and says so",
			invoice("122", "9.04", []string{rate("3", "8", "112.95", "9.04")}, "", sale("1", "1", "100", "100", "TAX", ""),
				sale("SHIPPING_ITEM_ID", "", "", "12.96", "TAX", "")),
			"US", "122",
			[]string{"51 1 x 100"},
			"0", "22",
			[]string{MarkTax},
		},
		{
			"tax set by hand",
			invoice("105", "5", []string{rate("3", "8", "100", "5")}, "", sale("1", "1", "100", "100", "TAX", "")),
			"US", "105",
			[]string{"51 1 x 100"},
			"0", "5",
			[]string{MarkTax},
		},
		{
			"a tax code, though nothing was taxed (recorded 1036)",
			invoice("65", "0", nil, "", sale("1", "5", "10", "50", "TAX", ""), sale("2", "1", "15", "15", "TAX", "")),
			"US", "65",
			[]string{"51 5 x 10", "52 1 x 15"},
			"0", "0", nil,
		},
		{
			"elsewhere: codes and rates",
			invoice("170", "10", []string{rate("9", "10", "100", "10"), rate("8", "0", "60", "0")}, `"GlobalTaxCalculation":"TaxExcluded",`,
				sale("1", "1", "100", "100", "4", ""), sale("2", "1", "60", "60", "5", "")),
			"AU", "170",
			[]string{"51 1 x 100 +10", "52 1 x 60 +0"},
			"0", "0", nil,
		},
		{
			"elsewhere: prices with tax in them are shown without",
			invoice("110", "10", []string{rate("9", "10", "100", "10")}, `"GlobalTaxCalculation":"TaxInclusive",`,
				`{"DetailType":"SalesItemLineDetail","Amount":100,"SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":2,"UnitPrice":55,"TaxInclusiveAmt":110,"TaxCodeRef":{"value":"4"}}}`),
			"AU", "110",
			[]string{"51 2 x 50 +10"},
			"0", "0", nil,
		},
		{
			"elsewhere: gross amounts already hold the tax",
			invoice("110", "10", []string{rate("9", "10", "100", "10")}, `"GlobalTaxCalculation":"TaxInclusive",`, sale("1", "1", "110", "110", "4", "")),
			"AU", "110",
			[]string{"51 1 x 110"},
			"0", "0",
			[]string{MarkTax},
		},
		{
			// The figures of a recorded Canadian bundle invoice.
			"elsewhere: a discount before tax, tax taken out of gross prices",
			invoice("9.6", "1.11", []string{rate("12", "13", "8.49", "1.11")}, `"GlobalTaxCalculation":"TaxInclusive",`,
				`{"DetailType":"GroupLineDetail","Amount":0,"Description":"sweets","GroupLineDetail":{"GroupItemRef":{"value":"24"},"Quantity":3,"Line":[`+
					sale("25", "15", "0.5306667", "7.96", "5", "a")+","+sale("26", "24", "0.1104167", "2.65", "5", "b")+`]}}`, subtotal("10.61"), discount("2.12")),
			"CA", "9.6",
			[]string{"525 15 x 0.53 -1.59 +13", "526 24 x 0.11 -0.53 +13"},
			"0", "0",
			[]string{MarkPrice},
		},
		{
			"elsewhere: no tax applies",
			invoice("50", "0", nil, `"GlobalTaxCalculation":"NotApplicable",`, sale("1", "1", "50", "50", "", "")),
			"AU", "50",
			[]string{"51 1 x 50"},
			"0", "0", nil,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := parse(t, tc.doc)
			data["TotalAmt"], data["Balance"] = money.Number(money.MustParse(tc.total)), money.Number(money.MustParse(tc.total))
			in := input(crossbook.Invoice, data)
			in.Country = tc.country
			o := project(t, in)
			if diff := cmp.Diff(tc.rows, rows(o)); diff != "" {
				t.Errorf("rows: %s", diff)
			}
			if o.Fields["Discount"] != tc.discount {
				t.Errorf("discount %s, want %s", o.Fields["Discount"], tc.discount)
			}
			if !slices.Contains(tc.marks, MarkPrice) && o.Fields["Adjustment"] != tc.adjustment {
				t.Errorf("adjustment %s, want %s", o.Fields["Adjustment"], tc.adjustment)
			}
			if diff := cmp.Diff(tc.marks, o.Marks); diff != "" {
				t.Errorf("marks: %s", diff)
			}
			checkTotals(t, o, tc.total)
		})
	}
}

func TestTax_KnownCodesComeFirst(t *testing.T) {
	doc := invoice("220", "20", []string{rate("9", "10", "100", "10"), rate("7", "10", "100", "10")}, "",
		sale("1", "1", "100", "100", "4", ""), sale("2", "1", "100", "100", "5", ""))
	in := input(crossbook.Invoice, parse(t, doc))
	in.Country = "AU"
	in.TaxRates["7"] = Rate{Name: "Other", Percent: money.MustParse("10")}
	in.TaxCodes = map[string][]string{"4": {"7"}, "5": {"9"}}
	o := project(t, in)
	if o.Lines[0].Taxes[0].Name != "Other" || o.Lines[1].Taxes[0].Name != "GST 10%" {
		t.Errorf("%+v", o.Lines)
	}
	checkTotals(t, o, "220")
}

func TestTax_RatesCarryTheirQuickBooksName(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("106.5", "6.5", []string{rate("1", "6.5", "100", "6.5")}, "", sale("1", "1", "100", "100", "TAX", "")))))
	if o.Lines[0].Taxes[0].Name != "State 6.5%" {
		t.Errorf("%+v", o.Lines[0].Taxes)
	}
	// The name is theirs, the percentage the document's own: rates change, documents do not.
	o = project(t, input(crossbook.Invoice, parse(t, invoice("107", "7", []string{rate("1", "7", "100", "7")}, "", sale("1", "1", "100", "100", "TAX", "")))))
	if o.Lines[0].Taxes[0].Percent.String() != "7" {
		t.Errorf("%+v", o.Lines[0].Taxes)
	}
}

func TestTotals_ThatDoNotAddUpAreNamed(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("150", "0", nil, "", sale("1", "1", "100", "100", "NON", "")))))
	if !cmp.Equal(o.Marks, []string{MarkUnexplained}) || o.Expect.GrandTotal.String() != "150" {
		t.Errorf("%v %s", o.Marks, o.Expect.GrandTotal)
	}
}

func TestReckon_RepeatsTheCRMsArithmetic(t *testing.T) {
	d := money.MustParse
	lines := []Line{
		{Quantity: d("3"), ListPrice: d("20.5"), Discount: d("1.5"), Taxes: []LineTax{{"Vat", d("20")}}},
		{Quantity: d("1.5"), ListPrice: d("0.333"), Taxes: []LineTax{{"a", d("5")}, {"b", d("5")}}},
	}
	got := Reckon(lines, d("2"), d("0.01"))
	// 61.50 - 1.50 = 60.00 + 12.00; 0.50 + 0.03 + 0.03; 72.56 - 2 + 0.01.
	if got.Lines[0].Net.String() != "72" || got.Lines[1].Net.String() != "0.56" || got.SubTotal.String() != "72.56" || got.GrandTotal.String() != "70.57" {
		t.Errorf("%+v", got)
	}
}
