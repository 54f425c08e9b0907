package mapping

import (
	"strings"
	"unicode"

	"crossbook"
)

// AddedField is a custom field Crossbook adds to a CRM module.
type AddedField struct {
	Module   crossbook.Module
	Label    string
	APIName  string
	DataType string
	Length   int
	// Unique and External ask for a unique field with an organisation-wide
	// external id (reference/zoho-crm.md section 6).
	Unique, External bool
	// Rank is the place in the fixed order of P29, from 1: what the edition has
	// no room for is dropped from the end.
	Rank int
	// Indispensable fields stop the module when they cannot be had.
	Indispensable bool
	// ReadOnly fields are written by Crossbook alone.
	ReadOnly bool
	PickList []string
	// Lookup is the module a look-up points at.
	Lookup crossbook.Module
	// Off fields are created only once their pair is switched on (P30).
	Off bool
}

// Fields of documents and Deals; the documents and figures write them.
const (
	FieldNumber        = "QuickBooks_Number"
	FieldNet           = "QuickBooks_Net"
	FieldTax           = "QuickBooks_Tax"
	FieldTotal         = "QuickBooks_Total"
	FieldBalanceDue    = "QuickBooks_Balance_Due"
	FieldPaidOn        = "QuickBooks_Paid_on"
	FieldJob           = "QuickBooks_Job_or_project"
	FieldShipping      = "QuickBooks_Shipping"
	FieldAmountBefore  = "QuickBooks_Amount_before"
	FieldLastPayment   = "QuickBooks_Last_payment"
	FieldPaidBy        = "QuickBooks_Paid_by"
	FieldSentOn        = "QuickBooks_Sent_on"
	FieldTerms         = "QuickBooks_Terms"
	FieldNote          = "QuickBooks_Note"
	FieldSourceQuote   = "QuickBooks_Source_Quote"
	FieldInvoicedSoFar = "QuickBooks_Invoiced_so_far"
	FieldRemaining     = "QuickBooks_Remaining"
	FieldAcceptedBy    = "QuickBooks_Accepted_by"
	FieldAcceptedOn    = "QuickBooks_Accepted_on"
	FieldQuoteDate     = "QuickBooks_Quote_Date"
	FieldVendorEmail   = "QuickBooks_Vendor_Email"
	FieldBills         = "QuickBooks_Bills"

	FieldBalances    = "QuickBooks_Balances" // one text, per currency (P6)
	FieldOverdue     = "QuickBooks_Overdue"
	FieldOldestDays  = "QuickBooks_Oldest_days"
	FieldCredits     = "QuickBooks_Credits_not_applied"
	FieldSend        = "Send_to_QuickBooks"
	FieldQuoted      = "QuickBooks_Quoted"
	FieldInvoiced    = "QuickBooks_Invoiced"
	FieldPaid        = "QuickBooks_Paid"
	FieldOpen        = "QuickBooks_Open"
	FieldLastInvoice = "QuickBooks_Last_Invoice_Status"
	FieldByCurrency  = "QuickBooks_Figures_by_currency" // one text, where there are several
)

// AddedFields are the custom fields of a module in the order of P29.
func AddedFields(mod crossbook.Module) []AddedField {
	var out []AddedField
	switch mod {
	case crossbook.Vendors:
		out = vendorFields()
	case crossbook.Accounts:
		out = accountFields()
	case crossbook.Contacts:
		out = contactFields()
	case crossbook.Products:
		out = productFields()
	case crossbook.Quotes:
		out = quoteFields()
	case crossbook.Invoices:
		out = invoiceFields()
	case crossbook.PurchaseOrders:
		out = purchaseOrderFields()
	case crossbook.Deals:
		out = dealFields()
	}
	for i := range out {
		out[i].Module = mod
		out[i].APIName = APIName(out[i].Label)
		out[i].Rank = i + 1
	}
	return out
}

// APIName is the name Zoho gives a field of the label: blanks become
// underscores, other signs go (reference/zoho-crm.md section 9.2). Labels of
// added fields hold no other signs, so that nothing hangs on the second half.
func APIName(label string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '_':
			return '_'
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return r
		default:
			return -1
		}
	}, label)
}

func vendorFields() []AddedField {
	return []AddedField{
		idField(),
		textField("QuickBooks Status", 50),
		linkField(),
		textField("QuickBooks Currency", 10),
		typed("QuickBooks Balance", "currency"),
		textField("QuickBooks sync", 255),
	}
}

func accountFields() []AddedField {
	return []AddedField{
		idField(),
		typed("QuickBooks Balance", "currency"),
		textField("QuickBooks Status", 50),
		textField("QuickBooks Invoice Email", 255),
		linkField(),
		typed("QuickBooks Overdue", "currency"),
		textField("QuickBooks sync", 255),
		typed("QuickBooks Oldest days", "integer"),
		typed("QuickBooks Credits not applied", "currency"),
		typed("QuickBooks Last payment", "date"),
		textField("QuickBooks Terms", 50),
		textField("QuickBooks Balances", 255),
		byPeople(typed("Send to QuickBooks", "boolean")),
		textField("QuickBooks Customer Type", 100),
		typed("QuickBooks Taxable", "boolean"),
		textField("QuickBooks Resale Number", 20),
	}
}

