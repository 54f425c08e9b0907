package zohobox_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/zohobox"
)

// sharedStatus are the codes that section 15 lists under several statuses, with
// the one that a rule without a status gives.
var sharedStatus = map[string]int{"FEATURE_NOT_SUPPORTED": 403, "NOT_ALLOWED": 400, "NOT_SUPPORTED": 400, "MEDIA_TYPE_NOT_SUPPORTED": 415}

// zoho-crm.md section 15: each code of the whole catalogue can be brought about
// by a fault rule, with each status it goes with and the generic envelope of
// section 3; a code that the vendor does not have is refused.
func TestFaultCodes_PlayTheWholeCatalogue(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "reference", "zoho-crm.md"))
	if err != nil {
		t.Skip("SKIPPED: the reference page is not beside the repository: ", err)
	}
	catalogue := readCatalogue(string(raw))
	if len(catalogue) < 60 {
		t.Fatalf("only %d codes were read", len(catalogue))
	}
	a := open(t, zohobox.Options{})
	a.http = &http.Client{Transport: a.box.Transport()} // the false answers need not fit the address
	for code, statuses := range catalogue {
		t.Run(code, func(t *testing.T) {
			a.t = t
			want := statuses[0]
			if s := sharedStatus[code]; s != 0 {
				want = s
			}
			if !slices.Contains(statuses, want) {
				t.Fatalf("%d is not among %v", want, statuses)
			}
			failing(a, fault.Rule{Kind: fault.Status, Code: code, Times: 1})().want(want, "code", code, "status", "error")
			for _, status := range statuses {
				r := failing(a, fault.Rule{Kind: fault.Status, Code: code, Status: status, Times: 1})()
				r.want(status, "code", code, "status", "error")
				if _, is := r.at("details").(obj); !is || r.str("message") == "" {
					t.Errorf("no envelope: %s", r.raw)
				}
			}
		})
	}
	a.t = t
	a.call(http.MethodPost, "/_sandbox/faults", obj{"kind": "status", "code": "NO_SUCH_CODE"}).want(400)
	a.call(http.MethodPost, "/_sandbox/faults", obj{"kind": "reset", "code": "INVALID_DATA"}).want(400)
}

// zoho-crm.md section 4.6: codes of single records come inside data, one for
// each record of the write; section 15 for the others, which come flat. Before,
// nothing is written; after, the write is done and only its answer is false.
func TestFaultCodes_ComeRecordByRecord(t *testing.T) {
	a := open(t, zohobox.Options{})
	rule := func(r fault.Rule) {
		t.Helper()
		r.Kind, r.Times, r.Method = fault.Status, 1, http.MethodPost
		if _, err := a.box.Faults().Add(r); err != nil {
			t.Fatal(err)
		}
	}
	two := []obj{{"Vendor_Name": "A"}, {"Vendor_Name": "B"}}
	rule(fault.Rule{Code: "DEPENDENT_SERVICE_ERROR"})
	a.insert("Vendors", two...).want(400, "data.0.code", "DEPENDENT_SERVICE_ERROR", "data.1.status", "error")
	a.get("/Vendors?fields=id").want(204)
	rule(fault.Rule{Code: "FORBIDDEN"})
	a.insert("Vendors", two...).want(403, "code", "FORBIDDEN")
	rule(fault.Rule{Code: "RATE_LIMIT_EXCEEDED", RetryAfter: 30})
	if got := a.insert("Vendors", two...).want(429, "code", "RATE_LIMIT_EXCEEDED").header.Get("Retry-After"); got != "30" {
		t.Errorf("Retry-After is %q", got)
	}
	rule(fault.Rule{Code: "RECORD_LOCKED", After: true})
	a.insert("Vendors", two...).want(400, "data.1.code", "RECORD_LOCKED")
	a.get("/Vendors?fields=id").want(200, "info.count", "2")
}

