package ui

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

var functions = template.FuncMap{
	"tight":  func(s string) bool { return utf8.RuneCountInString(s) <= 20 },
	"slug":   slug,
	"number": Number,
	"holds":  func(all, one string) bool { return slices.Contains(strings.Split(all, "\n"), one) },
	"cell": func(row int, col Input, value string) lineCell {
		return lineCell{row, col, value, strings.ContainsAny(value, "\r\n")}
	},
	"deref":   func(s *string) string { return *s },
	"moment":  func(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05") + " UTC" },
	"machine": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"add":     func(a, b int) int { return a + b },
	"record":  RecordURL,
	"list":    ListURL,
}

// slug makes an id of a title.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '-'
	}, s)
}

// Number writes a count with separators.
func Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// ListURL is the address of a list.
func ListURL(kind string) string { return Root + "/list/" + url.PathEscape(kind) }

// RecordURL is the address of a record.
func RecordURL(kind, id string) string {
	return Root + "/record/" + url.PathEscape(kind) + "/" + url.PathEscape(id)
}

// FormURL is the address of the form of an action; kind and id are "" where the
// action needs none.
func FormURL(action, kind, id string) string {
	u := Root + "/do/" + url.PathEscape(action)
	if kind != "" {
		u += "/" + url.PathEscape(kind)
	}
	if id != "" {
		u += "/" + url.PathEscape(id)
	}
	return u
}

// lineCell is an input in a row of a document.
type lineCell struct {
	Row   int
	Col   Input
	Value string
	Area  bool // the value has several lines
}
