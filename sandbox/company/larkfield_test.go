package company

import (
	"testing"
	"time"
)

var testNow = time.Date(2026, time.November, 18, 18, 0, 0, 0, time.UTC)

func testLarkfield(t *testing.T, now time.Time) *Company {
	t.Helper()
	c, err := Larkfield(Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestLoad(t *testing.T) {
	c := testLarkfield(t, testNow)
	for _, e := range []string{"Customer", "Vendor", "Item", "Estimate", "Invoice", "CreditMemo", "Payment", "PurchaseOrder", "Bill"} {
		t.Log(e, len(c.QuickBooks.All(e)))
	}
	s := c.Zoho.State()
	for m, r := range s["records"].(map[string]any) {
		t.Log(m, len(r.([]any)))
	}
}
