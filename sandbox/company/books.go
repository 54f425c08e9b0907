package company

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// books gathers the QuickBooks side: objects as an application would send
// them, under ids chosen here, in the order in which they must be loaded.
type books struct {
	cal  calendar
	seed uint64
	home string // currency
	load func(entity string, objects []map[string]any) error

	lastName, lastItem, lastTxn int
	waiting                     map[string][]map[string]any

	taxCode string // for a document with taxed lines
	rates   []decimal.Decimal

	byName    map[string]*customer
	vendors   map[string]*vendor
	items     map[string]*item
	accounts  map[string]string // name -> id
	estimates map[string]*sold
	invoices  map[string]*sold // by key, see form.key
	err       error
}

// customer is what a document needs to know of its customer.
type customer struct {
	id, name string
	taxable  bool
	currency string
	firm     bool
	given    string
	family   string
	mail     string
	phone    string
	addr     object
}

type vendor struct{ id, name, currency string }

type item struct {
	id, name, kind string
	sku            string
	price, cost    decimal.Decimal
	taxable        bool
	parts          []part
}

// part is one item of a bundle.
type part struct {
	of  *item
	qty decimal.Decimal
}

// loadOrder puts what is named before what names it.
var loadOrder = []string{
	"Account", "TaxAgency", "TaxRate", "TaxCode", "Term", "Vendor", "Customer", "Employee", "Item",
	"Estimate", "PurchaseOrder", "Invoice", "CreditMemo", "Bill", "Payment",
}

// chunk is how many objects are loaded at once, so that a company of any size
// is made in little memory.
const chunk = 1000

func newBooks(cal calendar, seed uint64, load func(string, []map[string]any) error) *books {
	return &books{
		cal: cal, seed: seed, home: "USD", load: load,
		lastItem: 100, // the vendor's own first items keep their ids
		waiting:  map[string][]map[string]any{}, byName: map[string]*customer{}, vendors: map[string]*vendor{},
		items: map[string]*item{}, accounts: map[string]string{}, estimates: map[string]*sold{}, invoices: map[string]*sold{},
	}
}

// add queues an object; created is the date it came into the books.
func (b *books) add(entity string, created string, o object) {
	id, _ := strconv.Atoi(fmt.Sprint(o["Id"]))
	if _, given := o["MetaData"]; !given && created != "" {
		at := b.cal.stamp(created, id*7)
		o["MetaData"] = object{"CreateTime": at, "LastUpdatedTime": at}
	}
	b.waiting[entity] = append(b.waiting[entity], o)
}

// flush loads what is queued. Nothing may be queued later that something
// loaded now depends on.
func (b *books) flush() error {
	if b.err != nil {
		return b.err
	}
	for entity := range b.waiting {
		if !slices.Contains(loadOrder, entity) {
			return fmt.Errorf("no place in the order of loading for %s", entity)
		}
	}
	for _, entity := range loadOrder {
		for part := range slices.Chunk(b.waiting[entity], chunk) {
			if err := b.load(entity, part); err != nil {
				return fmt.Errorf("load the company's books: %w", err)
			}
		}
		delete(b.waiting, entity)
	}
	return nil
}

// fail remembers the first mistake in the company's own tables.
func (b *books) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

func (b *books) nameID() string { b.lastName++; return strconv.Itoa(b.lastName) }
func (b *books) itemID() string { b.lastItem++; return strconv.Itoa(b.lastItem) }
func (b *books) txnID() string  { b.lastTxn++; return strconv.Itoa(b.lastTxn) }

// addCustomer queues a customer. The object holds what is special; ids,
// DisplayName and the links to other records are filled in.
func (b *books) addCustomer(name, created string, o object) *customer {
	c := &customer{id: b.nameID(), name: name, taxable: true}
	o["Id"], o["DisplayName"] = c.id, name
	if v, given := o["Taxable"].(bool); given {
		c.taxable = v
	}
	c.currency = b.currencyOf(o)
	if firm, _ := o["CompanyName"].(string); firm != "" {
		c.firm = true
	}
	c.given, _ = o["GivenName"].(string)
	c.family, _ = o["FamilyName"].(string)
	if m, given := o["PrimaryEmailAddr"].(object); given {
		c.mail, _ = m["Address"].(string)
	}
	if p, given := o["PrimaryPhone"].(object); given {
		c.phone, _ = p["FreeFormNumber"].(string)
	}
	c.addr, _ = o["BillAddr"].(object)
	if b.byName[name] != nil {
		b.fail("two customers are called %q", name)
	}
	b.byName[name] = c
	b.add("Customer", created, o)
	return c
}

// currencyOf is a party's own currency, or the company's.
func (b *books) currencyOf(o object) string {
	return cmp.Or(textAt(o, "CurrencyRef"), b.home)
}

// below makes a sub-customer or project of a customer.
func (b *books) below(parent *customer, name, created string, o object) *customer {
	o["Job"], o["ParentRef"] = true, ref(parent.id)
	return b.addCustomer(name, created, o)
}

func (b *books) addVendor(name, created string, o object) *vendor {
	v := &vendor{id: b.nameID(), name: name}
	o["Id"], o["DisplayName"] = v.id, name
	v.currency = b.currencyOf(o)
	if b.vendors[name] != nil {
		b.fail("two vendors are called %q", name)
	}
	b.vendors[name] = v
	b.add("Vendor", created, o)
	return v
}

// customerNamed finds a customer of the company's own tables.
func (b *books) customerNamed(name string) *customer {
	c := b.byName[name]
	if c == nil {
		b.fail("there is no customer %q", name)
		return &customer{}
	}
	return c
}

func (b *books) vendorNamed(name string) *vendor {
	v := b.vendors[name]
	if v == nil {
		b.fail("there is no vendor %q", name)
		return &vendor{}
	}
	return v
}

func (b *books) itemNamed(name string) *item {
	it := b.items[name]
	if it == nil {
		b.fail("there is no item %q", name)
		return &item{}
	}
	return it
}
