package engine_test

import (
	"testing"

	"crossbook"
)

// module changes the settings of one module.
func (w *world) module(m crossbook.Module, change func(*crossbook.ModuleSettings)) *world {
	w.t.Helper()
	return w.choose(func(s *crossbook.Settings) {
		ms := s.Modules[m]
		ms.Everything = true
		change(&ms)
		s.Modules[m] = ms
	})
}

// pairedVendor is a vendor linked on both sides.
func pairedVendor(t *testing.T, change func(*crossbook.ModuleSettings)) (w *world, crmID, booksID string) {
	t.Helper()
	w = newWorld(t)
	booksID = w.newBooks("Vendor", m{"DisplayName": "Norton Lumber"})
	w.connect().module(crossbook.Vendors, change).firstSync()
	return w, w.crmID("Vendors", "Vendor_Name", "Norton Lumber"), booksID
}

func (w *world) vendorPhones(crmID, booksID string) (crm, books any) {
	w.t.Helper()
	return w.crmState().find(w.t, "Vendors", "id", crmID)["Phone"],
		get(w.booksState().find(w.t, "Vendor", "Id", booksID), "PrimaryPhone", "FreeFormNumber")
}

// A module narrowed to one direction takes in nothing from the other side, makes
// nothing there, and lets edits stand where they are (R29).
func TestSettings_ADirectionIsNarrowed(t *testing.T) {
	for _, d := range []crossbook.Direction{crossbook.InToCRM, crossbook.ToQB} {
		t.Run(string(d), func(t *testing.T) {
			w, crmID, booksID := pairedVendor(t, func(*crossbook.ModuleSettings) {})
			w.module(crossbook.Vendors, func(ms *crossbook.ModuleSettings) { ms.Direction = d })
			w.editCRM("Vendors", crmID, m{"Phone": "555-1"})
			w.newCRM("Vendors", m{"Vendor_Name": "Only in the CRM"})
			w.sync()
			w.editBooks("Vendor", booksID, m{"WebAddr": m{"URI": "https://norton.example"}})
			w.newBooks("Vendor", m{"DisplayName": "Only in QuickBooks"})
			w.sync()
			_, phone := w.vendorPhones(crmID, booksID)
			site := w.crmState().find(t, "Vendors", "id", crmID)["Website"]
			crm, books := len(w.crmState().Records["Vendors"]), len(w.booksState().Records["Vendor"])
			if d == crossbook.InToCRM && (phone != nil || site == nil || crm != 3 || books != 2) {
				t.Errorf("to the CRM only: phone %v in QuickBooks, site %v in the CRM, %d and %d vendors", phone, site, crm, books)
			}
			if d == crossbook.ToQB && (phone != "555-1" || site != nil || crm != 2 || books != 3) {
				t.Errorf("to QuickBooks only: phone %v in QuickBooks, site %v in the CRM, %d and %d vendors", phone, site, crm, books)
			}
			w.nothingMore()
		})
	}
}

// Both sides edited one field: the preference says who wins; ask leaves both
// (R38, R73).
func TestSettings_ThePreferenceDecidesConflicts(t *testing.T) {
	for _, tc := range []struct {
		preference crossbook.Preference
		crm, books string
	}{
		{crossbook.OwnerWins, "555-1", "555-1"}, // the CRM owns phones (practice section 5)
		{crossbook.CRMWins, "555-1", "555-1"},
		{crossbook.BooksWins, "555-2", "555-2"},
		{crossbook.Ask, "555-1", "555-2"},
	} {
		t.Run(string(tc.preference), func(t *testing.T) {
			w, crmID, booksID := pairedVendor(t, func(ms *crossbook.ModuleSettings) { ms.Preference = tc.preference })
			w.editCRM("Vendors", crmID, m{"Phone": "555-1"})
			w.editBooks("Vendor", booksID, m{"PrimaryPhone": phone("555-2")})
			w.sync()
			crm, books := w.vendorPhones(crmID, booksID)
			want(t, "the CRM's phone", crm, tc.crm)
			want(t, "QuickBooks' phone", books, tc.books)
			before := w.crmState().apiWrites() + w.booksState().apiWrites()
			w.sync()
			if n := w.crmState().apiWrites() + w.booksState().apiWrites() - before; n != 0 {
				t.Errorf("%d writes more", n)
			}
		})
	}
}

// What existed in the CRM is sent when that is chosen; afterwards every new
// record, or those ticked (R34, P3).
func TestSettings_WhatIsSentToQuickBooksIsChosen(t *testing.T) {
	for _, tc := range []struct {
		existing bool
		rule     crossbook.SendRule
		want     int
	}{
		{false, crossbook.SendAll, 2}, {true, crossbook.SendAll, 3}, {false, crossbook.SendTicked, 1}, {true, crossbook.SendTicked, 2},
	} {
		w := newWorld(t)
		w.newCRM("Accounts", m{"Account_Name": "Was there"})
		w.connect().choose(func(s *crossbook.Settings) { s.CreateExisting, s.SendRule = tc.existing, tc.rule }).firstSync()
		w.newCRM("Accounts", m{"Account_Name": "New"})
		w.newCRM("Accounts", m{"Account_Name": "Ticked", "Send_to_QuickBooks": true})
		w.sync()
		if n := len(w.booksState().Records["Customer"]); n != tc.want {
			t.Errorf("existing %v, %s: %d customers, want %d", tc.existing, tc.rule, n, tc.want)
		}
		w.nothingMore()
	}
}
