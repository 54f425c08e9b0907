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
