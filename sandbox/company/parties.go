package company

import (
	"fmt"
	"strings"
)

// ordinaryVendors queues the suppliers nobody would notice.
func (b *books) ordinaryVendors(n int) []*vendor {
	p := newPicker(b.seed, "vendors")
	trades := []string{"Wholesale Nursery", "Pool Supply", "Stone Yard", "Soil Works", "Tool Rental", "Freight Lines", "Irrigation Parts", "Seed Company"}
	var all []*vendor
	for i := range n {
		given, family := p.person()
		name := firmPlaces[(i*7+3)%len(firmPlaces)] + " " + trades[i%len(trades)]
		o := object{
			"CompanyName": name, "GivenName": given, "FamilyName": family, "BillAddr": p.address(),
			"PrimaryPhone": object{"FreeFormNumber": p.phone()}, "PrimaryEmailAddr": object{"Address": mailOf(given, family, name)},
		}
		if p.oneIn(3) {
			o["WebAddr"] = object{"URI": "https://www." + slug(name) + ".example"}
		}
		if p.oneIn(3) {
			o["AcctNum"] = fmt.Sprintf("LK-%04d", p.between(1, 9999))
		}
		if p.oneIn(8) {
			o["TaxIdentifier"] = fmt.Sprintf("9%d-55%05d", p.between(0, 9), p.between(0, 99999))
		}
		all = append(all, b.addVendor(name, b.cal.closed(p.between(10, 900)), o))
	}
	return all
}

// ordinaryCustomers queues n customers: three in five are firms with a person,
// the others people; some buy in foreign currencies.
func (b *books) ordinaryCustomers(n int) []*customer {
	p := newPicker(b.seed, "customers")
	var all []*customer
	for i := range n {
		created := b.cal.closed(p.between(5, 1200))
		if i%5 < 3 {
			all = append(all, b.addCustomer(firmName(i), created, p.firm(firmName(i), i)))
			continue
		}
		given, family := p.person()
		all = append(all, b.addCustomer(given+" "+family, created, p.private(given, family)))
	}
	for i, name := range foreignNames {
		o := object{"CompanyName": name, "BillAddr": p.address(), "PrimaryEmailAddr": object{"Address": fmt.Sprintf("hello@%s.example", slug(name))}}
		if i%3 == 0 {
			o["CurrencyRef"] = ref("EUR")
			o["BillAddr"] = object{"Line1": "Hauptstraße 5", "City": "Köln", "PostalCode": "50667", "Country": "Germany"}
		}
		all = append(all, b.addCustomer(name, b.cal.closed(30+i), o))
	}
	return all
}

// firm is a company with one person.
func (p *picker) firm(name string, i int) object {
	given, family := p.person()
	o := object{
		"CompanyName": name, "GivenName": given, "FamilyName": family, "BillAddr": p.address(),
		"PrimaryPhone": object{"FreeFormNumber": p.phone()}, "PrimaryEmailAddr": object{"Address": mailOf(given, family, name)},
	}
	if p.oneIn(2) {
		o["ShipAddr"] = p.address()
	}
	if p.oneIn(4) {
		o["WebAddr"] = object{"URI": "https://" + slug(name) + ".example"}
	}
	if p.oneIn(6) {
		o["Title"] = pickOf(p, []string{"Mr.", "Ms.", "Dr."})
	}
	if p.oneIn(9) {
		o["Notes"] = "Gate code with the office. Prefers deliveries before noon."
	}
	if i%23 == 11 {
		o["CurrencyRef"] = ref("CAD")
		o["BillAddr"] = object{"Line1": fmt.Sprintf("%d Bay St", p.between(10, 999)), "City": "Kelowna", "CountrySubDivisionCode": "BC", "PostalCode": "V1Y 1A1", "Country": "Canada"}
	}
	if p.oneIn(30) {
		o["Taxable"] = false
		o["ResaleNum"] = fmt.Sprintf("R-%06d", p.between(1, 999999))
	}
	return o
}

// private is a person without a company.
func (p *picker) private(given, family string) object {
	o := object{"GivenName": given, "FamilyName": family, "BillAddr": p.address()}
	if !p.oneIn(4) {
		o["PrimaryEmailAddr"] = object{"Address": strings.ToLower(slug(given)+"."+slug(family)) + "@mail.example"}
	}
	if !p.oneIn(3) {
		o["Mobile"] = object{"FreeFormNumber": p.phone()}
	}
	if p.oneIn(2) {
		o["PrimaryPhone"] = object{"FreeFormNumber": p.phone()}
	}
	return o
}

// ordinaryJobs hangs building sites and projects below firms.
func (b *books) ordinaryJobs(under []*customer) []*customer {
	p := newPicker(b.seed, "jobs")
	var all []*customer
	for i, parent := range under {
		for k := range 1 + i%3 {
			name := fmt.Sprintf("%d %s Ct - %s", p.between(10, 990), pickOf(p, streetNames), strings.Fields(parent.name)[0])
			o := object{"BillWithParent": k == 0, "BillAddr": p.address()}
			if i%2 == 1 {
				o["IsProject"] = true
			}
			all = append(all, b.below(parent, name, b.cal.closed(p.between(5, 200)), o))
		}
	}
	return all
}
