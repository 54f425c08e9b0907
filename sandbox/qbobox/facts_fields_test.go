package qbobox_test

import (
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md section 5.1: numbers of the tax office come back masked,
// lists have a pseudonym, and a code for those who pay no tax has no effect
func TestCustomer_TaxFacts(t *testing.T) {
	c := open(t)
	o := c.customer("Ann", m{"PrimaryTaxIdentifier": "123-45-6789"})
	if got := s(o, "PrimaryTaxIdentifier"); !strings.HasSuffix(got, "6789") || strings.Contains(got, "123") || !strings.HasPrefix(got, "XXX") {
		t.Errorf("it comes back as %q", got)
	}
	if s(c.query("select * from Customer"), "Customer.0.V4IDPseudonym") == "" {
		t.Error("no pseudonym in a list")
	}
	exempt := s(c.customer("Exempt", m{"Taxable": false, "DefaultTaxCodeRef": v("2")}), "Id")
	line := saleLine("1", nil, nil, 100)
	line["SalesItemLineDetail"].(m)["TaxCodeRef"] = v("TAX")
	check(t, c.invoice(exempt, 100, m{"Line": []any{line}}), map[string]string{"TotalAmt": "100", "TxnTaxDetail.TotalTax": "0"})
}

// quickbooks-online.md section 5.1: an opening balance is as old as its date says
func TestCustomer_OpeningBalanceHasItsDate(t *testing.T) {
	c := open(t)
	o := c.customer("Ann", m{"Balance": 30, "OpenBalanceDate": "2026-01-15"})
	check(t, o, map[string]string{"Balance": "30"})
	wantRow(t, c.report("CustomerBalance?report_date=2026-05-05"), "GrandTotal", "30.00")
	before := rowOf(c.report("CustomerBalance?report_date=2026-01-14"), "Ann")
	if len(before) > 0 && before[0] != "0.00" {
		t.Errorf("it counts the day before: %v", before)
	}
	aged := rowOf(c.report("AgedReceivables?report_date=2026-05-05"), "Ann")
	if len(aged) != 6 || aged[0] == "30.00" || aged[5] != "30.00" {
		t.Errorf("ages %v", aged)
	}
}

// quickbooks-online.md sections 5.1 and 6: names are found and sorted by every part
func TestQuery_PartsOfNames(t *testing.T) {
	c := open(t)
	a := s(c.customer("A", m{"MiddleName": "Zoe", "FamilyName": "Young", "PrintOnCheckName": "Mr Z"}), "Id")
	b := s(c.customer("B", m{"MiddleName": "Amy", "FamilyName": "Adams", "PrintOnCheckName": "Mr A"}), "Id")
	for prop, value := range map[string]string{"MiddleName": "Zoe", "FamilyName": "Young", "PrintOnCheckName": "Mr Z"} {
		if got := c.ids("Customer", "select * from Customer where "+prop+" = '"+value+"'"); got != a {
			t.Errorf("%s finds %q", prop, got)
		}
		if got := c.ids("Customer", "select * from Customer orderby "+prop); got != b+","+a {
			t.Errorf("by %s: %q", prop, got)
		}
		if got := c.ids("Customer", "select * from Customer orderby "+prop+" desc"); got != a+","+b {
			t.Errorf("by %s, down: %q", prop, got)
		}
	}
}

// quickbooks-online.md section 5.3: what makes an item, and what is refused
func TestItems_NamesKindsPricesAndAccounts(t *testing.T) {
	c := open(t)
	income, cost := v(c.account("Services")), v(c.account("Purchases"))
	stock := func(change m) m {
		b := c.stockBody("Pump", 1, "2026-01-01")
		for k, x := range change {
			if b[k] = x; x == nil {
				delete(b, k)
			}
		}
		return b
	}
	for _, k := range []struct {
		what string
		body m
		code string
	}{
		{"a tab", m{"Name": "a\tb", "Type": "Service", "IncomeAccountRef": income}, "2040"},
		{"a newline", m{"Name": "a\nb", "Type": "Service", "IncomeAccountRef": income}, "2040"},
		{"sold", m{"Name": "Sold", "Type": "NonInventory", "IncomeAccountRef": income}, ""},
		{"bought", m{"Name": "Bought", "Type": "NonInventory", "ExpenseAccountRef": cost}, ""},
		{"both", m{"Name": "Both", "Type": "NonInventory", "IncomeAccountRef": income, "ExpenseAccountRef": cost}, ""},
		{"dear", m{"Name": "Dear", "Type": "Service", "IncomeAccountRef": income, "ExpenseAccountRef": cost, "PurchaseCost": 99999999999}, ""},
		{"too dear", m{"Name": "Too dear", "Type": "Service", "IncomeAccountRef": income, "ExpenseAccountRef": cost, "PurchaseCost": 100000000000}, "2240"},
		{"stock without a cost account", stock(m{"ExpenseAccountRef": nil}), "2020"},
		{"stock with an expense account", stock(m{"ExpenseAccountRef": cost}), "6430"},
		{"stock on a bank account", stock(m{"AssetAccountRef": v(c.account("Checking"))}), "6430"},
		{"stock on Undeposited Funds", stock(m{"AssetAccountRef": v(c.account("Undeposited Funds"))}), "6430"},
		{"a part of nothing", m{"Name": "Part", "Type": "Service", "IncomeAccountRef": income, "SubItem": true}, "6150"},
		{"stock", stock(nil), ""},
	} {
		status, out := c.call("POST", "item", k.body)
		if code := s(out, "Fault.Error.0.code"); code != k.code || k.code == "" && status != 200 {
			t.Errorf("%s: %d %v", k.what, status, out)
		}
		if k.code == "" && s(out, "Item.Type") != s(k.body, "Type") {
			t.Errorf("%s is %s", k.what, s(out, "Item.Type"))
		}
	}
}

// quickbooks-online.md section 5.3: four categories over each other and an item below
func TestItems_NestInFourCategories(t *testing.T) {
	c := open(t)
	parent := m{}
	for level := range 4 {
		body := m{"Name": "C" + strings.Repeat("x", level), "Type": "Category"}
		if level > 0 {
			body["SubItem"], body["ParentRef"] = true, v(s(parent, "Id"))
		}
		parent = c.post("item", body)
	}
	check(t, parent, map[string]string{"Level": "3", "FullyQualifiedName": "C:Cx:Cxx:Cxxx"})
	below := m{"Name": "Work", "Type": "Service", "IncomeAccountRef": v(c.account("Services")), "SubItem": true, "ParentRef": v(s(parent, "Id"))}
	check(t, c.post("item", below), map[string]string{"Level": "4", "FullyQualifiedName": "C:Cx:Cxx:Cxxx:Work"})
	if _, code, _, _ := c.fault("POST", "item", m{"Name": "Fifth", "Type": "Category", "SubItem": true, "ParentRef": v(s(parent, "Id"))}); code != "6180" {
		t.Errorf("a fifth category: %s", code)
	}
}

// quickbooks-online.md sections 5.3 and 6: items are sorted by price and found by what they are
func TestQuery_OfItems(t *testing.T) {
	c := open(t)
	shelf := s(c.post("item", m{"Name": "Shelf", "Type": "Category"}), "Id")
	a := s(c.service("Dig A", m{"UnitPrice": 9, "PurchaseCost": 20, "Taxable": true, "SubItem": true, "ParentRef": v(shelf)}), "Id")
	b := s(c.service("Dig B", m{"UnitPrice": 10, "PurchaseCost": 3}), "Id")
	gone := c.service("Dig C")
	c.post("item", m{"Id": gone["Id"], "SyncToken": "0", "sparse": true, "Active": false})
	for q, want := range map[string]string{
		"Name like 'Dig%' orderby UnitPrice":       a + "," + b,
		"Name like 'Dig%' orderby PurchaseCost":    b + "," + a,
		"Active = false":                           s(gone, "Id"),
		"SubItem = true":                           a,
		"Taxable = true":                           a,
		"FullyQualifiedName = 'Shelf:Dig A'":       a,
		"Active = true and Name = 'Dig B'":         b,
		"Type = 'Category'":                        shelf,
		"Name like 'Dig%' orderby UnitPrice desc":  b + "," + a,
		"Name like 'Dig%' and SubItem = false":     b,
		"Name like 'Dig%' and PurchaseCost < '10'": b,
	} {
		if got := c.ids("Item", "select * from Item where "+q); got != want {
			t.Errorf("%s: %q, want %q", q, got, want)
		}
	}
}

// quickbooks-online.md section 5.4: details of lines are kept
func TestLines_KeepTheirDetails(t *testing.T) {
	c := open(t)
	c.everyFeature()
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	class, work := s(c.post("class", m{"Name": "East"}), "Id"), s(c.service("Work"), "Id")
	l := saleLine(work, 1, 5, 5)
	d := l["SalesItemLineDetail"].(m)
	d["ClassRef"], d["MarkupInfo"], d["DiscountRate"], d["DiscountAmt"] = v(class), m{"PercentBased": true, "Percent": 10}, 2, 1
	rated := saleLine(work, nil, nil, 5)
	rated["SalesItemLineDetail"].(m)["RatePercent"] = 50
	inv := c.get("invoice/" + s(c.invoice(cust, 5, m{"Line": []any{l, rated}}), "Id"))
	check(t, inv, map[string]string{
		"Line.0.SalesItemLineDetail.ClassRef.value": class, "Line.0.SalesItemLineDetail.MarkupInfo.Percent": "10",
		"Line.0.SalesItemLineDetail.DiscountRate": "2", "Line.0.SalesItemLineDetail.DiscountAmt": "1", "Line.1.SalesItemLineDetail.RatePercent": "50",
	})
	more := m{"CustomerRef": v(cust), "BillableStatus": "Billable", "ClassRef": v(class), "MarkupInfo": m{"PercentBased": true, "Percent": 10}}
	byAccount, byItem := accountLine(c.account("Travel"), 5), itemLine(work, 1, 5, 5)
	for k, x := range more {
		byAccount["AccountBasedExpenseLineDetail"].(m)[k] = x
		byItem["ItemBasedExpenseLineDetail"].(m)[k] = x
	}
	for _, path := range []string{"bill", "purchaseorder"} {
		o := c.get(path + "/" + s(c.post(path, m{"VendorRef": v(vendor), "Line": []any{byAccount, byItem}}), "Id"))
		for _, kind := range []string{"Line.0.AccountBasedExpenseLineDetail.", "Line.1.ItemBasedExpenseLineDetail."} {
			check(t, o, map[string]string{
				kind + "CustomerRef.name": "Ann", kind + "BillableStatus": "Billable", kind + "ClassRef.value": class, kind + "MarkupInfo.Percent": "10",
			})
		}
	}
}

// quickbooks-online.md section 5.5: words, totals and the account of a deposit
func TestInvoice_WordsTotalsAndDeposit(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	for _, k := range []string{"EmailStatus", "PrintStatus"} {
		body := m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 5)}, k: "Maybe"}
		if _, code, _, el := c.fault("POST", "invoice", body); code != "2170" || el != k {
			t.Errorf("%s: %s %s", k, code, el)
		}
	}
	check(t, c.invoice(cust, 5, m{"PrintStatus": "PrintComplete"}), map[string]string{"PrintStatus": "PrintComplete", "EmailStatus": "NotSet"})
	check(t, c.invoice(cust, 50, m{"TotalAmt": 1, "Balance": 2}), map[string]string{"TotalAmt": "50", "Balance": "50"})
	bank := c.account("Checking")
	check(t, c.invoice(cust, 100, m{"Deposit": 30, "DepositToAccountRef": v(bank)}), map[string]string{"Deposit": "30", "Balance": "70", "DepositToAccountRef.value": bank})
	check(t, c.get("account/"+bank), map[string]string{"CurrentBalance": "30"})
	checkBooks(t, c)
}

