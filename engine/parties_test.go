package engine_test

import (
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// A value that the CRM's picklist does not have stays out of the CRM (R54), and
// a person's edit of the record right after must not clear it in QuickBooks.
func TestContacts_TitleThePicklistLacks_IsNotClearedByTheNextEdit(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Ida Alder", "GivenName": "Ida", "FamilyName": "Alder", "Title": "Reverend"})
	w.connect()
	w.firstSync()
	w.editCRM("Contacts", w.crmID("Contacts", "Last_Name", "Alder"), m{"First_Name": "Ada", "Phone": "555-1"})
	w.sync()
	c := w.booksState().find(t, "Customer", "Id", id)
	want(t, "title", c["Title"], "Reverend")
	want(t, "first name", c["GivenName"], "Ada")
	want(t, "display name", c["DisplayName"], "Ida Alder")
	w.nothingMore()
}

// The same for an edit of the title in QuickBooks.
func TestContacts_TitleEditedToOneThePicklistLacks_IsNotClearedByTheNextEdit(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Ida Alder", "GivenName": "Ida", "FamilyName": "Alder", "Title": "Ms."})
	w.connect()
	w.firstSync()
	w.sync()
	w.editBooks("Customer", id, m{"Title": "Reverend", "PrimaryPhone": phone("555-7")})
	w.sync()
	w.editCRM("Contacts", w.crmID("Contacts", "Last_Name", "Alder"), m{"Phone": "555-1"})
	w.sync()
	c := w.booksState().find(t, "Customer", "Id", id)
	want(t, "title", c["Title"], "Reverend")
	want(t, "phone", get(c, "PrimaryPhone", "FreeFormNumber"), "555-1")
	w.nothingMore()
}

// In the mode Contacts only a CompanyName without an Account of that name stays
// text in QuickBooks (spec section 2).
func TestContactsOnly_CompanyWithoutAnAccount_IsNotClearedByTheNextEdit(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Ida Alder", "GivenName": "Ida", "FamilyName": "Alder", "CompanyName": "Alder Court HOA"})
	w.connect()
	w.settings(func(s *crossbook.Settings) { s.CustomerSource = crossbook.ContactsOnly })
	w.firstSync()
	w.editCRM("Contacts", w.crmID("Contacts", "Last_Name", "Alder"), m{"Phone": "555-1"})
	w.sync()
	c := w.booksState().find(t, "Customer", "Id", id)
	want(t, "company", c["CompanyName"], "Alder Court HOA")
	want(t, "phone", get(c, "PrimaryPhone", "FreeFormNumber"), "555-1")
	w.nothingMore()
}

// CompanyName is linked to the Account of that name if there is exactly one,
// whichever of the two comes first (spec section 2).
func TestContactsOnly_CompanyIsLinkedToItsAccount(t *testing.T) {
	w := newWorld(t)
	first := w.newCRM("Accounts", m{"Account_Name": "Alder Court"})
	w.newCRM("Accounts", m{"Account_Name": "Twin"})
	w.newCRM("Accounts", m{"Account_Name": "Twin"})
	person := func(last, company string) string {
		return w.newBooks("Customer", m{"DisplayName": "Ida " + last, "GivenName": "Ida", "FamilyName": last, "CompanyName": company})
	}
	a, b := person("Alder", "ALDER Court"), person("Beech", "Beech Yard")
	person("Cedar", "Twin")
	w.connect()
	w.settings(func(s *crossbook.Settings) { s.CustomerSource = crossbook.ContactsOnly })
	w.firstSync()
	company := func(last, account string) {
		t.Helper()
		want(t, "Account of "+last, get(w.crmState().find(t, "Contacts", "Last_Name", last), "Account_Name", "id"), account)
	}
	company("Alder", first)
	company("Beech", "<nil>")
	company("Cedar", "<nil>")
	later := w.newCRM("Accounts", m{"Account_Name": "Beech Yard"})
	w.sync()
	company("Beech", later)
	w.nothingMore()
	w.editCRM("Contacts", w.crmID("Contacts", "Last_Name", "Alder"), m{"Phone": "555-1"})
	w.sync()
	want(t, "company name", w.booksState().find(t, "Customer", "Id", a)["CompanyName"], "ALDER Court")
	w.editCRM("Contacts", w.crmID("Contacts", "Last_Name", "Beech"), m{"Account_Name": nil})
	w.sync()
	want(t, "company name", text(w.booksState().find(t, "Customer", "Id", b)["CompanyName"]), "")
	w.nothingMore()
}

// One customer, two CRM records: what goes wrong with the person is told though
// the company's part goes on.
func TestCustomers_PersonFailsWhileCompanyGoesOn_TheProblemStands(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "GivenName": "Grace", "FamilyName": "Pariente"})
	w.connect()
	w.firstSync()
	w.sync()
	w.editBooks("Customer", id, m{"FamilyName": "", "PrimaryPhone": phone("555-7")})
	w.sync()
	want(t, "phone", w.crmState().find(t, "Accounts", "Account_Name", "Cool Cars")["Phone"], "555-7")
	want(t, "problem", w.problemText(), "The following mandatory field(s) was left empty: Last Name")
	w.editBooks("Customer", id, m{"FamilyName": "Park"})
	w.sync()
	want(t, "last name", w.crmState().find(t, "Contacts", "First_Name", "Grace")["Last_Name"], "Park")
	w.nothingMore()
}

