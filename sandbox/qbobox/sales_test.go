package qbobox_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// reference section 5.5 and recorded create-invoice
func TestInvoice_CreateHasTheRecordedShape(t *testing.T) {
	c := open(t)
	cu := c.customer("Amy", m{"BillAddr": m{"Line1": "4581 Finch St.", "City": "Bayshore"}})
	got := c.invoice(s(cu, "Id"), 100, m{"TxnDate": "2024-01-15", "Line": []any{saleLine("1", 1, 100, 100)}})
	check(t, got, map[string]string{
		"AllowIPNPayment": "false", "AllowOnlinePayment": "false", "AllowOnlineCreditCardPayment": "true", "AllowOnlineACHPayment": "true",
		"CustomField": "[]", "DocNumber": "1001", "TxnDate": "2024-01-15", "DueDate": "2024-02-14", "LinkedTxn": "[]",
		"Line.0.Id": "1", "Line.0.LineNum": "1", "Line.0.Amount": "100", "Line.0.CustomExtensions": "[]",
		"Line.0.SalesItemLineDetail.ItemRef.name": "Services", "Line.0.SalesItemLineDetail.ItemAccountRef.name": "Services",
		"Line.0.SalesItemLineDetail.TaxCodeRef.value": "NON", "Line.0.SalesItemLineDetail.Qty": "1",
		"Line.1.DetailType": "SubTotalLineDetail", "Line.1.Amount": "100", "Line.1.Id": "", "Line.1.SubTotalLineDetail": "{}",
		"TxnTaxDetail.TotalTax": "0", "CustomerRef.name": "Amy", "BillAddr.Id": s(cu, "BillAddr.Id"), "BillAddr.City": "Bayshore",
		"ShipAddr.Id": s(cu, "BillAddr.Id"), "FreeFormAddress": "true", "ShipFromAddr.Line2": "San Pablo, CA  87999",
		"TotalAmt": "100", "Balance": "100", "ApplyTaxAfterDiscount": "false", "PrintStatus": "NeedToPrint", "EmailStatus": "NotSet",
		"SyncToken": "0", "domain": "QBO", "sparse": "false",
	})
	if s(got, "MetaData.LastModifiedByRef.value") == "" {
		t.Error("no LastModifiedByRef")
	}
}

func TestEstimate_KeepsWhatWasNotSentAbsent(t *testing.T) {
	c := open(t)
	cu := c.customer("Amy")
	got := c.post("estimate", m{"CustomerRef": v(s(cu, "Id")), "Line": []any{saleLine("1", nil, nil, 100)}})
	check(t, got, map[string]string{
		"TxnStatus": "Pending", "Line.0.SalesItemLineDetail.Qty": "", "Line.0.SalesItemLineDetail.UnitPrice": "", "Balance": "", "DueDate": "", "LinkedTxn": "",
		"TotalAmt": "100", "MetaData.LastModifiedByRef": "",
	})
}

