package qbobox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// fill makes the small company that the query cases ask about.
func fill(t *testing.T) *client {
	c := open(t, func(o *qbobox.Options) { o.Dials.ChangesInOrder = true })
	c.customer("Pam Seitz", m{"GivenName": "Pam", "CompanyName": "Amy's Bird"})                                // 1
	c.customer("PG&E")                                                                                         // 2
	c.customer(`Amy's "Bird" \ Co`, m{"Notes": "secret", "PrimaryEmailAddr": m{"Address": "amy@example.com"}}) // 3
	c.customer("zeta", m{"FamilyName": "Zed", "Job": true, "ParentRef": v("1")})                               // 4
	c.clock.move(time.Hour)
	c.login()
	c.customer("Late") // 5
	c.post("customer", m{"Id": "2", "SyncToken": "0", "sparse": true, "Active": false})
	c.invoice("1", 10)                                                 // 1
	c.invoice("3", 20, m{"TxnDate": "2026-01-15"})                     // 2
	c.invoice("3", 30, m{"TxnDate": "2026-02-15", "DocNumber": "X-7"}) // 3
	return c
}

// TestQuery: reference section 6.
func TestQuery_FindsAndOrders(t *testing.T) {
	c := fill(t)
	for _, k := range []struct{ name, entity, q, ids string }{
		{"the default order is by qualified name, byte by byte", "Customer", "select * from Customer", "3,5,1,4"},
		{"inactive ones are left out", "Customer", "select * from Customer where Id in ('1','2')", "1"},
		{"unless asked for", "Customer", "select * from Customer where Active in (true,false)", "3,5,2,1,4"},
		{"bare and quoted booleans", "Customer", "select * from Customer where Active = 'false'", "2"},
		{"one id", "Customer", "select * from Customer where Id = '3'", "3"},
		{"an unquoted id", "Customer", "select * from Customer where Id = 3", "3"},
		{"keywords and names in any case", "Customer", "SELECT * from CUSTOMER WHERE displayname = 'LATE'", "5"},
		{"escaped quotes and backslashes", "Customer", `select * from Customer where DisplayName = 'Amy\'s "Bird" \\ Co'`, "3"},
		{"LIKE at the start", "Customer", "select * from Customer where DisplayName like 'Pa%'", "1"},
		{"LIKE in the middle", "Customer", "select * from Customer where CompanyName LIKE '%bird%'", "1"},
		{"LIKE at the end", "Customer", "select * from Customer where DisplayName like '%e'", "5"},
		{"LIKE without a sign is equality", "Customer", "select * from Customer where DisplayName like 'late'", "5"},
		{"several conditions", "Customer", "select * from Customer where DisplayName like '%e%' and Active = true and Balance = '0'", "5,4"},
		{"a number", "Customer", "select * from Customer where Balance > '15'", "3"},
		{"between two numbers", "Customer", "select * from Customer where Balance >= '10' AND Balance <= '50'", "3,1"},
		{"IN on texts", "Customer", "select * from Customer where DisplayName in ('late', 'ZETA')", "5,4"},
		{"a null test", "Customer", "select * from Customer where GivenName = ' '", "3,5,4"},
		{"ORDERBY in one word", "Customer", "select * from Customer orderby Id desc", "5,4,3,1"},
		{"ORDER BY in two", "Customer", "select * from Customer order by DisplayName", "3,5,1,4"},
		{"ORDER BY an amount", "Customer", "select * from Customer order by Balance desc", "3,1,4,5"},
		{"by two properties", "Invoice", "select * from Invoice orderby CustomerRef desc, TotalAmt asc", "2,3,1"},
		{"by time", "Customer", "select * from Customer orderby MetaData.LastUpdatedTime, Id", "4,1,3,5"},
		{"times from", "Customer", "select * from Customer where MetaData.LastUpdatedTime >= '2026-05-05T03:00:00-07:00'", "3,5,1"},
		{"times before", "Customer", "select * from Customer where metadata.lastupdatedtime < '2026-05-05T03:00:00-07:00'", "4"},
		{"a window of times", "Customer", "select * from Customer where MetaData.LastUpdatedTime > '2026-05-05T02:59:59-07:00' and MetaData.LastUpdatedTime <= '2026-05-05T03:00:00-07:00' and Active IN (true, false)", "3,5,2,1"},
		{"times in another zone", "Customer", "select * from Customer where MetaData.CreateTime >= '2026-05-05T10:00:00Z'", "5"},
		{"documents newest first", "Invoice", "select * from Invoice", "3,2,1"},
		{"by reference", "Invoice", "select * from Invoice where CustomerRef = '3'", "3,2"},
		{"by reference with value", "Invoice", "select * from Invoice where CustomerRef.value = '3' orderby Id", "2,3"},
		{"by date", "Invoice", "select * from Invoice where TxnDate >= '2026-02-01'", "3,1"},
		{"by number", "Invoice", "select * from Invoice where DocNumber = 'x-7'", "3"},
		{"by balance", "Invoice", "select * from Invoice where Balance = '20.00'", "2"},
		{"a page", "Customer", "select * from Customer STARTPOSITION 2 MAXRESULTS 2", "5,1"},
		{"paging words the other way round", "Customer", "select * from Customer MAXRESULTS 2 STARTPOSITION 1", "3,5"},
		{"past the end", "Customer", "select * from Customer startposition 99", ""},
		{"nothing found", "Customer", "select * from Customer where DisplayName = 'nobody'", ""},
		{"newlines between words", "Customer", "select *\n from Customer\n where Id='1'", "1"},
		{"the name of a list entity", "Account", "select * from Account where Name = 'travel'", "19"},
	} {
		t.Run(k.name, func(t *testing.T) {
			c.t = t
			if got := c.ids(k.entity, k.q); got != k.ids {
				t.Errorf("%s\ngot %s, want %s", k.q, got, k.ids)
			}
		})
	}
}

