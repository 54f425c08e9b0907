package qbobox_test

import (
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
)

// What is said to be left out is left out: each probe is refused as an
// operation, an entity or a feature that does not exist.
func TestNotImitated_IsTrue(t *testing.T) {
	c := open(t)
	for _, o := range qbobox.NotImitated {
		if o.Area == "" || o.What == "" || o.Why == "" || o.Section == "" {
			t.Errorf("%q is not declared in full", o.Area)
		}
		if o.Probe == "" {
			continue
		}
		verb, path, _ := strings.Cut(o.Probe, " ")
		var body any
		if verb != "GET" {
			body = m{}
		}
		if status, code, detail, _ := c.fault(verb, path, body); status != 400 || code != "500" && code != "5030" {
			t.Errorf("%s: %s is answered with %d %s %s: take it off the list in notimitated.go and run go test ./internal/sandboxdocs -update", o.Area, o.Probe, status, code, detail)
		}
	}
}
