package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
	"crossbook/money"
)

func TestInvoiceStatus_Precedence(t *testing.T) {
	for _, tc := range []struct{ total, balance, due, note, want string }{
		{"100", "100", "2026-06-15", "", Open},
		{"100", "100", "", "", Open},
		{"100", "100", "2026-06-14", "", Overdue},
		{"100", "40", "2026-06-14", "", Overdue}, // also if partly paid
		{"100", "40", "2026-06-15", "", PartlyPaid},
		{"100", "0", "2026-06-01", "", Paid},
		{"0", "0", "2026-06-01", "", NoCharge},
		{"0", "0", "2026-06-01", "Voided - wrong customer", Voided},
		{"100", "100", "2026-07-01", "Voided once, entered again", Open},
	} {
		data := parse(t, fmt.Sprintf(`{"TotalAmt":%s,"Balance":%s,"DueDate":%q,"PrivateNote":%q}`, tc.total, tc.balance, tc.due, tc.note))
		if got := InvoiceStatus(data, "2026-06-15"); got != tc.want {
			t.Errorf("%+v: %s", tc, got)
		}
	}
}

// part is an invoice made from estimate 7.
func part(id, total string, lines ...string) string {
	return fmt.Sprintf(`{"Id":%q,"TotalAmt":%s,"LinkedTxn":[{"TxnId":"7","TxnType":"Estimate"}],"Line":[%s]}`, id, total, strings.Join(lines, ","))
}

func linkedLine(estimate, amount string) string {
	return fmt.Sprintf(`{"DetailType":"SalesItemLineDetail","Amount":%s,"LinkedTxn":[{"TxnId":%q,"TxnType":"Estimate"}],"SalesItemLineDetail":{}}`, amount, estimate)
}

// Row 37, and the estimates of the recorded company.
func TestEstimate_InvoicedRemainingAndState(t *testing.T) {
	estimate := func(status, expires string) string {
		return fmt.Sprintf(`{"Id":"7","TxnStatus":%q,"ExpirationDate":%q,"TotalAmt":9000,"Line":[{"DetailType":"SalesItemLineDetail","Amount":9000,"SalesItemLineDetail":{}},{"DetailType":"SubTotalLineDetail","Amount":9000}]}`, status, expires)
	}
	for _, tc := range []struct {
		name, doc                   string
		invoices                    []string
		status, invoiced, remaining string
	}{
		{"pending", estimate("Pending", "2026-06-15"), nil, Pending, "0", "9000"},
		{"expired yesterday", estimate("Pending", "2026-06-14"), nil, Expired, "0", "9000"},
		{"accepted does not expire", estimate("Accepted", "2026-01-01"), nil, Accepted, "0", "9000"},
		{"rejected stays", estimate("Rejected", "2026-01-01"), nil, "Rejected", "0", "9000"},
		{"closed by hand stays closed", estimate("Closed", ""), nil, "Closed", "0", "9000"},
		{"one progress invoice: still open, whatever QuickBooks says", estimate("Closed", ""), []string{part("1", "3000", linkedLine("7", "3000"))}, Accepted, "3000", "6000"},
		{"three of four", estimate("Accepted", ""), []string{part("1", "3000", linkedLine("7", "3000")), part("2", "3000", linkedLine("7", "3000")), part("3", "2000", linkedLine("7", "2000"))}, Accepted, "8000", "1000"},
		{"all of it", estimate("Closed", ""), []string{part("1", "4500", linkedLine("7", "4500")), part("2", "4500", linkedLine("7", "4500"))}, "Closed", "9000", "0"},
		{"a discount on the invoice leaves nothing to invoice", estimate("Closed", ""), []string{part("1", "8550", linkedLine("7", "9000"))}, "Closed", "8550", "0"},
		{"tax on the invoice is no over-invoicing", estimate("Closed", ""), []string{part("1", "9720", linkedLine("7", "9000"))}, "Closed", "9720", "0"},
		{"another thing on the invoice does not count", estimate("Closed", ""), []string{part("1", "3500", linkedLine("7", "3000"), linkedLine("8", "500"))}, Accepted, "3000", "6000"},
		{"links on the document alone mean all its lines", estimate("Closed", ""), []string{part("1", "9000", `{"DetailType":"SalesItemLineDetail","Amount":9000}`)}, "Closed", "9000", "0"},
		{"an invoice of another estimate", estimate("Accepted", ""), []string{`{"Id":"1","TotalAmt":10,"LinkedTxn":[{"TxnId":"6","TxnType":"Estimate"}]}`}, Accepted, "0", "9000"},
		{"a voided invoice reopens", estimate("Accepted", ""), []string{`{"Id":"1","TotalAmt":0,"PrivateNote":"Voided","LinkedTxn":[{"TxnId":"7","TxnType":"Estimate"}]}`}, Accepted, "0", "9000"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := input(crossbook.Estimate, parse(t, tc.doc))
			for _, inv := range tc.invoices {
				in.LinkedInvoices = append(in.LinkedInvoices, parse(t, inv))
			}
			o := project(t, in)
			if o.Fields[FieldStatus] != tc.status || o.Fields[FieldInvoiced] != tc.invoiced || o.Fields[FieldRemaining] != tc.remaining {
				t.Errorf("%s, %s, %s; want %s, %s, %s", o.Fields[FieldStatus], o.Fields[FieldInvoiced], o.Fields[FieldRemaining], tc.status, tc.invoiced, tc.remaining)
			}
		})
	}
}

