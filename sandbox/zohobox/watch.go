package zohobox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Rules of notification channels (section 11).
const (
	watchLife     = 7 * 24 * time.Hour
	watchFallback = time.Hour
	watchMax      = 50
	watchURLMax   = 255
	watchTokenMax = 50
)

// channel is a subscription of one app user.
type channel struct {
	ID      string    `json:"id"`
	User    string    `json:"user"`
	URL     string    `json:"url"`
	Events  []string  `json:"events"`
	Expires time.Time `json:"expires"`
	Token   string    `json:"token"`
	Related bool      `json:"related"`
	Values  bool      `json:"values"`

	Condition []any `json:"condition"` // notification_condition as sent
}

func (ch *channel) key() string { return ch.User + "/" + ch.ID }

// wants reports whether the channel subscribed to an operation on a module.
func (ch *channel) wants(module, op string) bool {
	word := map[string]string{"create": "create", "update": "edit", "delete": "delete"}[op]
	return slices.Contains(ch.Events, module+".all") || slices.Contains(ch.Events, module+"."+word)
}

// happening is something that channels may be told about.
type happening struct {
	module  string
	op      string
	id      string
	changed []string
	values  object
	related bool
}

// note remembers a change until the call ends; then one callback per channel,
// module and operation goes out. Changes of a child are news of its parents too.
func (b *Box) note(c *call, m *module, r *record, op string, changed []string) {
	if len(b.watch.channels) == 0 || m.isLine() {
		return
	}
	if c.batch.trigger != nil && len(c.batch.trigger) == 0 && !b.opt.Dials.EchoSilent.is(true) {
		return
	}
	values := object{}
	for _, name := range changed {
		if f := m.field(name); f != nil && !f.isRows() {
			values[name] = b.wire(m, r, f, c)
		}
	}
	b.watch.open = append(b.watch.open, happening{m.name, op, r.sid(), changed, values, false})
	for _, f := range m.fields {
		id := text(r.vals[f.Name])
		if f.Type != "lookup" || id == "" {
			continue
		}
		if target := b.holder(f, id); target != nil {
			b.watch.open = append(b.watch.open, happening{target.name, "update", id, nil, nil, true})
		}
	}
}

// noteUser tells those who watch the people of the organisation.
func (b *Box) noteUser(op, id string) {
	if len(b.watch.channels) > 0 {
		b.watch.open = append(b.watch.open, happening{module: "users", op: op, id: id})
	}
}

// close turns what happened during a call into callbacks.
func (s *watchService) close(b *Box) {
	if len(s.open) == 0 {
		return
	}
	open := s.open
	s.open = nil
	now := b.opt.Now()
	for _, key := range sortedKeys(s.channels) {
		ch := s.channels[key]
		if !now.Before(ch.Expires) {
			continue
		}
		b.tell(ch, open, now)
	}
	s.wake()
}

// tell groups the happenings of one channel by module and operation.
func (b *Box) tell(ch *channel, open []happening, now time.Time) {
	type group struct{ module, op string }
	var order []group
	byGroup := map[group][]happening{}
	for _, h := range open {
		if !ch.wants(h.module, h.op) || h.related && !ch.Related || !b.conditionMet(ch, h) {
			continue
		}
		g := group{h.module, h.op}
		if byGroup[g] == nil {
			order = append(order, g)
		}
		if !slices.ContainsFunc(byGroup[g], func(x happening) bool { return x.id == h.id }) {
			byGroup[g] = append(byGroup[g], h)
		}
	}
	for _, g := range order {
		b.watch.queue = append(b.watch.queue, &delivery{url: ch.URL, body: b.callback(ch, g.module, g.op, byGroup[g], now), due: now})
	}
}

func (b *Box) callback(ch *channel, module, op string, hs []happening, now time.Time) []byte {
	word := map[string]string{"create": "insert", "update": "update", "delete": "delete"}[op]
	if b.opt.Dials.EventWords.is(false) {
		word = map[string]string{"create": "create", "update": "edit", "delete": "delete"}[op]
	}
	ids, fields, values := []any{}, []any{}, []any{}
	for _, h := range hs {
		ids = append(ids, h.id)
		if len(h.changed) > 0 {
			names := []any{}
			for _, n := range h.changed {
				names = append(names, n)
			}
			fields = append(fields, object{h.id: names})
			values = append(values, object{"record_id": h.id, "values": h.values})
		}
	}
	params := object{}
	if u, err := url.Parse(ch.URL); err == nil {
		for k, v := range u.Query() {
			params[k] = v[0]
		}
	}
	o := object{
		"server_time": now.UnixMilli(), "query_params": params, "module": module, "resource_uri": b.watch.base + "/crm/v2/" + module,
		"ids": ids, "affected_fields": fields, "operation": word, "channel_id": ch.ID, "token": orNil(ch.Token),
	}
	if ch.Values {
		o["affected_values"] = values
	}
	return appendJSON(nil, o)
}

