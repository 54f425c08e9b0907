package zohobox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/zohobox"
)

// inbox takes callbacks in place of a network.
type inbox struct {
	mu  sync.Mutex
	got []obj
	url []string
}

func (i *inbox) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, _ := io.ReadAll(r.Body)
	var o obj
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	_ = dec.Decode(&o)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.got, i.url = append(i.got, o), append(i.url, r.URL.String())
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(""))}, nil
}

func (i *inbox) lines() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	var out []string
	for _, o := range i.got {
		out = append(out, fmt.Sprint(o["module"], " ", o["operation"], " ", o["ids"]))
	}
	return out
}

func watching(t *testing.T, o obj, opt zohobox.Options) (*app, *inbox) {
	t.Helper()
	box := &inbox{}
	opt.Deliver = box
	a := open(t, opt)
	if o["notify_url"] == nil {
		o["notify_url"] = "https://app.test/hook?k=v"
	}
	if o["channel_id"] == nil {
		o["channel_id"] = "10001"
	}
	a.call(http.MethodPost, "/actions/watch", obj{"watch": []any{o}}).want(201)
	return a, box
}

func (a *app) pump() { a.box.DeliverNotifications(context.Background()) }

// Section 11: subscribing, reading, renewing, dropping.
func TestWatch_Lifecycle(t *testing.T) {
	a := open(t, zohobox.Options{})
	expiry := a.clock.now().Add(24 * time.Hour).Format(time.RFC3339)
	channel := obj{"channel_id": "10001", "notify_url": "https://app.test/hook", "events": []any{"Contacts.all", "Invoices.edit"}, "channel_expiry": expiry, "token": "secret"}
	send := func(method string, o obj) reply {
		t.Helper()
		return a.call(method, "/actions/watch", obj{"watch": []any{o}})
	}
	a.get("/actions/watch").want(204)
	send(http.MethodPost, channel).want(201, "watch.0.code", "SUCCESS", "watch.0.message", "Successfully subscribed for actions-watch of the given module",
		"watch.0.details.events.0.channel_id", "10001", "watch.0.details.events.0.resource_name", "Contacts", "watch.0.details.events.0.resource_uri", host+"/crm/v2/Contacts", "watch.0.details.events.0.channel_expiry", "2026-03-02T01:15:00-08:00", "watch.0.details.events.1.resource_name", "Invoices")
	a.get("/actions/watch?channel_id=10001").want(200, "watch.0.notify_url", "https://app.test/hook", "watch.0.token", "secret", "watch.0.notify_on_related_action", "true", "info.count", "2")
	a.get("/actions/watch?channel_id=10001&module=Invoices").want(200, "watch.0.events.0", "Invoices.edit", "info.count", "1")
	a.as("Eva").get("/actions/watch").want(204)
	later := a.clock.now().Add(48 * time.Hour).Format(time.RFC3339)
	send(http.MethodPatch, obj{"channel_id": "10001", "channel_expiry": later}).want(200, "watch.0.message", "Successfully updated the subscribe details", "watch.0.details.events.0.channel_expiry", "2026-03-03T01:15:00-08:00")
	send(http.MethodPatch, obj{"channel_id": "10001", "events": []any{"Invoices.edit"}, "_delete_events": true}).want(200, "watch.0.message", "Successfully removed the subscribe details")
	a.get("/actions/watch").want(200, "info.count", "1", "watch.0.events.0", "Contacts.all")
	send(http.MethodPut, obj{"channel_id": "10001", "notify_url": "https://app.test/other", "events": []any{"Deals.create"}}).want(200, "watch.0.details.events.0.resource_name", "Deals")
	send(http.MethodPut, obj{"channel_id": "10002", "notify_url": "https://app.test/other", "events": []any{"Deals.create"}}).want(400, "watch.0.code", "NOT_SUBSCRIBED")
	a.call(http.MethodDelete, "/actions/watch?channel_ids=10001,10002", nil).want(207, "watch.0.message", "Successfully un-subscribed from actions-watch", "watch.1.code", "NOT_SUBSCRIBED")
	a.get("/actions/watch").want(204)
}

