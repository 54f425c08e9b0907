package company

// The forty named records of practice section 8 that are parties of the
// QuickBooks side. Numbers in comments are those of its table.

const (
	coolBreeze   = "Cool Breeze HVAC"
	mikeDunn     = "Mike Dunn"
	dunnPool     = "Dunn - Pool Division"
	alderCourt   = "Alder Court HOA"
	evergreen    = "Evergreen Property Mgmt"
	alderSite    = "14 Alder St"
	smith        = "Olivia Smith"
	smithProject = "Smith backyard 2026"
	acme         = "Acme Fasteners"
	patLee       = "Pat Lee"
	pena         = "Peña & Söhne"
	penaUSD      = "Peña & Söhne (USD)"
	yamada       = "株式会社山田製作所"
	northgate    = "Northgate PM"
	birchHOA     = "Birch Lane HOA"
	cedarHOA     = "Cedar Creek HOA"
	oldMill      = "Old Mill Café" // made inactive in tidyUp, once its invoices are in
	bayside      = "Bayside Grill"
	amys         = `Amy's "Bird" Sanctuary & Co`
	stMary       = "St Mary Parish"
	harborLights = "Harbor Lights Inn"
	rayOrtiz     = "Ray Ortiz"
	stoneVendor  = "Blue Ridge Stone"
	cadVendor    = "Okanagan Cedar Ltd"
	copperBeech  = "Copper Beech Inn"
	willowBend   = "Willow Bend Resort"
	ninthStreet  = "Ninth Street Pools" // the customer of the documents that are about lines, not parties
	blumenhof    = "Blumenhof Weber"

	sharedMail    = "billing@northgatepm.example"
	northgateMail = "payables@northgatepm.example, pm.east@northgatepm.example, office@northgatepm.example"
)

// pickedOut are further customers that the story works on, so that the forty
// stay as they are for whoever looks at them. They exist on both sides.
const (
	fernHollow  = "Fern Hollow Spa"
	lakeview    = "Lakeview Terraces"
	birchwood   = "Birchwood Brewing"
	orchardPark = "Orchard Park School"
	summitView  = "Summit View Dental"
	twinPeaks   = "Twin Peaks Lodge"
	twinPeaks2  = "Twin Peaks Lodge - Annex"
	gardenGate  = "Garden Gate Cafe"
	ninaPark    = "Nina Park"
	omarHaddad  = "Omar Haddad"
	redBarn     = "Red Barn Events"
	redBarn2    = "Red Barn Events Hall"
	lanternHill = "Lantern Hill Farm"
)

func (b *books) namedVendors() {
	p := newPicker(b.seed, "named vendors")
	at := b.cal.closed(500)
	firm := func(name, mail string) *vendor {
		return b.addVendor(name, at, object{
			"CompanyName": name, "PrimaryEmailAddr": object{"Address": mail}, "PrimaryPhone": object{"FreeFormNumber": p.phone()}, "BillAddr": p.address(),
		})
	}
	firm(acme, "orders@acmefasteners.example") // 7
	b.addVendor(rayOrtiz, at, object{          // 21
		"GivenName": "Ray", "FamilyName": "Ortiz", "Vendor1099": true, "TaxIdentifier": "900-55-1234",
		"AcctNum": "RO-7731", "PrimaryPhone": object{"FreeFormNumber": p.phone()}, "BillAddr": p.address(),
	})
	b.addVendor("WA Dept of Revenue", at, object{"CompanyName": "WA Dept of Revenue"})         // 22
	b.addVendor("United States Treasury", at, object{"CompanyName": "United States Treasury"}) // 22
	firm(stoneVendor, "remit@blueridgestone.example")                                          // 24
	b.addVendor(cadVendor, at, object{                                                         // 38
		"CompanyName": cadVendor, "CurrencyRef": ref("CAD"), "PrimaryEmailAddr": object{"Address": "sales@okanagancedar.example"},
		"BillAddr": object{"Line1": "410 Mill Rd", "City": "Vernon", "CountrySubDivisionCode": "BC", "PostalCode": "V1T 5A1", "Country": "Canada"},
	})
}

