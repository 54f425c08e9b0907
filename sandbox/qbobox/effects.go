package qbobox

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// effects is what a document does to other documents, worked out from the
// document alone. A write applies the difference between before and after, so
// that values the box cannot explain (recorded balances) stay as they are.
// Money and goods move through the ledger instead.
type effects struct {
	applied   map[string]decimal.Decimal // payments: taken off a transaction, by handle
	estimates map[string]bool            // invoices: made from these
	orders    map[string]decimal.Decimal // bills: received, by "order id/line id"; "order id/" is the whole order
	deposited map[string]bool            // deposits: what they bring to the bank, by handle
	charged   map[string]bool            // invoices: work and costs they bill, by handle
	items     map[string]bool            // stocked items that are merely mentioned
}

func newEffects() *effects {
	m := func() map[string]decimal.Decimal { return map[string]decimal.Decimal{} }
	f := func() map[string]bool { return map[string]bool{} }
	return &effects{applied: m(), orders: m(), estimates: f(), deposited: f(), charged: f(), items: f()}
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
	switch e.name {
	case "Invoice":
		for _, k := range list(o, "LinkedTxn") {
			switch typ, id := str(k, "TxnType"), str(k, "TxnId"); typ {
			case "Estimate":
				fx.estimates[id] = true
			case "TimeActivity", "ReimburseCharge":
				fx.charged[handle(typ, id)] = true
			}
		}
	case "Payment", "BillPayment":
		fx.applied = paymentLinks(o)
	case "Bill", "Purchase":
		orderEffects(fx, o)
	case "Deposit":
		for _, l := range list(o, "Line") {
			for _, k := range list(l, "LinkedTxn") {
				fx.deposited[handle(str(k, "TxnType"), str(k, "TxnId"))] = true
			}
		}
	case "PurchaseOrder":
		for _, l := range list(o, "Line") {
			if id := str(l, "ItemBasedExpenseLineDetail.ItemRef.value"); b.stocked(id) != nil {
				fx.items[id] = true
			}
		}
	}
	return fx
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
	doc := cmpObject(after, before)
	var touch []string // a new or deleted document touches its party also when the amount is nothing
	if (before == nil || after == nil) && posts[e.name] {
		touch = parties(doc)
	}
	b.enterAndCarry(handle(e.name, str(doc, "Id")), b.entryOf(e, after), bump, touch)
	b.touchOrderParties(e, old, now, after, bump)
	for _, h := range differences(old.applied, now.applied) {
		b.apply(h, e.name, str(doc, "Id"), now.applied[h].Sub(old.applied[h]), now.applied[h], bump)
	}
	b.linkEstimates(by, old, now, doc, bump)
	b.linkOrders(e, old, now, doc, bump)
	b.raiseCharges(e, before, after)
	b.linkCharges(old, now, bump)
	b.linkDeposited(old, now, str(doc, "Id"), bump)
	if payable(e.name) {
		b.detach(by, e, before, after)
		b.repay(e, before, after, bump)
	}
	if after == nil && (e.name == "Estimate" || e.name == "PurchaseOrder") {
		b.forget(e, str(before, "Id"), bump)
	}
}

// payable are the documents that payments settle.
func payable(entity string) bool {
	switch entity {
	case "Invoice", "CreditMemo", "Bill", "VendorCredit":
		return true
	default:
		return false
	}
}

// repay enters the payments of a document again when it changed hands or rate.
func (b *Box) repay(e *entity, before, after object, bump bool) {
	if before == nil || after == nil {
		return
	}
	same := num(before, "ExchangeRate").Equal(num(after, "ExchangeRate"))
	for _, k := range []string{"CustomerRef.value", "VendorRef.value", "ARAccountRef.value", "APAccountRef.value"} {
		same = same && str(before, k) == str(after, k)
	}
	rec := b.find(e.name, str(after, "Id"))
	if same || rec == nil {
		return
	}
	for _, user := range b.users(rec) {
		if user.ent.name == "Payment" || user.ent.name == "BillPayment" {
			b.enterAndCarry(user.handle(), b.entryOf(user.ent, user.object()), bump, nil)
		}
	}
}

func cmpObject(a, b object) object {
	if a != nil {
		return a
	}
	return b
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

// apply takes a payment off a document and keeps the link.
func (b *Box) apply(target, payment, id string, delta, left decimal.Decimal, bump bool) {
	typ, doc := splitHandle(target)
	rec := b.find(typ, doc)
	if rec == nil || !payable(typ) {
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
		switch {
		case typ == "Invoice":
			setLink(o, payment, id, !left.IsZero())
		case payment == "BillPayment":
			setLink(o, "BillPaymentCheck", id, !left.IsZero()) // of a card too (recorded)
		}
		if !b.opt.Dials.PaymentsKeepInvoiceToken && bump {
			raiseToken(o)
		}
	})
}

// linkDeposited keeps on payments and sales receipts which deposit took them.
func (b *Box) linkDeposited(old, now *effects, deposit string, bump bool) {
	for _, h := range slices.Sorted(maps.Keys(union(old.deposited, now.deposited))) {
		if old.deposited[h] == now.deposited[h] {
			continue
		}
		rec := b.find(splitHandle(h))
		if rec == nil {
			continue
		}
		b.patch(rec, bump, func(o object) {
			setLink(o, "Deposit", deposit, now.deposited[h])
			if len(list(o, "LinkedTxn")) == 0 {
				delete(o, "LinkedTxn")
			}
		})
	}
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
