package qbobox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Reports are worked out from the ledger, so that they agree with each other
// and with the balances of accounts, customers and vendors (reference section 13).

// reportQuery is what a call for a report asked for.
type reportQuery struct {
	name       string
	start, end string
	asOf       string
	aged       string // the date ages are counted from
	macro      string
	periods    []period
	by         string // summarize_column_by
	customer   []string
	vendor     []string
	item       []string
	class      []string
	department []string
	days       int // of an aging period
	count      int // of aging periods
}

// period is one column of a report by time.
type period struct{ title, start, end string }

var reports = map[string]struct {
	name  string
	write func(*Box, *reportQuery) (columns []any, rows []any)
}{
	"trialbalance":              {"TrialBalance", (*Box).trialBalance},
	"balancesheet":              {"BalanceSheet", (*Box).balanceSheet},
	"profitandloss":             {"ProfitAndLoss", (*Box).profitAndLoss},
	"agedreceivables":           {"AgedReceivables", func(b *Box, q *reportQuery) ([]any, []any) { return b.aged(q, "Customer") }},
	"agedpayables":              {"AgedPayables", func(b *Box, q *reportQuery) ([]any, []any) { return b.aged(q, "Vendor") }},
	"customerbalance":           {"CustomerBalance", func(b *Box, q *reportQuery) ([]any, []any) { return b.partyBalances(q, "Customer") }},
	"vendorbalance":             {"VendorBalance", func(b *Box, q *reportQuery) ([]any, []any) { return b.partyBalances(q, "Vendor") }},
	"itemsales":                 {"ItemSales", (*Box).itemSales},
	"inventoryvaluationsummary": {"InventoryValuationSummary", (*Box).valuation},
}

// answerReport has no envelope and no time beside its own (reference section 13).
func (b *Box) answerReport(rq *request) answer {
	if len(rq.parts) != 2 {
		return rq.fault(unsupportedOperation("report"))
	}
	kind, ok := reports[rq.parts[1]]
	if !ok {
		return rq.fault(unsupportedOperation(rq.parts[1]))
	}
	q, flt := b.reportQuery(rq, kind.name)
	if flt != nil {
		return rq.fault(flt)
	}
	columns, rows := kind.write(b, q)
	return answer{Status: http.StatusOK, Body: encode(object{
		"Header": b.reportHeader(rq, q, len(rows) == 0), "Columns": object{"Column": columns}, "Rows": rowsOf(rows),
	}), keep: true}
}

func rowsOf(rows []any) object {
	if len(rows) == 0 {
		return object{}
	}
	return object{"Row": rows}
}

func (b *Box) reportHeader(rq *request, q *reportQuery, empty bool) object {
	h := object{
		"Time": stampText(stamp(rq.now)), "ReportName": q.name, "ReportBasis": "Accrual", "StartPeriod": q.start, "EndPeriod": q.end,
		"SummarizeColumnsBy": q.by, "Currency": b.home,
		"Option": []any{
			object{"Name": "AccountingStandard", "Value": "GAAP"}, object{"Name": "NoReportData", "Value": strconv.FormatBool(empty)},
		},
	}
	if q.macro != "" {
		h["DateMacro"] = q.macro
	}
	switch q.name {
	case "AgedReceivables", "AgedPayables", "CustomerBalance", "VendorBalance", "InventoryValuationSummary":
		h["EndPeriod"] = q.asOf
		delete(h, "StartPeriod")
		delete(h, "ReportBasis")
		h["Option"] = append([]any{object{"Name": "report_date", "Value": q.asOf}}, anys(list(h, "Option"))...)
	case "ItemSales":
		delete(h, "ReportBasis")
	}
	return h
}

