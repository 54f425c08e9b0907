package qbobox_test

import (
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// reference section 4.1
func TestWrite_NoOpChangesNothing(t *testing.T) {
	c := open(t)
	cu := c.customer("A", m{"Notes": "x", "BillAddr": m{"City": "B"}})
	it := c.service("I")
	writes := len(c.box.Writes())
	c.clock.move(time.Minute)
	for path, body := range map[string]m{
		"customer": {"Id": s(cu, "Id"), "SyncToken": "0", "sparse": true, "Notes": "x", "BillAddr": m{"City": "B"}},
		"item":     {"Id": s(it, "Id"), "SyncToken": "0", "sparse": true, "Name": "I"},
	} {
		got := c.post(path, body)
		check(t, got, map[string]string{"SyncToken": "0", "MetaData.LastUpdatedTime": "2026-05-05T02:00:00-07:00"})
	}
	if n := len(c.box.Writes()); n != writes {
		t.Errorf("no-op writes left %d traces", n-writes)
	}
}

func TestWrite_StaleTokenIsRefusedWithTheOthersName(t *testing.T) {
	c := open(t)
	id := s(c.customer("A"), "Id")
	c.do(qbobox.Action{User: "Maria Gomez", Action: "update", Type: "Customer", ID: id, Data: m{"Notes": "hers"}})
	status, code, detail, element := c.fault("POST", "customer", m{"Id": id, "SyncToken": "0", "sparse": true, "Notes": "mine"})
	want := "Stale Object Error : You and Maria Gomez were working on this at the same time. Maria Gomez finished before you did, so your work was not saved."
	if status != 400 || code != "5010" || detail != want || element != "" {
		t.Errorf("got %d %s %q", status, code, detail)
	}
	if _, code, _, _ := c.fault("POST", "customer", m{"Id": id, "SyncToken": "9", "sparse": true, "Notes": "mine"}); code != "5010" {
		t.Errorf("a token from the future gave %s", code)
	}
	if _, code, _, element := c.fault("POST", "customer", m{"Id": id, "sparse": true, "Notes": "mine"}); code != "2020" || element != "SyncToken" {
		t.Errorf("no token gave %s %s", code, element)
	}
}

func TestWrite_IdsAreChecked(t *testing.T) {
	c := open(t)
	if _, code, detail, element := c.fault("POST", "customer", m{"Id": "x", "SyncToken": "0", "DisplayName": "A"}); code != "2030" ||
		detail != "Id should be a valid number. Supplied value:x" || element != "Id" {
		t.Errorf("got %s %q %q", code, detail, element)
	}
	want := "Object Not Found : Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, vendors or employees."
	if status, code, detail, _ := c.fault("POST", "customer", m{"Id": "99", "SyncToken": "0", "DisplayName": "A"}); status != 400 || code != "610" || detail != want {
		t.Errorf("got %d %s %q", status, code, detail)
	}
	if status, code, _, _ := c.fault("GET", "customer/99", nil); status != 400 || code != "610" {
		t.Errorf("reading gave %d %s", status, code)
	}
}

func TestWrite_SparseKeepsFullClears(t *testing.T) {
	c := open(t)
	cu := c.customer("A", m{
		"Notes": "n", "PrimaryPhone": m{"FreeFormNumber": "1"}, "BillAddr": m{"Line1": "L", "City": "C"}, "PreferredDeliveryMethod": "Email", "Taxable": false,
	})
	id := s(cu, "Id")
	sparse := c.post("customer", m{"Id": id, "SyncToken": "0", "sparse": true, "BillAddr": m{"City": "D"}})
	// nested objects are replaced as a unit; the address keeps its id
	check(t, sparse, map[string]string{"Notes": "n", "BillAddr.City": "D", "BillAddr.Line1": "", "BillAddr.Id": s(cu, "BillAddr.Id"), "sparse": "false"})
	full := c.post("customer", m{"Id": id, "SyncToken": "1", "DisplayName": "A"})
	check(t, full, map[string]string{
		"Notes": "", "PrimaryPhone": "", "BillAddr": "", "PreferredDeliveryMethod": "Print", "Taxable": "true", "Active": "true", "CurrencyRef.value": "USD",
	})
}

func TestWrite_EmptyTextClearsNullIsNotSent(t *testing.T) {
	c := open(t)
	cu := c.customer("A", m{"Notes": "n", "WebAddr": m{"URI": "https://a.example"}, "PrimaryEmailAddr": m{"Address": "a@b.co"}})
	id := s(cu, "Id")
	got := c.post("customer", m{"Id": id, "SyncToken": "0", "sparse": true, "Notes": nil, "DisplayName": nil})
	check(t, got, map[string]string{"Notes": "n", "SyncToken": "0"})
	got = c.post("customer", m{"Id": id, "SyncToken": "0", "sparse": true, "Notes": "", "WebAddr": m{"URI": ""}, "PrimaryEmailAddr": m{"Address": ""}, "DisplayName": ""})
	check(t, got, map[string]string{"Notes": "", "WebAddr": "", "PrimaryEmailAddr": "", "DisplayName": "A", "SyncToken": "1"})
}

func TestWrite_ReadOnlyPropertiesAreIgnored(t *testing.T) {
	c := open(t)
	cu := c.customer("A")
	got := c.post("customer", m{
		"Id": s(cu, "Id"), "SyncToken": "0", "sparse": true, "Balance": 99, "FullyQualifiedName": "Z", "domain": "X", "MetaData": m{"CreateTime": "2000-01-01"},
		"IsProject": true, "BalanceWithJobs": 3,
	})
	check(t, got, map[string]string{"Balance": "0", "FullyQualifiedName": "A", "domain": "QBO", "IsProject": "false", "SyncToken": "0"})
}

func TestWrite_OperationUpdateNeedsAnId(t *testing.T) {
	c := open(t)
	cu := c.customer("A")
	got := c.post("customer?operation=update", m{"Id": s(cu, "Id"), "SyncToken": "0", "sparse": true, "Notes": "x"})
	check(t, got, map[string]string{"Notes": "x"})
	if _, code, _, el := c.fault("POST", "customer?operation=update", m{"DisplayName": "B"}); code != "2020" || el != "Id" {
		t.Errorf("got %s %s", code, el)
	}
}

func TestWrite_BadJSONAndUnknownEntities(t *testing.T) {
	c := open(t)
	if _, code, _, _ := c.fault("POST", "customer", "{not json"); code != "2010" {
		t.Errorf("bad JSON gave %s", code)
	}
	if _, code, _, _ := c.fault("POST", "unicorn", m{}); code != "500" {
		t.Errorf("an unknown entity gave %s", code)
	}
	if _, code, _, _ := c.fault("POST", "taxcode", m{"Name": "x"}); code != "500" {
		t.Errorf("writing a tax code gave %s", code)
	}
	if status, body := c.call("PUT", "customer/1", m{}); status != 400 || s(body, "Fault.Error.0.code") != "500" {
		t.Errorf("PUT gave %d", status)
	}
}

func TestWrite_FaultsHaveNoElementKeyWhereTheVendorHasNone(t *testing.T) {
	c := open(t)
	_, body := c.call("POST", "customer", m{"Colour": 1})
	errs := body["Fault"].(m)["Error"].([]any)[0].(m)
	if _, has := errs["element"]; has {
		t.Error("2010 carries an element")
	}
	_, body = c.call("GET", "customer/99", nil)
	if el, has := body["Fault"].(m)["Error"].([]any)[0].(m)["element"]; !has || el != "" {
		t.Errorf("610 has element %v", el)
	}
	if !strings.HasSuffix(s(body, "time"), "-07:00") || len(s(body, "time")) != len("2026-05-05T02:00:00.100-07:00") {
		t.Errorf("time %q", s(body, "time"))
	}
}

// reference section 2: headers, envelope and formats
func TestWire_HeadersEnvelopeAndTimes(t *testing.T) {
	c := open(t)
	_, body, h := c.callWith("POST", "customer?minorversion=73", m{"DisplayName": "A"}, map[string][]string{"Accept": {"application/json"}})
	if s(body, "time") != "2026-05-05T02:00:00.100-07:00" {
		t.Errorf("time %q", s(body, "time"))
	}
	for k, want := range map[string]string{
		"Content-Type": "application/json;charset=UTF-8", "QBO-Version": "2073.223", "Server": "istio-envoy",
		"Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
	} {
		if got := h.Get(k); got != want {
			t.Errorf("%s: %q", k, got)
		}
	}
	if h.Get("intuit_tid") == "" {
		t.Error("no intuit_tid")
	}
}

func TestWire_MetaDataCanBeLaterThanTime(t *testing.T) {
	c := open(t)
	c.clock.move(543 * time.Millisecond)
	_, body := c.call("POST", "customer", m{"DisplayName": "A"})
	check(t, body, map[string]string{"time": "2026-05-05T02:00:00.643-07:00", "Customer.MetaData.CreateTime": "2026-05-05T02:00:01-07:00"})
}

func TestWire_WinterTimeHasAnotherOffset(t *testing.T) {
	c := open(t)
	c.clock.move(-120 * 24 * time.Hour)
	c.login()
	if got := s(c.customer("A"), "MetaData.CreateTime"); !strings.HasSuffix(got, "-08:00") {
		t.Errorf("got %s", got)
	}
}

func TestWire_XMLUnlessJSONIsAskedFor(t *testing.T) {
	c := open(t)
	c.customer("A & B")
	_, body, h := c.callWith("GET", "customer/1", nil, nil)
	raw := s(body, "raw")
	if !strings.HasPrefix(h.Get("Content-Type"), "application/xml") || !strings.Contains(raw, `<Customer domain="QBO" sparse="false">`) ||
		!strings.Contains(raw, "<DisplayName>A &amp; B</DisplayName>") || !strings.Contains(raw, `<CurrencyRef name="United States Dollar">USD</CurrencyRef>`) {
		t.Errorf("%s\n%s", h.Get("Content-Type"), raw)
	}
	_, body, _ = c.callWith("GET", "customer/77", nil, nil)
	if raw := s(body, "raw"); !strings.Contains(raw, `<Fault type="ValidationFault"><Error code="610" element="">`) {
		t.Errorf("%s", raw)
	}
}

func TestCompanyInfoAndPreferences(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.CompanyName = "Larkfield" })
	check(t, c.get("companyinfo/"+c.realm), map[string]string{"CompanyName": "Larkfield", "Id": "1", "Country": "US", "CompanyAddr.Country": "USA"})
	pref := c.get("preferences")
	check(t, pref, map[string]string{
		"Id": "1", "CurrencyPrefs.HomeCurrency.value": "USD", "CurrencyPrefs.MultiCurrencyEnabled": "false",
		"SalesFormsPrefs.CustomTxnNumbers": "false", "ProductAndServicesPrefs.QuantityOnHand": "true",
	})
	got := c.post("preferences", m{"SyncToken": s(pref, "SyncToken"), "SalesFormsPrefs": m{"CustomTxnNumbers": true}})
	check(t, got, map[string]string{"SalesFormsPrefs.CustomTxnNumbers": "true", "SalesFormsPrefs.AllowDiscount": "true", "SyncToken": "1"})
	if _, code, _, _ := c.fault("POST", "preferences", m{"SyncToken": "0", "SalesFormsPrefs": m{}}); code != "5010" {
		t.Errorf("got %s", code)
	}
	if got := c.query("select * from CompanyInfo"); s(got, "CompanyInfo.0.CompanyName") != "Larkfield" {
		t.Errorf("query gave %v", got)
	}
}

