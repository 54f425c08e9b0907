package mapping

import (
	"strings"

	"crossbook"
)

// Why a QuickBooks record makes no CRM record of its own.
const (
	SkipJob      = "sub-customer" // its documents go to the nearest linked ancestor (P1)
	SkipProject  = "project"
	SkipCategory = "category"
	SkipBundle   = "bundle" // not supported; its items are the rows of documents (U24)
)

// CustomerShape says which CRM records a QuickBooks customer makes and which
// part of it each owns.
type CustomerShape struct {
	Skip       bool
	SkipReason string
	// Account and Contact tell which records there are; with both, the Account
	// owns the company part and the Contact, its billing contact, the person part.
	Account, Contact         bool
	AccountPart, ContactPart crossbook.Part
}

// Part is the link part of a module's record; empty where there is none.
func (c CustomerShape) Part(mod crossbook.Module) crossbook.Part {
	switch {
	case mod == crossbook.Accounts && c.Account:
		return c.AccountPart
	case mod == crossbook.Contacts && c.Contact:
		return c.ContactPart
	default:
		return ""
	}
}

// Shape decides what a QuickBooks customer becomes in the CRM (P1, spec
// section 2). It is asked for customers without links: what is linked keeps the
// parts it has.
//
//	source        customer                                 CRM records
//	any           project                                  none
//	default       sub-customer with a person's name        with contacts as sub-customers:
//	                                                       Contact (whole); else none
//	default       sub-customer without one, or a company   with sub-customers as Accounts: Account
//	              by its own name                          (company) and, with a FamilyName,
//	                                                       Contact (person); else none
//	default       CompanyName, no FamilyName, or a         Account (company) and, with a
//	              DisplayName without the FamilyName       FamilyName, Contact (person)
//	default       else                                     Contact (whole)
//	accounts      sub-customer                             none
//	accounts      else                                     Account (whole)
//	contacts      any, sub-customers too                   Contact (whole); without a
//	                                                       FamilyName that is error 2 (U6)
func Shape(customer map[string]any, s crossbook.Settings) CustomerShape {
	if boolean(customer["IsProject"]) == "true" {
		return CustomerShape{Skip: true, SkipReason: SkipProject}
	}
	sub := boolean(customer["Job"]) == "true" || ParentID(customer) != ""
	switch s.CustomerSource {
	case crossbook.ContactsOnly:
		return CustomerShape{Contact: true, ContactPart: crossbook.Whole}
	case crossbook.AccountsOnly:
		if sub {
			return CustomerShape{Skip: true, SkipReason: SkipJob}
		}
		return CustomerShape{Account: true, AccountPart: crossbook.Whole}
	default:
		if sub {
			return subCustomer(customer, s)
		}
		return withBillingContact(customer)
	}
}

// subCustomer is the shape of a sub-customer in the default mode. A person's
// name is a FamilyName, without which the CRM takes no Contact; a customer whose
// CompanyName is its own DisplayName is a company whoever answers there.
func subCustomer(customer map[string]any, s crossbook.Settings) CustomerShape {
	family, display := text(customer["FamilyName"]), FoldName(text(customer["DisplayName"]))
	person := family != "" && FoldName(text(customer["CompanyName"])) != display
	switch {
	case person && s.ContactsAsSubCustomers:
		return CustomerShape{Contact: true, ContactPart: crossbook.Whole}
	case !person && s.SubCustomersAsAccounts:
		return CompanyShape(customer)
	default:
		return CustomerShape{Skip: true, SkipReason: SkipJob}
	}
}

// CompanyShape is the shape of a customer whose company part is an Account's.
func CompanyShape(customer map[string]any) CustomerShape {
	person := text(customer["FamilyName"]) != ""
	return CustomerShape{
		Account: true, AccountPart: crossbook.Company,
		Contact: person, ContactPart: partIf(person, crossbook.Person),
	}
}

func withBillingContact(customer map[string]any) CustomerShape {
	company, family := text(customer["CompanyName"]), text(customer["FamilyName"])
	display := FoldName(text(customer["DisplayName"]))
	if company == "" && family != "" && strings.Contains(display, Fold(family)) {
		return CustomerShape{Contact: true, ContactPart: crossbook.Whole}
	}
	return CompanyShape(customer)
}

func partIf(yes bool, p crossbook.Part) crossbook.Part {
	if yes {
		return p
	}
	return ""
}

// CRMPart is the part of a customer that a CRM record owns when Crossbook
// creates the customer or links it at first contact: an Account the company
// part, a Contact the person part where it stands under an Account, the whole
// otherwise. Modules that are not customers own the whole record.
func CRMPart(mod crossbook.Module, record map[string]any, s crossbook.Settings) crossbook.Part {
	shared := s.CustomerSource != crossbook.AccountsOnly && s.CustomerSource != crossbook.ContactsOnly
	switch {
	case mod == crossbook.Accounts && shared:
		return crossbook.Company
	case mod == crossbook.Contacts && shared && lookupID(record["Account_Name"]) != "":
		return crossbook.Person
	default:
		return crossbook.Whole
	}
}

// SkipItem tells whether an item makes no product: categories and bundles do
// not (U24).
func SkipItem(item map[string]any) (reason string, skip bool) {
	switch text(item["Type"]) {
	case "Category":
		return SkipCategory, true
	case "Group", "Bundle":
		return SkipBundle, true
	default:
		return "", false
	}
}

// ParentID is the id of the customer or category a record stands under.
func ParentID(record map[string]any) string { return text(at(record, "ParentRef.value")) }
