package invariant

// way is how far a field travels.
type way int

const (
	both  way = iota // edits of either side reach the other
	shown            // QuickBooks to CRM; an edit in the CRM is put back
	once             // written when a record is made, and never again
	fill             // P5: e-mail of people, which fills what is empty
	place            // where a record stands in the tree of customers: judged by trees
)

// field joins a CRM field with a QuickBooks attribute: a hand-made copy of the
// tables of specification section 3 under practice sections 1, 2 and 5.
type field struct {
	Name string // CRM API name, and the key
	Path string // QuickBooks
	Kind kind
	Way  way
	Unit string // fields that move as one
	Part string // "" every part; otherwise the only part that has it
}

func address(unit, path string, names ...string) []field {
	paths := []string{"Lines", "City", "CountrySubDivisionCode", "PostalCode", "Country"}
	out := make([]field, len(names))
	for i, n := range names {
		out[i] = field{Name: n, Path: path + "." + paths[i], Unit: unit}
		if i == 0 {
			out[i].Kind = lines
		}
	}
	return out
}

func join(parts ...[]field) []field {
	var out []field
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func inPart(part string, fields []field) []field {
	for i := range fields {
		fields[i].Part = part
	}
	return fields
}

// vendors: specification section 3.3.
var vendors = join([]field{
	{Name: "Vendor_Name", Path: "DisplayName", Kind: name},
	{Name: "Phone", Path: "PrimaryPhone.FreeFormNumber"},
	{Name: "Email", Path: "PrimaryEmailAddr.Address", Kind: email},
	{Name: "Website", Path: "WebAddr.URI", Kind: site},
}, address("billing", "BillAddr", "Street", "City", "State", "Zip_Code", "Country"), []field{
	{Name: "QuickBooks_Status", Path: "Active", Kind: active, Way: shown},
	{Name: "QuickBooks_Id", Path: "Id", Way: shown},
	{Name: "QuickBooks_Balance", Path: "Balance", Kind: number, Way: shown},
})

// products: specification section 3.4 under P10, P11, P14.
var products = []field{
	{Name: "Product_Name", Path: "Name", Kind: name},
	{Name: "Product_Code", Path: "Sku"},
	{Name: "QuickBooks_type", Path: "Type"},
	{Name: "Unit_Price", Path: "UnitPrice", Kind: zeroless},
	{Name: "Description", Path: "Description"},
	{Name: "Vendor_Name", Path: "PrefVendorRef", Kind: ref},
	{Name: "Reorder_Level", Path: "ReorderPoint", Kind: number},
	{Name: "Product_Active", Path: "Active", Kind: yesno, Way: shown},
	{Name: "Qty_in_Stock", Path: "QtyOnHand", Kind: number, Way: shown},
	{Name: "QuickBooks_Id", Path: "Id", Way: shown},
}

// accounts: specification section 3.2.
var accounts = join([]field{
	{Name: "Account_Name", Path: "DisplayName", Kind: name},
	{Name: "Phone", Path: "PrimaryPhone.FreeFormNumber"},
	{Name: "Fax", Path: "Fax.FreeFormNumber"},
	{Name: "Website", Path: "WebAddr.URI", Kind: site},
}, address("billing", "BillAddr", "Billing_Street", "Billing_City", "Billing_State", "Billing_Code", "Billing_Country"),
	address("shipping", "ShipAddr", "Shipping_Street", "Shipping_City", "Shipping_State", "Shipping_Code", "Shipping_Country"),
	[]field{
		{Name: "Parent_Account", Path: "ParentRef", Kind: ref, Way: place},
		{Name: "QuickBooks_Status", Path: "Active", Kind: active, Way: shown},
		{Name: "QuickBooks_Id", Path: "Id", Way: shown},
		{Name: "QuickBooks_Invoice_Email", Path: "PrimaryEmailAddr.Address", Way: shown},
		{Name: "QuickBooks_Resale_Number", Path: "ResaleNum", Way: shown},
	})

// contacts: specification section 3.1. A billing contact owns the person of
// its customer; a Contact that is a customer by itself owns everything.
var contacts = join([]field{
	{Name: "Salutation", Path: "Title", Unit: "person"},
	{Name: "First_Name", Path: "GivenName", Unit: "person"},
	{Name: "Last_Name", Path: "FamilyName", Unit: "person"},
	{Name: "Email", Path: "PrimaryEmailAddr.Address", Kind: email, Way: fill},
	{Name: "Account_Name", Path: "ParentRef", Kind: ref, Way: place},
}, inPart("whole", join([]field{
	{Name: "Phone", Path: "PrimaryPhone.FreeFormNumber"},
	{Name: "Mobile", Path: "Mobile.FreeFormNumber"},
	{Name: "Fax", Path: "Fax.FreeFormNumber"},
}, address("billing", "BillAddr", "Mailing_Street", "Mailing_City", "Mailing_State", "Mailing_Zip", "Mailing_Country"),
	address("shipping", "ShipAddr", "Other_Street", "Other_City", "Other_State", "Other_Zip", "Other_Country"))),
	[]field{
		{Name: "QuickBooks_Status", Path: "Active", Kind: active, Way: shown},
		{Name: "QuickBooks_Id", Path: "Id", Way: shown},
		{Name: "QuickBooks_Invoice_Email", Path: "PrimaryEmailAddr.Address", Way: shown},
	})

var tables = map[string][]field{"Vendors": vendors, "Products": products, "Accounts": accounts, "Contacts": contacts}

// entityOf pairs modules with entities.
var entityOf = map[string]string{
	"Vendors": "Vendor", "Products": "Item", "Accounts": "Customer", "Contacts": "Customer",
	"Quotes": "Estimate", "Invoices": "Invoice", "Purchase_Orders": "PurchaseOrder",
}

// fieldsOf are the fields of a link.
func fieldsOf(module, part string) []field {
	var out []field
	for _, f := range tables[module] {
		if f.Part == "" || f.Part == part {
			out = append(out, f)
		}
	}
	return out
}

// CRMFields projects a CRM record through the table: canonical values by key.
func CRMFields(module string, r Record) map[string]string {
	out := map[string]string{}
	for _, f := range tables[module] {
		k := f.Kind
		if k == active || k == site {
			k = text
		}
		out[f.Name] = read(r, f.Name, k)
	}
	return out
}

// BooksFields projects a QuickBooks record; the key is the path. Where two
// modules read one attribute differently the whole text is kept.
func BooksFields(entity string, r Record) map[string]string {
	out := map[string]string{}
	for module, e := range entityOf {
		if e != entity {
			continue
		}
		for _, f := range tables[module] {
			k := f.Kind
			if k == email || k == active || k == site {
				k = text
			}
			out[f.Path] = read(r, f.Path, k)
		}
	}
	return out
}
