package qbobox_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"crossbook/sandbox/qbobox"
)

// titles are the headings of a report's columns, keys their keys.
func titles(report m) string { return columnTexts(report, "ColTitle") }

func columnTexts(report m, path string) string {
	var out []string
	columns, _ := dig(report, "Columns.Column").([]any)
	for _, c := range columns {
		out = append(out, s(c, path))
	}
	return strings.Join(out, "|")
}

// first are the first cells of the rows of a report, sections and sums included.
func first(o any) (out []string) {
	rows, _ := dig(o.(m), "Rows.Row").([]any)
	for _, r := range rows {
		for _, path := range []string{"ColData.0.value", "Header.ColData.0.value"} {
			if v := s(r, path); v != "" {
				out = append(out, v)
			}
		}
		out = append(out, first(r)...)
	}
	return out
}

const year2026 = "start_date=2026-01-01&end_date=2026-12-31"

// quickbooks-online.md section 13: on cash basis counts what was paid, on the day it was
// paid; what was billed and not paid counts nothing.
func TestReport_CashBasis(t *testing.T) {
	c := trade(t) // Amy paid 60 of 150; Bea's 200 and the bill of 80 are open
	cash := func(path string) m { return c.report(path + "&accounting_method=Cash") }
	pl := cash("ProfitAndLoss?" + year2026)
	check(t, pl, map[string]string{"Header.ReportBasis": "Cash"})
	for row, want := range map[string]string{"Income": "60.00", "COGS": "16.00", "NetIncome": "44.00", "Services": "20.00", "Expenses": ""} {
		wantRow(t, pl, row, want)
	}
	balanced := func() {
		t.Helper()
		tb := rowOf(cash("TrialBalance?"+year2026), "GrandTotal")
		if len(tb) != 2 || tb[0] != tb[1] {
			t.Errorf("trial balance %v", tb)
		}
		bs := cash("BalanceSheet?" + year2026)
		if a, b := rowOf(bs, "TOTAL ASSETS"), rowOf(bs, "TOTAL LIABILITIES AND EQUITY"); !slices.Equal(a, b) || len(a) != 1 {
			t.Errorf("balance sheet %v and %v", a, b)
		}
	}
	balanced()
	// the rest in three parts that do not divide: in the end all of it has counted
	for _, part := range []string{"33.33", "33.33", "23.34"} {
		amt := decimal.RequireFromString(part).InexactFloat64()
		c.pay("1", amt, "1", amt)
		balanced()
	}
	wantRow(t, cash("ProfitAndLoss?"+year2026), "NetIncome", "110.00")
	// money that settles nothing yet is income of its own, and no longer so when it does
	free := c.post("payment", m{"CustomerRef": v("2"), "TotalAmt": 70})
	wantRow(t, cash("ProfitAndLoss?"+year2026), "Unapplied Cash Payment Income", "70.00")
	balanced()
	inv := s(c.query("select * from Invoice where CustomerRef = '2'"), "Invoice.0.Id")
	c.post("payment", m{"Id": free["Id"], "SyncToken": free["SyncToken"], "CustomerRef": v("2"), "TotalAmt": 70, "Line": []any{link("Invoice", inv, 70)}})
	pl = cash("ProfitAndLoss?" + year2026)
	wantRow(t, pl, "Unapplied Cash Payment Income", "")
	wantRow(t, pl, "NetIncome", "180.00")
	// a credit memo against an invoice, and an invoice with a deposit
	memo := s(c.post("creditmemo", m{"CustomerRef": v("2"), "Line": []any{saleLine("1", nil, nil, 30)}}), "Id")
	wantRow(t, cash("ProfitAndLoss?"+year2026), "NetIncome", "180.00")
	c.post("payment", m{"CustomerRef": v("2"), "TotalAmt": 0, "Line": []any{link("Invoice", inv, 30), link("CreditMemo", memo, 30)}})
	wantRow(t, cash("ProfitAndLoss?"+year2026), "NetIncome", "180.00") // 30 sold, 30 given back
	c.post("invoice", m{"CustomerRef": v("2"), "Deposit": 25, "Line": []any{saleLine("1", nil, nil, 100)}})
	wantRow(t, cash("ProfitAndLoss?"+year2026), "NetIncome", "205.00")
	balanced()
	if status, _ := c.call("POST", "preferences", m{"SyncToken": "0", "ReportPrefs": m{"ReportBasis": "Cash"}}); status != 200 {
		t.Fatal(status)
	}
	check(t, c.report("ProfitAndLoss?"+year2026), map[string]string{"Header.ReportBasis": "Cash"})
	check(t, c.report("ProfitAndLoss?accounting_method=Accrual&"+year2026), map[string]string{"Header.ReportBasis": "Accrual"})
}