func (b *Box) reportQuery(rq *request, name string) (*reportQuery, *fault) {
	get := rq.query.Get
	q := &reportQuery{name: name, by: "Total", days: 30, count: 4}
	many := func(key string) []string {
		if v := get(key); v != "" {
			return strings.Split(v, ",")
		}
		return nil
	}
	q.customer, q.vendor, q.item, q.class, q.department = many("customer"), many("vendor"), many("item"), many("class"), many("department")
	if m := get("accounting_method"); m != "" && !strings.EqualFold(m, "Accrual") {
		if !strings.EqualFold(m, "Cash") {
			return nil, badEnum("accounting_method", m)
		}
		return nil, validation("5030", "Feature Not Supported", "Feature Not Supported Error: reports on cash basis", "")
	}
	if flt := b.reportDates(rq, q); flt != nil {
		return nil, flt
	}
	for key, into := range map[string]*int{"aging_period": &q.days, "num_periods": &q.count} {
		if v := get(key); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 || n > 366 {
				return nil, badNumber(key, v)
			}
			*into = n
		}
	}
	if by := get("summarize_column_by"); by != "" {
		q.by = by
	}
	var ok bool
	if q.periods, ok = slice(q.start, q.end, q.by); !ok {
		return nil, badEnum("summarize_column_by", q.by)
	}
	return q, nil
}

func (b *Box) reportDates(rq *request, q *reportQuery) *fault {
	get := rq.query.Get
	today := b.today()
	q.start, q.end, q.asOf = today[:4]+"-01-01", today, today
	if get("start_date") == "" && get("end_date") == "" && get("date_macro") == "" {
		q.macro = "this calendar year-to-date"
	}
	if m := get("date_macro"); m != "" {
		from, to, ok := b.macro(m)
		if !ok {
			return badEnum("date_macro", m)
		}
		q.macro, q.start, q.end, q.asOf = m, from, to, to
	}
	for key, into := range map[string]*string{"start_date": &q.start, "end_date": &q.end, "report_date": &q.asOf} {
		v := get(key)
		if v == "" {
			continue
		}
		if _, err := time.Parse(dateLayout, v); err != nil {
			return badDate(key)
		}
		*into = v
	}
	if get("end_date") != "" && get("report_date") == "" {
		q.asOf = q.end
	}
	if q.start > q.end {
		if get("start_date") != "" {
			return badDate("start_date")
		}
		q.start = q.end[:4] + "-01-01"
	}
	q.aged = q.asOf
	if strings.EqualFold(get("aging_method"), "Current") {
		q.aged = today
	}
	return nil
}

// macro are the named periods that need no calendar of weeks.
func (b *Box) macro(name string) (from, to string, ok bool) {
	today := b.today()
	t, err := time.Parse(dateLayout, today)
	if err != nil {
		return "", "", false
	}
	day := func(y int, m time.Month, d int) string {
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(dateLayout)
	}
	y, m := t.Year(), t.Month()
	q := (m-1)/3*3 + 1
	n := strings.ToLower(strings.ReplaceAll(name, "Calendar ", ""))
	n = strings.ReplaceAll(strings.ReplaceAll(n, "calendar ", ""), "fiscal ", "")
	switch n {
	case "all":
		last := today
		for _, e := range b.ledger.entries {
			last = max(last, e.Date)
		}
		return beforeAll, last, true
	case "today":
		return today, today, true
	case "yesterday":
		return addDays(today, -1), addDays(today, -1), true
	case "this month":
		return day(y, m, 1), day(y, m+1, 0), true
	case "this month-to-date":
		return day(y, m, 1), today, true
	case "last month":
		return day(y, m-1, 1), day(y, m, 0), true
	case "this quarter":
		return day(y, q, 1), day(y, q+3, 0), true
	case "this quarter-to-date":
		return day(y, q, 1), today, true
	case "last quarter":
		return day(y, q-3, 1), day(y, q, 0), true
	case "this year":
		return day(y, 1, 1), day(y, 12, 31), true
	case "this year-to-date":
		return day(y, 1, 1), today, true
	case "last year":
		return day(y-1, 1, 1), day(y-1, 12, 31), true
	default:
		return "", "", false
	}
}

