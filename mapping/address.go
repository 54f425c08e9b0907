package mapping

import (
	"net/url"

	"crossbook"
)

// app is where people read QuickBooks.
const app = "https://app.qbo.intuit.com/app/"

// Address is where a person sees a record in QuickBooks; empty for entities
// without a page of their own.
func Address(e crossbook.Entity, id string) string {
	if id == "" {
		return ""
	}
	id = url.QueryEscape(id)
	switch e {
	case crossbook.Customer:
		return app + "customerdetail?nameId=" + id
	case crossbook.Vendor:
		return app + "vendordetail?nameId=" + id
	case crossbook.Item:
		return app + "items?itemId=" + id
	case crossbook.Estimate:
		return app + "estimate?txnId=" + id
	case crossbook.Invoice:
		return app + "invoice?txnId=" + id
	case crossbook.PurchaseOrder:
		return app + "purchaseorder?txnId=" + id
	case crossbook.Payment:
		return app + "recvpayment?txnId=" + id
	case crossbook.CreditMemo:
		return app + "creditmemo?txnId=" + id
	case crossbook.Bill:
		return app + "bill?txnId=" + id
	default:
		return ""
	}
}
