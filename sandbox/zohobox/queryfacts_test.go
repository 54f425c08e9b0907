package zohobox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 5.1: what may be searched by, and the walls of each way.
func TestSearch_ItsWalls(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	search := func(query string) reply { return a.get("/Accounts/search?" + query) }
	r := search("").want(400, "code", "EXPECTED_PARAM_MISSING")
	if got := fmt.Sprint(r.at("details.param_names")); got != "[criteria email phone word]" {
		t.Errorf("the ways to search are %s", got)
	}
	search("phone=12").want(400, "code", "INVALID_DATA", "details.param_name", "phone")
	search("phone=123").want(204)
	search("criteria="+q("(Account_Name:equals:"+strings.Repeat("a", 3000)+")")).want(400, "code", "INVALID_DATA", "details.param_name", "criteria")
	search("criteria=" + q("(Account_Name:equals:"+strings.Repeat("a", 2900)+")")).want(204)
	values := strings.Repeat("x,", 99) + "x"
	search("criteria=" + q("(Account_Name:in:"+values+")")).want(204)
	search("criteria="+q("(Account_Name:in:"+values+",x)")).want(400, "code", "LIMIT_EXCEEDED", "details.limit", "100")
	if limit := search("word=abc&page=11").want(400, "code", "LIMIT_REACHED").at("details.limit"); limit != "2000" {
		t.Errorf("the limit is %#v, want the text 2000", limit)
	}
	if search("criteria="+q("(Nonsense:equals:1)")).want(400, "code", "INVALID_QUERY").str("details.reason") == "" {
		t.Error("a query that is refused is not explained")
	}
}

// zoho-crm.md section 5.1: results by page, 200 of them unless said otherwise,
// and only the columns that were asked for.
func TestSearch_PagesAndColumns(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	load := make([]map[string]any, 0, 201)
	for i := range 201 {
		load = append(load, map[string]any{"Vendor_Name": fmt.Sprintf("Acme %d", i), "City": "Leeds"})
	}
	if err := a.box.Load("Vendors", load); err != nil {
		t.Fatal(err)
	}
	r := a.get("/Vendors/search?word=acme&fields=Vendor_Name").want(200, "info.count", "200", "info.per_page", "200", "info.more_records", "true")
	row, _ := r.at("data.0").(obj)
	if len(row) != 2 || !has(row, "id") || !has(row, "Vendor_Name") {
		t.Errorf("asked for one column, got %v", row)
	}
	a.get("/Vendors/search?word=acme&page=2").want(200, "info.count", "1", "info.more_records", "false", "data.0.City", "Leeds")
	a.get("/Vendors/search?word=acme&page=3&per_page=2").want(200, "info.count", "2", "info.page", "3", "info.per_page", "2")
}

