package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

func (a *app) product(o obj) string {
	a.t.Helper()
	if o["Product_Name"] == nil {
		o["Product_Name"] = "Hose"
	}
	return a.make("Products", o)
}

// invoice makes an invoice of one line of 10.00.
func (a *app) invoice(o obj) string {
	a.t.Helper()
	if o["Subject"] == nil {
		o["Subject"] = "1042 Okafor"
	}
	if o["Invoiced_Items"] == nil {
		o["Invoiced_Items"] = []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1, "List_Price": 10}}
	}
	return a.make("Invoices", o)
}

// Sections 7.2 and 7.3, the worked example.
func TestTotals_WorkedExample(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.invoice(obj{
		"Invoiced_Items": []any{obj{"Product_Name": ref(a.product(obj{"Product_Code": "H1"})), "Quantity": 3, "List_Price": 20.5, "Discount": 1.5, "Line_Tax": []any{obj{"name": "Vat", "percentage": 20}}, "Description": "March"}},
		"$line_tax":      []any{obj{"name": "Sales Tax", "percentage": 5}}, "Adjustment": 0.01,
		"Grand_Total": 999, "Sub_Total": 999, "Tax": 999, // ignored
	})
	a.get("/Invoices/"+id).want(200,
		"data.0.Invoiced_Items.0.Total", "61.5", "data.0.Invoiced_Items.0.Total_After_Discount", "60", "data.0.Invoiced_Items.0.Tax", "12", "data.0.Invoiced_Items.0.Net_Total", "72",
		"data.0.Invoiced_Items.0.Line_Tax.0.value", "12", "data.0.Invoiced_Items.0.Product_Name.Product_Code", "H1", "data.0.Invoiced_Items.0.Parent_Id.id", id, "data.0.Invoiced_Items.0.Sequence_Number", "1",
		"data.0.Sub_Total", "72", "data.0.Tax", "3.6", "data.0.$line_tax.0.value", "3.6", "data.0.Grand_Total", "75.61", "data.0.Status", "Created", "data.0.$has_more.Invoiced_Items", "false")
}

// Section 7.3 in decimals: thirds and cents do not drift.
func TestTotals_AreExact(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := a.product(obj{})
	rows := []any{}
	for range 10 {
		rows = append(rows, obj{"Product_Name": ref(p), "Quantity": 0.1, "List_Price": 0.35, "Line_Tax": []any{obj{"name": "GST", "percentage": 8.75}}})
	}
	id := a.invoice(obj{"Invoiced_Items": rows, "Discount": 0.1, "Adjustment": -0.02})
	// each row: 0.035 -> 0.04, tax 0.0035 -> 0
	a.get("/Invoices/"+id).want(200, "data.0.Sub_Total", "0.4", "data.0.Grand_Total", "0.28")
}

// Section 7.3: header taxes stand on the discounted subtotal.
func TestTotals_HeaderTaxComesAfterTheDiscount(t *testing.T) {
	a := open(t, zohobox.Options{})
	rows := []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1, "List_Price": 100}}
	id := a.invoice(obj{"Invoiced_Items": rows, "Discount": 20, "$line_tax": []any{obj{"name": "A", "percentage": 10}, obj{"name": "B", "percentage": 2.5}}})
	a.get("/Invoices/"+id).want(200, "data.0.Tax", "10", "data.0.$line_tax.1.value", "2", "data.0.Grand_Total", "90")
	a.put("Invoices", id, obj{"Discount": 0}).want(200)
	a.get("/Invoices/"+id).want(200, "data.0.Tax", "12.5", "data.0.Grand_Total", "112.5")
}

// Section 7.4: what a document needs, and 7.2: what a line needs.
func TestDocuments_Mandatory(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := ref(a.product(obj{}))
	for _, c := range []struct {
		name, module string
		o            obj
		code, path   string
	}{
		{"an invoice needs rows", "Invoices", obj{"Subject": "S"}, "MANDATORY_NOT_FOUND", "$.data[0].Invoiced_Items"},
		{"and not an empty list", "Invoices", obj{"Subject": "S", "Invoiced_Items": []any{}}, "MANDATORY_NOT_FOUND", "$.data[0].Invoiced_Items"},
		{"a quote needs a subject", "Quotes", obj{"Quoted_Items": []any{obj{"Product_Name": p, "Quantity": 1}}}, "MANDATORY_NOT_FOUND", "$.data[0].Subject"},
		{"a purchase order needs a vendor", "Purchase_Orders", obj{"Subject": "S", "Purchase_Items": []any{obj{"Product_Name": p, "Quantity": 1}}}, "MANDATORY_NOT_FOUND", "$.data[0].Vendor_Name"},
		{"a line needs a product", "Invoices", obj{"Subject": "S", "Invoiced_Items": []any{obj{"Description": "free text", "Quantity": 1, "List_Price": 1}}}, "MANDATORY_NOT_FOUND", "$.data[0].Invoiced_Items[0].Product_Name"},
		{"a line needs a quantity", "Invoices", obj{"Subject": "S", "Invoiced_Items": []any{obj{"Product_Name": p}}}, "MANDATORY_NOT_FOUND", "$.data[0].Invoiced_Items[0].Quantity"},
		{"the product must live", "Invoices", obj{"Subject": "S", "Invoiced_Items": []any{obj{"Product_Name": ref("4000000000000000001"), "Quantity": 1}}}, "INVALID_DATA", "$.data[0].Invoiced_Items[0].Product_Name.id"},
		{"the old row keys do not count", "Invoices", obj{"Subject": "S", "Product_Details": []any{obj{"product": p, "quantity": 1}}}, "MANDATORY_NOT_FOUND", "$.data[0].Invoiced_Items"},
		{"a tax needs its percentage", "Invoices", obj{"Subject": "S", "Invoiced_Items": []any{obj{"Product_Name": p, "Quantity": 1, "Line_Tax": []any{obj{"name": "Vat"}}}}}, "MANDATORY_NOT_FOUND", "$.data[0].Invoiced_Items[0].Line_Tax[0].percentage"},
		{"a percent as discount is refused", "Invoices", obj{"Subject": "S", "Invoiced_Items": []any{obj{"Product_Name": p, "Quantity": 1, "Discount": "5%"}}}, "INVALID_DATA", "$.data[0].Invoiced_Items[0].Discount"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			a.insert(c.module, c.o).want(400, "data.0.code", c.code, "data.0.details.json_path", c.path)
		})
	}
}

