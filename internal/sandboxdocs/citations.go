package sandboxdocs

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// citations says which tests cite a section: by page, then by number.
type citations map[string]map[string][]string

func (c citations) add(page, number, test string) {
	if c[page] == nil {
		c[page] = map[string][]string{}
	}
	if !slices.Contains(c[page][number], test) {
		c[page][number] = append(c[page][number], test)
	}
}

// citePattern finds "section 4.3", "Sections 4.3, 4.6 and 7" and so on, with
// the word before it, which may name another document.
var (
	citePattern   = regexp.MustCompile(`(?i)([\w.-]*)[\s,:]*\bsections?\s+(\d+(?:\.\d+)?(?:(?:\s*,\s*|\s+and\s+|\s*,\s+and\s+|\s+to\s+)\d+(?:\.\d+)?\b)*)`)
	numberPattern = regexp.MustCompile(`\d+(?:\.\d+)?`)
)

// cited lists page and section numbers that a comment names. Without a page it
// means that of its folder; other documents (practice, spec) are not counted.
func cited(comment, own string) (out [][2]string) {
	comment = strings.Join(strings.Fields(comment), " ")
	for _, m := range citePattern.FindAllStringSubmatch(comment, -1) {
		page, before := own, strings.ToLower(m[1])
		switch {
		case strings.HasPrefix(before, "zoho-crm"):
			page = "zoho-crm.md"
		case strings.HasPrefix(before, "quickbooks-online"):
			page = "quickbooks-online.md"
		case before == "practice" || before == "practice.md" || before == "spec" || before == "spec.md" || before == "design" || before == "design.md":
			continue
		}
		if page == "" {
			continue
		}
		for _, n := range numberPattern.FindAllString(m[2], -1) {
			out = append(out, [2]string{page, n})
		}
	}
	return out
}

// suite is what the tests of the sandboxes are called, and what they cite.
type suite struct {
	names map[string]bool
	citations
}

// readSuite goes through the comments on and inside the tests of the
// sandboxes.
func readSuite(sandbox fs.FS) (suite, error) {
	files, err := fs.Glob(sandbox, "*/*_test.go")
	if err != nil {
		return suite{}, err
	}
	if len(files) == 0 {
		return suite{}, errors.New("the sandboxes have no tests there")
	}
	out := suite{names: map[string]bool{}, citations: citations{}}
	for _, name := range files {
		src, err := fs.ReadFile(sandbox, name)
		if err != nil {
			return suite{}, err
		}
		if err := out.read(name, path.Base(path.Dir(name)), src); err != nil {
			return suite{}, err
		}
	}
	return out, nil
}

func (s suite) read(name, folder string, src []byte) error {
	f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	own := ""
	for _, r := range references {
		if r.folder == folder {
			own = r.file
		}
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Test") && !strings.HasPrefix(fn.Name.Name, "Fuzz") {
			continue
		}
		s.names[folder+"."+fn.Name.Name] = true
		for _, group := range f.Comments {
			if group != fn.Doc && (group.Pos() < fn.Pos() || group.End() > fn.End()) {
				continue
			}
			for _, at := range cited(group.Text(), own) {
				s.add(at[0], at[1], folder+"."+fn.Name.Name)
			}
		}
	}
	return nil
}
