package zohobox

import (
	"net/http"
	"time"
)

// retention of deleted records (section 13).
const (
	binLife   = 60 * 24 * time.Hour
	graveLife = 120 * 24 * time.Hour
)

// grave is an entry of the deleted list.
type grave struct {
	ID        int64             `json:"id"`
	Name      string            `json:"name"`
	By        string            `json:"by"`
	CreatedBy string            `json:"created_by"`
	At        time.Time         `json:"at"`
	Gone      bool              `json:"gone"`  // for good, not in the recycle bin
	Emptied   map[string][]link `json:"links"` // look-ups the deletion emptied, by module
}

// link is a look-up that pointed at a deleted record.
type link struct {
	ID    int64  `json:"id"`
	Field string `json:"field"`
}

// deleteRecords answers DELETE /{module}/{id} and DELETE /{module}?ids=.
func (b *Box) deleteRecords(c *call) answer {
	if c.mod.isLine() {
		return refuse(400, "NOT_SUPPORTED", "rows are deleted with their document", object{"resource_path_index": 0})
	}
	c.batch.readTrigger(object{})
	if c.param("wf_trigger") == "false" {
		c.batch = batch{trigger: []any{}}
	}
	if len(c.path) > 1 {
		return b.deleteOne(c)
	}
	ids := splitFields(c.param("ids"))
	switch {
	case len(ids) == 0:
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
	case len(ids) > writeMax:
		return refuse(400, "LIMIT_EXCEEDED", "the number of ids has exceeded the limit", object{"limit": writeMax, "param_name": "ids"})
	}
	var out []any
	for _, s := range ids {
		if _, valid := parseID(s); !valid && b.externalHeader(c) == nil {
			return refuse(400, "UNABLE_TO_PARSE_DATA_TYPE", "either the request body or parameters is in wrong format", object{"param_name": "ids"})
		}
	}
	for _, s := range ids {
		item, f := b.remove(c, s)
		if f != nil {
			item = f.item()
		}
		out = append(out, item)
	}
	b.watch.close(b)
	return answer{status: writeStatus(out, http.StatusOK, b.opt.Dials.MixedStatus), body: object{"data": out}}
}

func (b *Box) deleteOne(c *call) answer {
	if _, valid := parseID(c.path[1]); !valid && b.externalHeader(c) == nil {
		return refuse(400, "UNABLE_TO_PARSE_DATA_TYPE", "either the request body or parameters is in wrong format", object{"resource_path_index": 1})
	}
	item, f := b.remove(c, c.path[1])
	b.watch.close(b)
	if f != nil {
		return answer{status: http.StatusBadRequest, body: object{"data": []any{f.item()}}}
	}
	return ok(object{"data": []any{item}})
}

func (b *Box) remove(c *call, s string) (object, *failure) {
	r := b.byIDOrExternal(c, s)
	if r == nil {
		return nil, &failure{code: "INVALID_DATA", message: "record not deleted", details: object{"id": s}}
	}
	if r.approval != "" {
		return nil, &failure{code: "NOT_APPROVED", message: "cannot delete record that is not approved yet", details: object{"resource_path_index": 1}}
	}
	if r.review {
		return nil, notReviewed(object{})
	}
	if r.held() || r.lock != nil && b.lockedFor(c.mod, r, c.user) && b.lockRestricts(c.mod, "delete") {
		return nil, &failure{code: "RECORD_LOCKED", message: "you cannot perform this operation as the record is locked", details: object{"id": r.sid(), "action": "record_locking"}}
	}
	b.bury(c, c.mod, r, false)
	b.logWrite(c, "delete", c.mod.name, r.sid(), nil)
	b.note(c, c.mod, r, "delete", nil)
	b.runWorkflows(c, c.mod, r, "delete", nil)
	return success(object{"id": r.sid()}, "record deleted"), nil
}

// bury moves a record with its rows into the recycle bin, or away for good, and
// empties the look-ups that pointed at it.
func (b *Box) bury(c *call, m *module, r *record, forGood bool) *grave {
	g := &grave{ID: r.id, Name: displayName(m, r), By: c.user.ID, CreatedBy: r.createdBy, At: b.now(), Gone: forGood}
	b.moveStock(c, m, r, nil)
	g.Emptied = b.emptyLookups(c, m, r)
	m.table.remove(r.id)
	m.table.search.note(b.opt.Now(), r.id, nil, b.opt.Dials.SearchLag)
	if m.lines != "" {
		lm := b.module[m.lines]
		for _, id := range r.lines {
			if row := lm.table.get(id); row != nil {
				lm.table.remove(id)
				lm.bin[id] = row
			}
		}
	}
	b.burySubforms(m, r)
	m.bin[r.id] = r
	m.graves = append(m.graves, g)
	b.saveGrave(m, g)
	b.saveRecord(m, r)
	b.rollUp(m, r, nil)
	return g
}

