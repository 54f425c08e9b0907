package company

// The named items of practice section 8.
const (
	pumpHalf     = "Pump 1/2 HP"
	pumpThree    = "Pump 3/4 HP"
	glovesSmall  = "Gloves:Small"
	hatsSmall    = "Hats:Small"
	springKit    = "Spring start-up kit"
	oldSkimmer   = "Old skimmer"
	waterHaul    = "Water haul"
	labor        = "Field labor"
	gardenTools  = "Garden tool set"
	pumpHalfSold = 2 // pieces of the pump that stand on an invoice
)

// pumpStart is the day from which the pump's quantity is tracked: the last
// 8 April before the books were closed, so that 31 March lies before it.
func (c calendar) pumpStart() string { return c.closingDay().AddDate(0, 0, -83).Format(dateLayout) }

func (b *books) namedItems() {
	at := b.cal.pumpStart()
	pump := b.addItem(goods{ // 25
		name: pumpHalf, kind: "Inventory", category: "", sku: "PUMP-050", text: "Pool pump, 1/2 horsepower", price: "289.00", cost: "161.20",
		pool: true, taxable: true, qty: whole(25 + pumpHalfSold).String(), start: at, reorder: "4", vendor: b.vendorNamed(acme),
	})
	b.addItem(goods{ // 28: the stocked pump that a rep unticks
		name: pumpThree, kind: "Inventory", sku: "PUMP-075", text: "Pool pump, 3/4 horsepower", price: "345.50", cost: "198.00",
		pool: true, taxable: true, qty: "18", start: at, reorder: "3",
	})
	for _, c := range []struct{ category, sku, price string }{{"Gloves", "GLV-S", "14.50"}, {"Hats", "HAT-S", "22.00"}} { // 26
		b.addCategory(c.category)
		b.addItem(goods{name: "Small", kind: "NonInventory", category: c.category, sku: c.sku, text: c.category + ", size small", price: c.price, cost: "6.10", taxable: true})
	}
	b.addItem(goods{name: oldSkimmer, kind: "NonInventory", sku: "SKIM-OLD", text: "Skimmer, discontinued", price: "31.00", pool: true, taxable: true}) // 28: made inactive in tidyUp
	b.addItem(goods{name: waterHaul, kind: "Service", sku: "HAUL-GAL", text: "Water delivery, per gallon", price: "0.00125", pool: true})               // 30
	b.addItem(goods{name: labor, kind: "Service", sku: "LABOR", text: "Field labor, per hour", price: "62.50"})
	b.addItem(goods{name: gardenTools, kind: "NonInventory", sku: "TOOLS-7", text: "Garden tool set, seven pieces", price: "84.90", cost: "40.00", taxable: true})

	filter, tablets := b.itemNamed("Pool equipment:Cartridge filter C-40"), b.itemNamed("Pool chemicals:Chlorine tablets 5 lb")
	opening := b.itemNamed("Pool opening small")
	b.addBundle(springKit, "Everything to open a pool", part{filter, dec("1")}, part{tablets, dec("2")}, part{opening, dec("1")}) // 27
	b.addBundle("Filter season pack", "Filters for a season", part{filter, dec("3")}, part{tablets, dec("1")})
	b.addBundle("Pump swap", "Pump and the work to change it", part{pump, dec("1")}, part{b.itemNamed(labor), dec("2.5")})
	b.addBundle("Gardener's gift", "Tools and gloves", part{b.itemNamed(gardenTools), dec("1")}, part{b.itemNamed(glovesSmall), dec("1")})
}
