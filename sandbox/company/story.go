package company

import "time"

// The people of the day. Priya keeps the books; the others sell.
const (
	priya = bookkeeper
	ana   = "Ana"
	eva   = "Eva"
	tom   = "Tom"
	kim   = "Kim"
)

// Story is a working day at Larkfield, from the first look of the program to
// the evening. It keeps to what the program's default settings let through
// without asking anybody, and stays below its brakes.
func Story() []Step {
	var day []Step
	for _, part := range [][]Step{morning(), paperwork(), outage(), whileDead(), afternoon(), evening()} {
		day = append(day, part...)
	}
	return day
}

// at is a time of day.
func at(hour, minute int) time.Duration {
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}

func wait(hour, minute int, what string) Step {
	return Step{At: at(hour, minute), Kind: Wait, Who: "Crossbook", What: what}
}

// morning: new records on both sides, and ordinary edits.
func morning() []Step {
	return []Step{
		firstSync(),
		{
			At: at(9, 5), Kind: Act, Who: priya, What: "enters the new customer Kestrel Ridge Winery in QuickBooks, with Ida Moss as its person",
			Do: creates(Books, priya, "Customer", object{
				"DisplayName": "Kestrel Ridge Winery", "CompanyName": "Kestrel Ridge Winery", "GivenName": "Ida", "FamilyName": "Moss",
				"PrimaryEmailAddr": object{"Address": "ida.moss@kestrelridge.example"}, "PrimaryPhone": object{"FreeFormNumber": "(509) 555-7010"},
			}),
			Expect: []Expectation{
				crmHas("Accounts", is("Account_Name", "Kestrel Ridge Winery"), is("Phone", "(509) 555-7010")),
				crmHas("Contacts", is("Last_Name", "Moss", "First_Name", "Ida"), is("Account_Name.name", "Kestrel Ridge Winery", "Email", "ida.moss@kestrelridge.example")),
				booksHave("Customer", is("DisplayName", "Kestrel Ridge Winery"), nil),
			},
		},
		{
			At: at(9, 10), Kind: Act, Who: tom, What: "creates the Account Sparrow Lane Bakery in Zoho CRM",
			Do: creates(CRM, tom, "Accounts", object{
				"Account_Name": "Sparrow Lane Bakery", "Phone": "(509) 555-7020", "Billing_Street": "8 Sparrow Ln", "Billing_City": "Selah", "Billing_State": "WA", "Billing_Code": "98942",
			}),
			Expect: []Expectation{
				booksHave("Customer", is("DisplayName", "Sparrow Lane Bakery"), is("PrimaryPhone.FreeFormNumber", "(509) 555-7020", "CompanyName", "Sparrow Lane Bakery", "BillAddr.Line1", "8 Sparrow Ln")),
				crmHas("Accounts", is("Account_Name", "Sparrow Lane Bakery"), nil),
			},
		},
		{
			At: at(9, 15), Kind: Act, Who: eva, What: "changes the phone of the Account Lakeview Terraces",
			Do: edits(CRM, eva, "Accounts", is("Account_Name", lakeview), object{"Phone": "(509) 555-7030"}),
			Expect: []Expectation{
				booksHave("Customer", is("DisplayName", lakeview), is("PrimaryPhone.FreeFormNumber", "(509) 555-7030")),
				crmHas("Accounts", is("Account_Name", lakeview), is("Phone", "(509) 555-7030")),
			},
		},
		{
			At: at(9, 20), Kind: Act, Who: priya, What: "corrects the billing address of Birchwood Brewing in QuickBooks",
			Do: edits(Books, priya, "Customer", is("DisplayName", birchwood), object{
				"BillAddr": object{"Line1": "18 Mash Tun Way", "City": "Naches", "CountrySubDivisionCode": "WA", "PostalCode": "98937"},
			}),
			Expect: []Expectation{crmHas("Accounts", is("Account_Name", birchwood), is("Billing_Street", "18 Mash Tun Way", "Billing_City", "Naches", "Billing_Code", "98937"))},
		},
		{
			At: at(9, 25), Kind: Act, Who: eva + " and " + priya, What: "edit Orchard Park School at the same moment, the fax in the CRM and the website in QuickBooks",
			Do: inTurn(
				edits(CRM, eva, "Accounts", is("Account_Name", orchardPark), object{"Fax": "(509) 555-7041"}),
				edits(Books, priya, "Customer", is("DisplayName", orchardPark), object{"WebAddr": object{"URI": "https://orchardpark.example"}}),
			),
			Expect: []Expectation{
				booksHave("Customer", is("DisplayName", orchardPark), is("Fax.FreeFormNumber", "(509) 555-7041", "WebAddr.URI", "https://orchardpark.example")),
				crmHas("Accounts", is("Account_Name", orchardPark), is("Fax", "(509) 555-7041", "Website", "https://orchardpark.example")),
			},
		},
		{
			At: at(9, 30), Kind: Act, Who: kim, What: "deletes the Contact Nina Park by mistake and brings her back from the recycle bin",
			Do: inTurn(does(CRM, kim, "delete", "Contacts", is("Email", "nina.park@mail.example"), nil), restores(kim, "Contacts", ninaPark)),
			Expect: []Expectation{
				crmHas("Contacts", is("Email", "nina.park@mail.example"), nil),
				booksHave("Customer", is("DisplayName", ninaPark), is("Active", "true")),
			},
		},
		{
			At: at(9, 40), Kind: Act, Who: priya, What: "renames the customer Garden Gate Cafe to Garden Gate Bistro",
			Do: edits(Books, priya, "Customer", is("DisplayName", gardenGate), object{"DisplayName": "Garden Gate Bistro", "CompanyName": "Garden Gate Bistro"}),
			Expect: []Expectation{
				crmHas("Accounts", is("Account_Name", "Garden Gate Bistro"), nil),
				nowhere(CRM, "Accounts", is("Account_Name", gardenGate)),
				crmHas("Invoices", is("QuickBooks_Number", "GG-1"), is("Subject", "GG-1 Garden Gate Bistro", "Account_Name.name", "Garden Gate Bistro")),
			},
		},
		{
			At: at(9, 45), Kind: Act, Who: tom, What: "renames the Account Harbor Lights Inn to Harbor Lights Resort",
			Do: edits(CRM, tom, "Accounts", is("Account_Name", harborLights), object{"Account_Name": "Harbor Lights Resort"}),
			Expect: []Expectation{
				booksHave("Customer", is("DisplayName", "Harbor Lights Resort"), is("CompanyName", "Harbor Lights Resort", "PrintOnCheckName", harborLights)),
				nowhere(Books, "Customer", is("DisplayName", harborLights)),
				crmHas("Accounts", is("Account_Name", "Harbor Lights Resort"), nil),
			},
		},
		{
			At: at(9, 50), Kind: Act, Who: tom, What: "creates the Vendor Cedar Mill Nursery with the web address www.cedarmill.example, which QuickBooks will not take",
			Do:     creates(CRM, tom, "Vendors", object{"Vendor_Name": cedarMill, "Website": "www.cedarmill.example", "Phone": "(509) 555-7050"}),
			Expect: []Expectation{crmHas("Vendors", is("Vendor_Name", cedarMill), nil)},
		},
		{
			At: at(9, 55), Kind: Act, Who: ana, What: "creates the Product Bee hotel",
			Do: creates(CRM, ana, "Products", object{"Product_Name": "Bee hotel", "Product_Code": "BEE-1", "Unit_Price": num(dec("34.5"))}),
			Expect: []Expectation{
				booksHave("Item", is("Name", "Bee hotel"), is("Sku", "BEE-1", "UnitPrice", "34.5")),
				crmHas("Products", is("Product_Code", "BEE-1"), nil),
			},
		},
	}
}

