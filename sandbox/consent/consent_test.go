package consent_test

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/consent"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func TestTickets_OpenOnceAndNotLate(t *testing.T) {
	var tickets consent.Tickets[string]
	a, b := tickets.Put("a", start), tickets.Put("b", start)
	if a == b {
		t.Fatal("two tickets are one")
	}
	if got, ok := tickets.Take(a, start); !ok || got != "a" {
		t.Errorf("got %q %v", got, ok)
	}
	if _, ok := tickets.Take(a, start); ok {
		t.Error("opened twice")
	}
	if _, ok := tickets.Take(b, start.Add(15*time.Minute)); ok {
		t.Error("opened late")
	}
}

func TestTickets_ForgetTheOldestOfVeryMany(t *testing.T) {
	var tickets consent.Tickets[int]
	first := tickets.Put(0, start)
	var last string
	for i := range 1000 {
		last = tickets.Put(i, start)
	}
	if _, ok := tickets.Take(first, start); ok {
		t.Error("pages nobody answered are kept without end")
	}
	if got, ok := tickets.Take(last, start); !ok || got != 999 {
		t.Errorf("the newest gave %d %v", got, ok)
	}
}

func TestPage_EscapesWhatAnAppSaid(t *testing.T) {
	w := httptest.NewRecorder()
	consent.Page{
		Vendor: "V", Title: "T", Action: "/x", Ticket: "k", Accept: "Yes", Deny: "No",
		Back: "https://app.test", Permissions: []consent.Permission{{Words: "<script>x</script>", Scope: `"><img src=x>`}},
		Texts: []consent.Text{{Name: "scope", Label: "Scopes", Value: `"><b>`}},
	}.Write(w, 200)
	if body := w.Body.String(); strings.Contains(body, "<script") || strings.Contains(body, "<img") || strings.Contains(body, "<b>") {
		t.Errorf("the page carries somebody's markup: %s", body)
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "form-action 'self' https://app.test") {
		t.Errorf("the page may load or be framed: %q", csp)
	}
}

// Every input has a label of its own words, and one of each choice is chosen.
func TestPage_CanBeUsedWithoutSight(t *testing.T) {
	w := httptest.NewRecorder()
	consent.Page{
		Vendor: "V", Title: "T", Action: "/x", Ticket: "k", Accept: "Yes", Deny: "No", Problem: "Wrong",
		Choices: []consent.Choice{
			{Name: "a", Label: "First", Options: []consent.Option{{Value: "1", Label: "One"}, {Value: "2", Label: "Two"}}},
			{Name: "b", Label: "Second", Options: []consent.Option{{Value: "1", Label: "One"}, {Value: "2", Label: "Two", Chosen: true}}},
		},
	}.Write(w, 200)
	body := w.Body.String()
	for _, want := range []string{
		`<html lang="en">`, `<legend class="label">First</legend>`, `role="alert"`, `value="1" checked> <span>One`, `value="2" checked> <span>Two`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
	if n := strings.Count(body, " checked"); n != 2 {
		t.Errorf("%d chosen", n)
	}
	if radios, labels := len(regexp.MustCompile(`type="radio"`).FindAllString(body, -1)), strings.Count(body, "<label "); radios != labels {
		t.Errorf("%d radio buttons, %d labels", radios, labels)
	}
}
