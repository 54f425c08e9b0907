package engine_test

import (
	"fmt"
	"testing"

	"crossbook"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

func (w *world) brakes() []store.Brake {
	w.t.Helper()
	var out []store.Brake
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		var err error
		out, err = tx.Brakes(w.t.Context(), w.conn.ID)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// More creates in QuickBooks than a person approved are stopped before the
// first of them, and go on when a person releases the brake.
func TestBrake_TooManyCreatesInQuickBooks_StopBeforeTheFirst(t *testing.T) {
	w := newWorld(t).connect()
	w.firstSync()
	for i := range 26 {
		w.newCRM("Vendors", m{"Vendor_Name": fmt.Sprintf("Supplier %d", i)})
	}
	w.sync()
	if n := len(w.booksState().Records["Vendor"]); n != 0 {
		t.Errorf("%d vendors were created past the brake", n)
	}
	b := w.brakes()
	if len(b) == 0 || b[0].Module != crossbook.Vendors {
		t.Fatalf("brakes %+v", b)
	}
	if _, err := w.eng.Resume(t.Context(), w.conn.ID, crossbook.Vendors, true, "Ana"); err != nil {
		t.Fatal(err)
	}
	w.sync()
	if n := len(w.booksState().Records["Vendor"]); n != 26 {
		t.Errorf("%d vendors after the brake was released, want 26", n)
	}
	w.nothingMore()
}

// A mass deletion in the CRM unlinks nothing before a person has looked.
func TestBrake_MassDeletionInTheCRM_UnlinksNothing(t *testing.T) {
	w := newWorld(t)
	w.people(40)
	w.connect()
	w.firstSync()
	for _, c := range w.crmState().Records["Contacts"] {
		w.personCRM(zohobox.Action{Action: "delete", Type: "Contacts", ID: c["id"].(string)})
	}
	w.sync()
	if len(w.brakes()) == 0 {
		t.Fatal("no brake is set")
	}
	for _, l := range w.linksOf(crossbook.Contacts) {
		if l.State != crossbook.Linked {
			t.Fatalf("%s was unlinked past the brake", l.CRM())
		}
	}
}

func (w *world) linksOf(mod crossbook.Module) []crossbook.Link {
	w.t.Helper()
	var out []crossbook.Link
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		var err error
		out, err = tx.WalkLinks(w.t.Context(), w.conn.ID, mod, "", 10_000)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}