func TestSales_Faults(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.BookCloseDate = "2025-06-30" })
	cu := s(c.customer("Amy"), "Id")
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	cat := s(c.post("item", m{"Name": "Cat", "Type": "Category"}), "Id")
	line := saleLine("1", 1, 10, 10)
	body := func(more m) m {
		b := m{"CustomerRef": v(cu), "Line": []any{line}}
		for k, x := range more {
			if x == nil {
				delete(b, k)
			} else {
				b[k] = x
			}
		}
		return b
	}
	lines := func(l ...any) m { return body(m{"Line": l}) }
	used := s(c.post("invoice", body(m{"DocNumber": "O0010714"})), "Id")
	cases := []struct {
		name, path            string
		body                  m
		code, detail, element string
	}{
		{"no customer", "invoice", body(m{"CustomerRef": nil}), "2020", "Required parameter CustomerRef is missing in the request", "CustomerRef"},
		{"no lines", "estimate", body(m{"Line": nil}), "2020", "Required parameter Line is missing in the request", "Line"},
		{"an empty list of lines", "invoice", lines(), "2020", "Required parameter Line is missing in the request", "Line"},
		{"only a subtotal", "invoice", lines(m{"DetailType": "SubTotalLineDetail", "Amount": 5}), "2020", "Required parameter Line is missing in the request", "Line"},
		{"no DetailType", "invoice", lines(m{"Amount": 5}), "2020", "Required parameter Line.DetailType is missing in the request", "Line.DetailType"},
		{
			"no amount", "invoice", lines(m{"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": m{"ItemRef": v("1")}}), "2020",
			"Required parameter Line.Amount is missing in the request", "Line.Amount",
		},
		{"an unknown customer", "invoice", body(m{"CustomerRef": v("99")}), "2500", "Invalid Reference Id : Names element id 99 not found", ""},
		{"an unknown item", "invoice", lines(saleLine("99", 1, 1, 1)), "2500", "Invalid Reference Id : Items element id 99 not found", ""},
		{"a category on a line", "invoice", lines(saleLine(cat, 1, 1, 1)), "6000", "Business Validation Error: You can't use a category in a transaction.", ""},
		{"a wrong amount", "invoice", lines(saleLine("1", 3, 620.36, 1861.07)), "6070", "Amount is not equal to UnitPrice * Qty. Supplied value:1,861.07", ""},
		{
			"stock before its start", "invoice", body(m{"TxnDate": "2026-04-01", "Line": []any{saleLine(pump, 1, 15, 15)}}), "6270",
			"Transactions with inventory (QOH) products cant be dated earlier than the Inventory Start Date for the product", "",
		},
		{"stock without quantity", "invoice", lines(saleLine(pump, nil, nil, 15)), "6520", "Quantity required for inventory item", ""},
		{
			"a foreign tax code on a line", "invoice", lines(m{"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": m{"ItemRef": v("1"), "TaxCodeRef": v("2")}}),
			"6100", "The tax code of a line must be TAX or NON", "",
		},
		{
			"a discount without anything", "invoice", lines(line, m{"DetailType": "DiscountLineDetail", "DiscountLineDetail": m{}}), "6090",
			"A discount line must have an amount or a percent", "",
		},
		{"a number in use", "invoice", body(m{"DocNumber": "o0010714"}), "6140", "Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=o0010714 is assigned to TxnType=Invoice with TxnId=" + used, ""},
		{"in use by another type", "creditmemo", body(m{"DocNumber": "O0010714"}), "6140", "Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=O0010714 is assigned to TxnType=Invoice with TxnId=" + used, ""},
		{
			"a long number", "invoice", body(m{"DocNumber": strings.Repeat("9", 22)}), "2050",
			"String length specified does not match the supported length. Min:0 Max:21 supported. Supplied length:22", "DocNumber",
		},
		{
			"a long line text", "invoice", lines(m{"DetailType": "DescriptionOnly", "Description": strings.Repeat("x", 4001)}), "2050",
			"String length specified does not match the supported length. Min:0 Max:4,000 supported. Supplied length:4,001", "Line.Description",
		},
		{
			"a long memo", "invoice", body(m{"CustomerMemo": m{"value": strings.Repeat("x", 1001)}}), "2050",
			"String length specified does not match the supported length. Min:0 Max:1,000 supported. Supplied length:1,001", "CustomerMemo.value",
		},
		{"mail wanted, none given", "invoice", body(m{"EmailStatus": "NeedToSend"}), "6420", "An email address is required when the document is to be sent by email", ""},
		{"closed books", "invoice", body(m{"TxnDate": "2025-06-30"}), "6200", "Account period closed", ""},
		{"a foreign currency", "invoice", body(m{"CurrencyRef": v("EUR")}), "6000", "Business Validation Error: Multi currency should be enabled to perform this operation", ""},
		{
			"an unknown estimate", "invoice", body(m{"LinkedTxn": []any{m{"TxnId": "999", "TxnType": "Estimate"}}}), "610",
			"Object Not Found : Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, vendors or employees.", "",
		},
		{"an unknown status", "estimate", body(m{"TxnStatus": "Dreamt"}), "2170", "Invalid Enumeration : Dreamt", "TxnStatus"},
		{"an expense line", "invoice", lines(m{"DetailType": "ItemBasedExpenseLineDetail", "Amount": 5}), "2170", "Invalid Enumeration : ItemBasedExpenseLineDetail", "Line.DetailType"},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			c.t = t
			_, code, detail, element := c.fault("POST", k.path, k.body)
			if code != k.code || detail != k.detail || element != k.element {
				t.Errorf("got %s %q %q\nwant %s %q %q", code, detail, element, k.code, k.detail, k.element)
			}
		})
	}
	c.t = t
	c.post("invoice?include=allowduplicatedocnum", body(m{"DocNumber": "O0010714"}))
	// estimates do not post: closed books do not stop them
	c.post("estimate", body(m{"TxnDate": "2025-06-30"}))
}

