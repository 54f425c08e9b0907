package qbobox_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/qbobox"
)

// reference section 4.5
func TestPeople_MergeMovesEverythingToTheWinner(t *testing.T) {
	c := open(t)
	win, lose := s(c.customer("Winner"), "Id"), s(c.customer("Loser"), "Id")
	job := s(c.customer("Job", m{"Job": true, "ParentRef": v(lose)}), "Id")
	inv := s(c.invoice(lose, 70), "Id")
	c.invoice(win, 30)
	c.clock.move(time.Minute)
	c.do(qbobox.Action{User: "Eva", Action: "merge", Type: "Customer", ID: lose, Into: win})
	check(t, c.get("customer/"+lose), map[string]string{"Active": "false", "DisplayName": "Loser (deleted)", "Balance": "0", "SyncToken": "1"})
	check(t, c.get("customer/"+win), map[string]string{"Balance": "100", "SyncToken": "1"})
	check(t, c.get("invoice/"+inv), map[string]string{"CustomerRef.value": win, "CustomerRef.name": "Winner", "MetaData.LastUpdatedTime": "2026-05-05T02:01:00-07:00"})
	check(t, c.get("customer/"+job), map[string]string{"ParentRef.value": win, "FullyQualifiedName": "Winner:Job"})
	_, code, detail, _ := c.fault("POST", "customer", m{"Id": lose, "SyncToken": "1", "sparse": true, "Notes": "x"})
	if code != "6000" || detail != "Business Validation Error: You cannot modify a list element that has been deleted." {
		t.Errorf("got %s %q", code, detail)
	}
	if _, err := c.box.Do(context.Background(), qbobox.Action{Action: "merge", Type: "Customer", ID: win, Into: win}); err == nil {
		t.Error("a record merged with itself")
	}
	checkBalances(t, c)
}

func TestPeople_DocumentsOfADeletedCustomerAreFrozenForTheAPI(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Old Mill"), "Id")
	inv := s(c.invoice(cu, 40), "Id")
	c.do(qbobox.Action{Action: "inactivate", Type: "Customer", ID: cu})
	_, code, detail, _ := c.fault("POST", "invoice", m{"Id": inv, "SyncToken": "0", "sparse": true, "PrivateNote": "x"})
	if code != "2500" || detail != "Invalid Reference Id : Customer assigned to this transaction has been deleted. Before you can modify this transaction, you must restore Old Mill (deleted)." {
		t.Errorf("got %s %q", code, detail)
	}
	_, code, _, _ = c.fault("POST", "invoice", m{"CustomerRef": v(cu), "Line": []any{saleLine("1", 1, 1, 1)}})
	if code != "2500" {
		t.Errorf("a new invoice gave %s", code)
	}
	c.do(qbobox.Action{Action: "reactivate", Type: "Customer", ID: cu, Data: m{"DisplayName": "Old Mill"}})
	c.post("invoice", m{"Id": inv, "SyncToken": "0", "sparse": true, "PrivateNote": "x"})
}

