package zohobox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// The vendor's own descriptions of its answers, read where they lie; they are
// not part of this repository.
const oasDir = "../../../shared/reference/zoho/oas-2026"

// schemas checks values against one OpenAPI document: types, mandatory keys and
// closed lists. It is no full validator, and need not be.
type schemas struct {
	doc  obj
	errs map[string]bool
}

func loadOAS(t *testing.T, name string) *schemas {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(oasDir, name+".json"))
	if err != nil {
		t.Skipf("SKIPPED: the vendor's OpenAPI documents are not at %s", oasDir)
	}
	s := &schemas{errs: map[string]bool{}}
	if err := json.Unmarshal(raw, &s.doc); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *schemas) resolve(o obj) obj {
	ref, is := o["$ref"].(string)
	if !is {
		return o
	}
	var v any = s.doc
	for _, p := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		m, _ := v.(obj)
		v = m[p]
	}
	m, _ := v.(obj)
	return s.resolve(m)
}

func (s *schemas) response(path, method, status string) obj {
	ops, _ := s.doc["paths"].(obj)[path].(obj)
	op, _ := ops[method].(obj)
	r, _ := op["responses"].(obj)[status].(obj)
	content, _ := s.resolve(r)["content"].(obj)
	for _, c := range content {
		sch, _ := c.(obj)["schema"].(obj)
		return sch
	}
	return nil
}

func (s *schemas) fail(path, format string, args ...any) {
	s.errs[path+": "+fmt.Sprintf(format, args...)] = true
}

func (s *schemas) check(path string, sch obj, v any) {
	sch = s.resolve(sch)
	for _, key := range []string{"oneOf", "anyOf", "allOf"} {
		if options, is := sch[key].([]any); is {
			s.checkOptions(path, key, options, v)
			return
		}
	}
	if enum, is := sch["enum"].([]any); is && v != nil {
		if !slices.ContainsFunc(enum, func(e any) bool { return fmt.Sprint(e) == fmt.Sprint(v) }) {
			s.fail(path, "%v is not in %v", v, enum)
		}
	}
	if !typeFits(sch["type"], v) {
		s.fail(path, "%T (%v) is not %v", v, v, sch["type"])
		return
	}
	switch x := v.(type) {
	case obj:
		s.checkObject(path, sch, x)
	case []any:
		items, _ := sch["items"].(obj)
		for _, e := range x {
			s.check(path+"[]", items, e)
		}
	}
}

func (s *schemas) checkObject(path string, sch, v obj) {
	props, _ := sch["properties"].(obj)
	req, _ := sch["required"].([]any)
	for _, k := range req {
		if _, there := v[k.(string)]; !there {
			s.fail(path, "%v is missing", k)
		}
	}
	for k, p := range props {
		if val, there := v[k]; there {
			s.check(path+"."+k, p.(obj), val)
		}
	}
}

// checkOptions keeps the errors of the option that fits best.
func (s *schemas) checkOptions(path, key string, options []any, v any) {
	var best map[string]bool
	for _, o := range options {
		try := &schemas{doc: s.doc, errs: map[string]bool{}}
		try.check(path, o.(obj), v)
		if key != "allOf" && len(try.errs) == 0 {
			return
		}
		if best == nil || len(try.errs) < len(best) {
			best = try.errs
		}
	}
	for e := range best {
		s.errs[e] = true
	}
}

func typeFits(want, v any) bool {
	switch w := want.(type) {
	case []any:
		return slices.ContainsFunc(w, func(o any) bool { return typeFits(o, v) })
	case string:
		switch x := v.(type) {
		case nil:
			return w == "null"
		case string:
			return w == "string"
		case bool:
			return w == "boolean"
		case json.Number:
			return w == "number" || w == "integer" && !strings.Contains(x.String(), ".")
		case obj:
			return w == "object"
		case []any:
			return w == "array"
		}
	}
	return true
}