// On cash basis, too, the books of the recorded company balance.
func TestReport_CashBasisOfTheRecordedCompany(t *testing.T) {
	c := recorded(t)
	bs := c.report("BalanceSheet?start_date=2000-01-01&end_date=2030-12-31&accounting_method=Cash")
	if a, b := rowOf(bs, "TOTAL ASSETS"), rowOf(bs, "TOTAL LIABILITIES AND EQUITY"); !slices.Equal(a, b) || len(a) != 1 {
		t.Errorf("balance sheet %v and %v", a, b)
	}
	tb := rowOf(c.report("TrialBalance?start_date=2000-01-01&end_date=2030-12-31&accounting_method=Cash"), "GrandTotal")
	if len(tb) != 2 || tb[0] != tb[1] || tb[0] == "0.00" {
		t.Errorf("trial balance %v", tb)
	}
}

// quickbooks-online.md section 13: columns by week, day and by the records of a list;
// each row adds up to its total.
func TestReport_ColumnsByTimeAndByList(t *testing.T) {
	c := trade(t)
	c.everyFeature()
	class := s(c.post("class", m{"Name": "West"}), "Id")
	dept := s(c.post("department", m{"Name": "Tucson"}), "Id")
	line := saleLine("1", nil, nil, 40)
	line["SalesItemLineDetail"].(m)["ClassRef"] = v(class)
	c.post("invoice", m{"CustomerRef": v("2"), "TxnDate": "2026-05-05", "DepartmentRef": v(dept), "Line": []any{line}})
	for by, want := range map[string][2]string{
		"Customers":           {"|Amy|Bea|Not Specified|Total", "110.00 | 240.00 | -80.00 | 270.00"},
		"Vendors":             {"|Norton|Not Specified|Total", "-80.00 | 350.00 | 270.00"},
		"Classes":             {"|West|Not Specified|Total", "40.00 | 230.00 | 270.00"},
		"Departments":         {"|Tucson|Not Specified|Total", "40.00 | 230.00 | 270.00"},
		"ProductsAndServices": {"|Pump|Services|Not Specified|Total", "60.00 | 290.00 | -80.00 | 270.00"},
		"Employees":           {"|Not Specified|Total", "270.00 | 270.00"},
		"Quarter":             {"|Jan - Mar 2026|Apr - Jun 2026|Jul - Sep 2026|Oct - Dec 2026|Total", "110.00 | 160.00 | 0.00 | 0.00 | 270.00"},
	} {
		r := c.report("ProfitAndLoss?" + year2026 + "&summarize_column_by=" + by)
		if got := titles(r); got != want[0] {
			t.Errorf("%s: columns %s", by, got)
		}
		wantRow(t, r, "NetIncome", want[1])
		check(t, r, map[string]string{"Header.SummarizeColumnsBy": by})
	}
	r := c.report("ProfitAndLoss?start_date=2026-04-29&end_date=2026-05-06&summarize_column_by=Week")
	if got := titles(r); got != "|Apr 29 - May 2, 2026|May 3 - May 6, 2026|Total" {
		t.Errorf("weeks %s", got)
	}
	wantRow(t, r, "NetIncome", "200.00 | 40.00 | 240.00")
	check(t, r, map[string]string{"Columns.Column.2.MetaData.0.Value": "2026-05-03", "Columns.Column.2.MetaData.1.Value": "2026-05-06"})
	wantRow(t, c.report("ProfitAndLoss?start_date=2026-05-04&end_date=2026-05-06&summarize_column_by=Days"), "NetIncome", "0.00 | 40.00 | 0.00 | 40.00")
	bs := c.report("BalanceSheet?" + year2026 + "&summarize_column_by=Customers")
	if a, b := rowOf(bs, "TOTAL ASSETS"), rowOf(bs, "TOTAL LIABILITIES AND EQUITY"); !slices.Equal(a, b) || len(a) != 4 {
		t.Errorf("%s: %v and %v", titles(bs), a, b)
	}
	wantRow(t, c.report("BalanceSheet?start_date=2026-01-01&end_date=2026-05-31&summarize_column_by=Year"), "TOTAL ASSETS", "450.00 | 450.00")
	check(t, c.report("BalanceSheet?start_date=2026-01-01&end_date=2026-05-31&summarize_column_by=Year"), map[string]string{"Columns.Column.1.ColTitle": "Jan 1 - May 31, 2026"})
	for path, code := range map[string]string{"TrialBalance?summarize_column_by=Month": "2170", "CustomerBalance?summarize_column_by=Customers": "2170"} {
		if _, got, _, _ := c.fault("GET", "reports/"+path, nil); got != code {
			t.Errorf("%s: %s", path, got)
		}
	}
	fiscal := open(t)
	fiscal.post("companyinfo", m{"Id": "1", "SyncToken": "0", "sparse": true, "FiscalYearStartMonth": "April"})
	if got := titles(fiscal.report("CashFlow?start_date=2026-01-01&end_date=2026-12-31&summarize_column_by=FiscalYear")); got != "|Jan 1 - Mar 31, 2026|Apr 1 - Dec 31, 2026|Total" {
		t.Errorf("fiscal years %s", got)
	}
}

