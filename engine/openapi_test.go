package engine_test

import (
	"errors"
	"net/http"
	"os"
	"sync"
	"testing"

	"crossbook/sandbox/zohobox/oascheck"
)

// documents are the vendor's own descriptions of its answers, where they lie.
var documents = sync.OnceValues(func() (*oascheck.Check, error) {
	return oascheck.Open("../../shared/reference/zoho/oas-2026")
})

// cut are answers that the fault dial cut in half on the way.
var cut = []oascheck.Deviation{
	{Operation: "POST /{module}", Status: http.StatusCreated, At: "$", What: "no JSON", Why: "fault.Truncate"},
	{Operation: "PUT /{module}", Status: http.StatusOK, At: "$", What: "no JSON", Why: "fault.Truncate"},
}

// checked holds the answers that the engine gets from the CRM against the
// vendor's documents, where CROSSBOOK_OPENAPI=check asks for it: package verify
// does so always, for the story of the sample company, which is enough for each
// day. What differs fails the test that has just ended.
func checked(t *testing.T, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	if os.Getenv("CROSSBOOK_OPENAPI") != "check" {
		return next
	}
	docs, err := documents()
	switch {
	case errors.Is(err, os.ErrNotExist):
		t.Log("SKIPPED: answers are not held against the vendor's OpenAPI documents: ", err)
		return next
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, complaint := range docs.Unexplained(append(oascheck.Deviations(), cut...)) {
			t.Error("OpenAPI:", complaint)
		}
	})
	return docs.Transport(next)
}
