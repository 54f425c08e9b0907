package mapping

import (
	"encoding/json"
	"strconv"
	"strings"

	"crossbook/money"
)

// maxLines is how many lines a QuickBooks address holds
// (reference/quickbooks-online.md section 3, PhysicalAddress).
const maxLines = 5

// text is the canonical form of a text: as typed, without blanks at the ends,
// with one kind of line end.
func text(raw any) string {
	switch v := raw.(type) {
	case string:
		if strings.Contains(v, "\r") {
			v = strings.ReplaceAll(strings.ReplaceAll(v, "\r\n", "\n"), "\r", "\n")
		}
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	default:
		return ""
	}
}

// number is the canonical form of a number given as json.Number, float64 or
// text. What is no number stays as it is, so that it shows as a difference.
func number(raw any) string {
	s := text(raw)
	if s == "" {
		return ""
	}
	d, err := money.Parse(s)
	if err != nil {
		return s
	}
	return money.Number(d).String()
}

// boolean is the canonical form of a yes or no.
func boolean(raw any) string {
	switch s := strings.ToLower(text(raw)); s {
	case "true", "false":
		return s
	default:
		return ""
	}
}

// day is the canonical form of a date: a date-time counts as the day it
// names in its own zone (R55).
func day(raw any) string {
	s := text(raw)
	if len(s) > len("2006-01-02") && s[len("2006-01-02")] == 'T' {
		return s[:len("2006-01-02")]
	}
	return s
}

// lines is the canonical form of a street: no empty lines, and what exceeds
// five lines joined to the fifth with commas, which is all QuickBooks can hold.
func lines(s string) string { return strings.Join(splitLines(s), "\n") }

func splitLines(s string) []string {
	var out []string
	for _, l := range strings.Split(text(s), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	if len(out) > maxLines {
		out = append(out[:maxLines-1:maxLines-1], strings.Join(out[maxLines-1:], ", "))
	}
	return out
}

// SplitAddresses lists the addresses of an e-mail field that may hold several,
// separated by commas or semicolons (P5).
func SplitAddresses(s string) []string {
	var out []string
	for _, a := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' }) {
		if a = strings.TrimSpace(a); a != "" {
			out = append(out, a)
		}
	}
	return out
}

func isList(s string) bool { return len(SplitAddresses(s)) > 1 }

// firstAddress is the first address of a list.
func firstAddress(s string) string {
	if all := SplitAddresses(s); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Number is the canonical form of a JSON number: digits without trailing zeros.
func Number(raw any) string { return number(raw) }
