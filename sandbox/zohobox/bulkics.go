package zohobox

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// icsPage is how many meetings a calendar file holds (section 12).
const icsPage = 20_000

// icsDocument writes meetings as a calendar, in the form that RFC 5545 gives.
type icsDocument struct {
	w   io.Writer
	err error
}

func (d *icsDocument) line(s string) {
	for first := true; d.err == nil && (first || s != ""); first = false {
		fold := ""
		n := 75
		if !first {
			fold, n = " ", 74 // the blank that opens a folded line counts
		}
		part := s
		if len(part) > n {
			for part = s[:n]; !utf8.ValidString(part); {
				part = part[:len(part)-1]
			}
		}
		_, d.err = io.WriteString(d.w, fold+part+"\r\n")
		s = s[len(part):]
	}
}

func (d *icsDocument) begin() {
	d.line("BEGIN:VCALENDAR")
	d.line("VERSION:2.0")
	d.line("PRODID:-//sandbox//zohobox//EN")
}

func (d *icsDocument) end() { d.line("END:VCALENDAR") }

var icsEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

// event adds a meeting; one that lasts all day has dates only.
func (d *icsDocument) event(r *record) {
	at := func(name string, t time.Time) {
		if r.vals["All_day"] == true && name != "DTSTAMP" {
			d.line(fmt.Sprintf("%s;VALUE=DATE:%s", name, t.Format("20060102")))
			return
		}
		d.line(name + ":" + t.UTC().Format("20060102T150405Z"))
	}
	d.line("BEGIN:VEVENT")
	d.line("UID:" + r.sid())
	at("DTSTAMP", r.modified)
	for _, f := range [][2]string{{"DTSTART", "Start_DateTime"}, {"DTEND", "End_DateTime"}} {
		if t, is := moment(r.vals[f[1]]); is {
			at(f[0], t)
		}
	}
	for _, f := range [][2]string{{"SUMMARY", "Event_Title"}, {"LOCATION", "Venue"}, {"DESCRIPTION", "Description"}} {
		if s := text(r.vals[f[1]]); s != "" {
			d.line(f[0] + ":" + icsEscapes.Replace(s))
		}
	}
	d.line("END:VEVENT")
}
