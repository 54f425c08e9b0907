package verify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/sandbox/company"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// sample is the sample company as both systems show it, read from outside.
type sample struct {
	t          *testing.T
	w          *world
	crm, books truth
	leftOut    []store.LeftOut
}

func look(t *testing.T, w *world) *sample {
	t.Helper()
	s := &sample{t: t, w: w, crm: w.crmState(), books: w.booksState()}
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		var err error
		s.leftOut, err = tx.WalkLeftOut(t.Context(), w.conn.ID, store.LeftOutFilter{Module: crossbook.Contacts, Limit: 10_000})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// at follows a dotted path; a reference shows its value, a look-up its name.
func at(rec m, path string) string {
	var v any = rec
	for key := range strings.SplitSeq(path, ".") {
		o, _ := v.(m)
		v = o[key]
	}
	if o, ok := v.(m); ok {
		if o["value"] != nil {
			return text(o["value"])
		}
		return text(o["name"])
	}
	return text(v)
}

// same compares as people do: numbers by their worth, * as any ending.
func same(got, want string) bool {
	if start, open := strings.CutSuffix(want, "*"); open {
		return strings.HasPrefix(got, start)
	}
	return got == want || got != "" && want != "" && sum(got).Equal(sum(want)) && !sum(want).IsZero() || want == "0" && got != "" && sum(got).IsZero() && strings.Trim(got, "0.") == ""
}

// all are the records of a type that hold the given pairs of path and value.
func (s *sample) all(side truth, typ string, where ...string) []m {
	var out []m
	for _, rec := range side.Records[typ] {
		fits := true
		for i := 0; i < len(where); i += 2 {
			fits = fits && same(at(rec, where[i]), where[i+1])
		}
		if fits {
			out = append(out, rec)
		}
	}
	return out
}

func (s *sample) one(side truth, typ string, where ...string) m {
	s.t.Helper()
	found := s.all(side, typ, where...)
	if len(found) != 1 {
		s.t.Fatalf("%d %s with %v, want 1", len(found), typ, where)
	}
	return found[0]
}

func (s *sample) n(want int, side truth, typ string, where ...string) {
	s.t.Helper()
	if found := s.all(side, typ, where...); len(found) != want {
		s.t.Errorf("%d %s with %v, want %d", len(found), typ, where, want)
	}
}

// shows checks pairs of path and value of one record.
func (s *sample) shows(rec m, pairs ...string) {
	s.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := at(rec, pairs[i]); !same(got, pairs[i+1]) {
			s.t.Errorf("%s is %q, want %q", pairs[i], got, pairs[i+1])
		}
	}
}

func (s *sample) account(name string, pairs ...string) m {
	s.t.Helper()
	a := s.one(s.crm, "Accounts", "Account_Name", name)
	s.shows(a, pairs...)
	return a
}

func (s *sample) invoice(number string, pairs ...string) m {
	s.t.Helper()
	i := s.one(s.crm, "Invoices", "QuickBooks_Number", number)
	s.shows(i, pairs...)
	return i
}

func (s *sample) quote(number string, pairs ...string) {
	s.t.Helper()
	s.shows(s.one(s.crm, "Quotes", "QuickBooks_Number", number), pairs...)
}

func (s *sample) customer(name string, pairs ...string) m {
	s.t.Helper()
	c := s.one(s.books, "Customer", "DisplayName", name)
	s.shows(c, pairs...)
	return c
}

