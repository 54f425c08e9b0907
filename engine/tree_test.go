package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// choose changes the settings of the connection, as far as they may be.
func (w *world) choose(change func(*crossbook.Settings)) *world {
	w.t.Helper()
	w.settings(func(s *crossbook.Settings) {
		change(s)
		if err := s.CheckCustomers(); err != nil {
			w.t.Fatal(err)
		}
	})
	w.restart()
	return w
}

func trees(s *crossbook.Settings) { s.ContactsAsSubCustomers, s.SubCustomersAsAccounts = true, true }

// everything existing is sent, too.
func treesAndAll(s *crossbook.Settings) {
	trees(s)
	s.CreateExisting = true
}

func under(id string) m { return m{"value": id} }

func (w *world) only(kind string) store.ProblemRow {
	w.t.Helper()
	p := w.problems()
	if len(p) != 1 || !strings.Contains(p[0].Problem.Text, kind) {
		w.t.Fatalf("want one problem %q: %+v", kind, p)
	}
	return p[0]
}

// A further Contact of a linked Account becomes its sub-customer, billed with
// it; the billing contact shares the Account's customer.
func TestTree_FurtherContactsAreSubCustomers(t *testing.T) {
	w := newWorld(t)
	acme := w.newCRM("Accounts", m{"Account_Name": "Acme"})
	w.newCRM("Contacts", m{"First_Name": "Amy", "Last_Name": "Ames", "Account_Name": m{"id": acme}})
	w.connect().choose(treesAndAll).firstSync()
	w.newCRM("Contacts", m{"First_Name": "Bob", "Last_Name": "Bell", "Phone": "555-1", "Account_Name": m{"id": acme}})
	w.sync()

	top := w.booksState().find(t, "Customer", "DisplayName", "Acme")
	want(t, "the billing contact's name", top["FamilyName"], "Ames")
	bob := w.booksState().find(t, "Customer", "DisplayName", "Bob Bell")
	want(t, "Job", bob["Job"], "true")
	want(t, "BillWithParent", bob["BillWithParent"], "true")
	want(t, "ParentRef", get(bob, "ParentRef", "value"), fmt.Sprint(top["Id"]))
	want(t, "phone", get(bob, "PrimaryPhone", "FreeFormNumber"), "555-1")
	if n := len(w.booksState().Records["Customer"]); n != 2 {
		t.Errorf("%d customers, want 2", n)
	}
	w.nothingMore()
}

// Without the option nothing changes: the further Contact is left out.
func TestTree_WithoutTheOptionsTheDefaultStands(t *testing.T) {
	w := newWorld(t)
	acme := w.newCRM("Accounts", m{"Account_Name": "Acme"})
	for _, last := range []string{"Ames", "Bell"} {
		w.newCRM("Contacts", m{"Last_Name": last, "Account_Name": m{"id": acme}})
	}
	w.newCRM("Accounts", m{"Account_Name": "Acme North", "Parent_Account": m{"id": acme}})
	w.connect().choose(func(s *crossbook.Settings) { s.CreateExisting = true }).firstSync()
	for _, c := range w.booksState().Records["Customer"] {
		if c["ParentRef"] != nil {
			t.Errorf("%v stands under another customer", c["DisplayName"])
		}
	}
	if n := len(w.booksState().Records["Customer"]); n != 2 {
		t.Errorf("%d customers, want 2", n)
	}
	w.nothingMore()
}

// The customer of an Account already bears the name of one of its Contacts:
// that one is the billing contact, the other a sub-customer.
func TestTree_TheCustomersOwnPersonIsNoSubCustomer(t *testing.T) {
	w := newWorld(t)
	acme := w.newCRM("Accounts", m{"Account_Name": "Acme"})
	w.newCRM("Contacts", m{"First_Name": "Bob", "Last_Name": "Bell", "Account_Name": m{"id": acme}})
	amy := w.newCRM("Contacts", m{"First_Name": "Amy", "Last_Name": "Ames", "Account_Name": m{"id": acme}})
	top := w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme", "GivenName": "Amy", "FamilyName": "Ames"})
	w.connect().choose(treesAndAll).firstSync()
	want(t, "Amy's customer", w.crmState().find(t, "Contacts", "id", amy)["QuickBooks_Id"], top)
	if n := len(w.booksState().Records["Customer"]); n != 2 {
		t.Errorf("%d customers, want 2", n)
	}
	if n := len(w.crmState().Records["Contacts"]); n != 2 {
		t.Errorf("%d contacts, want 2", n)
	}
	w.nothingMore()
}