// Section 7.2: a line without a price takes the product's; 7.5: defaults of a new document.
func TestDocuments_Defaults(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := a.product(obj{"Unit_Price": 7.25})
	id := a.make("Quotes", obj{"Subject": "Q", "Quoted_Items": []any{obj{"Product_Name": ref(p), "Quantity": 2}}})
	r := a.get("/Quotes/"+id).want(200, "data.0.Grand_Total", "14.5", "data.0.Quote_Stage", "Draft", "data.0.Carrier", "FedEX", "data.0.Adjustment", "0", "data.0.Discount", "0")
	if _, isText := r.at("data.0.Quote_Number").(string); !isText || r.str("data.0.Quote_Number") == "" {
		t.Errorf("no automatic number: %v", r.at("data.0.Quote_Number"))
	}
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	po := a.make("Purchase_Orders", obj{"Subject": "P", "Vendor_Name": ref(v), "PO_Number": "1005", "Purchase_Items": []any{obj{"Product_Name": ref(p), "Quantity": 1}}})
	a.get("/Purchase_Orders/"+po).want(200, "data.0.PO_Number", "1005", "data.0.Status", "Created")
}

// Section 6, the rules for rows of an update.
func TestRows_UpdateRules(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := ref(a.product(obj{}))
	line := func(n int) obj { return obj{"Product_Name": p, "Quantity": n, "List_Price": 1} }
	setup := func() (id string, rows []string) {
		id = a.invoice(obj{"Invoiced_Items": []any{line(1), line(10), line(100)}})
		r := a.get("/Invoices/" + id)
		for i := range 3 {
			rows = append(rows, r.str(fmt.Sprintf("data.0.Invoiced_Items.%d.id", i)))
		}
		return id, rows
	}
	for _, c := range []struct {
		name string
		send func(rows []string) any
		want string // sum of the rows
		n    int
	}{
		{"rows with an id are updated, others kept", func(r []string) any { return []any{obj{"id": r[1], "Quantity": 20}} }, "121", 3},
		{"rows without an id are appended", func([]string) any { return []any{line(1000)} }, "1111", 4},
		{"an empty list deletes all", func([]string) any { return []any{} }, "0", 0},
		{"_delete removes one", func(r []string) any { return []any{obj{"id": r[2], "_delete": nil}} }, "11", 2},
		{"all at once", func(r []string) any {
			return []any{obj{"id": r[0], "_delete": nil}, obj{"id": r[1], "List_Price": 2}, line(5)}
		}, "125", 3},
		{"no rows sent leaves them", func([]string) any { return nil }, "111", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			id, rows := setup()
			o := obj{"Description": "changed"}
			if v := c.send(rows); v != nil {
				o["Invoiced_Items"] = v
			}
			a.put("Invoices", id, o).want(200)
			r := a.get("/Invoices/"+id).want(200, "data.0.Grand_Total", c.want)
			if got := r.len("data.0.Invoiced_Items"); got != c.n {
				t.Errorf("%d rows, want %d", got, c.n)
			}
		})
	}
	id, rows := setup()
	a.put("Invoices", id, obj{"Invoiced_Items": []any{obj{"id": "4000000000000000001", "Quantity": 1}}}).want(400, "data.0.details.json_path", "$.data[0].Invoiced_Items[0].id")
	if rows[0] == rows[1] {
		t.Error("rows share an id")
	}
}

