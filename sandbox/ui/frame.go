package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"strings"
)

// Root is where the pages stand on a sandbox.
const Root = "/_sandbox/ui"

//go:embed style.css icon.svg pages/*.html
var files embed.FS

var (
	style    = mustRead("style.css")
	icon     = mustRead("icon.svg")
	styleURL = Root + "/style.css?" + fingerprint(style)
	iconURL  = Root + "/icon.svg?" + fingerprint(icon)
	pages    = template.Must(template.New("").Funcs(functions).ParseFS(files, "pages/*.html"))
)

func mustRead(name string) []byte {
	raw, err := files.ReadFile(name)
	if err != nil {
		panic("ui: " + err.Error())
	}
	return raw
}

func fingerprint(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:6])
}

// Link is a word that leads somewhere.
type Link struct {
	Text, Href string
	Count      string // stands beside the word; "" for none
	Current    bool
	Danger     bool
}

// Group is a part of the navigation.
type Group struct {
	Title string
	Links []Link
}

// Note is a message above a page.
type Note struct {
	Tone  string // "done", "refused" or "hint"
	Title string
	Text  string
	Focus bool // the keyboard begins here
}

// Frame is what stands around a page: the name of the box, the navigation, the
// heading. Only Product and Title are needed.
type Frame struct {
	Product string // "Zoho CRM sandbox"
	Title   string // the heading and the window's title
	Lead    string // a sentence below the heading
	Crumbs  []Link // the way to this page
	Nav     []Group
	Note    *Note
	Acts    []Link // beside the heading
	People  *Chooser
	// Narrow is for a page with one question, such as consent: a single card in
	// the middle, no navigation.
	Narrow bool
	// FormTo lists further origins to which a form may lead, in the end: browsers
	// hold the redirect that answers a form to the page's policy too.
	FormTo []string
}

// Chooser lets a person say whom he plays.
type Chooser struct {
	Now   string
	Names []string
	Free  bool   // any name will do
	Back  string // where to return
}

// StyleURL is the address of the stylesheet, for whoever writes a page alone.
func StyleURL() string { return styleURL }

// ServeAssets answers the stylesheet and the icon.
func ServeAssets(mux *http.ServeMux) {
	serve := func(name, kind string, raw []byte) {
		mux.HandleFunc("GET "+Root+"/"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("X-Content-Type-Options", "nosniff")
			w.Header().Set("Cache-Control", "max-age=3600")
			_, _ = w.Write(raw)
		})
	}
	serve("style.css", "text/css; charset=utf-8", style)
	serve("icon.svg", "image/svg+xml", icon)
}

// Draw runs a template of the caller's and returns what Write takes.
func Draw(t *template.Template, data any) (template.HTML, error) {
	var buf bytes.Buffer
	if err := t.Execute(&buf, data); err != nil {
		return "", err
	}
	return template.HTML(buf.String()), nil //nolint:gosec // a template's own output, escaped by it
}

// Write sends a page: the body inside the frame, with the headers that keep
// scripts, foreign frames and foreign forms out.
func (f Frame) Write(w http.ResponseWriter, status int, body template.HTML) {
	var buf bytes.Buffer
	err := pages.ExecuteTemplate(&buf, "frame.html", struct {
		Frame
		Style, Icon, Root string
		Body              template.HTML
	}{f, styleURL, iconURL, Root, body})
	if err != nil {
		http.Error(w, "the page cannot be drawn: "+err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"+origins(f.FormTo))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes())
}

// origins are written into a header: what could end the directive is left out.
func origins(all []string) string {
	var out strings.Builder
	for _, o := range all {
		if o != "" && !strings.ContainsAny(o, " ;,\"'\t\r\n") {
			out.WriteString(" " + o)
		}
	}
	return out.String()
}