// quickbooks-online.md section 6: what forms, orders and payments are found by
func TestQuery_OfDocuments(t *testing.T) {
	c := open(t)
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	project := s(c.customer("Project", m{"Job": true, "ParentRef": v(cust)}), "Id")
	other := s(c.customer("Bea"), "Id")
	for entity, path := range map[string]string{"Invoice": "invoice", "Estimate": "estimate", "CreditMemo": "creditmemo", "SalesReceipt": "salesreceipt"} {
		body := m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 75)}, "SalesTermRef": v("3"), "DueDate": "2026-09-09", "ProjectRef": v(project)}
		id := s(c.post(path, body), "Id")
		c.post(path, m{"CustomerRef": v(other), "Line": []any{saleLine("1", nil, nil, 5)}})
		where := []string{"TotalAmt = '75'", "DueDate = '2026-09-09'", "SalesTermRef = '3'"}
		if entity == "Invoice" {
			where = append(where, "ProjectRef = '"+project+"'")
		}
		for _, q := range where {
			if got := c.ids(entity, "select * from "+entity+" where "+q); got != id {
				t.Errorf("%s where %s: %q, want %q", entity, q, got, id)
			}
		}
	}
	lines := []any{accountLine(c.account("Travel"), 5)}
	order := s(c.post("purchaseorder", m{"VendorRef": v(vendor), "Line": lines, "DocNumber": "P-9", "TxnDate": "2026-04-04", "DueDate": "2026-09-09"}), "Id")
	c.post("purchaseorder", m{"VendorRef": v(vendor), "Line": lines})
	for _, q := range []string{"DocNumber = 'P-9'", "TxnDate = '2026-04-04'", "DueDate = '2026-09-09'"} {
		if got := c.ids("PurchaseOrder", "select * from PurchaseOrder where "+q); got != order {
			t.Errorf("orders where %s: %q", q, got)
		}
	}
	pay := s(c.post("payment", m{"CustomerRef": v(cust), "TotalAmt": 12, "PaymentMethodRef": v("1"), "PaymentRefNum": "R-9", "TxnDate": "2026-04-04"}), "Id")
	c.post("payment", m{"CustomerRef": v(other), "TotalAmt": 5})
	for _, q := range []string{"PaymentMethodRef = '1'", "PaymentRefNum = 'R-9'", "TotalAmt = '12'", "CustomerRef = '" + cust + "'", "TxnDate = '2026-04-04'"} {
		if got := c.ids("Payment", "select * from Payment where "+q); got != pay {
			t.Errorf("payments where %s: %q", q, got)
		}
	}
}

