package document

import (
	"fmt"
	"strings"
	"testing"

	"crossbook/money"
)

// P34: every payment with what it covered; one that only joins a credit is a
// credit; voided ones, and what paid other invoices, are not listed.
func TestSettlements_OnePaymentAfterTheOther(t *testing.T) {
	inv := parse(t, `{"Id":"130","DocNumber":"1040","TxnDate":"2026-05-01","Deposit":500,"TotalAmt":2000,"Balance":150}`)
	var payments []map[string]any
	for _, p := range []string{
		`{"Id":"9","TxnDate":"2026-05-09","TotalAmt":300,"UnappliedAmt":20,"PaymentRefNum":"6552","PaymentMethodRef":{"value":"2"},"Line":[
			{"Amount":200,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"}]},{"Amount":80,"LinkedTxn":[{"TxnId":"131","TxnType":"Invoice"}]}]}`,
		`{"Id":"10","TxnDate":"2026-05-03","TotalAmt":1000,"UnappliedAmt":0,"CurrencyRef":{"value":"EUR"},"Line":[{"Amount":1000,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"}]}]}`,
		`{"Id":"11","TxnDate":"2026-05-10","TotalAmt":0,"Line":[{"Amount":50,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"}]},{"Amount":50,"LinkedTxn":[{"TxnId":"73","TxnType":"CreditMemo"}]}]}`,
		`{"Id":"12","TxnDate":"2026-05-11","TotalAmt":0,"PrivateNote":"Voided","Line":[{"Amount":0,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"}]}]}`,
		`{"Id":"13","TxnDate":"2026-05-11","TotalAmt":10,"Line":[{"Amount":10,"LinkedTxn":[{"TxnId":"131","TxnType":"Invoice"}]}]}`,
	} {
		payments = append(payments, parse(t, p))
	}
	credits := []map[string]any{
		parse(t, `{"Id":"73","DocNumber":"CM1","TxnDate":"2026-05-04","TotalAmt":50,"RemainingCredit":0,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"}]}`),
		parse(t, `{"Id":"74","DocNumber":"CM2","TxnDate":"2026-05-12","TotalAmt":120,"RemainingCredit":20,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"}]}`),
		parse(t, `{"Id":"75","DocNumber":"CM3","TxnDate":"2026-05-12","TotalAmt":10,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"},{"TxnId":"131","TxnType":"Invoice"}]}`),
	}
	var got []string
	for _, s := range Settlements(inv, payments, credits, "USD") {
		amount := "?"
		if s.Amount != nil {
			amount = s.Amount.String()
		}
		line := fmt.Sprintf("%s %s %s %s %s %s total %s", s.Date, s.Kind, s.ID, s.Number, amount, s.Currency, s.Total)
		for _, c := range s.Covered {
			line += " pays " + c.ID + " " + c.Amount.String()
		}
		for _, c := range s.Credits {
			line += " uses " + c.ID
		}
		if s.Unapplied.IsPositive() {
			line += " left " + s.Unapplied.String()
		}
		got = append(got, line)
	}
	want := []string{
		"2026-05-01 deposit 130  500 USD total 500",
		"2026-05-03 payment 10  1000 EUR total 1000 pays 130 1000",
		"2026-05-09 payment 9 6552 200 USD total 300 pays 130 200 pays 131 80 left 20",
		"2026-05-10 credit 11  50 USD total 0 pays 130 50 uses 73",
		"2026-05-12 credit 74 CM2 100 USD total 120 left 20",
		"2026-05-12 credit 75 CM3 ? USD total 10",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What is listed must add up to what the status of the invoice says.
func TestSettlements_AddUpToWhatIsPaid(t *testing.T) {
	inv := parse(t, `{"Id":"1","TxnDate":"2026-05-01","TotalAmt":100,"Balance":40}`)
	paid := money.Zero
	for _, s := range Settlements(inv, []map[string]any{
		parse(t, `{"Id":"2","TxnDate":"2026-05-02","TotalAmt":60,"Line":[{"Amount":35,"LinkedTxn":[{"TxnId":"1","TxnType":"Invoice"}]},{"Amount":25,"LinkedTxn":[{"TxnId":"1","TxnType":"Invoice"}]}]}`),
	}, nil, "USD") {
		paid = paid.Add(*s.Amount)
	}
	if !paid.Equal(money.MustParse("60")) {
		t.Errorf("listed %s, paid 60", paid)
	}
}
