package zohobox

import (
	"fmt"
	"iter"
	"math"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"crossbook/sandbox/fault"
)

// Kinds of calls, as the state page counts them.
const (
	kindRead    = "record_read"
	kindWrite   = "record_write"
	kindMeta    = "metadata"
	kindChannel = "channel"
	kindOAuth   = "oauth"
	kindOther   = "other"
)

// route is a handler with what must be known before it runs.
type route struct {
	run     func(*call) answer
	kind    string
	scopes  []string // all needed
	pattern string   // for the call log
	body    bool     // a JSON object must come with it
	credits func(*call) int
	refund  func(*call, answer) int // of the credits, once the outcome is known
	since   int                     // the first version of the API that has it; 0: all
}

// call is one request on its way through the box.
type call struct {
	b       *Box
	r       *http.Request
	inside  bool // a part of a composite request
	full    bool // long texts come whole
	version int
	path    []string // below /crm/vN
	bulk    bool     // below /crm/bulk/vN
	query   url.Values
	body    object
	raw     []byte // the body as it came
	tooLong bool   // the body was longer than anything the vendor takes
	user    *user
	token   *accessToken
	base    string
	mod     *module
	batch   batch
}

func (c *call) zone() *time.Location { return c.user.zone() }

func (c *call) param(name string) string { return c.query.Get(name) }

func (c *call) paramOr(name, def string) string {
	if v := c.query.Get(name); v != "" {
		return v
	}
	return def
}

// routes puts the fault dial before the vendor's and the sandbox's own pages.
func (b *Box) routes() http.Handler {
	b.dial = fault.New(b.opt.Seed)
	b.dial.OnExpireToken = b.expireAll
	b.dial.Shape = shapeFault
	b.dial.Refusal = refusalUnder
	mux := http.NewServeMux()
	mux.HandleFunc("/oauth/v2/", b.serveOAuth)
	mux.HandleFunc("GET /oauth/serverinfo", b.serverInfo)
	mux.HandleFunc("/crm/", b.serveAPI)
	mux.Handle("/_sandbox/faults", b.dial)
	b.sandboxRoutes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { send(w, badURL()) })
	return b.dial.Wrap(mux)
}

// shapeFault dresses an injected failure as the vendor would.
func shapeFault(status int, r *http.Request) (contentType, body string) {
	const json = "application/json;charset=UTF-8"
	switch {
	case strings.HasPrefix(r.URL.Path, "/oauth/"):
		return json, `{"error":"Access Denied","error_description":"You have made too many requests continuously. Please try again after some time.","status":"failure"}`
	case status == http.StatusTooManyRequests:
		return json, string(appendJSON(nil, tooMany().item()))
	case status == http.StatusInternalServerError:
		return json, `{"code":"INTERNAL_ERROR","details":{},"message":"Internal Server Error","status":"error"}`
	}
	return "text/html", "<html><body><h1>Service Unavailable</h1></body></html>"
}

// Transport serves calls to any host from this box, without sockets.
func (b *Box) Transport() http.RoundTripper { return fault.Transport{Handler: b} }

// Faults is the fault dial, the same as behind /_sandbox/faults.
func (b *Box) Faults() *fault.Dial { return b.dial }

func (b *Box) baseURL(r *http.Request) string {
	if b.opt.BaseURL != "" {
		return strings.TrimRight(b.opt.BaseURL, "/")
	}
	scheme := "http"
	if r.TLS != nil || r.URL.Scheme == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

func send(w http.ResponseWriter, a answer) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	if a.file != nil {
		w.Header().Set("Content-Type", a.file.kind)
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.file.name}))
		w.Header().Set("Content-Length", strconv.Itoa(len(a.file.data)))
		w.WriteHeader(a.status)
		_, _ = w.Write(a.file.data)
		return
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	buf := appendJSON(make([]byte, 0, 1024), a.body)
	w.Header().Set("Content-Length", strconv.Itoa(len(buf)))
	w.WriteHeader(a.status)
	_, _ = w.Write(buf)
}

var versionPattern = regexp.MustCompile(`^v[2-8](\.\d)?$`)

const maxBody = 25 << 20

// serveAPI answers everything below /crm.
func (b *Box) serveAPI(w http.ResponseWriter, r *http.Request) {
	c := &call{b: b, r: r, query: r.URL.Query(), base: b.baseURL(r)}
	segs := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(segs) > 1 && segs[1] == "bulk" {
		c.bulk = true
		segs = slices.Delete(segs, 1, 2)
	}
	if len(segs) < 3 || !versionPattern.MatchString(segs[1]) {
		b.calls.count(kindOther, r.Method+" "+r.URL.Path)
		send(w, badURL())
		return
	}
	c.version = int(segs[1][1] - '0')
	c.path = segs[2:]
	raw, tooLong, err := fault.Body(r, maxBody+maxBody/25)
	c.raw, c.tooLong = raw, tooLong
	if err != nil {
		return // the client went away before its request was whole: nothing happened
	}
	var parseErr error
	if len(raw) > 0 && !tooLong && !isMultipart(r) {
		c.body, parseErr = decodeObject(raw)
	}
	release, busy := b.quota.enter(b, weightOf(c), heavyCall(c))
	defer release()
	if busy {
		b.calls.count(kindOther, "refused: too many calls at once")
		send(w, b.tooMany(c).answer())
		return
	}
	if d := b.opt.Dials.Latency; d > 0 {
		time.Sleep(d)
	}
	send(w, b.handle(c, parseErr))
}

