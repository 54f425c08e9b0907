package ui

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

const (
	maxForm  = 4 << 20
	maxName  = 100
	saidLife = 60 // seconds
)

// server answers the pages of one box.
type server struct {
	box Box
}

// Handler answers everything below Root for a box.
func Handler(box Box) http.Handler {
	s := &server{box: box}
	mux := http.NewServeMux()
	ServeAssets(mux)
	mux.HandleFunc("GET "+Root, s.start)
	mux.HandleFunc("GET "+Root+"/{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, Root, http.StatusSeeOther) })
	mux.HandleFunc("GET "+Root+"/list/{kind}", s.list)
	mux.HandleFunc("GET "+Root+"/record/{kind}/{id}", s.record)
	mux.HandleFunc("GET "+Root+"/history", s.history)
	for _, path := range []string{"/do/{action}", "/do/{action}/{kind}", "/do/{action}/{kind}/{id}"} {
		mux.HandleFunc("GET "+Root+path, s.form)
		mux.HandleFunc("POST "+Root+path, s.do)
	}
	mux.HandleFunc("GET "+Root+"/faults", s.faults)
	mux.HandleFunc("POST "+Root+"/faults", s.addFault)
	mux.HandleFunc("POST "+Root+"/faults/clear", s.clearFaults)
	mux.HandleFunc("POST "+Root+"/person", s.person)
	mux.HandleFunc(Root+"/", s.lost)
	return http.NewCrossOriginProtection().Handler(mux)
}

// view is a page under way.
type view struct {
	s     *server
	w     http.ResponseWriter
	r     *http.Request
	about About
	frame Frame
}

func (s *server) view(w http.ResponseWriter, r *http.Request) *view {
	v := &view{s: s, w: w, r: r, about: s.box.About()}
	names, free := s.box.People()
	v.frame = Frame{Product: v.about.Product, Nav: v.nav(), People: &Chooser{Names: names, Free: free, Back: r.URL.RequestURI()}}
	v.frame.People.Now = v.user(names, free)
	v.frame.Note = v.said()
	return v
}

// user is whom the person at the screen plays.
func (v *view) user(names []string, free bool) string {
	if c, err := v.r.Cookie(v.cookie("person")); err == nil {
		if raw, err := base64.RawURLEncoding.DecodeString(c.Value); err == nil {
			for _, n := range names {
				if n == string(raw) {
					return n
				}
			}
			if free && len(raw) > 0 {
				return string(raw)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// cookie names differ by box: browsers share cookies between ports of a host.
func (v *view) cookie(what string) string { return "sandbox_" + v.about.Slug + "_" + what }

func (v *view) setCookie(what, value string, life int) {
	http.SetCookie(v.w, &http.Cookie{ //nolint:gosec // a sandbox is spoken to in plain HTTP on this machine
		Name: v.cookie(what), Value: base64.RawURLEncoding.EncodeToString([]byte(value)), Path: Root, MaxAge: life, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// say keeps a message for the page that follows.
func (v *view) say(text string) { v.setCookie("said", text, saidLife) }

func (v *view) said() *Note {
	c, err := v.r.Cookie(v.cookie("said"))
	if err != nil || v.r.Method != http.MethodGet {
		return nil
	}
	v.setCookie("said", "", -1)
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(raw) == 0 {
		return nil
	}
	return &Note{Tone: "done", Title: string(raw)}
}

func (v *view) nav() []Group {
	at := v.r.URL.Path
	link := func(text, href, count string) Link {
		return Link{Text: text, Href: href, Count: count, Current: at == href}
	}
	out := []Group{{Links: []Link{link("Start", Root, ""), link("History", Root+"/history", ""), link("Faults", Root+"/faults", "")}}}
	for _, g := range v.about.Groups {
		links := make([]Link, 0, len(g.Kinds))
		for _, k := range g.Kinds {
			l := link(k.Title, ListURL(k.Name), Number(k.Count))
			l.Current = l.Current || strings.HasPrefix(v.r.URL.EscapedPath()+"/", Root+"/record/"+url.PathEscape(k.Name)+"/")
			links = append(links, l)
		}
		out = append(out, Group{Title: g.Title, Links: links})
	}
	return out
}

// draw sends the page of a template.
func (v *view) draw(status int, name string, data any) {
	body, err := Draw(pages.Lookup(name), data)
	if err != nil {
		body = template.HTML("<p>" + template.HTMLEscapeString("This page cannot be drawn: "+err.Error()) + "</p>") //nolint:gosec // escaped in the same line
		status = http.StatusInternalServerError
	}
	v.frame.Write(v.w, status, body)
}

// lost says that there is no such page, and what to do.
func (v *view) lost(what string) {
	v.frame.Title, v.frame.Note = "There is nothing at this address", nil
	v.frame.Lead = "It may have been deleted, or the address has a slip in it."
	if what != "" && what != ErrNotFound.Error() {
		v.frame.Lead = strings.ToUpper(what[:1]) + what[1:] + ". " + v.frame.Lead
	}
	v.draw(http.StatusNotFound, "lost.html", v.about)
}

// lost answers every address that is none, and the right address with a wrong
// method.
func (s *server) lost(w http.ResponseWriter, r *http.Request) {
	v := s.view(w, r)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		v.frame.Title, v.frame.Lead = "Nothing was done", fmt.Sprintf("This address does not take %s. Open the page and use its form.", r.Method)
		v.draw(http.StatusMethodNotAllowed, "lost.html", v.about)
		return
	}
	v.lost("")
}

func (s *server) start(w http.ResponseWriter, r *http.Request) {
	v := s.view(w, r)
	v.frame.Title, v.frame.Lead = v.about.Title, v.about.Lead
	v.draw(http.StatusOK, "start.html", v.about)
}

// person remembers whom the person at the screen wants to play.
func (s *server) person(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v := s.view(w, r)
	name := strings.TrimSpace(r.PostFormValue("person"))
	names, free := s.box.People()
	known := false
	for _, n := range names {
		known = known || n == name
	}
	if len(name) > maxName || name == "" || !known && !free {
		v.say("Nobody of that name is here: you still act as " + v.frame.People.Now + ".")
	} else {
		v.setCookie("person", name, 30*24*3600)
		v.say("You act as " + name + " from now on.")
	}
	http.Redirect(w, r, local(r.PostFormValue("back")), http.StatusSeeOther) //nolint:gosec // local lets these pages through only
}

// local lets a redirect lead to these pages only.
func local(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Path != Root && !strings.HasPrefix(u.Path, Root+"/") || strings.Contains(u.Path, "..") {
		return Root
	}
	return u.RequestURI()
}
