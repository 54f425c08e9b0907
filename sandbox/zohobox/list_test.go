package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

func withVendors(t *testing.T, n int) *app {
	t.Helper()
	a := open(t, zohobox.Options{})
	rows := make([]map[string]any, n)
	for i := range rows {
		rows[i] = obj{"Vendor_Name": fmt.Sprintf("Vendor %05d", i), "Modified_Time": a.clock.now().Add(time.Duration(i) * time.Second).Format(time.RFC3339)}
	}
	if err := a.box.Load("Vendors", rows); err != nil {
		t.Fatal(err)
	}
	return a
}

// Section 4.1, the table of list errors.
func TestList_Refusals(t *testing.T) {
	a := withVendors(t, 3)
	many := "id"
	for i := range 50 {
		many += fmt.Sprintf(",F%d", i)
	}
	for _, c := range []struct {
		name, path, code string
		details          []string
	}{
		{"fields are mandatory", "/Vendors", "REQUIRED_PARAM_MISSING", []string{"details.param_name", "fields"}},
		{"fifty fields at most", "/Vendors?fields=" + many, "LIMIT_EXCEEDED", []string{"details.limit", "50", "details.param_name", "fields"}},
		{"an unknown module", "/Nonsense?fields=id", "INVALID_MODULE", []string{"details.resource_path_index", "0"}},
		{"an unknown view", "/Vendors?fields=id&cvid=1", "INVALID_DATA", []string{"details.param_name", "cvid"}},
		{"a view with sorting", "/Vendors?fields=id&cvid=1&sort_by=id", "AMBIGUITY_DURING_PROCESSING", nil},
		{"beyond 2000 without a token", "/Vendors?fields=id&page=11", "DISCRETE_PAGINATION_LIMIT_EXCEEDED", []string{"details.limit", "2000"}},
		{"sorting by another field", "/Vendors?fields=id&sort_by=Vendor_Name", "INVALID_DATA", []string{"details.param_name", "sort_by"}},
		{"more than 200 a page", "/Vendors?fields=id&per_page=201", "INVALID_DATA", nil},
		{"a broken token", "/Vendors?fields=id&page_token=cafe", "INVALID_DATA", []string{"details.param_name", "page_token"}},
		{"milliseconds in a time", "/Vendors?fields=id", "INVALID_DATA", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			var headers []string
			if c.name == "milliseconds in a time" {
				headers = []string{"If-Modified-Since", "2026-03-01T09:15:00.000+00:00"}
			}
			a.get(c.path, headers...).want(400, append([]string{"code", c.code, "status", "error"}, c.details...)...)
		})
	}
	a.get("/a/b/c/d/e").want(400, "code", "INVALID_MODULE")
	a.get("/Vendors/1/2/3/4").want(404, "code", "INVALID_URL_PATTERN")
	a.call(http.MethodGet, "/crm/v9/org", nil).want(404, "code", "INVALID_URL_PATTERN")
}

// Section 4.1: id newest first, info about the page, 204 when there is nothing.
func TestList_PagesWithInfo(t *testing.T) {
	a := withVendors(t, 450)
	r := a.get("/Vendors?fields=Vendor_Name,Modified_Time").want(200, "data.0.Vendor_Name", "Vendor 00449",
		"info.per_page", "200", "info.count", "200", "info.page", "1", "info.sort_by", "id", "info.sort_order", "desc", "info.more_records", "true", "info.call", "false")
	if r.str("data.0.id") == "" || r.str("info.next_page_token") == "" || r.str("info.page_token_expiry") != "2026-03-02T01:15:00-08:00" {
		t.Errorf("page: %v", r.at("info"))
	}
	a.get("/Vendors?fields=Vendor_Name&page=3").want(200, "info.count", "50", "info.more_records", "false", "data.49.Vendor_Name", "Vendor 00000")
	a.get("/Vendors?fields=Vendor_Name&page=4").want(204)
	a.get("/Vendors?fields=Vendor_Name&sort_order=asc&per_page=1").want(200, "data.0.Vendor_Name", "Vendor 00000")
	a.get("/Vendors?fields=Vendor_Name&sort_by=Modified_Time&sort_order=desc&per_page=1").want(200, "data.0.Vendor_Name", "Vendor 00449")
}

