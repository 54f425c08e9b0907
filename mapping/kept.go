package mapping

import (
	"slices"

	"github.com/shopspring/decimal"

	"crossbook"
)

// defaultPlaces are the decimals the CRM keeps of an amount whose metadata does
// not say (reference/zoho-crm.md section 4.7 allows more, layouts default to 2).
const defaultPlaces = 2

// Kept is what the CRM will hold of a canonical value: numbers are rounded to
// the decimals of their field. A base must remember this and not what was sent,
// or the CRM's rounding would look like a person's edit and travel back into
// the books.
func (m *Mapping) Kept(mod crossbook.Module, field, value string) string {
	p, ok := m.Pair(mod, field)
	if !ok || value == "" || !slices.Contains([]Kind{Money, Decimal}, p.Kind) {
		return value
	}
	d, err := decimal.NewFromString(value)
	if err != nil {
		return value
	}
	places := m.meta.CRMFields[mod][field].Places
	if places == 0 {
		places = defaultPlaces
	}
	return plain(p, d.Round(int32(places)).String())
}

// KeptAll is Kept for every field.
func (m *Mapping) KeptAll(mod crossbook.Module, f crossbook.Fields) crossbook.Fields {
	out := make(crossbook.Fields, len(f))
	for k, v := range f {
		out[k] = m.Kept(mod, k, v)
	}
	return out
}
