package qbobox

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// period is one column of a report: a time, or a record of a list within it.
type period struct {
	title, start, end string
	list, id          string // what the column is about; "" is everything
}

// holds tells whether a posting belongs into the column.
func (p period) holds(e *entry, one posting) bool {
	return p.list == "" || keyOfColumn(p.list, e, one) == p.id
}

// keyOfColumn is the record of a list that a posting is about, "" for none.
func keyOfColumn(list string, e *entry, p posting) string {
	switch list {
	case "Class":
		return p.Class
	case "Department":
		return p.Department
	case "Item":
		return p.Item
	}
	if kind, id := splitHandle(e.Who); kind == list {
		return id
	}
	return ""
}

// The ways to cut a report into columns (X): months of a period, or a list.
var (
	stepsOfTime = map[string]int{"month": 1, "quarter": 3, "year": 12, "fiscalquarter": 3, "fiscalyear": 12}
	columnLists = map[string]string{
		"customers": "Customer", "vendors": "Vendor", "employees": "Employee", "departments": "Department", "classes": "Class", "productsandservices": "Item",
	}
)

// reportColumns cuts the report into the columns that were asked for.
func (b *Box) reportColumns(by string, q *reportQuery, kind reportKind) *fault {
	whole := period{title: "Total", start: q.start, end: q.end}
	q.periods = []period{whole}
	word := strings.ToLower(by)
	if by == "" || word == "total" {
		return nil
	}
	if !kind.slice {
		return badEnum("summarize_column_by", by)
	}
	q.by = by
	var columns []period
	switch {
	case stepsOfTime[word] > 0:
		columns = b.months(q, stepsOfTime[word], strings.HasPrefix(word, "fiscal"))
	case word == "week", word == "days":
		columns = b.weeks(q, word == "week")
	case columnLists[word] != "":
		columns = b.listed(q, columnLists[word])
	default:
		return badEnum("summarize_column_by", by)
	}
	if len(columns) > 0 {
		columns = append(columns, whole)
		q.periods = columns
	}
	return nil
}

// mostColumns bounds what one report is cut into.
const mostColumns = 800

func (b *Box) months(q *reportQuery, months int, fiscal bool) (out []period) {
	from, to, ok := q.days2()
	if !ok {
		return nil
	}
	first := time.January
	if fiscal {
		if t, err := time.Parse(dateLayout, b.fiscalStart(q.start)); err == nil {
			first = t.Month()
		}
	}
	for !from.After(to) && len(out) < mostColumns {
		into := (int(from.Month()) - int(first) + 12) % 12 % months
		begin := time.Date(from.Year(), from.Month()-time.Month(into), 1, 0, 0, 0, 0, time.UTC)
		next := begin.AddDate(0, months, 0)
		last := next.AddDate(0, 0, -1)
		whole := from.Equal(begin) && !last.After(to)
		if last.After(to) {
			last = to
		}
		out = append(out, period{title: monthsTitle(from, last, months, whole), start: from.Format(dateLayout), end: last.Format(dateLayout)})
		from = next
	}
	return out
}

// monthsTitle names a column of months: whole ones by their months, others by
// their days (recorded).
func monthsTitle(from, last time.Time, months int, whole bool) string {
	switch {
	case months == 1:
		return from.Format("Jan 2006")
	case whole:
		return from.Format("Jan") + " - " + last.Format("Jan 2006")
	default:
		return from.Format("Jan 2") + " - " + last.Format("Jan 2, 2006")
	}
}

// weeks are those that begin on Sunday, or single days.
func (b *Box) weeks(q *reportQuery, week bool) (out []period) {
	from, to, ok := q.days2()
	if !ok {
		return nil
	}
	for !from.After(to) && len(out) < mostColumns {
		last, title := from, from.Format("Jan 2, 2006")
		if week {
			if last = from.AddDate(0, 0, 6-int(from.Weekday())); last.After(to) {
				last = to
			}
			title = from.Format("Jan 2") + " - " + last.Format("Jan 2, 2006")
		}
		out = append(out, period{title: title, start: from.Format(dateLayout), end: last.Format(dateLayout)})
		from = last.AddDate(0, 0, 1)
	}
	return out
}

func (q *reportQuery) days2() (from, to time.Time, ok bool) {
	from, err1 := time.Parse(dateLayout, q.start)
	to, err2 := time.Parse(dateLayout, q.end)
	return from, to, err1 == nil && err2 == nil && to.Sub(from) <= 50*366*24*time.Hour
}

// listed has a column for each record that a posting of the report is about,
// by name, and one for what is about none.
func (b *Box) listed(q *reportQuery, list string) (out []period) {
	seen := map[string]bool{}
	for e := range b.booked(q) {
		if e.Date > q.end || q.name != "BalanceSheet" && e.Date < q.start {
			continue
		}
		for _, p := range e.all() {
			if q.wants(e, p) && (q.name != "ProfitAndLoss" || profitTypes[b.accountType(p.Account)]) {
				seen[keyOfColumn(list, e, p)] = true
			}
		}
	}
	for id := range seen {
		c := period{title: "Not Specified", start: q.start, end: q.end, list: list, id: id}
		if r := b.find(list, id); r != nil {
			c.title = cmp.Or(str(r.object(), "FullyQualifiedName"), r.title)
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y period) int {
		return cmp.Or(cmp.Compare(boolInt(x.id == ""), boolInt(y.id == "")), cmp.Compare(x.title, y.title), cmp.Compare(x.id, y.id))
	})
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
