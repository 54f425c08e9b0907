package zohobox

import (
	"net/http"
	"slices"
	"time"
)

// related finds a related list of a module by its API name.
func (b *Box) related(m *module, name string) *relatedList {
	for _, rl := range b.relatedLists(m) {
		if rl.name == name {
			return &rl
		}
	}
	return nil
}

func noRelation(index int) answer {
	return refuse(400, "INVALID_DATA", "the relation name given seems to be invalid", object{"resource_path_index": index})
}

// getRelated reads a related list: GET /{module}/{id}/{relatedList}?fields=
// (section 6).
func (b *Box) getRelated(c *call) answer {
	r, f := b.addressed(c)
	if f != nil {
		return f.answer()
	}
	rl := b.related(c.mod, c.path[2])
	if rl == nil {
		return noRelation(2)
	}
	return b.listRelated(c, rl, r, b.idsBelow(rl, r))
}

// listRelated pages through records of a related list, newest first.
func (b *Box) listRelated(c *call, rl *relatedList, parent *record, ids []int64) answer {
	cols, f := b.columns(c, rl.module)
	if f != nil {
		return f.answer()
	}
	l := &listing{by: "id", desc: c.paramOr("sort_order", "desc") == "desc", page: c.intParam("page", 1), per: c.intParam("per_page", pageMax)}
	if l.page < 1 || l.per < 1 || l.per > pageMax {
		return badParam("per_page").answer()
	}
	since := time.Time{}
	if s := c.r.Header.Get("If-Modified-Since"); s != "" {
		t, valid := parseMoment(s)
		if !valid {
			return badParam("If-Modified-Since").answer()
		}
		since = t
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool {
		r := rl.module.table.get(id)
		return r == nil || !b.newer(r.modified, since)
	})
	if len(ids) == 0 && !since.IsZero() {
		return notModified()
	}
	if l.desc {
		slices.Reverse(ids)
	}
	from := 0
	if tok := c.param("page_token"); tok != "" {
		if f := b.openToken(c, l, tok); f != nil {
			return f.answer()
		}
		after := func(id int64) bool { return l.desc && id < l.after.id || !l.desc && id > l.after.id }
		for from < len(ids) && !after(ids[from]) {
			from++
		}
	} else {
		if l.page*l.per > discreteMax {
			return discreteLimit().answer()
		}
		from = min((l.page-1)*l.per, len(ids))
	}
	to := min(from+l.per, len(ids))
	if from == to {
		return noContent()
	}
	var out []any
	for _, id := range ids[from:to] {
		o := b.project(rl.module, rl.module.table.get(id), cols, c)
		showTie(c, rl, parent, o)
		out = append(out, o)
	}
	last := ids[to-1]
	return ok(object{"data": out, "info": less(b.listInfo(c, l, len(out), to < len(ids), entry{last, last}), "call", "email", "sort_by", "sort_order")})
}

// getRelatedOfDeleted reads what hung below a record before it was deleted:
// GET /{module}/deleted/{id}/{relatedList} (section 6).
func (b *Box) getRelatedOfDeleted(c *call) answer {
	id, valid := parseID(c.path[2])
	rl := b.related(c.mod, c.path[3])
	if !valid {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	if rl == nil {
		return noRelation(3)
	}
	b.age(c.mod)
	i := slices.IndexFunc(c.mod.graves, func(g *grave) bool { return g.ID == id })
	if i < 0 {
		return noContent()
	}
	var ids []int64
	if gone := c.mod.bin[id]; rl.mirror != "" && gone != nil {
		return b.listRelated(c, rl, gone, b.idsBelow(rl, gone))
	}
	for _, l := range c.mod.graves[i].Emptied[rl.module.name] {
		if l.Field == rl.field {
			ids = append(ids, l.ID)
		}
	}
	slices.Sort(ids)
	return b.listRelated(c, rl, nil, ids)
}

// countRelated answers POST /{module}/{id}/actions/get_related_records_count
// (section 5.2).
func (b *Box) countRelated(c *call) answer {
	r, f := b.addressed(c)
	if f != nil {
		return f.answer()
	}
	return c.each("get_related_records_count", 10, http.StatusOK, func(path string, o object) (object, *failure) {
		want, _ := o["related_list"].(object)
		if want == nil {
			return nil, missing("related_list", path)
		}
		rl := b.related(c.mod, text(want["api_name"]))
		if rl == nil {
			return nil, invalidAt("api_name", path+".related_list.api_name", nil)
		}
		return object{"count": len(b.idsBelow(rl, r)), "related_list": object{"api_name": rl.name, "id": b.relatedID(c.mod, rl.name)}}, nil
	})
}

// relatedID is the id of a related list.
func (b *Box) relatedID(m *module, name string) string {
	for i, rl := range b.relatedLists(m) {
		if rl.name == name {
			return b.relatedListID(i, rl)
		}
	}
	return ""
}

func (b *Box) relatedListID(i int, rl relatedList) string {
	return formatID(b.ids.base + 800_000 + int64(len(rl.name)) + int64(i)*97)
}
