package qbobox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
)

// gone deletes a document and sees that it answers a stub and is not read again.
func (c *client) gone(path string, o m, token string) {
	c.t.Helper()
	id := s(o, "Id")
	stub := c.post(path+"?operation=delete", m{"Id": id, "SyncToken": token})
	check(c.t, stub, map[string]string{"status": "Deleted", "Id": id, "domain": "QBO", "SyncToken": "", "Line": ""})
	if status, code, _, _ := c.fault("GET", path+"/"+id, nil); status != 400 || code != "610" {
		c.t.Errorf("a deleted %s reads %d %s", path, status, code)
	}
}

// quickbooks-online.md section 4.6: what can be deleted, and what its deletion undoes
func TestDelete_OfCreditsEstimatesExpensesAndBillPayments(t *testing.T) {
	c := open(t)
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	sale := m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 40)}}
	cost := []any{accountLine(c.account("Travel"), 25)}
	c.gone("creditmemo", c.post("creditmemo", sale), "0")
	check(t, c.get("customer/"+cust), map[string]string{"Balance": "0"})
	c.gone("estimate", c.post("estimate", sale), "0")
	c.gone("purchase", c.post("purchase", m{"PaymentType": "Cash", "AccountRef": v(c.account("Checking")), "Line": cost}), "0")
	check(t, c.get("account/"+c.account("Checking")), map[string]string{"CurrentBalance": "0"})
	bill := s(c.post("bill", m{"VendorRef": v(vendor), "Line": cost}), "Id")
	paid := c.post("billpayment", m{
		"VendorRef": v(vendor), "TotalAmt": 25, "PayType": "Check", "CheckPayment": m{"BankAccountRef": v(c.account("Checking"))}, "Line": []any{link("Bill", bill, 25)},
	})
	check(t, c.get("bill/"+bill), map[string]string{"Balance": "0"})
	c.gone("billpayment", paid, "0")
	check(t, c.get("bill/"+bill), map[string]string{"Balance": "25", "LinkedTxn": "[]"})
	check(t, c.get("vendor/"+vendor), map[string]string{"Balance": "25"})
	checkBooks(t, c)
}

// quickbooks-online.md section 4.6: the API voids neither a credit memo nor an
// order; people void a credit memo
func TestVoid_OfCreditsAndOrdersIsForPeople(t *testing.T) {
	c := open(t)
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	credit := s(c.post("creditmemo", m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 40)}}), "Id")
	order := s(c.post("purchaseorder", m{"VendorRef": v(vendor), "Line": []any{accountLine(c.account("Travel"), 25)}}), "Id")
	for path, id := range map[string]string{"creditmemo": credit, "purchaseorder": order} {
		for _, how := range []string{"?operation=void", "?operation=update&include=void"} {
			if status, code, _, _ := c.fault("POST", path+how, m{"Id": id, "SyncToken": "0", "sparse": true}); status != 400 || code != "500" {
				t.Errorf("%s%s: %d %s", path, how, status, code)
			}
		}
		check(t, c.get(path+"/"+id), map[string]string{"SyncToken": "0", "PrivateNote": ""})
	}
	c.do(qbobox.Action{Action: "void", Type: "CreditMemo", ID: credit})
	check(t, c.get("creditmemo/"+credit), map[string]string{"TotalAmt": "0", "Balance": "0", "RemainingCredit": "0", "PrivateNote": "Voided", "SyncToken": "1"})
	check(t, c.get("customer/"+cust), map[string]string{"Balance": "0"})
	checkBooks(t, c)
}

