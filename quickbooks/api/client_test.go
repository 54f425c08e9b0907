package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crossbook/transport"
)

// serve starts a server with the handler and a client for company 123 on it.
func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := New(Options{BaseURL: s.URL, Realm: "123", UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// asError unpacks the typed error.
func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	return e
}

func TestDo_SendsTheExactBytesAndAsksForJSON(t *testing.T) {
	var got *http.Request
	var body string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		w.Header().Set("intuit_tid", "1-abc")
		_, _ = io.WriteString(w, `{"Vendor":{"Id":"56","SyncToken":"0","Balance":12.50},"time":"2026-05-05T02:08:54.543-07:00"}`)
	})
	call, err := WriteCall("Vendor", map[string]any{"DisplayName": "A & B <ltd>", "Balance": json.Number("12.50")}, "req-1")
	if err != nil {
		t.Fatal(err)
	}
	// A stored call must survive its storage.
	stored, _ := json.Marshal(call)
	var replay Call
	if err := json.Unmarshal(stored, &replay); err != nil {
		t.Fatal(err)
	}
	rec, reply, err := c.Write(context.Background(), replay, "Vendor")
	if err != nil {
		t.Fatal(err)
	}
	if got.Method != "POST" || got.URL.Path != "/v3/company/123/vendor" {
		t.Errorf("called %s %s", got.Method, got.URL.Path)
	}
	if q := got.URL.Query(); q.Get("requestid") != "req-1" || q.Get("minorversion") != "75" {
		t.Errorf("query %v", q)
	}
	if got.Header.Get("Accept") != "application/json" {
		t.Errorf("Accept %q: the answer would be XML", got.Header.Get("Accept"))
	}
	if want := `{"Balance":12.50,"DisplayName":"A & B <ltd>"}`; body != want {
		t.Errorf("body %s, want %s", body, want)
	}
	if rec.ID() != "56" || rec["Balance"] != json.Number("12.50") {
		t.Errorf("record %v", rec)
	}
	if want := time.Date(2026, 5, 5, 9, 8, 54, 543e6, time.UTC); !reply.At.Equal(want) || reply.TraceID != "1-abc" {
		t.Errorf("answered at %v, trace %q", reply.At, reply.TraceID)
	}
}

func TestDo_RefusesAWriteWithoutRequestID(t *testing.T) {
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the call was sent") })
	_, err := c.Do(context.Background(), Call{Method: "POST", Path: "/customer", Body: []byte("{}"), Kind: transport.RecordWrite})
	if e := asError(t, err); e.Kind != transport.FaultBug {
		t.Errorf("kind %s, want bug", e.Kind)
	}
}

func TestNew_RefusesForeignHostsAndBadRealms(t *testing.T) {
	if _, err := New(Options{BaseURL: "https://example.com", Realm: "1"}); !errors.Is(err, transport.ErrForeignHost) {
		t.Errorf("foreign host: %v", err)
	}
	if _, err := New(Options{BaseURL: "https://quickbooks.api.intuit.com", Realm: "12/../34"}); err == nil {
		t.Error("a realm that is no number was taken")
	}
}

func TestDo_LostAnswers(t *testing.T) {
	write, _ := WriteCall("Customer", map[string]any{"DisplayName": "x"}, "r1")
	read := ReadCall("Customer", "1", transport.RecordRead)
	for _, tc := range []struct {
		name  string
		serve http.HandlerFunc
		read  transport.Fault
		write transport.Fault
	}{
		{"connection reset", abort, transport.FaultRetry, transport.FaultUnknown},
		{"cut short", answer(200, `{"Customer":{"Id":"1"`), transport.FaultRetry, transport.FaultUnknown},
		{"HTML at 200", answer(200, `<html><body>maintenance</body></html>`), transport.FaultRetry, transport.FaultUnknown},
		{"empty at 200", answer(200, ``), transport.FaultRetry, transport.FaultUnknown},
		{"gateway page", answer(502, `<html><h1>502 Bad Gateway</h1></html>`), transport.FaultRetry, transport.FaultUnknown},
		{"system fault at 500", answer(500, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"10000","element":"SystemFailureError"}],"type":"SystemFault"}}`), transport.FaultRetry, transport.FaultUnknown},
		{"system fault at 200", answer(200, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"10000"}],"type":"SystemFault"}}`), transport.FaultRetry, transport.FaultUnknown},
		{"throttled", answer(429, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"3001"}],"type":"SERVICE"}}`), transport.FaultRetry, transport.FaultRetry},
		{"throttled by a page", answer(429, `slow down`), transport.FaultRetry, transport.FaultRetry},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := serve(t, tc.serve)
			_, err := c.Do(context.Background(), read)
			if e := asError(t, err); e.Kind != tc.read {
				t.Errorf("read: %s, want %s (%v)", e.Kind, tc.read, err)
			}
			_, err = c.Do(context.Background(), write)
			if e := asError(t, err); e.Kind != tc.write {
				t.Errorf("write: %s, want %s (%v)", e.Kind, tc.write, err)
			}
			if strings.Contains(tc.name, "throttled") && transport.WaitOf(err) != time.Minute {
				t.Errorf("wait %v, want a minute", transport.WaitOf(err))
			}
		})
	}
}

func TestDo_NeverConnectedIsNotAnUnknownOutcome(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	addr := s.URL
	s.Close()
	c, err := New(Options{BaseURL: addr, Realm: "1"})
	if err != nil {
		t.Fatal(err)
	}
	call, _ := WriteCall("Customer", map[string]any{}, "r1")
	_, err = c.Do(context.Background(), call)
	if e := asError(t, err); e.Kind != transport.FaultRetry {
		t.Errorf("kind %s, want retry: %v", e.Kind, err)
	}
}

func TestDo_AnErrorDoesNotCarryWhatWasAskedFor(t *testing.T) {
	c := serve(t, abort)
	_, err := c.Query(context.Background(), Query{Entity: "Customer", Where: []string{Eq("DisplayName", "Confidential")}}, transport.RecordRead)
	if err == nil || strings.Contains(err.Error(), "Confidential") {
		t.Errorf("got %v", err)
	}
}

func TestQuery_LongStatementsTravelInTheBody(t *testing.T) {
	var method, got string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		method, got = r.Method, r.URL.Query().Get("query")+string(b)
		_, _ = io.WriteString(w, `{"QueryResponse":{},"time":"2026-05-05T02:08:54.543-07:00"}`)
	})
	var ids []string
	for range 400 {
		ids = append(ids, "123456789")
	}
	for _, where := range []string{Eq("DisplayName", `O'Neil \ Sons + 1`), In("Id", ids...)} {
		q := Query{Entity: "Customer", Where: []string{where, WithInactive}, OrderBy: "Id"}
		page, err := c.Query(context.Background(), q, transport.RecordRead)
		if err != nil || len(page.Records) != 0 || page.Total != -1 || page.Entity != "Customer" {
			t.Errorf("page %+v, %v", page, err)
		}
		if got != q.String() {
			t.Errorf("the vendor got %s", got)
		}
		if wantPost := len(got) > longStatement; (method == "POST") != wantPost {
			t.Errorf("%d characters went by %s", len(got), method)
		}
	}
}