func (b *books) namedCustomers() {
	p := newPicker(b.seed, "named customers")
	at := b.cal.closed(300)
	mail := func(s string) object { return object{"Address": s} }
	phone := func() object { return object{"FreeFormNumber": p.phone()} }

	b.addCustomer(coolBreeze, at, object{ // 1
		"CompanyName": coolBreeze, "Title": "Ms.", "GivenName": "Dana", "FamilyName": "Ruiz", "PrimaryEmailAddr": mail("dana.ruiz@coolbreeze.example"),
		"PrimaryPhone": phone(), "Mobile": phone(), "BillAddr": p.address(), "ShipAddr": p.address(), "WebAddr": object{"URI": "https://coolbreeze.example"},
	})
	b.addCustomer(mikeDunn, at, object{ // 2
		"GivenName": "Mike", "FamilyName": "Dunn", "PrimaryEmailAddr": mail("mike.dunn@mail.example"), "BillAddr": p.address(), "Mobile": phone(),
	})
	b.addCustomer(dunnPool, at, object{ // 3
		"CompanyName": "Dunn Mechanical LLC", "GivenName": "Mike", "FamilyName": "Dunn", "PrimaryPhone": phone(),
		"PrimaryEmailAddr": mail("mike@dunnmechanical.example"), "BillAddr": p.address(),
	})
	b.addCustomer(alderCourt, at, object{ // 4
		"CompanyName": alderCourt, "GivenName": "Ines", "FamilyName": "Caldwell", "PrimaryEmailAddr": mail("ines.caldwell@aldercourt.example"), "BillAddr": p.address(),
	})
	b.sites(p, at) // 5, 6
	b.addEmployee(at)
	b.addCustomer(pena, at, object{ // 9
		"CompanyName": pena, "CurrencyRef": ref("EUR"), "PrimaryEmailAddr": mail("kontakt@penasoehne.example"),
		"BillAddr": object{"Line1": "Gartenweg 12", "City": "München", "PostalCode": "80331", "Country": "Germany"},
	})
	b.addCustomer(penaUSD, at, object{"CompanyName": pena, "PrimaryEmailAddr": mail("us@penasoehne.example"), "BillAddr": p.address()})
	b.addCustomer(yamada, at, object{ // 10
		"CompanyName": yamada, "GivenName": "太郎", "FamilyName": "山田", "Notes": "春の注文 🌸 配達は午前中", "PrimaryEmailAddr": mail("yamada@yamada-ss.example"),
		"BillAddr": object{"Line1": "千代田1-2-3", "City": "東京", "PostalCode": "100-0001", "Country": "Japan"},
	})
	b.mailList(at)                                                                                                             // 11
	for _, n := range []struct{ name, given, family string }{{birchHOA, "Kofi", "Mensah"}, {cedarHOA, "Greta", "Lindqvist"}} { // 12
		b.addCustomer(n.name, at, object{"CompanyName": n.name, "GivenName": n.given, "FamilyName": n.family, "PrimaryEmailAddr": mail(sharedMail), "BillAddr": p.address()})
	}
	b.addCustomer(oldMill, at, object{"CompanyName": oldMill, "PrimaryPhone": phone(), "BillAddr": p.address()})                                                                                    // 13
	b.addCustomer(bayside, at, object{"CompanyName": bayside, "GivenName": "Lou", "FamilyName": "Marchetti", "PrimaryEmailAddr": mail("lou@baysidegrill.example"), "BillAddr": p.address()})        // 15
	b.addCustomer(amys, at, object{"CompanyName": amys, "PrimaryPhone": phone(), "BillAddr": p.address()})                                                                                          // 16
	b.addCustomer(stMary, at, object{"CompanyName": stMary, "Taxable": false, "TaxExemptionReasonId": "4", "ResaleNum": "WA-RESALE-0177", "BillAddr": p.address()})                                 // 17
	b.addCustomer(harborLights, at, object{"CompanyName": harborLights, "PrimaryEmailAddr": mail("desk@harborlights.example"), "PrimaryPhone": phone(), "BillAddr": p.address()})                   // 20
	b.addCustomer(copperBeech, at, object{"CompanyName": copperBeech, "GivenName": "Rosa", "FamilyName": "Delgado", "PrimaryEmailAddr": mail("rosa@copperbeech.example"), "BillAddr": p.address()}) // 39
	b.addCustomer(willowBend, at, object{"CompanyName": willowBend, "PrimaryEmailAddr": mail("office@willowbend.example"), "PrimaryPhone": phone(), "BillAddr": p.address()})                       // 39
	b.addCustomer(ninthStreet, at, object{"CompanyName": ninthStreet, "GivenName": "Gus", "FamilyName": "Ninth", "PrimaryEmailAddr": mail("gus@ninthstreet.example"), "BillAddr": p.address()})     // 25-35, 37
	b.addCustomer(blumenhof, at, object{                                                                                                                                                            // 36
		"CompanyName": blumenhof, "CurrencyRef": ref("EUR"), "PrimaryEmailAddr": mail("buero@blumenhof.example"),
		"BillAddr": object{"Line1": "Marktplatz 3", "City": "Graz", "PostalCode": "8010", "Country": "Austria"},
	})
	for _, n := range []string{fernHollow, lakeview, birchwood, orchardPark, summitView, twinPeaks, twinPeaks2, gardenGate, redBarn, redBarn2, lanternHill} {
		given, family := p.person()
		b.addCustomer(n, at, with(p.firm(n, 0), object{"GivenName": given, "FamilyName": family, "PrimaryEmailAddr": mail(mailOf(given, family, n)), "Taxable": true, "PrimaryPhone": phone()}))
	}
	for _, n := range [][2]string{{"Nina", "Park"}, {"Omar", "Haddad"}} {
		b.addCustomer(n[0]+" "+n[1], at, object{
			"GivenName": n[0], "FamilyName": n[1], "PrimaryEmailAddr": mail(slug(n[0]) + "." + slug(n[1]) + "@mail.example"), "PrimaryPhone": phone(), "BillAddr": p.address(),
		})
	}
}

