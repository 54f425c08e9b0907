package document_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crossbook"
	"crossbook/document"
	"crossbook/money"
	"crossbook/sandbox/zohobox"
)

type object = map[string]any

// organisation is an imitated CRM, spoken to over HTTP: what it makes of a body
// is its own arithmetic, not ours.
type organisation struct {
	t     *testing.T
	http  *http.Client
	token string
}

func newOrganisation(t *testing.T) *organisation {
	t.Helper()
	box, err := zohobox.New(zohobox.Options{ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	o := &organisation{t: t, http: &http.Client{Transport: box.Transport()}}
	cred := box.Credentials()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {cred.RefreshToken}, "client_id": {cred.ClientID}, "client_secret": {cred.ClientSecret}}
	answer := o.send(http.MethodPost, "/oauth/v2/token?"+form.Encode(), nil)
	o.token, _ = answer["access_token"].(string)
	return o
}

func (o *organisation) send(method, path string, body any) object {
	o.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	req, err := http.NewRequest(method, "https://crm.example"+path, bytes.NewReader(data))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Zoho-oauthtoken "+o.token)
	resp, err := o.http.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return decode(o.t, resp.Body)
}

func decode(t *testing.T, r io.Reader) object {
	t.Helper()
	dec := json.NewDecoder(r)
	dec.UseNumber()
	var out object
	if err := dec.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// write sends one record and returns its id.
func (o *organisation) write(method, module string, record object) string {
	o.t.Helper()
	answer := o.send(method, "/crm/v8/"+module, object{"data": []any{record}})
	row := answer["data"].([]any)[0].(object)
	if row["code"] != "SUCCESS" {
		o.t.Fatalf("%s: %v", module, row)
	}
	return row["details"].(object)["id"].(string)
}

func (o *organisation) read(module, id string) object {
	o.t.Helper()
	return o.send(http.MethodGet, "/crm/v8/"+module+"/"+id, nil)["data"].([]any)[0].(object)
}

func recordedDocuments(t *testing.T, file, entity string) []any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "reference", "quickbooks", "recorded-json", file))
	if err != nil {
		t.Skipf("SKIPPED: the recorded company is not here (%v)", err)
	}
	exchange := decode(t, bytes.NewReader(data))
	return exchange["response"].(object)["QueryResponse"].(object)[entity].([]any)
}

// Every recorded document is created, changed, voided and looked at in the CRM:
// its Grand Total is QuickBooks' each time, and removed rows are gone.
func TestCRM_ReckonsQuickBooksTotal(t *testing.T) {
	org := newOrganisation(t)
	products := map[string]string{}
	product := func(name string) string {
		if products[name] == "" {
			products[name] = org.write(http.MethodPost, "Products", object{"Product_Name": name})
		}
		return products[name]
	}
	vendor := org.write(http.MethodPost, "Vendors", object{"Vendor_Name": "Mahoney Mugs"})
	for _, kind := range []struct{ file, entity string }{
		{"invoices.json", "Invoice"}, {"estimates.json", "Estimate"}, {"list-purchase-orders.json", "PurchaseOrder"},
	} {
		entity := crossbook.Entity(kind.entity)
		module := document.Module(entity)
		for _, d := range recordedDocuments(t, kind.file, kind.entity) {
			data := d.(object)
			in := document.Input{
				Entity: entity, Data: data, Today: "2026-06-15", HomeCurrency: "USD", Country: "US", Placeholder: product("placeholder"),
				Party: document.Party{Name: "somebody", VendorID: vendor},
				Item:  func(id string) (document.Product, bool) { return document.Product{ID: product("item " + id)}, true },
			}
			out, err := document.Project(in)
			if err != nil {
				t.Fatal(err)
			}
			id := org.write(http.MethodPost, string(module), out.Body(module, "", nil))
			record := org.check(module, id, fmt.Sprint(data["TotalAmt"]), len(out.Lines))

			// Another line order, one row more: the rows that survive keep their ids.
			before := out.Canonical()
			total := money.MustParse(fmt.Sprint(data["TotalAmt"])).Add(money.MustParse("7"))
			data["Line"] = append([]any{object{
				"DetailType": "SalesItemLineDetail", "Amount": json.Number("7"), "SalesItemLineDetail": object{"ItemRef": object{"value": "90210"}},
			}}, withoutSubtotal(data["Line"])...)
			data["TotalAmt"] = money.Number(total)
			in.Data, in.Before = data, before
			if out, err = document.Project(in); err != nil {
				t.Fatal(err)
			}
			body := out.Body(module, "", rowsOf(record, module))
			body["id"] = id
			org.write(http.MethodPut, string(module), body)
			record = org.check(module, id, total.String(), len(out.Lines))

			in.Gone, in.Before = document.Deleted, before // fewer rows than it has now
			if out, err = document.Project(in); err != nil {
				t.Fatal(err)
			}
			body = out.Body(module, "", rowsOf(record, module))
			body["id"] = id
			org.write(http.MethodPut, string(module), body)
			org.check(module, id, "0", len(out.Lines))
		}
	}
}

// check reads a document back.
func (o *organisation) check(module crossbook.Module, id, total string, rows int) object {
	o.t.Helper()
	record := o.read(string(module), id)
	got := money.MustParse(fmt.Sprint(record["Grand_Total"]))
	if !got.Equal(money.MustParse(total)) {
		o.t.Errorf("%s %v: Grand Total %s, want %s", module, record["Subject"], got, total)
	}
	if n := len(rowsOf(record, module)); n != rows {
		o.t.Errorf("%s %v: %d rows, want %d", module, record["Subject"], n, rows)
	}
	return record
}

func rowsOf(record object, module crossbook.Module) []object {
	var out []object
	list, _ := record[document.Subform(module)].([]any)
	for _, r := range list {
		out = append(out, r.(object))
	}
	return out
}

// withoutSubtotal drops the subtotal, which QuickBooks generates anew.
func withoutSubtotal(lines any) []any {
	var out []any
	listed := false
	for _, l := range lines.([]any) {
		if kind := l.(object)["DetailType"].(string); !strings.HasPrefix(kind, "SubTotal") {
			listed = true
			out = append(out, l)
		}
	}
	if !listed { // nothing but a subtotal: it stands for charges that are not listed
		return []any{object{"DetailType": "DescriptionOnly"}, object{
			"DetailType": "SalesItemLineDetail", "Amount": lines.([]any)[0].(object)["Amount"], "SalesItemLineDetail": object{},
		}}
	}
	return out
}
