package document

import (
	"strings"

	"crossbook"
)

// The API names of the fields Crossbook adds to documents.
const (
	FieldID           = "QuickBooks_Id"
	FieldNumber       = "QuickBooks_Number"
	FieldStatus       = "QuickBooks_Status"
	FieldNet          = "QuickBooks_Net"
	FieldTax          = "QuickBooks_Tax"
	FieldTotal        = "QuickBooks_Total"
	FieldBalanceDue   = "QuickBooks_Balance_Due"
	FieldPaidOn       = "QuickBooks_Paid_on"
	FieldJob          = "QuickBooks_Job_or_project"
	FieldLink         = "QuickBooks_Link"
	FieldShipping     = "QuickBooks_Shipping"
	FieldAmountBefore = "QuickBooks_Amount_before"
	FieldLastPayment  = "QuickBooks_Last_payment"
	FieldPaidBy       = "QuickBooks_Paid_by"
	FieldSentOn       = "QuickBooks_Sent_on"
	FieldTerms        = "QuickBooks_Terms"
	FieldSync         = "QuickBooks_sync"
	FieldNote         = "QuickBooks_Note"
	FieldSourceQuote  = "QuickBooks_Source_Quote"
	FieldInvoiced     = "QuickBooks_Invoiced_so_far"
	FieldRemaining    = "QuickBooks_Remaining"
	FieldQuoteDate    = "QuickBooks_Quote_Date"
	FieldAcceptedBy   = "QuickBooks_Accepted_by"
	FieldAcceptedOn   = "QuickBooks_Accepted_on"
	FieldBills        = "QuickBooks_Bills"
	FieldVendorEmail  = "QuickBooks_Vendor_Email"
	FieldClass        = "QuickBooks_Class"
	FieldLocation     = "QuickBooks_Location"
	FieldShipDate     = "QuickBooks_Ship_date"
	FieldTracking     = "QuickBooks_Tracking_number"
	FieldCustom       = "QuickBooks_Custom_fields"
)

// FieldLines is the key of the rows in the canonical form. It is no CRM field.
const FieldLines = "lines"

// LineDescription is the key of the rows' description in [Input.TextLimits].
const LineDescription = "Line.Description"

// Added is one field Crossbook adds to a module of documents.
type Added struct {
	Label    string
	APIName  string
	DataType string
	Length   int
	Unique   bool
}

// AddedFields are the fields a module needs, in the order of P29: what the
// edition has no room for is dropped from the end. [Project] fills all of them
// but QuickBooks sync, which belongs to the engine.
func AddedFields(m crossbook.Module) []Added {
	id := text("QuickBooks Id", 50)
	id.Unique = true
	link := of("QuickBooks Link", "website")
	link.Length = 450
	out := []Added{
		id, text("QuickBooks Number", 50), text("QuickBooks Status", 50),
		of("QuickBooks Net", "currency"), of("QuickBooks Tax", "currency"), of("QuickBooks Total", "currency"),
	}
	switch m {
	case crossbook.Invoices:
		return append(out,
			of("QuickBooks Balance Due", "currency"), of("QuickBooks Paid on", "date"), text("QuickBooks Job or project", 255), link,
			of("QuickBooks Shipping", "currency"), of("QuickBooks Amount before", "currency"), of("QuickBooks Last payment", "date"),
			text("QuickBooks Paid by", 50), of("QuickBooks Sent on", "date"), text("QuickBooks Terms", 50),
			text("QuickBooks sync", 255), text("QuickBooks Note", 255), of("QuickBooks Source Quote", "lookup"),
			text("QuickBooks Class", 255), text("QuickBooks Location", 255), of("QuickBooks Ship date", "date"),
			text("QuickBooks Tracking number", 50), text("QuickBooks Custom fields", 255))
	case crossbook.Quotes:
		return append(out,
			of("QuickBooks Invoiced so far", "currency"), of("QuickBooks Remaining", "currency"), text("QuickBooks Job or project", 255), link,
			of("QuickBooks Shipping", "currency"), of("QuickBooks Amount before", "currency"), of("QuickBooks Quote Date", "date"),
			text("QuickBooks Accepted by", 100), of("QuickBooks Accepted on", "date"), of("QuickBooks Sent on", "date"),
			text("QuickBooks sync", 255), text("QuickBooks Note", 255),
			text("QuickBooks Terms", 50), text("QuickBooks Class", 255), text("QuickBooks Location", 255), of("QuickBooks Ship date", "date"),
			text("QuickBooks Tracking number", 50), text("QuickBooks Custom fields", 255))
	case crossbook.PurchaseOrders:
		return append(out,
			link, text("QuickBooks Bills", 255), of("QuickBooks Shipping", "currency"), of("QuickBooks Amount before", "currency"),
			text("QuickBooks Vendor Email", 255), text("QuickBooks sync", 255), text("QuickBooks Note", 255),
			text("QuickBooks Terms", 50), text("QuickBooks Class", 255), text("QuickBooks Location", 255), text("QuickBooks Custom fields", 255))
	default:
		return nil
	}
}

func of(label, dataType string) Added {
	return Added{Label: label, APIName: strings.ReplaceAll(label, " ", "_"), DataType: dataType}
}

func text(label string, length int) Added {
	a := of(label, "text")
	a.Length = length
	return a
}

// Subform is the key of a module's rows (reference/zoho-crm.md section 7.1).
func Subform(m crossbook.Module) string {
	switch m {
	case crossbook.Quotes:
		return "Quoted_Items"
	case crossbook.Invoices:
		return "Invoiced_Items"
	case crossbook.PurchaseOrders:
		return "Purchase_Items"
	default:
		return ""
	}
}

// DealField is the look-up of a document's Deal; "" where there is none
// (reference/zoho-crm.md section 7.5).
func DealField(m crossbook.Module) string {
	switch m {
	case crossbook.Quotes:
		return "Deal_Name"
	case crossbook.Invoices:
		return "Deal_Name__s"
	default:
		return ""
	}
}

// Module is the CRM module that shows documents of an entity.
func Module(e crossbook.Entity) crossbook.Module {
	switch e {
	case crossbook.Estimate:
		return crossbook.Quotes
	case crossbook.Invoice:
		return crossbook.Invoices
	case crossbook.PurchaseOrder:
		return crossbook.PurchaseOrders
	default:
		return ""
	}
}

// Fields that are not text on the wire.
var (
	references = map[string]bool{
		"Account_Name": true, "Contact_Name": true, "Vendor_Name": true, "Deal_Name": true, "Deal_Name__s": true,
		"Owner": true, FieldSourceQuote: true,
	}
	numbers = map[string]bool{
		"Discount": true, "Adjustment": true, "Exchange_Rate": true,
		FieldNet: true, FieldTax: true, FieldShipping: true, FieldTotal: true, FieldBalanceDue: true,
		FieldAmountBefore: true, FieldInvoiced: true, FieldRemaining: true,
	}
)
