package engine_test

import (
	"fmt"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// state is what a CRM record says of how it stands with QuickBooks.
func (w *world) state(typ, field, value string) string {
	w.t.Helper()
	v := w.crmState().find(w.t, typ, field, value)["QuickBooks_sync"]
	if v == nil {
		return ""
	}
	return v.(string)
}

// later lets a state last long enough to be told.
func (w *world) later() {
	w.t.Helper()
	w.clock.Advance(2 * time.Minute)
	w.sync()
}

// aloneWrites are the API's writes that carried nothing but the state, and
// whether any of them ran automation.
func (w *world) aloneWrites() (n int, automated bool) {
	w.t.Helper()
	for _, wr := range w.crm.State()["writes"].([]any) {
		e := wr.(map[string]any)
		values, _ := e["values"].(map[string]any)
		if e["actor"] != "api" || e["op"] != "update" {
			continue
		}
		own := values["QuickBooks_sync"] != nil
		for k := range values {
			own = own && (k == "QuickBooks_sync" || k == "id")
		}
		if own {
			n++
			automated = automated || e["trigger"] == nil || len(e["trigger"].([]any)) > 0
		}
	}
	return n, automated
}

// What is made or filled says "In step" with the write itself; no write is made
// for it, and none follows.
func TestSyncState_TravelsWithTheWritesThatAreMadeAnyway(t *testing.T) {
	w, _, _ := inStep(t)
	w.newCRM("Accounts", m{"Account_Name": "Alder Court"})
	w.sync()
	w.later()
	want(t, "an Account made in the CRM", w.state("Accounts", "Account_Name", "Alder Court"), "In step")
	for _, typ := range []string{"Accounts", "Products", "Invoices"} {
		for _, r := range w.crmState().Records[typ] {
			if id := r["QuickBooks_Id"]; id != nil && r["QuickBooks_sync"] != "In step" {
				t.Errorf("%s %v says %v", typ, r["id"], r["QuickBooks_sync"])
			}
		}
	}
	if n, _ := w.aloneWrites(); n != 0 {
		t.Errorf("%d writes carried the state alone", n)
	}
	w.nothingMore()
}

// A problem that lasts is told on the record and taken back when it is gone,
// once each, without automation, and without counting as a change.
func TestSyncState_ProblemIsToldAndTakenBack(t *testing.T) {
	w := newWorld(t).connect()
	w.firstSync()
	w.newBooks("Vendor", m{"DisplayName": "Acme Fasteners"})
	w.newCRM("Accounts", m{"Account_Name": "Acme Fasteners"}) // error 7: the name is taken
	w.sync()
	want(t, "in the turn it came up", w.state("Accounts", "Account_Name", "Acme Fasteners"), "")
	w.later()
	p := w.problems()
	if len(p) != 1 {
		t.Fatalf("problems: %+v", p)
	}
	if got := w.state("Accounts", "Account_Name", "Acme Fasteners"); len(got) < 12 || got[:11] != "Needs you (" {
		t.Errorf("the record says %q", got)
	}
	before := w.crmState().apiWrites()
	for range 4 {
		w.clock.Advance(5 * time.Hour)
		w.sync()
	}
	if n := w.crmState().apiWrites() - before; n != 0 {
		t.Errorf("%d writes while nothing changed", n)
	}
	w.editCRM("Accounts", w.crmID("Accounts", "Account_Name", "Acme Fasteners"), m{"Account_Name": "Acme Fasteners Co"})
	w.sync()
	want(t, "cured", w.state("Accounts", "Account_Name", "Acme Fasteners Co"), "In step")
	if n, automated := w.aloneWrites(); n != 1 || automated {
		t.Errorf("%d writes of the state alone (automation %v), want the one that told the problem", n, automated)
	}
	w.nothingMore()
}

// A linked record that gets a problem says so; when the problem goes without a
// write to the record, the state is written alone.
func TestSyncState_OfALinkedRecord(t *testing.T) {
	w := newWorld(t)
	c := w.newBooks("Customer", m{"DisplayName": "Harbor Inn", "CompanyName": "Harbor Inn"})
	w.connect()
	w.firstSync()
	w.editBooks("Customer", c, m{"Active": false})
	w.sync()
	w.editCRM("Accounts", w.crmID("Accounts", "Account_Name", "Harbor Inn"), m{"Phone": "555-1"})
	w.sync()
	w.later()
	want(t, "an edit that is held", w.state("Accounts", "Account_Name", "Harbor Inn"), "Waiting: inactive in QuickBooks")
	w.editBooks("Customer", c, m{"Active": true})
	w.sync()
	w.later()
	want(t, "active again", w.state("Accounts", "Account_Name", "Harbor Inn"), "In step")
	want(t, "the edit went through", get(w.booksState().find(t, "Customer", "Id", c), "PrimaryPhone", "FreeFormNumber"), "555-1")
	w.nothingMore()
}

// Records that were never tried say nothing: prospects cost no write.
func TestSyncState_ProspectsAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	for i := range 30 {
		w.newCRM("Accounts", m{"Account_Name": fmt.Sprintf("Prospect %d", i)})
	}
	w.connect()
	before := w.crmState().apiWrites()
	w.firstSync()
	w.later()
	for _, r := range w.crmState().Records["Accounts"] {
		if r["QuickBooks_sync"] != nil {
			t.Fatalf("%v says %v", r["Account_Name"], r["QuickBooks_sync"])
		}
	}
	if n := w.crmState().apiWrites() - before; n > 2 { // the two items a new company has
		t.Errorf("%d writes", n)
	}
}