// quickbooks-online.md section 13: sort_order, sort_by and columns; a name or key that is
// unknown is refused.
func TestReport_SortOrderAndColumns(t *testing.T) {
	c := trade(t)
	for order, want := range map[string]string{"ascend": "Amy Bea", "descend": "Bea Amy"} {
		if got := strings.Join(first(c.report("CustomerBalance?sort_order="+order)), " "); got != want {
			t.Errorf("%s: %s", order, got)
		}
	}
	if got := first(c.report("ProfitAndLoss?sort_order=descend&" + year2026)); !slices.Equal(got[:3], []string{"Income", "Services", "Sales of Product Income"}) {
		t.Errorf("accounts %v", got)
	}
	if got := strings.Join(first(c.report("CustomerBalance?sort_by=cust_name&sort_order=descend")), " "); got != "Bea Amy" {
		t.Errorf("by name: %s", got)
	}
	aged := c.report("AgedReceivables?report_date=2026-05-05&columns=total,cust_name")
	if got := titles(aged); got != "Total|" {
		t.Errorf("columns %s", got)
	}
	check(t, aged, map[string]string{
		"Rows.Row.0.ColData.0.value": "90.00", "Rows.Row.0.ColData.1.value": "Amy", "Rows.Row.0.ColData.2": "",
		"Rows.Row.2.Summary.ColData.0.value": "TOTAL", "Rows.Row.2.Summary.ColData.1.value": "290.00", // as recorded where money comes first
	})
	for path, code := range map[string]string{
		"CustomerBalance?sort_order=up": "2170", "CustomerBalance?sort_by=colour": "2170", "GeneralLedger?columns=tx_date,colour": "2170",
		"CustomerBalance?arpaid=Maybe": "2170", "TransactionList?group_by=Customer": "5030", "AgedReceivables?aging_method=Moon": "2170",
	} {
		if _, got, _, _ := c.fault("GET", "reports/"+path, nil); got != code {
			t.Errorf("%s: %s, want %s", path, got, code)
		}
	}
}