// Both parts of a customer may fail, and each cure ends its own problem.
func TestCustomers_BothPartsFail_BothAreListed(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "GivenName": "Grace", "FamilyName": "Pariente"})
	w.connect()
	w.firstSync()
	w.sync()
	listed := func(want ...crossbook.Module) {
		t.Helper()
		got := map[crossbook.Module]int{}
		for _, p := range w.problems() {
			got[p.Module]++
		}
		for _, mod := range want {
			if got[mod] != 1 {
				t.Errorf("%d problems of %s, want 1", got[mod], mod)
			}
		}
		if len(got) != len(want) {
			t.Errorf("problems %v, want those of %v", got, want)
		}
	}
	long := strings.Repeat("Long street ", 30)
	w.editBooks("Customer", id, m{"FamilyName": "", "BillAddr": m{"Line1": long}})
	w.sync()
	listed(crossbook.Accounts, crossbook.Contacts)
	w.editBooks("Customer", id, m{"BillAddr": m{"Line1": "1 A St"}})
	w.sync()
	listed(crossbook.Contacts)
	want(t, "street", w.crmState().find(t, "Accounts", "Account_Name", "Cool Cars")["Billing_Street"], "1 A St")
	w.editBooks("Customer", id, m{"BillAddr": m{"Line1": long}})
	w.sync()
	listed(crossbook.Accounts, crossbook.Contacts)
	w.editBooks("Customer", id, m{"FamilyName": "Park"})
	w.sync()
	listed(crossbook.Accounts)
	want(t, "last name", w.crmState().find(t, "Contacts", "First_Name", "Grace")["Last_Name"], "Park")
	w.editBooks("Customer", id, m{"BillAddr": m{"Line1": "2 B St"}})
	w.sync()
	w.nothingMore()
}

