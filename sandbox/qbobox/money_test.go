package qbobox_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

func journalLine(side, account string, amount any, entity m) m {
	d := m{"PostingType": side, "AccountRef": v(account)}
	if entity != nil {
		d["Entity"] = entity
	}
	return m{"DetailType": "JournalEntryLineDetail", "Amount": amount, "JournalEntryLineDetail": d}
}

func link(typ, id string, amount any) m {
	return m{"Amount": amount, "LinkedTxn": []any{m{"TxnId": id, "TxnType": typ}}}
}

// quickbooks-online.md section 5.5 and the recorded void_sales_receipt
func TestSalesReceipt_IsPaidAtOnce(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	got := c.post("salesreceipt", m{"CustomerRef": v(cu), "Line": []any{saleLine("1", 2, 50, 100)}, "PaymentRefNum": "77"})
	check(t, got, map[string]string{
		"TotalAmt": "100", "Balance": "0", "DepositToAccountRef.value": "4", "DepositToAccountRef.name": "Undeposited Funds", "DocNumber": "1001",
		"PrintStatus": "NeedToPrint", "EmailStatus": "NotSet", "DueDate": "", "Line.1.DetailType": "SubTotalLineDetail", "PaymentRefNum": "77",
	})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "0"})
	check(t, c.get("account/4"), map[string]string{"CurrentBalance": "100"})
	got = c.post("salesreceipt", m{"Id": s(got, "Id"), "SyncToken": "0", "sparse": true, "PrivateNote": "x"})
	check(t, got, map[string]string{"SyncToken": "1", "TotalAmt": "100", "PrivateNote": "x"})
	got = c.post("salesreceipt?operation=update&include=void", m{"Id": s(got, "Id"), "SyncToken": "1", "sparse": true})
	check(t, got, map[string]string{"TotalAmt": "0", "PrivateNote": "Voided\nx", "Line.0.Amount": "0", "Line.0.SalesItemLineDetail.Qty": "0", "SyncToken": "2"})
	check(t, c.get("account/4"), map[string]string{"CurrentBalance": "0"})
	c.post("salesreceipt?operation=delete", m{"Id": s(got, "Id"), "SyncToken": "2"})
	if _, code, _, _ := c.fault("GET", "salesreceipt/"+s(got, "Id"), nil); code != "610" {
		t.Errorf("a deleted receipt reads %s", code)
	}
	checkBooks(t, c)
}

func TestRefundReceipt_GivesMoneyAndGoodsBack(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	pump := s(c.stockItem("Pump", 5, "2026-04-08"), "Id")
	c.post("refundreceipt", m{"CustomerRef": v(cu), "Line": []any{saleLine(pump, 2, 15, 30)}, "DepositToAccountRef": v(c.account("Checking"))})
	check(t, c.get("item/"+pump), map[string]string{"QtyOnHand": "7"})
	check(t, c.get("account/"+c.account("Checking")), map[string]string{"CurrentBalance": "-30"})
	checkBooks(t, c)
}

