package document

import (
	"testing"

	"crossbook"
	"crossbook/money"
)

func TestAccount_FiguresPerCurrency(t *testing.T) {
	got := Account(AccountInput{
		Today: "2026-06-15", HomeCurrency: "USD",
		Invoices: []map[string]any{
			parse(t, `{"TotalAmt":100,"Balance":85,"DueDate":"2026-06-01"}`),
			parse(t, `{"TotalAmt":40,"Balance":40,"DueDate":"2026-05-16","CurrencyRef":{"value":"USD"}}`),
			parse(t, `{"TotalAmt":10,"Balance":10,"DueDate":"2026-06-15"}`),
			parse(t, `{"TotalAmt":10,"Balance":0,"DueDate":"2020-01-01"}`),
			parse(t, `{"TotalAmt":0,"Balance":0,"DueDate":"2020-01-01","PrivateNote":"Voided"}`),
			parse(t, `{"TotalAmt":7,"Balance":7,"DueDate":"2026-07-01","CurrencyRef":{"value":"EUR"}}`),
		},
		CreditMemos: []map[string]any{parse(t, `{"RemainingCredit":100,"Balance":100,"TotalAmt":120}`)},
		Payments: []map[string]any{
			parse(t, `{"TotalAmt":30,"UnappliedAmt":5,"TxnDate":"2026-05-02"}`),
			parse(t, `{"TotalAmt":0,"UnappliedAmt":0,"TxnDate":"2026-06-02"}`), // joins a credit to an invoice
		},
	})
	if len(got) != 2 || got[0].Currency != "EUR" || got[1].Currency != "USD" {
		t.Fatalf("%+v", got)
	}
	usd := got[1]
	for what, pair := range map[string][2]string{
		"invoices": {usd.Invoices.String(), "135"}, "overdue": {usd.Overdue.String(), "125"}, "credits": {usd.Credits.String(), "105"},
		"balance": {usd.Balance.String(), "30"}, "last payment": {usd.LastPayment, "2026-05-02"}, "EUR balance": {got[0].Balance.String(), "7"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s %s, want %s", what, pair[0], pair[1])
		}
	}
	if usd.OldestDays != 30 || got[0].OldestDays != 0 {
		t.Errorf("oldest %d and %d days", usd.OldestDays, got[0].OldestDays)
	}
}

// Row 15: invoices open 85.00, credit 100.00: the balance is -15.00.
func TestAccount_CreditCanExceedWhatIsOpen(t *testing.T) {
	got := Account(AccountInput{
		HomeCurrency: "USD", Today: "2026-06-15",
		Invoices:    []map[string]any{parse(t, `{"TotalAmt":85,"Balance":85,"DueDate":"2026-07-01"}`)},
		CreditMemos: []map[string]any{parse(t, `{"Balance":100}`)},
	})
	if len(got) != 1 || !got[0].Balance.Equal(money.MustParse("-15")) {
		t.Errorf("%+v", got)
	}
}

// Row 39: a won Deal with two quotes and an invoice.
func TestDeal_Figures(t *testing.T) {
	got := Deal(DealInput{
		Today: "2026-06-15", HomeCurrency: "USD",
		Estimates: []map[string]any{
			parse(t, `{"Id":"1","TotalAmt":1000,"TxnStatus":"Closed"}`), parse(t, `{"Id":"2","TotalAmt":500,"TxnStatus":"Accepted"}`),
			parse(t, `{"Id":"3","TotalAmt":70,"TxnStatus":"Rejected"}`),
		},
		Invoices: []map[string]any{
			parse(t, `{"Id":"10","TxnDate":"2026-05-02","TotalAmt":600,"Balance":200,"DueDate":"2026-06-01"}`),
			parse(t, `{"Id":"9","TxnDate":"2026-05-02","TotalAmt":400,"Balance":0,"DueDate":"2026-06-01"}`),
			parse(t, `{"Id":"11","TxnDate":"2026-05-01","TotalAmt":0,"Balance":0,"PrivateNote":"Voided"}`),
		},
	})
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	f := got[0]
	if f.Quoted.String() != "1500" || f.Invoiced.String() != "1000" || f.Paid.String() != "800" || f.Open.String() != "200" || f.LastInvoice != Overdue {
		t.Errorf("%+v", f)
	}
}

func TestIsOpen_DecidesWhatIsTakenWhateverItsDate(t *testing.T) {
	for _, tc := range []struct {
		entity crossbook.Entity
		doc    string
		want   bool
	}{
		{crossbook.Invoice, `{"TotalAmt":10,"Balance":0.01}`, true},
		{crossbook.Invoice, `{"TotalAmt":10,"Balance":0}`, false},
		{crossbook.Estimate, `{"TotalAmt":10,"TxnStatus":"Pending"}`, true},
		{crossbook.Estimate, `{"TotalAmt":10,"TxnStatus":"Closed"}`, false},
		{crossbook.Estimate, `{"TotalAmt":10,"TxnStatus":"Rejected"}`, false},
		{crossbook.PurchaseOrder, `{"TotalAmt":10,"POStatus":"Open"}`, true},
		{crossbook.PurchaseOrder, `{"TotalAmt":10,"POStatus":"Closed"}`, false},
		{crossbook.Payment, `{"TotalAmt":10}`, false},
	} {
		if got := IsOpen(tc.entity, parse(t, tc.doc), nil); got != tc.want {
			t.Errorf("%s %s: %v", tc.entity, tc.doc, got)
		}
	}
}
