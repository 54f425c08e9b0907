package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

func equals(field, value string) obj {
	return obj{"field": obj{"api_name": field}, "comparator": "equal", "value": value}
}

// zoho-crm.md sections 4.3 and 4.6: rules of the layout and of validation bind
// people always and programs when these ask for them; a field that a rule
// demands is missing in the name of the rule.
func TestRules_RunWhenAskedFor(t *testing.T) {
	a := open(t, zohobox.Options{})
	rule := a.do(zohobox.Action{Action: "layout_rule", Type: "Vendors", Data: obj{"name": "Paper needs a city", "layout": "Standard", "criteria": equals("Category", "Paper"), "required": []any{"City", "Country"}}})
	no := a.do(zohobox.Action{Action: "validation_rule", Type: "Vendors", Data: obj{"name": "No ink", "criteria": equals("Category", "Ink"), "field": "Category", "message": "We buy no ink"}})
	body := func(o obj, features ...string) obj {
		var named []any
		for _, f := range features {
			named = append(named, obj{"name": f})
		}
		b := data(o)
		if named != nil {
			b["apply_feature_execution"] = named
		}
		return b
	}
	send := func(o obj, features ...string) reply {
		return a.call(http.MethodPost, "/Vendors", body(o, features...))
	}
	paper, ink := obj{"Vendor_Name": "P", "Category": "Paper"}, obj{"Vendor_Name": "I", "Category": "Ink"}
	send(paper).want(201)
	send(ink).want(201)
	send(paper, "criteria_validation_rule").want(201)
	send(ink, "layout_rules").want(201)
	send(paper, "layout_rules").want(400, "data.0.code", "MULTIPLE_OR_MULTI_ERRORS", "data.0.details.errors.0.code", "MANDATORY_NOT_FOUND",
		"data.0.details.errors.0.details.layout_rule.id", rule, "data.0.details.errors.0.details.layout_rule.name", "Paper needs a city", "data.0.details.errors.1.details.api_name", "Country")
	send(obj{"Vendor_Name": "P", "Category": "Paper", "City": "York"}, "layout_rules").want(400, "data.0.code", "MANDATORY_NOT_FOUND", "data.0.details.api_name", "Country",
		"data.0.details.json_path", "$.data[0].Country", "data.0.details.layout_rule.id", rule)
	send(obj{"Vendor_Name": "P", "Category": "Paper", "City": "York", "Country": "UK"}, "layout_rules").want(201)
	send(ink, "criteria_validation_rule").want(400, "data.0.code", "INVALID_DATA", "data.0.message", "We buy no ink", "data.0.details.validation_rule.id", no)
	for _, name := range []string{"range_validation", "assignment_rules", "function_validation_rule", "global_map_dependency", "territory_subordinates"} {
		send(paper, name).want(201) // the organisation has none of these
	}
	send(paper, "magic").want(400, "data.0.code", "INVALID_DATA", "data.0.details.json_path", "$.apply_feature_execution[0].name")
	a.call(http.MethodPost, "/Vendors", obj{"data": []any{paper}, "apply_feature_execution": "all"}).want(400, "data.0.code", "INVALID_DATA")
	a.refused(zohobox.Action{User: "Eva", Action: "create", Type: "Vendors", Data: paper}, "Paper needs a city")
	a.refused(zohobox.Action{User: "Eva", Action: "create", Type: "Vendors", Data: ink}, "We buy no ink")
	a.do(zohobox.Action{Action: "drop_rule", Type: "Vendors", Data: obj{"id": no}})
	a.do(zohobox.Action{User: "Eva", Action: "create", Type: "Vendors", Data: ink})
	for _, wrong := range []obj{{"name": "x", "criteria": equals("Category", "Ink"), "required": "Nothing"}, {"name": "", "criteria": equals("Category", "Ink"), "required": "City"}, {"name": "x", "criteria": equals("No", "Ink"), "required": "City"}} {
		if _, err := a.box.Do(t.Context(), zohobox.Action{Action: "layout_rule", Type: "Vendors", Data: wrong}); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}

// zoho-crm.md section 4.3: what a write skips; upsert tells by action whether
// that holds for records that are inserted or for those that are updated.
func TestSkip_TellsInsertFromUpdate(t *testing.T) {
	a := open(t, zohobox.Options{Workflows: []zohobox.Workflow{
		{Module: "Accounts", Set: map[string]any{"Rating": "Active"}},
		{Module: "Accounts", Connected: true, Set: map[string]any{"Account_Site": "told elsewhere"}},
	}})
	upsert := func(name string, skip ...any) string {
		b := data(obj{"Account_Name": name, "Phone": "1"})
		if skip != nil {
			b["skip_feature_execution"] = skip
		}
		return a.call(http.MethodPost, "/Accounts/upsert", b).want(200).str("data.0.details.id")
	}
	site := func(id string) string { return reply{t: t, body: a.read("Accounts", id)}.str("Account_Site") }
	connected := func(action string) obj { return obj{"name": "connected_workflows", "action": action} }
	for _, c := range []struct {
		name            string
		skip            []any
		insert, changed string
	}{
		{"nothing", nil, "told elsewhere", "told elsewhere"},
		{"inserts", []any{connected("insert")}, "", "told elsewhere"},
		{"updates", []any{connected("update")}, "told elsewhere", ""},
		{"both", []any{obj{"name": "connected_workflows"}}, "", ""},
		{"what is not there", []any{obj{"name": "cadences"}, obj{"name": "assignment_rules", "action": "insert"}}, "told elsewhere", "told elsewhere"},
	} {
		id := upsert("Skips "+c.name, c.skip...)
		if got := site(id); got != c.insert {
			t.Errorf("insert, skipping %s: %q, want %q", c.name, got, c.insert)
		}
		if got := (reply{t: t, body: a.read("Accounts", id)}).str("Rating"); got != "Active" {
			t.Errorf("skipping %s stopped another workflow", c.name)
		}
		a.put("Accounts", id, obj{"Account_Site": nil, "Phone": "2"})
		b := obj{"data": []any{obj{"id": id, "Account_Site": nil}}, "trigger": []any{}}
		a.call(http.MethodPut, "/Accounts", b).want(200)
		upsert("Skips "+c.name, c.skip...)
		if got := site(id); got != c.changed {
			t.Errorf("update, skipping %s: %q, want %q", c.name, got, c.changed)
		}
	}
	bad := func(path string, skip obj) {
		t.Helper()
		b := data(obj{"Account_Name": "N"})
		b["skip_feature_execution"] = []any{skip}
		a.call(http.MethodPost, path, b).want(400, "data.0.code", "INVALID_DATA")
	}
	bad("/Accounts/upsert", obj{"name": "connected_workflows", "action": "delete"})
	bad("/Accounts/upsert", obj{"name": "weather"})
	bad("/Accounts", obj{"name": "cadences", "action": "insert"}) // only upsert tells by action
}

// zoho-crm.md sections 4.3, 4.6 and 6: a write may ask for the review process;
// where a module has one, its record waits and is neither changed nor deleted
// nor converted.
func TestReview_KeepsRecordsWaiting(t *testing.T) {
	a := open(t, zohobox.Options{})
	quote := func(process ...any) string {
		b := data(obj{"Subject": "Q", "Quoted_Items": []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}})
		if process != nil {
			b["process"] = process
		}
		return a.call(http.MethodPost, "/Quotes", b).want(201).str("data.0.details.id")
	}
	free := quote("review_process") // no process yet
	a.put("Quotes", free, obj{"Team": "x"}).want(200)
	a.do(zohobox.Action{Action: "review_process", Type: "Quotes", Data: obj{"on": true}})
	a.put("Quotes", quote(), obj{"Team": "x"}).want(200) // not asked for
	id := quote("review_process")
	a.get("/Quotes/"+id).want(200, "data.0.$review_process.approve", "true")
	a.put("Quotes", id, obj{"Team": "x"}).want(400, "data.0.code", "NOT_REVIEWED")
	a.call(http.MethodDelete, "/Quotes/"+id, nil).want(400, "data.0.code", "NOT_REVIEWED")
	to := data(obj{"convert_to": []any{obj{"module": obj{"api_name": "Invoices"}}}})
	a.call(http.MethodPost, "/Quotes/"+id+"/actions/convert", to).want(400, "code", "NOT_REVIEWED", "details.resource_path_index", "1")
	a.do(zohobox.Action{Action: "reviewed", Type: "Quotes", ID: id})
	a.put("Quotes", id, obj{"Team": "x"}).want(200)
	a.call(http.MethodPost, "/Quotes/"+id+"/actions/convert", to).want(200)
	a.do(zohobox.Action{Action: "review", Type: "Quotes", ID: free})
	a.refused(zohobox.Action{Action: "update", Type: "Quotes", ID: free, Data: obj{"Team": "y"}}, "NOT_REVIEWED")
	b := data(obj{"Vendor_Name": "V"})
	b["process"] = []any{"hope"}
	a.call(http.MethodPost, "/Vendors", b).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", "process")
}