// quickbooks-online.md section 4.7 and recorded bill-payments: the bill shows BillPaymentCheck
func TestBillPayment_SettlesTheBill(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("Norton"), "Id")
	bill := s(c.post("bill", m{"VendorRef": v(ve), "Line": []any{accountLine(c.account("Travel"), 100)}}), "Id")
	c.clock.move(time.Minute)
	body := m{
		"VendorRef": v(ve), "TotalAmt": 60, "PayType": "Check", "CheckPayment": m{"BankAccountRef": v(c.account("Checking"))},
		"Line": []any{link("Bill", bill, 60)},
	}
	pay := c.post("billpayment", body)
	check(t, pay, map[string]string{
		"CheckPayment.BankAccountRef.name": "Checking", "CheckPayment.PrintStatus": "NotSet", "VendorRef.name": "Norton", "Line.0.LinkedTxn.0.TxnType": "Bill",
		"Line.0.Id": "", "CurrencyRef.value": "USD", "DocNumber": "",
	})
	check(t, c.get("bill/"+bill), map[string]string{"Balance": "40", "LinkedTxn.0.TxnType": "BillPaymentCheck", "LinkedTxn.0.TxnId": s(pay, "Id"), "MetaData.LastUpdatedTime": "2026-05-05T02:01:00-07:00"})
	check(t, c.get("vendor/"+ve), map[string]string{"Balance": "40", "SyncToken": "0"})
	check(t, c.get("account/"+c.account("Checking")), map[string]string{"CurrentBalance": "-60"})
	checkBooks(t, c)
	check(t, c.query("select * from BillPayment where VendorRef = '"+ve+"'"), map[string]string{"totalCount": "1", "BillPayment.0.TotalAmt": "60"})
	// section 4.6: the plain void is not supported, the other one works
	if _, code, _, _ := c.fault("POST", "billpayment?operation=void", m{"Id": s(pay, "Id"), "SyncToken": "0"}); code != "500" {
		t.Errorf("operation=void gave %s", code)
	}
	voided := c.post("billpayment?operation=update&include=void", m{"Id": s(pay, "Id"), "SyncToken": "0", "sparse": true})
	check(t, voided, map[string]string{"TotalAmt": "0", "Line": "[]", "PrivateNote": "Voided", "SyncToken": "1"})
	check(t, c.get("bill/"+bill), map[string]string{"Balance": "100", "LinkedTxn": "[]"})
	second := c.post("billpayment", body)
	c.post("bill?operation=delete", m{"Id": bill, "SyncToken": s(c.get("bill/"+bill), "SyncToken")})
	check(t, c.get("billpayment/"+s(second, "Id")), map[string]string{"Line": "[]", "TotalAmt": "60"})
	check(t, c.get("vendor/"+ve), map[string]string{"Balance": "-60"})
	checkBooks(t, c)
}

func TestBillPayment_Faults(t *testing.T) {
	c := open(t)
	ve, other := s(c.vendor("Norton"), "Id"), s(c.vendor("Other"), "Id")
	bill := s(c.post("bill", m{"VendorRef": v(ve), "Line": []any{accountLine(c.account("Travel"), 100)}}), "Id")
	good := func(change m) m {
		b := m{
			"VendorRef": v(ve), "TotalAmt": 60, "PayType": "Check", "CheckPayment": m{"BankAccountRef": v(c.account("Checking"))},
			"Line": []any{link("Bill", bill, 60)},
		}
		for k, x := range change {
			b[k] = x
		}
		return b
	}
	for name, k := range map[string]struct {
		change m
		code   string
	}{
		"no vendor":             {m{"VendorRef": nil}, "2020"},
		"no total":              {m{"TotalAmt": nil}, "2020"},
		"no kind":               {m{"PayType": nil}, "2020"},
		"no account":            {m{"CheckPayment": nil}, "2020"},
		"no lines":              {m{"Line": nil}, "2020"},
		"an unknown kind":       {m{"PayType": "Barter"}, "2170"},
		"a card that is none":   {m{"PayType": "CreditCard", "CreditCardPayment": m{"CCAccountRef": v(c.account("Checking"))}}, "6430"},
		"another vendor's bill": {m{"VendorRef": v(other)}, "6000"},
		"more than is owed":     {m{"TotalAmt": 200, "Line": []any{link("Bill", bill, 200)}}, "6000"},
		"more than is paid":     {m{"TotalAmt": 10}, "6000"},
		"a bill that is none":   {m{"Line": []any{link("Bill", "99", 60)}}, "610"},
		"a closed date":         {m{"TxnDate": "2026-01-01"}, "6200"},
	} {
		if name == "a closed date" {
			c.post("preferences", m{"SyncToken": s(c.get("preferences"), "SyncToken"), "sparse": true, "AccountingInfoPrefs": m{"BookCloseDate": "2026-01-31"}})
		}
		if _, code, detail, _ := c.fault("POST", "billpayment", good(k.change)); code != k.code {
			t.Errorf("%s: got %s %q, want %s", name, code, detail, k.code)
		}
	}
}

