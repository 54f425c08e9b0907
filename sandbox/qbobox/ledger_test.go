package qbobox_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/shopspring/decimal"

	"crossbook/sandbox/qbobox"
)

// checkBooks holds the books against themselves: every transaction balances,
// and accounts, customers, vendors and items show what was posted.
func checkBooks(t *testing.T, c *client) {
	t.Helper()
	perTxn, perAccount, perParty := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, l := range c.box.Journal() {
		d := decimal.RequireFromString(l.Amount)
		perTxn[l.Type+l.ID] = perTxn[l.Type+l.ID].Add(d)
		perAccount[l.Account] = perAccount[l.Account].Add(d)
		perParty[l.Party] = perParty[l.Party].Add(d)
	}
	for txn, d := range perTxn {
		if !d.IsZero() {
			t.Errorf("%s is out of balance by %s", txn, d)
		}
	}
	for _, o := range c.box.All("Account") {
		id := s(o, "Id")
		want := perAccount[id]
		switch class := s(o, "Classification"); {
		case class == "Revenue" || class == "Expense", s(o, "Active") == "false":
			want = decimal.Zero
		case s(o, "AccountSubType") == "RetainedEarnings":
			continue
		}
		if got := s(o, "CurrentBalance"); got != want.String() {
			t.Errorf("account %s %s shows %s, its postings say %s", id, s(o, "Name"), got, want)
		}
	}
	for kind, sign := range map[string]int64{"Customer": 1, "Vendor": -1} {
		for _, o := range c.box.All(kind) {
			if cur := s(o, "CurrencyRef.value"); cur != "USD" {
				continue
			}
			want := perParty[kind+":"+s(o, "Id")].Mul(decimal.NewFromInt(sign))
			if got := s(o, "Balance"); got != want.String() {
				t.Errorf("%s %s shows %s, its postings say %s", kind, s(o, "Id"), got, want)
			}
		}
	}
}

func (c *client) journalOf(typ, id string) map[string]string {
	out := map[string]string{}
	for _, l := range c.box.Journal() {
		if l.Type == typ && l.ID == id {
			name := s(c.box.Get("Account", l.Account), "Name")
			had, _ := decimal.NewFromString(out[name])
			out[name] = had.Add(decimal.RequireFromString(l.Amount)).String()
		}
	}
	return out
}

func wantJournal(t *testing.T, got map[string]string, want map[string]string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the journal says %v, want %v", got, want)
	}
}

// quickbooks-online.md section 5.5: income, discount, tax and the cost of goods
func TestLedger_InvoicePostsEveryPart(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	inv := c.post("invoice", m{
		"CustomerRef": v(cu), "TxnTaxDetail": m{"TxnTaxCodeRef": v("2")}, "Line": []any{
			saleLine(pump, 2, 15, 30), saleLine("1", nil, nil, 70),
			m{"DetailType": "DiscountLineDetail", "Amount": 10, "DiscountLineDetail": m{"PercentBased": false}},
		},
	})
	check(t, inv, map[string]string{"TotalAmt": "92.4"}) // 100 - 10 + 8% of 30
	wantJournal(t, c.journalOf("Invoice", s(inv, "Id")), map[string]string{
		"Accounts Receivable (A/R)": "92.4", "Sales of Product Income": "-30", "Services": "-70", "Discounts given": "10",
		"Board of Equalization Payable": "-2.4", "Cost of Goods Sold": "20", "Inventory Asset": "-20",
	})
	checkBooks(t, c)
	c.post("invoice?operation=void", m{"Id": s(inv, "Id"), "SyncToken": "0"})
	wantJournal(t, c.journalOf("Invoice", s(inv, "Id")), map[string]string{})
	checkBooks(t, c)
}

// quickbooks-online.md section 4.12: first in, first out; a late bill changes what was sold meanwhile
func TestLedger_GoodsLeaveFirstInFirstOut(t *testing.T) {
	c := open(t)
	cu, ve := s(c.customer("Amy"), "Id"), s(c.vendor("V"), "Id")
	pump := s(c.stockItem("Pump", 2, "2026-04-08"), "Id") // at 10
	bill := func(date string, qty, price, amount int) string {
		return s(c.post("bill", m{"VendorRef": v(ve), "TxnDate": date, "Line": []any{itemLine(pump, qty, price, amount)}}), "Id")
	}
	bill("2026-05-01", 2, 12, 24)
	inv := c.post("invoice", m{"CustomerRef": v(cu), "TxnDate": "2026-05-03", "Line": []any{saleLine(pump, 3, 15, 45)}})
	cost := func(want string) {
		t.Helper()
		if got := c.journalOf("Invoice", s(inv, "Id"))["Cost of Goods Sold"]; got != want {
			t.Errorf("the goods cost %s, want %s", got, want)
		}
		checkBooks(t, c)
	}
	cost("32") // 2 at 10, 1 at 12
	late := bill("2026-04-20", 1, 20, 20)
	cost("40") // 2 at 10, 1 at 20
	c.post("bill?operation=delete", m{"Id": late, "SyncToken": "0"})
	cost("32")
	// more than there is goes out at the newest price; the next delivery settles the difference
	c.post("invoice", m{"CustomerRef": v(cu), "TxnDate": "2026-05-04", "Line": []any{saleLine(pump, 3, 15, 45)}})
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "-2"})
	check(t, c.get("account/"+c.account("Inventory Asset")), map[string]string{"CurrentBalance": "-24"})
	bill("2026-05-05", 2, 13, 26)
	check(t, c.get("account/"+c.account("Inventory Asset")), map[string]string{"CurrentBalance": "0"})
	checkBooks(t, c)
}

