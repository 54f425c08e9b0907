package crossbook

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CustomerSource decides how CRM Accounts and Contacts meet QuickBooks
// customers (spec section 2).
type CustomerSource string

// The customer sources. AccountsWithBillingContact is the default (P1).
const (
	AccountsWithBillingContact CustomerSource = "accounts-with-billing-contact"
	AccountsOnly               CustomerSource = "accounts-only"
	ContactsOnly               CustomerSource = "contacts-only"
)

// Direction narrows a two-way module or pair (R29).
type Direction string

// The directions.
const (
	Both    Direction = "both"
	InToCRM Direction = "to-crm"
	ToQB    Direction = "to-quickbooks"
	NoWay   Direction = "none"
)

// DuplicateAction says what happens when an unlinked record has exactly one
// match (R36).
type DuplicateAction string

// The duplicate actions; LinkAndFill is the default (P2, P7).
const (
	LinkAndFill   DuplicateAction = "link-and-fill"
	Overwrite     DuplicateAction = "overwrite"
	SkipDuplicate DuplicateAction = "skip"
	Clone         DuplicateAction = "clone"
)

// Preference decides a true conflict on one field (R38).
type Preference string

// The preferences; OwnerWins follows the table of practice section 5.
const (
	OwnerWins Preference = "owner"
	BooksWins Preference = "quickbooks"
	CRMWins   Preference = "crm"
	Ask       Preference = "ask"
)

// SendRule says which new CRM records are created in QuickBooks after go (P3).
type SendRule string

// The send rules.
const (
	SendAll    SendRule = "all"
	SendTicked SendRule = "ticked"
)

// FieldGroup is a row of the ownership table (practice section 5).
type FieldGroup string

// The field groups.
const (
	GroupName     FieldGroup = "name"
	GroupPerson   FieldGroup = "person"
	GroupPhone    FieldGroup = "phone"
	GroupEmail    FieldGroup = "email"
	GroupBilling  FieldGroup = "billing-address"
	GroupShipping FieldGroup = "shipping-address"
	GroupTerms    FieldGroup = "terms"
	GroupCurrency FieldGroup = "currency"
	GroupPrice    FieldGroup = "price"
	GroupText     FieldGroup = "text"
	GroupItem     FieldGroup = "item-type"
	GroupQuantity FieldGroup = "quantity"
	GroupActive   FieldGroup = "active"
	GroupNotes    FieldGroup = "notes"
	GroupFigures  FieldGroup = "figures" // our own figures on CRM records
)

// Handling says how a later edit in the CRM of a field group travels.
type Handling string

// The handlings. StraightThrough is Zoho's own behaviour; Propose waits for an
// accountant.
const (
	StraightThrough Handling = "straight-through"
	Propose         Handling = "propose"
)

// ModuleSettings are the choices of one module (R31-R38).
type ModuleSettings struct {
	On          bool            `json:"on"`
	PausedSince time.Time       `json:"paused_since,omitzero"`
	Direction   Direction       `json:"direction"`
	Duplicates  DuplicateAction `json:"duplicates"`
	Preference  Preference      `json:"preference"`
	// Everything widens the extent from the defaults of P13 and P26 to all records.
	Everything bool `json:"everything,omitempty"`
	// OnlyChanges takes no record that neither side has touched since set-up: what
	// is linked or brought in is what is created or changed from then on (R34).
	OnlyChanges bool `json:"only_changes,omitempty"`
	// CheckField is the CRM field that tells whether two unlinked records are the
	// same (R35); empty is that of R45. [CheckFields] lists those to choose from.
	CheckField string `json:"check_field,omitempty"`
	// LayoutID is the CRM layout written and read; empty is Standard, or the
	// QuickBooks layout for documents.
	LayoutID string `json:"layout_id,omitempty"`
}

// Paused tells whether the module is paused.
func (m ModuleSettings) Paused() bool { return !m.PausedSince.IsZero() }

// ItemAccounts is one row of the table of P12: the accounts and tax codes new
// items of a product category get in QuickBooks. All are QuickBooks ids.
type ItemAccounts struct {
	Income           string `json:"income"`
	Expense          string `json:"expense"`
	Asset            string `json:"asset"`
	SalesTaxCode     string `json:"sales_tax_code,omitempty"`
	PurchaseTaxCode  string `json:"purchase_tax_code,omitempty"`
	PriceIncludesTax bool   `json:"price_includes_tax,omitempty"`
}

// Settings are the choices of one connection.
type Settings struct {
	CustomerSource CustomerSource `json:"customer_source"`
	// ContactsAsSubCustomers makes every further Contact of a linked Account a
	// sub-customer of it, and every sub-customer with a person's name a Contact.
	ContactsAsSubCustomers bool `json:"contacts_as_sub_customers,omitempty"`
	// SubCustomersAsAccounts makes an Account under a linked Parent Account a job
	// of its customer, and every sub-customer without a person's name an Account.
	SubCustomersAsAccounts bool `json:"sub_customers_as_accounts,omitempty"`
	// OnlyContactsOfAccounts makes no customer of a Contact without an Account (R32).
	OnlyContactsOfAccounts bool                      `json:"only_contacts_of_accounts,omitempty"`
	Modules                map[Module]ModuleSettings `json:"modules"`
	Handling               map[FieldGroup]Handling   `json:"handling"`
	SendRule               SendRule                  `json:"send_rule"`
	// CreateExisting lets set-up create existing unmatched CRM records in
	// QuickBooks (R34, P3); off until ticked.
	CreateExisting bool `json:"create_existing,omitempty"`
	// SendQuantity is the switch "send quantity edits, as Zoho does" (P10).
	SendQuantity bool `json:"send_quantity,omitempty"`
	// DefaultItemType is Service or NonInventory (P12).
	DefaultItemType string `json:"default_item_type"`
	// ItemAccounts is the table of P12 by product category; "" is the default row.
	ItemAccounts map[string]ItemAccounts `json:"item_accounts"`
	// DocumentFloor is the earliest document date taken besides open ones
	// (P26); zero means the first day of the previous fiscal year.
	DocumentFloor string `json:"document_floor,omitempty"`
	// FallbackOwner is the CRM user who owns imported documents without a
	// better owner (P24); empty is the connecting user.
	FallbackOwner string `json:"fallback_owner,omitempty"`
	// DealNumber says where a new quote or invoice names its Deal (P32).
	DealNumber DealNumber `json:"deal_number,omitzero"`
}

