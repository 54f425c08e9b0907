package engine_test

import (
	"fmt"
	"testing"
	"time"

	"crossbook"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// crash is what a killed process looks like from inside.
type crash struct{ step string }

// killAt makes the n-th step of the engine the last one of its process.
func (w *world) killAt(n int) {
	w.step = func(name string) {
		n--
		if n == 0 {
			panic(crash{name})
		}
	}
}

// survive runs work that may be killed; it tells at which step it was.
func (w *world) survive(work func()) (step string) {
	defer func() {
		if p := recover(); p != nil {
			c, ok := p.(crash)
			if !ok {
				panic(p)
			}
			step = c.step
		}
	}()
	work()
	return ""
}

// reborn is a new process after a crash: the old one's lease has run out.
func (w *world) reborn() {
	w.step = func(string) {}
	w.clock.Advance(time.Minute)
	w.restart()
}

// everyCrash runs a scenario once to count its steps, then once for each step
// with a kill there, a restart and a sync to quiet, and checks each time.
func everyCrash(t *testing.T, build func(t *testing.T) *world, work func(*world), check func(t *testing.T, w *world)) {
	t.Helper()
	w := build(t)
	steps := 0
	w.step = func(string) { steps++ }
	work(w)
	w.step = func(string) {}
	check(t, w)
	if steps < 10 {
		t.Fatalf("only %d steps: the crash points are gone", steps)
	}
	for n := 1; n <= steps; n++ {
		t.Run(fmt.Sprintf("step %d", n), func(t *testing.T) {
			w := build(t)
			w.killAt(n)
			at := w.survive(func() { work(w) })
			if at == "" {
				t.Skip("the scenario took fewer steps this time")
			}
			w.reborn()
			w.sync()
			// What waited for the deadline of a lost call goes on after it.
			w.clock.Advance(5 * time.Minute)
			w.sync()
			w.clock.Advance(2 * time.Hour)
			w.sync()
			check(t, w)
		})
	}
}

func TestVendors_KilledAtEveryStep_NothingIsLostOrDoubled(t *testing.T) {
	build := func(t *testing.T) *world {
		w := newWorld(t)
		for i := range 3 {
			w.personBooks(qbobox.Action{Action: "create", Type: "Vendor", Data: map[string]any{"DisplayName": fmt.Sprintf("Supplier %d", i)}})
		}
		w.personCRM(zohobox.Action{Action: "create", Type: "Vendors", Data: map[string]any{"Vendor_Name": "supplier 1", "Email": "one@supplier.example"}})
		return w.connect().allVendors()
	}
	work := func(w *world) {
		w.firstSync()
		w.personCRM(zohobox.Action{Action: "create", Type: "Vendors", Data: map[string]any{"Vendor_Name": "New here", "Phone": "555-1"}})
		q := w.booksState().find(w.t, "Vendor", "DisplayName", "Supplier 0")
		w.personBooks(qbobox.Action{Action: "update", Type: "Vendor", ID: q["Id"].(string), Data: map[string]any{"PrimaryPhone": map[string]any{"FreeFormNumber": "555-0"}}})
		w.sync()
		c := w.crmState().find(w.t, "Vendors", "Vendor_Name", "New here")
		w.personCRM(zohobox.Action{Action: "update", Type: "Vendors", ID: c["id"].(string), Data: map[string]any{"Phone": "555-2", "City": "Leeds"}})
		w.sync()
	}
	check := func(t *testing.T, w *world) {
		t.Helper()
		w.t = t
		finish(w, work)
		crm, books := w.crmState(), w.booksState()
		if len(crm.Records["Vendors"]) != 4 || len(books.Records["Vendor"]) != 4 {
			t.Fatalf("%d CRM vendors and %d QuickBooks vendors, want 4 and 4", len(crm.Records["Vendors"]), len(books.Records["Vendor"]))
		}
		if p := crm.find(t, "Vendors", "Vendor_Name", "Supplier 0")["Phone"]; p != "555-0" {
			t.Errorf("the edit in QuickBooks was lost: phone %v", p)
		}
		b := books.find(t, "Vendor", "DisplayName", "New here")
		if p := b["PrimaryPhone"].(map[string]any)["FreeFormNumber"]; p != "555-2" {
			t.Errorf("the edit in the CRM was lost: phone %v", p)
		}
		one := books.find(t, "Vendor", "DisplayName", "Supplier 1")
		if e, _ := one["PrimaryEmailAddr"].(map[string]any); e["Address"] != "one@supplier.example" {
			t.Errorf("first contact did not fill the e-mail: %v", one["PrimaryEmailAddr"])
		}
		if p := w.problems(); len(p) > 0 {
			t.Errorf("problems: %+v", p)
		}
		before := crm.apiWrites() + books.apiWrites()
		w.sync()
		if after := w.crmState().apiWrites() + w.booksState().apiWrites(); after != before {
			t.Errorf("a sync with nothing changed wrote %d times", after-before)
		}
	}
	everyCrash(t, build, work, check)
}

// finish makes sure that people's part of the scenario has happened: a kill in
// the first sync comes before it.
func finish(w *world, _ func(*world)) {
	w.t.Helper()
	if len(w.crmState().Records[string(crossbook.Vendors)]) == 0 {
		w.sync()
	}
	has := func(field, value, key, want string) bool {
		for _, r := range w.crmState().Records["Vendors"] {
			if fmt.Sprint(r[field]) == value {
				return key == "" || fmt.Sprint(r[key]) == want
			}
		}
		return false
	}
	if !has("Vendor_Name", "New here", "", "") {
		w.personCRM(zohobox.Action{Action: "create", Type: "Vendors", Data: map[string]any{"Vendor_Name": "New here", "Phone": "555-1"}})
		w.sync()
	}
	q := w.booksState().find(w.t, "Vendor", "DisplayName", "Supplier 0")
	if q["PrimaryPhone"] == nil {
		w.personBooks(qbobox.Action{Action: "update", Type: "Vendor", ID: q["Id"].(string), Data: map[string]any{"PrimaryPhone": map[string]any{"FreeFormNumber": "555-0"}}})
		w.sync()
	}
	if !has("Vendor_Name", "New here", "Phone", "555-2") {
		c := w.crmState().find(w.t, "Vendors", "Vendor_Name", "New here")
		w.personCRM(zohobox.Action{Action: "update", Type: "Vendors", ID: c["id"].(string), Data: map[string]any{"Phone": "555-2", "City": "Leeds"}})
		w.sync()
	}
}