func TestClosedBooks_WithPasswordAreAnotherCode(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.BookCloseDate, o.ClosingPassword = "2026-12-31", "pw" })
	cu := s(c.customer("Amy"), "Id")
	_, code, detail, _ := c.fault("POST", "invoice", m{"CustomerRef": v(cu), "Line": []any{saleLine("1", 1, 1, 1)}})
	if code != "6210" || detail != "Account period closed, cannot update through API" {
		t.Errorf("got %s %q", code, detail)
	}
}

// reference section 4.10
func TestDocNumbers_RunInSeriesAndFollowPrefixes(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	body := func(more m) m {
		b := m{"CustomerRef": v(cu), "Line": []any{saleLine("1", nil, nil, 1)}}
		for k, x := range more {
			b[k] = x
		}
		return b
	}
	got := []string{
		s(c.post("invoice", body(nil)), "DocNumber"), s(c.post("creditmemo", body(nil)), "DocNumber"), s(c.post("estimate", body(nil)), "DocNumber"),
		s(c.post("invoice", body(m{"DocNumber": "App_1000"})), "DocNumber"), s(c.post("invoice", body(nil)), "DocNumber"),
		s(c.post("invoice", body(m{"DocNumber": "099"})), "DocNumber"), s(c.post("invoice", body(nil)), "DocNumber"),
	}
	if want := "1001 1002 1001 App_1000 App_1001 099 100"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestDocNumbers_ByHandStayEmpty(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.CustomTxnNumbers = true })
	got := c.invoice(s(c.customer("Amy"), "Id"), 5)
	check(t, got, map[string]string{"DocNumber": ""})
}

func TestDueDate_FollowsTheTerm(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy", m{"SalesTermRef": v("2")}), "Id") // Net 15
	mid := s(c.post("term", m{"Name": "15th", "DayOfMonthDue": 15, "DueNextMonthDays": 5}), "Id")
	for _, k := range []struct{ term, date, want string }{
		{"", "2026-05-01", "2026-05-16"},
		{"3", "2026-05-01", "2026-05-31"},
		{"1", "2026-05-01", "2026-05-01"},
		{mid, "2026-05-01", "2026-05-15"},
		{mid, "2026-05-12", "2026-06-15"},
		{mid, "2026-12-30", "2027-01-15"},
	} {
		more := m{"TxnDate": k.date}
		if k.term != "" {
			more["SalesTermRef"] = v(k.term)
		}
		if got := s(c.invoice(cu, 5, more), "DueDate"); got != k.want {
			t.Errorf("term %q on %s: due %s, want %s", k.term, k.date, got, k.want)
		}
	}
	if got := s(c.invoice(cu, 5), "SalesTermRef.name"); got != "Net 15" {
		t.Errorf("the term's name is %q", got)
	}
}

