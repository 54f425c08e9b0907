package ui_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/ui"
)

const nasty = `<script>alert("1")</script> 雀 & "'>`

// shelf is a box with one kind of records, enough for the pages' own rules.
type shelf struct {
	dial    *fault.Dial
	books   map[string]map[string]string
	version int
	asked   []ui.Ask
	given   ui.Given
	refuse  error
}

func newShelf() *shelf {
	return &shelf{dial: fault.New(1), books: map[string]map[string]string{"1": {"title": nasty, "note": "one\ntwo", "lent": "true", "tags": "red\nblue"}}}
}

func (s *shelf) About() ui.About {
	return ui.About{Slug: "shelf", Product: "Shelf", Title: "A shelf", Lead: "With books.", Groups: []ui.KindGroup{{Title: "All", Kinds: []ui.Kind{{Name: "book", Title: "Books", Count: 1234}}}}}
}
func (s *shelf) People() ([]string, bool) { return []string{"Ann", "Bob"}, false }
func (s *shelf) Faults() *fault.Dial      { return s.dial }

func (s *shelf) List(q ui.Query) (ui.List, error) {
	if q.Kind != "book" {
		return ui.List{}, fmt.Errorf("there is no list %q: %w", q.Kind, ui.ErrNotFound)
	}
	l := ui.List{Title: "Books", One: "book", Columns: []ui.Column{{Title: "Name"}, {Title: "Note"}}, Total: 1234, More: q.Page < 3}
	if q.Search == "" || strings.Contains(nasty, q.Search) {
		l.Rows = []ui.Row{{Href: ui.RecordURL("book", "1"), Cells: []string{nasty, strings.Repeat("long ", 200)}}}
	}
	return l, nil
}

func (s *shelf) Record(kind, id string) (ui.Record, error) {
	b := s.books[id]
	if kind != "book" || b == nil {
		return ui.Record{}, fmt.Errorf("there is no book %q: %w", id, ui.ErrNotFound)
	}
	old := "before " + nasty
	return ui.Record{
		Kind: kind, ID: id, KindTitle: "Books", Title: b["title"], Acts: []ui.Act{{Action: "update", Text: "Edit"}},
		Sections: []ui.Section{{Title: "Details", Fields: []ui.Field{{Label: nasty, Name: nasty, Value: nasty}}}},
		History:  ui.History{Events: []ui.Event{{Time: time.Unix(0, 0), Who: nasty, Text: "changed", Changes: []ui.Change{{Name: "title", Old: &old, New: nasty}}}}},
		Raw:      nasty,
	}, nil
}

func (s *shelf) History(ui.Query) (ui.History, error) { return ui.History{}, nil }

func (s *shelf) Form(ask ui.Ask) (ui.Form, error) {
	b := s.books[ask.ID]
	if ask.Kind != "book" || b == nil || ask.Action != "update" {
		return ui.Form{}, ui.ErrNotFound
	}
	return ui.Form{
		Title: "Edit", Submit: "Save", Seen: fmt.Sprint(s.version), Back: ui.Link{Text: "Book", Href: ui.RecordURL("book", ask.ID)},
		Groups: []ui.Inputs{
			{Inputs: []ui.Input{{Name: "title", Label: "Title", Type: "text", Value: b["title"]}, {Name: "note", Label: "Note", Type: "text", Value: b["note"]}}},
			{Title: "More", Folded: true, Inputs: []ui.Input{
				{Name: "lent", Label: "Lent", Type: "check", Value: b["lent"]},
				{Name: "tags", Label: "Tags", Type: "many", Value: b["tags"], Options: []ui.Option{{Value: "red", Text: "Red"}, {Value: "blue", Text: "Blue"}}},
			}},
		},
		Lines: &ui.Lines{Title: "Chapters", Columns: []ui.Input{{Name: "name", Label: "Name", Type: "text"}}, Rows: []ui.LineRow{{ID: "a", Values: map[string]string{"name": "First"}}}},
	}, nil
}

func (s *shelf) Do(_ context.Context, ask ui.Ask, given ui.Given) (ui.Done, error) {
	s.asked, s.given = append(s.asked, ask), given
	return ui.Done{Text: "Saved " + nasty, Href: ui.RecordURL("book", ask.ID)}, s.refuse
}

// reader is a person with a browser.
type reader struct {
	t    *testing.T
	url  string
	http *http.Client
}

func open(t *testing.T, box ui.Box) *reader {
	t.Helper()
	server := httptest.NewServer(ui.Handler(box))
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t: t, url: server.URL, http: &http.Client{Jar: jar}}
}

