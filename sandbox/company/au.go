package company

import (
	"cmp"
	"context"
	"fmt"

	"crossbook/sandbox/zohobox"

	"github.com/shopspring/decimal"
)

const auZone = "Australia/Sydney"

// AU opens Coolabah Pools & Gardens, a small company in Australia: one
// currency, prices that hold the tax (GlobalTaxCalculation TaxInclusive), a
// real tax code on every line, and among them lines without tax. Its CRM has
// several currencies switched off. Scale is not used.
func AU(opt Options) (*Company, error) {
	opt.fill()
	cal, err := newCalendar(opt.Now(), auZone)
	if err != nil {
		return nil, err
	}
	q := &opt.QuickBooks
	q.CompanyName, q.Country, q.HomeCurrency, q.TimeZone, q.Currencies = "Coolabah Pools & Gardens", "AU", "AUD", auZone, nil
	q.AutomatedSalesTax, q.CustomTxnNumbers, q.BookCloseDate = false, false, cal.closing()
	q.UserName = cmp.Or(q.UserName, "Bronte Hale")
	z := &opt.Zoho
	z.HomeCurrency, z.MultiCurrency, z.TimeZone = "AUD", false, auZone
	z.Users = []zohobox.User{
		{First: "Jarrah", Last: "Cole", Email: "jarrah@coolabah.example", SuperAdmin: true, Role: "CEO"},
		{First: "Integration", Last: "User", Email: "integration@coolabah.example", Profile: "Integration"},
		{First: "Matilda", Last: "Ngo", Email: "matilda@coolabah.example", Profile: "Standard"},
	}
	return open(opt, func(c *Company) error {
		err := c.QuickBooks.Load("Preferences", []map[string]any{{"AccountingInfoPrefs": object{"FirstMonthOfFiscalYear": "July", "TaxYearMonth": "July"}}})
		if err != nil {
			return fmt.Errorf("found the Australian company's books: %w", err)
		}
		b := newBooks(cal, opt.Seed, c.QuickBooks.Load)
		b.home = "AUD"
		if err := b.coolabah(); err != nil {
			return err
		}
		return loadCoolabahCRM(c.Zoho, b)
	})
}

// The tax codes that the vendor gives an Australian company.
const (
	gst     = "2"
	gstFree = "3"
)

// gstLine is a line whose price holds the tax.
type gstLine struct {
	of    *item
	qty   int
	each  string // gross
	code  string
	gross decimal.Decimal
}

// net is what a gross amount holds beside the tax.
func (l gstLine) net() decimal.Decimal {
	if l.code == gstFree {
		return l.gross
	}
	return cents(l.gross.Div(dec("1.1")))
}

func (l gstLine) object() object {
	net := l.net()
	return object{
		"Amount": num(net), "DetailType": "SalesItemLineDetail",
		"SalesItemLineDetail": object{
			"ItemRef": ref(l.of.id), "Qty": l.qty, "UnitPrice": num(net.Div(whole(l.qty)).Round(7)), "TaxCodeRef": ref(l.code), "TaxInclusiveAmt": num(l.gross),
		},
	}
}

// gstForm queues a sales form with inclusive prices; it comes to the sum of the
// gross amounts.
func (b *books) gstForm(f form, lines ...gstLine) *sold {
	if f.entity == "" {
		f.entity = "Invoice"
	}
	s := &sold{entity: f.entity, id: b.txnID(), number: f.number, party: f.party, date: f.date, due: f.due, rate: decimal.NewFromInt(1)}
	var rows []any
	for _, l := range lines {
		l.gross = cents(dec(l.each).Mul(whole(l.qty)))
		l.code = cmp.Or(l.code, gst)
		rows = append(rows, l.object())
		s.total = s.total.Add(l.gross)
		s.tax = s.tax.Add(l.gross.Sub(l.net()))
	}
	s.open = s.total
	o := object{"Id": s.id, "DocNumber": f.number, "CustomerRef": ref(f.party.id), "TxnDate": f.date, "Line": rows, "GlobalTaxCalculation": "TaxInclusive"}
	if f.due != "" {
		o["DueDate"] = f.due
	}
	if f.from != nil {
		o["LinkedTxn"] = []any{object{"TxnId": f.from.id, "TxnType": "Estimate"}}
	}
	b.add(f.entity, f.date, with(o, f.more))
	if f.entity == "Invoice" {
		b.remember(b.invoices, f.number, s)
	}
	return s
}

var auGoods = []struct{ name, kind, each, code string }{
	{"Pool salt 20 kg", "NonInventory", "9.99", gst},
	{"Leaf skimmer", "NonInventory", "24.95", gst},
	{"Pool pump 1.0 HP", "NonInventory", "439.00", gst},
	{"Bottlebrush 200 mm", "NonInventory", "16.50", gst},
	{"Lilly pilly 300 mm", "NonInventory", "38.50", gst},
	{"Mulch cubic metre", "NonInventory", "71.50", gst},
	{"Pool service visit", "Service", "132.00", gst},
	{"Garden maintenance hour", "Service", "66.00", gst},
	{"Water cart 10 kL", "Service", "275.00", gstFree},
	{"Seedling vegetables tray", "NonInventory", "12.40", gstFree},
}

