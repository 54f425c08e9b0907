package company

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// sorted lists what the books know by name, oldest first.
func (c *crm) sorted() []*customer {
	var all []*customer
	for _, of := range c.books.byName {
		all = append(all, of)
	}
	slices.SortFunc(all, func(a, b *customer) int { return cmp.Or(cmp.Compare(len(a.id), len(b.id)), cmp.Compare(a.id, b.id)) })
	return all
}

// known tells whether the CRM has a record of the name already.
func (c *crm) known(name string) bool {
	return c.ids["Accounts/"+name] != "" || c.ids["Contacts/"+name] != ""
}

// ordinary are the customers that no table of this package names.
func (c *crm) ordinary() []*customer {
	generated := map[string]bool{}
	for i := range plainCustomers {
		generated[firmName(i)] = true
	}
	var out []*customer
	for _, of := range c.sorted() {
		if !c.known(of.name) && (generated[of.name] || !of.firm && of.given != "" && of.name == of.given+" "+of.family && !strings.Contains(of.name, "Dunn") && of.name != smith) {
			out = append(out, of)
		}
	}
	return out
}

// ordinaryAccounts queues two in five of the firms, as the CRM's people spell
// them. Their other fields agree, are empty, or differ.
func (c *crm) ordinaryAccounts() {
	p := newPicker(c.books.seed, "crm accounts")
	n := 0
	for i, of := range c.ordinary() {
		if !of.firm || i%5 > 1 {
			continue
		}
		n++
		name := respell(of.name, n)
		if n%10 == 9 { // a near match: only a person can tell
			name = strings.TrimSuffix(of.name, " LLC") + " Ltd"
		}
		more := object{}
		switch n % 4 {
		case 1:
			more["Phone"] = p.phone()
		case 2:
			more["Fax"] = p.phone()
			more["Website"] = "https://www." + slug(of.name) + ".example"
		case 3:
			more["Shipping_Street"], more["Shipping_City"] = "Gate 2", pickOf(p, towns)
		}
		c.account(name, of, more)
		if n%3 != 0 && of.family != "" {
			c.billing(name, of)
		}
		if n%4 == 0 {
			given, family := p.person()
			c.add("Contacts", given+" "+family, object{
				"First_Name": given, "Last_Name": family, "Email": mailOf(given, family, of.name), "Account_Name": c.lookup("Accounts", name),
				"Title": pickOf(p, []string{"Owner", "Buyer", "Groundskeeper", "Office manager"}),
			})
		}
	}
}

// ordinaryContacts queues one in three of the people, matched by their mail.
func (c *crm) ordinaryContacts() {
	for i, of := range c.ordinary() {
		if of.firm || of.mail == "" || i%3 != 0 {
			continue
		}
		o := object{"First_Name": of.given, "Last_Name": strings.ToUpper(of.family), "Email": strings.ToUpper(of.mail[:1]) + of.mail[1:]}
		if i%2 == 0 {
			o["Last_Name"] = of.family
			c.address(o, "Mailing", of.addr)
		}
		c.add("Contacts", of.name, o)
	}
}

// strangers are accounts with people that QuickBooks has never heard of.
func (c *crm) strangers(n int) {
	p := newPicker(c.books.seed, "strangers")
	for i := range n {
		given, family := p.person()
		if i%3 == 0 {
			c.add("Contacts", given+" "+family, object{"First_Name": given, "Last_Name": family, "Email": slug(given) + "." + slug(family) + "@fair.example", "Lead_Source": "Trade Show"})
			continue
		}
		name := family + " " + pickOf(p, firmTrades) + " Partners"
		if c.known(name) {
			continue
		}
		c.account(name, nil, object{"Phone": p.phone(), "Account_Type": "Prospect"})
		c.add("Contacts", given+" "+family, object{"First_Name": given, "Last_Name": family, "Email": mailOf(given, family, name), "Account_Name": c.lookup("Accounts", name)})
	}
}

// prospects queues n accounts without a deal (practice section 8, row 19).
func (c *crm) prospects(n int) {
	p := newPicker(c.books.seed, "prospects")
	for i := 0; i < n; {
		name := p.LastName() + " " + pickOf(p, firmTrades) + " of " + pickOf(p, towns)
		if p.used[name] || c.known(name) {
			continue
		}
		p.used[name] = true
		i++
		c.add("Accounts", name, object{
			"Account_Name": name, "Account_Type": "Prospect", "Phone": p.phone(), "Billing_City": pickOf(p, towns), "Billing_State": "WA",
			"Description": "Bought list, " + fmt.Sprint(1+i%12),
		})
	}
}

// ordinaryVendors queues a third of the suppliers, spelt the CRM's way.
func (c *crm) ordinaryVendors() {
	c.vendorsNamed()
	names := make([]string, 0, len(c.books.vendors))
	for name, v := range c.books.vendors {
		if v.currency == "USD" && strings.Contains(name, " ") && !slices.Contains([]string{acme, rayOrtiz, stoneVendor, "WA Dept of Revenue", "United States Treasury"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i, name := range names {
		if i%3 == 0 {
			c.add("Vendors", name, object{"Vendor_Name": respell(name, i), "Category": "Nursery stock"})
		}
	}
}

// products queues a third of the assortment: half of it under the same code, the
// rest by name.
func (c *crm) products() {
	c.productsNamed()
	var all []*item
	for name, it := range c.books.items {
		if it.sku != "" && it.kind != "Category" && it.kind != "Group" && c.ids["Products/"+name] == "" && it.name != oldSkimmer && !strings.HasSuffix(it.sku, "-S") && it.sku != "PUMP-050" && it.sku != "HAUL-GAL" {
			all = append(all, it)
		}
	}
	slices.SortFunc(all, func(a, b *item) int { return cmp.Compare(a.sku, b.sku) })
	for i, it := range all {
		if i%3 != 0 {
			continue
		}
		_, leaf, nested := strings.Cut(it.name, ":")
		if !nested {
			leaf = it.name
		}
		o := object{"Product_Name": leaf, "Product_Code": strings.ToLower(it.sku), "Unit_Price": num(it.price)}
		if i%2 == 1 {
			delete(o, "Product_Code")
			o["Product_Name"] = strings.ReplaceAll(it.name, ":", " / ")
			o["Unit_Price"] = num(it.price.Add(dec("1")))
		}
		c.add("Products", it.name, o)
	}
}

// deals queues ordinary deals in all stages.
func (c *crm) deals() {
	c.dealWon()
	p := newPicker(c.books.seed, "deals")
	stages := []string{"Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Lost"}
	won := c.ids["Accounts/"+copperBeech] // has the one deal that its documents belong to
	accounts := slices.DeleteFunc(slices.Clone(c.waiting["Accounts"]), func(a map[string]any) bool { return a["id"] == won })
	for i := range 40 {
		a := accounts[p.below(len(accounts))]
		name := pickOf(p, []string{"Spring planting", "New pool", "Patio", "Irrigation", "Yearly care"}) + fmt.Sprintf(" %d", i+1)
		c.add("Deals", name, object{
			"Deal_Name": name, "Account_Name": object{"id": a["id"]}, "Stage": stages[i%len(stages)], "Amount": num(whole(p.between(400, 24000))),
			"Closing_Date": c.books.cal.day(p.between(-60, 90)),
		})
	}
}