// quickbooks-online.md section 13: arpaid
func TestReport_CustomerBalanceOfThosePaid(t *testing.T) {
	c := trade(t)
	inv := s(c.query("select * from Invoice where CustomerRef = '2'"), "Invoice.0.Id")
	c.pay("2", 200, inv, 200)
	for paid, want := range map[string]string{"": "Amy", "All": "Amy Bea", "Paid": "Bea", "Unpaid": "Amy"} {
		path := "CustomerBalance"
		if paid != "" {
			path += "?arpaid=" + paid
		}
		if got := strings.Join(first(c.report(path)), " "); got != want {
			t.Errorf("%q: %s", paid, got)
		}
	}
	wantRow(t, c.report("CustomerBalance?arpaid=Paid"), "Bea", "0.00")
}

// recordedReport reads a report of the vendor's older format: the columns, and
// the groups and names of its rows in order.
func recordedReport(t *testing.T, file string) (cols, groups []string) {
	t.Helper()
	type row struct {
		Group string `xml:"group"`
		Rows  []row  `xml:"Rows>Row"`
	}
	var x struct {
		Columns []struct {
			ColTitle, ColType string
			MetaData          []struct{ Value string }
		} `xml:"Columns>Column"`
		Rows []row `xml:"Rows>Row"`
	}
	if err := xml.Unmarshal(needFixture(t, "xml-fixtures/"+file), &x); err != nil {
		t.Fatal(err)
	}
	for _, c := range x.Columns {
		key := ""
		if len(c.MetaData) > 0 {
			key = c.MetaData[0].Value
		}
		cols = append(cols, c.ColTitle+","+c.ColType+","+key)
	}
	var walk func([]row)
	walk = func(rows []row) {
		for _, r := range rows {
			if r.Group != "" {
				groups = append(groups, r.Group)
			}
			walk(r.Rows)
		}
	}
	walk(x.Rows)
	return cols, groups
}

// quickbooks-online.md section 13: CashFlow has the recorded sections; what it ends with is
// what stands in the bank and waits to be brought there.
func TestReport_CashFlow(t *testing.T) {
	_, want := recordedReport(t, "cashflow.xml")
	c := trade(t)
	c.post("deposit", m{"TxnDate": "2026-05-02", "DepositToAccountRef": v(c.account("Checking")), "Line": []any{m{"Amount": 500, "DepositLineDetail": m{"AccountRef": v(c.account("Opening Balance Equity"))}}}})
	c.post("purchase", m{"TxnDate": "2026-05-03", "PaymentType": "Cash", "AccountRef": v(c.account("Checking")), "Line": []any{accountLine(c.account("Travel"), 30)}})
	r := c.report("CashFlow?" + year2026)
	var got []string
	var walk func(any)
	walk = func(o any) {
		rows, _ := dig(o.(m), "Rows.Row").([]any)
		for _, row := range rows {
			if g := s(row, "group"); g != "" {
				got = append(got, g)
			}
			walk(row)
		}
	}
	walk(r)
	if !slices.Equal(got, want) {
		t.Errorf("sections %v, recorded %v", got, want)
	}
	for row, want := range map[string]string{
		"Net Income": "200.00", "OperatingActivities": "-70.00", "Accounts Receivable (A/R)": "-290.00", "Inventory Asset": "-60.00",
		"Accounts Payable (A/P)": "80.00", "FinancingActivites": "600.00", "CashIncrease": "530.00", "EndingCash": "530.00",
	} {
		wantRow(t, r, row, want)
	}
	check(t, r, map[string]string{"Header.ReportBasis": "", "Columns.Column.0.ColType": "Account"})
	may := c.report("CashFlow?start_date=2026-05-03&end_date=2026-05-31")
	wantRow(t, may, "CashIncrease", "30.00") // Amy's 60 came on the 5th
	wantRow(t, may, "Cash at beginning of period", "500.00")
	wantRow(t, may, "EndingCash", "530.00")
	check(t, c.report("CashFlow?start_date=2020-01-01&end_date=2020-12-31"), map[string]string{"Rows": "{}"})
}

