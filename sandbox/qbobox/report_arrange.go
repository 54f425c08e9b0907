package qbobox

import (
	"cmp"
	"slices"
	"strings"
)

// arrange puts the rows in the order that was asked for and leaves the columns
// that were asked for, in their order.
func (q *reportQuery) arrange(kind reportKind, columns, rows []any) (cols, out []any, flt *fault) {
	keys := make([]string, len(columns))
	for i, c := range columns {
		keys[i] = columnKey(c)
	}
	by := len(keys) - 1 // a report of sums is sorted by the last of them
	if q.sortBy != "" {
		if by = slices.Index(keys, q.sortBy); by < 0 {
			return nil, nil, badEnum("sort_by", q.sortBy)
		}
	}
	if len(kind.shown) == 0 && (q.sortOrder != "" || q.sortBy != "") {
		sortRows(rows, by, q.sortOrder == "descend")
	}
	asked := q.columns
	if len(asked) == 0 {
		asked = kind.shown
	}
	if len(asked) == 0 {
		return columns, rows, nil
	}
	pick := make([]int, len(asked))
	for i, k := range asked {
		if pick[i] = slices.Index(keys, k); pick[i] < 0 {
			return nil, nil, badEnum("columns", k)
		}
		cols = append(cols, columns[pick[i]])
	}
	pickRows(rows, pick, len(columns), colType(cols[0]) == "Money")
	return cols, rows, nil
}

func columnKey(column any) string {
	o, _ := column.(object)
	meta, _ := o["MetaData"].([]any)
	for _, m := range meta {
		if kv, is := m.(object); is && str(kv, "Name") == "ColKey" {
			return str(kv, "Value")
		}
	}
	return ""
}

func colType(column any) string {
	o, _ := column.(object)
	return str(o, "ColType")
}

// below are the rows inside a section.
func below(row object) []any {
	in, _ := row["Rows"].(object)
	rows, _ := in["Row"].([]any)
	return rows
}

// sortRows orders the accounts, people or items of each section; headings and
// sums keep their places.
func sortRows(rows []any, by int, down bool) {
	var at []int
	var free []object
	for i, r := range rows {
		row, _ := r.(object)
		sortRows(below(row), by, down)
		if row["group"] == nil {
			at, free = append(at, i), append(free, row)
		}
	}
	slices.SortStableFunc(free, func(x, y object) int {
		n := compareCells(valueAt(x, by), valueAt(y, by))
		if down {
			return -n
		}
		return n
	})
	for i, r := range free {
		rows[at[i]] = r
	}
}

// valueAt is what a row shows in a column; of a section its sum.
func valueAt(row object, i int) string {
	cells, _ := row["ColData"].([]any)
	for _, part := range []string{"Header", "Summary"} {
		if in, is := row[part].(object); is {
			cells, _ = in["ColData"].([]any)
		}
	}
	if i >= len(cells) {
		return ""
	}
	c, _ := cells[i].(object)
	return str(c, "value")
}

// compareCells puts numbers in the order of their amounts, everything else in
// that of its letters.
func compareCells(a, b string) int {
	x, ok1 := toDecimal(jsonNumber(a))
	y, ok2 := toDecimal(jsonNumber(b))
	if ok1 && ok2 {
		return x.Cmp(y)
	}
	return cmp.Compare(strings.ToLower(a), strings.ToLower(b))
}

// pickRows leaves the wanted cells of every row. The name of a section or sum
// stands in the first column; where that is money, it gets a cell of its own
// before it (recorded).
func pickRows(rows []any, pick []int, width int, money bool) {
	for _, r := range rows {
		row, _ := r.(object)
		if cells, is := row["ColData"].([]any); is && len(cells) == width {
			row["ColData"] = picked(cells, pick)
		}
		if h, is := row["Header"].(object); is {
			if cells, is := h["ColData"].([]any); is && len(cells) == width {
				named := picked(cells, pick)
				named[0] = cells[0]
				h["ColData"] = named
			}
		}
		if s, is := row["Summary"].(object); is {
			if cells, is := s["ColData"].([]any); is && len(cells) == width {
				named := picked(cells, pick)
				if money {
					named = append([]any{cells[0]}, named...)
				} else {
					named[0] = cells[0]
				}
				s["ColData"] = named
			}
		}
		pickRows(below(row), pick, width, money)
	}
}

func picked(cells []any, pick []int) []any {
	out := make([]any, len(pick))
	for i, p := range pick {
		out[i] = cells[p]
	}
	return out
}
