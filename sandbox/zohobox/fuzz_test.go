package zohobox_test

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// truth is what a refused call must leave as it was.
func (a *app) truth() string {
	a.t.Helper()
	s := a.box.State()
	raw, err := json.Marshal([]any{s["records"], s["deleted"], s["writes"]})
	if err != nil {
		a.t.Fatal(err)
	}
	return string(raw)
}

// unharmed plays a call and says whether the box still stands: an answer in
// time, never a server's error, nothing changed by a refusal.
func (a *app) unharmed(play func() reply) {
	a.t.Helper()
	before, start := a.truth(), time.Now()
	r := play()
	if took := time.Since(start); took > 5*time.Second {
		a.t.Errorf("the answer took %v", took)
	}
	if r.status >= 500 {
		a.t.Errorf("status %d: %s", r.status, r.raw)
	}
	if after := a.truth(); r.status >= 400 && after != before {
		a.t.Errorf("refused with %d %s, and yet changed:\n%s\n%s", r.status, r.raw, before, after)
	}
	if strings.Contains(r.header.Get("Content-Type"), "json") && len(r.raw) > 0 && !json.Valid([]byte(r.raw)) {
		a.t.Errorf("no JSON: %s", r.raw)
	}
	a.get("/Accounts?fields=id").want(200)
	a.sound()
}

// sound holds the ways of counting and finding records against each other: what
// is stored, what a query counts, what a list shows, what an id finds.
func (a *app) sound() {
	a.t.Helper()
	for _, module := range []string{"Accounts", "Vendors", "Quotes"} {
		stored := a.get("/_sandbox/state?type=" + module).len("records." + module)
		counted := a.coql("select COUNT(id) from " + module + " where id is not null")
		listed := a.get("/" + module + "?fields=id")
		since := a.get("/"+module+"?fields=id&sort_by=Modified_Time", "If-Modified-Since", "2020-01-01T00:00:00Z")
		if n := counted.str("data.0.COUNT(id)"); n != "" && n != fmt.Sprint(stored) || n == "" && stored > 0 && counted.status != 204 {
			a.t.Errorf("%s: %d stored, counted: %s", module, stored, counted.raw)
		}
		if want := min(stored, 200); listed.len("data") != want || since.len("data") != want {
			a.t.Errorf("%s: %d stored, %d listed, %d since ever", module, stored, listed.len("data"), since.len("data"))
		}
		for i := range min(listed.len("data"), 20) {
			a.get("/" + module + "/" + listed.str(fmt.Sprintf("data.%d.id", i))).want(200)
		}
	}
}

func fuzzed(t *testing.T) *app {
	a := open(t, zohobox.Options{})
	a.make("Accounts", obj{"Account_Name": "Sparrow Lane Bakery", "Phone": "555 0100"})
	return a
}

// COQL of any text, zoho-crm.md section 5.3.
func FuzzCOQL(f *testing.F) {
	for _, s := range []string{
		"select id, Account_Name from Accounts where Account_Name like 'S%' order by id limit 2",
		"select Owner.last_name from Accounts where ((id > 1) and (Phone is not null)) or Phone in ('1','2') offset 5",
		"select count(id), Industry from Accounts where id is not null group by Industry", "select id from Accounts where", "select",
		"select id from Accounts where Created_Time between '2026-01-01T00:00:00Z' and 'x' limit 0, 200", "select id from Accounts where Phone = '\\'", strings.Repeat("(", 3000),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		a := fuzzed(t)
		a.unharmed(func() reply { return a.coql(query) })
	})
}

// Search criteria of any text, zoho-crm.md section 5.1.
func FuzzSearchCriteria(f *testing.F) {
	for _, s := range []string{
		"(Account_Name:equals:Sparrow)", "((Phone:starts_with:5)and(Account_Name:in:a,b))or(id:equals:1)", "(Phone:equals:a\\,b\\))", "(", ")(", "(::)",
		"(Created_Time:between:2026-01-01T00:00:00Z,x)", strings.Repeat("(", 3000),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, criteria string) {
		a := fuzzed(t)
		a.unharmed(func() reply { return a.get("/Accounts/search?fields=id&criteria=" + q(criteria)) })
	})
}

