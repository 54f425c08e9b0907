package engine_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"crossbook/engine"
)

// With several calls under way at once nothing is doubled and nothing races:
// this test is for the race detector (make race).
func TestParallel_HundredsOfCreatesOnBothSides_DoubleNothing(t *testing.T) {
	const customers, vendors = 400, 200
	w := newWorld(t)
	w.people(customers)
	var suppliers []map[string]any
	for i := range vendors {
		suppliers = append(suppliers, m{"Vendor_Name": fmt.Sprintf("Supplier %d", i)})
	}
	var underWay, most atomic.Int32
	w.step = func(name string) {
		switch name {
		case "intent stored":
			n := underWay.Add(1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
		case "answer received":
			underWay.Add(-1)
		}
	}
	w.tune = func(o *engine.Options) { o.Parallel = 8 }
	w.connect()
	w.firstSync()
	w.clock.Advance(time.Hour) // what people add after the go is sent to QuickBooks
	if err := w.crm.Load("Vendors", suppliers); err != nil {
		t.Fatal(err)
	}
	if rep, err := w.eng.Turn(t.Context(), w.conn.ID, engine.Ask{Feeds: true, Approved: true}); err != nil || !rep.Done {
		t.Fatalf("turn: %+v, %v", rep, err)
	}
	if most.Load() < 2 {
		t.Errorf("%d calls under way at once, want several", most.Load())
	}

	crm, books := w.crmState(), w.booksState()
	if n := len(crm.Records["Contacts"]); n != customers {
		t.Errorf("%d Contacts, want %d", n, customers)
	}
	if n, want := len(crm.Records["Accounts"]), (customers+2)/3; n != want {
		t.Errorf("%d Accounts, want %d", n, want)
	}
	if n := len(books.Records["Vendor"]); n != vendors {
		t.Errorf("%d vendors in QuickBooks, want %d", n, vendors)
	}
	for _, module := range []string{"Accounts", "Contacts", "Vendors"} {
		seen := map[string]bool{}
		for _, r := range crm.Records[module] {
			id := fmt.Sprint(r["QuickBooks_Id"])
			if r["QuickBooks_Id"] == nil || seen[id] {
				t.Errorf("%s %v carries the QuickBooks id %s, a second time or not at all", module, r["id"], id)
			}
			seen[id] = true
		}
	}
	writes := crm.apiWrites() + books.apiWrites()
	w.sync()
	if n := w.crmState().apiWrites() + w.booksState().apiWrites() - writes; n != 0 {
		t.Errorf("%d writes by a sync with nothing changed", n)
	}
}
