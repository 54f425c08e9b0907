package zohobox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 4.1: chosen records come in the order asked for, and only
// the newer ones when a time is given.
func TestList_ByIDsIsSortedToo(t *testing.T) {
	a := open(t, zohobox.Options{})
	var ids []string
	for _, name := range []string{"One", "Two", "Six"} {
		ids = append(ids, a.make("Vendors", obj{"Vendor_Name": name}))
		a.clock.step(time.Minute)
	}
	a.put("Vendors", ids[0], obj{"City": "Leeds"}).want(200)
	at := "/Vendors?fields=Vendor_Name&ids=" + strings.Join(ids, ",")
	for query, want := range map[string]string{"": "Six|Two|One", "&sort_order=asc": "One|Two|Six", "&sort_by=Modified_Time": "One|Six|Two", "&sort_by=Modified_Time&sort_order=asc": "Two|Six|One"} {
		if got := names(a.get(at+query).want(200), "Vendor_Name"); got != want {
			t.Errorf("%q gives %s, want %s", query, got, want)
		}
	}
	a.get(at, "If-Modified-Since", "2026-03-01T09:17:30+00:00").want(200, "info.count", "1", "data.0.Vendor_Name", "One")
	a.get(at, "If-Modified-Since", "2026-03-01T10:00:00+00:00").want(304)
}

// zoho-crm.md section 6: related lists are sorted, narrowed and paged as lists are.
func TestRelated_OrderAndChoice(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	var ids []string
	for _, name := range []string{"One", "Two", "Six"} {
		ids = append(ids, a.make("Contacts", obj{"Last_Name": name, "Account_Name": ref(acc)}))
		a.clock.step(time.Minute)
	}
	a.put("Contacts", ids[0], obj{"Phone": "12345"}).want(200)
	at := "/Accounts/" + acc + "/Contacts?fields=Last_Name"
	for query, want := range map[string]string{
		"": "Six|Two|One", "&sort_order=asc": "One|Two|Six", "&sort_by=Modified_Time": "One|Six|Two", "&sort_by=Created_Time&sort_order=asc": "One|Two|Six",
		"&ids=" + ids[0] + "," + ids[2]: "Six|One", "&converted=both": "Six|Two|One",
	} {
		if got := names(a.get(at+query).want(200), "Last_Name"); got != want {
			t.Errorf("%q gives %s, want %s", query, got, want)
		}
	}
	first := a.get(at+"&sort_by=Modified_Time&per_page=2").want(200, "info.more_records", "true")
	a.get(at+"&sort_by=Modified_Time&per_page=2&page_token="+first.str("info.next_page_token")).want(200, "info.count", "1", "data.0.Last_Name", "Two", "info.more_records", "false")
	a.get(at + "&converted=true").want(204)
	for _, bad := range []string{"sort_by=Last_Name", "sort_order=up", "converted=maybe"} {
		param, _, _ := strings.Cut(bad, "=")
		a.get(at+"&"+bad).want(400, "code", "INVALID_DATA", "details.param_name", param)
	}
}

// zoho-crm.md section 6: notes are sorted, chosen and paged as lists are.
func TestNotes_OrderAndChoice(t *testing.T) {
	a := open(t, zohobox.Options{})
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	var ids []string
	for _, s := range []string{"One", "Two", "Six"} {
		ids = append(ids, a.call(http.MethodPost, "/Vendors/"+v+"/Notes", data(obj{"Note_Content": s})).want(201).str("data.0.details.id"))
		a.clock.step(time.Minute)
	}
	for query, want := range map[string]string{"": "Six|Two|One", "&sort_order=asc": "One|Two|Six", "&sort_by=Created_Time&sort_order=asc": "One|Two|Six", "&ids=" + ids[1]: "Two"} {
		for _, at := range []string{"/Notes?fields=id", "/Vendors/" + v + "/Notes?fields=id"} {
			if got := names(a.get(at+query).want(200), "Note_Content"); got != want {
				t.Errorf("%s %q gives %s, want %s", at, query, got, want)
			}
		}
	}
	first := a.get("/Notes?fields=id&per_page=2").want(200, "info.more_records", "true")
	a.get("/Notes?fields=id&per_page=2&page_token="+first.str("info.next_page_token")).want(200, "info.count", "1", "data.0.Note_Content", "One")
	a.get("/Notes?fields=id&sort_by=Note_Title").want(400, "code", "INVALID_DATA", "details.param_name", "sort_by")
}

// zoho-crm.md section 5.2: a count is narrowed by what was converted and what
// waits for its approval.
func TestCount_IsNarrowed(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	lead := func(name string) string { return a.make("Leads", obj{"Last_Name": name, "Company": name}) }
	lead("Fresh")
	a.do(zohobox.Action{Action: "submit", Type: "Leads", ID: lead("Held")})
	a.convert(lead("Won"), obj{}).want(200)
	for query, want := range map[string]int{"": 2, "converted=true": 1, "converted=both": 3, "approved=true": 1, "approved=false": 1, "approved=both&converted=both": 3, "converted=both&approved=true": 2} {
		a.get("/Leads/actions/count?"+query).want(200, "count", fmt.Sprint(want))
	}
	a.get("/Leads/actions/count?converted=maybe").want(400, "code", "INVALID_DATA", "details.param_name", "converted")
	a.get("/Leads/actions/count?approved=maybe").want(400, "code", "INVALID_DATA", "details.param_name", "approved")
}

// zoho-crm.md section 6: a timeline is ordered by time and by nothing else.
func TestTimeline_ItsOrder(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.clock.step(time.Minute)
	a.put("Vendors", id, obj{"City": "Leeds"}).want(200)
	at := "/Vendors/" + id + "/__timeline?"
	a.get(at+"sort_by=audited_time").want(200, "__timeline.0.action", "updated")
	a.get(at+"sort_by=audited_time&sort_order=asc").want(200, "__timeline.0.action", "added")
	a.get(at+"sort_by=source").want(400, "code", "INVALID_DATA", "details.param_name", "sort_by")
	a.get(at+"sort_order=up").want(400, "code", "INVALID_DATA", "details.param_name", "sort_order")
}