func TestPeople_EverydayActions(t *testing.T) {
	c := open(t)
	cu := c.do(qbobox.Action{User: "Eva", Action: "create", Type: "Customer", Data: m{"DisplayName": "Amy", "Notes": "n"}})
	c.do(qbobox.Action{Action: "update", Type: "Customer", ID: cu.ID, Data: m{"Notes": "m"}})
	check(t, c.get("customer/"+cu.ID), map[string]string{"Notes": "m", "SyncToken": "1", "DisplayName": "Amy"})
	inv := c.do(qbobox.Action{Action: "create", Type: "Invoice", Data: m{"CustomerRef": v(cu.ID), "Line": []any{saleLine("1", 2, 10, 20)}}})
	old := c.do(qbobox.Action{Action: "create", Type: "Invoice", Data: m{"CustomerRef": v(cu.ID), "TxnDate": "2026-01-01", "Line": []any{saleLine("1", 1, 15, 15)}}})
	c.do(qbobox.Action{Action: "send", Type: "Invoice", ID: inv.ID, Data: m{"to": "a@b.co"}})
	pay := c.do(qbobox.Action{Action: "receive_payment", ID: cu.ID, Data: m{"TotalAmt": 25}})
	check(t, c.get("customer/"+cu.ID), map[string]string{"Balance": "10"})
	c.do(qbobox.Action{Action: "delete", Type: "Payment", ID: pay.ID})
	c.do(qbobox.Action{Action: "receive_payment", ID: cu.ID, Data: m{"TotalAmt": 15, "Invoices": m{old.ID: 15}}})
	check(t, c.get("invoice/"+old.ID), map[string]string{"Balance": "0"})
	c.do(qbobox.Action{Action: "void", Type: "Invoice", ID: old.ID})
	check(t, c.get("customer/"+cu.ID), map[string]string{"Balance": "5"})
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	c.do(qbobox.Action{Action: "adjust_quantity", ID: pump, Data: m{"QtyOnHand": 9, "InvStartDate": "2026-05-01"}})
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "9"})
	if _, err := c.box.Do(context.Background(), qbobox.Action{Action: "sing", Type: "Customer"}); err == nil {
		t.Error("somebody sang")
	}
	checkBalances(t, c)
	for _, w := range c.box.Writes() {
		if w.Actor == "" || w.Seq == 0 {
			t.Errorf("write %+v", w)
		}
	}
}

// The screens take a list of addresses; the API refuses to write one
// (reference section 3, EmailAddress).
func TestPeople_MayTypeAListOfAddresses(t *testing.T) {
	c := open(t)
	list := m{"PrimaryEmailAddr": m{"Address": "a@b.co, c@d.co"}}
	made, err := c.box.Do(t.Context(), qbobox.Action{Action: "create", Type: "Customer", Data: m{"DisplayName": "n", "PrimaryEmailAddr": list["PrimaryEmailAddr"]}})
	if err != nil || made.ID == "" {
		t.Fatalf("a person's list: %+v, %v", made, err)
	}
	if _, err := c.box.Do(t.Context(), qbobox.Action{Action: "update", Type: "Customer", ID: made.ID, Data: m{"PrimaryEmailAddr": m{"Address": "a@b.co, c"}}}); err == nil {
		t.Error("a list with something that is no address was taken")
	}
}

func TestPeople_BumpMovesTimesOnly(t *testing.T) {
	c := open(t)
	for i := range 5 {
		c.vendor(fmt.Sprint("V", i))
	}
	before := c.get("vendor/1")
	writes := len(c.box.Writes())
	c.clock.move(time.Minute)
	if got := c.do(qbobox.Action{Action: "bump_all", Type: "Vendor", Data: m{"Count": 3}}); got.Count != 3 {
		t.Errorf("bumped %d", got.Count)
	}
	after := c.get("vendor/1")
	check(t, after, map[string]string{"MetaData.LastUpdatedTime": "2026-05-05T02:01:00-07:00", "SyncToken": "0", "DisplayName": s(before, "DisplayName")})
	if got := c.ids("Vendor", "select * from Vendor where MetaData.LastUpdatedTime >= '2026-05-05T02:01:00-07:00' orderby Id"); got != "1,2,3" {
		t.Errorf("bumped %s", got)
	}
	if len(c.box.Writes()) != writes {
		t.Error("a bump is in the write log")
	}
}

// page calls one of the sandbox's own pages.
func (c *client) page(method, path string, body any) m {
	c.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, "http://box.example"+path, bytes.NewReader(raw))
	if err != nil {
		c.t.Fatal(err)
	}
	_, out, _ := c.roundTrip(req)
	return out
}

