package engine_test

import (
	"fmt"
	"testing"
	"time"

	"crossbook"
	"crossbook/sandbox/zohobox"
)

// triggers lists what the API's writes to a CRM module asked the CRM's
// automation to do, from the n-th write on, and how many writes there are now.
func (w *world) triggers(mod crossbook.Module, from int) (list []string, n int) {
	w.t.Helper()
	writes := w.crmState().Writes
	for _, e := range writes[from:] {
		if e.Actor != "api" || e.Type != string(mod) {
			continue
		}
		if e.Trigger == nil {
			w.t.Errorf("a write to %s left the trigger out: everything would run", mod)
		}
		list = append(list, e.Op+fmt.Sprint(e.Trigger))
	}
	return list, len(writes)
}

const (
	quiet   = "[]"
	liveRun = "[workflow blueprint]"
)

func (w *world) wantTriggers(what string, mod crossbook.Module, from int, each string) int {
	w.t.Helper()
	list, n := w.triggers(mod, from)
	if len(list) == 0 {
		w.t.Errorf("%s: nothing was written to %s", what, mod)
	}
	for _, got := range list {
		if got != "create"+each && got != "update"+each {
			w.t.Errorf("%s: %s written with trigger %s, want %s", what, mod, got, each)
		}
	}
	return n
}

// Automation runs for what people just did and for nothing else (P25, R127).
func TestAutomation_RunsForLiveChangesAlone(t *testing.T) {
	w := newWorld(t)
	customer := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "GivenName": "Grace", "FamilyName": "Pariente"})
	item := w.newService("Washing", m{})
	w.newInvoice("1001", customer, item, 1)
	w.connect()
	w.firstSync()
	n := 0
	for _, mod := range []crossbook.Module{crossbook.Accounts, crossbook.Contacts, crossbook.Products, crossbook.Invoices} {
		n = w.wantTriggers("first sync", mod, 0, quiet)
	}

	w.editBooks("Customer", customer, m{"PrimaryPhone": phone("555-1")})
	w.newInvoice("1002", customer, item, 2)
	w.newBooks("Customer", m{"DisplayName": "Red Barn", "CompanyName": "Red Barn"})
	w.sync()
	w.wantTriggers("live", crossbook.Invoices, n, liveRun)
	n = w.wantTriggers("live", crossbook.Accounts, n, liveRun)

	if err := w.eng.Pause(t.Context(), w.conn.ID, crossbook.Accounts, "Ana"); err != nil {
		t.Fatal(err)
	}
	w.editBooks("Customer", customer, m{"PrimaryPhone": phone("555-2")})
	w.sync()
	w.resume(crossbook.Accounts)
	w.sync()
	want(t, "phone", w.crmState().find(t, "Accounts", "Account_Name", "Cool Cars")["Phone"], "555-2")
	n = w.wantTriggers("catch-up after a pause", crossbook.Accounts, n, quiet)

	w.editBooks("Customer", customer, m{"PrimaryPhone": phone("555-3")})
	w.sync()
	n = w.wantTriggers("live again", crossbook.Accounts, n, liveRun)

	w.newBooks("Invoice", m{"CustomerRef": m{"value": customer}, "DocNumber": "900", "TxnDate": "2026-04-20", "Line": []any{
		m{"DetailType": "SalesItemLineDetail", "Amount": 10, "SalesItemLineDetail": m{"ItemRef": m{"value": item}, "Qty": 1, "UnitPrice": 10}},
	}})
	w.sync()
	w.wantTriggers("a document of a fortnight ago", crossbook.Invoices, n, quiet)
}

// A live change that had to wait for a while is still one.
func TestAutomation_LiveChangeThatWaited_Runs(t *testing.T) {
	w := newWorld(t)
	customer := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
	w.connect()
	w.firstSync()
	w.sync()
	a := w.crmID("Accounts", "Account_Name", "Cool Cars")
	_, n := w.triggers(crossbook.Accounts, 0)
	w.personCRM(zohobox.Action{Action: "lock", Type: "Accounts", ID: a})
	w.editBooks("Customer", customer, m{"PrimaryPhone": phone("555-1")})
	w.sync()
	want(t, "phone while locked", fmt.Sprint(w.crmState().find(t, "Accounts", "id", a)["Phone"]), "<nil>")
	w.personCRM(zohobox.Action{Action: "unlock", Type: "Accounts", ID: a})
	w.clock.Advance(2 * time.Hour)
	w.sync()
	want(t, "phone", w.crmState().find(t, "Accounts", "id", a)["Phone"], "555-1")
	w.wantTriggers("after the lock", crossbook.Accounts, n, liveRun)
}
