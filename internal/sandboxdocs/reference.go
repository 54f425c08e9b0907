package sandboxdocs

import (
	"regexp"
	"slices"
	"strings"
)

// reference is one of the pages that decide what a sandbox does.
type reference struct {
	file   string // without its folder
	title  string
	folder string // whose tests mean this page when they name none
	skip   []string
}

var references = []reference{
	{"zoho-crm.md", "Zoho CRM", "zohobox", []string{"16", "17", "18"}},
	{"quickbooks-online.md", "QuickBooks Online", "qbobox", []string{"0", "14", "15"}},
}

// section is a numbered heading of a page.
type section struct {
	number, heading string
	parent          bool // its parts are sections of their own
}

var headingPattern = regexp.MustCompile(`(?m)^#{2,3} (\d+(?:\.\d+)?)\.? (.+)$`)

// sections reads the headings of a page, leaving out those that state no fact.
func (r reference) sections(page string) (out []section) {
	for _, m := range headingPattern.FindAllStringSubmatch(page, -1) {
		top, _, deep := strings.Cut(m[1], ".")
		if slices.Contains(r.skip, top) {
			continue
		}
		if deep {
			for i := range out {
				out[i].parent = out[i].parent || out[i].number == top
			}
		}
		out = append(out, section{number: m[1], heading: shortHeading(m[2])})
	}
	return out
}

// shortHeading leaves the topic of a heading: no addresses, no remarks.
func shortHeading(s string) string {
	for _, end := range []string{": GET", ": POST", " ("} {
		s, _, _ = strings.Cut(s, end)
	}
	return strings.ReplaceAll(s, "`", "")
}
