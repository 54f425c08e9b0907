package zohobox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// bucket are the records of one group.
type bucket struct {
	first *record
	all   []*record
}

// aggregate groups all matching records.
func (run *coqlRun) aggregate() []any {
	buckets := map[string]*bucket{}
	var order []string
	run.m.table.byID.ascend(entry{}, func(e entry) bool {
		r := run.m.table.get(e.id)
		if !run.match(r) {
			return true
		}
		key := ""
		for _, a := range run.group {
			key += strings.ToLower(text(shown(run.b.stored(a, r)))) + "\x00"
		}
		if buckets[key] == nil {
			buckets[key] = &bucket{first: r}
			order = append(order, key)
		}
		buckets[key].all = append(buckets[key].all, r)
		return true
	})
	run.sortGroups(order, buckets)
	out := []any{}
	for _, key := range order {
		o := object{}
		for i, col := range run.q.columns {
			name := col.key()
			if col.fn == "" {
				o[name] = run.b.coqlValue(run.cols[i], buckets[key].first, run.c)
				continue
			}
			o[name] = run.fold(col.fn, run.cols[i], buckets[key].all)
		}
		out = append(out, o)
	}
	return out
}

// sortGroups puts groups into the order asked for: by a column they are grouped
// by, or by an aggregate through its alias.
func (run *coqlRun) sortGroups(keys []string, buckets map[string]*bucket) {
	value := func(i int, of *bucket) any {
		if run.q.order[i].fn == "" {
			return run.b.stored(run.order[i], of.first)
		}
		v := run.fold(run.q.order[i].fn, run.order[i], of.all)
		if n, isCount := v.(int); isCount {
			return json.Number(strconv.Itoa(n))
		}
		return v
	}
	slices.SortStableFunc(keys, func(x, y string) int {
		for i := range run.order {
			d := compareStored(value(i, buckets[x]), value(i, buckets[y]))
			if run.q.order[i].desc {
				d = -d
			}
			if d != 0 {
				return d
			}
		}
		return 0
	})
}

func (run *coqlRun) fold(fn string, a access, rows []*record) any {
	sum, n := decimal.Zero, 0
	var best any
	for _, r := range rows {
		v := run.b.stored(a, r)
		if v == nil {
			continue
		}
		n++
		sum = sum.Add(number(v))
		if d := compareStored(v, best); best == nil || fn == "MIN" && d < 0 || fn == "MAX" && d > 0 {
			best = v
		}
	}
	switch fn {
	case "COUNT":
		return n
	case "SUM":
		return numeral(sum)
	case "AVG":
		if n == 0 {
			return nil
		}
		return numeral(sum.DivRound(decimal.NewFromInt(int64(n)), 9))
	}
	if t, isTime := moment(best); isTime {
		return stamp(t, run.c.zone())
	}
	return best
}
