package consent

import (
	_ "embed"
	"html/template"
	"net/http"

	"crossbook/sandbox/ui"
)

// The parameter by which a program answers for the person: with
// sandbox_consent=accept or sandbox_consent=deny in the address there is no
// page, the browser is sent back at once.
const (
	Param  = "sandbox_consent"
	Accept = "accept"
	Deny   = "deny"
)

// Page is a question to a person.
type Page struct {
	Vendor      string // who seems to ask
	Title       string
	Intro       string
	Problem     string // what was wrong with the last answer
	Facts       []Fact
	Choices     []Choice
	Texts       []Text
	Permissions []Permission
	Result      *Fact // what came of it, for a page that stays
	Action      string
	Back        string // the origin of the app: where answering leads to in the end
	Ticket      string
	Accept      string // words on the buttons
	Deny        string // "" leaves it out
}

// Fact is a line of what is known.
type Fact struct{ Name, Value string }

// Choice is one of several.
type Choice struct {
	Name, Label string
	Options     []Option
}

// Option is what may be chosen; the first one is chosen already unless another says so.
type Option struct {
	Value, Label, Note string
	Chosen             bool
}

// Text is a field to write in.
type Text struct{ Name, Label, Value, Note string }

// Permission is one thing the app may do, in words and as the scope that says it.
type Permission struct{ Words, Scope string }

//go:embed page.html
var source string

var pages = template.Must(template.New("page").Parse(source))

// Write sends the page.
func (p Page) Write(w http.ResponseWriter, status int) {
	for i, c := range p.Choices {
		chosen := false
		for _, o := range c.Options {
			chosen = chosen || o.Chosen
		}
		if !chosen && len(c.Options) > 0 {
			p.Choices[i].Options[0].Chosen = true
		}
	}
	f := ui.Frame{Product: p.Vendor + " sandbox", Title: p.Title, Lead: p.Intro, Narrow: true}
	if p.Problem != "" {
		f.Note = &ui.Note{Tone: "refused", Title: p.Problem}
	}
	if p.Back != "" {
		f.FormTo = []string{p.Back}
	}
	write(w, f, status, "ask", p)
}

// Problem is the end of the way: nobody is sent anywhere, because nobody
// trustworthy said where to.
type Problem struct {
	Vendor, Title, Text, Code string
}

// Write sends the page.
func (p Problem) Write(w http.ResponseWriter, status int) {
	write(w, ui.Frame{Product: p.Vendor + " sandbox", Title: p.Title, Narrow: true}, status, "stop", p)
}

func write(w http.ResponseWriter, f ui.Frame, status int, name string, data any) {
	body, err := ui.Draw(pages.Lookup(name), data)
	if err != nil {
		http.Error(w, "the page cannot be drawn", http.StatusInternalServerError)
		return
	}
	f.Write(w, status, body)
}