// quickbooks-online.md section 13: TransactionList has the recorded columns, one row for each
// transaction, those that do not post included.
func TestReport_TransactionList(t *testing.T) {
	want, _ := recordedReport(t, "transaction_list_report.xml")
	c := trade(t)
	c.post("estimate", m{"CustomerRef": v("1"), "TxnDate": "2026-04-01", "PrivateNote": "for spring", "Line": []any{saleLine("1", nil, nil, 75)}})
	r := c.report("TransactionList?" + year2026)
	var got []string
	columns, _ := dig(r, "Columns.Column").([]any)
	for _, x := range columns {
		got = append(got, s(x, "ColTitle")+","+s(x, "ColType")+","+s(x, "MetaData.0.Value"))
	}
	if !slices.Equal(got, want) {
		t.Errorf("columns  %q\nrecorded %q", got, want)
	}
	var rows []string
	all, _ := dig(r, "Rows.Row").([]any)
	for _, x := range all {
		var cells []string
		for i := range 9 {
			cells = append(cells, s(x, "ColData."+string(rune('0'+i))+".value"))
		}
		rows = append(rows, strings.Join(cells, " | "))
	}
	for i, want := range []string{
		"2026-01-01 | Inventory Starting Value |  | Yes |  |  | Inventory Asset | Opening Balance Equity | 100.00",
		"2026-02-01 | Invoice | 1001 | Yes | Amy |  | Accounts Receivable (A/R) | -Split- | 150.00",
		"2026-04-01 | Estimate | 1001 | No | Amy | for spring |  |  | 75.00",
		"2026-04-10 | Bill |  | Yes | Norton |  | Accounts Payable (A/P) | Travel | 80.00",
		"2026-05-01 | Invoice | 1002 | Yes | Bea |  | Accounts Receivable (A/R) | Services | 200.00",
		"2026-05-05 | Payment |  | Yes | Amy |  | Undeposited Funds | Accounts Receivable (A/R) | 60.00",
	} {
		if i >= len(rows) || rows[i] != want {
			t.Errorf("row %d of %d:\n%q\nwant %q", i, len(rows), rows, want)
			break
		}
	}
	check(t, r, map[string]string{
		"Header.StartPeriod": "2026-01-01", "Header.ReportBasis": "", "Header.SummarizeColumnsBy": "", "Header.Option.0.Name": "NoReportData",
		"Rows.Row.1.ColData.1.id": "1", "Rows.Row.1.ColData.4.id": "1", "Rows.Row.1.ColData.7.id": "", "Rows.Row.1.type": "Data",
	})
	bea := c.report("TransactionList?customer=2&columns=txn_type,subt_nat_amount,cust_name&" + year2026)
	check(t, bea, map[string]string{"Columns.Column.2.ColTitle": "Customer", "Rows.Row.0.ColData.1.value": "200.00", "Rows.Row.0.ColData.2.value": "Bea", "Rows.Row.1": ""})
	down := c.report("TransactionList?sort_by=subt_nat_amount&sort_order=descend&columns=subt_nat_amount&" + year2026)
	check(t, down, map[string]string{"Rows.Row.0.ColData.0.value": "200.00", "Rows.Row.1.ColData.0.value": "150.00"})
}

