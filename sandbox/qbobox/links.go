package qbobox

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

func splitHandle(h string) (entity, id string) {
	entity, id, _ = strings.Cut(h, ":")
	return entity, id
}

// settleLinks keeps what a client may write of an invoice's links, the
// estimates, and all that it may not (reference section 4.7).
func (b *Box) settleLinks(w *write) *fault {
	if w.ent.name != "Invoice" {
		if w.creating() && !w.by.trusted {
			delete(w.next, "LinkedTxn")
		} else if !w.creating() {
			delete(w.next, "LinkedTxn")
			if l := w.before["LinkedTxn"]; l != nil {
				w.next["LinkedTxn"] = clone(l)
			}
		}
		return nil
	}
	var links []object
	sent := list(w.next, "LinkedTxn")
	if !w.has("LinkedTxn") && !w.creating() {
		sent = list(w.before, "LinkedTxn")
	}
	for _, k := range sent {
		typ, id := str(k, "TxnType"), str(k, "TxnId")
		var flt *fault
		switch {
		case typ == "Estimate":
			flt = b.checkEstimateLink(w, typ, id)
		case typ == "TimeActivity":
			flt = b.checkTimeLink(w, id)
		case typ == "ReimburseCharge" && !w.by.isAPI():
			flt = b.checkChargeLink(w, id)
		default:
			continue
		}
		if flt != nil {
			return flt
		}
		links = append(links, object{"TxnId": id, "TxnType": typ})
	}
	if !w.creating() {
		for _, k := range list(w.before, "LinkedTxn") {
			if t := str(k, "TxnType"); t != "Estimate" && t != "TimeActivity" && (t != "ReimburseCharge" || w.by.isAPI()) {
				links = append(links, k)
			}
		}
	}
	w.next["LinkedTxn"] = anys(links)
	if w.creating() {
		markLines(w, links)
	}
	return nil
}

// checkEstimateLink allows one invoice per estimate through the API; people may invoice in parts.
func (b *Box) checkEstimateLink(w *write, typ, id string) *fault {
	if typ != "Estimate" {
		return nil
	}
	r := b.find("Estimate", id)
	if r == nil {
		return notFound()
	}
	o := r.object()
	if w.by.trusted {
		return nil
	}
	if !b.sameFamily(str(o, "CustomerRef.value"), str(w.next, "CustomerRef.value")) {
		return business("The estimate belongs to another customer.")
	}
	for _, k := range list(o, "LinkedTxn") {
		if w.by.isAPI() && str(k, "TxnType") == "Invoice" && str(k, "TxnId") != w.id() {
			return business("The estimate is already linked to another transaction.")
		}
	}
	return nil
}

// markLines repeats the estimate on the invoice's lines (recorded).
func markLines(w *write, links []object) {
	for _, k := range links {
		if str(k, "TxnType") != "Estimate" {
			continue
		}
		for _, l := range list(w.next, "Line") {
			if str(l, "DetailType") == "SalesItemLineDetail" && l["LinkedTxn"] == nil {
				l["LinkedTxn"] = []any{clone(k)}
			}
		}
	}
}

// linkEstimates closes estimates that become invoiced and reopens those that no longer are.
func (b *Box) linkEstimates(by *actor, old, now *effects, invoice object, bump bool) {
	for _, id := range slices.Sorted(maps.Keys(union(old.estimates, now.estimates))) {
		if old.estimates[id] == now.estimates[id] {
			continue
		}
		rec := b.find("Estimate", id)
		if rec == nil {
			continue
		}
		b.patch(rec, bump, func(o object) {
			setLink(o, "Invoice", str(invoice, "Id"), now.estimates[id])
			b.estimateStatus(by, o, invoice, now.estimates[id])
		})
	}
}

// estimateStatus: the API closes an estimate with its first invoice; invoices
// made in parts by people close it when they reach its total. Without any it
// is open again (an open point of the reference: likely Pending).
func (b *Box) estimateStatus(by *actor, o, invoice object, linked bool) {
	links := list(o, "LinkedTxn")
	billed := decimal.Zero
	for _, k := range links {
		if str(k, "TxnType") != "Invoice" {
			continue
		}
		if str(k, "TxnId") == str(invoice, "Id") {
			billed = billed.Add(num(invoice, "TotalAmt"))
		} else if r := b.find("Invoice", str(k, "TxnId")); r != nil {
			billed = billed.Add(num(r.object(), "TotalAmt"))
		}
	}
	switch {
	case linked && by.isAPI(), len(links) > 0 && billed.GreaterThanOrEqual(num(o, "TotalAmt")):
		o["TxnStatus"] = "Closed"
	case str(o, "AcceptedDate") != "" || str(o, "AcceptedBy") != "":
		o["TxnStatus"] = "Accepted"
	default:
		o["TxnStatus"] = "Pending"
	}
	if len(links) == 0 {
		delete(o, "LinkedTxn")
	}
}

