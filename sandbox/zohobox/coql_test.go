package zohobox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

func forQueries(t *testing.T) (*app, map[string]string) {
	t.Helper()
	a := open(t, zohobox.Options{})
	ids := map[string]string{}
	ids["Acme"] = a.make("Accounts", obj{"Account_Name": "Acme", "Employees": 5, "Website": "acme.example"})
	ids["Acme Inc"] = a.make("Accounts", obj{"Account_Name": "Acme Inc", "Employees": 50})
	ids["O'Hara"] = a.make("Accounts", obj{"Account_Name": "O'Hara & Co"})
	a.later(time.Hour)
	ids["lee"] = a.make("Contacts", obj{"Last_Name": "Lee", "Account_Name": ref(ids["Acme"]), "Email_Opt_Out": true, "Date_of_Birth": "1990-05-04"})
	ids["kim"] = a.make("Contacts", obj{"Last_Name": "Kim"})
	return a, ids
}

func names(r reply, key string) string {
	var out []string
	for i := range r.len("data") {
		row, _ := r.at(fmt.Sprintf("data.%d", i)).(obj)
		out = append(out, fmt.Sprint(row[key]))
	}
	return strings.Join(out, "|")
}

// Section 5.3, the conditions.
func TestCOQL_Conditions(t *testing.T) {
	a, ids := forQueries(t)
	for _, c := range []struct{ name, where, want string }{
		{"equal", "Account_Name = 'Acme'", "Acme"},
		{"equal in other letters", "Account_Name = 'ACME'", "Acme"},
		{"a quote doubled", "Account_Name = 'O''Hara & Co'", "O'Hara & Co"},
		{"a quote escaped", `Account_Name = 'O\'Hara & Co'`, "O'Hara & Co"},
		{"not equal", "Account_Name != 'Acme'", "Acme Inc|O'Hara & Co"},
		{"like from the start", "Account_Name like 'Acme%'", "Acme|Acme Inc"},
		{"like inside", "Account_Name like '%hara%'", "O'Hara & Co"},
		{"not like", "Account_Name not like '%Acme%'", "O'Hara & Co"},
		{"in", "Account_Name in ('Acme', 'O''Hara & Co', 'none')", "Acme|O'Hara & Co"},
		{"not in", "Account_Name not in ('Acme', 'none')", "Acme Inc|O'Hara & Co"},
		{"number greater", "Employees > 5", "Acme Inc"},
		{"number at least", "Employees >= 5", "Acme|Acme Inc"},
		{"number less", "Employees < 50", "Acme"},
		{"between", "Employees between 1 and 10", "Acme"},
		{"is null", "Employees is null", "O'Hara & Co"},
		{"is not null", "Website is not null", "Acme"},
		{"id", "id = '" + ids["Acme Inc"] + "'", "Acme Inc"},
		{"id in", "id in ('" + ids["Acme Inc"] + "','" + ids["Acme"] + "')", "Acme|Acme Inc"},
		{"and", "Account_Name like 'Acme%' and Employees > 5", "Acme Inc"},
		{"or", "Account_Name = 'Acme' or Employees is null", "Acme|O'Hara & Co"},
		{"brackets", "((Account_Name = 'Acme' or Account_Name = 'Acme Inc') and (Employees > 5 or Website is not null))", "Acme|Acme Inc"},
		{"time", "Modified_Time >= '2026-03-01T09:15:00+00:00'", "Acme|Acme Inc|O'Hara & Co"},
		{"time in another zone", "Modified_Time > '2026-03-01T01:15:00-08:00'", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			r := a.coql("select Account_Name from Accounts where " + c.where + " order by id asc")
			if got := names(r, "Account_Name"); got != c.want {
				t.Errorf("found %q, want %q: %s", got, c.want, r.raw)
			}
			if c.want == "" && r.status != 204 {
				t.Errorf("status %d, want 204", r.status)
			}
		})
	}
}

