package company

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"crossbook/sandbox/qbobox"
)

func TestAU_PricesHoldTheTax(t *testing.T) {
	c, err := AU(Options{Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := truthOf(t, c, testNow)
	s.count("invoices", len(s.all(Books, "Invoice")), 21)
	free := 0
	for _, inv := range append(s.all(Books, "Invoice"), s.all(Books, "Estimate")...) {
		s.want(inv, "GlobalTaxCalculation", "TaxInclusive", "CurrencyRef", "AUD", "ExchangeRate", "")
		gross, net := decimal.Zero, decimal.Zero
		for _, l := range linesOf(inv) {
			if textAt(l, "DetailType") != "SalesItemLineDetail" {
				continue
			}
			gross, net = gross.Add(amount(l, "SalesItemLineDetail.TaxInclusiveAmt")), net.Add(amount(l, "Amount"))
			if textAt(l, "SalesItemLineDetail.TaxCodeRef") == gstFree {
				free++
			}
		}
		if !amount(inv, "TotalAmt").Equal(gross) {
			t.Errorf("%s comes to %s, its gross amounts to %s", textAt(inv, "DocNumber"), textAt(inv, "TotalAmt"), gross)
		}
		if !amount(inv, "TxnTaxDetail.TotalTax").Equal(gross.Sub(net)) {
			t.Errorf("%s is taxed %s, its lines %s", textAt(inv, "DocNumber"), textAt(inv, "TxnTaxDetail.TotalTax"), gross.Sub(net))
		}
	}
	if free == 0 {
		t.Error("no line is free of tax")
	}
	s.want(s.invoice("2021"), "TotalAmt", "29.97", "TxnTaxDetail.TotalTax", "2.73")
	tieBalances(t, s)
	s.count("purchase orders", len(s.all(Books, "PurchaseOrder")), 4)
	s.want(s.all(Books, "CompanyInfo")[0], "Country", "AU")
}

func TestScale_LoadsPlainCustomers(t *testing.T) {
	q, err := qbobox.New(qbobox.Options{Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	const n = 3_000
	start := time.Now()
	if err := Scale(q, n); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d customers in %s", n, time.Since(start))
	names := map[any]bool{}
	for _, c := range q.All("Customer") {
		names[c["DisplayName"]] = true
	}
	if len(names) != n {
		t.Errorf("%d different customers, want %d", len(names), n)
	}
}

func TestFirmName_NeverRepeats(t *testing.T) {
	seen := map[string]int{}
	for i := range 120_000 {
		name := firmName(i)
		if j, twice := seen[name]; twice {
			t.Fatalf("%d and %d are both %q", j, i, name)
		}
		seen[name] = i
	}
}

func TestLarkfield_GrowsByScale(t *testing.T) {
	c, err := Larkfield(Options{Now: func() time.Time { return testNow }, Scale: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got, want := len(c.QuickBooks.All("Customer")), 300+2*plainCustomers; got != want {
		t.Errorf("%d customers, want %d", got, want)
	}
	if got := len(c.QuickBooks.All("Invoice")); got != 500 {
		t.Errorf("%d invoices, want 500", got)
	}
}