// deny takes rights from the people of a profile, which gets a copy of its own
// for that.
func (a *app) deny(user string, rights ...string) {
	a.t.Helper()
	profiles := a.get("/settings/profiles")
	from := find(profiles, "profiles", "name", "Standard")["id"].(string)
	id := a.call(http.MethodPost, "/settings/profiles/"+from+"/actions/clone", obj{"profiles": []any{obj{"name": "Denied"}}}).want(201).str("profiles.0.details.id")
	var details []any
	whole := a.get("/settings/profiles/" + id)
	for _, name := range rights {
		details = append(details, obj{"id": find(whole, "profiles.0.permissions_details", "name", name)["id"], "enabled": false})
	}
	a.call(http.MethodPut, "/settings/profiles/"+id, obj{"profiles": []any{obj{"permissions_details": details}}}).want(200)
	who := find(a.get("/users?type=ActiveUsers"), "users", "first_name", user)["id"].(string)
	a.call(http.MethodPut, "/users/"+who, obj{"users": []any{obj{"profile": obj{"id": id}}}}).want(200)
}

// zoho-crm.md section 4.6: who may create but not edit is refused the records
// of an upsert that exist, one by one, with status 400.
func TestUpsert_NeedsTheRightToEditToo(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.make("Vendors", obj{"Vendor_Name": "Known"})
	a.deny("Eva", "Crm_Implied_Edit_Vendors")
	eva := a.as("Eva")
	eva.call(http.MethodPost, "/Vendors/upsert", data(obj{"Vendor_Name": "Known", "City": "York"})).want(400, "data.0.code", "AUTHORIZATION_FAILED")
	eva.call(http.MethodPost, "/Vendors/upsert", data(obj{"Vendor_Name": "Known", "City": "York"}, obj{"Vendor_Name": "New"})).
		want(207, "data.0.code", "AUTHORIZATION_FAILED", "data.1.action", "insert")
	a.coql("select City from Vendors where City = 'York'").want(204)
}