func (r *reader) do(req *http.Request, want int) string {
	r.t.Helper()
	res, err := r.http.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var body strings.Builder
	if err := res.Write(&body); err != nil {
		r.t.Fatal(err)
	}
	if res.StatusCode != want {
		r.t.Errorf("%s %s: status %d, want %d", req.Method, req.URL.Path, res.StatusCode, want)
	}
	return body.String()
}

func (r *reader) get(path string, want int) string {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+ui.Root+path, http.NoBody)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.do(req, want)
}

func (r *reader) post(path string, want int, fields ...string) string {
	r.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+ui.Root+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.do(req, want)
}

var tags = regexp.MustCompile(`<[^>]*>`)

// says reports whether a page shows a text, tags aside.
func says(page, text string) bool {
	plain := html.UnescapeString(tags.ReplaceAllString(page, ""))
	return strings.Contains(strings.Join(strings.Fields(plain), " "), text)
}

func TestEveryPageIsWholeAndTrustsNoRecord(t *testing.T) {
	r := open(t, newShelf())
	for _, path := range []string{"", "/list/book", "/list/book?q=alert", "/list/book?q=%3Cscript%3E", "/record/book/1", "/do/update/book/1", "/history", "/faults", "/list/none"} {
		want := http.StatusOK
		if path == "/list/none" {
			want = http.StatusNotFound
		}
		page := r.get(path, want)
		for _, need := range []string{`<html lang="en">`, `<main id="main"`, `href="#main"`, "Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff"} {
			if !strings.Contains(page, need) {
				t.Errorf("%s lacks %s", path, need)
			}
		}
		if n := strings.Count(page, "<h1>"); n != 1 {
			t.Errorf("%s has %d main headings", path, n)
		}
		for _, bad := range []string{"<script", " style=", " onclick=", "javascript:"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %s", path, bad)
			}
		}
		for _, in := range regexp.MustCompile(`<(?:input|select|textarea) [^>]*id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
			if !strings.Contains(page, `for="`+in[1]+`"`) {
				t.Errorf("%s: the input %s has no label", path, in[1])
			}
		}
	}
	if page := r.get("/record/book/1", http.StatusOK); !says(page, nasty) {
		t.Error("the record does not show its name letter by letter")
	}
}

func TestWrongAddressesAndMethodsSayWhatToDo(t *testing.T) {
	r := open(t, newShelf())
	for _, path := range []string{"/list/none", "/record/book/99", "/record/none/1", "/do/fly/book/1", "/do/update/book/99", "/nowhere", "/record/book/%2e%2e%2fx"} {
		if page := r.get(path, http.StatusNotFound); !says(page, "There is nothing at this address") || !says(page, "Start, with everything that is in this box") {
			t.Errorf("%s does not say where to go", path)
		}
	}
	r.post("/do/fly/book/1", http.StatusNotFound)
	for _, path := range []string{"/list/book", "/record/book/1", "/history", ""} {
		if page := r.post(path, http.StatusMethodNotAllowed); !says(page, "Nothing was done") {
			t.Errorf("POST %s does not say that nothing was done", path)
		}
	}
}

func TestAFormSendsOnlyWhatDiffers(t *testing.T) {
	s := newShelf()
	r := open(t, s)
	page := r.get("/do/update/book/1", http.StatusOK)
	if !strings.Contains(page, "<textarea id=\"f-note\" name=\"f.note\" rows=\"3\">\none\ntwo</textarea>") {
		t.Error("a value with two lines is not shown in a text area")
	}
	all := []string{"seen", "0", "f.title", nasty, "f.note", "one\r\ntwo", "f.lent", "true", "f.tags", "red", "f.tags", "blue", "rows", "2", "line.0.id", "a", "line.0.name", "First", "line.1.name", ""}
	after := r.post("/do/update/book/1", http.StatusOK, all...)
	if len(s.given.Changed) > 0 || s.given.RowsNew || len(s.given.Rows) != 1 {
		t.Errorf("nothing was changed, and %+v was sent", s.given)
	}
	if !says(after, "Saved "+nasty) {
		t.Error("the page after it does not say what was done")
	}
	if says(r.get("/record/book/1", http.StatusOK), "Saved") {
		t.Error("the message is still there")
	}
	r.post("/do/update/book/1", http.StatusOK, "f.title", "New", "f.note", "one\ntwo", "f.tags", "red", "rows", "2", "line.0.id", "a", "line.0.name", "First", "line.0.drop", "true", "line.1.name", "Second")
	if c := s.given.Changed; len(c) != 3 || c["title"] != "New" || c["lent"] != "false" || c["tags"] != "red" {
		t.Errorf("changed: %v", c)
	}
	if rows := s.given.Rows; !s.given.RowsNew || len(rows) != 2 || !rows[0].Drop || rows[1].ID != "" || rows[1].Values["name"] != "Second" {
		t.Errorf("rows: %+v", rows)
	}
	if s.asked[0].User != "Ann" || s.asked[0].Action != "update" || s.asked[0].ID != "1" {
		t.Errorf("asked: %+v", s.asked[0])
	}
}

func TestMoreRowsKeepWhatWasTyped(t *testing.T) {
	s := newShelf()
	page := open(t, s).post("/do/update/book/1", http.StatusOK, "more", "1", "f.title", "Typed", "rows", "2", "line.0.id", "a", "line.0.name", "First", "line.1.name", "Second")
	if len(s.asked) > 0 {
		t.Error("it was done")
	}
	for _, need := range []string{`value="Typed"`, `name="line.1.name" value="Second"`, `name="line.4.name"`} {
		if !strings.Contains(page, need) {
			t.Errorf("the form lacks %s", need)
		}
	}
}

func TestARefusalKeepsWhatWasTyped(t *testing.T) {
	s := newShelf()
	s.refuse = &ui.Refusal{Message: "Title is too long.", Field: "title", Code: "2050"}
	r := open(t, s)
	page := r.post("/do/update/book/1", http.StatusUnprocessableEntity, "f.title", nasty+"x", "f.note", "typed")
	if !says(page, "Nothing was changed. Title is too long. (2050)") || !strings.Contains(page, `aria-invalid="true" autofocus aria-describedby="f-title-error"`) {
		t.Error("the refusal does not stand at its input")
	}
	if !strings.Contains(page, html.EscapeString(nasty)[:10]) || !strings.Contains(page, `value="typed"`) {
		t.Error("what was typed is lost")
	}
	s.refuse = &ui.Refusal{Message: "No.", At: map[string]string{"tags": "Not these."}}
	if page := r.post("/do/update/book/1", http.StatusUnprocessableEntity, "f.title", "x"); !says(page, "Not these.") || strings.Contains(page, "<details><summary>More") {
		t.Error("a refused input is hidden in a fold")
	}
	s.refuse = errors.New("disk full")
	if page := r.post("/do/update/book/1", http.StatusUnprocessableEntity, "f.title", "x"); !says(page, "disk full") || strings.Count(page, "autofocus") != 1 {
		t.Error("an error without an input is not told")
	}
}

func TestAFormThatWasOvertakenIsRefusedOnce(t *testing.T) {
	s := newShelf()
	s.version = 7
	r := open(t, s)
	page := r.post("/do/update/book/1", http.StatusUnprocessableEntity, "seen", "6", "f.title", "x")
	if len(s.asked) > 0 || !says(page, "Somebody else changed this record") || !strings.Contains(page, `name="seen" value="7"`) {
		t.Error("the change of somebody else would be lost without a word")
	}
	r.post("/do/update/book/1", http.StatusOK, "seen", "7", "f.title", "x")
	if len(s.asked) != 1 {
		t.Error("it is refused for ever")
	}
}

func TestSomebodyElseIsPlayed(t *testing.T) {
	s := newShelf()
	r := open(t, s)
	if page := r.post("/person", http.StatusOK, "person", "Bob", "back", ui.Root+"/list/book?page=2"); !says(page, "You act as Bob from now on.") || !says(page, "51 to 51 of 1,234") {
		t.Error("the choice does not lead back to where it was made")
	}
	r.post("/do/update/book/1", http.StatusOK, "f.title", "x")
	if s.asked[0].User != "Bob" {
		t.Errorf("%s acted", s.asked[0].User)
	}
	if page := r.post("/person", http.StatusOK, "person", "Nobody"); !says(page, "you still act as Bob") {
		t.Error("anybody can be played")
	}
	for _, back := range []string{"https://example.com/", "//example.com" + ui.Root, ui.Root + "/../../x", "/_sandbox/state", "javascript:alert(1)"} {
		r.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		if page := r.post("/person", http.StatusSeeOther, "person", "Bob", "back", back); !strings.Contains(page, "\nLocation: "+ui.Root+"\r") {
			t.Errorf("%s leads away", back)
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	s := newShelf()
	r := open(t, s)
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://example.com"}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+ui.Root+"/do/update/book/1", strings.NewReader("f.title=x"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set(header[0], header[1])
		r.do(req, http.StatusForbidden)
	}
	if len(s.asked) > 0 {
		t.Error("another site's form was taken")
	}
}

func TestPagesAreCounted(t *testing.T) {
	r := open(t, newShelf())
	page := r.get("/list/book?page=2&q=alert", http.StatusOK)
	for _, need := range []string{`rel="prev" href="/_sandbox/ui/list/book?q=alert"`, `rel="next" href="/_sandbox/ui/list/book?page=3&amp;q=alert"`} {
		if !strings.Contains(page, need) {
			t.Errorf("the list lacks %s", need)
		}
	}
	for _, odd := range []string{"0", "-1", "x", "99999999999999999999"} {
		r.get("/list/book?page="+odd, http.StatusOK)
	}
	if page := r.get("/list/book?q=nothing%20like%20it", http.StatusOK); !says(page, "No book has “nothing like it”") {
		t.Error("a search without a find does not say so")
	}
}

func TestFaultsAreSetAndCleared(t *testing.T) {
	s := newShelf()
	r := open(t, s)
	if page := r.post("/faults", http.StatusUnprocessableEntity, "f.kind", "status", "f.times", "often", "f.body", "kept"); !says(page, "“often” is no whole number") || !says(page, "kept") {
		t.Error("a wrong number is taken")
	}
	r.post("/faults", http.StatusUnprocessableEntity, "f.kind", "status", "f.probability", "2")
	r.post("/faults", http.StatusUnprocessableEntity, "f.kind", "no such kind")
	page := r.post("/faults", http.StatusOK, "f.kind", "rate_limit", "f.method", "POST", "f.path_contains", "/x", "f.times", "2", "f.retry_after", "3", "f.after", "true", "f.probability", "0.5")
	if !says(page, "Too many calls (429)") || !says(page, "2 times") {
		t.Error("the fault is not shown")
	}
	rules := s.dial.List()
	if len(rules) != 1 || rules[0].Method != "POST" || rules[0].Times != 2 || rules[0].RetryAfter != 3 || !rules[0].After || rules[0].Probability != 0.5 {
		t.Fatalf("rules: %+v", rules)
	}
	r.post("/faults", http.StatusOK, "f.kind", "reset")
	r.post("/faults/clear", http.StatusOK, "id", fmt.Sprint(rules[0].ID))
	if n := len(s.dial.List()); n != 1 {
		t.Errorf("%d faults are left of two", n)
	}
	r.post("/faults/clear", http.StatusOK)
	if n := len(s.dial.List()); n != 0 {
		t.Errorf("%d faults are left", n)
	}
}

func TestTrailReadsOnWhereItStopped(t *testing.T) {
	log := []string{"a", "b", "a", "c", "a"}
	var trail ui.Trail
	reads := 0
	of := func(i int) (kind, id string) { reads++; return "Thing", log[i] }
	event := func(i int) ui.Event { return ui.Event{Text: fmt.Sprint(i)} }
	shown := func(length int, q ui.Query) string {
		h := trail.History(length, of, q, event)
		ids := []string{}
		for _, e := range h.Events {
			ids = append(ids, e.Text)
		}
		return fmt.Sprint(h.Total, ids, h.More)
	}
	for _, c := range []struct {
		length int
		q      ui.Query
		want   string
	}{
		{3, ui.Query{Kind: "Thing", ID: "a", Page: 1, Per: 2}, "2 [2 0] false"},
		{5, ui.Query{Kind: "Thing", ID: "a", Page: 1, Per: 2}, "3 [4 2] true"},
		{5, ui.Query{Kind: "Thing", ID: "a", Page: 2, Per: 2}, "3 [0] false"},
		{5, ui.Query{Kind: "Other", ID: "a", Page: 1, Per: 2}, "0 [] false"},
		{5, ui.Query{Page: 1, Per: 2}, "5 [4 3] true"},
		{5, ui.Query{Page: 3, Per: 2}, "5 [0] false"},
	} {
		if got := shown(c.length, c.q); got != c.want {
			t.Errorf("%d entries, %+v: %s, want %s", c.length, c.q, got, c.want)
		}
	}
	if reads != 5 {
		t.Errorf("%d reads of 5 entries", reads)
	}
	if got := shown(1, ui.Query{Kind: "Thing", ID: "a", Page: 1, Per: 2}); got != "1 [0] false" {
		t.Errorf("a log that was begun anew: %s", got)
	}
}
