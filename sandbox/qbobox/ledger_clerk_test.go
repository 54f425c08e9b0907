package qbobox_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// clerk makes random writes, refused ones included.
type clerk struct {
	t                         *testing.T
	c                         *client
	r                         *rand.Rand
	customers, vendors, goods []string
	docs                      [][2]string // entity path, id
}

func newClerk(t *testing.T, c *client, r *rand.Rand) *clerk {
	k := &clerk{t: t, c: c, r: r}
	for i := range 3 {
		k.customers = append(k.customers, s(c.customer(fmt.Sprint("Customer ", i)), "Id"))
		k.vendors = append(k.vendors, s(c.vendor(fmt.Sprint("Vendor ", i)), "Id"))
		k.goods = append(k.goods, s(c.stockItem(fmt.Sprint("Pump ", i), 20, "2026-04-01"), "Id"))
	}
	return k
}

func pick[T any](k *clerk, of []T) T { return of[k.r.IntN(len(of))] }

func (k *clerk) date() string { return fmt.Sprintf("2026-04-%02d", 2+k.r.IntN(28)) }

func (k *clerk) money() float64 { return float64(k.r.IntN(20000)) / 100 }

// write sends a body and remembers the document it made.
func (k *clerk) write(path string, body m) {
	k.t.Helper()
	status, out := k.c.call("POST", path, body)
	if status != 200 {
		if status >= 500 {
			k.t.Fatalf("%s %v: %d %v", path, body, status, out)
		}
		return
	}
	for key, o := range out {
		if o, ok := o.(m); ok && key != "time" && s(o, "SyncToken") == "0" {
			k.docs = append(k.docs, [2]string{path, s(o, "Id")})
		}
	}
}

func (k *clerk) saleLines() []any {
	qty := 1 + k.r.IntN(5)
	return []any{saleLine(pick(k, k.goods), qty, 15, 15*qty), saleLine("1", nil, nil, k.money())}
}

func (k *clerk) buyLines() []any {
	qty, price := 1+k.r.IntN(5), 8+k.r.IntN(5)
	return []any{itemLine(pick(k, k.goods), qty, price, qty*price), accountLine(k.c.account("Travel"), k.money())}
}

func (k *clerk) step() {
	makes := k.makes()
	switch n := k.r.IntN(10); {
	case n < 6 || len(k.docs) == 0:
		pick(k, makes)()
	case n < 7:
		k.undo("delete")
	case n < 8:
		k.undo("void")
	default:
		k.change()
	}
}

func (k *clerk) makes() []func() {
	return []func(){
		func() {
			k.write("invoice", m{"CustomerRef": v(pick(k, k.customers)), "TxnDate": k.date(), "Line": k.saleLines(), "TxnTaxDetail": m{"TxnTaxCodeRef": v("3")}})
		},
		func() {
			k.write("creditmemo", m{"CustomerRef": v(pick(k, k.customers)), "TxnDate": k.date(), "Line": k.saleLines()})
		},
		func() { k.write("estimate", m{"CustomerRef": v(pick(k, k.customers)), "Line": k.saleLines()}) },
		func() {
			k.write("bill", m{"VendorRef": v(pick(k, k.vendors)), "TxnDate": k.date(), "Line": k.buyLines()})
		},
		func() { k.write("purchaseorder", m{"VendorRef": v(pick(k, k.vendors)), "Line": k.buyLines()}) },
		k.pay, k.adjust, k.payBill, k.deposit,
		func() {
			k.write("inventoryadjustment", m{"AdjustAccountRef": v(k.c.account("Cost of Goods Sold")), "TxnDate": k.date(), "Line": []any{
				m{"ItemAdjustmentLineDetail": m{"ItemRef": v(pick(k, k.goods)), "QtyDiff": k.r.IntN(9) - 4}},
			}})
		},
		func() {
			k.write("salesreceipt", m{"CustomerRef": v(pick(k, k.customers)), "TxnDate": k.date(), "Line": k.saleLines()})
		},
		func() {
			k.write("refundreceipt", m{"CustomerRef": v(pick(k, k.customers)), "TxnDate": k.date(), "Line": k.saleLines()})
		},
		func() {
			k.write("vendorcredit", m{"VendorRef": v(pick(k, k.vendors)), "TxnDate": k.date(), "Line": k.buyLines()})
		},
		func() {
			k.write("purchase", m{"PaymentType": "Cash", "AccountRef": v(k.c.account("Checking")), "TxnDate": k.date(), "Line": k.buyLines(), "EntityRef": m{"value": pick(k, k.vendors), "type": "Vendor"}})
		},
		func() {
			k.write("transfer", m{"FromAccountRef": v(k.c.account("Checking")), "ToAccountRef": v(k.c.account("Undeposited Funds")), "Amount": k.money(), "TxnDate": k.date()})
		},
		func() {
			amt := k.money()
			k.write("journalentry", m{"TxnDate": k.date(), "Line": []any{
				journalLine("Debit", k.c.account("Accounts Receivable (A/R)"), amt, m{"Type": "Customer", "EntityRef": v(pick(k, k.customers))}),
				journalLine("Credit", k.c.account("Accounts Payable (A/P)"), amt, m{"Type": "Vendor", "EntityRef": v(pick(k, k.vendors))}),
			}})
		},
	}
}

