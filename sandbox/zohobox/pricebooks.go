package zohobox

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

const (
	priceBooks     = "Price_Books"
	pricingDetails = "Pricing_Details"
)

// readPricing reads the ranges of a price book, which are rows without a module
// of their own and follow the rules of subforms (sections 6 and 8).
func (b *Box) readPricing(d *draft) {
	path := d.path + "." + pricingDetails
	v, given := d.obj[pricingDetails]
	if !given || v == nil {
		if d.old == nil {
			d.fail(missing(pricingDetails, d.path))
		}
		return
	}
	sent, isList := v.([]any)
	switch {
	case !isList:
		d.fail(invalidAt(pricingDetails, path, object{"expected_data_type": "jsonarray"}))
		return
	case len(sent) == 0 && d.old == nil:
		d.fail(missing(pricingDetails, d.path))
		return
	}
	var rows []any
	if len(sent) > 0 {
		rows = slices.Clone(list(d.rec.vals[pricingDetails]))
	}
	for i, row := range sent {
		rows = b.readRange(d, rows, row, fmt.Sprintf("%s[%d]", path, i))
	}
	d.note(pricingDetails, true)
	d.rec.vals[pricingDetails] = rows
}

// readRange changes, removes or appends one range.
func (b *Box) readRange(d *draft, rows []any, v any, path string) []any {
	o, isObject := v.(object)
	if !isObject {
		d.fail(invalidAt(pricingDetails, path, object{"expected_data_type": "jsonobject"}))
		return rows
	}
	next, at := object{}, -1
	if id := text(o["id"]); id != "" {
		at = slices.IndexFunc(rows, func(r any) bool { return text(asObject(r)["id"]) == id })
		if at < 0 {
			d.fail(invalidAt("id", path+".id", nil))
			return rows
		}
		if _, gone := o["_delete"]; gone {
			return slices.Delete(rows, at, at+1)
		}
		for k, old := range asObject(rows[at]) {
			next[k] = old
		}
	}
	for _, name := range []string{"from_range", "to_range", "discount"} {
		n, isNumber := o[name].(json.Number)
		switch {
		case isNumber && !number(n).IsNegative() && len(n) <= 20:
			next[name] = numeral(number(n))
		case o[name] != nil:
			d.fail(invalidAt(name, path+"."+name, object{"expected_data_type": "double"}))
		case next[name] == nil:
			d.fail(missing(name, path))
		}
	}
	if at >= 0 {
		rows[at] = next
		return rows
	}
	next["id"] = formatID(b.ids.record())
	return append(rows, next)
}

func asObject(v any) object {
	o, _ := v.(object)
	return o
}

// bookDiscount is what a price book takes off a line: a percentage of the whole
// by the range its quantity lies in, or, with a differential book, of each range
// for the part that lies in it (section 7.2).
func bookDiscount(book *record, quantity, price decimal.Decimal) decimal.Decimal {
	off := decimal.Zero
	for _, v := range list(book.vals[pricingDetails]) {
		r := asObject(v)
		from, to, percent := number(r["from_range"]), number(r["to_range"]), number(r["discount"])
		part := decimal.Zero
		switch {
		case book.vals["Pricing_Model"] != "Differential":
			if quantity.GreaterThanOrEqual(from) && quantity.LessThanOrEqual(to) {
				part = quantity
			}
		case quantity.GreaterThanOrEqual(from):
			below := decimal.Max(from.Sub(decimal.NewFromInt(1)), decimal.Zero)
			part = decimal.Min(quantity, to).Sub(below)
		}
		off = off.Add(part.Mul(price).Mul(percent).Shift(-2))
	}
	return off
}

// priceByBook fills what a line did not say from its price book, if it has one.
func (b *Box) priceByBook(row *record, o object) {
	n, _ := parseID(text(row.vals["Price_Book_Name"]))
	book := b.module[priceBooks].table.get(n)
	if book == nil || !given(o, "Price_Book_Name") {
		return
	}
	if p := bookPrice(book, text(row.vals["Product_Name"])); p != nil && !given(o, "List_Price") {
		row.vals["List_Price"] = p
	}
	if !given(o, "Discount") {
		price := row.vals["List_Price"]
		if price == nil {
			price = b.unitPrice(text(row.vals["Product_Name"]))
		}
		off := bookDiscount(book, number(row.vals["Quantity"]), number(price))
		row.vals["Discount"] = numeral(roundHalfUp(off, b.module["Quoted_Items"].field("Discount").Decimals))
	}
}