// Section 11: at most a week; nothing or more than that is one hour, silently.
func TestWatch_ExpiryFallsBackToAnHour(t *testing.T) {
	a := open(t, zohobox.Options{})
	for _, c := range []struct {
		name string
		days int
		want string
	}{{"a week is taken", 7, "2026-03-08T01:15:00-08:00"}, {"more is an hour", 8, "2026-03-01T02:15:00-08:00"}, {"the past is an hour", -1, "2026-03-01T02:15:00-08:00"}, {"none is an hour", 0, "2026-03-01T02:15:00-08:00"}} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			o := obj{"channel_id": "1", "notify_url": "https://app.test/", "events": []any{"Contacts.all"}}
			if c.days != 0 {
				o["channel_expiry"] = a.clock.now().AddDate(0, 0, c.days).Format(time.RFC3339)
			}
			a.call(http.MethodPost, "/actions/watch", obj{"watch": []any{o}}).want(201, "watch.0.details.events.0.channel_expiry", c.want)
		})
	}
	a.later(time.Hour)
	a.get("/actions/watch").want(204)
	a.call(http.MethodPatch, "/actions/watch", obj{"watch": []any{obj{"channel_id": "1"}}}).want(400, "watch.0.code", "NOT_SUBSCRIBED")
}

// Section 11: refusals.
func TestWatch_Refusals(t *testing.T) {
	a := open(t, zohobox.Options{})
	for _, c := range []struct {
		name   string
		change obj
		code   string
		field  string
	}{
		{"no address", obj{"notify_url": nil}, "MANDATORY_NOT_FOUND", "notify_url"},
		{"plain http to the world", obj{"notify_url": "http://app.test/"}, "INVALID_DATA", "notify_url"},
		{"address too long", obj{"notify_url": "https://app.test/" + strings.Repeat("x", 255)}, "INVALID_DATA", "notify_url"},
		{"token too long", obj{"token": strings.Repeat("x", 51)}, "INVALID_DATA", "token"},
		{"unknown module", obj{"events": []any{"Nonsense.all"}}, "INVALID_DATA", "events"},
		{"unknown operation", obj{"events": []any{"Contacts.update"}}, "INVALID_DATA", "events"},
		{"no events", obj{"events": nil}, "MANDATORY_NOT_FOUND", "events"},
		{"no channel id", obj{"channel_id": nil}, "MANDATORY_NOT_FOUND", "channel_id"},
		{"milliseconds in expiry", obj{"channel_expiry": "2026-03-02T00:00:00.000+00:00"}, "INVALID_DATA", "channel_expiry"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			o := obj{"channel_id": "1", "notify_url": "https://app.test/", "events": []any{"Contacts.all"}}
			for k, v := range c.change {
				o[k] = v
			}
			a.call(http.MethodPost, "/actions/watch", obj{"watch": []any{o}}).want(400, "watch.0.code", c.code, "watch.0.details.api_name", c.field)
		})
	}
}

// Section 11, the callback.
func TestWatch_Callback(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"Contacts.all"}, "token": "secret", "return_affected_field_values": true}, zohobox.Options{})
	id := a.make("Contacts", obj{"Last_Name": "L"})
	a.put("Contacts", id, obj{"Email": "a@b.example", "Last_Name": "L"}).want(200)
	a.remove("Contacts", id)
	a.make("Vendors", obj{"Vendor_Name": "not watched"})
	a.pump()
	want := []string{"Contacts insert [" + id + "]", "Contacts update [" + id + "]", "Contacts delete [" + id + "]"}
	if got := in.lines(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("callbacks %v, want %v", got, want)
	}
	cb := in.got[1]
	if cb["token"] != "secret" || cb["channel_id"] != "10001" || fmt.Sprint(cb["query_params"]) != "map[k:v]" || cb["resource_uri"] != host+"/crm/v2/Contacts" || fmt.Sprint(cb["server_time"]) != "1772356500000" {
		t.Errorf("callback %v", cb)
	}
	if fmt.Sprint(cb["affected_fields"]) != "[map["+id+":[Email]]]" || fmt.Sprint(cb["affected_values"]) != "[map[record_id:"+id+" values:map[Email:a@b.example]]]" {
		t.Errorf("affected %v %v", cb["affected_fields"], cb["affected_values"])
	}
}

