package qbobox

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Kinds of calls, as both sandboxes count them.
const (
	kindRead     = "record_read"
	kindWrite    = "record_write"
	kindMetadata = "metadata"
	kindOAuth    = "oauth"
	kindOther    = "other"
)

// calls counts what a client asked for. Core calls bring data in and are
// free; CorePlus calls bring data out and are metered (reference section 11).
type calls struct {
	mu       sync.Mutex
	kinds    map[string]int
	routes   map[string]int
	core     int
	corePlus int
	replays  int
	month    string // of the metered reads below
	metered  int
	day      string // of the mails below
	mails    int
}

func (c *calls) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kinds = map[string]int{kindRead: 0, kindWrite: 0, kindMetadata: 0, kindOAuth: 0, "channel": 0, kindOther: 0}
	c.routes = map[string]int{}
	c.core, c.corePlus, c.replays = 0, 0, 0
}

func (c *calls) count(_ *http.Request, kind, route string, rq *request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kinds[kind]++
	c.routes[route]++
	switch {
	case rq == nil || rq.parts[0] == "batch": // a batch is counted item by item
	case kind == kindWrite, kind == kindMetadata && rq.method == http.MethodPost && rq.parts[0] != "query":
		c.core++
	case kind == kindRead || kind == kindMetadata:
		c.read(rq.now)
	}
}

// read counts one metered call. The caller holds the lock.
func (c *calls) read(now time.Time) {
	c.corePlus++
	c.turn(now)
	c.metered++
}

// turn starts the count of a new month.
func (c *calls) turn(now time.Time) {
	if m := now.UTC().Format("2006-01"); m != c.month {
		c.month, c.metered = m, 0
	}
}

// spent tells whether this month's metered reads are used up.
func (c *calls) spent(now time.Time, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn(now)
	return c.metered >= most
}

// mail counts one mail of the day, unless there were enough.
func (c *calls) mail(day string, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if day != c.day {
		c.day, c.mails = day, 0
	}
	c.mails++
	return c.mails <= most
}

func (c *calls) item(now time.Time, read bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if read {
		c.read(now)
	} else {
		c.core++
	}
}

// elsewhere counts metered reads of the workspace's other apps, which use up
// the same month (reference section 11).
func (c *calls) elsewhere(now time.Time, reads int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn(now)
	c.metered += reads
}

func (c *calls) replayed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replays++
}

func (c *calls) report() object {
	c.mu.Lock()
	defer c.mu.Unlock()
	kinds, routes := object{}, object{}
	for k, n := range c.kinds {
		kinds[k] = n
	}
	for k, n := range c.routes {
		routes[k] = n
	}
	return object{"by_kind": kinds, "by_route": routes, "core": c.core, "core_plus": c.corePlus, "replays": c.replays}
}

func (b *Box) countCall(r *http.Request, kind string) {
	b.calls.count(r, kind, r.Method+" "+r.URL.Path, nil)
}

// kindOf classes a company call.
func (b *Box) kindOf(rq *request) string {
	switch rq.parts[0] {
	case "query":
		q := rq.query.Get("query")
		if q == "" {
			q = string(rq.body)
		}
		if s, flt := parseQuery(q); flt == nil {
			if e := b.entities[strings.ToLower(s.entity)]; e != nil && referenceLists[e.name] {
				return kindMetadata
			}
		}
		return kindRead
	case "cdc":
		return kindRead
	case "batch":
		if body, err := decode(rq.body); err == nil {
			for _, it := range list(body, "BatchItemRequest") {
				if str(it, "Query") == "" {
					return kindWrite
				}
			}
		}
		return kindRead
	case "companyinfo", "preferences", "exchangerate", "taxservice":
		return kindMetadata
	}
	if rq.method == http.MethodPost {
		return kindWrite
	}
	if e := b.entities[rq.parts[0]]; e != nil && referenceLists[e.name] {
		return kindMetadata
	}
	return kindRead
}

// routeOf names a call's route without its ids.
func routeOf(rq *request) string {
	r := rq.method + " " + rq.parts[0]
	if len(rq.parts) > 1 {
		r += "/{id}"
	}
	if len(rq.parts) > 2 {
		r += "/" + rq.parts[2]
	}
	return r
}

const (
	monthlyReads = 500000 // the free tier, then blocked until the next month
	dailyMails   = 40     // of a test company
)

// monthly is how many metered reads a month has, 0 without a bound.
func (b *Box) monthly() int {
	if b.opt.MonthlyReads == 0 && b.opt.Limits != "off" {
		return monthlyReads
	}
	return b.opt.MonthlyReads
}

// metered tells whether a call brings data out, queries by POST included.
func (b *Box) metered(rq *request) bool {
	kind := b.kindOf(rq)
	return kind == kindRead || kind == kindMetadata && (rq.method == http.MethodGet || rq.parts[0] == "query")
}
