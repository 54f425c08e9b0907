package company

// namedOrders queues the purchase orders of practice section 8 (38) and those
// that bring the named vendors into reach (7, 21, 24).
func (b *books) namedOrders() {
	b.order(order{number: "PO-ACC", from: b.vendorNamed(stoneVendor), date: b.cal.day(-20), due: b.cal.day(10), lines: []buy{
		{account: "Nursery Freight", sum: "240.00", text: "Freight for two pallets"}, {account: "Shop Repairs", sum: "85.50", text: "Forklift hire"},
	}})
	part := b.order(order{number: "PO-PART", from: b.vendorNamed(acme), date: b.cal.day(-18), due: b.cal.day(12), lines: []buy{
		{of: b.itemNamed(pumpThree), qty: "4"}, {of: b.itemNamed(glovesSmall), qty: "20"},
	}})
	b.bill(part, b.cal.day(-9), 50)
	b.order(order{number: "PO-HAND", from: b.vendorNamed(rayOrtiz), date: b.cal.day(-30), lines: []buy{
		{of: b.itemNamed(gardenTools), qty: "10", text: "Seven piece sets"},
	}, closed: true})
	b.order(order{number: "PO-CAD", from: b.vendorNamed(cadVendor), date: b.cal.day(-12), due: b.cal.day(18), rate: "0.7312", lines: []buy{
		{of: b.itemNamed(gardenTools), qty: "25", price: "52.40"}, {account: "Nursery Freight", sum: "310.00", text: "Freight from Vernon"},
	}})
	b.order(order{number: "PO-STORY", from: b.vendorNamed(stoneVendor), date: b.cal.day(-5), due: b.cal.day(25), lines: []buy{
		{of: b.itemNamed(gardenTools), qty: "6"}, {of: b.itemNamed(hatsSmall), qty: "12"},
	}})
}
