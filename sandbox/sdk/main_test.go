package sdk_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"testing"

	"crossbook/sandbox/zohobox/oascheck"
)

// documents checks every answer that the vendor's client gets from the Zoho
// sandbox; nil where the vendor's documents are absent.
var documents *oascheck.Check

func checked(next http.Handler) http.Handler {
	if documents == nil {
		return next
	}
	return documents.Handler(next)
}

func TestMain(m *testing.M) {
	var err error
	documents, err = oascheck.Open("../../../shared/reference/zoho/oas-2026")
	switch {
	case errors.Is(err, os.ErrNotExist):
		fmt.Println("SKIPPED: answers are not held against the vendor's OpenAPI documents:", err)
	case err != nil:
		fmt.Println(err)
		os.Exit(1)
	}
	code := m.Run()
	if documents != nil {
		for _, complaint := range documents.Unexplained(oascheck.Deviations()) {
			fmt.Println("OpenAPI:", complaint)
			code = 1
		}
	}
	os.Exit(code)
}
