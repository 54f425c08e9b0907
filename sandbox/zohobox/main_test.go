package zohobox_test

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"testing"

	"crossbook/sandbox/zohobox/oascheck"
)

// The vendor's own descriptions of its answers, read where they lie; they are
// not part of this repository.
const oasDir = "../../../shared/reference/zoho/oas-2026"

// documents checks every answer that the tests of this package bring about; nil
// where the vendor's documents are absent.
var documents *oascheck.Check

// checked holds the answers of a box against the vendor's documents.
func checked(next http.RoundTripper) http.RoundTripper {
	if documents == nil {
		return next
	}
	return documents.Transport(next)
}

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if flag.Lookup("test.fuzz").Value.String() == "" { // a guided fuzz counts cover, not shapes
		documents, err = oascheck.Open(oasDir)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		fmt.Println(err)
		os.Exit(1)
	}
	code := m.Run()
	if documents != nil && !deviationsHold() {
		code = 1
	}
	os.Exit(code)
}

// deviationsHold says what differs from the vendor's documents without standing
// in the list, and, where all tests ran, what the list names and does not differ.
func deviationsHold() bool {
	complaints := documents.Unexplained(oascheck.Deviations())
	if everything() {
		complaints = append(complaints, documents.Unused(oascheck.Deviations())...)
	}
	for _, c := range complaints {
		fmt.Println("OpenAPI:", c)
	}
	all, different := documents.Answers()
	if testing.Verbose() || len(complaints) > 0 {
		fmt.Printf("OpenAPI: %d answers, %d different ones, %d complaints\n", all, different, len(complaints))
	}
	return len(complaints) == 0
}

// everything says whether no test was left out.
func everything() bool {
	f := func(name string) string { return flag.Lookup("test." + name).Value.String() }
	return !testing.Short() && f("run") == "" && f("skip") == "" && f("fuzz") == "" && f("list") == ""
}