// quickbooks-online.md section 6: what the language has not, what today is, and
// that pages shift under a reader
func TestQuery_LanguageAndPages(t *testing.T) {
	c := open(t)
	for _, q := range []string{
		"select * from Customer join Invoice on Customer.Id = Invoice.CustomerRef", "select * from Customer, Invoice", "select count(*) from Invoice group by CustomerRef",
	} {
		if status, code, _, _ := c.fault("POST", "query", q); status != 400 || code != "4000" {
			t.Errorf("%s: %d %s", q, status, code)
		}
	}
	cust := s(c.customer("Ann"), "Id")
	for _, day := range []string{"2026-05-04", "2026-05-05", "2026-05-06"} {
		c.invoice(cust, 5, m{"TxnDate": day})
	}
	for op, want := range map[string]string{"=": "2", "<": "1", ">": "3"} {
		if got := c.ids("Invoice", "select * from Invoice where TxnDate "+op+" CURRENT_DATE"); got != want {
			t.Errorf("%s CURRENT_DATE: %q", op, got)
		}
	}
	if got := c.ids("Invoice", "select * from Invoice orderby Id startposition 1 maxresults 1"); got != "1" {
		t.Fatalf("the first page: %q", got)
	}
	c.post("invoice?operation=delete", m{"Id": "1", "SyncToken": "0"})
	if got := c.ids("Invoice", "select * from Invoice orderby Id startposition 2 maxresults 1"); got != "3" {
		t.Errorf("the second page after a deletion: %q", got) // 2 was never shown
	}
}

