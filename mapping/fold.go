package mapping

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// deletedSuffix is what QuickBooks appends to the name of a record made
// inactive, and leaves there when it is made active again
// (reference/quickbooks-online.md section 4.5; the case of the D varies).
const deletedSuffix = " (deleted)"

// Fold gives texts that people would call the same one form: Unicode NFC,
// case folded, no blanks at the ends, single blanks inside. It keeps accents:
// a near match is not a match (R44).
func Fold(s string) string {
	// Folding can decompose (U+0130), and composing can give a letter that folds
	// further, so the pair is applied until nothing moves; twice is enough for
	// all of Unicode, the bound keeps it a promise.
	for range 4 {
		t := norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
		if t == s {
			break
		}
		s = t
	}
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
}

// FoldName is Fold for names of QuickBooks lists: without " (deleted)" (R51).
func FoldName(s string) string { return Fold(StripDeleted(s)) }

// StripDeleted takes the suffix of inactive records off a name. A name that is
// nothing but the suffix is kept.
func StripDeleted(s string) string {
	s = strings.TrimSpace(s)
	for len(s) > len(deletedSuffix) && strings.EqualFold(s[len(s)-len(deletedSuffix):], deletedSuffix) {
		s = strings.TrimSpace(s[:len(s)-len(deletedSuffix)])
	}
	return s
}

// Skeleton is what is left of a name without accents, signs and the legal forms
// of companies. Names with one skeleton are near matches: suggestions for a
// person, never matches (R44). It may be empty.
func Skeleton(s string) string {
	stripped := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		case r == '&', r == '+':
			return r
		case r == '\'', r == '’', r == '.':
			return -1 // Amy's, S.A., St.
		default:
			return ' '
		}
	}, norm.NFD.String(FoldName(s)))
	stripped = strings.NewReplacer("&", " and ", "+", " and ").Replace(stripped)
	words := strings.Fields(stripped)
	for len(words) > 1 && legalForms[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	// A trailing "and" is what "& Co" leaves behind.
	for len(words) > 1 && words[len(words)-1] == "and" {
		words = words[:len(words)-1]
	}
	return norm.NFC.String(strings.Join(words, " "))
}

// legalForms end company names and say nothing about which company it is.
var legalForms = map[string]bool{
	"inc": true, "incorporated": true, "llc": true, "llp": true, "lp": true, "ltd": true, "limited": true, "co": true,
	"corp": true, "corporation": true, "company": true, "plc": true, "pty": true, "gmbh": true, "ag": true, "kg": true,
	"sa": true, "sas": true, "sarl": true, "srl": true, "spa": true, "bv": true, "nv": true, "ab": true, "oy": true, "as": true,
	"pllc": true, "pc": true,
}
