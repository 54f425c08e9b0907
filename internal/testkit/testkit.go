// Package testkit holds what the tests of many packages share: a temporary
// PostgreSQL cluster, golden files, and the rule for what may be missing.
//
// A test that needs something from the machine (PostgreSQL, the reference
// folder, a browser) calls [Missing] when it is not there: that skips with a
// loud message, and fails where CROSSBOOK_REQUIRE names the thing, as CI does.
// The package must not import any package of this module, so that every
// package's tests can import it.
package testkit

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// RequireVar is the environment variable that names, separated by commas, what
// must not be missing: "postgres,reference".
const RequireVar = "CROSSBOOK_REQUIRE"

// Required tells whether thing is named in CROSSBOOK_REQUIRE.
func Required(thing string) bool {
	for name := range strings.SplitSeq(os.Getenv(RequireVar), ",") {
		if strings.TrimSpace(name) == thing {
			return true
		}
	}
	return false
}

// Missing ends the test because thing is not there: as a skip, or as a failure
// where it is required.
func Missing(tb testing.TB, thing, why string) {
	tb.Helper()
	if Required(thing) {
		tb.Fatalf("%s is required here (%s) but missing: %s", thing, RequireVar, why)
	}
	fmt.Fprintf(os.Stderr, "\n*** SKIPPED for want of %s: %s: %s\n\n", thing, tb.Name(), why)
	tb.Skipf("%s is missing: %s", thing, why)
}

// patience is no bound of speed, which benchmarks hold: it tells a slow answer
// from none on the slowest machine.
const patience = time.Minute

// Answers fails when what is done hangs.
func Answers(t *testing.T, what string, do func()) {
	t.Helper()
	start := time.Now()
	do()
	if took := time.Since(start); took > patience {
		t.Errorf("%s took %v", what, took)
	}
}
