package qbobox_test

import (
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
)

// TestNames_Faults: reference sections 3, 4.3, 4.4, 5.1 and 12.2. The box has
// a customer "Taken", a vendor "Trade" and an employee "Pat Lee".
func TestNames_Faults(t *testing.T) {
	long := strings.Repeat("x", 501)
	cases := []struct {
		name, path   string
		body         m
		code, detail string
		element      string
	}{
		{
			"a customer's name is taken by a customer", "customer",
			m{"DisplayName": "taken"},
			"6240",
			"The name supplied already exists. : Another customer, vendor or employee is already using this name. Please use a different name.", "",
		},
		{
			"by a vendor", "customer",
			m{"DisplayName": "TRADE"},
			"6240",
			"The name supplied already exists. : Another customer, vendor or employee is already using this name. Please use a different name.", "",
		},
		{
			"by an employee", "vendor",
			m{"DisplayName": "Pat Lee"},
			"6240",
			"The name supplied already exists. : Another customer, vendor or employee is already using this name. Please use a different name.", "",
		},
		{
			"a composed name is taken too", "customer",
			m{"GivenName": "Pat", "FamilyName": "Lee"},
			"6240",
			"The name supplied already exists. : Another customer, vendor or employee is already using this name. Please use a different name.", "",
		},
		{"a colon", "customer", m{"DisplayName": "Rob:Barnett:Company"}, "2040", "Element contains invalid characters. Rob:Barnett:Company", ""},
		{"a tab", "vendor", m{"DisplayName": "a\tb"}, "2040", "Element contains invalid characters. a\tb", ""},
		{"a newline", "vendor", m{"GivenName": "a\nb"}, "2040", "Element contains invalid characters. a\nb", ""},
		{
			"a long title", "customer",
			m{"DisplayName": "n", "Title": "Regional Facilities Manager"},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:16 supported. Supplied length:27", "Title",
		},
		{
			"a long suffix", "customer",
			m{"DisplayName": "n", "Suffix": strings.Repeat("x", 17)},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:16 supported. Supplied length:17", "Suffix",
		},
		{
			"long notes with separators", "customer",
			m{"DisplayName": "n", "Notes": strings.Repeat("x", 2001)},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:2,000 supported. Supplied length:2,001", "Notes",
		},
		{
			"a long name", "vendor",
			m{"DisplayName": long},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:500 supported. Supplied length:501", "DisplayName",
		},
		{
			"a long phone", "vendor",
			m{"DisplayName": "n", "PrimaryPhone": m{"FreeFormNumber": strings.Repeat("1", 31)}},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:30 supported. Supplied length:31", "PrimaryPhone.FreeFormNumber",
		},
		{
			"a long postal code", "vendor",
			m{"DisplayName": "n", "BillAddr": m{"PostalCode": strings.Repeat("1", 31)}},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:30 supported. Supplied length:31", "BillAddr.PostalCode",
		},
		{
			"a long resale number", "customer",
			m{"DisplayName": "n", "ResaleNum": strings.Repeat("1", 17)},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:16 supported. Supplied length:17", "ResaleNum",
		},
		{
			"characters count as UTF-16 units", "customer",
			m{"DisplayName": "n", "Title": "株式会社山田製作所株式会社山田製作所"},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:16 supported. Supplied length:18", "Title",
		},
		{
			"a web address without scheme", "vendor",
			m{"DisplayName": "n", "WebAddr": m{"URI": "www.vendor41.com"}},
			"2200",
			"Web Site URL does not have correct format. Supplied value:www.vendor41.com", "WebAddr",
		},
		{
			"a web address with a blank", "vendor",
			m{"DisplayName": "n", "WebAddr": m{"URI": "http://a b"}},
			"2200",
			"Web Site URL does not have correct format. Supplied value:http://a b", "WebAddr",
		},
		{
			"mail without at sign", "customer",
			m{"DisplayName": "n", "PrimaryEmailAddr": m{"Address": "Kim Carpenter"}},
			"2210",
			"Email Address does not conform to the syntax rules of RFC 822. Supplied value:Kim Carpenter", "",
		},
		{
			"mail without dot", "customer",
			m{"DisplayName": "n", "PrimaryEmailAddr": m{"Address": "a@b"}},
			"2210",
			"Email Address does not conform to the syntax rules of RFC 822. Supplied value:a@b", "",
		},
		{
			"a list of mails", "customer",
			m{"DisplayName": "n", "PrimaryEmailAddr": m{"Address": "a@b.co, c@d.co"}},
			"2210",
			"Email Address does not conform to the syntax rules of RFC 822. Supplied value:a@b.co, c@d.co", "",
		},
		{"an unknown delivery", "customer", m{"DisplayName": "n", "PreferredDeliveryMethod": "Pigeon"}, "2170", "Invalid Enumeration : Pigeon", "PreferredDeliveryMethod"},
		{"an unknown term", "customer", m{"DisplayName": "n", "SalesTermRef": v("99")}, "2500", "Invalid Reference Id : Terms element id 99 not found", ""},
		{"an unknown parent", "customer", m{"DisplayName": "n", "Job": true, "ParentRef": v("99")}, "2500", "Invalid Reference Id : Names element id 99 not found", ""},
		{"a job without parent", "customer", m{"DisplayName": "n", "Job": true}, "6150", "A parent is required: ParentRef must be given when Job is true", ""},
		{"no name at all", "customer", m{"Notes": "x"}, "6080", "At least one of Title, GivenName, MiddleName, FamilyName, DisplayName or Suffix is required", ""},
		{"an opening balance without date", "customer", m{"DisplayName": "n", "Balance": 5}, "6060", "Opening balance date is required when an opening balance is given", ""},
		{
			"an unknown property", "customer",
			m{"DisplayName": "n", "Colour": "red"},
			"2010",
			"Property Name:failed to parse json object; a property specified is unsupported or invalid", "",
		},
		{
			"another currency while only one is on", "customer",
			m{"DisplayName": "n", "CurrencyRef": v("EUR")},
			"6000",
			"Business Validation Error: Multi currency should be enabled to perform this operation", "",
		},
		{"a bad date", "customer", m{"DisplayName": "n", "OpenBalanceDate": "05/05/2026"}, "2070", "Value should be a valid date value", "OpenBalanceDate"},
		{"an impossible date", "customer", m{"DisplayName": "n", "OpenBalanceDate": "2026-02-30"}, "2070", "Value should be a valid date value", "OpenBalanceDate"},
		{"a number that is none", "vendor", m{"DisplayName": "n", "BillRate": "abc"}, "2100", "Value should be a valid decimal. Supplied value:abc", "BillRate"},
	}
	c := open(t)
	c.customer("Taken")
	c.vendor("Trade")
	c.post("employee", m{"GivenName": "Pat", "FamilyName": "Lee"})
	before := len(c.box.Writes())
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			c.t = t
			status, code, detail, element := c.fault("POST", k.path, k.body)
			if status != 400 || code != k.code || detail != k.detail || element != k.element {
				t.Errorf("got %d %s %q %q\nwant 400 %s %q %q", status, code, detail, element, k.code, k.detail, k.element)
			}
		})
	}
	if n := len(c.box.Writes()); n != before {
		t.Errorf("refused writes left %d traces", n-before)
	}
}

