package zohobox_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// taker is another service that webhooks call; it answers with a status.
type taker struct {
	mu     sync.Mutex
	status int
	got    []string
}

func (s *taker) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, r.Method+" "+r.URL.String()+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("X-Key")+" "+string(raw))
	return &http.Response{StatusCode: s.status, Body: io.NopCloser(strings.NewReader(""))}, nil
}

func (s *taker) take(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Join(s.got, "\n") != strings.Join(want, "\n") {
		t.Errorf("called\n%s\nwant\n%s", strings.Join(s.got, "\n"), strings.Join(want, "\n"))
	}
	s.got = nil
}

const (
	hooksPath = "/settings/automation/webhooks"
	flowsPath = "/settings/automation/workflow_rules"
)

func (a *app) hook(o obj) reply {
	a.t.Helper()
	all := obj{"name": "Tell the bridge", "module": obj{"api_name": "Accounts"}, "url": "https://bridge.test/hook?k=v", "http_method": "POST", "feature_type": "workflow"}
	for k, v := range o {
		if all[k] = v; v == nil {
			delete(all, k)
		}
	}
	return a.call(http.MethodPost, hooksPath, obj{"webhooks": []any{all}})
}

func flowOf(when string, conditions ...any) obj {
	return obj{"workflow_rules": []any{obj{"name": "On " + when, "module": obj{"api_name": "Accounts"}, "execute_when": obj{"type": when, "details": obj{"trigger_module": obj{"api_name": "Accounts"}}}, "conditions": conditions}}}
}

func calling(hook string, criteria any) obj {
	return obj{"sequence_number": 1, "criteria_details": obj{"criteria": criteria, "relational_criteria": nil}, "instant_actions": obj{"actions": []any{obj{"id": hook, "type": "webhooks"}}}}
}

// zoho-crm.md section 9.6: webhooks are made, read, changed and deleted over the
// API since version 8.
func TestWebhooks_AreKept(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{})
	a.get(hooksPath).want(204)
	a.get("/crm/v7"+hooksPath).want(400, "code", "API_NOT_SUPPORTED", "details.supported_version", "8")
	for _, k := range []struct {
		change obj
		code   string
		at     string
	}{
		{obj{"name": nil}, "MANDATORY_NOT_FOUND", "name"},
		{obj{"url": nil}, "MANDATORY_NOT_FOUND", "url"},
		{obj{"name": strings.Repeat("n", 51)}, "INVALID_DATA", "name"},
		{obj{"module": obj{"api_name": "Nonsense"}}, "INVALID_DATA", "module"},
		{obj{"url": "bridge"}, "INVALID_DATA", "url"},
		{obj{"http_method": "SEND"}, "INVALID_DATA", "http_method"},
		{obj{"feature_type": "approval"}, "INVALID_DATA", "feature_type"},
		{obj{"body": obj{"type": "raw", "format": "YAML"}}, "INVALID_DATA", "body.format"},
		{obj{"headers": obj{"custom_parameters": []any{obj{"name": "a"}}}}, "MANDATORY_NOT_FOUND", "headers.custom_parameters[0].name"},
		{obj{"headers": obj{"custom_parameters": []any{obj{"name": "a", "value": "1"}, obj{"name": "a", "value": "2"}}}}, "DUPLICATE_DATA", "headers.custom_parameters[1].name"},
	} {
		a.hook(k.change).want(400, "webhooks.0.code", k.code, "webhooks.0.details.json_path", "$.webhooks[0]."+k.at)
	}
	a.as("Eva").hook(nil).want(403, "code", "NO_PERMISSION")
	id := a.hook(obj{"body": obj{"type": "raw", "format": "JSON", "raw_data_content": `{"id":"${Accounts.id}"}`}}).want(201, "webhooks.0.code", "SUCCESS").str("webhooks.0.details.id")
	at := hooksPath + "/" + id
	a.get(at).want(200, "webhooks.0.name", "Tell the bridge", "webhooks.0.body.format", "JSON", "webhooks.0.associated", "false", "webhooks.0.module.api_name", "Accounts", "webhooks.0.created_by.name", "Super Admin")
	a.get(hooksPath + "?module=Contacts").want(204)
	a.get(hooksPath+"?module=Nonsense").want(400, "code", "INVALID_MODULE")
	change := obj{"webhooks": []any{obj{"id": id, "name": "Tell", "module": obj{"api_name": "Accounts"}, "url": "https://bridge.test/2", "http_method": "GET", "feature_type": "workflow"}}}
	a.call(http.MethodPut, hooksPath, change).want(200)
	a.get(hooksPath+"?module=Accounts").want(200, "webhooks.0.name", "Tell", "webhooks.0.http_method", "GET", "info.count", "1")
	a.call(http.MethodPut, hooksPath+"/1", change).want(400, "webhooks.0.code", "INVALID_DATA")
	rule := a.call(http.MethodPost, flowsPath, flowOf("create", calling(id, nil))).want(201, "workflow_rules.0.message", "workflow created").str("workflow_rules.0.details.id")
	b := again()
	b.get(at).want(200, "webhooks.0.associated", "true")
	b.call(http.MethodDelete, at, nil).want(400, "code", "NOT_ALLOWED")
	b.call(http.MethodDelete, hooksPath, nil).want(400, "code", "REQUIRED_PARAM_MISSING")
	b.call(http.MethodDelete, flowsPath+"/"+rule, nil).want(200, "workflow_rules.0.message", "workflow deleted")
	b.call(http.MethodDelete, hooksPath+"?ids="+id+",1", nil).want(207, "webhooks.0.code", "SUCCESS", "webhooks.1.code", "INVALID_DATA")
	b.call(http.MethodDelete, at, nil).want(400, "webhooks.0.code", "INVALID_DATA")
}

