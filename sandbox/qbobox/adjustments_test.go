package qbobox_test

import (
	"testing"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md section 4.12
func TestInventoryAdjustment_MovesStockAndWorth(t *testing.T) {
	c := open(t)
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	shrink := c.account("Cost of Goods Sold")
	line := func(item string, diff any) []any {
		return []any{m{"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": m{"ItemRef": v(item), "QtyDiff": diff}}}
	}
	got := c.post("inventoryadjustment", m{"AdjustAccountRef": v(shrink), "Line": line(pump, -2)})
	check(t, got, map[string]string{"Line.0.Id": "1", "Line.0.ItemAdjustmentLineDetail.ItemRef.name": "Pump", "AdjustAccountRef.name": "Cost of Goods Sold", "TxnDate": "2026-05-05"})
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "3", "SyncToken": "0"})
	check(t, c.get("account/"+c.account("Inventory Asset")), map[string]string{"CurrentBalance": "30"})
	for _, k := range []struct {
		body m
		code string
	}{
		{m{"Line": line(pump, 1)}, "2020"},
		{m{"AdjustAccountRef": v(shrink)}, "2020"},
		{m{"AdjustAccountRef": v(shrink), "Line": line("99", 1)}, "2500"},
		{m{"AdjustAccountRef": v(shrink), "Line": line("1", 1)}, "6000"},
		{m{"AdjustAccountRef": v(shrink), "Line": line(pump, nil)}, "2020"},
		{m{"AdjustAccountRef": v(shrink), "TxnDate": "2026-01-01", "Line": line(pump, 1)}, "6270"},
	} {
		if _, code, detail, _ := c.fault("POST", "inventoryadjustment", k.body); code != k.code {
			t.Errorf("%v gave %s %q, want %s", k.body, code, detail, k.code)
		}
	}
	checkBooks(t, c)
	c.post("inventoryadjustment?operation=delete", m{"Id": s(got, "Id"), "SyncToken": "0"})
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "5"})
	checkBooks(t, c)
}

// quickbooks-online.md section 5.9: rates are found by currency and date
func TestExchangeRate_IsQueried(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Currencies = []string{"EUR", "GBP"} })
	c.post("exchangerate", m{"SourceCurrencyCode": "EUR", "AsOfDate": "2026-05-01", "Rate": 1.1})
	c.post("exchangerate", m{"SourceCurrencyCode": "GBP", "AsOfDate": "2026-05-01", "Rate": 1.3})
	check(t, c.query("select * from ExchangeRate where SourceCurrencyCode = 'EUR'"), map[string]string{"ExchangeRate.0.Rate": "1.1", "maxResults": "1", "ExchangeRate.0.Id": ""})
	check(t, c.query("select * from ExchangeRate where SourceCurrencyCode = 'EUR' and AsOfDate = '2026-05-04'"), map[string]string{"ExchangeRate.0.Rate": "1.1", "ExchangeRate.0.AsOfDate": "2026-05-04"})
	check(t, c.query("select * from ExchangeRate"), map[string]string{"maxResults": "2"})
	for _, k := range []struct {
		body m
		code string
	}{
		{m{"SourceCurrencyCode": "EUR", "AsOfDate": "soon", "Rate": 1}, "2070"}, {m{"SourceCurrencyCode": "EUR", "AsOfDate": "2026-05-01", "Rate": -1}, "2090"},
	} {
		if _, code, _, _ := c.fault("POST", "exchangerate", k.body); code != k.code {
			t.Errorf("%v gave %s", k.body, code)
		}
	}
}

// quickbooks-online.md section 5.9: an account's sum with sub-accounts follows its place
func TestAccount_MovingOneMovesItsSum(t *testing.T) {
	c := open(t)
	up := s(c.post("account", m{"Name": "Banks", "AccountType": "Bank"}), "Id")
	sub := c.post("account", m{"Name": "Branch", "AccountType": "Bank", "OpeningBalance": 40, "OpeningBalanceDate": "2026-01-01", "SubAccount": true, "ParentRef": v(up)})
	check(t, c.get("account/"+up), map[string]string{"CurrentBalance": "0", "CurrentBalanceWithSubAccounts": "40"})
	c.post("account", m{"Id": s(sub, "Id"), "SyncToken": "0", "Name": "Branch", "AccountType": "Bank"})
	check(t, c.get("account/"+up), map[string]string{"CurrentBalanceWithSubAccounts": "0"})
	check(t, c.get("account/"+s(sub, "Id")), map[string]string{"CurrentBalance": "40", "CurrentBalanceWithSubAccounts": "40"})
	checkBooks(t, c)
}
