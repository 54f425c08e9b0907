package zohobox

import (
	"slices"
	"strings"
	"time"
)

// event is an entry of a record's timeline (section 6).
type event struct {
	ID     int64       `json:"id"`
	At     time.Time   `json:"at"`
	User   string      `json:"user"`
	Source string      `json:"source"`
	Action string      `json:"action"`
	Fields []fieldMove `json:"fields"`
}

// fieldMove is a field with its value before and after.
type fieldMove struct {
	Name string `json:"name"`
	Old  any    `json:"old"`
	New  any    `json:"new"`
}

// eventIDs keeps the ids of events away from those of records.
const eventIDs = 900_000_000

// history appends to the timeline of a record.
func (b *Box) history(c *call, m *module, old, r *record, op string, changed []string) {
	if m.isLine() {
		return
	}
	b.events++
	e := event{ID: b.ids.base + eventIDs + b.events, At: b.now(), User: c.user.ID, Source: sourceOf(c), Action: map[string]string{"create": "added", "update": "updated", "merge": "find_and_merge_duplicate", "convert": "converted", "restore": "restored", "tag": "tag_added", "untag": "tag_removed"}[op]}
	if op == "update" && old != nil {
		for _, name := range changed {
			if f := m.field(name); f != nil && !f.isRows() {
				e.Fields = append(e.Fields, fieldMove{name, shown(old.value(name)), shown(r.value(name))})
			}
		}
	}
	m.timeline[r.id] = append(m.timeline[r.id], e)
	b.save("timeline", m.name+"/"+r.sid(), m.timeline[r.id])
}

// sourceOf names where a change came from, in the vendor's words.
func sourceOf(c *call) string {
	switch {
	case c.batch.source != "":
		return c.batch.source
	case c.batch.person == automation:
		return "workflow"
	case c.batch.person != "":
		return "crm_ui"
	}
	return "crm_api"
}

func shown(v any) any {
	if t, is := v.(time.Time); is {
		return t.Format(time.RFC3339)
	}
	if v == nil {
		return nil
	}
	if l, is := v.([]any); is {
		var parts []string
		for _, e := range l {
			parts = append(parts, plain(e))
		}
		return strings.Join(parts, ";")
	}
	return plain(v)
}

// getTimeline answers GET /{module}/{id}/__timeline, newest first.
func (b *Box) getTimeline(c *call) answer {
	id, valid := parseID(c.path[1])
	if !valid || c.mod.table.get(id) == nil {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 1})
	}
	page, per := c.intParam("page", 1), c.intParam("per_page", pageMax)
	order := c.paramOr("sort_order", "desc")
	switch {
	case page < 1 || per < 1 || per > pageMax:
		return badParam("per_page").answer()
	case c.paramOr("sort_by", "audited_time") != "audited_time":
		return badParam("sort_by").answer()
	case order != "asc" && order != "desc":
		return badParam("sort_order").answer()
	}
	l := &listing{page: page, per: per, by: "audited_time", desc: order == "desc"}
	keep, f := c.timelineFilter(c.param("filter"))
	if f != nil {
		return f.answer()
	}
	var events []event
	for _, e := range c.mod.timeline[id] {
		if keep(e) {
			events = append(events, e)
		}
	}
	if l.desc {
		slices.Reverse(events)
	}
	from := min((l.page-1)*l.per, len(events))
	if tok := c.param("page_token"); tok != "" {
		if f := b.openToken(c, l, tok); f != nil {
			return f.answer()
		}
		from = slices.IndexFunc(events, func(e event) bool { return e.ID == l.after.id }) + 1
	}
	to := min(from+l.per, len(events))
	if from == to {
		return noContent()
	}
	var out []any
	for _, e := range events[from:to] {
		out = append(out, b.renderEvent(c, id, e))
	}
	last := events[to-1]
	info := less(b.listInfo(c, l, len(out), to < len(events), entry{last.ID, last.ID}), "call", "email", "sort_by", "sort_order", "page_token_expiry")
	return ok(object{"__timeline": out, "info": info})
}

// timelineFilter reads a filter on source, done_by.id, audited_time or the
// module: one comparison, or several under a group_operator and.
func (c *call) timelineFilter(s string) (func(event) bool, *failure) {
	if s == "" {
		return func(event) bool { return true }, nil
	}
	o, err := decodeObject([]byte(s))
	if err != nil {
		return nil, badParam("filter")
	}
	group := list(o["group"])
	if group == nil {
		group = []any{o}
	}
	var all []func(event) bool
	for _, g := range group {
		t, _ := g.(object)
		test := c.timelineTest(t)
		if test == nil {
			return nil, badParam("filter")
		}
		all = append(all, test)
	}
	return func(e event) bool {
		for _, test := range all {
			if !test(e) {
				return false
			}
		}
		return true
	}, nil
}

func (c *call) timelineTest(t object) func(event) bool {
	f, _ := t["field"].(object)
	values := list(t["value"])
	if values == nil {
		values = []any{t["value"]}
	}
	is := func(s string) bool { return slices.ContainsFunc(values, func(v any) bool { return plain(v) == s }) }
	switch text(f["api_name"]) {
	case "source":
		return func(e event) bool { return is(e.Source) }
	case "record.module.api_name": // a timeline tells of its own record alone
		return func(event) bool { return is(c.mod.name) }
	case "done_by.id", "done_by":
		return func(e event) bool { return is(e.User) }
	case "audited_time":
		at, valid := parseMoment(plain(values[0]))
		if !valid {
			return nil
		}
		switch text(t["comparator"]) {
		case "greater_than", "greater_equal":
			return func(e event) bool { return !e.At.Before(at) }
		case "less_than", "less_equal":
			return func(e event) bool { return !e.At.After(at) }
		case "between":
			until, valid := parseMoment(plain(values[len(values)-1]))
			if !valid {
				return nil
			}
			return func(e event) bool { return !e.At.Before(at) && !e.At.After(until) }
		}
	}
	return nil
}

func (b *Box) renderEvent(c *call, id int64, e event) object {
	r := c.mod.table.get(id)
	moves := []any{}
	for _, f := range e.Fields {
		o := object{"api_name": f.Name, "field_label": "", "data_type": "", "id": "", "pick_list_values": []any{}, "_value": object{"old": f.Old, "new": f.New}, "enable_colour_code": false}
		if fd := c.mod.field(f.Name); fd != nil {
			o["field_label"], o["data_type"], o["id"] = fd.Label, fd.dataType(), fd.ID
		}
		moves = append(moves, o)
	}
	var history any
	if len(moves) > 0 {
		history = moves
	}
	by := object{"name": "", "id": e.User, "type__s": "Regular"}
	if u := b.userByID(e.User); u != nil {
		by["name"] = u.name()
		by["profile"] = object{"id": u.Profile}
	}
	return object{
		"id": formatID(e.ID), "audited_time": stamp(e.At, c.zone()), "action": e.Action, "source": e.Source, "done_by": by, "field_history": history,
		"record": object{"id": formatID(id), "name": displayName(c.mod, r), "module": object{"api_name": c.mod.name, "id": c.mod.ID}},
		"type":   "timeline",
	}
}
