package zohobox

import "net/http"

// postMerge answers POST /{module}/{master}/actions/merge.
func (b *Box) postMerge(c *call) answer {
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
		for _, v := range list(o["data"]) {
			lo, _ := v.(object)
			id, _ := parseID(text(lo["id"]))
			loser := c.mod.table.get(id)
			if loser == nil || loser.id == winner.id {
				return answer{status: 400, body: object{"merge": []any{invalidAt("id", "$.merge[0].data[0].id", nil).item()}}}
			}
			b.merge(c, c.mod, c.mod.table.get(winner.id), loser, nil)
		}
	}
	b.watch.close(b)
	return answer{status: http.StatusOK, body: object{"merge": []any{success(object{"id": winner.sid()}, "records merged successfully")}}}
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
