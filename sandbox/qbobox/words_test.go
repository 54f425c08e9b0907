package qbobox_test

import (
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md section 12.2: 6530 for a raw card number in a text
func TestTexts_HoldNoCardNumbers(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	line := func(text string) []any {
		l := saleLine("1", nil, nil, 5)
		l["Description"] = text
		return []any{l}
	}
	inv := func(more m) m {
		more["CustomerRef"] = v(cust)
		if more["Line"] == nil {
			more["Line"] = line("work")
		}
		return more
	}
	for what, k := range map[string]struct {
		path string
		body m
	}{
		"a note":          {"invoice", inv(m{"PrivateNote": "paid by 4111 1111 1111 1111, thanks"})},
		"a message":       {"invoice", inv(m{"CustomerMemo": v("card 4111-1111-1111-1111")})},
		"a line":          {"invoice", inv(m{"Line": line("5555555555554444")})},
		"fifteen digits":  {"customer", m{"DisplayName": "Bob", "Notes": "378282246310005"}},
		"a vendor's note": {"purchaseorder", m{"VendorRef": v(s(c.vendor("V"), "Id")), "Memo": "6011111111111117", "Line": []any{accountLine(c.account("Travel"), 5)}}},
	} {
		c.refuses(what, k.path, k.body, "6530")
	}
	for what, text := range map[string]string{
		"another check digit": "4111 1111 1111 1112", "more digits": "4111111111111111000", "part of a longer number": "94111111111111111", "no card's beginning": "9111111111111111",
		"a telephone": "(555) 555-1234 and 555 555 1235",
	} {
		if status, out := c.call("POST", "invoice", inv(m{"PrivateNote": text})); status != 200 {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	c.do(qbobox.Action{Action: "create", Type: "Invoice", Data: inv(m{"PrivateNote": "4111 1111 1111 1111"})}) // people write what they like
}

// quickbooks-online.md section 12.2: 6160 for the pseudo code of a tax made up by hand
func TestTax_CustomSalesTaxIsNoCodeToWrite(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	body := m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 5)}, "TxnTaxDetail": m{"TxnTaxCodeRef": v("CustomSalesTax")}}
	c.refuses("a new invoice", "invoice", body, "6160")
	body["Id"], body["SyncToken"] = c.invoice(cust, 5)["Id"], "0"
	c.refuses("an old one", "invoice", body, "6230")
}

// quickbooks-online.md sections 4.10 and 12.2: other codes and words that were seen, by dial
func TestFaults_OtherReadings(t *testing.T) {
	long := strings.Repeat("7", 22)
	body := func(cust string, more m) m {
		more["CustomerRef"], more["Line"] = v(cust), []any{saleLine("1", nil, nil, 5)}
		return more
	}
	plain := open(t)
	ann := s(plain.customer("Ann"), "Id")
	plain.refuses("a long number", "invoice", body(ann, m{"DocNumber": long}), "2050")
	plain.refuses("an unknown customer", "invoice", body("99", m{}), "2500")

	// section 4.10: the older text for a long number; 6250: the customer of a sales form
	c := open(t, func(o *qbobox.Options) {
		o.Dials.LongNumberIs6000, o.Dials.SalesCustomerIs6250, o.Dials.UnexpandedNames = true, true, true
	})
	ann = s(c.customer("Ann"), "Id")
	if _, code, detail, _ := c.fault("POST", "invoice", body(ann, m{"DocNumber": long})); code != "6000" || detail != "Business Validation Error: You cannot enter more than 21 characters in the doc_num field" {
		t.Errorf("a long number: %s %q", code, detail)
	}
	c.refuses("an unknown customer", "invoice", body("99", m{}), "6250")
	gone := s(c.customer("Gone"), "Id")
	inv := c.invoice(gone, 5)
	c.do(qbobox.Action{Action: "inactivate", Type: "Customer", ID: gone})
	c.refuses("an inactive customer", "estimate", body(gone, m{}), "6250")
	c.refuses("an old invoice of one", "invoice", m{"Id": inv["Id"], "SyncToken": "0", "sparse": true, "PrivateNote": "x"}, "6250")
	c.refuses("a payment of one", "payment", m{"CustomerRef": v("99"), "TotalAmt": 5}, "2500") // no sales form

	// 6240 with the unexpanded word of 2014
	if _, code, detail, _ := c.fault("POST", "vendor", m{"DisplayName": "Ann"}); code != "6240" || !strings.Contains(detail, "Another $$customer$$, vendor or employee is") {
		t.Errorf("a name in use: %s %q", code, detail)
	}
	trade := open(t)
	trade.customer("Ann")
	trade.prefer("AccountingInfoPrefs", m{"CustomerTerminology": "Tenants"})
	if _, code, detail, _ := trade.fault("POST", "customer", m{"DisplayName": "Ann"}); code != "6240" || !strings.Contains(detail, "Another tenant, vendor or employee is already using this name.") {
		t.Errorf("the words of an industry: %s %q", code, detail)
	}
}
