package zohobox

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"crossbook/sandbox/consent"
)

const vendorName = "Zoho CRM"

// question is what an app asked for on the consent page.
type question struct {
	back    *url.URL
	state   string
	scopes  []string
	offline bool
	prompt  bool
	// proof of possession, for clients that use it (section 2.1)
	challenge, method string
	base              string
}

// reply is an answer that is made under the lock and sent after it.
type reply func(http.ResponseWriter)

func stopped(p consent.Problem) reply {
	return func(w http.ResponseWriter) { p.Write(w, http.StatusBadRequest) }
}

var scopePattern = regexp.MustCompile(`^[A-Za-z]+(\.[A-Za-z_]+)+$`)

// authorize shows the consent page (section 2.1); with sandbox_consent in the
// address the question is answered at once, in the name of the connecting user
// or of the one in sandbox_user. What cannot be trusted with an answer gets a page.
func (b *Box) authorize(r *http.Request, form url.Values, base string) reply {
	if r.Method == http.MethodPost && form.Has("ticket") {
		return b.decide(form)
	}
	q, stop := b.read(form, b.accountsURL(base))
	if b.opt.OneDataCenter && b.elsewhere(r) {
		stop = &consent.Problem{
			Title: "This app is not known here", Code: "invalid_client",
			Text: "The client works in one data centre only. Its owner can switch on the others.",
		}
	}
	if stop != nil {
		stop.Vendor = vendorName
		return stopped(*stop)
	}
	switch form.Get(consent.Param) {
	case consent.Deny:
		return q.refuse()
	case consent.Accept:
		who := b.userByID(b.oauth.refreshUser())
		if name := form.Get("sandbox_user"); name != "" {
			who = b.findUser(name)
		}
		return b.approve(q, who)
	}
	return b.ask(q, "")
}

// read checks what the app sent the browser with.
func (b *Box) read(form url.Values, base string) (question, *consent.Problem) {
	back, err := url.Parse(form.Get("redirect_uri"))
	q := question{
		back: back, state: form.Get("state"), scopes: splitScopes(form.Get("scope")), base: base,
		offline: form.Get("access_type") == "offline", prompt: form.Get("prompt") == "consent",
		challenge: form.Get("code_challenge"), method: form.Get("code_challenge_method"),
	}
	bad := func(s string) bool { return !scopePattern.MatchString(s) }
	switch {
	case form.Get("client_id") != b.oauth.clientID:
		return q, &consent.Problem{
			Title: "This app is not known", Code: "invalid_client",
			Text: "No app has this client id. The one of the sandbox stands in what it printed when it started.",
		}
	case err != nil || back.Host == "" || back.Scheme != "http" && back.Scheme != "https",
		len(b.opt.RedirectURIs) > 0 && !slices.Contains(b.opt.RedirectURIs, form.Get("redirect_uri")):
		return q, &consent.Problem{
			Title: "The app cannot be sent an answer", Code: "invalid_redirect_uri",
			Text: "This redirect_uri is not one of the app's registered addresses.",
		}
	case form.Get("response_type") != "code":
		return q, &consent.Problem{
			Title: "The app asked in a way that is not known", Code: "invalid_response_type",
			Text: "response_type must be code.",
		}
	case len(q.scopes) == 0 || slices.ContainsFunc(q.scopes, bad):
		return q, &consent.Problem{
			Title: "The app asks for a scope that does not exist", Code: "invalid_scope",
			Text: "Scopes have the form service.group.OPERATION, such as ZohoCRM.modules.ALL, with commas between them.",
		}
	}
	return q, nil
}

// ask shows the page.
func (b *Box) ask(q question, problem string) reply {
	p := consent.Page{
		Back: q.origin(), Vendor: vendorName, Title: "An app asks for access to your CRM", Problem: problem,
		Intro:   "It sends you back to " + q.origin() + ".",
		Action:  "/oauth/v2/auth",
		Ticket:  b.questions.Put(q, b.opt.Now()),
		Accept:  "Accept",
		Deny:    "Reject",
		Facts:   []consent.Fact{{Name: "Organisation", Value: b.org.Company}, {Name: "Data centre", Value: b.opt.DataCenter}},
		Choices: []consent.Choice{b.people("You are")},
	}
	if q.offline {
		p.Facts = append(p.Facts, consent.Fact{Name: "For how long", Value: "until you take it back, also while you are away"})
	} else {
		p.Facts = append(p.Facts, consent.Fact{Name: "For how long", Value: "an hour"})
	}
	for _, s := range q.scopes {
		p.Permissions = append(p.Permissions, consent.Permission{Words: scopeWords(s), Scope: s})
	}
	return func(w http.ResponseWriter) { p.Write(w, http.StatusOK) }
}

