package zohobox_test

import (
	"fmt"
	"strings"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 5.3: from Module#cvid asks only among what the view shows,
// also when it counts; a view that is not there is refused.
func TestCOQL_FromAView(t *testing.T) {
	a, _ := forQueries(t)
	big := a.do(zohobox.Action{Action: "add_view", Type: "Accounts", Data: obj{"name": "Big", "criteria": obj{"field": obj{"api_name": "Employees"}, "comparator": "greater_than", "value": 10}}})
	a.coql("select Account_Name from Accounts#"+big+" where id is not null").want(200, "info.count", "1", "data.0.Account_Name", "Acme Inc")
	a.coql("select Account_Name from Accounts#" + big + " where Account_Name = 'Acme'").want(204)
	a.coql("select COUNT(id) as n from Accounts#"+big+" where id is not null").want(200, "data.0.n", "1")
	for _, bad := range []string{"1", "", find(a.get("/settings/custom_views?module=Contacts"), "custom_views", "system_name", "ALLVIEWS")["id"].(string)} {
		a.coql("select Account_Name from Accounts#"+bad+" where id is not null").want(400, "code", "INVALID_QUERY", "details.cvid", bad)
	}
}

// zoho-crm.md section 5.3: an alias names one column; groups are ordered by it.
func TestCOQL_Aliases(t *testing.T) {
	a, _ := forQueries(t)
	a.coql("select Employees as '' from Accounts where id is not null").want(400, "code", "INVALID_ALIAS", "details.column_name", "Employees", "details.alias", "")
	for _, alias := range []string{"1st", "a.b", "'two words'", "a-b"} {
		a.coql("select Employees as "+alias+" from Accounts where id is not null").want(400, "code", "INVALID_QUERY", "details.column_name", "Employees", "details.alias", strings.Trim(alias, "'"))
	}
	for _, columns := range []string{"Employees as x, Website as x", "Employees as Website, Website", "Employees as id"} {
		r := a.coql("select "+columns+" from Accounts where id is not null").want(400, "code", "DUPLICATE_ALIAS")
		if r.len("details.referred_columns") != 2 {
			t.Errorf("%s: the columns are not named: %s", columns, r.raw)
		}
	}
	a.coql("select Employees as staff from Accounts where Employees > 1 order by staff desc").want(200, "data.0.staff", "50", "data.1.staff", "5")
	for i := range 3 {
		a.make("Vendors", obj{"Vendor_Name": fmt.Sprint("V", i), "City": []string{"Leeds", "York", "York"}[i]})
	}
	rows := a.coql("select City, COUNT(id) as n from Vendors where id is not null group by City order by n desc").want(200, "data.0.n", "2", "data.1.n", "1")
	if got := names(rows, "City"); got != "York|Leeds" {
		t.Errorf("the groups come as %s", got)
	}
	a.coql("select City, COUNT(id) as n from Vendors where id is not null group by City order by City asc").want(200, "data.0.City", "Leeds")
}

// zoho-crm.md section 5.3: at most four columns to group by and five aggregates.
func TestCOQL_LimitsOfGroups(t *testing.T) {
	a, _ := forQueries(t)
	a.coql("select COUNT(id), SUM(Employees), MIN(Employees), MAX(Employees), AVG(Employees) from Accounts where id is not null").want(200)
	a.coql("select COUNT(id), SUM(Employees), MIN(Employees), MAX(Employees), AVG(Employees), SUM(Annual_Revenue) from Accounts where id is not null").want(400, "code", "LIMIT_EXCEEDED", "details.limit", "5")
	a.coql("select Phone from Accounts where id is not null group by Phone, Fax, Website, Account_Type").want(200)
	a.coql("select Phone from Accounts where id is not null group by Phone, Fax, Website, Account_Type, Rating").want(400, "code", "LIMIT_EXCEEDED", "details.limit", "4")
}

// zoho-crm.md section 5.3: a query reaches through at most five look-ups of its
// module, each of them as often as it likes.
func TestCOQL_LimitOfJoins(t *testing.T) {
	a, _ := forQueries(t)
	five := "Account_Name.Account_Name, Account_Name.Phone, Vendor_Name.Vendor_Name, Reporting_To.Last_Name, Reports_To.Last_Name"
	lookup := func(label string) string {
		return a.field("Contacts", obj{"field_label": label, "data_type": "lookup", "lookup": obj{"module": obj{"api_name": "Accounts"}}})
	}
	fifth, sixth := lookup("Fifth"), lookup("Sixth")
	a.coql("select " + five + ", " + fifth + ".Phone from Contacts where " + fifth + ".Phone is null").want(200)
	a.coql("select "+five+", "+fifth+".Phone from Contacts where "+sixth+".Phone is null").want(400, "code", "LIMIT_EXCEEDED", "details.limit", "5")
}
