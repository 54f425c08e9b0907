package mapping

import "crossbook"

// accountPairs is spec section 3.2. An Account is the whole customer, or its
// company part.
func accountPairs() []Pair {
	name := both("Account_Name", "Account Name", "DisplayName", Name, crossbook.GroupName, crossbook.Books)
	name.Required = true
	pairs := []Pair{
		name,
		both("Phone", "Phone", "PrimaryPhone.FreeFormNumber", Phone, crossbook.GroupPhone, crossbook.CRM),
		both("Fax", "Fax", "Fax.FreeFormNumber", Phone, crossbook.GroupPhone, crossbook.CRM),
		both("Website", "Website", "WebAddr.URI", URL, crossbook.GroupPhone, crossbook.CRM),
	}
	pairs = append(pairs, address(
		[5]string{"Billing_Street", "Billing_City", "Billing_State", "Billing_Code", "Billing_Country"},
		"Billing", "BillAddr", crossbook.GroupBilling, UnitBilling)...)
	pairs = append(pairs, address(
		[5]string{"Shipping_Street", "Shipping_City", "Shipping_State", "Shipping_Code", "Shipping_Country"},
		"Shipping", "ShipAddr", crossbook.GroupShipping, UnitShipping)...)
	pairs = append(pairs, currencyPair())
	pairs = append(pairs, ownPairs()...)
	return append(pairs,
		invoiceEmail(),
		balance(),
		ours(shown("QuickBooks_Terms", "QuickBooks Terms", "SalesTermRef.name", Text, crossbook.GroupTerms)),
		ours(shown("QuickBooks_Customer_Type", "QuickBooks Customer Type", "CustomerTypeRef.name", Text, crossbook.GroupTerms)),
		ours(shown("QuickBooks_Taxable", "QuickBooks Taxable", "Taxable", Bool, crossbook.GroupTerms)),
		ours(shown("QuickBooks_Resale_Number", "QuickBooks Resale Number", "ResaleNum", Text, crossbook.GroupTerms)))
}

// contactPairs is spec section 3.1. A Contact is the whole customer, or its
// person part: then the Account has phones, addresses and everything else (P1).
func contactPairs(s crossbook.Settings) []Pair {
	last := both("Last_Name", "Last Name", "FamilyName", Text, crossbook.GroupPerson, "")
	last.Required = true
	pairs := []Pair{
		both("Salutation", "Salutation", "Title", PickList, crossbook.GroupPerson, ""),
		both("First_Name", "First Name", "GivenName", Text, crossbook.GroupPerson, ""),
		last,
	}
	for i := range pairs {
		pairs[i].Unit = UnitPerson
	}
	email := both("Email", "Email", "PrimaryEmailAddr.Address", Email, crossbook.GroupEmail, "")
	email.Policy = FillOnly
	pairs = append(pairs, email, contactAccount(s))
	pairs = append(pairs, only(privatePairs(), crossbook.Whole)...)
	pairs = append(pairs, currencyPair())
	pairs = append(pairs, ownPairs()...)
	return append(pairs, invoiceEmail(), only([]Pair{balance()}, crossbook.Whole)[0])
}

// privatePairs are the pairs of a Contact that is a customer by itself.
func privatePairs() []Pair {
	pairs := []Pair{
		both("Phone", "Phone", "PrimaryPhone.FreeFormNumber", Phone, crossbook.GroupPhone, crossbook.CRM),
		both("Mobile", "Mobile", "Mobile.FreeFormNumber", Phone, crossbook.GroupPhone, crossbook.CRM),
		both("Fax", "Fax", "Fax.FreeFormNumber", Phone, crossbook.GroupPhone, crossbook.CRM),
	}
	pairs = append(pairs, address(
		[5]string{"Mailing_Street", "Mailing_City", "Mailing_State", "Mailing_Zip", "Mailing_Country"},
		"Mailing", "BillAddr", crossbook.GroupBilling, UnitBilling)...)
	return append(pairs, address(
		[5]string{"Other_Street", "Other_City", "Other_State", "Other_Zip", "Other_Country"},
		"Other", "ShipAddr", crossbook.GroupShipping, UnitShipping)...)
}

// contactAccount pairs a Contact's Account. In the mode Contacts only it is
// text in QuickBooks; the person part belongs to the Account of its customer,
// which is filled once and never moved (spec section 2).
func contactAccount(s crossbook.Settings) Pair {
	if s.CustomerSource == crossbook.ContactsOnly {
		return both("Account_Name", "Account Name", "CompanyName", Company, crossbook.GroupName, crossbook.Books)
	}
	return Pair{
		Field: "Account_Name", Label: "Account Name", Books: "Id", Kind: Reference, Target: crossbook.Accounts,
		Direction: crossbook.InToCRM, Group: crossbook.GroupName, Policy: FillOnly,
		Parts: []crossbook.Part{crossbook.Person}, Owner: crossbook.CRM,
	}
}

// currencyPair is fixed when a record is made, on either side (P9, R97).
func currencyPair() Pair {
	p := both("Currency", "Currency", "CurrencyRef", Code, crossbook.GroupCurrency, crossbook.Books)
	p.Policy = CreateOnly
	return p
}

// invoiceEmail holds QuickBooks' whole e-mail text (P5).
func invoiceEmail() Pair {
	return ours(shown(FieldInvoiceEmail, "QuickBooks Invoice Email", "PrimaryEmailAddr.Address", Text, crossbook.GroupEmail))
}

func balance() Pair {
	return ours(shown(FieldBalance, "QuickBooks Balance", "Balance", Money, crossbook.GroupFigures))
}