// quickbooks-online.md section 4.7: the link between an invoice and its payment
// is written on the payment
func TestLinks_PaymentsAreNotTakenFromAnInvoice(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	pay := s(c.post("payment", m{"CustomerRef": v(cust), "TotalAmt": 50}), "Id")
	links := []any{m{"TxnId": pay, "TxnType": "Payment"}}
	inv := c.invoice(cust, 50, m{"LinkedTxn": links})
	check(t, inv, map[string]string{"LinkedTxn": "[]", "Balance": "50"})
	again := c.post("invoice", m{"Id": inv["Id"], "SyncToken": "0", "sparse": true, "LinkedTxn": links, "PrivateNote": "n"})
	check(t, again, map[string]string{"LinkedTxn": "[]", "Balance": "50", "PrivateNote": "n"})
	check(t, c.get("payment/"+pay), map[string]string{"UnappliedAmt": "50", "Line": "[]", "SyncToken": "0"})
	c.post("payment", m{"Id": pay, "SyncToken": "0", "sparse": true, "CustomerRef": v(cust), "TotalAmt": 50, "Line": []any{link("Invoice", s(inv, "Id"), 50)}})
	paid := c.get("invoice/" + s(inv, "Id"))
	check(t, paid, map[string]string{"LinkedTxn.0.TxnId": pay, "Balance": "0"})
	kept := c.post("invoice", m{"Id": inv["Id"], "SyncToken": paid["SyncToken"], "sparse": true, "LinkedTxn": []any{}, "PrivateNote": "x"})
	check(t, kept, map[string]string{"LinkedTxn.0.TxnId": pay, "Balance": "0"}) // nor cut there
}

// quickbooks-online.md section 4.7: what a deposit takes to the bank
func TestLinks_OfADeposit(t *testing.T) {
	c := open(t)
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	waiting, bank := c.account("Undeposited Funds"), c.account("Checking")
	receipt := s(c.post("salesreceipt", m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 40)}}), "Id")
	moved := s(c.post("transfer", m{"FromAccountRef": v(bank), "ToAccountRef": v(waiting), "Amount": 5}), "Id")
	entry := s(c.post("journalentry", m{"Line": []any{
		journalLine("Debit", waiting, 7, nil), journalLine("Credit", c.account("Opening Balance Equity"), 7, nil),
	}}), "Id")
	bill := s(c.post("bill", m{"VendorRef": v(vendor), "Line": []any{accountLine(c.account("Travel"), 25)}}), "Id")
	paid := s(c.post("billpayment", m{
		"VendorRef": v(vendor), "TotalAmt": 25, "PayType": "Check", "CheckPayment": m{"BankAccountRef": v(bank)}, "Line": []any{link("Bill", bill, 25)},
	}), "Id")
	for _, k := range []struct {
		typ, id string
		amount  int
	}{{"SalesReceipt", receipt, 40}, {"Transfer", moved, 5}, {"JournalEntry", entry, 7}, {"BillPayment", paid, 25}} {
		path := strings.ToLower(k.typ) + "/" + k.id
		d := c.post("deposit", m{"DepositToAccountRef": v(bank), "Line": []any{link(k.typ, k.id, k.amount)}})
		check(t, d, map[string]string{"Line.0.LinkedTxn.0.TxnType": k.typ, "Line.0.LinkedTxn.0.TxnId": k.id})
		check(t, c.get(path), map[string]string{"LinkedTxn.0.TxnType": "Deposit", "LinkedTxn.0.TxnId": s(d, "Id"), "SyncToken": "0"})
		c.gone("deposit", d, "0")
		check(t, c.get(path), map[string]string{"LinkedTxn": ""})
	}
	checkBooks(t, c)
}

// quickbooks-online.md section 4.7: a bill may take a whole order by its head
func TestLinks_ABillTakesAWholeOrder(t *testing.T) {
	c := open(t)
	vendor := s(c.vendor("V"), "Id")
	lines := func() []any { return []any{accountLine(c.account("Travel"), 25), accountLine(c.account("Travel"), 5)} }
	order := s(c.post("purchaseorder", m{"VendorRef": v(vendor), "Line": lines()}), "Id")
	bill := c.post("bill", m{"VendorRef": v(vendor), "Line": lines(), "LinkedTxn": []any{m{"TxnId": order, "TxnType": "PurchaseOrder"}}})
	check(t, bill, map[string]string{"LinkedTxn.0.TxnId": order, "LinkedTxn.0.TxnType": "PurchaseOrder"})
	check(t, c.get("purchaseorder/"+order), map[string]string{
		"POStatus": "Closed", "LinkedTxn.0.TxnId": s(bill, "Id"), "LinkedTxn.0.TxnType": "Bill", "Line.0.Received": "25", "Line.1.Received": "5",
	})
}

