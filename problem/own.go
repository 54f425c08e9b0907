package problem

import (
	"fmt"
	"strings"
	"time"

	"crossbook"
)

// Candidate is one of several records that could be the same.
type Candidate struct {
	Ref  crossbook.Ref
	Name string
}

// Duplicate is entry 1 from our own check: several candidates, or one that must
// not be touched (R47, R48). Crossbook never guesses.
func Duplicate(candidates []Candidate, ctx Context) crossbook.Problem {
	names := make([]string, 0, len(candidates))
	for _, c := range candidates {
		names = append(names, fmt.Sprintf("“%s” (%s)", c.Name, c.Ref))
	}
	cause := "More than one record could be " + ctx.record() + "."
	switch len(names) {
	case 0:
	case 1:
		cause = fmt.Sprintf("%s could be the same as %s.", capital(ctx.record()), names[0])
	default:
		cause = fmt.Sprintf("%s could be any of %s.", capital(ctx.record()), strings.Join(names, ", "))
	}
	return entry(1, textDuplicate, cause, cureDuplicate)
}

// MandatoryEmpty is entry 2: fields by their labels, mapped and mandatory in
// Zoho CRM, whose values in QuickBooks are empty (R58).
func MandatoryEmpty(labels []string, ctx Context) crossbook.Problem {
	p := entry(2, textMandatoryEmpty+strings.Join(labels, ", "),
		fmt.Sprintf("Zoho CRM demands %s, and QuickBooks has no value for %s.", quoted(labels), ctx.record()),
		"Enter the value in QuickBooks. For a customer without a last name: use the display name as Last Name, or make it an Account.")
	p.Fields = append([]string(nil), labels...)
	return p
}

// MandatoryMissing is entry 3: fields by their labels, mandatory in Zoho CRM
// and not in the mapping at all.
func MandatoryMissing(labels []string, ctx Context) crossbook.Problem {
	cause := "Zoho CRM demands a field that is not in the mapping; it was probably made mandatory on the layout later."
	if len(labels) > 0 {
		cause = fmt.Sprintf("Zoho CRM demands %s of %s, and the mapping does not fill it; it was probably made mandatory on the layout later.",
			quoted(labels), ctx.record())
	}
	p := entry(3, textMandatory, cause, "Give the field a fixed value, map it, or make it optional on the layout.")
	p.Fields = append([]string(nil), labels...)
	return p
}

// ProductMissing is entry 4: a line names an item without a Product that will
// not come by itself (R79); one still on its way is a wait.
func ProductMissing(items []Candidate, ctx Context) crossbook.Problem {
	return entry(4, textProduct,
		fmt.Sprintf("%s names %s, which was left out, filtered out or deleted in Zoho CRM.", capital(ctx.record()), named(items, "a product")),
		"Bring in the product, or choose another product for this item, or leave these documents out.")
}

// PartyMissing is entry 5: the customer or vendor of a document has no record
// in the module and none will come by itself (R78). The entity goes by its
// QuickBooks name: Estimate, not Quote.
func PartyMissing(module crossbook.Module, entity crossbook.Entity, party Candidate, ctx Context) crossbook.Problem {
	return entry(5, fmt.Sprintf(textParty, module.Singular(), entity),
		fmt.Sprintf("%s is for %s, which was left out or filtered out, or could be several records.",
			capital(ctx.record()), named([]Candidate{party}, "somebody")),
		"Bring in the customer or vendor, file the document under its parent, or leave its documents out.")
}

// Locked is entry 6: a wait, since nothing is wrong and we never unlock (R85).
func Locked(ctx Context) crossbook.Problem {
	p := entry(6, textLocked,
		fmt.Sprintf("%s is locked in Zoho CRM: by a rule, an approval or a merge.", capital(ctx.record())),
		"Nothing: it is tried again when the lock is gone. A lock by rule can leave out the profile of the connecting user.")
	p.Waiting = true
	return p
}

// TooLong is entry 8 found before sending (R56), in QuickBooks' own words:
// lengths over 999 are written with a comma.
func TooLong(label string, limit, supplied int) crossbook.Problem {
	detail := fmt.Sprintf("String length specified does not match the supported length. Min:0 Max:%s supported. Supplied length:%s",
		thousands(limit), thousands(supplied))
	p := tooLong(detail, label, Context{})
	p.Fields = []string{label}
	return p
}