// postWatch subscribes.
func (b *Box) postWatch(c *call) answer {
	b.watch.base = c.base
	return b.subscribe(c, http.StatusCreated, "Successfully subscribed for actions-watch of the given module", func(o object, path string) (*channel, *failure) {
		ch := &channel{User: c.user.ID, Related: true}
		if f := ch.read(b, o, path, true); f != nil {
			return nil, f
		}
		return ch, nil
	})
}

// putWatch replaces the details of a channel.
func (b *Box) putWatch(c *call) answer {
	return b.subscribe(c, http.StatusOK, "Successfully updated the subscribe details", func(o object, path string) (*channel, *failure) {
		old, f := b.channelOf(c, o, path)
		if f != nil {
			return nil, f
		}
		ch := &channel{ID: old.ID, User: old.User, Related: true}
		f = ch.read(b, o, path, true)
		return ch, f
	})
}

// patchWatch changes some details; with _delete_events it drops events.
func (b *Box) patchWatch(c *call) answer {
	for i, row := range list(c.body["watch"]) {
		if o, _ := row.(object); o["_delete_events"] == true {
			return b.dropEvents(c, o, fmt.Sprintf("$.watch[%d]", i))
		}
	}
	return b.subscribe(c, http.StatusOK, "Successfully updated the subscribe details", func(o object, path string) (*channel, *failure) {
		old, f := b.channelOf(c, o, path)
		if f != nil {
			return nil, f
		}
		ch := *old
		f = ch.read(b, o, path, false)
		return &ch, f
	})
}

func (b *Box) subscribe(c *call, good int, message string, build func(object, string) (*channel, *failure)) answer {
	return c.each("watch", watchMax, good, func(path string, o object) (object, *failure) {
		ch, f := build(o, path)
		if f != nil {
			return nil, f
		}
		b.watch.channels[ch.key()] = ch
		b.save("channel", ch.key(), ch)
		b.watch.start(b)
		return success(object{"events": b.eventDetails(ch, c)}, message), nil
	})
}

func (b *Box) eventDetails(ch *channel, c *call) []any {
	out := []any{}
	seen := map[string]bool{}
	for _, e := range ch.Events {
		name, _, _ := strings.Cut(e, ".")
		if seen[name] {
			continue
		}
		seen[name] = true
		id := ""
		if m := b.module[name]; m != nil {
			id = m.ID
		}
		out = append(out, object{"channel_expiry": stamp(ch.Expires, c.zone()), "resource_uri": c.base + "/crm/v2/" + name, "resource_id": id, "resource_name": name, "channel_id": ch.ID})
	}
	return out
}

// channelOf finds the live channel a change means.
func (b *Box) channelOf(c *call, o object, path string) (*channel, *failure) {
	id := channelID(o["channel_id"])
	ch := b.watch.channels[c.user.ID+"/"+id]
	if ch == nil || !b.opt.Now().Before(ch.Expires) {
		return nil, notSubscribed(path + ".channel_id")
	}
	return ch, nil
}

func notSubscribed(path string) *failure {
	return &failure{code: "NOT_SUBSCRIBED", message: "Not subscribed for actions-watch of the given channel", details: object{"api_name": "channel_id", "json_path": path}}
}

