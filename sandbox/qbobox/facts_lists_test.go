package qbobox_test

import (
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// lengths are the limits of texts by entity and property.
var lengths = map[string]map[string]int{
	"Customer": {
		"DisplayName": 500, "Title": 16, "Suffix": 16, "GivenName": 100, "MiddleName": 100, "FamilyName": 100, "CompanyName": 100,
		"PrintOnCheckName": 110, "Notes": 2000, "ResaleNum": 16, "PrimaryPhone.FreeFormNumber": 30, "AlternatePhone.FreeFormNumber": 30,
		"Mobile.FreeFormNumber": 30, "Fax.FreeFormNumber": 30, "BillAddr.Line1": 500, "BillAddr.City": 255, "BillAddr.Country": 255,
		"BillAddr.CountrySubDivisionCode": 255, "BillAddr.PostalCode": 30, "PrimaryEmailAddr.Address": 100, "WebAddr.URI": 1000,
	},
	"Vendor":        {"DisplayName": 500, "Title": 16, "AcctNum": 100, "CompanyName": 100, "PrimaryPhone.FreeFormNumber": 30, "WebAddr.URI": 1000},
	"Item":          {"Name": 100, "Sku": 100, "Description": 4000, "PurchaseDesc": 1000},
	"Account":       {"Name": 100, "AcctNum": 7, "Description": 100},
	"Term":          {"Name": 31},
	"PaymentMethod": {"Name": 31},
	"Class":         {"Name": 100},
	"Department":    {"Name": 100},
	"TaxAgency":     {"DisplayName": 100},
	"Invoice":       {"DocNumber": 21, "PrivateNote": 4000, "CustomerMemo.value": 1000, "BillEmail.Address": 100, "BillEmailCc.Address": 100},
	"Estimate":      {"DocNumber": 21, "PrivateNote": 4000, "CustomerMemo.value": 1000},
	"SalesReceipt":  {"DocNumber": 21, "PaymentRefNum": 21},
	"PurchaseOrder": {"DocNumber": 21, "Memo": 4000, "PrivateNote": 4000},
	"Payment":       {"PaymentRefNum": 21, "PrivateNote": 4000},
	"Bill":          {"DocNumber": 21, "PrivateNote": 4000},
	"Attachable":    {"FileName": 1000, "Note": 2000, "Category": 100, "Tag": 2000, "PlaceName": 2000, "Lat": 100, "Long": 100},
}

// quickbooks-online.md sections 3, 5.1, 5.2, 5.3, 5.5, 5.6, 5.7, 5.8 and 5.9:
// texts may be as long as their limit and no longer
func TestLengths_OfEveryText(t *testing.T) {
	h := newShelf(t)
	for entity, fields := range lengths {
		for path, limit := range fields {
			for _, over := range []int{0, 1} {
				text := strings.Repeat(entity[:1], limit+over) // names and numbers are shared by lists
				switch {
				case strings.HasSuffix(path, "URI"):
					text = "http://" + text[len("http://"):]
				case strings.HasSuffix(path, "Address"):
					text = text[len("@b.example"):] + "@b.example"
				}
				body := h.least(entity)
				key, inner, nested := strings.Cut(path, ".")
				if body[key] = text; nested {
					body[key] = m{inner: text}
				}
				status, out := h.call("POST", strings.ToLower(entity), body)
				if over == 0 && status != 200 || over == 1 && (s(out, "Fault.Error.0.code") != "2050" || s(out, "Fault.Error.0.element") != path) {
					t.Errorf("%s.%s with %d letters: %d %s %s", entity, path, limit+over, status, s(out, "Fault.Error.0.code"), s(out, "Fault.Error.0.element"))
				}
			}
		}
	}
	lines := m{}
	for _, k := range []string{"Line1", "Line2", "Line3", "Line4", "Line5"} {
		lines[k] = strings.Repeat("x", 401)
	}
	if _, code, _, _ := h.fault("POST", "customer", m{"DisplayName": "Long", "BillAddr": lines}); code != "2050" {
		t.Errorf("five lines of more than 2,000 letters: %s", code)
	}
	for _, k := range []struct {
		country string
		limit   int
	}{{"US", 7}, {"GB", 7}, {"AU", 20}, {"CA", 20}} {
		c := open(t, func(o *qbobox.Options) { o.Country = k.country })
		c.post("account", m{"Name": "A", "AccountType": "Bank", "AcctNum": strings.Repeat("1", k.limit)})
		if _, code, _, _ := c.fault("POST", "account", m{"Name": "B", "AccountType": "Bank", "AcctNum": strings.Repeat("1", k.limit+1)}); code != "2050" {
			t.Errorf("%s: %s", k.country, code)
		}
	}
}

// moved tells what a call changes of a record: its token, its time.
func (c *client) moved(path string, call func()) (token, moment bool) {
	c.t.Helper()
	before := c.get(path)
	c.clock.move(time.Minute)
	call()
	after := c.get(path)
	return s(before, "SyncToken") != s(after, "SyncToken"), s(before, "MetaData.LastUpdatedTime") != s(after, "MetaData.LastUpdatedTime")
}

// quickbooks-online.md section 4.1: documents move the times of what they
// concern, and never its token
func TestSideEffects_MoveTimesNotTokens(t *testing.T) {
	c := open(t)
	parent := s(c.customer("Parent"), "Id")
	job := s(c.customer("Job", m{"Job": true, "ParentRef": v(parent)}), "Id")
	vendor, item := s(c.vendor("V"), "Id"), s(c.stockItem("Pump", 10, "2026-01-01"), "Id")
	work := s(c.service("Work"), "Id")
	est := s(c.post("estimate", m{"CustomerRef": v(job), "Line": []any{saleLine("1", nil, nil, 50)}}), "Id")
	var inv m
	sell := func() { inv = c.invoice(job, 50, m{"Line": []any{saleLine(item, 1, 50, 50), saleLine(work, 1, 5, 5)}}) }
	cost := func(item string) m {
		return m{"DetailType": "ItemBasedExpenseLineDetail", "Amount": 5, "ItemBasedExpenseLineDetail": m{"ItemRef": v(item), "Qty": 1, "UnitPrice": 5}}
	}
	for _, k := range []struct {
		what, path string
		call       func()
		moment     bool
	}{
		{"an invoice, its customer", "customer/" + job, sell, true},
		{"an invoice, the customer above", "customer/" + parent, sell, true},
		{"an invoice, its stock", "item/" + item, sell, true},
		{"a payment, its customer", "customer/" + job, func() { c.pay(job, 50, s(inv, "Id"), 50) }, true},
		{"a payment, the customer above", "customer/" + parent, func() { c.post("payment", m{"CustomerRef": v(job), "TotalAmt": 5}) }, true},
		{"an order, its stock", "item/" + item, func() { c.post("purchaseorder", m{"VendorRef": v(vendor), "Line": []any{cost(item)}}) }, true},
		{"an order, its vendor", "vendor/" + vendor, func() { c.post("purchaseorder", m{"VendorRef": v(vendor), "Line": []any{cost(item)}}) }, true},
		{"a bill, its stock", "item/" + item, func() { c.post("bill", m{"VendorRef": v(vendor), "Line": []any{cost(item)}}) }, true},
		{"a bill, its vendor", "vendor/" + vendor, func() { c.post("bill", m{"VendorRef": v(vendor), "Line": []any{cost(item)}}) }, true},
		{"an estimate, its customer", "customer/" + job, func() { c.post("estimate", m{"CustomerRef": v(job), "Line": []any{saleLine("1", nil, nil, 5)}}) }, false},
		{"an invoice, its estimate", "estimate/" + est, func() { c.invoice(job, 50, m{"LinkedTxn": []any{m{"TxnId": est, "TxnType": "Estimate"}}}) }, true},
	} {
		token, moment := c.moved(k.path, k.call)
		if token || moment != k.moment {
			t.Errorf("%s: token moved %v, time moved %v", k.what, token, moment)
		}
	}
}

// quickbooks-online.md section 4.2: what a partial update leaves, and what it replaces
func TestSparse_ReplacesObjectsAsAUnit(t *testing.T) {
	c := open(t)
	o := c.customer("Ann", m{"BillAddr": m{"Line1": "1 Road", "City": "Bay"}, "Notes": "n", "PrimaryPhone": m{"FreeFormNumber": "5"}})
	got := c.post("customer", m{"Id": o["Id"], "SyncToken": "0", "sparse": true, "BillAddr": m{"Line1": "2 Road"}, "DisplayName": ""})
	check(t, got, map[string]string{"BillAddr.Line1": "2 Road", "BillAddr.City": "", "Notes": "n", "PrimaryPhone.FreeFormNumber": "5", "DisplayName": "Ann", "sparse": "false"})
	full := c.post("customer", m{"Id": o["Id"], "SyncToken": "1", "DisplayName": "Ann"})
	check(t, full, map[string]string{"BillAddr": "", "Notes": "", "PrimaryPhone": "", "sparse": "false"})
}

// quickbooks-online.md section 5.2: what a vendor has and has not
func TestVendor_Facts(t *testing.T) {
	c := open(t)
	got := c.post("vendor", m{
		"GivenName": "Vic", "FamilyName": "Tor", "CompanyName": "Vic Ltd", "AcctNum": "A-1", "Vendor1099": true, "TaxIdentifier": "123-45-1234",
		"TermRef": v("3"), "BillAddr": m{"Line1": "1 Road"}, "ShipAddr": m{"Line1": "2 Road"}, "Balance": 30, "OpenBalanceDate": "2026-05-01",
	})
	check(t, got, map[string]string{
		"DisplayName": "Vic Tor", "PrintOnCheckName": "Vic Ltd", "AcctNum": "A-1", "Vendor1099": "true", "TaxIdentifier": "XXXXXXX1234", "TermRef.value": "3",
		"BillAddr.Line1": "1 Road", "ShipAddr": "", "Balance": "30", "OpenBalanceDate": "", "BillRate": "0", "CostRate": "0", "CurrencyRef.value": "USD", "Active": "true",
		"Job": "", "Level": "", "FullyQualifiedName": "",
	})
	row := c.query("select * from Vendor")
	check(t, row, map[string]string{"Vendor.0.BillRate": "", "Vendor.0.CostRate": "", "Vendor.0.Balance": "30", "Vendor.0.ClientEntityId": "", "totalCount": ""})
	if s(row, "Vendor.0.V4IDPseudonym") == "" {
		t.Error("no pseudonym in a list")
	}
	for field, code := range map[string]string{"Job": "2010", "BillWithParent": "2010"} {
		if _, got, _, _ := c.fault("POST", "vendor", m{"DisplayName": "W", field: true}); got != code {
			t.Errorf("%s: %s", field, got)
		}
	}
	bill := c.post("bill", m{"VendorRef": v(s(got, "Id")), "TxnDate": "2026-05-01", "Line": []any{accountLine(c.account("Travel"), 5)}})
	check(t, bill, map[string]string{"SalesTermRef.value": "3", "DueDate": "2026-05-31"})
}

// quickbooks-online.md section 5.4: what the server makes of lines
func TestLines_AreCompleted(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	work := s(c.service("Work", m{"Taxable": true}), "Id")
	detail := func(l m, k string, x any) m { l["SalesItemLineDetail"].(m)[k] = x; return l }
	inv := c.post("invoice", m{"CustomerRef": v(cust), "Line": []any{
		saleLine(work, 3, 10.005, 30.02), // half up
		detail(saleLine(work, nil, nil, 7), "ServiceDate", "2026-05-01"),
		m{"DetailType": "SalesItemLineDetail", "Amount": 2, "SalesItemLineDetail": m{}},
		m{"DetailType": "DescriptionOnly", "Description": "thanks"},
		m{"DetailType": "DiscountLineDetail", "DiscountLineDetail": m{"PercentBased": true, "DiscountPercent": 10}},
	}})
	check(t, inv, map[string]string{
		"Line.0.Id": "1", "Line.0.LineNum": "1", "Line.0.CustomExtensions": "[]", "Line.0.SalesItemLineDetail.ItemRef.name": "Work",
		"Line.0.SalesItemLineDetail.ItemAccountRef.name": "Services", "Line.0.SalesItemLineDetail.TaxCodeRef.value": "TAX", "Line.0.SalesItemLineDetail.Qty": "3",
		"Line.1.Id": "2", "Line.1.SalesItemLineDetail.Qty": "", "Line.1.SalesItemLineDetail.UnitPrice": "", "Line.1.SalesItemLineDetail.ServiceDate": "2026-05-01",
		"Line.2.SalesItemLineDetail.ItemRef.value": "1", "Line.2.SalesItemLineDetail.TaxCodeRef.value": "NON",
		"Line.3.DetailType": "DescriptionOnly", "Line.3.Id": "4", "Line.3.DescriptionLineDetail": "{}",
		"Line.4.DetailType": "SubTotalLineDetail", "Line.4.Amount": "39.02", "Line.4.Id": "", "Line.4.SubTotalLineDetail": "{}",
		"Line.5.DetailType": "DiscountLineDetail", "Line.5.Amount": "3.9", "Line.5.Id": "", "Line.5.DiscountLineDetail.DiscountPercent": "10", "TotalAmt": "35.12",
	})
	if _, code, _, _ := c.fault("POST", "invoice", m{"CustomerRef": v(cust), "Line": []any{saleLine(work, 3, 10.005, 30.01)}}); code != "6070" {
		t.Errorf("rounded down: %s", code)
	}
	two := m{"DetailType": "DiscountLineDetail", "Amount": 1, "DiscountLineDetail": m{}}
	if _, code, _, _ := c.fault("POST", "invoice", m{"CustomerRef": v(cust), "Line": []any{saleLine(work, 1, 5, 5), two, two}}); code != "6000" {
		t.Errorf("two discounts: %s", code)
	}
	if _, code, _, el := c.fault("POST", "invoice", m{"CustomerRef": v(cust), "Line": []any{m{"Amount": 5}}}); code != "2020" || el != "Line.DetailType" {
		t.Errorf("no kind: %s %s", code, el)
	}
	vendor := v(s(c.vendor("V"), "Id"))
	bought := m{"DetailType": "ItemBasedExpenseLineDetail", "Amount": 10, "ItemBasedExpenseLineDetail": m{"ItemRef": v(work), "Qty": 2, "UnitPrice": 5}}
	po := c.post("purchaseorder", m{"VendorRef": vendor, "Line": []any{bought, accountLine(c.account("Travel"), 5)}})
	check(t, po, map[string]string{
		"Line.0.Received": "0", "Line.0.ItemBasedExpenseLineDetail.BillableStatus": "NotBillable", "Line.1.AccountBasedExpenseLineDetail.BillableStatus": "NotBillable",
		"Line.0.ItemBasedExpenseLineDetail.TaxCodeRef.value": "NON", "Line.1.Id": "2",
	})
	sold := s(c.post("item", m{"Name": "Sold only", "Type": "Service", "IncomeAccountRef": v(c.account("Services"))}), "Id")
	bought["ItemBasedExpenseLineDetail"].(m)["ItemRef"] = v(sold)
	if _, code, _, _ := c.fault("POST", "purchaseorder", m{"VendorRef": vendor, "Line": []any{bought}}); code != "6430" {
		t.Errorf("an item without an expense account on an order: %s", code)
	}
	pay := c.post("payment", m{"CustomerRef": v(cust), "TotalAmt": 5, "Line": []any{m{"Amount": 5, "LinkedTxn": []any{m{"TxnId": inv["Id"], "TxnType": "Invoice"}}}}})
	check(t, pay, map[string]string{"Line.0.Id": "", "Line.0.LineEx.any.1.value.Name": "txnOpenBalance", "Line.0.LineEx.any.1.value.Value": "35.12"})
}

// quickbooks-online.md section 5.8: a bill's defaults and links
func TestBill_Facts(t *testing.T) {
	c := open(t)
	vendor := s(c.post("vendor", m{"DisplayName": "V", "BillAddr": m{"Line1": "1 Road"}}), "Id")
	line := accountLine(c.account("Travel"), 25)
	bill := c.post("bill", m{"VendorRef": v(vendor), "Line": []any{line}})
	check(t, bill, map[string]string{
		"APAccountRef.name": "Accounts Payable (A/P)", "DocNumber": "", "TotalAmt": "25", "Balance": "25", "DueDate": "2026-05-05", "VendorAddr.Line1": "1 Road", "LinkedTxn": "",
		"SyncToken": "0", "CurrencyRef.value": "USD",
	})
	c.post("billpayment", m{
		"VendorRef": v(vendor), "TotalAmt": 10, "PayType": "Check", "CheckPayment": m{"BankAccountRef": v(c.account("Checking"))},
		"Line": []any{m{"Amount": 10, "LinkedTxn": []any{m{"TxnId": bill["Id"], "TxnType": "Bill"}}}},
	})
	paid := c.get("bill/" + s(bill, "Id"))
	check(t, paid, map[string]string{"Balance": "15", "LinkedTxn.0.TxnType": "BillPaymentCheck"})
	same := c.post("bill", m{"Id": bill["Id"], "SyncToken": paid["SyncToken"], "sparse": true, "VendorRef": v(vendor), "Balance": 0, "TotalAmt": 1, "PrivateNote": "n"})
	check(t, same, map[string]string{"Balance": "15", "TotalAmt": "25", "PrivateNote": "n"})
	for k, body := range map[string]m{"VendorRef": {"Line": []any{line}}, "Line": {"VendorRef": v(vendor)}} {
		if _, code, _, el := c.fault("POST", "bill", body); code != "2020" || el != k {
			t.Errorf("without %s: %s %s", k, code, el)
		}
	}
	check(t, c.query("select * from Bill where VendorRef = '"+vendor+"'"), map[string]string{"totalCount": "1"})
}

// quickbooks-online.md section 5.9: what each list takes and refuses
func TestLists_Rules(t *testing.T) {
	h := newShelf(t)
	for _, k := range []struct {
		path string
		body m
		code string
	}{
		{"term", m{"Name": "A", "DueDays": 999}, ""},
		{"term", m{"Name": "B", "DueDays": 1000}, "2240"},
		{"term", m{"Name": "C", "DayOfMonthDue": 31, "DueNextMonthDays": 999, "DiscountDayOfMonth": 31, "DiscountPercent": 100}, ""},
		{"term", m{"Name": "D", "DayOfMonthDue": 32}, "2240"},
		{"term", m{"Name": "E", "DueDays": 5, "DiscountPercent": 101}, "2240"},
		{"term", m{"Name": "F", "DueDays": 5, "DiscountDays": 1000}, "2240"},
		{"term", m{"Name": "G"}, "2020"},
		{"term", m{"DueDays": 3}, "2020"},
		{"paymentmethod", m{"Name": "Card", "Type": "CREDIT_CARD"}, ""},
		{"paymentmethod", m{"Name": "Barter", "Type": "GOODS"}, "2170"},
		{"account", m{"Name": "By sub type", "AccountSubType": "Savings"}, ""},
		{"account", m{"Name": "Opened", "AccountType": "Bank", "OpeningBalance": 5}, "6060"},
		{"account", m{"Name": "Opened", "AccountType": "Bank", "OpeningBalance": 5, "OpeningBalanceDate": "2026-05-01"}, ""},
		{"companycurrency", m{"Code": "EUR"}, "6000"},
		{"companycurrency", m{"Code": "eu"}, "2220"},
		{"taxcode", m{"Name": "Mine"}, "500"},
		{"taxrate", m{"Name": "Mine", "RateValue": 5}, "500"},
		{"taxagency", m{"Id": "1", "SyncToken": "0", "DisplayName": "Other"}, "500"},
		{"taxagency", m{}, "2020"},
		{"attachable", m{"Category": "Image"}, "6000"},
		{"attachable", m{"Note": "n", "AttachableRef": []any{m{"EntityRef": m{"type": "Customer", "value": "9999"}}}}, "610"},
		{"exchangerate", m{"SourceCurrencyCode": "EUR", "AsOfDate": "2026-05-05"}, "2020"},
		{"exchangerate", m{"SourceCurrencyCode": "EUR", "AsOfDate": "2026-05-05", "Rate": 1.1}, ""},
	} {
		status, out := h.call("POST", k.path, k.body)
		if code := s(out, "Fault.Error.0.code"); code != k.code || k.code == "" && status != 200 {
			t.Errorf("%s %v: %d %s", k.path, k.body, status, code)
		}
	}
	for _, list := range []string{"class", "department"} {
		parent := ""
		for level := range 6 {
			body := m{"Name": strings.Repeat("x", level+1)}
			if parent != "" {
				body["ParentRef"] = v(parent)
			}
			status, out := h.call("POST", list, body)
			if level == 5 {
				if s(out, "Fault.Error.0.code") != "6180" {
					t.Errorf("%s on a sixth level: %d", list, status)
				}
				continue
			}
			parent = s(out, map[string]string{"class": "Class.Id", "department": "Department.Id"}[list])
		}
	}
	rate := h.get("exchangerate?sourcecurrencycode=EUR&asofdate=2026-05-05")
	check(t, rate, map[string]string{"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "USD", "Rate": "1.1", "Id": "", "SyncToken": "0"})
}

// quickbooks-online.md section 7: which entities are offered, in any case of letters
func TestChanges_EntitiesOffered(t *testing.T) {
	c := open(t)
	for _, e := range lists {
		status, out := c.call("GET", "cdc?changedSince=2026-05-01&entities="+strings.ToUpper(e), nil)
		refused := map[string]bool{"JournalCode": true, "TaxAgency": true, "TimeActivity": true, "TaxCode": true, "TaxRate": true, "CompanyInfo": true, "Preferences": true, "ExchangeRate": true}[e]
		if refused != (status == 400) {
			t.Errorf("%s: %d %v", e, status, out)
		}
	}
}

// quickbooks-online.md section 5.9: what a new company has, by country
func TestEmptyCompany_OfEachCountry(t *testing.T) {
	for country, home := range map[string]string{"US": "USD", "CA": "CAD", "GB": "GBP", "AU": "AUD", "NZ": "NZD", "FR": "EUR", "ZA": "ZAR"} {
		c := open(t, func(o *qbobox.Options) { o.Country = country })
		check(t, c.get("companyinfo/1"), map[string]string{"Country": country, "Id": "1", "FiscalYearStartMonth": "January", "SyncToken": "0"})
		check(t, c.get("preferences"), map[string]string{
			"CurrencyPrefs.HomeCurrency.value": home, "CurrencyPrefs.MultiCurrencyEnabled": "false", "SalesFormsPrefs.CustomTxnNumbers": "false", "TaxPrefs.UsingSalesTax": "true",
			"ProductAndServicesPrefs.QuantityOnHand": "true", "Id": "1",
		})
		for _, kind := range []string{"Accounts Receivable", "Accounts Payable", "Bank", "Equity", "Income", "Expense", "Cost of Goods Sold", "Other Current Asset", "Other Current Liability", "Other Income", "Other Expense"} {
			if s(c.query("select * from Account where AccountType = '"+kind+"'"), "Account.0.CurrencyRef.value") != home {
				t.Errorf("%s: no account of the type %s in %s", country, kind, home)
			}
		}
		for entity, least := range map[string]string{"Term": "5", "PaymentMethod": "7", "TaxCode": "3", "TaxRate": "2", "TaxAgency": "1", "Item": "2", "CompanyCurrency": "0", "Customer": "0", "Invoice": "0"} {
			n := s(c.query("select count(*) from "+entity), "totalCount")
			if n < least || least == "0" && n != "0" {
				t.Errorf("%s: %s of %s", country, n, entity)
			}
		}
		if country == "US" {
			check(t, c.get("taxcode/NON"), map[string]string{"Taxable": "false"})
		} else {
			check(t, c.query("select * from TaxCode where Id = 'TAX'"), map[string]string{"TaxCode": ""})
		}
		check(t, c.customer("Ann"), map[string]string{"CurrencyRef.value": home})
	}
}