// emptyLookups clears what pointed at a record that goes. The records that
// pointed at it are modified by whoever deleted. Rows of documents keep their
// product.
func (b *Box) emptyLookups(c *call, m *module, r *record) map[string][]link {
	out := map[string][]link{}
	b.eachPointer(m, r.id, func(om *module, f *field, o *record) {
		if om.isLine() {
			return
		}
		if om.kind == "linking" {
			b.untie(om, o)
			return
		}
		n := o.clone()
		delete(n.vals, f.Name)
		n.modified, n.modifiedBy = b.now(), c.user.ID
		b.put(om, n)
		out[om.name] = append(out[om.name], link{ID: o.id, Field: f.Name})
		b.note(c, om, n, "update", []string{f.Name})
	})
	return out
}

// eachPointer visits every record that looks up to one.
func (b *Box) eachPointer(m *module, id int64, visit func(*module, *field, *record)) {
	for _, om := range b.modules {
		for _, f := range om.fields {
			if !f.points(m) {
				continue
			}
			ids := append([]int64(nil), om.table.holding(f.Name, formatID(id))...)
			for _, oid := range ids {
				visit(om, f, om.table.get(oid))
			}
		}
	}
}

// age moves what lay too long from the recycle bin to the permanent deletions
// and forgets what lay longer still.
func (b *Box) age(m *module) {
	now := b.now()
	forgotten := 0
	for i, g := range m.graves { // oldest first
		if now.Sub(g.At) < binLife {
			break
		}
		if !g.Gone {
			b.purge(m, g)
		}
		if now.Sub(g.At) >= graveLife {
			b.drop("grave", m.name+"/"+formatID(g.ID))
			forgotten = i + 1
		}
	}
	m.graves = m.graves[forgotten:]
}

// purge takes a record out of the recycle bin for good.
func (b *Box) purge(m *module, g *grave) {
	g.Gone = true
	if r := m.bin[g.ID]; r != nil && m.lines != "" {
		for _, id := range r.lines {
			delete(b.module[m.lines].bin, id)
			b.dropRecord(b.module[m.lines], id)
		}
	}
	b.eachBinnedRow(m, g.ID, func(lm *module, row *record) { b.dropRecord(lm, row.id) })
	if m.name != "Products" { // rows go on showing the name of their product
		delete(m.bin, g.ID)
		b.dropRecord(m, g.ID)
	}
	delete(m.timeline, g.ID)
	b.drop("timeline", m.name+"/"+formatID(g.ID))
	b.notes.forget(b, g.ID)
	b.saveGrave(m, g)
}

// getDeleted answers GET /{module}/deleted (section 13), newest first.
func (b *Box) getDeleted(c *call) answer {
	kind := c.paramOr("type", "all")
	if kind != "all" && kind != "recycle" && kind != "permanent" {
		return refuse(400, "PATTERN_NOT_MATCHED", "Please check whether the input values are correct", object{"param_name": "type", "supported_values": []any{"all", "recycle", "permanent"}})
	}
	since := time.Time{}
	if s := c.r.Header.Get("If-Modified-Since"); s != "" {
		t, valid := parseMoment(s)
		if !valid {
			return badParam("If-Modified-Since").answer()
		}
		since = t
	}
	page, per := c.intParam("page", 1), c.intParam("per_page", pageMax)
	if page < 1 || per < 1 || per > pageMax {
		return badParam("per_page").answer()
	}
	b.age(c.mod)
	skip, more := (page-1)*per, false
	var out []any
	for i := len(c.mod.graves) - 1; i >= 0; i-- {
		g := c.mod.graves[i]
		if kind == "recycle" && g.Gone || kind == "permanent" && !g.Gone || !b.newer(g.At, since) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if len(out) == per {
			more = true
			break
		}
		out = append(out, b.renderGrave(g, c))
	}
	if len(out) == 0 {
		if !since.IsZero() {
			return notModified()
		}
		return noContent()
	}
	return ok(object{"data": out, "info": object{"per_page": per, "count": len(out), "page": page, "more_records": more}})
}

// newer is the comparison of If-Modified-Since.
func (b *Box) newer(at, since time.Time) bool {
	return since.IsZero() || at.After(since) || b.opt.Dials.SinceInclusive.is(false) && at.Equal(since)
}

func (b *Box) renderGrave(g *grave, c *call) object {
	o := object{"id": formatID(g.ID), "deleted_time": stamp(g.At, c.zone()), "type": "recycle", "display_name": g.Name, "deleted_by": b.personRef(g.By), "created_by": b.personRef(g.CreatedBy)}
	if g.Gone {
		o["type"], o["display_name"], o["deleted_by"], o["created_by"] = "permanent", nil, nil, nil
	}
	return o
}
