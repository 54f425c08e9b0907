package qbobox

// The company's own two records are written in parts: what is sent is checked
// as any record is (reference section 5.9) and laid over what stands.

var companyFields = fields(map[string]field{
	"CompanyName": text(1024), "LegalName": text(1024), "CompanyAddr": address, "LegalAddr": address, "CustomerCommunicationAddr": address,
	"CompanyEmailAddr": email, "CustomerCommunicationEmailAddr": email, "Email": email, "CompanyURL": web, "WebAddr": web,
	"PrimaryPhone": phone, "Mobile": phone, "Fax": phone, "ShipAddr": address, "OtherAddr": readOnly, "OtherContactInfo": readOnly,
	"CompanyStartDate": date, "FiscalYearStartMonth": oneOf(months...), "TaxYearStartMonth": oneOf(months...), "EmployerId": text(100),
	"Country": text(2), "SupportedLanguages": text(100), "DefaultTimeZone": text(100), "NameValue": many("NameValue"),
	"MultiByteCharsSupported": readOnly, "SampleFile": readOnly, "CompanyFileName": readOnly, "FlavorStratum": readOnly, "QBVersion": readOnly,
	"CompanyUserId": readOnly, "CompanyUserAdminEmail": readOnly, "LastImportedTime": readOnly, "LastSyncTime": readOnly,
	"FifoCalculationStatus": readOnly, "CompanyInfoEx": readOnly,
})

var months = []string{
	"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
}

var preferencesFields = fields(map[string]field{
	"AccountingInfoPrefs": one("AccountingInfoPrefs"), "AdvancedInventoryPrefs": one("AdvancedInventoryPrefs"),
	"ProductAndServicesPrefs": one("ProductAndServicesPrefs"), "SalesFormsPrefs": one("SalesFormsPrefs"), "EmailMessagesPrefs": one("EmailMessagesPrefs"),
	"PrintDocumentPrefs": one("LoosePrefs"), "VendorAndPurchasesPrefs": one("VendorAndPurchasesPrefs"), "TimeTrackingPrefs": one("TimeTrackingPrefs"),
	"TaxPrefs": one("TaxPrefs"), "FinanceChargesPrefs": one("FinanceChargesPrefs"), "CurrencyPrefs": one("CurrencyPrefs"),
	"ReportPrefs": one("ReportPrefs"), "OtherPrefs": one("LoosePrefs"),
})

// preferenceNests are the groups of the preferences, as X has them.
var preferenceNests = map[string]string{
	"NameValue":  `Name Value`,
	"LoosePrefs": `NameValue:NameValue*`,
	"AccountingInfoPrefs": `UseAccountNumbers:flag DefaultARAccount:ref DefaultAPAccount:ref RequiresAccounts:flag TrackDepartments:flag
		DepartmentTerminology ClassTrackingPerTxn:flag ClassTrackingPerTxnLine:flag AutoJournalEntryNumber:flag FirstMonthOfFiscalYear TaxYearMonth
		TaxForm BookCloseDate:date OtherContactInfo:any CustomerTerminology`,
	"AdvancedInventoryPrefs": `MLIAvailable:flag MLIEnabled:flag EnhancedInventoryReceivingEnabled:flag TrackingSerialOrLotNumber:flag
		TrackingOnSalesTransactionsEnabled:flag TrackingOnPurchaseTransactionsEnabled:flag TrackingOnInventoryAdjustmentEnabled:flag
		TrackingOnBuildAssemblyEnabled:flag FIFOEnabled:flag FIFOEffectiveDate:date RowShelfBinEnabled:flag BarcodeEnabled:flag`,
	"ProductAndServicesPrefs": `ForSales:flag ForPurchase:flag InventoryAndPurchaseOrder:flag QuantityWithPriceAndRate:flag QuantityOnHand:flag UOM
		RevenueRecognition:flag RevenueRecognitionFrequency RevenueRecognitionEnabled:flag`,
	"SalesFormsPrefs": `UsingProgressInvoicing:flag CustomField:any CustomTxnNumbers:flag DelayedCharges:flag SalesEmailCc:MailAddress
		SalesEmailBcc:MailAddress EmailCopyToCompany:flag AllowDeposit:flag AllowDiscount:flag DefaultDiscountAccount AllowEstimates:flag
		EstimateMessage ETransactionEnabledStatus ETransactionAttachPDF:flag ETransactionPaymentEnabled:flag IPNSupportEnabled:flag InvoiceMessage
		AllowServiceDate:flag AllowShipping:flag DefaultShippingAccount DefaultItem:ref DefaultTerms:ref DefaultDeliveryMethod AutoApplyCredit:flag
		AutoApplyPayments:flag PrintItemWithZeroAmount:flag DefaultShipMethodRef:ref DefaultMarkup:number TrackReimbursableExpensesAsIncome:flag
		UsingSalesOrders:flag UsingPriceLevels:flag DefaultFOB DefaultCustomerMessage`,
	"MailAddress": `Address`,
	"EmailMessagesPrefs": `NameValue:NameValue* InvoiceMessage:MailText EstimateMessage:MailText SalesReceiptMessage:MailText
		StatementMessage:MailText`,
	"MailText": `Subject Message`,
	"VendorAndPurchasesPrefs": `EnableBills:flag TrackingByCustomer:flag BillableExpenseTracking:flag DefaultTerms:ref DefaultMarkup:number
		DefaultMarkupAccount:ref AutomaticBillPayment:flag TPAREnabled:flag POCustomField:any MsgToVendors UsingInventory:flag
		UsingMultiLocationInventory:flag DaysBillsAreDue:number DiscountAccountRef:ref`,
	"TimeTrackingPrefs": `UseServices:flag DefaultTimeItem:ref BillCustomers:flag ShowBillRateToAll:flag WorkWeekStartDate TimeTrackingEnabled:flag
		MarkTimeEntriesBillable:flag MarkExpensesAsBillable:flag`,
	"TaxPrefs": `UsingSalesTax:flag PartnerTaxEnabled:flag HideTaxManagement:flag TaxGroupCodeRef:ref TaxRateRef:ref PaySalesTax
		NonTaxableSalesTaxCodeRef:ref TaxableSalesTaxCodeRef:ref`,
	"FinanceChargesPrefs": `AnnualInterestRate:number MinFinChrg:number GracePeriod:number CalcFinChrgFromTxnDate:flag
		AssessFinChrgForOverdueCharges:flag FinChrgAccountRef:ref`,
	"CurrencyPrefs": `MultiCurrencyEnabled:flag HomeCurrency:ref`,
	"ReportPrefs":   `ReportBasis CalcAgingReportFromTxnDate:flag`,
}

