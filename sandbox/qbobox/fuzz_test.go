package qbobox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// truth is what a refused call must leave as it was.
func (c *client) truth() string {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://api.example/_sandbox/state", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	resp, err := c.http.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	var state map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(raw, &state)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return string(state["records"]) + string(state["deleted"]) + string(state["writes"])
}

// unharmed plays a call and says whether the box still stands: an answer in
// time, never a server's error, nothing changed by a refusal.
func (c *client) unharmed(play func() (int, m)) {
	c.t.Helper()
	before, start := c.truth(), time.Now()
	status, out := play()
	if took := time.Since(start); took > 5*time.Second {
		c.t.Errorf("the answer took %v", took)
	}
	if status >= 500 {
		c.t.Errorf("status %d: %v", status, out)
	}
	if after := c.truth(); status >= 400 && after != before {
		c.t.Errorf("refused with %d %v, and yet changed:\n%s\n%s", status, out, before, after)
	}
	if raw, broken := out["raw"].(string); broken && raw != "" && !strings.HasPrefix(raw, "<") && status == 200 {
		c.t.Errorf("no JSON: %s", raw)
	}
	if status, out := c.call("GET", "companyinfo/1", nil); status != 200 {
		c.t.Errorf("afterwards: %d %v", status, out)
	}
	c.sound()
}

// sound holds the ways of counting and finding records against each other, and
// the books against themselves.
func (c *client) sound() {
	c.t.Helper()
	for _, typ := range []string{"Customer", "Item", "Invoice", "Bill", "Payment", "JournalEntry", "Attachable"} {
		stored, open := c.box.All(typ), 0
		for _, o := range stored {
			if s(o, "Active") != "false" {
				open++
			}
		}
		counted := c.query("select count(*) from " + typ)
		if n := s(counted, "totalCount"); n != fmt.Sprint(open) {
			c.t.Errorf("%s: %d stored and active, %s counted", typ, open, n)
		}
		for _, o := range stored[:min(len(stored), 10)] {
			if status, out := c.call("GET", strings.ToLower(typ)+"/"+s(o, "Id"), nil); status != 200 {
				c.t.Errorf("%s %s is stored and not found: %d %v", typ, s(o, "Id"), status, out)
			}
		}
	}
	if t, is := c.t.(*testing.T); is {
		checkBooks(t, c)
	}
}

// Queries of any text, quickbooks-online.md section 6.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		"select * from Customer where DisplayName like 'S%' orderby Id desc startposition 1 maxresults 5", "select count(*) from Invoice", "select Id, Line.Amount from Bill where Id in ('1','2')",
		"select * from Customer where MetaData.LastUpdatedTime > '2026-05-01T00:00:00-07:00' and Active in (true,false)", "select * from Item where Name = '\\'", "select", "", "select * from Customer maxresults 99999999999999999999",
		"select * from ExchangeRate where AsOfDate = 'x'", "select * from Customer where Balance > '1e999999'", strings.Repeat("(", 3000),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		c := open(t)
		c.customer("Sparrow Lane Bakery")
		c.unharmed(func() (int, m) { return c.call("GET", "query?query="+url.QueryEscape(query), nil) })
	})
}

// Bodies of writes of any bytes, quickbooks-online.md section 2.
func FuzzWriteBody(f *testing.F) {
	for _, s := range []string{
		`{"DisplayName":"A"}`, `{"DisplayName":{"x":[1e999]},"ParentRef":{"value":7},"Job":"yes","PrimaryEmailAddr":[]}`, `[]`, `null`, `{"Id":"1","SyncToken":"0","sparse":true,"Active":false}`,
		`{"CustomerRef":{"value":"1"},"Line":[{"Amount":1e40,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"Qty":"x","UnitPrice":-0}}],"TxnDate":"2026-99-99"}`, `{"Line":[null,1,[],{}]}`, `{"Line":{}}`,
		`{"BatchItemRequest":[{"bId":"1","operation":"create","Customer":{"DisplayName":"B"}},{"bId":"1","Query":"select"},null]}`, `{"CustomerRef":{"value":"1"},"TotalAmt":1e999,"Line":[{"Amount":1,"LinkedTxn":[{"TxnId":[]}]}]}`,
	} {
		for i := range uint8(8) {
			f.Add(i, s)
		}
	}
	paths := []string{"customer", "invoice", "batch", "payment", "item", "journalentry", "bill", "customer?operation=delete"}
	f.Fuzz(func(t *testing.T, way uint8, body string) {
		c := open(t)
		c.customer("Sparrow Lane Bakery")
		c.unharmed(func() (int, m) { return c.call("POST", paths[int(way)%len(paths)], body) })
	})
}

