package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
)

func TestLines_EveryKindEndsUpSomewhere(t *testing.T) {
	bundle := `{"DetailType":"GroupLineDetail","Amount":0,"Description":"Spring start-up kit","GroupLineDetail":{"GroupItemRef":{"value":"24","name":"Kit"},"Quantity":1,"Line":[` +
		sale("7", "2", "30", "60", "NON", "Filter") + "," + sale("8", "1", "12.5", "12.5", "NON", "") + `]}}`
	emptyBundle := `{"DetailType":"GroupLineDetail","Amount":15,"Description":"Old kit","GroupLineDetail":{"GroupItemRef":{"value":"25"}}}`
	for _, tc := range []struct {
		name  string
		total string
		lines []string
		rows  []string
		texts []string
	}{
		{
			"plain", "100",
			[]string{sale("1", "4", "25", "100", "NON", "Trim"), subtotal("100")},
			[]string{"51 4 x 25"},
			[]string{"Trim"},
		},
		{
			"no quantity: one of the amount", "103.55",
			[]string{sale("1", "", "", "103.55", "NON", "Work")},
			[]string{"51 1 x 103.55"},
			[]string{"Work"},
		},
		{
			"price without quantity", "50",
			[]string{sale("1", "", "25", "50", "NON", "")},
			[]string{"51 1 x 50"},
			[]string{""},
		},
		{
			"quantity without price", "30",
			[]string{sale("1", "4", "", "30", "NON", "")},
			[]string{"51 4 x 7.5"},
			[]string{""},
		},
		{
			"a bundle is its parts, its text stands above them (row 27)", "72.5",
			[]string{bundle, subtotal("72.5")},
			[]string{"57 2 x 30", "58 1 x 12.5"},
			[]string{"Spring start-up kit\nFilter", ""},
		},
		{
			"a bundle without parts keeps its amount", "15",
			[]string{emptyBundle},
			[]string{"999 1 x 15"},
			[]string{"Old kit"},
		},
		{
			"text first, between, last (row 32)", "30",
			[]string{words("Dear all"), words("see below"), sale("1", "1", "10", "10", "", "A"), words("under A"), words("more A"), sale("2", "1", "20", "20", "", "B"), words("thanks")},
			[]string{"51 1 x 10", "52 1 x 20"},
			[]string{"Dear all\nsee below\nA\nunder A\nmore A", "B\nthanks"},
		},
		{
			"an item line without amount and item is text", "10",
			[]string{sale("1", "1", "10", "10", "", "A"), sale("", "", "", "0", "", "just words")},
			[]string{"51 1 x 10"},
			[]string{"A\njust words"},
		},
		{
			"an amount without item", "10",
			[]string{sale("", "", "", "10", "", "fee")},
			[]string{"999 1 x 10"},
			[]string{"fee"},
		},
		{
			"only text: one empty row", "0",
			[]string{words("nothing to pay")},
			[]string{"999 1 x 0"},
			[]string{"nothing to pay"},
		},
		{
			"a free item stays a row", "5",
			[]string{sale("1", "3", "0", "0", "", "gift"), sale("2", "1", "5", "5", "", "")},
			[]string{"51 3 x 0", "52 1 x 5"},
			[]string{"gift", ""},
		},
		{
			"credit line", "70",
			[]string{sale("1", "1", "100", "100", "", ""), sale("1", "-1", "30", "-30", "", "returned")},
			[]string{"51 1 x 100", "51 -1 x 30"},
			[]string{"", "returned"},
		},
		{
			"unknown kind of line keeps its amount", "9",
			[]string{`{"DetailType":"ReimburseLineDetail","Amount":9,"Description":"parking","ReimburseLineDetail":{}}`},
			[]string{"999 1 x 9"},
			[]string{"parking"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := project(t, input(crossbook.Invoice, parse(t, invoice(tc.total, "0", nil, "", tc.lines...))))
			if diff := cmp.Diff(tc.rows, rows(o)); diff != "" {
				t.Errorf("rows: %s", diff)
			}
			if diff := cmp.Diff(tc.texts, descriptions(o)); diff != "" {
				t.Errorf("texts: %s", diff)
			}
			if len(o.Marks) != 0 || o.Fields["Adjustment"] != "0" {
				t.Errorf("marks %v, adjustment %s", o.Marks, o.Fields["Adjustment"])
			}
			checkTotals(t, o, tc.total)
		})
	}
}

func TestLines_BuiltInItemsAreCharges(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("121.45", "0", nil, "",
		sale("1", "1", "100", "100", "", ""), subtotal("100"), sale("SHIPPING_ITEM_ID", "", "", "12.95", "", ""), sale("TIPS_ITEM_ID", "", "", "8.5", "", "")))))
	if o.Fields[FieldShipping] != "21.45" || o.Fields["Adjustment"] != "21.45" || o.Fields[FieldNet] != "100" || len(o.Lines) != 1 || len(o.Missing) != 0 {
		t.Errorf("%v %v", o.Fields, rows(o))
	}
	checkTotals(t, o, "121.45")
}

