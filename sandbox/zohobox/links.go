package zohobox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// linkMax is how many records one call ties to another (section 6).
const linkMax = 100

// linksKey holds what a record is tied to: related list, then id, then the
// values of that tie. Both ends hold it.
const linksKey = "$links"

// association ties records of two modules many to many; each module shows the
// other's under a list of its own.
type association struct {
	left, right         string // modules
	leftList, rightList string // the list of right records on a left one, and the other way
	value               string // what the tie itself carries
}

var associations = []association{
	{"Contacts", "Products", "Products", "Contacts", ""},
	{"Leads", "Products", "Products", "Leads", ""},
	{"Accounts", "Products", "Products", "Accounts", ""},
	{"Deals", "Products", "Products", "Deals", ""},
	{"Price_Books", "Products", "Products", "Price_Books", "list_price"},
	{"Deals", "Contacts", "Contact_Roles", "Deal_Roles", "Contact_Role"},
	{"Campaigns", "Contacts", "Contacts", "Campaigns", "Member_Status"},
	{"Campaigns", "Leads", "Leads", "Campaigns", "Member_Status"},
}

// linkLists are the lists of a module that rest on ties, not on look-ups.
func (b *Box) linkLists(m *module) []relatedList {
	var out []relatedList
	for _, a := range associations {
		if a.left == m.name {
			out = append(out, relatedList{name: a.leftList, module: b.module[a.right], mirror: a.rightList, value: a.value})
		}
		if a.right == m.name {
			out = append(out, relatedList{name: a.rightList, module: b.module[a.left], mirror: a.leftList, value: a.value})
		}
	}
	return out
}

// linkedTo is what a record is tied to in a list: the values of each tie.
func linkedTo(r *record, name string) object { return asObject(asObject(r.vals[linksKey])[name]) }

// idsBelow lists the records of a related list, in ascending order.
func (b *Box) idsBelow(rl *relatedList, r *record) []int64 {
	if rl.mirror == "" {
		return rl.module.table.holding(rl.field, r.sid())
	}
	var ids []int64
	for s := range linkedTo(r, rl.name) {
		id, _ := parseID(s)
		if rl.module.table.get(id) != nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// tie notes on one record that it is tied to another; nil values end the tie.
func (b *Box) tie(m *module, id int64, name, other string, values object) {
	r := m.table.get(id)
	if r == nil {
		return
	}
	n := r.clone()
	all := maps.Clone(asObject(r.vals[linksKey]))
	if all == nil {
		all = object{}
	}
	one := maps.Clone(asObject(all[name]))
	if one == nil {
		one = object{}
	}
	if values == nil {
		delete(one, other)
	} else {
		one[other] = values
	}
	all[name] = one
	n.vals[linksKey] = all
	b.put(m, n)
}

// linkRelated answers PUT /{module}/{id}/{relatedList}[/{record}].
func (b *Box) linkRelated(c *call) answer {
	r, rl, f := b.linking(c)
	if f != nil {
		return f.answer()
	}
	rows := list(c.body["data"])
	switch {
	case len(rows) == 0:
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "data", "json_path": "$.data"})
	case len(rows) > linkMax:
		return refuse(400, "LIMIT_EXCEEDED", "the number of records has exceeded the limit", object{"maximum_length": linkMax, "api_name": "data"})
	}
	out := []any{}
	for i, row := range rows {
		out = append(out, b.linkOne(c, r, rl, asObject(row), fmt.Sprintf("$.data[%d]", i)))
	}
	b.watch.close(b)
	return answer{status: writeStatus(out, http.StatusOK, b.opt.Dials.MixedStatus), body: object{"data": out}}
}

func (b *Box) linkOne(c *call, r *record, rl *relatedList, o object, path string) object {
	sid := text(o["id"])
	if len(c.path) > 3 {
		sid = c.path[3]
	}
	if sid == "" {
		return missing("id", path).item()
	}
	id, _ := parseID(sid)
	if rl.module.table.get(id) == nil {
		return (&failure{code: "INVALID_DATA", message: "the related id given seems to be invalid", details: object{"api_name": "id", "json_path": path + ".id"}}).item()
	}
	if rl.mirror == "" {
		return b.lookUp(c, rl, id, object{"id": r.sid()}, path, "relation updated")
	}
	values := maps.Clone(asObject(linkedTo(r, rl.name)[sid]))
	if values == nil {
		values = object{}
	}
	if v, given := o[rl.value]; given && rl.value != "" {
		if _, isNumber := v.(json.Number); rl.value == "list_price" && !isNumber {
			return invalidAt(rl.value, path+"."+rl.value, object{"expected_data_type": "double"}).item()
		}
		values[rl.value] = v
	}
	if rl.value == "list_price" && values[rl.value] == nil {
		return missing(rl.value, path).item()
	}
	b.tie(c.mod, r.id, rl.name, sid, values)
	b.tie(rl.module, id, rl.mirror, r.sid(), values)
	return success(object{"id": sid}, "relation updated")
}

