package qbobox

import (
	"strings"
	"time"
)

func (b *Box) reportDates(rq *request, q *reportQuery) *fault {
	get := rq.query.Get
	today := b.today()
	q.start, q.end, q.asOf = today[:4]+"-01-01", today, today
	if get("start_date") == "" && get("end_date") == "" && get("date_macro") == "" {
		q.macro = "this calendar year-to-date"
	}
	if m := get("date_macro"); m != "" {
		from, to, ok := b.macro(m)
		if !ok {
			return badEnum("date_macro", m)
		}
		q.macro, q.start, q.end, q.asOf = m, from, to, to
	}
	for key, into := range inOrder(map[string]*string{"start_date": &q.start, "end_date": &q.end, "report_date": &q.asOf}) {
		v := get(key)
		if v == "" {
			continue
		}
		if _, err := time.Parse(dateLayout, v); err != nil {
			return badDate(key)
		}
		*into = v
	}
	if get("end_date") != "" && get("report_date") == "" {
		q.asOf = q.end
	}
	if q.start > q.end {
		if get("start_date") != "" {
			return badDate("start_date")
		}
		q.start = q.end[:4] + "-01-01"
	}
	q.aged = q.asOf
	if strings.EqualFold(get("aging_method"), "Current") {
		q.aged = today
	}
	return nil
}

// macro are the named periods that need no calendar of weeks.
func (b *Box) macro(name string) (from, to string, ok bool) {
	today := b.today()
	t, err := time.Parse(dateLayout, today)
	if err != nil {
		return "", "", false
	}
	day := func(y int, m time.Month, d int) string {
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(dateLayout)
	}
	y, m := t.Year(), t.Month()
	q := (m-1)/3*3 + 1
	n := strings.ToLower(strings.ReplaceAll(name, "Calendar ", ""))
	n = strings.ReplaceAll(strings.ReplaceAll(n, "calendar ", ""), "fiscal ", "")
	switch n {
	case "all":
		last := today
		for _, e := range b.ledger.entries {
			last = max(last, e.Date)
		}
		return beforeAll, last, true
	case "today":
		return today, today, true
	case "yesterday":
		return addDays(today, -1), addDays(today, -1), true
	case "this month":
		return day(y, m, 1), day(y, m+1, 0), true
	case "this month-to-date":
		return day(y, m, 1), today, true
	case "last month":
		return day(y, m-1, 1), day(y, m, 0), true
	case "this quarter":
		return day(y, q, 1), day(y, q+3, 0), true
	case "this quarter-to-date":
		return day(y, q, 1), today, true
	case "last quarter":
		return day(y, q-3, 1), day(y, q, 0), true
	case "this year":
		return day(y, 1, 1), day(y, 12, 31), true
	case "this year-to-date":
		return day(y, 1, 1), today, true
	case "last year":
		return day(y-1, 1, 1), day(y-1, 12, 31), true
	default:
		return "", "", false
	}
}