// Values that a person empties on either side are emptied on the other (R60).
func TestAccounts_ClearedOnEitherSide_IsClearedOnTheOther(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{
		"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "PrimaryPhone": phone("555-1"), "Fax": phone("555-2"),
		"WebAddr": m{"URI": "https://coolcars.example"}, "BillAddr": m{"Line1": "65 Ocean Dr.", "City": "Half Moon Bay", "CountrySubDivisionCode": "CA", "PostalCode": "94213"},
	})
	w.connect()
	w.firstSync()
	w.sync()
	a := w.crmID("Accounts", "Account_Name", "Cool Cars")
	w.editCRM("Accounts", a, m{"Phone": nil, "Website": nil, "Billing_Street": nil, "Billing_City": nil, "Billing_State": nil, "Billing_Code": nil})
	w.sync()
	c := w.booksState().find(t, "Customer", "Id", id)
	for _, path := range [][]string{{"PrimaryPhone", "FreeFormNumber"}, {"WebAddr", "URI"}, {"BillAddr", "Line1"}, {"BillAddr", "City"}, {"BillAddr", "PostalCode"}} {
		if v := get(c, path...); v != nil && v != "" {
			t.Errorf("%v = %v, want it empty", path, v)
		}
	}
	want(t, "fax", get(c, "Fax", "FreeFormNumber"), "555-2")
	w.editBooks("Customer", id, m{"Fax": m{"FreeFormNumber": ""}})
	w.sync()
	if v := w.crmState().find(t, "Accounts", "id", a)["Fax"]; v != nil {
		t.Errorf("fax in the CRM = %v, want none", v)
	}
	w.nothingMore()
}

// Signs of every kind travel unchanged, both ways (rows 10 and 16).
func TestNames_OddSigns_TravelUnchanged(t *testing.T) {
	for _, name := range []string{
		`Amy's "Bird" Sanctuary & Co`, "株式会社山田製作所", "Peña & Söhne", `Back\slash 100% (north)`, "Bäcker 🥐 <b>", "O’Neil; Sons, Ltd.", "Ali Baba = ' or 1=1",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.newBooks("Customer", m{"DisplayName": name, "CompanyName": name, "BillAddr": m{"Line1": "Straße 1 & \"2\"", "City": "Nový Bor"}})
			w.connect().allVendors()
			w.firstSync()
			a := w.crmState().find(t, "Accounts", "Account_Name", name)
			want(t, "street", a["Billing_Street"], "Straße 1 & \"2\"")
			w.newCRM("Vendors", m{"Vendor_Name": name + " V", "City": "Žďár 🏊"})
			w.newCRM("Accounts", m{"Account_Name": name + " A"})
			w.newCRM("Products", m{"Product_Name": name + " P", "Description": "é ü 漢字 🧰 & <x> \"q\" \\"})
			w.sync()
			if got := w.problemText(); got != "" {
				t.Fatalf("problem: %s (%s)", got, w.problems()[0].Problem.Detail)
			}
			b := w.booksState()
			want(t, "city", get(b.find(t, "Vendor", "DisplayName", name+" V"), "BillAddr", "City"), "Žďár 🏊")
			b.find(t, "Customer", "DisplayName", name+" A")
			want(t, "description", b.find(t, "Item", "Name", name+" P")["Description"], "é ü 漢字 🧰 & <x> \"q\" \\")
			w.editCRM("Accounts", a["id"].(string), m{"Account_Name": name + " II"})
			w.sync()
			w.booksState().find(t, "Customer", "DisplayName", name+" II")
			w.nothingMore()
		})
	}
}

// Names that differ by case, a trailing blank or ' (deleted)' are one (R44, R51).
func TestAccounts_NamesDifferingByCaseOrBlank_AreLinked(t *testing.T) {
	for crm, books := range map[string]string{
		`Amy's "Bird" Sanctuary & Co`: `Amy's "Bird" Sanctuary & Co `,
		"COOL  cars":                  "Cool Cars",
		"Straße":                      "STRASSE",
	} {
		w := newWorld(t)
		w.newCRM("Accounts", m{"Account_Name": crm})
		id := w.newBooks("Customer", m{"DisplayName": books, "CompanyName": strings.TrimSpace(books), "PrimaryPhone": phone("555-1")})
		w.connect()
		w.firstSync()
		if n := len(w.crmState().Records["Accounts"]); n != 1 {
			t.Errorf("%q and %q: %d Accounts, want 1", crm, books, n)
		}
		if n := len(w.booksState().Records["Customer"]); n != 1 {
			t.Errorf("%q and %q: %d customers, want 1", crm, books, n)
		}
		_ = id
		want(t, "phone filled", w.crmState().Records["Accounts"][0]["Phone"], "555-1")
		w.nothingMore()
	}
}