// reference section 4.8, US
func TestTaxUS_RatesDiscountsAndShipping(t *testing.T) {
	c := open(t)
	c.prefer("SalesFormsPrefs", m{"AllowShipping": true})
	cu := s(c.customer("Amy"), "Id")
	taxed := s(c.service("Taxed", m{"Taxable": true}), "Id")
	free := s(c.service("Free"), "Id")
	lines := func(extra ...any) []any {
		return append([]any{saleLine(taxed, 3, 111.75, 335.25), saleLine(free, 1, 64.75, 64.75)}, extra...)
	}
	percent := m{"DetailType": "DiscountLineDetail", "DiscountLineDetail": m{"PercentBased": true, "DiscountPercent": 10}}
	fixed := m{"DetailType": "DiscountLineDetail", "Amount": 40, "DiscountLineDetail": m{"PercentBased": false}}
	ship := m{"DetailType": "SalesItemLineDetail", "Amount": 12.95, "SalesItemLineDetail": m{"ItemRef": v("SHIPPING_ITEM_ID")}}
	shipTaxed := m{"DetailType": "SalesItemLineDetail", "Amount": 12.95, "SalesItemLineDetail": m{"ItemRef": v("SHIPPING_ITEM_ID"), "TaxCodeRef": v("TAX")}}
	code := m{"TxnTaxCodeRef": v("2")}
	for _, k := range []struct {
		name  string
		lines []any
		more  m
		want  map[string]string
	}{
		{"one rate", lines(), m{"TxnTaxDetail": code}, map[string]string{
			"TxnTaxDetail.TotalTax": "26.82", "TxnTaxDetail.TaxLine.0.TaxLineDetail.TaxRateRef.value": "3", "TxnTaxDetail.TaxLine.0.TaxLineDetail.TaxPercent": "8",
			"TxnTaxDetail.TaxLine.0.TaxLineDetail.NetAmountTaxable": "335.25", "TxnTaxDetail.TaxLine.0.TaxLineDetail.PercentBased": "true", "TotalAmt": "426.82",
			"Line.0.SalesItemLineDetail.TaxCodeRef.value": "TAX", "Line.1.SalesItemLineDetail.TaxCodeRef.value": "NON", "Line.2.Amount": "400",
		}},
		{"two rates", lines(), m{"TxnTaxDetail": m{"TxnTaxCodeRef": v("3")}}, map[string]string{
			"TxnTaxDetail.TaxLine.0.Amount": "23.8", "TxnTaxDetail.TaxLine.1.Amount": "6.71", "TxnTaxDetail.TotalTax": "30.51", "TotalAmt": "430.51",
		}},
		{"no code, no tax", lines(), m{}, map[string]string{"TxnTaxDetail.TotalTax": "0", "TotalAmt": "400"}},
		{"a percentage off", lines(percent), m{"TxnTaxDetail": code}, map[string]string{
			"Line.3.Amount": "40", "Line.3.DetailType": "DiscountLineDetail", "Line.3.DiscountLineDetail.DiscountAccountRef.name": "Discounts given",
			"Line.3.Id": "", "TxnTaxDetail.TotalTax": "26.82", "TotalAmt": "386.82",
		}},
		{"tax after the discount", lines(percent), m{"TxnTaxDetail": code, "ApplyTaxAfterDiscount": true}, map[string]string{
			"TxnTaxDetail.TaxLine.0.TaxLineDetail.NetAmountTaxable": "301.72", "TxnTaxDetail.TotalTax": "24.14", "TotalAmt": "384.14",
		}},
		{"an amount off", lines(fixed), m{"TxnTaxDetail": code}, map[string]string{"Line.3.Amount": "40", "TotalAmt": "386.82"}},
		{"shipping outside the subtotal", lines(percent, ship), m{"TxnTaxDetail": code}, map[string]string{
			"Line.2.Amount": "400", "Line.4.Amount": "12.95", "Line.4.SalesItemLineDetail.ItemRef.value": "SHIPPING_ITEM_ID",
			"Line.4.SalesItemLineDetail.TaxCodeRef.value": "NON", "TxnTaxDetail.TotalTax": "26.82", "TotalAmt": "399.77",
		}},
		{"taxed shipping", lines(shipTaxed), m{"TxnTaxDetail": code}, map[string]string{
			"TxnTaxDetail.TaxLine.0.TaxLineDetail.NetAmountTaxable": "348.2", "TxnTaxDetail.TotalTax": "27.86", "TotalAmt": "440.81",
		}},
		{"tax set by hand", lines(), m{"TxnTaxDetail": m{"TxnTaxCodeRef": v("2"), "TotalTax": 20}}, map[string]string{
			"TxnTaxDetail.TotalTax": "20", "TxnTaxDetail.TaxLine.0.Amount": "20", "TotalAmt": "420",
		}},
		{"text between the lines", lines(m{"DetailType": "DescriptionOnly", "Description": "thanks"}), m{}, map[string]string{
			"Line.2.DetailType": "DescriptionOnly", "Line.2.Id": "3", "Line.2.DescriptionLineDetail": "{}", "Line.3.DetailType": "SubTotalLineDetail", "TotalAmt": "400",
		}},
		{"a deposit", lines(), m{"Deposit": 100}, map[string]string{"TotalAmt": "400", "Balance": "300", "Deposit": "100"}},
	} {
		t.Run(k.name, func(t *testing.T) {
			c.t = t
			k.more["Line"] = k.lines
			check(t, c.invoice(cu, 0, k.more), k.want)
		})
	}
}

