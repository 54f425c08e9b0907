package problem

import (
	"strings"

	"crossbook"
)

// fault is what we know about one code of either vendor.
type fault struct {
	kind      crossbook.ProblemKind
	treatment Treatment
	cause     string
	cure      string
}

// about is the cause with the record filled in.
func (f fault) about(ctx Context) string {
	return capital(strings.ReplaceAll(f.cause, "{record}", ctx.record()))
}

// Sentences used by several codes.
const (
	cureSignIn  = "Connect again with a user who may use this company."
	cureCorrect = "Correct the value in Zoho CRM; it is sent again by itself."
	cureRetry   = "Nothing: it is tried again by itself."
	curePeriod  = "Ask the accountant: open the period, or leave the change out. The date is never moved to get round it. Once the period is open: crossbook resume."
)

// booksCodes are the codes of spec section 6, second table, and of
// reference/quickbooks-online.md section 12.2.
var booksCodes = map[string]fault{
	"100":   {crossbook.NeedsPerson, SignInAgain, "QuickBooks did not accept the sign-in.", cureSignIn},
	"120":   {crossbook.NeedsPerson, SignInAgain, "The connecting user may no longer use this company.", cureSignIn},
	"130":   {crossbook.NeedsPerson, SignInAgain, "The company does not live at the address that was called.", "Check the QuickBooks address in the connection, then connect again."},
	"3100":  {crossbook.NeedsPerson, SignInAgain, "The permission given to Crossbook does not cover this company.", cureSignIn},
	"3200":  {crossbook.NeedsPerson, SignInAgain, "QuickBooks did not accept the sign-in.", cureSignIn},
	"500":   {crossbook.NeedsPerson, StopModule, "QuickBooks does not offer this operation.", "The module is stopped; turn it on again when QuickBooks offers it."},
	"5020":  {crossbook.NeedsPerson, StopModule, "The QuickBooks plan or the connecting user does not permit this.", "Change the plan or the user's rights in QuickBooks, then turn the module on again."},
	"5030":  {crossbook.NeedsPerson, StopModule, "The QuickBooks plan does not have this feature.", "Change the plan in QuickBooks, then turn the module on again."},
	"600":   {crossbook.Transient, TakeAsDone, "QuickBooks has already received this request.", cureRetry},
	"610":   {crossbook.NeedsPerson, Person, "Something {record} uses has been made inactive or deleted in QuickBooks: a term, an account, an item or a name.", "Make it active again in QuickBooks, or choose another one."},
	"2500":  {crossbook.NeedsPerson, Person, "Something {record} refers to is missing or inactive in QuickBooks.", "Make it active again in QuickBooks, or choose another one."},
	"2010":  {crossbook.NeedsPerson, Person, "QuickBooks does not know a field that was sent.", "Remove the field from the mapping."},
	"2020":  {crossbook.NeedsData, Person, "QuickBooks needs a value that {record} does not have.", "Fill the field in Zoho CRM, or map it."},
	"2030":  {crossbook.NeedsData, Person, "An id that was sent is not an id of QuickBooks.", "Check the mapping of the field."},
	"2040":  {crossbook.NeedsData, Person, "A value holds characters QuickBooks does not take; names may not hold a colon, a tab or a line break.", cureCorrect},
	"2060":  {crossbook.NeedsData, Person, "A date is not written as QuickBooks expects it.", cureCorrect},
	"2070":  {crossbook.NeedsData, Person, "A date is not one that QuickBooks takes.", cureCorrect},
	"2080":  {crossbook.NeedsData, Person, "A number is not one that QuickBooks takes.", cureCorrect},
	"2090":  {crossbook.NeedsData, Person, "A number is not one that QuickBooks takes.", cureCorrect},
	"2100":  {crossbook.NeedsData, Person, "A decimal number is not written as QuickBooks expects it.", cureCorrect},
	"2110":  {crossbook.NeedsData, Person, "A decimal number is not one that QuickBooks takes.", cureCorrect},
	"2140":  {crossbook.NeedsData, Person, "An amount is not one that QuickBooks takes.", cureCorrect},
	"2160":  {crossbook.NeedsData, Person, "A quantity is not one that QuickBooks takes.", cureCorrect},
	"2170":  {crossbook.NeedsData, Person, "A value is not in the list QuickBooks allows for the field.", cureCorrect},
	"2210":  {crossbook.NeedsData, Person, "An e-mail address is not one that QuickBooks takes; a list with commas is refused too.", cureCorrect},
	"2220":  {crossbook.NeedsPerson, Person, "QuickBooks does not take this currency.", "Activate the currency in QuickBooks, or leave the record out."},
	"2230":  {crossbook.NeedsData, Person, "A yes or no is not one that QuickBooks takes.", cureCorrect},
	"2240":  {crossbook.NeedsData, Person, "A number is larger or smaller than QuickBooks takes.", cureCorrect},
	"3000":  {crossbook.NeedsPerson, Person, "A custom field is not enabled in QuickBooks.", "Enable it in QuickBooks, or remove it from the mapping."},
	"3001":  {crossbook.Transient, Retry, "QuickBooks asks for a pause.", cureRetry},
	"5010":  {crossbook.Transient, ReadAgain, "The record was changed in QuickBooks at the same moment.", cureRetry},
	"6000":  {crossbook.NeedsPerson, Person, "A business rule of QuickBooks refused {record}; its own words stand above.", "Follow what QuickBooks says, then retry."},
	"6070":  {crossbook.NeedsData, Person, "An amount is not quantity times price.", cureCorrect},
	"6080":  {crossbook.NeedsData, Person, "{record} has no name at all.", "Give it a name in Zoho CRM."},
	"6100":  {crossbook.NeedsPerson, Person, "The tax code is not one that QuickBooks takes here.", "Choose the tax codes of new items in the settings with your accountant."},
	"6130":  {crossbook.NeedsPerson, Person, "A customer that is billed with its parent cannot be changed this way.", "Change it in QuickBooks."},
	"6140":  {crossbook.NeedsPerson, Person, "Another transaction has this number already.", "Give one of them another number in QuickBooks."},
	"6150":  {crossbook.NeedsPerson, Person, "A rule about parents and children in QuickBooks refused {record}.", "Correct the parent in QuickBooks or in Zoho CRM."},
	"6160":  {crossbook.NeedsPerson, Person, "QuickBooks needs a tax code of its own here.", "Choose the tax codes of new items in the settings with your accountant."},
	"6170":  {crossbook.NeedsPerson, Person, "Tax was given where QuickBooks expects none.", "Choose the tax codes of new items in the settings with your accountant."},
	"6180":  {crossbook.NeedsPerson, Person, "{record} would lie deeper than the five levels QuickBooks allows.", "Choose a parent higher up."},
	"6190":  {crossbook.NeedsPerson, StopAll, "The QuickBooks subscription of this company has ended or has a payment problem.", "Renew the subscription in QuickBooks, then resume."},
	"6200":  {crossbook.NeedsPerson, Person, "The books are closed for this date.", curePeriod},
	"6210":  {crossbook.NeedsPerson, Person, "The books are closed for this date and protected by a password.", curePeriod},
	"6220":  {crossbook.NeedsPerson, Person, "{record} has an open balance, so QuickBooks does not make it inactive.", "Settle the balance in QuickBooks first."},
	"6280":  {crossbook.NeedsPerson, Person, "{record} has unbilled charges, so QuickBooks does not make it inactive.", "Bill or remove the charges in QuickBooks first."},
	"6250":  {crossbook.NeedsPerson, Person, "The customer is missing or inactive in QuickBooks.", "Make the customer active again in QuickBooks."},
	"6430":  {crossbook.NeedsPerson, FixSettings, "An account chosen for new items is of the wrong type.", "Choose the income, expense and asset accounts in the Products settings again, with your accountant."},
	"6520":  {crossbook.NeedsData, Person, "A stock item needs a quantity.", "Enter the quantity, or keep the item as non-inventory."},
	"6530":  {crossbook.NeedsData, Person, "A text looks as if it held the number of a credit card, which QuickBooks does not take.", cureCorrect},
	"10000": {crossbook.Transient, Retry, "QuickBooks had a fault of its own.", cureRetry},
}

// booksCode looks a code up; an unknown one goes to a person, untouched.
func booksCode(code string) fault {
	if f, ok := booksCodes[strings.TrimSpace(code)]; ok {
		return f
	}
	return fault{
		crossbook.NeedsPerson, Person, "QuickBooks refused {record} for a reason Crossbook does not know; its own words stand above.",
		"Follow what QuickBooks says, then retry.",
	}
}
