package zohobox

import (
	"sync"
	"time"
)

// writeEntry is one change as the state page tells it.
type writeEntry struct {
	Seq       int       `json:"seq"`
	Time      time.Time `json:"time"`
	Actor     string    `json:"actor"` // api, workflow, or the person's name
	User      string    `json:"user"`
	Op        string    `json:"op"`
	Type      string    `json:"type"`
	ID        string    `json:"id"`
	RequestID string    `json:"request_id"`
	Values    object    `json:"values"`
	Trigger   []any     `json:"trigger"`    // as sent; null when it was omitted
	Automated bool      `json:"automation"` // something of the organisation's automation ran
}

// object is the entry as JSON shows it.
func (e *writeEntry) object() object {
	o := object{
		"seq": e.Seq, "time": e.Time.Format(time.RFC3339), "actor": e.Actor, "user": e.User, "op": e.Op, "type": e.Type, "id": e.ID,
		"request_id": e.RequestID, "values": nil, "trigger": nil, "automation": e.Automated,
	}
	if e.Values != nil {
		o["values"] = e.Values
	}
	if e.Trigger != nil {
		o["trigger"] = e.Trigger
	}
	return o
}

// logWrite appends to the write log.
func (b *Box) logWrite(c *call, op, module, id string, values object) {
	actor := c.batch.person
	if actor == "" {
		actor = "api"
	}
	e := writeEntry{
		Seq: len(b.writes) + 1, Time: b.now(), Actor: actor, User: c.user.name(), Op: op, Type: module, ID: id,
		RequestID: c.batch.requestID, Values: values, Trigger: c.batch.trigger, Automated: c.batch.automation,
	}
	b.writes = append(b.writes, e)
	b.save("write", paddedSeq(e.Seq), e)
}

func paddedSeq(n int) string {
	s := formatID(int64(n))
	return "0000000000"[:10-len(s)] + s
}

// callLog counts calls by kind and by route. It has a lock of its own, because
// refused calls never take the box's.
type callLog struct {
	mu      sync.Mutex
	byKind  map[string]int
	byRoute map[string]int
}

func newCallLog() callLog { return callLog{byKind: map[string]int{}, byRoute: map[string]int{}} }

func (l *callLog) count(kind, route string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.byKind[kind]++
	l.byRoute[route]++
}

func (l *callLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.byKind)
	clear(l.byRoute)
}

func (l *callLog) snapshot() (byKind, byRoute object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	byKind, byRoute = object{}, object{}
	for _, k := range []string{kindRead, kindWrite, kindMeta, kindOAuth, kindChannel, kindOther} {
		byKind[k] = l.byKind[k]
	}
	for k, n := range l.byRoute {
		byRoute[k] = n
	}
	return byKind, byRoute
}
