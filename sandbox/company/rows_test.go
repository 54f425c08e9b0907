package company

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// The forty named records of practice section 8, read from the sandboxes.
func TestLarkfield_HoldsTheFortyRows(t *testing.T) {
	s := look(t)
	today := s.cal.day(0)
	var seen []int
	for _, row := range []struct {
		no    int
		name  string
		check func(s *truth)
	}{
		{1, "company and person", func(s *truth) {
			s.want(s.customer("Cool Breeze HVAC"), "CompanyName", "Cool Breeze HVAC", "GivenName", "Dana", "FamilyName", "Ruiz")
		}},
		{2, "person without company, with an invoice", func(s *truth) {
			s.want(s.customer("Mike Dunn"), "CompanyName", "", "GivenName", "Mike", "FamilyName", "Dunn")
			s.count("invoices", len(s.of("Invoice", "Mike Dunn")), 1)
		}},
		{3, "display name that is neither company nor person", func(s *truth) {
			s.want(s.customer("Dunn - Pool Division"), "CompanyName", "Dunn Mechanical LLC", "GivenName", "Mike", "FamilyName", "Dunn")
		}},
		{4, "twelve contacts, one of them billed", func(s *truth) {
			people := s.contactsOf("Alder Court HOA")
			s.count("contacts", len(people), 12)
			billed := 0
			for _, p := range people {
				if textAt(p, "Email") == textAt(s.customer("Alder Court HOA"), "PrimaryEmailAddr.Address") {
					billed++
				}
			}
			s.count("billed contacts", billed, 1)
		}},
		{5, "three sites, one with a first name only", func(s *truth) {
			parent := idOf(s.customer("Evergreen Property Mgmt"))
			s.count("sites", len(s.where(Books, "Customer", "ParentRef", parent)), 3)
			s.want(s.customer("14 Alder St"), "GivenName", "Amelia", "FamilyName", "", "Job", "true", "ParentRef", parent)
			s.count("invoices", len(s.of("Invoice", "14 Alder St")), 1)
		}},
		{6, "project with four invoices", func(s *truth) {
			s.want(s.customer("Smith backyard 2026"), "IsProject", "true", "ParentRef", idOf(s.customer("Olivia Smith")))
			s.count("invoices", len(s.of("Invoice", "Smith backyard 2026")), 4)
		}},
		{7, "vendor and account of one name", func(s *truth) {
			s.vendor("Acme Fasteners")
			s.account("Acme Fasteners")
			s.count("customers", len(s.where(Books, "Customer", "DisplayName", "Acme Fasteners*")), 0)
		}},
		{8, "employee and contact of one name", func(s *truth) {
			s.one(Books, "Employee", "DisplayName", "Pat Lee")
			s.want(s.one(CRM, "Contacts", "Full_Name", "Pat Lee"), "Account_Name", "")
		}},
		{9, "one firm in two currencies", func(s *truth) {
			s.want(s.customer("Peña & Söhne"), "CurrencyRef", "EUR")
			s.want(s.customer("Peña & Söhne (USD)"), "CurrencyRef", "USD", "CompanyName", "Peña & Söhne")
			s.want(s.account("Peña & Söhne"), "Currency", "EUR")
			if a, b := amount(s.customer("Peña & Söhne"), "Balance"), amount(s.customer("Peña & Söhne (USD)"), "Balance"); a.IsZero() || b.IsZero() || a.Equal(b) {
				s.t.Errorf("balances %s and %s", a, b)
			}
		}},
		{10, "another script, a picture in the memo", func(s *truth) {
			c := s.customer("株式会社山田製作所")
			for _, text := range []string{textAt(c, "Notes"), textAt(s.of("Invoice", "株式会社山田製作所")[0], "CustomerMemo")} {
				if !strings.ContainsFunc(text, func(r rune) bool { return r > 0xffff }) {
					s.t.Errorf("%q has no emoji", text)
				}
			}
		}},
		{11, "three addresses in 85 characters", func(s *truth) {
			mail := textAt(s.customer("Northgate PM"), "PrimaryEmailAddr.Address")
			s.count("characters", len(mail), 85)
			s.count("addresses", strings.Count(mail, "@"), 3)
		}},
		{12, "two associations behind one mail", func(s *truth) {
			s.count("customers", len(s.where(Books, "Customer", "PrimaryEmailAddr.Address", "billing@northgatepm.example")), 2)
			s.count("contacts", len(s.where(CRM, "Contacts", "Email", "billing@northgatepm.example")), 2)
		}},
		{13, "inactive customer, 22 invoices, 40.00 open", func(s *truth) {
			s.want(s.customer("Old Mill Café (deleted)"), "Active", "false", "Balance", "40")
			s.count("invoices", len(s.of("Invoice", "Old Mill Café (deleted)")), 22)
		}},
		{14, "the same firm without the accent", func(s *truth) { s.account("Old Mill Cafe") }},
		{15, "more credit than debt", func(s *truth) {
			s.want(s.customer("Bayside Grill"), "Balance", "-15")
			s.want(s.of("Invoice", "Bayside Grill")[0], "Balance", "85")
			s.want(s.of("CreditMemo", "Bayside Grill")[0], "Balance", "100")
		}},
		{16, "quotes, ampersand, trailing blank", func(s *truth) {
			s.customer(`Amy's "Bird" Sanctuary & Co`)
			s.account(`Amy's "Bird" Sanctuary & Co `)
		}},
		{17, "exempt from tax", func(s *truth) {
			s.want(s.customer("St Mary Parish"), "Taxable", "false", "ResaleNum", "WA-RESALE-0177")
			s.want(s.account("St Mary Parish"), "Account_Number", "4711")
			s.want(s.of("Invoice", "St Mary Parish")[0], "TxnTaxDetail.TotalTax", "0")
		}},
		{18, "job title of 27 characters", func(s *truth) {
			s.count("characters", len(textAt(s.one(CRM, "Contacts", "Title", "Regional Facilities Manager"), "Title")), 27)
		}},
		{19, "2,000 prospects without a deal", func(s *truth) {
			withDeal := map[string]bool{}
			for _, d := range s.all(CRM, "Deals") {
				withDeal[textAt(d, "Account_Name.id")] = true
			}
			n := 0
			for _, a := range s.where(CRM, "Accounts", "Description", "Bought list*") {
				if !withDeal[idOf(a)] && len(s.where(Books, "Customer", "DisplayName", textAt(a, "Account_Name"))) == 0 {
					n++
				}
			}
			s.count("prospects", n, 2000)
		}},
		{20, "14 invoices, 3 in the closed year", func(s *truth) {
			s.account("Harbor Lights Inn")
			old := 0
			for _, inv := range s.of("Invoice", "Harbor Lights Inn") {
				if textAt(inv, "TxnDate") <= s.cal.closing() {
					old++
				}
			}
			s.count("invoices", len(s.of("Invoice", "Harbor Lights Inn")), 14)
			s.count("invoices in closed books", old, 3)
		}},
		{21, "vendor with a tax number, shown masked", func(s *truth) {
			s.want(s.vendor("Ray Ortiz"), "Vendor1099", "true", "TaxIdentifier", "XXXXXXX1234")
			s.count("purchase orders", len(s.where(Books, "PurchaseOrder", "VendorRef", idOf(s.vendor("Ray Ortiz")))), 1)
		}},
		{22, "vendors without a purchase order", func(s *truth) {
			for _, name := range []string{"WA Dept of Revenue", "United States Treasury"} {
				id := idOf(s.vendor(name))
				s.count(name, len(s.where(Books, "PurchaseOrder", "VendorRef", id))+len(s.where(Books, "Item", "PrefVendorRef", id)), 0)
			}
		}},
		{23, "web address without a scheme", func(s *truth) {
			s.want(s.one(CRM, "Vendors", "Vendor_Name", "Vendor 41"), "Website", "www.vendor41.com")
			s.count("vendors", len(s.where(Books, "Vendor", "DisplayName", "Vendor 41")), 0)
		}},
		{24, "vendor on both sides with one mail", func(s *truth) {
			s.want(s.one(CRM, "Vendors", "Vendor_Name", "Blue Ridge Stone"), "Email", textAt(s.vendor("Blue Ridge Stone"), "PrimaryEmailAddr.Address"))
		}},
		{25, "stock item, 25 pieces", func(s *truth) {
			s.want(s.item("Pump 1/2 HP"), "Type", "Inventory", "InvStartDate", s.cal.closing()[:4]+"-04-08", "QtyOnHand", "25")
		}},
		{26, "two items of one leaf name", func(s *truth) {
			s.want(s.item("Gloves:Small"), "Name", "Small")
			s.want(s.item("Hats:Small"), "Name", "Small")
		}},
		{27, "bundle on two invoices", func(s *truth) {
			kit := s.item("Spring start-up kit")
			s.want(kit, "Type", "Group")
			n := 0
			for _, inv := range s.all(Books, "Invoice") {
				for _, l := range linesOf(inv) {
					if textAt(l, "GroupLineDetail.GroupItemRef") == idOf(kit) {
						n++
					}
				}
			}
			s.count("bundle lines", n, 2)
		}},
		{28, "inactive item on old invoices; stocked pump in the CRM", func(s *truth) {
			old := s.item("Old skimmer (deleted)")
			s.want(old, "Active", "false")
			n := 0
			for _, inv := range s.all(Books, "Invoice") {
				for _, l := range linesOf(inv) {
					if textAt(l, "SalesItemLineDetail.ItemRef") == idOf(old) {
						n++
					}
				}
			}
			s.count("lines", n, 2)
			s.want(s.item("Pump 3/4 HP"), "Type", "Inventory", "Active", "true", "QtyOnHand", "20") // 18, and two that came by bill
			s.want(s.one(CRM, "Products", "Product_Name", "Pump 3/4 HP"), "Product_Active", "true")
		}},
		{29, "quantity without a date; preferred vendor unknown", func(s *truth) {
			s.want(s.one(CRM, "Products", "Product_Name", "Solar cover 16 x 32"), "Qty_in_Stock", "40", "As_of_Date", "")
			vendor := textAt(s.one(CRM, "Products", "Product_Name", "Robot cleaner X4"), "Vendor_Name.name")
			if vendor == "" || len(s.where(Books, "Vendor", "DisplayName", vendor)) != 0 {
				s.t.Errorf("the preferred vendor %q is known to QuickBooks", vendor)
			}
		}},
		{30, "price of 0.00125 a gallon", func(s *truth) {
			l := linesOf(s.invoice("WH-1"))[0]
			s.want(l, "SalesItemLineDetail.UnitPrice", "0.00125", "SalesItemLineDetail.Qty", "18432", "Amount", "23.04")
		}},
		{31, "taxed and untaxed lines, discount, shipping, two agencies", func(s *truth) {
			inv := s.invoice("1033")
			codes, kinds := map[string]int{}, map[string]object{}
			for _, l := range linesOf(inv) {
				kinds[textAt(l, "DetailType")] = l
				if textAt(l, "SalesItemLineDetail.ItemRef") == "SHIPPING_ITEM_ID" {
					s.want(l, "Amount", "12.95")
					continue
				}
				codes[textAt(l, "SalesItemLineDetail.TaxCodeRef")]++
			}
			s.want(kinds["DiscountLineDetail"], "DiscountLineDetail.DiscountPercent", "10")
			if codes["TAX"] == 0 || codes["NON"] == 0 {
				s.t.Errorf("lines by tax code: %v", codes)
			}
			detail, _ := inv["TxnTaxDetail"].(object)
			lines, _ := detail["TaxLine"].([]any)
			s.count("tax lines", len(lines), 2)
			sum := decimal.Zero
			for i, want := range []string{"6.5", "3.75"} {
				s.want(lines[i].(object), "TaxLineDetail.TaxPercent", want)
				sum = sum.Add(amount(lines[i].(object), "Amount"))
			}
			s.want(inv, "TxnTaxDetail.TotalTax", sum.String())
		}},
		{32, "text first, between and last; 4,000 characters", func(s *truth) {
			lines := linesOf(s.invoice("1035"))
			longest := 0
			var order []string
			for _, l := range lines {
				longest = max(longest, utf8.RuneCountInString(textAt(l, "Description")))
				order = append(order, textAt(l, "DetailType")[:4])
			}
			s.count("longest description", longest, 4000)
			if got := strings.Join(order, " "); got != "Desc Sale Desc Sale Sale Desc SubT" {
				s.t.Errorf("lines in the order %s", got)
			}
		}},
		{33, "deposit, part payments, one payment over three invoices", func(s *truth) {
			inv := s.invoice("1040")
			s.want(inv, "Deposit", "500", "Balance", "0")
			paid, three := 0, 0
			for _, p := range s.all(Books, "Payment") {
				for _, l := range linesOf(p) {
					if link := l["LinkedTxn"].([]any)[0].(object); textAt(link, "TxnId") == idOf(inv) {
						paid++
						if len(linesOf(p)) == 3 {
							three++
						}
					}
				}
			}
			s.count("payments", paid, 3)
			s.count("payments over three invoices", three, 1)
		}},
		{34, "voided, and its number used again", func(s *truth) {
			both := s.where(Books, "Invoice", "DocNumber", "1041")
			s.count("invoices 1041", len(both), 2)
			voided := 0
			for _, inv := range both {
				if invoiceState(inv, today) == "voided" {
					voided++
				}
			}
			s.count("voided", voided, 1)
		}},
		{35, "one to be deleted, one without number, credit memo numbered like an invoice", func(s *truth) {
			s.invoice("1043")
			s.count("invoices without number", len(s.where(Books, "Invoice", "DocNumber", "")), 1)
			s.invoice("1042")
			s.one(Books, "CreditMemo", "DocNumber", "1042")
			s.want(s.all(Books, "Preferences")[0], "SalesFormsPrefs.CustomTxnNumbers", "true")
		}},
		{36, "euro invoice at 1.0853", func(s *truth) {
			s.want(s.invoice("1036"), "CurrencyRef", "EUR", "ExchangeRate", "1.0853", "HomeTotalAmt", "1234.57", "TotalAmt", "1137.54")
		}},
		{37, "estimates: in parts, expired yesterday, invoice deleted", func(s *truth) {
			big := s.one(Books, "Estimate", "DocNumber", "E-9000")
			s.want(big, "TotalAmt", "9000", "TxnStatus", "Accepted")
			links, _ := big["LinkedTxn"].([]any)
			s.count("progress invoices", len(links), 3)
			s.want(s.one(Books, "Estimate", "DocNumber", "E-9001"), "ExpirationDate", s.cal.day(-1), "TxnStatus", "Pending")
			s.want(s.one(Books, "Estimate", "DocNumber", "E-9002"), "TxnStatus", "Accepted", "LinkedTxn", "")
			s.count("its invoice", len(s.where(Books, "Invoice", "DocNumber", "E-9002-1")), 0)
		}},
		{38, "purchase orders: accounts only, partly billed, closed by hand, Canadian", func(s *truth) {
			po := func(no string) object { return s.one(Books, "PurchaseOrder", "DocNumber", no) }
			for _, l := range linesOf(po("PO-ACC")) {
				s.want(l, "DetailType", "AccountBasedExpenseLineDetail")
			}
			s.want(po("PO-PART"), "POStatus", "Open")
			s.want(linesOf(po("PO-PART"))[0], "Received", "2")
			s.want(po("PO-HAND"), "POStatus", "Closed", "LinkedTxn", "[]")
			s.want(po("PO-CAD"), "CurrencyRef", "CAD")
			s.want(s.vendor("Okanagan Cedar Ltd"), "CurrencyRef", "CAD")
		}},
		{39, "quote in approval, locked account, won deal with documents", func(s *truth) {
			s.want(s.one(CRM, "Quotes", "Subject", quoteInApproval), "$approval_state", "approval_process_pending")
			s.want(s.account("Willow Bend Resort"), "Locked__s", "true")
			account := s.account("Copper Beech Inn")
			deals := s.where(CRM, "Deals", "Account_Name.id", idOf(account))
			s.count("deals", len(deals), 1)
			s.want(deals[0], "Stage", "Closed Won")
			s.count("estimates", len(s.of("Estimate", "Copper Beech Inn")), 2)
			s.count("invoices", len(s.of("Invoice", "Copper Beech Inn")), 1)
		}},
		{40, "Eva owns accounts, Tom may take them over", func(s *truth) {
			if len(s.where(CRM, "Accounts", "Owner.name", "Eva Brandt")) < 5 || len(s.where(CRM, "Accounts", "Owner.name", "Tom Reyes")) < 5 {
				s.t.Error("Eva or Tom owns hardly anything")
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			own := *s
			own.t = t
			row.check(&own)
		})
		seen = append(seen, row.no)
	}
	if len(seen) != 40 || seen[0] != 1 || seen[39] != 40 || !slices.IsSorted(seen) {
		t.Errorf("rows checked: %v", seen)
	}
}
