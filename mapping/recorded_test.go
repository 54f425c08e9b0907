package mapping

import (
	"testing"

	"crossbook"
)

func TestShape_RecordedCompany_GivesWhatP1Says(t *testing.T) {
	count := map[string]int{}
	for _, c := range recorded(t, "customers.json", "Customer") {
		switch shape := Shape(c, crossbook.DefaultSettings()); {
		case shape.Skip:
			count["no record: "+shape.SkipReason]++
		case shape.Account && shape.Contact:
			count["account with contact"]++
		case shape.Account:
			count["account alone"]++
		default:
			count["contact alone"]++
		}
	}
	want := map[string]int{"account with contact": 18, "contact alone": 12, "no record: sub-customer": 3}
	if len(count) != len(want) {
		t.Errorf("got %v, want %v", count, want)
	}
	for k, n := range want {
		if count[k] != n {
			t.Errorf("%s: got %d, want %d", k, count[k], n)
		}
	}
}

func TestFromBooks_RecordedCompany_SurvivesTheWayThroughTheCRM(t *testing.T) {
	m := preset(t)
	for _, tc := range []struct {
		file string
		mod  crossbook.Module
		part crossbook.Part
	}{
		{"vendors.json", crossbook.Vendors, crossbook.Whole},
		{"items.json", crossbook.Products, crossbook.Whole},
		{"customers.json", crossbook.Accounts, crossbook.Company},
		{"customers.json", crossbook.Contacts, crossbook.Whole},
	} {
		for _, rec := range recorded(t, tc.file, string(tc.mod.Entity())) {
			got := m.FromBooks(tc.mod, tc.part, rec, noLinks)
			body, err := m.CRMBody(tc.mod, tc.part, got.Fields, nil, true, noLinks)
			if err != nil {
				t.Fatal(err)
			}
			back := m.FromCRM(tc.mod, tc.part, wire(t, body), noLinks)
			for _, p := range m.Pairs(tc.mod, tc.part) {
				if back.Fields[p.Field] != got.Fields[p.Field] {
					t.Errorf("%s %s, %s: %q came back as %q", tc.mod, text(rec["Id"]), p.Field, got.Fields[p.Field], back.Fields[p.Field])
				}
			}
			again, err := m.BooksBody(tc.mod, tc.part, got.Fields, nil, rec, false, noLinks, crossbook.DefaultSettings())
			if err != nil {
				t.Fatal(err)
			}
			after := m.FromBooks(tc.mod, tc.part, patched(rec, wire(t, again)), noLinks)
			if !after.Fields.Equal(got.Fields) {
				t.Errorf("%s %s: writing what is there changed it:\n%v\n%v", tc.mod, text(rec["Id"]), got.Fields, after.Fields)
			}
		}
	}
}

func TestFromBooks_RecordedVendorWithTwoAddresses_GivesTheFirst(t *testing.T) {
	m := preset(t)
	for _, rec := range recorded(t, "vendors.json", "Vendor") {
		all := text(at(rec, "PrimaryEmailAddr.Address"))
		if len(SplitAddresses(all)) < 2 {
			continue
		}
		got := m.FromBooks(crossbook.Vendors, crossbook.Whole, rec, noLinks)
		if want := SplitAddresses(all)[0]; got.Fields["Email"] != want {
			t.Errorf("got %q, want %q", got.Fields["Email"], want)
		}
		p, _ := m.Pair(crossbook.Vendors, "Email")
		if p.MaySend(got.Fields, got.Fields) {
			t.Error("a list would be written over (P5)")
		}
		return
	}
	t.Fatal("the recorded vendors hold no list of addresses")
}