// A state somebody wrote over is put right, and the edit is nobody's news.
func TestSyncState_WrittenOverIsPutRight(t *testing.T) {
	w := newWorld(t)
	w.newBooks("Customer", m{"DisplayName": "Harbor Inn", "CompanyName": "Harbor Inn"})
	w.connect()
	w.firstSync()
	id := w.crmID("Accounts", "Account_Name", "Harbor Inn")
	books := w.booksState().apiWrites()
	w.editCRM("Accounts", id, m{"QuickBooks_sync": "all fine"})
	w.sync()
	w.clock.Advance(20 * time.Minute)
	w.sync()
	want(t, "put right", w.state("Accounts", "Account_Name", "Harbor Inn"), "In step")
	if n := w.booksState().apiWrites() - books; n != 0 {
		t.Errorf("%d writes to QuickBooks", n)
	}
	w.nothingMore()
}

// A person's edit between our write and the note is an edit: the note gives way
// and takes nothing for the vendor's doing.
func TestSyncState_EditBeforeTheNoteIsAnEdit(t *testing.T) {
	w := newWorld(t, func(_ *qbobox.Options, _ *zohobox.Options) {})
	c := w.newBooks("Customer", m{"DisplayName": "Harbor Inn", "CompanyName": "Harbor Inn", "PrimaryPhone": phone("555-0")})
	w.connect()
	w.firstSync()
	id := w.crmID("Accounts", "Account_Name", "Harbor Inn")
	w.editBooks("Customer", c, m{"Active": false})
	w.sync()
	w.editCRM("Accounts", id, m{"Website": "https://harbor.example"})
	w.sync()
	w.clock.Advance(2 * time.Minute)
	w.editCRM("Accounts", id, m{"Phone": "555-2"})
	if _, err := w.eng.Turn(t.Context(), w.conn.ID, engine.Ask{}); err != nil { // no feed: the note goes by what was seen
		t.Fatal(err)
	}
	w.later()
	w.editBooks("Customer", c, m{"Active": true})
	w.sync()
	w.later()
	want(t, "the edit", get(w.booksState().find(t, "Customer", "Id", c), "PrimaryPhone", "FreeFormNumber"), "555-2")
	want(t, "the state", w.state("Accounts", "Account_Name", "Harbor Inn"), "In step")
	w.nothingMore()
}

// What waits for another record says for which.
func TestSyncState_WaitsForSomethingNamed(t *testing.T) {
	w := newWorld(t).connect()
	w.firstSync()
	w.settings(func(s *crossbook.Settings) {
		ms := s.Modules[crossbook.Vendors]
		ms.On = true
		s.Modules[crossbook.Vendors] = ms
	})
	v := w.newCRM("Vendors", m{"Vendor_Name": "Tool House"})
	w.newCRM("Products", m{"Product_Name": "Rake", "Vendor_Name": m{"id": v}})
	w.sync()
	w.later()
	want(t, "the product once its vendor is there", w.state("Products", "Product_Name", "Rake"), "In step")
	w.nothingMore()
}

// A record that takes no write at all is not written to only to say so; what it
// showed stays until the lock is gone.
func TestSyncState_IsNotWrittenToALockedRecord(t *testing.T) {
	w := newWorld(t)
	customer := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
	w.connect().firstSync()
	id := w.crmID("Accounts", "Account_Name", "Cool Cars")
	w.personCRM(zohobox.Action{Action: "lock", Type: "Accounts", ID: id})
	w.editBooks("Customer", customer, m{"PrimaryPhone": phone("555-1")})
	w.sync()
	if p := w.problems(); len(p) != 1 || p[0].Problem.Number != 6 {
		t.Fatalf("problems %+v", p)
	}
	writes := w.calls(w.crm.Transport())["record_write"]
	w.later()
	if n := w.calls(w.crm.Transport())["record_write"] - writes; n != 0 {
		t.Errorf("%d calls wrote to the locked record", n)
	}
	w.personCRM(zohobox.Action{Action: "unlock", Type: "Accounts", ID: id})
	w.clock.Advance(2 * time.Hour)
	w.sync()
	w.later()
	want(t, "phone", w.crmState().find(t, "Accounts", "id", id)["Phone"], "555-1")
	want(t, "state once unlocked", w.state("Accounts", "id", id), "In step")
	w.nothingMore()
}
