package document

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
)

func TestHeader_Invoice(t *testing.T) {
	data := parse(t, `{"Id":"103","DocNumber":"1033","TxnDate":"2026-04-07","DueDate":"2026-05-07","CustomerRef":{"value":"10","name":"Geeta Kalapatapu"},
		"CurrencyRef":{"value":"EUR"},"ExchangeRate":1.0853,"HomeTotalAmt":1234.57,"CustomerMemo":{"value":" Thank you! "},
		"BillAddr":{"Line1":"Geeta Kalapatapu","Line2":"1987 Main St.","Line3":"Middlefield, CA  94303","Lat":"37.4"},
		"ShipAddr":{"Line1":"1987 Main St.","City":"Middlefield","CountrySubDivisionCode":"CA","PostalCode":"94303","Country":"USA"},
		"SalesTermRef":{"value":"3"},"TotalAmt":1137.54,"Balance":1137.54,"EmailStatus":"EmailSent","DeliveryInfo":{"DeliveryTime":"2026-05-05T02:06:31-07:00"},
		"Line":[{"DetailType":"SalesItemLineDetail","Amount":1137.54,"SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]}`)
	in := input(crossbook.Invoice, data)
	in.Party = Party{AccountID: "700", ContactID: "701", Name: "Geeta Kalapatapu", Job: "Pool house"}
	in.TermName = func(string) string { return "Net 30" }
	in.SourceQuote, in.OwnerID, in.DealID, in.Link = "888", "55", "333", "https://app.qbo.intuit.com/app/invoice?txnId=103"
	o := project(t, in)
	want := crossbook.Fields{
		FieldID: "103", FieldNumber: "1033", FieldStatus: Overdue, FieldLink: in.Link, FieldJob: "Pool house", FieldTerms: "Net 30",
		FieldSentOn: "2026-05-05", FieldSourceQuote: "888", FieldNet: "1137.54", FieldTax: "0", FieldShipping: "0", FieldTotal: "1137.54",
		FieldBalanceDue: "1137.54", FieldPaidOn: "", FieldLastPayment: "", FieldPaidBy: "", FieldAmountBefore: "", FieldNote: "",
		"Subject": "1033 Geeta Kalapatapu", "Currency": "EUR", "Exchange_Rate": "1.0853", "Owner": "55", "Deal_Name__s": "333",
		"Account_Name": "700", "Contact_Name": "701", "Invoice_Date": "2026-04-07", "Due_Date": "2026-05-07", "Terms_and_Conditions": "Thank you!",
		"Billing_Street": "Geeta Kalapatapu\n1987 Main St.\nMiddlefield, CA  94303", "Billing_City": "", "Billing_State": "", "Billing_Code": "", "Billing_Country": "",
		"Shipping_Street": "1987 Main St.", "Shipping_City": "Middlefield", "Shipping_State": "CA", "Shipping_Code": "94303", "Shipping_Country": "USA",
		"Discount": "0", "Adjustment": "0",
	}
	if diff := cmp.Diff(want, o.Fields); diff != "" {
		t.Error(diff)
	}
	if _, has := o.Canonical()["Deal_Name__s"]; has {
		t.Error("the Deal belongs to the CRM once it is set (P32)")
	}
	in.Before = o.Canonical()
	if _, has := project(t, in).Fields["Deal_Name__s"]; has {
		t.Error("the Deal is set on a new document only (P32)")
	}
	if again := project(t, in); !again.Canonical().Equal(in.Before) {
		t.Errorf("the same document comes out another: %s", cmp.Diff(in.Before, again.Canonical()))
	}
}

func TestHeader_Quote(t *testing.T) {
	o := project(t, input(crossbook.Estimate, parse(t, `{"Id":"100","DocNumber":"1001","TxnDate":"2026-04-07","ExpirationDate":"2026-07-01","TxnStatus":"Accepted","AcceptedBy":"Dana Ruiz","AcceptedDate":"2026-04-09",
		"TotalAmt":10,"Line":[{"DetailType":"SalesItemLineDetail","Amount":10,"SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]}`)))
	for field, want := range map[string]string{
		"Subject": "1001 Cool Cars", "Valid_Till": "2026-07-01", FieldQuoteDate: "2026-04-07", FieldStatus: "Accepted",
		FieldAcceptedBy: "Dana Ruiz", FieldAcceptedOn: "2026-04-09", "Currency": "USD", FieldRemaining: "10",
	} {
		if o.Fields[field] != want {
			t.Errorf("%s = %q, want %q", field, o.Fields[field], want)
		}
	}
}