// people is the choice of who is sitting before the screen; the connecting user first.
func (b *Box) people(label string) consent.Choice {
	c := consent.Choice{Name: "user", Label: label}
	connecting := b.oauth.refreshUser()
	for _, u := range b.users {
		if u.Active {
			note := u.Email
			if p := b.profileByID(u.Profile); p != nil {
				note += ", " + p.Name
			}
			c.Options = append(c.Options, consent.Option{Value: u.ID, Label: u.name(), Note: note, Chosen: u.ID == connecting})
		}
	}
	return c
}

// decide takes what the person clicked.
func (b *Box) decide(form url.Values) reply {
	q, ok := b.questions.Take(form.Get("ticket"), b.opt.Now())
	who := b.userByID(form.Get("user"))
	switch {
	case !ok:
		return answeredAlready()
	case form.Get("decision") != consent.Accept:
		return q.refuse()
	case who == nil || !who.Active:
		return b.ask(q, "Choose who you are.")
	}
	return b.approve(q, who)
}

func answeredAlready() reply {
	return stopped(consent.Problem{
		Vendor: vendorName, Title: "This page was answered already",
		Text: "A page of consent can be answered once, within a quarter of an hour.",
	})
}

// approve sends a code back, with where it is good; more than ten in ten
// minutes are refused (section 2.2).
func (b *Box) approve(q question, who *user) reply {
	s, now := &b.oauth, b.opt.Now()
	s.asked = slices.DeleteFunc(s.asked, func(at time.Time) bool { return !at.After(now.Add(-b.window(tokenWindow))) })
	if who == nil || !who.Active || len(s.asked) >= codesPer {
		return q.refuse()
	}
	s.asked = append(s.asked, now)
	code := b.newCode(&grantCode{
		User: who.ID, Scopes: q.scopes, Redirect: q.back.String(), Offline: q.offline && (q.prompt || !s.consented[who.ID]),
		Challenge: q.challenge, Method: q.method,
	})
	return q.send("code", code, "location", b.opt.DataCenter, "accounts-server", q.base)
}

func (q question) refuse() reply { return q.send("error", "access_denied") }

// origin is where the app lives.
func (q question) origin() string { return q.back.Scheme + "://" + q.back.Host }

// send goes back to the app, wherever it asked for.
func (q question) send(pairs ...string) reply {
	back := *q.back
	out := back.Query()
	if q.state != "" {
		out.Set("state", q.state)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	back.RawQuery = out.Encode()
	return func(w http.ResponseWriter) {
		w.Header().Set("Location", back.String())
		w.WriteHeader(http.StatusFound)
	}
}

// proven checks the verifier of a client that sent a challenge (section 2.1).
func (g *grantCode) proven(verifier string) bool {
	switch {
	case g.Challenge == "":
		return true
	case strings.EqualFold(g.Method, "S256"):
		sum := sha256.Sum256([]byte(verifier))
		return base64.RawURLEncoding.EncodeToString(sum[:]) == g.Challenge
	}
	return verifier == g.Challenge
}

// What a scope's operation and group are in plain words (section 2.5).
var operationWords = map[string]string{
	"ALL": "see, add, change and delete", "READ": "see", "CREATE": "add", "UPDATE": "change", "DELETE": "delete", "WRITE": "add and change",
	"CUSTOM": "use",
}

var groupWords = map[string]string{
	"ZohoCRM.modules": "records", "ZohoCRM.settings": "settings", "ZohoCRM.org": "the organisation", "ZohoCRM.users": "users",
	"ZohoCRM.coql": "records by query", "ZohoCRM.notifications": "notifications of changes", "ZohoCRM.bulk": "records in bulk",
	"ZohoCRM.features": "the features of the edition", "ZohoCRM.apis": "the list of APIs", "ZohoCRM.files": "files",
	"ZohoCRM.composite_requests": "several requests in one", "ZohoCRM.mass_convert": "conversions",
	"ZohoSearch.securesearch": "records by searching", "ZohoFiles.files": "uploaded files",
}

// scopeWords says what a scope allows.
func scopeWords(scope string) string {
	parts := strings.Split(scope, ".")
	operation := operationWords[parts[len(parts)-1]]
	if len(parts) < 3 || operation == "" {
		return "use " + scope
	}
	what := groupWords[parts[0]+"."+parts[1]]
	if what == "" {
		what = parts[1]
	}
	if names := parts[2 : len(parts)-1]; len(names) > 0 {
		what += " of " + strings.ReplaceAll(strings.Join(names, " "), "_", " ")
	}
	return operation + " " + what
}
