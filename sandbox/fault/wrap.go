package fault

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const maxBody = 128 << 20 // an upload of QuickBooks Online has 100 MB

// Wrap returns next with the dial's rules applied to every call except those
// to the sandbox's own pages.
func (d *Dial) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, sandboxRoot) || !d.armed() {
			next.ServeHTTP(w, r)
			return
		}
		body, tooLong, err := Body(r, maxBody)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if tooLong { // beyond what either vendor takes: the box refuses what it gets
			next.ServeHTTP(w, r)
			return
		}
		rule, hit := d.strike(false, r.Method, r.URL.RequestURI(), body)
		if !hit {
			next.ServeHTTP(w, r)
			return
		}
		d.fail(rule, w, r, body, next)
	})
}

func (d *Dial) armed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.rules) > 0
}

func (d *Dial) fail(rule Rule, w http.ResponseWriter, r *http.Request, body []byte, next http.Handler) {
	switch rule.Kind {
	case TimeoutBefore:
		d.lose(w, r, true)
	case TimeoutAfter:
		capture(next, r)
		d.lose(w, r, true)
	case Reset:
		d.lose(w, r, false)
	case ResetAfter:
		capture(next, r)
		d.lose(w, r, false)
	case ResetMidBody:
		d.breakOff(w, r, capture(next, r))
	case Truncate:
		halve(w, capture(next, r))
	case ExpireToken:
		if d.OnExpireToken != nil {
			d.OnExpireToken()
		}
		next.ServeHTTP(w, r)
	default:
		if rule.After {
			capture(next, r)
			r.Body = io.NopCloser(bytes.NewReader(body)) // the false answer may depend on it
		}
		d.answer(rule, w, r)
	}
}

// answer writes the false answer of a status, rate_limit or html rule.
func (d *Dial) answer(rule Rule, w http.ResponseWriter, r *http.Request) {
	status, kind, body := rule.Status, "", rule.Body
	switch rule.Kind {
	case RateLimit:
		status = defaultTooMany
		if rule.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(rule.RetryAfter))
		}
	case HTML:
		if status == 0 {
			status = http.StatusOK
		}
		kind = "text/html; charset=utf-8"
		if body == "" {
			body = "<html><head><title>One moment</title></head><body><h1>We will be right back</h1></body></html>\n"
		}
	case Status:
		if status == 0 {
			status = http.StatusInternalServerError
		}
		if rule.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(rule.RetryAfter))
		}
	}
	if rule.Code != "" && body == "" {
		told, _ := d.Refusal(rule.Code, rule.Status, r)
		status, kind, body = told.Status, told.ContentType, told.Body
	}
	if body == "" && d.Shape != nil {
		kind, body = d.Shape(status, r)
	}
	if kind == "" {
		kind = "text/html"
	}
	if body == "" {
		body = "<html><body><h1>" + strconv.Itoa(status) + " " + http.StatusText(status) + "</h1></body></html>\n"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// lose ends the exchange without an answer. In-process calls end at once with
// the error a client would meet; over a socket a timeout is held until the
// client gives up, or the vendor's gateway does.
func (d *Dial) lose(w http.ResponseWriter, r *http.Request, timeout bool) {
	if inProcess(r) {
		panic(lost{timeout: timeout})
	}
	if timeout {
		timer := time.NewTimer(d.Hold)
		defer timer.Stop()
		select {
		case <-r.Context().Done():
		case <-timer.C:
			if d.HoldStatus != 0 {
				d.answer(Rule{Kind: Status, Status: d.HoldStatus}, w, r)
				return
			}
		}
	}
	panic(http.ErrAbortHandler)
}

// breakOff sends the head and half of the body, then breaks the connection.
func (d *Dial) breakOff(w http.ResponseWriter, r *http.Request, a *answer) {
	if inProcess(r) {
		panic(lost{partial: a})
	}
	a.header.Set("Content-Length", strconv.Itoa(a.body.Len()))
	a.copyHead(w)
	_, _ = w.Write(a.body.Bytes()[:a.body.Len()/2])
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	panic(http.ErrAbortHandler)
}

// halve sends half of the body as if it were whole.
func halve(w http.ResponseWriter, a *answer) {
	a.header.Del("Content-Length")
	a.copyHead(w)
	_, _ = w.Write(a.body.Bytes()[:a.body.Len()/2])
}

// ServeHTTP is the page /_sandbox/faults: GET lists the rules, POST adds one
// (or several, as an array), DELETE removes all, or the one named by ?id=.
func (d *Dial) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		writeJSON(w, http.StatusOK, map[string]any{"faults": d.List()})
	case http.MethodPost:
		d.post(w, r)
	case http.MethodDelete:
		id, _ := strconv.Atoi(r.URL.Query().Get("id"))
		if id == 0 {
			d.Clear()
		} else {
			d.Remove(id)
		}
		writeJSON(w, http.StatusOK, map[string]any{"faults": d.List()})
	default:
		writeJSON(w, http.StatusMethodNotAllowed, map[string]any{"error": "use GET, POST or DELETE"})
	}
}

func (d *Dial) post(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	raw = bytes.TrimSpace(raw)
	if !bytes.HasPrefix(raw, []byte("[")) {
		raw = append(append([]byte("["), raw...), ']')
	}
	var rules []Rule
	if err := json.Unmarshal(raw, &rules); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "not a fault rule: " + err.Error()})
		return
	}
	added := make([]Rule, 0, len(rules))
	for _, rule := range rules {
		got, err := d.Add(rule)
		if err != nil {
			writeJSON(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
			return
		}
		added = append(added, got)
	}
	writeJSON(w, http.StatusCreated, map[string]any{"faults": added})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
