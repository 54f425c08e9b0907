package zohobox

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

const (
	compositePath  = "__composite_requests"
	compositeMax   = 5
	compositeReads = 25
)

// subRequest is a part of a composite request.
type subRequest struct {
	id      string
	method  string
	uri     string
	params  object
	headers object
	body    any
	path    string
}

// composite answers POST /__composite_requests (section 6): up to five calls in
// one, later ones naming results of earlier ones as @{id:$.path}.
func (b *Box) composite(c *call) answer {
	subs, f := readComposite(c)
	if f != nil {
		return f.answer()
	}
	rollback, parallel := b.rollsBack(c), false
	if v, given := c.body["parallel_execution"].(bool); given {
		parallel = v
	}
	if parallel && rollback {
		return (&failure{status: 400, code: "AMBIGUITY_DURING_PROCESSING", message: "ambiguity while processing the request", details: object{"ambiguity_due_to": []any{
			object{"api_name": "rollback_on_fail", "json_path": "$.rollback_on_fail"}, object{"api_name": "parallel_execution", "json_path": "$.parallel_execution"},
		}}}).answer()
	}
	j := b.beginJournal()
	defer b.endJournal()
	run := &compositeRun{b: b, c: c, done: map[string]answer{}, rollback: rollback}
	for _, s := range subs {
		run.step(s)
	}
	if run.failed && rollback {
		j.undo(b)
		run.tellRollback()
	}
	status := http.StatusOK
	if run.failed {
		status = http.StatusMultiStatus
	}
	return answer{status: status, body: object{compositePath: run.items}}
}

// compositeCredits: one, and two must be there for a composite that may be
// rolled back.
func (b *Box) compositeCredits(c *call) int {
	if b.rollsBack(c) {
		return 2
	}
	return 1
}

// compositeRefund gives the second credit back to a composite that was rolled
// back: only one that succeeds as a whole costs two (section 6).
func (b *Box) compositeRefund(c *call, a answer) int {
	if b.rollsBack(c) && a.status != http.StatusOK {
		return 1
	}
	return 0
}

// rollsBack reads whether a part that fails undoes the others; who says nothing
// gets what the dial says.
func (b *Box) rollsBack(c *call) bool {
	if v, given := c.body["rollback_on_fail"].(bool); given {
		return v
	}
	return b.opt.Dials.CompositeRollback.is(true)
}

func readComposite(c *call) ([]subRequest, *failure) {
	rows := list(c.body[compositePath])
	path := "$." + compositePath
	if len(rows) == 0 {
		f := missing(compositePath, "$")
		f.status = 400
		return nil, f
	}
	if len(rows) > compositeMax {
		return nil, invalidAt(compositePath, path, object{"maximum_length": compositeMax})
	}
	seen := map[string]bool{}
	var out []subRequest
	for i, row := range rows {
		at := fmt.Sprintf("%s[%d]", path, i)
		o, isObject := row.(object)
		if !isObject {
			return nil, invalidAt(compositePath, at, object{"expected_data_type": "jsonobject"})
		}
		s := subRequest{id: text(o["sub_request_id"]), method: strings.ToUpper(text(o["method"])), uri: text(o["uri"]), body: o["body"], path: at}
		s.params, _ = o["params"].(object)
		s.headers, _ = o["headers"].(object)
		switch {
		case s.method == "":
			return nil, missing("method", at)
		case s.uri == "":
			return nil, missing("uri", at)
		case s.id != "" && seen[s.id]:
			return nil, &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "sub_request_id", "json_path": at + ".sub_request_id"}}
		}
		if s.id == "" {
			s.id = fmt.Sprint(i + 1)
		}
		seen[s.id] = true
		out = append(out, s)
	}
	return out, nil
}

// compositeRun is a composite request being answered.
type compositeRun struct {
	b        *Box
	c        *call
	done     map[string]answer
	items    []any
	rollback bool
	failed   bool
}

func (run *compositeRun) refuse(f *failure) {
	run.failed = true
	run.items = append(run.items, f.item())
}

func (run *compositeRun) step(s subRequest) {
	if run.failed && run.rollback {
		run.refuse(&failure{code: "PROCESSING_STOPPED", message: "the request was not processed because an earlier one failed", details: object{"json_path": s.path, "api_name": compositePath}})
		return
	}
	sub, f := run.call(s)
	if f != nil {
		run.refuse(f)
		return
	}
	a := run.b.answerCall(sub, nil)
	run.done[s.id] = a
	run.failed = run.failed || a.failed() || a.status == http.StatusMultiStatus
	body := a.body
	if body == nil {
		body = object{}
	}
	run.items = append(run.items, object{
		"code": "SUCCESS", "message": "composite sub request executed", "status": "success",
		"details": object{"response": object{"status_code": a.status, "headers": object{"Content-Type": "application/json;charset=UTF-8"}, "body": body}},
	})
}