func TestNames_SeveralFieldFaultsComeTogether(t *testing.T) {
	c := open(t)
	_, body := c.call("POST", "customer", m{"DisplayName": "n", "Title": strings.Repeat("x", 17), "Suffix": strings.Repeat("x", 18)})
	check(t, body, map[string]string{"Fault.Error.0.element": "Suffix", "Fault.Error.1.element": "Title", "Fault.type": "ValidationFault"})
}

func TestCustomer_CreateHasTheRecordedShape(t *testing.T) {
	c := open(t)
	got := c.customer("Test Customer", m{
		"GivenName": "Test", "FamilyName": "Customer", "PrimaryEmailAddr": m{"Address": "t@example.com"}, "Notes": "hello",
		"BillAddr": m{"Line1": "123 Test Street", "City": "Mountain View", "Country": "USA", "CountrySubDivisionCode": "CA", "PostalCode": "94042"},
	})
	check(t, got, map[string]string{
		"Taxable": "true", "Job": "false", "BillWithParent": "false", "Balance": "0", "BalanceWithJobs": "0", "CurrencyRef.value": "USD",
		"CurrencyRef.name": "United States Dollar", "PreferredDeliveryMethod": "Print", "IsProject": "false", "domain": "QBO", "sparse": "false",
		"SyncToken": "0", "MetaData.CreateTime": "2026-05-05T02:00:00-07:00", "MetaData.LastUpdatedTime": "2026-05-05T02:00:00-07:00",
		"FullyQualifiedName": "Test Customer", "PrintOnCheckName": "Test Customer", "Active": "true", "DefaultTaxCodeRef.value": "2", "ShipAddr": "",
	})
	if s(got, "BillAddr.Id") == "" {
		t.Error("the address has no id")
	}
}

