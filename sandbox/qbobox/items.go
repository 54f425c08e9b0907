package qbobox

import (
	"strings"

	"github.com/shopspring/decimal"
)

// completeItem follows reference sections 4.12 and 5.3.
func (b *Box) completeItem(w *write) *fault {
	if str(w.next, "Name") == "" {
		return missing("Name")
	}
	if str(w.next, "Type") == "" {
		if w.creating() {
			return missing("Type")
		}
		w.next["Type"] = w.before["Type"]
	}
	typ := str(w.next, "Type")
	if flt := b.checkItemType(w, typ); flt != nil {
		return flt
	}
	if flt := b.placeItem(w, typ); flt != nil {
		return flt
	}
	if typ == "Category" {
		return b.finishCategory(w)
	}
	if flt := b.checkItemAccounts(w, typ); flt != nil {
		return flt
	}
	w.preset("Taxable", false)
	w.preset("UnitPrice", number(decimal.Zero))
	w.preset("PurchaseCost", number(decimal.Zero))
	for _, k := range []string{"UnitPrice", "PurchaseCost"} {
		if num(w.next, k).GreaterThan(decimal.NewFromInt(99999999999)) {
			return badRange(k, num(w.next, k))
		}
	}
	if typ != "Inventory" {
		for _, k := range []string{"QtyOnHand", "InvStartDate", "ReorderPoint", "AssetAccountRef"} {
			delete(w.next, k)
		}
		w.next["TrackQtyOnHand"] = false
		return nil
	}
	return b.checkStock(w)
}

func (b *Box) checkItemType(w *write, typ string) *fault {
	if typ == "Group" && w.by.isAPI() {
		return business("Bundles can only be created and changed in QuickBooks Online.")
	}
	if typ == "Category" && !b.hasCategories() && !w.by.trusted {
		return notSupported("categories are switched off")
	}
	if !w.creating() && str(w.before, "Type") != typ && (str(w.before, "Type") == "Inventory" || typ == "Category" || str(w.before, "Type") == "Category") {
		return business("You can't change the type of this product or service.")
	}
	return nil
}

// placeItem settles parent, qualified name, Active and uniqueness.
func (b *Box) placeItem(w *write, typ string) *fault {
	parent := str(w.next, "ParentRef.value")
	if flag(w.next, "SubItem") && parent == "" {
		return coded("6150", "A parent is required: ParentRef must be given when SubItem is true")
	}
	if parent != "" {
		up := b.find("Item", parent)
		if up == nil {
			return badRef("Items", parent)
		}
		switch isCategory := str(up.object(), "Type") == "Category"; {
		case b.hasCategories() && !isCategory:
			return business("The parent of a product or service must be a category.")
		case !b.hasCategories() && isCategory && !w.by.trusted:
			return notSupported("categories are switched off")
		}
		w.next["SubItem"] = true
		w.next["ParentRef"] = ref(parent, up.title)
		deepest := 4
		if typ == "Category" {
			deepest = 3
		}
		if flt := b.checkParent(w, up, deepest); flt != nil {
			return flt
		}
		w.next["Level"] = jsonInt(b.level(up) + 1)
	} else {
		delete(w.next, "SubItem")
		delete(w.next, "Level")
	}
	w.preset("Active", true)
	if flt := b.renameInactive(w, "Name"); flt != nil {
		return flt
	}
	w.next["FullyQualifiedName"] = b.qualified(w, str(w.next, "Name"))
	return b.uniqueName(w, str(w.next, "FullyQualifiedName"))
}

// finishCategory drops what a category does not have.
func (b *Box) finishCategory(w *write) *fault {
	for k := range w.next {
		switch k {
		case "Id", "SyncToken", "MetaData", "Name", "Type", "Active", "FullyQualifiedName", "SubItem", "ParentRef", "Level", "domain", "sparse":
		default:
			delete(w.next, k)
		}
	}
	return nil
}

func (b *Box) checkItemAccounts(w *write, typ string) *fault {
	income, expense, asset := str(w.next, "IncomeAccountRef.value"), str(w.next, "ExpenseAccountRef.value"), str(w.next, "AssetAccountRef.value")
	if typ == "Group" || w.by.trusted {
		return nil
	}
	var faults []*fault
	if income == "" && typ != "NonInventory" {
		faults = append(faults, missing("IncomeAccountRef"))
	}
	if typ == "Inventory" {
		if expense == "" {
			faults = append(faults, missing("ExpenseAccountRef"))
		}
		if asset == "" {
			faults = append(faults, missing("AssetAccountRef"))
		}
	} else if income == "" && expense == "" {
		faults = append(faults, missing("IncomeAccountRef"))
	}
	if flt := joined(faults); flt != nil {
		return flt
	}
	for _, a := range []struct {
		id    string
		types []string
		sub   string
	}{
		{income, []string{"Income", "Other Income"}, onlyIf(typ == "Inventory", "SalesOfProductIncome")},
		{expense, expenseTypes(typ), ""},
		{asset, []string{"Other Current Asset"}, "Inventory"},
	} {
		if a.id == "" {
			continue
		}
		rec := b.find("Account", a.id)
		if !b.isKind(a.id, a.types...) || a.sub != "" && str(rec.object(), "AccountSubType") != a.sub {
			return validation("6430", "Invalid account type used",
				"Invalid account type: You need to select a different type of account for this transaction.", "")
		}
	}
	return nil
}