func TestSubject_NeverRepeatsItselfForNothing(t *testing.T) {
	for _, tc := range []struct {
		entity             crossbook.Entity
		number, name, want string
	}{
		{crossbook.Invoice, "1042", "Cool Cars", "1042 Cool Cars"},
		{crossbook.PurchaseOrder, "1005", "Mahoney Mugs", "1005 Mahoney Mugs"},
		{crossbook.Invoice, "", "Cool Cars", "Invoice of 2026-05-04 Cool Cars"},
		{crossbook.Estimate, "", "Cool Cars", "Quote of 2026-05-04 Cool Cars"},
		{crossbook.PurchaseOrder, "", "", "Purchase Order of 2026-05-04 by reference"},
		{crossbook.Invoice, "1042", "株式会社山田製作所", "1042 株式会社山田製作所"},
	} {
		data := parse(t, `{"Id":"1","TxnDate":"2026-05-04","TotalAmt":0,"CustomerRef":{"name":"by reference"},"Line":[]}`)
		if tc.number != "" {
			data["DocNumber"] = tc.number
		} else {
			data["DocNumber"] = nil
		}
		in := input(tc.entity, data)
		in.Party.Name = tc.name
		if got := project(t, in).Fields["Subject"]; got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
	in := input(crossbook.Invoice, parse(t, `{"Id":"1","DocNumber":"1","TotalAmt":0,"Line":[]}`))
	in.Party.Name = strings.Repeat("x", 500)
	if o := project(t, in); len([]rune(o.Fields["Subject"])) != 120 || !cmp.Equal(o.Marks, []string{MarkText}) {
		t.Errorf("%d %v", len(o.Fields["Subject"]), o.Marks)
	}
}

// usesEverything is what a document of a company has that uses all features of P31.
const usesEverything = `"SalesTermRef":{"value":"3","name":"Net 30"},"ClassRef":{"value":"1","name":"Pools"},"DepartmentRef":{"value":"2","name":"North"},
	"ShipDate":"2026-05-06","TrackingNum":" 1Z 9 ","CustomField":[{"DefinitionId":"1","Name":"Crew","Type":"StringType","StringValue":"Blue"},
	{"DefinitionId":"2","Name":"Gate code","Type":"StringType"},{"DefinitionId":"3","Type":"StringType","StringValue":"x"}]`

// P31: terms, class, location, ship date, tracking number and custom fields, by
// name; what is not used is not written, what was emptied is.
func TestHeader_FeaturesOfSomeCompanies(t *testing.T) {
	line := `"TotalAmt":10,"Line":[{"DetailType":"SalesItemLineDetail","Amount":10,"SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]`
	features := []string{FieldTerms, FieldClass, FieldLocation, FieldShipDate, FieldTracking, FieldCustom}
	full := project(t, input(crossbook.Estimate, parse(t, `{"Id":"1",`+usesEverything+`,`+line+`}`)))
	for i, want := range []string{"Net 30", "Pools", "North", "2026-05-06", "1Z 9", "Crew: Blue; Custom field 3: x"} {
		if got := full.Fields[features[i]]; got != want {
			t.Errorf("%s = %q, want %q", features[i], got, want)
		}
	}
	bare := input(crossbook.Estimate, parse(t, `{"Id":"1","CustomField":[],`+line+`}`))
	for _, f := range features {
		if v, has := project(t, bare).Fields[f]; has {
			t.Errorf("%s = %q on a document that does not use it", f, v)
		}
	}
	bare.Before = full.Canonical()
	for _, f := range features {
		if v, has := project(t, bare).Fields[f]; !has || v != "" {
			t.Errorf("%s = %q, has %v, after it was emptied", f, v, has)
		}
	}
}

// A company may class each line instead of the document.
func TestHeader_ClassesOfLines(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, `{"Id":"1","TotalAmt":30,"Line":[
		{"DetailType":"SalesItemLineDetail","Amount":10,"SalesItemLineDetail":{"ItemRef":{"value":"1"},"ClassRef":{"value":"1","name":"Pools"}}},
		{"DetailType":"SalesItemLineDetail","Amount":10,"SalesItemLineDetail":{"ItemRef":{"value":"1"},"ClassRef":{"value":"1","name":"Pools"}}},
		{"DetailType":"SalesItemLineDetail","Amount":10,"SalesItemLineDetail":{"ItemRef":{"value":"1"},"ClassRef":{"value":"2","name":"Garden"}}}]}`)))
	if got := o.Fields[FieldClass]; got != "Pools, Garden" {
		t.Errorf("class %q", got)
	}
}

// CRM's own states move stock or belong to the sales people (P10).
func TestHeader_NeverWritesTheCRMsOwnState(t *testing.T) {
	for _, e := range []crossbook.Entity{crossbook.Estimate, crossbook.Invoice, crossbook.PurchaseOrder} {
		o := project(t, input(e, parse(t, `{"Id":"1","TotalAmt":1,"TxnStatus":"Closed","POStatus":"Closed",`+usesEverything+`,"Line":[{"DetailType":"SalesItemLineDetail","Amount":1,"SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]}`)))
		for _, field := range []string{"Status", "Quote_Stage", "Quote_Number", "Invoice_Number", "PO_Number", "Grand_Total", "Sub_Total", "Tax"} {
			if _, has := o.Fields[field]; has {
				t.Errorf("%s writes %s", e, field)
			}
		}
		// And fills every field it adds, but the engine's own.
		for _, f := range AddedFields(Module(e)) {
			if _, has := o.Fields[f.APIName]; !has && f.APIName != FieldSync {
				t.Errorf("%s does not fill %s", e, f.APIName)
			}
		}
	}
}

