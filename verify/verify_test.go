package verify_test

import (
	"testing"

	"crossbook/verify"
)

func logReport(t *testing.T, r verify.Report) {
	t.Helper()
	t.Log(r.Sentence)
	for _, m := range r.Modules {
		t.Logf("%+v", m)
	}
	for _, x := range r.Totals {
		t.Logf("%+v", x)
	}
	for _, x := range r.Bridge {
		t.Logf("%+v", x)
	}
	t.Logf("%v", r.LeftOutFor)
	for _, f := range r.Findings {
		t.Logf("[%s] %s | also %v | why: %s", f.Kind, f.Sentence, f.Also, f.Why)
	}
}

func TestVerify_FindsNothingAfterAFirstSync(t *testing.T) {
	w := larkfield(t).connect().firstSync()
	logReport(t, w.verify())
}
