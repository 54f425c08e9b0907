package qbobox_test

import (
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

func accountLine(account string, amount any) m {
	return m{"DetailType": "AccountBasedExpenseLineDetail", "Amount": amount, "AccountBasedExpenseLineDetail": m{"AccountRef": v(account)}}
}

func itemLine(item string, qty, price, amount any) m {
	return m{"DetailType": "ItemBasedExpenseLineDetail", "Amount": amount, "ItemBasedExpenseLineDetail": m{"ItemRef": v(item), "Qty": qty, "UnitPrice": price}}
}

// reference section 5.6 and recorded create-purchase-order
func TestPurchaseOrder_CreateHasTheRecordedShape(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("Bob's"), "Id")
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	l := accountLine(c.account("Travel"), 150)
	l["Description"] = "Office supplies"
	got := c.post("purchaseorder", m{"VendorRef": v(ve), "Line": []any{l, itemLine(pump, 2, 10, 20)}, "Memo": "Test"})
	check(t, got, map[string]string{
		"EmailStatus": "NotSet", "POStatus": "Open", "SyncToken": "0", "CustomField": "[]", "DocNumber": "1001", "TxnDate": "2026-05-05", "DueDate": "",
		"LinkedTxn": "[]", "Line.0.Id": "1", "Line.0.AccountBasedExpenseLineDetail.AccountRef.name": "Travel", "Line.0.CustomExtensions": "[]",
		"Line.0.AccountBasedExpenseLineDetail.BillableStatus": "NotBillable", "Line.0.AccountBasedExpenseLineDetail.TaxCodeRef.value": "NON", "Line.0.Received": "",
		"Line.1.Received": "0", "VendorRef.name": "Bob's", "APAccountRef.name": "Accounts Payable (A/P)", "TotalAmt": "170", "Memo": "Test", "TxnTaxDetail": "",
	})
	check(t, c.get("vendor/"+ve), map[string]string{"Balance": "0"}) // it does not post
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "5", "SyncToken": "0"})
}

// recorded update-purchase-order: the same content again is a no-op, a full update without number loses it
func TestPurchaseOrder_FullUpdateLosesItsNumber(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("Bob's"), "Id")
	po := c.post("purchaseorder", m{"VendorRef": v(ve), "Line": []any{accountLine(c.account("Travel"), 150)}})
	l := accountLine(c.account("Travel"), 150)
	l["Id"] = "1"
	full := m{"Id": s(po, "Id"), "SyncToken": "0", "VendorRef": v(ve), "APAccountRef": v(c.account("Accounts Payable (A/P)")), "Line": []any{l}, "Memo": "m"}
	got := c.post("purchaseorder?operation=update", full)
	check(t, got, map[string]string{"DocNumber": "", "SyncToken": "1", "Memo": "m"})
	full["SyncToken"] = "1"
	check(t, c.post("purchaseorder?operation=update", full), map[string]string{"SyncToken": "1"})
}

func TestPurchases_Faults(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("Bob's"), "Id")
	travel := c.account("Travel")
	work := s(c.service("Work"), "Id")
	noExpense := s(c.post("item", m{"Name": "Sold only", "Type": "Service", "IncomeAccountRef": v(c.account("Services"))}), "Id")
	for _, k := range []struct {
		name string
		body m
		code string
	}{
		{"no vendor", m{"Line": []any{accountLine(travel, 5)}}, "2020"},
		{"no lines", m{"VendorRef": v(ve)}, "2020"},
		{"a vendor that is none", m{"VendorRef": v("99"), "Line": []any{accountLine(travel, 5)}}, "2500"},
		{"an account that is none", m{"VendorRef": v(ve), "Line": []any{accountLine("99", 5)}}, "2500"},
		{"a line without account", m{"VendorRef": v(ve), "Line": []any{accountLine("", 5)}}, "6440"},
		{"an item without expense account", m{"VendorRef": v(ve), "Line": []any{itemLine(noExpense, 1, 5, 5)}}, "6430"},
		{"a wrong amount", m{"VendorRef": v(ve), "Line": []any{itemLine(work, 2, 5, 11)}}, "6070"},
		{"no detail type", m{"VendorRef": v(ve), "Line": []any{m{"Amount": 5}}}, "2020"},
		{"a sales line", m{"VendorRef": v(ve), "Line": []any{saleLine("1", 1, 1, 1)}}, "2170"},
	} {
		for _, path := range []string{"purchaseorder", "bill"} {
			if _, code, detail, _ := c.fault("POST", path, k.body); code != k.code {
				t.Errorf("%s %s: got %s %q, want %s", path, k.name, code, detail, k.code)
			}
		}
	}
}

