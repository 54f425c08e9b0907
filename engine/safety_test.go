package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// otherSides answers in the place of the vendors.
type otherCRM struct {
	engine.CRM
	org  string
	lose *int // how many of the next records asked for by id are not found
}

func (c otherCRM) Identity(ctx context.Context) (string, error) {
	if c.org != "" {
		return c.org, nil
	}
	return c.CRM.Identity(ctx)
}

func (c otherCRM) Read(ctx context.Context, mod crossbook.Module, ids []string) ([]crossbook.Record, error) {
	for c.lose != nil && len(ids) > 0 && *c.lose > 0 {
		*c.lose--
		ids = ids[1:]
	}
	return c.CRM.Read(ctx, mod, ids)
}

type otherBooks struct {
	engine.Books
	realm string
}

func (b otherBooks) Identity(ctx context.Context) (string, error) {
	if b.realm != "" {
		return b.realm, nil
	}
	return b.Books.Identity(ctx)
}

// replace puts other sides between the engine and the sandboxes from now on.
func (w *world) replace(change func(*engine.Sides)) {
	w.tune = func(o *engine.Options) {
		connect := o.Connect
		o.Connect = func(ctx context.Context, c crossbook.Connection) (engine.Sides, error) {
			s, err := connect(ctx, c)
			change(&s)
			return s, err
		}
	}
	w.restart()
}

func (w *world) resume(mod crossbook.Module) {
	w.t.Helper()
	if _, err := w.eng.Resume(w.t.Context(), w.conn.ID, mod, true, "Ana"); err != nil {
		w.t.Fatal(err)
	}
}

// The canary: before a turn's first write both ends must be the ones that were
// connected, and of five links at least three must exist.
func TestCanary_StopsBeforeTheFirstWrite(t *testing.T) {
	three, two := 3, 2
	for _, c := range []struct {
		name  string
		sides func(*engine.Sides)
		says  string // part of the reason; empty: goes on
	}{
		{"another organisation", func(s *engine.Sides) { s.CRM = otherCRM{CRM: s.CRM, org: "999"} }, "organisation behind the sign-in is another one"},
		{"another company", func(s *engine.Sides) { s.Books = otherBooks{Books: s.Books, realm: "999"} }, "company behind the sign-in is another one"},
		{"three of five linked records gone", func(s *engine.Sides) { s.CRM = otherCRM{CRM: s.CRM, lose: &three} }, "most linked records are not to be found"},
		{"two of five linked records gone", func(s *engine.Sides) { s.CRM = otherCRM{CRM: s.CRM, lose: &two} }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			for i := range 5 {
				w.newBooks("Vendor", m{"DisplayName": fmt.Sprintf("Supplier %d", i)})
			}
			w.connect().allVendors()
			w.firstSync()
			w.newCRM("Vendors", m{"Vendor_Name": "New in the CRM"})
			w.newBooks("Vendor", m{"DisplayName": "New in QuickBooks"})
			before := w.crmState().apiWrites() + w.booksState().apiWrites()
			w.replace(c.sides)
			w.sync()
			wrote := w.crmState().apiWrites() + w.booksState().apiWrites() - before
			if c.says == "" {
				if wrote == 0 || len(w.brakes()) > 0 {
					t.Errorf("%d writes, brakes %+v: want it to go on", wrote, w.brakes())
				}
				return
			}
			b := w.brakes()
			if len(b) != 1 || !strings.Contains(b[0].Reason, c.says) || b[0].Module != "" {
				t.Fatalf("brakes %+v, want one over everything that says %q", b, c.says)
			}
			if wrote != 0 {
				t.Errorf("%d writes past the canary", wrote)
			}
			w.tune = nil
			w.restart()
			w.resume("")
			w.sync()
			if n := len(w.crmState().Records["Vendors"]); n != 7 {
				t.Errorf("%d vendors in the CRM after the release, want 7", n)
			}
			w.nothingMore()
		})
	}
}

