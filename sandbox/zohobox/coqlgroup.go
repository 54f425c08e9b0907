package zohobox

import "github.com/shopspring/decimal"

// aggregate groups all matching records.
func (run *coqlRun) aggregate() []any {
	type bucket struct {
		first *record
		all   []*record
	}
	buckets := map[string]*bucket{}
	var order []string
	run.m.table.byID.ascend(entry{}, func(e entry) bool {
		r := run.m.table.get(e.id)
		if !run.match(r) {
			return true
		}
		key := ""
		for _, a := range run.group {
			key += indexKey(run.b.stored(a, r)) + "\x00"
		}
		if buckets[key] == nil {
			buckets[key] = &bucket{first: r}
			order = append(order, key)
		}
		buckets[key].all = append(buckets[key].all, r)
		return true
	})
	out := []any{}
	for _, key := range order {
		o := object{}
		for i, col := range run.q.columns {
			name := col.path
			switch {
			case col.alias != "":
				name = col.alias
			case col.fn != "":
				name = col.fn + "(" + col.path + ")"
			}
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
