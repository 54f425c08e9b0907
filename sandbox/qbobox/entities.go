package qbobox

import (
	"maps"
	"strings"
)

// queryKind is how a property compares in a query.
type queryKind int

const (
	qText queryKind = iota
	qID
	qRef
	qBool
	qNumber
	qDate
	qTime
)

// asked builds a set of filterable properties: "Name", "Balance:number" and so on.
func asked(specs ...string) map[string]queryKind {
	words := map[string]queryKind{
		"": qText, "id": qID, "ref": qRef, "bool": qBool, "number": qNumber, "date": qDate, "time": qTime,
	}
	out := map[string]queryKind{"Id": qID, "MetaData.CreateTime": qTime, "MetaData.LastUpdatedTime": qTime}
	for _, s := range specs {
		n, w, _ := strings.Cut(s, ":")
		out[n] = words[w]
	}
	return out
}

var (
	personAsked = []string{
		"DisplayName", "GivenName", "MiddleName", "FamilyName", "CompanyName", "PrintOnCheckName", "Active:bool", "Balance:number",
	}
	saleAsked = []string{
		"DocNumber", "TxnDate:date", "DueDate:date", "CustomerRef:ref", "SalesTermRef:ref", "Balance:number", "TotalAmt:number",
	}
	namedAsked = asked("Name", "Active:bool", "FullyQualifiedName")
)

// catalogue lists every entity the box imitates; others may be loaded and
// are then read-only.
func catalogue() map[string]*entity {
	all := []*entity{
		{
			name: "Customer", fields: customerFields, words: "Names", people: true, complete: (*Box).completeCustomer,
			single: (*Box).singleCustomer, query: asked(append(personAsked, "FullyQualifiedName")...),
		},
		{
			name: "Vendor", fields: vendorFields, words: "Names", people: true, complete: (*Box).completeVendor,
			single: (*Box).singleVendor, query: asked(personAsked...),
		},
		{
			name: "Employee", fields: employeeFields, words: "Names", people: true, complete: (*Box).completeEmployee,
			query: asked(personAsked...),
		},
		{
			name: "Item", fields: itemFields, words: "Items", complete: (*Box).completeItem, single: (*Box).singleItem,
			query: asked("Name", "Type", "Sku", "Active:bool", "SubItem:bool", "Taxable:bool", "FullyQualifiedName", "UnitPrice:number", "PurchaseCost:number"),
		},
		{
			name: "Account", fields: accountFields, words: "Accounts", complete: (*Box).completeAccount,
			query: asked("Name", "AcctNum", "Active:bool", "AccountType", "AccountSubType", "Classification", "FullyQualifiedName",
				"SubAccount:bool", "ParentRef:ref", "CurrentBalance:number"),
		},
		{name: "Term", fields: termFields, words: "Terms", complete: (*Box).completeTerm, query: namedAsked},
		{
			name: "PaymentMethod", fields: paymentMethodFields, words: "PaymentMethods", complete: (*Box).completePaymentMethod,
			query: asked("Name", "Type", "Active:bool"),
		},
		{name: "Class", fields: treeFields("SubClass"), words: "Klasses", complete: (*Box).completeTree, query: namedAsked},
		{name: "Department", fields: treeFields("SubDepartment"), words: "Depts", complete: (*Box).completeTree, query: namedAsked},
		{
			name: "CompanyCurrency", fields: currencyFields, words: "Currencies", complete: (*Box).completeCurrency,
			query: asked("Code", "Name", "Active:bool"),
		},
		{
			name: "TaxAgency", fields: agencyFields, words: "TaxAgencies", noChanges: true, complete: (*Box).completeAgency,
			query: asked("DisplayName"),
		},
		{name: "TaxCode", shape: fixed, words: "TaxCodes", noChanges: true, query: asked("Name", "Active:bool", "Taxable:bool", "Description")},
		{name: "TaxRate", shape: fixed, words: "TaxRates", noChanges: true, query: asked("Name", "Active:bool", "AgencyRef:ref", "RateValue:number")},
		{
			name: "Estimate", shape: document, fields: estimateFields, complete: (*Box).completeSale,
			query: asked(append(saleAsked, "TxnStatus", "ExpirationDate:date")...),
		},
		{
			name: "Invoice", shape: document, fields: invoiceFields, totalCount: true, complete: (*Box).completeSale,
			query: asked(append(saleAsked, "ProjectRef:ref")...),
		},
		{name: "CreditMemo", shape: document, fields: creditMemoFields, complete: (*Box).completeSale, query: asked(saleAsked...)},
		{
			name: "Payment", shape: document, fields: paymentFields, complete: (*Box).completePayment,
			query: asked("TotalAmt:number", "CustomerRef:ref", "PaymentMethodRef:ref", "PaymentRefNum", "TxnDate:date", "UnappliedAmt:number"),
		},
		{
			name: "PurchaseOrder", shape: document, fields: purchaseOrderFields, totalCount: true, complete: (*Box).completePurchase,
			query: asked("DocNumber", "TxnDate:date", "DueDate:date", "TotalAmt:number"),
		},
		{
			name: "Bill", shape: document, fields: billFields, totalCount: true, complete: (*Box).completePurchase,
			query: asked("DocNumber", "TxnDate:date", "DueDate:date", "VendorRef:ref", "SalesTermRef:ref", "Balance:number", "TotalAmt:number"),
		},
		{name: "CompanyInfo", shape: singleton, fields: companyFields, noChanges: true, query: asked()},
		{name: "Preferences", shape: singleton, fields: preferencesFields, noChanges: true, query: asked()},
	}
	all = append(all, moneyEntities()...)
	all = append(all,
		&entity{
			name: "TimeActivity", shape: document, fields: timeActivityFields, complete: (*Box).completeTime,
			query: asked("TxnDate:date", "NameOf", "EmployeeRef:ref", "VendorRef:ref", "CustomerRef:ref", "ItemRef:ref", "BillableStatus"),
		},
		&entity{
			name: "CustomerType", fields: customerTypeFields, words: "CustomerTypes", complete: (*Box).completeCustomerType, query: namedAsked,
		},
	)
	for _, n := range []string{"ReimburseCharge", "JournalCode"} {
		all = append(all, fixedEntity(n, false))
	}
	out := make(map[string]*entity, len(all))
	for _, e := range all {
		e.fields = maps.Clone(e.fields)
		settleSchema(e)
		out[e.path()] = e
	}
	out["journalcode"].noChanges, out["timeactivity"].noChanges = true, true
	return out
}

// fixedEntity is a record type that can be loaded, listed and read, not written.
func fixedEntity(n string, totalCount bool) *entity {
	q := maps.Clone(asked("DocNumber", "TxnDate:date", "TotalAmt:number", "Name", "Active:bool"))
	return &entity{name: n, shape: fixed, fields: fields(), words: n + "s", totalCount: totalCount, query: q}
}

// referenceLists are counted as metadata, not as records, when a call reads only them.
var referenceLists = map[string]bool{
	"Account": true, "Term": true, "PaymentMethod": true, "TaxCode": true, "TaxRate": true, "TaxAgency": true,
	"CompanyCurrency": true, "Class": true, "Department": true, "CompanyInfo": true, "Preferences": true, "ExchangeRate": true,
}