// The recorded invoice 1013 has a subtotal and a statement charge, and no lines.
func TestLines_AmountsThatQuickBooksDoesNotListGetARow(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("91", "6", []string{rate("3", "8", "75", "6")}, `"LinkedTxn":[{"TxnId":"29","TxnType":"StatementCharge"},{"TxnId":"98","TxnType":"Payment"}],`,
		sale("1", "1", "10", "10", "NON", ""), subtotal("85")))))
	if diff := cmp.Diff([]string{"51 1 x 10", "999 1 x 75 +8"}, rows(o)); diff != "" {
		t.Error(diff)
	}
	if o.Lines[1].Description != "Statement charge" {
		t.Errorf("%q", o.Lines[1].Description)
	}
	checkTotals(t, o, "91")
}

func TestLines_UnlinkedItemsAreMissing(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("3", "0", nil, "",
		sale("404", "1", "1", "1", "", ""), sale("1", "1", "1", "1", "", ""), sale("404", "1", "1", "1", "", "")))))
	if diff := cmp.Diff([]crossbook.Ref{crossbook.BooksRef(crossbook.Item, "404")}, o.Missing); diff != "" {
		t.Error(diff)
	}
}

func TestLines_PurchaseOrderAccountsStandUnderThePlaceholder(t *testing.T) {
	in := input(crossbook.PurchaseOrder, parse(t, `{"Id":"9","DocNumber":"1005","TxnDate":"2026-05-05","POStatus":"Open","TotalAmt":260,"VendorRef":{"value":"5","name":"Mahoney Mugs"},
		"Memo":"please hurry","POEmail":{"Address":"m@mugs.example"},"ShipMethodRef":{"value":"UPS","name":"UPS"},"LinkedTxn":[{"TxnId":"126","TxnType":"Bill"}],
		"Line":[{"DetailType":"AccountBasedExpenseLineDetail","Amount":150,"Description":"Office supplies","AccountBasedExpenseLineDetail":{"AccountRef":{"value":"69","name":"Legal & Professional Fees:Accounting"}}},
		{"DetailType":"AccountBasedExpenseLineDetail","Amount":10,"AccountBasedExpenseLineDetail":{"AccountRef":{"value":"70"}}},
		{"DetailType":"ItemBasedExpenseLineDetail","Amount":100,"Description":"mugs","ItemBasedExpenseLineDetail":{"ItemRef":{"value":"11"},"Qty":8,"UnitPrice":12.5}}]}`))
	in.Party.Name = "Mahoney Mugs"
	in.AccountName = func(id string) string { return "account " + id }
	o := project(t, in)
	if diff := cmp.Diff([]string{"999 1 x 150", "999 1 x 10", "511 8 x 12.5"}, rows(o)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Office supplies (Legal & Professional Fees:Accounting)", "account 70", "mugs"}, descriptions(o)); diff != "" {
		t.Error(diff)
	}
	for field, want := range map[string]string{
		"Subject": "1005 Mahoney Mugs", FieldStatus: "Open", "Vendor_Name": "702", "PO_Date": "2026-05-05", "Carrier": "UPS",
		"Terms_and_Conditions": "please hurry", FieldVendorEmail: "m@mugs.example", FieldBills: "Bill 126", FieldTotal: "260",
	} {
		if o.Fields[field] != want {
			t.Errorf("%s = %q, want %q", field, o.Fields[field], want)
		}
	}
	checkTotals(t, o, "260")
}

func TestLines_PlaceholderIsNeverInvented(t *testing.T) {
	in := input(crossbook.Invoice, parse(t, invoice("10", "0", nil, "", sale("", "", "", "10", "", "fee"))))
	in.Placeholder = ""
	if _, err := Project(in); err == nil || !strings.Contains(err.Error(), "QuickBooks line without product") {
		t.Errorf("got %v", err)
	}
	in = input(crossbook.Invoice, parse(t, invoice("10", "0", nil, "", sale("1", "1", "10", "10", "", ""))))
	in.Placeholder = ""
	if _, err := Project(in); err != nil {
		t.Errorf("no line needs it: %v", err)
	}
}

