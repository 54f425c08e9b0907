package qbobox

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	changesLimit = 1000
	changesReach = 30 * 24 * time.Hour
)

// answerChanges is change data capture (reference section 7): full objects
// newest first, stubs of deleted transactions, at most 1,000 in all, and no
// sign that something was cut off.
func (b *Box) answerChanges(rq *request) answer {
	inner, flt := b.changesIn(rq.now, rq.query.Get("entities"), rq.query.Get("changedSince"))
	if flt != nil {
		return rq.fault(flt)
	}
	return rq.envelope("CDCResponse", inner)
}

// changesIn is the inside of an answer; batch items hold one too.
func (b *Box) changesIn(now time.Time, names, raw string) ([]byte, *fault) {
	if strings.TrimSpace(names) == "" {
		return nil, missing("entities")
	}
	if raw == "" {
		return nil, missing("changedSince")
	}
	since, ok := parseTime(raw) // a plus sign that was not percent-encoded has become a blank
	if !ok {
		return nil, badDate("changedSince")
	}
	if now.Sub(since) > changesReach {
		return nil, validation("4001", "Invalid query",
			"QueryValidationError: changedSince must be within the last 30 days", elementNone)
	}
	if flt := b.before(since); flt != nil {
		return nil, flt
	}
	left := changesLimit
	var parts [][]byte
	for n := range strings.SplitSeq(names, ",") {
		e := b.entities[strings.ToLower(strings.TrimSpace(n))]
		if e == nil || e.noChanges {
			return nil, queryError("Entity " + strings.TrimSpace(n) + " is not supported by change data capture")
		}
		part, rows := b.changes(e, since, left)
		left -= rows
		parts = append(parts, part)
	}
	if !b.opt.Dials.ChangesInOrder && len(parts) > 1 { // the vendor promises no order
		parts = append(parts[1:], parts[0])
	}
	inner := append([]byte(`[{"QueryResponse":[`), bytes.Join(parts, []byte(","))...)
	return append(inner, "]}]"...), nil
}

func (b *Box) changes(e *entity, since time.Time, left int) ([]byte, int) {
	from := since.Unix()
	if since.Nanosecond() > 0 {
		from++
	}
	all := b.tables[e.path()].times.all()
	at, _ := slices.BinarySearchFunc(all, from, func(r *record, t int64) int {
		if r.updated < t {
			return -1
		}
		return 1
	})
	var rows [][]byte
	for _, r := range slices.Backward(all[at:]) {
		if len(rows) == left {
			break
		}
		rows = append(rows, b.row(r))
	}
	for _, d := range b.deleted[e.name] {
		if d.Time >= from && len(rows) < left {
			rows = append(rows, encode(object{
				"domain": "QBO", "status": "Deleted", "Id": d.ID, "MetaData": object{"LastUpdatedTime": stampText(d.Time)},
			}))
		}
	}
	if len(rows) == 0 {
		return []byte("{}"), 0
	}
	var buf bytes.Buffer
	buf.WriteString(`{"` + e.name + `":[`)
	buf.Write(bytes.Join(rows, []byte(",")))
	fmt.Fprintf(&buf, `],"startPosition":1,"maxResults":%d`, len(rows))
	if e.totalCount || e.name == "Estimate" {
		fmt.Fprintf(&buf, `,"totalCount":%d`, len(rows))
	}
	buf.WriteString("}")
	return buf.Bytes(), len(rows)
}