// Section 4.1: tokens reach beyond 2000 and keep the order.
func TestPageToken_WalksEverythingOnce(t *testing.T) {
	a := withVendors(t, 2500)
	for _, sort := range []string{"", "&sort_by=Modified_Time&sort_order=asc", "&sort_by=Created_Time"} {
		seen := map[string]bool{}
		path := "/Vendors?fields=id" + sort
		r := a.get(path)
		for {
			for i := range r.len("data") {
				id := r.str(fmt.Sprintf("data.%d.id", i))
				if seen[id] {
					t.Fatalf("%s came twice", id)
				}
				seen[id] = true
			}
			if r.str("info.more_records") != "true" {
				break
			}
			r = a.get(path + "&page_token=" + q(r.str("info.next_page_token")))
			if r.status != 200 {
				t.Fatalf("%s: %s", sort, r.raw)
			}
		}
		if len(seen) != 2500 {
			t.Errorf("%q: walked over %d records, want 2500", sort, len(seen))
		}
	}
}

// Section 4.1: page tokens end at 100,000 records.
func TestPageToken_EndsAtTheWall(t *testing.T) {
	if testing.Short() {
		t.Skip("walks over 100,000 records")
	}
	a := withVendors(t, 100_200)
	path := "/Vendors?fields=id"
	r, n := a.get(path), 0
	for ; r.status == 200; n++ {
		r = a.get(path + "&page_token=" + q(r.str("info.next_page_token")))
	}
	r.want(400, "code", "PAGINATION_LIMIT_EXCEEDED", "details.param_name", "page_token")
	if n != 500 {
		t.Errorf("%d pages, want 500", n)
	}
}

// Section 4.1: a token is bound to user and parameters and lives 24 hours.
func TestPageToken_IsBoundAndExpires(t *testing.T) {
	a := withVendors(t, 450)
	tok := q(a.get("/Vendors?fields=id").str("info.next_page_token"))
	a.get("/Vendors?fields=id&page_token="+tok).want(200, "info.page", "2")
	a.get("/Vendors?fields=id,Email&page_token="+tok).want(400, "code", "TOKEN_BOUND_DATA_MISMATCH", "details.param_name", "page_token")
	a.get("/Vendors?fields=id&page=2&page_token="+tok).want(400, "code", "AMBIGUITY_DURING_PROCESSING")
	a.as("Eva").get("/Vendors?fields=id&page_token="+tok).want(400, "code", "TOKEN_BOUND_DATA_MISMATCH")
	a.clock.step(24 * time.Hour)
	a.token = a.login(a.box.Credentials().RefreshToken)
	a.get("/Vendors?fields=id&page_token="+tok).want(400, "code", "EXPIRED_VALUE", "details.json_path", "$.query.page_token", "message", "Page token expired")
}

// Section 4.1: If-Modified-Since, and 304 when nothing is newer.
func TestModifiedSince_FindsStrictlyNewer(t *testing.T) {
	a := withVendors(t, 10)
	since := func(i int) string {
		return a.clock.now().Add(time.Duration(i) * time.Second).Format("2006-01-02T15:04:05-07:00")
	}
	a.get("/Vendors?fields=Vendor_Name", "If-Modified-Since", since(6)).want(200, "info.count", "3", "data.0.Vendor_Name", "Vendor 00009", "data.2.Vendor_Name", "Vendor 00007")
	a.get("/Vendors?fields=Vendor_Name&sort_by=Modified_Time&sort_order=asc", "If-Modified-Since", since(6)).want(200, "data.0.Vendor_Name", "Vendor 00007", "info.count", "3")
	a.get("/Vendors?fields=Vendor_Name&sort_by=Modified_Time&sort_order=desc", "If-Modified-Since", since(6)).want(200, "data.0.Vendor_Name", "Vendor 00009", "info.count", "3")
	r := a.get("/Vendors?fields=Vendor_Name", "If-Modified-Since", since(9)).want(304)
	if r.raw != "" {
		t.Errorf("304 with a body: %s", r.raw)
	}
	paged := a.get("/Vendors?fields=Vendor_Name&per_page=2", "If-Modified-Since", since(4)).want(200, "info.more_records", "true")
	a.get("/Vendors?fields=Vendor_Name&per_page=2&page_token="+q(paged.str("info.next_page_token")), "If-Modified-Since", since(4)).want(200, "data.0.Vendor_Name", "Vendor 00007")
}

