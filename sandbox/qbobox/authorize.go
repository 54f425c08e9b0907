package qbobox

import (
	"net/http"
	"net/url"
	"slices"

	"crossbook/sandbox/consent"
)

const vendorName = "QuickBooks Online"

// question is what an app asked for on the consent page.
type question struct {
	back   *url.URL
	state  string
	scopes []string
}

// authorize shows the consent page (reference section 1.2). What is wrong with
// the client or its address is said on a page, because nobody may be sent to
// an address that nobody registered; everything else goes back to the app.
func (b *Box) authorize(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
	form := r.URL.Query()
	id := form.Get("client_id")
	if id != b.opt.ClientID && id != b.opt.ProductionID {
		consent.Problem{
			Vendor: vendorName, Title: "This app is not known", Code: "client_id " + id,
			Text: "No app has this client id. The keys of the sandbox stand in what it printed when it started.",
		}.Write(w, http.StatusBadRequest)
		return
	}
	back, ok := b.registered(form.Get("redirect_uri"))
	if !ok {
		consent.Problem{
			Vendor: vendorName, Title: "The app cannot be sent an answer", Code: "redirect_uri " + form.Get("redirect_uri"),
			Text: "This redirect_uri is not one of the app's registered addresses. It must be the same to the letter; https on a public domain, with development keys https anywhere or http on localhost.",
		}.Write(w, http.StatusBadRequest)
		return
	}
	scopes, granted := b.grantable(form.Get("scope"))
	q := question{back: back, state: form.Get("state"), scopes: scopes}
	switch {
	case id == b.opt.ProductionID: // no company of this environment can be had with it (reference section 1.1)
		q.send(w, url.Values{"error": {"unauthorized_client"}})
	case form.Get("response_type") != "code" || q.state == "":
		q.send(w, url.Values{"error": {"invalid_request"}})
	case !granted:
		q.send(w, url.Values{"error": {"invalid_scope"}})
	case form.Get(consent.Param) == consent.Deny:
		q.send(w, url.Values{"error": {"access_denied"}})
	case form.Get(consent.Param) == consent.Accept:
		b.approve(w, q)
	default:
		b.ask(w, q, "")
	}
}

// registered reads a redirect address that the app may use. Without a list,
// that is every address the vendor would let the app register.
func (b *Box) registered(uri string) (*url.URL, bool) {
	back, err := url.Parse(uri)
	if err != nil || back.Host == "" || back.Fragment != "" {
		return nil, false
	}
	if len(b.opt.RedirectURIs) > 0 {
		return back, slices.Contains(b.opt.RedirectURIs, uri)
	}
	if b.opt.Production {
		return back, public(uri) == nil
	}
	return back, back.Scheme == "https" || back.Scheme == "http" && back.Hostname() == "localhost"
}

// origin is where the app lives.
func (q question) origin() string { return q.back.Scheme + "://" + q.back.Host }

// send goes back to the app; the state comes back as it was sent.
func (q question) send(w http.ResponseWriter, answer url.Values) {
	back := *q.back
	out := back.Query()
	if q.state != "" {
		out.Set("state", q.state)
	}
	for k := range answer {
		out.Set(k, answer.Get(k))
	}
	back.RawQuery = out.Encode()
	w.Header().Set("Location", back.String())
	w.WriteHeader(http.StatusFound)
}

// Who may answer on the page.
const (
	anAdministrator = "administrator"
	somebodyElse    = "user"
)

// ask shows the page. A scope that only signs a person in needs no company.
func (b *Box) ask(w http.ResponseWriter, q question, problem string) {
	p := consent.Page{
		Back: q.origin(), Vendor: vendorName, Title: "Connect an app to QuickBooks", Problem: problem,
		Intro:  "An app asks to be connected. It sends you back to " + q.origin() + ".",
		Action: "/connect/oauth2", Ticket: b.questions.Put(q, b.now()), Accept: "Connect", Deny: "No thanks",
		Choices: []consent.Choice{{Name: "person", Label: "You are", Options: []consent.Option{
			{Value: anAdministrator, Label: b.opt.UserName, Note: "administrator of the company"},
			{Value: somebodyElse, Label: "Somebody else in the company", Note: "without the rights of an administrator", Chosen: problem != ""},
		}}},
	}
	if opensCompany(q.scopes) {
		b.mu.Lock()
		name := str(b.company(), "CompanyName")
		b.mu.Unlock()
		p.Choices = append(p.Choices, consent.Choice{Name: "company", Label: "The company to connect", Options: []consent.Option{
			{Value: b.opt.RealmID, Label: name, Note: "company " + b.opt.RealmID},
		}})
	}
	for _, s := range q.scopes {
		words := scopeWords[s]
		if words == "" {
			words = restrictedScopes[s]
		}
		p.Permissions = append(p.Permissions, consent.Permission{Words: words, Scope: s})
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusForbidden
	}
	p.Write(w, status)
}

// decide takes what the person clicked.
func (b *Box) decide(w http.ResponseWriter, r *http.Request) {
	b.countCall(r, kindOAuth)
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	_ = r.ParseForm()
	q, ok := b.questions.Take(r.PostForm.Get("ticket"), b.now())
	switch {
	case !ok:
		consent.Problem{
			Vendor: vendorName, Title: "This page was answered already",
			Text: "A page of consent can be answered once, within a quarter of an hour.",
		}.Write(w, http.StatusBadRequest)
	case r.PostForm.Get("decision") != consent.Accept:
		q.send(w, url.Values{"error": {"access_denied"}})
	case !opensCompany(q.scopes):
		b.approve(w, q)
	case r.PostForm.Get("person") != anAdministrator:
		b.ask(w, q, "Only an administrator of the company can connect an app to it.")
	case r.PostForm.Get("company") != b.opt.RealmID:
		b.ask(w, q, "Choose the company that shall be connected.")
	default:
		b.approve(w, q)
	}
}

// approve sends the code back; realmId names the company that was chosen.
func (b *Box) approve(w http.ResponseWriter, q question) {
	b.mu.Lock()
	c := b.tokens.newCode(b, q.back.String(), q.scopes)
	b.dirtyMeta = true
	b.keep()
	b.mu.Unlock()
	answer := url.Values{"code": {c}}
	if opensCompany(q.scopes) {
		answer.Set("realmId", b.opt.RealmID)
	}
	q.send(w, answer)
}
