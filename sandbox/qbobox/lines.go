package qbobox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

const (
	shippingItem = "SHIPPING_ITEM_ID"
	taxableLines = 750
)

// basket is what the lines of a document add up to.
type basket struct {
	lines    []object // as they will be stored, generated lines included
	subtotal decimal.Decimal
	discount decimal.Decimal
	shipping decimal.Decimal
	taxed    []taxedLine
}

// taxedLine is one amount with the code it is taxed under.
type taxedLine struct {
	code   string
	net    decimal.Decimal
	gross  decimal.Decimal // given by the caller of a tax-inclusive document
	priced bool            // gross is given
	ship   bool
	detail object
}

// recalculateSale rebuilds lines, tax and total of a sales form.
func (b *Box) recalculateSale(w *write, customer object) *fault {
	sent := w.next["Line"]
	raw, ok := sent.([]any)
	if sent != nil && !ok {
		return badProperty()
	}
	if len(raw) == 0 {
		return missing("Line")
	}
	if len(raw) > mostOfATransaction {
		return coded("10100", "Too many lines")
	}
	bk, flt := b.saleLines(w, raw, customer)
	if flt != nil {
		return flt
	}
	tax, flt := b.tax(w, bk, "sales")
	if flt != nil {
		return flt
	}
	if len(bk.taxed) > taxableLines && !tax.IsZero() && w.by.isAPI() {
		return business("A taxable transaction has at most 750 lines.")
	}
	w.next["Line"] = anys(bk.lines)
	w.next["TotalAmt"] = number(bk.subtotal.Sub(bk.discount).Add(bk.shipping).Add(tax))
	return nil
}