// DealNumber pairs a sales-form custom field of QuickBooks with the field of
// CRM Deals that holds the same number.
type DealNumber struct {
	// CustomField is the name of the custom field; empty is no pair.
	CustomField string `json:"custom_field"`
	// DealField is the API name of the field of Deals; empty is Deal_Name.
	DealField string `json:"deal_field,omitempty"`
}

// Field is the field of Deals that holds the number.
func (n DealNumber) Field() string {
	if n.DealField == "" {
		return "Deal_Name"
	}
	return n.DealField
}

// Trees tells whether sub-customers of QuickBooks have CRM records.
func (s Settings) Trees() bool { return s.ContactsAsSubCustomers || s.SubCustomersAsAccounts }

// CheckCustomers refuses choices about customers that contradict each other
// (spec section 2). The error is a sentence for the person who chose.
func (s Settings) CheckCustomers() error {
	shared := s.CustomerSource == "" || s.CustomerSource == AccountsWithBillingContact
	switch {
	case s.ContactsAsSubCustomers && !shared:
		return fmt.Errorf("contacts_as_sub_customers goes with customer_source %s only, not with %s: there no Account is shared", AccountsWithBillingContact, s.CustomerSource)
	case s.SubCustomersAsAccounts && !shared:
		return fmt.Errorf("sub_customers_as_accounts goes with customer_source %s only, not with %s", AccountsWithBillingContact, s.CustomerSource)
	case s.OnlyContactsOfAccounts && s.CustomerSource == AccountsOnly:
		return fmt.Errorf("only_contacts_of_accounts means nothing with customer_source %s, which takes no Contacts at all", AccountsOnly)
	}
	off := func(m Module) bool {
		ms, known := s.Modules[m]
		return known && !ms.On
	}
	switch {
	case s.Trees() && off(Accounts):
		return fmt.Errorf("sub-customers need the module %s, which is switched off", Accounts.Label())
	case s.ContactsAsSubCustomers && off(Contacts):
		return fmt.Errorf("contacts_as_sub_customers needs the module %s, which is switched off", Contacts.Label())
	}
	return nil
}

// CheckFields are the fields that may decide, in a module, whether two unlinked
// records are the same, by the CRM's name. The first is what decides unless a
// person chooses (R45); of Products it is the code and, without one, the name.
func CheckFields(m Module) []string {
	switch m {
	case Accounts:
		return []string{"Account_Name", "Phone"}
	case Contacts:
		return []string{"Email", "Phone"}
	case Vendors:
		return []string{"Vendor_Name", "Email", "Phone"}
	case Products:
		return []string{"", "Product_Code", "Product_Name"}
	default:
		return nil
	}
}

// CheckBy is the check field where it is another one than that of R45.
func (s Settings) CheckBy(m Module) string {
	by := s.Modules[m].CheckField
	if known := CheckFields(m); len(known) == 0 || by == known[0] {
		return ""
	}
	return by
}

// CheckMatching refuses check fields that a module does not offer. The error is a
// sentence for the person who chose.
func (s Settings) CheckMatching() error {
	for _, m := range Modules() {
		by, known := s.Modules[m].CheckField, CheckFields(m)
		switch {
		case by == "" || slices.Contains(known, by):
		case len(known) == 0:
			return fmt.Errorf("modules.%s.check_field: %s always match by number, party and total", m, m.Label())
		default:
			known = slices.DeleteFunc(known, func(f string) bool { return f == "" })
			return fmt.Errorf("modules.%s.check_field: %q cannot tell whether two records are the same; choose one of %s", m, by, strings.Join(known, ", "))
		}
	}
	return nil
}

// CheckExtent refuses choices about which records are taken that contradict
// each other. The error is a sentence for the person who chose.
func (s Settings) CheckExtent() error {
	for _, m := range Modules() {
		ms := s.Modules[m]
		switch {
		case !ms.OnlyChanges:
		case ms.Everything:
			return fmt.Errorf("modules.%s: only_changes and everything contradict each other; choose one", m)
		case s.CreateExisting && m.TwoWay():
			return fmt.Errorf("create_existing sends what stands in the CRM already, and modules.%s.only_changes takes only what changes from now on; choose one", m)
		}
	}
	return nil
}

// DefaultSettings are the choices made for a person who saves without reading
// (U3), with every field group straight through.
func DefaultSettings() Settings {
	s := Settings{
		CustomerSource:  AccountsWithBillingContact,
		Modules:         map[Module]ModuleSettings{},
		Handling:        map[FieldGroup]Handling{},
		SendRule:        SendAll,
		DefaultItemType: "Service",
		ItemAccounts:    map[string]ItemAccounts{},
	}
	for _, m := range Modules() {
		d := Both
		if m.Document() {
			d = InToCRM
		}
		s.Modules[m] = ModuleSettings{On: true, Direction: d, Duplicates: LinkAndFill, Preference: OwnerWins}
	}
	return s
}