// The dial for section 6: some pages say that unlisted rows are dropped.
func TestRows_ReplacedDial(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{RowsReplaced: zohobox.On}})
	p := ref(a.product(obj{}))
	id := a.invoice(obj{"Invoiced_Items": []any{obj{"Product_Name": p, "Quantity": 1, "List_Price": 1}, obj{"Product_Name": p, "Quantity": 2, "List_Price": 1}}})
	row := a.get("/Invoices/" + id).str("data.0.Invoiced_Items.1.id")
	a.put("Invoices", id, obj{"Invoiced_Items": []any{obj{"id": row, "Quantity": 5}}}).want(200)
	a.get("/Invoices/"+id).want(200, "data.0.Grand_Total", "5")
}

// Practice P10: documents move the stock, by what changes between two versions.
func TestStock_FollowsDocuments(t *testing.T) {
	a := open(t, zohobox.Options{})
	p := a.product(obj{"Qty_in_Stock": 10})
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	stock := func(field, want string) {
		t.Helper()
		a.get("/Products/"+p).want(200, "data.0."+field, want)
	}
	line := func(n int) []any { return []any{obj{"Product_Name": ref(p), "Quantity": n, "List_Price": 1}} }
	inv := a.invoice(obj{"Invoiced_Items": line(3)})
	stock("Qty_in_Stock", "7")
	row := a.get("/Invoices/" + inv).str("data.0.Invoiced_Items.0.id")
	a.put("Invoices", inv, obj{"Invoiced_Items": []any{obj{"id": row, "Quantity": 4}}}).want(200)
	stock("Qty_in_Stock", "6")
	a.put("Invoices", inv, obj{"Description": "no quantity changed"}).want(200)
	stock("Qty_in_Stock", "6")
	a.put("Invoices", inv, obj{"Status": "Cancelled"}).want(200)
	stock("Qty_in_Stock", "10")
	a.put("Invoices", inv, obj{"Status": "Approved"}).want(200)
	a.call(http.MethodDelete, "/Invoices/"+inv, nil).want(200)
	stock("Qty_in_Stock", "10")
	po := a.make("Purchase_Orders", obj{"Subject": "P", "Vendor_Name": ref(v), "Purchase_Items": line(5)})
	stock("Qty_Ordered", "5")
	stock("Qty_in_Stock", "10")
	a.put("Purchase_Orders", po, obj{"Status": "Delivered"}).want(200)
	stock("Qty_Ordered", "0")
	stock("Qty_in_Stock", "15")
}

// Practice P10: the dial, since the vendor's behaviour by API is unproven.
func TestStock_DialOff(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{StockArithmetic: zohobox.Off}})
	p := a.product(obj{"Qty_in_Stock": 10})
	a.invoice(obj{"Invoiced_Items": []any{obj{"Product_Name": ref(p), "Quantity": 3}}})
	a.get("/Products/"+p).want(200, "data.0.Qty_in_Stock", "10")
}

// Section 4.5: rows go with their document and cannot be written alone.
func TestRows_BelongToTheirDocument(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.invoice(obj{})
	a.insert("Invoiced_Items", obj{"Quantity": 1}).want(400, "code", "NOT_SUPPORTED")
	a.call(http.MethodDelete, "/Invoices/"+id, nil).want(200)
	a.get("/Invoiced_Items?fields=Total").want(204)
}

// Section 9.6: taxes of the organisation, by id on lines and on products.
func TestTaxes_OfTheOrganisation(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.get("/org/taxes").want(200)
	r := a.call(http.MethodPut, "/org/taxes", obj{"org_taxes": obj{"taxes": []any{obj{"name": "Vat", "value": 20}}}}).want(200, "org_taxes.message", "tax added")
	tax := r.str("org_taxes.details.id")
	p := a.product(obj{"Tax": []any{obj{"id": tax}}})
	a.get("/Products/"+p).want(200, "data.0.Tax.0.id", tax, "data.0.Tax.0.value", "Vat - 20.0 %")
	id := a.invoice(obj{"Invoiced_Items": []any{obj{"Product_Name": ref(p), "Quantity": 1, "List_Price": 10, "Line_Tax": []any{obj{"id": tax}}}}})
	a.get("/Invoices/"+id).want(200, "data.0.Invoiced_Items.0.Line_Tax.0.name", "Vat", "data.0.Invoiced_Items.0.Line_Tax.0.percentage", "20", "data.0.Grand_Total", "12")
	a.call(http.MethodPut, "/org/taxes", obj{"org_taxes": obj{"taxes": []any{obj{"id": tax, "value": 21}, obj{"name": "VAT", "value": 1}}}}).want(400, "org_taxes.code", "DUPLICATE_DATA")
	a.get("/org/taxes/"+tax).want(200, "org_taxes.taxes.0.value", "21", "org_taxes.taxes.0.name", "Vat")
	a.call(http.MethodPut, "/org/taxes", obj{"org_taxes": obj{"taxes": []any{obj{"id": tax, "_delete": nil}}}}).want(200, "org_taxes.message", "tax deleted")
	a.as("Eva").call(http.MethodPut, "/org/taxes", obj{"org_taxes": obj{"taxes": []any{obj{"name": "X", "value": 1}}}}).want(403, "code", "NO_PERMISSION")
}