// AsOfDateMissing is entry 9: a stock product that is not linked yet has no
// As of Date.
func AsOfDateMissing(ctx Context) crossbook.Problem {
	p := entry(9, textAsOfDate,
		fmt.Sprintf("QuickBooks counts %s from a day on, and As of Date is empty.", ctx.record()),
		"Create it as a non-inventory item, or enter an As of Date after the closing date and quantity 0.")
	p.Fields = []string{"As of Date"}
	return p
}

// VendorMissing is entry 10: the preferred vendor has no QuickBooks vendor.
func VendorMissing(vendor Candidate, ctx Context) crossbook.Problem {
	p := entry(10, textVendor,
		fmt.Sprintf("The vendor of %s, %s, is not linked to a vendor in QuickBooks.", ctx.record(), named([]Candidate{vendor}, "a vendor")),
		"Create the vendor in QuickBooks, link it or make it active again; or send the product without a vendor.")
	p.Fields = []string{"Vendor Name"}
	return p
}

// Paused is entry 14: a wait. The stamp is the moment of pausing in the
// viewer's zone and stays as it is for the entry (R110, U35).
func Paused(at time.Time, zone *time.Location) crossbook.Problem {
	if zone == nil {
		zone = time.UTC
	}
	p := entry(14, fmt.Sprintf(textPaused, at.In(zone).Format(pausedStamp)),
		"Somebody paused the module; the change is kept.", "Resume the module now, or on a date.")
	p.Waiting = true
	return p
}

// CurrencyCause tells the four causes of entry 15 apart.
type CurrencyCause int

// The four causes of entry 15 (practice section 6).
const (
	// NotInCRM: the QuickBooks currency does not exist or is not active in the CRM.
	NotInCRM CurrencyCause = iota
	// PartyInOther: the two records of a pair are in different currencies.
	PartyInOther
	// ProductForeign: a product in a currency that is not the home currency (R99).
	ProductForeign
	// HomesDiffer: the home currencies of the two systems differ (R12).
	HomesDiffer
)

// Currency is entry 15; crm and books are the ISO codes met on the two sides.
func Currency(cause CurrencyCause, crm, books string, ctx Context) crossbook.Problem {
	var why, cure string
	switch cause {
	case NotInCRM:
		why = fmt.Sprintf("%s is in %s, which Zoho CRM does not have or has switched off.", capital(ctx.record()), books)
		cure = fmt.Sprintf("Activate %s in Zoho CRM with its exchange rate.", books)
	case PartyInOther:
		why = fmt.Sprintf("%s is in %s in Zoho CRM and in %s in QuickBooks; neither can be changed later.", capital(ctx.record()), crm, books)
		cure = fmt.Sprintf("Create a second customer for %s under the same Account, as QuickBooks keeps one currency a customer.", crm)
	case ProductForeign:
		why = fmt.Sprintf("%s is priced in %s; QuickBooks keeps item prices in %s, the home currency.", capital(ctx.record()), crm, books)
		cure = fmt.Sprintf("Set the product to %s.", books)
	case HomesDiffer:
		why = fmt.Sprintf("The home currency is %s in Zoho CRM and %s in QuickBooks.", crm, books)
		cure = "There is no cure: neither system lets its home currency be changed. These two cannot be kept in step."
	}
	return entry(15, textCurrency, why, cure)
}

// NameRefused is our own check of R62: QuickBooks refuses names with a colon, a
// tab or a line break.
func NameRefused(label string, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.ToBooks, Kind: crossbook.NeedsData,
		Text:   fmt.Sprintf("A name in QuickBooks cannot hold a colon, a tab or a line break: %s", label),
		Cause:  fmt.Sprintf("“%s” of %s holds one of them.", label, ctx.record()),
		Cure:   "Correct the name in Zoho CRM; it is sent again by itself.",
		Fields: []string{label},
	}
}

