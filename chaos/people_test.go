package chaos

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"crossbook/sandbox/company"
)

// edit is one value that a person entered, as the judge reads it.
type edit struct {
	Time  time.Time `json:"time"`
	Side  string    `json:"side"`
	Type  string    `json:"type"`
	ID    string    `json:"id"`
	Op    string    `json:"op"`
	Field string    `json:"field"`
	Value string    `json:"value"`
}

// pair is two linked records that people may edit.
type pair struct{ crm, books string }

// people work on both sides, by chance that follows from a seed, and write down
// what they enter. They leave alone what the story of the day is about.
type people struct {
	*world
	rng                         *rand.Rand
	accounts, contacts, vendors []pair
	products                    []pair
	income                      string // an income account
	service                     string // an item to sell
	n                           int
	made                        int // records created in the CRM for QuickBooks
}

const (
	eva   = "Eva"
	priya = "Priya Nair"
)

func hire(w *world, rng *rand.Rand) *people {
	w.Helper()
	p := &people{world: w, rng: rng}
	spoken := map[string]bool{}
	for _, step := range company.Story() {
		for _, e := range step.Expect {
			for _, values := range []map[string]string{e.Where, e.Fields} {
				for _, v := range values {
					spoken[v] = v != ""
				}
			}
		}
	}
	customers := p.active("Customer", "DisplayName", spoken)
	p.accounts = p.linked("Accounts", customers)
	company := map[string]bool{}
	for _, a := range p.records(w.zoho, "Accounts") {
		company[str(a, "QuickBooks_Id")] = true
	}
	p.contacts = slices.DeleteFunc(p.linked("Contacts", customers), func(x pair) bool { return company[x.books] })
	p.vendors = p.linked("Vendors", p.active("Vendor", "DisplayName", spoken))
	items := p.active("Item", "Name", spoken)
	p.products = p.linked("Products", items)
	for _, it := range p.records(w.books, "Item") {
		if items[str(it, "Id")] && str(it, "Type") == "Service" {
			p.service = str(it, "Id")
			p.income = str(it, "IncomeAccountRef")
		}
	}
	if len(p.accounts) < 40 || len(p.contacts) < 10 || len(p.vendors) < 10 || len(p.products) < 20 || p.income == "" {
		w.Fatalf("too few records to work on: %d, %d, %d, %d", len(p.accounts), len(p.contacts), len(p.vendors), len(p.products))
	}
	for _, list := range [][]pair{p.accounts, p.contacts, p.vendors, p.products} {
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return p
}

func str(o map[string]any, key string) string {
	switch v := o[key].(type) {
	case string:
		return v
	case map[string]any:
		return str(v, "value")
	default:
		return ""
	}
}

// active are the ids of a list's active records that the story does not name.
func (p *people) active(entity, title string, spoken map[string]bool) map[string]bool {
	out := map[string]bool{}
	for _, o := range p.records(p.books, entity) {
		if o["Active"] == true && o["Job"] != true && !spoken[str(o, title)] && !spoken[str(o, "Sku")] && str(o, "CurrencyRef") != "EUR" && str(o, "CurrencyRef") != "CAD" {
			out[str(o, "Id")] = true
		}
	}
	return out
}

func (p *people) linked(module string, books map[string]bool) []pair {
	var out []pair
	for _, o := range p.records(p.zoho, module) {
		if id := str(o, "QuickBooks_Id"); books[id] && o["Locked__s"] != true {
			out = append(out, pair{str(o, "id"), id})
		}
	}
	slices.SortFunc(out, func(a, b pair) int { return strings.Compare(a.books, b.books) })
	return out
}

// take takes the next pair of a list; none is edited twice before all were.
func take(list *[]pair) pair {
	x := (*list)[0]
	*list = append((*list)[1:], x)
	return x
}

// enter lets a person act and writes down what was entered.
func (p *people) enter(side, user, op, typ, id string, data map[string]any, fields map[string]string) string {
	p.Helper()
	url := p.zoho
	if side == "quickbooks" {
		url = p.books
	}
	at := time.Now()
	got, err := p.do(url, user, op, typ, id, data)
	if err != nil {
		p.Errorf("a person cannot work: %v", err) // no Fatal: people work beside the test
		return ""
	}
	for f, v := range fields {
		p.edits = append(p.edits, edit{at, side, typ, got, op, f, v})
	}
	return got
}

func (p *people) crm(typ, id, field, value string) {
	p.enter("zoho", eva, "update", typ, id, map[string]any{field: value}, map[string]string{field: value})
}

func (p *people) phone() string {
	p.n++
	return fmt.Sprintf("(509) 556-%04d", p.n)
}

func (p *people) word() string {
	p.n++
	return fmt.Sprintf("%s %d", []string{"Amber", "Birch", "Cobalt", "Dune", "Ember", "Fjord"}[p.rng.IntN(6)], p.n)
}

// acts are what people do by chance.
var acts = []struct {
	what string
	do   func(*people)
}{
	{"a phone in the CRM", func(p *people) { p.crm("Accounts", take(&p.accounts).crm, "Phone", p.phone()) }},
	{"a phone in QuickBooks", func(p *people) { p.booksPhone("Customer", take(&p.accounts).books) }},
	{"a billing address in the CRM", func(p *people) {
		city, street := p.word(), p.word()+" St"
		p.enter("zoho", eva, "update", "Accounts", take(&p.accounts).crm, map[string]any{"Billing_City": city, "Billing_Street": street}, map[string]string{"Billing_City": city, "Billing_Street": street})
	}},
	{"a billing address in QuickBooks", func(p *people) {
		city, line := p.word(), p.word()+" Ave"
		p.enter("quickbooks", priya, "update", "Customer", take(&p.accounts).books,
			map[string]any{"BillAddr": map[string]any{"Line1": line, "City": city, "CountrySubDivisionCode": "WA", "PostalCode": "98999"}},
			map[string]string{"BillAddr.Line1": line, "BillAddr.City": city, "BillAddr.PostalCode": "98999"})
	}},
	{"two fields of one customer, one on each side", func(p *people) {
		x, fax := take(&p.accounts), p.phone()
		p.crm("Accounts", x.crm, "Fax", fax)
		p.booksPhone("Customer", x.books)
	}},
	{"one phone on both sides", func(p *people) {
		x := take(&p.accounts)
		p.booksPhone("Customer", x.books)
		p.crm("Accounts", x.crm, "Phone", p.phone())
	}},
	{"one phone on both sides, QuickBooks last", func(p *people) {
		x := take(&p.accounts)
		p.crm("Accounts", x.crm, "Phone", p.phone())
		p.booksPhone("Customer", x.books)
	}},
	{"one city on both sides, the CRM last", func(p *people) {
		x, books, crm := take(&p.accounts), p.word(), p.word()
		p.enter("quickbooks", priya, "update", "Customer", x.books,
			map[string]any{"BillAddr": map[string]any{"Line1": "1 Main St", "City": books, "CountrySubDivisionCode": "WA", "PostalCode": "98999"}}, map[string]string{"BillAddr.City": books})
		p.crm("Accounts", x.crm, "Billing_City", crm)
	}},
	{"a private person's mobile in the CRM", func(p *people) { p.crm("Contacts", take(&p.contacts).crm, "Mobile", p.phone()) }},
	{"a private person's name in QuickBooks", func(p *people) {
		name := p.word()
		p.enter("quickbooks", priya, "update", "Customer", take(&p.contacts).books, map[string]any{"FamilyName": name}, map[string]string{"FamilyName": name})
	}},
	{"a vendor's phone in the CRM", func(p *people) { p.crm("Vendors", take(&p.vendors).crm, "Phone", p.phone()) }},
	{"a vendor's phone in QuickBooks", func(p *people) { p.booksPhone("Vendor", take(&p.vendors).books) }},
	{"a description in the CRM", func(p *people) { p.crm("Products", take(&p.products).crm, "Description", p.word()) }},
	{"a price in QuickBooks", func(p *people) {
		p.n++
		price := fmt.Sprintf("%d.25", 20+p.n)
		p.enter("quickbooks", priya, "update", "Item", take(&p.products).books, map[string]any{"UnitPrice": 20.25 + float64(p.n)}, map[string]string{"UnitPrice": price})
	}},
	{"a new Account", func(p *people) { p.newInCRM("Accounts", "Account_Name", map[string]string{"Phone": p.phone()}) }},
	{"a new Account, corrected at once", func(p *people) {
		id := p.newInCRM("Accounts", "Account_Name", map[string]string{"Phone": p.phone()})
		if id != "" {
			time.Sleep(time.Duration(p.rng.IntN(1500)) * time.Millisecond)
			p.crm("Accounts", id, "Fax", p.phone())
		}
	}},
	{"a new Vendor", func(p *people) { p.newInCRM("Vendors", "Vendor_Name", map[string]string{"Phone": p.phone()}) }},
	{"a new Product", func(p *people) { p.newInCRM("Products", "Product_Name", map[string]string{"Description": p.word()}) }},
	{"a new customer in QuickBooks", func(p *people) {
		name, phone := p.word()+" Works", p.phone()
		p.enter("quickbooks", priya, "create", "Customer", "", map[string]any{"DisplayName": name, "CompanyName": name, "PrimaryPhone": map[string]any{"FreeFormNumber": phone}},
			map[string]string{"DisplayName": name, "PrimaryPhone.FreeFormNumber": phone})
	}},
	{"a new item in QuickBooks", func(p *people) {
		name := p.word()
		p.enter("quickbooks", priya, "create", "Item", "", map[string]any{"Name": name, "Type": "Service", "UnitPrice": 12.5, "IncomeAccountRef": map[string]any{"value": p.income}},
			map[string]string{"Name": name, "UnitPrice": "12.5"})
	}},
	{"a new invoice", func(p *people) { p.invoice(take(&p.accounts)) }},
	{"a new invoice, paid at once", func(p *people) {
		x := take(&p.accounts)
		id := p.invoice(x)
		if _, err := p.do(p.books, priya, "receive_payment", "", x.books, map[string]any{"TotalAmt": 37.5, "Invoices": map[string]any{id: 37.5}}); err != nil {
			p.Errorf("a payment: %v", err)
			return
		}
		p.edits = append(p.edits, edit{time.Now(), "quickbooks", "Invoice", id, "update", "Balance", "0"})
	}},
}

func (p *people) booksPhone(entity, id string) {
	phone := p.phone()
	p.enter("quickbooks", priya, "update", entity, id, map[string]any{"PrimaryPhone": map[string]any{"FreeFormNumber": phone}}, map[string]string{"PrimaryPhone.FreeFormNumber": phone})
}

// mostMade keeps people below the brake on creates in QuickBooks, which allows
// 25 a day outside an approved plan; the story makes four.
const mostMade = 20

func (p *people) newInCRM(module, field string, more map[string]string) string {
	if p.made++; p.made > mostMade {
		p.crm("Accounts", take(&p.accounts).crm, "Fax", p.phone())
		return ""
	}
	name := p.word() + " " + module
	data, entered := map[string]any{field: name}, map[string]string{field: name}
	for f, v := range more {
		data[f], entered[f] = v, v
	}
	return p.enter("zoho", eva, "create", module, "", data, entered)
}

func (p *people) invoice(x pair) string {
	p.n++
	number := fmt.Sprintf("CH-%d", p.n)
	return p.enter("quickbooks", priya, "create", "Invoice", "", map[string]any{
		"DocNumber": number, "CustomerRef": map[string]any{"value": x.books},
		"Line": []any{map[string]any{"Amount": 37.5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": map[string]any{"ItemRef": map[string]any{"value": p.service}, "Qty": 3, "UnitPrice": 12.5}}},
	}, map[string]string{"DocNumber": number})
}
