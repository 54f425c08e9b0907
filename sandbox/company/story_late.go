package company

// outage: QuickBooks is down for a while, and people go on working.
func outage() []Step {
	return []Step{
		{
			At: at(11, 0), Kind: Trouble, Who: "QuickBooks", What: "is down: every call of its API fails",
			Do: fails(Books, object{"kind": "status", "status": 503, "path_contains": "/v3/"}),
		},
		{
			At: at(11, 5), Kind: Act, Who: eva + " and " + priya, What: "both change the phone of Summit View Dental; phones belong to the CRM",
			Do: inTurn(
				edits(CRM, eva, "Accounts", is("Account_Name", summitView), object{"Phone": "(509) 555-7102"}),
				edits(Books, priya, "Customer", is("DisplayName", summitView), object{"PrimaryPhone": object{"FreeFormNumber": "(509) 555-7199"}}),
			),
			Expect: []Expectation{
				crmHas("Accounts", is("Account_Name", summitView), is("Phone", "(509) 555-7102")),
				booksHave("Customer", is("DisplayName", summitView), is("PrimaryPhone.FreeFormNumber", "(509) 555-7102")),
			},
		},
		{
			At: at(11, 10), Kind: Act, Who: tom, What: "writes down a mobile number for Nina Park, who has married and is Nina Park-Lee now",
			Do: edits(CRM, tom, "Contacts", is("Email", "nina.park@mail.example"), object{"Mobile": "(509) 555-7203", "Last_Name": "Park-Lee"}),
			Expect: []Expectation{booksHave("Customer", is("DisplayName", ninaPark), is(
				"Mobile.FreeFormNumber", "(509) 555-7203", "FamilyName", "Park-Lee", "GivenName", "Nina",
			))},
		},
		{
			At: at(11, 20), Kind: Trouble, Who: "QuickBooks", What: "is back",
			Do: recovers(Books),
		},
	}
}

// whileDead: the program dies in the middle of its work; the people do not notice.
func whileDead() []Step {
	return []Step{
		{At: at(11, 25), Kind: Kill, Who: "Crossbook", What: "is killed"},
		{
			At: at(11, 30), Kind: Act, Who: priya, What: "enters the customer Heron Point Marina and invoice D-102 to it",
			Do: inTurn(
				creates(Books, priya, "Customer", object{"DisplayName": "Heron Point Marina", "CompanyName": "Heron Point Marina", "PrimaryPhone": object{"FreeFormNumber": "(509) 555-7301"}}),
				sells(priya, "Invoice", "D-102", "Heron Point Marina", []saleLine{{labor, "2", "62.50"}}, nil),
			),
			Expect: []Expectation{
				crmHas("Accounts", is("Account_Name", "Heron Point Marina"), is("Phone", "(509) 555-7301")),
				crmHas("Invoices", is("QuickBooks_Number", "D-102"), is("Grand_Total", "125", "Account_Name.name", "Heron Point Marina")),
			},
		},
		{
			At: at(11, 35), Kind: Act, Who: tom, What: "puts https:// before the web address of Cedar Mill Nursery",
			Do: edits(CRM, tom, "Vendors", is("Vendor_Name", cedarMill), object{"Website": "https://www.cedarmill.example"}),
			Expect: []Expectation{
				booksHave("Vendor", is("DisplayName", cedarMill), is("WebAddr.URI", "https://www.cedarmill.example", "PrimaryPhone.FreeFormNumber", "(509) 555-7050")),
			},
		},
		{
			At: at(11, 40), Kind: Act, Who: eva, What: "creates the Account Magnolia Court Hotel with the Contact Amir Sayed",
			Do: inTurn(
				creates(CRM, eva, "Accounts", object{"Account_Name": "Magnolia Court Hotel", "Phone": "(509) 555-7310"}),
				createsUnder(eva, "Contacts", "Account_Name", "Accounts", is("Account_Name", "Magnolia Court Hotel"), object{"First_Name": "Amir", "Last_Name": "Sayed", "Email": "amir.sayed@magnolia.example"}),
			),
			Expect: []Expectation{
				booksHave("Customer", is("DisplayName", "Magnolia Court Hotel"), is("PrimaryPhone.FreeFormNumber", "(509) 555-7310", "GivenName", "Amir", "FamilyName", "Sayed")),
				crmHas("Accounts", is("Account_Name", "Magnolia Court Hotel"), nil),
				crmHas("Contacts", is("Last_Name", "Sayed"), is("First_Name", "Amir")),
			},
		},
		{At: at(11, 50), Kind: Restart, Who: "Crossbook", What: "is started again"},
		wait(12, 0, "recovers, and catches up with both sides"),
	}
}

