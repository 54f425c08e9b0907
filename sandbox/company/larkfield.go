package company

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// Options say how a sample company is opened.
type Options struct {
	// Now is the clock of both sandboxes; the company's dates are relative to
	// the moment it is opened. Default time.Now.
	Now  func() time.Time
	Seed uint64 // default 1
	// Scale multiplies the ordinary customers, about 230 of them; the documents
	// stay. Default 1.
	Scale int
	// Zoho and QuickBooks are passed on to the sandboxes: databases, limits,
	// addresses, dials. What makes them this company is filled in.
	Zoho       zohobox.Options
	QuickBooks qbobox.Options
}

// Company is both sandboxes of one company.
type Company struct {
	Zoho       *zohobox.Box
	QuickBooks *qbobox.Box
}

// Close stops the notifications of both sides.
func (c *Company) Close() {
	c.Zoho.Close()
	c.QuickBooks.Close()
}

// plainCustomers are the ordinary customers of a company of scale 1; with the
// named ones, the foreign ones and the jobs there are about 300.
const plainCustomers = 233

func (o *Options) fill() {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Seed = cmp.Or(o.Seed, 1)
	o.Scale = max(o.Scale, 1)
	o.Zoho.Now, o.QuickBooks.Now = o.Now, o.Now
	o.Zoho.Seed, o.QuickBooks.Seed = int64(o.Seed), int64(o.Seed)
}

// Larkfield opens Larkfield Garden & Pool Supply. Where the options name
// databases that already hold a company, that one is opened and nothing loaded.
func Larkfield(opt Options) (*Company, error) {
	opt.fill()
	cal, err := newCalendar(opt.Now(), zoneName)
	if err != nil {
		return nil, err
	}
	q := &opt.QuickBooks
	q.CompanyName, q.Country, q.HomeCurrency, q.TimeZone = "Larkfield Garden & Pool Supply", "US", "USD", zoneName
	q.Currencies = []string{"CAD", "EUR"}
	q.AutomatedSalesTax, q.CustomTxnNumbers = true, true
	q.BookCloseDate = cal.closing()
	q.UserName = cmp.Or(q.UserName, bookkeeper)
	z := &opt.Zoho
	z.HomeCurrency, z.MultiCurrency, z.TimeZone = "USD", true, zoneName
	z.Users = crmUsers()
	return open(opt, func(c *Company) error { return loadLarkfield(c, opt, cal) })
}

// crmUsers are the people in Larkfield's CRM.
func crmUsers() []zohobox.User {
	return []zohobox.User{
		{First: "Ana", Last: "Wells", Email: "ana@larkfield.example", SuperAdmin: true, Role: "CEO"},
		{First: "Integration", Last: "User", Email: "integration@larkfield.example", Profile: "Integration"},
		{First: "Eva", Last: "Brandt", Email: "eva@larkfield.example", Profile: "Standard"},
		{First: "Tom", Last: "Reyes", Email: "tom@larkfield.example", Profile: "Standard"},
		{First: "Kim", Last: "Osei", Email: "kim@larkfield.example", Profile: "Standard"},
		{First: "Former", Last: "Rep", Email: "former@larkfield.example", Profile: "Standard", Inactive: true},
	}
}

