package qbobox_test

import (
	"testing"

	"crossbook/sandbox/qbobox"
)

// layered loads a code whose second rate is laid on the first in one of the vendor's ways.
func (c *client) layered(how string) {
	c.t.Helper()
	agency := s(c.query("select * from TaxAgency"), "TaxAgency.0.Id")
	rates := []m{}
	for id, value := range map[string]string{"71": "10", "72": "5"} {
		rates = append(rates, m{"Id": id, "SyncToken": "0", "Name": "Rate " + id, "Active": true, "RateValue": value, "AgencyRef": v(agency), "SpecialTaxType": "NONE", "DisplayType": "ReadOnly"})
	}
	detail := func(id, on string, order int) m {
		return m{"TaxRateRef": v(id), "TaxTypeApplicable": on, "TaxOrder": order}
	}
	list := m{"TaxRateDetail": []any{detail("72", how, 1), detail("71", "TaxOnAmount", 0)}}
	for _, k := range []struct {
		entity string
		rows   []m
	}{{"TaxRate", rates}, {"TaxCode", []m{{"Id": "70", "SyncToken": "0", "Name": "Layered", "Active": true, "Taxable": true, "TaxGroup": true, "SalesTaxRateList": list, "PurchaseTaxRateList": list}}}} {
		if err := c.box.Load(k.entity, k.rows); err != nil {
			c.t.Fatal(err)
		}
	}
}

// quickbooks-online.md section 5.9, TaxCode: a rate is of the amount, of the
// amount with the tax before it, or of that tax alone, in the order TaxOrder says
func TestTaxCode_RatesLieOnEachOther(t *testing.T) {
	for how, want := range map[string]map[string]string{
		"TaxOnAmount":        {"TxnTaxDetail.TotalTax": "15", "TxnTaxDetail.TaxLine.1.Amount": "5", "TxnTaxDetail.TaxLine.1.TaxLineDetail.NetAmountTaxable": "100"},
		"TaxOnAmountPlusTax": {"TxnTaxDetail.TotalTax": "15.5", "TxnTaxDetail.TaxLine.1.Amount": "5.5", "TxnTaxDetail.TaxLine.1.TaxLineDetail.NetAmountTaxable": "110"},
		"TaxOnTax":           {"TxnTaxDetail.TotalTax": "10.5", "TxnTaxDetail.TaxLine.1.Amount": "0.5", "TxnTaxDetail.TaxLine.1.TaxLineDetail.NetAmountTaxable": "10"},
	} {
		c := open(t, func(o *qbobox.Options) { o.Country = "CA" })
		c.layered(how)
		line := saleLine("1", nil, nil, 100)
		line["SalesItemLineDetail"].(m)["TaxCodeRef"] = v("70")
		got := c.post("invoice", m{"CustomerRef": v(s(c.customer("Ann"), "Id")), "GlobalTaxCalculation": "TaxExcluded", "Line": []any{line}})
		want["TxnTaxDetail.TaxLine.0.Amount"], want["TxnTaxDetail.TaxLine.0.TaxLineDetail.TaxRateRef.value"] = "10", "71"
		check(t, got, want)
		checkBooks(t, c)
	}
}

// quickbooks-online.md section 5.4: a tax line of a document with tax in its
// amounts says what the buyer pays; one that was overridden by how much
func TestTaxLines_InclusiveAmountAndOverride(t *testing.T) {
	gb := open(t, func(o *qbobox.Options) { o.Country = "GB" })
	line := saleLine("1", nil, nil, 100)
	line["SalesItemLineDetail"].(m)["TaxCodeRef"] = v("2")
	body := m{"CustomerRef": v(s(gb.customer("Ann"), "Id")), "GlobalTaxCalculation": "TaxInclusive", "Line": []any{line}}
	check(t, gb.post("invoice", body), map[string]string{
		"TxnTaxDetail.TaxLine.0.Amount": "20", "TxnTaxDetail.TaxLine.0.TaxLineDetail.NetAmountTaxable": "100", "TxnTaxDetail.TaxLine.0.TaxLineDetail.TaxInclusiveAmount": "120",
	})
	body["GlobalTaxCalculation"] = "TaxExcluded"
	check(t, gb.post("invoice", body), map[string]string{"TxnTaxDetail.TaxLine.0.Amount": "20", "TxnTaxDetail.TaxLine.0.TaxLineDetail.TaxInclusiveAmount": ""})

	us := open(t)
	line = saleLine("1", nil, nil, 100)
	line["SalesItemLineDetail"].(m)["TaxCodeRef"] = v("TAX")
	sent := m{"TxnTaxCodeRef": v("2")}
	body = m{"CustomerRef": v(s(us.customer("Ann"), "Id")), "TxnTaxDetail": sent, "Line": []any{line}}
	check(t, us.post("invoice", body), map[string]string{"TxnTaxDetail.TotalTax": "8", "TxnTaxDetail.TaxLine.0.TaxLineDetail.OverrideDeltaAmount": ""})
	sent["TotalTax"] = 7.25
	check(t, us.post("invoice", body), map[string]string{
		"TxnTaxDetail.TotalTax": "7.25", "TxnTaxDetail.TaxLine.0.Amount": "7.25", "TxnTaxDetail.TaxLine.0.TaxLineDetail.OverrideDeltaAmount": "-0.75",
	})
	checkBooks(t, us)
}

// quickbooks-online.md section 5.9, TaxAgency
func TestTaxAgency_WhatItTracksAndWhenItFiled(t *testing.T) {
	c := open(t)
	both := c.post("taxagency", m{"DisplayName": "Both", "TaxTrackedOnSales": true, "TaxTrackedOnPurchases": true, "TaxRegistrationNumber": "R-1", "LastFileDate": "2026-01-31"})
	check(t, both, map[string]string{"TaxTrackedOnSales": "true", "TaxTrackedOnPurchases": "true", "TaxRegistrationNumber": "R-1", "LastFileDate": ""}) // filing is the company's doing
	check(t, c.post("taxagency", m{"DisplayName": "Sales", "TaxTrackedOnPurchases": false}), map[string]string{"TaxTrackedOnSales": "true", "TaxTrackedOnPurchases": "false"})
	if err := c.box.Load("TaxAgency", []m{{"Id": "50", "SyncToken": "3", "DisplayName": "Filed", "TaxTrackedOnSales": true, "TaxTrackedOnPurchases": false, "LastFileDate": "2026-03-31"}}); err != nil {
		t.Fatal(err)
	}
	check(t, c.get("taxagency/50"), map[string]string{"LastFileDate": "2026-03-31"})
}
