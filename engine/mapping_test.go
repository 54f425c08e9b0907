package engine_test

import (
	"errors"
	"testing"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/store"
)

// R63: what cannot serve is not saved, and says why.
func TestCheckMapping_RefusesWhatCannotServe(t *testing.T) {
	w := newWorld(t)
	w.connect()
	products := func(change func([]mapping.Pair) []mapping.Pair) mapping.Document {
		doc := mapping.Default(crossbook.DefaultSettings())
		doc.Modules = map[crossbook.Module][]mapping.Pair{crossbook.Products: change(doc.Modules[crossbook.Products])}
		return doc
	}
	own := mapping.Pair{
		Field: "Colour", Label: "Colour", Books: "PurchaseDesc", Kind: mapping.Text, Direction: crossbook.Both, Policy: mapping.Normal,
	}
	for _, tc := range []struct {
		name  string
		doc   mapping.Document
		field string
	}{
		{"as it is", products(func(p []mapping.Pair) []mapping.Pair { return p }), ""},
		{"a required pair removed", products(func(p []mapping.Pair) []mapping.Pair { return p[1:] }), "Product_Name"},
		{"one target twice", products(func(p []mapping.Pair) []mapping.Pair {
			twice := p[0]
			twice.Field, twice.Required = "Description", false
			return append(p, twice)
		}), "Description"},
		{"a field that does not exist", products(func(p []mapping.Pair) []mapping.Pair { return append(p, own) }), "Colour"},
	} {
		err := w.store.View(t.Context(), func(tx *store.Tx) error {
			return engine.CheckMapping(t.Context(), tx, w.conn.ID, crossbook.DefaultSettings(), tc.doc)
		})
		var refused *engine.MappingError
		switch {
		case tc.field == "" && err != nil:
			t.Errorf("%s: %v", tc.name, err)
		case tc.field != "" && (!errors.As(err, &refused) || refused.Issues[0].Field != tc.field || refused.Issues[0].Hint == ""):
			t.Errorf("%s: got %v, want an issue of %s with what to do", tc.name, err, tc.field)
		}
	}
}

// A pair that is switched on later meets for the first time: the empty side is
// filled, nothing is cleared (design section 5, first contact).
func TestMapping_PairSwitchedOnLater_FillsAndNeverClears(t *testing.T) {
	w := newWorld(t)
	a := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "Fax": phone("555-2")})
	b := w.newBooks("Customer", m{"DisplayName": "Red Barn", "CompanyName": "Red Barn"})
	w.connect()
	w.mapFax(mapping.Never)
	w.firstSync()
	red := w.crmID("Accounts", "Account_Name", "Red Barn")
	w.editCRM("Accounts", red, m{"Fax": "555-8"})
	w.sync()
	want(t, "fax while off", get(w.booksState().find(t, "Customer", "Id", b), "Fax", "FreeFormNumber"), "<nil>")
	w.mapFax(mapping.Normal)
	w.editCRM("Accounts", w.crmID("Accounts", "Account_Name", "Cool Cars"), m{"Phone": "1"})
	w.editCRM("Accounts", red, m{"Phone": "2"})
	w.sync()
	if _, err := w.eng.Approve(t.Context(), w.conn.ID); err != nil { // the first writes after a new mapping wait for a person
		t.Fatal(err)
	}
	w.sync()
	want(t, "fax in the CRM", w.crmState().find(t, "Accounts", "Account_Name", "Cool Cars")["Fax"], "555-2")
	want(t, "fax in QuickBooks", get(w.booksState().find(t, "Customer", "Id", a), "Fax", "FreeFormNumber"), "555-2")
	want(t, "the other fax in QuickBooks", get(w.booksState().find(t, "Customer", "Id", b), "Fax", "FreeFormNumber"), "555-8")
}

func (w *world) mapFax(p mapping.Policy) {
	w.t.Helper()
	doc := mapping.Default(crossbook.DefaultSettings())
	for i := range doc.Modules[crossbook.Accounts] {
		if doc.Modules[crossbook.Accounts][i].Field == "Fax" {
			doc.Modules[crossbook.Accounts][i].Policy = p
		}
	}
	w.saveMapping(doc)
}