// R62: QuickBooks takes no colon in names; the record says so and is not sent.
func TestAccounts_ColonInTheName_IsRefusedAndCured(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
	w.connect()
	w.firstSync()
	w.sync()
	a := w.crmID("Accounts", "Account_Name", "Cool Cars")
	w.editCRM("Accounts", a, m{"Account_Name": "Cool: Cars", "Phone": "555-1"})
	n := w.newCRM("Accounts", m{"Account_Name": "Larkfield: North"})
	w.sync()
	if p := w.problems(); len(p) != 2 {
		t.Fatalf("%d problems, want 2: %+v", len(p), p)
	}
	want(t, "name in QuickBooks", w.booksState().find(t, "Customer", "Id", id)["DisplayName"], "Cool Cars")
	w.editCRM("Accounts", a, m{"Account_Name": "Cool Cars West"})
	w.editCRM("Accounts", n, m{"Account_Name": "Larkfield North"})
	w.sync()
	c := w.booksState().find(t, "Customer", "Id", id)
	want(t, "name in QuickBooks", c["DisplayName"], "Cool Cars West")
	want(t, "phone in QuickBooks", get(c, "PrimaryPhone", "FreeFormNumber"), "555-1")
	w.booksState().find(t, "Customer", "DisplayName", "Larkfield North")
	w.nothingMore()
}

// R57: what the CRM cannot hold fails the record and says so; nothing is cut.
func TestAccounts_NameTooLongForTheCRM_FailsAndIsCured(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("Larkfield ", 25) + "Ltd"
	id := w.newBooks("Customer", m{"DisplayName": long, "CompanyName": "Larkfield"})
	w.connect()
	w.firstSync()
	if w.problemText() == "" {
		t.Fatalf("no problem for a name of %d characters: %v", len(long), w.crmState().Records["Accounts"])
	}

	w.editBooks("Customer", id, m{"DisplayName": "Larkfield Ltd"})
	w.sync()
	w.crmState().find(t, "Accounts", "Account_Name", "Larkfield Ltd")
	w.nothingMore()
}

// An inactive name keeps its suffix on its own side (R51, R90, R91).
func TestAccounts_InactiveAndActiveAgain_NeverRenamesAnything(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Old Mill Café", "CompanyName": "Old Mill Café"})
	w.connect()
	w.firstSync()
	w.sync()
	a := w.crmID("Accounts", "Account_Name", "Old Mill Café")
	w.personBooks(qbobox.Action{Action: "update", Type: "Customer", ID: id, Data: m{"Active": false}})
	w.sync()
	r := w.crmState().find(t, "Accounts", "id", a)
	want(t, "status", r["QuickBooks_Status"], "Inactive")
	want(t, "name", r["Account_Name"], "Old Mill Café")
	// Held while inactive (R89), sent after reactivation (R91).
	w.editCRM("Accounts", a, m{"Phone": "555-9"})
	w.sync()
	if v := get(w.booksState().find(t, "Customer", "Id", id), "PrimaryPhone", "FreeFormNumber"); v != nil {
		t.Errorf("an edit of an inactive customer was sent: %v", v)
	}

	w.personBooks(qbobox.Action{Action: "update", Type: "Customer", ID: id, Data: m{"Active": true}})
	w.sync()
	r = w.crmState().find(t, "Accounts", "id", a)
	want(t, "status", r["QuickBooks_Status"], "Active")
	want(t, "name", r["Account_Name"], "Old Mill Café")
	want(t, "phone", get(w.booksState().find(t, "Customer", "Id", id), "PrimaryPhone", "FreeFormNumber"), "555-9")
	w.nothingMore()
}