// quickbooks-online.md section 5.9: what lists and the company have
func TestLists_MoreRules(t *testing.T) {
	c := open(t)
	for _, list := range []string{"class", "department"} {
		if _, code, _, el := c.fault("POST", list, m{"Active": true}); code != "2020" || el != "Name" {
			t.Errorf("%s without a name: %s %s", list, code, el)
		}
	}
	company := c.get("companyinfo/1")
	pairs := map[string]bool{}
	list, _ := company["NameValue"].([]any)
	for _, p := range list {
		pairs[s(p, "Name")] = true
	}
	for _, want := range []string{"OfferingSku", "SubscriptionStatus", "IndustryType", "NeoEnabled", "PayrollFeature", "ItemCategoriesFeature"} {
		if !pairs[want] {
			t.Errorf("no %s", want)
		}
	}
	long := strings.Repeat("x", 1024)
	got := c.post("companyinfo", m{"Id": "1", "SyncToken": company["SyncToken"], "sparse": true, "CompanyName": long, "LegalName": long})
	check(t, got, map[string]string{"CompanyName": long, "LegalName": long})
	code := c.query("select * from TaxCode where Taxable = true")
	check(t, code, map[string]string{"TaxCode.0.SalesTaxRateList.TaxRateDetail.0.TaxTypeApplicable": "TaxOnAmount", "TaxCode.0.SalesTaxRateList.TaxRateDetail.0.TaxOrder": "0"})
	if s(code, "TaxCode.0.SalesTaxRateList.TaxRateDetail.0.TaxRateRef.value") == "" {
		t.Error("a code without a rate")
	}
	check(t, c.query("select * from TaxRate"), map[string]string{
		"TaxRate.0.AgencyRef.value": s(c.query("select * from TaxAgency"), "TaxAgency.0.Id"), "TaxRate.0.SpecialTaxType": "NONE", "TaxRate.0.DisplayType": "ReadOnly",
		"TaxRate.0.EffectiveTaxRate.0.RateValue": s(c.query("select * from TaxRate"), "TaxRate.0.RateValue"),
	})
	euros := open(t, func(o *qbobox.Options) { o.Currencies = []string{"EUR"} })
	if _, code, _, el := euros.fault("POST", "companycurrency", m{"Name": "Money"}); code != "2020" || el != "Code" {
		t.Errorf("a currency without code: %s %s", code, el)
	}
	entry := m{"DocNumber": "J-1", "Line": []any{journalLine("Debit", c.account("Checking"), 5, nil), journalLine("Credit", c.account("Opening Balance Equity"), 5, nil)}}
	c.post("journalentry", entry)
	c.post("journalentry", entry) // nobody is warned
	c.do(qbobox.Action{Action: "update", Type: "Preferences", Data: m{"OtherPrefs": m{"NameValue": []any{m{"Name": "WarnDuplicateJournalNumber", "Value": "true"}}}}})
	if _, code, detail, _ := c.fault("POST", "journalentry", entry); code != "6140" || !strings.Contains(detail, "DocNumber=J-1") {
		t.Errorf("an entry's number twice: %s %s", code, detail)
	}
	c.clock.move(time.Second)
	c.post("journalentry?include=allowduplicatedocnum", entry)
}
