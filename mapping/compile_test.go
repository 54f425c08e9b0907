package mapping

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
)

// allFields are metadata in which every preset pair fits.
func allFields(s crossbook.Settings) map[crossbook.Module]map[string]CRMField {
	out := map[crossbook.Module]map[string]CRMField{}
	for mod, pairs := range Default(s).Modules {
		out[mod] = map[string]CRMField{}
		for _, p := range pairs {
			out[mod][p.Field] = CRMField{Label: p.Label, DataType: crmTypes[p.Kind][0], OnLayout: true, Lookup: p.Target}
		}
	}
	return out
}

func TestDefault_FitsItsOwnMetadataInEveryMode(t *testing.T) {
	for _, source := range []crossbook.CustomerSource{crossbook.AccountsWithBillingContact, crossbook.AccountsOnly, crossbook.ContactsOnly} {
		for _, send := range []bool{false, true} {
			s := crossbook.DefaultSettings()
			s.CustomerSource, s.SendQuantity = source, send
			compiled(t, s, Metadata{CRMFields: allFields(s)})
		}
	}
}

func TestDefault_SurvivesJSON(t *testing.T) {
	d := Default(crossbook.DefaultSettings())
	doc, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back Document
	if err := json.Unmarshal(doc, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, back); diff != "" {
		t.Error(diff)
	}
}

// The table of practice section 5: who wins where both changed.
func TestDefault_Owners(t *testing.T) {
	want := map[crossbook.FieldGroup]crossbook.Side{
		crossbook.GroupPhone: crossbook.CRM, crossbook.GroupPerson: "", crossbook.GroupEmail: "", crossbook.GroupText: "",
	}
	for mod, pairs := range Default(crossbook.DefaultSettings()).Modules {
		for _, p := range pairs {
			owner, ok := want[p.Group]
			if !ok {
				owner = crossbook.Books
			}
			if p.Policy == ReadOnly {
				owner = crossbook.Books
			}
			if p.Field == "Account_Name" && mod == crossbook.Contacts || p.Books == "" {
				continue // a look-up of the CRM's own, or nothing QuickBooks could own
			}
			if p.Owner != owner {
				t.Errorf("%s %s (%s): owner %q, want %q", mod, p.Field, p.Group, p.Owner, owner)
			}
		}
	}
}

