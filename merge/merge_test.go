package merge

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
)

var address = []Rule{
	{Field: "Street", Unit: "billing", Owner: crossbook.Books, Group: crossbook.GroupBilling},
	{Field: "City", Unit: "billing", Owner: crossbook.Books, Group: crossbook.GroupBilling},
	{Field: "Country", Unit: "billing", Owner: crossbook.Books, Group: crossbook.GroupBilling},
}

func at(street, city, country string) crossbook.Fields {
	return crossbook.Fields{"Street": street, "City": city, "Country": country}
}

func values(changes []crossbook.Change) map[string]string {
	out := map[string]string{}
	for _, c := range changes {
		out[c.Field] = c.New
	}
	return out
}

func TestUnit_ConflictsAsOne(t *testing.T) {
	base := at("1 High St", "Leeds", "UK")
	r := Merge(Input{Rules: address, BaseCRM: base, BaseBooks: base, CRM: at("2 Low St", "Leeds", "UK"), Books: at("1 High St", "York", "UK")})
	if diff := cmp.Diff(map[string]string{"Street": "1 High St", "City": "York"}, values(r.ToCRM)); diff != "" || len(r.ToBooks) != 0 {
		t.Errorf("QuickBooks' address must win as a whole: %s %v", diff, r.ToBooks)
	}
	want := []Conflict{
		{Field: "Street", Winner: crossbook.Books, Loser: crossbook.CRM, Lost: "2 Low St", CRM: "2 Low St", Books: "1 High St"},
		{Field: "City", Winner: crossbook.Books, Loser: crossbook.CRM, Lost: "Leeds", CRM: "Leeds", Books: "York"},
	}
	if diff := cmp.Diff(want, r.Conflicts); diff != "" {
		t.Error(diff)
	}
}

func TestUnit_EditMovesTheWholeAddressOverADifference(t *testing.T) {
	r := Merge(Input{
		Rules: address, BaseCRM: at("1 High St", "Leeds", ""), BaseBooks: at("9 Old Rd", "Bath", "UK"),
		CRM: at("1 High St", "York", ""), Books: at("9 Old Rd", "Bath", "UK"),
	})
	if diff := cmp.Diff(map[string]string{"Street": "1 High St", "City": "York"}, values(r.ToBooks)); diff != "" {
		t.Errorf("the edited side settles the whole unit; a country the CRM never held stays: %s", diff)
	}
}

func TestUnit_FirstContactNeverMixesTwoAddresses(t *testing.T) {
	for _, tc := range []struct {
		name           string
		crm, books     crossbook.Fields
		toCRM, toBooks map[string]string
		differences    int
	}{
		{"empty is filled", at("", "", ""), at("1 High St", "Leeds", "UK"), map[string]string{"Street": "1 High St", "City": "Leeds", "Country": "UK"}, map[string]string{}, 0},
		{"the fuller one completes", at("1 High St", "Leeds", "UK"), at("1 High St", "Leeds", ""), map[string]string{}, map[string]string{"Country": "UK"}, 0},
		{"the owner's replaces", at("2 Low St", "Leeds", "UK"), at("1 High St", "York", "UK"), map[string]string{"Street": "1 High St", "City": "York"}, map[string]string{}, 0},
		{"but never clears", at("2 Low St", "Leeds", "UK"), at("1 High St", "York", ""), map[string]string{}, map[string]string{}, 3},
		{"halves are not joined", at("2 Low St", "", ""), at("", "York", ""), map[string]string{}, map[string]string{}, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := Merge(Input{Rules: address, CRM: tc.crm, Books: tc.books})
			if diff := cmp.Diff(tc.toCRM, values(r.ToCRM)); diff != "" {
				t.Errorf("to CRM: %s", diff)
			}
			if diff := cmp.Diff(tc.toBooks, values(r.ToBooks)); diff != "" {
				t.Errorf("to QuickBooks: %s", diff)
			}
			if len(r.Differences) != tc.differences {
				t.Errorf("differences %+v", r.Differences)
			}
		})
	}
}