// zoho-crm.md section 9.6: rules call webhooks when records are made, edited and
// deleted, as far as the write lets automation run; what is not taken stands in
// a report.
func TestWorkflowRules_CallWebhooks(t *testing.T) {
	out := &taker{status: 200}
	a := open(t, zohobox.Options{Deliver: out})
	form := a.hook(obj{"headers": obj{"custom_parameters": []any{obj{"name": "X-Key", "value": "secret"}}}, "body": obj{"type": "form_data", "form_data_content": obj{"module_parameters": []any{obj{"name": "who", "value": "${Accounts.Account Name}"}}, "custom_parameters": []any{obj{"name": "from", "value": "crm"}}}}}).want(201).str("webhooks.0.details.id")
	raw := a.hook(obj{"name": "Gone", "http_method": "PUT", "body": obj{"type": "raw", "format": "JSON", "raw_data_content": `{"gone":"${!Accounts.Account_Name}","owner":"${Accounts.Owner}","other":"${Contacts.Email}"}`}}).str("webhooks.0.details.id")
	plain := a.hook(obj{"name": "Plain", "http_method": "GET", "url": "https://bridge.test/${Accounts.Phone}"}).str("webhooks.0.details.id")
	leeds := obj{"field": obj{"api_name": "Billing_City"}, "comparator": "equal", "value": "Leeds"}
	rule := a.call(http.MethodPost, flowsPath, flowOf("create", calling(form, leeds), calling(plain, nil))).want(201).str("workflow_rules.0.details.id")
	a.call(http.MethodPost, flowsPath, flowOf("delete", calling(raw, nil))).want(201)

	id := a.make("Accounts", obj{"Account_Name": "Sparrow Lane", "Billing_City": "Leeds"})
	a.make("Accounts", obj{"Account_Name": "Copper Beech", "Phone": "5550100"})
	a.call(http.MethodPost, "/Accounts", obj{"data": []any{obj{"Account_Name": "Silent", "Billing_City": "Leeds"}}, "trigger": []any{}}).want(201)
	a.put("Accounts", id, obj{"Phone": "1"}).want(200)
	a.pump()
	out.take(t, "POST https://bridge.test/hook?k=v application/x-www-form-urlencoded secret from=crm&who=Sparrow+Lane", "GET https://bridge.test/5550100 application/x-www-form-urlencoded  ")
	a.get(flowsPath+"/"+rule).want(200, "workflow_rules.0.last_executed_time", "2026-03-01T01:15:00-08:00", "workflow_rules.0.conditions.0.criteria_details.criteria.comparator", "equal", "workflow_rules.0.conditions.0.instant_actions.actions.0.type", "webhooks", "workflow_rules.0.execute_when.type", "create")
	a.get("/settings/automation/webhook_failures").want(204)

	out.status = 503
	a.remove("Accounts", id).want(200)
	a.pump()
	out.take(t, `PUT https://bridge.test/hook?k=v application/json  {"gone":"Sparrow Lane","owner":"Super Admin","other":""}`)
	report := "/settings/automation/webhook_failures"
	a.get(report).want(200, "webhook_failures.0.failure_reason", "HTTP 503", "webhook_failures.0.webhook.name", "Gone", "webhook_failures.0.workflow_rule.name", "On delete", "webhook_failures.0.entity_details.id", id, "webhook_failures.0.entity_details.name", "Sparrow Lane")
	a.get(report + "?webhook_id=" + raw + "&module=Accounts&from=2026-03-01&to=2026-03-01").want(200)
	a.get(report + "?webhook_id=" + form).want(204)
	a.get(report + "?to=2026-02-28").want(204)
	a.get(report+"?from=today").want(400, "code", "INVALID_DATA", "details.param_name", "from")
	a.get(report+"?webhook_id=1").want(400, "code", "INVALID_DATA")

	a.call(http.MethodPut, flowsPath+"/"+rule, obj{"workflow_rules": []any{obj{"status": obj{"active": false}}}}).want(200, "workflow_rules.0.message", "workflow updated")
	a.make("Accounts", obj{"Account_Name": "Quiet"})
	a.pump()
	out.take(t)
	a.get(flowsPath+"?status_active=false").want(200, "workflow_rules.0.id", rule)
	a.get(flowsPath+"?execute_on=delete&module=Accounts").want(200, "workflow_rules.0.name", "On delete", "info.count", "1")
}

