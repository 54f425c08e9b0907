package engine

import (
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"crossbook"
	"crossbook/problem"
)

// keyWrites is kept in a CRM base: what was lately written to the pair, so that
// a field that somebody else keeps changing back is noticed. It is no CRM field.
const keyWrites = "#writes"

// pingPongWithin is how long writes are remembered for that (design section 5).
const pingPongWithin = 15 * time.Minute

// lateWrite is one value lately written to one field of one side.
type lateWrite struct {
	at    time.Time
	field string // side and field
	value string // its hash: values are customer data
}

func writtenField(s crossbook.Side, field string) string { return string(s) + "." + field }

func hashed(value string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(value))
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// lateWrites reads what a base remembers of the last quarter of an hour.
func lateWrites(base crossbook.Fields, now time.Time) []lateWrite {
	var out []lateWrite
	for entry := range strings.SplitSeq(base[keyWrites], " ") {
		parts := strings.Split(entry, "|")
		if len(parts) != 3 {
			continue
		}
		seconds, err := strconv.ParseInt(parts[0], 36, 64)
		at := time.Unix(seconds, 0)
		if err != nil || now.Sub(at) > pingPongWithin {
			continue
		}
		out = append(out, lateWrite{at, parts[1], parts[2]})
	}
	return out
}

// rememberWrites adds an update's fields to what the base remembers.
func rememberWrites(base crossbook.Fields, op crossbook.Op, now time.Time) {
	if op.Kind != crossbook.Update {
		return
	}
	writes := lateWrites(base, now)
	for _, c := range op.Changes {
		writes = append(writes, lateWrite{now, writtenField(op.Side, c.Field), hashed(c.New)})
	}
	entries := make([]string, len(writes))
	for i, w := range writes {
		entries[i] = strconv.FormatInt(w.at.Unix(), 36) + "|" + w.field + "|" + w.value
	}
	base[keyWrites] = strings.Join(entries, " ")
}

// pingPong is the field of an update that would be written a third time within
// a quarter of an hour with alternating values: something else keeps changing
// it. That is a problem, not a loop. The values alternate on one side, or go to
// and fro between the two: something on each side puts its own back.
func pingPong(base crossbook.Fields, side crossbook.Side, changes []crossbook.Change, now time.Time) (field string, yes bool) {
	writes := lateWrites(base, now)
	for _, c := range changes {
		here, there := writtenField(side, c.Field), writtenField(side.Other(), c.Field)
		var same, both []lateWrite
		for _, w := range writes {
			if w.field == here {
				same = append(same, w)
			}
			if w.field == here || w.field == there {
				both = append(both, w)
			}
		}
		next := hashed(c.New)
		n := len(both)
		toAndFro := n >= 2 && both[n-1].field == there && both[n-2].field == here
		if alternates(same, next) || toAndFro && alternates(both, next) {
			return c.Field, true
		}
	}
	return "", false
}

// alternates tells whether a value would come back after another one.
func alternates(writes []lateWrite, next string) bool {
	n := len(writes)
	return n >= 2 && writes[n-1].value != next && writes[n-2].value == next
}

// stopPingPong makes a problem of such an update and tells whether it did.
func (d *decider) stopPingPong(u *unit, p pair, side crossbook.Side, changes []crossbook.Change) bool {
	var twoWay []crossbook.Change
	for _, c := range changes {
		// What only comes from QuickBooks may well go there and back in a while: a
		// balance does when a payment is taken back.
		if pr, ok := d.t.mapping.Pair(p.link.Module, c.Field); ok && pr.ToCRM() && pr.ToBooks() {
			twoWay = append(twoWay, c)
		}
	}
	field, yes := pingPong(p.link.BaseCRM, side, twoWay, d.now)
	if !yes {
		return false
	}
	pr, _ := d.t.mapping.Pair(p.link.Module, field)
	d.fail(u, p.link.Module, p.name, problem.PingPong(pr.Label, d.about(p.link.Module, p.link.Entity, p.name)))
	return true
}