// recorded create-bill; reference section 4.7
func TestBill_ClosesThePurchaseOrderItBills(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("Norton"), "Id")
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	po := c.post("purchaseorder", m{"VendorRef": v(ve), "Line": []any{itemLine(pump, 8, 10, 80)}})
	id := s(po, "Id")
	link := func(l m) m {
		l["LinkedTxn"] = []any{m{"TxnId": id, "TxnType": "PurchaseOrder", "TxnLineId": "1"}}
		return l
	}
	first := c.post("bill", m{"VendorRef": v(ve), "TxnDate": "2026-05-05", "Line": []any{link(itemLine(pump, 3, 10, 30))}})
	check(t, first, map[string]string{"DueDate": "2026-05-05", "Balance": "30", "DocNumber": "", "Line.0.LinkedTxn.0.TxnId": id})
	check(t, c.get("purchaseorder/"+id), map[string]string{"POStatus": "Open", "Line.0.Received": "3", "LinkedTxn.0.TxnType": "Bill", "SyncToken": "1"})
	check(t, c.get("vendor/"+ve), map[string]string{"Balance": "30", "SyncToken": "0"})
	second := c.post("bill", m{"VendorRef": v(ve), "Line": []any{link(itemLine(pump, 5, 10, 50))}})
	check(t, c.get("purchaseorder/"+id), map[string]string{"POStatus": "Closed", "Line.0.Received": "8"})
	c.post("bill?operation=delete", m{"Id": s(second, "Id"), "SyncToken": "0"})
	got := c.get("purchaseorder/" + id)
	check(t, got, map[string]string{"POStatus": "Open", "Line.0.Received": "3", "LinkedTxn.0.TxnId": s(first, "Id"), "LinkedTxn.1": ""})
	check(t, c.get("vendor/"+ve), map[string]string{"Balance": "30"})
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "8"})
	other := s(c.vendor("Other"), "Id")
	if _, code, _, _ := c.fault("POST", "bill", m{"VendorRef": v(other), "Line": []any{link(itemLine(pump, 1, 10, 10))}}); code != "6000" {
		t.Errorf("another vendor's order gave %s", code)
	}
}

// reference section 4.2: a bill's vendor must be named in a sparse update too
func TestBill_SparseUpdateNeedsItsVendor(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("V"), "Id")
	bill := s(c.post("bill", m{"VendorRef": v(ve), "Line": []any{accountLine(c.account("Travel"), 5)}}), "Id")
	if _, code, _, el := c.fault("POST", "bill", m{"Id": bill, "SyncToken": "0", "sparse": true, "PrivateNote": "x"}); code != "2020" || el != "VendorRef" {
		t.Errorf("got %s %s", code, el)
	}
	c.post("bill", m{"Id": bill, "SyncToken": "0", "sparse": true, "PrivateNote": "x", "VendorRef": v(ve)})
}

func TestPurchaseOrder_PeopleBillAndCloseByHand(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("Norton"), "Id")
	po := s(c.post("purchaseorder", m{"VendorRef": v(ve), "Line": []any{accountLine(c.account("Travel"), 100)}}), "Id")
	c.do(qbobox.Action{Action: "bill_order", ID: po, Data: m{"Percent": 50}})
	check(t, c.get("purchaseorder/"+po), map[string]string{"POStatus": "Open", "Line.0.Received": "50"})
	c.do(qbobox.Action{Action: "update", Type: "PurchaseOrder", ID: po, Data: m{"POStatus": "Closed"}})
	check(t, c.get("purchaseorder/"+po), map[string]string{"POStatus": "Closed"})
}

