package qbobox

import "github.com/shopspring/decimal"

// completePurchase derives and checks purchase orders and bills (reference
// sections 5.6 and 5.8).
func (b *Box) completePurchase(w *write) *fault {
	vendor, flt := b.party(w, "VendorRef", "Vendor")
	if flt != nil {
		return flt
	}
	if flt := b.dateAndNumber(w); flt != nil {
		return flt
	}
	if flt := b.settleRate(w, vendor); flt != nil {
		return flt
	}
	if str(w.next, "APAccountRef.value") == "" {
		id := b.accountBySubType("AccountsPayable")
		if id == "" {
			return missing("APAccountRef")
		}
		w.next["APAccountRef"] = ref(id, b.find("Account", id).title)
	}
	switch w.ent.name {
	case "PurchaseOrder":
		if flt := b.mayOrder(w); flt != nil {
			return flt
		}
		b.presetOrder(w)
	case "Bill":
		b.presetBill(w, vendor)
	default:
		keepLinks(w)
	}
	if b.mustRecalculate(w) {
		if flt := b.recalculatePurchase(w); flt != nil {
			return flt
		}
	}
	b.settleAddresses(w)
	if w.ent.name != "PurchaseOrder" {
		w.next["Balance"] = number(num(w.next, "TotalAmt").Sub(b.appliedSoFar(w)))
	}
	if b.multiCurrency() && hasNum(w.next, "ExchangeRate") && w.ent.name == "Bill" {
		w.next["HomeBalance"] = number(cents(num(w.next, "Balance").Mul(num(w.next, "ExchangeRate"))))
	}
	return nil
}

func (b *Box) presetOrder(w *write) {
	w.preset("POStatus", "Open")
	w.preset("EmailStatus", "NotSet")
	w.preset("CustomField", []any{})
	w.preset("LinkedTxn", []any{})
	if !w.creating() {
		w.next["LinkedTxn"] = clone(w.before["LinkedTxn"]) // written from the bill only
	}
}

func (b *Box) presetBill(w *write, vendor object) {
	if w.creating() && !has(w.next, "SalesTermRef") && vendor["TermRef"] != nil {
		id := str(vendor, "TermRef.value")
		if r := b.find("Term", id); r != nil {
			w.next["SalesTermRef"] = ref(id, r.title)
		}
	}
	w.preset("DueDate", b.dueDate(str(w.next, "TxnDate"), str(w.next, "SalesTermRef.value"), 0))
	if a := vendor["BillAddr"]; a != nil && w.creating() {
		w.preset("VendorAddr", clone(a))
	}
	if !w.creating() {
		if l := w.before["LinkedTxn"]; l != nil {
			w.next["LinkedTxn"] = clone(l)
		} else {
			delete(w.next, "LinkedTxn")
		}
	}
}

func (b *Box) recalculatePurchase(w *write) *fault {
	raw, _ := w.next["Line"].([]any)
	if len(raw) == 0 {
		return missing("Line")
	}
	bk := &basket{}
	ids := newLineIDs(w.before)
	for _, e := range raw {
		l, ok := e.(object)
		if !ok {
			return badProperty()
		}
		l = cloneObject(l)
		if flt := b.purchaseLine(w, l, bk); flt != nil {
			return flt
		}
		ids.give(l)
		bk.lines = append(bk.lines, l)
		bk.subtotal = bk.subtotal.Add(num(l, "Amount"))
	}
	var tax decimal.Decimal
	if b.country() == "US" {
		if !w.by.trusted {
			delete(w.next, "TxnTaxDetail")
		}
		tax = num(w.next, "TxnTaxDetail.TotalTax")
	} else {
		var flt *fault
		if tax, flt = b.tax(w, bk, "purchase"); flt != nil {
			return flt
		}
	}
	w.next["Line"] = anys(bk.lines)
	w.next["TotalAmt"] = number(bk.subtotal.Add(tax))
	return nil
}

// purchaseLine checks one item or account line.
func (b *Box) purchaseLine(w *write, l object, bk *basket) *fault {
	if n := length(str(l, "Description")); n > 4000 {
		return badLength("Line.Description", 4000, n)
	}
	typ := str(l, "DetailType")
	var d object
	switch typ {
	case "":
		return missing("Line.DetailType")
	case "ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail":
		d, _ = l[typ].(object)
		if d == nil {
			return missing("Line." + typ)
		}
	case "DescriptionOnly":
		return nil
	default:
		return badEnum("Line.DetailType", typ)
	}
	if typ == "ItemBasedExpenseLineDetail" {
		if flt := b.itemExpense(w, l, d); flt != nil {
			return flt
		}
	} else if flt := b.accountExpense(w, l, d); flt != nil {
		return flt
	}
	if d["BillableStatus"] == nil {
		d["BillableStatus"] = "NotBillable"
	}
	if flt := b.settleLineRefs(w, d); flt != nil {
		return flt
	}
	if flt := b.lineTax(w, d, false); flt != nil {
		return flt
	}
	if w.ent.name == "Bill" || w.ent.name == "Purchase" {
		if flt := b.billLineLinks(w, l); flt != nil {
			return flt
		}
	}
	bk.tax(l, d)
	return nil
}

func (b *Box) itemExpense(w *write, l, d object) *fault {
	item, flt := b.lineItem(w, d)
	if flt != nil {
		return flt
	}
	if item["ExpenseAccountRef"] == nil && !w.by.trusted {
		return validation("6430", "Invalid account type used",
			"Invalid account type: the product or service "+str(item, "Name")+" has no expense account.", "")
	}
	if flt := b.checkStockLine(w, d, item); flt != nil {
		return flt
	}
	if flt := checkLineAmount(w, l, d); flt != nil {
		return flt
	}
	if w.ent.name == "PurchaseOrder" && !hasNum(l, "Received") {
		l["Received"] = number(decimal.Zero)
	}
	return nil
}

func (b *Box) accountExpense(w *write, l, d object) *fault {
	id := str(d, "AccountRef.value")
	if id == "" {
		return coded("6440", "A line must have an item or an account")
	}
	r := b.find("Account", id)
	if r == nil {
		return badRef("Accounts", id)
	}
	if !r.active && !b.usedBefore(w, "Account", id) {
		return inactiveRef()
	}
	d["AccountRef"] = ref(id, r.title)
	if !hasNum(l, "Amount") {
		return missing("Line.Amount")
	}
	return nil
}

// billLineLinks checks that linked purchase order lines exist (reference section 4.7).
func (b *Box) billLineLinks(w *write, l object) *fault {
	keepCharge(w, l)
	links := list(l, "LinkedTxn")
	for _, k := range links {
		if str(k, "TxnType") != "PurchaseOrder" || w.by.trusted {
			continue
		}
		r := b.find("PurchaseOrder", str(k, "TxnId"))
		if r == nil {
			return notFound()
		}
		if str(k, "TxnLineId") == "" {
			return missing("Line.LinkedTxn.TxnLineId")
		}
		if v := str(r.object(), "VendorRef.value"); v != str(w.next, "VendorRef.value") && v != str(w.next, "EntityRef.value") {
			return business("The purchase order belongs to another vendor.")
		}
	}
	if len(links) > 0 || w.ent.name == "Bill" {
		l["LinkedTxn"] = anys(links)
	}
	return nil
}
