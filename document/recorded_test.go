package document

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"crossbook"
	"crossbook/money"
)

// recorded reads the entities of one recorded exchange, or skips the test.
func recorded(t *testing.T, file, entity string) []map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "reference", "quickbooks", "recorded-json", file))
	if err != nil {
		t.Skipf("SKIPPED: the recorded company is not here (%v)", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var exchange map[string]any
	if err := dec.Decode(&exchange); err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	for _, o := range raw(exchange).list("response.QueryResponse." + entity) {
		out = append(out, o)
	}
	if one, ok := raw(exchange).at("response." + entity).(map[string]any); ok {
		out = append(out, one)
	}
	if len(out) == 0 {
		t.Fatalf("%s holds no %s", file, entity)
	}
	return out
}

func TestRecorded_EveryDocumentComesToItsTotal(t *testing.T) {
	invoices := recorded(t, "invoices.json", "Invoice")
	payments := recorded(t, "payments.json", "Payment")
	for _, tc := range []struct {
		entity crossbook.Entity
		docs   []map[string]any
		count  int
	}{
		{crossbook.Invoice, append(slices.Clone(invoices), recorded(t, "create-invoice.json", "Invoice")...), 38},
		{crossbook.Estimate, append(recorded(t, "estimates.json", "Estimate"), recorded(t, "create-estimate.json", "Estimate")...), 9},
		{crossbook.PurchaseOrder, recorded(t, "list-purchase-orders.json", "PurchaseOrder"), 9},
	} {
		if len(tc.docs) != tc.count {
			t.Errorf("%d recorded %ss, want %d", len(tc.docs), tc.entity, tc.count)
		}
		for _, doc := range tc.docs {
			in := input(tc.entity, doc)
			in.Payments, in.LinkedInvoices = payments, invoices
			o := project(t, in)
			if len(o.Marks) != 0 {
				t.Errorf("%s %s is marked %v: %v", tc.entity, raw(doc).text("Id"), o.Marks, rows(o))
			}
			checkTotals(t, o, raw(doc).text("TotalAmt"))
			if raw(doc).amount("Balance").IsZero() != (o.Fields[FieldStatus] == Paid) && tc.entity == crossbook.Invoice {
				t.Errorf("invoice %s: %s", raw(doc).text("DocNumber"), o.Fields[FieldStatus])
			}
		}
	}
}

// Expected by hand from the recordings.
func TestRecorded_SingleInvoices(t *testing.T) {
	byNumber := map[string]map[string]any{}
	for _, inv := range recorded(t, "invoices.json", "Invoice") {
		byNumber[raw(inv).text("DocNumber")] = inv
	}
	payments := recorded(t, "payments.json", "Payment")
	for _, tc := range []struct {
		number, subject, status, net, tax, balance, discount, paidBy string
	}{
		{"1037", "1037 Cool Cars", Overdue, "335.25", "26.82", "362.07", "0", ""},
		{"1029", "1029 Cool Cars", Paid, "422", "38.4", "0", "0", "payment"},
		{"1021", "1021 Cool Cars", Overdue, "425", "34", "239", "0", "payment"},
		{"1015", "1015 Cool Cars", Overdue, "954.75", "0", "954.75", "50.25", ""},
		{"1009", "1009 Cool Cars", Paid, "103.55", "0", "0", "0", "payment"},
	} {
		in := input(crossbook.Invoice, byNumber[tc.number])
		in.Payments = payments
		f := project(t, in).Fields
		got := []string{f["Subject"], f[FieldStatus], f[FieldNet], f[FieldTax], f[FieldBalanceDue], f["Discount"], f[FieldPaidBy]}
		if want := []string{tc.subject, tc.status, tc.net, tc.tax, tc.balance, tc.discount, tc.paidBy}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", tc.number, got, want)
		}
		if (f[FieldPaidOn] == "") != (tc.status != Paid) {
			t.Errorf("%s: paid on %q", tc.number, f[FieldPaidOn])
		}
	}
}

func TestRecorded_EstimatesAreFullyInvoicedOrOpen(t *testing.T) {
	invoices := recorded(t, "invoices.json", "Invoice")
	got := map[string]string{}
	for _, est := range recorded(t, "estimates.json", "Estimate") {
		in := input(crossbook.Estimate, est)
		in.Country, in.LinkedInvoices = "US", invoices
		f := project(t, in).Fields
		got[f[FieldID]] = f[FieldStatus] + " " + f[FieldInvoiced] + " " + f[FieldRemaining]
	}
	want := map[string]string{
		"171": "Pending 0 100", "153": "Pending 0 100", "150": "Pending 0 100", "148": "Pending 0 100",
		"100": "Closed 362.07 0", "41": "Closed 629.1 0", "46": "Closed 70 0", "48": "Closed 954.75 0",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

// newest gathers all recordings of an entity and keeps the newest of each id.
func newest(t *testing.T, entity string, files ...string) []map[string]any {
	t.Helper()
	at := map[string]int{}
	var out []map[string]any
	for _, file := range files {
		for _, o := range recorded(t, file, entity) {
			r := raw(o)
			i, known := at[r.text("Id")]
			switch {
			case !known:
				at[r.text("Id")] = len(out)
				out = append(out, o)
			case r.text("MetaData.LastUpdatedTime") > raw(out[i]).text("MetaData.LastUpdatedTime"):
				out[i] = o
			}
		}
	}
	return out
}

// Open invoices 5,881.52 less credits 800 and unapplied payments 400 are the
// customers' balances, 4,681.52 (practice P44).
func TestRecorded_BalancesBridge(t *testing.T) {
	got := Account(AccountInput{
		Invoices:    newest(t, "Invoice", "invoices.json", "create-invoice.json", "get-invoice.json"),
		CreditMemos: newest(t, "CreditMemo", "credit-memos.json", "create-credit-memo.json"),
		Payments:    newest(t, "Payment", "payments.json", "list-payments.json", "create-payment.json", "get-payment.json"),
		Today:       "2026-05-05", HomeCurrency: "USD",
	})
	if len(got) != 1 || got[0].Currency != "USD" {
		t.Fatalf("%+v", got)
	}
	f := got[0]
	for _, tc := range []struct {
		what string
		got  money.Decimal
		want string
	}{{"open invoices", f.Invoices, "5881.52"}, {"credits", f.Credits, "1200"}, {"balance", f.Balance, "4681.52"}} {
		if !tc.got.Equal(money.MustParse(tc.want)) {
			t.Errorf("%s %s, want %s", tc.what, tc.got, tc.want)
		}
	}
}
