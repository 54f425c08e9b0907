package qbobox

import "strings"

// unkept are properties that the vendor's schema (X) has for an entity and
// whose service of today takes without keeping them: those of the desktop
// program, of other countries and of paid features. With a minus sign they are
// properties that related entities have and this one does not: naming one is a
// fault (2010), as any unknown name is.
var unkept = map[string]string{
	"Account":    `AccountEx AccountPurposes AcctNumExtn BankNum FIName JournalCodeRef OnlineBankingEnabled TaxAccount`,
	"Attachable": `AttachableEx documentId`,
	"Bill": aTransaction + `BillEmail BillEx IncludeInAnnualTPAR LessCIS Memo PayerRef ProjectRef RemitToAddr ReplyEmail ShipAddr TxnStatus
		-ClassRef -HomeTotalAmt`,
	"BillPayment": aTransaction + `BillPaymentEx ProjectRef TxnStatus
		-Balance -ClassRef -GlobalTaxCalculation -HomeBalance -HomeTotalAmt -ProcessBillPayment`,
	"Class":           `ClassEx -Address`,
	"CompanyCurrency": `CompanyCurrencyEx`,
	"CreditMemo":      aTransaction + aSale + `CheckPayment CreditCardPayment CreditMemoEx DepositToAccountRef PaymentRefNum PaymentType TxnStatus`,
	"Customer": aPerson + `AcctNum AltContactName CCDetail ClientCompanyId ContactName CreditLimit CustomerEx IsCISContractor JobInfo OverDueBalance
		PriceLevelRef RootCustomerRef SalesRepRef TDSEnabled TaxGroupCodeRef TaxRateRef TaxRegime`,
	"Department": `DepartmentEx`,
	"Deposit":    aTransaction + `DepositEx ProjectRef TxnStatus -Balance -ClassRef -HomeBalance`,
	"Employee": aPerson + `DefaultTaxCodeRef EmployeeEx EmployeeType UseTimeEntry
		-Balance -BillAddr -BusinessNumber -CurrencyRef -GSTIN -GSTRegistrationType -OpenBalanceDate -ShipAddr -Source -source -ClientEntityId`,
	"Estimate": aTransaction + aSale + `CheckPayment CreditCardPayment DepositToAccountRef EstimateEx PaymentMethodRef PaymentRefNum PaymentType`,
	"InventoryAdjustment": aTransaction + `ProjectRef TxnStatus
		-Balance -ClassRef -GlobalTaxCalculation -HomeBalance -HomeTotalAmt -TotalAmt`,
	"Invoice": aTransaction + aSale + `AllowOnlineAffirmPayment AllowOnlinePayPalPayment AutoPayEligible CfdiUse CheckPayment ConvenienceFeeDetail
		CreditCardPayment ECloudStatusTimeStamp EInvoiceStatus EnabledSurchargeInfo Exportation FinancingProductType GlobalInfo GratuityEnabled InvoiceEx
		InvoiceLinkExpiryDate InvoiceLinkSecurityCode LessCIS PaymentDetailsMessage PaymentMethodRef PaymentRefNum PaymentType SchedulePayEligible
		ScheduledPaymentId SubscriptionPaymentsSetting TxnRetainageDetail TxnStatus callToAction invoiceStatus invoiceStatusLog`,
	"Item": `BuildPoint COGSAccountRef CustomExtensions DepositToAccountRef ItemAssemblyDetail ItemEx ManPartNum PaymentMethodRef PercentBased
		SpecialItem SpecialItemType UOMSetRef`,
	"JournalEntry":  aTransaction + `JournalEntryEx ProjectRef TxnStatus -Balance -ClassRef -HomeBalance`,
	"Payment":       aTransaction + `CheckPayment PaymentEx PaymentExtendedType PaymentType RemitToRef TxnStatus -Balance -ClassRef -GlobalTaxCalculation -HomeBalance -HomeTotalAmt`,
	"PaymentMethod": `PaymentMethodEx`,
	"Purchase":      aTransaction + `IncludeInAnnualTPAR LessCIS ProjectRef TxnId TxnNum TxnStatus -Balance -ClassRef -HomeBalance -HomeTotalAmt`,
	"PurchaseOrder": aTransaction + `BillEmail DropShipToEntity FOB InventorySiteRef ManuallyClosed PrintStatus ProjectRef PurchaseOrderEx
		ReimbursableInfoRef ReplyEmail TemplateRef TxnStatus -Balance -HomeBalance -HomeTotalAmt -DeliveryInfo`,
	"RefundReceipt": aTransaction + aSale + `RefundReceiptEx TxnStatus`,
	"SalesReceipt":  aTransaction + aSale + `CheckPayment LessCIS SalesReceiptEx TxnStatus`,
	"TaxAgency": aPerson + aVendor + `APAccountRef AcctNum Active AlternatePhone Balance BillAddr BillRate BusinessNumber CompanyName CostRate CurrencyRef
		FamilyName Fax FullyQualifiedName GSTIN GSTRegistrationType GivenName HasTPAR MiddleName Mobile Notes OpenBalanceDate OtherAddr OtherContactInfo
		PrimaryEmailAddr PrimaryPhone PrintOnCheckName ReportingPeriod SalesTaxCodeRef SalesTaxCountry SalesTaxReturnRef ShipAddr Source Suffix
		T4AEligible T5018Eligible TaxAgencyExt TaxIdentifier TaxOnPurchasesAccountRef TaxOnTax TaxTrackedOnSalesAccountRef TermRef Title
		V4IDPseudonym Vendor1099 VendorPaymentBankDetail WebAddr`,
	"Term":         `SalesTermEx`,
	"Transfer":     aTransaction + `ProjectRef TransferEx TxnStatus -Balance -GlobalTaxCalculation -HomeBalance -HomeTotalAmt -TotalAmt`,
	"Vendor":       aPerson + aVendor + `-ClientEntityId`,
	"VendorCredit": aTransaction + `BillEmail IncludeInAnnualTPAR Memo ProjectRef ReplyEmail TxnStatus VendorCreditEx -ClassRef -HomeBalance -HomeTotalAmt`,
}

const (
	aTransaction = `HomeTotalCostAmount RecurringInfo Tag TaxFormNum TaxFormType TotalCostAmount TxnApprovalInfo TxnSubType `
	aSale        = `ARAccountRef DiscountAmt DiscountRate FOB FinanceCharge GovtTxnRefIdentifier PONumber RemitToRef SalesRepRef
		ShippingTaxIncludedInTotalTax TemplateRef `
	aPerson = `IntuitId Organization UserId `
	aVendor = `AgencyVerificationStatus AgencyVerificationStatusMsg AgencyVerificationTSUTC AltContactName CISRate CompanyRegistrationNumber ContactName
		CreditLimit DefaultTaxCodeRef IsSubContractor ParentRef PrefillAccountRef SubcontractorType TDSEnabled TDSEntityTypeId TDSOverrideThreshold
		TDSSectionTypeId TaxCountry TaxIdEffectiveDate TaxReportingBasis VendorEx VendorTypeRef `
)

// settleSchema makes an entity's names those of the schema.
func settleSchema(e *entity) {
	for n := range strings.FieldsSeq(unkept[e.name]) {
		if bare, not := strings.CutPrefix(n, "-"); not {
			delete(e.fields, bare)
		} else if _, kept := e.fields[n]; !kept {
			e.fields[n] = readOnly
		}
	}
}