func TestTaxUS_AutomatedTaxComesByItself(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.AutomatedSalesTax = true })
	cu := s(c.customer("Amy"), "Id")
	taxed := s(c.service("Taxed", m{"Taxable": true}), "Id")
	got := c.invoice(cu, 0, m{"Line": []any{saleLine(taxed, 1, 100, 100)}})
	check(t, got, map[string]string{"TxnTaxDetail.TxnTaxCodeRef.value": "2", "TxnTaxDetail.TotalTax": "8", "TotalAmt": "108"})
	exempt := s(c.customer("Parish", m{"Taxable": false, "ResaleNum": "R1"}), "Id")
	got = c.invoice(exempt, 0, m{"Line": []any{saleLine(taxed, 1, 100, 100)}})
	check(t, got, map[string]string{"TxnTaxDetail.TotalTax": "0", "TotalAmt": "100", "Line.0.SalesItemLineDetail.TaxCodeRef.value": "NON"})
}

// reference section 4.8, elsewhere
func TestTaxAbroad_CodesPerLine(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Country = "AU" })
	cu := s(c.customer("Amy"), "Id")
	line := func(code string, amount any, more m) m {
		d := m{"ItemRef": v("1")}
		if code != "" {
			d["TaxCodeRef"] = v(code)
		}
		for k, x := range more {
			d[k] = x
		}
		return m{"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": d}
	}
	got := c.invoice(cu, 0, m{"GlobalTaxCalculation": "TaxExcluded", "Line": []any{line("2", 100, nil), line("3", 50, nil)}})
	check(t, got, map[string]string{
		"CurrencyRef.value": "AUD", "TxnTaxDetail.TotalTax": "10", "TotalAmt": "160", "TxnTaxDetail.TaxLine.0.TaxLineDetail.NetAmountTaxable": "100",
		"TxnTaxDetail.TaxLine.1.Amount": "0", "GlobalTaxCalculation": "TaxExcluded", "TxnTaxDetail.TxnTaxCodeRef": "",
	})
	got = c.invoice(cu, 0, m{"GlobalTaxCalculation": "TaxInclusive", "Line": []any{line("2", 90.9, m{"TaxInclusiveAmt": 100})}})
	check(t, got, map[string]string{"TxnTaxDetail.TotalTax": "9.1", "TotalAmt": "100", "Line.0.Amount": "90.9", "Line.0.SalesItemLineDetail.TaxInclusiveAmt": "100"})
	got = c.invoice(cu, 0, m{"GlobalTaxCalculation": "TaxInclusive", "Line": []any{line("2", 50, nil)}})
	check(t, got, map[string]string{"TotalAmt": "55", "Line.0.SalesItemLineDetail.TaxInclusiveAmt": "55"})
	got = c.invoice(cu, 0, m{"GlobalTaxCalculation": "NotApplicable", "Line": []any{line("", 50, nil)}})
	check(t, got, map[string]string{"TotalAmt": "50"})
	for _, k := range []struct {
		body m
		code string
	}{
		{m{"Line": []any{line("2", 50, nil)}}, "2020"},
		{m{"GlobalTaxCalculation": "TaxExcluded", "Line": []any{line("", 50, nil)}}, "6000"},
		{m{"GlobalTaxCalculation": "TaxExcluded", "Line": []any{line("88", 50, nil)}}, "2500"},
		{m{"GlobalTaxCalculation": "NotApplicable", "TxnTaxDetail": m{"TotalTax": 5}, "Line": []any{line("", 50, nil)}}, "6170"},
		{m{"GlobalTaxCalculation": "Sometimes", "Line": []any{line("2", 50, nil)}}, "2170"},
	} {
		k.body["CustomerRef"] = v(cu)
		if _, code, _, _ := c.fault("POST", "invoice", k.body); code != k.code {
			t.Errorf("%v: got %s, want %s", k.body, code, k.code)
		}
	}
}

