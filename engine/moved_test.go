package engine_test

import (
	"strings"
	"testing"

	"crossbook"
	"crossbook/sandbox/zohobox"
)

// Without sub-customers, too, a Contact that is a customer by itself and gains
// an Account is a question: moving the customer would move its invoices (spec
// section 2). Everything else of it goes on.
func TestMoved_ACustomerByItselfGainsAnAccount(t *testing.T) {
	for _, from := range []string{"QuickBooks", "Zoho CRM"} {
		t.Run("made in "+from, func(t *testing.T) {
			w := newWorld(t)
			w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme"})
			if from == "QuickBooks" {
				w.newBooks("Customer", m{"DisplayName": "Kim Low", "GivenName": "Kim", "FamilyName": "Low"})
			}
			w.connect().firstSync()
			if from == "Zoho CRM" {
				w.newCRM("Contacts", m{"First_Name": "Kim", "Last_Name": "Low"})
				w.sync()
			}
			kim, acme := w.crmID("Contacts", "Last_Name", "Low"), w.crmID("Accounts", "Account_Name", "Acme")
			customer := w.booksID("Customer", "DisplayName", "Kim Low")
			invoiceFor(w, customer, "77")
			w.sync()
			w.nothingMore()

			w.editCRM("Contacts", kim, m{"Account_Name": m{"id": acme}, "Phone": "555-9"})
			w.sync()
			p := w.only("not moved")
			for _, part := range []string{"“Kim Low”", "under “Acme”", "at the top level", "1 invoices"} {
				if !strings.Contains(p.Problem.Cause, part) {
					t.Errorf("the question does not say %q: %s", part, p.Problem.Cause)
				}
			}
			got := w.booksState().find(t, "Customer", "Id", customer)
			want(t, "the phone", get(got, "PrimaryPhone", "FreeFormNumber"), "555-9")
			if got["ParentRef"] != nil || got["CompanyName"] != nil {
				t.Errorf("moved: %v, %v", got["ParentRef"], got["CompanyName"])
			}
			w.editBooks("Customer", customer, m{"Notes": "looked at"})
			w.sync()
			w.only("not moved")

			w.editCRM("Contacts", kim, m{"Account_Name": nil})
			w.sync()
			if p := w.problems(); len(p) != 0 {
				t.Fatalf("put back, and still asked: %+v", p)
			}
			w.nothingMore()

			w.editCRM("Contacts", kim, m{"Account_Name": m{"id": acme}})
			w.sync()
			w.only("not moved")
			w.editBooks("Customer", customer, m{"Job": true, "ParentRef": under(w.booksID("Customer", "DisplayName", "Acme"))})
			w.sync()
			if p := w.problems(); len(p) != 0 {
				t.Errorf("moved in QuickBooks, and still asked: %+v", p)
			}
		})
	}
}

// A billing contact that goes to another Account leaves the customer and its
// invoices where they are, and a person is asked.
func TestMoved_ABillingContactGoesToAnotherAccount(t *testing.T) {
	w := newWorld(t)
	w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme", "GivenName": "Ann", "FamilyName": "Ode"})
	w.newBooks("Customer", m{"DisplayName": "Zenith", "CompanyName": "Zenith"})
	w.connect().firstSync()
	ann, acme, zenith := w.crmID("Contacts", "Last_Name", "Ode"), w.crmID("Accounts", "Account_Name", "Acme"), w.crmID("Accounts", "Account_Name", "Zenith")
	w.editCRM("Contacts", ann, m{"Account_Name": m{"id": zenith}, "First_Name": "Anna"})
	w.sync()
	p := w.only("was given another Account")
	for _, part := range []string{"“Acme”", "under “Zenith”"} {
		if !strings.Contains(p.Problem.Cause, part) {
			t.Errorf("the question does not say %q: %s", part, p.Problem.Cause)
		}
	}
	want(t, "the first name", w.booksState().find(t, "Customer", "DisplayName", "Acme")["GivenName"], "Anna")
	w.editCRM("Contacts", ann, m{"Account_Name": m{"id": acme}})
	w.sync()
	if p := w.problems(); len(p) != 0 {
		t.Errorf("put back, and still asked: %+v", p)
	}
	w.nothingMore()
}

// What nobody moved is no question: an Account that is deleted takes its name off
// its Contacts, and one that is merged moves them.
func TestMoved_AnAccountThatGoesAsksNothing(t *testing.T) {
	w := newWorld(t)
	w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme", "GivenName": "Ann", "FamilyName": "Ode"})
	w.newBooks("Customer", m{"DisplayName": "Zenith", "CompanyName": "Zenith"})
	w.connect().firstSync()
	w.personCRM(zohobox.Action{Action: "merge", Type: "Accounts", ID: w.crmID("Accounts", "Account_Name", "Acme"), Into: w.crmID("Accounts", "Account_Name", "Zenith")})
	w.sync()
	w.sync()
	for _, p := range w.problems() {
		if strings.Contains(p.Problem.Text, "given another Account") || strings.Contains(p.Problem.Text, "not moved") {
			t.Errorf("asked: %s %s", p.Problem.Text, p.Problem.Cause)
		}
	}
}

// A sub-customer that had to be made at the top, because its Parent Account had
// no customer then, is asked about once there is one.
func TestMoved_ASubCustomerMadeAtTheTop(t *testing.T) {
	w := newWorld(t)
	head := w.newCRM("Accounts", m{"Account_Name": "Head Office"})
	w.connect().choose(func(s *crossbook.Settings) { s.SubCustomersAsAccounts = true }).firstSync()
	branch := w.newCRM("Accounts", m{"Account_Name": "Branch", "Parent_Account": m{"id": head}})
	w.sync()
	id := w.booksID("Customer", "DisplayName", "Branch")
	if c := w.booksState().find(t, "Customer", "Id", id); c["ParentRef"] != nil {
		t.Fatalf("it stands under %v", c["ParentRef"])
	}
	if p := w.problems(); len(p) != 0 {
		t.Fatalf("asked too early: %+v", p)
	}
	w.editCRM("Accounts", head, m{"Send_to_QuickBooks": true})
	w.sync()
	w.sync()
	p := w.only("not moved")
	if !strings.Contains(p.Problem.Cause, "under “Head Office”") || !strings.Contains(p.Problem.Cause, "at the top level") {
		t.Error(p.Problem.Cause)
	}
	w.editBooks("Customer", id, m{"Job": true, "ParentRef": under(w.booksID("Customer", "DisplayName", "Head Office"))})
	w.sync()
	if p := w.problems(); len(p) != 0 {
		t.Errorf("moved in QuickBooks, and still asked: %+v", p)
	}
	want(t, "the Parent Account", get(w.crmState().find(t, "Accounts", "id", branch), "Parent_Account", "id"), head)
	w.nothingMore()
}
