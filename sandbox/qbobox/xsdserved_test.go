package qbobox_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"crossbook/sandbox/company"
	"crossbook/sandbox/qbobox"
)

// shelf is a company with one record of each list to refer to.
type shelf struct {
	*client
	n        int
	refs     map[string]string
	accounts map[string]string
	foreign  m // the currency of its customer and vendor, where it is not the company's own
}

func newShelf(t *testing.T, opts ...func(*qbobox.Options)) *shelf {
	s1 := &shelf{client: open(t, opts...), refs: map[string]string{}, accounts: map[string]string{}}
	c := s1.client
	c.everyFeature()
	foreign := m{}
	if s(c.get("preferences"), "CurrencyPrefs.MultiCurrencyEnabled") == "true" {
		foreign["CurrencyRef"] = v("EUR")
		s1.foreign = m{"CurrencyRef": v("EUR")}
	}
	s1.refs["Customer"] = s(c.customer("Ann", m{"BillAddr": m{"Line1": "1 Road"}}, foreign), "Id")
	s1.refs["Vendor"] = s(c.post("vendor", s1.abroad(m{"DisplayName": "Vic"})), "Id")
	s1.refs["Employee"] = s(c.post("employee", m{"GivenName": "Em", "FamilyName": "Ployee"}), "Id")
	s1.refs["Item"] = s(c.service("Work"), "Id")
	s1.refs["Stock"] = s(c.stockItem("Pump", 10, "2026-01-01"), "Id")
	s1.refs["Category"] = s(c.post("item", m{"Name": "Shelf", "Type": "Category"}), "Id")
	s1.refs["Class"] = s(c.post("class", m{"Name": "East"}), "Id")
	s1.refs["Department"] = s(c.post("department", m{"Name": "Shop"}), "Id")
	c.do(qbobox.Action{Action: "create", Type: "CustomerType", Data: m{"Name": "Retail"}})
	s1.refs["Term"], s1.refs["PaymentMethod"] = "3", "1"
	s1.refs["Card"] = s(c.post("account", m{"Name": "Card", "AccountType": "Credit Card"}), "Id")
	s1.refs["Invoice"] = s(c.invoice(s1.refs["Customer"], 100000, s1.foreign), "Id")
	s1.refs["Estimate"] = s(c.post("estimate", s1.abroad(m{"CustomerRef": v(s1.refs["Customer"]), "Line": []any{saleLine("1", nil, nil, 5)}})), "Id")
	s1.refs["Bill"] = s(c.post("bill", s1.abroad(m{"VendorRef": v(s1.refs["Vendor"]), "Line": []any{accountLine(c.account("Travel"), 100000)}})), "Id")
	return s1
}

func (h *shelf) account(name string) string {
	h.t.Helper()
	if h.accounts[name] == "" {
		h.accounts[name] = h.client.account(name)
	}
	return h.accounts[name]
}

// abroad adds the foreign currency to a body.
func (h *shelf) abroad(body m) m {
	maps.Copy(body, h.foreign)
	return body
}

// least is the smallest body the box accepts.
func (h *shelf) least(entity string) m {
	body := h.bare(entity)
	if body["VendorRef"] != nil || body["CustomerRef"] != nil {
		h.abroad(body)
	}
	return body
}

