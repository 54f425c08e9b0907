package qbobox_test

import (
	"fmt"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// crowd opens a box with many customers.
func crowd(tb testing.TB, n int) *client {
	tb.Helper()
	c := open(tb)
	objs := make([]map[string]any, n)
	for i := range objs {
		objs[i] = m{
			"DisplayName": fmt.Sprintf("Customer %06d", i), "CompanyName": "Company", "Notes": "some text that takes room",
			"PrimaryEmailAddr": m{"Address": fmt.Sprintf("c%d@example.com", i)}, "PrimaryPhone": m{"FreeFormNumber": "(555) 555-1234"},
			"BillAddr": m{"Line1": "123 Main Street", "City": "Mountain View", "CountrySubDivisionCode": "CA", "PostalCode": "94042"},
		}
	}
	if err := c.box.Load("Customer", objs); err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestCrowd_ListedByPagesWithoutGapsOrDoubles(t *testing.T) {
	start := time.Now()
	c := crowd(t, 5000)
	loaded := time.Since(start)
	seen := map[string]bool{}
	for page := 0; ; page++ {
		res := c.query(fmt.Sprintf("select * from Customer orderby Id startposition %d maxresults 1000", page*1000+1))
		rows, _ := res["Customer"].([]any)
		for _, r := range rows {
			seen[s(r, "Id")] = true
		}
		if len(rows) < 1000 {
			break
		}
	}
	if len(seen) != 5000 {
		t.Errorf("%d customers were seen", len(seen))
	}
	t.Logf("loaded in %s, everything in %s", loaded, time.Since(start))
}

func BenchmarkRead_OneOf100000(b *testing.B) {
	c := crowd(b, 100000)
	for b.Loop() {
		c.call("GET", "customer/50000", nil)
	}
}

func BenchmarkQuery_ByName(b *testing.B) {
	c := crowd(b, 100000)
	for b.Loop() {
		c.query("select * from Customer where DisplayName = 'customer 050000'")
	}
}

func BenchmarkQuery_PageOf1000(b *testing.B) {
	c := crowd(b, 100000)
	c.query("select * from Customer orderby Id maxresults 1")
	for b.Loop() {
		c.call("GET", "query?query=select+*+from+Customer+orderby+Id+startposition+90001+maxresults+1000", nil)
	}
}

func BenchmarkUpdate_OneOf100000(b *testing.B) {
	c := crowd(b, 100000)
	i := 0
	for b.Loop() {
		i++
		id := fmt.Sprint(i%100000 + 1)
		if _, err := c.box.Do(b.Context(), qbobox.Action{User: "Eva", Action: "update", Type: "Customer", ID: id, Data: m{"Notes": fmt.Sprint(i)}}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChanges_FewOf100000(b *testing.B) {
	c := crowd(b, 100000)
	c.clock.move(time.Minute)
	c.do(qbobox.Action{Action: "update", Type: "Customer", ID: "5", Data: m{"Notes": "x"}})
	for b.Loop() {
		c.call("GET", "cdc?entities=Customer&changedSince=2026-05-05T02:00:30-07:00", nil)
	}
}

func BenchmarkCreate_Batch30(b *testing.B) {
	c := crowd(b, 100000)
	n := 0
	for b.Loop() {
		var items []any
		for range 30 {
			n++
			items = append(items, m{"bId": fmt.Sprint(n), "operation": "create", "Vendor": m{"DisplayName": fmt.Sprint("V ", n)}})
		}
		c.call("POST", fmt.Sprintf("batch?requestid=b%d", n), m{"BatchItemRequest": items})
	}
}

// Every invoice posts in full and moves stock, one of a thousand under an older date.
func BenchmarkCreate_InvoiceWithGoods(b *testing.B) {
	c := open(b)
	cu, pump := s(c.customer("Amy"), "Id"), s(c.stockItem("Pump", 1000000, "2026-01-01"), "Id")
	i := 0
	for b.Loop() {
		i++
		date := "2026-05-05"
		if i%1000 == 0 {
			date = "2026-05-04"
		}
		if _, err := c.box.Do(b.Context(), qbobox.Action{User: "Eva", Action: "create", Type: "Invoice", Data: m{
			"CustomerRef": v(cu), "TxnDate": date, "Line": []any{saleLine(pump, 1, 15, 15)},
		}}); err != nil {
			b.Fatal(err)
		}
	}
}