func TestEmptyCompany_HasWhatANewCustomerGets(t *testing.T) {
	c := open(t)
	for name, sub := range map[string]string{
		"Sales of Product Income": "SalesOfProductIncome", "Cost of Goods Sold": "SuppliesMaterialsCogs", "Inventory Asset": "Inventory",
		"Accounts Receivable (A/R)": "AccountsReceivable", "Accounts Payable (A/P)": "AccountsPayable", "Undeposited Funds": "UndepositedFunds",
	} {
		row := c.query("select * from Account where Name = '" + name + "'")
		check(t, row, map[string]string{"Account.0.AccountSubType": sub})
	}
	if got := c.props("Term", "Name", "select * from Term"); got != "Due on receipt,Net 10,Net 15,Net 30,Net 60" {
		t.Errorf("terms %s", got)
	}
	if got := c.ids("TaxCode", "select * from TaxCode"); !strings.Contains(got, "TAX") || !strings.Contains(got, "NON") {
		t.Errorf("tax codes %s", got)
	}
	check(t, c.get("taxcode/TAX"), map[string]string{"Taxable": "true"})
	check(t, c.get("taxrate/3"), map[string]string{"RateValue": "8"})
	if n := s(c.query("select count(*) from PaymentMethod"), "totalCount"); n != "7" {
		t.Errorf("payment methods %s", n)
	}
	if n := s(c.query("select count(*) from Customer"), "totalCount"); n != "0" {
		t.Errorf("customers %s", n)
	}
	if len(c.box.Writes()) != 0 {
		t.Error("the empty company starts with a write log")
	}
}