func (b *Box) saleLines(w *write, raw []any, customer object) (*basket, *fault) {
	bk := &basket{}
	ids := newLineIDs(w.before)
	var plain, after []object
	var discount object
	substance := false
	for _, e := range raw {
		l, ok := e.(object)
		if !ok {
			return nil, badProperty()
		}
		l = cloneObject(l)
		switch str(l, "DetailType") {
		case "":
			return nil, missing("Line.DetailType")
		case "SubTotalLineDetail":
			continue // generated, whatever was sent
		case "DiscountLineDetail":
			if discount != nil {
				return nil, business("Only one discount line is allowed.")
			}
			discount = l
			continue
		case "SalesItemLineDetail":
			if str(l, "SalesItemLineDetail.ItemRef.value") == shippingItem {
				if flt := b.shippingLine(w, l, bk); flt != nil {
					return nil, flt
				}
				after = append(after, l)
				continue
			}
			if flt := b.saleLine(w, l, bk, customer); flt != nil {
				return nil, flt
			}
			bk.subtotal = bk.subtotal.Add(num(l, "Amount"))
		case "GroupLineDetail":
			if flt := b.groupLine(w, l, bk, customer, ids); flt != nil {
				return nil, flt
			}
			bk.subtotal = bk.subtotal.Add(num(l, "Amount"))
		case "DescriptionOnly":
			if n := length(str(l, "Description")); n > 4000 {
				return nil, badLength("Line.Description", 4000, n)
			}
			if l["DescriptionLineDetail"] == nil {
				l["DescriptionLineDetail"] = object{}
			}
		default:
			return nil, badEnum("Line.DetailType", str(l, "DetailType"))
		}
		substance = true
		if str(l, "DetailType") != "GroupLineDetail" { // a group numbers itself before its parts
			ids.give(l)
		}
		plain = append(plain, l)
	}
	if !substance {
		return nil, missing("Line")
	}
	plain = append(plain, object{"Amount": number(bk.subtotal), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": object{}})
	bk.lines = plain
	if discount != nil {
		if flt := b.discountLine(w, discount, bk); flt != nil {
			return nil, flt
		}
		bk.lines = append(bk.lines, discount)
	}
	bk.lines = append(bk.lines, after...)
	return bk, nil
}

// lineIDs numbers lines: known ids are kept, new ones continue the count.
type lineIDs struct {
	known map[string]bool
	last  int
	num   int
}

func newLineIDs(before object) *lineIDs {
	ids := &lineIDs{known: map[string]bool{}}
	ids.scan(list(before, "Line"))
	return ids
}

func (ids *lineIDs) scan(lines []object) {
	for _, l := range lines {
		if id := str(l, "Id"); id != "" {
			ids.known[id] = true
			if n, err := strconv.Atoi(id); err == nil {
				ids.last = max(ids.last, n)
			}
		}
		ids.scan(list(l, "GroupLineDetail.Line"))
	}
}

func (ids *lineIDs) give(l object) {
	id := str(l, "Id")
	if !ids.known[id] {
		ids.last++
		id = strconv.Itoa(ids.last)
	}
	delete(ids.known, id) // a second line may not claim the same id
	ids.num++
	l["Id"], l["LineNum"] = id, jsonInt(ids.num)
	l["CustomExtensions"] = []any{}
}

// saleLine checks and completes one item line.
func (b *Box) saleLine(w *write, l object, bk *basket, customer object) *fault {
	d, ok := l["SalesItemLineDetail"].(object)
	if !ok {
		d = object{}
		l["SalesItemLineDetail"] = d
	}
	if n := length(str(l, "Description")); n > 4000 {
		return badLength("Line.Description", 4000, n)
	}
	item, flt := b.lineItem(w, d)
	if flt != nil {
		return flt
	}
	if flt := b.settleLineRefs(w, d); flt != nil {
		return flt
	}
	if flt := b.checkStockLine(w, d, item); flt != nil {
		return flt
	}
	if flt := checkLineAmount(w, l, d); flt != nil {
		return flt
	}
	if inc := item["IncomeAccountRef"]; inc != nil {
		d["ItemAccountRef"] = clone(inc)
	}
	if flt := b.lineTax(w, d, flag(item, "Taxable") && (flag(customer, "Taxable") || b.country() != "US")); flt != nil {
		return flt
	}
	bk.tax(l, d)
	return nil
}

func (bk *basket) tax(l, d object) {
	bk.taxed = append(bk.taxed, taxedLine{
		code: str(d, "TaxCodeRef.value"), net: num(l, "Amount"), gross: num(d, "TaxInclusiveAmt"),
		priced: hasNum(d, "TaxInclusiveAmt"), detail: d,
	})
}

// lineItem resolves the item of a line, or the company's default one.
func (b *Box) lineItem(w *write, d object) (object, *fault) {
	id := str(d, "ItemRef.value")
	if id == "" {
		id = b.otherPreference("SalesFormsPrefs.DefaultItem")
		if id == "" {
			return nil, coded("6440", "A line must have an item or an account")
		}
	}
	rec := b.find("Item", id)
	if rec == nil {
		return nil, badRef("Items", id)
	}
	if !rec.active && w.by.isAPI() && !b.usedBefore(w, "Item", id) {
		return nil, inactiveRef()
	}
	o := rec.object()
	if t := str(o, "Type"); t == "Category" {
		return nil, business("You can't use a category in a transaction.")
	}
	d["ItemRef"] = ref(id, rec.title)
	return o, nil
}

func (b *Box) usedBefore(w *write, entity, id string) bool {
	if w.creating() {
		return false
	}
	rec := b.find(w.ent.name, w.id())
	_, used := b.usedBy[handle(entity, id)][rec]
	return used
}

// checkStockLine refuses tracked items without quantity or before their start (6520, 6270).
func (b *Box) checkStockLine(w *write, d, item object) *fault {
	if str(item, "Type") != "Inventory" || w.by.trusted {
		return nil
	}
	if !hasNum(d, "Qty") {
		return validation("6520", "Missing Inventory Item Quantity", "Quantity required for inventory item", "")
	}
	if w.ent.name == "Estimate" || w.ent.name == "PurchaseOrder" {
		return nil // nothing moves in the stock
	}
	if str(w.next, "TxnDate") < str(item, "InvStartDate") {
		return beforeInventory()
	}
	return nil
}

// checkLineAmount compares the amount with price times quantity, half up to the cent.
func checkLineAmount(w *write, l, d object) *fault {
	for _, o := range []object{l, d} {
		for _, k := range []string{"Amount", "Qty", "UnitPrice", "TaxInclusiveAmt"} {
			if hasNum(o, k) {
				o[k] = number(num(o, k))
			}
		}
	}
	if !hasNum(l, "Amount") {
		if w.by.isAPI() {
			return missing("Line.Amount")
		}
		l["Amount"] = number(cents(num(d, "Qty").Mul(num(d, "UnitPrice"))))
		return nil
	}
	if !hasNum(d, "Qty") || !hasNum(d, "UnitPrice") || w.by.trusted {
		return nil
	}
	if !cents(num(d, "Qty").Mul(num(d, "UnitPrice"))).Equal(cents(num(l, "Amount"))) {
		return badAmount(num(l, "Amount"))
	}
	return nil
}

// lineTax settles the line's tax code: TAX or NON in the US, a real code
// elsewhere (reference section 4.8).
func (b *Box) lineTax(w *write, d object, taxable bool) *fault {
	code := str(d, "TaxCodeRef.value")
	if b.country() == "US" {
		if code == "" {
			code = "NON"
			if taxable {
				code = "TAX"
			}
		}
		if code != "TAX" && code != "NON" {
			return coded("6100", "The tax code of a line must be TAX or NON")
		}
		d["TaxCodeRef"] = ref(code, "")
		return nil
	}
	if str(w.next, "GlobalTaxCalculation") == "NotApplicable" {
		return nil
	}
	if code == "" {
		return business("Make sure all your transactions have a tax rate before you save.")
	}
	if b.find("TaxCode", code) == nil {
		return badRef("TaxCodes", code)
	}
	d["TaxCodeRef"] = ref(code, "")
	return nil
}

// shippingLine is an amount outside the subtotal.
func (b *Box) shippingLine(w *write, l object, bk *basket) *fault {
	if !b.lineKept(w, l) && !b.allowed(w.by, prefShipping) {
		return notSupported("shipping is switched off: " + prefShipping)
	}
	d := inner(l, "SalesItemLineDetail")
	d["ItemRef"] = ref(shippingItem, "")
	if !hasNum(l, "Amount") {
		return missing("Line.Amount")
	}
	if flt := b.lineTax(w, d, false); flt != nil {
		return flt
	}
	delete(l, "Id")
	delete(l, "LineNum")
	l["CustomExtensions"] = []any{}
	bk.shipping = bk.shipping.Add(num(l, "Amount"))
	bk.tax(l, d)
	bk.taxed[len(bk.taxed)-1].ship = true
	return nil
}

// lineKept tells whether the document had a line of shipping or discount
// before, which stays when its feature is switched off.
func (b *Box) lineKept(w *write, l object) bool {
	return slices.ContainsFunc(list(w.before, "Line"), func(old object) bool {
		return str(old, "DetailType") == str(l, "DetailType") &&
			(str(l, "DetailType") == "DiscountLineDetail" || str(old, "SalesItemLineDetail.ItemRef.value") == shippingItem)
	})
}

// discountLine works on the subtotal; its amount is positive.
func (b *Box) discountLine(w *write, l object, bk *basket) *fault {
	if !b.lineKept(w, l) && !b.allowed(w.by, prefDiscount) {
		return notSupported("discounts are switched off: " + prefDiscount)
	}
	d, ok := l["DiscountLineDetail"].(object)
	if !ok {
		d = object{}
		l["DiscountLineDetail"] = d
	}
	switch {
	case flag(d, "PercentBased") && hasNum(d, "DiscountPercent"):
		bk.discount = cents(bk.subtotal.Mul(num(d, "DiscountPercent")).Div(decimal.NewFromInt(100)))
	case hasNum(l, "Amount"):
		bk.discount = num(l, "Amount")
		d["PercentBased"] = false
		delete(d, "DiscountPercent")
	default:
		return coded("6090", "A discount line must have an amount or a percent")
	}
	l["Amount"] = number(bk.discount)
	if d["DiscountAccountRef"] == nil {
		if id := b.discountAccount(); id != "" {
			d["DiscountAccountRef"] = ref(id, b.find("Account", id).title)
		}
	}
	delete(l, "Id")
	delete(l, "LineNum")
	return nil
}

// groupLine expands a bundle into its parts; the sum belongs to the group line.
func (b *Box) groupLine(w *write, l object, bk *basket, customer object, ids *lineIDs) *fault {
	d, ok := l["GroupLineDetail"].(object)
	if !ok {
		return missing("Line.GroupLineDetail")
	}
	id := str(d, "GroupItemRef.value")
	rec := b.find("Item", id)
	if rec == nil {
		return badRef("Items", id)
	}
	d["GroupItemRef"] = ref(id, rec.title)
	if !hasNum(d, "Quantity") {
		d["Quantity"] = number(decimal.NewFromInt(1))
	}
	inner := list(d, "Line")
	if len(inner) == 0 {
		inner = b.unpack(rec.object(), num(d, "Quantity"))
	}
	ids.give(l)
	for _, in := range inner {
		if flt := b.saleLine(w, in, bk, customer); flt != nil {
			return flt
		}
		ids.give(in)
	}
	d["Line"] = anys(inner)
	l["Amount"] = number(sum(inner, func(in object) decimal.Decimal { return num(in, "Amount") }))
	return nil
}

func (b *Box) unpack(bundle object, qty decimal.Decimal) []object {
	var out []object
	for _, part := range list(bundle, "ItemGroupDetail.ItemGroupLine") {
		item := b.find("Item", str(part, "ItemRef.value"))
		if item == nil {
			continue
		}
		o := item.object()
		each := num(part, "Qty").Mul(qty)
		line := object{
			"Amount": number(cents(each.Mul(num(o, "UnitPrice")))), "DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": object{"ItemRef": ref(item.id, item.title), "Qty": number(each), "UnitPrice": number(num(o, "UnitPrice"))},
		}
		if desc := str(o, "Description"); desc != "" {
			line["Description"] = desc
		}
		out = append(out, line)
	}
	return out
}

// dayOfMonth is the next such day at least notice days away.
func dayOfMonth(txn string, day, notice int) string {
	t, err := time.Parse(dateLayout, txn)
	if err != nil {
		return txn
	}
	due := func(y int, m time.Month) time.Time {
		last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return time.Date(y, m, min(day, last), 0, 0, 0, 0, time.UTC)
	}
	d := due(t.Year(), t.Month())
	for d.Before(t) || d.Sub(t) < time.Duration(notice)*24*time.Hour {
		d = due(d.Year(), d.Month()+1)
	}
	return strings.TrimSpace(d.Format(dateLayout))
}
