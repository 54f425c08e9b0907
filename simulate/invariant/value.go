package invariant

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// kind is how the values of a field are compared.
type kind int

const (
	text kind = iota
	lines
	name
	number
	zeroless // a number for which 0 and empty are one
	email    // the first of a list
	yesno
	active // Active: true reads "Active", anything else "Inactive"
	ref    // a look-up: the id it points at
	day
	site // a web address: QuickBooks may end it with a slash
)

// read takes a canonical value out of a raw record by a dotted path.
func read(r Record, path string, k kind) string {
	if k == ref {
		return refID(dig(r, path))
	}
	if k == lines && strings.HasSuffix(path, ".Lines") {
		return bookLines(r, strings.TrimSuffix(path, ".Lines"))
	}
	return canon(plain(dig(r, path)), k)
}

func canon(s string, k kind) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	switch k {
	case lines:
		var out []string
		for l := range strings.SplitSeq(s, "\n") {
			if l = strings.TrimSpace(l); l != "" {
				out = append(out, l)
			}
		}
		return strings.Join(out, "\n")
	case name:
		const mark = " (deleted)" // the vendor writes its letter both ways
		for len(s) >= len(mark) && strings.EqualFold(s[len(s)-len(mark):], mark) {
			s = s[:len(s)-len(mark)]
		}
		return s
	case number, zeroless:
		d, err := decimal.NewFromString(s)
		if err != nil {
			return s
		}
		if k == zeroless && d.IsZero() {
			return ""
		}
		return d.String()
	case email:
		s, _, _ = strings.Cut(strings.ReplaceAll(s, ";", ","), ",")
		return strings.TrimSpace(s)
	case yesno:
		return strings.ToLower(s)
	case active:
		if s == "false" {
			return "Inactive"
		}
		return "Active"
	case site:
		return strings.TrimSuffix(s, "/")
	case day:
		if len(s) > 10 {
			return s[:10]
		}
	}
	return s
}

// dig follows a dotted path.
func dig(r Record, path string) any {
	var v any = r
	for key := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case map[string]any, []any:
		return ""
	default:
		return fmt.Sprint(v)
	}
}

// refID reads a look-up of either vendor.
func refID(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return plain(v)
	}
	if id := plain(m["id"]); id != "" {
		return id
	}
	return plain(m["value"])
}

func bookLines(r Record, key string) string {
	var out []string
	for i := 1; i <= 5; i++ {
		if l := strings.TrimSpace(plain(dig(r, fmt.Sprintf("%s.Line%d", key, i)))); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// amount reads a number; an empty one is zero.
func amount(r Record, path string) decimal.Decimal {
	d, err := decimal.NewFromString(strings.TrimSpace(plain(dig(r, path))))
	if err != nil {
		return decimal.Zero
	}
	return d
}

// idOf is a record's id on either side.
func idOf(r Record) string {
	if id := plain(r["id"]); id != "" {
		return id
	}
	return plain(r["Id"])
}
