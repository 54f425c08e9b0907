package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// world is what the judge is shown: a customer, a vendor and an invoice, in
// step, with one edit of each side that travelled.
func world() map[string]any {
	var w map[string]any
	if err := json.Unmarshal([]byte(`{
	"zoho": {"records": {
		"Accounts": [{"id": "100", "QuickBooks_Id": "1", "Account_Name": "Ridge Stone", "Phone": "555-0101", "QuickBooks_Balance": 12.5}],
		"Contacts": [{"id": "110", "QuickBooks_Id": "1", "Last_Name": "Moss"}],
		"Vendors": [{"id": "120", "QuickBooks_Id": "5", "Vendor_Name": "Born in the CRM", "QuickBooks_Balance": 0}],
		"Invoices": [{"id": "130", "QuickBooks_Id": "9", "Grand_Total": 12.50, "QuickBooks_Number": "N-1", "QuickBooks_Balance_Due": 12.5}]},
	 "deleted": {},
	 "writes": [
		{"seq": 1, "time": "2026-01-02T10:00:00Z", "actor": "Eva", "op": "create", "type": "Vendors", "id": "120", "values": {"Vendor_Name": "Born in the CRM"}},
		{"seq": 2, "time": "2026-01-02T10:00:01Z", "actor": "api", "op": "create", "type": "Accounts", "id": "100", "values": {"Account_Name": "Ridge Stone", "QuickBooks_Id": "1"}},
		{"seq": 3, "time": "2026-01-02T10:00:01Z", "actor": "api", "op": "create", "type": "Invoices", "id": "130", "values": {"QuickBooks_Id": "9"}},
		{"seq": 4, "time": "2026-01-02T10:00:02Z", "actor": "api", "op": "update", "type": "Vendors", "id": "120", "values": {"QuickBooks_Id": "5"}}]},
	"quickbooks": {"records": {
		"Customer": [{"Id": "1", "DisplayName": "Ridge Stone", "FamilyName": "Moss", "PrimaryPhone": {"FreeFormNumber": "555-0101"}, "BalanceWithJobs": 12.5}],
		"Vendor": [{"Id": "5", "DisplayName": "Born in the CRM", "Balance": 0}],
		"Invoice": [{"Id": "9", "DocNumber": "N-1", "TotalAmt": 12.5, "Balance": 12.50}]},
	 "deleted": {},
	 "writes": [
		{"seq": 1, "time": "2026-01-02T10:00:02.5Z", "actor": "api", "op": "create", "type": "Vendor", "id": "5", "request_id": "r1", "values": {"DisplayName": "Born in the CRM"}},
		{"seq": 2, "time": "2026-01-02T10:01:00Z", "actor": "api", "op": "update", "type": "Customer", "id": "1", "request_id": "r2", "values": {"Id": "1", "PrimaryPhone": {"FreeFormNumber": "555-0101"}}}]},
	"edits": [
		{"time": "2026-01-02T10:00:30Z", "side": "quickbooks", "type": "Customer", "id": "1", "op": "update", "field": "PrimaryPhone.FreeFormNumber", "value": "555-0100"},
		{"time": "2026-01-02T10:00:50Z", "side": "zoho", "type": "Accounts", "id": "100", "op": "update", "field": "Phone", "value": "555-0101"},
		{"time": "2026-01-02T10:00:00Z", "side": "zoho", "type": "Vendors", "id": "120", "op": "create", "field": "Vendor_Name", "value": "Born in the CRM"}],
	"history": {"rows": []}
	}`), &w); err != nil {
		panic(err)
	}
	return w
}

// step walks into the world: names of keys, numbers of elements.
func step(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(map[string]any)[p]
		case int:
			v = v.([]any)[p]
		}
	}
	return v
}

// add appends an element, given as JSON, to the list at a path.
func add(w map[string]any, element string, path ...any) {
	var v any
	if err := json.Unmarshal([]byte(element), &v); err != nil {
		panic(err)
	}
	last := path[len(path)-1].(string)
	holder := step(w, path[:len(path)-1]...).(map[string]any)
	list, _ := holder[last].([]any)
	holder[last] = append(list, v)
}

