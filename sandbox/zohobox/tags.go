package zohobox

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Limits of tags (section 9.6).
const (
	tagRecords   = 500
	tagsOfModule = 200
	tagNameMax   = 25
)

// tag is a word that people and programs put on records of a module.
type tag struct {
	ID       string    `json:"id"`
	Module   string    `json:"module"`
	Name     string    `json:"name"`
	Colour   string    `json:"colour"`
	By       string    `json:"by"`
	Created  time.Time `json:"created"`
	Modified time.Time `json:"modified"`
}

// tagsKey holds the ids of a record's tags.
const tagsKey = "$tags"

// tagCredits: one for every fifty records.
func tagCredits(c *call) int { return max(1, (len(list(c.body["ids"]))+49)/50) }

func (b *Box) tagNamed(m *module, name string) *tag {
	i := slices.IndexFunc(b.tags, func(t *tag) bool { return t.Module == m.name && equalFold(t.Name, name) })
	if i < 0 {
		return nil
	}
	return b.tags[i]
}

func (b *Box) tagByID(id string) *tag {
	i := slices.IndexFunc(b.tags, func(t *tag) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return b.tags[i]
}

// tagsOf shows the tags of a record.
func (b *Box) tagsOf(r *record) []any {
	out := []any{}
	for _, id := range list(r.vals[tagsKey]) {
		if t := b.tagByID(text(id)); t != nil {
			out = append(out, object{"name": t.Name, "id": t.ID, "color_code": orNil(t.Colour)})
		}
	}
	return out
}

func (b *Box) findTags(c *call) (route, answer) {
	scope := func(op string) []string { return []string{"ZohoCRM.settings.tags." + op} }
	change := route{run: b.putTags, kind: kindMeta, scopes: scope("UPDATE"), body: true}
	if len(c.path) > 2 {
		return methods(c, "/settings/tags/{id}", map[string]route{
			http.MethodPut: change, http.MethodDelete: {run: b.deleteTag, kind: kindMeta, scopes: scope("DELETE")},
		})
	}
	return methods(c, "/settings/tags", map[string]route{
		http.MethodGet: {run: b.getTags, kind: kindMeta, scopes: scope("READ")}, http.MethodPut: change,
		http.MethodPost: {run: b.postTags, kind: kindMeta, scopes: scope("CREATE"), body: true},
	})
}

func (b *Box) renderTag(c *call, t *tag) object {
	by := b.personRef(t.By)
	return object{"id": t.ID, "name": t.Name, "color_code": orNil(t.Colour), "created_time": stamp(t.Created, c.zone()), "modified_time": stamp(t.Modified, c.zone()), "created_by": by, "modified_by": by}
}

// getTags answers GET /settings/tags?module=.
func (b *Box) getTags(c *call) answer {
	m, f := b.moduleParam(c)
	if f != nil {
		return f.answer()
	}
	out := []any{}
	for _, t := range b.tags {
		if t.Module == m.name {
			out = append(out, b.renderTag(c, t))
		}
	}
	return ok(object{"tags": out, "info": object{"count": len(out), "allowed_count": tagsOfModule, "record_limit": 10}})
}

func (b *Box) checkTagName(m *module, o object, path string) (string, *failure) {
	name := text(o["name"])
	switch {
	case name == "":
		return "", missing("name", path)
	case len([]rune(name)) > tagNameMax:
		return "", invalidAt("name", path+".name", object{"maximum_length": tagNameMax})
	}
	if t := b.tagNamed(m, name); t != nil && t.ID != text(o["id"]) {
		return "", &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"id": t.ID, "api_name": "name", "json_path": path + ".name"}}
	}
	return name, nil
}

func (b *Box) addTag(c *call, m *module, name, colour string) *tag {
	t := &tag{ID: b.ids.meta(), Module: m.name, Name: name, Colour: colour, By: c.user.ID, Created: b.now(), Modified: b.now()}
	b.tags = append(b.tags, t)
	b.save("tag", t.ID, t)
	return t
}

// postTags answers POST /settings/tags?module=.
func (b *Box) postTags(c *call) answer {
	m, f := b.moduleParam(c)
	if f != nil {
		return f.answer()
	}
	return c.each("tags", 50, http.StatusCreated, func(path string, o object) (object, *failure) {
		name, f := b.checkTagName(m, o, path)
		if f != nil {
			return nil, f
		}
		return success(b.renderTag(c, b.addTag(c, m, name, text(o["color_code"]))), "tags created successfully"), nil
	})
}

