package verify_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// paper is a document of a table.
type paper struct {
	cells []string
	rows  [][]string
}

// papers reads a table of documents.
func papers(t *testing.T, s string, columns int) []paper {
	t.Helper()
	var out []paper
	for line := range strings.Lines(s) {
		head, isHead := strings.CutPrefix(line, "* ")
		switch {
		case strings.TrimSpace(line) == "":
		case isHead:
			out = append(out, paper{cells: table(t, head, columns)[0]})
		default:
			p := &out[len(out)-1]
			p.rows = append(p.rows, table(t, line, 6)[0])
		}
	}
	return out
}

// subject is P23's.
func subject(number, kind, date, name string) string {
	if number == "" {
		return kind + " of " + date + " " + name
	}
	return number + " " + name
}

func (r *recorded) invoices(t *testing.T) {
	all := papers(t, recordedInvoices, 24)
	if len(all) != 37 || len(r.all["Invoices"]) != 37 {
		t.Fatalf("%d Invoices, the table has %d, want 37", len(r.all["Invoices"]), len(all))
	}
	for _, p := range all {
		c, rec := p.cells, r.byID["Invoices"][p.cells[0]]
		want := expect{
			"QuickBooks_Number": c[1], "Invoice_Date": c[2], "Due_Date": c[3], "QuickBooks_Status": c[4], "Account_Name": c[5], "Contact_Name": c[6],
			"QuickBooks_Job_or_project": c[7], "Subject": subject(c[1], "Invoice", c[2], c[8]), "QuickBooks_Net": c[9], "QuickBooks_Tax": c[10],
			"QuickBooks_Total": c[11], "Grand_Total": c[11], "QuickBooks_Balance_Due": c[12], "Discount": c[13], "Adjustment": c[14],
			"QuickBooks_Paid_on": c[15], "QuickBooks_Last_payment": c[16], "QuickBooks_Paid_by": c[17], "QuickBooks_Sent_on": c[18],
			"QuickBooks_Terms": c[20], "Terms_and_Conditions": c[21], "QuickBooks_Shipping": "0", "QuickBooks_Amount_before": "", "QuickBooks_Note": "",
			"QuickBooks_Link": page("invoice", c[0]), "Status": "Created", "Deal_Name__s": "",
		}
		want.put(c[22], street("Billing")...).put(c[23], street("Shipping")...)
		r.check(t, "Invoice "+c[1], rec, want)
		r.source(t, c[1], rec, c[19])
		r.lines(t, "Invoice "+c[1], rec, "Invoiced_Items", p.rows)
		onLayout(t, "Invoice "+c[1], rec)
	}
}

// source checks the quote an invoice was made from.
func (r *recorded) source(t *testing.T, number string, rec m, estimate string) {
	t.Helper()
	look, _ := rec["QuickBooks_Source_Quote"].(m)
	want := ""
	if estimate != "" {
		want = text(r.byID["Quotes"][estimate]["id"])
	}
	if got := text(look["id"]); got != want {
		t.Errorf("Invoice %s: source quote is %q, want %q (estimate %s)", number, got, want, estimate)
	}
}

func (r *recorded) quotes(t *testing.T) {
	all := papers(t, recordedQuotes, 19)
	if len(all) != 8 || len(r.all["Quotes"]) != 8 {
		t.Fatalf("%d Quotes, the table has %d, want 8", len(r.all["Quotes"]), len(all))
	}
	for _, p := range all {
		c, rec := p.cells, r.byID["Quotes"][p.cells[0]]
		what := "Quote of estimate " + c[0]
		want := expect{
			"QuickBooks_Number": c[1], "QuickBooks_Quote_Date": c[2], "Valid_Till": c[3], "QuickBooks_Status": c[4], "Account_Name": c[5],
			"Contact_Name": c[6], "QuickBooks_Job_or_project": c[7], "Subject": subject(c[1], "Quote", c[2], c[8]), "QuickBooks_Net": c[9],
			"QuickBooks_Tax": c[10], "QuickBooks_Total": c[11], "Grand_Total": c[11], "QuickBooks_Invoiced_so_far": c[12], "QuickBooks_Remaining": c[13],
			"Discount": c[14], "Adjustment": c[15], "Terms_and_Conditions": c[16], "QuickBooks_Shipping": "0", "QuickBooks_Amount_before": "",
			"QuickBooks_Accepted_by": "", "QuickBooks_Accepted_on": "", "QuickBooks_Sent_on": "", "QuickBooks_Note": "",
			"QuickBooks_Link": page("estimate", c[0]), "Quote_Stage": "Draft", "Deal_Name": "",
		}
		want.put(c[17], street("Billing")...).put(c[18], street("Shipping")...)
		r.check(t, what, rec, want)
		r.lines(t, what, rec, "Quoted_Items", p.rows)
		onLayout(t, what, rec)
	}
}

