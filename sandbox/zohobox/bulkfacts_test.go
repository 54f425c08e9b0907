package zohobox_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 12: a read waits in a queue before it runs, and fails when
// what it asks for goes away meanwhile.
func TestBulkRead_QueuesAndFails(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.field("Contacts", obj{"field_label": "Passing", "data_type": "text"})
	a.make("Contacts", obj{"Last_Name": "L"})
	job := a.bulkRead(obj{"module": obj{"api_name": "Contacts"}, "fields": []any{f}})
	state := func() string { return a.get(bulkPath + "/read/" + job).want(200).str("data.0.state") }
	var got []string
	for range 3 {
		got = append(got, state())
		a.clock.step(time.Second)
	}
	if s := strings.Join(got, ", "); s != "ADDED, QUEUED, IN PROGRESS" {
		t.Errorf("the job is %s", s)
	}
	id := find(a.get("/settings/fields?module=Contacts"), "fields", "api_name", f)["id"]
	a.call(http.MethodDelete, fmt.Sprintf("/settings/fields/%v?module=Contacts", id), nil).want(200)
	a.clock.step(3 * time.Second)
	r := a.get(bulkPath+"/read/"+job).want(200, "data.0.state", "FAILURE")
	if r.at("data.0.result") != nil {
		t.Errorf("a job that failed has a result: %s", r.raw)
	}
	a.get(bulkPath+"/read/"+job+"/result").want(404, "code", "RESOURCE_NOT_FOUND")
}

// zoho-crm.md section 12: meetings come as a calendar, 20,000 in a file; nothing
// else does.
func TestBulkRead_MeetingsAsACalendar(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}})
	one := a.make("Events", obj{"Event_Title": "Lunch; with, Eva", "Start_DateTime": "2026-03-01T12:00:00+01:00", "End_DateTime": "2026-03-01T13:00:00+01:00", "Venue": "Leeds", "Description": strings.Repeat("long ", 30) + "\nend"})
	a.make("Events", obj{"Event_Title": "Fair", "All_day": true, "Start_DateTime": "2026-03-02T00:00:00+00:00", "End_DateTime": "2026-03-03T00:00:00+00:00"})
	start := func(module, kind string) reply {
		return a.call(http.MethodPost, bulkPath+"/read", obj{"query": obj{"module": obj{"api_name": module}}, "file_type": kind}, "Content-Type", "application/json")
	}
	job := start("Events", "ics").want(201).str("data.0.details.id")
	a.get(bulkPath+"/read/"+job).want(200, "data.0.state", "COMPLETED", "data.0.file_type", "ics", "data.0.result.per_page", "20000", "data.0.result.count", "2")
	raw := a.get(bulkPath + "/read/" + job + "/result").want(200).raw
	z, err := zip.NewReader(strings.NewReader(raw), int64(len(raw)))
	if err != nil || z.File[0].Name != job+".ics" {
		t.Fatalf("the result is no calendar: %v", err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(f)
	for _, line := range strings.Split(string(text), "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	whole := strings.ReplaceAll(string(text), "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\n", "UID:" + one + "\r\n", `SUMMARY:Lunch\; with\, Eva` + "\r\n", "DTSTART:20260301T110000Z\r\n", "DTEND:20260301T120000Z\r\n",
		"LOCATION:Leeds\r\n", `long \nend` + "\r\n", "DTSTART;VALUE=DATE:20260302\r\n", "END:VCALENDAR\r\n",
	} {
		if !strings.Contains(whole, want) {
			t.Errorf("%q is not in the calendar:\n%s", want, whole)
		}
	}
	start("Contacts", "ics").want(400, "code", "INVALID_DATA", "details.api_name", "file_type")
	start("Events", "xls").want(400, "code", "INVALID_DATA", "details.api_name", "file_type")
}

// zoho-crm.md section 12: a calendar goes on in the next file after 20,000.
func TestBulkRead_CalendarsHaveAnEnd(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}})
	meetings := make([]map[string]any, 20_001)
	for i := range meetings {
		meetings[i] = map[string]any{"Event_Title": "E", "Start_DateTime": "2026-03-01T12:00:00+00:00", "End_DateTime": "2026-03-01T13:00:00+00:00"}
	}
	if err := a.box.Load("Events", meetings); err != nil {
		t.Fatal(err)
	}
	job := a.call(http.MethodPost, bulkPath+"/read", obj{"query": obj{"module": obj{"api_name": "Events"}}, "file_type": "ics"}, "Content-Type", "application/json").want(201).str("data.0.details.id")
	tok := a.get(bulkPath+"/read/"+job).want(200, "data.0.result.count", "20000", "data.0.result.more_records", "true").str("data.0.result.next_page_token")
	next := a.call(http.MethodPost, bulkPath+"/read", obj{"query": obj{"page_token": tok}}, "Content-Type", "application/json").want(201).str("data.0.details.id")
	a.get(bulkPath+"/read/"+next).want(200, "data.0.file_type", "ics", "data.0.result.count", "1", "data.0.result.more_records", "false")
}

// zoho-crm.md section 7.6: criteria of a bulk read are about amounts in the home
// currency, whatever the record's own is.
func TestBulkRead_AmountsInTheHomeCurrency(t *testing.T) {
	for _, c := range []struct {
		divides zohobox.Switch
		amount  int
	}{{zohobox.Default, 200}, {zohobox.On, 50}} {
		a := open(t, zohobox.Options{MultiCurrency: true, Dials: zohobox.Dials{BulkTime: -1, RateDivides: c.divides}})
		a.do(zohobox.Action{Action: "add_currency", Data: obj{"iso_code": "EUR", "exchange_rate": "2.000000000"}})
		a.make("Deals", obj{"Deal_Name": "at home", "Stage": "Qualification", "Amount": 100})
		a.make("Deals", obj{"Deal_Name": "abroad", "Stage": "Qualification", "Amount": 100, "Currency": "EUR"})
		find := func(comparator string, value int) string {
			job := a.bulkRead(obj{"module": obj{"api_name": "Deals"}, "fields": []any{"Deal_Name", "Amount"}, "criteria": obj{"field": obj{"api_name": "Amount"}, "comparator": comparator, "value": value}})
			_, rows := sheetOf(t, a.get(bulkPath+"/read/"+job+"/result").want(200).raw)
			var out []string
			for _, row := range rows[1:] {
				out = append(out, row[1]+" "+row[2])
			}
			return strings.Join(out, ", ")
		}
		if got := find("equal", c.amount); got != "abroad 100" {
			t.Errorf("dial %d: %d at home finds %q", c.divides, c.amount, got)
		}
		if got := find("equal", 100); got != "at home 100" {
			t.Errorf("dial %d: 100 at home finds %q", c.divides, got)
		}
		a.coql("select Deal_Name from Deals where Amount = 100").want(200, "info.count", "2")
	}
}
