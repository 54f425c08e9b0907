package qbobox_test

import (
	"context"
	"testing"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md section 4.6: a settled card payment is neither voided
// nor deleted, nor is what is matched to the bank: codes 6450 and 6480 of section 12.2
func TestBank_HoldsWhatItHasSeen(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	inv := s(c.invoice(cust, 40), "Id")
	pay := s(c.post("payment", m{"CustomerRef": v(cust), "TotalAmt": 40, "PaymentMethodRef": v("3"), "Line": []any{link("Invoice", inv, 40)}}), "Id")
	spent := s(c.post("purchase", m{"PaymentType": "Cash", "AccountRef": v(c.account("Checking")), "Line": []any{accountLine(c.account("Travel"), 5)}}), "Id")
	c.do(qbobox.Action{Action: "settle", Type: "Payment", ID: pay})
	c.do(qbobox.Action{Action: "match", Type: "Purchase", ID: spent})
	body := func(id string) m { return m{"Id": id, "SyncToken": "0", "sparse": true} }
	c.refuses("a settled payment is voided", "payment?operation=update&include=void", body(pay), "6450")
	c.refuses("a settled payment is deleted", "payment?operation=delete", body(pay), "6450")
	c.refuses("a matched expense is deleted", "purchase?operation=delete", body(spent), "6480")
	c.refuses("a matched expense is voided", "purchase?operation=void", body(spent), "500") // never offered
	check(t, c.get("payment/"+pay), map[string]string{"TotalAmt": "40", "SyncToken": "0"})
	c.do(qbobox.Action{Action: "unmatch", Type: "Purchase", ID: spent})
	c.post("purchase?operation=delete", body(spent))
	c.do(qbobox.Action{Action: "void", Type: "Payment", ID: pay}) // a person may
	check(t, c.get("invoice/"+inv), map[string]string{"Balance": "40"})
	for _, a := range []qbobox.Action{{Action: "settle", Type: "Invoice", ID: inv}, {Action: "match", Type: "Estimate", ID: inv}, {Action: "match", Type: "Payment", ID: "999"}} {
		if _, err := c.box.Do(context.Background(), a); err == nil {
			t.Errorf("%s of %s %s works", a.Action, a.Type, a.ID)
		}
	}
	checkBooks(t, c)
}

// quickbooks-online.md section 2: the void of a journal entry answers 200 with an empty list, and nothing happens
func TestVoid_OfAJournalEntryDoesNothing(t *testing.T) {
	c := open(t)
	entry := c.post("journalentry", m{"Line": []any{journalLine("Debit", c.account("Travel"), 7, nil), journalLine("Credit", c.account("Checking"), 7, nil)}})
	status, out := c.call("POST", "journalentry?operation=void", m{"Id": entry["Id"], "SyncToken": "0"})
	if list, isList := out["BatchItemResponse"].([]any); status != 200 || !isList || len(list) > 0 || out["time"] == nil || out["JournalEntry"] != nil {
		t.Errorf("%d %v", status, out)
	}
	check(t, c.get("journalentry/"+s(entry, "Id")), map[string]string{"SyncToken": "0", "PrivateNote": "", "Line.0.Amount": "7"})
}

// quickbooks-online.md section 2: addresses that people typed have Lat and Long,
// INVALID where no map knows them; those of clients have none (recorded)
func TestAddresses_HaveAPlaceOrNone(t *testing.T) {
	c := open(t)
	home := m{"Line1": "1 Road", "City": "Selah"}
	mine := s(c.customer("Ann", m{"BillAddr": home}), "Id")
	check(t, c.get("customer/"+mine), map[string]string{"BillAddr.Line1": "1 Road", "BillAddr.Lat": "", "BillAddr.Long": ""})
	typed := c.do(qbobox.Action{Action: "create", Type: "Customer", Data: m{"DisplayName": "Bob", "BillAddr": home}}).ID
	check(t, c.get("customer/"+typed), map[string]string{"BillAddr.Lat": "INVALID", "BillAddr.Long": "INVALID"})
	inv := c.invoice(typed, 5)
	check(t, inv, map[string]string{"BillAddr.Lat": "INVALID", "ShipAddr.Long": "INVALID", "ShipFromAddr.Lat": ""})
	bob := c.get("customer/" + typed)
	bob["Notes"], bob["sparse"] = "as it was read", true
	check(t, c.post("customer", bob), map[string]string{"BillAddr.Lat": "INVALID", "Notes": "as it was read"})
	moved := c.post("customer", m{"Id": typed, "SyncToken": "1", "sparse": true, "BillAddr": m{"Line1": "2 Lane"}})
	check(t, moved, map[string]string{"BillAddr.Line1": "2 Lane", "BillAddr.City": "", "BillAddr.Lat": ""})
}

// quickbooks-online.md section 5.1: a ShipAddr may show the Id of the BillAddr
func TestAddresses_ShippingIsTheSameAsBilling(t *testing.T) {
	c := open(t)
	home := m{"Line1": "1 Road", "City": "Selah"}
	id := c.do(qbobox.Action{Action: "create", Type: "Customer", Data: m{"DisplayName": "Ann", "BillAddr": home, "ShipAddr": home}}).ID
	ann := c.get("customer/" + id)
	if bill := s(ann, "BillAddr.Id"); bill == "" || bill != s(ann, "ShipAddr.Id") {
		t.Errorf("billing %s, shipping %s", bill, s(ann, "ShipAddr.Id"))
	}
	inv := c.invoice(id, 5)
	check(t, inv, map[string]string{"BillAddr.Id": s(ann, "BillAddr.Id"), "ShipAddr.Id": s(ann, "BillAddr.Id")})
	moved := c.post("customer", m{"Id": id, "SyncToken": "0", "sparse": true, "BillAddr": m{"Line1": "2 Lane"}})
	check(t, moved, map[string]string{"BillAddr.Id": s(ann, "BillAddr.Id"), "ShipAddr.Line1": "1 Road"})
	if s(moved, "BillAddr.Id") == s(moved, "ShipAddr.Id") {
		t.Error("two addresses under one id")
	}
	sent := c.customer("Bob", m{"BillAddr": home, "ShipAddr": home})
	if s(sent, "BillAddr.Id") == s(sent, "ShipAddr.Id") {
		t.Error("a client's two addresses are one")
	}
}