func (r *recorded) orders(t *testing.T) {
	all := papers(t, recordedOrders, 15)
	if len(all) != 9 || len(r.all["Purchase_Orders"]) != 9 {
		t.Fatalf("%d Purchase Orders, the table has %d, want 9", len(r.all["Purchase_Orders"]), len(all))
	}
	for _, p := range all {
		c, rec := p.cells, r.byID["Purchase_Orders"][p.cells[0]]
		what := "Purchase Order " + c[0]
		want := expect{
			"QuickBooks_Number": c[1], "PO_Date": c[2], "Due_Date": c[3], "QuickBooks_Status": c[4], "Vendor_Name": c[5],
			"Subject": subject(c[1], "Purchase Order", c[2], c[5]), "QuickBooks_Net": c[6], "QuickBooks_Tax": c[7], "QuickBooks_Total": c[8],
			"Grand_Total": c[8], "Discount": "0", "Adjustment": c[9], "QuickBooks_Bills": c[10], "Terms_and_Conditions": c[11],
			"QuickBooks_Vendor_Email": c[12], "Carrier": "", "QuickBooks_Shipping": "0", "QuickBooks_Amount_before": "", "QuickBooks_Note": "",
			"QuickBooks_Link": page("purchaseorder", c[0]), "Status": "Created",
		}
		want.put(c[13], street("Billing")...).put(c[14], street("Shipping")...)
		r.check(t, what, rec, want)
		r.lines(t, what, rec, "Purchase_Items", p.rows)
		onLayout(t, what, rec)
	}
}

// lines compares the rows of a document, in order, to the cent.
func (r *recorded) lines(t *testing.T, what string, rec m, key string, want [][]string) {
	t.Helper()
	rows, _ := rec[key].([]any)
	if len(rows) != len(want) {
		t.Errorf("%s has %d rows, want %d", what, len(rows), len(want))
		return
	}
	for i, w := range want {
		row, _ := rows[i].(m)
		taxes, tax := rowTaxes(row)
		net := decimal.RequireFromString(w[3]).Add(tax)
		r.check(t, fmt.Sprintf("%s row %d", what, i+1), row, expect{
			"Product_Name": w[0], "Quantity": w[1], "List_Price": w[2], "Total": w[3], "Description": w[5], "Discount": "0", "Net_Total": net.String(), "Tax": tax.String(),
		})
		if taxes != w[4] {
			t.Errorf("%s row %d: taxes %q, want %q", what, i+1, taxes, w[4])
		}
	}
}

// rowTaxes are a row's taxes as the tables write them, and their sum.
func rowTaxes(row m) (taxes string, sum decimal.Decimal) {
	list, _ := row["Line_Tax"].([]any)
	var out []string
	for _, e := range list {
		tax, _ := e.(m)
		out = append(out, fmt.Sprintf("%s %s%% %s", tax["name"], text(tax["percentage"]), text(tax["value"])))
		value, err := decimal.NewFromString(text(tax["value"]))
		if err == nil {
			sum = sum.Add(value)
		}
	}
	return strings.Join(out, ", "), sum
}

// onLayout checks that the document stands on the QuickBooks layout (R84).
func onLayout(t *testing.T, what string, rec m) {
	t.Helper()
	if layout, _ := rec["Layout"].(m); layout["name"] != "QuickBooks" {
		t.Errorf("%s stands on layout %v", what, layout["name"])
	}
}
