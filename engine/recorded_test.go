package engine_test

import (
	"os"
	"testing"

	"crossbook"
)

// recordedDir holds recorded exchanges with a real company; it is not part of
// the project.
const recordedDir = "../../shared/reference/quickbooks/recorded-json"

func needRecorded(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(recordedDir); err != nil {
		t.Skipf("SKIPPED: the recorded exchanges are not here (%s)", recordedDir)
	}
}

func TestRecordedCompany_ComesIntoAnEmptyCRM(t *testing.T) {
	needRecorded(t)
	w := newWorld(t)
	if err := w.books.LoadRecorded(recordedDir); err != nil {
		t.Fatal(err)
	}
	w.connect()
	rep := w.firstSync()
	t.Logf("%+v", rep)
	crm := w.crmState()
	for typ, rs := range crm.Records {
		t.Logf("%s: %d", typ, len(rs))
	}
	for _, p := range w.problems() {
		t.Logf("%s %s: %s | %s | %s", p.Ref, p.Name, p.Problem.Text, p.Problem.Cause, p.Problem.Detail)
	}
	if n := len(crm.Records[string(crossbook.Accounts)]); n != 18 {
		t.Errorf("%d accounts", n)
	}
	if n := len(crm.Records[string(crossbook.Contacts)]); n != 30 {
		t.Errorf("%d contacts", n)
	}
	before := crm.apiWrites()
	rep = w.sync()
	if after := w.crmState().apiWrites(); after != before {
		t.Errorf("second sync wrote %d: %+v", after-before, rep)
	}
}
