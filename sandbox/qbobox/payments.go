package qbobox

import "github.com/shopspring/decimal"

// completePayment derives and checks payments (reference section 5.7).
func (b *Box) completePayment(w *write) *fault {
	customer, flt := b.party(w, "CustomerRef", "Customer")
	if flt != nil {
		return flt
	}
	if !hasNum(w.next, "TotalAmt") {
		if !w.creating() && w.sparse {
			w.next["TotalAmt"] = w.before["TotalAmt"]
		} else {
			return missing("TotalAmt")
		}
	}
	if num(w.next, "TotalAmt").IsNegative() {
		return badNumber("TotalAmt", str(w.next, "TotalAmt"))
	}
	if flt := b.dateAndNumber(w); flt != nil {
		return flt
	}
	if flt := b.settleRate(w, customer); flt != nil {
		return flt
	}
	if str(w.next, "DepositToAccountRef.value") == "" {
		if id := b.accountBySubType("UndepositedFunds"); id != "" {
			w.next["DepositToAccountRef"] = ref(id, "")
		}
	}
	w.preset("ProcessPayment", false)
	if !w.creating() {
		w.next["LinkedTxn"] = clone(w.before["LinkedTxn"])
	}
	if w.next["LinkedTxn"] == nil {
		delete(w.next, "LinkedTxn")
	}
	delete(w.next, "DocNumber")
	if flt := depositedStays(w); flt != nil {
		return flt
	}
	return b.applyPayment(w)
}

// applyPayment checks the lines and works out what is left unapplied.
func (b *Box) applyPayment(w *write) *fault {
	raw, _ := w.next["Line"].([]any)
	raw = b.applied(w, raw)
	lines := make([]any, 0, len(raw))
	used := decimal.Zero
	own := paymentLinks(w.before)
	for _, e := range raw {
		l, ok := e.(object)
		if !ok {
			return badProperty()
		}
		l = cloneObject(l)
		delete(l, "Id")
		delete(l, "LineNum")
		if !hasNum(l, "Amount") {
			return missing("Line.Amount")
		}
		links := list(l, "LinkedTxn")
		if len(links) != 1 {
			return missing("Line.LinkedTxn")
		}
		flt := b.checkPaymentLink(w, num(l, "Amount"), links[0], own)
		if flt != nil {
			return flt
		}
		if str(links[0], "TxnType") == "CreditMemo" {
			used = used.Sub(num(l, "Amount"))
		} else {
			used = used.Add(num(l, "Amount"))
		}
		b.lineNoise(l, links[0])
		lines = append(lines, l)
	}
	left := num(w.next, "TotalAmt").Sub(used)
	if left.IsNegative() && !w.by.trusted {
		return business("The payment is smaller than the amounts applied to its transactions.")
	}
	w.next["Line"], w.next["UnappliedAmt"] = lines, number(left)
	return nil
}

// checkPaymentLink refuses targets that do not exist, belong to somebody else
// or owe less than is applied.
func (b *Box) checkPaymentLink(w *write, amt decimal.Decimal, link object, own map[string]decimal.Decimal) *fault {
	typ, id := str(link, "TxnType"), str(link, "TxnId")
	if typ != "Invoice" && typ != "CreditMemo" {
		return b.checkOtherLink(w, amt, typ, id, own)
	}
	r := b.find(typ, id)
	if r == nil {
		if w.by.trusted {
			return nil
		}
		return notFound()
	}
	if w.by.trusted {
		return nil
	}
	o := r.object()
	if !b.sameFamily(str(o, "CustomerRef.value"), str(w.next, "CustomerRef.value")) {
		return business("The transaction belongs to another customer.")
	}
	if amt.GreaterThan(num(o, "Balance").Add(own[handle(typ, id)])) {
		return business("The amount applied is larger than the open balance of the transaction.")
	}
	return nil
}

// sameFamily lets a parent pay for its jobs.
func (b *Box) sameFamily(owner, payer string) bool {
	for r := b.find("Customer", owner); r != nil; r = b.parent(r) {
		if r.id == payer {
			return true
		}
	}
	for r := b.find("Customer", payer); r != nil; r = b.parent(r) {
		if r.id == owner {
			return true
		}
	}
	return false
}

// paymentLinks sums what a payment takes off each transaction.
func paymentLinks(payment object) map[string]decimal.Decimal {
	out := map[string]decimal.Decimal{}
	for _, l := range list(payment, "Line") {
		for _, k := range list(l, "LinkedTxn") {
			h := handle(str(k, "TxnType"), str(k, "TxnId"))
			out[h] = out[h].Add(num(l, "Amount"))
		}
	}
	return out
}

// lineNoise is the read-only LineEx that payments carry (reference section 5.4).
func (b *Box) lineNoise(l, link object) {
	r := b.find(str(link, "TxnType"), str(link, "TxnId"))
	if r == nil || l["LineEx"] != nil {
		return
	}
	o := r.object()
	l["LineEx"] = object{"any": []any{
		nameValue("txnId", r.id), nameValue("txnOpenBalance", num(o, "Balance").StringFixed(2)), nameValue("txnReferenceNumber", str(o, "DocNumber")),
	}}
}

// mayVoid follows the table of reference section 4.6. People may void more
// than the API does.
func mayVoid(by *actor, e *entity, how string) *fault {
	switch e.name {
	case "Invoice", "Payment", "SalesReceipt":
		return nil
	case "JournalEntry":
		return nil
	case "BillPayment":
		if by.isAPI() && how == "void" {
			return unsupportedOperation("void")
		}
		return nil
	case "CreditMemo", "RefundReceipt", "Purchase", "Transfer":
		if by.isAPI() {
			return unsupportedOperation("void")
		}
		return nil
	case "Bill":
		return systemFailure(200, "java.lang.UnsupportedOperationException")
	default:
		return unsupportedOperation("void")
	}
}

// void zeroes a transaction and keeps it readable (reference section 4.6).
func (b *Box) void(by *actor, e *entity, rec *record, before object) (*record, *fault) {
	if e.name == "JournalEntry" && by.isAPI() {
		return rec, nil // answered, and nothing happens
	}
	zero := number(decimal.Zero)
	next := cloneObject(before)
	if note := str(before, "PrivateNote"); note != "" {
		next["PrivateNote"] = "Voided\n" + note
	} else {
		next["PrivateNote"] = "Voided"
	}
	for _, k := range []string{"TotalAmt", "Amount", "Balance", "UnappliedAmt", "RemainingCredit", "Deposit", "HomeTotalAmt", "HomeBalance"} {
		if has(next, k) {
			next[k] = zero
		}
	}
	switch e.name {
	case "Payment", "BillPayment":
		next["Line"] = []any{}
	case "Transfer":
	default:
		zeroLines(list(next, "Line"))
		next["TxnTaxDetail"] = object{"TotalTax": zero}
	}
	if has(next, "LinkedTxn") {
		next["LinkedTxn"] = []any{}
	}
	delete(next, "CashBack")
	raiseToken(next)
	setUpdated(next, b.tick)
	delete(b.marks, rec.handle())
	b.put(e, next)
	b.writers[rec.handle()] = by.name
	b.settle(by, e, before, next)
	b.logWrite(by, "void", rec, object{"Id": rec.id})
	b.announce(by, rec, "Void", "")
	return rec, nil
}