// set lays values, given as JSON, over the object at a path.
func set(w map[string]any, values string, path ...any) {
	var v map[string]any
	if err := json.Unmarshal([]byte(values), &v); err != nil {
		panic(err)
	}
	maps.Copy(step(w, path...).(map[string]any), v)
}

// show serves a world and judges it.
func show(t *testing.T, w map[string]any, more ...string) (code int, v verdict) {
	t.Helper()
	args := []string{"--json", "--settled"}
	for _, side := range []string{"zoho", "quickbooks"} {
		body, err := json.Marshal(w[side])
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/_sandbox/state" {
				http.NotFound(rw, r)
				return
			}
			_, _ = rw.Write(body)
		}))
		defer server.Close()
		args = append(args, "--"+side, server.URL)
	}
	for _, name := range []string{"edits", "history"} {
		body, err := json.Marshal(w[name])
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name+".json")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--"+name, path)
	}
	var out, errs bytes.Buffer
	code = run(append(args, more...), &out, &errs)
	if code > 1 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if err := json.Unmarshal(out.Bytes(), &v); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	return code, v
}

func TestJudge_FindsNothingWhereNothingIsWrong(t *testing.T) {
	code, v := show(t, world())
	if code != 0 || len(v.Findings) != 0 {
		t.Errorf("exit code %d, findings %v", code, v.Findings)
	}
	if v.Edits != 3 || v.CreatedZoho != 2 || v.CreatedQuickBooks != 1 || v.Linked != 4 {
		t.Errorf("counted %+v", v)
	}
}

