package mapping

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
)

func TestKeys(t *testing.T) {
	for _, tc := range []struct {
		name string
		side crossbook.Side
		typ  string
		doc  string
		want map[string][]string
	}{
		{
			"a customer", crossbook.Books, "Customer",
			`{"DisplayName":"Old  Mill Café (deleted)","CompanyName":"Old Mill LLC","FamilyName":"Peña","ParentRef":{"value":"7"},
			  "PrimaryEmailAddr":{"Address":"Surf@Intuit.com, b@x.example"},"PrimaryPhone":{"FreeFormNumber":"+1 (415) 444-6538"}}`,
			map[string][]string{
				KeyName: {"old mill café"}, KeyNear: {"old mill cafe"}, KeyCo: {"old mill llc"}, KeyLast: {"peña"}, KeyParent: {"7"},
				KeyEmail: {"surf@intuit.com", "b@x.example"}, KeyPhone: {"4154446538"},
			},
		},
		{
			"a contact", crossbook.CRM, "Contacts",
			`{"First_Name":"Dana","Last_Name":"Ruiz","Email":"D@x.example","Secondary_Email":null,"Account_Name":{"id":"5","name":"Cool Breeze"},"QuickBooks_Id":"77"}`,
			map[string][]string{
				KeyName: {"dana ruiz"}, KeyNear: {"dana ruiz"}, KeyLast: {"ruiz"}, KeyEmail: {"d@x.example"},
				KeyAccount: {"5"}, KeyCo: {"cool breeze"}, KeyOurID: {"77"},
			},
		},
		{
			"an item", crossbook.Books, "Item",
			`{"Name":"Small","FullyQualifiedName":"Gloves:Small","Sku":"GL-1","PrefVendorRef":{"value":"9"},"ParentRef":{"value":"3"}}`,
			map[string][]string{KeyName: {"small"}, KeyNear: {"small"}, KeyFull: {"gloves:small"}, KeySKU: {"gl-1"}, KeyVendor: {"9"}, KeyParent: {"3"}},
		},
		{
			"a product", crossbook.CRM, "Products",
			`{"Product_Name":"Gloves / Small","Product_Code":"GL-1","Vendor_Name":{"id":"4"}}`,
			map[string][]string{KeyName: {"gloves / small"}, KeyNear: {"gloves small"}, KeyFull: {"gloves:small"}, KeySKU: {"gl-1"}, KeyVendor: {"4"}},
		},
		{
			"an invoice with a bundle", crossbook.Books, "Invoice",
			`{"DocNumber":"1042","CustomerRef":{"value":"3"},"LinkedTxn":[{"TxnId":"100","TxnType":"Estimate"}],"Line":[
			  {"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"11"}}},
			  {"GroupLineDetail":{"GroupItemRef":{"value":"20"},"Line":[{"SalesItemLineDetail":{"ItemRef":{"value":"12"}}},{"SalesItemLineDetail":{"ItemRef":{"value":"11"}}}]}}]}`,
			map[string][]string{KeyNumber: {"1042"}, KeyCustomer: {"3"}, KeyItem: {"11", "20", "12"}, KeyLinked: {"Estimate:100"}},
		},
		{
			"a payment over two invoices", crossbook.Books, "Payment",
			`{"CustomerRef":{"value":"3"},"Line":[{"LinkedTxn":[{"TxnId":"1","TxnType":"Invoice"}]},{"LinkedTxn":[{"TxnId":"2","TxnType":"Invoice"}]}]}`,
			map[string][]string{KeyCustomer: {"3"}, KeyLinked: {"Invoice:1", "Invoice:2"}},
		},
		{
			"an invoice in the CRM", crossbook.CRM, "Invoices",
			`{"Subject":"1042 Cool Cars","QuickBooks_Id":"130","QuickBooks_Number":"1042","Account_Name":{"id":"5"},"Contact_Name":{"id":"6"},
			  "Deal_Name__s":{"id":"8","name":"Pool"},"Invoiced_Items":[{"Product_Name":{"id":"11"}},{"Product_Name":{"id":"12"}},{"Product_Name":{"id":"11"}}]}`,
			map[string][]string{
				KeyName: {"1042 cool cars"}, KeyOurID: {"130"}, KeyNumber: {"1042"}, KeyAccount: {"5"}, KeyContact: {"6"},
				KeyDeal: {"8"}, KeyProduct: {"11", "12"},
			},
		},
		{"nothing", crossbook.Books, "Vendor", `{"DisplayName":null}`, map[string][]string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, Keys(tc.side, tc.typ, raw(t, tc.doc))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"  Amy's \"Bird\"  Sanctuary & Co ": `amy's "bird" sanctuary & co`, "STRASSE": "strasse", "Straße": "strasse",
		"Cafe\u0301": "café", "株式会社山田製作所": "株式会社山田製作所", "": "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if Fold("Old Mill Café") == Fold("Old Mill Cafe") {
		t.Error("a near match is not a match (R44)")
	}
	if got := StripDeleted(" (deleted)"); got == "" {
		t.Error("a name that is nothing but the suffix is kept")
	}
}

func TestSkeleton(t *testing.T) {
	for _, pair := range [][2]string{
		{"Old Mill Café", "Old Mill Cafe"}, {"Peña & Söhne GmbH", "Pena and Sohne"}, {"The Acme Co., Ltd.", "ACME"}, {"Amy's", "Amys"},
	} {
		if a, b := Skeleton(pair[0]), Skeleton(pair[1]); a != b || a == "" {
			t.Errorf("%q and %q: %q and %q", pair[0], pair[1], a, b)
		}
	}
	if Skeleton("Vendor 41") == Skeleton("Vendor 42") {
		t.Error("numbers tell names apart")
	}
}

func TestStrip_KeepsNoSecrets(t *testing.T) {
	vendor := raw(t, `{"Id":"5","DisplayName":"Ray Ortiz","TaxIdentifier":"XXXXX1234","Vendor1099":true,"AcctNum":"99","VendorPaymentBankDetail":{"BankAccountNumber":"1"},"Balance":1}`)
	got := Strip(crossbook.Vendor, vendor)
	if d := cmp.Diff(raw(t, `{"Id":"5","DisplayName":"Ray Ortiz","Balance":1}`), got); d != "" {
		t.Error(d)
	}
	if _, ok := vendor["TaxIdentifier"]; !ok {
		t.Error("the record given was changed")
	}
	if got := Strip(crossbook.Item, map[string]any{"Sku": "1"}); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestShape(t *testing.T) {
	const company, person, job, project = `{"DisplayName":"Cool Cars","CompanyName":"Cool Cars","FamilyName":"Pariente"}`,
		`{"DisplayName":"Mike DUNN","FamilyName":"Dunn"}`,
		`{"DisplayName":"14 Alder St","GivenName":"Ann","Job":true,"ParentRef":{"value":"7"}}`,
		`{"DisplayName":"Smith backyard 2026","FamilyName":"Smith","Job":true,"IsProject":true,"ParentRef":{"value":"7"}}`
	acc := func(p crossbook.Part) CustomerShape { return CustomerShape{Account: true, AccountPart: p} }
	con := CustomerShape{Contact: true, ContactPart: crossbook.Whole}
	both := CustomerShape{Account: true, AccountPart: crossbook.Company, Contact: true, ContactPart: crossbook.Person}
	skipJob, skipProject := CustomerShape{Skip: true, SkipReason: SkipJob}, CustomerShape{Skip: true, SkipReason: SkipProject}
	for _, tc := range []struct {
		name, doc                  string
		byDefault, accounts, conts CustomerShape
	}{
		{"a company with a person", company, both, acc(crossbook.Whole), con},
		{"a person", person, con, acc(crossbook.Whole), con},
		{"a company without a person", `{"DisplayName":"Evergreen","CompanyName":"Evergreen"}`, acc(crossbook.Company), acc(crossbook.Whole), con},
		{"no names at all", `{"DisplayName":"Walk-in"}`, acc(crossbook.Company), acc(crossbook.Whole), con},
		{"a display name without the person's", `{"DisplayName":"Final Validation Customer","FamilyName":"Test"}`, both, acc(crossbook.Whole), con},
		{"an inactive person", `{"DisplayName":"Mike Dunn (deleted)","FamilyName":"Dunn","Active":false}`, con, acc(crossbook.Whole), con},
		{"a sub-customer", job, skipJob, skipJob, con},
		{"a project", project, skipProject, skipProject, skipProject},
	} {
		for source, want := range map[crossbook.CustomerSource]CustomerShape{
			crossbook.AccountsWithBillingContact: tc.byDefault, crossbook.AccountsOnly: tc.accounts, crossbook.ContactsOnly: tc.conts,
		} {
			got := Shape(raw(t, tc.doc), crossbook.Settings{CustomerSource: source})
			if got != want {
				t.Errorf("%s, %s: got %+v, want %+v", tc.name, source, got, want)
			}
			if a, c := got.Part(crossbook.Accounts), got.Part(crossbook.Contacts); (a != "") != want.Account || (c != "") != want.Contact {
				t.Errorf("%s, %s: parts %q and %q", tc.name, source, a, c)
			}
		}
	}
}

func TestCRMPart(t *testing.T) {
	under := map[string]any{"Account_Name": map[string]any{"id": "1"}}
	for _, tc := range []struct {
		source crossbook.CustomerSource
		mod    crossbook.Module
		rec    map[string]any
		want   crossbook.Part
	}{
		{crossbook.AccountsWithBillingContact, crossbook.Accounts, nil, crossbook.Company},
		{crossbook.AccountsWithBillingContact, crossbook.Contacts, under, crossbook.Person},
		{crossbook.AccountsWithBillingContact, crossbook.Contacts, nil, crossbook.Whole},
		{crossbook.AccountsOnly, crossbook.Accounts, nil, crossbook.Whole},
		{crossbook.ContactsOnly, crossbook.Contacts, under, crossbook.Whole},
		{crossbook.AccountsWithBillingContact, crossbook.Vendors, nil, crossbook.Whole},
	} {
		if got := CRMPart(tc.mod, tc.rec, crossbook.Settings{CustomerSource: tc.source}); got != tc.want {
			t.Errorf("%+v: got %s", tc, got)
		}
	}
}

func TestAddedFields_AreInOrderAndNameTheirPairs(t *testing.T) {
	s := crossbook.DefaultSettings()
	for _, mod := range append(crossbook.Modules(), crossbook.Deals) {
		fields := AddedFields(mod)
		names := map[string]bool{}
		for i, f := range fields {
			if f.Module != mod || f.Rank != i+1 || names[f.APIName] {
				t.Errorf("%s: %+v", mod, f)
			}
			names[f.APIName] = true
			if got := strings.ReplaceAll(f.Label, " ", "_"); got != f.APIName {
				t.Errorf("%s: the label %q leaves its API name open", mod, f.Label)
			}
			if f.Unique != (f.APIName == FieldID) || f.Indispensable != f.Unique {
				t.Errorf("%s: %+v", mod, f)
			}
		}
		for _, p := range Default(s).Modules[mod] {
			if p.Ours && !names[p.Field] {
				t.Errorf("%s: the pair %s has no added field", mod, p.Field)
			}
		}
	}
	var first []string
	for _, f := range AddedFields(crossbook.Invoices)[:10] { // the Standard edition has room for ten (P29)
		first = append(first, f.APIName)
	}
	want := []string{
		FieldID, FieldNumber, FieldStatus, FieldNet, FieldTax, FieldTotal, FieldBalanceDue, FieldPaidOn, FieldJob, FieldLink,
	}
	if d := cmp.Diff(want, first); d != "" {
		t.Error(d)
	}
}

func TestAddress(t *testing.T) {
	if got := Address(crossbook.Customer, "7"); got != "https://app.qbo.intuit.com/app/customerdetail?nameId=7" {
		t.Errorf("got %s", got)
	}
	if got := Address(crossbook.Term, "7"); got != "" {
		t.Errorf("got %s", got)
	}
}
