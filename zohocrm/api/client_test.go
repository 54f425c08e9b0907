package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crossbook/transport"
)

// serve starts a server with the handler and a client on it.
func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := New(Options{BaseURL: s.URL, UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	return e
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestInsert_SendsTheStoredBytesAndReadsEachResult(t *testing.T) {
	records := []map[string]any{
		{"Last_Name": "Okafor & <Sons>", "Annual_Revenue": json.Number("10.10")}, {"Last_Name": "B"}, {"Last_Name": "C"},
	}
	call, err := InsertCall("Contacts", records, NoTrigger)
	if err != nil {
		t.Fatal(err)
	}
	stored, _ := json.Marshal(call)
	var replay Call
	if err := json.Unmarshal(stored, &replay); err != nil {
		t.Fatal(err)
	}
	for _, status := range []int{200, 201, 202, 207, 400} {
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			want := `{"data":[{"Annual_Revenue":10.10,"Last_Name":"Okafor & <Sons>"},{"Last_Name":"B"},{"Last_Name":"C"}],"trigger":[]}`
			if r.Method != "POST" || r.URL.Path != "/crm/v8/Contacts" || string(body) != want {
				t.Errorf("%s %s %s", r.Method, r.URL.Path, body)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"data":[
				{"code":"SUCCESS","details":{"id":"487","Created_Time":"2026-03-01T10:15:00+01:00","Modified_Time":"2026-03-01T10:15:00+01:00","Modified_By":{"name":"Ada","id":"42"}},"message":"record added","status":"success"},
				{"code":"DUPLICATE_DATA","details":{"api_name":"QBO_Id","json_path":"$.data[1].QBO_Id","duplicate_record":{"id":"99","Owner":{"id":"42","name":"Ada","zuid":"1"},"module":{"api_name":"Contacts","id":"5"}},"id":"99","more_records":false},"message":"duplicate data","status":"error"},
				{"code":"INVALID_DATA","details":{"maximum_length":40,"api_name":"First_Name","json_path":"$.data[2].First_Name"},"message":"invalid data","status":"error"}]}`)
		})
		res, reply, err := c.Write(context.Background(), replay, 3)
		if err != nil {
			t.Fatalf("HTTP %d: %v", status, err)
		}
		if res[0].Err != nil || res[0].ID != "487" || res[0].ModifiedBy.ID != "42" || !res[0].Modified.Equal(time.Date(2026, 3, 1, 9, 15, 0, 0, time.UTC)) {
			t.Errorf("HTTP %d, first: %+v", status, res[0])
		}
		if e := res[1].Err; e == nil || e.Kind != transport.FaultDuplicate || e.APIName != "QBO_Id" || e.Duplicate.ID != "99" || e.Duplicate.Module != "Contacts" {
			t.Errorf("HTTP %d, second: %+v", status, e)
		}
		if e := res[2].Err; e == nil || e.Kind != transport.FaultInvalid || e.MaxLength != 40 || e.JSONPath != "$.data[2].First_Name" {
			t.Errorf("HTTP %d, third: %+v", status, e)
		}
		if reply.At.IsZero() {
			t.Error("no answer time")
		}
	}
}

func TestWrite_AllTriggersAreDifferentOnTheWire(t *testing.T) {
	one := []map[string]any{{"id": "1"}}
	for _, tc := range []struct {
		trigger Trigger
		want    string
	}{
		{nil, `{"data":[{"id":"1"}]}`},
		{NoTrigger, `{"data":[{"id":"1"}],"trigger":[]}`},
		{LiveTrigger, `{"data":[{"id":"1"}],"trigger":["workflow","blueprint"]}`},
	} {
		call, err := UpdateCall("Vendors", one, tc.trigger)
		if err != nil || string(call.Body) != tc.want {
			t.Errorf("%v: %s, %v", tc.trigger, call.Body, err)
		}
	}
	if _, err := UpdateCall("Vendors", []map[string]any{{"Vendor_Name": "x"}}, nil); err == nil {
		t.Error("an update without id was taken")
	}
	if _, err := InsertCall("Vendors", make([]map[string]any, 101), nil); err == nil {
		t.Error("101 records were taken")
	}
}

func TestUpdateOne_LostRaceIsStale(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("If-Unmodified-Since"); got != "2026-03-01T09:15:00+00:00" {
			t.Errorf("If-Unmodified-Since %q", got)
		}
		answer(412, `{"data":[{"code":"ALREADY_MODIFIED","message":"record updated time has already passed if-unmodified-since time","status":"error","details":{"id":"487","Modified_Time":"2026-03-01T10:16:00+01:00"}}]}`)(w, r)
	})
	call, err := UpdateOneCall("Contacts", "487", map[string]any{"Phone": "1"}, time.Date(2026, 3, 1, 9, 15, 0, 5, time.UTC), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, _, err := c.Write(context.Background(), call, 1)
	if err != nil || res[0].Err == nil || res[0].Err.Kind != transport.FaultStale || res[0].Modified.Minute() != 16 {
		t.Errorf("got %+v, %v", res, err)
	}
}

func TestWrite_ErrorOfTheWholeRequest(t *testing.T) {
	call, _ := InsertCall("Contacts", []map[string]any{{}, {}}, nil)
	for _, tc := range []struct {
		name, body string
		status     int
		kind       transport.Fault
	}{
		{"flat", `{"code":"INVALID_MODULE","details":{"resource_path_index":0},"message":"the module name given seems to be invalid","status":"error"}`, 400, transport.FaultInvalid},
		{"one element for two records", `{"data":[{"code":"LIMIT_EXCEEDED","details":{"maximum_length":100,"api_name":"data"},"message":"m","status":"error"}]}`, 400, transport.FaultLimit},
		{"scope", `{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"Unauthorized","status":"error"}`, 401, transport.FaultAuth},
		{"permission", `{"code":"NO_PERMISSION","details":{"permissions":["Crm_Implied_Create_Contacts"]},"message":"permission denied","status":"error"}`, 403, transport.FaultInvalid},
		{"throttled", `{"code":"TOO_MANY_REQUESTS","details":{"retry_after":7},"message":"m","status":"error"}`, 429, transport.FaultRetry},
		{"too few results", `{"data":[{"code":"SUCCESS","details":{"id":"1"},"message":"record added","status":"success"}]}`, 201, transport.FaultUnknown},
		{"no results", `{"info":{}}`, 200, transport.FaultUnknown},
		{"internal", `{"code":"INTERNAL_ERROR","details":{},"message":"Internal Server Error","status":"error"}`, 500, transport.FaultUnknown},
		{"gateway page", `<html>502</html>`, 502, transport.FaultUnknown},
		{"HTML at 200", `<html>maintenance</html>`, 200, transport.FaultUnknown},
		{"cut short", `{"data":[{"code":"SUCC`, 201, transport.FaultUnknown},
		{"results at 500", `{"data":[{"code":"INTERNAL_ERROR","details":{},"message":"m","status":"error"}]}`, 500, transport.FaultUnknown},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := serve(t, answer(tc.status, tc.body))
			_, _, err := c.Write(context.Background(), call, 2)
			if e := asError(t, err); e.Kind != tc.kind {
				t.Errorf("kind %s, want %s: %v", e.Kind, tc.kind, err)
			}
			if tc.name == "throttled" && transport.WaitOf(err) != 7*time.Second {
				t.Errorf("wait %v, want 7 s", transport.WaitOf(err))
			}
		})
	}
}

func TestRead_LostAnswersAreWorthAnotherTry(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"reset":        func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"HTML at 200":  answer(200, "<html>"),
		"gateway page": answer(503, "<html>"),
		"cut short":    answer(200, `{"data":[{"id"`),
		"throttled":    answer(429, "slow down"),
		"internal":     answer(500, `{"code":"INTERNAL_ERROR","details":{},"message":"m","status":"error"}`),
	} {
		c := serve(t, h)
		_, err := c.List(context.Background(), "Contacts", List{Fields: []string{"Last_Name"}})
		if e := asError(t, err); e.Kind != transport.FaultRetry {
			t.Errorf("%s: %s, want retry", name, e.Kind)
		}
		if name == "throttled" && transport.WaitOf(err) != time.Minute {
			t.Errorf("wait %v, want a minute", transport.WaitOf(err))
		}
	}
}

func TestList_PagesThenTokensAndNothingNew(t *testing.T) {
	since := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var asked []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		asked = append(asked, q.Get("page")+"|"+q.Get("page_token")+"|"+q.Get("fields"))
		if r.Header.Get("If-Modified-Since") == "2026-03-01T09:00:00+00:00" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if q.Get("page_token") == "" {
			_, _ = io.WriteString(w, `{"data":[{"id":"1"}],"info":{"page":1,"next_page_token":"t1","count":1,"more_records":true}}`)
			return
		}
		_, _ = io.WriteString(w, `{"data":[{"id":"2","Amount":1.10}],"info":{"next_page_token":null,"count":1,"more_records":false}}`)
	})
	var ids []string
	l := List{Fields: []string{"Last_Name", "Amount"}}
	err := c.ListAll(context.Background(), "Contacts", l, func(p Page) error {
		for _, r := range p.Records {
			ids = append(ids, r.ID())
		}
		if p.At.IsZero() {
			t.Error("a page without the vendor's time")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2"}, ids); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1||Last_Name,Amount", "|t1|Last_Name,Amount"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	l.ModifiedSince = since
	page, err := c.List(context.Background(), "Contacts", l)
	if err != nil || !page.NotModified || len(page.Records) != 0 || page.At.IsZero() {
		t.Errorf("nothing new: %+v, %v", page, err)
	}
	if _, err := c.List(context.Background(), "Contacts", List{}); asError(t, err).Kind != transport.FaultBug {
		t.Error("a list without fields was sent")
	}
}

func TestOne_AbsentInBothWays(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"204": answer(204, ""),
		"400": answer(400, `{"code":"INVALID_DATA","details":{"resource_path_index":1},"message":"the id given seems to be invalid","status":"error"}`),
	} {
		_, _, err := serve(t, h).One(context.Background(), "Contacts", "7")
		if e := asError(t, err); e.Kind != transport.FaultNotFound {
			t.Errorf("%s: %s, want not-found", name, e.Kind)
		}
	}
	c := serve(t, answer(200, `{"data":[{"id":"7","Account_Name":{"name":"Acme","id":"8"},"Grand_Total":1250.10,
		"Invoiced_Items":[{"id":"70","Quantity":3}],"$has_more":{"Invoiced_Items":true},"$locked_for_me":true}]}`))
	rec, _, err := c.One(context.Background(), "Invoices", "7")
	if err != nil {
		t.Fatal(err)
	}
	if rec.Ref("Account_Name") != (Ref{ID: "8", Name: "Acme"}) || rec.Rows("Invoiced_Items")[0].ID() != "70" ||
		!rec.MoreRows("Invoiced_Items") || !rec.Locked() || rec["Grand_Total"] != json.Number("1250.10") {
		t.Errorf("record %v", rec)
	}
}

func TestDeleted_RecycledAndPermanent(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("type") != "all" || r.Header.Get("If-Modified-Since") == "" {
			t.Errorf("asked %v", r.URL)
		}
		answer(200, `{"data":[{"id":"1","display_name":"Acme","deleted_by":{"name":"Eva","id":"9"},"deleted_time":"2026-03-01T10:15:00+01:00","type":"recycle"},
			{"id":"2","display_name":null,"deleted_by":null,"created_by":null,"deleted_time":"2026-03-01T10:16:00+01:00","type":"permanent"}],
			"info":{"per_page":200,"count":2,"page":1,"more_records":false}}`)(w, r)
	})
	var got []Deletion
	err := c.DeletedAll(context.Background(), "Accounts", time.Unix(1, 0), func(p DeletedPage) error {
		got = append(got, p.Deletions...)
		return nil
	})
	want := []Deletion{
		{ID: "1", Name: "Acme", Time: time.Date(2026, 3, 1, 9, 15, 0, 0, time.UTC), By: Ref{ID: "9", Name: "Eva"}},
		{ID: "2", Time: time.Date(2026, 3, 1, 9, 16, 0, 0, time.UTC), Permanent: true},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestWalkCOQL_GoesOnAfterTheLastID(t *testing.T) {
	var queries []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var body map[string]string
		_ = json.NewDecoder(r.Body).Decode(&body)
		queries = append(queries, body["select_query"])
		switch len(queries) {
		case 1:
			answer(200, `{"data":[{"id":"11"},{"id":"12"}],"info":{"count":2,"more_records":true}}`)(w, r)
		default:
			answer(204, ``)(w, r)
		}
	})
	n := 0
	err := c.walkCOQL(context.Background(), "Contacts", []string{"Last_Name"}, "Email = "+COQLText("o'neil@x"), 2, func(p COQLPage) error {
		n += len(p.Records)
		return nil
	})
	want := []string{
		`select Last_Name from Contacts where ((Email = 'o\'neil@x') and id is not null) order by id asc limit 2`,
		`select Last_Name from Contacts where ((Email = 'o\'neil@x') and id > 12) order by id asc limit 2`,
	}
	if diff := cmp.Diff(want, queries); diff != "" || err != nil || n != 2 {
		t.Errorf("%d rows, %v (-want +got):\n%s", n, err, diff)
	}
}