func TestUnit_LosingFillIsTakenBack(t *testing.T) {
	base := at("1 High St", "Leeds", "")
	r := Merge(Input{Rules: address, BaseCRM: base, BaseBooks: base, CRM: at("1 High St", "Leeds", "France"), Books: at("3 New Rd", "Leeds", "")})
	if diff := cmp.Diff(map[string]string{"Street": "3 New Rd", "Country": ""}, values(r.ToCRM)); diff != "" {
		t.Errorf("one address, QuickBooks' own: %s", diff)
	}
}

func TestUnit_OnePartThatNeedsAnOKHoldsTheWholeAddress(t *testing.T) {
	rules := append([]Rule(nil), address...)
	rules[2].Handling = crossbook.Propose
	base := at("1 High St", "Leeds", "UK")
	r := Merge(Input{Rules: rules, BaseCRM: base, BaseBooks: base, CRM: at("2 Low St", "Leeds", "UK"), Books: base})
	if len(r.ToBooks) != 1 || len(r.Held) != 0 {
		t.Errorf("a new street passes (P14): %+v", r)
	}
	r = Merge(Input{Rules: rules, BaseCRM: base, BaseBooks: base, CRM: at("2 Low St", "Leeds", "France"), Books: base})
	if len(r.ToBooks) != 0 || len(r.Held) != 2 {
		t.Errorf("a new country holds the street back too: %+v", r)
	}
}

func TestUnit_OnlyNormalFieldsFormOne(t *testing.T) {
	rules := []Rule{{Field: "Unit_Price", Unit: "price"}, {Field: "Currency", Unit: "price", Policy: CreateOnly}}
	r := Merge(Input{
		Rules: rules, BaseCRM: crossbook.Fields{"Unit_Price": "1", "Currency": "USD"}, BaseBooks: crossbook.Fields{"Unit_Price": "1", "Currency": "EUR"},
		CRM: crossbook.Fields{"Unit_Price": "2", "Currency": "USD"}, Books: crossbook.Fields{"Unit_Price": "1", "Currency": "EUR"},
	})
	if diff := cmp.Diff(map[string]string{"Unit_Price": "2"}, values(r.ToBooks)); diff != "" {
		t.Errorf("a currency is never written to an existing record: %s", diff)
	}
}

func TestUnit_WinnerDoesNotClearWhatItNeverHeld(t *testing.T) {
	r := Merge(Input{
		Rules: address, Preference: crossbook.CRMWins,
		BaseCRM: at("1 High St", "Leeds", ""), BaseBooks: at("1 High St", "Leeds", "UK"),
		CRM: at("2 Low St", "Leeds", ""), Books: at("1 High St", "York", "UK"),
	})
	if diff := cmp.Diff(map[string]string{"Street": "2 Low St", "City": "Leeds"}, values(r.ToBooks)); diff != "" {
		t.Errorf("the country was QuickBooks' from the start: %s", diff)
	}
}

func TestMerge_FieldAddedToTheMappingMeetsFirst(t *testing.T) {
	rules := append([]Rule{{Field: "Phone"}}, address...)
	base := crossbook.Fields{"Phone": "1", "Street": "s", "City": "c"}
	r := Merge(Input{
		Rules: rules, BaseCRM: base, BaseBooks: base,
		CRM:   crossbook.Fields{"Phone": "2", "Street": "s", "City": "c", "Country": ""},
		Books: crossbook.Fields{"Phone": "1", "Street": "s", "City": "c", "Country": "UK"},
	})
	if diff := cmp.Diff(map[string]string{"Country": "UK"}, values(r.ToCRM)); diff != "" {
		t.Errorf("to CRM: %s", diff)
	}
	if diff := cmp.Diff(map[string]string{"Phone": "2"}, values(r.ToBooks)); diff != "" {
		t.Errorf("to QuickBooks: %s", diff)
	}
	if r.BaseCRM["Country"] != "UK" || r.BaseBooks["Country"] != "UK" {
		t.Errorf("the new field has no base: %v %v", r.BaseCRM, r.BaseBooks)
	}
}

