package mapping_test

import (
	"testing"

	"crossbook"
	"crossbook/mapping"
)

func TestKept_NumbersAreRoundedAsTheCRMKeepsThem(t *testing.T) {
	m, _ := mapping.Compile(mapping.Default(crossbook.DefaultSettings()), crossbook.DefaultSettings(), mapping.Metadata{})
	for _, c := range []struct{ field, value, want string }{
		{"Unit_Price", "0.00125", ""}, // no price at all, as far as the CRM can tell
		{"Unit_Price", "12.345", "12.35"},
		{"Unit_Price", "12.3", "12.3"},
		{"Product_Name", "0.00125", "0.00125"},
	} {
		if got := m.Kept(crossbook.Products, c.field, c.value); got != c.want {
			t.Errorf("Kept(%s, %s) = %q, want %q", c.field, c.value, got, c.want)
		}
	}
}
