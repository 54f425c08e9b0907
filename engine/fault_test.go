package engine_test

import (
	"fmt"
	"testing"
	"time"

	"crossbook/engine"
	"crossbook/sandbox/fault"
	"crossbook/sandbox/zohobox"
)

const systemFault = `{"Fault":{"Error":[{"Message":"An application error has occurred while processing your request","Detail":"System Failure Error","code":"10000","element":"SystemFailureError"}],"type":"SystemFault"}}`

// One record that QuickBooks cannot digest must neither stop its side nor its
// neighbours, and is not sent without end.
func TestFault_RecordThatQuickBooksCannotDigest_BecomesAProblemAlone(t *testing.T) {
	for _, status := range []int{500, 200} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			w := newWorld(t)
			w.connect()
			w.firstSync()
			_, err := w.books.Faults().Add(fault.Rule{Kind: "status", Method: "POST", PathContains: "/batch", BodyContains: "Indigestible", Status: status, Body: systemFault})
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"Supplier A", "Indigestible", "Supplier B"} {
				w.personCRM(zohobox.Action{Action: "create", Type: "Vendors", Data: m{"Vendor_Name": name}})
			}
			w.clock.Advance(10 * time.Minute)
			for range 60 { // an hour of ticks
				// Approved: each try counts as a create to the brakes.
				if _, err := w.eng.Turn(t.Context(), w.conn.ID, engine.Ask{Feeds: true, Approved: true}); err != nil {
					t.Fatal(err)
				}
				w.clock.Advance(time.Minute)
			}
			names := map[string]int{}
			for _, r := range w.booksState().Records["Vendor"] {
				names[fmt.Sprint(r["DisplayName"])]++
			}
			if len(names) != 2 || names["Supplier A"] != 1 || names["Supplier B"] != 1 {
				t.Errorf("vendors in QuickBooks: %v, want the two neighbours, once each", names)
			}
			if p := w.problems(); len(p) != 1 || p[0].Name != "Indigestible" {
				t.Errorf("problems: %+v, want one, of the record that fails", p)
			}
			var sent int
			for _, r := range w.books.Faults().List() {
				sent += r.Fired
			}
			if sent > 20 {
				t.Errorf("sent %d times in an hour, want a few", sent)
			}

			w.books.Faults().Clear()
			w.clock.Advance(25 * time.Hour)
			if _, err := w.eng.Turn(t.Context(), w.conn.ID, engine.Ask{Feeds: true, Approved: true}); err != nil {
				t.Fatal(err)
			}
			if p := w.problems(); len(p) != 0 {
				t.Errorf("problems after QuickBooks recovered: %+v", p)
			}
			if n := len(w.booksState().Records["Vendor"]); n != 3 {
				t.Errorf("%d vendors after QuickBooks recovered, want 3", n)
			}
		})
	}
}
