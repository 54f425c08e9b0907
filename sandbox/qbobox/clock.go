package qbobox

import (
	"time"
	_ "time/tzdata" // the vendor's times are Pacific, also where no zone files are installed
)

const dateLayout = "2006-01-02"

// pacific is the zone of every time in the vendor's answers, whatever the
// company's own zone is (reference section 2, body envelope).
var pacific = mustZone("America/Los_Angeles")

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic("qbobox: zone " + name + ": " + err.Error())
	}
	return loc
}

// envelopeTime is the "time" of an answer: milliseconds, the moment the request was taken.
func envelopeTime(t time.Time) string {
	return t.In(pacific).Format("2006-01-02T15:04:05.000-07:00")
}

// stamp is the moment a record is written: whole seconds, a little after the
// request was taken, so it can be later than the envelope's time.
func stamp(t time.Time) int64 {
	return t.Add(650 * time.Millisecond).Unix()
}

func stampText(sec int64) string {
	return time.Unix(sec, 0).In(pacific).Format("2006-01-02T15:04:05-07:00")
}

// parseTime reads the forms of time a query or a change request may hold. A
// bare date means midnight Pacific.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04:05", "2006-01-02T15:04", dateLayout} {
		if t, err := time.ParseInLocation(layout, s, pacific); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// today is the date on the company's own calendar.
func (b *Box) today() string { return b.now().In(b.zone).Format(dateLayout) }

func addDays(date string, days int) string {
	t, err := time.Parse(dateLayout, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, days).Format(dateLayout)
}