// open makes both sandboxes and loads them unless they hold a company already.
func open(opt Options, load func(*Company) error) (*Company, error) {
	c := &Company{}
	var err error
	if c.QuickBooks, err = qbobox.New(opt.QuickBooks); err != nil {
		return nil, fmt.Errorf("open the QuickBooks side of the company: %w", err)
	}
	if c.Zoho, err = zohobox.New(opt.Zoho); err != nil {
		c.QuickBooks.Close()
		return nil, fmt.Errorf("open the Zoho CRM side of the company: %w", err)
	}
	vendors, _ := c.Zoho.State("Vendors")["records"].(map[string]any)["Vendors"].([]any)
	switch books, known := len(c.QuickBooks.All("Vendor")) > 0, len(vendors) > 0; {
	case books && known:
		return c, nil // reopened
	case books != known:
		err = errors.New("open the sample company: one side holds records and the other none, so an earlier start was broken off: remove its databases and start again")
	default:
		err = load(c)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func loadLarkfield(c *Company, opt Options, cal calendar) error {
	if err := foundBooks(c.QuickBooks, cal); err != nil {
		return err
	}
	b := newBooks(cal, opt.Seed, c.QuickBooks.Load)
	if err := b.larkfield(); err != nil {
		return err
	}
	if err := b.plainMany(plainCustomers, plainCustomers*(opt.Scale-1)); err != nil {
		return err
	}
	if err := tidyUp(c.QuickBooks, b); err != nil {
		return err
	}
	return loadCRM(c.Zoho, b)
}

// larkfield writes the company's books: names first, then what is sold and
// bought.
func (b *books) larkfield() error {
	b.taxCode = taxCode
	for _, r := range taxRates {
		b.rates = append(b.rates, dec(r.percent))
	}
	b.openAccounts()
	suppliers := b.ordinaryVendors(34)
	b.namedVendors()
	b.namedCustomers()
	ordinary := b.ordinaryCustomers(plainCustomers)
	buyers := append(slices.Clone(ordinary), b.ordinaryJobs(firmsIn(ordinary, 8))...)
	goods := b.ordinaryItems(suppliers)
	b.namedItems()
	b.namedSales()
	b.namedOrders()
	t := b.trade(buyers, suppliers, goods)
	t.sell(372)
	t.credit(14)
	t.quote(145)
	t.buyIn(75)
	return b.flush()
}

// firmsIn are the first firms among customers that buy at home.
func firmsIn(all []*customer, n int) []*customer {
	var out []*customer
	for _, c := range all {
		if c.firm && c.currency == "USD" && len(out) < n {
			out = append(out, c)
		}
	}
	return out
}

// The tax that Larkfield collects: two rates for two agencies on each sale.
const taxCode = "10"

var taxRates = []struct{ id, name, agency, agencyName, percent string }{
	{"11", "WA State", "11", "Washington State Department of Revenue", "6.5"},
	{"12", "Selah local", "12", "City of Selah", "3.75"},
}

// foundBooks sets what the box's options cannot say: the fiscal year, the taxes
// and the rates of foreign money.
func foundBooks(q *qbobox.Box, cal calendar) error {
	for currency, rate := range map[string]string{"CAD": "0.7312", "EUR": "1.0911"} {
		if err := q.SetRate(currency, cal.day(-1000), rate); err != nil {
			return fmt.Errorf("found the company's books: %w", err)
		}
	}
	var agencies, rates []map[string]any
	var details []any
	for i, r := range taxRates {
		agencies = append(agencies, object{"Id": r.agency, "DisplayName": r.agencyName})
		rates = append(rates, object{
			"Id": r.id, "Name": r.name, "Description": r.name, "Active": true, "RateValue": num(dec(r.percent)), "AgencyRef": ref(r.agency),
			"SpecialTaxType": "NONE", "DisplayType": "ReadOnly", "SyncToken": "0",
		})
		details = append(details, object{"TaxRateRef": object{"value": r.id, "name": r.name}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": i})
	}
	code := object{
		"Id": taxCode, "Name": "Selah, WA", "Description": "Selah, WA", "Active": true, "Hidden": false, "Taxable": true, "TaxGroup": true, "SyncToken": "0",
		"SalesTaxRateList": object{"TaxRateDetail": details}, "PurchaseTaxRateList": object{"TaxRateDetail": []any{}}, "TaxCodeConfigType": "SYSTEM_GENERATED",
	}
	for _, l := range []struct {
		entity string
		rows   []map[string]any
	}{
		{"TaxAgency", agencies},
		{"TaxRate", rates},
		{"TaxCode", []map[string]any{code}},
		{"CompanyInfo", []map[string]any{{
			"FiscalYearStartMonth": "July", "CompanyStartDate": "2011-03-01",
			"CompanyAddr": object{"Id": "1", "Line1": "12 Larkfield Rd", "City": "Selah", "CountrySubDivisionCode": "WA", "PostalCode": "98942", "Country": "USA"},
			"Email":       object{"Address": "office@larkfield.example"},
		}}},
		{"Preferences", []map[string]any{{
			"AccountingInfoPrefs": object{"FirstMonthOfFiscalYear": "July", "TaxYearMonth": "July"},
			"TaxPrefs":            object{"TaxGroupCodeRef": ref(taxCode)},
		}}},
	} {
		if err := q.Load(l.entity, l.rows); err != nil {
			return fmt.Errorf("found the company's books: %w", err)
		}
	}
	return nil
}

// tidyUp is what the bookkeeper did last: she deleted a few documents, an
// invoice made from an estimate (practice section 8, row 37) and two ordinary
// ones, which leave what deleted documents leave in the vendor's change feed,
// and made a customer and an item inactive (13, 28).
func tidyUp(q *qbobox.Box, b *books) error {
	for _, a := range []qbobox.Action{
		{Action: "delete", Type: "Invoice", ID: b.invoices["E-9002-1"].id},
		{Action: "delete", Type: "Invoice", ID: b.invoices["2011"].id},
		{Action: "delete", Type: "Invoice", ID: b.invoices["2012"].id},
		{Action: "inactivate", Type: "Customer", ID: b.customerNamed(oldMill).id},
		{Action: "inactivate", Type: "Item", ID: b.itemNamed(oldSkimmer).id},
	} {
		a.User = bookkeeper
		if _, err := q.Do(context.Background(), a); err != nil {
			return fmt.Errorf("tidy the sample company up: %w", err)
		}
	}
	return b.err
}

// bookkeeper is who works in QuickBooks; the others work in the CRM.
const bookkeeper = "Priya Nair"