func TestLists_TermsClassesAndMethods(t *testing.T) {
	c := open(t)
	check(t, c.post("term", m{"Name": "Net 45", "DueDays": 45}), map[string]string{"Type": "STANDARD", "Active": "true"})
	check(t, c.post("term", m{"Name": "15th", "DayOfMonthDue": 15}), map[string]string{"Type": "DATE_DRIVEN"})
	check(t, c.post("paymentmethod", m{"Name": "Barter"}), map[string]string{"Type": "NON_CREDIT_CARD"})
	top := c.post("class", m{"Name": "West"})
	check(t, c.post("class", m{"Name": "Coast", "ParentRef": v(s(top, "Id"))}), map[string]string{"FullyQualifiedName": "West:Coast", "SubClass": "true"})
	off := c.post("class", m{"Id": s(top, "Id"), "SyncToken": "0", "sparse": true, "Active": false})
	check(t, off, map[string]string{"Name": "West (Deleted)"}) // capital D, reference section 4.5
	if _, code, detail, _ := c.fault("POST", "term", m{"Name": "net 30", "DueDays": 3}); code != "6240" || !strings.Contains(detail, "Another term is") {
		t.Errorf("got %s %s", code, detail)
	}
	if _, code, _, el := c.fault("POST", "term", m{"Name": strings.Repeat("x", 32), "DueDays": 3}); code != "2050" || el != "Name" {
		t.Errorf("got %s %s", code, el)
	}
}