func TestAddedFields_StandInTheOrderOfP29(t *testing.T) {
	var labels []string
	for _, f := range AddedFields(crossbook.Invoices)[:10] {
		labels = append(labels, f.Label)
	}
	want := []string{
		"QuickBooks Id", "QuickBooks Number", "QuickBooks Status", "QuickBooks Net", "QuickBooks Tax", "QuickBooks Total",
		"QuickBooks Balance Due", "QuickBooks Paid on", "QuickBooks Job or project", "QuickBooks Link",
	}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Error(diff)
	}
	for _, m := range []crossbook.Module{crossbook.Quotes, crossbook.Invoices, crossbook.PurchaseOrders} {
		unique := 0
		for _, f := range AddedFields(m) {
			if f.Unique {
				unique++
			}
		}
		if unique != 1 {
			t.Errorf("%s asks for %d unique fields", m, unique)
		}
	}
}

func TestBody_NewRecordHasNoEmptyFieldsAndNoIds(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("108", "8", []string{rate("3", "8", "100", "8")}, "", sale("1", "4", "25", "100", "TAX", "Trim")))))
	body := o.Body(crossbook.Invoices, "4876", nil)
	for _, key := range slices.Sorted(maps.Keys(body)) {
		if body[key] == nil {
			t.Errorf("%s is null on a new record", key)
		}
	}
	want := []any{map[string]any{
		"Product_Name": map[string]any{"id": "51"}, "Description": "Trim", "Quantity": json.Number("4"), "List_Price": json.Number("25"), "Discount": json.Number("0"),
		"Line_Tax": []any{map[string]any{"name": "QuickBooks tax 3", "percentage": json.Number("8")}}, "Sequence_Number": "1",
	}}
	if diff := cmp.Diff(want, body["Invoiced_Items"]); diff != "" {
		t.Error(diff)
	}
	for key, v := range map[string]any{
		"Account_Name": map[string]any{"id": "700"}, "Layout": map[string]any{"id": "4876"}, "Adjustment": json.Number("0"),
		FieldTotal: json.Number("108"), "Invoice_Date": "2026-05-04", FieldID: "42",
	} {
		if diff := cmp.Diff(v, body[key]); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}

func TestBody_UpdateKeepsRowsAndMarksThoseThatGo(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("60", "0", nil, "",
		sale("2", "1", "20", "20", "", "B"), sale("1", "2", "10", "20", "", "A2"), sale("1", "1", "10", "10", "", "A"), sale("3", "1", "10", "10", "", "")))))
	row := func(id, product, quantity, description string) map[string]any {
		return map[string]any{"id": id, "Product_Name": map[string]any{"id": product, "name": "x"}, "Quantity": json.Number(quantity), "Description": description}
	}
	body := o.Body(crossbook.Invoices, "", []map[string]any{
		row("11", "51", "1", "A"), row("12", "59", "1", "gone"), row("13", "52", "1", "B"), row("14", "51", "5", "old text"),
	})
	var got []string
	for i, r := range body["Invoiced_Items"].([]any) {
		m := r.(map[string]any)
		id, _ := m["id"].(string)
		if _, del := m["_delete"]; del {
			got = append(got, "delete "+id)
			continue
		}
		if m["Sequence_Number"] == nil || m["Line_Tax"] == nil {
			t.Errorf("row %d: %v", i, m)
		}
		got = append(got, strings.TrimSpace(id+" "+raw(m).text("Description")))
	}
	if diff := cmp.Diff([]string{"13 B", "14 A2", "11 A", "", "delete 12"}, got); diff != "" {
		t.Error(diff)
	}
	if v, has := body["Terms_and_Conditions"]; !has || v != nil {
		t.Error("an emptied field must be cleared on an update")
	}
}

func TestCanonical_RowsComeBackAsTheyWent(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("97.2", "7.2", []string{rate("3", "8", "90", "7.2")}, `"ApplyTaxAfterDiscount":true,`,
		sale("1", "1", "33.33", "33.33", "TAX", "a \"quoted\"\nline & more"), sale("2", "1", "66.67", "66.67", "TAX", ""), discount("10")))))
	back, err := ParseLines(o.Canonical()[FieldLines])
	if err != nil {
		t.Fatal(err)
	}
	if linesText(back) != linesText(o.Lines) || !Reckon(back, o.Expect.Discount, o.Expect.Adjustment).GrandTotal.Equal(o.Expect.GrandTotal) {
		t.Errorf("%s\n%s", linesText(back), linesText(o.Lines))
	}
}
