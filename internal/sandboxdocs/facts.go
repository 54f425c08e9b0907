package sandboxdocs

import (
	"fmt"
	"slices"
	"strings"
)

// fact is one thing that a reference page states for sure, in our words.
type fact struct {
	section, text string
	tests         []string // those that hold the sandbox to it
	why           string   // why there is none
}

// reasons are what may stand in the place of a test.
var reasons = []string{"gap", "not imitated", "not testable here"}

// readFacts reads a register of facts: lines of section, fact, tests with
// commas between them, and the reason where there is no test, with tabs between
// the four.
func readFacts(register string) (out []fact, err error) {
	for i, line := range strings.Split(strings.TrimSuffix(register, "\n"), "\n") {
		column := strings.Split(line, "\t")
		if len(column) != 4 || column[0] == "" || column[1] == "" {
			return nil, fmt.Errorf("line %d: section, fact, tests and reason are wanted, with tabs between them: %q", i+1, line)
		}
		f := fact{section: column[0], text: column[1], why: column[3]}
		if column[2] != "" {
			f.tests = strings.Split(column[2], ",")
		}
		if held := len(f.tests) > 0; held == (f.why != "") || !held && !slices.Contains(reasons, f.why) {
			return nil, fmt.Errorf("line %d: a fact has tests, or one of the reasons %q: %q", i+1, reasons, line)
		}
		out = append(out, f)
	}
	return out, nil
}

// factsTable lists the facts of a page and the tests that hold the sandbox to
// them. Wrong names what does not exist.
func (s suite) factsTable(all []section, facts []fact) (table string, wrong []string) {
	var rows strings.Builder
	count := map[string]int{}
	for _, f := range facts {
		if !slices.ContainsFunc(all, func(sec section) bool { return sec.number == f.section }) {
			wrong = append(wrong, fmt.Sprintf("section %s of the fact %q", f.section, f.text))
		}
		for _, test := range f.tests {
			if !s.names[test] {
				wrong = append(wrong, fmt.Sprintf("the test %s of the fact %q", test, f.text))
			}
		}
		count[f.why]++
		held := strings.Join(f.tests, " · ")
		switch f.why {
		case "":
		case "gap":
			held = "**gap**"
		default:
			held = "*" + f.why + "*"
		}
		fmt.Fprintf(&rows, "| %s | %s | %s |\n", f.section, cell(f.text), held)
	}
	return fmt.Sprintf("\nOf %d facts %d have a test; %d have none, %d are not imitated, %d cannot be tested here.\n\n| section | fact | tests |\n|---|---|---|\n%s",
		len(facts), count[""], count["gap"], count["not imitated"], count["not testable here"], rows.String()), wrong
}
