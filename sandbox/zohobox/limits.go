package zohobox

import (
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// fastClock is how much quicker limits pass under "fast": a day of credits is
// back in a minute and a half, ten minutes of tokens in under a second.
const fastClock = 1000

// heavyAtOnce is the sub-limit on heavy calls at once, the same in every
// edition; a write is heavy above ten records (section 14).
const (
	heavyAtOnce  = 10
	heavyRecords = 10
)

// window is a period of a limit on the clock that is in force.
func (b *Box) window(d time.Duration) time.Duration {
	if b.opt.Limits == "fast" {
		return d / fastClock
	}
	return d
}

// spent is what was used in one slice of the rolling day.
type spent struct {
	slice   int64
	credits int
}

// quota counts credits over a rolling day and calls at once (section 14).
type quota struct {
	running atomic.Int64
	heavy   atomic.Int64
	used    []spent
	total   int
}

func tooMany() *failure {
	return &failure{status: http.StatusTooManyRequests, code: "TOO_MANY_REQUESTS", message: "You have made too many requests. Please try again after some time."}
}

// tooMany is what a call too many is told. Some documents of the vendor name it
// otherwise: those of notifications, search and attachments (section 14).
func (b *Box) tooMany(c *call) *failure {
	f := tooMany()
	other := c.path[0] == "actions" || c.path[len(c.path)-1] == "search" || slices.Contains(c.path, "Attachments")
	if other && b.opt.Dials.RateLimitWord.is(true) {
		f.code, f.message = "RATE_LIMIT_EXCEEDED", "API rate limit exceeded. Please retry after some time"
	}
	return f
}

// enter counts a call as running and says whether it is one too many.
func (q *quota) enter(b *Box, weight int64, big bool) (release func(), busy bool) {
	if b.opt.Limits == "off" {
		return func() {}, false
	}
	n := q.running.Add(weight)
	var h int64
	if big {
		h = q.heavy.Add(1)
	}
	release = func() {
		q.running.Add(-weight)
		if big {
			q.heavy.Add(-1)
		}
	}
	return release, n > int64(b.edition().concurrency) || h > heavyAtOnce
}

// compositeWeight is how many calls at once a composite request stands for
// (section 6).
const compositeWeight = 5

func weightOf(c *call) int64 {
	if c.path[0] == compositePath {
		return compositeWeight
	}
	return 1
}

// heavyCall tells the calls that count against the sub-limit.
func heavyCall(c *call) bool {
	switch c.path[len(c.path)-1] {
	case "coql", "search", "convert", "mass_update", compositePath:
		return true
	}
	return len(list(c.body["data"])) > heavyRecords
}

const daySlices = 24 * 60

// roll forgets what was spent more than a day ago.
func (q *quota) roll(b *Box) int64 {
	slice := b.opt.Now().UnixNano() / int64(b.window(24*time.Hour)/daySlices)
	for len(q.used) > 0 && q.used[0].slice <= slice-daySlices {
		q.total -= q.used[0].credits
		q.used = q.used[1:]
	}
	return slice
}

func (b *Box) allowance() int {
	e := b.edition()
	n := e.base + e.perUser*b.licences()
	if e.ceiling > 0 {
		n = min(n, e.ceiling)
	}
	return n
}

// licences is how many people the organisation pays for: as many as it has,
// unless it was told another number (sections 9.4 and 14).
func (b *Box) licences() int {
	if b.opt.UserLicences > 0 {
		return b.opt.UserLicences
	}
	return len(b.users)
}

// spend takes the credits of a call from the day's allowance.
func (q *quota) spend(b *Box, c *call, rt route) *failure {
	if b.opt.Limits == "off" {
		return nil
	}
	cost := 1
	if rt.credits != nil {
		cost = rt.credits(c)
	}
	slice := q.roll(b)
	if q.total+cost > b.allowance() {
		return b.tooMany(c)
	}
	if n := len(q.used); n > 0 && q.used[n-1].slice == slice {
		q.used[n-1].credits += cost
	} else {
		q.used = append(q.used, spent{slice, cost})
	}
	q.total += cost
	return nil
}

// refund gives credits of the call that was just charged back.
func (q *quota) refund(b *Box, n int) {
	if b.opt.Limits == "off" || n == 0 {
		return
	}
	q.used[len(q.used)-1].credits -= n
	q.total -= n
}

// headers tells when the token lapses and, from half of the credits on, what is
// left of them.
func (q *quota) headers(b *Box, c *call, a *answer) {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header["X-Accesstoken-Reset"] = []string{c.token.Expires.UTC().Format(timeLayout)}
	if b.opt.Limits == "off" {
		return
	}
	if left := b.allowance() - q.total; q.total*2 >= b.allowance() {
		a.header["X-Api-Credits-Remaining"] = []string{strconv.Itoa(left)}
	}
}

// writeCredits: one for every ten records of a write.
func writeCredits(c *call) int {
	return max(1, (len(list(c.body["data"]))+9)/10)
}

// coqlCredits: one up to 200 rows, two up to 1000, three up to 2000.
func coqlCredits(c *call) int {
	q, err := parseQuery(text(c.body["select_query"]))
	switch {
	case err != nil || q.limit <= 200:
		return 1
	case q.limit <= 1000:
		return 2
	}
	return 3
}

// deletedCredits and listCredits follow the table of a sibling product while the
// dial says so (section 14).
func (b *Box) deletedCredits(*call) int {
	if b.opt.Dials.SiblingCredits.is(true) {
		return 2
	}
	return 1
}

func (b *Box) listCredits(c *call) int {
	if c.param("cvid") != "" && b.opt.Dials.SiblingCredits.is(true) {
		return 3
	}
	return 1
}