func TestJudge_FindsWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name string
		harm func(map[string]any)
		want []string // kind and a part of the text, one for each finding
	}{
		{"two CRM records for one customer", func(w map[string]any) {
			add(w, `{"id": "101", "QuickBooks_Id": "1", "Account_Name": "Ridge Stone"}`, "zoho", "records", "Accounts")
		}, []string{"doubled: 2 Accounts"}},
		{"a CRM record made twice, one gone since", func(w map[string]any) {
			add(w, `{"actor": "api", "op": "create", "type": "Invoices", "id": "131", "values": {"QuickBooks_Id": "9"}}`, "zoho", "writes")
		}, []string{"doubled: Invoices for QuickBooks 9 was created 2 times"}},
		{"a create under one request id executed twice", func(w map[string]any) {
			add(w, `{"actor": "api", "op": "create", "type": "Vendor", "id": "6", "request_id": "r1", "values": {"DisplayName": "Born in the CRM"}}`, "quickbooks", "writes")
			add(w, `{"Id": "6", "DisplayName": "Born in the CRM"}`, "quickbooks", "records", "Vendor")
		}, []string{"doubled: Vendor Born in the CRM under request id r1", "doubled: Vendor Born in the CRM was created 2", "stranger: Vendor 6"}},
		{"a CRM vendor made again from its own copy", func(w map[string]any) {
			add(w, `{"actor": "api", "op": "create", "type": "Vendors", "id": "121", "values": {"Vendor_Name": "born in the CRM", "QuickBooks_Id": "5"}}`, "zoho", "writes")
		}, []string{`doubled: Vendors "born in the CRM" was created in Zoho CRM by Eva, and again`}},
		{"a copy in QuickBooks under another name that nobody claims", func(w map[string]any) {
			add(w, `{"actor": "api", "op": "create", "type": "Vendor", "id": "7", "request_id": "r7", "values": {"DisplayName": "Born in the CRM (2)"}}`, "quickbooks", "writes")
		}, []string{`stranger: Vendor 7 "Born in the CRM (2)"`}},
		{"a CRM record without its id", func(w map[string]any) {
			add(w, `{"actor": "api", "op": "create", "type": "Accounts", "id": "140", "values": {"Account_Name": "X"}}`, "zoho", "writes")
		}, []string{"stranger: Accounts 140"}},
		{"the placeholder made twice", func(w map[string]any) {
			for range 2 {
				add(w, `{"actor": "api", "op": "create", "type": "Products", "id": "160", "values": {"Product_Name": "QuickBooks line without product"}}`, "zoho", "writes")
			}
		}, []string{"doubled: QuickBooks line without product was created 2 times"}},
		{"an invoice written", func(w map[string]any) {
			add(w, `{"actor": "api", "op": "update", "type": "Invoice", "id": "9", "values": {}}`, "quickbooks", "writes")
		}, []string{"forbidden: the program wrote Invoice 9"}},
		{"an inactivated customer", func(w map[string]any) {
			add(w, `{"actor": "api", "op": "delete", "type": "Customer", "id": "1", "values": {}}`, "quickbooks", "writes")
		}, []string{`forbidden: the program did "delete" to Customer 1`}},
		{"a deleted CRM record", func(w map[string]any) {
			add(w, `{"actor": "api", "op": "delete", "type": "Invoices", "id": "130", "values": null}`, "zoho", "writes")
		}, []string{`forbidden: the program did "delete" to Invoices 130`}},
		{"a cent too much", func(w map[string]any) {
			set(w, `{"Grand_Total": 12.51}`, "zoho", "records", "Invoices", 0)
		}, []string{"differs: Invoice N-1 comes to 12.51 in Zoho CRM and to 12.5"}},
		{"a stale balance", func(w map[string]any) {
			set(w, `{"QuickBooks_Balance": 0}`, "zoho", "records", "Accounts", 0)
		}, []string{"differs: QuickBooks_Balance of Accounts 100 (Ridge Stone)"}},
		{"a document that stands for nothing", func(w map[string]any) {
			set(w, `{"QuickBooks_Id": "99"}`, "zoho", "records", "Invoices", 0)
		}, []string{"stranger: Invoices 130"}},
		{"an edit that did not travel", func(w map[string]any) {
			set(w, `{"PrimaryPhone": {"FreeFormNumber": "555-0100"}}`, "quickbooks", "records", "Customer", 0)
		}, []string{`lost: Phone of Accounts 100 of zoho to "555-0101"`}},
		{"an edit taken back to an earlier one that it had seen", func(w map[string]any) {
			set(w, `{"Phone": "555-0100"}`, "zoho", "records", "Accounts", 0)
			set(w, `{"PrimaryPhone": {"FreeFormNumber": "555-0100"}}`, "quickbooks", "records", "Customer", 0)
			add(w, `{"actor": "api", "op": "update", "type": "Accounts", "id": "100", "time": "2026-01-02T10:00:40Z", "values": {"Phone": "555-0100"}}`, "zoho", "writes")
			add(w, `{"type": "Accounts", "id": "100", "changes": [{"field": "Phone", "old": "555-0101", "new": "555-0100"}]}`, "history", "rows")
		}, []string{"lost: Phone of Accounts 100"}},
		{"an edit overwritten without a trace", func(w map[string]any) {
			set(w, `{"Phone": "555-0100"}`, "zoho", "records", "Accounts", 0)
			set(w, `{"PrimaryPhone": {"FreeFormNumber": "555-0100"}}`, "quickbooks", "records", "Customer", 0)
		}, []string{"lost: Phone of Accounts 100"}},
		{"a value nobody entered", func(w map[string]any) {
			set(w, `{"Phone": "555-0999"}`, "zoho", "records", "Accounts", 0)
			set(w, `{"PrimaryPhone": {"FreeFormNumber": "555-0999"}}`, "quickbooks", "records", "Customer", 0)
		}, []string{"lost: Phone of Accounts 100"}},
		{"a new record that never arrived", func(w map[string]any) {
			add(w, `{"time": "2026-01-02T10:02:00Z", "side": "quickbooks", "type": "Vendor", "id": "77", "op": "create", "field": "DisplayName", "value": "Lost & Sons"}`, "edits")
			add(w, `{"Id": "77", "DisplayName": "Lost & Sons"}`, "quickbooks", "records", "Vendor")
		}, []string{"lost: DisplayName of Vendor 77"}},
		{"a new CRM record that never arrived", func(w map[string]any) {
			add(w, `{"time": "2026-01-02T10:02:00Z", "side": "zoho", "type": "Accounts", "id": "150", "op": "create", "field": "Account_Name", "value": "Lost"}`, "edits")
			add(w, `{"id": "150", "Account_Name": "Lost"}`, "zoho", "records", "Accounts")
		}, []string{"lost: Account_Name of Accounts 150"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := world()
			c.harm(w)
			code, v := show(t, w)
			if code != 1 || len(v.Findings) != len(c.want) {
				t.Fatalf("exit code %d, findings %v, want %q", code, v.Findings, c.want)
			}
			for i, f := range v.Findings {
				if !strings.HasPrefix(f.Kind+": "+f.What, c.want[i]) {
					t.Errorf("finding %d is %v, want %q", i, f, c.want[i])
				}
			}
		})
	}
}