// call makes a call of a part, with its references filled in.
func (run *compositeRun) call(s subRequest) (*call, *failure) {
	bad := func(name string) *failure { return invalidAt(name, s.path+"."+name, nil) }
	filled, f := run.fill(object{"uri": s.uri, "params": s.params, "body": s.body, "headers": s.headers}, s.path)
	if f != nil {
		return nil, f
	}
	o, _ := filled.(object)
	u, err := url.Parse(text(o["uri"]))
	if err != nil {
		return nil, bad("uri")
	}
	segs := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(segs) > 0 && segs[0] == "crm" {
		segs = segs[1:]
	}
	if len(segs) < 2 || !versionPattern.MatchString(segs[0]) {
		return nil, bad("uri")
	}
	if segs[1] == compositePath || segs[1] == "upload" || segs[1] == "bulk" {
		return nil, &failure{code: "NOT_SUPPORTED", message: "the API is not supported in a composite request", details: object{"api_name": "uri", "json_path": s.path + ".uri"}}
	}
	q := u.Query()
	params, _ := o["params"].(object)
	for k, v := range params {
		q.Set(k, plain(v))
	}
	sub := &call{b: run.b, inside: true, version: int(segs[0][1] - '0'), path: segs[1:], query: q, base: run.c.base}
	if f := sub.small(s, q); f != nil {
		return nil, f
	}
	body := bytes.NewReader(nil)
	if o["body"] != nil {
		sub.body, _ = o["body"].(object)
		body = bytes.NewReader(appendJSON(nil, o["body"]))
		if n := len(list(sub.body["data"])); n > 1 && sub.path[0] != "coql" {
			return nil, invalidAt("data", s.path+".body.data", object{"maximum_length": 1})
		}
	}
	req, err := http.NewRequestWithContext(run.c.r.Context(), s.method, "/crm/"+strings.Join(segs, "/")+"?"+q.Encode(), body)
	if err != nil {
		return nil, bad("method")
	}
	headers, _ := o["headers"].(object)
	for k, v := range headers {
		req.Header.Set(k, plain(v))
	}
	req.Header.Set("Authorization", run.c.r.Header.Get("Authorization"))
	req.Host = run.c.r.Host
	sub.r = req
	return sub, nil
}

// small holds a part to one record written and 25 read.
func (c *call) small(s subRequest, q url.Values) *failure {
	if s.method == http.MethodDelete && len(splitFields(q.Get("ids"))) > 1 {
		return invalidAt("params", s.path+".params", object{"maximum_length": 1})
	}
	if s.method != http.MethodGet {
		return nil
	}
	if q.Get("per_page") == "" {
		q.Set("per_page", fmt.Sprint(compositeReads))
	}
	if n := c.intParam("per_page", compositeReads); n > compositeReads {
		return invalidAt("params", s.path+".params", object{"maximum_length": compositeReads})
	}
	return nil
}

var referencePattern = regexp.MustCompile(`@\{([^:{}]+):\$\.([^{}]+)\}`)

// fill replaces references inside a part by what earlier parts answered.
func (run *compositeRun) fill(v any, path string) (any, *failure) {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for k, e := range v {
			filled, f := run.fill(e, path)
			if f != nil {
				return nil, f
			}
			out[k] = filled
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			filled, f := run.fill(e, path)
			if f != nil {
				return nil, f
			}
			out[i] = filled
		}
		return out, nil
	case string:
		return run.fillText(v, path)
	}
	return v, nil
}

func (run *compositeRun) fillText(s, path string) (any, *failure) {
	var bad string
	out := referencePattern.ReplaceAllStringFunc(s, func(ref string) string {
		m := referencePattern.FindStringSubmatch(ref)
		a, known := run.done[m[1]]
		v := follow(a.body, m[2])
		if !known || v == nil {
			bad = ref
			return ""
		}
		return plain(v)
	})
	if bad != "" {
		return nil, &failure{code: "INVALID_REFERENCE", message: "the reference given seems to be invalid", details: object{"api_name": bad, "json_path": path}}
	}
	return out, nil
}

var indexPattern = regexp.MustCompile(`\[(\d+)\]`)

// follow follows a path such as data[0].details.id.
func follow(v any, path string) any {
	for _, p := range strings.Split(indexPattern.ReplaceAllString(path, ".$1"), ".") {
		switch x := v.(type) {
		case object:
			v = x[p]
		case []any:
			n, valid := parseIndex(p)
			if !valid || n >= len(x) {
				return nil
			}
			v = x[n]
		default:
			return nil
		}
	}
	return v
}

func parseIndex(s string) (int, bool) {
	n := 0
	if s == "" || len(s) > 6 {
		return 0, false
	}
	for _, d := range s {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int(d-'0')
	}
	return n, true
}

// tellRollback says of every part that went well that it was undone.
func (run *compositeRun) tellRollback() {
	for i, it := range run.items {
		o, _ := it.(object)
		d, _ := o["details"].(object)
		resp, _ := d["response"].(object)
		if st, is := resp["status_code"].(int); is && st < 300 && st != http.StatusMultiStatus {
			run.items[i] = (&failure{code: "ROLLBACK_PERFORMED", message: "the request was rolled back because another one failed", details: object{"json_path": fmt.Sprintf("$.%s[%d]", compositePath, i), "api_name": compositePath}}).item()
		}
	}
}