// Section 5.3: look-ups come as id; names only when selected through a dot.
func TestCOQL_DottedColumns(t *testing.T) {
	a, ids := forQueries(t)
	r := a.coql("select Last_Name, Account_Name, Account_Name.Account_Name, Email_Opt_Out from Contacts where Account_Name.Account_Name = 'Acme'").want(200, "info.count", "1", "info.more_records", "false")
	row, _ := r.at("data.0").(obj)
	if fmt.Sprint(row["Account_Name"]) != "map[id:"+ids["Acme"]+"]" || row["Account_Name.Account_Name"] != "Acme" || row["id"] != ids["lee"] || row["Email_Opt_Out"] != true {
		t.Errorf("row %v", row)
	}
	a.coql("select Last_Name from Contacts where Account_Name = '"+ids["Acme"]+"'").want(200, "data.0.Last_Name", "Lee")
	a.coql("select Last_Name from Contacts where Email_Opt_Out = 'true'").want(200, "data.0.Last_Name", "Lee", "info.count", "1")
	a.coql("select Last_Name from Contacts where Date_of_Birth = '1990-05-04'").want(200, "data.0.Last_Name", "Lee")
	a.coql("select Last_Name from Contacts where Owner.last_name = 'x'").want(400, "code", "INVALID_QUERY")
	a.call(http.MethodPost, "/coql", obj{"select_query": "select Last_Name from Contacts where id is not null", "include_meta": []any{"fields"}}).want(200, "fields.Last_Name.data_type", "text")
}

// Section 5.3: refusals.
func TestCOQL_Refusals(t *testing.T) {
	a, _ := forQueries(t)
	in := "'1'" + strings.Repeat(",'1'", 50)
	conds := "Employees = 1"
	for range 25 {
		conds = "(" + conds + " or Employees = 2)"
	}
	for _, c := range []struct{ name, query, code string }{
		{"where is mandatory", "select Account_Name from Accounts", "SYNTAX_ERROR"},
		{"three conditions need brackets", "select Account_Name from Accounts where Employees = 1 and Employees = 2 and Employees = 3", "SYNTAX_ERROR"},
		{"unknown column", "select Nonsense from Accounts where id is not null", "INVALID_QUERY"},
		{"unknown column in where", "select Account_Name from Accounts where Nonsense = 1", "INVALID_QUERY"},
		{"unknown module", "select id from Nonsense where id is not null", "INVALID_QUERY"},
		{"milliseconds", "select id from Accounts where Modified_Time > '2026-03-01T09:15:00.000+00:00'", "INVALID_QUERY"},
		{"a date for a time", "select id from Accounts where Modified_Time > '2026-03-01'", "INVALID_QUERY"},
		{"text for a number", "select id from Accounts where Employees > 'many'", "INVALID_QUERY"},
		{"more than 2000 rows", "select id from Accounts where id is not null limit 2001", "LIMIT_EXCEEDED"},
		{"beyond 100,000", "select id from Accounts where id is not null limit 99999, 2", "LIMIT_EXCEEDED"},
		{"more than 50 values", "select id from Accounts where Account_Name in (" + in + ")", "LIMIT_EXCEEDED"},
		{"more than 25 conditions", "select id from Accounts where " + conds, "LIMIT_EXCEEDED"},
		{"a column twice", "select id, id from Accounts where id is not null", "DUPLICATE_DATA"},
		{"an open quote", "select id from Accounts where Account_Name = 'x", "SYNTAX_ERROR"},
		{"not like without both signs", "select id from Accounts where Account_Name not like 'x%'", "INVALID_QUERY"},
		{"line items as a column", "select Invoiced_Items from Invoices where id is not null", "INVALID_QUERY"},
		{"no query", "", "SYNTAX_ERROR"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			a.coql(c.query).want(400, "code", c.code, "status", "error")
		})
	}
	a.call(http.MethodPost, "/coql", obj{}).want(400, "code", "MANDATORY_NOT_FOUND")
}

