package zohobox_test

import (
	"strings"
	"testing"

	"crossbook/sandbox/zohobox"
)

// What is said to be left out is left out: the address, the module, the method
// or the related list of each probe is unknown to the box.
func TestNotImitated_IsTrue(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Accounts", obj{"Account_Name": "Sparrow Lane Bakery"})
	for _, o := range zohobox.NotImitated {
		if o.Area == "" || o.What == "" || o.Why == "" || o.Section == "" {
			t.Errorf("%q is not declared in full", o.Area)
		}
		if o.Probe == "" {
			continue
		}
		verb, path, _ := strings.Cut(strings.ReplaceAll(o.Probe, "{Accounts}", id), " ")
		var body any
		if verb != "GET" {
			body = obj{}
		}
		r := a.call(verb, path, body)
		switch code := r.str("code"); {
		case code == "INVALID_URL_PATTERN", code == "INVALID_MODULE", code == "INVALID_REQUEST_METHOD":
		case code == "INVALID_DATA" && strings.Contains(r.str("message"), "relation name"):
		default:
			t.Errorf("%s: %s is answered with %d %s: take it off the list in notimitated.go and run go test ./internal/sandboxdocs -update", o.Area, o.Probe, r.status, r.raw)
		}
	}
}