func TestQuery_Statement(t *testing.T) {
	from := time.Date(2026, 5, 1, 2, 0, 0, 0, time.FixedZone("", 2*3600))
	got := Query{
		Entity: "Vendor", Where: append(Window(from, from.Add(time.Hour)), WithInactive), OrderBy: "Id", Start: 1,
	}.String()
	want := "SELECT * FROM Vendor WHERE MetaData.LastUpdatedTime >= '2026-05-01T00:00:00+00:00'" +
		" AND MetaData.LastUpdatedTime < '2026-05-01T01:00:00+00:00' AND Active IN (true, false)" +
		" ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := Eq("DisplayName", `it's \`); got != `DisplayName = 'it\'s \\'` {
		t.Errorf("escaped to %s", got)
	}
}

func TestQuery_CountReadsTotal(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if q, _ := url.QueryUnescape(r.URL.Query().Get("query")); q != "SELECT COUNT(*) FROM Invoice" {
			t.Errorf("asked %s", q)
		}
		_, _ = io.WriteString(w, `{"QueryResponse":{"totalCount":37},"time":"2026-05-05T02:08:54.543-07:00"}`)
	})
	n, err := c.Count(context.Background(), Query{Entity: "Invoice"})
	if n != 37 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
}

func TestCompanyAndPreferences(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/companyinfo/123") {
			_, _ = io.WriteString(w, `{"CompanyInfo":{"Id":"1","CompanyName":"Acorn Ltd","Country":"USA","DefaultTimeZone":"America/Denver",
				"NameValue":[{"Name":"OfferingSku","Value":"QuickBooks Online Plus"}]},"time":"2026-05-05T02:08:54.543-07:00"}`)
			return
		}
		_, _ = io.WriteString(w, `{"Preferences":{"CurrencyPrefs":{"MultiCurrencyEnabled":true,"HomeCurrency":{"value":"AUD"}},
			"SalesFormsPrefs":{"CustomTxnNumbers":true,"CustomField":[
			 {"CustomField":[{"Name":"SalesFormsPrefs.UseSalesCustom1","BooleanValue":true},{"Name":"SalesFormsPrefs.UseSalesCustom2","BooleanValue":false}]},
			 {"CustomField":[{"Name":"SalesFormsPrefs.SalesCustomName1","StringValue":"Job"},{"Name":"SalesFormsPrefs.SalesCustomName2","StringValue":"Off"}]}]},
			"OtherPrefs":{"NameValue":[{"Name":"SalesFormsPrefs.DefaultItem","Value":"7"}]}},"time":"2026-05-05T02:08:54.543-07:00"}`)
	})
	info, err := c.CompanyInfo(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if info.Name != "Acorn Ltd" || info.Country != "US" || info.Zone != "America/Denver" || info.Offering != "QuickBooks Online Plus" {
		t.Errorf("company %+v", info)
	}
	p, err := c.Preferences(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if p.HomeCurrency != "AUD" || !p.MultiCurrency || !p.CustomTxnNumbers || p.DefaultItemID != "7" {
		t.Errorf("preferences %+v", p)
	}
	if diff := cmp.Diff(map[string]string{"1": "Job"}, p.SalesFields); diff != "" {
		t.Errorf("custom fields of sales forms (-want +got):\n%s", diff)
	}
}

// abort drops the connection without an answer.
func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}
