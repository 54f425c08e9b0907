package qbobox

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// effects is what a document does to other records, worked out from the
// document alone. A write applies the difference between before and after, so
// that values the box cannot explain (recorded balances) stay as they are.
type effects struct {
	customers map[string]decimal.Decimal // owed by them
	vendors   map[string]decimal.Decimal // owed to them
	stock     map[string]decimal.Decimal // pieces
	ledger    map[string]decimal.Decimal // account balances
	applied   map[string]decimal.Decimal // payments: taken off a transaction, by handle
	estimates map[string]bool            // invoices: made from these
	orders    map[string]decimal.Decimal // bills: received, by "order id/line id"; "order id/" is the whole order
	items     map[string]bool            // stocked items that are merely mentioned
}

func newEffects() *effects {
	m := func() map[string]decimal.Decimal { return map[string]decimal.Decimal{} }
	return &effects{
		customers: m(), vendors: m(), stock: m(), ledger: m(), applied: m(), orders: m(),
		estimates: map[string]bool{}, items: map[string]bool{},
	}
}

func add(m map[string]decimal.Decimal, key string, d decimal.Decimal) {
	if key != "" {
		m[key] = m[key].Add(d)
	}
}

func (b *Box) effects(e *entity, o object) *effects {
	fx := newEffects()
	if o == nil {
		return fx
	}
	total := num(o, "TotalAmt")
	home := total
	if r := num(o, "ExchangeRate"); !r.IsZero() {
		home = cents(total.Mul(r))
	}
	switch e.name {
	case "Invoice":
		add(fx.customers, str(o, "CustomerRef.value"), total.Sub(num(o, "Deposit")))
		add(fx.ledger, b.accountBySubType("AccountsReceivable"), home)
		b.stockOf(fx, o, "SalesItemLineDetail", decimal.NewFromInt(-1))
		for _, k := range list(o, "LinkedTxn") {
			if str(k, "TxnType") == "Estimate" {
				fx.estimates[str(k, "TxnId")] = true
			}
		}
	case "CreditMemo":
		add(fx.customers, str(o, "CustomerRef.value"), total.Neg())
		add(fx.ledger, b.accountBySubType("AccountsReceivable"), home.Neg())
		b.stockOf(fx, o, "SalesItemLineDetail", decimal.NewFromInt(1))
	case "Payment":
		add(fx.customers, str(o, "CustomerRef.value"), total.Neg())
		add(fx.ledger, b.accountBySubType("AccountsReceivable"), home.Neg())
		add(fx.ledger, str(o, "DepositToAccountRef.value"), home)
		fx.applied = paymentLinks(o)
	case "Bill":
		add(fx.vendors, str(o, "VendorRef.value"), total)
		add(fx.ledger, str(o, "APAccountRef.value"), home.Neg())
		b.stockOf(fx, o, "ItemBasedExpenseLineDetail", decimal.NewFromInt(1))
		orderEffects(fx, o)
	case "PurchaseOrder":
		for _, l := range list(o, "Line") {
			if id := str(l, "ItemBasedExpenseLineDetail.ItemRef.value"); b.stocked(id) != nil {
				fx.items[id] = true
			}
		}
	}
	return fx
}

func (b *Box) stockOf(fx *effects, o object, detail string, sign decimal.Decimal) {
	var walk func(lines []object)
	walk = func(lines []object) {
		for _, l := range lines {
			walk(list(l, "GroupLineDetail.Line"))
			id := str(l, detail+".ItemRef.value")
			item := b.stocked(id)
			if item == nil {
				continue
			}
			qty := num(l, detail+".Qty").Mul(sign)
			add(fx.stock, id, qty)
			add(fx.ledger, str(item, "AssetAccountRef.value"), cents(qty.Mul(num(item, "PurchaseCost"))))
		}
	}
	walk(list(o, "Line"))
}

func orderEffects(fx *effects, bill object) {
	for _, k := range list(bill, "LinkedTxn") {
		if str(k, "TxnType") == "PurchaseOrder" {
			add(fx.orders, str(k, "TxnId")+"/", decimal.NewFromInt(1))
		}
	}
	for _, l := range list(bill, "Line") {
		for _, k := range list(l, "LinkedTxn") {
			if str(k, "TxnType") != "PurchaseOrder" {
				continue
			}
			got := num(l, "ItemBasedExpenseLineDetail.Qty")
			if got.IsZero() {
				got = num(l, "Amount")
			}
			add(fx.orders, str(k, "TxnId")+"/"+str(k, "TxnLineId"), got)
		}
	}
}

