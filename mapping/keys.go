package mapping

import (
	"slices"
	"strings"

	"crossbook"
)

// The look-up keys of a record. Names and addresses are folded ([Fold],
// [FoldName]), ids and numbers are as the vendor gives them.
const (
	KeyName   = "name"    // the name people know the record by
	KeyNear   = "near"    // its skeleton, for suggestions ([Skeleton])
	KeyLast   = "last"    // a person's last name
	KeyEmail  = "email"   // every e-mail address
	KeyPhone  = "phone"   // the digits of every phone number
	KeySKU    = "sku"     // Sku, Product Code
	KeyFull   = "full"    // an item's full name, levels separated by ":"
	KeyNumber = "number"  // a document's number
	KeyOurID  = "our-id"  // the QuickBooks Id field of a CRM record
	KeyLinked = "linked"  // transactions linked, as "Invoice:130"
	KeyCo     = "company" // CompanyName

	KeyParent   = "parent"   // the record it stands under
	KeyAccount  = "account"  // CRM: the Account's id
	KeyContact  = "contact"  // CRM: the Contact's id
	KeyDeal     = "deal"     // CRM: the Deal's id
	KeyProduct  = "product"  // CRM: the Products of the lines
	KeyCustomer = "customer" // QuickBooks: CustomerRef
	KeyVendor   = "vendor"   // QuickBooks: VendorRef or PrefVendorRef; CRM: Vendor_Name
	KeyItem     = "item"     // QuickBooks: items of lines and bundles
)

// Keys are a record's look-up keys; typ is the CRM module or the QuickBooks
// entity. Values come in the record's order, without repeats or empty ones.
func Keys(side crossbook.Side, typ string, data map[string]any) map[string][]string {
	k := keys{}
	if side == crossbook.CRM {
		k.crm(crossbook.Module(typ), data)
	} else {
		k.books(crossbook.Entity(typ), data)
	}
	return k
}

type keys map[string][]string

func (k keys) add(key string, values ...string) {
	for _, v := range values {
		if v != "" && !slices.Contains(k[key], v) {
			k[key] = append(k[key], v)
		}
	}
}

func (k keys) name(name string) {
	k.add(KeyName, FoldName(name))
	k.add(KeyNear, Skeleton(name))
}

func (k keys) emails(texts ...any) {
	for _, t := range texts {
		for _, a := range SplitAddresses(text(t)) {
			k.add(KeyEmail, Fold(a))
		}
	}
}

func (k keys) phones(texts ...any) {
	for _, t := range texts {
		k.add(KeyPhone, digits(text(t)))
	}
}

// digits is a phone number's last ten digits: country codes and trunk zeros
// differ between the systems, and it only serves to find candidates.
func digits(s string) string {
	d := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if len(d) < 7 {
		return ""
	}
	return d[max(0, len(d)-10):]
}

func (k keys) crm(mod crossbook.Module, d map[string]any) {
	k.add(KeyOurID, text(d[FieldID]))
	switch mod {
	case crossbook.Accounts:
		k.name(text(d["Account_Name"]))
		k.phones(d["Phone"])
		k.add(KeyParent, lookupID(d["Parent_Account"]))
	case crossbook.Contacts:
		k.name(strings.TrimSpace(text(d["First_Name"]) + " " + text(d["Last_Name"])))
		k.add(KeyLast, Fold(text(d["Last_Name"])))
		k.emails(d["Email"], d["Secondary_Email"])
		k.phones(d["Phone"], d["Mobile"])
		k.add(KeyAccount, lookupID(d["Account_Name"]))
		k.add(KeyCo, Fold(lookupName(d["Account_Name"])))
	case crossbook.Vendors:
		k.name(text(d["Vendor_Name"]))
		k.emails(d["Email"])
		k.phones(d["Phone"])
	case crossbook.Products:
		k.name(text(d["Product_Name"]))
		k.add(KeyFull, FullName(text(d["Product_Name"])))
		k.add(KeySKU, Fold(text(d["Product_Code"])))
		k.add(KeyVendor, lookupID(d["Vendor_Name"]))
	default:
		k.crmDocument(d)
	}
}

// lineFields are the subforms of the inventory modules
// (reference/zoho-crm.md section 7.1).
var lineFields = []string{"Quoted_Items", "Invoiced_Items", "Purchase_Items"}