// reference section 5.9 and recorded create-account
func TestAccount_CreateAndInactivate(t *testing.T) {
	c := open(t)
	got := c.post("account", m{"Name": "Vault", "AccountType": "Bank"})
	check(t, got, map[string]string{
		"Id": "1150040000", "AccountSubType": "CashOnHand", "Classification": "Asset", "SubAccount": "false", "CurrentBalance": "0",
		"CurrentBalanceWithSubAccounts": "0", "FullyQualifiedName": "Vault", "MetaData.LastUpdatedTime": "", "MetaData.CreateTime": "2026-05-05T02:00:00-07:00",
	})
	sub := c.post("account", m{"Name": "Small", "AccountType": "Bank", "SubAccount": true, "ParentRef": v("1150040000")})
	check(t, sub, map[string]string{"FullyQualifiedName": "Vault:Small", "SubAccount": "true"})
	off := c.post("account", m{"Id": "1150040000", "SyncToken": "0", "sparse": true, "Active": false})
	check(t, off, map[string]string{"Name": "Vault (deleted)", "FullyQualifiedName": "Vault (deleted)", "CurrentBalance": "0"})
	for _, k := range []struct {
		body m
		code string
	}{
		{m{"AccountType": "Bank"}, "2020"},
		{m{"Name": "X"}, "2020"},
		{m{"Name": `X"Y`, "AccountType": "Bank"}, "2040"},
		{m{"Name": "X:Y", "AccountType": "Bank"}, "2040"},
		{m{"Name": "Z", "AccountType": "Cave"}, "2170"},
		{m{"Name": "checking", "AccountType": "Bank"}, "6240"},
		{m{"Name": "Z", "AccountType": "Bank", "AcctNum": "12345678"}, "2050"},
		{m{"Name": "Z", "AccountType": "Bank", "OpeningBalance": 5}, "6060"},
	} {
		if _, code, _, _ := c.fault("POST", "account", k.body); code != k.code {
			t.Errorf("%v: got %s, want %s", k.body, code, k.code)
		}
	}
}

func TestTaxService_CreatesACodeWithRates(t *testing.T) {
	c := open(t)
	status, got := c.call("POST", "taxservice/taxcode", m{"TaxCode": "VAT 20", "TaxRateDetails": []any{
		m{"TaxRateName": "VAT 20", "RateValue": "20", "TaxAgencyId": "1", "TaxApplicableOn": "Sales"},
	}})
	if status != 200 || s(got, "TaxCodeId") == "" || s(got, "TaxRateDetails.0.TaxRateId") == "" {
		t.Fatal(status, got)
	}
	check(t, c.get("taxcode/"+s(got, "TaxCodeId")), map[string]string{"Name": "VAT 20"})
	_, code, detail, _ := c.fault("POST", "taxservice/taxcode", m{"TaxCode": "Other", "TaxRateDetails": []any{
		m{"TaxRateName": "VAT 20", "RateValue": "20", "TaxAgencyId": "1"},
	}})
	if code != "6240" || detail != "The name supplied already exists. : Another tax rate is already using this \nname. Please use a different name." {
		t.Errorf("got %s %q", code, detail)
	}
}