// quickbooks-online.md section 13: GeneralLedger shows every posting of every account, with
// what the account held before and after; its ends are the trial balance.
func TestReport_GeneralLedger(t *testing.T) {
	c := trade(t)
	r := c.report("GeneralLedger?start_date=2026-03-01&end_date=2026-12-31")
	if got := titles(r); got != "Date|Transaction Type|#|Name|Memo/Description|Split|Amount|Balance" {
		t.Errorf("columns %s", got)
	}
	check(t, r, map[string]string{"Header.ReportBasis": "Accrual", "Header.StartPeriod": "2026-03-01", "Columns.Column.7.MetaData.0.Value": "rbal_nat_amount"})
	wantRow(t, r, "Beginning Balance", " |  |  |  |  |  | 150.00") // the receivables, the first account to have one
	wantRow(t, r, "Total for Accounts Receivable (A/R)", " |  |  |  |  | 140.00 | ")
	wantRow(t, r, "Total for Travel", " |  |  |  |  | 80.00 | ")
	only := c.report("GeneralLedger?account=" + c.account("Travel") + "&columns=tx_date,debt_amt,credit_amt,rbal_nat_amount&" + year2026)
	check(t, only, map[string]string{
		"Rows.Row.0.Header.ColData.0.value": "Travel", "Rows.Row.0.Header.ColData.0.id": c.account("Travel"),
		"Rows.Row.0.Rows.Row.0.ColData.1.value": "80.00", "Rows.Row.0.Rows.Row.0.ColData.2.value": "", "Rows.Row.0.Rows.Row.0.ColData.3.value": "80.00", "Rows.Row.1": "",
	})
	// an account below another: its parent's own rows stand without a heading
	child := s(c.post("account", m{"Name": "Air", "AccountType": "Expense", "SubAccount": true, "ParentRef": v(c.account("Travel"))}), "Id")
	c.post("bill", m{"VendorRef": v("3"), "TxnDate": "2026-05-01", "Line": []any{accountLine(child, 7)}})
	nested := c.report("GeneralLedger?" + year2026)
	wantRow(t, nested, "Total for Travel with sub-accounts", " |  |  |  |  | 87.00 | ")
	wantRow(t, nested, "Total for Air", " |  |  |  |  | 7.00 | ")
	wantRow(t, c.report("GeneralLedger?accounting_method=Cash&"+year2026), "Total for Services", " |  |  |  |  | 20.00 | ")

	// every account ends with what the trial balance says
	tb := c.report("TrialBalance?" + year2026)
	ends := map[string]string{}
	var walk func(any)
	walk = func(o any) {
		rows, _ := dig(o.(m), "Rows.Row").([]any)
		for _, row := range rows {
			if s(row, "type") == "Data" {
				ends["last"] = s(row, "ColData.7.value")
			}
			walk(row)
			if sum := s(row, "Summary.ColData.0.value"); sum != "" && !strings.HasSuffix(sum, "with sub-accounts") {
				ends[strings.TrimPrefix(sum, "Total for ")] = ends["last"]
			}
		}
	}
	walk(nested)
	for name, want := range map[string]string{"Accounts Receivable (A/R)": "290.00", "Services": "250.00", "Air": "7.00", "Travel": "80.00"} {
		if ends[name] != want {
			t.Errorf("%s ends with %s, want %s", name, ends[name], want)
		}
		sides := rowOf(tb, name)
		if name == "Air" {
			sides = rowOf(tb, "Travel:Air")
		}
		if strings.Join(sides, "") != want {
			t.Errorf("%s: the trial balance says %v", name, sides)
		}
	}
}

