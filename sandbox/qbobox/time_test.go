package qbobox_test

import (
	"context"
	"testing"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md section 5, TimeActivity: written, changed, deleted, and refused by its own codes
func TestTime_IsWrittenAndChanged(t *testing.T) {
	c := open(t)
	em := s(c.post("employee", m{"GivenName": "Em", "FamilyName": "Ployee"}), "Id")
	ve, cust := s(c.vendor("V"), "Id"), s(c.customer("Ann"), "Id")
	work := func(more m) m {
		body := m{"NameOf": "Employee", "EmployeeRef": v(em), "Hours": 2, "Minutes": 30}
		for k, val := range more {
			if val == nil {
				delete(body, k)
				continue
			}
			body[k] = val
		}
		return body
	}
	free := c.service("Free") // without a price
	for what, k := range map[string]struct {
		more m
		code string
	}{
		"nobody's kind":       {m{"NameOf": nil}, "2020"},
		"two people":          {m{"VendorRef": v(ve)}, "6290"},
		"another kind":        {m{"NameOf": "Vendor"}, "6300"},
		"no customer":         {m{"BillableStatus": "Billable", "HourlyRate": 5}, "6310"},
		"billed by a client":  {m{"BillableStatus": "HasBeenBilled", "CustomerRef": v(cust)}, "6320"},
		"no rate":             {m{"BillableStatus": "Billable", "CustomerRef": v(cust), "ItemRef": v(s(free, "Id"))}, "6330"},
		"no time":             {m{"Hours": nil, "Minutes": nil}, "6350"},
		"seventy minutes":     {m{"Minutes": 70}, "6380"},
		"both ways":           {m{"StartTime": "2026-05-04T08:00:00-07:00", "EndTime": "2026-05-04T09:00:00-07:00"}, "6390"},
		"backwards":           {m{"Hours": nil, "Minutes": nil, "StartTime": "2026-05-04T09:00:00-07:00", "EndTime": "2026-05-04T08:00:00-07:00"}, "6370"},
		"a break too long":    {m{"Hours": nil, "Minutes": nil, "BreakHours": 2, "StartTime": "2026-05-04T08:00:00-07:00", "EndTime": "2026-05-04T09:00:00-07:00"}, "6360"},
		"no end":              {m{"Hours": nil, "Minutes": nil, "StartTime": "2026-05-04T08:00:00-07:00"}, "6360"},
		"an unknown employee": {m{"EmployeeRef": v("99")}, "2500"},
	} {
		c.refuses(what, "timeactivity", work(k.more), k.code)
	}
	got := c.post("timeactivity", work(m{"CustomerRef": v(cust), "BillableStatus": "Billable", "HourlyRate": 42.5, "Description": "planting"}))
	check(t, got, map[string]string{
		"EmployeeRef.name": "Em Ployee", "CustomerRef.name": "Ann", "TxnDate": "2026-05-05", "Hours": "2", "Minutes": "30", "HourlyRate": "42.5", "BillableStatus": "Billable", "SyncToken": "0",
	})
	again := c.post("timeactivity", m{"Id": got["Id"], "SyncToken": "0", "sparse": true, "Hours": 3})
	check(t, again, map[string]string{"Hours": "3", "Minutes": "30", "SyncToken": "1", "Description": "planting"})
	check(t, c.query("select * from TimeActivity where BillableStatus = 'Billable'"), map[string]string{"TimeActivity.0.Id": s(got, "Id")})
	c.gone("timeactivity", again, "1")
}

// quickbooks-online.md section 5, CustomerType: people keep the list; clients by the dial
func TestCustomerTypes_ArePeoplesOrEverybodys(t *testing.T) {
	c := open(t)
	c.refuses("a client's type", "customertype", m{"Name": "Retail"}, "500")
	id := c.do(qbobox.Action{Action: "create", Type: "CustomerType", Data: m{"Name": "Retail"}}).ID
	check(t, c.get("customertype/"+id), map[string]string{"Name": "Retail", "FullyQualifiedName": "Retail", "Active": "true"})
	ann := c.customer("Ann", m{"CustomerTypeRef": v(id)})
	check(t, ann, map[string]string{"CustomerTypeRef.name": "Retail"})
	c.refuses("an unknown type", "customer", m{"DisplayName": "Bob", "CustomerTypeRef": v("99")}, "2500")
	c.do(qbobox.Action{Action: "update", Type: "CustomerType", ID: id, Data: m{"Name": "Shops"}})
	check(t, c.get("customer/"+s(ann, "Id")), map[string]string{"CustomerTypeRef.name": "Shops", "SyncToken": "0"})
	all := open(t, func(o *qbobox.Options) { o.Dials.CustomerTypesWritable = true })
	made := all.post("customertype", m{"Name": "Retail"})
	check(t, all.post("customertype", m{"Id": made["Id"], "SyncToken": "0", "sparse": true, "Name": "Shops"}), map[string]string{"Name": "Shops", "SyncToken": "1"})
	all.refuses("a name in use", "customertype", m{"Name": "shops"}, "6240")
}

// quickbooks-online.md sections 4.5 and 4.7: unbilled work stops an inactivation
// with 6280 (section 12.2) until an invoice bills it
func TestTime_IsBilledByAnInvoice(t *testing.T) {
	c := open(t)
	em, cust, other := s(c.post("employee", m{"GivenName": "E", "FamilyName": "M"}), "Id"), s(c.customer("Ann"), "Id"), s(c.customer("Bob"), "Id")
	id := s(c.post("timeactivity", m{
		"NameOf": "Employee", "EmployeeRef": v(em), "Hours": 2, "CustomerRef": v(cust), "BillableStatus": "Billable", "HourlyRate": 20,
	}), "Id")
	idle := m{"Id": cust, "SyncToken": "0", "sparse": true, "Active": false}
	c.refuses("unbilled work", "customer", idle, "6280")
	links := m{"LinkedTxn": []any{m{"TxnId": id, "TxnType": "TimeActivity"}}}
	body := func(who string) m {
		return m{"CustomerRef": v(who), "Line": []any{saleLine("1", nil, nil, 40)}, "LinkedTxn": links["LinkedTxn"]}
	}
	c.refuses("another's work", "invoice", body(other), "620")
	inv := c.invoice(cust, 40, links)
	check(t, inv, map[string]string{"LinkedTxn.0.TxnType": "TimeActivity", "LinkedTxn.0.TxnId": id})
	check(t, c.get("timeactivity/"+id), map[string]string{"BillableStatus": "HasBeenBilled"})
	c.refuses("work that is billed", "invoice", body(cust), "620")
	c.post("invoice?operation=delete", m{"Id": inv["Id"], "SyncToken": "0"})
	check(t, c.get("timeactivity/"+id), map[string]string{"BillableStatus": "Billable"})
	c.refuses("unbilled work again", "customer", idle, "6280")
	c.post("timeactivity?operation=delete", m{"Id": id, "SyncToken": s(c.get("timeactivity/"+id), "SyncToken")})
	check(t, c.post("customer", idle), map[string]string{"Active": "false"})
}

// quickbooks-online.md section 5.8: a billable cost has a ReimburseCharge, on the
// bill and its line (recorded); section 4.5: until it is billed its customer stays
func TestCharges_OfBillableCosts(t *testing.T) {
	c := open(t)
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	cost := func(status string) m {
		l := accountLine(c.account("Travel"), 25)
		d := l["AccountBasedExpenseLineDetail"].(m)
		d["CustomerRef"], d["BillableStatus"] = v(cust), status
		return l
	}
	bill := c.post("bill", m{"VendorRef": v(vendor), "Line": []any{cost("Billable"), accountLine(c.account("Travel"), 5)}})
	charge := s(bill, "LinkedTxn.0.TxnId")
	check(t, bill, map[string]string{"LinkedTxn.0.TxnType": "ReimburseCharge", "Line.0.LinkedTxn.0.TxnId": charge, "Line.1.LinkedTxn": "[]", "SyncToken": "0"})
	check(t, c.get("reimbursecharge/"+charge), map[string]string{"CustomerRef.name": "Ann", "Amount": "25", "HasBeenInvoiced": "false", "LinkedTxn.0.TxnId": s(bill, "Id")})
	check(t, c.post("bill", bill), map[string]string{"SyncToken": "0", "LinkedTxn.0.TxnId": charge}) // as it was read
	idle := m{"Id": cust, "SyncToken": "0", "sparse": true, "Active": false}
	c.refuses("an unbilled cost", "customer", idle, "6280")
	links := []any{m{"TxnId": charge, "TxnType": "ReimburseCharge"}}
	check(t, c.invoice(cust, 25, m{"LinkedTxn": links}), map[string]string{"LinkedTxn": "[]"}) // read only
	inv := c.do(qbobox.Action{Action: "create", Type: "Invoice", Data: m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 25)}, "LinkedTxn": links}}).ID
	check(t, c.get("invoice/"+inv), map[string]string{"LinkedTxn.0.TxnType": "ReimburseCharge", "LinkedTxn.0.TxnId": charge})
	check(t, c.get("reimbursecharge/"+charge), map[string]string{"HasBeenInvoiced": "true"})
	check(t, c.get("bill/"+s(bill, "Id")), map[string]string{"Line.0.AccountBasedExpenseLineDetail.BillableStatus": "HasBeenBilled"})
	read := c.get("invoice/" + inv)
	read["PrivateNote"] = "n"
	check(t, c.post("invoice", read), map[string]string{"LinkedTxn.0.TxnId": charge}) // a client leaves it where it is
	c.do(qbobox.Action{Action: "delete", Type: "Invoice", ID: inv})
	check(t, c.get("bill/"+s(bill, "Id")), map[string]string{"Line.0.AccountBasedExpenseLineDetail.BillableStatus": "Billable"})
	c.post("bill?operation=delete", m{"Id": bill["Id"], "SyncToken": c.get("bill/" + s(bill, "Id"))["SyncToken"]})
	c.refuses("a charge of no bill", "reimbursecharge", m{}, "500")
	if status, _ := c.call("GET", "reimbursecharge/"+charge, nil); status != 400 {
		t.Error("the charge outlives its bill")
	}
	checkBooks(t, c)
}