// recorded purchases; quickbooks-online.md sections 4.2 and 4.6
func TestPurchase_ShapesAndFaults(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("Hicks"), "Id")
	card := s(c.post("account", m{"Name": "Mastercard", "AccountType": "Credit Card"}), "Id")
	got := c.post("purchase", m{"PaymentType": "CreditCard", "AccountRef": v(card), "EntityRef": m{"value": ve, "type": "Vendor"}, "Line": []any{accountLine(c.account("Travel"), 34)}})
	check(t, got, map[string]string{
		"Credit": "false", "TotalAmt": "34", "PurchaseEx.any.0.value.Value": "54", "EntityRef.name": "Hicks", "AccountRef.name": "Mastercard",
		"Line.0.Id": "1", "Line.0.AccountBasedExpenseLineDetail.BillableStatus": "NotBillable", "Line.0.LinkedTxn": "",
	})
	check(t, c.get("account/"+card), map[string]string{"CurrentBalance": "-34"})
	id := s(got, "Id")
	for name, k := range map[string]struct {
		path string
		body m
		code string
	}{
		"no kind":                     {"purchase", m{"AccountRef": v(card), "Line": []any{accountLine(card, 1)}}, "2020"},
		"no account":                  {"purchase", m{"PaymentType": "Cash", "Line": []any{accountLine(card, 1)}}, "2020"},
		"a card's charge on a bank":   {"purchase", m{"PaymentType": "CreditCard", "AccountRef": v(c.account("Checking")), "Line": []any{accountLine(card, 1)}}, "6430"},
		"a payee that is none":        {"purchase", m{"PaymentType": "Cash", "AccountRef": v(c.account("Checking")), "EntityRef": m{"value": "99"}, "Line": []any{accountLine(card, 1)}}, "2500"},
		"a sparse update, no kind":    {"purchase", m{"Id": id, "SyncToken": "0", "sparse": true, "PrivateNote": "x"}, "2020"},
		"a void":                      {"purchase?operation=void", m{"Id": id, "SyncToken": "0"}, "500"},
		"an update with an old token": {"purchase", m{"Id": id, "SyncToken": "7", "sparse": true, "PaymentType": "CreditCard"}, "5010"},
	} {
		if _, code, detail, _ := c.fault("POST", k.path, k.body); code != k.code {
			t.Errorf("%s: got %s %q, want %s", name, code, detail, k.code)
		}
	}
	po := s(c.post("purchaseorder", m{"VendorRef": v(ve), "Line": []any{accountLine(c.account("Travel"), 50)}}), "Id")
	l := accountLine(c.account("Travel"), 50)
	l["LinkedTxn"] = []any{m{"TxnId": po, "TxnType": "PurchaseOrder", "TxnLineId": "1"}}
	c.post("purchase", m{"PaymentType": "Cash", "AccountRef": v(c.account("Checking")), "EntityRef": m{"value": ve, "type": "Vendor"}, "Line": []any{l}})
	check(t, c.get("purchaseorder/"+po), map[string]string{"POStatus": "Closed", "LinkedTxn.0.TxnType": "Purchase"})
	checkBooks(t, c)
}

