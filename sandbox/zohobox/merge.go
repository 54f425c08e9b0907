package zohobox

import "net/http"

// mergeable are the modules whose records the API merges; people merge others
// in the screens.
var mergeable = map[string]bool{"Accounts": true, "Contacts": true, "Leads": true, "Deals": true, "Cases": true, "Campaigns": true}

// losersMax is how many records one call folds into another.
const losersMax = 2

// postMerge answers POST /{module}/{master}/actions/merge.
func (b *Box) postMerge(c *call) answer {
	if !mergeable[c.mod.name] {
		return refuse(400, "INVALID_MODULE", "records of this module cannot be merged through the API", object{"resource_path_index": 0})
	}
	winner, f := b.recordAt(c, c.path[1], 1)
	if f != nil {
		return f.answer()
	}
	if winner == nil {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 1})
	}
	c.batch.readTrigger(object{})
	rows := list(c.body["merge"])
	if len(rows) == 0 {
		return missing("merge", "$").answer()
	}
	for _, row := range rows {
		o, _ := row.(object)
		if len(list(o["data"])) > losersMax {
			return answer{status: 400, body: object{"merge": []any{(&failure{code: "LIMIT_EXCEEDED", message: "the limit of records is exceeded", details: object{"maximum_length": losersMax, "api_name": "data", "json_path": "$.merge[0].data"}}).item()}}}
		}
		for _, v := range list(o["data"]) {
			lo, _ := v.(object)
			id, _ := parseID(text(lo["id"]))
			loser := c.mod.table.get(id)
			if loser == nil || loser.id == winner.id {
				return answer{status: 400, body: object{"merge": []any{invalidAt("id", "$.merge[0].data[0].id", nil).item()}}}
			}
			choose, f := chosenFields(c.mod, loser, lo)
			if f != nil {
				return answer{status: 400, body: object{"merge": []any{f.item()}}}
			}
			b.merge(c, c.mod, c.mod.table.get(winner.id), loser, choose)
		}
	}
	b.watch.close(b)
	return answer{status: http.StatusOK, body: object{"merge": []any{success(object{"id": winner.sid()}, "records merged successfully")}}}
}

// chosenFields are the values that the caller wants of a loser, whatever the
// winner has.
func chosenFields(m *module, loser *record, o object) (map[string]any, *failure) {
	out := map[string]any{}
	for _, v := range list(o["_fields"]) {
		name := text(asObject(v)["api_name"])
		f := m.field(name)
		if f == nil || f.ReadOnly || f.isRows() {
			return nil, invalidAt("api_name", "$.merge[0].data[0]._fields[0].api_name", nil)
		}
		if value := loser.vals[name]; value != nil {
			out[name] = value
		}
	}
	return out, nil
}

// merge folds a record into another (section 13): the winner takes what it
// lacked and what was chosen, look-ups of the loser now point at it, its
// Modified_Time moves, and the loser stands in the deleted list.
func (b *Box) merge(c *call, m *module, winner, loser *record, choose map[string]any) {
	w := winner.clone()
	var changed []string
	for _, name := range sortedKeys(loser.vals) {
		v := loser.vals[name]
		if f := m.field(name); f == nil || f.isUnique() || w.vals[name] != nil {
			continue
		}
		if f := m.field(name); f.isLookup() && text(v) == w.sid() {
			continue
		}
		w.vals[name] = v
		changed = append(changed, name)
	}
	for _, name := range sortedKeys(choose) {
		if m.field(name) != nil {
			w.vals[name] = choose[name]
			changed = append(changed, name)
		}
	}
	w.modified, w.modifiedBy = b.now(), c.user.ID
	b.put(m, w)
	b.repoint(c, m, loser.id, w.id)
	b.moveLinks(m, loser, w.id)
	g := b.bury(c, m, loser, !b.opt.Dials.MergedKept.is(false))
	if g.Gone && m.name != "Products" {
		delete(m.bin, loser.id)
		b.dropRecord(m, loser.id)
	}
	b.history(c, m, winner, w, "merge", nil)
	b.logWrite(c, "merge", m.name, loser.sid(), object{"into": w.sid()})
	b.note(c, m, m.table.get(w.id), "update", changed)
	b.note(c, m, loser, "delete", nil)
}

// repoint moves look-ups and rows from one record to another. The records that
// looked up are modified by it.
func (b *Box) repoint(c *call, m *module, from, to int64) {
	b.eachPointer(m, from, func(om *module, f *field, o *record) {
		n := o.clone()
		n.vals[f.Name] = formatID(to)
		if om == m && o.id == to {
			delete(n.vals, f.Name) // nobody is his own parent
		}
		if !om.isLine() {
			n.modified, n.modifiedBy = b.now(), c.user.ID
		}
		b.put(om, n)
		if om.isLine() {
			b.recount(b.module[om.parent], n.parent)
		}
		b.note(c, om, n, "update", []string{f.Name})
	})
}

// recount lets a document remember its rows under their new products.
func (b *Box) recount(m *module, id int64) {
	if r := m.table.get(id); r != nil {
		n := r.clone()
		n.stockRows = b.stockRowsOf(m, n)
		b.put(m, n)
	}
}
