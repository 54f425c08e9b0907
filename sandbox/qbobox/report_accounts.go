package qbobox

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// sheet holds the amounts of all accounts, one for each column.
type sheet struct {
	b       *Box
	width   int
	amounts map[string][]decimal.Decimal // debits positive
	used    map[string]bool              // accounts with any posting
}

func (s *sheet) of(id string) []decimal.Decimal {
	a := s.amounts[id]
	if a == nil {
		a = make([]decimal.Decimal, s.width)
		s.amounts[id] = a
	}
	return a
}

// movements are the sums of the postings within each column's period.
func (b *Box) movements(q *reportQuery, inside func(p period, date string) bool) *sheet {
	s := &sheet{b: b, width: len(q.periods), amounts: map[string][]decimal.Decimal{}, used: map[string]bool{}}
	for e := range b.booked(q) {
		for _, p := range e.all() {
			if !q.wants(e, p) {
				continue
			}
			for i, col := range q.periods {
				if inside(col, e.Date) && col.holds(e, p) {
					a := s.of(p.Account)
					a[i] = a[i].Add(p.Amount)
					s.used[p.Account] = true
				}
			}
		}
	}
	return s
}

func within(p period, date string) bool { return p.start <= date && date <= p.end }

func upTo(p period, date string) bool { return date <= p.end }

// line is one account of a report with those below it.
type line struct {
	rec  *record
	name string
}

// section writes the accounts of some types as a tree and returns it with its
// sum. sign is -1 for types that are credits by nature.
func (s *sheet) section(title, group string, sign int64, types ...string) (object, []decimal.Decimal) {
	rows, total := s.accounts(sign, types...)
	if len(rows) == 0 {
		return nil, total
	}
	return section(title, group, s.width, rows, total), total
}

func section(title, group string, width int, rows []any, total []decimal.Decimal) object {
	return object{
		"Header": object{"ColData": blanks(title, "", width)}, "Rows": object{"Row": rows},
		"Summary": object{"ColData": cells("Total "+title, "", total)}, "type": "Section", "group": group,
	}
}

func (s *sheet) accounts(sign int64, types ...string) ([]any, []decimal.Decimal) {
	var roots []line
	for _, r := range s.b.tables["account"].byID {
		o := r.object()
		if !slices.Contains(types, str(o, "AccountType")) {
			continue
		}
		if up := s.b.find("Account", str(o, "ParentRef.value")); up != nil && slices.Contains(types, s.b.accountType(up.id)) {
			continue
		}
		roots = append(roots, line{r, str(o, "Name")})
	}
	return s.tree(roots, decimal.NewFromInt(sign))
}

func (s *sheet) tree(lines []line, sign decimal.Decimal) ([]any, []decimal.Decimal) {
	slices.SortFunc(lines, func(x, y line) int { return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.rec.num, y.rec.num)) })
	total := make([]decimal.Decimal, s.width)
	var rows []any
	for _, l := range lines {
		own := make([]decimal.Decimal, s.width)
		for i, a := range s.amounts[l.rec.id] {
			own[i] = a.Mul(sign)
		}
		var kids []line
		for _, k := range s.b.children(l.rec) {
			kids = append(kids, line{k, str(k.object(), "Name")})
		}
		inner, below := s.tree(kids, sign)
		sum := plus(own, below)
		switch {
		case len(inner) > 0:
			rows = append(rows, object{
				"Header": object{"ColData": cells(l.name, l.rec.id, own)}, "Rows": object{"Row": inner},
				"Summary": object{"ColData": cells("Total "+l.name, "", sum)}, "type": "Section",
			})
		case s.used[l.rec.id]:
			rows = append(rows, dataRow(l.name, l.rec.id, own))
		}
		total = plus(total, sum)
	}
	return rows, total
}

func (b *Box) profitAndLoss(q *reportQuery) ([]any, []any) {
	s := b.movements(q, within)
	for id, a := range s.amounts {
		if nothing(a) {
			delete(s.used, id)
		}
	}
	var rows []any
	put := func(o object) {
		if o != nil {
			rows = append(rows, o)
		}
	}
	income, in := s.section("Income", "Income", -1, "Income")
	cogs, cost := s.section("Cost of Goods Sold", "COGS", 1, "Cost of Goods Sold")
	spent, out := s.section("Expenses", "Expenses", 1, "Expense")
	more, moreIn := s.section("Other Income", "OtherIncome", -1, "Other Income")
	less, moreOut := s.section("Other Expenses", "OtherExpenses", 1, "Other Expense")
	if income == nil && cogs == nil && spent == nil && more == nil && less == nil {
		return timeColumns(q), nil
	}
	gross := minus(in, cost)
	operating, other := minus(gross, out), minus(moreIn, moreOut)
	put(income)
	put(cogs)
	put(summary("Gross Profit", "GrossProfit", gross))
	put(spent)
	put(summary("Net Operating Income", "NetOperatingIncome", operating))
	put(more)
	put(less)
	if more != nil || less != nil {
		put(summary("Net Other Income", "NetOtherIncome", other))
	}
	put(summary("Net Income", "NetIncome", plus(operating, other)))
	return timeColumns(q), rows
}

// fiscalStart is the first day of the fiscal year that a date is in.
func (b *Box) fiscalStart(date string) string {
	first := time.January
	if m, err := time.Parse("January", str(b.company(), "FiscalYearStartMonth")); err == nil {
		first = m.Month()
	}
	t, err := time.Parse(dateLayout, date)
	if err != nil {
		return date
	}
	y := t.Year()
	if t.Month() < first {
		y--
	}
	return time.Date(y, first, 1, 0, 0, 0, 0, time.UTC).Format(dateLayout)
}

