package company

import "github.com/shopspring/decimal"

// order is a purchase order to be written.
type order struct {
	number string
	from   *vendor
	date   string
	due    string
	lines  []buy
	rate   string
	closed bool // by hand
	more   object
}

// buy is one line of a purchase: of an item, or on an account.
type buy struct {
	of      *item
	account string
	qty     string
	price   string // default the item's cost
	sum     string // account lines
	text    string
}

// ordered is a purchase order that is in the books.
type ordered struct {
	id    string
	from  *vendor
	lines []buy
	rate  string
}

func (b *books) order(f order) *ordered {
	po := &ordered{id: b.txnID(), from: f.from, lines: f.lines, rate: f.rate}
	var lines []any
	for _, l := range f.lines {
		lines = append(lines, b.buyLine(l, whole(1)))
	}
	o := object{"Id": po.id, "VendorRef": ref(f.from.id), "TxnDate": f.date, "Line": lines}
	if f.number != "" {
		o["DocNumber"] = f.number
	}
	if f.due != "" {
		o["DueDate"] = f.due
	}
	if f.closed {
		o["POStatus"] = "Closed"
	}
	if f.from.currency != b.home {
		o["CurrencyRef"], o["ExchangeRate"] = ref(f.from.currency), num(dec(f.rate))
	}
	b.add("PurchaseOrder", f.date, with(o, f.more))
	return po
}

func (b *books) buyLine(l buy, share decimal.Decimal) object {
	if l.of == nil {
		amount := cents(dec(l.sum).Mul(share))
		return object{
			"Amount": num(amount), "Description": l.text, "DetailType": "AccountBasedExpenseLineDetail",
			"AccountBasedExpenseLineDetail": object{"AccountRef": b.account(l.account), "TaxCodeRef": ref("NON")},
		}
	}
	price := l.of.cost
	if l.price != "" {
		price = dec(l.price)
	}
	qty := dec(l.qty).Mul(share)
	amount := cents(qty.Mul(price))
	o := object{
		"Amount": num(amount), "DetailType": "ItemBasedExpenseLineDetail",
		"ItemBasedExpenseLineDetail": object{"ItemRef": ref(l.of.id), "Qty": num(qty), "UnitPrice": num(price), "TaxCodeRef": ref("NON")},
	}
	if l.text != "" {
		o["Description"] = l.text
	}
	return o
}

// bill queues the vendor's bill for an order, or for a part of 100 of it. Line
// ids of an order are numbered from 1.
func (b *books) bill(po *ordered, date string, part int) {
	share := whole(part).Div(hundred)
	var lines []any
	for i, l := range po.lines {
		o := b.buyLine(l, share)
		o["LinkedTxn"] = []any{object{"TxnId": po.id, "TxnType": "PurchaseOrder", "TxnLineId": whole(i + 1).String()}}
		lines = append(lines, o)
	}
	o := object{"Id": b.txnID(), "VendorRef": ref(po.from.id), "TxnDate": date, "Line": lines}
	if po.from.currency != b.home {
		o["CurrencyRef"], o["ExchangeRate"] = ref(po.from.currency), num(dec(po.rate))
	}
	b.add("Bill", date, o)
}
