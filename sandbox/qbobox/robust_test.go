package qbobox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"crossbook/internal/testkit"
)

// Bodies that no client should send get a fault of the vendor, quickbooks-online.md section 7.
func TestRobust_BodiesGetAFault(t *testing.T) {
	for name, body := range map[string]string{
		"a list": `[]`, "half": `{"DisplayName":"A"`, "two": `{"DisplayName":"A"}{"DisplayName":"B"}`, "UTF-16": "\xff\xfe{\x00}\x00", "no text": "\x00\x01\x02", "packed": "\x1f\x8b\x08\x00\x00",
		"nested too deep": `{"DisplayName":` + strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000) + `}`,
		"a huge one":      `{"DisplayName":"` + strings.Repeat("a", 40<<20) + `"}`,
		"a deep value":    `{"DisplayName":"A","BillAddr":` + strings.Repeat(`{"Line1":`, 5000) + "1" + strings.Repeat("}", 5000) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t)
			testkit.Answers(t, name, func() {
				status, out := c.call("POST", "customer", body)
				if status != 400 || s(out, "Fault.type") != "ValidationFault" {
					t.Errorf("%d %.300v", status, out)
				}
			})
			c.sound()
		})
	}
}

// Positions and sizes that no page has, quickbooks-online.md section 6.
func TestRobust_PageNumbers(t *testing.T) {
	c := open(t)
	c.customer("Amy")
	for _, n := range []string{"-1", "0", "99999999999999999999", "9223372036854775807", "1e9", "x"} {
		for _, q := range []string{"select * from Customer startposition " + n, "select * from Customer maxresults " + n, "select * from Customer startposition " + n + " maxresults " + n} {
			if status, out := c.call("GET", "query?query="+url.QueryEscape(q), nil); status >= 500 {
				t.Errorf("%s: %d %.200v", q, status, out)
			}
		}
	}
	c.sound()
}

// A body that never ends holds up nobody else.
func TestRobust_ASlowBodyHoldsUpNobody(t *testing.T) {
	c := open(t)
	body, end := io.Pipe()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		req := httptest.NewRequest(http.MethodPost, "http://api.example/v3/company/"+c.realm+"/customer", body)
		req.Header.Set("Authorization", "Bearer "+c.token)
		c.box.ServeHTTP(httptest.NewRecorder(), req)
	}()
	if _, err := io.WriteString(end, `{"DisplayName":"Slow"`); err != nil {
		t.Fatal(err)
	}
	c.customer("Quick")
	_ = end.CloseWithError(io.ErrUnexpectedEOF)
	<-gone
	if n := len(c.box.All("Customer")); n != 1 {
		t.Errorf("%d customers: a body without its end did something", n)
	}
}

// Headers and addresses of absurd length.
func TestRobust_HeadersAndAddresses(t *testing.T) {
	c := open(t)
	long := strings.Repeat("9", 900_000)
	testkit.Answers(t, "a long token", func() {
		if status, _, _ := c.callWith("GET", "companyinfo/1", nil, http.Header{"Authorization": {"Bearer " + long}, "Accept": {"application/json"}}); status == 500 {
			t.Errorf("%d", status)
		}
	})
	for _, path := range []string{"customer/" + long, long + "/1", "query?query=" + long, "query?query=" + url.QueryEscape("select * from Customer where Id in ("+strings.Repeat("'1',", 50_000)+"'1')"), "cdc?entities=" + long + "&changedSince=" + long, strings.Repeat("a/", 100_000), "customer?requestid=" + long} {
		testkit.Answers(t, path[:15], func() {
			if status, out := c.call("GET", path, nil); status >= 500 {
				t.Errorf("%.30s: %d %.200v", path, status, out)
			}
		})
	}
	c.sound()
}
