package crossbook

// Side names one of the two systems. In code the sides are CRM and Books;
// people always read [Side.String]: "Books" alone is another vendor's product.
type Side string

// The two sides.
const (
	CRM   Side = "crm"
	Books Side = "books"
)

// String is the name people read.
func (s Side) String() string {
	switch s {
	case CRM:
		return "Zoho CRM"
	case Books:
		return "QuickBooks"
	default:
		return string(s)
	}
}

// Other is the opposite side.
func (s Side) Other() Side {
	if s == CRM {
		return Books
	}
	return CRM
}

// Module is one of the seven CRM modules that take part, by its API name.
type Module string

// The seven modules (R25), and Deals, which only receive our figures (P33).
const (
	Vendors        Module = "Vendors"
	Accounts       Module = "Accounts"
	Contacts       Module = "Contacts"
	Products       Module = "Products"
	Quotes         Module = "Quotes"
	Invoices       Module = "Invoices"
	PurchaseOrders Module = "Purchase_Orders"
	Deals          Module = "Deals"
)

// Modules lists the seven modules in the order work is done (R70), so that
// what a record refers to exists before it.
func Modules() []Module {
	return []Module{Vendors, Accounts, Contacts, Products, Quotes, Invoices, PurchaseOrders}
}

// TwoWay tells whether changes of the module travel in both directions (R25).
func (m Module) TwoWay() bool {
	switch m {
	case Vendors, Accounts, Contacts, Products:
		return true
	default:
		return false
	}
}

// Document tells whether the module holds transactions, which only travel
// from QuickBooks to the CRM (R26).
func (m Module) Document() bool {
	switch m {
	case Quotes, Invoices, PurchaseOrders:
		return true
	default:
		return false
	}
}

// Label is the module's name as people read it.
func (m Module) Label() string {
	if m == PurchaseOrders {
		return "Purchase Orders"
	}
	return string(m)
}

// Singular names one record of the module, for sentences.
func (m Module) Singular() string {
	switch m {
	case PurchaseOrders:
		return "Purchase Order"
	case "":
		return ""
	default:
		return string(m[:len(m)-1])
	}
}

// Entity is a QuickBooks entity by its name in bodies and queries.
type Entity string

// The six entities of R25, and those read for figures and references only.
const (
	Customer        Entity = "Customer"
	Vendor          Entity = "Vendor"
	Item            Entity = "Item"
	Estimate        Entity = "Estimate"
	Invoice         Entity = "Invoice"
	PurchaseOrder   Entity = "PurchaseOrder"
	Payment         Entity = "Payment"
	CreditMemo      Entity = "CreditMemo"
	LedgerAccount   Entity = "Account"
	Term            Entity = "Term"
	TaxCode         Entity = "TaxCode"
	TaxRate         Entity = "TaxRate"
	CompanyCurrency Entity = "CompanyCurrency"
	PaymentMethod   Entity = "PaymentMethod"
	Bill            Entity = "Bill"
)

// Entity is the QuickBooks entity a module's records pair with (R25).
func (m Module) Entity() Entity {
	switch m {
	case Vendors:
		return Vendor
	case Accounts, Contacts:
		return Customer
	case Products:
		return Item
	case Quotes:
		return Estimate
	case Invoices:
		return Invoice
	case PurchaseOrders:
		return PurchaseOrder
	default:
		return ""
	}
}

// Modules are the CRM modules that may hold a record for the entity.
func (e Entity) Modules() []Module {
	var out []Module
	for _, m := range Modules() {
		if m.Entity() == e {
			out = append(out, m)
		}
	}
	return out
}
