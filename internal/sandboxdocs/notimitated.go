package sandboxdocs

import (
	"fmt"
	"strings"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// The generated part of docs/sandbox.md stands between these two lines.
const (
	omittedBegin = "<!-- written by go test ./internal/sandboxdocs -update, from NotImitated of both sandboxes -->\n"
	omittedEnd   = "<!-- end of the written part -->\n"
)

type omission struct{ area, what, why, section string }

func omittedZoho() (out []omission) {
	for _, o := range zohobox.NotImitated {
		out = append(out, omission{o.Area, o.What, o.Why, o.Section})
	}
	return out
}

func omittedQuickBooks() (out []omission) {
	for _, o := range qbobox.NotImitated {
		out = append(out, omission{o.Area, o.What, o.Why, o.Section})
	}
	return out
}

func omittedTable(b *strings.Builder, title, page string, all []omission) {
	fmt.Fprintf(b, "\n### %s\n\n| area | what the sandbox does | why | %s |\n|---|---|---|---|\n", title, page)
	for _, o := range all {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", cell(o.area), cell(o.what), cell(o.why), o.section)
	}
}

// cell keeps a text inside its column.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// withOmitted is the page with its generated part written anew.
func withOmitted(page string) (string, error) {
	head, rest, ok := strings.Cut(page, omittedBegin)
	_, tail, closed := strings.Cut(rest, omittedEnd)
	if !ok || !closed {
		return "", fmt.Errorf("docs/sandbox.md lacks the lines that enclose its written part: %q and %q", omittedBegin, omittedEnd)
	}
	var b strings.Builder
	b.WriteString(head + omittedBegin)
	omittedTable(&b, "Zoho CRM", "zoho-crm.md", omittedZoho())
	omittedTable(&b, "QuickBooks Online", "quickbooks-online.md", omittedQuickBooks())
	b.WriteString("\n" + omittedEnd + tail)
	return b.String(), nil
}
