package zohobox_test

import (
	"net/http"
	"strings"
	"testing"

	"crossbook/sandbox/zohobox"
)

// with is the same organisation seen through a token of these scopes.
func (a *app) with(scopes ...string) *app {
	a.t.Helper()
	narrow := *a
	narrow.token = a.login(a.box.Grant("Super Admin", scopes...))
	return &narrow
}

// zoho-crm.md section 2.5: the word at the end of a scope lets through its own
// kind of call; WRITE lets through every change.
func TestScopes_EachOperationItsOwnWrites(t *testing.T) {
	a := open(t, zohobox.Options{})
	for _, c := range []struct{ op, allowed string }{
		{"READ", "list"}, {"CREATE", "insert upsert"}, {"UPDATE", "update"}, {"DELETE", "delete"}, {"WRITE", "insert upsert update delete"}, {"ALL", "list insert upsert update delete"},
	} {
		t.Run(c.op, func(t *testing.T) {
			a := *a
			a.t = t
			id, gone := a.make("Vendors", obj{"Vendor_Name": "V"}), a.make("Vendors", obj{"Vendor_Name": "G"})
			n := a.with("ZohoCRM.modules.vendors." + c.op)
			var got []string
			for _, call := range []struct {
				name string
				make func() reply
			}{
				{"list", func() reply { return n.get("/Vendors?fields=id") }},
				{"insert", func() reply { return n.insert("Vendors", obj{"Vendor_Name": "N"}) }},
				{"upsert", func() reply { return n.upsert("Vendors", nil, obj{"Vendor_Name": "New " + c.op}) }},
				{"update", func() reply { return n.put("Vendors", id, obj{"City": "Leeds"}) }},
				{"delete", func() reply { return n.remove("Vendors", gone) }},
			} {
				r := call.make()
				if r.status < 300 {
					got = append(got, call.name)
					continue
				}
				r.want(401, "code", "OAUTH_SCOPE_MISMATCH", "message", "invalid oauth scope to access this URL")
			}
			if strings.Join(got, " ") != c.allowed {
				t.Errorf("%s lets through %v, want %s", c.op, got, c.allowed)
			}
		})
	}
}

// zoho-crm.md section 2.5: names of modules have no underscores in scopes, and
// notes and attachments have names of their own.
func TestScopes_NamesOfModules(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	for scope, path := range map[string]string{
		"salesorders": "/Sales_Orders?fields=id", "purchaseorders": "/Purchase_Orders?fields=id", "pricebooks": "/Price_Books?fields=id",
		"notes": "/Vendors/" + id + "/Notes?fields=id", "attachments": "/Vendors/" + id + "/Attachments?fields=id",
	} {
		a.with("ZohoCRM.modules." + scope + ".READ").get(path).want(204)
		a.with("ZohoCRM.modules.vendors.READ").get(path).want(401, "code", "OAUTH_SCOPE_MISMATCH")
	}
	for _, old := range []string{"sales_orders", "purchase_orders", "price_books"} {
		a.with("ZohoCRM.modules." + old + ".READ").get("/" + old + "?fields=id").want(400)
	}
	a.with("ZohoCRM.modules.sales_orders.READ").get("/Sales_Orders?fields=id").want(401, "code", "OAUTH_SCOPE_MISMATCH")
}

// zoho-crm.md section 1: uploads have a host of their own in each data centre.
func TestDataCenters_UploadsHaveTheirHost(t *testing.T) {
	a := open(t, zohobox.Options{DataCenter: "eu"})
	body, kind := form(t, "rows.zip", packed(t, "v.csv", "Vendor_Name\nV\n"))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://content.zohoapis.eu/crm/v8/upload", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{"Content-Type": kind, "Authorization": "Zoho-oauthtoken " + a.token, "feature": "bulk-write", "X-CRM-ORG": a.get("/org").str("org.0.zgid")} {
		req.Header.Set(k, v)
	}
	a.send(req).want(200, "code", "FILE_UPLOAD_SUCCESS", "message", "file uploaded.", "details.created_time", "2026-03-01T01:15:00-08:00")
	a.at(http.MethodPost, "https://content.zohoapis.com/crm/v8/upload", nil).want(401, "code", "INVALID_TOKEN")
}
