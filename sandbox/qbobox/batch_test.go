package qbobox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/qbobox"
)

func items(out m) map[string]m {
	got := map[string]m{}
	rows, _ := out["BatchItemResponse"].([]any)
	for _, r := range rows {
		got[s(r, "bId")] = r.(m)
	}
	return got
}

// TestBatch: reference section 8.
func TestBatch_ItemsStandAlone(t *testing.T) {
	c := open(t)
	c.vendor("Taken")
	inv := c.invoice(s(c.customer("Amy"), "Id"), 5)
	status, out := c.call("POST", "batch", m{"BatchItemRequest": []any{
		m{"bId": "a", "operation": "create", "Vendor": m{"DisplayName": "One"}},
		m{"bId": "b", "operation": "create", "Vendor": m{"DisplayName": "taken"}},
		m{"bId": "c", "Query": "select * from Vendor where DisplayName = 'Taken'"},
		m{"bId": "d", "operation": "update", "Vendor": m{"Id": "1", "SyncToken": "0", "sparse": true, "AcctNum": "7"}},
		m{"bId": "e", "operation": "delete", "Invoice": m{"Id": s(inv, "Id"), "SyncToken": "0"}},
		m{"bId": "f", "operation": "create", "Unicorn": m{}},
		m{"bId": "g", "Vendor": m{"DisplayName": "No operation"}},
	}})
	if status != 200 {
		t.Fatal(status, out)
	}
	got := items(out)
	check(t, got["a"], map[string]string{"Vendor.DisplayName": "One", "Fault": ""})
	check(t, got["b"], map[string]string{"Fault.Error.0.code": "6240", "Fault.type": "ValidationFault"})
	check(t, got["c"], map[string]string{"QueryResponse.maxResults": "1"})
	check(t, got["d"], map[string]string{"Vendor.AcctNum": "7", "Vendor.SyncToken": "1"})
	check(t, got["e"], map[string]string{"Invoice.status": "Deleted"})
	check(t, got["f"], map[string]string{"Fault.Error.0.code": "2010"})
	check(t, got["g"], map[string]string{"Fault.Error.0.code": "2020"})
	first := out["BatchItemResponse"].([]any)[0]
	if s(first, "bId") == "a" {
		t.Error("the answers come in the order of the requests, which the vendor does not promise")
	}
	if !strings.HasSuffix(s(out, "time"), "-07:00") {
		t.Errorf("time %q", s(out, "time"))
	}
}

func TestBatch_OptionsVoidAndDuplicateNumbers(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.BatchInOrder = true })
	cu := s(c.customer("Amy"), "Id")
	pay := s(c.post("payment", m{"CustomerRef": v(cu), "TotalAmt": 5}), "Id")
	inv := c.invoice(cu, 5)
	_, out := c.call("POST", "batch", m{"BatchItemRequest": []any{
		m{"bId": "1", "operation": "update", "optionsData": "void", "Payment": m{"Id": pay, "SyncToken": "0", "sparse": true}},
		m{"bId": "2", "operation": "create", "optionsData": "allowduplicatedocnum", "Invoice": m{
			"CustomerRef": v(cu), "DocNumber": s(inv, "DocNumber"), "Line": []any{saleLine("1", nil, nil, 5)},
		}},
	}})
	check(t, out, map[string]string{"BatchItemResponse.0.Payment.PrivateNote": "Voided", "BatchItemResponse.1.Invoice.DocNumber": s(inv, "DocNumber")})
}

func TestBatch_LimitsOfTheCall(t *testing.T) {
	c := open(t)
	many := func(n int) m {
		var out []any
		for i := range n {
			out = append(out, m{"bId": fmt.Sprint(i), "operation": "create", "Vendor": m{"DisplayName": fmt.Sprint("V", i)}})
		}
		return m{"BatchItemRequest": out}
	}
	if status, code, _, _ := c.fault("POST", "batch", many(31)); status != 400 || code != "1040" {
		t.Errorf("31 items gave %d %s", status, code)
	}
	if len(c.box.Writes()) != 0 {
		t.Error("a refused batch wrote something")
	}
	if status, _ := c.call("POST", "batch", many(30)); status != 200 {
		t.Errorf("30 items gave %d", status)
	}
	for _, k := range []struct {
		body m
		code string
	}{
		{m{"BatchItemRequest": []any{}}, "2020"},
		{m{"BatchItemRequest": []any{m{"operation": "create"}}}, "2020"},
		{m{"BatchItemRequest": []any{m{"bId": "1", "Query": "select * from Item"}, m{"bId": "1", "Query": "select * from Item"}}}, "6000"},
	} {
		if _, code, _, _ := c.fault("POST", "batch", k.body); code != k.code {
			t.Errorf("%v: got %s, want %s", k.body, code, k.code)
		}
	}
}