// quickbooks-online.md section 4.11: a foreign document names its currency, and it is its customer's
func TestCurrency_DocumentsFollowTheirCustomer(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Currencies = []string{"EUR", "CAD"} })
	if err := c.box.SetRate("EUR", "2026-01-01", "1.0853"); err != nil {
		t.Fatal(err)
	}
	eur := s(c.customer("Peña & Söhne", m{"CurrencyRef": v("EUR")}), "Id")
	status, code, _, el := c.fault("POST", "invoice", m{"CustomerRef": v(eur), "Line": []any{saleLine("1", nil, nil, 5)}})
	if status != 400 || code != "2020" || el != "CurrencyRef" {
		t.Errorf("a foreign invoice that does not name its currency: %d %s %s", status, code, el)
	}
	got := c.invoice(eur, 1137.54, m{"CurrencyRef": v("EUR")})
	check(t, got, map[string]string{
		"CurrencyRef.value": "EUR", "ExchangeRate": "1.0853", "TotalAmt": "1137.54", "HomeTotalAmt": "1234.57", "HomeBalance": "1234.57",
	})
	check(t, c.get("customer/"+eur), map[string]string{"Balance": "1137.54"})
	check(t, c.get("account/"+c.account("Accounts Receivable (A/R)")), map[string]string{"CurrentBalance": "1234.57"})
	body := m{"CustomerRef": v(eur), "CurrencyRef": v("CAD"), "Line": []any{saleLine("1", nil, nil, 5)}}
	if _, code, _, _ := c.fault("POST", "invoice", body); code != "6000" {
		t.Errorf("a third currency gave %s", code)
	}
	check(t, c.get("exchangerate?sourcecurrencycode=EUR&asofdate=2026-03-01"), map[string]string{"Rate": "1.0853", "TargetCurrencyCode": "USD", "Id": ""})
	c.post("exchangerate", m{"SourceCurrencyCode": "EUR", "AsOfDate": "2026-05-01", "Rate": 1.1})
	check(t, c.invoice(eur, 100, m{"CurrencyRef": v("EUR")}), map[string]string{"HomeTotalAmt": "110"})
}

// reference section 4.2: the Line array is replaced as a whole
func TestInvoice_SparseLinesReplaceAll(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	a := saleLine("1", 1, 10, 10)
	a["Description"] = "first"
	inv := c.invoice(cu, 0, m{"Line": []any{a, saleLine("1", 2, 10, 20)}})
	keep := saleLine("1", 1, 10, 10)
	keep["Id"] = "1"
	got := c.post("invoice", m{"Id": s(inv, "Id"), "SyncToken": "0", "sparse": true, "Line": []any{keep, saleLine("1", 3, 10, 30)}})
	check(t, got, map[string]string{
		"Line.0.Id": "1", "Line.0.Description": "", "Line.1.Id": "3", "Line.1.Amount": "30", "Line.2.Amount": "40", "TotalAmt": "40", "Balance": "40",
		"DocNumber": s(inv, "DocNumber"), "SyncToken": "1",
	})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "40"})
}

func TestInvoice_SparseNoteLeavesTotalsAlone(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	inv := c.invoice(cu, 33)
	c.clock.move(time.Minute)
	got := c.post("invoice", m{"Id": s(inv, "Id"), "SyncToken": "0", "sparse": true, "PrivateNote": "x"})
	check(t, got, map[string]string{"PrivateNote": "x", "TotalAmt": "33", "SyncToken": "1", "MetaData.LastUpdatedTime": "2026-05-05T02:01:00-07:00"})
	// recorded: a note moves neither customer nor item
	check(t, c.get("customer/"+cu), map[string]string{"MetaData.LastUpdatedTime": "2026-05-05T02:00:00-07:00", "SyncToken": "0"})
}

// recorded update-credit-memo: a full update resets the date and keeps the number
func TestCreditMemo_FullUpdate(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	cm := c.post("creditmemo", m{"CustomerRef": v(cu), "TxnDate": "2026-01-02", "PrivateNote": "n", "Line": []any{saleLine("1", nil, nil, 100)}})
	check(t, cm, map[string]string{"RemainingCredit": "100", "Balance": "100", "DocNumber": "1001"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "-100"})
	l := saleLine("1", nil, nil, 80)
	l["Id"] = "1"
	got := c.post("creditmemo", m{"Id": s(cm, "Id"), "SyncToken": "0", "CustomerRef": v(cu), "Line": []any{l}})
	check(t, got, map[string]string{"DocNumber": "1001", "TxnDate": "2026-05-05", "PrivateNote": "", "RemainingCredit": "80", "TotalAmt": "80"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "-80"})
}