func TestCompile_Issues(t *testing.T) {
	s := crossbook.DefaultSettings()
	type change func(d *Document, fields map[crossbook.Module]map[string]CRMField)
	add := func(mod crossbook.Module, p Pair, f CRMField) change {
		return func(d *Document, fields map[crossbook.Module]map[string]CRMField) {
			d.Modules[mod] = append(d.Modules[mod], p)
			fields[mod][p.Field] = f
		}
	}
	edit := func(mod crossbook.Module, field string, f func(*CRMField)) change {
		return func(_ *Document, fields map[crossbook.Module]map[string]CRMField) {
			v := fields[mod][field]
			f(&v)
			fields[mod][field] = v
		}
	}
	job := Pair{Field: "Title", Label: "Title", Books: "Title", Kind: Text, Direction: crossbook.Both, Policy: Normal}
	onLayout := CRMField{DataType: "text", OnLayout: true}
	for _, tc := range []struct {
		name  string
		do    change
		mod   crossbook.Module
		field string
		fatal bool
	}{
		{"a vanished field stops its pair", func(_ *Document, f map[crossbook.Module]map[string]CRMField) { delete(f[crossbook.Vendors], "Phone") }, crossbook.Vendors, "Phone", false},
		{"a vanished id field stops the module", func(_ *Document, f map[crossbook.Module]map[string]CRMField) { delete(f[crossbook.Vendors], FieldID) }, crossbook.Vendors, FieldID, true},
		{"a field off the layout stops its pair", edit(crossbook.Accounts, "Fax", func(f *CRMField) { f.OnLayout = false }), crossbook.Accounts, "Fax", false},
		{"an id field off the layout stops the module", edit(crossbook.Accounts, FieldID, func(f *CRMField) { f.OnLayout = false }), crossbook.Accounts, FieldID, true},
		{"another type stops its pair", edit(crossbook.Vendors, "City", func(f *CRMField) { f.DataType = "multiselectpicklist" }), crossbook.Vendors, "City", false},
		{"a look-up elsewhere stops its pair", edit(crossbook.Products, "Vendor_Name", func(f *CRMField) { f.Lookup = crossbook.Contacts }), crossbook.Products, "Vendor_Name", false},
		{"a required field of another type stops the module", edit(crossbook.Vendors, "Vendor_Name", func(f *CRMField) { f.DataType = "boolean" }), crossbook.Vendors, "Vendor_Name", true},
		{"a required pair removed stops the module", func(d *Document, _ map[crossbook.Module]map[string]CRMField) {
			d.Modules[crossbook.Products] = d.Modules[crossbook.Products][1:]
		}, crossbook.Products, "Product_Name", true},
		{"two pairs with one target stop the module", add(crossbook.Contacts, job, onLayout), crossbook.Contacts, "Title", true},
		{"a field twice stops the module", func(d *Document, _ map[crossbook.Module]map[string]CRMField) {
			d.Modules[crossbook.Vendors] = append(d.Modules[crossbook.Vendors], shown("Phone", "Phone", "Fax.FreeFormNumber", Phone, crossbook.GroupPhone))
		}, crossbook.Vendors, "Phone", true},
		{"a tax id cannot be mapped", add(crossbook.Vendors, shown("Tax_Id", "Tax Id", "TaxIdentifier", Text, crossbook.GroupTerms), onLayout), crossbook.Vendors, "Tax_Id", false},
		{"an account number cannot be mapped to ResaleNum", add(crossbook.Accounts, both("Account_Number", "Account Number", "ResaleNum", Text, crossbook.GroupTerms, ""), onLayout), crossbook.Accounts, "Account_Number", false},
		{"kinds must fit", add(crossbook.Vendors, both("Since", "Since", "GivenName", Date, crossbook.GroupPerson, ""), CRMField{DataType: "date", OnLayout: true}), crossbook.Vendors, "Since", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, fields := Default(s), allFields(s)
			tc.do(&d, fields)
			m, issues := Compile(d, s, Metadata{CRMFields: fields})
			if len(issues) != 1 || issues[0].Module != tc.mod || issues[0].Field != tc.field || issues[0].Fatal != tc.fatal || issues[0].Hint == "" {
				t.Fatalf("issues: %+v", issues)
			}
			if m.Stopped(tc.mod) != tc.fatal {
				t.Errorf("stopped: %v", m.Stopped(tc.mod))
			}
			if _, ok := m.Pair(tc.mod, tc.field); ok && !tc.fatal {
				t.Error("the pair still serves")
			}
		})
	}
}

func TestCompile_TheFieldBudgetIsNoFault(t *testing.T) {
	s := crossbook.DefaultSettings()
	fields := allFields(s)
	delete(fields[crossbook.Accounts], FieldBalance)
	delete(fields[crossbook.Accounts], "Currency") // one currency only
	m, issues := Compile(Default(s), s, Metadata{CRMFields: fields})
	if len(issues) != 1 || !issues[0].Absent || issues[0].Fatal || m.Stopped(crossbook.Accounts) {
		t.Errorf("issues: %+v", issues)
	}
}

// A mapped job title is legal once the salutation gives way; its length is
// QuickBooks' to refuse, letter for letter (error 8).
func TestCompile_JobTitleInsteadOfSalutation(t *testing.T) {
	s := crossbook.DefaultSettings()
	d := Default(s)
	pairs := d.Modules[crossbook.Contacts]
	for i, p := range pairs {
		if p.Field == "Salutation" {
			pairs[i] = Pair{Field: "Title", Label: "Title", Books: "Title", Kind: Text, Direction: crossbook.Both, Policy: Normal}
		}
	}
	m, issues := Compile(d, s, Metadata{})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	got := booksBody(t, m, crossbook.Contacts, crossbook.Person, crossbook.Fields{"Title": "Regional Facilities Manager"}, nil, nil)
	if got["Title"] != "Regional Facilities Manager" {
		t.Errorf("got %v", got)
	}
}
