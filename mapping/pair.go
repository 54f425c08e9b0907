package mapping

import (
	"slices"

	"crossbook"
)

// Kind is the kind of value a pair carries; it fixes the canonical form.
type Kind string

// The kinds.
const (
	Text      Kind = "text"
	Lines     Kind = "multiline-address"
	Phone     Kind = "phone"
	Email     Kind = "email" // the first address of a list (P5)
	URL       Kind = "url"
	Decimal   Kind = "decimal"
	Money     Kind = "money"
	Bool      Kind = "bool"
	Date      Kind = "date"
	Reference Kind = "ref"
	PickList  Kind = "picklist"
	Code      Kind = "code"      // a currency code
	Name      Kind = "name"      // a DisplayName, read without " (deleted)" (R51)
	ItemName  Kind = "item-name" // an item's name, told apart where not unique (P15)
	Company   Kind = "company"   // an Account look-up on the CRM side, its name in QuickBooks
	Status    Kind = "status"    // Active or Inactive (R90)
	Link      Kind = "link"      // the address of the record in QuickBooks
)

// Policy says how far a pair may travel, beside its direction.
type Policy string

// The policies.
const (
	// Normal travels wherever the direction allows.
	Normal Policy = "normal"
	// FillOnly goes to the CRM only into an empty field, and to QuickBooks only
	// where [Pair.MaySend] allows it (P5).
	FillOnly Policy = "fill-only"
	// CreateOnly is written when a record is created, on either side, and never
	// again; it takes no part in first contact or later merges.
	CreateOnly Policy = "create-only"
	// ReadOnly is QuickBooks to CRM; an edit in the CRM is put back.
	ReadOnly Policy = "read-only"
	// Never is never written to either side.
	Never Policy = "never"
)

// Pair joins one CRM field with one QuickBooks attribute.
type Pair struct {
	// Field is the CRM field's API name and the key of the canonical value.
	Field string `json:"field"`
	// Label is the field as people read it.
	Label string `json:"label"`
	// Books is the QuickBooks attribute as a path ("PrimaryPhone.FreeFormNumber");
	// the lines of an address are "BillAddr.Lines". Empty means that QuickBooks
	// holds no such value: the field only steers how a record is created.
	Books     string               `json:"quickbooks"`
	Kind      Kind                 `json:"kind"`
	Direction crossbook.Direction  `json:"direction"`
	Group     crossbook.FieldGroup `json:"group"`
	// Unit names the fields that are one value to a merge (R73): an address, the
	// name parts, quantity and its date.
	Unit string `json:"unit,omitempty"`
	// Parts are the link parts the pair takes part in; none means all.
	Parts    []crossbook.Part `json:"parts,omitempty"`
	Policy   Policy           `json:"policy"`
	Required bool             `json:"required,omitempty"`
	// Owner is the side that wins a true conflict and a differing first contact
	// (practice section 5); empty means nobody.
	Owner crossbook.Side `json:"owner,omitempty"`
	// Target is the CRM module a reference points at.
	Target crossbook.Module `json:"target,omitempty"`
	// Zero marks numbers for which QuickBooks knows no empty value: 0 and empty are
	// one, canonically empty, so that first contact fills them (P2); 0 is written.
	Zero bool `json:"zero,omitempty"`
	// InventoryOnly marks fields that mean nothing on items of other types and
	// are empty there on both sides.
	InventoryOnly bool `json:"inventory_only,omitempty"`
	// Ours marks a field that Crossbook added to the CRM.
	Ours bool `json:"ours,omitempty"`
}

// ToCRM tells whether values of the pair are written to the CRM.
func (p Pair) ToCRM() bool {
	return p.Policy != Never && (p.Direction == crossbook.Both || p.Direction == crossbook.InToCRM)
}

// ToBooks tells whether values of the pair are written to QuickBooks.
func (p Pair) ToBooks() bool {
	return p.Policy != Never && p.Policy != ReadOnly &&
		(p.Direction == crossbook.Both || p.Direction == crossbook.ToQB)
}

// In tells whether the pair takes part in a link of the part.
func (p Pair) In(part crossbook.Part) bool {
	return len(p.Parts) == 0 || slices.Contains(p.Parts, part)
}

// meets tells whether two pairs take part in links of one part.
func (p Pair) meets(q Pair) bool {
	return len(p.Parts) == 0 || len(q.Parts) == 0 || slices.ContainsFunc(p.Parts, q.In)
}

// MaySend tells whether a later edit of the pair in the CRM may be written to
// QuickBooks, given what QuickBooks held at the base and holds at present, both
// as FromBooks projected them. An e-mail list is never written; a fill-only
// e-mail goes only where QuickBooks still holds what the base held (P5). An
// empty field that was empty is no list and may be filled.
func (p Pair) MaySend(base, now crossbook.Fields) bool {
	if !p.ToBooks() || p.Policy == CreateOnly {
		return false
	}
	if p.Kind != Email {
		return true
	}
	if isList(now[FieldInvoiceEmail]) {
		return false
	}
	return p.Policy != FillOnly || (!isList(base[FieldInvoiceEmail]) && base[p.Field] == now[p.Field])
}

// Document is the mapping as a person edits it, stored as JSON.
type Document struct {
	Version int                         `json:"version"`
	Modules map[crossbook.Module][]Pair `json:"modules"`
}

// documentVersion counts changes of the document's form.
const documentVersion = 1

// Default is the preset mapping (spec section 3) with the ownership of
// practice section 5.
func Default(s crossbook.Settings) Document {
	return Document{
		Version: documentVersion,
		Modules: map[crossbook.Module][]Pair{
			crossbook.Vendors:  vendorPairs(),
			crossbook.Accounts: accountPairs(),
			crossbook.Contacts: contactPairs(s),
			crossbook.Products: productPairs(s),
		},
	}
}