// Every brake counts what is due with what was done in the last 24 hours, stops
// before the first record, and is released by resume.
func TestBrakes_CountOverADay_AndAreReleasedByResume(t *testing.T) {
	vendors := func(n int) func(*world) {
		return func(w *world) {
			list := make([]map[string]any, n)
			for i := range list {
				list[i] = m{"DisplayName": fmt.Sprintf("Supplier %d", i)}
			}
			if err := w.books.Load("Vendor", list); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	inCRM := func(from, to int) func(*world) {
		return func(w *world) {
			for i := from; i < to; i++ {
				w.newCRM("Vendors", m{"Vendor_Name": fmt.Sprintf("Newcomer %d", i)})
			}
		}
	}
	editBooks := func(n int, phoneNumber string) func(*world) {
		return func(w *world) {
			for i := range n {
				w.editBooks("Vendor", w.booksID("Vendor", "DisplayName", fmt.Sprintf("Supplier %d", i)), m{"PrimaryPhone": phone(phoneNumber)})
			}
		}
	}
	editCRM := func(n int, phoneNumber string) func(*world) {
		return func(w *world) {
			for i := range n {
				w.editCRM("Vendors", w.crmID("Vendors", "Vendor_Name", fmt.Sprintf("Supplier %d", i)), m{"Phone": phoneNumber})
			}
		}
	}
	remove := func(from, to int) func(*world) {
		return func(w *world) {
			for i := from; i < to; i++ {
				w.personCRM(zohobox.Action{Action: "delete", Type: "Vendors", ID: w.crmID("Vendors", "Vendor_Name", fmt.Sprintf("Supplier %d", i))})
			}
		}
	}
	for _, c := range []struct {
		name   string
		before func(*world)
		first  func(*world) // done and synced; must pass
		wait   time.Duration
		second func(*world)
		stops  string
	}{
		{"twenty and five creates in QuickBooks pass", vendors(1), inCRM(0, 20), time.Hour, inCRM(20, 25), ""},
		{"twenty creates, and six more on the same day", vendors(1), inCRM(0, 20), 20 * time.Hour, inCRM(20, 26), "26 Vendors would be created in QuickBooks"},
		{"twenty creates, and six more a day later pass", vendors(1), inCRM(0, 20), 26 * time.Hour, inCRM(20, 26), ""},
		{"a hundred changes towards the CRM, and one more", vendors(102), editBooks(100, "555-1"), time.Hour, editBooks(1, "555-2"), "101 Vendors would be changed in Zoho CRM"},
		{"a hundred and one changes towards QuickBooks at once", vendors(102), nil, 0, editCRM(101, "555-1"), "101 Vendors would be changed in QuickBooks"},
		{"ten deleted in the CRM, and one more", vendors(20), remove(0, 10), 2 * time.Hour, remove(10, 11), "11 Vendors would be unlinked"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			c.before(w)
			w.clock.Advance(time.Hour)
			w.connect().allVendors()
			w.firstSync()
			w.clock.Advance(time.Hour)
			if c.first != nil {
				c.first(w)
				w.sync()
				w.clock.Advance(c.wait)
				w.sync()
			}
			if b := w.brakes(); len(b) != 0 {
				t.Fatalf("stopped too early: %+v", b)
			}
			c.second(w)
			before := w.crmState().apiWrites() + w.booksState().apiWrites()
			w.sync()
			b := w.brakes()
			if c.stops == "" {
				if len(b) != 0 {
					t.Errorf("stopped: %+v", b)
				}
				w.nothingMore()
				return
			}
			if len(b) == 0 || !strings.Contains(b[0].Reason, c.stops) {
				t.Fatalf("brakes %+v, want one that says %q", b, c.stops)
			}
			if n := w.crmState().apiWrites() + w.booksState().apiWrites() - before; n != 0 {
				t.Errorf("%d writes past the brake", n)
			}
			w.resume(crossbook.Vendors)
			w.sync()
			if b := w.brakes(); len(b) != 0 {
				t.Errorf("brakes after resume: %+v", b)
			}
			w.nothingMore()
		})
	}
}

// In the first turn after a reconnect, a restore or a change of the mapping no
// write to QuickBooks goes out without a person's word (P43).
func TestHold_FirstWritesToQuickBooksWaitForAPerson(t *testing.T) {
	for _, c := range []struct {
		name   string
		happen func(w *world)
		says   string
	}{
		{"reconnected", func(w *world) { w.connect() }, "connection was made again"},
		{"restored", func(w *world) {
			err := w.store.Update(w.t.Context(), func(tx *store.Tx) error {
				return engine.Hold(w.t.Context(), tx, w.conn.ID, engine.HeldRestored, w.clock.Now())
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}, "restored from a backup"},
		{"mapping changed", func(w *world) { w.mapJobTitle() }, "field mapping was changed"},
	} {
		for _, how := range []string{"resume", "an approved sync", "nothing to write"} {
			t.Run(c.name+", "+how, func(t *testing.T) {
				w := newWorld(t).connect().allVendors()
				w.firstSync()
				w.sync()
				edit := func() { w.newCRM("Vendors", m{"Vendor_Name": "New in the CRM"}) }
				c.happen(w)
				if how == "nothing to write" {
					w.sync()
					edit()
					w.sync()
				} else {
					edit()
					w.sync()
					b := w.brakes()
					if len(b) != 1 || b[0].Side != crossbook.Books || !strings.Contains(b[0].Reason, c.says) {
						t.Fatalf("brakes %+v, want one that says %q", b, c.says)
					}
					if n := len(w.booksState().Records["Vendor"]); n != 0 {
						t.Fatalf("%d vendors were written to QuickBooks", n)
					}
					w.newBooks("Vendor", m{"DisplayName": "New in QuickBooks"})
					w.sync()
					if n := len(w.crmState().Records["Vendors"]); n != 2 {
						t.Errorf("%d vendors in the CRM, want 2: only QuickBooks is held", n)
					}
					if how == "resume" {
						w.resume("")
						w.sync()
					} else if _, err := w.eng.Approve(t.Context(), w.conn.ID); err != nil {
						t.Fatal(err)
					} else if _, err := w.eng.Turn(t.Context(), w.conn.ID, engine.Ask{Feeds: true, Approved: true}); err != nil {
						t.Fatal(err)
					}
				}
				w.booksState().find(t, "Vendor", "DisplayName", "New in the CRM")
				if b := w.brakes(); len(b) != 0 {
					t.Errorf("brakes %+v", b)
				}
				w.newCRM("Vendors", m{"Vendor_Name": "Another"})
				w.sync()
				w.booksState().find(t, "Vendor", "DisplayName", "Another")
				w.nothingMore()
			})
		}
	}
}

// The first sync after connecting is approved, however often a person connects
// before it.
func TestHold_ConnectedTwiceBeforeTheFirstSync_HoldsNothing(t *testing.T) {
	w := newWorld(t)
	w.newCRM("Vendors", m{"Vendor_Name": "Supplier", mapping.FieldSend: true})
	w.connect().allVendors()
	w.connect()
	w.firstSync()
	w.newCRM("Vendors", m{"Vendor_Name": "Another"})
	w.sync()
	w.booksState().find(t, "Vendor", "DisplayName", "Another")
	w.nothingMore()
}

// A date in a closed period is never moved, and the refused write is not sent
// again by itself; a person who opened the period resumes it (P16).
func TestClosedPeriod_StopsTheWriteForGood(t *testing.T) {
	w := newWorld(t, func(q *qbobox.Options, _ *zohobox.Options) { q.BookCloseDate = "2026-04-30" }).connect()
	w.firstSync()
	w.newCRM("Products", m{"Product_Name": "Pump", "QuickBooks_type": "Inventory", "As_of_Date": "2026-04-08", "Qty_in_Stock": 40})
	w.sync()
	p := w.problems()
	if len(p) != 1 || p[0].Problem.Code != "6200" || !strings.Contains(p[0].Problem.Cure, "never moved") {
		t.Fatalf("problems %+v, want the closed period with its cure", p)
	}
	sent := w.calls(w.books.Transport())["record_write"]
	for range 10 {
		w.clock.Advance(13 * time.Hour)
		w.sync()
	}
	if n := w.calls(w.books.Transport())["record_write"] - sent; n != 0 {
		t.Errorf("the refused write was sent %d times more", n)
	}
	for _, it := range w.booksState().Records["Item"] {
		if it["Name"] == "Pump" {
			t.Error("the pump is in QuickBooks")
		}
	}
	w.personBooks(qbobox.Action{Action: "close_books", Data: m{"BookCloseDate": ""}})
	w.resume(crossbook.Products)
	w.sync()
	want(t, "start date", w.booksState().find(t, "Item", "Name", "Pump")["InvStartDate"], "2026-04-08")
	w.nothingMore()
}

// Two programs that each put their own value back: the third write is a problem
// and not a loop (design section 5).
func TestPingPong_TwoProgramsPutTheirOwnBack_IsAProblemNotALoop(t *testing.T) {
	w := newWorld(t)
	id := w.newBooks("Vendor", m{"DisplayName": "Supplier", "PrimaryPhone": phone("555-0")})
	w.connect().allVendors()
	w.firstSync()
	crm := w.crmID("Vendors", "Vendor_Name", "Supplier")
	phones := func() int { return w.crmState().writesOf("Phone") + w.booksState().writesOf("PrimaryPhone") }
	writes := phones()
	w.editBooks("Vendor", id, m{"PrimaryPhone": phone("555-1")})
	for range 6 {
		w.sync()
		if fmt.Sprint(w.crmState().find(t, "Vendors", "id", crm)["Phone"]) == "555-1" {
			w.editCRM("Vendors", crm, m{"Phone": "555-2"}) // a workflow in the CRM
		}
		w.sync()
		if fmt.Sprint(get(w.booksState().find(t, "Vendor", "Id", id), "PrimaryPhone", "FreeFormNumber")) == "555-2" {
			w.editBooks("Vendor", id, m{"PrimaryPhone": phone("555-1")}) // another program in QuickBooks
		}
		w.clock.Advance(20 * time.Second)
	}
	if n := phones() - writes; n != 2 {
		t.Errorf("the phone was written %d times, want 2: the third is the one too many", n)
	}
	p := w.problems()
	if len(p) != 1 || !strings.Contains(p[0].Problem.Text, "back and forth: Phone") {
		t.Fatalf("problems %+v", p)
	}
	// Once the loop is stopped, an edit goes through and the problem is gone.
	w.clock.Advance(time.Hour)
	w.editBooks("Vendor", id, m{"PrimaryPhone": phone("555-3")})
	w.sync()
	want(t, "phone", w.crmState().find(t, "Vendors", "id", crm)["Phone"], "555-3")
	w.nothingMore()
}