// Bodies in XML of any bytes, quickbooks-online.md section 2.
func FuzzXMLBody(f *testing.F) {
	for _, s := range []string{
		`<Customer xmlns="http://schema.intuit.com/finance/v3"><DisplayName>A</DisplayName></Customer>`, `<Customer>`, `<Customer><Id>1</Id><Id>2</Id><SyncToken>x</SyncToken></Customer>`, `<a/><b/>`, `<`, ``,
		`<Invoice><CustomerRef name="n">1</CustomerRef><Line><Amount>1e99</Amount><DetailType>SalesItemLineDetail</DetailType></Line><Line/></Invoice>`, `<!DOCTYPE x [<!ENTITY a "b">]><Customer><DisplayName>&a;</DisplayName></Customer>`,
		`<IntuitBatchRequest><BatchItemRequest bId="1" operation="create"><Customer><DisplayName>B</DisplayName></Customer></BatchItemRequest><x/></IntuitBatchRequest>`, strings.Repeat("<a>", 200), `<Customer>` + strings.Repeat(`<!---->x`, 5000) + `</Customer>`,
	} {
		for i := range uint8(4) {
			f.Add(i, s)
		}
	}
	paths := []string{"customer", "invoice", "batch", "customer?operation=delete"}
	f.Fuzz(func(t *testing.T, way uint8, body string) {
		c := open(t)
		c.customer("Sparrow Lane Bakery")
		c.unharmed(func() (int, m) {
			status, out, _ := c.callWith("POST", paths[int(way)%len(paths)], body, http.Header{"Accept": {"application/json"}, "Content-Type": {"application/xml"}})
			return status, out
		})
	})
}

// quickbooks-online.md section 1.2: the consent page of any query, answered by any form.
func FuzzConsent(f *testing.F) {
	for _, s := range []string{"client_id=x", "redirect_uri=http://%5B", "redirect_uri=http://localhost/%zz&scope=openid", "scope=&state=%00", "ticket=&decision=accept&company=1", "%", ""} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, query, form string) {
		c := open(t)
		known := "&client_id=" + c.box.Credentials().ClientID
		c.unharmed(func() (int, m) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://appcenter.example/connect/oauth2", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.URL.RawQuery = query + known
			status, out, _ := c.roundTrip(req)
			if status >= 500 {
				t.Errorf("the page of %q: %d", query, status)
			}
			post, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://appcenter.example/connect/oauth2", strings.NewReader(form))
			if err != nil {
				t.Fatal(err)
			}
			post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if status, _, _ := c.roundTrip(post); status >= 500 {
				t.Errorf("the answer %q: %d", form, status)
			}
			return status, out
		})
	})
}

// Forms of the token service of any bytes, quickbooks-online.md section 1.4.
func FuzzTokenForm(f *testing.F) {
	for _, s := range []string{"grant_type=refresh_token&refresh_token=x", "grant_type=authorization_code&code=%zz", "", "&&=&a", "token=1", `{"token":[]}`} {
		f.Add(true, "bearer", s)
		f.Add(false, "revoke", s)
	}
	f.Fuzz(func(t *testing.T, form bool, last, body string) {
		c := open(t)
		cred := c.box.Credentials()
		c.unharmed(func() (int, m) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://oauth.example/", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.URL.Path = "/oauth2/v1/tokens/" + last
			if form {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			req.SetBasicAuth(cred.ClientID, cred.ClientSecret)
			status, out, _ := c.roundTrip(req)
			return status, out
		})
	})
}

// Uploads of any bytes, quickbooks-online.md section 5.9.
func FuzzUpload(f *testing.F) {
	part := func(name, file, body string) string {
		return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file + "\"\r\nContent-Type: application/json\r\n\r\n" + body + "\r\n"
	}
	for _, body := range []string{
		part("file_metadata_0", "m.json", `{"FileName":"a.txt","AttachableRef":[{"EntityRef":{"type":"Customer","value":"1"}}]}`) + part("file_content_0", "a.txt", "hello") + "--x--\r\n",
		part("file_content_0", "a.txt", ""), part("file_metadata_0", "", "null") + part("file_content_0", "", "x") + "--x--\r\n",
		part("file_metadata_0", "", `{"AttachableRef":{}}`) + part("file_content_0", "../a", "x") + part("file_content_0", "b", "y") + "--x--\r\n", "--\r\n", "", "--x--\r\n",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		c := open(t)
		c.customer("Sparrow Lane Bakery")
		c.unharmed(func() (int, m) {
			status, out, _ := c.callWith("POST", "upload", body, http.Header{"Accept": {"application/json"}, "Content-Type": {"multipart/form-data; boundary=x"}})
			return status, out
		})
	})
}
