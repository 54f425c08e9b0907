package zohobox

import (
	"math"
	"slices"
)

// candidates takes the cheapest way to the matching records: named ids, an
// equality index, a walk along ids or times, or all of them.
func (run *coqlRun) candidates() (hits []*record, ordered bool) {
	t := run.m.table
	if ids, found := run.byEquality(); found {
		for _, id := range ids {
			if r := t.get(id); r != nil && run.match(r) {
				hits = append(hits, r)
			}
		}
		return hits, false
	}
	index, from, desc := run.alongIndex()
	enough := run.q.offset + run.q.limit + 1
	take := func(e entry) bool {
		if r := t.get(e.id); run.match(r) {
			hits = append(hits, r)
		}
		return index == nil || len(hits) < enough
	}
	switch {
	case index == nil:
		if low, key := run.lowerBound("Modified_Time"); low {
			t.byModified.ascend(entry{key, math.MinInt64}, take)
			return hits, false
		}
		t.byID.ascend(entry{}, take)
		return hits, false
	case desc:
		index.descend(entry{math.MaxInt64, math.MaxInt64}, take)
	default:
		index.ascend(from, take)
	}
	return hits, true
}

// alongIndex chooses an index that already has the wanted order.
func (run *coqlRun) alongIndex() (index *sorted, from entry, desc bool) {
	t := run.m.table
	if len(run.q.order) > 2 || len(run.q.order) == 2 && (run.q.order[1].path != "id" || run.q.order[1].desc != run.q.order[0].desc) {
		return nil, entry{}, false
	}
	path := "id"
	if len(run.q.order) > 0 {
		path, desc = run.q.order[0].path, run.q.order[0].desc
	}
	switch path {
	case "id":
		if len(run.q.order) == 0 {
			if low, _ := run.lowerBound("Modified_Time"); low {
				return nil, entry{}, false
			}
		}
		index = &t.byID
	case "Modified_Time":
		index = &t.byModified
	case "Created_Time":
		index = &t.byCreated
	default:
		return nil, entry{}, false
	}
	from = entry{math.MinInt64, math.MinInt64}
	if low, key := run.lowerBound(path); low {
		from.key = key
	}
	return index, from, desc
}

// conjuncts visits the conditions that must all hold.
func (run *coqlRun) conjuncts(visit func(*condition)) {
	var walk func(*condition)
	walk = func(c *condition) {
		switch c.op {
		case "and":
			walk(c.left)
			walk(c.right)
		case "or":
		default:
			visit(c)
		}
	}
	walk(run.q.where)
}

// lowerBound is the smallest key of an index that the where clause allows.
func (run *coqlRun) lowerBound(path string) (found bool, key int64) {
	run.conjuncts(func(c *condition) {
		if c.path != path || c.op != ">" && c.op != ">=" && c.op != "between" {
			return
		}
		var at int64
		if path == "id" {
			at, _ = parseID(c.values[0])
		} else {
			t, _ := parseMoment(c.values[0])
			at = t.Unix()
		}
		if !found || at > key {
			found, key = true, at
		}
	})
	return found, key
}

// byEquality uses ids, or the index of a field, when a condition names exact
// values.
func (run *coqlRun) byEquality() (ids []int64, found bool) {
	run.conjuncts(func(c *condition) {
		if found || c.op != "=" && c.op != "in" {
			return
		}
		f := run.m.field(c.path)
		if f == nil {
			return
		}
		switch {
		case f.Name == "id":
			found = true
			for _, v := range c.values {
				if id, valid := parseID(v); valid {
					ids = append(ids, id)
				}
			}
		case indexed(f):
			found = true
			for _, v := range c.values {
				ids = append(ids, run.m.table.holding(f.Name, v)...)
			}
		}
	})
	slices.Sort(ids)
	return slices.Compact(ids), found
}

// indexed fields are worth an equality index.
func indexed(f *field) bool {
	switch f.Type {
	case "text", "email", "phone", "website", "autonumber", "bigint", "lookup", "ownerlookup":
		return f.Name != "id"
	}
	return false
}
