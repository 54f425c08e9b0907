package qbobox

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// side says where the debts of a kind of party stand, and with which sign.
func side(kind string) (accountType string, sign decimal.Decimal) {
	if kind == "Vendor" {
		return "Accounts Payable", decimal.NewFromInt(-1)
	}
	return "Accounts Receivable", decimal.NewFromInt(1)
}

// debts visits the postings on receivable or payable accounts up to a date.
func (b *Box) debts(q *reportQuery, kind string, visit func(e *entry, p posting, amt decimal.Decimal)) {
	typ, sign := side(kind)
	mine := map[string]bool{}
	for _, r := range b.tables["account"].byID {
		mine[r.id] = r.typ == typ
	}
	only := q.customer
	if kind == "Vendor" {
		only = q.vendor
	}
	for _, e := range b.ledger.entries {
		if e.Date > q.asOf {
			continue
		}
		for _, p := range e.Lines {
			_, id := splitHandle(p.Party)
			if mine[p.Account] && (len(only) == 0 || slices.Contains(only, id)) {
				visit(e, p, p.Amount.Mul(sign))
			}
		}
	}
}

// partyRows writes one row for each party that owes or is owed, by name.
// What stands on the accounts under nobody's name gets a row of its own; those
// who have paid everything are there when they are asked for (arpaid).
func (b *Box) partyRows(of map[string][]decimal.Decimal, width int, paid string) []any {
	type row struct {
		name, id string
		amounts  []decimal.Decimal
	}
	var all []row
	total := make([]decimal.Decimal, width)
	for h, a := range of {
		if settled := nothing(a); settled && paid != "All" && paid != "Paid" || !settled && paid == "Paid" {
			continue
		}
		kind, id := splitHandle(h)
		name := "Not Specified"
		if r := b.find(kind, id); r != nil {
			name = cmp.Or(str(r.object(), "FullyQualifiedName"), r.title)
		}
		all = append(all, row{name, id, a})
		total = plus(total, a)
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(x, y row) int { return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.id, y.id)) })
	rows := make([]any, 0, len(all)+1)
	for _, r := range all {
		rows = append(rows, object{"ColData": cells(r.name, r.id, r.amounts)})
	}
	return append(rows, summary("TOTAL", "GrandTotal", total))
}

func (b *Box) partyBalances(q *reportQuery, kind string) ([]any, []any) {
	of := map[string][]decimal.Decimal{}
	b.debts(q, kind, func(_ *entry, p posting, amt decimal.Decimal) {
		if of[p.Party] == nil {
			of[p.Party] = make([]decimal.Decimal, 1)
		}
		of[p.Party][0] = of[p.Party][0].Add(amt)
	})
	key := map[string]string{"Customer": "cust_name", "Vendor": "vend_name"}[kind]
	return []any{column(kind, kind, key), column("Total", "Money", "subt_neg_amount")}, b.partyRows(of, 1, q.paid)
}

// aged spreads what is owed over the days since it was due. A payment counts
// where the document counts that it settles.
func (b *Box) aged(q *reportQuery, kind string) ([]any, []any) {
	width := q.count + 2 // current, the periods, total
	of := map[string][]decimal.Decimal{}
	b.debts(q, kind, func(e *entry, p posting, amt decimal.Decimal) {
		a := of[p.Party]
		if a == nil {
			a = make([]decimal.Decimal, width)
			of[p.Party] = a
		}
		at := q.bucket(b.dueOf(e, p))
		a[at], a[width-1] = a[at].Add(amt), a[width-1].Add(amt)
	})
	columns := []any{column("", kind, map[string]string{"Customer": "cust_name", "Vendor": "vend_name"}[kind]), column("Current", "Money", "current")}
	for i := range q.count {
		title := fmt.Sprintf("%d - %d", i*q.days+1, (i+1)*q.days)
		if i == q.count-1 {
			title = fmt.Sprintf("%d and over", i*q.days+1)
		}
		columns = append(columns, column(title, "Money", fmt.Sprint(i)))
	}
	return append(columns, column("Total", "Money", "total")), b.partyRows(of, width, "")
}

// dueOf is when a part of a debt was due.
func (b *Box) dueOf(e *entry, p posting) string {
	if t := b.ledger.entries[p.Settles]; t != nil {
		e = t
	}
	return cmp.Or(e.Due, e.Date)
}

func (q *reportQuery) bucket(due string) int {
	d, err1 := time.Parse(dateLayout, due)
	at, err2 := time.Parse(dateLayout, q.aged)
	if err1 != nil || err2 != nil || !at.After(d) {
		return 0
	}
	days := int(at.Sub(d).Hours() / 24)
	return min((days-1)/q.days+1, q.count)
}
