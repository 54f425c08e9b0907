package zohobox

// moduleSpec is one row of the list of modules.
type moduleSpec struct {
	name, singular, plural, internal string
	fields                           string
	nameField                        string // the record's display name
	duplicate                        string // the default duplicate field of upsert (section 4.4)
	lines                            string // line module
	parent                           string // set on line modules
	number                           string // numbered by the system
	currency                         bool   // carries Currency and Exchange_Rate (section 7.6)
	scope                            string // name inside OAuth scopes (section 2.5)
	unlockable                       bool   // not among the modules of section 10
	kind                             string // custom or linking (section 9.1); empty: the vendor's own
}

var moduleSpecs = []moduleSpec{
	{name: "Contacts", singular: "Contact", plural: "Contacts", fields: contactFields, nameField: "Full_Name", duplicate: "Email", currency: true, scope: "contacts"},
	{name: "Accounts", singular: "Account", plural: "Accounts", fields: accountFields, nameField: "Account_Name", duplicate: "Account_Name", currency: true, scope: "accounts"},
	{name: "Vendors", singular: "Vendor", plural: "Vendors", fields: vendorFields, nameField: "Vendor_Name", duplicate: "Vendor_Name", scope: "vendors"},
	{name: "Products", singular: "Product", plural: "Products", fields: productFields, nameField: "Product_Name", duplicate: "Product_Name", currency: true, scope: "products"},
	{name: "Price_Books", singular: "Price Book", plural: "Price Books", internal: "PriceBooks", fields: priceBookFields, nameField: "Price_Book_Name", duplicate: "Price_Book_Name", scope: "pricebooks"},
	{name: "Deals", singular: "Deal", plural: "Deals", internal: "Potentials", fields: dealFields, nameField: "Deal_Name", duplicate: "Deal_Name", currency: true, scope: "deals"},
	{name: "Quotes", singular: "Quote", plural: "Quotes", fields: quoteFields, nameField: "Subject", duplicate: "Subject", lines: "Quoted_Items", number: "Quote_Number", currency: true, scope: "quotes"},
	{name: "Sales_Orders", singular: "Sales Order", plural: "Sales Orders", internal: "SalesOrders", fields: salesOrderFields, nameField: "Subject", duplicate: "Subject", lines: "Ordered_Items", number: "SO_Number", currency: true, scope: "salesorders"},
	{name: "Purchase_Orders", singular: "Purchase Order", plural: "Purchase Orders", internal: "PurchaseOrders", fields: purchaseOrderFields, nameField: "Subject", duplicate: "Subject", lines: "Purchase_Items", number: "PO_Number", currency: true, scope: "purchaseorders"},
	{name: "Invoices", singular: "Invoice", plural: "Invoices", fields: invoiceFields, nameField: "Subject", duplicate: "Subject", lines: "Invoiced_Items", number: "Invoice_Number", currency: true, scope: "invoices"},
	{name: "Campaigns", singular: "Campaign", plural: "Campaigns", fields: campaignFields, nameField: "Campaign_Name", currency: true, scope: "campaigns", unlockable: true},
	{name: "Tasks", singular: "Task", plural: "Tasks", fields: taskFields, nameField: "Subject", scope: "tasks"},
	{name: "Events", singular: "Meeting", plural: "Meetings", internal: "Meetings", fields: eventFields, nameField: "Event_Title", scope: "events", unlockable: true},
	{name: "Calls", singular: "Call", plural: "Calls", fields: callFields, nameField: "Subject", scope: "calls", unlockable: true},
	{name: "Cases", singular: "Case", plural: "Cases", fields: caseFields, nameField: "Subject", number: "Case_Number", scope: "cases"},
	{name: "Solutions", singular: "Solution", plural: "Solutions", fields: solutionFields, nameField: "Solution_Title", number: "Solution_Number", scope: "solutions"},
	{name: "Quoted_Items", singular: "Quoted Item", plural: "Quoted Items", fields: lineFields, parent: "Quotes", scope: "quotes"},
	{name: "Ordered_Items", singular: "Ordered Item", plural: "Ordered Items", fields: lineFields, parent: "Sales_Orders", scope: "salesorders"},
	{name: "Purchase_Items", singular: "Purchase Item", plural: "Purchase Items", fields: lineFields, parent: "Purchase_Orders", scope: "purchaseorders"},
	{name: "Invoiced_Items", singular: "Invoiced Item", plural: "Invoiced Items", fields: lineFields, parent: "Invoices", scope: "invoices"},
	{name: "Leads", singular: "Lead", plural: "Leads", fields: leadFields, nameField: "Full_Name", duplicate: "Email", scope: "leads"},
}
