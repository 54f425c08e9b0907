package qbobox_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md section 4.9: values of enabled fields are kept under the
// company's names for them; others are left out, or refused where the dial says so
func TestCustomFields_FollowTheirDefinitions(t *testing.T) {
	prefs := m{"SyncToken": "0", "sparse": true, "SalesFormsPrefs": m{"CustomField": []any{
		m{"CustomField": []any{m{"Name": "SalesFormsPrefs.UseSalesCustom1", "Type": "BooleanType", "BooleanValue": true}, m{"Name": "SalesFormsPrefs.UseSalesCustom2", "Type": "BooleanType", "BooleanValue": false}}},
		m{"CustomField": []any{m{"Name": "SalesFormsPrefs.SalesCustomName1", "Type": "StringType", "StringValue": "Crew #"}}},
	}}}
	for _, dial := range []bool{false, true} {
		c := open(t, func(o *qbobox.Options) { o.Dials.UnknownCustomFieldIs3000 = dial })
		c.post("preferences", prefs)
		cust := s(c.customer("Ann"), "Id")
		field := func(n, value string) m {
			return m{"DefinitionId": n, "StringValue": value, "Name": "as a client calls it", "Type": "StringType"}
		}
		inv := c.invoice(cust, 5, m{"CustomField": []any{field("1", "107")}})
		check(t, inv, map[string]string{"CustomField": `[{"DefinitionId":"1","Name":"Crew #","StringValue":"107","Type":"StringType"}]`})
		body := m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 5)}, "CustomField": []any{field("1", "107"), field("2", "x")}}
		status, out := c.call("POST", "estimate", body)
		if code := s(out, "Fault.Error.0.code"); dial && code != "3000" || !dial && (status != 200 || s(out, "Estimate.CustomField.1.DefinitionId") != "") {
			t.Errorf("a field that is off, dial %v: %d %v", dial, status, out)
		}
		body["CustomField"] = []any{field("1", strings.Repeat("x", 32))}
		if _, code, _, _ := c.fault("POST", "estimate", body); code != "2050" {
			t.Errorf("32 letters gave %s", code)
		}
		note := c.post("invoice", m{"Id": inv["Id"], "SyncToken": "0", "sparse": true, "PrivateNote": "n"})
		check(t, note, map[string]string{"CustomField.0.StringValue": "107"})
		gone := c.post("invoice", m{"Id": inv["Id"], "SyncToken": "1", "sparse": true, "CustomField": []any{field("1", "")}})
		check(t, gone, map[string]string{"CustomField": "[]"})
	}
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	c.do(qbobox.Action{Action: "create", Type: "Invoice", Data: m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 5)}, "CustomField": []any{m{"DefinitionId": "3", "Name": "Site", "StringValue": "A"}}}})
	check(t, c.get("preferences"), map[string]string{"SalesFormsPrefs.CustomField.0.CustomField.0.Name": "SalesFormsPrefs.UseSalesCustom3", "SalesFormsPrefs.CustomField.1.CustomField.0.StringValue": "Site"})
	c.do(qbobox.Action{Action: "create", Type: "PurchaseOrder", Data: m{"VendorRef": v(s(c.vendor("V"), "Id")), "Line": []any{accountLine(c.account("Travel"), 5)}, "CustomField": []any{m{"DefinitionId": "1", "Name": "Crew", "StringValue": "B"}}}})
	check(t, c.get("preferences"), map[string]string{"VendorAndPurchasesPrefs.POCustomField.0.CustomField.0.Name": "PurchasePrefs.UsePurchaseCustom1"})
}

