package engine

import (
	"testing"

	"crossbook/document"
	"crossbook/money"
)

// Where an Account has several currencies, each is told by itself with what is
// overdue and what is not applied (P6, P33).
func TestInWords_TellsOneCurrency(t *testing.T) {
	for _, tc := range []struct {
		figures document.AccountFigures
		want    string
	}{
		{document.AccountFigures{Currency: "EUR", Balance: money.MustParse("7")}, "EUR 7.00"},
		{
			document.AccountFigures{Currency: "USD", Balance: money.MustParse("-15"), Credits: money.MustParse("100")},
			"USD -15.00 (credits not applied 100.00)",
		},
		{
			document.AccountFigures{Currency: "USD", Balance: money.MustParse("30"), Overdue: money.MustParse("25.5"), OldestDays: 12},
			"USD 30.00 (overdue 25.50, 12 days)",
		},
	} {
		if got := inWords(tc.figures); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}
