package zohobox

import (
	"net/http"
	"slices"
	"strings"
)

// restoreMax is how many records one call may restore at once (section 13).
const restoreMax = 1000

// binned yields what lies in the recycle bin, newest first.
func (b *Box) binned(yield func(*module, *grave) bool) {
	for _, m := range b.modules {
		b.age(m)
		for i := len(m.graves) - 1; i >= 0; i-- {
			if g := m.graves[i]; !g.Gone && !yield(m, g) {
				return
			}
		}
	}
}

func (b *Box) renderBinned(m *module, g *grave, c *call, single bool) object {
	o := object{
		"id": formatID(g.ID), "display_name": g.Name, "deleted_time": stamp(g.At, c.zone()), "module": m.name,
		"deleted_by": b.personRef(g.By), "owner": nil,
	}
	if r := m.bin[g.ID]; r != nil {
		o["owner"] = b.personRef(r.owner)
	}
	if single || b.opt.Dials.BinModuleObject.is(false) {
		o["module"] = object{"api_name": m.name, "id": m.ID}
	}
	return o
}

func (b *Box) getBin(c *call) answer {
	single := len(c.path) > 2
	keep, f := b.binChoice(c)
	if f != nil {
		return f.answer()
	}
	var out []any
	b.binned(func(m *module, g *grave) bool {
		if single && c.path[2] == formatID(g.ID) || !single && keep(binEntry{m, g}) {
			out = append(out, b.renderBinned(m, g, c, single))
		}
		return true
	})
	if single {
		if len(out) == 0 {
			return noContent()
		}
		return ok(object{"recycle_bin": out, "info": object{"per_page": pageMax, "count": 1, "page": 1, "more_records": false}})
	}
	switch by := c.paramOr("sort_by", "deleted_time"); by {
	case "display_name":
		slices.SortStableFunc(out, func(x, y any) int { return strings.Compare(text(asObject(x)[by]), text(asObject(y)[by])) })
		if c.param("sort_order") == "desc" {
			slices.Reverse(out)
		}
	case "deleted_time":
		slices.SortStableFunc(out, func(x, y any) int { // over all modules, newest first
			s, _ := moment(asObject(x)[by])
			t, _ := moment(asObject(y)[by])
			return t.Compare(s)
		})
		if c.param("sort_order") == "asc" {
			slices.Reverse(out)
		}
	default:
		return badParam("sort_by").answer()
	}
	return c.pageOf("recycle_bin", out)
}

// emptyBin answers POST /settings/recycle_bin/actions/empty.
func (b *Box) emptyBin(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	var all []binEntry
	b.binned(func(m *module, g *grave) bool { all = append(all, binEntry{m, g}); return true })
	for _, e := range all {
		b.purge(e.m, e.g)
	}
	if len(all) > restoreMax {
		return scheduled(success(object{}, "the recycle bin is being emptied"))
	}
	return ok(success(object{}, "recycle bin emptied successfully"))
}

// scheduled says that the work goes on behind the answer, as it does with more
// records than one call takes; here it is done when the answer leaves.
func scheduled(o object) answer {
	o["code"] = "SCHEDULED"
	return answer{status: http.StatusAccepted, body: o}
}

func (b *Box) countBin(*call) answer {
	n := 0
	b.binned(func(*module, *grave) bool { n++; return true })
	return ok(object{"count": n})
}

func (b *Box) deleteBin(c *call) answer {
	ids := splitFields(c.param("ids"))
	if len(c.path) > 2 {
		ids = c.path[2:3]
	}
	if c.param("filters") != "" {
		keep, f := b.binChoice(c)
		if f != nil {
			return f.answer()
		}
		b.binned(func(m *module, g *grave) bool {
			if keep(binEntry{m, g}) {
				ids = append(ids, formatID(g.ID))
			}
			return true
		})
		if len(ids) == 0 {
			return noContent()
		}
	}
	if len(ids) == 0 {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
	}
	var out []any
	for _, s := range ids {
		m, g := b.inBin(s)
		if g == nil {
			if len(c.path) > 2 { // addressed by its path it is refused without a list
				return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
			}
			out = append(out, invalidAt("id", "$.ids", object{"id": s}).item())
			continue
		}
		b.purge(m, g)
		out = append(out, success(object{"id": s}, "record deleted from the recycle bin"))
	}
	return answer{status: writeStatus(out, http.StatusOK, b.opt.Dials.MixedStatus), body: object{"recycle_bin": out}}
}

