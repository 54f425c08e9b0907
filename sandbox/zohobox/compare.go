package zohobox

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// moment reads a stored datetime.
func moment(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		t, err := time.Parse(time.RFC3339, v)
		return t, err == nil
	}
	return time.Time{}, false
}

// compare orders a stored value against a literal of a query: numbers as
// numbers, moments as moments, text without regard to letter case.
func compare(v any, s string) int {
	switch v := v.(type) {
	case json.Number:
		d, err := decimal.NewFromString(s)
		if err != nil {
			return -1
		}
		return number(v).Cmp(d)
	case time.Time:
		t, valid := parseMoment(s)
		if !valid {
			return -1
		}
		return v.Compare(t)
	case string:
		if t, is := moment(v); is {
			if want, valid := parseMoment(s); valid {
				return t.Compare(want)
			}
		}
	}
	return strings.Compare(strings.ToLower(plain(v)), strings.ToLower(s))
}

// compareStored orders two stored values of one field, empty ones first.
func compareStored(a, z any) int {
	switch {
	case a == nil && z == nil:
		return 0
	case a == nil:
		return -1
	case z == nil:
		return 1
	}
	if n, isNumber := a.(json.Number); isNumber {
		return number(n).Cmp(number(z))
	}
	if t, isTime := a.(time.Time); isTime {
		u, _ := moment(z)
		return t.Compare(u)
	}
	return strings.Compare(strings.ToLower(plain(a)), strings.ToLower(plain(z)))
}

func sortDesc(ids []int64) {
	slices.SortFunc(ids, func(a, z int64) int {
		if a > z {
			return -1
		}
		return 1
	})
}
