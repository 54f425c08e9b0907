package qbobox

import "github.com/shopspring/decimal"

var adjustmentFields = fields(transaction, map[string]field{
	"AdjustAccountRef": refTo("Account"), "CustomerRef": refTo("Customer"), "ShippingAdjustment": boolean,
})

// completeAdjustment derives and checks inventory adjustments: pieces found or
// lost, against an account of the caller's choice (reference section 4.12).
func (b *Box) completeAdjustment(w *write) *fault {
	if flt := b.mayTrack(w); flt != nil {
		return flt
	}
	if flt := kept1(w, "AdjustAccountRef"); flt != nil {
		return flt
	}
	if t := b.accountType(str(w.next, "AdjustAccountRef.value")); !w.by.trusted && (t == "Accounts Receivable" || t == "Accounts Payable") {
		return wrongAccount("You need to select a different type of account for this transaction.")
	}
	if flt := b.homeMoney(w); flt != nil {
		return flt
	}
	keepLinks(w)
	raw, _ := w.next["Line"].([]any)
	if len(raw) == 0 {
		return missing("Line")
	}
	ids, lines := newLineIDs(w.before), make([]any, 0, len(raw))
	for _, e := range raw {
		l, ok := e.(object)
		if !ok {
			return badProperty()
		}
		l = cloneObject(l)
		d, ok := l["ItemAdjustmentLineDetail"].(object)
		if !ok {
			return missing("Line.ItemAdjustmentLineDetail")
		}
		if flt := b.adjustedItem(w, d); flt != nil {
			return flt
		}
		l["DetailType"] = "ItemAdjustmentLineDetail"
		ids.give(l)
		lines = append(lines, l)
	}
	w.next["Line"] = lines
	return nil
}

func (b *Box) adjustedItem(w *write, d object) *fault {
	id := str(d, "ItemRef.value")
	if id == "" {
		return missing("Line.ItemAdjustmentLineDetail.ItemRef")
	}
	rec := b.find("Item", id)
	if rec == nil {
		return badRef("Items", id)
	}
	item := b.stocked(id)
	if item == nil {
		return business("The quantity of this product or service is not tracked.")
	}
	if !hasNum(d, "QtyDiff") {
		return missing("Line.ItemAdjustmentLineDetail.QtyDiff")
	}
	if str(w.next, "TxnDate") < str(item, "InvStartDate") && !w.by.trusted {
		return beforeInventory()
	}
	if flt := b.settleLineRefs(w, d); flt != nil {
		return flt
	}
	d["ItemRef"], d["QtyDiff"] = ref(id, rec.title), number(num(d, "QtyDiff"))
	return nil
}

// adjust enters an inventory adjustment: what the stock gains or loses stands
// against the account named.
func (k *books) adjust() {
	contra := k.or(str(k.o, "AdjustAccountRef.value"), "SuppliesMaterialsCogs")
	for _, l := range list(k.o, "Line") {
		d, _ := l["ItemAdjustmentLineDetail"].(object)
		item := k.b.stocked(str(d, "ItemRef.value"))
		qty := num(d, "QtyDiff")
		if item == nil || qty.IsZero() {
			continue
		}
		k.goods(str(item, "Id"), item, qty, decimal.Zero, qty.IsPositive())
		k.e.Moves[len(k.e.Moves)-1].Contra = contra
	}
}
