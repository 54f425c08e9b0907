package zohobox

import (
	"time"
	_ "time/tzdata" // users live in named zones, wherever the box runs
)

const timeLayout = "2006-01-02T15:04:05-07:00"

// now is the vendor's clock: whole seconds (section 3).
func (b *Box) now() time.Time { return b.opt.Now().UTC().Truncate(time.Second) }

// stamp prints a moment in the zone of the calling user.
func stamp(t time.Time, zone *time.Location) any {
	if t.IsZero() {
		return nil
	}
	return t.In(zone).Format(timeLayout)
}

// parseMoment reads a datetime of a request; milliseconds and missing offsets
// are not accepted (section 3).
func parseMoment(s string) (time.Time, bool) {
	if len(s) < 20 || s[19] == '.' {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, false
	}
	return t.UTC(), true
}

func parseDate(s string) (time.Time, bool) {
	t, err := time.Parse("2006-01-02", s)
	return t, err == nil && len(s) == 10
}

func loadZone(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}