// A record restored from the recycle bin gets its old link back, and what both
// sides changed meanwhile meets (R95).
func TestRestore_EditedMeanwhile_BothEditsArrive(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "PrimaryPhone": phone("555-1"), "Fax": phone("555-2"), "GivenName": "Grace", "FamilyName": "Pariente"})
	w.connect()
	w.firstSync()
	w.sync()
	a := w.crmID("Accounts", "Account_Name", "Cool Cars")
	w.personCRM(zohobox.Action{Action: "delete", Type: "Accounts", ID: a})
	w.sync()
	w.editBooks("Customer", id, m{"PrimaryPhone": phone("555-7")})
	w.sync()
	if n := len(w.crmState().Records["Accounts"]); n != 0 {
		t.Fatalf("a change brought the deleted Account back")
	}
	w.restoreCRM("Accounts")
	w.editCRM("Accounts", a, m{"Fax": "555-8"})
	w.sync()
	want(t, "phone", w.crmState().find(t, "Accounts", "id", a)["Phone"], "555-7")
	want(t, "fax", get(w.booksState().find(t, "Customer", "Id", id), "Fax", "FreeFormNumber"), "555-8")
	if n := len(w.crmState().Records["Accounts"]); n != 1 {
		t.Errorf("%d Accounts, want 1", n)
	}
	w.nothingMore()
}

// P5: a list of addresses is never overwritten.
func TestContacts_ListOfAddresses_IsNeverOverwritten(t *testing.T) {
	w := newWorld(t)
	list := "a@northgate.example, b@northgate.example, c@northgate.example"
	id := w.newBooks("Customer", m{"DisplayName": "Pat North", "GivenName": "Pat", "FamilyName": "North", "PrimaryEmailAddr": m{"Address": list}})
	w.connect()
	w.firstSync()
	w.sync()
	c := w.crmState().find(t, "Contacts", "Last_Name", "North")
	want(t, "e-mail", c["Email"], "a@northgate.example")
	want(t, "invoice e-mail", c["QuickBooks_Invoice_Email"], list)
	w.editCRM("Contacts", c["id"].(string), m{"Email": "pat@new.example"})
	w.sync()
	want(t, "list", get(w.booksState().find(t, "Customer", "Id", id), "PrimaryEmailAddr", "Address"), list)
	w.editCRM("Contacts", c["id"].(string), m{"Email": nil, "QuickBooks_Invoice_Email": "x@y.example"})
	w.sync()
	want(t, "list", get(w.booksState().find(t, "Customer", "Id", id), "PrimaryEmailAddr", "Address"), list)
	want(t, "invoice e-mail", w.crmState().find(t, "Contacts", "Last_Name", "North")["QuickBooks_Invoice_Email"], list)
	w.nothingMore()
	// Single and untouched in QuickBooks: the CRM's edit goes.
	w.editBooks("Customer", id, m{"PrimaryEmailAddr": m{"Address": "one@northgate.example"}})
	w.sync()
	w.editCRM("Contacts", c["id"].(string), m{"Email": "two@northgate.example"})
	w.sync()
	want(t, "address", get(w.booksState().find(t, "Customer", "Id", id), "PrimaryEmailAddr", "Address"), "two@northgate.example")
	want(t, "invoice e-mail", w.crmState().find(t, "Contacts", "Last_Name", "North")["QuickBooks_Invoice_Email"], "two@northgate.example")
	w.nothingMore()
}

