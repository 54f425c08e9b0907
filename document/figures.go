package document

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"crossbook"
	"crossbook/money"
)

// The API names of the figures on Accounts and Deals (P33).
const (
	FieldBalance     = "QuickBooks_Balance"
	FieldBalances    = "QuickBooks_Balances"
	FieldOverdue     = "QuickBooks_Overdue"
	FieldOldestDays  = "QuickBooks_Oldest_days"
	FieldCredits     = "QuickBooks_Credits_not_applied"
	FieldQuoted      = "QuickBooks_Quoted"
	FieldDealBilled  = "QuickBooks_Invoiced"
	FieldDealPaid    = "QuickBooks_Paid"
	FieldDealOpen    = "QuickBooks_Open"
	FieldLastInvoice = "QuickBooks_Last_Invoice_Status"
)

// AccountFigures are one Account's figures in one currency (P33).
type AccountFigures struct {
	Currency string
	// Balance is open invoices less credits and payments not applied.
	Balance money.Decimal
	// Invoices is what is open on invoices, Overdue the part past its due date.
	Invoices, Overdue money.Decimal
	// OldestDays is how many days the oldest open invoice is overdue.
	OldestDays int
	// Credits are credit memos and payments not applied.
	Credits     money.Decimal
	LastPayment string
}

// AccountInput are the documents of an Account's customers: home, aliases and
// jobs (P6). Raw, with numbers as json.Number; deleted ones left out.
type AccountInput struct {
	Invoices, CreditMemos, Payments []map[string]any
	Today, HomeCurrency             string
}

// Account reckons an Account's figures, one entry a currency, in the order of
// the codes. Currencies are never added.
func Account(in AccountInput) []AccountFigures {
	by := map[string]*AccountFigures{}
	of := func(d raw) *AccountFigures {
		code := d.text("CurrencyRef.value")
		if code == "" {
			code = in.HomeCurrency
		}
		if by[code] == nil {
			by[code] = &AccountFigures{Currency: code}
		}
		return by[code]
	}
	for _, inv := range in.Invoices {
		d := raw(inv)
		if IsVoided(inv) {
			continue
		}
		f, balance := of(d), d.amount("Balance")
		f.Invoices = f.Invoices.Add(balance)
		if due := d.text("DueDate"); balance.IsPositive() && due != "" && due < in.Today {
			f.Overdue = f.Overdue.Add(balance)
			f.OldestDays = max(f.OldestDays, daysBetween(due, in.Today))
		}
	}
	for _, memo := range in.CreditMemos {
		d := raw(memo)
		left, ok := d.number("RemainingCredit")
		if !ok {
			left = d.amount("Balance")
		}
		f := of(d)
		f.Credits = f.Credits.Add(left)
	}
	for _, pay := range in.Payments {
		d := raw(pay)
		if IsVoided(pay) {
			continue
		}
		f := of(d)
		f.Credits = f.Credits.Add(d.amount("UnappliedAmt"))
		if date := d.text("TxnDate"); d.amount("TotalAmt").IsPositive() && date > f.LastPayment {
			f.LastPayment = date
		}
	}
	out := make([]AccountFigures, 0, len(by))
	for _, code := range slices.Sorted(maps.Keys(by)) {
		f := by[code]
		f.Balance = f.Invoices.Sub(f.Credits)
		out = append(out, *f)
	}
	return out
}

// DealFigures are one Deal's figures in one currency (P33). Deleted and voided
// documents count as nothing, rejected estimates are not quoted.
type DealFigures struct {
	Currency              string
	Quoted                money.Decimal
	Invoiced, Paid, Open  money.Decimal
	LastInvoice, LastDate string
}

// DealInput are the documents whose CRM records point at a Deal.
type DealInput struct {
	Estimates, Invoices []map[string]any
	Today, HomeCurrency string
}

// Deal reckons a Deal's figures, one entry a currency, in the order of the codes.
func Deal(in DealInput) []DealFigures {
	by := map[string]*DealFigures{}
	of := func(d raw) *DealFigures {
		code := d.text("CurrencyRef.value")
		if code == "" {
			code = in.HomeCurrency
		}
		if by[code] == nil {
			by[code] = &DealFigures{Currency: code}
		}
		return by[code]
	}
	for _, est := range in.Estimates {
		d := raw(est)
		if f := of(d); d.text("TxnStatus") != "Rejected" {
			f.Quoted = f.Quoted.Add(d.amount("TotalAmt"))
		}
	}
	for _, inv := range byDate(in.Invoices) {
		d := raw(inv)
		f := of(d)
		if IsVoided(inv) {
			continue
		}
		total, balance := d.amount("TotalAmt"), d.amount("Balance")
		f.LastInvoice, f.LastDate = InvoiceStatus(inv, in.Today), d.text("TxnDate")
		f.Invoiced, f.Open = f.Invoiced.Add(total), f.Open.Add(balance)
		f.Paid = f.Paid.Add(total.Sub(balance))
	}
	out := make([]DealFigures, 0, len(by))
	for _, code := range slices.Sorted(maps.Keys(by)) {
		out = append(out, *by[code])
	}
	return out
}

// LastInvoiceStatus is the status of the latest invoice of any currency; voided
// ones count as nothing.
func LastInvoiceStatus(invoices []map[string]any, today string) string {
	status := ""
	for _, inv := range byDate(invoices) {
		if !IsVoided(inv) {
			status = InvoiceStatus(inv, today)
		}
	}
	return status
}

// byDate orders documents by date, then by id, so that the last is the latest.
func byDate(docs []map[string]any) []map[string]any {
	out := slices.Clone(docs)
	slices.SortStableFunc(out, func(a, b map[string]any) int {
		x, y := raw(a), raw(b)
		if c := cmp.Compare(x.text("TxnDate"), y.text("TxnDate")); c != 0 {
			return c
		}
		if c := len(x.text("Id")) - len(y.text("Id")); c != 0 {
			return c
		}
		return cmp.Compare(x.text("Id"), y.text("Id"))
	})
	return out
}

// daysBetween counts from one date to a later one; 0 if either is no date.
func daysBetween(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a) / (24 * time.Hour))
}

// IsOpen tells whether a document is still open, whatever its date (P26): an
// invoice with a balance, an estimate not yet closed or with something left to
// invoice, a purchase order not closed.
func IsOpen(e crossbook.Entity, data map[string]any, linked []map[string]any) bool {
	d := raw(data)
	switch e {
	case crossbook.Invoice:
		return d.amount("Balance").IsPositive()
	case crossbook.Estimate:
		switch EstimateStatus(data, "", linked) {
		case "Closed", "Converted", "Rejected":
			return false
		default:
			return Remaining(data, linked).IsPositive()
		}
	case crossbook.PurchaseOrder:
		return d.text("POStatus") != "Closed"
	default:
		return false
	}
}
