package engine_test

import (
	"testing"

	"crossbook"
)

func checkBy(mod crossbook.Module, field string) func(*crossbook.Settings) {
	return func(s *crossbook.Settings) {
		ms := s.Modules[mod]
		ms.CheckField = field
		s.Modules[mod] = ms
	}
}

// R35: a person may choose the field that tells whether two records are the
// same, each way round.
func TestCheckField_OfVendors(t *testing.T) {
	for _, tc := range []struct {
		field    string
		vendor   m
		linked   bool
		problems int
	}{
		{"", m{"Vendor_Name": "Mahoney Mugs"}, true, 0},
		{"", m{"Vendor_Name": "Mahoney", "Phone": "(555) 555-1234"}, false, 0},
		{"Vendor_Name", m{"Vendor_Name": "mahoney  mugs "}, true, 0},
		{"Phone", m{"Vendor_Name": "Mahoney", "Phone": "+1 555 555 1234"}, true, 0},
		{"Phone", m{"Vendor_Name": "Mahoney", "Phone": "(555) 555-9999"}, false, 0},
		{"Email", m{"Vendor_Name": "Mahoney", "Email": "Rita@Mugs.example"}, true, 0},
		{"Email", m{"Vendor_Name": "Mahoney", "Email": "rita@other.example"}, false, 0},
	} {
		for _, first := range []string{"CRM", "QuickBooks"} {
			w := newWorld(t)
			books := m{"DisplayName": "Mahoney Mugs", "PrimaryPhone": phone("(555) 555-1234"), "PrimaryEmailAddr": m{"Address": "rita@mugs.example"}}
			everything := func(s *crossbook.Settings) {
				checkBy(crossbook.Vendors, tc.field)(s)
				ms := s.Modules[crossbook.Vendors]
				ms.Everything = true
				s.Modules[crossbook.Vendors] = ms
			}
			w.connect().choose(everything).firstSync()
			if first == "CRM" {
				w.newCRM("Vendors", tc.vendor)
				w.newBooks("Vendor", books)
			} else {
				w.newBooks("Vendor", books)
				w.newCRM("Vendors", tc.vendor)
			}
			w.sync()
			n := 2
			if tc.linked {
				n = 1
			}
			if got := len(w.booksState().Records["Vendor"]); got != n {
				t.Errorf("by %q, %v, %s first: %d vendors in QuickBooks, want %d", tc.field, tc.vendor, first, got, n)
			}
			if got := len(w.problems()); got != tc.problems {
				t.Errorf("by %q, %v, %s first: %d problems", tc.field, tc.vendor, first, got)
			}
		}
	}
}

// Two records of one side with the same check field are for a person (R47), and
// people who share a phone and have other names are not the same.
func TestCheckField_PhoneOfContacts(t *testing.T) {
	w := newWorld(t)
	w.connect().choose(checkBy(crossbook.Contacts, "Phone")).firstSync()
	w.newCRM("Contacts", m{"Last_Name": "Low", "First_Name": "Kim", "Phone": "555 555 0001"})
	w.newCRM("Contacts", m{"Last_Name": "Ode", "Phone": "555 555 0002"})
	w.newCRM("Contacts", m{"Last_Name": "Ode", "First_Name": "Ann", "Phone": "555 555 0002"})
	w.sync()
	w.newBooks("Customer", m{"DisplayName": "K. Low", "GivenName": "Kim", "FamilyName": "Low", "PrimaryPhone": phone("(555) 555-0001")})
	w.sync()
	if got := len(w.crmState().Records["Contacts"]); got != 4 {
		t.Errorf("%d Contacts: those of the CRM had gone to QuickBooks, and K. Low is another", got)
	}
	w2 := newWorld(t)
	w2.newCRM("Contacts", m{"Last_Name": "Low", "First_Name": "Kim", "Phone": "555 555 0001"})
	w2.newCRM("Contacts", m{"Last_Name": "Ode", "First_Name": "Bea", "Phone": "555 555 0002"})
	w2.newCRM("Contacts", m{"Last_Name": "Ode", "First_Name": "Ann", "Phone": "555 555 0002"})
	w2.newBooks("Customer", m{"DisplayName": "K. Low", "GivenName": "Kim", "FamilyName": "Low", "PrimaryPhone": phone("(555) 555-0001")})
	w2.newBooks("Customer", m{"DisplayName": "Ode", "FamilyName": "Ode", "PrimaryPhone": phone("(555) 555-0002")})
	w2.newBooks("Customer", m{"DisplayName": "Jo Bell", "GivenName": "Jo", "FamilyName": "Bell", "PrimaryPhone": phone("(555) 555-0001")})
	w2.connect().choose(checkBy(crossbook.Contacts, "Phone")).firstSync()
	want(t, "Kim's id", w2.crmState().find(t, "Contacts", "First_Name", "Kim")["QuickBooks_Id"], w2.booksID("Customer", "DisplayName", "K. Low"))
	w2.crmState().find(t, "Contacts", "Last_Name", "Bell")
	want(t, "text", w2.problemText(), "Duplicate records exist in system.")
}

// Products may be told apart by their code alone, or by their name alone.
func TestCheckField_OfProducts(t *testing.T) {
	for _, tc := range []struct {
		field, name, code string
		linked            bool
	}{
		{"", "Hose", "H-1", true},
		{"", "Hose", "", true},
		{"", "Garden hose", "H-1", true},
		{"", "Hose", "H-2", false},
		{"Product_Code", "Garden hose", "H-1", true},
		{"Product_Code", "Hose", "", false},
		{"Product_Name", "Hose", "H-2", true},
		{"Product_Name", "Garden hose", "H-1", false},
	} {
		w := newWorld(t)
		product := m{"Product_Name": tc.name}
		if tc.code != "" {
			product["Product_Code"] = tc.code
		}
		id := w.newCRM("Products", product)
		w.newBooks("Item", m{"Name": "Hose", "Sku": "H-1", "Type": "Service", "IncomeAccountRef": m{"value": w.booksID("Account", "Name", "Services")}})
		w.connect().choose(checkBy(crossbook.Products, tc.field)).firstSync()
		linked := w.crmState().find(t, "Products", "id", id)["QuickBooks_Id"] != nil
		if linked != tc.linked {
			t.Errorf("by %q, %s %q: linked %v", tc.field, tc.name, tc.code, linked)
		}
	}
}
