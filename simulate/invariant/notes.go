package invariant

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// ourWord is the field that says how a record stands with QuickBooks (P35).
const ourWord = "QuickBooks_sync"

// dealFigures are what a Deal shows of its documents (P33).
var dealFigures = []string{
	"QuickBooks_Quoted", "QuickBooks_Invoiced", "QuickBooks_Paid", "QuickBooks_Open", "QuickBooks_Last_Invoice_Status", "QuickBooks_Figures_by_currency",
}

// note tells whether a write carried nothing but what Crossbook says about a
// record in a field of its own: that changes nothing of the record.
func (w Write) note() bool {
	if len(w.Values) == 0 {
		return false
	}
	for k := range w.Values {
		if k != "id" && k != ourWord && (w.Type != "Deals" || !slices.Contains(dealFigures, k)) {
			return false
		}
	}
	return true
}

// states checks what records say of how they stand: only known words; in step
// only what is linked and has no problem (P35). What is about to be told is not
// judged yet.
func (j *judge) states() {
	for module := range entityOf {
		for _, r := range j.CRM.rows(module) {
			at, word := Ref{CRM, module, idOf(r)}, plain(r[ourWord])
			if word == "" || len(j.held[Ref{CRM, module + "#sync", at.ID}]) > 0 {
				continue
			}
			switch {
			case word == "In step":
				j.inStep(at)
			case strings.HasPrefix(word, "Waiting"), strings.HasPrefix(word, "Needs you ("), strings.HasPrefix(word, "Left out ("):
			default:
				j.broken("state nobody knows", "%s says %q", at, word)
			}
		}
	}
}

func (j *judge) inStep(at Ref) {
	links := j.links1[at]
	if len(links) == 0 {
		j.broken("state", "%s says that it is in step and is not linked", at)
		return
	}
	for _, l := range links {
		for _, h := range slices.Concat(j.held[at], j.held[l.books()]) {
			if l.live() && h.What == "problem" && h.Module == at.Type {
				j.broken("state", "%s says that it is in step and has the problem %q", at, h.Text)
			}
		}
	}
}

// deals checks the figures of Deals against QuickBooks: what stands on a Deal
// say the linked documents in the CRM, and what they come to says QuickBooks.
// Companies with several currencies are not judged here.
func (j *judge) deals() {
	for _, deal := range j.CRM.rows("Deals") {
		at := Ref{CRM, "Deals", idOf(deal)}
		if j.isHeld(at) {
			continue
		}
		quoted, invoiced, open, some := decimal.Zero, decimal.Zero, decimal.Zero, false
		for _, l := range j.Recorded.Links {
			crm, books := j.records[l.crm()], j.records[l.books()]
			if !l.live() || crm == nil || books == nil {
				continue
			}
			switch {
			case l.Module == "Quotes" && refID(crm["Deal_Name"]) == at.ID:
				some = true
				if plain(books["TxnStatus"]) != "Rejected" {
					quoted = quoted.Add(amount(books, "TotalAmt"))
				}
			case l.Module == "Invoices" && refID(crm["Deal_Name__s"]) == at.ID:
				some = true
				if !voided(books) {
					invoiced, open = invoiced.Add(amount(books, "TotalAmt")), open.Add(amount(books, "Balance"))
				}
			}
		}
		for name, want := range map[string]decimal.Decimal{
			"QuickBooks_Quoted": quoted, "QuickBooks_Invoiced": invoiced, "QuickBooks_Paid": invoiced.Sub(open), "QuickBooks_Open": open,
		} {
			if got := amount(deal, name); !got.Equal(want) || !some && plain(deal[name]) != "" {
				j.broken("deal figure", "%s shows %s = %q, its documents come to %s", at, name, plain(deal[name]), want)
			}
		}
	}
}
