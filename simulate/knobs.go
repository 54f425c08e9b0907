package simulate

import (
	"fmt"
	"maps"
	"strings"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// knob is one value that people can turn on both sides.
type knob struct {
	field string // in the CRM
	path  string // in QuickBooks
	value func(n int) any
	keep  bool // never emptied
}

func phone(n int) any  { return fmt.Sprintf("555-%04d", n) }
func mail(n int) any   { return fmt.Sprintf("p%d@people.example", n) }
func site(n int) any   { return fmt.Sprintf("https://www.s%d.example", n) }
func street(n int) any { return fmt.Sprintf("%d Elm Street", n) }
func town(n int) any   { return fmt.Sprintf("Town %d", n) }
func state(n int) any  { return fmt.Sprintf("S%d", n) }
func zip(n int) any    { return fmt.Sprintf("%05d", n) }
func land(n int) any   { return fmt.Sprintf("Land %d", n) }
func words(n int) any  { return fmt.Sprintf("Text %d", n) }
func sku(n int) any    { return fmt.Sprintf("SKU-%d", n) }
func price(n int) any  { return float64(n) + 0.37 }
func first(n int) any  { return fmt.Sprintf("First%d", n) }
func family(n int) any { return fmt.Sprintf("Family%d", n) }
func party(n int) any  { return fmt.Sprintf("Party %d", n) }

func addressKnobs(path string, fields ...string) []knob {
	inner := []string{"Line1", "City", "CountrySubDivisionCode", "PostalCode", "Country"}
	values := []func(int) any{street, town, state, zip, land}
	out := make([]knob, len(fields))
	for i, f := range fields {
		out[i] = knob{field: f, path: path + "." + inner[i], value: values[i]}
	}
	return out
}

func knobs(lists ...[]knob) []knob {
	var out []knob
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

var (
	vendorKnobs = knobs([]knob{
		{"Phone", "PrimaryPhone.FreeFormNumber", phone, false},
		{"Email", "PrimaryEmailAddr.Address", mail, false},
		{"Website", "WebAddr.URI", site, false},
		{"Vendor_Name", "DisplayName", party, true},
	}, addressKnobs("BillAddr", "Street", "City", "State", "Zip_Code", "Country"))
	productKnobs = []knob{
		{"Product_Code", "Sku", sku, false},
		{"Unit_Price", "UnitPrice", price, true},
		{"Description", "Description", words, false},
		{"Product_Name", "Name", party, true},
	}
	accountKnobs = knobs([]knob{
		{"Phone", "PrimaryPhone.FreeFormNumber", phone, false},
		{"Fax", "Fax.FreeFormNumber", phone, false},
		{"Website", "WebAddr.URI", site, false},
		{"Account_Name", "DisplayName", party, true},
	}, addressKnobs("BillAddr", "Billing_Street", "Billing_City", "Billing_State", "Billing_Code", "Billing_Country"),
		addressKnobs("ShipAddr", "Shipping_Street", "Shipping_City", "Shipping_State", "Shipping_Code", "Shipping_Country"))
	personKnobs = []knob{
		{"First_Name", "GivenName", first, false},
		{"Last_Name", "FamilyName", family, true},
		{"Email", "PrimaryEmailAddr.Address", mail, false},
	}
	contactKnobs = knobs(personKnobs, []knob{
		{"Phone", "PrimaryPhone.FreeFormNumber", phone, false},
		{"Mobile", "Mobile.FreeFormNumber", phone, false},
		{"Fax", "Fax.FreeFormNumber", phone, false},
	}, addressKnobs("BillAddr", "Mailing_Street", "Mailing_City", "Mailing_State", "Mailing_Zip", "Mailing_Country"),
		addressKnobs("ShipAddr", "Other_Street", "Other_City", "Other_State", "Other_Zip", "Other_Country"))
)

// customerKnobs are all that people in QuickBooks turn on a customer.
var customerKnobs = knobs([]knob{
	{"", "DisplayName", party, true},
	{"", "GivenName", first, false},
	{"", "FamilyName", family, true},
	{"", "PrimaryEmailAddr.Address", mail, false},
	{"", "PrimaryPhone.FreeFormNumber", phone, false},
	{"", "Mobile.FreeFormNumber", phone, false},
	{"", "Fax.FreeFormNumber", phone, false},
	{"", "WebAddr.URI", site, false},
}, addressKnobs("BillAddr", "", "", "", "", ""), addressKnobs("ShipAddr", "", "", "", "", ""))

// knobsOf are the knobs of a link's records.
func knobsOf(module, part string) []knob {
	switch {
	case module == "Vendors":
		return vendorKnobs
	case module == "Products":
		return productKnobs
	case module == "Accounts":
		return accountKnobs
	case part == "person":
		return personKnobs
	default:
		return contactKnobs
	}
}

// turnCRM turns one knob of a CRM record, sometimes to nothing.
func (w *world) turnCRM(module, id string, k knob) bool {
	var v any
	if k.keep || !chance(w.rng, 15) {
		v = k.value(w.next())
	}
	_, ok := w.doCRM(zohobox.Action{Action: "update", Type: module, ID: id, Data: object{k.field: v}})
	return ok
}

// turnBooks turns one knob of a QuickBooks record.
func (w *world) turnBooks(entity, id string, k knob) bool {
	var v any = ""
	if k.keep || !chance(w.rng, 15) {
		v = k.value(w.next())
	}
	data := object{}
	w.put(data, entity, id, k.path, v)
	_, ok := w.doBooks(qbobox.Action{Action: "update", Type: entity, ID: id, Data: data})
	return ok
}

// put sets a value by its path in a patch; what stands beside it stays.
func (w *world) put(data object, entity, id, path string, v any) {
	top, inner, nested := strings.Cut(path, ".")
	if !nested {
		data[top] = v
		return
	}
	o, ok := data[top].(object)
	if !ok {
		o = object{}
		if id != "" {
			if rec := w.books.Get(entity, id); rec != nil {
				if now, ok := rec[top].(object); ok {
					o = maps.Clone(now)
				}
			}
		}
		data[top] = o
	}
	if v == "" {
		delete(o, inner)
		if len(o) == 0 {
			o[inner] = ""
		}
		return
	}
	o[inner] = v
}