// quickbooks-online.md section 13: the two lists of what customers owe; their sums are those
// of the reports they explain.
func TestReport_WhatCustomersOwe(t *testing.T) {
	c := trade(t)
	c.post("payment", m{"CustomerRef": v("2"), "TxnDate": "2026-05-02", "TotalAmt": 15})
	r := c.report("CustomerBalanceDetail?report_date=2026-05-05")
	if got := titles(r); got != "Date|Transaction Type|#|Due Date|Amount|Balance" {
		t.Errorf("columns %s", got)
	}
	check(t, r, map[string]string{
		"Header.ReportName": "CustomerBalanceDetail", "Header.Option.0.Name": "report_date", "Rows.Row.0.Header.ColData.0.id": "1",
		"Rows.Row.0.Rows.Row.0.ColData.3.value": "2026-03-03", "Rows.Row.0.Rows.Row.0.ColData.4.value": "150.00", "Rows.Row.0.Rows.Row.0.ColData.5.value": "90.00",
	})
	wantRow(t, r, "Total for Bea", " |  |  | 185.00 | 185.00")
	wantRow(t, r, "TOTAL", " |  |  | 335.00 | 275.00")
	wantRow(t, c.report("CustomerBalance?report_date=2026-05-05"), "GrandTotal", "275.00")
	aged := c.report("AgedReceivableDetail?report_date=2026-05-05")
	if got := titles(aged); got != "Date|Transaction Type|#|Customer|Due Date|Amount|Open Balance" {
		t.Errorf("columns %s", got)
	}
	wantRow(t, aged, "Total for 61 - 90 days past due", " |  |  |  | 150.00 | 90.00")
	wantRow(t, aged, "Total for Current", " |  |  |  | 200.00 | 200.00")
	wantRow(t, aged, "TOTAL", " |  |  |  | 335.00 | 275.00")
	wantRow(t, c.report("AgedReceivables?report_date=2026-05-05"), "GrandTotal", "200.00 | -15.00 | 0.00 | 90.00 | 0.00 | 275.00")
	paid := c.report("CustomerBalanceDetail?arpaid=Paid&report_date=2026-05-05")
	check(t, paid, map[string]string{"Rows": "{}", "Header.Option.1.Value": "true"})
	if got := strings.Join(first(c.report("CustomerBalanceDetail?customer=2&report_date=2026-05-05")), " "); got != "Bea 2026-05-01 2026-05-02" {
		t.Errorf("Bea: %s", got)
	}
}

// quickbooks-online.md section 13: AccountList
func TestReport_AccountList(t *testing.T) {
	c := trade(t)
	gone := s(c.post("account", m{"Name": "Old till", "AccountType": "Bank"}), "Id")
	c.do(qbobox.Action{Action: "inactivate", Type: "Account", ID: gone})
	r := c.report("AccountList")
	if got := titles(r); got != "Account|Type|Detail type|Description|Balance" {
		t.Errorf("columns %s", got)
	}
	check(t, r, map[string]string{"Header.ReportName": "AccountList", "Header.StartPeriod": "", "Header.Currency": "USD", "Header.Option.0.Name": "NoReportData"})
	wantRow(t, r, "Accounts Payable (A/P)", "Accounts Payable | AccountsPayable |  | 80.00")
	if slices.Contains(first(r), "Old till (deleted)") {
		t.Error("an inactive account is listed")
	}
	if got := strings.Join(first(c.report("AccountList?account_status=Deleted")), "|"); got != "Old till (deleted)" {
		t.Errorf("deleted: %s", got)
	}
	income := c.report("AccountList?columns=account_name,account_type&account_type=AccountsReceivable,CostOfGoodsSold&sort_by=account_name&sort_order=descend")
	if got := strings.Join(first(income), "|"); got != "Cost of Goods Sold|Accounts Receivable (A/R)" {
		t.Errorf("by type: %s", got)
	}
}

// Which of several wrong parameters is named does not change from call to call,
// quickbooks-online.md section 13.
func TestReport_NamesTheSameFaultEveryTime(t *testing.T) {
	c := open(t)
	for _, path := range []string{"ProfitAndLoss?start_date=x&end_date=x", "AgedReceivables?aging_period=x&num_periods=x", "CustomerBalance?sort_order=x&arpaid=x"} {
		told := func() string {
			_, code, detail, element := c.fault("GET", "reports/"+path, nil)
			return code + " " + detail + " " + element
		}
		first := told()
		for range 20 {
			if again := told(); again != first || strings.HasPrefix(again, " ") {
				t.Fatalf("%s: %q, then %q", path, first, again)
			}
		}
	}
}
