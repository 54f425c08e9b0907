package qbobox_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"crossbook/sandbox/qbobox"
)

// report reads a report; rows are found by their group or their first cell.
func (c *client) report(path string) m {
	c.t.Helper()
	status, out := c.call("GET", "reports/"+path, nil)
	if status != 200 {
		c.t.Fatalf("%s: %d %v", path, status, out)
	}
	return out
}

// rowOf finds a row by its group or the text of its first cell, at any depth,
// and returns its cells.
func rowOf(o any, name string) []string {
	row, ok := o.(m)
	if !ok {
		return nil
	}
	for _, part := range []string{"Summary", "Header", ""} {
		cells, _ := row["ColData"].([]any)
		if part != "" {
			if h, ok := row[part].(m); ok {
				cells, _ = h["ColData"].([]any)
			}
		}
		if len(cells) > 0 && (s(cells[0], "value") == name || part == "Summary" && s(row, "group") == name) {
			var out []string
			for _, x := range cells[1:] {
				out = append(out, s(x, "value"))
			}
			return out
		}
	}
	rows, _ := row["Rows"].(m)
	all, _ := rows["Row"].([]any)
	for _, r := range all {
		if got := rowOf(r, name); got != nil {
			return got
		}
	}
	return nil
}

func wantRow(t *testing.T, report m, name, want string) {
	t.Helper()
	if got := strings.Join(rowOf(report, name), " | "); got != want {
		t.Errorf("%s %s: got %q, want %q", s(report, "Header.ReportName"), name, got, want)
	}
}

// small trade: stock, an overdue invoice, a partial payment, a bill.
func trade(t *testing.T, opts ...func(*qbobox.Options)) *client {
	c := open(t, opts...)
	amy, bea, ve := s(c.customer("Amy"), "Id"), s(c.customer("Bea"), "Id"), s(c.vendor("Norton"), "Id")
	pump := s(c.stockItem("Pump", 10, "2026-01-01"), "Id")
	inv := s(c.post("invoice", m{"CustomerRef": v(amy), "TxnDate": "2026-02-01", "DueDate": "2026-03-03", "Line": []any{saleLine(pump, 4, 25, 100), saleLine("1", nil, nil, 50)}}), "Id")
	c.pay(amy, 60, inv, 60)
	c.post("invoice", m{"CustomerRef": v(bea), "TxnDate": "2026-05-01", "Line": []any{saleLine("1", nil, nil, 200)}})
	c.post("bill", m{"VendorRef": v(ve), "TxnDate": "2026-04-10", "DueDate": "2026-04-20", "Line": []any{accountLine(c.account("Travel"), 80)}})
	return c
}

// quickbooks-online.md section 13: no envelope, numbers as text, groups of the profit and loss
func TestReport_ProfitAndLoss(t *testing.T) {
	c := trade(t)
	r := c.report("ProfitAndLoss?start_date=2026-01-01&end_date=2026-12-31")
	check(t, r, map[string]string{
		"Header.ReportName": "ProfitAndLoss", "Header.ReportBasis": "Accrual", "Header.StartPeriod": "2026-01-01", "Header.EndPeriod": "2026-12-31",
		"Header.SummarizeColumnsBy": "Total", "Header.Currency": "USD", "Header.Option.1.Name": "NoReportData", "Header.Option.1.Value": "false",
		"Columns.Column.0.ColType": "Account", "Columns.Column.1.ColTitle": "Total", "Columns.Column.1.ColType": "Money", "time": "",
		"Rows.Row.0.group": "Income", "Rows.Row.0.type": "Section", "Rows.Row.0.Header.ColData.0.value": "Income",
		"Rows.Row.0.Rows.Row.0.ColData.1.value": "100.00", "Rows.Row.0.Rows.Row.0.type": "Data",
	})
	for row, want := range map[string]string{
		"Income": "350.00", "COGS": "40.00", "GrossProfit": "310.00", "Expenses": "80.00", "NetOperatingIncome": "230.00", "NetIncome": "230.00",
		"Services": "250.00",
	} {
		wantRow(t, r, row, want)
	}
	months := c.report("ProfitAndLoss?start_date=2026-02-01&end_date=2026-05-31&summarize_column_by=Month")
	wantRow(t, months, "NetIncome", "110.00 | 0.00 | -80.00 | 200.00 | 230.00")
	check(t, months, map[string]string{"Columns.Column.1.ColTitle": "Feb 2026", "Columns.Column.1.MetaData.0.Value": "2026-02-01", "Columns.Column.5.ColTitle": "Total"})
	wantRow(t, c.report("ProfitAndLoss?start_date=2026-01-01&end_date=2026-12-31&customer=2"), "NetIncome", "200.00")
	empty := c.report("ProfitAndLoss?start_date=2020-01-01&end_date=2020-12-31")
	check(t, empty, map[string]string{"Header.Option.1.Value": "true", "Rows": "{}"})
}