// updateSingle changes Preferences or CompanyInfo, sparse and nested.
func (b *Box) updateSingle(by *actor, e *entity, body object) (object, *fault) {
	cur := b.singles[e.name]
	if by.isAPI() && str(body, "SyncToken") != str(cur, "SyncToken") {
		if str(body, "SyncToken") == "" {
			return nil, missing("SyncToken")
		}
		return nil, stale(b.opt.UserName)
	}
	if by.isAPI() && str(body, "CurrencyPrefs.HomeCurrency.value") != "" && str(body, "CurrencyPrefs.HomeCurrency.value") != b.home {
		return nil, business("The home currency cannot be changed.")
	}
	sent, flt := b.checkBody(by, e, body)
	if flt != nil {
		return nil, flt
	}
	if by.isAPI() {
		delete(sent, "NameValue") // the vendor's own words on the company
	}
	if flag(sent, prefQuantities) && !b.hasStock() {
		return nil, notSupported("quantities on hand need the plan Plus or Advanced")
	}
	next := cloneObject(cur)
	mergeInto(next, sent)
	clearEmpty(next, body, by.screens)
	if b.multiCurrency() && !flag(next, "CurrencyPrefs.MultiCurrencyEnabled") {
		return nil, business("Multi currency cannot be turned off once it is on.")
	}
	if equalBut(next, cur, "SyncToken", "MetaData", "sparse") {
		return cur, nil
	}
	next["SyncToken"], next["Id"], next["sparse"] = str(cur, "SyncToken"), "1", false
	raiseToken(next)
	next["MetaData"] = clone(cur["MetaData"])
	setUpdated(next, b.tick)
	b.singles[e.name] = next
	b.dirtyMeta = true
	b.appendWrite(by, "update", e.name, "1", body)
	if e.name == "Preferences" {
		b.outbox.add(b, event{Name: e.name, ID: "1", Operation: "Update", Time: b.now()})
	}
	return next, nil
}

// clearEmpty takes away what was sent as an empty text, and what a person left out on purpose.
func clearEmpty(dst, sent object, person bool) {
	for k, v := range sent {
		inner, isObject := v.(object)
		have, was := dst[k].(object)
		if isObject && was {
			clearEmpty(have, inner, person)
		} else if v == "" || v == nil && person {
			delete(dst, k)
		}
	}
}

// mergeInto lays what was sent over what stands, however deep.
func mergeInto(dst, src object) {
	for k, v := range src {
		if k == "MetaData" || k == "SyncToken" || k == "Id" {
			continue
		}
		inner, isObject := v.(object)
		have, was := dst[k].(object)
		if isObject && was {
			mergeInto(have, inner)
			continue
		}
		dst[k] = clone(v)
	}
}