func TestCustomer_NameIsBuiltFromItsParts(t *testing.T) {
	c := open(t)
	got := c.post("customer", m{"Title": "Dr.", "GivenName": "Ada", "MiddleName": "B.", "FamilyName": "Cole", "Suffix": "Jr."})
	check(t, got, map[string]string{"DisplayName": "Dr. Ada B. Cole Jr.", "PrintOnCheckName": "Ada Cole"})
}

// reference section 4.3: CompanyName, else given and family name, else DisplayName; sparse changes leave it.
func TestCustomer_CheckNameDefaults(t *testing.T) {
	c := open(t)
	a := c.customer("A", m{"GivenName": "G", "FamilyName": "F", "CompanyName": "Co"})
	b := c.customer("B", m{"GivenName": "G", "FamilyName": "F"})
	d := c.customer("D")
	for o, want := range map[*m]string{&a: "Co", &b: "G F", &d: "D"} {
		if got := s(*o, "PrintOnCheckName"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	got := c.post("customer", m{"Id": s(d, "Id"), "SyncToken": "0", "sparse": true, "DisplayName": "E"})
	check(t, got, map[string]string{"PrintOnCheckName": "D", "FullyQualifiedName": "E", "SyncToken": "1"})
}

// reference section 4.4
func TestJobs_NestShowPathsAndShareNames(t *testing.T) {
	c := open(t)
	top := c.customer("Freeman")
	job := c.customer("Kitchen", m{"Job": true, "ParentRef": v(s(top, "Id"))})
	check(t, job, map[string]string{"Level": "1", "ParentRef.value": s(top, "Id"), "ParentRef.name": "", "FullyQualifiedName": "Freeman:Kitchen", "Job": "true"})
	if _, code, _, _ := c.fault("POST", "customer", m{"DisplayName": "Kitchen"}); code != "6240" {
		t.Errorf("uniqueness is on the leaf name: %s", code)
	}
	c.invoice(s(job, "Id"), 85)
	check(t, c.get("customer/"+s(top, "Id")), map[string]string{"Balance": "0", "BalanceWithJobs": "85"})
	check(t, c.get("customer/"+s(job, "Id")), map[string]string{"Balance": "85", "BalanceWithJobs": "85"})
	got := c.post("customer", m{"Id": s(top, "Id"), "SyncToken": "0", "sparse": true, "DisplayName": "Freeman & Co"})
	check(t, got, map[string]string{"Level": "", "ParentRef": ""})
	check(t, c.get("customer/"+s(job, "Id")), map[string]string{"FullyQualifiedName": "Freeman & Co:Kitchen", "SyncToken": "0"})
}

func TestJobs_MovingOneMovesItsBalance(t *testing.T) {
	c := open(t)
	a, b := s(c.customer("A"), "Id"), s(c.customer("B"), "Id")
	job := s(c.customer("Job", m{"Job": true, "ParentRef": v(a)}), "Id")
	c.invoice(job, 85)
	c.post("customer", m{"Id": job, "SyncToken": "0", "sparse": true, "ParentRef": v(b), "Job": true})
	check(t, c.get("customer/"+a), map[string]string{"BalanceWithJobs": "0"})
	check(t, c.get("customer/"+b), map[string]string{"BalanceWithJobs": "85", "Balance": "0"})
	check(t, c.get("customer/"+job), map[string]string{"FullyQualifiedName": "B:Job"})
	checkBalances(t, c)
	c.do(qbobox.Action{Action: "merge", Type: "Customer", ID: b, Into: a})
	check(t, c.get("customer/"+a), map[string]string{"BalanceWithJobs": "85"})
	checkBalances(t, c)
}

func TestJobs_StopAtFourLevelsBelow(t *testing.T) {
	c := open(t)
	up := s(c.customer("L0"), "Id")
	for _, n := range []string{"L1", "L2", "L3", "L4"} {
		up = s(c.customer(n, m{"Job": true, "ParentRef": v(up)}), "Id")
	}
	if _, code, _, _ := c.fault("POST", "customer", m{"DisplayName": "L5", "Job": true, "ParentRef": v(up)}); code != "6180" {
		t.Errorf("a sixth level gave %s", code)
	}
}

func TestJobs_BillWithParentIsFixedByInvoices(t *testing.T) {
	c := open(t)
	top := c.customer("Top")
	job := c.customer("Job", m{"Job": true, "ParentRef": v(s(top, "Id")), "BillWithParent": true})
	check(t, job, map[string]string{"BillWithParent": "true"})
	c.invoice(s(job, "Id"), 10)
	tok := s(c.get("customer/"+s(job, "Id")), "SyncToken")
	if _, code, _, _ := c.fault("POST", "customer", m{"Id": s(job, "Id"), "SyncToken": tok, "sparse": true, "BillWithParent": false}); code != "6130" {
		t.Errorf("got %s", code)
	}
}

// reference section 4.5
func TestInactive_SuffixHiddenAndBackAgain(t *testing.T) {
	c := open(t)
	cu := c.customer("Old Mill")
	id := s(cu, "Id")
	got := c.post("customer", m{"Id": id, "SyncToken": "0", "sparse": true, "Active": false})
	check(t, got, map[string]string{"Active": "false", "DisplayName": "Old Mill (deleted)", "FullyQualifiedName": "Old Mill (deleted)", "SyncToken": "1"})
	if got := c.ids("Customer", "select * from Customer"); got != "" {
		t.Errorf("listed: %s", got)
	}
	if got := c.ids("Customer", "select * from Customer where Active in (true, false)"); got != id {
		t.Errorf("not found: %q", got)
	}
	if got := c.ids("Customer", "select * from Customer where active = FALSE"); got != id {
		t.Errorf("not found: %q", got)
	}
	check(t, c.get("customer/"+id), map[string]string{"Active": "false"})
	back := c.post("customer", m{"Id": id, "SyncToken": "1", "sparse": true, "Active": true})
	check(t, back, map[string]string{"Active": "true", "DisplayName": "Old Mill (deleted)"})
	named := c.post("customer", m{"Id": id, "SyncToken": "2", "sparse": true, "DisplayName": "Old Mill"})
	check(t, named, map[string]string{"DisplayName": "Old Mill"})
}

func TestInactive_NameStaysTakenUnlessTheDialFreesIt(t *testing.T) {
	for _, free := range []bool{false, true} {
		c := open(t, func(o *qbobox.Options) { o.Dials.InactiveNameIsFree = free })
		cu := c.customer("Old Mill")
		c.post("customer", m{"Id": s(cu, "Id"), "SyncToken": "0", "sparse": true, "Active": false})
		status, _ := c.call("POST", "vendor", m{"DisplayName": "old mill"})
		if want := map[bool]int{false: 400, true: 200}[free]; status != want {
			t.Errorf("free=%v: got %d, want %d", free, status, want)
		}
	}
}

func TestInactive_DialStripsTheSuffix(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.ReactivateStripsSuffix = true })
	id := s(c.customer("A"), "Id")
	c.post("customer", m{"Id": id, "SyncToken": "0", "sparse": true, "Active": false})
	check(t, c.post("customer", m{"Id": id, "SyncToken": "1", "sparse": true, "Active": true}), map[string]string{"DisplayName": "A"})
}

