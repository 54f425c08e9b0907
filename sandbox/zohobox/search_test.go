package zohobox_test

import (
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// Section 5.1, without the index's delay.
func TestSearch_Criteria(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	a.make("Accounts", obj{"Account_Name": "ABC", "Employees": 5, "Account_Type": "Customer"})
	a.make("Accounts", obj{"Account_Name": "ABC Inc", "Employees": 50, "Website": "abc.example"})
	a.make("Accounts", obj{"Account_Name": "Tom, (and) Co", "Phone": "5550100"})
	for _, c := range []struct{ name, query, want string }{
		{"equals on text is contains", "criteria=" + q("(Account_Name:equals:ABC)"), "ABC Inc|ABC"},
		{"starts_with", "criteria=" + q("(Account_Name:starts_with:Tom)"), "Tom, (and) Co"},
		{"escapes", "criteria=" + q(`(Account_Name:equals:Tom\, \(and\) Co)`), "Tom, (and) Co"},
		{"in", "criteria=" + q(`(Account_Name:in:ABC,Tom\, \(and\) Co)`), "Tom, (and) Co|ABC"},
		{"numbers", "criteria=" + q("(Employees:greater_than:5)"), "ABC Inc"},
		{"between", "criteria=" + q("(Employees:between:5,50)"), "ABC Inc|ABC"},
		{"and", "criteria=" + q("((Account_Name:equals:ABC)and(Employees:less_equal:5))"), "ABC"},
		{"or", "criteria=" + q("((Employees:equals:50)or(Account_Type:equals:Customer))"), "ABC Inc|ABC"},
		{"phone", "phone=5550100", "Tom, (and) Co"},
		{"word", "word=inc", "ABC Inc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			r := a.get("/Accounts/search?" + c.query)
			if got := names(r, "Account_Name"); got != c.want {
				t.Errorf("found %q, want %q: %s", got, c.want, r.raw)
			}
		})
	}
	a.get("/Accounts/actions/count?criteria="+q("(Account_Name:equals:ABC)")).want(200, "count", "2")
	a.get("/Accounts/search?word=nothere").want(204)
}

func TestSearch_Refusals(t *testing.T) {
	a := open(t, zohobox.Options{})
	many := "(Employees:equals:1)" + strings.Repeat("or(Employees:equals:1)", 15)
	for _, c := range []struct{ query, code string }{
		{"", "EXPECTED_PARAM_MISSING"},
		{"word=a", "INVALID_DATA"},
		{"criteria=" + q("(Nonsense:equals:1)"), "INVALID_QUERY"},
		{"criteria=" + q("(Account_Name:greater_than:1)"), "INVALID_QUERY"},
		{"criteria=" + q("Account_Name:equals:1"), "INVALID_QUERY"},
		{"criteria=" + q("("+many+")"), "CRITERIA_LIMIT_EXCEEDED"},
		{"word=abc&page=11", "LIMIT_REACHED"},
	} {
		a.get("/Accounts/search?"+c.query).want(400, "code", c.code)
	}
}

// Section 5.1: the index goes on showing what was, for updates and deletions too.
func TestSearch_ShowsAnOlderState(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "Before"})
	a.later(time.Hour)
	a.get("/Vendors/search?word=before").want(200)
	a.put("Vendors", id, obj{"Vendor_Name": "After"}).want(200)
	a.get("/Vendors/search?word=before").want(200, "data.0.Vendor_Name", "After")
	a.get("/Vendors/search?word=after").want(204)
}