func (s *schemas) report(t *testing.T) {
	t.Helper()
	var all []string
	for e := range s.errs {
		all = append(all, e)
	}
	// reference/zoho-crm.md section 4.1 prints null here, from a real answer
	all = slices.DeleteFunc(all, func(e string) bool { return strings.Contains(e, "page_token") && strings.Contains(e, "<nil>") })
	sort.Strings(all)
	for _, e := range all {
		t.Error(e)
	}
}

// Answers have the shape of the vendor's own documents.
func TestAnswers_FitTheVendorsDocuments(t *testing.T) {
	a := open(t, zohobox.Options{MultiCurrency: true})
	a.externalID("Contacts")
	id := a.make("Contacts", obj{"Last_Name": "L"})
	a.remove("Contacts", a.make("Contacts", obj{"Last_Name": "Gone"}))
	watch := obj{"watch": []any{obj{"channel_id": "1", "notify_url": "https://app.test/", "events": []any{"Contacts.all"}, "token": "t", "channel_expiry": a.clock.now().Add(time.Hour).Format(time.RFC3339)}}}
	a.configureLocks("Contacts", obj{"lock_type": "manual"})
	for _, c := range []struct {
		doc, path, method, status string
		reply                     reply
	}{
		{"users", "/users", "get", "200", a.get("/users?type=AllUsers")},
		{"org", "/org", "get", "200", a.get("/org")},
		{"fields", "/settings/fields", "get", "200", a.get("/settings/fields?module=Contacts")},
		{"fields", "/settings/fields", "get", "200", a.get("/settings/fields?module=Quoted_Items")},
		{"fields", "/settings/fields", "post", "201", a.call(http.MethodPost, "/settings/fields?module=Vendors", obj{"fields": []any{obj{"field_label": "X", "data_type": "text"}}})},
		{"layouts", "/settings/layouts", "get", "200", a.get("/settings/layouts?module=Quotes")},
		{"modules", "/settings/modules", "get", "200", a.get("/settings/modules")},
		{"profiles", "/settings/profiles", "get", "200", a.get("/settings/profiles")},
		{"related-lists", "/settings/related_lists", "get", "200", a.get("/settings/related_lists?module=Accounts")},
		{"currencies", "/org/currencies", "get", "200", a.get("/org/currencies")},
		{"record", "/{module}", "get", "200", a.get("/Contacts?fields=Owner,Created_Time,Modified_Time,Created_By,Modified_By")},
		{"record", "/{module}/{recordID}", "get", "200", a.get("/Contacts/" + id)},
		{"record", "/{module}", "post", "201", a.insert("Contacts", obj{"Last_Name": "N"})},
		{"record", "/{module}", "put", "200", a.put("Contacts", id, obj{"Last_Name": "N"})},
		{"record", "/{module}", "post", "400", a.insert("Contacts", obj{"Email": "x"})},
		{"record", "/{module}/deleted", "get", "200", a.get("/Contacts/deleted")},
		{"coql", "/coql", "post", "200", a.coql("select Last_Name from Contacts where id is not null")},
		{"notifications", "/actions/watch", "post", "201", a.call(http.MethodPost, "/actions/watch", watch)},
		{"notifications", "/actions/watch", "get", "200", a.get("/actions/watch")},
		{"recycle-bin", "/settings/recycle_bin", "get", "200", a.get("/settings/recycle_bin")},
		{"record-locking-configurations", "/settings/record_locking_configurations", "get", "200", a.get("/settings/record_locking_configurations?module=Contacts")},
	} {
		t.Run(c.doc+" "+c.method+" "+c.path, func(t *testing.T) {
			s := loadOAS(t, c.doc)
			sch := s.response(c.path, c.method, c.status)
			if sch == nil {
				t.Fatal("the document has no such answer")
			}
			if fmt.Sprint(c.reply.status) != c.status {
				t.Fatalf("status %d, want %s: %s", c.reply.status, c.status, c.reply.raw)
			}
			s.check("$", sch, c.reply.body)
			s.report(t)
		})
	}
}
