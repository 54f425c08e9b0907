package qbobox

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// openDocuments are what stands on a customer's account up to the report's
// date: each document with what is left of it, each payment with what it did
// not settle.
func (b *Box) openDocuments(q *reportQuery) []*detail {
	left, whole := map[string]decimal.Decimal{}, map[string]*detail{}
	var keys []string
	b.debts(q, "Customer", func(e *entry, p posting, amt decimal.Decimal) {
		key := e.Key + " " + p.Party
		if b.ledger.entries[p.Settles] != nil {
			key = p.Settles + " " + p.Party
		} else if d := whole[key]; d != nil {
			d.amount = d.amount.Add(amt)
		} else {
			at := slices.IndexFunc(e.Lines, func(l posting) bool { return l.Account == p.Account && l.Party == p.Party })
			d := b.detailOf(e, e.Lines, at)
			d.amount, d.party, d.due = amt, p.Party, cmp.Or(e.Due, e.Date)
			whole[key] = d
			keys = append(keys, key)
		}
		left[key] = left[key].Add(amt)
	})
	for key := range left { // paid before it was written
		if h, party, _ := strings.Cut(key, " "); whole[key] == nil {
			e := b.ledger.entries[h]
			d := b.detailOf(e, e.Lines, 0)
			d.amount, d.party, d.due = decimal.Zero, party, cmp.Or(e.Due, e.Date)
			whole[key], keys = d, append(keys, key)
		}
	}
	var out []*detail
	for _, key := range keys {
		d := whole[key]
		d.open = left[key]
		switch paid := d.open.IsZero(); {
		case q.paid == "Paid" && !paid, q.paid != "Paid" && q.paid != "All" && paid:
		default:
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(x, y *detail) int {
		return cmp.Or(cmp.Compare(x.date, y.date), cmp.Compare(x.kind, y.kind), cmp.Compare(number0(x.id), number0(y.id)))
	})
	b.inOrder(q, out)
	return out
}

func number0(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

// customerBalanceDetail explains each customer's balance document by document;
// its sums are those of CustomerBalance.
func (b *Box) customerBalanceDetail(q *reportQuery) ([]any, []any) {
	by := map[string][]*detail{}
	var who []string
	for _, d := range b.openDocuments(q) {
		if by[d.party] == nil {
			who = append(who, d.party)
		}
		by[d.party] = append(by[d.party], d)
	}
	nameOf := func(h string) string { return str(b.named(h), "value") }
	slices.SortFunc(who, func(x, y string) int { return cmp.Or(cmp.Compare(nameOf(x), nameOf(y)), cmp.Compare(x, y)) })
	var rows []any
	total := sums{}
	for _, h := range who {
		part, sum := b.detailRows(by[h])
		name := cmp.Or(nameOf(h), "Not Specified")
		_, id := splitHandle(h)
		rows = append(rows, detailSection(name, id, "Total for "+name, part, sum.cells()))
		total.add(sum)
	}
	if len(rows) == 0 {
		return detailTable(), nil
	}
	return detailTable(), append(rows, grandTotal(total))
}

// sums of a part of a list.
type sums struct{ amount, open decimal.Decimal }

func (s *sums) add(t sums) { s.amount, s.open = s.amount.Add(t.amount), s.open.Add(t.open) }

func (s sums) cells() map[string]decimal.Decimal {
	return map[string]decimal.Decimal{"subt_nat_amount": s.amount, "subt_amount": s.amount, "subt_open_bal": s.open, "rbal_nat_amount": s.open}
}

func grandTotal(s sums) object {
	return object{"Summary": object{"ColData": labelled("TOTAL", "", s.cells())}, "type": "Section", "group": "GrandTotal"}
}

// detailRows writes documents with what is owed after each of them.
func (b *Box) detailRows(of []*detail) (rows []any, sum sums) {
	for _, d := range of {
		sum.add(sums{d.amount, d.open})
		d.balance = sum.open
		rows = append(rows, b.detailRow(d))
	}
	return rows, sum
}

// agedReceivableDetail lists what is open by its age, the oldest first; its
// sums are the columns of AgedReceivables.
func (b *Box) agedReceivableDetail(q *reportQuery) ([]any, []any) {
	ages := make([][]*detail, q.count+1)
	for _, d := range b.openDocuments(q) {
		at := q.bucket(d.due)
		ages[at] = append(ages[at], d)
	}
	var rows []any
	total := sums{}
	for i, of := range slices.Backward(ages) {
		if len(of) == 0 {
			continue
		}
		title := fmt.Sprintf("%d - %d days past due", (i-1)*q.days+1, i*q.days)
		switch i {
		case 0:
			title = "Current"
		case q.count:
			title = fmt.Sprintf("%d or more days past due", (i-1)*q.days+1)
		}
		part, sum := b.detailRows(of)
		rows = append(rows, detailSection(title, "", "Total for "+title, part, sum.cells()))
		total.add(sum)
	}
	if len(rows) == 0 {
		return detailTable(), nil
	}
	return detailTable(), append(rows, grandTotal(total))
}