// Bodies of writes of any bytes, zoho-crm.md section 4.3.
func FuzzWriteBody(f *testing.F) {
	for _, s := range []string{
		`{"data":[{"Account_Name":"A"}]}`, `{"data":[{"Account_Name":{"x":[1e999,-0]},"Parent_Account":{"id":"x"},"Owner":7}],"trigger":[1]}`,
		`{"data":[null,1,[],{}]}`, `{"data":{}}`, `[]`, `{"data":[{"Subject":"Q","Quoted_Items":[{"Product_Name":{"id":null},"Quantity":1e400,"_delete":null}]}]}`,
		`{"data":[{"Account_Name":"A","id":"9","$append_values":{"a":1},"Tag":[[]],"Layout":{"id":3}}],"duplicate_check_fields":[{}]}`, `{"data":[{"Account_Name":"\ud800"}]`,
	} {
		for i := range uint8(4) {
			f.Add(i, s)
		}
	}
	f.Fuzz(func(t *testing.T, way uint8, body string) {
		a := fuzzed(t)
		calls := [][2]string{{http.MethodPost, "/Accounts"}, {http.MethodPut, "/Accounts"}, {http.MethodPost, "/Accounts/upsert"}, {http.MethodPost, "/Quotes"}}
		to := calls[int(way)%len(calls)]
		a.unharmed(func() reply { return a.call(to[0], to[1], body) })
	})
}

// Forms of the token service of any bytes, zoho-crm.md section 2.3.
func FuzzTokenForm(f *testing.F) {
	for _, s := range []string{
		"grant_type=refresh_token&refresh_token=x", "grant_type=authorization_code&code=%zz", "", "&&=&a", "grant_type=&grant_type=client_credentials&scope=,,", "token=1",
		"client_id=x&response_type=code&redirect_uri=http://%5B&scope=a.b", "ticket=x&decision=accept&user=%00", "scope=a.b&user=&minutes=-1",
	} {
		f.Add("/oauth/v2/token", s)
		f.Add("/oauth/v2/token/revoke", s)
		f.Add("/oauth/v2/auth", s)
		f.Add("/_sandbox/self-client", s)
	}
	f.Fuzz(func(t *testing.T, path, form string) {
		if !strings.HasPrefix(path, "/oauth/v2/") && path != "/_sandbox/self-client" || strings.ContainsAny(path, "?#% ") {
			t.Skip()
		}
		a := fuzzed(t)
		a.unharmed(func() reply {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, host, strings.NewReader(form))
			if err != nil {
				t.Fatal(err)
			}
			req.URL.Path = path
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return a.send(req)
		})
	})
}

// Files of a bulk write of any bytes, and the job that reads them, zoho-crm.md section 12.
func FuzzBulkWriteFile(f *testing.F) {
	for _, csv := range []string{"Vendor_Name,Email\nA,a@a.test\n", "Vendor_Name\n\"", "", "\xff\xfe,\n", "Vendor_Name,Vendor_Name\n1,2,3\n", strings.Repeat(",", 2000)} {
		whole := packed(f, "v.csv", csv)
		f.Add(uint8(0), whole)
		f.Add(uint8(1), whole[:len(whole)/2])
	}
	f.Add(uint8(2), packed(f, "../../v.csv", "Vendor_Name\nA\n"))
	f.Add(uint8(0), packed(f, "v.txt", "x"))
	f.Fuzz(func(t *testing.T, way uint8, file []byte) {
		a := fuzzed(t)
		var id string
		a.unharmed(func() reply {
			r := a.upload(file)
			id = r.str("details.file_id")
			return r
		})
		if id == "" {
			return
		}
		op := []string{"insert", "update", "upsert"}[int(way)%3]
		a.unharmed(func() reply {
			return a.bulkWrite(op, obj{"module": obj{"api_name": "Vendors"}, "file_id": id, "find_by": "Vendor_Name", "field_mappings": []any{
				obj{"api_name": "Vendor_Name", "index": 0}, obj{"api_name": "Email", "index": 1},
			}})
		})
		a.clock.step(time.Minute)
		a.get("/Accounts?fields=id").want(200) // the job runs with the next call
		a.sound()
	})
}

// Multipart bodies of any bytes, zoho-crm.md sections 6 and 12.
func FuzzMultipart(f *testing.F) {
	for _, s := range []string{
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n", "--x\r\n\r\n", "--x--", "",
		"--x\r\nContent-Disposition: form-data; name=\"attachmentUrl\"\r\n\r\nhttps://a.test/%zz\r\n--x--\r\n", "--x\r\nContent-Disposition: form-data; filename*=utf-8''%ff\r\n\r\n\r\n--x--",
	} {
		f.Add(true, "x", s)
		f.Add(false, "x", s)
	}
	f.Add(true, "", "--\r\n")
	f.Fuzz(func(t *testing.T, attach bool, boundary, body string) {
		a := fuzzed(t)
		path := "/upload"
		if attach {
			path = "/Accounts/" + a.get("/Accounts?fields=id").str("data.0.id") + "/Attachments"
		}
		zgid := a.get("/org").str("org.0.zgid")
		kind := mime.FormatMediaType("multipart/form-data", map[string]string{"boundary": boundary})
		a.unharmed(func() reply {
			return a.call(http.MethodPost, path, body, "Content-Type", kind, "feature", "bulk-write", "X-CRM-ORG", zgid)
		})
	})
}