func TestPages_StateCallsAndDo(t *testing.T) {
	c := open(t)
	c.page("POST", "/_sandbox/calls/reset", nil)
	cu := s(c.post("customer?requestid=abc", m{"DisplayName": "Amy"}), "Id")
	c.page("POST", "/_sandbox/do", m{"user": "Eva", "action": "inactivate", "type": "Customer", "id": cu})
	inv := s(c.invoice(s(c.customer("B"), "Id"), 5), "Id")
	c.post("invoice?operation=delete", m{"Id": inv, "SyncToken": "0"})
	c.query("select * from Customer")
	c.query("select * from Term")
	c.get("preferences")
	c.call("GET", "cdc?entities=Customer&changedSince=2026-05-01", nil)
	c.call("POST", "batch", m{"BatchItemRequest": []any{m{"bId": "1", "Query": "select * from Item"}}})
	st := c.page("GET", "/_sandbox/state?type=customer", nil)
	check(t, st, map[string]string{
		"vendor": "quickbooks", "id": c.realm, "records.Customer.0.Active": "false", "records.Customer.1.DisplayName": "B", "records.Vendor": "",
		"writes.0.request_id": "abc", "writes.0.actor": "api", "writes.0.op": "create", "writes.0.type": "Customer", "writes.0.values.DisplayName": "Amy",
		"writes.1.op": "inactivate", "writes.1.actor": "Eva", "writes.4.op": "delete",
		"calls.record_write": "4", "calls.record_read": "3", "calls.metadata": "2", "calls.oauth": "0", "calls.channel": "0",
	})
	st = c.page("GET", "/_sandbox/state", nil)
	check(t, st, map[string]string{"deleted.Invoice.0.id": inv, "deleted.Invoice.0.by": "api", "records.Preferences.0.Id": "1"})
	calls := c.page("GET", "/_sandbox/calls", nil)
	check(t, calls, map[string]string{
		"by_kind.record_read": "3", "by_route.POST customer": "2", "by_route.GET query": "2", "by_route.GET cdc": "1", "core": "4", "core_plus": "5",
	})
	bad := c.page("POST", "/_sandbox/do", m{"action": "create", "type": "Customer", "data": m{"DisplayName": "B"}})
	if !strings.Contains(s(bad, "error"), "6240") {
		t.Errorf("got %v", bad)
	}
	c.page("POST", "/_sandbox/load", m{"type": "Vendor", "objects": []any{m{"Id": "500", "DisplayName": "Loaded"}}})
	check(t, c.get("vendor/500"), map[string]string{"DisplayName": "Loaded"})
}

func TestPages_WebhookAddressAndFaults(t *testing.T) {
	c, l := listening(t, func(o *qbobox.Options) { o.WebhookURL = "" })
	c.customer("unheard")
	c.page("POST", "/_sandbox/webhook", m{"url": "http://app.example/x"})
	c.customer("heard")
	if got := c.page("POST", "/_sandbox/deliver", nil); s(got, "deliveries") != "1" || strings.Count(l.got()[0], "Customer") != 1 {
		t.Errorf("got %v %v", got, l.got())
	}
	c.page("POST", "/_sandbox/faults", fault.Rule{Kind: fault.ExpireToken, PathContains: "/batch", Times: 1})
	status, body := c.call("POST", "batch", m{"BatchItemRequest": []any{m{"bId": "1", "operation": "create", "Vendor": m{"DisplayName": "V"}}}})
	if status != 401 || s(body, "fault.error.0.code") != "3200" {
		t.Errorf("an expired token gave %d %v", status, body)
	}
	c.login()
	c.page("POST", "/_sandbox/faults", fault.Rule{Kind: fault.RateLimit, Times: 1})
	if status, body := c.call("GET", "companyinfo/1", nil); status != 429 || s(body, "Fault.Error.0.code") != "3001" {
		t.Errorf("got %d %v", status, body)
	}
	c.page("POST", "/_sandbox/faults", fault.Rule{Kind: fault.Status, Status: 503, Times: 1})
	if status, body := c.call("GET", "companyinfo/1", nil); status != 503 || !strings.Contains(s(body, "raw"), "nginx") {
		t.Errorf("got %d %v", status, body)
	}
}