// Section 5.3 and design section 10: a keyset walk sees every record once.
func TestCOQL_KeysetWalk(t *testing.T) {
	a := withVendors(t, 4500)
	last, n, calls := "0", 0, 0
	for {
		r := a.coql("select Vendor_Name from Vendors where id > '" + last + "' order by id asc limit 2000")
		if r.status == 204 {
			break
		}
		calls++
		n += r.len("data")
		last = r.str(fmt.Sprintf("data.%d.id", r.len("data")-1))
		if r.str("info.more_records") != "true" {
			break
		}
	}
	if n != 4500 || calls != 3 {
		t.Errorf("%d records in %d calls, want 4500 in 3", n, calls)
	}
}

// Section 5.3: default 200 rows, offset, order.
func TestCOQL_LimitOffsetOrder(t *testing.T) {
	a := withVendors(t, 450)
	a.coql("select Vendor_Name from Vendors where id is not null").want(200, "info.count", "200", "info.more_records", "true")
	a.coql("select Vendor_Name from Vendors where id is not null order by Vendor_Name desc limit 2").want(200, "data.0.Vendor_Name", "Vendor 00449", "info.count", "2")
	a.coql("select Vendor_Name from Vendors where id is not null order by Vendor_Name asc limit 440, 100").want(200, "data.0.Vendor_Name", "Vendor 00440", "info.count", "10", "info.more_records", "false")
	a.coql("select Vendor_Name from Vendors where id is not null order by Modified_Time desc limit 3 offset 1").want(200, "data.0.Vendor_Name", "Vendor 00448")
	a.coql("select Vendor_Name from Vendors where Modified_Time > '2026-03-01T09:15:05+00:00' order by Modified_Time asc limit 1").want(200, "data.0.Vendor_Name", "Vendor 00006")
	a.coql("select Vendor_Name from Vendors where Vendor_Name like 'Vendor%' and Modified_Time >= '2026-03-01T09:22:00+00:00' limit 2000").want(200, "info.count", "30")
}

// Section 5.3: aggregates.
func TestCOQL_Aggregates(t *testing.T) {
	a, _ := forQueries(t)
	r := a.coql("select COUNT(id), SUM(Employees), MAX(Employees), AVG(Employees) as mean from Accounts where id is not null").want(200, "data.0.mean", "27.5")
	row, _ := r.at("data.0").(obj)
	if fmt.Sprint(row["COUNT(id)"]) != "3" || fmt.Sprint(row["SUM(Employees)"]) != "55" || fmt.Sprint(row["MAX(Employees)"]) != "50" || row["id"] != nil {
		t.Errorf("row %v", row)
	}
	a.coql("select Account_Type, COUNT(id) as n from Accounts where id is not null group by Account_Type").want(200, "data.0.n", "3", "info.count", "1")
}

// Section 5.1 against 5.3: COQL sees a write at once, the search index later.
func TestCOQL_IsImmediateSearchIsNot(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.make("Vendors", obj{"Vendor_Name": "Acme"})
	a.coql("select id from Vendors where Vendor_Name = 'Acme'").want(200, "info.count", "1")
	find := "/Vendors/search?criteria=" + q("(Vendor_Name:equals:Acme)")
	a.get(find).want(204)
	a.get("/Vendors/actions/count").want(200, "count", "0")
	a.clock.step(10 * time.Minute)
	a.get(find).want(200, "data.0.Vendor_Name", "Acme")
	a.get("/Vendors/actions/count").want(200, "count", "1")
}

// Section 4: line modules are modules too.
func TestCOQL_OnLineModules(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.invoice(obj{})
	a.invoice(obj{})
	a.coql("select Quantity, Product_Name.Product_Name, Parent_Id.Subject from Invoiced_Items where Parent_Id = '"+id+"'").want(200, "info.count", "1", "data.0.Quantity", "1")
}
