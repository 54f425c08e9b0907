package zohobox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 4.1: a look-up of several users comes with a record read by
// its id, and never in lists, searches and queries.
func TestMultiUsers_AreNotInLists(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	f := a.field("Accounts", obj{"field_label": "Crew", "data_type": "multiuserlookup"})
	row := func(name string) obj {
		return obj{f: obj{"id": find(a.get("/users"), "users", "first_name", name)["id"]}}
	}
	id := a.make("Accounts", obj{"Account_Name": "Acme", f: []any{row("Eva")}})
	one := a.get("/Accounts/"+id).want(200, "data.0."+f+".0."+f+".name", "Eva Sales")
	for _, path := range []string{"/Accounts?fields=Account_Name," + f, "/Accounts/search?word=acme", "/Accounts?ids=" + id + "&fields=" + f} {
		if row, _ := a.get(path).want(200).at("data.0").(obj); has(row, f) {
			t.Errorf("%s shows %v", path, row)
		}
	}
	a.coql("select "+f+" from Accounts where id is not null").want(400, "code", "INVALID_QUERY")

	// Rows are added, taken away by their id, and kept when left out.
	a.put("Accounts", id, obj{f: []any{row("Max")}}).want(200)
	if n := a.get("/Accounts/" + id).len("data.0." + f); n != 2 {
		t.Errorf("%d rows after one was added", n)
	}
	a.put("Accounts", id, obj{f: []any{row("Max")}}).want(400, "data.0.code", "DUPLICATE_LINKING_DATA")
	gone := []any{obj{"id": one.str("data.0." + f + ".0.id"), "_delete": nil}}
	a.put("Accounts", id, obj{f: gone}).want(200)
	a.get("/Accounts/"+id).want(200, "data.0."+f+".0."+f+".name", "Max Sales")
	a.put("Accounts", id, obj{f: gone}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.json_path", "$.data[0]."+f+"[0].id")
	a.put("Accounts", id, obj{f: []any{row("Former")}}).want(400, "data.0.code", "INVALID_DATA")
	a.put("Accounts", id, obj{f: []any{obj{}}}).want(400, "data.0.code", "MANDATORY_NOT_FOUND")
	copied := a.call(http.MethodPost, "/Accounts/"+id+"/actions/clone", data(obj{"Account_Name": "Copy"})).want(201).str("data.0.details.id")
	a.get("/Accounts/"+copied).want(200, "data.0."+f+".0."+f+".name", "Max Sales")
	a.put("Accounts", id, obj{f: []any{}}).want(200)
	if n := a.get("/Accounts/" + id).len("data.0." + f); n != 0 {
		t.Errorf("%d users after an empty list", n)
	}
}

// zoho-crm.md section 4.1: a rich text is cut to 500 characters in lists; other
// long texts are not, and one record has it whole.
func TestList_CutsRichTexts(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	rich := a.field("Vendors", obj{"field_label": "Story", "data_type": "textarea", "length": 50000})
	long := strings.Repeat("ä", 600)
	id := a.make("Vendors", obj{"Vendor_Name": "Acme", rich: long, "Description": long})
	for _, path := range []string{"/Vendors?fields=Description," + rich, "/Vendors?ids=" + id + "&fields=Description," + rich, "/Vendors/search?word=acme"} {
		a.get(path).want(200, "data.0."+rich, long[:1000], "data.0.Description", long)
	}
	a.get("/Vendors/"+id).want(200, "data.0."+rich, long)
	a.get("/Vendors/"+id+"/actions/fetch_full_data?fields="+rich).want(200, "data.0."+rich, long)
	a.get("/Vendors/"+id+"/actions/fetch_full_data").want(200, "data.0."+rich, long)
}

// zoho-crm.md section 4.2: with more rows than come with a record, $has_more
// says so; the line module has them all.
func TestRead_TellsThatRowsAreMissing(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := a.product(obj{})
	rows := make([]any, 201)
	for i := range rows {
		rows[i] = obj{"Product_Name": ref(p), "Quantity": i + 1}
	}
	id := a.make("Invoices", obj{"Subject": "Long", "Invoiced_Items": rows[:200]})
	r := a.get("/Invoices/"+id).want(200, "data.0.$has_more.Invoiced_Items", "false")
	if n := r.len("data.0.Invoiced_Items"); n != 200 {
		t.Errorf("%d rows, want 200", n)
	}
	a.put("Invoices", id, obj{"Invoiced_Items": rows[200:]}).want(200)
	r = a.get("/Invoices/"+id).want(200, "data.0.$has_more.Invoiced_Items", "true", "data.0.Invoiced_Items.199.Quantity", "200")
	if n := r.len("data.0.Invoiced_Items"); n != 200 {
		t.Errorf("%d rows, want 200", n)
	}
	if n := a.get("/_sandbox/state?type=Invoices").len("records.Invoices.0.Invoiced_Items"); n != 201 {
		t.Errorf("%d rows in the truth", n)
	}
	a.coql("select COUNT(id) as n from Invoiced_Items where Parent_Id = '"+id+"'").want(200, "data.0.n", "201")
}

// zoho-crm.md section 7.2: rows stand in the order of their sequence numbers.
func TestLines_AreOrderedBySequence(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := a.product(obj{})
	row := func(quantity int, sequence any) obj {
		o := obj{"Product_Name": ref(p), "Quantity": quantity}
		if sequence != nil {
			o["Sequence_Number"] = sequence
		}
		return o
	}
	id := a.make("Quotes", obj{"Subject": "S", "Quoted_Items": []any{row(30, "10"), row(20, "9"), row(10, "2")}})
	order := func() string {
		r := a.get("/Quotes/" + id)
		var out []string
		for i := range r.len("data.0.Quoted_Items") {
			out = append(out, r.str(fmt.Sprintf("data.0.Quoted_Items.%d.Quantity", i))+"/"+r.str(fmt.Sprintf("data.0.Quoted_Items.%d.Sequence_Number", i)))
		}
		return strings.Join(out, " ")
	}
	if got := order(); got != "10/2 20/9 30/10" {
		t.Errorf("the rows stand as %s", got)
	}
	first := a.get("/Quotes/" + id).str("data.0.Quoted_Items.0.id")
	a.put("Quotes", id, obj{"Quoted_Items": []any{obj{"id": first, "Sequence_Number": "12"}, row(5, nil)}}).want(200)
	if got := order(); got != "20/9 30/10 10/12 5/13" {
		t.Errorf("moved and added, the rows stand as %s", got)
	}
}

// zoho-crm.md section 7.2: the product of a line comes with its currency where
// there are several.
func TestLines_ProductsTellTheirCurrency(t *testing.T) {
	a := open(t, zohobox.Options{MultiCurrency: true})
	id := a.invoice(obj{})
	a.get("/Invoices/"+id).want(200, "data.0.Invoiced_Items.0.Product_Name.Currency", "USD")
	plain := open(t, zohobox.Options{})
	if o, _ := plain.get("/Invoices/" + plain.invoice(obj{})).at("data.0.Invoiced_Items.0.Product_Name").(obj); has(o, "Currency") {
		t.Errorf("with one currency: %v", o)
	}
}

// zoho-crm.md section 7.5: newer organisations have coordinates in addresses.
func TestDocuments_CoordinatesByDial(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{AddressCoordinates: zohobox.On}})
	id := a.invoice(obj{"Billing_Latitude": 53.8, "Shipping_Longitude": -1.55})
	a.get("/Invoices/"+id).want(200, "data.0.Billing_Latitude", "53.8", "data.0.Shipping_Longitude", "-1.55")
	old := open(t, zohobox.Options{})
	if o := old.read("Invoices", old.invoice(obj{"Billing_Latitude": 53.8})); has(o, "Billing_Latitude") {
		t.Error("an older organisation has coordinates")
	}
}