func TestJudge_KnowsAConflictFromALoss(t *testing.T) {
	w := world()
	// Both were entered before either travelled; the earlier one won, the later
	// one is kept.
	set(w, `{"Phone": "555-0100"}`, "zoho", "records", "Accounts", 0)
	set(w, `{"PrimaryPhone": {"FreeFormNumber": "555-0100"}}`, "quickbooks", "records", "Customer", 0)
	add(w, `{"type": "Accounts", "id": "100", "changes": [{"field": "Phone", "old": "555-0101", "new": "555-0100"}]}`, "history", "rows")
	if _, v := show(t, w); len(v.Findings) != 0 || v.Conflicts != 1 {
		t.Errorf("found %+v", v)
	}
}

func TestJudge_LeavesMergedRecordsTheirFigures(t *testing.T) {
	for _, harm := range []func(map[string]any){
		func(w map[string]any) {
			add(w, `{"actor": "Eva", "op": "merge", "type": "Accounts", "id": "109", "values": {"into": "100"}}`, "zoho", "writes")
		},
		func(w map[string]any) { set(w, `{"merged": {"Customer:1": "2"}}`, "quickbooks") },
	} {
		w := world()
		set(w, `{"QuickBooks_Balance": 100}`, "zoho", "records", "Accounts", 0)
		harm(w)
		if _, v := show(t, w); len(v.Findings) != 0 {
			t.Errorf("found %v", v.Findings)
		}
	}
}

func TestJudge_CountsTheSecondOfZohosClock(t *testing.T) {
	w := world()
	set(w, `{"Phone": "555-0100"}`, "zoho", "records", "Accounts", 0)
	set(w, `{"PrimaryPhone": {"FreeFormNumber": "555-0100"}}`, "quickbooks", "records", "Customer", 0)
	add(w, `{"actor": "api", "op": "update", "type": "Accounts", "id": "100", "time": "2026-01-02T10:00:50Z", "values": {"Phone": "555-0100"}}`, "zoho", "writes")
	set(w, `{"time": "2026-01-02T10:00:50.4Z"}`, "edits", 1)
	if _, v := show(t, w); len(v.Findings) != 0 || v.Windows != 1 {
		t.Errorf("found %+v", v)
	}
}

func TestJudge_RefusesWhatItCannotJudge(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) }))
	defer server.Close()
	for _, c := range []struct {
		args []string
		want int
	}{
		{nil, 2},
		{[]string{"--zoho", "x"}, 2},
		{[]string{"--frob"}, 2},
		{[]string{"--zoho", "http://127.0.0.1:1", "--quickbooks", "http://127.0.0.1:1"}, 3},
		{[]string{"--zoho", server.URL, "--quickbooks", server.URL}, 3},
	} {
		if got := run(c.args, &bytes.Buffer{}, &bytes.Buffer{}); got != c.want {
			t.Errorf("judge %v: exit code %d, not %d", c.args, got, c.want)
		}
	}
}

func TestSame_ComparesNumbersByWorth(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"12.50", "12.5", true},
		{"0", "0.00", true},
		{"12.50", "12.51", false},
		{"", "0", false},
		{"01 234", "1234", false},
		{"abc", "abc", true},
	} {
		if got := same(c.a, c.b); got != c.want {
			t.Errorf("same(%q, %q) = %v", c.a, c.b, got)
		}
	}
}