func (h *shelf) bare(entity string) m {
	h.n++
	name := fmt.Sprintf("%s %d", entity, h.n)
	cust, vend := v(h.refs["Customer"]), v(h.refs["Vendor"])
	sale := []any{saleLine("1", nil, nil, 10)}
	cost := []any{accountLine(h.account("Travel"), 10)}
	switch entity {
	case "Customer", "Vendor", "TaxAgency":
		return m{"DisplayName": name}
	case "Employee":
		return m{"GivenName": "E", "FamilyName": name}
	case "Item":
		return m{"Name": name, "Type": "Service", "IncomeAccountRef": v(h.account("Services"))}
	case "Account":
		return m{"Name": name, "AccountType": "Bank"}
	case "Term":
		return m{"Name": name, "DueDays": 5}
	case "PaymentMethod", "Class", "Department":
		return m{"Name": name}
	case "Invoice", "Estimate", "CreditMemo", "SalesReceipt", "RefundReceipt":
		return m{"CustomerRef": cust, "Line": sale}
	case "Payment":
		return m{"CustomerRef": cust, "TotalAmt": 10}
	case "PurchaseOrder", "Bill", "VendorCredit":
		return m{"VendorRef": vend, "Line": cost}
	case "BillPayment":
		return m{
			"VendorRef": vend, "TotalAmt": 10, "PayType": "Check", "CheckPayment": m{"BankAccountRef": v(h.account("Checking"))},
			"Line": []any{m{"Amount": 10, "LinkedTxn": []any{m{"TxnId": h.refs["Bill"], "TxnType": "Bill"}}}},
		}
	case "Purchase":
		return m{"PaymentType": "Cash", "AccountRef": v(h.account("Checking")), "Line": cost}
	case "Deposit":
		return m{"DepositToAccountRef": v(h.account("Checking")), "Line": []any{m{"Amount": 10, "DetailType": "DepositLineDetail", "DepositLineDetail": m{"AccountRef": v(h.account("Services"))}}}}
	case "Transfer":
		return m{"FromAccountRef": v(h.account("Checking")), "ToAccountRef": v(h.refs["Card"]), "Amount": 10}
	case "JournalEntry":
		side := func(kind, account string) m {
			return m{"Amount": 10, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": m{"PostingType": kind, "AccountRef": v(h.account(account))}}
		}
		return m{"Line": []any{side("Debit", "Travel"), side("Credit", "Checking")}}
	case "InventoryAdjustment":
		return m{"AdjustAccountRef": v(h.account("Cost of Goods Sold")), "Line": []any{m{"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": m{"ItemRef": v(h.refs["Stock"]), "QtyDiff": 1}}}}
	case "TimeActivity":
		return m{"NameOf": "Employee", "EmployeeRef": v(h.refs["Employee"]), "Hours": 1}
	case "Attachable":
		return m{"Note": name}
	}
	panic(entity)
}

var writable = []string{"Customer", "Vendor", "Employee", "Item", "Account", "Term", "PaymentMethod", "Class", "Department", "TaxAgency", "Estimate", "Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt", "Payment", "PurchaseOrder", "Bill", "VendorCredit", "BillPayment", "Purchase", "Deposit", "Transfer", "JournalEntry", "InventoryAdjustment", "TimeActivity", "Attachable"}

func (h *shelf) sample(j *judge, entity, field, typ string, deep int) any {
	switch entity + "." + field {
	case "Customer.PreferredDeliveryMethod":
		return "Email"
	case "PaymentMethod.Type":
		return "CREDIT_CARD"
	case "Estimate.TxnStatus":
		return "Accepted"
	case "TimeActivity.BillableStatus":
		return "NotBillable"
	case "Payment.Line":
		return m{"Amount": 1, "LinkedTxn": []any{m{"TxnId": h.refs["Invoice"], "TxnType": "Invoice"}}}
	}
	if field == "DocNumber" {
		h.n++
		return fmt.Sprintf("N%d-A", h.n)
	}
	if t := j.xsd.types[typ]; t != nil {
		switch typ {
		case "ReferenceType":
			return h.reference(entity, field)
		case "EmailAddress":
			return m{"Address": "a@b.example"}
		case "WebSiteAddress":
			return m{"URI": "http://b.example"}
		case "TelephoneNumber":
			return m{"FreeFormNumber": "555"}
		case "IntuitAnyType":
			return m{"any": []any{}}
		}
		if deep > 2 {
			return m{}
		}
		out := m{}
		for k, f := range t.fields {
			x := h.sample(j, typ, k, f.typ, deep+1)
			if f.many {
				x = []any{x}
			}
			out[k] = x
		}
		return out
	}
	base, words := j.xsd.plain(typ)
	if len(words) > 0 {
		return words[0]
	}
	switch base {
	case "boolean":
		return true
	case "date":
		return "2026-05-01"
	case "dateTime":
		return "2026-05-01T00:00:00-07:00"
	case "string":
		return "7"
	default:
		return 7
	}
}

func (h *shelf) reference(entity, field string) m {
	switch entity + "." + field {
	case "Item.AssetAccountRef":
		return v(h.account("Inventory Asset"))
	case "Item.ExpenseAccountRef":
		return v(h.account("Purchases"))
	case "Item.ParentRef":
		return v(h.refs["Category"])
	case "Purchase.EntityRef", "DepositLineDetail.Entity":
		return m{"value": h.refs["Vendor"], "type": "Vendor"}
	case "AttachableRef.EntityRef":
		return m{"value": h.refs["Customer"], "type": "Customer"}
	}
	for _, r := range []struct{ part, to string }{{"Customer", "Customer"}, {"Vendor", "Vendor"}, {"Term", "Term"}, {"PaymentMethod", "PaymentMethod"}, {"Class", "Class"}, {"Department", "Department"}, {"Item", "Item"}, {"Project", "Customer"}} {
		if strings.Contains(field, r.part) {
			return v(h.refs[r.to])
		}
	}
	switch {
	case strings.Contains(field, "Currency"):
		return v("USD")
	case strings.Contains(field, "IncomeAccount"):
		return v(h.account("Services"))
	case strings.Contains(field, "APAccount"):
		return v(h.account("Accounts Payable (A/P)"))
	case strings.Contains(field, "ARAccount"):
		return v(h.account("Accounts Receivable (A/R)"))
	case strings.Contains(field, "Account"):
		return v(h.account("Checking"))
	case strings.Contains(field, "TaxCode"):
		return v("2")
	}
	return v("1")
}

// needs are properties that only go together with others.
var needs = map[string]m{
	"Customer.Balance": {"OpenBalanceDate": "2026-05-01"}, "Vendor.Balance": {"OpenBalanceDate": "2026-05-01"},
	"Account.OpeningBalance": {"OpeningBalanceDate": "2026-05-01"},
}

// value is a sample of one property, a list where the schema has one.
func (h *shelf) value(j *judge, entity, field string) any {
	f := j.xsd.types[entity].fields[field]
	x := h.sample(j, entity, field, f.typ, 0)
	if f.many {
		return []any{x}
	}
	return x
}

func needSchema(t *testing.T) *judge {
	t.Helper()
	j := newJudge(t)
	if j == nil {
		t.Skip("SKIPPED: the vendor's schemas (../shared/reference) are not here; nothing that is served is held against them")
	}
	return j
}

// Every property that the vendor's schema has is taken, alone and all
// together, and what comes back is of the schema (quickbooks-online.md section 5).
func TestXSD_EveryPropertyIsTakenAndServedByTheSchema(t *testing.T) {
	j := needSchema(t)
	h := newShelf(t)
	for _, e := range writable {
		all := h.least(e)
		for _, f := range slices.Sorted(maps.Keys(j.xsd.types[e].fields)) {
			if f == "Id" || f == "SyncToken" {
				continue
			}
			body := h.least(e)
			if body[f] == nil || e == "Payment" {
				body[f] = h.value(j, e, f)
				all[f] = h.value(j, e, f)
			}
			maps.Copy(body, needs[e+"."+f])
			maps.Copy(all, needs[e+"."+f])
			switch e + "." + f {
			case "Customer.Job":
				body["ParentRef"] = v(h.refs["Customer"])
			case "Item.SubItem":
				body["ParentRef"] = v(h.refs["Category"])
			case "TimeActivity.VendorRef":
				delete(body, "EmployeeRef")
				body["NameOf"] = "Vendor"
			case "TimeActivity.StartTime", "TimeActivity.EndTime":
				delete(body, "Hours")
				body["StartTime"], body["EndTime"] = "2026-05-01T00:00:00-07:00", "2026-05-01T01:00:00-07:00"
			}
			j.must(t, h, e, f, body)
		}
		for _, k := range []string{"DisplayName", "Name", "FamilyName"} {
			if all[k] != nil {
				all[k] = h.least(e)[k]
			}
		}
		if e == "Customer" {
			all["ParentRef"] = v(h.refs["Customer"])
		}
		if e == "Department" || e == "Class" || e == "Account" {
			delete(all, "ParentRef")
		}
		if e == "Account" {
			all["AccountType"] = "Bank"
		}
		if e == "TimeActivity" {
			for _, k := range []string{"VendorRef", "StartTime", "EndTime"} { // one or the other
				delete(all, k)
			}
		}
		j.must(t, h, e, "all properties", all)
	}
	j.report(t, nil)
}

func (j *judge) must(t *testing.T, h *shelf, entity, what string, body m) {
	t.Helper()
	status, out := h.call("POST", strings.ToLower(entity), body)
	if status != 200 || out["Fault"] != nil {
		t.Errorf("%s with %s: %d %s %s", entity, what, status, s(out, "Fault.Error.0.code"), s(out, "Fault.Error.0.Detail"))
		return
	}
	j.answer(out)
	status, out = h.call("GET", strings.ToLower(entity)+"/"+s(out, entity+".Id"), nil)
	if status != 200 {
		t.Errorf("%s with %s cannot be read: %d %v", entity, what, status, out)
	}
	j.answer(out)
}

// strangers are taken though the schema has no such name, and why.
var strangers = map[string]string{
	"Customer.source": "older answers have it in small letters, and clients send back what they read",
	"Vendor.source":   "older answers have it in small letters, and clients send back what they read",
}

// A name that the schema has for other entities only is a fault, and so is one
// inside of a line (quickbooks-online.md section 12.2, code 2010).
func TestXSD_NothingElseIsTaken(t *testing.T) {
	j := needSchema(t)
	h := newShelf(t)
	every := map[string]bool{"Colour": true, "source": true, "time": true, "QueryResponse": true}
	for _, e := range writable {
		for f := range j.xsd.types[e].fields {
			every[f] = true
		}
	}
	taken := map[string]bool{}
	for _, e := range writable {
		for _, f := range slices.Sorted(maps.Keys(every)) {
			if _, has := j.xsd.types[e].fields[f]; has {
				continue
			}
			body := h.least(e)
			body[f] = "7"
			_, code, _, _ := h.fault("POST", strings.ToLower(e), body)
			if taken[e+"."+f] = code != "2010"; code != "2010" && strangers[e+"."+f] == "" {
				t.Errorf("%s takes %s: code %q", e, f, code)
			}
		}
	}
	for k := range strangers {
		if !taken[k] {
			t.Errorf("%s is listed and refused", k)
		}
	}
	for _, e := range []string{"Invoice", "Estimate", "CreditMemo", "SalesReceipt", "Bill", "PurchaseOrder", "Purchase", "Deposit", "JournalEntry"} {
		for _, spoil := range []func(line m){
			func(l m) { l["Colour"] = "red" },
			func(l m) { l[s(l, "DetailType")].(m)["Colour"] = "red" },
			func(l m) { l["LinkedTxn"] = []any{m{"TxnId": "1", "TxnType": "Bill", "Colour": "red"}} },
			func(l m) { l["LinkedTxn"] = m{"TxnId": "1"} },
			func(l m) { l[s(l, "DetailType")].(m)["ClassRef"] = m{"id": "1"} },
			func(l m) { l[s(l, "DetailType")].(m)["ClassRef"] = "1" },
		} {
			body := h.least(e)
			spoil(body["Line"].([]any)[0].(m))
			if _, code, _, _ := h.fault("POST", strings.ToLower(e), body); code != "2010" {
				t.Errorf("%s takes %v: code %q", e, body["Line"], code)
			}
		}
	}
}

// lists are all entities that a query can name.
var lists = append(slices.Clone(writable), "CompanyCurrency", "TaxCode", "TaxRate", "CompanyInfo", "Preferences", "ExchangeRate", "CustomerType", "ReimburseCharge", "JournalCode")

// look judges everything a company serves: each list by query, each record by
// id, what changed, and the same in a batch.
func (j *judge) look(t *testing.T, c *client) {
	t.Helper()
	var names []string
	for _, e := range lists {
		status, out := c.call("GET", "query?query="+url.QueryEscape("select * from "+e+" maxresults 1000"), nil)
		if status != 200 {
			t.Errorf("query of %s: %d %v", e, status, out)
		}
		j.answer(out)
		rows, _ := out["QueryResponse"].(m)[e].([]any)
		for _, r := range rows {
			if id := s(r, "Id"); e != "CompanyInfo" && e != "Preferences" && id != "" {
				j.answer(c.read(t, strings.ToLower(e)+"/"+id))
			}
		}
		if !slices.Contains([]string{"TaxAgency", "TaxCode", "TaxRate", "CompanyInfo", "Preferences", "ExchangeRate", "TimeActivity", "JournalCode"}, e) {
			names = append(names, e)
		}
	}
	for _, p := range []string{"companyinfo/" + c.realm, "preferences", "exchangerate?sourcecurrencycode=EUR", "cdc?changedSince=" + c.clock.now().AddDate(0, 0, -29).Format("2006-01-02") + "&entities=" + strings.Join(names, ",")} {
		j.answer(c.read(t, p))
	}
	for some := range slices.Chunk(lists, 30) {
		var items []any
		for _, e := range some {
			items = append(items, m{"bId": e, "Query": "select * from " + e + " maxresults 20"})
		}
		status, out := c.call("POST", "batch", m{"BatchItemRequest": items})
		if status != 200 {
			t.Errorf("batch: %d %v", status, out)
		}
		j.answer(out)
	}
	for _, r := range []string{"TrialBalance", "BalanceSheet", "ProfitAndLoss", "AgedReceivables", "AgedPayables", "CustomerBalance", "VendorBalance", "ItemSales", "InventoryValuationSummary", "CashFlow", "GeneralLedger", "TransactionList", "CustomerBalanceDetail", "AgedReceivableDetail", "AccountList"} {
		j.answer(c.read(t, "reports/"+r))
	}
}

func (c *client) read(t *testing.T, path string) m {
	t.Helper()
	status, out := c.call("GET", path, nil)
	if status != 200 || out["Fault"] != nil {
		t.Errorf("%s: %d %v", path, status, out)
	}
	return out
}

// What stands in companies of all kinds is of the schema (quickbooks-online.md
// sections 5, 7, 8 and 13).
func TestXSD_WhatCompaniesServeIsOfTheSchema(t *testing.T) {
	if testing.Short() {
		t.Skip("opens eight companies and reads all of them, one call after the other")
	}
	j := needSchema(t)
	for _, o := range []func(*qbobox.Options){
		func(*qbobox.Options) {},
		func(o *qbobox.Options) { o.Country, o.Currencies = "AU", []string{"USD", "EUR"} },
		func(o *qbobox.Options) { o.Country, o.AutomatedSalesTax = "GB", true },
	} {
		j.look(t, open(t, o))
	}
	for _, o := range []func(*qbobox.Options){func(*qbobox.Options) {}, func(o *qbobox.Options) { o.Currencies = []string{"EUR"} }} {
		h := newShelf(t, o)
		for _, e := range writable {
			h.post(strings.ToLower(e), h.least(e))
		}
		j.look(t, h.client)
	}
	j.look(t, recorded(t))
	for _, sample := range []func(company.Options) (*company.Company, error){company.Larkfield, company.AU} {
		c := newClock()
		firm, err := sample(company.Options{Now: c.now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(firm.Close)
		cl := &client{t: t, box: firm.QuickBooks, clock: c, http: firm.QuickBooks.Transport(), realm: firm.QuickBooks.Credentials().RealmID}
		cl.login()
		j.look(t, cl)
	}
	for _, e := range lists {
		if j.served[e] == 0 && e != "CustomerType" && e != "ReimburseCharge" && e != "JournalCode" {
			t.Errorf("no %s was served", e)
		}
	}
	j.report(t, servedDeviations)
}

// servedDeviations are what the box serves beyond schema and recordings, each
// with the reason.
var servedDeviations = map[string]string{}

// report fails for deviations that are not listed and for listed ones that are
// none any more.
func (j *judge) report(t *testing.T, listed map[string]string) {
	t.Helper()
	for _, k := range slices.Sorted(maps.Keys(j.found)) {
		if listed[k] == "" {
			t.Errorf("neither the schema nor a recording has %s, e.g. %v", k, j.found[k])
		}
	}
	for _, k := range slices.Sorted(maps.Keys(listed)) {
		if j.found[k] == nil {
			t.Errorf("listed as a deviation and none any more: %s (%s)", k, listed[k])
		}
	}
}
