package zohobox_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/zohobox"
)

// codeOf is the code of a request that was refused, or of its first record.
func (r reply) codeOf() string {
	if c := r.str("code"); c != "" {
		return c
	}
	for _, key := range []string{"data", "fields", "watch", "layouts", "tags", "variables"} {
		if c := r.str(key + ".0.code"); c != "" {
			return c
		}
	}
	return ""
}

// zoho-crm.md section 15: the catalogue of errors, each brought about by a call.
func TestErrors_CatalogueByCalls(t *testing.T) {
	a := open(t, zohobox.Options{})
	account := a.make("Accounts", obj{"Account_Name": "Sparrow Lane Bakery"})
	unique := a.externalID("Vendors")
	a.make("Vendors", obj{"Vendor_Name": "V", unique: "ab-1"})
	many := make([]obj, 101)
	for i := range many {
		many[i] = obj{"Account_Name": fmt.Sprint("A", i)}
	}
	stranger := *a
	stranger.token = ""
	revoked := *a
	revoked.token = "1000.no.no"
	narrow := *a
	narrow.token = a.login(a.box.Grant("Super Admin", "ZohoCRM.users.READ"))
	conditions := "(" + strings.Repeat("(Account_Name:equals:a)or", 15) + "(Account_Name:equals:b))"
	get := func(path string, headers ...string) func() reply {
		return func() reply { return a.get(path, headers...) }
	}
	send := func(method, path string, body any, headers ...string) func() reply {
		return func() reply { return a.call(method, path, body, headers...) }
	}
	for _, k := range []struct {
		status int
		code   string
		call   func() reply
	}{
		{400, "INVALID_DATA", send("POST", "/Accounts", data(obj{"Account_Name": []any{1}}))},
		{400, "MANDATORY_NOT_FOUND", send("POST", "/Accounts", data(obj{"Phone": "1"}))},
		{400, "DUPLICATE_DATA", send("POST", "/Vendors", data(obj{"Vendor_Name": "W", unique: "AB-1"}))},
		{400, "MULTIPLE_OR_MULTI_ERRORS", send("POST", "/Contacts", data(obj{"First_Name": strings.Repeat("x", 41), "Email": "no"}))},
		{400, "LIMIT_EXCEEDED", send("POST", "/Accounts", data(many...))},
		{400, "REQUIRED_PARAM_MISSING", get("/Accounts")},
		{400, "EXPECTED_PARAM_MISSING", get("/Accounts/search")},
		{400, "AMBIGUITY_DURING_PROCESSING", get("/Accounts?fields=id&sort_by=id&cvid=1")},
		{400, "INVALID_MODULE", get("/Nonsense?fields=id")},
		{400, "INVALID_QUERY", get("/Accounts/search?criteria=(Nonsense:equals:a)")},
		{400, "SYNTAX_ERROR", send("POST", "/coql", obj{"select_query": "choose Account_Name"})},
		{400, "CRITERIA_LIMIT_EXCEEDED", get("/Accounts/search?criteria=" + q(conditions))},
		{400, "LIMIT_REACHED", get("/Accounts/search?criteria=(Account_Name:equals:a)&page=11&per_page=200")},
		{400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", get("/Accounts?fields=Account_Name&page=11&per_page=200")},
		{400, "TOKEN_BOUND_DATA_MISMATCH", func() reply {
			a.make("Accounts", obj{"Account_Name": "Another"})
			tok := a.get("/Accounts?fields=id&per_page=1").str("info.next_page_token")
			return a.get("/Accounts?fields=id,Phone&per_page=1&page_token=" + tok)
		}},
		{400, "UNABLE_TO_PARSE_DATA_TYPE", send("DELETE", "/Accounts?ids=abc", nil)},
		{400, "PATTERN_NOT_MATCHED", get("/Accounts/deleted?type=lost")},
		{400, "INVALID_REQUEST_METHOD", send("PATCH", "/Accounts", data(obj{"Account_Name": "x"}))},
		{400, "NOT_SUBSCRIBED", send("PATCH", "/actions/watch", obj{"watch": []any{obj{"channel_id": "77", "_delete_events": true}}})},
		{400, "RECORD_LOCKED", func() reply {
			locked := a.make("Accounts", obj{"Account_Name": "Locked"})
			a.do(zohobox.Action{Action: "lock", Type: "Accounts", ID: locked, Data: obj{"reason": "check"}})
			return a.put("Accounts", locked, obj{"Phone": "2"})
		}},
		{400, "INVALID_HOST", func() reply { return a.at("GET", "https://developer.zohoapis.com/crm/v8/org", nil) }},
		{401, "INVALID_TOKEN", func() reply { return revoked.get("/org") }},
		{401, "AUTHENTICATION_FAILURE", func() reply { return stranger.get("/org") }},
		{401, "OAUTH_SCOPE_MISMATCH", func() reply { return narrow.get("/org") }},
		{403, "NO_PERMISSION", func() reply {
			return a.as("Eva").call("POST", "/settings/fields?module=Vendors", obj{"fields": []any{obj{"field_label": "X", "data_type": "text", "length": 9}}})
		}},
		{403, "CURRENCIES_NOT_ENABLED", get("/org/currencies")},
		{403, "FEATURE_NOT_SUPPORTED", func() reply {
			return open(t, zohobox.Options{Edition: "standard"}).call("POST", "/org/currencies/actions/enable", obj{"base_currency": obj{"iso_code": "USD"}})
		}},
		{403, "NOT_SUPPORTED", func() reply { return a.as("Eva").get("/Notes?fields=Note_Title") }},
		{404, "INVALID_URL_PATTERN", get("/settings/nowhere")},
		{404, "RESOURCE_NOT_FOUND", func() reply { return a.call("GET", "/crm/bulk/v8/read/77", nil) }},
		{412, "ALREADY_MODIFIED", func() reply {
			return a.put("Accounts", account, obj{"Phone": "1"}, "If-Unmodified-Since", "2020-01-01T00:00:00+00:00")
		}},
		{415, "MEDIA_TYPE_NOT_SUPPORTED", func() reply { return a.call("POST", "/crm/bulk/v8/read", obj{}) }},
		{429, "TOO_MANY_REQUESTS", failing(a, fault.Rule{Kind: fault.RateLimit, Times: 1})},
		{500, "INTERNAL_ERROR", failing(a, fault.Rule{Kind: fault.Status, Status: 500, Times: 1})},
		{502, "", failing(a, fault.Rule{Kind: fault.Status, Status: 502, Times: 1})}, // a gateway's page, no JSON
		{503, "", failing(a, fault.Rule{Kind: fault.Status, Status: 503, Times: 1})},
	} {
		t.Run(fmt.Sprint(k.status, k.code), func(t *testing.T) {
			a.t = t
			if r := k.call(); r.status != k.status || r.codeOf() != k.code {
				t.Errorf("got %d %s, want %d %s: %s", r.status, r.codeOf(), k.status, k.code, r.raw)
			}
		})
	}
}

func failing(a *app, rule fault.Rule) func() reply {
	return func() reply {
		if _, err := a.box.Faults().Add(rule); err != nil {
			a.t.Fatal(err)
		}
		return a.get("/org")
	}
}

// elsewhere are codes of single endpoints, which section 15 leaves to the vendor's
// own document of these.
var elsewhere = map[string]string{
	"FIELD_IN_CRITERIA_NOT_SUPPORTED": "bulk-read", "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED": "bulk-read",
	"COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE": "bulk-read", "NOT_SUPPORTED_FEATURE": "bulk-read",
	"INVALID_CALLBACK_URL": "bulk-write", "COEXISTENCE_NOT_ALLOWED": "bulk-write", "CANNOT_DELETE": "pipeline",
	"ALREADY_CONFIGURED": "duplicate-check-preference", "CANNOT_PERFORM_ACTION": "variable-groups",
	"ID_ALREADY_DEACTIVATED": "users", "ID_ALREADY_ACTIVE": "users", "MANDATORY_PARAM_MISSING": "roles", "ALREADY_DEACTIVATED": "layouts-activate-deactivate",
	"INVALID_ALIAS": "coql", "DUPLICATE_ALIAS": "coql",
	"failure_in_attachment_handling": "files", "FILE_SIZE_MORE_THAN_ALLOWED_SIZE": "files", "INVALID_REQUEST": "files",
	"INVALID_REFERENCE": "composite-requests", "ROLLBACK_PERFORMED": "composite-requests", "PROCESSING_STOPPED": "composite-requests",
}

// zoho-crm.md section 15: every code in the source stands in the catalogue, with a status it has there.
func TestErrors_AllStandInTheCatalogue(t *testing.T) {
	reference := filepath.Join("..", "..", "..", "shared", "reference")
	raw, err := os.ReadFile(filepath.Join(reference, "zoho-crm.md"))
	if err != nil {
		t.Skip("the reference page is not beside the repository: ", err)
	}
	catalogue := readCatalogue(string(raw))
	said := saidCodes(t)
	if len(said) < 40 {
		t.Fatalf("only %d codes were found in the source", len(said))
	}
	for code, statuses := range said {
		where, listed := catalogue[code]
		if doc := elsewhere[code]; !listed && doc != "" {
			if text, err := os.ReadFile(filepath.Join(reference, "zoho", "oas-2026", doc+".json")); err != nil || !strings.Contains(string(text), `"`+code+`"`) {
				t.Errorf("%s does not stand in %s: %v", code, doc, err)
			}
			continue
		}
		if !listed {
			t.Errorf("%s is said but not in section 15", code)
			continue
		}
		for _, s := range statuses {
			if !slices.Contains(where, s) {
				t.Errorf("%s comes with %d, the catalogue has %v", code, s, where)
			}
		}
	}
}

var codePattern = regexp.MustCompile(`[A-Z]{2,}(?:_[A-Z]+)+|FORBIDDEN`)

// readCatalogue gives the statuses of each code in the table of section 15, and
// 400 for those that section 4.6 alone has.
func readCatalogue(page string) map[string][]int {
	_, section, _ := strings.Cut(page, "\n## 15. ")
	section, _, _ = strings.Cut(section, "\n## ")
	out := map[string][]int{}
	for line := range strings.Lines(section) {
		cells := strings.SplitN(line, "|", 4)
		if len(cells) < 3 {
			continue
		}
		for _, status := range regexp.MustCompile(`\d{3}`).FindAllString(cells[1], -1) {
			n, _ := strconv.Atoi(status)
			for _, code := range codePattern.FindAllString(cells[2], -1) {
				out[code] = append(out[code], n)
			}
		}
	}
	_, section, _ = strings.Cut(page, "\n### 4.6 ")
	section, _, _ = strings.Cut(section, "\n### ")
	for line := range strings.Lines(section) {
		cells := strings.SplitN(line, "|", 3)
		if len(cells) < 3 {
			continue
		}
		for _, code := range codePattern.FindAllString(cells[1], -1) {
			if out[code] == nil {
				out[code] = []int{400}
			}
		}
	}
	return out
}

// saidCodes reads the calls of refuse and the failures with a status of their
// own from the source of the box.
func saidCodes(t *testing.T) map[string][]int {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]int{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "refuse" && len(n.Args) > 1 {
					note(out, n.Args[1], n.Args[0])
				}
			case *ast.CompositeLit:
				if f, ok := n.Type.(*ast.Ident); ok && f.Name == "failure" {
					var code, status ast.Expr
					for _, e := range n.Elts {
						kv, _ := e.(*ast.KeyValueExpr)
						if kv == nil {
							continue
						}
						switch kv.Key.(*ast.Ident).Name {
						case "code":
							code = kv.Value
						case "status":
							status = kv.Value
						}
					}
					note(out, code, status)
				}
			}
			return true
		})
	}
	return out
}

var statusNames = map[string]int{
	"StatusNotFound": http.StatusNotFound, "StatusBadRequest": http.StatusBadRequest, "StatusUnsupportedMediaType": http.StatusUnsupportedMediaType,
	"StatusRequestEntityTooLarge": http.StatusRequestEntityTooLarge, "StatusTooManyRequests": http.StatusTooManyRequests,
}

func note(out map[string][]int, code, status ast.Expr) {
	c, ok := code.(*ast.BasicLit)
	if !ok {
		return
	}
	name := strings.Trim(c.Value, `"`)
	out[name] = slices.Clone(out[name])
	switch s := status.(type) {
	case *ast.BasicLit:
		n, _ := strconv.Atoi(s.Value)
		out[name] = append(out[name], n)
	case *ast.SelectorExpr:
		if n := statusNames[s.Sel.Name]; n != 0 {
			out[name] = append(out[name], n)
		}
	}
}
