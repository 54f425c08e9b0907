package engine_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/fault"
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

// A write that fails is tried again with every turn, and counts for what it did:
// nothing.
func TestBrake_OutageOfQuickBooks_TriesAreNoCreates(t *testing.T) {
	w := newWorld(t).connect()
	w.firstSync()
	for i := range 3 {
		w.newCRM("Vendors", m{"Vendor_Name": fmt.Sprintf("Supplier %d", i)})
	}
	rule, err := w.books.Faults().Add(fault.Rule{Kind: fault.Status, Status: http.StatusServiceUnavailable, Method: http.MethodPost, PathContains: "/batch"})
	if err != nil {
		t.Fatal(err)
	}
	for range 15 {
		w.turn()
		w.clock.Advance(45 * time.Second)
	}
	w.books.Faults().Remove(rule.ID)
	w.clock.Advance(2 * time.Minute)
	w.sync()
	if b := w.brakes(); len(b) > 0 {
		t.Errorf("brakes %+v", b)
	}
	if n := len(w.booksState().Records["Vendor"]); n != 3 {
		t.Errorf("%d vendors, want 3", n)
	}
}

// What was created counts for a day, however few at a time.
func TestBrake_CreatesOfManyTurns_CountTogether(t *testing.T) {
	w := newWorld(t).connect()
	w.firstSync()
	add := func(from, to int) {
		for i := from; i < to; i++ {
			w.newCRM("Vendors", m{"Vendor_Name": fmt.Sprintf("Supplier %d", i)})
		}
		w.clock.Advance(time.Hour)
		w.sync()
	}
	for i := range 5 {
		add(5*i, 5*i+5)
	}
	if n := len(w.booksState().Records["Vendor"]); n != 25 || len(w.brakes()) > 0 {
		t.Fatalf("%d vendors with brakes %+v, want 25 without any", n, w.brakes())
	}
	add(25, 26)
	if n, b := len(w.booksState().Records["Vendor"]), w.brakes(); n != 25 || len(b) == 0 || b[0].Count != 26 {
		t.Fatalf("%d vendors with brakes %+v, want the 26th stopped", n, b)
	}
	if _, err := w.eng.Resume(t.Context(), w.conn.ID, crossbook.Vendors, true, "Ana"); err != nil {
		t.Fatal(err)
	}
	w.sync()
	w.clock.Advance(2 * time.Hour)
	add(26, 27)
	if n, b := len(w.booksState().Records["Vendor"]), w.brakes(); n != 27 || len(b) > 0 {
		t.Errorf("%d vendors with brakes %+v: what a person let pass counts no more", n, b)
	}
}

// turn runs one turn with whatever is due, and may leave something.
func (w *world) turn() engine.Report {
	w.t.Helper()
	rep, err := w.eng.Turn(w.t.Context(), w.conn.ID, engine.Ask{Feeds: true})
	if err != nil {
		w.t.Fatal(err)
	}
	return rep
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
