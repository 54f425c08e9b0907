package qbobox

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// flow is one part of the statement of cash flows; the groups are spelled as
// the vendor spells them (recorded).
type flow struct {
	title, group, sum string
	types             []string
}

var (
	operating = flow{
		"OPERATING ACTIVITIES", "OperatingActivities", "Net cash provided by operating activities",
		[]string{"Accounts Receivable", "Other Current Asset", "Accounts Payable", "Credit Card", "Other Current Liability"},
	}
	investing = flow{"INVESTING ACTIVITIES", "InvestingActivities", "Net cash provided by investing activities", []string{"Fixed Asset", "Other Asset"}}
	financing = flow{"FINANCING ACTIVITIES", "FinancingActivites", "Net cash provided by financing activities", []string{"Long Term Liability", "Equity"}}
)

const reconciling = "Adjustments to reconcile Net Income to Net Cash provided by operations:"

// isCash: what stands in the bank or waits to be brought there.
func (b *Box) isCash(r *record) bool {
	return r.typ == "Bank" || str(r.object(), "AccountSubType") == "UndepositedFunds"
}

// cashFlow explains by how much the money became more: by the profit and by
// what moved on every account that is neither money nor profit.
func (b *Box) cashFlow(q *reportQuery) ([]any, []any) {
	columns := timeColumns(q)
	s := b.movements(q, within)
	if len(s.used) == 0 {
		return columns, nil
	}
	income, cash := make([]decimal.Decimal, s.width), make([]decimal.Decimal, s.width)
	for id, a := range s.amounts {
		switch r := b.find("Account", id); {
		case r == nil:
		case profitTypes[r.typ]:
			income = minus(income, a)
		case b.isCash(r):
			cash = plus(cash, a)
		}
	}
	adjusted, moved := b.flowRows(s, operating.types)
	inside := []any{dataRow("Net Income", "", income)}
	if len(adjusted) > 0 {
		inside = append(inside, object{
			"Header": object{"ColData": blanks(reconciling, "", s.width)}, "Rows": object{"Row": adjusted},
			"type": "Section", "group": "OperatingAdjustments",
		})
	}
	rows := []any{flowSection(operating, inside, plus(income, moved))}
	for _, f := range []flow{investing, financing} {
		if part, sum := b.flowRows(s, f.types); len(part) > 0 {
			rows = append(rows, flowSection(f, part, sum))
		}
	}
	rows = append(rows, summary("Net cash increase for period", "CashIncrease", cash))
	begin := b.cashBefore(q)
	if !nothing(begin) {
		rows = append(rows, summary("Cash at beginning of period", "BeginningCash", begin))
	}
	return columns, append(rows, summary("Cash at end of period", "EndingCash", plus(begin, cash)))
}

func flowSection(f flow, rows []any, sum []decimal.Decimal) object {
	return object{
		"Header": object{"ColData": blanks(f.title, "", len(sum))}, "Rows": object{"Row": rows},
		"Summary": object{"ColData": cells(f.sum, "", sum)}, "type": "Section", "group": f.group,
	}
}

// flowRows are the accounts of some types on which something moved. What makes
// an asset more took money away.
func (b *Box) flowRows(s *sheet, types []string) (rows []any, sum []decimal.Decimal) {
	sum = make([]decimal.Decimal, s.width)
	var all []*record
	for id, a := range s.amounts {
		if r := b.find("Account", id); r != nil && slices.Contains(types, r.typ) && !b.isCash(r) && !nothing(a) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(x, y *record) int {
		return cmp.Or(cmp.Compare(slices.Index(types, x.typ), slices.Index(types, y.typ)), cmp.Compare(x.title, y.title), cmp.Compare(x.num, y.num))
	})
	for _, r := range all {
		amounts := minus(make([]decimal.Decimal, s.width), s.amounts[r.id])
		rows, sum = append(rows, dataRow(r.title, r.id, amounts)), plus(sum, amounts)
	}
	return rows, sum
}

// cashBefore is what each column begins with.
func (b *Box) cashBefore(q *reportQuery) []decimal.Decimal {
	out := make([]decimal.Decimal, len(q.periods))
	money := map[string]bool{}
	for _, r := range b.tables["account"].byID {
		money[r.id] = b.isCash(r)
	}
	for e := range b.booked(q) {
		for _, p := range e.all() {
			if !money[p.Account] || !q.wants(e, p) {
				continue
			}
			for i, col := range q.periods {
				if e.Date < col.start && col.holds(e, p) {
					out[i] = out[i].Add(p.Amount)
				}
			}
		}
	}
	return out
}
