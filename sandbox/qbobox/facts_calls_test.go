package qbobox_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md sections 7 and 11: one call for many entities is metered once
func TestChanges_OfManyEntitiesAreOneMeteredCall(t *testing.T) {
	c := open(t)
	c.customer("Ann")
	c.page("POST", "/_sandbox/calls/reset", nil)
	c.call("GET", "cdc?entities=Customer,Vendor,Item,Invoice,Estimate,Bill,Payment&changedSince=2026-05-01", nil)
	check(t, c.page("GET", "/_sandbox/calls", nil), map[string]string{"core_plus": "1", "core": "0"})
}

// quickbooks-online.md section 8: an item knows nothing of the others
func TestBatch_ItemsDoNotSeeEachOther(t *testing.T) {
	c := open(t)
	_, out := c.call("POST", "batch", m{"BatchItemRequest": []any{
		m{"bId": "a", "operation": "create", "Customer": m{"DisplayName": "Ann"}},
		m{"bId": "b", "operation": "create", "Invoice": m{"CustomerRef": v("a"), "Line": []any{saleLine("1", nil, nil, 5)}}},
		m{"bId": "c", "operation": "create", "Invoice": m{"CustomerRef": v("$a.Id"), "Line": []any{saleLine("1", nil, nil, 5)}}},
	}})
	items, _ := out["BatchItemResponse"].([]any)
	for _, it := range items {
		bad := s(it, "Fault.Error.0.code")
		if s(it, "bId") == "a" && bad != "" || s(it, "bId") != "a" && bad != "2500" {
			t.Errorf("%v", it)
		}
	}
	if len(items) != 3 || len(c.box.All("Invoice")) != 0 {
		t.Errorf("%d answers, %d invoices", len(items), len(c.box.All("Invoice")))
	}
}

// quickbooks-online.md section 9: an update, a void or a deletion under a used
// number is answered again and not done again
func TestRequestID_OfUpdatesVoidsAndDeletions(t *testing.T) {
	c := open(t)
	inv := s(c.invoice(s(c.customer("Ann"), "Id"), 5), "Id")
	for _, k := range []struct {
		path string
		body m
	}{
		{"invoice?requestid=u1", m{"Id": inv, "SyncToken": "0", "sparse": true, "PrivateNote": "n"}},
		{"invoice?operation=void&requestid=v1", m{"Id": inv, "SyncToken": "1"}},
		{"invoice?operation=delete&requestid=d1", m{"Id": inv, "SyncToken": "2"}},
	} {
		writes := len(c.box.Writes())
		first := c.post(k.path, k.body)
		again := c.post(k.path, k.body) // by its token it would be stale
		if len(differences(first, again)) > 0 || len(c.box.Writes()) != writes+1 {
			t.Errorf("%s: %v, then %v, %d writes", k.path, first, again, len(c.box.Writes())-writes)
		}
		if token := s(first, "SyncToken"); token != "" {
			check(t, c.get("invoice/"+inv), map[string]string{"SyncToken": token})
		}
	}
}

// quickbooks-online.md section 10.3: the newer form is signed in the same way
func TestNotify_CloudEventsAreSignedOverTheirBody(t *testing.T) {
	c, l := listening(t, func(o *qbobox.Options) { o.WebhookCloudEvents = true })
	c.customer("Ann")
	c.box.DeliverNotifications(t.Context())
	mac := hmac.New(sha256.New, []byte(c.box.Credentials().WebhookVerifier))
	mac.Write([]byte(l.got()[0]))
	if !strings.HasPrefix(l.got()[0], "[") || l.last.Header.Get("intuit-signature") != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("%s signed %q", l.got()[0], l.last.Header.Get("intuit-signature"))
	}
}

// quickbooks-online.md section 10.4: what is told and what is not
func TestNotify_WhatIsToldAndWhatIsNot(t *testing.T) {
	c, l := listening(t, func(o *qbobox.Options) { o.Dials.InactiveIsUpdateEvent = true })
	told := func(what string, present bool, want string) {
		t.Helper()
		have := len(l.got())
		c.box.DeliverNotifications(t.Context())
		body := strings.Join(l.got()[have:], "")
		if present != strings.Contains(body, want) || !present && body != "" {
			t.Errorf("%s: %q", what, body)
		}
	}
	cust, vendor := c.customer("Ann"), s(c.vendor("V"), "Id")
	cost := []any{accountLine(c.account("Travel"), 5)}
	bill := s(c.post("bill", m{"VendorRef": v(vendor), "Line": cost}), "Id")
	told("what was made", true, `"operation":"Create"`)
	c.post("customer", m{"Id": cust["Id"], "SyncToken": "0", "sparse": true, "Active": false})
	told("an inactivation", true, `"name":"Customer","operation":"Update"`)
	paid := s(c.post("billpayment", m{
		"VendorRef": v(vendor), "TotalAmt": 5, "PayType": "Check", "CheckPayment": m{"BankAccountRef": v(c.account("Checking"))}, "Line": []any{link("Bill", bill, 5)},
	}), "Id")
	c.post("billpayment?operation=update&include=void", m{"Id": paid, "SyncToken": "0", "sparse": true})
	told("a voided bill payment", true, `"name":"BillPayment","operation":"Void"`)
	spent := s(c.post("purchase", m{"PaymentType": "Cash", "AccountRef": v(c.account("Checking")), "Line": cost}), "Id")
	c.do(qbobox.Action{Action: "void", Type: "Purchase", ID: spent})
	told("a voided expense", true, `"name":"Purchase","operation":"Void"`)
	c.post("preferences", m{"SyncToken": "0", "sparse": true, "SalesFormsPrefs": m{"AutoApplyCredit": true}})
	told("preferences", true, `"name":"Preferences","operation":"Update"`)
	agency := s(c.query("select * from TaxAgency"), "TaxAgency.0.Id")
	status, out := c.call("POST", "taxservice/taxcode", m{"TaxCode": "Levy", "TaxRateDetails": []any{
		m{"TaxRateName": "Levy 7", "RateValue": "7", "TaxAgencyId": agency, "TaxApplicableOn": "Sales"},
	}})
	if status != 200 {
		t.Fatal(out)
	}
	c.post("companyinfo", m{"Id": "1", "SyncToken": c.get("companyinfo/1")["SyncToken"], "sparse": true, "LegalName": "Other"})
	c.post("attachable", m{"Note": "n"})
	c.post("exchangerate", m{"SourceCurrencyCode": "EUR", "AsOfDate": "2026-05-05", "Rate": 1.1})
	told("codes, rates, the company, files", false, "entities")
}

