package company

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"crossbook/sandbox/zohobox"
)

// crm gathers the Zoho CRM side: records under ids chosen here, by module.
type crm struct {
	books   *books
	lastID  int
	waiting map[string][]map[string]any
	ids     map[string]string // module + name -> id, for look-ups
	reps    []string
}

// moduleOrder puts what is looked up before what looks up.
var moduleOrder = []string{"Vendors", "Accounts", "Contacts", "Products", "Deals", "Quotes", "Invoices"}

// prospects are the accounts without a deal of practice section 8, row 19.
const prospects = 2000

func loadCRM(z *zohobox.Box, b *books) error {
	if err := foundCRM(z); err != nil {
		return err
	}
	c := newCRM(b)
	c.namedRecords()
	c.ordinaryVendors()
	c.ordinaryAccounts()
	c.ordinaryContacts()
	c.strangers(30)
	c.products()
	c.deals()
	c.ownDocuments()
	c.prospects(prospects)
	if b.err != nil {
		return b.err
	}
	if err := c.flush(z); err != nil {
		return err
	}
	return c.lockAndSubmit(z)
}

func newCRM(b *books) *crm {
	return &crm{
		books: b, lastID: 100000, waiting: map[string][]map[string]any{}, ids: map[string]string{},
		reps: []string{"Eva Brandt", "Tom Reyes", "Kim Osei"},
	}
}

// foundCRM switches the foreign currencies on, at rates of their own.
func foundCRM(z *zohobox.Box) error {
	for _, cur := range []struct{ iso, rate string }{{"CAD", "0.730000000"}, {"EUR", "1.090000000"}} {
		a := zohobox.Action{User: "Ana", Action: "add_currency", Data: object{"iso_code": cur.iso, "exchange_rate": cur.rate}}
		if _, err := z.Do(context.Background(), a); err != nil {
			return fmt.Errorf("found the company's CRM: %w", err)
		}
	}
	return nil
}

// add queues a record and returns its id. The name is what look-ups use.
func (c *crm) add(module, name string, o object) string {
	c.lastID++
	id := "5200000000" + strconv.Itoa(c.lastID)
	o["id"] = id
	if _, given := o["Owner"]; !given {
		o["Owner"] = c.reps[c.lastID%len(c.reps)]
	}
	at := c.books.cal.stamp(c.books.cal.day(-20-c.lastID%300), c.lastID)
	o["Created_Time"], o["Modified_Time"] = at, at
	if key := module + "/" + name; c.ids[key] == "" {
		c.ids[key] = id
	}
	c.waiting[module] = append(c.waiting[module], o)
	return id
}

// lookup points at a record of the company's own tables.
func (c *crm) lookup(module, name string) object {
	id := c.ids[module+"/"+name]
	if id == "" {
		c.books.fail("the CRM has no %s %q", module, name)
	}
	return object{"id": id}
}

func (c *crm) flush(z *zohobox.Box) error {
	for _, m := range moduleOrder {
		for part := range slices.Chunk(c.waiting[m], chunk) {
			if err := z.Load(m, part); err != nil {
				return fmt.Errorf("load the company's CRM: %w", err)
			}
		}
		delete(c.waiting, m)
	}
	for m := range c.waiting {
		return fmt.Errorf("no place in the order of loading for %s", m)
	}
	return nil
}

// lockAndSubmit does what only people can do: a locked account and a quote that
// waits for approval (practice section 8, row 39).
func (c *crm) lockAndSubmit(z *zohobox.Box) error {
	for _, a := range []zohobox.Action{
		{User: "Ana", Action: "lock_config", Type: "Accounts", Data: object{"lock_type": "manual", "locked_for": "all_profiles"}},
		{User: "Ana", Action: "lock", Type: "Accounts", ID: c.ids["Accounts/"+willowBend], Data: object{"reason": "Contract under review"}},
		{User: "Tom", Action: "submit", Type: "Quotes", ID: c.ids["Quotes/"+quoteInApproval]},
	} {
		if _, err := z.Do(context.Background(), a); err != nil {
			return fmt.Errorf("load the company's CRM: %w", err)
		}
	}
	return nil
}

// account queues an Account that QuickBooks has as a customer, with what both
// know of it.
func (c *crm) account(name string, of *customer, more object) string {
	o := object{"Account_Name": name}
	if of != nil {
		if of.currency != c.books.home {
			o["Currency"] = of.currency
		}
		if of.phone != "" {
			o["Phone"] = of.phone
		}
		c.address(o, "Billing", of.addr)
	}
	return c.add("Accounts", name, with(o, more))
}

// address copies an address into CRM fields.
func (c *crm) address(o object, prefix string, addr object) {
	for field, key := range map[string]string{"Street": "Line1", "City": "City", "State": "CountrySubDivisionCode", "Code": "PostalCode", "Country": "Country"} {
		if prefix == "Mailing" && field == "Code" {
			field = "Zip"
		}
		if v, given := addr[key]; given {
			o[prefix+"_"+field] = v
		}
	}
}

// billing queues the person of a customer as a Contact of its Account.
func (c *crm) billing(account string, of *customer) {
	o := object{"First_Name": of.given, "Last_Name": of.family, "Account_Name": c.lookup("Accounts", account)}
	if of.mail != "" {
		o["Email"] = of.mail
	}
	if of.currency != c.books.home {
		o["Currency"] = of.currency
	}
	c.add("Contacts", of.given+" "+of.family, o)
}