// Section 11: our own silent writes echo too, one callback for a whole batch.
func TestWatch_EchoesAndBatches(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"Vendors.create"}}, zohobox.Options{})
	body := data(obj{"Vendor_Name": "1"}, obj{"Vendor_Name": "2"}, obj{"Vendor_Name": "3"})
	body["trigger"] = []any{}
	a.call(http.MethodPost, "/Vendors", body).want(201)
	a.pump()
	if got := in.lines(); len(got) != 1 || len(in.got[0]["ids"].([]any)) != 3 {
		t.Errorf("callbacks %v, want one for three records", got)
	}
	quiet, qin := watching(t, obj{"events": []any{"Vendors.create"}}, zohobox.Options{Dials: zohobox.Dials{EchoSilent: zohobox.Off}})
	quiet.call(http.MethodPost, "/Vendors", body).want(201)
	quiet.make("Vendors", obj{"Vendor_Name": "4"})
	quiet.pump()
	if got := qin.lines(); len(got) != 1 {
		t.Errorf("with the dial off: %v", got)
	}
}

// Section 11: notify_on_related_action is on unless switched off.
func TestWatch_RelatedActions(t *testing.T) {
	for related, want := range map[bool]int{true: 1, false: 0} {
		a, in := watching(t, obj{"events": []any{"Accounts.edit"}, "notify_on_related_action": related}, zohobox.Options{})
		acc := a.make("Accounts", obj{"Account_Name": "A"})
		a.make("Contacts", obj{"Last_Name": "L", "Account_Name": ref(acc)})
		a.pump()
		if got := in.lines(); len(got) != want {
			t.Errorf("related %v: %v", related, got)
		}
	}
}

// Section 11: a condition on fields.
func TestWatch_FieldCondition(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"Vendors.edit"}, "notification_condition": []any{obj{
		"type": "field_selection", "module": obj{"api_name": "Vendors"},
		"field_selection": obj{"group_operator": "or", "group": []any{obj{"field": obj{"api_name": "City"}}, obj{"field": obj{"api_name": "Phone"}}}},
	}}}, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.put("Vendors", id, obj{"Email": "a@b.example"})
	a.put("Vendors", id, obj{"City": "X"})
	a.pump()
	if got := in.lines(); len(got) != 1 {
		t.Errorf("callbacks %v, want only the change of City", got)
	}
}

// zoho-crm.md section 11: two conditions at most, ten fields in them, each with
// its module; what was set is shown.
func TestWatch_LimitsOfConditions(t *testing.T) {
	a := open(t, zohobox.Options{})
	on := func(module string, fields ...string) obj {
		var group []any
		for _, f := range fields {
			group = append(group, obj{"field": obj{"api_name": f}})
		}
		return obj{"type": "field_selection", "module": obj{"api_name": module}, "field_selection": obj{"group_operator": "or", "group": group}}
	}
	subscribe := func(conditions ...any) reply {
		return a.call(http.MethodPost, "/actions/watch", obj{"watch": []any{obj{"channel_id": "7", "notify_url": "https://app.test/", "events": []any{"Vendors.edit"}, "notification_condition": conditions}}})
	}
	many := []string{"Vendor_Name", "Email", "Phone", "Website", "Category", "Street", "City", "State", "Zip_Code", "Country", "Description"}
	subscribe(on("Vendors", many...)).want(400, "watch.0.code", "INVALID_DATA")
	subscribe(on("Vendors", "City"), on("Accounts", "Phone"), on("Deals", "Stage")).want(400, "watch.0.code", "INVALID_DATA")
	subscribe(on("Vendors", "Nothing")).want(400, "watch.0.code", "INVALID_DATA")
	subscribe(obj{"type": "field_selection", "field_selection": obj{}}).want(400, "watch.0.code", "DEPENDENT_FIELD_MISSING")
	subscribe(on("Vendors", many[:10]...)).want(201)
	a.get("/actions/watch").want(200, "watch.0.notification_condition.0.module.api_name", "Vendors")
}

