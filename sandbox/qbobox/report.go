package qbobox

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

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
	cash       bool // what was paid counts, not what was billed
	periods    []period
	by         string // summarize_column_by
	customer   []string
	vendor     []string
	item       []string
	class      []string
	department []string
	account    []string
	days       int      // of an aging period
	count      int      // of aging periods
	paid       string   // arpaid
	columns    []string // those to be shown, by their keys
	sortBy     string
	sortOrder  string
	types      string // account_type
	status     string // account_status
}

// reportKind is a report that there is.
type reportKind struct {
	name  string
	write func(*Box, *reportQuery) (columns []any, rows []any)
	basis bool     // it is made on accrual or on cash basis
	slice bool     // its columns can be cut by time or by a list
	shown []string // a list of transactions or accounts: the columns shown unless others are asked for
}

var reports = func() map[string]reportKind {
	out := map[string]reportKind{}
	for _, k := range []reportKind{
		{name: "TrialBalance", write: (*Box).trialBalance, basis: true},
		{name: "BalanceSheet", write: (*Box).balanceSheet, basis: true, slice: true},
		{name: "ProfitAndLoss", write: (*Box).profitAndLoss, basis: true, slice: true},
		{name: "CashFlow", write: (*Box).cashFlow, slice: true},
		{name: "AgedReceivables", write: func(b *Box, q *reportQuery) ([]any, []any) { return b.aged(q, "Customer") }},
		{name: "AgedPayables", write: func(b *Box, q *reportQuery) ([]any, []any) { return b.aged(q, "Vendor") }},
		{name: "CustomerBalance", write: func(b *Box, q *reportQuery) ([]any, []any) { return b.partyBalances(q, "Customer") }},
		{name: "VendorBalance", write: func(b *Box, q *reportQuery) ([]any, []any) { return b.partyBalances(q, "Vendor") }},
		{name: "ItemSales", write: (*Box).itemSales, basis: true},
		{name: "InventoryValuationSummary", write: (*Box).valuation},
		{name: "GeneralLedger", write: (*Box).generalLedger, basis: true, shown: []string{
			"tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount",
		}},
		{name: "TransactionList", write: (*Box).transactionList, shown: []string{
			"tx_date", "txn_type", "doc_num", "is_no_post", "name", "memo", "account_name", "other_account", "subt_nat_amount",
		}},
		{name: "CustomerBalanceDetail", write: (*Box).customerBalanceDetail, shown: []string{
			"tx_date", "txn_type", "doc_num", "due_date", "subt_nat_amount", "rbal_nat_amount",
		}},
		{name: "AgedReceivableDetail", write: (*Box).agedReceivableDetail, shown: []string{
			"tx_date", "txn_type", "doc_num", "cust_name", "due_date", "subt_amount", "subt_open_bal",
		}},
		{name: "AccountList", write: (*Box).accountList, shown: []string{
			"account_name", "account_type", "detail_acc_type", "account_desc", "account_bal",
		}},
	} {
		out[strings.ToLower(k.name)] = k
	}
	return out
}()

// reportFeatures are parameters of the vendor that the box does not know: what
// they ask for is refused, never left out without a word.
var reportFeatures = []string{
	"group_by", "transaction_type", "docnum", "payment_method", "source_account", "source_account_type", "account_type_filter", "cleared", "term", "printed",
	"memo", "name", "bothamount", "appaid", "createdate_macro", "start_createdate", "end_createdate", "moddate_macro", "start_moddate", "end_moddate",
	"duedate_macro", "start_duedate", "end_duedate", "past_due", "shipvia", "employee", "adjusted_gain_loss",
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
	q, flt := b.reportQuery(rq, kind)
	if flt != nil {
		return rq.fault(flt)
	}
	columns, rows := kind.write(b, q)
	columns, rows, flt = q.arrange(kind, columns, rows)
	if flt != nil {
		return rq.fault(flt)
	}
	return answer{Status: http.StatusOK, Body: encode(object{
		"Header": b.reportHeader(rq, q, kind, len(rows) == 0), "Columns": object{"Column": columns}, "Rows": rowsOf(rows),
	}), keep: true}
}

func rowsOf(rows []any) object {
	if len(rows) == 0 {
		return object{}
	}
	return object{"Row": rows}
}

