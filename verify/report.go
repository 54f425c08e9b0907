package verify

import (
	"fmt"
	"strings"
	"time"

	"crossbook"
	"crossbook/money"
)

// Kind is what a finding is about.
type Kind string

// The kinds of finding.
const (
	Field       Kind = "field"       // a value differs
	Line        Kind = "line"        // a row of a document differs, is missing or should not be there
	Total       Kind = "total"       // figures differ though every row agrees
	Missing     Kind = "missing"     // linked, and one side is gone
	Duplicate   Kind = "duplicate"   // a second record of what is linked already
	Unexplained Kind = "unexplained" // no counterpart, and nothing says why
)

// Finding is one thing that does not agree.
type Finding struct {
	Kind   Kind             `json:"kind"`
	Module crossbook.Module `json:"module"`
	// CRM and Books are the records concerned; one is zero where there is none.
	CRM   crossbook.Ref `json:"crm,omitzero"`
	Books crossbook.Ref `json:"quickbooks,omitzero"`
	Name  string        `json:"name"`
	// Field is the field as people read it, and for a line its place in front.
	Field      string `json:"field,omitempty"`
	CRMValue   string `json:"crm_value,omitempty"`
	BooksValue string `json:"quickbooks_value,omitempty"`
	// Also are fields that differ as a consequence of this one.
	Also     []string `json:"also,omitempty"`
	Sentence string   `json:"sentence"`
	// Explained findings have a recorded reason: Why.
	Explained bool   `json:"explained"`
	Why       string `json:"why,omitempty"`

	field string // the field's API name
}

// ModuleCount counts one module. A linked pair is one record, and so is a
// record without a counterpart: Records = Agree + LeftOut + Explained +
// Unexplained.
type ModuleCount struct {
	Module      crossbook.Module `json:"module"`
	InCRM       int              `json:"in_crm"`
	InBooks     int              `json:"in_quickbooks"` // of the entity; Accounts and Contacts share the customers
	Records     int              `json:"records"`
	Linked      int              `json:"linked"`
	Agree       int              `json:"agree"`
	LeftOut     int              `json:"left_out"`
	Explained   int              `json:"explained"`
	Unexplained int              `json:"unexplained"`
}

// CurrencyTotal sums the linked documents of one module in one currency.
// Currencies are never added.
type CurrencyTotal struct {
	Module       crossbook.Module `json:"module"`
	Currency     string           `json:"currency"`
	Documents    int              `json:"documents"`
	CRM          money.Decimal    `json:"crm_total"`
	Books        money.Decimal    `json:"quickbooks_total"`
	CRMBalance   money.Decimal    `json:"crm_balance"`
	BooksBalance money.Decimal    `json:"quickbooks_balance"`
}

// Agrees tells whether the sums are equal.
func (t CurrencyTotal) Agrees() bool {
	return t.CRM.Equal(t.Books) && t.CRMBalance.Equal(t.BooksBalance)
}

// Bridge leads from open invoices to what customers owe, in one currency, all
// of it as QuickBooks says (P44). Other is what the parts leave open: journal
// entries and opening balances.
type Bridge struct {
	Currency           string        `json:"currency"`
	OpenInvoices       money.Decimal `json:"open_invoices"`
	CreditsNotApplied  money.Decimal `json:"credits_not_applied"`
	PaymentsNotApplied money.Decimal `json:"payments_not_applied"`
	Receivables        money.Decimal `json:"receivables"`
	CustomerBalances   money.Decimal `json:"customer_balances"`
	Other              money.Decimal `json:"other"`
}

// Report is the proof.
type Report struct {
	Connection string    `json:"connection"`
	AsOf       time.Time `json:"as_of"`
	Sentence   string    `json:"sentence"`
	// Records, and what became of them; see ModuleCount.
	Records     int `json:"records"`
	Agree       int `json:"agree"`
	LeftOut     int `json:"left_out"`
	Explained   int `json:"explained"`
	Unexplained int `json:"unexplained"`

	Modules []ModuleCount   `json:"modules"`
	Totals  []CurrencyTotal `json:"totals"`
	Bridge  []Bridge        `json:"bridge"`
	// LeftOutFor counts the left-out records by reason.
	LeftOutFor map[string]int `json:"left_out_for"`
	// Findings are what does not agree, unexplained ones first; NotListed counts
	// those beyond the limit.
	Findings  []Finding `json:"findings"`
	NotListed int       `json:"not_listed,omitempty"`
}

// Proven tells whether everything agrees or is explained.
func (r Report) Proven() bool { return r.Unexplained == 0 }

// Open are the findings that nothing explains.
func (r Report) Open() []Finding {
	var out []Finding
	for _, f := range r.Findings {
		if !f.Explained {
			out = append(out, f)
		}
	}
	return out
}

// sentence is P50's, with what waits or differs for a recorded reason named
// where there is any.
func (r Report) sentence(zone *time.Location) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s agree as of %s; %s left out by your choices",
		group(r.Agree), group(r.Records), r.AsOf.In(zone).Format("15:04"), group(r.LeftOut))
	if r.Explained > 0 {
		fmt.Fprintf(&b, "; %s explained (waiting, to review, or a problem)", group(r.Explained))
	}
	fmt.Fprintf(&b, "; %s unexplained", group(r.Unexplained))
	return b.String()
}

// group writes a number with thousands separated.
func group(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