// pay pays some open invoice in part, from a random customer or its own.
func (k *clerk) pay() {
	cu := pick(k, k.customers)
	body := m{"CustomerRef": v(cu), "TotalAmt": k.money(), "TxnDate": k.date()}
	if inv := k.one("Invoice", "CustomerRef.value", cu); inv != nil && k.r.IntN(4) > 0 {
		body["TotalAmt"] = inv["Balance"]
		body["Line"] = []any{m{"Amount": inv["Balance"], "LinkedTxn": []any{m{"TxnId": s(inv, "Id"), "TxnType": "Invoice"}}}}
	}
	k.write("payment", body)
}

// payBill pays some open bill.
func (k *clerk) payBill() {
	ve := pick(k, k.vendors)
	bill := k.one("Bill", "VendorRef.value", ve)
	if bill == nil {
		return
	}
	k.write("billpayment", m{
		"VendorRef": v(ve), "TotalAmt": bill["Balance"], "PayType": "Check", "TxnDate": k.date(),
		"CheckPayment": m{"BankAccountRef": v(k.c.account("Checking"))},
		"Line":         []any{m{"Amount": bill["Balance"], "LinkedTxn": []any{m{"TxnId": s(bill, "Id"), "TxnType": "Bill"}}}},
	})
}

// deposit brings some payment to the bank, and money from an account.
func (k *clerk) deposit() {
	lines := []any{m{"Amount": k.money(), "DetailType": "DepositLineDetail", "DepositLineDetail": m{"AccountRef": v(k.c.account("Services"))}}}
	for _, o := range k.c.box.All("Payment") {
		if o["LinkedTxn"] == nil && s(o, "TotalAmt") != "0" {
			lines = append(lines, m{"Amount": o["TotalAmt"], "LinkedTxn": []any{m{"TxnId": s(o, "Id"), "TxnType": "Payment", "TxnLineId": "0"}}})
			break
		}
	}
	k.write("deposit", m{"DepositToAccountRef": v(k.c.account("Checking")), "TxnDate": k.date(), "Line": lines})
}

// one is some open document of a party.
func (k *clerk) one(entity, by, party string) m {
	for _, o := range k.c.box.All(entity) {
		if s(o, by) == party && s(o, "Balance") != "0" && k.r.IntN(2) == 0 {
			return o
		}
	}
	return nil
}

func (k *clerk) adjust() {
	o := k.c.get("item/" + pick(k, k.goods))
	k.c.call("POST", "item", m{"Id": s(o, "Id"), "SyncToken": s(o, "SyncToken"), "sparse": true, "QtyOnHand": k.r.IntN(30), "InvStartDate": k.date(), "PurchaseCost": 5 + k.r.IntN(10)})
}

func (k *clerk) undo(how string) {
	d := pick(k, k.docs)
	o, status := k.read(d)
	if status == 200 {
		k.c.call("POST", d[0]+"?operation="+how, m{"Id": d[1], "SyncToken": s(o, "SyncToken")})
	}
}

func (k *clerk) read(d [2]string) (m, int) {
	status, out := k.c.call("GET", d[0]+"/"+d[1], nil)
	for key, o := range out {
		if o, ok := o.(m); ok && key != "time" {
			return o, status
		}
	}
	return nil, status
}

// change sends other lines, another party or another date.
func (k *clerk) change() {
	d := pick(k, k.docs)
	o, status := k.read(d)
	if status != 200 {
		return
	}
	body := m{"Id": d[1], "SyncToken": s(o, "SyncToken"), "sparse": true, "TxnDate": k.date()}
	switch d[0] {
	case "invoice", "creditmemo", "estimate", "salesreceipt", "refundreceipt":
		body["Line"] = k.saleLines()
		body["CustomerRef"] = v(pick(k, k.customers))
	case "bill", "purchaseorder", "vendorcredit":
		body["Line"] = k.buyLines()
		body["VendorRef"] = v(pick(k, k.vendors))
	case "payment":
		body["TotalAmt"], body["Line"], body["CustomerRef"] = k.money(), []any{}, o["CustomerRef"]
	case "purchase":
		body["PaymentType"], body["Line"] = "Cash", k.buyLines()
	case "transfer":
		body["Amount"] = k.money()
	default:
		body["PrivateNote"] = fmt.Sprint(k.r.IntN(1000))
	}
	k.c.call("POST", d[0], body)
}
