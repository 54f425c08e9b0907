package zohobox_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/sandbox/zohobox"
)

func channels(a *app, rows ...any) reply {
	a.t.Helper()
	return a.call(http.MethodPost, "/actions/watch", obj{"watch": rows})
}

func channelNo(id any) obj {
	return obj{"channel_id": id, "notify_url": "https://app.test/", "events": []any{"Contacts.all"}}
}

// zoho-crm.md section 11: good and bad channels in one call, fifty at most, ids
// that are numbers, and lists by page.
func TestWatch_ChannelsOfACall(t *testing.T) {
	a := open(t, zohobox.Options{})
	module := fmt.Sprint(find(a.get("/settings/modules"), "modules", "api_name", "Contacts")["id"])
	channels(a, channelNo("1"), channelNo("one")).want(207, "watch.0.code", "SUCCESS", "watch.0.details.events.0.resource_id", module,
		"watch.1.code", "INVALID_DATA", "watch.1.details.api_name", "channel_id")
	var rows []any
	for i := range 50 {
		rows = append(rows, channelNo(fmt.Sprint(i+1)))
	}
	channels(a, append(rows, channelNo("51"))...).want(400, "code", "LIMIT_EXCEEDED", "details.limit", "50")
	a.get("/actions/watch").want(200, "info.count", "1")
	channels(a, rows...).want(201)
	a.get("/actions/watch").want(200, "info.count", "50", "info.per_page", "200", "info.more_records", "false")
	a.get("/actions/watch?page=3&per_page=20").want(200, "info.count", "10", "info.page", "3", "info.more_records", "false")
}

// zoho-crm.md section 11: values only where they were asked for, and the other
// family of words.
func TestWatch_ValuesAndWords(t *testing.T) {
	for dial, want := range map[zohobox.Switch]string{zohobox.Default: "insert update delete", zohobox.On: "create edit delete"} {
		a, in := watching(t, obj{"events": []any{"Contacts.all"}}, zohobox.Options{Dials: zohobox.Dials{EventWords: dial}})
		id := a.make("Contacts", obj{"Last_Name": "L"})
		a.put("Contacts", id, obj{"Last_Name": "M"}).want(200)
		a.remove("Contacts", id)
		a.pump()
		var words []string
		for _, o := range in.got {
			words = append(words, fmt.Sprint(o["operation"]))
			if has(o, "affected_values") {
				t.Errorf("nobody asked for values: %v", o)
			}
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("the words are %q, want %q", got, want)
		}
	}
}

type deaf struct{ calls int }

func (d *deaf) RoundTrip(*http.Request) (*http.Response, error) {
	d.calls++
	return nil, errors.New("nobody listens")
}

// zoho-crm.md section 11: no page promises that a callback is repeated.
func TestWatch_AFailedCallbackIsNotRepeated(t *testing.T) {
	d := &deaf{}
	a := open(t, zohobox.Options{Deliver: d})
	channels(a, channelNo("1")).want(201)
	a.make("Contacts", obj{"Last_Name": "L"})
	a.pump()
	a.clock.step(10 * time.Minute)
	a.pump()
	if d.calls != 1 {
		t.Errorf("called %d times, want once", d.calls)
	}
}

// zoho-crm.md section 11: a channel that lapsed is told nothing any more.
func TestWatch_ALapsedChannelIsToldNothing(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"Contacts.all"}}, zohobox.Options{})
	a.make("Contacts", obj{"Last_Name": "in time"})
	a.later(time.Hour)
	a.make("Contacts", obj{"Last_Name": "too late"})
	a.pump()
	if n := len(in.got); n != 1 {
		t.Errorf("told %d times, want once: %v", n, in.lines())
	}
}

// zoho-crm.md section 12: who began a job and when, what cannot be read, and two
// comparators.
func TestBulkRead_WhoseItIs(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}})
	start := func(q obj) reply {
		return a.call(http.MethodPost, bulkPath+"/read", obj{"query": q}, "Content-Type", "application/json")
	}
	start(obj{"module": obj{"api_name": "Vendors"}}).want(201, "data.0.details.created_by.name", "Super Admin", "data.0.details.created_time", "2026-03-01T01:15:00-08:00")
	for _, m := range []string{"Notes", "Attachments", "Emails"} {
		start(obj{"module": obj{"api_name": m}}).want(400, "code", "INVALID_DATA", "details.api_name", "module")
	}
	for _, n := range []int{5, 10, 15} {
		a.make("Accounts", obj{"Account_Name": fmt.Sprint(n), "Employees": n})
	}
	for comparator, want := range map[string]string{"less_than": "1", "less_equal": "2"} {
		job := a.bulkRead(obj{"module": obj{"api_name": "Accounts"}, "criteria": obj{"field": obj{"api_name": "Employees"}, "comparator": comparator, "value": 10}})
		a.get(bulkPath+"/read/"+job).want(200, "data.0.result.count", want)
	}
}

