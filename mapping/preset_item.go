package mapping

import "crossbook"

// productPairs is spec section 3.4 under P10, P11, P12, P14 and P15.
func productPairs(s crossbook.Settings) []Pair {
	name := both("Product_Name", "Product Name", "Name", ItemName, crossbook.GroupName, crossbook.Books)
	name.Required = true
	kind := ours(both(FieldType, "QuickBooks type", "Type", Text, crossbook.GroupItem, crossbook.Books))
	price := both("Unit_Price", "Unit Price", "UnitPrice", Money, crossbook.GroupPrice, crossbook.Books)
	price.Zero = true
	cost := ours(both(FieldCost, "Cost", "PurchaseCost", Money, crossbook.GroupPrice, crossbook.Books))
	cost.Zero = true
	purchase := ours(both(FieldPurchaseDesc, "Purchase Description", "PurchaseDesc", Text, crossbook.GroupText, ""))
	cost.Policy, purchase.Policy = Never, Never // off until somebody switches them on (P30)
	vendor := both("Vendor_Name", "Vendor Name", "PrefVendorRef", Reference, crossbook.GroupItem, crossbook.Books)
	vendor.Target = crossbook.Vendors
	reorder := both("Reorder_Level", "Reorder Level", "ReorderPoint", Decimal, crossbook.GroupItem, crossbook.Books)
	reorder.InventoryOnly = true
	start := ours(shown(FieldStartDate, "QuickBooks Start Date", "InvStartDate", Date, crossbook.GroupQuantity))
	start.InventoryOnly = true
	pairs := []Pair{
		name,
		both("Product_Code", "Product Code", "Sku", Text, crossbook.GroupText, ""),
		kind,
		price,
		both("Description", "Description", "Description", Text, crossbook.GroupText, ""),
		cost,
		purchase,
		shown("Product_Active", "Product Active", "Active", Bool, crossbook.GroupActive),
		shown("Taxable", "Taxable", "Taxable", Bool, crossbook.GroupTerms),
		vendor,
		reorder,
		start,
	}
	pairs = append(pairs, quantityPairs(s)...)
	pairs = append(pairs, categoryPair())
	return append(pairs,
		ours(shown(FieldID, "QuickBooks Id", "Id", Text, crossbook.GroupFigures)),
		ours(shown(FieldLink, "QuickBooks Link", "Id", Link, crossbook.GroupFigures)))
}

// quantityPairs let quantity come from QuickBooks only (P10); with the switch
// of P10 on, quantity and As of Date travel to QuickBooks as one unit (R95b).
// QuickBooks always answers with the item's start date, so As of Date has no
// attribute to be read from.
func quantityPairs(s crossbook.Settings) []Pair {
	quantity := shown("Qty_in_Stock", "Qty in Stock", "QtyOnHand", Decimal, crossbook.GroupQuantity)
	asOf := ours(Pair{
		Field: FieldAsOf, Label: "As of Date", Kind: Date, Direction: crossbook.ToQB,
		Group: crossbook.GroupQuantity, Policy: CreateOnly,
	})
	if s.SendQuantity {
		quantity.Direction, quantity.Policy, quantity.Unit = crossbook.Both, Normal, UnitQuantity
		asOf.Policy, asOf.Unit = Normal, UnitQuantity
	}
	quantity.InventoryOnly, asOf.InventoryOnly = true, true
	return []Pair{quantity, asOf}
}

// categoryPair steers the accounts of a new item (P12); QuickBooks' categories
// are something else and are not written.
func categoryPair() Pair {
	return Pair{
		Field: "Product_Category", Label: "Product Category", Kind: PickList,
		Direction: crossbook.ToQB, Group: crossbook.GroupItem, Policy: CreateOnly,
	}
}