// numberFields are the CRM's own numbers of documents; people often enter the
// number of the books there (reference/zoho-crm.md section 7.5).
var numberFields = []string{"Invoice_Number", "Quote_Number", "PO_Number"}

// numbersIn are the words of a subject that hold a digit: the number of
// '1042 Cool Cars' or 'Invoice #1042'.
func numbersIn(subject string) []string {
	var out []string
	for _, word := range strings.Fields(subject) {
		word = strings.Trim(word, "#.,:;()[]")
		if strings.ContainsAny(word, "0123456789") && len(word) <= maxNumber {
			out = append(out, word)
		}
	}
	return out
}

// maxNumber is the length of QuickBooks' numbers (reference/quickbooks-online.md).
const maxNumber = 21

func (k keys) crmDocument(d map[string]any) {
	k.add(KeyNumber, text(d[FieldNumber]))
	for _, f := range numberFields {
		k.add(KeyNumber, strings.TrimSpace(text(d[f])))
	}
	k.add(KeyNumber, numbersIn(text(d["Subject"]))...)
	k.add(KeyAccount, lookupID(d["Account_Name"]))
	k.add(KeyContact, lookupID(d["Contact_Name"]))
	k.add(KeyVendor, lookupID(d["Vendor_Name"]))
	k.add(KeyDeal, lookupID(d["Deal_Name"]), lookupID(d["Deal_Name__s"]))
	k.add(KeyName, Fold(text(d["Subject"])), Fold(text(d["Deal_Name"])))
	for _, f := range lineFields {
		for _, line := range list(d[f]) {
			k.add(KeyProduct, lookupID(line["Product_Name"]))
		}
	}
}

func (k keys) books(e crossbook.Entity, d map[string]any) {
	switch e {
	case crossbook.Customer, crossbook.Vendor, "Employee":
		k.name(text(d["DisplayName"]))
		k.add(KeyCo, Fold(text(d["CompanyName"])))
		k.add(KeyLast, Fold(text(d["FamilyName"])))
		k.emails(at(d, "PrimaryEmailAddr.Address"))
		k.phones(at(d, "PrimaryPhone.FreeFormNumber"), at(d, "Mobile.FreeFormNumber"))
		k.add(KeyParent, ParentID(d))
	case crossbook.Item:
		k.name(text(d["Name"]))
		k.add(KeyFull, FullName(text(d["FullyQualifiedName"])))
		k.add(KeySKU, Fold(text(d["Sku"])))
		k.add(KeyParent, ParentID(d))
		k.add(KeyVendor, text(at(d, "PrefVendorRef.value")))
		for _, line := range list(at(d, "ItemGroupDetail.ItemGroupLine")) {
			k.add(KeyItem, text(at(line, "ItemRef.value")))
		}
	default:
		k.booksDocument(d)
	}
}

func (k keys) booksDocument(d map[string]any) {
	k.add(KeyNumber, text(d["DocNumber"]))
	k.add(KeyCustomer, text(at(d, "CustomerRef.value")))
	k.add(KeyVendor, text(at(d, "VendorRef.value")))
	k.linked(d)
	for _, line := range list(d["Line"]) {
		k.line(line)
	}
}

func (k keys) line(line map[string]any) {
	for _, detail := range []string{"SalesItemLineDetail", "ItemBasedExpenseLineDetail"} {
		k.add(KeyItem, text(at(line, detail+".ItemRef.value")))
	}
	k.add(KeyItem, text(at(line, "GroupLineDetail.GroupItemRef.value")))
	for _, inner := range list(at(line, "GroupLineDetail.Line")) {
		k.line(inner)
	}
	k.linked(line)
}

func (k keys) linked(d map[string]any) {
	for _, l := range list(d["LinkedTxn"]) {
		if id := text(l["TxnId"]); id != "" {
			k.add(KeyLinked, text(l["TxnType"])+":"+id)
		}
	}
}

// list is a JSON array of objects.
func list(raw any) []map[string]any {
	all, _ := raw.([]any)
	out := make([]map[string]any, 0, len(all))
	for _, v := range all {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// FullName is the comparable form of an item's full name: folded levels with a
// colon between, whether they were written in QuickBooks' way or in the CRM's
// 'Category / Name' (P15).
func FullName(s string) string {
	levels := strings.Split(strings.ReplaceAll(s, nameSeparator, ":"), ":")
	for i := range levels {
		levels[i] = FoldName(levels[i])
	}
	return strings.Join(levels, ":")
}
