package qbobox

import (
	"maps"
	"strings"
)

// shape says how an entity behaves.
type shape int

const (
	nameList  shape = iota // lists with Active: never deleted, only made inactive
	document               // transactions: deleted, some of them voided
	fixed                  // read-only through the API
	singleton              // CompanyInfo, Preferences
)

// kind says how a property's value is checked.
type kind int

const (
	kText kind = iota
	kName      // text without colon, tab and newline
	kBool
	kNumber
	kFactor // a number that others are multiplied with
	kWhole
	kDate
	kRef
	kPhone
	kEmail
	kWeb
	kMemo
	kAddress
	kEnum
	kNest   // an object with properties of its own
	kIgnore // read-only: accepted and not kept
)

type field struct {
	kind kind
	max  int
	enum []string
	to   string // the entity a reference points at
	of   inside // what stands inside
}

func text(limit int) field      { return field{kind: kText, max: limit} }
func name(limit int) field      { return field{kind: kName, max: limit} }
func refTo(entity string) field { return field{kind: kRef, to: entity} }
func oneOf(values ...string) field {
	return field{kind: kEnum, enum: values}
}

var (
	boolean  = field{kind: kBool}
	amount   = field{kind: kNumber}
	factor   = field{kind: kFactor}
	whole    = field{kind: kWhole}
	date     = field{kind: kDate}
	phone    = field{kind: kPhone, max: 30}
	email    = field{kind: kEmail, max: 100}
	web      = field{kind: kWeb, max: 1000}
	address  = field{kind: kAddress}
	readOnly = field{kind: kIgnore}
)

// entity is what the box knows of one kind of record.
type entity struct {
	name   string
	shape  shape
	fields map[string]field
	// query holds the properties that WHERE and ORDER BY accept.
	query map[string]queryKind
	// words names the list in 2500 faults.
	words string
	// totalCount: whether query answers carry it (recorded, reference section 6).
	totalCount bool
	// people: the entity shares its names with customers, vendors and employees.
	people bool
	// noChanges: not offered by change data capture (reference section 7).
	noChanges bool

	complete func(*Box, *write) *fault // derives and checks a candidate
	single   func(*Box, object)        // what a single answer adds to a list row
}

// path is the entity's name in addresses.
func (e *entity) path() string { return strings.ToLower(e.name) }

// common properties are never written by a client.
var common = map[string]field{
	"domain": readOnly, "sparse": readOnly, "Id": readOnly, "SyncToken": readOnly, "MetaData": readOnly,
	"AttachableRef": readOnly, "CustomField": readOnly, "status": readOnly,
}

func fields(groups ...map[string]field) map[string]field {
	out := maps.Clone(common)
	for _, g := range groups {
		maps.Copy(out, g)
	}
	return out
}

// person is shared by customers, vendors and employees (reference section 5.1).
var person = map[string]field{
	"DisplayName": name(500), "Title": text(16), "Suffix": text(16),
	"GivenName": name(100), "MiddleName": name(100), "FamilyName": name(100),
	"CompanyName": text(100), "PrintOnCheckName": text(110), "FullyQualifiedName": readOnly,
	"PrimaryPhone": phone, "AlternatePhone": phone, "Mobile": phone, "Fax": phone,
	"PrimaryEmailAddr": email, "WebAddr": web, "BillAddr": address, "ShipAddr": address, "OtherAddr": readOnly,
	"OtherContactInfo": readOnly, "Active": boolean, "CurrencyRef": refTo("CompanyCurrency"), "Balance": amount,
	"OpenBalanceDate": date, "GSTIN": text(15), "GSTRegistrationType": text(30), "BusinessNumber": text(10),
	"source": readOnly, "Source": readOnly, "V4IDPseudonym": readOnly, "ClientEntityId": readOnly,
}

var customerFields = fields(person, map[string]field{
	"Notes": text(2000), "Job": boolean, "ParentRef": refTo("Customer"), "BillWithParent": boolean,
	"IsProject": readOnly, "Level": readOnly, "BalanceWithJobs": readOnly, "Taxable": boolean,
	"DefaultTaxCodeRef": refTo("TaxCode"), "TaxExemptionReasonId": text(16), "ResaleNum": text(16),
	"SalesTermRef": refTo("Term"), "PaymentMethodRef": refTo("PaymentMethod"), "CustomerTypeRef": refTo("CustomerType"),
	"PreferredDeliveryMethod": oneOf("Print", "Email", "None"), "ARAccountRef": refTo("Account"),
	"PrimaryTaxIdentifier": text(20), "SecondaryTaxIdentifier": text(20), "TotalExpense": readOnly, "TotalRevenue": readOnly,
})

