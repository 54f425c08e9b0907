package zohobox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

const apisPath = "__apis"

// apiSamples are addresses of every kind, each written as one that exists;
// {module} stands for the module Accounts. What they take, need and cost is asked
// of the router itself.
var apiSamples = []string{
	"org", "org/currencies", "org/currencies/1", "org/currencies/actions/enable", "org/currencies/actions/available_currencies", "org/taxes",
	"org/taxes/1", "users", "users/1", "actions/watch", "coql", compositePath, "upload", featuresPath, featuresPath + "/1", apisPath, "Notes", "Notes/1", "files",
	"settings/modules", "settings/modules/1", "settings/fields", "settings/fields/1", "settings/layouts", "settings/layouts/1", "settings/related_lists",
	"settings/custom_views", "settings/custom_views/1", "settings/automation/webhooks", "settings/automation/webhooks/1", "settings/automation/webhook_failures", "settings/automation/workflow_rules",
	"settings/automation/workflow_rules/1", "settings/territories", "settings/territories/1", "settings/pipeline", "settings/pipeline/1", "settings/pipeline/actions/transfer", "settings/profiles", "settings/profiles/1",
	"settings/roles", "settings/roles/1", "settings/tags", "settings/tags/1", "settings/variables", "settings/variables/1", "settings/variable_groups",
	"settings/variable_groups/1", "settings/record_locking_configurations", "settings/record_locking_configurations/1", duplicatePath,
	"settings/recycle_bin", "settings/recycle_bin/1", "settings/recycle_bin/actions/count", "settings/recycle_bin/actions/restore",
	"settings/recycle_bin/actions/empty", "settings/recycle_bin/1/actions/restore", "{module}", "{module}/1", "{module}/upsert", "{module}/search",
	"{module}/deleted", "{module}/deleted/1/Contacts", "{module}/actions/count", "{module}/actions/mass_update", "{module}/actions/add_tags",
	"{module}/actions/remove_tags", "{module}/actions/fetch_full_data", "{module}/1/actions/clone", "{module}/1/actions/convert",
	"{module}/1/actions/merge", "{module}/1/actions/change_owner", "{module}/1/actions/add_tags", "{module}/1/actions/remove_tags", "{module}/1/actions/fetch_full_data",
	"{module}/1/actions/get_related_records_count", "{module}/1/__timeline", "{module}/1/Notes", "{module}/1/Attachments", "{module}/1/Attachments/1",
	"{module}/1/Locking_Information__s", "{module}/1/Locking_Information__s/1", "{module}/1/Products", "{module}/1/Products/1", "bulk/read",
	"bulk/read/1", "bulk/read/1/result", "bulk/write", "bulk/write/1",
}

func (b *Box) findAPIs(c *call) (route, answer) {
	if len(c.path) > 1 {
		return none(c)
	}
	return method(c, "/"+apisPath, route{run: b.getAPIs, kind: kindMeta, scopes: []string{"ZohoCRM.apis.READ"}}, http.MethodGet)
}

// getAPIs lists every address with its methods, scopes and credits (sections
// 9.6 and 14).
func (b *Box) getAPIs(c *call) answer {
	keep, f := apiFilter(c.param("filters"))
	if f != nil {
		return f.answer()
	}
	var out []any
	for _, sample := range apiSamples {
		path, ops := b.operations(c, sample, keep)
		if len(ops) > 0 {
			out = append(out, object{"path": path, "operation_types": ops})
		}
	}
	if len(out) == 0 {
		return noContent()
	}
	return ok(object{apisPath: out})
}

func (b *Box) operations(c *call, sample string, keep func(scope string) bool) (path string, ops []any) {
	for _, verb := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := &call{b: b, version: 8, r: &http.Request{Method: verb}, user: c.user, token: c.token, body: object{"rollback_on_fail": false}}
		probe.path = strings.Split(strings.ReplaceAll(sample, "{module}", "Accounts"), "/")
		if probe.path[0] == "bulk" {
			probe.bulk, probe.path = true, probe.path[1:]
		}
		rt, refused := b.find(probe)
		if refused.failed() || rt.run == nil || len(rt.scopes) == 0 {
			continue
		}
		least, most := 1, 1
		if rt.credits != nil {
			least, most = rt.credits(probe), rt.credits(fullest(probe))
		}
		path = "/crm/v8" + strings.Replace(rt.pattern, "/Accounts", "/{module}", 1)
		if probe.bulk {
			path = "/crm/bulk/v8" + strings.TrimPrefix(rt.pattern, "/bulk")
		}
		scope := strings.Replace(rt.scopes[0], ".modules.accounts.", ".modules.{module}.", 1)
		if keep(scope) {
			ops = append(ops, object{"method": verb, "oauth_scope": scope, "min_credits": least, "max_credits": most})
		}
	}
	return path, ops
}

// fullest is a call as large as its kind may be.
func fullest(c *call) *call {
	n := *c
	n.query = url.Values{"cvid": {"1"}}
	n.body = object{"data": make([]any, writeMax), "ids": make([]any, tagRecords), "select_query": "select id from Accounts where id is not null limit 2000", "rollback_on_fail": true}
	return &n
}

// apiFilter reads filters: the name of a scope, or an object of field,
// comparator and value.
func apiFilter(s string) (func(string) bool, *failure) {
	if s == "" {
		return func(string) bool { return true }, nil
	}
	bad := &failure{status: 400, code: "INVALID_DATA", message: "invalid data", details: object{"param_name": "filters"}}
	if !strings.HasPrefix(s, "{") {
		return func(scope string) bool { return strings.EqualFold(scope, s) }, nil
	}
	var o object
	if json.Unmarshal([]byte(s), &o) != nil || text(asObject(o["field"])["api_name"]) != "oauth_scope" {
		return nil, bad
	}
	want := strings.ToLower(text(o["value"]))
	switch text(o["comparator"]) {
	case "equal", "equals":
		return func(scope string) bool { return strings.EqualFold(scope, want) }, nil
	case "contains":
		return func(scope string) bool { return strings.Contains(strings.ToLower(scope), want) }, nil
	case "starts_with":
		return func(scope string) bool { return strings.HasPrefix(strings.ToLower(scope), want) }, nil
	}
	return nil, bad
}