// zoho-crm.md section 11: users.all tells of people who come and go.
func TestWatch_TellsAboutUsers(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"users.all"}}, zohobox.Options{})
	id := a.do(zohobox.Action{Action: "add_user", Data: obj{"first_name": "New", "last_name": "One", "email": "new@sandbox.example"}})
	a.do(zohobox.Action{Action: "inactivate", Type: "users", ID: id})
	a.pump()
	if got := strings.Join(in.lines(), ", "); got != "users insert ["+id+"], users update ["+id+"]" {
		t.Errorf("callbacks %s", got)
	}
}

// Section 11: no promise of delivery; the dial loses, doubles, delays, reorders.
func TestWatch_FaultsOfDelivery(t *testing.T) {
	run := func(rule fault.Rule) (string, *app, *inbox) {
		a, in := watching(t, obj{"events": []any{"Vendors.all"}}, zohobox.Options{})
		if _, err := a.box.Faults().Add(rule); err != nil {
			t.Fatal(err)
		}
		id := a.make("Vendors", obj{"Vendor_Name": "V"})
		a.put("Vendors", id, obj{"City": "X"})
		a.remove("Vendors", id)
		a.pump()
		var ops []string
		for _, o := range in.got {
			ops = append(ops, fmt.Sprint(o["operation"]))
		}
		return strings.Join(ops, " "), a, in
	}
	for kind, want := range map[string]string{
		fault.NotifyDrop: "update delete", fault.NotifyDouble: "insert insert update delete", fault.NotifyReorder: "update insert delete",
	} {
		if got, _, _ := run(fault.Rule{Kind: kind, Times: 1}); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	got, a, in := run(fault.Rule{Kind: fault.NotifyDelay, DelayMS: 5000, Times: 1})
	if got != "update delete" {
		t.Errorf("delay: %q", got)
	}
	a.clock.step(5 * time.Second)
	a.pump()
	if n := len(in.got); n != 3 {
		t.Errorf("the late one did not come: %d", n)
	}
}

// Callbacks really travel over sockets, by themselves.
func TestWatch_DeliversOverASocket(t *testing.T) {
	got := make(chan string, 1)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got <- string(raw)
	}))
	defer hook.Close()
	box, err := zohobox.New(zohobox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	srv := httptest.NewServer(box)
	defer srv.Close()
	a := &app{t: t, box: box, http: &http.Client{Transport: box.Transport()}}
	a.token = a.login(box.Credentials().RefreshToken)
	a.call(http.MethodPost, "/actions/watch", obj{"watch": []any{obj{"channel_id": 7, "notify_url": hook.URL, "events": []any{"Vendors.all"}}}}).want(201)
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	if body := <-got; !strings.Contains(body, id) || !strings.Contains(body, `"channel_id":"7"`) {
		t.Errorf("callback %s", body)
	}
}

// A person's merge tells about every record it touched.
func TestWatch_TellsAboutMerges(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"Accounts.all", "Contacts.all"}, "notify_on_related_action": false}, zohobox.Options{})
	w, l := a.make("Accounts", obj{"Account_Name": "W"}), a.make("Accounts", obj{"Account_Name": "L"})
	c := a.make("Contacts", obj{"Last_Name": "C", "Account_Name": ref(l)})
	a.pump()
	in.got = nil
	a.do(zohobox.Action{Action: "merge", Type: "Accounts", ID: l, Into: w})
	a.pump()
	want := map[string]bool{"Accounts update [" + w + "]": true, "Accounts delete [" + l + "]": true, "Contacts update [" + c + "]": true}
	for _, line := range in.lines() {
		delete(want, line)
	}
	if len(want) > 0 {
		t.Errorf("not told: %v; told %v", want, in.lines())
	}
}

// A deletion that empties look-ups tells about the records it touched.
func TestWatch_TellsAboutEmptiedLookups(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"Contacts.edit"}, "return_affected_field_values": true}, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	c := a.make("Contacts", obj{"Last_Name": "C", "Account_Name": ref(acc)})
	a.remove("Accounts", acc)
	a.pump()
	if got := fmt.Sprint(in.lines()); got != "[Contacts update ["+c+"]]" {
		t.Errorf("told %s", got)
	}
}