// recorded create-deposit and deposits; quickbooks-online.md section 4.7
func TestDeposit_TakesPaymentsToTheBank(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	pay := s(c.post("payment", m{"CustomerRef": v(cu), "TotalAmt": 100}), "Id")
	got := c.post("deposit", m{"DepositToAccountRef": v(c.account("Checking")), "Line": []any{
		link("Payment", pay, 100),
		m{"Amount": 20, "DetailType": "DepositLineDetail", "DepositLineDetail": m{"AccountRef": v(c.account("Services"))}},
	}})
	check(t, got, map[string]string{
		"TotalAmt": "120", "TxnTaxDetail": "{}", "DepositToAccountRef.name": "Checking", "Line.0.Id": "", "Line.0.LinkedTxn.0.TxnLineId": "0",
		"Line.1.Id": "1", "Line.1.LineNum": "1", "Line.1.DepositLineDetail.AccountRef.name": "Services", "Line.1.CustomExtensions": "[]",
	})
	check(t, c.get("payment/"+pay), map[string]string{"LinkedTxn.0.TxnType": "Deposit", "LinkedTxn.0.TxnId": s(got, "Id"), "SyncToken": "0"})
	check(t, c.get("account/4"), map[string]string{"CurrentBalance": "0"})
	for name, k := range map[string]struct {
		path string
		body m
		code string
	}{
		"the payment's deletion": {"payment?operation=delete", m{"Id": pay, "SyncToken": "0"}, "6540"},
		"the payment's amount":   {"payment", m{"Id": pay, "SyncToken": "0", "sparse": true, "CustomerRef": v(cu), "TotalAmt": 5}, "6540"},
		"a second deposit":       {"deposit", m{"DepositToAccountRef": v(c.account("Checking")), "Line": []any{link("Payment", pay, 100)}}, "6000"},
		"no account":             {"deposit", m{"Line": []any{link("Payment", pay, 100)}}, "2020"},
		"no lines":               {"deposit", m{"DepositToAccountRef": v(c.account("Checking"))}, "2020"},
		"a line without account": {"deposit", m{"DepositToAccountRef": v(c.account("Checking")), "Line": []any{m{"Amount": 5, "DepositLineDetail": m{}}}}, "2020"},
		"an account of income":   {"deposit", m{"DepositToAccountRef": v(c.account("Services")), "Line": []any{link("Payment", pay, 100)}}, "6430"},
		"a payment that is none": {"deposit", m{"DepositToAccountRef": v(c.account("Checking")), "Line": []any{link("Payment", "99", 100)}}, "610"},
		"a void of the deposit":  {"deposit?operation=void", m{"Id": s(got, "Id"), "SyncToken": "0"}, "500"},
	} {
		if _, code, detail, _ := c.fault("POST", k.path, k.body); code != k.code {
			t.Errorf("%s: got %s %q, want %s", name, code, detail, k.code)
		}
	}
	c.post("deposit?operation=delete", m{"Id": s(got, "Id"), "SyncToken": "0"})
	check(t, c.get("payment/"+pay), map[string]string{"LinkedTxn": ""})
	c.post("payment?operation=delete", m{"Id": pay, "SyncToken": "0"})
	checkBooks(t, c)
}

func TestTransfer_MovesMoney(t *testing.T) {
	c := open(t)
	from, to := c.account("Checking"), c.account("Undeposited Funds")
	got := c.post("transfer", m{"FromAccountRef": v(from), "ToAccountRef": v(to), "Amount": 25})
	check(t, got, map[string]string{"FromAccountRef.name": "Checking", "Amount": "25", "TxnDate": "2026-05-05"})
	got = c.post("transfer", m{"Id": s(got, "Id"), "SyncToken": "0", "sparse": true, "Amount": 30})
	check(t, got, map[string]string{"Amount": "30", "SyncToken": "1"})
	check(t, c.get("account/"+to), map[string]string{"CurrentBalance": "30"})
	for _, k := range []struct {
		body m
		code string
	}{
		{m{"FromAccountRef": v(from), "ToAccountRef": v(from), "Amount": 1}, "6000"},
		{m{"FromAccountRef": v(from), "ToAccountRef": v(c.account("Services")), "Amount": 1}, "6430"},
		{m{"FromAccountRef": v(from), "ToAccountRef": v(to)}, "2020"},
	} {
		if _, code, _, _ := c.fault("POST", "transfer", k.body); code != k.code {
			t.Errorf("%v gave %s, want %s", k.body, code, k.code)
		}
	}
	c.post("transfer?operation=delete", m{"Id": s(got, "Id"), "SyncToken": "1"})
	checkBooks(t, c)
}