func (b *Box) reportHeader(rq *request, q *reportQuery, kind reportKind, empty bool) object {
	h := object{"Time": stampText(stamp(rq.now)), "ReportName": q.name, "Currency": b.home}
	options := []any{object{"Name": "NoReportData", "Value": strconv.FormatBool(empty)}}
	if kind.basis {
		h["ReportBasis"] = "Accrual"
		if q.cash {
			h["ReportBasis"] = "Cash"
		}
	}
	if len(kind.shown) == 0 {
		h["SummarizeColumnsBy"] = q.by
		options = append([]any{object{"Name": "AccountingStandard", "Value": "GAAP"}}, options...)
	}
	if q.macro != "" {
		h["DateMacro"] = q.macro
	}
	switch q.name {
	case "AccountList":
		delete(h, "DateMacro")
	case "CustomerBalanceDetail", "AgedReceivableDetail":
		options = append([]any{object{"Name": "report_date", "Value": q.asOf}}, options...)
	case "AgedReceivables", "AgedPayables", "CustomerBalance", "VendorBalance", "InventoryValuationSummary":
		h["EndPeriod"] = q.asOf
		options = append([]any{object{"Name": "report_date", "Value": q.asOf}}, options...)
	default:
		h["StartPeriod"], h["EndPeriod"] = q.start, q.end
	}
	if q.name == "ItemSales" && !q.cash {
		delete(h, "ReportBasis")
	}
	h["Option"] = options
	return h
}

func notSupported(what string) *fault {
	return validation("5030", "Feature Not Supported", "Feature Not Supported Error: "+what, "")
}

func (b *Box) reportQuery(rq *request, kind reportKind) (*reportQuery, *fault) {
	get := rq.query.Get
	q := &reportQuery{name: kind.name, by: "Total", days: 30, count: 4, sortBy: get("sort_by"), types: get("account_type")}
	many := func(key string) []string {
		if v := get(key); v != "" {
			return strings.Split(v, ",")
		}
		return nil
	}
	q.customer, q.vendor, q.item, q.class, q.department = many("customer"), many("vendor"), many("item"), many("class"), many("department")
	q.account, q.columns = many("account"), many("columns")
	for _, p := range reportFeatures {
		if get(p) != "" {
			return nil, notSupported("the parameter " + p + " of " + kind.name)
		}
	}
	if flt := b.reportBasis(get("accounting_method"), q, kind); flt != nil {
		return nil, flt
	}
	for key, k := range inOrder(map[string]struct {
		into  *string
		words []string
	}{
		"sort_order": {&q.sortOrder, []string{"ascend", "descend"}}, "arpaid": {&q.paid, []string{"All", "Paid", "Unpaid"}},
		"account_status": {&q.status, []string{"Deleted", "Not_Deleted"}}, "aging_method": {new(string), []string{"Report_Date", "Current"}},
	}) {
		if v := get(key); v != "" {
			i := slices.IndexFunc(k.words, func(w string) bool { return strings.EqualFold(w, v) })
			if i < 0 {
				return nil, badEnum(key, v)
			}
			*k.into = k.words[i]
		}
	}
	if flt := b.reportDates(rq, q); flt != nil {
		return nil, flt
	}
	for key, into := range inOrder(map[string]*int{"aging_period": &q.days, "num_periods": &q.count}) {
		if v := get(key); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 || n > 366 {
				return nil, badNumber(key, v)
			}
			*into = n
		}
	}
	return q, b.reportColumns(get("summarize_column_by"), q, kind)
}

// reportBasis is the one that was asked for, else the company's own.
func (b *Box) reportBasis(method string, q *reportQuery, kind reportKind) *fault {
	asked := method != ""
	if !asked {
		method = str(b.preferences(), "ReportPrefs.ReportBasis")
	}
	q.cash = strings.EqualFold(method, "Cash")
	switch {
	case asked && !q.cash && !strings.EqualFold(method, "Accrual"):
		return badEnum("accounting_method", method)
	case asked && q.cash && !kind.basis:
		return notSupported("cash basis of " + kind.name)
	}
	q.cash = q.cash && kind.basis
	return nil
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
		switch {
		case p.title == "Total" && p.list == "":
			out = append(out, column("Total", "Money", "total"))
		case p.list != "":
			out = append(out, column(p.title, "Money", cmp.Or(p.id, "not_specified")))
		default:
			out = append(out, column(p.title, "Money", p.title, "StartDate", p.start, "EndDate", p.end))
		}
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