// zoho-crm.md section 11: and wants all fields of its group changed, or any; a
// member of a group may be a group.
func TestWatch_GroupsOfConditions(t *testing.T) {
	field := func(name string) obj { return obj{"field": obj{"api_name": name}} }
	group := func(op string, parts ...any) obj { return obj{"group_operator": op, "group": parts} }
	for _, c := range []struct {
		name      string
		selection obj
		want      string // the updates that are told
	}{
		{"one field", field("City"), "city both three"},
		{"or", group("or", field("City"), field("Phone")), "city phone both three"},
		{"and", group("and", field("City"), field("Phone")), "both three"},
		{"a group in a group", group("and", field("City"), group("or", field("Phone"), field("Email"))), "both three"},
		{"a group in a group, the other way", group("or", field("Email"), group("and", field("City"), field("Phone"))), "both three"},
		{"all of all", group("and", field("City"), group("and", field("Phone"), field("Email"))), "three"},
	} {
		a, in := watching(t, obj{"events": []any{"Vendors.edit", "Accounts.edit"}, "notification_condition": []any{obj{"type": "field_selection", "module": obj{"api_name": "Vendors"}, "field_selection": c.selection}}}, zohobox.Options{})
		id := a.make("Vendors", obj{"Vendor_Name": "V"})
		var told []string
		for _, step := range []struct {
			name string
			sent obj
		}{
			{"city", obj{"City": "A"}}, {"phone", obj{"Phone": "11111"}}, {"both", obj{"City": "B", "Phone": "22222"}}, {"three", obj{"City": "C", "Phone": "33333", "Email": "a@b.example"}},
		} {
			in.got = nil
			a.put("Vendors", id, step.sent).want(200)
			a.pump()
			if len(in.got) > 0 {
				told = append(told, step.name)
			}
		}
		if got := strings.Join(told, " "); got != c.want {
			t.Errorf("%s: told of %q, want %q", c.name, got, c.want)
		}
		in.got = nil
		acc := a.make("Accounts", obj{"Account_Name": "A"})
		a.put("Accounts", acc, obj{"Phone": "11111"})
		a.pump()
		if len(in.got) != 1 {
			t.Errorf("%s: %d callbacks about another module, want 1", c.name, len(in.got))
		}
	}
}

// zoho-crm.md section 11: a part of a condition is a field or a group, one of the
// two and not both.
func TestWatch_ConditionsThatMeanNothing(t *testing.T) {
	a := open(t, zohobox.Options{})
	city := find(a.get("/settings/fields?module=Vendors"), "fields", "api_name", "City")["id"]
	subscribe := func(selection any) reply {
		return a.call(http.MethodPost, "/actions/watch", obj{"watch": []any{obj{"channel_id": "7", "notify_url": "https://app.test/", "events": []any{"Vendors.edit"}, "notification_condition": []any{
			obj{"type": "field_selection", "module": obj{"api_name": "Vendors"}, "field_selection": selection},
		}}}})
	}
	at := "$.watch[0].notification_condition[0].field_selection"
	subscribe(obj{}).want(400, "watch.0.code", "EXPECTED_FIELD_MISSING", "watch.0.details.expected_fields.0.json_path", at+".field", "watch.0.details.expected_fields.1.json_path", at+".group")
	subscribe(obj{"group_operator": "or", "group": []any{obj{"api_name": "City"}}}).want(400, "watch.0.code", "EXPECTED_FIELD_MISSING", "watch.0.details.expected_fields.0.json_path", at+".group[0].field")
	subscribe(obj{"field": obj{"api_name": "City"}, "group": []any{}}).want(400, "watch.0.code", "AMBIGUITY_DURING_PROCESSING", "watch.0.details.ambiguity_due_to.0.api_name", "field", "watch.0.details.ambiguity_due_to.1.api_name", "group")
	subscribe(obj{"group": []any{obj{"field": obj{"id": city}}}}).want(400, "watch.0.code", "MANDATORY_NOT_FOUND", "watch.0.details.api_name", "group_operator")
	subscribe(obj{"group_operator": "xor", "group": []any{obj{"field": obj{"id": city}}}}).want(400, "watch.0.code", "INVALID_DATA", "watch.0.details.api_name", "group_operator")
	subscribe(obj{"field": obj{"id": city, "api_name": "Phone"}}).want(400, "watch.0.code", "INVALID_DATA", "watch.0.details.api_name", "field")
	subscribe(obj{"field": obj{"id": city}}).want(201)
}