func isMultipart(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/")
}

// handle runs a call under the lock; the answer is encoded outside it.
func (b *Box) handle(c *call, parseErr error) answer {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.runJobs()
	return b.answerCall(c, parseErr)
}

// answerCall runs a call, or a part of a composite one, which has paid already.
func (b *Box) answerCall(c *call, parseErr error) answer {
	rt, found := b.find(c)
	b.calls.count(rt.kind, c.r.Method+" "+rt.pattern)
	token, u, f := b.authenticate(c.r)
	if f != nil {
		return f.answer()
	}
	c.token, c.user = token, u
	if found.failed() {
		return found
	}
	if c.version < rt.since && !c.inside {
		return refuse(400, "API_NOT_SUPPORTED", "the version of the API does not support the request", object{"supported_version": rt.since})
	}
	for _, s := range rt.scopes {
		if !token.allows(s) {
			return refuse(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", nil)
		}
	}
	if f := b.mayTouch(c, rt.kind); f != nil {
		return f.answer()
	}
	if c.tooLong && isMultipart(c.r) {
		return refuse(http.StatusRequestEntityTooLarge, "FILE_TOO_LARGE", "The given file is larger than 25 MB", object{})
	}
	if c.tooLong {
		return refuse(400, "INVALID_DATA", "the body is larger than 25 MB", object{"expected_data_type": "jsonobject"})
	}
	if rt.body && (parseErr != nil || c.body == nil) {
		return refuse(400, "INVALID_DATA", "body", object{"expected_data_type": "jsonobject"})
	}
	if c.inside {
		return rt.run(c)
	}
	if f := b.quota.spend(b, c, rt); f != nil {
		return f.answer()
	}
	a := rt.run(c)
	if rt.refund != nil {
		b.quota.refund(b, rt.refund(c, a))
	}
	b.quota.headers(b, c, &a)
	if err := b.flush(); err != nil {
		return refuse(500, "INTERNAL_ERROR", "Internal Server Error", nil)
	}
	return a
}

func splitFields(s string) []string {
	var out []string
	for _, f := range strings.Split(s, ",") {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// pageOf cuts a short list by page and per_page, as the settings pages do.
func (c *call) pageOf(key string, all []any) answer {
	page, per := c.intParam("page", 1), c.intParam("per_page", 200)
	if page < 1 || per < 1 || per > 200 {
		return refuse(400, "INVALID_DATA", "invalid data", object{"param_name": "page"})
	}
	from := min((page-1)*per, len(all))
	to := min(from+per, len(all))
	if from == to {
		return noContent()
	}
	return ok(object{key: all[from:to], "info": object{"page": page, "per_page": per, "count": to - from, "more_records": to < len(all)}})
}

func (c *call) intParam(name string, def int) int {
	v := c.query.Get(name)
	if v == "" {
		return def
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return -1
	}
	return min(n, math.MaxInt32) // a page times its size stays a number
}

// each runs a change over the objects under a wrapper key, one result per
// object and in their order.
func (c *call) each(key string, limit, okStatus int, do func(path string, o object) (object, *failure)) answer {
	rows := list(c.body[key])
	if len(rows) == 0 {
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": key, "json_path": "$." + key})
	}
	if len(rows) > limit {
		return refuse(400, "LIMIT_EXCEEDED", "the limit of objects in one call is exceeded", object{"limit": limit, "limit_due_to": []any{object{"api_name": key, "json_path": "$." + key}}})
	}
	out := make([]any, 0, len(rows))
	for i, row := range rows {
		path := fmt.Sprintf("$.%s[%d]", key, i)
		o, isObject := row.(object)
		if !isObject {
			out = append(out, invalidAt(key, path, object{"expected_data_type": "jsonobject"}).item())
			continue
		}
		item, f := do(path, o)
		if f != nil {
			item = f.item()
		}
		out = append(out, item)
	}
	return answer{status: writeStatus(out, okStatus, c.b.opt.Dials.MixedStatus), body: object{key: out}}
}

// writeStatus follows the results: all good, all bad, or mixed (section 4.3).
func writeStatus(items []any, good, mixed int) int {
	failed := 0
	for _, it := range items {
		if o, _ := it.(object); text(o["status"]) == "error" {
			failed++
		}
	}
	switch failed {
	case 0:
		return good
	case len(items):
		return http.StatusBadRequest
	}
	return mixed
}

func invalidAt(name, path string, more object) *failure {
	d := object{"api_name": name, "json_path": path}
	for k, v := range more {
		d[k] = v
	}
	return &failure{code: "INVALID_DATA", message: "invalid data", details: d}
}

// inOrder walks a map by its keys: which of several faults is told must not
// change from run to run.
func inOrder[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range sortedKeys(m) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