var vendorFields = fields(person, map[string]field{
	"AcctNum": text(100), "Vendor1099": boolean, "TaxIdentifier": text(20), "TermRef": refTo("Term"),
	"BillRate": factor, "CostRate": factor, "APAccountRef": refTo("Account"), "T4AEligible": boolean,
	"T5018Eligible": boolean, "HasTPAR": boolean, "VendorPaymentBankDetail": one("BankDetail"), "Notes": text(2000),
	"ShipAddr": readOnly,
})

var employeeFields = fields(person, map[string]field{
	"PrimaryAddr": address, "EmployeeNumber": text(100), "SSN": text(100), "HiredDate": date, "ReleasedDate": date,
	"BirthDate": date, "Gender": text(10), "BillableTime": boolean, "BillRate": factor, "CostRate": factor, "Notes": text(2000),
})

var itemFields = fields(map[string]field{
	"Name": name(100), "Sku": text(100), "Description": text(4000), "PurchaseDesc": text(1000),
	"UnitPrice": amount, "PurchaseCost": amount, "RatePercent": factor, "QtyOnHand": amount, "ReorderPoint": amount,
	"Type":             oneOf("Inventory", "NonInventory", "Service", "Category", "Group"),
	"IncomeAccountRef": refTo("Account"), "ExpenseAccountRef": refTo("Account"), "AssetAccountRef": refTo("Account"),
	"TrackQtyOnHand": boolean, "InvStartDate": date, "PrefVendorRef": refTo("Vendor"), "Taxable": boolean,
	"SalesTaxIncluded": boolean, "PurchaseTaxIncluded": boolean, "SalesTaxCodeRef": refTo("TaxCode"),
	"PurchaseTaxCodeRef": refTo("TaxCode"), "TaxClassificationRef": freeRef, "ClassRef": refTo("Class"),
	"SubItem": boolean, "ParentRef": refTo("Item"), "Level": readOnly, "FullyQualifiedName": readOnly, "Active": boolean,
	"ItemGroupDetail": readOnly, "PrintGroupedItems": readOnly, "DeferredRevenue": readOnly, "AvgCost": readOnly,
	"QtyOnPurchaseOrder": readOnly, "QtyOnSalesOrder": readOnly, "ItemCategoryType": readOnly, "AbatementRate": amount,
	"ReverseChargeRate": amount, "ServiceType": text(30), "Source": readOnly, "UQCDisplayText": text(30), "UQCId": text(30),
})

var accountFields = fields(map[string]field{
	"Name": name(100), "AcctNum": text(20), "Description": text(100), "SubAccount": boolean, "ParentRef": refTo("Account"),
	"FullyQualifiedName": readOnly, "Active": boolean, "Classification": readOnly, "AccountType": oneOf(accountTypes...),
	"AccountSubType": text(100), "CurrentBalance": readOnly, "CurrentBalanceWithSubAccounts": readOnly,
	"CurrencyRef": refTo("CompanyCurrency"), "TaxCodeRef": refTo("TaxCode"), "OpeningBalance": amount,
	"OpeningBalanceDate": date, "AccountAlias": text(100), "TxnLocationType": text(100),
})

var termFields = fields(map[string]field{
	"Name": name(31), "Type": readOnly, "DueDays": whole, "DiscountPercent": amount, "DiscountDays": whole,
	"DayOfMonthDue": whole, "DueNextMonthDays": whole, "DiscountDayOfMonth": whole, "Active": boolean,
})

var paymentMethodFields = fields(map[string]field{
	"Name": name(31), "Type": oneOf("CREDIT_CARD", "NON_CREDIT_CARD"), "Active": boolean,
})

func treeFields(sub string) map[string]field {
	return fields(map[string]field{
		"Name": name(100), sub: readOnly, "ParentRef": freeRef, "FullyQualifiedName": readOnly, "Active": boolean, "Address": address,
	})
}

var currencyFields = fields(map[string]field{"Code": text(3), "Name": text(100), "Active": boolean})

