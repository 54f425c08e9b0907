package engine_test

import (
	"testing"

	"crossbook"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// allVendors widens the extent of vendors, so that they come without purchase
// orders.
func (w *world) allVendors() *world {
	w.t.Helper()
	w.settings(func(s *crossbook.Settings) {
		ms := s.Modules[crossbook.Vendors]
		ms.Everything = true
		s.Modules[crossbook.Vendors] = ms
	})
	return w
}

func (w *world) settings(change func(*crossbook.Settings)) {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		s, _, err := tx.Settings(w.t.Context(), w.conn.ID)
		if err != nil {
			return err
		}
		change(&s)
		_, err = tx.SaveSettings(w.t.Context(), w.conn.ID, s, "test")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestVendors_NewInQuickBooks_ComesIntoTheCRM(t *testing.T) {
	w := newWorld(t)
	w.personBooks(qbobox.Action{Action: "create", Type: "Vendor", Data: map[string]any{"DisplayName": "Mahoney Mugs", "PrimaryPhone": map[string]any{"FreeFormNumber": "(555) 555-1234"}}})
	w.connect().allVendors()
	w.firstSync()
	v := w.crmState().find(t, "Vendors", "Vendor_Name", "Mahoney Mugs")
	if v["Phone"] != "(555) 555-1234" {
		t.Errorf("Phone = %v", v["Phone"])
	}
	// The placeholder product, the vendor, and the two items a new company has.
	if n := w.crmState().apiWrites(); n != 4 {
		t.Errorf("%d writes, want 4: %+v", n, w.crmState().Writes)
	}
}

func TestVendors_NewInCRM_GoesToQuickBooks_AndEditsTravelBothWays(t *testing.T) {
	w := newWorld(t).connect()
	w.firstSync()
	id := w.personCRM(zohobox.Action{Action: "create", Type: "Vendors", Data: map[string]any{"Vendor_Name": "Ray Ortiz", "Phone": "555-1000"}})
	w.sync()
	w.personCRM(zohobox.Action{Action: "update", Type: "Vendors", ID: id, Data: map[string]any{"Phone": "555-2000"}})
	w.sync()
	v := w.booksState().find(t, "Vendor", "DisplayName", "Ray Ortiz")
	if p := v["PrimaryPhone"].(map[string]any)["FreeFormNumber"]; p != "555-2000" {
		t.Errorf("phone in QuickBooks = %v", p)
	}
	w.personBooks(qbobox.Action{Action: "update", Type: "Vendor", ID: v["Id"].(string), Data: map[string]any{"PrimaryPhone": map[string]any{"FreeFormNumber": "555-3000"}}})
	w.sync()
	c := w.crmState().find(t, "Vendors", "Vendor_Name", "Ray Ortiz")
	if c["Phone"] != "555-3000" {
		t.Errorf("phone in the CRM = %v", c["Phone"])
	}
	before := w.crmState().apiWrites() + w.booksState().apiWrites()
	w.sync()
	if after := w.crmState().apiWrites() + w.booksState().apiWrites(); after != before {
		t.Errorf("a sync with nothing changed wrote %d times", after-before)
	}
	if p := w.problems(); len(p) > 0 {
		t.Errorf("problems: %+v", p)
	}
}