// P5, row 12: an office's address, and one used twice, match nobody by itself.
func TestContacts_SharedAddress_MatchesOnlyWithTheName(t *testing.T) {
	w := newWorld(t)
	w.newCRM("Contacts", m{"First_Name": "Ann", "Last_Name": "Lee", "Email": "billing@pm.example"})
	w.newCRM("Contacts", m{"First_Name": "Bob", "Last_Name": "Ray", "Email": "family@home.example"})
	w.newBooks("Customer", m{"DisplayName": "Cleo Fox", "GivenName": "Cleo", "FamilyName": "Fox", "PrimaryEmailAddr": m{"Address": "billing@pm.example"}})
	w.newBooks("Customer", m{"DisplayName": "Bob Ray", "GivenName": "Bob", "FamilyName": "Ray", "PrimaryEmailAddr": m{"Address": "Family@Home.example"}})
	w.newBooks("Customer", m{"DisplayName": "Dot Ray", "GivenName": "Dot", "FamilyName": "Ray", "PrimaryEmailAddr": m{"Address": "family@home.example"}})
	w.connect()
	w.firstSync()
	crm := w.crmState()
	if n := len(crm.Records["Contacts"]); n != 4 {
		t.Errorf("%d Contacts, want Ann, Bob, Cleo and Dot: %v", n, crm.Records["Contacts"])
	}
	bob := crm.find(t, "Contacts", "First_Name", "Bob")
	want(t, "Bob's id", bob["QuickBooks_Id"], w.booksID("Customer", "DisplayName", "Bob Ray"))
	w.nothingMore()
}

// Both sides edit one field: the owner of its group wins, the other value is kept.
func TestConflicts_TheOwnerOfTheGroupWins(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "PrimaryPhone": phone("555-1"), "Fax": phone("555-2"), "BillAddr": m{"Line1": "1 A St", "City": "Rome", "PostalCode": "1"}})
	w.connect()
	w.firstSync()
	w.sync()
	a := w.crmID("Accounts", "Account_Name", "Cool Cars")
	w.editCRM("Accounts", a, m{"Account_Name": "Cool Cars CRM", "Phone": "555-CRM", "Billing_City": "Bonn"})
	w.editBooks("Customer", id, m{"DisplayName": "Cool Cars QB", "PrimaryPhone": phone("555-QB"), "BillAddr": m{"Line1": "1 A St", "City": "Oslo", "PostalCode": "1"}, "Fax": phone("555-3")})
	w.sync()
	r, c := w.crmState().find(t, "Accounts", "id", a), w.booksState().find(t, "Customer", "Id", id)
	want(t, "name", r["Account_Name"], "Cool Cars QB")
	want(t, "phone", get(c, "PrimaryPhone", "FreeFormNumber"), "555-CRM")
	want(t, "city", r["Billing_City"], "Oslo")
	want(t, "fax", r["Fax"], "555-3")
	w.nothingMore()
}

// The CRM's currency is the customer's, and so is that of a foreign one.
func TestCurrency_NewForeignCustomer_WaitsAndIsNotSent(t *testing.T) {
	w := newWorld(t, func(q *qbobox.Options, z *zohobox.Options) { q.Currencies = []string{"EUR"}; z.MultiCurrency = true })
	w.personCRM(zohobox.Action{Action: "add_currency", Data: m{"iso_code": "EUR", "exchange_rate": "0.9", "name": "Euro - EUR", "symbol": "€", "is_active": true}})
	w.personCRM(zohobox.Action{Action: "add_currency", Data: m{"iso_code": "CHF", "exchange_rate": "0.9", "name": "Swiss Franc - CHF", "symbol": "CHF", "is_active": true}})
	w.newBooks("Customer", m{"DisplayName": "Peña & Söhne", "CompanyName": "Peña & Söhne", "CurrencyRef": m{"value": "EUR"}})
	w.newBooks("Customer", m{"DisplayName": "Peña & Söhne USD", "CompanyName": "Peña & Söhne"})
	w.connect()
	w.firstSync()
	want(t, "currency", w.crmState().find(t, "Accounts", "Account_Name", "Peña & Söhne")["Currency"], "EUR")
	want(t, "currency", w.crmState().find(t, "Accounts", "Account_Name", "Peña & Söhne USD")["Currency"], "USD")
	w.newCRM("Accounts", m{"Account_Name": "Bern AG", "Currency": "CHF"})
	w.newCRM("Accounts", m{"Account_Name": "Bonn AG", "Currency": "EUR"})
	w.sync()
	for _, p := range w.problems() {
		t.Log(p.Name, p.Problem.Number, p.Problem.Waiting, p.Problem.Text)
	}
	if n := len(w.booksState().Records["Customer"]); n != 2 {
		t.Errorf("%d customers, want no new one", n)
	}
	w.clock.Advance(time.Hour)
}