func TestLedger_OpeningBalancesStandAgainstEquity(t *testing.T) {
	c := open(t)
	c.post("customer", m{"DisplayName": "Old", "Balance": 120, "OpenBalanceDate": "2026-01-01"})
	c.post("vendor", m{"DisplayName": "Owed", "Balance": 50, "OpenBalanceDate": "2026-01-01"})
	loan := c.post("account", m{"Name": "Loan", "AccountType": "Long Term Liability", "OpeningBalance": 1000, "OpeningBalanceDate": "2026-01-01"})
	check(t, loan, map[string]string{"CurrentBalance": "-1000"})
	c.stockItem("Pump", 2, "2026-04-08")
	checkBooks(t, c)
	check(t, c.get("account/"+c.account("Opening Balance Equity")), map[string]string{"CurrentBalance": "910"}) // 50 + 1000 - 120 - 20
}

// quickbooks-online.md section 4.4: a job's debt paid by its parent leaves the job
func TestLedger_ParentPaysForItsJob(t *testing.T) {
	c := open(t)
	top := s(c.customer("Top"), "Id")
	job := s(c.post("customer", m{"DisplayName": "Kitchen", "Job": true, "ParentRef": v(top)}), "Id")
	inv := s(c.invoice(job, 80), "Id")
	pay := c.pay(top, 100, inv, 80)
	check(t, c.get("customer/"+job), map[string]string{"Balance": "0"})
	check(t, c.get("customer/"+top), map[string]string{"Balance": "-20", "BalanceWithJobs": "-20"})
	c.post("invoice?operation=delete", m{"Id": inv, "SyncToken": "1"})
	check(t, c.get("customer/"+job), map[string]string{"Balance": "0"})
	check(t, c.get("customer/"+top), map[string]string{"Balance": "-100", "BalanceWithJobs": "-100"})
	_ = pay
	checkBooks(t, c)
}

// quickbooks-online.md section 4.11: what different rates leave over is a gain or a loss
func TestLedger_RatesLeaveGainsAndLosses(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Currencies = []string{"EUR"} })
	cu := s(c.post("customer", m{"DisplayName": "Zoe", "CurrencyRef": v("EUR")}), "Id")
	inv := s(c.invoice(cu, 100, m{"ExchangeRate": 1.1, "CurrencyRef": v("EUR")}), "Id")
	pay := c.post("payment", m{"CustomerRef": v(cu), "CurrencyRef": v("EUR"), "TotalAmt": 100, "ExchangeRate": 1.2, "Line": []any{
		m{"Amount": 100, "LinkedTxn": []any{m{"TxnId": inv, "TxnType": "Invoice"}}},
	}})
	wantJournal(t, c.journalOf("Payment", s(pay, "Id")), map[string]string{
		"Undeposited Funds": "120", "Accounts Receivable (A/R)": "-110", "Exchange Gain or Loss": "-10",
	})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "0"})
	checkBooks(t, c)
}

// The recorded balances stay; what no recorded document explains is carried as an opening.
func TestLedger_RecordedCompanyKeepsItsBalances(t *testing.T) {
	c := recorded(t)
	for id, want := range map[string]string{"33": "-2202.67", "34": "9337.5", "35": "2101", "41": "-157.72", "81": "596.25", "84": "4681.52", "90": "-370.94"} {
		check(t, c.get("account/"+id), map[string]string{"CurrentBalance": want})
	}
	checkBooks(t, c)
	c.invoice("1", 100)
	check(t, c.get("account/84"), map[string]string{"CurrentBalance": "4781.52"})
	checkBooks(t, c)
}

// After any sequence of writes debits are credits and every balance is the sum of its postings.
func TestLedger_BalancesAfterAnySequence(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			c := open(t)
			r := newClerk(t, c, rand.New(rand.NewPCG(seed, 9)))
			for i := range 120 {
				r.step()
				if i%20 == 19 {
					checkBooks(t, c)
				}
			}
			checkBooks(t, c)
			tied(t, c)
		})
	}
}

