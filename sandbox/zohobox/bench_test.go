package zohobox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// benched is a box with many accounts, called in process.
type benched struct {
	b     *testing.B
	http  http.Client
	token string
	field string
}

func bench(b *testing.B, n int) *benched {
	b.Helper()
	box, err := zohobox.New(zohobox.Options{ManualDelivery: true})
	if err != nil {
		b.Fatal(err)
	}
	x := &benched{b: b, http: http.Client{Transport: box.Transport()}}
	c := box.Credentials()
	resp, err := x.http.Post(host+"/oauth/v2/token?grant_type=refresh_token&refresh_token="+c.RefreshToken+"&client_id="+c.ClientID+"&client_secret="+c.ClientSecret, "", nil)
	if err != nil {
		b.Fatal(err)
	}
	var tok struct {
		AccessToken string `json:"access_token"`
	}
	_ = json.NewDecoder(resp.Body).Decode(&tok)
	x.token = tok.AccessToken
	x.send(http.MethodPost, "/settings/fields?module=Accounts", `{"fields":[{"field_label":"QBO Id","data_type":"text","length":50,"external":{"type":"org","show":false}}]}`)
	x.field = "QBO_Id"
	rows := make([]map[string]any, n)
	from := time.Now().Add(-time.Duration(n) * time.Second)
	for i := range rows {
		rows[i] = obj{"Account_Name": fmt.Sprintf("Account %d", i), "QBO_Id": fmt.Sprint(i), "Phone": "555 0100", "Billing_City": "Leeds", "Modified_Time": from.Add(time.Duration(i) * time.Second).Format(time.RFC3339)}
	}
	if err := box.Load("Accounts", rows); err != nil {
		b.Fatal(err)
	}
	return x
}

func (x *benched) send(method, path, body string, headers ...string) string {
	req, err := http.NewRequest(method, host+"/crm/v8"+path, strings.NewReader(body))
	if err != nil {
		x.b.Fatal(err)
	}
	req.Header.Set("Authorization", "Zoho-oauthtoken "+x.token)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := x.http.Do(req)
	if err != nil {
		x.b.Fatal(err)
	}
	raw, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode >= 400 {
		x.b.Fatalf("%s %s: %d %.300s", method, path, resp.StatusCode, raw)
	}
	return string(raw)
}

const benchSize = 100_000

func BenchmarkReads(b *testing.B) {
	x := bench(b, benchSize)
	first := x.send(http.MethodGet, "/Accounts?fields=Account_Name&per_page=1", "")
	id := first[strings.Index(first, `"id":"`)+6:][:19]
	since := time.Now().Add(-100 * time.Second).UTC().Format(time.RFC3339)
	for name, run := range map[string]func(i int){
		"ByID":     func(int) { x.send(http.MethodGet, "/Accounts/"+id, "") },
		"ListPage": func(int) { x.send(http.MethodGet, "/Accounts?fields=Account_Name,Phone,Modified_Time,Owner", "") },
		"Since":    func(int) { x.send(http.MethodGet, "/Accounts?fields=Account_Name", "", "If-Modified-Since", since) },
		"COQLUnique": func(i int) {
			x.send(http.MethodPost, "/coql", fmt.Sprintf(`{"select_query":"select Account_Name from Accounts where QBO_Id = '%d'"}`, i%benchSize))
		},
		"COQLKeyset2k": func(int) {
			x.send(http.MethodPost, "/coql", `{"select_query":"select Account_Name, Phone from Accounts where id > '0' order by id asc limit 2000"}`)
		},
		"External": func(i int) {
			x.send(http.MethodGet, fmt.Sprintf("/Accounts/%d", i%benchSize), "", "X-EXTERNAL", "Accounts.QBO_Id")
		},
	} {
		b.Run(name, func(b *testing.B) {
			x.b = b
			for i := 0; b.Loop(); i++ {
				run(i)
			}
		})
	}
}

func BenchmarkWrites(b *testing.B) {
	x := bench(b, benchSize)
	first := x.send(http.MethodGet, "/Accounts?fields=Account_Name&per_page=1", "")
	id := first[strings.Index(first, `"id":"`)+6:][:19]
	next := benchSize
	for name, run := range map[string]func(){
		"Update": func() { x.send(http.MethodPut, "/Accounts/"+id, `{"data":[{"Phone":"555 0199"}]}`) },
		"Insert100": func() {
			var buf bytes.Buffer
			buf.WriteString(`{"data":[`)
			for i := range 100 {
				if i > 0 {
					buf.WriteByte(',')
				}
				next++
				fmt.Fprintf(&buf, `{"Account_Name":"N %d","QBO_Id":"%d","Phone":"555 0100"}`, next, next)
			}
			buf.WriteString(`]}`)
			x.send(http.MethodPost, "/Accounts", buf.String())
		},
	} {
		b.Run(name, func(b *testing.B) {
			x.b = b
			for b.Loop() {
				run()
			}
		})
	}
}
