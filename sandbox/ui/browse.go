package ui

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	perPage    = 50
	mostPage   = 1_000_000
	mostSearch = 200 // letters
)

// fail answers what cannot be shown.
func (v *view) fail(err error) {
	if errors.Is(err, ErrNotFound) {
		v.lost(strings.TrimSuffix(strings.TrimSuffix(err.Error(), ErrNotFound.Error()), ": "))
		return
	}
	v.frame.Title, v.frame.Lead = "This page cannot be shown", err.Error()
	v.draw(http.StatusInternalServerError, "lost.html", v.about)
}

func pageOf(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, mostPage)
}

// pager leads to the pages before and after this one.
type pager struct {
	Text        string
	Before, And string // addresses, "" for none
}

func (v *view) pager(q Query, shown, total int, more bool, what string) pager {
	at := func(page int) string {
		values := url.Values{}
		for k, val := range map[string]string{"q": q.Search, "kind": v.r.URL.Query().Get("kind"), "id": v.r.URL.Query().Get("id")} {
			if val != "" {
				values.Set(k, val)
			}
		}
		if page > 1 {
			values.Set("page", strconv.Itoa(page))
		}
		if len(values) == 0 {
			return v.r.URL.EscapedPath()
		}
		return v.r.URL.EscapedPath() + "?" + values.Encode()
	}
	p := pager{}
	switch {
	case shown == 0:
	case q.Search != "":
		p.Text = fmt.Sprintf("Found %s to %s", Number(q.First()+1), Number(q.First()+shown))
	default:
		p.Text = fmt.Sprintf("%s to %s of %s %s", Number(q.First()+1), Number(q.First()+shown), Number(total), what)
	}
	if q.Page > 1 {
		p.Before = at(q.Page - 1)
	}
	if more {
		p.And = at(q.Page + 1)
	}
	return p
}

func (v *view) start() Link { return Link{Text: "Start", Href: Root} }

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	v := s.view(w, r)
	q := Query{Kind: r.PathValue("kind"), Search: strings.TrimSpace(r.URL.Query().Get("q")), Page: pageOf(r), Per: perPage}
	if utf8.RuneCountInString(q.Search) > mostSearch {
		q.Search = string([]rune(q.Search)[:mostSearch])
	}
	l, err := s.box.List(q)
	if err != nil {
		v.fail(err)
		return
	}
	v.frame.Title, v.frame.Lead, v.frame.Acts = l.Title, l.Lead, l.Acts
	v.frame.Crumbs = append([]Link{v.start()}, l.Back...)
	v.draw(http.StatusOK, "list.html", struct {
		List
		Query
		Pager pager
		Here  string
	}{l, q, v.pager(q, len(l.Rows), l.Total, l.More, "in all"), r.URL.EscapedPath()})
}

func (s *server) record(w http.ResponseWriter, r *http.Request) {
	v := s.view(w, r)
	rec, err := s.box.Record(r.PathValue("kind"), r.PathValue("id"))
	if err != nil {
		v.fail(err)
		return
	}
	v.frame.Title, v.frame.Lead = rec.Title, rec.Lead
	v.frame.Crumbs = []Link{v.start(), {Text: rec.KindTitle, Href: ListURL(rec.Kind)}}
	for _, a := range rec.Acts {
		v.frame.Acts = append(v.frame.Acts, Link{Text: a.Text, Href: FormURL(a.Action, rec.Kind, rec.ID), Danger: a.Danger})
	}
	v.draw(http.StatusOK, "record.html", struct {
		Record
		Older string
	}{rec, Root + "/history?" + url.Values{"kind": {rec.Kind}, "id": {rec.ID}}.Encode()})
}

func (s *server) history(w http.ResponseWriter, r *http.Request) {
	v := s.view(w, r)
	q := Query{Kind: r.URL.Query().Get("kind"), ID: r.URL.Query().Get("id"), Page: pageOf(r), Per: perPage}
	h, err := s.box.History(q)
	if err != nil {
		v.fail(err)
		return
	}
	v.frame.Title, v.frame.Lead = "History", "What was written, newest first: by people here and by programs through the API."
	v.frame.Crumbs = []Link{v.start()}
	if q.ID != "" {
		v.frame.Title = "History of one record"
		v.frame.Crumbs = append(v.frame.Crumbs, Link{Text: "History", Href: Root + "/history"}, Link{Text: "The record", Href: RecordURL(q.Kind, q.ID)})
	}
	v.draw(http.StatusOK, "history.html", struct {
		History
		Pager pager
	}{h, v.pager(q, len(h.Events), h.Total, h.More, "entries")})
}