// Row 30: 0.00125 a gallon, 18,432 gallons.
func TestPrices_WithMoreDecimalsThanTheCRMKeeps(t *testing.T) {
	data := parse(t, invoice("123.04", "0", nil, "", sale("1", "18432", "0.00125", "23.04", "NON", ""), sale("2", "1", "100", "100", "NON", "")))
	in := input(crossbook.Invoice, data)
	in.PriceDecimals = 4
	o := project(t, in)
	if diff := cmp.Diff([]string{"51 18432 x 0.0013", "52 1 x 100"}, rows(o)); diff != "" {
		t.Error(diff)
	}
	if o.Fields["Adjustment"] != "-0.92" || !cmp.Equal(o.Marks, []string{MarkPrice}) || o.Fields[FieldNote] == "" {
		t.Errorf("adjustment %s marks %v", o.Fields["Adjustment"], o.Marks)
	}
	checkTotals(t, o, "123.04")

	in.PriceDecimals = 9
	if o = project(t, in); len(o.Marks) != 0 || o.Fields["Adjustment"] != "0" || o.Fields[FieldNote] != "" {
		t.Errorf("kept in full it needs no mark: %v %v", o.Marks, o.Fields)
	}
	in.PriceDecimals = 0
	if o = project(t, in); o.Lines[0].ListPrice.String() != "0" || o.Fields["Adjustment"] != "23.04" {
		t.Errorf("two decimals are the default: %v %s", rows(o), o.Fields["Adjustment"])
	}
	checkTotals(t, o, "123.04")
}

func TestPrices_LineWithItsOwnDiscountKeepsItsAmount(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("90", "0", nil, "", sale("1", "4", "25", "90", "NON", "")))))
	if diff := cmp.Diff([]string{"51 4 x 22.5"}, rows(o)); diff != "" {
		t.Error(diff)
	}
	checkTotals(t, o, "90")
	o = project(t, input(crossbook.Invoice, parse(t, invoice("100", "0", nil, "", sale("1", "3", "", "100", "NON", "")))))
	if o.Lines[0].ListPrice.String() != "33.33" || o.Fields["Adjustment"] != "0.01" || !cmp.Equal(o.Marks, []string{MarkPrice}) {
		t.Errorf("%v %s %v", rows(o), o.Fields["Adjustment"], o.Marks)
	}
	checkTotals(t, o, "100")
}

func TestText_IsCutAndMarked(t *testing.T) {
	long := strings.Repeat("ä", 4000)
	in := input(crossbook.Invoice, parse(t, invoice("1", "0", nil, "", sale("1", "1", "1", "1", "", long))))
	in.TextLimits = map[string]int{LineDescription: 2000}
	o := project(t, in)
	d := []rune(o.Lines[0].Description)
	if len(d) != 2000 || !strings.HasSuffix(string(d), "ä… (full text in QuickBooks)") || !cmp.Equal(o.Marks, []string{MarkText}) {
		t.Errorf("%d runes, %v", len(d), o.Marks)
	}
	in.TextLimits = map[string]int{LineDescription: 32000}
	if o = project(t, in); len(o.Marks) != 0 || o.Lines[0].Description != long {
		t.Errorf("a field that is long enough needs no cut: %v", o.Marks)
	}
}

func TestProject_RefusesFloatsAndNonsense(t *testing.T) {
	for name, data := range map[string]map[string]any{
		"a float":   {"Id": "1", "TotalAmt": 1.5, "Line": []any{}},
		"no number": parse(t, `{"Id":"1","TotalAmt":1e999,"Line":[]}`),
		"no total":  parse(t, `{"Id":"1","Line":[]}`),
		"nothing":   nil,
	} {
		if _, err := Project(input(crossbook.Invoice, data)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := Project(input(crossbook.Customer, parse(t, `{"Id":"1","TotalAmt":1}`))); err == nil {
		t.Error("a customer is no document")
	}
}

// A line with an amount is never dropped, not even one that calls itself text (P19).
func TestLines_TextWithAnAmountIsARow(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("17", "0", nil, "", sale("1", "1", "10", "10", "NON", "A"),
		`{"DetailType":"DescriptionOnly","Amount":7,"Description":"carriage"}`, words("bye")))))
	if diff := cmp.Diff([]string{"51 1 x 10", "999 1 x 7"}, rows(o)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"A", "carriage\nbye"}, descriptions(o)); diff != "" {
		t.Error(diff)
	}
	checkTotals(t, o, "17")
}

// A price that is rounded without moving a cent leaves nothing in the
// Adjustment and needs no mark (P22).
func TestPrices_RoundedForNothingIsNotMarked(t *testing.T) {
	o := project(t, input(crossbook.Invoice, parse(t, invoice("45.45", "0", nil, "", sale("1", "1", "45.4545455", "45.45", "NON", "")))))
	if diff := cmp.Diff([]string{"51 1 x 45.45"}, rows(o)); diff != "" {
		t.Error(diff)
	}
	if len(o.Marks) != 0 || o.Fields["Adjustment"] != "0" {
		t.Errorf("marks %v, adjustment %s", o.Marks, o.Fields["Adjustment"])
	}
	checkTotals(t, o, "45.45")
}