// Moved says that people in the CRM placed a record under another Account, which
// is never sent: moving a customer moves its invoices (spec section 2). From and
// to are the customers it stands under and would stand under; empty is the top.
func Moved(label, from, to string, invoices, estimates int, ctx Context) crossbook.Problem {
	place := func(name string) string {
		if name == "" {
			return "at the top level"
		}
		return fmt.Sprintf("under “%s”", name)
	}
	return crossbook.Problem{
		Class: crossbook.ToBooks, Kind: crossbook.NeedsPerson,
		Text: fmt.Sprintf("A customer is not moved in QuickBooks without a person: %s", label),
		Cause: fmt.Sprintf("%s was placed %s in Zoho CRM; in QuickBooks it stands %s. Moving it there moves its %d invoices and %d estimates.",
			capital(ctx.record()), place(to), place(from), invoices, estimates),
		Cure:   "Move the customer in QuickBooks, or write only the company name there and put the " + label + " in Zoho CRM back.",
		Fields: []string{label},
	}
}

// BillingContactMoved says that the billing contact of an Account was placed
// under another one in the CRM: the customer stays with its Account, and its
// invoices with it (spec section 2).
func BillingContactMoved(from, to string, ctx Context) crossbook.Problem {
	now := "without an Account"
	if to != "" {
		now = fmt.Sprintf("under “%s”", to)
	}
	return crossbook.Problem{
		Class: crossbook.ToBooks, Kind: crossbook.NeedsPerson,
		Text: "The billing contact of an Account was given another Account in Zoho CRM.",
		Cause: fmt.Sprintf("%s is the person of the customer “%s” in QuickBooks and stands %s in Zoho CRM now. The customer and its invoices stay where they are.",
			capital(ctx.record()), from, now),
		Cure:   fmt.Sprintf("Mark another Contact of “%s” as QuickBooks billing contact, or put the Account Name in Zoho CRM back.", from),
		Fields: []string{"Account Name"},
	}
}

// BillingContacts says that several Contacts of an Account are marked as its
// billing contact (P1): nobody but a person knows who the customer is.
func BillingContacts(others []Candidate, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.ToBooks, Kind: crossbook.NeedsPerson,
		Text: "More than one Contact is marked as QuickBooks billing contact.",
		Cause: fmt.Sprintf("%s and %s stand under the same Account, and each is marked. Its customer in QuickBooks bears one name, so it stays as it is.",
			capital(ctx.record()), named(others, "another Contact")),
		Cure:   "Leave the mark “QuickBooks billing contact” on one of them in Zoho CRM.",
		Fields: []string{"QuickBooks billing contact"},
	}
}

// BillingContactLinked says that the Contact marked as an Account's billing
// contact is a customer by itself already.
func BillingContactLinked(contact Candidate, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.ToBooks, Kind: crossbook.NeedsPerson,
		Text:   "The Contact marked as QuickBooks billing contact is a customer by itself.",
		Cause:  fmt.Sprintf("%s is linked with a customer of its own, so it cannot be the billing contact of “%s” as well.", named([]Candidate{contact}, "It"), ctx.Name),
		Cure:   "Mark another Contact of the Account in Zoho CRM, or unlink this one from its customer first.",
		Fields: []string{"QuickBooks billing contact"},
	}
}

// FieldGone says that mapped fields are not on the CRM layout any more: Zoho
// would drop their values without a word.
func FieldGone(labels []string, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.ToCRM, Kind: crossbook.NeedsPerson,
		Text: "Not on the layout in Zoho CRM: " + strings.Join(labels, ", "),
		Cause: fmt.Sprintf("%s is missing from the layout used for %s, or was deleted; it stays as it is on both sides, everything else goes on.",
			quoted(labels), ctx.Module.Label()),
		Cure:   "Put the field back on the layout, or remove it from the mapping; crossbook sync looks again.",
		Fields: append([]string(nil), labels...),
	}
}

// IDFieldGone says that the field a module cannot do without is gone: nothing
// may be created without it, or a lost answer would make records double.
func IDFieldGone(label string, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.Common, Kind: crossbook.NeedsPerson,
		Text: fmt.Sprintf("%s are stopped: the field %s is missing in Zoho CRM.", ctx.Module.Label(), label),
		Cause: fmt.Sprintf("“%s” was deleted or taken off the layout used for %s. Without it records could be made twice, so changes wait.",
			label, ctx.Module.Label()),
		Cure:   "Put the field back on the layout; if it was deleted, run crossbook connect again, which adds it. Then crossbook sync.",
		Fields: []string{label},
	}
}