// recorded create-journal-entry; quickbooks-online.md section 4.6
func TestJournalEntry_BalancesOrIsRefused(t *testing.T) {
	c := open(t)
	cu := s(c.customer("Amy"), "Id")
	ar, equity := c.account("Accounts Receivable (A/R)"), c.account("Opening Balance Equity")
	got := c.post("journalentry", m{"DocNumber": "JE-001", "Line": []any{
		journalLine("Debit", ar, 100, m{"Type": "Customer", "EntityRef": v(cu)}), journalLine("Credit", equity, 100, nil),
	}})
	check(t, got, map[string]string{
		"Adjustment": "false", "TotalAmt": "0", "TxnTaxDetail": "{}", "DocNumber": "JE-001", "Line.0.Id": "0", "Line.1.Id": "1", "Line.0.LineNum": "",
		"Line.0.JournalEntryLineDetail.Entity.EntityRef.name": "Amy", "Line.1.JournalEntryLineDetail.AccountRef.name": "Opening Balance Equity",
	})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "100"})
	for _, k := range []struct {
		lines []any
		code  string
	}{
		{[]any{journalLine("Debit", equity, 100, nil), journalLine("Credit", equity, 90, nil)}, "6000"},
		{[]any{journalLine("Debit", ar, 100, nil), journalLine("Credit", equity, 100, nil)}, "6000"},
		{[]any{journalLine("Debit", equity, 100, nil)}, "2020"},
		{[]any{journalLine("Up", equity, 100, nil), journalLine("Credit", equity, 100, nil)}, "2170"},
		{[]any{journalLine("Debit", "99999", 100, nil), journalLine("Credit", equity, 100, nil)}, "2500"},
	} {
		if _, code, detail, _ := c.fault("POST", "journalentry", m{"Line": k.lines}); code != k.code {
			t.Errorf("%v gave %s %q, want %s", k.lines, code, detail, k.code)
		}
	}
	status, out := c.call("POST", "journalentry?operation=void", m{"Id": s(got, "Id"), "SyncToken": "0"})
	if status != 200 || s(out, "BatchItemResponse") != "[]" || out["JournalEntry"] != nil || out["Fault"] != nil {
		t.Errorf("voiding an entry: %d %v", status, out)
	}
	check(t, c.get("journalentry/"+s(got, "Id")), map[string]string{"SyncToken": "0", "Line.0.Amount": "100", "PrivateNote": ""})
	c.post("journalentry?operation=delete", m{"Id": s(got, "Id"), "SyncToken": "0"})
	check(t, c.get("customer/"+cu), map[string]string{"Balance": "0"})
	checkBooks(t, c)
}

func TestVendorCredit_IsUsedByAPayment(t *testing.T) {
	c := open(t)
	ve := s(c.vendor("Norton"), "Id")
	lines := []any{accountLine(c.account("Travel"), 100)}
	bill := s(c.post("bill", m{"VendorRef": v(ve), "Line": lines}), "Id")
	credit := c.post("vendorcredit", m{"VendorRef": v(ve), "Line": []any{accountLine(c.account("Travel"), 30)}})
	check(t, credit, map[string]string{"TotalAmt": "30", "Balance": "30"})
	check(t, c.get("vendor/"+ve), map[string]string{"Balance": "70"})
	c.post("billpayment", m{
		"VendorRef": v(ve), "TotalAmt": 70, "PayType": "Check", "CheckPayment": m{"BankAccountRef": v(c.account("Checking"))},
		"Line": []any{link("Bill", bill, 100), link("VendorCredit", s(credit, "Id"), 30)},
	})
	check(t, c.get("bill/"+bill), map[string]string{"Balance": "0"})
	check(t, c.get("vendorcredit/"+s(credit, "Id")), map[string]string{"Balance": "0"})
	check(t, c.get("vendor/"+ve), map[string]string{"Balance": "0"})
	checkBooks(t, c)
}