// rows are a document's rows as one text each: product, quantity x price,
// less its discount, taxes.
func (s *sample) rows(rec m, subform string, want ...string) {
	s.t.Helper()
	list := list(rec[subform])
	slices.SortStableFunc(list, func(a, b m) int { return sum(a["Sequence_Number"]).Cmp(sum(b["Sequence_Number"])) })
	var got []string
	for _, r := range list {
		line := fmt.Sprintf("%s: %s x %s", at(r, "Product_Name"), text(r["Quantity"]), text(r["List_Price"]))
		if !sum(r["Discount"]).IsZero() {
			line += " - " + text(r["Discount"])
		}
		taxes, _ := r["Line_Tax"].([]any)
		for _, t := range taxes {
			line += " +" + text(t.(m)["percentage"])
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("rows\n%q, want\n%q", got, want)
	}
}

// nothingMade makes sure that the program created nothing in QuickBooks.
func (s *sample) nothingMade() {
	s.t.Helper()
	for _, x := range s.books.Writes {
		if x.Actor == "api" && x.Op == "create" {
			s.t.Errorf("the program created a %s in QuickBooks", x.Type)
		}
	}
}

func (s *sample) problem(name, text string) {
	s.t.Helper()
	for _, p := range s.w.problems() {
		if p.Name == name && p.Problem.Text == text {
			return
		}
	}
	s.t.Errorf("no problem %q of %s: %+v", text, name, s.w.problems())
}

type sampleRow struct {
	no    int
	what  string
	check func(s *sample)
}

func (s *sample) check(t *testing.T, rows []sampleRow) {
	t.Helper()
	for _, r := range rows {
		t.Run(fmt.Sprintf("%02d %s", r.no, r.what), func(t *testing.T) {
			own := *s
			own.t = t
			r.check(&own)
		})
	}
}

const (
	both = " +6.5 +3.75"
)

// What the named records must show after the first sync. Rows 14, 15, 19, 20,
// 23, 24, 29 and 40 say so far only what holds without proposals, send rule,
// cures and hand-over: that nothing is sent and nothing is guessed.
var afterFirstSync = []sampleRow{
	{1, "Account and billing Contact share one customer", func(s *sample) {
		id := at(s.customer("Cool Breeze HVAC"), "Id")
		s.account("Cool Breeze HVAC", "QuickBooks_Id", id, "QuickBooks_Status", "Active")
		s.shows(s.one(s.crm, "Contacts", "QuickBooks_Id", id), "First_Name", "Dana", "Last_Name", "Ruiz", "Account_Name", "Cool Breeze HVAC", "Email", "dana.ruiz@coolbreeze.example")
	}},
	{2, "a private customer's invoice stands without Account", func(s *sample) {
		s.n(0, s.crm, "Accounts", "Account_Name", "Mike Dunn")
		s.n(1, s.crm, "Contacts", "Email", "mike.dunn@mail.example", "Account_Name", "", "Last_Name", "Dunn")
		s.invoice("MD-1", "Subject", "MD-1 Mike Dunn", "Account_Name", "", "Contact_Name", "Mike Dunn")
	}},
	{3, "the Account is named as displayed", func(s *sample) {
		s.account("Dunn - Pool Division")
		s.n(0, s.crm, "Accounts", "Account_Name", "Dunn Mechanical LLC")
		s.customer("Dunn - Pool Division", "CompanyName", "Dunn Mechanical LLC")
	}},
	{4, "eleven contacts left out, no sub-customers", func(s *sample) {
		s.n(12, s.crm, "Contacts", "Account_Name", "Alder Court HOA")
		people := map[string]bool{}
		for _, c := range s.all(s.crm, "Contacts", "Account_Name", "Alder Court HOA", "QuickBooks_Id", "") {
			people[at(c, "id")] = true
		}
		n := 0
		for _, l := range s.leftOut {
			if people[l.Ref.ID] && l.Module == crossbook.Contacts && strings.Contains(l.Reason, "billing contact") {
				n++
			}
		}
		if n != 11 {
			s.t.Errorf("%d left out as not the billing contact, want 11", n)
		}
		s.n(0, s.books, "Customer", "ParentRef", at(s.customer("Alder Court HOA"), "Id"))
	}},
	{5, "sites stand under their parent, with the job", func(s *sample) {
		for number, site := range map[string]string{"EV-1": "14 Alder St", "EV-2": "22 Birch Ln", "EV-3": "9 Cedar Ct"} {
			s.n(0, s.crm, "Accounts", "Account_Name", site)
			s.n(0, s.crm, "Contacts", "Last_Name", site)
			s.invoice(number, "Account_Name", "Evergreen Property Mgmt", "QuickBooks_Job_or_project", site, "Subject", number+" Evergreen Property Mgmt")
		}
		s.account("Evergreen Property Mgmt", "QuickBooks_Balance", "750")
	}},
	{6, "a project's invoices are filed under its customer", func(s *sample) {
		for i := range 4 {
			s.invoice(fmt.Sprintf("SB-%d", i+1), "Contact_Name", "Olivia Smith", "Account_Name", "", "QuickBooks_Job_or_project", "Smith backyard 2026")
		}
		s.n(0, s.crm, "Accounts", "Account_Name", "Smith backyard 2026")
	}},
	{7, "an Account named like a vendor is not sent", func(s *sample) {
		s.account("Acme Fasteners", "QuickBooks_Id", "")
		s.n(0, s.books, "Customer", "DisplayName", "Acme Fasteners*")
		s.one(s.crm, "Vendors", "Vendor_Name", "Acme Fasteners")
	}},
	{8, "an employee is nowhere in the CRM", func(s *sample) {
		s.shows(s.one(s.crm, "Contacts", "First_Name", "Pat", "Last_Name", "Lee"), "QuickBooks_Id", "")
		s.n(0, s.crm, "Vendors", "Vendor_Name", "Pat Lee")
		s.n(0, s.books, "Customer", "DisplayName", "Pat Lee*")
	}},
	{9, "one firm in two currencies: each customer with its own balance", func(s *sample) {
		s.account("Peña & Söhne", "Currency", "EUR", "QuickBooks_Balance", "312.5")
		s.account("Peña & Söhne (USD)", "Currency", "USD", "QuickBooks_Balance", "437.5")
		s.invoice("PS-1", "Currency", "EUR", "Exchange_Rate", "1.0911", "Grand_Total", "312.5")
		s.invoice("PS-2", "Currency", "USD", "Grand_Total", "437.5")
	}},
	{10, "another script comes through unchanged", func(s *sample) {
		s.account("株式会社山田製作所", "Billing_City", "東京")
		s.shows(s.one(s.crm, "Contacts", "Account_Name", "株式会社山田製作所"), "First_Name", "太郎", "Last_Name", "山田")
		inv := s.invoice("YM-1", "Subject", "YM-1 株式会社山田製作所", "Terms_and_Conditions", "ありがとうございます 🎋🌊")
		s.shows(list(inv["Invoiced_Items"])[0], "Description", "園芸用品セット 🌱")
		s.customer("株式会社山田製作所", "Notes", "春の注文 🌸 配達は午前中")
	}},
	{11, "a list of addresses is kept whole and not overwritten", func(s *sample) {
		const three = "payables@northgatepm.example, pm.east@northgatepm.example, office@northgatepm.example"
		s.customer("Northgate PM", "PrimaryEmailAddr.Address", three)
		s.account("Northgate PM", "QuickBooks_Invoice_Email", three)
		for _, c := range s.all(s.crm, "Contacts", "Account_Name", "Northgate PM") {
			s.shows(c, "Email", "payables@northgatepm.example")
		}
	}},
	{12, "a shared address matches nobody", func(s *sample) {
		for hoa, people := range map[string][2]string{"Birch Lane HOA": {"Adeyemi", "Mensah"}, "Cedar Creek HOA": {"Ferrari", "Lindqvist"}} {
			s.account(hoa, "QuickBooks_Id", at(s.customer(hoa), "Id"))
			s.shows(s.one(s.crm, "Contacts", "Account_Name", hoa, "Last_Name", people[0]), "QuickBooks_Id", "")
			s.shows(s.one(s.crm, "Contacts", "Account_Name", hoa, "Last_Name", people[1]), "QuickBooks_Id", at(s.customer(hoa), "Id"))
		}
	}},
	{13, "an inactive customer with open money is there, without the suffix", func(s *sample) {
		s.account("Old Mill Café", "QuickBooks_Status", "Inactive", "QuickBooks_Balance", "40")
		s.n(0, s.crm, "Accounts", "Account_Name", "Old Mill Café (deleted)")
		s.invoice("OM-01", "Subject", "OM-01 Old Mill Café", "QuickBooks_Balance_Due", "40", "QuickBooks_Status", "Overdue")
		s.n(14, s.crm, "Invoices", "Account_Name", "Old Mill Café") // the other eight are paid and from before the floor
	}},
	{14, "the same firm without the accent is not taken for it", func(s *sample) { s.account("Old Mill Cafe", "QuickBooks_Id", "") }},
	{15, "more credit than debt", func(s *sample) {
		s.account("Bayside Grill", "QuickBooks_Balance", "-15", "QuickBooks_Credits_not_applied", "100")
		s.invoice("BG-1", "QuickBooks_Balance_Due", "85", "QuickBooks_Status", "Open")
	}},
	{16, "quotes, ampersand and a trailing blank find their twin", func(s *sample) {
		id := at(s.customer(`Amy's "Bird" Sanctuary & Co`), "Id")
		s.n(1, s.crm, "Accounts", "Account_Name", `Amy's "Bird" Sanctuary & Co*`)
		s.shows(s.one(s.crm, "Accounts", "QuickBooks_Id", id), "Description", "Birds first")
	}},
	{17, "the exemption is shown, the account number not sent", func(s *sample) {
		s.account("St Mary Parish", "QuickBooks_Taxable", "false", "QuickBooks_Resale_Number", "WA-RESALE-0177", "Account_Number", "4711")
		s.customer("St Mary Parish", "ResaleNum", "WA-RESALE-0177", "Taxable", "false", "AcctNum", "")
		s.invoice("SM-1", "QuickBooks_Tax", "0", "Adjustment", "0", "Grand_Total", "254.7")
	}},
	{18, "a long job title is not sent", func(s *sample) {
		s.shows(s.one(s.crm, "Contacts", "Title", "Regional Facilities Manager"), "QuickBooks_Id", "")
		s.n(0, s.books, "Customer", "Title", "Regional*")
	}},
	{19, "nothing is created in QuickBooks", func(s *sample) { s.nothingMade() }},
	{20, "an Account with 14 invoices", func(s *sample) {
		s.account("Harbor Lights Inn", "QuickBooks_Id", at(s.customer("Harbor Lights Inn"), "Id"))
		s.n(14, s.crm, "Invoices", "Account_Name", "Harbor Lights Inn")
	}},
	{21, "a vendor's tax number is nowhere", func(s *sample) {
		s.one(s.crm, "Vendors", "Vendor_Name", "Ray Ortiz")
		for _, rec := range s.crm.Records["Vendors"] {
			for field, v := range rec {
				if x := text(v); strings.Contains(x, "1234") && strings.Contains(x, "XXX") || strings.Contains(x, "900-55") || strings.Contains(x, "RO-7731") {
					s.t.Errorf("%s of %s holds %q", field, at(rec, "Vendor_Name"), x)
				}
			}
		}
	}},
	{22, "vendors on no purchase order stay out", func(s *sample) {
		s.n(0, s.crm, "Vendors", "Vendor_Name", "WA Dept of Revenue")
		s.n(0, s.crm, "Vendors", "Vendor_Name", "United States Treasury")
	}},
	{23, "a web address without a scheme sends nothing yet", func(s *sample) { s.n(0, s.books, "Vendor", "DisplayName", "Vendor 41") }},
	{24, "the vendor is one on both sides", func(s *sample) {
		s.shows(s.one(s.crm, "Vendors", "Vendor_Name", "Blue Ridge Stone"), "QuickBooks_Id", at(s.one(s.books, "Vendor", "DisplayName", "Blue Ridge Stone"), "Id"))
	}},
	{25, "the imported invoice leaves the quantity alone", func(s *sample) {
		s.shows(s.one(s.books, "Item", "Name", "Pump 1/2 HP"), "QtyOnHand", "25")
		s.shows(s.one(s.crm, "Products", "Product_Code", "PUMP-050"), "Qty_in_Stock", "25", "As_of_Date", "", "QuickBooks_Start_Date", "*")
		s.rows(s.invoice("PU-1"), "Invoiced_Items", "Pump 1/2 HP: 2 x 289"+both)
	}},
	{26, "two items of one leaf name are two products", func(s *sample) {
		s.shows(s.one(s.crm, "Products", "Product_Code", "GLV-S"), "Product_Name", "Gloves / Small")
		s.shows(s.one(s.crm, "Products", "Product_Code", "HAT-S"), "Product_Name", "Hats / Small")
		s.n(0, s.crm, "Products", "Product_Name", "Small")
	}},
	{27, "a bundle is its parts", func(s *sample) {
		s.n(0, s.crm, "Products", "Product_Name", "Spring start-up kit")
		s.rows(s.invoice("SK-1", "Grand_Total", "420.61"), "Invoiced_Items",
			"Cartridge filter C-40: 1 x 58"+both, "Chlorine tablets 5 lb: 2 x 32.5"+both, "Pool opening small: 1 x 285")
		s.rows(s.invoice("SK-2", "Grand_Total", "1293.8"), "Invoiced_Items",
			"Cartridge filter C-40: 3 x 58"+both, "Chlorine tablets 5 lb: 6 x 32.5"+both, "Pool opening small: 3 x 285", "Gloves / Small: 2 x 14.5"+both)
	}},
	{28, "an inactive item of old invoices is there, inactive", func(s *sample) {
		s.shows(s.one(s.crm, "Products", "Product_Code", "SKIM-OLD"), "Product_Name", "Old skimmer", "Product_Active", "false")
		s.rows(s.invoice("OS-1", "Grand_Total", "130.86"), "Invoiced_Items", "Old skimmer: 2 x 31"+both, "Field labor: 1 x 62.5")
		s.invoice("OS-2", "Grand_Total", "130.86")
	}},
	{29, "products that QuickBooks would refuse are not sent", func(s *sample) {
		s.n(0, s.books, "Item", "Sku", "SOLAR-1632")
		s.n(0, s.books, "Item", "Sku", "ROBOT-X4")
	}},
	{30, "18,432 gallons at 0.00125: quantity true, the cents in the Adjustment", func(s *sample) {
		inv := s.invoice("WH-1", "Grand_Total", "47.3", "QuickBooks_Total", "47.3", "QuickBooks_Net", "45.04", "QuickBooks_Tax", "2.26", "Adjustment", "23.04", "QuickBooks_Note", marksPrice+"*")
		s.rows(inv, "Invoiced_Items", "Water haul: 18432 x 0", "Hats / Small: 1 x 22"+both)
	}},
	{31, "taxed and untaxed lines, a discount, shipping, two agencies", func(s *sample) {
		inv := s.invoice("1033", "Grand_Total", "584.25", "QuickBooks_Net", "529.95", "QuickBooks_Tax", "41.35", "QuickBooks_Shipping", "12.95", "Discount", "0", "Adjustment", "12.94", "QuickBooks_Note", "")
		s.rows(inv, "Invoiced_Items", "Garden tool set: 3 x 84.9 - 25.47"+both, "Field labor: 2.25 x 62.5 - 14.06", "Gloves / Small: 7 x 14.5 - 10.15"+both, "Algaecide 1 qt: 5 x 18.4 - 9.2"+both)
		inv = s.invoice("1034", "Grand_Total", "362.54", "QuickBooks_Net", "337.12", "QuickBooks_Tax", "15.47", "QuickBooks_Shipping", "9.95", "Discount", "48.16", "Adjustment", "9.95")
		s.rows(inv, "Invoiced_Items", "Garden tool set: 1 x 84.9"+both, "Field labor: 3.75 x 62.5", "Hats / Small: 3 x 22"+both)
	}},
	{32, "text joins its neighbour, and the cut is marked", func(s *sample) {
		inv := s.invoice("1035", "Grand_Total", "390.98", "QuickBooks_Note", "Text was shortened*")
		s.rows(inv, "Invoiced_Items", "Field labor: 5 x 62.5", "Gloves / Small: 1 x 14.5"+both, "Field labor: 1 x 62.5")
		rows := list(inv["Invoiced_Items"])
		s.shows(rows[0], "Description", "Work at the north pool\nParts used")
		if long := text(rows[2]["Description"]); len([]rune(long)) != 2000 || !strings.HasSuffix(long, "… (full text in QuickBooks)") {
			s.t.Errorf("the long text has %d characters and ends in %q", len([]rune(long)), long[len(long)-30:])
		}
	}},
	{33, "deposit and payments", func(s *sample) {
		s.invoice("1040", "QuickBooks_Status", "Paid", "QuickBooks_Balance_Due", "0", "QuickBooks_Paid_on", "2026-04-20", "QuickBooks_Last_payment", "2026-04-20", "QuickBooks_Paid_by", "payment", "Grand_Total", "2000")
		s.invoice("LV-2", "QuickBooks_Status", "Paid", "QuickBooks_Paid_on", "2026-04-20")
		s.invoice("LV-3", "QuickBooks_Status", "Paid", "QuickBooks_Paid_on", "2026-04-20")
	}},
	{34, "a voided number that is used again: both, and the void counts nothing", func(s *sample) {
		s.n(2, s.crm, "Invoices", "QuickBooks_Number", "1041")
		s.shows(s.one(s.crm, "Invoices", "QuickBooks_Number", "1041", "QuickBooks_Status", "Voided*"), "Grand_Total", "0", "QuickBooks_Total", "0", "QuickBooks_Balance_Due", "0")
		s.shows(s.one(s.crm, "Invoices", "QuickBooks_Number", "1041", "QuickBooks_Status", "Overdue"), "Grand_Total", "562.5", "QuickBooks_Balance_Due", "562.5")
	}},
	{35, "no number, and a credit memo numbered like an invoice", func(s *sample) {
		s.shows(s.one(s.crm, "Invoices", "Subject", "Invoice of 2026-04-19 Ninth Street Pools"), "QuickBooks_Number", "", "Grand_Total", "93.75")
		s.invoice("1042", "Subject", "1042 Ninth Street Pools", "Grand_Total", "125") // one only: the credit memo is no invoice
	}},
	{36, "euros and their rate", func(s *sample) {
		inv := s.invoice("1036", "Currency", "EUR", "Exchange_Rate", "1.0853", "Grand_Total", "1137.54", "QuickBooks_Total", "1137.54")
		if home := sum(inv["Grand_Total"]).Mul(sum(inv["Exchange_Rate"])).Round(2); home.String() != "1234.57" {
			s.t.Errorf("comes to %s at home, want 1234.57", home)
		}
	}},
	{37, "estimates in parts, expired, and open again", func(s *sample) {
		s.quote("E-9000", "QuickBooks_Status", "Accepted", "QuickBooks_Invoiced_so_far", "5850", "QuickBooks_Remaining", "3150", "Grand_Total", "9000")
		for i, total := range []string{"2700", "1800", "1350"} {
			s.invoice(fmt.Sprintf("E-9000-%d", i+1), "QuickBooks_Source_Quote", "E-9000 Ninth Street Pools", "Grand_Total", total)
		}
		s.quote("E-9001", "QuickBooks_Status", "Expired", "Valid_Till", "2026-05-03")
		s.quote("E-9002", "QuickBooks_Status", "Accepted", "QuickBooks_Remaining", "2250", "QuickBooks_Invoiced_so_far", "0")
		s.n(0, s.crm, "Invoices", "QuickBooks_Number", "E-9002-1")
	}},
	{38, "the placeholder only for account lines, and the states", func(s *sample) {
		po := func(number string, pairs ...string) m {
			p := s.one(s.crm, "Purchase_Orders", "QuickBooks_Number", number)
			s.shows(p, pairs...)
			return p
		}
		const none = "QuickBooks line without product"
		acc := po("PO-ACC", "QuickBooks_Status", "Open", "Grand_Total", "325.5", "Carrier", "")
		s.rows(acc, "Purchase_Items", none+": 1 x 240", none+": 1 x 85.5")
		s.shows(list(acc["Purchase_Items"])[0], "Description", "Freight for two pallets (Nursery Freight)")
		s.rows(po("PO-PART", "QuickBooks_Status", "Open", "QuickBooks_Bills", "Bill *", "Grand_Total", "914"), "Purchase_Items", "Pump 3/4 HP: 4 x 198", "Gloves / Small: 20 x 6.1")
		s.rows(po("PO-HAND", "QuickBooks_Status", "Closed", "Status", "Created"), "Purchase_Items", "Garden tool set: 10 x 40")
		s.rows(po("PO-CAD", "Currency", "CAD", "Exchange_Rate", "0.7312", "Vendor_Name", "Okanagan Cedar Ltd", "Grand_Total", "1620"), "Purchase_Items", "Garden tool set: 25 x 52.4", none+": 1 x 310")
		s.shows(s.one(s.crm, "Products", "Product_Name", none), "QuickBooks_Id", "")
		s.n(0, s.books, "Item", "Name", none)
		placeholders := 0
		for _, typ := range []string{"Quotes", "Invoices"} {
			for _, rec := range s.crm.Records[typ] {
				for _, r := range slices.Concat(list(rec["Quoted_Items"]), list(rec["Invoiced_Items"])) {
					if at(r, "Product_Name") == none && !strings.HasPrefix(at(rec, "QuickBooks_Status"), "Voided") {
						placeholders++
					}
				}
			}
		}
		if placeholders != 0 {
			s.t.Errorf("%d rows of quotes and invoices stand under the placeholder", placeholders)
		}
	}},
	{39, "a locked Account waits with the text of error 6; the quote in approval is left alone", func(s *sample) {
		s.account("Willow Bend Resort", "Locked__s", "true", "QuickBooks_Id", "")
		s.problem("Willow Bend Resort", "Sorry, you cannot perform this operation as the record is locked.")
		s.shows(s.one(s.crm, "Quotes", "Subject", "Terrace lighting - Copper Beech"), "$approval_state", "approval_process_pending", "QuickBooks_Id", "")
		s.quote("E-TP-1", "QuickBooks_Status", "Closed", "QuickBooks_Invoiced_so_far", "2500", "QuickBooks_Remaining", "0")
		s.invoice("TP-1", "QuickBooks_Source_Quote", "E-TP-1 Copper Beech Inn", "Grand_Total", "2500")
	}},
	{40, "documents belong to the owner of their Account", func(s *sample) {
		if got := at(s.account("Copper Beech Inn"), "Owner"); got != "Eva Brandt" {
			s.t.Errorf("the Account belongs to %s", got)
		}
		s.invoice("TP-1", "Owner", "Eva Brandt")
	}},
}

// What they show once the day is over.
var afterTheDay = []sampleRow{
	{20, "renamed straight through: every invoice says the new name", func(s *sample) {
		s.n(14, s.crm, "Invoices", "Account_Name", "Harbor Lights Resort", "Subject", "HL-*")
		for _, inv := range s.all(s.crm, "Invoices", "Account_Name", "Harbor Lights Resort") {
			s.shows(inv, "Subject", at(inv, "QuickBooks_Number")+" Harbor Lights Resort")
		}
	}},
	{28, "unticked in the CRM: nothing is sent", func(s *sample) {
		s.shows(s.one(s.books, "Item", "Sku", "PUMP-075"), "Active", "true", "QtyOnHand", "20")
	}},
	{33, "the payment over three invoices is gone: all three are open again", func(s *sample) {
		s.invoice("1040", "QuickBooks_Status", "Overdue", "QuickBooks_Balance_Due", "749.5", "QuickBooks_Paid_on", "", "QuickBooks_Last_payment", "2026-04-13", "QuickBooks_Paid_by", "payment")
		s.invoice("LV-2", "QuickBooks_Status", "Open", "QuickBooks_Paid_on", "", "QuickBooks_Last_payment", "", "QuickBooks_Paid_by", "")
		s.invoice("LV-3", "QuickBooks_Status", "Open", "QuickBooks_Paid_on", "", "QuickBooks_Balance_Due", "125")
	}},
	{34, "a void of today keeps what it was", func(s *sample) {
		inv := s.invoice("BW-2", "QuickBooks_Status", "Voided 2026-05-04", "Grand_Total", "0", "QuickBooks_Amount_before", "312.21", "QuickBooks_Balance_Due", "0")
		s.rows(inv, "Invoiced_Items", "Field labor: 2 x 62.5", "Garden tool set: 2 x 84.9"+both)
	}},
	{35, "a deleted invoice: Amount before, and nothing counts", func(s *sample) {
		inv := s.invoice("1043", "QuickBooks_Status", "Deleted 2026-05-04", "Grand_Total", "0", "QuickBooks_Total", "0", "QuickBooks_Balance_Due", "0", "QuickBooks_Amount_before", "375", "Adjustment", "-375")
		s.rows(inv, "Invoiced_Items", "Field labor: 6 x 62.5")
	}},
	{37, "one more progress invoice", func(s *sample) {
		s.quote("E-9000", "QuickBooks_Invoiced_so_far", "7650", "QuickBooks_Remaining", "1350", "QuickBooks_Status", "Accepted")
	}},
}

// theDay plays the story; what the program does by itself is done by syncs.
func (w *world) theDay() {
	w.t.Helper()
	both := (&company.Company{Zoho: w.crm, QuickBooks: w.books}).World()
	for _, step := range company.Story() {
		w.clock.Advance(time.Minute)
		switch step.Kind {
		case company.Wait:
			w.sync()
		case company.Act, company.Trouble:
			if err := step.Do(w.t.Context(), both); err != nil {
				w.t.Fatalf("%s %s: %v", step.Who, step.What, err)
			}
		case company.Kill, company.Restart:
		}
	}
	w.newsOfDeals()
	w.sync()
}

// The forty named records of the sample company show what they are there for,
// after the first sync and after the day.
func TestLarkfield_EveryNamedRecordShowsWhatItMust(t *testing.T) {
	w := larkfield(t).connect().firstSync()
	w.sync()
	look(t, w).check(t, afterFirstSync)
	var numbers []int
	for _, r := range afterFirstSync {
		numbers = append(numbers, r.no)
	}
	if len(numbers) != 40 || numbers[0] != 1 || numbers[39] != 40 || !slices.IsSorted(numbers) {
		t.Errorf("the rows looked at: %v", numbers)
	}
	judged, marked := arithmetic(t, w)
	if judged["Invoice"] != 482 || judged["Estimate"] != 150 || judged["PurchaseOrder"] != 80 || len(marked) != 2 {
		t.Errorf("documents %v, marked %v", judged, marked)
	}
	w.theDay()
	look(t, w).check(t, afterTheDay)
	for _, v := range company.Check(t.Context(), (&company.Company{Zoho: w.crm, QuickBooks: w.books}).World()) {
		t.Error(v)
	}
	w.oneFirm()
	look(t, w).check(t, afterTheMerge)
}

// oneFirm is what a person does about row 9: the two Accounts of the firm
// become one in the CRM.
func (w *world) oneFirm() {
	w.t.Helper()
	s := look(w.t, w)
	from, into := s.account("Peña & Söhne (USD)"), s.account("Peña & Söhne")
	w.clock.Advance(2 * time.Second)
	if _, err := w.crm.Do(w.t.Context(), zohobox.Action{Action: "merge", Type: "Accounts", ID: at(from, "id"), Into: at(into, "id")}); err != nil {
		w.t.Fatal(err)
	}
	w.sync()
	w.clock.Advance(time.Hour)
	w.sync()
}

var afterTheMerge = []sampleRow{
	{9, "one Account, an alias, two balances", func(s *sample) {
		s.n(1, s.crm, "Accounts", "Account_Name", "Peña & Söhne*")
		s.account("Peña & Söhne", "QuickBooks_Id", at(s.customer("Peña & Söhne"), "Id"), "Currency", "EUR", "QuickBooks_Balance", "312.5", "QuickBooks_Balances", "EUR 312.50; USD 437.50")
		s.invoice("PS-1", "Account_Name", "Peña & Söhne", "Currency", "EUR", "Grand_Total", "312.5", "QuickBooks_Balance_Due", "312.5")
		s.invoice("PS-2", "Account_Name", "Peña & Söhne", "Currency", "USD", "Grand_Total", "437.5", "QuickBooks_Balance_Due", "437.5")
		s.customer("Peña & Söhne (USD)", "Active", "true", "CurrencyRef", "USD", "Balance", "437.5")
	}},
}
