package transport

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBudget_CountsWhatIsSentByKind(t *testing.T) {
	var counts Counts
	s := &script{replies: []reply{{status: 200}}}
	b := Budget{Meter: &counts, Next: s}
	for _, c := range []Class{
		{Kind: RecordRead, Read: true}, {Kind: RecordRead, Read: true, Credits: 3}, {Kind: RecordWrite, Credits: 10}, {Kind: Channel},
	} {
		if _, err := b.RoundTrip(request(t.Context(), t, c)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(map[Kind]int{RecordRead: 2, RecordWrite: 1, Channel: 1}, counts.ByKind()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if counts.Credits() != 15 {
		t.Errorf("%d credits, want 15", counts.Credits())
	}
	counts.Reset()
	if len(counts.ByKind()) != 0 || counts.Credits() != 0 {
		t.Error("counts after reset")
	}
}

// closed refuses everything.
type closed struct{}

func (closed) Spend(*http.Request, Class) error { return &Spent{After: time.Hour} }

func TestBudget_ARefusedCallIsNotSent(t *testing.T) {
	s := &script{replies: []reply{{status: 200}}}
	_, err := Budget{Meter: closed{}, Next: s}.RoundTrip(writeRequest(t.Context(), t))
	if !errors.Is(err, ErrSpent) || FaultOf(err) != FaultLimit || WaitOf(err) != time.Hour || len(s.at) != 0 {
		t.Errorf("%v, wait %v, %d calls", err, WaitOf(err), len(s.at))
	}
}

func TestClassOf_WithoutAClassOnlyGETsAreReads(t *testing.T) {
	for method, read := range map[string]bool{"GET": true, "HEAD": true, "POST": false, "PUT": false, "DELETE": false} {
		r, _ := http.NewRequest(method, "http://127.0.0.1/", nil)
		if c := ClassOf(r); c.Read != read || c.Kind != Other || c.Credits != 1 {
			t.Errorf("%s: %+v", method, c)
		}
	}
}
