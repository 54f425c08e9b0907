package qbobox

import (
	"slices"
	"strings"
)

// newAccounts is below the first id that an account made later gets (recorded).
const newAccounts = 1150039999

var homeCurrencies = map[string]string{
	"US": "USD", "CA": "CAD", "GB": "GBP", "AU": "AUD", "NZ": "NZD", "IN": "INR", "FR": "EUR", "DE": "EUR", "IE": "EUR", "ZA": "ZAR", "SG": "SGD",
}

// chart is what a new company has: name, type and sub type.
var chart = []string{
	"Services|Income|ServiceFeeIncome", "Retained Earnings|Equity|RetainedEarnings", "Prepaid Expenses|Other Current Asset|PrepaidExpenses",
	"Undeposited Funds|Other Current Asset|UndepositedFunds", "Fees Billed|Income|ServiceFeeIncome",
	"Refunds-Allowances|Income|DiscountsRefundsGiven", "Advertising|Expense|AdvertisingPromotional", "Bank Charges|Expense|BankCharges",
	"Commissions & fees|Expense|OtherMiscellaneousServiceCost", "Dues & Subscriptions|Expense|DuesSubscriptions", "Insurance|Expense|Insurance",
	"Legal & Professional Fees|Expense|LegalProfessionalFees", "Meals and Entertainment|Expense|EntertainmentMeals",
	"Miscellaneous|Other Expense|OtherMiscellaneousExpense", "Office Expenses|Expense|OfficeGeneralAdministrativeExpenses",
	"Rent or Lease|Expense|RentOrLeaseOfBuildings", "Supplies|Expense|SuppliesMaterials", "Taxes & Licenses|Expense|TaxesPaid",
	"Travel|Expense|Travel", "Utilities|Expense|Utilities", "Interest Earned|Other Income|InterestEarned",
	"Uncategorized Income|Income|ServiceFeeIncome", "Uncategorized Expense|Expense|OtherMiscellaneousServiceCost",
	"Uncategorized Asset|Other Current Asset|OtherCurrentAssets", "Accounts Payable (A/P)|Accounts Payable|AccountsPayable",
	"Opening Balance Equity|Equity|OpeningBalanceEquity", "Checking|Bank|Checking", "Sales of Product Income|Income|SalesOfProductIncome",
	"Cost of Goods Sold|Cost of Goods Sold|SuppliesMaterialsCogs", "Inventory Asset|Other Current Asset|Inventory",
	"Accounts Receivable (A/R)|Accounts Receivable|AccountsReceivable", "Billable Expense Income|Income|ServiceFeeIncome",
	"Discounts given|Income|DiscountsRefundsGiven", "Unapplied Cash Payment Income|Income|UnappliedCashPaymentIncome",
	"Unapplied Cash Bill Payment Expense|Expense|UnappliedCashBillPaymentExpense", "Purchases|Expense|SuppliesMaterials",
	"Board of Equalization Payable|Other Current Liability|GlobalTaxPayable",
}

// seed makes the company that a new customer gets.
func (b *Box) seed() {
	b.seedSingles()
	by := &actor{name: "vendor", trusted: true}
	make1 := func(entity string, o object) {
		if _, flt := b.save(by, b.entities[entity], o); flt != nil {
			panic("qbobox: the empty company breaks its own rules: " + flt.Error())
		}
	}
	for _, line := range chart {
		p := strings.Split(line, "|")
		if p[2] == "GlobalTaxPayable" && b.country() != "US" {
			p[0] = "Tax Office Payable"
		}
		make1("account", object{"Name": p[0], "AccountType": p[1], "AccountSubType": p[2]})
	}
	b.seq["Account"] = newAccounts
	for _, t := range []struct {
		name string
		days int
	}{{"Due on receipt", 0}, {"Net 15", 15}, {"Net 30", 30}, {"Net 60", 60}, {"Net 10", 10}} {
		make1("term", object{"Name": t.name, "DueDays": jsonInt(t.days)})
	}
	for _, m := range []string{"Cash", "Check", "Visa|CREDIT_CARD", "MasterCard|CREDIT_CARD", "Discover|CREDIT_CARD", "American Express|CREDIT_CARD", "Diners Club|CREDIT_CARD"} {
		n, t, _ := strings.Cut(m, "|")
		o := object{"Name": n}
		if t != "" {
			o["Type"] = t
		}
		make1("paymentmethod", o)
	}
	for _, c := range b.opt.Currencies {
		if c != b.home {
			make1("companycurrency", object{"Code": c})
		}
	}
	b.seedTaxes()
	make1("item", object{"Name": "Services", "Type": "Service", "IncomeAccountRef": ref("1", "")})
	make1("item", object{"Name": "Hours", "Type": "Service", "IncomeAccountRef": ref("1", "")})
}