func contactFields() []AddedField {
	return []AddedField{
		idField(),
		byPeople(typed("QuickBooks billing contact", "boolean")),
		textField("QuickBooks Invoice Email", 255),
		textField("QuickBooks Status", 50),
		linkField(),
		typed("QuickBooks Balance", "currency"),
		textField("QuickBooks sync", 255),
		byPeople(typed("Send to QuickBooks", "boolean")),
	}
}

func productFields() []AddedField {
	kind := byPeople(typed("QuickBooks type", "picklist"))
	kind.PickList = []string{Service, NonInventory, Inventory}
	cost := byPeople(typed("Cost", "currency"))
	purchase := byPeople(textField("Purchase Description", 2000))
	purchase.DataType = "textarea"
	cost.Off, purchase.Off = true, true
	return []AddedField{
		idField(),
		kind,
		byPeople(typed("As of Date", "date")),
		typed("QuickBooks Start Date", "date"),
		linkField(),
		textField("QuickBooks sync", 255),
		cost,
		purchase,
	}
}

// figureFields are the first fields of every document (P18, P29).
func figureFields() []AddedField {
	return []AddedField{
		idField(),
		textField("QuickBooks Number", 50),
		textField("QuickBooks Status", 50),
		typed("QuickBooks Net", "currency"),
		typed("QuickBooks Tax", "currency"),
		typed("QuickBooks Total", "currency"),
	}
}

func invoiceFields() []AddedField {
	quote := typed("QuickBooks Source Quote", "lookup")
	quote.Lookup = crossbook.Quotes
	return append(figureFields(),
		typed("QuickBooks Balance Due", "currency"),
		typed("QuickBooks Paid on", "date"),
		textField("QuickBooks Job or project", 255),
		linkField(),
		typed("QuickBooks Shipping", "currency"),
		typed("QuickBooks Amount before", "currency"),
		typed("QuickBooks Last payment", "date"),
		textField("QuickBooks Paid by", 50),
		typed("QuickBooks Sent on", "date"),
		textField("QuickBooks Terms", 50),
		textField("QuickBooks sync", 255),
		textField("QuickBooks Note", 255),
		quote,
		textField("QuickBooks Class", 255),
		textField("QuickBooks Location", 255),
		typed("QuickBooks Ship date", "date"),
		textField("QuickBooks Tracking number", 50),
		textField("QuickBooks Custom fields", 255),
	)
}

func quoteFields() []AddedField {
	return append(figureFields(),
		typed("QuickBooks Invoiced so far", "currency"),
		typed("QuickBooks Remaining", "currency"),
		textField("QuickBooks Job or project", 255),
		linkField(),
		typed("QuickBooks Shipping", "currency"),
		typed("QuickBooks Amount before", "currency"),
		typed("QuickBooks Quote Date", "date"),
		textField("QuickBooks Accepted by", 100),
		typed("QuickBooks Accepted on", "date"),
		typed("QuickBooks Sent on", "date"),
		textField("QuickBooks sync", 255),
		textField("QuickBooks Note", 255),
		textField("QuickBooks Terms", 50),
		textField("QuickBooks Class", 255),
		textField("QuickBooks Location", 255),
		typed("QuickBooks Ship date", "date"),
		textField("QuickBooks Tracking number", 50),
		textField("QuickBooks Custom fields", 255),
	)
}

func purchaseOrderFields() []AddedField {
	return append(figureFields(),
		linkField(),
		textField("QuickBooks Bills", 255),
		typed("QuickBooks Shipping", "currency"),
		typed("QuickBooks Amount before", "currency"),
		textField("QuickBooks Vendor Email", 255),
		textField("QuickBooks sync", 255),
		textField("QuickBooks Note", 255),
		textField("QuickBooks Terms", 50),
		textField("QuickBooks Class", 255),
		textField("QuickBooks Location", 255),
		textField("QuickBooks Custom fields", 255),
	)
}

func dealFields() []AddedField {
	return []AddedField{
		typed("QuickBooks Quoted", "currency"),
		typed("QuickBooks Invoiced", "currency"),
		typed("QuickBooks Paid", "currency"),
		typed("QuickBooks Open", "currency"),
		textField("QuickBooks Last Invoice Status", 50),
		textField("QuickBooks Figures by currency", 255),
	}
}

// idField carries the QuickBooks id: the one field nothing works without.
func idField() AddedField {
	f := textField("QuickBooks Id", 50)
	f.Unique, f.External, f.Indispensable = true, true, true
	return f
}

func linkField() AddedField {
	f := typed("QuickBooks Link", "website")
	f.Length = 450
	return f
}

func textField(label string, length int) AddedField {
	return AddedField{Label: label, DataType: "text", Length: length, ReadOnly: true}
}

func typed(label, dataType string) AddedField {
	return AddedField{Label: label, DataType: dataType, ReadOnly: true}
}

// byPeople marks a field people fill in.
func byPeople(f AddedField) AddedField {
	f.ReadOnly = false
	return f
}