func TestBatch_QueriesShareAThousandObjects(t *testing.T) {
	c := open(t)
	var objs []map[string]any
	for i := range 700 {
		objs = append(objs, m{"DisplayName": fmt.Sprint("V", i)})
	}
	if err := c.box.Load("Vendor", objs); err != nil {
		t.Fatal(err)
	}
	q := "select * from Vendor maxresults 1000"
	_, out := c.call("POST", "batch", m{"BatchItemRequest": []any{m{"bId": "1", "Query": q}, m{"bId": "2", "Query": q}}})
	got := items(out)
	check(t, got["1"], map[string]string{"QueryResponse.maxResults": "700"})
	check(t, got["2"], map[string]string{"Fault.Error.0.code": "10100"})
}

// TestRequestID: reference section 9.
func TestRequestID_SameIdSameAnswerOneRecord(t *testing.T) {
	c := open(t)
	_, first := c.call("POST", "vendor?requestid=r1", m{"DisplayName": "One"})
	c.clock.move(time.Minute)
	_, again := c.call("POST", "vendor?requestid=r1", m{"DisplayName": "One"})
	a, _ := json.Marshal(first)
	b, _ := json.Marshal(again)
	if string(a) != string(b) {
		t.Errorf("the answers differ:\n%s\n%s", a, b)
	}
	_, other := c.call("POST", "vendor?requestid=r1", m{"DisplayName": "Two"}) // not evaluated again
	check(t, other, map[string]string{"Vendor.DisplayName": "One"})
	if n := s(c.query("select count(*) from Vendor"), "totalCount"); n != "1" {
		t.Errorf("%s vendors", n)
	}
	w := c.box.Writes()
	if len(w) != 1 || w[0].RequestID != "r1" || w[0].Op != "create" || w[0].Type != "Vendor" || w[0].Actor != "api" {
		t.Errorf("writes %+v", w)
	}
}

func TestRequestID_FaultsAreRepeatedToo(t *testing.T) {
	c := open(t)
	_, code, _, _ := c.fault("POST", "vendor?requestid=r1", m{"DisplayName": "a:b"})
	_, again, _, _ := c.fault("POST", "vendor?requestid=r1", m{"DisplayName": "good"})
	if code != "2040" || again != "2040" {
		t.Errorf("got %s and %s", code, again)
	}
	c.post("vendor?requestid=r2", m{"DisplayName": "good"})
}

func TestRequestID_AtMostFiftyCharacters(t *testing.T) {
	c := open(t)
	c.post("vendor?requestid="+strings.Repeat("x", 50), m{"DisplayName": "A"})
	if status, code, _, _ := c.fault("POST", "vendor?requestid="+strings.Repeat("x", 51), m{"DisplayName": "B"}); status != 400 || code != "2130" {
		t.Errorf("got %d %s", status, code)
	}
}

func TestRequestID_IsForgottenAfterItsLife(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.RequestIDLife = time.Minute })
	c.post("customer?requestid=r1", m{"DisplayName": "A"})
	c.clock.move(2 * time.Minute)
	if _, code, _, _ := c.fault("POST", "customer?requestid=r1", m{"DisplayName": "A"}); code != "6240" {
		t.Errorf("got %s", code)
	}
}

func TestRequestID_CoversDeletesAndVoids(t *testing.T) {
	c := open(t)
	inv := c.invoice(s(c.customer("Amy"), "Id"), 5)
	del := m{"Id": s(inv, "Id"), "SyncToken": "0"}
	for range 2 {
		check(t, c.post("invoice?operation=delete&requestid=d1", del), map[string]string{"status": "Deleted"})
	}
}

func TestRequestID_BatchItemsAreKeptApart(t *testing.T) {
	c := open(t)
	item := func(b string) m {
		return m{"bId": b, "operation": "create", "Vendor": m{"DisplayName": "V " + b}}
	}
	c.call("POST", "batch?requestid=call1", m{"BatchItemRequest": []any{item("1"), item("2")}})
	_, out := c.call("POST", "batch?requestid=call1", m{"BatchItemRequest": []any{item("1"), item("2"), item("3")}})
	got := items(out)
	check(t, got["1"], map[string]string{"Vendor.Id": "1"})
	check(t, got["3"], map[string]string{"Vendor.Id": "3", "Fault": ""})
	if w := c.box.Writes(); len(w) != 3 || w[0].RequestID != "call1" {
		t.Errorf("writes %+v", w)
	}
	_, out = c.call("POST", "batch?requestid="+strings.Repeat("x", 45), m{"BatchItemRequest": []any{item("toolong")}})
	check(t, items(out)["toolong"], map[string]string{"Fault.Error.0.code": "2130"})
}

func TestRequestID_AnswerLostAfterTheCommitIsReplayed(t *testing.T) {
	c := open(t)
	if _, err := c.box.Faults().Add(fault.Rule{Kind: fault.TimeoutAfter, PathContains: "/vendor", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if err := c.try("vendor?requestid=r1", `{"DisplayName":"One"}`); err == nil {
		t.Fatal("the answer arrived")
	}
	got := c.post("vendor?requestid=r1", m{"DisplayName": "One"})
	check(t, got, map[string]string{"Id": "1"})
	if len(c.box.Writes()) != 1 {
		t.Errorf("%d writes", len(c.box.Writes()))
	}
}
