package company

import "fmt"

const (
	vendor41        = "Vendor 41"
	larchRobotics   = "Larch Robotics"
	solarCover      = "Solar cover 16 x 32"
	robotCleaner    = "Robot cleaner X4"
	quoteInApproval = "Terrace lighting - Copper Beech"
	wonDeal         = "Terrace and pool"
	fieldTitle      = "Regional Facilities Manager"
	oldMillCRM      = "Old Mill Cafe"
	amysCRM         = amys + " "
)

// namedRecords queues the CRM side of the forty records of practice section 8,
// and what the story works on.
func (c *crm) namedRecords() {
	b := c.books
	c.account(alderCourt, b.customerNamed(alderCourt), nil) // 4: twelve people, one of them billed
	p := newPicker(b.seed, "alder court")
	c.billing(alderCourt, b.customerNamed(alderCourt))
	for range 11 {
		given, family := p.person()
		c.add("Contacts", given+" "+family, object{
			"First_Name": given, "Last_Name": family, "Email": mailOf(given, family, alderCourt), "Account_Name": c.lookup("Accounts", alderCourt),
		})
	}
	c.account(acme, nil, object{"Phone": "(509) 555-0140", "Description": "Also buys from us"})                              // 7
	c.add("Contacts", patLee, object{"First_Name": "Pat", "Last_Name": "Lee", "Email": "pat.lee@mail.example"})              // 8
	c.account(pena, b.customerNamed(pena), object{"Description": "Orders in euros, its American branch in dollars"})         // 9
	for _, n := range []struct{ hoa, given, family string }{{birchHOA, "Ruth", "Adeyemi"}, {cedarHOA, "Paolo", "Ferrari"}} { // 12
		c.account(n.hoa, nil, nil)
		c.add("Contacts", n.given+" "+n.family, object{"First_Name": n.given, "Last_Name": n.family, "Email": sharedMail, "Account_Name": c.lookup("Accounts", n.hoa)})
	}
	c.account(oldMillCRM, nil, object{"Phone": "(509) 555-0114"})                // 14
	c.account(amysCRM, nil, object{"Description": "Birds first"})                // 16
	c.account(stMary, b.customerNamed(stMary), object{"Account_Number": "4711"}) // 17
	c.account("Hillcrest Clinic", nil, nil)                                      // 18
	c.add("Contacts", "Nora Feld", object{                                       // 18
		"First_Name": "Nora", "Last_Name": "Feld", "Title": fieldTitle, "Email": "nora.feld@hillcrest.example", "Account_Name": c.lookup("Accounts", "Hillcrest Clinic"),
	})
	c.account(harborLights, b.customerNamed(harborLights), nil) // 20
	c.account(willowBend, b.customerNamed(willowBend), nil)     // 39
	c.account(copperBeech, b.customerNamed(copperBeech), object{"Owner": "Eva Brandt"})
	c.billing(copperBeech, b.customerNamed(copperBeech))
	c.storyRecords()
}

// storyRecords exist on both sides, spelt alike.
func (c *crm) storyRecords() {
	b := c.books
	for i, name := range []string{fernHollow, lakeview, birchwood, orchardPark, summitView, twinPeaks, twinPeaks2, gardenGate, redBarn, redBarn2, lanternHill} {
		of := b.customerNamed(name)
		owner := "Tom Reyes"
		if i%2 == 0 {
			owner = "Eva Brandt" // 40: Eva leaves, and hers go to Tom
		}
		c.account(name, of, object{"Owner": owner})
		c.billing(name, of)
	}
	for _, name := range []string{ninaPark, omarHaddad} {
		of := b.customerNamed(name)
		o := object{"First_Name": of.given, "Last_Name": of.family, "Email": of.mail, "Phone": of.phone}
		c.address(o, "Mailing", of.addr)
		c.add("Contacts", name, o)
	}
}

// vendorsNamed queues the CRM's own vendors (23, 24, 29).
func (c *crm) vendorsNamed() {
	c.add("Vendors", stoneVendor, object{"Vendor_Name": stoneVendor, "Email": "remit@blueridgestone.example"})
	c.add("Vendors", vendor41, object{"Vendor_Name": vendor41, "Website": "www.vendor41.com", "Email": "hello@vendor41.example"})
	c.add("Vendors", larchRobotics, object{"Vendor_Name": larchRobotics, "Email": "orders@larchrobotics.example"})
}

// productsNamed queues the products of rows 28 and 29.
func (c *crm) productsNamed() {
	c.add("Products", pumpThree, object{"Product_Name": pumpThree, "Product_Code": "PUMP-075", "Unit_Price": num(dec("345.50"))})
	c.add("Products", solarCover, object{"Product_Name": solarCover, "Product_Code": "SOLAR-1632", "Unit_Price": num(dec("219")), "Qty_in_Stock": num(dec("40"))})
	c.add("Products", robotCleaner, object{
		"Product_Name": robotCleaner, "Product_Code": "ROBOT-X4", "Unit_Price": num(dec("749")), "Vendor_Name": c.lookup("Vendors", larchRobotics),
	})
}

// dealWon is the deal of row 39; its documents stand in QuickBooks.
func (c *crm) dealWon() {
	c.add("Deals", wonDeal, object{
		"Deal_Name": wonDeal, "Account_Name": c.lookup("Accounts", copperBeech), "Stage": "Closed Won", "Amount": num(dec("3100")),
		"Closing_Date": c.books.cal.day(-15), "Owner": "Eva Brandt",
	})
}

// ownDocuments are quotes and invoices that the CRM's people made themselves;
// they concern nobody else.
func (c *crm) ownDocuments() {
	rows := func(qty string) []any {
		return []any{object{"Product_Name": c.lookup("Products", solarCover), "Quantity": num(dec(qty)), "List_Price": num(dec("219"))}}
	}
	c.add("Quotes", quoteInApproval, object{
		"Subject": quoteInApproval, "Account_Name": c.lookup("Accounts", copperBeech), "Deal_Name": c.lookup("Deals", wonDeal), "Quoted_Items": rows("2"),
	})
	for i, name := range []string{fernHollow, orchardPark, redBarn} {
		c.add("Quotes", "draft "+name, object{
			"Subject": "Draft for " + name, "Account_Name": c.lookup("Accounts", name), "Quoted_Items": rows(fmt.Sprint(i + 1)), "Valid_Till": c.books.cal.day(14),
		})
		c.add("Invoices", "own "+name, object{
			"Subject": "Sales order in the CRM, " + name, "Account_Name": c.lookup("Accounts", name), "Invoiced_Items": rows("1"),
			"Invoice_Date": c.books.cal.day(-3), "Status": "Cancelled",
		})
	}
}
