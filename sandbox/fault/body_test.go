package fault_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crossbook/sandbox/fault"
)

// The answer to a body that is too long reaches the client, on every try.
func TestBody_TheRefusalOfALongOneIsHeard(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, tooLong, err := fault.Body(r, 1000)
		if err != nil || tooLong != (r.ContentLength > 1000) || int64(len(raw)) != min(r.ContentLength, 1000) {
			t.Errorf("%d bytes of %d, too long %v, %v", len(raw), r.ContentLength, tooLong, err)
		}
		if tooLong {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	}))
	defer server.Close()
	for size, want := range map[int]int{0: 200, 1000: 200, 1001: 413, 16 << 20: 413} {
		for range 3 {
			resp, err := http.Post(server.URL, "text/plain", strings.NewReader(strings.Repeat("x", size)))
			if err != nil {
				t.Fatalf("%d bytes: %v", size, err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%d bytes: status %d", size, resp.StatusCode)
			}
		}
	}
}