func channelID(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// read takes over what was sent; a full read demands what a channel needs.
func (ch *channel) read(b *Box, o object, path string, full bool) *failure {
	if full || o["channel_id"] != nil {
		ch.ID = channelID(o["channel_id"])
		if ch.ID == "" {
			return missing("channel_id", path)
		}
		if !digitsPattern.MatchString(ch.ID) {
			return invalidAt("channel_id", path+".channel_id", object{"expected_data_type": "bigint"})
		}
	}
	if v, given := o["notify_url"]; given || full {
		ch.URL = text(v)
		if f := checkNotifyURL(ch.URL, path); f != nil {
			return f
		}
	}
	if v, given := o["events"]; given || full {
		events, f := b.readEvents(v, path)
		if f != nil {
			return f
		}
		ch.Events = events
	}
	if v, given := o["token"]; given {
		ch.Token = text(v)
		if len(ch.Token) > watchTokenMax {
			return invalidAt("token", path+".token", object{"maximum_length": watchTokenMax})
		}
	}
	if v, given := o["notify_on_related_action"].(bool); given {
		ch.Related = v
	}
	if v, given := o["return_affected_field_values"].(bool); given {
		ch.Values = v
	}
	if v, given := o["notification_condition"]; given {
		if f := ch.readCondition(b, v, path+".notification_condition"); f != nil {
			return f
		}
	}
	if v, given := o["channel_expiry"]; given || full {
		return ch.readExpiry(b, v, path)
	}
	return nil
}

// readExpiry: at most a week; nothing or more falls back to one hour, silently.
func (ch *channel) readExpiry(b *Box, v any, path string) *failure {
	now := b.now()
	ch.Expires = now.Add(watchFallback)
	if v == nil {
		return nil
	}
	t, valid := parseMoment(text(v))
	if !valid {
		return invalidAt("channel_expiry", path+".channel_expiry", object{"expected_data_type": "datetime"})
	}
	if !t.Before(now) && !t.After(now.Add(watchLife)) {
		ch.Expires = t
	}
	return nil
}

// checkNotifyURL demands https; plain http is let through to this machine only,
// where nobody listens in.
func checkNotifyURL(s, path string) *failure {
	if s == "" {
		return missing("notify_url", path)
	}
	if len(s) > watchURLMax {
		return invalidAt("notify_url", path+".notify_url", object{"maximum_length": watchURLMax})
	}
	u, err := url.Parse(s)
	local := err == nil && u.Scheme == "http" && (u.Hostname() == "localhost" || strings.HasPrefix(u.Hostname(), "127.") || u.Hostname() == "::1")
	if err != nil || u.Host == "" || u.Scheme != "https" && !local {
		return invalidAt("notify_url", path+".notify_url", nil)
	}
	return nil
}

func (b *Box) readEvents(v any, path string) ([]string, *failure) {
	rows := list(v)
	if len(rows) == 0 {
		return nil, missing("events", path)
	}
	var out []string
	for i, row := range rows {
		name, op, _ := strings.Cut(text(row), ".")
		m := b.module[name]
		if name != "users" && (m == nil || m.isLine()) || !slices.Contains([]string{"create", "edit", "delete", "all"}, op) {
			return nil, invalidAt("events", fmt.Sprintf("%s.events[%d]", path, i), nil)
		}
		out = append(out, text(row))
	}
	return out, nil
}

func (b *Box) dropEvents(c *call, o object, path string) answer {
	ch, f := b.channelOf(c, o, path)
	if f != nil {
		return answer{status: 400, body: object{"watch": []any{f.item()}}}
	}
	next := *ch
	next.Events = slices.DeleteFunc(slices.Clone(ch.Events), func(e string) bool {
		return slices.ContainsFunc(list(o["events"]), func(v any) bool { return text(v) == e })
	})
	b.watch.channels[ch.key()] = &next
	b.save("channel", ch.key(), &next)
	return ok(object{"watch": []any{success(object{"events": b.eventDetails(&next, c)}, "Successfully removed the subscribe details")}})
}

func (b *Box) getWatch(c *call) answer {
	var out []any
	for _, key := range sortedKeys(b.watch.channels) {
		ch := b.watch.channels[key]
		if ch.User != c.user.ID || !b.opt.Now().Before(ch.Expires) || c.param("channel_id") != "" && c.param("channel_id") != ch.ID {
			continue
		}
		for _, e := range b.eventDetails(ch, c) {
			o, _ := e.(object)
			if mod := c.param("module"); mod != "" && mod != o["resource_name"] {
				continue
			}
			var events []any
			for _, ev := range ch.Events {
				if strings.HasPrefix(ev, text(o["resource_name"])+".") {
					events = append(events, ev)
				}
			}
			o["events"], o["notify_url"], o["token"] = events, ch.URL, orNil(ch.Token)
			o["notify_on_related_action"], o["return_affected_field_values"] = ch.Related, ch.Values
			o["notification_condition"], o["fields"] = nil, nil
			if len(ch.Condition) > 0 {
				o["notification_condition"] = ch.Condition
			}
			out = append(out, o)
		}
	}
	return c.pageOf("watch", out)
}

func (b *Box) deleteWatch(c *call) answer {
	ids := splitFields(c.param("channel_ids"))
	if len(ids) == 0 {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "channel_ids"})
	}
	var out []any
	for _, id := range ids {
		key := c.user.ID + "/" + id
		if b.watch.channels[key] == nil {
			out = append(out, notSubscribed("$.channel_ids").item())
			continue
		}
		delete(b.watch.channels, key)
		b.drop("channel", key)
		out = append(out, success(object{"resource_uri": c.base + "/crm/v2/actions/watch", "resource_id": id, "channel_id": id}, "Successfully un-subscribed from actions-watch"))
	}
	return answer{status: writeStatus(out, http.StatusOK, b.opt.Dials.MixedStatus), body: object{"watch": out}}
}