func TestInactive_OpenBalanceIsRefusedToTheAPINotToPeople(t *testing.T) {
	c := open(t)
	cu := c.customer("Debtor")
	c.invoice(s(cu, "Id"), 40)
	_, code, detail, _ := c.fault("POST", "customer", m{"Id": s(cu, "Id"), "SyncToken": "0", "sparse": true, "Active": false})
	if code != "6220" || detail != "The entity you are trying to delete has an open balance. : This customer cannot be deleted because it has a non-zero balance" {
		t.Errorf("got %s %q", code, detail)
	}
	got := c.do(qbobox.Action{Action: "inactivate", Type: "Customer", ID: s(cu, "Id")})
	check(t, got.Record, map[string]string{"Active": "false", "Balance": "40"})
}

func TestVendor_ShapeMaskAndSingleFields(t *testing.T) {
	c := open(t)
	got := c.post("vendor", m{"DisplayName": "V", "TaxIdentifier": "12-3456789", "AcctNum": "A1", "CompanyName": "Acme"})
	check(t, got, map[string]string{
		"Balance": "0", "BillRate": "0", "CostRate": "0", "Vendor1099": "false", "TaxIdentifier": "XXXXXX6789", "PrintOnCheckName": "Acme", "ParentRef": "",
	})
	row := c.query("select * from Vendor")["Vendor"].([]any)[0]
	check(t, row, map[string]string{"BillRate": "", "AcctNum": "A1"})
	if !strings.HasPrefix(s(row, "V4IDPseudonym"), "002098") {
		t.Error("no pseudonym")
	}
}