// reference section 11
func TestLimits_RealOnes(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Limits = "real" })
	for i := range 10 {
		if status, _ := c.call("GET", "companyinfo/1", nil); status != 200 {
			t.Fatalf("call %d: %d", i, status)
		}
	}
	status, body := c.call("GET", "companyinfo/1", nil)
	if status != 429 {
		t.Fatalf("the eleventh call in a second: %d", status)
	}
	check(t, body, map[string]string{
		"Fault.type": "SERVICE", "Fault.Error.0.code": "3001", "Fault.Error.0.Message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
		"Fault.Error.0.Detail": "The request limit was reached.  Try again later",
	})
	c.clock.move(time.Minute)
	batch := m{"BatchItemRequest": []any{m{"bId": "1", "Query": "select * from Item"}}}
	refused := 0
	for i := range 41 {
		if i%9 == 0 {
			c.clock.move(time.Second)
		}
		if status, _ := c.call("POST", "batch", batch); status == 429 {
			refused = i
		}
	}
	if refused != 40 {
		t.Errorf("the 41st batch in a minute was not the refused one: %d", refused)
	}
	c.clock.move(time.Minute)
	n := 0
	for range 520 {
		c.clock.move(100 * time.Millisecond)
		if status, _ := c.call("GET", "companyinfo/1", nil); status == 200 {
			n++
		}
	}
	if n != 500 {
		t.Errorf("%d calls in a minute, want 500", n)
	}
}

func TestLimits_FastClock(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Limits = "fast" })
	for range 100 {
		if status, _ := c.call("GET", "companyinfo/1", nil); status != 200 {
			t.Fatal("refused")
		}
		c.clock.move(2 * time.Millisecond)
	}
	if _, err := qbobox.New(qbobox.Options{Limits: "none"}); err == nil {
		t.Error("unknown limits were taken")
	}
}

func TestLoad_CompletesWhatPeopleWouldHaveTyped(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.BookCloseDate = "2026-06-30" })
	load := func(entity string, objs ...map[string]any) {
		t.Helper()
		if err := c.box.Load(entity, objs); err != nil {
			t.Fatal(err)
		}
	}
	load("Customer",
		m{"Id": "100", "DisplayName": "Smith", "MetaData": m{"CreateTime": "2025-07-01T08:00:00-07:00", "LastUpdatedTime": "2025-07-02T08:00:00-07:00"}},
		m{"Id": "101", "DisplayName": "Backyard", "Job": true, "ParentRef": v("100"), "IsProject": true},
		m{"Id": "102", "DisplayName": "Old Mill Café (deleted)", "Active": false})
	load("Item", m{"Id": "50", "Name": "Work", "Type": "Service", "UnitPrice": 10}, m{"Id": "51", "Name": "Pump 1/2 HP", "Type": "Inventory", "QtyOnHand": 25, "InvStartDate": "2026-04-08"})
	load("Estimate", m{"Id": "700", "CustomerRef": v("101"), "Line": []any{saleLine("50", 90, 100, 9000)}, "ExpirationDate": "2026-05-04"})
	load("Invoice",
		m{"Id": "701", "CustomerRef": v("101"), "TxnDate": "2026-05-01", "DocNumber": "1040", "LinkedTxn": []any{m{"TxnId": "700", "TxnType": "Estimate"}}, "Line": []any{saleLine("50", 30, 100, 3000)}},
		m{"Id": "702", "CustomerRef": v("101"), "DocNumber": "1041", "Line": []any{saleLine("51", 5, 15, 75)}},
		m{"Id": "703", "CustomerRef": v("102"), "DocNumber": "1041", "Line": []any{saleLine("50", 4, 10, 40)}})
	load("Payment", m{"Id": "704", "CustomerRef": v("101"), "TotalAmt": 500, "Line": []any{m{"Amount": 500, "LinkedTxn": []any{m{"TxnId": "701", "TxnType": "Invoice"}}}}})
	check(t, c.get("customer/100"), map[string]string{"BalanceWithJobs": "2575", "MetaData.LastUpdatedTime": "2025-07-02T08:00:00-07:00", "SyncToken": "0"})
	check(t, c.get("customer/101"), map[string]string{"IsProject": "true", "Level": "1", "FullyQualifiedName": "Smith:Backyard", "Balance": "2575"})
	check(t, c.get("customer/102"), map[string]string{"Active": "false", "DisplayName": "Old Mill Café (deleted)", "Balance": "40"})
	check(t, c.get("estimate/700"), map[string]string{"TxnStatus": "Pending", "LinkedTxn.0.TxnId": "701", "TotalAmt": "9000"})
	check(t, c.get("invoice/701"), map[string]string{"Balance": "2500", "LinkedTxn.0.TxnId": "704", "DueDate": "2026-05-31", "Line.0.LinkedTxn.0.TxnId": "700"})
	check(t, c.get("item/51"), map[string]string{"QtyOnHand": "20", "SyncToken": "0"})
	checkBalances(t, c)
	if len(c.box.Writes()) != 0 {
		t.Error("loading is in the write log")
	}
	if got := s(c.customer("Next"), "Id"); got != "103" {
		t.Errorf("the next id is %s", got)
	}
}

