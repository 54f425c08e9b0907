package zohobox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

func rollupOf(label, function, param string, criteria obj) obj {
	expression := obj{"function": function}
	if param != "" {
		expression["function_parameters"] = []any{obj{"api_name": param}}
	}
	if criteria != nil {
		expression["criteria"] = criteria
	}
	return obj{"field_label": label, "data_type": "rollup_summary", "rollup_summary": obj{
		"return_type": "double", "expression": expression, "based_on_module": obj{"api_name": "Deals"}, "related_list": obj{"api_name": "Deals"},
	}}
}

// zoho-crm.md sections 4.7 and 8: roll-up summaries follow the records below
// them, and nobody writes them.
func TestRollups_FollowTheRecordsBelow(t *testing.T) {
	a := open(t, zohobox.Options{})
	one, two := a.make("Accounts", obj{"Account_Name": "One"}), a.make("Accounts", obj{"Account_Name": "Two"})
	deal := func(account string, amount any, stage string) string {
		return a.make("Deals", obj{"Deal_Name": "D", "Stage": stage, "Amount": amount, "Account_Name": ref(account)})
	}
	first := deal(one, json.Number("10.50"), "Qualification")
	names := map[string]string{}
	for _, f := range []obj{
		rollupOf("All", "SUM", "Amount", nil), rollupOf("Number of", "COUNT", "", nil), rollupOf("Mean", "AVG", "Amount", nil),
		rollupOf("Least", "MIN", "Amount", nil), rollupOf("Most", "MAX", "Amount", nil), rollupOf("Won", "SUM", "Amount", equals("Stage", "Closed Won")),
	} {
		names[f["field_label"].(string)] = a.field("Accounts", f)
	}
	f := find(a.get("/settings/fields?module=Accounts"), "fields", "api_name", names["All"])
	meta := reply{t: t, status: 200, body: f}
	meta.want(200, "data_type", "rollup_summary", "ui_type", "118", "field_read_only", "true", "operation_type.api_update", "false", "rollup_summary.expression.function", "SUM", "rollup_summary.based_on_module.api_name", "Deals")
	see := func(account, want string) {
		t.Helper()
		o := a.read("Accounts", account)
		var got []string
		for _, label := range []string{"All", "Number of", "Mean", "Least", "Most", "Won"} {
			got = append(got, fmt.Sprint(o[names[label]]))
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%s has %s, want %s", account, g, want)
		}
	}
	see(one, "10.5 1 10.5 10.5 10.5 0")
	see(two, "0 0 <nil> <nil> <nil> 0")
	modified := a.read("Accounts", one)["Modified_Time"]
	a.clock.step(time.Minute)
	second := deal(one, 5, "Closed Won")
	deal(one, nil, "Qualification")
	see(one, "15.5 3 7.75 5 10.5 5")
	if got := a.read("Accounts", one)["Modified_Time"]; got != modified {
		t.Errorf("the account was modified: %v, was %v", got, modified)
	}
	a.put("Deals", first, obj{"Account_Name": ref(two)}).want(200)
	see(one, "5 2 5 5 5 5")
	see(two, "10.5 1 10.5 10.5 10.5 0")
	a.remove("Deals", second)
	see(one, "0 1 <nil> <nil> <nil> 0")
	a.do(zohobox.Action{Action: "restore", Type: "Deals", ID: second})
	see(one, "5 2 5 5 5 5")
	a.put("Accounts", one, obj{names["All"]: 99}).want(200)
	see(one, "5 2 5 5 5 5")
	a.coql("select Account_Name from Accounts where "+names["All"]+" > 6").want(200, "info.count", "1", "data.0.Account_Name", "Two")
	composite(a, obj{"rollback_on_fail": true}, obj{"sub_request_id": "1", "method": "PUT", "uri": "/crm/v8/Deals/" + second, "body": data(obj{"Amount": 100})}, obj{"sub_request_id": "2", "method": "POST", "uri": "/crm/v8/Deals", "body": data(obj{})}).want(207)
	see(one, "5 2 5 5 5 5")
}

// zoho-crm.md sections 9.2 and 15: what a summary needs; without it the fields
// that depend on the data type are missing.
func TestRollups_AreRefused(t *testing.T) {
	a := open(t, zohobox.Options{})
	post := func(o obj) reply {
		return a.call(http.MethodPost, "/settings/fields?module=Accounts", obj{"fields": []any{o}})
	}
	post(obj{"field_label": "X", "data_type": "rollup_summary"}).want(400, "fields.0.code", "EXPECTED_DEPENDENT_FIELD_MISSING",
		"fields.0.details.expected_fields.0.json_path", "$.fields[0].rollup_summary", "fields.0.details.dependee.api_name", "data_type")
	change := func(edit func(o, expression obj)) obj {
		o := rollupOf("X", "SUM", "Amount", nil)
		r := o["rollup_summary"].(obj)
		edit(r, r["expression"].(obj))
		return o
	}
	for name, o := range map[string]obj{
		"no function":         change(func(_, e obj) { delete(e, "function") }),
		"an unknown function": change(func(_, e obj) { e["function"] = "MEDIAN" }),
		"nothing to sum up":   change(func(_, e obj) { delete(e, "function_parameters") }),
		"a text":              change(func(_, e obj) { e["function_parameters"] = []any{obj{"api_name": "Deal_Name"}} }),
		"no list":             change(func(r, _ obj) { delete(r, "related_list") }),
		"an unknown list":     change(func(r, _ obj) { r["related_list"] = obj{"api_name": "Friends"} }),
		"another module":      change(func(r, _ obj) { r["based_on_module"] = obj{"api_name": "Contacts"} }),
		"an unknown return":   change(func(r, _ obj) { r["return_type"] = "text" }),
		"wrong criteria":      change(func(_, e obj) { e["criteria"] = equals("Nothing", "x") }),
	} {
		if r := post(o); r.status != 400 {
			t.Errorf("%s was taken: %s", name, r.raw)
		}
	}
	own := a.field("Deals", obj{"field_label": "Points", "data_type": "integer"})
	sum := a.field("Accounts", rollupOf("Points", "SUM", own, nil))
	if _, err := a.box.Do(t.Context(), zohobox.Action{Action: "delete_field", Type: "Deals", Data: obj{"field": own}}); err == nil {
		t.Error("a field that is summed up was deleted")
	}
	a.do(zohobox.Action{Action: "delete_field", Type: "Accounts", Data: obj{"field": sum}})
	a.do(zohobox.Action{Action: "delete_field", Type: "Deals", Data: obj{"field": own}})
}

// Summaries go on after a restart; zoho-crm.md section 4.7.
func TestStore_KeepsSummaries(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{})
	sum := a.field("Accounts", rollupOf("All", "SUM", "Amount", nil))
	id := a.make("Accounts", obj{"Account_Name": "One"})
	a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Amount": 2, "Account_Name": ref(id)})
	b := again()
	b.get("/Accounts/"+id).want(200, "data.0."+sum, "2")
	b.make("Deals", obj{"Deal_Name": "E", "Stage": "Qualification", "Amount": 3, "Account_Name": ref(id)})
	b.get("/Accounts/"+id).want(200, "data.0."+sum, "5")
}