// reference section 4.7
func TestEstimate_ClosesWithItsInvoiceAndReopens(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	est := c.post("estimate", m{"CustomerRef": v(cu), "Line": []any{saleLine("1", 1, 50, 50)}})
	id := s(est, "Id")
	c.clock.move(time.Minute)
	inv := c.invoice(cu, 50, m{"LinkedTxn": []any{m{"TxnId": id, "TxnType": "Estimate"}}})
	check(t, inv, map[string]string{"LinkedTxn.0.TxnId": id, "Line.0.LinkedTxn.0.TxnType": "Estimate"})
	check(t, c.get("estimate/"+id), map[string]string{
		"TxnStatus": "Closed", "SyncToken": "0", "LinkedTxn.0.TxnId": s(inv, "Id"), "LinkedTxn.0.TxnType": "Invoice", "MetaData.LastUpdatedTime": "2026-05-05T02:01:00-07:00",
	})
	again := m{"CustomerRef": v(cu), "Line": []any{saleLine("1", 1, 5, 5)}, "LinkedTxn": []any{m{"TxnId": id, "TxnType": "Estimate"}}}
	if _, code, _, _ := c.fault("POST", "invoice", again); code != "6000" {
		t.Errorf("a second invoice through the API gave %s", code)
	}
	got := c.post("invoice?operation=delete", m{"Id": s(inv, "Id"), "SyncToken": "0"})
	check(t, got, map[string]string{"status": "Deleted", "domain": "QBO", "Id": s(inv, "Id"), "SyncToken": ""})
	check(t, c.get("estimate/"+id), map[string]string{"TxnStatus": "Pending", "LinkedTxn": "", "SyncToken": "0"})
	if _, code, _, _ := c.fault("GET", "invoice/"+s(inv, "Id"), nil); code != "610" {
		t.Errorf("reading a deleted invoice gave %s", code)
	}
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "0"})
}

func TestEstimate_PeopleInvoiceInParts(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	id := s(c.post("estimate", m{"CustomerRef": v(cu), "AcceptedBy": "Amy", "AcceptedDate": "2026-05-01", "Line": []any{saleLine("1", 10, 900, 9000)}}), "Id")
	var last qbobox.Result
	for i, want := range []string{"Accepted", "Accepted", "Closed"} {
		last = c.do(qbobox.Action{Action: "invoice_estimate", ID: id, Data: m{"Percent": []any{40, 30, 30}[i]}})
		check(t, c.get("estimate/"+id), map[string]string{"TxnStatus": want})
	}
	if n := len(c.box.Get("Estimate", id)["LinkedTxn"].([]any)); n != 3 {
		t.Errorf("%d links", n)
	}
	c.do(qbobox.Action{Action: "void", Type: "Invoice", ID: last.ID})
	check(t, c.get("estimate/"+id), map[string]string{"TxnStatus": "Accepted"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "6300"})
}

// reference section 4.6
func TestInvoice_VoidKeepsItWithZeros(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	inv := c.invoice(cu, 0, m{"PrivateNote": "old", "Line": []any{saleLine(pump, 2, 15, 30)}})
	pay := c.pay(cu, 30, s(inv, "Id"), 30)
	tok := s(c.get("invoice/"+s(inv, "Id")), "SyncToken")
	got := c.post("invoice?operation=void", m{"Id": s(inv, "Id"), "SyncToken": tok})
	check(t, got, map[string]string{
		"TotalAmt": "0", "Balance": "0", "Line.0.Amount": "0", "Line.0.SalesItemLineDetail.Qty": "0", "LinkedTxn": "[]", "PrivateNote": "Voided\nold",
		"SyncToken": "2", "TxnTaxDetail.TotalTax": "0", "DocNumber": "1001",
	})
	check(t, c.get("payment/"+s(pay, "Id")), map[string]string{"UnappliedAmt": "30", "Line": "[]"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "-30"})
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "5"})
}

func (c *client) pay(customer string, total any, invoice string, amount any) m {
	c.t.Helper()
	return c.post("payment", m{"CustomerRef": v(customer), "TotalAmt": total, "Line": []any{
		m{"Amount": amount, "LinkedTxn": []any{m{"TxnId": invoice, "TxnType": "Invoice"}}},
	}})
}

