package match

import (
	"slices"
	"strings"

	"crossbook"
	"crossbook/mapping"
)

// Subject is what matching needs to know about one record.
type Subject struct {
	Ref crossbook.Ref
	// Name is the name people know the record by; Company is QuickBooks'
	// CompanyName, or the Account of a CRM Contact.
	Name, Company string
	First, Last   string
	// Emails are folded addresses, Phones the last digits of numbers.
	Emails, Phones []string
	// Shared are those of the e-mails that two or more records of this record's
	// side use; the caller counts them. They match only with the name (P5).
	Shared []string
	Postal string
	// SKU is an item's code; FullName its name with its categories (P15).
	SKU, FullName string
	// Number, Party and Total identify a document. Party is the QuickBooks id of
	// its customer or vendor: the caller resolves it for CRM documents.
	Number, Party, Total string
	// Numbers are all words that may be the number of a CRM document: people keep
	// it in several fields.
	Numbers []string
	// OurID is the QuickBooks id a CRM record carries.
	OurID string
	// Inactive and Sub mark inactive QuickBooks records and sub-customers.
	Inactive, Sub bool
	// By is the field that decides by a person's choice, by its name in the CRM;
	// empty is the check field of R45.
	By string
	// Rivals are unlinked records of the subject's own side whose check field has
	// the same value: then the subject is no more the match than they are.
	Rivals []crossbook.Ref
	// Yields marks an inactive QuickBooks record beside an active one of the same
	// check field: whatever matches is the active one's.
	Yields bool
}

// Candidate is a record of the other side that might be the same.
type Candidate struct {
	Subject
	// Taken candidates have a link of the part in question: they match nobody
	// (R45a).
	Taken bool
	// Claimed candidates bear the very name of another record of the subject's
	// side: they match nobody by the weaker CompanyName.
	Claimed bool
	// SameParty candidates are the person of the very customer the subject's
	// Account is linked with, or the other way round: there the name is enough (P1).
	SameParty bool
}

// Describe reads a raw record. What it cannot know from the record alone
// (Shared, Rivals, Party of CRM documents) the caller fills in.
func Describe(ref crossbook.Ref, data map[string]any) Subject {
	keys := mapping.Keys(ref.Side, ref.Type, data)
	s := Subject{
		Ref:    ref,
		Emails: keys[mapping.KeyEmail],
		Phones: keys[mapping.KeyPhone],
		OurID:  first(keys[mapping.KeyOurID]),
		Number: first(keys[mapping.KeyNumber]), Numbers: keys[mapping.KeyNumber],
	}
	if ref.Side == crossbook.CRM {
		s.crm(ref.Module(), data)
	} else {
		s.books(ref.Entity(), data)
	}
	return s
}

func (s *Subject) crm(mod crossbook.Module, d map[string]any) {
	switch mod {
	case crossbook.Accounts:
		s.Name, s.Postal = str(d, "Account_Name"), str(d, "Billing_Code")
	case crossbook.Contacts:
		s.First, s.Last = str(d, "First_Name"), str(d, "Last_Name")
		s.Name = strings.TrimSpace(s.First + " " + s.Last)
		s.Postal = str(d, "Mailing_Zip")
		s.Company = str(sub(d, "Account_Name"), "name")
	case crossbook.Vendors:
		s.Name, s.Postal = str(d, "Vendor_Name"), str(d, "Zip_Code")
	case crossbook.Products:
		s.Name, s.SKU = str(d, "Product_Name"), str(d, "Product_Code")
		s.FullName = s.Name
	default:
		s.Total = mapping.Number(d["Grand_Total"])
	}
}

func (s *Subject) books(e crossbook.Entity, d map[string]any) {
	s.Inactive = d["Active"] == false
	s.Sub = d["Job"] == true || mapping.ParentID(d) != ""
	switch e {
	case crossbook.Customer, crossbook.Vendor:
		s.Name, s.Company = mapping.StripDeleted(str(d, "DisplayName")), str(d, "CompanyName")
		s.First, s.Last = str(d, "GivenName"), str(d, "FamilyName")
		s.Postal = str(sub(d, "BillAddr"), "PostalCode")
	case crossbook.Item:
		s.Name, s.SKU = mapping.StripDeleted(str(d, "Name")), str(d, "Sku")
		s.FullName = str(d, "FullyQualifiedName")
	case crossbook.PurchaseOrder:
		s.Party, s.Total = str(sub(d, "VendorRef"), "value"), mapping.Number(d["TotalAmt"])
	default:
		s.Party, s.Total = str(sub(d, "CustomerRef"), "value"), mapping.Number(d["TotalAmt"])
	}
}

// plainEmails are the subject's addresses that identify it without its name.
func (s Subject) plainEmails() []string {
	var out []string
	for _, a := range s.Emails {
		if !RoleAddress(a) && !slices.Contains(s.Shared, a) {
			out = append(out, a)
		}
	}
	return out
}

// roles are mailboxes of an office, not of a person (P5).
var roles = map[string]bool{
	"info": true, "ap": true, "accounts": true, "billing": true, "office": true, "admin": true,
}

// RoleAddress tells whether an address is an office's: such addresses match
// only together with the name (P5).
func RoleAddress(address string) bool {
	local, _, ok := strings.Cut(mapping.Fold(address), "@")
	return ok && roles[local]
}

func str(d map[string]any, key string) string {
	v, _ := d[key].(string)
	return strings.TrimSpace(v)
}

func sub(d map[string]any, key string) map[string]any {
	m, _ := d[key].(map[string]any)
	return m
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}