const cedarMill = "Cedar Mill Nursery"

// paperwork: invoices are written, paid, voided and deleted.
func paperwork() []Step {
	return []Step{
		{
			At: at(10, 0), Kind: Act, Who: priya, What: "writes invoice D-101 to Fern Hollow Spa, one line taxed and one not",
			Do: sells(priya, "Invoice", "D-101", fernHollow, []saleLine{{labor, "3", "62.50"}, {gardenTools, "1", "84.90"}}, nil),
			Expect: []Expectation{crmHas("Invoices", is("QuickBooks_Number", "D-101"), is(
				"Subject", "D-101 "+fernHollow, "Grand_Total", "281.10", "QuickBooks_Total", "281.10", "QuickBooks_Tax", "8.70",
				"QuickBooks_Balance_Due", "281.10", "QuickBooks_Status", "Open", "Account_Name.name", fernHollow,
			))},
		},
		{
			At: at(10, 5), Kind: Act, Who: priya, What: "takes the money for invoice FH-1",
			Do:     paysInvoice(priya, "FH-1", ""),
			Expect: []Expectation{crmHas("Invoices", is("QuickBooks_Number", "FH-1"), is("QuickBooks_Status", "Paid", "QuickBooks_Balance_Due", "0", "QuickBooks_Paid_on", "20*"))},
		},
		{
			At: at(10, 10), Kind: Act, Who: priya, What: "takes 200.00 towards invoice BW-1",
			Do:     paysInvoice(priya, "BW-1", "200"),
			Expect: []Expectation{crmHas("Invoices", is("QuickBooks_Number", "BW-1"), is("QuickBooks_Status", "Partly paid", "QuickBooks_Balance_Due", "550", "Grand_Total", "750"))},
		},
		{
			At: at(10, 15), Kind: Act, Who: priya, What: "voids invoice BW-2",
			Do:     does(Books, priya, "void", "Invoice", is("DocNumber", "BW-2"), nil),
			Expect: []Expectation{crmHas("Invoices", is("QuickBooks_Number", "BW-2"), is("QuickBooks_Status", "Voided*", "Grand_Total", "0", "QuickBooks_Total", "0", "QuickBooks_Amount_before", "312.21"))},
		},
		{
			At: at(10, 20), Kind: Act, Who: priya, What: "deletes invoice 1043",
			Do: does(Books, priya, "delete", "Invoice", is("DocNumber", "1043"), nil),
			Expect: []Expectation{
				nowhere(Books, "Invoice", is("DocNumber", "1043")),
				crmHas("Invoices", is("QuickBooks_Number", "1043"), is("QuickBooks_Status", "Deleted*", "Grand_Total", "0", "QuickBooks_Amount_before", "375")),
			},
		},
		{
			At: at(10, 25), Kind: Act, Who: priya, What: "deletes the payment that paid three invoices of Lakeview Terraces: all three are open again",
			Do: does(Books, priya, "delete", "Payment", is("PaymentRefNum", threeInvoices), nil),
			Expect: []Expectation{
				crmHas("Invoices", is("QuickBooks_Number", "1040"), is("QuickBooks_Status", "Overdue", "QuickBooks_Balance_Due", "749.50", "QuickBooks_Paid_on", "")),
				crmHas("Invoices", is("QuickBooks_Number", "LV-2"), is("QuickBooks_Status", "Open", "QuickBooks_Balance_Due", "187.50")),
				crmHas("Invoices", is("QuickBooks_Number", "LV-3"), is("QuickBooks_Status", "Open", "QuickBooks_Balance_Due", "125")),
			},
		},
		{
			At: at(10, 30), Kind: Act, Who: priya, What: "makes a fourth invoice of estimate E-9000",
			Do: does(Books, priya, "invoice_estimate", "Estimate", is("DocNumber", "E-9000"), object{"Percent": 20, "DocNumber": "E-9000-4"}),
			Expect: []Expectation{
				crmHas("Invoices", is("QuickBooks_Number", "E-9000-4"), is("Grand_Total", "1800")),
				crmHas("Quotes", is("QuickBooks_Number", "E-9000"), is("QuickBooks_Invoiced_so_far", "7650", "QuickBooks_Remaining", "1350", "Grand_Total", "9000")),
			},
		},
		{
			At: at(10, 35), Kind: Act, Who: priya, What: "enters the vendor's bill for purchase order PO-STORY",
			Do:     does(Books, priya, "bill_order", "PurchaseOrder", is("DocNumber", "PO-STORY"), nil),
			Expect: []Expectation{crmHas("Purchase_Orders", is("QuickBooks_Number", "PO-STORY"), is("QuickBooks_Status", "Closed", "Vendor_Name.name", stoneVendor))},
		},
		{
			At: at(10, 40), Kind: Act, Who: priya, What: "raises the price of the garden tool set to 89.90",
			Do:     edits(Books, priya, "Item", is("Name", gardenTools), object{"UnitPrice": num(dec("89.90"))}),
			Expect: []Expectation{crmHas("Products", is("Product_Code", "TOOLS-7"), is("Unit_Price", "89.90"))},
		},
		{
			At: at(10, 45), Kind: Act, Who: priya, What: "counts the pumps and finds 24: one is broken",
			Do: counts(priya, "PUMP-050", "24", "D-101"),
			Expect: []Expectation{
				booksHave("Item", is("Sku", "PUMP-050"), is("QtyOnHand", "24")),
				crmHas("Products", is("Product_Code", "PUMP-050"), is("Qty_in_Stock", "24")),
			},
		},
		{
			At: at(10, 50), Kind: Act, Who: eva, What: "puts the two quotes and the invoice of Copper Beech Inn on her won Deal in Zoho CRM",
			Do: putsOnDeal(eva, wonDeal, []string{"E-TP-1", "E-TP-2"}, []string{"TP-1"}),
			Expect: []Expectation{crmHas("Deals", is("Deal_Name", wonDeal), is( // 39
				"QuickBooks_Quoted", "3061.61", "QuickBooks_Invoiced", "2500", "QuickBooks_Paid", "0", "QuickBooks_Open", "2500", "QuickBooks_Last_Invoice_Status", "Open",
			))},
		},
		wait(10, 55, "carries the morning over"),
	}
}