func TestClass_HeavyCallsAndCredits(t *testing.T) {
	coql := func(limit int) Call {
		call, _ := COQLCall("select id from Contacts where id > 0 limit 1, " + strconv.Itoa(limit))
		return call
	}
	write := func(n int) Call {
		rows := make([]map[string]any, n)
		call, _ := InsertCall("Contacts", rows, nil)
		return call
	}
	for _, tc := range []struct {
		call    Call
		heavy   bool
		credits int
		read    bool
	}{
		{coql(200), true, 1, true},
		{coql(1000), true, 2, true},
		{coql(2000), true, 3, true},
		{write(1), false, 1, false},
		{write(10), false, 1, false},
		{write(11), true, 2, false},
		{write(100), true, 10, false},
		{Call{Method: "GET", Path: "/org", Kind: transport.Metadata}, false, 1, true},
		{Call{Method: "DELETE", Path: "/Contacts", Kind: transport.RecordWrite}, false, 1, false},
	} {
		if got := tc.call.class(); got.Heavy != tc.heavy || got.Credits != tc.credits || got.Read != tc.read {
			t.Errorf("%s: %+v", tc.call, got)
		}
	}
}

func TestNew_RefusesForeignHosts(t *testing.T) {
	if _, err := New(Options{BaseURL: "https://www.zohoapis.evil.example"}); !errors.Is(err, transport.ErrForeignHost) {
		t.Errorf("got %v", err)
	}
}

func TestDo_DoesNotFollowARedirect(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/elsewhere") {
			t.Error("the call was redirected")
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	if _, err := c.Org(context.Background()); err == nil {
		t.Error("a redirect was taken for an answer")
	}
}