// reference sections 4.6, 4.7, 5.7 and recorded create-payment
func TestPayment_UnappliedWithoutLines(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	got := c.post("payment", m{"CustomerRef": v(cu), "TotalAmt": 100})
	check(t, got, map[string]string{
		"UnappliedAmt": "100", "Line": "[]", "DepositToAccountRef.value": "4", "DepositToAccountRef.name": "", "ProcessPayment": "false", "TxnDate": "2026-05-05",
		"CurrencyRef.value": "USD", "DocNumber": "", "LinkedTxn": "",
	})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "-100"})
	check(t, c.get("account/4"), map[string]string{"CurrentBalance": "100"})
}

func TestPayment_AppliesUnlinksAndDeletes(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	a, b := s(c.invoice(cu, 60), "Id"), s(c.invoice(cu, 50), "Id")
	c.clock.move(time.Minute)
	pay := c.post("payment", m{"CustomerRef": v(cu), "TotalAmt": 100, "Line": []any{
		m{"Amount": 60, "LinkedTxn": []any{m{"TxnId": a, "TxnType": "Invoice"}}}, m{"Amount": 30, "LinkedTxn": []any{m{"TxnId": b, "TxnType": "Invoice"}}},
	}})
	id := s(pay, "Id")
	check(t, pay, map[string]string{"UnappliedAmt": "10", "Line.0.LineEx.any.0.value.Name": "txnId", "Line.1.LineEx.any.1.value.Value": "50.00"})
	check(t, c.get("invoice/"+a), map[string]string{"Balance": "0", "LinkedTxn.0.TxnId": id, "LinkedTxn.0.TxnType": "Payment", "SyncToken": "1", "MetaData.LastUpdatedTime": "2026-05-05T02:01:00-07:00"})
	check(t, c.get("invoice/"+b), map[string]string{"Balance": "20"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "10", "SyncToken": "0"})
	got := c.post("payment", m{"Id": id, "SyncToken": "0", "sparse": true, "CustomerRef": v(cu), "TotalAmt": 100, "Line": []any{
		m{"Amount": 60, "LinkedTxn": []any{m{"TxnId": a, "TxnType": "Invoice"}}},
	}})
	check(t, got, map[string]string{"UnappliedAmt": "40"})
	check(t, c.get("invoice/"+b), map[string]string{"Balance": "50", "LinkedTxn": "[]"})
	c.post("payment?operation=delete", m{"Id": id, "SyncToken": "1"})
	check(t, c.get("invoice/"+a), map[string]string{"Balance": "60", "LinkedTxn": "[]"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "110"})
}

func TestPayment_VoidBothWays(t *testing.T) {
	for _, path := range []string{"payment?operation=update&include=void", "payment?operation=void"} {
		c := open(t)
		cu := s(c.customer("Amy"), "Id")
		inv := s(c.invoice(cu, 60), "Id")
		pay := c.pay(cu, 60, inv, 60)
		got := c.post(path, m{"Id": s(pay, "Id"), "SyncToken": "0", "sparse": true})
		check(t, got, map[string]string{"TotalAmt": "0", "UnappliedAmt": "0", "Line": "[]", "PrivateNote": "Voided", "SyncToken": "1"})
		check(t, c.get("invoice/"+inv), map[string]string{"Balance": "60", "LinkedTxn": "[]"})
		check(t, c.get("customer/"+cu), map[string]string{"Balance": "60"})
	}
}