// A vendor's list of addresses is not written over either; a single one that
// follows it is taken.
func TestVendors_ListOfAddresses_IsNeverOverwritten(t *testing.T) {
	w := newWorld(t)
	list := "a@x.example, b@x.example"
	id := w.newBooks("Vendor", m{"DisplayName": "Mahoney Mugs", "PrimaryEmailAddr": m{"Address": list}})
	w.connect().allVendors()
	w.firstSync()
	v := w.crmState().find(t, "Vendors", "Vendor_Name", "Mahoney Mugs")
	want(t, "e-mail", v["Email"], "a@x.example")
	w.editCRM("Vendors", v["id"].(string), m{"Email": "c@x.example"})
	w.sync()
	want(t, "list", get(w.booksState().find(t, "Vendor", "Id", id), "PrimaryEmailAddr", "Address"), list)
	w.nothingMore()
	w.editBooks("Vendor", id, m{"PrimaryEmailAddr": m{"Address": "d@x.example"}})
	w.sync()
	want(t, "e-mail", w.crmState().find(t, "Vendors", "Vendor_Name", "Mahoney Mugs")["Email"], "d@x.example")
	want(t, "address", get(w.booksState().find(t, "Vendor", "Id", id), "PrimaryEmailAddr", "Address"), "d@x.example")
	w.nothingMore()
}

// R57: a street the CRM cannot hold is not cut; its text says why.
func TestAccounts_StreetTooLongForTheCRM_FailsAndIsCured(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "BillAddr": m{"Line1": strings.Repeat("Long street ", 30)}})
	w.connect()
	w.firstSync()
	if got := w.problemText(); !strings.Contains(got, "Billing Street") {
		t.Fatalf("problem %q, want one that names the street", got)
	}
	w.editBooks("Customer", id, m{"BillAddr": m{"Line1": "1 A St"}})
	w.sync()
	want(t, "street", w.crmState().find(t, "Accounts", "Account_Name", "Cool Cars")["Billing_Street"], "1 A St")
	w.nothingMore()
}

// R96: an Account and a customer of one name in two currencies are not made one.
func TestCurrency_SameNameInTwoCurrencies_IsError15(t *testing.T) {
	w := newWorld(t, func(q *qbobox.Options, z *zohobox.Options) { q.Currencies = []string{"EUR"}; z.MultiCurrency = true })
	w.personCRM(zohobox.Action{Action: "add_currency", Data: m{"iso_code": "EUR", "exchange_rate": "0.9", "name": "Euro - EUR", "symbol": "€", "is_active": true}})
	w.newCRM("Accounts", m{"Account_Name": "Bonn AG", "Currency": "USD", "Phone": "1"})
	id := w.newBooks("Customer", m{"DisplayName": "Bonn AG", "CompanyName": "Bonn AG", "CurrencyRef": m{"value": "EUR"}})
	w.connect()
	w.firstSync()
	want(t, "text", w.problemText(), "Record is not synced because of currency mismatch between Zoho CRM and QuickBooks.")
	if got := get(w.booksState().find(t, "Customer", "Id", id), "PrimaryPhone", "FreeFormNumber"); got != nil {
		t.Errorf("phone %v was sent all the same", got)
	}
}
