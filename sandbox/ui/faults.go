package ui

import (
	"net/http"
	"strconv"
	"strings"

	"crossbook/sandbox/fault"
)

// faultKinds are the failures in words.
var faultKinds = []Option{
	{fault.TimeoutBefore, "No answer, nothing happened"},
	{fault.TimeoutAfter, "No answer, but it was done"},
	{fault.Reset, "Connection breaks, nothing happened"},
	{fault.ResetAfter, "Connection breaks, but it was done"},
	{fault.ResetMidBody, "Connection breaks in the middle of the answer"},
	{fault.Status, "An error status"},
	{fault.RateLimit, "Too many calls (429)"},
	{fault.HTML, "A page of HTML instead of an answer"},
	{fault.Truncate, "Half of the answer, as if it were whole"},
	{fault.ExpireToken, "Access tokens expire"},
	{fault.NotifyDrop, "A notification is lost"},
	{fault.NotifyDelay, "A notification is late"},
	{fault.NotifyDouble, "A notification comes twice"},
	{fault.NotifyReorder, "A notification comes after the next one"},
}

func faultForm() Form {
	in := func(name, label, kind, hint string) Input {
		return Input{Name: name, Label: label, Type: kind, Hint: hint}
	}
	methods := []Option{{"", "Any"}, {"GET", "GET"}, {"POST", "POST"}, {"PUT", "PUT"}, {"PATCH", "PATCH"}, {"DELETE", "DELETE"}}
	return Form{Title: "Faults", Submit: "Add the fault", Groups: []Inputs{
		{Inputs: []Input{
			{Name: "kind", Label: "What goes wrong", Type: "choice", Options: faultKinds, Value: fault.Status},
			in("path_contains", "Where the address has", "text", "A part of the path and query, such as /Invoices"),
			{Name: "method", Label: "Method", Type: "choice", Options: methods},
			in("times", "How often", "number", "Empty: always"),
		}},
		{Title: "More conditions", Folded: true, Inputs: []Input{
			in("body_contains", "Where the body has", "text", ""),
			in("skip", "Let pass first", "number", "So many calls go through before it begins"),
			in("probability", "Probability", "number", "Between 0 and 1; empty: certain"),
			in("code", "The vendor's error code", "text", "Of an error status, such as RECORD_LOCKED; Zoho CRM only"),
			in("status", "Status", "number", "Of an error status or a page of HTML"),
			in("retry_after", "Retry-After, in seconds", "number", "Empty: no such header"),
			in("delay_ms", "Delay, in milliseconds", "number", "Of a late notification"),
			{Name: "after", Label: "Do what was asked, then answer falsely", Type: "check", Value: "false"},
			in("body", "Body of the false answer", "area", "Empty: the vendor's own"),
		}},
	}}
}

func (s *server) faults(w http.ResponseWriter, r *http.Request) {
	s.view(w, r).faults(http.StatusOK, faultForm())
}

func (v *view) faults(status int, f Form) {
	v.frame.Title, v.frame.Lead = "Faults", "Calls that fail on purpose, the way real networks and vendors fail. These pages never do."
	v.frame.Crumbs = []Link{v.start()}
	type line struct {
		fault.Rule
		Text string
	}
	var rules []line
	for _, r := range v.s.box.Faults().List() {
		text := r.Kind
		for _, k := range faultKinds {
			if k.Value == r.Kind {
				text = k.Text
			}
		}
		rules = append(rules, line{r, text})
	}
	v.draw(status, "faults.html", struct {
		Rules []line
		Form  Form
		Root  string
	}{rules, f, Root})
}

func (s *server) addFault(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v := s.view(w, r)
	f := faultForm()
	if err := r.ParseForm(); err != nil {
		v.refuseFault(f, &Refusal{Message: "The form did not arrive whole."})
		return
	}
	given := f.take(r)
	rule, refused := readFault(given.All)
	if refused == nil {
		if _, err := s.box.Faults().Add(rule); err != nil {
			refused = &Refusal{Message: err.Error()}
		}
	}
	if refused != nil {
		v.refuseFault(f, refused)
		return
	}
	v.say("The fault is set. It strikes from the next call on.")
	http.Redirect(w, r, Root+"/faults", http.StatusSeeOther)
}

func (v *view) refuseFault(f Form, r *Refusal) {
	v.frame.Note = &Note{Tone: "refused", Title: "No fault was added.", Text: r.Message, Focus: r.Field == ""}
	f.each(func(in *Input) {
		if in.Name == r.Field {
			in.Error = r.Message
		}
	})
	f.Groups[1].Folded = false
	v.faults(http.StatusUnprocessableEntity, f)
}

func readFault(all map[string]string) (fault.Rule, *Refusal) {
	rule := fault.Rule{
		Kind: all["kind"], Method: all["method"], PathContains: strings.TrimSpace(all["path_contains"]), BodyContains: all["body_contains"],
		Body: all["body"], Code: strings.TrimSpace(all["code"]), After: all["after"] == "true",
	}
	for name, to := range map[string]*int{"times": &rule.Times, "skip": &rule.Skip, "status": &rule.Status, "retry_after": &rule.RetryAfter, "delay_ms": &rule.DelayMS} {
		s := strings.TrimSpace(all[name])
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return rule, &Refusal{Field: name, Message: "“" + s + "” is no whole number from 0 on."}
		}
		*to = n
	}
	if s := strings.TrimSpace(all["probability"]); s != "" {
		p, err := strconv.ParseFloat(s, 64)
		if err != nil || p < 0 || p > 1 {
			return rule, &Refusal{Field: "probability", Message: "“" + s + "” is no number between 0 and 1."}
		}
		rule.Probability = p
	}
	return rule, nil
}

// clearFaults takes one fault away, or all.
func (s *server) clearFaults(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v := s.view(w, r)
	said := "All faults are gone."
	if id := r.PostFormValue("id"); id != "" {
		n, _ := strconv.Atoi(id)
		said = "That fault is gone."
		if !s.box.Faults().Remove(n) {
			said = "That fault was gone already."
		}
	} else {
		s.box.Faults().Clear()
	}
	v.say(said)
	http.Redirect(w, r, Root+"/faults", http.StatusSeeOther)
}