func TestQuery_Faults(t *testing.T) {
	c := fill(t)
	for _, k := range []struct{ name, q, code, detail string }{
		{"an unknown property", "select * from Customer where EmailAddress = 'x'", "4001", "QueryValidationError: Property EmailAddress not found for Entity Customer"},
		{"an unknown inner one", "select * from Customer where PrimayEmailAddr.Address = 'x'", "4001", "QueryValidationError: Property PrimayEmailAddr.Address not found for Entity Customer"},
		{"mail of a vendor", "select * from Vendor where PrimaryEmailAddr = 'x'", "4001", "QueryValidationError: property 'PrimaryEmailAddr' is not queryable"},
		{"mail of a customer", "select * from Customer where PrimaryEmailAddr = 'x'", "4001", "QueryValidationError: property 'PrimaryEmailAddr' is not queryable"},
		{"a private note", "select * from Invoice where PrivateNote = 'x'", "4001", "QueryValidationError: property 'PrivateNote' is not queryable"},
		{"the vendor of an order", "select * from PurchaseOrder where VendorRef = '1'", "4001", "QueryValidationError: property 'VendorRef' is not queryable"},
		{"an order by an unknown property", "select * from Customer orderby Size", "4001", "QueryValidationError: Property Size not found for Entity Customer"},
		{"a page of none", "select * from Customer maxresults 0", "4001", "QueryValidationError: value 0 is too small. Min allowed value is 1"},
		{"a page too large", "select * from Customer maxresults 1500", "4001", "QueryValidationError: value 1500 is too large. Max allowed value is 1000"},
		{"a start at none", "select * from Customer startposition 0", "4001", "QueryValidationError: value 0 is too small. Min allowed value is 1"},
		{"an unknown entity", "select * from Unicorn", "4001", "QueryValidationError: Metadata not found for Entity: Unicorn"},
		{"a range of ids", "select * from Customer where Id > '3'", "4001", "QueryValidationError: Operator > is not supported for property Id"},
		{"an empty id", "select * from Customer where Id = ''", "2030", "Id should be a valid number. Supplied value:"},
		{"null instead of a list", "select * from NULL", "4000", "QueryParserError: Encountered \" \"null\" \"NULL \"\" at line 1, column 15.\nWas expecting:\n    <IDENTIFIER> ...\n    "},
		{
			"a bare word after in", "select * from Customer where PrimayEmailAddr in Address = 'user@example.com' STARTPOSITION 1 MAXRESULTS 20", "4000",
			"QueryParserError: Encountered \" <IDENTIFIER> \"Address \"\" at line 1, column 49.\nWas expecting:\n    \"(\" ...\n    ",
		},
		{"or", "select * from Customer where Id = '1' or Id = '2'", "4000", ""},
		{"not equal", "select * from Customer where Id != '1'", "4000", ""},
		{"no from", "select *", "4000", ""},
		{"an update", "update Customer set x = 1", "4000", ""},
		{"an open quote", "select * from Customer where DisplayName = 'abc", "4000", ""},
		{"a bare text value", "select * from Customer where DisplayName = abc", "4000", ""},
		{"trailing words", "select * from Customer please", "4000", ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			c.t = t
			status, out := c.call("GET", "query?query="+url.QueryEscape(k.q), nil)
			if status != 400 || s(out, "Fault.Error.0.code") != k.code || k.detail != "" && s(out, "Fault.Error.0.Detail") != k.detail {
				t.Errorf("%s\ngot %d %s %q", k.q, status, s(out, "Fault.Error.0.code"), s(out, "Fault.Error.0.Detail"))
			}
			if _, has := out["Fault"].(m)["Error"].([]any)[0].(m)["element"]; has != (k.code == "2030") {
				t.Errorf("element key present: %v", has)
			}
		})
	}
}

