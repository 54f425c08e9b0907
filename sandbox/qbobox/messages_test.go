package qbobox_test

import (
	"strings"
	"testing"
)

// quickbooks-online.md section 12.3: the texts that people know from the lists of errors of a
// CRM's synchronisation, each brought about as it comes about there.
func TestFaults_TextsPeopleKnowFromSyncErrors(t *testing.T) {
	c := open(t)
	c.vendor("Rosebank")
	customer := s(c.customer("Amy"), "Id")
	pump := c.stockItem("Pump", 25, "2026-04-08")
	early := m{"CustomerRef": v(customer), "TxnDate": "2026-04-07", "Line": []any{saleLine(s(pump, "Id"), 1, 15, 15)}}
	undated := c.stockBody("Hose", 5, "")
	delete(undated, "InvStartDate")
	for _, k := range []struct {
		name, path string
		body       m
		code, text string
	}{
		{
			"a name that a vendor has", "customer",
			m{"DisplayName": "Rosebank"},
			"6240",
			"Another customer, vendor or employee is already using this name",
		},
		{
			"a long salutation", "customer",
			m{"DisplayName": "B", "Title": "His Royal Highness"},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:16",
		},
		{"a web site without a scheme", "vendor", m{"DisplayName": "B", "WebAddr": m{"URI": "example.com"}}, "2200", "Web Site URL does not have correct format"},
		{"a web site with a blank", "vendor", m{"DisplayName": "B", "WebAddr": m{"URI": "http://exam ple.com"}}, "2200", "Web Site URL does not have correct format"},
		{"a date in another order", "invoice", m{"CustomerRef": v(customer), "TxnDate": "05/05/2026", "Line": early["Line"]}, "2070", "Value should be a valid date value"},
		{"an empty date", "invoice", m{"CustomerRef": v(customer), "DueDate": "", "TxnDate": "", "Line": early["Line"]}, "2070", "Value should be a valid date value"},
		{
			"stock sold before it was there", "invoice", early, "6270",
			"Transactions with inventory (QOH) products cant be dated earlier",
		},
		{"stock without the day it began", "item", undated, "6000", "As of date for initial quantity on hand is required"},
	} {
		t.Run(k.name, func(t *testing.T) {
			c.t = t
			status, code, detail, _ := c.fault("POST", k.path, k.body)
			if status != 400 || code != k.code || !strings.Contains(detail, k.text) {
				t.Errorf("got %d %s %q, want 400 %s with %q", status, code, detail, k.code, k.text)
			}
		})
	}
}