// quickbooks-online.md section 4.7: a payment settles an entry against the customer too
func TestLinks_APaymentTakesAJournalEntry(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	entry := s(c.post("journalentry", m{"Line": []any{
		journalLine("Debit", c.account("Accounts Receivable (A/R)"), 30, m{"Type": "Customer", "EntityRef": v(cust)}),
		journalLine("Credit", c.account("Opening Balance Equity"), 30, nil),
	}}), "Id")
	check(t, c.get("customer/"+cust), map[string]string{"Balance": "30"})
	pay := c.post("payment", m{"CustomerRef": v(cust), "TotalAmt": 30, "Line": []any{link("JournalEntry", entry, 30)}})
	check(t, pay, map[string]string{"UnappliedAmt": "0", "Line.0.LinkedTxn.0.TxnType": "JournalEntry", "Line.0.LinkedTxn.0.TxnId": entry})
	check(t, c.get("customer/"+cust), map[string]string{"Balance": "0"})
	checkBooks(t, c)
}

// quickbooks-online.md section 4.10: one series for what is sold, receipts too,
// and others for estimates and orders
func TestDocNumbers_ReceiptsRunInTheInvoicesSeries(t *testing.T) {
	c := open(t)
	sale := m{"CustomerRef": v(s(c.customer("Ann"), "Id")), "Line": []any{saleLine("1", nil, nil, 5)}}
	for i, path := range []string{"invoice", "salesreceipt", "creditmemo", "salesreceipt", "invoice"} {
		check(t, c.post(path, sale), map[string]string{"DocNumber": "100" + string(rune('1'+i))})
	}
	check(t, c.post("estimate", sale), map[string]string{"DocNumber": "1001"})
	sale["DocNumber"] = "1002"
	if _, code, detail, _ := c.fault("POST", "invoice", sale); code != "6140" || !strings.Contains(detail, "TxnType=Sales Receipt") {
		t.Errorf("a receipt's number on an invoice: %s %s", code, detail)
	}
}

// quickbooks-online.md section 4.10: a company that does not warn takes a number twice
func TestDocNumbers_TwiceWhereTheCompanyDoesNotWarn(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		c := open(t, func(o *qbobox.Options) { o.Dials.DuplicateNumbersAllowed = allowed })
		sale := m{"CustomerRef": v(s(c.customer("Ann"), "Id")), "Line": []any{saleLine("1", nil, nil, 5)}, "DocNumber": "A-1"}
		c.post("invoice", sale)
		for _, path := range []string{"invoice", "salesreceipt", "creditmemo"} {
			status, out := c.call("POST", path, sale)
			if allowed != (status == 200) || !allowed && s(out, "Fault.Error.0.code") != "6140" {
				t.Errorf("%s, allowed %v: %d %v", path, allowed, status, out)
			}
		}
	}
}