func TestMerge_DifferentFieldsBothSurvive(t *testing.T) {
	rules := []Rule{{Field: "Phone"}, {Field: "Fax"}}
	base := crossbook.Fields{"Phone": "1", "Fax": "1"}
	r := Merge(Input{
		Rules: rules, BaseCRM: base, BaseBooks: base,
		CRM: crossbook.Fields{"Phone": "2", "Fax": "1"}, Books: crossbook.Fields{"Phone": "1", "Fax": "3"},
	})
	if len(r.Conflicts) != 0 || r.ToBooks[0].New != "2" || r.ToCRM[0].New != "3" {
		t.Errorf("%+v", r)
	}
}

func TestMerge_HeldEditWaitsUntilTheBooksHaveIt(t *testing.T) {
	rule := Rule{Owner: crossbook.Books, Handling: crossbook.Propose}
	r := one(rule, "a", "x", "a", nil)
	if r.BaseCRM["F"] != "a" || len(r.Held) != 1 {
		t.Fatalf("the base must stay behind: %+v", r)
	}
	if r = one(rule, "a", "x", "x", nil); r.BaseCRM["F"] != "x" || len(r.Held) != 0 {
		t.Errorf("once QuickBooks has it, it is agreed: %+v", r)
	}
	if r = one(rule, "a", "a", "a", nil); len(r.Held) != 0 {
		t.Errorf("taken back in the CRM, nothing waits: %+v", r)
	}
}

func TestMerge_AskedConflictStaysOpenUntilOneSideYields(t *testing.T) {
	ask := func(in *Input) { in.Preference = crossbook.Ask }
	r := one(Rule{}, "a", "x", "y", ask)
	if r.BaseCRM["F"] != "a" || r.BaseBooks["F"] != "a" || !r.Empty() {
		t.Fatalf("%+v", r)
	}
	if r = one(Rule{}, "a", "y", "y", ask); len(r.Conflicts) != 0 || r.BaseCRM["F"] != "y" {
		t.Errorf("%+v", r)
	}
}

func TestMerge_ListBesideItsFirstValueIsNotWrittenOver(t *testing.T) {
	in := Input{
		Rules:   []Rule{{Field: "Email", Policy: FillOnly}},
		BaseCRM: crossbook.Fields{"Email": "a@x.example"}, BaseBooks: crossbook.Fields{"Email": "a@x.example"},
		CRM: crossbook.Fields{"Email": "c@x.example"}, Books: crossbook.Fields{"Email": "a@x.example", ListKey("Email"): "a@x.example, b@x.example"},
	}
	r := Merge(in)
	if !r.Empty() || r.BaseBooks[ListKey("Email")] == "" {
		t.Errorf("%+v", r)
	}
	delete(in.Books, ListKey("Email"))
	if r = Merge(in); len(r.ToBooks) != 1 {
		t.Errorf("a single address follows the CRM: %+v", r)
	}
}

func TestMerge_LeavesItsInputAlone(t *testing.T) {
	base := crossbook.Fields{"F": "v"}
	in := Input{
		Rules: []Rule{{Field: "F"}}, BaseCRM: base, BaseBooks: base.Clone(),
		CRM: crossbook.Fields{"F": ""}, Books: crossbook.Fields{"F": "v"}, Gone: map[string]bool{"F": true},
	}
	r := Merge(in)
	if base["F"] != "v" || in.BaseBooks["F"] != "v" {
		t.Error("the stored base was changed in place")
	}
	if r.BaseCRM["F"] != "" || r.BaseBooks["F"] != "v" {
		t.Errorf("the loss must be taken into the base: %v %v", r.BaseCRM, r.BaseBooks)
	}
}
