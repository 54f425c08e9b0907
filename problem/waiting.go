package problem

import (
	"fmt"
	"strings"

	"crossbook"
)

// waiting starts a state that is no error and carries no contract text.
func waiting(class crossbook.ProblemClass, text, cause, cure string) crossbook.Problem {
	return crossbook.Problem{Class: class, Kind: crossbook.Transient, Waiting: true, Text: text, Cause: cause, Cure: cure}
}

// WaitingFor says that records it refers to are not linked yet and will come
// (P17); class tells in which direction.
func WaitingFor(class crossbook.ProblemClass, refs []Candidate, ctx Context) crossbook.Problem {
	what := named(refs, "another record")
	return waiting(class, "Waiting for "+what,
		fmt.Sprintf("%s refers to %s, which is not there yet.", capital(ctx.record()), what),
		"Nothing: it goes on by itself.")
}

// WaitingForCurrency says that a new customer or vendor in a foreign currency
// waits for a person's yes, since the currency cannot be changed later (P9).
func WaitingForCurrency(code string, ctx Context) crossbook.Problem {
	p := waiting(crossbook.ToBooks, "Waiting: currency to be confirmed",
		fmt.Sprintf("%s would be created in QuickBooks in %s. %s cannot be changed later.", capital(ctx.record()), code, code),
		fmt.Sprintf("Confirm %s, or leave the record out.", code))
	p.Kind = crossbook.NeedsPerson
	return p
}

// WaitingForAccounts says that a new item has no row in the table of accounts
// by product category, and there is no default row (P12).
func WaitingForAccounts(category string, ctx Context) crossbook.Problem {
	cause := "There is no default row in the table of accounts, so QuickBooks would not know how to book " + ctx.record() + "."
	if category != "" {
		cause = fmt.Sprintf("The table of accounts has no row for the category “%s”, so QuickBooks would not know how to book %s.", category, ctx.record())
	}
	p := waiting(crossbook.ToBooks, "Waiting for accounts", cause, "Fill the row in the Products settings with your accountant.")
	p.Kind = crossbook.NeedsPerson
	return p
}

// WaitingForAccounting says that a change waits for an accountant (practice
// section 5, proposals).
func WaitingForAccounting(labels []string, ctx Context) crossbook.Problem {
	p := waiting(crossbook.ToBooks, "Waiting for accounting",
		fmt.Sprintf("A change of %s of %s goes to the books only with an accountant's OK.", quoted(labels), ctx.record()),
		"An accountant accepts or declines it.")
	p.Kind, p.Fields = crossbook.NeedsPerson, append([]string(nil), labels...)
	return p
}

// ModuleStopped says that a record waits because Zoho CRM lacks what its module
// cannot do without; the problem of the module says what.
func ModuleStopped(ctx Context) crossbook.Problem {
	p := waiting(crossbook.Common, "Waiting: "+ctx.Module.Label()+" are stopped",
		fmt.Sprintf("Something that %s need is missing in Zoho CRM; crossbook problems says what.", ctx.Module.Label()),
		"Nothing for this record: it goes on once the module does.")
	p.Kind = crossbook.NeedsPerson
	return p
}

// HeldInactive says that a record inactive in QuickBooks was edited in the CRM:
// the edit is kept and not sent (R89).
func HeldInactive(ctx Context) crossbook.Problem {
	return waiting(crossbook.ToBooks, "Waiting: inactive in QuickBooks",
		fmt.Sprintf("%s is inactive in QuickBooks, so edits in Zoho CRM are kept and not sent.", capital(ctx.record())),
		"Make it active again in QuickBooks; then the edits go on by themselves.")
}

// MergeInBooks says that two records were merged in the CRM and still are two in
// QuickBooks: Crossbook shows both under one, and only a person can merge them
// there (P6).
func MergeInBooks(entity crossbook.Entity, loser, master string) crossbook.Problem {
	kind := strings.ToLower(string(entity))
	p := waiting(crossbook.ToCRM, fmt.Sprintf("Merged in Zoho CRM, still two in QuickBooks: “%s” and “%s”", loser, master),
		fmt.Sprintf("The CRM shows the documents and the balance of both under “%s”.", master),
		fmt.Sprintf("If they are one: open the %s “%s” in QuickBooks, give it exactly the name “%s”, save, and say yes to merging them. It cannot be undone there.", kind, loser, master))
	p.Kind = crossbook.NeedsPerson
	return p
}