// quickbooks-online.md section 2: estimates, receipts, credits and orders are mailed too
func TestSend_OfEveryForm(t *testing.T) {
	c := open(t)
	cust, vendor := v(s(c.customer("Ann"), "Id")), v(s(c.vendor("V"), "Id"))
	for path, body := range map[string]m{
		"estimate":      {"CustomerRef": cust, "Line": []any{saleLine("1", nil, nil, 5)}},
		"salesreceipt":  {"CustomerRef": cust, "Line": []any{saleLine("1", nil, nil, 5)}},
		"creditmemo":    {"CustomerRef": cust, "Line": []any{saleLine("1", nil, nil, 5)}},
		"purchaseorder": {"VendorRef": vendor, "Line": []any{accountLine(c.account("Travel"), 5)}},
	} {
		id, mail, how := s(c.post(path, body), "Id"), "BillEmail.Address", "Email"
		if path == "purchaseorder" {
			mail, how = "POEmail.Address", "" // the vendor's schema: an order has no DeliveryInfo
		}
		if _, code, _, _ := c.fault("POST", path+"/"+id+"/send", nil); code != "6420" {
			t.Errorf("%s without an address: %s", path, code)
		}
		sent := c.post(path+"/"+id+"/send?sendTo=a@b.example", "")
		check(t, sent, map[string]string{"EmailStatus": "EmailSent", mail: "a@b.example", "DeliveryInfo.DeliveryType": how, "SyncToken": "1"})
		check(t, c.get(path+"/"+id), map[string]string{"EmailStatus": "EmailSent", mail: "a@b.example"})
	}
}

// quickbooks-online.md section 2: a plus that is not encoded is none
func TestSend_APlusMustBeEncoded(t *testing.T) {
	c := open(t)
	id := s(c.invoice(s(c.customer("Ann"), "Id"), 5), "Id")
	if status, code, _, _ := c.fault("POST", "invoice/"+id+"/send?sendTo=mail+tag@x.example", nil); status != 400 || code != "2210" {
		t.Errorf("%d %s", status, code)
	}
	check(t, c.get("invoice/"+id), map[string]string{"EmailStatus": "NotSet", "BillEmail": "", "SyncToken": "0"})
}

// quickbooks-online.md section 2: any text is kept and found again, whatever its alphabet
func TestTexts_OfAnyAlphabet(t *testing.T) {
	c := open(t)
	for _, name := range []string{"Łódź Żółć sp. z o.o.", "株式会社さくら", "Ελληνικά", "مرحبا", "Straße & Söhne", "Café 🌸🚀", "👩‍👩‍👧 family"} {
		o := c.customer(name, m{"Notes": name + "\n" + name, "BillAddr": m{"Line1": name}})
		want := map[string]string{"DisplayName": name, "FullyQualifiedName": name, "Notes": name + "\n" + name, "BillAddr.Line1": name}
		check(t, o, want)
		check(t, c.get("customer/"+s(o, "Id")), want)
		if got := c.ids("Customer", "select * from Customer where DisplayName = '"+name+"'"); got != s(o, "Id") {
			t.Errorf("%s is found as %q", name, got)
		}
		line := saleLine("1", nil, nil, 5)
		line["Description"] = name
		inv := c.invoice(s(o, "Id"), 5, m{"Line": []any{line}, "CustomerMemo": m{"value": name}})
		check(t, c.get("invoice/"+s(inv, "Id")), map[string]string{"Line.0.Description": name, "CustomerMemo.value": name, "CustomerRef.name": name})
	}
}

// quickbooks-online.md section 3: of a reference only the value counts
func TestRefs_ANameThatIsSentIsIgnored(t *testing.T) {
	c := open(t)
	cust, vendor, work := c.customer("Ann"), c.vendor("Vic"), s(c.service("Work"), "Id")
	wrong := func(id any) m { return m{"value": id, "name": "Somebody else"} }
	line := saleLine(work, 1, 5, 5)
	line["SalesItemLineDetail"].(m)["ItemRef"] = wrong(work)
	inv := c.post("invoice", m{"CustomerRef": wrong(cust["Id"]), "SalesTermRef": wrong("3"), "Line": []any{line}})
	check(t, inv, map[string]string{"SalesTermRef.name": "Net 30", "CustomerRef.name": "Ann", "CustomerRef.value": s(cust, "Id"), "Line.0.SalesItemLineDetail.ItemRef.name": "Work", "Line.0.SalesItemLineDetail.ItemRef.value": work})
	cost := accountLine(c.account("Travel"), 5)
	cost["AccountBasedExpenseLineDetail"].(m)["AccountRef"] = wrong(c.account("Travel"))
	order := c.post("purchaseorder", m{"VendorRef": wrong(vendor["Id"]), "Line": []any{cost}})
	check(t, order, map[string]string{"VendorRef.name": "Vic", "Line.0.AccountBasedExpenseLineDetail.AccountRef.name": "Travel"})
	if n := s(c.query("select count(*) from Customer"), "totalCount"); n != "1" {
		t.Errorf("%s customers", n)
	}
}