// seedTaxes: in the US the pseudo codes TAX and NON and two real ones; the
// standard, reduced and free codes elsewhere.
func (b *Box) seedTaxes() {
	agency := "State Tax Board"
	if b.country() != "US" {
		agency = "Tax Office"
	}
	b.addTax("TaxAgency", object{"Id": "1", "DisplayName": agency, "TaxTrackedOnSales": true, "TaxTrackedOnPurchases": b.country() != "US"})
	if b.country() == "US" {
		b.addTax("TaxCode", object{"Id": "TAX", "Name": "TAX", "Description": "TAX", "Taxable": true, "TaxGroup": false, "Active": true})
		b.addTax("TaxCode", object{"Id": "NON", "Name": "NON", "Description": "NON", "Taxable": false, "TaxGroup": false, "Active": true})
		b.addRate("1", "AZ State tax", "7.1", "1")
		b.addRate("2", "Tucson City", "2", "1")
		b.addRate("3", "California", "8", "1")
		b.addCode("2", "California", true, "3")
		b.addCode("3", "Tucson", true, "1", "2")
		return
	}
	standard := map[string]string{"AU": "10", "NZ": "15", "CA": "5", "GB": "20", "IN": "18"}[b.country()]
	if standard == "" {
		standard = "20"
	}
	b.addRate("1", "Standard "+standard+"%", standard, "1")
	b.addRate("2", "Zero rated", "0", "1")
	b.addCode("2", "Standard", true, "1")
	b.addCode("3", "Zero rated", true, "2")
	b.addCode("4", "Exempt", false)
}

func (b *Box) addTax(entity string, o object) {
	e := b.entities[strings.ToLower(entity)]
	o["SyncToken"] = "0"
	o["MetaData"] = object{"CreateTime": stampText(b.tick), "LastUpdatedTime": stampText(b.tick)}
	b.take(e, o)
}

func (b *Box) addRate(id, name, percent, agency string) {
	b.addTax("TaxRate", object{
		"Id": id, "Name": name, "Description": name, "Active": true, "RateValue": jsonNumber(percent), "AgencyRef": ref(agency, ""),
		"SpecialTaxType": "NONE", "DisplayType": "ReadOnly",
		"EffectiveTaxRate": []any{object{"RateValue": jsonNumber(percent), "EffectiveDate": "2010-01-01T00:00:00-08:00"}},
	})
}

func (b *Box) addCode(id, name string, taxable bool, rates ...string) {
	var details []any
	for i, r := range rates {
		rec := b.find("TaxRate", r)
		details = append(details, object{
			"TaxRateRef": ref(r, str(rec.object(), "Name")), "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": jsonInt(i),
		})
	}
	if details == nil {
		details = []any{}
	}
	o := object{
		"Id": id, "Name": name, "Description": name, "Active": true, "Hidden": false, "Taxable": taxable, "TaxGroup": true,
		"SalesTaxRateList": object{"TaxRateDetail": details}, "PurchaseTaxRateList": object{"TaxRateDetail": []any{}},
		"TaxCodeConfigType": "USER_DEFINED",
	}
	if b.country() != "US" {
		o["PurchaseTaxRateList"] = object{"TaxRateDetail": clone(details)}
	}
	b.addTax("TaxCode", o)
}