func (b *Box) inBin(s string) (*module, *grave) {
	id, _ := parseID(s)
	for _, m := range b.modules {
		for _, g := range m.graves {
			if g.ID == id && !g.Gone {
				return m, g
			}
		}
	}
	return nil, nil
}

// restoreBin brings records back under their old ids (section 13).
func (b *Box) restoreBin(c *call) answer {
	ids, f := b.toRestore(c)
	if f != nil {
		return f.answer()
	}
	c.batch.readTrigger(object{})
	ids, together := b.parentsFirst(ids)
	var out []any
	for _, s := range ids {
		m, g := b.inBin(s)
		if g == nil {
			if len(c.path) > 3 && c.path[2] == s {
				return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
			}
			out = append(out, (&failure{code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"id": s}}).item())
			continue
		}
		if f := b.needsParent(m, g, together); f != nil {
			if len(c.path) > 3 && c.path[2] == s {
				return f.answer()
			}
			out = append(out, f.item())
			continue
		}
		b.restore(c, m, g)
		out = append(out, success(object{"id": s}, "record restored"))
	}
	b.watch.close(b)
	if len(out) > restoreMax {
		return answer{status: http.StatusAccepted, body: object{"recycle_bin": []any{scheduled(success(object{}, "the records are being restored")).body}}}
	}
	return answer{status: writeStatus(out, http.StatusOK, b.opt.Dials.MixedStatus), body: object{"recycle_bin": out}}
}

// toRestore reads ids from the path or the body, or takes everything.
func (b *Box) toRestore(c *call) ([]string, *failure) {
	if len(c.path) == 5 {
		return []string{c.path[2]}, nil
	}
	var ids []string
	for _, v := range list(c.body["ids"]) {
		ids = append(ids, text(v))
	}
	if c.body["restore_all_records"] == true {
		if len(ids) > 0 {
			return nil, &failure{code: "AMBIGUITY_DURING_PROCESSING", message: "ambiguity while processing the request", details: object{"ambiguity_due_to": []any{object{"api_name": "ids", "json_path": "$.ids"}, object{"api_name": "restore_all_records", "json_path": "$.restore_all_records"}}}}
		}
		b.binned(func(_ *module, g *grave) bool {
			ids = append(ids, formatID(g.ID))
			return true
		})
	}
	if o, given := c.body["filters"].(object); given {
		keep, f := b.binTest(o, "$.filters")
		if f != nil {
			return nil, f
		}
		b.binned(func(m *module, g *grave) bool {
			if keep(binEntry{m, g}) {
				ids = append(ids, formatID(g.ID))
			}
			return true
		})
	}
	if len(ids) == 0 {
		return nil, missing("ids", "$")
	}
	return ids, nil
}

// restore puts a record and its rows back. Its Modified_Time moves; look-ups
// that its deletion emptied stay empty unless the dial says otherwise.
func (b *Box) restore(c *call, m *module, g *grave) {
	r := m.bin[g.ID].clone()
	delete(m.bin, g.ID)
	m.graves = slices.DeleteFunc(m.graves, func(x *grave) bool { return x == g })
	b.drop("grave", m.name+"/"+formatID(g.ID))
	r.modified, r.modifiedBy = b.now(), c.user.ID
	if m.lines != "" {
		lm := b.module[m.lines]
		for _, id := range r.lines {
			if row := lm.bin[id]; row != nil {
				delete(lm.bin, id)
				b.put(lm, row)
			}
		}
	}
	b.eachBinnedRow(m, g.ID, b.put)
	for _, f := range m.fields { // what it pointed at may be gone meanwhile
		if f.Type != "lookup" || r.vals[f.Name] == nil {
			continue
		}
		id, _ := parseID(text(r.vals[f.Name]))
		if target := b.holder(f, formatID(id)); target == nil || target.table.get(id) == nil {
			delete(r.vals, f.Name)
		}
	}
	b.put(m, r)
	b.moveStock(c, m, nil, r)
	if b.opt.Dials.RestoreRelinks.is(false) {
		b.relink(c, g)
	}
	b.logWrite(c, "restore", m.name, r.sid(), nil)
	b.note(c, m, r, "create", nil)
}

func (b *Box) relink(c *call, g *grave) {
	for _, om := range b.modules {
		for _, l := range g.Emptied[om.name] {
			if o := om.table.get(l.ID); o != nil && o.vals[l.Field] == nil {
				n := o.clone()
				n.vals[l.Field] = formatID(g.ID)
				n.modified, n.modifiedBy = b.now(), c.user.ID
				b.put(om, n)
				b.note(c, om, n, "update", []string{l.Field})
			}
		}
	}
}