// quickbooks-online.md section 3: who changed an invoice, an order or a bill last, without a name
func TestMetaData_NamesTheLastWriterByNumber(t *testing.T) {
	c := open(t)
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	lines := []any{accountLine(c.account("Travel"), 5)}
	for path, o := range map[string]m{
		"invoice": c.invoice(cust, 5), "purchaseorder": c.post("purchaseorder", m{"VendorRef": v(vendor), "Line": lines}),
		"bill": c.post("bill", m{"VendorRef": v(vendor), "Line": lines}),
	} {
		read := c.get(path + "/" + s(o, "Id"))
		by := s(read, "MetaData.LastModifiedByRef.value")
		if by == "" || s(read, "MetaData.LastModifiedByRef.name") != "" {
			t.Errorf("%s: %s", path, s(read, "MetaData"))
		}
		c.do(qbobox.Action{Action: "update", Type: map[string]string{"invoice": "Invoice", "purchaseorder": "PurchaseOrder", "bill": "Bill"}[path], ID: s(o, "Id"), Data: m{"PrivateNote": "n"}})
		if now := s(c.get(path+"/"+s(o, "Id")), "MetaData.LastModifiedByRef.value"); now == by || now == "" {
			t.Errorf("%s: %q wrote first, %q then", path, by, now)
		}
	}
}

// quickbooks-online.md section 2: the token in the body decides, no header does
func TestWire_PreconditionsHaveNoEffect(t *testing.T) {
	c := open(t)
	o := c.customer("Ann")
	body := m{"Id": o["Id"], "SyncToken": "0", "sparse": true, "Notes": "n"}
	head := http.Header{
		"Accept": {"application/json"}, "If-Match": {`"999"`}, "If-None-Match": {"*"}, "If-Unmodified-Since": {"Mon, 01 Jan 2001 00:00:00 GMT"}, "If-Modified-Since": {"Mon, 01 Jan 2035 00:00:00 GMT"},
	}
	status, out, got := c.callWith("POST", "customer", body, head)
	if status != 200 || s(out, "Customer.Notes") != "n" || got.Get("ETag") != "" {
		t.Errorf("%d %v %v", status, out, got)
	}
	if status, out, got = c.callWith("GET", "customer/"+s(o, "Id"), nil, head); status != 200 || s(out, "Customer.SyncToken") != "1" || got.Get("ETag") != "" {
		t.Errorf("%d %v %v", status, out, got)
	}
}

// quickbooks-online.md section 2: times are those of the US Pacific coast, wherever the company is
func TestWire_TimesArePacificEverywhere(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Country, o.TimeZone = "AU", "Australia/Sydney" })
	_, out := c.call("POST", "customer", m{"DisplayName": "Ann"})
	check(t, out, map[string]string{"time": "2026-05-05T02:00:00.100-07:00", "Customer.MetaData.CreateTime": "2026-05-05T02:00:00-07:00", "Customer.MetaData.LastUpdatedTime": "2026-05-05T02:00:00-07:00"})
}

// quickbooks-online.md section 4.4
func TestJobs_OnlyAJobIsBilledWithItsParent(t *testing.T) {
	c := open(t)
	check(t, c.customer("Ann", m{"BillWithParent": true}), map[string]string{"BillWithParent": "false", "Job": "false"})
}