// quickbooks-online.md section 4.7: a payment takes an entry as far as the
// customer owes by it; expenses are linked in the screens and only read
func TestLinks_OfAPaymentBesideInvoices(t *testing.T) {
	c := open(t)
	cust, other := s(c.customer("Ann"), "Id"), s(c.customer("Bob"), "Id")
	entry := s(c.post("journalentry", m{"Line": []any{
		journalLine("Debit", c.account("Accounts Receivable (A/R)"), 30, m{"Type": "Customer", "EntityRef": v(cust)}),
		journalLine("Credit", c.account("Opening Balance Equity"), 30, nil),
	}}), "Id")
	pay := func(who string, amt int, typ, id string) m {
		return m{"CustomerRef": v(who), "TotalAmt": amt, "Line": []any{link(typ, id, amt)}}
	}
	c.refuses("more than the entry says", "payment", pay(cust, 31, "JournalEntry", entry), "6000")
	c.refuses("another's entry", "payment", pay(other, 5, "JournalEntry", entry), "6000")
	c.post("payment", pay(cust, 20, "JournalEntry", entry))
	c.refuses("more than is left", "payment", pay(cust, 11, "JournalEntry", entry), "6000")
	c.post("payment", pay(cust, 10, "JournalEntry", entry))
	check(t, c.get("customer/"+cust), map[string]string{"Balance": "0"})
	for kind, way := range map[string]string{"Expense": "Cash", "Check": "Check"} {
		id := s(c.post("purchase", m{"PaymentType": way, "AccountRef": v(c.account("Checking")), "Line": []any{accountLine(c.account("Travel"), 5)}}), "Id")
		c.refuses(kind, "payment", pay(cust, 5, kind, id), "620")
		c.refuses(kind+" of nothing", "payment", pay(cust, 5, kind, "999"), "2500")
		made, err := c.box.Do(context.Background(), qbobox.Action{Action: "create", Type: "Payment", Data: pay(cust, 5, kind, id)})
		if err != nil {
			t.Fatal(err)
		}
		read := c.get("payment/" + made.ID)
		read["PrivateNote"] = "n"
		check(t, c.post("payment", read), map[string]string{"Line.0.LinkedTxn.0.TxnType": kind, "PrivateNote": "n"})
	}
	bill := s(c.post("bill", m{"VendorRef": v(s(c.vendor("V"), "Id")), "Line": []any{accountLine(c.account("Travel"), 5)}}), "Id")
	c.refuses("a bill", "payment", pay(cust, 5, "Bill", bill), "620")
	checkBooks(t, c)
}
