package main

// pairing says which module of the CRM shows which list of QuickBooks. The
// table is made by hand from what the product promises to people; it is all
// the judge knows of the mapping.
type pairing struct {
	module, entity string
	name, title    string // the field that names a record, on each side
	document       bool
	fields         []field
}

// field is a CRM field and the QuickBooks attribute it shows.
type field struct {
	crm, books string
	// figure tells that QuickBooks alone writes it, so that both must agree
	// whenever the program is quiet.
	figure bool
	// wholeOnly tells that a Contact that is only the person of a company's
	// customer does not show it: the company's Account does.
	wholeOnly bool
}

// idField is the field in which a CRM record says which QuickBooks record it is.
const idField = "QuickBooks_Id"

func both(crm, books string) field   { return field{crm: crm, books: books} }
func alone(crm, books string) field  { return field{crm: crm, books: books, wholeOnly: true} }
func figure(crm, books string) field { return field{crm: crm, books: books, figure: true} }

var pairings = []pairing{
	{module: "Accounts", entity: "Customer", name: "Account_Name", title: "DisplayName", fields: []field{
		both("Account_Name", "DisplayName"), both("Phone", "PrimaryPhone.FreeFormNumber"), both("Fax", "Fax.FreeFormNumber"), both("Website", "WebAddr.URI"),
		both("Billing_Street", "BillAddr.Line1"), both("Billing_City", "BillAddr.City"), both("Billing_State", "BillAddr.CountrySubDivisionCode"), both("Billing_Code", "BillAddr.PostalCode"),
		both("Shipping_Street", "ShipAddr.Line1"), both("Shipping_City", "ShipAddr.City"), both("Shipping_Code", "ShipAddr.PostalCode"),
		figure("QuickBooks_Balance", "BalanceWithJobs"),
	}},
	{module: "Contacts", entity: "Customer", fields: []field{
		both("First_Name", "GivenName"), both("Last_Name", "FamilyName"),
		alone("Phone", "PrimaryPhone.FreeFormNumber"), alone("Mobile", "Mobile.FreeFormNumber"), alone("Fax", "Fax.FreeFormNumber"),
		alone("Mailing_Street", "BillAddr.Line1"), alone("Mailing_City", "BillAddr.City"), alone("Mailing_Zip", "BillAddr.PostalCode"),
	}},
	{module: "Vendors", entity: "Vendor", name: "Vendor_Name", title: "DisplayName", fields: []field{
		both("Vendor_Name", "DisplayName"), both("Phone", "PrimaryPhone.FreeFormNumber"), both("Email", "PrimaryEmailAddr.Address"), both("Website", "WebAddr.URI"),
		both("Street", "BillAddr.Line1"), both("City", "BillAddr.City"), both("Zip_Code", "BillAddr.PostalCode"),
		figure("QuickBooks_Balance", "Balance"),
	}},
	{module: "Products", entity: "Item", name: "Product_Name", title: "Name", fields: []field{
		both("Product_Name", "Name"), both("Product_Code", "Sku"), both("Unit_Price", "UnitPrice"), both("Description", "Description"),
		figure("Product_Active", "Active"), figure("Taxable", "Taxable"), figure("Qty_in_Stock", "QtyOnHand"),
	}},
	{module: "Quotes", entity: "Estimate", document: true, fields: []field{figure("QuickBooks_Number", "DocNumber")}},
	{module: "Invoices", entity: "Invoice", document: true, fields: []field{
		figure("QuickBooks_Number", "DocNumber"), figure("QuickBooks_Balance_Due", "Balance"),
	}},
	{module: "Purchase_Orders", entity: "PurchaseOrder", document: true, fields: []field{figure("QuickBooks_Number", "DocNumber")}},
}

// placeholder is the one product that stands for no item: lines of documents
// that name none point to it.
const placeholder = "QuickBooks line without product"

// grandTotal and totalAmt are what a document comes to, on each side.
const (
	grandTotal = "Grand_Total"
	totalAmt   = "TotalAmt"
)

// lists are what the program may write in QuickBooks; everything else there is
// the accountant's.
var lists = map[string]bool{"Customer": true, "Vendor": true, "Item": true}

func ofModule(module string) *pairing {
	for i := range pairings {
		if pairings[i].module == module {
			return &pairings[i]
		}
	}
	return nil
}

// fieldOf finds a field by its name on one side.
func (p *pairing) fieldOf(s sideName, name string) *field {
	for i, f := range p.fields {
		if s == zohoSide && f.crm == name || s == booksSide && f.books == name {
			return &p.fields[i]
		}
	}
	return nil
}