// seedSingles makes CompanyInfo and Preferences (reference section 5.9).
func (b *Box) seedSingles() {
	o := &b.opt
	meta := func() object {
		return object{"CreateTime": stampText(b.tick), "LastUpdatedTime": stampText(b.tick)}
	}
	pairs := func(kv ...string) []any {
		var out []any
		for pair := range slices.Chunk(kv, 2) {
			out = append(out, object{"Name": pair[0], "Value": pair[len(pair)-1]})
		}
		return out
	}
	region := map[string]string{"US": "USA", "AU": "AUS", "CA": "CAN", "GB": "GBR", "NZ": "NZL", "IN": "IND", "FR": "FRA", "DE": "DEU"}[o.Country]
	b.seq["address"] = 1
	addr := object{"Id": "1", "Line1": "1 Main Street", "City": "San Pablo", "CountrySubDivisionCode": "CA", "PostalCode": "87999", "Country": region}
	b.singles["CompanyInfo"] = object{
		"CompanyName": o.CompanyName, "LegalName": o.CompanyName, "CompanyAddr": addr, "CustomerCommunicationAddr": clone(addr), "LegalAddr": clone(addr),
		"PrimaryPhone": object{}, "CompanyStartDate": b.today(), "FiscalYearStartMonth": "January", "Country": o.Country,
		"Email": object{"Address": "owner@company.example"}, "WebAddr": object{}, "SupportedLanguages": "en", "DefaultTimeZone": o.TimeZone,
		"NameValue": pairs("NeoEnabled", "true", "IndustryType", "", "OfferingSku", plans[o.Plan].sku, "SubscriptionStatus", "SUBSCRIBED",
			"PayrollFeature", "false", "AccountantFeature", "false", "ItemCategoriesFeature", "true"),
		"domain": "QBO", "sparse": false, "Id": "1", "SyncToken": "0", "MetaData": meta(),
	}
	accounting := object{
		"FirstMonthOfFiscalYear": "January", "UseAccountNumbers": false, "TaxYearMonth": "January", "ClassTrackingPerTxn": false, "TrackDepartments": false,
		"ClassTrackingPerTxnLine": false, "TaxForm": "6", "CustomerTerminology": "Customers",
	}
	if o.BookCloseDate != "" {
		accounting["BookCloseDate"] = o.BookCloseDate
	}
	tax := object{"UsingSalesTax": true, "PartnerTaxEnabled": o.AutomatedSalesTax}
	if o.Country == "US" {
		tax["TaxGroupCodeRef"] = ref("2", "")
	}
	b.singles["Preferences"] = object{
		"AccountingInfoPrefs":     accounting,
		"ProductAndServicesPrefs": object{"ForSales": true, "ForPurchase": true, "QuantityWithPriceAndRate": true, "QuantityOnHand": plans[o.Plan].stock},
		"SalesFormsPrefs": object{
			"CustomField": []any{}, "CustomTxnNumbers": o.CustomTxnNumbers, "AllowDeposit": true, "AllowDiscount": true, "DefaultDiscountAccount": "33",
			"AllowEstimates": true, "AllowServiceDate": false, "AllowShipping": false, "AutoApplyCredit": false, "AutoApplyPayments": false,
			"UsingPriceLevels": false, "UsingProgressInvoicing": true, "DefaultCustomerMessage": "Thank you for your business and have a great day!",
		},
		"EmailMessagesPrefs":      object{},
		"VendorAndPurchasesPrefs": object{"TrackingByCustomer": true, "BillableExpenseTracking": true, "POCustomField": []any{}},
		"TimeTrackingPrefs":       object{"UseServices": true, "BillCustomers": true, "ShowBillRateToAll": false, "WorkWeekStartDate": "Monday"},
		"TaxPrefs":                tax,
		"CurrencyPrefs":           object{"MultiCurrencyEnabled": len(o.Currencies) > 0, "HomeCurrency": ref(b.home, "")},
		"ReportPrefs":             object{"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": false},
		"OtherPrefs": object{"NameValue": pairs("SalesFormsPrefs.DefaultItem", "1", "WarnDuplicateBillNumber", "false",
			"WarnDuplicateJournalNumber", "false", "ProjectsEnabled", "true", "DateFormat", "Month Date Year separated by a slash")},
		"domain": "QBO", "sparse": false, "Id": "1", "SyncToken": "0", "MetaData": meta(),
	}
	b.dirtyMeta = true
}
