package company

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// The accounts that items of the company use, and their ids. High numbers keep
// clear of the chart of accounts that the vendor gives every company.
var chart = []struct{ id, name, kind, sub string }{
	{"501", "Plant and Garden Sales", "Income", "SalesOfProductIncome"},
	{"502", "Pool Supply Sales", "Income", "SalesOfProductIncome"},
	{"503", "Service Revenue", "Income", "ServiceFeeIncome"},
	{"504", "Cost of Plants and Supplies", "Cost of Goods Sold", "SuppliesMaterialsCogs"},
	{"505", "Yard Stock", "Other Current Asset", "Inventory"},
	{"506", "Nursery Freight", "Expense", "SuppliesMaterials"},
	{"507", "Shop Repairs", "Expense", "SuppliesMaterials"},
}

func (b *books) openAccounts() {
	for _, a := range chart {
		b.accounts[a.name] = a.id
		b.add("Account", b.cal.closed(900), object{"Id": a.id, "Name": a.name, "AccountType": a.kind, "AccountSubType": a.sub})
	}
}

func (b *books) account(name string) object {
	if b.accounts[name] == "" {
		b.fail("there is no account %q", name)
	}
	return ref(b.accounts[name])
}

// goods describes an item to be added.
type goods struct {
	name, kind, category string
	sku, text            string
	price, cost          string
	pool                 bool
	taxable              bool
	qty, start           string // Inventory
	reorder              string
	vendor               *vendor
}

// addItem queues an item; category is the name of one queued before.
func (b *books) addItem(g goods) *item {
	it := &item{id: b.itemID(), name: g.name, kind: g.kind, sku: g.sku, taxable: g.taxable}
	o := object{"Id": it.id, "Name": g.name, "Type": g.kind, "Taxable": g.taxable}
	if g.category != "" {
		o["SubItem"], o["ParentRef"] = true, ref(b.itemNamed(g.category).id)
		it.name = g.category + ":" + g.name
	}
	set := func(key, v string) {
		if v != "" {
			o[key] = v
		}
	}
	set("Sku", g.sku)
	set("Description", g.text)
	if g.price != "" {
		it.price = dec(g.price)
		o["UnitPrice"] = num(it.price)
	}
	if g.cost != "" {
		it.cost = dec(g.cost)
		o["PurchaseCost"] = num(it.cost)
		o["PurchaseDesc"] = strings.TrimSpace("Purchase of " + g.text)
	}
	b.postTo(o, g)
	if g.vendor != nil {
		o["PrefVendorRef"] = ref(g.vendor.id)
	}
	if b.items[it.name] != nil {
		b.fail("two items are called %q", it.name)
	}
	b.items[it.name] = it
	b.add("Item", b.cal.closed(400), o)
	return it
}

// postTo gives an item the accounts its type needs.
func (b *books) postTo(o object, g goods) {
	sales := "Plant and Garden Sales"
	if g.pool {
		sales = "Pool Supply Sales"
	}
	switch g.kind {
	case "Inventory":
		o["IncomeAccountRef"], o["ExpenseAccountRef"], o["AssetAccountRef"] = b.account(sales), b.account("Cost of Plants and Supplies"), b.account("Yard Stock")
		o["TrackQtyOnHand"], o["QtyOnHand"], o["InvStartDate"] = true, num(dec(g.qty)), g.start
		if g.reorder != "" {
			o["ReorderPoint"] = num(dec(g.reorder))
		}
	case "NonInventory":
		o["IncomeAccountRef"] = b.account(sales)
		if g.cost != "" {
			o["ExpenseAccountRef"] = b.account("Cost of Plants and Supplies")
		}
	case "Service":
		o["IncomeAccountRef"] = b.account("Service Revenue")
		if g.cost != "" {
			o["ExpenseAccountRef"] = b.account("Shop Repairs")
		}
	}
}

func (b *books) addCategory(name string) {
	it := &item{id: b.itemID(), name: name, kind: "Category"}
	b.items[name] = it
	b.add("Item", b.cal.closed(800), object{"Id": it.id, "Name": name, "Type": "Category"})
}

// addBundle queues a bundle, which only the vendor's screens can make.
func (b *books) addBundle(name, text string, parts ...part) *item {
	it := &item{id: b.itemID(), name: name, kind: "Group", parts: parts}
	var lines []any
	for _, p := range parts {
		lines = append(lines, object{"ItemRef": ref(p.of.id), "Qty": num(p.qty)})
		it.price = it.price.Add(cents(p.of.price.Mul(p.qty)))
	}
	b.items[name] = it
	b.add("Item", b.cal.closed(300), object{
		"Id": it.id, "Name": name, "Type": "Group", "Description": text, "PrintGroupedItems": true,
		"ItemGroupDetail": object{"ItemGroupLine": lines},
	})
	return it
}

// assortment is a family of ordinary goods: a name in several sizes.
type assortment struct {
	name     string
	category string
	kind     string
	pool     bool
	price    string // of the first size; the others cost more
	sizes    []string
}

