package qbobox

// The properties of transactions that move money (X, the vendor's schema).

var salesReceiptFields = fields(transaction, sale, map[string]field{
	"PaymentMethodRef": refTo("PaymentMethod"), "PaymentRefNum": text(21), "DepositToAccountRef": refTo("Account"), "PaymentType": oneOf("Cash", "Check", "CreditCard", "Expense", "Other"),
	"CreditCardPayment": one("CreditCardPayment"),
})

var refundReceiptFields = fields(salesReceiptFields, map[string]field{"CheckPayment": one("CheckPayment"), "RemainingCredit": readOnly})

var vendorCreditFields = fields(transaction, map[string]field{
	"VendorRef": refTo("Vendor"), "APAccountRef": refTo("Account"), "VendorAddr": readOnly,
})

var billPaymentFields = fields(transaction, map[string]field{
	"VendorRef": refTo("Vendor"), "APAccountRef": refTo("Account"), "PayType": oneOf("Check", "CreditCard"),
	"CheckPayment": one("BillPaymentCheck"), "CreditCardPayment": one("BillPaymentCard"), "TotalAmt": amount, "VendorAddr": readOnly, "ProcessBillPayment": boolean,
})

var purchaseFields = fields(transaction, map[string]field{
	"AccountRef": refTo("Account"), "PaymentType": oneOf("Cash", "Check", "CreditCard"), "EntityRef": freeRef, "Credit": boolean,
	"PurchaseEx": readOnly, "RemitToAddr": address, "PaymentMethodRef": refTo("PaymentMethod"), "PaymentRefNum": text(21), "Memo": text(4000),
	"PrintStatus": oneOf("NotSet", "NeedToPrint", "PrintComplete"), "CheckPayment": one("CheckPayment"), "CreditCardPayment": one("CreditCardPayment"),
})

var depositFields = fields(transaction, map[string]field{"DepositToAccountRef": refTo("Account"), "CashBack": one("CashBack")})

var transferFields = fields(transaction, map[string]field{
	"FromAccountRef": refTo("Account"), "ToAccountRef": refTo("Account"), "Amount": amount,
})

var journalEntryFields = fields(transaction, map[string]field{"Adjustment": boolean, "HomeCurrencyAdjustment": readOnly, "EnteredInHomeCurrency": readOnly})

var attachableFields = fields(map[string]field{
	"FileName": text(1000), "Note": text(2000), "Category": text(100), "ContentType": text(100), "AttachableRef": many("AttachableRef"), "Tag": text(2000),
	"PlaceName": text(2000), "Lat": text(100), "Long": text(100), "CustomField": many("CustomField"), "FileAccessUri": readOnly, "TempDownloadUri": readOnly,
	"Size": readOnly, "ThumbnailFileAccessUri": readOnly, "ThumbnailTempDownloadUri": readOnly,
})

// moneyEntities are the transactions beside sales and purchase forms.
func moneyEntities() []*entity {
	common := []string{"DocNumber", "TxnDate:date", "TotalAmt:number"}
	with := func(more ...string) map[string]queryKind { return asked(append(more, common...)...) }
	return []*entity{
		{
			name: "SalesReceipt", shape: document, fields: salesReceiptFields, complete: (*Box).completeSale,
			query: asked(append(saleAsked, "PaymentMethodRef:ref", "DepositToAccountRef:ref")...),
		},
		{
			name: "RefundReceipt", shape: document, fields: refundReceiptFields, complete: (*Box).completeSale,
			query: asked(append(saleAsked, "PaymentMethodRef:ref")...),
		},
		{name: "VendorCredit", shape: document, fields: vendorCreditFields, complete: (*Box).completePurchase, query: with("VendorRef:ref", "Balance:number")},
		{
			name: "BillPayment", shape: document, fields: billPaymentFields, totalCount: true, complete: (*Box).completeBillPayment,
			query: with("VendorRef:ref", "PayType"),
		},
		{
			name: "Purchase", shape: document, fields: purchaseFields, complete: (*Box).completeExpense,
			query: with("PaymentType", "AccountRef:ref", "EntityRef:ref", "Credit:bool"),
		},
		{name: "Deposit", shape: document, fields: depositFields, totalCount: true, complete: (*Box).completeDeposit, query: with("DepositToAccountRef:ref")},
		{
			name: "Transfer", shape: document, fields: transferFields, complete: (*Box).completeTransfer,
			query: asked("TxnDate:date", "Amount:number", "FromAccountRef:ref", "ToAccountRef:ref"),
		},
		{name: "JournalEntry", shape: document, fields: journalEntryFields, totalCount: true, complete: (*Box).completeJournal, query: with("Adjustment:bool")},
		{
			name: "InventoryAdjustment", shape: document, fields: adjustmentFields, complete: (*Box).completeAdjustment,
			query: asked("DocNumber", "TxnDate:date", "AdjustAccountRef:ref"),
		},
		{
			name: "Attachable", shape: document, fields: attachableFields, complete: (*Box).completeAttachable, single: (*Box).addressFile,
			query: asked("FileName", "Note", "Category", "ContentType", "AttachableRef.EntityRef.Type", "AttachableRef.EntityRef.value"),
		},
	}
}
