package engine_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"crossbook/engine"
	"crossbook/sandbox/qbobox"
)

// calls are what a sandbox counted, by kind.
type calls map[string]int

func (w *world) calls(rt http.RoundTripper) calls {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "http://localhost/_sandbox/calls", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out struct {
		ByKind calls `json:"by_kind"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		w.t.Fatal(err)
	}
	return out.ByKind
}

// recordCalls are the reads and writes of records on both sides.
func (w *world) recordCalls() int {
	crm, books := w.calls(w.crm.Transport()), w.calls(w.books.Transport())
	return crm["record_read"] + crm["record_write"] + books["record_read"] + books["record_write"]
}

// people makes n customers in QuickBooks, every third of them a company with a
// person.
func (w *world) people(n int) {
	w.t.Helper()
	list := make([]map[string]any, n)
	for i := range list {
		list[i] = m{
			"DisplayName": fmt.Sprintf("Person Number %d", i), "GivenName": "Person", "FamilyName": fmt.Sprintf("Number %d", i),
			"PrimaryPhone": phone(fmt.Sprintf("555-%d", i)),
		}
		if i%3 == 0 {
			list[i]["CompanyName"] = fmt.Sprintf("Company %d", i)
		}
	}
	if err := w.books.Load("Customer", list); err != nil {
		w.t.Fatal(err)
	}
}

func TestPace_SecondSyncWithNothingChanged_NineCallsNoWrites(t *testing.T) {
	w := newWorld(t)
	w.people(300)
	w.connect()
	w.firstSync()
	w.clock.Advance(time.Hour)
	w.sync() // takes in the echoes of what the first sync wrote
	w.clock.Advance(time.Hour)
	if _, err := w.crmClient().Org(t.Context()); err != nil { // an access token that lasts
		t.Fatal(err)
	}
	before, writes := w.recordCalls(), w.crmState().apiWrites()+w.booksState().apiWrites()
	w.sync()
	if n := w.recordCalls() - before; n != 9 {
		t.Errorf("%d record calls, want 9: 1 of change data capture, 4 modified-since, 4 deleted", n)
	}
	w.personBooks(qbobox.Action{Action: "bump_all", Type: "Customer"})
	w.sync()
	if n := w.crmState().apiWrites() + w.booksState().apiWrites() - writes; n != 0 {
		t.Errorf("%d writes, want 0", n)
	}
}

// Right after a first sync of more records than a list shows at once, all of
// them come back in the overlap.
func TestPace_SyncRightAfterALargeFirst_NineCallsNoWrites(t *testing.T) {
	w := newWorld(t)
	w.people(300)
	w.connect()
	w.firstSync()
	before, writes := w.recordCalls(), w.crmState().apiWrites()+w.booksState().apiWrites()
	w.clock.Advance(time.Second)
	w.sync()
	if n := w.recordCalls() - before; n != 9 {
		t.Errorf("%d record calls, want 9", n)
	}
	if n := w.crmState().apiWrites() + w.booksState().apiWrites() - writes; n != 0 {
		t.Errorf("%d writes, want 0", n)
	}
}

func TestPace_ImportOfManyCustomers_StaysNearTheBound(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 2_000
	}
	w := newWorld(t)
	w.people(n)
	w.clock.Advance(time.Hour) // a company is not made in the minute it is connected
	w.tune = func(o *engine.Options) { o.MaxTurn = time.Hour }
	w.connect()
	before := w.recordCalls()
	start := time.Now()
	w.firstSync()
	got := w.recordCalls() - before
	ceil := func(a, b int) int { return (a + b - 1) / b }
	accounts := ceil(n, 3)
	// QuickBooks reads by pages of 1,000, one empty page for each other entity;
	// Zoho reads by pages of 2,000, and writes by 100 a wave (design section 10).
	bound := ceil(n, 1000) + 7 + 4 + ceil(accounts, 100) + ceil(n, 100)
	t.Logf("%d customers: %d record calls, bound %d, ratio %.3f, %s", n, got, bound, float64(got)/float64(bound), time.Since(start).Round(time.Millisecond))
	if float64(got) > 1.1*float64(bound) {
		t.Errorf("%d record calls, more than 1.1 x %d", got, bound)
	}
	if c := len(w.crmState().Records["Contacts"]); c != n {
		t.Errorf("%d contacts, want %d", c, n)
	}
}