// LayoutGone says that the layout synced records carry is not there any more.
func LayoutGone(layout string, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.ToCRM, Kind: crossbook.NeedsPerson,
		Text:  fmt.Sprintf("%s are stopped: the layout %s is missing in Zoho CRM.", ctx.Module.Label(), layout),
		Cause: fmt.Sprintf("The layout that synced %s carry was deleted or switched off. Changes wait.", ctx.Module.Label()),
		Cure: fmt.Sprintf("Activate it again, or clone Standard under the name %s (Setup > Modules and Fields > %s > Layouts), and run crossbook connect again.",
			layout, ctx.Module.Label()),
	}
}

// PingPong says that a field was written three times in a short while with
// alternating values: something else keeps changing it.
func PingPong(label string, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.Common, Kind: crossbook.NeedsPerson,
		Text:   fmt.Sprintf("The field keeps changing back and forth: %s", label),
		Cause:  fmt.Sprintf("Something else rewrites “%s” of %s after every sync: a workflow, another program or a formula.", label, ctx.record()),
		Cure:   "Find and stop it, or take the field out of the mapping; then retry.",
		Fields: []string{label},
	}
}

// IDTaken says that the id of a QuickBooks record stands on another record of
// the CRM, which is in step with something else: a person copied or typed it.
func IDTaken(other string, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.ToCRM, Kind: crossbook.NeedsPerson,
		Text:   fmt.Sprintf("“%s” carries the QuickBooks Id of another record.", other),
		Cause:  fmt.Sprintf("The QuickBooks Id of %s stands on “%s” in Zoho CRM, which is in step with another record of QuickBooks; it was probably copied there.", ctx.record(), other),
		Cure:   fmt.Sprintf("Empty QuickBooks Id on “%s”: Crossbook fills in the right one. Then retry.", other),
		Fields: []string{"QuickBooks Id"},
	}
}

// TotalsDiffer says that a document's Grand Total in the CRM is not QuickBooks'
// total even after one correction (R82).
func TotalsDiffer(crm, books string, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.ToCRM, Kind: crossbook.NeedsPerson,
		Text:   fmt.Sprintf("Grand Total is %s in Zoho CRM and %s in QuickBooks.", crm, books),
		Cause:  fmt.Sprintf("Zoho CRM reckons %s differently, and one correction did not help: a formula, a rule or a tax setting may stand in between.", ctx.record()),
		Cure:   "Open the record in Zoho CRM, remove what changes its lines or totals, then retry.",
		Fields: []string{"Grand Total"},
	}
}

// Bug is a fault of our own; what says in plain words what happened.
func Bug(what string, ctx Context) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.Common, Kind: crossbook.Bug,
		Text:  "Crossbook made a mistake: " + what,
		Cause: fmt.Sprintf("This should not happen. Nothing was changed for %s.", ctx.record()),
		Cure:  "Report it with the record's history. It is tried again after an update.",
	}
}

// named lists records for a sentence, or says so in general.
func named(list []Candidate, otherwise string) string {
	var names []string
	for _, c := range list {
		switch {
		case c.Name != "":
			names = append(names, "“"+c.Name+"”")
		case !c.Ref.IsZero():
			names = append(names, c.Ref.String())
		}
	}
	if len(names) == 0 {
		return otherwise
	}
	return strings.Join(names, ", ")
}

func quoted(labels []string) string {
	return "“" + strings.Join(labels, "”, “") + "”"
}

// capital begins a sentence.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// thousands writes a number as QuickBooks does in its messages.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// OwnerLeft says that a user who left the CRM still owns records whose imported
// documents go to the fallback meanwhile (P24).
func OwnerLeft(name, fallback string) crossbook.Problem {
	return crossbook.Problem{
		Class: crossbook.ToCRM, Kind: crossbook.NeedsPerson,
		Text:  fmt.Sprintf("The owner is no longer active in Zoho CRM: %s", name),
		Cause: fmt.Sprintf("%s still owns Accounts, Contacts or Vendors. Their documents from QuickBooks are given to %s meanwhile.", name, fallback),
		Cure:  fmt.Sprintf("Give the records of %s to somebody else in Zoho CRM; their documents follow by themselves.", name),
	}
}
