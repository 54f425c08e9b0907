package simulate

import (
	"fmt"
	"slices"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

var documentEntities = []string{"Invoice", "Invoice", "Estimate", "PurchaseOrder"}

// saleLines are the lines of an invoice or estimate.
func (w *world) saleLines() []any {
	var out []any
	for range 1 + w.rng.IntN(3) {
		item := w.activeBooks("Item")
		if item == "" {
			break
		}
		out = append(out, w.saleLine(item))
	}
	if chance(w.rng, 20) {
		at := w.rng.IntN(len(out) + 1)
		out = slices.Insert(out, at, any(object{"DetailType": "DescriptionOnly", "Description": words(w.next())}))
	}
	if chance(w.rng, 15) {
		out = append(out, object{"DetailType": "SalesItemLineDetail", "Amount": 12.95, "SalesItemLineDetail": object{"ItemRef": object{"value": "SHIPPING_ITEM_ID"}}})
	}
	switch w.rng.IntN(10) {
	case 0:
		out = append(out, object{"DetailType": "DiscountLineDetail", "DiscountLineDetail": object{"PercentBased": true, "DiscountPercent": 10}})
	case 1:
		out = append(out, object{"DetailType": "DiscountLineDetail", "Amount": 1.5, "DiscountLineDetail": object{"PercentBased": false}})
	}
	return out
}

func (w *world) saleLine(item string) object {
	qty := 1 + w.rng.IntN(6)
	each := float64(100+w.rng.IntN(9000)) / 100
	detail := object{"ItemRef": object{"value": item}, "Qty": qty, "UnitPrice": each}
	if chance(w.rng, 40) {
		detail["TaxCodeRef"] = object{"value": "TAX"}
	}
	cents := int(each*100+0.5) * qty
	return object{
		"DetailType": "SalesItemLineDetail", "Amount": float64(cents) / 100, "Description": words(w.next()), "SalesItemLineDetail": detail,
	}
}

func (w *world) orderLines() []any {
	var out []any
	for range 1 + w.rng.IntN(2) {
		item := w.activeBooks("Item")
		if item == "" {
			break
		}
		qty := 1 + w.rng.IntN(6)
		out = append(out, object{"DetailType": "ItemBasedExpenseLineDetail", "Amount": qty * 7, "ItemBasedExpenseLineDetail": object{
			"ItemRef": object{"value": item}, "Qty": qty, "UnitPrice": 7,
		}})
	}
	if chance(w.rng, 30) || len(out) == 0 {
		out = append(out, object{"DetailType": "AccountBasedExpenseLineDetail", "Amount": 5.25, "Description": words(w.next()), "AccountBasedExpenseLineDetail": object{
			"AccountRef": w.ledger("SuppliesMaterialsCogs"),
		}})
	}
	return out
}

// newDocument is a document somebody writes in QuickBooks.
func (w *world) newDocument() {
	entity := pick(w.rng, documentEntities)
	date := fmt.Sprintf("2026-0%d-%02d", 3+w.rng.IntN(2), 1+w.rng.IntN(28))
	data := object{"TxnDate": date, "DocNumber": fmt.Sprintf("%d", 1000+w.next())}
	if entity == "PurchaseOrder" {
		vendor := w.activeBooks("Vendor")
		if vendor == "" {
			return
		}
		data["VendorRef"], data["Line"] = object{"value": vendor}, w.orderLines()
		data["APAccountRef"] = w.ledger("AccountsPayable")
	} else {
		customer := w.activeBooks("Customer")
		if customer == "" {
			return
		}
		data["CustomerRef"], data["Line"] = object{"value": customer}, w.saleLines()
		if chance(w.rng, 50) {
			data["TxnTaxDetail"] = object{"TxnTaxCodeRef": object{"value": pick(w.rng, []string{"2", "3"})}}
		}
		data["ApplyTaxAfterDiscount"] = chance(w.rng, 50)
	}
	if entity == "Estimate" && chance(w.rng, 50) {
		data["ExpirationDate"] = pick(w.rng, []string{"2026-05-05", "2026-05-30"})
	}
	w.doBooks(qbobox.Action{Action: "create", Type: entity, Data: data})
}

// actDocument is one thing somebody does to documents.
func (w *world) actDocument() {
	if chance(w.rng, 20) {
		w.touchDocument()
		return
	}
	entity := pick(w.rng, documentEntities)
	rows := w.books.All(entity)
	if len(rows) == 0 || chance(w.rng, 30) {
		w.newDocument()
		return
	}
	doc := pick(w.rng, rows)
	id := fmt.Sprint(doc["Id"])
	switch n := w.rng.IntN(100); {
	case n < 25:
		w.editLines(entity, doc)
	case n < 40:
		w.doBooks(qbobox.Action{Action: "update", Type: entity, ID: id, Data: object{"DocNumber": fmt.Sprint(1000 + w.next())}})
	case n < 62:
		w.settleDocument(entity, doc)
	case n < 70:
		w.doBooks(qbobox.Action{Action: "delete", Type: entity, ID: id})
	case n < 80 && entity == "Invoice":
		w.doBooks(qbobox.Action{Action: "void", Type: entity, ID: id})
	case n < 85 && entity == "Invoice":
		w.doBooks(qbobox.Action{Action: "send", Type: entity, ID: id, Data: object{"to": "p1@people.example"}})
	case n < 92:
		w.loosePayments()
	case entity == "Estimate":
		w.doBooks(qbobox.Action{Action: "update", Type: entity, ID: id, Data: object{"TxnStatus": pick(w.rng, []string{"Accepted", "Rejected", "Pending", "Closed"})}})
	default:
		w.doBooks(qbobox.Action{Action: "update", Type: entity, ID: id, Data: object{"DueDate": "2026-05-05"}})
	}
}

// editLines removes a line, adds one, or changes one.
func (w *world) editLines(entity string, doc object) {
	var lines []any
	list, _ := doc["Line"].([]any)
	for _, l := range list {
		if o, ok := l.(object); ok && o["DetailType"] != "SubTotalLineDetail" {
			lines = append(lines, l)
		}
	}
	switch {
	case len(lines) > 1 && chance(w.rng, 50):
		at := w.rng.IntN(len(lines))
		lines = append(slices.Clone(lines[:at]), lines[at+1:]...)
	case entity == "PurchaseOrder":
		lines = append(lines, w.orderLines()...)
	default:
		if item := w.activeBooks("Item"); item != "" {
			lines = append(lines, w.saleLine(item))
		}
	}
	w.doBooks(qbobox.Action{Action: "update", Type: entity, ID: fmt.Sprint(doc["Id"]), Data: object{"Line": lines}})
}

// settleDocument pays an invoice, invoices an estimate or bills an order,
// wholly or in part.
func (w *world) settleDocument(entity string, doc object) {
	id := fmt.Sprint(doc["Id"])
	part := pick(w.rng, []int{40, 100})
	switch entity {
	case "Estimate":
		w.doBooks(qbobox.Action{Action: "invoice_estimate", Type: "Invoice", ID: id, Data: object{"Percent": part}})
	case "PurchaseOrder":
		w.doBooks(qbobox.Action{Action: "bill_order", Type: "Bill", ID: id, Data: object{"Percent": part}})
	default:
		customer, _ := doc["CustomerRef"].(object)
		amount := pick(w.rng, []any{any(5), doc["Balance"]})
		w.doBooks(qbobox.Action{Action: "receive_payment", Type: "Payment", ID: fmt.Sprint(customer["value"]), Data: object{
			"TotalAmt": amount, "Invoices": object{id: amount},
		}})
	}
}

// loosePayments takes money for no invoice, gives credit, or deletes a payment.
func (w *world) loosePayments() {
	switch w.rng.IntN(3) {
	case 0:
		if rows := w.books.All("Payment"); len(rows) > 0 {
			w.doBooks(qbobox.Action{Action: "delete", Type: "Payment", ID: fmt.Sprint(pick(w.rng, rows)["Id"])})
		}
	case 1:
		customer, item := w.activeBooks("Customer"), w.activeBooks("Item")
		if customer != "" && item != "" {
			w.doBooks(qbobox.Action{Action: "create", Type: "CreditMemo", Data: object{"CustomerRef": object{"value": customer}, "Line": []any{w.saleLine(item)}}})
		}
	default:
		if customer := w.activeBooks("Customer"); customer != "" {
			w.doBooks(qbobox.Action{Action: "receive_payment", Type: "Payment", ID: customer, Data: object{"TotalAmt": 9, "Invoices": object{}}})
		}
	}
}

// touchDocument is somebody in the CRM at a document that is only shown there.
func (w *world) touchDocument() {
	module := pick(w.rng, []string{"Invoices", "Invoices", "Quotes", "Purchase_Orders"})
	id := w.anyCRM(module)
	switch n := w.rng.IntN(100); {
	case id == "":
		return
	case n < 18 && module != "Purchase_Orders":
		w.putOnDeal(module, id)
	case n < 55:
		w.doCRM(zohobox.Action{Action: "update", Type: module, ID: id, Data: object{"Subject": fmt.Sprintf("Renamed %d", w.next())}})
	case n < 75:
		w.doCRM(zohobox.Action{Action: "update", Type: module, ID: id, Data: object{"Adjustment": 3}})
	case n < 88:
		w.doCRM(zohobox.Action{Action: "delete", Type: module, ID: id})
	default:
		w.restoreOne(module)
	}
}

// putOnDeal is somebody who puts a quote or an invoice on a Deal, on another
// one, or takes it off.
func (w *world) putOnDeal(module, id string) {
	var deals []string
	for _, d := range w.crmRecords("Deals") {
		deals = append(deals, fmt.Sprint(d["id"]))
	}
	if len(deals) < 2 {
		w.doCRM(zohobox.Action{Action: "create", Type: "Deals", Data: object{
			"Deal_Name": fmt.Sprintf("Deal %d", w.next()), "Stage": "Qualification", "Closing_Date": "2026-12-01",
		}})
		return
	}
	field := map[string]string{"Quotes": "Deal_Name", "Invoices": "Deal_Name__s"}[module]
	to := pick(w.rng, []any{object{"id": deals[0]}, object{"id": deals[0]}, object{"id": deals[1]}, nil})
	w.doCRM(zohobox.Action{Action: "update", Type: module, ID: id, Data: object{field: to}})
}