// differences lists the keys of either map whose values differ, in order.
func differences(before, after map[string]decimal.Decimal) []string {
	var out []string
	for k := range maps.Keys(union(before, after)) {
		if !before[k].Equal(after[k]) {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

func union[V any](a, b map[string]V) map[string]V {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// settle carries a document's write into the records it touches: balances,
// quantities, links, statuses. Lists follow without a new token, only with a
// new time (reference section 4.1).
func (b *Box) settle(by *actor, e *entity, before, after object) {
	if e.shape != document {
		return
	}
	old, now := b.effects(e, before), b.effects(e, after)
	bump := !by.trusted
	fresh := before == nil || after == nil
	for _, id := range touched(old.customers, now.customers, fresh) {
		b.owe("Customer", id, now.customers[id].Sub(old.customers[id]), bump)
	}
	for _, id := range touched(old.vendors, now.vendors, fresh) {
		b.owe("Vendor", id, now.vendors[id].Sub(old.vendors[id]), bump)
	}
	for _, id := range differences(old.stock, now.stock) {
		b.moveQty(id, now.stock[id].Sub(old.stock[id]), bump)
	}
	for _, id := range differences(old.ledger, now.ledger) {
		b.book(id, now.ledger[id].Sub(old.ledger[id]))
	}
	b.touchOrderParties(e, old, now, after, bump)
	for _, h := range differences(old.applied, now.applied) {
		b.apply(h, str(cmpObject(after, before), "Id"), now.applied[h].Sub(old.applied[h]), now.applied[h], bump)
	}
	b.linkEstimates(by, old, now, cmpObject(after, before), bump)
	b.linkOrders(old, now, cmpObject(after, before), bump)
	if e.name == "Invoice" || e.name == "CreditMemo" {
		b.detach(by, e, before, after)
	}
	if after == nil && (e.name == "Estimate" || e.name == "PurchaseOrder") {
		b.forget(e, str(before, "Id"), bump)
	}
}

func cmpObject(a, b object) object {
	if a != nil {
		return a
	}
	return b
}

// touched are the parties whose amount changes; a new or deleted document
// touches its party also when the amount is nothing.
func touched(old, now map[string]decimal.Decimal, fresh bool) []string {
	if !fresh {
		return differences(old, now)
	}
	return slices.Sorted(maps.Keys(union(old, now)))
}

// owe changes a balance and, upwards, the balances with jobs.
func (b *Box) owe(entity, id string, delta decimal.Decimal, bump bool) {
	rec := b.find(entity, id)
	if rec == nil {
		return
	}
	b.patch(rec, bump, func(o object) {
		o["Balance"] = number(num(o, "Balance").Add(delta))
		if entity == "Customer" {
			o["BalanceWithJobs"] = number(num(o, "BalanceWithJobs").Add(delta))
		}
	})
	if entity == "Customer" {
		b.oweAbove(b.parent(rec), delta, bump)
	}
}

// oweAbove changes what a customer and those above it are owed with jobs.
func (b *Box) oweAbove(from *record, delta decimal.Decimal, bump bool) {
	for up := from; up != nil; up = b.parent(up) {
		b.patch(up, bump, func(o object) { o["BalanceWithJobs"] = number(num(o, "BalanceWithJobs").Add(delta)) })
	}
}

func (b *Box) moveQty(id string, delta decimal.Decimal, bump bool) {
	if rec := b.find("Item", id); rec != nil {
		b.patch(rec, bump, func(o object) { o["QtyOnHand"] = number(num(o, "QtyOnHand").Add(delta)) })
	}
}

// book changes an account's balance and the sums above it.
func (b *Box) book(id string, delta decimal.Decimal) {
	rec := b.find("Account", id)
	if rec == nil || delta.IsZero() {
		return
	}
	b.patch(rec, true, func(o object) {
		o["CurrentBalance"] = number(num(o, "CurrentBalance").Add(delta))
		o["CurrentBalanceWithSubAccounts"] = number(num(o, "CurrentBalanceWithSubAccounts").Add(delta))
	})
	for up := b.parent(rec); up != nil; up = b.parent(up) {
		b.patch(up, true, func(o object) {
			o["CurrentBalanceWithSubAccounts"] = number(num(o, "CurrentBalanceWithSubAccounts").Add(delta))
		})
	}
}

// touchOrderParties moves the times of what a purchase order mentions.
func (b *Box) touchOrderParties(e *entity, old, now *effects, after object, bump bool) {
	if e.name != "PurchaseOrder" || !bump {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(union(old.items, now.items))) {
		if r := b.find("Item", id); r != nil {
			b.patch(r, true, func(object) {})
		}
	}
	if r := b.find("Vendor", str(after, "VendorRef.value")); r != nil && !b.opt.Dials.OrdersLeaveVendorTime {
		b.patch(r, true, func(object) {})
	}
}

// apply takes a payment off an invoice or a credit memo and keeps the link.
func (b *Box) apply(target, payment string, delta, left decimal.Decimal, bump bool) {
	typ, id := splitHandle(target)
	rec := b.find(typ, id)
	if rec == nil || (typ != "Invoice" && typ != "CreditMemo") {
		return
	}
	b.patch(rec, bump, func(o object) {
		bal := number(num(o, "Balance").Sub(delta))
		o["Balance"] = bal
		if has(o, "RemainingCredit") {
			o["RemainingCredit"] = bal
		}
		if r := num(o, "ExchangeRate"); has(o, "HomeBalance") && !r.IsZero() {
			o["HomeBalance"] = number(cents(num(o, "Balance").Mul(r)))
		}
		if typ == "Invoice" {
			setLink(o, "Payment", payment, !left.IsZero())
		}
		if !b.opt.Dials.PaymentsKeepInvoiceToken && bump {
			raiseToken(o)
		}
	})
}

// setLink adds or removes one link of a document.
func setLink(o object, typ, id string, want bool) {
	links := slices.DeleteFunc(list(o, "LinkedTxn"), func(k object) bool {
		return str(k, "TxnType") == typ && str(k, "TxnId") == id
	})
	if want {
		links = append([]object{{"TxnId": id, "TxnType": typ}}, links...)
	}
	o["LinkedTxn"] = anys(links)
}