// quickbooks-online.md section 13 and the vendor's recorded balance sheet
func TestReport_BalanceSheetBalances(t *testing.T) {
	c := trade(t)
	r := c.report("BalanceSheet?end_date=2026-05-31")
	for row, want := range map[string]string{
		"AR": "290.00", "OtherCurrentAssets": "120.00", "TOTAL ASSETS": "410.00", "AP": "80.00", "Opening Balance Equity": "100.00",
		"Retained Earnings": "0.00", "Net Income": "230.00", "TOTAL LIABILITIES AND EQUITY": "410.00",
	} {
		wantRow(t, r, row, want)
	}
	// a year on, the profit has become retained earnings
	next := c.report("BalanceSheet?start_date=2027-01-01&end_date=2027-02-01")
	wantRow(t, next, "Retained Earnings", "230.00")
	wantRow(t, next, "Net Income", "0.00")
}

// quickbooks-online.md section 13: the columns of the ages; a payment counts where its invoice counts
func TestReport_AgedReceivablesAndPayables(t *testing.T) {
	c := trade(t)
	r := c.report("AgedReceivables?report_date=2026-05-05")
	var titles []string
	for _, x := range r["Columns"].(m)["Column"].([]any) {
		titles = append(titles, s(x, "ColTitle"))
	}
	if got := strings.Join(titles, ","); got != ",Current,1 - 30,31 - 60,61 - 90,91 and over,Total" {
		t.Errorf("columns %s", got)
	}
	wantRow(t, r, "Amy", "0.00 | 0.00 | 0.00 | 90.00 | 0.00 | 90.00") // due 2026-03-03, 63 days ago
	wantRow(t, r, "Bea", "200.00 | 0.00 | 0.00 | 0.00 | 0.00 | 200.00")
	wantRow(t, r, "GrandTotal", "200.00 | 0.00 | 0.00 | 90.00 | 0.00 | 290.00")
	check(t, r, map[string]string{"Rows.Row.0.ColData.0.id": "1", "Header.EndPeriod": "2026-05-05"})
	wantRow(t, c.report("AgedPayables?report_date=2026-05-05"), "Norton", "0.00 | 80.00 | 0.00 | 0.00 | 0.00 | 80.00")
	wantRow(t, c.report("AgedReceivables?report_date=2026-03-01"), "GrandTotal", "150.00 | 0.00 | 0.00 | 0.00 | 0.00 | 150.00")
	wantRow(t, c.report("AgedReceivables?report_date=2026-05-05&customer=2"), "GrandTotal", "200.00 | 0.00 | 0.00 | 0.00 | 0.00 | 200.00")
}

// quickbooks-online.md section 13
func TestReport_BalancesSalesAndStock(t *testing.T) {
	c := trade(t)
	r := c.report("CustomerBalance")
	wantRow(t, r, "Amy", "90.00")
	wantRow(t, r, "GrandTotal", "290.00")
	check(t, r, map[string]string{"Columns.Column.0.ColTitle": "Customer", "Columns.Column.1.ColTitle": "Total", "Rows.Row.2.group": "GrandTotal"})
	wantRow(t, c.report("VendorBalance"), "Norton", "80.00")
	items := c.report("ItemSales?start_date=2026-01-01&end_date=2026-12-31")
	wantRow(t, items, "Pump", "4.00 | 100.00 | 28.57% | 25.00 | 40.00 | 60.00 | 60.00%")
	wantRow(t, items, "GrandTotal", "4.00 | 350.00 | 100.00% | 87.50 | 40.00 | 310.00 | 88.57%")
	stock := c.report("InventoryValuationSummary")
	wantRow(t, stock, "Pump", " | 6.00 | 60.00 | 10.00")
	wantRow(t, c.report("InventoryValuationSummary?report_date=2026-01-15"), "TOTAL", " | 10.00 | 100.00 | ")
}