// zoho-crm.md section 5.1: the operators of numbers, dates, look-ups and flags,
// and a backslash at the end of a value.
func TestSearch_OperatorsByKind(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	acc := a.make("Accounts", obj{"Account_Name": `C:\`})
	for _, c := range []obj{
		{"Last_Name": "Old", "Date_of_Birth": "1960-01-01", "Account_Name": ref(acc)},
		{"Last_Name": "Mid", "Date_of_Birth": "1980-01-01", "Email_Opt_Out": true},
		{"Last_Name": "New", "Date_of_Birth": "2000-01-01"},
	} {
		a.clock.step(time.Hour / 10)
		a.make("Contacts", c)
	}
	for criteria, want := range map[string]string{
		"(Date_of_Birth:greater_than:1980-01-01)":               "New",
		"(Date_of_Birth:greater_equal:1980-01-01)":              "New|Mid",
		"(Date_of_Birth:less_than:1980-01-01)":                  "Old",
		"(Date_of_Birth:not_equal:1980-01-01)":                  "New|Old",
		"(Created_Time:less_than:2026-03-01T09:27:00+00:00)":    "Old",
		"(Created_Time:greater_than:2026-03-01T01:27:00-08:00)": "New",
		"(Account_Name:equals:" + acc + ")":                     "Old",
		"(Email_Opt_Out:equals:true)":                           "Mid",
		"(Email_Opt_Out:not_equal:true)":                        "New|Old",
	} {
		if got := names(a.get("/Contacts/search?criteria="+q(criteria)), "Last_Name"); got != want {
			t.Errorf("%s finds %q, want %q", criteria, got, want)
		}
	}
	no := a.field("Contacts", obj{"field_label": "No", "data_type": "autonumber"})
	a.get("/Contacts/search?criteria=" + q("("+no+":equals:1)")).want(204)
	a.get("/Contacts/search?criteria="+q("("+no+":greater_than:1)")).want(400, "code", "INVALID_QUERY")
	a.get("/Accounts/search?criteria="+q(`(Account_Name:equals:C:\\)`)).want(200, "data.0.id", acc)
	a.get("/Accounts/search?criteria="+q(`(Account_Name:equals:C:\)`)).want(400, "code", "INVALID_QUERY")
}

// zoho-crm.md section 5.3: the least value of all; aggregates are written in capitals.
func TestCOQL_LeastAndCapitals(t *testing.T) {
	a, _ := forQueries(t)
	a.coql("select MIN(Employees) from Accounts where id is not null").want(200, "data.0.MIN(Employees)", "5")
	a.coql("select min(Employees) from Accounts where id is not null").want(400)
}

// zoho-crm.md section 6: what cannot be external.
func TestExternal_NotEverywhere(t *testing.T) {
	a := open(t, zohobox.Options{})
	for module, kind := range map[string]string{"Vendors": "textarea", "Calls": "text"} {
		a.call(http.MethodPost, "/settings/fields?module="+module, obj{"fields": []any{obj{"field_label": "Key", "data_type": kind, "external": obj{"type": "org"}}}}).
			want(400, "fields.0.code", "DEPENDENT_MISMATCH")
	}
}

// zoho-crm.md section 6: a line names its product by the product's external value.
func TestExternal_ProductOfALine(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.externalID("Products")
	p := a.product(obj{f: "77"})
	doc := func(key string) obj {
		return data(obj{"Subject": "S", "Quoted_Items": []any{obj{"Product_Name": obj{f: key}, "Quantity": 1}}})
	}
	header := "Quotes.Quoted_Items.Product_Name." + f
	id := a.call(http.MethodPost, "/Quotes", doc("77"), "X-EXTERNAL", header).want(201).str("data.0.details.id")
	a.get("/Quotes/"+id).want(200, "data.0.Quoted_Items.0.Product_Name.id", p)
	a.call(http.MethodPost, "/Quotes", doc("78"), "X-EXTERNAL", header).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", f)
	a.call(http.MethodPost, "/Quotes", doc("77")).want(400, "data.0.code", "INVALID_DATA")
}

// zoho-crm.md section 6: the timeline tells rules and imports from the rest, and
// is filtered by moment and person.
func TestTimeline_SourcesAndFilters(t *testing.T) {
	a := open(t, zohobox.Options{
		Dials:     zohobox.Dials{BulkTime: -1},
		Workflows: []zohobox.Workflow{{Name: "mark", Module: "Vendors", Field: "City", On: "edit", Set: map[string]any{"Category": "touched"}}},
	})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.clock.step(10 * time.Minute)
	a.as("Eva").put("Vendors", id, obj{"City": "Leeds"}).want(200)
	at := "/Vendors/" + id + "/__timeline"
	r := a.get(at).want(200)
	if find(r, "__timeline", "source", "workflow") == nil {
		t.Errorf("what the rule did is not told: %s", r.raw)
	}
	one := func(field, comparator string, value any) string {
		return q(fmt.Sprintf(`{"field":{"api_name":%q},"comparator":%q,"value":%q}`, field, comparator, value))
	}
	a.get(at+"?filter="+one("audited_time", "less_than", "2026-03-01T09:20:00+00:00")).want(200, "info.count", "1", "__timeline.0.action", "added")
	a.get(at+"?filter="+one("audited_time", "greater_than", "2026-03-01T09:20:00+00:00")).want(200, "info.count", "2")
	a.get(at+"?filter="+one("done_by.id", "equal", a.userID("Super"))).want(200, "info.count", "1", "__timeline.0.action", "added")
	up := a.upload(packed(t, "v.csv", "Vendor_Name\nImported\n")).str("details.file_id")
	job := a.bulkWrite("insert", obj{"module": obj{"api_name": "Vendors"}, "file_id": up, "field_mappings": []any{obj{"api_name": "Vendor_Name", "index": 0}}}).want(201).str("details.id")
	a.get(bulkPath+"/write/"+job).want(200, "status", "COMPLETED")
	a.get("/Vendors/"+a.get("/Vendors?fields=id").str("data.0.id")+"/__timeline").want(200, "__timeline.0.source", "import")
}

// zoho-crm.md section 6: a composite that may be rolled back costs two credits,
// also when nothing was said, and counts as five calls at once.
func TestComposite_WhatItTakes(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free", Dials: zohobox.Dials{BulkTime: -1}})
	for range 51 {
		a.bulkRead(obj{"module": obj{"api_name": "Vendors"}})
	}
	left := func(r reply) (n int) { _, _ = fmt.Sscan(r.header.Get("X-API-CREDITS-REMAINING"), &n); return n }
	before := left(a.get("/org"))
	if cost := before - left(composite(a, nil, insertPart("1", "A"))); cost != 2 {
		t.Errorf("a composite cost %d credits, want 2", cost)
	}
	synctest.Test(t, func(t *testing.T) {
		a := open(t, zohobox.Options{Limits: "real", Edition: "enterprise", Dials: zohobox.Dials{Latency: time.Second}})
		refused := make(chan bool, 6)
		for range 6 {
			go func() { refused <- composite(a, nil, insertPart("1", "A")).status == http.StatusTooManyRequests }()
		}
		n := 0
		for range 6 {
			if <-refused {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%d of six composites were refused, want 2: twenty calls at once are four of them", n)
		}
	})
}

// zoho-crm.md section 6: what is not converted.
func TestConvert_Refusals(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Quotes", obj{"Subject": "Q", "Quoted_Items": []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}})
	convert := func(a *app, to ...string) reply {
		var rows []any
		for _, m := range to {
			rows = append(rows, obj{"module": obj{"api_name": m}})
		}
		return a.call(http.MethodPost, "/Quotes/"+id+"/actions/convert", data(obj{"convert_to": rows}))
	}
	if r := convert(a, "Invoices", "Invoices").want(400); !strings.Contains(r.raw, `"DUPLICATE_DATA"`) {
		t.Errorf("one module twice: %s", r.raw)
	}
	if r := convert(a.with("ZohoCRM.modules.quotes.ALL"), "Invoices"); r.status < 400 || !strings.Contains(r.raw, `"NO_PERMISSION"`) {
		t.Errorf("without the right to make invoices: %s", r.raw)
	}
	a.do(zohobox.Action{Action: "submit", Type: "Quotes", ID: id})
	if r := convert(a, "Invoices").want(400); !strings.Contains(r.raw, `"NOT_APPROVED"`) {
		t.Errorf("before it is approved: %s", r.raw)
	}
	a.do(zohobox.Action{Action: "approve", Type: "Quotes", ID: id})
	convert(a, "Invoices").want(200)
}

// zoho-crm.md section 7.2: a line keeps its text and its taxes' names; of its
// product only the id counts.
func TestRows_WhatTheyKeep(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := a.product(obj{"Product_Name": "Hose"})
	id := a.invoice(obj{"Invoiced_Items": []any{obj{
		"Product_Name": obj{"id": p, "name": "Another", "Product_Code": "X"}, "Quantity": 1, "List_Price": 10,
		"Description": "March", "Line_Tax": []any{obj{"name": "Vat", "percentage": 20}},
	}}})
	row := "data.0.Invoiced_Items.0."
	a.get("/Invoices/"+id).want(200, row+"Product_Name.id", p, row+"Product_Name.name", "Hose", row+"Description", "March", row+"Line_Tax.0.display_name", "Vat")
	a.get("/Products/"+p).want(200, "data.0.Product_Name", "Hose")
}

// zoho-crm.md section 7.6: a record has a rate of its own if it is given one.
func TestCurrencies_ARateOfTheRecord(t *testing.T) {
	a := open(t, zohobox.Options{MultiCurrency: true})
	a.call(http.MethodPost, "/org/currencies", obj{"currencies": []any{obj{"iso_code": "EUR", "exchange_rate": "1.1"}}}).want(200)
	id := a.make("Accounts", obj{"Account_Name": "A", "Currency": "EUR", "Exchange_Rate": 1.25})
	a.get("/Accounts/"+id).want(200, "data.0.Exchange_Rate", "1.25")
	a.put("Accounts", id, obj{"Exchange_Rate": 1.3}).want(200)
	a.get("/Accounts/"+id).want(200, "data.0.Exchange_Rate", "1.3")
}

// zoho-crm.md section 6: a look-up can be told by external values; reads show its
// type, and it stays a look-up that many records may share.
func TestExternal_LookupsAreShown(t *testing.T) {
	a := open(t, zohobox.Options{})
	key := a.externalID("Accounts")
	f := a.field("Deals", obj{"field_label": "Payer", "data_type": "lookup", "lookup": obj{"module": obj{"api_name": "Accounts"}}, "external": obj{"type": "external_lookup", "show": true}})
	meta := find(a.get("/settings/fields?module=Deals"), "fields", "api_name", f)
	if got := fmt.Sprint(meta["external"], meta["unique"], meta["data_type"]); got != "map[show:true type:external_lookup] map[]lookup" {
		t.Errorf("the field is described as %s", got)
	}
	acc := a.make("Accounts", obj{"Account_Name": "A", key: "77"})
	for range 2 {
		id := a.call(http.MethodPost, "/Deals", data(obj{"Deal_Name": "D", "Stage": "Qualification", f: obj{key: "77"}}), "X-EXTERNAL", "Deals."+f+"."+key).want(201).str("data.0.details.id")
		a.get("/Deals/"+id).want(200, "data.0."+f+".id", acc)
	}
	a.call(http.MethodPost, "/settings/fields?module=Deals", obj{"fields": []any{obj{"field_label": "Text", "data_type": "text", "external": obj{"type": "external_lookup"}}}}).want(400)
}
