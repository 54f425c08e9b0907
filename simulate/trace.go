package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strings"
)

// trace is everything that happened, in order, and its hash.
type trace struct {
	lines []string
	sum   hash.Hash
	live  io.Writer
}

func newTrace(live io.Writer) *trace { return &trace{sum: sha256.New(), live: live} }

func (t *trace) add(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	t.lines = append(t.lines, line)
	t.sum.Write([]byte(line + "\n"))
	if t.live != nil {
		fmt.Fprintln(t.live, line)
	}
}

func (t *trace) hash() string { return hex.EncodeToString(t.sum.Sum(nil)) }

// log adds a line with the time.
func (w *world) log(format string, args ...any) {
	w.trace.add("%s %s", w.clock.look().Format("02 15:04:05.000"), fmt.Sprintf(format, args...))
}

// call notes one exchange with a vendor.
func (w *world) call(side string, r *http.Request, resp *http.Response, err error) {
	body := ""
	if r.GetBody != nil && r.Method != http.MethodGet {
		if b, err := r.GetBody(); err == nil {
			raw, _ := io.ReadAll(b)
			body = " " + short(string(raw), 600)
		}
	}
	query := r.URL.RawQuery
	if len(query) > 90 {
		sum := sha256.Sum256([]byte(query))
		query = query[:60] + "~" + hex.EncodeToString(sum[:4])
	}
	switch {
	case err != nil:
		w.log("  %s %s %s?%s%s -> %v", side, r.Method, r.URL.Path, query, body, err)
	default:
		w.log("  %s %s %s?%s%s -> %d", side, r.Method, r.URL.Path, query, body, resp.StatusCode)
	}
}

func short(s string, n int) string {
	s = strings.ReplaceAll(s, "\n", " ")
	if len(s) > n {
		sum := sha256.Sum256([]byte(s))
		return s[:n] + "~" + hex.EncodeToString(sum[:4])
	}
	return s
}