// lookUp ties a record to another, or unties it, by writing the look-up that
// their list rests on: the rules of any update hold.
func (b *Box) lookUp(c *call, rl *relatedList, id int64, to object, path, message string) object {
	r := rl.module.table.get(id)
	if _, f := b.update(c, rl.module, r, object{rl.field: objectOrNil(to)}, path, r.modified); f != nil {
		return f.item()
	}
	return success(object{"id": r.sid()}, message)
}

// unlinkRelated answers DELETE /{module}/{id}/{relatedList}?ids= and .../{record}.
func (b *Box) unlinkRelated(c *call) answer {
	r, rl, f := b.linking(c)
	if f != nil {
		return f.answer()
	}
	ids := splitFields(c.param("ids"))
	if len(c.path) > 3 {
		ids = c.path[3:4]
	}
	switch {
	case len(ids) == 0:
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
	case len(ids) > linkMax:
		return refuse(400, "LIMIT_EXCEEDED", "the number of records has exceeded the limit", object{"limit": linkMax, "param_name": "ids"})
	}
	out := []any{}
	for _, sid := range ids {
		id, _ := parseID(sid)
		if rl.mirror == "" && slices.Contains(b.idsBelow(rl, r), id) {
			out = append(out, b.lookUp(c, rl, id, nil, "$", "relation removed"))
			continue
		}
		if linkedTo(c.mod.table.get(r.id), rl.name)[sid] == nil {
			out = append(out, (&failure{code: "INVALID_DATA", message: "the relation is not there", details: object{"id": sid}}).item())
			continue
		}
		b.tie(c.mod, r.id, rl.name, sid, nil)
		b.tie(rl.module, id, rl.mirror, r.sid(), nil)
		out = append(out, success(object{"id": sid}, "relation removed"))
	}
	b.watch.close(b)
	return answer{status: writeStatus(out, http.StatusOK, b.opt.Dials.MixedStatus), body: object{"data": out}}
}

// linking finds the record and the list of a call that ties.
func (b *Box) linking(c *call) (*record, *relatedList, *failure) {
	r, f := b.addressed(c)
	if f != nil {
		return nil, nil, f
	}
	rl := b.related(c.mod, c.path[2])
	if rl == nil {
		return nil, nil, &failure{status: 400, code: "INVALID_DATA", message: "the relation name given seems to be invalid", details: object{"resource_path_index": 2}}
	}
	if rl.mirror == "" {
		c.batch.readTrigger(c.body)
	}
	return r, rl, nil
}

// showTie adds to a record of a list what its tie carries, if it was asked for.
func showTie(c *call, rl *relatedList, parent *record, o object) {
	if rl.value == "" || parent == nil || !slices.Contains(splitFields(c.param("fields")), rl.value) {
		return
	}
	o[rl.value] = asObject(linkedTo(parent, rl.name)[text(o["id"])])[rl.value]
}

// moveLinks ties the winner of a merge to what the loser was tied to.
func (b *Box) moveLinks(m *module, loser *record, winner int64) {
	for _, rl := range b.linkLists(m) {
		ties := linkedTo(loser, rl.name)
		for _, sid := range sortedKeys(ties) {
			id, _ := parseID(sid)
			b.tie(rl.module, id, rl.mirror, loser.sid(), nil)
			if w := m.table.get(winner); linkedTo(w, rl.name)[sid] == nil {
				b.tie(m, winner, rl.name, sid, asObject(ties[sid]))
				b.tie(rl.module, id, rl.mirror, w.sid(), asObject(ties[sid]))
			}
		}
	}
}

// bookPrice is what a price book asks for a product, if it names a price.
func bookPrice(book *record, product string) any {
	return asObject(linkedTo(book, "Products")[product])["list_price"]
}

// getOneRelated answers GET /{module}/{id}/{relatedList}/{record}?fields=.
func (b *Box) getOneRelated(c *call) answer {
	r, f := b.addressed(c)
	if f != nil {
		return f.answer()
	}
	rl := b.related(c.mod, c.path[2])
	if rl == nil {
		return noRelation(2)
	}
	cols, f := b.columns(c, rl.module)
	if f != nil {
		return f.answer()
	}
	id, _ := parseID(strings.TrimSpace(c.path[3]))
	if !slices.Contains(b.idsBelow(rl, r), id) {
		return noContent()
	}
	o := b.project(rl.module, rl.module.table.get(id), cols, c)
	showTie(c, rl, r, o)
	return ok(object{"data": []any{o}})
}
