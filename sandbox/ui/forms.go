package ui

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	spareRows = 3
	mostRows  = 500
)

// sheet is a form under way, as its template draws it.
type sheet struct {
	Form
	Action string
	Spare  []LineRow
	Who    string
}

func ask(v *view) Ask {
	return Ask{User: v.frame.People.Now, Action: v.r.PathValue("action"), Kind: v.r.PathValue("kind"), ID: v.r.PathValue("id")}
}

// form shows what has to be filled in. What stands in the address fills it
// beforehand: ?f.Name=Dove.
func (s *server) form(w http.ResponseWriter, r *http.Request) {
	v := s.view(w, r)
	f, err := s.box.Form(ask(v))
	if err != nil {
		v.fail(err)
		return
	}
	query := r.URL.Query()
	f.each(func(in *Input) {
		if query.Has("f." + in.Name) {
			in.Value = query.Get("f." + in.Name)
		}
	})
	v.sheet(http.StatusOK, f, spareRows)
}

func (f *Form) each(do func(in *Input)) {
	for g := range f.Groups {
		for i := range f.Groups[g].Inputs {
			do(&f.Groups[g].Inputs[i])
		}
	}
}

// sheet draws a form with some empty rows below the lines there are.
func (v *view) sheet(status int, f Form, spare int) {
	v.frame.Title, v.frame.Lead = f.Title, f.Lead
	v.frame.Crumbs = []Link{v.start()}
	if f.Back.Href != "" {
		v.frame.Crumbs = append(v.frame.Crumbs, f.Back)
	}
	f.each(func(in *Input) { in.settle() })
	v.draw(status, "form.html", sheet{Form: f, Action: v.r.URL.EscapedPath(), Spare: make([]LineRow, spare), Who: v.frame.People.Now})
}

// settle chooses an input that changes nothing of the value by showing it.
func (in *Input) settle() {
	switch in.Type {
	case "", "text", "email", "number":
		if strings.ContainsAny(in.Value, "\r\n") {
			in.Type = "area"
		}
	case "date":
		if _, err := time.Parse(time.DateOnly, in.Value); in.Value != "" && err != nil {
			in.Type = "text"
		}
	}
}

// do takes a form that was sent.
func (s *server) do(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v := s.view(w, r)
	if err := r.ParseForm(); err != nil {
		v.frame.Title, v.frame.Lead = "Nothing was done", "The form did not arrive whole, or it is larger than 4 MB."
		v.draw(http.StatusRequestEntityTooLarge, "lost.html", v.about)
		return
	}
	f, err := s.box.Form(ask(v))
	if err != nil {
		v.fail(err)
		return
	}
	given := f.take(r)
	if r.PostForm.Has("more") {
		v.sheet(http.StatusOK, f, spareRows)
		return
	}
	if seen := r.PostForm.Get("seen"); f.Seen != "" && seen != "" && seen != f.Seen {
		v.refuse(f, &Refusal{Message: "Somebody else changed this record while you were typing. Look at what you typed once more; sending it again puts it over theirs."})
		return
	}
	done, err := s.box.Do(r.Context(), ask(v), given)
	if errors.Is(err, ErrNotFound) {
		v.fail(err)
		return
	}
	if err != nil {
		v.refuse(f, err)
		return
	}
	v.say(done.Text)
	http.Redirect(w, r, done.Href, http.StatusSeeOther)
}

// refuse shows the form again, with what was typed and what the box says to it.
func (v *view) refuse(f Form, err error) {
	v.frame.Note = &Note{Tone: "refused", Title: "Nothing was changed.", Text: err.Error(), Focus: true}
	var r *Refusal
	if errors.As(err, &r) {
		if r.Code != "" {
			v.frame.Note.Text += " (" + r.Code + ")"
		}
		for g := range f.Groups {
			for i := range f.Groups[g].Inputs {
				in := &f.Groups[g].Inputs[i]
				if in.Error = r.At[in.Name]; in.Name == r.Field {
					in.Error = r.Message
				}
				if in.Error != "" {
					f.Groups[g].Folded, v.frame.Note.Focus = false, false
				}
			}
		}
	}
	v.sheet(http.StatusUnprocessableEntity, f, 0)
}

// take reads what was sent into the form itself, so that it can be shown again,
// and notes what differs from what stands in the box now.
func (f *Form) take(r *http.Request) Given {
	given := Given{All: map[string]string{}, Changed: map[string]string{}}
	f.each(func(in *Input) {
		sent := typed(in.Type, r.PostForm["f."+in.Name])
		if in.Type != "check" && in.Type != "many" && !r.PostForm.Has("f."+in.Name) {
			sent = in.Value
		}
		if sent != newlines(in.Value) {
			given.Changed[in.Name] = sent
			in.Value = sent
		}
		given.All[in.Name] = in.Value
	})
	if f.Lines != nil {
		given.Rows, given.RowsNew = f.Lines.take(r)
		f.Lines.Rows = given.Rows
	}
	return given
}

// typed is a value as it was meant: browsers send the line ends of another age.
func typed(kind string, sent []string) string {
	switch kind {
	case "check":
		return strconv.FormatBool(len(sent) > 0)
	case "many":
		return strings.Join(sent, "\n")
	}
	return newlines(strings.Join(sent, "\n"))
}

func newlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// take reads the rows that were sent; rows that were left empty are none.
func (l *Lines) take(r *http.Request) (rows []LineRow, differs bool) {
	before := map[string]LineRow{}
	for _, row := range l.Rows {
		before[row.ID] = row
	}
	n, _ := strconv.Atoi(r.PostForm.Get("rows"))
	for i := range min(n, mostRows) {
		at := "line." + strconv.Itoa(i) + "."
		row := LineRow{ID: r.PostForm.Get(at + "id"), Values: map[string]string{}, Drop: r.PostForm.Has(at + "drop")}
		empty, was := row.ID == "", before[row.ID]
		for _, c := range l.Columns {
			val := typed(c.Type, r.PostForm[at+c.Name])
			row.Values[c.Name] = val
			if c.Type != "check" && val != "" && val != c.Value {
				empty = false
			}
			differs = differs || row.ID != "" && val != newlines(was.Values[c.Name])
		}
		if !empty {
			rows = append(rows, row)
			differs = differs || row.Drop || row.ID == ""
		}
	}
	return rows, differs
}