// openDB opens the file that a box writes its state to.
func openDB(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestDatabase_ARestartChangesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "box.db")
	cl := newClock()
	start := func() *client {
		c := open(t, func(o *qbobox.Options) { o.DB, o.Now = openDB(t, file), cl.now })
		c.clock = cl
		return c
	}
	a := start()
	cu := s(a.customer("Amy"), "Id")
	inv := s(a.invoice(cu, 50), "Id")
	gone := s(a.invoice(cu, 5), "Id")
	a.post("invoice?operation=delete", m{"Id": gone, "SyncToken": "0"})
	a.post("vendor?requestid=r1", m{"DisplayName": "V"})
	lose := s(a.customer("Loser"), "Id")
	a.do(qbobox.Action{Action: "merge", Type: "Customer", ID: lose, Into: cu})
	token, state := a.token, a.page("GET", "/_sandbox/state", nil)
	a.box.Close()

	b := start()
	delete(state, "calls")
	again := b.page("GET", "/_sandbox/state", nil)
	delete(again, "calls")
	x, _ := json.Marshal(state)
	y, _ := json.Marshal(again)
	if !bytes.Equal(x, y) {
		t.Errorf("the state changed:\n%s\n%s", x, y)
	}
	b.token = token
	check(t, b.get("invoice/"+inv), map[string]string{"Balance": "50"})
	check(t, b.post("vendor?requestid=r1", m{"DisplayName": "other"}), map[string]string{"DisplayName": "V"})
	check(t, b.invoice(cu, 1), map[string]string{"DocNumber": "1003"})
	if _, code, _, _ := b.fault("POST", "customer", m{"DisplayName": "amy"}); code != "6240" {
		t.Errorf("names were forgotten: %s", code)
	}
	if _, code, _, _ := b.fault("GET", "invoice/"+gone, nil); code != "610" {
		t.Errorf("a deleted invoice came back: %s", code)
	}
}

func TestBox_ManyAtOnce(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				c.invoice(cu, 1)
				c.vendor(fmt.Sprintf("V %d %d", i, j))
				c.query("select * from Invoice")
				c.page("GET", "/_sandbox/calls", nil)
			}
		})
	}
	wg.Wait()
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "160"})
	checkBalances(t, c)
}

func TestBox_SameSeedAndCallsGiveTheSameBytes(t *testing.T) {
	run := func() string {
		c := open(t)
		var out strings.Builder
		note := func(status int, body m, h http.Header) {
			raw, _ := json.Marshal(body)
			fmt.Fprintln(&out, status, string(raw), h)
		}
		json := http.Header{"Accept": {"application/json"}}
		note(c.callWith("POST", "customer", m{"DisplayName": "A", "BillAddr": m{"City": "B"}}, json))
		note(c.callWith("POST", "invoice", m{"CustomerRef": v("1"), "Line": []any{saleLine("1", 1, 5, 5)}}, json))
		note(c.callWith("POST", "term", m{"Name": "T", "DueDays": 9999, "DiscountDays": 9999}, json))
		note(c.callWith("GET", "query?query=select+*+from+Account", nil, nil))
		return out.String()
	}
	if a, b := run(), run(); a != b {
		t.Errorf("two runs differ:\n%s\n%s", a, b)
	}
}