// Accounts under Accounts become jobs, level by level; the fifth level below
// the top is refused before it is sent.
func TestTree_ChildAccountsAreJobs(t *testing.T) {
	w := newWorld(t)
	var ids []string
	for i := range 6 {
		data := m{"Account_Name": fmt.Sprintf("Level %d", i)}
		if i > 0 {
			data["Parent_Account"] = m{"id": ids[i-1]}
		}
		ids = append(ids, w.newCRM("Accounts", data))
	}
	w.connect().choose(treesAndAll).firstSync()
	parent := ""
	for i := range 5 {
		c := w.booksState().find(t, "Customer", "DisplayName", fmt.Sprintf("Level %d", i))
		want(t, fmt.Sprintf("the parent of level %d", i), fmt.Sprint(get(c, "ParentRef", "value") == nil, get(c, "ParentRef", "value")), fmt.Sprint(parent == "", orNil(parent)))
		parent = fmt.Sprint(c["Id"])
	}
	if n := len(w.booksState().Records["Customer"]); n != 5 {
		t.Errorf("%d customers, want 5", n)
	}
	p := w.only("")
	if p.Name != "Level 5" || !strings.Contains(p.Problem.Cause, "deeper") {
		t.Errorf("%+v", p)
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Sub-customers of QuickBooks come into the CRM under the nearest Account:
// people as Contacts, the others as Accounts; projects never.
func TestTree_SubCustomersComeIn(t *testing.T) {
	w := newWorld(t)
	top := w.newBooks("Customer", m{"DisplayName": "Evergreen", "CompanyName": "Evergreen"})
	site := w.newBooks("Customer", m{"DisplayName": "14 Alder St", "GivenName": "Ann", "Job": true, "ParentRef": under(top)})
	w.newBooks("Customer", m{"DisplayName": "Pat Gray", "GivenName": "Pat", "FamilyName": "Gray", "Job": true, "ParentRef": under(site)})
	private := w.newBooks("Customer", m{"DisplayName": "Kim Low", "GivenName": "Kim", "FamilyName": "Low"})
	w.newBooks("Customer", m{"DisplayName": "Low Design", "CompanyName": "Low Design", "GivenName": "Kim", "FamilyName": "Low", "Job": true, "ParentRef": under(private)})
	w.connect().choose(trees).firstSync()

	s := w.crmState()
	parent := s.find(t, "Accounts", "Account_Name", "Evergreen")
	child := s.find(t, "Accounts", "Account_Name", "14 Alder St")
	want(t, "the parent Account", get(child, "Parent_Account", "id"), fmt.Sprint(parent["id"]))
	want(t, "Pat's Account", get(s.find(t, "Contacts", "Last_Name", "Gray"), "Account_Name", "id"), fmt.Sprint(child["id"]))
	design := s.find(t, "Accounts", "Account_Name", "Low Design")
	if design["Parent_Account"] != nil {
		t.Errorf("a person is no Parent Account: %v", design["Parent_Account"])
	}
	if n := len(s.Records["Contacts"]); n != 3 {
		t.Errorf("%d contacts, want Pat, Kim, and Kim of Low Design", n)
	}
	w.nothingMore()
}

// With one option alone the other kind of sub-customer stays out.
func TestTree_EachOptionAlone(t *testing.T) {
	for _, contacts := range []bool{true, false} {
		w := newWorld(t)
		top := w.newBooks("Customer", m{"DisplayName": "Evergreen", "CompanyName": "Evergreen"})
		site := w.newBooks("Customer", m{"DisplayName": "14 Alder St", "Job": true, "ParentRef": under(top)})
		w.newBooks("Customer", m{"DisplayName": "Pat Gray", "GivenName": "Pat", "FamilyName": "Gray", "Job": true, "ParentRef": under(site)})
		w.connect().choose(func(s *crossbook.Settings) {
			s.ContactsAsSubCustomers, s.SubCustomersAsAccounts = contacts, !contacts
		}).firstSync()
		s := w.crmState()
		if accounts, people := len(s.Records["Accounts"]), len(s.Records["Contacts"]); contacts && (accounts != 1 || people != 1) || !contacts && (accounts != 2 || people != 0) {
			t.Errorf("contacts %v: %d Accounts and %d Contacts", contacts, accounts, people)
		}
		if contacts { // over the job, which has no record, to the Account above
			want(t, "Pat's Account", get(s.find(t, "Contacts", "Last_Name", "Gray"), "Account_Name", "id"), w.crmID("Accounts", "Account_Name", "Evergreen"))
		}
		w.nothingMore()
	}
}

// twoAccounts are Acme with its further contact Bob, and Zenith.
func twoAccounts(t *testing.T) (w *world, acme, zenith, bob string) {
	t.Helper()
	w = newWorld(t)
	acme = w.newCRM("Accounts", m{"Account_Name": "Acme"})
	zenith = w.newCRM("Accounts", m{"Account_Name": "Zenith"})
	w.newCRM("Contacts", m{"Last_Name": "Ames", "Account_Name": m{"id": acme}})
	w.connect().choose(treesAndAll).firstSync()
	bob = w.newCRM("Contacts", m{"First_Name": "Bob", "Last_Name": "Bell", "Account_Name": m{"id": acme}})
	w.sync()
	return w, acme, zenith, bob
}

// A Contact moved to another Account is a question for a person, with what it
// would move; other edits go on, nothing is moved in QuickBooks, and the
// question ends when somebody moves the customer or puts the Account back.
func TestTree_AMovedContactIsAQuestion(t *testing.T) {
	w, acme, zenith, bob := twoAccounts(t)
	sub := w.booksID("Customer", "DisplayName", "Bob Bell")
	invoiceFor(w, sub, "77")
	w.sync()
	w.editCRM("Contacts", bob, m{"Account_Name": m{"id": zenith}, "Phone": "555-9"})
	w.sync()
	p := w.only("not moved")
	for _, part := range []string{"“Bob Bell”", "under “Zenith”", "under “Acme”", "1 invoices"} {
		if !strings.Contains(p.Problem.Cause, part) {
			t.Errorf("the question does not say %q: %s", part, p.Problem.Cause)
		}
	}
	got := w.booksState().find(t, "Customer", "Id", sub)
	want(t, "the parent in QuickBooks", get(got, "ParentRef", "value"), w.booksID("Customer", "DisplayName", "Acme"))
	want(t, "the phone", get(got, "PrimaryPhone", "FreeFormNumber"), "555-9")
	w.sync()
	w.only("not moved")

	w.editCRM("Contacts", bob, m{"Account_Name": m{"id": acme}})
	w.sync()
	w.nothingMore()

	w.editCRM("Contacts", bob, m{"Account_Name": m{"id": zenith}})
	w.sync()
	w.only("not moved")
	w.editBooks("Customer", sub, m{"Job": true, "ParentRef": under(w.booksID("Customer", "DisplayName", "Zenith"))})
	w.sync()
	w.nothingMore()
	want(t, "Bob's Account", get(w.crmState().find(t, "Contacts", "id", bob), "Account_Name", "id"), zenith)
}

// A private Contact that gains an Account is the same question.
func TestTree_AContactThatGainsAnAccountIsAQuestion(t *testing.T) {
	w := newWorld(t)
	kim := w.newCRM("Contacts", m{"First_Name": "Kim", "Last_Name": "Low"})
	acme := w.newCRM("Accounts", m{"Account_Name": "Acme"})
	w.connect().choose(treesAndAll).firstSync()
	w.editCRM("Contacts", kim, m{"Account_Name": m{"id": acme}})
	w.sync()
	if p := w.only("not moved"); !strings.Contains(p.Problem.Cause, "at the top level") {
		t.Error(p.Problem.Cause)
	}
	if c := w.booksState().find(t, "Customer", "DisplayName", "Kim Low"); c["ParentRef"] != nil {
		t.Errorf("moved: %v", c["ParentRef"])
	}
}

// A customer moved in QuickBooks takes its CRM record along.
func TestTree_AMoveInQuickBooksReachesTheCRM(t *testing.T) {
	w, _, zenith, bob := twoAccounts(t)
	sub, to := w.booksID("Customer", "DisplayName", "Bob Bell"), w.booksID("Customer", "DisplayName", "Zenith")
	w.editBooks("Customer", sub, m{"Job": true, "ParentRef": under(to)})
	w.sync()
	want(t, "Bob's Account", get(w.crmState().find(t, "Contacts", "id", bob), "Account_Name", "id"), zenith)
	w.editBooks("Customer", sub, m{"Job": false})
	w.sync()
	if got := w.crmState().find(t, "Contacts", "id", bob); got["Account_Name"] != nil {
		t.Errorf("at the top level it has no Account: %v", got["Account_Name"])
	}
	w.nothingMore()
}

// A display name is taken across customers, vendors and employees: error 7, no
// invented suffix.
func TestTree_ATakenNameIsErrorSeven(t *testing.T) {
	w, acme, _, _ := twoAccounts(t)
	w.newBooks("Vendor", m{"DisplayName": "Eve Ode"})
	w.sync()
	w.newCRM("Contacts", m{"First_Name": "Eve", "Last_Name": "Ode", "Account_Name": m{"id": acme}})
	w.sync()
	if p := w.only("The name supplied already exists"); p.Problem.Number != 7 {
		t.Errorf("%+v", p)
	}
}

// Documents of a sub-customer go to its own record where it has one, else to
// the Account above with the job named; when a record is deleted they go up.
func TestTree_DocumentsGoToTheOwnRecord(t *testing.T) {
	w := newWorld(t)
	top := w.newBooks("Customer", m{"DisplayName": "Evergreen", "CompanyName": "Evergreen"})
	site := w.newBooks("Customer", m{"DisplayName": "14 Alder St", "Job": true, "ParentRef": under(top)})
	pat := w.newBooks("Customer", m{"DisplayName": "Pat Gray", "GivenName": "Pat", "FamilyName": "Gray", "Job": true, "ParentRef": under(site)})
	invoiceFor(w, site, "1")
	invoiceFor(w, pat, "2")
	w.connect().choose(func(s *crossbook.Settings) { s.SubCustomersAsAccounts = true }).firstSync()
	child := w.crmID("Accounts", "Account_Name", "14 Alder St")
	s := w.crmState()
	own, job := s.find(t, "Invoices", "QuickBooks_Number", "1"), s.find(t, "Invoices", "QuickBooks_Number", "2")
	want(t, "the site's invoice", get(own, "Account_Name", "id"), child)
	want(t, "its job", own["QuickBooks_Job_or_project"], "<nil>")
	want(t, "the person's invoice", get(job, "Account_Name", "id"), child)
	want(t, "its job", job["QuickBooks_Job_or_project"], "Pat Gray")
	want(t, "the site's balance", s.find(t, "Accounts", "id", child)["QuickBooks_Balance"], "20")
	want(t, "the balance above", s.find(t, "Accounts", "Account_Name", "Evergreen")["QuickBooks_Balance"], "0")

	w.personCRM(zohobox.Action{Action: "delete", Type: "Accounts", ID: child})
	w.sync()
	s = w.crmState()
	above := s.find(t, "Accounts", "Account_Name", "Evergreen")
	want(t, "the balance above", above["QuickBooks_Balance"], "20")
	own = s.find(t, "Invoices", "QuickBooks_Number", "1")
	want(t, "the site's invoice", get(own, "Account_Name", "id"), fmt.Sprint(above["id"]))
	want(t, "its job", own["QuickBooks_Job_or_project"], "14 Alder St")
	w.nothingMore()
}

// invoiceFor is an invoice of ten dollars.
func invoiceFor(w *world, customer, number string) {
	w.t.Helper()
	w.newBooks("Invoice", m{
		"DocNumber": number, "CustomerRef": under(customer), "TxnDate": "2026-05-01",
		"Line": []any{m{"Amount": 10, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": m{"ItemRef": under(w.anItem()), "Qty": 1, "UnitPrice": 10}}},
	})
}

// anItem is the one service item invoices are for.
func (w *world) anItem() string {
	w.t.Helper()
	for _, r := range w.booksState().Records["Item"] {
		if r["Name"] == "Work" {
			return fmt.Sprint(r["Id"])
		}
	}
	income := ""
	for _, r := range w.booksState().Records["Account"] {
		if r["AccountType"] == "Income" {
			income = fmt.Sprint(r["Id"])
			break
		}
	}
	return w.newBooks("Item", m{"Name": "Work", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": under(income)})
}

// Contacts without an Account may be left out; those QuickBooks has are linked
// all the same.
func TestTree_ContactsWithoutAnAccountMayBeLeftOut(t *testing.T) {
	w := newWorld(t)
	w.newCRM("Contacts", m{"First_Name": "Kim", "Last_Name": "Low"})
	w.newCRM("Contacts", m{"First_Name": "Lee", "Last_Name": "Moss", "Email": "lee@moss.example"})
	lee := w.newBooks("Customer", m{"DisplayName": "Lee Moss", "GivenName": "Lee", "FamilyName": "Moss", "PrimaryEmailAddr": m{"Address": "lee@moss.example"}})
	w.connect().choose(func(s *crossbook.Settings) { s.CreateExisting, s.OnlyContactsOfAccounts = true, true }).firstSync()
	if n := len(w.booksState().Records["Customer"]); n != 1 {
		t.Errorf("%d customers, want Lee alone", n)
	}
	want(t, "Lee's customer", w.crmState().find(t, "Contacts", "Last_Name", "Moss")["QuickBooks_Id"], lee)
	w.nothingMore()
}

// Accounts that stand under each other in a circle cannot be jobs.
func TestTree_ACircleOfAccountsIsAProblem(t *testing.T) {
	w := newWorld(t)
	a := w.newCRM("Accounts", m{"Account_Name": "A"})
	b := w.newCRM("Accounts", m{"Account_Name": "B", "Parent_Account": m{"id": a}})
	if _, err := w.crm.Do(t.Context(), zohobox.Action{Action: "update", Type: "Accounts", ID: a, Data: m{"Parent_Account": m{"id": b}}}); err != nil {
		t.Skipf("the CRM refuses circles: %v", err)
	}
	w.connect().choose(treesAndAll).firstSync()
	if n := len(w.booksState().Records["Customer"]); n != 0 {
		t.Errorf("%d customers, want none", n)
	}
	if p := w.problems(); len(p) != 2 {
		t.Errorf("want a problem for each: %+v", p)
	}
}

// plan says what choices would do, stored or not.
func (w *world) plan(s *crossbook.Settings) engine.Preview {
	w.t.Helper()
	p, err := w.eng.Plan(w.t.Context(), w.conn.ID, engine.Ask{Feeds: true, Settings: s})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// Before an option is switched on, the plan says what it would create in
// QuickBooks, level by level; nothing of it is stored.
func TestPlan_SaysWhatAnOptionWouldCreate(t *testing.T) {
	w := newWorld(t)
	w.connect().choose(func(*crossbook.Settings) {}).firstSync()
	acme := w.newCRM("Accounts", m{"Account_Name": "Acme"})
	w.newCRM("Contacts", m{"Last_Name": "Ames", "Account_Name": m{"id": acme}})
	w.sync()
	for _, last := range []string{"Bell", "Cole"} {
		w.newCRM("Contacts", m{"Last_Name": last, "Account_Name": m{"id": acme}})
	}
	w.sync() // both are left out
	north := w.newCRM("Accounts", m{"Account_Name": "North", "Parent_Account": m{"id": acme}})
	w.newCRM("Accounts", m{"Account_Name": "North by East", "Parent_Account": m{"id": north}})

	if p := w.plan(nil); p.Books.Customers != 2 {
		t.Errorf("as it stands: %d customers, want 2", p.Books.Customers)
	}
	with := crossbook.DefaultSettings()
	trees(&with)
	p := w.plan(&with)
	if p.Books.Customers != 4 {
		t.Errorf("with the options: %d customers, want 4: %+v", p.Books.Customers, p.Ops)
	}
	for _, op := range p.Ops {
		if op.Kind == crossbook.Create && op.Side == crossbook.Books && op.Body["ParentRef"] == nil {
			t.Errorf("%s would stand at the top", op.Name)
		}
	}
	if p := w.plan(nil); p.Books.Customers != 2 {
		t.Errorf("the choices were stored: %d customers", p.Books.Customers)
	}

	w.choose(trees)
	err := w.store.Update(t.Context(), func(tx *store.Tx) error {
		return engine.Reconsider(t.Context(), tx, w.conn.ID, w.clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	w.sync()
	if n := len(w.booksState().Records["Customer"]); n != 5 {
		t.Errorf("%d customers, want Acme and the four of the plan", n)
	}
}

// An Account that is sent later takes its Contacts along.
func TestTree_ContactsFollowAnAccountThatIsTakenInLater(t *testing.T) {
	w := newWorld(t)
	acme := w.newCRM("Accounts", m{"Account_Name": "Acme"})
	for _, last := range []string{"Ames", "Bell"} {
		w.newCRM("Contacts", m{"Last_Name": last, "Account_Name": m{"id": acme}})
	}
	w.connect().choose(trees).firstSync()
	if n := len(w.booksState().Records["Customer"]); n != 0 {
		t.Fatalf("%d customers, want none: nothing that exists is sent unasked", n)
	}
	w.choose(func(s *crossbook.Settings) { s.CreateExisting = true })
	w.editCRM("Accounts", acme, m{"Send_to_QuickBooks": true})
	w.sync()
	if n := len(w.booksState().Records["Customer"]); n != 3 {
		t.Errorf("%d customers, want Acme and two", n)
	}
	w.nothingMore()
}