// zoho-crm.md section 9.6: rules that people make are shown, and those made over
// the API are checked.
func TestWorkflowRules_AreShownAndChecked(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{Workflows: []zohobox.Workflow{{Name: "Given", Module: "Accounts", On: "create", Set: map[string]any{"Rating": "Active"}}}})
	id := a.do(zohobox.Action{Action: "add_workflow", Type: "Accounts", Data: obj{"name": "Grade", "on": "edit", "field": "Phone", "criteria": obj{"field": obj{"api_name": "Industry"}, "comparator": "equal", "value": "Technology"}, "set": obj{"Rating": "Shut Down"}}})
	for _, wrong := range []obj{{"name": "x"}, {"set": obj{"Rating": "x"}}, {"name": "x", "on": "monday", "set": obj{"Rating": "x"}}, {"name": "x", "set": obj{"Nonsense": "x"}}} {
		if _, err := a.box.Do(t.Context(), zohobox.Action{Action: "add_workflow", Type: "Accounts", Data: wrong}); err == nil {
			t.Errorf("%v was made", wrong)
		}
	}
	b := again()
	r := b.get(flowsPath).want(200, "workflow_rules.0.name", "Given", "workflow_rules.0.editable", "false", "workflow_rules.1.name", "Grade", "workflow_rules.1.id", id, "workflow_rules.1.editable", "true", "workflow_rules.1.conditions.0.instant_actions.actions.0.type", "field_updates", "workflow_rules.1.execute_when.type", "edit")
	given := r.str("workflow_rules.0.id")
	one := b.make("Accounts", obj{"Account_Name": "A", "Industry": "Technology"})
	b.get("/Accounts/"+one).want(200, "data.0.Rating", "Active")
	b.put("Accounts", one, obj{"Website": "a.example"}).want(200)
	b.get("/Accounts/"+one).want(200, "data.0.Rating", "Active")
	b.clock.step(time.Minute)
	b.put("Accounts", one, obj{"Phone": "1"}).want(200)
	b.get("/Accounts/"+one).want(200, "data.0.Rating", "Shut Down")

	hook := b.hook(nil).str("webhooks.0.details.id")
	other := b.hook(obj{"module": obj{"api_name": "Contacts"}}).str("webhooks.0.details.id")
	send := func(o obj) reply { return b.call(http.MethodPost, flowsPath, o) }
	send(obj{"workflow_rules": []any{obj{"name": "x"}}}).want(400, "workflow_rules.0.code", "MANDATORY_NOT_FOUND", "workflow_rules.0.details.api_name", "module")
	send(flowOf("date_or_datetime", calling(hook, nil))).want(400, "workflow_rules.0.code", "NOT_SUPPORTED", "workflow_rules.0.details.api_name", "type")
	send(flowOf("create", calling(other, nil))).want(400, "workflow_rules.0.code", "INVALID_DATA", "workflow_rules.0.details.json_path", "$.workflow_rules[0].conditions[0].instant_actions.actions[0].id")
	send(flowOf("create", obj{})).want(400, "workflow_rules.0.code", "MANDATORY_NOT_FOUND")
	send(flowOf("create", calling(hook, obj{"field": obj{"api_name": "Nonsense"}, "comparator": "equal", "value": "x"}))).want(400, "workflow_rules.0.code", "INVALID_DATA")
	k := calling(hook, nil)
	send(flowOf("create", k, k, k, k, k, k)).want(400, "workflow_rules.0.code", "LIMIT_EXCEEDED", "workflow_rules.0.details.limit", "5")
	send(flowOf("create", k)).want(201)
	send(flowOf("create", k)).want(400, "workflow_rules.0.code", "DUPLICATE_DATA")
	b.as("Eva").call(http.MethodPost, flowsPath, flowOf("edit", k)).want(403)
	b.call(http.MethodDelete, flowsPath+"/"+given, nil).want(400, "code", "NOT_ALLOWED")
	b.call(http.MethodPut, flowsPath+"/1", flowOf("edit", k)).want(400, "code", "INVALID_DATA")
	b.call(http.MethodDelete, flowsPath+"?ids="+id+","+given, nil).want(207, "workflow_rules.0.code", "SUCCESS", "workflow_rules.1.code", "INVALID_DATA")
	b.call(http.MethodDelete, flowsPath, nil).want(400, "code", "REQUIRED_PARAM_MISSING")
	b.get(flowsPath+"?module=Nonsense").want(400, "code", "INVALID_MODULE")
	b.get(flowsPath + "/" + id).want(204)
}
