package sandboxdocs

import (
	"fmt"
	"slices"
	"strings"
)

const coverageHead = `# What the reference says, and which tests hold the sandboxes to it

Written by ` + "`go test ./internal/sandboxdocs -update`" + ` from the section headings of the two reference pages, from the comments of the tests below
sandbox/ that cite them, and from the registers of facts in internal/sandboxdocs/facts. A section with parts is covered by its parts. What the
pages themselves call unsure is no fact: it is a dial of the sandbox.
`

// coverage is the table of one page, and the citations of sections that the
// page does not have.
func (c citations) coverage(r reference, all []section) (table string, unknown []string) {
	var rows, gaps strings.Builder
	known := map[string]bool{}
	leaves, covered := 0, 0
	for _, s := range all {
		known[s.number] = true
		tests := c[r.file][s.number]
		if !s.parent {
			leaves++
			if len(tests) > 0 {
				covered++
			} else {
				fmt.Fprintf(&gaps, "- %s %s\n", s.number, s.heading)
			}
		}
		count := fmt.Sprint(len(tests))
		if len(tests) == 0 {
			count = "**gap**"
			if s.parent {
				count = ""
			}
		}
		fmt.Fprintf(&rows, "| %s | %s | %s | %s |\n", s.number, cell(s.heading), count, strings.Join(tests, " · "))
	}
	for n, tests := range c[r.file] {
		top, _, _ := strings.Cut(n, ".")
		if !known[n] && !slices.Contains(r.skip, top) {
			unknown = append(unknown, fmt.Sprintf("%s section %s, cited by %s", r.file, n, strings.Join(tests, ", ")))
		}
	}
	list := gaps.String()
	if list == "" {
		list = "None.\n"
	}
	return fmt.Sprintf("\n## %s\n\n%d of %d sections have a test.\n\n| section | heading | tests | names |\n|---|---|---|---|\n%s\nGaps:\n\n%s",
		r.title, covered, leaves, rows.String(), list), unknown
}
