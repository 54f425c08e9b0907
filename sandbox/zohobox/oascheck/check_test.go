package oascheck_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook/sandbox/zohobox/oascheck"
)

const document = `{"openapi":"3.1.0","servers":[{"url":"https://example.test/crm/{version}"}],"paths":{
	"/{module}":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/List"}}}},"204":{},"400":{"$ref":"#/components/responses/Bad"}}}},
	"/settings/things":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"type":"array","maxItems":2}}}}}}},
	"/{module}/{id}/photo":{"get":{"responses":{"200":{"content":{"image/*":{}}}}}}},
	"components":{
	"responses":{"Bad":{"content":{"application/json":{"schema":{"type":"object","required":["code"]}}}}},
	"schemas":{"List":{"type":"object","required":["data"],"additionalProperties":false,"properties":{"data":{"type":"array","items":{"oneOf":[
		{"type":"object","required":["id"],"additionalProperties":false,"properties":{"id":{"type":"string","pattern":"^[0-9]+$"},"when":{"type":"string","format":"date-time"},"kind":{"enum":["a","b"]}}},
		{"type":"object","required":["code","message"],"properties":{"code":{"const":"X"}}}]}}}}}}}`

func open(t *testing.T) *oascheck.Check {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "things.json"), []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := oascheck.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func answer(c *oascheck.Check, path string, status int, kind, body string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	c.Answer(r, status, http.Header{"Content-Type": {kind}}, []byte(body))
}

func TestCheck_FindsWhatDiffers(t *testing.T) {
	const js = "application/json;charset=UTF-8"
	for name, tc := range map[string]struct {
		path   string
		status int
		kind   string
		body   string
		want   string
	}{
		"as described":                 {"/crm/v8/Contacts", 200, js, `{"data":[{"id":"1","when":"2026-01-01T00:00:00Z","kind":"a"}]}`, ""},
		"the other alternative":        {"/crm/v8/Contacts", 200, js, `{"data":[{"code":"X","message":"m"}]}`, ""},
		"nothing where nothing may be": {"/crm/v8/Contacts", 204, "", "", ""},
		"a file":                       {"/crm/v8/Contacts/1/photo", 200, "image/png", "x", ""},
		"another file":                 {"/crm/v8/Contacts/1/photo", 200, "text/html", "x", "GET /{module}/{id}/photo 200 $: the document has no body of kind text/html"},
		"a shared refusal":             {"/crm/v2.1/Contacts", 400, js, `{}`, "GET /{module} 400 $: lacks code"},
		"keys too many and too few":    {"/crm/v8/Contacts", 200, js, `{"data":[{"b":1,"a":2}]}`, "GET /{module} 200 $.data[]: lacks id; has a, b"},
		"a wrong type":                 {"/crm/v8/Contacts", 200, js, `{"data":[{"id":1}]}`, "GET /{module} 200 $.data[].id: is no string but number"},
		"a wrong text":                 {"/crm/v8/Contacts", 200, js, `{"data":[{"id":"1","kind":"c"}]}`, "GET /{module} 200 $.data[].kind: is not in the document's list"},
		"a wrong time":                 {"/crm/v8/Contacts", 200, js, `{"data":[{"id":"1","when":"today"}]}`, "GET /{module} 200 $.data[].when: is no date-time"},
		"a longer list":                {"/crm/v8/settings/things", 200, js, `[1,2,3]`, "GET /settings/things 200 $: has more than 2 entries"},
		"a status of its own":          {"/crm/v8/settings/things", 500, js, `{}`, "GET /settings/things 500 $: the document has no such status"},
		"a settings page of its own":   {"/crm/v8/settings/others/7", 200, js, `{}`, "GET /settings/others/{id} 200 $: no document has this operation"},
		"a bulk page of its own":       {"/crm/bulk/v8/read", 200, js, `{}`, "GET /bulk/read 200 $: no document has this operation"},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t)
			answer(c, tc.path, tc.status, tc.kind, tc.body)
			got := ""
			for _, f := range c.Unexplained(nil) {
				f, _, _ = strings.Cut(f, ", as in ")
				got += f
			}
			if got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestCheck_LooksAtEachShapeOnce(t *testing.T) {
	c := open(t)
	for _, body := range []string{`{"data":[{"id":"1"}]}`, `{"data":[{"id":"2"},{"id":"31"}]}`, `{"data":[{"id":"x"}]}`, `{"data":[]}`} {
		answer(c, "/crm/v8/Contacts", 200, "application/json", body)
	}
	if all, different := c.Answers(); all != 4 || different != 3 {
		t.Errorf("%d answers, %d different ones", all, different)
	}
	if n := len(c.Findings()); n != 1 {
		t.Errorf("%d findings", n)
	}
}

func TestDeviation_ExplainsOrIsUnused(t *testing.T) {
	c := open(t)
	answer(c, "/crm/v8/Contacts", 418, "application/json", `{}`)
	known := []oascheck.Deviation{{"GET /{module}", 0, "$", "the document has no *", "tea"}, {"* /settings/*", 418, "$", "*", "no tea"}}
	if got := c.Unexplained(known); len(got) != 0 {
		t.Error(got)
	}
	want := []string{"no longer differs: * /settings/* 418 $: *"}
	if diff := cmp.Diff(want, c.Unused(known)); diff != "" {
		t.Error(diff)
	}
}

func TestHandlerAndTransport_PassAnswersOn(t *testing.T) {
	c := open(t)
	server := httptest.NewServer(c.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"data":"none"}`)
	})))
	defer server.Close()
	client := http.Client{Transport: c.Transport(http.DefaultTransport)}
	for _, path := range []string{"/crm/v8/Contacts", "/oauth/v2/token", "/_sandbox/state"} {
		resp, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || string(raw) != `{"data":"none"}` {
			t.Errorf("%s: %q %v", path, raw, err)
		}
	}
	if all, _ := c.Answers(); all != 2 { // one call, seen from both ends
		t.Errorf("%d answers", all)
	}
	if f := c.Findings(); len(f) != 1 || f[0].What != "is no array but string" {
		t.Error(f)
	}
}

func TestOpen_WithoutDocuments(t *testing.T) {
	if _, err := oascheck.Open(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestDeviations_HaveAReason(t *testing.T) {
	for _, d := range oascheck.Deviations() {
		if d.Why == "" || d.What == "" || d.At == "" || d.Operation == "" {
			t.Errorf("%+v", d)
		}
	}
}