// afternoon: notifications go wrong, and records are merged and put away.
func afternoon() []Step {
	return []Step{
		{
			At: at(13, 0), Kind: Trouble, Who: "The notifications", What: "come twice and late",
			Do: inTurn(
				fails(Books, object{"kind": "notify_double", "times": 1}), fails(Books, object{"kind": "notify_delay", "delay_ms": 1200, "times": 1}),
				fails(CRM, object{"kind": "notify_double", "times": 1}),
			),
		},
		{
			At: at(13, 5), Kind: Act, Who: priya, What: "enters the customer Larkspur Stables, whose notification comes twice",
			Do: creates(Books, priya, "Customer", object{"DisplayName": "Larkspur Stables", "CompanyName": "Larkspur Stables", "Notes": "Ring first"}),
			Expect: []Expectation{
				crmHas("Accounts", is("Account_Name", "Larkspur Stables"), nil),
				booksHave("Customer", is("DisplayName", "Larkspur Stables*"), nil),
			},
		},
		{
			At: at(13, 10), Kind: Act, Who: tom, What: "changes the fax of Fern Hollow Spa, and so does nobody else",
			Do:     edits(CRM, tom, "Accounts", is("Account_Name", fernHollow), object{"Fax": "(509) 555-7401"}),
			Expect: []Expectation{booksHave("Customer", is("DisplayName", fernHollow), is("Fax.FreeFormNumber", "(509) 555-7401"))},
		},
		{
			At: at(13, 20), Kind: Act, Who: ana, What: "merges the Account Red Barn Events Hall into Red Barn Events in the CRM",
			Do: merges(CRM, ana, "Accounts", "Account_Name", redBarn2, redBarn),
			Expect: []Expectation{
				crmHas("Accounts", is("Account_Name", redBarn), nil),
				nowhere(CRM, "Accounts", is("Account_Name", redBarn2)),
				booksHave("Customer", is("DisplayName", redBarn), is("Active", "true")),
				booksHave("Customer", is("DisplayName", redBarn2), is("Active", "true")),
				crmHas("Invoices", is("QuickBooks_Number", "RBH-1"), is("Account_Name.name", redBarn, "Grand_Total", "125")),
			},
		},
		{
			At: at(13, 30), Kind: Act, Who: priya, What: "merges the customer Twin Peaks Lodge - Annex into Twin Peaks Lodge in QuickBooks",
			Do: merges(Books, priya, "Customer", "DisplayName", twinPeaks2, twinPeaks),
			Expect: []Expectation{
				crmHas("Accounts", is("Account_Name", twinPeaks), nil),
				crmHas("Accounts", is("Account_Name", twinPeaks2), nil),
				crmHas("Invoices", is("QuickBooks_Number", "TPA-1"), is("Account_Name.name", twinPeaks)),
			},
		},
		{
			At: at(13, 40), Kind: Act, Who: priya, What: "makes the customer Omar Haddad inactive",
			Do: does(Books, priya, "inactivate", "Customer", is("DisplayName", omarHaddad), nil),
			Expect: []Expectation{
				crmHas("Contacts", is("Email", "omar.haddad@mail.example"), is("Last_Name", "Haddad", "QuickBooks_Status", "Inactive")),
				booksHave("Customer", is("GivenName", "Omar", "FamilyName", "Haddad"), is("Active", "false")),
			},
		},
		{
			At: at(13, 50), Kind: Act, Who: kim, What: "deletes Lantern Hill Farm and its contact from the CRM",
			Do: inTurn(
				does(CRM, kim, "delete", "Contacts", is("Account_Name.name", lanternHill), nil),
				does(CRM, kim, "delete", "Accounts", is("Account_Name", lanternHill), nil),
			),
			Expect: []Expectation{
				nowhere(CRM, "Accounts", is("Account_Name", lanternHill)),
				booksHave("Customer", is("DisplayName", lanternHill), is("Active", "true")),
			},
		},
		wait(14, 0, "takes note"),
		{
			At: at(14, 5), Kind: Act, Who: priya, What: "changes the phone of Lantern Hill Farm: what was deleted in the CRM does not come back",
			Do:     edits(Books, priya, "Customer", is("DisplayName", lanternHill), object{"PrimaryPhone": object{"FreeFormNumber": "(509) 555-7501"}}),
			Expect: []Expectation{booksHave("Customer", is("DisplayName", lanternHill), is("PrimaryPhone.FreeFormNumber", "(509) 555-7501"))},
		},
	}
}

// evening: things that must lead to nothing.
func evening() []Step {
	return []Step{
		{
			At: at(15, 0), Kind: Act, Who: eva, What: "unticks Product Active on a pump that is in stock: QuickBooks is told nothing",
			Do:     edits(CRM, eva, "Products", is("Product_Code", "PUMP-075"), object{"Product_Active": false}),
			Expect: []Expectation{booksHave("Item", is("Sku", "PUMP-075"), is("Active", "true", "QtyOnHand", "20"))},
		},
		{
			At: at(15, 5), Kind: Act, Who: priya, What: "enters the vendor City Parking, which no purchase order names",
			Do:     creates(Books, priya, "Vendor", object{"DisplayName": "City Parking"}),
			Expect: []Expectation{nowhere(CRM, "Vendors", is("Vendor_Name", "City Parking"))},
		},
		{
			At: at(15, 10), Kind: Act, Who: priya, What: "enters the vendor Tulip Lane Growers with purchase order D-PO-1 in its wake",
			Do: inTurn(
				creates(Books, priya, "Vendor", object{"DisplayName": tulipLane, "CompanyName": tulipLane, "PrimaryPhone": object{"FreeFormNumber": "(509) 555-7601"}}),
				orders(priya, "D-PO-1", tulipLane, "TOOLS-7", "5", "40.00"),
			),
			Expect: []Expectation{
				crmHas("Vendors", is("Vendor_Name", tulipLane), is("Phone", "(509) 555-7601")),
				crmHas("Purchase_Orders", is("QuickBooks_Number", "D-PO-1"), is("Grand_Total", "200", "Vendor_Name.name", tulipLane, "QuickBooks_Status", "Open")),
			},
		},
		{
			At: at(15, 20), Kind: Trouble, Who: "QuickBooks", What: "touches two hundred customers without changing any of them",
			Do: bumps("Customer", 200),
		},
		{
			At: at(15, 25), Kind: Trouble, Who: "The notifications", What: "work again",
			Do: inTurn(recovers(Books), recovers(CRM)),
		},
		wait(16, 0, "is quiet, and the day is over"),
	}
}

const tulipLane = "Tulip Lane Growers"