// coolabah writes the Australian books.
func (b *books) coolabah() error {
	p := newPicker(b.seed, "coolabah")
	b.openAccounts()
	var items []*item
	for i, g := range auGoods {
		it := b.addItem(goods{name: g.name, kind: g.kind, sku: fmt.Sprintf("CB-%02d", i+1), text: g.name, price: g.each, cost: cents(dec(g.each).Div(dec("2"))).String()})
		last := b.waiting["Item"][len(b.waiting["Item"])-1]
		last["SalesTaxIncluded"], last["SalesTaxCodeRef"], last["PurchaseTaxCodeRef"] = true, ref(g.code), ref(gst)
		delete(last, "Taxable")
		items = append(items, it)
	}
	supplier := b.addVendor("Billabong Wholesale", b.cal.closed(100), object{"CompanyName": "Billabong Wholesale", "PrimaryEmailAddr": object{"Address": "orders@billabongwholesale.example"}})
	for _, name := range []string{"Gum Tree Nursery Supplies", "Southern Pool Parts"} {
		b.addVendor(name, b.cal.closed(90), object{"CompanyName": name})
	}
	var buyers []*customer
	for i, name := range []string{"Wattle Grove School", "Kookaburra Cafe", "Banksia Body Corporate", "Magpie Motel", "Emu Creek Winery", "Jacaranda Apartments"} {
		given, family := p.person()
		buyers = append(buyers, b.addCustomer(name, b.cal.closed(50+i), object{
			"CompanyName": name, "GivenName": given, "FamilyName": family, "CurrencyRef": ref("AUD"), "PrimaryEmailAddr": object{"Address": mailOf(given, family, name)},
			"PrimaryPhone": object{"FreeFormNumber": fmt.Sprintf("(02) 5550 %04d", 100+i)},
			"BillAddr":     object{"Line1": fmt.Sprintf("%d Station St", 3+i), "City": "Orange", "CountrySubDivisionCode": "NSW", "PostalCode": "2800", "Country": "Australia"},
		}))
	}
	for range 4 {
		given, family := p.person()
		buyers = append(buyers, b.addCustomer(given+" "+family, b.cal.closed(40), object{"GivenName": given, "FamilyName": family, "CurrencyRef": ref("AUD")}))
	}
	b.coolabahSales(p, buyers, items)
	b.coolabahOrders(supplier, items)
	return b.flush()
}

func (b *books) coolabahSales(p *picker, buyers []*customer, items []*item) {
	line := func() gstLine {
		i := p.below(len(items))
		return gstLine{of: items[i], qty: p.between(1, 4), each: auGoods[i].each, code: auGoods[i].code}
	}
	for i := range 20 {
		f := form{number: fmt.Sprint(2001 + i), party: buyers[i%len(buyers)], date: b.cal.day(-3 * (i + 1)), due: b.cal.day(20 - 3*i)}
		s := b.gstForm(f, line(), line())
		if i%3 == 0 {
			b.receive(payment{party: f.party, date: plusDays(f.date, 1), over: []paid{{of: s}}})
		}
		if i%5 == 1 {
			b.receive(payment{party: f.party, date: plusDays(f.date, 1), over: []paid{{of: s, sum: percentOf(s.open, dec("30")).String()}}})
		}
	}
	// Three lines whose tax, line by line, is a cent more than the tax of their sum.
	salt := gstLine{of: items[0], qty: 1, each: auGoods[0].each}
	b.gstForm(form{number: "2021", party: buyers[0], date: b.cal.day(-2), due: b.cal.day(28)}, salt, salt, salt)
	for i := range 5 {
		b.gstForm(form{entity: "Estimate", number: fmt.Sprint(1001 + i), party: buyers[i], date: b.cal.day(-10 - i), more: object{"ExpirationDate": b.cal.day(9 - 5*i)}}, line(), line())
	}
}

func (b *books) coolabahOrders(from *vendor, items []*item) {
	for i := range 4 {
		net := cents(items[i].cost.Mul(whole(10)))
		b.add("PurchaseOrder", b.cal.day(-8-i), object{
			"Id": b.txnID(), "DocNumber": fmt.Sprint(3001 + i), "VendorRef": ref(from.id), "TxnDate": b.cal.day(-8 - i), "GlobalTaxCalculation": "TaxExcluded",
			"Line": []any{object{
				"Amount": num(net), "DetailType": "ItemBasedExpenseLineDetail",
				"ItemBasedExpenseLineDetail": object{"ItemRef": ref(items[i].id), "Qty": 10, "UnitPrice": num(items[i].cost), "TaxCodeRef": ref(gst)},
			}},
		})
	}
}

// loadCoolabahCRM gives the CRM some of the customers, spelt its own way, and
// some of its own.
func loadCoolabahCRM(z *zohobox.Box, b *books) error {
	c := newCRM(b)
	c.reps = []string{"Jarrah Cole", "Matilda Ngo"}
	for i, name := range []string{"Wattle Grove School", "Magpie Motel", "Emu Creek Winery"} {
		c.account(respell(name, i), b.customerNamed(name), nil)
		c.billing(respell(name, i), b.customerNamed(name))
	}
	c.account("Bilby Bakery", nil, object{"Phone": "(02) 5550 0190"})
	c.add("Vendors", "Southern Pool Parts", object{"Vendor_Name": "Southern Pool Parts"})
	c.add("Products", "Leaf skimmer", object{"Product_Name": "Leaf skimmer", "Product_Code": "CB-02"})
	if b.err != nil {
		return b.err
	}
	if err := c.flush(z); err != nil {
		return err
	}
	_, err := z.Do(context.Background(), zohobox.Action{User: "Jarrah", Action: "add_tax", Data: object{"name": "GST", "value": num(dec("10"))}})
	if err != nil {
		return fmt.Errorf("load the Australian company's CRM: %w", err)
	}
	return nil
}
