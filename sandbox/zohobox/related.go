package zohobox

import (
	"net/http"
	"slices"
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
	l, f := readPaging(c)
	if f != nil {
		return f.answer()
	}
	match, f := convertedMatch(c, rl.module)
	if f != nil {
		return f.answer()
	}
	since, f := readSince(c)
	if f != nil {
		return f.answer()
	}
	only := splitFields(c.param("ids"))
	var places []entry
	for _, id := range ids {
		r := rl.module.table.get(id)
		if r != nil && b.newer(r.modified, since) && (match == nil || match(r)) && (len(only) == 0 || slices.Contains(only, r.sid())) {
			places = append(places, l.placeOf(r))
		}
	}
	if len(places) == 0 && !since.IsZero() {
		return notModified()
	}
	shown, more, f := b.page(c, l, places)
	if f != nil {
		return f.answer()
	}
	if len(shown) == 0 {
		return noContent()
	}
	var out []any
	for _, e := range shown {
		o := b.project(rl.module, rl.module.table.get(e.id), cols, c)
		showTie(c, rl, parent, o)
		out = append(out, o)
	}
	return ok(object{"data": out, "info": less(b.listInfo(c, l, len(out), more, shown[len(shown)-1]), "call", "email", "sort_by", "sort_order")})
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