func TestQuery_ParserErrorListsWhatIsExpected(t *testing.T) {
	c := fill(t)
	_, out := c.call("GET", "query?query="+url.QueryEscape("select * from Customer where PrimayEmailAddr>>Address = 'x'"), nil)
	if d := s(out, "Fault.Error.0.Detail"); !strings.HasPrefix(d, "QueryParserError: Encountered \" \">\" \"> \"\" at line 1, column 45.\nWas expecting one of:\n") {
		t.Errorf("got %q", d)
	}
}

func TestQuery_AnswerShapes(t *testing.T) {
	c := fill(t)
	check(t, c.query("select * from Invoice maxresults 2"), map[string]string{"startPosition": "1", "maxResults": "2", "totalCount": "2"})
	check(t, c.query("select * from Customer startposition 2"), map[string]string{"startPosition": "2", "maxResults": "3", "totalCount": ""})
	check(t, c.query("select count(*) from Customer"), map[string]string{"totalCount": "4", "Customer": "", "maxResults": ""})
	check(t, c.query("SELECT COUNT(*) FROM Invoice WHERE CustomerRef = '3'"), map[string]string{"totalCount": "2"})
	if got := c.query("select * from Bill"); len(got) != 0 {
		t.Errorf("no rows gave %v", got)
	}
	row := c.query("select Id, DisplayName from Customer where Id = '1'")["Customer"].([]any)[0]
	check(t, row, map[string]string{"sparse": "true", "DisplayName": "Pam Seitz", "CompanyName": ""})
	row = c.query("select * from Customer where Id = '1'")["Customer"].([]any)[0]
	check(t, row, map[string]string{"ClientEntityId": "0", "DefaultTaxCodeRef": ""})
}

func TestQuery_ByPost(t *testing.T) {
	c := fill(t)
	for _, k := range []struct{ path, body, kind string }{
		{"query", "select * from Customer where Id = '1'", "application/text"},
		{"query?query=" + url.QueryEscape("select * from Customer where Id = '1'"), "", "text/plain"},
	} {
		status, out, _ := c.callWith("POST", k.path, k.body, http.Header{"Accept": {"application/json"}, "Content-Type": {k.kind}})
		if status != 200 || s(out, "QueryResponse.Customer.0.Id") != "1" {
			t.Errorf("%s: %d %v", k.kind, status, out)
		}
	}
	if _, code, _, _ := c.fault("GET", "query", nil); code != "2020" {
		t.Errorf("no statement gave %s", code)
	}
}

func TestQuery_PagesHoldAHundredByDefault(t *testing.T) {
	c := open(t)
	var objs []map[string]any
	for i := range 250 {
		objs = append(objs, m{"DisplayName": fmt.Sprintf("C %03d", i)})
	}
	if err := c.box.Load("Customer", objs); err != nil {
		t.Fatal(err)
	}
	check(t, c.query("select * from Customer"), map[string]string{"maxResults": "100", "Customer.99.DisplayName": "C 099"})
	check(t, c.query("select * from Customer startposition 201 maxresults 1000"), map[string]string{"maxResults": "50", "Customer.0.DisplayName": "C 200"})
}

func TestQuery_DialLetsCustomersBeFoundByMail(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.CustomerEmailQueryable = true })
	c.customer("A", m{"PrimaryEmailAddr": m{"Address": "a@b.co"}})
	if got := c.ids("Customer", "select * from Customer where PrimaryEmailAddr = 'A@B.co'"); got != "1" {
		t.Errorf("found %q", got)
	}
}

func TestQuery_BadMailPoisonsAPageWhenTheDialSaysSo(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.BadMailPoisonsQueries = true })
	cu := s(c.customer("A"), "Id")
	c.invoice(cu, 5)
	if err := c.box.Load("Invoice", []map[string]any{{"CustomerRef": v(cu), "BillEmail": m{"Address": "x@y.co"}, "Line": []any{saleLine("1", 1, 1, 1)}}}); err != nil {
		t.Fatal(err)
	}
	c.query("select * from Invoice")
	raw := c.box.Get("Invoice", "2")
	raw["BillEmail"] = m{"Address": "a@b.co, c@d.co"}
	if err := c.box.Load("Invoice", []map[string]any{raw}); err != nil {
		t.Fatal(err)
	}
	_, code, detail, _ := c.fault("GET", "query?query="+url.QueryEscape("select * from Invoice"), nil)
	if code != "4002" || detail != "QueryProcessingError: To email address entered is invalid" {
		t.Errorf("got %s %q", code, detail)
	}
	c.query("select * from Invoice where Id = '1'")
}

