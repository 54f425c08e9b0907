package mapping

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
)

func itemSettings() crossbook.Settings {
	s := crossbook.DefaultSettings()
	s.ItemAccounts = map[string]crossbook.ItemAccounts{
		"":         {Income: "79", Expense: "80", Asset: "81"},
		"Hardware": {Income: "45", Expense: "46", Asset: "47", SalesTaxCode: "TAX", PurchaseTaxCode: "NON", PriceIncludesTax: true},
	}
	return s
}

func TestBooksBody_Item_Create(t *testing.T) {
	ref := func(id string) map[string]any { return map[string]any{"value": id} }
	for _, tc := range []struct {
		name string
		want crossbook.Fields
		body map[string]any
		err  error
	}{
		{
			"the default type and row",
			crossbook.Fields{"Product_Name": "Trimming", "Unit_Price": "35", "Qty_in_Stock": "", "Product_Active": "false", "Taxable": "true"},
			map[string]any{"Name": "Trimming", "Type": Service, "UnitPrice": json.Number("35"), "IncomeAccountRef": ref("79")},
			nil,
		},
		{
			"a purchased item has its expense account",
			crossbook.Fields{"Product_Name": "Hose", FieldType: NonInventory, "Vendor_Name": "7"},
			map[string]any{"Name": "Hose", "Type": NonInventory, "PrefVendorRef": ref("7"), "IncomeAccountRef": ref("79"), "ExpenseAccountRef": ref("80")},
			nil,
		},
		{
			"a tracked item starts with quantity 0, whatever the CRM counts",
			crossbook.Fields{"Product_Name": "Pump", FieldType: Inventory, FieldAsOf: "2026-07-01", "Qty_in_Stock": "40", "Reorder_Level": "5", "Product_Category": "Hardware"},
			map[string]any{
				"Name": "Pump", "Type": Inventory, "TrackQtyOnHand": true, "QtyOnHand": json.Number("0"), "InvStartDate": "2026-07-01",
				"ReorderPoint": json.Number("5"), "IncomeAccountRef": ref("45"), "ExpenseAccountRef": ref("46"), "AssetAccountRef": ref("47"),
				"SalesTaxCodeRef": ref("TAX"), "PurchaseTaxCodeRef": ref("NON"), "SalesTaxIncluded": true,
			},
			nil,
		},
		{"a tracked item without a date is error 9", crossbook.Fields{"Product_Name": "Pump", FieldType: Inventory}, nil, ErrAsOfDate},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := preset(t).BooksBody(crossbook.Products, crossbook.Whole, tc.want, nil, nil, true, linked, itemSettings())
			if !errors.Is(err, tc.err) {
				t.Fatalf("got error %v, want %v", err, tc.err)
			}
			if d := cmp.Diff(tc.body, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBooksBody_Item_WaitsForItsAccounts(t *testing.T) {
	want := crossbook.Fields{"Product_Name": "Hose"}
	for name, tc := range map[string]struct {
		country string
		rows    map[string]crossbook.ItemAccounts
		kind    string
	}{
		"no row":                      {"US", nil, Service},
		"no income account":           {"US", map[string]crossbook.ItemAccounts{"": {Expense: "1"}}, Service},
		"stock without asset account": {"US", map[string]crossbook.ItemAccounts{"": {Income: "1", Expense: "1"}}, Inventory},
		"abroad without tax codes":    {"AU", map[string]crossbook.ItemAccounts{"": {Income: "1"}}, Service},
	} {
		s := crossbook.DefaultSettings()
		s.ItemAccounts = tc.rows
		f := want.Clone()
		f[FieldType], f[FieldAsOf] = tc.kind, "2026-07-01"
		m := compiled(t, s, Metadata{Country: tc.country})
		if _, err := m.BooksBody(crossbook.Products, crossbook.Whole, f, nil, nil, true, linked, s); !errors.Is(err, ErrNoAccounts) {
			t.Errorf("%s: got %v (P12)", name, err)
		}
	}
}

func TestBooksBody_Item_UnlinkedVendorIsNamed(t *testing.T) {
	m := preset(t)
	p := m.FromCRM(crossbook.Products, crossbook.Whole, raw(t, `{"Product_Name":"Hose","Vendor_Name":{"id":"z55","name":"X"}}`), linked)
	if p.Fields["Vendor_Name"] != "crm:z55" || len(p.Missing) != 1 || p.Missing[0].Ref != crossbook.CRMRef(crossbook.Vendors, "z55") {
		t.Errorf("got %q, missing %v", p.Fields["Vendor_Name"], p.Missing)
	}
	var missing *MissingRefError
	if _, err := m.BooksBody(crossbook.Products, crossbook.Whole, p.Fields, nil, nil, true, linked, itemSettings()); !errors.As(err, &missing) {
		t.Errorf("got %v (error 10)", err)
	}
}

func TestItem_QuantityAndActiveAreNeverSent(t *testing.T) {
	m := preset(t)
	current := raw(t, `{"Id":"11","Name":"Pump","Type":"Inventory","Active":true,"QtyOnHand":25,"InvStartDate":"2026-04-08","Taxable":true}`)
	want := m.FromBooks(crossbook.Products, crossbook.Whole, current, linked).Fields
	if want["Qty_in_Stock"] != "25" || want[FieldStartDate] != "2026-04-08" || want["Product_Active"] != "true" {
		t.Errorf("got %v", want)
	}
	want["Qty_in_Stock"], want["Product_Active"], want["Taxable"], want[FieldAsOf] = "40", "false", "false", "2026-03-31"
	if got := booksBody(t, m, crossbook.Products, crossbook.Whole, want, nil, current); got["QtyOnHand"] != nil || got["Active"] != nil ||
		got["InvStartDate"] != nil || got["Taxable"] != nil {
		t.Errorf("got %v (P10, P11, P14)", got)
	}
	for _, f := range []string{"Qty_in_Stock", "Product_Active", "Taxable"} {
		if p, _ := m.Pair(crossbook.Products, f); p.Policy != ReadOnly {
			t.Errorf("%s is %s", f, p.Policy)
		}
	}
}

func TestItem_SendQuantity_GoesWithItsDate(t *testing.T) {
	s := itemSettings()
	s.SendQuantity = true
	m := compiled(t, s, Metadata{Country: "US"})
	current := raw(t, `{"Id":"11","Name":"Pump","Type":"Inventory","QtyOnHand":25,"InvStartDate":"2026-04-08"}`)
	for date, want := range map[string]any{"2026-03-31": "2026-03-31", "": ""} { // an empty date is QuickBooks' to refuse: error 12
		got, err := m.BooksBody(crossbook.Products, crossbook.Whole, crossbook.Fields{"Qty_in_Stock": "40", FieldAsOf: date}, []string{"Qty_in_Stock", FieldAsOf}, current, false, linked, s)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(map[string]any{"QtyOnHand": json.Number("40"), "InvStartDate": want}, got); d != "" {
			t.Error(d)
		}
	}
	created, err := m.BooksBody(crossbook.Products, crossbook.Whole,
		crossbook.Fields{"Product_Name": "Pump", FieldType: Inventory, FieldAsOf: "2026-07-01", "Qty_in_Stock": "40"}, nil, nil, true, linked, s)
	if err != nil || created["QtyOnHand"] != json.Number("40") {
		t.Errorf("the first quantity is sent at creation (R95b): %v, %v", created["QtyOnHand"], err)
	}
}

func TestItem_TypeStaysTracked(t *testing.T) {
	m := preset(t)
	tracked := raw(t, `{"Name":"Pump","Type":"Inventory"}`)
	if got := booksBody(t, m, crossbook.Products, crossbook.Whole, crossbook.Fields{FieldType: Service}, []string{FieldType}, tracked); len(got) > 0 {
		t.Errorf("got %v", got)
	}
	service := raw(t, `{"Name":"Pump","Type":"Service"}`)
	if got := booksBody(t, m, crossbook.Products, crossbook.Whole, crossbook.Fields{FieldType: NonInventory}, []string{FieldType}, service); got["Type"] != NonInventory {
		t.Errorf("got %v", got)
	}
	if _, err := m.BooksBody(crossbook.Products, crossbook.Whole, crossbook.Fields{FieldType: Inventory}, []string{FieldType}, service, false, linked, itemSettings()); !errors.Is(err, ErrAsOfDate) {
		t.Errorf("got %v", err)
	}
}

func TestItemNames_P15(t *testing.T) {
	m := preset(t)
	shared := links{shared: map[string]bool{"small": true}}
	gloves := raw(t, `{"Id":"1","Name":"Small","FullyQualifiedName":"Gloves:Small","Type":"Service"}`)
	hats := raw(t, `{"Id":"2","Name":"Small","FullyQualifiedName":"Clothes:Hats:Small","Type":"Service"}`)
	name := func(rec map[string]any, refs Refs) string {
		return m.FromBooks(crossbook.Products, crossbook.Whole, rec, refs).Fields["Product_Name"]
	}
	if a, b := name(gloves, shared), name(hats, shared); a != "Gloves / Small" || b != "Clothes / Hats / Small" {
		t.Errorf("got %q and %q", a, b)
	}
	if got := name(gloves, noLinks); got != "Small" {
		t.Errorf("a name borne once stays: got %q", got)
	}
	for want, sent := range map[string]any{
		"Gloves / Small":       nil,             // ours: it never travels back
		"Small":                nil,             // what QuickBooks has
		"Gloves / Extra small": "Extra small",   // a person's rename behind our prefix
		"Winter gloves":        "Winter gloves", // a person's own name
	} {
		got, err := m.BooksBody(crossbook.Products, crossbook.Whole, crossbook.Fields{"Product_Name": want}, nil, gloves, false, shared, itemSettings())
		if err != nil {
			t.Fatal(err)
		}
		if got["Name"] != sent {
			t.Errorf("%q sent %v, want %v", want, got["Name"], sent)
		}
	}
}

func TestItem_NotInventory_LeavesTheCRMsStockAlone(t *testing.T) {
	m := preset(t)
	crm := m.FromCRM(crossbook.Products, crossbook.Whole, raw(t, `{"Product_Name":"Hose","QuickBooks_type":"Service","Qty_in_Stock":40,"Reorder_Level":3}`), linked).Fields
	books := m.FromBooks(crossbook.Products, crossbook.Whole, raw(t, `{"Name":"Hose","Type":"Service"}`), linked).Fields
	for _, f := range []string{"Qty_in_Stock", "Reorder_Level"} {
		if crm[f] != "" || books[f] != "" {
			t.Errorf("%s: CRM %q, QuickBooks %q", f, crm[f], books[f])
		}
	}
}

func TestItem_APriceOfZeroIsAnEmptyPrice(t *testing.T) {
	m := preset(t)
	for _, doc := range []string{`{"Unit_Price":null}`, `{"Unit_Price":0}`, `{"Unit_Price":0.00}`} {
		if got := m.FromCRM(crossbook.Products, crossbook.Whole, raw(t, doc), linked).Fields["Unit_Price"]; got != "" {
			t.Errorf("%s: got %q", doc, got)
		}
	}
	body, err := m.CRMBody(crossbook.Products, crossbook.Whole, crossbook.Fields{"Unit_Price": ""}, nil, true, linked)
	if err != nil || body["Unit_Price"] != json.Number("0") {
		t.Errorf("got %v, %v", body["Unit_Price"], err)
	}
}

func TestNumbers_ComeInEveryDress(t *testing.T) {
	for _, tc := range []struct {
		raw  any
		want string
	}{
		{json.Number("12.50"), "12.5"},
		{12.5, "12.5"},
		{"12.50", "12.5"},
		{json.Number("1e3"), "1000"},
		{json.Number("0.00125"), "0.00125"},
		{float64(100000000), "100000000"},
		{json.Number("-0.0"), "0"},
		{nil, ""},
		{"", ""},
		{"n/a", "n/a"},
	} {
		if got := Number(tc.raw); got != tc.want {
			t.Errorf("%#v: got %q, want %q", tc.raw, got, tc.want)
		}
	}
}

func TestDates_AreDays(t *testing.T) {
	for raw, want := range map[string]string{"2026-04-08": "2026-04-08", "2026-04-08T23:30:00-07:00": "2026-04-08", "": ""} {
		if got := day(raw); got != want {
			t.Errorf("%q: got %q", raw, got)
		}
	}
}

func TestSkipItem(t *testing.T) {
	for kind, skip := range map[string]bool{"Category": true, "Group": true, "Bundle": true, Service: false, Inventory: false, NonInventory: false} {
		if _, got := SkipItem(map[string]any{"Type": kind}); got != skip {
			t.Errorf("%s: got %v", kind, got)
		}
	}
}

func TestCost_IsOffUntilSwitchedOn(t *testing.T) {
	s := crossbook.DefaultSettings()
	if _, ok := preset(t).Pair(crossbook.Products, FieldCost); ok {
		t.Error("cost travels by default (P30)")
	}
	d := Default(s)
	for i, p := range d.Modules[crossbook.Products] {
		if p.Field == FieldCost {
			d.Modules[crossbook.Products][i].Policy = Normal
		}
	}
	m, issues := Compile(d, s, Metadata{})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	got := m.FromBooks(crossbook.Products, crossbook.Whole, raw(t, `{"PurchaseCost":12.10}`), linked).Fields[FieldCost]
	if got != "12.1" {
		t.Errorf("got %q", got)
	}
}
