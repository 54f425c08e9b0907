package engine_test

import (
	"testing"

	"crossbook"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// The duplicate actions beside Link and fill (R36).
func TestDuplicates_CloneSkipOverwrite(t *testing.T) {
	play := func(action crossbook.DuplicateAction) *world {
		w := newWorld(t)
		w.newCRM("Accounts", m{"Account_Name": "Cool Cars", "Phone": "crm", "Billing_City": "Bonn"})
		w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "PrimaryPhone": phone("qb"), "BillAddr": m{"City": "Oslo"}})
		w.connect()
		w.settings(func(s *crossbook.Settings) {
			ms := s.Modules[crossbook.Accounts]
			ms.Duplicates = action
			s.Modules[crossbook.Accounts] = ms
		})
		w.firstSync()
		want(t, string(action)+": customers", len(w.booksState().Records["Customer"]), "1")
		return w
	}
	w := play(crossbook.Clone)
	want(t, "Accounts after cloning", len(w.crmState().Records["Accounts"]), "2")
	w.nothingMore()
	w = play(crossbook.SkipDuplicate)
	want(t, "Accounts after skipping", len(w.crmState().Records["Accounts"]), "1")
	want(t, "text", w.problemText(), "Duplicate records exist in system.")
	want(t, "city of a skipped one", w.crmState().Records["Accounts"][0]["Billing_City"], "Bonn")
	w = play(crossbook.Overwrite)
	a, c := w.crmState().find(t, "Accounts", "Account_Name", "Cool Cars"), w.booksState().find(t, "Customer", "DisplayName", "Cool Cars")
	want(t, "phone, the CRM's", get(c, "PrimaryPhone", "FreeFormNumber"), "crm")
	want(t, "city, QuickBooks'", a["Billing_City"], "Oslo")
	w.nothingMore()
}

// A merge in QuickBooks before set-up leaves the loser inactive under the
// winner's name: the active one is the CRM's.
func TestAccounts_ActiveBesideItsDeletedTwin_IsTheMatch(t *testing.T) {
	for _, first := range []bool{false, true} { // from either side
		w := newWorld(t, func(q *qbobox.Options, _ *zohobox.Options) { q.Dials.InactiveNameIsFree = true })
		old := w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme"})
		w.editBooks("Customer", old, m{"Active": false})
		is := w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme"})
		if first {
			w.newCRM("Accounts", m{"Account_Name": "Acme", "Phone": "1"})
		}
		w.connect()
		w.firstSync()
		if !first {
			w.personBooks(qbobox.Action{Action: "update", Type: "Customer", ID: is, Data: m{"PrimaryPhone": phone("1")}})
			w.sync()
		}
		a := w.crmState().find(t, "Accounts", "Account_Name", "Acme")
		want(t, "QuickBooks Id", a["QuickBooks_Id"], is)
		want(t, "phone", get(w.booksState().find(t, "Customer", "Id", is), "PrimaryPhone", "FreeFormNumber"), "1")
		want(t, "name of the inactive one", w.booksState().find(t, "Customer", "Id", old)["DisplayName"], "Acme (deleted)")
		w.nothingMore()
	}
}

// Alone, the inactive one is only suggested (row 14).
func TestAccounts_OnlyAnInactiveNamesake_IsSuggested(t *testing.T) {
	w := newWorld(t)
	old := w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme"})
	w.editBooks("Customer", old, m{"Active": false})
	w.newCRM("Accounts", m{"Account_Name": "Acme"})
	w.connect()
	w.settings(func(s *crossbook.Settings) { s.CreateExisting = true })
	w.firstSync()
	want(t, "problem", w.problemText(), "Duplicate records exist in system.")
	want(t, "customers", len(w.booksState().Records["Customer"]), "1")
}

// Two Contacts of one name and one address: nobody guesses which of them is the
// customer (R47).
func TestContacts_TheSamePersonTwice_IsLeftToAPerson(t *testing.T) {
	w := newWorld(t)
	w.newCRM("Contacts", m{"First_Name": "Ann", "Last_Name": "Lee", "Email": "ann@lee.example", "Phone": "1"})
	w.newCRM("Contacts", m{"First_Name": "Ann", "Last_Name": "Lee", "Email": "ann@lee.example", "Phone": "2"})
	w.newBooks("Customer", m{"DisplayName": "Ann Lee", "GivenName": "Ann", "FamilyName": "Lee", "PrimaryEmailAddr": m{"Address": "ann@lee.example"}})
	w.connect()
	w.firstSync()
	want(t, "problem", w.problemText(), "Duplicate records exist in system.")
	want(t, "Contacts", len(w.crmState().Records["Contacts"]), "2")
}