// quickbooks-online.md sections 12.1 and 12.2: who may not come in is told so by the platform
func TestFaults_OfOneWithoutAccessAreOfTheirType(t *testing.T) {
	c := open(t)
	c.do(qbobox.Action{Action: "suspend", Data: m{"Reason": "access"}})
	_, out := c.call("GET", "companyinfo/"+c.realm, nil)
	check(t, faultOfXML(t, s(out, "raw")), map[string]string{"Fault.type": "AuthorizationFault", "Fault.Error.0.code": "120"})
}

// quickbooks-online.md section 12.2, code 2500: each list has its word
func TestFaults_WordsOfTheLists(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	for key, word := range map[string]string{"ClassRef": "Klasses", "DepartmentRef": "Depts"} {
		body := m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 5)}, key: v("99")}
		_, code, detail, _ := c.fault("POST", "invoice", body)
		if code != "2500" || detail != "Invalid Reference Id : "+word+" element id 99 not found" {
			t.Errorf("%s: %s %q", key, code, detail)
		}
	}
}

// quickbooks-online.md section 13: what narrows a report, and that it is only read
func TestReport_ParametersAndWhatItIsNot(t *testing.T) {
	c := open(t)
	c.everyFeature()
	ann, bea := s(c.customer("Ann"), "Id"), s(c.customer("Bea"), "Id")
	vic, wim := s(c.vendor("Vic"), "Id"), s(c.vendor("Wim"), "Id")
	east, shop := s(c.post("class", m{"Name": "East"}), "Id"), s(c.post("department", m{"Name": "Shop"}), "Id")
	c.invoice(ann, 100, m{"TxnDate": "2026-02-01", "DueDate": "2026-03-03", "DepartmentRef": v(shop)})
	classed := saleLine("1", nil, nil, 40)
	classed["SalesItemLineDetail"].(m)["ClassRef"] = v(east)
	c.invoice(bea, 40, m{"TxnDate": "2026-05-01", "Line": []any{classed}})
	for vendor, sum := range map[string]int{vic: 7, wim: 9} {
		c.post("bill", m{"VendorRef": v(vendor), "TxnDate": "2026-04-01", "Line": []any{accountLine(c.account("Travel"), sum)}})
	}
	year := "ProfitAndLoss?start_date=2026-01-01&end_date=2026-12-31"
	for more, want := range map[string]string{
		"": "124.00", "&vendor=" + vic: "-7.00", "&vendor=" + vic + "," + wim: "-16.00", "&department=" + shop: "100.00", "&class=" + east: "40.00", "&customer=" + bea: "40.00",
	} {
		wantRow(t, c.report(year+more), "NetIncome", want)
	}
	wantRow(t, c.report("CustomerBalance?report_date=2026-05-05"), "GrandTotal", "140.00")
	wantRow(t, c.report("CustomerBalance?report_date=2026-05-05&customer="+bea), "GrandTotal", "40.00")
	wantRow(t, c.report("CustomerBalance?report_date=2026-04-30"), "GrandTotal", "100.00")
	wantRow(t, c.report("AgedReceivables?report_date=2026-03-13&aging_method=Report_Date&customer="+ann), "GrandTotal", "0.00 | 100.00 | 0.00 | 0.00 | 0.00 | 100.00")
	wantRow(t, c.report("AgedReceivables?report_date=2026-03-13&aging_method=Current&customer="+ann), "GrandTotal", "0.00 | 0.00 | 0.00 | 100.00 | 0.00 | 100.00")
	if status, out := c.call("POST", "reports/ProfitAndLoss", m{}); status != 400 {
		t.Errorf("a report was written: %d %v", status, out)
	}
	if status, out := c.call("GET", "query?query=select+*+from+ProfitAndLoss", nil); status != 400 {
		t.Errorf("a report was queried: %d %v", status, out)
	}
	whole := c.report(year)
	check(t, whole, map[string]string{"startPosition": "", "maxResults": "", "totalCount": ""})
}
