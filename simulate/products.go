package simulate

import (
	"fmt"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// ledger finds an account of the company by its sub type.
func (w *world) ledger(sub string) object {
	for _, a := range w.books.All("Account") {
		if a["AccountSubType"] == sub {
			return object{"value": a["Id"]}
		}
	}
	return nil
}

// anItem is a new item of a random type.
func (w *world) anItem(name string) object {
	data := object{"Name": name, "Type": pick(w.rng, []string{"Service", "NonInventory", "Inventory"}), "IncomeAccountRef": w.ledger("SalesOfProductIncome")}
	if chance(w.rng, 70) {
		data["UnitPrice"] = price(w.next())
	}
	if data["Type"] == "Inventory" {
		data["TrackQtyOnHand"], data["QtyOnHand"], data["InvStartDate"] = true, 5+w.rng.IntN(40), "2026-04-01"
		data["ExpenseAccountRef"], data["AssetAccountRef"] = w.ledger("SuppliesMaterialsCogs"), w.ledger("Inventory")
	}
	if chance(w.rng, 35) {
		if v := w.activeBooks("Vendor"); v != "" {
			data["PrefVendorRef"] = object{"value": v}
		}
	}
	if chance(w.rng, 40) {
		data["Taxable"] = true
	}
	return w.fillBooks(data, productKnobs)
}

// aProduct is a new CRM product.
func (w *world) aProduct(name string) object {
	data := w.fillCRM(object{"Product_Name": name}, productKnobs)
	if chance(w.rng, 35) {
		if rows := w.crmRecords("Vendors"); len(rows) > 0 {
			data["Vendor_Name"] = object{"id": pick(w.rng, rows)["id"]}
		}
	}
	return data
}

// activeBooks is the id of an active record of a list, "" when there is none.
func (w *world) activeBooks(entity string) string {
	var ids []string
	for _, r := range w.books.All(entity) {
		if r["Active"] != false {
			ids = append(ids, fmt.Sprint(r["Id"]))
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return pick(w.rng, ids)
}

func (w *world) someProducts() {
	for i := range 1 + w.rng.IntN(3) {
		name := fmt.Sprintf("Garden tool %d", i)
		in := w.rng.IntN(3)
		code := sku(w.next())
		if in != 0 {
			data := w.anItem(name)
			if chance(w.rng, 50) {
				data["Sku"] = code
			}
			w.doBooks(qbobox.Action{Action: "create", Type: "Item", Data: data})
		}
		if in != 1 {
			data := w.aProduct(w.spelling(name))
			if chance(w.rng, 50) {
				data["Product_Code"] = code
			}
			w.doCRM(zohobox.Action{Action: "create", Type: "Products", Data: data})
		}
	}
}

// actProduct is one thing somebody does to products.
func (w *world) actProduct() {
	switch n := w.rng.IntN(100); {
	case n < 38:
		w.crmParty("Products", productKnobs, func() object { return w.aProduct(fmt.Sprintf("Garden tool %d", w.next())) })
	case n < 50:
		w.repoint()
	case n < 56:
		if id := w.anyCRM("Products"); id != "" {
			w.doCRM(zohobox.Action{Action: "update", Type: "Products", ID: id, Data: object{"Qty_in_Stock": w.rng.IntN(90)}})
		}
	case n < 60:
		if id := w.anyCRM("Products"); id != "" {
			w.doCRM(zohobox.Action{Action: pick(w.rng, []string{"inactivate", "reactivate"}), Type: "Products", ID: id})
		}
	case n < 68:
		w.stock()
	case n < 76:
		w.dropVendor()
	default:
		w.booksParty("Item", productKnobs, func() object { return w.anItem(fmt.Sprintf("Garden tool %d", w.next())) })
	}
}

// repoint gives a product another vendor, or none, on one of the sides.
func (w *world) repoint() {
	if chance(w.rng, 50) {
		id := w.anyCRM("Products")
		if id == "" {
			return
		}
		var v any
		if rows := w.crmRecords("Vendors"); len(rows) > 0 && chance(w.rng, 80) {
			v = object{"id": pick(w.rng, rows)["id"]}
		}
		w.doCRM(zohobox.Action{Action: "update", Type: "Products", ID: id, Data: object{"Vendor_Name": v}})
		return
	}
	if item, vendor := w.activeBooks("Item"), w.activeBooks("Vendor"); item != "" && vendor != "" {
		w.doBooks(qbobox.Action{Action: "update", Type: "Item", ID: item, Data: object{"PrefVendorRef": object{"value": vendor}}})
	}
}

// dropVendor deletes the vendor of a product, or merges it away, so that the
// CRM empties or moves the product's look-up by itself.
func (w *world) dropVendor() {
	for _, p := range w.crmRecords("Products") {
		v, ok := p["Vendor_Name"].(object)
		if !ok || !chance(w.rng, 50) {
			continue
		}
		id, other := fmt.Sprint(v["id"]), w.anyCRM("Vendors")
		if other == id || other == "" || chance(w.rng, 60) {
			w.doCRM(zohobox.Action{Action: "delete", Type: "Vendors", ID: id})
			return
		}
		w.doCRM(zohobox.Action{Action: "merge", Type: "Vendors", ID: id, Into: other})
		return
	}
}

// stock counts an inventory item anew.
func (w *world) stock() {
	for _, r := range w.books.All("Item") {
		if r["Type"] == "Inventory" && r["Active"] != false && chance(w.rng, 50) {
			w.doBooks(qbobox.Action{Action: "adjust_quantity", Type: "Item", ID: fmt.Sprint(r["Id"]), Data: object{"QtyOnHand": w.rng.IntN(60), "InvStartDate": "2026-04-20"}})
			return
		}
	}
}

// anyCRM is a record of a module, but not the placeholder.
func (w *world) anyCRM(module string) string {
	rows := w.crmRecords(module)
	if len(rows) == 0 {
		return ""
	}
	id := fmt.Sprint(pick(w.rng, rows)["id"])
	if id == w.placeholder {
		return ""
	}
	return id
}