// firstSync is the program's first look; what is expected of it is what the
// named records of practice section 8 must show by the end of the day.
func firstSync() Step {
	step := wait(9, 0, "brings the two systems into step for the first time")
	account := func(name string, fields map[string]string) Expectation {
		return crmHas("Accounts", is("Account_Name", name), fields)
	}
	invoice := func(number string, pairs ...string) Expectation {
		return crmHas("Invoices", is("QuickBooks_Number", number), is(pairs...))
	}
	step.Expect = []Expectation{
		account(coolBreeze, is("QuickBooks_Status", "Active")), // 1
		crmHas("Contacts", is("First_Name", "Dana", "Last_Name", "Ruiz"), is("Account_Name.name", coolBreeze, "Email", "dana.ruiz@coolbreeze.example")),
		crmHas("Contacts", is("Email", "mike.dunn@mail.example"), is("Account_Name", "")), // 2
		account(dunnPool, nil), // 3
		nowhere(CRM, "Accounts", is("Account_Name", "Dunn Mechanical LLC")),
		{Side: CRM, Type: "Contacts", Where: is("Account_Name.name", alderCourt), Count: 12}, // 4
		nowhere(CRM, "Accounts", is("Account_Name", alderSite)),                              // 5
		invoice("EV-1", "Account_Name.name", evergreen, "QuickBooks_Job_or_project", alderSite),
		nowhere(CRM, "Accounts", is("Account_Name", smithProject)), // 6
		invoice("SB-1", "Contact_Name.name", smith, "QuickBooks_Job_or_project", smithProject),
		nowhere(Books, "Customer", is("DisplayName", acme)),   // 7
		nowhere(Books, "Customer", is("DisplayName", patLee)), // 8
		crmHas("Contacts", is("Last_Name", "Lee", "First_Name", "Pat"), is(idField, "")),
		account(pena, is("Currency", "EUR")),                                                                    // 9
		account(yamada, nil),                                                                                    // 10
		booksHave("Customer", is("DisplayName", northgate), is("PrimaryEmailAddr.Address", northgateMail)),      // 11
		account(oldMill, is("QuickBooks_Status", "Inactive", "QuickBooks_Balance", "40")),                       // 13
		account(bayside, is("QuickBooks_Balance", "-15")),                                                       // 15
		booksHave("Customer", is("DisplayName", stMary), is("Taxable", "false", "ResaleNum", "WA-RESALE-0177")), // 17
		crmHas("Vendors", is("Vendor_Name", rayOrtiz), nil),                                                     // 21
		nowhere(CRM, "Vendors", is("Vendor_Name", "WA Dept of Revenue")),                                        // 22
		nowhere(CRM, "Vendors", is("Vendor_Name", "United States Treasury")),
		nowhere(Books, "Vendor", is("DisplayName", vendor41)),                                                         // 23
		crmHas("Products", is("Product_Code", "GLV-S"), nil),                                                          // 26
		crmHas("Products", is("Product_Code", "HAT-S"), nil),                                                          // 26
		nowhere(CRM, "Products", is("Product_Name", springKit)),                                                       // 27
		crmHas("Products", is("Product_Code", "SKIM-OLD"), is("Product_Active", "false", "Product_Name", oldSkimmer)), // 28
		booksHave("Item", is("Sku", "HAUL-GAL"), is("UnitPrice", "0.00125")),                                          // 30
		invoice("1033", "QuickBooks_Shipping", "12.95"),                                                               // 31
		invoice("1036", "Grand_Total", "1137.54", "Currency", "EUR"),                                                  // 36
		crmHas("Quotes", is("QuickBooks_Number", "E-9001"), is("QuickBooks_Status", "Expired")),                       // 37
		crmHas("Quotes", is("QuickBooks_Number", "E-9002"), is("QuickBooks_Status", "Accepted", "QuickBooks_Remaining", "2250")),
		crmHas("Purchase_Orders", is("QuickBooks_Number", "PO-HAND"), is("QuickBooks_Status", "Closed")), // 38
		crmHas("Purchase_Orders", is("QuickBooks_Number", "PO-CAD"), is("Currency", "CAD")),
		account(willowBend, is("Locked__s", "true")), // 39
	}
	return step
}
