package company

import (
	"fmt"
	"time"
)

const dateLayout = "2006-01-02"

// zoneName is where Larkfield keeps its books.
const zoneName = "America/Los_Angeles"

// calendar turns "so many days ago" into dates, seen from the day the company
// is opened.
type calendar struct {
	now   time.Time // the moment, in the company's zone
	today time.Time // its date, at midnight UTC, so that days can be counted
}

func newCalendar(now time.Time, zone string) (calendar, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return calendar{}, fmt.Errorf("calendar of the company: %w", err)
	}
	now = now.In(loc).Truncate(time.Second)
	y, m, d := now.Date()
	return calendar{now: now, today: time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}, nil
}

// day is the date n days from today; the past is negative.
func (c calendar) day(n int) string { return c.today.AddDate(0, 0, n).Format(dateLayout) }

// closing is the day to which the books are closed: the last 30 June that is over.
func (c calendar) closing() string { return c.closingDay().Format(dateLayout) }

func (c calendar) closingDay() time.Time {
	t := time.Date(c.today.Year(), time.June, 30, 0, 0, 0, 0, time.UTC)
	if !t.Before(c.today) {
		t = t.AddDate(-1, 0, 0)
	}
	return t
}

// sinceClosing is how many days of the open fiscal year lie behind us, at least 1.
func (c calendar) sinceClosing() int { return int(c.today.Sub(c.closingDay()).Hours() / 24) }

// closed is a date n days before the books were closed.
func (c calendar) closed(n int) string {
	return c.closingDay().AddDate(0, 0, -n).Format(dateLayout)
}

// open is a date in the open fiscal year, a given part of 100 of the way from
// its first day to today.
func (c calendar) open(part int) string {
	days := 1 + (c.sinceClosing()-1)*part/100
	return c.closingDay().AddDate(0, 0, days).Format(dateLayout)
}

// stamp is a moment during office hours on a date, as the vendor prints it in
// MetaData. A date to come is taken as now.
func (c calendar) stamp(date string, minute int) string {
	t, err := time.ParseInLocation(dateLayout, date, c.now.Location())
	if err != nil {
		t = c.now
	}
	t = t.Add(9*time.Hour + time.Duration(minute%480)*time.Minute)
	if latest := c.now.Add(-10 * time.Minute); t.After(latest) {
		t = latest
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}

// plusDays adds days to a date.
func plusDays(date string, n int) string {
	t, err := time.Parse(dateLayout, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, n).Format(dateLayout)
}
