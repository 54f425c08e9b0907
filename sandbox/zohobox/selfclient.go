package zohobox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"crossbook/sandbox/consent"
)

// Minutes a self client's code may live; the person chooses.
var codeMinutes = []int{3, 5, 7, 10}

// selfClient is the page of the vendor's console on which the owner of a self
// client writes down scopes and takes a grant code, without any redirect
// (section 2.1). A program asks for JSON and needs no ticket: another site
// that asked like this could not read the answer.
func (b *Box) selfClient(w http.ResponseWriter, r *http.Request) {
	form := formOf(r)
	b.mu.Lock()
	reply := b.answerSelfClient(r, form)
	_ = b.flush()
	b.mu.Unlock()
	reply(w)
}

func (b *Box) answerSelfClient(r *http.Request, form url.Values) reply {
	program := strings.Contains(r.Header.Get("Accept"), "json")
	if r.Method != http.MethodPost {
		return b.selfClientPage(strings.Join(allScopes, ","), "", nil)
	}
	if _, open := b.selfPages.Take(form.Get("ticket"), b.opt.Now()); !open && !program {
		return answeredAlready()
	}
	code, problem := b.selfClientCode(form.Get("user"), form.Get("scope"), form.Get("minutes"))
	switch {
	case program && problem != "":
		return func(w http.ResponseWriter) {
			send(w, answer{status: http.StatusBadRequest, body: object{"error": problem}})
		}
	case program:
		return func(w http.ResponseWriter) { send(w, ok(object{"code": code})) }
	case problem != "":
		return b.selfClientPage(form.Get("scope"), problem, nil)
	}
	return b.selfClientPage(form.Get("scope"), "", &consent.Fact{Name: "The code, to be exchanged once and without redirect_uri", Value: code})
}

func (b *Box) selfClientPage(scopes, problem string, result *consent.Fact) reply {
	p := consent.Page{
		Vendor: vendorName, Title: "A code for a self client", Problem: problem, Result: result,
		Intro:   "For programs without a browser: choose what the program may do, and give it the code.",
		Action:  "/_sandbox/self-client",
		Ticket:  b.selfPages.Put(struct{}{}, b.opt.Now()),
		Accept:  "Create",
		Texts:   []consent.Text{{Name: "scope", Label: "Scopes", Value: scopes, Note: "with commas between them"}},
		Choices: []consent.Choice{b.people("You are"), {Name: "minutes", Label: "The code lives for"}},
	}
	for _, n := range codeMinutes {
		p.Choices[1].Options = append(p.Choices[1].Options, consent.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n) + " minutes"})
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusBadRequest
	}
	return func(w http.ResponseWriter) { p.Write(w, status) }
}

// selfClientCode makes the code, or says what stands in its way. The user may
// be named by id, e-mail or name.
func (b *Box) selfClientCode(user, scope, minutes string) (code, problem string) {
	who := b.userByID(user)
	switch {
	case user == "":
		who = b.userByID(b.oauth.refreshUser())
	case who == nil:
		who = b.findUser(user)
	}
	scopes := splitScopes(scope)
	life := codeLife
	if minutes != "" {
		n, err := strconv.Atoi(minutes)
		if err != nil || !slices.Contains(codeMinutes, n) {
			return "", "A code lives for 3, 5, 7 or 10 minutes."
		}
		life = time.Duration(n) * time.Minute
	}
	switch {
	case who == nil || !who.Active:
		return "", "There is no such user."
	case len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return !scopePattern.MatchString(s) }):
		return "", "Scopes have the form service.group.OPERATION, such as ZohoCRM.modules.ALL."
	}
	return b.newCode(&grantCode{User: who.ID, Scopes: scopes, Offline: true, Expires: b.opt.Now().Add(life)}), ""
}