// quickbooks-online.md section 4.5: where the dial says so, a customer that
// owes and is made inactive leaves a credit memo over the balance behind
func TestInactive_OwingCustomerIsBalancedByACreditMemo(t *testing.T) {
	for _, k := range []struct {
		country string
		api     bool
	}{{"US", false}, {"US", true}, {"AU", false}} {
		c := open(t, func(o *qbobox.Options) {
			o.Country, o.Dials.InactivateWithBalance, o.Dials.InactiveIsWrittenOff = k.country, true, true
		})
		cust := s(c.customer("Ann"), "Id")
		more := m{}
		if k.country == "AU" {
			more["GlobalTaxCalculation"] = "NotApplicable"
		}
		c.invoice(cust, 40, more)
		if k.api {
			c.post("customer", m{"Id": cust, "SyncToken": "0", "sparse": true, "Active": false})
		} else {
			c.do(qbobox.Action{Action: "inactivate", Type: "Customer", ID: cust})
		}
		check(t, c.get("customer/"+cust), map[string]string{"Active": "false", "Balance": "0", "SyncToken": "1"})
		check(t, c.query("select * from CreditMemo"), map[string]string{"CreditMemo.0.TotalAmt": "40", "CreditMemo.0.CustomerRef.value": cust, "CreditMemo.1": ""})
		checkBalances(t, c)
	}
	c := open(t, func(o *qbobox.Options) { o.Dials.InactiveIsWrittenOff = true })
	cust := s(c.customer("Paid up"), "Id")
	c.do(qbobox.Action{Action: "inactivate", Type: "Customer", ID: cust})
	if n := len(c.box.All("CreditMemo")); n != 0 {
		t.Errorf("%d credit memos for a customer that owed nothing", n)
	}
}

// quickbooks-online.md section 4.5, and the names of inactive records in the
// reference's recordings
func TestInactive_SuffixOfEachList(t *testing.T) {
	for _, small := range []bool{false, true} {
		c := open(t, func(o *qbobox.Options) { o.Dials.VendorSuffixIsSmall = small })
		vendor := "Vic (Deleted)"
		if small {
			vendor = "Vic (deleted)"
		}
		for path, k := range map[string]struct {
			body       m
			name, full string
		}{
			"customer":      {m{"DisplayName": "Ann"}, "Ann (deleted)", "Ann (deleted)"},
			"vendor":        {m{"DisplayName": "Vic"}, vendor, ""},
			"class":         {m{"Name": "Design"}, "Design (Deleted)", "Design"},
			"department":    {m{"Name": "Marketing"}, "Marketing (Deleted)", "Marketing"},
			"paymentmethod": {m{"Name": "Barter"}, "Barter (Deleted)", ""},
			"account":       {m{"Name": "Vault", "AccountType": "Bank"}, "Vault (deleted)", "Vault (deleted)"},
			"item":          {m{"Name": "Dig", "Type": "Service", "IncomeAccountRef": v(c.account("Services"))}, "Dig (deleted)", "Dig (deleted)"},
		} {
			o := c.post(path, k.body)
			off := c.post(path, m{"Id": o["Id"], "SyncToken": "0", "sparse": true, "Active": false})
			name := s(off, "Name") + s(off, "DisplayName")
			if name != k.name || s(off, "FullyQualifiedName") != k.full && path != "vendor" {
				t.Errorf("%s is %q, %q", path, name, s(off, "FullyQualifiedName"))
			}
			check(t, c.get(path+"/"+s(o, "Id")), map[string]string{"Active": "false"})
		}
	}
	c := open(t, func(o *qbobox.Options) { o.Dials.InactiveNameIsFree = true })
	o := c.post("class", m{"Name": "Design"})
	c.post("class", m{"Id": o["Id"], "SyncToken": "0", "sparse": true, "Active": false})
	c.post("class", m{"Name": "Design"})
}

// quickbooks-online.md section 5.5, CreditMemo, and section 5.7: what a company
// has joined by itself
func TestAutoApply_JoinsCreditsAndPayments(t *testing.T) {
	c := open(t)
	c.post("preferences", m{"SyncToken": "0", "sparse": true, "SalesFormsPrefs": m{"AutoApplyCredit": true, "AutoApplyPayments": true}})
	cust := s(c.customer("Ann"), "Id")
	inv := c.invoice(cust, 100)
	c.post("creditmemo", m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 60)}})
	check(t, c.get("invoice/"+s(inv, "Id")), map[string]string{"Balance": "40"})
	check(t, c.query("select * from Payment"), map[string]string{
		"Payment.0.TotalAmt": "0", "Payment.0.PrivateNote": "Created by QB Online to link credits to charges.",
		"Payment.0.Line.0.LinkedTxn.0.TxnType": "Invoice", "Payment.0.Line.1.LinkedTxn.0.TxnType": "CreditMemo", "Payment.0.Line.1.Amount": "60",
	})
	second := c.invoice(cust, 30)
	pay := c.post("payment", m{"CustomerRef": v(cust), "TotalAmt": 50})
	check(t, pay, map[string]string{"UnappliedAmt": "0", "Line.0.Amount": "40", "Line.0.LinkedTxn.0.TxnId": s(inv, "Id"), "Line.1.Amount": "10", "Line.1.LinkedTxn.0.TxnId": s(second, "Id")})
	check(t, c.get("customer/"+cust), map[string]string{"Balance": "20"})
	checkBalances(t, c)
}