// quickbooks-online.md section 4.5: a merge takes the books along
func TestLedger_MergesMovePostings(t *testing.T) {
	c := open(t)
	cu, other, ve := s(c.customer("Amy"), "Id"), s(c.customer("Amy 2"), "Id"), s(c.vendor("V"), "Id")
	pump, double := s(c.stockItem("Pump", 5, "2026-04-08"), "Id"), s(c.stockItem("Pump 2", 3, "2026-04-08"), "Id")
	bank := s(c.post("account", m{"Name": "Bank", "AccountType": "Bank"}), "Id")
	c.post("invoice", m{"CustomerRef": v(other), "Line": []any{saleLine(double, 1, 15, 15)}})
	c.post("purchase", m{"PaymentType": "Cash", "AccountRef": v(bank), "EntityRef": m{"value": ve, "type": "Vendor"}, "Line": []any{accountLine(c.account("Travel"), 9)}})
	checking := c.account("Checking")
	c.do(qbobox.Action{Action: "merge", Type: "Customer", ID: other, Into: cu})
	c.do(qbobox.Action{Action: "merge", Type: "Item", ID: double, Into: pump})
	c.do(qbobox.Action{Action: "merge", Type: "Account", ID: bank, Into: checking})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "15"})
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "7"})
	check(t, c.get("account/"+checking), map[string]string{"CurrentBalance": "-9"})
	checkBooks(t, c)
	tied(t, c)
}

func TestLedger_SurvivesARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "box.db")
	start := func() *client {
		return open(t, func(o *qbobox.Options) { o.DB = openDB(t, file) })
	}
	a := start()
	k := newClerk(t, a, rand.New(rand.NewPCG(3, 9)))
	for range 60 {
		k.step()
	}
	before := a.box.Journal()
	a.box.Close()
	b := start()
	if got := b.box.Journal(); fmt.Sprint(got) != fmt.Sprint(before) {
		t.Errorf("the books changed:\n%v\n%v", before, got)
	}
	k.c = b
	for range 40 {
		k.step()
	}
	checkBooks(t, b)
	tied(t, b)
}

// Documents loaded word for word change no balance; documents loaded as typed do.
func TestLedger_LoadedDocumentsAgreeWithLoadedLists(t *testing.T) {
	c := open(t)
	load := func(entity string, objects ...map[string]any) {
		t.Helper()
		if err := c.box.Load(entity, objects); err != nil {
			t.Fatal(err)
		}
	}
	meta := m{"CreateTime": "2026-05-01T00:00:00-07:00", "LastUpdatedTime": "2026-05-01T00:00:00-07:00"}
	load("Customer", m{"Id": "50", "SyncToken": "3", "DisplayName": "Old", "Active": true, "Balance": 120, "BalanceWithJobs": 120, "MetaData": meta})
	load("Customer", m{"DisplayName": "Typed", "Balance": 30})
	load("Invoice", m{
		"Id": "900", "SyncToken": "1", "TxnDate": "2026-05-01", "CustomerRef": v("50"), "TotalAmt": 100, "Balance": 100, "MetaData": meta,
		"Line": []any{saleLine("1", nil, nil, 100)},
	})
	check(t, c.get("customer/50"), map[string]string{"Balance": "120"})
	total := decimal.Zero
	for _, l := range c.box.Journal() {
		if l.Party == "Customer:50" {
			total = total.Add(decimal.RequireFromString(l.Amount))
		}
	}
	if total.String() != "120" {
		t.Errorf("the books say %s of the loaded customer", total)
	}
	c.invoice("50", 5)
	check(t, c.get("customer/50"), map[string]string{"Balance": "125"})
	checkBooks(t, c)
}

// quickbooks-online.md section 4.8: each agency has its own account
func TestLedger_TaxIsOwedToItsAgency(t *testing.T) {
	c := open(t)
	agency := s(c.post("taxagency", m{"DisplayName": "Nevada"}), "Id")
	_, out := c.call("POST", "taxservice/taxcode", m{"TaxCode": "NV", "TaxRateDetails": []any{m{"TaxRateName": "NV 5", "RateValue": "5", "TaxAgencyId": agency, "TaxApplicableOn": "Sales"}}})
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	inv := c.post("invoice", m{"CustomerRef": v(s(c.customer("Amy"), "Id")), "TxnTaxDetail": m{"TxnTaxCodeRef": v(s(out, "TaxCodeId"))}, "Line": []any{saleLine(pump, 1, 100, 100)}})
	if got := c.journalOf("Invoice", s(inv, "Id"))["Nevada Payable"]; got != "-5" {
		t.Errorf("the agency is owed %q", got)
	}
	checkBooks(t, c)
}