// zoho-crm.md section 4.3: a change may come from the vendor's own link to
// QuickBooks; the timeline calls its source qb.
func TestTimeline_KnowsTheVendorsOwnLink(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.do(zohobox.Action{Action: "update", Type: "Vendors", ID: id, Source: "qb", Data: obj{"City": "York"}})
	a.get("/Vendors/"+id+"/__timeline").want(200, "__timeline.0.source", "qb", "__timeline.1.source", "crm_api")
	a.get("/Vendors/"+id+"/__timeline?filter="+q(`{"field":{"api_name":"source"},"comparator":"equal","value":"qb"}`)).want(200, "info.count", "1")
	a.refused(zohobox.Action{Action: "update", Type: "Vendors", ID: id, Source: "elsewhere", Data: obj{}}, "source")
}

// Rules, review processes and what waits are there after a restart; zoho-crm.md
// sections 4.3 and 4.6.
func TestStore_KeepsRulesAndReviews(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{})
	a.do(zohobox.Action{Action: "validation_rule", Type: "Vendors", Data: obj{"name": "No ink", "criteria": equals("Category", "Ink"), "field": "Category", "message": "We buy no ink"}})
	a.do(zohobox.Action{Action: "review_process", Type: "Vendors", Data: obj{"on": true}})
	asked := data(obj{"Vendor_Name": "V"})
	asked["process"] = []any{"review_process"}
	id := a.call(http.MethodPost, "/Vendors", asked).want(201).str("data.0.details.id")
	b := again()
	b.put("Vendors", id, obj{"City": "York"}).want(400, "data.0.code", "NOT_REVIEWED")
	b.refused(zohobox.Action{Action: "create", Type: "Vendors", Data: obj{"Vendor_Name": "I", "Category": "Ink"}}, "We buy no ink")
	second := b.call(http.MethodPost, "/Vendors", asked).want(201).str("data.0.details.id")
	b.put("Vendors", second, obj{"City": "York"}).want(400, "data.0.code", "NOT_REVIEWED")
}
