package mapping

import "crossbook"

// The units of R73.
const (
	UnitBilling  = "billing address"
	UnitShipping = "shipping address"
	UnitPerson   = "name parts"
	UnitQuantity = "quantity"
)

// Fields Crossbook adds and other packages name.
const (
	FieldID           = "QuickBooks_Id"
	FieldLink         = "QuickBooks_Link"
	FieldStatus       = "QuickBooks_Status"
	FieldInvoiceEmail = "QuickBooks_Invoice_Email"
	FieldBalance      = "QuickBooks_Balance"
	FieldCurrency     = "QuickBooks_Currency"
	FieldSync         = "QuickBooks_sync"
	FieldBillTo       = "QuickBooks_billing_contact"
	FieldType         = "QuickBooks_type"
	FieldCost         = "Cost"
	FieldPurchaseDesc = "Purchase_Description"
	FieldAsOf         = "As_of_Date"
	FieldStartDate    = "QuickBooks_Start_Date"
)

// both makes a pair that travels both ways.
func both(field, label, books string, k Kind, g crossbook.FieldGroup, owner crossbook.Side) Pair {
	return Pair{
		Field: field, Label: label, Books: books, Kind: k,
		Direction: crossbook.Both, Group: g, Policy: Normal, Owner: owner,
	}
}

// shown makes a pair that QuickBooks alone writes.
func shown(field, label, books string, k Kind, g crossbook.FieldGroup) Pair {
	return Pair{
		Field: field, Label: label, Books: books, Kind: k,
		Direction: crossbook.InToCRM, Group: g, Policy: ReadOnly, Owner: crossbook.Books,
	}
}

// ours marks a pair whose CRM field Crossbook added.
func ours(p Pair) Pair {
	p.Ours = true
	return p
}

// only limits pairs to link parts.
func only(pairs []Pair, parts ...crossbook.Part) []Pair {
	for i := range pairs {
		pairs[i].Parts = parts
	}
	return pairs
}

// ownPairs are the added fields every party carries.
func ownPairs() []Pair {
	return []Pair{
		ours(shown(FieldID, "QuickBooks Id", "Id", Text, crossbook.GroupFigures)),
		ours(shown(FieldStatus, "QuickBooks Status", "Active", Status, crossbook.GroupActive)),
		ours(shown(FieldLink, "QuickBooks Link", "Id", Link, crossbook.GroupFigures)),
	}
}

// address pairs the five CRM fields of an address with a QuickBooks address.
func address(fields [5]string, label, books string, g crossbook.FieldGroup, unit string) []Pair {
	parts := [5]struct {
		label, path string
		kind        Kind
	}{
		{"Street", "Lines", Lines},
		{"City", "City", Text},
		{"State", "CountrySubDivisionCode", Text},
		{"Code", "PostalCode", Text},
		{"Country", "Country", Text},
	}
	out := make([]Pair, 0, len(parts))
	for i, a := range parts {
		name := a.label
		if label != "" {
			name = label + " " + a.label
		}
		p := both(fields[i], name, books+"."+a.path, a.kind, g, crossbook.Books)
		p.Unit = unit
		out = append(out, p)
	}
	return out
}

// vendorPairs is spec section 3.3. Tax id, 1099 flag, account number and bank
// details are no pairs and never can be (P13).
func vendorPairs() []Pair {
	name := both("Vendor_Name", "Vendor Name", "DisplayName", Name, crossbook.GroupName, crossbook.Books)
	name.Required = true
	pairs := []Pair{
		name,
		both("Phone", "Phone", "PrimaryPhone.FreeFormNumber", Phone, crossbook.GroupPhone, crossbook.CRM),
		both("Email", "Email", "PrimaryEmailAddr.Address", Email, crossbook.GroupEmail, ""),
		both("Website", "Website", "WebAddr.URI", URL, crossbook.GroupPhone, crossbook.CRM),
	}
	pairs = append(pairs, address([5]string{"Street", "City", "State", "Zip_Code", "Country"},
		"", "BillAddr", crossbook.GroupBilling, UnitBilling)...)
	pairs = append(pairs, ownPairs()...)
	return append(pairs,
		ours(shown(FieldCurrency, "QuickBooks Currency", "CurrencyRef", Code, crossbook.GroupCurrency)),
		ours(shown(FieldBalance, "QuickBooks Balance", "Balance", Money, crossbook.GroupFigures)))
}