// quickbooks-online.md section 4.10 and the vendor's schema: either word asks
// for the next number also where the company numbers by hand
func TestDocNumbers_AskedForByName(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.CustomTxnNumbers = true })
	cust := s(c.customer("Ann"), "Id")
	c.invoice(cust, 5, m{"DocNumber": "App_1000"})
	check(t, c.invoice(cust, 5), map[string]string{"DocNumber": ""})
	check(t, c.invoice(cust, 5, m{"AutoDocNumber": true}), map[string]string{"DocNumber": "App_1001", "AutoDocNumber": ""})
	inv := c.invoice(cust, 5, m{"DocNumber": "AUTO_GENERATE"})
	check(t, inv, map[string]string{"DocNumber": "App_1002"})
	again := c.post("invoice", m{"Id": inv["Id"], "SyncToken": "0", "sparse": true, "DocNumber": "AUTO_GENERATE", "PrivateNote": "n"})
	check(t, again, map[string]string{"DocNumber": "App_1002"})
}

// quickbooks-online.md section 5.9, Preferences: warnings about numbers in use
func TestDocNumbers_OfBillsAndEntriesWhenTheCompanyWants(t *testing.T) {
	c := open(t)
	vendor, other := s(c.vendor("V"), "Id"), s(c.vendor("W"), "Id")
	bill := func(vendor string) m {
		return m{"VendorRef": v(vendor), "DocNumber": "B-1", "Line": []any{accountLine(c.account("Travel"), 5)}}
	}
	c.post("bill", bill(vendor))
	c.post("bill", bill(vendor)) // nobody is warned
	c.do(qbobox.Action{Action: "update", Type: "Preferences", Data: m{"OtherPrefs": m{"NameValue": []any{m{"Name": "WarnDuplicateBillNumber", "Value": "true"}}}}})
	if _, code, detail, _ := c.fault("POST", "bill", bill(vendor)); code != "6140" || !strings.Contains(detail, "DocNumber=B-1 is assigned to TxnType=Bill") {
		t.Errorf("%s %s", code, detail)
	}
	c.post("bill", bill(other))
	c.post("bill?include=allowduplicatedocnum", bill(vendor))
}

// quickbooks-online.md section 4.8: a total that a client sends to a company
// with automated tax is kept, and marked
func TestTaxUS_AutomatedTaxIsOverridden(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.AutomatedSalesTax = true })
	cust := s(c.customer("Ann", m{"Taxable": true}), "Id")
	line := saleLine("1", nil, nil, 100)
	line["SalesItemLineDetail"].(m)["TaxCodeRef"] = v("TAX")
	inv := c.post("invoice", m{"CustomerRef": v(cust), "Line": []any{line}, "TxnTaxDetail": m{"TotalTax": 3.21}})
	check(t, inv, map[string]string{"TxnTaxDetail.TotalTax": "3.21", "TxnTaxDetail.TaxReviewStatus": "AST_TAX_OVERRIDE", "TotalAmt": "103.21"})
	plain := c.post("invoice", m{"CustomerRef": v(cust), "Line": []any{line}})
	check(t, plain, map[string]string{"TxnTaxDetail.TotalTax": "8", "TxnTaxDetail.TaxReviewStatus": ""})
}

// quickbooks-online.md sections 7 and 8: changes asked for inside a batch
func TestBatch_HoldsAQueryForChanges(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.ChangesInOrder = true })
	c.customer("Ann")
	ask := func(entities any, since string) m {
		_, out := c.call("POST", "batch", m{"BatchItemRequest": []any{m{"bId": "1", "CDCQuery": m{"Entities": entities, "ChangedSince": since}}}})
		return out
	}
	for _, e := range []any{"Customer,Invoice", []any{"Customer", "Invoice"}} {
		check(t, ask(e, "2026-05-01T00:00:00Z"), map[string]string{
			"BatchItemResponse.0.bId": "1", "BatchItemResponse.0.CDCResponse.0.QueryResponse.0.Customer.0.DisplayName": "Ann",
			"BatchItemResponse.0.CDCResponse.0.QueryResponse.1": "{}",
		})
	}
	check(t, ask("Customer", "2026-01-01"), map[string]string{"BatchItemResponse.0.Fault.Error.0.code": "4001"})
}

