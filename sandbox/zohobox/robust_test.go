package zohobox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crossbook/internal/testkit"
	"crossbook/sandbox/zohobox"
)

// Bodies that no client should send are refused as bad JSON is, zoho-crm.md section 4.3.
func TestRobust_BodiesAreRefusedInTheVendorsWords(t *testing.T) {
	utf16 := "\xff\xfe{\x00\"\x00d\x00a\x00t\x00a\x00\"\x00:\x00[\x00]\x00}\x00"
	for name, body := range map[string]string{
		"a list": `[]`, "half": `{"data":[{"Account_Name":"A"`, "two": `{"data":[]}{"data":[]}`, "UTF-16": utf16, "no text": "\x00\x01\x02", "packed": "\x1f\x8b\x08\x00\x00",
		"nested too deep": `{"data":` + strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000) + `}`,
		"a huge one":      `{"data":[{"Account_Name":"` + strings.Repeat("a", 40<<20) + `"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := open(t, zohobox.Options{})
			testkit.Answers(t, name, func() {
				a.call(http.MethodPost, "/Accounts", body).want(400, "code", "INVALID_DATA", "status", "error")
			})
			a.sound()
		})
	}
	deep := strings.Repeat(`{"id":`, 5000) + "1" + strings.Repeat("}", 5000)
	a := open(t, zohobox.Options{})
	testkit.Answers(t, "a deep value", func() {
		a.call(http.MethodPost, "/Accounts", `{"data":[{"Account_Name":"A","Parent_Account":`+deep+`}]}`).want(400, "data.0.code", "INVALID_DATA")
	})
	a.insert("Accounts", obj{"Account_Name": "bad \xff\xfe text"}).want(201)
}

// Page numbers that no list has, zoho-crm.md section 4.1.
func TestRobust_PageNumbers(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.make("Accounts", obj{"Account_Name": "A"})
	for _, page := range []string{"-1", "0", "99999999999999999999", "9223372036854775807", "1e9", "x", "%00"} {
		for _, path := range []string{"/Accounts?fields=id&page=" + page, "/Accounts?fields=id&per_page=" + page, "/Accounts/search?fields=id&word=Acme&page=" + page, "/Accounts/deleted?page=" + page, "/settings/recycle_bin?page=" + page, "/Notes?fields=id&page=" + page} {
			if r := a.get(path); r.status >= 500 || r.status == 200 && !strings.HasPrefix(path, "/Accounts/deleted") {
				t.Errorf("%s: %d %.200s", path, r.status, r.raw)
			}
		}
	}
}

// Offsets beyond any table, zoho-crm.md section 5.3.
func TestRobust_Offsets(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.make("Accounts", obj{"Account_Name": "A"})
	for _, limit := range []string{"9223372036854775807, 2000", "2000, 9223372036854775807", "2147483647, 2000", "-1, 200", "99999999999999999999"} {
		if r := a.coql("select id from Accounts where id is not null limit " + limit); r.status >= 500 || r.status == 200 {
			t.Errorf("limit %s: %d %.200s", limit, r.status, r.raw)
		}
	}
}

// A body that never ends holds up nobody else.
func TestRobust_ASlowBodyHoldsUpNobody(t *testing.T) {
	a := open(t, zohobox.Options{})
	body, end := io.Pipe()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		req := httptest.NewRequest(http.MethodPost, host+"/crm/v8/Accounts", body)
		req.Header.Set("Authorization", "Zoho-oauthtoken "+a.token)
		a.box.ServeHTTP(httptest.NewRecorder(), req)
	}()
	if _, err := io.WriteString(end, `{"data":[{"Account_Name":"Slow"}`); err != nil {
		t.Fatal(err)
	}
	a.make("Accounts", obj{"Account_Name": "Quick"})
	_ = end.CloseWithError(io.ErrUnexpectedEOF)
	<-gone
	if n := a.get("/Accounts?fields=Account_Name").want(200, "data.0.Account_Name", "Quick").len("data"); n != 1 {
		t.Errorf("%d accounts: a body without its end did something", n)
	}
}

// Headers and addresses of absurd length.
func TestRobust_HeadersAndAddresses(t *testing.T) {
	a := open(t, zohobox.Options{})
	long := strings.Repeat("9", 900_000)
	for name, headers := range map[string][]string{
		"a long token": {"Authorization", "Zoho-oauthtoken " + long}, "a long time": {"If-Modified-Since", long}, "a long key": {"X-EXTERNAL", long},
		"a long language": {"Accept-Language", strings.Repeat("a-b,", 200_000)},
	} {
		testkit.Answers(t, name, func() {
			if r := a.get("/Accounts?fields=id", headers...); r.status >= 500 || r.status == 200 {
				t.Errorf("%s: %d", name, r.status)
			}
		})
	}
	for _, path := range []string{"/Accounts/" + long, "/" + long, "/Accounts?fields=" + long, "/Accounts?fields=id&page_token=" + long, "/" + strings.Repeat("a/", 100_000), fmt.Sprintf("/Accounts?fields=id&ids=%s", strings.Repeat("1,", 200_000))} {
		testkit.Answers(t, path[:20], func() {
			if r := a.get(path); r.status >= 500 || r.status == 200 {
				t.Errorf("%.30s: %d", path, r.status)
			}
		})
	}
}
