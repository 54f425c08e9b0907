package mapping

import (
	"slices"
	"strings"

	"crossbook"
)

// attribute is one value of a QuickBooks record that a pair may name.
type attribute struct {
	kinds []Kind // the kinds a pair may read it as
	// fixed attributes are written by QuickBooks alone, or are ours to leave alone.
	fixed bool
}

// attributes lists what may be mapped, by entity and path. What P13 forbids
// (tax ids, 1099, account numbers, bank details) is missing on purpose, and so
// are PrintOnCheckName (P4) and BillAddr.Lat and Long, which are QuickBooks'
// own. Limits in length are left to QuickBooks, whose refusal is error 8.
func attributes(e crossbook.Entity) map[string]attribute {
	switch e {
	case crossbook.Customer:
		return customerAttributes
	case crossbook.Vendor:
		return vendorAttributes
	case crossbook.Item:
		return itemAttributes
	default:
		return nil
	}
}

var (
	textual            = []Kind{Text, PickList}
	vendorAttributes   = partyAttributes(nil)
	customerAttributes = partyAttributes(map[string]attribute{
		"Notes":                {kinds: textual, fixed: true}, // P27
		"ResaleNum":            {kinds: textual, fixed: true}, // P14
		"Taxable":              {kinds: []Kind{Bool}, fixed: true},
		"SalesTermRef.name":    {kinds: textual, fixed: true}, // P31
		"CustomerTypeRef.name": {kinds: textual, fixed: true},
		"ParentRef":            {kinds: []Kind{Reference}, fixed: true},
		"BalanceWithJobs":      {kinds: []Kind{Money, Decimal}, fixed: true},
		"FullyQualifiedName":   {kinds: textual, fixed: true},
	})
	itemAttributes = map[string]attribute{
		"Id":                 {kinds: []Kind{Text, Link}, fixed: true},
		"Name":               {kinds: []Kind{ItemName}},
		"FullyQualifiedName": {kinds: textual, fixed: true},
		"Sku":                {kinds: textual},
		"Type":               {kinds: textual},
		"Description":        {kinds: textual},
		"PurchaseDesc":       {kinds: textual},
		"UnitPrice":          {kinds: []Kind{Money, Decimal}},
		"PurchaseCost":       {kinds: []Kind{Money, Decimal}},
		"Active":             {kinds: []Kind{Bool, Status}, fixed: true}, // P11
		"Taxable":            {kinds: []Kind{Bool}, fixed: true},         // P14
		"QtyOnHand":          {kinds: []Kind{Decimal}},
		"InvStartDate":       {kinds: []Kind{Date}, fixed: true},
		"ReorderPoint":       {kinds: []Kind{Decimal}},
		"PrefVendorRef":      {kinds: []Kind{Reference}},
	}
)

// partyAttributes are those customers and vendors share, and the further ones.
func partyAttributes(further map[string]attribute) map[string]attribute {
	out := map[string]attribute{
		"Id":                            {kinds: []Kind{Text, Link, Reference}, fixed: true},
		"DisplayName":                   {kinds: []Kind{Name}},
		"CompanyName":                   {kinds: []Kind{Text, Company}},
		"Title":                         {kinds: textual},
		"GivenName":                     {kinds: textual},
		"MiddleName":                    {kinds: textual},
		"FamilyName":                    {kinds: textual},
		"Suffix":                        {kinds: textual},
		"PrimaryPhone.FreeFormNumber":   {kinds: []Kind{Phone, Text}},
		"AlternatePhone.FreeFormNumber": {kinds: []Kind{Phone, Text}},
		"Mobile.FreeFormNumber":         {kinds: []Kind{Phone, Text}},
		"Fax.FreeFormNumber":            {kinds: []Kind{Phone, Text}},
		"PrimaryEmailAddr.Address":      {kinds: []Kind{Email, Text}},
		"WebAddr.URI":                   {kinds: []Kind{URL}},
		"CurrencyRef":                   {kinds: []Kind{Code}},
		"Active":                        {kinds: []Kind{Bool, Status}, fixed: true}, // P11
		"Balance":                       {kinds: []Kind{Money, Decimal}, fixed: true},
	}
	for _, a := range []string{"BillAddr", "ShipAddr"} {
		out[a+".Lines"] = attribute{kinds: []Kind{Lines}}
		for _, part := range []string{"City", "CountrySubDivisionCode", "PostalCode", "Country"} {
			out[a+"."+part] = attribute{kinds: textual}
		}
	}
	for path, a := range further {
		out[path] = a
	}
	return out
}

// writable tells whether a pair of the kind may write the attribute.
func (a attribute) writable(k Kind) bool {
	if a.fixed {
		return false
	}
	switch k {
	case Status, Link:
		return false
	default:
		return true
	}
}

func (a attribute) carries(k Kind) bool { return slices.Contains(a.kinds, k) }

// at walks a path into a raw record; nil where it ends early.
func at(data map[string]any, path string) any {
	head, rest, nested := strings.Cut(path, ".")
	v := data[head]
	if !nested {
		return v
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	return at(m, rest)
}

// object is the nested object under a key, or nil.
func object(data map[string]any, key string) map[string]any {
	m, _ := data[key].(map[string]any)
	return m
}
