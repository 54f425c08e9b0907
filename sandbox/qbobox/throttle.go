package qbobox

import (
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// The vendor's limits (reference section 11). Those of a company are shared by
// all apps that are connected to it.
const (
	companyMinute = 500 // requests of all apps
	appSecond     = 10
	appBatches    = 40
	allBatches    = 120
	appEverywhere = 800 // requests of one app at all of the vendor's addresses
)

// throttleWait is how long everything is refused after a 429.
const throttleWait = time.Minute

// limiter is the vendor's throttle for one company and its apps.
type limiter struct {
	mu       sync.Mutex
	until    time.Time // everything is refused before
	minute   tally
	second   tally
	batches  tally
	everyone tally // batches of all apps
	anywhere tally
}

// tally holds the moments of the calls that still count.
type tally []time.Time

// full forgets what is past and tells whether there is no room for one more.
func (w *tally) full(now time.Time, width time.Duration, most int) bool {
	keep := (*w)[:0]
	for _, t := range *w {
		if now.Sub(t) < width {
			keep = append(keep, t)
		}
	}
	*w = keep
	return len(keep) >= most
}

func (w *tally) add(now time.Time, count int) {
	for range count {
		*w = append(*w, now)
	}
}

// pace is how much quicker than the real one the clock of the limits runs.
func (b *Box) pace() time.Duration {
	if b.opt.Limits == "fast" {
		return 60
	}
	return 1
}

// throttle refuses what is above the limits.
func (b *Box) throttle(rq *request) *fault {
	if most := b.monthly(); most > 0 && b.calls.spent(rq.now, most) && b.metered(rq) {
		return throttled()
	}
	return b.admit(rq.now, rq.parts[0] == "batch", true)
}

// admit lets one call of the app in, to the company or to another address.
func (b *Box) admit(now time.Time, batch, company bool) *fault {
	if b.opt.Limits == "off" {
		return nil
	}
	l, pace := &b.limiter, b.pace()
	minute, second := time.Minute/pace, time.Second/pace
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.until) {
		return throttled()
	}
	over := l.anywhere.full(now, minute, appEverywhere)
	if company {
		over = l.second.full(now, second, appSecond) || l.minute.full(now, minute, companyMinute) || over
	}
	if batch {
		over = l.batches.full(now, minute, appBatches) || l.everyone.full(now, minute, allBatches) || over
	}
	if over {
		if !b.opt.Dials.ThrottleEndsWithItsWindow {
			l.until = now.Add(throttleWait / pace)
		}
		return throttled()
	}
	l.anywhere.add(now, 1)
	if company {
		l.second.add(now, 1)
		l.minute.add(now, 1)
	}
	if batch {
		l.batches.add(now, 1)
		l.everyone.add(now, 1)
	}
	return nil
}

// crowded answers for the addresses of the vendor that are no company's.
func (b *Box) crowded(w http.ResponseWriter) bool {
	flt := b.admit(b.now(), false, false)
	if flt != nil {
		b.plainJSON(w, flt.Status, flt.body(b.now()))
	}
	return flt != nil
}

// trafficMost is more calls at once than any limit lets through.
const trafficMost = 10_000

// traffic plays what others send in this moment: other apps to this company,
// this app to the vendor's other interfaces, the workspace's other apps to
// other companies.
func (b *Box) traffic(data object) (Result, error) {
	counts := map[string]int{}
	for key, most := range map[string]int64{"Requests": trafficMost, "Batches": trafficMost, "Elsewhere": trafficMost, "Reads": math.MaxInt32} {
		n := num(data, key)
		if data[key] != nil && !hasNum(data, key) || n.IsNegative() || n.GreaterThan(decimal.NewFromInt(most)) {
			return Result{}, fmt.Errorf("of Requests, Batches and Elsewhere there are 0 to %d, of Reads 0 to %d", trafficMost, math.MaxInt32)
		}
		counts[key] = int(n.IntPart())
	}
	now, l := b.now(), &b.limiter
	b.calls.elsewhere(now, counts["Reads"])
	l.mu.Lock()
	defer l.mu.Unlock()
	l.minute.add(now, counts["Requests"]+counts["Batches"])
	l.everyone.add(now, counts["Batches"])
	l.anywhere.add(now, counts["Elsewhere"])
	return Result{Count: counts["Requests"] + counts["Batches"] + counts["Elsewhere"] + counts["Reads"]}, nil
}
