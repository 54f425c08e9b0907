package mapping

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
)

func booksBody(t *testing.T, m *Mapping, mod crossbook.Module, part crossbook.Part, want crossbook.Fields, only []string, current map[string]any) map[string]any {
	t.Helper()
	body, err := m.BooksBody(mod, part, want, only, current, current == nil, linked, crossbook.DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestBooksBody_Vendor_Create(t *testing.T) {
	got := booksBody(t, preset(t), crossbook.Vendors, crossbook.Whole, crossbook.Fields{
		"Vendor_Name": "Ray Ortiz", "Phone": "555-0100", "Email": "ray@ortiz.example", "Website": "www.vendor41.com",
		"Street": "1 Elm St\nSuite 2", "City": "Tucson", FieldID: "99", FieldCurrency: "EUR",
	}, nil, nil)
	want := map[string]any{
		"DisplayName": "Ray Ortiz", "CompanyName": "Ray Ortiz",
		"PrimaryPhone": map[string]any{"FreeFormNumber": "555-0100"}, "PrimaryEmailAddr": map[string]any{"Address": "ray@ortiz.example"},
		"WebAddr":  map[string]any{"URI": "www.vendor41.com"}, // not repaired: error 11 is wanted (U28)
		"BillAddr": map[string]any{"Line1": "1 Elm St", "Line2": "Suite 2", "City": "Tucson"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestBooksBody_Address_IsWholeAndLeavesTheOtherAlone(t *testing.T) {
	current := raw(t, `{"Id":"29","DisplayName":"Weiskopf","CompanyName":"Weiskopf",
		"BillAddr":{"Id":"30","Line1":"45612 Main St.","Line2":"Rear","City":"Bayshore","PostalCode":"94326","Lat":"45","Long":"-66","Note":"kept"},
		"ShipAddr":{"Id":"30","Line1":"45612 Main St.","City":"Bayshore"}}`)
	m := preset(t)
	want := m.FromBooks(crossbook.Accounts, crossbook.Company, current, linked).Fields
	want["Billing_Street"] = "7 Oak Ave"
	got := booksBody(t, m, crossbook.Accounts, crossbook.Company, want, []string{"Billing_Street"}, current)
	expect := map[string]any{"BillAddr": map[string]any{
		"Line1": "7 Oak Ave", "Line2": "", "City": "Bayshore", "PostalCode": "94326", "Note": "kept",
	}}
	if d := cmp.Diff(expect, got); d != "" {
		t.Error(d)
	}
	if text(at(current, "BillAddr.Line1")) != "45612 Main St." {
		t.Error("the current record was changed")
	}
}

func TestBooksBody_Rename_TakesCompanyNameAlongOnlyWhereTheyWereOne(t *testing.T) {
	for _, tc := range []struct {
		name, current string
		want          map[string]any
	}{
		{"both the same name", `{"DisplayName":"Acme","CompanyName":"ACME "}`, map[string]any{"DisplayName": "Acme Ltd", "CompanyName": "Acme Ltd"}},
		{"the company is another", `{"DisplayName":"Dunn - Pool Division","CompanyName":"Dunn Mechanical LLC"}`, map[string]any{"DisplayName": "Acme Ltd"}},
		{"no company", `{"DisplayName":"Acme"}`, map[string]any{"DisplayName": "Acme Ltd"}},
		{"an inactive name", `{"DisplayName":"Acme (deleted)","CompanyName":"Acme"}`, map[string]any{"DisplayName": "Acme Ltd", "CompanyName": "Acme Ltd"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := booksBody(t, preset(t), crossbook.Accounts, crossbook.Company, crossbook.Fields{"Account_Name": "Acme Ltd"}, []string{"Account_Name"}, raw(t, tc.current))
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBooksBody_Person_NeverChangesTheDisplayName(t *testing.T) {
	m := preset(t)
	want := crossbook.Fields{"First_Name": "Michael", "Last_Name": "Dunn", "Email": "m@dunn.example"}
	created := booksBody(t, m, crossbook.Contacts, crossbook.Whole, want, nil, nil)
	if created["DisplayName"] != "Michael Dunn" {
		t.Errorf("a private customer is composed once: got %v", created["DisplayName"])
	}
	current := raw(t, `{"DisplayName":"Dunn - Pool Division","CompanyName":"Dunn Mechanical LLC","GivenName":"Mike","FamilyName":"Dunn"}`)
	for _, part := range []crossbook.Part{crossbook.Whole, crossbook.Person} {
		got := booksBody(t, m, crossbook.Contacts, part, want, []string{"First_Name"}, current)
		if d := cmp.Diff(map[string]any{"GivenName": "Michael"}, got); d != "" {
			t.Errorf("%s: %s", part, d)
		}
	}
	shared := booksBody(t, m, crossbook.Contacts, crossbook.Person, want, nil, nil)
	if _, ok := shared["DisplayName"]; ok {
		t.Error("the person part of a company's customer names nothing")
	}
}

func TestBooksBody_Names_RefuseWhatQuickBooksCannotHold(t *testing.T) {
	for _, name := range []string{"A:B", "A\tB", "A\nB"} {
		_, err := preset(t).BooksBody(crossbook.Vendors, crossbook.Whole, crossbook.Fields{"Vendor_Name": name}, nil, nil, true, linked, crossbook.DefaultSettings())
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Field != "Vendor_Name" {
			t.Errorf("%q: got %v (R62)", name, err)
		}
	}
	_, err := preset(t).BooksBody(crossbook.Contacts, crossbook.Whole, crossbook.Fields{"Last_Name": "A:B"}, nil, nil, true, linked, crossbook.DefaultSettings())
	if err == nil {
		t.Error("a composed name is checked, too")
	}
}

func TestBooksBody_AnEmptyName_IsNotSent(t *testing.T) {
	got := booksBody(t, preset(t), crossbook.Vendors, crossbook.Whole, crossbook.Fields{"Vendor_Name": "", "Phone": ""},
		nil, raw(t, `{"DisplayName":"Ray","PrimaryPhone":{"FreeFormNumber":"1"}}`))
	if d := cmp.Diff(map[string]any{"PrimaryPhone": map[string]any{"FreeFormNumber": ""}}, got); d != "" {
		t.Error(d)
	}
}

func TestBooksBody_Currency_OnlyAtCreationAndOnlyWithMultiCurrency(t *testing.T) {
	want := crossbook.Fields{"Account_Name": "Söhne", "Currency": "EUR"}
	with := preset(t)
	if got := booksBody(t, with, crossbook.Accounts, crossbook.Company, want, nil, nil); text(at(got, "CurrencyRef.value")) != "EUR" {
		t.Errorf("got %v", got)
	}
	if got := booksBody(t, with, crossbook.Accounts, crossbook.Company, want, []string{"Currency"}, map[string]any{}); len(got) > 0 {
		t.Errorf("a currency is fixed at creation: %v", got)
	}
	without := compiled(t, crossbook.DefaultSettings(), Metadata{})
	if got := booksBody(t, without, crossbook.Accounts, crossbook.Company, want, nil, nil); got["CurrencyRef"] != nil {
		t.Errorf("nothing but home currency is sent (P9): %v", got)
	}
}

func TestEmail_P5(t *testing.T) {
	m := preset(t)
	p, ok := m.Pair(crossbook.Contacts, "Email")
	if !ok || p.Policy != FillOnly {
		t.Fatalf("Email of Contacts only fills: %+v", p)
	}
	read := func(address string) crossbook.Fields {
		return m.FromBooks(crossbook.Contacts, crossbook.Whole,
			map[string]any{"PrimaryEmailAddr": map[string]any{"Address": address}}, linked).Fields
	}
	long := "a@northgatepm.example, b@northgatepm.example; c@northgatepm.example"
	if got := read(long); got["Email"] != "a@northgatepm.example" || got[FieldInvoiceEmail] != long {
		t.Errorf("got %v", got)
	}
	for _, tc := range []struct {
		name, base, now string
		want            bool
	}{
		{"one address, unchanged", "a@x.example", "a@x.example", true},
		{"one address, changed since", "a@x.example", "b@x.example", false},
		{"a list", "a@x.example, b@x.example", "a@x.example, b@x.example", false},
		{"a list shortened to its first", "a@x.example, b@x.example", "a@x.example", false},
		{"grown to a list", "a@x.example", "a@x.example, b@x.example", false},
		{"empty as before", "", "", true},
		{"emptied since", "a@x.example", "", false},
	} {
		if got := p.MaySend(read(tc.base), read(tc.now)); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
	vendors, _ := m.Pair(crossbook.Vendors, "Email")
	list := m.FromBooks(crossbook.Vendors, crossbook.Whole, map[string]any{"PrimaryEmailAddr": map[string]any{"Address": long}}, linked).Fields
	if vendors.MaySend(nil, list) || !vendors.MaySend(nil, crossbook.Fields{"Email": "changed@x.example"}) {
		t.Error("a vendor's single address travels both ways, a list is never written")
	}
	current := map[string]any{"PrimaryEmailAddr": map[string]any{"Address": long}}
	if got := booksBody(t, m, crossbook.Contacts, crossbook.Person, crossbook.Fields{"Email": "new@x.example"}, []string{"Email"}, current); len(got) > 0 {
		t.Errorf("a list was written over: %v", got)
	}
}

func TestFromBooks_StripsTheSuffixOfInactiveNames(t *testing.T) {
	got := preset(t).FromBooks(crossbook.Accounts, crossbook.Company, raw(t, `{"Id":"13","DisplayName":"Old Mill Café (deleted)","Active":false}`), linked).Fields
	if got["Account_Name"] != "Old Mill Café" || got[FieldStatus] != StatusInactive {
		t.Errorf("got %v (R51, R90)", got)
	}
}

func TestParts_TheContactOfAnAccountHasNoPhonesAndAddresses(t *testing.T) {
	m := preset(t)
	fields := func(part crossbook.Part) map[string]bool {
		out := map[string]bool{}
		for _, p := range m.Pairs(crossbook.Contacts, part) {
			out[p.Field] = true
		}
		return out
	}
	person, whole := fields(crossbook.Person), fields(crossbook.Whole)
	for _, f := range []string{"Phone", "Mobile", "Mailing_Street", "Other_City", FieldBalance} {
		if person[f] || !whole[f] {
			t.Errorf("%s: person %v, whole %v", f, person[f], whole[f])
		}
	}
	for _, f := range []string{"Salutation", "First_Name", "Last_Name", "Email", FieldID} {
		if !person[f] || !whole[f] {
			t.Errorf("%s: person %v, whole %v", f, person[f], whole[f])
		}
	}
	if !person["Account_Name"] || whole["Account_Name"] {
		t.Error("only the person part stands under its customer's Account")
	}
}

func TestFromBooks_PersonPart_StandsUnderTheAccountOfItsCustomer(t *testing.T) {
	m := preset(t)
	rec := raw(t, `{"Id":"7","DisplayName":"Cool Breeze HVAC","CompanyName":"Cool Breeze HVAC","GivenName":"Dana","FamilyName":"Ruiz"}`)
	got := m.FromBooks(crossbook.Contacts, crossbook.Person, rec, linked)
	if got.Fields["Account_Name"] != "7" || len(got.Missing) > 0 {
		t.Fatalf("got %v, missing %v", got.Fields["Account_Name"], got.Missing)
	}
	body, err := m.CRMBody(crossbook.Contacts, crossbook.Person, got.Fields, nil, true, linked)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]any{"id": "z7"}, body["Account_Name"]); d != "" {
		t.Error(d)
	}
	unlinkedYet := m.FromBooks(crossbook.Contacts, crossbook.Person, rec, noLinks)
	if len(unlinkedYet.Missing) != 1 || unlinkedYet.Missing[0].Field != "Account_Name" {
		t.Errorf("missing: %v", unlinkedYet.Missing)
	}
	var missing *MissingRefError
	if _, err := m.CRMBody(crossbook.Contacts, crossbook.Person, got.Fields, nil, true, noLinks); !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
}

func TestContactsOnly_TheAccountIsTextInQuickBooks(t *testing.T) {
	s := crossbook.DefaultSettings()
	s.CustomerSource = crossbook.ContactsOnly
	m := compiled(t, s, Metadata{})
	refs := links{named: map[string]string{"freeman sporting goods": "z70"}}
	crm := m.FromCRM(crossbook.Contacts, crossbook.Whole, raw(t, `{"Last_Name":"Tillou","First_Name":"Sasha","Account_Name":{"id":"z70","name":"Freeman Sporting Goods"}}`), refs)
	got, err := m.BooksBody(crossbook.Contacts, crossbook.Whole, crm.Fields, nil, nil, true, refs, s)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]any{"GivenName": "Sasha", "FamilyName": "Tillou", "DisplayName": "Sasha Tillou", "CompanyName": "Freeman Sporting Goods"}, got); d != "" {
		t.Error(d)
	}
	for company, want := range map[string]any{"Freeman  sporting goods": map[string]any{"id": "z70"}, "Nobody's": nil} {
		f := m.FromBooks(crossbook.Contacts, crossbook.Whole, map[string]any{"FamilyName": "T", "CompanyName": company}, refs).Fields
		body, err := m.CRMBody(crossbook.Contacts, crossbook.Whole, f, nil, false, refs)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, body["Account_Name"]); d != "" {
			t.Errorf("%s: %s", company, d)
		}
		if _, ok := body["Account_Name"]; ok != (want != nil) {
			t.Errorf("%s: a look-up without exactly one Account of the name stays as it is", company)
		}
	}
}

func TestCRMBody_PickList(t *testing.T) {
	s := crossbook.DefaultSettings()
	fields := allFields(s)
	salutation := fields[crossbook.Contacts]["Salutation"]
	salutation.DataType, salutation.PickList = "picklist", []string{"Mr.", "Ms."}
	fields[crossbook.Contacts]["Salutation"] = salutation
	m := compiled(t, s, Metadata{CRMFields: fields})
	for title, want := range map[string]any{"Ms.": "Ms.", "Lord": nil} {
		p := m.FromBooks(crossbook.Contacts, crossbook.Person, map[string]any{"Id": "7", "Title": title, "FamilyName": "Byron"}, linked)
		body, err := m.CRMBody(crossbook.Contacts, crossbook.Person, p.Fields, nil, true, linked)
		if err != nil {
			t.Fatal(err)
		}
		if body["Salutation"] != want || (len(p.LeftOut) == 0) == (want == nil) {
			t.Errorf("%s: body %v, left out %v (R54)", title, body["Salutation"], p.LeftOut)
		}
	}
}

func TestMandatoryEmpty_NamesTheFields(t *testing.T) {
	m := preset(t)
	f := m.FromBooks(crossbook.Contacts, crossbook.Whole, map[string]any{"DisplayName": "55 Twin Lane", "GivenName": "Amelia"}, linked).Fields
	if d := cmp.Diff([]string{"Last Name"}, m.MandatoryEmpty(crossbook.Contacts, crossbook.Whole, f)); d != "" {
		t.Error(d)
	}
}

func TestCRMBody_Update_ClearsWithNull(t *testing.T) {
	body, err := preset(t).CRMBody(crossbook.Vendors, crossbook.Whole, crossbook.Fields{"Phone": "", "City": "Tucson"}, []string{"Phone"}, false, linked)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]any{"Phone": nil}, body); d != "" {
		t.Error(d)
	}
}

func TestStreet_MoreThanFiveLines_AreJoinedNotCut(t *testing.T) {
	m := preset(t)
	f := m.FromCRM(crossbook.Vendors, crossbook.Whole, map[string]any{"Street": "1\r\n\n2\n3\n 4 \n5\n6\n7"}, linked).Fields
	if f["Street"] != "1\n2\n3\n4\n5, 6, 7" {
		t.Errorf("got %q", f["Street"])
	}
}