// sites are the customers with jobs below them.
func (b *books) sites(p *picker, at string) {
	parent := b.addCustomer(evergreen, at, object{ // 5
		"CompanyName": evergreen, "PrimaryEmailAddr": object{"Address": "office@evergreenpm.example"}, "PrimaryPhone": object{"FreeFormNumber": p.phone()}, "BillAddr": p.address(),
	})
	b.below(parent, alderSite, at, object{"GivenName": "Amelia", "BillWithParent": true, "BillAddr": p.address()})
	b.below(parent, "22 Birch Ln", at, object{"BillWithParent": true, "BillAddr": p.address()})
	b.below(parent, "9 Cedar Ct", at, object{"BillAddr": p.address()})

	owner := b.addCustomer(smith, at, object{ // 6
		"GivenName": "Olivia", "FamilyName": "Smith", "PrimaryEmailAddr": object{"Address": "olivia.smith@mail.example"}, "BillAddr": p.address(),
	})
	b.below(owner, smithProject, at, object{"IsProject": true})
}

// addEmployee queues the employee whose name a CRM contact shares (8).
func (b *books) addEmployee(at string) {
	b.add("Employee", at, object{"Id": b.nameID(), "DisplayName": patLee, "GivenName": "Pat", "FamilyName": "Lee"})
}

// mailList queues the customer with three addresses in one field (11). The
// vendor's API refuses such a list and its screens do not, so the record is
// loaded word for word, as a recording would be.
func (b *books) mailList(at string) {
	b.addCustomer(northgate, at, object{
		"CompanyName": northgate, "PrimaryEmailAddr": object{"Address": northgateMail}, "SyncToken": "3",
		"FullyQualifiedName": northgate, "PrintOnCheckName": northgate, "Active": true, "Taxable": true, "Job": false, "BillWithParent": false,
		"Balance": num(dec("0")), "BalanceWithJobs": num(dec("0")), "CurrencyRef": object{"value": "USD", "name": "United States Dollar"},
		"PreferredDeliveryMethod": "Email", "IsProject": false, "ClientEntityId": "0",
		"BillAddr": object{"Id": "90001", "Line1": "77 Northgate Way", "City": "Selah", "CountrySubDivisionCode": "WA", "PostalCode": "98942"},
	})
}