// zoho-crm.md section 12: empty cells, dates in another notation, columns that
// nobody can fill, and the callback at the end.
func TestBulkWrite_CellsAndCallback(t *testing.T) {
	var got []string
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}, Deliver: roundTrip(func(r *http.Request) { raw, _ := io.ReadAll(r.Body); got = append(got, r.URL.String()+" "+string(raw)) })})
	no := a.field("Contacts", obj{"field_label": "No", "data_type": "autonumber"})
	id := a.make("Contacts", obj{"Last_Name": "L", "Title": "Boss"})
	write := func(ignore bool, cells string, maps ...any) string {
		t.Helper()
		up := a.upload(packed(t, "c.csv", "id,Title,Born\n"+id+cells+"\n")).str("details.file_id")
		r := a.call(http.MethodPost, bulkPath+"/write", obj{"operation": "update", "ignore_empty": ignore, "callback": obj{"url": "https://app.test/done", "method": "post"}, "resource": []any{obj{
			"type": "data", "module": obj{"api_name": "Contacts"}, "file_id": up, "find_by": "id", "field_mappings": append([]any{obj{"api_name": "id", "index": 0}}, maps...),
		}}}).want(201)
		job := r.str("details.id")
		a.get(bulkPath+"/write/"+job).want(200, "status", "COMPLETED", "resource.0.file.updated_count", "1")
		return job
	}
	title := obj{"api_name": "Title", "index": 1}
	job := write(true, ",,25.12.1999", title, obj{"api_name": "Date_of_Birth", "index": 2, "format": "dd.MM.yyyy"})
	a.get("/Contacts/"+id).want(200, "data.0.Title", "Boss", "data.0.Date_of_Birth", "1999-12-25")
	a.box.DeliverNotifications(t.Context())
	if len(got) != 1 || !strings.HasPrefix(got[0], "https://app.test/done ") || !strings.Contains(got[0], job) || !strings.Contains(got[0], `"COMPLETED"`) {
		t.Errorf("callbacks %v", got)
	}
	write(false, ",,", title)
	a.get("/Contacts/"+id).want(200, "data.0.Title", "")
	up := a.upload(packed(t, "c.csv", "x\n1\n")).str("details.file_id")
	for module, fields := range map[string]string{"Contacts": no + " Record_Image", "Invoices": "Grand_Total"} {
		for _, f := range strings.Fields(fields) {
			a.bulkWrite("insert", obj{"module": obj{"api_name": module}, "file_id": up, "field_mappings": []any{obj{"api_name": f, "index": 0}}}).want(400, "code", "INVALID_DATA", "details.api_name", "api_name")
		}
	}
}

// zoho-crm.md section 13: only what lies in the recycle bin, and 200 entries a page of it.
func TestDeletedList_OnlyTheRecycleBin(t *testing.T) {
	a := open(t, zohobox.Options{})
	var ids []string
	for i := range 201 {
		ids = append(ids, a.make("Vendors", obj{"Vendor_Name": fmt.Sprint(i)}))
	}
	for i := 0; i < len(ids); i += 100 {
		a.call(http.MethodDelete, "/Vendors?ids="+strings.Join(ids[i:min(i+100, len(ids))], ","), nil).want(200)
	}
	bin := "/settings/recycle_bin"
	a.get(bin).want(200, "info.count", "200", "info.per_page", "200", "info.more_records", "true")
	a.get(bin+"?page=2").want(200, "info.count", "1", "info.more_records", "false")
	a.call(http.MethodDelete, bin+"?ids="+strings.Join(ids[1:], ","), nil).want(200)
	a.get("/Vendors/deleted?type=recycle").want(200, "info.count", "1", "data.0.id", ids[0], "data.0.type", "recycle")
	a.get("/Vendors/deleted?type=permanent").want(200, "info.count", "200")
}

// zoho-crm.md section 14: calls at once by edition; writes of more than ten
// records are heavy; a refusal names no moment to come back.
func TestConcurrency_OfEveryEdition(t *testing.T) {
	ten, eleven := make([]obj, 10), make([]obj, 11)
	for i := range eleven {
		eleven[i] = obj{"Vendor_Name": fmt.Sprint(i)}
	}
	copy(ten, eleven)
	for _, c := range []struct {
		edition string
		rows    []obj
		refused int
	}{
		{"free", nil, 25}, {"professional", nil, 15}, {"ultimate", nil, 5}, {"ultimate", ten, 5}, {"ultimate", eleven, 20},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := open(t, zohobox.Options{Limits: "real", Edition: c.edition, Dials: zohobox.Dials{Latency: time.Second}})
			var wg sync.WaitGroup
			var mu sync.Mutex
			refused := 0
			for range 30 {
				wg.Go(func() {
					var r reply
					if c.rows != nil {
						r = a.insert("Vendors", c.rows...)
					} else {
						r = a.get("/org")
					}
					mu.Lock()
					defer mu.Unlock()
					if r.status != http.StatusTooManyRequests {
						return
					}
					refused++
					if r.header.Get("Retry-After") != "" {
						t.Error("the refusal says when to come back")
					}
				})
			}
			wg.Wait()
			if refused != c.refused {
				t.Errorf("%s with %d records: %d of 30 were refused, want %d", c.edition, len(c.rows), refused, c.refused)
			}
		})
	}
}

// zoho-crm.md section 14: the figures of a sibling product may not hold.
func TestCredits_WithoutTheSibling(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free", Dials: zohobox.Dials{BulkTime: -1, SiblingCredits: zohobox.Off}})
	for range 51 {
		a.bulkRead(obj{"module": obj{"api_name": "Vendors"}})
	}
	left := func(r reply) (n int) { _, _ = fmt.Sscan(r.header.Get("X-API-CREDITS-REMAINING"), &n); return n }
	cv := a.get("/settings/custom_views?module=Vendors").str("custom_views.0.id")
	for _, path := range []string{"/Vendors/deleted", "/Vendors?fields=id&cvid=" + cv} {
		before := left(a.get("/org"))
		if cost := before - left(a.get(path)); cost != 1 || before == 0 {
			t.Errorf("%s cost %d credits of %d, want 1", path, cost, before)
		}
	}
}