// zoho-crm.md section 14: credits a rolling day by edition and paid users, up
// to the edition's ceiling. The header tells what is left from half of them on,
// so the allowance is what was spent by then and what it says.
func TestCredits_OfEveryEdition(t *testing.T) {
	for _, c := range []struct {
		edition string
		users   int
		want    int
	}{
		{"standard", 10, 52_500},
		{"crmplusstarter", 10, 52_500},
		{"standard", 400, 100_000},
		{"professional", 10, 55_000},
		{"professional", 9_000, 3_000_000},
		{"enterprise", 10, 60_000},
		{"zohooneenterprise", 10, 60_000},
		{"enterprise", 5_000, 5_000_000},
		{"ultimate", 10, 70_000},
		{"ultimate", 3_000, 6_050_000},
	} {
		t.Run(fmt.Sprint(c.edition, " with ", c.users), func(t *testing.T) {
			a := open(t, zohobox.Options{Limits: "real", Edition: c.edition, UserLicences: c.users})
			a.http = &http.Client{Transport: a.box.Transport()}
			for spent := 0; ; {
				// A bulk write costs 500 also when its body is refused.
				r := a.call(http.MethodPost, "/crm/bulk/v8/write", obj{})
				spent += 500
				if left := r.header.Get("X-API-CREDITS-REMAINING"); left != "" {
					if got := fmt.Sprint(c.want - spent); left != got || spent*2 < c.want || (spent-500)*2 >= c.want {
						t.Errorf("%s left after %d, want %s", left, spent, got)
					}
					return
				}
				if spent > 20_000_000 {
					t.Fatal("the header never came")
				}
			}
		})
	}
}

// zoho-crm.md section 6: a composite costs two credits only when it may be
// rolled back and succeeds as a whole; the outcome decides.
func TestComposite_TwoCreditsOnlyForSuccess(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free"})
	for range 2500 {
		a.get("/org")
	}
	left := func(r reply) (n int) { _, _ = fmt.Sscan(r.header.Get("X-API-CREDITS-REMAINING"), &n); return n }
	bad := obj{"sub_request_id": "2", "method": "POST", "uri": "/crm/v8/Vendors", "body": data(obj{"Email": "x"})}
	for _, c := range []struct {
		name     string
		rollback bool
		parts    []obj
		status   int
		cost     int
	}{
		{"all well, to be rolled back", true, []obj{insertPart("1", "A"), insertPart("2", "B")}, 200, 2},
		{"one fails and all is rolled back", true, []obj{insertPart("1", "C"), bad}, 207, 1},
		{"refused before it began", true, nil, 400, 1},
		{"all well, never rolled back", false, []obj{insertPart("1", "D")}, 200, 1},
		{"one fails, the others stay", false, []obj{insertPart("1", "E"), bad}, 207, 1},
	} {
		before := left(a.get("/org"))
		r := composite(a, obj{"rollback_on_fail": c.rollback}, c.parts...)
		r.want(c.status)
		if cost := before - left(r); cost != c.cost {
			t.Errorf("%s cost %d credits, want %d", c.name, cost, c.cost)
		}
	}
}

// zoho-crm.md section 6: a mass update by view is a job that reaches 50,000
// records, the oldest first.
func TestMassUpdate_EndsAtFiftyThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("50,003 records")
	}
	a := open(t, zohobox.Options{})
	rows := make([]map[string]any, 50_003)
	for i := range rows {
		rows[i] = obj{"Subject": "T"}
	}
	if err := a.box.Load("Tasks", rows); err != nil {
		t.Fatal(err)
	}
	cv := a.do(zohobox.Action{Action: "add_view", Type: "Tasks", Data: obj{"name": "All of them", "criteria": obj{"field": obj{"api_name": "Subject"}, "comparator": "equal", "value": "T"}}})
	job := a.call(http.MethodPost, "/Tasks/actions/mass_update", obj{"data": []any{obj{"Priority": "High"}}, "cvid": cv, "trigger": []any{}}).want(200).str("data.0.details.job_id")
	a.clock.step(7e9)
	a.get("/Tasks/actions/mass_update?job_id="+job).want(200, "data.0.Status", "COMPLETED", "data.0.Updated_Count", "50000", "data.0.Total_Count", "50000")
	left := a.coql("select Subject, Priority from Tasks where Priority is null limit 10").want(200, "info.count", "3")
	newest := a.get("/Tasks?fields=Priority&per_page=4").want(200, "data.3.Priority", "High")
	if left.str("data.2.id") != newest.str("data.0.id") && left.str("data.0.id") != newest.str("data.0.id") {
		t.Errorf("left out are %s, the newest is %s", left.raw, newest.raw)
	}
}