// reference section 7
func TestChanges_ShapeStubsAndEmpty(t *testing.T) {
	c := fill(t)
	c.post("invoice?operation=delete", m{"Id": "2", "SyncToken": "0"})
	status, out := c.call("GET", "cdc?entities=customer,Invoice,Bill&changedSince="+url.QueryEscape("2026-05-05T03:00:00-07:00"), nil)
	if status != 200 {
		t.Fatal(status, out)
	}
	check(t, out, map[string]string{
		"CDCResponse.0.QueryResponse.0.startPosition": "1", "CDCResponse.0.QueryResponse.0.maxResults": "4", "CDCResponse.0.QueryResponse.0.totalCount": "",
		"CDCResponse.0.QueryResponse.1.maxResults": "3", "CDCResponse.0.QueryResponse.1.totalCount": "3",
		"CDCResponse.0.QueryResponse.1.Invoice.0.Id": "3", "CDCResponse.0.QueryResponse.1.Invoice.2.status": "Deleted",
		"CDCResponse.0.QueryResponse.1.Invoice.2.Id": "2", "CDCResponse.0.QueryResponse.1.Invoice.2.domain": "QBO",
		"CDCResponse.0.QueryResponse.1.Invoice.2.MetaData.LastUpdatedTime": "2026-05-05T03:00:00-07:00",
		"CDCResponse.0.QueryResponse.2":                                    "{}", "time": "2026-05-05T03:00:00.100-07:00",
	})
	seen := ""
	for _, r := range out["CDCResponse"].([]any)[0].(m)["QueryResponse"].([]any)[0].(m)["Customer"].([]any) {
		seen += s(r, "Id") + s(r, "Active") + " "
	}
	if !strings.Contains(seen, "2false") { // inactive ones are full objects
		t.Errorf("customers %s", seen)
	}
}

func TestChanges_Faults(t *testing.T) {
	c := open(t)
	for _, k := range []struct{ q, code string }{
		{"entities=Customer", "2020"},
		{"changedSince=2026-05-01", "2020"},
		{"entities=Customer&changedSince=soon", "2070"},
		{"entities=Customer&changedSince=2026-04-01", "4001"},
		{"entities=TaxRate&changedSince=2026-05-01", "4001"},
		{"entities=Unicorn&changedSince=2026-05-01", "4001"},
	} {
		if status, code, _, _ := c.fault("GET", "cdc?"+k.q, nil); status != 400 || code != k.code {
			t.Errorf("%s: got %d %s, want %s", k.q, status, code, k.code)
		}
	}
	if status, _ := c.call("GET", "cdc?entities=Customer&changedSince=2026-04-06T00:00:00-07:00", nil); status != 200 {
		t.Errorf("29 days back: %d", status)
	}
}

func TestChanges_StopAtAThousandWithoutASign(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.ChangesInOrder = true })
	var objs []map[string]any
	for i := range 1100 {
		objs = append(objs, m{"DisplayName": fmt.Sprintf("C %04d", i)})
	}
	if err := c.box.Load("Customer", objs); err != nil {
		t.Fatal(err)
	}
	c.clock.move(time.Minute)
	c.vendor("V")
	_, out := c.call("GET", "cdc?entities=Customer,Vendor&changedSince=2026-05-01", nil)
	check(t, out, map[string]string{"CDCResponse.0.QueryResponse.0.maxResults": "1000", "CDCResponse.0.QueryResponse.1": "{}"})
	_, out = c.call("GET", "cdc?entities=Vendor,Customer&changedSince=2026-05-01", nil)
	check(t, out, map[string]string{"CDCResponse.0.QueryResponse.0.maxResults": "1", "CDCResponse.0.QueryResponse.1.maxResults": "999"})
}

func TestChanges_SideEffectsShowUpWithTheOldToken(t *testing.T) {
	c := open(t)
	top := s(c.customer("Top"), "Id")
	job := s(c.customer("Job", m{"Job": true, "ParentRef": v(top)}), "Id")
	c.clock.move(time.Minute)
	c.invoice(job, 5)
	_, out := c.call("GET", "cdc?entities=Customer&changedSince="+url.QueryEscape("2026-05-05T02:00:30-07:00"), nil)
	rows := out["CDCResponse"].([]any)[0].(m)["QueryResponse"].([]any)[0].(m)["Customer"].([]any)
	if len(rows) != 2 || s(rows[0], "SyncToken") != "0" || s(rows[1], "SyncToken") != "0" {
		t.Errorf("got %v", rows)
	}
}