// quickbooks-online.md section 5.9
func TestAttachable_NotesFilesAndLinks(t *testing.T) {
	c := open(t)
	inv := s(c.invoice(s(c.customer("Amy"), "Id"), 10), "Id")
	if _, code, detail, _ := c.fault("POST", "attachable", m{"Category": "x"}); code != "6000" || !strings.Contains(detail, "at least a note string or file attachment") {
		t.Errorf("got %s %q", code, detail)
	}
	note := c.post("attachable", m{"Note": "signed", "AttachableRef": []any{m{"EntityRef": m{"type": "Invoice", "value": inv}}}})
	check(t, note, map[string]string{"Note": "signed", "SyncToken": "0", "AttachableRef.0.IncludeOnSend": "false"})
	body := "--b0\r\nContent-Disposition: form-data; name=\"file_metadata_0\"\r\nContent-Type: application/json\r\n\r\n{\"FileName\":\"a.txt\",\"AttachableRef\":[{\"EntityRef\":{\"type\":\"Invoice\",\"value\":\"" + inv +
		"\"}}]}\r\n--b0\r\nContent-Disposition: form-data; name=\"file_content_0\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b0--\r\n"
	_, out := c.call("POST", "upload", body)
	check(t, out, map[string]string{
		"AttachableResponse.0.Attachable.FileName": "a.txt", "AttachableResponse.0.Attachable.Size": "5", "AttachableResponse.0.Attachable.ContentType": "text/plain",
	})
	id := s(out, "AttachableResponse.0.Attachable.Id")
	if status, got := c.call("GET", "download/"+id, nil); status != 200 || !strings.Contains(s(got, "raw"), "/_files/") {
		t.Errorf("download: %d %v", status, got)
	}
	c.post("attachable?operation=delete", m{"Id": s(note, "Id"), "SyncToken": "0"})
	if got := c.query("select * from Attachable where FileName = 'a.txt'"); s(got, "Attachable.0.Id") != id {
		t.Errorf("found %v", got)
	}
}

// quickbooks-online.md sections 7 and 8: the new entities in batches and in changes
func TestMoney_InBatchesAndChanges(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.ChangesInOrder = true })
	acc := c.account("Checking")
	_, out := c.call("POST", "batch", m{"BatchItemRequest": []any{
		m{"bId": "1", "operation": "create", "Transfer": m{"FromAccountRef": v(acc), "ToAccountRef": v("4"), "Amount": 5}},
	}})
	id := s(out, "BatchItemResponse.0.Transfer.Id")
	c.call("POST", "batch", m{"BatchItemRequest": []any{m{"bId": "1", "operation": "delete", "Transfer": m{"Id": id, "SyncToken": "0"}}}})
	_, out = c.call("GET", "cdc?entities=Transfer,Deposit&changedSince=2026-05-05T00:00:00-07:00", nil)
	check(t, out, map[string]string{"CDCResponse.0.QueryResponse.0.Transfer.0.status": "Deleted", "CDCResponse.0.QueryResponse.0.Transfer.0.Id": id, "CDCResponse.0.QueryResponse.1": "{}"})
}

