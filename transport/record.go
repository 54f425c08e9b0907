package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// Recorder writes every exchange to a folder, for somebody who has to find out what
// a vendor really said. Secrets are removed; records are not, so the folder holds
// customer data and is made for its owner only.
type Recorder struct {
	dir string
	n   atomic.Int64
}

// NewRecorder makes the folder.
func NewRecorder(dir string) (*Recorder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder for recorded calls: %w; choose another one or free some space", err)
	}
	return &Recorder{dir: dir}, nil
}

// Record passes calls on and records them. A record that cannot be written is logged
// and never fails the call.
type Record struct {
	Recorder *Recorder
	Next     http.RoundTripper
}

// exchange is one recorded call.
type exchange struct {
	At             time.Time   `json:"at"`
	Method         string      `json:"method"`
	URL            string      `json:"url"`
	Header         http.Header `json:"header"`
	Body           string      `json:"body,omitempty"`
	Took           string      `json:"took"`
	Error          string      `json:"error,omitempty"`
	Status         int         `json:"status,omitempty"`
	ResponseHeader http.Header `json:"response_header,omitempty"`
	Response       string      `json:"response,omitempty"`
}

// RoundTrip sends and writes down.
func (t Record) RoundTrip(r *http.Request) (*http.Response, error) {
	x := exchange{At: time.Now().UTC(), Method: r.Method, URL: cleanURL(r.URL), Header: cleanHeader(r.Header), Body: requestBody(r)}
	res, body, err := buffered(t.Next.RoundTrip(r))
	x.Took = time.Since(x.At).String()
	if err != nil {
		x.Error = clean(err.Error())
	} else {
		x.Status, x.ResponseHeader, x.Response = res.StatusCode, cleanHeader(res.Header), clean(string(body))
	}
	if writeErr := t.Recorder.write(x); writeErr != nil {
		slog.WarnContext(r.Context(), "a vendor call could not be recorded", "error", writeErr)
	}
	return res, err
}

func (rec *Recorder) write(x exchange) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(x); err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%06d.json", x.At.Format("20060102T150405.000"), rec.n.Add(1))
	return os.WriteFile(filepath.Join(rec.dir, name), b.Bytes(), 0o600)
}

func requestBody(r *http.Request) string {
	if r.GetBody == nil {
		return ""
	}
	body, err := r.GetBody()
	if err != nil {
		return ""
	}
	defer func() { _ = body.Close() }()
	data, _ := io.ReadAll(body)
	return clean(string(data))
}

// secretHeaders never reach the disk.
var secretHeaders = []string{"Authorization", "Cookie", "Set-Cookie", "Intuit-Signature", "X-Accesstoken-Reset"}

func cleanHeader(h http.Header) http.Header {
	out := h.Clone()
	for _, name := range secretHeaders {
		if out.Get(name) != "" {
			out.Set(name, removed)
		}
	}
	return out
}

const removed = "(removed)"

// secretNames are keys whose values are secrets, in JSON, forms and query strings:
// tokens, client secrets, codes and the token of a notification channel.
const secretNames = `access_token|refresh_token|id_token|client_secret|client_id|code_verifier|token|assertion`

var (
	secretJSON = regexp.MustCompile(`(?i)("(?:` + secretNames + `)"\s*:\s*)"(?:[^"\\]|\\.)*"`)
	secretForm = regexp.MustCompile(`(?i)((?:^|[&?])(?:` + secretNames + `|code)=)[^&\s]*`)
)

func clean(text string) string {
	text = secretJSON.ReplaceAllString(text, `$1"`+removed+`"`)
	if !strings.HasPrefix(strings.TrimSpace(text), "{") && !strings.HasPrefix(strings.TrimSpace(text), "[") {
		text = secretForm.ReplaceAllString(text, "${1}"+removed)
	}
	return text
}

func cleanURL(u *url.URL) string { return secretForm.ReplaceAllString(u.String(), "${1}"+removed) }