func TestPayment_Faults(t *testing.T) {
	c := open(t)
	cu, other := s(c.customer("Amy"), "Id"), s(c.customer("Other"), "Id")
	inv := s(c.invoice(cu, 60), "Id")
	line := func(id string, amount any) []any {
		return []any{m{"Amount": amount, "LinkedTxn": []any{m{"TxnId": id, "TxnType": "Invoice"}}}}
	}
	for _, k := range []struct {
		name string
		body m
		code string
	}{
		{"no customer", m{"TotalAmt": 5}, "2020"},
		{"no total", m{"CustomerRef": v(cu)}, "2020"},
		{"more than is open", m{"CustomerRef": v(cu), "TotalAmt": 100, "Line": line(inv, 70)}, "6000"},
		{"more than is paid", m{"CustomerRef": v(cu), "TotalAmt": 10, "Line": line(inv, 20)}, "6000"},
		{"another customer's invoice", m{"CustomerRef": v(other), "TotalAmt": 10, "Line": line(inv, 10)}, "6000"},
		{"an invoice that is none", m{"CustomerRef": v(cu), "TotalAmt": 10, "Line": line("99", 10)}, "610"},
		{"a negative total", m{"CustomerRef": v(cu), "TotalAmt": -10}, "2090"},
	} {
		if _, code, _, _ := c.fault("POST", "payment", k.body); code != k.code {
			t.Errorf("%s: got %s, want %s", k.name, code, k.code)
		}
	}
}

// recorded: a payment of nothing joins a credit memo to an invoice
func TestPayment_LinksACreditToAnInvoice(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	inv := s(c.invoice(cu, 205), "Id")
	cm := s(c.post("creditmemo", m{"CustomerRef": v(cu), "Line": []any{saleLine("1", nil, nil, 100)}}), "Id")
	pay := c.post("payment", m{"CustomerRef": v(cu), "TotalAmt": 0, "Line": []any{
		m{"Amount": 100, "LinkedTxn": []any{m{"TxnId": inv, "TxnType": "Invoice"}}}, m{"Amount": 100, "LinkedTxn": []any{m{"TxnId": cm, "TxnType": "CreditMemo"}}},
	}})
	check(t, pay, map[string]string{"UnappliedAmt": "0"})
	check(t, c.get("creditmemo/"+cm), map[string]string{"RemainingCredit": "0", "Balance": "0"})
	check(t, c.get("invoice/"+inv), map[string]string{"Balance": "105"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "105"})
	tok := s(c.get("invoice/"+inv), "SyncToken")
	c.post("invoice?operation=delete", m{"Id": inv, "SyncToken": tok})
	check(t, c.get("creditmemo/"+cm), map[string]string{"RemainingCredit": "100"})
	check(t, c.get("payment/"+s(pay, "Id")), map[string]string{"Line": "[]", "UnappliedAmt": "0"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "-100"})
}

func TestPayment_DepositedIsNotDeleted(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	err := c.box.Load("Payment", []map[string]any{{
		"Id": "900", "SyncToken": "1", "CustomerRef": v(cu), "TotalAmt": 5, "UnappliedAmt": 5, "Line": []any{}, "TxnDate": "2026-05-01",
		"LinkedTxn": []any{m{"TxnId": "901", "TxnType": "Deposit"}}, "MetaData": m{"CreateTime": "2026-05-01T00:00:00-07:00", "LastUpdatedTime": "2026-05-01T00:00:00-07:00"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, code, _, _ := c.fault("POST", "payment?operation=delete", m{"Id": "900", "SyncToken": "1"}); code != "6540" {
		t.Errorf("got %s", code)
	}
}

func TestPayment_ParentPaysForItsJob(t *testing.T) {
	c := open(t)
	top := s(c.customer("Top"), "Id")
	job := s(c.customer("Job", m{"Job": true, "ParentRef": v(top)}), "Id")
	inv := s(c.invoice(job, 60), "Id")
	c.pay(top, 60, inv, 60)
	check(t, c.get("invoice/"+inv), map[string]string{"Balance": "0"})
	check(t, c.get("customer/"+top), map[string]string{"BalanceWithJobs": "0"})
}
