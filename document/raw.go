package document

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crossbook/money"
)

// raw is a decoded JSON object with numbers kept as json.Number.
type raw map[string]any

// at follows a path of keys, "SalesItemLineDetail.ItemRef.value".
func (r raw) at(path string) any {
	var v any = map[string]any(r)
	for key := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// text is a string or a number as text; "" when absent.
func (r raw) text(path string) string {
	switch v := r.at(path).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

// number is a decimal and whether it is there; checkNumbers has run before.
func (r raw) number(path string) (money.Decimal, bool) {
	d, ok, err := money.FromJSON(r.at(path))
	return d, ok && err == nil
}

// amount is a decimal, 0 when absent.
func (r raw) amount(path string) money.Decimal {
	d, _ := r.number(path)
	return d
}

// list is an array of objects.
func (r raw) list(path string) []raw {
	items, _ := r.at(path).([]any)
	out := make([]raw, 0, len(items))
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// checkNumbers refuses what could lose digits or is no number at all.
func checkNumbers(v any) error {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := checkNumbers(v[key]); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
	case []any:
		for _, item := range v {
			if err := checkNumbers(item); err != nil {
				return err
			}
		}
	case json.Number:
		_, err := money.Parse(v.String())
		return err
	case float64, float32:
		return fmt.Errorf("%w: %T", money.ErrNotANumber, v)
	}
	return nil
}