// quickbooks-online.md section 4.5: an inactive account reads 0, its transactions stay
func TestInactive_AccountReadsNothingAndKeepsItsTransactions(t *testing.T) {
	c := open(t)
	vault := s(c.post("account", m{"Name": "Vault", "AccountType": "Bank"}), "Id")
	moved := s(c.post("transfer", m{"FromAccountRef": v(c.account("Checking")), "ToAccountRef": v(vault), "Amount": 25}), "Id")
	check(t, c.get("account/"+vault), map[string]string{"CurrentBalance": "25"})
	off := c.post("account", m{"Id": vault, "SyncToken": s(c.get("account/"+vault), "SyncToken"), "sparse": true, "Name": "Vault", "AccountType": "Bank", "Active": false})
	check(t, off, map[string]string{"CurrentBalance": "0", "Active": "false"})
	check(t, c.get("transfer/"+moved), map[string]string{"Amount": "25", "ToAccountRef.value": vault, "SyncToken": "0"})
}

// quickbooks-online.md section 4.11
func TestCurrencies_AreFixedOnceGiven(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Currencies = []string{"EUR"} })
	vendor := c.post("vendor", m{"DisplayName": "Vic", "CurrencyRef": v("EUR")})
	status, out := c.call("POST", "vendor", m{"Id": vendor["Id"], "SyncToken": "0", "sparse": true, "DisplayName": "Vic", "CurrencyRef": v("USD")})
	if status != 400 || s(out, "Fault.Error.0.code") != "6000" {
		t.Errorf("another currency for a vendor: %d %v", status, out)
	}
	check(t, c.get("vendor/"+s(vendor, "Id")), map[string]string{"CurrencyRef.value": "EUR", "SyncToken": "0"})
	cust := s(c.customer("Ann", m{"CurrencyRef": v("EUR")}), "Id")
	home := c.invoice(cust, 5, m{"CurrencyRef": v("USD")})
	check(t, home, map[string]string{"CurrencyRef.value": "USD", "ExchangeRate": "1", "HomeTotalAmt": "5"})
	prefs := c.get("preferences")
	if _, code, _, _ := c.fault("POST", "preferences", m{"SyncToken": prefs["SyncToken"], "sparse": true, "CurrencyPrefs": m{"MultiCurrencyEnabled": false}}); code != "6000" {
		t.Errorf("several currencies switched off: %s", code)
	}
	check(t, c.get("preferences"), map[string]string{"CurrencyPrefs.MultiCurrencyEnabled": "true"})
}

// quickbooks-online.md section 4.8: codes are made of new rates or of old ones, and never changed
func TestTaxService_ReusesRatesAndNothingIsChanged(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Country = "GB" })
	agency := s(c.query("select * from TaxAgency"), "TaxAgency.0.Id")
	_, made := c.call("POST", "taxservice/taxcode", m{"TaxCode": "Levy", "TaxRateDetails": []any{
		m{"TaxRateName": "Levy 7", "RateValue": "7", "TaxAgencyId": agency, "TaxApplicableOn": "Sales"},
	}})
	rate := s(made, "TaxRateDetails.0.TaxRateId")
	before := s(c.query("select count(*) from TaxRate"), "totalCount")
	status, again := c.call("POST", "taxservice/taxcode", m{"TaxCode": "Levy too", "TaxRateDetails": []any{m{"TaxRateId": rate}}})
	if status != 200 || rate == "" || s(again, "TaxRateDetails.0.TaxRateId") != rate || s(again, "TaxCodeId") == s(made, "TaxCodeId") {
		t.Errorf("%d %v after %v", status, again, made)
	}
	if after := s(c.query("select count(*) from TaxRate"), "totalCount"); after != before {
		t.Errorf("%s rates, before %s", after, before)
	}
	if _, code, _, _ := c.fault("POST", "taxservice/taxcode", m{"TaxCode": "None", "TaxRateDetails": []any{m{"TaxRateId": "9999"}}}); code != "2500" {
		t.Errorf("a rate that is none: %s", code)
	}
	id := s(made, "TaxCodeId")
	for _, path := range []string{"taxcode", "taxcode?operation=update", "taxcode?operation=delete", "taxrate", "taxrate?operation=delete"} {
		if status, out := c.call("POST", path, m{"Id": id, "SyncToken": "0", "sparse": true, "Name": "Other", "Active": false}); status != 400 {
			t.Errorf("%s: %d %v", path, status, out)
		}
	}
	check(t, c.get("taxcode/"+id), map[string]string{"Name": "Levy", "Active": "true"})
}