// quickbooks-online.md section 11: reads are metered by calendar month and then
// refused, writes are not
func TestLimits_MeteredReadsOfAMonth(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.MonthlyReads = 5 })
	for range 3 {
		c.get("companyinfo/1")
	}
	c.call("POST", "batch", m{"BatchItemRequest": []any{m{"bId": "1", "Query": "select * from Item"}, m{"bId": "2", "Query": "select * from Term"}}})
	for _, k := range [][2]string{{"GET", "companyinfo/1"}, {"GET", "query?query=select+*+from+Item"}, {"POST", "query?query=select+*+from+Item"}, {"GET", "cdc?entities=Item&changedSince=2026-05-01"}, {"GET", "reports/TrialBalance"}} {
		status, out := c.call(k[0], k[1], nil)
		if status != 429 || s(out, "Fault.Error.0.code") != "3001" {
			t.Errorf("%s %s: %d %v", k[0], k[1], status, out)
		}
	}
	c.customer("Still free")
	c.clock.move(27 * 24 * time.Hour)
	c.login()
	c.get("companyinfo/1") // June
}

// quickbooks-online.md section 11: forty mails a day
func TestLimits_MailsOfADay(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Limits = "real" })
	inv := c.invoice(s(c.customer("Ann"), "Id"), 5, m{"BillEmail": m{"Address": "a@b.example"}})
	sent := 0
	for range 42 {
		c.clock.move(time.Second)
		if status, _ := c.call("POST", "invoice/"+s(inv, "Id")+"/send", ""); status == 200 {
			sent++
		}
	}
	if sent != 40 {
		t.Errorf("%d mails were sent, want 40", sent)
	}
}

// quickbooks-online.md section 2: long answers are packed for those who ask
func TestWire_PacksLongAnswers(t *testing.T) {
	c := open(t)
	for range 30 {
		c.customer(fmt.Sprint("Customer ", len(c.box.All("Customer"))))
	}
	req, err := http.NewRequestWithContext(context.Background(), "GET", "http://api.example/v3/company/"+c.realm+"/query?query=select+*+from+Customer", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer " + c.token}, "Accept": {"application/json"}, "Accept-Encoding": {"gzip, deflate"}}
	resp, err := c.http.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding %q", got)
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 17)
	if _, err := z.Read(raw); err != nil || string(raw) != `{"QueryResponse":` {
		t.Errorf("%v %q", err, raw)
	}
}

// quickbooks-online.md section 2: at most 10,000 lines, and 750 where there is tax
func TestSales_TooManyLines(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.AutomatedSalesTax = true })
	cust := s(c.customer("Ann", m{"Taxable": true}), "Id")
	lines := func(n int, code string) m {
		all := make([]any, n)
		for i := range all {
			l := saleLine("1", nil, nil, 1)
			l["SalesItemLineDetail"].(m)["TaxCodeRef"] = v(code)
			all[i] = l
		}
		return m{"CustomerRef": v(cust), "Line": all}
	}
	if _, code, _, _ := c.fault("POST", "invoice", lines(751, "TAX")); code != "6000" {
		t.Errorf("751 taxed lines: %s", code)
	}
	c.post("invoice", lines(750, "TAX"))
	c.post("invoice", lines(751, "NON"))
	if status, code, _, _ := c.fault("POST", "invoice", lines(10001, "NON")); status != 400 {
		t.Errorf("10,001 lines: %d %s", status, code)
	}
}

// quickbooks-online.md section 2: only GET and POST, old minor versions do no
// harm, and a company's addresses name the country by three letters
func TestWire_MethodsVersionsAndCountries(t *testing.T) {
	c := open(t)
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		if status, out := c.call(method, "customer/1", m{}); status < 400 {
			t.Errorf("%s: %d %v", method, status, out)
		}
	}
	for _, q := range []string{"", "?minorversion=1", "?minorversion=73", "?minorversion=75", "?minorversion=99"} {
		o := c.get("companyinfo/" + c.realm + q)
		check(t, o, map[string]string{"Id": "1", "Country": "US", "CompanyAddr.Country": "USA", "CompanyAddr.Lat": "", "LegalAddr.Long": "", "DefaultTimeZone": "America/Los_Angeles"})
	}
	check(t, c.post("customer?minorversion=4&operation=update", m{"Id": s(c.customer("Ann"), "Id"), "SyncToken": "0", "sparse": true, "Notes": "n"}), map[string]string{"SyncToken": "1", "Notes": "n"})
}