// Row 33: deposit, part payments, one payment over several invoices, later deleted.
func TestInvoice_HowItWasPaid(t *testing.T) {
	pay := func(date, total string, lines ...string) map[string]any {
		return parse(t, fmt.Sprintf(`{"TxnDate":%q,"TotalAmt":%s,"Line":[%s]}`, date, total, strings.Join(lines, ",")))
	}
	line := func(kind, id, amount string) string {
		return fmt.Sprintf(`{"Amount":%s,"LinkedTxn":[{"TxnId":%q,"TxnType":%q}]}`, amount, id, kind)
	}
	first := pay("2026-05-10", "200", line("Invoice", "42", "200"))
	over := pay("2026-05-20", "900", line("Invoice", "41", "500"), line("Invoice", "42", "300"), line("Invoice", "43", "100"))
	credit := pay("2026-05-12", "0", line("Invoice", "42", "50"), line("CreditMemo", "90", "50"))
	other := pay("2026-06-01", "10", line("Invoice", "77", "10"))
	for _, tc := range []struct {
		name, balance, deposit  string
		payments                []map[string]any
		paidOn, last, by, state string
	}{
		{"nothing yet", "1000", "0", nil, "", "", "", Open},
		{"a deposit", "500", "500", nil, "", "2026-05-04", "payment", PartlyPaid},
		{"part paid", "800", "0", []map[string]any{first, other}, "", "2026-05-10", "payment", PartlyPaid},
		{"paid by the second", "0", "500", []map[string]any{over, first}, "2026-05-20", "2026-05-20", "payment", Paid},
		{"credit too", "0", "0", []map[string]any{first, credit}, "2026-05-12", "2026-05-12", "payment, credit", Paid},
		{"by credit alone", "0", "0", []map[string]any{credit}, "2026-05-12", "2026-05-12", "credit", Paid},
		{"the payment was deleted: open again", "1000", "0", []map[string]any{other}, "", "", "", Open},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := parse(t, invoice("1000", "0", nil, `"Deposit":`+tc.deposit+`,`, sale("1", "1", "1000", "1000", "", "")))
			data["Balance"] = money.Number(money.MustParse(tc.balance))
			in := input(crossbook.Invoice, data)
			in.Payments = tc.payments
			f := project(t, in).Fields
			got := []string{f[FieldPaidOn], f[FieldLastPayment], f[FieldPaidBy], f[FieldStatus], f[FieldBalanceDue]}
			if diff := cmp.Diff([]string{tc.paidOn, tc.last, tc.by, tc.state, tc.balance}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Rows 34 and 35: gone documents keep rows, lose their figures and say when.
func TestGone_GrandTotalIsZeroAndRowsStay(t *testing.T) {
	in := input(crossbook.Invoice, parse(t, invoice("114.95", "4", []string{rate("3", "8", "50", "4")}, "",
		sale("1", "1", "50", "50", "TAX", "pump"), sale("2", "1", "60", "60", "NON", ""), discount("12"), sale("SHIPPING_ITEM_ID", "", "", "12.95", "", ""))))
	in.DealID = "333"
	in.Payments = []map[string]any{parse(t, `{"TxnDate":"2026-05-10","TotalAmt":1,"Line":[{"Amount":1,"LinkedTxn":[{"TxnId":"42","TxnType":"Invoice"}]}]}`)}
	live := project(t, in)
	checkTotals(t, live, "114.95")

	void := parse(t, `{"Id":"42","DocNumber":"1042","TotalAmt":0,"Balance":0,"PrivateNote":"Voided","Line":[],"MetaData":{"LastUpdatedTime":"2026-05-20T09:00:00-07:00"}}`)
	for _, tc := range []struct {
		name     string
		in       Input
		status   string
		original crossbook.Fields
	}{
		{"deleted", Input{Entity: crossbook.Invoice, Gone: Deleted, GoneOn: "2026-05-21"}, "Deleted 2026-05-21", live.Canonical()},
		{"voided, told by the data", Input{Entity: crossbook.Invoice, Data: void}, "Voided 2026-05-20", live.Canonical()},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.in.Before = tc.original
			tc.in.Before["#note"] = "the caller's"
			o := project(t, tc.in)
			if _, has := o.Fields["#note"]; has {
				t.Error("the caller's own key became a field")
			}
			if diff := cmp.Diff(rows(live), rows(o)); diff != "" {
				t.Errorf("rows must stay: %s", diff)
			}
			for field, want := range map[string]string{
				FieldStatus: tc.status, FieldTotal: "0", FieldBalanceDue: "0", FieldNet: "0", FieldTax: "0", FieldShipping: "0",
				FieldAmountBefore: "114.95", FieldLastPayment: "", FieldPaidBy: "", "Subject": "1042 Cool Cars", FieldNumber: "1042", "Discount": "12", "Adjustment": "-102",
			} {
				if o.Fields[field] != want {
					t.Errorf("%s = %q, want %q", field, o.Fields[field], want)
				}
			}
			if !o.Expect.GrandTotal.IsZero() || !Reckon(o.Lines, o.Expect.Discount, o.Expect.Adjustment).GrandTotal.IsZero() {
				t.Errorf("Grand Total %s", o.Expect.GrandTotal)
			}
			// Seen again later it stays as it is.
			tc.in.Before, tc.in.GoneOn = o.Canonical(), "2026-06-30"
			if again := project(t, tc.in); !again.Canonical().Equal(o.Canonical()) {
				t.Error(cmp.Diff(o.Canonical(), again.Canonical()))
			}
		})
	}
}

func TestGone_FirstSeenVoided(t *testing.T) {
	data := parse(t, invoice("0", "0", nil, `"PrivateNote":"Voided","MetaData":{"LastUpdatedTime":"2026-05-20T09:00:00-07:00"},`, sale("1", "0", "50", "0", "NON", "pump")))
	o := project(t, input(crossbook.Invoice, data))
	if o.Fields[FieldStatus] != "Voided 2026-05-20" || o.Fields[FieldAmountBefore] != "" || !Gone(o.Fields[FieldStatus]) {
		t.Errorf("%v", o.Fields)
	}
	checkTotals(t, o, "0")
}

func TestGone_DeletedEstimateAndOrder(t *testing.T) {
	for _, e := range []crossbook.Entity{crossbook.Estimate, crossbook.PurchaseOrder} {
		in := input(e, parse(t, `{"Id":"7","TotalAmt":100,"TxnDate":"2026-05-04","Line":[{"DetailType":"SalesItemLineDetail","Amount":100,"SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]}`))
		before := project(t, in).Canonical()
		o := project(t, Input{Entity: e, Gone: Deleted, Before: before})
		if o.Fields[FieldStatus] != Deleted || o.Fields[FieldAmountBefore] != "100" || !o.Expect.GrandTotal.IsZero() || o.Fields["Adjustment"] != "-100" {
			t.Errorf("%s: %v", e, o.Fields)
		}
		if e == crossbook.Estimate && o.Fields[FieldRemaining] != "0" {
			t.Errorf("nothing remains of a deleted estimate: %v", o.Fields)
		}
	}
	if _, err := Project(Input{Entity: crossbook.Invoice, Gone: Deleted}); err == nil {
		t.Error("a deleted document that was never shown has nothing to show")
	}
	if _, err := Project(Input{Entity: crossbook.Invoice, Gone: Deleted, Before: crossbook.Fields{FieldLines: "nonsense"}}); err == nil {
		t.Error("rows that cannot be read were taken")
	}
}
