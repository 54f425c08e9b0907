package zohobox

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// webhook is a call to another service that workflow rules make (section 9.6):
// unlike a channel it does not expire, and people see it among their automation.
type webhook struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Module      string        `json:"module"`
	URL         string        `json:"url"`
	Method      string        `json:"method"`
	Description string        `json:"description,omitempty"`
	Format      string        `json:"format,omitempty"` // of a raw body: JSON, XML, HTML or Text; empty: form data
	Raw         string        `json:"raw,omitempty"`
	Form        []hookParam   `json:"form,omitempty"`
	Headers     []hookParam   `json:"headers,omitempty"`
	By          string        `json:"by"`
	Created     time.Time     `json:"created"`
	Modified    time.Time     `json:"modified"`
	Failures    []hookFailure `json:"failures,omitempty"` // oldest first
}

// hookParam is a name with a value, which may hold ${Module.Field}.
type hookParam struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Module bool   `json:"module"` // a value of the record
}

// hookFailure is a call that was not taken.
type hookFailure struct {
	ID     string    `json:"id"`
	Rule   string    `json:"rule"` // id
	Record string    `json:"record"`
	Name   string    `json:"name"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

const (
	hookNameMax     = 50
	hookURLMax      = 255
	hookFailuresMax = 1000 // remembered of each webhook
)

var (
	hookMethods = []string{"POST", "GET", "PUT", "PATCH", "DELETE"}
	hookFormats = map[string]string{"JSON": "application/json", "XML": "application/xml", "HTML": "text/html", "Text": "text/plain"}
	mergeField  = regexp.MustCompile(`\$\{!?([A-Za-z0-9_]+)\.([^}]+)\}`)
)

func (b *Box) webhookByID(id string) *webhook {
	for _, h := range b.webhooks {
		if h.ID == id {
			return h
		}
	}
	return nil
}

func (b *Box) findWebhooks(c *call) (route, answer) {
	return collection(c, "/settings/automation/webhooks", "ZohoCRM.settings.automation_actions", 8, b.getWebhooks, b.postWebhooks, b.putWebhooks, b.deleteWebhooks)
}

func (b *Box) getWebhooks(c *call) answer {
	m, f := b.moduleFilter(c)
	if f != nil {
		return f.answer()
	}
	var out []any
	for _, h := range b.webhooks {
		if (m == nil || h.Module == m.name) && (len(c.path) < 4 || c.path[3] == h.ID) {
			out = append(out, b.renderWebhook(c, h))
		}
	}
	if len(c.path) < 4 {
		return c.pageOf("webhooks", out)
	}
	if len(out) == 0 {
		return noContent()
	}
	return ok(object{"webhooks": out})
}

// moduleFilter reads ?module=, which narrows the pages of automation.
func (b *Box) moduleFilter(c *call) (*module, *failure) {
	name := c.param("module")
	if name == "" {
		return nil, nil
	}
	if m := b.module[name]; m != nil && !m.isLine() && !m.ended {
		return m, nil
	}
	return nil, &failure{status: 400, code: "INVALID_MODULE", message: "The value provided to the param is Invalid", details: object{"param_name": "module"}}
}

func (m *module) ref() object { return object{"api_name": m.name, "id": m.ID} }

func (b *Box) renderWebhook(c *call, h *webhook) object {
	params := func(of []hookParam, module bool) []any {
		out := []any{}
		for _, p := range of {
			if p.Module == module {
				out = append(out, object{"name": p.Name, "value": p.Value})
			}
		}
		return out
	}
	body := object{"type": "form_data", "form_data_content": object{"module_parameters": params(h.Form, true), "custom_parameters": params(h.Form, false)}}
	if h.Format != "" {
		body = object{"type": "raw", "format": h.Format, "raw_data_content": h.Raw}
	}
	by := b.userByID(h.By).ref()
	return object{
		"id": h.ID, "name": h.Name, "module": b.module[h.Module].ref(), "url": h.URL, "http_method": h.Method, "description": orNil(h.Description), "body": body,
		"headers":      object{"module_parameters": params(h.Headers, true), "custom_parameters": params(h.Headers, false)},
		"feature_type": "workflow", "source": "crm", "editable": true, "deletable": true, "associated": b.hookUsed(h.ID), "lock_status": object{"locked": false},
		"created_by": by, "modified_by": by, "created_time": stamp(h.Created, c.zone()), "modified_time": stamp(h.Modified, c.zone()),
	}
}

func (b *Box) postWebhooks(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("webhooks", 1, http.StatusCreated, func(path string, o object) (object, *failure) {
		h := &webhook{By: c.user.ID, Created: b.now(), Modified: b.now()}
		if f := b.readWebhook(h, o, path); f != nil {
			return nil, f
		}
		h.ID = b.ids.meta()
		b.webhooks = append(b.webhooks, h)
		b.save("webhook", h.ID, h)
		return success(object{"id": h.ID}, "webhook created"), nil
	})
}

func (b *Box) putWebhooks(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	return c.each("webhooks", 1, http.StatusOK, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 3 {
			id = c.path[3]
		}
		h := b.webhookByID(id)
		if h == nil {
			return nil, &failure{code: "INVALID_DATA", message: "The ID given is invalid", details: object{"api_name": "id", "json_path": path + ".id"}}
		}
		next := *h
		if f := b.readWebhook(&next, o, path); f != nil {
			return nil, f
		}
		next.Modified = b.now()
		*h = next
		b.save("webhook", h.ID, h)
		return success(object{"id": h.ID}, "webhook updated"), nil
	})
}

// readWebhook reads a webhook in full.
func (b *Box) readWebhook(h *webhook, o object, path string) *failure {
	for _, key := range []string{"name", "module", "url", "http_method", "feature_type"} {
		if o[key] == nil || o[key] == "" {
			return &failure{code: "MANDATORY_NOT_FOUND", message: "Required field is missing", details: object{"api_name": key, "json_path": path + "." + key}}
		}
	}
	wrong := func(key, message string) *failure {
		return &failure{code: "INVALID_DATA", message: message, details: object{"api_name": key, "json_path": path + "." + key}}
	}
	m := b.module[text(asObject(o["module"])["api_name"])]
	at, err := url.Parse(text(o["url"]))
	switch {
	case len(text(o["name"])) > hookNameMax:
		return &failure{code: "INVALID_DATA", message: "Invalid data", details: object{"api_name": "name", "json_path": path + ".name", "maximum_length": hookNameMax}}
	case m == nil || m.isLine() || m.ended:
		return wrong("module", "the module id given seems to be invalid")
	case err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || len(text(o["url"])) > hookURLMax:
		return wrong("url", "please enter a valid URL")
	case !slices.Contains(hookMethods, text(o["http_method"])):
		return wrong("http_method", "The method type given is invalid")
	case o["feature_type"] != "workflow":
		return wrong("feature_type", "Unsupported fields are present")
	}
	h.Name, h.Module, h.URL, h.Method, h.Description = text(o["name"]), m.name, text(o["url"]), text(o["http_method"]), text(o["description"])
	body := asObject(o["body"])
	h.Format, h.Raw, h.Form = "", "", nil
	switch text(body["type"]) {
	case "raw":
		if hookFormats[text(body["format"])] == "" {
			return wrong("body.format", "Unsupported fields are present")
		}
		h.Format, h.Raw = text(body["format"]), text(body["raw_data_content"])
	case "", "form_data":
		var f *failure
		if h.Form, f = readHookParams(asObject(body["form_data_content"]), path+".body.form_data_content"); f != nil {
			return f
		}
	default:
		return wrong("body.type", "Unsupported fields are present")
	}
	var f *failure
	h.Headers, f = readHookParams(asObject(o["headers"]), path+".headers")
	return f
}

func readHookParams(o object, path string) ([]hookParam, *failure) {
	var out []hookParam
	for _, kind := range []string{"module_parameters", "custom_parameters"} {
		for i, v := range list(o[kind]) {
			p := hookParam{text(asObject(v)["name"]), text(asObject(v)["value"]), kind == "module_parameters"}
			at := fmt.Sprintf("%s.%s[%d]", path, kind, i)
			if p.Name == "" || p.Value == "" {
				return nil, &failure{code: "MANDATORY_NOT_FOUND", message: "the given parameter is invalid, specify both name and value", details: object{"api_name": "name", "json_path": at + ".name"}}
			}
			if slices.ContainsFunc(out, func(x hookParam) bool { return x.Name == p.Name }) {
				return nil, &failure{code: "DUPLICATE_DATA", message: "duplicate parameter name found", details: object{"api_name": "name", "json_path": at + ".name"}}
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// deleteWebhooks takes webhooks away that no rule uses.
func (b *Box) deleteWebhooks(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	if len(c.path) > 3 {
		switch h := b.webhookByID(c.path[3]); {
		case h == nil:
			return answer{status: 400, body: object{"webhooks": []any{(&failure{code: "INVALID_DATA", message: "The ID given is invalid", details: object{"api_name": "id", "json_path": "$.id"}}).item()}}}
		case b.hookUsed(h.ID):
			return refuse(400, "NOT_ALLOWED", "This webhook is associated with at least one of Approval Process/Workflow Rules/Blueprint", object{"resource_path_index": 3})
		default:
			b.dropWebhook(h)
			return ok(object{"webhooks": []any{success(object{"id": h.ID}, "webhook deleted")}})
		}
	}
	ids := splitFields(c.param("ids"))
	if len(ids) == 0 {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
	}
	var out []any
	for _, id := range ids {
		switch h := b.webhookByID(id); {
		case h == nil:
			out = append(out, (&failure{code: "INVALID_DATA", message: "The ID given is invalid", details: object{"id": id}}).item())
		case b.hookUsed(id):
			out = append(out, (&failure{code: "NOT_ALLOWED", message: "This webhook is associated with at least one of Approval Process/Workflow Rules/Blueprint", details: object{"id": id}}).item())
		default:
			b.dropWebhook(h)
			out = append(out, success(object{"id": id}, "webhook deleted"))
		}
	}
	return answer{status: writeStatus(out, http.StatusOK, http.StatusMultiStatus), body: object{"webhooks": out}}
}

func (b *Box) dropWebhook(h *webhook) {
	b.webhooks = slices.DeleteFunc(b.webhooks, func(x *webhook) bool { return x == h })
	b.drop("webhook", h.ID)
}

// hookRun is a call of a webhook on its way out.
type hookRun struct {
	hook, rule, record, name string
	method, kind             string
	headers                  [][2]string
}

// callWebhook puts the call of a webhook for a record in the queue.
func (b *Box) callWebhook(c *call, h *webhook, rule string, m *module, r *record) {
	fill := func(s string) string {
		return mergeField.ReplaceAllStringFunc(s, func(one string) string {
			p := mergeField.FindStringSubmatch(one)
			for _, f := range m.fields {
				if p[1] == m.name && (f.Name == p[2] || f.Label == p[2]) {
					return hookText(b.wire(m, r, f, c))
				}
			}
			return ""
		})
	}
	run := &hookRun{hook: h.ID, rule: rule, record: r.sid(), name: displayName(m, r), method: h.Method, kind: "application/x-www-form-urlencoded"}
	for _, p := range h.Headers {
		run.headers = append(run.headers, [2]string{p.Name, fill(p.Value)})
	}
	form := url.Values{}
	for _, p := range h.Form {
		form.Set(p.Name, fill(p.Value))
	}
	to, body := fill(h.URL), form.Encode()
	if h.Format != "" {
		body, run.kind = fill(h.Raw), hookFormats[h.Format]
	}
	if h.Method == http.MethodGet {
		if body != "" && h.Format == "" {
			to += map[bool]string{true: "&", false: "?"}[strings.Contains(to, "?")] + body
		}
		body = ""
	}
	b.watch.queue = append(b.watch.queue, &delivery{url: to, body: []byte(body), due: b.opt.Now(), hook: run})
	b.watch.start(b)
	b.watch.wake()
}

// hookText is a value as it stands in a text.
func hookText(v any) string {
	if o, isObject := v.(object); isObject {
		return text(o["name"])
	}
	return plain(v)
}

// noteHookFailure remembers a call that was not taken, for the report.
func (b *Box) noteHookFailure(run *hookRun, reason string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.webhookByID(run.hook)
	if h == nil {
		return
	}
	h.Failures = append(h.Failures, hookFailure{ID: b.ids.meta(), Rule: run.rule, Record: run.record, Name: run.name, Reason: reason, At: b.now()})
	if n := len(h.Failures); n > hookFailuresMax {
		h.Failures = slices.Clone(h.Failures[n-hookFailuresMax:])
	}
	b.save("webhook", h.ID, h)
	if err := b.flush(); err != nil {
		b.log.Error("a failure of a webhook was not stored", "error", err)
	}
}

// getWebhookFailures answers GET /settings/automation/webhook_failures, newest
// first.
func (b *Box) getWebhookFailures(c *call) answer {
	m, f := b.moduleFilter(c)
	if f != nil {
		return f.answer()
	}
	bounds := [2]time.Time{{}, b.now().AddDate(1, 0, 0)}
	for i, name := range []string{"from", "to"} {
		s := c.param(name)
		if s == "" {
			continue
		}
		t, valid := parseDate(s)
		if !valid {
			return refuse(400, "INVALID_DATA", "The value provided to the param is Invalid", object{"param_name": name, "expected_data_type": "date"})
		}
		bounds[i] = t.AddDate(0, 0, i) // the last day counts as a whole
	}
	id := c.param("webhook_id")
	if id != "" && b.webhookByID(id) == nil {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"param_name": "webhook_id"})
	}
	var all []object
	for _, h := range b.webhooks {
		if id != "" && h.ID != id || m != nil && h.Module != m.name {
			continue
		}
		for _, x := range h.Failures {
			if x.At.Before(bounds[0]) || !x.At.Before(bounds[1]) {
				continue
			}
			rule := object{"id": x.Rule, "name": ""}
			if w := b.flowByID(x.Rule); w != nil {
				rule["name"] = w.Name
			}
			all = append(all, object{
				"id": x.ID, "webhook": object{"id": h.ID, "name": h.Name}, "workflow_rule": rule, "failure_time": stamp(x.At, c.zone()), "failure_reason": x.Reason,
				"entity_details": object{"id": x.Record, "name": x.Name, "module": b.module[h.Module].ref()},
			})
		}
	}
	slices.SortFunc(all, func(x, y object) int { return strings.Compare(text(y["id"]), text(x["id"])) })
	out := make([]any, len(all))
	for i, o := range all {
		out[i] = o
	}
	return c.pageOf("webhook_failures", out)
}