// linkOrders keeps Received, POStatus and links of purchase orders in step with bills.
func (b *Box) linkOrders(e *entity, old, now *effects, bill object, bump bool) {
	var changed []string
	for _, k := range differences(old.orders, now.orders) {
		id, _, _ := strings.Cut(k, "/")
		if !slices.Contains(changed, id) {
			changed = append(changed, id)
		}
	}
	for _, id := range changed {
		rec := b.find("PurchaseOrder", id)
		if rec == nil {
			continue
		}
		b.patch(rec, bump, func(o object) { receive(o, id, handle(e.name, str(bill, "Id")), old, now, bump) })
	}
}

func receive(o object, id, bill string, old, now *effects, bump bool) {
	linked := false
	for k := range now.orders {
		linked = linked || strings.HasPrefix(k, id+"/")
	}
	open := false
	whole := !now.orders[id+"/"].IsZero()
	for _, l := range list(o, "Line") {
		k := id + "/" + str(l, "Id")
		want := num(l, "ItemBasedExpenseLineDetail.Qty")
		if want.IsZero() {
			want = num(l, "Amount")
		}
		got := num(l, "Received").Add(now.orders[k].Sub(old.orders[k]))
		if whole {
			got = want
		}
		if has(l, "ItemBasedExpenseLineDetail") || !got.IsZero() {
			l["Received"] = number(got)
		}
		open = open || got.LessThan(want)
	}
	typ, bid := splitHandle(bill)
	setLink(o, typ, bid, linked)
	o["POStatus"] = "Closed"
	if open {
		o["POStatus"] = "Open"
	}
	if bump {
		raiseToken(o)
	}
}

// detach frees the payments of an invoice or credit memo that was deleted or
// voided: they become unapplied (reference section 4.6).
func (b *Box) detach(by *actor, e *entity, before, after object) {
	if before == nil || after != nil && !voided(after) {
		return
	}
	rec := b.find(e.name, str(before, "Id"))
	if rec == nil {
		return
	}
	for _, user := range b.users(rec) {
		if user.ent.name != "Payment" && user.ent.name != "BillPayment" {
			continue
		}
		was := user.object()
		is := freed(was, rec.handle())
		if !by.trusted {
			setUpdated(is, b.tick)
			raiseToken(is)
		}
		b.put(user.ent, is)
		b.enterAndCarry(user.handle(), b.entryOf(user.ent, is), !by.trusted, nil)
		old, now := paymentLinks(was), paymentLinks(is)
		for _, h := range differences(old, now) {
			if h != rec.handle() {
				b.apply(h, user.ent.name, user.id, now[h].Sub(old[h]), now[h], !by.trusted)
			}
		}
	}
}

func voided(o object) bool {
	return num(o, "TotalAmt").IsZero() && strings.HasPrefix(str(o, "PrivateNote"), "Voided")
}

// freed is a payment without its lines for one transaction. A payment that
// only joined a credit to it has no purpose left and loses all lines.
func freed(payment object, target string) object {
	out := cloneObject(payment)
	var lines []object
	for _, l := range list(out, "Line") {
		links := list(l, "LinkedTxn")
		if len(links) == 1 && handle(str(links[0], "TxnType"), str(links[0], "TxnId")) == target {
			continue
		}
		lines = append(lines, l)
	}
	total := num(out, "TotalAmt")
	if total.IsZero() {
		lines = nil
	}
	left := total
	for _, l := range lines {
		if t := str(list(l, "LinkedTxn")[0], "TxnType"); t == "CreditMemo" || t == "VendorCredit" {
			left = left.Add(num(l, "Amount"))
		} else {
			left = left.Sub(num(l, "Amount"))
		}
	}
	out["Line"] = anys(lines)
	if has(payment, "UnappliedAmt") {
		out["UnappliedAmt"] = number(left)
	}
	return out
}

// forget removes the links to a deleted estimate or purchase order.
func (b *Box) forget(e *entity, id string, bump bool) {
	rec := b.find(e.name, id)
	if rec == nil {
		return
	}
	for _, user := range b.users(rec) {
		b.patch(user, bump, func(o object) {
			drop := func(v object) {
				if has(v, "LinkedTxn") {
					setLink(v, e.name, id, false)
				}
			}
			drop(o)
			for _, l := range list(o, "Line") {
				drop(l)
				if links, _ := l["LinkedTxn"].([]any); len(links) == 0 && e.name == "Estimate" {
					delete(l, "LinkedTxn")
				}
			}
		})
	}
}
