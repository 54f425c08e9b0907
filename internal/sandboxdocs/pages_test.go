package sandboxdocs

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	docs   = "../../docs"
	source = "../../../shared/reference"
)

var update = flag.Bool("update", false, "write the pages anew")

// same compares a page with what it should be, or writes it.
func same(t *testing.T, name, want string) {
	t.Helper()
	path := filepath.Join(docs, name)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) == want {
		return
	}
	old, now := strings.Split(string(have), "\n"), strings.Split(want, "\n")
	for i, line := range now {
		if i >= len(old) || old[i] != line {
			t.Fatalf("docs/%s is stale from line %d on; run go test ./internal/sandboxdocs -update\nit should say: %s", name, i+1, line)
		}
	}
	t.Fatalf("docs/%s is longer than it should be; run go test ./internal/sandboxdocs -update", name)
}

func TestSandboxPage_SaysWhatIsLeftOut(t *testing.T) {
	have, err := os.ReadFile(filepath.Join(docs, "sandbox.md"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := withOmitted(string(have))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "sandbox.md", want)
}

func TestWithOmitted_WantsItsLines(t *testing.T) {
	if _, err := withOmitted("# A page\n" + omittedBegin); err == nil {
		t.Error("a page without the closing line was taken")
	}
	page, err := withOmitted("before\n" + omittedBegin + "old\n" + omittedEnd + "after\n")
	if err != nil || strings.Contains(page, "\nold\n") || !strings.HasPrefix(page, "before\n") || !strings.HasSuffix(page, "after\n") {
		t.Errorf("%v\n%s", err, page)
	}
}

// read gives the sections of a page, or skips.
func read(t *testing.T, r reference) []section {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(source, r.file))
	if err != nil {
		t.Skip("SKIPPED: the reference pages (../shared/reference) are not here; the table of facts and tests is not compared with them")
	}
	return r.sections(string(page))
}

func TestCoveragePage_IsOfToday(t *testing.T) {
	found, err := readSuite(os.DirFS("../../sandbox"))
	if err != nil {
		t.Fatal(err)
	}
	page := coverageHead
	for _, r := range references {
		all := read(t, r)
		table, unknown := found.coverage(r, all)
		page += table
		slices.Sort(unknown)
		for _, u := range unknown {
			t.Errorf("there is no such section: %s", u)
		}
		table, unknown = found.factsTable(all, register(t, r))
		page += table
		for _, u := range unknown {
			t.Errorf("there is no such thing: %s", u)
		}
	}
	same(t, "sandbox-coverage.md", page)
}

// register reads the facts of a page.
func register(t *testing.T, r reference) []fact {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("facts", strings.TrimSuffix(r.file, ".md")+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := readFacts(string(raw))
	if err != nil {
		t.Fatalf("%s: %v", r.file, err)
	}
	return facts
}

// Each section that states something has a fact in the register.
func TestFacts_LeaveNoSectionOut(t *testing.T) {
	for _, r := range references {
		facts := register(t, r)
		for _, s := range read(t, r) {
			if !s.parent && !slices.ContainsFunc(facts, func(f fact) bool { return f.section == s.number }) {
				t.Errorf("%s section %s has no fact in the register", r.file, s.number)
			}
		}
	}
}

func TestReadFacts_RefusesHalfLines(t *testing.T) {
	if got, err := readFacts("4.1\tlists need fields\tzohobox.TestA,zohobox.TestB\t\n2\tno test\t\tgap\n"); err != nil || len(got) != 2 || len(got[0].tests) != 2 || got[1].why != "gap" {
		t.Errorf("%v %v", got, err)
	}
	for _, line := range []string{"4.1\tfact\tzohobox.TestA", "4.1\tfact\t\t", "4.1\tfact\t\tlater", "4.1\tfact\tzohobox.TestA\tgap", "\tfact\tzohobox.TestA\t"} {
		if _, err := readFacts(line); err == nil {
			t.Errorf("%q was taken", line)
		}
	}
}

func TestFactsTable_NamesWhatDoesNotExist(t *testing.T) {
	s := suite{names: map[string]bool{"zohobox.TestA": true}}
	table, wrong := s.factsTable([]section{{number: "4.1"}}, []fact{
		{section: "4.1", text: "one", tests: []string{"zohobox.TestA"}},
		{section: "4.1", text: "two", tests: []string{"zohobox.TestGone"}},
		{section: "4.9", text: "three", why: "gap"},
	})
	if len(wrong) != 2 || !strings.Contains(table, "| 4.9 | three | **gap** |") || !strings.Contains(table, "Of 3 facts 2 have a test; 1 have none") {
		t.Errorf("%q\n%s", wrong, table)
	}
}

func TestOmissions_NameSectionsThatExist(t *testing.T) {
	for i, all := range [][]omission{omittedZoho(), omittedQuickBooks()} {
		known := read(t, references[i])
		for _, o := range all {
			if !slices.ContainsFunc(known, func(s section) bool { return s.number == o.section }) {
				t.Errorf("%s: %s has no section %q", o.area, references[i].file, o.section)
			}
		}
	}
}

// What the registers call not imitated is declared where people look for it: the
// list of the sandbox has an entry of the same section.
func TestOmissions_CoverWhatIsNotImitated(t *testing.T) {
	for i, all := range [][]omission{omittedZoho(), omittedQuickBooks()} {
		for _, f := range register(t, references[i]) {
			if f.why == "not imitated" && !slices.ContainsFunc(all, func(o omission) bool { return o.section == f.section }) {
				t.Errorf("%s section %s, %q: NotImitated of the sandbox has no entry of this section", references[i].file, f.section, f.text)
			}
		}
	}
}

func TestCited_KnowsTheSpellings(t *testing.T) {
	for comment, want := range map[string]string{
		"Section 2.1, step 4.":                                       "own 2.1",
		"Sections 4.3 and 4.6: envelopes":                            "own 4.3 own 4.6",
		"Section 4.2 and 3.":                                         "own 4.2 own 3",
		"sections 2.1, 2.2 and 2.3":                                  "own 2.1 own 2.2 own 2.3",
		"zoho-crm.md section 12: jobs":                               "zoho-crm.md 12",
		"quickbooks-online.md\nsections 7 and 8":                     "quickbooks-online.md 7 quickbooks-online.md 8",
		"reference/zoho-crm.md, section 4.3; practice section 8":     "zoho-crm.md 4.3",
		"Section 6: 15 conditions, and 2 more":                       "own 6",
		"(spec section 2) and then quickbooks-online section 6, end": "quickbooks-online.md 6",
		"nothing of the kind":                                        "",
	} {
		var got []string
		for _, c := range cited(comment, "own") {
			got = append(got, c[0]+" "+c[1])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %q", comment, got, want)
		}
	}
}

func TestCitations_BelongToTests(t *testing.T) {
	c := suite{names: map[string]bool{}, citations: citations{}}
	err := c.read("x_test.go", "zohobox", []byte("package x\n\n// Section 1.\nfunc helper() {}\n\n// Section 2.\nfunc TestA() {\n\t// section 3\n}\n\n// section 4\n\n// Section 2.\nfunc FuzzB() {}\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := c.citations["zoho-crm.md"]
	if len(got) != 2 || strings.Join(got["2"], " ") != "zohobox.TestA zohobox.FuzzB" || strings.Join(got["3"], " ") != "zohobox.TestA" {
		t.Errorf("%v", c)
	}
}