// slice cuts a period into columns.
func slice(start, end, by string) ([]period, bool) {
	whole := []period{{"Total", start, end}}
	step := map[string]int{"total": 0, "month": 1, "quarter": 3, "year": 12, "fiscalquarter": 3, "fiscalyear": 12}
	months, ok := step[strings.ToLower(by)]
	if !ok || months == 0 {
		return whole, ok
	}
	from, err1 := time.Parse(dateLayout, start)
	to, err2 := time.Parse(dateLayout, end)
	if err1 != nil || err2 != nil || to.Sub(from) > 50*366*24*time.Hour {
		return whole, true
	}
	var out []period
	for !from.After(to) {
		first := (int(from.Month())-1)/months*months + 1
		next := time.Date(from.Year(), time.Month(first+months), 1, 0, 0, 0, 0, time.UTC)
		last := next.AddDate(0, 0, -1)
		if last.After(to) {
			last = to
		}
		title := from.Format("Jan 2006")
		if months > 1 {
			title = from.Format("Jan") + " - " + last.Format("Jan 2006")
		}
		out = append(out, period{title, from.Format(dateLayout), last.Format(dateLayout)})
		from = next
	}
	return append(out, whole...), true
}

func column(title, typ, key string, more ...string) object {
	meta := []any{}
	for i := 0; i+1 < len(more); i += 2 {
		meta = append(meta, object{"Name": more[i], "Value": more[i+1]})
	}
	meta = append(meta, object{"Name": "ColKey", "Value": key})
	return object{"ColTitle": title, "ColType": typ, "MetaData": meta}
}

// timeColumns is one column for what a row is about and one for each period.
func timeColumns(q *reportQuery) []any {
	out := []any{column("", "Account", "account")}
	for _, p := range q.periods {
		if p.title == "Total" {
			out = append(out, column("Total", "Money", "total"))
			continue
		}
		out = append(out, column(p.title, "Money", p.title, "StartDate", p.start, "EndDate", p.end))
	}
	return out
}

func cell(value, id string) object {
	if id == "" {
		return object{"value": value}
	}
	return object{"value": value, "id": id}
}

func money(d decimal.Decimal) string { return d.StringFixed(2) }

// cells is a name and its amounts.
func cells(name, id string, amounts []decimal.Decimal) []any {
	out := []any{cell(name, id)}
	for _, a := range amounts {
		out = append(out, cell(money(a), ""))
	}
	return out
}

func dataRow(name, id string, amounts []decimal.Decimal) object {
	return object{"ColData": cells(name, id, amounts), "type": "Data"}
}

func blanks(name, id string, n int) []any {
	out := []any{cell(name, id)}
	for range n {
		out = append(out, cell("", ""))
	}
	return out
}

// summary is a section that has nothing but a sum.
func summary(name, group string, amounts []decimal.Decimal) object {
	return object{"Summary": object{"ColData": cells(name, "", amounts)}, "type": "Section", "group": group}
}

func plus(a, b []decimal.Decimal) []decimal.Decimal {
	out := slices.Clone(a)
	for i := range b {
		out[i] = out[i].Add(b[i])
	}
	return out
}

func minus(a, b []decimal.Decimal) []decimal.Decimal {
	out := slices.Clone(a)
	for i := range b {
		out[i] = out[i].Sub(b[i])
	}
	return out
}

func nothing(amounts []decimal.Decimal) bool {
	return !slices.ContainsFunc(amounts, func(d decimal.Decimal) bool { return !d.IsZero() })
}

// wants tells whether an entry is for one of the parties asked for, and a
// posting for one of the classes and departments.
func (q *reportQuery) wants(e *entry, p posting) bool {
	one := func(of []string, id string) bool { return len(of) == 0 || slices.Contains(of, id) }
	party := func(of []string, kind string) bool {
		if len(of) == 0 {
			return true
		}
		k, id := splitHandle(e.Who)
		return k == kind && slices.Contains(of, id)
	}
	return party(q.customer, "Customer") && party(q.vendor, "Vendor") && one(q.item, p.Item) && one(q.class, p.Class) && one(q.department, p.Department)
}
