package bench_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// What two cores must do in a second with limits off; counted in processor time
// of sandbox and client together, so that a busy machine measures the same.
const (
	wantReads  = 5_000
	wantWrites = 2_000
)

// onSocket is a sandbox on a socket, full of customers.
type onSocket struct {
	b     *testing.B
	url   string
	auth  string
	calls map[string]func(i int)
}

func (s *onSocket) send(method, path, body string) {
	req, err := http.NewRequestWithContext(s.b.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.b.Fatal(err)
	}
	req.Header.Set("Authorization", s.auth)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.b.Fatal(err)
	}
	raw, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode >= 400 {
		s.b.Fatalf("%s %s: %d %.300s %v", method, path, resp.StatusCode, raw, err)
	}
}

func token(b *testing.B, address, id, secret, refresh string) string {
	b.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "client_id": {id}, "client_secret": {secret}}
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(id, secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || out.AccessToken == "" {
		b.Fatal("no access token: ", err)
	}
	return out.AccessToken
}

func zohoOf(b *testing.B, n int) *onSocket {
	b.Helper()
	box, err := zohobox.New(zohobox.Options{ManualDelivery: true})
	if err != nil {
		b.Fatal(err)
	}
	rows := make([]map[string]any, n)
	for i := range rows {
		rows[i] = map[string]any{"id": fmt.Sprint(700_000_001 + i), "Account_Name": fmt.Sprintf("Account %d", i), "Phone": "555 0100", "Billing_City": "Leeds"}
	}
	if err := box.Load("Accounts", rows); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(box)
	b.Cleanup(func() { server.Close(); box.Close() })
	cr := box.Credentials()
	s := &onSocket{b: b, url: server.URL, auth: "Zoho-oauthtoken " + token(b, server.URL+"/oauth/v2/token", cr.ClientID, cr.ClientSecret, cr.RefreshToken)}
	id := func(i int) string { return fmt.Sprint(700_000_001 + i*7919%n) }
	s.calls = map[string]func(int){
		"read": func(i int) { s.send(http.MethodGet, "/crm/v8/Accounts/"+id(i), "") },
		"query": func(i int) {
			s.send(http.MethodPost, "/crm/v8/coql", fmt.Sprintf(`{"select_query":"select Account_Name from Accounts where id = %s"}`, id(i)))
		},
		"update": func(i int) {
			s.send(http.MethodPut, "/crm/v8/Accounts/"+id(i), fmt.Sprintf(`{"data":[{"Phone":"555 %04d"}]}`, i))
		},
		"create": func(i int) {
			s.send(http.MethodPost, "/crm/v8/Accounts", fmt.Sprintf(`{"data":[{"Account_Name":"New %d"}]}`, i))
		},
	}
	return s
}

func quickBooksOf(b *testing.B, n int) *onSocket {
	b.Helper()
	box, err := qbobox.New(qbobox.Options{ManualDelivery: true})
	if err != nil {
		b.Fatal(err)
	}
	rows := make([]map[string]any, n)
	for i := range rows {
		rows[i] = map[string]any{"DisplayName": fmt.Sprintf("Customer %d", i), "PrimaryPhone": map[string]any{"FreeFormNumber": "555 0100"}}
	}
	if err := box.Load("Customer", rows); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(box)
	b.Cleanup(func() { server.Close(); box.Close() })
	cr := box.Credentials()
	s := &onSocket{b: b, url: server.URL + "/v3/company/" + cr.RealmID, auth: "Bearer " + token(b, server.URL+"/oauth2/v1/tokens/bearer", cr.ClientID, cr.ClientSecret, cr.RefreshToken)}
	turns := map[string]int{}
	s.calls = map[string]func(int){
		"read": func(i int) { s.send(http.MethodGet, fmt.Sprintf("/customer/%d", i*7919%n+1), "") },
		"query": func(i int) {
			s.send(http.MethodGet, "/query?query="+url.QueryEscape(fmt.Sprintf("select * from Customer where DisplayName = 'Customer %d'", i*7919%n)), "")
		},
		"update": func(i int) {
			id := fmt.Sprint(i*7919%n + 1)
			s.send(http.MethodPost, "/customer", fmt.Sprintf(`{"Id":%q,"SyncToken":"%d","sparse":true,"Notes":"%d"}`, id, turns[id], i))
			turns[id]++
		},
		"create": func(i int) { s.send(http.MethodPost, "/customer", fmt.Sprintf(`{"DisplayName":"New %d"}`, i)) },
	}
	return s
}

func processor() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// each is the processor time of one call, of a thousand.
func (s *onSocket) each(call string) time.Duration {
	const calls = 1_000
	do := s.calls[call]
	for i := range 100 {
		do(i + calls)
	}
	start := processor()
	for i := range calls {
		do(i)
	}
	return (processor() - start) / calls
}

// Single records, one a call, over real sockets: as many a second as promised,
// and in a company of fifty thousand as in one of a thousand.
func BenchmarkSandbox(b *testing.B) {
	for name, open := range map[string]func(*testing.B, int) *onSocket{"zoho": zohoOf, "quickbooks": quickBooksOf} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				small, large := open(b, 2_000), open(b, 50_000)
				for call, want := range map[string]float64{"read": wantReads, "query": wantReads, "update": wantWrites, "create": wantWrites} {
					few, many := small.each(call), large.each(call)
					rate, ratio := 2/many.Seconds(), many.Seconds()/few.Seconds()
					b.ReportMetric(rate, call+"s/s-on-2-cores")
					b.ReportMetric(ratio, call+"-large/small")
					if rate < want || ratio > 2 {
						b.Errorf("%s: %.0f a second on two cores, want %.0f; %.2f times the cost of one in a small company, at most 2", call, rate, want, ratio)
					}
				}
			}
		})
	}
}