// standing is what all accounts hold at the end of each column: those of the
// profit for the fiscal year, the years before it in retained earnings.
func (b *Box) standing(q *reportQuery) (s *sheet, profit []decimal.Decimal, retained string) {
	s = &sheet{b: b, width: len(q.periods), amounts: map[string][]decimal.Decimal{}, used: map[string]bool{}}
	profit = make([]decimal.Decimal, s.width)
	retained = b.accountBySubType("RetainedEarnings")
	types := map[string]bool{}
	for _, r := range b.tables["account"].byID {
		types[r.id] = profitTypes[r.typ]
	}
	starts := make([]string, s.width)
	for i, p := range q.periods {
		starts[i] = b.fiscalStart(p.end)
	}
	for e := range b.booked(q) {
		for _, p := range e.all() {
			for i, col := range q.periods {
				if !upTo(col, e.Date) || !q.wants(e, p) || !col.holds(e, p) {
					continue
				}
				id := p.Account
				if types[id] {
					if e.Date < starts[i] {
						id = retained
					} else {
						profit[i] = profit[i].Sub(p.Amount)
					}
				}
				a := s.of(id)
				a[i] = a[i].Add(p.Amount)
				s.used[id] = true
			}
		}
	}
	return s, profit, retained
}

func (b *Box) trialBalance(q *reportQuery) ([]any, []any) {
	columns := []any{column("", "Account", "account"), column("Debit", "Money", "debit"), column("Credit", "Money", "credit")}
	q.periods = q.periods[len(q.periods)-1:]
	s, _, _ := b.standing(q)
	order := []string{}
	for _, r := range b.tables["account"].ids.all() {
		if s.used[r.id] && !nothing(s.amounts[r.id]) {
			order = append(order, r.id)
		}
	}
	slices.SortStableFunc(order, func(x, y string) int {
		return cmp.Compare(slices.Index(accountTypes, b.accountType(x)), slices.Index(accountTypes, b.accountType(y)))
	})
	if len(order) == 0 {
		return columns, nil
	}
	var rows []any
	var debit, credit decimal.Decimal
	for _, id := range order {
		amt := s.amounts[id][0]
		sides := []any{cell(b.find("Account", id).title, id), cell(money(amt), ""), cell("", "")}
		if amt.IsNegative() {
			sides[1], sides[2] = cell("", ""), cell(money(amt.Neg()), "")
			credit = credit.Sub(amt)
		} else {
			debit = debit.Add(amt)
		}
		rows = append(rows, object{"ColData": sides})
	}
	return columns, append(rows, summary("TOTAL", "GrandTotal", []decimal.Decimal{debit, credit}))
}

// outline is one heading of the balance sheet: either accounts or further headings.
type outline struct {
	title, group string
	types        []string
	below        []outline
}

var assets = outline{"ASSETS", "TotalAssets", nil, []outline{
	{"Current Assets", "CurrentAssets", nil, []outline{
		{"Bank Accounts", "BankAccounts", []string{"Bank"}, nil},
		{"Accounts Receivable", "AR", []string{"Accounts Receivable"}, nil},
		{"Other Current Assets", "OtherCurrentAssets", []string{"Other Current Asset"}, nil},
	}},
	{"Fixed Assets", "FixedAssets", []string{"Fixed Asset"}, nil},
	{"Other Assets", "OtherAssets", []string{"Other Asset"}, nil},
}}

var liabilities = outline{"Liabilities", "Liabilities", nil, []outline{
	{"Current Liabilities", "CurrentLiabilities", nil, []outline{
		{"Accounts Payable", "AP", []string{"Accounts Payable"}, nil},
		{"Credit Cards", "CreditCards", []string{"Credit Card"}, nil},
		{"Other Current Liabilities", "OtherCurrentLiabilities", []string{"Other Current Liability"}, nil},
	}},
	{"Long-Term Liabilities", "LongTermLiabilities", []string{"Long Term Liability"}, nil},
}}

// outline writes a heading with what is below it; nil when there is nothing.
func (s *sheet) outline(h outline, sign int64) (object, []decimal.Decimal) {
	if h.types != nil {
		return s.section(h.title, h.group, sign, h.types...)
	}
	total := make([]decimal.Decimal, s.width)
	var rows []any
	for _, k := range h.below {
		o, sum := s.outline(k, sign)
		if o != nil {
			rows = append(rows, o)
		}
		total = plus(total, sum)
	}
	if len(rows) == 0 {
		return nil, total
	}
	return section(h.title, h.group, s.width, rows, total), total
}

func (b *Box) balanceSheet(q *reportQuery) ([]any, []any) {
	s, profit, retained := b.standing(q)
	if len(s.used) == 0 {
		return timeColumns(q), nil
	}
	var rows []any
	left, sum := s.outline(assets, 1)
	if left == nil {
		left = section("ASSETS", "TotalAssets", s.width, []any{}, sum)
	}
	inner(left, "Summary")["ColData"] = cells("TOTAL ASSETS", "", sum)
	rows = append(rows, left)
	s.used[retained] = true
	equityRows, equity := s.accounts(-1, "Equity")
	net := dataRow("Net Income", "", profit)
	net["group"] = "NetIncome"
	equity = plus(equity, profit)
	right := []any{}
	owed, debts := s.outline(liabilities, -1)
	if owed != nil {
		right = append(right, owed)
	}
	right = append(right, section("Equity", "Equity", s.width, append(equityRows, net), equity))
	both := section("LIABILITIES AND EQUITY", "TotalLiabilitiesAndEquity", s.width, right, nil)
	inner(both, "Summary")["ColData"] = cells("TOTAL LIABILITIES AND EQUITY", "", plus(debts, equity))
	return timeColumns(q), append(rows, both)
}
