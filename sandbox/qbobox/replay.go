package qbobox

import (
	"strings"
	"time"
)

// replay is an answer kept under its request id (reference section 9).
type replay struct {
	Answer answer    `json:"answer"`
	Until  time.Time `json:"until"`
}

// replayed runs a write once per request id. The same id brings the first
// answer back, byte for byte, and writes nothing, whatever the body says now.
func (b *Box) replayed(rq *request, id string, run func() answer) answer {
	if id == "" {
		return run()
	}
	old, known := b.replays[id]
	switch {
	case known && rq.now.Before(old.Until):
		b.calls.replayed()
		return old.Answer
	case known && b.opt.Dials.UsedRequestIDIs600:
		return rq.refusedID(id)
	}
	a := run()
	if a.keep {
		b.remember(rq, id, a)
	}
	return a
}

// refusedID is the answer to a number that was used and whose answer is
// forgotten (reference section 9, code 600); of a batch it concerns one item.
func (rq *request) refusedID(id string) answer {
	flt := coded("600", "Duplicate Request ID")
	if _, bid, item := strings.Cut(id, "\x00"); item {
		return answer{Body: itemAnswer(bid, "Fault", encode(flt.inner()))}
	}
	return rq.fault(flt)
}

func (b *Box) remember(rq *request, id string, a answer) {
	if len(b.replays)%1000 == 999 && !b.opt.Dials.UsedRequestIDIs600 {
		for k, old := range b.replays {
			if !rq.now.Before(old.Until) {
				delete(b.replays, k)
				b.saved.replayGone = append(b.saved.replayGone, k)
			}
		}
	}
	b.replays[id] = replay{Answer: a, Until: rq.now.Add(b.opt.Dials.RequestIDLife)}
	b.saved.replays = append(b.saved.replays, id)
}