func onlyIf(yes bool, s string) string {
	if yes {
		return s
	}
	return ""
}

func expenseTypes(typ string) []string {
	if typ == "Inventory" {
		return []string{"Cost of Goods Sold"}
	}
	return []string{"Cost of Goods Sold", "Expense", "Other Expense", "Other Current Liability", "Other Current Asset"}
}

// noAsOfDate carries the screen's own hint in the place of a supplied value
// (practice: error 12 of the catalogue).
func noAsOfDate() *fault {
	return validation("2070", "Invalid Date",
		"Value should be a valid date value : Supplied value: Select an as of date to track your quantity on hand.", "")
}

// checkStock follows what is known of quantities: all three properties at
// creation; later a new QtyOnHand is an adjustment dated InvStartDate, and
// reads go on showing the first start date.
func (b *Box) checkStock(w *write) *fault {
	if w.creating() || str(w.before, "Type") != "Inventory" {
		return b.openStock(w)
	}
	if w.has("TrackQtyOnHand") && !flag(w.sent, "TrackQtyOnHand") {
		return business("When you create an item, if Track quantity on hand is turned off, the item cannot be of type Inventory.")
	}
	start, old := str(w.before, "InvStartDate"), num(w.before, "QtyOnHand")
	w.next["InvStartDate"], w.next["TrackQtyOnHand"] = start, true
	if !flag(w.next, "Active") && flag(w.before, "Active") {
		w.next["QtyOnHand"] = number(decimal.Zero) // an adjustment the vendor books by itself
		b.moveStock(w, old.Neg(), b.today())
		return nil
	}
	if !w.has("QtyOnHand") || num(w.sent, "QtyOnHand").Equal(old) {
		w.next["QtyOnHand"] = w.before["QtyOnHand"]
		return nil
	}
	if flt := b.mayTrack(w); flt != nil {
		return flt
	}
	when := str(w.sent, "InvStartDate")
	if when == "" {
		if b.opt.Dials.QuantityWithoutDateIs6000 {
			return business("It looks like something went wrong on our end. We couldn't adjust the stock starting value of this item. Please try again later. Error code: (-10600) (-10600)")
		}
		return noAsOfDate()
	}
	if when < start {
		return beforeInventory()
	}
	if flt := b.checkClosed(w.by, when); flt != nil {
		return flt
	}
	b.moveStock(w, num(w.next, "QtyOnHand").Sub(old), when)
	return nil
}

func (b *Box) openStock(w *write) *fault {
	if flt := b.mayTrack(w); flt != nil {
		return flt
	}
	if w.by.trusted {
		w.preset("QtyOnHand", number(decimal.Zero))
		w.preset("InvStartDate", b.today())
	}
	if has(w.next, "TrackQtyOnHand") && !flag(w.next, "TrackQtyOnHand") {
		return business("When you create an item, if Track quantity on hand is turned off, the item cannot be of type Inventory.")
	}
	if !has(w.next, "TrackQtyOnHand") && !w.by.trusted {
		return missing("TrackQtyOnHand")
	}
	if !has(w.next, "QtyOnHand") {
		return missing("QtyOnHand")
	}
	if !has(w.next, "InvStartDate") {
		return business("As of date for initial quantity on hand is required")
	}
	if flt := b.checkClosed(w.by, str(w.next, "InvStartDate")); flt != nil {
		return flt
	}
	w.next["TrackQtyOnHand"] = true
	b.moveStock(w, num(w.next, "QtyOnHand"), str(w.next, "InvStartDate"))
	return nil
}

// moveStock remembers a change of quantity; it is entered once the item is stored.
func (b *Box) moveStock(w *write, qty decimal.Decimal, when string) {
	if qty.IsZero() {
		return
	}
	w.stock = &entry{Date: when, Moves: []*move{{
		Item: w.id(), Qty: qty, Unit: num(w.next, "PurchaseCost"), Priced: qty.IsPositive(), Asset: str(w.next, "AssetAccountRef.value"),
	}}}
}

func (b *Box) singleItem(o object) {
	if t := str(o, "Type"); t != "Category" {
		o["DeferredRevenue"] = false
	}
}

// stocked returns the item a line sells or buys when its quantity is tracked.
func (b *Box) stocked(id string) object {
	rec := b.find("Item", id)
	if rec == nil || !strings.Contains(string(rec.raw), `"Inventory"`) {
		return nil
	}
	o := rec.object()
	if str(o, "Type") != "Inventory" {
		return nil
	}
	return o
}