var assortments = []assortment{
	{"Chlorine tablets", "Pool chemicals", "Inventory", true, "32.50", []string{"5 lb", "10 lb", "25 lb", "50 lb"}},
	{"pH down", "Pool chemicals", "Inventory", true, "11.95", []string{"2 lb", "5 lb", "15 lb"}},
	{"Algaecide", "Pool chemicals", "Inventory", true, "18.40", []string{"1 qt", "1 gal", "5 gal"}},
	{"Cartridge filter", "Pool equipment", "Inventory", true, "58.00", []string{"C-40", "C-75", "C-100", "C-150"}},
	{"Vacuum hose", "Pool equipment", "Inventory", true, "27.25", []string{"25 ft", "35 ft", "50 ft"}},
	{"Sand filter", "Pool equipment", "Inventory", true, "389.00", []string{"19 in", "24 in", "30 in"}},
	{"Pond liner", "Garden ponds", "Inventory", false, "64.99", []string{"8 x 10", "10 x 15", "15 x 20"}},
	{"Cedar mulch", "Soil and mulch", "Inventory", false, "5.49", []string{"2 cu ft", "3 cu ft", "bulk yard"}},
	{"Potting soil", "Soil and mulch", "Inventory", false, "8.79", []string{"1 cu ft", "2 cu ft", "pallet"}},
	{"Terracotta pot", "Pots", "Inventory", false, "4.25", []string{"6 in", "8 in", "12 in", "16 in", "20 in"}},
	{"Japanese maple", "Trees", "NonInventory", false, "89.00", []string{"#5", "#7", "#15", "B&B 6 ft"}},
	{"Red oak", "Trees", "NonInventory", false, "145.00", []string{"1.5 in", "2 in", "3 in"}},
	{"Lavender", "Perennials", "NonInventory", false, "7.95", []string{"4 in", "#1", "flat of 18"}},
	{"Hosta", "Perennials", "NonInventory", false, "12.50", []string{"#1", "#2", "flat of 12"}},
	{"Boxwood", "Shrubs", "NonInventory", false, "24.00", []string{"#2", "#3", "#5"}},
	{"Hydrangea", "Shrubs", "NonInventory", false, "29.95", []string{"#2", "#3", "#5"}},
	{"Flagstone", "Stone", "NonInventory", false, "310.00", []string{"pallet", "half pallet", "ton"}},
	{"River rock", "Stone", "NonInventory", false, "68.00", []string{"yard", "half yard"}},
	{"Garden hose", "Tools", "NonInventory", false, "24.99", []string{"25 ft", "50 ft", "100 ft"}},
	{"Wheelbarrow", "Tools", "Inventory", false, "79.00", []string{"4 cu ft", "6 cu ft", "poly"}},
	{"Grass seed", "Perennials", "NonInventory", false, "13.75", []string{"3 lb", "10 lb", "50 lb"}},
	{"Weekly pool care", "", "Service", true, "95.00", []string{"small", "medium", "large"}},
	{"Pool opening", "", "Service", true, "285.00", []string{"small", "medium", "large"}},
	{"Pool closing", "", "Service", true, "260.00", []string{"small", "medium", "large"}},
	{"Lawn care visit", "", "Service", false, "65.00", []string{"quarter acre", "half acre", "acre"}},
	{"Landscape design", "", "Service", false, "120.00", []string{"hour", "plan", "3D plan"}},
	{"Irrigation check", "", "Service", false, "85.00", []string{"6 zones", "12 zones", "24 zones"}},
	{"Tree pruning", "", "Service", false, "140.00", []string{"small tree", "medium tree", "large tree"}},
	{"Delivery", "", "Service", false, "45.00", []string{"zone 1", "zone 2", "zone 3"}},
	{"Planting labor", "", "Service", false, "55.00", []string{"hour", "crew hour", "crew day"}},
}

var categories = []string{
	"Pool chemicals", "Pool equipment", "Garden ponds", "Soil and mulch", "Pots", "Trees", "Perennials", "Shrubs", "Stone", "Tools",
}

// ordinaryItems queues the shop's assortment, about a hundred items of every
// type, some with a preferred vendor.
func (b *books) ordinaryItems(from []*vendor) []*item {
	p := newPicker(b.seed, "items")
	for _, c := range categories {
		b.addCategory(c)
	}
	var all []*item
	for _, a := range assortments {
		price := dec(a.price)
		for i, size := range a.sizes {
			g := goods{
				name: a.name + " " + size, kind: a.kind, category: a.category, pool: a.pool, taxable: a.kind != "Service",
				sku: fmt.Sprintf("%s-%03d", skuOf(a.name), len(all)+1), text: a.name + ", " + size, price: price.String(),
			}
			if a.kind != "Service" || p.oneIn(4) {
				g.cost = cents(price.Mul(dec("0.55"))).String()
			}
			if a.kind == "Inventory" {
				g.qty, g.start, g.reorder = fmt.Sprint(p.between(60, 400)), b.cal.closed(1200+i), fmt.Sprint(p.between(5, 30))
			}
			if a.kind == "Inventory" && i == 0 {
				g.vendor = pickOf(p, from)
			}
			all = append(all, b.addItem(g))
			price = cents(price.Mul(dec("1.6")).Add(decimal.New(int64(p.below(100)), -2)))
		}
	}
	return all
}

// skuOf is the initials of a name in capitals.
func skuOf(name string) string {
	var out strings.Builder
	for _, w := range strings.Fields(name) {
		out.WriteString(strings.ToUpper(w[:min(2, len(w))]))
	}
	return out.String()
}