func TestVoid_OtherEntitiesAnswerOddly(t *testing.T) {
	c := open(t)
	cu, ve := s(c.customer("Amy"), "Id"), s(c.vendor("V"), "Id")
	bill := c.post("bill", m{"VendorRef": v(ve), "Line": []any{accountLine(c.account("Travel"), 5)}})
	status, body := c.call("POST", "bill?operation=void", m{"Id": s(bill, "Id"), "SyncToken": "0"})
	if status != 200 || s(body, "Fault.type") != "SystemFault" || s(body, "Fault.Error.0.code") != "10000" {
		t.Errorf("voiding a bill: %d %v", status, body)
	}
	est := c.post("estimate", m{"CustomerRef": v(cu), "Line": []any{saleLine("1", nil, nil, 5)}})
	if _, code, detail, el := c.fault("POST", "estimate?operation=void", m{"Id": s(est, "Id"), "SyncToken": "0"}); code != "500" ||
		detail != "Operation void is not supported." || el != "Operation" {
		t.Errorf("voiding an estimate: %s %q", code, detail)
	}
}

func TestDelete_NeedsIdAndToken(t *testing.T) {
	c := open(t)
	inv := c.invoice(s(c.customer("Amy"), "Id"), 5)
	for _, k := range []struct {
		body m
		code string
	}{{m{"SyncToken": "0"}, "2020"}, {m{"Id": s(inv, "Id")}, "2020"}, {m{"Id": s(inv, "Id"), "SyncToken": "7"}, "5010"}, {m{"Id": "77", "SyncToken": "0"}, "610"}} {
		if _, code, _, _ := c.fault("POST", "invoice?operation=delete", k.body); code != k.code {
			t.Errorf("%v: got %s, want %s", k.body, code, k.code)
		}
	}
}

// reference section 5.5, recorded send-invoice
func TestSend_MarksTheDocument(t *testing.T) {
	c := open(t)
	inv := c.invoice(s(c.customer("Amy"), "Id"), 5)
	id := s(inv, "Id")
	if _, code, _, _ := c.fault("POST", "invoice/"+id+"/send", nil); code != "6420" {
		t.Errorf("no address gave %s", code)
	}
	if _, code, _, _ := c.fault("POST", "invoice/"+id+"/send?sendTo=nobody", nil); code != "2210" {
		t.Errorf("a bad address gave %s", code)
	}
	got := c.post("invoice/"+id+"/send?sendTo=mail%2Btag@x.example", "")
	check(t, got, map[string]string{
		"EmailStatus": "EmailSent", "BillEmail.Address": "mail+tag@x.example", "DeliveryInfo.DeliveryType": "Email",
		"DeliveryInfo.DeliveryTime": "2026-05-05T02:00:00-07:00", "SyncToken": "1",
	})
}

func TestBundle_ExpandsIntoItsParts(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	a, b := s(c.service("A", m{"UnitPrice": 10.5}), "Id"), s(c.service("B", m{"UnitPrice": 0.33}), "Id")
	err := c.box.Load("Item", []map[string]any{{
		"Name": "Kit", "Type": "Group", "ItemGroupDetail": m{"ItemGroupLine": []any{m{"ItemRef": v(a), "Qty": 1}, m{"ItemRef": v(b), "Qty": 5}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	kit := c.ids("Item", "select * from Item where Type = 'Group'")
	got := c.invoice(cu, 0, m{"Line": []any{
		m{"DetailType": "GroupLineDetail", "GroupLineDetail": m{"GroupItemRef": v(kit), "Quantity": 3}}, saleLine("1", nil, nil, 1),
	}})
	check(t, got, map[string]string{
		"Line.0.Id": "1", "Line.0.Amount": "36.45", "Line.0.GroupLineDetail.GroupItemRef.name": "Kit", "Line.0.GroupLineDetail.Line.0.Id": "2",
		"Line.0.GroupLineDetail.Line.0.Amount": "31.5", "Line.0.GroupLineDetail.Line.1.Amount": "4.95", "Line.0.GroupLineDetail.Line.1.LineNum": "3",
		"Line.1.Id": "4", "Line.1.LineNum": "4", "Line.2.Amount": "37.45", "TotalAmt": "37.45",
	})
}

func TestMoney_IsWrittenWithoutTrailingZeros(t *testing.T) {
	c := open(t)
	got := c.invoice(s(c.customer("Amy"), "Id"), 0, m{"Line": []any{saleLine("1", json.Number("18432"), json.Number("0.00125"), json.Number("23.04"))}})
	check(t, got, map[string]string{"TotalAmt": "23.04", "Line.0.SalesItemLineDetail.UnitPrice": "0.00125"})
	got = c.invoice(s(got, "CustomerRef.value"), json.Number("262.50"))
	check(t, got, map[string]string{"TotalAmt": "262.5", "Line.0.Amount": "262.5"})
}