func TestReport_Faults(t *testing.T) {
	c := open(t)
	for path, want := range map[string]string{
		"reports/Nonsense": "500", "reports/ProfitAndLoss?start_date=5.5.2026": "2070", "reports/CustomerBalance?accounting_method=Cash": "5030",
		"reports/ProfitAndLoss?summarize_column_by=Moon": "2170", "reports/ProfitAndLoss?date_macro=Someday": "2170",
		"reports/AgedReceivables?aging_period=x": "2090", "reports/ProfitAndLoss?start_date=2026-05-05&end_date=2026-05-01": "2070",
	} {
		if _, code, detail, _ := c.fault("GET", path, nil); code != want {
			t.Errorf("%s: got %s %q, want %s", path, code, detail, want)
		}
	}
}

// The recorded company earned what its books say; the vendor's own sample shows the same profit.
func TestReport_RecordedCompany(t *testing.T) {
	c := recorded(t)
	tied(t, c)
	wantRow(t, c.report("BalanceSheet?date_macro=All"), "AR", "4681.52")
	wantRow(t, c.report("CustomerBalance"), "GrandTotal", "4681.52")
	// what the vendor's own balance sheet of this sample company calls net income
	wantRow(t, c.report("BalanceSheet?start_date=2030-01-01&end_date=2030-12-31"), "Retained Earnings", "1642.46")
}

// tied holds the reports against each other and against the lists.
func tied(t *testing.T, c *client) {
	t.Helper()
	all := "?start_date=2000-01-01&end_date=2030-12-31"
	tb := rowOf(c.report("TrialBalance"+all), "GrandTotal")
	if len(tb) != 2 || tb[0] != tb[1] {
		t.Errorf("the trial balance ends with %v", tb)
	}
	sheet := c.report("BalanceSheet" + all)
	if a, b := rowOf(sheet, "TOTAL ASSETS"), rowOf(sheet, "TOTAL LIABILITIES AND EQUITY"); len(a) != 1 || len(b) != 1 || a[0] != b[0] {
		t.Errorf("the balance sheet ends with %v and %v", a, b)
	}
	last := func(path, row string) string {
		cells := rowOf(c.report(path+"?report_date=2030-12-31"), row)
		if len(cells) == 0 {
			return "0.00"
		}
		return cells[len(cells)-1]
	}
	for _, k := range []struct {
		party, aged, balance, account string
		sign                          int64
	}{{"Customer", "AgedReceivables", "CustomerBalance", "AccountsReceivable", 1}, {"Vendor", "AgedPayables", "VendorBalance", "AccountsPayable", -1}} {
		want := decimal.Zero
		for _, o := range c.box.All("Account") {
			if s(o, "AccountSubType") == k.account {
				want = want.Add(decimal.RequireFromString(s(o, "CurrentBalance")))
			}
		}
		w := want.Mul(decimal.NewFromInt(k.sign)).StringFixed(2)
		people := total(c.box.All(k.party), "Balance").StringFixed(2)
		if a, b := last(k.aged, "GrandTotal"), last(k.balance, "GrandTotal"); a != w || b != w || people != w {
			t.Errorf("%s: the account says %s, by age %s, by name %s, the list %s", k.party, w, a, b, people)
		}
	}
	stock := decimal.Zero
	for _, o := range c.box.All("Account") {
		if s(o, "AccountSubType") == "Inventory" {
			stock = stock.Add(decimal.RequireFromString(s(o, "CurrentBalance")))
		}
	}
	value := rowOf(c.report("InventoryValuationSummary?report_date=2030-12-31"), "TOTAL")
	if len(value) == 4 && value[2] != stock.StringFixed(2) {
		t.Errorf("the stock is worth %s, its account says %s", value[2], stock)
	}
	for _, o := range c.box.All("Item") {
		if s(o, "Type") != "Inventory" || s(o, "Active") == "false" {
			continue
		}
		cells := rowOf(c.report("InventoryValuationSummary?report_date=2030-12-31&item="+s(o, "Id")), s(o, "FullyQualifiedName"))
		want := decimal.RequireFromString(s(o, "QtyOnHand")).StringFixed(2)
		if len(cells) == 4 && cells[1] != want || len(cells) == 0 && want != "0.00" {
			t.Errorf("item %s: %s on hand, the report says %v", s(o, "Id"), want, cells)
		}
	}
}