// quickbooks-online.md section 1.4: the bodies of a revocation, good and bad
func TestRevoke_Bodies(t *testing.T) {
	c := open(t)
	revoke := func(body string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://developer.example/v2/oauth2/tokens/revoke", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.SetBasicAuth(c.box.Credentials().ClientID, c.box.Credentials().ClientSecret)
		status, out, _ := c.roundTrip(req)
		if raw, bare := out["raw"].(string); bare {
			return status, raw
		}
		if len(out) != 1 || s(out, "error") == "" {
			t.Errorf("%d %v", status, out)
		}
		return status, "error"
	}
	for _, bad := range []string{`{"token":"nonsense"}`, `{}`, ``} {
		if status, body := revoke(bad); status != 400 || body != "error" {
			t.Errorf("%s: %d %q", bad, status, body)
		}
	}
	if status, body := revoke(`{"token":"` + c.box.Credentials().RefreshToken + `"}`); status != 200 || body != "" {
		t.Errorf("%d %q", status, body)
	}
}

// quickbooks-online.md sections 1.2 and 1.3: claims may be asked for, and every scope
func TestConsent_TakesClaimsAndEveryScope(t *testing.T) {
	const books = "com.intuit.quickbooks.accounting "
	for _, paid := range []bool{false, true} {
		c := open(t, func(o *qbobox.Options) { o.PaidTier = paid })
		back := c.authorize(c.asking("claims", `{"id_token":{"realmId":null}}`))
		if back.Get("code") == "" || back.Get("realmId") == "" || back.Get("state") != "s1" {
			t.Errorf("with claims: %v", back)
		}
		for scope, sold := range map[string]bool{
			"com.intuit.quickbooks.payment": false, "project-management.project": true, "app-foundations.custom-field-definitions": true,
			"app-foundations.custom-field-definitions.read": true, "app-foundations.custom-dimensions.read": true, "time-tracking.time-entry": true,
			"payroll.compensation.read": true, "indirect-tax.tax-calculation.quickbooks": true,
		} {
			back := c.authorize(c.asking("scope", books+scope))
			if sold && !paid {
				if back.Get("error") != "invalid_scope" || back.Get("code") != "" {
					t.Errorf("%s: %v", scope, back)
				}
				continue
			}
			status, body, _ := c.tokenCall(url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {"http://localhost/back?x=1"}}, c.box.Credentials().ClientID, c.box.Credentials().ClientSecret, nil)
			if status != 200 || back.Get("realmId") != c.realm {
				t.Errorf("%s: %v, %d %v", scope, back, status, body)
			}
		}
	}
}

// quickbooks-online.md section 4.9: a form has three fields and no fourth
func TestCustomFields_AreThree(t *testing.T) {
	c := open(t)
	use, names, sent := []any{}, []any{}, []any{}
	for _, n := range []string{"1", "2", "3", "4"} {
		use = append(use, m{"Name": "SalesFormsPrefs.UseSalesCustom" + n, "Type": "BooleanType", "BooleanValue": true})
		names = append(names, m{"Name": "SalesFormsPrefs.SalesCustomName" + n, "Type": "StringType", "StringValue": "Field " + n})
		sent = append(sent, m{"DefinitionId": n, "Type": "StringType", "StringValue": "x" + n})
	}
	c.post("preferences", m{"SyncToken": "0", "sparse": true, "SalesFormsPrefs": m{"CustomField": []any{m{"CustomField": use}, m{"CustomField": names}}}})
	inv := c.invoice(s(c.customer("Ann"), "Id"), 5, m{"CustomField": sent})
	check(t, inv, map[string]string{"CustomField.0.Name": "Field 1", "CustomField.2.StringValue": "x3", "CustomField.3": ""})
}
