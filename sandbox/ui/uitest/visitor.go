// Package uitest visits the pages of a sandbox in its tests, as a person does:
// it opens pages, fills in forms and follows links. It knows neither vendor.
package uitest

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"crossbook/sandbox/ui"
)

// Visitor is a person at the pages of a box.
type Visitor struct {
	T      *testing.T
	Box    http.Handler
	person *http.Cookie
}

func (v *Visitor) send(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(v.T.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if v.person != nil {
		r.AddCookie(v.person)
	}
	w := httptest.NewRecorder()
	v.Box.ServeHTTP(w, r)
	return w
}

// Get opens a page, which must answer with the wanted status.
func (v *Visitor) Get(path string, want int) string {
	v.T.Helper()
	w := v.send(http.MethodGet, path, "")
	if w.Code != want {
		v.T.Fatalf("GET %s: %d, want %d: %s", path, w.Code, want, Shown(w.Body.String()))
	}
	return w.Body.String()
}

// Do fills in the form of an action with names and values; it returns where the
// answer leads to, or what the refusal says.
func (v *Visitor) Do(action, kind, id string, want int, fields ...string) string {
	v.T.Helper()
	v.Get(ui.FormURL(action, kind, id), http.StatusOK)
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	w := v.send(http.MethodPost, ui.FormURL(action, kind, id), form.Encode())
	if w.Code != want {
		v.T.Fatalf("%s %s %s: %d, want %d: %s", action, kind, id, w.Code, want, Shown(w.Body.String()))
	}
	if w.Code == http.StatusSeeOther {
		return w.Header().Get("Location")
	}
	return Shown(w.Body.String())
}

// Make adds a record and returns its id.
func (v *Visitor) Make(kind string, fields ...string) string {
	v.T.Helper()
	at := v.Do("create", kind, "", http.StatusSeeOther, fields...)
	return at[strings.LastIndexByte(at, '/')+1:]
}

// Play chooses whom the visitor acts as.
func (v *Visitor) Play(name string) {
	for _, k := range v.send(http.MethodPost, ui.Root+"/person", url.Values{"person": {name}}.Encode()).Result().Cookies() {
		if strings.HasSuffix(k.Name, "_person") {
			v.person = k
		}
	}
}

// Sees fails when a page does not show a text.
func (v *Visitor) Sees(path, text string) {
	v.T.Helper()
	if page := Shown(v.Get(path, http.StatusOK)); !strings.Contains(page, text) {
		v.T.Errorf("%s does not show %q: %s", path, text, page)
	}
}

// Crawl opens every page that is linked, up to 400 of them, and fails when there
// are fewer than at least.
func (v *Visitor) Crawl(least int) {
	v.T.Helper()
	link := regexp.MustCompile(`href="(` + ui.Root + `[^"#?]*)`)
	waiting, seen := []string{ui.Root}, map[string]bool{ui.Root: true}
	for ; len(waiting) > 0 && len(seen) < 400; waiting = waiting[1:] {
		page := v.Get(waiting[0], http.StatusOK)
		if strings.Contains(page, "cannot be drawn") {
			v.T.Errorf("%s cannot be drawn", waiting[0])
		}
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			at := html.UnescapeString(m[1])
			if !seen[at] && !strings.HasSuffix(at, ".css") && !strings.HasSuffix(at, ".svg") {
				seen[at] = true
				waiting = append(waiting, at)
			}
		}
	}
	if len(seen) < least {
		v.T.Errorf("only %d pages are linked", len(seen))
	}
}

var anyTag = regexp.MustCompile(`<[^>]*>`)

// Shown is the text of a page.
func Shown(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(page, " "))), " ")
}