// reference section 4.2, recorded in update-vendor
func TestVendor_FullUpdateClears(t *testing.T) {
	c := open(t)
	ve := c.post("vendor", m{"DisplayName": "V", "GivenName": "G", "CompanyName": "Acme", "PrimaryPhone": m{"FreeFormNumber": "1"}, "Vendor1099": true})
	got := c.post("vendor", m{"Id": s(ve, "Id"), "SyncToken": "0", "DisplayName": "Test Update"})
	check(t, got, map[string]string{
		"GivenName": "", "CompanyName": "", "PrimaryPhone": "", "Vendor1099": "false", "PrintOnCheckName": "Test Update", "SyncToken": "1", "CurrencyRef.value": "USD",
	})
}

func TestEmployee_NamesAreVisible(t *testing.T) {
	c := open(t)
	got := c.post("employee", m{"GivenName": "Pat", "FamilyName": "Lee", "SSN": "123-45-6789"})
	check(t, got, map[string]string{"DisplayName": "Pat Lee", "Active": "true", "SSN": "XXXXXXX6789"})
}

func TestNames_DeleteIsNotSupported(t *testing.T) {
	c := open(t)
	id := s(c.customer("A"), "Id")
	if _, code, detail, _ := c.fault("POST", "customer?operation=delete", m{"Id": id, "SyncToken": "0"}); code != "500" || detail != "Operation delete is not supported." {
		t.Errorf("got %s %q", code, detail)
	}
}

func TestNames_RenameFollowsSilentlyIntoDocuments(t *testing.T) {
	c := open(t)
	cu := c.customer("Before")
	inv := c.invoice(s(cu, "Id"), 5)
	c.clock.move(1e10)
	c.post("customer", m{"Id": s(cu, "Id"), "SyncToken": "0", "sparse": true, "DisplayName": "After"})
	check(t, c.get("invoice/"+s(inv, "Id")), map[string]string{
		"CustomerRef.name": "After", "SyncToken": "0", "MetaData.LastUpdatedTime": s(inv, "MetaData.LastUpdatedTime"),
	})
}

func TestCurrency_FixedAtCreationAndAddedToTheList(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Currencies = []string{"EUR"} })
	cu := c.customer("Euro", m{"CurrencyRef": v("EUR")})
	check(t, cu, map[string]string{"CurrencyRef.value": "EUR", "CurrencyRef.name": "Euro"})
	if _, code, _, _ := c.fault("POST", "customer", m{"Id": s(cu, "Id"), "SyncToken": "0", "sparse": true, "CurrencyRef": v("USD")}); code != "6000" {
		t.Errorf("changing a currency gave %s", code)
	}
	c.customer("Peso", m{"CurrencyRef": v("MXN")})
	if got := c.props("CompanyCurrency", "Code", "select * from CompanyCurrency"); got != "EUR,MXN" {
		t.Errorf("currencies %s", got)
	}
	if _, code, _, _ := c.fault("POST", "customer", m{"DisplayName": "X", "CurrencyRef": v("XXQ")}); code != "2220" {
		t.Errorf("an invented currency gave %s", code)
	}
}