var agencyFields = fields(map[string]field{
	"DisplayName": name(100), "TaxTrackedOnSales": boolean, "TaxTrackedOnPurchases": boolean,
	"TaxRegistrationNumber": text(100), "LastFileDate": readOnly, "TaxAgencyConfig": readOnly,
})

// transaction properties are shared by all documents.
var transaction = map[string]field{
	"TxnDate": date, "DocNumber": text(21), "PrivateNote": text(4000), "Line": many("Line"), "LinkedTxn": many("LinkedTxn"),
	"CurrencyRef": refTo("CompanyCurrency"), "ExchangeRate": factor, "TotalAmt": readOnly, "HomeTotalAmt": readOnly,
	"HomeBalance": readOnly, "Balance": readOnly, "TxnTaxDetail": one("TxnTaxDetail"), "CustomField": many("CustomField"),
	"GlobalTaxCalculation": oneOf("TaxExcluded", "TaxInclusive", "NotApplicable"), "DepartmentRef": refTo("Department"),
	"ClassRef": refTo("Class"), "RecurDataRef": readOnly, "TxnSource": readOnly, "AttachableRef": readOnly,
	"TransactionLocationType": text(100),
}

// sale properties are shared by invoices, estimates and credit memos (reference section 5.5).
var sale = map[string]field{
	"CustomerRef": refTo("Customer"), "CustomerMemo": {kind: kMemo, max: 1000}, "BillAddr": address, "ShipAddr": address,
	"ShipFromAddr": address, "FreeFormAddress": readOnly, "BillEmail": email, "BillEmailCc": email, "BillEmailBcc": email,
	"EmailStatus": oneOf("NotSet", "NeedToSend", "EmailSent"), "PrintStatus": oneOf("NotSet", "NeedToPrint", "PrintComplete"),
	"DeliveryInfo": readOnly, "SalesTermRef": refTo("Term"), "DueDate": date, "ApplyTaxAfterDiscount": boolean,
	"ShipMethodRef": freeRef, "ShipDate": date, "TrackingNum": text(31), "ProjectRef": refTo("Customer"), "TaxExemptionRef": readOnly,
	"AutoDocNumber": boolean,
}

var invoiceFields = fields(transaction, sale, map[string]field{
	"Deposit": amount, "DepositToAccountRef": refTo("Account"), "InvoiceLink": readOnly,
	"AllowOnlineCreditCardPayment": boolean, "AllowOnlineACHPayment": boolean, "AllowIPNPayment": readOnly, "AllowOnlinePayment": readOnly,
})

var estimateFields = fields(transaction, sale, map[string]field{
	"TxnStatus": oneOf("Pending", "Accepted", "Closed", "Rejected", "Converted"), "AcceptedBy": text(1000), "AcceptedDate": date, "ExpirationDate": date,
})

var creditMemoFields = fields(transaction, sale, map[string]field{
	"RemainingCredit": readOnly, "PaymentMethodRef": refTo("PaymentMethod"), "InvoiceRef": freeRef,
})

var purchaseOrderFields = fields(transaction, map[string]field{
	"VendorRef": refTo("Vendor"), "APAccountRef": refTo("Account"), "POStatus": oneOf("Open", "Closed"), "DueDate": date,
	"ExpectedDate": date, "Memo": text(4000), "VendorAddr": address, "ShipAddr": address, "ShipTo": refTo("Customer"),
	"ShipMethodRef": freeRef, "POEmail": email, "EmailStatus": oneOf("NotSet", "NeedToSend", "EmailSent"),
	"SalesTermRef": refTo("Term"), "TaxCodeRef": refTo("TaxCode"), "DeliveryInfo": readOnly,
})

var billFields = fields(transaction, map[string]field{
	"VendorRef": refTo("Vendor"), "APAccountRef": refTo("Account"), "DueDate": date, "SalesTermRef": refTo("Term"), "VendorAddr": readOnly,
})

var paymentFields = fields(transaction, map[string]field{
	"CustomerRef": refTo("Customer"), "TotalAmt": amount, "UnappliedAmt": readOnly, "PaymentMethodRef": refTo("PaymentMethod"),
	"PaymentRefNum": text(21), "DepositToAccountRef": refTo("Account"), "ARAccountRef": refTo("Account"), "ProcessPayment": boolean,
	"CreditCardPayment": one("CreditCardPayment"), "ProjectRef": refTo("Customer"),
})
