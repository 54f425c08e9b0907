package qbobox

import (
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

var accountTypes = []string{
	"Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset", "Accounts Payable", "Credit Card",
	"Other Current Liability", "Long Term Liability", "Equity", "Income", "Cost of Goods Sold", "Expense", "Other Income",
	"Other Expense", "Non-Posting",
}

// accountKind gives each type its class and the sub type chosen when none is sent.
var accountKind = map[string]struct{ class, sub string }{
	"Bank": {"Asset", "CashOnHand"}, "Accounts Receivable": {"Asset", "AccountsReceivable"},
	"Other Current Asset": {"Asset", "EmployeeCashAdvances"}, "Fixed Asset": {"Asset", "FurnitureAndFixtures"},
	"Other Asset": {"Asset", "Licenses"}, "Accounts Payable": {"Liability", "AccountsPayable"},
	"Credit Card": {"Liability", "CreditCard"}, "Other Current Liability": {"Liability", "OtherCurrentLiabilities"},
	"Long Term Liability": {"Liability", "NotesPayable"}, "Equity": {"Equity", "OpeningBalanceEquity"},
	"Income": {"Revenue", "ServiceFeeIncome"}, "Cost of Goods Sold": {"Expense", "SuppliesMaterialsCogs"},
	"Expense": {"Expense", "Travel"}, "Other Income": {"Revenue", "OtherInvestmentIncome"},
	"Other Expense": {"Expense", "Depreciation"}, "Non-Posting": {"Equity", ""},
}

var subTypeOf = map[string]string{
	"SalesOfProductIncome": "Income", "ServiceFeeIncome": "Income", "OtherPrimaryIncome": "Income", "DiscountsRefundsGiven": "Income",
	"SuppliesMaterialsCogs": "Cost of Goods Sold", "Inventory": "Other Current Asset", "UndepositedFunds": "Other Current Asset",
	"Checking": "Bank", "Savings": "Bank", "CashOnHand": "Bank", "AccountsReceivable": "Accounts Receivable",
	"AccountsPayable": "Accounts Payable", "CreditCard": "Credit Card", "SuppliesMaterials": "Expense", "Travel": "Expense",
}

func (b *Box) completeAccount(w *write) *fault {
	if str(w.next, "Name") == "" {
		return missing("Name")
	}
	if strings.Contains(str(w.next, "Name"), `"`) {
		return badCharacters(str(w.next, "Name"))
	}
	if flt := b.checkAccountNumber(w); flt != nil {
		return flt
	}
	typ, sub := str(w.next, "AccountType"), str(w.next, "AccountSubType")
	if typ == "" {
		typ = subTypeOf[sub]
	}
	if typ == "" {
		return missing("AccountType")
	}
	if !w.creating() && typ != str(w.before, "AccountType") && w.before["AccountType"] != nil &&
		(typ == "Accounts Receivable" || typ == "Accounts Payable") {
		return validation("6430", "Invalid account type used", "Invalid account type: the type of this account cannot be changed.", "")
	}
	if sub == "" {
		sub = accountKind[typ].sub
	}
	w.next["AccountType"], w.next["AccountSubType"], w.next["Classification"] = typ, sub, accountKind[typ].class
	if has(w.next, "OpeningBalance") && !has(w.next, "OpeningBalanceDate") && w.creating() {
		return coded("6060", "Opening balance date is required when an opening balance is given")
	}
	if flt := b.completeNested(w, "SubAccount"); flt != nil {
		return flt
	}
	if flt := b.settleCurrency(w); flt != nil {
		return flt
	}
	b.accountBalance(w)
	return nil
}

// accountBalance keeps what follows the ledger; an opening balance is entered
// once the account is stored.
func (b *Box) accountBalance(w *write) {
	delete(w.next, "OpeningBalance")
	delete(w.next, "OpeningBalanceDate")
	w.preset("CurrentBalance", number(decimal.Zero))
	w.preset("CurrentBalanceWithSubAccounts", number(decimal.Zero))
	if !w.creating() && flag(w.before, "Active") && !flag(w.next, "Active") {
		w.next["CurrentBalance"] = number(decimal.Zero) // its transactions stay (reference section 4.5)
	}
	if !w.creating() && !flag(w.before, "Active") && flag(w.next, "Active") && !profitTypes[str(w.next, "AccountType")] {
		w.next["CurrentBalance"] = number(b.ledger.totals[w.id()])
	}
}

func (b *Box) checkAccountNumber(w *write) *fault {
	limit := 7
	if c := b.country(); c == "AU" || c == "CA" {
		limit = 20
	}
	if n := str(w.next, "AcctNum"); length(n) > limit {
		return badLength("AcctNum", limit, length(n))
	}
	return nil
}

// completeNested does what all lists with a Name and a parent share.
func (b *Box) completeNested(w *write, sub string) *fault {
	parent := str(w.next, "ParentRef.value")
	up := b.find(w.ent.name, parent)
	if parent != "" && up == nil {
		return badRef(w.ent.words, parent)
	}
	if up != nil {
		if flt := b.checkParent(w, up, 4); flt != nil {
			return flt
		}
		w.next["ParentRef"] = ref(parent, "")
	}
	w.next[sub] = up != nil
	w.preset("Active", true)
	if flt := b.renameInactive(w, "Name"); flt != nil {
		return flt
	}
	full := b.qualified(w, str(w.next, "Name"))
	w.next["FullyQualifiedName"] = full
	if !flag(w.next, "Active") && w.ent.name != "Account" { // recorded: only the name says it
		w.next["FullyQualifiedName"] = strings.TrimSuffix(full, b.inactiveSuffix(w.ent))
	}
	return b.uniqueName(w, full)
}

// completeTree serves classes and departments.
func (b *Box) completeTree(w *write) *fault {
	if str(w.next, "Name") == "" {
		return missing("Name")
	}
	sub := "SubClass"
	if w.ent.name == "Department" {
		sub = "SubDepartment"
	}
	b.settleAddresses(w)
	return b.completeNested(w, sub)
}

// completeFlat serves lists without parents.
func (b *Box) completeFlat(w *write) *fault {
	if str(w.next, "Name") == "" {
		return missing("Name")
	}
	w.preset("Active", true)
	if flt := b.renameInactive(w, "Name"); flt != nil {
		return flt
	}
	return b.uniqueName(w, str(w.next, "Name"))
}

func (b *Box) completeTerm(w *write) *fault {
	driven := has(w.next, "DayOfMonthDue")
	if !driven && !has(w.next, "DueDays") {
		return missing("DueDays")
	}
	w.next["Type"] = "STANDARD"
	if driven {
		w.next["Type"] = "DATE_DRIVEN"
	}
	for _, l := range []struct {
		key  string
		most int64
	}{{"DueDays", 999}, {"DiscountDays", 999}, {"DiscountPercent", 100}, {"DayOfMonthDue", 31}, {"DueNextMonthDays", 999}, {"DiscountDayOfMonth", 31}} {
		if d := num(w.next, l.key); d.IsNegative() || d.GreaterThan(decimal.NewFromInt(l.most)) {
			return badRange(l.key, d)
		}
	}
	return b.completeFlat(w)
}

func (b *Box) completePaymentMethod(w *write) *fault {
	w.preset("Type", "NON_CREDIT_CARD")
	return b.completeFlat(w)
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

func (b *Box) completeCurrency(w *write) *fault {
	code := strings.ToUpper(str(w.next, "Code"))
	if code == "" {
		return missing("Code")
	}
	if !currencyCode.MatchString(code) || currencyNames[code] == "" {
		return validation("2220", "Invalid Currency", "Invalid currency code: "+code, "Code")
	}
	if !b.multiCurrency() && !w.by.trusted {
		return business("Multi currency should be enabled to perform this operation")
	}
	w.next["Code"] = code
	w.preset("Name", currencyNames[code])
	w.preset("Active", true)
	return b.uniqueName(w, code)
}

func (b *Box) completeAgency(w *write) *fault {
	if !w.creating() {
		return unsupportedOperation("update")
	}
	if str(w.next, "DisplayName") == "" {
		return missing("DisplayName")
	}
	w.preset("TaxTrackedOnSales", true)
	w.preset("TaxTrackedOnPurchases", false)
	if flt := b.uniqueName(w, str(w.next, "DisplayName")); flt != nil {
		return flt
	}
	if !w.by.trusted { // what is owed to an agency stands on an account of its own
		b.vendorAccount(str(w.next, "DisplayName")+" Payable", "Other Current Liability", "GlobalTaxPayable")
	}
	return nil
}

// currencyNames are the names the vendor shows beside a code.
var currencyNames = map[string]string{
	"USD": "United States Dollar", "CAD": "Canadian Dollar", "EUR": "Euro", "GBP": "British Pound Sterling", "AUD": "Australian Dollar",
	"NZD": "New Zealand Dollar", "JPY": "Japanese Yen", "CHF": "Swiss Franc", "SEK": "Swedish Krona", "NOK": "Norwegian Krone",
	"DKK": "Danish Krone", "INR": "Indian Rupee", "MXN": "Mexican Peso", "BRL": "Brazilian Real", "CNY": "Chinese Yuan",
	"HKD": "Hong Kong Dollar", "SGD": "Singapore Dollar", "ZAR": "South African Rand", "PLN": "Polish Zloty", "CZK": "Czech Koruna",
	"HUF": "Hungarian Forint", "ILS": "Israeli Shekel", "AED": "UAE Dirham", "THB": "Thai Baht", "PHP": "Philippine Peso",
	"MYR": "Malaysian Ringgit", "IDR": "Indonesian Rupiah", "KRW": "South Korean Won", "TRY": "Turkish Lira", "RON": "Romanian Leu",
}

func (b *Box) currencyName(code string) string { return currencyNames[code] }

// isKind tells whether an account is of one of the given types.
func (b *Box) isKind(id string, types ...string) bool {
	r := b.find("Account", id)
	return r != nil && slices.Contains(types, r.typ)
}