// The dial for section 4.1's open question.
func TestModifiedSince_InclusiveDial(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SinceInclusive: zohobox.On}})
	a.make("Vendors", obj{"Vendor_Name": "V"})
	a.get("/Vendors?fields=id", "If-Modified-Since", "2026-03-01T09:15:00+00:00").want(200, "info.count", "1")
}

// Section 4.1: chosen records by ids.
func TestList_ByIDs(t *testing.T) {
	a := open(t, zohobox.Options{})
	one, two := a.make("Vendors", obj{"Vendor_Name": "One"}), a.make("Vendors", obj{"Vendor_Name": "Two"})
	a.make("Vendors", obj{"Vendor_Name": "Three"})
	a.get("/Vendors?fields=Vendor_Name&ids="+one+","+two+",1234").want(200, "info.count", "2", "data.0.Vendor_Name", "Two")
	a.get("/Vendors?fields=Vendor_Name&ids=1234").want(204)
}

// Section 4.1: lists never carry line items; the line module can be listed.
func TestList_HasNoLineItems(t *testing.T) {
	a := open(t, zohobox.Options{})
	inv := a.invoice(obj{})
	r := a.get("/Invoices?fields=Subject,Invoiced_Items,Grand_Total").want(200, "data.0.Grand_Total", "10")
	if r.at("data.0.Invoiced_Items") != nil {
		t.Errorf("the list shows rows: %s", r.raw)
	}
	a.get("/Invoiced_Items?fields=Parent_Id,Product_Name,Total").want(200, "data.0.Parent_Id.id", inv, "data.0.Total", "10")
}

// Section 4.2 and 3.
func TestRead_OneRecord(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Contacts", obj{"First_Name": "Ann", "Last_Name": "Lee"})
	r := a.get("/Contacts/"+id).want(200, "data.0.Full_Name", "Ann Lee", "data.0.Owner.email", "super.admin@sandbox.example",
		"data.0.Created_Time", "2026-03-01T01:15:00-08:00", "data.0.$approval_state", "approved", "data.0.$in_merge", "false", "data.0.Locked__s", "false", "data.0.Email_Opt_Out", "false")
	if v, there := r.at("data.0").(obj)["Email"]; !there || v != nil {
		t.Errorf("an empty field is not null: %v", v)
	}
	if r.at("info") != nil {
		t.Error("a single record came with info")
	}
	if gone := a.get("/Contacts/4000000000000000001").want(204); gone.raw != "" {
		t.Errorf("204 with a body: %s", gone.raw)
	}
	a.get("/Contacts/abc").want(400, "code", "INVALID_DATA", "details.resource_path_index", "1")
}

// The dial for section 4.2.
func TestRead_UnknownIDDial(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{UnknownIDStatus: 400}})
	a.get("/Contacts/4000000000000000001").want(400, "code", "INVALID_DATA", "message", "the id given seems to be invalid")
}

// Section 3: datetimes stand in the zone of the calling user.
func TestRead_TimesAreInTheCallersZone(t *testing.T) {
	a := open(t, zohobox.Options{Users: []zohobox.User{
		{First: "Boss", Last: "One", Email: "boss@x.example", SuperAdmin: true},
		{First: "Far", Last: "Two", Email: "far@x.example", TimeZone: "Asia/Kolkata"},
	}})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.get("/Vendors/"+id).want(200, "data.0.Modified_Time", "2026-03-01T01:15:00-08:00")
	a.as("Far").get("/Vendors/"+id).want(200, "data.0.Modified_Time", "2026-03-01T14:45:00+05:30")
}

// Section 6, related records.
func TestRelated_ListsChildren(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	a.make("Contacts", obj{"Last_Name": "C", "Account_Name": ref(acc)})
	a.get("/Accounts/"+acc+"/Contacts").want(400, "code", "REQUIRED_PARAM_MISSING")
	a.get("/Accounts/"+acc+"/Contacts?fields=Last_Name").want(200, "data.0.Last_Name", "C")
	a.get("/Accounts/" + acc + "/Deals?fields=Deal_Name").want(204)
	a.get("/settings/related_lists?module=Accounts").want(200, "related_lists.0.api_name", "Contacts")
}