// moneyBodies are small transactions of every kind that posts, by path.
func moneyBodies(c *client, date string) map[string]m {
	cu, ve := s(c.customer("Closed "+date), "Id"), s(c.vendor("Closed vendor "+date), "Id")
	bank, travel := c.account("Checking"), c.account("Travel")
	sale, buy := []any{saleLine("1", nil, nil, 5)}, []any{accountLine(travel, 5)}
	out := map[string]m{
		"invoice": {"CustomerRef": v(cu), "Line": sale}, "creditmemo": {"CustomerRef": v(cu), "Line": sale},
		"salesreceipt": {"CustomerRef": v(cu), "Line": sale}, "refundreceipt": {"CustomerRef": v(cu), "Line": sale},
		"payment": {"CustomerRef": v(cu), "TotalAmt": 5}, "bill": {"VendorRef": v(ve), "Line": buy}, "vendorcredit": {"VendorRef": v(ve), "Line": buy},
		"purchase":     {"PaymentType": "Cash", "AccountRef": v(bank), "Line": buy},
		"deposit":      {"DepositToAccountRef": v(bank), "Line": []any{m{"Amount": 5, "DepositLineDetail": m{"AccountRef": v(travel)}}}},
		"transfer":     {"FromAccountRef": v(bank), "ToAccountRef": v("4"), "Amount": 5},
		"journalentry": {"Line": []any{journalLine("Debit", travel, 5, nil), journalLine("Credit", bank, 5, nil)}},
	}
	for _, b := range out {
		b["TxnDate"] = date
	}
	return out
}

// quickbooks-online.md section 12.2, codes 6200: nothing is made, changed or deleted in closed books
func TestMoney_ClosedBooksRefuseEverything(t *testing.T) {
	c := open(t)
	made := map[string]string{}
	for path, body := range moneyBodies(c, "2026-03-01") {
		made[path] = s(c.post(path, body), "Id")
	}
	later := moneyBodies(c, "2026-03-02")
	c.do(qbobox.Action{Action: "close_books", Data: m{"BookCloseDate": "2026-03-31"}})
	for path, body := range later {
		if _, code, _, _ := c.fault("POST", path, body); code != "6200" {
			t.Errorf("%s: a create gave %s", path, code)
		}
		if _, code, _, _ := c.fault("POST", path+"?operation=delete", m{"Id": made[path], "SyncToken": "0"}); code != "6200" {
			t.Errorf("%s: a delete gave %s", path, code)
		}
		open := c.get(path + "/" + made[path])
		for _, k := range []string{"MetaData", "domain", "sparse"} {
			delete(open, k)
		}
		open["TxnDate"], open["PrivateNote"] = "2026-05-05", "moved out"
		if _, code, _, _ := c.fault("POST", path, open); code != "6200" {
			t.Errorf("%s: an update gave %s", path, code)
		}
	}
	checkBooks(t, c)
}

// quickbooks-online.md sections 4.2 and 4.1: a full update repeats a read and changes nothing; then it clears
func TestMoney_FullUpdates(t *testing.T) {
	c := open(t)
	for path, body := range moneyBodies(c, "2026-05-01") {
		body["PrivateNote"] = "n"
		got := c.post(path, body)
		again := c.post(path, c.get(path+"/"+s(got, "Id")))
		if s(again, "SyncToken") != "0" {
			t.Errorf("%s: sending a read back changed it: %v is now %v", path, got, again)
			continue
		}
		full := c.get(path + "/" + s(got, "Id"))
		delete(full, "PrivateNote")
		cleared := c.post(path, full)
		check(t, cleared, map[string]string{"SyncToken": "1", "PrivateNote": ""})
	}
	checkBooks(t, c)
}

// quickbooks-online.md section 10.4
func TestMoney_Notifies(t *testing.T) {
	c, l := listening(t)
	got := c.post("transfer", m{"FromAccountRef": v(c.account("Checking")), "ToAccountRef": v("4"), "Amount": 5})
	c.do(qbobox.Action{Action: "void", Type: "Transfer", ID: s(got, "Id")})
	c.box.DeliverNotifications(context.Background())
	if raw := strings.Join(l.got(), ""); !strings.Contains(raw, `"Transfer"`) || !strings.Contains(raw, `"Void"`) {
		t.Errorf("notified of %s", raw)
	}
}