// putTags renames tags.
func (b *Box) putTags(c *call) answer {
	return c.each("tags", 50, http.StatusOK, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 2 {
			id = c.path[2]
		}
		t := b.tagByID(id)
		if t == nil {
			return nil, invalidAt("id", path+".id", nil)
		}
		name, f := b.checkTagName(b.module[t.Module], object{"name": o["name"], "id": id}, path)
		if f != nil {
			return nil, f
		}
		t.Name, t.Modified = name, b.now()
		if v, given := o["color_code"]; given {
			t.Colour = text(v)
		}
		b.save("tag", t.ID, t)
		return success(b.renderTag(c, t), "tags updated successfully"), nil
	})
}

// deleteTag takes a tag off all records and away.
func (b *Box) deleteTag(c *call) answer {
	t := b.tagByID(c.path[2])
	if t == nil {
		return refuse(400, "INVALID_DATA", "invalid data", object{"resource_path_index": 2})
	}
	b.tags = slices.DeleteFunc(b.tags, func(x *tag) bool { return x == t })
	b.drop("tag", t.ID)
	return ok(object{"tags": []any{success(object{"id": t.ID}, "tags deleted successfully")}})
}

// changeTags answers add_tags and remove_tags, on one record or up to 500.
func (b *Box) changeTags(c *call) answer {
	ids := list(c.body["ids"])
	if c.path[1] != "actions" {
		ids = []any{c.path[1]}
	}
	add := c.path[len(c.path)-1] == "add_tags"
	switch {
	case len(ids) == 0:
		return missing("ids", "$").answer()
	case len(ids) > tagRecords:
		return invalidAt("ids", "$.ids", object{"maximum_length": tagRecords}).answer()
	case len(list(c.body["tags"])) == 0:
		return missing("tags", "$").answer()
	}
	var names []string
	for i, v := range list(c.body["tags"]) {
		o, _ := v.(object)
		name := text(o["name"])
		if name == "" || len([]rune(name)) > tagNameMax {
			return invalidAt("name", fmt.Sprintf("$.tags[%d].name", i), object{"maximum_length": tagNameMax}).answer()
		}
		if add && b.tagNamed(c.mod, name) == nil {
			b.addTag(c, c.mod, name, text(o["color_code"]))
		}
		names = append(names, name)
	}
	c.batch.readTrigger(object{"trigger": []any{}})
	locked, good := 0, 0
	a := b.writeRows(ids2rows(ids), http.StatusOK, func(_ string, row object) (object, *failure) {
		n, _ := parseID(text(row["id"]))
		r := c.mod.table.get(n)
		if r == nil {
			return nil, &failure{code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"id": row["id"]}}
		}
		if r.held() || r.lock != nil && b.lockedFor(c.mod, r, c.user) && b.lockRestricts(c.mod, "tags") {
			locked++
			return nil, &failure{code: "RECORD_LOCKED", message: "you cannot perform this operation as the record is locked", details: object{"id": r.sid(), "action": "record_locking"}}
		}
		good++
		r = b.retag(c, r, names, add)
		message := "tags updated successfully"
		return success(object{"id": r.sid(), "tags": b.tagsOf(r)}, message), nil
	})
	if o, is := a.body.(object); is {
		o["locked_count"], o["success_count"], o["wf_scheduler"] = formatID(int64(locked)), formatID(int64(good)), "false"
	}
	return a
}

// retag changes the tags of a record, which modifies it.
func (b *Box) retag(c *call, r *record, names []string, add bool) *record {
	n := r.clone()
	var kept []any
	if !add || c.body["over_write"] != true {
		kept = slices.Clone(list(r.vals[tagsKey]))
	}
	for _, name := range names {
		t := b.tagNamed(c.mod, name)
		if t == nil {
			continue
		}
		at := slices.IndexFunc(kept, func(v any) bool { return v == t.ID })
		switch {
		case add && at < 0:
			kept = append(kept, t.ID)
		case !add && at >= 0:
			kept = slices.Delete(kept, at, at+1)
		}
	}
	n.vals[tagsKey] = kept
	n.modified, n.modifiedBy = b.now(), c.user.ID
	b.put(c.mod, n)
	op := map[bool]string{true: "tag", false: "untag"}[add]
	b.history(c, c.mod, r, n, op, nil)
	b.logWrite(c, op, c.mod.name, n.sid(), nil)
	b.note(c, c.mod, n, "update", []string{"Tag"})
	return n
}
